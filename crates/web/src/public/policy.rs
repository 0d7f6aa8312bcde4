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
    sections: Vec<Section>,
    with_contact: bool,
}

/// A part of a page of text.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Empty for what stands first.
    heading: &'static str,
    paragraphs: Vec<String>,
    /// A page of the authority: what it is called, and its address.
    link: Option<(&'static str, String)>,
}

fn section(heading: &'static str, paragraphs: &[&str]) -> Section {
    Section {
        heading,
        paragraphs: paragraphs.iter().map(|words| (*words).to_owned()).collect(),
        link: None,
    }
}

fn about(
    app: &App,
    visit: &Visit,
    heading: &'static str,
    sections: Vec<Section>,
    with_contact: bool,
) -> Result<Response, WebError> {
    let template = AboutPage {
        frame: Frame::new(app, visit),
        heading,
        sections,
        with_contact,
    };
    frame::page(&template.frame, &template)
}

/// How to complain of it to the Commissioner.
fn commissioner(app: &App, words: String) -> Section {
    let complaints = &app.office.bundle().complaints;
    Section {
        paragraphs: vec![words],
        link: Some((
            "Information Commissioner",
            complaints.commissioner_url.clone(),
        )),
        ..Section::default()
    }
}

/// How to reach the team.
///
/// # Errors
/// The page can't be drawn.
pub async fn contact(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let bundle = app.office.bundle();
    let mut sections = vec![
        section(
            "",
            &[
                "You can ask for information by email, by letter or with the form: each counts just the same.",
                "If you cannot write, tell us by telephone what you need and we will help you to put it in writing. What you ask about the environment counts when you say it, too.",
                "To ask what we hold about yourself, write to the same addresses. That is a request under data protection law, and we pass it to those who deal with it.",
            ],
        ),
        Section {
            heading: "If you are unhappy with an answer",
            ..commissioner(
                &app,
                format!(
                    "Write to us within {} working days of it and say that you would like it looked at again. Somebody who took no part in it reviews it. After that you may complain to the Commissioner.",
                    bundle.complaints.ask_within_working_days
                ),
            )
        },
    ];
    if let Some(scheme) = &bundle.authority.publication_scheme {
        sections.push(Section {
            heading: "What we publish without being asked",
            paragraphs: Vec::new(),
            link: Some(("Our publication scheme", scheme.clone())),
        });
    }
    about(&app, &visit, "Contact us", sections, true)
}

/// What is kept of those who ask.
///
/// # Errors
/// The page can't be drawn.
pub async fn privacy(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let authority = &app.office.bundle().authority;
    let retention = &authority.retention;
    let mut who = vec![format!(
        "{} is the controller of what you send us here.",
        app.branding().name
    )];
    if let Some(officer) = &authority.data_protection_contact {
        who.push(format!("Ask about data protection: {officer}."));
    }
    let sections = vec![
        Section {
            heading: "Who is responsible",
            paragraphs: who,
            link: authority
                .privacy_notice
                .as_ref()
                .map(|notice| ("Our privacy notice", notice.clone())),
        },
        section(
            "What we keep, and why",
            &[
                "Your request with its files, your name, and an address for our answer. The Freedom of Information Act asks for a name and an address (section 8): without them we need not answer under the Act. We do not ask why you want to know.",
                "We use them to answer you. The law obliges us to: UK GDPR Article 6(1)(c). What you tell us of your health or the like in a request we use only where answering needs it.",
            ],
        ),
        section(
            "Who sees it",
            &[
                "We keep your name and the address for our answer apart from your request. Colleagues who answer it see them only when they must, and each look is recorded. Teams who find the information see the questions, not who asked.",
                "Those who run our computers and our mail work on our instructions. If you complain, the Commissioner or the tribunal sees what it needs.",
                "In the answers that we publish we do not say who asked, and we look for personal data and take it out first.",
            ],
        ),
        section(
            "What the computer does",
            &[
                "A program splits a request into its questions and proposes how each may be dealt with. A person decides each of them.",
                "While you write your questions, the page sends them to us to look for answers that are published. They are not stored until you send your request. We count how often published information is offered and opened, without text, address or person.",
                "One cookie keeps staff signed in. People who ask get none.",
            ],
        ),
        Section {
            heading: "How long we keep it",
            paragraphs: vec![format!(
                "For {} years after a request is closed, also one that was withdrawn ({}). Then it is destroyed; a note that there was one stays.",
                retention.years, retention.rule
            )],
            link: None,
        },
        section(
            "Your rights",
            &[
                "You can ask us for a copy of what we keep about you, to correct it, to delete it or use it less, and you can object to how we use it. Write to us: we answer within a month.",
            ],
        ),
        commissioner(
            &app,
            "If you think that we handle your data wrongly, tell us. You can also complain to the Commissioner.".to_owned(),
        ),
    ];
    about(&app, &visit, "Privacy", sections, true)
}

/// How the pages are made so that everyone can use them.
///
/// # Errors
/// The page can't be drawn.
pub async fn accessibility(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let sections = vec![
        Section {
            paragraphs: vec![
                format!(
                    "This statement is about the pages on which {} takes requests for information and publishes answers.",
                    app.branding().name
                ),
                "They are made to work with a keyboard alone, without scripts, at 320 pixels and at 400 % zoom, in light and dark. Answers come as tagged PDF, Word, web page and plain text.".to_owned(),
            ],
            ..Section::default()
        },
        section(
            "What may not work",
            &[
                "Files that teams send with an answer, or that others wrote, may not be accessible. Tell us which form you need, and we send it another way.",
                "Every page is tested against the Web Content Accessibility Guidelines 2.2, level AA, in a browser by a program, at every change. No program finds everything. People with disabilities have not yet tested these pages.",
            ],
        ),
        section(
            "If something does not work for you",
            &[
                "Tell us, and say which page it is. You can make your request by email, letter or telephone instead.",
                "The Equality and Human Rights Commission enforces the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018; in Northern Ireland it is the Equality Commission for Northern Ireland. If you are not happy with our reply, the Equality Advisory and Support Service can help.",
            ],
        ),
    ];
    about(&app, &visit, "Accessibility", sections, true)
}
