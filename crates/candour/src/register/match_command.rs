//! `candour register match`.

use std::io::Write;
use std::path::Path;

use casework::proposal::Kind;
use casework::register::matching::Match;
use office::reading::proposals;
use office::register::{Register, quoted};
use serde_json::{Value, json};
use triage::Question;

use super::{Format, printed};
use crate::data::Data;
use crate::fault::Stop;
use crate::intake;

/// Rows shown for a question.
const SHOWN: usize = 5;

/// What to match with what.
pub struct Task<'a> {
    pub request: &'a str,
    pub question: bool,
    pub register: Option<&'a Path>,
    pub policy: &'a str,
    pub format: Format,
    pub state: &'a Path,
}

/// A question that the register should answer.
struct Asked {
    label: String,
    /// All its words, for showing.
    text: String,
    rows: Vec<Match>,
}

/// The rows that answer a question of a request, best first.
pub fn answering(register: &Register, body: &str, question: &Question, most: usize) -> Vec<Match> {
    let (own, stem) = words(body, question);
    register.answering(own, stem, most)
}

/// A question's own words, and those of the stem that it completes.
fn words<'b>(body: &'b str, question: &Question) -> (&'b str, Option<&'b str>) {
    let slice = |span: &std::ops::Range<usize>| body.get(span.clone()).unwrap_or("").trim();
    (slice(&question.span), question.stem.as_ref().map(slice))
}

/// Matches and prints.
pub fn run(task: &Task<'_>, data: &Data, out: &mut dyn Write) -> Result<(), Stop> {
    let register = super::open(task.register, task.state, data)?;
    let questions: Vec<Asked> = if task.question {
        vec![Asked {
            label: "1".to_owned(),
            text: task.request.to_owned(),
            rows: register.find(task.request, SHOWN),
        }]
    } else {
        let vocabulary = data.vocabulary()?;
        let loaded = data.policy(task.policy, &data.statute()?, &vocabulary)?;
        let request = intake::read_one(task.request)?;
        proposals(
            &vocabulary,
            &loaded.policy,
            request.subject.as_deref().unwrap_or(""),
            &request.body,
        )
        .into_iter()
        .filter(|(_, proposal)| matches!(proposal.kind, Kind::Register | Kind::Mixed))
        .map(|(question, _)| {
            let (own, stem) = words(&request.body, &question);
            Asked {
                text: stem.map_or_else(|| own.to_owned(), |stem| format!("{stem} {own}")),
                rows: answering(&register, &request.body, &question, SHOWN),
                label: question.label,
            }
        })
        .collect()
    };
    match task.format {
        Format::Json => printed(writeln!(out, "{:#}", as_json(&register, &questions))),
        Format::Text => printed(as_text(out, &register, &questions)),
    }
}

fn as_json(register: &Register, questions: &[Asked]) -> Value {
    let rows = |found: &[Match]| {
        found
            .iter()
            .filter_map(|found| {
                let contract = register.contracts.get(found.row)?;
                let score = (f64::from(found.score) * 100.0).round() / 100.0;
                Some(json!({"score": score, "reasons": found.reasons, "contract": contract}))
            })
            .collect::<Vec<_>>()
    };
    json!({"questions": questions.iter().map(|asked| json!({
        "label": asked.label, "text": asked.text, "rows": rows(&asked.rows),
    })).collect::<Vec<_>>()})
}

fn as_text(out: &mut dyn Write, register: &Register, questions: &[Asked]) -> std::io::Result<()> {
    if questions.is_empty() {
        writeln!(out, "No question is one that the register should answer.")?;
    }
    for asked in questions {
        writeln!(out, "{}  {}", asked.label, asked.text)?;
        if asked.rows.is_empty() {
            writeln!(
                out,
                "   Nothing on the register matches this. That does not mean that there is no contract."
            )?;
        }
        for found in &asked.rows {
            if let Some(contract) = register.contracts.get(found.row) {
                writeln!(out, "   {:.2}  {}", found.score, quoted(contract))?;
                writeln!(out, "         {}", found.reasons.join("; "))?;
            }
        }
    }
    Ok(())
}
