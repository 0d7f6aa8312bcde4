//! Attachments: each content stored once in a folder under its SHA-256, checked whenever it is read.

use std::io::Write;
use std::path::{Path, PathBuf};

use casework::applicant::hex;
use casework::event::Attachment;
use sha2::{Digest, Sha256};

use crate::fault::Fault;

/// A folder of attachments. The interface is what an object store offers too: put under a name, get, list.
#[derive(Clone, Debug)]
pub struct Attachments {
    folder: PathBuf,
}

impl Attachments {
    /// The attachments in this folder, which is made when needed.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, sha256: &str) -> PathBuf {
        let (directory, _) = sha256.split_at_checked(2).unwrap_or(("__", ""));
        self.folder.join(directory).join(sha256)
    }

    /// Stores contents and tells what to remember of them. On return they are on the disk.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn put(&self, name: &str, contents: &[u8]) -> Result<Attachment, Fault> {
        let sha256 = hex(&Sha256::digest(contents));
        let path = self.path(&sha256);
        if !path.exists() {
            let directory = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(directory).map_err(|error| Fault::file(directory, error))?;
            // Written beside and renamed: a reader sees all of it or nothing.
            let part = directory.join(format!("{sha256}.part"));
            let written = (|| {
                let mut file = std::fs::File::create(&part)?;
                file.write_all(contents)?;
                file.sync_all()?;
                std::fs::rename(&part, &path)?;
                std::fs::File::open(directory)?.sync_all()
            })();
            if let Err(error) = written {
                // Nothing half-written stays; if it can't be removed either, the name says that it is a part.
                std::fs::remove_file(&part).ok();
                return Err(Fault::file(&path, error));
            }
        }
        Ok(Attachment {
            name: name.to_owned(),
            sha256,
            bytes: contents.len() as u64,
        })
    }

    /// Whether contents are stored under a hash.
    #[must_use]
    pub fn has(&self, sha256: &str) -> bool {
        self.path(sha256).exists()
    }

    /// The contents under a hash.
    ///
    /// # Errors
    /// They aren't there, can't be read, or aren't what was stored.
    pub fn get(&self, sha256: &str) -> Result<Vec<u8>, Fault> {
        let path = self.path(sha256);
        let contents = std::fs::read(&path).map_err(|error| Fault::file(&path, error))?;
        if hex(&Sha256::digest(&contents)) == sha256 {
            Ok(contents)
        } else {
            Err(Fault::Damaged(format!(
                "{} is not what was stored under this name",
                path.display()
            )))
        }
    }

    /// Removes contents that nothing refers to any more.
    ///
    /// # Errors
    /// The file can't be removed.
    pub fn remove(&self, sha256: &str) -> Result<(), Fault> {
        let path = self.path(sha256);
        match std::fs::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Fault::file(&path, error)),
        }
    }

    /// The hashes of everything stored, sorted.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn list(&self) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        if !self.folder.exists() {
            return Ok(names);
        }
        for directory in entries(&self.folder)? {
            if directory.is_dir() {
                names.extend(entries(&directory)?.iter().filter_map(|file| {
                    let name = file.file_name()?.to_str()?;
                    (name.len() == 64).then(|| name.to_owned())
                }));
            }
        }
        names.sort();
        Ok(names)
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    std::fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect()
        })
        .map_err(|error| Fault::file(folder, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_stored_once_and_checked_on_reading() {
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::new(folder.path().join("attachments"));
        let first = attachments.put("a.txt", b"the same words").unwrap();
        let second = attachments.put("b.txt", b"the same words").unwrap();
        assert_eq!(first.sha256, second.sha256);
        assert_eq!(
            attachments.list().unwrap(),
            std::slice::from_ref(&first.sha256)
        );
        assert_eq!(attachments.get(&first.sha256).unwrap(), b"the same words");
        std::fs::write(attachments.path(&first.sha256), b"other words").unwrap();
        let refused = attachments.get(&first.sha256).unwrap_err();
        assert!(
            refused.to_string().contains("is not what was stored"),
            "{refused}"
        );
        attachments.remove(&first.sha256).unwrap();
        attachments.remove(&first.sha256).unwrap();
        assert!(attachments.get(&first.sha256).is_err());
    }
}
