//! What the person who asked added without being asked: somebody reads it and says what becomes of it.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::case::Case;
use casework::command::{Command, CommandKind};
use casework::event::{AdditionDealing, AdditionOutcome};

use crate::app::App;
use crate::desk::acts::{DeedPage, Place};
use crate::desk::case;
use crate::desk::shown::CaseBar;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, choice_with};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;

/// Something that was added, as pages show it.
#[derive(Clone, Debug)]
pub struct Addition {
    /// Its number among all that was added.
    pub number: usize,
    /// The day on which it came.
    pub on: String,
    /// Its words.
    pub text: String,
    /// The names of its files.
    pub files: Vec<String>,
    /// Whether it may be a new request and nobody has said.
    pub may_be_new: bool,
    /// What became of it; empty while nobody has said.
    pub outcome: &'static str,
    /// The reference under which it was taken in as a request of its own.
    pub new_reference: String,
}

/// What was added to a case, in order.
pub(crate) fn of(case: &Case) -> Vec<Addition> {
    (1..)
        .zip(&case.additions)
        .map(|(number, added)| {
            let addition = &added.addition;
            let files = addition.attachments.iter();
            Addition {
                number,
                on: crate::dates::long(addition.received_on),
                text: addition.text.clone(),
                files: files.map(|file| file.name.clone()).collect(),
                may_be_new: addition.asks && added.outcome.is_none(),
                outcome: match &added.outcome {
                    Some(outcome) => words(outcome),
                    // No answer is owed, so nothing becomes of it.
                    None if case.withdrawn_on.is_some() => "The request is withdrawn",
                    None => "",
                },
                new_reference: match &added.outcome {
                    Some(AdditionOutcome::NewRequest(reference)) => reference.clone(),
                    _ => String::new(),
                },
            }
        })
        .collect()
}

/// What became of an addition, in words that its author reads too.
pub(crate) fn words(outcome: &AdditionOutcome) -> &'static str {
    match outcome {
        AdditionOutcome::TakenIntoAccount => "Read, and taken into account in the answer",
        AdditionOutcome::NewRequest(_) => "Taken in as a request of its own",
        AdditionOutcome::NothingFollows => "Read; nothing follows from it for the answer",
    }
}

fn form(case: &Case, addition: &Addition) -> Form {
    let on = addition.on.as_str();
    let mut form = Form::new("What becomes of what was added", "Save")
        .section("What they wrote")
        .quote(if addition.text.is_empty() {
            "Only files came.".to_owned()
        } else {
            addition.text.clone()
        });
    if !addition.files.is_empty() {
        form = form.link(
            "Open the files",
            format!("/desk/cases/{}/files", case.receipt.reference),
        );
    }
    form.radios(
        "outcome",
        "What is it?",
        "The person who asked sees which on the page of their request.",
        vec![
            choice_with(
                "account",
                "It says more about this request, or corrects it",
                "We answer with it in mind. If it changes what is asked, change the questions too.",
            ),
            choice_with(
                "new",
                "It asks for something new",
                &format!(
                    "Candour takes it in as a request of its own for the same person, and acknowledges it. Section 8 makes \
                     it one, and its 20 working days run from {on} (section 10). The day on which this answer is due stays."
                ),
            ),
            choice_with(
                "nothing",
                "Nothing follows from it",
                "Thanks, or a question about how far we are.",
            ),
        ],
        "",
    )
}

/// Asks what becomes of it.
///
/// # Errors
/// There is no such addition, or somebody said already.
pub async fn show(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<Place>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &place.reference, "request").await?;
    let addition = waiting(&case, &place)?;
    draw(
        &app,
        &visit,
        bar,
        form(&case, &addition),
        Mistakes::default(),
    )
}

/// The addition of the address, while nobody has said what becomes of it.
fn waiting(case: &Case, place: &Place) -> Result<Addition, WebError> {
    of(case)
        .into_iter()
        .find(|addition| Some(addition.number) == place.number && addition.outcome.is_empty())
        .ok_or(WebError::NotFound)
}

fn draw(
    app: &App,
    visit: &Visit,
    bar: CaseBar,
    mut form: Form,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    form.back = format!("/desk/cases/{}#added", bar.reference);
    form.is_read_only = !routes::may_send(visit);
    let template = DeedPage {
        frame: Frame::new(app, visit).with(mistakes),
        bar,
        form,
    };
    frame::page(&template.frame, &template)
}

/// Records what becomes of it; a new request is taken in.
///
/// # Errors
/// As above; somebody else changed the case; or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<Place>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &place.reference, "request").await?;
    let addition = waiting(&case, &place)?;
    let by = visit.actor(CommandKind::DealWithAddition, case.state)?;
    let seen = fields.number("seen");
    let outcome = match fields.get("outcome").as_str() {
        "account" => AdditionOutcome::TakenIntoAccount,
        "nothing" => AdditionOutcome::NothingFollows,
        "new" => {
            let taken = app
                .office
                .take_in_addition(&by, &case.id, seen, addition.number)
                .await?;
            return Ok(frame::see_other(&format!(
                "/desk/cases/{}?done=taken-in",
                taken.reference
            )));
        }
        _ => {
            let mut mistakes = Mistakes::default();
            mistakes.add("outcome", "Say what it is");
            let form = form(&case, &addition).filled(&fields, &mistakes);
            return draw(&app, &visit, bar, form, mistakes);
        }
    };
    let command = Command::DealWithAddition(AdditionDealing {
        addition: addition.number,
        outcome,
    });
    app.office.act(&by, &case.id, seen, &command).await?;
    Ok(frame::see_other(&format!(
        "/desk/cases/{}?done=added-read#added",
        place.reference
    )))
}
