//! The leak guard on what people write about a question before and after its decision: asking for detail, taking more
//! time, weighing whether to say so, deciding a review. A decision's own words are read with the letter.

use casework::case::{Case, QuestionState};
use casework::command::Command;
use casework::decision::Decision;
use casework::event::{About, QuestionId, ReviewOutcome};
use casework::leak_guard::Severity;
use casework::proposal::Kind;
use law::Problem;

use crate::office::Office;

/// Whether words about a question may not say if anything is held: so it was decided, or the policy covers the question
/// and it isn't decided yet. Reads no holding.
fn is_guarded(state: &QuestionState) -> bool {
    let is_covered = state
        .question
        .proposal
        .as_ref()
        .is_some_and(|proposal| proposal.kind == Kind::Protected);
    state.neither_confirmed_nor_denied() || (state.outcome().is_none() && is_covered)
}

/// What a command says, with the questions that it says it about.
fn said(command: &Command) -> Vec<(&str, Vec<&QuestionId>)> {
    match command {
        Command::SeekClarification(sought) => {
            vec![(&sought.wording, sought.questions.iter().collect())]
        }
        // What is weighed about saying whether it is held stands in the letter.
        Command::TestPublicInterest(test) if test.about == About::ConfirmOrDeny => test
            .favouring
            .iter()
            .chain(&test.against)
            .map(|factor| factor.text.as_str())
            .chain([test.conclusion.as_str()])
            .map(|text| (text, test.questions.iter().collect()))
            .collect(),
        Command::Extend(extension) => {
            vec![(&extension.reason, extension.questions.iter().collect())]
        }
        // What is upheld, in whole or in part, or is neither confirmed nor denied now, stays as silent as it was.
        Command::DecideReview(review) => review
            .questions
            .iter()
            .filter(|reviewed| {
                reviewed.outcome != ReviewOutcome::Changed
                    || matches!(
                        reviewed.decision,
                        Some(Decision::NeitherConfirmedNorDenied(_))
                    )
            })
            .map(|reviewed| (reviewed.reason.as_str(), vec![&reviewed.question]))
            .collect(),
        _ => Vec::new(),
    }
}

impl Office {
    /// The words of a command that give away whether something is held, each with the way out.
    pub(crate) fn gives_away(&self, case: &Case, command: &Command) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (text, questions) in said(command) {
            let Some(state) = questions
                .into_iter()
                .filter_map(|id| case.question(id))
                .find(|state| is_guarded(state))
            else {
                continue;
            };
            let leaks = self.bundle().leak_guard.read(text);
            for leak in leaks
                .into_iter()
                .filter(|leak| leak.severity == Severity::Error)
            {
                problems.push(Problem::new(
                    "leak.gives_away",
                    format!(
                        "question {}: “{}” {}. {}",
                        state.question.label,
                        text.get(leak.span).unwrap_or(text),
                        leak.why,
                        leak.mend
                    ),
                ));
            }
        }
        problems
    }
}
