//! `candour calendar check|compare`: bank holiday data, and what a newer version of it moves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use jiff::civil::{Date, Weekday};
use law::{
    BankHoliday, Calendar, CalendarChange, Certainty, Clock, Jurisdiction, Move, Statute,
    TimeLimits, WorkingDays,
};
use serde_json::{Value, json};

use crate::data::{Data, located, sha256};
use crate::fault::Stop;
use crate::open_cases::{self, OpenCase};

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a person.
    Text,
    /// One JSON object.
    Json,
}

/// A version of the calendar with the name of its file.
struct Version {
    name: String,
    sha256: String,
    calendar: Calendar,
}

/// Reads a bank holiday file; `current` is the one in use.
fn read(file: &str, data: &Data) -> Result<Version, Stop> {
    let (text, name) = if file == "current" {
        data.text("law/bank-holidays.csv")?
    } else {
        let text = std::fs::read_to_string(file).map_err(|error| {
            Stop::input(format!(
                "{file}: calendar.unreadable: can't read this file: {error}"
            ))
        })?;
        (text, file.to_owned())
    };
    let calendar = Calendar::parse(&text).map_err(|problems| located(&name, &text, &problems))?;
    Ok(Version {
        sha256: sha256(&text),
        name,
        calendar,
    })
}

/// Something in a calendar that a person should look at.
struct Finding {
    code: &'static str,
    message: String,
    /// Whether a deadline may be wrong because of it.
    wrong: bool,
}

/// What looks wrong with a calendar that could be read.
fn findings(calendar: &Calendar, today: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |code, wrong, message: String| {
        findings.push(Finding {
            code,
            message,
            wrong,
        });
    };
    let by_year = by_year(calendar);
    for jurisdiction in Jurisdiction::EVERY {
        let usual = usual_number(&by_year, jurisdiction);
        for year in calendar.first().year()..=calendar.up_to().year() {
            let count = by_year.get(&(year, jurisdiction)).copied().unwrap_or(0);
            if count.saturating_add(1) < usual {
                add(
                    "calendar.few_days",
                    true,
                    format!(
                        "{year} has {count} bank holidays in {jurisdiction}, where most years have {usual}; look for missing rows"
                    ),
                );
            }
        }
    }
    for (date, holiday) in calendar.every_bank_holiday() {
        if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            add(
                "calendar.weekend",
                false,
                format!(
                    "{date} ({}, {}) is a {}, which is no working day anyway; check whether its substitute day has a row",
                    holiday.name,
                    holiday.jurisdiction,
                    date.strftime("%A")
                ),
            );
        }
        if holiday.certainty == Certainty::Past && date > today {
            add(
                "calendar.not_past",
                false,
                format!(
                    "{date} ({}, {}) is marked past and is still to come; mark it pending or projection",
                    holiday.name, holiday.jurisdiction
                ),
            );
        }
    }
    let up_to = calendar.up_to();
    match calendar.working_days_between(today, up_to) {
        Ok(left) if left <= 60 => add(
            "calendar.near_its_end",
            true,
            format!(
                "it ends on {up_to}, {} from today; deadlines beyond it are refused, so get newer data now",
                WorkingDays(left)
            ),
        ),
        Ok(_) => {}
        Err(_) if today > up_to => add(
            "calendar.ended",
            true,
            format!("it ended on {up_to}; get newer data now"),
        ),
        Err(_) => add(
            "calendar.not_begun",
            true,
            format!("it begins only on {}", calendar.first()),
        ),
    }
    findings
}

/// How many bank holidays each year has in each part of the United Kingdom.
fn by_year(calendar: &Calendar) -> BTreeMap<(i16, Jurisdiction), usize> {
    let mut by_year = BTreeMap::new();
    for (date, holiday) in calendar.every_bank_holiday() {
        let count: &mut usize = by_year
            .entry((date.year(), holiday.jurisdiction))
            .or_default();
        *count = count.saturating_add(1);
    }
    by_year
}

/// The number of bank holidays that most years have.
fn usual_number(
    by_year: &BTreeMap<(i16, Jurisdiction), usize>,
    jurisdiction: Jurisdiction,
) -> usize {
    let mut counts: Vec<usize> = by_year
        .iter()
        .filter(|((_, place), _)| *place == jurisdiction)
        .map(|(_, count)| *count)
        .collect();
    counts.sort_unstable();
    counts
        .get(counts.len().checked_div(2).unwrap_or(0))
        .copied()
        .unwrap_or(0)
}

/// Says that a calendar was read, what it covers and rests on, and what looks wrong with it.
///
/// # Errors
/// Every mistake in the file; [`Stop::Found`] when a deadline may be wrong because of what it holds.
pub fn check(
    file: &str,
    format: Format,
    data: &Data,
    today: Date,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let version = read(file, data)?;
    let calendar = &version.calendar;
    let findings = findings(calendar, today);
    let by_year = by_year(calendar);
    let number = |place: Jurisdiction| -> usize {
        by_year
            .iter()
            .filter(|((_, known), _)| *known == place)
            .map(|(_, count)| *count)
            .sum()
    };
    let sources: BTreeSet<&str> = calendar
        .every_bank_holiday()
        .map(|(_, holiday)| holiday.source.as_str())
        .collect();
    let projected: Vec<(Date, &BankHoliday)> = calendar
        .every_bank_holiday()
        .filter(|(_, holiday)| holiday.certainty == Certainty::Projection)
        .collect();
    let projected_from = projected.iter().map(|(date, _)| *date).min();
    let outcome = match format {
        Format::Json => writeln!(
            out,
            "{:#}",
            json!({
                "file": version.name,
                "version": calendar.version(),
                "first": calendar.first(),
                "up_to": calendar.up_to(),
                "sha256": version.sha256,
                "bank_holidays": Jurisdiction::EVERY.map(|place| json!({"where": place.to_string(), "days": number(place)})),
                "sources": sources,
                "projected_from": projected_from,
                "findings": findings.iter().map(|finding| json!({
                    "code": finding.code, "message": finding.message,
                    "severity": if finding.wrong { "error" } else { "info" },
                })).collect::<Vec<_>>(),
            })
        ),
        Format::Text => (|| {
            writeln!(
                out,
                "{}: version {}, {} to {}",
                version.name,
                calendar.version().unwrap_or("not named"),
                calendar.first(),
                calendar.up_to()
            )?;
            for place in Jurisdiction::EVERY {
                writeln!(
                    out,
                    "  {:<18} {} bank holidays",
                    place.to_string(),
                    number(place)
                )?;
            }
            writeln!(
                out,
                "  sources            {}",
                sources.iter().copied().collect::<Vec<_>>().join("; ")
            )?;
            if let Some(from) = projected_from {
                writeln!(
                    out,
                    "  projected          {} rows from {from}: announced, and may still change",
                    projected.len()
                )?;
            }
            writeln!(out, "  sha256             {}", version.sha256)?;
            for finding in &findings {
                writeln!(
                    out,
                    "{}: {}: {}",
                    if finding.wrong { "error" } else { "info" },
                    finding.code,
                    finding.message
                )?;
            }
            Ok(())
        })(),
    };
    outcome.map_err(|error: std::io::Error| Stop::input(format!("output.unwritable: {error}")))?;
    if findings.iter().any(|finding| finding.wrong) {
        Err(Stop::Found)
    } else {
        Ok(())
    }
}

/// An open case with the days that move.
struct Moved<'a> {
    case: &'a OpenCase,
    moves: Vec<Move>,
}

/// Prints which bank holidays differ and which deadlines of the open cases move.
///
/// # Errors
/// Every mistake in the files; a case that the newer calendar can't reckon.
pub fn compare(
    old: &str,
    new: &str,
    cases: Option<&str>,
    format: Format,
    data: &Data,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let (older, newer) = (read(old, data), read(new, data));
    let open = cases.map(open_cases::read).transpose();
    let mut problems = Vec::new();
    let mut keep = |stop: Stop| match stop {
        Stop::Input(more) => problems.extend(more),
        Stop::Found => {}
    };
    let (older, newer, open) = match (older, newer, open) {
        (Ok(older), Ok(newer), Ok(open)) => (older, newer, open.unwrap_or_default()),
        (older, newer, open) => {
            let _ = older.map_err(&mut keep);
            let _ = newer.map_err(&mut keep);
            let _ = open.map_err(&mut keep);
            return Err(Stop::Input(problems));
        }
    };
    let (statute, limits) = (data.statute()?, data.time_limits()?);
    let mut moved = Vec::new();
    for case in &open {
        match moves(case, &statute, &limits, &older.calendar, &newer.calendar) {
            Ok(moves) if moves.is_empty() => {}
            Ok(moves) => moved.push(Moved { case, moves }),
            Err(more) => problems.extend(more.iter().map(|problem| {
                format!(
                    "{}: {problem}",
                    case.reference.as_deref().unwrap_or("a case")
                )
            })),
        }
    }
    if !problems.is_empty() {
        return Err(Stop::Input(problems));
    }
    let changes = older.calendar.changes(&newer.calendar);
    let outcome = match format {
        Format::Json => writeln!(
            out,
            "{:#}",
            comparison(&older, &newer, &changes, &moved, open.len())
        ),
        Format::Text => report(out, &older, &newer, &changes, &moved, open.len()),
    };
    outcome.map_err(|error| Stop::input(format!("output.unwritable: {error}")))
}

fn moves(
    case: &OpenCase,
    statute: &Statute,
    limits: &TimeLimits,
    older: &Calendar,
    newer: &Calendar,
) -> Result<Vec<Move>, Vec<law::Problem>> {
    let clock = |calendar| {
        Clock::new(
            statute,
            limits,
            calendar,
            &case.regime,
            case.limit.as_deref(),
        )
    };
    clock(older)?.moves(&clock(newer)?, &case.chronology)
}

fn change(change: &CalendarChange) -> Value {
    json!({
        "date": change.date,
        "where": change.jurisdiction.to_string(),
        "name": change.name,
        "source": change.source,
        "change": if change.added { "added" } else { "removed" },
    })
}

fn comparison(
    older: &Version,
    newer: &Version,
    changes: &[CalendarChange],
    moved: &[Moved<'_>],
    cases: usize,
) -> Value {
    let version = |version: &Version| {
        json!({
            "file": version.name, "version": version.calendar.version(),
            "first": version.calendar.first(), "up_to": version.calendar.up_to(), "sha256": version.sha256,
        })
    };
    json!({
        "old": version(older),
        "new": version(newer),
        "changes": changes.iter().map(change).collect::<Vec<_>>(),
        "cases": cases,
        "moved": moved.iter().flat_map(|Moved { case, moves }| moves.iter().map(|day| json!({
            "reference": case.reference,
            "question": day.question,
            "what": day.what,
            "before": day.before,
            "after": day.after,
            "because": day.because.iter().map(change).collect::<Vec<_>>(),
        }))).collect::<Vec<_>>(),
    })
}

fn report(
    out: &mut dyn Write,
    older: &Version,
    newer: &Version,
    changes: &[CalendarChange],
    moved: &[Moved<'_>],
    cases: usize,
) -> std::io::Result<()> {
    for (which, version) in [("old", older), ("new", newer)] {
        writeln!(
            out,
            "{which}  {}: version {}, {} to {}",
            version.name,
            version.calendar.version().unwrap_or("not named"),
            version.calendar.first(),
            version.calendar.up_to()
        )?;
    }
    writeln!(out)?;
    if changes.is_empty() {
        writeln!(out, "No bank holiday differs in the years that both cover.")?;
    }
    for change in changes {
        writeln!(
            out,
            "{} {} {}, {} (source: {})",
            if change.added { "added  " } else { "removed" },
            day(change.date),
            change.name,
            change.jurisdiction,
            change.source
        )?;
    }
    writeln!(out)?;
    for Moved { case, moves } in moved {
        for day_of in moves {
            let of = day_of
                .question
                .as_ref()
                .map_or_else(String::new, |label| format!(", question {label}"));
            let named = |date: Option<Date>, none: &str| date.map_or_else(|| none.to_owned(), day);
            writeln!(
                out,
                "{}{of}: {} moves from {} to {}",
                case.reference.as_deref().unwrap_or("a case"),
                day_of.what,
                named(day_of.before, "beyond the old calendar"),
                named(day_of.after, "none"),
            )?;
            for change in &day_of.because {
                writeln!(
                    out,
                    "    because {} is {} a bank holiday in {} ({})",
                    day(change.date),
                    if change.added { "now" } else { "no longer" },
                    change.jurisdiction,
                    change.name
                )?;
            }
        }
    }
    writeln!(out, "{} of {cases} open cases move", moved.len())
}

fn day(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}
