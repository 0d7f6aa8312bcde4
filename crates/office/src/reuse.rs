//! What officers wrote on cases that others should see: reasons that were weighed before, and published entries that
//! somebody said should not have been published.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use casework::case::Case;
use casework::event::{CaseId, DealtWith, KnownAlready, ReviewOutcome};
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

/// How often a reason was weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimesWeighed {
    /// In how many cases.
    pub cases: u32,
    /// In how many of them an internal review changed the answer that it was weighed for.
    pub changed_at_review: u32,
}

/// What cases say, kept up to date with the public record.
#[derive(Default)]
pub(crate) struct Said {
    reasons: HashMap<u64, TimesWeighed>,
    of_case: HashMap<CaseId, (BTreeMap<u64, bool>, Vec<Flag>)>,
}

/// A reason is the same however its words are spaced.
fn name(reason: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for word in reason.split_whitespace() {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

/// The reasons that were weighed on a case, each with whether a review changed an answer that it was weighed for.
fn reasons(case: &Case) -> BTreeMap<u64, bool> {
    let mut reasons = BTreeMap::new();
    for state in &case.questions {
        let is_changed = case
            .reviews_decided
            .iter()
            .flat_map(|decided| &decided.questions)
            .any(|reviewed| {
                reviewed.question == state.question.id
                    && reviewed.outcome != ReviewOutcome::OriginalUpheld
            });
        for test in [&state.content_interest, &state.confirm_interest]
            .into_iter()
            .flatten()
        {
            for factor in test.favouring.iter().chain(&test.against) {
                *reasons.entry(name(&factor.text)).or_default() |= is_changed;
            }
        }
    }
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
            for (reason, was_changed) in before {
                if let Some(times) = self.reasons.get_mut(&reason) {
                    times.cases = times.cases.saturating_sub(1);
                    let changed = times.changed_at_review;
                    times.changed_at_review = changed.saturating_sub(u32::from(was_changed));
                }
            }
        }
        let Some(case) = case else { return };
        let (reasons, flags) = (reasons(case), flags(case));
        if reasons.is_empty() && flags.is_empty() {
            return;
        }
        for (reason, is_changed) in &reasons {
            let times = self.reasons.entry(*reason).or_default();
            times.cases = times.cases.saturating_add(1);
            let changed = times.changed_at_review;
            times.changed_at_review = changed.saturating_add(u32::from(*is_changed));
        }
        self.of_case.insert(id.clone(), (reasons, flags));
    }
}

impl Office {
    /// How often each of these reasons was weighed.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn times_weighed(&self, reasons: &[&str]) -> Result<Vec<TimesWeighed>, Stopped> {
        self.follow_record().await?;
        let record = self.record.read().await;
        Ok(reasons
            .iter()
            .map(|reason| {
                record
                    .said
                    .reasons
                    .get(&name(reason))
                    .copied()
                    .unwrap_or_default()
            })
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
