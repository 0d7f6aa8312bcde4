//! The clock of a case: every day with whether it counts and why.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use law::{Chronology, Clock};

use crate::app::App;
use crate::desk::case::{self, Asked};
use crate::desk::shown::CaseBar;
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// A day.
#[derive(Clone, Debug)]
pub struct Day {
    counts: bool,
    number: String,
    reason: String,
}

/// Days from the same day zero.
#[derive(Clone, Debug)]
pub struct Course {
    title: String,
    sentence: String,
    days: Vec<Day>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/clock.html")]
pub struct ClockPage {
    frame: Frame,
    bar: CaseBar,
    courses: Vec<Course>,
    calendar_up_to: String,
    waiting: bool,
    may_work: bool,
}

/// Shows it.
///
/// # Errors
/// There is no such case, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "clock").await?;
    let bundle = app.office.bundle();
    let clock = Clock::foia(&bundle.statute, &bundle.limits, &bundle.calendar)
        .map_err(WebError::Refused)?;
    let mut courses: Vec<Course> = Vec::new();
    let mut zeros: Vec<jiff::civil::Date> = case
        .questions
        .iter()
        .map(|state| state.day_zero)
        .chain([case.receipt.received_on])
        .collect();
    zeros.sort_unstable();
    zeros.dedup();
    for zero in zeros {
        let labels: Vec<&str> = case
            .questions
            .iter()
            .filter(|state| state.day_zero == zero)
            .map(|state| state.question.label.as_str())
            .collect();
        if labels.is_empty() && !case.questions.is_empty() {
            continue;
        }
        let reckoning = clock
            .reckon(&Chronology::received(zero))
            .map_err(WebError::Refused)?;
        let due = reckoning.due_on();
        let ledger = &reckoning.whole.ledger;
        let mut number = 0;
        let days = ledger
            .days()
            .iter()
            .map(|day| {
                number += u32::from(day.counts());
                Day {
                    counts: day.counts(),
                    number: if day.counts() {
                        number.to_string()
                    } else {
                        String::new()
                    },
                    reason: ledger.reason(day),
                }
            })
            .collect();
        courses.push(Course {
            title: if labels.is_empty() || labels.len() == case.questions.len() {
                "All questions".to_owned()
            } else {
                format!("Question {}", labels.join(", "))
            },
            sentence: format!(
                "{}: due {}.",
                crate::fields::sentence(&ledger.line()),
                due.map_or_else(|| "on no day".to_owned(), crate::dates::long)
            ),
            days,
        });
    }
    let template = ClockPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        bar,
        courses,
        calendar_up_to: crate::dates::plain(bundle.calendar.up_to()),
        waiting: case
            .questions
            .iter()
            .any(|state| state.waiting_since.is_some()),
        may_work: visit.has_any(routes::NEW_WORK),
    };
    frame::page(&template.frame, &template)
}
