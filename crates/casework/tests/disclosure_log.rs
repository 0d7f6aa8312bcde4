//! The disclosure log and the personal-data check: worked examples, and what must always hold.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a failed expectation is the test's way to speak, and it reads the project's data"
)]

use std::sync::LazyLock;

use casework::case::History;
use casework::command::{Setting, check};
use casework::disclosure_log::{
    Choice, LogEntry, LogField, LogQuestion, LogState, Removal, address_of, compose, is_address,
    state,
};
use casework::event::{Attachment, CaseId, Event, Reason, Recorded, ReleasedFile};
use casework::leak_guard::LeakGuard;
use casework::personal_data::{PersonalDataCheck, PersonalDataKind};
use casework::public_record::Outcome;
use casework::role::Actor;
use jiff::civil::date;
use proptest::prelude::*;

fn data(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

static CHECK: LazyLock<PersonalDataCheck> =
    LazyLock::new(|| PersonalDataCheck::parse(&data("public-record/personal-data.toml")).unwrap());
static GUARD: LazyLock<LeakGuard> =
    LazyLock::new(|| LeakGuard::parse(&data("wording/en/leaks.toml")).unwrap());

fn entry(title: &str, question: &str, answer: &str, outcome: Outcome) -> LogEntry {
    LogEntry {
        address: "2026/an-entry".to_owned(),
        reference: "HM-2026-0417".to_owned(),
        title: title.to_owned(),
        category: "ICT".to_owned(),
        answered_on: date(2026, 11, 2),
        published_on: date(2026, 11, 9),
        questions: vec![LogQuestion {
            label: "1".to_owned(),
            question: question.to_owned(),
            outcome,
            answer: answer.to_owned(),
            reasons: Vec::new(),
            provisions: Vec::new(),
        }],
        changes: Vec::new(),
        removed: None,
    }
}

#[test]
fn personal_data_is_found_where_it_stands_and_taken_out() {
    let entry = entry(
        "Laptops bought in 2026",
        "My name is Jo Bloggs. How many laptops did Dr Adeyemi buy?",
        "240. Ask Priya Shah on 07700 900456 or foi@harrowmere.example; 3 staff left.",
        Outcome::Answered,
    );
    let found: Vec<(LogField, PersonalDataKind, String)> = entry
        .findings(&CHECK, &GUARD, &[])
        .into_iter()
        .map(|finding| (finding.field, finding.kind.unwrap(), finding.text))
        .collect();
    assert_eq!(
        found,
        [
            (
                LogField::Question(0),
                PersonalDataKind::Name,
                "Jo Bloggs".to_owned()
            ),
            (
                LogField::Question(0),
                PersonalDataKind::Name,
                "Dr Adeyemi".to_owned()
            ),
            (
                LogField::Answer(0),
                PersonalDataKind::Name,
                "Priya Shah".to_owned()
            ),
            (
                LogField::Answer(0),
                PersonalDataKind::Telephone,
                "07700 900456".to_owned()
            ),
            (
                LogField::Answer(0),
                PersonalDataKind::SmallNumber,
                "3 staff".to_owned()
            ),
        ]
    );
    let clean = entry.without_personal_data(&CHECK, &[]);
    assert_eq!(
        clean.questions[0].question,
        "My name is [person's name removed]. How many laptops did [person's name removed] buy?"
    );
    assert_eq!(
        clean.questions[0].answer,
        "240. Ask [person's name removed] on [telephone number removed] or foi@harrowmere.example; fewer than five staff left."
    );
    assert!(clean.findings(&CHECK, &GUARD, &[]).is_empty());
}

#[test]
fn what_the_case_knows_of_its_applicant_is_found_whatever_it_looks_like() {
    let entry = entry(
        "Bins",
        "I, oriel quarles, ask about bins.",
        "Weekly.",
        Outcome::Answered,
    );
    assert!(entry.findings(&CHECK, &GUARD, &[]).is_empty());
    let found = entry.findings(&CHECK, &GUARD, &["Oriel Quarles"]);
    assert_eq!(found[0].kind, Some(PersonalDataKind::Applicant));
    assert_eq!(found[0].text, "oriel quarles");
}

#[test]
fn a_title_does_not_tell_what_the_answer_neither_confirms_nor_denies() {
    let neither = Outcome::NeitherConfirmedNorDenied;
    let codes = |entry: &LogEntry| -> Vec<&str> {
        entry
            .findings(&CHECK, &GUARD, &[])
            .iter()
            .map(|finding| finding.code)
            .collect()
    };
    let telling = entry(
        "No such incident in October 2026",
        "Was there an attack?",
        "",
        neither,
    );
    assert_eq!(codes(&telling), ["log.title_tells"]);
    let fine = entry(
        "Question about ransomware, October 2026",
        "Was there an attack?",
        "",
        neither,
    );
    assert!(codes(&fine).is_empty());
    let wordless = entry("Laptops", "How many laptops?", " ", Outcome::Answered);
    assert_eq!(codes(&wordless), ["log.empty"]);
}

#[test]
fn an_address_is_made_of_the_title() {
    let day = date(2026, 11, 27);
    for (title, address) in [
        ("Laptop replacement", "2026/laptop-replacement"),
        (
            "Council's \"Wi-Fi\": what, where & when?",
            "2026/councils-wi-fi-what-where-when",
        ),
        (
            "A very long title about the replacement of all the laptops and desktops of the council",
            "2026/a-very-long-title-about-the-replacement-of-all-the-laptops",
        ),
    ] {
        assert_eq!(address_of(title, day), address);
        assert!(is_address(&address_of(title, day)));
    }
    assert!(!is_address("2026/"));
    assert!(!is_address("../etc"));
    assert!(!is_address("2026/É"));
}

/// Invented cases with their events, each lived to its end.
fn lives(numbers: std::ops::Range<u64>) -> Vec<(History, Vec<Recorded>)> {
    let calendar = law::Calendar::parse(&data("law/bank-holidays.csv")).unwrap();
    let statute = law::Statute::parse(&data("law/foia.toml")).unwrap();
    let id = CaseId("case-1".to_owned());
    numbers
        .map(|number| {
            let life =
                casework::invented::life(number, date(2026, 1, 5), date(2026, 11, 27)).unwrap();
            let mut history = History::Nothing;
            let mut events = Vec::new();
            for step in &life.steps {
                let setting = Setting {
                    today: step.on,
                    calendar: &calendar,
                    statute: &statute,
                    answer_within: law::WorkingDays(20),
                    review_within: law::WorkingDays(20),
                    ask_review_within: law::WorkingDays(40),
                    fee: None,
                };
                for event in check(&history, &step.by, &step.command, &setting).unwrap() {
                    let recorded = recorded(history.seq() + 1, step.by.clone(), event);
                    history = history.with(&id, &recorded);
                    events.push(recorded);
                }
            }
            (history, events)
        })
        .collect()
}

fn recorded(seq: u64, by: Actor, event: Event) -> Recorded {
    Recorded {
        seq,
        at: "2026-11-20T23:30:00Z".parse().unwrap(),
        by,
        event: Some(event),
    }
}

fn choice() -> Choice {
    Choice {
        title: "Laptops and incidents".to_owned(),
        category: "ICT".to_owned(),
        address: String::new(),
        published_on: date(2026, 11, 27),
    }
}

#[test]
fn an_entry_names_the_files_that_went_with_an_answer_and_no_others() {
    let list = ReleasedFile {
        file: Attachment {
            name: "allotments.csv".to_owned(),
            sha256: "00".repeat(32),
            bytes: 2_100,
        },
        hides: Vec::new(),
    };
    let (mut answers, mut others) = (0, 0);
    for (history, mut events) in lives(0..40) {
        let Some(case) = history.case() else { continue };
        for recorded in &mut events {
            if let Some(Event::DecisionMade(made)) = &mut recorded.event {
                made.files = vec![list.clone()];
            }
        }
        let with_files = History::of(&case.id, &events);
        let Ok(entry) = compose(with_files.case().unwrap(), &choice()) else {
            continue;
        };
        for question in &entry.questions {
            let named = question.answer.ends_with(
                "Given with this answer: allotments.csv (2 kB). To have it too, ask us and give the reference.",
            );
            assert_eq!(named, question.outcome == Outcome::Answered, "{question:?}");
            answers += usize::from(named);
            others += usize::from(!named);
        }
    }
    assert!(answers > 5 && others > 5, "{answers} {others}");
}

#[test]
fn an_entry_says_what_was_decided_and_nothing_of_what_was_refused() {
    let mut refused = 0;
    let mut answered = 0;
    for (history, events) in lives(0..80) {
        let Some(case) = history.case() else { continue };
        let Ok(entry) = compose(case, &choice()) else {
            assert!(case.issued.is_empty());
            continue;
        };
        assert_eq!(entry.address, "2026/laptops-and-incidents");
        assert_eq!(
            entry.questions.len(),
            case.questions
                .iter()
                .filter(|question| question.answered_on.is_some())
                .count()
        );
        for question in &entry.questions {
            let closed = matches!(
                question.outcome,
                Outcome::Withheld | Outcome::NeitherConfirmedNorDenied
            );
            assert!(!question.question.is_empty());
            assert!(
                !closed || !question.reasons.is_empty() && question.answer.is_empty(),
                "{question:?}"
            );
            refused += usize::from(closed);
            answered += usize::from(question.outcome == Outcome::Answered);
        }
        let before = History::of(&case.id, events.iter().take(1));
        assert_eq!(
            compose(before.case().unwrap(), &choice()).unwrap_err()[0].code,
            "publication.not_answered"
        );
        let nameless = Choice {
            title: " ".to_owned(),
            address: "No".to_owned(),
            ..choice()
        };
        let codes: Vec<&str> = compose(case, &nameless)
            .unwrap_err()
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(codes, ["publication.no_title", "publication.bad_address"]);
    }
    assert!(refused > 10 && answered > 10, "{refused} {answered}");
}

#[test]
fn a_page_taken_down_leaves_a_tombstone_until_it_is_published_again() {
    let london = |at: jiff::Timestamp| at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let (_, events) = lives(0..80)
        .into_iter()
        .find(|(_, events)| {
            events
                .iter()
                .any(|recorded| matches!(recorded.event, Some(Event::Published(_))))
        })
        .unwrap();
    let at = events
        .iter()
        .position(|recorded| matches!(recorded.event, Some(Event::Published(_))))
        .unwrap();
    assert_eq!(state(&events[..at], london), LogState::Absent);
    let LogState::Published(publication) = state(&events[..=at], london) else {
        panic!("published");
    };
    let by = events[at].by.clone();
    let mut more = events[..=at].to_vec();
    let seq = more.len() as u64;
    more.push(recorded(
        seq + 1,
        by.clone(),
        Event::Unpublished(Reason {
            reason: "A figure was wrong.".to_owned(),
        }),
    ));
    assert_eq!(
        state(&more, london),
        LogState::Removed(
            publication.clone(),
            Removal {
                on: date(2026, 11, 20),
                reason: "A figure was wrong.".to_owned()
            }
        )
    );
    more.push(recorded(
        seq + 2,
        by.clone(),
        Event::PublicationPlanned(publication.clone()),
    ));
    assert_eq!(state(&more, london), LogState::Planned(publication.clone()));
    more.push(recorded(seq + 3, by, Event::Published(publication.clone())));
    assert_eq!(state(&more, london), LogState::Published(publication));
}

#[test]
fn a_mistake_in_the_cues_is_told_with_its_way_out() {
    let good = data("public-record/personal-data.toml");
    for (from, to, code) in [
        (
            "titles = [\"Mr\"",
            "titles = [\"Mr\", \"Mr\"",
            "personal_data.duplicate",
        ),
        (
            "introductions = [",
            "introductions = [\" \", ",
            "personal_data.empty",
        ),
        ("titles = ", "title = ", "personal_data.malformed"),
        (
            "finds = [\"signature\"]",
            "finds = [\"name\"]",
            "personal_data.example_fails",
        ),
        ("\"Limited\"", "\"Limitd\"", ""),
        (
            "Kelly Software Ltd",
            "Kelly Jones",
            "personal_data.example_fails",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let outcome = PersonalDataCheck::parse(&good.replacen(from, to, 1));
        match outcome {
            Ok(_) => assert_eq!(code, ""),
            Err(problems) => assert!(
                problems.iter().any(|problem| problem.code == code),
                "{problems:?}"
            ),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// The applicant is found where a search for whole words without regard to capitals finds them.
    #[test]
    fn the_applicant_is_found_as_whole_words(
        pieces in prop::collection::vec(prop_oneof![
            "[a-zA-Z0-9_ .,ëË-]{0,4}",
            prop::sample::select(vec!["Zoë Reed", "ZOË REED", "zoë reed", "Zoë", "Reed"]).prop_map(str::to_owned),
        ], 0..12),
    ) {
        let text = pieces.concat();
        let found: Vec<_> = CHECK
            .find(&text, &["Zoë Reed"])
            .into_iter()
            .filter(|datum| datum.kind == PersonalDataKind::Applicant)
            .map(|datum| datum.span)
            .collect();
        let searched = regex::Regex::new(r"(?i)\bZoë Reed\b").unwrap();
        let expected: Vec<_> = searched.find_iter(&text).map(|one| one.range()).collect();
        prop_assert_eq!(found, expected, "{}", text);
    }

    /// Whatever stands around it, every span lies on characters, none overlap, and what was planted is taken out.
    #[test]
    fn what_is_found_lies_apart_and_can_be_taken_out(
        pieces in prop::collection::vec(prop_oneof![
            "\\PC{0,12}",
            prop::sample::select(vec![
                "Mr Pryce", "Jane Hartwell", "07700 900123", "j.b@mail.example", "HM4 2AB", "14 Larch Grove",
                "AB 12 34 56 C", "3 pupils", "Kind regards,\nIfor Tanwen\n", "my name is Jo Bloggs", "943 476 5919",
                "£1,004 staff", "foi@harrowmere.example", "AB12 CDE", "\n", ". ",
            ]).prop_map(str::to_owned),
        ], 0..14),
    ) {
        let text = pieces.join(" ");
        let found = CHECK.find(&text, &[]);
        let mut end = 0;
        for datum in &found {
            prop_assert!(text.get(datum.span.clone()).is_some_and(|words| !words.is_empty()));
            prop_assert!(datum.span.start >= end);
            end = datum.span.end;
        }
        // Stars take their bytes, so that every other place in a request is where it was, and nothing of the applicant is left.
        let who = CHECK.who_asked(&text, &[], &["Jane Hartwell", "j.b@mail.example"]);
        let starred = casework::personal_data::starred(&text, &who);
        prop_assert_eq!(starred.len(), text.len());
        for (at, c) in text.char_indices() {
            let is_hidden = who.iter().any(|place| place.contains(&at)) && !c.is_whitespace();
            let stands = starred.get(at..).is_some_and(|rest| rest.starts_with(c));
            prop_assert!(is_hidden || stands, "{}: {}", at, starred);
        }
        prop_assert!(!starred.contains("Jane Hartwell"), "{}", starred);
        let clean = CHECK.without(&text, &found);
        for one in ["Mr Pryce", "07700 900123", "j.b@mail.example", "AB 12 34 56 C"] {
            prop_assert!(!clean.contains(one), "{one} in {clean:?}");
        }
    }

    /// Any title makes an address.
    #[test]
    fn any_title_with_a_letter_makes_an_address(title in "\\PC{0,90}[a-zA-Z]\\PC{0,20}") {
        prop_assert!(is_address(&address_of(&title, date(2026, 1, 2))), "{}", address_of(&title, date(2026, 1, 2)));
    }
}
