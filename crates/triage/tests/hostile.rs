//! Texts made to take long: each is read in time proportional to its length, or this test would not end.

#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]

use triage::{Vocabulary, read};

#[test]
fn texts_made_to_take_long_are_read() {
    let vocabulary = Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .unwrap();
    let questions = |text: &str| read(&vocabulary, text).questions.len();
    // Sentences without an end.
    assert!(questions(&"how many servers and what version of them ".repeat(6_000)) > 0);
    assert!(questions(&"how many servers do you have? ".repeat(8_000)) > 7_000);
    let lead = "the number of servers and licences and contracts ".repeat(2_000);
    assert!(
        questions(&format!(
            "Please provide {lead} for:\n{}",
            "- servers\n".repeat(8_000)
        )) > 1
    );
    let shapes = [
        "who? what:\n",
        "a) ",
        "1. ",
        "(((",
        "1.1.1.1.1.1.1.1.1 ",
        "- o • * ",
        "> > > ",
        "if so, ",
        "Please, ",
        "contract ",
        "e.g. ",
        "From: a\n",
        "Servers:\n",
        "\u{a0}",
        "\u{ad}",
        "i) v) x) ",
        "?!",
        ": - ",
        "\n\n",
        "what, which, when and who ",
    ];
    for shape in shapes {
        questions(&shape.repeat(100_000 / shape.len()));
        questions(&format!("{}?", shape.repeat(100_000 / shape.len())));
    }
}
