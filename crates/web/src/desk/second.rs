//! Two-step sign-in: a person switches it on and off for themselves.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use crate::accounts;
use crate::app::App;
use crate::desk::{admin, changes};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, choice};
use crate::frame::{self, Frame};
use crate::second::{self, Picture};
use crate::session::{self, Visit};
use crate::words::filters;

/// The page that offers it.
#[derive(Template)]
#[template(path = "desk/second.html")]
pub struct OfferPage {
    frame: Frame,
    secret: String,
    shown: String,
    picture: Option<Picture>,
}

/// The recovery codes, shown once.
#[derive(Template)]
#[template(path = "desk/recovery.html")]
pub struct RecoveryPage {
    frame: Frame,
    codes: Vec<String>,
    home: &'static str,
}

fn off_form() -> Form {
    Form::new("Two-step sign-in is on", "Go on")
        .intro("You are asked for a code after your password.")
        .radios(
            "do",
            "What do you want to do?",
            "",
            vec![
                choice("codes", "Get new recovery codes; the old ones end"),
                choice("off", "Switch two-step sign-in off"),
            ],
            "",
        )
        .typed(
            "password",
            "Your password",
            "",
            "",
            "password",
            "current-password",
        )
}

fn offer(
    app: &App,
    visit: &Visit,
    secret: String,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let account = visit.account().ok_or(WebError::NotFound)?;
    let address = second::address(&app.branding().name, &account.email, &secret);
    let groups: Vec<String> = secret
        .as_bytes()
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    let template = OfferPage {
        frame: Frame::new(app, visit).with(mistakes),
        shown: groups.join(" "),
        picture: second::picture(&address),
        secret,
    };
    frame::page(&template.frame, &template)
}

/// Offers it, or says that it is on.
///
/// # Errors
/// The page can't be drawn.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let account = visit.account().ok_or(WebError::NotFound)?;
    if account.second_secret.is_some() {
        return admin::draw(
            &app,
            &visit,
            off_form(),
            Mistakes::default(),
            "/desk/account",
        );
    }
    let secret = second::new_secret(&app);
    offer(&app, &visit, secret, Mistakes::default())
}

/// Switches it on or off, or gives new recovery codes; each asks for the password again.
///
/// # Errors
/// The store can't.
pub async fn keep(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let email = visit.account().ok_or(WebError::NotFound)?.email.clone();
    let is_on = visit
        .account()
        .is_some_and(|account| account.second_secret.is_some());
    let what = fields.get("do");
    let mut mistakes = Mistakes::default();
    let secret = fields.get("secret");
    let step = second::step_of_code(&secret, &fields.get("code"), app.now());
    if is_on {
        mistakes.check(
            !["off", "codes"].contains(&what.as_str()),
            "do",
            "Choose what you want to do",
        );
    } else {
        // A secret that the page didn't offer is as good as none.
        if !second::is_secret(&secret) {
            return offer(&app, &visit, second::new_secret(&app), mistakes);
        }
        mistakes.check(
            step.is_none(),
            "code",
            "Enter the 6 digits that your authenticator shows now",
        );
    }
    let account = accounts::right_password(
        store,
        &app.nobody,
        &email,
        &fields.raw("password"),
        app.now(),
    )
    .await?;
    mistakes.check(account.is_none(), "password", "This is not your password");
    let Some(mut account) = account.filter(|_| mistakes.is_empty()) else {
        if is_on {
            let form = off_form().filled(&fields, &mistakes);
            return admin::draw(&app, &visit, form, mistakes, "/desk/account");
        }
        return offer(&app, &visit, secret, mistakes);
    };
    if is_on && what == "off" {
        account.second_secret = None;
        account.recovery = String::new();
        changes::keep_account(&app, &account.id, &account, "Two-step sign-in switched off").await?;
        store.end_sessions_of(&account.id).await?;
        return Ok(frame::see_other("/sign-in?done=second-off"));
    }
    let (codes, kept) = second::recovery_codes(&app);
    account.recovery = kept;
    if !is_on {
        account.second_secret = Some(secret);
        account.second_step = step.unwrap_or(0);
    }
    let details = if is_on {
        "New recovery codes"
    } else {
        "Two-step sign-in switched on"
    };
    changes::keep_account(&app, &account.id, &account, details).await?;
    // Whoever else is signed in as this person isn't any more.
    store.end_sessions_of(&account.id).await?;
    let token = session::begin(&app, &account).await?;
    let home = session::home_of(&account);
    let template = RecoveryPage {
        frame: Frame::new(&app, &visit),
        codes,
        home,
    };
    let mut response = frame::page(&template.frame, &template)?;
    session::give_cookie(&mut response, &session::set_cookie(&app, Some(&token)));
    Ok(response)
}
