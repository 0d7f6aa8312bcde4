//! The API's description, OpenAPI 3.1, served with the API.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::cases::ACTS;
use crate::app::App;
use crate::keys::Scope;

fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn answer(description: &str, schema: &Value) -> Value {
    json!({"description": description, "content": {"application/json": {"schema": schema}}})
}

fn text(name: &str, place: &str, is_required: bool, description: &str) -> Value {
    json!({"name": name, "in": place, "required": is_required, "schema": {"type": "string"}, "description": description})
}

/// The answers of an operation: what it gives, and the troubles it may have.
fn answers(status: &str, given: Value, troubles: &[(&str, &str)]) -> Value {
    let mut all = Map::new();
    all.insert(status.to_owned(), given);
    for (status, description) in troubles {
        all.insert(
            (*status).to_owned(),
            json!({"description": description, "content": {"application/problem+json": {"schema": schema("Trouble")}}}),
        );
    }
    Value::Object(all)
}

const NOT_FOUND: (&str, &str) = ("404", "There is no such thing");
const TOO_MANY: (&str, &str) = ("429", "Too many requests; wait a minute");
const NO_KEY: (&str, &str) = ("401", "No key, or none that works");
const OUT_OF_SCOPE: (&str, &str) = ("403", "The key isn't good for this");
const CONFLICT: (&str, &str) = ("409", "Somebody else changed the case since `seen`");
const REFUSED: (&str, &str) = ("422", "It can't be done; each problem says why");

struct Operation {
    id: &'static str,
    summary: &'static str,
    scope: Option<Scope>,
    parameters: Vec<Value>,
    body: Option<Value>,
    responses: Value,
}

impl Operation {
    fn json(self) -> Value {
        let mut json = json!({
            "operationId": self.id, "summary": self.summary, "parameters": self.parameters, "responses": self.responses
        });
        if let Some(body) = self.body {
            json["requestBody"] =
                json!({"required": true, "content": {"application/json": {"schema": body}}});
        }
        json["security"] = match self.scope {
            Some(scope) => {
                json["description"] = format!("Needs the scope `{}`.", scope.spelling()).into();
                json!([{"key": []}])
            }
            None => json!([]),
        };
        json
    }
}

fn paths() -> Value {
    let list = |name: &str, of: &str| {
        json!({
            "type": "object", "required": [name, "next"], "additionalProperties": false,
            "properties": {name: {"type": "array", "items": schema(of)}, "next": {"type": ["string", "null"]}}
        })
    };
    let reference = || text("reference", "path", true, "The reference of the case");
    let outcomes = crate::public::log::OUTCOMES.map(|(spelling, _)| spelling);
    let after = || text("after", "query", false, "The `next` of the page before");
    json!({
        "/api/v1/disclosure-log": {"get": Operation {
            id: "listEntries", summary: "Published answers, newest first", scope: None,
            parameters: vec![
                text("find", "query", false, "Words in title, questions or answers; what is found comes best first"),
                text("subject", "query", false, "The id of a subject, as the page of the log has it in its address"),
                json!({"name": "outcome", "in": "query", "required": false, "schema": {"enum": outcomes}, "description": "How the answers add up"}),
                json!({"name": "from", "in": "query", "required": false, "schema": {"type": "string", "format": "date"}, "description": "Published on this day or later"}),
                after(),
                json!({"name": "limit", "in": "query", "required": false, "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, "description": "Entries of a page"}),
            ],
            body: None,
            responses: answers("200", answer("A page", &list("entries", "Entry")), &[REFUSED, TOO_MANY]),
        }.json()},
        "/api/v1/disclosure-log/{year}/{slug}": {"get": Operation {
            id: "oneEntry", summary: "One published answer", scope: None,
            parameters: vec![text("year", "path", true, "The year of its address"), text("slug", "path", true, "The rest of its address")],
            body: None,
            responses: answers("200", answer("The answer", &schema("Entry")), &[NOT_FOUND, TOO_MANY]),
        }.json()},
        "/api/v1/statistics": {"get": Operation {
            id: "statistics", summary: "Timeliness and outcomes by quarter of receipt; small numbers are words", scope: None,
            parameters: vec![], body: None,
            responses: answers("200", answer("The quarters", &json!({
                "type": "object", "required": ["quarters"], "additionalProperties": false,
                "properties": {"quarters": {"type": "array", "items": schema("Quarter")}}
            })), &[TOO_MANY]),
        }.json()},
        "/api/v1/cases": {
            "get": Operation {
                id: "listCases", summary: "Cases by due date, or those that a search finds", scope: Some(Scope::ReadCases),
                parameters: vec![
                    text("find", "query", false, "A reference, or words of the request"), after(),
                    text("owner", "query", false, "The account that answers for it"),
                    text("waiting", "query", false, "Who it waits for: officer, area, approver, applicant"),
                    json!({"name": "closed", "in": "query", "required": false, "schema": {"type": "boolean"}, "description": "Closed cases instead of open ones"}),
                ],
                body: None,
                responses: answers("200", answer("A page", &list("cases", "CaseRow")), &[NO_KEY, OUT_OF_SCOPE, REFUSED, TOO_MANY]),
            }.json(),
            "post": Operation {
                id: "takeIn", summary: "Take in a request", scope: Some(Scope::WriteCases),
                parameters: vec![], body: Some(schema("NewRequest")),
                responses: {
                    let mut all = answers("201", answer("The new case", &schema("Case")), &[NO_KEY, OUT_OF_SCOPE, REFUSED, TOO_MANY]);
                    all["200"] = answer("It was taken in before", &schema("Case"));
                    all
                },
            }.json()
        },
        "/api/v1/cases/{reference}": {"get": Operation {
            id: "oneCase", summary: "One case, without who asked and what was found", scope: Some(Scope::ReadCases),
            parameters: vec![reference()], body: None,
            responses: answers("200", answer("The case", &schema("Case")), &[NO_KEY, OUT_OF_SCOPE, NOT_FOUND, TOO_MANY]),
        }.json()},
        "/api/v1/cases/{reference}/acts": {"post": Operation {
            id: "act", summary: "Record what happened on a case", scope: Some(Scope::WriteCases),
            parameters: vec![reference()], body: Some(schema("Act")),
            responses: answers("200", answer("The case after it", &schema("Case")), &[NO_KEY, OUT_OF_SCOPE, NOT_FOUND, CONFLICT, REFUSED, TOO_MANY]),
        }.json()},
        "/api/v1/cases/{reference}/letter": {
            "get": Operation {
                id: "letter", summary: "The letter as it would go today, or the one that left", scope: Some(Scope::ReadCases),
                parameters: vec![reference()], body: None,
                responses: answers("200", answer("The letter", &schema("Letter")), &[NO_KEY, OUT_OF_SCOPE, NOT_FOUND, REFUSED, TOO_MANY]),
            }.json(),
            "post": Operation {
                id: "composeLetter", summary: "Compose the letter for a person to approve and send", scope: Some(Scope::WriteCases),
                parameters: vec![reference()], body: Some(schema("NewLetter")),
                responses: answers("200", answer("The letter", &schema("Letter")), &[NO_KEY, OUT_OF_SCOPE, NOT_FOUND, CONFLICT, REFUSED, TOO_MANY]),
            }.json()
        },
        "/api/v1/reports": {"get": Operation {
            id: "reports", summary: "What is late, and what the public's guidance did", scope: Some(Scope::ReadReports),
            parameters: vec![], body: None,
            responses: answers("200", answer("The reports", &schema("Reports")), &[NO_KEY, OUT_OF_SCOPE, TOO_MANY]),
        }.json()}
    })
}

fn schemas() -> Value {
    let day = json!({"type": "string", "format": "date"});
    let day_or_none = json!({"type": ["string", "null"], "format": "date"});
    let words = json!({"type": "string"});
    let words_or_none = json!({"type": ["string", "null"]});
    let object = |required: &[&str], properties: Value| {
        json!({
            "type": "object", "required": required, "additionalProperties": false, "properties": properties
        })
    };
    let acts: Vec<&str> = ACTS.iter().map(|kind| kind.spelling()).collect();
    json!({
        "Entry": {
            "type": "object",
            "required": ["id", "title", "date_published", "date_modified", "_candour"],
            "properties": {
                "id": words, "url": words, "title": words, "content_text": words,
                "date_published": {"type": "string", "format": "date-time"},
                "date_modified": {"type": "string", "format": "date-time"},
                "_candour": {"type": "object", "properties": {
                    "received_on": day, "answered_on": day, "outcome": words,
                    "questions": {"type": "array", "items": {
                        "type": "object",
                        "required": ["label", "question", "decision", "answer", "provisions"],
                        "properties": {
                            "label": words, "question": words, "decision": words, "answer": words,
                            "provisions": {"type": "array", "items": words}
                        }
                    }}
                }}
            }
        },
        "Quarter": object(&["quarter", "received", "answered", "answered_on_time", "outcomes"], json!({
            "quarter": words, "received": words, "answered": words, "answered_on_time": words,
            "outcomes": {"type": "object", "additionalProperties": words}
        })),
        "CaseRow": object(&["reference", "subject", "state", "is_open", "received_on"], json!({
            "reference": words, "subject": words, "state": words, "is_open": {"type": "boolean"},
            "waiting_for": words, "owner": words, "questions": {"type": "integer", "minimum": 0},
            "received_on": day, "due_on": day_or_none, "answered_on": day_or_none, "outcome": words_or_none,
            "published_at": words_or_none
        })),
        "Question": object(&["id", "label", "text", "due_on"], json!({
            "id": words, "label": words, "text": words, "stem": words_or_none, "due_on": day,
            "waiting_since": day_or_none, "answered_on": day_or_none,
            "proposal": {"type": ["object", "null"], "required": ["proposal", "provisions", "confidence"],
                "additionalProperties": false, "properties": {
                    "proposal": {"enum": ["protected", "register", "mixed", "open"]}, "category": words_or_none,
                    "provisions": {"type": "array", "items": words},
                    "confidence": {"type": "number", "minimum": 0, "maximum": 1}
                }},
            "decision": {"enum": [null, "disclosed", "already_accessible", "given_in_part", "withheld", "neither_confirmed_nor_denied",
                "not_held", "over_cost_limit", "vexatious_or_repeated", "clarification_sought"]}
        })),
        "Case": object(&["reference", "seq", "state", "subject", "text", "channel", "received_on", "questions"], json!({
            "reference": words, "seq": {"type": "integer", "minimum": 1}, "state": words, "subject": words, "text": words,
            "channel": schema("Channel"), "received_on": day, "due_on": day_or_none, "owner": words_or_none,
            "questions_confirmed": {"type": "boolean"}, "questions": {"type": "array", "items": schema("Question")},
            "published_at": words_or_none
        })),
        "Channel": {"enum": ["email", "form", "post", "import"]},
        "NewRequest": object(&["text", "channel"], json!({
            "subject": words, "text": {"type": "string", "minLength": 1, "description": "What the applicant wrote"},
            "channel": schema("Channel"),
            "received_at": {"type": "string", "format": "date-time", "description": "Now where it is left out. Its day in Europe/London is day zero"},
            "applicant": object(&["name", "contact"], json!({"name": words, "contact": words})),
            "once": {"type": "string", "description": "Your name for it: the same twice makes one case"}
        })),
        "Act": object(&["command", "with"], json!({
            "command": {"enum": acts},
            "with": {"type": "object", "description": "Its particulars, as in `candour case act`"},
            "seen": {"type": "integer", "description": "The `seq` of the case as you read it; refused if it was changed since"}
        })),
        "Letter": object(&["dated", "identity", "text", "is_complete", "findings"], json!({
            "dated": day, "identity": words, "text": words, "is_complete": {"type": "boolean"}, "sent_on": day,
            "findings": {"type": "array", "items": object(&["code", "severity", "message"], json!({
                "code": words, "severity": {"enum": ["error", "warning", "info"]}, "message": words
            }))}
        })),
        "NewLetter": object(&[], json!({
            "kept_because": {"type": "object", "additionalProperties": words, "description": "By code, why a warning stays"},
            "seen": {"type": "integer"}
        })),
        "Reports": object(&["on", "late", "guidance"], json!({
            "on": day, "late": {"type": "integer", "minimum": 0},
            "guidance": {"type": "object", "additionalProperties": {"type": "integer"}}
        })),
        "Trouble": object(&["type", "title", "status", "error", "problems", "reference"], json!({
            "type": words, "title": words, "status": {"type": "integer"}, "detail": words, "error": words,
            "problems": {"type": "array", "items": object(&["code", "message"], json!({"code": words, "message": words}))},
            "reference": {"type": "string", "description": "Under which the log knows it"}
        }))
    })
}

/// The description.
pub async fn openapi(State(app): State<App>) -> Json<Value> {
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{}: freedom of information", app.branding().name),
            "version": "1",
            "description": "What is published is open to anyone. Cases need a key that an administrator made, with a scope \
                for each use. Nothing here tells who asked or what was found, and nothing here decides, approves, sends or \
                publishes: a person does."
        },
        "servers": [{"url": app.settings.public_url}],
        "paths": paths(),
        "components": {
            "schemas": schemas(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}
        }
    }))
}
