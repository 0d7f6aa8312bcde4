//! Answers for machines that watch over the service.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::fault::WebError;

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers too.
///
/// # Errors
/// It doesn't.
pub async fn readyz(State(app): State<App>) -> Result<&'static str, WebError> {
    app.office.store().setting("branding").await?;
    Ok("ready\n")
}

/// Counts, for whoever brings the token.
///
/// # Errors
/// The token isn't right, or none is set.
pub async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, WebError> {
    let brought = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or("");
    let is_right = app
        .settings
        .metrics_token
        .as_ref()
        .is_some_and(|token| bool::from(token.as_bytes().ct_eq(brought.as_bytes())));
    if !is_right {
        return Err(WebError::NotFound);
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, app.metrics.text()).into_response())
}

/// Search engines may read what is published and nothing else.
pub async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /desk\nDisallow: /follow\nDisallow: /sign-in\nDisallow: /api\n"
}

/// So many days after today what [`security`] says is looked at anew by whoever keeps a copy.
const GOOD_FOR_DAYS: i64 = 180;

/// Where a weakness of these pages is told, RFC 9116.
///
/// # Errors
/// The authority names no contact for it.
pub async fn security(State(app): State<App>) -> Result<Response, WebError> {
    let authority = &app.office.bundle().authority;
    let contact = authority
        .security_contact
        .as_ref()
        .ok_or(WebError::NotFound)?;
    let today = app.today();
    let expires = today.checked_add(GOOD_FOR_DAYS.days()).unwrap_or(today);
    let mut text = format!(
        "Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: en\nCanonical: {}/.well-known/security.txt\n",
        app.settings.public_url
    );
    if let Some(policy) = &authority.security_policy {
        text.push_str(&format!("Policy: {policy}\n"));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
