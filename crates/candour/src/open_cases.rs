//! Cases as their clocks see them: from the command line, or many from a .csv or .jsonl file.

use jiff::civil::Date;
use law::{Calendar, Chronology, Clock, Event, Problem, Reckoning, Statute, TimeLimits};
use serde::Deserialize;

use crate::fault::Stop;
use crate::receipt;

/// A case with what its deadlines depend on.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// The authority's reference for it.
    pub reference: Option<String>,
    /// The regime's id, "foia".
    pub regime: String,
    /// The id of the time limit, by the kind of authority or information; the regime's usual one when `None`.
    pub limit: Option<String>,
    /// What happened to it.
    pub chronology: Chronology,
}

impl OpenCase {
    /// Works out its deadlines by one version of the calendar.
    ///
    /// # Errors
    /// Every contradiction in it; or a day beyond the calendar.
    pub fn reckon(
        &self,
        statute: &Statute,
        limits: &TimeLimits,
        calendar: &Calendar,
    ) -> Result<Reckoning, Vec<Problem>> {
        Clock::new(
            statute,
            limits,
            calendar,
            &self.regime,
            self.limit.as_deref(),
        )?
        .reckon(&self.chronology)
    }
}

/// Reads the events of one case, and says everything that is wrong with any of them.
///
/// # Errors
/// A line a problem, with the number of the event and the column.
pub fn events(texts: &[impl AsRef<str>], place: &str) -> Result<Vec<Event>, Vec<String>> {
    let mut problems = Vec::new();
    let mut events = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match Event::parse(text.as_ref()) {
            Ok(event) => events.push(event),
            Err(more) => {
                let name = format!("{place}event {}", index.saturating_add(1));
                problems.extend(
                    more.iter()
                        .map(|problem| problem.locate(&name, text.as_ref())),
                );
            }
        }
    }
    if problems.is_empty() {
        Ok(events)
    } else {
        Err(problems)
    }
}

/// The periods without school, each `FROM..TO` with both ends included.
///
/// # Errors
/// A line a problem.
pub fn periods(texts: &[impl AsRef<str>], place: &str) -> Result<Vec<(Date, Date)>, Vec<String>> {
    let mut problems = Vec::new();
    let mut periods = Vec::new();
    for text in texts.iter().map(AsRef::as_ref) {
        let ends = text
            .split_once("..")
            .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
        match ends {
            Some(ends) => periods.push(ends),
            None => problems.push(format!(
                "{place}event.bad_period: `{text}` is not a period; write it as 2026-12-21..2027-01-01"
            )),
        }
    }
    if problems.is_empty() {
        Ok(periods)
    } else {
        Err(problems)
    }
}

/// The labels in "1, 2(a), 3".
pub fn labels(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|label| !label.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A line of a .jsonl file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    reference: String,
    received: String,
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    questions: Vec<String>,
    #[serde(default)]
    no_school: Vec<String>,
    regime: Option<String>,
    authority_kind: Option<String>,
}

/// The columns of a .csv file: the first two must be there; `|` stands between several events or periods of one case.
const COLUMNS: [&str; 7] = [
    "reference",
    "received",
    "events",
    "questions",
    "no_school",
    "regime",
    "authority_kind",
];

/// Reads the cases of a .csv or .jsonl file.
///
/// # Errors
/// The file can't be read; or every problem in it, with its line.
pub fn read(path: &str) -> Result<Vec<OpenCase>, Stop> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Stop::input(format!(
            "{path}: cases.unreadable: can't read this file: {error}"
        ))
    })?;
    let lower = path.to_lowercase();
    let mut problems = Vec::new();
    let lines = if lower.ends_with(".csv") {
        csv_lines(&text, path, &mut problems)
    } else if lower.ends_with(".jsonl") {
        json_lines(&text, path, &mut problems)
    } else {
        return Err(Stop::input(format!(
            "{path}: cases.unknown_form: give the open cases as .csv with the columns {}, or as .jsonl with the same keys",
            COLUMNS.join(", ")
        )));
    };
    let mut cases: Vec<OpenCase> = Vec::new();
    for (number, line) in lines {
        let place = format!("{path}:{number}:1: ");
        match case(&line, &place) {
            Ok(case) => {
                if cases.iter().any(|other| other.reference == case.reference) {
                    problems.push(format!(
                        "{place}cases.twice: {} stands twice; give each case once",
                        line.reference
                    ));
                }
                cases.push(case);
            }
            Err(more) => problems.extend(more),
        }
    }
    if cases.is_empty() && problems.is_empty() {
        problems.push(format!("{path}: cases.empty: no case in this file"));
    }
    if problems.is_empty() {
        Ok(cases)
    } else {
        Err(Stop::Input(problems))
    }
}

fn case(line: &Line, place: &str) -> Result<OpenCase, Vec<String>> {
    let mut problems = Vec::new();
    let mut keep = |outcome: Result<(), Vec<String>>| {
        if let Err(more) = outcome {
            problems.extend(more);
        }
    };
    if line.reference.trim().is_empty() {
        keep(Err(vec![format!(
            "{place}cases.no_reference: every case needs its reference"
        )]));
    }
    let mut received_on = None;
    keep(match receipt::day(&line.received, "cases") {
        Ok(day) => {
            received_on = Some(day);
            Ok(())
        }
        Err(Stop::Input(more)) => Err(more
            .iter()
            .map(|problem| format!("{place}{problem}"))
            .collect()),
        Err(Stop::Found) => Ok(()),
    });
    let (mut read_events, mut no_school) = (Vec::new(), Vec::new());
    keep(events(&line.events, place).map(|events| read_events = events));
    keep(periods(&line.no_school, place).map(|periods| no_school = periods));
    match received_on {
        Some(received_on) if problems.is_empty() => Ok(OpenCase {
            reference: Some(line.reference.trim().to_owned()),
            regime: line.regime.clone().unwrap_or_else(|| "foia".to_owned()),
            limit: line.authority_kind.clone(),
            chronology: Chronology {
                received_on,
                questions: line.questions.clone(),
                events: read_events,
                no_school,
            },
        }),
        _ => Err(problems),
    }
}

fn json_lines(text: &str, path: &str, problems: &mut Vec<String>) -> Vec<(usize, Line)> {
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index.saturating_add(1);
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(line) {
            Ok(line) => lines.push((number, line)),
            Err(error) => problems.push(format!(
                "{path}:{number}:{}: cases.bad_line: {}; the keys are {}",
                error.column().max(1),
                office::intake::bare(&error),
                COLUMNS.join(", ")
            )),
        }
    }
    lines
}

fn csv_lines(text: &str, path: &str, problems: &mut Vec<String>) -> Vec<(usize, Line)> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        problems.push(format!(
            "{path}:1:1: cases.header: the first row can't be read"
        ));
        return Vec::new();
    };
    let column = |name: &str| header.iter().position(|known| known == name);
    let unknown: Vec<&str> = header
        .iter()
        .filter(|name| !COLUMNS.contains(name))
        .collect();
    if !unknown.is_empty() || column("reference").is_none() || column("received").is_none() {
        problems.push(format!(
            "{path}:1:1: cases.header: the first row must name reference and received, and may name {}{}",
            COLUMNS.get(2..).unwrap_or_default().join(", "),
            if unknown.is_empty() {
                String::new()
            } else {
                format!("; {} is none of them", unknown.join(", "))
            }
        ));
        return Vec::new();
    }
    let mut lines = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                problems.push(format!("{path}: cases.bad_line: {error}"));
                break;
            }
        };
        let number = row.position().map_or(0, |position| {
            usize::try_from(position.line()).unwrap_or_default()
        });
        let cell = |name: &str| {
            column(name)
                .and_then(|index| row.get(index))
                .unwrap_or("")
                .to_owned()
        };
        let several = |name: &str| -> Vec<String> {
            cell(name)
                .split(['|', '\n'])
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let optional = |name: &str| Some(cell(name)).filter(|value| !value.is_empty());
        lines.push((
            number,
            Line {
                reference: cell("reference"),
                received: cell("received"),
                events: several("events"),
                questions: labels(&cell("questions")),
                no_school: several("no_school"),
                regime: optional("regime"),
                authority_kind: optional("authority_kind"),
            },
        ));
    }
    lines
}
