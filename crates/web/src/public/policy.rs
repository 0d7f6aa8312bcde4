//! The policy as a page, made from its data; and the pages about the service.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::document::{self, Part};
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// The policy page.
#[derive(Template)]
#[template(path = "public/policy.html")]
pub struct PolicyPage {
    frame: Frame,
    title: String,
    parts: Vec<Part>,
}

/// Shows the policy.
///
/// # Errors
/// The page can't be drawn.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let policy = &app.office.bundle().policy.policy;
    let composed = letters::compose_policy_page(policy);
    let mut parts = document::parts(&composed);
    parts.retain(|part| part.kind != "h1");
    // The page's own heading is the first level; those of the letter stand one lower.
    for part in &mut parts {
        part.kind = match part.kind {
            "h2" => "top",
            "h3" => "h2",
            "h4" => "h3",
            other => other,
        };
    }
    let template = PolicyPage {
        frame: Frame::new(&app, &visit),
        title: composed.title.clone(),
        parts,
    };
    frame::page(&template.frame, &template)
}

/// A page of text.
#[derive(Template)]
#[template(path = "public/about.html")]
pub struct AboutPage {
    frame: Frame,
    heading: &'static str,
    paragraphs: Vec<&'static str>,
    with_contact: bool,
}

fn about(
    app: &App,
    visit: &Visit,
    heading: &'static str,
    paragraphs: Vec<&'static str>,
    with_contact: bool,
) -> Result<Response, WebError> {
    let template = AboutPage {
        frame: Frame::new(app, visit),
        heading,
        paragraphs,
        with_contact,
    };
    frame::page(&template.frame, &template)
}

/// How to reach the team.
///
/// # Errors
/// The page can't be drawn.
pub async fn contact(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let paragraphs = vec![
        "You can ask for information by email, by letter or with the form: each counts just the same.",
        "If you cannot write, tell us by telephone what you need and we will help you to put it in writing.",
    ];
    about(&app, &visit, "Contact us", paragraphs, true)
}

/// What is kept of those who ask.
///
/// # Errors
/// The page can't be drawn.
pub async fn privacy(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let paragraphs = vec![
        "We keep your name and the address for our answer apart from your request. Colleagues who answer it see them only when they must, and each look is recorded.",
        "We never publish who asked. What you type before you send a request is not stored. We count how often published information is offered and opened, without text, address or person.",
        "One cookie keeps staff signed in. People who ask get none.",
        "Requests are destroyed under our retention schedule; a note that there was one stays.",
    ];
    about(&app, &visit, "Privacy", paragraphs, true)
}

/// How the pages are made so that everyone can use them.
///
/// # Errors
/// The page can't be drawn.
pub async fn accessibility(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let paragraphs = vec![
        "These pages work with a keyboard alone, without scripts, at 320 pixels and at 400 % zoom, in light and dark. Answers come as tagged PDF, Word, HTML and plain text.",
        "They are tested against WCAG 2.2 AA by a program at every change. No program finds everything: if something does not work for you, tell us and we will send it another way.",
        "If you are not happy with our reply, the Equality Advisory and Support Service can help.",
    ];
    about(&app, &visit, "Accessibility", paragraphs, true)
}
