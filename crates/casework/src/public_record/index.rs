//! Everything published, by thing and kind of information: one question against a million entries.

use std::collections::HashMap;

use jiff::civil::Date;

use super::entry::{Asked, PublishedEntry, Reading, Revealed, Source};
use super::kinds::Kinds;
use super::lexicon::{Lexicon, ThingId};

/// How an entry stands to a question, weakest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It speaks of the past, or of part of what is asked.
    Suggests,
    /// It shows that what is asked about exists, or that the information is or isn't held.
    Confirms,
    /// It gives what is asked.
    Answers,
}

/// An entry found, by its number in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// How it stands to the question.
    pub standing: Standing,
    /// When it was published, as a day number; `i32::MIN` where unknown.
    day: i32,
    /// Its number in the index.
    pub entry: u32,
    /// Through which thing it was found.
    pub thing: ThingId,
}

/// What was found: the best of it, and how much there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The best, plainest and newest first.
    pub best: Vec<Found>,
    /// How many entries were found in all.
    pub total: usize,
}

/// The most entries that a search gives.
pub const MOST: usize = 50;

#[derive(Clone, Copy, Debug)]
struct Posting {
    entry: u32,
    gives: u32,
    confirms: u32,
    denies: u32,
}

#[derive(Clone, Copy, Debug)]
struct Meta {
    source: Source,
    day: i32,
    /// The last day it speaks of the present, as a day number.
    ends: i32,
    removed: bool,
}

/// The index. Add entries as they are published; the order makes no difference to what is found.
#[derive(Debug, Default)]
pub struct Index {
    ids: Vec<Box<str>>,
    meta: Vec<Meta>,
    by_id: HashMap<(Source, Box<str>), u32>,
    by_thing: HashMap<ThingId, Vec<Posting>>,
    /// The entries that name a maker or product, with the thing.
    by_name: HashMap<Box<str>, Vec<(u32, ThingId)>>,
    counts: [u32; 5],
}

/// Set in `gives` where the entry shows that the thing exists; no kind of information has this bit.
const EXISTS: u32 = 1 << 31;

impl Index {
    /// Reads an entry and adds it; one with the same source and id is replaced. Gives its number.
    pub fn add(&mut self, reading: &Reading<'_>, entry: &PublishedEntry) -> u32 {
        let revealed = reading.read(entry);
        self.insert(entry, &revealed)
    }

    /// Adds an entry that was read before.
    pub(super) fn insert(&mut self, entry: &PublishedEntry, revealed: &[Revealed]) -> u32 {
        self.remove(entry.source, &entry.id);
        let number = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push(entry.id.as_str().into());
        self.meta.push(Meta {
            source: entry.source,
            day: entry.published_on.map_or(i32::MIN, day_number),
            ends: entry.ended_on().map_or(i32::MAX, day_number),
            removed: false,
        });
        self.by_id
            .insert((entry.source, entry.id.as_str().into()), number);
        if let Some(count) = self.counts.get_mut(entry.source as usize) {
            *count = count.saturating_add(1);
        }
        for one in revealed {
            let exists = if one.exists { EXISTS } else { 0 };
            self.by_thing.entry(one.thing).or_default().push(Posting {
                entry: number,
                gives: one.gives.bits() | exists,
                confirms: one.confirms.bits(),
                denies: one.denies.bits(),
            });
            for name in &one.names {
                let list = self.by_name.entry(name.as_str().into()).or_default();
                if list.last() != Some(&(number, one.thing)) {
                    list.push((number, one.thing));
                }
            }
        }
        number
    }

    /// Forgets an entry that should never have been in: a mistake of the index, not a withdrawal from the public.
    pub fn remove(&mut self, source: Source, id: &str) {
        if let Some(number) = self.by_id.remove(&(source, Box::from(id)))
            && let Some(meta) = self.meta.get_mut(number as usize)
        {
            meta.removed = true;
            if let Some(count) = self.counts.get_mut(source as usize) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// How many entries it holds of a source.
    #[must_use]
    pub fn count(&self, source: Source) -> u32 {
        self.counts.get(source as usize).copied().unwrap_or(0)
    }

    /// The source and id of an entry.
    #[must_use]
    pub fn id(&self, entry: u32) -> Option<(Source, &str)> {
        let meta = self.meta.get(entry as usize)?;
        self.ids
            .get(entry as usize)
            .map(|id| (meta.source, id.as_ref()))
    }

    /// What is public that answers or confirms what is asked, as things stand on `today`.
    #[must_use]
    pub fn search(&self, lexicon: &Lexicon, asked: &Asked, today: Date) -> Search {
        let today = day_number(today);
        let wanted = asked.kinds.bits();
        let by_existence = asked.kinds.meets(lexicon.confirmed_by_existence());
        let named = self.named(asked);
        let mut things = asked.things.clone();
        if things.is_empty() {
            things.extend(named.iter().flatten().map(|(_, thing)| *thing));
            things.sort_unstable();
            things.dedup();
        }
        let mut best: std::collections::BinaryHeap<std::cmp::Reverse<Found>> =
            std::collections::BinaryHeap::new();
        let mut seen: Vec<u64> = vec![0; self.ids.len().div_ceil(64)];
        let mut total: usize = 0;
        for thing in &things {
            // Numbers only grow, so both lists are in their order and are walked together.
            let mut left = named.as_deref().unwrap_or(&[]);
            for posting in self.by_thing.get(thing).into_iter().flatten() {
                // A question about one product is neither answered nor confirmed by another.
                if named.is_some() {
                    while let Some((first, rest)) = left.split_first()
                        && first.0 < posting.entry
                    {
                        left = rest;
                    }
                    match left.first() {
                        Some((entry, _)) if *entry == posting.entry => {}
                        Some(_) => continue,
                        None => break,
                    }
                }
                let Some(meta) = self.meta.get(posting.entry as usize) else {
                    continue;
                };
                if meta.removed {
                    continue;
                }
                let standing = if (posting.gives | posting.denies) & wanted != 0 {
                    Standing::Answers
                } else if posting.confirms & wanted != 0
                    || by_existence && posting.gives & EXISTS != 0
                {
                    Standing::Confirms
                } else {
                    continue;
                };
                let only_part = asked.vague && named.is_none();
                let standing = if meta.ends < today || only_part {
                    Standing::Suggests
                } else {
                    standing
                };
                let word = seen.get_mut((posting.entry / 64) as usize);
                let bit = 1_u64 << (posting.entry % 64);
                if let Some(word) = word
                    && *word & bit == 0
                {
                    *word |= bit;
                    total = total.saturating_add(1);
                }
                let found = Found {
                    standing,
                    day: meta.day,
                    entry: posting.entry,
                    thing: *thing,
                };
                if best.len() < MOST.saturating_mul(2) {
                    best.push(std::cmp::Reverse(found));
                } else if best.peek().is_some_and(|least| least.0 < found) {
                    best.pop();
                    best.push(std::cmp::Reverse(found));
                }
            }
        }
        let mut sorted: Vec<Found> = best.into_iter().map(|found| found.0).collect();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        let mut once = std::collections::BTreeSet::new();
        sorted.retain(|found| once.insert(found.entry));
        sorted.truncate(MOST);
        Search {
            best: sorted,
            total,
        }
    }

    /// The entries that name a product or maker that the question names, each with the thing; `None` when it names none.
    fn named(&self, asked: &Asked) -> Option<Vec<(u32, ThingId)>> {
        let words = asked
            .words
            .iter()
            .filter(|word| self.by_name.contains_key(word.as_str()));
        let names: Vec<&String> = asked.names.iter().chain(words).collect();
        if names.is_empty() {
            return None;
        }
        let mut entries: Vec<(u32, ThingId)> = names
            .into_iter()
            .filter_map(|name| self.by_name.get(name.as_str()))
            .flatten()
            .copied()
            .collect();
        entries.sort_unstable();
        entries.dedup();
        Some(entries)
    }

    /// Every entry about any of these things, with what it gives, oldest first.
    #[must_use]
    pub fn about(&self, things: &[ThingId]) -> Vec<(u32, Kinds)> {
        let mut found: HashMap<u32, u32> = HashMap::new();
        for posting in things
            .iter()
            .filter_map(|thing| self.by_thing.get(thing))
            .flatten()
        {
            *found.entry(posting.entry).or_default() |=
                posting.gives | posting.confirms | posting.denies;
        }
        let mut found: Vec<(u32, Kinds)> = found
            .into_iter()
            .filter(|(entry, _)| {
                self.meta
                    .get(*entry as usize)
                    .is_some_and(|meta| !meta.removed)
            })
            .map(|(entry, bits)| (entry, Kinds::from_bits(bits)))
            .collect();
        found.sort_unstable_by_key(|(entry, _)| {
            (self.meta.get(*entry as usize).map(|meta| meta.day), *entry)
        });
        found
    }
}

fn day_number(date: Date) -> i32 {
    i32::from(date.year())
        .saturating_mul(512)
        .saturating_add(i32::from(date.month()).saturating_mul(32))
        .saturating_add(i32::from(date.day()))
}
