//! The office from outside: a request from its arrival to its answer.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use casework::case::Case;
use casework::command::Command;
use casework::event::{CaseId, Channel, LookReason, QuestionId, Search};
use casework::holding::{Held, Holding};
use casework::procedure::State;
use casework::role::{Actor, Role};
use jiff::Timestamp;
use office::data::Data;
use office::{Message, NewApplicant, Office, QueueFilter, Setup, Stopped};
use serde_json::{Value, json};

/// 10 a.m. on Monday 2 November 2026, in seconds.
const MONDAY: i64 = 1_793_613_600;
const DAY: i64 = 24 * 60 * 60;

struct Desk {
    office: Office,
    time: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// An office whose data is complete: the particulars of complaint are checked and the review's contact is given.
async fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("law")).unwrap();
    std::fs::create_dir_all(data.join("office")).unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let complaints = std::fs::read_to_string(shipped.join("law/complaints.toml")).unwrap();
    std::fs::write(
        data.join("law/complaints.toml"),
        complaints
            .replace(
                "# verified_on = \"2026-01-31\"",
                "verified_on = \"2026-10-01\"",
            )
            .replace("# internal_review_contact", "internal_review_contact"),
    )
    .unwrap();
    let authority = std::fs::read_to_string(shipped.join("office/authority.toml")).unwrap();
    std::fs::write(
        data.join("office/authority.toml"),
        authority.replace(
            "reference_prefix",
            "contact = \"Information Governance, foi@harrowmere.example\"\nreference_prefix",
        ),
    )
    .unwrap();
    let time = Arc::new(AtomicI64::new(MONDAY));
    Desk {
        office: open(folder.path(), &time).await,
        time,
        folder,
    }
}

async fn open(folder: &Path, time: &Arc<AtomicI64>) -> Office {
    let time = Arc::clone(time);
    Office::open(Setup {
        attachments: None,
        state: folder.join("state"),
        database: None,
        data: Data::new(Some(&folder.join("data"))).unwrap(),
        clock: Arc::new(move || Timestamp::from_second(time.load(Ordering::Relaxed)).unwrap()),
        passes: true,
        entropy: None,
    })
    .await
    .unwrap()
}

fn somebody(id: &str, role: Role) -> Actor {
    Actor {
        id: id.to_owned(),
        role,
    }
}

fn command(name: &str, with: Value) -> Command {
    serde_json::from_value(json!({"command": name, "with": with})).unwrap()
}

const REQUEST: &str = "Dear Council,\n\nUnder the Freedom of Information Act please tell me:\n\n1. How many laptops does \
    the council own?\n2. Which antivirus software does the council use, and what version is it?\n\nYours,\nJoy Adeyemi\n";

fn message<'a>(office: &Office, text: &'a str, once: &'a str) -> Message<'a> {
    Message {
        channel: Channel::Email,
        subject: "Laptops and software",
        text,
        applicant: Some(NewApplicant {
            name: "Joy Adeyemi",
            contact: "joy@example.org",
        }),
        received_at: office.now(),
        once: Some(once),
        reference: None,
        attachments: &[],
    }
}

impl Desk {
    async fn case(&self, id: &CaseId) -> Box<Case> {
        self.office.case(&id.0).await.unwrap().unwrap()
    }

    async fn act(&self, by: &Actor, id: &CaseId, command: &Command) -> Result<(), Stopped> {
        let seen = self.case(id).await.seq;
        self.office.act(by, id, Some(seen), command).await.map(drop)
    }
}

/// Codes of what stands in the way.
fn codes<T>(outcome: Result<T, Stopped>) -> Vec<String> {
    match outcome {
        Err(Stopped::Refused(problems)) => problems
            .iter()
            .map(|problem| problem.code.to_owned())
            .collect(),
        Err(other) => vec![other.to_string()],
        Ok(_) => Vec::new(),
    }
}

#[test]
fn a_message_becomes_one_case_with_its_questions_however_often_it_comes() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let first = office
            .take_in(&Actor::candour(), &message(office, REQUEST, "m1"))
            .await
            .unwrap();
        assert_eq!(
            (first.reference.as_str(), first.seq, first.before),
            ("FOI-2026-00001", 2, false)
        );
        let again = office
            .take_in(&Actor::candour(), &message(office, REQUEST, "m1"))
            .await
            .unwrap();
        assert_eq!(
            (again.case.clone(), again.before),
            (first.case.clone(), true)
        );
        let second = office
            .take_in(&Actor::candour(), &message(office, REQUEST, "m2"))
            .await
            .unwrap();
        assert_eq!(second.reference, "FOI-2026-00002");
        let case = office.case("FOI-2026-00001").await.unwrap().unwrap();
        assert_eq!(case.id, first.case);
        assert_eq!(case.questions.len(), 2);
        assert_eq!(case.due_on.to_string(), "2026-12-01");
        for state in &case.questions {
            let (start, end) = state.question.span;
            assert_eq!(REQUEST.get(start..end).unwrap().trim(), state.question.text);
        }
        assert_eq!(
            case.questions[1]
                .question
                .proposal
                .as_ref()
                .unwrap()
                .kind
                .as_str(),
            "protected"
        );
        let queue = office
            .queue(&QueueFilter::All, true, None, 10)
            .await
            .unwrap();
        assert_eq!(queue.len(), 2);
        let none = office.case("FOI-2026-00003").await.unwrap();
        assert!(none.is_none());
        // A request that triage can't read is a request all the same.
        let plain = office
            .take_in(&Actor::candour(), &message(office, "Hello.", "m3"))
            .await
            .unwrap();
        assert!(desk.case(&plain.case).await.questions.is_empty());
        let empty = office
            .take_in(&Actor::candour(), &message(office, " ", "m4"))
            .await;
        assert_eq!(codes(empty), ["receipt.empty"]);
    });
}

#[test]
fn a_request_arriving_late_on_a_summer_evening_is_received_the_next_day() {
    runtime().block_on(async {
        let desk = desk().await;
        let late = Message {
            received_at: "2026-07-14T23:30:00Z".parse().unwrap(),
            ..message(&desk.office, REQUEST, "m1")
        };
        let taken = desk.office.take_in(&Actor::candour(), &late).await.unwrap();
        let case = desk.case(&taken.case).await;
        assert_eq!(case.receipt.received_on.to_string(), "2026-07-15");
    });
}

/// Takes the request in and confirms its questions.
async fn confirmed(desk: &Desk) -> CaseId {
    let officer = somebody("ben", Role::InformationOfficer);
    let office = &desk.office;
    let id = office
        .take_in(&Actor::candour(), &message(office, REQUEST, "m1"))
        .await
        .unwrap()
        .case;
    desk.act(
        &officer,
        &id,
        &command("check_validity", json!({"missing": []})),
    )
    .await
    .unwrap();
    let questions = desk
        .case(&id)
        .await
        .questions
        .iter()
        .map(|state| serde_json::to_value(&state.question).unwrap())
        .collect::<Vec<_>>();
    let confirm = command(
        "confirm_questions",
        json!({"questions": questions, "basis": office.bundle().basis}),
    );
    desk.act(&officer, &id, &confirm).await.unwrap();
    id
}

async fn decided_open(desk: &Desk, id: &CaseId, question: &str, answer: &str) {
    let officer = somebody("ben", Role::InformationOfficer);
    let basis = &desk.office.bundle().basis;
    let duty = command(
        "decide_confirm_or_deny",
        json!({"question": question, "wish": "duty_applies", "reason_although_excessive": null, "basis": basis}),
    );
    desk.act(&officer, id, &duty).await.unwrap();
    let decide = command(
        "decide",
        json!({"question": question, "decision": {"answer": {"answer": {"filled": answer}}},
            "departs_because": "it does no harm", "basis": basis}),
    );
    desk.act(&officer, id, &decide).await.unwrap();
}

#[test]
fn an_answer_goes_from_decision_to_issue() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let officer = somebody("ben", Role::InformationOfficer);
        let approver = somebody("colin", Role::Approver);
        let id = confirmed(&desk).await;
        assert_eq!(codes(office.letter(&id).await), ["letter.nothing_decided"]);
        decided_open(&desk, &id, "q1", "The council owns 1,204 laptops.").await;
        decided_open(
            &desk,
            &id,
            "q2",
            "We use the antivirus that comes with the operating system.",
        )
        .await;
        let letter = office.letter(&id).await.unwrap();
        assert_eq!(letter.gaps, Vec::new());
        assert_eq!(letter.findings, Vec::new());
        // The same letter tomorrow is the same letter with another date.
        desk.time.fetch_add(DAY, Ordering::Relaxed);
        let tomorrow = office.letter(&id).await.unwrap();
        assert_eq!(letter.identity, tomorrow.identity);
        assert_ne!(letter.files().unwrap(), tomorrow.files().unwrap());
        // So is the one under a logo; and the text form is the same.
        let logo =
            office::Logo::of(include_bytes!("../../../fixtures/logo.png"), "Council").unwrap();
        office
            .store()
            .keep_setting(
                "branding",
                &json!({"name": office.bundle().policy.policy.authority, "logo": logo}).to_string(),
            )
            .await
            .unwrap();
        let headed = office.letter(&id).await.unwrap();
        assert_eq!(headed.identity, tomorrow.identity);
        for (with, without) in headed
            .files()
            .unwrap()
            .iter()
            .zip(tomorrow.files().unwrap())
        {
            assert_eq!(
                with.bytes == without.bytes,
                with.name == "letter.txt",
                "{}",
                with.name
            );
        }

        // An administrator's own name of the authority stands in the letter, which is another one then.
        let own = json!({"name": "Brackenford District Council"}).to_string();
        office.store().keep_setting("branding", &own).await.unwrap();
        let renamed = office.letter(&id).await.unwrap();
        assert!(renamed.text.contains("Brackenford District Council"));
        assert_ne!(renamed.identity, tomorrow.identity);
        office.store().keep_setting("branding", "{}").await.unwrap();

        let seen = desk.case(&id).await.seq;
        let bare = command(
            "issue",
            json!({"sent_on": "2026-11-03", "letter_sha256": "a".repeat(64), "files": []}),
        );
        assert_eq!(
            codes(office.act(&officer, &id, Some(seen), &bare).await),
            ["office.not_by_command"]
        );
        let (_, draft) = office
            .compose_draft(&officer, &id, Some(seen), &BTreeMap::new())
            .await
            .unwrap();
        let of_draft = json!({"sha256": draft.identity});
        desk.act(&officer, &id, &command("seek_approval", of_draft))
            .await
            .unwrap();
        let approve = command(
            "approve",
            json!({"letter_sha256": draft.identity, "judged": true}),
        );
        desk.act(&approver, &id, &approve).await.unwrap();
        // Who saw an older case is told.
        assert!(matches!(
            office.issue(&officer, &id, Some(seen)).await,
            Err(Stopped::Conflict)
        ));
        desk.time.fetch_add(DAY, Ordering::Relaxed);
        let (_, issued) = office.issue(&officer, &id, None).await.unwrap();
        let case = desk.case(&id).await;
        assert_eq!(case.state, State::Issued);
        let sent = &case.issued[0];
        assert_eq!(sent.sent_on.to_string(), "2026-11-04");
        assert_eq!(sent.files.len(), 4);
        for (kept, made) in sent.files.iter().zip(issued.files().unwrap()) {
            assert_eq!(
                office
                    .store()
                    .attachments()
                    .get(&kept.sha256)
                    .await
                    .unwrap(),
                made.bytes
            );
        }
        let report = office
            .store()
            .verify(&office.store().secrets().signing.public())
            .await
            .unwrap();
        assert_eq!(report.findings, Vec::new());
        // Another process opens the same state and finds the same case.
        let other = open(desk.folder.path(), &desk.time).await;
        assert_eq!(other.case(&id.0).await.unwrap().unwrap(), case);
    });
}

/// What leads to deciding question 2 neither confirmed nor denied, with this harm: the evidence, the test, the decision
/// about the duty (without its command's name), and the decision itself.
fn steps_to_neither(desk: &Desk, mechanism: &str) -> (Command, Command, Value, Command) {
    let basis = &desk.office.bundle().basis;
    let harm = command(
        "give_harm_evidence",
        json!({"question": "q2", "about": "confirm_or_deny", "likelihood": "would_be_likely_to",
            "mechanism": "An attacker who knows which product guards us tries its known faults first.",
            "adds": "Nothing of this is public.", "instead": "nothing", "quotable": false}),
    );
    let factor = |text: &str| json!({"text": text, "weight": "strong", "author": "ben", "about_this_request": true});
    let test = command(
        "test_public_interest",
        json!({"questions": ["q2"], "about": "confirm_or_deny", "provisions": ["FOIA s.31(3)"],
            "favouring": [factor("People want to know that their data is safe.")],
            "against": [factor("Criminals look for councils that answer such questions.")],
            "maintained": true, "conclusion": "The risk of crime weighs more."}),
    );
    let neither = json!({
        "provision": "FOIA s.31(3)", "by_virtue_of": "FOIA s.31(1)(a)",
        "prejudice": {"mechanism": {"filled": mechanism}, "likelihood": "would_be_likely_to"},
        "public_interest": {"favouring": ["People want to know that their data is safe."],
            "against": ["Saying either would help somebody who plans an attack."],
            "balance": {"filled": "The public interest in preventing crime outweighs that in saying whether we hold this, \
                because an answer either way would show where to attack."}},
    });
    let consider = json!({"question": "q2", "wish": {"neither_confirm_nor_deny": neither},
        "if_held": "It would show that such software guards the council.",
        "if_not_held": "It would show that none does.",
        "reason_although_excessive": "The product and its version are one question, and naming it would show where to begin.",
        "basis": basis});
    let decide = command(
        "decide",
        json!({"question": "q2", "decision": {"neither_confirmed_nor_denied": neither},
            "departs_because": null, "basis": basis}),
    );
    (harm, test, consider, decide)
}

/// Decides question 2 neither confirmed nor denied, with this harm.
async fn neither(desk: &Desk, id: &CaseId, mechanism: &str) {
    let officer = somebody("ben", Role::InformationOfficer);
    let adviser = somebody("lena", Role::SecurityAdviser);
    let (harm, test, consider, decide) = steps_to_neither(desk, mechanism);
    desk.act(&adviser, id, &harm).await.unwrap();
    desk.act(&officer, id, &test).await.unwrap();
    desk.act(&officer, id, &command("decide_confirm_or_deny", consider))
        .await
        .unwrap();
    desk.act(&officer, id, &decide).await.unwrap();
}

/// Where the authority has fixed a day, an answer that neither confirms nor denies waits for it, however soon it is ready;
/// any other goes when it is.
#[test]
fn an_answer_that_neither_confirms_nor_denies_leaves_on_the_day_for_all() {
    runtime().block_on(async {
        let mut desk = desk().await;
        let file = desk.folder.path().join("data/office/authority.toml");
        let authority = std::fs::read_to_string(&file).unwrap();
        let option = "neither_confirmed_nor_denied_leaves_on_working_day = 18";
        std::fs::write(&file, format!("{option}\n{authority}")).unwrap();
        desk.office = open(desk.folder.path(), &desk.time).await;
        let office = &desk.office;
        let officer = somebody("ben", Role::InformationOfficer);
        let id = confirmed(&desk).await;
        decided_open(&desk, &id, "q1", "The council owns 1,204 laptops.").await;
        let case = desk.case(&id).await;
        assert_eq!(office.leaves_on(&case), None);
        neither(&desk, &id, "Someone who learnt it could plan an attack.").await;
        let letter = office.letter(&id).await.unwrap();
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
        let (_, draft) = office
            .compose_draft(&officer, &id, None, &kept)
            .await
            .unwrap();
        let of_draft = json!({"sha256": draft.identity});
        desk.act(&officer, &id, &command("seek_approval", of_draft))
            .await
            .unwrap();
        let approve = command(
            "approve",
            json!({"letter_sha256": draft.identity, "judged": true}),
        );
        desk.act(&somebody("colin", Role::Approver), &id, &approve)
            .await
            .unwrap();
        assert_eq!(
            codes(office.issue(&officer, &id, None).await),
            ["issue.before_the_day"]
        );
        // Received on Monday 2 November; the eighteenth working day is Thursday the 26th.
        let case = desk.case(&id).await;
        let day = office.leaves_on(&case).unwrap();
        assert_eq!(day.to_string(), "2026-11-26");
        desk.time.fetch_add(24 * DAY, Ordering::Relaxed);
        let (_, sent) = office.issue(&officer, &id, None).await.unwrap();
        assert_eq!(sent.dated, day);
    });
}

#[test]
fn a_letter_that_gives_the_answer_away_cannot_go() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let officer = somebody("ben", Role::InformationOfficer);
        let id = confirmed(&desk).await;
        decided_open(&desk, &id, "q1", "The council owns 1,204 laptops.").await;
        neither(
            &desk,
            &id,
            "We hold this information, and someone who learnt it could plan an attack.",
        )
        .await;
        let (_, letter) = office
            .compose_draft(&officer, &id, None, &BTreeMap::new())
            .await
            .unwrap();
        assert!(
            letter
                .errors()
                .iter()
                .any(|error| error.starts_with("leak.")),
            "{:?}",
            letter.findings
        );
        let seek = command("seek_approval", json!({"sha256": letter.identity}));
        let stopped = codes(desk.act(&officer, &id, &seek).await);
        assert!(
            stopped.contains(&"approval.letter_fails".to_owned()),
            "{stopped:?}"
        );
    });
}

/// Something that every authority has is said to be there, or a reason is given; and what one case does binds the next.
#[test]
fn the_same_kind_of_question_goes_the_same_way_unless_somebody_says_why_not() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let officer = somebody("ben", Role::InformationOfficer);
        let first = confirmed(&desk).await;
        let words = "Someone who learnt it could plan an attack.";
        let (harm, test, mut consider, _) = steps_to_neither(&desk, words);
        desk.act(&somebody("lena", Role::SecurityAdviser), &first, &harm).await.unwrap();
        desk.act(&officer, &first, &test).await.unwrap();
        consider["reason_although_excessive"] = Value::Null;
        let bare = command("decide_confirm_or_deny", consider.clone());
        assert_eq!(codes(desk.act(&officer, &first, &bare).await), ["confirm_or_deny.excessive"]);
        let case = office.case(&first.0).await.unwrap().unwrap();
        let advice = office.advice(&case, &QuestionId("q2".to_owned())).await.unwrap().unwrap();
        assert!(advice.excessive[0].place.starts_with("every authority has "), "{advice:?}");
        assert!(advice.earlier.is_empty() && !advice.topics.is_empty());
        neither(&desk, &first, words).await;

        // Another request for the same: a plain answer departs from that.
        let second = office
            .take_in(&Actor::candour(), &message(office, REQUEST, "second"))
            .await
            .unwrap()
            .case;
        let case = office.case(&second.0).await.unwrap().unwrap();
        let advice = office.advice(&case, &QuestionId("q2".to_owned())).await.unwrap().unwrap();
        assert_eq!(advice.earlier.len(), advice.topics.len(), "{advice:?}");
        desk.act(&officer, &second, &command("check_validity", json!({"missing": []}))).await.unwrap();
        let mut duty = json!({"question": "q2", "wish": "duty_applies", "reason_although_excessive": null,
            "basis": office.bundle().basis});
        let plain = command("decide_confirm_or_deny", duty.clone());
        assert_eq!(codes(desk.act(&officer, &second, &plain).await), ["confirm_or_deny.departs"]);
        duty["consistency"] = json!({"departs_because": "This one asks for last year's product, which was replaced."});
        let explained = command("decide_confirm_or_deny", duty);
        desk.act(&officer, &second, &explained).await.unwrap();
        let case = office.case(&second.0).await.unwrap().unwrap();
        let decided = case.questions[1].confirm_or_deny.as_ref().unwrap();
        assert!(decided.departs_because.is_some() && decided.topics == advice.topics);

        // And now refusing to say departs from the plain answer; leaving it out of the command doesn't help.
        let third = office
            .take_in(&Actor::candour(), &message(office, REQUEST, "third"))
            .await
            .unwrap()
            .case;
        let case = office.case(&third.0).await.unwrap().unwrap();
        let advice = office.advice(&case, &QuestionId("q2".to_owned())).await.unwrap().unwrap();
        let ways: std::collections::BTreeSet<_> = advice.earlier.iter().map(|stance| stance.way.spelling()).collect();
        assert_eq!(ways.into_iter().collect::<Vec<_>>(), ["duty", "neither"]);
        desk.act(&officer, &third, &command("check_validity", json!({"missing": []}))).await.unwrap();
        desk.act(&somebody("lena", Role::SecurityAdviser), &third, &harm).await.unwrap();
        desk.act(&officer, &third, &test).await.unwrap();
        consider["consistency"] = json!({"earlier": [], "topics": []});
        let refused = command("decide_confirm_or_deny", consider);
        assert_eq!(
            codes(desk.act(&officer, &third, &refused).await),
            ["confirm_or_deny.excessive", "confirm_or_deny.departs"]
        );
    });
}

/// A register in the state folder stands in the way of neither confirming nor denying what it names, until somebody deals
/// with the very row; and leaving the row out of the command doesn't help.
#[test]
fn what_the_register_names_is_dealt_with_before_it_is_neither_confirmed_nor_denied() {
    runtime().block_on(async {
        let desk = desk().await;
        let id = confirmed(&desk).await;
        decided_open(&desk, &id, "q1", "The council owns 1,204 laptops.").await;
        let record = desk
            .folder
            .path()
            .join("state")
            .join(office::record::FOLDER);
        std::fs::create_dir_all(&record).unwrap();
        std::fs::write(
            record.join("register.csv"),
            "reference,title,description,supplier_name,start,end\n\
             HM-102,Anti-virus,Annual subscription,Fernbridge Ltd,2025-04-01,2028-03-31\n\
             HM-103,Telephone system,Hosted voice,Larchgate plc,2025-04-01,2028-03-31\n",
        )
        .unwrap();
        let office = open(desk.folder.path(), &desk.time).await;
        let case = desk.case(&id).await;
        let q2 = QuestionId("q2".to_owned());
        let found = office
            .already_public(
                &case,
                &q2,
                casework::public_record::Path::NeitherConfirmNorDeny,
                office.today(),
            )
            .await
            .unwrap()
            .unwrap();
        let ids: Vec<&str> = found.blocking().map(|hit| hit.id.as_str()).collect();
        assert_eq!(ids, ["HM-102"]);

        let officer = somebody("ben", Role::InformationOfficer);
        let adviser = somebody("lena", Role::SecurityAdviser);
        let (harm, test, consider, _) = steps_to_neither(&desk, "It would show what guards us.");
        for (by, step) in [(&adviser, harm), (&officer, test)] {
            office.act(by, &id, None, &step).await.unwrap();
        }
        let refused = codes(
            office
                .act(
                    &officer,
                    &id,
                    None,
                    &command("decide_confirm_or_deny", consider.clone()),
                )
                .await,
        );
        assert_eq!(refused, ["confirm_or_deny.already_public"]);
        let mut known = Vec::new();
        found.complete(&mut known);
        known[0].dealt_with = Some(casework::event::DealtWith::DoesNotConfirm {
            because: "That row is the schools' contract; the question is about the council's own."
                .to_owned(),
        });
        let mut dealt = consider;
        dealt["known_already"] = serde_json::to_value(known).unwrap();
        office
            .act(
                &officer,
                &id,
                None,
                &command("decide_confirm_or_deny", dealt),
            )
            .await
            .unwrap();
    });
}

/// An answer that left is public, whether or not it stands in the log: the next question about the same thing meets it.
#[test]
fn an_answer_that_left_is_part_of_the_public_record() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let officer = somebody("ben", Role::InformationOfficer);
        let approver = somebody("colin", Role::Approver);
        let first = confirmed(&desk).await;
        decided_open(&desk, &first, "q1", "The council owns 1,204 laptops.").await;
        decided_open(
            &desk,
            &first,
            "q2",
            "The council uses the antivirus software of Fernbridge Ltd, version 7.2.",
        )
        .await;
        let second = office
            .take_in(&Actor::candour(), &message(office, REQUEST, "m2"))
            .await
            .unwrap()
            .case;
        let found = async || {
            let case = desk.case(&second).await;
            let checked = office
                .already_public(
                    &case,
                    &QuestionId("q2".to_owned()),
                    casework::public_record::Path::NeitherConfirmNorDeny,
                    office.today(),
                )
                .await
                .unwrap()
                .unwrap();
            checked
                .blocking()
                .map(casework::public_record::Hit::key)
                .collect::<Vec<_>>()
        };
        assert!(found().await.is_empty(), "what is decided hasn't left");
        let (_, letter) = office
            .compose_draft(&officer, &first, None, &BTreeMap::new())
            .await
            .unwrap();
        let seek = command("seek_approval", json!({"sha256": letter.identity}));
        desk.act(&officer, &first, &seek).await.unwrap();
        let approve = command(
            "approve",
            json!({"letter_sha256": letter.identity, "judged": true}),
        );
        desk.act(&approver, &first, &approve).await.unwrap();
        office.issue(&officer, &first, None).await.unwrap();
        assert_eq!(found().await, ["earlier reply: FOI-2026-00001"]);
        // In the log it stands under its address, and once.
        let publisher = somebody("petra", Role::Publisher);
        let publish = command(
            "publish",
            json!({"published_on": office.today(), "address": "2026/laptops", "title": "Laptops"}),
        );
        // The policy protects what it gives, so somebody says why it is published all the same.
        let refused = desk.act(&publisher, &first, &publish).await;
        assert_eq!(codes(refused), ["log.gives_away"]);
        let publish = command(
            "publish",
            json!({"published_on": office.today(), "address": "2026/laptops", "title": "Laptops",
                   "despite": "Every council has laptops, and their number helps no burglar."}),
        );
        desk.act(&publisher, &first, &publish).await.unwrap();
        assert_eq!(found().await, ["disclosure log: 2026/laptops"]);
        // Taken down, it was public all the same.
        let unpublish = command("unpublish", json!({"reason": "A figure was wrong."}));
        desk.act(&publisher, &first, &unpublish).await.unwrap();
        assert_eq!(found().await, ["earlier reply: FOI-2026-00001"]);
    });
}

#[test]
fn evidence_given_in_confidence_is_kept_out_of_the_letter() {
    runtime().block_on(async {
        let desk = desk().await;
        let id = confirmed(&desk).await;
        decided_open(&desk, &id, "q1", "The council owns 1,204 laptops.").await;
        neither(
            &desk,
            &id,
            "An attacker who knows which product guards us tries its known faults first.",
        )
        .await;
        let letter = desk.office.letter(&id).await.unwrap();
        assert!(
            letter
                .findings
                .iter()
                .any(|finding| finding.code == "leak.closed_evidence")
        );
    });
}

#[test]
fn a_warning_needs_a_reason_before_the_letter_goes() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let officer = somebody("ben", Role::InformationOfficer);
        let id = confirmed(&desk).await;
        decided_open(&desk, &id, "q1", "The council owns 1,204 laptops.").await;
        neither(
            &desk,
            &id,
            "A yes or a no to this question would each tell someone who plans an attack whether a particular defence \
             stands in the way, so that they could choose their tools to match.",
        )
        .await;
        let letter = office.letter(&id).await.unwrap();
        assert_eq!(letter.errors(), Vec::<String>::new());
        let warned: Vec<String> = letter
            .warnings(&BTreeMap::new())
            .into_iter()
            .map(|warning| warning.code)
            .collect();
        if warned.is_empty() {
            return;
        }
        let (_, draft) = office
            .compose_draft(&officer, &id, None, &BTreeMap::new())
            .await
            .unwrap();
        let seek = command("seek_approval", json!({"sha256": draft.identity}));
        assert!(codes(desk.act(&officer, &id, &seek).await).contains(&"approval.warning_open".to_owned()));
        let kept = warned
            .into_iter()
            .map(|code| (code, "Looked at; it stands.".to_owned()))
            .collect();
        office.compose_draft(&officer, &id, None, &kept).await.unwrap();
        desk.act(&officer, &id, &seek).await.unwrap();
    });
}

#[test]
fn what_a_search_found_stays_sealed_until_the_duty_applies() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let id = confirmed(&desk).await;
        let found = Holding {
            held: Held::Held,
            found: "An inventory of 1,204 laptops".to_owned(),
        };
        let search = Search {
            question: QuestionId("q1".to_owned()),
            area: "it".to_owned(),
        };
        let contact = somebody("gareth", Role::ServiceAreaContact);
        office
            .finish_search(&contact, &id, None, &search, &found)
            .await
            .unwrap();
        let officer = somebody("ben", Role::InformationOfficer);
        let opening = serde_json::from_value(
            json!({"question": "q1", "key": "duty_applies", "reason": "to answer"}),
        )
        .unwrap();
        assert_eq!(
            codes(office.open_holding(&officer, &id, None, &opening).await),
            ["holding.no_key"]
        );
        decided_open(&desk, &id, "q1", "1,204").await;
        let opened = office
            .open_holding(&officer, &id, None, &opening)
            .await
            .unwrap();
        assert_eq!(opened[0].holding.found, "An inventory of 1,204 laptops");
        let look = serde_json::from_value(json!({"reason": LookReason::ToSend})).unwrap();
        let applicant = office.show_applicant(&officer, &id, &look).await.unwrap();
        assert_eq!(applicant.name, "Joy Adeyemi");
        let history = serde_json::to_string(&office.history(&id).await.unwrap()).unwrap();
        assert!(!history.contains("inventory") && !history.contains("Adeyemi Joy"));
    });
}

#[test]
fn search_and_similar_follow_the_database() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let mut ids = Vec::new();
        for (number, text) in [
            REQUEST,
            "Please tell me:\n1. How many laptops does your council own at present?\n2. How many tablets?\n",
            "What did the council spend on road gritting in 2025?\n",
        ]
        .iter()
        .enumerate()
        {
            let once = number.to_string();
            ids.push(office.take_in(&Actor::candour(), &message(office, text, &once)).await.unwrap().case);
        }
        assert!(office.search("gritting", &search::Filter::default(), 5).await.unwrap().is_empty());
        assert!(office.follow().await.unwrap() >= 6);
        let found = office.search("gritting", &search::Filter::default(), 5).await.unwrap();
        assert_eq!(found[0].summary.case_id, ids[2].0);
        let by_reference = office.search("FOI-2026-00002", &search::Filter::default(), 1).await.unwrap();
        assert_eq!(by_reference[0].summary.case_id, ids[1].0);
        let similar = office.similar(&*desk.case(&ids[0]).await, 5).await.unwrap();
        assert_eq!(similar[0].summary.case_id, ids[1].0);
        assert!(similar[0].questions[0].found.contains("laptops"));
        // The applicant's name is no part of it.
        assert!(office.search("Adeyemi@", &search::Filter::default(), 5).await.unwrap().iter().all(|found| found.summary.case_id == ids[0].0));
        assert!(office.search("joy@example.org", &search::Filter { state: Some("closed".to_owned()), ..Default::default() }, 5).await.unwrap().is_empty());
        let withdraw = command("withdraw", json!({"received_on": "2026-11-02"}));
        desk.act(&somebody("ben", Role::InformationOfficer), &ids[2], &withdraw).await.unwrap();
        office.follow().await.unwrap();
        let closed = search::Filter {
            state: Some("closed".to_owned()),
            ..search::Filter::default()
        };
        assert_eq!(office.search("gritting", &closed, 5).await.unwrap().len(), 1);
        assert_eq!(office.rebuild().await.unwrap(), 3);
        assert_eq!(office.search("gritting", &closed, 5).await.unwrap().len(), 1);
    });
}

#[test]
fn routine_work_acknowledges_reminds_and_signs() {
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        let taken = office
            .take_in(&Actor::candour(), &message(office, REQUEST, "m1"))
            .await
            .unwrap();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&sent);
        let deliver = move |case: &Case, command: &Command| {
            log.lock()
                .unwrap()
                .push((case.id.clone(), command.kind().spelling()));
            Ok(())
        };
        let round = office.work("node-1", &deliver).await.unwrap();
        assert!(round.checkpoint);
        assert_eq!(*sent.lock().unwrap(), [(taken.case.clone(), "acknowledge")]);
        let again = office.work("node-1", &deliver).await.unwrap();
        assert_eq!((again.worked.done.len(), again.checkpoint), (0, false));
        desk.time.fetch_add(21 * DAY, Ordering::Relaxed);
        office.work("node-1", &deliver).await.unwrap();
        assert_eq!(sent.lock().unwrap().len(), 2);
        desk.time.fetch_add(9 * DAY, Ordering::Relaxed);
        office.work("node-2", &deliver).await.unwrap();
        assert_eq!(sent.lock().unwrap().last().unwrap().1, "mark_overdue");
        assert_eq!(desk.case(&taken.case).await.overdue.len(), 1);
    });
}

/// The web serves many people at once with one office.
#[test]
fn an_office_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    fn sent<T: Send>(_: &T) {}
    runtime().block_on(async {
        let desk = desk().await;
        let office = &desk.office;
        shared(office);
        let by = Actor::candour();
        let arriving = message(office, REQUEST, "m1");
        sent(&office.take_in(&by, &arriving));
        let id = CaseId("c".to_owned());
        sent(&office.letter(&id));
        sent(&office.issue(&by, &id, None));
        sent(&office.follow());
        sent(&office.work("n", &|_, _| Ok(())));
        sent(&office.search("a", &search::Filter::default(), 1));
        sent(&office.rebuild());
    });
}
