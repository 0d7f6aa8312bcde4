//! Tasks: which teams were asked what, and the one page that a team's link opens.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::Case;
use casework::event::{QuestionId, Search};
use casework::holding::{Held, Holding};
use casework::role::{Actor, Role};
use serde::{Deserialize, Serialize};
use store::desk::PrivateLink;

use crate::app::{App, hash};
use crate::desk::case::{self, Asked};
use crate::desk::shown::{self, CaseBar};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, FormPage, choice};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// A team that was asked.
#[derive(Clone, Debug)]
pub struct Task {
    area: String,
    name: String,
    wanted: String,
    questions: Vec<String>,
    is_finished: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/tasks.html")]
pub struct TasksPage {
    frame: Frame,
    bar: CaseBar,
    tasks: Vec<Task>,
    may_work: bool,
    link: Option<(String, String)>,
}

/// What a team's link is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Details {
    area: String,
}

async fn draw(
    app: &App,
    visit: &Visit,
    reference: &str,
    done: Option<&str>,
    link: Option<(String, String)>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(app, reference, "tasks").await?;
    let searching = case.areas_searching();
    let tasks = case
        .assignments
        .iter()
        .map(|assignment| Task {
            name: shown::area(&assignment.area),
            wanted: crate::dates::long(assignment.wanted_on),
            questions: assignment
                .questions
                .iter()
                .filter_map(|id| case.question(id))
                .map(|state| {
                    format!(
                        "{}: {}",
                        state.question.label,
                        shown::whole(&state.question)
                    )
                })
                .collect(),
            is_finished: !searching.contains(assignment.area.as_str()),
            area: assignment.area.clone(),
        })
        .collect();
    let template = TasksPage {
        frame: Frame::new(app, visit).done(done),
        bar,
        tasks,
        may_work: visit.has_any(routes::NEW_WORK) && case.state.answer_is_owed(),
        link,
    };
    frame::page(&template.frame, &template)
}

/// Shows the tasks.
///
/// # Errors
/// There is no such case.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    draw(&app, &visit, &reference, asked.done.as_deref(), None).await
}

/// Makes a link for a team and shows it once.
///
/// # Errors
/// The team wasn't asked, or the store can't.
pub async fn link(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "tasks").await?;
    let area = fields.get("area");
    if !case
        .assignments
        .iter()
        .any(|assignment| assignment.area == area)
    {
        return Err(WebError::NotFound);
    }
    let token = app.token();
    let details = serde_json::to_string(&Details { area: area.clone() })
        .map_err(|error| WebError::Fault(error.to_string()))?;
    let ends_on = app
        .office
        .bundle()
        .calendar
        .nth_working_day_after(app.today(), law::WorkingDays(30))
        .unwrap_or(app.today());
    app.office
        .store()
        .keep_link(&PrivateLink {
            token_hash: hash(&token),
            purpose: "task".to_owned(),
            case: case.id.clone(),
            details,
            ends_on,
        })
        .await?;
    let to = format!("{}/team/{token}", app.settings.public_url);
    let name = shown::area(&area);
    draw(&app, &visit, &reference, None, Some((name, to))).await
}

async fn open(app: &App, token: &str) -> Result<(Box<Case>, String), WebError> {
    let link = app
        .office
        .store()
        .link(&hash(token), "task", app.today())
        .await?
        .ok_or(WebError::NotFound)?;
    let details: Details =
        serde_json::from_str(&link.details).map_err(|error| WebError::Fault(error.to_string()))?;
    let case = app
        .office
        .case(&link.case.0)
        .await?
        .ok_or(WebError::NotFound)?;
    Ok((case, details.area))
}

/// The questions that a team still has, with their numbers.
pub(in crate::desk) fn theirs(case: &Case, area: &str) -> Vec<(usize, QuestionId, String)> {
    let ids: Vec<&QuestionId> = case
        .assignments
        .iter()
        .filter(|assignment| assignment.area == area)
        .flat_map(|assignment| &assignment.questions)
        .collect();
    (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| ids.contains(&&state.question.id) && state.is_open())
        .map(|(number, state)| {
            (
                number,
                state.question.id.clone(),
                shown::whole(&state.question),
            )
        })
        .collect()
}

pub(in crate::desk) fn form(case: &Case, area: &str) -> Form {
    let questions = theirs(case, area);
    let wanted = case
        .assignments
        .iter()
        .rev()
        .find(|assignment| assignment.area == area)
        .map_or_else(String::new, |assignment| {
            crate::dates::long(assignment.wanted_on)
        });
    let mut form = Form::new("Questions for your team", "Send").intro(format!(
        "By {wanted}. Say what you have; who asked and why does not count. Do not put the answer in an email: use this page."
    ));
    for (number, _, text) in questions {
        form = form
            .section(&format!("Question {number}"))
            .quote(text)
            .radios(
                &format!("held_{number}"),
                "Can your team answer this?",
                "",
                vec![
                    choice("held", "We have it, or some of it"),
                    choice("not_held", "We looked and do not have it"),
                    choice("later", "Not yet"),
                ],
                "",
            )
            .area(
                &format!("found_{number}"),
                "What you found, or where you looked",
                "Say what the figures cover and anything that would mislead.",
                "",
                4,
            );
    }
    form
}

/// Shows the team's questions.
///
/// # Errors
/// The link has ended.
pub async fn team(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (case, area) = open(&app, &token).await?;
    let template = FormPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        form: form(&case, &area),
    };
    frame::page(&template.frame, &template)
}

/// What a team says that it found, question by question, and what is wrong with it.
pub(in crate::desk) fn found(
    case: &Case,
    area: &str,
    fields: &Fields,
    mistakes: &mut Mistakes,
) -> Vec<(QuestionId, Holding)> {
    let mut found = Vec::new();
    for (number, id, _) in theirs(case, area) {
        let held = match fields.get(&format!("held_{number}")).as_str() {
            "held" => Held::Held,
            "not_held" => Held::NotHeld,
            "later" => continue,
            _ => {
                mistakes.add(
                    &format!("held_{number}"),
                    "Choose whether your team can answer this",
                );
                continue;
            }
        };
        let words = fields.get(&format!("found_{number}"));
        mistakes.check(
            words.is_empty(),
            &format!("found_{number}"),
            "Enter the figures, or say where you looked",
        );
        let holding = Holding { held, found: words };
        // Before anything is recorded: half of an answer would leave the other half waiting.
        mistakes.check(
            holding.is_too_long(),
            &format!("found_{number}"),
            "Shorten this to about 4,000 characters, and say where the rest is kept",
        );
        found.push((id, holding));
    }
    found
}

/// Seals what a team found.
///
/// # Errors
/// Searches can't be finished now, or the store can't.
pub(in crate::desk) async fn keep(
    app: &App,
    by: &Actor,
    case: &Case,
    area: &str,
    found: Vec<(QuestionId, Holding)>,
) -> Result<(), WebError> {
    for (question, holding) in found {
        let search = Search {
            question,
            area: area.to_owned(),
        };
        app.office
            .finish_search(by, &case.id, None, &search, &holding)
            .await?;
    }
    Ok(())
}

/// Takes what the team found; it is sealed.
///
/// # Errors
/// The link has ended, or the store can't.
pub async fn team_send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(token): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, area) = open(&app, &token).await?;
    let mut mistakes = Mistakes::default();
    let found = found(&case, &area, &fields, &mut mistakes);
    if mistakes.is_empty() {
        let by = Actor {
            id: format!("team:{area}"),
            role: Role::ServiceAreaContact,
        };
        keep(&app, &by, &case, &area, found).await?;
        return Ok(frame::see_other(&format!(
            "/team/{token}?done=search-finished"
        )));
    }
    let template = FormPage {
        form: form(&case, &area).filled(&fields, &mistakes),
        frame: Frame::new(&app, &visit).with(mistakes),
    };
    frame::page(&template.frame, &template)
}

/// The publication of a case: whether it is in the log, and where.
#[derive(Template)]
#[template(path = "desk/publication.html")]
pub struct PublicationPage {
    frame: Frame,
    bar: CaseBar,
    published: Option<(String, String, String)>,
    planned: Option<(String, String)>,
    declined: Option<String>,
    may_publish: bool,
    is_answered: bool,
}

/// Shows it.
///
/// # Errors
/// There is no such case.
pub async fn publication(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "history").await?;
    let may_publish = visit.has_any(routes::PUBLICATION_WORK);
    let template = PublicationPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        bar,
        published: case.publication.as_ref().map(|publication| {
            (
                publication.title.clone(),
                publication.address.clone(),
                crate::dates::long(publication.published_on),
            )
        }),
        planned: case
            .publication_plan
            .as_ref()
            .map(|plan| (plan.title.clone(), crate::dates::long(plan.published_on))),
        declined: case.publication_declined.clone(),
        may_publish,
        is_answered: !case.issued.is_empty(),
    };
    frame::page(&template.frame, &template)
}
