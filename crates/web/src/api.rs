//! The JSON API.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::fault::WebError;

/// What went wrong, as JSON.
#[must_use]
pub fn trouble(error: &WebError, reference: &str) -> Response {
    let (status, code, problems) = match error {
        WebError::NotFound => (404, "not_found", vec![]),
        WebError::Conflict => (409, "conflict", vec![]),
        WebError::TooMany => (429, "too_many", vec![]),
        WebError::Fault(_) => (500, "fault", vec![]),
        WebError::Refused(problems) => (
            422,
            "refused",
            problems
                .iter()
                .map(|problem| json!({"code": problem.code, "message": problem.message}))
                .collect(),
        ),
    };
    let mut response =
        Json(json!({"error": code, "problems": problems, "reference": reference})).into_response();
    *response.status_mut() =
        axum::http::StatusCode::from_u16(status).unwrap_or(axum::http::StatusCode::NOT_FOUND);
    response
}
