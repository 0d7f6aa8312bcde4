//! A desk with the demonstration's cases, visited in process.

#![allow(dead_code, reason = "each file of tests uses some of it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use casework::role::Role;
use jiff::Timestamp;
use tower::ServiceExt;
use web::demo::DemoClock;
use web::words::Catalogue;
use web::{App, Settings};

/// 11 a.m. on Monday 23 November 2026, in seconds.
const MONDAY: i64 = 1_795_431_600;

pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

pub struct Desk {
    pub app: App,
    pub clock: Arc<DemoClock>,
    pages: Router,
    _folder: tempfile::TempDir,
}

#[derive(Clone)]
pub struct Visitor {
    pub cookie: String,
    pub form_token: String,
}

pub struct Answer {
    pub status: u16,
    pub text: String,
    headers: axum::http::HeaderMap,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// Who carries the cookie that this answer gave last; forms need their token too.
    pub fn cookie(&self) -> Visitor {
        let given = self
            .headers
            .get_all("set-cookie")
            .iter()
            .next_back()
            .unwrap();
        Visitor {
            cookie: given
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned(),
            form_token: String::new(),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// What stands between two marks.
    pub fn between(&self, start: &str, end: &str) -> String {
        let Some((_, rest)) = self.text.split_once(start) else {
            panic!("no {start} in {}", self.text)
        };
        rest.split(end).next().unwrap().to_owned()
    }
}

impl Desk {
    pub async fn demo() -> Self {
        Self::with(Settings::default()).await
    }

    /// The demonstration with other settings.
    pub async fn with(settings: Settings) -> Self {
        Self::speaking(settings, Catalogue::english()).await
    }

    /// The same with other words on its pages.
    pub async fn speaking(mut settings: Settings, words: Catalogue) -> Self {
        if settings.public_url.is_empty() {
            settings.public_url = "http://desk.example".to_owned();
        }
        let folder = tempfile::tempdir().unwrap();
        // Every look at the clock is a second later, so that events have an order.
        let ticks = AtomicI64::new(MONDAY);
        let clock = DemoClock::new(Box::new(move || {
            Timestamp::from_second(ticks.load(Ordering::Relaxed)).unwrap()
        }));
        let office = web::demo::open(folder.path(), &clock).await.unwrap();
        let app = web::application(
            office,
            Settings {
                demonstration: web::demo::sign_ins(),
                ..settings
            },
            web::demo::branding(),
            words,
        )
        .await
        .unwrap();
        Self {
            pages: web::pages(app.clone()),
            app,
            clock,
            _folder: folder,
        }
    }

    pub async fn sign_in(&self, id: &str) -> Visitor {
        let account = self.app.office.store().account(id).await.unwrap().unwrap();
        let token = web::session::begin(&self.app, &account).await.unwrap();
        let session = self
            .app
            .office
            .store()
            .session(&web::app::hash(&token))
            .await
            .unwrap()
            .unwrap();
        Visitor {
            cookie: format!("candour={token}"),
            form_token: session.form_token,
        }
    }

    /// Somebody with this role and no other.
    pub async fn sign_in_as(&self, role: Role) -> Visitor {
        let store = self.app.office.store();
        let mut account = store.account("ruth").await.unwrap().unwrap();
        account.id = format!("only-{}", role.spelling());
        account.name = "Somebody".to_owned();
        account.email = format!("{}@harrowmere.example", account.id);
        account.roles = vec![role];
        // A team that the demonstration asks something of.
        account.team = "repairs".to_owned();
        store.keep_account(&account).await.unwrap();
        self.sign_in(&account.id).await
    }

    /// Lets time pass.
    pub fn later(&self, seconds: i64) {
        let now = self.clock.now();
        self.clock.set(
            now.checked_add(jiff::SignedDuration::from_secs(seconds))
                .ok(),
        );
    }

    /// Sends what a program sends: JSON, with a key and without cookies.
    pub async fn program(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: Option<&serde_json::Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "desk.example");
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.answered(
            request
                .header("content-type", "application/json")
                .body(body)
                .unwrap(),
        )
        .await
    }

    pub async fn get(&self, path: &str, who: Option<&Visitor>) -> Answer {
        self.send("GET", path, &[], who, "").await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)], who: Option<&Visitor>) -> Answer {
        self.send("POST", path, fields, who, "http://desk.example")
            .await
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        who: Option<&Visitor>,
        origin: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "desk.example");
        if !origin.is_empty() {
            request = request.header("origin", origin);
        }
        let mut fields: Vec<(&str, &str)> = fields.to_vec();
        if let Some(visitor) = who {
            request = request.header("cookie", &visitor.cookie);
            fields.push(("form_token", &visitor.form_token));
        }
        let body = if method == "POST" {
            request = request.header("content-type", "application/x-www-form-urlencoded");
            Body::from(serde_urlencoded::to_string(&fields).unwrap())
        } else {
            Body::empty()
        };
        self.answered(request.body(body).unwrap()).await
    }

    /// A form with files, its parts in this order.
    pub async fn upload(
        &self,
        path: &str,
        who: &Visitor,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        const BOUNDARY: &str = "----candour-test";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!(
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        for (name, contents) in files {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n")
                    .bytes(),
            );
            body.extend(*contents);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let request = Request::post(path)
            .header("host", "desk.example")
            .header("origin", "http://desk.example")
            .header("cookie", &who.cookie)
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(body))
            .unwrap();
        self.answered(request).await
    }

    pub async fn answered(&self, request: Request<Body>) -> Answer {
        let response = self.pages.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            headers: parts.headers,
        }
    }

    /// Asks repairs about the first question of a case; they look and have nothing, in these words.
    pub async fn repairs_find_nothing(&self, officer: &Visitor, case: &str, words: &str) {
        let task = [
            ("area", "repairs"),
            ("questions", "q1"),
            ("wanted_on", "2026-12-01"),
        ];
        self.act(officer, &format!("{case}/task"), &task).await;
        let contact = self.sign_in("gareth").await;
        let reference = case.trim_start_matches("/desk/cases/");
        let found = [("held_1", "not_held"), ("found_1", words)];
        self.act(&contact, &format!("/desk/team/{reference}"), &found)
            .await;
    }

    /// Sends a form that must be taken.
    pub async fn act(&self, who: &Visitor, path: &str, fields: &[(&str, &str)]) {
        let answer = self.post(path, fields, Some(who)).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text);
    }

    pub async fn case_named(&self, subject: &str) -> String {
        let rows = self
            .app
            .office
            .queue(&office::QueueFilter::All, true, None, 200)
            .await
            .unwrap();
        rows.into_iter()
            .find(|row| row.subject == subject)
            .unwrap()
            .reference
    }

    pub async fn identity_of(&self, reference: &str) -> String {
        self.app
            .office
            .case(reference)
            .await
            .unwrap()
            .unwrap()
            .letter_in_approval
            .unwrap()
    }
}

/// A request by email with these questions, confirmed by Ben; its address at the desk.
pub async fn asked(desk: &Desk, officer: &Visitor, questions: &[&str]) -> String {
    asked_with(desk, officer, questions, &[]).await
}

/// The same with files that came with it.
pub async fn asked_with(
    desk: &Desk,
    officer: &Visitor,
    questions: &[&str],
    attachments: &[(String, Vec<u8>)],
) -> String {
    let text: String = (1..)
        .zip(questions)
        .map(|(number, question)| format!("{number}. {question}\n"))
        .collect();
    let message = office::Message {
        channel: casework::event::Channel::Email,
        subject: "A request",
        text: &text,
        applicant: Some(office::NewApplicant {
            name: "Sam Duckworth",
            contact: "sam@example.org",
        }),
        received_at: desk.clock.now(),
        once: Some(&text),
        reference: None,
        attachments,
    };
    let by = casework::role::Actor::candour();
    let taken = desk.app.office.take_in(&by, &message).await.unwrap();
    let case = format!("/desk/cases/{}", taken.reference);
    let mut fields = vec![("regime".to_owned(), "foi")];
    for (number, question) in (1..).zip(questions) {
        fields.push((format!("keep_{number}"), "keep"));
        fields.push((format!("text_{number}"), question));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    desk.act(officer, &format!("{case}/questions"), &fields)
        .await;
    case
}

/// A question is answered so.
pub async fn answered(desk: &Desk, officer: &Visitor, case: &str, number: u32, answer: &str) {
    let path = format!("{case}/questions/{number}/answer");
    desk.act(officer, &path, &[("answer", answer)]).await;
}

/// Fields with further ones.
pub fn with_more<'a>(
    one: &[(&'a str, &'a str)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    one.iter().chain(more).copied().collect()
}

/// The letter goes to Colin, who approves it, and leaves.
pub async fn sent(desk: &Desk, officer: &Visitor, case: &str) {
    desk.act(officer, &format!("{case}/letter"), &[("do", "send")])
        .await;
    approved(desk, case).await;
    desk.act(officer, &format!("{case}/issue"), &[]).await;
}

pub async fn approved(desk: &Desk, case: &str) {
    let approver = desk.sign_in("colin").await;
    let approval = desk.get(&format!("{case}/approval"), Some(&approver)).await;
    let identity = approval.between("name=\"identity\" value=\"", "\"");
    let judged = [
        ("do", "approve"),
        ("identity", identity.as_str()),
        ("judged", "answer"),
        ("judged", "reasons"),
        ("judged", "more"),
        ("judged", "balance"),
    ];
    desk.act(&approver, &format!("{case}/approval"), &judged)
        .await;
}

pub async fn taken_in(desk: &Desk, subject: &str, text: &str) -> String {
    let office = &desk.app.office;
    let taken = office
        .take_in(
            &casework::role::Actor::candour(),
            &office::Message {
                channel: casework::event::Channel::Email,
                subject,
                text,
                applicant: Some(office::NewApplicant {
                    name: "Sam Duckworth",
                    contact: "sam@example.org",
                }),
                received_at: desk.app.now(),
                once: None,
                reference: None,
                attachments: &[],
            },
        )
        .await
        .unwrap();
    taken.reference
}

pub async fn case_of(desk: &Desk, reference: &str) -> casework::case::Case {
    *desk.app.office.case(reference).await.unwrap().unwrap()
}

/// Confirms the questions as they were read.
pub async fn confirm(desk: &Desk, officer: &Visitor, reference: &str) -> String {
    let case = case_of(desk, reference).await;
    let fields: Vec<(String, String)> = (1..)
        .zip(&case.questions)
        .flat_map(|(number, state)| {
            [
                (format!("keep_{number}"), "keep".to_owned()),
                (format!("text_{number}"), state.question.text.clone()),
            ]
        })
        .chain([("regime".to_owned(), "foi".to_owned())])
        .collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let path = format!("/desk/cases/{reference}");
    desk.act(officer, &format!("{path}/questions"), &fields)
        .await;
    path
}

/// A page without what differs at each visit: form tokens and the links and hashes that hold random bytes.
pub fn without_tokens(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for character in text.chars().chain(['\n']) {
        if character.is_ascii_hexdigit() {
            run.push(character);
            continue;
        }
        if run.len() < 12 {
            out.push_str(&run);
        } else {
            out.push('#');
        }
        run.clear();
        out.push(character);
    }
    out
}

/// What every page must have: one heading that names it, a language, a title, no id twice, and no reference to an id that
/// isn't there. Answers with each fault.
pub fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let values = |name: &str| -> Vec<String> {
        text.split(&format!(" {name}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect()
    };
    if text.matches("<h1").count() != 1 {
        faults.push(format!(
            "{} level-one headings",
            text.matches("<h1").count()
        ));
    }
    if !text.contains("<html lang=\"en-GB\">") {
        faults.push("no language".to_owned());
    }
    let title = text.split("<title>").nth(1).unwrap_or("");
    if title.starts_with(" – ") || title.starts_with("</title>") {
        faults.push("no title".to_owned());
    }
    let ids = values("id");
    for id in &ids {
        if ids.iter().filter(|other| *other == id).count() > 1 {
            faults.push(format!("id {id} stands twice"));
        }
    }
    for name in ["for", "aria-describedby", "aria-labelledby"] {
        for value in values(name) {
            for id in value.split_whitespace() {
                if !ids.iter().any(|known| known == id) {
                    faults.push(format!("{name} names {id}, which isn't there"));
                }
            }
        }
    }
    for href in values("href")
        .iter()
        .filter_map(|href| href.strip_prefix('#'))
    {
        if !ids.iter().any(|known| known == href) {
            faults.push(format!("a link leads to #{href}, which isn't there"));
        }
    }
    faults
}
