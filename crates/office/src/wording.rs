//! The authority's own sentences in its letters, in place of those that come with the program. Every change is a version
//! of its own, with who made it and when; each decision names the version under which it was made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use casework::command::Command;
use casework::decision::{
    Apart, ApartBecause, DecidedQuestion, Decision, Likelihood, NeitherConfirmNorDeny, Prejudice,
    PublicInterestTest, Reply, Signpost, Slot,
};
use casework::event::Source;
use casework::leak_guard::Severity;
use jiff::Timestamp;
use jiff::civil::Date;
use law::Problem;
use letters::{Document, Wording};
use serde::{Deserialize, Serialize};
use store::Stopped;
use store::changes::Altered;

use crate::bundle::Bundle;
use crate::data::sha256;
use crate::fault::Stop;
use crate::office::Office;

/// The setting that names the version in force.
const SETTING: &str = "wording";

/// The authority's own sentences, by key.
pub type Own = BTreeMap<String, String>;

/// A version of the authority's own sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// The account that made it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The sentences; those it lacks are the program's.
    pub own: Own,
}

/// The wording in force.
#[derive(Debug)]
pub struct Standing {
    /// The version of the authority's own sentences; 0 where it has none.
    pub number: u32,
    /// Its own sentences.
    pub own: Own,
    /// All sentences.
    pub wording: Wording,
    /// What decisions are made under.
    pub source: Source,
}

/// The sentences that come with the program, and those in force.
pub(crate) struct Words {
    shipped: Vec<(String, String)>,
    source: Source,
    standing: RwLock<Option<Arc<Standing>>>,
}

impl Words {
    /// Reads the shipped sentences.
    ///
    /// # Errors
    /// They are no table of sentences.
    pub(crate) fn read(text: &str, name: &str, source: Source) -> Result<Self, Stop> {
        let read: BTreeMap<String, toml::Spanned<String>> = toml::from_str(text)
            .map_err(|error| Stop::input(format!("{name}: wording.malformed: {error}")))?;
        let mut shipped: Vec<(usize, String, String)> = read
            .into_iter()
            .map(|(key, sentence)| (sentence.span().start, key, sentence.into_inner()))
            .collect();
        shipped.sort();
        Ok(Self {
            shipped: shipped
                .into_iter()
                .map(|(_, key, sentence)| (key, sentence))
                .collect(),
            source,
            standing: RwLock::new(None),
        })
    }

    /// The shipped sentences with some in place of theirs, as the file has them.
    fn with(&self, own: &Own) -> Result<String, Vec<Problem>> {
        let all: BTreeMap<&str, &str> = self
            .shipped
            .iter()
            .map(|(key, sentence)| (key.as_str(), sentence.as_str()))
            .chain(own.iter().map(|(key, text)| (key.as_str(), text.as_str())))
            .collect();
        toml::to_string(&all)
            .map_err(|error| vec![Problem::new("wording.malformed", error.to_string())])
    }

    fn stand(&self, number: u32, own: Own) -> Result<Standing, Vec<Problem>> {
        let text = self.with(&own)?;
        let source = if number == 0 {
            self.source.clone()
        } else {
            Source {
                id: self.source.id.clone(),
                version: format!("{}, own sentences {number}", self.source.version),
                sha256: sha256(&text),
            }
        };
        Ok(Standing {
            number,
            wording: Wording::parse(&text)?,
            own,
            source,
        })
    }
}

/// The words in braces of a sentence, with their braces.
fn slots(sentence: &str) -> Vec<String> {
    sentence
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| format!("{{{name}}}"))
        .collect()
}

/// A letter that neither confirms nor denies, with every sentence that such a letter may have.
fn neither_confirms_nor_denies(bundle: &Bundle) -> Option<Reply> {
    let day = Date::constant(2026, 11, 2);
    let slot = || Slot::Filled("Something.".to_owned());
    let question = |label: &str, by_virtue_of, likelihood| -> Option<DecidedQuestion> {
        Some(DecidedQuestion {
            label: label.to_owned(),
            text: "Something?".to_owned(),
            stem: None,
            decision: Decision::NeitherConfirmedNorDenied(NeitherConfirmNorDeny {
                provision: "FOIA s.31(3)".parse().ok()?,
                by_virtue_of,
                prejudice: Prejudice {
                    mechanism: slot(),
                    likelihood,
                },
                public_interest: PublicInterestTest {
                    favouring: vec!["Something.".to_owned()],
                    against: vec!["Something.".to_owned()],
                    balance: slot(),
                },
            }),
            opinion: None,
            in_part: None,
            looked: None,
            files: Vec::new(),
        })
    };
    let apart = [
        ApartBecause::Waiting,
        ApartBecause::Extended(day),
        ApartBecause::Withdrawn(day),
        ApartBecause::Clarified {
            on: day,
            until: day,
        },
    ];
    Some(Reply {
        authority: "Somebody".to_owned(),
        reference: None,
        contact: None,
        received_on: day,
        due_on: day,
        counted: "20 working days".to_owned(),
        late_after: Some(day),
        review_by: Some(day),
        sent_on: Some(day),
        questions: vec![
            question(
                "1",
                Some("FOIA s.31(1)(a)".parse().ok()?),
                Likelihood::Would,
            )?,
            question("2", None, Likelihood::WouldBeLikelyTo)?,
        ],
        apart: apart
            .into_iter()
            .map(|because| Apart {
                label: "3".to_owned(),
                because,
            })
            .collect(),
        signposts: vec![Signpost {
            name: "Something".to_owned(),
            url: "https://www.example.org/".to_owned(),
            publishes: vec!["something".to_owned()],
            frequency: "every quarter".to_owned(),
        }],
        complaints: bundle.complaints.clone(),
    })
}

impl Office {
    /// The sentences that come with the program: key and words, in the order of their file.
    #[must_use]
    pub fn shipped_sentences(&self) -> &[(String, String)] {
        &self.words.shipped
    }

    /// The wording in force.
    ///
    /// # Errors
    /// The authority's own sentences don't fit this program any more, or the database can't answer.
    pub async fn wording(&self) -> Result<Arc<Standing>, Stopped> {
        let number = self
            .store
            .setting(SETTING)
            .await?
            .and_then(|number| number.parse().ok())
            .unwrap_or(0);
        let known = self
            .words
            .standing
            .read()
            .ok()
            .and_then(|known| known.clone());
        if let Some(known) = known.filter(|known| known.number == number) {
            return Ok(known);
        }
        let own = match self.wording_version(number).await? {
            Some(version) => version.own,
            None => Own::new(),
        };
        let standing = Arc::new(self.words.stand(number, own).map_err(Stopped::Refused)?);
        if let Ok(mut known) = self.words.standing.write() {
            *known = Some(Arc::clone(&standing));
        }
        Ok(standing)
    }

    /// A version of the authority's own sentences.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn wording_version(&self, number: u32) -> Result<Option<Version>, store::Fault> {
        self.store
            .setting(&format!("{SETTING}.{number}"))
            .await?
            .map(|text| {
                serde_json::from_str(&text)
                    .map_err(|error| store::Fault::Damaged(format!("wording {number}: {error}")))
            })
            .transpose()
    }

    /// What is wrong with the authority's own sentences: key and message.
    #[must_use]
    pub fn check_wording(&self, own: &Own) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        for (key, text) in own {
            let alone = Own::from([(key.clone(), text.clone())]);
            let found = match self.words.with(&alone) {
                Ok(text) => Wording::parse(&text).err().unwrap_or_default(),
                Err(problems) => problems,
            };
            problems.extend(
                found
                    .into_iter()
                    .map(|problem| (key.clone(), problem.message)),
            );
            // A sentence that leaves one out would leave out what the letter has to say there.
            let shipped = self.words.shipped.iter().find(|(known, _)| known == key);
            let lost: Vec<String> = shipped
                .map(|(_, sentence)| slots(sentence))
                .unwrap_or_default()
                .into_iter()
                .filter(|slot| !text.contains(slot.as_str()))
                .collect();
            if !lost.is_empty() {
                problems.push((
                    key.clone(),
                    format!("it lacks {}; the letter fills that in", lost.join(", ")),
                ));
            }
            let shipped = shipped.map_or("", |(_, sentence)| sentence.as_str());
            problems.extend(
                self.leaks_of_sentence(&alone, text, shipped)
                    .into_iter()
                    .map(|message| (key.clone(), message)),
            );
        }
        problems
    }

    /// What an own sentence tells of whether something is held, where letters that neither confirm nor deny say it too.
    fn leaks_of_sentence(&self, alone: &Own, text: &str, shipped: &str) -> Vec<String> {
        let guard = &self.bundle.leak_guard;
        let known: Vec<String> = guard
            .read(shipped)
            .into_iter()
            .filter_map(|leak| shipped.get(leak.span).map(str::to_lowercase))
            .collect();
        let leaks: Vec<String> = guard
            .read(text)
            .into_iter()
            .filter(|leak| leak.severity == Severity::Error)
            .filter_map(|leak| {
                let words = text.get(leak.span)?;
                (!known.contains(&words.to_lowercase())).then(|| {
                    format!(
                        "“{words}” {}, and letters that neither confirm nor deny say this sentence too. {}",
                        leak.why, leak.mend
                    )
                })
            })
            .collect();
        if leaks.is_empty() {
            return leaks;
        }
        let letter = |own: &Own| -> Option<Document> {
            let wording = Wording::parse(&self.words.with(own).ok()?).ok()?;
            Some(letters::compose(
                &neither_confirms_nor_denies(&self.bundle)?,
                &self.bundle.statute,
                &wording,
            ))
        };
        // A sentence of other letters says what it likes.
        if letter(alone) == letter(&Own::new()) {
            return Vec::new();
        }
        leaks
    }

    /// Puts own sentences in force as the next version; `seen` is the version that whoever writes had before them.
    ///
    /// # Errors
    /// A sentence has a slot that it can't fill, somebody else changed the wording, or the store can't.
    pub async fn keep_wording(&self, by: &str, seen: u32, own: Own) -> Result<u32, Stopped> {
        let problems: Vec<Problem> = self
            .check_wording(&own)
            .into_iter()
            .map(|(_, message)| Problem::new("wording.refused", message))
            .collect();
        if !problems.is_empty() {
            return Err(Stopped::Refused(problems));
        }
        let _alone = self.words_changing.lock().await;
        let standing = self.wording().await?;
        if standing.number != seen {
            return Err(Stopped::Conflict);
        }
        if standing.own == own {
            return Ok(seen);
        }
        let version = Version {
            number: seen.saturating_add(1),
            by: by.to_owned(),
            at: self.now(),
            own,
        };
        let text = serde_json::to_string(&version)
            .map_err(|error| store::Fault::Damaged(error.to_string()))?;
        let number = version.number.to_string();
        let changed: BTreeSet<&str> = standing
            .own
            .keys()
            .chain(version.own.keys())
            .filter(|key| standing.own.get(*key) != version.own.get(*key))
            .map(String::as_str)
            .collect();
        let changed = Vec::from_iter(changed).join(", ");
        let change = self.change(by, "wording", &format!("version {number}"), &changed);
        let kept = format!("{SETTING}.{number}");
        let settings = [(kept.as_str(), text.as_str()), (SETTING, number.as_str())];
        self.store
            .alter(Altered::Settings(&settings), &change)
            .await?;
        Ok(version.number)
    }

    /// The command with the wording in force on record, where it records what it is decided under.
    pub(crate) async fn under_wording(&self, mut command: Command) -> Result<Command, Stopped> {
        let basis = match &mut command {
            Command::ConfirmQuestions(questions) => &mut questions.basis,
            Command::DecideConfirmOrDeny(consideration) => &mut consideration.basis,
            Command::Decide(decision) => &mut decision.basis,
            Command::DecideReview(decision) => &mut decision.basis,
            _ => return Ok(command),
        };
        let standing = self.wording().await?;
        if standing.number > 0 {
            basis.wording = standing.source.clone();
        }
        Ok(command)
    }
}
