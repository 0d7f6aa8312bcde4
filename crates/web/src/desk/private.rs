//! What is shown only to those who need it, when they need it: who asked, and what a search found. Each look is an event.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::command::CommandKind;
use casework::event::{ApplicantLook, KeyKind, LookReason, Opening};
use casework::holding::Held;
use casework::procedure::State as CaseState;
use casework::role::Role;

use crate::app::App;
use crate::desk::acts::Place;
use crate::desk::case;
use crate::desk::shown::{self, CaseBar};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, choice};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

const REASONS: &[(LookReason, &str, &str)] = &[
    (LookReason::ToSend, "to_send", "To send"),
    (
        LookReason::Validity,
        "validity",
        "To check it is valid (s.8)",
    ),
    (
        LookReason::Repeated,
        "repeated",
        "Repeated request (s.14(2))",
    ),
    (
        LookReason::AddingUpCost,
        "adding_up_cost",
        "Adding up costs (reg. 5)",
    ),
    (LookReason::OwnData, "own_data", "Their own data (s.40(1))"),
    (LookReason::Audit, "audit", "Audit"),
];

/// A reason in words.
pub(super) fn reason_words(reason: LookReason) -> &'static str {
    REASONS
        .iter()
        .find(|(known, _, _)| *known == reason)
        .map_or("", |(_, _, words)| words)
}

/// The page: first the reason, then what is behind it.
#[derive(Template)]
#[template(path = "desk/private.html")]
pub struct PrivatePage {
    frame: Frame,
    bar: CaseBar,
    form: Form,
    found: Vec<(String, String)>,
}

/// Asks why.
///
/// # Errors
/// There is no such case.
pub async fn applicant(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "request").await?;
    visit.actor(CommandKind::ShowApplicant, case.state)?;
    draw(
        &app,
        &visit,
        bar,
        applicant_form(&visit),
        Mistakes::default(),
        Vec::new(),
    )
}

/// The role in which a person may look for this reason, if one of theirs may.
fn role_for(visit: &Visit, reason: LookReason) -> Option<Role> {
    let mut roles = visit.account()?.roles.iter().copied();
    roles.find(|role| reason.is_for(*role))
}

fn applicant_form(visit: &Visit) -> Form {
    Form::new("The person who asked", "Show name and contact")
        .intro("Who asked does not count. Say why you need to know; the look is recorded.")
        .radios(
            "reason",
            "Why",
            "",
            REASONS
                .iter()
                .filter(|(reason, _, _)| role_for(visit, *reason).is_some())
                .map(|(_, value, label)| choice(value, label))
                .collect(),
            "",
        )
}

fn draw(
    app: &App,
    visit: &Visit,
    bar: CaseBar,
    mut form: Form,
    mistakes: Mistakes,
    found: Vec<(String, String)>,
) -> Result<Response, WebError> {
    form.back = format!("/desk/cases/{}", bar.reference);
    let template = PrivatePage {
        frame: Frame::new(app, visit).with(mistakes),
        bar,
        form,
        found,
    };
    frame::page(&template.frame, &template)
}

/// Shows name and contact, after the look is recorded.
///
/// # Errors
/// There is no such case, or the store can't.
pub async fn show_applicant(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "request").await?;
    let mut by = visit.actor(CommandKind::ShowApplicant, case.state)?;
    let chosen = fields.get("reason");
    let mut mistakes = Mistakes::default();
    let Some((reason, _, _)) = REASONS.iter().find(|(_, value, _)| *value == chosen) else {
        mistakes.add("reason", "Choose why you need to know");
        let form = applicant_form(&visit).filled(&fields, &mistakes);
        return draw(&app, &visit, bar, form, mistakes, Vec::new());
    };
    // Whoever has several roles looks in the one that has this reason.
    if let Some(role) = role_for(&visit, *reason) {
        by.role = role;
    }
    let look = ApplicantLook { reason: *reason };
    match app.office.show_applicant(&by, &case.id, &look).await {
        Ok(applicant) => {
            let mut found = vec![
                ("Name".to_owned(), applicant.name),
                ("Contact".to_owned(), applicant.contact),
            ];
            if bar.hides {
                let whole = app.office.case(&case.id.0).await?;
                found.extend(
                    whole.map(|case| ("The request as written".to_owned(), case.receipt.text)),
                );
            }
            draw(
                &app,
                &visit,
                bar,
                Form::new("The person who asked", ""),
                mistakes,
                found,
            )
        }
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[("applicant", "reason")]);
            let form = applicant_form(&visit).filled(&fields, &mistakes);
            draw(&app, &visit, bar, form, mistakes, Vec::new())
        }
        Err(other) => Err(other.into()),
    }
}

fn holding_form() -> Form {
    Form::new("Open what was found", "Open it")
        .intro("A search is sealed until it is decided that we must say whether we hold it, for this question only. Opening it is recorded.")
        .line("reason", "Why you open it", "", "To answer the question")
}

/// Asks why.
///
/// # Errors
/// There is no such question.
pub async fn holding(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<Place>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &place.reference, "request").await?;
    // The same page for every question, whatever is sealed.
    let number = place.number.unwrap_or(0);
    let state = case
        .questions
        .get(number.wrapping_sub(1))
        .ok_or(WebError::NotFound)?;
    let form = holding_form().quote(shown::whole(&state.question));
    draw(&app, &visit, bar, form, Mistakes::default(), Vec::new())
}

/// Opens it with the question's key, or the reviewer's at review.
///
/// # Errors
/// There is no such question, or the store can't.
pub async fn open_holding(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<Place>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &place.reference, "request").await?;
    let number = place.number.unwrap_or(0);
    let state = case
        .questions
        .get(number.wrapping_sub(1))
        .ok_or(WebError::NotFound)?;
    let by = visit.actor(CommandKind::OpenHolding, case.state)?;
    let opening = Opening {
        question: state.question.id.clone(),
        key: match case.state {
            CaseState::UnderReview => KeyKind::InternalReview,
            CaseState::AtCommissioner | CaseState::AtTribunal => KeyKind::CommissionerOrTribunal,
            _ => KeyKind::DutyApplies,
        },
        reason: fields.get("reason"),
    };
    match app.office.open_holding(&by, &case.id, None, &opening).await {
        Ok(opened) => {
            let found = opened
                .into_iter()
                .map(|opened| {
                    let held = match opened.holding.held {
                        Held::Held => "We hold this.",
                        Held::NotHeld => "We do not hold this.",
                    };
                    (
                        crate::fields::sentence(&opened.area.replace('-', " ")),
                        format!("{held} {}", opened.holding.found),
                    )
                })
                .collect();
            let form = Form::new("What was found", "").quote(shown::whole(&state.question));
            draw(&app, &visit, bar, form, Mistakes::default(), found)
        }
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[("case.no_reason", "reason")]);
            let form = holding_form()
                .quote(shown::whole(&state.question))
                .filled(&fields, &mistakes);
            draw(&app, &visit, bar, form, mistakes, Vec::new())
        }
        Err(other) => Err(other.into()),
    }
}
