//! “My settings”: what everybody who is signed in chooses for their own pages.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::app::App;
use crate::desk::case::Asked;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, FormPage, choice, choice_with};
use crate::frame::{self, Frame};
use crate::preferences::{Colours, Preferences};
use crate::session::{self, Visit};

fn form(chosen: Preferences) -> Form {
    let ticked = |is_on: bool| {
        if is_on {
            vec!["on".to_owned()]
        } else {
            Vec::new()
        }
    };
    Form::new("My settings", "Save")
        .intro("They hold for you alone, on every computer on which you sign in.")
        .radios(
            "colours",
            "Colours",
            "",
            vec![
                choice_with(
                    Colours::System.word(),
                    "As my system says",
                    "Light by day and dark by night, if that is how it is set",
                ),
                choice(Colours::Light.word(), "Always light"),
                choice(Colours::Dark.word(), "Always dark"),
            ],
            chosen.colours.word(),
        )
        .boxes(
            "compact",
            "Rows",
            "",
            vec![choice_with(
                "on",
                "Compact rows",
                "More of a list fits on the screen",
            )],
            ticked(chosen.compact),
        )
        .boxes(
            "keys",
            "Single keys",
            "They work only while the focus is in a list: J goes to the next row, K to the one before, Enter opens it, C \
             confirms it where it can be confirmed. Leave them off if you speak to your computer.",
            vec![choice("on", "Switch single keys on")],
            ticked(chosen.keys),
        )
}

fn draw(
    app: &App,
    visit: &Visit,
    mut form: Form,
    mistakes: Mistakes,
    done: Option<&str>,
) -> Result<Response, WebError> {
    let account = visit.account().ok_or(WebError::NotFound)?;
    session::home_of(account).clone_into(&mut form.back);
    let template = FormPage {
        frame: Frame::new(app, visit).done(done).with(mistakes),
        form,
    };
    frame::page(&template.frame, &template)
}

/// Shows what is chosen.
///
/// # Errors
/// The page can't be drawn.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let form = form(visit.preferences);
    draw(
        &app,
        &visit,
        form,
        Mistakes::default(),
        asked.done.as_deref(),
    )
}

/// Keeps what is chosen.
///
/// # Errors
/// The store can't.
pub async fn keep(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let wanted = fields.get("colours");
    let colours = Colours::ALL
        .into_iter()
        .find(|colours| colours.word() == wanted);
    let Some(colours) = colours else {
        let mut mistakes = Mistakes::default();
        mistakes.add("colours", "Choose the colours");
        let form = form(visit.preferences).filled(&fields, &mistakes);
        return draw(&app, &visit, form, mistakes, None);
    };
    let account = visit.account().ok_or(WebError::NotFound)?;
    let chosen = Preferences {
        compact: fields.ticked("compact", "on"),
        colours,
        keys: fields.ticked("keys", "on"),
    };
    chosen.keep(&app, account).await?;
    Ok(frame::see_other("/desk/settings?done=settings"))
}
