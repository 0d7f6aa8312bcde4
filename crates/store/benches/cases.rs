//! How fast cases are taken in, opened and listed, on both engines in one run.
//!
//! `cargo bench -p store -- 1000000` measures with so many requests in the database; without a number, with 20,000.
//! PostgreSQL is measured where `TEST_DATABASE_URL` names one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a bench reads the clock, and a failing one stops"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use casework::command::Command;
use casework::event::Reason;
use casework::role::{Actor, Role};
use common::*;
use store::{Act, Db, Engine, QueueFilter, Store, Summary};

/// So many are really taken in; the rest of the requests is copied from these inside the database.
const MODELS: u64 = 1_000;
/// So many intakes are measured, or as many as there are requests.
const INTAKES: u64 = 20_000;
const WRITERS: u64 = 64;

fn main() {
    let requests = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(20_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        println!("one durable write of 4 kB to a file: {:?}", durable_write());
        for engine in [Engine::Sqlite, Engine::Postgres] {
            if engine == Engine::Postgres && postgres_url().is_none() {
                continue;
            }
            println!("== {engine:?}");
            intakes(engine, requests.min(INTAKES)).await;
            let home = Home::new(engine, "bench").await;
            opening(&home).await;
            listing(&home, requests).await;
        }
    });
}

/// What the disk takes to make one block last: no durable commit can be faster by itself.
fn durable_write() -> Duration {
    use std::io::Write;
    let mut file = tempfile::tempfile().unwrap();
    let mut times = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        times.push(start.elapsed());
    }
    percentile(&mut times, 50)
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() - 1) * percent / 100]
}

fn tell(what: &str, times: &mut [Duration]) {
    println!(
        "{what}: median {:?}, 99th percentile {:?}, {} times",
        percentile(times, 50),
        percentile(times, 99),
        times.len()
    );
}

async fn intakes(engine: Engine, intakes: u64) {
    let home = Home::new(engine, "bench").await;
    let store = home.store().await;
    let world = World::new();
    for (writers, count) in [(1, intakes / 10), (WRITERS, intakes)] {
        let start = Instant::now();
        let lanes = (0..writers).map(|lane| {
            let (store, world) = (&store, &world);
            async move {
                for number in (lane..count).step_by(usize::try_from(writers).unwrap()) {
                    let number = number + writers * 1_000_000;
                    receive(store, world, number, &life(number)).await.unwrap();
                }
            }
        });
        futures_util::future::join_all(lanes).await;
        let took = start.elapsed();
        println!(
            "durable intakes, {writers} at once: {:.0} a second",
            count as f64 / took.as_secs_f64()
        );
    }
    store.db().close().await;
}

/// A case of two hundred events.
async fn opening(home: &Home) {
    let store = home.store().await;
    let world = World::new();
    let setting = world.setting(TODAY);
    let officer = Actor {
        id: "ben".into(),
        role: Role::InformationOfficer,
    };
    let reason = || Reason {
        reason: "A complaint is expected, so the records are kept for as long as it takes.".into(),
    };
    let case = receive(&store, &world, 0, &life(0)).await.unwrap().case;
    for round in 0..198 {
        let command = if round % 2 == 0 {
            Command::HoldRetention(reason())
        } else {
            Command::ReleaseRetention(reason())
        };
        let act = Act {
            by: &officer,
            command: &command,
            setting: &setting,
            at: noon(TODAY),
            seen: None,
            found: None,
        };
        store.act(&case, act).await.unwrap();
    }
    let mut times = Vec::new();
    for _ in 0..2_000 {
        let start = Instant::now();
        let history = store.history(&case).await.unwrap();
        times.push(start.elapsed());
        assert_eq!(history.seq(), 200);
    }
    tell("opening a case of 200 events", &mut times);
    store.db().close().await;
}

async fn listing(home: &Home, requests: u64) {
    let store = home.store().await;
    let world = World::new();
    let models = MODELS.min(requests / 2);
    let lanes = (0..16).map(|lane| {
        let (store, world) = (&store, &world);
        async move {
            for number in (lane..models).step_by(16) {
                receive(store, world, number + 1, &life(number + 1))
                    .await
                    .unwrap();
            }
        }
    });
    futures_util::future::join_all(lanes).await;
    let start = Instant::now();
    copy(&store, requests / models).await;
    println!("{requests} requests after {:?}", start.elapsed());
    let mut times = Vec::new();
    for filter in [
        QueueFilter::All,
        QueueFilter::WaitingFor("officer".into()),
        QueueFilter::Owner(String::new()),
    ] {
        let mut last: Option<Summary> = None;
        for page in 0..700 {
            let start = Instant::now();
            let cursor = last.as_ref().map(Summary::cursor);
            let rows = store
                .queue(&filter, true, cursor.as_ref(), 50)
                .await
                .unwrap();
            times.push(start.elapsed());
            // Pages near the front and, by leaps, far behind.
            last = rows.into_iter().next_back();
            if page % 7 == 0
                && let Some(row) = &mut last
                && let Some(due_on) = &mut row.due_on
            {
                *due_on = format!("2026-{:02}-01", 1 + page / 7 % 12);
            }
        }
    }
    tell("a page of 50 of the queue", &mut times);
    store.db().close().await;
}

/// Copies every request so many times inside the database, each copy with an id, reference and places of its own.
async fn copy(store: &Store, times: u64) {
    let numbers = format!(
        "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {})",
        times.saturating_sub(1)
    );
    let statements = [
        format!(
            "INSERT INTO case_event (authority_id, case_id, seq, position, at, actor, role, kind, version, salt, contents,
                contents_hash, before, hash)
             {numbers} SELECT authority_id, case_id || '-' || n, seq, position + n * 1000000, at, actor, role, kind,
                version, salt, contents, contents_hash, before, hash FROM case_event, copy WHERE seq <= 2"
        ),
        format!(
            "INSERT INTO case_summary ({COLUMNS}) {numbers} SELECT authority_id, case_id || '-' || n, {REST}
             FROM case_summary, copy"
        ),
        format!(
            "INSERT INTO job (authority_id, case_id, run_on, lease_by, lease_until, attempts, failure)
             {numbers} SELECT authority_id, case_id || '-' || n, run_on, lease_by, lease_until, attempts, failure
             FROM job, copy"
        ),
        "ANALYZE".to_owned(),
    ];
    for statement in statements {
        let mut transaction = store.db().begin().await.unwrap();
        Db::script(&mut transaction, statement.leak())
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
}

const COLUMNS: &str = "authority_id, case_id, reference, seq, subject, state, is_open, waiting_for, owner, areas, \
    categories, questions, received_on, due_on, answered_on, first_due_on, extended, outcome, provisions, late_cause, \
    published_at";
const REST: &str = "reference || '-' || n, seq, subject, state, is_open, waiting_for, owner, areas, categories, \
    questions, received_on, due_on, answered_on, first_due_on, extended, outcome, provisions, late_cause, published_at";
