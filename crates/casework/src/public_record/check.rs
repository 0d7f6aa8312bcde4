//! One question against everything published: what already answers or confirms it, and what that means for the way in
//! which it is to be decided.

use std::sync::Arc;

use jiff::civil::Date;
use law::Problem;
use serde::{Deserialize, Serialize};
use triage::Question;

use super::entry::{Asked, Outcome, PublishedEntry, ReadEntry, Reading, Revealed, Source};
use super::index::{Index, Search, Standing};
use super::kinds::Kinds;
use super::lexicon::Lexicon;
use crate::decision::{AppliedExemption, Decision};
use crate::event::{Ground, KnownAlready};

/// The way in which a question is about to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// Neither confirmed nor denied, such as FOIA s.31(3).
    NeitherConfirmNorDeny,
    /// Held and withheld, such as FOIA s.31(1)(a).
    Withhold,
    /// Said not to be held.
    NotHeld,
    /// Answered, or told where it is: what is public helps and stands in no way.
    Answer,
}

impl Path {
    /// The path that a decision takes.
    #[must_use]
    pub fn of(decision: &Decision) -> Self {
        match decision {
            Decision::NeitherConfirmedNorDenied(_) => Self::NeitherConfirmNorDeny,
            // Personal data and confidences aren't lost by a contract's being known.
            Decision::Withheld(exemptions)
                if exemptions.iter().any(|exemption| {
                    matches!(
                        exemption,
                        AppliedExemption::QualifiedPrejudice { .. }
                            | AppliedExemption::QualifiedClass { .. }
                    )
                }) =>
            {
                Self::Withhold
            }
            Decision::NotHeld => Self::NotHeld,
            Decision::Withheld(_)
            | Decision::Answer { .. }
            | Decision::AlreadyAccessible { .. }
            | Decision::OverCostLimit { .. }
            | Decision::VexatiousOrRepeated { .. }
            | Decision::ClarificationSought { .. } => Self::Answer,
        }
    }

    /// The path that a published question took, if it was refused.
    #[must_use]
    pub fn of_refusal(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::NeitherConfirmedNorDenied => Some(Self::NeitherConfirmNorDeny),
            Outcome::Withheld => Some(Self::Withhold),
            Outcome::NotHeld => Some(Self::NotHeld),
            Outcome::Answered | Outcome::AlreadyAccessible | Outcome::Other => None,
        }
    }

    /// Whether an entry that stands so to the question stands in the way.
    #[must_use]
    pub fn is_blocked_by(self, standing: Standing) -> bool {
        match self {
            Self::NeitherConfirmNorDeny | Self::NotHeld => standing >= Standing::Confirms,
            Self::Withhold => standing == Standing::Answers,
            Self::Answer => false,
        }
    }
}

/// Words of a published entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The field they stand in, "title".
    pub field: &'static str,
    /// The words.
    pub text: String,
}

/// Something published that answers, confirms or suggests what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Where it was published.
    pub source: Source,
    /// Its id there.
    pub id: String,
    /// Its address.
    pub place: String,
    /// When.
    pub published_on: Option<Date>,
    /// When it was taken down, if it was.
    pub withdrawn_on: Option<Date>,
    /// How it stands to the question.
    pub standing: Standing,
    /// The thing, "firewalls".
    pub thing: String,
    /// The kinds of information asked for that it gives or confirms.
    pub kinds: Kinds,
    /// Its words, those that tell most first.
    pub words: Vec<Words>,
    /// Why it was found, in a sentence.
    pub because: String,
    /// Whether a person must deal with it before the question can be decided this way.
    pub blocks: bool,
}

/// What was looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Searched {
    /// Where.
    pub source: Source,
    /// How many entries.
    pub entries: u32,
}

/// What the public record says to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What was found, plainest first.
    pub hits: Vec<Hit>,
    /// How many more there are.
    pub more: usize,
    /// What was looked through.
    pub searched: Vec<Searched>,
    /// Whether the question names nothing that can be compared, so that no hit means nothing.
    pub not_comparable: bool,
}

impl Checked {
    /// What stands in the way.
    pub fn blocking(&self) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(|hit| hit.blocks)
    }

    /// Adds what stands in the way to what is known already, as not dealt with. What a person has dealt with stays.
    ///
    /// Called with fresh hits before the decision is checked, so that nobody can leave one out.
    pub fn complete(&self, known: &mut Vec<KnownAlready>) {
        for hit in self.blocking() {
            let there = known
                .iter()
                .any(|known| known.entry.as_deref() == Some(hit.key().as_str()));
            if !there {
                known.push(hit.known_already());
            }
        }
    }
}

impl Hit {
    /// Source and id in one string: what a decision records.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}: {}", self.source.name(), self.id)
    }

    /// The hit as a decision records it, not dealt with yet.
    #[must_use]
    pub fn known_already(&self) -> KnownAlready {
        KnownAlready {
            ground: match self.source {
                Source::DisclosureLog | Source::EarlierReply => Ground::SaidBefore,
                Source::Statement if self.kinds.meets(Kinds::INCIDENTS) => Ground::Acknowledged,
                Source::Register | Source::PolicyPage | Source::Statement => Ground::AlreadyPublic,
            },
            place: if self.place.is_empty() {
                self.key()
            } else {
                self.place.clone()
            },
            entry: Some(self.key()),
            dealt_with: None,
        }
    }
}

/// What a person must still deal with before a decision, one problem each.
#[must_use]
pub fn not_dealt_with(known: &[KnownAlready], code: &'static str) -> Vec<Problem> {
    known
        .iter()
        .filter(|known| {
            known
                .dealt_with
                .as_ref()
                .is_none_or(|dealt| dealt.because().trim().is_empty())
        })
        .map(|known| {
            Problem::new(
                code,
                format!(
                    "{} is public: answer from it, or say why it doesn't answer or confirm this, why saying it here would \
                     do harm all the same, or that it should not have been published",
                    known.place
                ),
            )
        })
        .collect()
}

/// Where entries are kept: gives the entry of a source and id.
pub type Lookup<'a> = dyn Fn(Source, &str) -> Option<Arc<ReadEntry>> + 'a;

/// Checks a question of a request against everything published.
#[must_use]
pub fn check(
    index: &Index,
    reading: &Reading<'_>,
    body: &str,
    question: &Question,
    path: Path,
    today: Date,
    lookup: &Lookup<'_>,
) -> Checked {
    let asked = reading.asked(body, question);
    let search = index.search(reading.lexicon, &asked, today);
    checked(index, reading.lexicon, &asked, &search, path, today, lookup)
}

/// What a search of the index found, with the words of each entry and what they mean for the question.
#[must_use]
pub fn checked(
    index: &Index,
    lexicon: &Lexicon,
    asked: &Asked,
    search: &Search,
    path: Path,
    today: Date,
    lookup: &Lookup<'_>,
) -> Checked {
    let hits: Vec<Hit> = search
        .best
        .iter()
        .filter_map(|found| {
            let (source, id) = index.id(found.entry)?;
            let read = lookup(source, id)?;
            let revealed = read.revealed.iter().find(|one| one.thing == found.thing)?;
            let thing = lexicon.thing(found.thing)?;
            Some(hit(
                &read.entry,
                revealed,
                asked,
                found.standing,
                &thing.label,
                path,
                today,
            ))
        })
        .collect();
    Checked {
        more: search.total.saturating_sub(hits.len()),
        hits,
        searched: Source::ALL
            .iter()
            .map(|source| Searched {
                source: *source,
                entries: index.count(*source),
            })
            .collect(),
        not_comparable: asked.things.is_empty() && search.total == 0,
    }
}

fn hit(
    entry: &PublishedEntry,
    revealed: &Revealed,
    asked: &Asked,
    standing: Standing,
    thing: &str,
    path: Path,
    today: Date,
) -> Hit {
    let said = revealed.gives | revealed.confirms | revealed.denies;
    let kinds = match asked.kinds.both(said) {
        none if none.is_empty() => asked.kinds,
        some => some,
    };
    let ended = entry.ended_on().filter(|ended| *ended < today);
    let what = match standing {
        Standing::Answers if asked.kinds.meets(revealed.denies) => {
            format!("it says that the information about {thing} isn't held")
        }
        Standing::Answers => format!("it gives what is asked about {thing}"),
        Standing::Confirms if asked.kinds.meets(revealed.confirms) => {
            format!("it says that the information about {thing} is held")
        }
        Standing::Confirms => format!("it shows that the authority has {thing}"),
        Standing::Suggests if ended.is_some() => format!("it speaks of {thing} in the past"),
        Standing::Suggests => {
            format!("it speaks of {thing}, which the question may or may not be about")
        }
    };
    let because = match ended {
        Some(ended) => format!(
            "{what}; the contract ended on {}",
            ended.strftime("%-d %B %Y")
        ),
        None => what,
    };
    Hit {
        source: entry.source,
        id: entry.id.clone(),
        place: entry.place.clone(),
        published_on: entry.published_on,
        withdrawn_on: entry.withdrawn_on,
        standing,
        thing: thing.to_owned(),
        kinds,
        words: words_of(entry, revealed, asked),
        because,
        blocks: path.is_blocked_by(standing),
    }
}

/// The words that show it: first those for the kinds asked, then those that name the thing, then the supplier.
fn words_of(entry: &PublishedEntry, revealed: &Revealed, asked: &Asked) -> Vec<Words> {
    let mut passages: Vec<_> = revealed.passages.iter().collect();
    passages.sort_by_key(|passage| {
        (
            !passage.shows.meets(asked.kinds),
            passage.field,
            passage.span.start,
        )
    });
    let mut words: Vec<Words> = Vec::new();
    for passage in passages {
        let text = entry
            .words(passage.field)
            .get(passage.span.clone())
            .unwrap_or("")
            .trim();
        let one = Words {
            field: passage.field.name(),
            text: super::entry::short(text),
        };
        if !text.is_empty() && !words.contains(&one) {
            words.push(one);
        }
    }
    if let super::entry::Says::Contract(contract) = &entry.says {
        let supplier = Words {
            field: "supplier",
            text: contract.supplier.clone(),
        };
        if !contract.supplier.is_empty() && !words.contains(&supplier) {
            words.push(supplier);
        }
    }
    words.truncate(6);
    words
}
