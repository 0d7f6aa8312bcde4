//! What surrounds every page: names, navigation, messages.

use std::sync::Arc;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use casework::role::Role;
use jiff::civil::Date;

use crate::app::App;
use crate::branding::Branding;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::preferences::{Colours, Preferences};
use crate::session::Visit;
use crate::words::{Catalogue, filters};

/// A link of the navigation.
#[derive(Clone, Debug)]
pub struct Door {
    /// Its words.
    pub words: &'static str,
    /// Where it leads.
    pub to: &'static str,
    /// Whether this page is behind it.
    pub is_here: bool,
}

/// What surrounds a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The authority.
    pub branding: Arc<Branding>,
    /// Whether it is a page of the desk.
    pub is_desk: bool,
    /// Where the name at the top leads: the first page of whoever visits.
    pub home: &'static str,
    /// The links at the top.
    pub doors: Vec<Door>,
    /// The roles of whoever visits.
    roles: Vec<Role>,
    /// Who is signed in.
    pub person: Option<String>,
    /// What they chose for their own pages.
    pub preferences: Preferences,
    /// The token that forms carry.
    pub form_token: String,
    /// What has just been done, as a sentence.
    pub banner: Option<&'static str>,
    /// What is wrong with the form.
    pub mistakes: Mistakes,
    /// Today.
    pub today: Date,
    /// The words of the pages.
    pub words: Arc<Catalogue>,
    /// Whether this is a demonstration.
    pub is_demonstration: bool,
    /// Part of the addresses of assets that changes when they do.
    pub version: String,
}

const PUBLIC: &[(&str, &str)] = &[
    ("Ask", "/ask"),
    ("Published answers", "/disclosure-log"),
    ("Contracts", "/contracts"),
    ("Our policy", "/policy"),
    ("Statistics", "/statistics"),
];

/// Doors of the desk and who sees each.
const DESK: &[(&str, &str, &[Role])] = &[
    ("Requests", "/desk", crate::routes::QUEUE),
    ("New", "/desk/new", crate::routes::NEW),
    ("Approvals", "/desk/approvals", crate::routes::APPROVALS),
    ("Opinions", "/desk/opinions", crate::routes::OPINION),
    ("Harm", "/desk/harm", crate::routes::HARM),
    ("Asked of my team", "/desk/team", crate::routes::TEAM),
    (
        "Publication",
        "/desk/publications",
        crate::routes::PUBLICATIONS,
    ),
    ("Public record", "/desk/record", crate::routes::RECORD),
    // Others come to it from the public record.
    ("Topics", "/desk/topics", &[Role::SecurityAdviser]),
    ("Reports", "/desk/reports", crate::routes::REPORTS),
    ("Administration", "/desk/admin", crate::routes::ADMIN),
];

impl Frame {
    /// The frame of the page that somebody visits.
    #[must_use]
    pub fn new(app: &App, visit: &Visit) -> Self {
        let is_desk = visit.path.starts_with("/desk");
        let here = |to: &str, path: &str| {
            if to == "/desk" {
                path == to || path.starts_with("/desk/cases/")
            } else {
                path.starts_with(to)
            }
        };
        let doors = if is_desk && visit.account().is_some() {
            DESK.iter()
                .filter(|(_, _, roles)| visit.has_any(roles))
                .map(|(words, to, _)| Door {
                    words,
                    to,
                    is_here: here(to, &visit.path),
                })
                .collect()
        } else if is_desk {
            Vec::new()
        } else {
            PUBLIC
                .iter()
                .map(|(words, to)| Door {
                    words,
                    to,
                    is_here: here(to, &visit.path),
                })
                .collect()
        };
        Self {
            branding: app.branding(),
            is_desk,
            home: match visit.account() {
                Some(account) if is_desk => crate::session::home_of(account),
                None if is_desk => "/sign-in",
                _ => "/",
            },
            doors,
            roles: visit
                .account()
                .map(|account| account.roles.clone())
                .unwrap_or_default(),
            person: visit.account().map(|account| account.name.clone()),
            preferences: visit.preferences,
            form_token: visit.form_token(),
            banner: None,
            mistakes: Mistakes::default(),
            today: app.today(),
            words: Arc::clone(&app.words),
            is_demonstration: !app.settings.demonstration.is_empty(),
            version: crate::assets::version(app),
        }
    }

    /// The same after something was done: `done` names one of the messages.
    #[must_use]
    pub fn done(mut self, done: Option<&str>) -> Self {
        self.banner = done.and_then(|done| {
            DONE.iter()
                .find(|(key, _)| *key == done)
                .map(|(_, words)| *words)
        });
        self
    }

    /// The same with mistakes.
    #[must_use]
    pub fn with(mut self, mistakes: Mistakes) -> Self {
        self.mistakes = mistakes;
        self
    }

    /// The beginning of the title: that something is wrong comes first.
    #[must_use]
    pub fn title_start(&self) -> &'static str {
        if self.mistakes.is_empty() {
            ""
        } else {
            "Error: "
        }
    }

    /// The message about a field, empty where there is none.
    #[must_use]
    pub fn mistake(&self, field: &str) -> &str {
        self.mistakes.of(field).unwrap_or("")
    }

    /// Whether a link to this address may be shown: whoever may not open it isn't led to a page that isn't there. What
    /// stands for a part of the address doesn't matter.
    #[must_use]
    pub fn may_open(&self, path: &str) -> bool {
        path.starts_with('#') || crate::routes::may(&self.roles, "GET", path)
    }

    /// The colours that were chosen whatever the system says, for the stylesheet; nothing where it follows the system.
    #[must_use]
    pub fn colours(&self) -> Option<&'static str> {
        match self.preferences.colours {
            Colours::System => None,
            chosen => Some(chosen.word()),
        }
    }

    /// After how many minutes without use somebody is signed out.
    #[must_use]
    pub fn idle_minutes(&self) -> i64 {
        crate::session::IDLE.as_mins()
    }

    /// Today in full.
    #[must_use]
    pub fn today_long(&self) -> String {
        crate::dates::long(self.today)
    }
}

/// What may be said after something was done. The address of the page only names it, so no address can put words into
/// the authority's mouth.
pub const DONE: &[(&str, &str)] = &[
    ("signed-out", "You are signed out."),
    ("questions", "The questions are confirmed."),
    ("route", "The route is changed."),
    (
        "chosen",
        "Your choice is recorded. What Candour proposed is shown now.",
    ),
    (
        "sure",
        "Confirmed: we will say whether we hold what these questions ask.",
    ),
    ("owner", "The owner is changed."),
    ("late", "The cause is recorded."),
    (
        "task",
        "The team has been asked. Whoever has an account there sees it on their own page; for others, make a link below.",
    ),
    ("reminded", "The reminder is recorded."),
    (
        "confirm",
        "Decided: we must say whether we hold it. A search can now be asked for.",
    ),
    (
        "neither",
        "Decided: we neither confirm nor deny holding this. Nothing about a search will be shown.",
    ),
    ("draft", "Your draft is kept. Nothing is sent yet."),
    ("harm", "Thank you. Your evidence is on the case."),
    ("weighed", "The public interest test is saved."),
    ("decided", "The decision is saved."),
    (
        "used",
        "Answered with what is published. Until the letter is approved you can decide otherwise.",
    ),
    (
        "clarification",
        "The question to the person who asked is recorded.",
    ),
    (
        "clarified",
        "The reply is recorded, and a new day is due for these questions.",
    ),
    ("extended", "The extension is recorded."),
    (
        "estimated",
        "The estimate is recorded. What it comes to stands below.",
    ),
    ("composed", "The letter is composed and checked."),
    ("sent-for-approval", "The letter is with the approver."),
    ("recalled", "The letter is back with you."),
    ("approved", "Approved. The officer can send it now."),
    ("sent-back", "Sent back to the officer."),
    ("issued", "The answer is sent. It can't be taken back."),
    (
        "publication",
        "Saved. What happens with this answer stands below.",
    ),
    (
        "opinion-sought",
        "The qualified person is asked. Their list of what waits has it now.",
    ),
    ("opinion", "Thank you. Your opinion is on the case."),
    (
        "logo",
        "The logo is saved. It stands above every page and every letter from now on.",
    ),
    ("logo-out", "The logo is taken away."),
    (
        "unpublished",
        "Taken out of the log. Its address says when and why.",
    ),
    (
        "register-kept",
        "The rows are kept. Publish the quarter when they are right.",
    ),
    (
        "register-published",
        "The quarter is published. Letters and guidance quote it from now on.",
    ),
    (
        "register-unchanged",
        "The quarter is published as it stands; nothing was left to do.",
    ),
    ("file-added", "Added. Look at it before the letter goes."),
    ("file-out", "Taken out of the answer."),
    (
        "withdrawal",
        "The withdrawal is recorded. Nothing more is owed to what was withdrawn.",
    ),
    (
        "treated",
        "It is recorded how this request is dealt with. The person who asked is told where that changes.",
    ),
    ("review", "The request for a review is recorded."),
    (
        "reviewed",
        "The review is decided. Its letter is below; it can't be taken back.",
    ),
    ("person", "The account is saved."),
    ("branding", "The name and colours are saved."),
    ("settings", "Your settings are saved."),
    (
        "wording",
        "The wording is in force. Letters are composed with it from now on.",
    ),
    ("files-sent", "Your files are with the officer."),
    ("addition", "It is recorded. Say what becomes of it."),
    (
        "added-read",
        "It is recorded what becomes of what they added.",
    ),
    ("added", "What you added is with your request."),
    (
        "withdrawn",
        "Your request is withdrawn. You can ask again at any time.",
    ),
    (
        "questions-withdrawn",
        "What you no longer need is withdrawn. We go on with the rest. You can ask again at any time.",
    ),
    ("review-asked", "You have asked for a review."),
    ("password", "Your password is changed."),
    (
        "key-revoked",
        "The key is revoked. Programs that use it are refused from now on.",
    ),
    (
        "webhook-ended",
        "The subscription has ended. Nothing more is sent to it.",
    ),
    (
        "taken-in",
        "The request is taken in. Look at its questions next.",
    ),
    ("second-off", "Two-step sign-in is switched off."),
    (
        "key",
        "The key is made. Copy it now: it won't be shown again.",
    ),
    ("closed", "The case is closed."),
    (
        "search-finished",
        "Thank you. You can change this until the answer is sent.",
    ),
    ("task-returned", "Thank you. The officer is told."),
];

/// Draws a page in its frame.
///
/// # Errors
/// The template can't be drawn.
pub fn page<T: Template>(frame: &Frame, template: &T) -> Result<Response, WebError> {
    let values: (&str, &dyn std::any::Any) = ("words", &*frame.words);
    let text = template.render_with_values(&values)?;
    let mut response = Html(text).into_response();
    if !frame.mistakes.is_empty() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// Sends the browser to another page after a form was taken.
#[must_use]
pub fn see_other(to: &str) -> Response {
    axum::response::Redirect::to(to).into_response()
}

/// The page for what isn't there, conflicts and faults.
#[derive(Template)]
#[template(path = "trouble.html")]
pub struct TroublePage<'f> {
    frame: &'f Frame,
    heading: &'static str,
    sentences: Vec<String>,
    /// What the visitor sent that was not saved: name and words.
    sent: Vec<(String, String)>,
    /// The page to open again; empty where there is none.
    again: &'f str,
}

/// Fields that nobody wrote, or that no page shows again.
const NOT_SHOWN: &[&str] = &[
    "form_token",
    "seen",
    "do",
    "once",
    "identity",
    "sure",
    "step",
    "next",
    "password",
    "old",
    "code",
];

/// Draws the page that says what went wrong at a path. `sent` is the form that was not saved because of it: nobody writes a text
/// twice.
#[must_use]
pub fn trouble(
    frame: &Frame,
    error: &WebError,
    reference: &str,
    sent: Option<&Fields>,
    path: &str,
) -> Response {
    let again = match error {
        WebError::Conflict if frame.may_open(path) => path,
        _ => "",
    };
    let words = &frame.words;
    let (heading, sentences) = match error {
        WebError::NotFound | WebError::NoKey | WebError::OutOfScope(_) => (
            "We cannot find that page",
            vec![
                words.say("Check the address. If you were sent a link, it may have ended.").to_owned(),
            ],
        ),
        WebError::Conflict => (
            "Someone else changed this while you were writing",
            vec![words
                .say("Nothing of theirs is lost, and nothing of yours was saved. Your text is below: open the page again, look at what changed, and copy into it what you still want.")
                .to_owned()],
        ),
        WebError::Refused(problems) => (
            "This can't be done now",
            problems
                .iter()
                .map(|problem| crate::fields::sentence(&problem.message))
                .collect(),
        ),
        WebError::FromElsewhere => (
            "We did not take this form",
            vec![
                words.say("Your browser did not say that the form was sent from our own page, so we could not tell whether somebody else's page sent it in your name. Nothing was sent, and nothing of it was kept.").to_owned(),
                words.say("Go back in your browser: what you wrote should still be there. Copy it, open our page anew and send it from there, if you can with another browser or without programs that change what yours sends. You can also email or write to us: that counts just the same.").to_owned(),
            ],
        ),
        WebError::TooMany => (
            "Too many attempts",
            vec![
                words.say("Wait a few minutes and try again.").to_owned(),
                words.say("Nothing was sent. What you wrote should still be there when you go back in your browser.").to_owned(),
            ],
        ),
        WebError::Fault(_) => (
            "Something went wrong at our end",
            vec![
                words.say("Nothing you saved is lost.").to_owned(),
                words.fill("Reference {0}.", &[&reference]),
            ],
        ),
    };
    let template = TroublePage {
        frame,
        heading,
        sentences,
        sent: sent
            .map(|fields| {
                fields
                    .0
                    .iter()
                    .filter(|(name, value)| {
                        !NOT_SHOWN.contains(&name.as_str()) && !value.trim().is_empty()
                    })
                    .map(|(name, value)| {
                        let label = crate::fields::sentence(&name.replace(['_', '-'], " "));
                        (label, value.clone())
                    })
                    .collect()
            })
            .unwrap_or_default(),
        again,
    };
    let mut response = page(frame, &template)
        .unwrap_or_else(|_| "Something went wrong at our end.".into_response());
    *response.status_mut() = error.status();
    response
}
