//! One deadline with its ledger, plain and after a whole story of events. `cargo bench -p law`
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench reads the data that comes with the program"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use law::{Calendar, Chronology, Clock, Event, Statute, TimeLimits};

fn deadline(criterion: &mut Criterion) {
    let calendar = Calendar::parse(include_str!("../../../data/law/bank-holidays.csv")).unwrap();
    let statute = Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap();
    let limits = TimeLimits::parse(include_str!("../../../data/law/time-limits.toml")).unwrap();
    let clock = Clock::foia(&statute, &limits, &calendar).unwrap();
    let plain = Chronology::received("2026-05-18".parse().unwrap());
    criterion.bench_function("deadline with ledger", |bench| {
        bench.iter(|| clock.reckon(black_box(&plain)).unwrap());
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
    criterion.bench_function("deadline after seven events", |bench| {
        bench.iter(|| clock.reckon(black_box(&story)).unwrap());
    });
}

criterion_group!(benches, deadline);
criterion_main!(benches);
