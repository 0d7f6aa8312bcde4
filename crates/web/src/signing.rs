//! Signing in and out. One message for every failure, in the same time.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

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

fn draw(app: &App, frame: Frame, email: String, next: String) -> Result<Response, WebError> {
    let template = SignInPage {
        frame,
        email,
        next,
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
    let token = session::begin(&app, &account).await?;
    let to = session::next_page(&next, session::home_of(&account));
    let mut response = frame::see_other(&to);
    let cookie = session::set_cookie(&app, Some(&token));
    set_cookie(&mut response, &cookie);
    Ok(response)
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
    set_cookie(&mut response, &session::set_cookie(&app, None));
    Ok(response)
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = cookie.parse() {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}
