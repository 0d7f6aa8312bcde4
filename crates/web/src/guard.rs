//! What every request passes: who it is from, whether they may, and what every answer carries.

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use casework::role::Role;
use store::desk::{Account, Session};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::fault::{Failed, WebError};
use crate::fields::Fields;
use crate::frame::{self, Frame};
use crate::keys;
use crate::limits::{Group, Place};
use crate::preferences::Preferences;
use crate::routes::Who;
use crate::session::{self, Visit};

/// The longest form.
pub const LONGEST_FORM: usize = 512 * 1024;

/// A route's own rules.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Who may.
    pub who: Who,
    /// How often.
    pub group: Group,
}

/// Marks the answer of a route that a private link or a key opens: nobody keeps a copy of it.
#[derive(Clone, Copy, Debug)]
struct NotKept;

/// Carried in the answer to a form that was not saved because somebody else changed the same thing: what was sent.
#[derive(Clone, Debug)]
struct Sent(Fields);

/// The outermost layer: knows the visitor, draws the pages of trouble, adds the headers, counts.
pub async fn outermost(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = app.now();
    let reference: String = app.token().chars().take(12).collect();
    let path = request.uri().path().to_owned();
    let mut visit = Visit {
        signed_in: None,
        preferences: Preferences::default(),
        path: path.clone(),
        reference: reference.clone(),
    };
    let is_asset = path.starts_with("/assets/");
    let mut trouble = None;
    if !is_asset {
        match visitor(&app, request.headers()).await {
            Ok((signed_in, preferences)) => {
                visit.signed_in = signed_in;
                visit.preferences = preferences;
            }
            Err(fault) => trouble = Some(WebError::from(fault)),
        }
    }
    let is_signed_in = visit.signed_in.is_some();
    request.extensions_mut().insert(visit.clone());
    let mut response = match trouble {
        Some(error) => axum::response::IntoResponse::into_response(error),
        None => next.run(request).await,
    };
    let is_private = is_signed_in || response.extensions().get::<NotKept>().is_some();
    if let Some(error) = unread(response.status(), &path) {
        response = axum::response::IntoResponse::into_response(error);
    }
    if let Some(Failed(error)) = response.extensions_mut().remove::<Failed>() {
        if let WebError::Fault(fault) = &*error {
            log(
                &app,
                &[
                    ("level", "error"),
                    ("reference", &reference),
                    ("fault", fault),
                ],
            );
        }
        response = if path.starts_with("/api/") {
            crate::api::trouble(&error, &reference)
        } else {
            let sent = response.extensions_mut().remove::<Sent>();
            let sent = sent.as_ref().map(|Sent(fields)| fields);
            frame::trouble(&Frame::new(&app, &visit), &error, &reference, sent, &path)
        };
    }
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        // In seconds.
        let wait = HeaderValue::from_static("60");
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    dress(&app, response.headers_mut(), is_private, is_asset);
    let micros = app.now().duration_since(began).as_micros();
    let micros = u64::try_from(micros).unwrap_or(0);
    app.metrics.answered(response.status().as_u16(), micros);
    response
}

/// Who the cookie says is visiting, and what they chose for their own pages.
async fn visitor(
    app: &App,
    headers: &HeaderMap,
) -> Result<(Option<(Account, Session)>, Preferences), store::Fault> {
    let signed_in = session::visitor(app, headers).await?;
    let preferences = match &signed_in {
        Some((account, _)) => Preferences::of(app, account).await?,
        None => Preferences::default(),
    };
    Ok((signed_in, preferences))
}

/// What the framework says of a request that no handler read, in our own words: programs learn that it can't be read,
/// people that there is no such page.
fn unread(status: StatusCode, path: &str) -> Option<WebError> {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => Some(WebError::NotFound),
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(if path.starts_with("/api/") {
            WebError::Refused(vec![law::Problem::new(
                "request.unreadable",
                "the address or the body can't be read; /api/v1/openapi.json says what is expected, in at most 512 kB",
            )])
        } else {
            WebError::NotFound
        }),
        _ => None,
    }
}

/// A line of the log, as JSON. Never a name, an address of a person, or what somebody wrote.
pub fn log(app: &App, fields: &[(&str, &str)]) {
    let mut line = serde_json::Map::new();
    line.insert("at".to_owned(), app.now().to_string().into());
    for (name, value) in fields {
        line.insert((*name).to_owned(), (*value).into());
    }
    (app.settings.log.0)(&serde_json::Value::Object(line).to_string());
}

/// The headers of every answer.
fn dress(app: &App, headers: &mut HeaderMap, is_private: bool, is_asset: bool) {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
        form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert_with(|| HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=()",
    );
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if app.settings.is_secure {
        set(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains",
        );
    }
    if is_private {
        set(header::CACHE_CONTROL, "no-store");
    } else if !is_asset {
        set(header::CACHE_CONTROL, "no-cache");
        set(header::VARY, "Cookie");
    }
}

/// Where a request comes from.
fn place(app: &App, request: &Request) -> std::net::IpAddr {
    let forwarded = app
        .settings
        .behind_proxy
        .then(|| request.headers().get("x-forwarded-for"))
        .flatten()
        .and_then(|value| value.to_str().ok())
        // The last one was added by our own proxy; those before it may be made up.
        .and_then(|value| value.rsplit(',').next())
        .and_then(|value| value.trim().parse().ok());
    forwarded.unwrap_or_else(|| {
        request
            .extensions()
            .get::<ConnectInfo<std::net::SocketAddr>>()
            .map_or(std::net::IpAddr::from([127, 0, 0, 1]), |info| info.0.ip())
    })
}

/// The innermost layer of each route: whether this visitor may, and whether the form is one of ours.
pub async fn authorise(
    State((app, rules)): State<(App, Rules)>,
    mut request: Request,
    next: Next,
) -> Result<Response, WebError> {
    let Some(visit) = request.extensions().get::<Visit>().cloned() else {
        return Err(WebError::NotFound);
    };
    if let Who::Roles(roles) = rules.who {
        if visit.account().is_none() {
            return Ok(to_sign_in(&request));
        }
        if !visit.has_any(roles) {
            return Err(WebError::NotFound);
        }
        if !is_asked(&app, &visit, roles, request.uri().path()).await? {
            return Err(WebError::NotFound);
        }
    }
    let from = Place::Address(place(&app, &request));
    if !app.limits.take(rules.group, from.clone(), app.now()) {
        return Err(WebError::TooMany);
    }
    if let Who::Program(scope) = rules.who {
        let program = keys::program(&app, request.headers()).await?;
        let place = Place::Key(program.key.id.clone());
        if !app.limits.take(Group::Program, place, app.now()) {
            return Err(WebError::TooMany);
        }
        if !program.may(scope) {
            return Err(WebError::OutOfScope(scope));
        }
        request.extensions_mut().insert(program);
        let mut response = next.run(request).await;
        response.extensions_mut().insert(NotKept);
        return Ok(response);
    }
    if request.method() == Method::POST && rules.who != Who::Key {
        if !is_own_origin(request.headers()) {
            // The public's forms are there for everybody, so saying why tells nothing. On the desk what isn't allowed looks
            // like what isn't there.
            return Err(match rules.who {
                Who::Anyone | Who::Link => WebError::FromElsewhere,
                _ => WebError::NotFound,
            });
        }
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        if rules.group == Group::Upload {
            // Whatever reads the files reads the session's token before them.
            if !kind.starts_with("multipart/form-data") {
                // Whoever has no link learns nothing of what it opens.
                if rules.who == Who::Link {
                    return Err(WebError::NotFound);
                }
                return Err(WebError::Refused(vec![law::Problem::new(
                    "form.without_files",
                    "this form comes with files; send it from its page",
                )]));
            }
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let (parts, body) = request.into_parts();
            let bytes: Bytes = axum::body::to_bytes(body, LONGEST_FORM)
                .await
                .map_err(|_| {
                    WebError::Refused(vec![law::Problem::at(
                        0..0,
                        "form.too_long",
                        "this is longer than we can take; shorten it, or send it by email",
                    )])
                })?;
            let fields = Fields::of_body(&bytes);
            // A page of signing in that was opened before somebody signed in beside it has no token yet; where it comes from
            // is looked at all the same.
            let signs_in = rules.group == Group::SignIn;
            let is_ours = signs_in || is_own_form(&visit, &fields.get("form_token"));
            if visit.account().is_some() && !is_ours {
                return Err(WebError::NotFound);
            }
            request = Request::from_parts(parts, Body::empty());
            request.extensions_mut().insert(fields);
        } else if visit.account().is_some() {
            return Err(WebError::NotFound);
        } else {
            request.extensions_mut().insert(Fields::default());
        }
    }
    let sent = request.extensions().get::<Fields>().cloned();
    let mut response = next.run(request).await;
    if rules.group == Group::SignIn && response.status() != StatusCode::UNPROCESSABLE_ENTITY {
        // Only failures count: a whole authority may sign in from one address in the morning.
        app.limits.give_back(rules.group, from);
    }
    let is_conflict = response
        .extensions()
        .get::<Failed>()
        .is_some_and(|Failed(error)| matches!(**error, WebError::Conflict));
    if let Some(fields) = sent.filter(|_| is_conflict) {
        response.extensions_mut().insert(Sent(fields));
    }
    if rules.who == Who::Link {
        response.extensions_mut().insert(NotKept);
    }
    Ok(response)
}

/// Whether the qualified person, who comes to a case in no other role, was asked for an opinion on it, FOIA s.36. `true` for
/// everybody else and everywhere else.
async fn is_asked(app: &App, visit: &Visit, roles: &[Role], path: &str) -> Result<bool, WebError> {
    let Some(rest) = path.strip_prefix("/desk/cases/") else {
        return Ok(true);
    };
    let comes_otherwise = visit.account().is_some_and(|account| {
        let mut own = account.roles.iter();
        own.any(|role| *role != Role::QualifiedPerson && roles.contains(role))
    });
    if comes_otherwise {
        return Ok(true);
    }
    let reference = rest.split('/').next().unwrap_or(rest);
    let case = app.office.case(reference).await?;
    Ok(case.is_some_and(|case| {
        let mut questions = case.questions.iter();
        questions.any(|state| state.opinion.is_some() || state.opinion_sought.is_some())
    }))
}

/// Whether a form carries this session's token.
#[must_use]
pub fn is_own_form(visit: &Visit, token: &str) -> bool {
    let own = visit.form_token();
    !own.is_empty() && bool::from(own.as_bytes().ct_eq(token.as_bytes()))
}

/// Whether a form was sent from a page of ours. Every browser of the last years says so in one of two headers; a form
/// that carries neither is not taken.
fn is_own_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let host = text("host").unwrap_or("");
    text("origin")
        .and_then(|origin| origin.split_once("://"))
        .is_some_and(|(_, from)| !host.is_empty() && from == host)
}

fn to_sign_in(request: &Request) -> Response {
    let wanted = if request.method() == Method::GET {
        request
            .uri()
            .path_and_query()
            .map_or("/desk", |path| path.as_str())
    } else {
        "/desk"
    };
    let next: String = serde_urlencoded::to_string([("next", wanted)]).unwrap_or_default();
    frame::see_other(&format!("/sign-in?{next}"))
}

/// What isn't in the table of routes. Under the desk, who isn't signed in learns nothing of what is there.
pub async fn unknown(request: Request) -> Result<Response, WebError> {
    let visit = request.extensions().get::<Visit>();
    let is_desk = request.uri().path().starts_with("/desk");
    if is_desk && visit.is_some_and(|visit| visit.account().is_none()) {
        return Ok(to_sign_in(&request));
    }
    Err(WebError::NotFound)
}
