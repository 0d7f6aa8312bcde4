//! Asking: one thing a page. What somebody types travels in the form from page to page; nothing is stored until it is
//! sent. What is published already is offered, never put in the way.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use casework::command::Command;
use casework::event::{Acknowledgement, Channel};
use casework::proposal::Kind;
use casework::register::Quarter;
use casework::role::{Actor, Role};
use office::{Message, NewApplicant};
use store::desk::PrivateLink;

use crate::app::{App, hash};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// Rows of the register offered for a question.
const ROWS: usize = 2;
/// The longest request by form, in characters.
const LONGEST: usize = 20_000;

/// Something published that may answer a question.
#[derive(Clone, Debug)]
pub struct Offer {
    number: usize,
    kind: &'static str,
    title: String,
    detail: String,
    why: String,
    to: String,
    source: &'static str,
}

/// What somebody said so far.
#[derive(Clone, Debug, Default)]
pub struct Said {
    questions: String,
    way: String,
    email: String,
    post: String,
    name: String,
    once: String,
}

impl Said {
    fn of(fields: &Fields) -> Self {
        Self {
            questions: fields.get("questions"),
            way: fields.get("way"),
            email: fields.get("email"),
            post: fields.get("post"),
            name: fields.get("name"),
            once: fields.get("once"),
        }
    }

    /// Where the answer goes.
    fn contact(&self) -> &str {
        if self.way == "post" {
            &self.post
        } else {
            &self.email
        }
    }
}

/// A step.
#[derive(Template)]
#[template(path = "public/ask.html")]
pub struct AskPage {
    frame: Frame,
    step: &'static str,
    said: Said,
    offers: Vec<Offer>,
    reference: String,
    due: String,
    link: String,
}

/// The guidance alone, for the script.
#[derive(Template)]
#[template(path = "public/guidance.html")]
pub struct GuidancePage {
    offers: Vec<Offer>,
}

fn draw(
    app: &App,
    visit: &Visit,
    step: &'static str,
    said: Said,
    offers: Vec<Offer>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let template = AskPage {
        frame: Frame::new(app, visit).with(mistakes),
        step,
        said,
        offers,
        reference: String::new(),
        due: String::new(),
        link: String::new(),
    };
    frame::page(&template.frame, &template)
}

/// What happens when one asks.
///
/// # Errors
/// The page can't be drawn.
pub async fn start(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    draw(
        &app,
        &visit,
        "start",
        Said::default(),
        Vec::new(),
        Mistakes::default(),
    )
}

/// What the register, the log or the policy already says to each question. A miss says nothing: "nothing found" could be
/// read as "not held".
async fn offers(app: &App, questions: &str) -> Result<Vec<Offer>, WebError> {
    let bundle = app.office.bundle();
    let found = office::reading::recorded(bundle, "", questions);
    let registers = app.office.registers();
    let is_stale = registers.overdue(app.today()).is_some();
    let mut offers = Vec::new();
    for (number, question) in (1_usize..).zip(found).take(30) {
        let Some(proposal) = &question.proposal else {
            continue;
        };
        let why = proposal
            .evidence
            .iter()
            .filter_map(|evidence| questions.get(evidence.span.0..evidence.span.1))
            .map(|words| format!("'{words}'"))
            .take(3)
            .collect::<Vec<_>>()
            .join(", ");
        let near = app.office.search_published(&question.text, 1).await?;
        if let Some(entry) = near.into_iter().next()
            && shares_enough(&question.text, &entry)
        {
            offers.push(Offer {
                number,
                kind: "Published answer",
                title: entry.title.clone(),
                detail: format!(
                    "Published on {}. It may have changed since.",
                    entry
                        .published_on
                        .parse()
                        .map_or_else(|_| entry.published_on.clone(), crate::dates::plain)
                ),
                why: String::new(),
                to: format!("/disclosure-log/{}", entry.address),
                source: "log",
            });
        }
        let asks_register = matches!(proposal.kind, Kind::Register | Kind::Mixed);
        if asks_register && let Some(register) = &registers.latest {
            let quarter = register.quarter.map_or_else(String::new, Quarter::in_words);
            offers.extend(
                app.office
                    .rows_for(&question, ROWS)
                    .into_iter()
                    .map(|row| row_offer(number, &quarter, is_stale, row)),
            );
        } else if asks_register && let Some(signpost) = bundle.policy.policy.signposts.first() {
            offers.push(Offer {
                number,
                kind: "Contracts register",
                title: signpost.name.clone(),
                detail: format!("It publishes: {}.", signpost.publishes.join(", ")),
                why: why.clone(),
                to: "/contracts".to_owned(),
                source: "register",
            });
        }
        if matches!(proposal.kind, Kind::Protected | Kind::Mixed) {
            offers.push(Offer {
                number,
                kind: "Our policy",
                title: "How we usually treat questions like this".to_owned(),
                detail: "It does not decide your request.".to_owned(),
                why,
                to: "/policy".to_owned(),
                source: "policy",
            });
        }
    }
    Ok(offers)
}

/// A row of the register, with its quarter.
fn row_offer(number: usize, quarter: &str, is_stale: bool, row: office::Row) -> Offer {
    let contract = row.contract;
    let mut parts: Vec<String> = contract.supplier_name.iter().cloned().collect();
    parts.extend(contract.end.map(|end| {
        let ends = if row.has_ended { "ended" } else { "ends" };
        format!("{ends} {}", crate::dates::plain(end))
    }));
    let note = if is_stale {
        " It may have changed."
    } else {
        ""
    };
    Offer {
        number,
        kind: "Contracts register",
        title: contract
            .title
            .or(contract.description)
            .unwrap_or_else(|| "A contract".to_owned()),
        detail: format!("{}. Published for {quarter}.{note}", parts.join(", ")),
        why: row.reasons.join("; "),
        to: format!("/contracts/{}", row.id),
        source: "register",
    }
}

/// Whether a published question shares at least half of the telling words of one that is asked.
fn shares_enough(asked: &str, entry: &store::disclosure_log::LogEntry) -> bool {
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 3)
            .map(|word| word.chars().take(6).collect())
            .collect()
    };
    let asked = words(asked);
    entry.questions.iter().any(|question| {
        let theirs = words(&question.question);
        let shared = asked.intersection(&theirs).count();
        asked.len() >= 2 && shared * 2 >= asked.len() && shared >= 2
    })
}

async fn tally(app: &App, offers: &[Offer]) -> Result<(), WebError> {
    for source in SOURCES {
        let count = offers.iter().filter(|offer| offer.source == source).count();
        if count > 0 {
            let name = format!("guidance.{source}.shown");
            app.office
                .store()
                .count(app.today(), &name, count as u64)
                .await?;
        }
    }
    Ok(())
}

/// The guidance for what is being typed. Nothing of it is stored or counted here: only the page that lists it counts.
///
/// # Errors
/// The index can't answer.
pub async fn guidance(
    State(app): State<App>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let questions = fields.get("questions");
    if questions.chars().count() > LONGEST {
        return Err(WebError::NotFound);
    }
    let template = GuidancePage {
        offers: offers(&app, &questions).await?,
    };
    let values: (&str, &dyn std::any::Any) = ("words", &*app.words);
    Ok(Html(template.render_with_values(&values)?).into_response())
}

/// The first step.
///
/// # Errors
/// The page can't be drawn.
pub async fn questions(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let said = Said {
        way: "email".to_owned(),
        once: app.token(),
        ..Said::default()
    };
    draw(
        &app,
        &visit,
        "questions",
        said,
        Vec::new(),
        Mistakes::default(),
    )
}

/// Whether an address of mail may be one: something on both sides of an @, a full stop after it, no white space.
fn may_be_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
            && !text.chars().any(char::is_whitespace)
            && text.len() < 255
    })
}

fn check(step: &str, said: &Said, mistakes: &mut Mistakes) {
    match step {
        "questions" => {
            mistakes.check(
                said.questions.is_empty(),
                "questions",
                "Write your questions",
            );
            mistakes.check(
                said.questions.chars().count() > LONGEST,
                "questions",
                "Your questions must be 20,000 characters or fewer. You can send the rest by email.",
            );
        }
        "reply" => match said.way.as_str() {
            "email" => mistakes.check(
                !may_be_email(&said.email),
                "email",
                "Enter an email address in the correct format, like name@example.com",
            ),
            "post" => mistakes.check(
                said.post.is_empty(),
                "post",
                "Enter the address we should post to",
            ),
            _ => mistakes.add("way", "Choose how we should answer you"),
        },
        "name" => mistakes.check(said.name.is_empty(), "name", "Enter your name"),
        _ => {}
    }
}

/// Takes a step and shows the next; the last one sends.
///
/// # Errors
/// The store can't.
pub async fn step(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let said = Said::of(&fields);
    // “Change” on the check page goes back to a step with everything kept.
    let back = match fields.get("go").as_str() {
        "questions" => Some("questions"),
        "reply" => Some("reply"),
        "name" => Some("name"),
        _ => None,
    };
    if let Some(step) = back {
        return draw(&app, &visit, step, said, Vec::new(), Mistakes::default());
    }
    let mut mistakes = Mistakes::default();
    let this = match fields.get("step").as_str() {
        "questions" => "questions",
        "published" => "published",
        "reply" => "reply",
        "name" => "name",
        "check" => "check",
        _ => return Err(WebError::NotFound),
    };
    check(this, &said, &mut mistakes);
    if !mistakes.is_empty() {
        return draw(&app, &visit, this, said, Vec::new(), mistakes);
    }
    match this {
        "questions" => {
            let offers = offers(&app, &said.questions).await?;
            tally(&app, &offers).await?;
            let next = if offers.is_empty() {
                "reply"
            } else {
                "published"
            };
            draw(&app, &visit, next, said, offers, mistakes)
        }
        "published" => draw(&app, &visit, "reply", said, Vec::new(), mistakes),
        "reply" => draw(&app, &visit, "name", said, Vec::new(), mistakes),
        "name" => draw(&app, &visit, "check", said, Vec::new(), mistakes),
        _ => send(&app, &visit, said).await,
    }
}

/// Sends the request. Sent twice, it is one request with the same reference.
async fn send(app: &App, visit: &Visit, said: Said) -> Result<Response, WebError> {
    let mut mistakes = Mistakes::default();
    for step in ["questions", "reply", "name"] {
        check(step, &said, &mut mistakes);
        if !mistakes.is_empty() {
            return draw(app, visit, step, said, Vec::new(), mistakes);
        }
    }
    let by = Actor {
        id: "applicant".to_owned(),
        role: Role::Applicant,
    };
    let once = format!("form:{}", hash(&said.once));
    let subject = subject_of(app, &said.questions);
    let taken = app
        .office
        .take_in(
            &by,
            &Message {
                channel: Channel::Form,
                subject: &subject,
                text: &said.questions,
                applicant: Some(NewApplicant {
                    name: &said.name,
                    contact: said.contact(),
                }),
                received_at: app.now(),
                once: (!said.once.is_empty()).then_some(once.as_str()),
                reference: None,
                attachments: &[],
            },
        )
        .await?;
    let case = app
        .office
        .case(&taken.case.0)
        .await?
        .ok_or(WebError::NotFound)?;
    if case.acknowledged.is_none() {
        // The page that follows tells reference, day and what happens next: that is the acknowledgement.
        let command = Command::Acknowledge(Acknowledgement {
            sent_on: app.today(),
        });
        app.office
            .act(&Actor::candour(), &taken.case, None, &command)
            .await?;
    }
    let token = app.token();
    let ends_on = app
        .today()
        .checked_add(jiff::Span::new().years(2))
        .unwrap_or(app.today());
    app.office
        .store()
        .keep_link(&PrivateLink {
            token_hash: hash(&token),
            purpose: "follow".to_owned(),
            case: taken.case,
            details: "{}".to_owned(),
            ends_on,
        })
        .await?;
    let template = AskPage {
        frame: Frame::new(app, visit),
        step: "received",
        said,
        offers: Vec::new(),
        reference: taken.reference,
        due: crate::dates::long(case.due_on),
        link: format!("{}/follow/{token}", app.settings.public_url),
    };
    frame::page(&template.frame, &template)
}

/// A subject line for the queue: what the questions are about, or their first words.
fn subject_of(app: &App, questions: &str) -> String {
    let bundle = app.office.bundle();
    let found =
        office::reading::proposals(&bundle.vocabulary, &bundle.policy.policy, "", questions);
    let first = found
        .first()
        .and_then(|(question, _)| questions.get(question.span.start..question.span.end))
        .unwrap_or(questions);
    let words: Vec<&str> = first.split_whitespace().take(9).collect();
    let mut subject = words.join(" ");
    if first.split_whitespace().count() > 9 {
        subject.push('…');
    }
    crate::fields::sentence(&subject)
}

/// Where guidance comes from.
const SOURCES: [&str; 3] = ["register", "log", "policy"];

/// Counts what somebody did with guidance of a source, which leads to a page of ours.
async fn counted(app: &App, source: &str, what: &str, to: &str) -> Result<(), WebError> {
    let is_ours = ["/disclosure-log/", "/contracts", "/policy"]
        .iter()
        .any(|start| to.starts_with(start));
    if !SOURCES.contains(&source) || !is_ours || to.contains("//") || to.contains('\\') {
        return Err(WebError::NotFound);
    }
    let name = format!("guidance.{source}.{what}");
    app.office.store().count(app.today(), &name, 1).await?;
    Ok(())
}

/// Counts that somebody opened a source, and goes there.
///
/// # Errors
/// There is no such source.
pub async fn opened(
    State(app): State<App>,
    axum::extract::Query(asked): axum::extract::Query<Opened>,
) -> Result<Response, WebError> {
    counted(&app, &asked.source, "opened", &asked.to).await?;
    Ok(frame::see_other(&asked.to))
}

/// What the address says.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Opened {
    source: String,
    to: String,
}

/// Counts that a source was enough, and says what to keep.
///
/// # Errors
/// There is no such source.
pub async fn enough(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (source, to) = fields
        .get("enough")
        .split_once(' ')
        .map(|(source, to)| (source.to_owned(), to.to_owned()))
        .ok_or(WebError::NotFound)?;
    counted(&app, &source, "enough", &to).await?;
    let template = AskPage {
        frame: Frame::new(&app, &visit),
        step: "found",
        said: Said::of(&fields),
        offers: Vec::new(),
        reference: String::new(),
        due: String::new(),
        link: to,
    };
    frame::page(&template.frame, &template)
}
