//! What a policy means for a question: a suggestion with its evidence, for a person to decide.

use std::ops::Range;

use law::Provision;
use serde::{Deserialize, Serialize};
use triage::{Finding, Question};

use crate::policy::{Category, Policy};

/// What triage suggests for a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

impl Kind {
    /// The word of the interface: `protected`, `register`, `mixed` or `open`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Register => "register",
            Self::Mixed => "mixed",
            Self::Open => "open",
        }
    }
}

/// What the policy suggests for a question of a request.
#[must_use]
pub fn propose(policy: &Policy, question: &Question) -> Proposal {
    let cell = cell(policy, question);
    let row = cell.as_ref().map(|cell| (cell.row, cell.subject));
    let listed = cell.and_then(|cell| cell.listed);
    let register = policy
        .signposts
        .iter()
        .find(|signpost| signpost.id == "contracts-register");
    let contract = question
        .information
        .iter()
        .find(|found| register.is_some_and(|register| register.answers.contains(&found.id)));
    // Words for money, staff or process ask for what neither table holds.
    let beside = question
        .information
        .iter()
        .find(|found| BESIDE.contains(&found.id.as_str()));
    let stronger = |found: &Finding| {
        beside.is_none_or(|other| {
            (found.weight, found.span.len()) >= (other.weight, other.span.len())
        })
    };
    let (kind, shown) = match (row, contract, listed) {
        (None, Some(contract), _) if stronger(contract) => (Kind::Register, Some(contract)),
        (Some(_), Some(contract), Some(listed)) => both(contract, listed),
        (Some(_), Some(contract), None) if stronger(contract) => (Kind::Register, Some(contract)),
        (Some(_), None, Some(listed)) if stronger(listed) => (Kind::Protected, Some(listed)),
        _ => (Kind::Open, None),
    };
    let mut evidence = Vec::new();
    if let Some(shown) = shown {
        if let Some((_, subject)) = row {
            evidence.push(Evidence {
                span: subject.span.clone(),
                supports: format!("subject:{}", subject.id),
                rule: subject.rule.clone(),
            });
        }
        evidence.push(Evidence {
            span: shown.span.clone(),
            supports: format!("information:{}", shown.id),
            rule: shown.rule.clone(),
        });
    }
    let provisions = match kind {
        Kind::Protected | Kind::Mixed => std::iter::once(policy.content_provision.clone())
            .chain(policy.confirm_or_deny_provision.clone())
            .collect(),
        Kind::Register => "FOIA s.21".parse().into_iter().collect(),
        Kind::Open => Vec::new(),
    };
    let certainty = |found: Option<&Finding>| found.map_or(0.5, |found| found.weight);
    let confidence = match kind {
        Kind::Open if row.is_none() => 0.85,
        Kind::Open => 0.6,
        _ => 0.55 + 0.4 * certainty(row.map(|(_, subject)| subject)) * certainty(shown),
    };
    Proposal {
        kind,
        category: row.map(|(row, _)| row.id.clone()),
        provisions,
        confidence,
        evidence,
    }
}

/// Kinds of information that stand in neither the policy's table nor the register.
const BESIDE: &[&str] = &["spend", "staffing", "other"];

struct Cell<'p, 'q> {
    row: &'p Category,
    subject: &'q Finding,
    listed: Option<&'q Finding>,
}

/// The row that a question falls in: that of its first subject whose row lists what it asks for, or of its first subject.
fn cell<'p, 'q>(policy: &'p Policy, question: &'q Question) -> Option<Cell<'p, 'q>> {
    let cells = || {
        question.subjects.iter().filter_map(|subject| {
            let row = policy.category_of_subject(&subject.id)?;
            let listed = question
                .information
                .iter()
                .find(|found| row.kinds.iter().any(|kind| kind.id == found.id));
            Some(Cell {
                row,
                subject,
                listed,
            })
        })
    };
    let specific =
        |cell: &Cell<'_, '_>| cell.listed.is_some_and(|listed| listed.id != "description");
    cells()
        .find(specific)
        .or_else(|| cells().find(|cell| cell.listed.is_some()))
        .or_else(|| cells().next())
}

/// Which of two kinds of information a question is about: the one with the plainer words, or both.
fn both<'f>(contract: &'f Finding, listed: &'f Finding) -> (Kind, Option<&'f Finding>) {
    if contract.id == "contract-supplier"
        && matches!(listed.id.as_str(), "description" | "manufacturer")
    {
        (Kind::Mixed, Some(listed))
    } else if contract.id == "contract-description" {
        (Kind::Protected, Some(listed))
    } else if listed.id == "description"
        || contract.span.len() > listed.span.len().saturating_add(4)
    {
        (Kind::Register, Some(contract))
    } else if listed.span.len() > contract.span.len().saturating_add(4) {
        (Kind::Protected, Some(listed))
    } else {
        (Kind::Mixed, Some(listed))
    }
}
