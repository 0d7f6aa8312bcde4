//! `candour triage`: questions, proposals and the words that prove them.

use std::io::{IsTerminal, Write};

use casework::proposal::{Kind, Proposal};
use office::reading::{ids, proposals};
use serde_json::{Value, json};
use triage::{Question, Vocabulary};

use crate::data::LoadedPolicy;
use crate::fault::Stop;
use crate::intake::{self, Request};

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table for a person.
    Text,
    /// One JSON array.
    Json,
    /// One JSON object a line, one a request.
    Jsonl,
}

/// Reads every file, and prints each request's questions.
///
/// # Errors
/// What can't be read; whatever can be read is printed all the same.
pub fn run(
    files: &[String],
    format: Format,
    vocabulary: &Vocabulary,
    loaded: &LoadedPolicy,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let highlight = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut problems = Vec::new();
    let mut whole = Vec::new();
    for file in files {
        let outcome = intake::read(file, &mut |request| {
            let found = proposals(
                vocabulary,
                &loaded.policy,
                request.subject.as_deref().unwrap_or(""),
                &request.body,
            );
            match format {
                Format::Json => whole.push(object(&request, &found, loaded)),
                Format::Jsonl => printed(writeln!(out, "{}", object(&request, &found, loaded)))?,
                Format::Text => printed(table(out, &request, &found, highlight))?,
            }
            Ok(())
        });
        match outcome {
            Ok(()) => {}
            Err(Stop::Input(more)) => problems.extend(more),
            Err(stop) => return Err(stop),
        }
    }
    if format == Format::Json {
        printed(writeln!(out, "{:#}", Value::Array(whole)))?;
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Stop::Input(problems))
    }
}

fn printed(outcome: std::io::Result<()>) -> Result<(), Stop> {
    outcome.map_err(|error| Stop::input(format!("output.unwritable: {error}")))
}

/// The JSON contract of `candour triage`.
pub fn object(request: &Request, found: &[(Question, Proposal)], loaded: &LoadedPolicy) -> Value {
    let slice = |span: &std::ops::Range<usize>| request.body.get(span.clone()).unwrap_or("");
    json!({
        "id": request.id,
        "subject": request.subject,
        "policy": {"id": loaded.policy.id, "version": loaded.policy.version, "sha256": loaded.sha256},
        "questions": found.iter().map(|(question, proposal)| json!({
            "label": question.label,
            "span": [question.span.start, question.span.end],
            "text": slice(&question.span),
            "stem": question.stem.as_ref().map(slice),
            "heading": question.heading.as_ref().map(slice),
            "category": proposal.category.as_deref().unwrap_or("none"),
            "subjects": ids(&question.subjects),
            "information": ids(&question.information),
            "proposal": proposal.kind.as_str(),
            "provisions": proposal.provisions.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "confidence": (f64::from(proposal.confidence) * 100.0).round() / 100.0,
            "evidence": proposal.evidence.iter().map(|evidence| json!({
                "span": [evidence.span.start, evidence.span.end],
                "text": slice(&evidence.span),
                "supports": evidence.supports,
                "rule": evidence.rule,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

/// A readable table: a line a question, its words with the evidence marked, and why.
fn table(
    out: &mut dyn Write,
    request: &Request,
    found: &[(Question, Proposal)],
    highlight: bool,
) -> std::io::Result<()> {
    writeln!(
        out,
        "{}: {} question{}",
        request.id,
        found.len(),
        if found.len() == 1 { "" } else { "s" }
    )?;
    if found.is_empty() {
        writeln!(
            out,
            "  Nothing in this text reads as a question. If the applicant wants something, ask what (FOIA s.1(3), s.16)."
        )?;
    }
    for (question, proposal) in found {
        writeln!(
            out,
            "  {:<6} {:<10} {:<9} {:>4}  {}",
            question.label,
            proposal.kind.as_str(),
            proposal.category.as_deref().unwrap_or("none"),
            format!("{:.0}%", f64::from(proposal.confidence) * 100.0),
            marked(&request.body, question, proposal, highlight),
        )?;
        let mut reasons: Vec<String> = Vec::new();
        for evidence in &proposal.evidence {
            let words = request
                .body
                .get(evidence.span.clone())
                .unwrap_or("")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let reason = format!("{} ‘{words}’", evidence.supports.replace(':', " "));
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        if proposal.kind != Kind::Open {
            let provisions = proposal
                .provisions
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            let provisions = if provisions.is_empty() {
                String::new()
            } else {
                format!(" [{provisions}]")
            };
            writeln!(out, "         because: {}{provisions}", reasons.join("; "))?;
        }
    }
    writeln!(out)
}

fn marked(body: &str, question: &Question, proposal: &Proposal, highlight: bool) -> String {
    let words = body.get(question.span.clone()).unwrap_or("");
    if !highlight {
        return shortened(words);
    }
    let mut spans: Vec<_> = proposal
        .evidence
        .iter()
        .filter(|evidence| {
            evidence.span.start >= question.span.start && evidence.span.end <= question.span.end
        })
        .map(|evidence| evidence.span.clone())
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let (mut text, mut at) = (String::new(), question.span.start);
    for span in spans {
        if span.start < at {
            continue;
        }
        text.push_str(body.get(at..span.start).unwrap_or(""));
        text.push_str("\u{1b}[1;4m");
        text.push_str(body.get(span.clone()).unwrap_or(""));
        text.push_str("\u{1b}[0m");
        at = span.end;
    }
    text.push_str(body.get(at..question.span.end).unwrap_or(""));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first hundred or so characters of a question, on one line.
pub fn shortened(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 110 {
        return line;
    }
    let cut: String = line.chars().take(108).collect();
    format!("{}…", cut.trim_end())
}
