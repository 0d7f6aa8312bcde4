//! Routine work on a case: acknowledgement, reminders, overdue, planned publication, retention. What is due follows
//! from the case and the day, so doing it twice does nothing more.

use jiff::ToSpan;
use jiff::civil::Date;
use law::{BeyondCalendar, Calendar};

use crate::case::Case;
use crate::command::Command;
use crate::event::{Acknowledgement, Destruction, Overdue, Publication, Reminder};
use crate::procedure::State;

/// Reminders are given with this many working days left.
pub const REMINDERS: [u32; 3] = [5, 2, 0];

/// The authority's retention schedule for requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// How many years after closing the contents are kept.
    pub years: i64,
    /// The rule's name in the schedule.
    pub rule: String,
}

/// What routine work is due on a case by `today`, in order. Empty when nothing is.
///
/// # Errors
/// The bank holiday data doesn't reach far enough.
pub fn due(
    case: &Case,
    today: Date,
    calendar: &Calendar,
    retention: &Retention,
) -> Result<Vec<Command>, BeyondCalendar> {
    let mut commands = Vec::new();
    if case.state.answer_is_owed() {
        if case.acknowledged.is_none() {
            commands.push(Command::Acknowledge(Acknowledgement { sent_on: today }));
        }
        if let Some(due_on) = case.next_due_on() {
            commands.extend(reminder(case, due_on, today, calendar)?);
            if due_on < today && !case.overdue.contains(&due_on) {
                commands.push(Command::MarkOverdue(Overdue { due_on }));
            }
        }
    }
    if let Some(plan) = &case.publication_plan
        && plan.published_on <= today
        && case.publication.is_none()
    {
        commands.push(Command::Publish(Publication {
            published_on: today,
            ..plan.clone()
        }));
    }
    if destroy_on(case, retention).is_some_and(|day| day <= today) {
        commands.push(Command::Destroy(Destruction {
            destroyed_on: today,
            rule: retention.rule.clone(),
        }));
    }
    Ok(commands)
}

/// The next day on which routine work is due, seen from `today`: today when something is due now, else a later day.
///
/// # Errors
/// The bank holiday data doesn't reach far enough.
pub fn next_on(
    case: &Case,
    today: Date,
    calendar: &Calendar,
    retention: &Retention,
) -> Result<Option<Date>, BeyondCalendar> {
    if !due(case, today, calendar, retention)?.is_empty() {
        return Ok(Some(today));
    }
    let mut days: Vec<Date> = Vec::new();
    if case.state.answer_is_owed()
        && let Some(due_on) = case.next_due_on()
    {
        for left in REMINDERS {
            days.push(working_days_before(due_on, left, calendar)?);
        }
        days.push(due_on.tomorrow().unwrap_or(due_on));
    }
    if case.publication.is_none() {
        days.extend(case.publication_plan.as_ref().map(|plan| plan.published_on));
    }
    days.extend(destroy_on(case, retention));
    Ok(days.into_iter().filter(|day| *day > today).min())
}

/// The reminder of today, one for the owner and one for each service area that is still searching; none on a day that
/// isn't a reminder's, and a missed one is made up for by the next.
fn reminder(
    case: &Case,
    due_on: Date,
    today: Date,
    calendar: &Calendar,
) -> Result<Vec<Command>, BeyondCalendar> {
    if today > due_on {
        return Ok(Vec::new());
    }
    let mut step = None;
    for left in REMINDERS {
        if working_days_before(due_on, left, calendar)? <= today {
            step = Some(left);
        }
    }
    let Some(left) = step else {
        return Ok(Vec::new());
    };
    let areas = case
        .areas_searching()
        .into_iter()
        .map(|area| Some(area.to_owned()));
    Ok(std::iter::once(None)
        .chain(areas)
        .filter(|area| !case.reminders.contains(&(area.clone(), due_on, left)))
        .map(|area| {
            Command::Remind(Reminder {
                area,
                due_on,
                working_days_left: left,
            })
        })
        .collect())
}

/// The day on which `count` working days are left up to and including `due_on`.
fn working_days_before(
    due_on: Date,
    count: u32,
    calendar: &Calendar,
) -> Result<Date, BeyondCalendar> {
    let mut day = due_on;
    while calendar.working_days_between(day, due_on)? < count {
        day = day.yesterday().unwrap_or(day);
    }
    Ok(day)
}

fn destroy_on(case: &Case, retention: &Retention) -> Option<Date> {
    if case.state != State::Closed || case.retention_hold.is_some() {
        return None;
    }
    let closed_on = case
        .closure
        .as_ref()
        .map(|closure| closure.closed_on)
        .or(case.withdrawn_on)
        .or(case.passed_on().map(|treated| treated.chosen_on))?;
    closed_on.checked_add(retention.years.years()).ok()
}
