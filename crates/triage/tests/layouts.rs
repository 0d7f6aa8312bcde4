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
        include_str!("layouts/inline.txt"),
        include_str!("layouts/forms.txt"),
        include_str!("layouts/questionnaires.txt"),
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

/// The requests of `fixtures/requests/wide/shapes-*.txt`, whose layouts are as varied as we could write them. Some ask in
/// ways that aren't split yet; the numbers below may only fall.
#[test]
fn requests_of_every_shape_are_split_but_for_a_known_few() {
    let vocabulary = vocabulary();
    let (mut requests, mut missed, mut extra) = (0, Vec::new(), Vec::new());
    for file in [
        include_str!("../../../fixtures/requests/wide/shapes-1.txt"),
        include_str!("../../../fixtures/requests/wide/shapes-2.txt"),
        include_str!("../../../fixtures/requests/wide/shapes-3.txt"),
    ] {
        for example in triage::weigh::examples(file).expect("the labels are sound") {
            requests += 1;
            let mut found: Vec<_> = split(&vocabulary, &example.body)
                .into_iter()
                .map(|part| part.span)
                .collect();
            for (span, ..) in &example.questions {
                let overlap = |other: &std::ops::Range<usize>| {
                    let shared = span
                        .end
                        .min(other.end)
                        .saturating_sub(span.start.max(other.start));
                    2 * shared > span.len().min(other.len())
                };
                match found.iter().position(overlap) {
                    Some(at) => {
                        found.remove(at);
                    }
                    None => missed.push(format!("{}: {}", example.id, &example.body[span.clone()])),
                }
            }
            extra.extend(
                found
                    .into_iter()
                    .map(|span| format!("{}: {}", example.id, &example.body[span])),
            );
        }
    }
    assert!(requests > 100, "{requests} requests");
    assert!(missed.len() <= 10, "missed:\n{}", missed.join("\n"));
    assert!(extra.len() <= 12, "extra:\n{}", extra.join("\n"));
}
