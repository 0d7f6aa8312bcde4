//! The sealed part of an export: what searches found, for the Commissioner or the tribunal alone, FOIA s.51 and s.58. The
//! export itself never carries it; this is a file of its own, locked with a key that only they are given.

use casework::case::Case;
use casework::event::{KeyKind, Opening};
use casework::holding::{Held, Holding};
use casework::role::Actor;
use law::Problem;
use serde::{Deserialize, Serialize};
use store::Stopped;
use store::locked::{BackupKey, lock, unlock};

use crate::office::Office;

/// Under this name the part is locked: nothing else that a key locks can stand for it.
const NAME: &str = "candour sealed part 1";
/// Every line has at least so many bytes, more than any sealed record, so that the length of the file says only how many
/// searches there were.
const LINE: usize = 6_000;

/// What one service area found on one question.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The case's reference.
    pub case: String,
    /// The question's label.
    pub question: String,
    /// The service area.
    pub area: String,
    /// Whether it is held.
    pub held: Held,
    /// What was found, or where was looked, in the service area's words.
    pub found: String,
}

impl Office {
    /// What the searches for a case found, locked with the key of the Commissioner or the tribunal; only while the case is
    /// with them. Each question is opened with their key, and each opening is an event.
    ///
    /// # Errors
    /// The case isn't with them, no search has finished, the role may not, no reason is given, or the store can't.
    pub async fn sealed_part(
        &self,
        by: &Actor,
        case: &Case,
        reason: &str,
        key: &BackupKey,
    ) -> Result<Vec<u8>, Stopped> {
        let searched = case
            .questions
            .iter()
            .filter(|state| !state.searched_by.is_empty());
        let mut part = Vec::new();
        for state in searched {
            let opening = Opening {
                question: state.question.id.clone(),
                key: KeyKind::CommissionerOrTribunal,
                reason: reason.to_owned(),
            };
            for opened in self.open_holding(by, &case.id, None, &opening).await? {
                let Holding { held, found } = opened.holding;
                let found = Found {
                    case: case.receipt.reference.clone(),
                    question: state.question.label.clone(),
                    area: opened.area,
                    held,
                    found,
                };
                part.push(line(&found)?);
            }
        }
        if part.is_empty() {
            return Err(Stopped::Refused(vec![Problem::new(
                "holding.no_search",
                "no search for this case has finished, so there is nothing to open",
            )]));
        }
        let random = (self.store().secrets().entropy)();
        let locked = lock(&part.concat(), key, random, NAME);
        locked.map_err(|error| store::Fault::Damaged(error.to_string()).into())
    }
}

fn line(found: &Found) -> Result<Vec<u8>, Stopped> {
    let mut line = serde_json::to_vec(found)
        .map_err(|error| Stopped::from(store::Fault::Damaged(error.to_string())))?;
    line.resize(line.len().max(LINE), b' ');
    line.push(b'\n');
    Ok(line)
}

/// What the sealed part of an export says, with the key that locked it.
///
/// # Errors
/// It was altered or cut off, locked with another key, or is something else.
pub fn unseal(locked: &[u8], key: &BackupKey) -> std::io::Result<Vec<Found>> {
    let contents = unlock(locked, key, NAME)?;
    let lines = serde_json::Deserializer::from_slice(&contents).into_iter();
    lines
        .map(|found| found.map_err(std::io::Error::other))
        .collect()
}
