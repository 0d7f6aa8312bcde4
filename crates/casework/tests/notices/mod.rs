//! The invented notices with their labels, and the check with the shipped data.

use std::sync::OnceLock;

use casework::notice::{Decisions, Known, Notice, Phrases, Sources};
use law::{Calendar, Statute};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Fixture {
    pub id: String,
    pub text: String,
    pub labels: Labels,
}

/// As in the development corpus; what the text is too short to decide is left out.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Labels {
    #[serde(default)]
    pub cites_exemption: Option<Vec<String>>,
    #[serde(default)]
    pub ncnd: Option<bool>,
    #[serde(default)]
    pub states_exemption_applies: Option<bool>,
    #[serde(default)]
    pub explains_why: Option<bool>,
    #[serde(default)]
    pub prejudice_level_stated: Option<String>,
    #[serde(default)]
    pub pit_for: Option<bool>,
    #[serde(default)]
    pub pit_against: Option<bool>,
    #[serde(default)]
    pub pit_conclusion: Option<bool>,
    #[serde(default)]
    pub internal_review_details: Option<bool>,
    #[serde(default)]
    pub internal_review_time_limit: Option<bool>,
    #[serde(default)]
    pub section50_ico_right: Option<bool>,
    #[serde(default)]
    pub ico_contact: Option<bool>,
}

impl Labels {
    pub fn decision(&self, label: &str) -> Option<bool> {
        match label {
            "states_exemption_applies" => self.states_exemption_applies,
            "explains_why" => self.explains_why,
            "pit_for" => self.pit_for,
            "pit_against" => self.pit_against,
            "pit_conclusion" => self.pit_conclusion,
            "internal_review_details" => self.internal_review_details,
            "internal_review_time_limit" => self.internal_review_time_limit,
            "section50_ico_right" => self.section50_ico_right,
            "ico_contact" => self.ico_contact,
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct File {
    notice: Vec<Fixture>,
}

pub const DATA: &[(&str, &str)] = &[
    (
        "voice.toml",
        include_str!("../../../../data/notice/voice.toml"),
    ),
    (
        "refusal.toml",
        include_str!("../../../../data/notice/refusal.toml"),
    ),
    (
        "reasons.toml",
        include_str!("../../../../data/notice/reasons.toml"),
    ),
    (
        "public-interest.toml",
        include_str!("../../../../data/notice/public-interest.toml"),
    ),
    (
        "rights.toml",
        include_str!("../../../../data/notice/rights.toml"),
    ),
    (
        "particulars.toml",
        include_str!("../../../../data/notice/particulars.toml"),
    ),
];

#[allow(dead_code, reason = "not every test file reads the fixtures")]
pub fn fixtures() -> Vec<Fixture> {
    [
        include_str!("councils.toml"),
        include_str!("health.toml"),
        include_str!("police.toml"),
        include_str!("government-and-universities.toml"),
        include_str!("passages.toml"),
        include_str!("traps.toml"),
        include_str!("second-set.toml"),
        include_str!("third-set.toml"),
    ]
    .iter()
    .flat_map(|text| toml::from_str::<File>(text).unwrap().notice)
    .collect()
}

struct Shipped {
    phrases: Phrases,
    statute: Statute,
    calendar: Calendar,
    decisions: Decisions,
}

fn shipped() -> &'static Shipped {
    static SHIPPED: OnceLock<Shipped> = OnceLock::new();
    SHIPPED.get_or_init(|| Shipped {
        phrases: Phrases::parse(DATA).unwrap_or_else(|problems| {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| {
                    let text = DATA
                        .iter()
                        .find(|(name, _)| *name == problem.file)
                        .map_or("", |(_, text)| text);
                    problem.problem.locate(&problem.file, text)
                })
                .collect();
            panic!("{}", lines.join("\n"))
        }),
        statute: Statute::parse(include_str!("../../../../data/law/foia.toml")).unwrap(),
        calendar: Calendar::parse(include_str!("../../../../data/law/bank-holidays.csv")).unwrap(),
        decisions: Decisions::parse(include_str!("../../../../data/law/decisions.toml")).unwrap(),
    })
}

pub fn check_known(text: &str, known: &Known) -> Notice {
    let shipped = shipped();
    casework::notice::check(
        text,
        known,
        &Sources {
            phrases: &shipped.phrases,
            statute: &shipped.statute,
            calendar: Some(&shipped.calendar),
            decisions: &shipped.decisions,
        },
    )
}

pub fn check(text: &str) -> Notice {
    check_known(text, &Known::default())
}
