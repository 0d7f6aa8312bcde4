//! An authority's office in a world of its own: its clock and its randomness are the test's, so that two runs of one
//! story can differ in nothing but what the searches found.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use casework::case::Case;
use casework::command::Command;
use casework::role::Role;
use jiff::Timestamp;
use office::mail::{Carrying, Mailing, Parcel};
use office::sign_in::Provider;
use office::{Office, Setup};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::desk::Account;
use store::doors::Webhook;
use tower::ServiceExt;
use web::keys::Scope;
use web::words::Catalogue;
use web::{App, Log, Settings};

use crate::channels;
use crate::leaks::Leak;
use crate::receiver;

/// 9 a.m. on Monday 2 November 2026, in microseconds.
const MONDAY: i64 = 1_793_610_000_000_000;
/// Every look at the clock is so much later, so that work that depends on a holding shows as time.
const LOOK: i64 = 10_000;
/// The subscription of the program that is told everything.
pub const HOOK: &str = "hook";
/// A session is begun anew after so long.
const SESSION: i64 = 20 * 60 * 1_000_000;

/// Who may open metrics.
pub const METRICS_TOKEN: &str = "metrics-token-of-the-test";

/// What parts a form with files.
const BOUNDARY: &str = "----candour-test";

/// Everybody who signs in: one person a role.
pub const PEOPLE: &[Role] = &[
    Role::TriageOfficer,
    Role::InformationOfficer,
    Role::ServiceAreaContact,
    Role::SecurityAdviser,
    Role::Approver,
    Role::QualifiedPerson,
    Role::Publisher,
    Role::Auditor,
    Role::Administrator,
];

/// Which of the two holdings of each question the searches of a run find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    First,
    Second,
}

/// Bytes that somebody without clearance observed.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    /// The output: a row of the table of routes, or one of the office's own.
    pub channel: String,
    /// Which one of it, by whom.
    pub which: String,
    pub bytes: Vec<u8>,
}

/// An answer to a request.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<String>,
    pub text: String,
}

/// Status, headers and body as they came.
type Raw = (u16, Vec<String>, Vec<u8>);

impl Answer {
    /// What stands between two marks, if they are there.
    pub fn between(&self, start: &str, end: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(start)?;
        Some(rest.split(end).next()?.to_owned())
    }

    /// Where it sends a browser.
    pub fn location(&self) -> &str {
        self.headers
            .iter()
            .find_map(|header| header.strip_prefix("location: "))
            .unwrap_or("")
    }
}

pub struct World {
    pub app: App,
    pub run: Run,
    pub leak: Option<Leak>,
    /// Everything observed, in order.
    pub seen: Vec<Seen>,
    /// How often each channel answered with something other than "not found".
    pub answered: BTreeMap<String, u64>,
    /// What cleared people saw when they opened what was found.
    pub opened: Vec<String>,
    pub lines: Arc<Mutex<Vec<String>>>,
    clock: Arc<AtomicI64>,
    pages: Router,
    sessions: BTreeMap<String, (String, String, i64)>,
    /// The key of a program of each scope.
    keys: BTreeMap<&'static str, String>,
    folder: tempfile::TempDir,
}

impl World {
    pub async fn new(run: Run, seed: u64, leak: Option<Leak>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        secrets(&folder.path().join("state"));
        let clock = Arc::new(AtomicI64::new(MONDAY));
        let drawn = Arc::new(AtomicU64::new(0));
        let reads = Arc::clone(&clock);
        let office = Office::open(Setup {
            state: folder.path().join("state"),
            database: None,
            attachments: None,
            passes: true,
            data: web::demo::data(&folder.path().join("data")).ok().unwrap(),
            clock: Arc::new(move || {
                Timestamp::from_microsecond(reads.fetch_add(LOOK, Ordering::Relaxed)).unwrap()
            }),
            entropy: Some(Box::new(move || {
                let number = drawn.fetch_add(1, Ordering::Relaxed);
                Sha256::digest(format!("{seed} {number}")).into()
            })),
        })
        .await
        .ok()
        .unwrap();
        web::demo::publish_register(&office).ok().unwrap();
        for role in PEOPLE {
            keep(&office, &role.spelling(), &[*role]).await;
        }
        keep(&office, "reviewer", &[Role::InformationOfficer]).await;
        let lines = Arc::new(Mutex::new(Vec::new()));
        let keeps = Arc::clone(&lines);
        let settings = Settings {
            public_url: "http://desk.example".to_owned(),
            metrics_token: Some(METRICS_TOKEN.to_owned()),
            private_hosts: vec!["127.0.0.1".to_owned()],
            // Nobody listens there: whoever would sign in through it is told so.
            provider: Some(Provider {
                name: "Harrowmere sign-in".to_owned(),
                issuer: "http://127.0.0.1:1".to_owned(),
                client_id: "candour".to_owned(),
                roles_claim: "groups".to_owned(),
                roles: BTreeMap::new(),
            }),
            log: Log(Arc::new(move |line| {
                keeps.lock().unwrap().push(line.to_owned())
            })),
            ..Settings::default()
        };
        let app = web::application(
            office,
            settings,
            web::demo::branding(),
            Catalogue::english(),
        )
        .await
        .unwrap();
        let mut keys = BTreeMap::new();
        for scope in Scope::ALL {
            let (role, by) = (Role::InformationOfficer, "administrator");
            let made = web::keys::make(&app, scope.words(), &[scope], role, by).await;
            keys.insert(scope.spelling(), made.ok().unwrap());
        }
        let kinds: Vec<&str> = web::hooks::KINDS.iter().map(|(kind, _)| *kind).collect();
        let hook = Webhook {
            id: HOOK.to_owned(),
            url: receiver::address(),
            secret: "secret-of-the-subscription".to_owned(),
            kinds: kinds.join(" "),
            made_by: "administrator".to_owned(),
            made_at: app.now(),
            ended_at: None,
            position: 0,
        };
        let change = app
            .office
            .change("administrator", "webhook", &hook.url, "Began");
        let store = app.office.store();
        store
            .alter(store::changes::Altered::Webhook(&hook), &change)
            .await
            .unwrap();
        Self {
            pages: web::pages(app.clone()),
            app,
            run,
            leak,
            seen: Vec::new(),
            answered: BTreeMap::new(),
            opened: Vec::new(),
            lines,
            clock,
            sessions: BTreeMap::new(),
            keys,
            folder,
        }
    }

    pub fn office(&self) -> &Office {
        &self.app.office
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Lets time pass.
    pub fn pass(&self, minutes: i64) {
        self.clock
            .fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    pub async fn case(&self, reference: &str) -> Box<Case> {
        self.office().case(reference).await.unwrap().unwrap()
    }

    /// Keeps what somebody without clearance observes.
    pub fn note(&mut self, channel: &str, which: &str, bytes: Vec<u8>) {
        *self.answered.entry(channel.to_owned()).or_default() += 1;
        self.seen.push(Seen {
            channel: channel.to_owned(),
            which: which.to_owned(),
            bytes,
        });
    }

    /// The session of an account: its cookie and form token.
    async fn session(&mut self, account: &str) -> (String, String) {
        let now = self.clock.load(Ordering::Relaxed);
        if let Some((cookie, token, began)) = self.sessions.get(account)
            && now - began < SESSION
        {
            return (cookie.clone(), token.clone());
        }
        let store = self.office().store();
        let known = store.account(account).await.unwrap().unwrap();
        let token = web::session::begin(&self.app, &known).await.unwrap();
        let session = store
            .session(&web::app::hash(&token))
            .await
            .unwrap()
            .unwrap();
        let pair = (format!("candour={token}"), session.form_token);
        self.sessions
            .insert(account.to_owned(), (pair.0.clone(), pair.1.clone(), now));
        pair
    }

    async fn send(&self, request: Builder, body: Body) -> Raw {
        let request = request.header("host", "desk.example").body(body).unwrap();
        let response = self.pages.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status.as_u16(), headers, bytes.to_vec())
    }

    /// Sends a request and answers with status, headers and body as they came. Observes nothing.
    pub async fn raw(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(String, String)],
        account: Option<&str>,
    ) -> Raw {
        let mut request = Request::builder().method(method).uri(path);
        let mut fields = fields.to_vec();
        if path == "/metrics" {
            request = request.header("authorization", format!("Bearer {METRICS_TOKEN}"));
        }
        if let Some(account) = account {
            let (cookie, token) = self.session(account).await;
            request = request.header("cookie", cookie);
            fields.push(("form_token".to_owned(), token));
        }
        let body = if method == "POST" {
            request = request
                .header("origin", "http://desk.example")
                .header("content-type", "application/x-www-form-urlencoded");
            Body::from(serde_urlencoded::to_string(&fields).unwrap())
        } else {
            Body::empty()
        };
        self.send(request, body).await
    }

    /// Keeps an answer that somebody without clearance got.
    fn observed(&mut self, (method, template): (&str, &str), which: String, raw: Raw) -> Answer {
        let (status, mut headers, body) = raw;
        headers.sort();
        let mut bytes = format!("{status}\n{}\n\n", headers.join("\n")).into_bytes();
        bytes.extend(&body);
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_ne!(status, 500, "{method} {which}: {text}");
        assert_ne!(status, 429, "{method} {which}: the test knocks too often");
        let channel = format!("{method} {template}");
        if status != 404 {
            *self.answered.entry(channel.clone()).or_default() += 1;
        }
        self.seen.push(Seen {
            channel,
            which,
            bytes,
        });
        Answer {
            status,
            headers,
            text,
        }
    }

    /// Sends a request as somebody without clearance, who observes every byte of the answer.
    pub async fn visit(
        &mut self,
        method: &str,
        template: &str,
        path: &str,
        fields: &[(&str, &str)],
        account: Option<&str>,
    ) -> Answer {
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let raw = self.raw(method, path, &fields, account).await;
        let which = format!("{path} as {}", account.unwrap_or("anyone"));
        self.observed((method, template), which, raw)
    }

    /// Sends a request as a program whose key is good for `scope`; it observes the answer. Observing, `body` is none.
    pub async fn program(
        &mut self,
        template: &str,
        path: &str,
        scope: Scope,
        body: Option<&Value>,
    ) -> Answer {
        let method = if body.is_some() { "POST" } else { "GET" };
        let key = &self.keys[scope.spelling()];
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {key}"));
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let raw = self.send(request, body).await;
        let which = format!("{path} with {}", scope.spelling());
        self.observed((method, template), which, raw)
    }

    /// Sends a form with files as somebody at the desk, who observes the answer.
    pub async fn upload(
        &mut self,
        template: &str,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str)],
        account: &str,
    ) -> Answer {
        // Nobody is signed in where there is no account.
        let (cookie, token) = if account.is_empty() {
            (String::new(), String::new())
        } else {
            self.session(account).await
        };
        let mut body = String::new();
        for (name, value) in [("form_token", token.as_str())].iter().chain(fields) {
            body.push_str(&format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        for (name, contents) in files {
            body.push_str(&format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{contents}\r\n"
            ));
        }
        body.push_str(&format!("--{BOUNDARY}--\r\n"));
        let request = Request::post(path)
            .header("cookie", cookie)
            .header("origin", "http://desk.example")
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            );
        let raw = self.send(request, Body::from(body)).await;
        self.observed(("POST", template), format!("{path} as {account}"), raw)
    }

    /// Tells the program that subscribed what happened; it observes each message, and answers with this status.
    pub async fn tell(&mut self, status: u16) -> usize {
        let (count, messages) = receiver::told(&self.app, status).await;
        for message in messages {
            self.note("office webhooks", "message", message);
        }
        count
    }

    /// Sends the mail that is due: whoever gets it observes every byte.
    async fn send_mail(&mut self) {
        let outbox: Arc<Mutex<Vec<Parcel>>> = Arc::default();
        let takes = Arc::clone(&outbox);
        let carrier = move |parcel: Parcel| -> Carrying {
            takes.lock().unwrap().push(parcel);
            Box::pin(async { Ok(()) })
        };
        let mailing = Mailing {
            public_url: Some("http://desk.example"),
            carrier: &carrier,
        };
        let posted = self.office().send_mail(&mailing).await.unwrap();
        self.note("office mail", "round", format!("{posted:?}").into_bytes());
        let parcels = std::mem::take(&mut *outbox.lock().unwrap());
        for parcel in parcels {
            let channel = channels::MAILS
                .iter()
                .find(|channel| channel.ends_with(&parcel.kind))
                .unwrap_or_else(|| panic!("list mail of the kind {}", parcel.kind));
            let which = format!("{} from {} to {:?}", parcel.name, parcel.from, parcel.to);
            self.note(channel, &which, parcel.bytes);
        }
    }

    /// Does the routine work that is due, with the mail before and after it.
    pub async fn work(&mut self) {
        self.send_mail().await;
        let refuses = self.leak == Some(Leak::ReminderKeptBack) && self.run == Run::Second;
        let deliver = move |case: &Case, command: &Command| {
            if refuses && matches!(command, Command::Remind(_)) {
                return Err("kept back".to_owned());
            }
            office::mail::with_mail(case, command)
        };
        let round = self.office().work("node", &deliver).await.unwrap();
        self.note("office jobs", "round", format!("{round:?}").into_bytes());
        self.send_mail().await;
        self.office().follow().await.unwrap();
    }

    /// What a search finds here takes its time, or draws randomness, where a leak says so.
    pub async fn search_takes_place(&self) {
        if self.run == Run::First {
            return;
        }
        match self.leak {
            Some(Leak::SearchTakesLonger) => {
                self.clock.fetch_add(1_000_000, Ordering::Relaxed);
            }
            Some(Leak::RandomnessDrawn) => drop(self.app.token()),
            Some(Leak::LineInTheLog) => {
                (self.app.settings.log.0)("{\"level\":\"info\",\"what\":\"found\"}")
            }
            _ => {}
        }
    }
}

async fn keep(office: &Office, id: &str, roles: &[Role]) {
    office
        .store()
        .keep_account(&Account {
            id: id.to_owned(),
            name: format!("Somebody {id}"),
            email: format!("{id}@harrowmere.example"),
            // Nobody signs in with a password here.
            secret: String::new(),
            second_secret: None,
            second_step: 0,
            roles: roles.to_vec(),
            team: if roles.contains(&Role::ServiceAreaContact) {
                "ict"
            } else {
                "information-governance"
            }
            .to_owned(),
            is_active: true,
            failures: 0,
            locked_until: None,
            recovery: String::new(),
            subject: None,
        })
        .await
        .unwrap();
}

/// The same secrets in every world.
fn secrets(state: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::create_dir_all(state).unwrap();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(state.join("secrets.toml"))
        .unwrap();
    let text = format!(
        "signing = \"{}\"\nsealing = \"{}\"\n",
        "5a".repeat(32),
        "a5".repeat(32)
    );
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
}
