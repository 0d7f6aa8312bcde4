//! What a policy means for a question: a suggestion with its evidence, for a person to decide.

use std::ops::Range;

use law::Provision;
use serde::{Deserialize, Serialize};
use triage::weigh::Leaning;
use triage::{Finding, Question, Scope};

use crate::confidence::{Ground, grounds};
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
    /// How sure, 0 to 1: the share of such proposals that are right.
    pub confidence: f32,
    /// What that rests on.
    pub grounds: Vec<Ground>,
    /// The words of the request that support it.
    pub evidence: Vec<Evidence>,
    /// Other provisions that a person may look at, whatever is proposed.
    pub suggestions: Vec<Suggestion>,
}

/// Another provision that may matter for a question: a hint to a person, no part of the proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Which.
    pub provision: Provision,
    /// Why, in a few words.
    pub because: String,
    /// Byte range of the request's text: the words that show it.
    pub span: Range<usize>,
    /// The rule that matched.
    pub rule: String,
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
    /// Whether the policy is proposed, for all of a question or for a part of it.
    #[must_use]
    pub fn is_covered(self) -> bool {
        matches!(self, Self::Protected | Self::Mixed)
    }

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
    let register = policy.contracts_register();
    let answers =
        |found: &&Finding| register.is_some_and(|register| register.answers.contains(&found.id));
    let (kind, shown, cell) = match &question.leaning {
        Some(leaning) => likeliest(policy, question, leaning, &answers),
        None => plainest(policy, question, &answers),
    };
    // The row of a subject that it is likely about, or else of its first, or else the likeliest where none is named, groups
    // what falls in no cell.
    let leaning = question.leaning.as_ref();
    let likely = leaning.and_then(|leaning| policy.category(leaning.group()));
    let mut named = question.subjects.iter().filter_map(|subject| {
        let row = policy.category_of_subject(&subject.id)?;
        Some((row, Some(subject)))
    });
    let about = named
        .clone()
        .find(|(row, _)| likely.is_some_and(|likely| likely.id == row.id))
        .or_else(|| named.next())
        .or_else(|| {
            likely
                .filter(|_| !names_subject(question))
                .map(|row| (row, None))
        })
        .filter(|_| leaning.is_none_or(|leaning| leaning.elsewhere < EVEN));
    let row = match kind {
        Kind::Protected | Kind::Mixed => cell.as_ref().map(|cell| (cell.row, cell.subject)),
        Kind::Register => about,
        Kind::Open => None,
    };
    // Where no words tell what is asked of a contract, that one is named proves the reading.
    let subject = match row {
        _ if kind == Kind::Register && shown.is_none() => contract_named(question),
        Some((_, subject)) => subject,
        None => None,
    };
    let mut evidence = Vec::new();
    if let Some(subject) = subject
        && subject.scope != Scope::SubjectLine
    {
        evidence.push(Evidence {
            span: subject.span.clone(),
            supports: format!("subject:{}", subject.id),
            rule: subject.rule.clone(),
        });
    }
    if let Some(shown) = shown {
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
    let grounds = grounds(policy, question, kind, subject, shown);
    let spends = || {
        let first = question.information.first();
        first.is_some_and(|first| first.id == "spend")
            && about.is_some_and(|(_, subject)| {
                subject.is_some_and(|subject| subject.scope == Scope::Own && subject.weight > 0.7)
            })
    };
    let category = row
        .or_else(|| about.filter(|_| kind == Kind::Open && (leaning.is_some() || spends())))
        .map(|(row, _)| row.id.clone());
    Proposal {
        kind,
        category,
        provisions,
        confidence: policy.confidence.stated(&grounds),
        grounds,
        evidence,
        suggestions: suggestions(question),
    }
}

/// The provisions that the triage data names for words of the question.
fn suggestions(question: &Question) -> Vec<Suggestion> {
    question
        .hints
        .iter()
        .filter_map(|hint| {
            Some(Suggestion {
                provision: hint.suggests.parse().ok()?,
                because: hint.because.clone(),
                span: hint.span.clone(),
                rule: hint.rule.clone(),
            })
        })
        .collect()
}

/// What is proposed, the finding that shows it, and the cell of the table it falls in.
type Reading<'p, 'q> = (Kind, Option<&'q Finding>, Option<Cell<'p, 'q>>);

/// Kinds of information that no policy lists.
const NEITHER: [&str; 3] = ["spend", "staffing", "other"];
/// An even share.
const EVEN: f32 = 0.5;
/// Openness has the benefit of the doubt: what counts of the share of the table's reading against the others.
const BENEFIT: f32 = 0.7;
/// The share from which the table's and the register's readings both stand.
const BOTH: f32 = 0.35;

/// The likeliest of the proposals that the findings allow.
fn likeliest<'p, 'q>(
    policy: &'p Policy,
    question: &'q Question,
    leaning: &Leaning,
    answers: &impl Fn(&&Finding) -> bool,
) -> Reading<'p, 'q> {
    let all: Vec<&Finding> = question.information.iter().collect();
    let contract = all.iter().copied().find(|found| answers(found));
    // What the policy does not list is not protected by a weaker reading of the same words.
    let first = all
        .iter()
        .find(|found| !answers(found) && !NEITHER.contains(&found.id.as_str()));
    let listed = first.is_some_and(|first| {
        policy
            .categories
            .iter()
            .any(|row| row.kind(&first.id).is_some())
    });
    if leaning.neither < EVEN
        && let Some(two) = asked_apart(policy, question, answers)
    {
        return two;
    }
    let cell = cell(policy, question, &all)
        .or_else(|| unnamed(policy, question, leaning, &all))
        .filter(|_| listed && leaning.elsewhere < EVEN);
    let system = if cell.is_some() {
        leaning.system * BENEFIT
    } else {
        0.0
    };
    let register = if contract.is_some() {
        leaning.contract
    } else {
        0.0
    };
    let mixed = if system > 0.0 && register > 0.0 {
        leaning.both
    } else {
        0.0
    };
    let most = [system, register, mixed, leaning.neither]
        .into_iter()
        .fold(0.0, f32::max);
    match (contract, &cell) {
        (Some(contract), Some(found)) if mixed >= most || system.min(register) > BOTH => {
            let (kind, shown) = both(contract, found.listed);
            (kind, shown, cell)
        }
        (_, Some(found)) if system >= most => (Kind::Protected, Some(found.listed), cell),
        (Some(contract), _) if register >= most => (Kind::Register, Some(contract), cell),
        (None, _)
            if leaning.contract >= EVEN
                && policy.contracts_register().is_some()
                && contract_named(question).is_some() =>
        {
            (Kind::Register, None, None)
        }
        _ => (Kind::Open, None, None),
    }
}

/// Whether a question is about anything but contracts at large.
fn names_subject(question: &Question) -> bool {
    question.subjects.iter().any(|found| found.id != CONTRACTS)
}

/// The contract that a question is about.
fn contract_named(question: &Question) -> Option<&Finding> {
    question.subjects.iter().find(|found| found.id == CONTRACTS)
}

/// Both readings, where one part of the question asks what the register publishes and another about a system of the table:
/// "Which portal is it, and when does its contract end?"
fn asked_apart<'p, 'q>(
    policy: &'p Policy,
    question: &'q Question,
    answers: &impl Fn(&&Finding) -> bool,
) -> Option<Reading<'p, 'q>> {
    let inside = |part: &Range<usize>, found: &Finding| {
        found.scope == Scope::Own && found.span.start >= part.start && found.span.end <= part.end
    };
    let told = |part: &Range<usize>, plain: f32, is: &dyn Fn(&&Finding) -> bool| {
        question
            .information
            .iter()
            .find(|found| inside(part, found) && found.weight >= plain && is(found))
    };
    let contract = question
        .clauses
        .iter()
        .find_map(|part| told(part, PLAIN, answers).map(|found| (part, found)));
    let (first, contract) = contract.filter(|_| question.clauses.len() > 1)?;
    question
        .clauses
        .iter()
        .filter(|part| *part != first)
        .find_map(|part| {
            let other = |found: &&Finding| answers(found) || NEITHER.contains(&found.id.as_str());
            if told(part, WEAK, &other).is_some() {
                return None;
            }
            question
                .subjects
                .iter()
                .filter(|subject| inside(part, subject))
                .find_map(|subject| {
                    let row = policy.category_of_subject(&subject.id)?;
                    let listed = told(part, 0.0, &|found| row.kind(&found.id).is_some())?;
                    let (kind, shown) = both(contract, listed);
                    let cell = Cell {
                        row,
                        subject: Some(subject),
                        listed,
                    };
                    Some((kind, shown, Some(cell)))
                })
        })
}

/// The weight of words that speak for themselves.
const PLAIN: f32 = 0.8;
/// The weight of words that have other senses.
const WEAK: f32 = 0.6;

/// What the plainest words ask for, where no weights are known. Of kinds that are said as plainly, the register's and
/// the table's stand side by side, and money, staff or process come before them only where they come first.
fn plainest<'p, 'q>(
    policy: &'p Policy,
    question: &'q Question,
    answers: &impl Fn(&&Finding) -> bool,
) -> Reading<'p, 'q> {
    let plainest = question
        .information
        .iter()
        .map(|found| found.weight)
        .fold(0.0, f32::max);
    let said: Vec<&Finding> = question
        .information
        .iter()
        .filter(|found| found.weight >= plainest - 0.01)
        .collect();
    let contract = said
        .iter()
        .copied()
        .find(|found| answers(found))
        .filter(|found| {
            !question.subjects.is_empty() || (found.scope == Scope::Own && found.weight > 0.8)
        });
    let cell = cell(policy, question, &said);
    let beside = said.first().is_some_and(|first| {
        !answers(first)
            && policy
                .categories
                .iter()
                .all(|row| row.kind(&first.id).is_none())
    });
    match (contract, &cell) {
        _ if beside => (Kind::Open, None, None),
        (Some(contract), Some(found)) => {
            let (kind, shown) = both(contract, found.listed);
            (kind, shown, cell)
        }
        (Some(contract), None) => (Kind::Register, Some(contract), None),
        (None, Some(found)) => (Kind::Protected, Some(found.listed), cell),
        (None, None) => (Kind::Open, None, None),
    }
}

struct Cell<'p, 'q> {
    row: &'p Category,
    /// None where no word of the question or around it names one.
    subject: Option<&'q Finding>,
    listed: &'q Finding,
}

/// The cell that a question falls in whose plain words ask for what the table lists, and which names no subject of it but is
/// likely about one all the same: "Release or version in live use".
fn unnamed<'p, 'q>(
    policy: &'p Policy,
    question: &Question,
    leaning: &Leaning,
    said: &[&'q Finding],
) -> Option<Cell<'p, 'q>> {
    if names_subject(question) {
        return None;
    }
    let plain = |row: &Category| {
        said.iter().copied().find(|found| {
            found.scope == Scope::Own && found.weight > PLAIN && row.kind(&found.id).is_some()
        })
    };
    let group = leaning.group();
    let (likely, others): (Vec<&Category>, Vec<&Category>) =
        policy.categories.iter().partition(|row| row.id == group);
    likely.into_iter().chain(others).find_map(|row| {
        plain(row).map(|listed| Cell {
            row,
            subject: None,
            listed,
        })
    })
}

/// The subject of contracts at large, which is no line of a table.
pub(crate) const CONTRACTS: &str = "contracts";

/// The cell of the table that a question falls in: the row of its first subject that lists what it asks for, or else any
/// row that does, because a table lists the number of users under software and of devices under hardware only.
fn cell<'p, 'q>(
    policy: &'p Policy,
    question: &'q Question,
    said: &[&'q Finding],
) -> Option<Cell<'p, 'q>> {
    let rows = || {
        question
            .subjects
            .iter()
            .filter_map(|subject| Some((policy.category_of_subject(&subject.id)?, subject)))
    };
    let listed = |row: &Category| {
        said.iter()
            .copied()
            .find(|found| row.kind(&found.id).is_some())
    };
    rows()
        .find_map(|(row, subject)| {
            listed(row).map(|listed| Cell {
                row,
                subject: Some(subject),
                listed,
            })
        })
        .or_else(|| {
            let (_, subject) = rows().next()?;
            policy.categories.iter().find_map(|row| {
                listed(row).map(|listed| Cell {
                    row,
                    subject: Some(subject),
                    listed,
                })
            })
        })
}

/// Which of two kinds of information a question is about: that of the register or that of the table, or both.
fn both<'f>(contract: &'f Finding, listed: &'f Finding) -> (Kind, Option<&'f Finding>) {
    if contract.id == "contract-description" && listed.id != "description" {
        (Kind::Protected, Some(listed))
    } else {
        (Kind::Mixed, Some(listed))
    }
}
