//! How fast whole requests are read, evidence included, beside one bare overlapping scan for the same phrases.
//!
//! `cargo bench -p triage` reads 100 MB of requests and then single requests from 1 kB to 50 MB. The requests are the
//! shared corpora where they are at hand, or else the layouts and examples of the repository. A name in the arguments
//! (`throughput`, `growth`) chooses one part; a number says how many megabytes.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench reads its requests and the clock"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use triage::Vocabulary;

/// A subject line and a body.
struct Request {
    subject: String,
    body: String,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &str| {
        let names = ["throughput", "growth"];
        !arguments.iter().any(|a| names.contains(&a.as_str()))
            || arguments.iter().any(|a| a == name)
    };
    let megabytes: usize = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(100);
    let vocabulary = Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .unwrap()
    .with_weights(include_str!("../../../data/triage/weights.toml"))
    .unwrap();
    let (origin, requests) = requests();
    println!("{} requests from {origin}", requests.len());
    if named("throughput") {
        throughput(&vocabulary, &requests, megabytes * 1_000_000);
    }
    if named("growth") {
        growth(&vocabulary, &requests);
    }
}

/// Both ways over the same text, turn about, so that a busy machine slows both; the best of three counts.
fn throughput(vocabulary: &Vocabulary, requests: &[Request], bytes: usize) {
    let phrases: Vec<&str> = vocabulary.phrases().collect();
    let bare = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(true)
        .build(&phrases)
        .unwrap();
    let mut text: Vec<&Request> = Vec::new();
    let mut size = 0;
    for request in requests.iter().cycle() {
        if size >= bytes {
            break;
        }
        size += request.body.len();
        text.push(request);
    }
    let (mut scan, mut whole) = (Duration::MAX, Duration::MAX);
    let (mut hits, mut questions, mut evidence) = (0, 0, 0);
    for _ in 0..3 {
        let start = Instant::now();
        hits = text
            .iter()
            .map(|request| bare.find_overlapping_iter(black_box(&request.body)).count())
            .sum();
        scan = scan.min(start.elapsed());
        let start = Instant::now();
        (questions, evidence) = (0, 0);
        for request in &text {
            let reading = triage::read_message(vocabulary, &request.subject, &request.body);
            questions += reading.questions.len();
            evidence += reading
                .questions
                .iter()
                .map(|question| question.subjects.len() + question.information.len())
                .sum::<usize>();
            black_box(&reading);
        }
        whole = whole.min(start.elapsed());
    }
    println!(
        "throughput over {:.1} MB, {} phrases, best of three",
        size as f64 / 1e6,
        phrases.len()
    );
    println!(
        "  bare overlapping scan  {:7.1} MB/s  {hits} matches",
        rate(size, scan)
    );
    println!(
        "  whole triage           {:7.1} MB/s  {questions} questions, {evidence} findings",
        rate(size, whole)
    );
    println!(
        "  ratio                  {:7.2}",
        scan.as_secs_f64() / whole.as_secs_f64()
    );
}

/// Single requests of growing length: the time for each byte must not grow.
fn growth(vocabulary: &Vocabulary, requests: &[Request]) {
    println!("growth with the length of one request");
    for size in [
        1_000,
        10_000,
        100_000,
        1_000_000,
        10_000_000,
        50_000_000_usize,
    ] {
        let mut body = String::with_capacity(size + 10_000);
        for request in requests.iter().cycle() {
            if body.len() >= size {
                break;
            }
            body.push_str(&request.body);
            body.push_str("\n\n");
        }
        let mut end = size;
        while !body.is_char_boundary(end) {
            end += 1;
        }
        body.truncate(end);
        let times = (20_000_000 / size).clamp(1, 2_000);
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let start = Instant::now();
            for _ in 0..times {
                black_box(triage::read(vocabulary, black_box(&body)));
            }
            best = best.min(start.elapsed());
        }
        println!(
            "  {size:>9} bytes  {:7.1} MB/s  {:6.2} ns a byte",
            rate(size * times, best),
            best.as_secs_f64() * 1e9 / (size * times) as f64
        );
    }
}

fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}

/// The shared corpora, or else the repository's own requests.
fn requests() -> (&'static str, Vec<Request>) {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpora: Vec<Request> = ["ict-dev.jsonl", "negatives-dev.jsonl", "mixed2-dev.jsonl"]
        .iter()
        .filter_map(|name| std::fs::read_to_string(shared.join(name)).ok())
        .flat_map(|text| {
            text.lines()
                .map(|line| {
                    let value: serde_json::Value = serde_json::from_str(line).unwrap();
                    let text = |key: &str| value[key].as_str().unwrap_or("").to_owned();
                    Request {
                        subject: text("subject"),
                        body: text("body"),
                    }
                })
                .collect::<Vec<_>>()
        })
        .collect();
    if !corpora.is_empty() {
        return ("the shared corpora", corpora);
    }
    let own = [
        include_str!("../tests/layouts/lists.txt"),
        include_str!("../tests/layouts/prose.txt"),
        include_str!("../tests/layouts/shapes.txt"),
    ]
    .iter()
    .flat_map(|file| file.split("=== ").skip(1))
    .map(|case| {
        let (subject, rest) = case.split_once('\n').unwrap();
        Request {
            subject: subject.to_owned(),
            body: rest.split("--- items").next().unwrap().to_owned(),
        }
    })
    .collect();
    ("the repository's layouts", own)
}
