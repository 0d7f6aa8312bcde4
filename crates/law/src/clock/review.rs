//! The time for asking for an internal review, and for its answer.

use jiff::ToSpan;
use jiff::civil::Date;

use super::deadline::late;
use super::{Clock, ReviewClock, Warning, in_order};
use crate::{BeyondCalendar, Chronology, Happening, Problem, WorkingDays};

/// The review's days; `None` where the regime has no review, or nothing was answered and none was asked for.
pub(super) fn reckon(
    clock: &Clock<'_>,
    chronology: &Chronology,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Warning>,
) -> Option<ReviewClock> {
    let rule = clock.regime.review.as_ref()?;
    let (mut answered_on, mut asked_on, mut extended, mut outcome_on) = (None, None, false, None);
    for event in in_order(chronology) {
        match &event.what {
            // The last answer counts: the applicant may wait for all of it.
            Happening::Answered => answered_on = Some(event.on),
            Happening::ReviewAsked => {
                asked_on = Some(event.on);
                (extended, outcome_on) = (false, None);
            }
            Happening::ReviewExtended { .. } => extended = true,
            Happening::ReviewAnswered => outcome_on = Some(event.on),
            _ => {}
        }
    }
    if answered_on.is_none() && asked_on.is_none() {
        return None;
    }
    let days = |on: Date, count: u32| clock.calendar.nth_working_day_after(on, WorkingDays(count));
    // Beyond the calendar the window's end is not known; that must not stop the answer's own deadline.
    let ask_by = answered_on.and_then(|on| days(on, rule.ask_within_working_days).ok());
    if let (Some(asked_on), Some(ask_by)) = (asked_on, ask_by)
        && asked_on > ask_by
    {
        warnings.push(Warning::new(
            "clock.review_asked_late",
            format!("the {} was asked for on {asked_on}, after {ask_by}; the authority may decline, but need not", rule.name),
        ));
    }
    let allowed = if extended {
        rule.exceptionally_within_working_days
            .unwrap_or(rule.answer_within_working_days)
    } else {
        rule.answer_within_working_days
    };
    let outcome = || -> Result<_, BeyondCalendar> {
        let due_on = asked_on.map(|on| days(on, allowed)).transpose()?;
        let answered = outcome_on
            .map(|on| late(&clock.calendar, on, due_on))
            .transpose()?;
        Ok((due_on, answered))
    };
    let (due_on, answered) = outcome().unwrap_or_else(|error| {
        problems.push(Problem::new("clock.beyond_calendar", error.to_string()));
        (None, None)
    });
    let complain_by = outcome_on
        .zip(rule.complain_within_weeks)
        .map(|(on, weeks)| on.saturating_add(i32::from(weeks).weeks()));
    Some(ReviewClock {
        name: rule.name.clone(),
        ask_by,
        asked_on,
        due_on,
        extended,
        answered,
        complain_by,
    })
}
