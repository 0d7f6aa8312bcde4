//! Signing in and out. One message for every failure, in the same time.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use store::desk::Account;

use crate::accounts;
use crate::app::{App, DemoSignIn};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::frame::{self, Frame};
use crate::session::{self, Visit};
use crate::words::filters;

/// The sign-in page.
#[derive(Template)]
#[template(path = "sign-in.html")]
pub struct SignInPage {
    frame: Frame,
    email: String,
    next: String,
    provider: Option<String>,
    demonstration: Vec<DemoSignIn>,
}

/// What the address says.
#[derive(Deserialize)]
pub struct Asked {
    next: Option<String>,
    done: Option<String>,
}

/// Shows the page; whoever is signed in already goes on.
///
/// # Errors
/// The page can't be drawn.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let next = asked.next.unwrap_or_default();
    if let Some(account) = visit.account() {
        let to = session::next_page(&next, session::home_of(account));
        return Ok(frame::see_other(&to));
    }
    let frame = Frame::new(&app, &visit).done(asked.done.as_deref());
    draw(&app, frame, String::new(), next)
}

/// The page again after the identity provider signed nobody in; the log says why.
///
/// # Errors
/// The page can't be drawn.
pub fn not_signed_in(app: &App, visit: &Visit) -> Result<Response, WebError> {
    let mut mistakes = Mistakes::default();
    mistakes.add(
        "main",
        "You could not be signed in. Try again; if it happens again, ask your administrator.",
    );
    let frame = Frame::new(app, visit).with(mistakes);
    draw(app, frame, String::new(), String::new())
}

fn draw(app: &App, frame: Frame, email: String, next: String) -> Result<Response, WebError> {
    let template = SignInPage {
        frame,
        email,
        next,
        provider: app
            .settings
            .provider
            .as_ref()
            .map(|provider| provider.name.clone()),
        demonstration: app.settings.demonstration.clone(),
    };
    frame::page(&template.frame, &template)
}

/// Takes address and password. Whatever session there was before ends: a fixed one is worth nothing.
///
/// # Errors
/// The store can't answer.
pub async fn enter(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let email = fields.get("email");
    let next = fields.get("next");
    let account = accounts::right_password(
        store,
        &app.nobody,
        &email,
        &fields.raw("password"),
        app.now(),
    )
    .await?;
    let Some(account) = account else {
        let mut mistakes = Mistakes::default();
        mistakes.add(
            "email",
            "Check your email address and password. If you do not have an account, ask your administrator.",
        );
        let frame = Frame::new(&app, &visit).with(mistakes);
        return draw(&app, frame, email, next);
    };
    if let Some((_, old)) = &visit.signed_in {
        store.end_session(&old.token_hash).await?;
    }
    if account.second_secret.is_some() {
        let token = session::begin_waiting(&app, &account).await?;
        let next: String = serde_urlencoded::to_string([("next", &next)]).unwrap_or_default();
        let mut response = frame::see_other(&format!("/sign-in/code?{next}"));
        session::give_cookie(&mut response, &session::set_cookie(&app, Some(&token)));
        return Ok(response);
    }
    signed_in(&app, &account, &next).await
}

/// Signs somebody in under a new token and sends them on.
///
/// # Errors
/// The store can't be written.
pub async fn signed_in(app: &App, account: &Account, next: &str) -> Result<Response, WebError> {
    let token = session::begin(app, account).await?;
    let to = session::next_page(next, session::home_of(account));
    let mut response = frame::see_other(&to);
    session::give_cookie(&mut response, &session::set_cookie(app, Some(&token)));
    Ok(response)
}

/// The page that asks for the second factor.
#[derive(Template)]
#[template(path = "sign-in-code.html")]
pub struct CodePage {
    frame: Frame,
    next: String,
}

/// Asks for the second factor whoever gave a right password a moment ago.
///
/// # Errors
/// The page can't be drawn.
pub async fn code(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    if session::waiting(&app, &headers).await?.is_none() {
        return Ok(frame::see_other("/sign-in"));
    }
    let template = CodePage {
        frame: Frame::new(&app, &visit),
        next: asked.next.unwrap_or_default(),
    };
    frame::page(&template.frame, &template)
}

/// Takes the second factor: a code that wasn't used before, or a recovery code. Wrong ones count like wrong passwords.
///
/// # Errors
/// The store can't answer.
pub async fn enter_code(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let Some((account, waiting)) = session::waiting(&app, &headers).await? else {
        return Ok(frame::see_other("/sign-in"));
    };
    if accounts::right_code(store, &account, &fields.get("code"), app.now()).await? {
        store.end_session(&waiting.token_hash).await?;
        return signed_in(&app, &account, &fields.get("next")).await;
    }
    let mut mistakes = Mistakes::default();
    mistakes.add(
        "code",
        "That code does not work. Wait until your authenticator shows the next one",
    );
    let template = CodePage {
        frame: Frame::new(&app, &visit).with(mistakes),
        next: fields.get("next"),
    };
    frame::page(&template.frame, &template)
}

/// Ends the session.
///
/// # Errors
/// The store can't be written.
pub async fn leave(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    if let Some((_, session)) = &visit.signed_in {
        app.office.store().end_session(&session.token_hash).await?;
    }
    let mut response = frame::see_other("/sign-in?done=signed-out").into_response();
    session::give_cookie(&mut response, &session::set_cookie(&app, None));
    Ok(response)
}
