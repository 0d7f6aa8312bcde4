//! Signed checkpoints: on a day, so many events, with this root.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chain::{Finding, hexadecimal, of_hex};
use crate::merkle::{Frontier, Hash};

/// A checkpoint over every event of an authority up to a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// How many events it covers.
    pub size: u64,
    /// The day it was made.
    pub made_on: String,
    /// The root of the tree over their hashes, RFC 9162.
    #[serde(with = "hexadecimal")]
    pub root: Hash,
    /// The identity of the checkpoint before; zeros for the first.
    #[serde(with = "hexadecimal")]
    pub before: Hash,
    /// Which key signed it.
    pub key_id: String,
    /// The Ed25519 signature, in hexadecimal.
    pub signature: String,
}

/// The secret that signs checkpoints and exports.
pub struct SigningSecret(SigningKey);

impl SigningSecret {
    /// The secret of these bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        casework::applicant::hex(&self.0.sign(message).to_bytes())
    }
}

/// The key with which anyone can check checkpoints and exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key in this hexadecimal text.
    #[must_use]
    pub fn of_hex(text: &str) -> Option<Self> {
        let bytes: [u8; 32] = of_hex(text)?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok().map(Self)
    }

    /// The key in hexadecimal.
    #[must_use]
    pub fn to_hex(&self) -> String {
        casework::applicant::hex(self.0.as_bytes())
    }

    /// The first digits of its hash, by which checkpoints name it.
    #[must_use]
    pub fn id(&self) -> String {
        casework::applicant::hex(&Sha256::digest(self.0.as_bytes()))
            .chars()
            .take(16)
            .collect()
    }

    /// Whether this key signed the message.
    #[must_use]
    pub fn signed(&self, message: &[u8], signature: &str) -> bool {
        of_hex(signature)
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .is_some_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

impl Checkpoint {
    /// Signs a checkpoint over a tree.
    #[must_use]
    pub fn sign(
        authority: &str,
        made_on: jiff::civil::Date,
        frontier: &Frontier,
        before: Option<&Self>,
        secret: &SigningSecret,
    ) -> Self {
        let mut checkpoint = Self {
            size: frontier.size(),
            made_on: made_on.to_string(),
            root: frontier.root(),
            before: before.map_or([0; 32], |before| before.identity(authority)),
            key_id: secret.public().id(),
            signature: String::new(),
        };
        checkpoint.signature = secret.sign(&checkpoint.message(authority));
        checkpoint
    }

    fn message(&self, authority: &str) -> Vec<u8> {
        format!(
            "candour checkpoint 1\n{}:{authority}\n{}\n{}\n{}\n{}\n{}\n",
            authority.len(),
            self.size,
            self.made_on,
            casework::applicant::hex(&self.root),
            casework::applicant::hex(&self.before),
            self.key_id,
        )
        .into_bytes()
    }

    /// What the next checkpoint carries of this one.
    #[must_use]
    pub fn identity(&self, authority: &str) -> Hash {
        Sha256::digest(self.message(authority)).into()
    }

    /// Checks that the key signed it and that it follows the one before.
    ///
    /// # Errors
    /// It is altered, or signed with another key.
    pub fn check(
        &self,
        authority: &str,
        before: Option<&Self>,
        key: &PublicKey,
    ) -> Result<(), Finding> {
        let place = format!(
            "the checkpoint of {} over {} events",
            self.made_on, self.size
        );
        if self.key_id != key.id() {
            return Err(Finding::new(
                "verify.other_key",
                format!("{place} names key {}, not {}", self.key_id, key.id()),
            ));
        }
        if !key.signed(&self.message(authority), &self.signature) {
            return Err(Finding::new(
                "verify.bad_signature",
                format!("{place} is not what was signed"),
            ));
        }
        if self.before != before.map_or([0; 32], |before| before.identity(authority)) {
            return Err(Finding::new(
                "verify.missing",
                format!("{place} doesn't follow from the checkpoint before it; one is missing"),
            ));
        }
        Ok(())
    }
}
