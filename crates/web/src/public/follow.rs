//! Following a request by its private link. Five states only: the page has the same shape whatever is held.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::Case;
use casework::command::Command;
use casework::event::{ClarificationAnswer, ReviewRequestMade, Withdrawal};
use casework::procedure::State as CaseState;
use casework::role::{Actor, Role};
use serde::Deserialize;

use crate::app::{App, hash};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// The page.
#[derive(Template)]
#[template(path = "public/follow.html")]
pub struct FollowPage {
    frame: Frame,
    token: String,
    reference: String,
    state: &'static str,
    received: String,
    due: String,
    answered: Option<String>,
    asked: Option<String>,
    review_by: Option<String>,
    review_due: Option<String>,
    may_withdraw: bool,
    /// The letters, the newest first: what each is, and its forms.
    letters: Vec<(&'static str, Vec<String>)>,
    review_answered: Option<String>,
    text: String,
    sure: bool,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: Option<String>,
}

async fn open(app: &App, token: &str) -> Result<Box<Case>, WebError> {
    let link = app
        .office
        .store()
        .link(&hash(token), "follow", app.today())
        .await?
        .ok_or(WebError::NotFound)?;
    app.office
        .case(&link.case.0)
        .await?
        .ok_or(WebError::NotFound)
}

/// The state as the person who asked sees it.
fn state(case: &Case) -> &'static str {
    match case.state {
        CaseState::Received | CaseState::NotReceived => "Received",
        CaseState::AwaitingClarification | CaseState::AwaitingFee | CaseState::Invalid => {
            "We have asked you something"
        }
        CaseState::Open | CaseState::AwaitingApproval | CaseState::Approved => {
            if case
                .questions
                .iter()
                .any(|question| question.waiting_since.is_some())
            {
                "We have asked you something"
            } else {
                "We are working on it"
            }
        }
        CaseState::UnderReview | CaseState::AtCommissioner | CaseState::AtTribunal => "Review",
        CaseState::Issued | CaseState::Closed | CaseState::Destroyed => "Answered",
    }
}

fn draw(
    app: &App,
    visit: &Visit,
    token: &str,
    case: &Case,
    frame_with: (Option<&str>, Mistakes, String, bool),
) -> Result<Response, WebError> {
    let (done, mistakes, text, sure) = frame_with;
    let calendar = &app.office.bundle().calendar;
    let setting = app.office.bundle().setting(app.today());
    let waits = case
        .questions
        .iter()
        .any(|question| question.waiting_since.is_some());
    let review_by = case
        .issued
        .last()
        .filter(|_| matches!(case.state, CaseState::Issued | CaseState::Closed))
        // An answer is reviewed once.
        .filter(|_| case.reviews_decided.is_empty())
        .and_then(|issue| {
            calendar
                .nth_working_day_after(issue.sent_on, setting.ask_review_within)
                .ok()
        });
    let template = FollowPage {
        frame: Frame::new(app, visit).done(done).with(mistakes),
        token: token.to_owned(),
        reference: case.receipt.reference.clone(),
        state: if case.withdrawn_on.is_some() {
            "Withdrawn"
        } else {
            state(case)
        },
        received: crate::dates::long(case.receipt.received_on),
        due: crate::dates::long(case.next_due_on().unwrap_or(case.due_on)),
        answered: case
            .issued
            .last()
            .map(|issue| crate::dates::long(issue.sent_on)),
        asked: waits.then(|| wording(case)),
        review_by: review_by.map(crate::dates::long),
        review_due: case
            .review
            .as_ref()
            .filter(|_| case.state == CaseState::UnderReview)
            .map(|review| crate::dates::long(review.due_on)),
        may_withdraw: case.state.answer_is_owed(),
        letters: letters(case),
        review_answered: case
            .review_decision
            .as_ref()
            .map(|decided| crate::dates::long(decided.sent_on)),
        text,
        sure,
    };
    frame::page(&template.frame, &template)
}

/// The letters that left, the newest first.
fn letters(case: &Case) -> Vec<(&'static str, Vec<String>)> {
    let forms = ["letter.pdf", "letter.docx", "letter.txt"];
    let mut letters = Vec::new();
    if case
        .reviews_decided
        .iter()
        .any(|decided| !decided.files.is_empty())
    {
        letters.push((
            "Our letter about the review",
            forms.map(office::letter::of_review_named).to_vec(),
        ));
    }
    if !case.issued.is_empty() {
        letters.push(("Our letter", forms.map(str::to_owned).to_vec()));
    }
    letters
}

/// What was asked last; the case keeps that something waits, the words are in our letter.
fn wording(case: &Case) -> String {
    let labels: Vec<&str> = case
        .questions
        .iter()
        .filter(|question| question.waiting_since.is_some())
        .map(|question| question.question.label.as_str())
        .collect();
    labels.join(", ")
}

/// Shows where the request stands.
///
/// # Errors
/// The link has ended.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let case = open(&app, &token).await?;
    let with = (
        asked.done.as_deref(),
        Mistakes::default(),
        String::new(),
        false,
    );
    draw(&app, &visit, &token, &case, with)
}

/// Adds, withdraws or asks for a review.
///
/// # Errors
/// The link has ended, or the store can't.
pub async fn act(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(token): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let case = open(&app, &token).await?;
    let text = fields.get("text");
    let today = app.today();
    let by = Actor {
        id: "applicant".to_owned(),
        role: Role::Applicant,
    };
    let mut mistakes = Mistakes::default();
    let (command, done) = match fields.get("do").as_str() {
        "add" => {
            mistakes.check(text.is_empty(), "text", "Write your answer");
            let questions = case
                .questions
                .iter()
                .filter(|question| question.waiting_since.is_some())
                .map(|question| question.question.id.clone())
                .collect();
            (
                Command::GiveClarification(ClarificationAnswer {
                    questions,
                    text: text.clone(),
                    received_on: today,
                }),
                "added",
            )
        }
        "withdraw" if fields.get("sure") != "yes" => {
            let with = (None, Mistakes::default(), String::new(), true);
            return draw(&app, &visit, &token, &case, with);
        }
        "withdraw" => (
            Command::Withdraw(Withdrawal { received_on: today }),
            "withdrawn",
        ),
        "review" => {
            mistakes.check(
                text.is_empty(),
                "text",
                "Write what you would like us to look at again",
            );
            (
                Command::AskReview(ReviewRequestMade {
                    received_on: today,
                    questions: Vec::new(),
                    text: text.clone(),
                    late_but_taken_because: None,
                }),
                "review-asked",
            )
        }
        _ => return Err(WebError::NotFound),
    };
    if mistakes.is_empty() {
        match app.office.act(&by, &case.id, None, &command).await {
            Ok(_) => return Ok(frame::see_other(&format!("/follow/{token}?done={done}"))),
            Err(store::Stopped::Refused(problems)) => {
                mistakes = Mistakes::of_problems(&problems, &[]);
            }
            Err(other) => return Err(other.into()),
        }
    }
    draw(&app, &visit, &token, &case, (None, mistakes, text, false))
}

/// A form of the answer that left.
///
/// # Errors
/// The link has ended, or nothing left.
pub async fn file(
    State(app): State<App>,
    Path((token, name)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let case = open(&app, &token).await?;
    if case.issued.is_empty() {
        return Err(WebError::NotFound);
    }
    let bytes = crate::desk::letter::sent_file(&app, &case, &name).await?;
    let save_as = format!("{}-{name}", case.receipt.reference);
    Ok(crate::desk::letter::download(&save_as, &name, bytes))
}
