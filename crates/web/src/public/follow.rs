//! Following a request by its private link. Five states only: the page has the same shape whatever is held.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::Case;
use casework::command::{Command, CommandKind};
use casework::event::{
    ClarificationAnswer, QuestionId, ReviewRequestMade, ValidityRequirement, Withdrawal,
};
use casework::procedure::{self, State as CaseState};
use casework::role::{Actor, Role};
use casework::treatment::Regime;
use jiff::civil::Date;
use serde::Deserialize;
use store::mail::MailState;

use crate::app::{App, hash};
use crate::desk::added::{self, Addition};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Choice, choice};
use crate::frame::{self, Frame};
use crate::public::ask::LONGEST;
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
    withdrawn: Option<String>,
    /// The day on which a mail of ours to them didn't arrive; empty where all did.
    unreached: String,
    /// How it is dealt with where that isn't under the Act, and by when it is answered; empty where no law sets a day.
    elsewhere: Option<(&'static str, String)>,
    /// By when an everyday matter would be answered under the Act, if they want that; empty otherwise.
    under_the_act_by: String,
    /// The request as it came, and the files that came with it.
    request: String,
    came: Vec<String>,
    /// Its questions.
    questions: Vec<Asking>,
    /// What we asked and still wait for, then what was asked and answered.
    waiting: Vec<Exchange>,
    past: Vec<Exchange>,
    may_answer: bool,
    /// The fee that was asked for, and when.
    fee: Option<(String, String)>,
    missing: Vec<&'static str>,
    review_by: Option<String>,
    review_due: Option<String>,
    may_add: bool,
    may_withdraw: bool,
    /// What they added without being asked.
    added: Vec<Addition>,
    /// The letters, the newest first: what each is, and its forms.
    letters: Vec<(&'static str, Vec<String>)>,
    review_answered: Option<String>,
    text: String,
    /// Whether it is asked what they no longer need, and then the questions that can be withdrawn, where the others stay.
    sure: bool,
    open: Vec<Choice>,
    ticked: Vec<String>,
}

/// A question as whoever asked it sees it.
#[derive(Clone, Debug)]
pub struct Asking {
    label: String,
    words: String,
    withdrawn: Option<String>,
}

/// What somebody sent and didn't get through, and what they are asked before it does.
#[derive(Debug, Default)]
struct Sent<'a> {
    done: Option<&'a str>,
    mistakes: Mistakes,
    text: String,
    withdraws: bool,
    ticked: Vec<String>,
}

/// Something that we asked, about which questions, and what came.
#[derive(Clone, Debug)]
pub struct Exchange {
    ids: Vec<QuestionId>,
    labels: Vec<String>,
    asked_on: String,
    words: String,
    answer: Option<(String, String)>,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: Option<String>,
}

pub(super) async fn open(app: &App, token: &str) -> Result<Box<Case>, WebError> {
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
        CaseState::Closed if case.passed_on().is_some() => "We are working on it",
        CaseState::UnderReview | CaseState::AtCommissioner | CaseState::AtTribunal => "Review",
        CaseState::Issued | CaseState::Closed | CaseState::Destroyed => "Answered",
    }
}

/// How a request is dealt with that somebody else goes on with, to whoever asked.
fn dealt_with(regime: Regime) -> &'static str {
    match regime {
        Regime::OwnPersonalData => {
            "You asked for information about yourself. We deal with it under data protection law, as a subject access request, and not under the Freedom of Information Act."
        }
        Regime::EnvironmentalInformation => {
            "You asked for environmental information. We deal with it under the Environmental Information Regulations 2004, and not under the Freedom of Information Act."
        }
        Regime::ServiceMatter => {
            "This is an everyday matter. We have passed it to the service that deals with it, which will answer you."
        }
        Regime::FreedomOfInformation | Regime::Several => "",
    }
}

/// Whether the person who asked may do something now.
pub(super) fn may(case: &Case, command: CommandKind) -> bool {
    procedure::allowed(Role::Applicant, case.state, command)
}

/// What we asked, in the order of asking, each with what came.
fn exchanges(case: &Case) -> Vec<Exchange> {
    let mut found: BTreeMap<u64, Exchange> = BTreeMap::new();
    for state in &case.questions {
        for asked in &state.clarified {
            let answer = asked.reply.as_ref();
            let answer = answer.map(|(on, words)| (crate::dates::long(*on), words.clone()));
            let exchange = found.entry(asked.asking).or_insert_with(|| Exchange {
                ids: Vec::new(),
                labels: Vec::new(),
                asked_on: crate::dates::long(asked.asked_on),
                words: asked.wording.clone(),
                answer: None,
            });
            exchange.ids.push(state.question.id.clone());
            exchange.labels.push(state.question.label.clone());
            exchange.answer = exchange.answer.take().or(answer);
        }
    }
    found.into_values().collect()
}

/// What a request lacks before the Act calls it one, FOIA s.8(1), as somebody is asked for it.
fn lacking(missing: &[ValidityRequirement]) -> Vec<&'static str> {
    missing
        .iter()
        .map(|requirement| match requirement {
            ValidityRequirement::InWriting => "Your request in writing",
            ValidityRequirement::Name => "Your name",
            ValidityRequirement::Address => "An address for our answer: email or post",
            ValidityRequirement::Description => "What information you would like",
        })
        .collect()
}

fn words_of(question: &casework::event::CaseQuestion) -> String {
    match &question.stem {
        Some(stem) => format!("{stem} {}", question.text),
        None => question.text.clone(),
    }
}

/// The last day on which a review of the answer can be asked for; `None` where there is none to ask for.
pub(crate) fn review_by(app: &App, case: &Case) -> Option<Date> {
    case.issued
        .last()
        .filter(|_| matches!(case.state, CaseState::Issued | CaseState::Closed))
        // An answer is reviewed once.
        .filter(|_| case.reviews_decided.is_empty())
        .and_then(|issue| app.office.bundle().review_until(issue.sent_on))
}

async fn draw(
    app: &App,
    visit: &Visit,
    token: &str,
    case: &Case,
    sent: Sent<'_>,
) -> Result<Response, WebError> {
    let (waiting, past) = exchanges(case)
        .into_iter()
        .partition(|exchange: &Exchange| {
            case.state.answer_is_owed()
                && exchange.answer.is_none()
                && exchange.ids.iter().any(|id| {
                    case.question(id)
                        .is_some_and(|state| state.waiting_since.is_some())
                })
        });
    let review_by = review_by(app, case);
    let told = app.office.told(&case.id).await?;
    let unreached = told.last().filter(|told| {
        matches!(
            told.state,
            MailState::CameBack | MailState::Refused | MailState::GivenUp
        )
    });
    let template = FollowPage {
        frame: Frame::new(app, visit).done(sent.done).with(sent.mistakes),
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
        withdrawn: case.withdrawn_on.map(crate::dates::long),
        unreached: unreached.map_or_else(String::new, |told| {
            crate::dates::instant(told.at, app.office.london())
        }),
        under_the_act_by: case
            .passed_on()
            .filter(|passed| passed.treatment.regime == Regime::ServiceMatter)
            .map_or_else(String::new, |_| crate::dates::long(case.due_on)),
        elsewhere: case.passed_on().map(|passed| {
            (
                dealt_with(passed.treatment.regime),
                passed.due_on.map_or_else(String::new, crate::dates::long),
            )
        }),
        request: case.receipt.text.clone(),
        came: case
            .receipt
            .attachments
            .iter()
            .map(|file| file.name.clone())
            .collect(),
        questions: case
            .questions
            .iter()
            .map(|state| Asking {
                label: state.question.label.clone(),
                words: words_of(&state.question),
                withdrawn: state.withdrawn_on.map(crate::dates::long),
            })
            .collect(),
        may_answer: case
            .questions
            .iter()
            .any(|question| question.waiting_since.is_some())
            && may(case, CommandKind::GiveClarification),
        waiting,
        past,
        fee: case.fees_notice.as_ref().map(|notice| {
            let pounds = format!("£{}.{:02}", notice.pence / 100, notice.pence % 100);
            (pounds, crate::dates::long(notice.given_on))
        }),
        missing: if case.state == CaseState::Invalid {
            lacking(&case.missing)
        } else {
            Vec::new()
        },
        review_by: review_by.map(crate::dates::long),
        review_due: case
            .review
            .as_ref()
            .filter(|_| case.state == CaseState::UnderReview)
            .map(|review| crate::dates::long(review.due_on)),
        may_add: may(case, CommandKind::AddToRequest),
        may_withdraw: may(case, CommandKind::Withdraw),
        added: added::of(case),
        letters: letters(case),
        review_answered: case
            .review_decision
            .as_ref()
            .map(|decided| crate::dates::long(decided.sent_on)),
        text: sent.text,
        sure: sent.withdraws,
        open: if case.may_be_withdrawn_in_part() {
            case.open_questions()
                .map(|state| {
                    let words = words_of(&state.question);
                    choice(
                        &state.question.id.0,
                        &format!("{}: {words}", state.question.label),
                    )
                })
                .collect()
        } else {
            Vec::new()
        },
        ticked: sent.ticked,
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
    let given: Vec<String> = case
        .issued
        .iter()
        .flat_map(|issue| &issue.files)
        .map(|file| file.name.clone())
        .filter(|name| !name.starts_with("letter."))
        .collect();
    if !given.is_empty() {
        letters.push(("Files with our letter", given));
    }
    letters
}

/// Why something can't be done now, for somebody who knows no states of ours.
fn refusal(case: &Case, what: &str) -> &'static str {
    let is_owed = case.state.answer_is_owed();
    match what {
        "add" if is_owed => {
            "We are not waiting for an answer from you. You can still add to your request or correct it."
        }
        "add" => "Nothing can be added to this request now. You can ask again at any time.",
        "withdraw" | "withdraw-some" | "go-without" if case.withdrawn_on.is_some() => {
            "Your request is withdrawn already."
        }
        "withdraw-some" if is_owed => {
            "What you chose is answered or withdrawn already. Choose again."
        }
        "withdraw" | "withdraw-some" | "go-without" => {
            "We have answered your request, so there is nothing to withdraw."
        }
        _ if is_owed => "You can ask for a review once we have answered.",
        _ if case.state == CaseState::UnderReview => {
            "You have asked for a review already. To add to it, write to us and give the reference."
        }
        _ if case.review_decision.is_some() => {
            "We have reviewed this already. You can complain to the Information Commissioner; our letter about the review says how."
        }
        _ => {
            "We can't take this here now. Write to us and give the reference: we may still look at it again."
        }
    }
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
    let sent = Sent {
        done: asked.done.as_deref(),
        ..Sent::default()
    };
    draw(&app, &visit, &token, &case, sent).await
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
    let by = Actor::applicant();
    let mut mistakes = Mistakes::default();
    let what = fields.get("do");
    let (command, done) = match what.as_str() {
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
        "withdraw" | "go-without"
            if fields.get("sure") != "yes" && may(&case, CommandKind::Withdraw) =>
        {
            let waiting = case
                .open_questions()
                .filter(|state| what == "go-without" && state.waiting_since.is_some())
                .map(|state| state.question.id.0.clone());
            let sent = Sent {
                withdraws: true,
                ticked: waiting.collect(),
                ..Sent::default()
            };
            return draw(&app, &visit, &token, &case, sent).await;
        }
        "withdraw" => (Command::Withdraw(Withdrawal::whole(today)), "withdrawn"),
        "withdraw-some" => {
            let ticked = fields.all("questions");
            let questions: Vec<QuestionId> = case
                .open_questions()
                .map(|state| state.question.id.clone())
                .filter(|id| ticked.contains(&id.0))
                .collect();
            // No questions would be the whole request.
            mistakes.check(
                questions.is_empty(),
                "questions",
                "Choose the questions that you no longer need",
            );
            let withdrawal = Withdrawal {
                received_on: today,
                questions,
            };
            (Command::Withdraw(withdrawal), "questions-withdrawn")
        }
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
    if matches!(what.as_str(), "add" | "review") {
        mistakes.check(
            text.chars().count() > LONGEST,
            "text",
            "Write it in 20,000 characters or fewer. You can send the rest by email.",
        );
    }
    let has_nothing_to_answer =
        matches!(&command, Command::GiveClarification(answer) if answer.questions.is_empty());
    if has_nothing_to_answer || !may(&case, command.kind()) {
        mistakes = Mistakes::default();
        mistakes.add("main", refusal(&case, &what));
    }
    if mistakes.is_empty() {
        match app.office.act(&by, &case.id, None, &command).await {
            Ok(_) => return Ok(frame::see_other(&format!("/follow/{token}?done={done}"))),
            // What the rules say is for the desk.
            Err(store::Stopped::Refused(_)) => mistakes.add("main", refusal(&case, &what)),
            Err(other) => return Err(other.into()),
        }
    }
    let sent = Sent {
        withdraws: what == "withdraw-some" && may(&case, CommandKind::Withdraw),
        ticked: fields.all("questions"),
        mistakes,
        text,
        ..Sent::default()
    };
    draw(&app, &visit, &token, &case, sent).await
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
