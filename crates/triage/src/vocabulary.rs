//! The phrases that show subjects, kinds of information and other senses, compiled for one pass over a text.

use std::ops::Range;

use crate::cues::{self, Cue, CueHit};
use crate::load::{self, Example};
use crate::scan::Scanner;
use crate::weigh::Weights;

/// A mistake in a file of phrases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `subjects`, `information`, `exclusions` or `cues`.
    pub file: &'static str,
    /// A stable identifier.
    pub code: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
    /// The bytes of the file it is about.
    pub span: Range<usize>,
}

/// What a phrase shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Subject,
    Information,
    Exclusion,
    /// A class of words that patterns are made of.
    Word,
}

/// How plainly a phrase speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// It has other senses: it counts only where nothing plainer speaks or where the request is about ICT.
    Weak,
    Plain,
    /// It can't mean anything else.
    Sure,
    /// It says what the question is after, whatever else the question mentions.
    Decisive,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Weak, Self::Plain, Self::Sure, Self::Decisive];
}

/// What reading needs of each phrase that it meets, close together.
#[derive(Clone, Copy, Debug)]
enum Says {
    /// What an entry's phrase shows and how plainly.
    Shows {
        sort: Sort,
        level: Level,
        id: u32,
        phrase: u32,
    },
    /// A cue, with its place among the cues' phrases.
    Cue(Cue, u32),
}

#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub sort: Sort,
    pub id: usize,
    pub text: String,
    pub level: Level,
    /// Its name in evidence: file, entry and text.
    pub rule: String,
    /// `None` for the literal words of a pattern.
    pub source: Option<Source>,
}

/// Where a phrase stands in the data.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub file: &'static str,
    pub span: Range<usize>,
}

/// A row of words that shows a kind of information: "{when} … {ends}".
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub information: usize,
    pub level: Level,
    /// Its name in evidence: file, entry and text.
    pub rule: String,
    pub source: Source,
    pub elements: Vec<Element>,
}

/// One place of a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// Whether any number of words may stand before it, or but a few.
    pub far: bool,
    pub what: What,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Words(usize),
    /// Any of these subjects.
    Subjects(Vec<usize>),
}

/// A pattern, from what it begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun {
    pub pattern: u32,
    /// The class of words that it goes on with, if it goes on with one.
    pub then: Option<u16>,
}

/// A phrase where it stands in a text.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub span: Range<usize>,
    pub sort: Sort,
    /// Index of the entry within its sort.
    pub id: usize,
    pub level: Level,
    pub phrase: usize,
}

/// Everything that one pass over a text found, each list ordered by where it starts, the longer of two marks first.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub marks: Vec<Mark>,
    pub cues: Vec<CueHit>,
    /// The places of the signs that part sentences.
    pub signs: Vec<usize>,
}

/// A subject's part in reading.
#[derive(Clone, Debug, Default)]
pub(crate) struct SubjectEntry {
    pub id: String,
    pub label: String,
    /// `hardware`, `software`, `cyber`, … : for patterns; whether it is ICT.
    pub group: String,
    /// What a kind that depends on the subject is for this one: (index of the kind, index of what it reads as).
    pub reads: Vec<(usize, usize)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct InformationEntry {
    pub id: String,
    pub asks: String,
    /// What it reads as where no subject says otherwise, for kinds that depend on the subject.
    pub otherwise: Option<usize>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ExclusionEntry {
    pub id: String,
    pub label: String,
    /// Indices of subjects.
    pub disarms: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct WordsEntry {
    pub id: String,
    /// What a number of these is.
    pub count: Option<usize>,
    /// What a person may look at besides where a question says this, and why.
    pub suggests: Option<(String, String)>,
}

/// The group of subjects that are contracts at large, of ICT or not.
pub(crate) const CONTRACTS: &str = "contracts";

/// The groups of subjects that count.
pub(crate) const GROUPS: [&str; 4] = ["hardware", "software", "cyber", CONTRACTS];
/// The place of the contracts among them; those before it are of ICT.
pub(crate) const CONTRACT: usize = 3;

/// The kind that a subject implies where nothing else is said.
pub(crate) const DEFAULT: &str = "default";

/// Every phrase, compiled for one pass over a text.
#[derive(Debug)]
pub struct Vocabulary {
    pub(crate) phrases: Vec<Phrase>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) subjects: Vec<SubjectEntry>,
    pub(crate) information: Vec<InformationEntry>,
    pub(crate) exclusions: Vec<ExclusionEntry>,
    pub(crate) words: Vec<WordsEntry>,
    /// For each subject the place of its group among [`GROUPS`].
    groups: Vec<Option<usize>>,
    /// The kind that stands for a number of whatever a question counts.
    pub(crate) count: Option<usize>,
    /// The kind that a subject implies where nothing else is said.
    pub(crate) default: Option<usize>,
    /// The kind that stands for everything else.
    pub(crate) other: Option<usize>,
    /// For each class of words the patterns that begin with it.
    begin_with_words: Vec<Vec<Begun>>,
    /// For each subject the patterns that begin with it.
    begin_with_subject: Vec<Vec<Begun>>,
    pub(crate) examples: Vec<Example>,
    /// Learned weights that rank the readings; none until they are given.
    weights: Weights,
    /// The words of the cues, and where they stand in the data.
    pub(crate) cue_phrases: Vec<(String, Range<usize>)>,
    scanner: Scanner<Says>,
}

impl Vocabulary {
    /// Reads the files of `data/triage`.
    ///
    /// # Errors
    /// Every mistake of the files.
    pub fn parse(
        subjects: &str,
        information: &str,
        exclusions: &str,
        cues: &str,
    ) -> Result<Self, Vec<Problem>> {
        let (loaded, cues) = match (
            load::load(subjects, information, exclusions),
            cues::parse(cues),
        ) {
            (Ok(loaded), Ok(cues)) => (loaded, cues),
            (loaded, cues) => {
                let problems = loaded.err().into_iter().chain(cues.err());
                return Err(problems.flatten().collect());
            }
        };
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let shows = loaded.phrases.iter().zip(0..).map(|(phrase, place)| {
            let says = Says::Shows {
                sort: phrase.sort,
                level: phrase.level,
                id: number(phrase.id),
                phrase: place,
            };
            (phrase.text.as_str(), says)
        });
        let cued = cues.iter().zip(0..);
        let cued = cued.map(|(cue, place)| (cue.text.as_str(), Says::Cue(cue.cue, place)));
        let scanner = Scanner::new(shows.chain(cued));
        let mut begin_with_words = vec![Vec::new(); loaded.words.len()];
        let mut begin_with_subject = vec![Vec::new(); loaded.subjects.len()];
        for (index, pattern) in loaded.patterns.iter().enumerate() {
            let begun = Begun {
                pattern: number(index),
                then: match pattern.elements.get(1).map(|element| &element.what) {
                    Some(What::Words(class)) => u16::try_from(*class).ok(),
                    _ => None,
                },
            };
            match pattern.elements.first().map(|element| &element.what) {
                Some(What::Words(class)) => {
                    if let Some(own) = begin_with_words.get_mut(*class) {
                        own.push(begun);
                    }
                }
                Some(What::Subjects(subjects)) => {
                    for subject in subjects {
                        if let Some(own) = begin_with_subject.get_mut(*subject) {
                            own.push(begun);
                        }
                    }
                }
                None => {}
            }
        }
        let kind = |id: &str| loaded.information.iter().position(|kind| kind.id == id);
        Ok(Self {
            groups: loaded
                .subjects
                .iter()
                .map(|subject| GROUPS.iter().position(|group| *group == subject.group))
                .collect(),
            count: kind("count"),
            default: kind(DEFAULT),
            other: kind("other"),
            phrases: loaded.phrases,
            patterns: loaded.patterns,
            subjects: loaded.subjects,
            information: loaded.information,
            exclusions: loaded.exclusions,
            words: loaded.words,
            begin_with_words,
            begin_with_subject,
            examples: loaded.examples,
            weights: Weights::default(),
            cue_phrases: cues
                .into_iter()
                .map(|phrase| (phrase.text, phrase.span))
                .collect(),
            scanner,
        })
    }

    /// Every phrase that a scan looks for, as it is looked for.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        self.phrases
            .iter()
            .map(|phrase| phrase.text.as_str())
            .chain(self.cue_phrases.iter().map(|(text, _)| text.as_str()))
    }

    /// How often each phrase stands in a text, added to `counts`: those of entries first, then the cues.
    pub(crate) fn count(&self, text: &str, counts: &mut [usize]) {
        let (entries, cues) = counts.split_at_mut(self.phrases.len().min(counts.len()));
        self.scanner.scan(
            text,
            |_| {},
            |says, _, _| {
                let (counts, place) = match says {
                    Says::Shows { phrase, .. } => (&mut *entries, phrase),
                    Says::Cue(_, place) => (&mut *cues, place),
                };
                if let Some(count) = counts.get_mut(index(place)) {
                    *count = count.saturating_add(1);
                }
            },
        );
    }

    /// The same phrases with the learned weights of `data/triage/weights.toml`, which rank the readings.
    ///
    /// # Errors
    /// Every mistake of the file.
    pub fn with_weights(mut self, text: &str) -> Result<Self, Vec<Problem>> {
        self.weights = Weights::parse(&self, text)?;
        Ok(self)
    }

    pub(crate) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The place of a subject's group among [`GROUPS`].
    pub(crate) fn group_of(&self, subject: usize) -> Option<usize> {
        self.groups.get(subject).copied().flatten()
    }

    /// The id of an entry.
    pub(crate) fn id(&self, sort: Sort, place: usize) -> &str {
        match sort {
            Sort::Subject => self.subjects.get(place).map(|entry| &entry.id),
            Sort::Information => self.information.get(place).map(|entry| &entry.id),
            Sort::Exclusion => self.exclusions.get(place).map(|entry| &entry.id),
            Sort::Word => self.words.get(place).map(|entry| &entry.id),
        }
        .map_or("", String::as_str)
    }

    /// Whether there is a subject of this id.
    #[must_use]
    pub fn has_subject(&self, id: &str) -> bool {
        self.subjects.iter().any(|subject| subject.id == id)
    }

    /// Whether a question can ask for a kind of information of this id.
    #[must_use]
    pub fn has_information(&self, id: &str) -> bool {
        self.information
            .iter()
            .any(|kind| kind.id == id && kind.otherwise.is_none())
    }

    /// The patterns that begin with a class of words or a subject.
    pub(crate) fn beginning(&self, sort: Sort, id: usize) -> &[Begun] {
        match sort {
            Sort::Word => self.begin_with_words.get(id),
            Sort::Subject => self.begin_with_subject.get(id),
            Sort::Information | Sort::Exclusion => None,
        }
        .map_or(&[], Vec::as_slice)
    }

    /// Whether a subject is a contract at large, of ICT or not.
    pub(crate) fn is_contract(&self, subject: usize) -> bool {
        self.group_of(subject) == Some(CONTRACT)
    }

    /// Whether an exclusion disarms a subject.
    pub(crate) fn disarms(&self, exclusion: usize, subject: usize) -> bool {
        self.exclusions
            .get(exclusion)
            .is_some_and(|exclusion| exclusion.disarms.contains(&subject))
    }

    /// What a subject is called in a sentence, "servers".
    #[must_use]
    pub fn subject_label(&self, id: &str) -> Option<&str> {
        self.subjects
            .iter()
            .find(|subject| subject.id == id)
            .map(|subject| subject.label.as_str())
    }

    /// What a question for a kind of information asks, for a sentence: "which version".
    #[must_use]
    pub fn information_asks(&self, id: &str) -> Option<&str> {
        self.information
            .iter()
            .find(|kind| kind.id == id)
            .map(|kind| kind.asks.as_str())
    }

    /// What an exclusion is about, "windows and doors of council homes".
    #[must_use]
    pub fn exclusion_label(&self, id: &str) -> Option<&str> {
        self.exclusions
            .iter()
            .find(|exclusion| exclusion.id == id)
            .map(|exclusion| exclusion.label.as_str())
    }

    /// Every phrase in the text that stands as whole words, a plural -s allowed: one pass.
    pub(crate) fn scan(&self, text: &str) -> Scan {
        // About what a request has, so that the lists seldom move.
        let mut found = Scan {
            marks: Vec::with_capacity(text.len() / 6),
            cues: Vec::with_capacity(text.len() / 12),
            signs: Vec::with_capacity(text.len() / 16),
        };
        let parting = |at| found.signs.push(at);
        self.scanner
            .scan(text, parting, |says, span, plural| match says {
                Says::Shows {
                    sort,
                    level,
                    id,
                    phrase,
                } => {
                    found.marks.push(Mark {
                        span,
                        sort,
                        id: index(id),
                        level,
                        phrase: index(phrase),
                    });
                    settle(&mut found.marks, |mark| {
                        (mark.span.start, std::cmp::Reverse(mark.span.end))
                    });
                }
                Says::Cue(cue, _) if !plural => {
                    found.cues.push(CueHit {
                        start: span.start,
                        end: span.end,
                        cue,
                    });
                    settle(&mut found.cues, |hit| hit.start);
                }
                Says::Cue(..) => {}
            });
        found
    }
}

/// A number as an index.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Moves the last entry to its place. Phrases are short, so it never has far to go.
fn settle<T, K: PartialOrd>(list: &mut [T], place: impl Fn(&T) -> K) {
    let mut at = list.len().saturating_sub(1);
    while let Some(before) = at.checked_sub(1) {
        match (list.get(before), list.get(at)) {
            (Some(one), Some(other)) if place(one) > place(other) => list.swap(before, at),
            _ => break,
        }
        at = before;
    }
}
