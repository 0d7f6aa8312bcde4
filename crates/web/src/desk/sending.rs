//! The files that a team sends for an answer, once nothing about the question is under seal: by the team's link or as somebody
//! who signs in, and for the officer to take into the answer.

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::{Command, CommandKind};
use casework::event::{ReleasedFile, TeamFiles};
use casework::role::Actor;
use office::release;

use crate::app::App;
use crate::desk::case::{self, Asked};
use crate::desk::letter::kept;
use crate::desk::{shown, tasks, team};
use crate::fault::WebError;
use crate::fields::Mistakes;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::upload;
use crate::words::filters;

/// A file that somebody else gave, and what to know of it.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// What it holds unseen.
    pub hides: Vec<&'static str>,
    /// The team that sent it; empty where an officer added it.
    pub team: String,
}

impl Given {
    /// A file as pages show it.
    #[must_use]
    pub fn of(released: &ReleasedFile, area: &str) -> Self {
        Self {
            name: released.file.name.clone(),
            size: released.file.size(),
            hides: release::KINDS
                .iter()
                .filter(|kind| released.hides.iter().any(|code| code == kind.code))
                .map(|kind| kind.words)
                .collect(),
            team: if area.is_empty() {
                String::new()
            } else {
                shown::area(area)
            },
        }
    }

    /// All that teams sent for a question.
    #[must_use]
    pub fn sent(state: &QuestionState) -> Vec<Self> {
        let sent = state.sent_files.iter();
        sent.map(|(area, file)| Self::of(file, area)).collect()
    }
}

/// The page on which a team sends files.
#[derive(Template)]
#[template(path = "desk/sending.html")]
pub struct SendingPage {
    frame: Frame,
    back: String,
    number: usize,
    question: String,
    files: Vec<Given>,
}

/// Whose page it is: the team's, and where it goes back to.
struct Team {
    case: Box<Case>,
    area: String,
    back: String,
    by: Actor,
}

impl Team {
    /// The question of a number, if it is theirs and takes files.
    fn question(&self, number: usize) -> Result<&QuestionState, WebError> {
        let is_theirs = tasks::theirs(&self.case, &self.area)
            .iter()
            .any(|(theirs, _, _)| *theirs == number);
        self.case
            .questions
            .get(number.wrapping_sub(1))
            .filter(|state| is_theirs && state.takes_files())
            .ok_or(WebError::NotFound)
    }

    fn draw(
        &self,
        app: &App,
        visit: &Visit,
        number: usize,
        done: Option<&str>,
        mistakes: Mistakes,
    ) -> Result<Response, WebError> {
        let state = self.question(number)?;
        let template = SendingPage {
            frame: Frame::new(app, visit).done(done).with(mistakes),
            back: self.back.clone(),
            number,
            question: shown::whole(&state.question),
            files: state
                .sent_files
                .iter()
                .filter(|(area, _)| *area == self.area)
                .map(|(_, file)| Given::of(file, ""))
                .collect(),
        };
        frame::page(&template.frame, &template)
    }

    async fn keep(
        &self,
        app: &App,
        visit: &Visit,
        number: usize,
        form: Multipart,
    ) -> Result<Response, WebError> {
        let question = self.question(number)?.question.id.clone();
        let upload = upload::read_open(visit, form).await?;
        let mut mistakes = upload.mistakes;
        mistakes.check(
            upload.files.is_empty() && mistakes.is_empty(),
            "files",
            "Choose a file to send",
        );
        if !mistakes.is_empty() {
            return self.draw(app, visit, number, None, mistakes);
        }
        let command = Command::SendFiles(TeamFiles {
            question,
            area: self.area.clone(),
            files: app.office.keep_released(&upload.files).await?,
        });
        app.office
            .act(&self.by, &self.case.id, None, &command)
            .await?;
        Ok(frame::see_other(&format!(
            "{}/files/{number}?done=files-sent",
            self.back
        )))
    }
}

async fn by_link(app: &App, token: &str) -> Result<Team, WebError> {
    let (case, area) = tasks::open(app, token).await?;
    Ok(Team {
        case,
        by: tasks::by_link(&area),
        area,
        back: format!("/team/{token}"),
    })
}

async fn by_account(app: &App, visit: &Visit, reference: &str) -> Result<Team, WebError> {
    let (case, area) = team::open(app, visit, reference).await?;
    Ok(Team {
        by: visit.actor(CommandKind::SendFiles, case.state)?,
        case,
        area,
        back: format!("/desk/team/{reference}"),
    })
}

/// Shows what a team sent by its link, and takes more.
///
/// # Errors
/// The link has ended, or no files are taken for that question.
pub async fn link_page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((token, number)): Path<(String, usize)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let team = by_link(&app, &token).await?;
    team.draw(
        &app,
        &visit,
        number,
        asked.done.as_deref(),
        Mistakes::default(),
    )
}

/// Takes files by a team's link.
///
/// # Errors
/// As above; a file isn't taken, or the store can't.
pub async fn link_send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((token, number)): Path<(String, usize)>,
    form: Multipart,
) -> Result<Response, WebError> {
    let team = by_link(&app, &token).await?;
    team.keep(&app, &visit, number, form).await
}

/// Shows what a team sent, to somebody of it who signs in, and takes more.
///
/// # Errors
/// The team has no such question, or no files are taken for it.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((reference, number)): Path<(String, usize)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let team = by_account(&app, &visit, &reference).await?;
    team.draw(
        &app,
        &visit,
        number,
        asked.done.as_deref(),
        Mistakes::default(),
    )
}

/// Takes files of somebody who signs in.
///
/// # Errors
/// As above; a file isn't taken, or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((reference, number)): Path<(String, usize)>,
    form: Multipart,
) -> Result<Response, WebError> {
    let team = by_account(&app, &visit, &reference).await?;
    team.keep(&app, &visit, number, form).await
}

/// One of the files that teams sent for a question, to look at before it is given.
///
/// # Errors
/// There is no such file.
pub async fn file(
    State(app): State<App>,
    Path((reference, number, name)): Path<(String, usize, String)>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "request").await?;
    let sent = case
        .questions
        .get(number.wrapping_sub(1))
        .and_then(|state| {
            state
                .sent_files
                .iter()
                .find(|(_, sent)| sent.file.name == name)
        })
        .map(|(_, sent)| sent)
        .ok_or(WebError::NotFound)?;
    kept(&app, &sent.file).await
}
