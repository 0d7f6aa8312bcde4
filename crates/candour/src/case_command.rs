//! `candour case`: cases from the command line.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use casework::case::Case;
use casework::command::Command;
use casework::event::{CaseId, Channel, QuestionId};
use casework::role::{Actor, Role};
use clap::{Args, Subcommand, ValueEnum};
use office::{Letter, Office, QueueFilter, Stopped, Summary};
use serde_json::{Value, json};
use store::stances::OnTopic;

use crate::fault::Stop;
use crate::intake;
use crate::output::write_all;
use crate::store_command::key_of;
use crate::triage_command::shortened;

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person.
    Text,
    /// JSON.
    Json,
}

/// Who acts.
#[derive(Args, Clone, Debug)]
pub struct Who {
    /// The account of whoever acts; it goes into the record.
    #[arg(long, value_name = "ACCOUNT")]
    by: String,
    /// The role in which they act, such as information-officer or approver.
    #[arg(
        long = "as",
        value_name = "ROLE",
        default_value = "information-officer"
    )]
    role: String,
    /// The number of the last event that they have seen; if there are later ones, nothing is changed.
    #[arg(long, value_name = "NUMBER")]
    seen: Option<u64>,
}

impl Who {
    /// The number of the last event that they have seen.
    pub fn seen(&self) -> Option<u64> {
        self.seen
    }

    /// The account and role.
    ///
    /// # Errors
    /// There is no such role.
    pub fn actor(&self) -> Result<Actor, Stop> {
        let role = Role::of_spelling(&self.role.replace('-', "_")).ok_or_else(|| {
            let known: Vec<String> = Role::ALL
                .iter()
                .map(|role| role.spelling().replace('_', "-"))
                .collect();
            Stop::input(format!(
                "case.unknown_role: no role `{}`; use one of {}",
                self.role,
                known.join(", ")
            ))
        })?;
        Ok(Actor {
            id: self.by.clone(),
            role,
        })
    }
}

/// What to do with cases.
#[derive(Subcommand, Debug)]
pub enum CaseCommand {
    /// Takes in a request from a file; the same file twice makes one case.
    New {
        /// .txt or .eml, or a .mbox or .jsonl with one request; `-` is standard input.
        file: String,
        /// The day of receipt, as 2026-11-24; else the day the mail arrived, or today.
        #[arg(long, value_name = "DATE")]
        received: Option<String>,
        /// How it came.
        #[arg(long, value_enum, default_value = "email")]
        channel: How,
    },
    /// A case: where it stands, its questions, what is decided.
    Show {
        /// Its reference or id.
        case: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What happened on a case.
    History {
        /// Its reference or id.
        case: String,
    },
    /// Open cases by due date.
    List {
        /// Closed cases instead.
        #[arg(long)]
        closed: bool,
        /// Only those of this officer.
        #[arg(long, value_name = "ACCOUNT", conflicts_with = "waiting_for")]
        owner: Option<String>,
        /// Only those that wait for: applicant, officer, area, approver, commissioner, tribunal.
        #[arg(long, value_name = "WHOM")]
        waiting_for: Option<String>,
        /// Go on where the last page ended.
        #[arg(long, value_name = "PLACE")]
        after: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u64,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Cases with any of these words, best first.
    Search {
        /// The words, or a reference.
        words: Vec<String>,
        /// Only cases that stand so: open, awaiting_clarification, issued, closed, …
        #[arg(long, value_name = "STATE")]
        standing: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Requests like this one, with the matching questions side by side.
    Similar {
        /// Its reference or id.
        case: String,
        /// At most so many.
        #[arg(long, default_value_t = 5)]
        limit: usize,
    },
    /// Does what a file of JSON says: {"command": "assign_owner", "with": {"officer": "ben"}}.
    Act {
        /// The case's reference or id.
        case: String,
        /// The file; `-` is standard input.
        file: String,
        #[command(flatten)]
        who: Who,
    },
    /// Decides a question.
    Decide {
        /// The case's reference or id.
        case: String,
        /// The question's label or id, such as 2(a) or q2.
        question: String,
        /// The answer in words. Says that the duty to confirm or deny applies, too.
        #[arg(
            long,
            conflicts_with = "decision",
            required_unless_present = "decision"
        )]
        answer: Option<String>,
        /// A file with the decision as JSON; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        decision: Option<String>,
        /// Why it departs from what triage proposed.
        #[arg(long, value_name = "WHY")]
        because: Option<String>,
        #[command(flatten)]
        who: Who,
    },
    /// The letter as it would go today, and what is wrong with it; with --by it is recorded as the draft.
    Letter {
        /// The case's reference or id.
        case: String,
        /// Write its forms to this folder.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Replace the files of an earlier letter.
        #[arg(long)]
        replace: bool,
        /// Record it as the draft, as this account.
        #[arg(long, value_name = "ACCOUNT")]
        by: Option<String>,
        /// Why a warning stays, as CODE=REASON; may be given several times.
        #[arg(long, value_name = "CODE=REASON")]
        keep: Vec<String>,
    },
    /// Issues the approved letter.
    Issue {
        /// The case's reference or id.
        case: String,
        /// Write its forms to this folder.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Replace the files of an earlier letter.
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        who: Who,
    },
    /// The topics on which it was decided whether to confirm or deny, each with the ways taken and where they contradict.
    Topics {
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// A case, or every case, as an export that `candour verify` checks offline with the public key alone.
    Export {
        /// The case's reference or id; every case when left out.
        case: Option<String>,
        #[command(flatten)]
        sealed: SealedPart,
    },
}

/// What the searches found, for the Commissioner or the tribunal: a file of its own, which opens only with their key. Every
/// opening is recorded, and the export has it.
#[derive(Args, Clone, Debug)]
pub struct SealedPart {
    /// Write what the searches found to this file, locked with the tribunal's or the Commissioner's key; only while the
    /// case is with them. `candour unseal` reads it.
    #[arg(long, value_name = "FILE", requires_all = ["case", "key", "by", "because"])]
    for_tribunal: Option<PathBuf>,
    /// The file with their key, a line of 64 hexadecimal digits.
    #[arg(long, value_name = "FILE", requires = "for_tribunal")]
    key: Option<PathBuf>,
    /// The account of whoever opens it.
    #[arg(long, value_name = "ACCOUNT", requires = "for_tribunal")]
    by: Option<String>,
    /// Why; it is recorded.
    #[arg(long, value_name = "WHY", requires = "for_tribunal")]
    because: Option<String>,
}

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum How {
    /// By e-mail.
    Email,
    /// By the public form.
    Form,
    /// By post.
    Post,
}

/// Runs one of them.
///
/// # Errors
/// What was given is wrong, what was asked is not allowed, or the store can't.
pub async fn run(office: &Office, command: CaseCommand, out: &mut dyn Write) -> Result<(), Stop> {
    match command {
        CaseCommand::New {
            file,
            received,
            channel,
        } => new(office, &file, received.as_deref(), channel, out).await,
        CaseCommand::Show { case, format } => {
            let case = known(office, &case).await?;
            match format {
                Format::Text => show(office, &case, out),
                Format::Json => put(out, &format!("{:#}", object(&case))),
            }
        }
        CaseCommand::History { case } => history(office, &case, out).await,
        CaseCommand::List {
            closed,
            owner,
            waiting_for,
            after,
            limit,
            format,
        } => {
            let filter = match (owner, waiting_for) {
                (Some(owner), _) => QueueFilter::Owner(owner),
                (None, Some(whom)) => QueueFilter::WaitingFor(whom),
                (None, None) => QueueFilter::All,
            };
            let after = after
                .map(|place| {
                    place.parse().map_err(|()| {
                        Stop::input(format!(
                            "case.bad_place: `{place}` is no place in a list; copy it from the last line of the page before"
                        ))
                    })
                })
                .transpose()?;
            let rows = office
                .queue(&filter, !closed, after.as_ref(), limit)
                .await
                .map_err(|fault| stopped(fault.into()))?;
            list(&rows, limit, format, out)
        }
        CaseCommand::Search {
            words,
            standing,
            limit,
        } => {
            office.follow().await.map_err(trouble)?;
            let filter = search::Filter {
                state: standing,
                ..search::Filter::default()
            };
            let found = office
                .search(&words.join(" "), &filter, limit)
                .await
                .map_err(trouble)?;
            for hit in found {
                put(out, &line(&hit.summary))?;
            }
            Ok(())
        }
        CaseCommand::Similar { case, limit } => similar(office, &case, limit, out).await,
        CaseCommand::Act { case, file, who } => {
            let id = known(office, &case).await?.id;
            let json: Value = json_of(&file)?;
            let command = office.command(json).map_err(|problem| {
                Stop::input(format!("{file}: {}: {}", problem.code, problem.message))
            })?;
            act(office, &id, &who, &command, out).await
        }
        CaseCommand::Decide {
            case,
            question,
            answer,
            decision,
            because,
            who,
        } => {
            let case = known(office, &case).await?;
            let question = question_of(&case, &question)?;
            let decision = match (answer, decision) {
                (Some(words), _) => json!({"answer": {"answer": {"filled": words}}}),
                (None, Some(file)) => json_of(&file)?,
                (None, None) => Value::Null,
            };
            let answers = decision.get("answer").is_some() || decision == json!("not_held");
            decide(
                office, &case, &question, decision, answers, because, &who, out,
            )
            .await
        }
        CaseCommand::Letter {
            case,
            out: folder,
            replace,
            by,
            keep,
        } => {
            let id = known(office, &case).await?.id;
            let letter = match by {
                None => office.letter(&id).await.map_err(stopped)?,
                Some(by) => {
                    let actor = Actor {
                        id: by,
                        role: Role::InformationOfficer,
                    };
                    let kept = reasons(&keep)?;
                    let (done, letter) = office
                        .compose_draft(&actor, &id, None, &kept)
                        .await
                        .map_err(stopped)?;
                    put(out, &format!("recorded as event {}", done.seq))?;
                    letter
                }
            };
            letter_report(&letter, out)?;
            write_letter(&letter, folder.as_deref(), replace)?;
            if letter.errors().is_empty() {
                Ok(())
            } else {
                Err(Stop::Found)
            }
        }
        CaseCommand::Issue {
            case,
            out: folder,
            replace,
            who,
        } => {
            let id = known(office, &case).await?.id;
            let (done, letter) = office
                .issue(&who.actor()?, &id, who.seen)
                .await
                .map_err(stopped)?;
            put(out, &format!("issued, event {}", done.seq))?;
            write_letter(&letter, folder.as_deref(), replace)
        }
        CaseCommand::Topics { format } => topics(office, format, out).await,
        CaseCommand::Export { case, sealed } => {
            let case = match case {
                Some(case) => Some(known(office, &case).await?),
                None => None,
            };
            if let Some(case) = &case {
                sealed_part(office, case, sealed).await?;
            }
            let id = case.map(|case| case.id);
            let export = office
                .store()
                .export(id.as_ref())
                .await
                .map_err(|fault| stopped(fault.into()))?;
            out.write_all(export.as_bytes()).map_err(unwritable)
        }
    }
}

/// Writes what the searches found into a file that the tribunal's key opens, where one is asked for.
async fn sealed_part(office: &Office, case: &Case, asked: SealedPart) -> Result<(), Stop> {
    let SealedPart {
        for_tribunal: Some(file),
        key: Some(key),
        by: Some(by),
        because: Some(because),
    } = asked
    else {
        return Ok(());
    };
    let by = Actor {
        id: by,
        role: Role::InformationOfficer,
    };
    let key = key_of(&key)?;
    let part = office
        .sealed_part(&by, case, &because, &key)
        .await
        .map_err(stopped)?;
    // Never over a file that is there: it may be an earlier part.
    std::fs::File::create_new(&file)
        .and_then(|mut new| new.write_all(&part))
        .map_err(|error| Stop::input(format!("{}: output.unwritable: {error}", file.display())))
}

/// Prints the register of topics; a topic that was both refused and answered contradicts itself.
async fn topics(office: &Office, format: Format, out: &mut dyn Write) -> Result<(), Stop> {
    let taken = office
        .store()
        .topics()
        .await
        .map_err(|fault| stopped(fault.into()))?;
    let topics = OnTopic::of(taken);
    if format == Format::Json {
        let list: Vec<Value> = topics
            .iter()
            .flat_map(|on| on.ways.iter().map(move |taken| (on, taken)))
            .map(|(on, taken)| {
                json!({"topic": taken.topic, "way": taken.way, "times": taken.times, "first_on": taken.first_on,
                    "last_on": taken.last_on, "contradicts": on.went_both_ways()})
            })
            .collect();
        return put(out, &Value::Array(list).to_string());
    }
    for on in &topics {
        let mark = if on.went_both_ways() {
            "  both ways: decide which"
        } else {
            ""
        };
        put(out, &format!("{}{mark}", on.topic.words()))?;
        for taken in &on.ways {
            put(
                out,
                &format!(
                    "    {}: {}, {} to {}",
                    taken.way.words(),
                    taken.times,
                    taken.first_on,
                    taken.last_on
                ),
            )?;
        }
    }
    Ok(())
}

async fn new(
    office: &Office,
    file: &str,
    received: Option<&str>,
    channel: How,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let mut request = intake::read_one(file)?;
    if let Some(day) = received {
        request.received_on = Some(crate::receipt::day(day, "case")?);
        request.received_at = None;
    }
    let channel = match channel {
        How::Email => Channel::Email,
        How::Form => Channel::Form,
        How::Post => Channel::Post,
    };
    let taken = office
        .take_in_file(&Actor::candour(), channel, &request)
        .await
        .map_err(stopped)?;
    let note = if taken.before {
        " (taken in before)"
    } else {
        ""
    };
    put(out, &format!("{} {}{note}", taken.reference, taken.case.0))
}

async fn act(
    office: &Office,
    id: &CaseId,
    who: &Who,
    command: &Command,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let done = office
        .act(&who.actor()?, id, who.seen, command)
        .await
        .map_err(stopped)?;
    put(
        out,
        &format!("{}, event {}", command.kind().name(), done.seq),
    )
}

#[expect(
    clippy::too_many_arguments,
    reason = "one place calls it, and each is a word of the command line"
)]
async fn decide(
    office: &Office,
    case: &Case,
    question: &QuestionId,
    decision: Value,
    answers: bool,
    because: Option<String>,
    who: &Who,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let mut commands = Vec::new();
    let undecided = case
        .question(question)
        .is_some_and(|state| state.confirm_or_deny.is_none());
    if answers && undecided {
        commands.push(json!({"command": "decide_confirm_or_deny", "with": {
            "question": question, "wish": "duty_applies", "reason_although_excessive": null}}));
    }
    commands.push(json!({"command": "decide", "with": {
        "question": question, "decision": decision, "departs_because": because}}));
    let mut who = who.clone();
    for json in commands {
        let command = office
            .command(json)
            .map_err(|problem| Stop::input(format!("{}: {}", problem.code, problem.message)))?;
        act(office, &case.id, &who, &command, out).await?;
        who.seen = who.seen.map(|seen| seen.saturating_add(1));
    }
    Ok(())
}

fn question_of(case: &Case, named: &str) -> Result<QuestionId, Stop> {
    case.questions
        .iter()
        .find(|state| state.question.label == named || state.question.id.0 == named)
        .map(|state| state.question.id.clone())
        .ok_or_else(|| {
            let known: Vec<&str> = case
                .questions
                .iter()
                .map(|state| state.question.label.as_str())
                .collect();
            Stop::input(format!(
                "question.unknown: this case has no question `{named}`; it has {}",
                known.join(", ")
            ))
        })
}

fn reasons(keep: &[String]) -> Result<BTreeMap<String, String>, Stop> {
    keep.iter()
        .map(|pair| {
            pair.split_once('=')
                .map(|(code, reason)| (code.to_owned(), reason.to_owned()))
                .ok_or_else(|| Stop::input(format!("case.bad_reason: `{pair}` isn't CODE=REASON")))
        })
        .collect()
}

fn letter_report(letter: &Letter, out: &mut dyn Write) -> Result<(), Stop> {
    put(out, &format!("letter {}", letter.identity))?;
    for finding in &letter.findings {
        put(
            out,
            &format!(
                "{}: {}: {}",
                finding.severity, finding.code, finding.message
            ),
        )?;
    }
    Ok(())
}

fn write_letter(letter: &Letter, folder: Option<&Path>, replace: bool) -> Result<(), Stop> {
    let Some(folder) = folder else {
        return Ok(());
    };
    let files: Vec<_> = letter
        .files()
        .map_err(|problem| Stop::input(format!("{}: {}", problem.code, problem.message)))?
        .into_iter()
        .map(|file| (file.name, file.bytes))
        .collect();
    write_all(folder, &files, replace)
}

async fn history(office: &Office, case: &str, out: &mut dyn Write) -> Result<(), Stop> {
    let id = match office
        .store()
        .find(case)
        .await
        .map_err(|fault| stopped(fault.into()))?
    {
        Some(row) => CaseId(row.case_id),
        None => return Err(stopped(Stopped::NotFound(case.to_owned()))),
    };
    let events = office
        .history(&id)
        .await
        .map_err(|fault| stopped(fault.into()))?;
    for event in events {
        put(
            out,
            &format!(
                "{:>4}  {}  {} ({})  {}",
                event.seq,
                event.at,
                event.actor,
                event.role.replace('_', " "),
                event.kind.replace('_', " ")
            ),
        )?;
    }
    Ok(())
}

async fn similar(
    office: &Office,
    case: &str,
    limit: usize,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    office.follow().await.map_err(trouble)?;
    let case = known(office, case).await?;
    for found in office.similar(&case, limit).await.map_err(trouble)? {
        let how = if found.near_duplicate {
            "nearly the same: "
        } else {
            ""
        };
        put(out, &format!("{how}{}", line(&found.summary)))?;
        for pair in found.questions {
            put(
                out,
                &format!(
                    "    {:>3.0}%  {}\n          {}",
                    pair.shared * 100.0,
                    shortened(&pair.asked),
                    shortened(&pair.found)
                ),
            )?;
        }
    }
    Ok(())
}

fn list(rows: &[Summary], limit: u64, format: Format, out: &mut dyn Write) -> Result<(), Stop> {
    match format {
        Format::Text => {
            for row in rows {
                put(out, &line(row))?;
            }
            match rows.last() {
                Some(last) if rows.len() as u64 == limit => {
                    put(out, &format!("more: --after {}", last.cursor()))
                }
                _ => Ok(()),
            }
        }
        Format::Json => {
            let rows: Vec<Value> = rows
                .iter()
                .map(|row| {
                    json!({"id": row.case_id, "reference": row.reference, "subject": row.subject, "state": row.state,
                        "waiting_for": row.waiting_for, "owner": row.owner, "received_on": row.received_on,
                        "due_on": row.due_on, "questions": row.questions, "outcome": row.outcome, "seq": row.seq,
                        "after": row.cursor().to_string()})
                })
                .collect();
            put(out, &format!("{:#}", Value::Array(rows)))
        }
    }
}

fn line(row: &Summary) -> String {
    format!(
        "{:<16} {:<10}  {:<22} {:<12} {}",
        row.reference,
        row.due_on.as_deref().unwrap_or("-"),
        row.state.replace('_', " "),
        row.waiting_for,
        shortened(&row.subject)
    )
}

fn show(office: &Office, case: &Case, out: &mut dyn Write) -> Result<(), Stop> {
    let day = |day: jiff::civil::Date| day.strftime("%A %-d %B %Y").to_string();
    put(
        out,
        &format!("{}  {}", case.receipt.reference, case.receipt.subject),
    )?;
    put(out, &format!("Id        {}", case.id.0))?;
    put(
        out,
        &format!("State     {}, {} events", case.state.name(), case.seq),
    )?;
    put(out, &format!("Received  {}", day(case.receipt.received_on)))?;
    if let Some(due_on) = case.next_due_on() {
        let late = if case.is_overdue(office.today()) {
            ", overdue"
        } else {
            ""
        };
        put(out, &format!("Due       {}{late}", day(due_on)))?;
    }
    if let Some(owner) = case.in_hands_of() {
        put(out, &format!("Owner     {owner}"))?;
    }
    put(out, "")?;
    for state in &case.questions {
        let proposal = state
            .question
            .proposal
            .as_ref()
            .map_or("", |proposal| proposal.kind.as_str());
        let decided = match state.decision.as_ref() {
            None => "undecided".to_owned(),
            Some(made) => serde_json::to_value(&made.decision)
                .ok()
                .and_then(|json| match json {
                    Value::String(kind) => Some(kind),
                    Value::Object(object) => object.keys().next().cloned(),
                    _ => None,
                })
                .unwrap_or_default()
                .replace('_', " "),
        };
        put(
            out,
            &format!(
                "{:<6} {:<10} {:<30} {}",
                state.question.label,
                proposal,
                decided,
                shortened(&state.question.text)
            ),
        )?;
    }
    Ok(())
}

fn object(case: &Case) -> Value {
    json!({
        "id": case.id,
        "reference": case.receipt.reference,
        "subject": case.receipt.subject,
        "text": case.receipt.text,
        "state": case.state,
        "seq": case.seq,
        "received_on": case.receipt.received_on,
        "due_on": case.next_due_on(),
        "owner": case.in_hands_of(),
        "questions": case.questions.iter().map(|state| json!({
            "question": state.question,
            "due_on": state.due_on,
            "confirm_or_deny": state.confirm_or_deny,
            "decision": state.decision,
            "answered_on": state.answered_on,
        })).collect::<Vec<_>>(),
        "draft": case.draft,
        "letter_in_approval": case.letter_in_approval,
        "issued": case.issued,
    })
}

/// The case of a reference or id.
///
/// # Errors
/// There is none, or the database can't answer.
pub async fn known(office: &Office, named: &str) -> Result<Box<Case>, Stop> {
    office
        .case(named)
        .await
        .map_err(|fault| stopped(fault.into()))?
        .ok_or_else(|| stopped(Stopped::NotFound(named.to_owned())))
}

fn json_of(file: &str) -> Result<Value, Stop> {
    let mut text = String::new();
    let read = if file == "-" {
        std::io::stdin().lock().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| Stop::input(format!("{file}: input.unreadable: {error}")))?;
    serde_json::from_str(&text).map_err(|error| {
        Stop::input(format!(
            "{file}:{}:{}: input.not_json: {error}",
            error.line(),
            error.column()
        ))
    })
}

/// Why nothing was changed, as the command line says it.
pub fn stopped(why: Stopped) -> Stop {
    match why {
        Stopped::Conflict => Stop::input(format!("case.conflict: {why}")),
        Stopped::NotFound(_) => Stop::input(format!("case.not_found: {why}")),
        Stopped::Refused(problems) => Stop::Input(
            problems
                .iter()
                .map(|problem| format!("{}: {}", problem.code, problem.message))
                .collect(),
        ),
        Stopped::Fault(fault) => Stop::input(format!("store.unusable: {fault}")),
    }
}

/// Reading or searching failed, as the command line says it.
pub fn trouble(trouble: office::Trouble) -> Stop {
    Stop::input(format!("store.unusable: {trouble}"))
}

/// A line of output.
pub fn put(out: &mut dyn Write, line: &str) -> Result<(), Stop> {
    writeln!(out, "{line}").map_err(unwritable)
}

fn unwritable(error: std::io::Error) -> Stop {
    Stop::input(format!("output.unwritable: {error}"))
}
