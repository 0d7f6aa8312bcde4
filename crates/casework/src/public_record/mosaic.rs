//! All that was ever published on a subject, in the order of time: the pieces that somebody can put together.

use jiff::civil::Date;
use serde::Serialize;

use super::check::{Lookup, Words};
use super::entry::{Outcome, ReadEntry, Reading, Says, Source, short};
use super::index::Index;
use super::kinds::Kinds;
use super::lexicon::ThingId;

/// One piece of a mosaic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Where it was published.
    pub source: Source,
    /// Its id there.
    pub id: String,
    /// Its address.
    pub place: String,
    /// When.
    pub published_on: Option<Date>,
    /// When it was taken down.
    pub withdrawn_on: Option<Date>,
    /// The things it speaks of, in words.
    pub things: Vec<String>,
    /// The kinds of information that it gives, confirms or denies.
    pub kinds: Kinds,
    /// What it is, in a line.
    pub summary: String,
    /// Its words that show something.
    pub words: Vec<Words>,
    /// Whether its question was refused, so that it gives nothing but that it was asked.
    pub refused: bool,
}

/// What is public on a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mosaic {
    /// The subject in words.
    pub subject: String,
    /// Every piece, oldest first.
    pub pieces: Vec<Piece>,
    /// Everything they give together.
    pub together: Kinds,
}

/// The mosaic of a subject of the triage data, or of one thing; `None` when there is no such subject or thing.
#[must_use]
pub fn mosaic(
    index: &Index,
    reading: &Reading<'_>,
    subject: &str,
    lookup: &Lookup<'_>,
) -> Option<Mosaic> {
    let (things, label) = things_of(reading, subject)?;
    let mut together = Kinds::NONE;
    let mut pieces = Vec::new();
    for (number, _) in index.about(&things) {
        let Some(read) = index.id(number).and_then(|(source, id)| lookup(source, id)) else {
            continue;
        };
        let piece = piece(reading, &read, &things);
        together |= piece.kinds;
        pieces.push(piece);
    }
    Some(Mosaic {
        subject: label,
        pieces,
        together,
    })
}

/// The things of a subject, or the thing of this id, with what it is called.
pub(super) fn things_of(reading: &Reading<'_>, subject: &str) -> Option<(Vec<ThingId>, String)> {
    if let Some(label) = reading.vocabulary.subject_label(subject) {
        let things = reading
            .lexicon
            .things()
            .filter(|(_, thing)| thing.subject == subject)
            .map(|(id, _)| id)
            .collect();
        return Some((things, label.to_owned()));
    }
    let thing = reading.lexicon.thing_called(subject)?;
    let label = reading.lexicon.thing(thing)?.label.clone();
    Some((vec![thing], label))
}

fn piece(reading: &Reading<'_>, read: &ReadEntry, things: &[ThingId]) -> Piece {
    let entry = &read.entry;
    let mut kinds = Kinds::NONE;
    let mut labels: Vec<String> = Vec::new();
    let mut words: Vec<Words> = Vec::new();
    for one in &read.revealed {
        if !things.contains(&one.thing) {
            continue;
        }
        kinds |= one.gives | one.confirms | one.denies;
        if let Some(thing) = reading.lexicon.thing(one.thing)
            && !labels.contains(&thing.label)
        {
            labels.push(thing.label.clone());
        }
        for passage in &one.passages {
            let text = entry
                .words(passage.field)
                .get(passage.span.clone())
                .unwrap_or("");
            let one = Words {
                field: passage.field.name(),
                text: short(text),
            };
            if !one.text.is_empty() && !words.contains(&one) {
                words.push(one);
            }
        }
    }
    let refused = match &entry.says {
        Says::Exchanges(exchanges) => exchanges.iter().all(|exchange| {
            matches!(
                exchange.outcome,
                Outcome::Withheld | Outcome::NeitherConfirmedNorDenied | Outcome::Other
            )
        }),
        Says::Contract(_) | Says::Text(_) => false,
    };
    Piece {
        source: entry.source,
        id: entry.id.clone(),
        place: entry.place.clone(),
        published_on: entry.published_on,
        withdrawn_on: entry.withdrawn_on,
        things: labels,
        kinds,
        summary: entry.summary(),
        words,
        refused,
    }
}
