//! Where the register is kept: a folder with the rows as imported, the mappings that people confirmed, and a folder
//! `published` that can stand on the web as it is. Nothing else knows how it is stored.

use std::path::{Path, PathBuf};

use casework::applicant::hex;
use casework::register::contract::Contract;
use casework::register::import::Mapping;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Snapshot;
use crate::fault::Stop;

/// The register's folder.
#[derive(Debug)]
pub struct State<'a>(pub &'a Path);

/// The register as it was last imported.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The day of the import.
    pub imported_on: Date,
    /// Its rows.
    pub contracts: Vec<Contract>,
}

/// A published snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The quarter, "2026-Q3".
    pub quarter: String,
    /// The folder's name: the quarter, with "-2" and so on for a correction.
    pub folder: String,
    /// The day.
    pub on: Date,
    /// Why it was published again.
    pub correction: Option<String>,
    /// How many contracts it has.
    pub contracts: usize,
    /// SHA-256 of each file, so that a change can be seen.
    pub sha256: std::collections::BTreeMap<String, String>,
}

/// The snapshot that one of a quarter is compared with: the one that it corrects, else the newest of an earlier quarter.
#[must_use]
pub(super) fn snapshot_before<'p>(
    published: &'p [Published],
    quarter: &str,
) -> Option<&'p Published> {
    published
        .iter()
        .rev()
        .find(|published| published.quarter.as_str() <= quarter)
}

impl State<'_> {
    /// The register that is kept.
    ///
    /// # Errors
    /// There is none, or it can't be read.
    pub fn kept(&self) -> Result<Kept, Stop> {
        self.read("register.json")?.ok_or_else(|| {
            Stop::input(format!(
                "{}: register.none_kept: no register has been imported here; run `candour register import FILE --apply`",
                self.0.display()
            ))
        })
    }

    /// The register that is kept, if any.
    ///
    /// # Errors
    /// It can't be read.
    pub fn kept_if_any(&self) -> Result<Option<Kept>, Stop> {
        self.read("register.json")
    }

    /// Keeps a register instead of the one before.
    ///
    /// # Errors
    /// It can't be written.
    pub fn keep(&self, kept: &Kept) -> Result<(), Stop> {
        self.write("register.json", kept)
    }

    /// The mapping that was confirmed for a file with these titles.
    ///
    /// # Errors
    /// The mappings can't be read.
    pub fn mapping(&self, titles: &[String]) -> Result<Option<Mapping>, Stop> {
        let mappings: Vec<Mapping> = self.read("mappings.json")?.unwrap_or_default();
        Ok(mappings
            .into_iter()
            .find(|mapping| mapping.titles == titles))
    }

    /// Keeps a mapping for files with its titles.
    ///
    /// # Errors
    /// It can't be written.
    pub fn keep_mapping(&self, mapping: &Mapping) -> Result<(), Stop> {
        let mut mappings: Vec<Mapping> = self.read("mappings.json")?.unwrap_or_default();
        mappings.retain(|other| other.titles != mapping.titles);
        mappings.push(mapping.clone());
        self.write("mappings.json", &mappings)
    }

    /// Everything published, by quarter, a quarter's corrections after it: the last is the newest register, whatever was
    /// corrected since.
    ///
    /// # Errors
    /// The list can't be read.
    pub fn published(&self) -> Result<Vec<Published>, Stop> {
        let mut all: Vec<Published> = self.read("published/snapshots.json")?.unwrap_or_default();
        // "2026-Q3" sorts as it counts, and the sort leaves corrections in their order.
        all.sort_by(|one, other| one.quarter.cmp(&other.quarter));
        Ok(all)
    }

    /// The rows of a published snapshot.
    ///
    /// # Errors
    /// They can't be read.
    pub fn snapshot(&self, folder: &str) -> Result<Vec<Contract>, Stop> {
        let snapshot: Option<Snapshot> = self.read(&format!("published/{folder}/register.json"))?;
        Ok(snapshot
            .map(|snapshot| snapshot.contracts)
            .unwrap_or_default())
    }

    /// A published snapshot, if its rows are those that were published.
    ///
    /// # Errors
    /// It can't be read, or was changed since.
    pub fn snapshot_of(&self, published: &Published) -> Result<Snapshot, Stop> {
        let bytes = self.file(published, "register.json")?.ok_or_else(|| {
            Stop::input(format!(
                "{}: register.no_rows: the list of snapshots names no register.json for it; restore it from a backup",
                published.folder
            ))
        })?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Stop::input(format!(
                "{}/register.json: register.damaged_state: {error}; restore it from a backup",
                published.folder
            ))
        })
    }

    /// A file of a published snapshot, `None` where none of this name was published with it.
    ///
    /// # Errors
    /// It can't be read, or was changed since.
    pub fn file(&self, published: &Published, name: &str) -> Result<Option<Vec<u8>>, Stop> {
        let Some(sha256) = published.sha256.get(name) else {
            return Ok(None);
        };
        let path = self.0.join("published").join(&published.folder).join(name);
        let shown = path.display();
        let bytes = std::fs::read(&path)
            .map_err(|error| Stop::input(format!("{shown}: register.unreadable: {error}")))?;
        if hex(&Sha256::digest(&bytes)) != *sha256 {
            return Err(Stop::input(format!(
                "{shown}: register.snapshot_changed: it isn't what was published on {}; a snapshot is never changed: \
                 restore it from a backup",
                published.on
            )));
        }
        Ok(Some(bytes))
    }

    /// Writes a snapshot, whole or not at all, and the pages over all snapshots.
    ///
    /// # Errors
    /// The folder exists, or can't be written.
    pub fn publish(
        &self,
        published: &Published,
        files: &[(&str, Vec<u8>)],
        over_all: &[(&str, Vec<u8>)],
    ) -> Result<PathBuf, Stop> {
        let folder = self.0.join("published").join(&published.folder);
        let waiting = self
            .0
            .join("published")
            .join(format!(".{}.partial", published.folder));
        let unwritable = |path: &Path, error: std::io::Error| {
            Stop::input(format!("{}: output.unwritable: {error}", path.display()))
        };
        if folder.exists() {
            return Err(Stop::input(format!(
                "{}: register.snapshot_exists: a snapshot is never replaced",
                folder.display()
            )));
        }
        let _ = std::fs::remove_dir_all(&waiting);
        std::fs::create_dir_all(&waiting).map_err(|error| unwritable(&waiting, error))?;
        for (name, bytes) in files {
            let path = waiting.join(name);
            std::fs::write(&path, bytes).map_err(|error| unwritable(&path, error))?;
        }
        std::fs::rename(&waiting, &folder).map_err(|error| unwritable(&folder, error))?;
        let mut all = self.published()?;
        all.push(published.clone());
        self.write("published/snapshots.json", &all)?;
        for (name, bytes) in over_all {
            replace(&self.0.join("published").join(name), bytes)?;
        }
        Ok(folder)
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Stop> {
        let path = self.0.join(name);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Stop::input(format!(
                    "{}: register.unreadable: {error}",
                    path.display()
                )));
            }
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Stop::input(format!(
                "{}: register.damaged_state: {error}; restore it from a backup or import again",
                path.display()
            ))
        })
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Stop> {
        let mut bytes = serde_json::to_vec(value)
            .map_err(|error| Stop::input(format!("output.unwritable: {error}")))?;
        bytes.push(b'\n');
        replace(&self.0.join(name), &bytes)
    }
}

/// Writes beside and renames, so that a reader sees the old or the new and never half.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let unwritable = |error: std::io::Error| {
        Stop::input(format!("{}: output.unwritable: {error}", path.display()))
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let waiting = path.with_extension("partial");
    std::fs::write(&waiting, bytes).map_err(unwritable)?;
    std::fs::rename(&waiting, path).map_err(unwritable)
}
