//! What has been published, read from files: a register, a disclosure log, anything else.

use std::path::Path;

use casework::disclosure_log::LogEntry;
use casework::public_record::{Contract, PublishedEntry, Says, Source};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use crate::fault::Stop;

/// Every entry of the files, or every problem of all of them.
///
/// # Errors
/// What can't be read, each with file, line and the way out.
pub fn read(
    registers: &[std::path::PathBuf],
    logs: &[std::path::PathBuf],
    records: &[std::path::PathBuf],
) -> Result<Vec<PublishedEntry>, Stop> {
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    let mut gather = |outcome: Result<Vec<PublishedEntry>, Vec<String>>| match outcome {
        Ok(more) => entries.extend(more),
        Err(more) => problems.extend(more),
    };
    for path in registers {
        gather(register(path));
    }
    for path in logs {
        gather(log(path).map(|entries| {
            entries
                .iter()
                .map(|entry| entry.published("disclosure-log"))
                .collect()
        }));
    }
    for path in records {
        gather(record(path));
    }
    if problems.is_empty() {
        Ok(entries)
    } else {
        Err(Stop::Input(problems))
    }
}

/// A row of a register as Candour publishes it; what the check doesn't read is left alone.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    department: Option<String>,
    #[serde(default, alias = "supplier")]
    supplier_name: Option<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default, alias = "start_date")]
    start: Option<String>,
    #[serde(default, alias = "end_date")]
    end: Option<String>,
}

/// The rows of a register: JSON, an array or an object with `rows`; or CSV with the names of those fields as titles.
///
/// # Errors
/// Each row that can't be read.
pub fn register(path: &Path) -> Result<Vec<PublishedEntry>, Vec<String>> {
    let text = text(path)?;
    let shown = path.display().to_string();
    let mut problems = Vec::new();
    let mut rows: Vec<(String, Row)> = Vec::new();
    let mut as_at = None;
    if is_csv(path) {
        let mut table = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let titles: Vec<String> = table
            .headers()
            .map(|titles| {
                titles
                    .iter()
                    .map(|title| title.to_lowercase().replace([' ', '-'], "_"))
                    .collect()
            })
            .unwrap_or_default();
        if !titles.iter().any(|title| title == "title") {
            return Err(vec![format!(
                "{shown}:1:1: record.no_title_column: there is no column `title`; publish the register with Candour, or name its \
                 columns reference, title, description, department, supplier_name, value, start and end"
            )]);
        }
        table.set_headers(titles.into());
        for row in table.deserialize::<Row>() {
            match row {
                Ok(row) => rows.push((String::new(), row)),
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    problems.push(format!(
                        "{shown}:{line}:1: record.bad_row: {error}; mend the row"
                    ));
                }
            }
        }
    } else {
        let json = json(&text, &shown)?;
        as_at = json
            .get("as_at")
            .and_then(Value::as_str)
            .and_then(|day| day.parse::<Date>().ok());
        let list = match &json {
            Value::Array(list) => Some(list),
            other => ["rows", "contracts"]
                .iter()
                .find_map(|name| other.get(*name).and_then(Value::as_array)),
        };
        let Some(list) = list else {
            return Err(vec![format!(
                "{shown}:1:1: record.no_rows: a register is an array of rows, or an object with `rows`"
            )]);
        };
        for (at, row) in list.iter().enumerate() {
            match serde_json::from_value::<Row>(row.clone()) {
                Ok(row) => rows.push((format!("row {}", at.saturating_add(1)), row)),
                Err(error) => problems.push(format!(
                    "{shown}: row {}: record.bad_row: {error}; mend the row",
                    at.saturating_add(1)
                )),
            }
        }
    }
    let mut entries = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (at, (place, row)) in rows.into_iter().enumerate() {
        let number = at.saturating_add(1);
        let mut day = |day: Option<String>, which: &str| {
            let day = day.filter(|day| !day.trim().is_empty())?;
            match day.parse::<Date>() {
                Ok(day) => Some(day),
                Err(_) => {
                    problems.push(format!(
                        "{shown}: row {number}: record.bad_date: `{day}` is no {which} date; write it as 2026-11-24"
                    ));
                    None
                }
            }
        };
        let starts_on = day(row.start, "start");
        let ends_on = day(row.end, "end");
        let mut id = row
            .reference
            .filter(|reference| !reference.trim().is_empty())
            .unwrap_or_else(|| format!("row {number}"));
        // Registers use a reference twice; each row is an entry.
        if !seen.insert(id.clone()) {
            id = format!("{id} (row {number})");
            seen.insert(id.clone());
        }
        entries.push(PublishedEntry {
            source: Source::Register,
            place: if place.is_empty() {
                format!("{shown}: row {number}")
            } else {
                format!("{shown}: {place}")
            },
            id,
            published_on: as_at,
            withdrawn_on: None,
            says: Says::Contract(Contract {
                title: row.title.unwrap_or_default(),
                description: row.description.unwrap_or_default(),
                department: row.department.unwrap_or_default(),
                supplier: row.supplier_name.unwrap_or_default(),
                value: row.value,
                starts_on,
                ends_on,
            }),
        });
    }
    if problems.is_empty() {
        Ok(entries)
    } else {
        Err(problems)
    }
}

/// The entries of a disclosure log, a JSON array.
///
/// # Errors
/// Each entry that can't be read.
pub fn log(path: &Path) -> Result<Vec<LogEntry>, Vec<String>> {
    let text = text(path)?;
    let shown = path.display().to_string();
    let Value::Array(list) = json(&text, &shown)? else {
        return Err(vec![format!(
            "{shown}:1:1: record.no_entries: a log is an array of entries, as `candour log render` writes log.json"
        )]);
    };
    each(list, &shown, "entry")
}

/// Anything published: one JSON object a line.
fn record(path: &Path) -> Result<Vec<PublishedEntry>, Vec<String>> {
    let text = text(path)?;
    let shown = path.display().to_string();
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<PublishedEntry>(line) {
            Ok(entry) => entries.push(entry),
            Err(error) => problems.push(format!(
                "{shown}:{}:{}: record.bad_entry: {error}; an entry has source, id, place, published_on and says",
                at.saturating_add(1),
                error.column()
            )),
        }
    }
    if problems.is_empty() {
        Ok(entries)
    } else {
        Err(problems)
    }
}

fn each<T: serde::de::DeserializeOwned>(
    list: Vec<Value>,
    shown: &str,
    what: &str,
) -> Result<Vec<T>, Vec<String>> {
    let mut good = Vec::new();
    let mut problems = Vec::new();
    for (at, value) in list.into_iter().enumerate() {
        match serde_json::from_value(value) {
            Ok(one) => good.push(one),
            Err(error) => problems.push(format!(
                "{shown}: {what} {}: record.bad_entry: {error}; mend it",
                at.saturating_add(1)
            )),
        }
    }
    if problems.is_empty() {
        Ok(good)
    } else {
        Err(problems)
    }
}

fn json(text: &str, shown: &str) -> Result<Value, Vec<String>> {
    serde_json::from_str(text).map_err(|error| {
        vec![format!(
            "{shown}:{}:{}: record.not_json: {error}; give a file that Candour wrote, or CSV",
            error.line(),
            error.column()
        )]
    })
}

fn is_csv(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}

fn text(path: &Path) -> Result<String, Vec<String>> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|error| vec![format!("{shown}: record.unreadable: {error}")])?;
    String::from_utf8(bytes).map_err(|error| {
        vec![format!(
            "{shown}: record.not_utf8: byte {} is no UTF-8; import the register with `candour register import`, which reads \
             other encodings",
            error.utf8_error().valid_up_to()
        )]
    })
}
