//! The files that are given with an answer: added, looked into for what they hide, and taken out again.

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::{Command, CommandKind};
use casework::event::{QuestionDecision, ReleasedFile};
use casework::procedure::allowed;
use casework::role::Role;

use crate::app::App;
use crate::desk::acts::files_of;
use crate::desk::case::{self, Asked};
use crate::desk::letter::kept;
use crate::desk::sending::Given;
use crate::desk::shown::{self, CaseBar};
use crate::fault::WebError;
use crate::fields::Mistakes;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::upload;
use crate::words::filters;

/// The page.
#[derive(Template)]
#[template(path = "desk/release.html")]
pub struct ReleasePage {
    frame: Frame,
    bar: CaseBar,
    number: usize,
    label: String,
    question: String,
    files: Vec<Given>,
    /// What teams sent for it and the answer does not have.
    sent: Vec<Given>,
    may_change: bool,
}

async fn opened(
    app: &App,
    reference: &str,
    number: usize,
) -> Result<(Box<Case>, CaseBar, QuestionState), WebError> {
    let (case, bar) = case::open(app, reference, "request").await?;
    let state = case
        .questions
        .get(number.wrapping_sub(1))
        .filter(|state| answered(state).is_some())
        .cloned()
        .ok_or(WebError::NotFound)?;
    Ok((case, bar, state))
}

/// The decision that files go with.
fn answered(state: &QuestionState) -> Option<&QuestionDecision> {
    state.decision.as_ref().filter(|made| made.gives())
}

fn draw(
    app: &App,
    visit: &Visit,
    number: usize,
    (case, bar, state): (&Case, CaseBar, &QuestionState),
    done: Option<&str>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let template = ReleasePage {
        frame: Frame::new(app, visit).done(done).with(mistakes),
        bar,
        number,
        label: state.question.label.clone(),
        question: shown::whole(&state.question),
        files: files_of(state)
            .iter()
            .map(|released| Given::of(released, ""))
            .collect(),
        sent: Given::sent(state)
            .into_iter()
            .filter(|sent| {
                let mut files = files_of(state).iter();
                !files.any(|released| released.file.name == sent.name)
            })
            .collect(),
        may_change: state.is_open()
            && visit.account().is_some_and(|account| {
                let decides = |role: &Role| allowed(*role, case.state, CommandKind::Decide);
                account.roles.iter().any(decides)
            }),
    };
    frame::page(&template.frame, &template)
}

/// Shows the files of an answer.
///
/// # Errors
/// There is no such question, or it isn't answered by disclosure.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((reference, number)): Path<(String, usize)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (case, bar, state) = opened(&app, &reference, number).await?;
    let done = asked.done.as_deref();
    draw(
        &app,
        &visit,
        number,
        (&case, bar, &state),
        done,
        Mistakes::default(),
    )
}

/// Adds files, or takes one out. The decision is made again with them, so the history has every change.
///
/// # Errors
/// It isn't our form, a file isn't taken, or the store can't.
pub async fn change(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((reference, number)): Path<(String, usize)>,
    form: Multipart,
) -> Result<Response, WebError> {
    let (case, bar, state) = opened(&app, &reference, number).await?;
    let by = visit.actor(CommandKind::Decide, case.state)?;
    let upload = upload::read(&visit, form).await?;
    let made = answered(&state).ok_or(WebError::NotFound)?;
    let mut files: Vec<ReleasedFile> = made.files.clone();
    let out = upload.fields.get("out");
    let take = upload.fields.get("take");
    let taken = state
        .sent_files
        .iter()
        .find(|(_, sent)| sent.file.name == take)
        .map(|(_, sent)| sent.clone());
    let mut mistakes = upload.mistakes;
    mistakes.check(
        out.is_empty() && taken.is_none() && upload.files.is_empty() && mistakes.is_empty(),
        "files",
        "Choose a file to add",
    );
    files.retain(|released| out.is_empty() || released.file.name != out);
    // Nothing of a form is kept whose other files aren't taken.
    if mistakes.is_empty() {
        let added = app.office.keep_released(&upload.files).await?;
        for file in taken.into_iter().chain(added) {
            // A file of the same name takes the place of the one before.
            let name = file.file.name.to_lowercase();
            files.retain(|released| released.file.name.to_lowercase() != name);
            files.push(file);
        }
    }
    if mistakes.is_empty() {
        let command = Command::Decide(QuestionDecision {
            files,
            ..made.clone()
        });
        match app
            .office
            .act(&by, &case.id, Some(case.seq), &command)
            .await
        {
            Ok(_) => {
                let done = if out.is_empty() {
                    "file-added"
                } else {
                    "file-out"
                };
                return Ok(frame::see_other(&format!(
                    "/desk/cases/{reference}/questions/{number}/files?done={done}"
                )));
            }
            Err(store::Stopped::Refused(problems)) => {
                mistakes = Mistakes::of_problems(
                    &problems,
                    &[
                        ("decision.bad_file_name", "files"),
                        ("decision.file_name_taken", "files"),
                    ],
                );
            }
            Err(other) => return Err(other.into()),
        }
    }
    draw(&app, &visit, number, (&case, bar, &state), None, mistakes)
}

/// One of the files, to look at before it goes.
///
/// # Errors
/// There is no such file.
pub async fn file(
    State(app): State<App>,
    Path((reference, number, name)): Path<(String, usize, String)>,
) -> Result<Response, WebError> {
    let (_, _, state) = opened(&app, &reference, number).await?;
    let released = files_of(&state)
        .iter()
        .find(|released| released.file.name == name)
        .ok_or(WebError::NotFound)?;
    kept(&app, &released.file).await
}
