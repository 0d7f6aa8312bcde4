//! The notice reader on any text: no panic, spans on character boundaries, the same answer twice.
#![no_main]

use std::sync::LazyLock;

use casework::notice::{Decisions, Known, Phrases, Sources, check};
use law::{Calendar, Statute};
use libfuzzer_sys::fuzz_target;

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../data/", $name))
    };
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::parse(&[
        ("voice.toml", data!("notice/voice.toml")),
        ("refusal.toml", data!("notice/refusal.toml")),
        ("reasons.toml", data!("notice/reasons.toml")),
        ("public-interest.toml", data!("notice/public-interest.toml")),
        ("rights.toml", data!("notice/rights.toml")),
        ("particulars.toml", data!("notice/particulars.toml")),
    ])
    .expect("the phrases that come with the program")
});
static STATUTE: LazyLock<Statute> =
    LazyLock::new(|| Statute::parse(data!("law/foia.toml")).expect("the Act that comes with the program"));
static CALENDAR: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::parse(data!("law/bank-holidays.csv")).expect("the calendar that comes with the program"));
static DECISIONS: LazyLock<Decisions> =
    LazyLock::new(|| Decisions::parse(data!("law/decisions.toml")).expect("the records that come with the program"));

fuzz_target!(|text: &str| {
    let sources = Sources {
        phrases: &PHRASES,
        statute: &STATUTE,
        calendar: Some(&CALENDAR),
        decisions: &DECISIONS,
    };
    let known = Known {
        received_on: "2026-11-02".parse().ok(),
        issued_on: None,
    };
    let notice = check(text, &known, &sources);
    let spans = notice
        .citations
        .iter()
        .chain(&notice.mentions)
        .map(|cited| Some(&cited.span))
        .chain(notice.elements.iter().map(|element| element.span.as_ref()))
        .chain(notice.findings.iter().map(|finding| finding.span.as_ref()))
        .flatten();
    for span in spans {
        assert!(text.get(span.clone()).is_some());
    }
    assert_eq!(notice, check(text, &known, &sources));
});
