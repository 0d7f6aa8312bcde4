//! Which rows of the register answer a question, best first, each with its reasons; and none where none does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use crate::register::contract::Contract;
use crate::register::question::{self, Wanted, Word};
use crate::register::spelling::distance;
use crate::register::thesaurus::{Named, Sense, Thesaurus, stem};

/// The share of a question's subject that a row must say before anything is claimed.
const ENOUGH: f32 = 0.55;
/// What it must say at least where the question names its supplier too.
const ENOUGH_WITH_SUPPLIER: f32 = 0.3;
/// Rows this far behind the best are no answer beside it.
const BEHIND: f32 = 0.8;
/// What a word of a name is worth in a row that doesn't have what the name means.
const PART_OF_A_NAME: f32 = 0.6;
/// What a concept is worth whose name a question gives with other words between.
const LOOSELY: f32 = 0.9;
/// The share of a row's words that must speak of a concept for the row to be about it, and how much that is worth.
const SPEAKS: f32 = 0.25;
const SPEAKING_WORTH: f32 = 0.8;
/// A word that neither the register nor the thesaurus knows tells less against a row than one that they know.
const UNKNOWN: f32 = 0.5;
/// How much less a word that nearly every contract has tells.
const GENERIC: f32 = 0.12;
/// What a word is worth in a row that has another word of the same stem: "cuts" where it says "cutting".
const OTHER_SENSE: f32 = 0.5;
/// What a word is worth in a row that says the same in another everyday word.
const CALLED_ELSE: f32 = 0.8;
/// A row that says so much of a question answers all of it, whatever "and" stands between.
const SAYS_ALL: f32 = 0.8;

/// A row that answers a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The place of the contract among those indexed.
    pub row: usize,
    /// How much of the question the row says, 0 to 1.
    pub score: f32,
    /// Whether the question names what the row is for. Where it doesn't, it has one word of its description, as "council
    /// tax" is in that of the agents who collect its debts.
    pub is_named: bool,
    /// Why, for a person.
    pub reasons: Vec<String>,
}

/// Where a word stands in a row, for what it is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Posting {
    pub row: u32,
    pub worth: f32,
    /// The form in which a word stands there; both where it stands in several.
    sense: Sense,
}

impl Posting {
    /// Whether it is this word, and no other of the same stem.
    pub(super) fn is_said(self, said: &str) -> bool {
        self.sense.is(Sense::of(said))
    }
}

/// What a question with dates asks all contracts of.
#[derive(Clone, Debug)]
pub(super) enum Class {
    /// "ICT infrastructure": a kind of the thesaurus.
    Kind(usize),
    /// A department of the register, with its rows.
    Department(String, BTreeSet<u32>),
}

/// The register made ready for questions.
#[derive(Clone, Debug)]
pub struct Index {
    pub(super) thesaurus: Thesaurus,
    pub(super) words: HashMap<String, Vec<Posting>>,
    pub(super) concepts: Vec<Vec<Posting>>,
    suppliers: BTreeMap<String, Vec<u32>>,
    references: HashMap<String, Vec<u32>>,
    /// Departments by the stems of their names: as written, and their rows.
    departments: HashMap<Vec<String>, (String, BTreeSet<u32>)>,
    pub(super) dates: Vec<(Option<Date>, Option<Date>)>,
    lengths: Vec<f32>,
    /// The words of the register by their first letter, for mending misspelt ones.
    spelt: BTreeMap<char, Vec<String>>,
}

impl Index {
    /// Makes a register ready.
    #[must_use]
    pub fn new(contracts: &[Contract], thesaurus: Thesaurus) -> Self {
        let mut index = Self {
            words: HashMap::new(),
            concepts: vec![Vec::new(); thesaurus.concepts()],
            suppliers: BTreeMap::new(),
            references: HashMap::new(),
            departments: HashMap::new(),
            dates: contracts
                .iter()
                .map(|contract| (contract.start, contract.end))
                .collect(),
            lengths: Vec::with_capacity(contracts.len()),
            spelt: BTreeMap::new(),
            thesaurus,
        };
        for (row, contract) in contracts.iter().enumerate() {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            index.add(row, contract);
        }
        let all: BTreeSet<String> = index
            .words
            .keys()
            .chain(&index.thesaurus.stems)
            .filter(|word| word.len() >= 4)
            .cloned()
            .collect();
        for word in all {
            if let Some(first) = word.chars().next() {
                index.spelt.entry(first).or_default().push(word);
            }
        }
        index
    }

    fn add(&mut self, row: u32, contract: &Contract) {
        let mut words: BTreeMap<String, (f32, Sense)> = BTreeMap::new();
        let mut concepts: BTreeMap<usize, f32> = BTreeMap::new();
        let mut length = 0.0;
        for (text, worth) in [(&contract.title, 1.0f32), (&contract.description, 0.85)] {
            let Some(text) = text else { continue };
            let stems = self.thesaurus.stems_of(text);
            for named in self.thesaurus.named(&stems) {
                let standing = concepts.entry(named.concept).or_insert(0.0);
                *standing = standing.max(worth);
            }
            for said in self.thesaurus.words_of(text) {
                if self.thesaurus.small.contains(&said) {
                    continue;
                }
                let (stem, sense) = (stem(&said), Sense::of(&said));
                if !self.thesaurus.generic.contains(&stem) {
                    length += 1.0;
                }
                let (standing, known) = words.entry(stem).or_insert((0.0, sense));
                *standing = standing.max(worth);
                if *known != sense {
                    *known = Sense::Done;
                }
            }
        }
        let telling: BTreeSet<&str> = words
            .keys()
            .map(String::as_str)
            .filter(|word| !self.thesaurus.generic.contains(*word))
            .collect();
        for (concept, share) in self.thesaurus.spoken_of(&telling) {
            if share >= SPEAKS {
                let worth = (share * 2.0).min(SPEAKING_WORTH);
                let standing = concepts.entry(concept).or_insert(0.0);
                *standing = standing.max(worth);
            }
        }
        // What people call the same thing: a row that says "homes" is asked for with "flats".
        let called: Vec<(String, f32)> = words
            .iter()
            .flat_map(|(word, (worth, _))| {
                let others = self.thesaurus.called(word).into_iter();
                others.map(|other| (other, *worth * CALLED_ELSE))
            })
            .collect();
        for (word, worth) in called {
            words.entry(word).or_insert((worth, Sense::Done));
        }
        for (word, (worth, sense)) in words {
            let posting = Posting { row, worth, sense };
            self.words.entry(word).or_default().push(posting);
        }
        for (concept, worth) in concepts {
            if let Some(list) = self.concepts.get_mut(concept) {
                let sense = Sense::Done;
                list.push(Posting { row, worth, sense });
            }
        }
        self.lengths.push(length);
        for name in contract.suppliers() {
            for key in self.distinctive(name) {
                let rows = self.suppliers.entry(key).or_default();
                if rows.last() != Some(&row) {
                    rows.push(row);
                }
            }
        }
        if let Some(department) = &contract.department {
            self.departments
                .entry(self.thesaurus.stems_of(department))
                .or_insert_with(|| (department.clone(), BTreeSet::new()))
                .1
                .insert(row);
        }
        if let Some(reference) = &contract.reference
            && reference.len() >= 4
        {
            self.references
                .entry(reference.to_lowercase())
                .or_default()
                .push(row);
        }
    }

    /// The words of a company's name that it doesn't share with every other.
    fn distinctive(&self, name: &str) -> Vec<String> {
        name.split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .filter(|word| {
                word.len() >= 3
                    && !self.thesaurus.legal_forms.contains(word)
                    && !self.thesaurus.company_words.contains(word)
            })
            .collect()
    }

    /// The rows that answer a question, best first, at most `most`; of each where it names several things.
    #[must_use]
    pub fn find(&self, question: &str, most: usize) -> Vec<Match> {
        let named = self.by_reference(question);
        if !named.is_empty() {
            return named;
        }
        let wanted = question::read(question, &self.thesaurus);
        if wanted.is_beyond {
            return Vec::new();
        }
        let dates = wanted.dates.clone();
        let whole = self.best(wanted, most);
        if whole.first().is_some_and(|best| best.score >= SAYS_ALL) {
            return whole;
        }
        let mut several: Vec<Match> = Vec::new();
        let mut answered = 0_usize;
        for part in question::parts(question) {
            let mut wanted = question::read(&part, &self.thesaurus);
            wanted.dates.clone_from(&dates);
            // Without a word of its own a part asks something of the others.
            if subject(&wanted).next().is_none() && wanted.companies.is_empty() {
                continue;
            }
            let mut found = self.best(wanted, most);
            found.retain(|found| {
                found.is_named && several.iter().all(|known| known.row != found.row)
            });
            answered = answered.saturating_add(usize::from(!found.is_empty()));
            several.extend(found);
        }
        if answered > 1 { several } else { whole }
    }

    /// Whether a question may be about contracts at all.
    #[must_use]
    pub fn is_about_contracts(&self, question: &str) -> bool {
        let wanted = question::read(question, &self.thesaurus);
        wanted.is_about_contracts && !wanted.is_beyond
    }

    /// The department all of whose contracts a question asks for; an empty name where it asks for those of all. `None`
    /// where it asks for something narrower.
    #[must_use]
    pub fn list_asked_for(&self, question: &str) -> Option<&str> {
        let wanted = question::read(question, &self.thesaurus);
        let is_whole = wanted.is_list
            && !wanted.is_beyond
            && wanted.dates.is_empty()
            && wanted.companies.is_empty()
            && wanted.parties.is_empty();
        if !is_whole {
            return None;
        }
        let mut stems: BTreeSet<String> = subject(&wanted)
            .map(|word| word.stem.clone())
            .filter(|stem| *stem != "register")
            .collect();
        // "It" is a small word, and "IT" a department.
        if question
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == "IT")
        {
            stems.insert("ict".to_owned());
        }
        if stems.is_empty() {
            return Some("");
        }
        self.departments
            .iter()
            .filter(|(name, _)| stems.iter().all(|stem| name.contains(stem)))
            .min_by_key(|(stems, (name, _))| (stems.len(), name))
            .map(|(_, (name, _))| name.as_str())
    }

    /// The rows that answer a question of one thing.
    fn best(&self, mut wanted: Wanted, most: usize) -> Vec<Match> {
        let Some(supplier) = self.supplier(&mut wanted) else {
            return Vec::new();
        };
        let class = self.class(&mut wanted);
        let mut scored = self.scored(&wanted, supplier.as_ref(), class.as_ref());
        scored.sort_by(|one, other| {
            other
                .1
                .total_cmp(&one.1)
                .then(self.length(one.0).total_cmp(&self.length(other.0)))
                .then(one.0.cmp(&other.0))
        });
        let best = scored.first().map_or(0.0, |(_, score)| *score);
        scored
            .into_iter()
            .filter(|(_, score)| *score >= best * BEHIND)
            .take(most)
            .map(|(row, score)| Match {
                row: row as usize,
                score: score.min(1.0),
                is_named: supplier.is_some() || class.is_some() || self.names(row, &wanted),
                reasons: self.reasons(row, &wanted, supplier.as_ref(), class.as_ref()),
            })
            .collect()
    }

    /// Whether a question names what a row is for: by a word of its title, by another name of it, or by two words of its
    /// description.
    fn names(&self, row: u32, wanted: &Wanted) -> bool {
        let stems = self.stems(wanted);
        let has = |list: Option<&Vec<Posting>>| {
            list.into_iter()
                .flatten()
                .find(|posting| posting.row == row)
                .copied()
        };
        let mut of_description = 0_usize;
        for (word, stem) in wanted.words.iter().zip(&stems) {
            if word.is_frame || self.thesaurus.generic.contains(stem) {
                continue;
            }
            let Some(posting) = has(self.words.get(stem)) else {
                continue;
            };
            if posting.is_said(&word.said) {
                if posting.worth >= 1.0 {
                    return true;
                }
                of_description = of_description.saturating_add(1);
            }
        }
        let named = self.thesaurus.named(&stems);
        let loosely = self.thesaurus.named_loosely(&stems);
        of_description > 1
            || named
                .iter()
                .map(|named| named.concept)
                .chain(loosely.iter().map(|(concept, _)| *concept))
                .any(|concept| has(self.concepts.get(concept)).is_some())
    }

    fn length(&self, row: u32) -> f32 {
        self.lengths.get(row as usize).copied().unwrap_or(0.0)
    }

    fn by_reference(&self, question: &str) -> Vec<Match> {
        question
            .split_whitespace()
            .map(|word| {
                word.trim_matches(|c: char| !c.is_alphanumeric())
                    .to_lowercase()
            })
            .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
            .filter_map(|word| Some((self.references.get(&word)?, word)))
            .flat_map(|(rows, word)| {
                rows.iter().map(move |row| Match {
                    row: *row as usize,
                    score: 1.0,
                    is_named: true,
                    reasons: vec![format!(
                        "the question names its reference, {}",
                        word.to_uppercase()
                    )],
                })
            })
            .collect()
    }

    /// The supplier that a question names, with its rows; its words leave the subject. `None` where it names a company
    /// that the register doesn't have, `Some(None)` where it names none.
    #[expect(
        clippy::option_option,
        reason = "no answer, no supplier and a supplier are three things"
    )]
    fn supplier(&self, wanted: &mut Wanted) -> Option<Option<(String, Vec<u32>)>> {
        let known = |word: &String| {
            self.suppliers.get_key_value(word).or_else(|| {
                // A supplier's name misspelt by a letter.
                (word.len() >= 7
                    && !self.words.contains_key(&stem(word))
                    && !self.thesaurus.stems.contains(&stem(word)))
                .then(|| {
                    self.suppliers
                        .iter()
                        .find(|(name, _)| name.len() >= 7 && distance(name, word, 1) <= 1)
                })
                .flatten()
            })
        };
        let mut named = None;
        for company in &wanted.companies {
            let words: Vec<&String> = company
                .iter()
                .filter(|word| !self.thesaurus.company_words.contains(*word) && word.len() >= 3)
                .collect();
            match words.iter().find_map(|word| known(word)) {
                Some((name, rows)) => named = Some((name.clone(), rows.clone())),
                None if words.is_empty() => {}
                None => return None,
            }
        }
        // "the contract with Aquachem": a name that nothing here knows is a company that the register doesn't have.
        if named.is_none()
            && wanted.parties.iter().any(|word| {
                let stem = stem(word);
                known(word).is_none()
                    && !self.words.contains_key(&stem)
                    && !self.thesaurus.stems.contains(&stem)
                    && self.spelt_right(&stem) == stem
            })
        {
            return None;
        }
        let in_company: BTreeSet<String> = wanted.companies.iter().flatten().cloned().collect();
        wanted.words.retain(|word| {
            if in_company.contains(&word.said) || self.thesaurus.legal_forms.contains(&word.said) {
                return false;
            }
            // A word that titles use too names a thing more likely than a company.
            let is_thing = word.is_frame
                || self.words.contains_key(&word.stem)
                || self.thesaurus.stems.contains(&word.stem);
            match known(&word.said).filter(|_| !is_thing) {
                Some((name, rows)) => {
                    named = named.take().or_else(|| Some((name.clone(), rows.clone())));
                    false
                }
                None => true,
            }
        });
        Some(named)
    }

    /// The kind of contract, or the department, that is the whole subject of a question with dates: "Which ICT
    /// infrastructure contracts expire…".
    fn class(&self, wanted: &mut Wanted) -> Option<Class> {
        if wanted.dates.is_empty() {
            return None;
        }
        let subject: Vec<String> = subject(wanted).map(|word| word.stem.clone()).collect();
        let kind = self
            .thesaurus
            .kinds
            .iter()
            .position(|(_, names)| names.contains(&subject));
        let class = match kind {
            Some(kind) => Class::Kind(kind),
            None => {
                let (name, rows) = self.departments.get(&subject)?;
                Class::Department(name.clone(), rows.clone())
            }
        };
        wanted.words.clear();
        Some(class)
    }

    fn in_time(&self, row: u32, wanted: &Wanted) -> bool {
        let (start, end) = self
            .dates
            .get(row as usize)
            .copied()
            .unwrap_or((None, None));
        wanted.dates.iter().all(|span| {
            let date = if span.is_start { start } else { end };
            date.is_some_and(|date| (span.from..=span.to).contains(&date))
        })
    }

    fn scored(
        &self,
        wanted: &Wanted,
        supplier: Option<&(String, Vec<u32>)>,
        class: Option<&Class>,
    ) -> Vec<(u32, f32)> {
        let in_time = |row: &u32| self.in_time(*row, wanted);
        let of_supplier: Option<BTreeSet<u32>> =
            supplier.map(|(_, rows)| rows.iter().copied().collect());
        let tells = subject(wanted).any(|word| !self.thesaurus.generic.contains(&word.stem));
        if let Some(class) = class {
            let mut rows: BTreeMap<u32, f32> = BTreeMap::new();
            match class {
                Class::Kind(kind) => {
                    for (concept, postings) in self.concepts.iter().enumerate() {
                        if self.thesaurus.kind_of(concept) == Some(*kind) {
                            for posting in postings {
                                let standing = rows.entry(posting.row).or_insert(0.0);
                                *standing = standing.max(posting.worth);
                            }
                        }
                    }
                }
                Class::Department(_, of_department) => {
                    rows.extend(of_department.iter().map(|row| (*row, 0.9)));
                }
            }
            return rows
                .into_iter()
                .filter(|(row, _)| {
                    in_time(row) && of_supplier.as_ref().is_none_or(|rows| rows.contains(row))
                })
                .collect();
        }
        if !tells
            && (supplier.is_some() || !wanted.dates.is_empty() && subject(wanted).next().is_none())
        {
            let all = 0..u32::try_from(self.dates.len()).unwrap_or(u32::MAX);
            return all
                .filter(|row| of_supplier.as_ref().is_none_or(|rows| rows.contains(row)))
                .filter(in_time)
                .map(|row| (row, 0.9))
                .collect();
        }
        // What every other contract has says nothing of which one is meant.
        if !tells
            && supplier.is_none()
            && wanted.dates.is_empty()
            && self.thesaurus.named(&self.stems(wanted)).is_empty()
        {
            return Vec::new();
        }
        let enough = if supplier.is_some() {
            ENOUGH_WITH_SUPPLIER
        } else {
            ENOUGH
        };
        let mut scores = self.said(wanted);
        scores.retain(|(row, score)| {
            *score >= enough
                && in_time(row)
                && of_supplier.as_ref().is_none_or(|rows| rows.contains(row))
        });
        scores
    }

    /// The stems of a question as the register or the thesaurus spells them.
    pub(super) fn stems(&self, wanted: &Wanted) -> Vec<String> {
        wanted
            .words
            .iter()
            .map(|word| {
                if word.is_frame {
                    word.stem.clone()
                } else {
                    self.spelt_right(&word.stem)
                }
            })
            .collect()
    }

    /// How much of a question's subject each row says.
    fn said(&self, wanted: &Wanted) -> Vec<(u32, f32)> {
        let stems = self.stems(wanted);
        let named = self.thesaurus.named(&stems);
        let loose = self.thesaurus.named_loosely(&stems);
        let length = |named: &Named| named.to.saturating_sub(named.from);
        let mut total = 0.0f32;
        let mut sums: HashMap<u32, f32> = HashMap::new();
        for (at, word) in stems.iter().enumerate() {
            // A word said twice counts once.
            if wanted.words.get(at).is_none_or(|word| word.is_frame)
                || stems.get(..at).is_some_and(|before| before.contains(word))
            {
                continue;
            }
            // A name that nothing here knows tells as much as any: "the Salesforce licences" are no other licences.
            let is_foreign = wanted
                .words
                .get(at)
                .is_some_and(|asked| wanted.names.contains(&asked.said))
                && !self.is_known(word);
            let weight = if is_foreign { 1.0 } else { self.weight(word) };
            total += weight;
            let mut worth: HashMap<u32, f32> = HashMap::new();
            let sense = wanted
                .words
                .get(at)
                .map_or(Sense::Done, |asked| Sense::of(&asked.said));
            for posting in self.words.get(word).into_iter().flatten() {
                let is_same = sense.is(posting.sense) || self.thesaurus.generic.contains(word);
                let share = if is_same { 1.0 } else { OTHER_SENSE };
                worth.insert(posting.row, posting.worth * share);
            }
            // The longest names that hold the word say what it means; shorter ones inside them don't.
            let holding: Vec<&Named> = named
                .iter()
                .filter(|named| (named.from..named.to).contains(&at))
                .collect();
            let longest = holding.iter().map(|named| length(named)).max().unwrap_or(0);
            let meant: BTreeSet<usize> = holding
                .iter()
                .filter(|named| length(named) == longest)
                .map(|named| named.concept)
                .collect();
            // A word of a longer name says less alone: a wide area network is no storage area network, and wireless in
            // libraries no library management system.
            let is_part = holding
                .iter()
                .any(|named| length(named) == longest && longest > 1);
            if is_part {
                for worth in worth.values_mut() {
                    *worth *= PART_OF_A_NAME;
                }
            }
            // A word that helps to name the thing elsewhere in the question: "grit for the roads".
            let beside: BTreeSet<usize> = named
                .iter()
                .map(|named| named.concept)
                .filter(|concept| meant.is_empty() && self.thesaurus.holds(*concept, word))
                .collect();
            for concept in meant.iter().chain(&beside) {
                for posting in self.concepts.get(*concept).into_iter().flatten() {
                    let standing = worth.entry(posting.row).or_insert(0.0);
                    *standing = standing.max(posting.worth * 0.97);
                }
            }
            for (concept, _) in loose.iter().filter(|(_, places)| places.contains(&at)) {
                for posting in self.concepts.get(*concept).into_iter().flatten() {
                    let standing = worth.entry(posting.row).or_insert(0.0);
                    *standing = standing.max(posting.worth * LOOSELY);
                }
            }
            for (row, worth) in worth {
                *sums.entry(row).or_insert(0.0) += worth * weight;
            }
        }
        sums.into_iter()
            .map(|(row, sum)| (row, if total > 0.0 { sum / total } else { 0.0 }))
            .collect()
    }

    /// How much a word tells: the rarer, the more; one that nearly every contract has, little.
    fn weight(&self, word: &str) -> f32 {
        if self.thesaurus.generic.contains(word) {
            return GENERIC;
        }
        let rows = self.dates.len() as f32;
        let Some(holding) = self.words.get(word).map(|rows| rows.len() as f32) else {
            return if self.thesaurus.stems.contains(word) {
                1.0
            } else {
                UNKNOWN
            };
        };
        (((rows + 1.0) / (holding + 0.5)).ln() / (rows + 2.0).ln()).clamp(0.35, 1.0)
    }

    fn is_known(&self, word: &str) -> bool {
        self.words.contains_key(word)
            || self.thesaurus.stems.contains(word)
            || self.thesaurus.generic.contains(word)
    }

    /// A word as the register or the thesaurus spells it.
    fn spelt_right(&self, word: &str) -> String {
        let known = self.is_known(word);
        let allowed = match word.len() {
            0..=4 => 0,
            5..=7 => 1,
            _ => 2,
        };
        if known || allowed == 0 {
            return word.to_owned();
        }
        let candidates = word.chars().next().and_then(|first| self.spelt.get(&first));
        candidates
            .into_iter()
            .flatten()
            .filter(|other| other.len().abs_diff(word.len()) <= allowed)
            .map(|other| (distance(other, word, allowed), other))
            .filter(|(distance, _)| *distance <= allowed)
            // Of words as near, the one that begins alike longest: "payrol" is payroll and no patrol.
            .min_by_key(|(distance, other)| {
                let alike = other
                    .chars()
                    .zip(word.chars())
                    .take_while(|(one, other)| one == other)
                    .count();
                (*distance, std::cmp::Reverse(alike), *other)
            })
            .map_or_else(|| word.to_owned(), |(_, other)| other.clone())
    }
}

/// The words of a question that don't frame it.
fn subject(wanted: &Wanted) -> impl Iterator<Item = &Word> {
    wanted.words.iter().filter(|word| !word.is_frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::contract::Source;

    fn index() -> Index {
        let rows = [
            (
                "Photocopying (MFDs)",
                "Lease and copy charge",
                "Quillmoor Print Ltd",
                "2027-03-31",
            ),
            (
                "Telephone system",
                "Hosted voice",
                "Brackenhythe Networks Ltd",
                "2028-06-30",
            ),
            (
                "Museum display cases",
                "Supply and fit",
                "Ostrelle Limited",
                "2026-12-31",
            ),
            (
                "Enforcement agents",
                "Collection of council tax debts",
                "Gritstone Services Ltd",
                "2029-03-31",
            ),
            (
                "Enforcement agents, lot 2",
                "Collection of parking debts",
                "Dunlark Ltd",
                "2027-06-30",
            ),
            (
                "Support service contract",
                "Annual maintenance and management of the system",
                "Fenwyke Ltd",
                "2027-12-31",
            ),
            (
                "Servicing of boilers",
                "Heating repairs and servicing in council homes",
                "Warmline Heating Ltd",
                "2028-03-31",
            ),
        ];
        let contracts: Vec<Contract> = rows
            .iter()
            .map(|(title, description, supplier, end)| Contract {
                title: Some((*title).to_owned()),
                description: Some((*description).to_owned()),
                supplier_name: Some((*supplier).to_owned()),
                end: end.parse().ok(),
                department: title
                    .starts_with("Enforcement")
                    .then(|| "Revenues & Parking".to_owned()),
                reference: Some(format!("HM-{}", title.len())),
                ..Contract::empty(Source {
                    sheet: None,
                    row: 2,
                    line: None,
                })
            })
            .collect();
        let thesaurus = Thesaurus::parse(
            include_str!("../../../../data/register/thesaurus.toml"),
            include_str!("../../../../data/register/questions.toml"),
        )
        .unwrap();
        Index::new(&contracts, thesaurus)
    }

    fn rows(question: &str) -> Vec<usize> {
        index()
            .find(question, 3)
            .iter()
            .map(|found| found.row)
            .collect()
    }

    #[test]
    fn rows_are_found_by_any_name_and_limited_by_dates() {
        assert_eq!(rows("Who supplies your photocopiers, and until when?"), [0]);
        assert_eq!(rows("What is the value of the VoIP contract?"), [1]);
        assert_eq!(rows("What do you pay your bailifs?"), [3, 4]);
        assert_eq!(rows("Which bailiffs contract expires in 2027?"), [4]);
        assert_eq!(rows("When does the contract with Brackenhythe end?"), [1]);
        assert_eq!(rows("What does contract HM-16 cost?"), [1]);
        assert_eq!(
            rows("What are you paying for VoIP, and when was it let?"),
            [1]
        );
        assert_eq!(
            rows("What is your telephone contract with Brackenhythe worth?"),
            [1]
        );
    }

    #[test]
    fn a_row_is_asked_for_in_other_everyday_words() {
        for question in [
            "Who services the boilers in council flats?",
            "Which firm mends the heating in council houses?",
            "boilers in council properties",
        ] {
            assert_eq!(rows(question), [6], "{question}");
        }
        assert!(rows("How many council houses are empty?").is_empty());
    }

    #[test]
    fn a_department_and_dates_are_a_whole_question() {
        assert_eq!(
            rows("Which Revenues and Parking contracts expire in 2027?"),
            [4]
        );
        assert_eq!(
            rows("Which Revenues and Parking contracts expire before 2030?"),
            [3, 4]
        );
        assert!(rows("Which Planning contracts expire in 2027?").is_empty());
    }

    #[test]
    fn nothing_is_claimed_where_no_row_answers() {
        for question in [
            "Who supplies software for museum collections?",
            "When does the contract for the Snorkelby system end?",
            "What contracts do you have with Zottleborough Dynamics Ltd?",
            "Which telephone contract begins in 2031?",
            "Who is the supplier of this service and when does the contract end?",
            "What is the contract for telephones with Zottleborough worth?",
            "How many telephones do you have?",
        ] {
            assert!(rows(question).is_empty(), "{question}");
        }
    }

    #[test]
    fn each_of_several_things_is_found() {
        assert_eq!(rows("telephony and photocopier contracts"), [1, 0]);
        assert_eq!(
            rows("Your contracts for phones, copiers and museum display cases, please"),
            [1, 0, 2]
        );
        // Beside what no row is for, the other still is.
        assert_eq!(rows("Who supplies your photocopiers and until when?"), [0]);
        assert!(rows("How many telephones and photocopiers do you have?").is_empty());
    }

    #[test]
    fn another_form_of_a_word_is_another_word() {
        let contracts: Vec<Contract> = [("Grass cutting", "Parks, verges and housing land")]
            .iter()
            .map(|(title, description)| Contract {
                title: Some((*title).to_owned()),
                description: Some((*description).to_owned()),
                ..Contract::empty(Source {
                    sheet: None,
                    row: 2,
                    line: None,
                })
            })
            .collect();
        let thesaurus = index().thesaurus;
        let index = Index::new(&contracts, thesaurus);
        assert!(index.find("Which cuts were made?", 3).is_empty());
        assert!(index.find("What do the cuts cost?", 3).is_empty());
        assert_eq!(index.find("Who does the cutting?", 3).len(), 1);
        assert_eq!(index.find("Who cuts the grass on the verges?", 3).len(), 1);
    }

    #[test]
    fn a_list_is_of_a_department_or_of_all() {
        let index = index();
        for (question, list) in [
            ("List of all your contracts", Some("")),
            ("Who are your suppliers?", Some("")),
            (
                "Please list the parking contracts",
                Some("Revenues & Parking"),
            ),
            ("Contracts for parking meters", None),
            ("When does the parking contract end?", None),
            ("How many contracts do you have?", None),
        ] {
            assert_eq!(index.list_asked_for(question), list, "{question}");
        }
    }

    #[test]
    fn each_match_says_why() {
        let found = index().find("Which bailiffs contract expires in 2027?", 3);
        assert_eq!(
            found[0].reasons,
            [
                "“bailiffs” is another name for it",
                "it ends on 30 June 2027"
            ]
        );
    }
}
