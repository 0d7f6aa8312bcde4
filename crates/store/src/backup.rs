//! Backups: a folder with every record as lines of JSON and every attachment, the same whichever engine they came from;
//! locked with a key, or plain where somebody asks for that.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use casework::applicant::{Applicant, hex};
use casework::command::Setting;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chain::{ChainCheck, StoredEvent, of_hex};
use crate::changes::{Change, change_of_row, change_params};
use crate::checkpoint::Checkpoint;
use crate::db::{Param, Transaction};
use crate::desk::{Account, PrivateLink, account_of_row, account_params, link_of_row, link_params};
use crate::doors::{ApiKey, Webhook, key_of_row, key_params, webhook_of_row, webhook_params};
use crate::fault::Fault;
use crate::locked::{BackupKey, Locking, Unlocking};
use crate::mail::{self, Mail};
use crate::queries;
use crate::schema;
use crate::store::{Store, event_of_row, event_params};
use crate::verify::{checkpoint_of_row, checkpoint_params};

/// A line of a dump.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    CandourBackup {
        version: u32,
        authority: String,
    },
    Event(StoredEvent),
    Applicant {
        case: String,
        applicant: Applicant,
    },
    Sealed {
        case: String,
        question: String,
        area: String,
        sealed: String,
    },
    Intake {
        once: String,
        case: String,
    },
    Checkpoint {
        checkpoint: Checkpoint,
        frontier: String,
    },
    Counter {
        name: String,
        value: u64,
    },
    Account(Account),
    Link(PrivateLink),
    Key(ApiKey),
    Webhook(Webhook),
    Mail(Mail),
    Change(Change),
    Setting {
        name: String,
        value: String,
    },
    End {
        lines: u64,
        sha256: String,
    },
}

/// What a backup or restore carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Events.
    pub events: u64,
    /// Attachments.
    pub attachments: u64,
}

/// Why a backup wasn't restored.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    /// There is something in the place already.
    #[error("there are cases here already; with --force they are replaced by those of the backup")]
    NotEmpty,
    /// Another authority's cases are in the database.
    #[error("the cases of `{0}` are in this database too; restore into one of its own")]
    OtherAuthority(String),
    /// The backup is another authority's.
    #[error("this is a backup of `{found}`, not of `{expected}`")]
    AnotherBackup {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// The backup is locked and no key was given, or it isn't and one was.
    #[error("{0}")]
    Key(&'static str),
    /// The backup isn't whole.
    #[error("{place}: {why}; nothing was changed")]
    Damaged {
        /// File and line.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// The store can't.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const PAGE: u64 = 1000;

impl Store {
    /// Writes a backup into a new folder, of one moment, while others go on writing: locked with a key, plain without.
    ///
    /// # Errors
    /// The folder exists or can't be written, or the database can't answer.
    pub async fn backup(&self, folder: &Path, key: Option<&BackupKey>) -> Result<Carried, Fault> {
        let file_error = |error| Fault::file(folder, error);
        let part = folder.with_extension("part");
        std::fs::create_dir(&part).map_err(|error| Fault::file(&part, error))?;
        let written = self.write_backup(&part, key).await.and_then(|carried| {
            if folder.exists() {
                return Err(file_error(std::io::Error::from(
                    std::io::ErrorKind::AlreadyExists,
                )));
            }
            std::fs::rename(&part, folder).map_err(file_error)?;
            Ok(carried)
        });
        if written.is_err() {
            std::fs::remove_dir_all(&part).ok();
        }
        written
    }

    async fn write_backup(&self, folder: &Path, key: Option<&BackupKey>) -> Result<Carried, Fault> {
        let mut dump = Dump {
            out: Out::create(folder, DUMP, key.map(|key| (key, self.random())))?,
            hash: Sha256::new(),
            lines: 0,
        };
        let mut snapshot = self.db.snapshot().await?;
        let events = self.dump(&mut snapshot, &mut dump).await?;
        drop(snapshot);
        dump.finish()?;
        // Attachments are there before any event names them, and never change: everything named is in this list.
        let mut carried = Carried {
            events,
            attachments: 0,
        };
        let attachments = folder.join(ATTACHMENTS);
        let copies = crate::attachments::Attachments::new(attachments.clone());
        for sha256 in self.attachments.list().await? {
            let contents = self.attachments.get(&sha256).await?;
            carried.attachments = carried.attachments.saturating_add(1);
            match key {
                None => drop(copies.put(&sha256, &contents).await?),
                // A hash tells whoever has the same contents that they are here, so the names are numbers.
                Some(key) => {
                    std::fs::create_dir_all(&attachments)
                        .map_err(|error| Fault::file(&attachments, error))?;
                    let name = format!("{:06}", carried.attachments);
                    let mut out = Out::create(&attachments, &name, Some((key, self.random())))?;
                    out.write(&contents)?;
                    out.finish()?;
                }
            }
        }
        Ok(carried)
    }

    fn random(&self) -> [u8; 32] {
        (self.secrets.entropy)()
    }

    async fn dump(&self, snapshot: &mut Transaction, dump: &mut Dump) -> Result<u64, Fault> {
        let authority = self.authority.as_str();
        dump.line(&Line::CandourBackup {
            version: 1,
            authority: authority.to_owned(),
        })?;
        let mut events = 0_u64;
        loop {
            let params = vec![authority.into(), events.into(), PAGE.into()];
            let rows = snapshot.rows(&queries::EVENTS_AFTER, params).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let event = event_of_row(&row)?;
                events = event.position;
                dump.line(&Line::Event(event))?;
            }
        }
        let mut after = String::new();
        loop {
            let params = vec![authority.into(), after.as_str().into(), PAGE.into()];
            let rows = snapshot.rows(&queries::APPLICANTS_AFTER, params).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                after = row.text("case_id")?;
                dump.line(&Line::Applicant {
                    case: after.clone(),
                    applicant: Applicant {
                        name: row.text("name")?,
                        contact: row.text("contact")?,
                        salt: row.text("salt")?,
                    },
                })?;
            }
        }
        let mut after = (String::new(), String::new(), String::new());
        loop {
            let params: Vec<Param> = vec![
                authority.into(),
                after.0.as_str().into(),
                after.1.as_str().into(),
                after.2.as_str().into(),
                PAGE.into(),
            ];
            let rows = snapshot.rows(&queries::SEALED_AFTER, params).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                after = (
                    row.text("case_id")?,
                    row.text("question_id")?,
                    row.text("area")?,
                );
                dump.line(&Line::Sealed {
                    case: after.0.clone(),
                    question: after.1.clone(),
                    area: after.2.clone(),
                    sealed: hex(&row.bytes("sealed")?),
                })?;
            }
        }
        let mut after = String::new();
        loop {
            let params = vec![authority.into(), after.as_str().into(), PAGE.into()];
            let rows = snapshot.rows(&queries::INTAKES_AFTER, params).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                after = row.text("once")?;
                dump.line(&Line::Intake {
                    once: after.clone(),
                    case: row.text("case_id")?,
                })?;
            }
        }
        for row in snapshot
            .rows(&queries::CHECKPOINTS, vec![authority.into()])
            .await?
        {
            dump.line(&Line::Checkpoint {
                checkpoint: checkpoint_of_row(&row)?,
                frontier: hex(&row.bytes("frontier")?),
            })?;
        }
        for row in snapshot
            .rows(&queries::COUNTERS, vec![authority.into()])
            .await?
        {
            dump.line(&Line::Counter {
                name: row.text("name")?,
                value: row.number("value")?,
            })?;
        }
        let of_authority = || vec![authority.into()];
        for row in snapshot.rows(&queries::ACCOUNTS, of_authority()).await? {
            dump.line(&Line::Account(account_of_row(&row)?))?;
        }
        for row in snapshot.rows(&queries::LINKS, of_authority()).await? {
            dump.line(&Line::Link(link_of_row(&row)?))?;
        }
        for row in snapshot.rows(&queries::KEYS, of_authority()).await? {
            dump.line(&Line::Key(key_of_row(&row)?))?;
        }
        for row in snapshot.rows(&queries::WEBHOOKS, of_authority()).await? {
            dump.line(&Line::Webhook(webhook_of_row(&row)?))?;
        }
        for row in snapshot.rows(&queries::MAILS, of_authority()).await? {
            dump.line(&Line::Mail(mail::mail_of_row(&row)?))?;
        }
        for row in snapshot.rows(&queries::CHANGES, of_authority()).await? {
            dump.line(&Line::Change(change_of_row(&row)?))?;
        }
        for row in snapshot.rows(&queries::SETTINGS, of_authority()).await? {
            dump.line(&Line::Setting {
                name: row.text("name")?,
                value: row.text("value")?,
            })?;
        }
        Ok(events)
    }

    /// Puts the records of a backup in place of what is here. All of it or none; the lists are made anew. A locked backup
    /// opens with the key that it was locked with.
    ///
    /// # Errors
    /// Something is here already and `force` isn't given, the backup isn't whole, or the store can't.
    pub async fn restore(
        &self,
        folder: &Path,
        key: Option<&BackupKey>,
        force: bool,
        setting: &Setting<'_>,
    ) -> Result<Carried, NotRestored> {
        let path = written_as(folder, DUMP, key.is_some());
        if !path.exists() && written_as(folder, DUMP, key.is_none()).exists() {
            return Err(NotRestored::Key(if key.is_some() {
                "this backup isn't locked; restore it as a plain one"
            } else {
                "this backup is locked; restore it with the key that it was locked with"
            }));
        }
        check_whole(&path, key)?;
        let mut transaction = self.db.begin().await?;
        let other = transaction
            .rows(
                &queries::OTHER_AUTHORITY,
                vec![self.authority.as_str().into()],
            )
            .await?;
        if let Some(row) = other.first() {
            return Err(NotRestored::OtherAuthority(row.text("authority_id")?));
        }
        let here = transaction
            .rows(
                &queries::EVENTS_AFTER,
                vec![self.authority.as_str().into(), 0_u64.into(), 1_u64.into()],
            )
            .await?;
        if !here.is_empty() && !force {
            return Err(NotRestored::NotEmpty);
        }
        schema::clear(&mut transaction).await?;
        schema::run(&mut transaction, self.db.engine()).await?;
        let mut carried = Carried::default();
        let copies = folder.join(ATTACHMENTS);
        match key {
            None => {
                let copies = crate::attachments::Attachments::new(copies);
                for sha256 in copies.list().await? {
                    self.attachments
                        .put(&sha256, &copies.get(&sha256).await?)
                        .await?;
                    carried.attachments = carried.attachments.saturating_add(1);
                }
            }
            Some(key) => {
                for number in 1_u64.. {
                    let copy = written_as(&copies, &format!("{number:06}"), true);
                    if !copy.exists() {
                        break;
                    }
                    let mut contents = Vec::new();
                    lines_of(&copy, Some(key))
                        .and_then(|mut reader| reader.read_to_end(&mut contents))
                        .map_err(|error| unreadable(&copy, 1, error))?;
                    self.attachments.put("", &contents).await?;
                    carried.attachments = number;
                }
            }
        }
        let mut check = ChainCheck::new(&self.authority, true);
        let reader = lines_of(&path, key).map_err(|error| unreadable(&path, 1, error))?;
        for (number, line) in (1_u64..).zip(reader.lines()) {
            let damaged = |why: String| NotRestored::Damaged {
                place: format!("{}:{number}", path.display()),
                why,
            };
            let line = line.map_err(|error| unreadable(&path, number, error))?;
            let line: Line =
                serde_json::from_str(&line).map_err(|error| damaged(error.to_string()))?;
            if let Line::Event(event) = &line {
                check
                    .add(event)
                    .map_err(|finding| damaged(finding.message))?;
                carried.events = carried.events.saturating_add(1);
            }
            if let Line::CandourBackup { authority, .. } = &line
                && *authority != self.authority
            {
                return Err(NotRestored::AnotherBackup {
                    found: authority.clone(),
                    expected: self.authority.clone(),
                });
            }
            self.load(&mut transaction, line)
                .await
                .map_err(|fault| match fault {
                    Fault::Damaged(why) | Fault::Clash(why) => damaged(why),
                    other => other.into(),
                })?;
        }
        let missing = vec![self.authority.as_str().into()];
        transaction.run(&queries::MAIL_MISSING, missing).await?;
        self.rebuild_in(&mut transaction, setting).await?;
        transaction.commit().await?;
        Ok(carried)
    }

    async fn load(&self, transaction: &mut Transaction, line: Line) -> Result<(), Fault> {
        let authority = self.authority.as_str();
        let bytes = |text: &str| {
            of_hex(text).ok_or_else(|| Fault::Damaged("not hexadecimal digits".to_owned()))
        };
        match line {
            Line::CandourBackup { .. } | Line::End { .. } => 0,
            Line::Event(event) => {
                transaction
                    .run(&queries::EVENT_ADD, event_params(authority, &event))
                    .await?
            }
            Line::Applicant { case, applicant } => {
                let params = vec![
                    authority.into(),
                    case.into(),
                    applicant.name.into(),
                    applicant.contact.into(),
                    applicant.salt.into(),
                ];
                transaction.run(&queries::APPLICANT_ADD, params).await?
            }
            Line::Sealed {
                case,
                question,
                area,
                sealed,
            } => {
                let params = vec![
                    authority.into(),
                    case.into(),
                    question.into(),
                    area.into(),
                    bytes(&sealed)?.as_slice().into(),
                ];
                transaction.run(&queries::SEAL, params).await?
            }
            Line::Intake { once, case } => {
                let params = vec![authority.into(), once.into(), case.into()];
                transaction.run(&queries::INTAKE_ADD, params).await?
            }
            Line::Checkpoint {
                checkpoint,
                frontier,
            } => {
                let params = checkpoint_params(authority, &checkpoint, &bytes(&frontier)?)?;
                transaction.run(&queries::CHECKPOINT_ADD, params).await?
            }
            Line::Counter { name, value } => {
                let params = vec![authority.into(), name.into(), value.into()];
                transaction.run(&queries::COUNTER_SET, params).await?
            }
            Line::Account(account) => {
                let params = account_params(authority, &account);
                transaction.run(&queries::ACCOUNT_SET, params).await?
            }
            Line::Link(link) => {
                let params = link_params(authority, &link);
                transaction.run(&queries::LINK_ADD, params).await?
            }
            Line::Key(key) => {
                let params = key_params(authority, &key);
                transaction.run(&queries::KEY_ADD, params).await?
            }
            Line::Webhook(webhook) => {
                let params = webhook_params(authority, &webhook);
                transaction.run(&queries::WEBHOOK_ADD, params).await?
            }
            Line::Mail(mail) => {
                let params = mail::added(authority, &mail);
                transaction.run(&queries::MAIL_ADD, params).await?;
                let params = mail::done(authority, &mail);
                transaction.run(&queries::MAIL_DONE, params).await?
            }
            Line::Change(change) => {
                let params = change_params(authority, &change);
                transaction.run(&queries::CHANGE_ADD, params).await?
            }
            Line::Setting { name, value } => {
                let params = vec![authority.into(), name.into(), value.into()];
                transaction.run(&queries::SETTING_SET, params).await?
            }
        };
        Ok(())
    }
}

const DUMP: &str = "dump";
const ATTACHMENTS: &str = "attachments";

/// Where a file of a backup lies.
fn written_as(folder: &Path, name: &str, is_locked: bool) -> PathBuf {
    let extension = if is_locked { "locked" } else { "jsonl" };
    folder.join(format!("{name}.{extension}"))
}

/// The contents of a file of a backup.
fn lines_of(path: &Path, key: Option<&BackupKey>) -> std::io::Result<Box<dyn BufRead + Send>> {
    let file = std::fs::File::open(path)?;
    Ok(match key {
        None => Box::new(BufReader::new(file)),
        Some(key) => {
            let name = path.file_stem().map(|stem| stem.to_string_lossy());
            let reader = Unlocking::new(BufReader::new(file), key, &name.unwrap_or_default())?;
            Box::new(BufReader::new(reader))
        }
    })
}

/// A file of a backup that isn't what was written, or that the disk doesn't give.
fn unreadable(path: &Path, number: u64, error: std::io::Error) -> NotRestored {
    if error.kind() == std::io::ErrorKind::InvalidData {
        return NotRestored::Damaged {
            place: format!("{}:{number}", path.display()),
            why: error.to_string(),
        };
    }
    Fault::file(path, error).into()
}

/// A file of a backup being written.
struct Out {
    file: Writing,
    path: PathBuf,
}

enum Writing {
    Plain(BufWriter<std::fs::File>),
    Locked(Box<Locking<BufWriter<std::fs::File>>>),
}

impl Out {
    fn create(
        folder: &Path,
        name: &str,
        lock: Option<(&BackupKey, [u8; 32])>,
    ) -> Result<Self, Fault> {
        let path = written_as(folder, name, lock.is_some());
        let file_error = |error| Fault::file(&path, error);
        let file = BufWriter::new(std::fs::File::create(&path).map_err(file_error)?);
        let file = match lock {
            None => Writing::Plain(file),
            Some((key, random)) => Writing::Locked(Box::new(
                Locking::new(file, key, random, name).map_err(file_error)?,
            )),
        };
        Ok(Self { file, path })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        match &mut self.file {
            Writing::Plain(file) => file.write_all(bytes),
            Writing::Locked(file) => file.write_all(bytes),
        }
        .map_err(|error| Fault::file(&self.path, error))
    }

    fn finish(self) -> Result<(), Fault> {
        let path = self.path;
        let file = match self.file {
            Writing::Plain(file) => Ok(file),
            Writing::Locked(file) => file.finish(),
        };
        file.and_then(|file| {
            file.into_inner()
                .map_err(std::io::IntoInnerError::into_error)
        })
        .and_then(|file| file.sync_all())
        .map_err(|error| Fault::file(&path, error))
    }
}

struct Dump {
    out: Out,
    hash: Sha256,
    lines: u64,
}

impl Dump {
    fn line(&mut self, line: &Line) -> Result<(), Fault> {
        let mut text =
            serde_json::to_string(line).map_err(|error| Fault::Damaged(error.to_string()))?;
        text.push('\n');
        self.hash.update(text.as_bytes());
        self.lines = self.lines.saturating_add(1);
        self.out.write(text.as_bytes())
    }

    fn finish(mut self) -> Result<(), Fault> {
        let sha256 = hex(&self.hash.clone().finalize());
        let lines = self.lines;
        self.line(&Line::End { lines, sha256 })?;
        self.out.finish()
    }
}

/// Reads a dump once from end to end before anything is touched.
fn check_whole(path: &Path, key: Option<&BackupKey>) -> Result<(), NotRestored> {
    let mut reader = lines_of(path, key).map_err(|error| unreadable(path, 1, error))?;
    let mut hash = Sha256::new();
    let mut line = Vec::new();
    let mut number = 0_u64;
    let damaged = |number: u64, why: &str| NotRestored::Damaged {
        place: format!("{}:{number}", path.display()),
        why: why.to_owned(),
    };
    loop {
        line.clear();
        let read = reader
            .read_until(b'\n', &mut line)
            .map_err(|error| unreadable(path, number.saturating_add(1), error))?;
        if read == 0 {
            return Err(damaged(
                number,
                "the end is missing: this backup is cut off",
            ));
        }
        if line.starts_with(b"{\"end\":") {
            let end: Line = serde_json::from_slice(&line)
                .map_err(|_| damaged(number.saturating_add(1), "the end can't be read"))?;
            let Line::End { lines, sha256 } = end else {
                return Err(damaged(number, "the end can't be read"));
            };
            return if lines == number && sha256 == hex(&hash.finalize()) {
                Ok(())
            } else {
                Err(damaged(number, "this backup isn't what was written"))
            };
        }
        hash.update(&line);
        number = number.saturating_add(1);
    }
}
