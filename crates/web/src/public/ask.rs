//! Asking: one thing a page. What somebody types travels in the form from page to page; nothing is stored until it is
//! sent. What is published already is offered, never put in the way.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, State};
use axum::response::{Html, IntoResponse, Response};
use casework::command::Command;
use casework::event::{Acknowledgement, CaseQuestion, Channel, QuestionId};
use casework::proposal::Kind;
use casework::register::Quarter;
use casework::register::contract::Contract;
use casework::role::Actor;
use jiff::civil::Date;
use office::{Bundle, ContractList, Message, NewApplicant};
use store::desk::PrivateLink;
use store::disclosure_log::LogEntry;

use crate::app::{App, hash};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, query};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::upload;
use crate::words::filters;

/// Rows of the register offered for each thing that a question names.
const ROWS: usize = 2;
/// The most places that answer one question.
const PLACES: usize = 20;
/// Contracts that are named where a question asks for a list of them.
const NAMED: usize = 5;
/// The longest request by form, in characters.
pub(super) const LONGEST: usize = 20_000;
/// The longest name for a form of answer, in characters.
const LONGEST_FORM_NAME: usize = 200;
/// Questions that guidance is looked for.
const LOOKED_AT: usize = 30;

/// Something published that may answer a question.
#[derive(Clone, Debug)]
pub struct Offer {
    number: usize,
    question: String,
    kind: &'static str,
    source: &'static str,
    /// Where: several for a question that names several things.
    places: Vec<Place>,
}

/// Where something is published.
#[derive(Clone, Debug)]
pub struct Place {
    title: String,
    detail: String,
    why: String,
    to: String,
}

impl Offer {
    /// What it offers, whichever question it is for.
    fn key(&self) -> String {
        let places: Vec<&str> = self.places.iter().map(|place| place.to.as_str()).collect();
        format!("{} {}", self.source, places.join(" "))
    }

    /// What is kept of it once it answers a question: the number, the source and the addresses.
    #[must_use]
    pub fn value(&self) -> String {
        let mut value = format!("{} {}", self.number, self.source);
        for place in &self.places {
            value.push(' ');
            value.push_str(&place.to);
        }
        value
    }
}

/// Something published that somebody said answers a question of theirs.
#[derive(Clone, Debug)]
pub struct Found {
    number: usize,
    question: String,
    places: Vec<Place>,
    value: String,
}

/// What somebody said so far.
#[derive(Clone, Debug, Default)]
pub struct Said {
    questions: String,
    way: String,
    email: String,
    post: String,
    name: String,
    /// The form in which they would like the answer, FOIA s.11(1): one of [`FORMS`].
    form: String,
    /// Another one, in their words.
    form_other: String,
    /// What they found: number of the question, source and address.
    found: Vec<String>,
    /// What guidance has counted as shown to them, so that it is counted once.
    counted: Vec<String>,
    /// `check` while something is changed from the last page.
    then: String,
    once: String,
}

/// Forms of answer: value, words of the choice, and the sentence of the request that asks for it.
const FORMS: [(&str, &str, &str); 5] = [
    (
        "spreadsheet",
        "A spreadsheet",
        "I would like the answer as a spreadsheet.",
    ),
    (
        "large_print",
        "Large print",
        "I would like the answer in large print.",
    ),
    ("welsh", "Welsh", "I would like the answer in Welsh."),
    ("paper", "Paper", "I would like the answer on paper."),
    ("other", "Another form", ""),
];

impl Said {
    fn of(fields: &Fields) -> Self {
        Self {
            questions: fields.get("questions"),
            way: fields.get("way"),
            email: fields.get("email"),
            post: fields.get("post"),
            name: fields.get("name"),
            form: fields.get("form"),
            form_other: fields.get("form_other"),
            found: fields.all("found"),
            counted: counted_before(fields),
            then: fields.get("then"),
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

    /// The sentence that asks for a form of answer; empty where any is good.
    fn form_asked(&self) -> String {
        match FORMS.iter().find(|(value, ..)| *value == self.form) {
            Some(("other", ..)) => {
                format!("I would like the answer in this form: {}", self.form_other)
            }
            Some((_, _, sentence)) => (*sentence).to_owned(),
            None => String::new(),
        }
    }
}

/// A step.
#[derive(Template)]
#[template(path = "public/ask.html")]
pub struct AskPage {
    frame: Frame,
    step: &'static str,
    heading: &'static str,
    /// The step before; empty for the first.
    back: &'static str,
    said: Said,
    offers: Vec<Offer>,
    found: Vec<Found>,
    forms: Vec<(&'static str, &'static str)>,
    /// The request as it will be sent, and whether what was found could be left out of it.
    sending: String,
    is_left_out: bool,
    public_url: String,
    reference: String,
    due: String,
    link: String,
}

fn heading(step: &str) -> &'static str {
    match step {
        "questions" => "What do you want to know?",
        "published" => "Already published",
        "reply" => "How should we answer you?",
        "email" => "Your email address",
        "post" => "Your postal address",
        "name" => "Your name",
        "form" => "Is there a form you would like it in?",
        "check" => "Check your request",
        "received" => "Request sent",
        "found" => "You have not sent a request",
        _ => "Ask the council for information",
    }
}

/// The step that comes before.
fn before(step: &str, said: &Said, is_offered: bool) -> &'static str {
    match step {
        "questions" | "reply" | "name" | "form" if said.then == "check" => "check",
        "reply" if is_offered => "published",
        "published" | "reply" => "questions",
        "email" | "post" => "reply",
        "name" => contact_step(said),
        "form" => "name",
        "check" => "form",
        _ => "",
    }
}

/// The step that asks where the answer goes.
fn contact_step(said: &Said) -> &'static str {
    if said.way == "post" { "post" } else { "email" }
}

/// The guidance alone, for the script.
#[derive(Template)]
#[template(path = "public/guidance.html")]
pub struct GuidancePage {
    counted: Vec<String>,
    offers: Vec<Offer>,
    /// Questions that something published may answer; our policy answers none.
    answered: usize,
}

async fn draw(
    app: &App,
    visit: &Visit,
    step: &'static str,
    said: Said,
    offers: Vec<Offer>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let found = found(app, &said).await?;
    let (sending, is_left_out) = sending(app, &said, &found);
    // Whether what is published was a step on the way here.
    let is_offered =
        step == "reply" && (!found.is_empty() || !offered(app, &said.questions).await?.is_empty());
    let template = AskPage {
        frame: Frame::new(app, visit).with(mistakes),
        step,
        heading: heading(step),
        back: before(step, &said, is_offered),
        offers,
        found,
        forms: FORMS
            .iter()
            .map(|(value, words, _)| (*value, *words))
            .collect(),
        sending,
        is_left_out,
        public_url: app.settings.public_url.clone(),
        said,
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
    .await
}

/// What is reloaded or kept as a bookmark begins anew: what was typed is nowhere but in the form.
pub async fn again() -> Response {
    frame::see_other("/ask")
}

/// What the register, the log or the policy already says to each question. A miss says nothing: "nothing found" could be
/// read as "not held".
async fn offered(app: &App, questions: &str) -> Result<Vec<Offer>, WebError> {
    let bundle = app.office.bundle();
    let found = read(app, questions);
    let registers = app.office.registers();
    let is_stale = registers.overdue(app.today()).is_some();
    let mut offers = Vec::new();
    let mut before = String::new();
    for (number, mut question) in (1_usize..).zip(found).take(LOOKED_AT) {
        // "… and who from?" asks of what was named before.
        let asks_of_before = app.office.only_asks(&question.text)
            && app.office.list_for(&question).is_none()
            && !before.is_empty();
        if !asks_of_before {
            before.clone_from(&question.text);
        } else if question.stem.is_none() {
            question.stem = Some(before.clone());
        }
        let proposal = question.proposal.as_ref();
        let kind = proposal.map_or(Kind::Open, |proposal| proposal.kind);
        let why = quoted(
            proposal
                .into_iter()
                .flat_map(|proposal| &proposal.evidence)
                .filter_map(|evidence| questions.get(evidence.span.0..evidence.span.1))
                .take(3),
        );
        let asked = question.text.clone();
        if let Some(near) = app.office.published_answer(&question).await? {
            offers.push(Offer {
                number,
                question: asked.clone(),
                kind: "Published answer",
                source: "log",
                places: vec![Place {
                    title: near.entry.title.clone(),
                    detail: log_detail(&near.entry),
                    why: quoted(near.shared.iter().map(String::as_str)),
                    to: format!("/disclosure-log/{}", near.entry.address),
                }],
            });
        }
        let asks_register = matches!(kind, Kind::Register | Kind::Mixed);
        if let Some(register) = &registers.latest {
            let quarter = register.quarter.map_or_else(String::new, Quarter::in_words);
            let mut rows = app.office.rows_for(&question, ROWS);
            let may_ask = app.office.is_about_contracts(&question);
            rows.retain(|row| asks_register || may_ask && row.is_named);
            let list = app.office.list_for(&question).filter(|_| rows.is_empty());
            let mut places: Vec<Place> = list
                .into_iter()
                .map(|list| {
                    let (title, detail) = list_words(&list, &quarter, is_stale);
                    Place {
                        title,
                        detail,
                        why: String::new(),
                        to: list_address(&list.department),
                    }
                })
                .collect();
            places.extend(rows.into_iter().map(|row| {
                let (title, detail) = row_words(&row.contract, app.today(), &quarter, is_stale);
                Place {
                    title,
                    detail,
                    why: row.reasons.join("; "),
                    to: format!("/contracts/{}", row.id),
                }
            }));
            if !places.is_empty() {
                offers.push(Offer {
                    number,
                    question: asked.clone(),
                    kind: "Contracts register",
                    source: "register",
                    places,
                });
            }
        } else if asks_register && let Some(signpost) = bundle.policy.policy.signposts.first() {
            offers.push(Offer {
                number,
                question: asked.clone(),
                kind: "Contracts register",
                source: "register",
                places: vec![Place {
                    title: signpost.name.clone(),
                    detail: format!("It publishes: {}.", signpost.publishes.join(", ")),
                    why: why.clone(),
                    to: "/contracts".to_owned(),
                }],
            });
        }
        // A kind of information alone, "which version", may be of anything.
        let names_something = proposal.is_some_and(|proposal| proposal.things().next().is_some());
        if kind.is_covered() && names_something {
            offers.push(Offer {
                number,
                question: asked,
                kind: "Our policy",
                source: "policy",
                places: vec![Place {
                    title: POLICY.0.to_owned(),
                    detail: POLICY.1.to_owned(),
                    why,
                    to: "/policy".to_owned(),
                }],
            });
        }
    }
    Ok(offers)
}

/// The questions of what somebody wrote; the whole of it where nothing of it reads as one: "heating contract".
fn read(app: &App, text: &str) -> Vec<CaseQuestion> {
    let found = office::reading::recorded(app.office.bundle(), "", text);
    let words = text.trim();
    if !found.is_empty() || words.is_empty() {
        return found;
    }
    let start = text.len().saturating_sub(text.trim_start().len());
    // "1 who has the heating contract": a number of its own is none of its words.
    let number = words.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let rest = words
        .get(number..)
        .unwrap_or("")
        .trim_start_matches(['.', ')', ':']);
    let (start, words) = match rest.trim_start() {
        rest if number > 0 && number < 4 && !rest.is_empty() => (
            start.saturating_add(words.len().saturating_sub(rest.len())),
            rest,
        ),
        _ => (start, words),
    };
    vec![CaseQuestion {
        id: QuestionId("q1".to_owned()),
        label: "1".to_owned(),
        span: (start, start.saturating_add(words.len())),
        text: words.to_owned(),
        stem: None,
        proposal: None,
    }]
}

/// The contracts of a department, or all, in words.
fn list_words(list: &ContractList, quarter: &str, is_stale: bool) -> (String, String) {
    let count = list.titles.len();
    let title = if list.department.is_empty() {
        format!("All our contracts: {count}")
    } else {
        format!("Contracts of {}: {count}", list.department)
    };
    let named: Vec<&str> = list.titles.iter().take(NAMED).map(String::as_str).collect();
    let more = if count > NAMED { " and others" } else { "" };
    let note = if is_stale {
        " It may have changed."
    } else {
        ""
    };
    let detail = format!("{}{more}. Published for {quarter}.{note}", named.join(", "));
    (title, detail)
}

/// Where the contracts of a department, or all, are listed.
fn list_address(department: &str) -> String {
    if department.is_empty() {
        return "/contracts".to_owned();
    }
    format!("/contracts?{}", query(&[("find", department)]))
}

fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words
        .map(|word| format!("“{word}”"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn log_detail(entry: &LogEntry) -> String {
    let day = entry
        .published_on
        .parse()
        .map_or_else(|_| entry.published_on.clone(), crate::dates::plain);
    format!("Published on {day}. It may have changed since.")
}

/// A row of the register in words: its title; supplier, end and quarter.
fn row_words(contract: &Contract, today: Date, quarter: &str, is_stale: bool) -> (String, String) {
    let mut parts: Vec<String> = contract.supplier_name.iter().cloned().collect();
    parts.extend(contract.end.map(|end| {
        let ends = if end < today { "ended" } else { "ends" };
        format!("{ends} {}", crate::dates::plain(end))
    }));
    let note = if is_stale {
        " It may have changed."
    } else {
        ""
    };
    let title = contract
        .title
        .clone()
        .or_else(|| contract.description.clone())
        .unwrap_or_else(|| "A contract".to_owned());
    let said = if parts.is_empty() {
        String::new()
    } else {
        format!("{}. ", parts.join(", "))
    };
    (title, format!("{said}Published for {quarter}.{note}"))
}

/// What stands under an address that guidance of a source leads to; nothing where guidance leads to no such place.
async fn standing(app: &App, source: &str, to: &str) -> Result<Option<(String, String)>, WebError> {
    let bundle = app.office.bundle();
    Ok(match source {
        "policy" if to == "/policy" => Some((POLICY.0.to_owned(), POLICY.1.to_owned())),
        "log" => {
            let Some(address) = to.strip_prefix("/disclosure-log/") else {
                return Ok(None);
            };
            app.office
                .store()
                .log_entry(address)
                .await?
                .filter(|entry| entry.removed_because.is_none())
                .map(|entry| (entry.title.clone(), log_detail(&entry)))
        }
        "register" => {
            let registers = app.office.registers();
            let list = app
                .office
                .lists()
                .into_iter()
                .find(|list| list_address(&list.department) == to);
            match &registers.latest {
                Some(register) if list.is_some() => list.map(|list| {
                    let quarter = register.quarter.map_or_else(String::new, Quarter::in_words);
                    let is_stale = registers.overdue(app.today()).is_some();
                    list_words(&list, &quarter, is_stale)
                }),
                Some(register) => to
                    .strip_prefix("/contracts/")
                    .and_then(|id| register.contracts.get(register.row(id)?))
                    .map(|contract| {
                        let quarter = register.quarter.map_or_else(String::new, Quarter::in_words);
                        let is_stale = registers.overdue(app.today()).is_some();
                        row_words(contract, app.today(), &quarter, is_stale)
                    }),
                None => bundle
                    .policy
                    .policy
                    .signposts
                    .first()
                    .filter(|_| to == "/contracts")
                    .map(|signpost| (signpost.name.clone(), signpost.publishes.join(", "))),
            }
        }
        _ => None,
    })
}

/// What somebody found, as far as it stands: one thing a question.
async fn found(app: &App, said: &Said) -> Result<Vec<Found>, WebError> {
    if said.found.is_empty() {
        return Ok(Vec::new());
    }
    let questions = read(app, &said.questions);
    let mut found: Vec<Found> = Vec::new();
    for value in said.found.iter().take(questions.len()) {
        let mut parts = value.splitn(3, ' ');
        let (Some(number), Some(source), Some(to)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let number: usize = number.parse().unwrap_or(0);
        let question = number.checked_sub(1).and_then(|at| questions.get(at));
        // Our policy decides no question, so it answers none.
        let (Some(question), true) = (question, source != "policy") else {
            continue;
        };
        if found.iter().any(|known| known.number == number) {
            continue;
        }
        let mut places = Vec::new();
        for to in to.split(' ').take(PLACES) {
            let Some((title, detail)) = standing(app, source, to).await? else {
                places.clear();
                break;
            };
            places.push(Place {
                title,
                detail,
                why: String::new(),
                to: to.to_owned(),
            });
        }
        if !places.is_empty() {
            found.push(Found {
                number,
                question: question.text.clone(),
                places,
                value: value.clone(),
            });
        }
    }
    found.sort_by_key(|found| found.number);
    Ok(found)
}

/// The words of a request without some of its questions, by number; nothing where the others would ask something else
/// without them.
fn without(bundle: &Bundle, text: &str, numbers: &[usize]) -> Option<String> {
    let questions = office::reading::recorded(bundle, "", text);
    let mut rest = text.to_owned();
    let mut kept = Vec::new();
    for (at, question) in questions.iter().enumerate().rev() {
        let number = at + 1;
        if !numbers.contains(&number) {
            kept.push((&question.text, &question.stem));
            continue;
        }
        let (start, end) = question.span;
        let line = rest.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let label = rest.get(line..start)?;
        let after = rest.get(end..)?;
        let next = after.find('\n').map_or(rest.len(), |at| end + at + 1);
        let is_alone = label.trim().len() <= 6
            && !label.trim().contains(' ')
            && !rest.get(end..next)?.contains(char::is_alphanumeric);
        let gone = if is_alone { line..next } else { start..end };
        rest.replace_range(gone, "");
    }
    kept.reverse();
    let again = office::reading::recorded(bundle, "", &rest);
    let asks_the_same = again.len() == kept.len()
        && again
            .iter()
            .zip(&kept)
            .all(|(one, (text, stem))| one.text == **text && one.stem == **stem);
    asks_the_same.then(|| rest.trim().to_owned())
}

/// The request as it will be sent, and whether what was found could be left out of it.
fn sending(app: &App, said: &Said, found: &[Found]) -> (String, bool) {
    let numbers: Vec<usize> = found.iter().map(|found| found.number).collect();
    let rest = if numbers.is_empty() {
        None
    } else {
        without(app.office.bundle(), &said.questions, &numbers)
    };
    let is_left_out = rest.is_some();
    let mut text = rest.unwrap_or_else(|| said.questions.clone());
    let form = said.form_asked();
    if !form.is_empty() {
        text.push_str("\n\n");
        text.push_str(&form);
    }
    (text, is_left_out)
}

/// What one person is shown at most, as a form of theirs names it.
const MOST_COUNTED: usize = 300;

/// What a form says that was counted as shown before.
fn counted_before(fields: &Fields) -> Vec<String> {
    let mut counted = fields.all("counted");
    counted.truncate(MOST_COUNTED);
    counted
}

/// Counts what is shown of each source and was not shown to them before: only how much, and on which day.
async fn tally(app: &App, offers: &[Offer], counted: &mut Vec<String>) -> Result<(), WebError> {
    for source in SOURCES {
        let keys: BTreeSet<String> = offers
            .iter()
            .filter(|offer| offer.source == source)
            .map(Offer::key)
            .filter(|key| !counted.contains(key))
            .collect();
        let count = keys.len();
        counted.extend(keys);
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

/// The guidance for what is being typed. Nothing of that is stored; what is shown is counted, once for whoever types, which
/// their own page remembers.
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
    let offers = offered(&app, &questions).await?;
    let mut answered: Vec<usize> = offers
        .iter()
        .filter(|offer| offer.source != "policy")
        .map(|offer| offer.number)
        .collect();
    answered.dedup();
    let mut counted = counted_before(&fields);
    tally(&app, &offers, &mut counted).await?;
    let template = GuidancePage {
        answered: answered.len(),
        counted,
        offers,
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
        once: app.token(),
        ..Said::default()
    };
    let mistakes = Mistakes::default();
    draw(&app, &visit, "questions", said, Vec::new(), mistakes).await
}

/// Whether an address of mail may be one: something on both sides of an @, a full stop after it, no white space.
fn may_be_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
            && !host.contains("..")
            && !text.contains(['<', '>', ',', ';', '"'])
            && !text.chars().any(char::is_whitespace)
            && text.len() < 255
    })
}

fn check(step: &str, said: &Said, mistakes: &mut Mistakes) {
    match step {
        "questions" => {
            mistakes.check(
                !said.questions.contains(char::is_alphanumeric),
                "questions",
                "Write your questions",
            );
            mistakes.check(
                said.questions.chars().count() > LONGEST,
                "questions",
                "Your questions must be 20,000 characters or fewer. You can send the rest by email.",
            );
        }
        "reply" => mistakes.check(
            !["email", "post"].contains(&said.way.as_str()),
            "way",
            "Choose how we should answer you",
        ),
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
        "form" => {
            let is_other = said.form == "other";
            mistakes.check(
                is_other && said.form_other.is_empty(),
                "form_other",
                "Say which form you would like it in",
            );
            mistakes.check(
                is_other && said.form_other.chars().count() > LONGEST_FORM_NAME,
                "form_other",
                "Say it in 200 characters or fewer",
            );
            mistakes.check(
                said.form == "paper" && said.way == "email",
                "form",
                "An answer on paper needs an address to post it to. Choose to be answered by post, or choose another form.",
            );
        }
        "name" => mistakes.check(said.name.is_empty(), "name", "Enter your name"),
        _ => {}
    }
}

/// The name of a step that a form may name.
fn step_named(name: &str) -> Option<&'static str> {
    [
        "questions",
        "published",
        "reply",
        "email",
        "post",
        "name",
        "form",
        "check",
    ]
    .into_iter()
    .find(|known| *known == name)
}

/// The offers for the questions that nothing was found for yet.
async fn open_offers(app: &App, said: &Said) -> Result<Vec<Offer>, WebError> {
    let found = found(app, said).await?;
    let mut offers = offered(app, &said.questions).await?;
    offers.retain(|offer| found.iter().all(|found| found.number != offer.number));
    Ok(offers)
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
    let mut said = Said::of(&fields);
    let this = step_named(&fields.get("step")).ok_or(WebError::NotFound)?;
    let mut mistakes = Mistakes::default();
    // “Put it back”: the question is asked after all.
    if fields.has("put_back") {
        let number = format!("{} ", fields.get("put_back"));
        said.found.retain(|value| !value.starts_with(&number));
        let offers = if this == "published" {
            open_offers(&app, &said).await?
        } else {
            Vec::new()
        };
        return draw(&app, &visit, this, said, offers, mistakes).await;
    }
    // “Change” on the last page and “Back” on the others lead to a step with everything kept.
    let change = step_named(&fields.get("change"));
    if let Some(to) = change.or_else(|| step_named(&fields.get("go"))) {
        if change.is_some() {
            said.then = "check".to_owned();
        } else if to == "check" {
            said.then.clear();
        }
        let offers = if to == "published" {
            open_offers(&app, &said).await?
        } else {
            Vec::new()
        };
        return draw(&app, &visit, to, said, offers, mistakes).await;
    }
    check(this, &said, &mut mistakes);
    if !mistakes.is_empty() {
        return draw(&app, &visit, this, said, Vec::new(), mistakes).await;
    }
    let is_change = said.then == "check";
    let next = match this {
        "questions" => {
            // The numbers of what was found were those of the words before.
            said.found.clear();
            let offers = offered(&app, &said.questions).await?;
            tally(&app, &offers, &mut said.counted).await?;
            if !offers.is_empty() {
                return draw(&app, &visit, "published", said, offers, mistakes).await;
            }
            if is_change { "check" } else { "reply" }
        }
        "reply" => contact_step(&said),
        "published" if !is_change => "reply",
        "email" | "post" if !is_change => "name",
        "name" if !is_change => "form",
        "check" => return send(&app, &visit, said, &[]).await,
        _ => "check",
    };
    if next == "check" {
        said.then.clear();
    }
    draw(&app, &visit, next, said, Vec::new(), mistakes).await
}

/// Sends the request with the files that were added on the last page. What can't be taken of them keeps the request open
/// with everything that was said.
///
/// # Errors
/// The store can't.
pub async fn send_with_files(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    form: Multipart,
) -> Result<Response, WebError> {
    let upload = upload::read_open(&visit, form).await?;
    let said = Said::of(&upload.fields);
    if upload.mistakes.is_empty() {
        return send(&app, &visit, said, &upload.files).await;
    }
    draw(&app, &visit, "check", said, Vec::new(), upload.mistakes).await
}

/// Sends the request. Sent twice, it is one request with the same reference.
async fn send(
    app: &App,
    visit: &Visit,
    said: Said,
    files: &[(String, Vec<u8>)],
) -> Result<Response, WebError> {
    let mut mistakes = Mistakes::default();
    for step in ["questions", "reply", contact_step(&said), "name", "form"] {
        check(step, &said, &mut mistakes);
        if !mistakes.is_empty() {
            return draw(app, visit, step, said, Vec::new(), mistakes).await;
        }
    }
    let found = found(app, &said).await?;
    let (text, _) = sending(app, &said, &found);
    let by = Actor::applicant();
    // The same form sent twice is one request; with other words it is another.
    let once = format!("form:{}", hash(&format!("{} {text}", said.once)));
    let subject = subject_of(app, &text);
    let taken = app
        .office
        .take_in(
            &by,
            &Message {
                channel: Channel::Form,
                subject: &subject,
                text: &text,
                applicant: Some(NewApplicant {
                    name: &said.name,
                    contact: said.contact(),
                }),
                received_at: app.now(),
                once: (!said.once.is_empty()).then_some(once.as_str()),
                reference: None,
                attachments: files,
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
        match app
            .office
            .act(&Actor::candour(), &taken.case, None, &command)
            .await
        {
            // The same form, sent twice at once: the other took it.
            Ok(_) | Err(store::Stopped::Refused(_)) => {}
            Err(other) => return Err(other.into()),
        }
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
        heading: heading("received"),
        back: "",
        said,
        offers: Vec::new(),
        found: Vec::new(),
        forms: Vec::new(),
        sending: String::new(),
        is_left_out: false,
        public_url: String::new(),
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

/// Where guidance comes from. The last answers nothing.
const SOURCES: [&str; 3] = ["register", "log", "policy"];

/// What guidance says of the policy.
const POLICY: (&str, &str) = (
    "How we usually treat questions like this",
    "It does not decide your request.",
);

/// Counts what somebody did with guidance of a source, where there is something under the address that it leads to.
async fn counted(app: &App, source: &str, what: &str, to: &str) -> Result<(), WebError> {
    if standing(app, source, to).await?.is_none() {
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

/// Counts that a source was enough for a question. The other questions go on; where there is none, nothing is sent and the
/// page says what to keep.
///
/// # Errors
/// There is no such question, or nothing under the address.
pub async fn enough(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let mut said = Said::of(&fields);
    let value = fields.get("enough");
    said.found.insert(0, value.clone());
    let now = found(&app, &said).await?;
    if now.iter().all(|found| found.value != value) {
        return Err(WebError::NotFound);
    }
    if let Some((_, place)) = value.split_once(' ')
        && let Some((source, to)) = place.split_once(' ')
    {
        // Once for the question, however many places answer it.
        counted(&app, source, "enough", to.split(' ').next().unwrap_or(to)).await?;
    }
    said.found = now.iter().map(|found| found.value.clone()).collect();
    let all = read(&app, &said.questions);
    let mistakes = Mistakes::default();
    if now.len() >= all.len() {
        return draw(&app, &visit, "found", said, Vec::new(), mistakes).await;
    }
    let offers = open_offers(&app, &said).await?;
    draw(&app, &visit, "published", said, offers, mistakes).await
}
