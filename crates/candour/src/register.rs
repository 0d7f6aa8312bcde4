//! `candour register`: the contracts register read, checked, published and searched.

mod check_command;
mod import_command;
pub mod match_command;
mod publish_command;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::civil::Date;
use office::register::publish::Publication;
use office::register::{Register, Snapshot, State};

use crate::data::Data;
use crate::fault::Stop;
use crate::output::printed;

/// What to do with the register.
#[derive(Subcommand)]
pub enum RegisterCommand {
    /// Reads a register as councils keep them (CSV, XLSX) and shows every problem; keeps it with `--apply`.
    Import {
        /// The file.
        file: PathBuf,
        /// Keep the rows; without it nothing is written.
        #[arg(long)]
        apply: bool,
        /// What the columns mean, as TOML, instead of a guess.
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
        /// Writes what the columns were taken to mean, to be corrected and given as `--mapping`.
        #[arg(long, value_name = "FILE")]
        save_mapping: Option<PathBuf>,
        /// List notes too, not only errors and warnings.
        #[arg(long)]
        all: bool,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What the Transparency Code asks for and the register lacks, and what it must not give away.
    Check {
        /// A register's file; else the one that is kept.
        file: Option<PathBuf>,
        /// The day, as 2026-11-24; else today.
        #[arg(long, value_name = "DATE")]
        as_at: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Publishes the register that is kept as the snapshot of a quarter: page, CSV, JSON, XLSX, OCDS and feed.
    Publish {
        /// The quarter, as 2026-Q3.
        quarter: String,
        /// The authority's policy, which names it and the register's address.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        /// The address at which the folder `published` stands on the web; else that of the policy.
        #[arg(long)]
        url: Option<String>,
        /// The authority's own prefix from the Open Contracting Partnership; without it there is no OCDS file.
        #[arg(long, value_name = "PREFIX")]
        ocid_prefix: Option<String>,
        /// The day of publication, as 2026-11-24; else today.
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        /// Publish again a quarter that is published, and say why; the earlier snapshot stays.
        #[arg(long, value_name = "WHY")]
        correction: Option<String>,
        /// Publish although the check found personal data, because a person has looked at each.
        #[arg(long)]
        despite_findings: bool,
    },
    /// The rows that answer each question which the register should answer, best first, with reasons.
    Match {
        /// A request (.txt, .eml, …; `-` is standard input), or with `--question` the words of one question.
        request: String,
        /// Take the argument as one question.
        #[arg(long)]
        question: bool,
        /// A register's file (CSV, XLSX, or register.json of a published quarter); else the one that is kept.
        #[arg(long, value_name = "FILE")]
        register: Option<PathBuf>,
        /// The policy that says what the register answers.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a person.
    Text,
    /// One JSON object.
    Json,
}

/// The contracts of a register's file as councils keep them, CSV or XLSX; rows with problems are read as far as they go.
///
/// # Errors
/// The file can't be read, or no sheet of it is a register.
pub fn contracts(path: &Path, data: &Data) -> Result<Vec<casework::register::Contract>, Stop> {
    let layout = data.register_layout()?;
    Ok(import_command::read_file(path, &layout, None, None)?.contracts)
}

/// The register of a file, or the one that is kept in a folder.
///
/// # Errors
/// It can't be read, or no sheet of it is a register.
pub fn open(file: Option<&Path>, folder: &Path, data: &Data) -> Result<Register, Stop> {
    let state = State(folder);
    let thesaurus = data.register_thesaurus()?;
    let Some(file) = file else {
        return Ok(Register::new(
            state.kept()?.contracts,
            thesaurus,
            None,
            None,
        ));
    };
    if file
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        let name = file.display();
        let bytes = std::fs::read(file)
            .map_err(|error| Stop::input(format!("{name}: register.unreadable: {error}")))?;
        let snapshot: Snapshot = serde_json::from_slice(&bytes).map_err(|error| {
            Stop::input(format!("{name}: register.not_a_snapshot: {error}; give register.json of a published quarter, or CSV or XLSX"))
        })?;
        return Ok(Register::of_snapshot(snapshot, thesaurus));
    }
    let read = import_command::read_file(file, &data.register_layout()?, None, Some(&state))?;
    Ok(Register::new(read.contracts, thesaurus, None, None))
}

/// Runs the command; the register is kept in the folder `state`.
///
/// # Errors
/// Whatever the command finds or can't read.
pub fn run(
    command: RegisterCommand,
    state: &Path,
    data: &Data,
    today: Date,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    match command {
        RegisterCommand::Import {
            file,
            apply,
            mapping,
            save_mapping,
            all,
            format,
        } => import_command::run(
            &import_command::Task {
                file: &file,
                apply,
                mapping: mapping.as_deref(),
                save_mapping: save_mapping.as_deref(),
                all,
                format,
                state,
                today,
            },
            data,
            out,
        ),
        RegisterCommand::Check {
            file,
            as_at,
            format,
        } => {
            let as_at = as_at
                .as_deref()
                .map(|text| crate::receipt::day(text, "register"))
                .transpose()?
                .unwrap_or(today);
            check_command::run(file.as_deref(), state, as_at, format, data, out)
        }
        RegisterCommand::Publish {
            quarter,
            policy,
            url,
            ocid_prefix,
            on,
            correction,
            despite_findings,
        } => {
            let on = on
                .as_deref()
                .map(|text| crate::receipt::day(text, "register"))
                .transpose()?
                .unwrap_or(today);
            let loaded = data.policy(&policy, &data.statute()?, &data.vocabulary()?)?;
            publish_command::run(
                state,
                &Publication {
                    quarter: quarter
                        .parse()
                        .map_err(|error| Stop::input(format!("register.bad_quarter: {error}")))?,
                    policy: &loaded.policy,
                    url,
                    ocid_prefix,
                    on,
                    correction,
                    despite_findings,
                },
                out,
            )
        }
        RegisterCommand::Match {
            request,
            question,
            register,
            policy,
            format,
        } => match_command::run(
            &match_command::Task {
                request: &request,
                question,
                register: register.as_deref(),
                policy: &policy,
                format,
                state,
            },
            data,
            out,
        ),
    }
}
