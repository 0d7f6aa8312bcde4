//! Before an entry is published: what it would confirm that the policy protects, a wording that says no more than the
//! Transparency Code asks, and the past refusals that it would make untenable.

use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::check::Path;
use super::entry::{Contract, Field, PublishedEntry, Reading, Revealed, Says, short};
use super::index::{Index, Standing};
use super::kinds::Kinds;
use super::lexicon::{Sense, ThingId};
use super::statement;
use super::words::words;
use crate::policy::{ConfirmStance, ContentStance, Policy};

/// A question that was refused before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The authority's reference for the case, or the log entry's address.
    pub id: String,
    /// The question.
    pub question: String,
    /// How it was refused.
    pub path: Path,
    /// When.
    pub decided_on: Option<Date>,
}

/// Words that would give away what the policy protects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `record.gives_version` and the like, one for each kind.
    pub code: String,
    /// The field, "description".
    pub field: &'static str,
    /// Byte range of the field.
    pub span: Range<usize>,
    /// The words.
    pub text: String,
    /// The thing, "firewalls".
    pub thing: String,
    /// What they give away.
    pub kinds: Kinds,
    /// The policy's row and cells that protect it, "Cyber Security: Version".
    pub cells: Vec<String>,
    /// Whether the policy neither confirms nor denies it; else it withholds it.
    pub neither_confirms_nor_denies: bool,
    /// Whether the Code asks for this very field, so that no wording avoids it: the policy can't be kept for this entry,
    /// unless somebody decides field by field, and on record, that publishing it would do the harm.
    pub unavoidable: bool,
    /// What is wrong and the way out, in a sentence.
    pub message: String,
}

/// A wording that publishes the Code's fields without what the policy protects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggested {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
}

/// What to know before an entry is published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What it would give away.
    pub warnings: Vec<Warning>,
    /// How a contract could be worded instead; `None` where nothing needs another wording.
    pub suggested: Option<Suggested>,
    /// Past refusals that could no longer be upheld.
    pub untenable: Vec<Refusal>,
}

impl Refusal {
    /// Where it stands and what was asked, in a line.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}", self.id, self.question)
    }
}

impl Advice {
    /// Whether there is nothing to know.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.warnings.is_empty() && self.untenable.is_empty()
    }
}

/// The questions that published entries themselves show to have been refused.
#[must_use]
pub fn refusals<'a>(entries: impl IntoIterator<Item = &'a PublishedEntry>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for entry in entries {
        let Says::Exchanges(exchanges) = &entry.says else {
            continue;
        };
        for exchange in exchanges {
            let Some(path) = Path::of_refusal(exchange.outcome) else {
                continue;
            };
            refusals.push(Refusal {
                id: entry.id.clone(),
                question: exchange.question.clone(),
                path,
                decided_on: entry.published_on,
            });
        }
    }
    refusals
}

/// What to know before `entry` is published under `policy`, given what was refused before.
#[must_use]
pub fn before_publishing(
    reading: &Reading<'_>,
    entry: &PublishedEntry,
    policy: &Policy,
    refusals: &[Refusal],
    today: Date,
) -> Advice {
    let revealed = reading.read(entry);
    let warnings = warnings(reading, entry, &revealed, policy);
    let suggested = match &entry.says {
        Says::Contract(contract) if warnings.iter().any(|warning| !warning.unavoidable) => Some(
            suggested(reading, entry, contract, policy, &warnings, &revealed),
        ),
        _ => None,
    };
    Advice {
        untenable: untenable(reading, entry, &revealed, refusals, today),
        warnings,
        suggested,
    }
}

/// Past refusals that an entry answers or confirms.
fn untenable(
    reading: &Reading<'_>,
    entry: &PublishedEntry,
    revealed: &[Revealed],
    refusals: &[Refusal],
    today: Date,
) -> Vec<Refusal> {
    let mut index = Index::default();
    index.insert(entry, revealed);
    refusals
        .iter()
        .filter(|refusal| {
            let question = super::question_of(reading.vocabulary, &refusal.question);
            let asked = reading.asked(&refusal.question, &question);
            index
                .search(reading.lexicon, &asked, today)
                .best
                .iter()
                .any(|found| {
                    found.standing > Standing::Suggests
                        && refusal.path.is_blocked_by(found.standing)
                })
        })
        .cloned()
        .collect()
}

/// What a row of a policy does with some kinds: the cells that protect them, and whether it neither confirms nor denies.
fn protecting(policy: &Policy, subject: &str, kinds: Kinds) -> (Kinds, Vec<String>, bool) {
    let mut protected = Kinds::NONE;
    let mut cells = Vec::new();
    let mut neither = false;
    if let Some(row) = policy.category_of_subject(subject) {
        for id in kinds.ids() {
            let Some(cell) = row.kind(id) else { continue };
            if cell.confirm == ConfirmStance::NeitherConfirmNorDeny
                || cell.content == ContentStance::Withhold
            {
                protected |= super::kinds::called(id).unwrap_or_default();
                neither |= cell.confirm == ConfirmStance::NeitherConfirmNorDeny;
                cells.push(format!("{}: {}", row.title, cell.label));
            }
        }
    }
    (protected, cells, neither)
}

fn warnings(
    reading: &Reading<'_>,
    entry: &PublishedEntry,
    revealed: &[Revealed],
    policy: &Policy,
) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for one in revealed {
        let Some(thing) = reading.lexicon.thing(one.thing) else {
            continue;
        };
        for passage in &one.passages {
            // The Code's own fields are published by law, and a question's words give nothing away.
            if passage.shows.is_empty() || matches!(passage.field, Field::Question(_)) {
                continue;
            }
            let (kinds, cells, neither) = protecting(policy, &thing.subject, passage.shows);
            if kinds.is_empty() {
                continue;
            }
            let text = entry
                .words(passage.field)
                .get(passage.span.clone())
                .unwrap_or("")
                .to_owned();
            if warnings
                .iter()
                .any(|other| other.field == passage.field.name() && other.span == passage.span)
            {
                continue;
            }
            let unavoidable = passage.field == Field::Supplier;
            let stance = if neither {
                "neither confirms nor denies"
            } else {
                "withholds"
            };
            let out = if unavoidable {
                "the Transparency Code asks for the supplier, so the policy can't be kept for this contract: change the \
                 policy, or record field by field why publishing does the harm"
            } else if matches!(entry.says, Says::Contract(_)) {
                "use the suggested wording, or say why it is published all the same"
            } else {
                "say why it is published all the same, or leave it unpublished"
            };
            let kind = kinds.ids().first().copied().unwrap_or("information");
            warnings.push(Warning {
                code: format!("record.gives_{}", kind.replace('-', "_")),
                field: passage.field.name(),
                span: passage.span.clone(),
                message: format!(
                    "\"{}\" tells {} of {}, which the policy {stance} ({}); {out}",
                    short(&text),
                    telling(kinds),
                    thing.label,
                    cells.join("; ")
                ),
                text,
                thing: thing.label.clone(),
                kinds,
                cells,
                neither_confirms_nor_denies: neither,
                unavoidable,
            });
        }
    }
    warnings.sort_by(|one, other| {
        (one.unavoidable, one.field, one.span.start).cmp(&(
            other.unavoidable,
            other.field,
            other.span.start,
        ))
    });
    warnings
}

/// The kinds in words, for a sentence.
pub(super) fn telling(kinds: Kinds) -> String {
    let words: Vec<String> = kinds
        .ids()
        .iter()
        .map(|id| match *id {
            "description" => "the product".to_owned(),
            "manufacturer" => "the maker".to_owned(),
            "licence-count-type" => "the number or type of licences".to_owned(),
            "device-count" => "the number of devices".to_owned(),
            "user-count" => "the number of users".to_owned(),
            "incident-count" => "of an incident".to_owned(),
            "network-diagram" => "how the network is built".to_owned(),
            id => format!("the {}", id.replace('-', " ")),
        })
        .collect();
    words.join(" and ")
}

/// The wording to use instead: read again and cut again until it gives nothing away, since what is left of a wording can
/// tell something new ("Sophos v12" without the product is a version of whatever the title names).
fn suggested(
    reading: &Reading<'_>,
    entry: &PublishedEntry,
    contract: &Contract,
    policy: &Policy,
    warnings: &[Warning],
    revealed: &[Revealed],
) -> Suggested {
    let main = revealed.first().map(|one| one.thing);
    let mut wording = reworded(reading, contract, warnings, main);
    for _ in 0..ROUNDS {
        let contract = Contract {
            title: wording.title.clone(),
            description: wording.description.clone(),
            ..contract.clone()
        };
        let entry = PublishedEntry {
            says: Says::Contract(contract.clone()),
            ..entry.clone()
        };
        let left = self::warnings(reading, &entry, &reading.read(&entry), policy);
        if left.iter().all(|warning| warning.unavoidable) {
            return wording;
        }
        wording = reworded(reading, &contract, &left, main);
    }
    Suggested {
        title: neutral(reading, main),
        description: String::new(),
    }
}

/// As often is a wording cut before the thing's neutral name takes its place.
const ROUNDS: usize = 4;

fn reworded(
    reading: &Reading<'_>,
    contract: &Contract,
    warnings: &[Warning],
    main: Option<ThingId>,
) -> Suggested {
    let title = without(&contract.title, "title", warnings);
    let description = without(&contract.description, "description", warnings);
    Suggested {
        title: if title == contract.title {
            title
        } else {
            or_neutral(reading, title, main, true)
        },
        description: if description == contract.description {
            description
        } else {
            or_neutral(reading, description, main, false)
        },
    }
}

/// A field without the words that warnings point at, tidied.
fn without(text: &str, field: &str, warnings: &[Warning]) -> String {
    let mut spans: Vec<&Range<usize>> = warnings
        .iter()
        .filter(|warning| warning.field == field)
        .map(|warning| &warning.span)
        .collect();
    if spans.is_empty() {
        return text.to_owned();
    }
    spans.sort_by_key(|span| span.start);
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        if span.start > at {
            kept.push_str(text.get(at..span.start).unwrap_or(""));
        }
        kept.push(' ');
        at = at.max(span.end);
    }
    kept.push_str(text.get(at..).unwrap_or(""));
    tidy(&kept)
}

/// Single spaces, no empty brackets, no punctuation left hanging.
fn tidy(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let joins = matches!(word, "&" | "–" | "-" | "/")
            && words
                .last()
                .is_some_and(|last| last.chars().any(char::is_alphanumeric));
        if joins || word.chars().any(char::is_alphanumeric) {
            words.push(word.to_owned());
        }
    }
    let mut text = words.join(" ");
    for (from, to) in [
        ("( ", "("),
        (" )", ")"),
        ("()", ""),
        (" ,", ","),
        (" .", "."),
        ("–,", "–"),
        (",,", ","),
        ("  ", " "),
    ] {
        text = text.replace(from, to);
    }
    let hanging = |c: char| {
        matches!(
            c,
            ' ' | ',' | ';' | ':' | '-' | '–' | '—' | '/' | '&' | '+' | '|'
        )
    };
    let mut text = text.trim_matches(hanging).to_owned();
    for hanging in [
        "and", "for", "with", "of", "x", "version", "v", "using", "on", "to", "running",
    ] {
        let cut = text
            .strip_suffix(hanging)
            .filter(|rest| rest.ends_with(' '))
            .map(|rest| rest.trim_end().to_owned());
        if let Some(cut) = cut {
            text = cut;
        }
        let cut = text
            .strip_prefix(hanging)
            .filter(|rest| rest.starts_with(' '))
            .map(|rest| rest.trim_start().to_owned());
        if let Some(cut) = cut {
            text = cut;
        }
    }
    capitalised(text.trim_matches(hanging))
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// What is left if it still says what it is, else the thing's neutral name.
fn or_neutral(reading: &Reading<'_>, text: String, main: Option<ThingId>, title: bool) -> String {
    let read = statement::read(reading.lexicon, &text, true);
    let all = words(&text);
    let matches = reading.lexicon.matches(&all);
    let filler = |at: usize| {
        matches
            .iter()
            .any(|found| found.words.contains(&at) && found.sense == Sense::Filler)
    };
    let says_something = all
        .iter()
        .enumerate()
        .any(|(at, word)| !filler(at) && word.number.is_none() && word.text.len() > 1);
    // "Replacement of with 601F at" says too little, and too much.
    let is_broken = is_broken(&text);
    let about_it =
        main.is_none_or(|main| read.about.contains(&main) || read.besides.contains(&main));
    if says_something && !is_broken && (about_it || !title) {
        return text;
    }
    neutral(reading, main)
}

/// Whether what was cut left no wording: two small words without what stood between, a model's number, or one word alone
/// that says nothing of itself.
fn is_broken(text: &str) -> bool {
    const SMALL: [&str; 14] = [
        "of", "with", "by", "for", "from", "to", "and", "in", "on", "at", "using", "running", "or",
        "the",
    ];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let is_small = |word: &str| SMALL.contains(&word);
    // A model or a quantity, when its product is gone; "3 years", "24x7" and "2nd" are none.
    let is_model = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        digits > 1 && !word.contains('x') && !word.ends_with("th")
    };
    let ends_small = words.last().is_some_and(|word| is_small(word));
    words
        .windows(2)
        .any(|pair| pair.iter().all(|word| is_small(word)))
        || words.iter().any(|word| is_model(word))
        || ends_small
        || words.len() == 1 && text.chars().count() < 8
}

/// The thing's neutral name, "Housing management system".
fn neutral(reading: &Reading<'_>, main: Option<ThingId>) -> String {
    let neutral = main
        .and_then(|main| reading.lexicon.thing(main))
        .map_or("ICT service", |thing| thing.neutral.as_str());
    capitalised(neutral)
}
