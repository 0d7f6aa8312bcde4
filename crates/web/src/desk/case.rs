//! A case: the request with the words that matter marked, beside its questions.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::event::ConfirmOrDenyOutcome;
use casework::procedure::State as CaseState;
use casework::proposal::Kind;
use office::Similar;
use serde::Deserialize;

use crate::app::App;
use crate::desk::shown::{self, CaseBar, Tag};
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::marks::{self, Mark, Piece};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// Words that support a proposal.
#[derive(Clone, Debug)]
pub struct Shown {
    number: usize,
    words: String,
    says: String,
}

/// What may be done about a question.
#[derive(Clone, Debug, Default)]
pub struct May {
    route: bool,
    confirm: bool,
    decide: bool,
    weigh: bool,
    open_search: bool,
}

/// A question beside the request.
#[derive(Clone, Debug)]
pub struct Card {
    number: usize,
    label: String,
    stem: Option<String>,
    pieces: Vec<Piece>,
    tag: Tag,
    proposed: Option<&'static str>,
    cell: String,
    sure: &'static str,
    confidence: String,
    evidence: Vec<Shown>,
    provisions: String,
    duty: &'static str,
    search: &'static str,
    due: String,
    has_own_due: bool,
    is_chosen: bool,
    may: May,
}

/// A past request like this one.
#[derive(Clone, Debug)]
pub struct Like {
    reference: String,
    subject: String,
    near: bool,
    outcome: String,
    pairs: Vec<(String, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/case.html")]
pub struct CasePage {
    frame: Frame,
    bar: CaseBar,
    channel: &'static str,
    received_long: String,
    pieces: Vec<Piece>,
    cards: Vec<Card>,
    similar: Vec<Like>,
    is_new: bool,
    may_confirm: bool,
    may_assign: bool,
    may_work: bool,
    ready: bool,
    owed: Vec<(String, &'static str, String)>,
    signposts: Vec<(String, String)>,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    show: Option<usize>,
    pub(crate) done: Option<String>,
}

/// The case of a reference, and its bar.
///
/// # Errors
/// There is none, or the store can't answer.
pub async fn open(
    app: &App,
    reference: &str,
    tab: &'static str,
) -> Result<(Box<Case>, CaseBar), WebError> {
    let case = app
        .office
        .case(reference)
        .await?
        .filter(|case| case.receipt.reference == reference)
        .ok_or(WebError::NotFound)?;
    let owner = match &case.owner {
        Some(id) => app
            .office
            .store()
            .account(id)
            .await?
            .map_or_else(|| id.clone(), |account| account.name),
        None => String::new(),
    };
    let bar = shown::bar(
        &case,
        &app.office.bundle().calendar,
        app.today(),
        owner,
        tab,
    );
    Ok((case, bar))
}

/// Shows the case.
///
/// # Errors
/// There is none, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (case, bar) = open(&app, &reference, "request").await?;
    let may_work = visit.has_any(routes::DECIDING_WORK);
    let marks = all_marks(&case);
    let text = case.receipt.text.as_str();
    let chosen = asked.show;
    let visible: Vec<Mark> = match chosen {
        Some(number) => marks
            .get(number.saturating_sub(1))
            .cloned()
            .unwrap_or_default(),
        None => marks.iter().flatten().cloned().collect(),
    };
    let spans: Vec<(usize, usize)> = case
        .questions
        .iter()
        .map(|state| state.question.span)
        .collect();
    let cards: Vec<Card> = (1_usize..)
        .zip(case.questions.iter().zip(&marks))
        .map(|(number, (state, marks))| card(&app, &case, state, marks, number, chosen, may_work))
        .collect();
    let similar = app
        .office
        .similar(&case, 3)
        .await?
        .into_iter()
        .map(like)
        .collect();
    let is_working = matches!(
        case.state,
        CaseState::Open | CaseState::AwaitingClarification
    );
    let undecided: Vec<usize> = (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| state.is_open() && state.decision.is_none())
        .map(|(number, _)| number)
        .collect();
    let template = CasePage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        channel: match case.receipt.channel {
            casework::event::Channel::Email => "Email",
            casework::event::Channel::Form => "Public form",
            casework::event::Channel::Post => "Letter",
            casework::event::Channel::Import => "Earlier system",
        },
        received_long: crate::dates::long(case.receipt.received_on),
        pieces: marks::pieces(text, (0, text.len()), &visible, &spans),
        similar,
        is_new: !case.questions_confirmed,
        may_confirm: visit.has_any(routes::NEW_WORK)
            && matches!(
                case.state,
                CaseState::Received | CaseState::Invalid | CaseState::Open
            ),
        may_assign: visit.has_any(routes::NEW_WORK) && case.state.answer_is_owed(),
        may_work: may_work && is_working,
        ready: is_working && undecided.is_empty() && !case.questions.is_empty(),
        owed: owed(&case),
        signposts: app
            .office
            .bundle()
            .policy
            .policy
            .signposts
            .iter()
            .map(|signpost| (signpost.name.clone(), signpost.url.clone()))
            .collect(),
        cards,
        bar,
    };
    frame::page(&template.frame, &template)
}

/// The marks of each question, numbered through the whole request.
fn all_marks(case: &Case) -> Vec<Vec<Mark>> {
    let mut number = 0;
    case.questions
        .iter()
        .map(|state| {
            let evidence = state
                .question
                .proposal
                .as_ref()
                .map(|proposal| proposal.evidence.as_slice())
                .unwrap_or_default();
            evidence
                .iter()
                .map(|evidence| {
                    number += 1;
                    Mark {
                        span: evidence.span,
                        number,
                    }
                })
                .collect()
        })
        .collect()
}

fn card(
    app: &App,
    case: &Case,
    state: &QuestionState,
    marks: &[Mark],
    number: usize,
    chosen: Option<usize>,
    may_work: bool,
) -> Card {
    let text = case.receipt.text.as_str();
    let policy = &app.office.bundle().policy.policy;
    let question = &state.question;
    let proposal = question.proposal.as_ref();
    let own: Vec<Mark> = marks
        .iter()
        .filter(|mark| mark.span.0 >= question.span.0 && mark.span.1 <= question.span.1)
        .cloned()
        .collect();
    let evidence = proposal
        .map(|proposal| proposal.evidence.as_slice())
        .unwrap_or_default()
        .iter()
        .zip(marks)
        .map(|(evidence, mark)| Shown {
            number: mark.number,
            words: text
                .get(evidence.span.0..evidence.span.1)
                .unwrap_or("")
                .to_owned(),
            says: shown::finding(&evidence.supports),
        })
        .collect();
    let is_working = may_work
        && case.questions_confirmed
        && matches!(
            case.state,
            CaseState::Open | CaseState::AwaitingClarification
        )
        && state.is_open();
    let outcome = state.outcome();
    Card {
        number,
        label: question.label.clone(),
        stem: question.stem.clone(),
        pieces: if text.get(question.span.0..question.span.1).is_some() {
            marks::pieces(text, question.span, &own, &[])
        } else {
            vec![Piece {
                text: question.text.clone(),
                begins: String::new(),
                is_marked: false,
                in_question: false,
            }]
        },
        tag: shown::decision_tag(state),
        proposed: proposal.map(|proposal| shown::route(proposal.kind)),
        cell: proposal.map_or_else(String::new, |proposal| shown::cell(policy, proposal)),
        sure: proposal.map_or("", |proposal| {
            shown::sureness(proposal.confidence_thousandths)
        }),
        confidence: proposal.map_or_else(String::new, |proposal| {
            format!("{:.2}", f64::from(proposal.confidence_thousandths) / 1000.0)
        }),
        evidence,
        provisions: proposal.map_or_else(String::new, |proposal| {
            proposal
                .provisions
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        }),
        duty: match outcome {
            None => "",
            Some(ConfirmOrDenyOutcome::DutyApplies) => "We must say whether we hold this.",
            Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)) => {
                "Decided. We neither confirm nor deny holding this. Nothing about a search will be shown."
            }
        },
        // The same line whatever was found, by whom, or whether anybody looked.
        search: match outcome {
            None => {
                "Not shown until it is decided whether we must say that we hold this. That is so for every question of this kind."
            }
            Some(ConfirmOrDenyOutcome::DutyApplies) if state.searched_by.is_empty() => {
                "No search has finished yet."
            }
            Some(ConfirmOrDenyOutcome::DutyApplies) => "A search has finished.",
            Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)) => "",
        },
        due: crate::dates::long(state.extended_until.unwrap_or(state.due_on)),
        has_own_due: state.extended_until.is_some() || state.due_on != case.due_on,
        is_chosen: chosen == Some(number),
        may: May {
            route: is_working,
            confirm: is_working && outcome.is_none(),
            decide: is_working && outcome.is_some(),
            weigh: is_working
                && proposal
                    .is_some_and(|proposal| matches!(proposal.kind, Kind::Protected | Kind::Mixed)),
            open_search: is_working && state.duty_applies() && !state.searched_by.is_empty(),
        },
    }
}

/// What is owed before an answer can go: what, in which status, where.
fn owed(case: &Case) -> Vec<(String, &'static str, String)> {
    let base = format!("/desk/cases/{}", case.receipt.reference);
    let mut owed = Vec::new();
    owed.push((
        "Confirm the questions".to_owned(),
        if case.questions_confirmed {
            "Done"
        } else {
            "Not looked at"
        },
        format!("{base}/questions"),
    ));
    for (number, state) in (1_usize..).zip(&case.questions) {
        let status = if state.decision.is_some() {
            "Done"
        } else if state.waiting_since.is_some() {
            "Waiting for someone"
        } else if state.outcome().is_some() {
            "Started"
        } else if case.questions_confirmed {
            "Not looked at"
        } else {
            "Cannot start yet"
        };
        owed.push((
            format!("Question {}", state.question.label),
            status,
            format!("{base}#question-{number}"),
        ));
    }
    let letter = match case.state {
        CaseState::AwaitingApproval => "Waiting for someone",
        CaseState::Issued
        | CaseState::Closed
        | CaseState::UnderReview
        | CaseState::AtCommissioner
        | CaseState::AtTribunal => "Done",
        _ if case.draft.is_some() => "Started",
        _ if case.questions.iter().any(|state| state.decision.is_some()) => "Not looked at",
        _ => "Cannot start yet",
    };
    owed.push(("Letter".to_owned(), letter, format!("{base}/letter")));
    owed
}

fn like(similar: Similar) -> Like {
    Like {
        reference: similar.summary.reference,
        subject: similar.summary.subject,
        near: similar.near_duplicate,
        outcome: similar
            .summary
            .outcome
            .map(|outcome| crate::fields::sentence(&outcome.replace('_', " ")))
            .unwrap_or_default(),
        pairs: similar
            .questions
            .into_iter()
            .take(4)
            .map(|pair| (pair.asked, pair.found))
            .collect(),
    }
}
