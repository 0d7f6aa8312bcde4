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

/// A question with the words that give it its subject: those of its stem before its own.
pub fn whole_question(body: &str, question: &Question) -> String {
    let slice =
        |span: &std::ops::Range<usize>| body.get(span.clone()).unwrap_or("").trim().to_owned();
    let stem = question.stem.as_ref().map(slice).unwrap_or_default();
    format!("{stem} {}", slice(&question.span))
        .trim()
        .to_owned()
}

/// Matches and prints.
pub fn run(task: &Task<'_>, data: &Data, out: &mut dyn Write) -> Result<(), Stop> {
    let register = super::open(task.register, task.state, data)?;
    let questions: Vec<(String, String)> = if task.question {
        vec![("1".to_owned(), task.request.to_owned())]
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
            (
                question.label.clone(),
                whole_question(&request.body, &question),
            )
        })
        .collect()
    };
    let found: Vec<Vec<Match>> = questions
        .iter()
        .map(|(_, text)| register.find(text, SHOWN))
        .collect();
    match task.format {
        Format::Json => printed(writeln!(
            out,
            "{:#}",
            as_json(&register, &questions, &found)
        )),
        Format::Text => printed(as_text(out, &register, &questions, &found)),
    }
}

fn as_json(register: &Register, questions: &[(String, String)], found: &[Vec<Match>]) -> Value {
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
    json!({"questions": questions.iter().zip(found).map(|((label, text), found)| json!({
        "label": label, "text": text, "rows": rows(found),
    })).collect::<Vec<_>>()})
}

fn as_text(
    out: &mut dyn Write,
    register: &Register,
    questions: &[(String, String)],
    found: &[Vec<Match>],
) -> std::io::Result<()> {
    if questions.is_empty() {
        writeln!(out, "No question is one that the register should answer.")?;
    }
    for ((label, text), found) in questions.iter().zip(found) {
        writeln!(out, "{label}  {text}")?;
        if found.is_empty() {
            writeln!(
                out,
                "   Nothing on the register matches this. That does not mean that there is no contract."
            )?;
        }
        for found in found {
            if let Some(contract) = register.contracts.get(found.row) {
                writeln!(out, "   {:.2}  {}", found.score, quoted(contract))?;
                writeln!(out, "         {}", found.reasons.join("; "))?;
            }
        }
    }
    Ok(())
}
