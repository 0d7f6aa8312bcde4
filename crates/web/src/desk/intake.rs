//! Requests that came by post or email, recorded by hand with their files; and the files that came with a request.

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::command::CommandKind;
use casework::event::Channel;
use casework::procedure::State as CaseState;
use jiff::civil::Date;
use office::{Message, NewApplicant};

use crate::app::{App, hash};
use crate::desk::case;
use crate::desk::shown::CaseBar;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, choice};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::upload::{self, Upload};
use crate::words::filters;

/// The form.
#[derive(Template)]
#[template(path = "desk/intake.html")]
pub struct IntakePage {
    frame: Frame,
    form: Form,
    once: String,
}

/// The files of a request.
#[derive(Template)]
#[template(path = "desk/files.html")]
pub struct FilesPage {
    frame: Frame,
    bar: CaseBar,
    files: Vec<(String, String)>,
}

fn form(today: Date) -> Form {
    let mut form = Form::new("A request that came by post or email", "")
        .radios(
            "channel",
            "How did it come?",
            "",
            vec![choice("post", "By post"), choice("email", "By email")],
            "",
        )
        .day(
            "received_on",
            "On which day did it come?",
            "The day it reached any part of the authority. The time for answering runs from it.",
            &today.to_string(),
        )
        .line(
            "subject",
            "Subject, or a title",
            "Without the person's name",
            "",
        )
        .area(
            "text",
            "What they wrote",
            "In their own words. Leave it empty if all of it is in the files.",
            "",
            9,
        )
        .line(
            "name",
            "Name of the person who asked",
            "Kept apart from the request.",
            "",
        )
        .line("contact", "Where to answer", "Email or postal address", "");
    form.back = "/desk/new".to_owned();
    form
}

fn draw(
    app: &App,
    visit: &Visit,
    form: Form,
    mistakes: Mistakes,
    once: String,
) -> Result<Response, WebError> {
    let template = IntakePage {
        frame: Frame::new(app, visit).with(mistakes),
        form,
        once,
    };
    frame::page(&template.frame, &template)
}

/// Shows the form.
///
/// # Errors
/// The page can't be drawn.
pub async fn show(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let form = form(app.today());
    draw(&app, &visit, form, Mistakes::default(), app.token())
}

/// What is wrong with the form, and the day in it.
fn checked(app: &App, upload: &Upload) -> (Mistakes, Option<Date>) {
    let Upload {
        fields,
        files,
        mistakes,
        has_foreign: _,
    } = upload;
    let mut mistakes = mistakes.clone();
    mistakes.check(
        !["post", "email"].contains(&fields.get("channel").as_str()),
        "channel",
        "Choose how it came",
    );
    let day: Option<Date> = fields.get("received_on").parse().ok();
    mistakes.check(
        day.is_none_or(|day| day > app.today()),
        "received_on",
        "Enter the day on which it came; it can't be later than today",
    );
    let a_year_ago = app.today().saturating_sub(jiff::Span::new().years(1));
    mistakes.check(
        day.is_some_and(|day| day < a_year_ago),
        "received_on",
        "This is more than a year ago: check the year",
    );
    let (name, subject) = (fields.get("name"), fields.get("subject"));
    mistakes.check(
        !name.is_empty() && subject.to_lowercase().contains(&name.to_lowercase()),
        "subject",
        "Leave the person's name out of the subject: it stands in lists",
    );
    mistakes.check(
        !fields.has("subject"),
        "subject",
        "Enter a subject, so that it can be found",
    );
    mistakes.check(
        !fields.has("text") && files.is_empty() && mistakes.of("files").is_none(),
        "text",
        "Copy what they wrote, or add the file that holds it",
    );
    mistakes.check(
        fields.has("name") && !fields.has("contact"),
        "contact",
        "Enter where to answer",
    );
    let contact = fields.get("contact");
    mistakes.check(
        fields.get("channel") == "email" && !contact.is_empty() && !contact.contains('@'),
        "contact",
        "Enter the email address that it came from, or choose that it came by post",
    );
    (mistakes, day)
}

/// Takes the request in with its files.
///
/// # Errors
/// It isn't our form, a file isn't taken, or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    files: Multipart,
) -> Result<Response, WebError> {
    let actor = visit.actor(CommandKind::Receive, CaseState::NotReceived)?;
    let upload = upload::read(&visit, files).await?;
    let (mistakes, day) = checked(&app, &upload);
    let fields: &Fields = &upload.fields;
    let once = fields.get("once");
    let Some(day) = day.filter(|_| mistakes.is_empty()) else {
        let form = form(app.today()).filled(fields, &mistakes);
        return draw(&app, &visit, form, mistakes, once);
    };
    let (name, contact) = (fields.get("name"), fields.get("contact"));
    let applicant = (!contact.is_empty()).then_some(NewApplicant {
        name: &name,
        contact: &contact,
    });
    let once = (!once.is_empty()).then(|| format!("desk:{}", hash(&once)));
    let message = Message {
        channel: if fields.get("channel") == "post" {
            Channel::Post
        } else {
            Channel::Email
        },
        subject: &fields.get("subject"),
        text: &fields.get("text"),
        applicant,
        received_at: app.office.on_day(day),
        once: once.as_deref(),
        reference: None,
        attachments: &upload.files,
    };
    let taken = app.office.take_in(&actor, &message).await?;
    Ok(frame::see_other(&format!(
        "/desk/cases/{}?done=taken-in",
        taken.reference
    )))
}

/// Lists the files that came with a request.
///
/// # Errors
/// There is no such case.
pub async fn files(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "request").await?;
    let template = FilesPage {
        frame: Frame::new(&app, &visit),
        bar,
        files: case
            .came_with()
            .map(|file| (file.name.clone(), file.size()))
            .collect(),
    };
    frame::page(&template.frame, &template)
}

/// One of the files, to save: no browser runs or shows what a stranger sent as if it were a page of ours.
///
/// # Errors
/// There is no such file.
pub async fn file(
    State(app): State<App>,
    Path((reference, number)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "request").await?;
    let file = number
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1))
        .and_then(|index| case.came_with().nth(index))
        .ok_or(WebError::NotFound)?;
    let contents = app.office.store().attachments().get(&file.sha256).await?;
    // Letters of other alphabets are written by their numbers, RFC 6266.
    let plain: String = file
        .name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    Ok((
        [
            (
                header::CONTENT_TYPE,
                upload::media_type(&file.name).to_owned(),
            ),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename*=UTF-8''{plain}"),
            ),
            (
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; sandbox".to_owned(),
            ),
        ],
        contents,
    )
        .into_response())
}
