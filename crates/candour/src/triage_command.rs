//! `candour triage`: questions, proposals and the words that prove them.

mod table;

use std::io::{IsTerminal, Write};

use casework::explanation::{Words, because};
use casework::proposal::Proposal;
use office::reading::{ids, proposals};
use serde_json::{Value, json};
use triage::{Finding, Question, Vocabulary};

use crate::data::LoadedPolicy;
use crate::fault::Stop;
use crate::intake::{self, Request};
use crate::lines;
use crate::output::printed;

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

/// What every request is read and printed with.
struct Triage<'a> {
    vocabulary: &'a Vocabulary,
    loaded: &'a LoadedPolicy,
    format: Format,
    /// Whether the full trace is printed.
    explain: bool,
    /// Whether the words of evidence are marked with the terminal's colours.
    highlight: bool,
}

/// Reads every file, and prints each request's questions. A file of lines is read on all processors, in order.
///
/// # Errors
/// What can't be read; whatever can be read is printed all the same. Where only lines of a longer list can't be read, they
/// are named on standard error and the outcome is [`Stop::Found`].
pub fn run(
    files: &[String],
    format: Format,
    explain: bool,
    vocabulary: &Vocabulary,
    loaded: &LoadedPolicy,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let triage = Triage {
        vocabulary,
        loaded,
        format,
        explain,
        highlight: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    let mut problems = Vec::new();
    let mut skipped = false;
    let mut first = true;
    let mut print = |bytes: &[u8]| {
        // A comma stands before every object of a JSON array, and none before the first.
        let bytes = match format {
            Format::Json if std::mem::take(&mut first) => {
                out.write_all(b"[")?;
                bytes.strip_prefix(COMMA).unwrap_or(bytes)
            }
            _ => bytes,
        };
        out.write_all(bytes)
    };
    for file in files {
        let outcome = if lines::is_list(file) {
            lines::read(file, &|request| triage.printed(&request), &mut |bytes| {
                printed(print(bytes))
            })
        } else {
            intake::read(file, &mut |request| {
                printed(print(&triage.printed(&request)))
            })
        };
        match outcome {
            Ok(()) => {}
            Err(Stop::Input(more)) => problems.extend(more),
            Err(Stop::Found) => skipped = true,
        }
    }
    if format == Format::Json {
        printed(out.write_all(if first { b"[]\n" } else { b"]\n" }))?;
    }
    match (problems.is_empty(), skipped) {
        (false, _) => Err(Stop::Input(problems)),
        (true, true) => Err(Stop::Found),
        (true, false) => Ok(()),
    }
}

/// What stands between the objects of a JSON array.
const COMMA: &[u8] = b",\n";

impl Triage<'_> {
    /// One request as it is printed.
    fn printed(&self, request: &Request) -> Vec<u8> {
        let found = proposals(
            self.vocabulary,
            &self.loaded.policy,
            request.subject.as_deref().unwrap_or(""),
            &request.body,
        );
        match self.format {
            Format::Text => self.table(request, &found).into_bytes(),
            Format::Json | Format::Jsonl => {
                let mut object = object(request, &found, self.loaded, self.vocabulary);
                if self.explain {
                    self.add_traces(&mut object, request, &found);
                }
                match self.format {
                    Format::Json => format!(",\n{object:#}").into_bytes(),
                    _ => format!("{object}\n").into_bytes(),
                }
            }
        }
    }

    fn add_traces(&self, object: &mut Value, request: &Request, found: &[(Question, Proposal)]) {
        let words = words(request);
        let policy = &self.loaded.policy;
        let finding = |found: &Finding| {
            json!({
                "id": found.id,
                "rule": found.rule,
                "where": table::place(found.scope),
                "span": [found.span.start, found.span.end],
                "text": words.of(found),
                "weight": hundredths(found.weight),
            })
        };
        let list = |found: &[Finding]| found.iter().map(finding).collect::<Vec<_>>();
        for (at, (question, proposal)) in found.iter().enumerate() {
            let trace = json!({
                "subjects": list(&question.subjects),
                "information": list(&question.information),
                "exclusions": list(&question.exclusions),
                "stem": question.stem.as_ref().map(|span| [span.start, span.end]),
                "heading": question.heading.as_ref().map(|span| [span.start, span.end]),
                "confidence": {
                    "base": policy.confidence.base(),
                    "grounds": proposal.grounds.iter().map(|ground| json!({
                        "ground": ground.id(),
                        "tells": ground.tells(),
                        "weight": policy.confidence.weight(*ground),
                    })).collect::<Vec<_>>(),
                },
            });
            if let Some(question) = object
                .pointer_mut(&format!("/questions/{at}"))
                .and_then(Value::as_object_mut)
            {
                question.insert("trace".to_owned(), trace);
            }
        }
    }
}

fn words(request: &Request) -> Words<'_> {
    Words {
        subject_line: request.subject.as_deref().unwrap_or(""),
        body: &request.body,
    }
}

fn hundredths(share: f32) -> f64 {
    (f64::from(share) * 100.0).round() / 100.0
}

/// The JSON contract of `candour triage`.
pub fn object(
    request: &Request,
    found: &[(Question, Proposal)],
    loaded: &LoadedPolicy,
    vocabulary: &Vocabulary,
) -> Value {
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
            "confidence": hundredths(proposal.confidence),
            "because": because(&loaded.policy, vocabulary, words(request), question, proposal),
            "evidence": proposal.evidence.iter().map(|evidence| json!({
                "span": [evidence.span.start, evidence.span.end],
                "text": slice(&evidence.span),
                "supports": evidence.supports,
                "rule": evidence.rule,
            })).collect::<Vec<_>>(),
            "suggestions": proposal.suggestions.iter().map(|suggestion| json!({
                "provision": suggestion.provision.to_string(),
                "because": suggestion.because,
                "span": [suggestion.span.start, suggestion.span.end],
                "text": slice(&suggestion.span),
                "rule": suggestion.rule,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
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
