//! Cases: the table of who may do what, whole lives, replay, stored forms, and each rule that stands in the way.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]
use std::collections::{BTreeMap, BTreeSet};

use casework::case::{Case, History, Outcome, WaitingFor};
use casework::command::{Command, CommandKind, Setting, check};
use casework::confirm_or_deny::Consideration;
use casework::decision::{Decision, Slot};
use casework::event::*;
use casework::invented::{self, basis};
use casework::procedure::{self, RULES, State};
use casework::role::{Actor, Role};
use jiff::civil::{Date, date};
use law::{Calendar, Statute, TimeLimits, WorkingDays};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 23);

fn law() -> (Calendar, Statute) {
    (
        Calendar::parse(include_str!("../../../data/law/bank-holidays.csv")).unwrap(),
        Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap(),
    )
}

struct World {
    calendar: Calendar,
    statute: Statute,
    limits: TimeLimits,
}

impl World {
    fn new() -> Self {
        let (calendar, statute) = law();
        let limits = include_str!("../../../data/law/time-limits.toml");
        Self {
            calendar,
            statute,
            limits: TimeLimits::parse(limits).unwrap(),
        }
    }

    fn setting(&self, today: Date) -> Setting<'_> {
        Setting {
            today,
            calendar: &self.calendar,
            statute: &self.statute,
            answer_within: WorkingDays(20),
            review_within: WorkingDays(20),
            ask_review_within: WorkingDays(40),
            fee: self.limits.regime("foia").unwrap().fee.as_ref(),
        }
    }

    fn codes(&self, history: &History, by: &Actor, command: &Command) -> Vec<&'static str> {
        match check(history, by, command, &self.setting(TODAY)) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(|problem| problem.code).collect(),
        }
    }
}

fn id() -> CaseId {
    CaseId("case-1".to_owned())
}

fn actor(account: &str, role: Role) -> Actor {
    Actor {
        id: account.to_owned(),
        role,
    }
}

/// A case written step by step; a step that is refused fails the test with every reason.
struct Story {
    world: World,
    events: Vec<Recorded>,
    history: History,
    on: Date,
}

impl Story {
    fn new() -> Self {
        Self {
            world: World::new(),
            events: Vec::new(),
            history: History::Nothing,
            on: date(2026, 11, 2),
        }
    }

    fn try_step(&mut self, by: &Actor, command: &Command) -> Result<(), String> {
        let events = check(&self.history, by, command, &self.world.setting(self.on)).map_err(
            |problems| {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                format!("{}: {}", command.kind().spelling(), lines.join("\n"))
            },
        )?;
        for event in events {
            let recorded = Recorded {
                seq: self.events.len() as u64 + 1,
                at: "2026-11-02T09:00:00Z".parse().unwrap(),
                by: by.clone(),
                event: Some(event),
            };
            self.history =
                std::mem::replace(&mut self.history, History::Nothing).with(&id(), &recorded);
            self.events.push(recorded);
        }
        Ok(())
    }

    /// A command as JSON, by an account whose name tells its role.
    fn then(mut self, account: &str, command: Value) -> Self {
        let command: Command = serde_json::from_value(command).unwrap();
        self.try_step(&someone(account), &command).unwrap();
        self
    }

    /// The letter as composed goes to the approver, is approved and leaves.
    fn sent(self) -> Self {
        let sent_on = self.on;
        self.then("amina", do_("seek_approval", json!({"sha256": HASH})))
            .then(
                "colin",
                do_("approve", json!({"letter_sha256": HASH, "judged": true})),
            )
            .then(
                "amina",
                do_(
                    "issue",
                    json!({"sent_on": sent_on, "letter_sha256": HASH, "files": []}),
                ),
            )
    }

    fn on(mut self, on: Date) -> Self {
        self.on = on;
        self
    }

    fn case(&self) -> &Case {
        self.history.case().unwrap()
    }
}

fn someone(account: &str) -> Actor {
    let role = match account {
        "amina" | "ruth" => Role::InformationOfficer,
        "tess" => Role::TriageOfficer,
        "gareth" => Role::ServiceAreaContact,
        "lena" => Role::SecurityAdviser,
        "colin" => Role::Approver,
        "maud" => Role::QualifiedPerson,
        "petra" => Role::Publisher,
        "una" => Role::Auditor,
        "ivor" => Role::Administrator,
        "applicant" => Role::Applicant,
        _ => Role::Candour,
    };
    actor(account, role)
}

const TEXT: &str = "1. How many cyber attacks were recorded in each year? 2. Was any system hit by ransomware in October?";
const HASH: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn do_(command: &str, with: Value) -> Value {
    json!({ "command": command, "with": with })
}

fn receipt() -> Value {
    do_(
        "receive",
        json!({
            "reference": "HM-2026-1688", "received_on": "2026-11-02", "channel": "email", "subject": "Cyber incidents",
            "text": TEXT, "attachments": [], "applicant": HASH
        }),
    )
}

fn questions() -> Value {
    let question = |id: &str, from: usize, to: usize| {
        json!({"id": id, "label": id.trim_start_matches('q'), "span": [from, to], "text": &TEXT[from..to], "stem": null,
            "proposal": {"kind": "protected", "category": "cyber", "subjects": ["cyber"], "information": ["incident-count"],
                "provisions": ["FOIA s.31(1)(a)"], "confidence_thousandths": 840,
                "evidence": [{"span": [from, from + 8], "supports": "information:incident-count", "rule": "r"}]}})
    };
    let (second, end) = (TEXT.find("2. ").unwrap() + 3, TEXT.len());
    json!({"questions": [question("q1", 3, second - 4), question("q2", second, end)], "basis": basis()})
}

fn duty(question: &str) -> Value {
    do_(
        "decide_confirm_or_deny",
        json!({"question": question, "wish": "duty_applies", "reason_although_excessive": null, "basis": basis()}),
    )
}

fn neither() -> Value {
    json!({
        "provision": "FOIA s.31(3)", "by_virtue_of": "FOIA s.31(1)(a)",
        "prejudice": {"mechanism": {"filled": "It would show what is watched."}, "likelihood": "would_be_likely_to"},
        "public_interest": {"favouring": ["Residents' data"], "against": ["Crime"], "balance": {"filled": "Crime weighs more here."}}
    })
}

fn consider_neither(question: &str) -> Value {
    do_(
        "decide_confirm_or_deny",
        json!({"question": question, "wish": {"neither_confirm_nor_deny": neither()}, "if_held": "What is watched.",
            "if_not_held": "What is not.", "reason_although_excessive": null, "basis": basis()}),
    )
}

fn choose_route(question: &str) -> Value {
    do_(
        "choose_route",
        json!({"question": question, "route": "open"}),
    )
}

fn harm(question: &str, about: &str) -> Value {
    do_(
        "give_harm_evidence",
        json!({"question": question, "about": about, "likelihood": "would_be_likely_to", "mechanism": "An attacker could time it.",
            "adds": "The months.", "instead": "Yearly totals.", "quotable": true}),
    )
}

fn interest(question: &str, about: &str, provision: &str) -> Value {
    let factor = json!([{"text": "About this one.", "weight": "some", "author": "amina", "about_this_request": true}]);
    do_(
        "test_public_interest",
        json!({"questions": [question], "about": about, "provisions": [provision], "favouring": factor, "against": factor,
            "maintained": true, "conclusion": "Crime weighs more here."}),
    )
}

fn decide(question: &str, decision: Value, departs: Option<&str>) -> Value {
    do_(
        "decide",
        json!({"question": question, "decision": decision, "departs_because": departs, "basis": basis()}),
    )
}

fn withheld() -> Value {
    json!({"withheld": [{"qualified_prejudice": {
        "provision": "FOIA s.31(1)(a)",
        "prejudice": {"mechanism": {"filled": "An attacker could time it."}, "likelihood": "would_be_likely_to"},
        "public_interest": {"favouring": ["a"], "against": ["b"], "balance": {"filled": "c"}}}}]})
}

/// Two entries of the record: one that a person dealt with, one that nobody has.
fn already_public() -> Value {
    json!([
        {"ground": "already_public", "place": "the register", "entry": "contracts register: HM-101",
            "dealt_with": {"does_not_confirm": {"because": "it is about another building"}}},
        {"ground": "said_before", "place": "the log", "entry": "disclosure log: 2026/laptops"}])
}

fn received() -> Story {
    Story::new().then("candour", receipt())
}

fn open() -> Story {
    received()
        .then("candour", do_("propose_questions", questions()))
        .then(
            "candour",
            do_("acknowledge", json!({"sent_on": "2026-11-02"})),
        )
        .then("tess", do_("check_validity", json!({"missing": []})))
        .then("tess", do_("confirm_questions", questions()))
}

fn decided() -> Story {
    open()
        .then("lena", harm("q2", "confirm_or_deny"))
        .then("amina", interest("q2", "confirm_or_deny", "FOIA s.31(3)"))
        .then("amina", consider_neither("q2"))
        .then(
            "amina",
            decide(
                "q2",
                json!({"neither_confirmed_nor_denied": neither()}),
                None,
            ),
        )
        .then("amina", duty("q1"))
        .then(
            "amina",
            do_(
                "assign",
                json!({"area": "ict", "questions": ["q1"], "wanted_on": "2026-11-12"}),
            ),
        )
        .then(
            "gareth",
            do_("finish_search", json!({"question": "q1", "area": "ict"})),
        )
        .then(
            "amina",
            do_(
                "open_holding",
                json!({"question": "q1", "key": "duty_applies", "reason": "to answer"}),
            ),
        )
        .then(
            "amina",
            decide(
                "q1",
                json!({"answer": {"answer": {"filled": "2021: 4. 2022: 6."}}}),
                Some("Yearly totals do no harm."),
            ),
        )
}

fn with_approver() -> Story {
    decided()
        .then(
            "amina",
            do_(
                "compose_draft",
                json!({"letter_sha256": HASH, "files": [], "errors": [], "warnings": []}),
            ),
        )
        .then("amina", do_("seek_approval", json!({"sha256": HASH})))
}

fn approved() -> Story {
    with_approver().then(
        "colin",
        do_("approve", json!({"letter_sha256": HASH, "judged": true})),
    )
}

fn issued() -> Story {
    approved().on(date(2026, 11, 23)).then(
        "amina",
        do_(
            "issue",
            json!({"sent_on": "2026-11-23", "letter_sha256": HASH, "files": []}),
        ),
    )
}

fn at_commissioner() -> Story {
    issued().then(
        "amina",
        do_(
            "notify_complaint",
            json!({"reference": "IC-1", "notified_on": "2026-11-23"}),
        ),
    )
}

fn closed() -> Story {
    issued().then(
        "amina",
        do_(
            "close",
            json!({"closed_on": "2026-11-23", "reason": "answered"}),
        ),
    )
}

/// A history in each state.
fn histories() -> BTreeMap<State, History> {
    let review = do_(
        "ask_review",
        json!({"received_on": "2026-11-23", "questions": [], "text": "No.", "late_but_taken_because": null}),
    );
    let clarification = |questions: Value| {
        do_(
            "seek_clarification",
            json!({"questions": questions, "wording": "Which?", "sought_on": "2026-11-02"}),
        )
    };
    [
        Story::new(),
        received(),
        received().then("tess", do_("check_validity", json!({"missing": ["name"]}))),
        open(),
        open().then("tess", clarification(json!(["q1", "q2"]))),
        open().then(
            "amina",
            do_(
                "give_fees_notice",
                json!({"pence": 500, "given_on": "2026-11-02"}),
            ),
        ),
        with_approver(),
        approved(),
        issued(),
        issued().then("applicant", review),
        at_commissioner(),
        at_commissioner().then(
            "amina",
            do_(
                "appeal",
                json!({"reference": "EA/1", "notified_on": "2026-11-23"}),
            ),
        ),
        closed(),
        closed().then(
            "ivor",
            do_(
                "destroy",
                json!({"destroyed_on": "2026-11-23", "rule": "FOI-3"}),
            ),
        ),
    ]
    .into_iter()
    .map(|story| (story.history.state(), story.history))
    .collect()
}

/// A command of each kind; whether it is sensible doesn't matter here.
fn samples() -> Vec<Command> {
    let texts = [
        receipt(),
        do_("check_validity", json!({"missing": []})),
        do_(
            "choose_treatment",
            json!({"regime": "own_personal_data", "passed_to": "people"}),
        ),
        do_("acknowledge", json!({"sent_on": "2026-11-23"})),
        do_("propose_questions", questions()),
        do_("confirm_questions", questions()),
        do_(
            "seek_clarification",
            json!({"questions": ["q1"], "wording": "Which?", "sought_on": "2026-11-23"}),
        ),
        do_(
            "give_clarification",
            json!({"questions": ["q1"], "text": "This.", "received_on": "2026-11-23"}),
        ),
        do_(
            "add_to_request",
            json!({"text": "I also mean the Drill Hall.", "received_on": "2026-11-05", "attachments": [], "asks": false}),
        ),
        do_(
            "deal_with_addition",
            json!({"addition": 1, "outcome": "nothing_follows"}),
        ),
        do_(
            "give_fees_notice",
            json!({"pence": 500, "given_on": "2026-11-23"}),
        ),
        do_("record_fee", json!({"received_on": "2026-11-23"})),
        do_("assign_owner", json!({"officer": "amina"})),
        do_(
            "assign",
            json!({"area": "ict", "questions": ["q1"], "wanted_on": "2026-11-12"}),
        ),
        do_(
            "remind",
            json!({"area": null, "due_on": "2026-12-01", "working_days_left": 5}),
        ),
        do_("mark_overdue", json!({"due_on": "2026-11-20"})),
        do_("choose_late_cause", json!({"cause": "waiting_for_area"})),
        do_("finish_search", json!({"question": "q1", "area": "ict"})),
        do_(
            "return_task",
            json!({"question": "q1", "area": "ict", "reason": "not_ours"}),
        ),
        do_(
            "send_files",
            json!({"question": "q1", "area": "ict", "files": [{"file": {"name": "figures.csv", "sha256": HASH, "bytes": 3}}]}),
        ),
        do_(
            "open_holding",
            json!({"question": "q1", "key": "duty_applies", "reason": "to answer"}),
        ),
        harm("q1", "content"),
        choose_route("q1"),
        duty("q1"),
        interest("q1", "content", "FOIA s.31(1)(a)"),
        do_(
            "seek_opinion",
            json!({"question": "q1", "submission": "Advice to the board; s.36(2)(b)(i).", "sought_on": "2026-11-23"}),
        ),
        do_(
            "give_opinion",
            json!({"question": "q1", "provision": "FOIA s.36(2)(c)", "likelihood": "would", "opinion": "It would.",
            "given_on": "2026-11-23"}),
        ),
        decide("q1", json!("not_held"), None),
        do_(
            "extend",
            json!({"questions": ["q1"], "provision": "FOIA s.31(1)(a)", "reason": "Weighing.", "until": "2026-12-31"}),
        ),
        do_(
            "estimate_cost",
            json!({"questions": ["q1"], "determining_minutes": 1, "locating_minutes": 2, "retrieving_minutes": 3,
            "extracting_minutes": 4, "explanation": "Counted."}),
        ),
        do_(
            "compose_draft",
            json!({"letter_sha256": HASH, "files": [], "errors": [], "warnings": [{"code": "w", "kept_because": "r"}]}),
        ),
        do_("seek_approval", json!({"sha256": HASH})),
        do_("approve", json!({"letter_sha256": HASH, "judged": true})),
        do_(
            "send_back",
            json!({"question": "q1", "comment": "Too general."}),
        ),
        do_("recall", json!({"reason": "A figure is wrong."})),
        do_(
            "issue",
            json!({"sent_on": "2026-11-23", "letter_sha256": HASH, "files": [{"name": "letter.pdf", "sha256": HASH, "bytes": 9}]}),
        ),
        do_(
            "plan_publication",
            json!({"published_on": "2026-12-01", "address": "2026/cyber", "title": "Cyber incidents"}),
        ),
        do_(
            "publish",
            json!({"published_on": "2026-11-23", "address": "2026/cyber", "title": "Cyber incidents"}),
        ),
        do_(
            "decline_publication",
            json!({"reason": "It is of one person's home."}),
        ),
        do_("unpublish", json!({"reason": "A name stood in it."})),
        do_(
            "ask_review",
            json!({"received_on": "2026-11-23", "questions": ["q1"], "text": "No.", "late_but_taken_because": null}),
        ),
        do_(
            "decide_review",
            json!({"sent_on": "2026-11-23", "basis": basis(), "questions": [
            {"question": "q1", "outcome": "original_upheld", "reason": "Looked afresh.", "decision": null}]}),
        ),
        do_(
            "notify_complaint",
            json!({"reference": "IC-1", "notified_on": "2026-11-23"}),
        ),
        do_(
            "decide_complaint",
            json!({"reference": "IC-1", "decided_on": "2026-11-23", "outcome": "original_upheld", "steps": "None."}),
        ),
        do_(
            "appeal",
            json!({"reference": "EA/1", "notified_on": "2026-11-23"}),
        ),
        do_(
            "decide_appeal",
            json!({"reference": "EA/1", "decided_on": "2026-11-23", "outcome": "changed", "steps": "Release."}),
        ),
        do_("withdraw", json!({"received_on": "2026-11-23"})),
        do_(
            "close",
            json!({"closed_on": "2026-11-23", "reason": "answered"}),
        ),
        do_("hold_retention", json!({"reason": "Complaint expected."})),
        do_("release_retention", json!({"reason": "None came."})),
        do_(
            "destroy",
            json!({"destroyed_on": "2026-11-23", "rule": "FOI-3"}),
        ),
        do_("show_applicant", json!({"reason": "to_send"})),
    ];
    texts
        .into_iter()
        .map(|text| serde_json::from_value(text).unwrap())
        .collect()
}

#[test]
fn every_command_has_one_row_and_a_sample() {
    let kinds: Vec<CommandKind> = samples().iter().map(Command::kind).collect();
    for kind in CommandKind::ALL {
        let rows = RULES.iter().filter(|rule| rule.command == *kind).count();
        assert_eq!(rows, 1, "{}", kind.name());
        assert!(kinds.contains(kind), "{}", kind.name());
    }
}

#[test]
fn the_page_of_the_table_is_the_table() {
    let kept = include_str!("../../../docs/procedure.md");
    assert!(
        procedure::page() == kept,
        "docs/procedure.md must read:\n{}",
        procedure::page()
    );
}

#[test]
fn every_role_in_every_state_may_do_what_the_table_says_and_nothing_else() {
    let world = World::new();
    let histories = histories();
    assert_eq!(histories.len(), State::ALL.len());
    let mut checked = 0;
    for (state, history) in &histories {
        for role in Role::ALL {
            for command in samples() {
                let codes = world.codes(history, &actor("somebody", role), &command);
                let refused = codes == ["case.not_allowed"];
                let allowed = procedure::allowed(role, *state, command.kind());
                assert_eq!(
                    refused, !allowed,
                    "{role:?} {state:?} {command:?} {codes:?}"
                );
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 14 * 11 * CommandKind::ALL.len());
}

#[test]
fn nobody_acts_on_what_was_destroyed_and_auditors_change_nothing() {
    for rule in RULES {
        assert!(!rule.states.contains(&State::Destroyed));
        if rule.roles.contains(&Role::Auditor) {
            assert_eq!(rule.command, CommandKind::ShowApplicant);
        }
    }
}

#[test]
fn a_whole_life_folds_to_the_same_case_twice_and_from_its_stored_form() {
    let story = issued();
    assert_eq!(History::of(&id(), &story.events), story.history);
    assert_eq!(
        History::of(&id(), &story.events),
        History::of(&id(), &story.events)
    );
    let stored: Vec<Recorded> = story
        .events
        .iter()
        .map(|recorded| {
            let event = recorded.event.as_ref().unwrap();
            let contents = event.to_contents().unwrap();
            Recorded {
                event: Some(Event::from_stored(event.kind(), Event::VERSION, &contents).unwrap()),
                ..recorded.clone()
            }
        })
        .collect();
    assert_eq!(History::of(&id(), &stored), story.history);
    let case = story.case();
    assert_eq!(case.outcome(), Some(Outcome::GrantedInPart));
    assert_eq!(case.waiting_for(), WaitingFor::Nobody);
    assert_eq!(case.next_due_on(), None);
}

#[test]
fn thousands_of_invented_lives_are_lawful_in_every_step() {
    let world = World::new();
    let mut kinds: BTreeSet<&str> = BTreeSet::new();
    let mut states: BTreeSet<State> = BTreeSet::new();
    for number in 0..4_000 {
        let received_on = date(2026, 1, 5)
            .checked_add(jiff::ToSpan::days(i64::try_from(number % 320).unwrap()))
            .unwrap();
        let life = invented::life(number, received_on, TODAY).unwrap();
        let mut history = History::Nothing;
        let mut events = Vec::new();
        for step in &life.steps {
            let made = check(&history, &step.by, &step.command, &world.setting(step.on))
                .unwrap_or_else(|problems| {
                    panic!("life {number}, {:?}: {problems:?}", step.command.kind())
                });
            for event in made {
                kinds.insert(event.kind());
                let recorded = Recorded {
                    seq: history.seq() + 1,
                    at: "2026-11-02T09:00:00Z".parse().unwrap(),
                    by: step.by.clone(),
                    event: Some(event),
                };
                history = history.with(&id(), &recorded);
                events.push(recorded);
            }
        }
        assert_eq!(History::of(&id(), &events), history);
        states.insert(history.state());
    }
    assert!(kinds.len() >= 27, "{kinds:?}");
    assert!(states.len() >= 6, "{states:?}");
}

/// The first version of every kind of event, kept for ever.
#[test]
fn events_of_version_1_stay_readable() {
    let mut kinds = BTreeSet::new();
    for line in include_str!("fixtures/events-v1.jsonl").lines() {
        let stored: Value = serde_json::from_str(line).unwrap();
        let kind = stored["kind"].as_str().unwrap();
        let contents = stored["contents"].to_string();
        let event = Event::from_stored(kind, 1, &contents).unwrap();
        let again: Value = serde_json::from_str(&event.to_contents().unwrap()).unwrap();
        assert_eq!(again, stored["contents"], "{kind}");
        kinds.insert(kind.to_owned());
    }
    let known: BTreeSet<String> = Event::KINDS.iter().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(kinds, known);
}

#[test]
fn an_event_from_the_future_or_of_another_shape_is_said_to_be_unreadable() {
    let newer = Event::from_stored("acknowledged", 2, r#"{"sent_on":"2026-11-02"}"#).unwrap_err();
    assert_eq!(
        newer.to_string(),
        "event `acknowledged` version 2 can't be read: written by a newer Candour; use that one"
    );
    assert!(Event::from_stored("teleported", 1, "{}").is_err());
    assert!(
        Event::from_stored("acknowledged", 1, r#"{"sent_on":"2026-11-02","held":true}"#).is_err()
    );
    assert!(Event::from_stored("acknowledged", 1, "").is_err());
}

#[test]
fn clarification_restarts_the_clock_of_its_questions_and_leaves_the_others() {
    let story = open().on(date(2026, 11, 5)).then(
        "amina",
        do_(
            "seek_clarification",
            json!({"questions": ["q2"], "wording": "Which?", "sought_on": "2026-11-05"}),
        ),
    );
    assert_eq!(story.case().next_due_on(), Some(date(2026, 12, 1)));
    let story = story.on(date(2026, 11, 16)).then(
        "applicant",
        do_(
            "give_clarification",
            json!({"questions": ["q2"], "text": "Offices.", "received_on": "2026-11-16"}),
        ),
    );
    let due: Vec<Date> = story
        .case()
        .questions
        .iter()
        .map(|question| question.due_on)
        .collect();
    assert_eq!(due, [date(2026, 12, 1), date(2026, 12, 15)]);
}

/// A route chosen before the proposal was seen is chosen once and decides nothing.
#[test]
fn a_route_is_chosen_before_anything_is_decided_and_stays() {
    let chosen = open().then("amina", choose_route("q1"));
    let state = &chosen.case().questions[0];
    assert_eq!(state.route_chosen, Some(casework::proposal::Kind::Open));
    assert_eq!(state.outcome(), None);
    assert!(chosen.case().deciders.is_empty());
}

#[test]
fn a_fees_notice_pauses_the_clock_from_its_day_to_the_payment() {
    let story = open().on(date(2026, 11, 4)).then(
        "amina",
        do_(
            "give_fees_notice",
            json!({"pence": 500, "given_on": "2026-11-04"}),
        ),
    );
    assert_eq!(story.case().next_due_on(), None);
    let story = story.on(date(2026, 11, 10)).then(
        "candour",
        do_("record_fee", json!({"received_on": "2026-11-10"})),
    );
    // Wednesday 4 to Tuesday 10 November are five working days: from 1 December to 8 December.
    assert_eq!(story.case().next_due_on(), Some(date(2026, 12, 8)));
}

#[test]
fn a_case_answered_in_part_goes_on_with_the_rest() {
    let story = open()
        .then(
            "amina",
            do_(
                "seek_clarification",
                json!({"questions": ["q2"], "wording": "Which?", "sought_on": "2026-11-02"}),
            ),
        )
        .then("amina", duty("q1"))
        .then(
            "amina",
            decide(
                "q1",
                json!({"already_accessible": {"place": {"filled": "Log HM-2023-0177"}}}),
                Some("Published."),
            ),
        )
        .then(
            "amina",
            do_(
                "compose_draft",
                json!({"letter_sha256": HASH, "files": [], "errors": [], "warnings": []}),
            ),
        )
        .sent();
    assert_eq!(story.case().state, State::AwaitingClarification);
    assert_eq!(story.case().outcome(), None);
    assert_eq!(story.case().open_questions().count(), 1);
}

#[test]
fn keys_open_only_in_their_moment() {
    let story = decided();
    let case = story.case();
    assert!(
        case.duty_to_confirm_or_deny(&QuestionId("q1".into()))
            .is_some()
    );
    assert!(
        case.duty_to_confirm_or_deny(&QuestionId("q2".into()))
            .is_none()
    );
    assert!(
        case.reviewers_key(&someone("ruth"), &QuestionId("q2".into()))
            .is_none()
    );
    assert!(case.commissioners_key(&QuestionId("q2".into())).is_none());
    let review = issued().then("applicant", do_("ask_review",
        json!({"received_on": "2026-11-23", "questions": [], "text": "No.", "late_but_taken_because": null})));
    let case = review.case();
    assert!(
        case.reviewers_key(&someone("ruth"), &QuestionId("q2".into()))
            .is_some()
    );
    assert!(
        case.reviewers_key(&someone("amina"), &QuestionId("q2".into()))
            .is_none()
    );
    assert!(
        case.reviewers_key(&someone("colin"), &QuestionId("q2".into()))
            .is_none()
    );
    assert!(
        at_commissioner()
            .case()
            .commissioners_key(&QuestionId("q2".into()))
            .is_some()
    );
}

/// Each row: a story, who, what they try, and everything that stands in the way.
#[test]
fn what_stands_in_the_way() {
    let world = World::new();
    let mut sloppy =
        serde_json::from_value::<Consideration>(consider_neither("q2")["with"].clone()).unwrap();
    sloppy.if_held.clear();
    sloppy.known_already = vec![KnownAlready {
        ground: Ground::AlreadyPublic,
        place: "Log HM-2023-0177".into(),
        entry: None,
        dealt_with: None,
    }];
    if let ConfirmOrDenyOutcome::NeitherConfirmNorDeny(neither) = &mut sloppy.wish {
        neither.provision = "FOIA s.31(1)(a)".parse().unwrap();
        neither.prejudice.mechanism = Slot::Owed("how".into());
    }
    let sloppy = serde_json::to_value(Command::DecideConfirmOrDeny(sloppy)).unwrap();
    let searched = || {
        open().then(
            "gareth",
            do_("finish_search", json!({"question": "q1", "area": "ict"})),
        )
    };
    let opened = searched().then("amina", duty("q1")).then(
        "amina",
        do_(
            "open_holding",
            json!({"question": "q1", "key": "duty_applies", "reason": "to answer"}),
        ),
    );
    let draft = |errors: Value, warnings: Value| {
        do_(
            "compose_draft",
            json!({"letter_sha256": HASH, "files": [], "errors": errors, "warnings": warnings}),
        )
    };
    let overdue = issued().on(date(2026, 12, 2));
    let rows: Vec<(Story, &str, Value, &[&str])> = vec![
        (
            received(),
            "tess",
            do_("acknowledge", json!({"sent_on": "2026-12-24"})),
            &["case.in_the_future"],
        ),
        (
            open(),
            "tess",
            do_("acknowledge", json!({"sent_on": "2026-11-02"})),
            &["acknowledgement.sent"],
        ),
        (
            open(),
            "tess",
            do_(
                "confirm_questions",
                json!({"questions": [], "basis": basis()}),
            ),
            &["questions.none"],
        ),
        (
            decided(),
            "tess",
            do_(
                "confirm_questions",
                json!({"questions": [questions()["questions"][0]], "basis": basis()}),
            ),
            &["questions.decided"],
        ),
        (
            open(),
            "tess",
            do_(
                "seek_clarification",
                json!({"questions": ["q9"], "wording": " ", "sought_on": "2026-11-02"}),
            ),
            &["clarification.no_wording", "question.unknown"],
        ),
        (
            open(),
            "applicant",
            do_(
                "give_clarification",
                json!({"questions": ["q1"], "text": "x", "received_on": "2026-11-05"}),
            ),
            &["clarification.not_sought"],
        ),
        // No search for what is neither confirmed nor denied, no cost of one, and its seal stays shut.
        (
            decided(),
            "amina",
            do_(
                "assign",
                json!({"area": "ict", "questions": ["q2"], "wanted_on": "2026-11-30"}),
            ),
            &["assignment.neither_confirm_nor_deny"],
        ),
        (
            open().on(date(2026, 11, 13)),
            "amina",
            do_(
                "assign",
                json!({"area": "ict", "questions": ["q1"], "wanted_on": "2026-11-12"}),
            ),
            &["assignment.past"],
        ),
        (
            open().then(
                "amina",
                do_(
                    "assign",
                    json!({"area": "ict", "questions": ["q1"], "wanted_on": "2026-11-12"}),
                ),
            ),
            "amina",
            do_(
                "assign",
                json!({"area": "ict", "questions": ["q1"], "wanted_on": "2026-12-02"}),
            ),
            &["assignment.asked", "assignment.too_late"],
        ),
        (
            open(),
            "amina",
            do_("choose_late_cause", json!({"cause": "read_late"})),
            &["late.not_late"],
        ),
        (
            decided(),
            "amina",
            do_(
                "estimate_cost",
                json!({"questions": ["q2"], "determining_minutes": 1, "locating_minutes": 1,
            "retrieving_minutes": 1, "extracting_minutes": 1, "explanation": "x"}),
            ),
            &["cost.neither_confirm_nor_deny"],
        ),
        (
            decided(),
            "amina",
            do_(
                "open_holding",
                json!({"question": "q2", "key": "duty_applies", "reason": "curious"}),
            ),
            &["holding.no_key"],
        ),
        (
            open(),
            "amina",
            do_(
                "open_holding",
                json!({"question": "q1", "key": "duty_applies", "reason": ""}),
            ),
            &["case.no_reason", "holding.no_key"],
        ),
        (
            decided(),
            "amina",
            do_(
                "open_holding",
                json!({"question": "q1", "key": "internal_review", "reason": "r"}),
            ),
            &["holding.no_key"],
        ),
        (
            decided(),
            "amina",
            interest("q2", "content", "FOIA s.31(1)(a)"),
            &[
                "public_interest.content_not_decided",
                "public_interest.no_harm",
            ],
        ),
        // Confirm or deny.
        (
            open(),
            "amina",
            consider_neither("q2"),
            &["decision.no_public_interest_test"],
        ),
        (
            open(),
            "amina",
            sloppy,
            &[
                "confirm_or_deny.no_answer_if_held",
                "confirm_or_deny.not_an_exclusion",
                "confirm_or_deny.no_mechanism",
                "confirm_or_deny.excessive",
            ],
        ),
        (
            opened,
            "amina",
            consider_neither("q1"),
            &["confirm_or_deny.opened", "decision.no_public_interest_test"],
        ),
        (decided(), "amina", duty("q1"), &["confirm_or_deny.decided"]),
        (
            open().then("amina", choose_route("q1")),
            "amina",
            choose_route("q1"),
            &["route.chosen"],
        ),
        (
            open().then("amina", duty("q1")),
            "amina",
            choose_route("q1"),
            &["route.decided"],
        ),
        // Decisions.
        (
            open(),
            "amina",
            decide("q1", json!("not_held"), Some("r")),
            &["decision.confirm_or_deny_first", "decision.no_search"],
        ),
        (
            open().then("amina", duty("q1")),
            "amina",
            decide("q1", withheld(), None),
            &["decision.no_public_interest_test"],
        ),
        // What the public record check found must be dealt with one by one, whatever reason is given for the whole.
        (
            open()
                .then("lena", harm("q2", "confirm_or_deny"))
                .then("amina", interest("q2", "confirm_or_deny", "FOIA s.31(3)")),
            "amina",
            {
                let mut command = consider_neither("q2");
                command["with"]["known_already"] = already_public();
                command["with"]["reason_although_excessive"] = json!("It would do harm.");
                command
            },
            &["confirm_or_deny.already_public"],
        ),
        (
            open()
                .then("amina", duty("q1"))
                .then("lena", harm("q1", "content"))
                .then("amina", interest("q1", "content", "FOIA s.31(1)(a)")),
            "amina",
            {
                let mut command =
                    decide("q1", withheld(), Some("The times would help an attacker."));
                command["with"]["already_public"] = already_public();
                command
            },
            &["decision.already_public"],
        ),
        (
            open().then("amina", duty("q1")),
            "amina",
            decide(
                "q1",
                json!({"answer": {"answer": {"owed": "the figures"}}}),
                None,
            ),
            &["decision.owed", "decision.departs"],
        ),
        (
            open().then("amina", duty("q1")),
            "amina",
            decide(
                "q1",
                json!({"withheld": [{"absolute": {"provision": "FOIA s.31(1)(a)",
            "reason": {"filled": "r"}}}]}),
                None,
            ),
            &["decision.wrong_kind", "decision.no_prejudice"],
        ),
        (
            open().then("amina", duty("q1")),
            "amina",
            decide(
                "q1",
                json!({"withheld": [{"qualified_class": {"provision": "FOIA s.36(2)(c)",
            "reason": {"filled": "r"}, "public_interest": {"favouring": [], "against": [], "balance": {"filled": "b"}}}}]}),
                None,
            ),
            &["decision.no_opinion", "decision.no_public_interest_test"],
        ),
        (
            open(),
            "amina",
            decide(
                "q1",
                json!({"over_cost_limit": {"estimate": {"filled": "31 hours"}, "advice": {"filled": "Less."}}}),
                Some("r"),
            ),
            &["decision.no_estimate"],
        ),
        (
            open(),
            "amina",
            decide(
                "q1",
                json!({"neither_confirmed_nor_denied": neither()}),
                None,
            ),
            &["decision.confirm_or_deny_first"],
        ),
        (
            open(),
            "amina",
            interest("q1", "content", "FOIA s.31(1)(a)"),
            &["public_interest.no_harm"],
        ),
        (
            open(),
            "amina",
            interest("q1", "content", "FOIA s.21"),
            &["public_interest.absolute"],
        ),
        (
            open(),
            "amina",
            do_(
                "extend",
                json!({"questions": ["q1"], "provision": "FOIA s.21", "reason": "r", "until": "2026-11-30"}),
            ),
            &["extension.not_qualified", "extension.not_later"],
        ),
        // More time is for weighing what applies, not for looking for an exemption.
        (
            open(),
            "amina",
            do_(
                "extend",
                json!({"questions": ["q1"], "provision": "FOIA s.31(1)(a)", "reason": "r", "until": "2026-12-31"}),
            ),
            &["extension.not_engaged"],
        ),
        // Letters: none with errors, none with open warnings, four eyes, the very letter.
        (
            open(),
            "amina",
            draft(json!([]), json!([])),
            &[
                "draft.undecided",
                "draft.undecided",
                "draft.nothing_decided",
            ],
        ),
        (
            decided().then(
                "amina",
                draft(
                    json!(["states_exemption"]),
                    json!([{"code": "w", "kept_because": " "}]),
                ),
            ),
            "amina",
            do_("seek_approval", json!({"sha256": HASH})),
            &["approval.letter_fails", "approval.warning_open"],
        ),
        (
            decided(),
            "amina",
            do_("seek_approval", json!({"sha256": HASH})),
            &["approval.other_letter"],
        ),
        (
            with_approver(),
            "colin",
            do_("approve", json!({"letter_sha256": "b", "judged": false})),
            &["approval.letter_changed", "approval.not_judged"],
        ),
        (
            approved(),
            "amina",
            do_(
                "issue",
                json!({"sent_on": "2026-11-23", "letter_sha256": "b", "files": []}),
            ),
            &["issue.other_letter"],
        ),
        (
            issued(),
            "petra",
            do_(
                "publish",
                json!({"published_on": "2026-11-23", "address": "../Etc", "title": ""}),
            ),
            &["publication.no_title", "publication.bad_address"],
        ),
        (
            issued(),
            "petra",
            do_(
                "plan_publication",
                json!({"published_on": "2026-11-23", "address": "2026/x", "title": "X"}),
            ),
            &["publication.not_later"],
        ),
        (
            issued(),
            "candour",
            do_(
                "publish",
                json!({"published_on": "2026-11-23", "address": "2026/x", "title": "X"}),
            ),
            &["publication.not_planned"],
        ),
        (
            closed(),
            "tess",
            do_("show_applicant", json!({"reason": "to_send"})),
            &["applicant.wrong_reason"],
        ),
        (
            closed().then(
                "ivor",
                do_("hold_retention", json!({"reason": "complaint"})),
            ),
            "ivor",
            do_(
                "destroy",
                json!({"destroyed_on": "2026-11-23", "rule": "FOI-3"}),
            ),
            &["retention.held"],
        ),
        (
            overdue,
            "amina",
            do_(
                "close",
                json!({"closed_on": "2026-11-23", "reason": "invalid"}),
            ),
            &["closure.wrong_reason"],
        ),
    ];
    for (story, account, command, expected) in rows {
        let command: Command = serde_json::from_value(command).unwrap();
        let codes = world.codes(&story.history, &someone(account), &command);
        assert_eq!(codes, expected, "{account} {command:?}");
    }
}

#[test]
fn nobody_approves_or_reviews_their_own_decision() {
    let mut story = with_approver();
    let approval: Command = serde_json::from_value(do_(
        "approve",
        json!({"letter_sha256": HASH, "judged": true}),
    ))
    .unwrap();
    let refused = story
        .try_step(&actor("amina", Role::Approver), &approval)
        .unwrap_err();
    assert!(refused.contains("approval.own_decision"), "{refused}");
    let mut story = issued().then("applicant", do_("ask_review",
        json!({"received_on": "2026-11-23", "questions": [], "text": "No.", "late_but_taken_because": null})));
    let decided: Command = serde_json::from_value(do_("decide_review", json!({"sent_on": "2026-11-23", "basis": basis(), "questions": [
        {"question": "q1", "outcome": "original_upheld", "reason": "Looked afresh.", "decision": null}]}))).unwrap();
    for part in ["amina", "colin"] {
        let refused = story
            .try_step(&actor(part, Role::Approver), &decided)
            .unwrap_err();
        assert!(
            refused.contains("review.not_new") && refused.contains("review.question_missing"),
            "{refused}"
        );
    }
}

#[test]
fn a_late_case_is_not_closed_without_its_cause() {
    let story = open().on(date(2026, 12, 2)).then(
        "candour",
        do_("mark_overdue", json!({"due_on": "2026-12-01"})),
    );
    assert!(
        story.case().is_overdue(date(2026, 12, 2)) && !story.case().is_overdue(date(2026, 12, 1))
    );
    let mut story = story.then(
        "tess",
        do_(
            "seek_clarification",
            json!({"questions": ["q1", "q2"], "wording": "Which?", "sought_on": "2026-12-02"}),
        ),
    );
    let close: Command = serde_json::from_value(do_(
        "close",
        json!({"closed_on": "2026-12-02", "reason": "clarification_lapsed"}),
    ))
    .unwrap();
    assert!(
        story
            .try_step(&someone("amina"), &close)
            .unwrap_err()
            .contains("closure.no_late_cause")
    );
    let mut story = story.then(
        "amina",
        do_("choose_late_cause", json!({"cause": "unclear_request"})),
    );
    story.try_step(&someone("amina"), &close).unwrap();
    assert_eq!(
        story.case().outcome(),
        Some(Outcome::ClarificationNotReceived)
    );
}

#[test]
fn a_decision_made_after_a_letter_was_composed_undoes_the_letter() {
    let mut story = decided().then(
        "amina",
        do_(
            "compose_draft",
            json!({"letter_sha256": HASH, "files": [], "errors": [], "warnings": []}),
        ),
    );
    let again: Command = serde_json::from_value(decide(
        "q1",
        json!({"answer": {"answer": {"filled": "Other figures."}}}),
        Some("r"),
    ))
    .unwrap();
    story.try_step(&someone("amina"), &again).unwrap();
    assert!(story.case().draft.is_none());
    assert!(matches!(
        story
            .case()
            .question(&QuestionId("q1".into()))
            .unwrap()
            .decision
            .as_ref()
            .unwrap()
            .decision,
        Decision::Answer { .. }
    ));
}

#[test]
fn part_of_what_is_withheld_can_be_given() {
    let part = |given: &str, withheld: &str| json!({"given": given, "withheld": withheld});
    let decide = |decision: Value, part: Value| {
        let mut made = decide("q1", decision, Some("r"));
        made["with"]["in_part"] = part;
        made
    };
    let mut story = decided()
        .then("lena", harm("q1", "content"))
        .then("amina", interest("q1", "content", "FOIA s.31(1)(a)"));
    for (command, code) in [
        (
            decide(withheld(), part(" ", "The months.")),
            "decision.nothing_given",
        ),
        (
            decide(withheld(), part("The totals.", "")),
            "decision.nothing_withheld",
        ),
        (
            decide(json!("not_held"), part("The totals.", "The months.")),
            "decision.not_in_part",
        ),
    ] {
        let command: Command = serde_json::from_value(command).unwrap();
        let refused = story.try_step(&someone("amina"), &command).unwrap_err();
        assert!(refused.contains(code), "{refused}");
    }
    let mut with_file = decide(withheld(), part("The totals.", "The months."));
    with_file["with"]["files"] =
        json!([{"file": {"sha256": HASH, "name": "totals.csv", "bytes": 3}}]);
    let story = story.then("amina", with_file);
    assert!(state(&story, "q1").decision.as_ref().unwrap().gives());
}

/// A public interest test of other words, that comes out as said.
fn weighed_again(question: &str, about: &str, provision: &str, maintained: bool) -> Value {
    let mut again = interest(question, about, provision);
    again["with"]["conclusion"] = json!("Weighed once more.");
    again["with"]["maintained"] = json!(maintained);
    again
}

fn state<'a>(story: &'a Story, question: &str) -> &'a casework::case::QuestionState {
    story.case().question(&QuestionId(question.into())).unwrap()
}

fn draft() -> Value {
    do_(
        "compose_draft",
        json!({"letter_sha256": HASH, "files": [], "errors": [], "warnings": []}),
    )
}

#[test]
fn a_refusal_follows_the_public_interest_until_it_has_left() {
    let story = decided()
        .then("lena", harm("q1", "content"))
        .then("amina", interest("q1", "content", "FOIA s.31(1)(a)"))
        .then("amina", decide("q1", withheld(), None))
        .then("amina", draft())
        .then(
            "ruth",
            weighed_again("q1", "content", "FOIA s.31(1)(a)", true),
        );
    let Decision::Withheld(exemptions) = &state(&story, "q1").decision.as_ref().unwrap().decision
    else {
        panic!("not withheld any more");
    };
    let casework::decision::AppliedExemption::QualifiedPrejudice {
        public_interest, ..
    } = &exemptions[0]
    else {
        panic!("another exemption");
    };
    assert_eq!(public_interest.favouring, ["About this one."]);
    assert_eq!(
        public_interest.balance,
        casework::decision::Slot::Filled("Weighed once more.".to_owned())
    );
    assert!(story.case().draft.is_none() && story.case().deciders.contains("ruth"));

    let story = story.then("amina", draft()).then(
        "amina",
        weighed_again("q1", "content", "FOIA s.31(1)(a)", false),
    );
    assert!(state(&story, "q1").decision.is_none() && state(&story, "q1").duty_applies());
    assert!(story.case().draft.is_none());
}

#[test]
fn neither_confirming_nor_denying_follows_its_public_interest_and_can_be_decided_again() {
    let again = |maintained| {
        decided().then(
            "amina",
            weighed_again("q2", "confirm_or_deny", "FOIA s.31(3)", maintained),
        )
    };
    let story = again(true);
    let kept = state(&story, "q2");
    let Decision::NeitherConfirmedNorDenied(neither) = &kept.decision.as_ref().unwrap().decision
    else {
        panic!("another decision");
    };
    assert_eq!(
        neither.public_interest.balance,
        casework::decision::Slot::Filled("Weighed once more.".to_owned())
    );
    assert!(kept.neither_confirmed_nor_denied());
    // The question can be looked at once more, either way.
    let other = story.then("amina", consider_neither("q2"));
    assert!(state(&other, "q2").decision.is_none());
    let opened = other.then("amina", duty("q2"));
    assert!(state(&opened, "q2").duty_applies());

    let released = again(false);
    let taken_back = state(&released, "q2");
    assert!(taken_back.decision.is_none() && taken_back.outcome().is_none());
    // What has left stays as it left.
    assert!(state(&issued(), "q2").neither_confirmed_nor_denied());
}

#[test]
fn routine_work_comes_on_its_day_once_and_is_planned_for_it() {
    use casework::routine::{Retention, due, next_on};
    let world = World::new();
    let retention = Retention {
        years: 3,
        rule: "FOI-3".into(),
    };
    let mut story = received();
    let mut log: Vec<(Date, String)> = Vec::new();
    let mut day = date(2026, 11, 2);
    // Every day as a node would: look, do what is due, look again.
    while day <= date(2026, 12, 8) {
        story.on = day;
        let planned = next_on(story.case(), day, &world.calendar, &retention).unwrap();
        let commands = due(story.case(), day, &world.calendar, &retention).unwrap();
        assert_eq!(
            commands.is_empty(),
            planned.is_none_or(|on| on > day),
            "{day} {planned:?} {commands:?}"
        );
        for command in &commands {
            story.try_step(&Actor::candour(), command).unwrap();
            log.push((day, command.kind().spelling().to_owned()));
        }
        assert!(
            due(story.case(), day, &world.calendar, &retention)
                .unwrap()
                .is_empty()
        );
        day = day.tomorrow().unwrap();
    }
    let expected = [
        (date(2026, 11, 2), "acknowledge"),
        // Monday 30 November is a bank holiday in Scotland: 23 November is five working days before 1 December.
        (date(2026, 11, 23), "remind"),
        (date(2026, 11, 26), "remind"),
        (date(2026, 12, 1), "remind"),
        (date(2026, 12, 2), "mark_overdue"),
    ];
    let expected: Vec<(Date, String)> = expected
        .iter()
        .map(|(on, what)| (*on, (*what).to_owned()))
        .collect();
    assert_eq!(log, expected);

    let closed = closed();
    assert!(
        due(
            closed.case(),
            date(2029, 11, 22),
            &world.calendar,
            &retention
        )
        .unwrap()
        .is_empty()
    );
    assert_eq!(
        due(
            closed.case(),
            date(2029, 11, 23),
            &world.calendar,
            &retention
        )
        .unwrap()
        .len(),
        1
    );
    let held = self::closed().then(
        "ivor",
        do_("hold_retention", json!({"reason": "complaint"})),
    );
    assert!(
        due(held.case(), date(2030, 1, 1), &world.calendar, &retention)
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        next_on(held.case(), date(2030, 1, 1), &world.calendar, &retention).unwrap(),
        None
    );

    let planned = issued().then("petra", do_("plan_publication",
        json!({"published_on": "2026-12-01", "address": "2026/cyber", "title": "Cyber incidents"})));
    assert!(
        due(
            planned.case(),
            date(2026, 11, 30),
            &world.calendar,
            &retention
        )
        .unwrap()
        .is_empty()
    );
    let mut planned = planned.on(date(2026, 12, 1));
    for command in due(
        planned.case(),
        date(2026, 12, 1),
        &world.calendar,
        &retention,
    )
    .unwrap()
    {
        planned.try_step(&Actor::candour(), &command).unwrap();
    }
    assert!(planned.case().publication.is_some() && planned.case().publication_plan.is_none());
}

/// A request waits for its fee for three months that begin with the day of the notice, FOIA s.9(2): until the day before
/// the same day of the third month, or the last day of a month that has no such day.
#[test]
fn an_unpaid_request_is_not_closed_while_its_fee_can_be_paid() {
    let close = |on: &str| do_("close", json!({"closed_on": on, "reason": "fee_not_paid"}));
    let fee = json!({"given_on": "2026-11-30", "pence": 1200});
    let waiting = || {
        open()
            .on(date(2026, 11, 30))
            .then("amina", do_("give_fees_notice", fee.clone()))
    };
    let mut early = waiting().on(date(2027, 2, 28));
    let refused = early.try_step(
        &someone("amina"),
        &serde_json::from_value(close("2027-02-28")).unwrap(),
    );
    assert!(
        refused
            .unwrap_err()
            .contains("can be paid until 28 February 2027")
    );
    let closed = waiting()
        .on(date(2027, 3, 1))
        .then("amina", close("2027-03-01"));
    assert_eq!(closed.case().state, State::Closed);
}

/// Only somebody who says what becomes of what was added has dealt with it; once, and with the reference where it is a
/// request of its own.
#[test]
fn what_was_added_is_open_until_somebody_says_what_becomes_of_it() {
    let added = do_(
        "add_to_request",
        json!({"text": "I also mean 2024.", "received_on": "2026-11-03", "attachments": [], "asks": false}),
    );
    let mut story = open()
        .on(date(2026, 11, 3))
        .then("applicant", added)
        .then("amina", duty("q1"));
    let open_ones = |story: &Story| -> Vec<usize> {
        let open = story.case().open_additions();
        open.map(|(number, _)| number).collect()
    };
    assert_eq!(open_ones(&story), [1]);
    let deal = |addition: usize, outcome: Value| -> Command {
        serde_json::from_value(do_(
            "deal_with_addition",
            json!({"addition": addition, "outcome": outcome}),
        ))
        .unwrap()
    };
    let account = json!("taken_into_account");
    for (addition, outcome, code) in [
        (0, &account, "dealing.unknown"),
        (2, &account, "dealing.unknown"),
        (1, &json!({"new_request": " "}), "dealing.no_reference"),
    ] {
        let codes = story.world.codes(
            &story.history,
            &someone("tess"),
            &deal(addition, outcome.clone()),
        );
        assert_eq!(codes, [code]);
    }
    story
        .try_step(&someone("tess"), &deal(1, account.clone()))
        .unwrap();
    assert_eq!(open_ones(&story), [] as [usize; 0]);
    let codes = story
        .world
        .codes(&story.history, &someone("tess"), &deal(1, account));
    assert_eq!(codes, ["dealing.done"]);
}

/// Who asked can let one question go and keep the others: nothing more is done about it, a letter that is under way is
/// another one, and the last to go takes the request with it.
#[test]
fn one_question_is_withdrawn_and_the_others_stay() {
    let without = |questions: &[&str]| {
        do_(
            "withdraw",
            json!({"received_on": "2026-11-02", "questions": questions}),
        )
    };
    let world = World::new();
    let refused = |story: &Story, command: Value| {
        let command: Command = serde_json::from_value(command).unwrap();
        world.codes(&story.history, &someone("amina"), &command)
    };
    let too_soon = refused(&received(), without(&["q1"]));
    assert!(too_soon.contains(&"withdrawal.questions_not_confirmed"));
    let story = approved().then("applicant", without(&["q2"]));
    let case = story.case();
    assert_eq!(case.state, State::Open);
    assert_eq!((&case.draft, &case.letter_in_approval), (&None, &None));
    assert_eq!(case.open_questions().count(), 1);
    assert_eq!(state(&story, "q2").decision, None);
    assert_eq!(case.outcome(), None);
    for command in [
        without(&["q2"]),
        consider_neither("q2"),
        decide("q2", withheld(), None),
        do_(
            "seek_clarification",
            json!({"questions": ["q2"], "wording": "Which?", "sought_on": "2026-11-02"}),
        ),
        do_(
            "assign",
            json!({"area": "ict", "questions": ["q2"], "wanted_on": "2026-11-09"}),
        ),
    ] {
        let codes = refused(&story, command);
        assert!(codes.contains(&"question.withdrawn"), "{codes:?}");
    }
    // The rest is answered, and adds up without it.
    let answered = story.then("amina", draft()).sent();
    assert_eq!(answered.case().state, State::Issued);
    assert_eq!(state(&answered, "q2").answered_on, None);
    assert!(answered.case().outcome().is_some());
    let review = answered.then(
        "applicant",
        do_(
            "ask_review",
            json!({"received_on": "2026-11-02", "questions": [], "text": "No.", "late_but_taken_because": null}),
        ),
    );
    let request = review.case().review.as_ref().unwrap();
    let under: Vec<&str> = review
        .case()
        .under_review(request)
        .map(|state| state.question.id.0.as_str())
        .collect();
    assert_eq!(under, ["q1"]);
    // The last to go takes the request with it.
    let gone = open()
        .then("applicant", without(&["q1"]))
        .then("applicant", without(&["q2"]));
    assert_eq!(gone.case().state, State::Closed);
    assert_eq!(gone.case().outcome(), Some(Outcome::Withdrawn));
}

/// What asks for one's own data, for environmental information or for an everyday service leaves the Act's queue with its own
/// day, and comes back with the day that it always had; what is answered in part, or closed otherwise, is not passed on.
#[test]
fn a_request_is_dealt_with_under_the_law_that_it_falls_under() {
    let treat = |regime: &str, to: Option<&str>| {
        do_(
            "choose_treatment",
            match to {
                Some(to) => json!({"regime": regime, "passed_to": to}),
                None => json!({"regime": regime}),
            },
        )
    };
    let world = World::new();
    let codes = |story: &Story, command: Value| {
        let command: Command = serde_json::from_value(command).unwrap();
        world.codes(&story.history, &someone("tess"), &command)
    };
    for (regime, due_on) in [
        ("own_personal_data", Some(date(2026, 12, 2))),
        ("environmental_information", Some(date(2026, 12, 1))),
        ("service_matter", None),
    ] {
        let story = received().then("tess", treat(regime, Some("people")));
        let case = story.case();
        assert_eq!(case.state, State::Closed);
        assert_eq!(case.passed_on().unwrap().due_on, due_on, "{regime}");
        assert_eq!(
            (case.next_due_on(), case.outcome()),
            (None, Some(Outcome::PassedOn))
        );
        assert_eq!(case.waiting_for(), WaitingFor::Nobody);
        // Nothing is decided, searched or published there meanwhile, and it isn't passed on twice.
        assert_eq!(
            codes(&story, treat(regime, None)),
            ["treatment.closed"],
            "{regime}"
        );
        assert_eq!(
            codes(&story, do_("confirm_questions", questions())),
            ["case.not_allowed"]
        );
        let back = story.then("amina", treat("freedom_of_information", None));
        let case = back.case();
        assert_eq!((case.state, case.outcome()), (State::Received, None));
        assert_eq!(case.next_due_on(), Some(date(2026, 12, 1)));
        assert!(case.treated.as_ref().unwrap().taken_back);
    }
    // What was confirmed before stays so.
    let back = open()
        .then("amina", treat("service_matter", None))
        .then("amina", treat("several", None));
    assert_eq!(back.case().state, State::Open);
    assert!(back.case().questions_confirmed);
    let here = treat("freedom_of_information", Some("people"));
    assert_eq!(codes(&open(), here), ["treatment.passed_on"]);
    let nobody = treat("own_personal_data", Some(" "));
    assert_eq!(codes(&open(), nobody), ["treatment.no_team"]);
    assert_eq!(
        codes(&closed(), treat("freedom_of_information", None)),
        ["treatment.closed"]
    );
    // Nothing more is planned for it but the end of its keeping.
    let passed = open().then("amina", treat("own_personal_data", Some("people")));
    let retention = casework::routine::Retention {
        years: 3,
        rule: "FOI-3".into(),
    };
    let next = casework::routine::next_on(
        passed.case(),
        date(2026, 11, 23),
        &world.calendar,
        &retention,
    );
    assert_eq!(next.unwrap(), Some(date(2029, 11, 2)));
}

/// A review changes the answer and not what the log shows: that a publisher does, at the same address.
#[test]
fn what_a_review_changed_is_published_by_a_publisher() {
    let publish = |address: &str, title: &str| {
        do_(
            "publish",
            json!({"published_on": "2026-11-23", "address": address, "title": title}),
        )
    };
    let now = json!({"answer": {"answer": {"filled": "Fourteen."}}});
    let reviewed = issued()
        .then("petra", publish("2026/cyber", "Cyber incidents"))
        .then(
            "applicant",
            do_(
                "ask_review",
                json!({"received_on": "2026-11-23", "questions": ["q1"], "text": "No.", "late_but_taken_because": null}),
            ),
        )
        .then(
            "ruth",
            do_(
                "decide_review",
                json!({"sent_on": "2026-11-23", "basis": basis(), "questions": [
                    {"question": "q1", "outcome": "changed", "reason": "Looked afresh.", "decision": now}]}),
            ),
        );
    let case = reviewed.case();
    assert!(case.is_superseded_in_log());
    let state = state(&reviewed, "q1");
    assert_ne!(state.in_log(), state.decision.as_ref());
    let world = World::new();
    for (address, title, code) in [
        ("2026/other", "Cyber incidents", "publication.other_address"),
        ("2026/cyber", &"x".repeat(201), "publication.long_title"),
    ] {
        let command: Command = serde_json::from_value(publish(address, title)).unwrap();
        let codes = world.codes(&reviewed.history, &someone("petra"), &command);
        assert_eq!(codes, [code]);
    }
    let again = reviewed.then("petra", publish("2026/cyber", "Cyber incidents"));
    assert!(!again.case().is_superseded_in_log());
    let command: Command = serde_json::from_value(publish("2026/cyber", "Again")).unwrap();
    let codes = world.codes(&again.history, &someone("petra"), &command);
    assert_eq!(codes, ["publication.there"]);
}

/// That we will say whether something is held binds nobody while nobody was asked to look for it: the question can still be
/// corrected, and is open again.
#[test]
fn a_question_is_corrected_until_somebody_looks_for_it() {
    let corrected = || {
        let mut with = questions();
        with["questions"][0]["id"] = json!("q3");
        do_("confirm_questions", with)
    };
    let command: Command = serde_json::from_value(corrected()).unwrap();
    let world = World::new();
    let codes = |story: &Story| world.codes(&story.history, &someone("amina"), &command);
    let begun = open().then("amina", duty("q1"));
    assert_eq!(codes(&begun), Vec::<&str>::new());
    let again = begun.then("amina", corrected());
    assert_eq!(state(&again, "q3").outcome(), None);
    let asked = open().then("amina", duty("q1")).then(
        "amina",
        do_(
            "assign",
            json!({"area": "ict", "questions": ["q1"], "wanted_on": "2026-11-09"}),
        ),
    );
    assert_eq!(codes(&asked), ["questions.decided"]);
    let searched = open().then("amina", duty("q1")).then(
        "gareth",
        do_("finish_search", json!({"question": "q1", "area": "ict"})),
    );
    assert_eq!(codes(&searched), ["questions.decided"]);
}
