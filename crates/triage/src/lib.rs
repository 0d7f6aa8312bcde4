//! Reads the text of a request: its questions, what each is about and what it wants to know.
//!
//! Knows no law and no policy; `casework` says what the findings mean.

mod check;
mod cues;
mod examples;
mod fold;
mod load;
mod read;
mod scan;
mod short;
pub mod split;
mod vocabulary;
pub mod weigh;
mod words;

pub use check::{check, silent};
pub use examples::failing_examples;
pub use read::{read, read_message, read_parts};
pub use vocabulary::{Problem, Vocabulary};

use std::ops::Range;

/// What was found by reading one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The questions in the order of the text; their spans do not overlap.
    pub questions: Vec<Question>,
}

/// One question of a request: the part that gets its own decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its label as the applicant wrote it ("2(a)"), or its place in the request ("3") where there is none.
    pub label: String,
    /// Byte range of the request's text, on character boundaries.
    pub span: Range<usize>,
    /// The parts of it that ask by themselves, in order, as byte ranges of the request's text.
    pub clauses: Vec<Range<usize>>,
    /// The sentence that the question completes ("For each of the following, how many…"), if any.
    pub stem: Option<Range<usize>>,
    /// The heading that it stands under, if any.
    pub heading: Option<Range<usize>>,
    /// What it is about, best first.
    pub subjects: Vec<Finding>,
    /// The kinds of information it wants (ids of `data/triage/information.toml`), best first.
    pub information: Vec<Finding>,
    /// Senses that tell against an ICT reading ("windows" beside "council homes"), or contexts such as `pupils`.
    pub exclusions: Vec<Finding>,
    /// What a person may look at besides what the question is about, with the words that show it.
    pub hints: Vec<Hint>,
    /// What it is likely after, where weights are known.
    pub leaning: Option<weigh::Leaning>,
}

/// Something besides what a question is about that a person may have to look at, such as the names of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What to look at, as the triage data names it; a provision of the law to who knows the law.
    pub suggests: String,
    /// Why, in a few words.
    pub because: String,
    /// Byte range of the request's text: the words that show it.
    pub span: Range<usize>,
    /// The phrase rule that matched.
    pub rule: String,
}

/// A subject, kind of information or exclusion, with the words that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The id in the triage data, such as `servers` or `version`.
    pub id: String,
    /// Byte range of the request's text: the words that show it.
    pub span: Range<usize>,
    /// The phrase rule that matched, such as `subjects.servers:windows server`.
    pub rule: String,
    /// How strongly it speaks, 0 to 1. Words of the question itself weigh more than its stem's or heading's.
    pub weight: f32,
    /// Where in the request it stands.
    pub scope: Scope,
}

/// Where the words of a finding stand, as seen from the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// In the question itself.
    Own,
    /// In the sentence that it completes.
    Stem,
    /// In the heading that it stands under.
    Heading,
    /// In the question before, to which it points back.
    Previous,
    /// Elsewhere in the request.
    Request,
    /// In the request's subject line; the span is a range of that line, not of the body.
    SubjectLine,
}

impl Scope {
    /// How much words there weigh, against words of the question itself.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Own => 1.0,
            Self::Stem => 0.8,
            Self::Heading => 0.7,
            Self::Previous => 0.6,
            Self::Request => 0.5,
            Self::SubjectLine => 0.45,
        }
    }
}

impl Finding {
    /// How strongly its words speak by themselves, wherever they stand, 0 to 1.
    #[must_use]
    pub fn strength(&self) -> f32 {
        (self.weight / self.scope.weight()).min(1.0)
    }
}
