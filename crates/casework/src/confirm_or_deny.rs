//! Whether the authority must say that it holds something, FOIA s.1(1)(a) and s.2(1): decided from the question alone.
//!
//! [`decide`] takes what a "yes" and a "no" would each tell someone. It takes no holding, and none can be reached from
//! here. That the duty applies is a key: only it opens the sealed holding of that one question.

use law::{Problem, Statute};
use serde::{Deserialize, Serialize};

use crate::consistency::{Stance, Topic, departs_from};
use crate::decision::NeitherConfirmNorDeny;
use crate::event::{Basis, CaseId, ConfirmOrDenyOutcome, KnownAlready, QuestionId};
use crate::public_record::not_dealt_with;

/// The duty to confirm or deny applies to one question. The key to that question's sealed holding, and to no other.
///
/// It can't be made by hand, only decided:
///
/// ```
/// use casework::confirm_or_deny::DutyToConfirmOrDeny;
/// fn of(key: &DutyToConfirmOrDeny) -> &casework::event::QuestionId { key.question() }
/// ```
///
/// ```compile_fail,E0451
/// use casework::confirm_or_deny::DutyToConfirmOrDeny;
/// use casework::event::{CaseId, QuestionId};
/// let key = DutyToConfirmOrDeny { case: CaseId("c".into()), question: QuestionId("q".into()) };
/// ```
pub struct DutyToConfirmOrDeny {
    // Invariant: set only by `decide` and `duty_on_record`.
    case: CaseId,
    question: QuestionId,
}

impl DutyToConfirmOrDeny {
    /// The case.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        &self.case
    }

    /// The question.
    #[must_use]
    pub fn question(&self) -> &QuestionId {
        &self.question
    }
}

/// What the officer considered, and what they wish to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consideration {
    /// The question.
    pub question: QuestionId,
    /// What the officer wishes to decide.
    pub wish: ConfirmOrDenyOutcome,
    /// What "yes, we hold this" would tell someone who means harm.
    #[serde(default)]
    pub if_held: String,
    /// What "no, we do not" would tell them.
    #[serde(default)]
    pub if_not_held: String,
    /// What makes neither confirming nor denying look excessive, found by Candour and by the officer.
    #[serde(default)]
    pub known_already: Vec<KnownAlready>,
    /// Why it would do harm to say yes or no all the same.
    pub reason_although_excessive: Option<String>,
    /// How questions of this kind were decided.
    #[serde(default)]
    pub consistency: Consistency,
    /// What it is decided under.
    pub basis: Basis,
}

/// What a decision is held against, so that the same kind of question gets the same path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// The question's topics.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// The authority's decisions on them in other cases.
    #[serde(default)]
    pub earlier: Vec<Stance>,
    /// Why this one goes another way.
    #[serde(default)]
    pub departs_because: Option<String>,
}

/// What was decided.
pub enum Decided {
    /// The authority must say whether it holds the information: the key to what the search found.
    DutyApplies(DutyToConfirmOrDeny),
    /// It need not. No key, so what was found can't be reached.
    NeitherConfirmNorDeny(NeitherConfirmNorDeny),
}

/// Decides whether the duty to confirm or deny applies.
///
/// # Errors
/// Everything that is missing from a decision neither to confirm nor to deny: a hypothetical answer, its mechanism, a
/// provision that excludes the duty, a balance of public interest about *saying*, or a reason where it looks excessive.
/// For either decision: a reason where questions of this kind went the other way.
///
/// # Examples
/// No argument can carry a holding:
///
/// ```compile_fail,E0061
/// fn wrong(
///     case: &casework::event::CaseId,
///     consideration: &casework::confirm_or_deny::Consideration,
///     statute: &law::Statute,
///     holding: casework::holding::SealedHolding,
/// ) {
///     let _ = casework::confirm_or_deny::decide(case, consideration, statute, holding);
/// }
/// ```
///
/// ```
/// fn right(
///     case: &casework::event::CaseId,
///     consideration: &casework::confirm_or_deny::Consideration,
///     statute: &law::Statute,
/// ) {
///     let _ = casework::confirm_or_deny::decide(case, consideration, statute);
/// }
/// ```
pub fn decide(
    case: &CaseId,
    consideration: &Consideration,
    statute: &Statute,
) -> Result<Decided, Vec<Problem>> {
    let neither = match &consideration.wish {
        ConfirmOrDenyOutcome::DutyApplies => {
            let problems = departure(consideration);
            return if problems.is_empty() {
                Ok(Decided::DutyApplies(duty_on_record(
                    case,
                    &consideration.question,
                )))
            } else {
                Err(problems)
            };
        }
        ConfirmOrDenyOutcome::NeitherConfirmNorDeny(neither) => neither,
    };
    let mut problems = Vec::new();
    let mut problem = |code, message: String| problems.push(Problem::at(0..0, code, message));
    if consideration.if_held.trim().is_empty() {
        problem(
            "confirm_or_deny.no_answer_if_held",
            "say what \"yes, we hold this\" would tell someone who means harm".to_owned(),
        );
    }
    if consideration.if_not_held.trim().is_empty() {
        problem(
            "confirm_or_deny.no_answer_if_not_held",
            "say what \"no, we do not\" would tell someone who means harm".to_owned(),
        );
    }
    let excludes = statute
        .exemption(&neither.provision)
        .is_some_and(|exemption| exemption.confirm_or_deny.contains(&neither.provision));
    if !excludes {
        problem(
            "confirm_or_deny.not_an_exclusion",
            format!(
                "{} doesn't exclude the duty to confirm or deny; name the subsection that does, such as FOIA s.31(3)",
                neither.provision
            ),
        );
    }
    if let Some(what) = neither.prejudice.mechanism.owed() {
        problem(
            "confirm_or_deny.no_mechanism",
            format!("still owed: {what}"),
        );
    }
    if let Some(what) = neither.public_interest.balance.owed() {
        problem("confirm_or_deny.no_balance", format!("still owed: {what}"));
    }
    // What the officer knows of may be met by one reason; what the check of the public record found, each by its own.
    let (found, known): (Vec<_>, Vec<_>) = consideration
        .known_already
        .iter()
        .cloned()
        .partition(|known| known.entry.is_some());
    let no_reason = consideration
        .reason_although_excessive
        .as_deref()
        .is_none_or(|reason| reason.trim().is_empty());
    let open: Vec<&str> = known
        .iter()
        .filter(|known| {
            no_reason
                && known
                    .dealt_with
                    .as_ref()
                    .is_none_or(|dealt| dealt.because().trim().is_empty())
        })
        .map(|known| known.place.as_str())
        .collect();
    if !open.is_empty() {
        problem(
            "confirm_or_deny.excessive",
            format!(
                "neither confirming nor denying looks excessive here ({}); say why saying yes or no would do harm all \
                 the same, or say that the duty applies",
                open.join("; ")
            ),
        );
    }
    problems.extend(not_dealt_with(&found, "confirm_or_deny.already_public"));
    problems.extend(departure(consideration));
    if problems.is_empty() {
        Ok(Decided::NeitherConfirmNorDeny(neither.clone()))
    } else {
        Err(problems)
    }
}

/// That questions of this kind went the other way, where nobody said why this one differs.
fn departure(consideration: &Consideration) -> Vec<Problem> {
    let consistency = &consideration.consistency;
    let others = departs_from(&consideration.wish, &consistency.earlier);
    // Saying why it isn't excessive says why it goes on after a plain answer, too.
    let excessive_all_the_same = match consideration.wish {
        ConfirmOrDenyOutcome::DutyApplies => None,
        ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_) => {
            consideration.reason_although_excessive.as_deref()
        }
    };
    let is_explained = [
        consistency.departs_because.as_deref(),
        excessive_all_the_same,
    ]
    .into_iter()
    .flatten()
    .any(|reason| !reason.trim().is_empty());
    if others.is_empty() || is_explained {
        return Vec::new();
    }
    let places: Vec<String> = others.iter().take(3).map(|stance| stance.place()).collect();
    let places = places.join("; ");
    vec![match consideration.wish {
        ConfirmOrDenyOutcome::DutyApplies => Problem::new(
            "confirm_or_deny.departs",
            format!(
                "questions of this kind are neither confirmed nor denied ({places}): a plain answer here tells what those \
                 were about; decide the same, or say why this one differs"
            ),
        ),
        ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_) => Problem::new(
            "confirm_or_deny.departs",
            format!(
                "the authority says whether it holds information of this kind ({places}), so neither confirming nor \
                 denying looks excessive; say that the duty applies, or why this one differs"
            ),
        ),
    }]
}

/// The key for a decision that stands in a case's history. The only other maker of keys, for [`crate::case`].
pub(crate) fn duty_on_record(case: &CaseId, question: &QuestionId) -> DutyToConfirmOrDeny {
    DutyToConfirmOrDeny {
        case: case.clone(),
        question: question.clone(),
    }
}
