//! Everything published, by thing and kind of information: one question against a million entries.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use jiff::civil::Date;

use super::entry::{Asked, PublishedEntry, ReadEntry, Reading, Revealed, Source};
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

/// What an entry says of a thing: the kinds of information that it gives, confirms and denies, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    gives: u32,
    confirms: u32,
    denies: u32,
}

/// An entry in a list, with the days by which it is judged beside it: looking them up elsewhere costs more than the rest.
#[derive(Clone, Copy, Debug)]
struct Posting {
    entry: u32,
    day: i32,
    /// The last day it speaks of the present, as a day number.
    ends: i32,
}

/// The entries that say the same of a thing, in the order of their numbers.
#[derive(Debug)]
struct Group {
    said: Said,
    postings: Vec<Posting>,
}

/// A set of entries, a bit each.
#[derive(Clone, Debug, Default)]
struct Entries(Vec<u64>);

impl Entries {
    fn up_to(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn add(&mut self, entry: u32) {
        if let Some(bits) = self.0.get_mut((entry / 64) as usize) {
            *bits |= 1 << (entry % 64);
        }
    }

    fn has(&self, entry: u32) -> bool {
        let bits = self.0.get((entry / 64) as usize).copied().unwrap_or(0);
        bits & (1 << (entry % 64)) != 0
    }
}

/// The index. Add entries as they are published; the order makes no difference to what is found.
#[derive(Debug, Default)]
pub struct Index {
    ids: Vec<(Source, Box<str>)>,
    days: Vec<i32>,
    removed: Entries,
    by_id: HashMap<(Source, Box<str>), u32>,
    by_thing: HashMap<ThingId, Vec<Group>>,
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

    /// Adds an entry that was read; one with the same source and id is replaced. Gives its number.
    pub fn add_read(&mut self, read: &ReadEntry) -> u32 {
        self.insert(&read.entry, &read.revealed)
    }

    /// Adds an entry that was read before.
    pub(super) fn insert(&mut self, entry: &PublishedEntry, revealed: &[Revealed]) -> u32 {
        self.remove(entry.source, &entry.id);
        let number = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let posting = Posting {
            entry: number,
            day: entry.published_on.map_or(i32::MIN, day_number),
            ends: entry.ended_on().map_or(i32::MAX, day_number),
        };
        self.ids.push((entry.source, entry.id.as_str().into()));
        self.days.push(posting.day);
        self.removed.0.resize(self.ids.len().div_ceil(64), 0);
        self.by_id
            .insert((entry.source, entry.id.as_str().into()), number);
        if let Some(count) = self.counts.get_mut(entry.source as usize) {
            *count = count.saturating_add(1);
        }
        for one in revealed {
            let exists = if one.exists { EXISTS } else { 0 };
            let said = Said {
                gives: one.gives.bits() | exists,
                confirms: one.confirms.bits(),
                denies: one.denies.bits(),
            };
            let groups = self.by_thing.entry(one.thing).or_default();
            match groups.iter_mut().find(|group| group.said == said) {
                Some(group) => group.postings.push(posting),
                None => groups.push(Group {
                    said,
                    postings: vec![posting],
                }),
            }
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
        if let Some(number) = self.by_id.remove(&(source, Box::from(id))) {
            self.removed.add(number);
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
        let (source, id) = self.ids.get(entry as usize)?;
        Some((*source, id))
    }

    /// What is public that answers or confirms what is asked, as things stand on `today`.
    #[must_use]
    pub fn search(&self, lexicon: &Lexicon, asked: &Asked, today: Date) -> Search {
        let today = day_number(today);
        let wanted = asked.kinds.bits();
        let by_existence = asked.kinds.meets(lexicon.confirmed_by_existence());
        let named = self.named(asked);
        let mut things = asked.things.clone();
        if let Some(named) = named.as_ref().filter(|_| things.is_empty()) {
            things.extend(&named.things);
        }
        let naming = named.as_ref().map(|named| &named.entries);
        let only_part = asked.vague && named.is_none();
        let mut best: BinaryHeap<Reverse<Found>> = BinaryHeap::new();
        let mut seen = Entries::up_to(self.ids.len());
        for thing in &things {
            for group in self.by_thing.get(thing).into_iter().flatten() {
                let said = group.said;
                let standing = if (said.gives | said.denies) & wanted != 0 {
                    Standing::Answers
                } else if said.confirms & wanted != 0 || by_existence && said.gives & EXISTS != 0 {
                    Standing::Confirms
                } else {
                    continue;
                };
                for posting in &group.postings {
                    // A question about one product is neither answered nor confirmed by another.
                    if naming.is_some_and(|naming| !naming.has(posting.entry)) {
                        continue;
                    }
                    seen.add(posting.entry);
                    let found = Found {
                        standing: if posting.ends < today || only_part {
                            Standing::Suggests
                        } else {
                            standing
                        },
                        day: posting.day,
                        entry: posting.entry,
                        thing: *thing,
                    };
                    let is_full = best.len() >= MOST.saturating_mul(2);
                    if is_full && best.peek().is_some_and(|least| least.0 >= found)
                        || self.removed.has(posting.entry)
                    {
                        continue;
                    }
                    if is_full {
                        best.pop();
                    }
                    best.push(Reverse(found));
                }
            }
        }
        let mut sorted: Vec<Found> = best.into_iter().map(|found| found.0).collect();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        let mut once = BTreeSet::new();
        sorted.retain(|found| once.insert(found.entry));
        sorted.truncate(MOST);
        Search {
            best: sorted,
            total: seen
                .0
                .iter()
                .zip(&self.removed.0)
                .map(|(seen, removed)| (seen & !removed).count_ones() as usize)
                .sum(),
        }
    }

    /// The entries that name a product or maker that the question names; `None` when it names none.
    fn named(&self, asked: &Asked) -> Option<Naming> {
        let words = asked
            .words
            .iter()
            .filter(|word| self.by_name.contains_key(word.as_str()));
        let mut names = asked.names.iter().chain(words).peekable();
        names.peek()?;
        let mut naming = Naming {
            entries: Entries::up_to(self.ids.len()),
            things: BTreeSet::new(),
        };
        for (entry, thing) in names
            .filter_map(|name| self.by_name.get(name.as_str()))
            .flatten()
        {
            naming.entries.add(*entry);
            naming.things.insert(*thing);
        }
        Some(naming)
    }

    /// Every entry about any of these things, with what it gives, oldest first.
    #[must_use]
    pub fn about(&self, things: &[ThingId]) -> Vec<(u32, Kinds)> {
        let mut found: HashMap<u32, u32> = HashMap::new();
        for group in things
            .iter()
            .filter_map(|thing| self.by_thing.get(thing))
            .flatten()
        {
            let bits = group.said.gives | group.said.confirms | group.said.denies;
            for posting in &group.postings {
                *found.entry(posting.entry).or_default() |= bits;
            }
        }
        let mut found: Vec<(u32, Kinds)> = found
            .into_iter()
            .filter(|(entry, _)| !self.removed.has(*entry))
            .map(|(entry, bits)| (entry, Kinds::from_bits(bits)))
            .collect();
        found.sort_unstable_by_key(|(entry, _)| (self.days.get(*entry as usize), *entry));
        found
    }
}

/// What names the products and makers that a question names.
struct Naming {
    entries: Entries,
    things: BTreeSet<ThingId>,
}

fn day_number(date: Date) -> i32 {
    i32::from(date.year())
        .saturating_mul(512)
        .saturating_add(i32::from(date.month()).saturating_mul(32))
        .saturating_add(i32::from(date.day()))
}
