//! `candour log`: the disclosure log, each publication a decision of its own.

use std::io::Write;
use std::path::{Path, PathBuf};

use casework::case::Case;
use casework::command::Command;
use casework::disclosure_log::{Choice, LogEntry, LogField};
use casework::event::{Publication, Reason};
use clap::Subcommand;
use jiff::civil::Date;
use letters::log::{self, LogSite};
use office::log::Preview;
use office::{Office, published};
use serde_json::json;
use store::Stopped;

use crate::case_command::{Format, Who, known, put, stopped};
use crate::fault::Stop;
use crate::output::write_all;
use crate::receipt;
use crate::record_command::advised;

/// What to do with the log.
#[derive(Subcommand, Debug)]
pub enum LogCommand {
    /// The entry that a case would have, and everything to look at before it is published. Changes nothing.
    Preview {
        /// The case's id or reference.
        case: String,
        #[command(flatten)]
        entry: EntryChoice,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Publishes it today, or on a later day.
    Publish {
        /// The case's id or reference.
        case: String,
        #[command(flatten)]
        entry: EntryChoice,
        #[command(flatten)]
        who: Who,
    },
    /// Takes it down; its address keeps the day and the reason.
    Unpublish {
        /// The case's id or reference.
        case: String,
        /// Why, in words for the public.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        who: Who,
    },
    /// Every entry: planned, published, taken down.
    List {
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Writes the public log: pages, feeds, table, site map, metadata.
    Render {
        /// The folder.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The log's address.
        #[arg(
            long,
            value_name = "URL",
            default_value = "https://www.example.gov.uk/disclosure-log"
        )]
        address: String,
        /// A log.json written before, instead of the office's cases.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// Replace what is in the folder.
        #[arg(long)]
        replace: bool,
    },
}

/// What a publisher chooses.
#[derive(clap::Args, Clone, Debug)]
pub struct EntryChoice {
    /// The title.
    #[arg(long)]
    title: String,
    /// What it is about, such as Highways; else the policy's row.
    #[arg(long, default_value = "")]
    category: String,
    /// The end of its address, as 2026/laptop-replacement; else made of the title.
    #[arg(long, default_value = "")]
    address: String,
    /// The day, as 2026-11-24; else today.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// What is known of the person who asked, to be taken out wherever it stands. May be given again.
    #[arg(long, value_name = "WORDS")]
    applicant: Vec<String>,
    /// Why it is published although it gives away what the policy protects, or makes an earlier refusal untenable.
    #[arg(long, value_name = "REASON")]
    despite: Option<String>,
}

impl EntryChoice {
    fn choice(&self, today: Date) -> Result<Choice, Stop> {
        Ok(Choice {
            title: self.title.clone(),
            category: self.category.clone(),
            address: self.address.clone(),
            published_on: self
                .on
                .as_deref()
                .map(|day| receipt::day(day, "log"))
                .transpose()?
                .unwrap_or(today),
        })
    }
}

impl LogCommand {
    /// Whether it is about the office's cases.
    pub fn needs_office(&self) -> bool {
        !matches!(self, Self::Render { from: Some(_), .. })
    }
}

/// Runs a command that is about the office's cases.
///
/// # Errors
/// [`Stop::Found`] when a preview has something to mend; what is refused or can't be read.
pub async fn run(office: &Office, command: LogCommand, out: &mut dyn Write) -> Result<(), Stop> {
    let today = office.today();
    match command {
        LogCommand::Preview {
            case,
            entry,
            format,
        } => {
            let case = known(office, &case).await?;
            let preview = preview(office, &case, &entry)?;
            show(office, &case, &preview, format, out).await?;
            if preview.findings.is_empty() {
                Ok(())
            } else {
                Err(Stop::Found)
            }
        }
        LogCommand::Publish { case, entry, who } => {
            let case = known(office, &case).await?;
            let preview = preview(office, &case, &entry)?;
            let publication = Publication {
                published_on: preview.entry.published_on,
                address: preview.entry.address.clone(),
                title: preview.entry.title.clone(),
                despite: entry.despite.clone(),
            };
            let later = publication.published_on > today;
            let command = if later {
                Command::PlanPublication(publication)
            } else {
                Command::Publish(publication)
            };
            office
                .act(&who.actor()?, &case.id, who.seen(), &command)
                .await
                .map_err(stopped)?;
            let when = if later {
                "to be published"
            } else {
                "published"
            };
            put(
                out,
                &format!(
                    "{}: {when} on {}, personal data taken out in {} places",
                    preview.entry.address,
                    preview.entry.published_on,
                    preview.findings.len()
                ),
            )
        }
        LogCommand::Unpublish { case, reason, who } => {
            let case = known(office, &case).await?;
            office
                .act(
                    &who.actor()?,
                    &case.id,
                    who.seen(),
                    &Command::Unpublish(Reason {
                        reason: reason.clone(),
                    }),
                )
                .await
                .map_err(stopped)?;
            put(out, "taken down; its address keeps the day and the reason")
        }
        LogCommand::List { format } => {
            let entries = entries(office).await?;
            if format == Format::Json {
                return put(out, &json!(entries).to_string());
            }
            for entry in &entries {
                let state = match &entry.removed {
                    Some(removal) => format!("taken down {}: {}", removal.on, removal.reason),
                    None if entry.published_on > today => format!("on {}", entry.published_on),
                    None => format!("published {}", entry.published_on),
                };
                put(
                    out,
                    &format!(
                        "{}  {}  {}  {state}",
                        entry.address, entry.reference, entry.title
                    ),
                )?;
            }
            put(out, &format!("{} entries", entries.len()))
        }
        LogCommand::Render {
            out: folder,
            address,
            replace,
            ..
        } => {
            let site = LogSite {
                authority: &office.bundle().policy.policy.authority,
                address: &address,
                today,
            };
            render(&site, &entries(office).await?, &folder, replace, out)
        }
    }
}

/// Renders a log that was written to a file.
///
/// # Errors
/// It can't be read, or the folder not written.
pub fn run_from_file(
    command: &LogCommand,
    authority: &str,
    today: Date,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let LogCommand::Render {
        out: folder,
        address,
        from: Some(from),
        replace,
    } = command
    else {
        return Ok(());
    };
    let site = LogSite {
        authority,
        address,
        today,
    };
    let entries = published::log(from).map_err(Stop::Input)?;
    render(&site, &entries, folder, *replace, out)
}

fn preview(office: &Office, case: &Case, entry: &EntryChoice) -> Result<Preview, Stop> {
    let applicant: Vec<&str> = entry.applicant.iter().map(String::as_str).collect();
    office
        .preview(case, &entry.choice(office.today())?, &applicant)
        .map_err(|problems| stopped(Stopped::Refused(problems)))
}

async fn entries(office: &Office) -> Result<Vec<LogEntry>, Stop> {
    office.log().await.map_err(|fault| stopped(fault.into()))
}

/// The entry, what was found in it, and what it would give away or make untenable.
async fn show(
    office: &Office,
    case: &Case,
    preview: &Preview,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let advice = office
        .before_publishing(case, &preview.entry)
        .await
        .map_err(stopped)?;
    if format == Format::Json {
        return put(
            out,
            &json!({"entry": preview.entry, "findings": preview.findings, "advice": advice})
                .to_string(),
        );
    }
    put(
        out,
        &format!(
            "{}\n{}  {}  on {}",
            preview.entry.title,
            preview.entry.address,
            preview.entry.category,
            preview.entry.published_on
        ),
    )?;
    for question in &preview.entry.questions {
        put(out, &format!("\n{}  {}", question.label, question.question))?;
        put(out, &format!("    {}", question.outcome.in_words()))?;
        for words in std::iter::once(&question.answer).chain(&question.reasons) {
            if !words.is_empty() {
                put(out, &format!("    {words}"))?;
            }
        }
    }
    put(out, "")?;
    for finding in &preview.findings {
        let place = match finding.field {
            LogField::Title => "title".to_owned(),
            LogField::Question(at) => format!("question {}", at.saturating_add(1)),
            LogField::Answer(at) | LogField::Reason(at, _) => {
                format!("answer {}", at.saturating_add(1))
            }
        };
        put(
            out,
            &format!("{}: {place}: {}", finding.code, finding.message),
        )?;
    }
    if !advice.is_empty() {
        advised(&preview.entry.published("disclosure-log"), &advice, out)?;
    }
    Ok(())
}

fn render(
    site: &LogSite<'_>,
    entries: &[LogEntry],
    folder: &Path,
    replace: bool,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let public: Vec<&LogEntry> = entries
        .iter()
        .filter(|entry| entry.published_on <= site.today)
        .collect();
    let table = log::csv(site, entries)
        .map_err(|error| Stop::input(format!("log.unwritable: log.csv: {error}")))?;
    let mut files: Vec<(String, Vec<u8>)> = vec![
        (
            "index.html".to_owned(),
            log::index(site, entries).into_bytes(),
        ),
        (
            "feed.atom".to_owned(),
            log::atom(site, entries).into_bytes(),
        ),
        (
            "feed.json".to_owned(),
            log::json_feed(site, entries).to_string().into_bytes(),
        ),
        ("log.csv".to_owned(), table),
        ("log.json".to_owned(), shown(&public)?),
        (
            "sitemap.xml".to_owned(),
            log::sitemap(site, entries).into_bytes(),
        ),
        (
            "catalogue.jsonld".to_owned(),
            log::catalogue(site, entries).to_string().into_bytes(),
        ),
    ];
    for entry in &public {
        if let Some(page) = log::page(site, entry) {
            files.push((
                format!("{}.html", entry.address.replace('/', "-")),
                page.into_bytes(),
            ));
        }
    }
    write_all(folder, &files, replace)?;
    put(
        out,
        &format!("{} entries in {}", public.len(), folder.display()),
    )
}

/// The log as data; of what was taken down only the tombstone.
fn shown(public: &[&LogEntry]) -> Result<Vec<u8>, Stop> {
    let entries: Vec<LogEntry> = public
        .iter()
        .map(|entry| {
            if entry.removed.is_some() {
                LogEntry {
                    questions: Vec::new(),
                    category: String::new(),
                    ..(*entry).clone()
                }
            } else {
                (*entry).clone()
            }
        })
        .collect();
    serde_json::to_vec_pretty(&entries)
        .map_err(|error| Stop::input(format!("log.unwritable: log.json: {error}")))
}
