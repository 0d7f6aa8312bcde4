//! The disclosure log of the office's cases.

use casework::case::{Case, History};
use casework::command::Command;
use casework::disclosure_log::{self, Choice, LogEntry, LogFinding, LogState, compose};
use casework::event::{CaseId, Recorded};
use jiff::civil::Date;
use law::Problem;
use store::QueueFilter;

use crate::office::Office;

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
    /// What can't be mended by taking words out, so that the entry can't be published yet.
    pub fn blocking(&self) -> impl Iterator<Item = &LogFinding> {
        self.findings
            .iter()
            .filter(|finding| finding.kind.is_none())
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
    pub(crate) fn can_be_published(
        &self,
        case: &Case,
        command: &Command,
    ) -> Result<(), Vec<Problem>> {
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
        let preview = self.preview(case, &Choice::of(publication), &[])?;
        let open: Vec<Problem> = preview
            .blocking()
            .map(|finding| Problem::new(finding.code, finding.message.clone()))
            .collect();
        if open.is_empty() { Ok(()) } else { Err(open) }
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
}
