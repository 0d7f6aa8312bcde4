//! Candour answers Freedom of Information requests well.
//!
//! The only crate that reads the clock, files and the environment.

mod answer;
mod case_command;
mod document;
mod lint_command;
mod policy_command;
mod serve_command;
mod store_command;
mod triage_command;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use jiff::civil::Date;

use office::{Office, Setup, data, fault, intake};

use crate::data::Data;
use crate::fault::Stop;

/// Answers Freedom of Information requests well: proposes, shows its evidence, and leaves the decision to a person.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// Law, policies, triage phrases and wording from this folder, file by file, instead of those that come with the program.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The folder that holds database, attachments, index and secrets; made when needed.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "candour-state"
    )]
    state: PathBuf,
    /// Another database, as postgres://user@host/name, instead of the one in the state folder.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The pages with an invented authority, its people and requests in every state; nothing is kept.
    Demo(serve_command::Listen),
    /// The pages for an authority: the officer's desk and the public's door.
    Serve(serve_command::Serving),
    /// The questions of each request, what the policy says of each, and the words that prove it.
    Triage {
        /// .txt, .eml, .mbox or .jsonl; `-` is standard input.
        #[arg(default_value = "-")]
        files: Vec<String>,
        /// A policy that comes with the program, or a file.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        #[arg(long, value_enum, default_value = "text")]
        format: triage_command::Format,
    },
    /// A draft reply as letter.txt, .html, .docx and .pdf, with decision.json.
    Answer {
        /// The request: .txt, .eml, or a .mbox or .jsonl with one; `-` is standard input.
        file: String,
        /// A policy that comes with the program, or a file.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        /// The day of receipt, as 2026-11-24; else the day the mail arrived, or today.
        #[arg(long, value_name = "DATE")]
        received: Option<String>,
        /// The authority's reference for the request.
        #[arg(long)]
        reference: Option<String>,
        /// The folder to write the draft to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Replace the files of an earlier draft.
        #[arg(long)]
        replace: bool,
    },
    /// What a refusal notice says and owes: each element of section 17 with its passage, and what to mend.
    Lint {
        /// .txt, .html, .docx, .pdf or .eml; or .jsonl of {"id","text"}; `-` is standard input.
        #[arg(default_value = "-")]
        notice: String,
        #[arg(long, value_enum, default_value = "text")]
        format: lint_command::Format,
        /// The day the request came in, as 2026-11-24, to see whether the notice is late.
        #[arg(long, value_name = "DATE")]
        received: Option<String>,
        /// The day the notice is given, where its text doesn't say.
        #[arg(long, value_name = "DATE")]
        issued: Option<String>,
    },
    /// Cases: take in, look at, act on, answer.
    Case {
        #[command(subcommand)]
        command: case_command::CaseCommand,
    },
    /// Writes everything but the secrets into a new folder, while others go on working.
    Backup {
        /// The folder; it must not exist yet.
        folder: PathBuf,
    },
    /// Puts a backup in place.
    Restore {
        /// The folder of the backup.
        folder: PathBuf,
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
    /// Routine work: acknowledgements, reminders, overdue, publication, retention, checkpoints.
    Jobs {
        #[command(subcommand)]
        command: JobsCommand,
    },
    /// Reads a PDF from standard input and prints its text; a process of its own for `lint`.
    #[command(name = document::PDF_SUBCOMMAND, hide = true)]
    ExtractPdf,
    /// Look at a policy: is it well formed, what is wrong with it, what its page says.
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
}

#[derive(Subcommand)]
enum JobsCommand {
    /// Does what is due, and goes on doing so.
    Run {
        /// Once, then end.
        #[arg(long)]
        once: bool,
        /// This node's name among those on the same database; made up when left out.
        #[arg(long, value_name = "NAME")]
        node: Option<String>,
    },
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Reads it and reports every mistake at once.
    Check {
        /// A policy that comes with the program, or a file.
        policy: String,
    },
    /// Its public page.
    Render {
        /// A policy that comes with the program, or a file.
        policy: String,
        #[arg(long, value_enum, default_value = "html")]
        format: policy_command::PageFormat,
    },
    /// What the Commissioner would find wrong with it.
    Audit {
        /// A policy that comes with the program, or a file.
        policy: String,
    },
    /// Runs its own examples.
    Test {
        /// A policy that comes with the program, or a file.
        policy: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if matches!(arguments.command, Command::ExtractPdf) {
        return if document::extract_pdf() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        };
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let outcome = run(arguments, &mut out);
    let flushed = out.flush();
    match outcome {
        Ok(()) if flushed.is_ok() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(2),
        Err(Stop::Found) => ExitCode::from(1),
        Err(Stop::Input(problems)) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments, out: &mut dyn Write) -> Result<(), Stop> {
    let data = Data::new(arguments.data.as_deref())?;
    let command = match arguments.command {
        Command::Demo(listen) => return serve_command::demo(&listen, out),
        Command::Serve(serving) => {
            let setup = Setup {
                state: arguments.state,
                database: arguments.database,
                data,
                clock: Arc::new(jiff::Timestamp::now),
            };
            return serve_command::serve(&serving, setup, out);
        }
        Command::Verify {
            export: Some(export),
            key: Some(key),
        } => return store_command::verify_file(&export, &key, out),
        command if needs_office(&command) => {
            let setup = Setup {
                state: arguments.state,
                database: arguments.database,
                data,
                clock: Arc::new(jiff::Timestamp::now),
            };
            return in_office(setup, command, out);
        }
        other => other,
    };
    let statute = data.statute()?;
    let vocabulary = data.vocabulary()?;
    match command {
        Command::Triage {
            files,
            policy,
            format,
        } => triage_command::run(
            &files,
            format,
            &vocabulary,
            &data.policy(&policy, &statute, &vocabulary)?,
            out,
        ),
        Command::Answer {
            file,
            policy,
            received,
            reference,
            out: folder,
            replace,
        } => {
            let today = today()?;
            let loaded = data.policy(&policy, &statute, &vocabulary)?;
            let given = received.as_deref().map(date).transpose()?;
            let request = intake::read_one(&file)?;
            let task = answer::Task {
                request: &request,
                loaded: &loaded,
                received_on: given.or(request.received_on).unwrap_or(today),
                today,
                reference,
                out: &folder,
                replace,
            };
            answer::run(&task, &data, &vocabulary, out, &mut std::io::stderr())
        }
        Command::Lint {
            notice,
            format,
            received,
            issued,
        } => {
            let known = casework::notice::Known {
                received_on: received.as_deref().map(date).transpose()?,
                issued_on: issued.as_deref().map(date).transpose()?,
            };
            lint_command::run(&notice, format, &known, &data, out)
        }
        // Run by `main` or in the office.
        Command::ExtractPdf
        | Command::Case { .. }
        | Command::Backup { .. }
        | Command::Restore { .. }
        | Command::Verify { .. }
        | Command::Rebuild
        | Command::Import { .. }
        | Command::Seed { .. }
        | Command::Jobs { .. } => Ok(()),
        Command::Policy { command } => match command {
            PolicyCommand::Check { policy } => {
                policy_command::check(&data.policy(&policy, &statute, &vocabulary)?, out)
            }
            PolicyCommand::Render { policy, format } => policy_command::page(
                &data.policy(&policy, &statute, &vocabulary)?.policy,
                format,
                out,
            ),
            PolicyCommand::Audit { policy } => policy_command::audit(
                &data.policy(&policy, &statute, &vocabulary)?.policy,
                today()?,
                out,
            ),
            PolicyCommand::Test { policy } => policy_command::test(
                &data.policy(&policy, &statute, &vocabulary)?.policy,
                &vocabulary,
                out,
            ),
        },
    }
}

fn needs_office(command: &Command) -> bool {
    matches!(
        command,
        Command::Case { .. }
            | Command::Backup { .. }
            | Command::Restore { .. }
            | Command::Verify { .. }
            | Command::Rebuild
            | Command::Import { .. }
            | Command::Seed { .. }
            | Command::Jobs { .. }
    )
}

fn in_office(setup: Setup, command: Command, out: &mut dyn Write) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::input(format!("runtime.unusable: {error}")))?;
    runtime.block_on(async {
        let office = Office::open(setup).await?;
        let outcome = match command {
            Command::Case { command } => case_command::run(&office, command, out).await,
            Command::Backup { folder } => store_command::backup(&office, &folder, out).await,
            Command::Restore { folder, force } => {
                store_command::restore(&office, &folder, force, out).await
            }
            Command::Verify { key, .. } => {
                store_command::verify(&office, key.as_deref(), out).await
            }
            Command::Rebuild => store_command::rebuild(&office, out).await,
            Command::Import { paths } => store_command::import(&office, &paths, out).await,
            Command::Seed {
                count,
                receipts_only,
            } => store_command::seed(&office, count, receipts_only, out).await,
            Command::Jobs {
                command: JobsCommand::Run { once, node },
            } => {
                let node = node.unwrap_or_else(|| format!("process-{}", std::process::id()));
                store_command::jobs(&office, once, &node, out).await
            }
            Command::Triage { .. }
            | Command::Answer { .. }
            | Command::Lint { .. }
            | Command::ExtractPdf
            | Command::Policy { .. } => Ok(()),
        };
        office.close().await;
        outcome
    })
}

/// Today in Europe/London, where every authority that Candour serves keeps its calendar.
fn today() -> Result<Date, Stop> {
    let london = jiff::tz::TimeZone::get("Europe/London")
        .map_err(|error| Stop::input(format!("clock.no_time_zone: {error}")))?;
    Ok(london.to_datetime(jiff::Timestamp::now()).date())
}

fn date(text: &str) -> Result<Date, Stop> {
    text.parse().map_err(|_| {
        Stop::input(format!(
            "answer.bad_date: `{text}` is not a date; write it as 2026-11-24"
        ))
    })
}
