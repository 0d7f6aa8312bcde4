//! What is public already that answers or confirms a question, on pages: listed, and dealt with one by one before
//! anything is refused over it.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::event::{DealtWith, KnownAlready};
use casework::public_record::{Checked, Hit, Kinds, Source};
use jiff::civil::Date;
use office::reuse::Flag;

use crate::app::{App, hash};
use crate::dates;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::form::{Form, choice, choice_with};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// The page of the public record.
#[derive(Template)]
#[template(path = "desk/record.html")]
pub struct RecordPage {
    frame: Frame,
    counts: Vec<(String, u32)>,
    flags: Vec<Flag>,
    subjects: Vec<(String, String)>,
}

/// A piece of what is public on a subject.
#[derive(Clone, Debug)]
pub struct Piece {
    public: Public,
    summary: String,
    refused: bool,
}

/// The page of a subject.
#[derive(Template)]
#[template(path = "desk/mosaic.html")]
pub struct MosaicPage {
    frame: Frame,
    subject: String,
    together: String,
    pieces: Vec<Piece>,
}

/// All that was ever published on a subject, oldest first.
///
/// # Errors
/// There is no such subject, what was published can't be read, or the store can't answer.
pub async fn subject(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(subject): Path<String>,
) -> Result<Response, WebError> {
    let mosaic = app
        .office
        .mosaic(&subject)
        .await?
        .ok_or(WebError::NotFound)?;
    let kinds = |kinds: Kinds| kinds.ids().join(", ").replace('-', " ");
    let template = MosaicPage {
        frame: Frame::new(&app, &visit),
        subject: sentence(&mosaic.subject),
        together: kinds(mosaic.together),
        pieces: mosaic
            .pieces
            .into_iter()
            .map(|piece| Piece {
                public: Public {
                    place: sentence(&format!("{}, {}", piece.source.name(), piece.id)),
                    when: when(piece.published_on, piece.withdrawn_on),
                    link: link(piece.source, &piece.id, &piece.place),
                    because: sentence(&kinds(piece.kinds)),
                    words: piece
                        .words
                        .into_iter()
                        .map(|words| (words.field, words.text))
                        .collect(),
                    answer: String::new(),
                    blocks: false,
                },
                summary: piece.summary,
                refused: piece.refused,
            })
            .collect(),
    };
    frame::page(&template.frame, &template)
}

/// Entries of a contradiction that a page names.
const NAMED: usize = 12;

/// A contradiction between what was published and the policy or a refusal.
#[derive(Clone, Debug)]
pub struct Against {
    thing: String,
    row: String,
    message: String,
    cells: String,
    entries: Vec<Public>,
    more: usize,
}

/// The page of all contradictions.
#[derive(Template)]
#[template(path = "desk/record-audit.html")]
pub struct AuditPage {
    frame: Frame,
    read: usize,
    left_out: usize,
    count: usize,
    found: Vec<Against>,
}

/// Everything published that contradicts the policy or a refusal.
///
/// # Errors
/// What was published can't be read, or the store can't answer.
pub async fn contradictions(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let (found, read, left_out) = app.office.record_audit(app.today()).await?;
    let template = AuditPage {
        frame: Frame::new(&app, &visit),
        read,
        left_out,
        count: found.len(),
        found: found
            .into_iter()
            .map(|one| Against {
                thing: sentence(&one.thing),
                row: one.row,
                message: sentence(&one.message),
                cells: one.cells.join("; "),
                more: one.entries.len().saturating_sub(NAMED),
                entries: one
                    .entries
                    .into_iter()
                    .take(NAMED)
                    .map(|entry| Public {
                        place: sentence(&format!("{}, {}", entry.source.name(), entry.id)),
                        when: when(entry.published_on, None),
                        link: link(entry.source, &entry.id, &entry.place),
                        because: String::new(),
                        words: entry
                            .words
                            .into_iter()
                            .map(|words| (words.field, words.text))
                            .collect(),
                        answer: String::new(),
                        blocks: false,
                    })
                    .collect(),
            })
            .collect(),
    };
    frame::page(&template.frame, &template)
}

/// What is looked through before anything is refused, and what somebody said should not have been published.
///
/// # Errors
/// What was published can't be read, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let template = RecordPage {
        frame: Frame::new(&app, &visit),
        counts: app
            .office
            .record_counts()
            .await?
            .into_iter()
            .map(|(source, count)| (sentence(source.name()), count))
            .collect(),
        flags: app.office.should_not_have_been_published().await?,
        subjects: app.office.record_subjects(),
    };
    frame::page(&template.frame, &template)
}

/// Entries that a page shows of those that don't stand in the way.
const SHOWN: usize = 5;

/// Something published, as a page shows it.
#[derive(Clone, Debug)]
pub struct Public {
    /// Where: "Contracts register, HM-102".
    pub place: String,
    /// When it was published, and whether it was taken down since.
    pub when: String,
    /// Its address.
    pub link: String,
    /// Why it was found.
    pub because: String,
    /// The words that show it, with the field they stand in.
    pub words: Vec<(&'static str, String)>,
    /// The address of the form that answers from it; empty where there is none.
    pub answer: String,
    /// Whether it stands in the way.
    pub blocks: bool,
}

/// The name of the fields in which a person deals with an entry.
fn name(hit: &Hit) -> String {
    let name: String = hash(&hit.key()).chars().take(10).collect();
    format!("record-{name}")
}

fn link(source: Source, id: &str, place: &str) -> String {
    match source {
        Source::Register if place.contains('#') => {
            let id = id.split(", published until").next().unwrap_or(id);
            format!("/contracts/{id}")
        }
        Source::EarlierReply => format!("/desk/cases/{id}"),
        _ if place.starts_with('/') || place.starts_with("https://") => place.to_owned(),
        _ => String::new(),
    }
}

/// When something was published, and whether it was taken down since.
fn when(published: Option<Date>, withdrawn: Option<Date>) -> String {
    let published = published.map_or_else(String::new, |day| {
        format!("published on {}", dates::plain(day))
    });
    match withdrawn {
        Some(day) => format!("{published}, until {}", dates::plain(day)),
        None => published,
    }
}

fn shown(hit: &Hit, answer: &str) -> Public {
    Public {
        place: sentence(&format!("{}, {}", hit.source.name(), hit.id)),
        when: when(hit.published_on, hit.withdrawn_on),
        link: link(hit.source, &hit.id, &hit.place),
        because: sentence(&hit.because),
        words: hit
            .words
            .iter()
            .map(|words| (words.field, words.text.clone()))
            .collect(),
        answer: if hit.source == Source::Register
            && hit.withdrawn_on.is_none()
            && !answer.is_empty()
        {
            format!("{answer}?row={}", hit.id)
        } else {
            String::new()
        },
        blocks: hit.blocks,
    }
}

/// What a page shows: everything that stands in the way, and the plainest of the rest. `answer` is the address of the
/// form that answers with what is published; empty where that isn't offered.
#[must_use]
pub fn found(checked: &Checked, answer: &str) -> Vec<Public> {
    let (blocking, other): (Vec<&Hit>, Vec<&Hit>) = checked.hits.iter().partition(|hit| hit.blocks);
    blocking
        .into_iter()
        .chain(other.into_iter().take(SHOWN))
        .map(|hit| shown(hit, answer))
        .collect()
}

/// What was looked through: "Looked through: 12 in the contracts register, 6 in the disclosure log."
#[must_use]
pub fn searched(checked: &Checked) -> String {
    let parts: Vec<String> = checked
        .searched
        .iter()
        .filter(|searched| searched.entries > 0)
        .map(|searched| {
            let what = match searched.source {
                Source::Register => "rows of the contracts register",
                Source::DisclosureLog => "entries of the disclosure log",
                Source::EarlierReply => "earlier replies",
                Source::PolicyPage => "pages of policy",
                Source::Statement => "statements",
            };
            format!("{} {what}", searched.entries)
        })
        .collect();
    let looked = if parts.is_empty() {
        "Nothing is published here yet.".to_owned()
    } else {
        format!("Looked through: {}.", parts.join(", "))
    };
    if checked.not_comparable {
        format!(
            "The question names nothing that can be compared with what is published, so look for yourself. {looked}"
        )
    } else {
        looked
    }
}

/// A form with what is public before its fields, to be read.
#[must_use]
pub fn listed(mut form: Form, checked: &Checked) -> Form {
    form = form.section("What is public already");
    if checked.hits.is_empty() {
        form = form.note("Nothing published answers or confirms this.");
    }
    for entry in found(checked, "") {
        form = form.public(entry);
    }
    form.note(searched(checked))
}

/// A form in which each entry that stands in the way is dealt with by itself. `answer` is the address of the form that
/// answers with what is published.
#[must_use]
pub fn to_deal_with(mut form: Form, checked: &Checked, answer: &str) -> Form {
    form = form.section("What is public already");
    if checked.blocking().next().is_none() {
        return form
            .note("Nothing published stands in the way of this.")
            .note(searched(checked));
    }
    form = form.note(
        "This is public and answers or confirms what is asked. Answer from it, or deal with each: your reasons are kept and the approver reads them.",
    );
    for hit in checked.blocking() {
        let name = name(hit);
        form = form
            .public(shown(hit, answer))
            .radios(
                &name,
                "Why can this be refused although that is public?",
                "",
                vec![
                    choice(
                        "does_not_confirm",
                        "It does not answer or confirm this question",
                    ),
                    choice(
                        "harm_all_the_same",
                        "Saying it here would do harm although that is public",
                    ),
                    choice_with(
                        "should_not_have_been_published",
                        "It should not have been published",
                        "Whoever publishes it is told.",
                    ),
                ],
                "",
            )
            .area(&format!("{name}-because"), "Because", "", "", 2);
    }
    form.note(searched(checked))
}

/// What a person wrote about each entry that stands in the way; what they left out is a mistake.
pub fn dealt_with(
    checked: Option<&Checked>,
    fields: &Fields,
    mistakes: &mut Mistakes,
) -> Vec<KnownAlready> {
    let blocking = checked.into_iter().flat_map(Checked::blocking);
    let mut dealt = Vec::new();
    for hit in blocking {
        let name = name(hit);
        let because = fields.get(&format!("{name}-because"));
        let how = fields.get(&name);
        mistakes.check(
            how.is_empty(),
            &name,
            "Choose why this can be refused although something public answers or confirms it",
        );
        mistakes.check(
            !how.is_empty() && because.is_empty(),
            &format!("{name}-because"),
            "Say why",
        );
        let mut known = hit.known_already();
        known.dealt_with = match how.as_str() {
            "does_not_confirm" => Some(DealtWith::DoesNotConfirm { because }),
            "harm_all_the_same" => Some(DealtWith::HarmAllTheSame { because }),
            "should_not_have_been_published" => {
                Some(DealtWith::ShouldNotHaveBeenPublished { because })
            }
            _ => None,
        };
        dealt.push(known);
    }
    dealt
}

/// How a person dealt with what was public, for whoever approves: place, how, because.
#[must_use]
pub fn reasons(known: &[KnownAlready]) -> Vec<(String, &'static str, String)> {
    known
        .iter()
        .filter_map(|known| {
            let dealt = known.dealt_with.as_ref()?;
            let how = match dealt {
                DealtWith::DoesNotConfirm { .. } => "It does not answer or confirm this question",
                DealtWith::HarmAllTheSame { .. } => {
                    "Saying it here would do harm although that is public"
                }
                DealtWith::ShouldNotHaveBeenPublished { .. } => "It should not have been published",
            };
            let place = known.entry.as_ref().unwrap_or(&known.place);
            Some((sentence(place), how, dealt.because().to_owned()))
        })
        .collect()
}
