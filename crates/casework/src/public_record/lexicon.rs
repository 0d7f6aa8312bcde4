//! What published words say that an authority has, read from `data/public-record/things.toml`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use law::Problem;
use serde::Deserialize;
use toml::Spanned;
use triage::Vocabulary;

use super::kinds::{self, Kinds};
use super::words::{Word, compared, words};

/// A thing that contracts and answers are about: an index into the file's things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThingId(pub(crate) u16);

/// A thing, narrower than a subject of the triage data.
#[derive(Clone, Debug)]
pub struct Thing {
    /// `firewalls`.
    pub id: String,
    /// "firewalls".
    pub label: String,
    /// The id of its subject in `data/triage/subjects.toml`.
    pub subject: String,
    /// How a description can call it without saying more than the Code asks.
    pub neutral: String,
}

/// How a product's versions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Versions {
    /// By year, right after the name.
    Year,
    /// By number, right after the name.
    Number,
    /// The name holds one.
    Named,
}

/// The name of a maker or a product.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub maker: String,
    pub product: bool,
    pub things: Vec<ThingId>,
    pub versions: Option<Versions>,
    pub models: bool,
}

/// What a phrase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    Thing(ThingId),
    WeakThing(ThingId),
    Name(usize),
    /// A noun whose number is this kind of information.
    Counted(Kinds),
    Unit,
    Edition,
    Version,
    Ict,
    Incident,
    Asserted,
    Supposed,
    Filler,
}

/// A phrase where it stands, as word numbers.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    pub words: Range<usize>,
    pub sense: Sense,
}

/// Things, names and counting words, compiled.
#[derive(Debug)]
pub struct Lexicon {
    things: Vec<Thing>,
    names: Vec<Name>,
    confirmed_by_existence: Kinds,
    wide: Vec<String>,
    incidents: ThingId,
    /// The number of each word that stands in a phrase.
    numbers: HashMap<String, u32>,
    /// From a state and a word's number to the next state.
    steps: HashMap<(u32, u32), u32>,
    /// What ends in each state.
    ends: Vec<Vec<Sense>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    confirmed_by_existence: Spanned<Vec<String>>,
    wide: Spanned<Vec<String>>,
    ict: Vec<String>,
    filler: Vec<String>,
    thing: Vec<Spanned<ThingEntry>>,
    name: Vec<Spanned<NameEntry>>,
    count: Vec<Spanned<CountEntry>>,
    units: List,
    editions: List,
    versions: List,
    incidents: IncidentEntry,
    #[serde(default)]
    example: Vec<Spanned<Example>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThingEntry {
    id: String,
    label: String,
    subject: String,
    neutral: String,
    words: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameEntry {
    words: Vec<String>,
    maker: String,
    #[serde(default)]
    product: bool,
    #[serde(default)]
    things: Vec<String>,
    versions: Option<Versions>,
    #[serde(default)]
    models: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountEntry {
    kind: String,
    nouns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IncidentEntry {
    words: Vec<String>,
    asserted: Vec<String>,
    supposed: Vec<String>,
}

/// Words that were published, and what must be read in them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    says: String,
    #[serde(default)]
    things: Vec<String>,
    #[serde(default)]
    shows: Vec<String>,
}

impl Lexicon {
    /// Reads the file; `vocabulary` knows the subjects and kinds of information it may name.
    ///
    /// # Errors
    /// Every mistake of the file: unknown keys, subjects or kinds, a word that shows two things, an example that fails.
    pub fn parse(source: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(source, "things.malformed")?;
        let mut loader = Loader {
            vocabulary,
            problems: Vec::new(),
            lexicon: Self {
                things: Vec::new(),
                names: Vec::new(),
                confirmed_by_existence: Kinds::NONE,
                wide: Vec::new(),
                incidents: ThingId(0),
                numbers: HashMap::new(),
                steps: HashMap::new(),
                ends: vec![Vec::new()],
            },
        };
        let examples = loader.load(file);
        if loader.problems.is_empty() {
            loader.run(&examples);
        }
        if loader.problems.is_empty() {
            Ok(loader.lexicon)
        } else {
            Err(loader.problems)
        }
    }

    /// The thing.
    #[must_use]
    pub fn thing(&self, id: ThingId) -> Option<&Thing> {
        self.things.get(usize::from(id.0))
    }

    /// Whether it is "licences", which says less than what is licensed.
    pub(crate) fn is_licences(&self, id: ThingId) -> bool {
        self.thing(id).is_some_and(|thing| thing.id == "licences")
    }

    /// Every thing, in the file's order.
    pub fn things(&self) -> impl Iterator<Item = (ThingId, &Thing)> {
        (0_u16..).map(ThingId).zip(&self.things)
    }

    /// The thing of this id, `firewalls`.
    #[must_use]
    pub fn thing_called(&self, id: &str) -> Option<ThingId> {
        self.things()
            .find(|(_, thing)| thing.id == id)
            .map(|(at, _)| at)
    }

    /// What is plainly held once the thing is known to exist.
    #[must_use]
    pub fn confirmed_by_existence(&self) -> Kinds {
        self.confirmed_by_existence
    }

    /// Whether the things of a subject have little in common.
    pub(crate) fn is_wide(&self, subject: &str) -> bool {
        self.wide.iter().any(|wide| wide == subject)
    }

    /// The thing that stands for incidents; it is always there.
    pub(crate) fn incidents(&self) -> ThingId {
        self.incidents
    }

    pub(crate) fn name(&self, index: usize) -> Option<&Name> {
        self.names.get(index)
    }

    /// The longer words of a text that stand in no phrase.
    pub(crate) fn unknown(&self, text: &str) -> Vec<String> {
        words(text)
            .into_iter()
            .map(|word| word.text)
            .filter(|word| word.len() > 4 && !self.numbers.contains_key(word.as_str()))
            .collect()
    }

    /// Every phrase among these words, ordered by its first word, the longer first.
    pub(crate) fn matches(&self, words: &[Word]) -> Vec<Match> {
        let numbers: Vec<Option<u32>> = words
            .iter()
            .map(|word| self.numbers.get(word.text.as_str()).copied())
            .collect();
        let mut found = Vec::new();
        for first in 0..words.len() {
            let before = found.len();
            let mut state: u32 = 0;
            for (at, number) in numbers.iter().enumerate().skip(first) {
                let Some(next) = number.and_then(|number| self.steps.get(&(state, number))) else {
                    break;
                };
                if words.get(at).map(|word| word.sentence)
                    != words.get(first).map(|word| word.sentence)
                {
                    break;
                }
                state = *next;
                for sense in self.ends.get(state as usize).into_iter().flatten() {
                    found.push(Match {
                        words: first..at.saturating_add(1),
                        sense: *sense,
                    });
                }
            }
            if let Some(new) = found.get_mut(before..) {
                new.reverse();
            }
        }
        found
    }
}

/// The thing that questions and statements about incidents are about.
const INCIDENTS: &str = "cyber-incidents";

struct Loader<'v> {
    vocabulary: &'v Vocabulary,
    problems: Vec<Problem>,
    lexicon: Lexicon,
}

impl Loader<'_> {
    fn problem(&mut self, span: Range<usize>, code: &'static str, message: String) {
        self.problems.push(Problem::at(span, code, message));
    }

    fn load(&mut self, file: File) -> Vec<Spanned<Example>> {
        let span = file.confirmed_by_existence.span();
        for id in file.confirmed_by_existence.get_ref() {
            let kind = self.kind(id, &span);
            self.lexicon.confirmed_by_existence |= kind;
        }
        let span = file.wide.span();
        for subject in file.wide.into_inner() {
            if !self.vocabulary.has_subject(&subject) {
                self.problem(
                    span.clone(),
                    "things.unknown_subject",
                    format!(
                        "`wide` names the subject `{subject}`, which data/triage/subjects.toml doesn't have; use one that it has"
                    ),
                );
            }
            self.lexicon.wide.push(subject);
        }
        let mut owners: BTreeMap<String, String> = BTreeMap::new();
        for entry in file.thing {
            let span = entry.span();
            let entry = entry.into_inner();
            let Ok(index) = u16::try_from(self.lexicon.things.len()) else {
                self.problem(
                    span,
                    "things.too_many",
                    "there are too many things".to_owned(),
                );
                break;
            };
            if self.lexicon.thing_called(&entry.id).is_some() {
                self.problem(
                    span.clone(),
                    "things.duplicate_id",
                    format!("the thing `{}` stands twice; merge the two", entry.id),
                );
            }
            if !self.vocabulary.has_subject(&entry.subject) {
                self.problem(
                    span.clone(),
                    "things.unknown_subject",
                    format!(
                        "`{}` names the subject `{}`, which data/triage/subjects.toml doesn't have; use one that it has",
                        entry.id, entry.subject
                    ),
                );
            }
            for phrase in entry.words.iter().chain(&entry.weak) {
                let folded = compared(phrase);
                if let Some(other) = owners.insert(folded, entry.id.clone())
                    && other == entry.id
                {
                    self.problem(
                        span.clone(),
                        "things.duplicate_word",
                        format!("`{phrase}` stands twice in `{}`; once is enough", entry.id),
                    );
                }
            }
            for phrase in &entry.words {
                self.add(phrase, Sense::Thing(ThingId(index)), &span);
            }
            for phrase in &entry.weak {
                self.add(phrase, Sense::WeakThing(ThingId(index)), &span);
            }
            self.lexicon.things.push(Thing {
                id: entry.id,
                label: entry.label,
                subject: entry.subject,
                neutral: entry.neutral,
            });
        }
        match self.lexicon.thing_called(INCIDENTS) {
            Some(thing) => self.lexicon.incidents = thing,
            None => self.problem(
                0..0,
                "things.no_incidents",
                format!("there is no thing `{INCIDENTS}`; questions about incidents need it"),
            ),
        }
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        for entry in file.name {
            let span = entry.span();
            let entry = entry.into_inner();
            let index = self.lexicon.names.len();
            let mut things = Vec::new();
            for id in &entry.things {
                match self.lexicon.thing_called(id) {
                    Some(thing) => things.push(thing),
                    None => self.problem(
                        span.clone(),
                        "things.unknown_thing",
                        format!("`{id}` is no thing of this file; add a [[thing]] or name another"),
                    ),
                }
            }
            for phrase in &entry.words {
                if named.insert(compared(phrase), index).is_some() {
                    self.problem(
                        span.clone(),
                        "things.duplicate_name",
                        format!("the name `{phrase}` stands twice; once is enough"),
                    );
                }
                self.add(phrase, Sense::Name(index), &span);
            }
            self.lexicon.names.push(Name {
                maker: entry.maker,
                product: entry.product,
                things,
                versions: entry.versions,
                models: entry.models,
            });
        }
        for entry in file.count {
            let span = entry.span();
            let kind = self.kind(&entry.get_ref().kind, &span);
            for noun in &entry.get_ref().nouns {
                self.add(noun, Sense::Counted(kind), &span);
            }
        }
        let lists: [(&[String], Sense); 8] = [
            (&file.ict, Sense::Ict),
            (&file.filler, Sense::Filler),
            (&file.units.words, Sense::Unit),
            (&file.editions.words, Sense::Edition),
            (&file.versions.words, Sense::Version),
            (&file.incidents.words, Sense::Incident),
            (&file.incidents.asserted, Sense::Asserted),
            (&file.incidents.supposed, Sense::Supposed),
        ];
        for (list, sense) in lists {
            for phrase in list {
                self.add(phrase, sense, &(0..0));
            }
        }
        file.example
    }

    fn kind(&mut self, id: &str, span: &Range<usize>) -> Kinds {
        match kinds::called(id) {
            Some(kind) if self.vocabulary.has_information(id) => kind,
            _ => {
                self.problem(
                    span.clone(),
                    "things.unknown_kind",
                    format!("`{id}` is no kind of information of data/triage/information.toml; use one that it has"),
                );
                Kinds::NONE
            }
        }
    }

    fn add(&mut self, phrase: &str, sense: Sense, span: &Range<usize>) {
        let words = words(phrase);
        if words.is_empty() {
            self.problem(
                span.clone(),
                "things.empty_phrase",
                "a phrase has no word; take it out".to_owned(),
            );
            return;
        }
        let lexicon = &mut self.lexicon;
        let mut state: u32 = 0;
        for word in words {
            let fresh = u32::try_from(lexicon.numbers.len()).unwrap_or(u32::MAX);
            let number = *lexicon.numbers.entry(word.text).or_insert(fresh);
            let new = u32::try_from(lexicon.ends.len()).unwrap_or(u32::MAX);
            let next = *lexicon.steps.entry((state, number)).or_insert(new);
            if next == new {
                lexicon.ends.push(Vec::new());
            }
            state = next;
        }
        if let Some(ends) = lexicon.ends.get_mut(state as usize)
            && !ends.contains(&sense)
        {
            ends.push(sense);
        }
    }

    /// Reads every example and compares.
    fn run(&mut self, examples: &[Spanned<Example>]) {
        for example in examples {
            let expected = example.get_ref();
            let read = super::statement::read(&self.lexicon, &expected.says, false);
            let mut things: Vec<&str> = read
                .about
                .iter()
                .filter_map(|thing| self.lexicon.thing(*thing))
                .map(|thing| thing.id.as_str())
                .collect();
            things.sort_unstable();
            let mut shows = read.shows().ids();
            shows.sort_unstable();
            let mut wanted: (Vec<&str>, Vec<&str>) = (
                expected.things.iter().map(String::as_str).collect(),
                expected.shows.iter().map(String::as_str).collect(),
            );
            wanted.0.sort_unstable();
            wanted.1.sort_unstable();
            if (&things, &shows) != (&wanted.0, &wanted.1) {
                let message = format!(
                    "\"{}\" is read as {things:?} showing {shows:?}, and should be {:?} showing {:?}",
                    expected.says, wanted.0, wanted.1
                );
                self.problem(example.span(), "things.example_fails", message);
            }
        }
    }
}
