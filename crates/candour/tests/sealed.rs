//! What the command line prints and writes doesn't depend on what is held: one request lived through twice with the findings
//! of its search swapped, then every command that reads the state run on both.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

use std::collections::BTreeMap;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use casework::event::{CaseId, Channel, Search};
use casework::holding::{Held, Holding};
use casework::role::{Actor, Role};
use jiff::Timestamp;
use office::{Message, NewApplicant, Office, Setup};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// How a command is held to it.
enum How {
    /// Run on both states in this order, with these arguments after its name.
    Run(&'static [&'static str]),
    /// It reads the files that it is given and the law, never a state with cases.
    NoState,
    /// It takes something in or decides something, and prints the number of an event; its outputs come with the others.
    Acts,
    /// Serves pages, which a test of their own compares.
    Pages,
}

use How::{Acts, NoState, Pages, Run};

/// Every command. One that isn't listed fails the test.
const LISTED: &[(&str, How)] = &[
    ("demo", Pages),
    ("serve", Pages),
    ("triage", NoState),
    ("eval", NoState),
    ("data check", NoState),
    ("answer", NoState),
    ("deadline", NoState),
    ("calendar check", NoState),
    ("calendar compare", NoState),
    ("cost", NoState),
    ("law", NoState),
    ("lint", NoState),
    ("record check", NoState),
    ("record advise", NoState),
    ("record mosaic", NoState),
    ("record audit", NoState),
    ("register import", NoState),
    ("register check", NoState),
    ("register publish", NoState),
    ("register match", NoState),
    ("unseal", NoState),
    ("policy compare", NoState),
    ("policy check", NoState),
    ("policy render", NoState),
    ("policy audit", NoState),
    ("policy test", NoState),
    ("case new", Acts),
    ("case act", Acts),
    ("case decide", Acts),
    ("case issue", Acts),
    ("import", Acts),
    ("seed", Acts),
    ("log publish", Acts),
    ("log unpublish", Acts),
    ("case show", Run(&["HM-2026-00001", "--format", "json"])),
    ("case history", Run(&["HM-2026-00001"])),
    ("case list", Run(&["--format", "json"])),
    ("case search", Run(&["ransomware"])),
    ("case similar", Run(&["HM-2026-00001"])),
    ("case topics", Run(&[])),
    ("case letter", Run(&["HM-2026-00001", "--out", "letter"])),
    ("case export", Run(&["HM-2026-00001"])),
    (
        "log preview",
        Run(&["HM-2026-00002", "--title", "Question about security"]),
    ),
    ("log list", Run(&["--format", "json"])),
    ("log render", Run(&["--out", "log"])),
    ("verify", Run(&[])),
    ("rebuild", Run(&[])),
    ("backup", Run(&["kept"])),
    ("restore", Run(&["kept", "--force"])),
    ("jobs run", Run(&["--once", "--node", "one"])),
];

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn candour(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_candour"))
            .args(arguments)
            .args(["--state", "state", "--data", "data"])
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        format!(
            "{:?}\n{}\n{}",
            output.status.code(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    }
}

/// The commands that the program has, from its own help.
fn commands(place: &Place, before: &str) -> Vec<String> {
    let mut arguments: Vec<&str> = before.split_whitespace().collect();
    arguments.push("--help");
    let help = place.candour(&arguments);
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for line in list.lines().take_while(|line| line.starts_with("  ")) {
        let Some(name) = line
            .strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '))
            .and_then(|rest| rest.split_whitespace().next())
            .filter(|name| *name != "help")
        else {
            continue;
        };
        let whole = format!("{before} {name}").trim().to_owned();
        let under = commands(place, &whole);
        if under.is_empty() {
            found.push(whole);
        } else {
            found.extend(under);
        }
    }
    found
}

fn secrets(state: &Path) {
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

const MECHANISM: &str = "A yes would tell an attacker that this kind of attack works here and is worth repeating; a no \
    would tell them that theirs has not been noticed.";

/// Two requests that are searched for and neither confirmed nor denied: one with its letter composed, one answered and
/// published.
async fn lived(place: &Place, began: Timestamp, holding: Holding) {
    secrets(&place.path("state"));
    let clock = AtomicI64::new(began.as_microsecond());
    let drawn = AtomicU64::new(0);
    let office = Office::open(Setup {
        state: place.path("state"),
        attachments: None,
        database: None,
        passes: true,
        data: web::demo::data(&place.path("data")).ok().unwrap(),
        clock: Arc::new(move || {
            Timestamp::from_microsecond(clock.fetch_add(10_000, Ordering::Relaxed)).unwrap()
        }),
        entropy: Some(Box::new(move || {
            Sha256::digest(drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes()).into()
        })),
    })
    .await
    .ok()
    .unwrap();
    for is_answered in [false, true] {
        request(&office, &holding, is_answered).await;
    }
    office.follow().await.unwrap();
    office.close().await;
}

async fn request(office: &Office, holding: &Holding, is_answered: bool) {
    let taken = office
        .take_in(
            &Actor::candour(),
            &Message {
                channel: Channel::Email,
                subject: "Question about security",
                text: "Was any council system hit by ransomware in October 2026, and was a ransom paid?",
                applicant: Some(NewApplicant {
                    name: "Sam Duckworth",
                    contact: "sam@example.org",
                }),
                received_at: office.now(),
                once: None,
                reference: None,
                attachments: &[],
            },
        )
        .await
        .unwrap();
    let case = taken.case;
    let questions: Vec<Value> = office
        .case(&case.0)
        .await
        .unwrap()
        .unwrap()
        .questions
        .iter()
        .map(|state| serde_json::to_value(&state.question).unwrap())
        .collect();
    let ids: Vec<String> = (1..=questions.len())
        .map(|number| format!("q{number}"))
        .collect();
    let act = async |role: Role, name: &str, with: Value| {
        act(office, &case, role, name, with).await;
    };
    let officer = Role::InformationOfficer;
    act(officer, "check_validity", json!({"missing": []})).await;
    act(
        officer,
        "confirm_questions",
        json!({"questions": questions}),
    )
    .await;
    let wanted_on = office.today();
    act(
        officer,
        "assign",
        json!({"area": "ict", "questions": ids, "wanted_on": wanted_on}),
    )
    .await;
    let team = Actor {
        id: "team:ict".to_owned(),
        role: Role::ServiceAreaContact,
    };
    for id in &ids {
        let search = Search {
            question: casework::event::QuestionId(id.clone()),
            area: "ict".to_owned(),
        };
        office
            .finish_search(&team, &case, None, &search, holding)
            .await
            .unwrap();
    }
    let factor = |text: &str| json!([{"text": text, "weight": "some", "author": "ben", "about_this_request": true}]);
    let test = json!({"favouring": ["Residents want to know."], "against": ["It would show what is noticed."],
        "balance": {"filled": "The public interest in maintaining the exclusion of the duty outweighs that in saying whether we hold this, because an answer either way would help the next attacker."}});
    let neither = json!({"provision": "FOIA s.31(3)", "by_virtue_of": "FOIA s.31(1)(a)",
        "prejudice": {"mechanism": {"filled": MECHANISM}, "likelihood": "would_be_likely_to"}, "public_interest": test});
    for id in &ids {
        act(
            Role::SecurityAdviser,
            "give_harm_evidence",
            json!({"question": id, "about": "confirm_or_deny", "likelihood": "would_be_likely_to", "mechanism": MECHANISM,
                "adds": "Nothing is public.", "instead": "What is done in general.", "quotable": true}),
        )
        .await;
    }
    act(
        officer,
        "test_public_interest",
        json!({"questions": ids, "about": "confirm_or_deny", "provisions": ["FOIA s.31(3)"],
            "favouring": factor("Residents want to know."), "against": factor("It would show what is noticed."),
            "maintained": true, "conclusion": "It would help the next attacker more."}),
    )
    .await;
    for id in &ids {
        act(
            officer,
            "decide_confirm_or_deny",
            json!({"question": id, "wish": {"neither_confirm_nor_deny": neither}, "if_held": "That it works here.",
                "if_not_held": "That it was not noticed.", "reason_although_excessive": null}),
        )
        .await;
        act(
            officer,
            "decide",
            json!({"question": id, "decision": {"neither_confirmed_nor_denied": neither}, "departs_because": "its own harm"}),
        )
        .await;
    }
    let by = Actor {
        id: "ben".to_owned(),
        role: officer,
    };
    let letter = office.letter(&case).await.unwrap();
    let kept: BTreeMap<String, String> = letter
        .findings
        .iter()
        .map(|finding| {
            (
                finding.code.clone(),
                "It stands for this request.".to_owned(),
            )
        })
        .collect();
    let (_, letter) = office.compose_draft(&by, &case, None, &kept).await.unwrap();
    if !is_answered {
        return;
    }
    act(officer, "seek_approval", json!({"sha256": letter.identity})).await;
    act(
        Role::Approver,
        "approve",
        json!({"letter_sha256": letter.identity, "judged": true}),
    )
    .await;
    office.issue(&by, &case, None).await.unwrap();
    act(
        Role::Publisher,
        "publish",
        json!({"published_on": office.today(), "address": "2026/security", "title": "Question about security"}),
    )
    .await;
}

async fn act(office: &Office, case: &CaseId, role: Role, name: &str, with: Value) {
    let command = office
        .command(json!({"command": name, "with": with}))
        .unwrap();
    // Whoever approves has decided nothing.
    let by = Actor {
        id: role.spelling(),
        role,
    };
    office
        .act(&by, case, None, &command)
        .await
        .unwrap_or_else(|stopped| panic!("{name}: {stopped}"));
}

/// The files under a folder with their contents; locked ones, whose bytes are as good as random, with their lengths.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let is_locked = path
                .extension()
                .is_some_and(|extension| extension == "locked");
            let shown = if is_locked {
                bytes.len().to_string().into_bytes()
            } else {
                bytes
            };
            found.insert(path, shown);
        }
    }
    found
}

/// The state in which something was found in these words, or nothing.
fn place(began: Timestamp, held: Held, found: &str) -> Place {
    let place = Place {
        folder: tempfile::tempdir().unwrap(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let holding = Holding {
        held,
        found: found.to_owned(),
    };
    runtime.block_on(lived(&place, began, holding));
    place
}

fn three_days_ago() -> Timestamp {
    let hours = jiff::SignedDuration::from_hours(72);
    Timestamp::now().checked_sub(hours).unwrap()
}

#[test]
fn what_was_found_goes_to_the_tribunal_under_its_own_key_alone_and_leaves_an_event() {
    let began = three_days_ago();
    let places = [
        place(began, Held::Held, "zebrafinch: three reports"),
        place(began, Held::NotHeld, "zebrafinch"),
    ];
    let mut lengths = Vec::new();
    for (place, held) in places.iter().zip(["held", "not held"]) {
        std::fs::write(place.path("key"), "1".repeat(64)).unwrap();
        std::fs::write(place.path("other"), "2".repeat(64)).unwrap();
        let export = |part: &str| {
            place.candour(&[
                "case",
                "export",
                "HM-2026-00002",
                "--for-tribunal",
                part,
                "--key",
                "key",
                "--by",
                "ben",
                "--because",
                "Directed by the tribunal",
            ])
        };
        let early = export("early");
        assert!(early.starts_with("Some(2)") && early.contains("holding.no_key"));
        assert!(!place.path("early").exists());
        let complaint = json!({"command": "notify_complaint", "with": {"reference": "IC-1",
            "notified_on": jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).date()}});
        std::fs::write(place.path("complaint.json"), complaint.to_string()).unwrap();
        let told = place.candour(&[
            "case",
            "act",
            "HM-2026-00002",
            "complaint.json",
            "--by",
            "ben",
        ]);
        assert!(told.starts_with("Some(0)"), "{told}");

        let exported = export("part");
        assert!(exported.starts_with("Some(0)"), "{exported}");
        assert!(
            exported.contains("holding_opened") && exported.contains("Directed by the tribunal")
        );
        assert!(!exported.contains("zebrafinch"));
        let part = std::fs::read(place.path("part")).unwrap();
        lengths.push(part.len());
        assert!(!part.windows(10).any(|window| window == b"zebrafinch"));
        let opened = place.candour(&["unseal", "part", "--key", "key"]);
        assert!(
            opened.contains(&format!("searched by ict: {held}. zebrafinch")),
            "{opened}"
        );
        let shut = place.candour(&["unseal", "part", "--key", "other"]);
        assert!(shut.contains("sealed_part.stays_shut") && !shut.contains("zebrafinch"));
        let again = export("part");
        assert!(again.contains("output.unwritable"), "{again}");
    }
    assert_eq!(lengths[0], lengths[1], "the length tells what was found");
}

#[test]
fn no_command_tells_what_a_search_found() {
    let began = three_days_ago();
    let places = [
        place(
            began,
            Held::Held,
            "zebrafinch: three reports and a log of twelve pages",
        ),
        place(began, Held::NotHeld, "zebrafinch"),
    ];

    let mut there = commands(&places[0], "");
    let mut listed: Vec<String> = LISTED.iter().map(|(name, _)| (*name).to_owned()).collect();
    there.sort();
    listed.sort();
    assert_eq!(
        there, listed,
        "list each command in this test, with how it is held to it"
    );

    for (name, how) in LISTED {
        let Run(arguments) = how else { continue };
        let outputs: Vec<String> = places
            .iter()
            .map(|place| {
                let all: Vec<&str> = name.split(' ').chain(arguments.iter().copied()).collect();
                place.candour(&all)
            })
            .collect();
        assert!(
            outputs[0].starts_with("Some(0)") || outputs[0].starts_with("Some(1)"),
            "{name}: {}",
            outputs[0]
        );
        assert_eq!(outputs[0], outputs[1], "{name}");
        assert!(!outputs[0].contains("zebrafinch"), "{name}");
    }
    for written in ["letter", "log", "kept", "state/outbox"] {
        let seen: Vec<Vec<(PathBuf, Vec<u8>)>> = places
            .iter()
            .map(|place| {
                files(&place.path(written))
                    .into_iter()
                    .map(|(path, bytes)| {
                        (
                            path.strip_prefix(place.folder.path()).unwrap().to_owned(),
                            bytes,
                        )
                    })
                    .collect()
            })
            .collect();
        assert!(!seen[0].is_empty(), "{written} is empty");
        assert!(seen[0] == seen[1], "{written} tells what was found");
    }
}
