//! `candour register import`: what was read, what is wrong with it, what it would change; kept only when asked.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use casework::register::compare::{Changes, compare};
use casework::register::import::{Import, Mapping, SheetRead, VALUE_BASIS};
use casework::register::problem::{Kind, Severity};
use casework::register::{Field, Layout};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Format, printed};
use crate::data::Data;
use crate::fault::Stop;
use office::register::{Kept, State, reading};

/// What to import and how.
pub struct Task<'a> {
    pub file: &'a Path,
    pub apply: bool,
    pub mapping: Option<&'a Path>,
    pub save_mapping: Option<&'a Path>,
    pub all: bool,
    pub format: Format,
    pub state: &'a Path,
    pub today: Date,
}

/// Reads the file, prints what was found and keeps it with `--apply`.
pub fn run(task: &Task<'_>, data: &Data, out: &mut dyn Write) -> Result<(), Stop> {
    let state = State(task.state);
    let layout = data.register_layout()?;
    let given = task.mapping.map(mapping_file).transpose()?;
    let read = read_file(task.file, &layout, given.as_ref(), Some(&state))?;
    let before = state
        .kept_if_any()?
        .map(|kept| kept.contracts)
        .unwrap_or_default();
    let changes = compare(&before, &read.contracts);
    if let Some(path) = task.save_mapping {
        save_mapping(path, &read)?;
    }
    if task.apply {
        if let Some(sheet) = read.sheets.first() {
            state.keep_mapping(&sheet.mapping())?;
        }
        if !changes.is_empty() || before.is_empty() {
            state.keep(&Kept {
                imported_on: task.today,
                contracts: read.contracts.clone(),
            })?;
        }
    }
    match task.format {
        Format::Json => printed(writeln!(out, "{:#}", as_json(task.file, &read, &changes)))?,
        Format::Text => printed(as_text(out, task, &read, &changes))?,
    }
    let errors = read
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    if errors { Err(Stop::Found) } else { Ok(()) }
}

/// A register's file as contracts, by a given mapping, one that was kept for its titles, or a guess.
pub fn read_file(
    path: &Path,
    layout: &Layout,
    given: Option<&Mapping>,
    state: Option<&State<'_>>,
) -> Result<Import, Stop> {
    let name = path.display().to_string();
    let unreadable =
        |error: std::io::Error| Stop::input(format!("{name}: register.unreadable: {error}"));
    if std::fs::metadata(path).map_err(unreadable)?.len() > reading::MOST_BYTES {
        return Err(reading::too_many_bytes(&name));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    reading::contracts(&bytes, &name, layout, given, state, &mut progress())
}

/// A bar on standard error, when somebody looks.
fn progress() -> impl FnMut(usize, usize) {
    let bar = indicatif::ProgressBar::new(0);
    move |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        if done >= total {
            bar.finish_and_clear();
        }
    }
}

fn mapping_file(path: &Path) -> Result<Mapping, Stop> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Stop::input(format!("{name}: register.unreadable: {error}")))?;
    let mapping: Mapping = toml::from_str(&text).map_err(|error: toml::de::Error| {
        Stop::input(
            law::Problem::at(
                error.span().unwrap_or_default(),
                "register.bad_mapping",
                error.message().to_owned(),
            )
            .locate(&name, &text),
        )
    })?;
    let known: Vec<&str> = Field::ALL
        .into_iter()
        .map(Field::as_str)
        .chain([VALUE_BASIS])
        .collect();
    let wrong: Vec<String> = mapping
        .fields
        .keys()
        .filter(|field| Field::of_name(field).is_none() && *field != VALUE_BASIS)
        .map(|field| {
            let at = text.find(field.as_str()).unwrap_or(0);
            law::Problem::at(
                at..at.saturating_add(field.len()),
                "register.unknown_field",
                format!("`{field}` is no field; use {}", known.join(", ")),
            )
            .locate(&name, &text)
        })
        .collect();
    if wrong.is_empty() {
        Ok(mapping)
    } else {
        Err(Stop::Input(wrong))
    }
}

fn save_mapping(path: &Path, read: &Import) -> Result<(), Stop> {
    let Some(sheet) = read.sheets.first() else {
        return Ok(());
    };
    let text = toml::to_string_pretty(&sheet.mapping())
        .map_err(|error| Stop::input(format!("output.unwritable: {error}")))?;
    let head =
        "# What the columns mean: a title for each field. Correct it and give it as --mapping.\n";
    std::fs::write(path, format!("{head}{text}"))
        .map_err(|error| Stop::input(format!("{}: output.unwritable: {error}", path.display())))
}

/// The JSON contract of `candour register import`.
fn as_json(file: &Path, read: &Import, changes: &Changes) -> Value {
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in &read.problems {
        let count = by_code.entry(problem.kind.code()).or_insert(0);
        *count = count.saturating_add(1);
    }
    let first = read.sheets.first();
    let differing: BTreeMap<&str, Value> = read
        .sheets
        .iter()
        .filter(|sheet| first.is_some_and(|first| first.mapping != sheet.mapping))
        .filter_map(|sheet| Some((sheet.name.as_deref()?, json!(sheet.mapping))))
        .collect();
    json!({
        "file": file.file_name().map(|name| name.to_string_lossy()),
        "format": read.format,
        "encoding": read.encoding,
        "delimiter": read.delimiter,
        "mapping": first.map(|sheet| &sheet.mapping),
        "mapping_by_sheet": differing,
        "sheets_read": read.sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect::<Vec<_>>(),
        "unmapped_columns": first.map(|sheet| &sheet.unmapped),
        "counts": {"rows": read.contracts.len(), "problems": read.problems.len(), "by_code": by_code},
        "rows": read.contracts,
        "problems": read.problems.iter().map(|problem| {
            let mut object = json!(problem);
            object["fix"] = json!(problem.kind.fix());
            object
        }).collect::<Vec<_>>(),
        "changes": changes,
    })
}

fn as_text(
    out: &mut dyn Write,
    task: &Task<'_>,
    read: &Import,
    changes: &Changes,
) -> std::io::Result<()> {
    let sheets = match read.sheets.as_slice() {
        [only] if only.name.is_none() => String::new(),
        [_] => " on 1 sheet".to_owned(),
        all => format!(" on {} sheets", all.len()),
    };
    writeln!(
        out,
        "{}: {} contracts{sheets}",
        task.file.display(),
        read.contracts.len()
    )?;
    columns(out, read.sheets.first())?;
    problems(out, read, task.all)?;
    writeln!(out)?;
    changed(out, changes)?;
    if task.apply {
        writeln!(out, "Kept in {}", task.state.display())
    } else {
        writeln!(
            out,
            "Dry run: nothing was kept. Give --apply to keep these rows."
        )
    }
}

fn columns(out: &mut dyn Write, sheet: Option<&SheetRead>) -> std::io::Result<()> {
    let Some(sheet) = sheet else { return Ok(()) };
    writeln!(out, "\nColumns")?;
    for field in Field::ALL {
        if let Some(title) = sheet.mapping.get(field.as_str()) {
            writeln!(out, "  {:<20} {title}", field.as_str())?;
        }
    }
    if !sheet.unmapped.is_empty() {
        writeln!(out, "  {:<20} {}", "not read", sheet.unmapped.join(", "))?;
    }
    Ok(())
}

fn problems(out: &mut dyn Write, read: &Import, all: bool) -> std::io::Result<()> {
    let count = |severity: Severity| {
        read.problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    };
    writeln!(
        out,
        "\n{} errors, {} warnings, {} notes",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info)
    )?;
    for problem in &read.problems {
        if !all && problem.severity == Severity::Info && problem.kind != Kind::SkippedSheet {
            continue;
        }
        let sheet = problem
            .sheet
            .as_deref()
            .map(|sheet| format!("{sheet}!"))
            .unwrap_or_default();
        let place = match (&problem.cell, problem.row) {
            (Some(cell), _) => format!("{sheet}{cell}"),
            (None, Some(row)) => format!("{sheet}row {row}"),
            (None, None) => sheet.trim_end_matches('!').to_owned(),
        };
        let column = problem
            .column
            .as_deref()
            .map(|column| format!(" {}", short(column, 30)))
            .unwrap_or_default();
        let text = problem
            .text
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| format!(" “{}”", short(text, 40)))
            .unwrap_or_default();
        writeln!(
            out,
            "{}: {place}:{column}{text}: {}: {}",
            problem.severity.as_str(),
            problem.kind.code(),
            problem.kind.fix()
        )?;
    }
    Ok(())
}

fn short(text: &str, most: usize) -> String {
    let text = text.replace(['\n', '\r'], " / ");
    if text.chars().count() <= most {
        text
    } else {
        let start: String = text.chars().take(most.saturating_sub(1)).collect();
        format!("{start}…")
    }
}

fn changed(out: &mut dyn Write, changes: &Changes) -> std::io::Result<()> {
    writeln!(
        out,
        "{} new, {} gone, {} changed, {} as before",
        changes.added.len(),
        changes.removed.len(),
        changes.changed.len(),
        changes.same
    )?;
    let name = |entry: &casework::register::compare::Entry| {
        [entry.reference.as_deref(), entry.title.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    };
    // Of a first import every row is new; that needs no list.
    if changes.same > 0 || !changes.changed.is_empty() {
        for entry in &changes.added {
            writeln!(out, "  new: {}", name(entry))?;
        }
    }
    for entry in &changes.removed {
        writeln!(out, "  gone: {}", name(entry))?;
    }
    for change in &changes.changed {
        for field in &change.fields {
            writeln!(
                out,
                "  changed: {}: {} from {} to {}",
                name(&change.entry),
                field.field.as_str(),
                field.before.as_deref().unwrap_or("nothing"),
                field.after.as_deref().unwrap_or("nothing")
            )?;
        }
    }
    Ok(())
}
