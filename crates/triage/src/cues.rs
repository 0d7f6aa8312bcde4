//! The words that show how a request is laid out: what asks, what leads to a list, what asks for nothing.

use std::ops::Range;

use serde::Deserialize;

use crate::Problem;
use crate::fold::folded;

/// What a phrase of `data/triage/cues.toml` tells about the sentence that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Cue {
    Please,
    Imperative,
    Asking,
    QuestionWord,
    Quantity,
    Auxiliary,
    Wanted,
    Whole,
    Introduces,
    Umbrella,
    Each,
    Rows,
    Pointing,
    Example,
    Option,
    Choice,
    Conditional,
    If,
    Dependent,
    Refinement,
    Boilerplate,
    Format,
    Legal,
    Definition,
    Note,
    Greeting,
    SignOff,
    Connector,
    Preposition,
    EarlierMessage,
    MailHeader,
    Repeats,
    OwnMessage,
    EndOfMessage,
    Footer,
    Abbreviation,
    Scope,
    Rhetorical,
    Deal,
    Price,
}

impl Cue {
    /// Every cue with its id in the data.
    pub(crate) const ALL: [(Self, &'static str); 40] = [
        (Self::Please, "please"),
        (Self::Imperative, "imperative"),
        (Self::Asking, "asking"),
        (Self::QuestionWord, "question-word"),
        (Self::Quantity, "quantity"),
        (Self::Auxiliary, "auxiliary"),
        (Self::Wanted, "wanted"),
        (Self::Whole, "whole"),
        (Self::Introduces, "introduces"),
        (Self::Umbrella, "umbrella"),
        (Self::Each, "each"),
        (Self::Rows, "rows"),
        (Self::Pointing, "pointing"),
        (Self::Example, "example"),
        (Self::Option, "option"),
        (Self::Choice, "choice"),
        (Self::Conditional, "conditional"),
        (Self::If, "if"),
        (Self::Dependent, "dependent"),
        (Self::Refinement, "refinement"),
        (Self::Boilerplate, "boilerplate"),
        (Self::Format, "format"),
        (Self::Legal, "legal"),
        (Self::Definition, "definition"),
        (Self::Note, "note"),
        (Self::Greeting, "greeting"),
        (Self::SignOff, "sign-off"),
        (Self::Connector, "connector"),
        (Self::Preposition, "preposition"),
        (Self::EarlierMessage, "earlier-message"),
        (Self::MailHeader, "mail-header"),
        (Self::Repeats, "repeats"),
        (Self::OwnMessage, "own-message"),
        (Self::EndOfMessage, "end-of-message"),
        (Self::Footer, "footer"),
        (Self::Abbreviation, "abbreviation"),
        (Self::Scope, "scope"),
        (Self::Rhetorical, "rhetorical"),
        (Self::Deal, "deal"),
        (Self::Price, "price"),
    ];

    fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == id)
            .map(|(cue, _)| *cue)
    }
}

/// A set of cues.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CueSet(u64);

impl std::fmt::Debug for CueSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set()
            .entries(
                Cue::ALL
                    .iter()
                    .filter(|(cue, _)| self.has(*cue))
                    .map(|(_, id)| id),
            )
            .finish()
    }
}

impl CueSet {
    pub(crate) fn add(&mut self, cue: Cue) {
        self.0 |= 1 << (cue as u8);
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, cue: Cue) -> bool {
        self.0 & (1 << (cue as u8)) != 0
    }

    pub(crate) fn any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(*cue))
    }
}

/// A cue's words in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CueHit {
    pub start: usize,
    pub end: usize,
    pub cue: Cue,
}

/// Of some cues in their order those that start in a span.
pub(crate) fn inside<'h>(
    hits: &'h [CueHit],
    span: &Range<usize>,
) -> impl Iterator<Item = &'h CueHit> {
    let first = hits.partition_point(|hit| hit.start < span.start);
    let end = span.end;
    hits.get(first..)
        .unwrap_or(&[])
        .iter()
        .take_while(move |hit| hit.start < end)
}

/// Of some cues in their order those that start in the last `bytes` before a place, the nearest first.
pub(crate) fn just_before(
    hits: &[CueHit],
    place: usize,
    bytes: usize,
) -> impl Iterator<Item = &CueHit> {
    let count = hits.partition_point(|hit| hit.start < place);
    hits.get(..count)
        .unwrap_or(&[])
        .iter()
        .rev()
        .take_while(move |hit| place.saturating_sub(hit.start) <= bytes)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[expect(dead_code, reason = "the label is for the person who edits the file")]
    label: String,
    phrases: Vec<toml::Spanned<String>>,
    examples: Vec<toml::Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    cue: Vec<toml::Spanned<Entry>>,
}

/// A phrase of the file, folded.
#[derive(Clone, Debug)]
pub(crate) struct CuePhrase {
    pub cue: Cue,
    pub text: String,
    /// Where it stands in the file.
    pub span: Range<usize>,
}

/// Reads `data/triage/cues.toml`: each phrase folded, with its cue.
///
/// # Errors
/// Every mistake of the file.
pub(crate) fn parse(text: &str) -> Result<Vec<CuePhrase>, Vec<Problem>> {
    let file: File = toml::from_str(text).map_err(|error| {
        vec![Problem {
            file: "cues",
            code: "triage.malformed",
            message: error.message().to_owned(),
            span: error.span().unwrap_or_default(),
        }]
    })?;
    let mut problems = Vec::new();
    let mut phrases: Vec<CuePhrase> = Vec::new();
    let mut found = CueSet::default();
    for entry in file.cue {
        let span = entry.span();
        let entry = entry.into_inner();
        let mut problem = |span: &Range<usize>, code, message| {
            problems.push(Problem {
                file: "cues",
                code,
                message,
                span: span.clone(),
            });
        };
        let Some(cue) = Cue::from_id(&entry.id) else {
            let known: Vec<&str> = Cue::ALL.iter().map(|(_, id)| *id).collect();
            problem(
                &span,
                "triage.unknown_cue",
                format!(
                    "`{}` is no cue; the cues are {}",
                    entry.id,
                    known.join(", ")
                ),
            );
            continue;
        };
        if found.has(cue) {
            problem(
                &span,
                "triage.duplicate_id",
                format!("`{}` stands twice", entry.id),
            );
        }
        found.add(cue);
        let first = phrases.len();
        for phrase in &entry.phrases {
            let place = phrase.span();
            let phrase = phrase.get_ref();
            let text = folded(phrase);
            let own = phrases.get(first..).unwrap_or(&[]);
            if text.is_empty() {
                problem(
                    &place,
                    "triage.empty_phrase",
                    format!("a phrase of `{}` is empty", entry.id),
                );
            } else if own.iter().any(|other| other.text == text) {
                problem(
                    &place,
                    "triage.duplicate_phrase",
                    format!("`{phrase}` stands twice in `{}`", entry.id),
                );
            } else {
                phrases.push(CuePhrase {
                    cue,
                    text,
                    span: place,
                });
            }
        }
        let own = phrases.get(first..).unwrap_or(&[]);
        if own.is_empty() {
            problem(
                &span,
                "triage.no_phrase",
                format!("`{}` has no phrase, so it can never be found", entry.id),
            );
        }
        for example in &entry.examples {
            let text = folded(example.get_ref());
            if !own.iter().any(|phrase| holds(&text, &phrase.text)) {
                problem(
                    &example.span(),
                    "triage.example_fails",
                    format!(
                        "no phrase of `{}` stands in its example `{}`",
                        entry.id,
                        example.get_ref()
                    ),
                );
            }
        }
    }
    for (cue, id) in Cue::ALL {
        if !found.has(cue) {
            problems.push(Problem {
                file: "cues",
                code: "triage.missing_cue",
                message: format!("there is no entry `{id}`; add one with its phrases"),
                span: 0..0,
            });
        }
    }
    if problems.is_empty() {
        Ok(phrases)
    } else {
        Err(problems)
    }
}

/// Whether the phrase stands in the text as whole words.
fn holds(text: &str, phrase: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, _)| {
        let end = at.saturating_add(phrase.len());
        !word(text.get(..at).and_then(|before| before.chars().next_back()))
            && !word(text.get(end..).and_then(|after| after.chars().next()))
    })
}
