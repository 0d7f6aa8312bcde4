//! The disclosure log: pages, permanent addresses, and the same as Atom, JSON Feed and CSV.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use law::Problem;
use letters::log::no_formula;
use office::log::LogSubject;
use serde::Deserialize;
use serde_json::json;
use store::disclosure_log::LogEntry;

use crate::app::App;
use crate::fault::WebError;
use crate::fields::{Mistakes, query};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// Entries of a page.
pub(crate) const PAGE: usize = 20;
/// Entries that a search finds, before subject, outcome and day narrow them.
const FOUND: usize = 200;
/// Entries of a feed.
const FEED: u64 = 50;
/// Entries of the table to download, newest first.
const TABLE: u64 = 50_000;

/// An entry in the list.
#[derive(Clone, Debug)]
pub struct Row {
    address: String,
    title: String,
    published: String,
    outcome: &'static str,
    questions: Vec<String>,
}

/// The list.
#[derive(Template)]
#[template(path = "public/log.html")]
pub struct LogPage {
    /// The subjects that the words searched for belong to: answers in other words are among theirs.
    about: Vec<LogSubject>,
    frame: Frame,
    find: String,
    outcome: String,
    from: String,
    rows: Vec<Row>,
    next: Option<String>,
    is_first: bool,
    outcomes: Vec<(&'static str, &'static str)>,
    subject: String,
    subjects: Vec<LogSubject>,
    /// What follows the path in this list's address, without where it begins.
    with: String,
}

/// A question of an entry.
#[derive(Clone, Debug)]
pub struct Answered {
    label: String,
    question: String,
    decision: &'static str,
    paragraphs: Vec<String>,
    provisions: String,
}

/// An entry.
#[derive(Template)]
#[template(path = "public/log-entry.html")]
pub struct EntryPage {
    frame: Frame,
    title: String,
    published: String,
    received: String,
    answered: String,
    changed: Option<String>,
    /// What was changed, by day.
    changes: Vec<(String, String)>,
    removed: Option<String>,
    questions: Vec<Answered>,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub(crate) find: String,
    pub(crate) subject: String,
    pub(crate) outcome: String,
    pub(crate) from: String,
    pub(crate) after: String,
}

impl Asked {
    fn chosen(&self) -> Chosen<'_> {
        Chosen {
            subject: &self.subject,
            outcome: &self.outcome,
            from: &self.from,
        }
    }

    /// What can't be found so, by field; a day as people write it becomes one of the log.
    pub(crate) fn mend(&mut self, app: &App) -> Mistakes {
        let mut mistakes = Mistakes::default();
        mistakes.check(
            !self.subject.is_empty() && app.office.log_subject_title(&self.subject).is_none(),
            "subject",
            "Choose a subject from the list",
        );
        mistakes.check(
            !self.outcome.is_empty() && OUTCOMES.iter().all(|(known, _)| *known != self.outcome),
            "outcome",
            "Choose an outcome from the list",
        );
        let from = self.from.trim();
        if !from.is_empty() {
            match crate::dates::written(from) {
                Some(day) => self.from = day.to_string(),
                None => mistakes.add(
                    "from",
                    "Published since must be a real date, like 2026-11-23 or 23/11/2026",
                ),
            }
        }
        let is_place = match self.after.split_once('~') {
            _ if self.after.is_empty() => true,
            Some((day, _)) => self.find.trim().is_empty() && day.parse::<Date>().is_ok(),
            None => !self.find.trim().is_empty() && self.after.parse::<usize>().is_ok(),
        };
        mistakes.check(
            !is_place,
            "after",
            "This list has no such page; begin with its first",
        );
        mistakes
    }

    /// The same for what isn't a page with a form.
    fn mended(mut self, app: &App) -> Result<Self, WebError> {
        let mistakes = self.mend(app);
        if mistakes.is_empty() {
            return Ok(self);
        }
        Err(refused(&mistakes))
    }

    /// The list as an address has it, without where a page begins; empty for all of the log.
    fn here(&self) -> String {
        query(&[
            ("find", self.find.trim()),
            ("subject", &self.subject),
            ("outcome", &self.outcome),
            ("from", &self.from),
        ])
    }

    /// The same list in another form.
    fn address(&self, path: &str) -> String {
        match self.here().as_str() {
            "" => path.to_owned(),
            here => format!("{path}?{here}"),
        }
    }
}

/// How the answers of a request add up: spelling and words.
pub(crate) const OUTCOMES: [(&str, &str); 4] = [
    ("granted_in_full", "Answered in full"),
    ("granted_in_part", "Answered in part"),
    ("refused_in_full", "Refused"),
    ("not_held", "Not held"),
];

/// How the answers add up, in words.
#[must_use]
pub fn outcome_words(spelling: &str) -> &'static str {
    OUTCOMES
        .iter()
        .find(|(known, _)| *known == spelling)
        .map_or("Answered", |(_, words)| words)
}

/// A decision of the log in words.
#[must_use]
pub fn decision_words(spelling: &str) -> &'static str {
    match spelling {
        "answer" => "Disclosed",
        "already_accessible" => "Already published",
        "withheld" => "Withheld",
        "given_in_part" => "Given in part",
        "neither_confirmed_nor_denied" => "Neither confirmed nor denied",
        "not_held" => "Not held",
        "over_cost_limit" => "Over the cost limit",
        "vexatious_or_repeated" => "Refused, section 14",
        _ => "Clarification sought",
    }
}

pub(super) fn day(text: &str) -> String {
    text.parse::<Date>()
        .map_or_else(|_| text.to_owned(), crate::dates::plain)
}

fn row(entry: &LogEntry) -> Row {
    Row {
        address: entry.address.clone(),
        title: entry.title.clone(),
        published: day(&entry.published_on),
        outcome: outcome_words(&entry.outcome),
        questions: entry
            .questions
            .iter()
            .take(3)
            .map(|question| question.question.clone())
            .collect(),
    }
}

/// Shows the log, newest first, or what a search found, best first.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(mut asked): Query<Asked>,
) -> Result<Response, WebError> {
    let mut mistakes = asked.mend(&app);
    // A place in the list is nobody's to mend.
    if mistakes.of("after").is_some() {
        mistakes.0.retain(|mistake| mistake.field != "after");
        mistakes.add("main", "This list has no such page; begin with its first");
    }
    let find = asked.find.trim();
    let (entries, next) = if mistakes.is_empty() {
        some(&app, &asked, PAGE).await?
    } else {
        (Vec::new(), None)
    };
    let subjects = subjects(&app, &asked.subject).await?;
    let said = if asked.subject.is_empty() {
        app.office.log_subjects_in(find)
    } else {
        Vec::new()
    };
    let about = subjects
        .iter()
        .filter(|topic| said.contains(&topic.id.as_str()))
        .cloned()
        .collect();
    let template = LogPage {
        frame: Frame::new(&app, &visit).with(mistakes),
        about,
        find: find.to_owned(),
        rows: entries.iter().map(row).collect(),
        next,
        is_first: asked.after.is_empty(),
        with: asked.address(""),
        outcome: asked.outcome.clone(),
        from: asked.from.clone(),
        outcomes: OUTCOMES.to_vec(),
        subjects,
        subject: asked.subject.clone(),
    };
    frame::page(&template.frame, &template)
}

/// The topics of the log, and what it is narrowed to where that is none of them.
async fn subjects(app: &App, chosen: &str) -> Result<Vec<LogSubject>, WebError> {
    let mut subjects = app.office.log_subjects().await?;
    let is_there = chosen.is_empty() || subjects.iter().any(|topic| topic.id == chosen);
    if let Some(title) = app.office.log_subject_title(chosen).filter(|_| !is_there) {
        let entries = app.office.store().log_addresses_of(chosen).await?.len();
        subjects.push(LogSubject {
            id: chosen.to_owned(),
            title: title.to_owned(),
            entries: entries as u64,
        });
    }
    Ok(subjects)
}

/// What is wrong, as problems.
pub(crate) fn refused(mistakes: &Mistakes) -> WebError {
    let problems = mistakes
        .0
        .iter()
        .map(|mistake| Problem::new("request.filter", mistake.message.clone()));
    WebError::Refused(problems.collect())
}

/// A page of what an address asks for, and where the next begins.
pub(crate) async fn some(
    app: &App,
    asked: &Asked,
    at_once: usize,
) -> Result<(Vec<LogEntry>, Option<String>), WebError> {
    let (find, chosen) = (asked.find.trim(), asked.chosen());
    if find.is_empty() {
        list(app, &chosen, &asked.after, at_once).await
    } else {
        search(app, find, &chosen, &asked.after, at_once).await
    }
}

/// What a list is narrowed to; anything where empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Chosen<'a> {
    /// The id of a topic, or of a row of the policy.
    pub subject: &'a str,
    /// The spelling of an outcome.
    pub outcome: &'a str,
    /// The first day of publication.
    pub from: &'a str,
}

/// What a search found, best first.
async fn found(app: &App, find: &str, chosen: &Chosen<'_>) -> Result<Vec<LogEntry>, WebError> {
    let mut found = app.office.search_published(find, FOUND).await?;
    found.retain(|entry| {
        (chosen.outcome.is_empty() || entry.outcome == chosen.outcome)
            && entry.published_on.as_str() >= chosen.from
    });
    if !chosen.subject.is_empty() {
        let of_subject = app.office.store().log_addresses_of(chosen.subject).await?;
        found.retain(|entry| of_subject.contains(&entry.address));
    }
    Ok(found)
}

/// A page of what a search found, best first, and where the next begins.
async fn search(
    app: &App,
    find: &str,
    chosen: &Chosen<'_>,
    after: &str,
    at_once: usize,
) -> Result<(Vec<LogEntry>, Option<String>), WebError> {
    let found = found(app, find, chosen).await?;
    let at: usize = after.parse().unwrap_or(0);
    let end = at.saturating_add(at_once);
    let next = (found.len() > end).then(|| end.to_string());
    let page = found.into_iter().take(end).skip(at).collect();
    Ok((page, next))
}

/// A page of the log, and where the next begins.
async fn list(
    app: &App,
    chosen: &Chosen<'_>,
    after: &str,
    at_once: usize,
) -> Result<(Vec<LogEntry>, Option<String>), WebError> {
    let one_more = at_once.saturating_add(1);
    let mut entries = app
        .office
        .store()
        .log_of(
            chosen.outcome,
            chosen.from,
            chosen.subject,
            after.split_once('~'),
            one_more as u64,
        )
        .await?;
    if entries.len() < one_more {
        return Ok((entries, None));
    }
    entries.pop();
    let next = entries
        .last()
        .map(|entry| format!("{}~{}", entry.published_on, entry.address));
    Ok((entries, next))
}

/// The newest entries of a list.
async fn newest(app: &App, asked: &Asked, at_most: u64) -> Result<Vec<LogEntry>, WebError> {
    let chosen = asked.chosen();
    let find = asked.find.trim();
    if find.is_empty() {
        let store = app.office.store();
        let (outcome, from, subject) = (chosen.outcome, chosen.from, chosen.subject);
        return Ok(store.log_of(outcome, from, subject, None, at_most).await?);
    }
    let mut found = found(app, find, &chosen).await?;
    found.sort_by(|one, other| other.published_on.cmp(&one.published_on));
    found.truncate(usize::try_from(at_most).unwrap_or(usize::MAX));
    Ok(found)
}

/// Shows an entry under its permanent address; one that was taken out says when and why.
///
/// # Errors
/// There was never one.
pub async fn entry(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path((year, slug)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let address = format!("{year}/{slug}");
    let entry = app
        .office
        .store()
        .log_entry(&address)
        .await?
        .ok_or(WebError::NotFound)?;
    let changes = if entry.removed_because.is_none() {
        app.office.log_changes(&entry.case).await?
    } else {
        Vec::new()
    };
    // What was taken out and put back on one day was changed too.
    let is_changed = entry.changed_on != entry.published_on || !changes.is_empty();
    let template = EntryPage {
        frame: Frame::new(&app, &visit),
        title: if entry.removed_because.is_some() {
            "Taken out of the log".to_owned()
        } else {
            entry.title.clone()
        },
        published: day(&entry.published_on),
        received: day(&entry.received_on),
        answered: day(&entry.answered_on),
        changed: is_changed.then(|| day(&entry.changed_on)),
        changes: changes
            .into_iter()
            .map(|change| (crate::dates::plain(change.on), change.what))
            .collect(),
        removed: entry.removed_because.clone(),
        questions: entry
            .questions
            .iter()
            .map(|question| Answered {
                label: question.label.clone(),
                question: question.question.clone(),
                decision: decision_words(&question.decision),
                paragraphs: if question.decision == "neither_confirmed_nor_denied" {
                    vec![
                        "We neither confirm nor deny that we hold this. This does not show that we do or do not hold it.".to_owned(),
                    ]
                } else {
                    question
                        .answer
                        .split("\n\n")
                        .filter(|paragraph| !paragraph.trim().is_empty())
                        .map(str::to_owned)
                        .collect()
                },
                provisions: question.provisions.join(", "),
            })
            .collect(),
    };
    let is_removed = template.removed.is_some();
    let mut response = frame::page(&template.frame, &template)?;
    if is_removed {
        *response.status_mut() = axum::http::StatusCode::GONE;
    }
    Ok(response)
}

fn escaped(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .fold(String::new(), |mut out, c| {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                c => out.push(c),
            }
            out
        })
}

fn plain(entry: &LogEntry) -> String {
    entry
        .questions
        .iter()
        .map(|question| {
            format!(
                "{}: {}\n{}. {}",
                question.label,
                question.question,
                decision_words(&question.decision),
                question.answer
            )
        })
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// The entries that were taken out, for a feed of all of the log: what they were about isn't kept.
async fn removed(app: &App, asked: &Asked) -> Result<Vec<LogEntry>, WebError> {
    if !asked.here().is_empty() {
        return Ok(Vec::new());
    }
    Ok(app.office.store().log_removed(FEED).await?)
}

/// The newest entries of a list as an Atom feed, RFC 4287, and the entries that were taken out of the log, RFC 6721.
///
/// # Errors
/// The store can't answer.
pub async fn atom(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let asked = asked.mended(&app)?;
    let entries = newest(&app, &asked, FEED).await?;
    let base = &app.settings.public_url;
    let page = escaped(&asked.address("/disclosure-log"));
    let feed = escaped(&asked.address("/disclosure-log/feed.atom"));
    let branding = app.branding();
    let removed = removed(&app, &asked).await?;
    let today = app.today().to_string();
    let updated = entries
        .iter()
        .chain(&removed)
        .map(|entry| entry.changed_on.as_str())
        .max()
        .unwrap_or(&today);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xml:lang=\"en-GB\">\n\
         <id>{base}{page}</id>\n<title>{}: published answers</title>\n<updated>{updated}T00:00:00Z</updated>\n\
         <author><name>{}</name></author>\n<link rel=\"self\" href=\"{base}{feed}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}{page}\"/>\n",
        escaped(&branding.name),
        escaped(&branding.name)
    );
    for entry in &entries {
        text.push_str(&format!(
            "<entry><id>{base}/disclosure-log/{0}</id><title>{1}</title><published>{2}T00:00:00Z</published>\
             <updated>{3}T00:00:00Z</updated><link rel=\"alternate\" type=\"text/html\" href=\"{base}/disclosure-log/{0}\"/>\
             <content type=\"text\">{4}</content></entry>\n",
            escaped(&entry.address),
            escaped(&entry.title),
            entry.published_on,
            entry.changed_on,
            escaped(&plain(entry))
        ));
    }
    for entry in &removed {
        text.push_str(&format!(
            "<at:deleted-entry ref=\"{base}/disclosure-log/{0}\" when=\"{1}T00:00:00Z\"><at:comment type=\"text\">{2}</at:comment>\
             <link rel=\"alternate\" type=\"text/html\" href=\"{base}/disclosure-log/{0}\"/></at:deleted-entry>\n",
            escaped(&entry.address),
            entry.changed_on,
            escaped(entry.removed_because.as_deref().unwrap_or_default())
        ));
    }
    text.push_str("</feed>\n");
    Ok((
        [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        text,
    )
        .into_response())
}

/// An entry as JSON.
#[must_use]
pub fn as_json(base: &str, entry: &LogEntry) -> serde_json::Value {
    json!({
        "id": format!("{base}/disclosure-log/{}", entry.address),
        "url": format!("{base}/disclosure-log/{}", entry.address),
        "title": entry.title,
        "content_text": plain(entry),
        "date_published": format!("{}T00:00:00Z", entry.published_on),
        "date_modified": format!("{}T00:00:00Z", entry.changed_on),
        "_candour": {
            "received_on": entry.received_on,
            "answered_on": entry.answered_on,
            "outcome": entry.outcome,
            "questions": entry.questions,
        },
    })
}

/// The newest entries of a list as a JSON Feed, version 1.1, with the entries that were taken out of the log as an extension.
///
/// # Errors
/// The store can't answer.
pub async fn json_feed(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let asked = asked.mended(&app)?;
    let entries = newest(&app, &asked, FEED).await?;
    let base = &app.settings.public_url;
    let items: Vec<_> = entries.iter().map(|entry| as_json(base, entry)).collect();
    let removed = removed(&app, &asked).await?;
    let removed: Vec<_> = removed
        .iter()
        .map(|entry| {
            json!({
                "url": format!("{base}/disclosure-log/{}", entry.address),
                "removed_on": entry.changed_on,
                "because": entry.removed_because,
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": format!("{}: published answers", app.branding().name),
        "home_page_url": format!("{base}{}", asked.address("/disclosure-log")),
        "feed_url": format!("{base}{}", asked.address("/disclosure-log/feed.json")),
        "language": "en-GB",
        "items": items,
        "_candour": { "removed": removed },
    });
    Ok((
        [(header::CONTENT_TYPE, "application/feed+json; charset=utf-8")],
        feed.to_string(),
    )
        .into_response())
}

/// A list of the log as CSV, one row a question.
///
/// # Errors
/// The store can't answer.
pub async fn csv(State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let asked = asked.mended(&app)?;
    let fault = |error: csv::Error| WebError::Fault(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "address",
            "title",
            "published_on",
            "changed_on",
            "received_on",
            "answered_on",
            "outcome",
            "question_label",
            "question",
            "decision",
            "provisions",
            "answer",
        ])
        .map_err(fault)?;
    for entry in newest(&app, &asked, TABLE).await? {
        for question in &entry.questions {
            writer
                .write_record([
                    no_formula(&entry.address),
                    no_formula(&entry.title),
                    entry.published_on.clone(),
                    entry.changed_on.clone(),
                    entry.received_on.clone(),
                    entry.answered_on.clone(),
                    entry.outcome.clone(),
                    no_formula(&question.label),
                    no_formula(&question.question),
                    question.decision.clone(),
                    question.provisions.join("; "),
                    no_formula(&question.answer),
                ])
                .map_err(fault)?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| WebError::Fault(error.to_string()))?;
    Ok(crate::desk::letter::download(
        "disclosure-log.csv",
        "disclosure-log.csv",
        bytes,
    ))
}
