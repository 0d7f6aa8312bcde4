//! The blind sample: of one question in some, whoever decides chooses the route before they see which one is proposed.
//! People resist wrong advice better when they looked before they were told, and how often these choices differ from what
//! was proposed is the honest measure of the proposals.

use sha2::{Digest, Sha256};

use crate::case::{Case, QuestionState};
use crate::event::{CaseId, QuestionId};

/// One question in so many.
pub const ONE_IN: u32 = 25;

/// Whether a question belongs to the sample of one question in `one_in`; none does where that is 0.
///
/// The answer is the same each time. Nobody can steer it: the id of a case is random, and given when the request comes in.
#[must_use]
pub fn is_in_sample(one_in: u32, case: &CaseId, question: &QuestionId) -> bool {
    let digest = Sha256::digest(format!("blind sample\n{}\n{}", case.0, question.0));
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    number.checked_rem(u64::from(one_in)) == Some(0)
}

/// Whether what is proposed for a question of the sample isn't shown yet: nobody has chosen a route or decided anything.
#[must_use]
pub fn is_hidden(one_in: u32, case: &Case, state: &QuestionState) -> bool {
    state.question.proposal.is_some()
        && state.is_open()
        && state.route_chosen.is_none()
        && state.outcome().is_none()
        && state.decision.is_none()
        && case.state.answer_is_owed()
        && is_in_sample(one_in, &case.id, &state.question.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_in_so_many_is_in_the_sample_and_always_the_same() {
        let ids = |number: u32| {
            (
                CaseId(format!("case-{}", number / 4)),
                QuestionId(format!("q{}", number % 4 + 1)),
            )
        };
        let sampled = |one_in: u32| -> Vec<u32> {
            (0..10_000)
                .filter(|number| {
                    let (case, question) = ids(*number);
                    is_in_sample(one_in, &case, &question)
                })
                .collect()
        };
        assert!(sampled(0).is_empty());
        assert_eq!(sampled(1).len(), 10_000);
        let some = sampled(ONE_IN);
        assert!((340..=460).contains(&some.len()), "{}", some.len());
        assert_eq!(some, sampled(ONE_IN));
    }
}
