//! What the authority has published, held against what its officers are about to decide: every published snapshot of its
//! register, its disclosure log, and every answer that left, in the log or not.
//!
//! What else it published stands in the folder `public-record` of the state folder: registers (`.csv`, `.json`), logs
//! (`log*.json`) and anything else (`.jsonl`), read when the office opens.

use std::collections::HashMap;
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casework::case::{Case, History};
use casework::command::Command;
use casework::disclosure_log::{self, Choice, LogEntry};
use casework::event::{CaseId, ConfirmOrDenyOutcome, QuestionId};
use casework::public_record::{
    Advice, Checked, Contradiction, Index, Mosaic, Outcome, Path, PublishedEntry, ReadEntry,
    Reading, Says, Source, ThingId, audit, before_publishing, checked, mosaic, question_of,
    refusals,
};
use jiff::civil::Date;
use law::Problem;
use store::Stopped;

use crate::bundle::Bundle;
use crate::fault::Stop;
use crate::office::Office;
use crate::published;
use crate::register::{Published, Registers, Snapshot, State, named};
use crate::reuse::Said;

/// The folder's name.
pub const FOLDER: &str = "public-record";

/// Answers that are read for a look over everything published: some seconds' work.
const MOST_ANSWERS: usize = 1_000;

/// Refusals, newest first, that an answer is held against before it is published: a second's work.
const MOST_REFUSALS: usize = 300;

/// Events after which the cases that they changed are read, before the next are looked for.
const BATCH: u64 = 5_000;

/// Cases read before others may look at the record again.
const AT_ONCE: usize = 50;

/// Kinds of events that change neither what a case answered nor what officers wrote on it; most events are of these.
const QUIET: &[&str] = &[
    "received",
    "validity_checked",
    "treatment_chosen",
    "acknowledged",
    "questions_proposed",
    "owner_assigned",
    "assigned",
    "reminded",
    "became_overdue",
    "late_cause_chosen",
    "applicant_shown",
];

/// So many answers at least are kept as they were read.
const KEPT: usize = 500;

/// Entries as they were last read, so that a page that shows many doesn't read as many cases and rows. Once [`KEPT`] are
/// new, those before them are forgotten unless somebody asked for them since.
#[derive(Default)]
struct Replies {
    new: HashMap<(Source, String), Arc<ReadEntry>>,
    old: HashMap<(Source, String), Arc<ReadEntry>>,
}

impl Replies {
    fn get(&mut self, name: &(Source, String)) -> Option<Arc<ReadEntry>> {
        if let Some(entry) = self.new.get(name) {
            return Some(Arc::clone(entry));
        }
        let entry = self.old.remove(name)?;
        self.keep(name.clone(), Arc::clone(&entry));
        Some(entry)
    }

    fn keep(&mut self, name: (Source, String), entry: Arc<ReadEntry>) {
        if self.new.len() >= KEPT {
            self.old = std::mem::take(&mut self.new);
        }
        self.new.insert(name, entry);
    }

    fn forget(&mut self, name: &(Source, String)) {
        self.new.remove(name);
        self.old.remove(name);
    }
}

/// Everything published, indexed. Answers stand in the index alone; their words are read from the case when one is found,
/// if they aren't among those kept.
#[derive(Default)]
pub(crate) struct Record {
    index: Index,
    entries: HashMap<(Source, String), PublishedEntry>,
    replies: Mutex<Replies>,
    /// Under which name the answer of a case stands in the index.
    of_case: HashMap<CaseId, (Source, String)>,
    /// Which entries refuse something, with their day and the things that it is about.
    refused: HashMap<(Source, String), (Option<Date>, Vec<ThingId>)>,
    /// The event of the store up to which it is complete.
    position: u64,
    /// The snapshots that are in it.
    registers: Option<Arc<Registers>>,
    /// What officers wrote on the same cases.
    pub(crate) said: Said,
}

impl Record {
    /// Reads the folder, if there is one.
    ///
    /// # Errors
    /// Every problem of every file.
    pub(crate) fn read(bundle: &Bundle, state: &FilePath) -> Result<Self, Stop> {
        let (mut registers, mut logs, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for path in files(&state.join(FOLDER))? {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().to_lowercase());
            match name.as_deref() {
                Some(name) if name.ends_with(".jsonl") => records.push(path),
                Some(name) if name.starts_with("log") && name.ends_with(".json") => logs.push(path),
                Some(name) if name.ends_with(".json") || name.ends_with(".csv") => {
                    registers.push(path);
                }
                _ => {}
            }
        }
        let reading = reading(bundle);
        let mut record = Self::default();
        for entry in published::read(&registers, &logs, &records)? {
            record.add(&reading, entry);
        }
        Ok(record)
    }

    /// How many entries it holds of a source.
    pub(crate) fn count(&self, source: Source) -> u32 {
        self.index.count(source)
    }

    fn add(&mut self, reading: &Reading<'_>, entry: PublishedEntry) {
        let name = (entry.source, entry.id.clone());
        let read = ReadEntry::new(reading, entry);
        self.index_read(&name, &read);
        self.replies().forget(&name);
        self.entries.insert(name, read.into_entry());
    }

    fn index_read(&mut self, name: &(Source, String), read: &ReadEntry) {
        self.index.add_read(read);
        if let Some(things) = read.refuses() {
            let on = read.entry().published_on;
            self.refused.insert(name.clone(), (on, things.to_owned()));
        }
    }

    /// The entries that refuse something which an entry may be about, newest first.
    fn refusing(&self, entry: &ReadEntry) -> Vec<(Source, String)> {
        let mut found: Vec<(&(Source, String), &Option<Date>)> = self
            .refused
            .iter()
            .filter(|(_, (_, things))| things.is_empty() || entry.is_about(things))
            .map(|(name, (on, _))| (name, on))
            .collect();
        found.sort_unstable_by(|one, other| (other.1, other.0).cmp(&(one.1, one.0)));
        found.into_iter().map(|(name, _)| name.clone()).collect()
    }

    /// Forgets the answers of all cases: others have taken their place.
    pub(crate) fn forget_replies(&mut self) {
        for name in self.of_case.drain().map(|(_, name)| name) {
            self.index.remove(name.0, &name.1);
            self.refused.remove(&name);
        }
        *self.replies() = Replies::default();
        self.said = Said::default();
        self.position = 0;
    }

    /// The answers that are kept. Nothing that holds them can stop half-way.
    fn replies(&self) -> MutexGuard<'_, Replies> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answers of a case in place of those that were known of it.
    fn put(&mut self, reading: &Reading<'_>, case: &CaseId, reply: Option<PublishedEntry>) {
        if let Some(name) = self.of_case.remove(case) {
            self.index.remove(name.0, &name.1);
            self.replies().forget(&name);
            self.refused.remove(&name);
        }
        if let Some(entry) = reply {
            let name = (entry.source, entry.id.clone());
            let read = ReadEntry::new(reading, entry);
            self.index_read(&name, &read);
            self.of_case.insert(case.clone(), name.clone());
            self.replies().keep(name, Arc::new(read));
        }
    }
}

/// Every row that was ever published, oldest snapshot first. A row that is gone, or says something else now, was once
/// public all the same.
fn rows(office: &Office, registers: &Registers) -> Result<Vec<PublishedEntry>, Stop> {
    rows_of(&registers.published, |published| office.snapshot(published))
}

/// Every row that was ever published of the register in a folder, where there is no office.
///
/// # Errors
/// A snapshot can't be read, or isn't what was published.
pub fn published_rows(register: &FilePath) -> Result<Vec<PublishedEntry>, Stop> {
    let state = State(register);
    rows_of(&state.published()?, |published| {
        state.snapshot_of(published)
    })
}

fn rows_of(
    snapshots: &[Published],
    read: impl Fn(&Published) -> Result<Snapshot, Stop>,
) -> Result<Vec<PublishedEntry>, Stop> {
    let mut standing: HashMap<String, PublishedEntry> = HashMap::new();
    let mut gone = Vec::new();
    for published in snapshots {
        let snapshot = read(published)?;
        let mut now = HashMap::new();
        for (number, row) in (1_usize..).zip(named(&snapshot.contracts)) {
            let mut entry = PublishedEntry::of_row(row.contract, number, Some(published.on));
            entry.place = format!("{}#{}", snapshot.url, row.id);
            entry.id = row.id;
            now.insert(entry.id.clone(), entry);
        }
        for (id, mut before) in standing {
            match now.get_mut(&id) {
                Some(entry) if tells_the_same(entry, &before) => {
                    // A correction of an old quarter may be younger than the quarters after it.
                    entry.published_on = entry.published_on.min(before.published_on);
                }
                other => {
                    if other.is_some() {
                        before.id = format!("{id}, published until {}", published.on);
                    }
                    before.withdrawn_on = Some(published.on);
                    gone.push(before);
                }
            }
        }
        standing = now;
    }
    gone.extend(standing.into_values());
    Ok(gone)
}

/// Whether two versions of a row name the same thing and supplier: dates and sums change and tell nothing else.
fn tells_the_same(one: &PublishedEntry, other: &PublishedEntry) -> bool {
    match (&one.says, &other.says) {
        (Says::Contract(one), Says::Contract(other)) => {
            one.title == other.title
                && one.description == other.description
                && one.supplier == other.supplier
        }
        _ => false,
    }
}

fn files(folder: &FilePath) -> Result<Vec<PathBuf>, Stop> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable = |error: std::io::Error| {
        Stop::input(format!("{}: record.unreadable: {error}", folder.display()))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        files.push(entry.map_err(unreadable)?.path());
    }
    files.sort();
    Ok(files)
}

fn reading(bundle: &Bundle) -> Reading<'_> {
    Reading {
        vocabulary: &bundle.vocabulary,
        lexicon: &bundle.lexicon,
    }
}

fn unreadable(stop: Stop) -> Stopped {
    let problems = match stop {
        Stop::Input(problems) => problems,
        Stop::Found => Vec::new(),
    };
    Stopped::Refused(vec![Problem::new(
        "record.unreadable",
        format!(
            "what was published can't be read, so nobody can tell what is public already: {}",
            problems.join("; ")
        ),
    )])
}

impl Office {
    /// The answers of a case that left, as the public record has them; `None` where nothing was answered.
    fn reply(&self, case: &Case) -> Option<PublishedEntry> {
        let sent_on = case.issued.iter().map(|issue| issue.sent_on).max()?;
        let publication = case.publication.as_ref();
        let choice = Choice {
            title: case.receipt.reference.clone(),
            category: String::new(),
            address: publication.map_or_else(
                || format!("{}/reply", sent_on.year()),
                |publication| publication.address.clone(),
            ),
            published_on: publication.map_or(sent_on, |publication| publication.published_on),
        };
        let entry = disclosure_log::compose(case, &choice)
            .ok()?
            .without_personal_data(&self.bundle.personal_data, &[]);
        let mut entry = entry.published("/disclosure-log");
        if publication.is_none() {
            entry.source = Source::EarlierReply;
            entry.id.clone_from(&case.receipt.reference);
            entry.place.clone_from(&case.receipt.reference);
        }
        Some(entry)
    }

    /// Brings the record up to what is published and answered now.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn follow_record(&self) -> Result<(), Stopped> {
        let _alone = self.record_following.lock().await;
        let registers = self.registers();
        let (mut position, known) = {
            let record = self.record.read().await;
            let known = record
                .registers
                .as_ref()
                .is_some_and(|known| Arc::ptr_eq(known, &registers));
            (record.position, known)
        };
        if !known {
            if let Some(problem) = &registers.problem {
                return Err(unreadable(Stop::input(problem.clone())));
            }
            let rows = rows(self, &registers).map_err(unreadable)?;
            let mut record = self.record.write().await;
            for row in rows {
                record.add(&reading(&self.bundle), row);
            }
            record.registers = Some(registers);
        }
        loop {
            let (cases, up_to) = self.store.changed_after(position, BATCH, QUIET).await?;
            if up_to == position {
                return Ok(());
            }
            for some in cases.chunks(AT_ONCE) {
                let mut known = Vec::with_capacity(some.len());
                for id in some {
                    let case = match self.store.history(id).await? {
                        History::Case(case) => Some(case),
                        History::Nothing | History::Destroyed { .. } => None,
                    };
                    known.push((id, case));
                }
                let mut record = self.record.write().await;
                for (id, case) in known {
                    let reply = case.as_ref().and_then(|case| self.reply(case));
                    record.put(&reading(&self.bundle), id, reply);
                    record.said.put(id, case.as_deref());
                }
            }
            // Whoever stopped before this reads the same cases again.
            self.record.write().await.position = up_to;
            position = up_to;
        }
    }

    /// The words of an entry that the index found.
    async fn published_entry(
        &self,
        record: &Record,
        source: Source,
        id: &str,
    ) -> Result<Option<Arc<ReadEntry>>, store::Fault> {
        let name = (source, id.to_owned());
        let kept = record.replies().get(&name);
        if kept.is_some() {
            return Ok(kept);
        }
        // A request of many questions meets the same rows again and again.
        if let Some(entry) = record.entries.get(&name) {
            let read = Arc::new(ReadEntry::new(&self.record_reading(), entry.clone()));
            record.replies().keep(name, Arc::clone(&read));
            return Ok(Some(read));
        }
        let case = match source {
            Source::DisclosureLog => self.store.log_entry(id).await?.map(|entry| entry.case),
            Source::EarlierReply => self.store.find(id).await?.map(|row| CaseId(row.case_id)),
            Source::Register | Source::PolicyPage | Source::Statement => None,
        };
        let Some(case) = case else { return Ok(None) };
        let history = self.store.history(&case).await?;
        let reply = history
            .case()
            .and_then(|case| self.reply(case))
            .map(|reply| Arc::new(ReadEntry::new(&self.record_reading(), reply)));
        if let Some(entry) = &reply {
            record.replies().keep(name, Arc::clone(entry));
        }
        Ok(reply)
    }

    /// What is public that answers or confirms a question of a case, for the way in which it is about to be decided.
    /// `None` when the case has no such question.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn already_public(
        &self,
        case: &Case,
        question: &QuestionId,
        path: Path,
        today: Date,
    ) -> Result<Option<Checked>, Stopped> {
        let Some(asked) = case.question(question) else {
            return Ok(None);
        };
        self.follow_record().await?;
        let text = whole(&asked.question);
        let read = question_of(&self.bundle.vocabulary, &text);
        let reading = reading(&self.bundle);
        let record = self.record.read().await;
        let asked = reading.asked(&text, &read);
        let search = record.index.search(reading.lexicon, &asked, today);
        let mut entries = HashMap::new();
        for found in &search.best {
            if let Some((source, id)) = record.index.id(found.entry)
                && let Some(entry) = self.published_entry(&record, source, id).await?
            {
                entries.insert((source, id.to_owned()), entry);
            }
        }
        let lookup = |source: Source, id: &str| entries.get(&(source, id.to_owned())).cloned();
        Ok(Some(checked(
            &record.index,
            reading.lexicon,
            &asked,
            &search,
            path,
            today,
            &lookup,
        )))
    }

    /// How published words are read.
    pub(crate) fn record_reading(&self) -> Reading<'_> {
        reading(&self.bundle)
    }

    /// Everything published, of the answers that left only the newest [`MOST_ANSWERS`]; and how many answers that leaves
    /// out.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn published_entries(&self) -> Result<(Vec<PublishedEntry>, usize), Stopped> {
        self.follow_record().await?;
        let (mut entries, mut answered): (Vec<PublishedEntry>, Vec<CaseId>) = {
            let record = self.record.read().await;
            (
                record.entries.values().cloned().collect(),
                record.of_case.keys().cloned().collect(),
            )
        };
        entries.sort_by(|one, other| (one.source, &one.id).cmp(&(other.source, &other.id)));
        // The ids of cases are in the order of their receipt.
        answered.sort_unstable_by(|one, other| other.cmp(one));
        let left_out = answered.len().saturating_sub(MOST_ANSWERS);
        for id in answered.iter().take(MOST_ANSWERS) {
            let history = self.store.history(id).await?;
            entries.extend(history.case().and_then(|case| self.reply(case)));
        }
        Ok((entries, left_out))
    }

    /// Every contradiction between the policy and what was published, and between a refusal and a published answer; with
    /// how many entries were read, and how many older answers were not.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn record_audit(
        &self,
        today: Date,
    ) -> Result<(Vec<Contradiction>, usize, usize), Stopped> {
        let (entries, left_out) = self.published_entries().await?;
        let policy = &self.bundle.policy.policy;
        let found = audit(&self.record_reading(), policy, &entries, today);
        Ok((found, entries.len(), left_out))
    }

    /// What publishing the answers of a case would give away that the policy protects, and which refusals to other people
    /// could no longer be upheld. Where an answer only says in which place something is published, it publishes nothing new.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn before_publishing(
        &self,
        case: &Case,
        entry: &LogEntry,
    ) -> Result<Advice, Stopped> {
        self.follow_record().await?;
        let mut entry = entry.published("/disclosure-log");
        if let Says::Exchanges(exchanges) = &mut entry.says {
            exchanges.retain(|exchange| exchange.outcome != Outcome::AlreadyAccessible);
        }
        let reading = reading(&self.bundle);
        let read = ReadEntry::new(&reading, entry.clone());
        let record = self.record.read().await;
        let own = record.of_case.get(&case.id);
        let mut others = Vec::new();
        for (source, id) in record.refusing(&read) {
            if own.is_some_and(|own| own.0 == source && own.1 == id) {
                continue;
            }
            if others.len() >= MOST_REFUSALS {
                break;
            }
            others.extend(self.published_entry(&record, source, &id).await?);
        }
        Ok(before_publishing(
            &reading,
            &entry,
            &self.bundle.policy.policy,
            &refusals(others.iter().map(|other| other.entry())),
            self.today(),
        ))
    }

    /// The subjects that published words can speak of: id and label.
    #[must_use]
    pub fn record_subjects(&self) -> Vec<(String, String)> {
        let mut subjects: Vec<(String, String)> = self
            .bundle
            .lexicon
            .things()
            .filter_map(|(_, thing)| {
                let label = self.bundle.vocabulary.subject_label(&thing.subject)?;
                Some((thing.subject.clone(), label.to_owned()))
            })
            .collect();
        subjects.sort_by(|one, other| one.1.cmp(&other.1));
        subjects.dedup();
        subjects
    }

    /// All that was ever published on a subject, or on one thing; `None` where there is no such subject.
    ///
    /// # Errors
    /// What was published can't be read, or the database can't answer.
    pub async fn mosaic(&self, subject: &str) -> Result<Option<Mosaic>, Stopped> {
        self.follow_record().await?;
        let reading = reading(&self.bundle);
        let things: Vec<_> = reading
            .lexicon
            .things()
            .filter(|(_, thing)| thing.subject == subject || thing.id == subject)
            .map(|(id, _)| id)
            .collect();
        let record = self.record.read().await;
        let mut entries = HashMap::new();
        for (number, _) in record.index.about(&things) {
            if let Some((source, id)) = record.index.id(number)
                && let Some(entry) = self.published_entry(&record, source, id).await?
            {
                entries.insert((source, id.to_owned()), entry);
            }
        }
        let lookup = |source: Source, id: &str| entries.get(&(source, id.to_owned())).cloned();
        Ok(mosaic(&record.index, &reading, subject, &lookup))
    }

    /// The command with everything public that stands in its way, found afresh, so that nobody can leave any out. What
    /// its author has dealt with stays as they wrote it.
    pub(crate) async fn with_what_is_public(
        &self,
        case: &Case,
        command: &Command,
        today: Date,
    ) -> Result<Command, Stopped> {
        let mut command = command.clone();
        match &mut command {
            Command::DecideConfirmOrDeny(consideration)
                if matches!(
                    consideration.wish,
                    ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)
                ) =>
            {
                let path = Path::NeitherConfirmNorDeny;
                let found = self
                    .already_public(case, &consideration.question, path, today)
                    .await?;
                if let Some(found) = found {
                    found.complete(&mut consideration.known_already);
                }
            }
            Command::Decide(decision) => {
                let path = Path::of(&decision.decision);
                // What stood in the way of neither confirming nor denying was dealt with there.
                if !matches!(path, Path::NeitherConfirmNorDeny | Path::Answer)
                    && let Some(found) = self
                        .already_public(case, &decision.question, path, today)
                        .await?
                {
                    found.complete(&mut decision.already_public);
                }
            }
            _ => {}
        }
        Ok(command)
    }
}

/// The words of a question with the stem that it completes.
#[must_use]
pub fn whole(question: &casework::event::CaseQuestion) -> String {
    match &question.stem {
        Some(stem) => format!("{stem} {}", question.text),
        None => question.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use casework::case::History;
    use casework::event::Recorded;

    use super::*;
    use crate::data::Data;
    use crate::{Extent, Setup};

    /// What the record and the reuse of reasons take from a case.
    fn taken(office: &Office, id: &CaseId, events: &[Recorded]) -> Option<(String, String)> {
        let history = History::of(id, events);
        let case = history.case()?;
        Some((
            format!("{:?}", office.reply(case)),
            crate::reuse::shown(case),
        ))
    }

    #[tokio::test]
    async fn events_that_are_passed_over_change_nothing_that_is_taken_from_a_case() {
        let folder = tempfile::tempdir().expect("a folder");
        let office = Office::open(Setup {
            state: folder.path().to_owned(),
            database: None,
            attachments: None,
            passes: true,
            entropy: None,
            data: Data::new(None).expect("the data"),
            // Monday 2 November 2026, 10 a.m.
            clock: Arc::new(|| jiff::Timestamp::constant(1_793_613_600, 0)),
        })
        .await
        .expect("an office");
        office.seed(60, Extent::WholeLife).await.expect("cases");
        let (mut passed_over, mut read) = (0, 0);
        let (cases, _) = office
            .store
            .changed_after(0, u64::from(u32::MAX), &[])
            .await
            .expect("cases");
        for id in &cases {
            let stored = office.store.events(id).await.expect("events");
            let events: Vec<Recorded> = stored
                .iter()
                .map(|event| event.recorded().expect("readable"))
                .collect();
            for end in 2..=events.len() {
                let quiet = stored
                    .get(end - 1)
                    .is_some_and(|event| QUIET.contains(&event.kind.as_str()));
                let before = taken(&office, id, &events[..end - 1]);
                let after = taken(&office, id, &events[..end]);
                if quiet {
                    assert_eq!(before, after, "{id:?}, event {end}");
                    passed_over += 1;
                } else {
                    read += i32::from(before != after);
                }
            }
        }
        assert!(passed_over > 100, "{passed_over} events are passed over");
        assert!(read > 30, "{read} events change what is taken");
        for kind in QUIET {
            assert!(casework::event::Event::KINDS.contains(kind), "{kind}");
        }
    }
}
