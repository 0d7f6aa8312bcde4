//! The commands that work on an authority's state: cases, backups, import, routine work.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use office::{Office, Setup};
use store::attachments::{Bucket, Credentials};

use crate::case_command::{self, CaseCommand};
use crate::data::Data;
use crate::fault::Stop;
use crate::log_command::{self, LogCommand};
use crate::store_command;

/// Where the state is.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// The folder that holds database, attachments, index and secrets; made when needed.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "candour-state"
    )]
    pub state: PathBuf,
    /// Another database, as postgres://user@host/name, instead of the one in the state folder.
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// A bucket for the attachments instead of the state folder, as https://objects.example.net/bucket/folder?region=eu-west-2;
    /// its key comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    #[arg(long, global = true, value_name = "URL")]
    pub attachments: Option<String>,
}

impl Place {
    /// The bucket of `--attachments`, with the key that the environment holds.
    ///
    /// # Errors
    /// The address isn't one, or the key is missing.
    pub fn bucket(&self) -> Result<Option<Bucket>, Stop> {
        let Some(address) = &self.attachments else {
            return Ok(None);
        };
        let held = |name: &str| {
            std::env::var(name).map_err(|_| {
                Stop::input(format!(
                    "attachments.no_key: {name} isn't set; it signs the requests to {address}"
                ))
            })
        };
        let credentials = Credentials {
            key: held("AWS_ACCESS_KEY_ID")?,
            secret: held("AWS_SECRET_ACCESS_KEY")?,
        };
        Bucket::at(address, credentials)
            .map(Some)
            .map_err(|why| Stop::input(format!("attachments.bad_address: {why}")))
    }

    /// An office here that works with this data.
    ///
    /// # Errors
    /// As for [`Place::bucket`].
    pub fn setup(&self, data: Data) -> Result<Setup, Stop> {
        Ok(Setup {
            attachments: self.bucket()?,
            state: self.state.clone(),
            database: self.database.clone(),
            data,
            clock: std::sync::Arc::new(jiff::Timestamp::now),
            passes: false,
            entropy: None,
        })
    }
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum OfficeCommand {
    /// Cases: take in, look at, act on, answer.
    Case {
        #[command(subcommand)]
        command: CaseCommand,
    },
    /// The disclosure log: preview, publish, take down, list, render.
    Log {
        #[command(subcommand)]
        command: LogCommand,
    },
    /// Writes everything but the secrets into a new folder, while others go on working.
    Backup {
        /// The folder; it must not exist yet.
        folder: PathBuf,
        #[command(flatten)]
        lock: store_command::Lock,
    },
    /// Puts a backup in place.
    Restore {
        /// The folder of the backup.
        folder: PathBuf,
        #[command(flatten)]
        lock: store_command::Lock,
        /// Replace the cases that are here.
        #[arg(long)]
        force: bool,
    },
    /// Checks that the record is what was recorded: the database, or an export with the public key alone.
    Verify {
        /// An export; the database when left out.
        #[arg(requires = "key")]
        export: Option<PathBuf>,
        /// The file of the public key; of the database, its own when left out.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Prints what the sealed part of an export says, for the Commissioner or the tribunal: with their key alone.
    Unseal {
        /// The sealed part, as `case export --for-tribunal` wrote it.
        part: PathBuf,
        /// The file with the key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Makes lists, plan of routine work and search index anew from the events.
    Rebuild,
    /// Takes in requests: .eml, .mbox, .txt and .jsonl files, and folders of them. What was taken in before is left alone.
    Import {
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Invents cases, for demonstrations and measurement.
    Seed {
        /// How many there should be.
        count: u64,
        /// Only their receipts and proposals.
        #[arg(long)]
        receipts_only: bool,
    },
    /// Routine work: mail, acknowledgements, reminders, overdue, publication, retention, checkpoints.
    Jobs {
        #[command(subcommand)]
        command: JobsCommand,
    },
}

impl OfficeCommand {
    /// Whether the authority's state is opened for it.
    pub fn needs_office(&self) -> bool {
        match self {
            Self::Log { command } => command.needs_office(),
            _ => true,
        }
    }
}

/// What to do about routine work.
#[derive(Subcommand, Debug)]
pub enum JobsCommand {
    /// Does what is due, and goes on doing so.
    Run(store_command::Jobs),
}

/// Runs one of them.
///
/// # Errors
/// What was given is wrong, a check found problems, or the store can't.
pub fn run(setup: Setup, command: OfficeCommand, out: &mut dyn Write) -> Result<(), Stop> {
    if let OfficeCommand::Verify {
        export: Some(export),
        key: Some(key),
    } = &command
    {
        return store_command::verify_file(export, key, out);
    }
    if let OfficeCommand::Unseal { part, key } = &command {
        return store_command::unseal(part, key, out);
    }
    runtime()?.block_on(async {
        let office = Office::open(setup).await?;
        let outcome = in_office(&office, command, out).await;
        office.close().await;
        outcome
    })
}

fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::input(format!("runtime.unusable: {error}")))
}

/// Everything that was published from a state folder: all of an office's public record, or where only the register is
/// kept here, its snapshots. `None` where there is neither; nothing is made.
///
/// # Errors
/// It can't be read.
pub fn public_record(
    place: &Place,
    data: impl Fn() -> Result<Data, Stop>,
) -> Result<Option<Vec<casework::public_record::PublishedEntry>>, Stop> {
    if place.database.is_none() && !place.state.join("candour.sqlite").exists() {
        let register = place.state.join(office::register::FOLDER);
        return if register.join("published").exists() {
            office::record::published_rows(&register).map(Some)
        } else {
            Ok(None)
        };
    }
    let setup = place.setup(data()?)?;
    runtime()?.block_on(async {
        let office = Office::open(setup).await?;
        let read = office.published_entries().await;
        office.close().await;
        match read {
            Ok((entries, _)) => Ok(Some(entries)),
            Err(stopped) => Err(crate::case_command::stopped(stopped)),
        }
    })
}

async fn in_office(
    office: &Office,
    command: OfficeCommand,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    match command {
        OfficeCommand::Case { command } => case_command::run(office, command, out).await,
        OfficeCommand::Log { command } => log_command::run(office, command, out).await,
        OfficeCommand::Backup { folder, lock } => {
            store_command::backup(office, &folder, &lock, out).await
        }
        OfficeCommand::Restore {
            folder,
            lock,
            force,
        } => store_command::restore(office, &folder, &lock, force, out).await,
        OfficeCommand::Verify { key, .. } => {
            store_command::verify(office, key.as_deref(), out).await
        }
        // Runs without the state.
        OfficeCommand::Unseal { .. } => Ok(()),
        OfficeCommand::Rebuild => store_command::rebuild(office, out).await,
        OfficeCommand::Import { paths } => store_command::import(office, &paths, out).await,
        OfficeCommand::Seed {
            count,
            receipts_only,
        } => store_command::seed(office, count, receipts_only, out).await,
        OfficeCommand::Jobs {
            command: JobsCommand::Run(jobs),
        } => store_command::jobs(office, &jobs, out).await,
    }
}
