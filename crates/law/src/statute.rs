//! The exemptions of Part II, read from data.

use serde::Deserialize;
use toml::Spanned;

use crate::entries::{entries, tables};
use crate::{Problem, Provision};

/// The Act as data.
#[derive(Clone, Debug)]
pub struct Statute {
    exemptions: Vec<Exemption>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exemption: Vec<Spanned<toml::Table>>,
}

impl Statute {
    /// Reads `data/law/foia.toml`.
    ///
    /// # Errors
    /// Every entry that is wrong, each with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = tables(text, "law.malformed")?;
        let mut problems = Vec::new();
        let exemptions: Vec<(_, Exemption)> =
            entries(file.exemption, "law.bad_entry", &mut problems);
        for (index, (span, exemption)) in exemptions.iter().enumerate() {
            let earlier = exemptions
                .iter()
                .take(index)
                .any(|(_, other)| other.provision == exemption.provision);
            if earlier {
                problems.push(Problem::at(
                    span.clone(),
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
                        span.clone(),
                        "law.part_of_another",
                        format!("{part} is not part of {}", exemption.provision),
                    ));
                }
            }
        }
        if problems.is_empty() {
            Ok(Self {
                exemptions: exemptions
                    .into_iter()
                    .map(|(_, exemption)| exemption)
                    .collect(),
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
}
