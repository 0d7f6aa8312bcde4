//! Signing in through the authority's identity provider: OpenID Connect with an authorisation code and PKCE.
//!
//! The browser goes there with a state that works once and only in this browser, and comes back with a code that only we
//! can exchange. People are known by the subject that the provider gives them, never by their email address, and get the
//! roles of their groups anew each time.

pub mod token;

use std::sync::RwLock;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use office::sign_in::Provider;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::desk::Account;
use store::doors::Handover;
use subtle::ConstantTimeEq;

use crate::accounts;
use crate::app::{App, hash};
use crate::desk::changes;
use crate::fault::WebError;
use crate::frame;
use crate::session::{self, Visit};
use crate::signing;
use token::{Expected, Keys, Refused};

/// So long may somebody take at the provider.
const AWAY: SignedDuration = SignedDuration::from_mins(10);
/// What is known of the provider is asked anew after so long.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(1);

/// What a provider says of itself.
#[derive(Clone, Debug, Deserialize)]
struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// What is known of the provider, and since when.
#[derive(Debug, Default)]
pub struct Identity {
    known: RwLock<Option<(Timestamp, Discovered, Keys)>>,
}

/// Why nobody was signed in; for the log.
#[derive(Debug)]
enum NotSignedIn {
    /// The provider can't be asked, or answers something else.
    Provider(String),
    /// The token isn't taken.
    Token(Refused),
    /// The way here isn't the one that began in this browser.
    Way(&'static str),
    /// The provider says who it is, and they may not.
    Person(&'static str),
    /// The store can't.
    Store(store::Fault),
}

impl From<store::Fault> for NotSignedIn {
    fn from(fault: store::Fault) -> Self {
        Self::Store(fault)
    }
}

impl From<Refused> for NotSignedIn {
    fn from(refused: Refused) -> Self {
        Self::Token(refused)
    }
}

async fn fetched(app: &App, address: &str) -> Result<Vec<u8>, NotSignedIn> {
    let headers = [("accept", "application/json")];
    let reply = app
        .outside
        .call("GET", address, &headers, Vec::new())
        .await
        .map_err(NotSignedIn::Provider)?;
    match reply.status {
        200 => Ok(reply.body),
        status => Err(NotSignedIn::Provider(format!("{address} answers {status}"))),
    }
}

fn unreadable(address: &str) -> impl FnOnce(serde_json::Error) -> NotSignedIn {
    let address = address.to_owned();
    move |error| NotSignedIn::Provider(format!("{address} can't be read: {error}"))
}

/// What the provider says of itself and its keys; asked again when it is old, or `anew`.
async fn discovered(
    app: &App,
    provider: &Provider,
    anew: bool,
) -> Result<(Discovered, Keys), NotSignedIn> {
    let now = app.now();
    let known = app
        .identity
        .known
        .read()
        .ok()
        .and_then(|known| known.clone());
    if let Some((since, discovered, keys)) = known.filter(|_| !anew)
        && now.duration_since(since) < KNOWN_FOR
    {
        return Ok((discovered, keys));
    }
    let address = format!(
        "{}/.well-known/openid-configuration",
        provider.issuer.trim_end_matches('/')
    );
    let body = fetched(app, &address).await?;
    let discovered: Discovered = serde_json::from_slice(&body).map_err(unreadable(&address))?;
    if discovered.issuer != provider.issuer {
        return Err(NotSignedIn::Provider(format!(
            "{address} names another issuer than data/office/sign-in.toml"
        )));
    }
    let body = fetched(app, &discovered.jwks_uri).await?;
    let keys: Keys = serde_json::from_slice(&body).map_err(unreadable(&discovered.jwks_uri))?;
    if let Ok(mut known) = app.identity.known.write() {
        *known = Some((now, discovered.clone(), keys.clone()));
    }
    Ok((discovered, keys))
}

fn return_address(app: &App) -> String {
    format!("{}/sign-in/return", app.settings.public_url)
}

fn cookie_name(app: &App) -> &'static str {
    if app.settings.is_secure {
        "__Host-candour-away"
    } else {
        "candour-away"
    }
}

/// A cookie for the browser on its way; without a value it is taken away.
fn away_cookie(app: &App, value: Option<&str>) -> String {
    let secure = if app.settings.is_secure {
        "; Secure"
    } else {
        ""
    };
    let age = value.map_or(0, |_| AWAY.as_secs());
    format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}",
        cookie_name(app),
        value.unwrap_or("")
    )
}

/// Says in the log why nobody was signed in, without saying who, and shows the page that says to try again.
fn refused(app: &App, visit: &Visit, why: NotSignedIn) -> Result<Response, WebError> {
    let why = match why {
        NotSignedIn::Store(fault) => return Err(fault.into()),
        NotSignedIn::Provider(why) => why,
        NotSignedIn::Token(refused) => format!("token refused: {refused:?}"),
        NotSignedIn::Way(why) | NotSignedIn::Person(why) => why.to_owned(),
    };
    crate::guard::log(
        app,
        &[
            ("level", "warning"),
            ("reference", &visit.reference),
            ("sign_in", &why),
        ],
    );
    let mut response = signing::not_signed_in(app, visit)?;
    session::give_cookie(&mut response, &away_cookie(app, None));
    Ok(response)
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Leaving {
    next: String,
}

/// Sends the browser to the provider.
///
/// # Errors
/// There is none, or the store can't be written.
pub async fn begin(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(leaving): Query<Leaving>,
) -> Result<Response, WebError> {
    let provider = app.settings.provider.as_ref().ok_or(WebError::NotFound)?;
    let there = match discovered(&app, provider, false).await {
        Ok((there, _)) => there,
        Err(why) => return refused(&app, &visit, why),
    };
    let mut address = match app.outside.read(&there.authorization_endpoint) {
        Ok(address) => address,
        Err(why) => return refused(&app, &visit, NotSignedIn::Provider(why)),
    };
    let (state, browser, nonce, verifier) = (app.token(), app.token(), app.token(), app.token());
    let now = app.now();
    let handover = Handover {
        state_hash: hash(&state),
        browser_hash: hash(&browser),
        nonce: nonce.clone(),
        verifier: verifier.clone(),
        next_page: leaving.next,
        began_at: now,
    };
    let forget = now.checked_sub(AWAY).unwrap_or(now);
    app.office.store().hand_over(&handover, forget).await?;
    address
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client_id)
        .append_pair("redirect_uri", &return_address(&app))
        .append_pair("scope", "openid profile email")
        .append_pair("state", &state)
        .append_pair("nonce", &nonce)
        .append_pair(
            "code_challenge",
            &BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
        )
        .append_pair("code_challenge_method", "S256");
    let mut response = frame::see_other(address.as_str());
    session::give_cookie(&mut response, &away_cookie(&app, Some(&browser)));
    Ok(response)
}

/// What the browser brings back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Returning {
    code: String,
    state: String,
    iss: Option<String>,
    error: Option<String>,
}

/// Takes the browser back and signs in whom the provider names.
///
/// # Errors
/// There is no provider, or the store can't.
pub async fn finish(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Query(returning): Query<Returning>,
) -> Result<Response, WebError> {
    let provider = app.settings.provider.as_ref().ok_or(WebError::NotFound)?;
    match returned(&app, provider, &headers, returning).await {
        Ok((account, next)) => {
            if let Some((_, old)) = &visit.signed_in {
                app.office.store().end_session(&old.token_hash).await?;
            }
            let mut response = signing::signed_in(&app, &account, &next).await?;
            session::give_cookie(&mut response, &away_cookie(&app, None));
            Ok(response)
        }
        Err(why) => refused(&app, &visit, why),
    }
}

async fn returned(
    app: &App,
    provider: &Provider,
    headers: &HeaderMap,
    returning: Returning,
) -> Result<(Account, String), NotSignedIn> {
    let browser = session::cookie(headers, cookie_name(app)).map(hash);
    let handover = app
        .office
        .store()
        .take_back(&hash(&returning.state))
        .await?
        .ok_or(NotSignedIn::Way("the state is unknown or was used before"))?;
    let is_same = browser.is_some_and(|browser| {
        bool::from(browser.as_bytes().ct_eq(handover.browser_hash.as_bytes()))
    });
    if !is_same {
        return Err(NotSignedIn::Way("another browser began this"));
    }
    if app.now().duration_since(handover.began_at) > AWAY {
        return Err(NotSignedIn::Way("it took too long"));
    }
    if returning
        .iss
        .is_some_and(|issuer| issuer != provider.issuer)
    {
        return Err(NotSignedIn::Way("another provider answers"));
    }
    if returning.error.is_some() || returning.code.is_empty() {
        return Err(NotSignedIn::Way("the provider signed nobody in"));
    }
    let (there, keys) = discovered(app, provider, false).await?;
    let token = exchanged(app, provider, &there, &returning.code, &handover.verifier).await?;
    let claims = match keys.claims(&token) {
        // The provider may have changed its keys a moment ago.
        Err(Refused::Signature) => discovered(app, provider, true).await?.1.claims(&token)?,
        checked => checked?,
    };
    let subject = token::subject(
        &claims,
        &Expected {
            issuer: &provider.issuer,
            client_id: &provider.client_id,
            nonce: &handover.nonce,
            now: app.now(),
        },
    )?;
    let account = account_of(app, provider, &subject, &claims).await?;
    Ok((account, handover.next_page))
}

/// Exchanges the code for the provider's token.
async fn exchanged(
    app: &App,
    provider: &Provider,
    there: &Discovered,
    code: &str,
    verifier: &str,
) -> Result<String, NotSignedIn> {
    #[derive(Deserialize)]
    struct Given {
        id_token: String,
    }
    let back = return_address(app);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", back.as_str()),
        ("code_verifier", verifier),
    ];
    let by_form = there
        .token_endpoint_auth_methods_supported
        .as_ref()
        .is_some_and(|methods| !methods.iter().any(|method| method == "client_secret_basic"));
    let mut authorization = None;
    match app.settings.provider_secret.as_deref() {
        // RFC 6749 section 2.3.1: each part is written as in a form before the two are joined.
        Some(secret) if !by_form => {
            let written = |text: &str| {
                let pair = serde_urlencoded::to_string([("", text)]).unwrap_or_default();
                pair.trim_start_matches('=').to_owned()
            };
            let joined = format!("{}:{}", written(&provider.client_id), written(secret));
            authorization = Some(format!("Basic {}", BASE64_STANDARD.encode(joined)));
        }
        secret => {
            form.push(("client_id", &provider.client_id));
            if let Some(secret) = secret {
                form.push(("client_secret", secret));
            }
        }
    }
    let body = serde_urlencoded::to_string(&form)
        .map_err(|error| NotSignedIn::Provider(error.to_string()))?;
    let mut headers = vec![
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
    ];
    if let Some(authorization) = &authorization {
        headers.push(("authorization", authorization));
    }
    let reply = app
        .outside
        .call("POST", &there.token_endpoint, &headers, body.into_bytes())
        .await
        .map_err(NotSignedIn::Provider)?;
    if reply.status != 200 {
        return Err(NotSignedIn::Provider(format!(
            "the code isn't exchanged: {} answers {}",
            there.token_endpoint, reply.status
        )));
    }
    let given: Given =
        serde_json::from_slice(&reply.body).map_err(unreadable(&there.token_endpoint))?;
    Ok(given.id_token)
}

/// The account of whom the provider names, made where there is none, with the roles of their groups.
async fn account_of(
    app: &App,
    provider: &Provider,
    subject: &str,
    claims: &Value,
) -> Result<Account, NotSignedIn> {
    let store = app.office.store();
    let groups: Vec<String> = match claims.get(&provider.roles_claim) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    let roles = provider.roles_of(&groups);
    let known_as = format!("{} {subject}", provider.issuer);
    let before = store.account_of_subject(&known_as).await?;
    if before.as_ref().is_some_and(|account| !account.is_active) {
        return Err(NotSignedIn::Person("the account may not sign in"));
    }
    if roles.is_empty() {
        if let Some(account) = before {
            store.end_sessions_of(&account.id).await?;
        }
        return Err(NotSignedIn::Person("none of their groups has a role"));
    }
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or("")
            .trim()
    };
    let email = text("email").to_lowercase();
    let name = match text("name") {
        "" => email.as_str(),
        name => name,
    };
    if let Some(mut account) = before {
        if account.roles != roles {
            let old = account.clone();
            account.roles = roles;
            let details = changes::of_account(Some(&old), &account);
            changes::keep_account(app, changes::PROVIDER, &account, &details).await?;
            store.end_sessions_of(&account.id).await?;
        }
        return Ok(account);
    }
    if !email.contains('@') {
        return Err(NotSignedIn::Person("the provider gives no email address"));
    }
    if store.account_of_email(&email).await?.is_some() {
        return Err(NotSignedIn::Person(
            "an account made by hand has this email address",
        ));
    }
    let account = Account {
        id: accounts::id_for(name, &store.accounts().await?),
        name: name.to_owned(),
        email,
        secret: String::new(),
        second_secret: None,
        second_step: 0,
        roles,
        team: String::new(),
        is_active: true,
        failures: 0,
        locked_until: None,
        recovery: String::new(),
        subject: Some(known_as),
    };
    let details = changes::of_account(None, &account);
    changes::keep_account(app, changes::PROVIDER, &account, &details).await?;
    Ok(account)
}
