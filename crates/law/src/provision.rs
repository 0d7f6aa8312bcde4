//! Provisions in one spelling.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::find_citations;

/// The enactments whose provisions Candour cites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Freedom of Information Act 2000: sections.
    Foia,
    /// Environmental Information Regulations 2004: regulations.
    Eir,
    /// Freedom of Information (Scotland) Act 2002: sections.
    Foisa,
    /// A statutory instrument by year and number, such as SI 2004/3244: regulations.
    Instrument(u16, u16),
}

/// One provision, to any depth: section or regulation, then subsection, paragraph and so on.
///
/// # Examples
/// ```
/// let limb: law::Provision = "section 31 (1)(a)".parse().unwrap();
/// assert_eq!(limb.to_string(), "FOIA s.31(1)(a)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provision {
    pub(crate) act: Act,
    pub(crate) number: u16,
    pub(crate) letter: Option<char>,
    pub(crate) parts: Vec<String>,
}

impl Provision {
    /// The enactment.
    #[must_use]
    pub fn act(&self) -> Act {
        self.act
    }

    /// The section or regulation, with its letter: `31`, `22A`.
    #[must_use]
    pub fn section(&self) -> String {
        self.letter.map_or_else(
            || self.number.to_string(),
            |letter| format!("{}{letter}", self.number),
        )
    }

    /// What follows the section: `["1", "a"]` of s.31(1)(a).
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// The section or regulation with what follows it: `31(1)(a)`.
    #[must_use]
    pub fn numbered(&self) -> String {
        let parts: String = self.parts.iter().map(|part| format!("({part})")).collect();
        format!("{}{parts}", self.section())
    }

    /// The provision in words, for a letter: "section 31(1)(a) of the Freedom of Information Act 2000".
    #[must_use]
    pub fn in_words(&self) -> String {
        let numbered = self.numbered();
        match self.act {
            Act::Foia => format!("section {numbered} of the Freedom of Information Act 2000"),
            Act::Foisa => {
                format!("section {numbered} of the Freedom of Information (Scotland) Act 2002")
            }
            Act::Eir => {
                format!("regulation {numbered} of the Environmental Information Regulations 2004")
            }
            Act::Instrument(year, number) => format!("regulation {numbered} of SI {year}/{number}"),
        }
    }

    /// Whether `self` is `other` or stands inside it: s.31(1)(a) is inside s.31(1) and s.31.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.act == other.act
            && self.number == other.number
            && self.letter == other.letter
            && self.parts.starts_with(&other.parts)
    }
}

impl fmt::Display for Provision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.act {
            Act::Foia => f.write_str("FOIA s.")?,
            Act::Eir => f.write_str("EIR reg.")?,
            Act::Foisa => f.write_str("FOISA s.")?,
            Act::Instrument(year, number) => write!(f, "SI {year}/{number} reg.")?,
        }
        f.write_str(&self.section())?;
        self.parts.iter().try_for_each(|part| write!(f, "({part})"))
    }
}

/// A text that is not one provision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAProvision(String);

impl fmt::Display for NotAProvision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a provision; write it as FOIA s.31(1)(a) or EIR reg.12(5)(b)",
            self.0
        )
    }
}

impl std::error::Error for NotAProvision {}

impl FromStr for Provision {
    type Err = NotAProvision;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (act, cited) = enactment(text.trim());
        let mut found = find_citations(cited);
        match (found.pop(), found.is_empty()) {
            (Some(only), true)
                if cited.get(only.span.end..).is_some_and(str::is_empty)
                    && cited.get(..only.span.start).is_some_and(is_name) =>
            {
                Ok(Self {
                    act: act.unwrap_or(only.provision.act),
                    ..only.provision
                })
            }
            _ => Err(NotAProvision(text.to_owned())),
        }
    }
}

impl Serialize for Provision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Provision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Whether what stands before a citation is nothing, or the name of its enactment.
fn is_name(text: &str) -> bool {
    let name = text.trim().trim_end_matches(',').to_lowercase();
    [
        "",
        "foia",
        "foia 2000",
        "foi",
        "foi act",
        "foi act 2000",
        "eir",
        "eirs",
        "eir 2004",
    ]
    .contains(&name.as_str())
}

/// The enactment that a spelling such as `FOISA s.10(1)` or `SI 2004/3364 reg.3` begins with, and what follows it.
///
/// Texts cite these too, but among other instruments; only here is the whole text known to be one provision.
fn enactment(text: &str) -> (Option<Act>, &str) {
    if let Some(rest) = text.strip_prefix("FOISA ") {
        return (Some(Act::Foisa), rest);
    }
    let instrument = text.strip_prefix("SI ").and_then(|rest| {
        let (number, rest) = rest.split_once(' ')?;
        let (year, number) = number.split_once('/')?;
        Some((
            Act::Instrument(year.parse().ok()?, number.parse().ok()?),
            rest,
        ))
    });
    instrument.map_or((None, text), |(act, rest)| (Some(act), rest))
}
