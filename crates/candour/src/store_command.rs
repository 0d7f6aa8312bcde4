//! Looking after the record: backups, verification, import, routine work, invented load.

use std::io::Write;
use std::path::{Path, PathBuf};

use casework::event::Channel;
use casework::holding::Held;
use casework::role::Actor;
use office::mail::Mailing;
use office::mail_in::{Arrived, NotTaken};
use office::sealed_part::unseal as unseal_part;
use office::{Extent, Office};
use store::backup::NotRestored;
use store::checkpoint::PublicKey;
use store::export::verify_export;
use store::locked::BackupKey;

use crate::case_command::{put, stopped, trouble};
use crate::fault::Stop;
use crate::intake;
use crate::mail::{MailOptions, to_files};

/// What locks a backup.
#[derive(clap::Args, Clone, Debug)]
pub struct Lock {
    /// A file with the key, a line of 64 hexadecimal digits; the installation's own secrets when left out.
    #[arg(long, value_name = "FILE", env = "CANDOUR_BACKUP_KEY_FILE")]
    key: Option<PathBuf>,
    /// Not locked: whoever has the folder reads names, letters and the whole record.
    #[arg(long, conflicts_with = "key")]
    plain: bool,
}

impl Lock {
    fn key(&self, office: &Office) -> Result<Option<BackupKey>, Stop> {
        if self.plain {
            return Ok(None);
        }
        let Some(file) = &self.key else {
            let secret = &office.store().secrets().sealing;
            return Ok(Some(BackupKey::of_installation(secret)));
        };
        Ok(Some(key_of(file)?))
    }
}

/// The key that a file holds.
///
/// # Errors
/// It can't be read, or holds none.
pub fn key_of(file: &Path) -> Result<BackupKey, Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stop::input(format!("{}: input.unreadable: {error}", file.display())))?;
    BackupKey::of_hex(text.trim()).ok_or_else(|| {
        Stop::input(format!(
            "{}: backup.no_key: not a key; it is a line of 64 hexadecimal digits, such as `openssl rand -hex 32` makes",
            file.display()
        ))
    })
}

/// Prints what the sealed part of an export says, with the key that locked it: no database, no state.
///
/// # Errors
/// A file can't be read, or this key doesn't open it.
pub fn unseal(part: &Path, key: &Path, out: &mut dyn Write) -> Result<(), Stop> {
    let wrong = |code: &str, error: std::io::Error| {
        Stop::input(format!("{}: {code}: {error}", part.display()))
    };
    let locked = std::fs::read(part).map_err(|error| wrong("input.unreadable", error))?;
    let found = unseal_part(&locked, &key_of(key)?)
        .map_err(|error| wrong("sealed_part.stays_shut", error))?;
    for found in found {
        let held = match found.held {
            Held::Held => "held",
            Held::NotHeld => "not held",
        };
        put(
            out,
            &format!(
                "{} question {}, searched by {}: {held}. {}",
                found.case, found.question, found.area, found.found
            ),
        )?;
    }
    Ok(())
}

/// Writes a backup into a new folder.
///
/// # Errors
/// The folder exists or can't be written, the key can't be read, or the database can't answer.
pub async fn backup(
    office: &Office,
    folder: &Path,
    lock: &Lock,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let key = lock.key(office)?;
    let carried = office
        .store()
        .backup(folder, key.as_ref())
        .await
        .map_err(fault)?;
    let how = match (&lock.key, lock.plain) {
        (_, true) => "not locked".to_owned(),
        (Some(file), _) => format!("locked with the key in {}", file.display()),
        (None, _) => "locked with the secrets of this installation".to_owned(),
    };
    put(
        out,
        &format!(
            "{} events and {} attachments in {}, {how}. The secrets are not in it: keep a copy of {} elsewhere; nothing that \
             is sealed or locked opens without them.",
            carried.events,
            carried.attachments,
            folder.display(),
            office.state().join("secrets.toml").display()
        ),
    )
}

/// Puts a backup in place of what is here.
///
/// # Errors
/// Something is here already and `force` isn't given, the backup isn't whole, or the store can't.
pub async fn restore(
    office: &Office,
    folder: &Path,
    lock: &Lock,
    force: bool,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let key = lock.key(office)?;
    let restored = office.restore(folder, key.as_ref(), force).await;
    let carried = restored.map_err(|why| {
        let code = match why {
            NotRestored::NotEmpty => "restore.not_empty",
            NotRestored::OtherAuthority(_) => "restore.other_authority",
            NotRestored::AnotherBackup { .. } => "restore.another_backup",
            NotRestored::Key(_) => "restore.key",
            NotRestored::Damaged { .. } => "restore.damaged",
            NotRestored::Fault(_) => "store.unusable",
        };
        Stop::input(format!("{code}: {why}"))
    })?;
    office.follow().await.map_err(trouble)?;
    put(
        out,
        &format!(
            "{} events and {} attachments restored",
            carried.events, carried.attachments
        ),
    )
}

/// Checks the whole record in the database.
///
/// # Errors
/// [`Stop::Found`] when something isn't what was recorded.
pub async fn verify(office: &Office, key: Option<&Path>, out: &mut dyn Write) -> Result<(), Stop> {
    let key = match key {
        Some(file) => public_key(file)?,
        None => office.store().secrets().signing.public(),
    };
    let report = office.store().verify(&key).await.map_err(fault)?;
    for finding in &report.findings {
        put(out, &format!("{}: {}", finding.code, finding.message))?;
    }
    put(
        out,
        &format!(
            "{} events of {} cases, {} signed checkpoints, {} attachments: {}",
            report.events,
            report.cases,
            report.checkpoints,
            report.attachments,
            if report.findings.is_empty() {
                "as recorded"
            } else {
                "not as recorded"
            }
        ),
    )?;
    if report.findings.is_empty() {
        Ok(())
    } else {
        Err(Stop::Found)
    }
}

/// Checks an export with the public key alone: no database, no state.
///
/// # Errors
/// [`Stop::Found`] when it isn't what was exported.
pub fn verify_file(export: &Path, key: &Path, out: &mut dyn Write) -> Result<(), Stop> {
    let bytes = std::fs::read(export)
        .map_err(|error| Stop::input(format!("{}: input.unreadable: {error}", export.display())))?;
    match verify_export(&bytes, &public_key(key)?) {
        Ok(proved) => put(
            out,
            &format!(
                "{} events of {} cases of `{}`, {} of them under a signed checkpoint: as exported",
                proved.events, proved.cases, proved.authority, proved.covered
            ),
        ),
        Err(finding) => {
            put(
                out,
                &format!(
                    "{}: {}: {}",
                    export.display(),
                    finding.code,
                    finding.message
                ),
            )?;
            Err(Stop::Found)
        }
    }
}

fn public_key(file: &Path) -> Result<PublicKey, Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stop::input(format!("{}: input.unreadable: {error}", file.display())))?;
    PublicKey::of_hex(text.trim()).ok_or_else(|| {
        Stop::input(format!(
            "{}: verify.no_key: not a public key; it is a line of 64 hexadecimal digits",
            file.display()
        ))
    })
}

/// Makes lists, plan and index anew.
///
/// # Errors
/// The store can't.
pub async fn rebuild(office: &Office, out: &mut dyn Write) -> Result<(), Stop> {
    let cases = office.rebuild().await.map_err(trouble)?;
    put(
        out,
        &format!("lists, plan of work and index made anew from {cases} cases"),
    )
}

/// Takes in every request of some files and folders.
///
/// # Errors
/// What can't be read or taken in; everything else is taken in all the same.
pub async fn import(office: &Office, paths: &[PathBuf], out: &mut dyn Write) -> Result<(), Stop> {
    let mut problems = Vec::new();
    let (mut taken_in, mut before) = (0_u64, 0_u64);
    let mut others = Vec::new();
    for file in files(paths, &mut problems) {
        let shown = file.display().to_string();
        if file.extension().is_some_and(|kind| kind == "eml") {
            match mail(office, &shown).await? {
                Ok(Arrived::Case(taken)) if taken.before => before = before.saturating_add(1),
                Ok(Arrived::Case(_)) => taken_in = taken_in.saturating_add(1),
                Ok(Arrived::Clarified(reference)) => {
                    others.push(format!("{shown}: the detail that {reference} waited for"));
                }
                Ok(Arrived::Added(reference)) => {
                    others.push(format!("{shown}: added to {reference}, for an officer to read"));
                }
                Ok(Arrived::ForAPerson(reference)) => problems.push(format!(
                    "{shown}: import.for_a_person: it answers about {reference}, to which nothing can be added now: \
                     read it and record on the case what it says"
                )),
                Ok(Arrived::CameBack(_)) => others.push(format!("{shown}: a mail that came back")),
                Ok(Arrived::Automatic) => {
                    others.push(format!("{shown}: an automatic reply, no request"));
                }
                Err(more) => problems.extend(more),
            }
            continue;
        }
        // One file at a time in memory; requests are taken in after the reader, which can't wait for the store.
        let mut requests = Vec::new();
        if let Err(Stop::Input(more)) = intake::read(&shown, &mut |request| {
            requests.push(request);
            Ok(())
        }) {
            problems.extend(more);
        }
        for request in requests {
            match office
                .take_in_file(&Actor::candour(), Channel::Import, &request)
                .await
            {
                Ok(taken) if taken.before => before = before.saturating_add(1),
                Ok(_) => taken_in = taken_in.saturating_add(1),
                Err(why @ office::Stopped::Fault(_)) => return Err(stopped(why)),
                Err(why) => {
                    if let Stop::Input(more) = stopped(why) {
                        problems.extend(
                            more.iter()
                                .map(|why| format!("{shown}: `{}`: {why}", request.id)),
                        );
                    }
                }
            }
        }
    }
    for other in &others {
        put(out, other)?;
    }
    put(
        out,
        &format!("{taken_in} taken in, {before} had been taken in before"),
    )?;
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Stop::Input(problems))
    }
}

/// What becomes of a mail; the inner error is of this mail alone.
async fn mail(office: &Office, path: &str) -> Result<Result<Arrived, Vec<String>>, Stop> {
    let lines = |stop: Stop| match stop {
        Stop::Input(lines) => lines,
        Stop::Found => Vec::new(),
    };
    let bytes = match intake::bytes_of(path) {
        Ok(bytes) => bytes,
        Err(stop) => return Ok(Err(lines(stop))),
    };
    match office.mail_came(path, &bytes, Channel::Import).await {
        Ok(arrived) => Ok(Ok(arrived)),
        Err(NotTaken::Unfit(stop)) => Ok(Err(lines(stop))),
        Err(NotTaken::Stopped(why @ office::Stopped::Fault(_))) => Err(stopped(why)),
        Err(NotTaken::Stopped(why)) => Ok(Err(lines(stopped(why))
            .iter()
            .map(|why| format!("{path}: {why}"))
            .collect())),
    }
}

/// The files named, and those in the folders named, in order of name.
fn files(paths: &[PathBuf], problems: &mut Vec<String>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        match std::fs::read_dir(path) {
            Ok(entries) => {
                let mut inside: Vec<PathBuf> = entries
                    .filter_map(|entry| Some(entry.ok()?.path()))
                    .filter(|path| {
                        let kind = path.extension().and_then(|kind| kind.to_str());
                        matches!(kind, Some("eml" | "mbox" | "jsonl" | "txt"))
                    })
                    .collect();
                if inside.is_empty() {
                    problems.push(format!(
                        "{}: import.nothing: no .eml, .mbox, .jsonl or .txt file in this folder",
                        path.display()
                    ));
                }
                inside.sort();
                files.extend(inside);
            }
            Err(error) => problems.push(format!("{}: input.unreadable: {error}", path.display())),
        }
    }
    files
}

/// Invents cases.
///
/// # Errors
/// The store can't.
pub async fn seed(
    office: &Office,
    count: u64,
    receipts_only: bool,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let extent = if receipts_only {
        Extent::Receipt
    } else {
        Extent::WholeLife
    };
    let added = office.seed(count, extent).await.map_err(stopped)?;
    put(out, &format!("{added} invented cases added"))
}

/// How routine work is done.
#[derive(clap::Args, Clone, Debug)]
pub struct Jobs {
    /// Once, then end.
    #[arg(long)]
    once: bool,
    /// This node's name among those on the same database; made up when left out.
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    #[command(flatten)]
    mail: MailOptions,
    /// The address under which people reach the pages of `serve`, for the links in mails; mails have none without it.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

/// Does the routine work that is due and sends the mail: once, or for as long as the program runs.
///
/// # Errors
/// With `once`: the store can't, or a piece of work failed ([`Stop::Found`]).
pub async fn jobs(office: &Office, jobs: &Jobs, out: &mut dyn Write) -> Result<(), Stop> {
    let node = jobs
        .node
        .clone()
        .unwrap_or_else(|| format!("process-{}", std::process::id()));
    let carrier = match jobs.mail.carrier(office.state())? {
        Some(carrier) => carrier,
        None => to_files(office.state().join("outbox")),
    };
    let mailing = Mailing {
        public_url: jobs
            .public_url
            .as_deref()
            .map(|url| url.trim_end_matches('/')),
        carrier: &*carrier,
    };
    if !jobs.once {
        office
            .keep_going(
                &node,
                Some(mailing),
                &|line| eprintln!("{line}"),
                std::future::pending(),
            )
            .await;
        return Ok(());
    }
    let mut posted = office.send_mail(&mailing).await.map_err(trouble)?;
    let round = office
        .work(&node, &office::mail::with_mail)
        .await
        .map_err(trouble)?;
    // Routine work reminds people: that leaves at once too.
    let more = office.send_mail(&mailing).await.map_err(trouble)?;
    posted.sent.extend(more.sent);
    posted.failed.extend(more.failed);
    for (case, what) in &posted.sent {
        put(out, &format!("{} mail: {}", case.0, what.replace('_', " ")))?;
    }
    for (case, why) in &posted.failed {
        put(out, &format!("{} mail waits: {why}", case.0))?;
    }
    for (case, what) in &round.worked.done {
        put(out, &format!("{} {}", case.0, what.replace('_', " ")))?;
    }
    for (case, why) in &round.worked.failed {
        put(out, &format!("{} waits: {why}", case.0))?;
    }
    if round.checkpoint {
        put(out, "checkpoint signed")?;
    }
    if round.worked.failed.is_empty() && posted.failed.is_empty() {
        Ok(())
    } else {
        Err(Stop::Found)
    }
}

fn fault(fault: store::Fault) -> Stop {
    stopped(fault.into())
}
