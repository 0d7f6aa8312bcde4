//! The contracts register as it was published: searched, as at any quarter, each row with a permanent address.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::register::contract::{Contract, Field};
use casework::register::quarter::Quarter;
use office::fault::Stop;
use office::register::{Published, Registers, Snapshot, named, worth};
use serde::Deserialize;

use crate::app::App;
use crate::dates;
use crate::fault::WebError;
use crate::fields::Mistakes;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// Rows of a page.
const PAGE: usize = 50;
/// Changes of each kind that a page lists.
const CHANGES: usize = 50;

/// A row in the list.
#[derive(Clone, Debug)]
pub struct Row {
    id: String,
    reference: String,
    title: String,
    description: String,
    supplier: String,
    department: String,
    value: String,
    start: String,
    end: String,
}

/// A snapshot that can be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    folder: String,
    words: String,
    is_here: bool,
}

/// What changed since the snapshot before, in words.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    words: String,
    lines: Vec<(&'static str, String)>,
}

/// The list.
#[derive(Template)]
#[template(path = "public/contracts.html")]
pub struct ContractsPage {
    frame: Frame,
    registers: Vec<(String, String, String, String)>,
    quarter: String,
    as_at: String,
    published: String,
    correction: String,
    folder: String,
    files: Vec<(&'static str, &'static str)>,
    snapshots: Vec<Choice>,
    find: String,
    found: usize,
    total: usize,
    rows: Vec<Row>,
    changed: Changed,
    next: Option<usize>,
    is_first: bool,
    overdue: String,
}

/// A row with all its fields.
#[derive(Template)]
#[template(path = "public/contract.html")]
pub struct ContractPage {
    frame: Frame,
    id: String,
    title: String,
    quarter: String,
    folder: String,
    published: String,
    /// The newest quarter, where the row isn't in it any more.
    gone: String,
    has_ended: bool,
    fields: Vec<(&'static str, String)>,
    snapshots: Vec<Choice>,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    find: String,
    as_at: String,
    page: String,
}

fn fault(stop: Stop) -> WebError {
    WebError::Fault(match stop {
        Stop::Input(problems) => problems.join("; "),
        Stop::Found => String::new(),
    })
}

/// "July to September 2026", with a note where it corrects an earlier one.
fn in_words(published: &Published) -> String {
    published
        .quarter
        .parse::<Quarter>()
        .map_or_else(|_| published.quarter.clone(), Quarter::in_words)
}

fn row(id: String, contract: &Contract) -> Row {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Row {
        id,
        reference: text(&contract.reference),
        title: contract
            .title
            .clone()
            .or_else(|| contract.description.clone())
            .unwrap_or_else(|| "No title".to_owned()),
        description: contract
            .description
            .clone()
            .filter(|words| contract.title.as_ref().is_some_and(|title| title != words))
            .unwrap_or_default(),
        supplier: text(&contract.supplier_name),
        department: text(&contract.department),
        value: worth(contract).unwrap_or_default(),
        start: contract.start.map_or_else(String::new, dates::plain),
        end: match contract.end {
            Some(end) => dates::plain(end),
            None if contract.details.open_ended => "open-ended".to_owned(),
            None => String::new(),
        },
    }
}

/// Whether a row says every word.
fn says(contract: &Contract, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = [
        &contract.reference,
        &contract.title,
        &contract.description,
        &contract.supplier_name,
        &contract.department,
    ]
    .into_iter()
    .flatten()
    .map(|text| text.to_lowercase())
    .collect::<Vec<_>>()
    .join("\n");
    words.iter().all(|word| text.contains(word))
}

/// The snapshot that the address names: a folder, a quarter with its last correction, or else the newest.
fn chosen<'r>(registers: &'r Registers, as_at: &str) -> Result<&'r Published, WebError> {
    let published = &registers.published;
    if as_at.is_empty() {
        return published.last().ok_or(WebError::NotFound);
    }
    published
        .iter()
        .rev()
        .find(|published| published.folder == as_at)
        .or_else(|| {
            published
                .iter()
                .rev()
                .find(|published| published.quarter == as_at)
        })
        .ok_or(WebError::NotFound)
}

fn choices<'r>(
    among: impl IntoIterator<Item = &'r Published, IntoIter: DoubleEndedIterator>,
    here: &Published,
) -> Vec<Choice> {
    among
        .into_iter()
        .rev()
        .map(|published| Choice {
            folder: published.folder.clone(),
            words: if published.correction.is_some() {
                format!("{}, corrected", in_words(published))
            } else {
                in_words(published)
            },
            is_here: published.folder == here.folder,
        })
        .collect()
}

/// What changed since the snapshot before, as it was published with this one.
fn changed(app: &App, published: &Published) -> Result<Changed, WebError> {
    let Some(bytes) = app
        .office
        .snapshot_file(published, "changes.json")
        .map_err(fault)?
    else {
        return Ok(Changed::default());
    };
    let changes: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| WebError::Fault(error.to_string()))?;
    let list = |kind: &str| changes[kind].as_array().cloned().unwrap_or_default();
    let name = |entry: &serde_json::Value| {
        ["reference", "title"]
            .into_iter()
            .filter_map(|part| entry[part].as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut lines = Vec::new();
    for (kind, words) in [("added", "New:"), ("removed", "Gone:")] {
        lines.extend(
            list(kind)
                .iter()
                .take(CHANGES)
                .map(|entry| (words, name(entry))),
        );
    }
    for entry in list("changed").iter().take(CHANGES) {
        for field in entry["fields"].as_array().into_iter().flatten() {
            let said = |which: &str| field[which].as_str().unwrap_or("nothing").to_owned();
            let title = serde_json::from_value::<Field>(field["field"].clone())
                .map_or("", Field::title)
                .to_lowercase();
            lines.push((
                "Changed:",
                format!(
                    "{}: {title} from {} to {}",
                    name(entry),
                    said("before"),
                    said("after")
                ),
            ));
        }
    }
    Ok(Changed {
        words: format!(
            "{} new, {} gone, {} changed, {} as before",
            list("added").len(),
            list("removed").len(),
            list("changed").len(),
            changes["same"].as_u64().unwrap_or(0)
        ),
        lines,
    })
}

/// The published rows, searched and in pages; or where they are published, when it isn't here.
///
/// # Errors
/// There is no such snapshot, or it can't be read.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    draw(&app, &visit, &asked, PAGE)
}

fn draw(app: &App, visit: &Visit, asked: &Asked, at_once: usize) -> Result<Response, WebError> {
    let registers = app.office.registers();
    if let Some(problem) = &registers.problem {
        return Err(WebError::Fault(problem.clone()));
    }
    let policy = &app.office.bundle().policy.policy;
    let mut template = ContractsPage {
        frame: Frame::new(app, visit),
        registers: policy
            .signposts
            .iter()
            .map(|signpost| {
                (
                    signpost.name.clone(),
                    signpost.url.clone(),
                    signpost.publishes.join(", "),
                    signpost.frequency.clone(),
                )
            })
            .collect(),
        quarter: String::new(),
        as_at: String::new(),
        published: String::new(),
        correction: String::new(),
        folder: String::new(),
        files: Vec::new(),
        snapshots: Vec::new(),
        find: asked.find.trim().to_owned(),
        found: 0,
        total: 0,
        rows: Vec::new(),
        changed: Changed::default(),
        next: None,
        is_first: true,
        overdue: registers
            .overdue(app.today())
            .map_or_else(String::new, Quarter::in_words),
    };
    if registers.published.is_empty() && asked.as_at.is_empty() {
        return frame::page(&template.frame, &template);
    }
    let mut mistakes = Mistakes::default();
    let here = match chosen(&registers, &asked.as_at) {
        Ok(here) => here,
        Err(WebError::NotFound) => {
            mistakes.add(
                "as_at",
                "There is no register as at that quarter; choose one from the list",
            );
            chosen(&registers, "")?
        }
        Err(other) => return Err(other),
    };
    let older;
    let newest = registers.latest.as_ref().filter(|_| {
        registers
            .published
            .last()
            .is_some_and(|newest| newest.folder == here.folder)
    });
    let (contracts, ids): (&[Contract], Vec<String>) = match newest {
        Some(register) => (&register.contracts, register.ids.clone()),
        None => {
            older = app.office.snapshot(here).map_err(fault)?;
            (&older.contracts, names(&older))
        }
    };
    let words: Vec<String> = template
        .find
        .to_lowercase()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let matching: Vec<(&Contract, &String)> = contracts
        .iter()
        .zip(&ids)
        .filter(|(contract, _)| says(contract, &words))
        .collect();
    let pages = matching.len().div_ceil(at_once).max(1);
    let page = match asked.page.as_str() {
        "" => Some(1),
        page => page.parse().ok().filter(|page| (1..=pages).contains(page)),
    };
    mistakes.check(
        page.is_none(),
        "main",
        "This list has no such page; begin with its first",
    );
    let page = page.unwrap_or(1);
    template.is_first = page == 1;
    let from = page.saturating_sub(1).saturating_mul(at_once);
    template.found = matching.len();
    template.total = contracts.len();
    template.next = (matching.len() > from.saturating_add(at_once)).then(|| page.saturating_add(1));
    template.rows = matching
        .into_iter()
        .skip(from)
        .take(at_once)
        .map(|(contract, id)| row(id.clone(), contract))
        .collect();
    template.quarter = in_words(here);
    template.as_at = here.quarter.parse::<Quarter>().map_or_else(
        |_| String::new(),
        |quarter| dates::plain(quarter.last_day()),
    );
    template.published = dates::plain(here.on);
    template.correction = here.correction.clone().unwrap_or_default();
    template.folder.clone_from(&here.folder);
    template.files = FILES
        .iter()
        .filter(|(name, _, _)| here.sha256.contains_key(*name))
        .map(|(name, words, _)| (*name, *words))
        .filter(|(name, _)| *name != "changes.json")
        .collect();
    template.snapshots = choices(&registers.published, here);
    if template.find.is_empty() && page == 1 {
        template.changed = changed(app, here)?;
    }
    template.frame = template.frame.with(mistakes);
    frame::page(&template.frame, &template)
}

fn names(snapshot: &Snapshot) -> Vec<String> {
    named(&snapshot.contracts)
        .into_iter()
        .map(|named| named.id)
        .collect()
}

/// A row under its permanent address, in the newest snapshot that has it or as at a quarter.
///
/// # Errors
/// No snapshot has such a row, or it can't be read.
pub async fn contract(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    // The rendered register has its list there, and feeds point to it.
    if id == "index.html" {
        return Ok(frame::see_other("/contracts"));
    }
    let registers = app.office.registers();
    if let Some(problem) = &registers.problem {
        return Err(WebError::Fault(problem.clone()));
    }
    let wanted: Vec<&Published> = if asked.as_at.is_empty() {
        registers.published.iter().rev().collect()
    } else {
        vec![chosen(&registers, &asked.as_at)?]
    };
    for here in wanted {
        let snapshot = app.office.snapshot(here).map_err(fault)?;
        let named = named(&snapshot.contracts);
        let Some(found) = named.iter().find(|named| named.id == id) else {
            continue;
        };
        let contract = found.contract;
        let newest = registers.published.last();
        let is_newest = newest.is_some_and(|newest| newest.folder == here.folder);
        let template = ContractPage {
            frame: Frame::new(&app, &visit),
            title: row(id.clone(), contract).title,
            quarter: in_words(here),
            folder: here.folder.clone(),
            published: dates::plain(here.on),
            gone: newest
                .filter(|_| asked.as_at.is_empty() && !is_newest)
                .map_or_else(String::new, in_words),
            has_ended: contract.end.is_some_and(|end| end < app.today()),
            fields: Field::ALL
                .into_iter()
                .filter_map(|field| Some((field.title(), said(contract, field)?)))
                .collect(),
            snapshots: {
                let holding = app.office.snapshots_with(&registers, &id).map_err(fault)?;
                choices(holding, here)
            },
            id,
        };
        return frame::page(&template.frame, &template);
    }
    Err(WebError::NotFound)
}

/// A field in words.
fn said(contract: &Contract, field: Field) -> Option<String> {
    match field {
        Field::Value | Field::AnnualValue => contract
            .said(field)
            .and_then(|_| contract.value.map(|value| value.in_words())),
        Field::IrrecoverableVat => contract
            .details
            .irrecoverable_vat
            .map(|value| value.in_words()),
        Field::Start => contract.start.map(dates::plain),
        Field::Review => contract.review.map(dates::plain),
        Field::End => contract
            .end
            .map(dates::plain)
            .or_else(|| contract.said(field)),
        other => contract.said(other),
    }
}

/// The files of a snapshot: name, words, type.
const FILES: &[(&str, &str, &str)] = &[
    ("register.csv", "CSV", "text/csv; charset=utf-8"),
    (
        "register.xlsx",
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("register.json", "JSON", "application/json"),
    ("ocds.json", "OCDS", "application/json"),
    ("changes.json", "JSON", "application/json"),
];

/// A file of a snapshot, or all its rows on one page under the address that letters quote.
///
/// # Errors
/// There is no such snapshot or file, or it isn't what was published.
pub async fn file(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((folder, name)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let registers = app.office.registers();
    let here = registers
        .published
        .iter()
        .find(|published| published.folder == folder)
        .ok_or(WebError::NotFound)?;
    if name == "index.html" {
        let asked = Asked {
            as_at: folder,
            ..Asked::default()
        };
        return draw(&app, &visit, &asked, usize::MAX);
    }
    let (_, _, kind) = FILES
        .iter()
        .find(|(known, _, _)| *known == name)
        .ok_or(WebError::NotFound)?;
    let bytes = app
        .office
        .snapshot_file(here, &name)
        .map_err(fault)?
        .ok_or(WebError::NotFound)?;
    let disposition = format!("attachment; filename=\"{}-{name}\"", here.folder);
    Ok((
        [
            (header::CONTENT_TYPE, (*kind).to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        bytes,
    )
        .into_response())
}

/// The feed of published quarters.
///
/// # Errors
/// Nothing is published.
pub async fn atom(State(app): State<App>) -> Result<Response, WebError> {
    let registers = app.office.registers();
    if registers.published.is_empty() {
        return Err(WebError::NotFound);
    }
    let base = format!("{}/contracts", app.settings.public_url);
    let feed = office::register::atom(&app.branding().name, &base, &registers.published);
    Ok((
        [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        feed,
    )
        .into_response())
}
