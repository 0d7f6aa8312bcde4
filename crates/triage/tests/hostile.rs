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
    .unwrap()
    .with_weights(include_str!("../../../data/triage/weights.toml"))
    .unwrap();
    let questions = |text: &str| read(&vocabulary, text).questions.len();
    // Sentences without an end.
    assert!(questions(&"how many servers and what version of them ".repeat(800)) > 0);
    assert!(questions(&"how many servers do you have? ".repeat(900)) > 800);
    let lead = "the number of servers and licences and contracts ".repeat(300);
    assert!(
        questions(&format!(
            "Please provide {lead} for:\n{}",
            "- servers\n".repeat(40)
        )) > 1
    );
    // A stem of 150 kB is not read again for each of its questions.
    let lead = lead.repeat(10);
    assert!(
        questions(&format!(
            "Please provide {lead} for:\n{}",
            "- servers\n".repeat(400)
        )) > 100
    );
    assert!(
        questions(&format!(
            "{lead}\n\n{}",
            "1. How many servers are there?\n".repeat(400)
        )) > 100
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
        "| 1 | servers | |\n",
        "Servers: how many\n",
        "servers\n",
        "a; b; c; ",
        "One. ",
    ];
    for shape in shapes {
        questions(&shape.repeat(1300 / shape.len()));
        questions(&format!("{}?", shape.repeat(1300 / shape.len())));
    }
}
