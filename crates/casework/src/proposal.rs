//! What a policy means for a question: a suggestion with its evidence, for a person to decide.

use std::ops::Range;

use law::Provision;

/// What triage suggests for a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The policy's table lists this information for this subject.
    Protected,
    /// The contracts register answers.
    Register,
    /// Both, inseparable.
    Mixed,
    /// Answer it in the ordinary way.
    Open,
}

/// A suggestion for one question, with the words that support it.
///
/// Invariant: anything other than [`Kind::Open`] carries evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What is suggested.
    pub kind: Kind,
    /// The id of the policy's row, or `None`.
    pub category: Option<String>,
    /// Provisions the policy relies on for it; empty when open.
    pub provisions: Vec<Provision>,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// The words of the request that support it.
    pub evidence: Vec<Evidence>,
}

/// Words of the request and what they support.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Byte range of the request's text.
    pub span: Range<usize>,
    /// `subject:servers`, `information:version`, `exclusion:council-homes`.
    pub supports: String,
    /// The rule that matched.
    pub rule: String,
}
