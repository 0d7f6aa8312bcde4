//! When neither confirming nor denying looks excessive from the question alone, FOIA s.2(1): the thing is one that every
//! authority has, or the question asks for totals or for what is long past. Read from the question; a holding can't be
//! reached from here.

use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use law::Problem;
use serde::Deserialize;
use toml::Spanned;

use crate::event::{Ground, KnownAlready};
use crate::leak_guard::{Token, Word, phrase_of, stands_at, words_of};
use crate::public_record::{Asked, Lexicon, ThingId};

/// What every authority has, and what asks for totals, read from `data/public-record/excessive.toml`.
#[derive(Clone, Debug)]
pub struct Excess {
    everywhere: Vec<ThingId>,
    counts: Vec<Vec<Token>>,
    periods: Vec<Vec<Token>>,
    moments: Vec<Vec<Token>>,
    before_years: Vec<Vec<Token>>,
    between_years: Vec<Vec<Token>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    everywhere: Vec<Spanned<String>>,
    totals: Spanned<Totals>,
    years: Spanned<Years>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Totals {
    counts: Vec<String>,
    periods: Vec<String>,
    moments: Vec<String>,
    tells: Vec<String>,
    fine: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Years {
    before: Vec<String>,
    between: Vec<String>,
    /// Each with the years that it asks about.
    examples: Vec<(String, Vec<i16>)>,
}

impl Excess {
    /// Reads the file; `lexicon` knows the things that it may name.
    ///
    /// # Errors
    /// Every unknown key or thing, malformed phrase, and example that fails.
    pub fn parse(text: &str, lexicon: &Lexicon) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(text, "excessive.malformed")?;
        let mut problems = Vec::new();
        let mut everywhere = Vec::new();
        for id in file.everywhere {
            match lexicon.thing_called(id.get_ref()) {
                Some(thing) => everywhere.push(thing),
                None => problems.push(Problem::at(
                    id.span(),
                    "excessive.unknown_thing",
                    format!(
                        "`{}` is no thing of data/public-record/things.toml; use one that it has",
                        id.get_ref()
                    ),
                )),
            }
        }
        let mut phrases = |list: &[String], span: &Range<usize>| -> Vec<Vec<Token>> {
            let mut read = Vec::new();
            for phrase in list {
                match phrase_of(phrase) {
                    Ok(tokens) => read.push(tokens),
                    Err(why) => {
                        problems.push(Problem::at(span.clone(), "excessive.bad_phrase", why));
                    }
                }
            }
            read
        };
        let (span, place) = (file.totals.span(), file.years.span());
        let (totals, years) = (file.totals.into_inner(), file.years.into_inner());
        let excess = Self {
            counts: phrases(&totals.counts, &span),
            periods: phrases(&totals.periods, &span),
            moments: phrases(&totals.moments, &span),
            before_years: phrases(&years.before, &place),
            between_years: phrases(&years.between, &place),
            everywhere,
        };
        let examples = totals
            .tells
            .iter()
            .map(|example| (example, true))
            .chain(totals.fine.iter().map(|example| (example, false)));
        for (example, expected) in examples {
            if excess.asks_for_totals(example) != expected {
                let (code, what) = if expected {
                    (
                        "excessive.example_missed",
                        "isn't read as asking for totals",
                    )
                } else {
                    ("excessive.example_found", "is read as asking for totals")
                };
                problems.push(Problem::at(
                    span.clone(),
                    code,
                    format!("{what}: {example}"),
                ));
            }
        }
        for (example, expected) in &years.examples {
            let found = excess.years_asked_about(&words_of(example));
            if found != *expected {
                problems.push(Problem::at(
                    place.clone(),
                    "excessive.other_years",
                    format!("is read as asking about {found:?}: {example}"),
                ));
            }
        }
        if problems.is_empty() {
            Ok(excess)
        } else {
            Err(problems)
        }
    }

    /// Whether a question asks for totals over a year or more.
    #[must_use]
    pub fn asks_for_totals(&self, question: &str) -> bool {
        let words = words_of(question);
        let has = |phrases: &[Vec<Token>]| {
            (0..words.len()).any(|at| phrases.iter().any(|phrase| stands_at(phrase, &words, at)))
        };
        has(&self.counts) && has(&self.periods) && !has(&self.moments)
    }

    /// Whether a question asks for totals or for what lies more than a year back.
    #[must_use]
    pub fn asks_for_totals_or_the_past(&self, question: &str, today: Date) -> bool {
        self.asks_for_totals(question) || self.is_past(&words_of(question), today)
    }

    /// What makes neither confirming nor denying look excessive, each with why; none where nothing does.
    #[must_use]
    pub fn grounds(
        &self,
        question: &str,
        asked: &Asked,
        lexicon: &Lexicon,
        today: Date,
    ) -> Vec<KnownAlready> {
        let mut grounds = Vec::new();
        let mut add = |ground, why: String| {
            grounds.push(KnownAlready {
                ground,
                place: why,
                entry: None,
                dealt_with: None,
            });
        };
        if let Some(thing) = self.known_everywhere(asked, lexicon) {
            add(
                Ground::ExistsEverywhere,
                format!(
                    "every authority has {thing}, so saying that this one does tells nobody anything; confirm it, and \
                     weigh the detail under the exemption for its content"
                ),
            );
        }
        if self.asks_for_totals(question) {
            add(
                Ground::AggregateOrHistoric,
                "it asks for totals over a year or more, and neither a yes nor a no points at a present weakness".to_owned(),
            );
        } else if self.is_past(&words_of(question), today) {
            add(
                Ground::AggregateOrHistoric,
                "it asks about years that are past, and neither a yes nor a no points at a present weakness".to_owned(),
            );
        }
        grounds
    }

    /// Whether every year asked about ended more than a year ago, and there is at least one.
    fn is_past(&self, words: &[Word], today: Date) -> bool {
        self.years_asked_about(words)
            .iter()
            .max()
            .is_some_and(|latest| *latest < today.year().saturating_sub(1))
    }

    /// The years that a text asks about: not those of products and Acts.
    fn years_asked_about(&self, words: &[Word]) -> Vec<i16> {
        let ends_before = |phrases: &[Vec<Token>], at: usize| {
            phrases.iter().find_map(|phrase| {
                let start = at.checked_sub(phrase.len())?;
                stands_at(phrase, words, start).then_some(start)
            })
        };
        let mut years = Vec::new();
        // Where the latest year ended.
        let mut after: Option<usize> = None;
        for (at, word) in words.iter().enumerate() {
            let year: Option<i16> = word
                .text
                .parse()
                .ok()
                .filter(|_| word.text.len() == 4)
                .filter(|year| YEARS.contains(year));
            let Some(year) = year else { continue };
            let goes_on = after.is_some_and(|after| {
                after == at || ends_before(&self.between_years, at) == Some(after)
            });
            if goes_on || ends_before(&self.before_years, at).is_some() {
                years.push(year);
                // The second half of 2019/20.
                let half = words
                    .get(at.saturating_add(1))
                    .is_some_and(|next| next.text.len() == 2 && next.text.parse::<u8>().is_ok());
                after = Some(at.saturating_add(if half { 2 } else { 1 }));
            }
        }
        years
    }

    /// The thing asked about, where all that are asked about are everywhere and its existence confirms what is asked for.
    fn known_everywhere(&self, asked: &Asked, lexicon: &Lexicon) -> Option<String> {
        let by_existence = lexicon.confirmed_by_existence();
        let only_that = asked.kinds.both(by_existence) == asked.kinds;
        let is_everywhere = |thing: &ThingId| self.everywhere.contains(thing);
        let all = if asked.broad {
            asked.things.iter().any(is_everywhere)
        } else {
            asked.things.iter().all(is_everywhere)
        };
        let thing = asked.things.iter().find(|thing| is_everywhere(thing))?;
        (only_that && all && !asked.vague)
            .then(|| lexicon.thing(*thing).map(|thing| thing.label.clone()))
            .flatten()
    }
}

/// Numbers that can be a year.
const YEARS: RangeInclusive<i16> = 1990..=2099;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public_record::{Reading, question_of};
    use jiff::civil::date;

    #[test]
    fn what_every_authority_has_totals_and_the_past_are_excessive_and_a_single_event_is_not() {
        let vocabulary = triage::Vocabulary::parse(
            include_str!("../../../data/triage/subjects.toml"),
            include_str!("../../../data/triage/information.toml"),
            include_str!("../../../data/triage/exclusions.toml"),
            include_str!("../../../data/triage/cues.toml"),
        )
        .unwrap();
        let lexicon = Lexicon::parse(
            include_str!("../../../data/public-record/things.toml"),
            &vocabulary,
        )
        .unwrap();
        let source = include_str!("../../../data/public-record/excessive.toml");
        let excess = Excess::parse(source, &lexicon).unwrap();
        let reading = Reading {
            vocabulary: &vocabulary,
            lexicon: &lexicon,
        };
        let grounds = |text: &str| -> Vec<Ground> {
            let asked = reading.asked(text, &question_of(&vocabulary, text));
            excess
                .grounds(text, &asked, &lexicon, date(2026, 11, 23))
                .iter()
                .map(|known| known.ground)
                .collect()
        };
        for (text, expected) in [
            (
                "Which firewalls does the council use?",
                vec![Ground::ExistsEverywhere],
            ),
            (
                "What version of antivirus software do you run?",
                vec![Ground::ExistsEverywhere],
            ),
            (
                "How many cyber attacks were recorded in each year from 2021 to 2025?",
                vec![Ground::AggregateOrHistoric],
            ),
            (
                "Did the council suffer a ransomware attack in 2019?",
                vec![Ground::AggregateOrHistoric],
            ),
            (
                "Was any council system hit by ransomware in October 2026, and was a ransom paid?",
                vec![],
            ),
            (
                "Has the council's email been compromised by phishing since June 2026?",
                vec![],
            ),
            (
                "Under the Freedom of Information Act 2000: has ransomware got into your Exchange 2016 mail?",
                vec![],
            ),
            (
                "When is your firewall's next penetration test planned?",
                vec![],
            ),
        ] {
            assert_eq!(grounds(text), expected, "{text}");
        }
        let bad = source
            .replace("\"servers\", ", "\"serverz\", ")
            .replace("\"Have you paid a ransom?\"", "\"How many in each year?\"");
        let codes: Vec<&str> = Excess::parse(&bad, &lexicon)
            .unwrap_err()
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(
            codes,
            ["excessive.unknown_thing", "excessive.example_found"]
        );
    }
}
