//! Why a question got its proposal, in one sentence that its applicant could read.

use std::ops::Range;

use triage::{Finding, Question, Scope, Vocabulary};

use crate::policy::Policy;
use crate::proposal::{Kind, Proposal};

/// A request's words.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// Its subject line, empty where it has none.
    pub subject_line: &'a str,
    /// Its text.
    pub body: &'a str,
}

impl Words<'_> {
    /// The words of a finding, on one line.
    #[must_use]
    pub fn of(&self, found: &Finding) -> String {
        let text = match found.scope {
            Scope::SubjectLine => self.subject_line,
            _ => self.body,
        };
        one_line(text, &found.span)
    }
}

fn one_line(text: &str, span: &Range<usize>) -> String {
    text.get(span.clone())
        .unwrap_or("")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Why: "asks which version (‘what version’) about operating systems (‘Windows Server’): Table 1, Hardware".
///
/// Deliberately without rule ids and weights; the trace has those.
#[must_use]
pub fn because(
    policy: &Policy,
    vocabulary: &Vocabulary,
    words: Words<'_>,
    question: &Question,
    proposal: &Proposal,
) -> String {
    let reason = Reason {
        policy,
        vocabulary,
        words,
        question,
    };
    match proposal.kind {
        Kind::Open => reason.open(),
        kind => {
            let shown = relied_on(proposal, "information:", &question.information);
            let subject = relied_on(proposal, "subject:", &question.subjects).or_else(|| {
                // A subject that only the subject line names has no place in the body, and so is no evidence.
                question.subjects.iter().find(|found| {
                    found.scope == Scope::SubjectLine
                        && policy
                            .category_of_subject(&found.id)
                            .is_some_and(|row| Some(&row.id) == proposal.category.as_ref())
                })
            });
            let asked = reason.asked(shown, subject);
            let row = proposal
                .category
                .as_deref()
                .and_then(|id| policy.category(id))
                .map_or_else(
                    || "Table 1".to_owned(),
                    |row| format!("Table 1, {}", short(&row.title)),
                );
            match kind {
                Kind::Register => format!("{asked}: the contracts register answers that"),
                Kind::Mixed => {
                    format!("{asked}: in {row} and in the contracts register, not to be told apart")
                }
                Kind::Protected | Kind::Open => format!("{asked}: {row}"),
            }
        }
    }
}

/// The finding that a proposal's evidence names.
fn relied_on<'q>(
    proposal: &Proposal,
    supports: &str,
    findings: &'q [Finding],
) -> Option<&'q Finding> {
    proposal.evidence.iter().find_map(|evidence| {
        let id = evidence.supports.strip_prefix(supports)?;
        findings
            .iter()
            .find(|found| found.id == id && found.span == evidence.span)
    })
}

/// "Hardware" of "IT Infrastructure – Hardware".
fn short(title: &str) -> &str {
    title.rsplit(" – ").next().unwrap_or(title)
}

struct Reason<'a> {
    policy: &'a Policy,
    vocabulary: &'a Vocabulary,
    words: Words<'a>,
    question: &'a Question,
}

impl Reason<'_> {
    /// "asks which version (‘what version’) about servers (‘servers’, in its heading)".
    fn asked(&self, shown: Option<&Finding>, subject: Option<&Finding>) -> String {
        let mut text = match shown {
            None => "asks".to_owned(),
            Some(shown) => {
                let asks = self
                    .vocabulary
                    .information_asks(&shown.id)
                    .unwrap_or(&shown.id);
                if subject.is_some_and(|subject| subject.span == shown.span) {
                    format!("asks {asks}")
                } else {
                    format!("asks {asks} ({})", self.quoted(shown))
                }
            }
        };
        if let Some(subject) = subject {
            let label = self
                .vocabulary
                .subject_label(&subject.id)
                .unwrap_or(&subject.id);
            text.push_str(&format!(" about {label} ({})", self.quoted(subject)));
        }
        text
    }

    /// ‘servers’, in its heading
    fn quoted(&self, found: &Finding) -> String {
        let place = match found.scope {
            Scope::Own => "",
            Scope::Stem => ", in the words that it completes",
            Scope::Heading => ", in its heading",
            Scope::Previous => ", in the question before",
            Scope::Request => ", elsewhere in the request",
            Scope::SubjectLine => ", in the subject line",
        };
        format!("‘{}’{place}", self.words.of(found))
    }

    fn open(&self) -> String {
        let policy = self.policy;
        let subject = self
            .question
            .subjects
            .iter()
            .find(|found| policy.category_of_subject(&found.id).is_some());
        let shown = self.question.information.first();
        let mut text = match (shown, subject) {
            (None, None) => "names nothing that Table 1 or the contracts register lists".to_owned(),
            (Some(_), None) => format!(
                "{}, and names no subject of Table 1",
                self.asked(shown, None)
            ),
            (_, Some(_)) => format!(
                "{}: that is listed neither in Table 1 nor in the contracts register",
                self.asked(shown, subject)
            ),
        };
        if let Some(other) = self.question.exclusions.first()
            && let Some(label) = self.vocabulary.exclusion_label(&other.id)
        {
            text.push_str(&format!("; {} tells of {label}", self.quoted(other)));
        }
        text
    }
}
