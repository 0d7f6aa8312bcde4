//! What officers wrote on cases that others should see: reasons that were weighed before, and published entries that
//! somebody said should not have been published.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use casework::case::Case;
use casework::event::{CaseId, DealtWith, KnownAlready};
use store::Stopped;

use crate::office::Office;

/// A published entry that somebody said should not have been published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The reference of the case.
    pub reference: String,
    /// The label of the question.
    pub label: String,
    /// The entry: source and id.
    pub entry: String,
    /// Why, in the officer's words.
    pub because: String,
}

/// What cases say, kept up to date with the public record.
#[derive(Default)]
pub(crate) struct Said {
    /// In how many cases each reason was weighed.
    reasons: HashMap<u64, u32>,
    of_case: HashMap<CaseId, (Vec<u64>, Vec<Flag>)>,
}

/// A reason is the same however its words are spaced.
fn name(reason: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for word in reason.split_whitespace() {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

fn reasons(case: &Case) -> Vec<u64> {
    let mut reasons: Vec<u64> = case
        .questions
        .iter()
        .flat_map(|state| [&state.content_interest, &state.confirm_interest])
        .flatten()
        .flat_map(|test| test.favouring.iter().chain(&test.against))
        .map(|factor| name(&factor.text))
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

fn flags(case: &Case) -> Vec<Flag> {
    let mut flags = Vec::new();
    for state in &case.questions {
        let considered = state.confirm_or_deny.iter().map(|made| &made.known_already);
        let decided = state.decision.iter().map(|made| &made.already_public);
        let flagged = |known: &KnownAlready| match &known.dealt_with {
            Some(DealtWith::ShouldNotHaveBeenPublished { because }) => Some(Flag {
                reference: case.receipt.reference.clone(),
                label: state.question.label.clone(),
                entry: known.entry.clone().unwrap_or_else(|| known.place.clone()),
                because: because.clone(),
            }),
            _ => None,
        };
        flags.extend(considered.chain(decided).flatten().filter_map(flagged));
    }
    flags
}

impl Said {
    /// What a case says in place of what it said before.
    pub(crate) fn put(&mut self, id: &CaseId, case: Option<&Case>) {
        if let Some((before, _)) = self.of_case.remove(id) {
            for reason in before {
                if let Some(count) = self.reasons.get_mut(&reason) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        let Some(case) = case else { return };
        let (reasons, flags) = (reasons(case), flags(case));
        if reasons.is_empty() && flags.is_empty() {
            return;
        }
        for reason in &reasons {
            let count = self.reasons.entry(*reason).or_default();
            *count = count.saturating_add(1);
        }
        self.of_case.insert(id.clone(), (reasons, flags));
    }
}

impl Office {
    /// In how many cases each of these reasons was weighed.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn times_weighed(&self, reasons: &[&str]) -> Result<Vec<u32>, Stopped> {
        self.follow_record().await?;
        let record = self.record.read().await;
        Ok(reasons
            .iter()
            .map(|reason| record.said.reasons.get(&name(reason)).copied().unwrap_or(0))
            .collect())
    }

    /// The entries that somebody said should not have been published, by case.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn should_not_have_been_published(&self) -> Result<Vec<Flag>, Stopped> {
        self.follow_record().await?;
        let record = self.record.read().await;
        let mut flags: Vec<Flag> = record
            .said
            .of_case
            .values()
            .flat_map(|(_, flags)| flags.clone())
            .collect();
        flags.sort_by(|one, other| {
            (&one.reference, &one.label, &one.entry).cmp(&(
                &other.reference,
                &other.label,
                &other.entry,
            ))
        });
        flags.dedup();
        Ok(flags)
    }

    /// How many published entries are looked through, by source.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn record_counts(
        &self,
    ) -> Result<Vec<(casework::public_record::Source, u32)>, Stopped> {
        self.follow_record().await?;
        let record = self.record.read().await;
        Ok(casework::public_record::Source::ALL
            .iter()
            .map(|source| (*source, record.count(*source)))
            .collect())
    }
}

/// What is taken from a case, for a test to compare.
#[cfg(test)]
pub(crate) fn shown(case: &Case) -> String {
    format!("{:?} {:?}", reasons(case), flags(case))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_known_however_it_is_spaced() {
        assert_eq!(
            name("Openness about  money"),
            name("Openness about money\n")
        );
        assert_ne!(name("Openness about money"), name("Openness about time"));
    }
}
