//! Statistics: how fast, with which outcome and under which section, each a chart with its table behind it. Small cells are suppressed, with a second one where the first could be worked out by subtraction.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use casework::case::Outcome;
use jiff::ToSpan;
use jiff::civil::Date;
use law::{Act, Provision};

use crate::app::App;
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::public::log::OUTCOMES;
use crate::session::Visit;
use crate::words::filters;

/// Cells below this are not shown.
const SMALL: u64 = 5;
/// What stands for a cell below that.
const FEW: &str = "fewer than 5";
/// What stands for another that would give it away.
const NOT_SHOWN: &str = "not shown";

/// A quarter's counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    received: u64,
    answered: u64,
    on_time: u64,
    outcomes: [u64; 4],
}

/// A figure as shown, and how long its bar is, of 100; without one where it isn't shown.
#[derive(Clone, Debug)]
pub struct Cell {
    words: String,
    bar: Option<u64>,
}

/// A chart of bars, each with its words beside it.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The beginning of its ids.
    id: &'static str,
    /// What it shows, in a sentence.
    finding: String,
    bars: Vec<Bar>,
}

/// A bar: what of, what it comes to, and how long it is, of 100; none where that isn't shown.
#[derive(Clone, Debug)]
pub struct Bar {
    of: String,
    words: String,
    long: Option<u64>,
}

impl Bar {
    /// How much of the chart's width it takes: the words that follow it need the rest.
    #[must_use]
    pub fn width(&self) -> u64 {
        self.long.unwrap_or(0).min(100) * 6 / 10
    }
}

impl Chart {
    /// Pixels of a bar with its name above it.
    const EACH: usize = 48;

    /// Its height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.bars.len() * Self::EACH
    }

    /// Where a bar's part begins, from the top.
    #[must_use]
    pub fn top(&self, place: &usize) -> usize {
        place * Self::EACH
    }
}

/// A quarter as shown.
#[derive(Clone, Debug)]
pub struct Quarter {
    name: String,
    received: String,
    answered: String,
    on_time: String,
    share: Option<u64>,
    outcomes: Vec<Cell>,
}

/// A section under which information was refused.
#[derive(Clone, Debug)]
pub struct Refused {
    section: String,
    name: String,
    cell: Cell,
}

/// The page.
#[derive(Template)]
#[template(path = "public/statistics.html")]
pub struct StatisticsPage {
    frame: Frame,
    quarters: Vec<Quarter>,
    fast: Chart,
    /// How the newest quarter of which that can be told went.
    went: Option<Chart>,
    outcomes: Vec<&'static str>,
    refused: Vec<Refused>,
    relied: Option<Chart>,
}

fn quarter_of(day: Date) -> (i16, i8) {
    (day.year(), (day.month() - 1) / 3 + 1)
}

/// Numbers as the public sees them. Below 5 is “fewer than 5”; where those could be worked out from the sum, the next
/// smallest is hidden too, and a nought where nothing else is left.
#[must_use]
pub fn suppressed(cells: &[u64]) -> Vec<String> {
    let mut hidden: Vec<bool> = cells.iter().map(|cell| (1..SMALL).contains(cell)).collect();
    if can_be_worked_out(cells, &hidden) {
        let next = cells
            .iter()
            .enumerate()
            .filter(|(index, _)| !hidden.get(*index).copied().unwrap_or(true))
            .min_by_key(|(_, cell)| (**cell == 0, **cell))
            .map(|(index, _)| index);
        if let Some(second) = next.and_then(|index| hidden.get_mut(index)) {
            *second = true;
        }
    }
    cells
        .iter()
        .zip(hidden)
        .map(|(cell, hidden)| match (hidden, *cell) {
            (false, cell) => cell.to_string(),
            (true, 1..SMALL) => FEW.to_owned(),
            (true, _) => NOT_SHOWN.to_owned(),
        })
        .collect()
}

/// Whether the sum, less what is shown, leaves one way to fill the hidden cells: there is one, or all are as small or as
/// large as a hidden cell can be.
fn can_be_worked_out(cells: &[u64], hidden: &[bool]) -> bool {
    let hidden = cells.iter().zip(hidden).filter(|(_, hidden)| **hidden);
    let (count, sum) = hidden.fold((0_u64, 0_u64), |(count, sum), (cell, _)| {
        (count + 1, sum + cell)
    });
    count == 1 || (count > 1 && (sum == count || sum == count * (SMALL - 1)))
}

/// What is counted: quarters of receipt, and answered requests by the provisions relied on.
#[derive(Debug, Default)]
struct Counted {
    quarters: BTreeMap<(i16, i8), Counts>,
    sections: BTreeMap<(u16, String), u64>,
}

/// Counts what was received on a day or later.
async fn counted(app: &App, from: Date) -> Result<Counted, WebError> {
    let store = app.office.store();
    let mut counted = Counted::default();
    for alike in store.received_alike(from, app.today()).await? {
        let Ok(month) = format!("{}-01", alike.received_in).parse::<Date>() else {
            continue;
        };
        // What is dealt with under another law is none of this Act's.
        if alike.outcome.as_deref() == Some(Outcome::PassedOn.spelling()) {
            continue;
        }
        let counts = counted.quarters.entry(quarter_of(month)).or_default();
        counts.received += alike.cases;
        let Some(on_time) = alike.answered_on_time else {
            continue;
        };
        counts.answered += alike.cases;
        if on_time {
            counts.on_time += alike.cases;
        }
        let place = OUTCOMES
            .iter()
            .position(|(spelling, _)| alike.outcome.as_deref() == Some(spelling));
        if let Some(cell) = place.and_then(|place| counts.outcomes.get_mut(place)) {
            *cell += alike.cases;
        }
        // By section alone: a subsection would tell withholding from neither confirming nor denying.
        let sections: BTreeSet<(u16, String)> = alike
            .provisions
            .split(", ")
            .filter_map(|provision| provision.parse::<Provision>().ok())
            .filter(|provision| provision.act() == Act::Foia)
            .map(|provision| {
                let section = provision.section();
                let number = section.trim_end_matches(char::is_alphabetic).parse();
                (number.unwrap_or(u16::MAX), section)
            })
            .collect();
        for section in sections {
            *counted.sections.entry(section).or_insert(0) += alike.cases;
        }
    }
    Ok(counted)
}

/// A count that is the sum of nothing shown.
fn alone(count: u64) -> String {
    match count {
        1..SMALL => FEW.to_owned(),
        count => count.to_string(),
    }
}

/// Figures as shown, each with a bar that is as long as its share of `whole`.
fn cells(words: Vec<String>, whole: u64) -> Vec<Cell> {
    words
        .into_iter()
        .map(|words| Cell {
            bar: words
                .parse::<u64>()
                .ok()
                .and_then(|count| (count * 100).checked_div(whole)),
            words,
        })
        .collect()
}

fn quarter((year, quarter): (i16, i8), counts: &Counts) -> Quarter {
    let late = counts.answered.saturating_sub(counts.on_time);
    // Of a handful of answers nothing more is said: the noughts beside one would tell how it went.
    let is_handful = (1..SMALL).contains(&counts.answered);
    let divided = |cells: &[u64]| {
        if is_handful {
            vec![NOT_SHOWN.to_owned(); cells.len()]
        } else {
            suppressed(cells)
        }
    };
    let timeliness = divided(&[counts.on_time, late]);
    let share = (counts.answered >= SMALL
        && timeliness.iter().all(|cell| cell.parse::<u64>().is_ok()))
    .then(|| counts.on_time * 100 / counts.answered);
    let months = match quarter {
        1 => "January to March",
        2 => "April to June",
        3 => "July to September",
        _ => "October to December",
    };
    Quarter {
        name: format!("{months} {year}"),
        received: alone(counts.received),
        answered: alone(counts.answered),
        on_time: timeliness.first().cloned().unwrap_or_default(),
        share,
        outcomes: cells(divided(&counts.outcomes), counts.answered),
    }
}

/// The first day of the year before.
fn two_years(today: Date) -> Date {
    Date::new(today.year() - 1, 1, 1).unwrap_or(today)
}

async fn quarters(app: &App) -> Result<Vec<Quarter>, WebError> {
    let counted = counted(app, two_years(app.today())).await?;
    Ok(shown(&counted))
}

fn shown(counted: &Counted) -> Vec<Quarter> {
    counted
        .quarters
        .iter()
        .map(|(key, counts)| quarter(*key, counts))
        .collect()
}

/// The sections relied on in as many requests as may be told, those of most first. Of the others not even the number is
/// said: that there is one would tell how a handful of answers went.
fn refused(app: &App, counted: &Counted) -> Vec<Refused> {
    let most = counted.sections.values().copied().max().unwrap_or(0);
    let statute = &app.office.bundle().statute;
    let mut told: Vec<(&String, u64)> = counted
        .sections
        .iter()
        .filter(|(_, count)| **count >= SMALL)
        .map(|((_, section), count)| (section, *count))
        .collect();
    told.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    told.into_iter()
        .map(|(section, count)| Refused {
            section: section.clone(),
            name: statute
                .exemptions()
                .iter()
                .find(|exemption| {
                    exemption.provision.section() == *section
                        && exemption.provision.parts().is_empty()
                })
                .map_or_else(String::new, |exemption| exemption.name.clone()),
            cell: Cell {
                bar: (count * 100).checked_div(most),
                words: count.to_string(),
            },
        })
        .collect()
}

/// How fast we answered lately, in a sentence; nothing where too few were answered.
fn finding(quarters: &[Quarter]) -> Option<String> {
    quarters.iter().rev().find_map(|quarter| {
        quarter.share.map(|share| {
            format!(
                "{share}% of answered requests received in {} were answered on time.",
                quarter.name
            )
        })
    })
}

/// The share answered on time, by quarter.
fn fast(quarters: &[Quarter]) -> Chart {
    Chart {
        id: "fast",
        finding: finding(quarters).unwrap_or_else(|| {
            "Too few requests to say how many were answered on time.".to_owned()
        }),
        bars: quarters
            .iter()
            .map(|quarter| Bar {
                of: quarter.name.clone(),
                words: quarter
                    .share
                    .map_or_else(|| NOT_SHOWN.to_owned(), |share| format!("{share}%")),
                long: quarter.share,
            })
            .collect(),
    }
}

/// How the answers of the newest quarter add up of which some figure is shown.
fn went(quarters: &[Quarter]) -> Option<Chart> {
    let quarter = quarters
        .iter()
        .rev()
        // A nought is no finding: what was found stands behind a figure that isn't shown.
        .find(|quarter| quarter.outcomes.iter().any(|cell| cell.bar > Some(0)))?;
    let bars: Vec<Bar> = OUTCOMES
        .iter()
        .zip(&quarter.outcomes)
        .map(|((_, words), cell)| Bar {
            of: (*words).to_owned(),
            words: cell.words.clone(),
            long: cell.bar,
        })
        .collect();
    let most = bars
        .iter()
        .filter(|bar| bar.long.is_some())
        .max_by_key(|bar| bar.long)?;
    let (answered, name, way) = (&quarter.answered, &quarter.name, answered_so(&most.of));
    let finding = if most.words == *answered {
        format!("All {answered} answered requests received in {name} were {way}.")
    } else {
        format!(
            "Of {answered} answered requests received in {name}, {} were {way}.",
            most.words
        )
    };
    Some(Chart {
        id: "went",
        finding,
        bars,
    })
}

/// How requests with an outcome were answered, as a sentence goes on.
fn answered_so(outcome: &str) -> String {
    match outcome {
        "Not held" => "for what we do not hold".to_owned(),
        words => words.to_lowercase(),
    }
}

/// The sections that were relied on.
fn relied(refused: &[Refused]) -> Option<Chart> {
    let first = refused.first()?;
    Some(Chart {
        id: "relied",
        finding: format!(
            "Section {} was relied on most, in {} requests.",
            first.section, first.cell.words
        ),
        bars: refused
            .iter()
            .map(|row| Bar {
                of: format!("Section {}", row.section),
                words: row.cell.words.clone(),
                long: row.cell.bar,
            })
            .collect(),
    })
}

/// The same for the first page, from the last two quarters.
pub(super) async fn lately(app: &App) -> Result<Option<String>, WebError> {
    let today = app.today();
    let half_a_year = today.checked_sub(6.months()).unwrap_or(today);
    let (year, quarter) = quarter_of(half_a_year);
    let from = Date::new(year, quarter * 3 - 2, 1).unwrap_or(today);
    Ok(finding(&shown(&counted(app, from).await?)))
}

/// The quarters for programs, in the public's words.
///
/// # Errors
/// The store can't answer.
pub async fn as_json(app: &App) -> Result<Vec<serde_json::Value>, WebError> {
    let quarters = quarters(app).await?;
    Ok(quarters
        .into_iter()
        .map(|quarter| {
            let outcomes: serde_json::Map<String, serde_json::Value> = OUTCOMES
                .iter()
                .zip(quarter.outcomes)
                .map(|((spelling, _), cell)| ((*spelling).to_owned(), cell.words.into()))
                .collect();
            serde_json::json!({
                "quarter": quarter.name, "received": quarter.received, "answered": quarter.answered,
                "answered_on_time": quarter.on_time, "outcomes": outcomes
            })
        })
        .collect())
}

/// Shows the statistics.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let counted = counted(&app, two_years(app.today())).await?;
    let quarters = shown(&counted);
    let refused = refused(&app, &counted);
    let template = StatisticsPage {
        frame: Frame::new(&app, &visit),
        fast: fast(&quarters),
        went: went(&quarters),
        relied: relied(&refused),
        quarters,
        refused,
        outcomes: OUTCOMES.iter().map(|(_, words)| *words).collect(),
    };
    frame::page(&template.frame, &template)
}

/// The same as CSV.
///
/// # Errors
/// The store can't answer.
pub async fn csv(State(app): State<App>) -> Result<Response, WebError> {
    let fault = |error: csv::Error| WebError::Fault(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["quarter", "received", "answered", "answered_on_time"];
    header.extend(OUTCOMES.iter().map(|(spelling, _)| *spelling));
    writer.write_record(&header).map_err(fault)?;
    for quarter in quarters(&app).await? {
        let mut record = vec![
            quarter.name,
            quarter.received,
            quarter.answered,
            quarter.on_time,
        ];
        record.extend(quarter.outcomes.into_iter().map(|cell| cell.words));
        writer.write_record(&record).map_err(fault)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| WebError::Fault(error.to_string()))?;
    Ok(crate::desk::letter::download(
        "statistics.csv",
        "statistics.csv",
        bytes,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cells_cannot_be_worked_out_from_the_others() {
        for (cells, expected) in [
            (vec![12, 30], vec!["12", "30"]),
            (vec![0, 30], vec!["0", "30"]),
            (vec![3, 30], vec!["fewer than 5", "not shown"]),
            (
                vec![3, 2, 30, 9],
                vec!["fewer than 5", "fewer than 5", "30", "9"],
            ),
            (
                vec![4, 60, 30, 9],
                vec!["fewer than 5", "60", "30", "not shown"],
            ),
            (
                vec![1, 1, 30, 9],
                vec!["fewer than 5", "fewer than 5", "30", "not shown"],
            ),
            (
                vec![4, 4, 0, 0],
                vec!["fewer than 5", "fewer than 5", "not shown", "0"],
            ),
        ] {
            assert_eq!(suppressed(&cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn of_a_handful_of_answers_no_outcome_is_shown() {
        let counts = Counts {
            received: 9,
            answered: 1,
            on_time: 1,
            outcomes: [0, 0, 1, 0],
        };
        let quarter = quarter((2026, 4), &counts);
        assert_eq!(quarter.answered, "fewer than 5");
        assert_eq!(quarter.on_time, "not shown");
        for cell in &quarter.outcomes {
            assert_eq!((cell.words.as_str(), cell.bar), ("not shown", None));
        }
    }

    #[test]
    fn charts_say_what_they_show_and_draw_no_bar_for_what_is_not_shown() {
        let quarters = [
            quarter(
                (2026, 2),
                &Counts {
                    received: 40,
                    answered: 40,
                    on_time: 30,
                    outcomes: [22, 10, 8, 0],
                },
            ),
            quarter(
                (2026, 3),
                &Counts {
                    received: 9,
                    answered: 2,
                    on_time: 2,
                    outcomes: [1, 1, 0, 0],
                },
            ),
        ];
        let fast = fast(&quarters);
        assert_eq!(
            fast.finding,
            "75% of answered requests received in April to June 2026 were answered on time."
        );
        let long: Vec<_> = fast.bars.iter().map(|bar| bar.long).collect();
        assert_eq!(long, [Some(75), None]);
        assert_eq!(fast.bars[1].words, NOT_SHOWN);
        let went = went(&quarters).unwrap();
        assert_eq!(
            went.finding,
            "Of 40 answered requests received in April to June 2026, 22 were answered in full."
        );
        assert!(relied(&[]).is_none());
    }
}
