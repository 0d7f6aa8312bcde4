//! The data that the tests of the public record read, and a small invented record.

use std::path::PathBuf;

use casework::policy::Policy;
use casework::public_record::{
    Contract, Exchange, Index, Lexicon, Outcome, PublishedEntry, Reading, Says, Source,
};
use jiff::civil::{Date, date};
use triage::Vocabulary;

pub const TODAY: Date = date(2026, 11, 27);

pub struct World {
    pub vocabulary: Vocabulary,
    pub lexicon: Lexicon,
}

pub fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../data")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

impl World {
    pub fn new() -> Self {
        let vocabulary = Vocabulary::parse(
            &data("triage/subjects.toml"),
            &data("triage/information.toml"),
            &data("triage/exclusions.toml"),
            &data("triage/cues.toml"),
        )
        .unwrap();
        let lexicon = Lexicon::parse(&data("public-record/things.toml"), &vocabulary).unwrap();
        Self {
            vocabulary,
            lexicon,
        }
    }

    pub fn reading(&self) -> Reading<'_> {
        Reading {
            vocabulary: &self.vocabulary,
            lexicon: &self.lexicon,
        }
    }

    pub fn policy(&self, id: &str) -> Policy {
        let statute = law::Statute::parse(&data("law/foia.toml")).unwrap();
        Policy::parse(
            &data(&format!("policy/{id}.toml")),
            &statute,
            &|id| self.vocabulary.has_subject(id),
            &|id| self.vocabulary.has_information(id),
        )
        .unwrap()
    }

    pub fn index(&self, entries: &[PublishedEntry]) -> Index {
        let mut index = Index::default();
        for entry in entries {
            index.add(&self.reading(), entry);
        }
        index
    }
}

pub fn row(id: &str, title: &str, description: &str, supplier: &str) -> PublishedEntry {
    PublishedEntry {
        source: Source::Register,
        id: id.to_owned(),
        place: format!("https://harrowmere.example/contracts/{id}"),
        published_on: Some(date(2026, 10, 30)),
        withdrawn_on: None,
        says: Says::Contract(Contract {
            title: title.to_owned(),
            description: description.to_owned(),
            department: String::new(),
            supplier: supplier.to_owned(),
            value: Some("48000.00".to_owned()),
            starts_on: Some(date(2025, 4, 1)),
            ends_on: Some(date(2028, 3, 31)),
        }),
    }
}

pub fn answered(id: &str, question: &str, answer: &str, outcome: Outcome) -> PublishedEntry {
    PublishedEntry {
        source: Source::DisclosureLog,
        id: id.to_owned(),
        place: format!("https://harrowmere.example/disclosure-log/{id}"),
        published_on: Some(date(2026, 6, 12)),
        withdrawn_on: None,
        says: Says::Exchanges(vec![Exchange {
            question: question.to_owned(),
            answer: answer.to_owned(),
            outcome,
        }]),
    }
}

pub fn statement(id: &str, text: &str) -> PublishedEntry {
    PublishedEntry {
        source: Source::Statement,
        id: id.to_owned(),
        place: format!("https://harrowmere.example/news/{id}"),
        published_on: Some(date(2026, 10, 12)),
        withdrawn_on: None,
        says: Says::Text(text.to_owned()),
    }
}

/// What an invented council has published.
pub fn record() -> Vec<PublishedEntry> {
    vec![
        row(
            "HM-101",
            "Managed firewall service",
            "Perimeter firewalls, rules management and support",
            "Fernbridge Computing Ltd",
        ),
        row(
            "HM-102",
            "Anti-virus",
            "Sophos Intercept X, 2,400 devices",
            "Fernbridge Computing Ltd",
        ),
        row(
            "HM-103",
            "Telephone system",
            "Hosted voice",
            "Larchgate Telecom plc",
        ),
        row(
            "HM-104",
            "Housing Management System (CareCompass)",
            "Tenancy and rents",
            "Oldmill Software Ltd",
        ),
        row(
            "HM-105",
            "Refuse and recycling collection",
            "Household waste rounds",
            "Greyfield Services Ltd",
        ),
        row(
            "HM-106",
            "Cyber incident response retainer",
            "On-call forensic help",
            "Marrowby Consulting LLP",
        ),
        row(
            "HM-107",
            "Cyber awareness training",
            "E-learning about phishing and ransomware",
            "Pennick Learning Ltd",
        ),
        answered(
            "2026/laptops",
            "How many laptops does the council have?",
            "1,240 laptops.",
            Outcome::Answered,
        ),
        answered(
            "2026/server-version",
            "Which version of Windows Server do your servers run?",
            "We hold this and are withholding it.",
            Outcome::Withheld,
        ),
        answered(
            "2026/storage",
            "What make of storage array do you use?",
            "",
            Outcome::NeitherConfirmedNorDenied,
        ),
        answered(
            "2026/vpn",
            "Do you use a VPN product for remote access?",
            "No.",
            Outcome::Answered,
        ),
        statement(
            "2026-10-12",
            "Our services were disrupted by a ransomware attack on 10 October. Staff are working to restore them.",
        ),
    ]
}
