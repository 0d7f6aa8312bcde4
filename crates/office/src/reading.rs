//! A request's text, read: its questions and what the policy says of each.

use std::ops::Range;

use casework::event::{CaseQuestion, EvidenceRecord, ProposalRecord, QuestionId};
use casework::explanation::{Words, because};
use casework::policy::Policy;
use casework::proposal::{Proposal, propose};
use triage::split::Part;
use triage::{Question, Reading, Vocabulary};

use crate::bundle::Bundle;

/// A request's questions with what the policy says of each.
#[must_use]
pub fn proposals(
    vocabulary: &Vocabulary,
    policy: &Policy,
    subject: &str,
    body: &str,
) -> Vec<(Question, Proposal)> {
    proposed(policy, triage::read_message(vocabulary, subject, body))
}

fn proposed(policy: &Policy, reading: Reading) -> Vec<(Question, Proposal)> {
    let questions = reading.questions.into_iter();
    questions
        .map(|question| {
            let proposal = propose(policy, &question);
            (question, proposal)
        })
        .collect()
}

/// A request's questions as a case keeps them.
#[must_use]
pub fn recorded(bundle: &Bundle, subject: &str, body: &str) -> Vec<CaseQuestion> {
    let reading = triage::read_message(&bundle.vocabulary, subject, body);
    kept(bundle, subject, body, reading)
}

/// The same where a person says which the questions are: where each stands, and where the words that it completes do, in
/// the order of the text.
#[must_use]
pub fn recorded_at(
    bundle: &Bundle,
    subject: &str,
    body: &str,
    places: impl Iterator<Item = (Range<usize>, Option<Range<usize>>)>,
) -> Vec<CaseQuestion> {
    let parts = places.map(|(span, stem)| Part {
        label: String::new(),
        span,
        stem,
        heading: None,
    });
    let parts = parts.collect();
    let reading = triage::read_parts(&bundle.vocabulary, subject, body, parts);
    kept(bundle, subject, body, reading)
}

fn kept(bundle: &Bundle, subject: &str, body: &str, reading: Reading) -> Vec<CaseQuestion> {
    let policy = &bundle.policy.policy;
    let found = proposed(policy, reading);
    let words =
        |span: &std::ops::Range<usize>| body.get(span.clone()).unwrap_or("").trim().to_owned();
    (1_usize..)
        .zip(&found)
        .map(|(number, (question, proposal))| CaseQuestion {
            id: QuestionId(format!("q{number}")),
            label: question.label.clone(),
            span: (question.span.start, question.span.end),
            text: words(&question.span),
            stem: question
                .stem
                .as_ref()
                .map(words)
                .filter(|stem| !stem.is_empty()),
            proposal: Some(ProposalRecord {
                kind: proposal.kind,
                category: proposal.category.clone(),
                subjects: ids(&question.subjects),
                information: ids(&question.information),
                provisions: proposal.provisions.clone(),
                confidence_thousandths: thousandths(proposal.confidence),
                evidence: proposal
                    .evidence
                    .iter()
                    .map(|evidence| EvidenceRecord {
                        span: (evidence.span.start, evidence.span.end),
                        supports: evidence.supports.clone(),
                        rule: evidence.rule.clone(),
                    })
                    .collect(),
                because: because(
                    policy,
                    &bundle.vocabulary,
                    Words {
                        subject_line: subject,
                        body,
                    },
                    question,
                    proposal,
                ),
            }),
        })
        .collect()
}

/// Whether words ask something, read by themselves.
#[must_use]
pub fn asks(bundle: &Bundle, words: &str) -> bool {
    !triage::split::split(&bundle.vocabulary, words).is_empty()
}

/// Ids of findings, each once, in order.
#[must_use]
pub fn ids(findings: &[triage::Finding]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for finding in findings {
        if ids.iter().all(|id| **id != *finding.id) {
            ids.push(finding.id.to_string());
        }
    }
    ids
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value lies between 0 and 1000"
)]
fn thousandths(confidence: f32) -> u16 {
    (confidence.clamp(0.0, 1.0) * 1000.0).round() as u16
}
