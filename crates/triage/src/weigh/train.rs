//! Learns the weights from labelled requests.

use std::fmt::Write;
use std::ops::Range;

use super::words::{Counts, Words};
use super::{ASKED, OUTCOMES, Row, add, shares, traits};
use crate::split::Part;
use crate::vocabulary::Vocabulary;

/// A labelled request of `fixtures/requests`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its id.
    pub id: String,
    /// Its subject line.
    pub subject_line: String,
    /// Its text.
    pub body: String,
    /// The byte range of each question, its category (`hardware`, `software`, `cyber` or `none`) and the kinds of
    /// information it asks for.
    pub questions: Vec<(Range<usize>, String, Vec<String>)>,
}

/// The short forms of categories and kinds of information in the files of labelled requests.
const SHORT: [(&str, &str); 28] = [
    ("h", "hardware"),
    ("s", "software"),
    ("c", "cyber"),
    ("n", "none"),
    ("desc", "description"),
    ("manu", "manufacturer"),
    ("model", "model"),
    ("os", "operating-system"),
    ("ver", "version"),
    ("inst", "install-date"),
    ("proj", "project-documentation"),
    ("dev", "device-count"),
    ("user", "user-count"),
    ("lic", "licence-count-type"),
    ("diag", "network-diagram"),
    ("inc", "incident-count"),
    ("inct", "incident-type"),
    ("act", "action-plan"),
    ("resp", "responsible-staff"),
    ("time", "attack-timing"),
    ("pol", "security-policy"),
    ("cdesc", "contract-description"),
    ("cval", "contract-value"),
    ("cdate", "contract-dates"),
    ("csup", "contract-supplier"),
    ("spend", "spend"),
    ("staff", "staffing"),
    ("other", "other"),
];

/// Reads a file of labelled requests: `== id | subject line`, then the text with its questions marked
/// `<h dev>How many servers are there?</>`, category and kinds of information in short.
///
/// # Errors
/// What is wrong, with the request it is in.
pub fn examples(text: &str) -> Result<Vec<Example>, String> {
    let long = |short: &str| {
        SHORT
            .iter()
            .find(|(known, _)| *known == short)
            .map(|(_, long)| (*long).to_owned())
    };
    let mut found = Vec::new();
    for block in format!("\n{text}").split("\n== ").skip(1) {
        let (head, marked) = block.split_once('\n').ok_or("a request has no text")?;
        let (id, subject_line) = head
            .split_once(" | ")
            .ok_or_else(|| format!("`{head}`: write `== id | subject line`"))?;
        let mut body = String::with_capacity(marked.len());
        let mut questions = Vec::new();
        let mut rest = marked;
        while let Some((before, after)) = rest.split_once("</>") {
            let (plain, question) = before
                .rsplit_once('>')
                .and_then(|(tagged, question)| {
                    tagged
                        .rsplit_once('<')
                        .map(|(plain, tag)| (plain, (tag, question)))
                })
                .ok_or_else(|| format!("{id}: `</>` closes nothing"))?;
            let (tag, question) = question;
            let mut labels = tag.split(' ').map(|short| {
                long(short).ok_or_else(|| format!("{id}: `{short}` is no short form of a label"))
            });
            let category = labels
                .next()
                .ok_or_else(|| format!("{id}: a question has no label"))??;
            let kinds = labels.collect::<Result<Vec<_>, _>>()?;
            body.push_str(plain);
            let start = body.len();
            body.push_str(question);
            questions.push((start..body.len(), category, kinds));
            rest = after;
        }
        body.push_str(rest);
        found.push(Example {
            id: id.to_owned(),
            subject_line: subject_line.to_owned(),
            body,
            questions,
        });
    }
    Ok(found)
}

/// How often the weights are mended.
const ROUNDS: u16 = 600;
/// How far a weight goes at first in one round; towards the end a tenth of it.
const STEP: f32 = 0.03;
/// How much of the way that a weight went, and of how steep it was, is kept from round to round.
const KEPT: (f32, f32) = (0.9, 0.99);
/// How much weights are held back, so that what is rare weighs little.
const RESTRAINT: f32 = 0.0003;
/// A trait without a weight of this size is left out, as is any of half of it: they say next to nothing.
const FAINT: f32 = 0.1;

/// Learns the weights from labelled requests, as the text of `data/triage/weights.toml`.
#[must_use]
pub fn train(vocabulary: &Vocabulary, examples: &[Example]) -> String {
    let mut names = traits::names(vocabulary);
    let mut counts = Counts::default();
    let parts: Vec<Vec<Part>> = examples
        .iter()
        .map(|example| {
            let found = crate::split::split(vocabulary, &example.body);
            let parts = example.questions.iter();
            let parts: Vec<Part> = parts.map(|(span, ..)| part(span, &found)).collect();
            for part in &parts {
                counts.add(example.body.get(part.span.clone()).unwrap_or(""));
                counts.add_line(&example.subject_line);
            }
            parts
        })
        .collect();
    let mut words = Words::default();
    for name in counts.common() {
        if words.insert(&name, names.len()) {
            names.push(name);
        }
    }
    let mut seen: Vec<(Vec<(usize, f32)>, Row)> = Vec::new();
    for (example, parts) in examples.iter().zip(parts) {
        let traits = crate::read::traits_of(
            vocabulary,
            &words,
            &example.subject_line,
            &example.body,
            parts,
        );
        for (traits, (_, category, kinds)) in traits.into_iter().zip(&example.questions) {
            seen.push((traits, wanted(category, kinds)));
        }
    }
    written(&names, &learned(&seen, names.len()))
}

/// The weights that make what is wanted of the questions likeliest. Each goes its way at its own pace, so that what is rare
/// is learned as fast as what is common (D. P. Kingma and J. Ba, “Adam: a method for stochastic optimization”, 2015).
fn learned(seen: &[(Vec<(usize, f32)>, Row)], traits: usize) -> Vec<Row> {
    let zero: Vec<Row> = vec![[0.0; OUTCOMES.len()]; traits];
    let (mut rows, mut ways, mut steeps) = (zero.clone(), zero.clone(), zero.clone());
    let mut count = 0.0_f32;
    for _ in seen {
        count += 1.0;
    }
    let mut kept = (1.0, 1.0);
    for round in 0..ROUNDS {
        let mut slopes = zero.clone();
        for (traits, wanted) in seen {
            let mut sums = Row::default();
            for (place, strength) in traits {
                add(&mut sums, &rows, *place, *strength);
            }
            let got = shares(sums);
            for (place, strength) in traits {
                if let Some(row) = slopes.get_mut(*place) {
                    for ((slope, got), wanted) in row.iter_mut().zip(got).zip(wanted) {
                        *slope += (got - wanted) * strength;
                    }
                }
            }
        }
        kept = (kept.0 * KEPT.0, kept.1 * KEPT.1);
        let step = STEP * (1.0 - 0.9 * f32::from(round) / f32::from(ROUNDS));
        let each = rows.iter_mut().flatten().zip(ways.iter_mut().flatten());
        let each = each
            .zip(steeps.iter_mut().flatten())
            .zip(slopes.iter().flatten());
        for (((weight, way), steep), slope) in each {
            let slope = slope / count + RESTRAINT * *weight;
            *way = KEPT.0 * *way + (1.0 - KEPT.0) * slope;
            *steep = KEPT.1 * *steep + (1.0 - KEPT.1) * slope * slope;
            *weight -= step * (*way / (1.0 - kept.0)) / ((*steep / (1.0 - kept.1)).sqrt() + 1e-6);
        }
    }
    rows
}

/// The place of a labelled question as splitting finds it, so that weights are learned from what will be weighed.
fn part(span: &Range<usize>, found: &[Part]) -> Part {
    let shared = |part: &Part| {
        part.span
            .end
            .min(span.end)
            .saturating_sub(part.span.start.max(span.start))
    };
    let best = found
        .iter()
        .max_by_key(|part| shared(part))
        .filter(|part| shared(part).saturating_mul(2) >= part.span.len().min(span.len()));
    best.cloned().unwrap_or_else(|| Part {
        label: String::new(),
        span: span.clone(),
        stem: None,
        heading: None,
    })
}

/// What the weights should say of a question.
fn wanted(category: &str, kinds: &[String]) -> Row {
    let contract = kinds.iter().any(|kind| kind.starts_with("contract-"));
    let system = category != "none"
        && kinds.iter().any(|kind| {
            !kind.starts_with("contract-")
                && !["spend", "staffing", "other"].contains(&kind.as_str())
        });
    let asked = match (system, contract) {
        (true, false) => 0,
        (false, true) => 1,
        (true, true) => 2,
        (false, false) => 3,
    };
    let about = OUTCOMES
        .iter()
        .position(|outcome| *outcome == category)
        .unwrap_or(OUTCOMES.len() - 1);
    let mut row = [0.0; OUTCOMES.len()];
    for at in [asked, about.max(ASKED)] {
        if let Some(share) = row.get_mut(at) {
            *share = 1.0;
        }
    }
    row
}

fn written(names: &[String], rows: &[Row]) -> String {
    let mut text = format!(
        "# How much each trait of a question speaks for each outcome, learned from fixtures/requests and\n# fixtures/labelled. Don't edit it: run\n#\n#     cargo run --release -p triage --example train\n#\n# Outcomes: {}.\n\n",
        OUTCOMES.join(", ")
    );
    let mut lines: Vec<(&String, &Row)> = names
        .iter()
        .zip(rows)
        .filter(|(_, row)| row.iter().any(|weight| weight.abs() >= FAINT))
        .collect();
    lines.sort_by_key(|(name, _)| *name);
    for (name, row) in lines {
        let values = row.map(|weight| match weight.abs() < FAINT / 2.0 {
            true => "0.0".to_owned(),
            false => format!("{weight:.2}"),
        });
        // Writing to a string can't fail.
        let _ = writeln!(text, "\"{name}\" = [{}]", values.join(", "));
    }
    text
}
