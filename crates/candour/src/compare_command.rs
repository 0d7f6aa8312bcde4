//! `candour policy compare`: whose proposals would change if another policy took the place of this one.

use std::io::Write;

use office::comparison::Comparison;
use serde_json::json;
use triage::Vocabulary;

use crate::data::{Data, LoadedPolicy};
use crate::eval_command::Format;
use crate::fault::Stop;
use crate::intake;
use crate::triage_command::shortened;

/// What to compare, and over which requests.
#[derive(Clone, Debug, clap::Args)]
pub struct Task {
    /// The policy in force: one that comes with the program, or a file.
    old: String,
    /// The policy that may replace it.
    new: String,
    /// Requests to try both on, as `candour triage` reads them.
    #[arg(long, required = true, value_name = "FILE")]
    corpus: Vec<String>,
    /// How many changed questions are shown for each kind of change.
    #[arg(long, default_value_t = 5, value_name = "N")]
    examples: usize,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Reads every request under both policies and prints what changes.
///
/// # Errors
/// What can't be read; standard output can't be written.
pub fn run(
    task: &Task,
    data: &Data,
    statute: &law::Statute,
    vocabulary: &Vocabulary,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let old = data.policy(&task.old, statute, vocabulary)?;
    let new = data.policy(&task.new, statute, vocabulary)?;
    let mut comparison = Comparison::default();
    let mut problems = Vec::new();
    for file in &task.corpus {
        let outcome = intake::read(file, &mut |request| {
            comparison.add(
                (&old.policy, &new.policy),
                vocabulary,
                &request.id,
                request.subject.as_deref().unwrap_or(""),
                &request.body,
            );
            Ok(())
        });
        match outcome {
            Ok(()) => {}
            Err(Stop::Input(more)) => problems.extend(more),
            Err(stop) => return Err(stop),
        }
    }
    let Comparison {
        requests,
        touched,
        questions,
        ..
    } = comparison;
    let changed = comparison.changed();
    let sorted = comparison.changes();
    let outcome = match task.format {
        Format::Json => {
            let policy = |loaded: &LoadedPolicy| json!({"id": loaded.policy.id, "version": loaded.policy.version, "sha256": loaded.sha256});
            let changes: Vec<_> = sorted
                .iter()
                .map(|(from, to, list)| {
                    json!({"from": from, "to": to, "count": list.len(),
                        "examples": list.iter().take(task.examples).map(|changed| json!({
                            "request": changed.request, "label": changed.label, "text": shortened(&changed.text),
                        })).collect::<Vec<_>>()})
                })
                .collect();
            writeln!(
                out,
                "{:#}",
                json!({"old": policy(&old), "new": policy(&new), "requests": requests, "requests_changed": touched,
                    "questions": questions, "questions_changed": changed, "changes": changes})
            )
        }
        Format::Text => (|| {
            writeln!(
                out,
                "{} {} -> {} {}: {changed} of {questions} questions change, in {touched} of {requests} requests",
                old.policy.id, old.policy.version, new.policy.id, new.policy.version
            )?;
            for (from, to, list) in &sorted {
                writeln!(out, "\n{} x {from} -> {to}", list.len())?;
                for changed in list.iter().take(task.examples) {
                    writeln!(
                        out,
                        "  {} {}: {}",
                        changed.request,
                        changed.label,
                        shortened(&changed.text)
                    )?;
                }
            }
            Ok(())
        })(),
    };
    outcome.map_err(|error: std::io::Error| Stop::input(format!("output.unwritable: {error}")))?;
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Stop::Input(problems))
    }
}
