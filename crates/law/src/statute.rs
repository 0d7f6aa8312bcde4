//! The exemptions of Part II and the time limits, read from data.

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::{Problem, Provision};

/// The Act as data.
#[derive(Clone, Debug)]
pub struct Statute {
    exemptions: Vec<Exemption>,
    time_limits: Vec<TimeLimit>,
}

/// What brings information under an exemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// It falls in a description.
    Class,
    /// Disclosure would, or would be likely to, prejudice an interest.
    Prejudice,
    /// It is required for a purpose.
    Necessity,
    /// Disclosure would, or would be likely to, endanger someone.
    Endanger,
    /// A qualified person's reasonable opinion.
    Opinion,
}

/// Whether a public interest test is owed, FOIA s.2(3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// None.
    Absolute,
    /// Always.
    Qualified,
    /// By paragraph or by holder; `absolute_parts` lists the absolute ones.
    Conditional,
}

/// An exemption of Part II.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// The section.
    pub provision: Provision,
    /// Its short name.
    pub name: String,
    /// What it protects, in a sentence.
    pub protects: String,
    /// Class, prejudice or another test.
    pub basis: Basis,
    /// Absolute or qualified.
    pub effect: Effect,
    /// The parts that are absolute where the effect is conditional.
    #[serde(default)]
    pub absolute_parts: Vec<Provision>,
    /// The provisions that exclude the duty to confirm or deny.
    #[serde(default)]
    pub confirm_or_deny: Vec<Provision>,
    /// The parts that exempt content, to the paragraph; empty where the section has none.
    #[serde(default)]
    pub limbs: Vec<Provision>,
    /// Whether a qualified person must decide, FOIA s.36(5).
    #[serde(default)]
    pub qualified_person: bool,
    /// Whether the statutory text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

impl Exemption {
    /// Whether relying on `provision` of this exemption needs a public interest test, FOIA s.2.
    #[must_use]
    pub fn requires_public_interest_test(&self, provision: &Provision) -> bool {
        match self.effect {
            Effect::Absolute => false,
            Effect::Qualified => true,
            Effect::Conditional => !self
                .absolute_parts
                .iter()
                .any(|part| provision.is_within(part)),
        }
    }

    /// Whether `provision` is one of this exemption's parts, or the section itself.
    #[must_use]
    pub fn has_limb(&self, provision: &Provision) -> bool {
        *provision == self.provision
            || self
                .limbs
                .iter()
                .chain(&self.confirm_or_deny)
                .any(|limb| limb.is_within(provision) || provision.is_within(limb))
    }
}

/// A time limit in working days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// What sets it.
    pub provision: Provision,
    /// What must be done in it.
    pub duty: String,
    /// Its length.
    pub working_days: u32,
    /// First day on which it applies.
    pub in_force: String,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exemption: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    time_limit: Vec<Spanned<toml::Table>>,
}

impl Statute {
    /// Reads `data/law/foia.toml`.
    ///
    /// # Errors
    /// Every entry that is wrong, each with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = toml::from_str(text).map_err(|error| {
            vec![Problem::at(
                error.span().unwrap_or_default(),
                "law.malformed",
                error.message().to_owned(),
            )]
        })?;
        let mut problems = Vec::new();
        let exemptions: Vec<Exemption> = entries(file.exemption, &mut problems);
        let time_limits: Vec<TimeLimit> = entries(file.time_limit, &mut problems);
        for (index, exemption) in exemptions.iter().enumerate() {
            let earlier = exemptions
                .iter()
                .take(index)
                .any(|other| other.provision == exemption.provision);
            if earlier {
                problems.push(Problem::at(
                    0..0,
                    "law.duplicate_exemption",
                    format!("{} stands twice", exemption.provision),
                ));
            }
            for part in exemption
                .limbs
                .iter()
                .chain(&exemption.confirm_or_deny)
                .chain(&exemption.absolute_parts)
            {
                if !part.is_within(&exemption.provision) {
                    problems.push(Problem::at(
                        0..0,
                        "law.part_of_another",
                        format!("{part} is not part of {}", exemption.provision),
                    ));
                }
            }
        }
        for limit in &time_limits {
            if limit.in_force.parse::<Date>().is_err() {
                problems.push(Problem::at(
                    0..0,
                    "law.bad_date",
                    format!("`{}` is not a date", limit.in_force),
                ));
            }
        }
        if problems.is_empty() {
            Ok(Self {
                exemptions,
                time_limits,
            })
        } else {
            Err(problems)
        }
    }

    /// Every exemption, in the order of the Act.
    #[must_use]
    pub fn exemptions(&self) -> &[Exemption] {
        &self.exemptions
    }

    /// The exemption that a provision belongs to.
    #[must_use]
    pub fn exemption(&self, provision: &Provision) -> Option<&Exemption> {
        self.exemptions
            .iter()
            .find(|exemption| provision.is_within(&exemption.provision))
    }

    /// The limit set by a provision, as at a date.
    #[must_use]
    pub fn time_limit(&self, provision: &Provision, on: Date) -> Option<&TimeLimit> {
        self.time_limits
            .iter()
            .filter(|limit| {
                limit.provision == *provision
                    && limit.in_force.parse::<Date>().is_ok_and(|from| from <= on)
            })
            .max_by(|a, b| a.in_force.cmp(&b.in_force))
    }
}

fn entries<T: serde::de::DeserializeOwned>(
    tables: Vec<Spanned<toml::Table>>,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    tables
        .into_iter()
        .filter_map(|table| {
            let span = table.span();
            match table.into_inner().try_into() {
                Ok(entry) => Some(entry),
                Err(error) => {
                    problems.push(Problem::at(
                        span,
                        "law.bad_entry",
                        error.message().to_owned(),
                    ));
                    None
                }
            }
        })
        .collect()
}
