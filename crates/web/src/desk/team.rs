//! What a team is asked, for the people of that team who sign in: the same form as a team's link opens.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::Case;
use casework::command::CommandKind;
use casework::procedure;
use casework::role::Role;
use store::Chosen;

use crate::app::App;
use crate::desk::case::Asked;
use crate::desk::{shown, tasks};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::FormPage;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// Cases looked at for the list.
const LOOKED_AT: u64 = 200;

/// A case that the team has questions of.
#[derive(Clone, Debug)]
pub struct Row {
    reference: String,
    wanted: String,
    is_late: bool,
    count: usize,
    questions: Vec<String>,
}

/// The list.
#[derive(Template)]
#[template(path = "desk/team.html")]
pub struct TeamPage {
    frame: Frame,
    team: String,
    waiting: Vec<Row>,
    finished: Vec<Row>,
}

/// The team of whoever visits; without one they see nothing.
fn team_of(visit: &Visit) -> String {
    visit
        .account()
        .map(|account| account.team.clone())
        .unwrap_or_default()
}

/// Shows what the team is asked: what waits for it first.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let team = team_of(&visit);
    let mut waiting = Vec::new();
    let mut finished = Vec::new();
    if !team.is_empty() {
        let theirs = Chosen {
            area: team.clone(),
            ..Chosen::default()
        };
        let filter = theirs.filter();
        for summary in app.office.queue(&filter, true, None, LOOKED_AT).await? {
            let Some(case) = app.office.unnamed(&summary.case_id).await? else {
                continue;
            };
            if !has_questions(&case, &team) {
                continue;
            }
            let questions: Vec<String> = tasks::theirs(&case, &team)
                .into_iter()
                .map(|(_, _, text)| text)
                .collect();
            let wanted_on = case.wanted_of(&team);
            let is_waiting = case.areas_searching().contains(team.as_str());
            let row = Row {
                reference: summary.reference,
                wanted: wanted_on.map_or_else(String::new, crate::dates::long),
                is_late: is_waiting && wanted_on.is_some_and(|day| day < app.today()),
                count: questions.len(),
                questions,
            };
            if is_waiting {
                waiting.push(row);
            } else {
                finished.push(row);
            }
        }
    }
    let template = TeamPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        team: shown::area(&team),
        waiting,
        finished,
    };
    frame::page(&template.frame, &template)
}

/// Whether the team can say what it found, or say something else.
fn has_questions(case: &Case, team: &str) -> bool {
    procedure::allowed(
        Role::ServiceAreaContact,
        case.state,
        CommandKind::FinishSearch,
    ) && !tasks::theirs(case, team).is_empty()
}

/// The case of a reference, if this visitor's team has questions of it.
pub(in crate::desk) async fn open(
    app: &App,
    visit: &Visit,
    reference: &str,
) -> Result<(Box<Case>, String), WebError> {
    let team = team_of(visit);
    let case = app
        .office
        .unnamed(reference)
        .await?
        .filter(|case| !team.is_empty() && has_questions(case, &team))
        .ok_or(WebError::NotFound)?;
    Ok((case, team))
}

fn draw(
    app: &App,
    visit: &Visit,
    mut form: crate::form::Form,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    form.back = "/desk/team".to_owned();
    let template = FormPage {
        frame: Frame::new(app, visit).with(mistakes),
        form,
    };
    frame::page(&template.frame, &template)
}

/// Shows the team's questions of a case.
///
/// # Errors
/// The team has none there.
pub async fn show(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let (case, team) = open(&app, &visit, &reference).await?;
    let sent = tasks::sent(&app, &case, &team).await?;
    let form = tasks::form(
        &app,
        &case,
        &team,
        &sent,
        &format!("/desk/team/{reference}"),
    );
    draw(&app, &visit, form, Mistakes::default())
}

/// Takes what the team found; it is sealed.
///
/// # Errors
/// The team has no question there, or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, team) = open(&app, &visit, &reference).await?;
    let mut mistakes = Mistakes::default();
    let sent = tasks::sent(&app, &case, &team).await?;
    let answered = tasks::answered(&case, &team, &sent, &fields, &mut mistakes);
    if mistakes.is_empty() {
        let by = visit.actor(CommandKind::FinishSearch, case.state)?;
        let done = tasks::keep(&app, &by, &case, &answered).await?;
        return Ok(frame::see_other(&format!("/desk/team?done={done}")));
    }
    let form = tasks::form(
        &app,
        &case,
        &team,
        &sent,
        &format!("/desk/team/{reference}"),
    )
    .filled(&fields, &mistakes);
    draw(&app, &visit, form, mistakes)
}
