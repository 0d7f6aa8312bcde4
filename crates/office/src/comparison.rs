//! Whose proposals would change if another policy took the place of one: the same requests read once, treated under both.

use std::collections::BTreeMap;

use casework::policy::{ConfirmStance, ContentStance, Policy};
use casework::proposal::{Proposal, propose};
use jiff::ToSpan;
use triage::Vocabulary;

use crate::fault::Stop;
use crate::office::Office;

/// Requests read from the store at once.
const PAGE: u64 = 200;

/// A question that would be treated in another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The id or reference of its request.
    pub request: String,
    /// Its label there.
    pub label: String,
    /// Its words.
    pub text: String,
}

/// What another policy would change.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Requests read.
    pub requests: usize,
    /// Requests of which a question changes.
    pub touched: usize,
    /// Questions read.
    pub questions: usize,
    changes: BTreeMap<(String, String), Vec<Changed>>,
}

impl Comparison {
    /// Reads a request under both policies.
    pub fn add(
        &mut self,
        (old, new): (&Policy, &Policy),
        vocabulary: &Vocabulary,
        request: &str,
        subject: &str,
        body: &str,
    ) {
        self.requests = self.requests.saturating_add(1);
        let mut is_touched = false;
        for question in &triage::read_message(vocabulary, subject, body).questions {
            self.questions = self.questions.saturating_add(1);
            let treated = |policy: &Policy| treatment(policy, &propose(policy, question));
            let (from, to) = (treated(old), treated(new));
            if from != to {
                is_touched = true;
                self.changes.entry((from, to)).or_default().push(Changed {
                    request: request.to_owned(),
                    label: question.label.clone(),
                    text: body.get(question.span.clone()).unwrap_or("").to_owned(),
                });
            }
        }
        self.touched = self.touched.saturating_add(usize::from(is_touched));
    }

    /// How many questions change.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.changes.values().map(Vec::len).sum()
    }

    /// Each kind of change, from and to, with its questions; the most frequent first.
    #[must_use]
    pub fn changes(&self) -> Vec<(&str, &str, &[Changed])> {
        let mut sorted: Vec<(&str, &str, &[Changed])> = self
            .changes
            .iter()
            .map(|((from, to), list)| (from.as_str(), to.as_str(), list.as_slice()))
            .collect();
        sorted.sort_by_key(|(_, _, list)| std::cmp::Reverse(list.len()));
        sorted
    }
}

/// How a policy would treat a question: its proposal, its row, and the stance of its cell.
fn treatment(policy: &Policy, proposal: &Proposal) -> String {
    let mut text = proposal.kind.as_str().to_owned();
    let Some(row) = proposal
        .category
        .as_deref()
        .and_then(|id| policy.category(id))
    else {
        return text;
    };
    text.push_str(&format!(" ({})", row.id));
    let cell = proposal
        .evidence
        .iter()
        .find_map(|evidence| row.kind(evidence.supports.strip_prefix("information:")?));
    if let Some(cell) = cell {
        text.push_str(match (cell.confirm, cell.content) {
            (ConfirmStance::NeitherConfirmNorDeny, _) => ", neither confirmed nor denied",
            (ConfirmStance::Confirm, ContentStance::Withhold) => ", confirmed and withheld",
            (ConfirmStance::Confirm, ContentStance::Disclose) => ", confirmed and disclosed",
        });
    }
    text
}

fn lines(stop: Stop) -> Vec<String> {
    match stop {
        Stop::Input(problems) => problems,
        Stop::Found => Vec::new(),
    }
}

impl Office {
    /// A policy that comes with the program, or its replacement.
    ///
    /// # Errors
    /// Every problem of its file.
    pub fn other_policy(&self, id: &str) -> Result<Policy, Vec<String>> {
        self.data
            .policy(id, &self.bundle.statute, &self.bundle.vocabulary)
            .map(|loaded| loaded.policy)
            .map_err(lines)
    }

    /// A policy that somebody wrote.
    ///
    /// # Errors
    /// Every problem of it, with line and column.
    pub fn policy_of_text(&self, text: &str) -> Result<Policy, Vec<String>> {
        let bundle = &self.bundle;
        self.data
            .policy_of_text(text, "policy", &bundle.statute, &bundle.vocabulary)
            .map(|loaded| loaded.policy)
            .map_err(lines)
    }

    /// What another policy would change among the requests of the last year, the earliest first, at most so many.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn what_would_change(
        &self,
        new: &Policy,
        at_most: usize,
    ) -> Result<Comparison, store::Fault> {
        let today = self.today();
        let from = today.checked_sub(1.year()).unwrap_or(today);
        let mut comparison = Comparison::default();
        let mut after = None;
        loop {
            let rows = self
                .store
                .received_between(from, today, after.as_ref(), PAGE)
                .await?;
            for row in &rows {
                if comparison.requests >= at_most {
                    return Ok(comparison);
                }
                let Some(case) = self.case(&row.case_id).await? else {
                    continue;
                };
                comparison.add(
                    (&self.bundle.policy.policy, new),
                    &self.bundle.vocabulary,
                    &case.receipt.reference,
                    &case.receipt.subject,
                    &case.receipt.text,
                );
            }
            match rows.last() {
                Some(last) if rows.len() as u64 >= PAGE => after = Some(last.cursor_by_receipt()),
                _ => return Ok(comparison),
            }
        }
    }
}
