//! `candour record`: what is already public, held against a request, a policy, or what is about to be published.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use casework::policy::Policy;
use casework::public_record::{
    Advice, Checked, Contradiction, Index, Lexicon, Mosaic, Path, PublishedEntry, ReadEntry,
    Reading, Source, Words, audit, before_publishing, check, mosaic, refusals,
};
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value, json};
use triage::Vocabulary;

use crate::case_command::{Format, put};
use crate::data::Data;
use crate::fault::Stop;
use crate::intake;
use office::published;

/// What was published; without any of them, all that the authority published from its state folder: every snapshot of
/// the register, the disclosure log and every answer.
#[derive(Args, Clone, Debug)]
pub struct Published {
    /// A contracts register: CSV or XLSX as councils keep them, or JSON rows. May be given again.
    #[arg(long, value_name = "FILE")]
    register: Vec<PathBuf>,
    /// A disclosure log: the log.json that `candour log render` writes.
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// Anything else that was published, one JSON object a line: earlier replies, policy pages, statements.
    #[arg(long, value_name = "FILE")]
    record: Vec<PathBuf>,
}

impl Published {
    /// What the files say, or where none is given what the authority's own state says.
    fn read(&self, data: &Data, own: &Own<'_>) -> Result<Vec<PublishedEntry>, Stop> {
        if self.register.is_empty() && self.log.is_empty() && self.record.is_empty() {
            return match own()? {
                Some(entries) => Ok(entries),
                None => Err(Stop::input(
                    "record.nothing_given: nothing was published from this state folder; say what was published, with --register, --log or --record",
                )),
            };
        }
        let json = |path: &PathBuf| {
            path.extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
        };
        let (rows, sheets): (Vec<PathBuf>, Vec<PathBuf>) =
            self.register.iter().cloned().partition(json);
        let mut problems = Vec::new();
        let mut entries = Vec::new();
        match published::read(&rows, &self.log, &self.record) {
            Ok(read) => entries = read,
            Err(Stop::Input(more)) => problems.extend(more),
            Err(stop) => return Err(stop),
        }
        let mut known: std::collections::BTreeSet<String> = entries
            .iter()
            .filter(|entry| entry.source == Source::Register)
            .map(|entry| entry.id.clone())
            .collect();
        for path in &sheets {
            match crate::register::contracts(path, data) {
                Ok(contracts) => {
                    for (at, contract) in contracts.iter().enumerate() {
                        let mut entry =
                            PublishedEntry::of_row(contract, at.saturating_add(1), None);
                        // Registers use a reference twice; each row is an entry.
                        if !known.insert(entry.id.clone()) {
                            entry.id = format!("{} ({})", entry.id, entry.place);
                            known.insert(entry.id.clone());
                        }
                        entry.place = format!("{}: {}", path.display(), entry.place);
                        entries.push(entry);
                    }
                }
                Err(Stop::Input(more)) => problems.extend(more),
                Err(stop) => return Err(stop),
            }
        }
        if problems.is_empty() {
            Ok(entries)
        } else {
            Err(Stop::Input(problems))
        }
    }
}

/// Everything that the authority whose state this is has published; `None` where there is no state.
pub type Own<'a> = dyn Fn() -> Result<Option<Vec<PublishedEntry>>, Stop> + 'a;

/// How a question is about to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// Neither confirmed nor denied.
    Neither,
    /// Withheld.
    Withhold,
    /// Said not to be held.
    NotHeld,
    /// Answered.
    Answer,
}

impl From<Way> for Path {
    fn from(way: Way) -> Self {
        match way {
            Way::Neither => Self::NeitherConfirmNorDeny,
            Way::Withhold => Self::Withhold,
            Way::NotHeld => Self::NotHeld,
            Way::Answer => Self::Answer,
        }
    }
}

/// What to do with the public record.
#[derive(Subcommand, Debug)]
pub enum RecordCommand {
    /// What is public that answers or confirms each question of a request.
    Check {
        /// The request: .txt, .eml, or a .mbox or .jsonl with one; `-` is standard input.
        request: String,
        /// The way in which its questions are about to be decided.
        #[arg(long, value_enum, default_value = "neither")]
        path: Way,
        #[command(flatten)]
        published: Published,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What the entries of a register or log would give away under a policy, with a wording that doesn't.
    Advise {
        /// A policy that comes with the program, or a file.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        #[command(flatten)]
        published: Published,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// All that was ever published on a subject or thing, such as security-tools or firewalls.
    Mosaic {
        /// The id of a subject of the triage data, or of a thing of the public record's.
        subject: String,
        #[command(flatten)]
        published: Published,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Every contradiction between a policy and what was published, and within what was published.
    Audit {
        /// A policy that comes with the program, or a file.
        #[arg(long, default_value = "coventry-ict")]
        policy: String,
        #[command(flatten)]
        published: Published,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// Runs a command. `today` tells which contracts have ended, `own` what the authority itself published.
///
/// # Errors
/// [`Stop::Found`] when something stands in the way, would be given away, or contradicts; input that can't be read.
pub fn run(
    command: &RecordCommand,
    data: &Data,
    vocabulary: &Vocabulary,
    statute: &law::Statute,
    today: Date,
    own: &Own<'_>,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let lexicon = data.lexicon(vocabulary)?;
    let reading = Reading {
        vocabulary,
        lexicon: &lexicon,
    };
    let policy =
        |id: &str| -> Result<Policy, Stop> { Ok(data.policy(id, statute, vocabulary)?.policy) };
    match command {
        RecordCommand::Check {
            request,
            path,
            published,
            format,
        } => {
            let entries = published.read(data, own)?;
            let request = intake::read_one(request)?;
            checked(
                &reading,
                &entries,
                &request,
                (*path).into(),
                today,
                *format,
                out,
            )
        }
        RecordCommand::Advise {
            policy: id,
            published,
            format,
        } => advise(
            &reading,
            &policy(id)?,
            &published.read(data, own)?,
            today,
            *format,
            out,
        ),
        RecordCommand::Mosaic {
            subject,
            published,
            format,
        } => {
            let entries = published.read(data, own)?;
            let index = index(&reading, &entries);
            let lookup = |source: Source, id: &str| find(&reading, &entries, source, id);
            let found = mosaic(&index, &reading, subject, &lookup)
                .ok_or_else(|| unknown_subject(subject, &lexicon))?;
            pieces(&found, *format, out)
        }
        RecordCommand::Audit {
            policy: id,
            published,
            format,
        } => {
            let entries = published.read(data, own)?;
            let policy = policy(id)?;
            let found = audit(&reading, &policy, &entries, today);
            contradictions(&policy, entries.len(), &found, *format, out)
        }
    }
}

/// The rows of a register, held against questions that are about to be refused.
pub struct PublishedRows<'a> {
    reading: &'a Reading<'a>,
    entries: Vec<PublishedEntry>,
    index: Index,
}

impl<'a> PublishedRows<'a> {
    /// Makes the rows ready.
    pub fn new(reading: &'a Reading<'a>, register: &office::register::Register) -> Self {
        let entries: Vec<PublishedEntry> = register
            .contracts
            .iter()
            .zip(&register.ids)
            .enumerate()
            .map(|(at, (contract, id))| {
                let mut entry = PublishedEntry::of_row(contract, at.saturating_add(1), None);
                entry.id.clone_from(id);
                entry
            })
            .collect();
        Self {
            index: index(reading, &entries),
            reading,
            entries,
        }
    }

    /// What stands in the way of deciding a question so: each row in words, "Firewall support (HM-C-0118): it gives …".
    pub fn against(
        &self,
        body: &str,
        question: &triage::Question,
        path: Path,
        today: Date,
        register: &office::register::Register,
    ) -> Vec<String> {
        let lookup = |source: Source, id: &str| find(self.reading, &self.entries, source, id);
        let found = check(
            &self.index,
            self.reading,
            body,
            question,
            path,
            today,
            &lookup,
        );
        found
            .blocking()
            .map(|hit| {
                let contract = register
                    .row(&hit.id)
                    .and_then(|row| register.contracts.get(row));
                let title = contract.and_then(|contract| contract.title.as_deref());
                let reference = contract.and_then(|contract| contract.reference.as_deref());
                format!(
                    "{} ({}): {}",
                    title.unwrap_or("a contract"),
                    reference.unwrap_or(&hit.id),
                    hit.because
                )
            })
            .collect()
    }
}

fn unknown_subject(subject: &str, lexicon: &Lexicon) -> Stop {
    let mut subjects: Vec<&str> = lexicon
        .things()
        .map(|(_, thing)| thing.subject.as_str())
        .collect();
    subjects.dedup();
    Stop::input(format!(
        "record.unknown_subject: no subject or thing `{subject}`; subjects are {}",
        subjects.join(", ")
    ))
}

fn index(reading: &Reading<'_>, entries: &[PublishedEntry]) -> Index {
    let mut index = Index::default();
    for entry in entries {
        index.add(reading, entry);
    }
    index
}

fn find(
    reading: &Reading<'_>,
    entries: &[PublishedEntry],
    source: Source,
    id: &str,
) -> Option<Arc<ReadEntry>> {
    entries
        .iter()
        .find(|entry| entry.source == source && entry.id == id)
        .map(|entry| Arc::new(ReadEntry::new(reading, entry.clone())))
}

fn checked(
    reading: &Reading<'_>,
    entries: &[PublishedEntry],
    request: &intake::Request,
    path: Path,
    today: Date,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let index = index(reading, entries);
    let lookup = |source: Source, id: &str| find(reading, entries, source, id);
    let read = triage::read_message(
        reading.vocabulary,
        request.subject.as_deref().unwrap_or(""),
        &request.body,
    );
    let mut blocked = false;
    let mut list: Vec<Value> = Vec::new();
    for question in &read.questions {
        let found = check(
            &index,
            reading,
            &request.body,
            question,
            path,
            today,
            &lookup,
        );
        blocked |= found.blocking().next().is_some();
        let words = request.body.get(question.span.clone()).unwrap_or("");
        match format {
            Format::Json => list.push(json!({
                "label": question.label, "question": words, "path": path, "checked": found,
            })),
            Format::Text => hits(&question.label, words, &found, out)?,
        }
    }
    if format == Format::Json {
        put(out, &Value::Array(list).to_string())?;
    }
    if blocked { Err(Stop::Found) } else { Ok(()) }
}

fn hits(label: &str, question: &str, found: &Checked, out: &mut dyn Write) -> Result<(), Stop> {
    let line: String = question.split_whitespace().collect::<Vec<_>>().join(" ");
    put(out, &format!("{label}  {line}"))?;
    if found.hits.is_empty() {
        let searched: Vec<String> = found
            .searched
            .iter()
            .filter(|searched| searched.entries > 0)
            .map(|searched| format!("{}: {}", searched.source.name(), searched.entries))
            .collect();
        let nothing = if found.not_comparable {
            "it names nothing that what is published could be compared with; look yourself"
        } else {
            "nothing published answers or confirms this"
        };
        put(out, &format!("    {nothing} ({})", searched.join(", ")))?;
    }
    for hit in &found.hits {
        let mark = if hit.blocks { "deal with" } else { "see" };
        let on = hit
            .published_on
            .map_or_else(String::new, |on| format!(", {on}"));
        let down = hit
            .withdrawn_on
            .map_or_else(String::new, |on| format!(", taken down {on}"));
        put(
            out,
            &format!(
                "    {mark}: {} {}{on}{down}: {}",
                hit.source.name(),
                hit.id,
                hit.because
            ),
        )?;
        put(out, &format!("        {}", quoted(&hit.words)))?;
    }
    if found.more > 0 {
        put(out, &format!("    and {} more", found.more))?;
    }
    Ok(())
}

fn quoted(words: &[Words]) -> String {
    words
        .iter()
        .map(|words| format!("{} \"{}\"", words.field, words.text))
        .collect::<Vec<_>>()
        .join("; ")
}

fn advise(
    reading: &Reading<'_>,
    policy: &Policy,
    entries: &[PublishedEntry],
    today: Date,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let refused = refusals(entries);
    let mut warned: usize = 0;
    let mut list: Vec<Value> = Vec::new();
    for entry in entries {
        let advice = before_publishing(reading, entry, policy, &refused, today);
        if advice.warnings.is_empty() && advice.untenable.is_empty() {
            continue;
        }
        warned = warned.saturating_add(usize::from(!advice.warnings.is_empty()));
        match format {
            Format::Json => {
                list.push(json!({"source": entry.source, "id": entry.id, "advice": advice}))
            }
            Format::Text => advised(entry, &advice, out)?,
        }
    }
    match format {
        Format::Json => put(out, &Value::Array(list).to_string())?,
        Format::Text => put(
            out,
            &format!(
                "{}: {warned} of {} entries would give away what the policy protects",
                policy.id,
                entries.len()
            ),
        )?,
    }
    if warned == 0 {
        Ok(())
    } else {
        Err(Stop::Found)
    }
}

/// Prints what to know before an entry is published.
pub fn advised(entry: &PublishedEntry, advice: &Advice, out: &mut dyn Write) -> Result<(), Stop> {
    put(
        out,
        &format!("{} {}: {}", entry.source.name(), entry.id, entry.summary()),
    )?;
    for warning in &advice.warnings {
        put(
            out,
            &format!(
                "    {}: {}: {}",
                warning.code, warning.field, warning.message
            ),
        )?;
    }
    if let Some(suggested) = &advice.suggested {
        put(
            out,
            &format!(
                "    suggested: title \"{}\"; description \"{}\"",
                suggested.title, suggested.description
            ),
        )?;
    }
    for refusal in &advice.untenable {
        put(
            out,
            &format!("    would make a refusal untenable: {}", refusal.line()),
        )?;
    }
    Ok(())
}

fn pieces(found: &Mosaic, format: Format, out: &mut dyn Write) -> Result<(), Stop> {
    if format == Format::Json {
        return put(out, &json!(found).to_string());
    }
    put(
        out,
        &format!(
            "{}: {} {}",
            found.subject,
            found.pieces.len(),
            if found.pieces.len() == 1 {
                "piece"
            } else {
                "pieces"
            }
        ),
    )?;
    for piece in &found.pieces {
        let on = piece
            .published_on
            .map_or_else(|| "no date".to_owned(), |on| on.to_string());
        let refused = if piece.refused { ", refused" } else { "" };
        let down = piece
            .withdrawn_on
            .map_or_else(String::new, |on| format!(", taken down {on}"));
        put(
            out,
            &format!(
                "{on}  {} {}{refused}{down}: {}",
                piece.source.name(),
                piece.id,
                piece.summary
            ),
        )?;
        put(
            out,
            &format!(
                "            {}: {}",
                piece.things.join(", "),
                piece.kinds.ids().join(", ")
            ),
        )?;
    }
    put(
        out,
        &format!("together they tell: {}", found.together.ids().join(", ")),
    )
}

fn contradictions(
    policy: &Policy,
    entries: usize,
    found: &[Contradiction],
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    if format == Format::Json {
        put(
            out,
            &json!({"policy": policy.id, "entries": entries, "contradictions": found}).to_string(),
        )?;
    } else {
        for one in found {
            put(out, &format!("error: {}: {}", one.code, one.message))?;
            for entry in one.entries.iter().take(5) {
                put(
                    out,
                    &format!(
                        "    {} {}: {}",
                        entry.source.name(),
                        entry.id,
                        if entry.words.is_empty() || one.code == "record.supplier_named" {
                            entry.summary.clone()
                        } else {
                            quoted(&entry.words)
                        }
                    ),
                )?;
            }
            if let Some(more) = one.entries.len().checked_sub(5).filter(|more| *more > 0) {
                put(out, &format!("    and {more} more"))?;
            }
        }
        put(
            out,
            &format!(
                "{}: {} contradictions with {entries} published entries",
                policy.id,
                found.len()
            ),
        )?;
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(Stop::Found)
    }
}
