//! The disclosure log of the office's cases.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use casework::case::{Case, History};
use casework::command::Command;
use casework::disclosure_log::{
    self, Change, Choice, LogEntry, LogField, LogFinding, LogState, compose,
};
use casework::event::{CaseId, Event, Recorded};
use casework::public_record::Advice;
use jiff::civil::Date;
use law::Problem;
use store::{QueueFilter, Stopped};

use crate::office::Office;

/// A topic of published answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSubject {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How many answers are about it.
    pub entries: u64,
}

/// How many entries are about each topic, as at a change of the database.
#[derive(Clone, Debug)]
pub(crate) struct TopicCounts {
    at: u64,
    counts: Arc<BTreeMap<String, u64>>,
}

/// How many cases are read at once.
const PAGE: u64 = 500;

/// An entry as it would be published, with what a person should look at first.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The entry, with the personal data that was found taken out.
    pub entry: LogEntry,
    /// What was found in it before.
    pub findings: Vec<LogFinding>,
}

impl Preview {
    /// What can't be mended by taking words out, so that the entry can't be published yet. A title is chosen for
    /// publication: nobody's name need be in it.
    pub fn blocking(&self) -> impl Iterator<Item = &LogFinding> {
        self.findings
            .iter()
            .filter(|finding| finding.kind.is_none() || finding.field == LogField::Title)
    }
}

impl Office {
    /// The entry that a case would have, and what the check says of it. `applicant` holds what the publisher knows of the
    /// person who asked. Changes nothing.
    ///
    /// # Errors
    /// Nothing was answered, or the title or address is none.
    pub fn preview(
        &self,
        case: &Case,
        choice: &Choice,
        applicant: &[&str],
    ) -> Result<Preview, Vec<Problem>> {
        let mut choice = choice.clone();
        if choice.category.is_empty() {
            choice.category = self.category(case);
        }
        let entry = compose(case, &choice)?;
        Ok(Preview {
            findings: entry.findings(
                &self.bundle.personal_data,
                &self.bundle.leak_guard,
                applicant,
            ),
            entry: entry.without_personal_data(&self.bundle.personal_data, applicant),
        })
    }

    /// Whether what a command is about to publish gives nothing away that taking words out can't mend.
    ///
    /// # Errors
    /// What to mend first.
    pub fn can_be_published(&self, case: &Case, command: &Command) -> Result<(), Vec<Problem>> {
        let (Command::Publish(publication) | Command::PlanPublication(publication)) = command
        else {
            return Ok(());
        };
        // What is planned before the answer leaves has nothing to read yet.
        if case
            .questions
            .iter()
            .all(|question| question.answered_on.is_none())
        {
            return Ok(());
        }
        let preview = self.preview(&case.clone().as_decided(), &Choice::of(publication), &[])?;
        let open: Vec<Problem> = preview
            .blocking()
            .map(|finding| Problem::new(finding.code, finding.message.clone()))
            .collect();
        if open.is_empty() { Ok(()) } else { Err(open) }
    }

    /// What publishing the answers of a case, as they stand, would give away. Nothing where nothing was answered.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn publishing_gives_away(&self, case: &Case) -> Result<Advice, Stopped> {
        let choice = Choice {
            title: case.receipt.reference.clone(),
            category: String::new(),
            address: "0000/answer".to_owned(),
            published_on: self.today(),
        };
        match self.preview(&case.clone().as_decided(), &choice, &[]) {
            Ok(preview) => self.before_publishing(case, &preview.entry).await,
            Err(_) => Ok(Advice::default()),
        }
    }

    /// Whether somebody said why an answer is published that gives away what the policy protects, or makes a refusal to
    /// somebody else untenable. What was planned was looked at when it was.
    pub(crate) async fn may_give_away(
        &self,
        case: &Case,
        command: &Command,
    ) -> Result<(), Stopped> {
        let (Command::Publish(publication) | Command::PlanPublication(publication)) = command
        else {
            return Ok(());
        };
        let has_reason = publication.says_why();
        let is_planned = case.publication_plan.as_ref().is_some_and(|plan| {
            plan.address == publication.address && plan.title == publication.title
        });
        if has_reason || (is_planned && matches!(command, Command::Publish(_))) {
            return Ok(());
        }
        let advice = self.publishing_gives_away(case).await?;
        if advice.is_empty() {
            return Ok(());
        }
        let warnings = advice
            .warnings
            .iter()
            .map(|warning| warning.message.clone());
        let refusals = advice.untenable.iter().map(|refusal| {
            format!(
                "“{}” was refused in {}, and could no longer be",
                refusal.question, refusal.id
            )
        });
        Err(Stopped::Refused(vec![Problem::new(
            "log.gives_away",
            format!(
                "say why it is published all the same: {}",
                warnings.chain(refusals).collect::<Vec<_>>().join("; ")
            ),
        )]))
    }

    /// The title of the policy's row that most of its questions fall in; empty when in none.
    fn category(&self, case: &Case) -> String {
        let rows = &self.bundle.policy.policy.categories;
        rows.iter()
            .map(|row| {
                let count = case
                    .questions
                    .iter()
                    .filter_map(|question| question.question.proposal.as_ref())
                    .filter(|proposal| proposal.category.as_deref() == Some(row.id.as_str()))
                    .count();
                (count, &row.title)
            })
            .filter(|(count, _)| *count > 0)
            .max_by_key(|(count, _)| *count)
            .map_or_else(String::new, |(_, title)| title.clone())
    }

    /// Every entry of the log: planned, published and taken down, by address.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log(&self) -> Result<Vec<LogEntry>, store::Fault> {
        let mut entries = Vec::new();
        for open in [true, false] {
            let mut after = None;
            loop {
                let rows = self
                    .queue(&QueueFilter::All, open, after.as_ref(), PAGE)
                    .await?;
                for row in rows.iter().filter(|row| row.answered_on.is_some()) {
                    entries.extend(self.log_entry(&CaseId(row.case_id.clone())).await?);
                }
                match rows.last() {
                    Some(last) if rows.len() as u64 >= PAGE => after = Some(last.cursor()),
                    _ => break,
                }
            }
        }
        entries.sort_by(|one, other| one.address.cmp(&other.address));
        Ok(entries)
    }

    /// What the published answers are about: each topic that one is about, with how many are.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_subjects(&self) -> Result<Vec<LogSubject>, store::Fault> {
        // Whoever reads the list asks for this; it changes when something happens on a case.
        let position = self.store.position().await?;
        let lock = || {
            self.topic_counts
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let known = lock().clone().filter(|known| known.at == position);
        let counts = match known {
            Some(known) => known.counts,
            None => {
                let counts = Arc::new(self.store.log_topics().await?);
                *lock() = Some(TopicCounts {
                    at: position,
                    counts: Arc::clone(&counts),
                });
                counts
            }
        };
        let topics = self.bundle.topics.all();
        Ok(topics
            .filter_map(|(id, title)| {
                Some(LogSubject {
                    id: id.to_owned(),
                    title: title.to_owned(),
                    entries: *counts.get(id)?,
                })
            })
            .collect())
    }

    /// The ids of the topics whose words somebody searches for; none where they are no topic's.
    #[must_use]
    pub fn log_subjects_in(&self, words: &str) -> Vec<&str> {
        let topics = &self.bundle.topics;
        let other = topics.all().last().map(|(id, _)| id);
        let mut found = topics.of(words);
        found.retain(|id| Some(*id) != other);
        found
    }

    /// What a topic of published answers is called, or a row of the policy by which they can be narrowed too.
    #[must_use]
    pub fn log_subject_title(&self, id: &str) -> Option<&str> {
        let rows = &self.bundle.policy.policy.categories;
        self.bundle
            .topics
            .all()
            .chain(rows.iter().map(|row| (row.id.as_str(), row.title.as_str())))
            .find(|(known, _)| *known == id)
            .map(|(_, title)| title)
    }

    /// The entry of a case, if it stands in the log in any way.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_entry(&self, case: &CaseId) -> Result<Option<LogEntry>, store::Fault> {
        let history: Vec<Recorded> = self
            .history(case)
            .await?
            .iter()
            .map(store::chain::StoredEvent::recorded)
            .collect::<Result<_, _>>()?;
        let (publication, removed) =
            match disclosure_log::state(&history, |at| -> Date { self.day_of(at) }) {
                LogState::Absent => return Ok(None),
                LogState::Planned(publication) | LogState::Published(publication) => {
                    (publication, None)
                }
                LogState::Removed(publication, removal) => (publication, Some(removal)),
            };
        let choice = Choice::of(&publication);
        let lived = History::of(case, &history);
        Ok(lived
            .case()
            .and_then(|case| self.preview(case, &choice, &[]).ok())
            .map(|preview| LogEntry {
                removed,
                ..preview.entry
            }))
    }

    /// What was changed of a case's entry since it was first published, oldest first: read from one published form to the
    /// next, so it tells no more than they do.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_changes(&self, case: &CaseId) -> Result<Vec<Change>, store::Fault> {
        let mut changes: Vec<Change> = Vec::new();
        let mut standing: Option<LogEntry> = None;
        let mut lived = History::Nothing;
        let mut is_out = false;
        for stored in self.history(case).await? {
            let recorded = stored.recorded()?;
            lived = lived.with(case, &recorded);
            match recorded.event {
                // What stands in the log changes when a publisher publishes, and at no other time.
                Some(Event::Published(_)) => {}
                Some(Event::Unpublished(_)) => {
                    is_out = true;
                    continue;
                }
                _ => continue,
            }
            let Some((case, publication)) = lived
                .case()
                .and_then(|case| Some((case, case.publication.as_ref()?)))
            else {
                continue;
            };
            let Ok(preview) = self.preview(case, &Choice::of(publication), &[]) else {
                continue;
            };
            let on = self.day_of(recorded.at);
            let mut tell = |what: String| changes.push(Change { on, what });
            if let Some(before) = &standing {
                if is_out {
                    tell("published again".to_owned());
                }
                for what in differences(before, &preview.entry) {
                    tell(what);
                }
            }
            is_out = false;
            standing = Some(preview.entry);
        }
        Ok(changes)
    }
}

/// What differs between two forms of an entry, in words. What stood there before isn't repeated: it may have gone for a
/// reason.
fn differences(before: &LogEntry, after: &LogEntry) -> Vec<String> {
    let mut words = Vec::new();
    if before.title != after.title {
        words.push("the title".to_owned());
    }
    for question in &after.questions {
        let label = &question.label;
        match before.questions.iter().find(|known| known.label == *label) {
            None => words.push(format!("question {label} and its answer added")),
            Some(known) if known.question != question.question => {
                words.push(format!("the words of question {label}"));
            }
            Some(known) if known != question => {
                words.push(format!("the answer to question {label}"));
            }
            Some(_) => {}
        }
    }
    for question in &before.questions {
        if after
            .questions
            .iter()
            .all(|known| known.label != question.label)
        {
            words.push(format!("question {} taken out", question.label));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use casework::disclosure_log::LogQuestion;
    use casework::public_record::Outcome;

    use super::*;

    #[test]
    fn what_changed_is_told_from_the_published_words() {
        let question = |label: &str, answer: &str| LogQuestion {
            label: label.to_owned(),
            question: "How many ducks live on the pond?".to_owned(),
            outcome: Outcome::Answered,
            answer: answer.to_owned(),
            reasons: Vec::new(),
            provisions: Vec::new(),
        };
        let before = LogEntry {
            address: "2026/ducks".to_owned(),
            reference: "HM-2026-1".to_owned(),
            title: "Ducks".to_owned(),
            category: String::new(),
            answered_on: "2026-11-02".parse().unwrap(),
            published_on: "2026-11-03".parse().unwrap(),
            questions: vec![question("1", "27"), question("2", "Grain")],
            changes: Vec::new(),
            removed: None,
        };
        assert_eq!(differences(&before, &before), Vec::<String>::new());
        let after = LogEntry {
            title: "Ducks on the pond".to_owned(),
            questions: vec![question("1", "26"), question("3", "Yes")],
            ..before.clone()
        };
        assert_eq!(
            differences(&before, &after),
            [
                "the title",
                "the answer to question 1",
                "question 3 and its answer added",
                "question 2 taken out",
            ]
        );
    }
}
