//! The disclosure log: what publishers chose to publish, as the public reads it. It follows from the events, as the lists
//! do, and holds nothing of who asked or of a search.

use std::collections::{BTreeMap, BTreeSet};

use casework::case::{Case, History};
use casework::decision::{AppliedExemption, Decision, Slot};
use casework::event::CaseId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::db::{Param, Row, Transaction};
use crate::fault::Fault;
use crate::queries;
use crate::store::{PublishedWords, Store};

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// The end of its permanent address, "2026/laptop-replacement".
    pub address: String,
    /// The case.
    pub case: CaseId,
    /// The day of its publication.
    pub published_on: String,
    /// The day of its last change.
    pub changed_on: String,
    /// Why it was taken out, if it was; then nothing else of it is left.
    pub removed_because: Option<String>,
    /// Its title.
    pub title: String,
    /// The day of receipt.
    pub received_on: String,
    /// The day on which the answer left.
    pub answered_on: String,
    /// The spelling of how the answers add up.
    pub outcome: String,
    /// The questions with their answers.
    pub questions: Vec<LogQuestion>,
}

/// A question of the log and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogQuestion {
    /// Its label.
    pub label: String,
    /// Its words.
    pub question: String,
    /// The spelling of what was decided, `answer`, `withheld`.
    pub decision: String,
    /// The answer, the place, or the reason, as the letter gave it.
    pub answer: String,
    /// The provisions relied on.
    pub provisions: Vec<String>,
}

fn filled(slot: &Slot<String>) -> String {
    match slot {
        Slot::Filled(text) => text.clone(),
        Slot::Begun { .. } | Slot::Owed(_) => String::new(),
    }
}

/// A decision as the log shows it: its spelling, the words of the letter, the provisions.
fn shown(decision: &Decision) -> (&'static str, String, Vec<String>) {
    match decision {
        Decision::Answer { answer } => ("answer", filled(answer), Vec::new()),
        Decision::AlreadyAccessible { place } => (
            "already_accessible",
            filled(place),
            vec!["FOIA s.21".to_owned()],
        ),
        Decision::Withheld(exemptions) => {
            let reasons: Vec<String> = exemptions
                .iter()
                .map(|exemption| match exemption {
                    AppliedExemption::Absolute { reason, .. }
                    | AppliedExemption::QualifiedClass { reason, .. } => filled(reason),
                    AppliedExemption::QualifiedPrejudice { prejudice, .. } => {
                        filled(&prejudice.mechanism)
                    }
                })
                .collect();
            let provisions = exemptions
                .iter()
                .map(|exemption| exemption.provision().to_string())
                .collect();
            ("withheld", reasons.join("\n\n"), provisions)
        }
        // The decision and its provision only, in the same words for each.
        Decision::NeitherConfirmedNorDenied(neither) => (
            "neither_confirmed_nor_denied",
            String::new(),
            vec![neither.provision.to_string()],
        ),
        Decision::NotHeld => ("not_held", String::new(), Vec::new()),
        Decision::OverCostLimit { estimate, advice } => (
            "over_cost_limit",
            format!("{}\n\n{}", filled(estimate), filled(advice)),
            vec!["FOIA s.12".to_owned()],
        ),
        Decision::VexatiousOrRepeated { provision, .. } => (
            "vexatious_or_repeated",
            String::new(),
            vec![provision.to_string()],
        ),
        Decision::ClarificationSought { .. } => ("clarification_sought", String::new(), Vec::new()),
    }
}

fn questions(case: &Case, published_words: &PublishedWords) -> Vec<LogQuestion> {
    case.questions
        .iter()
        .filter(|state| state.answered_on.is_some())
        .filter_map(|state| {
            let made = state.in_log()?;
            let (mut decision, mut answer, provisions) = shown(&made.decision);
            if let Some(part) = &made.in_part {
                decision = "given_in_part";
                answer = format!("{}\n\nWithheld: {}\n\n{answer}", part.given, part.withheld);
            }
            let question = match &state.question.stem {
                Some(stem) => published_words(&format!("{stem} {}", state.question.text)),
                None => published_words(&state.question.text),
            };
            Some(LogQuestion {
                label: state.question.label.clone(),
                question,
                decision: decision.to_owned(),
                answer: published_words(&answer),
                provisions,
            })
        })
        .collect()
}

/// What tells what an entry is about: its title and what was asked, not what was answered.
fn asked(title: &str, questions: &[LogQuestion]) -> String {
    let mut text = title.to_owned();
    for question in questions {
        text.push('\n');
        text.push_str(&question.question);
    }
    text
}

impl Store {
    /// The questions of a case as the log would show them, for whoever decides whether to publish it.
    #[must_use]
    pub fn in_log(&self, case: &Case) -> Vec<LogQuestion> {
        questions(&case.clone().as_decided(), &self.published_words)
    }

    /// Brings the log in line with a case, inside the transaction that changed it.
    pub(crate) async fn project_log(
        &self,
        transaction: &mut Transaction,
        id: &CaseId,
        history: &History,
        today: Date,
    ) -> Result<(), Fault> {
        let removed_because = match history.case() {
            None => Some("the records were destroyed under the retention schedule"),
            Some(case) if case.publication.is_none() => match &case.unpublished_because {
                // Never published: there is nothing to write.
                None => return Ok(()),
                Some(reason) => Some(reason.as_str()),
            },
            Some(_) => None,
        };
        if let Some(reason) = removed_because {
            let params: Vec<Param> = vec![
                self.authority.as_str().into(),
                id.0.as_str().into(),
                today.to_string().into(),
                reason.into(),
            ];
            return transaction
                .run(&queries::LOG_REMOVE, params)
                .await
                .map(drop);
        }
        let Some((case, publication)) = history
            .case()
            .and_then(|case| Some((case, case.publication.as_ref()?)))
        else {
            return Ok(());
        };
        let title = (self.published_words)(&publication.title);
        let questions = questions(case, &self.published_words);
        let topics = (self.topics)(&asked(&title, &questions));
        let contents =
            serde_json::to_string(&questions).map_err(|error| Fault::Damaged(error.to_string()))?;
        let answered = case
            .issued
            .last()
            .map_or(publication.published_on, |issue| issue.sent_on);
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            publication.address.as_str().into(),
            id.0.as_str().into(),
            publication.published_on.to_string().into(),
            publication.published_on.to_string().into(),
            title.into(),
            case.receipt.received_on.to_string().into(),
            answered.to_string().into(),
            case.outcome()
                .map_or("", |outcome| outcome.spelling())
                .into(),
            contents.into(),
            today.to_string().into(),
            topics.into(),
        ];
        if transaction.run(&queries::LOG_SET, params).await? == 0 {
            return Err(Fault::Clash(format!(
                "another entry has the address {}",
                publication.address
            )));
        }
        Ok(())
    }

    /// A page of the log, newest first, after the entry that the last page ended with.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log(
        &self,
        after: Option<(&str, &str)>,
        at_most: u64,
    ) -> Result<Vec<LogEntry>, Fault> {
        self.log_of("", "", "", after, at_most).await
    }

    /// The same, of the entries with an outcome (by spelling; any when empty) that were published on a day or later
    /// (as 2026-11-24; at any time when empty) and are about a topic or a row of the policy (by id; anything when empty).
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_of(
        &self,
        outcome: &str,
        from: &str,
        subject: &str,
        after: Option<(&str, &str)>,
        at_most: u64,
    ) -> Result<Vec<LogEntry>, Fault> {
        let (day, address) = after.unwrap_or(("9999-12-31", ""));
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            day.into(),
            address.into(),
            at_most.into(),
            outcome.into(),
            from.into(),
            subject.into(),
        ];
        let rows = self.db.rows(&queries::LOG, params).await?;
        rows.iter().map(entry_of_row).collect()
    }

    /// The entries that were taken out of the log, the last first.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_removed(&self, at_most: u64) -> Result<Vec<LogEntry>, Fault> {
        let params: Vec<Param> = vec![self.authority.as_str().into(), at_most.into()];
        let rows = self.db.rows(&queries::LOG_REMOVED, params).await?;
        rows.iter().map(entry_of_row).collect()
    }

    /// How many entries are about each topic, by its id.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_topics(&self) -> Result<BTreeMap<String, u64>, Fault> {
        let params = vec![self.authority.as_str().into()];
        let mut counts = BTreeMap::new();
        for row in self.db.rows(&queries::LOG_TOPICS, params).await? {
            let entries = row.number("entries")?;
            for topic in row.text("topics")?.split_whitespace() {
                let count: &mut u64 = counts.entry(topic.to_owned()).or_insert(0);
                *count = count.saturating_add(entries);
            }
        }
        Ok(counts)
    }

    /// Says anew what every entry is about, where the topics aren't those of the last time; `identity` tells them apart.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn follow_topics(&self, identity: &str) -> Result<(), Fault> {
        const NAME: &str = "log.topics";
        const AT_ONCE: u64 = 500;
        if self.setting(NAME).await?.as_deref() == Some(identity) {
            return Ok(());
        }
        let mut after: Option<(String, String)> = None;
        loop {
            let from = after
                .as_ref()
                .map(|(day, address)| (day.as_str(), address.as_str()));
            let entries = self.log(from, AT_ONCE).await?;
            for entry in &entries {
                let topics = (self.topics)(&asked(&entry.title, &entry.questions));
                let params = vec![
                    self.authority.as_str().into(),
                    entry.address.as_str().into(),
                    topics.into(),
                ];
                self.write(&queries::LOG_TOPICS_SET, params).await?;
            }
            match entries.last() {
                Some(last) => after = Some((last.published_on.clone(), last.address.clone())),
                None => break,
            }
        }
        self.keep_setting(NAME, identity).await
    }

    /// The addresses of the entries that are about a topic or a row of the policy, by its id.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_addresses_of(&self, subject: &str) -> Result<BTreeSet<String>, Fault> {
        let params = vec![self.authority.as_str().into(), subject.into()];
        let rows = self.db.rows(&queries::LOG_ABOUT, params).await?;
        rows.iter().map(|row| row.text("address")).collect()
    }

    /// The entry under an address, removed ones too.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_entry(&self, address: &str) -> Result<Option<LogEntry>, Fault> {
        let params = vec![self.authority.as_str().into(), address.into()];
        let rows = self.db.rows(&queries::LOG_ENTRY, params).await?;
        rows.first().map(entry_of_row).transpose()
    }

    /// The entry of a case that is in the log.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn log_entry_of_case(&self, case: &str) -> Result<Option<LogEntry>, Fault> {
        let params = vec![self.authority.as_str().into(), case.into()];
        let rows = self.db.rows(&queries::LOG_ENTRY_OF_CASE, params).await?;
        rows.first().map(entry_of_row).transpose()
    }
}

fn entry_of_row(row: &Row) -> Result<LogEntry, Fault> {
    let contents = row.text("contents")?;
    Ok(LogEntry {
        address: row.text("address")?,
        case: CaseId(row.text("case_id")?),
        published_on: row.text("published_on")?,
        changed_on: row.text("changed_on")?,
        removed_because: row.text_or_null("removed_because")?,
        title: row.text("title")?,
        received_on: row.text("received_on")?,
        answered_on: row.text("answered_on")?,
        outcome: row.text("outcome")?,
        questions: serde_json::from_str(&contents)
            .map_err(|error| Fault::Damaged(format!("log entry: {error}")))?,
    })
}
