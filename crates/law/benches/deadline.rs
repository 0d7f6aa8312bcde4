//! One deadline with its ledger, plain and after a whole story of events. `cargo bench -p law`
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench reads the clock and the data that comes with the program"
)]

use std::hint::black_box;
use std::time::Instant;

use law::{Calendar, Chronology, Clock, Event, Statute, TimeLimits};

fn main() {
    let calendar = Calendar::parse(include_str!("../../../data/law/bank-holidays.csv")).unwrap();
    let statute = Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap();
    let limits = TimeLimits::parse(include_str!("../../../data/law/time-limits.toml")).unwrap();
    let clock = Clock::foia(&statute, &limits, &calendar).unwrap();
    let plain = Chronology::received("2026-05-18".parse().unwrap());
    measured("deadline with ledger", || {
        black_box(clock.reckon(black_box(&plain)).unwrap());
    });
    let mut story = plain.clone();
    story.events = [
        "clarification-sought 2026-05-20 reason=two systems fit the description",
        "clarification-received 2026-06-01",
        "fees-notice 2026-06-03",
        "fee-paid 2026-06-12",
        "public-interest-extension 2026-06-30 exemption=FOIA s.43(2) engaged=2026-06-20 until=2026-07-28",
        "answered 2026-07-27",
        "review-asked 2026-08-03",
    ]
    .iter()
    .map(|event| Event::parse(event).unwrap())
    .collect();
    measured("deadline after seven events", || {
        black_box(clock.reckon(black_box(&story)).unwrap());
    });
}

/// Says the median and the slowest of a hundred runs of a hundred.
fn measured(what: &str, mut run: impl FnMut()) {
    let mut times: Vec<f64> = (0..100)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..100 {
                run();
            }
            start.elapsed().as_secs_f64() * 10_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{what}: median {:.2} µs, slowest {:.2} µs",
        times[50], times[99]
    );
}
