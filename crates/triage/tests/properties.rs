//! What holds for every text, sensible or not.

#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]

use std::sync::LazyLock;

use proptest::prelude::*;
use triage::{Reading, Vocabulary, read_message};

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .unwrap()
});

/// The lines of the layouts: what requests are made of.
static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    [
        include_str!("layouts/lists.txt"),
        include_str!("layouts/letters.txt"),
        include_str!("layouts/prose.txt"),
        include_str!("layouts/shapes.txt"),
    ]
    .iter()
    .flat_map(|file| file.lines())
    .filter(|line| !line.starts_with("=== ") && !line.starts_with("--- "))
    .collect()
});

/// A few lines of requests in any order.
fn request() -> impl Strategy<Value = String> {
    let line = (0..LINES.len()).prop_map(|at| LINES[at].to_owned());
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

/// The same with signs of every kind strewn in.
fn strewn() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        any::<char>().prop_map(String::from),
        proptest::sample::select(vec![
            "\u{ad}", "\u{a0}", "\u{2019}", "\r\n", "\n\n", "1. ", "(a) ", "• ", "> ", "?", ":",
            "–", "ß", "İ", "\u{301}", "\u{200b}", "\u{feff}", "😀", "\0", "((", "|", "o ", "4a. ",
            "5.1.1 ",
        ])
        .prop_map(str::to_owned),
    ];
    (
        request(),
        proptest::collection::vec((any::<prop::sample::Index>(), sign), 0..20),
    )
        .prop_map(|(mut text, signs)| {
            for (at, sign) in signs {
                let mut at = at.index(text.len() + 1);
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                text.insert_str(at, &sign);
            }
            text
        })
}

fn sound(text: &str, subject_line: &str, reading: &Reading) -> Result<(), TestCaseError> {
    let mut end = 0;
    for question in &reading.questions {
        prop_assert!(
            question.span.start >= end,
            "questions overlap or are out of order"
        );
        end = question.span.end;
        let words = text.get(question.span.clone());
        prop_assert!(words.is_some_and(|words| words.contains(char::is_alphanumeric)));
        prop_assert!(!question.label.is_empty());
        for span in question.stem.iter().chain(&question.heading) {
            prop_assert!(text.get(span.clone()).is_some());
        }
        for found in question
            .subjects
            .iter()
            .chain(&question.information)
            .chain(&question.exclusions)
        {
            let whole = match found.scope {
                triage::Scope::SubjectLine => subject_line,
                _ => text,
            };
            prop_assert!(
                whole
                    .get(found.span.clone())
                    .is_some_and(|words| !words.is_empty())
            );
            prop_assert!((0.0..=1.0).contains(&found.weight));
            prop_assert!((0.0..=1.0).contains(&found.strength()));
            if found.scope == triage::Scope::Own {
                prop_assert!(
                    question.span.start <= found.span.start && found.span.end <= question.span.end
                );
            }
        }
    }
    Ok(())
}

/// What proposals are made from: for each question the ids found, how strongly, and where.
fn findings(reading: &Reading) -> Vec<Vec<(String, String, String)>> {
    reading
        .questions
        .iter()
        .map(|question| {
            question
                .subjects
                .iter()
                .chain(&question.information)
                .chain(&question.exclusions)
                .map(|found| {
                    (
                        found.id.to_string(),
                        format!("{:.2}", found.weight),
                        format!("{:?}", found.scope),
                    )
                })
                .collect()
        })
        .collect()
}

/// Found by the fuzzer: a follow-up was put to the first of several questions in one sentence, over the others.
#[test]
fn a_follow_up_goes_with_the_last_of_several_questions() {
    for text in [
        "Which s r s,how w y bought? if",
        "Which firm holds the contract, how many vans were bought? Which, if so?",
        "Vans - number, make, model, supplier. If so, which?",
    ] {
        sound(text, "", &read_message(&VOCABULARY, "", text)).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn questions_lie_in_the_text_in_order_whatever_it_is(text in strewn(), line in 0..LINES.len()) {
        let reading = read_message(&VOCABULARY, LINES[line], &text);
        sound(&text, LINES[line], &reading)?;
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        sound(&text, "", &read_message(&VOCABULARY, "", &text))?;
    }

    #[test]
    fn capitals_make_no_difference(text in request(), line in 0..LINES.len()) {
        let plain = read_message(&VOCABULARY, LINES[line], &text);
        let upper = read_message(
            &VOCABULARY,
            &LINES[line].to_ascii_uppercase(),
            &text.to_ascii_uppercase(),
        );
        prop_assert_eq!(findings(&plain), findings(&upper));
        let spans = |reading: &Reading| -> Vec<_> {
            reading.questions.iter().map(|question| question.span.clone()).collect()
        };
        prop_assert_eq!(spans(&plain), spans(&upper));
    }

    #[test]
    fn typographic_signs_make_no_difference(text in request(), line in 0..LINES.len()) {
        let typographic = |text: &str| {
            text.replace('\'', "\u{2019}")
                .replace('"', "\u{201d}")
                .replace('-', "\u{2013}")
                .replace(' ', "\u{a0}")
        };
        let plain = read_message(&VOCABULARY, LINES[line], &text);
        let other = read_message(&VOCABULARY, &typographic(LINES[line]), &typographic(&text));
        prop_assert_eq!(findings(&plain), findings(&other));
    }
}

/// Found by the property above: a telephone number by itself is one whatever stands between its digits.
#[test]
fn a_telephone_number_is_one_with_a_hard_space_too() {
    let plain = "opening hours\n07700 900000\nModel of access points";
    for other in [
        plain.replace(' ', "\u{a0}"),
        plain.replace("700 9", "700\u{2013}9"),
    ] {
        let found = |text: &str| findings(&read_message(&VOCABULARY, "", text));
        assert_eq!(found(plain), found(&other), "{other}");
    }
}

/// Found by the property above: a stem's last sentence begins behind a hard space as behind another.
#[test]
fn a_hard_space_ends_a_sentence_of_a_stem() {
    let plain = "I mean 2024. So: how many trees were planted? How many died?\n2. How many people are waiting for one?\n\
        Does the council own any vineyards? If so, where are they?";
    let hard = plain.replace(' ', "\u{a0}");
    let read = |text: &str| findings(&read_message(&VOCABULARY, "", text));
    assert_eq!(read(plain), read(&hard));
}
