//! Reports for those inside: how proposals, guidance and the clock did. Never about one person's work.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use casework::case::{Case, History, QuestionState};
use casework::command::departs;
use casework::decision::Decision;
use casework::effort::{self, Route};
use casework::event::{Lesson, ReviewOutcome};
use casework::proposal::Kind;
use jiff::civil::Date;
use store::{Cursor, Summary};

use crate::app::App;
use crate::desk::shown;
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// Days that a report looks back.
const DAYS: i64 = 90;
/// No more cases are read for it: a page has to come soon. Whole years are on the page of statistics.
const MOST: usize = 500;
/// Fewer cases than this would be about somebody's work.
const FEWEST: usize = 10;
/// Reasons shown.
const REASONS: usize = 20;

/// A row: a name and numbers.
#[derive(Clone, Debug)]
pub struct Row {
    name: String,
    cells: Vec<String>,
}

/// A table with its title and what its columns are called.
#[derive(Clone, Debug)]
pub struct Table {
    id: &'static str,
    title: &'static str,
    note: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Row>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/reports.html")]
pub struct ReportsPage {
    frame: Frame,
    guidance: Vec<(&'static str, u64, u64, u64)>,
    late: u64,
    cases: usize,
    is_cut: bool,
    tables: Vec<Table>,
}

/// What became of proposals.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    decided: u64,
    overruled: u64,
    opened: u64,
    closed: u64,
}

impl Tally {
    fn add(&mut self, way: Option<Way>) {
        self.decided = self.decided.saturating_add(1);
        if let Some(way) = way {
            self.overruled = self.overruled.saturating_add(1);
            match way {
                Way::Opened => self.opened = self.opened.saturating_add(1),
                Way::Closed => self.closed = self.closed.saturating_add(1),
                Way::Other => {}
            }
        }
    }

    fn row(self, name: &str) -> Row {
        Row {
            name: name.to_owned(),
            cells: vec![
                self.decided.to_string(),
                self.decided.saturating_sub(self.overruled).to_string(),
                self.overruled.to_string(),
                self.opened.to_string(),
                self.closed.to_string(),
                share(self.overruled, self.decided),
            ],
        }
    }
}

const TALLIED: [&str; 6] = [
    "Decided",
    "As proposed",
    "Overruled",
    "Opened up",
    "Closed down",
    "Overruled, share",
];

const CHOSEN: [&str; 6] = [
    "Chosen",
    "As proposed",
    "Another way",
    "Opened up",
    "Closed down",
    "Another way, share",
];

/// Which way a decision went that isn't the proposal's.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Something is given that was proposed to be protected.
    Opened,
    /// Something is refused that wasn't.
    Closed,
    /// Neither.
    Other,
}

/// A share in whole per cents, rounded; all of it only where it is all.
fn share(part: u64, whole: u64) -> String {
    let most = if part < whole { 99 } else { 100 };
    part.saturating_mul(100)
        .saturating_add(whole / 2)
        .checked_div(whole)
        .map_or_else(|| "–".to_owned(), |share| format!("{} %", share.min(most)))
}

fn way(kind: Kind, state: &QuestionState) -> Option<Way> {
    let made = state.decision.as_ref()?;
    // A reason may stand beside a decision that goes the proposal's way after all.
    if !departs(kind, &made.decision) {
        return None;
    }
    let is_covered = kind.is_covered();
    Some(match &made.decision {
        Decision::Answer { .. } | Decision::AlreadyAccessible { .. } if is_covered => Way::Opened,
        Decision::Withheld(_)
        | Decision::NeitherConfirmedNorDenied(_)
        | Decision::VexatiousOrRepeated { .. }
            if !is_covered =>
        {
            Way::Closed
        }
        _ => Way::Other,
    })
}

/// Which way a choice went that was made before the proposal was shown.
fn way_of_choice(proposed: Kind, chosen: Kind) -> Option<Way> {
    match (proposed.is_covered(), chosen.is_covered()) {
        _ if proposed == chosen => None,
        (true, false) => Some(Way::Opened),
        (false, true) => Some(Way::Closed),
        _ => Some(Way::Other),
    }
}

/// What is counted over the cases.
#[derive(Default)]
struct Counts {
    /// What was chosen blind, by the kind that was proposed.
    blind: BTreeMap<&'static str, Tally>,
    all_blind: Tally,
    kinds: BTreeMap<&'static str, Tally>,
    rows: BTreeMap<String, Tally>,
    sureness: [Tally; 3],
    reasons: BTreeMap<String, u64>,
    days: BTreeMap<&'static str, Vec<i64>>,
    sent_to_approver: u64,
    sent_back: u64,
    warnings_kept: u64,
    letters: u64,
    /// Minutes of people's work on each case that is answered: all, and by the way in which it is.
    minutes: BTreeMap<Option<Route>, Vec<i64>>,
    /// Questions at review: how many, how many changed, and what should change after each of those.
    reviewed: u64,
    changed: u64,
    lessons: BTreeMap<Lesson, u64>,
    /// Minutes until the questions were confirmed.
    reading: Vec<i64>,
}

impl Counts {
    fn reviews(&mut self, case: &Case) {
        for reviewed in case.reviews_decided.iter().flat_map(|made| &made.questions) {
            self.reviewed = self.reviewed.saturating_add(1);
            if reviewed.outcome != ReviewOutcome::OriginalUpheld {
                self.changed = self.changed.saturating_add(1);
            }
            if let Some(lesson) = reviewed.lesson {
                let count = self.lessons.entry(lesson).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    fn effort(&mut self, case: &Case, events: &[casework::event::Recorded]) {
        let effort = effort::of(events);
        if let Some(reading) = effort.until_confirmed {
            self.reading.push(reading.as_mins());
        }
        if case.issued.is_empty() {
            return;
        }
        let minutes = effort.whole.as_mins();
        self.minutes.entry(None).or_default().push(minutes);
        if let Some(route) = effort::route(case) {
            self.minutes.entry(Some(route)).or_default().push(minutes);
        }
    }

    fn proposals(&mut self, app: &App, case: &Case) {
        let policy = &app.office.bundle().policy.policy;
        for state in &case.questions {
            let proposal = state.question.proposal.as_ref();
            if let (Some(proposal), Some(chosen)) = (proposal, state.route_chosen) {
                // Counted apart: who decides afterwards has seen the proposal.
                let way = way_of_choice(proposal.kind, chosen);
                self.all_blind.add(way);
                self.blind
                    .entry(shown::route(proposal.kind))
                    .or_default()
                    .add(way);
                continue;
            }
            let (Some(proposal), Some(made)) = (proposal, &state.decision) else {
                continue;
            };
            let way = way(proposal.kind, state);
            self.kinds
                .entry(shown::route(proposal.kind))
                .or_default()
                .add(way);
            let title = proposal
                .category
                .as_deref()
                .and_then(|id| policy.category(id))
                .map_or("In no row of the policy", |row| row.title.as_str());
            self.rows.entry(title.to_owned()).or_default().add(way);
            let band = match proposal.confidence_thousandths {
                900.. => 0,
                750.. => 1,
                _ => 2,
            };
            if let Some(tally) = self.sureness.get_mut::<usize>(band) {
                tally.add(way);
            }
            if let Some(reason) = made.departs_because.as_ref().filter(|_| way.is_some()) {
                let count = self.reasons.entry(reason.clone()).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    /// How long it was in each state that it left.
    fn history(&mut self, app: &App, case: &Case, events: &[casework::event::Recorded]) {
        let day = |at: jiff::Timestamp| app.office.london().to_datetime(at).date();
        let calendar = &app.office.bundle().calendar;
        let mut history = History::Nothing;
        let mut since: Option<Date> = None;
        for recorded in events {
            match recorded.event.as_ref().map(casework::event::Event::kind) {
                Some("approval_sought") => {
                    self.sent_to_approver = self.sent_to_approver.saturating_add(1);
                }
                Some("sent_back") => self.sent_back = self.sent_back.saturating_add(1),
                Some("issued") => {
                    self.letters = self.letters.saturating_add(1);
                    let kept = history
                        .case()
                        .and_then(|case| case.draft.as_ref())
                        .map_or(0, |draft| draft.warnings.len() as u64);
                    self.warnings_kept = self.warnings_kept.saturating_add(kept);
                }
                _ => {}
            }
            let before = history.state();
            history = history.with(&case.id, recorded);
            let after = history.state();
            if before == after {
                continue;
            }
            let now = day(recorded.at);
            if let Some(from) = since {
                let days = calendar
                    .working_days_between(from, now)
                    .map_or(0, i64::from);
                self.days
                    .entry(shown::state(before))
                    .or_default()
                    .push(days);
            }
            since = Some(now);
        }
    }
}

/// The middle of some numbers and the one that nine in ten don't exceed.
fn spread(numbers: &mut [i64]) -> (String, String) {
    numbers.sort_unstable();
    let at = |tenths: usize| {
        let index = numbers.len().saturating_mul(tenths).div_ceil(10);
        numbers
            .get(index.saturating_sub(1))
            .map_or_else(|| "–".to_owned(), ToString::to_string)
    };
    (at(5), at(9))
}

fn timeliness(app: &App, rows: &[Summary]) -> Table {
    let calendar = &app.office.bundle().calendar;
    let (mut answered, mut on_time, mut owed, mut late) = (0_u64, 0_u64, 0_u64, 0_u64);
    let today = app.today().to_string();
    let mut taken = Vec::new();
    let mut causes: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        if let Some(cause) = row.late_cause.as_deref() {
            let words = crate::desk::acts::cause_words(cause);
            let count = causes.entry(words).or_default();
            *count = count.saturating_add(1);
        }
        let Some(day) = row.answered_on.as_deref() else {
            if let Some(due_on) = row.due_on.as_deref() {
                owed = owed.saturating_add(1);
                late = late.saturating_add(u64::from(due_on < today.as_str()));
            }
            continue;
        };
        answered = answered.saturating_add(1);
        if row.extended || day <= row.first_due_on.as_str() {
            on_time = on_time.saturating_add(1);
        }
        if let (Ok(from), Ok(to)) = (row.received_on.parse(), day.parse()) {
            taken.push(calendar.working_days_between(from, to).map_or(0, i64::from));
        }
    }
    let (median, most) = spread(&mut taken);
    let row = |name: &str, cell: String| Row {
        name: name.to_owned(),
        cells: vec![cell],
    };
    let mut lines = vec![
        row("Received", rows.len().to_string()),
        row("Answered", answered.to_string()),
        row("Answered on time", on_time.to_string()),
        row("On time, share of those answered", share(on_time, answered)),
        row("Not answered yet", owed.to_string()),
        row("Of these late", late.to_string()),
        row("Working days to the answer, median", median),
        row("Working days to the answer, nine in ten within", most),
    ];
    lines.extend(
        causes
            .into_iter()
            .map(|(words, count)| row(&format!("Late: {words}"), count.to_string())),
    );
    Table {
        id: "timeliness",
        title: "Timeliness",
        note: "",
        columns: vec!["Number"],
        rows: lines,
    }
}

fn tables(app: &App, rows: &[Summary], counts: Counts) -> Vec<Table> {
    let mut reasons: Vec<(String, u64)> = counts.reasons.into_iter().collect();
    reasons.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let number = |name: &str, cells: Vec<String>| Row {
        name: name.to_owned(),
        cells,
    };
    let worked = |name: &str, minutes: Option<Vec<i64>>| {
        let mut minutes = minutes.unwrap_or_default();
        if minutes.len() < FEWEST {
            let none = "–".to_owned();
            return number(
                name,
                vec![format!("fewer than {FEWEST}"), none.clone(), none],
            );
        }
        let times = minutes.len().to_string();
        let (median, most) = spread(&mut minutes);
        number(name, vec![times, median, most])
    };
    let mut minutes = counts.minutes;
    let mut worked_by = |name: &str, route| worked(name, minutes.remove(&route));
    let effort = vec![
        worked("Reading a new request", Some(counts.reading)),
        worked_by("Every request that was answered", None),
        worked_by("Answered from what is published", Some(Route::Published)),
        worked_by("With a refusal", Some(Route::Refused)),
        worked_by("Other answers", Some(Route::Ordinary)),
    ];
    vec![
        timeliness(app, rows),
        Table {
            id: "minutes",
            title: "Minutes of work on a request",
            note: "The time between one person's steps on a request, each counted up to five minutes, summed over everybody. \
                   Reading and writing elsewhere is not seen. What was neither confirmed nor denied is counted among all \
                   alone.",
            columns: vec!["Requests", "Median", "Nine in ten within"],
            rows: effort,
        },
        Table {
            id: "blind",
            title: "The blind sample",
            note: "Of a few questions, officers choose the route before they see the proposal. How often they choose \
                   another one is the honest figure; the tables below leave these questions out.",
            columns: CHOSEN.to_vec(),
            rows: std::iter::once(("All", &counts.all_blind))
                .filter(|(_, all)| all.decided > 0)
                .chain(counts.blind.iter().map(|(name, tally)| (*name, tally)))
                .map(|(name, tally)| tally.row(name))
                .collect(),
        },
        Table {
            id: "kinds",
            title: "What became of proposals, by kind",
            note: "Overruled: an officer decided otherwise than proposed, and said why.",
            columns: TALLIED.to_vec(),
            rows: counts
                .kinds
                .iter()
                .map(|(name, tally)| tally.row(name))
                .collect(),
        },
        Table {
            id: "rows",
            title: "What became of proposals, by row of the policy",
            note: "",
            columns: TALLIED.to_vec(),
            rows: counts
                .rows
                .iter()
                .map(|(name, tally)| tally.row(name))
                .collect(),
        },
        Table {
            id: "sureness",
            title: "How sure proposals were, against what became of them",
            note: "Where “very sure” is overruled as often as “not sure”, the number says nothing.",
            columns: TALLIED.to_vec(),
            rows: [
                "Very sure (0.90 and more)",
                "Fairly sure (0.75 to 0.89)",
                "Not sure (below 0.75)",
            ]
            .iter()
            .zip(counts.sureness)
            .map(|(name, tally)| tally.row(name))
            .collect(),
        },
        Table {
            id: "reasons",
            title: "Why proposals were overruled",
            note: "",
            columns: vec!["Times"],
            rows: reasons
                .into_iter()
                .take(REASONS)
                .map(|(reason, count)| number(&reason, vec![count.to_string()]))
                .collect(),
        },
        Table {
            id: "states",
            title: "Working days in each state",
            note: "Counted when a request leaves a state.",
            columns: vec!["Times left", "Median", "Nine in ten within"],
            rows: counts
                .days
                .into_iter()
                .map(|(state, mut days)| {
                    let times = days.len().to_string();
                    let (median, most) = spread(&mut days);
                    number(state, vec![times, median, most])
                })
                .collect(),
        },
        Table {
            id: "letters",
            title: "Letters",
            note: "Where almost nothing is sent back, ask whether approval is reading.",
            columns: vec!["Number"],
            rows: vec![
                number(
                    "Sent for approval",
                    vec![counts.sent_to_approver.to_string()],
                ),
                number("Sent back", vec![counts.sent_back.to_string()]),
                number(
                    "Sent back, share",
                    vec![share(counts.sent_back, counts.sent_to_approver)],
                ),
                number("Letters that left", vec![counts.letters.to_string()]),
                number(
                    "Warnings kept in them, with a reason",
                    vec![counts.warnings_kept.to_string()],
                ),
            ],
        },
        Table {
            id: "reviews",
            title: "Internal reviews",
            note: "Questions, and what reviewers said should change where they changed an answer.",
            columns: vec!["Number"],
            rows: [
                number("Questions reviewed", vec![counts.reviewed.to_string()]),
                number("Answers changed", vec![counts.changed.to_string()]),
                number(
                    "Answers changed, share",
                    vec![share(counts.changed, counts.reviewed)],
                ),
            ]
            .into_iter()
            .chain(counts.lessons.into_iter().map(|(lesson, count)| {
                number(super::review::lesson_words(lesson), vec![count.to_string()])
            }))
            .collect(),
        },
    ]
}

/// Shows the reports.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let today = app.today();
    let from = today
        .checked_sub(jiff::Span::new().days(DAYS))
        .unwrap_or(today);
    let counts = store.counts(from, today).await?;
    let of = |source: &str, what: &str| {
        let name = format!("guidance.{source}.{what}");
        counts
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(0, |(_, count)| *count)
    };
    let no_cursor: Option<&Cursor> = None;
    let one_more = MOST.saturating_add(1) as u64;
    let mut rows = store
        .received_between(from, today, no_cursor, one_more)
        .await?;
    let is_cut = rows.len() > MOST;
    rows.truncate(MOST);
    let mut counted = Counts::default();
    for row in &rows {
        let id = casework::event::CaseId(row.case_id.clone());
        let events: Vec<casework::event::Recorded> = app
            .office
            .history(&id)
            .await?
            .iter()
            .map(store::chain::StoredEvent::recorded)
            .collect::<Result<_, _>>()?;
        if let Some(case) = History::of(&id, &events).case() {
            counted.proposals(&app, case);
            counted.history(&app, case, &events);
            counted.effort(case, &events);
            counted.reviews(case);
        }
    }
    let template = ReportsPage {
        frame: Frame::new(&app, &visit),
        guidance: [
            ("Contracts register", "register"),
            ("Disclosure log", "log"),
            ("Our policy", "policy"),
        ]
        .into_iter()
        .map(|(words, source)| {
            (
                words,
                of(source, "shown"),
                of(source, "opened"),
                of(source, "enough"),
            )
        })
        .collect(),
        late: store.count_due_before(today).await?,
        cases: rows.len(),
        is_cut,
        tables: tables(&app, &rows, counted),
    };
    frame::page(&template.frame, &template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_ninth_tenth_are_of_the_numbers() {
        for (numbers, expected) in [
            (vec![], ("–", "–")),
            (vec![7], ("7", "7")),
            (vec![9, 1, 5], ("5", "9")),
            ((1..=10).collect(), ("5", "9")),
        ] {
            let mut numbers: Vec<i64> = numbers;
            let (median, most) = spread(&mut numbers);
            assert_eq!((median.as_str(), most.as_str()), expected, "{numbers:?}");
        }
    }
}
