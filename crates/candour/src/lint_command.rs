//! `candour lint`: a notice against section 17 and good practice.

use std::io::{BufRead, BufReader, Write};
use std::ops::Range;

use casework::notice::{
    Decisions, Finding, Known, Notice, Phrases, Severity, Sources, Status, check,
};
use law::{Calendar, Statute};
use serde_json::{Value, json};

use crate::data::Data;
use crate::document;
use crate::fault::Stop;
use crate::output::printed;
use crate::wrapped::wrapped;

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A checklist and findings for a person.
    Text,
    /// One JSON object, or an array of them for a .jsonl file.
    Json,
    /// One JSON object a line, one a notice.
    Jsonl,
}

/// A line of a .jsonl file; other keys are let be.
#[derive(serde::Deserialize)]
struct Line {
    id: String,
    text: String,
}

/// What every notice of a run is checked against.
pub struct Checker {
    phrases: Phrases,
    statute: Statute,
    calendar: Calendar,
    decisions: Decisions,
}

impl Checker {
    /// The check with the data in use.
    ///
    /// # Errors
    /// Every problem of the data files that it needs.
    pub fn read(data: &Data) -> Result<Self, Stop> {
        Ok(Self {
            phrases: data.notice_phrases()?,
            statute: data.statute()?,
            calendar: data.calendar()?,
            decisions: data.decisions()?,
        })
    }

    /// Checks the text of a notice.
    pub fn check(&self, text: &str, known: &Known) -> Notice {
        let sources = Sources {
            phrases: &self.phrases,
            statute: &self.statute,
            calendar: Some(&self.calendar),
            decisions: &self.decisions,
        };
        check(text, known, &sources)
    }
}

/// Checks the notice of a file, or each notice of a .jsonl file, and prints the outcome.
///
/// # Errors
/// [`Stop::Found`] when there is a finding of severity *error*; what can't be read.
pub fn run(
    path: &str,
    format: Format,
    known: &Known,
    data: &Data,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let checker = Checker::read(data)?;
    let errors = if path.to_lowercase().ends_with(".jsonl") {
        batch(path, format, known, &checker, out)?
    } else {
        let document = document::read(path)?;
        let mut notice = checker.check(&document.text, known);
        if let Some(from) = document.attachments_from {
            only_attached(&mut notice, from);
        }
        let name = if path == "-" { "standard input" } else { path };
        match format {
            Format::Json => printed(writeln!(out, "{:#}", object(None, &notice)))?,
            Format::Jsonl => printed(writeln!(out, "{}", object(None, &notice)))?,
            Format::Text => printed(report(out, name, &document.text, &notice))?,
        }
        notice.has_errors()
    };
    if errors { Err(Stop::Found) } else { Ok(()) }
}

/// Every line of a .jsonl file; whether any notice has errors.
fn batch(
    path: &str,
    format: Format,
    known: &Known,
    checker: &Checker,
    out: &mut dyn Write,
) -> Result<bool, Stop> {
    let unreadable = |error: std::io::Error| {
        Stop::input(format!(
            "{path}: document.unreadable: can't read this file: {error}"
        ))
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Stop::input(format!(
            "{path}: document.directory: this is a directory; name a file"
        )));
    }
    let mut problems = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let number = index.saturating_add(1);
        match line {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => match serde_json::from_str::<Line>(&line) {
                Ok(line) => lines.push(line),
                Err(error) => problems.push(format!(
                    "{path}:{number}:{}: lint.bad_line: {}",
                    error.column().max(1),
                    office::intake::bare(&error)
                )),
            },
            Err(error) => {
                problems.push(format!("{path}:{number}:1: document.not_text: {error}"));
                break;
            }
        }
    }
    if lines.is_empty() && problems.is_empty() {
        problems.push(format!("{path}: document.empty: this file is empty"));
    }
    // All problems at once, and no part of the output.
    if !problems.is_empty() {
        return Err(Stop::Input(problems));
    }
    let mut errors = false;
    let mut whole = Vec::new();
    for line in &lines {
        let notice = checker.check(&line.text, known);
        errors |= notice.has_errors();
        match format {
            Format::Json => whole.push(object(Some(&line.id), &notice)),
            Format::Jsonl => printed(writeln!(out, "{}", object(Some(&line.id), &notice)))?,
            Format::Text => printed(report(out, &line.id, &line.text, &notice))?,
        }
    }
    if format == Format::Json {
        printed(writeln!(out, "{:#}", Value::Array(whole)))?;
    }
    Ok(errors)
}

/// Adds that the refusal stands only in an attachment, which mail readers and request sites don't look into.
fn only_attached(notice: &mut Notice, from: usize) {
    let attached = |span: &Range<usize>| span.start >= from;
    if !notice.citations.is_empty() && notice.citations.iter().all(|cited| attached(&cited.span)) {
        notice.findings.push(Finding {
            code: "citation.only_attached",
            severity: Severity::Info,
            provision: "FOIA s.17(1)(b)",
            message: "the provisions stand only in an attachment; name each once in the mail itself, where other software and many readers look".to_owned(),
            span: notice.citations.first().map(|cited| cited.span.clone()),
        });
    }
}

/// The JSON contract of `candour lint`.
pub fn object(id: Option<&str>, notice: &Notice) -> Value {
    let span = |span: &Option<Range<usize>>| span.as_ref().map(|span| [span.start, span.end]);
    let cited = |list: &[casework::notice::CitedProvision]| {
        list.iter()
            .map(|cited| {
                json!({
                    "text": cited.text,
                    "span": [cited.span.start, cited.span.end],
                    "provision": cited.provision.to_string(),
                    "role": cited.role.as_str(),
                })
            })
            .collect::<Vec<_>>()
    };
    let mut object = json!({
        "neither_confirm_nor_deny": notice.neither_confirm_nor_deny,
        "citations": cited(&notice.citations),
        "mentions": cited(&notice.mentions),
        "elements": notice.elements.iter().map(|element| json!({
            "id": element.id,
            "title": element.title,
            "provision": element.provision,
            "statutory": element.statutory,
            "status": element.status.as_str(),
            "value": element.value,
            "span": span(&element.span),
        })).collect::<Vec<_>>(),
        "findings": notice.findings.iter().map(|finding| json!({
            "code": finding.code,
            "severity": finding.severity.to_string(),
            "provision": finding.provision,
            "message": finding.message,
            "span": span(&finding.span),
        })).collect::<Vec<_>>(),
    });
    if let Some(id) = id {
        object["id"] = json!(id);
    }
    object
}

/// The report that an approver reads before a letter goes out.
fn report(out: &mut dyn Write, name: &str, text: &str, notice: &Notice) -> std::io::Result<()> {
    let count = |severity: Severity| {
        notice
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    writeln!(
        out,
        "{name}: {}, {}, {}",
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning"),
        counted(count(Severity::Info), "note")
    )?;
    let names: Vec<String> = notice
        .citations
        .iter()
        .map(|cited| cited.provision.to_string())
        .collect();
    let relied = if names.is_empty() {
        "no provision".to_owned()
    } else {
        names.join(", ")
    };
    writeln!(out, "  relies on {relied}")?;
    if notice.neither_confirm_nor_deny {
        writeln!(out, "  neither confirms nor denies holding information")?;
    }
    writeln!(out, "\nWhat it must and should say")?;
    for element in &notice.elements {
        let state = match element.status {
            Status::Present => "yes",
            Status::Missing => "NO",
            Status::Unclear => "partly",
            Status::NotApplicable => continue,
        };
        let asked = if element.statutory {
            ""
        } else {
            " (good practice)"
        };
        let passage = element.span.as_ref().map(|span| quoted(text, span));
        let value = element
            .value
            .as_deref()
            .map(|value| value.replace('_', " "))
            .filter(|value| value != "none");
        let found = match (value, passage) {
            (Some(value), Some(passage)) => format!("{value}: {passage}"),
            (Some(value), None) => value,
            (None, Some(passage)) => passage,
            (None, None) => String::new(),
        };
        let head = format!("  {state:<7}{}", element.title);
        writeln!(out, "{head:<52} {}{asked}", element.provision)?;
        if !found.is_empty() {
            wrapped(out, "", 9, &found)?;
        }
    }
    let not_owed: Vec<String> = notice
        .elements
        .iter()
        .filter(|element| element.status == Status::NotApplicable)
        .map(|element| lower_first(element.title))
        .collect();
    if !not_owed.is_empty() {
        wrapped(
            out,
            "",
            2,
            &format!("Not owed by this notice: {}.", not_owed.join("; ")),
        )?;
    }
    writeln!(out, "\nWhat to mend")?;
    if notice.findings.is_empty() {
        writeln!(out, "  Nothing found.")?;
    }
    for finding in &notice.findings {
        let severity = match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        writeln!(
            out,
            "  {severity:<8} {}  [{}]",
            finding.provision, finding.code
        )?;
        wrapped(out, "", 11, &upper_first(&finding.message))?;
        if let Some(span) = &finding.span {
            let line = text
                .get(..span.start)
                .unwrap_or("")
                .matches('\n')
                .count()
                .saturating_add(1);
            wrapped(out, "", 11, &format!("line {line}: {}", quoted(text, span)))?;
        }
    }
    writeln!(out)
}

pub fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// The words of a passage, on one line and not too many of them.
fn quoted(text: &str, span: &Range<usize>) -> String {
    let words = text
        .get(span.clone())
        .unwrap_or("")
        .trim_start_matches(['*', '•', '-', '–', ' ', '>'])
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if words.chars().count() <= 160 {
        return format!("“{words}”");
    }
    let cut: String = words.chars().take(157).collect();
    format!("“{}…”", cut.trim_end())
}
