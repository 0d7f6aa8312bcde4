//! The phrases that show subjects, kinds of information and other senses, read from data.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;

use crate::cues::{self, Cue, CueHit};
use crate::fold::folded;
use crate::scan::{LONGEST_PHRASE, Scanner};

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
}

#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub sort: Sort,
    pub id: usize,
    pub text: String,
    pub weak: bool,
}

/// One match of a phrase, as bytes of the text.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub span: Range<usize>,
    pub phrase: usize,
}

/// Everything that one pass over a text found, each list ordered by where it starts.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub hits: Vec<Hit>,
    pub cues: Vec<CueHit>,
}

/// Every phrase, compiled for one pass over a text.
#[derive(Debug)]
pub struct Vocabulary {
    pub(crate) phrases: Vec<Phrase>,
    ids: BTreeMap<Sort, Vec<String>>,
    disarms: Vec<Vec<String>>,
    counts: BTreeMap<String, String>,
    /// The cues of the phrases that follow `phrases` in the scanner.
    cues: Vec<Cue>,
    scanner: Scanner,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[expect(dead_code, reason = "the label is for the person who edits the file")]
    label: String,
    phrases: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    disarms: Vec<String>,
    /// What a number of these is, for a subject.
    count: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    subject: Vec<toml::Spanned<Entry>>,
    #[serde(default)]
    information: Vec<toml::Spanned<Entry>>,
    #[serde(default)]
    exclusion: Vec<toml::Spanned<Entry>>,
}

impl Vocabulary {
    /// Reads the four files of `data/triage`.
    ///
    /// # Errors
    /// Every mistake of the four files.
    pub fn parse(
        subjects: &str,
        information: &str,
        exclusions: &str,
        cues: &str,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut phrases = Vec::new();
        let mut ids: BTreeMap<Sort, Vec<String>> = BTreeMap::new();
        let mut disarms: Vec<Vec<String>> = Vec::new();
        let mut counts: BTreeMap<String, String> = BTreeMap::new();
        let mut disarmed: Vec<(Range<usize>, String)> = Vec::new();
        for (name, text, sort) in [
            ("subjects", subjects, Sort::Subject),
            ("information", information, Sort::Information),
            ("exclusions", exclusions, Sort::Exclusion),
        ] {
            let file: File = match toml::from_str(text) {
                Ok(file) => file,
                Err(error) => {
                    problems.push(Problem {
                        file: name,
                        code: "triage.malformed",
                        message: error.message().to_owned(),
                        span: error.span().unwrap_or_default(),
                    });
                    continue;
                }
            };
            let known = ids.entry(sort).or_default();
            let mut seen = BTreeSet::new();
            for entry in file
                .subject
                .into_iter()
                .chain(file.information)
                .chain(file.exclusion)
            {
                let span = entry.span();
                let entry = entry.into_inner();
                let mut problem = |code, message| {
                    problems.push(Problem {
                        file: name,
                        code,
                        message,
                        span: span.clone(),
                    })
                };
                if known.contains(&entry.id) {
                    problem(
                        "triage.duplicate_id",
                        format!("`{}` stands twice", entry.id),
                    );
                }
                if entry.phrases.is_empty() && entry.weak.is_empty() {
                    problem(
                        "triage.no_phrase",
                        format!("`{}` has no phrase, so it can never be found", entry.id),
                    );
                }
                let id = known.len();
                known.push(entry.id.clone());
                if let Some(count) = entry.count {
                    counts.insert(entry.id.clone(), count);
                }
                if sort == Sort::Exclusion {
                    disarmed.extend(
                        entry
                            .disarms
                            .iter()
                            .map(|subject| (span.clone(), subject.clone())),
                    );
                    disarms.push(entry.disarms);
                }
                for (list, weak) in [(entry.phrases, false), (entry.weak, true)] {
                    for phrase in list {
                        let text = folded(&phrase);
                        if !seen.insert((id, text.clone())) {
                            problem(
                                "triage.duplicate_phrase",
                                format!("`{phrase}` stands twice in `{}`", entry.id),
                            );
                        }
                        phrases.push(Phrase {
                            sort,
                            id,
                            text,
                            weak,
                        });
                    }
                }
            }
        }
        for (span, subject) in disarmed {
            if subject != "*"
                && !ids
                    .get(&Sort::Subject)
                    .is_some_and(|known| known.contains(&subject))
            {
                problems.push(Problem {
                    file: "exclusions",
                    code: "triage.unknown_subject",
                    message: format!("`{subject}` is no subject; use an id of subjects.toml, or *"),
                    span,
                });
            }
        }
        let cues = cues::parse(cues).unwrap_or_else(|more| {
            problems.extend(more);
            Vec::new()
        });
        let patterns: Vec<&str> = phrases
            .iter()
            .map(|phrase| phrase.text.as_str())
            .chain(cues.iter().map(|(_, text)| text.as_str()))
            .collect();
        for long in patterns.iter().filter(|text| text.len() > LONGEST_PHRASE) {
            problems.push(Problem {
                file: "subjects",
                code: "triage.long_phrase",
                message: format!("`{long}` is longer than {LONGEST_PHRASE} bytes; shorten it"),
                span: 0..0,
            });
        }
        match Scanner::new(&patterns) {
            Ok(scanner) if problems.is_empty() => Ok(Self {
                cues: cues.iter().map(|(cue, _)| *cue).collect(),
                phrases,
                ids,
                disarms,
                counts,
                scanner,
            }),
            Ok(_) => Err(problems),
            Err(message) => {
                problems.push(Problem {
                    file: "subjects",
                    code: "triage.too_large",
                    message,
                    span: 0..0,
                });
                Err(problems)
            }
        }
    }

    /// Whether there is a subject of this id.
    #[must_use]
    pub fn has_subject(&self, id: &str) -> bool {
        self.has(Sort::Subject, id)
    }

    /// Whether there is a kind of information of this id.
    #[must_use]
    pub fn has_information(&self, id: &str) -> bool {
        self.has(Sort::Information, id)
    }

    fn has(&self, sort: Sort, id: &str) -> bool {
        self.ids
            .get(&sort)
            .is_some_and(|known| known.iter().any(|other| other == id))
    }

    pub(crate) fn id(&self, sort: Sort, index: usize) -> &str {
        self.ids
            .get(&sort)
            .and_then(|known| known.get(index))
            .map_or("", String::as_str)
    }

    /// The kind of information that a number of this subject is.
    pub(crate) fn count_of(&self, subject: &str) -> Option<&str> {
        self.counts.get(subject).map(String::as_str)
    }

    /// Whether an exclusion disarms a subject.
    pub(crate) fn disarms(&self, exclusion: usize, subject: &str) -> bool {
        self.disarms
            .get(exclusion)
            .is_some_and(|list| list.iter().any(|id| id == "*" || id == subject))
    }

    /// Every phrase in the text that stands as whole words, a plural -s allowed: one pass.
    pub(crate) fn scan(&self, text: &str) -> Scan {
        let mut found = Scan::default();
        self.scanner.scan(text, |pattern, span, plural| {
            if pattern < self.phrases.len() {
                found.hits.push(Hit {
                    span,
                    phrase: pattern,
                });
                settle(&mut found.hits, |hit| hit.span.start);
            } else if let Some(cue) = self.cues.get(pattern.wrapping_sub(self.phrases.len()))
                && !plural
            {
                found.cues.push(CueHit {
                    start: span.start,
                    end: span.end,
                    cue: *cue,
                });
                settle(&mut found.cues, |hit| hit.start);
            }
        });
        found
    }
}

/// Moves the last entry to its place by start. Phrases are short, so it never has far to go.
fn settle<T>(list: &mut [T], start: impl Fn(&T) -> usize) {
    let mut at = list.len().saturating_sub(1);
    while let Some(before) = at.checked_sub(1) {
        match (list.get(before), list.get(at)) {
            (Some(one), Some(other)) if start(one) > start(other) => list.swap(before, at),
            _ => break,
        }
        at = before;
    }
}
