//! Evidence of harm, from the security adviser: one question a page, two forms that never mix. Who asked isn't known
//! here, nor whether anything is held.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::{Command, CommandKind};
use casework::decision::Likelihood;
use casework::event::{About, HarmEvidence};
use casework::procedure::State as CaseState;
use casework::proposal::Kind;

use crate::app::App;
use crate::desk::case::Asked;
use crate::desk::shown;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, FormPage, choice, choice_with};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// A question that waits for evidence.
#[derive(Clone, Debug)]
pub struct Waiting {
    reference: String,
    number: usize,
    text: String,
    due: String,
    about: Vec<(&'static str, &'static str)>,
}

/// The list.
#[derive(Template)]
#[template(path = "desk/harm.html")]
pub struct HarmPage {
    frame: Frame,
    waiting: Vec<Waiting>,
}

/// Cases looked at for the list.
const LOOKED_AT: u64 = 200;

fn wants(state: &QuestionState, about: About) -> bool {
    state.is_open()
        && state.decision.is_none()
        && state.harm.iter().all(|harm| harm.about != about)
        && state
            .question
            .proposal
            .as_ref()
            .is_some_and(|proposal| matches!(proposal.kind, Kind::Protected | Kind::Mixed))
        && match about {
            About::ConfirmOrDeny => state.outcome().is_none(),
            About::Content => !state.neither_confirmed_nor_denied(),
        }
}

fn is_working(case: &Case) -> bool {
    case.questions_confirmed
        && matches!(
            case.state,
            CaseState::Open | CaseState::AwaitingClarification
        )
}

/// Shows the questions that wait for evidence.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let rows = app
        .office
        .queue(&office::QueueFilter::All, true, None, LOOKED_AT)
        .await?;
    let mut waiting = Vec::new();
    let may_wait = |row: &&office::Summary| {
        !row.categories.is_empty()
            && [CaseState::Open, CaseState::AwaitingClarification]
                .iter()
                .any(|state| state.spelling() == row.state)
    };
    for row in rows.iter().filter(may_wait) {
        let Some(case) = app.office.case(&row.case_id).await? else {
            continue;
        };
        if !is_working(&case) {
            continue;
        }
        for (number, state) in (1_usize..).zip(&case.questions) {
            let about: Vec<(&str, &str)> = [
                (About::Content, "content", "What the answer would do"),
                (
                    About::ConfirmOrDeny,
                    "confirm-or-deny",
                    "What a yes or a no would do",
                ),
            ]
            .into_iter()
            .filter(|(about, _, _)| wants(state, *about))
            .map(|(_, path, words)| (path, words))
            .collect();
            if !about.is_empty() {
                waiting.push(Waiting {
                    reference: case.receipt.reference.clone(),
                    number,
                    text: shown::whole(&state.question),
                    due: crate::dates::long(state.due_on),
                    about,
                });
            }
        }
    }
    let template = HarmPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        waiting,
    };
    frame::page(&template.frame, &template)
}

/// The parts of the address.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct HarmPlace {
    reference: String,
    number: usize,
    about: String,
}

fn about_of(text: &str) -> Result<About, WebError> {
    match text {
        "content" => Ok(About::Content),
        "confirm-or-deny" => Ok(About::ConfirmOrDeny),
        _ => Err(WebError::NotFound),
    }
}

fn form(state: &QuestionState, about: About) -> Form {
    let (heading, legend, mechanism_hint) = match about {
        About::Content => (
            "What would the answer do?",
            "Would giving this information harm us?",
            "Someone who learns this could … causing …. Name what in this answer helps an attacker.",
        ),
        About::ConfirmOrDeny => (
            "What would a yes or a no do?",
            "Would saying whether we hold it harm us?",
            "A yes would tell someone …, a no would tell someone …. Do not say whether it happened or exists.",
        ),
    };
    Form::new(heading, "Sign and send")
        .quote(shown::whole(&state.question))
        .radios(
            "likelihood",
            legend,
            "“No” is a full answer. Thank you for it.",
            vec![
                choice_with("would", "Would", "More likely than not"),
                choice_with(
                    "would_be_likely_to",
                    "Would be likely to",
                    "A real and significant risk",
                ),
                choice("no", "No"),
            ],
            "",
        )
        .area(
            "mechanism",
            "How the harm comes about",
            mechanism_hint,
            "",
            4,
        )
        .area("adds", "What it adds to what is already public", "", "", 3)
        .area(
            "instead",
            "What could be given instead?",
            "If nothing, say so.",
            "",
            3,
        )
        .radios(
            "quotable",
            "May we quote this?",
            "What is not quotable never enters letter, log or review pack.",
            vec![
                choice("yes", "Yes, in the letter"),
                choice("no", "No, it is for the decision only"),
            ],
            "",
        )
}

async fn open(app: &App, place: &HarmPlace) -> Result<(Box<Case>, QuestionState, About), WebError> {
    let about = about_of(&place.about)?;
    let case = app
        .office
        .case(&place.reference)
        .await?
        .filter(|case| is_working(case))
        .ok_or(WebError::NotFound)?;
    let state = case
        .questions
        .get(place.number.wrapping_sub(1))
        .filter(|state| wants(state, about))
        .cloned()
        .ok_or(WebError::NotFound)?;
    Ok((case, state, about))
}

/// Shows one question's form.
///
/// # Errors
/// No evidence is wanted there.
pub async fn show(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<HarmPlace>,
) -> Result<Response, WebError> {
    let (_, state, about) = open(&app, &place).await?;
    let mut form = form(&state, about);
    form.back = "/desk/harm".to_owned();
    form.is_read_only = !routes::may_send(&visit);
    let template = FormPage {
        frame: Frame::new(&app, &visit),
        form,
    };
    frame::page(&template.frame, &template)
}

/// Takes the evidence.
///
/// # Errors
/// No evidence is wanted there, or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<HarmPlace>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, state, about) = open(&app, &place).await?;
    let mut mistakes = Mistakes::default();
    let likelihood = match fields.get("likelihood").as_str() {
        "would" => Some(Likelihood::Would),
        "would_be_likely_to" => Some(Likelihood::WouldBeLikelyTo),
        "no" => None,
        _ => {
            mistakes.add("likelihood", "Choose how likely the harm is");
            None
        }
    };
    let harms = likelihood.is_some();
    mistakes.check(
        harms && fields.get("quotable").is_empty(),
        "quotable",
        "Say whether we may quote this",
    );
    let mechanism = fields.get("mechanism");
    if about == About::ConfirmOrDeny {
        for leak in app.office.bundle().leak_guard.read(&mechanism) {
            if leak.severity == casework::leak_guard::Severity::Error {
                let words = mechanism.get(leak.span.clone()).unwrap_or(&mechanism);
                mistakes.add(
                    "mechanism",
                    format!("“{words}” {}. {}", leak.why, leak.mend),
                );
            }
        }
    }
    if mistakes.is_empty() {
        let command = Command::GiveHarmEvidence(HarmEvidence {
            question: state.question.id.clone(),
            about,
            likelihood,
            mechanism,
            adds: fields.get("adds"),
            instead: fields.get("instead"),
            quotable: fields.get("quotable") == "yes",
        });
        let by = visit.actor(CommandKind::GiveHarmEvidence, case.state)?;
        match app.office.act(&by, &case.id, None, &command).await {
            Ok(_) => return Ok(frame::see_other("/desk/harm?done=harm")),
            Err(store::Stopped::Refused(problems)) => {
                mistakes = Mistakes::of_problems(
                    &problems,
                    &[
                        ("harm.no_mechanism", "mechanism"),
                        ("harm.nothing_instead", "instead"),
                    ],
                );
            }
            Err(other) => return Err(other.into()),
        }
    }
    let mut form = form(&state, about).filled(&fields, &mistakes);
    form.back = "/desk/harm".to_owned();
    let template = FormPage {
        frame: Frame::new(&app, &visit).with(mistakes),
        form,
    };
    frame::page(&template.frame, &template)
}
