//! The clock of a case: every day with whether it counts and why.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use jiff::civil::Date;
use law::{Chronology, Clock, Event, Happening};

use crate::app::App;
use crate::desk::case;
use crate::desk::shown::CaseBar;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, choice};
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
    /// What stopped the clock of single questions or began it anew.
    stops: Vec<String>,
    waiting: bool,
    may_work: bool,
    /// What may be supposed, and what would follow from what was.
    form: Option<Form>,
    would_be: String,
}

/// What would follow if clarification or a fee were asked for and came; nothing is recorded.
fn would_be(
    clock: &Clock<'_>,
    received_on: Date,
    supposed: &Fields,
    mistakes: &mut Mistakes,
) -> Option<String> {
    let happens = match supposed.get("what").as_str() {
        "clarification" => Some((
            Happening::ClarificationSought {
                reasonably_needed: true,
                reason: None,
            },
            Happening::ClarificationReceived,
        )),
        "fee" => Some((Happening::FeesNoticeGiven, Happening::FeePaid)),
        _ => None,
    };
    mistakes.check(happens.is_none(), "what", "Choose what to suppose");
    let asked_on = supposed.get("asked_on").parse::<Date>().ok();
    let came_on = supposed.get("came_on").parse::<Date>().ok();
    mistakes.check(
        asked_on.is_none_or(|day| day < received_on),
        "asked_on",
        "Enter a day after the request came",
    );
    mistakes.check(
        came_on.is_none_or(|day| asked_on.is_some_and(|asked_on| day < asked_on)),
        "came_on",
        "Enter the day on which it comes, not before it is asked for",
    );
    let on = |day: Date, what: Happening| Event {
        on: day,
        questions: Vec::new(),
        what,
    };
    let (happens, asked_on, came_on) = (happens?, asked_on?, came_on?);
    if !mistakes.is_empty() {
        return None;
    }
    let supposed = Chronology {
        events: vec![on(asked_on, happens.0), on(came_on, happens.1)],
        ..Chronology::received(received_on)
    };
    match clock.reckon(&supposed) {
        Ok(reckoning) => reckoning.due_on().map(|due_on| {
            format!(
                "The answer would be due {}. Nothing is recorded by this.",
                crate::dates::long(due_on)
            )
        }),
        Err(problems) => {
            for problem in problems {
                mistakes.add("came_on", crate::fields::sentence(&problem.message));
            }
            None
        }
    }
}

/// Whether the clock of a question runs, or ran until it was answered.
fn runs(state: &QuestionState) -> bool {
    state.waiting_since.is_none() && state.withdrawn_on.is_none()
}

/// What stopped the clock of single questions or began it anew, in the order of the questions.
fn stops(case: &Case) -> Vec<String> {
    let mut said = Vec::new();
    for state in &case.questions {
        let label = &state.question.label;
        for exchange in &state.clarified {
            let asked_on = crate::dates::long(exchange.asked_on);
            said.push(match &exchange.reply {
                Some((on, _)) => format!(
                    "Question {label}: detail was asked for on {asked_on}. The reply came on {}, and its time begins anew: the working day after is day 1, FOIA s.1(3) and s.10(6).",
                    crate::dates::long(*on)
                ),
                None if state.waiting_since.is_some() => format!(
                    "Question {label}: detail was asked for on {asked_on}. Until the reply comes no day counts, FOIA s.1(3)."
                ),
                None => format!("Question {label}: detail was asked for on {asked_on}."),
            });
        }
        if let Some(on) = state.withdrawn_on {
            said.push(format!(
                "Question {label}: withdrawn on {}. No answer is owed.",
                crate::dates::long(on)
            ));
        }
    }
    said
}

/// What may be supposed.
fn what_if(today: Date) -> Form {
    let today = today.to_string();
    Form::new("What if", "See the due date")
        .radios(
            "what",
            "What happens",
            "",
            vec![
                choice("clarification", "We ask for detail, and it comes"),
                choice("fee", "We ask for a fee, and it is paid"),
            ],
            "",
        )
        .day("asked_on", "Day on which we ask", "", &today)
        .day("came_on", "Day on which it comes", "", &today)
}

/// Shows it.
///
/// # Errors
/// There is no such case, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "clock").await?;
    let bundle = app.office.bundle();
    let clock = Clock::foia(&bundle.statute, &bundle.limits, &bundle.calendar)
        .map_err(WebError::Refused)?;
    let mut courses: Vec<Course> = Vec::new();
    // One course for each way in which the days of questions differ.
    let mut ways: Vec<(Date, Date, Option<Date>)> = case
        .questions
        .iter()
        .filter(|state| runs(state))
        .map(|state| (state.day_zero, state.due_on, state.extended_until))
        .collect();
    if ways.is_empty() {
        ways.push((case.receipt.received_on, case.due_on, None));
    }
    ways.sort_unstable();
    ways.dedup();
    let is_one = ways.len() == 1 && case.questions.iter().all(runs);
    for way in ways {
        let (zero, due_on, until) = way;
        let labels: Vec<&str> = case
            .questions
            .iter()
            .filter(|state| runs(state))
            .filter(|state| (state.day_zero, state.due_on, state.extended_until) == way)
            .map(|state| state.question.label.as_str())
            .collect();
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
        let mut sentence = format!(
            "{}: due {}.",
            crate::fields::sentence(&ledger.line()),
            due.map_or_else(|| "on no day".to_owned(), crate::dates::long)
        );
        // The days between a fees notice and the fee are disregarded, FOIA s.10(2).
        if due.is_some_and(|due| due != due_on) {
            sentence.push_str(&format!(
                " With the days in which a fee was awaited: due {}.",
                crate::dates::long(due_on)
            ));
        }
        if let Some(until) = until {
            let day = bundle
                .calendar
                .working_days_between(zero, until)
                .map_or_else(|_| String::new(), |day| format!(", working day {day}"));
            sentence.push_str(&format!(
                " More time is taken to weigh the public interest, FOIA s.10(3): due {}{day}.",
                crate::dates::long(until)
            ));
        }
        courses.push(Course {
            title: match labels.as_slice() {
                _ if is_one => "All questions".to_owned(),
                [label] => format!("Question {label}"),
                labels => format!("Questions {}", labels.join(", ")),
            },
            sentence,
            days,
        });
    }
    let supposed = Fields(asked);
    let mut mistakes = Mistakes::default();
    let mut would_be_due = None;
    let form = case.state.answer_is_owed().then(|| {
        let form = what_if(app.today());
        if ["what", "asked_on", "came_on"]
            .iter()
            .all(|field| !supposed.has(field))
        {
            return form;
        }
        would_be_due = would_be(&clock, case.receipt.received_on, &supposed, &mut mistakes);
        form.filled(&supposed, &mistakes)
    });
    let template = ClockPage {
        frame: Frame::new(&app, &visit)
            .done(Some(&supposed.get("done")))
            .with(mistakes),
        form,
        would_be: would_be_due.unwrap_or_default(),
        bar,
        courses,
        calendar_up_to: crate::dates::plain(bundle.calendar.up_to()),
        stops: stops(&case),
        waiting: case
            .questions
            .iter()
            .any(|state| state.waiting_since.is_some()),
        may_work: visit.has_any(routes::NEW_WORK),
    };
    frame::page(&template.frame, &template)
}
