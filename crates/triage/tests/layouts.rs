//! Ways to lay out a request, each with the questions that a careful officer would find.
//!
//! A question is found if the split gives one that overlaps it by more than half of either, and there are no others.

use triage::{Vocabulary, split::split};

fn vocabulary() -> Vocabulary {
    Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .expect("the data is sound")
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_layout_is_split_as_an_officer_would() {
    let vocabulary = vocabulary();
    let mut wrong = Vec::new();
    let files = [
        include_str!("layouts/lists.txt"),
        include_str!("layouts/letters.txt"),
        include_str!("layouts/prose.txt"),
        include_str!("layouts/shapes.txt"),
    ];
    let mut count = 0;
    for case in files.iter().flat_map(|file| file.split("=== ").skip(1)) {
        let (name, rest) = case.split_once('\n').expect("a name");
        let (body, items) = rest.split_once("--- items\n").expect("items");
        let expected: Vec<String> = items.lines().filter(|l| !l.is_empty()).map(words).collect();
        let found: Vec<String> = split(&vocabulary, body)
            .into_iter()
            .map(|part| words(&body[part.span]))
            .collect();
        let same = expected.len() == found.len()
            && expected
                .iter()
                .zip(&found)
                .all(|(one, other)| one.contains(other.as_str()) || other.contains(one.as_str()));
        if !same {
            wrong.push(format!(
                "{name}\n  expected {expected:#?}\n  found {found:#?}"
            ));
        }
        count += 1;
    }
    assert!(count > 40, "{count} layouts");
    assert!(
        wrong.is_empty(),
        "{} of {count} layouts:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
