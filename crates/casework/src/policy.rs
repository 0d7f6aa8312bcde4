//! An authority's standing policy on an exemption, as data (`data/policy/*.toml`).

mod audit;
mod load;

pub use audit::{AuditFinding, Severity, audit};

use jiff::civil::Date;
use law::Provision;
use serde::Deserialize;

use crate::confidence::Confidence;
use crate::decision::Likelihood;

/// A checked policy: everything it names exists in the law and in the triage data.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its id, such as `coventry-ict`.
    pub id: String,
    /// A readable version, such as `2024.1`.
    pub version: String,
    /// The title of its public page.
    pub title: String,
    /// The authority whose policy it is.
    pub authority: String,
    /// The office that answers requests, and how to reach it.
    pub contact: Option<String>,
    /// First day on which it applies.
    pub effective_from: Date,
    /// The day by which it must be looked at again.
    pub review_by: Option<Date>,
    /// Opening paragraphs of the public page: why the policy exists.
    pub introduction: Vec<String>,
    /// The exemption for the content, such as FOIA s.31(1)(a).
    pub content_provision: Provision,
    /// The provision that excludes the duty to confirm or deny, such as FOIA s.31(3).
    pub confirm_or_deny_provision: Option<Provision>,
    /// The likelihood it claims.
    pub likelihood: Likelihood,
    /// The rows of its table, in order.
    pub categories: Vec<Category>,
    /// Public interest factors about the content, FOIA s.2(2)(b).
    pub content_factors: Factors,
    /// Public interest factors about confirming or denying, FOIA s.2(1)(b).
    pub confirm_or_deny_factors: Factors,
    /// What is published elsewhere.
    pub signposts: Vec<Signpost>,
    /// Decision notices it cites.
    pub citations: Vec<CitedNotice>,
    /// Internal review and Commissioner, if the policy's page states them.
    pub complaints: Option<ComplaintRoute>,
    /// Questions with the cell they must fall in.
    pub examples: Vec<Example>,
    /// How sure its proposals are; [`Confidence::default`] until a measured one is set.
    pub confidence: Confidence,
}

/// One row of the policy's table.
#[derive(Clone, Debug)]
pub struct Category {
    /// `hardware`, `software` or `cyber` in the first policies.
    pub id: String,
    /// "IT Infrastructure – Hardware".
    pub title: String,
    /// A sentence under the title, if any.
    pub note: Option<String>,
    /// What the row is about, as the page lists it.
    pub subjects: Vec<Subject>,
    /// The kinds of information that the row covers.
    pub kinds: Vec<Kind>,
    /// How disclosing this row's information would bring the harm about.
    pub content_mechanism: Option<String>,
    /// How confirming or denying would bring the harm about.
    pub confirm_or_deny_mechanism: Option<String>,
}

/// One subject of a row: a line of the page, and the triage subjects it stands for.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The line as the page has it, "servers".
    pub label: String,
    /// Ids in `data/triage/subjects.toml`.
    pub ids: Vec<String>,
}

/// One kind of information in a row: a cell of the table, with the stance for it.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The line as the page has it, "Install Dates".
    pub label: String,
    /// The id in `data/triage/information.toml`, `install-date`.
    pub id: String,
    /// Whether the authority says that it holds such information.
    pub confirm: ConfirmStance,
    /// What it does with the content, where it confirms.
    pub content: ContentStance,
    /// Why this cell is treated so, if the policy says; a row's mechanism otherwise.
    pub reason: Option<String>,
}

/// A policy's stance on confirming or denying for one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfirmStance {
    /// Say whether it is held.
    Confirm,
    /// Neither confirm nor deny.
    NeitherConfirmNorDeny,
}

/// A policy's stance on the content for one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentStance {
    /// Withhold under the policy's exemption.
    Withhold,
    /// Usually disclose; withhold only with harm shown for this request.
    Disclose,
}

/// Public interest factors on both sides.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factors {
    /// For disclosing, or for confirming or denying.
    #[serde(default)]
    pub favouring: Vec<String>,
    /// For maintaining the exemption, or the exclusion of the duty.
    #[serde(default)]
    pub against: Vec<String>,
    /// The balance struck, if the policy states one.
    pub balance: Option<String>,
}

/// Something already published.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signpost {
    /// `contracts-register` is the one that answers `register` questions.
    pub id: String,
    /// "Contracts Register".
    pub name: String,
    /// Its address.
    pub url: String,
    /// "every quarter".
    pub frequency: String,
    /// What it publishes, a line each.
    pub publishes: Vec<String>,
    /// Ids of the kinds of information it answers (`contract-value`, …).
    pub answers: Vec<String>,
}

/// A decision notice that the policy cites.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitedNotice {
    /// Its reference, "FS50662638".
    pub reference: String,
    /// What the policy cites it for.
    pub cited_for: String,
    /// Who read it, and when; `None` marks it unverified.
    pub verified: Option<Verification>,
}

/// Who read a decision notice and where.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// Who.
    pub by: String,
    /// ISO date.
    pub on: String,
    /// Where.
    pub url: String,
}

/// How to complain, as the policy's page states it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplaintRoute {
    /// Office, e-mail or address for an internal review.
    pub internal_review: String,
    /// Whether the page tells of the right under FOIA s.50.
    pub commissioner: String,
}

/// A question and the cell of the table that it must fall in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The question.
    pub question: String,
    /// `hardware`, `software`, `cyber` or `none`.
    pub category: String,
    /// An id in `data/triage/information.toml`, if one is expected.
    pub information: Option<String>,
    /// `protected`, `register`, `mixed` or `open`.
    pub proposal: String,
}

impl Category {
    /// The row's cell for a kind of information.
    #[must_use]
    pub fn kind(&self, information: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == information)
    }
}

impl Policy {
    /// What the contracts register publishes, if the policy has a signpost to it.
    #[must_use]
    pub fn contracts_register(&self) -> Option<&Signpost> {
        self.signposts
            .iter()
            .find(|signpost| signpost.id == "contracts-register")
    }

    /// The row of this id.
    #[must_use]
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|row| row.id == id)
    }

    /// The row that a triage subject falls in.
    #[must_use]
    pub fn category_of_subject(&self, subject: &str) -> Option<&Category> {
        self.categories.iter().find(|row| {
            row.subjects
                .iter()
                .any(|line| line.ids.iter().any(|id| id == subject))
        })
    }
}
