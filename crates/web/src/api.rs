//! The JSON API: what the pages do, for programs. What is published is open to anyone; the rest asks for a key.

mod cases;
mod description;

pub use cases::{act, case, cases, compose, letter, reports, take_in};
pub use description::openapi;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::fault::WebError;
use crate::public::log;

/// What went wrong, as a problem document, RFC 9457.
#[must_use]
pub fn trouble(error: &WebError, reference: &str) -> Response {
    let scope;
    let (code, title, detail) = match error {
        WebError::NotFound => ("not_found", "There is no such thing", ""),
        WebError::Conflict => (
            "conflict",
            "Somebody else changed this in between",
            "Read it again and look whether what you want to do still fits.",
        ),
        WebError::FromElsewhere => (
            "from_elsewhere",
            "This was not sent from a page of ours",
            "Programs use the addresses that /api/v1/openapi.json lists.",
        ),
        WebError::TooMany => (
            "too_many",
            "Too many requests",
            "Wait a minute and go on slower.",
        ),
        WebError::NoKey => (
            "no_key",
            "This needs a key that works",
            "Send `Authorization: Bearer` with a key that an administrator made for you.",
        ),
        WebError::OutOfScope(wanted) => {
            scope = format!("This needs a key with the scope `{}`.", wanted.spelling());
            (
                "out_of_scope",
                "The key isn't good for this",
                scope.as_str(),
            )
        }
        WebError::Fault(_) => (
            "fault",
            "Something is wrong at our end",
            "Nothing that was saved is lost. Tell the administrator the reference.",
        ),
        WebError::Refused(_) => ("refused", "This can't be done", "Each problem says why."),
    };
    let problems: Vec<Value> = match error {
        WebError::Refused(problems) => problems
            .iter()
            .map(|problem| json!({"code": problem.code, "message": problem.message}))
            .collect(),
        _ => Vec::new(),
    };
    let status = error.status();
    let mut response = Json(json!({
        "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail,
        "error": code, "problems": problems, "reference": reference
    }))
    .into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if matches!(error, WebError::NoKey) {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    *response.status_mut() = status;
    response
}

/// The most entries of a page.
const MOST: usize = 100;

/// What the address says: what the log's own page can be asked for, and how long a page is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    find: String,
    subject: String,
    outcome: String,
    from: String,
    after: String,
    limit: Option<String>,
}

/// A page of the log.
///
/// # Errors
/// Something can't be asked for so, or the store can't answer.
pub async fn entries(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, WebError> {
    let base = &app.settings.public_url;
    let mut of_log = log::Asked {
        find: asked.find,
        subject: asked.subject,
        outcome: asked.outcome,
        from: asked.from,
        after: asked.after,
    };
    let mut mistakes = of_log.mend(&app);
    let limit = match &asked.limit {
        None => Some(log::PAGE),
        Some(limit) => limit
            .parse()
            .ok()
            .filter(|limit| (1..=MOST).contains(limit)),
    };
    mistakes.check(
        limit.is_none(),
        "limit",
        "limit must be a whole number from 1 to 100",
    );
    if !mistakes.is_empty() {
        return Err(log::refused(&mistakes));
    }
    let (entries, next) = log::some(&app, &of_log, limit.unwrap_or(log::PAGE)).await?;
    let entries: Vec<Value> = entries
        .iter()
        .map(|entry| log::as_json(base, entry))
        .collect();
    Ok(Json(json!({"entries": entries, "next": next})))
}

/// One entry of the log.
///
/// # Errors
/// There is none, or it was taken out.
pub async fn entry(
    State(app): State<App>,
    Path((year, slug)): Path<(String, String)>,
) -> Result<Json<Value>, WebError> {
    let entry = app
        .office
        .store()
        .log_entry(&format!("{year}/{slug}"))
        .await?
        .filter(|entry| entry.removed_because.is_none())
        .ok_or(WebError::NotFound)?;
    Ok(Json(log::as_json(&app.settings.public_url, &entry)))
}

/// The statistics by quarter, as the public's page shows them: small numbers are words.
///
/// # Errors
/// The store can't answer.
pub async fn statistics(State(app): State<App>) -> Result<Json<Value>, WebError> {
    let quarters = crate::public::statistics::as_json(&app).await?;
    Ok(Json(json!({"quarters": quarters})))
}
