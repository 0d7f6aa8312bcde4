//! The contracts register as the office knows it: the snapshots that were published, never the rows that are only kept.
//!
//! `candour register publish` writes them into the folder `register` of the state folder. A snapshot whose rows aren't
//! those that were published is refused.

mod csv_file;
mod feed;
mod files;
pub mod keeping;
mod ocds;
mod page;
pub mod publish;
pub mod reading;
mod state;
mod xlsx_file;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, RwLock};
use std::time::SystemTime;

use casework::register::contract::{Contract, Field, ValueBasis};
use casework::register::matching::{Index, Match};
use casework::register::quarter::Quarter;
use casework::register::thesaurus::Thesaurus;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fault::Stop;
use crate::office::Office;

pub use feed::atom;
pub use state::{Kept, Published, State};

/// The folder's name in the state folder.
pub const FOLDER: &str = "register";

/// `register.json` of a published quarter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The authority's name.
    pub authority: String,
    /// The quarter, "2026-Q3".
    pub quarter: String,
    /// The day of publication.
    pub published_on: Date,
    /// The address of the snapshot's page.
    pub url: String,
    /// The licence.
    pub licence: String,
    /// The rows.
    pub contracts: Vec<Contract>,
}

/// A contract with its permanent name.
pub struct Named<'a> {
    /// Unique in the register and the same in every quarter: made of the reference, or of title, supplier and start.
    pub id: String,
    /// The contract.
    pub contract: &'a Contract,
}

/// Names every contract.
#[must_use]
pub fn named(contracts: &[Contract]) -> Vec<Named<'_>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    contracts
        .iter()
        .map(|contract| {
            let plain = match &contract.reference {
                Some(reference) => slug(reference),
                None => [
                    &contract.title,
                    &contract.supplier_name,
                    &contract.said(Field::Start),
                ]
                .into_iter()
                .flatten()
                .map(|text| slug(text))
                .collect::<Vec<_>>()
                .join("-"),
            };
            let count = seen.entry(plain.clone()).or_insert(0);
            *count = count.saturating_add(1);
            let id = match (*count, plain.is_empty()) {
                (1, false) => plain,
                (count, true) => format!("unnamed-{count}"),
                (count, false) => format!("{plain}--{count}"),
            };
            Named { id, contract }
        })
        .collect()
}

/// Letters and digits, hyphens between: "WDC/24/0130" as "wdc-24-0130".
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Text that is safe between tags and in attributes.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// "30 September 2026".
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A row in words: everything that the register's fields say.
#[must_use]
pub fn quoted(contract: &Contract) -> String {
    let mut parts = vec![match &contract.reference {
        Some(reference) => format!("Reference {reference}"),
        None => "No reference".to_owned(),
    }];
    parts.extend(contract.title.clone());
    parts.extend(
        contract
            .description
            .as_ref()
            .filter(|text| Some(*text) != contract.title.as_ref())
            .cloned(),
    );
    if let Some(supplier) = &contract.supplier_name {
        parts.push(format!("supplier {supplier}"));
    }
    parts.extend(worth(contract).map(|worth| format!("value {worth}")));
    if let Some(start) = contract.start {
        parts.push(format!("from {}", day(start)));
    }
    match contract.end {
        Some(end) => parts.push(format!("to {}", day(end))),
        None if contract.details.open_ended => parts.push("without an end date".to_owned()),
        None => {}
    }
    if let Some(review) = contract.review {
        parts.push(format!("review {}", day(review)));
    }
    if let Some(extension) = &contract.extension {
        parts.push(format!("extension {extension}"));
    }
    if let Some(process) = contract.process {
        parts.push(format!(
            "procured by: {}",
            process.in_words().to_lowercase()
        ));
    }
    parts.join("; ")
}

/// What a contract is worth, "£5,000 a year".
#[must_use]
pub fn worth(contract: &Contract) -> Option<String> {
    let value = contract.value?.in_words();
    Some(match contract.value_basis {
        Some(ValueBasis::AnnualEstimate) => format!("{value} a year"),
        _ => value,
    })
}

/// A register ready to be searched and quoted.
#[derive(Debug)]
pub struct Register {
    /// The rows.
    pub contracts: Vec<Contract>,
    /// The permanent name of each row.
    pub ids: Vec<String>,
    /// The quarter of a published snapshot.
    pub quarter: Option<Quarter>,
    /// The address of a published snapshot.
    pub url: Option<String>,
    index: Index,
}

impl Register {
    /// Makes rows ready.
    #[must_use]
    pub fn new(
        contracts: Vec<Contract>,
        thesaurus: Thesaurus,
        quarter: Option<Quarter>,
        url: Option<String>,
    ) -> Self {
        Self {
            index: Index::new(&contracts, thesaurus),
            ids: named(&contracts)
                .into_iter()
                .map(|named| named.id)
                .collect(),
            contracts,
            quarter,
            url,
        }
    }

    /// Makes a published snapshot ready.
    #[must_use]
    pub fn of_snapshot(snapshot: Snapshot, thesaurus: Thesaurus) -> Self {
        let quarter = snapshot.quarter.parse().ok();
        Self::new(snapshot.contracts, thesaurus, quarter, Some(snapshot.url))
    }

    /// The rows that answer a question, best first, at most `most`; of each where it names several things.
    #[must_use]
    pub fn find(&self, question: &str, most: usize) -> Vec<Match> {
        self.index.find(question, most)
    }

    /// The rows that answer a question which may complete a stem, best first. What a request says before all its
    /// questions tells nothing of this one, unless this one alone names nothing.
    #[must_use]
    pub fn answering(&self, question: &str, stem: Option<&str>, most: usize) -> Vec<Match> {
        let found = self.find(question, most);
        match stem {
            Some(stem) if found.is_empty() => self.find(&format!("{stem} {question}"), most),
            _ => found,
        }
    }

    /// The department all of whose contracts a question asks for; empty where it asks for those of all.
    #[must_use]
    pub fn list_asked_for(&self, question: &str) -> Option<&str> {
        self.index.list_asked_for(question)
    }

    /// Whether a question may be about contracts at all.
    #[must_use]
    pub fn is_about_contracts(&self, question: &str) -> bool {
        self.index.is_about_contracts(question)
    }

    /// The row under a permanent name.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<usize> {
        self.ids.iter().position(|known| known == id)
    }

    /// The words under FOIA s.21 that quote some rows, a line each, or `None` where there is none.
    ///
    /// `place` is the register's name and address in the policy.
    #[must_use]
    pub fn quotation(&self, rows: &[usize], place: (&str, &str)) -> Option<Vec<String>> {
        let (name, address) = place;
        let url = self.url.as_deref().unwrap_or(address);
        let quarter = self
            .quarter
            .map_or_else(String::new, |quarter| format!(", {}", quarter.in_words()));
        let quoted: Vec<String> = rows
            .iter()
            .filter_map(|row| {
                let link = match (&self.url, self.ids.get(*row)) {
                    (Some(url), Some(id)) => format!(" ({url}#{id})"),
                    _ => String::new(),
                };
                Some(format!("{}{link}", quoted(self.contracts.get(*row)?)))
            })
            .collect();
        if quoted.is_empty() {
            return None;
        }
        let mut lines = vec![format!("{name}{quarter}: {url}")];
        lines.extend(quoted);
        Some(lines)
    }
}

/// Everything published of the register.
#[derive(Debug, Default)]
pub struct Registers {
    /// The snapshots, oldest first.
    pub published: Vec<Published>,
    /// The newest, ready to be searched.
    pub latest: Option<Register>,
    /// Why what was published can't be read; then there is nothing here.
    pub problem: Option<String>,
    /// The permanent names of the contracts in each snapshot, read when they are first asked for: a snapshot never changes.
    names: OnceLock<Vec<BTreeSet<String>>>,
}

impl Registers {
    fn read(folder: &std::path::Path, thesaurus: &Thesaurus) -> Result<Self, Stop> {
        let state = State(folder);
        let published = state.published()?;
        let latest = match published.last() {
            Some(newest) => Some(Register::of_snapshot(
                state.snapshot_of(newest)?,
                thesaurus.clone(),
            )),
            None => None,
        };
        Ok(Self {
            published,
            latest,
            problem: None,
            names: OnceLock::new(),
        })
    }

    /// The quarter that is over, was due and isn't published: its last day for publication has passed.
    #[must_use]
    pub fn overdue(&self, today: Date) -> Option<Quarter> {
        let due = Quarter::last_over(today);
        let due = if today > due.publish_by() {
            due
        } else {
            due.before()
        };
        let newest = self.latest.as_ref()?.quarter?;
        (newest < due).then_some(due)
    }
}

/// When the list of snapshots was last written, and how long it is.
type Stamp = Option<(SystemTime, u64)>;

/// The registers of an office, read again when another snapshot is published.
pub(crate) struct Shelf {
    folder: PathBuf,
    thesaurus: Thesaurus,
    standing: RwLock<(Stamp, Arc<Registers>)>,
}

impl Shelf {
    /// Reads what is published.
    ///
    /// # Errors
    /// It can't be read, or isn't what was published.
    pub(crate) fn open(state: &std::path::Path, thesaurus: Thesaurus) -> Result<Self, Stop> {
        let folder = state.join(FOLDER);
        let stamp = stamp(&folder);
        let registers = Arc::new(Registers::read(&folder, &thesaurus)?);
        Ok(Self {
            folder,
            thesaurus,
            standing: RwLock::new((stamp, registers)),
        })
    }

    pub(crate) fn thesaurus(&self) -> &Thesaurus {
        &self.thesaurus
    }

    fn registers(&self) -> Arc<Registers> {
        let now = stamp(&self.folder);
        if let Ok(standing) = self.standing.read()
            && standing.0 == now
        {
            return Arc::clone(&standing.1);
        }
        let read = Registers::read(&self.folder, &self.thesaurus).unwrap_or_else(|stop| {
            let problem = match stop {
                Stop::Input(problems) => problems.join("\n"),
                Stop::Found => String::new(),
            };
            Registers {
                problem: Some(problem),
                ..Registers::default()
            }
        });
        let read = Arc::new(read);
        if let Ok(mut standing) = self.standing.write() {
            *standing = (now, Arc::clone(&read));
        }
        read
    }
}

fn stamp(folder: &std::path::Path) -> Stamp {
    let list = std::fs::metadata(folder.join("published/snapshots.json")).ok()?;
    Some((list.modified().ok()?, list.len()))
}

impl Office {
    /// The published register.
    #[must_use]
    pub fn registers(&self) -> Arc<Registers> {
        self.shelf.registers()
    }

    /// A published snapshot as it was published.
    ///
    /// # Errors
    /// It can't be read, or isn't what was published.
    pub fn snapshot(&self, published: &Published) -> Result<Snapshot, Stop> {
        State(&self.shelf.folder).snapshot_of(published)
    }

    /// The snapshots that have a contract of this permanent name, oldest first.
    ///
    /// # Errors
    /// One can't be read, or isn't what was published.
    pub fn snapshots_with<'r>(
        &self,
        registers: &'r Registers,
        id: &str,
    ) -> Result<Vec<&'r Published>, Stop> {
        let names = match registers.names.get() {
            Some(names) => names,
            None => {
                let read = registers.published.iter().map(|published| {
                    let snapshot = self.snapshot(published)?;
                    let named = named(&snapshot.contracts);
                    Ok(named.into_iter().map(|named| named.id).collect())
                });
                let read = read.collect::<Result<_, Stop>>()?;
                registers.names.get_or_init(|| read)
            }
        };
        let published = registers.published.iter().zip(names);
        Ok(published
            .filter(|(_, names)| names.contains(id))
            .map(|(published, _)| published)
            .collect())
    }

    /// A file of a published snapshot; only those that were published with it.
    ///
    /// # Errors
    /// It can't be read, or isn't what was published.
    pub fn snapshot_file(
        &self,
        published: &Published,
        name: &str,
    ) -> Result<Option<Vec<u8>>, Stop> {
        State(&self.shelf.folder).file(published, name)
    }
}
