//! Candour answers Freedom of Information requests well.
//!
//! The only crate that reads the clock, files and the environment.

mod answer;
mod calendar_command;
mod calendar_feed;
mod case_command;
mod compare_command;
mod cost_command;
mod data_command;
mod deadline_command;
mod document;
mod eval_command;
mod law_command;
mod lines;
mod lint_command;
mod log_command;
mod mail;
mod mail_in;
mod office_command;
mod open_cases;
mod output;
mod policy_command;
mod receipt;
mod record_command;
mod register;
mod serve_command;
mod store_command;
mod triage_command;
mod wrapped;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::civil::Date;

use office::{data, fault, intake};

use crate::data::Data;
use crate::fault::Stop;

/// Answers Freedom of Information requests well: proposes, shows its evidence, and leaves the decision to a person.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// Law, policies, triage phrases and wording from this folder, file by file, instead of those that come with the program.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    place: office_command::Place,
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
        /// Print every rule that spoke, where its words stand and what the confidence rests on.
        #[arg(long)]
        explain: bool,
    },
    /// How well triage does on labelled requests, and how far its stated confidence can be trusted.
    Eval {
        #[command(flatten)]
        task: eval_command::Task,
        /// A policy that comes with the program, or a file.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        /// Learn the weights of confidence from these requests and print data/triage/confidence.toml.
        #[arg(long)]
        calibrate: bool,
    },
    /// Look at the data files: law, policies, phrases, wording.
    Data {
        #[command(subcommand)]
        command: DataCommand,
    },
    /// A draft reply as letter.txt, .html, .docx and .pdf, with decision.json.
    Answer {
        /// The request: .txt, .eml, or a .mbox or .jsonl with one; `-` is standard input.
        file: String,
        /// A policy that comes with the program, or a file.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        /// The day of receipt, as 2026-11-24 or with its time and zone as 2026-06-15T23:30:00Z; else the day the mail
        /// arrived, or today.
        #[arg(long, value_name = "DATE")]
        received: Option<String>,
        /// The authority's reference for the request.
        #[arg(long)]
        reference: Option<String>,
        /// A contracts register (CSV, XLSX, or register.json of a published quarter) whose rows the letter quotes, FOIA s.21.
        #[arg(long, value_name = "FILE")]
        register: Option<PathBuf>,
        /// The folder to write the draft to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Replace the files of an earlier draft.
        #[arg(long)]
        replace: bool,
    },
    /// What is due on which day, with every day from receipt and why it counts or not.
    Deadline(DeadlineArguments),
    /// Look at bank holiday data: is it sound, which deadlines does a newer version move.
    Calendar {
        #[command(subcommand)]
        command: CalendarCommand,
    },
    /// What answering would cost, whether that exceeds the limit, and the most questions that would fit.
    Cost {
        /// Estimates as .toml or .json; `-` is standard input.
        file: String,
        /// Whose limit: other, or central-government; else what the file says, or other.
        #[arg(long, value_name = "KIND")]
        authority_kind: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: cost_command::Format,
    },
    /// A provision: what it protects or asks for, the tests it needs, who decides, and where it stands.
    Law {
        /// A provision such as "FOIA s.31(1)(a)", or a word such as crime; without it, the list of all.
        provision: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: law_command::Format,
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
    #[command(flatten)]
    Office(office_command::OfficeCommand),
    /// What is already public, held against a request, a policy, or what is about to be published.
    Record {
        #[command(subcommand)]
        command: record_command::RecordCommand,
    },
    /// Reads a PDF from standard input and prints its text; a process of its own for `lint`.
    #[command(name = document::PDF_SUBCOMMAND, hide = true)]
    ExtractPdf,
    /// The contracts register: read it, check it, publish it, find the rows that answer a request.
    Register {
        #[command(subcommand)]
        command: register::RegisterCommand,
    },
    /// Look at a policy: is it well formed, what is wrong with it, what its page says.
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
}

#[derive(clap::Args)]
struct DeadlineArguments {
    /// The day of receipt, as 2026-11-24, or with its time and zone as 2026-06-15T23:30:00Z, which is read as at London.
    #[arg(required_unless_present_any = ["received_option", "cases"])]
    received: Option<String>,
    /// The same as an option.
    #[arg(
        long = "received",
        value_name = "DATE",
        conflicts_with = "received",
        id = "received_option"
    )]
    received_option: Option<String>,
    /// What happened, as "KIND DATE [key=value …]"; once for each event. The kinds are clarification-sought,
    /// clarification-received, fees-notice, fee-paid, public-interest-extension, more-time, longer-time-agreed,
    /// answered, review-asked, review-extended and review-answered; the keys are questions, needed, reason, exemption,
    /// engaged, opinion and until.
    #[arg(long = "event", value_name = "EVENT")]
    events: Vec<String>,
    /// The labels of all questions of the request, with commas: "1, 2(a), 2(b)".
    #[arg(long, value_name = "LABELS")]
    questions: Option<String>,
    /// foia, eir or foisa.
    #[arg(long, default_value = "foia")]
    regime: String,
    /// Whose time limit, where it isn't the usual one: schools, academies, archives, armed-forces, overseas.
    #[arg(long, value_name = "KIND")]
    authority_kind: Option<String>,
    /// A period without school, as 2026-12-21..2027-01-01, both days included; once for each.
    #[arg(long, value_name = "FROM..TO")]
    no_school: Vec<String>,
    /// The authority's reference for the request.
    #[arg(long)]
    reference: Option<String>,
    /// Many cases at once: a .csv or .jsonl file with reference, received, events, questions, no_school, regime and
    /// authority_kind.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["received", "received_option", "events", "questions", "authority_kind", "no_school", "reference"])]
    cases: Option<String>,
    #[arg(long, value_enum, default_value = "text")]
    format: deadline_command::Format,
}

#[derive(Subcommand)]
enum CalendarCommand {
    /// Reads it, reports every mistake at once, and what looks wrong with it.
    Check {
        /// A bank-holidays.csv; `current` is the one in use.
        #[arg(default_value = "current")]
        file: String,
        #[arg(long, value_enum, default_value = "text")]
        format: calendar_command::Format,
    },
    /// Which bank holidays a newer version adds or takes away, and which deadlines that moves.
    Compare {
        /// The older bank-holidays.csv; `current` is the one in use.
        old: String,
        /// The newer one.
        new: String,
        /// The open cases: .csv or .jsonl with reference, received, events, questions, no_school, regime and
        /// authority_kind.
        #[arg(long, value_name = "FILE")]
        open_cases: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: calendar_command::Format,
    },
}

#[derive(Subcommand)]
enum DataCommand {
    /// Reads them all and reports every mistake at once; phrases that stand twice, are hidden or fail their examples too.
    Check {
        /// Requests, to list the phrases that speak in none of them.
        #[arg(long, value_name = "FILE")]
        corpus: Vec<String>,
    },
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Whose proposals would change if another policy took its place.
    Compare {
        #[command(flatten)]
        task: compare_command::Task,
    },
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
            let setup = arguments.place.setup(data)?;
            return serve_command::serve(&serving, setup, out);
        }
        Command::Data {
            command: DataCommand::Check { corpus },
        } => return data_command::check(&data, &corpus, out),
        Command::Office(command) if command.needs_office() => {
            let setup = arguments.place.setup(data)?;
            return office_command::run(setup, command, out);
        }
        Command::Register { command } => {
            let folder = arguments.place.state.join("register");
            return register::run(command, &folder, &data, today()?, out);
        }
        other => other,
    };
    let statute = data.statute()?;
    match command {
        Command::Triage {
            files,
            policy,
            format,
            explain,
        } => {
            let vocabulary = data.vocabulary()?;
            let loaded = data.policy(&policy, &statute, &vocabulary)?;
            triage_command::run(&files, format, explain, &vocabulary, &loaded, out)
        }
        Command::Eval {
            task,
            policy,
            calibrate,
        } => {
            let vocabulary = data.vocabulary()?;
            let policy = data.policy(&policy, &statute, &vocabulary)?.policy;
            if calibrate {
                eval_command::calibrate(&task, &vocabulary, &policy, out, &mut std::io::stderr())
            } else {
                eval_command::run(&task, &vocabulary, &policy, out)
            }
        }
        Command::Answer {
            file,
            policy,
            received,
            reference,
            register,
            out: folder,
            replace,
        } => {
            let today = today()?;
            let vocabulary = data.vocabulary()?;
            let loaded = data.policy(&policy, &statute, &vocabulary)?;
            let given = received
                .as_deref()
                .map(|text| receipt::day(text, "answer"))
                .transpose()?;
            let request = intake::read_one(&file)?;
            let register = register
                .map(|file| {
                    let state = arguments.place.state.join("register");
                    register::open(Some(&file), &state, &data)
                })
                .transpose()?;
            let task = answer::Task {
                request: &request,
                loaded: &loaded,
                received_on: given.or(request.received_on).unwrap_or(today),
                today,
                reference,
                register: register.as_ref(),
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
                received_on: received
                    .as_deref()
                    .map(|text| receipt::day(text, "lint"))
                    .transpose()?,
                issued_on: issued
                    .as_deref()
                    .map(|text| receipt::day(text, "lint"))
                    .transpose()?,
                due_on: None,
            };
            lint_command::run(&notice, format, &known, &data, out)
        }
        Command::Office(office_command::OfficeCommand::Log { command }) => {
            let vocabulary = data.vocabulary()?;
            let authority = data.authority()?;
            let policy = data.policy(&authority.policy, &statute, &vocabulary)?;
            log_command::run_from_file(&command, &policy.policy.authority, today()?, out)
        }
        Command::Record { command } => {
            let vocabulary = data.vocabulary()?;
            let own = || {
                office_command::public_record(&arguments.place, || {
                    Data::new(arguments.data.as_deref())
                })
            };
            record_command::run(&command, &data, &vocabulary, &statute, today()?, &own, out)
        }
        Command::Deadline(asked) => {
            let question = deadline_command::Question {
                received: asked
                    .received
                    .as_deref()
                    .or(asked.received_option.as_deref()),
                events: &asked.events,
                questions: asked.questions.as_deref(),
                regime: &asked.regime,
                authority_kind: asked.authority_kind.as_deref(),
                no_school: &asked.no_school,
                reference: asked.reference.as_deref(),
                cases: asked.cases.as_deref(),
            };
            deadline_command::run(&question, asked.format, &data, out)
        }
        Command::Calendar { command } => match command {
            CalendarCommand::Check { file, format } => {
                calendar_command::check(&file, format, &data, today()?, out)
            }
            CalendarCommand::Compare {
                old,
                new,
                open_cases,
                format,
            } => calendar_command::compare(&old, &new, open_cases.as_deref(), format, &data, out),
        },
        Command::Cost {
            file,
            authority_kind,
            format,
        } => cost_command::run(
            &file,
            authority_kind.as_deref(),
            format,
            &data,
            today()?,
            out,
        ),
        Command::Law { provision, format } => {
            law_command::run(provision.as_deref(), format, &data, out)
        }
        // Run above, or by `main` past `out`.
        Command::ExtractPdf
        | Command::Data { .. }
        | Command::Office(_)
        | Command::Demo(_)
        | Command::Serve(_)
        | Command::Register { .. } => Ok(()),
        Command::Policy { command } => {
            let vocabulary = data.vocabulary()?;
            let load = |policy: &str| data.policy(policy, &statute, &vocabulary);
            match command {
                PolicyCommand::Compare { task } => {
                    compare_command::run(&task, &data, &statute, &vocabulary, out)
                }
                PolicyCommand::Check { policy } => policy_command::check(&load(&policy)?, out),
                PolicyCommand::Render { policy, format } => {
                    policy_command::page(&load(&policy)?.policy, format, out)
                }
                PolicyCommand::Audit { policy } => {
                    policy_command::audit(&load(&policy)?.policy, today()?, out)
                }
                PolicyCommand::Test { policy } => {
                    policy_command::test(&load(&policy)?.policy, &vocabulary, out)
                }
            }
        }
    }
}

/// Today in Europe/London, where every authority that Candour serves keeps its calendar.
fn today() -> Result<Date, Stop> {
    Ok(receipt::london()?
        .to_datetime(jiff::Timestamp::now())
        .date())
}
