//! How fast one question is held against everything published, and how long the index takes to build.
//!
//! `cargo bench -p casework --bench public_record -- 1000000` measures with so many entries; without a number, with
//! 50,000.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a failing bench stops, and it measures time"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use casework::public_record::{
    Contract, Exchange, Index, Lexicon, Outcome, Path, PublishedEntry, ReadEntry, Reading, Says,
    Source, check, question_of,
};
use jiff::ToSpan;
use jiff::civil::date;
use triage::Vocabulary;

const TITLES: &[&str] = &[
    "Managed firewall service",
    "Anti-virus",
    "Laptops, desktops and monitors",
    "Telephone system",
    "Backup solution",
    "Housing Management System (CareCompass)",
    "Refuse and recycling collection",
    "Grounds maintenance",
    "Legal services panel",
    "Database licences – SQL Server",
    "Wide area network",
    "Email filtering",
    "Library management system",
    "Office furniture",
    "Residential care placements",
    "Penetration testing",
    "Web filtering",
    "Microsoft 365 licences",
    "Printing",
    "Roof renewals",
];
const DESCRIPTIONS: &[&str] = &[
    "Annual subscription",
    "Supply, support and maintenance",
    "2,400 users",
    "",
    "FortiGate 200F, version 7.2",
    "Managed service for offices, depots and libraries",
    "Sophos Intercept X",
    "Call-off under a national framework",
];
const QUESTIONS: &[&str] = &[
    "Which firewall do you use, and which version?",
    "How many laptops does the council have?",
    "Which cyber security products do you use?",
    "Do you use CareCompass?",
    "Was the council hit by ransomware in October 2026?",
    "Please list all the software that the council uses, with supplier and end date.",
];

fn one_of<'a>(words: &[&'a str], number: u64) -> &'a str {
    words[usize::try_from(number).unwrap() % words.len()]
}

fn entry(number: u64) -> PublishedEntry {
    let published_on = date(2015, 1, 1)
        .checked_add(i64::try_from(number % 4200).unwrap().days())
        .unwrap();
    let says = if number.is_multiple_of(4) {
        Says::Exchanges(vec![Exchange {
            question: one_of(QUESTIONS, number / 4).to_owned(),
            answer: one_of(DESCRIPTIONS, number / 24).to_owned(),
            outcome: if number.is_multiple_of(8) {
                Outcome::Answered
            } else {
                Outcome::Withheld
            },
        }])
    } else {
        Says::Contract(Contract {
            title: one_of(TITLES, number).to_owned(),
            description: one_of(DESCRIPTIONS, number / 20).to_owned(),
            department: "Resources".to_owned(),
            supplier: "Fernbridge Computing Ltd".to_owned(),
            value: Some("48000.00".to_owned()),
            starts_on: Some(published_on),
            ends_on: published_on.checked_add(1500.days()).ok(),
        })
    };
    PublishedEntry {
        source: if number.is_multiple_of(4) {
            Source::DisclosureLog
        } else {
            Source::Register
        },
        id: format!("HM-{number}"),
        place: format!("https://harrowmere.example/{number}"),
        published_on: Some(published_on),
        withdrawn_on: None,
        says,
    }
}

fn main() {
    let count: u64 = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(50_000);
    let data = |name: &str| {
        std::fs::read_to_string(format!("{}/../../data/{name}", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
    };
    let vocabulary = Vocabulary::parse(
        &data("triage/subjects.toml"),
        &data("triage/information.toml"),
        &data("triage/exclusions.toml"),
        &data("triage/cues.toml"),
    )
    .unwrap();
    let lexicon = Lexicon::parse(&data("public-record/things.toml"), &vocabulary).unwrap();
    let reading = Reading {
        vocabulary: &vocabulary,
        lexicon: &lexicon,
    };
    let start = Instant::now();
    let mut index = Index::default();
    for number in 0..count {
        index.add(&reading, &entry(number));
    }
    let built = start.elapsed();
    println!(
        "{count} entries read and indexed in {built:.1?}, {:.1} microseconds each",
        built.as_secs_f64() * 1e6 / count as f64
    );
    let lookup = |_: Source, id: &str| {
        let number = id.strip_prefix("HM-")?.parse().ok()?;
        Some(Arc::new(ReadEntry::new(&reading, entry(number))))
    };
    for text in QUESTIONS {
        let question = question_of(&vocabulary, text);
        let mut times: Vec<Duration> = Vec::new();
        let mut found = 0;
        for _ in 0..60 {
            let start = Instant::now();
            let checked = check(
                &index,
                &reading,
                text,
                &question,
                Path::NeitherConfirmNorDeny,
                date(2026, 11, 27),
                &lookup,
            );
            times.push(start.elapsed());
            found = checked.hits.len() + checked.more;
        }
        times.sort_unstable();
        println!(
            "{:>9.2?} median {:>9.2?} slowest of 60, {found:>7} found: {text}",
            times[times.len() / 2],
            times[times.len() - 1]
        );
    }
}
