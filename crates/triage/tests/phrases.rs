//! The shipped phrases keep the examples that stand beside them.

#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]

use triage::{Vocabulary, failing_examples};

#[test]
fn every_entry_is_found_in_its_own_examples() {
    let vocabulary = Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .unwrap();
    let failing: Vec<String> = failing_examples(&vocabulary)
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert_eq!(failing, Vec::<String>::new());
}
