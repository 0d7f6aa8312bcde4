//! Learns the weights from labelled requests.

use std::fmt::Write;
use std::ops::Range;

use super::words::{Counts, Words};
use super::{ASKED, OUTCOMES, Row, shares, traits};
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

/// How often the weights are mended, and by how much at most.
const ROUNDS: usize = 400;
const STEP: f32 = 1.2;
/// How much weights are held back, so that what is rare weighs little.
const RESTRAINT: f32 = 0.006;
/// Weights below this are left out.
const FAINT: f32 = 0.02;

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
            count(example, &parts, &mut counts);
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
    let mut rows: Vec<Row> = vec![[0.0; OUTCOMES.len()]; names.len()];
    let mut pace = rows.clone();
    let mut count = 0.0_f32;
    for _ in &seen {
        count += 1.0;
    }
    for _ in 0..ROUNDS {
        let mut slope: Vec<Row> = vec![[0.0; OUTCOMES.len()]; names.len()];
        for (traits, wanted) in &seen {
            let got = shares(&rows, traits);
            for (place, strength) in traits {
                if let Some(row) = slope.get_mut(*place) {
                    for ((slope, got), wanted) in row.iter_mut().zip(got).zip(wanted) {
                        *slope += (got - wanted) * strength;
                    }
                }
            }
        }
        for ((row, pace), slope) in rows.iter_mut().zip(&mut pace).zip(&slope) {
            for ((weight, pace), slope) in row.iter_mut().zip(pace).zip(slope) {
                *pace = 0.9 * *pace - STEP * 0.1 * (slope / count + RESTRAINT * *weight);
                *weight += *pace;
            }
        }
    }
    written(&names, &rows)
}

/// Counts the words of a request's questions.
fn count(example: &Example, parts: &[Part], counts: &mut Counts) {
    let text = |span: &Range<usize>| example.body.get(span.clone()).unwrap_or("");
    let mut before: Option<&Part> = None;
    for part in parts {
        counts.add("own", text(&part.span));
        for (place, span) in [("stem", &part.stem), ("heading", &part.heading)] {
            if let Some(span) = span {
                counts.add(place, text(span));
            }
        }
        counts.add("heading", &example.subject_line);
        if let Some(before) = before {
            counts.add("before", text(&before.span));
        }
        before = Some(part);
    }
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
        "# How much each trait of a question speaks for each outcome, learned from fixtures/requests. Don't edit it: run\n#\n#     cargo run --release -p triage --example train\n#\n# Outcomes: {}.\n\n",
        OUTCOMES.join(", ")
    );
    let mut lines: Vec<(&String, &Row)> = names
        .iter()
        .zip(rows)
        .filter(|(_, row)| row.iter().any(|weight| weight.abs() >= FAINT))
        .collect();
    lines.sort_by_key(|(name, _)| *name);
    for (name, row) in lines {
        let values: Vec<String> = row
            .iter()
            .map(|weight| {
                if weight.abs() < FAINT {
                    "0.0".to_owned()
                } else {
                    format!("{weight:.2}")
                }
            })
            .collect();
        // Writing to a string can't fail.
        let _ = writeln!(text, "\"{name}\" = [{}]", values.join(", "));
    }
    text
}
