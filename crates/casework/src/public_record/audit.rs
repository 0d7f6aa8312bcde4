//! Everything published held against the policy: where they contradict each other.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::check::Words;
use super::entry::{PublishedEntry, Reading, Revealed, Says, Source, short};
use super::index::{Index, Standing};
use super::kinds::Kinds;
use super::lexicon::ThingId;
use super::publishing::telling;
use super::{Path, question_of};
use crate::policy::{Category, ConfirmStance, ContentStance, Policy};

/// A published entry that takes part in a contradiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Where it was published.
    pub source: Source,
    /// Its id there.
    pub id: String,
    /// Its address.
    pub place: String,
    /// When.
    pub published_on: Option<Date>,
    /// What it is, in a line.
    pub summary: String,
    /// The words.
    pub words: Vec<Words>,
}

/// Something that policy and record, or two parts of the record, say differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// `record.supplier_named` and the like.
    pub code: &'static str,
    /// What is contradicted and the way out.
    pub message: String,
    /// The policy's row; empty where two published entries contradict each other.
    pub row: String,
    /// The policy's cells that can't be kept.
    pub cells: Vec<String>,
    /// What about, "firewalls".
    pub thing: String,
    /// The entries.
    pub entries: Vec<Cited>,
}

/// Every contradiction between a policy and what was published, and between a published refusal and a published answer.
///
/// For each thing: the cells that the policy neither confirms nor denies although a register names the thing and its
/// supplier; those whose content it protects although an entry gives it; and refusals that another entry answers or
/// confirms. Contracts that ended before `today` speak of the past and contradict nothing.
#[must_use]
pub fn audit(
    reading: &Reading<'_>,
    policy: &Policy,
    entries: &[PublishedEntry],
    today: Date,
) -> Vec<Contradiction> {
    let read: Vec<Vec<Revealed>> = entries.iter().map(|entry| reading.read(entry)).collect();
    let mut groups: BTreeMap<(usize, ThingId, Code), Group> = BTreeMap::new();
    for (at, (entry, revealed)) in entries.iter().zip(&read).enumerate() {
        if entry.ended_on().is_some_and(|ended| ended < today) {
            continue;
        }
        for one in revealed {
            gather(reading, policy, at, one, &mut groups);
        }
    }
    let mut found: Vec<Contradiction> = groups
        .into_iter()
        .filter_map(|((row, thing, code), group)| {
            let row = policy.categories.get(row)?;
            Some(contradiction(reading, entries, row, thing, code, &group))
        })
        .collect();
    found.extend(refusals(reading, entries, &read, today));
    found
}

/// What is contradicted, the plainest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Code {
    /// The policy neither confirms nor denies what a contract with its supplier shows.
    SupplierNamed,
    /// The policy neither confirms nor denies what another entry shows.
    ExistencePublished,
    /// The policy protects what an entry gives.
    ContentPublished,
}

#[derive(Default)]
struct Group {
    cells: Kinds,
    entries: Vec<(usize, Revealed)>,
}

fn gather(
    reading: &Reading<'_>,
    policy: &Policy,
    at: usize,
    revealed: &Revealed,
    groups: &mut BTreeMap<(usize, ThingId, Code), Group>,
) {
    let Some(thing) = reading.lexicon.thing(revealed.thing) else {
        return;
    };
    let Some((row_at, row)) = policy.categories.iter().enumerate().find(|(_, row)| {
        row.subjects
            .iter()
            .any(|line| line.ids.contains(&thing.subject))
    }) else {
        return;
    };
    let mut neither = Kinds::NONE;
    let mut protected = Kinds::NONE;
    for cell in &row.kinds {
        let kind = super::kinds::called(&cell.id).unwrap_or_default();
        if cell.confirm == ConfirmStance::NeitherConfirmNorDeny {
            neither |= kind;
        }
        if cell.confirm == ConfirmStance::NeitherConfirmNorDeny
            || cell.content == ContentStance::Withhold
        {
            protected |= kind;
        }
    }
    let mut add = |code: Code, cells: Kinds| {
        if cells.is_empty() {
            return;
        }
        let group = groups.entry((row_at, revealed.thing, code)).or_default();
        group.cells |= cells;
        group.entries.push((at, revealed.clone()));
    };
    if revealed.exists {
        let code = if revealed.gives.meets(Kinds::SUPPLIER) {
            Code::SupplierNamed
        } else {
            Code::ExistencePublished
        };
        add(code, neither.both(reading.lexicon.confirmed_by_existence()));
    }
    add(Code::ContentPublished, protected.both(revealed.gives));
}

fn contradiction(
    reading: &Reading<'_>,
    entries: &[PublishedEntry],
    row: &Category,
    thing: ThingId,
    code: Code,
    group: &Group,
) -> Contradiction {
    let label = reading
        .lexicon
        .thing(thing)
        .map_or("", |thing| thing.label.as_str());
    let cells: Vec<String> = row
        .kinds
        .iter()
        .filter(|cell| super::kinds::called(&cell.id).is_some_and(|kind| kind.meets(group.cells)))
        .map(|cell| cell.label.clone())
        .collect();
    let list = cells.join("; ");
    let title = &row.title;
    let (code, message) = match code {
        Code::SupplierNamed => (
            "record.supplier_named",
            format!(
                "the policy neither confirms nor denies, under \"{title}\", whether it holds information about {label} ({list}), \
                 and the register names the contract and its supplier: say that it is held, and withhold only what would do \
                 harm"
            ),
        ),
        Code::ExistencePublished => (
            "record.existence_published",
            format!(
                "the policy neither confirms nor denies, under \"{title}\", whether it holds information about {label} ({list}), \
                 and what is published shows that it does: say that it is held, and withhold only what would do harm"
            ),
        ),
        Code::ContentPublished => (
            "record.content_published",
            format!(
                "the policy protects, under \"{title}\", what is published of {label}: {}; answer from what is public, and change \
                 the entry or the policy",
                telling(group.cells)
            ),
        ),
    };
    Contradiction {
        code,
        message,
        row: title.clone(),
        cells,
        thing: label.to_owned(),
        entries: group
            .entries
            .iter()
            .filter_map(|(at, revealed)| {
                let entry = entries.get(*at)?;
                Some(cited(
                    entry,
                    revealed,
                    (code == "record.content_published").then_some(group.cells),
                ))
            })
            .collect(),
    }
}

fn cited(entry: &PublishedEntry, revealed: &Revealed, shows: Option<Kinds>) -> Cited {
    let words: Vec<Words> = revealed
        .passages
        .iter()
        .filter(|passage| shows.is_none_or(|shows| passage.shows.meets(shows)))
        .map(|passage| Words {
            field: passage.field.name(),
            text: short(
                entry
                    .words(passage.field)
                    .get(passage.span.clone())
                    .unwrap_or(""),
            ),
        })
        .filter(|words| !words.text.is_empty())
        .collect();
    Cited {
        source: entry.source,
        id: entry.id.clone(),
        place: entry.place.clone(),
        published_on: entry.published_on,
        summary: entry.summary(),
        words,
    }
}

/// Published refusals that another published entry answers or confirms.
fn refusals(
    reading: &Reading<'_>,
    entries: &[PublishedEntry],
    read: &[Vec<Revealed>],
    today: Date,
) -> Vec<Contradiction> {
    let mut index = Index::default();
    let numbers: BTreeMap<u32, usize> = entries
        .iter()
        .zip(read)
        .enumerate()
        .map(|(at, (entry, revealed))| (index.insert(entry, revealed), at))
        .collect();
    let mut found = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let Says::Exchanges(exchanges) = &entry.says else {
            continue;
        };
        for exchange in exchanges {
            let Some(path) = Path::of_refusal(exchange.outcome) else {
                continue;
            };
            let question = question_of(reading.vocabulary, &exchange.question);
            let asked = reading.asked(&exchange.question, &question);
            let search = index.search(reading.lexicon, &asked, today);
            let mut thing = String::new();
            let against: Vec<Cited> = search
                .best
                .iter()
                .filter(|found| {
                    found.standing > Standing::Suggests && path.is_blocked_by(found.standing)
                })
                .filter_map(|found| Some((numbers.get(&found.entry)?, found.thing)))
                .filter(|(other, _)| **other != at)
                .filter_map(|(other, through)| {
                    let revealed = read.get(*other)?.iter().find(|one| one.thing == through)?;
                    let other = entries.get(*other)?;
                    if let Some(named) = reading.lexicon.thing(through) {
                        thing.clone_from(&named.label);
                    }
                    Some(cited(other, revealed, None))
                })
                .collect();
            if against.is_empty() {
                continue;
            }
            let said = match path {
                Path::NeitherConfirmNorDeny => "was neither confirmed nor denied",
                Path::NotHeld => "was said not to be held",
                Path::Withhold | Path::Answer => "was withheld",
            };
            found.push(Contradiction {
                code: "record.refusal_contradicted",
                message: format!(
                    "{} in {} {said}, and other entries answer or confirm it: look at the refusal again before it is relied on",
                    short(&exchange.question),
                    entry.id
                ),
                row: String::new(),
                cells: Vec::new(),
                thing,
                entries: against,
            });
        }
    }
    found
}
