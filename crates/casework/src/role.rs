//! Who acts on a case, and in which role.

use serde::{Deserialize, Serialize};

/// The role in which somebody acts. A person may hold several, but never decides and approves the same case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads new requests, checks that they are valid, splits and routes them.
    TriageOfficer,
    /// Decides and answers.
    InformationOfficer,
    /// Supplies what a service area holds.
    ServiceAreaContact,
    /// Gives evidence of harm.
    SecurityAdviser,
    /// Approves letters; never one whose case they decided any part of.
    Approver,
    /// Gives the opinion that FOIA s.36(5) reserves to a qualified person.
    QualifiedPerson,
    /// Publishes answers in the disclosure log.
    Publisher,
    /// Reads, and changes nothing.
    Auditor,
    /// Keeps accounts, teams and retention.
    Administrator,
    /// The person who asked, through the private link to their own request.
    Applicant,
    /// Candour itself: intake and routine work.
    Candour,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 11] = [
        Self::TriageOfficer,
        Self::InformationOfficer,
        Self::ServiceAreaContact,
        Self::SecurityAdviser,
        Self::Approver,
        Self::QualifiedPerson,
        Self::Publisher,
        Self::Auditor,
        Self::Administrator,
        Self::Applicant,
        Self::Candour,
    ];

    /// The role in words, "information officer".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TriageOfficer => "triage officer",
            Self::InformationOfficer => "information officer",
            Self::ServiceAreaContact => "service-area contact",
            Self::SecurityAdviser => "security adviser",
            Self::Approver => "approver",
            Self::QualifiedPerson => "qualified person",
            Self::Publisher => "publisher",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
            Self::Applicant => "applicant",
            Self::Candour => "candour",
        }
    }

    /// The role of the stored or typed spelling, `information_officer`.
    #[must_use]
    pub fn of_spelling(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.spelling() == text)
    }

    /// The stored and typed spelling, `information_officer`.
    #[must_use]
    pub fn spelling(self) -> String {
        self.name().replace([' ', '-'], "_")
    }
}

/// Somebody acting in a role: an account's id, never a name, so that a history can be shown to anyone who may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The account's id; `candour` for the program itself, `applicant` for the person who asked.
    pub id: String,
    /// The role in which they act.
    pub role: Role,
}

impl Actor {
    /// Whoever asked, through the pages or by mail.
    #[must_use]
    pub fn applicant() -> Self {
        Self {
            id: "applicant".to_owned(),
            role: Role::Applicant,
        }
    }

    /// The program itself.
    #[must_use]
    pub fn candour() -> Self {
        Self {
            id: "candour".to_owned(),
            role: Role::Candour,
        }
    }
}
