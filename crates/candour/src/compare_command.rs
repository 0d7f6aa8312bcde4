//! `candour policy compare`: whose proposals would change if another policy took the place of this one.

use std::collections::BTreeMap;
use std::io::Write;

use casework::policy::{ConfirmStance, ContentStance, Policy};
use casework::proposal::{Proposal, propose};
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

/// A question that would be treated in another way.
struct Changed {
    request: String,
    label: String,
    text: String,
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
    let (mut requests, mut touched, mut questions): (usize, usize, usize) = (0, 0, 0);
    let mut changes: BTreeMap<(String, String), Vec<Changed>> = BTreeMap::new();
    let mut problems = Vec::new();
    for file in &task.corpus {
        let outcome = intake::read(file, &mut |request| {
            requests = requests.saturating_add(1);
            let before: usize = changes.values().map(Vec::len).sum();
            let subject_line = request.subject.as_deref().unwrap_or("");
            let reading = triage::read_message(vocabulary, subject_line, &request.body);
            for question in &reading.questions {
                questions = questions.saturating_add(1);
                let treated = |loaded: &LoadedPolicy| {
                    treatment(&loaded.policy, &propose(&loaded.policy, question))
                };
                let (from, to) = (treated(&old), treated(&new));
                if from != to {
                    changes.entry((from, to)).or_default().push(Changed {
                        request: request.id.clone(),
                        label: question.label.clone(),
                        text: shortened(request.body.get(question.span.clone()).unwrap_or("")),
                    });
                }
            }
            let after: usize = changes.values().map(Vec::len).sum();
            touched = touched.saturating_add(usize::from(after > before));
            Ok(())
        });
        match outcome {
            Ok(()) => {}
            Err(Stop::Input(more)) => problems.extend(more),
            Err(stop) => return Err(stop),
        }
    }
    let changed: usize = changes.values().map(Vec::len).sum();
    let mut sorted: Vec<_> = changes.into_iter().collect();
    sorted.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
    let outcome = match task.format {
        Format::Json => {
            let policy = |loaded: &LoadedPolicy| json!({"id": loaded.policy.id, "version": loaded.policy.version, "sha256": loaded.sha256});
            let changes: Vec<_> = sorted
                .iter()
                .map(|((from, to), list)| {
                    json!({"from": from, "to": to, "count": list.len(),
                        "examples": list.iter().take(task.examples).map(|changed| json!({
                            "request": changed.request, "label": changed.label, "text": changed.text,
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
            for ((from, to), list) in &sorted {
                writeln!(out, "\n{} x {from} -> {to}", list.len())?;
                for changed in list.iter().take(task.examples) {
                    writeln!(
                        out,
                        "  {} {}: {}",
                        changed.request, changed.label, changed.text
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

/// How a policy would treat a question: its proposal, its row, and the stance of its cell.
fn treatment(policy: &Policy, proposal: &Proposal) -> String {
    let mut text = proposal.kind.as_str().to_owned();
    let Some(row) = proposal
        .category
        .as_deref()
        .and_then(|id| policy.category(id))
    else {
        return text;
    };
    text.push_str(&format!(" ({})", row.id));
    let cell = proposal
        .evidence
        .iter()
        .find_map(|evidence| row.kind(evidence.supports.strip_prefix("information:")?));
    if let Some(cell) = cell {
        text.push_str(match (cell.confirm, cell.content) {
            (ConfirmStance::NeitherConfirmNorDeny, _) => ", neither confirmed nor denied",
            (ConfirmStance::Confirm, ContentStance::Withhold) => ", confirmed and withheld",
            (ConfirmStance::Confirm, ContentStance::Disclose) => ", confirmed and disclosed",
        });
    }
    text
}
