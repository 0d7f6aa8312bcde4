//! A notice of five pages checked. `cargo bench -p casework`
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench reads the clock and the data that comes with the program"
)]

use std::hint::black_box;
use std::time::Instant;

use casework::notice::{Decisions, Known, Phrases, Sources, check};
use law::{Calendar, Statute};

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../../data/", $name))
    };
}

/// A refusal of five pages: as many words as 2,500, from an invented notice with all its parts.
fn five_pages() -> String {
    const OPENING: &str = "Our reference: INV-2026-0001\n2 December 2026\n\nThank you for your request, which we received on 4 November 2026. We have dealt with it under the Freedom of Information Act 2000.\n\n";
    const QUESTION: &str = "Question {n}\n\nYou asked which version of the operating system each of our servers runs. We hold this information. We are withholding it because it is exempt under section 31(1)(a) of the Freedom of Information Act 2000, which protects the prevention or detection of crime. A version tells an attacker which published weaknesses to try against the equipment, and nothing already public does. We have decided that disclosing it would be likely to prejudice the prevention or detection of crime: there is a real and significant chance of it.\n\nWe have weighed the public interest. In favour of disclosure: people should be able to see that public money spent on technology is well spent, and people whose data we hold should be able to judge whether we look after it. In favour of maintaining the exemption: there is a strong public interest in preventing crimes against the systems that public services run on, and an attack would stop services that residents depend on. We have concluded that the public interest in maintaining the exemption outweighs the public interest in disclosure, because the versions are in use today and the spending is published already.\n\n";
    const CLOSING: &str = "If you are unhappy with this reply you may ask us for an internal review within 40 working days of its date by writing to review@example.org. We aim to answer within 20 working days. If you are still dissatisfied you may apply to the Information Commissioner under section 50 of the Freedom of Information Act 2000 for a decision. The Commissioner can be reached at https://ico.org.uk/make-a-complaint or on 0303 123 1113.\n";
    let mut text = OPENING.to_owned();
    let mut number = 1;
    while text.split_whitespace().count() < 2_500 {
        text.push_str(&QUESTION.replace("{n}", &number.to_string()));
        number += 1;
    }
    text.push_str(CLOSING);
    text
}

fn main() {
    let phrases = Phrases::parse(&[
        ("voice.toml", data!("notice/voice.toml")),
        ("refusal.toml", data!("notice/refusal.toml")),
        ("reasons.toml", data!("notice/reasons.toml")),
        ("public-interest.toml", data!("notice/public-interest.toml")),
        ("rights.toml", data!("notice/rights.toml")),
        ("particulars.toml", data!("notice/particulars.toml")),
    ])
    .unwrap();
    let statute = Statute::parse(data!("law/foia.toml")).unwrap();
    let calendar = Calendar::parse(data!("law/bank-holidays.csv")).unwrap();
    let decisions = Decisions::parse(data!("law/decisions.toml")).unwrap();
    let sources = Sources {
        phrases: &phrases,
        statute: &statute,
        calendar: Some(&calendar),
        decisions: &decisions,
    };
    let known = Known {
        received_on: Some("2026-11-04".parse().unwrap()),
        issued_on: None,
        due_on: None,
    };
    let text = five_pages();
    assert!(!check(&text, &known, &sources).citations.is_empty());
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let start = Instant::now();
            black_box(check(black_box(&text), &known, &sources));
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "five pages ({} words) checked: median {:.2} ms, slowest {:.2} ms",
        text.split_whitespace().count(),
        times[100],
        times[199]
    );
}
