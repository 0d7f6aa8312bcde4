//! `candour register match`, and the rows that a letter quotes.

use std::io::Write;
use std::path::Path;

use casework::proposal::Kind;
use casework::register::contract::{Contract, ValueBasis};
use casework::register::matching::{Index, Match};
use casework::register::quarter::Quarter;
use office::reading::proposals;
use serde_json::{Value, json};
use triage::Question;

use super::files::Snapshot;
use super::page::{day, named};
use super::state::State;
use super::{Format, import_command, printed};
use crate::data::Data;
use crate::fault::Stop;
use crate::intake;

/// Rows shown for a question.
const SHOWN: usize = 5;
/// Rows that a letter quotes for a question.
const QUOTED: usize = 3;

/// What to match with what.
pub struct Task<'a> {
    pub request: &'a str,
    pub question: bool,
    pub register: Option<&'a Path>,
    pub policy: &'a str,
    pub format: Format,
    pub state: &'a Path,
}

/// A register ready to be searched and quoted.
#[derive(Debug)]
pub struct Register {
    contracts: Vec<Contract>,
    index: Index,
    ids: Vec<String>,
    quarter: Option<Quarter>,
    url: Option<String>,
}

impl Register {
    /// The register of a file, or the latest published in a folder, or the one that is kept there.
    pub fn open(file: Option<&Path>, folder: &Path, data: &Data) -> Result<Self, Stop> {
        let state = State(folder);
        let (contracts, quarter, url) = match file {
            Some(file)
                if file
                    .extension()
                    .is_some_and(|extension| extension == "json") =>
            {
                let name = file.display();
                let bytes = std::fs::read(file).map_err(|error| {
                    Stop::input(format!("{name}: register.unreadable: {error}"))
                })?;
                let snapshot: Snapshot = serde_json::from_slice(&bytes).map_err(|error| {
                    Stop::input(format!("{name}: register.not_a_snapshot: {error}; give register.json of a published quarter, or CSV or XLSX"))
                })?;
                (
                    snapshot.contracts,
                    snapshot.quarter.parse().ok(),
                    Some(snapshot.url),
                )
            }
            Some(file) => (
                import_command::read_file(file, &data.register_layout()?, None, Some(&state))?
                    .contracts,
                None,
                None,
            ),
            None => (state.kept()?.contracts, None, None),
        };
        Ok(Self {
            index: Index::new(&contracts, data.register_thesaurus()?),
            ids: named(&contracts)
                .into_iter()
                .map(|named| named.id)
                .collect(),
            contracts,
            quarter,
            url,
        })
    }

    /// The words under FOIA s.21 that quote the rows answering a question, a line each; `None` where no row does.
    ///
    /// `place` is the register's name and address in the policy.
    pub fn quotation(&self, question: &str, place: (&str, &str)) -> Option<Vec<String>> {
        let found = self.index.find(question, QUOTED);
        if found.is_empty() {
            return None;
        }
        let (name, address) = place;
        let url = self.url.as_deref().unwrap_or(address);
        let quarter = self
            .quarter
            .map_or_else(String::new, |quarter| format!(", {}", quarter.in_words()));
        let mut lines = vec![format!("{name}{quarter}: {url}")];
        lines.extend(found.iter().filter_map(|found| {
            let contract = self.contracts.get(found.row)?;
            let link = match (&self.url, self.ids.get(found.row)) {
                (Some(url), Some(id)) => format!(" ({url}#{id})"),
                _ => String::new(),
            };
            Some(format!("{}{link}", quoted(contract)))
        }));
        Some(lines)
    }

    /// Whether the quarter of the rows is known.
    pub fn knows_quarter(&self) -> bool {
        self.quarter.is_some()
    }
}

/// A row in words: everything that the register's fields say.
fn quoted(contract: &Contract) -> String {
    let mut parts = vec![match &contract.reference {
        Some(reference) => format!("Reference {reference}"),
        None => "No reference".to_owned(),
    }];
    parts.extend(contract.title.clone());
    parts.extend(
        contract
            .description
            .as_ref()
            .filter(|text| Some(*text) != contract.title.as_ref())
            .cloned(),
    );
    if let Some(supplier) = &contract.supplier_name {
        parts.push(format!("supplier {supplier}"));
    }
    match (contract.value, contract.value_basis) {
        (Some(value), Some(ValueBasis::AnnualEstimate)) => {
            parts.push(format!("value {} a year", value.in_words()))
        }
        (Some(value), _) => parts.push(format!("value {}", value.in_words())),
        (None, _) => {}
    }
    if let Some(start) = contract.start {
        parts.push(format!("from {}", day(start)));
    }
    match contract.end {
        Some(end) => parts.push(format!("to {}", day(end))),
        None if contract.details.open_ended => parts.push("without an end date".to_owned()),
        None => {}
    }
    if let Some(review) = contract.review {
        parts.push(format!("review {}", day(review)));
    }
    if let Some(extension) = &contract.extension {
        parts.push(format!("extension {extension}"));
    }
    if let Some(process) = contract.process {
        parts.push(format!(
            "procured by: {}",
            process.in_words().to_lowercase()
        ));
    }
    parts.join("; ")
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
    let register = Register::open(task.register, task.state, data)?;
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
        .map(|(_, text)| register.index.find(text, SHOWN))
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
