//! Which days of one case two versions of the calendar set differently, and why.

use jiff::civil::Date;

use super::{Clock, Reckoning};
use crate::{CalendarChange, Chronology, DayStatus, Happening, Problem};

/// A day of one case that moves with the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which day, "the last day for answering".
    pub what: String,
    /// The question it is for; `None` when it is for the whole request.
    pub question: Option<String>,
    /// The day by the older calendar; `None` when that calendar doesn't reach so far.
    pub before: Option<Date>,
    /// The day by the newer.
    pub after: Option<Date>,
    /// The bank holidays that came or went and so moved it.
    pub because: Vec<CalendarChange>,
}

impl Clock<'_> {
    /// The days of one case that a newer version of the calendar sets differently, with the bank holidays that move them.
    ///
    /// # Errors
    /// Every contradiction in the chronology; or a day beyond the newer calendar.
    pub fn moves(&self, newer: &Self, chronology: &Chronology) -> Result<Vec<Move>, Vec<Problem>> {
        let after = newer.reckon(chronology)?;
        // Its contradictions would have stopped the newer clock too, so the older can only lack days.
        let before = self.reckon(chronology).ok();
        let changes: Vec<CalendarChange> = self
            .calendar
            .changes(&newer.calendar)
            .into_iter()
            .filter(|change| {
                let counts =
                    |clock: &Self| clock.calendar.status(change.date) == Ok(DayStatus::WorkingDay);
                counts(self) != counts(newer)
            })
            .collect();
        let named = days(chronology, &after);
        let earlier = before
            .as_ref()
            .map(|before| days(chronology, before))
            .unwrap_or_default();
        Ok(named
            .into_iter()
            .filter_map(|(what, question, from, after)| {
                let before = earlier
                    .iter()
                    .find(|(known, of, ..)| *known == what && *of == question)
                    .and_then(|(.., before)| *before);
                if before == after {
                    return None;
                }
                let last = before.max(after)?;
                Some(Move {
                    what,
                    question,
                    before,
                    after,
                    because: changes
                        .iter()
                        .filter(|change| from < change.date && change.date <= last)
                        .cloned()
                        .collect(),
                })
            })
            .collect())
    }
}

/// A day's name, the question it is for, the day it is counted from, and the day itself.
type Named = (String, Option<String>, Date, Option<Date>);

/// Every day of an outcome that the calendar sets. The day that an extension names is set by its notice, and stays.
fn days(chronology: &Chronology, reckoning: &Reckoning) -> Vec<Named> {
    let mut days = Vec::new();
    let deadlines = std::iter::once((None, &reckoning.whole)).chain(
        reckoning
            .questions
            .iter()
            .map(|(label, deadline)| (Some(label.clone()), deadline)),
    );
    for (question, deadline) in deadlines {
        // A question without a clock of its own goes with the whole request.
        if question.is_some() && *deadline == reckoning.whole {
            continue;
        }
        let from = deadline.counted_from;
        days.push((
            "the last day for answering".to_owned(),
            question.clone(),
            from,
            deadline.due_on,
        ));
        if deadline.extension.is_some() {
            days.push((
                "the ordinary end of a longer time".to_owned(),
                question,
                from,
                deadline.ceiling_on,
            ));
        }
    }
    if let Some(review) = &reckoning.review {
        let from = chronology
            .events
            .iter()
            .filter(|event| event.what == Happening::Answered)
            .map(|event| event.on)
            .max()
            .unwrap_or(reckoning.received_on);
        days.push((
            format!("the last day to ask for the {}", review.name),
            None,
            from,
            review.ask_by,
        ));
        days.push((
            format!("the last day for the outcome of the {}", review.name),
            None,
            review.asked_on.unwrap_or(from),
            review.due_on,
        ));
    }
    days
}
