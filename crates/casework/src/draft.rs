//! Drafts a decision from a proposal: what the policy can fill in is filled, what only a person knows stays owed.

use triage::Question;

use crate::decision::{
    AppliedExemption, DecidedQuestion, Decision, NeitherConfirmNorDeny, Prejudice,
    PublicInterestTest, Slot,
};
use crate::policy::{Category, ConfirmStance, ContentStance, Factors, Kind, Policy};
use crate::proposal::{self, Proposal};

/// The draft decision for one question of the request `body`.
///
/// Never more than a draft: a balance of public interest is always owed, because it belongs to the request and not
/// to the policy, and so is the answer to every open question.
#[must_use]
pub fn draft(
    policy: &Policy,
    body: &str,
    question: &Question,
    proposal: &Proposal,
) -> DecidedQuestion {
    let words =
        |span: &std::ops::Range<usize>| body.get(span.clone()).unwrap_or("").trim().to_owned();
    let decision = match proposal.kind {
        proposal::Kind::Open => Decision::Answer {
            answer: owed("the answer to this question, or the reason why it can't be given"),
        },
        proposal::Kind::Register => Decision::AlreadyAccessible {
            place: owed(register_place(policy)),
        },
        proposal::Kind::Mixed => Decision::Answer {
            answer: owed(
                "this question asks for something the contracts register publishes together with something the policy \
                 protects: point to the register for the first, and decide the second on its own",
            ),
        },
        proposal::Kind::Protected => cell(policy, question, proposal).map_or_else(
            || Decision::Answer {
                answer: owed("no cell of the policy fits: decide this question by hand"),
            },
            |(category, kind)| decide_by_stance(policy, category, kind),
        ),
    };
    DecidedQuestion {
        label: question.label.clone(),
        text: words(&question.span),
        stem: question
            .stem
            .as_ref()
            .map(words)
            .filter(|stem| !stem.is_empty()),
        decision,
        opinion: None,
        in_part: None,
        looked: None,
        files: Vec::new(),
    }
}

/// The policy's cell for a question proposed as protected: its row and the first kind of information that the row covers.
#[must_use]
pub fn cell<'p>(
    policy: &'p Policy,
    question: &Question,
    proposal: &Proposal,
) -> Option<(&'p Category, &'p Kind)> {
    let category = policy
        .categories
        .iter()
        .find(|row| Some(&row.id) == proposal.category.as_ref())?;
    let kind = question
        .information
        .iter()
        .find_map(|wanted| category.kinds.iter().find(|kind| kind.id == wanted.id))
        .or_else(|| category.kinds.first())?;
    Some((category, kind))
}

fn decide_by_stance(policy: &Policy, category: &Category, kind: &Kind) -> Decision {
    match (kind.confirm, &policy.confirm_or_deny_provision) {
        (ConfirmStance::NeitherConfirmNorDeny, Some(provision)) => {
            Decision::NeitherConfirmedNorDenied(NeitherConfirmNorDeny {
                provision: provision.clone(),
                by_virtue_of: Some(policy.content_provision.clone()),
                prejudice: Prejudice {
                    mechanism: mechanism(
                        None,
                        category.confirm_or_deny_mechanism.as_ref(),
                        "for each question above, what a yes and what a no would tell someone, and how they would use it",
                    ),
                    likelihood: policy.likelihood,
                },
                public_interest: test(
                    &policy.confirm_or_deny_factors,
                    "the balance for this request between saying and not saying whether the information is held, with \
                     a factor specific to it on each side",
                ),
            })
        }
        (ConfirmStance::NeitherConfirmNorDeny, None) => Decision::Answer {
            answer: owed("the policy names no provision for neither confirming nor denying"),
        },
        (ConfirmStance::Confirm, _) => match kind.content {
            ContentStance::Disclose => Decision::Answer {
                answer: owed(
                    "the answer: the policy expects this to be disclosed unless harm is shown for this request",
                ),
            },
            ContentStance::Withhold => {
                Decision::Withheld(vec![AppliedExemption::QualifiedPrejudice {
                    provision: policy.content_provision.clone(),
                    prejudice: Prejudice {
                        mechanism: mechanism(
                            kind.reason.as_ref(),
                            category.content_mechanism.as_ref(),
                            &format!(
                                "{CHECK_HELD}; then, for each question above, how someone would use this very information, \
                             and what it adds to what is already public"
                            ),
                        ),
                        likelihood: policy.likelihood,
                    },
                    public_interest: test(
                        &policy.content_factors,
                        "the balance for this request between disclosing and withholding, with a factor specific to it on \
                     each side",
                    ),
                }])
            }
        },
    }
}

/// A policy can't know what is held: a letter that says so waits for a person's word.
const CHECK_HELD: &str = "check that the information is held (if not, say so instead)";

/// A reason given for this kind of information needs only checking; one given for the whole row is a beginning, because
/// a reason that fits every question explains none (FOIA s.17(1)(c)).
fn mechanism(of_kind: Option<&String>, of_row: Option<&String>, needed: &str) -> Slot<String> {
    match (of_kind, of_row) {
        (Some(reason), _) => Slot::Begun {
            text: reason.clone(),
            owed: format!("{CHECK_HELD}, and that this reason is true of it"),
        },
        (None, Some(reason)) => Slot::Begun {
            text: reason.clone(),
            owed: needed.to_owned(),
        },
        (None, None) => owed(needed),
    }
}

fn test(factors: &Factors, balance: &str) -> PublicInterestTest {
    PublicInterestTest {
        favouring: factors.favouring.clone(),
        against: factors.against.clone(),
        balance: match &factors.balance {
            Some(text) => Slot::Begun {
                text: text.clone(),
                owed: balance.to_owned(),
            },
            None => owed(balance),
        },
    }
}

fn register_place(policy: &Policy) -> String {
    policy
        .signposts
        .iter()
        .find(|signpost| signpost.id == "contracts-register")
        .map_or_else(
            || "where the information is published".to_owned(),
            |register| {
                format!(
                    "the reference and quarter of the row in the {} ({}) that answers this",
                    register.name, register.url
                )
            },
        )
}

fn owed<T>(what: impl Into<String>) -> Slot<T> {
    Slot::Owed(what.into())
}
