//! Any text is triaged without a panic; questions lie in it, in order, and so do the words that prove them.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use triage::{Scope, Vocabulary};

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::parse(
        include_str!("../../data/triage/subjects.toml"),
        include_str!("../../data/triage/information.toml"),
        include_str!("../../data/triage/exclusions.toml"),
        include_str!("../../data/triage/cues.toml"),
    )
    .and_then(|vocabulary| vocabulary.with_weights(include_str!("../../data/triage/weights.toml")))
    .expect("the data is sound")
});

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (subject_line, body) = text.split_once('\n').unwrap_or(("", &text));
    let mut end = 0;
    for question in triage::read_message(&VOCABULARY, subject_line, body).questions {
        assert!(question.span.start >= end);
        end = question.span.end;
        assert!(body.get(question.span.clone()).is_some_and(|words| !words.trim().is_empty()));
        for found in question
            .subjects
            .iter()
            .chain(&question.information)
            .chain(&question.exclusions)
        {
            let whole = match found.scope {
                Scope::SubjectLine => subject_line,
                _ => body,
            };
            assert!(whole.get(found.span.clone()).is_some_and(|words| !words.is_empty()));
        }
    }
});
