//! The applicant's name and contact: kept apart from the case, shown only where somebody needs them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Who asked. Never part of an event, of search or of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// The name given.
    pub name: String,
    /// The address for correspondence: e-mail or post.
    pub contact: String,
    /// Makes the commitment unguessable; 32 hexadecimal digits, destroyed with the name.
    pub salt: String,
}

impl Applicant {
    /// Binds a case's history to this applicant without telling who it is: SHA-256 of salt, name and contact, in
    /// hexadecimal. A later change of the name is seen; once salt and name are destroyed nothing can be learnt from it.
    #[must_use]
    pub fn commitment(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.salt, &self.name, &self.contact] {
            // Lengths keep "ab" + "c" apart from "a" + "bc".
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applicant(name: &str, contact: &str, salt: &str) -> Applicant {
        Applicant {
            name: name.to_owned(),
            contact: contact.to_owned(),
            salt: salt.to_owned(),
        }
    }

    #[test]
    fn any_change_of_name_contact_or_salt_changes_the_commitment() {
        let first = applicant("Joy Adeyemi", "joy@example.org", "00ff").commitment();
        assert_eq!(
            first,
            applicant("Joy Adeyemi", "joy@example.org", "00ff").commitment()
        );
        for other in [
            applicant("Joy Adeyem", "ijoy@example.org", "00ff"),
            applicant("Joy Adeyemi", "joy@example.com", "00ff"),
            applicant("Joy Adeyemi", "joy@example.org", "00fe"),
        ] {
            assert_ne!(first, other.commitment());
        }
    }
}
