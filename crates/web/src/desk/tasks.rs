//! Tasks: which teams were asked what, and the one page that a team's link opens.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::event::{Event, QuestionId, ReturnReason, Search, TaskReturn};
use casework::holding::{Held, Holding};
use casework::role::{Actor, Role};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::desk::PrivateLink;

use crate::app::{App, hash};
use crate::desk::case::{self, Asked};
use crate::desk::shown::{self, CaseBar};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, FormPage, choice, choice_with};
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
    /// How long ago that was, where it has passed and something is missing.
    late: String,
    /// Each question, and what the team says where it gave it back.
    questions: Vec<(String, String)>,
    is_finished: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/tasks.html")]
pub struct TasksPage {
    frame: Frame,
    bar: CaseBar,
    tasks: Vec<Task>,
    is_searching: bool,
    may_work: bool,
    link: Option<(String, String)>,
}

/// What a team's link is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Details {
    area: String,
}

/// What a team says that gives a question back.
pub(in crate::desk) fn given_back(reason: ReturnReason) -> &'static str {
    match reason {
        ReturnReason::NotOurs => "Not with this team: ask another",
        ReturnReason::NotUnderstood => "The team does not understand it: explain it and ask again",
    }
}

/// How long ago a day was on which something was wanted; empty while it hasn't passed.
fn late(app: &App, wanted_on: Date) -> String {
    let calendar = &app.office.bundle().calendar;
    let (left, is_late, _) = shown::left(calendar, app.today(), wanted_on);
    if is_late { left } else { String::new() }
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
                    let words = format!(
                        "{}: {}",
                        state.question.label,
                        shown::whole(&state.question)
                    );
                    let back = case.returned.iter().find(|back| {
                        back.area == assignment.area && back.question == state.question.id
                    });
                    let said = back.map_or_else(String::new, |back| {
                        let words = given_back(back.reason).to_owned();
                        if back.note.is_empty() {
                            words
                        } else {
                            format!("{words}. They say: {}", back.note)
                        }
                    });
                    (words, said)
                })
                .collect(),
            late: if searching.contains(assignment.area.as_str()) {
                late(app, assignment.wanted_on)
            } else {
                String::new()
            },
            is_finished: !searching.contains(assignment.area.as_str())
                && case
                    .returned
                    .iter()
                    .all(|back| back.area != assignment.area),
            area: assignment.area.clone(),
        })
        .collect();
    let template = TasksPage {
        frame: Frame::new(app, visit).done(done),
        bar,
        is_searching: !searching.is_empty(),
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

/// Whoever in a team has its link.
pub(in crate::desk) fn by_link(area: &str) -> Actor {
    Actor {
        id: format!("team:{area}"),
        role: Role::ServiceAreaContact,
    }
}

/// The case and the team that a link is for.
pub(in crate::desk) async fn open(app: &App, token: &str) -> Result<(Box<Case>, String), WebError> {
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
        .unnamed(&link.case.0)
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

/// What a team sent already, by question: when, and whether it gave the question back. What it found stays sealed.
pub(in crate::desk) async fn sent(app: &App, case: &Case, area: &str) -> Result<Sent, WebError> {
    let mut sent = BTreeMap::new();
    for stored in app.office.history(&case.id).await? {
        let recorded = stored
            .recorded()
            .map_err(|error| WebError::Fault(error.to_string()))?;
        let at = crate::dates::instant(recorded.at, app.office.london());
        match recorded.event {
            Some(Event::SearchFinished(search)) if search.area == area => {
                sent.insert(search.question, (at, None));
            }
            Some(Event::TaskReturned(back)) if back.area == area => {
                sent.insert(back.question, (at, Some(back.reason)));
            }
            // Asked again: what was given back is theirs again.
            Some(Event::Assigned(assignment)) if assignment.area == area => {
                for question in &assignment.questions {
                    if sent.get(question).is_some_and(|(_, back)| back.is_some()) {
                        sent.remove(question);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(sent)
}

pub(in crate::desk) type Sent = BTreeMap<QuestionId, (String, Option<ReturnReason>)>;

/// The questions, with what was sent; `here` is the address of the page.
pub(in crate::desk) fn form(app: &App, case: &Case, area: &str, sent: &Sent, here: &str) -> Form {
    let questions = theirs(case, area);
    let wanted_on = case.wanted_of(area);
    let is_missing = questions.iter().any(|(_, id, _)| !sent.contains_key(id));
    let by = match wanted_on {
        Some(day) if is_missing && !late(app, day).is_empty() => format!(
            "This was wanted by {}: {}. Please answer today, or say that it is not with your team.",
            crate::dates::long(day),
            late(app, day)
        ),
        Some(day) => format!("By {}.", crate::dates::long(day)),
        None => String::new(),
    };
    let mut form = Form::new("Questions for your team", "Send").intro(format!(
        "{by} Say what you have; who asked and why does not count. Do not put the answer in an email: use this page."
    ));
    let mut asked = case.assignments.iter().rev();
    if let Some(assignment) = asked.find(|assignment| assignment.area == area)
        && !assignment.note.is_empty()
    {
        form = form.note("The officer says:").quote(&assignment.note);
    }
    for (number, id, text) in questions {
        form = form.section(&format!("Question {number}")).quote(text);
        let clarified = case.question(&id).map(|state| state.clarified.as_slice());
        for exchange in clarified.unwrap_or_default() {
            if let Some((on, said)) = &exchange.reply {
                form = form
                    .note(format!(
                        "The person was asked: “{}” On {} they said:",
                        exchange.wording,
                        crate::dates::long(*on)
                    ))
                    .quote(said);
            }
        }
        let hint = match sent.get(&id) {
            Some((at, None)) => {
                form = form.note(format!(
                    "Sent on {at}. To correct it, send all of it again: it takes the place of what you sent."
                ));
                if case.question(&id).is_some_and(QuestionState::takes_files) {
                    form = form.note(
                        "The officer has read it and answers the question. Files that belong to the answer can be sent now.",
                    );
                    form = form.link(
                        &format!("Send files for question {number}"),
                        format!("{here}/files/{number}"),
                    );
                }
                "Choose nothing to leave it as you sent it."
            }
            Some((at, Some(reason))) => {
                let said = match reason {
                    ReturnReason::NotOurs => "it is not with your team",
                    ReturnReason::NotUnderstood => "you do not understand it",
                };
                form = form.note(format!(
                    "You said on {at} that {said}. The officer is told. You can answer it all the same."
                ));
                "Choose nothing to leave it so."
            }
            None => "",
        };
        form = form
            .radios(
                &format!("held_{number}"),
                "Can your team answer this?",
                hint,
                vec![
                    choice("held", "We have it, or some of it"),
                    choice("not_held", "We looked and do not have it"),
                    choice_with(
                        "not_ours",
                        "It is not with my team",
                        "The officer asks another team.",
                    ),
                    choice_with(
                        "not_understood",
                        "I do not understand the question",
                        "The officer explains it.",
                    ),
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
            )
            .line(
                &format!("note_{number}"),
                "If you give it back: what the officer should know",
                "What you do not understand, or who may have it. Not what you hold.",
                "",
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
    let sent = sent(&app, &case, &area).await?;
    let template = FormPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        form: form(&app, &case, &area, &sent, &format!("/team/{token}")),
    };
    frame::page(&template.frame, &template)
}

/// What a team says that it found and what it gives back, question by question, and what is wrong with that.
pub(in crate::desk) fn answered(
    case: &Case,
    area: &str,
    sent: &Sent,
    fields: &Fields,
    mistakes: &mut Mistakes,
) -> Answered {
    let mut found = Vec::new();
    let mut returned = Vec::new();
    let mut chosen = 0_usize;
    for (number, question, _) in theirs(case, area) {
        let field = format!("held_{number}");
        let choice = fields.get(&field);
        chosen = chosen.saturating_add(usize::from(!choice.is_empty()));
        let back = |reason| TaskReturn {
            question: question.clone(),
            area: area.to_owned(),
            reason,
            note: fields.get(&format!("note_{number}")),
        };
        let held = match choice.as_str() {
            "held" => Held::Held,
            "not_held" => Held::NotHeld,
            "later" => continue,
            "not_ours" => {
                returned.push(back(ReturnReason::NotOurs));
                continue;
            }
            "not_understood" => {
                returned.push(back(ReturnReason::NotUnderstood));
                continue;
            }
            _ => {
                mistakes.check(
                    !sent.contains_key(&question),
                    &field,
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
        let search = Search {
            question,
            area: area.to_owned(),
        };
        found.push((search, holding));
    }
    mistakes.check(
        chosen == 0 && mistakes.is_empty(),
        "main",
        "Nothing was sent: choose an answer for the question that you want to correct",
    );
    Answered { found, returned }
}

/// What a team sends.
pub(in crate::desk) struct Answered {
    found: Vec<(Search, Holding)>,
    returned: Vec<TaskReturn>,
}

/// Seals what a team found and records what it gives back; answers what the next page says was done.
///
/// # Errors
/// Searches can't be finished now, or the store can't.
pub(in crate::desk) async fn keep(
    app: &App,
    by: &Actor,
    case: &Case,
    answered: &Answered,
) -> Result<&'static str, WebError> {
    let Answered { found, returned } = answered;
    if !found.is_empty() || !returned.is_empty() {
        app.office
            .answer_task(by, &case.id, found, returned)
            .await?;
    }
    Ok(if found.is_empty() && !returned.is_empty() {
        "task-returned"
    } else {
        "search-finished"
    })
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
    let sent = sent(&app, &case, &area).await?;
    let mut mistakes = Mistakes::default();
    let answered = answered(&case, &area, &sent, &fields, &mut mistakes);
    if mistakes.is_empty() {
        let by = by_link(&area);
        let done = keep(&app, &by, &case, &answered).await?;
        return Ok(frame::see_other(&format!("/team/{token}?done={done}")));
    }
    let template = FormPage {
        form: form(&app, &case, &area, &sent, &format!("/team/{token}")).filled(&fields, &mistakes),
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
    /// Whether the log shows an answer that a review changed since.
    is_superseded: bool,
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
        is_superseded: case.is_superseded_in_log(),
        may_publish,
        is_answered: !case.issued.is_empty(),
    };
    frame::page(&template.frame, &template)
}
