//! What a search found, sealed until the law says that it may be known.
//!
//! The holding is not part of the case and in no event. It is kept as a sealed record of one length, which opens only
//! with a key: the decision that the duty to confirm or deny applies, the reviewer's access at internal review, or
//! access for the Commissioner or the tribunal; each for one question, each opening an event.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use law::Problem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::confirm_or_deny::DutyToConfirmOrDeny;
use crate::event::{CaseId, QuestionId};

/// Every sealed record has this many bytes of contents, so that its length says nothing.
const PADDED: usize = 4096;
const NONCE: usize = 24;

/// Whether information of the description is held.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// It is.
    Held,
    /// It isn't.
    NotHeld,
}

/// What a search found, in the clear. Comes only out of a [`SealedHolding`], or from the service area that searched.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// Whether it is held.
    pub held: Held,
    /// What was found, or where was looked, in the service area's words.
    pub found: String,
}

impl Holding {
    /// Whether its words are too long for a sealed record; the rest goes into a file.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        serde_json::to_vec(self).map_or(true, |contents| contents.len() > PADDED)
    }
}

/// The secret with which an installation seals; 32 random bytes kept beside the database, never in it.
pub struct SealingKey([u8; 32]);

impl SealingKey {
    /// The secret of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Another secret of the same installation, for a purpose of its own: knowing it tells nothing of this one.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        let digest = Sha256::new()
            .chain_update(purpose.as_bytes())
            .chain_update([0])
            .chain_update(self.0);
        digest.finalize().into()
    }
}

/// What a search found, sealed.
///
/// It opens with the decision that the duty to confirm or deny applies to this very question:
///
/// ```
/// use casework::confirm_or_deny::DutyToConfirmOrDeny;
/// use casework::holding::{Holding, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, key: &DutyToConfirmOrDeny, secret: &SealingKey) -> Option<Holding> {
///     sealed.open(key, secret).ok()
/// }
/// ```
///
/// and not with the decision neither to confirm nor to deny:
///
/// ```compile_fail,E0308
/// use casework::decision::NeitherConfirmNorDeny;
/// use casework::holding::{Holding, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, key: &NeitherConfirmNorDeny, secret: &SealingKey) -> Option<Holding> {
///     sealed.open(key, secret).ok()
/// }
/// ```
///
/// nor without a decision:
///
/// ```compile_fail,E0061
/// use casework::holding::{Holding, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, secret: &SealingKey) -> Option<Holding> {
///     sealed.open(secret).ok()
/// }
/// ```
///
/// nor at an ordinary moment with the reviewer's key, nor at review with that of the Commissioner or the tribunal:
///
/// ```compile_fail,E0308
/// use casework::holding::{Holding, ReviewersKey, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, key: &ReviewersKey, secret: &SealingKey) -> Option<Holding> {
///     sealed.open(key, secret).ok()
/// }
/// ```
///
/// ```
/// use casework::holding::{Holding, ReviewersKey, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, key: &ReviewersKey, secret: &SealingKey) -> Option<Holding> {
///     sealed.open_at_review(key, secret).ok()
/// }
/// ```
///
/// ```compile_fail,E0308
/// use casework::holding::{CommissionersKey, Holding, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, key: &CommissionersKey, secret: &SealingKey) -> Option<Holding> {
///     sealed.open_at_review(key, secret).ok()
/// }
/// ```
///
/// ```
/// use casework::holding::{CommissionersKey, Holding, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, key: &CommissionersKey, secret: &SealingKey) -> Option<Holding> {
///     sealed.open_for_commissioner(key, secret).ok()
/// }
/// ```
///
/// What is inside can't be reached past the keys:
///
/// ```
/// fn bytes(sealed: &casework::holding::SealedHolding) -> &[u8] { sealed.stored() }
/// ```
///
/// ```compile_fail,E0616
/// fn bytes(sealed: &casework::holding::SealedHolding) -> &[u8] { &sealed.stored }
/// ```
///
/// ```compile_fail,E0624
/// use casework::event::{CaseId, QuestionId};
/// use casework::holding::{Holding, SealedHolding, SealingKey};
/// fn open(sealed: SealedHolding, place: (&CaseId, &QuestionId), secret: &SealingKey) -> Option<Holding> {
///     sealed.opened(place, secret).ok()
/// }
/// ```
///
/// Its stored bytes can be printed, compared, copied and written as JSON, for they tell nothing; itself it can't:
///
/// ```
/// fn print(sealed: &casework::holding::SealedHolding) -> String { format!("{:?}", sealed.stored()) }
/// ```
///
/// ```compile_fail,E0277
/// fn print(sealed: &casework::holding::SealedHolding) -> String { format!("{:?}", sealed) }
/// ```
///
/// ```
/// fn print(sealed: &casework::holding::SealedHolding) -> String { format!("{}", sealed.stored().len()) }
/// ```
///
/// ```compile_fail,E0277
/// fn print(sealed: &casework::holding::SealedHolding) -> String { format!("{}", sealed) }
/// ```
///
/// ```
/// use casework::holding::SealedHolding;
/// fn same(one: &SealedHolding, other: &SealedHolding) -> bool { *one.stored() == *other.stored() }
/// ```
///
/// ```compile_fail,E0369
/// use casework::holding::SealedHolding;
/// fn same(one: &SealedHolding, other: &SealedHolding) -> bool { *one == *other }
/// ```
///
/// ```
/// fn copy(sealed: casework::holding::SealedHolding) -> Vec<u8> { sealed.stored().to_vec().clone() }
/// ```
///
/// ```compile_fail,E0599
/// fn copy(sealed: casework::holding::SealedHolding) -> casework::holding::SealedHolding { sealed.clone() }
/// ```
///
/// ```
/// fn json(sealed: &casework::holding::SealedHolding) -> Option<String> { serde_json::to_string(sealed.stored()).ok() }
/// ```
///
/// ```compile_fail,E0277
/// fn json(sealed: &casework::holding::SealedHolding) -> Option<String> { serde_json::to_string(sealed).ok() }
/// ```
///
/// What was opened isn't printed, compared or copied by habit either:
///
/// ```
/// fn print(holding: &casework::holding::Holding) -> String { format!("{:?}", holding.found) }
/// ```
///
/// ```compile_fail,E0277
/// fn print(holding: &casework::holding::Holding) -> String { format!("{:?}", holding) }
/// ```
///
/// ```compile_fail,E0599
/// fn copy(holding: casework::holding::Holding) -> casework::holding::Holding { holding.clone() }
/// ```
pub struct SealedHolding {
    case: CaseId,
    question: QuestionId,
    stored: Vec<u8>,
}

/// Why a sealed holding stays shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaysShut {
    /// The key belongs to another question.
    AnotherQuestion,
    /// The record was altered, moved from another question, or sealed with another secret.
    AlteredOrOtherSecret,
}

impl std::fmt::Display for StaysShut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AnotherQuestion => "this key belongs to another question",
            Self::AlteredOrOtherSecret => {
                "the sealed record was altered, belongs to another question, or was sealed with another secret"
            }
        })
    }
}

impl std::error::Error for StaysShut {}

/// The reviewer's access at internal review. Made only by [`crate::case::Case::reviewers_key`], never by hand:
///
/// ```
/// use casework::case::Case;
/// use casework::event::QuestionId;
/// use casework::holding::ReviewersKey;
/// use casework::role::Actor;
/// fn key(case: &Case, by: &Actor, question: &QuestionId) -> Option<ReviewersKey> { case.reviewers_key(by, question) }
/// ```
///
/// ```compile_fail,E0451
/// use casework::event::{CaseId, QuestionId};
/// use casework::holding::ReviewersKey;
/// fn key(case: CaseId, question: QuestionId) -> ReviewersKey { ReviewersKey { case, question } }
/// ```
pub struct ReviewersKey {
    pub(crate) case: CaseId,
    pub(crate) question: QuestionId,
}

/// Access for the Commissioner, FOIA s.51, or the tribunal. Made only by [`crate::case::Case::commissioners_key`], never
/// by hand:
///
/// ```
/// use casework::case::Case;
/// use casework::event::QuestionId;
/// use casework::holding::CommissionersKey;
/// fn key(case: &Case, question: &QuestionId) -> Option<CommissionersKey> { case.commissioners_key(question) }
/// ```
///
/// ```compile_fail,E0451
/// use casework::event::{CaseId, QuestionId};
/// use casework::holding::CommissionersKey;
/// fn key(case: CaseId, question: QuestionId) -> CommissionersKey { CommissionersKey { case, question } }
/// ```
pub struct CommissionersKey {
    pub(crate) case: CaseId,
    pub(crate) question: QuestionId,
}

impl SealedHolding {
    /// Seals what a search found. `nonce` must be random and is used once.
    ///
    /// # Errors
    /// The words are too long for a sealed record.
    pub fn seal(
        case: &CaseId,
        question: &QuestionId,
        holding: &Holding,
        secret: &SealingKey,
        nonce: [u8; NONCE],
    ) -> Result<Self, Problem> {
        let too_long = || {
            Problem::at(
                0..0,
                "holding.too_long",
                format!(
                    "what was found must fit in {} bytes; put the rest in a file",
                    PADDED.saturating_sub(64)
                ),
            )
        };
        let mut contents = serde_json::to_vec(holding).map_err(|_| too_long())?;
        if contents.len() > PADDED {
            return Err(too_long());
        }
        // White space after a JSON value is no part of it.
        contents.resize(PADDED, b' ');
        let cipher = XChaCha20Poly1305::new((&secret.0).into());
        let sealed = cipher
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &contents,
                    aad: &place(case, question),
                },
            )
            .map_err(|_| too_long())?;
        let mut stored = nonce.to_vec();
        stored.extend(sealed);
        Ok(Self {
            case: case.clone(),
            question: question.clone(),
            stored,
        })
    }

    /// The sealed record of a question as it was stored.
    #[must_use]
    pub fn from_stored(case: CaseId, question: QuestionId, stored: Vec<u8>) -> Self {
        Self {
            case,
            question,
            stored,
        }
    }

    /// The bytes to store: always as many, and telling nothing without the secret.
    #[must_use]
    pub fn stored(&self) -> &[u8] {
        &self.stored
    }

    /// Opens it with the decision that the duty to confirm or deny applies.
    ///
    /// # Errors
    /// The key is another question's, or the record isn't what was sealed.
    pub fn open(
        self,
        key: &DutyToConfirmOrDeny,
        secret: &SealingKey,
    ) -> Result<Holding, StaysShut> {
        self.opened((key.case(), key.question()), secret)
    }

    /// Opens it at internal review.
    ///
    /// # Errors
    /// The key is another question's, or the record isn't what was sealed.
    pub fn open_at_review(
        self,
        key: &ReviewersKey,
        secret: &SealingKey,
    ) -> Result<Holding, StaysShut> {
        self.opened((&key.case, &key.question), secret)
    }

    /// Opens it for the Commissioner or the tribunal.
    ///
    /// # Errors
    /// The key is another question's, or the record isn't what was sealed.
    pub fn open_for_commissioner(
        self,
        key: &CommissionersKey,
        secret: &SealingKey,
    ) -> Result<Holding, StaysShut> {
        self.opened((&key.case, &key.question), secret)
    }

    fn opened(
        self,
        key: (&CaseId, &QuestionId),
        secret: &SealingKey,
    ) -> Result<Holding, StaysShut> {
        if key != (&self.case, &self.question) {
            return Err(StaysShut::AnotherQuestion);
        }
        let (nonce, sealed) = self
            .stored
            .split_first_chunk::<NONCE>()
            .ok_or(StaysShut::AlteredOrOtherSecret)?;
        let cipher = XChaCha20Poly1305::new((&secret.0).into());
        let contents = cipher
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: sealed,
                    aad: &place(&self.case, &self.question),
                },
            )
            .map_err(|_| StaysShut::AlteredOrOtherSecret)?;
        serde_json::from_slice(&contents).map_err(|_| StaysShut::AlteredOrOtherSecret)
    }
}

/// Binds a record to its place, so that it can't be moved to another question.
fn place(case: &CaseId, question: &QuestionId) -> Vec<u8> {
    [case.0.as_bytes(), b"\0", question.0.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::confirm_or_deny::duty_on_record;

    fn ids(case: &str, question: &str) -> (CaseId, QuestionId) {
        (CaseId(case.to_owned()), QuestionId(question.to_owned()))
    }

    fn sealed(held: Held, found: &str) -> SealedHolding {
        let (case, question) = ids("c1", "q1");
        SealedHolding::seal(
            &case,
            &question,
            &Holding {
                held,
                found: found.to_owned(),
            },
            &SealingKey::new([7; 32]),
            [9; 24],
        )
        .unwrap()
    }

    #[test]
    fn the_key_of_its_question_opens_it_and_no_other_does() {
        let (case, question) = ids("c1", "q1");
        let secret = SealingKey::new([7; 32]);
        let opened = sealed(Held::Held, "three reports")
            .open(&duty_on_record(&case, &question), &secret)
            .ok()
            .unwrap();
        assert!(opened.held == Held::Held && opened.found == "three reports");
        for (case, question) in [ids("c1", "q2"), ids("c2", "q1")] {
            let outcome = sealed(Held::Held, "x").open(&duty_on_record(&case, &question), &secret);
            assert!(outcome.err() == Some(StaysShut::AnotherQuestion));
        }
        let other = SealingKey::new([8; 32]);
        let outcome = sealed(Held::Held, "x").open(&duty_on_record(&case, &question), &other);
        assert!(outcome.err() == Some(StaysShut::AlteredOrOtherSecret));
    }

    #[test]
    fn the_stored_record_has_one_length_whatever_was_found() {
        let lengths: Vec<usize> = [
            sealed(Held::Held, ""),
            sealed(Held::NotHeld, "nothing"),
            sealed(Held::Held, &"x".repeat(4000)),
        ]
        .iter()
        .map(|sealed| sealed.stored().len())
        .collect();
        assert_eq!(lengths, [PADDED + NONCE + 16; 3]);
        let (case, question) = ids("c1", "q1");
        let long = Holding {
            held: Held::Held,
            found: "x".repeat(4096),
        };
        let refused =
            SealedHolding::seal(&case, &question, &long, &SealingKey::new([7; 32]), [9; 24]);
        assert!(
            refused
                .err()
                .is_some_and(|problem| problem.code == "holding.too_long")
        );
    }

    #[test]
    fn a_record_moved_to_another_question_or_altered_stays_shut() {
        let (case, question) = ids("c1", "q2");
        let secret = SealingKey::new([7; 32]);
        let moved = SealedHolding::from_stored(
            case.clone(),
            question.clone(),
            sealed(Held::Held, "x").stored().to_vec(),
        );
        let outcome = moved.open(&duty_on_record(&case, &question), &secret);
        assert!(outcome.err() == Some(StaysShut::AlteredOrOtherSecret));

        let (case, question) = ids("c1", "q1");
        for at in (0..PADDED + NONCE + 16).step_by(97) {
            let mut bytes = sealed(Held::Held, "x").stored().to_vec();
            bytes[at] ^= 1;
            let outcome = SealedHolding::from_stored(case.clone(), question.clone(), bytes)
                .open(&duty_on_record(&case, &question), &secret);
            assert!(outcome.err() == Some(StaysShut::AlteredOrOtherSecret));
        }
    }
}
