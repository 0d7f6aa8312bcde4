//! The audit chain: each event carries the hash of the one before it in its case, and its place in the authority's order.

use std::collections::HashMap;

use casework::event::{CaseId, Event, Recorded};
use casework::role::{Actor, Role};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::merkle::{Frontier, Hash, leaf};

/// An event as it is stored and exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredEvent {
    /// The case.
    pub case_id: String,
    /// Its number in the case, from 1 without gaps.
    pub seq: u64,
    /// Its number in the authority, from 1 without gaps.
    pub position: u64,
    /// The instant of recording, UTC to the millisecond.
    pub at: String,
    /// The account.
    pub actor: String,
    /// The role.
    pub role: String,
    /// The kind.
    pub kind: String,
    /// The version of the contents' form.
    pub version: u32,
    /// Makes the hash of the contents unguessable; destroyed with them.
    #[serde(with = "hexadecimal_or_null")]
    pub salt: Option<Vec<u8>>,
    /// The contents as JSON, exactly as stored; `None` once destroyed.
    pub contents: Option<String>,
    /// SHA-256 of salt and contents.
    #[serde(with = "hexadecimal")]
    pub contents_hash: Hash,
    /// The hash of the event before it in the case; zeros for the first.
    #[serde(with = "hexadecimal")]
    pub before: Hash,
    /// The hash of all of the above but salt and contents, for which their hash stands.
    #[serde(with = "hexadecimal")]
    pub hash: Hash,
}

impl StoredEvent {
    /// The hash of salt and contents.
    #[must_use]
    pub fn hash_of_contents(salt: &[u8], contents: &str) -> Hash {
        let mut hash = Sha256::new();
        part(&mut hash, b"candour contents 1");
        part(&mut hash, salt);
        part(&mut hash, contents.as_bytes());
        hash.finalize().into()
    }

    /// The hash that this event must carry.
    #[must_use]
    pub fn computed_hash(&self, authority: &str) -> Hash {
        let mut hash = Sha256::new();
        part(&mut hash, b"candour event 1");
        part(&mut hash, authority.as_bytes());
        part(&mut hash, self.case_id.as_bytes());
        part(&mut hash, &self.seq.to_be_bytes());
        part(&mut hash, &self.position.to_be_bytes());
        part(&mut hash, self.at.as_bytes());
        part(&mut hash, self.actor.as_bytes());
        part(&mut hash, self.role.as_bytes());
        part(&mut hash, self.kind.as_bytes());
        part(&mut hash, &self.version.to_be_bytes());
        part(&mut hash, &self.contents_hash);
        part(&mut hash, &self.before);
        hash.finalize().into()
    }

    /// The event as the case reads it.
    ///
    /// # Errors
    /// It can't be read back.
    pub fn recorded(&self) -> Result<Recorded, Fault> {
        Told {
            seq: self.seq,
            at: &self.at,
            actor: &self.actor,
            role: &self.role,
            kind: &self.kind,
            version: self.version,
            contents: self.contents.as_deref(),
        }
        .recorded(&self.case_id)
    }

    /// Its case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        CaseId(self.case_id.clone())
    }
}

/// What a case reads of an event, as stored; the hashes that prove it are no part of it.
pub(crate) struct Told<'e> {
    pub(crate) seq: u64,
    pub(crate) at: &'e str,
    pub(crate) actor: &'e str,
    pub(crate) role: &'e str,
    pub(crate) kind: &'e str,
    pub(crate) version: u32,
    pub(crate) contents: Option<&'e str>,
}

impl Told<'_> {
    /// The event of this case as the case reads it.
    pub(crate) fn recorded(&self, case_id: &str) -> Result<Recorded, Fault> {
        let damaged =
            |what: String| Fault::Damaged(format!("event {} of case {case_id}: {what}", self.seq));
        let event = self
            .contents
            .map(|contents| Event::from_stored(self.kind, self.version, contents))
            .transpose()
            .map_err(|unreadable| damaged(unreadable.to_string()))?;
        Ok(Recorded {
            seq: self.seq,
            at: self
                .at
                .parse()
                .map_err(|_| damaged(format!("`{}` is no instant", self.at)))?,
            by: Actor {
                id: self.actor.to_owned(),
                role: Role::of_spelling(self.role)
                    .ok_or_else(|| damaged(format!("`{}` is no role", self.role)))?,
            },
            event,
        })
    }
}

/// A length before each part keeps "ab" + "c" apart from "a" + "bc".
fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// What is wrong with a record, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `verify.altered`, `verify.missing`, `verify.reordered`, …
    pub code: &'static str,
    /// Where and what, in a sentence.
    pub message: String,
}

impl Finding {
    /// A finding.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

/// Checks events one by one, in the order of their positions.
#[derive(Debug)]
pub struct ChainCheck {
    authority: String,
    /// Whether every event of the authority must be there, or those of some cases.
    complete: bool,
    heads: HashMap<String, (u64, Hash)>,
    destroyed: HashMap<String, u64>,
    last_position: u64,
    frontier: Frontier,
}

impl ChainCheck {
    /// A check of every event of an authority (`complete`), or of some of its cases.
    #[must_use]
    pub fn new(authority: &str, complete: bool) -> Self {
        Self {
            authority: authority.to_owned(),
            complete,
            heads: HashMap::new(),
            destroyed: HashMap::new(),
            last_position: 0,
            frontier: Frontier::default(),
        }
    }

    /// The tree of the events checked so far; of use only when they are complete.
    #[must_use]
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The newest event of each case: its number and hash.
    #[must_use]
    pub fn heads(&self) -> &HashMap<String, (u64, Hash)> {
        &self.heads
    }

    /// Checks the next event.
    ///
    /// # Errors
    /// It is altered, out of order, or one before it is missing.
    pub fn add(&mut self, event: &StoredEvent) -> Result<(), Finding> {
        let place = format!(
            "event {} of case {} (position {})",
            event.seq, event.case_id, event.position
        );
        let expected = self.last_position.saturating_add(1);
        if event.position <= self.last_position {
            return Err(Finding::new(
                "verify.reordered",
                format!("{place} stands after position {}", self.last_position),
            ));
        }
        if self.complete && event.position != expected {
            return Err(Finding::new(
                "verify.missing",
                format!("{place}: the event at position {expected} is missing"),
            ));
        }
        let (last_seq, head) = self
            .heads
            .get(&event.case_id)
            .copied()
            .unwrap_or((0, [0; 32]));
        let next = last_seq.saturating_add(1);
        if event.seq != next {
            return Err(Finding::new(
                if event.seq > next {
                    "verify.missing"
                } else {
                    "verify.reordered"
                },
                format!("{place}: event {next} of this case should stand here"),
            ));
        }
        if event.computed_hash(&self.authority) != event.hash {
            return Err(Finding::new(
                "verify.altered",
                format!("{place} is not what was recorded"),
            ));
        }
        if event.before != head {
            return Err(Finding::new(
                "verify.altered",
                format!("{place} doesn't follow from the event before it"),
            ));
        }
        match (&event.salt, &event.contents) {
            (Some(salt), Some(contents)) => {
                if StoredEvent::hash_of_contents(salt, contents) != event.contents_hash {
                    return Err(Finding::new(
                        "verify.altered",
                        format!("the contents of {place} are not what was recorded"),
                    ));
                }
                if event.recorded().is_err() {
                    return Err(Finding::new(
                        "verify.unreadable",
                        format!("{place} can't be read"),
                    ));
                }
                if event.kind == "destroyed" {
                    self.destroyed.remove(&event.case_id);
                }
            }
            (None, None) => {
                self.destroyed
                    .entry(event.case_id.clone())
                    .or_insert(event.seq);
            }
            _ => {
                return Err(Finding::new(
                    "verify.altered",
                    format!("{place} has lost half of its contents"),
                ));
            }
        }
        self.last_position = event.position;
        self.heads
            .insert(event.case_id.clone(), (event.seq, event.hash));
        self.frontier.push(leaf(&event.hash));
        Ok(())
    }

    /// Checks what can only be seen at the end.
    ///
    /// # Errors
    /// Contents are missing without a destruction on record.
    pub fn finish(&self) -> Result<(), Finding> {
        match self.destroyed.iter().min() {
            None => Ok(()),
            Some((case, seq)) => Err(Finding::new(
                "verify.contents_missing",
                format!(
                    "the contents of event {seq} of case {case} are gone and no destruction is on record"
                ),
            )),
        }
    }
}

/// Bytes of a fixed length in lower-case hexadecimal.
pub(crate) mod hexadecimal {
    use super::Hash;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&casework::applicant::hex(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::of_hex(&text)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| D::Error::custom("not 64 hexadecimal digits"))
    }
}

/// Bytes of any length, or nothing, in lower-case hexadecimal.
pub(crate) mod hexadecimal_or_null {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => serializer.serialize_some(&casework::applicant::hex(bytes)),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| {
                super::of_hex(&text).ok_or_else(|| D::Error::custom("not hexadecimal digits"))
            })
            .transpose()
    }
}

/// Bytes from lower-case hexadecimal; `None` when it is anything else.
#[must_use]
pub fn of_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(byte.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    };
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}
