//! A store on either engine for each check, with invented cases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "helpers of several tests; a failing helper fails its test"
)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use casework::command::Setting;
use casework::event::CaseId;
use casework::holding::SealingKey;
use casework::invented::{self, Life};
use casework::procedure::State;
use casework::routine::Retention;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use law::{Calendar, Statute, WorkingDays};
use sha2::{Digest, Sha256};
use store::attachments::Attachments;
use store::checkpoint::SigningSecret;
use store::{Act, Db, Engine, Fault, Intake, Place, Secrets, Stopped, Store, TakenIn};

pub const TODAY: Date = date(2026, 11, 23);
pub const AUTHORITY: &str = "harrowmere";

pub struct World {
    pub calendar: Calendar,
    pub statute: Statute,
}

impl World {
    pub fn new() -> Self {
        Self {
            calendar: Calendar::parse(include_str!("../../../../data/law/bank-holidays.csv"))
                .unwrap(),
            statute: Statute::parse(include_str!("../../../../data/law/foia.toml")).unwrap(),
        }
    }

    pub fn setting(&self, today: Date) -> Setting<'_> {
        Setting {
            today,
            calendar: &self.calendar,
            statute: &self.statute,
            answer_within: WorkingDays(20),
            review_within: WorkingDays(20),
            ask_review_within: WorkingDays(40),
            fee: None,
        }
    }
}

pub fn noon(day: Date) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

pub fn secrets() -> Secrets {
    let count = AtomicU64::new(0);
    Secrets {
        signing: SigningSecret::new(&[5; 32]),
        sealing: SealingKey::new([6; 32]),
        entropy: Box::new(move || {
            Sha256::digest(count.fetch_add(1, Ordering::Relaxed).to_be_bytes()).into()
        }),
    }
}

pub struct Home {
    pub engine: Engine,
    folder: PathBuf,
    /// Goes when this does.
    owned: Option<tempfile::TempDir>,
    pub url: String,
}

/// The address of the PostgreSQL to test with; without one its tests are skipped, and in continuous integration fail.
#[allow(
    clippy::disallowed_methods,
    reason = "where the test database is comes from outside"
)]
pub fn postgres_url() -> Option<String> {
    let url = std::env::var("TEST_DATABASE_URL").ok();
    if url.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "TEST_DATABASE_URL must be set in continuous integration"
        );
        println!("skipped: PostgreSQL; set TEST_DATABASE_URL to test it");
    }
    url
}

impl Home {
    /// An empty place of its own.
    pub async fn new(engine: Engine, name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => String::new(),
            Engine::Postgres => {
                let url = postgres_url().unwrap();
                let db = Db::postgres(&url).await.unwrap();
                let mut transaction = db.begin().await.unwrap();
                let statements =
                    format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name};");
                Db::script(&mut transaction, statements.leak())
                    .await
                    .unwrap();
                transaction.commit().await.unwrap();
                db.close().await;
                format!("{url}?options=-csearch_path%3D{name}")
            }
        };
        Self {
            engine,
            folder: folder.path().to_owned(),
            owned: Some(folder),
            url,
        }
    }

    /// A place that somebody else made.
    pub fn at(engine: Engine, folder: &str, url: &str) -> Self {
        Self {
            engine,
            folder: PathBuf::from(folder),
            owned: None,
            url: url.to_owned(),
        }
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    pub async fn db(&self) -> Db {
        match self.engine {
            Engine::Sqlite => Db::sqlite(&self.folder.join("cases.sqlite")).await.unwrap(),
            Engine::Postgres => Db::postgres(&self.url).await.unwrap(),
        }
    }

    pub async fn store(&self) -> Store {
        self.store_of(AUTHORITY).await
    }

    pub async fn store_of(&self, authority: &str) -> Store {
        self.opened(self.db().await, authority).await.unwrap()
    }

    pub async fn store_on(&self, db: Db) -> Result<Store, Fault> {
        self.opened(db, AUTHORITY).await
    }

    async fn opened(&self, db: Db, authority: &str) -> Result<Store, Fault> {
        Store::open(Place {
            db,
            authority: authority.to_owned(),
            attachments: Attachments::new(self.folder.join("attachments")),
            secrets: secrets(),
            retention: Retention {
                years: 3,
                rule: "FOI-3".to_owned(),
            },
            // Stands for the personal-data check, which the office brings; it leaves its mark on every text.
            published_words: Box::new(|text| text.replace(' ', "_")),
            // Every other length is a topic.
            topics: Box::new(|text| {
                if text.len() % 2 == 0 {
                    "even all"
                } else {
                    "all"
                }
                .to_owned()
            }),
        })
        .await
    }
}

pub fn case_id(number: u64) -> CaseId {
    CaseId(format!("case-{number:06}"))
}

pub fn received_on(number: u64) -> Date {
    date(2026, 1, 5)
        .checked_add(jiff::ToSpan::days(i64::try_from(number % 320).unwrap()))
        .unwrap()
}

pub fn life(number: u64) -> Life {
    invented::life(number, received_on(number), TODAY).unwrap()
}

/// Takes in an invented request: its receipt and proposals at once.
pub async fn receive(
    store: &Store,
    world: &World,
    number: u64,
    life: &Life,
) -> Result<TakenIn, Stopped> {
    let settings: Vec<Setting<'_>> = life
        .steps
        .iter()
        .map(|step| world.setting(step.on))
        .collect();
    let acts: Vec<Act<'_>> = life
        .steps
        .iter()
        .zip(&settings)
        .take(2)
        .map(|(step, setting)| Act {
            by: &step.by,
            command: &step.command,
            setting,
            at: noon(step.on),
            seen: None,
            found: None,
        })
        .collect();
    let once = format!("message-{number:06}");
    store
        .receive(Intake {
            case: case_id(number),
            applicant: Some(&life.applicant),
            once: Some(&once),
            numbering: None,
            acts: &acts,
        })
        .await
}

/// Lives an invented case from where it stands to its end.
pub async fn live(store: &Store, world: &World, number: u64) -> u64 {
    let life = life(number);
    for step in &life.steps {
        for file in &step.files {
            store.attachments().put("letter.pdf", file).await.unwrap();
        }
    }
    let done = receive(store, world, number, &life).await.unwrap();
    let mut seq = done.seq;
    let from = usize::try_from(done.seq).unwrap();
    for step in life.steps.iter().skip(from) {
        let setting = world.setting(step.on);
        let act = Act {
            by: &step.by,
            command: &step.command,
            setting: &setting,
            at: noon(step.on),
            seen: Some(seq),
            found: step.found.as_ref(),
        };
        seq = store.act(&case_id(number), act).await.unwrap().seq;
    }
    seq
}

/// The first invented case, from a number on, that ends in this state.
pub fn number_ending_in(state: State, from: u64) -> u64 {
    let world = World::new();
    (from..from + 2000)
        .find(|number| {
            let mut history = casework::case::History::Nothing;
            for step in &life(*number).steps {
                let events = casework::command::check(
                    &history,
                    &step.by,
                    &step.command,
                    &world.setting(step.on),
                )
                .unwrap();
                for event in events {
                    let recorded = casework::event::Recorded {
                        seq: history.seq() + 1,
                        at: noon(step.on),
                        by: step.by.clone(),
                        event: Some(event),
                    };
                    history = history.with(&case_id(*number), &recorded);
                }
            }
            history.state() == state
        })
        .unwrap()
}
