//! The pass from word to word against a search for the same bytes in a folded copy.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use proptest::prelude::*;

use super::Scanner;
use crate::fold::{self, Fold, folded};

type Found = BTreeSet<(usize, usize, usize, bool)>;

/// The folded copy, and where each of its bytes came from.
fn copy(text: &str) -> (String, Vec<Range<usize>>) {
    let (mut copy, mut origin) = (String::new(), Vec::new());
    for (at, c) in text.char_indices() {
        let fold = match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => match fold::ASCII[usize::from(byte)] {
                b' ' => Fold::Space,
                plain => Fold::Plain(plain),
            },
            _ => fold::fold(c),
        };
        match fold {
            Fold::Nothing => {}
            Fold::Space if copy.is_empty() || copy.ends_with(' ') => {}
            Fold::Space => copy.push(' '),
            Fold::Plain(byte) => copy.push(char::from(byte)),
            Fold::Other(c) => copy.extend(fold::lower(c)),
        }
        origin.resize(copy.len(), at..at + c.len_utf8());
    }
    (copy, origin)
}

fn by_bytes(phrases: &[&str], text: &str) -> Found {
    let (copy, origin) = copy(text);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    AhoCorasick::new(phrases)
        .unwrap()
        .find_overlapping_iter(&copy)
        .filter_map(|found| {
            if word(copy[..found.start()].chars().next_back()) {
                return None;
            }
            let start = origin[found.start()].start;
            let mut rest = copy[found.end()..].chars();
            match rest.next() {
                Some('s') if !word(rest.next()) => Some((
                    found.pattern().as_usize(),
                    start,
                    origin[found.end()].end,
                    true,
                )),
                next if word(next) => None,
                _ => Some((
                    found.pattern().as_usize(),
                    start,
                    origin[found.end() - 1].end,
                    false,
                )),
            }
        })
        .collect()
}

fn by_words(phrases: &[&str], text: &str) -> Found {
    let mut found = Found::new();
    let numbered = phrases.iter().copied().zip(0_usize..);
    Scanner::new(numbered).scan(
        text,
        |_| {},
        |phrase, span, plural| {
            found.insert((phrase, span.start, span.end, plural));
        },
    );
    found
}

const PHRASES: &[&str] = &[
    "server",
    "servers",
    "windows server",
    "what",
    "what version",
    "version of windows",
    "no. of",
    "% of",
    "e.g.",
    "e.g",
    "council's",
    "council",
    "s.12",
    "24/7",
    "voice & data",
    "it",
    "is",
    "café",
    "straße",
    "telecommunications equipment",
    "telecommunications",
    "supplier(s)",
    "under £",
    "from:",
];

#[test]
fn a_table_of_texts() {
    let phrases: Vec<String> = PHRASES.iter().map(|phrase| folded(phrase)).collect();
    let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
    let table = [
        (
            "Windows  Servers?",
            vec!["windows server", "server", "servers"],
        ),
        ("WINDOWS-SERVER", vec!["windows server", "server"]),
        (
            "win\u{ad}dows\u{a0}server",
            vec!["windows server", "server"],
        ),
        ("observers", vec![]),
        ("The council\u{2019}s view", vec!["council's", "council"]),
        ("no.of", vec![]),
        ("5% of them", vec![]),
        ("5 % of them", vec!["% of"]),
        ("E.G. this", vec!["e.g.", "e.g"]),
        ("e.g.x", vec!["e.g"]),
        ("CAFÉS", vec!["café"]),
        ("STRASSE", vec!["straße"]),
        ("Straße", vec!["straße"]),
        ("Telecommunications", vec!["telecommunications"]),
        ("telecommunicationz", vec![]),
        ("Supplier(s)", vec!["supplier(s)"]),
        ("under £5", vec![]),
        ("under £ 5", vec!["under £"]),
    ];
    for (text, expected) in table {
        let expected: BTreeSet<String> = expected.into_iter().map(folded).collect();
        let found: BTreeSet<String> = by_words(&phrases, text)
            .into_iter()
            .map(|(phrase, ..)| phrases[phrase].to_owned())
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn both_ways_find_the_same(
        pieces in proptest::collection::vec(
            prop_oneof![
                4 => proptest::sample::select(PHRASES).prop_map(str::to_owned),
                2 => proptest::sample::select(vec![
                    " ", "  ", "-", "\u{2013}", "\u{a0}", "\n", "s", "S", "'", "\u{2019}", "\u{2bc}", "\u{ad}",
                    "\u{200b}", ".", "(", ")", "x", "1", "ß", "SS", "İ", "i\u{307}", "é", "e\u{301}", "Σ", "ς", "%",
                    "telecommunicationsx", "snoitacinummocelet", "\0",
                ]).prop_map(str::to_owned),
                2 => Just(" ".to_owned()),
                1 => any::<char>().prop_map(String::from),
            ],
            0..24,
        ),
        upper in any::<bool>(),
    ) {
        let mut text = pieces.concat();
        if upper {
            text = text.to_uppercase();
        }
        let phrases: Vec<String> = PHRASES.iter().map(|phrase| folded(phrase)).collect();
        let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
        prop_assert_eq!(by_words(&phrases, &text), by_bytes(&phrases, &text), "{}", text);
    }
}
