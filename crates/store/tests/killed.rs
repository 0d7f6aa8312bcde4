//! A node that dies at any moment loses nothing that it acknowledged, and does nothing twice.
//!
//! `CANDOUR_KILLS=500 cargo test -p store --release --test killed` kills five hundred times on each engine; by itself
//! the test does it a dozen times.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a failing helper fails its test; how often to kill comes from outside"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use casework::event::CaseId;
use common::*;
use store::{Act, Engine, Intake, Store};

/// Invented cases that one child works on at once.
const AT_ONCE: u64 = 4;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// The node that is killed: lives invented cases from a number on, and says what lasts as soon as it is told so.
#[test]
fn a_node() {
    let Ok(task) = std::env::var("CANDOUR_NODE") else {
        return;
    };
    let task: Vec<&str> = task.split('|').collect();
    let [engine, folder, url, round, from] = task.as_slice() else {
        panic!("no task")
    };
    let (round, from): (u64, u64) = (round.parse().unwrap(), from.parse().unwrap());
    let home = Home::at(
        if *engine == "sqlite" {
            Engine::Sqlite
        } else {
            Engine::Postgres
        },
        folder,
        url,
    );
    runtime().block_on(async {
        let world = World::new();
        let store = home.store().await;
        let mut lanes = Vec::new();
        for lane in 0..AT_ONCE {
            let (store, world) = (&store, &world);
            lanes.push(async move {
                for number in (from + lane..).step_by(4) {
                    live_aloud(store, world, number, round).await;
                }
            });
        }
        let mut lanes = lanes.into_iter();
        let mut next = || lanes.next().unwrap();
        tokio::join!(next(), next(), next(), next());
    });
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

/// Takes the case in, or finds it taken in, and goes on from where it stands.
async fn live_aloud(store: &Store, world: &World, number: u64, round: u64) {
    let life = life(number);
    let settings: Vec<_> = life
        .steps
        .iter()
        .map(|step| world.setting(step.on))
        .collect();
    let acts: Vec<Act<'_>> = life
        .steps
        .iter()
        .zip(&settings)
        .map(|(step, setting)| Act {
            by: &step.by,
            command: &step.command,
            setting,
            at: noon(step.on),
            seen: None,
            found: step.found.as_ref(),
        })
        .collect();
    for step in &life.steps {
        for file in &step.files {
            store.attachments().put("letter.pdf", file).await.unwrap();
        }
    }
    let once = format!("message-{number}");
    let taken = store
        .receive(Intake {
            // Another node would give it another id: only the message's name tells that it is the same.
            case: CaseId(format!("case-{number:06}-{round:04}")),
            applicant: Some(&life.applicant),
            once: Some(&once),
            numbering: None,
            acts: &acts[..2],
        })
        .await
        .unwrap();
    say(&format!("lasts {once} {} {}", taken.case.0, taken.seq));
    let mut seq = taken.seq;
    for act in &acts[usize::try_from(taken.seq).unwrap()..] {
        let act = Act {
            seen: Some(seq),
            ..*act
        };
        seq = store.act(&taken.case, act).await.unwrap().seq;
        say(&format!("lasts {once} {} {seq}", taken.case.0));
    }
}

/// Splitmix64.
fn dice(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What nodes said lasts: for each message its case and the last number acknowledged.
#[derive(Default)]
struct Told {
    lasting: BTreeMap<String, (String, u64)>,
    acknowledged: u64,
}

impl Told {
    fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let ["lasts", once, case, seq] = words.as_slice() else {
            return;
        };
        let seq: u64 = seq.parse().unwrap();
        let known = self
            .lasting
            .entry((*once).to_owned())
            .or_insert_with(|| ((*case).to_owned(), 0));
        assert_eq!(known.0, *case, "one message became two cases");
        known.1 = known.1.max(seq);
        self.acknowledged += 1;
    }
}

fn kill_again_and_again(engine: Engine) {
    let kills: u64 = std::env::var("CANDOUR_KILLS")
        .ok()
        .map_or(12, |text| text.parse().unwrap());
    runtime().block_on(async {
        let home = Home::new(engine, "killed").await;
        home.store().await.db().close().await;
        let mut state = kills;
        let mut told = Told::default();
        let mut from = 0;
        for round in 0..kills {
            kill_once(&home, round, from, &mut state, &mut told);
            // Cases that were begun are gone on with by the next node.
            if round % 3 == 2 {
                from += AT_ONCE;
            }
            if round % 25 == 24 || round + 1 == kills {
                check(&home, &told).await;
            }
        }
        println!("{kills} kills, {} acknowledged events", told.acknowledged);
        assert!(told.acknowledged > kills);
    });
}

fn kill_once(home: &Home, round: u64, from: u64, state: &mut u64, told: &mut Told) {
    let engine = match home.engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let task = format!(
        "{engine}|{}|{}|{round}|{from}",
        home.path().display(),
        home.url
    );
    let mut node = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_node", "--nocapture"])
        .env("CANDOUR_NODE", task)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(node.stdout.take().unwrap()).lines();
    // After so many acknowledgements, and a moment of any length.
    let mut left = dice(state) % 30;
    while let Some(Ok(line)) = lines.next() {
        told.hear(&line);
        if line.starts_with("lasts") {
            if left == 0 {
                break;
            }
            left -= 1;
        }
    }
    for _ in 0..dice(state) % 3000 {
        std::thread::yield_now();
    }
    node.kill().unwrap();
    // What it still said before it died was acknowledged too; a line that is cut off was not.
    let mut rest = lines.map_while(Result::ok).collect::<Vec<_>>();
    let status = node.wait().unwrap();
    assert!(!status.success(), "the node ended by itself");
    rest.pop();
    rest.iter().for_each(|line| told.hear(line));
}

async fn check(home: &Home, told: &Told) {
    let store = home.store().await;
    let mut cases = BTreeSet::new();
    for (once, (case, acknowledged)) in &told.lasting {
        let events = store.events(&CaseId(case.clone())).await.unwrap();
        let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "{once}");
        assert!(
            seqs.len() as u64 >= *acknowledged,
            "{once}: event {acknowledged} was acknowledged and {} are there",
            seqs.len()
        );
        let receipts = events
            .iter()
            .filter(|event| event.kind == "received")
            .count();
        assert_eq!(receipts, 1);
        assert!(cases.insert(case.clone()), "two messages share a case");
    }
    let report = store.verify(&secrets().signing.public()).await.unwrap();
    assert_eq!(report.findings, Vec::new());
    // A case that nobody was told of may be there, of a message whose answer was lost; one for each message at most.
    assert!(report.cases <= told.lasting.len() as u64 + AT_ONCE);
    store.db().close().await;
}

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    if std::env::var("CANDOUR_NODE").is_err() {
        kill_again_and_again(Engine::Sqlite);
    }
}

#[test]
fn nothing_acknowledged_is_lost_on_postgresql() {
    if std::env::var("CANDOUR_NODE").is_err() && postgres_url().is_some() {
        kill_again_and_again(Engine::Postgres);
    }
}
