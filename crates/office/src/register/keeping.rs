//! The register on the desk: a file is read and shown first, then the same bytes are kept; what is kept is checked and
//! published.
//!
//! What is kept and not published is the authority's own draft: nothing of it leaves the desk.

use std::collections::BTreeMap;
use std::path::PathBuf;

use casework::applicant::hex;
use casework::public_record::{Advice, PublishedEntry, before_publishing, refusals};
use casework::register::Contract;
use casework::register::check::{Finding, check};
use casework::register::compare::{Changes, compare};
use casework::register::contract::Field;
use casework::register::import::{Import, Mapping, VALUE_BASIS};
use casework::register::quarter::Quarter;
use jiff::civil::Date;
use law::Problem;
use sha2::{Digest, Sha256};
use store::Stopped;

use super::publish::{Outcome, Publication, publish};
use super::state::snapshot_before;
use super::{Kept, Published, State, files, reading};
use crate::fault::Stop;
use crate::office::Office;

/// The folder of files that were read and not kept yet, one for each person.
const WAITING: &str = "waiting";

/// The register as it stands.
#[derive(Debug)]
pub struct Standing {
    /// The day of the last import and its rows, if there was one.
    pub kept: Option<Kept>,
    /// What the check finds in what is kept.
    pub findings: Vec<Finding>,
    /// Everything published, oldest first.
    pub published: Vec<Published>,
    /// The latest quarter that is over.
    pub quarter: Quarter,
}

impl Standing {
    /// The snapshot of the latest quarter that is over, if it is published.
    #[must_use]
    pub fn current(&self) -> Option<&Published> {
        let quarter = self.quarter.to_string();
        self.published
            .iter()
            .rev()
            .find(|published| published.quarter == quarter)
    }
}

/// A file that was read and isn't kept yet.
#[derive(Debug)]
pub struct DryRun {
    /// SHA-256 of the file, in hexadecimal: what is kept is what was shown.
    pub sha256: String,
    /// What was read.
    pub read: Import,
    /// What it would change.
    pub changes: Changes,
}

/// What publishing would put before everybody.
#[derive(Debug)]
pub struct Preview {
    /// How many contracts.
    pub contracts: usize,
    /// What changed since the snapshot before, where there is one.
    pub changes: Option<Changes>,
    /// Rows that may hold personal data.
    pub personal_data: Vec<Finding>,
    /// Rows that would give away what the policy protects, or make a refusal untenable.
    pub advised: Vec<(PublishedEntry, Advice)>,
    /// The day on which the quarter was published, if it was.
    pub published_on: Option<Date>,
}

impl Office {
    /// How the register stands on a day.
    ///
    /// # Errors
    /// It can't be read.
    pub fn register_standing(&self, today: Date) -> Result<Standing, Stop> {
        let state = State(&self.shelf.folder);
        let published = state.published()?;
        let kept = state.kept_if_any()?;
        let latest = published
            .iter()
            .filter_map(|published| published.quarter.parse().ok())
            .max();
        let findings = kept
            .as_ref()
            .map(|kept| check(&kept.contracts, today, latest))
            .unwrap_or_default();
        Ok(Standing {
            kept,
            findings,
            published,
            quarter: Quarter::last_over(today),
        })
    }

    /// Reads a register's file for somebody and puts it by, so that they can keep it when they have seen what is in it.
    ///
    /// # Errors
    /// It is no register, or can't be put by.
    pub fn read_register(&self, account: &str, name: &str, bytes: &[u8]) -> Result<DryRun, Stop> {
        let found = self.dry_run(name, bytes, None)?;
        let path = self.waiting(account);
        super::state::replace(&path, bytes)?;
        Ok(found)
    }

    /// Reads the file that somebody put by once more, its columns meaning what they say.
    ///
    /// # Errors
    /// Another file took its place, no sheet has these titles, or it can't be read.
    pub fn read_register_again(
        &self,
        account: &str,
        name: &str,
        sha256: &str,
        fields: &BTreeMap<String, String>,
    ) -> Result<DryRun, Stop> {
        let bytes = self.put_by(account, sha256)?;
        let guessed = self
            .dry_run(name, &bytes, None)?
            .read
            .sheets
            .first()
            .map(|sheet| sheet.mapping())
            .unwrap_or_default();
        let mut mapping = Mapping {
            fields: fields.clone(),
            titles: guessed.titles,
        };
        // The form asks for fields alone; what a column says of the value beside it stays as it was read.
        if let Some(title) = guessed.fields.get(VALUE_BASIS) {
            mapping.fields.insert(VALUE_BASIS.to_owned(), title.clone());
        }
        self.dry_run(name, &bytes, Some(&mapping))
    }

    /// Keeps the file that somebody put by, read as it was shown to them; gives how many contracts it has.
    ///
    /// # Errors
    /// Another file took its place, or it can't be read or kept.
    pub fn keep_register(
        &self,
        account: &str,
        name: &str,
        sha256: &str,
        fields: &BTreeMap<String, String>,
        today: Date,
    ) -> Result<usize, Stop> {
        let found = self.read_register_again(account, name, sha256, fields)?;
        let state = State(&self.shelf.folder);
        if let Some(sheet) = found.read.sheets.first() {
            state.keep_mapping(&sheet.mapping())?;
        }
        let contracts = found.read.contracts.len();
        state.keep(&Kept {
            imported_on: today,
            contracts: found.read.contracts,
        })?;
        // What was put by is kept now; if it can't be removed, the next file of this person takes its place.
        let _ = std::fs::remove_file(self.waiting(account));
        Ok(contracts)
    }

    fn dry_run(&self, name: &str, bytes: &[u8], given: Option<&Mapping>) -> Result<DryRun, Stop> {
        let state = State(&self.shelf.folder);
        let layout = self.data.register_layout()?;
        let read = reading::contracts(bytes, name, &layout, given, Some(&state), &mut |_, _| {})?;
        let before = state
            .kept_if_any()?
            .map(|kept| kept.contracts)
            .unwrap_or_default();
        Ok(DryRun {
            sha256: hex(&Sha256::digest(bytes)),
            changes: compare(&before, &read.contracts),
            read,
        })
    }

    fn waiting(&self, account: &str) -> PathBuf {
        let name = hex(&Sha256::digest(account));
        self.shelf.folder.join(WAITING).join(name)
    }

    fn put_by(&self, account: &str, sha256: &str) -> Result<Vec<u8>, Stop> {
        let gone = || {
            Stop::input(
                "register.not_put_by: this file isn't here any more, or another took its place; choose it again",
            )
        };
        let bytes = std::fs::read(self.waiting(account)).map_err(|_| gone())?;
        if hex(&Sha256::digest(&bytes)) == sha256 {
            Ok(bytes)
        } else {
            Err(gone())
        }
    }

    /// What publishing the register that is kept would put before everybody.
    ///
    /// # Errors
    /// Nothing is kept, it can't be read, or the database can't answer.
    pub async fn preview_register(
        &self,
        quarter: Quarter,
        today: Date,
    ) -> Result<Preview, Stopped> {
        let state = State(&self.shelf.folder);
        let contracts = files::publishable(&state.kept().map_err(refused)?.contracts);
        let published = state.published().map_err(refused)?;
        let name = quarter.to_string();
        let changes = match snapshot_before(&published, &name) {
            Some(latest) => {
                let before = state.snapshot(&latest.folder).map_err(refused)?;
                Some(compare(&before, &contracts))
            }
            None => None,
        };
        Ok(Preview {
            contracts: contracts.len(),
            changes,
            personal_data: super::publish::personal_data(&contracts, today, quarter),
            advised: self.advised(&contracts, today).await?,
            published_on: published
                .iter()
                .rev()
                .find(|published| published.quarter == name)
                .map(|published| published.on),
        })
    }

    /// Publishes the register that is kept as the snapshot of a quarter. `url` is where the register's pages stand.
    ///
    /// # Errors
    /// As [`publish`].
    pub fn publish_register(
        &self,
        quarter: Quarter,
        url: Option<String>,
        today: Date,
        correction: Option<String>,
        despite_findings: bool,
    ) -> Result<Outcome, Stop> {
        publish(
            &State(&self.shelf.folder),
            &Publication {
                quarter,
                policy: &self.bundle.policy.policy,
                url,
                ocid_prefix: self.bundle.authority.ocid_prefix.clone(),
                on: today,
                correction,
                despite_findings,
            },
        )
    }

    /// The rows among these that would give away what the policy protects, or make an earlier refusal untenable.
    async fn advised(
        &self,
        contracts: &[Contract],
        today: Date,
    ) -> Result<Vec<(PublishedEntry, Advice)>, Stopped> {
        let refusals = refusals(&self.published_entries().await?.0);
        let reading = self.record_reading();
        let policy = &self.bundle.policy.policy;
        let mut advised = Vec::new();
        for (number, row) in (1_usize..).zip(super::named(contracts)) {
            let mut entry = PublishedEntry::of_row(row.contract, number, None);
            entry.id = row.id;
            let advice = before_publishing(&reading, &entry, policy, &refusals, today);
            if !advice.is_empty() {
                advised.push((entry, advice));
            }
        }
        Ok(advised)
    }
}

fn refused(stop: Stop) -> Stopped {
    let lines = match stop {
        Stop::Input(lines) => lines,
        Stop::Found => Vec::new(),
    };
    let problem = |line: String| Problem::new("register.stopped", line);
    Stopped::Refused(lines.into_iter().map(problem).collect())
}

/// The fields that a column can be taken for, with their titles.
#[must_use]
pub fn fields() -> Vec<(&'static str, &'static str)> {
    Field::ALL
        .into_iter()
        .map(|field| (field.as_str(), field.title()))
        .collect()
}
