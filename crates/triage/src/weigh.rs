//! Weighs what the phrases found, so that of the readings that they offer the likeliest comes first.
//!
//! The phrases decide what may be meant; a small learned score ranks it. Each thing found (a kind of information, a
//! subject's group, another sense, a class of words, each by its place) is a trait with a weight for every outcome in
//! `data/triage/weights.toml`. The sums are turned into shares between 0 and 1. [`train`] learns the weights from
//! labelled requests, the same each time from the same requests.

mod train;
mod traits;
mod words;

pub use train::{Example, examples, train};
pub(crate) use traits::{Found, Seen, traits};
pub(crate) use words::Words;

use std::collections::BTreeMap;

use crate::Vocabulary;
use crate::vocabulary::Problem;

/// What a question is likely after, as shares that sum to one, and how likely it is about no ICT.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaning {
    /// It asks how a system is made, or about attacks on it and its protection.
    pub system: f32,
    /// It asks what a contracts register publishes.
    pub contract: f32,
    /// It asks both in one.
    pub both: f32,
    /// It asks something else.
    pub neither: f32,
    /// It is about hardware.
    pub hardware: f32,
    /// It is about software.
    pub software: f32,
    /// It is about cyber security.
    pub cyber: f32,
    /// It is about none of the groups of ICT subjects.
    pub elsewhere: f32,
}

impl Leaning {
    /// The shares of what is asked, in the order of the outcomes.
    pub(crate) fn asked(&self) -> [f32; ASKED] {
        [self.system, self.contract, self.both, self.neither]
    }

    /// Takes over shares of what is asked; what it is about stays.
    pub(crate) fn asks(&mut self, shares: [f32; ASKED]) {
        [self.system, self.contract, self.both, self.neither] = shares;
    }

    /// The likeliest group of ICT subjects.
    #[must_use]
    pub fn group(&self) -> &'static str {
        if self.hardware >= self.software && self.hardware >= self.cyber {
            "hardware"
        } else if self.software >= self.cyber {
            "software"
        } else {
            "cyber"
        }
    }
}

/// The outcomes that a trait weighs for: four of what is asked, then the groups of subjects, then none of them.
pub(crate) const OUTCOMES: [&str; 8] = [
    "system",
    "contract",
    "both",
    "neither",
    "hardware",
    "software",
    "cyber",
    "elsewhere",
];
/// How many of the outcomes are about what is asked.
pub(crate) const ASKED: usize = 4;

/// The weights of a trait, one for each outcome.
pub(crate) type Row = [f32; OUTCOMES.len()];

/// Learned weights, by the place of their trait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weights {
    rows: Vec<Row>,
    words: Words,
}

impl Weights {
    /// Reads `data/triage/weights.toml`. Weights of entries that the phrases no longer have weigh nothing.
    pub(crate) fn parse(vocabulary: &Vocabulary, text: &str) -> Result<Self, Vec<Problem>> {
        let file: BTreeMap<String, toml::Spanned<Vec<f32>>> =
            toml::from_str(text).map_err(|error| {
                vec![problem(
                    "triage.malformed",
                    error.message().to_owned(),
                    error.span().unwrap_or_default(),
                )]
            })?;
        let names = traits::names(vocabulary);
        let mut rows = vec![[0.0; OUTCOMES.len()]; names.len()];
        let mut words = Words::default();
        let mut problems = Vec::new();
        let places: BTreeMap<&str, usize> = (0..)
            .zip(&names)
            .map(|(place, name)| (name.as_str(), place))
            .collect();
        for (name, values) in &file {
            let Ok(row) = Row::try_from(values.get_ref().as_slice()) else {
                problems.push(problem(
                    "triage.weights_count",
                    format!(
                        "`{name}` has {} weights; it needs one for each of {}",
                        values.get_ref().len(),
                        OUTCOMES.join(", ")
                    ),
                    values.span(),
                ));
                continue;
            };
            if let Some(slot) = places.get(name.as_str()).and_then(|at| rows.get_mut(*at)) {
                *slot = row;
            } else if words.insert(name, rows.len()) {
                rows.push(row);
            }
        }
        if problems.is_empty() {
            Ok(Self { rows, words })
        } else {
            Err(problems)
        }
    }

    /// Whether there are any.
    pub(crate) fn known(&self) -> bool {
        !self.rows.is_empty()
    }

    /// The words that have weights.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// The shares of the outcomes for the traits of a question.
    pub(crate) fn shares(&self, traits: &mut Found) -> Row {
        let mut sums = Row::default();
        traits.take(|place, strength| add(&mut sums, &self.rows, place, strength));
        shares(sums)
    }
}

/// Adds what a trait speaks for.
fn add(sums: &mut Row, rows: &[Row], place: usize, strength: f32) {
    if let Some(row) = rows.get(place) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += weight * strength;
        }
    }
}

/// The shares of the outcomes: the softmax of the sums, of what is asked and of the groups apart.
fn shares(mut sums: Row) -> Row {
    let (asked, about) = sums.split_at_mut(ASKED);
    for part in [asked, about] {
        let most = part.iter().copied().fold(f32::MIN, f32::max);
        let mut whole = 0.0;
        for sum in part.iter_mut() {
            *sum = (*sum - most).exp();
            whole += *sum;
        }
        for sum in part.iter_mut() {
            *sum /= whole;
        }
    }
    sums
}

fn problem(code: &'static str, message: String, span: std::ops::Range<usize>) -> Problem {
    Problem {
        file: "weights",
        code,
        message,
        span,
    }
}
