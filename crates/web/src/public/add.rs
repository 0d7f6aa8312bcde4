//! Adding to a request, or correcting it, by its private link and without being asked.

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use casework::case::Case;
use casework::command::CommandKind;
use casework::role::Actor;

use crate::app::App;
use crate::desk::added::{self, Addition};
use crate::fault::WebError;
use crate::fields::Mistakes;
use crate::frame::{self, Frame};
use crate::public::ask::LONGEST;
use crate::public::follow::{self, may};
use crate::session::Visit;
use crate::upload;
use crate::words::filters;

/// So often somebody adds by the page; after that they write.
const MOST: usize = 20;

/// The form, and the page that says it came.
#[derive(Template)]
#[template(path = "public/add.html")]
pub struct AddPage {
    frame: Frame,
    token: String,
    reference: String,
    text: String,
    /// What came last, once it has.
    came: Option<Addition>,
    due: String,
}

fn draw(
    app: &App,
    visit: &Visit,
    token: &str,
    case: &Case,
    text: String,
    mistakes: Mistakes,
    came: Option<Addition>,
) -> Result<Response, WebError> {
    let template = AddPage {
        frame: Frame::new(app, visit).with(mistakes),
        token: token.to_owned(),
        reference: case.receipt.reference.clone(),
        text,
        came,
        due: case
            .next_due_on()
            .map_or_else(String::new, crate::dates::long),
    };
    frame::page(&template.frame, &template)
}

/// The form; where nothing can be added any more, the page of the request says what can.
///
/// # Errors
/// The link has ended.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let case = follow::open(&app, &token).await?;
    if !may(&case, CommandKind::AddToRequest) {
        return Ok(frame::see_other(&format!("/follow/{token}")));
    }
    let (text, mistakes) = (String::new(), Mistakes::default());
    draw(&app, &visit, &token, &case, text, mistakes, None)
}

/// Takes what was added, with its files. What can't be taken of them keeps what was written. Sent twice, it is once on the
/// request.
///
/// # Errors
/// The link has ended, or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(token): Path<String>,
    form: Multipart,
) -> Result<Response, WebError> {
    let case = follow::open(&app, &token).await?;
    let upload = upload::read_open(&visit, form).await?;
    let text = upload.fields.get("text");
    let mut mistakes = upload.mistakes;
    let done = frame::see_other(&format!("/follow/{token}/added"));
    let last = case.additions.last();
    let is_there =
        last.is_some_and(|last| last.addition.is(&text, app.today(), upload.files.len()));
    if is_there && mistakes.is_empty() {
        return Ok(done);
    }
    mistakes.check(
        text.is_empty() && upload.files.is_empty() && mistakes.is_empty(),
        "text",
        "Write what you would like to add or correct",
    );
    mistakes.check(
        text.chars().count() > LONGEST,
        "text",
        "What you add must be 20,000 characters or fewer. You can send the rest by email.",
    );
    mistakes.check(
        case.additions.len() >= MOST,
        "main",
        "You have added to this request often. To add more, write to us and give the reference.",
    );
    mistakes.check(
        !may(&case, CommandKind::AddToRequest),
        "main",
        "Nothing can be added to this request now. You can ask again at any time.",
    );
    if mistakes.is_empty() {
        let by = Actor::applicant();
        let files = &upload.files;
        match app
            .office
            .add_to_request(&by, &case.id, &text, files, app.today())
            .await
        {
            Ok(_) => return Ok(done),
            // What the rules say is for the desk.
            Err(store::Stopped::Refused(_)) => mistakes.add(
                "main",
                "Nothing can be added to this request now. You can ask again at any time.",
            ),
            Err(other) => return Err(other.into()),
        }
    }
    draw(&app, &visit, &token, &case, text, mistakes, None)
}

/// Says that it came, and what it means.
///
/// # Errors
/// The link has ended, or nothing was added.
pub async fn added(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let case = follow::open(&app, &token).await?;
    let came = added::of(&case).pop();
    if came.is_none() {
        return Ok(frame::see_other(&format!("/follow/{token}")));
    }
    let (text, mistakes) = (String::new(), Mistakes::default());
    draw(&app, &visit, &token, &case, text, mistakes, came)
}
