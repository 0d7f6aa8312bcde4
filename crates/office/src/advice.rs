//! What to know before it is decided whether to confirm or deny: how questions of the kind were decided, and whether neither
//! confirming nor denying looks excessive. Read from the question and from earlier decisions; never from a holding.

use casework::case::Case;
use casework::confirm_or_deny::Consideration;
use casework::consistency::{Stance, Topic, topics};
use casework::event::{ConfirmOrDenyOutcome, KnownAlready, QuestionId};
use casework::public_record::{Reading, question_of};

use crate::office::Office;

/// What to know before it is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// What the question is about.
    pub topics: Vec<Topic>,
    /// The decisions on that in other cases.
    pub earlier: Vec<Stance>,
    /// What makes neither confirming nor denying look excessive, each with why.
    pub excessive: Vec<KnownAlready>,
}

impl Office {
    /// What to know before it is decided whether to confirm or deny a question; `None` when the case has no such question.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn advice(
        &self,
        case: &Case,
        question: &QuestionId,
    ) -> Result<Option<Advice>, store::Fault> {
        let Some(state) = case.question(question) else {
            return Ok(None);
        };
        let asked = &state.question;
        let text = match &asked.stem {
            Some(stem) => format!("{stem} {}", asked.text),
            None => asked.text.clone(),
        };
        let bundle = &self.bundle;
        let today = self.today();
        let reading = Reading {
            vocabulary: &bundle.vocabulary,
            lexicon: &bundle.lexicon,
        };
        let read = reading.asked(&text, &question_of(&bundle.vocabulary, &text));
        let topics = topics(
            asked,
            bundle.excess.asks_for_totals_or_the_past(&text, today),
        );
        Ok(Some(Advice {
            earlier: self.store.stances_on(&topics, &case.id).await?,
            excessive: bundle.excess.grounds(&text, &read, &bundle.lexicon, today),
            topics,
        }))
    }

    /// The consideration with what the office knows of questions of its kind, found afresh, so that nobody can leave it out.
    pub(crate) async fn with_advice(
        &self,
        case: &Case,
        consideration: &mut Consideration,
    ) -> Result<(), store::Fault> {
        let Some(advice) = self.advice(case, &consideration.question).await? else {
            return Ok(());
        };
        consideration.consistency.topics = advice.topics;
        consideration.consistency.earlier = advice.earlier;
        if matches!(
            consideration.wish,
            ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)
        ) {
            for found in advice.excessive {
                let is_there = consideration
                    .known_already
                    .iter()
                    .any(|known| known.ground == found.ground);
                if !is_there {
                    consideration.known_already.push(found);
                }
            }
        }
        Ok(())
    }
}
