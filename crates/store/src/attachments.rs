//! Attachments: each content stored once under its SHA-256, in a folder or a bucket, checked whenever it is read.

mod bucket;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casework::applicant::hex;
use casework::event::Attachment;
use sha2::{Digest, Sha256};

pub use bucket::{Bucket, Credentials};

use crate::fault::Fault;

/// Where attachments are kept. Contents are named by their hash, so that the same contents are stored once and nothing
/// is ever written over.
#[derive(Clone, Debug)]
pub struct Attachments(Place);

#[derive(Clone, Debug)]
enum Place {
    Folder { at: PathBuf, lasts: bool },
    Bucket(Arc<Bucket>),
}

impl Attachments {
    /// Attachments in a folder, which is made when needed.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(Place::Folder {
            at: folder,
            lasts: true,
        })
    }

    /// Attachments in a folder that nobody wants after the program has ended: no disk is waited for.
    #[must_use]
    pub fn passing(folder: PathBuf) -> Self {
        Self(Place::Folder {
            at: folder,
            lasts: false,
        })
    }

    /// Attachments in a bucket of an object store, which all nodes share.
    #[must_use]
    pub fn in_bucket(bucket: Bucket) -> Self {
        Self(Place::Bucket(Arc::new(bucket)))
    }

    /// Stores contents and tells what to remember of them. On return they last.
    ///
    /// # Errors
    /// The folder can't be written, or the bucket doesn't take them.
    pub async fn put(&self, name: &str, contents: &[u8]) -> Result<Attachment, Fault> {
        let sha256 = hex(&Sha256::digest(contents));
        match &self.0 {
            Place::Folder { at, lasts } => put_file(at, *lasts, &sha256, contents)?,
            Place::Bucket(bucket) => {
                let (bucket, key, contents) =
                    (Arc::clone(bucket), sha256.clone(), contents.to_vec());
                aside(move || bucket.put(&key, &contents)).await?;
            }
        }
        Ok(Attachment {
            name: name.to_owned(),
            sha256,
            bytes: contents.len() as u64,
        })
    }

    /// Whether contents are stored under a hash.
    ///
    /// # Errors
    /// The bucket doesn't answer.
    pub async fn has(&self, sha256: &str) -> Result<bool, Fault> {
        match &self.0 {
            Place::Folder { at: folder, .. } => Ok(path(folder, sha256).exists()),
            Place::Bucket(bucket) => {
                let (bucket, sha256) = (Arc::clone(bucket), sha256.to_owned());
                aside(move || bucket.has(&sha256)).await
            }
        }
    }

    /// The contents under a hash.
    ///
    /// # Errors
    /// They aren't there, can't be read, or aren't what was stored.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>, Fault> {
        let (contents, place) = match &self.0 {
            Place::Folder { at: folder, .. } => {
                let path = path(folder, sha256);
                let contents = std::fs::read(&path).map_err(|error| Fault::file(&path, error))?;
                (contents, path.display().to_string())
            }
            Place::Bucket(bucket) => {
                let (bucket, key) = (Arc::clone(bucket), sha256.to_owned());
                let contents = aside(move || bucket.get(&key)).await?;
                (contents, format!("object {sha256}"))
            }
        };
        if hex(&Sha256::digest(&contents)) == sha256 {
            Ok(contents)
        } else {
            Err(Fault::Damaged(format!(
                "{place} is not what was stored under this name"
            )))
        }
    }

    /// Removes contents that nothing refers to any more.
    ///
    /// # Errors
    /// The file or the object can't be removed.
    pub async fn remove(&self, sha256: &str) -> Result<(), Fault> {
        match &self.0 {
            Place::Folder { at: folder, .. } => {
                let path = path(folder, sha256);
                match std::fs::remove_file(&path) {
                    Ok(()) => Ok(()),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                    Err(error) => Err(Fault::file(&path, error)),
                }
            }
            Place::Bucket(bucket) => {
                let (bucket, sha256) = (Arc::clone(bucket), sha256.to_owned());
                aside(move || bucket.remove(&sha256)).await
            }
        }
    }

    /// The hashes of everything stored, sorted.
    ///
    /// # Errors
    /// The folder can't be read, or the bucket doesn't answer.
    pub async fn list(&self) -> Result<Vec<String>, Fault> {
        let mut names = match &self.0 {
            Place::Folder { at: folder, .. } => list_files(folder)?,
            Place::Bucket(bucket) => {
                let bucket = Arc::clone(bucket);
                aside(move || bucket.list()).await?
            }
        };
        names.sort();
        Ok(names)
    }
}

/// Waits for the network on a thread that may wait.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Fault::Gone(Box::new(error))))
}

/// Two letters of the hash and the hash, so that no folder has too many files.
fn path(folder: &Path, sha256: &str) -> PathBuf {
    let (directory, _) = sha256.split_at_checked(2).unwrap_or(("__", ""));
    folder.join(directory).join(sha256)
}

fn put_file(folder: &Path, lasts: bool, sha256: &str, contents: &[u8]) -> Result<(), Fault> {
    let path = path(folder, sha256);
    if path.exists() {
        return Ok(());
    }
    let directory = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(directory).map_err(|error| Fault::file(directory, error))?;
    // Written beside and renamed: a reader sees all of it or nothing.
    let part = directory.join(format!("{sha256}.part"));
    let written = (|| {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(contents)?;
        if !lasts {
            return std::fs::rename(&part, &path);
        }
        file.sync_all()?;
        std::fs::rename(&part, &path)?;
        std::fs::File::open(directory)?.sync_all()
    })();
    written.map_err(|error| {
        // Nothing half-written stays; if it can't be removed either, the name says that it is a part.
        std::fs::remove_file(&part).ok();
        Fault::file(&path, error)
    })
}

fn list_files(folder: &Path) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    if !folder.exists() {
        return Ok(names);
    }
    for directory in entries(folder)? {
        if directory.is_dir() {
            names.extend(entries(&directory)?.iter().filter_map(|file| {
                let name = file.file_name()?.to_str()?;
                (name.len() == 64).then(|| name.to_owned())
            }));
        }
    }
    Ok(names)
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

    #[tokio::test]
    async fn contents_are_stored_once_and_checked_on_reading() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("attachments");
        let attachments = Attachments::new(at.clone());
        let first = attachments.put("a.txt", b"the same words").await.unwrap();
        let second = attachments.put("b.txt", b"the same words").await.unwrap();
        assert_eq!(first.sha256, second.sha256);
        assert_eq!(
            attachments.list().await.unwrap(),
            std::slice::from_ref(&first.sha256)
        );
        assert_eq!(
            attachments.get(&first.sha256).await.unwrap(),
            b"the same words"
        );
        std::fs::write(path(&at, &first.sha256), b"other words").unwrap();
        let refused = attachments.get(&first.sha256).await.unwrap_err();
        assert!(
            refused.to_string().contains("is not what was stored"),
            "{refused}"
        );
        attachments.remove(&first.sha256).await.unwrap();
        attachments.remove(&first.sha256).await.unwrap();
        assert!(attachments.get(&first.sha256).await.is_err());
        assert!(!attachments.has(&first.sha256).await.unwrap());
    }
}
