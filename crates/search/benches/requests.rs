//! How fast requests are found, how large the index is and how long it takes to build.
//!
//! `cargo bench -p search -- 1000000` measures with so many requests; without a number, with 20,000. A folder named after
//! the number keeps the index, and a second run uses what it finds there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing bench stops")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use casework::invented;
use jiff::ToSpan;
use jiff::civil::date;
use search::{Document, Filter, Searcher};

const STATES: [&str; 4] = ["open", "issued", "closed", "awaiting_clarification"];
const AREAS: [&str; 5] = ["ict", "housing", "highways", "schools", "finance"];
const CATEGORIES: [&str; 3] = ["hardware", "software", "cyber"];
const EXEMPTIONS: [&str; 3] = ["FOIA s.31(1)(a)", "FOIA s.31(3)", "FOIA s.21"];

fn one_of(words: &[&str], number: u64) -> String {
    words[usize::try_from(number).unwrap() % words.len()].to_owned()
}

fn document(number: u64) -> Document {
    let text = invented::text(number);
    let received_on = date(2024, 1, 2)
        .checked_add(i64::try_from(number % 1000).unwrap().days())
        .unwrap();
    Document {
        case_id: format!("{number:032x}"),
        reference: format!("FOI-2026-{number:07}"),
        subject: text.subject,
        questions: text
            .questions
            .into_iter()
            .map(|question| question.text)
            .collect(),
        request: text.text,
        letter: String::new(),
        state: one_of(&STATES, number / 3),
        received_on,
        due_on: number
            .is_multiple_of(4)
            .then(|| received_on.checked_add(28.days()).unwrap()),
        categories: vec![one_of(&CATEGORIES, number / 5)],
        areas: vec![one_of(&AREAS, number / 7)],
        exemptions: vec![one_of(&EXEMPTIONS, number / 11)],
        published: None,
    }
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

fn size(folder: &Path) -> u64 {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum()
}

fn main() {
    let requests: u64 = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(20_000);
    let passing = tempfile::tempdir().unwrap();
    let folder = std::env::args()
        .skip_while(|argument| argument.parse::<u64>().is_err())
        .nth(1)
        .map_or_else(|| passing.path().to_owned(), PathBuf::from);
    let searcher = search::open(&folder).unwrap();
    if searcher.position().unwrap() != requests {
        build(&searcher, requests, &folder);
    }
    measure(&searcher, requests);
}

fn build(searcher: &Searcher, requests: u64, folder: &Path) {
    let start = Instant::now();
    let mut follower = searcher.follower().unwrap();
    let mut bytes = 0;
    for number in 0..requests {
        let document = document(number);
        bytes += document.request.len() + document.subject.len();
        follower.put(&document).unwrap();
        if number % 50_000 == 49_999 {
            follower.commit(number).unwrap();
        }
    }
    follower.commit(requests).unwrap();
    searcher.reload().unwrap();
    println!(
        "{requests} requests of {bytes} bytes: built in {:?}, {} bytes on the disk",
        start.elapsed(),
        size(folder)
    );
}

fn measure(searcher: &Searcher, requests: u64) {
    let mut any_word = Vec::new();
    let mut filtered = Vec::new();
    let mut similar = Vec::new();
    let mut in_other_words = Vec::new();
    let mut found = 0;
    for round in 0..2_000_u64 {
        let asked = invented::text(round.wrapping_mul(7919) % requests);
        // Words of a question as somebody types them.
        let words: Vec<&str> = asked.questions[0]
            .text
            .split_whitespace()
            .skip(2)
            .take(4)
            .collect();
        let words = words.join(" ");
        let start = Instant::now();
        found += searcher
            .search(&words, &Filter::default(), 20)
            .unwrap()
            .len();
        any_word.push(start.elapsed());
        let filter = Filter {
            state: Some(one_of(&STATES, round)),
            category: (round % 2 == 0).then(|| one_of(&CATEGORIES, round)),
            area: (round % 3 == 0).then(|| one_of(&AREAS, round)),
            exemption: (round % 5 == 0).then(|| one_of(&EXEMPTIONS, round)),
            received_from: (round % 2 == 1).then(|| date(2025, 3, 1)),
            ..Filter::default()
        };
        let start = Instant::now();
        found += searcher.search(&words, &filter, 20).unwrap().len();
        filtered.push(start.elapsed());
        let questions: Vec<String> = asked
            .questions
            .into_iter()
            .map(|question| question.text)
            .collect();
        let start = Instant::now();
        found += searcher.similar(&questions, None, 10).unwrap().len();
        similar.push(start.elapsed());
        // The words of its questions backwards: no other request is put so, and all that share its words are looked for.
        let questions: Vec<String> = questions
            .iter()
            .map(|question| {
                question
                    .split_whitespace()
                    .rev()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        let start = Instant::now();
        let hits = searcher.similar(&questions, None, 10).unwrap();
        in_other_words.push(start.elapsed());
        found += hits.len();
    }
    assert!(found > 0);
    tell("any of the words, ranked", &mut any_word);
    tell("the same with filters", &mut filtered);
    tell("similar requests", &mut similar);
    tell("similar requests in other words", &mut in_other_words);
}
