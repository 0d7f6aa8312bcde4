//! `candour serve --mail-in`: a folder from which new mail is taken. Each mail is taken in first and moved then, so whoever
//! dies in between finds it again; the office knows it by its Message-ID.

use std::path::{Path, PathBuf};

use casework::event::Channel;
use office::mail_in::{Arrived, NotTaken};
use office::{Office, Stopped};

use crate::case_command::stopped;
use crate::fault::Stop;
use crate::intake::LARGEST_REQUEST;

/// What one look at the folder did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// How many mails were dealt with.
    pub taken: u64,
    /// What was set aside, or couldn't be taken in just now, and why.
    pub problems: Vec<String>,
}

/// Takes in what is in the folder: the new mail of a Maildir, or `.eml` files.
///
/// # Errors
/// The folder can't be read.
pub async fn look(office: &Office, folder: &Path) -> Result<Looked, String> {
    let new = folder.join("new");
    let is_maildir = new.is_dir();
    let from = if is_maildir { new } else { folder.to_owned() };
    let unreadable =
        |error: std::io::Error| format!("{}: mail_in.unreadable: {error}", from.display());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&from).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_mail = is_maildir || path.extension().is_some_and(|kind| kind == "eml");
        if path.is_file() && is_mail {
            files.push(path);
        }
    }
    files.sort();
    let mut looked = Looked::default();
    for file in files {
        if let Err(problem) = take(office, folder, is_maildir, &file, &mut looked).await {
            looked.problems.push(problem);
        }
    }
    Ok(looked)
}

async fn take(
    office: &Office,
    folder: &Path,
    is_maildir: bool,
    file: &Path,
    looked: &mut Looked,
) -> Result<(), String> {
    let shown = file.display().to_string();
    let size = std::fs::metadata(file)
        .map_err(|error| format!("{shown}: {error}"))?
        .len();
    let outcome = if size > LARGEST_REQUEST {
        Err("intake.too_large: larger than any request; save it without its attachments".to_owned())
    } else {
        let bytes = std::fs::read(file).map_err(|error| format!("{shown}: {error}"))?;
        match office.mail_came(&shown, &bytes, Channel::Email).await {
            Ok(Arrived::ForAPerson(reference)) => Err(format!(
                "mail_in.for_a_person: it answers about {reference}, to which nothing can be added now: read it and \
                 record on the case what it says"
            )),
            Ok(_) => Ok(()),
            // It is there still, and taken in when the office can.
            Err(NotTaken::Stopped(why @ (Stopped::Fault(_) | Stopped::Conflict))) => {
                return Err(format!("{shown}: waits: {why}"));
            }
            Err(NotTaken::Stopped(why)) => Err(said(stopped(why))),
            Err(NotTaken::Unfit(stop)) => Err(said(stop)),
        }
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match outcome {
        Ok(()) if is_maildir => {
            let seen = if name.contains(":2,") {
                name.into_owned()
            } else {
                format!("{name}:2,S")
            };
            put(file, &folder.join("cur"), &seen)?;
            looked.taken = looked.taken.saturating_add(1);
        }
        Ok(()) => {
            put(file, &folder.join("taken"), &name)?;
            looked.taken = looked.taken.saturating_add(1);
        }
        Err(why) => {
            let aside = folder.join("set-aside");
            let reason = aside.join(format!("{name}.reason.txt"));
            std::fs::create_dir_all(&aside)
                .and_then(|()| std::fs::write(&reason, format!("{why}\n")))
                .map_err(|error| format!("{}: {error}", reason.display()))?;
            put(file, &aside, &name)?;
            looked.problems.push(format!("{shown}: set aside: {why}"));
        }
    }
    Ok(())
}

fn put(file: &Path, folder: &Path, name: &str) -> Result<(), String> {
    // A mail of the same name may lie there: none is written over.
    let mut to = folder.join(name);
    let mut number = 1_u32;
    while to.exists() {
        number = number.saturating_add(1);
        to = folder.join(format!("{number}-{name}"));
    }
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::rename(file, &to))
        .map_err(|error| format!("{}: mail_in.unmoved: {error}", file.display()))
}

fn said(stop: Stop) -> String {
    match stop {
        Stop::Input(problems) => problems.join("; "),
        Stop::Found => "it isn't sound".to_owned(),
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_emptied_and_nothing_is_lost() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("mail");
        let mail = "From: joy@example.org\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nMessage-ID: <m1@example.org>\r\n\
                    Subject: Laptops\r\n\r\nHow many laptops do you own?\r\n";
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let office = Office::open(office::Setup {
                state: place.path().join("state"),
                database: None,
                attachments: None,
                data: office::data::Data::new(None).ok().unwrap(),
                clock: Arc::new(jiff::Timestamp::now),
                passes: true,
                entropy: None,
            })
            .await
            .ok()
            .unwrap();
            assert!(
                look(&office, &folder).await.is_err(),
                "there is no such folder"
            );
            std::fs::create_dir(&folder).unwrap();
            // The same mail under two names, as when a node died before it moved it.
            std::fs::write(folder.join("1.eml"), mail).unwrap();
            std::fs::write(folder.join("2.eml"), mail).unwrap();
            std::fs::write(folder.join("bad.eml"), "no mail at all").unwrap();
            std::fs::write(folder.join("half.part"), "From: ").unwrap();
            let looked = look(&office, &folder).await.unwrap();
            assert_eq!((looked.taken, looked.problems.len()), (2, 1), "{looked:?}");
            assert_eq!(names(&folder), ["half.part"]);
            assert_eq!(names(&folder.join("taken")), ["1.eml", "2.eml"]);
            assert_eq!(
                names(&folder.join("set-aside")),
                ["bad.eml", "bad.eml.reason.txt"]
            );
            assert_eq!(look(&office, &folder).await.unwrap(), Looked::default());
            // A Maildir: what is in `new` goes to `cur`.
            std::fs::create_dir(folder.join("new")).unwrap();
            let other = mail.replace("<m1@", "<m2@");
            std::fs::write(folder.join("new/1762077600.host"), other).unwrap();
            assert_eq!(look(&office, &folder).await.unwrap().taken, 1);
            assert_eq!(names(&folder.join("cur")), ["1762077600.host:2,S"]);
            let queue = office.queue(&office::QueueFilter::All, true, None, 10);
            assert_eq!(queue.await.unwrap().len(), 2);
        });
    }
}
