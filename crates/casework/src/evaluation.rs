//! Scores proposals against a labelled corpus.
//!
//! A labelled item and a question match when they overlap by at least half of the shorter one; each is used once, best
//! overlap first. An item that no question matches counts as wrong. A labelled *mixed* is met by *mixed* or *protected*;
//! a proposed *mixed* meets a labelled *protected* or *register*. Items whose label is of low confidence are matched but
//! not scored.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use triage::Question;

use crate::confidence::Ground;
use crate::proposal::{Kind, Proposal};

/// A request with the answers that two careful readers would give.
#[derive(Clone, Debug, Deserialize)]
pub struct Labelled {
    /// Its id.
    pub id: String,
    /// Its subject line, if any.
    pub subject: Option<String>,
    /// Its text.
    pub body: String,
    /// Its questions, in the order of the text.
    pub items: Vec<Item>,
}

/// One labelled question.
#[derive(Clone, Debug, Deserialize)]
pub struct Item {
    /// Its words, exactly as they stand in the body.
    pub text: String,
    /// The row of the policy's table, or `none`.
    pub category: String,
    /// Kinds of information, ids of `data/triage/information.toml`.
    pub information: Vec<String>,
    /// `protected`, `register`, `mixed` or `open`.
    pub disposition: String,
    /// How sure the label is: `high`, `medium` or `low`.
    pub confidence: String,
}

impl Labelled {
    /// Whether it belongs to the third that no rule may be written from: the SHA-256 of its id, as a number, is divisible
    /// by three.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        // 256 leaves 1 when divided by 3, so the digits sum up as in decimal.
        let sum: u32 = Sha256::digest(self.id.as_bytes())
            .iter()
            .map(|byte| u32::from(*byte))
            .sum();
        sum.is_multiple_of(3)
    }

    /// The byte range of each item in the body.
    ///
    /// # Errors
    /// The text of the first item that is not in the body.
    pub fn spans(&self) -> Result<Vec<Range<usize>>, &str> {
        let mut spans = Vec::with_capacity(self.items.len());
        let mut cursor: usize = 0;
        for item in &self.items {
            let start = self
                .body
                .get(cursor..)
                .and_then(|rest| rest.find(&item.text))
                .map(|at| at.saturating_add(cursor))
                .or_else(|| self.body.find(&item.text))
                .ok_or(item.text.as_str())?;
            spans.push(start..start.saturating_add(item.text.len()));
            let width = self
                .body
                .get(start..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8);
            cursor = start.saturating_add(width);
        }
        Ok(spans)
    }
}

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Requests.
    pub requests: usize,
    /// Labelled items.
    pub items: usize,
    /// Questions found.
    pub predicted: usize,
    /// Pairs of an item and a question.
    pub matched: usize,
    /// Items whose label is not of low confidence.
    pub scored: usize,
    /// Scored items whose proposal meets the label.
    pub right: usize,
    /// Matched items whose row is the label's.
    pub category_right: usize,
    /// Scored items labelled *protected*; those proposed as *protected* or *mixed*.
    pub protected: (usize, usize),
    /// Scored items proposed as *protected* or *mixed*; those labelled so.
    pub protected_got: (usize, usize),
    /// Scored items labelled *register*; those proposed as *register* or *mixed*.
    pub register: (usize, usize),
    /// Scored items labelled *open*; those proposed as *protected* or *mixed*: over-refusal.
    pub open: (usize, usize),
    /// How often each label met each proposal (`unmatched` where no question matched).
    pub confusion: BTreeMap<(String, &'static str), usize>,
    /// Stated confidence and whether it was right, for each scored and matched item, in order.
    pub stated: Vec<(f32, bool)>,
    /// What each of those rested on, and whether it was right.
    pub outcomes: Vec<(Vec<Ground>, bool)>,
    /// How often each rule spoke for a scored and matched item, and how often the proposal was right then.
    pub rules: BTreeMap<String, (usize, usize)>,
    /// Scored items that were wrong.
    pub wrong: Vec<Wrong>,
}

/// A scored item whose proposal does not meet the label.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// The request's id.
    pub request: String,
    /// The item.
    pub item: Item,
    /// What was proposed for it, if a question matched.
    pub got: Option<(Question, Proposal)>,
}

/// A share, `None` of nothing.
#[must_use]
pub fn share(part: usize, whole: usize) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of questions are far below 2^52"
    )]
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Scores {
    /// Precision, recall and their harmonic mean of the questions found.
    #[must_use]
    pub fn segmentation(&self) -> (Option<f64>, Option<f64>, f64) {
        let precision = share(self.matched, self.predicted);
        let recall = share(self.matched, self.items);
        let f1 = match (precision, recall) {
            (Some(p), Some(r)) if p + r > 0.0 => 2.0 * p * r / (p + r),
            _ => 0.0,
        };
        (precision, recall, f1)
    }

    /// Counts one request.
    ///
    /// # Errors
    /// The text of the first item that is not in the body.
    pub fn add<'l>(
        &mut self,
        labelled: &'l Labelled,
        answers: &[(Question, Proposal)],
    ) -> Result<(), &'l str> {
        let spans = labelled.spans()?;
        let questions: Vec<Range<usize>> = answers.iter().map(|(q, _)| q.span.clone()).collect();
        let found = matches(&spans, &questions);
        self.requests += 1;
        self.items += spans.len();
        self.predicted += answers.len();
        for (item, at) in labelled.items.iter().zip(found) {
            let got = at.and_then(|at| answers.get(at));
            if let Some((_, proposal)) = got {
                self.matched += 1;
                let category = proposal.category.as_deref().unwrap_or("none");
                self.category_right += usize::from(category == item.category);
            }
            if item.confidence == "low" {
                continue;
            }
            let kind = got.map(|(_, proposal)| proposal.kind);
            let right = kind.is_some_and(|kind| meets(&item.disposition, kind));
            self.scored += 1;
            self.right += usize::from(right);
            *self
                .confusion
                .entry((
                    item.disposition.clone(),
                    kind.map_or("unmatched", Kind::as_str),
                ))
                .or_default() += 1;
            let refused = kind.is_some_and(Kind::is_covered);
            let answered = matches!(kind, Some(Kind::Register | Kind::Mixed));
            match item.disposition.as_str() {
                "protected" => count(&mut self.protected, refused),
                "register" => count(&mut self.register, answered),
                "open" => count(&mut self.open, refused),
                _ => {}
            }
            if refused {
                let rightly = matches!(item.disposition.as_str(), "protected" | "mixed");
                count(&mut self.protected_got, rightly);
            }
            if let Some((question, proposal)) = got {
                self.stated.push((proposal.confidence, right));
                self.outcomes.push((proposal.grounds.clone(), right));
                for rule in rules(question, proposal) {
                    count(self.rules.entry(rule.to_owned()).or_default(), right);
                }
            }
            if !right {
                self.wrong.push(Wrong {
                    request: labelled.id.clone(),
                    item: item.clone(),
                    got: got.cloned(),
                });
            }
        }
        Ok(())
    }
}

/// The rules that a proposal rests on: those of its evidence, and of the senses that tell against it; for an open one also
/// the first kind of information.
fn rules<'q>(question: &'q Question, proposal: &'q Proposal) -> BTreeSet<&'q str> {
    let named = question
        .information
        .first()
        .filter(|_| proposal.kind == Kind::Open);
    proposal
        .evidence
        .iter()
        .map(|evidence| evidence.rule.as_str())
        .chain(
            question
                .exclusions
                .iter()
                .chain(named)
                .map(|found| found.rule.as_str()),
        )
        .collect()
}

fn count(pair: &mut (usize, usize), hit: bool) {
    pair.0 += 1;
    pair.1 += usize::from(hit);
}

fn meets(label: &str, kind: Kind) -> bool {
    label == kind.as_str()
        || (label == "mixed" && kind == Kind::Protected)
        || (kind == Kind::Mixed && matches!(label, "protected" | "register"))
}

/// For each item the question that matches it.
#[must_use]
pub fn matches(items: &[Range<usize>], questions: &[Range<usize>]) -> Vec<Option<usize>> {
    let mut pairs = Vec::new();
    for (i, item) in items.iter().enumerate() {
        for (q, question) in questions.iter().enumerate() {
            let shared = item
                .end
                .min(question.end)
                .saturating_sub(item.start.max(question.start));
            let shorter = item.len().min(question.len()).max(1);
            if shared > 0 && shared.saturating_mul(2) >= shorter {
                let union = item.end.max(question.end) - item.start.min(question.start);
                pairs.push((share(shared, union).unwrap_or(0.0), shared, i, q));
            }
        }
    }
    pairs.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then((b.1, b.2, b.3).cmp(&(a.1, a.2, a.3)))
    });
    let mut found = vec![None; items.len()];
    let mut taken = vec![false; questions.len()];
    for (_, _, item, question) in pairs {
        if let (Some(slot @ None), Some(free @ false)) =
            (found.get_mut(item), taken.get_mut(question))
        {
            *slot = Some(question);
            *free = true;
        }
    }
    found
}
