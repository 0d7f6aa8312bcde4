//! How sure a proposal is: what it rests on, weighed as labelled requests have shown.
//!
//! Each thing that a proposal may rest on has one weight in `data/triage/confidence.toml`. Their sum is turned into a
//! share between 0 and 1 by the logistic function, so that of the proposals stated at 0.9 about nine in ten are right.
//! The weights are learned by [`train`] from labelled requests, the same each time from the same requests.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use law::Problem;
use serde::Deserialize;
use toml::Spanned;
use triage::{Finding, Question, Scope};

use crate::policy::Policy;
use crate::proposal::Kind;

/// One thing that a proposal may rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// It is *protected*.
    Protected,
    /// It is *register*.
    Register,
    /// It is *mixed*.
    Mixed,
    /// It is *open* although a subject of the policy's table is named in the question.
    OpenOnSubject,
    /// It is *open* and no subject of the table is near.
    OpenElsewhere,
    /// The subject stands in the sentence that the question completes.
    SubjectInStem,
    /// The subject stands in the heading.
    SubjectInHeading,
    /// The subject stands in the question before.
    SubjectBefore,
    /// The subject stands elsewhere in the request.
    SubjectElsewhere,
    /// The words for the subject have other senses.
    SubjectWeak,
    /// The kind of information is told by words outside the question.
    InformationLent,
    /// The words for the kind of information have other senses.
    InformationWeak,
    /// The words for the kind of information can mean nothing else.
    InformationSure,
    /// No words tell the kind of information.
    InformationSilent,
    /// The question asks as plainly for information of another sort: table, register or neither.
    InformationRivals,
    /// Its subjects belong to several rows of the table.
    SeveralRows,
    /// Words for another sense than ICT stand near.
    OtherSense,
    /// It is longer than most questions.
    Long,
    /// The learned weights give its reading a share of less than a half.
    LeansElsewhere,
    /// The learned weights give its reading a share between a half and three quarters.
    LeansFaintly,
    /// The learned weights give its reading a share of nine tenths or more.
    LeansStrongly,
}

impl Ground {
    /// Every ground with its id in the data and what it tells.
    pub const ALL: [(Self, &'static str, &'static str); 21] = [
        (Self::Protected, "protected", "the proposal is protected"),
        (Self::Register, "register", "the proposal is register"),
        (Self::Mixed, "mixed", "the proposal is mixed"),
        (
            Self::OpenOnSubject,
            "open-on-subject",
            "it is open although the question names a subject of the table",
        ),
        (
            Self::OpenElsewhere,
            "open-elsewhere",
            "it is open and no subject of the table is near",
        ),
        (
            Self::SubjectInStem,
            "subject-in-stem",
            "the sentence that the question completes names its subject",
        ),
        (
            Self::SubjectInHeading,
            "subject-in-heading",
            "the heading names its subject",
        ),
        (
            Self::SubjectBefore,
            "subject-before",
            "the question before names its subject",
        ),
        (
            Self::SubjectElsewhere,
            "subject-elsewhere",
            "only the rest of the request names its subject",
        ),
        (
            Self::SubjectWeak,
            "subject-weak",
            "the words for its subject have other senses",
        ),
        (
            Self::InformationLent,
            "information-lent",
            "words outside the question tell what it wants",
        ),
        (
            Self::InformationWeak,
            "information-weak",
            "the words that tell what it wants have other senses",
        ),
        (
            Self::InformationSure,
            "information-sure",
            "the words that tell what it wants can mean nothing else",
        ),
        (
            Self::InformationSilent,
            "information-silent",
            "no words tell what it wants",
        ),
        (
            Self::InformationRivals,
            "information-rivals",
            "it asks as plainly for information of another sort: table, register or neither",
        ),
        (
            Self::SeveralRows,
            "several-rows",
            "its subjects belong to several rows of the table",
        ),
        (
            Self::OtherSense,
            "other-sense",
            "words for another sense than ICT stand near",
        ),
        (Self::Long, "long", "it is longer than most questions"),
        (
            Self::LeansElsewhere,
            "leans-elsewhere",
            "the learned weights give its reading a share of less than a half",
        ),
        (
            Self::LeansFaintly,
            "leans-faintly",
            "the learned weights give its reading a share between a half and three quarters",
        ),
        (
            Self::LeansStrongly,
            "leans-strongly",
            "the learned weights give its reading a share of nine tenths or more",
        ),
    ];

    /// Its id in the data.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.get(self as usize).map_or("", |(_, id, _)| *id)
    }

    /// What it tells, in a few words.
    #[must_use]
    pub fn tells(self) -> &'static str {
        Self::ALL
            .get(self as usize)
            .map_or("", |(_, _, tells)| *tells)
    }
}

/// Longer questions hold more than one thought.
const LONG: usize = 220;

/// What a proposal rests on.
///
/// `subject` and `shown` are the findings it relies on, if any.
pub(crate) fn grounds(
    policy: &Policy,
    question: &Question,
    kind: Kind,
    subject: Option<&Finding>,
    shown: Option<&Finding>,
) -> Vec<Ground> {
    let row = |found: &Finding| policy.category_of_subject(&found.id).map(|row| &row.id);
    let named = question.subjects.iter().find(|found| row(found).is_some());
    let mut grounds = vec![match kind {
        Kind::Protected => Ground::Protected,
        Kind::Register => Ground::Register,
        Kind::Mixed => Ground::Mixed,
        Kind::Open if named.is_some() => Ground::OpenOnSubject,
        Kind::Open => Ground::OpenElsewhere,
    }];
    if let Some(subject) = subject.or(named) {
        grounds.extend(match subject.scope {
            Scope::Own => None,
            Scope::Stem => Some(Ground::SubjectInStem),
            Scope::Heading => Some(Ground::SubjectInHeading),
            Scope::Previous => Some(Ground::SubjectBefore),
            Scope::Request | Scope::SubjectLine => Some(Ground::SubjectElsewhere),
        });
        if subject.strength() < FAINT {
            grounds.push(Ground::SubjectWeak);
        }
        if question
            .subjects
            .iter()
            .any(|other| row(other).is_some_and(|other| Some(other) != row(subject)))
        {
            grounds.push(Ground::SeveralRows);
        }
    }
    match shown.or(question.information.first()) {
        None => grounds.push(Ground::InformationSilent),
        Some(shown) => {
            if shown.scope != Scope::Own {
                grounds.push(Ground::InformationLent);
            }
            if shown.strength() < FAINT {
                grounds.push(Ground::InformationWeak);
            } else if shown.strength() > PLAIN {
                grounds.push(Ground::InformationSure);
            }
            let sort = |found: &Finding| sort(policy, &found.id);
            if question
                .information
                .iter()
                .any(|other| sort(other) != sort(shown) && other.weight >= shown.weight - 0.01)
            {
                grounds.push(Ground::InformationRivals);
            }
        }
    }
    if !question.exclusions.is_empty() {
        grounds.push(Ground::OtherSense);
    }
    if question.span.len() > LONG {
        grounds.push(Ground::Long);
    }
    if let Some(leaning) = &question.leaning {
        let share = match kind {
            Kind::Protected => leaning.system,
            Kind::Register => leaning.contract,
            Kind::Mixed => leaning.both.max(leaning.system.min(leaning.contract)),
            Kind::Open => leaning.neither,
        };
        if share < 0.5 {
            grounds.push(Ground::LeansElsewhere);
        } else if share < 0.75 {
            grounds.push(Ground::LeansFaintly);
        } else if share >= 0.9 {
            grounds.push(Ground::LeansStrongly);
        }
    }
    grounds
}

/// Whether the register answers for a kind of information, and whether the table lists it.
fn sort(policy: &Policy, information: &str) -> (bool, bool) {
    (
        policy
            .contracts_register()
            .is_some_and(|register| register.answers.iter().any(|id| id == information)),
        policy
            .categories
            .iter()
            .any(|row| row.kind(information).is_some()),
    )
}

/// Findings below this strength are faint; above the other, they can mean nothing else.
const FAINT: f32 = 0.75;
const PLAIN: f32 = 0.95;

/// The weight of each ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Confidence {
    base: f64,
    weights: [f64; Ground::ALL.len()],
}

impl Default for Confidence {
    /// Nothing measured: every proposal is stated at 0.8.
    fn default() -> Self {
        Self {
            base: (0.8_f64 / 0.2).ln(),
            weights: [0.0; Ground::ALL.len()],
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "provenance, for the person who reads the file")]
    policy: String,
    #[expect(dead_code, reason = "provenance, for the person who reads the file")]
    questions: u32,
    #[expect(dead_code, reason = "provenance, for the person who reads the file")]
    requests_sha256: String,
    base: Spanned<f64>,
    weights: Spanned<BTreeMap<Spanned<String>, Spanned<f64>>>,
}

/// No weight is greater: a single ground never decides alone.
const GREATEST: f64 = 8.0;

impl Confidence {
    /// Reads `data/triage/confidence.toml`.
    ///
    /// # Errors
    /// Every mistake of the file.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(text, "confidence.malformed")?;
        let mut problems = Vec::new();
        let mut checked = |value: &Spanned<f64>, id: &str| {
            if !value.get_ref().is_finite() || value.get_ref().abs() > GREATEST {
                problems.push(Problem::at(
                    value.span(),
                    "confidence.weight_out_of_range",
                    format!("`{id}` must lie between -{GREATEST} and {GREATEST}"),
                ));
            }
            *value.get_ref()
        };
        let mut confidence = Self {
            base: checked(&file.base, "base"),
            ..Self::default()
        };
        let mut seen = [false; Ground::ALL.len()];
        let mut unknown = Vec::new();
        for (id, value) in file.weights.get_ref() {
            let known = Ground::ALL
                .iter()
                .position(|(_, known, _)| known == id.get_ref());
            match known.and_then(|at| Some((confidence.weights.get_mut(at)?, seen.get_mut(at)?))) {
                Some((weight, seen)) => {
                    *weight = checked(value, id.get_ref());
                    *seen = true;
                }
                None => unknown.push((id.span(), id.get_ref().clone())),
            }
        }
        problems.extend(unknown.into_iter().map(|(span, id)| {
            let known: Vec<&str> = Ground::ALL.iter().map(|(_, id, _)| *id).collect();
            Problem::at(
                span,
                "confidence.unknown_ground",
                format!(
                    "`{id}` is nothing that a proposal rests on; the weights are {}",
                    known.join(", ")
                ),
            )
        }));
        for ((_, id, _), seen) in Ground::ALL.iter().zip(seen) {
            if !seen {
                problems.push(Problem::at(
                    file.weights.span(),
                    "confidence.missing_weight",
                    format!(
                        "there is no weight for `{id}`; train anew with `candour eval --calibrate`, or set it to 0"
                    ),
                ));
            }
        }
        if problems.is_empty() {
            Ok(confidence)
        } else {
            Err(problems)
        }
    }

    /// How sure a proposal is that rests on these grounds: a share of such proposals that are right, 0 to 1.
    #[must_use]
    pub fn stated(&self, grounds: &[Ground]) -> f32 {
        let sum: f64 = grounds
            .iter()
            .map(|ground| self.weight(*ground))
            .sum::<f64>()
            + self.base;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a share needs no more than two digits"
        )]
        let share = logistic(sum) as f32;
        // Nobody is ever certain.
        share.clamp(0.02, 0.99)
    }

    /// What every proposal's sum starts from.
    #[must_use]
    pub fn base(&self) -> f64 {
        self.base
    }

    /// The weight of a ground; above 0 it makes a proposal surer.
    #[must_use]
    pub fn weight(&self, ground: Ground) -> f64 {
        self.weights.get(ground as usize).copied().unwrap_or(0.0)
    }

    /// The file that [`Confidence::parse`] reads.
    #[must_use]
    pub fn file(&self, policy: &str, questions: usize, requests_sha256: &str) -> String {
        let mut text = format!(
            "# How sure proposals are, measured on labelled requests: `candour eval --calibrate CORPUS… > confidence.toml`.\n\
             # A proposal's weights are summed with `base`; 1 / (1 + e^-sum) of such proposals are right.\n\n\
             policy = \"{policy}\"\nquestions = {questions}\nrequests_sha256 = \"{requests_sha256}\"\n\n\
             base = {:.2}\n\n[weights]\n",
            self.base
        );
        for (ground, id, tells) in Ground::ALL {
            let _ = writeln!(text, "{id} = {:.2} # {tells}", self.weight(ground));
        }
        text
    }
}

fn logistic(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp())
}

/// What proposals rested on, and whether each was right.
pub type Outcomes = [(Vec<Ground>, bool)];

/// Learns the weights by logistic regression, held close to zero: rare grounds need many outcomes to weigh much.
///
/// The same outcomes in the same order give the same weights.
#[must_use]
pub fn train(outcomes: &Outcomes) -> Confidence {
    let mut confidence = Confidence {
        base: 0.0,
        weights: [0.0; Ground::ALL.len()],
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of questions are far below 2^52"
    )]
    let count = outcomes.len().max(1) as f64;
    // Each outcome has at most a dozen grounds, so the curvature is at most a quarter of that.
    let step = 4.0 / 13.0;
    let hold = HOLD / count;
    for _ in 0..ROUNDS {
        let mut base = 0.0;
        let mut slopes = [0.0; Ground::ALL.len()];
        for (grounds, right) in outcomes {
            let sum = grounds
                .iter()
                .map(|ground| confidence.weight(*ground))
                .sum::<f64>()
                + confidence.base;
            let error = f64::from(u8::from(*right)) - logistic(sum);
            base += error;
            for ground in grounds {
                if let Some(slope) = slopes.get_mut(*ground as usize) {
                    *slope += error;
                }
            }
        }
        confidence.base += step * base / count;
        for (weight, slope) in confidence.weights.iter_mut().zip(slopes) {
            *weight += step * (slope / count - hold * *weight);
        }
    }
    confidence.base = hundredth(confidence.base);
    for weight in &mut confidence.weights {
        *weight = hundredth(*weight);
    }
    confidence
}

/// Rounds of climbing; more change no second digit.
const ROUNDS: usize = 4_000;
/// How many outcomes a ground must explain before its weight moves freely.
const HOLD: f64 = 1.5;

fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// One row of a reliability table: proposals stated within a range, and how many were right.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// Stated confidence in hundredths, the end not included.
    pub stated: Range<u32>,
    /// How many.
    pub count: usize,
    /// How many were right.
    pub right: usize,
    /// The mean of what was stated.
    pub mean: f64,
}

/// The ranges of a reliability table, in hundredths.
const RANGES: [u32; 8] = [0, 50, 60, 70, 80, 90, 95, 101];

/// What was stated beside what was right. Empty ranges are left out.
#[must_use]
pub fn reliability(stated: &[(f32, bool)]) -> Vec<Reliability> {
    RANGES
        .windows(2)
        .filter_map(|ends| {
            let (from, to) = (*ends.first()?, *ends.last()?);
            let within = stated.iter().filter(|(share, _)| {
                let hundredths = (f64::from(*share) * 100.0).round();
                f64::from(from) <= hundredths && hundredths < f64::from(to)
            });
            let (mut count, mut right, mut sum) = (0_usize, 0_usize, 0.0);
            for (share, met) in within {
                count = count.saturating_add(1);
                right = right.saturating_add(usize::from(*met));
                sum += f64::from(*share);
            }
            let mean = crate::evaluation::share(1, count).map(|one| sum * one)?;
            Some(Reliability {
                stated: from..to,
                count,
                right,
                mean,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Outcomes of which a known share is right.
    fn outcomes(grounds: &[Ground], right: usize, count: usize) -> Vec<(Vec<Ground>, bool)> {
        (0..count)
            .map(|at| (grounds.to_vec(), at < right))
            .collect()
    }

    #[test]
    fn a_share_learned_is_the_share_that_was_right() {
        let mut all = outcomes(&[Ground::Protected], 950, 1_000);
        all.extend(outcomes(
            &[Ground::Protected, Ground::SubjectWeak],
            600,
            1_000,
        ));
        all.extend(outcomes(&[Ground::Register], 800, 1_000));
        let learned = train(&all);
        for (grounds, share) in [
            (vec![Ground::Protected], 0.95),
            (vec![Ground::Protected, Ground::SubjectWeak], 0.6),
            (vec![Ground::Register], 0.8),
        ] {
            let stated = learned.stated(&grounds);
            assert!((stated - share).abs() < 0.02, "{grounds:?}: {stated}");
        }
    }

    #[test]
    fn a_ground_never_seen_weighs_nothing() {
        let learned = train(&outcomes(&[Ground::Protected], 9, 10));
        assert_eq!(learned.weight(Ground::Long), 0.0);
    }

    #[test]
    fn the_file_written_reads_back_the_same() {
        let mut all = outcomes(&[Ground::Mixed], 7, 9);
        all.extend(outcomes(&[Ground::Register, Ground::Long], 1, 5));
        let learned = train(&all);
        let file = learned.file("some-policy", 14, "00");
        assert_eq!(Confidence::parse(&file), Ok(learned));
    }

    #[test]
    fn grounds_stand_in_the_order_of_their_table() {
        for (at, (ground, _, _)) in Ground::ALL.iter().enumerate() {
            assert_eq!(*ground as usize, at);
        }
    }

    #[test]
    fn every_mistake_of_the_file_is_reported_at_once() {
        let good = Confidence::default().file("p", 1, "0");
        let bad = good
            .replace("protected = ", "protcted = ")
            .replace("long = 0.00", "long = 80.0");
        let codes: Vec<&str> = Confidence::parse(&bad)
            .unwrap_err()
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(
            codes,
            [
                "confidence.weight_out_of_range",
                "confidence.unknown_ground",
                "confidence.missing_weight"
            ]
        );
        let malformed = Confidence::parse("base = \"high\"").unwrap_err();
        assert_eq!(malformed.len(), 1);
    }

    #[test]
    fn a_reliability_table_counts_each_proposal_once() {
        let table = reliability(&[(0.3, false), (0.91, true), (0.9, false), (0.99, true)]);
        let rows: Vec<(u32, usize, usize)> = table
            .iter()
            .map(|row| (row.stated.start, row.count, row.right))
            .collect();
        assert_eq!(rows, [(0, 1, 0), (90, 2, 1), (95, 1, 1)]);
    }
}
