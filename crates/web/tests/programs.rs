//! Programs from outside: keys and what they are good for, the API against its own description, subscriptions.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use casework::role::Role;
use common::*;
use serde_json::{Value, json};
use web::Settings;
use web::keys::Scope;
use web::routes::{ROUTES, Who};

async fn key(desk: &Desk, scopes: &[Scope], role: Role) -> String {
    web::keys::make(&desk.app, "Case system", scopes, role, "ivor")
        .await
        .ok()
        .unwrap()
}

/// Where a value breaks a schema of the description; understands as much of JSON Schema as the description uses, and says
/// when it meets anything else.
fn breaks(description: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    const KNOWN: &[&str] = &[
        "$ref",
        "type",
        "required",
        "properties",
        "additionalProperties",
        "items",
        "enum",
        "format",
        "minimum",
        "maximum",
        "minLength",
        "description",
    ];
    let fields = schema.as_object().unwrap();
    for name in fields.keys() {
        assert!(
            KNOWN.contains(&name.as_str()),
            "{at}: the test doesn't know `{name}`"
        );
    }
    if let Some(to) = schema["$ref"].as_str() {
        let to = description.pointer(to.strip_prefix('#').unwrap());
        return breaks(description, to.unwrap(), value, at, found);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        _ => vec![],
    };
    let is = |kind: &&str| match *kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{at}: the test doesn't know the type {other}"),
    };
    if !types.is_empty() && !types.iter().any(is) {
        found.push(format!("{at} is {value}, not {types:?}"));
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        found.push(format!("{at} is {value}, not one of {allowed:?}"));
    }
    if let Some(text) = value.as_str() {
        let is_sound = match schema["format"].as_str() {
            Some("date") => text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10,
            Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
            _ => true,
        };
        if !is_sound {
            found.push(format!("{at} is {text}, no {}", schema["format"]));
        }
    }
    if let (Some(least), Some(number)) = (schema["minimum"].as_f64(), value.as_f64())
        && number < least
    {
        found.push(format!("{at} is {number}"));
    }
    if let (Some(most), Some(number)) = (schema["maximum"].as_f64(), value.as_f64())
        && number > most
    {
        found.push(format!("{at} is {number}"));
    }
    for item in value.as_array().into_iter().flatten() {
        if schema["items"].is_object() {
            breaks(
                description,
                &schema["items"],
                item,
                &format!("{at}[]"),
                found,
            );
        }
    }
    if let Some(object) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(name.as_str().unwrap()) {
                found.push(format!("{at} lacks {name}"));
            }
        }
        for (name, inner) in object {
            let place = format!("{at}.{name}");
            match (&schema["properties"][name], &schema["additionalProperties"]) {
                (Value::Object(_), _) => {
                    breaks(
                        description,
                        &schema["properties"][name],
                        inner,
                        &place,
                        found,
                    );
                }
                (_, Value::Object(_)) => {
                    breaks(
                        description,
                        &schema["additionalProperties"],
                        inner,
                        &place,
                        found,
                    );
                }
                (_, Value::Bool(false)) => found.push(format!("{place} isn't described")),
                _ => {}
            }
        }
    }
}

/// Asks, and holds the answer against the description: status, media type and body.
async fn described(
    desk: &Desk,
    description: &Value,
    (method, template): (&str, &str),
    path: &str,
    key: Option<&str>,
    body: Option<Value>,
) -> (u16, Value) {
    let answer = desk.program(method, path, key, body.as_ref()).await;
    let operation = &description["paths"][template][method.to_lowercase()];
    assert!(operation.is_object(), "{method} {template} isn't described");
    if let Some(body) = body.filter(|_| answer.status < 300) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let mut found = Vec::new();
        breaks(description, schema, &body, "request", &mut found);
        assert_eq!(found, Vec::<String>::new(), "{method} {path}");
    }
    let content = &operation["responses"][answer.status.to_string()]["content"];
    let (kind, described) = content
        .as_object()
        .unwrap_or_else(|| {
            panic!(
                "{method} {path}: {} isn't described: {}",
                answer.status, answer.text
            )
        })
        .iter()
        .next()
        .unwrap();
    assert_eq!(answer.header("content-type"), kind, "{method} {path}");
    let value = answer.json();
    let mut found = Vec::new();
    breaks(
        description,
        &described["schema"],
        &value,
        "answer",
        &mut found,
    );
    assert_eq!(found, Vec::<String>::new(), "{method} {path}");
    (answer.status, value)
}

/// The description names every address of the API with its scope, and every answer is as it says.
#[test]
fn the_api_answers_as_its_description_says() {
    run(async {
        let desk = Desk::demo().await;
        let description = desk.get("/api/v1/openapi.json", None).await.json();
        let mut operations = 0;
        for route in ROUTES {
            if !route.path.starts_with("/api/v1/") || route.path.ends_with(".json") {
                continue;
            }
            operations += 1;
            let operation = &description["paths"][route.path][route.method.to_lowercase()];
            assert!(operation.is_object(), "{} {}", route.method, route.path);
            let text = operation["description"].as_str().unwrap_or("");
            match route.who {
                Who::Program(scope) => assert!(text.contains(scope.spelling()), "{}", route.path),
                _ => assert_eq!(operation["security"], json!([]), "{}", route.path),
            }
        }
        let in_description: usize = description["paths"]
            .as_object()
            .unwrap()
            .values()
            .map(|path| path.as_object().unwrap().len())
            .sum();
        assert_eq!(operations, in_description);

        let all = key(&desk, &Scope::ALL, Role::InformationOfficer).await;
        let ask = async |method: &str, template: &str, path: &str, body: Option<Value>| {
            described(
                &desk,
                &description,
                (method, template),
                path,
                Some(&all),
                body,
            )
            .await
        };
        let get = async |template: &str, path: &str| ask("GET", template, path, None).await;
        let log = "/api/v1/disclosure-log";
        let (_, entries) = get(log, log).await;
        assert!(entries["entries"].as_array().unwrap().len() >= 6);
        // In pages of any length, which together are the whole.
        let mut paged = Vec::new();
        let mut path = format!("{log}?limit=2");
        loop {
            let (_, page) = get(log, &path).await;
            let some = page["entries"].as_array().unwrap();
            assert!(some.len() <= 2, "{path}");
            paged.extend(some.clone());
            match page["next"].as_str() {
                Some(next) => path = format!("{log}?limit=2&after={next}"),
                None => break,
            }
        }
        assert_eq!(&paged, entries["entries"].as_array().unwrap());
        let (_, found) = get(log, &format!("{log}?find=2025&limit=1")).await;
        assert_eq!(found["entries"].as_array().unwrap().len(), 1);
        let next = found["next"].as_str().unwrap();
        let (_, more) = get(log, &format!("{log}?find=2025&limit=1&after={next}")).await;
        assert_ne!(found["entries"], more["entries"]);
        let (_, roads) = get(log, &format!("{log}?subject=roads&outcome=granted_in_full")).await;
        assert_eq!(roads["entries"].as_array().unwrap().len(), 2);
        for wrong in [
            "limit=0",
            "limit=101",
            "limit=-1",
            "limit=many",
            "limit=",
            "after=x",
            "from=soon",
            "outcome=won",
            "subject=no-such-row",
        ] {
            let (status, refused) = get(log, &format!("{log}?{wrong}")).await;
            assert_eq!(status, 422, "{wrong}");
            assert_eq!(refused["problems"].as_array().unwrap().len(), 1, "{wrong}");
        }
        let entry = "/api/v1/disclosure-log/{year}/{slug}";
        let (_, one) = get(entry, "/api/v1/disclosure-log/2026/library-opening-hours").await;
        assert_eq!(one["title"], "Library opening hours");
        let (status, none) = get(entry, "/api/v1/disclosure-log/2026/nothing").await;
        assert_eq!((status, &none["error"]), (404, &json!("not_found")));
        get("/api/v1/statistics", "/api/v1/statistics").await;
        let (_, reports) = get("/api/v1/reports", "/api/v1/reports").await;
        assert!(reports["late"].as_u64().unwrap() > 0);

        // Every open case, page by page, and each on its own.
        let cases = "/api/v1/cases";
        let (_, list) = get(cases, cases).await;
        let rows = list["cases"].as_array().unwrap();
        assert!(rows.len() > 8, "{list}");
        for row in rows {
            let reference = row["reference"].as_str().unwrap();
            let (status, case) =
                get("/api/v1/cases/{reference}", &format!("{cases}/{reference}")).await;
            assert_eq!((status, &case["reference"]), (200, &row["reference"]));
            let path = format!("{cases}/{reference}/letter");
            let (status, letter) = get("/api/v1/cases/{reference}/letter", &path).await;
            assert!(status == 200 || status == 422, "{letter}");
        }
        let (_, closed) = get(cases, "/api/v1/cases?closed=true").await;
        assert!(!closed["cases"].as_array().unwrap().is_empty());
        let (_, found) = get(cases, "/api/v1/cases?find=library").await;
        assert!(!found["cases"].as_array().unwrap().is_empty());
        let (_, mine) = get(cases, "/api/v1/cases?owner=nobody").await;
        assert_eq!(mine["cases"], json!([]));

        // A request comes in, the same twice is one case, and what happens on it is recorded.
        let new = json!({
            "subject": "Ducks", "text": "How many ducks live on the town pond?", "channel": "email",
            "applicant": {"name": "Sam Duckworth", "contact": "sam@example.org"}, "once": "message-1"
        });
        let (status, case) = ask("POST", cases, cases, Some(new.clone())).await;
        assert_eq!(status, 201, "{case}");
        let (status, again) = ask("POST", cases, cases, Some(new)).await;
        assert_eq!((status, &again["reference"]), (200, &case["reference"]));
        let path = format!("{cases}/{}", case["reference"].as_str().unwrap());
        let acts = format!("{path}/acts");
        let act = async |body: Value| {
            ask("POST", "/api/v1/cases/{reference}/acts", &acts, Some(body)).await
        };
        // Another request under the name of one that came is not lost, nor is a place of the case that can't be read.
        let other = json!({"subject": "", "text": "How many swans?", "channel": "email", "once": "message-1"});
        let (status, told) = ask("POST", cases, cases, Some(other)).await;
        let code = |answer: &Value| answer["problems"][0]["code"].clone();
        assert_eq!((status, code(&told)), (422, json!("intake.once")));
        for (with, expected) in [
            (json!({"seen": "18"}), "body.seen"),
            (json!({"seen": 1.5}), "body.seen"),
            (json!({"zz": 1}), "body.unknown"),
        ] {
            let mut body = json!({"command": "assign_owner", "with": {"officer": "ben"}});
            body.as_object_mut()
                .unwrap()
                .extend(with.as_object().unwrap().clone());
            let (status, told) = act(body).await;
            assert_eq!((status, code(&told)), (422, json!(expected)), "{told}");
        }
        // What the desk's forms don't offer, a program can't record either.
        for (command, with, expected) in [
            (
                "assign_owner",
                json!({"officer": "nobody"}),
                "command.no_officer",
            ),
            (
                "assign_owner",
                json!({"officer": "ivor"}),
                "command.no_officer",
            ),
            (
                "assign",
                json!({"area": "nosuch", "questions": ["q1"], "wanted_on": "2026-11-27"}),
                "command.no_team",
            ),
            (
                "seek_clarification",
                json!({"questions": ["q1"], "wording": "Why do you need this?", "sought_on": "2026-11-23"}),
                "clarification.not_to_ask",
            ),
            (
                "estimate_cost",
                json!({"questions": ["q1"], "determining_minutes": 4_294_967_295_u32, "locating_minutes": 0,
                    "retrieving_minutes": 0, "extracting_minutes": 0, "explanation": "A guess."}),
                "cost.too_long",
            ),
        ] {
            let (status, told) = act(json!({"command": command, "with": with})).await;
            assert_eq!((status, code(&told)), (422, json!(expected)), "{told}");
        }
        let owner =
            json!({"command": "assign_owner", "with": {"officer": "ben"}, "seen": case["seq"]});
        let (status, owned) = act(owner.clone()).await;
        assert_eq!((status, &owned["owner"]), (200, &json!("ben")), "{owned}");
        let (status, conflict) = act(owner).await;
        assert_eq!((status, &conflict["error"]), (409, &json!("conflict")));
        for (command, code) in [
            ("decide", "api.not_by_program"),
            ("approve", "api.not_by_program"),
            ("issue", "api.not_by_program"),
            ("show_applicant", "api.not_by_program"),
            ("open_holding", "api.not_by_program"),
            ("withdraw", "command.malformed"),
            ("nonsense", "command.malformed"),
        ] {
            let (status, refused) = act(json!({"command": command, "with": {}})).await;
            assert_eq!(
                (status, &refused["problems"][0]["code"]),
                (422, &json!(code)),
                "{refused}"
            );
        }
        let withdrawn = json!({"command": "withdraw", "with": {"received_on": "2026-11-23"}});
        let (status, case) = act(withdrawn).await;
        assert_eq!((status, &case["state"]), (200, &json!("closed")), "{case}");
        let (status, refused) = ask(
            "POST",
            cases,
            cases,
            Some(json!({"text": "", "channel": "email"})),
        )
        .await;
        assert_eq!((status, &refused["error"]), (422, &json!("refused")));
        let (status, refused) = ask(
            "POST",
            cases,
            cases,
            Some(json!({"text": "Ducks?", "channel": "email", "more": 1})),
        )
        .await;
        assert_eq!(
            (status, &refused["problems"][0]["code"]),
            (422, &json!("body.malformed"))
        );
        let long = json!({"text": "x".repeat(600 * 1024), "channel": "email"});
        let (status, refused) = ask("POST", cases, cases, Some(long)).await;
        assert_eq!(
            (status, &refused["problems"][0]["code"]),
            (422, &json!("request.unreadable"))
        );
        let unread = desk
            .program("GET", "/api/v1/cases?closed=perhaps", Some(&all), None)
            .await;
        assert_eq!(
            (unread.status, unread.header("content-type")),
            (422, "application/problem+json")
        );
        let (status, _) = get("/api/v1/cases/{reference}", "/api/v1/cases/HM-2026-99999").await;
        assert_eq!(status, 404);
    });
}

#[allow(
    clippy::disallowed_methods,
    reason = "whether a missing validator is a failure depends on where the tests run"
)]
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// The description is one by the judgement of somebody else's validator.
#[test]
fn the_description_is_sound_openapi() {
    let validator = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/judges/openapi-spec-validator/bin/openapi-spec-validator");
    if !validator.exists() {
        assert!(!is_ci(), "{} is missing", validator.display());
        println!("skipped: no validator; `cargo xtask check` installs it");
        return;
    }
    run(async {
        let desk = Desk::demo().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openapi.json");
        let text = desk.get("/api/v1/openapi.json", None).await.text;
        let judged = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let output = std::process::Command::new(&validator)
                .arg(&path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.success(), said)
        };
        let (is_sound, said) = judged(&text);
        assert!(is_sound, "{said}");
        let (is_sound, _) = judged(&text.replace("\"openapi\":\"3.1.0\"", "\"openapi\":3"));
        assert!(!is_sound, "the validator refuses nothing");
    });
}

/// A key opens what its scopes say, says which one is missing before it looks anything up, and opens no page of the desk;
/// a session opens nothing of the API.
#[test]
fn keys_open_what_they_are_good_for_and_nothing_else() {
    run(async {
        let desk = Desk::demo().await;
        let reader = key(&desk, &[Scope::ReadCases], Role::TriageOfficer).await;
        for route in ROUTES {
            let Who::Program(scope) = route.who else {
                continue;
            };
            for reference in ["HM-2026-00001", "HM-2026-99999"] {
                let path = route.path.replace("{reference}", reference);
                for bad in [
                    None,
                    Some("candour_"),
                    Some(&*"0".repeat(64)),
                    Some(&*format!("candour_{}", "0".repeat(64))),
                ] {
                    let answer = desk.program(route.method, &path, bad, None).await;
                    assert_eq!(answer.status, 401, "{path}");
                    assert_eq!(answer.header("www-authenticate"), "Bearer");
                }
                let answer = desk.program(route.method, &path, Some(&reader), None).await;
                if scope == Scope::ReadCases {
                    assert_ne!(answer.status, 403, "{path}");
                    assert_eq!(answer.header("cache-control"), "no-store", "{path}");
                } else {
                    assert_eq!(answer.status, 403, "{path}");
                    assert!(answer.text.contains(scope.spelling()), "{}", answer.text);
                }
            }
        }
        let officer = desk.sign_in("amina").await;
        assert_eq!(desk.get("/api/v1/cases", Some(&officer)).await.status, 401);
        assert_eq!(
            desk.program("GET", "/desk", Some(&reader), None)
                .await
                .status,
            303
        );
        assert_eq!(
            desk.program("GET", "/metrics", Some(&reader), None)
                .await
                .status,
            404
        );

        // Nothing of who asked is anywhere in what a key reads.
        let list = desk
            .program("GET", "/api/v1/cases", Some(&reader), None)
            .await;
        for row in list.json()["cases"].as_array().unwrap() {
            let path = format!("/api/v1/cases/{}", row["reference"].as_str().unwrap());
            let case = desk.program("GET", &path, Some(&reader), None).await;
            for never in ["applicant", "contact", "searched", "holding", "opened"] {
                assert!(
                    !case.text.contains(&format!("\"{never}")),
                    "{never}: {}",
                    case.text
                );
            }
        }

        let mut last = None;
        for _ in 0..700 {
            last = Some(
                desk.program("GET", "/api/v1/cases?owner=nobody", Some(&reader), None)
                    .await,
            );
        }
        let last = last.unwrap();
        assert_eq!(last.status, 429);
        assert_eq!(last.header("retry-after"), "60");
        let other = key(&desk, &[Scope::ReadCases], Role::TriageOfficer).await;
        let answer = desk
            .program("GET", "/api/v1/cases", Some(&other), None)
            .await;
        assert_eq!(answer.status, 200, "each key has its own measure");
    });
}

#[test]
fn an_administrator_makes_a_key_that_is_shown_once_and_revokes_it() {
    run(async {
        let desk = Desk::demo().await;
        let ivor = desk.sign_in("ivor").await;
        let empty = desk.post("/desk/admin/keys/new", &[], Some(&ivor)).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text.contains("Say what the key is for"));
        let approver = [
            ("name", "Too much"),
            ("scopes", "cases:read"),
            ("role", "approver"),
        ];
        let refused = desk
            .post("/desk/admin/keys/new", &approver, Some(&ivor))
            .await;
        assert_eq!(refused.status, 422, "no program approves");
        let fields = [
            ("name", "Contact centre"),
            ("scopes", "cases:read"),
            ("role", "triage_officer"),
        ];
        let made = desk
            .post("/desk/admin/keys/new", &fields, Some(&ivor))
            .await;
        let key = format!("candour_{}", made.between("candour_", "<"));
        assert_eq!((made.status, key.len()), (200, 72));
        let used = desk.program("GET", "/api/v1/cases", Some(&key), None).await;
        assert_eq!(used.status, 200);
        let list = desk.get("/desk/admin/keys", Some(&ivor)).await;
        assert!(list.text.contains("Contact centre") && !list.text.contains(&key));
        assert!(
            list.text.contains("23 November 2026, 11:00"),
            "when it was last used"
        );
        let id = list.between("/desk/admin/keys/key-", "\"");
        let path = format!("/desk/admin/keys/key-{id}");
        assert!(
            desk.get(&path, Some(&ivor))
                .await
                .text
                .contains("can&#39;t be undone")
        );
        desk.act(&ivor, &path, &[]).await;
        let used = desk.program("GET", "/api/v1/cases", Some(&key), None).await;
        assert_eq!(used.status, 401);
        assert_eq!(desk.get(&path, Some(&ivor)).await.status, 404);
    });
}

/// What a local receiver was sent.
#[derive(Clone, Debug)]
struct Sent {
    headers: axum::http::HeaderMap,
    body: String,
}

/// A program that is told: answers 500 so often, then 204. Gives its address.
async fn receiver(failures: usize) -> (String, std::sync::Arc<std::sync::Mutex<Vec<Sent>>>) {
    let sent: std::sync::Arc<std::sync::Mutex<Vec<Sent>>> = std::sync::Arc::default();
    let kept = sent.clone();
    let take = move |headers: axum::http::HeaderMap, body: String| async move {
        let mut kept = kept.lock().unwrap();
        kept.push(Sent { headers, body });
        if kept.len() <= failures {
            axum::http::StatusCode::INTERNAL_SERVER_ERROR
        } else {
            axum::http::StatusCode::NO_CONTENT
        }
    };
    let pages = axum::Router::new().route("/hook", axum::routing::post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, pages).await });
    (format!("http://127.0.0.1:{}/hook", address.port()), sent)
}

#[test]
fn a_subscription_is_told_of_what_it_asked_for_until_it_is_taken_and_of_no_person() {
    run(async {
        let desk = Desk::with(Settings {
            private_hosts: vec!["127.0.0.1".to_owned()],
            ..Settings::default()
        })
        .await;
        let ivor = desk.sign_in("ivor").await;
        let (url, sent) = receiver(2).await;
        let fields = [
            ("url", url.as_str()),
            ("kinds", "received"),
            ("kinds", "withdrawn"),
        ];
        let made = desk
            .post("/desk/admin/webhooks/new", &fields, Some(&ivor))
            .await;
        assert_eq!(made.status, 200, "{}", made.text);
        let secret = made.between("<strong>", "</strong>");
        assert_eq!(
            web::hooks::round(&desk.app).await.unwrap(),
            0,
            "what was before isn't told"
        );

        let key = key(&desk, &Scope::ALL, Role::TriageOfficer).await;
        let new = json!({
            "subject": "Sam Duckworth's ducks", "text": "How many ducks has Sam Duckworth?", "channel": "email",
            "applicant": {"name": "Sam Duckworth", "contact": "sam@example.org"}
        });
        let case = desk
            .program("POST", "/api/v1/cases", Some(&key), Some(&new))
            .await;
        assert_eq!(case.status, 201);
        // Tried, refused twice, tried again after a minute and after five more, then taken and left alone.
        for (seconds, tried) in [
            (0, 1),
            (0, 0),
            (59, 0),
            (2, 1),
            (200, 0),
            (101, 1),
            (9000, 0),
        ] {
            desk.later(seconds);
            assert_eq!(web::hooks::round(&desk.app).await.unwrap(), tried);
        }
        let sent = sent.lock().unwrap().clone();
        assert_eq!(sent.len(), 3);
        assert!(sent.iter().all(|one| one.body == sent[0].body));
        let body: Value = serde_json::from_str(&sent[0].body).unwrap();
        let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["case", "event", "happened_at", "id"]);
        assert_eq!(
            (&body["event"], &body["case"]),
            (&json!("received"), &case.json()["reference"])
        );
        for one in &sent {
            let header = |name: &str| one.headers[name].to_str().unwrap().to_owned();
            assert_eq!(json!(header("candour-delivery")), body["id"]);
            let signed = header("candour-signature");
            let second: i64 = signed
                .strip_prefix("t=")
                .unwrap()
                .split(',')
                .next()
                .unwrap()
                .parse()
                .unwrap();
            assert_eq!(signed, web::hooks::signature(&secret, second, &one.body));
            assert_ne!(signed, web::hooks::signature("other", second, &one.body));
        }
        // So much time went by that the administrator signs in again.
        let ivor = desk.sign_in("ivor").await;
        let list = desk.get("/desk/admin/webhooks", Some(&ivor)).await;
        assert_eq!(faults(&list.text), Vec::<String>::new());
        assert!(
            list.text.contains("Delivered") && list.text.contains("<td>3</td><td>204</td>"),
            "{}",
            list.text
        );
        assert!(!list.text.contains(&secret) && !list.text.contains("Duckworth"));

        let id = list.between("href=\"/desk/admin/webhooks/", "\"");
        desk.act(&ivor, &format!("/desk/admin/webhooks/{id}"), &[])
            .await;
        desk.program("POST", "/api/v1/cases", Some(&key), Some(&new))
            .await;
        assert_eq!(web::hooks::round(&desk.app).await.unwrap(), 0);
    });
}

#[test]
fn no_subscription_leads_into_the_authoritys_own_network() {
    run(async {
        let desk = Desk::demo().await;
        let ivor = desk.sign_in("ivor").await;
        for url in [
            "http://hooks.example.org/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://user:secret@hooks.example.org/",
            "nowhere",
        ] {
            let fields = [("url", url), ("kinds", "received")];
            let answer = desk
                .post("/desk/admin/webhooks/new", &fields, Some(&ivor))
                .await;
            assert_eq!(answer.status, 422, "{url}");
            assert!(answer.text.contains("id=\"url-wrong\""), "{}", answer.text);
        }
        // A name that leads there is found out when it is called.
        let refused = desk
            .app
            .outside
            .call("GET", "https://localhost/", &[], Vec::new())
            .await;
        assert!(refused.unwrap_err().contains("private network"));
        // No redirect is followed and no endless answer read.
        let outside =
            web::outside::Outside::trusting(&["127.0.0.1".to_owned()], Vec::new()).unwrap();
        let pages = axum::Router::new()
            .route(
                "/away",
                axum::routing::get(|| async { axum::response::Redirect::to("/long") }),
            )
            .route(
                "/long",
                axum::routing::get(|| async { "x".repeat(2 * 1024 * 1024) }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        tokio::spawn(async move { axum::serve(listener, pages).await });
        let away = outside
            .call("GET", &format!("{base}/away"), &[], Vec::new())
            .await;
        assert_eq!(away.unwrap().status, 303);
        let long = outside
            .call("GET", &format!("{base}/long"), &[], Vec::new())
            .await;
        assert!(long.unwrap_err().contains("can't be read"));
    });
}

/// Every kind that can be asked for is one that happens.
#[test]
fn the_kinds_of_subscriptions_are_kinds_of_events() {
    for (kind, _) in web::hooks::KINDS {
        assert!(casework::event::Event::KINDS.contains(kind), "{kind}");
    }
    for never in [
        "search_finished",
        "holding_opened",
        "confirm_or_deny_decided",
        "harm_evidence_given",
        "decision_made",
    ] {
        assert!(
            web::hooks::KINDS.iter().all(|(kind, _)| *kind != never),
            "{never}"
        );
    }
}
