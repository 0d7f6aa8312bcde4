//! What the Commissioner would find wrong with a policy.

use std::fmt;

use jiff::civil::Date;
use law::Provision;

use super::{ConfirmStance, ContentStance, Factors, Policy};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A letter under this policy would breach the Act or contradict itself.
    Error,
    /// It weakens what the policy says.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One thing that is wrong with a policy.
#[derive(Clone, Debug)]
pub struct AuditFinding {
    /// A stable identifier, such as `audit.exempt_and_neither`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and how to mend it.
    pub message: String,
    /// The provision it offends.
    pub provision: Option<Provision>,
}

/// Kinds of information that a register entry's description or supplier gives away.
const SHOWN_BY_A_REGISTER: &[&str] = &["description", "manufacturer"];

/// Subjects that every authority plainly has.
const OBVIOUS: &[&str] = &[
    "servers",
    "end-user-devices",
    "operating-systems",
    "switches",
];

/// Everything that is wrong with a policy, as at a date.
#[must_use]
pub fn audit(policy: &Policy, today: Date) -> Vec<AuditFinding> {
    let mut findings = Vec::new();
    let mut find = |severity, code, provision: &str, message: String| {
        findings.push(AuditFinding {
            code,
            severity,
            message,
            provision: provision.parse().ok(),
        });
    };
    let cells = || {
        policy
            .categories
            .iter()
            .flat_map(|row| row.kinds.iter().map(move |kind| (row, kind)))
    };
    let neither = cells()
        .filter(|(_, kind)| kind.confirm == ConfirmStance::NeitherConfirmNorDeny)
        .count();
    let contradicted = cells()
        .filter(|(_, kind)| {
            kind.confirm == ConfirmStance::NeitherConfirmNorDeny
                && kind.content == ContentStance::Withhold
        })
        .count();
    if contradicted > 0 {
        find(
            Severity::Error,
            "audit.exempt_and_neither",
            "FOIA s.2",
            format!(
                "{contradicted} kinds of information are both withheld as exempt and neither confirmed nor denied: citing the content \
             exemption says that the information is held; choose one for each"
            ),
        );
    }
    if let Some(register) = policy
        .signposts
        .iter()
        .find(|signpost| signpost.id == "contracts-register")
    {
        let shown: Vec<String> = cells()
            .filter(|(_, kind)| {
                kind.confirm == ConfirmStance::NeitherConfirmNorDeny
                    && SHOWN_BY_A_REGISTER.contains(&kind.id.as_str())
            })
            .map(|(row, kind)| format!("{} / {}", row.title, kind.label))
            .collect();
        if !shown.is_empty() {
            find(
                Severity::Error,
                "audit.contradicted_by_register",
                "FOIA s.31(3)",
                format!(
                    "neither confirms nor denies what the {} publishes with each contract's description and supplier: {}",
                    register.name,
                    shown.join("; ")
                ),
            );
        }
    }
    let total = cells().count();
    if total > 1 && neither == total {
        find(
            Severity::Warning,
            "audit.blanket_stance",
            "FOIA s.1(1)(a)",
            format!(
                "all {total} kinds have the same stance; the duty to confirm or deny arises for each request, so say for each kind what a \
             yes or a no would reveal"
            ),
        );
    }
    let mut mechanisms: Vec<&String> = policy
        .categories
        .iter()
        .filter_map(|row| {
            row.confirm_or_deny_mechanism
                .as_ref()
                .or(row.content_mechanism.as_ref())
        })
        .collect();
    let rows_with_one = mechanisms.len();
    mechanisms.sort();
    mechanisms.dedup();
    let own_reasons = cells().any(|(_, kind)| kind.reason.is_some());
    if policy.categories.len() > 1 && mechanisms.len() <= 1 && !own_reasons
        || rows_with_one == 0 && !own_reasons
    {
        find(
            Severity::Error,
            "audit.one_reason_for_all",
            "FOIA s.17(1)(c)",
            "one harm argument serves every row; say for each how its information would be used"
                .to_owned(),
        );
    }
    let obvious: Vec<&str> = policy
        .categories
        .iter()
        .filter(|row| {
            row.kinds.iter().any(|kind| {
                kind.confirm == ConfirmStance::NeitherConfirmNorDeny
                    && kind.id != "incident-count"
                    && kind.id != "incident-type"
            })
        })
        .flat_map(|row| &row.subjects)
        .filter(|subject| subject.ids.iter().any(|id| OBVIOUS.contains(&id.as_str())))
        .map(|subject| subject.label.as_str())
        .collect();
    if !obvious.is_empty() {
        find(
            Severity::Warning,
            "audit.denies_the_obvious",
            "FOIA s.31(3)",
            format!(
                "every authority has these, so confirming them reveals nothing: {}",
                obvious.join(", ")
            ),
        );
    }
    let withholds = cells().any(|(_, kind)| kind.content == ContentStance::Withhold);
    for (factors, wanted, what, provision) in [
        (
            &policy.content_factors,
            withholds,
            "disclosing the content",
            "FOIA s.17(3)(b)",
        ),
        (
            &policy.confirm_or_deny_factors,
            neither > 0,
            "confirming or denying",
            "FOIA s.17(3)(a)",
        ),
    ] {
        if !wanted {
            continue;
        }
        if factors.favouring.is_empty() && factors.against.is_empty() {
            find(
                Severity::Error,
                "audit.no_public_interest_test",
                provision,
                format!("no public interest factors about {what}"),
            );
        } else if factors.favouring.len() < 2
            || factors.against.len() >= factors.favouring.len().saturating_mul(3)
        {
            find(
                Severity::Warning,
                "audit.one_sided_factors",
                provision,
                format!(
                    "{} for and {} against {what}: weigh both sides",
                    factors.favouring.len(),
                    factors.against.len()
                ),
            );
        }
        costs(factors, what, &mut find);
    }
    let about_content: Vec<&String> = policy
        .confirm_or_deny_factors
        .against
        .iter()
        .filter(|factor| speaks_of_content(factor))
        .collect();
    if neither > 0 && !about_content.is_empty() {
        find(
            Severity::Warning,
            "audit.factors_about_content",
            "FOIA s.2(1)(b)",
            format!(
                "{} against confirming: about disclosing content or security at large, not about what a yes or a no would reveal",
                match about_content.len() {
                    1 => "1 factor".to_owned(),
                    many => format!("{many} factors"),
                }
            ),
        );
    }
    match &policy.complaints {
        None => {
            find(
                Severity::Error,
                "audit.no_internal_review",
                "FOIA s.17(7)(a)",
                "no particulars of the internal review".to_owned(),
            );
            find(Severity::Error, "audit.no_section_50", "FOIA s.17(7)(b)", "no particulars of the right to apply to the Commissioner under s.50, and no contact".to_owned());
        }
        Some(route)
            if route.internal_review.trim().is_empty() || route.commissioner.trim().is_empty() =>
        {
            find(
                Severity::Error,
                "audit.no_internal_review",
                "FOIA s.17(7)",
                "the complaint route is incomplete".to_owned(),
            );
        }
        Some(_) => {}
    }
    for notice in policy
        .citations
        .iter()
        .filter(|notice| notice.verified.is_none())
    {
        find(
            Severity::Warning,
            "audit.unverified_citation",
            "FOIA s.17(1)(c)",
            format!(
                "decision notice {} is cited for “{}”, and nobody has verified it; read it, or take it out",
                notice.reference, notice.cited_for
            ),
        );
    }
    match policy.review_by {
        None => find(
            Severity::Warning,
            "audit.no_review_date",
            "FOIA s.17",
            "no date by which the policy is looked at again".to_owned(),
        ),
        Some(date) if date < today => {
            find(
                Severity::Warning,
                "audit.past_review_date",
                "FOIA s.17",
                format!("the policy was to be looked at again by {date}"),
            );
        }
        Some(_) => {}
    }
    findings
}

fn costs(
    factors: &Factors,
    what: &str,
    find: &mut dyn FnMut(Severity, &'static str, &str, String),
) {
    if factors
        .against
        .iter()
        .any(|factor| factor.to_lowercase().contains("cost"))
    {
        find(
            Severity::Warning,
            "audit.cost_as_harm",
            "FOIA s.31(1)(a)",
            format!(
                "a factor against {what} is a cost to the authority, which is not itself a prejudice to the prevention of crime"
            ),
        );
    }
}

/// Words that tell of the content's disclosure or of security at large rather than of the bare answer.
fn speaks_of_content(factor: &str) -> bool {
    let lower = factor.to_lowercase();
    !(lower.contains("confirm")
        || lower.contains("deny")
        || lower.contains("a yes")
        || lower.contains("whether"))
}
