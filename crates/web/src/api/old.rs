//! The JSON API.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::fault::WebError;

/// What went wrong, as JSON.
#[must_use]
pub fn trouble(error: &WebError, reference: &str) -> Response {
    let (code, problems) = match error {
        WebError::NotFound => ("not_found", vec![]),
        WebError::Conflict => ("conflict", vec![]),
        WebError::TooMany => ("too_many", vec![]),
        WebError::Fault(_) => ("fault", vec![]),
        WebError::Refused(problems) => (
            "refused",
            problems
                .iter()
                .map(|problem| json!({"code": problem.code, "message": problem.message}))
                .collect(),
        ),
    };
    let mut response =
        Json(json!({"error": code, "problems": problems, "reference": reference})).into_response();
    *response.status_mut() = error.status();
    response
}

/// The API's description, OpenAPI 3.1: what the public's pages show, for programs.
pub async fn openapi(State(app): State<App>) -> Json<Value> {
    let entry = json!({"$ref": "#/components/schemas/Entry"});
    let answer = |description: &str, schema: Value| json!({"description": description, "content": {"application/json": {"schema": schema}}});
    let trouble = answer(
        "There is no such thing",
        json!({"$ref": "#/components/schemas/Trouble"}),
    );
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{}: freedom of information", app.branding().name),
            "version": "1",
            "description": "What is published, for programs. The same as the pages show, and nothing else."
        },
        "servers": [{"url": app.settings.public_url}],
        "paths": {
            "/api/v1/disclosure-log": {"get": {
                "operationId": "listEntries",
                "summary": "Published answers, newest first",
                "parameters": [
                    {"name": "find", "in": "query", "schema": {"type": "string"}, "description": "Words in title, questions or answers"},
                    {"name": "after", "in": "query", "schema": {"type": "string"}, "description": "The `next` of the page before"}
                ],
                "responses": {"200": answer("A page", json!({
                    "type": "object",
                    "required": ["entries", "next"],
                    "properties": {"entries": {"type": "array", "items": entry}, "next": {"type": ["string", "null"]}}
                }))}
            }},
            "/api/v1/disclosure-log/{year}/{slug}": {"get": {
                "operationId": "oneEntry",
                "summary": "One published answer",
                "parameters": [
                    {"name": "year", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "slug", "in": "path", "required": true, "schema": {"type": "string"}}
                ],
                "responses": {"200": answer("The answer", entry), "404": trouble}
            }}
        },
        "components": {"schemas": {
            "Entry": {
                "type": "object",
                "required": ["id", "title", "date_published", "date_modified", "_candour"],
                "properties": {
                    "id": {"type": "string"}, "url": {"type": "string"}, "title": {"type": "string"},
                    "content_text": {"type": "string"},
                    "date_published": {"type": "string", "format": "date-time"},
                    "date_modified": {"type": "string", "format": "date-time"},
                    "_candour": {"type": "object", "properties": {
                        "received_on": {"type": "string", "format": "date"},
                        "answered_on": {"type": "string", "format": "date"},
                        "outcome": {"type": "string"},
                        "questions": {"type": "array", "items": {"type": "object",
                            "required": ["label", "question", "decision", "answer", "provisions"],
                            "properties": {
                                "label": {"type": "string"}, "question": {"type": "string"},
                                "decision": {"type": "string"}, "answer": {"type": "string"},
                                "provisions": {"type": "array", "items": {"type": "string"}}
                            }}}
                    }}
                }
            },
            "Trouble": {
                "type": "object",
                "required": ["error", "problems", "reference"],
                "properties": {
                    "error": {"type": "string"},
                    "problems": {"type": "array", "items": {"type": "object"}},
                    "reference": {"type": "string"}
                }
            }
        }}
    }))
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    find: String,
    after: String,
}

/// A page of the log.
///
/// # Errors
/// The store can't answer.
pub async fn entries(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, WebError> {
    let base = &app.settings.public_url;
    let (entries, next) = if asked.find.trim().is_empty() {
        crate::public::log::list(&app, &asked.after, &|_| true).await?
    } else {
        let found = app.office.search_published(asked.find.trim(), 50).await?;
        (found, None)
    };
    let entries: Vec<Value> = entries
        .iter()
        .map(|entry| crate::public::log::as_json(base, entry))
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
    Ok(Json(crate::public::log::as_json(
        &app.settings.public_url,
        &entry,
    )))
}
