//! The refusal-notice check: what FOIA s.17 and good practice ask of a notice, and where in its text it is done.
//!
//! A notice is plain text from any authority. [`check`] reads it into sentences, hears who speaks in each (the
//! authority, the applicant, the Act, guidance), finds which provisions the authority relies on, and reports every
//! element with the passage that satisfies it and every defect with how to mend it. Phrases are data
//! (`data/notice`); how they combine is here.

mod cited;
mod cue;
mod dates;
mod decisions;
mod defects;
mod elements;
mod findings;
mod interest;
mod reading;
mod reasons;
mod rights;
mod text;

pub use cited::Role;
pub use cue::{FileProblem, Phrases};
pub use decisions::{DecisionRecord, Decisions, Read};

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use law::{Calendar, Provision, Statute};

/// The longest text that is read as a notice, in bytes.
pub const LARGEST_NOTICE: usize = 2 * 1024 * 1024;

/// What a notice is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The phrases of `data/notice`.
    pub phrases: &'a Phrases,
    /// The Act.
    pub statute: &'a Statute,
    /// Bank holidays; without them lateness isn't checked.
    pub calendar: Option<&'a Calendar>,
    /// The decision notices that have a record.
    pub decisions: &'a Decisions,
}

/// What is known of a notice besides its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The day the request came in, FOIA s.10(6)(a).
    pub received_on: Option<Date>,
    /// The day the notice was given.
    pub issued_on: Option<Date>,
    /// The last day for answering, with what clarification, a fee or more time added; without it, it is counted from the
    /// day of receipt.
    pub due_on: Option<Date>,
}

/// A notice, checked. All spans are byte ranges of its text, on character boundaries.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Whether the authority neither confirms nor denies that it holds any of the information.
    pub neither_confirm_nor_deny: bool,
    /// The provisions relied on, once each, in the order of the text; a section is left out beside its own part.
    pub citations: Vec<CitedProvision>,
    /// Other provisions that the text names.
    pub mentions: Vec<CitedProvision>,
    /// What a notice must or should say, in the order of the checklist.
    pub elements: Vec<Element>,
    /// What is wrong with it, worst first.
    pub findings: Vec<Finding>,
}

impl Notice {
    /// The element with this id.
    #[must_use]
    pub fn element(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.id == id)
    }

    /// Whether there is a finding of severity *error*.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }
}

/// A provision that a notice cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedProvision {
    /// The words that cite it.
    pub text: String,
    /// Their place.
    pub span: Range<usize>,
    /// The provision.
    pub provision: Provision,
    /// What it does in the notice.
    pub role: Role,
}

/// Whether an element is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The text says it; the span is the passage.
    Present,
    /// It is owed and the text doesn't say it.
    Missing,
    /// This notice doesn't owe it.
    NotApplicable,
    /// The text says half of it, leaves a gap for it, or breaks off before it.
    Unclear,
}

impl Status {
    /// The word of the interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Missing => "missing",
            Self::NotApplicable => "not_applicable",
            Self::Unclear => "unclear",
        }
    }
}

/// One thing that a notice must or should say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// A stable identifier, such as `internal_review`.
    pub id: &'static str,
    /// What it is, for a person: "How to ask for an internal review".
    pub title: &'static str,
    /// The provision that asks for it, or that the good practice rests on.
    pub provision: &'static str,
    /// Whether the Act asks for it; otherwise good practice does.
    pub statutory: bool,
    /// Whether it is there.
    pub status: Status,
    /// What was found, where there is a word for it: a level of likelihood, a time.
    pub value: Option<String>,
    /// The passage.
    pub span: Option<Range<usize>>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The notice breaches the Act or contradicts itself.
    Error,
    /// It falls short of good practice, or is likely not to stand.
    Warning,
    /// Worth knowing before it goes.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}

/// Something wrong with a notice, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable identifier, such as `neither.contradiction`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The provision it offends, or that the good practice rests on.
    pub provision: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
    /// The passage it is about, where there is one.
    pub span: Option<Range<usize>>,
}

/// Whether words that conclude a public interest test say which side outweighs the other, as [`check`] reads a notice:
/// FOIA s.17(3) owes the reader that.
#[must_use]
pub fn concludes(words: &str, phrases: &Phrases) -> bool {
    const LEAD: &str = "We have weighed the public interest.\n\n";
    let text = format!("{LEAD}{words}");
    let reading = reading::Reading::new(within_limit(&text), phrases);
    interest::interest(&reading)
        .conclusion
        .is_some_and(|span| span.end > LEAD.len())
}

/// Checks the text of a notice.
///
/// Total: any text gives an answer. What lies beyond [`LARGEST_NOTICE`] isn't read.
#[must_use]
pub fn check(text: &str, known: &Known, sources: &Sources<'_>) -> Notice {
    let text = within_limit(text);
    let reading = reading::Reading::new(text, sources.phrases);
    let facts = elements::Facts::gather(&reading, known, sources);
    let elements = elements::elements(&reading, &facts);
    let mut findings = findings::findings(&reading, &facts, &elements, sources);
    findings.sort_by_key(|finding| {
        (
            finding.severity,
            finding.span.as_ref().map(|span| span.start),
        )
    });
    let (citations, mentions) = facts.citations(&reading);
    Notice {
        neither_confirm_nor_deny: facts.neither.is_some(),
        citations,
        mentions,
        elements,
        findings,
    }
}

fn within_limit(text: &str) -> &str {
    let mut end = text.len().min(LARGEST_NOTICE);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or("")
}
