//! Reads the words of an answer that neither confirms nor denies, for those that give it away.
//!
//! FOIA s.2(1) and, for example, s.31(3) excuse the authority from saying whether information is held. A count, a page
//! number, "attached", "no such incident" or an offer to release part says it all the same.

use std::ops::Range;

use law::Problem;
use serde::Deserialize;
use toml::Spanned;

use crate::decision::{NeitherConfirmNorDeny, Slot};
use crate::month::MONTHS;

/// The phrases that give an answer away, read from `data/wording/en/leaks.toml`.
#[derive(Clone, Debug)]
pub struct LeakGuard {
    rules: Vec<Rule>,
}

/// How bad a leak is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The words say whether the information is held: the answer can't go.
    Error,
    /// The words hint at it: a person keeps them with a reason, or takes them out.
    Warning,
}

/// Words that give the answer away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// Byte range of the text.
    pub span: Range<usize>,
    /// The rule, `says-held`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// What the words tell, "gives a number of what was asked about".
    pub why: String,
    /// The way out.
    pub mend: String,
}

#[derive(Clone, Debug)]
struct Rule {
    id: String,
    severity: Severity,
    why: String,
    mend: String,
    phrases: Vec<Vec<Token>>,
    unless: Vec<Vec<Token>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    leak: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    severity: Severity,
    why: String,
    mend: String,
    phrases: Vec<String>,
    unless: Vec<String>,
    tells: Vec<String>,
    fine: Vec<String>,
}

/// A word of a phrase, or what may stand in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    /// Any one of these words.
    AnyOf(Vec<String>),
    Number,
    Month,
    Year,
}

/// A word of the text, lower case, with its place.
pub(crate) struct Word {
    pub(crate) text: String,
    span: Range<usize>,
    /// The number of the sentence it stands in.
    sentence: usize,
}

impl LeakGuard {
    /// Reads the phrases and runs each entry's examples.
    ///
    /// # Errors
    /// Every entry that is malformed or empty, names an unknown placeholder, or whose examples fail.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(text, "leaks.malformed")?;
        let mut problems = Vec::new();
        let mut rules: Vec<Rule> = Vec::new();
        for entry in file.leak {
            let span = entry.span();
            let entry = entry.into_inner();
            let mut problem = |code, message: String| {
                problems.push(Problem::at(span.clone(), code, message));
            };
            let tokens = |list: &[String]| -> Result<Vec<Vec<Token>>, String> {
                list.iter().map(|phrase| phrase_of(phrase)).collect()
            };
            let (phrases, unless) = match (tokens(&entry.phrases), tokens(&entry.unless)) {
                (Ok(phrases), Ok(unless)) => (phrases, unless),
                (Err(message), _) | (_, Err(message)) => {
                    problem("leaks.bad_phrase", message);
                    continue;
                }
            };
            if rules.iter().any(|rule| rule.id == entry.id) {
                problem("leaks.duplicate_id", format!("`{}` stands twice", entry.id));
            }
            if phrases.is_empty() {
                problem(
                    "leaks.no_phrase",
                    format!("`{}` has no phrase, so it finds nothing", entry.id),
                );
            }
            let guard = Self {
                rules: vec![Rule {
                    id: entry.id,
                    severity: entry.severity,
                    why: entry.why,
                    mend: entry.mend,
                    phrases,
                    unless,
                }],
            };
            for example in &entry.tells {
                if guard.read(example).is_empty() {
                    problem(
                        "leaks.example_missed",
                        format!("nothing is found in: {example}"),
                    );
                }
            }
            for example in &entry.fine {
                if let Some(leak) = guard.read(example).first() {
                    let words = example.get(leak.span.clone()).unwrap_or("");
                    problem(
                        "leaks.example_found",
                        format!("`{words}` is found in: {example}"),
                    );
                }
            }
            rules.extend(guard.rules);
        }
        if problems.is_empty() {
            Ok(Self { rules })
        } else {
            Err(problems)
        }
    }

    /// Every run of words in `text` that gives the answer away, in order; of two at one place, the longer.
    #[must_use]
    pub fn read(&self, text: &str) -> Vec<Leak> {
        let words = words_of(text);
        let mut leaks: Vec<Leak> = Vec::new();
        for rule in &self.rules {
            for (at, word) in words.iter().enumerate() {
                let Some(length) = rule
                    .phrases
                    .iter()
                    .filter(|phrase| stands_at(phrase, &words, at))
                    .map(Vec::len)
                    .max()
                else {
                    continue;
                };
                let excused = words
                    .iter()
                    .take(at)
                    .enumerate()
                    .filter(|(_, earlier)| earlier.sentence == word.sentence)
                    .any(|(start, _)| {
                        rule.unless
                            .iter()
                            .any(|phrase| stands_at(phrase, &words, start))
                    });
                if excused {
                    continue;
                }
                let end = words
                    .get(at.saturating_add(length).saturating_sub(1))
                    .map_or(word.span.end, |last| last.span.end);
                leaks.push(Leak {
                    span: word.span.start..end,
                    rule: rule.id.clone(),
                    severity: rule.severity,
                    why: rule.why.clone(),
                    mend: rule.mend.clone(),
                });
            }
        }
        leaks.sort_by_key(|leak| (leak.span.start, std::cmp::Reverse(leak.span.end)));
        leaks.dedup_by(|later, earlier| {
            later.span.start < earlier.span.end && later.rule == earlier.rule
        });
        leaks
    }

    /// What gives the answer away in the words that a policy or a person put into the decision, each with the passage.
    #[must_use]
    pub fn read_decision<'d>(&self, decision: &'d NeitherConfirmNorDeny) -> Vec<(&'d str, Leak)> {
        passages(decision)
            .into_iter()
            .flat_map(|passage| {
                self.read(passage)
                    .into_iter()
                    .map(move |leak| (passage, leak))
            })
            .collect()
    }
}

fn passages(decision: &NeitherConfirmNorDeny) -> Vec<&str> {
    let mut passages: Vec<&str> = Vec::new();
    for slot in [
        &decision.prejudice.mechanism,
        &decision.public_interest.balance,
    ] {
        if let Slot::Filled(text) | Slot::Begun { text, .. } = slot {
            passages.push(text);
        }
    }
    let test = &decision.public_interest;
    passages.extend(
        test.favouring
            .iter()
            .chain(&test.against)
            .map(String::as_str),
    );
    passages
}

pub(crate) fn phrase_of(phrase: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    for part in phrase.split_whitespace() {
        tokens.push(match part {
            "{number}" => Token::Number,
            "{month}" => Token::Month,
            "{year}" => Token::Year,
            part if part.contains(['{', '}']) => {
                return Err(format!(
                    "`{part}` in `{phrase}` is no placeholder; use {{number}}, {{month}} or {{year}}"
                ));
            }
            part if part.contains('|') => Token::AnyOf(
                words_of(part).into_iter().map(|word| word.text).collect(),
            ),
            part => {
                tokens.extend(words_of(part).into_iter().map(|word| Token::Word(word.text)));
                continue;
            }
        });
    }
    if tokens.is_empty() {
        Err("a phrase has no words".to_owned())
    } else {
        Ok(tokens)
    }
}

/// The words of a text: runs of letters, digits and inner apostrophes. A full stop, question mark, semicolon, colon or
/// line break ends a sentence.
pub(crate) fn words_of(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut sentence: usize = 0;
    let mut open: Option<Word> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let apostrophe = matches!(c, '\'' | '’')
            && open.is_some()
            && characters
                .peek()
                .is_some_and(|(_, next)| next.is_alphanumeric());
        if c.is_alphanumeric() || apostrophe {
            let word = open.get_or_insert_with(|| Word {
                text: String::new(),
                span: at..at,
                sentence,
            });
            if apostrophe {
                word.text.push('\'');
            } else {
                word.text.extend(c.to_lowercase());
            }
            word.span.end = at.saturating_add(c.len_utf8());
        } else {
            words.extend(open.take());
            if matches!(c, '.' | '?' | '!' | ';' | ':' | '\n') {
                sentence = sentence.saturating_add(1);
            }
        }
    }
    words.extend(open);
    words
}

pub(crate) fn stands_at(phrase: &[Token], words: &[Word], at: usize) -> bool {
    words
        .get(at..at.saturating_add(phrase.len()))
        .is_some_and(|run| {
            let one_sentence = run
                .first()
                .zip(run.last())
                .is_some_and(|(first, last)| first.sentence == last.sentence);
            one_sentence && phrase.iter().zip(run).all(|(token, word)| token.fits(word))
        })
}

impl Token {
    fn fits(&self, word: &Word) -> bool {
        let text = word.text.as_str();
        let digits = text.chars().all(|c| c.is_ascii_digit());
        match self {
            Self::Word(expected) => text == expected,
            Self::AnyOf(words) => words.iter().any(|word| word == text),
            // "The 2026 attack" counts nothing.
            Self::Number => (digits && !is_recent_year(text)) || NUMBERS.contains(&text),
            Self::Year => digits && text.len() == 4,
            Self::Month => MONTHS.contains(&text),
        }
    }
}

/// Whether digits are read as a year rather than as a number.
fn is_recent_year(digits: &str) -> bool {
    digits.len() == 4 && ("1990".."2060").contains(&digits)
}

const NUMBERS: &[&str] = &[
    "no",
    "zero",
    "nil",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "dozen",
    "several",
    "many",
    "few",
];

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]
mod tests {
    use super::*;

    fn guard() -> LeakGuard {
        LeakGuard::parse(include_str!("../../../data/wording/en/leaks.toml")).unwrap()
    }

    #[test]
    fn the_data_keeps_its_own_examples() {
        assert!(guard().rules.len() >= 8);
    }

    #[test]
    fn each_way_of_giving_it_away_is_found_with_its_words() {
        let guard = guard();
        for (text, words, rule) in [
            (
                "We were not attacked in October 2026.",
                "We were not attacked",
                "says-not-held",
            ),
            (
                "The ransomware attack of October 2026 is with the police.",
                "The ransomware attack",
                "states-the-event",
            ),
            (
                "This matters because the council was hit by ransomware.",
                "council was hit",
                "says-what-happened",
            ),
            ("We hold two reports about it.", "We hold", "says-held"),
            (
                "Our records show that it was contained.",
                "Our records show",
                "says-held",
            ),
            (
                "No such incident took place.",
                "No such incident",
                "says-not-held",
            ),
            (
                "We have been unable to locate any.",
                "unable to locate",
                "says-not-held",
            ),
            ("Please see the attached.", "attached", "points-to-content"),
            ("as described on page 3", "page 3", "points-to-content"),
            (
                "In 2025 there were 14 attacks.",
                "14 attacks",
                "gives-a-number",
            ),
            (
                "Fewer than five of them were serious.",
                "Fewer than five",
                "gives-a-number",
            ),
            (
                "The October incident is being investigated.",
                "The October incident",
                "states-the-event",
            ),
            ("It would take 31 hours.", "31 hours", "search-or-cost"),
            (
                "We can provide yearly totals.",
                "We can provide",
                "offers-part",
            ),
            (
                "The information is exempt under section 31(1)(a).",
                "information is exempt",
                "content-exempt",
            ),
            (
                "We can say nothing at this time.",
                "at this time",
                "for-now",
            ),
            ("WE DON’T HOLD IT", "WE DON’T HOLD", "says-not-held"),
        ] {
            let leaks = guard.read(text);
            let found: Vec<_> = leaks
                .iter()
                .map(|leak| (text.get(leak.span.clone()).unwrap(), leak.rule.as_str()))
                .collect();
            assert!(
                found
                    .iter()
                    .any(|(found, by)| found.starts_with(words) && *by == rule),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn words_about_what_a_yes_or_a_no_would_tell_are_fine() {
        let guard = guard();
        for text in [
            "We neither confirm nor deny that we hold the information asked for.",
            "This should not be taken as an indication that the information is or is not held.",
            "Saying whether such information is held would show criminals where systems may be weak, whether or not a weakness exists.",
            "A yes would confirm to an attacker that an attempt was noticed; a no would tell that it was not.",
            "Confirming or denying would be likely to prejudice the prevention or detection of crime.",
            "You may ask us for an internal review within 40 working days.",
            "A yes would tell an attacker that the council was hit and had noticed it.",
            "People want to know whether we were attacked and whether we have been breached.",
        ] {
            assert_eq!(guard.read(text), Vec::new(), "{text}");
        }
    }

    #[test]
    fn a_phrase_does_not_run_over_the_end_of_a_sentence() {
        assert_eq!(guard().read("This is what we. Hold on."), Vec::new());
    }
}
