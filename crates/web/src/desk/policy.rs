//! Policy administration: what another policy would change, and the authority's own sentences in its letters.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use office::wording::{Own, Version};
use serde::Deserialize;

use crate::app::App;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// Requests that a comparison reads.
const READ: usize = 1_000;
/// Changed questions shown of each kind.
const SHOWN: usize = 10;

/// One kind of change.
#[derive(Clone, Debug)]
pub struct Change {
    from: String,
    to: String,
    count: usize,
    questions: Vec<(String, String, String)>,
}

/// What a comparison found.
#[derive(Clone, Debug)]
pub struct Compared {
    old: String,
    new: String,
    summary: String,
    changes: Vec<Change>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/policy.html")]
pub struct PolicyPage {
    frame: Frame,
    ids: Vec<&'static str>,
    chosen: String,
    text: String,
    problems: Vec<String>,
    compared: Option<Compared>,
}

fn draw(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    problems: Vec<String>,
    compared: Option<Compared>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let template = PolicyPage {
        frame: Frame::new(app, visit).with(mistakes),
        ids: office::data::Data::policy_ids(),
        chosen: fields.get("policy"),
        text: fields.raw("text"),
        problems,
        compared,
    };
    frame::page(&template.frame, &template)
}

/// Asks which policy to try.
///
/// # Errors
/// The page can't be drawn.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    draw(
        &app,
        &visit,
        &Fields::default(),
        Vec::new(),
        None,
        Mistakes::default(),
    )
}

/// Tries a policy on past requests and shows what would change. Nothing is kept.
///
/// # Errors
/// The store can't answer.
pub async fn compare(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let mut mistakes = Mistakes::default();
    let text = fields.raw("text");
    let read = if text.trim().is_empty() {
        let id = fields.get("policy");
        if !office::data::Data::policy_ids().contains(&id.as_str()) {
            mistakes.add(
                "policy",
                "Choose a policy, or put the text of one in the box",
            );
            return draw(&app, &visit, &fields, Vec::new(), None, mistakes);
        }
        app.office.other_policy(&id)
    } else {
        app.office.policy_of_text(&text)
    };
    let new = match read {
        Ok(new) => new,
        Err(problems) => {
            mistakes.add(
                "text",
                match problems.len() {
                    1 => "This policy has 1 mistake; it is listed below".to_owned(),
                    many => format!("This policy has {many} mistakes; they are listed below"),
                },
            );
            return draw(&app, &visit, &fields, problems, None, mistakes);
        }
    };
    let found = app.office.what_would_change(&new, READ).await?;
    let old = &app.office.bundle().policy.policy;
    let compared = Compared {
        old: format!("{} ({})", old.title, old.version),
        new: format!("{} ({})", new.title, new.version),
        summary: format!(
            "{} of {} questions would be proposed otherwise, in {} of {} requests of the last year.",
            found.changed(),
            found.questions,
            found.touched,
            found.requests
        ),
        changes: found
            .changes()
            .into_iter()
            .map(|(from, to, questions)| Change {
                from: sentence(from),
                to: sentence(to),
                count: questions.len(),
                questions: questions
                    .iter()
                    .take(SHOWN)
                    .map(|changed| {
                        (
                            changed.request.clone(),
                            changed.label.clone(),
                            changed.text.clone(),
                        )
                    })
                    .collect(),
            })
            .collect(),
    };
    draw(&app, &visit, &fields, Vec::new(), Some(compared), mistakes)
}

/// A sentence of the letters.
#[derive(Clone, Debug)]
pub struct Sentence {
    key: String,
    label: String,
    shipped: String,
    own: String,
    rows: usize,
    wrong: String,
}

/// A version of the authority's own sentences.
#[derive(Clone, Debug)]
pub struct Kept {
    number: u32,
    by: String,
    at: String,
    sentences: usize,
}

/// The sentences of one part of a letter.
#[derive(Clone, Debug)]
pub struct Group {
    heading: &'static str,
    sentences: Vec<Sentence>,
    /// How many of them are the authority's own.
    own: usize,
    is_open: bool,
}

/// The parts of letters, each with how the names of its sentences begin; the last takes what no other does. A name belongs
/// to the first part that fits it.
const PARTS: &[(&str, &[&str])] = &[
    (
        "How a letter begins",
        &["title", "draft", "thanks", "late", "apart", "no_questions"],
    ),
    ("In short", &["in_short"]),
    (
        "Answers, and what is published already",
        &[
            "answer",
            "files",
            "in_part",
            "already_accessible",
            "published",
            "signpost",
        ],
    ),
    (
        "Not held, over the cost limit, repeated, unclear",
        &["not_held", "cost_limit", "vexatious", "clarification"],
    ),
    ("Neither confirming nor denying", &["neither"]),
    ("Letters about an internal review", &["review_"]),
    (
        "How a letter ends",
        &["help", "complaints", "review", "contact", "counted"],
    ),
    ("Reasons for withholding", &[""]),
];

/// The sentences by the part of the letter that they stand in.
fn grouped(sentences: impl Iterator<Item = Sentence>) -> Vec<Group> {
    let mut groups: Vec<Group> = PARTS
        .iter()
        .map(|(heading, _)| Group {
            heading,
            sentences: Vec::new(),
            own: 0,
            is_open: false,
        })
        .collect();
    for sentence in sentences {
        let fits = |(_, begins): &(&str, &[&str])| {
            begins.iter().any(|begin| sentence.key.starts_with(begin))
        };
        let at = PARTS.iter().position(fits);
        if let Some(group) = at.and_then(|at| groups.get_mut(at)) {
            group.own = group
                .own
                .saturating_add(usize::from(!sentence.own.is_empty()));
            group.is_open |= !sentence.wrong.is_empty();
            group.sentences.push(sentence);
        }
    }
    groups.retain(|group| !group.sentences.is_empty());
    groups
}

/// The page of sentences.
#[derive(Template)]
#[template(path = "desk/wording.html")]
pub struct WordingPage {
    frame: Frame,
    groups: Vec<Group>,
    own: usize,
    seen: u32,
    /// The earlier version that the boxes hold; 0 where they hold what is in force.
    shown: u32,
    versions: Vec<Kept>,
    may_work: bool,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    version: u32,
    done: Option<String>,
}

/// Versions listed.
const VERSIONS: u32 = 20;

async fn draw_wording(
    app: &App,
    visit: &Visit,
    own: Option<(&Own, u32)>,
    done: Option<&str>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let standing = app.office.wording().await?;
    let mut versions = Vec::new();
    let first = standing.number.saturating_sub(VERSIONS);
    for number in (first.saturating_add(1)..=standing.number).rev() {
        if let Some(version) = app.office.wording_version(number).await? {
            versions.push(kept(app, version).await?);
        }
    }
    let (own, shown) = own.unwrap_or((&standing.own, 0));
    let template = WordingPage {
        groups: grouped(app.office.shipped_sentences().iter().map(|(key, shipped)| {
            let text = own.get(key).cloned().unwrap_or_default();
            Sentence {
                label: sentence(&key.replace('_', " ")),
                shipped: shipped.clone(),
                rows: text.chars().count().max(shipped.chars().count()) / 70 + 1,
                own: text,
                wrong: mistakes.of(key).unwrap_or("").to_owned(),
                key: key.clone(),
            }
        })),
        own: standing.own.len(),
        seen: standing.number,
        shown,
        versions,
        may_work: visit.has_any(routes::ADMIN_WORK),
        frame: Frame::new(app, visit).done(done).with(mistakes),
    };
    frame::page(&template.frame, &template)
}

async fn kept(app: &App, version: Version) -> Result<Kept, WebError> {
    let account = app.office.store().account(&version.by).await?;
    Ok(Kept {
        number: version.number,
        by: account.map_or(version.by, |account| account.name),
        at: crate::dates::instant(version.at, app.office.london()),
        sentences: version.own.len(),
    })
}

/// Shows the sentences of the letters, the authority's own beside those that come with the program.
///
/// # Errors
/// There is no such version, or the store can't answer.
pub async fn wording(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let done = asked.done.as_deref();
    if asked.version == 0 {
        return draw_wording(&app, &visit, None, done, Mistakes::default()).await;
    }
    let version = app
        .office
        .wording_version(asked.version)
        .await?
        .ok_or(WebError::NotFound)?;
    let own = Some((&version.own, version.number));
    draw_wording(&app, &visit, own, done, Mistakes::default()).await
}

/// Puts the authority's own sentences in force, unless one has a slot that it can't fill.
///
/// # Errors
/// Somebody else changed them, or the store can't.
pub async fn keep_wording(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let own: Own = app
        .office
        .shipped_sentences()
        .iter()
        .filter_map(|(key, shipped)| {
            let text = fields.get(key);
            (!text.is_empty() && text != *shipped).then(|| (key.clone(), text))
        })
        .collect();
    let mut mistakes = Mistakes::default();
    for (key, message) in app.office.check_wording(&own) {
        mistakes.add(&key, sentence(&message));
    }
    if !mistakes.is_empty() {
        return draw_wording(&app, &visit, Some((&own, 0)), None, mistakes).await;
    }
    let by = visit
        .account()
        .map(|account| account.id.clone())
        .unwrap_or_default();
    let seen = fields
        .number("seen")
        .and_then(|seen| u32::try_from(seen).ok())
        .unwrap_or(u32::MAX);
    app.office.keep_wording(&by, seen, own).await?;
    Ok(frame::see_other("/desk/admin/wording?done=wording"))
}
