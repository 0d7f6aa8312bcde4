//! The Act as data: its rules, the gateways of sections 12 and 14, and the exemptions of Part II.

use serde::Deserialize;
use toml::Spanned;

use crate::entries::{entries, tables};
use crate::{Exemption, Part, Problem, Provision};

/// The Act as data.
#[derive(Clone, Debug)]
pub struct Statute {
    rules: Vec<Rule>,
    gateways: Vec<Gateway>,
    exemptions: Vec<Exemption>,
}

/// A rule of the Act that is no exemption: a duty, a time, the content of a notice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Where it stands.
    pub provision: Provision,
    /// Its short name.
    pub name: String,
    /// What it says, in a sentence.
    pub says: String,
    /// Whether the statutory text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// A section of Part I that lifts the duty to comply: cost, vexatious and repeated requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    /// The section.
    pub provision: Provision,
    /// Its short name.
    pub name: String,
    /// What it allows.
    pub allows: String,
    /// Who decides, in words.
    pub decided_by: String,
    /// What becomes of the duty to confirm or deny.
    pub confirm_or_deny: String,
    /// What asks for a notice.
    pub notice: Provision,
    /// Tests and conditions, in words.
    pub needs: Vec<String>,
    /// Its subsections.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
    /// Whether the statutory text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

impl Gateway {
    /// Whether `provision` is one of its parts, or the section itself.
    #[must_use]
    pub fn has(&self, provision: &Provision) -> bool {
        *provision == self.provision || self.parts.iter().any(|part| part.holds(provision))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    gateway: Vec<Spanned<toml::Table>>,
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
        let rules: Vec<(_, Rule)> = entries(file.rule, "law.bad_entry", &mut problems);
        let gateways: Vec<(_, Gateway)> = entries(file.gateway, "law.bad_entry", &mut problems);
        let exemptions: Vec<(_, Exemption)> =
            entries(file.exemption, "law.bad_entry", &mut problems);
        let mut seen: Vec<&Provision> = Vec::new();
        let heads = rules
            .iter()
            .map(|(span, rule)| (span, &rule.provision))
            .chain(
                gateways
                    .iter()
                    .map(|(span, gateway)| (span, &gateway.provision)),
            )
            .chain(
                exemptions
                    .iter()
                    .map(|(span, exemption)| (span, &exemption.provision)),
            );
        for (span, provision) in heads {
            if seen.contains(&provision) {
                problems.push(Problem::at(
                    span.clone(),
                    "law.duplicate",
                    format!("{provision} stands twice; keep one entry"),
                ));
            }
            seen.push(provision);
        }
        for (span, gateway) in &gateways {
            let parts = gateway.parts.iter().map(|part| &part.provision);
            inside(span, &gateway.provision, parts, &mut problems);
        }
        for (span, exemption) in &exemptions {
            let parts = exemption
                .limbs
                .iter()
                .chain(&exemption.purposes)
                .map(|limb| &limb.provision)
                .chain(&exemption.confirm_or_deny)
                .chain(&exemption.absolute_parts)
                .chain(exemption.parts.iter().map(|part| &part.provision));
            inside(span, &exemption.provision, parts, &mut problems);
            if exemption.limbs.is_empty() {
                problems.push(Problem::at(
                    span.clone(),
                    "law.no_limb",
                    format!("{} exempts nothing; add an [[exemption.limb]] for each paragraph that does", exemption.provision),
                ));
            }
        }
        if problems.is_empty() {
            Ok(Self {
                rules: rules.into_iter().map(|(_, entry)| entry).collect(),
                gateways: gateways.into_iter().map(|(_, entry)| entry).collect(),
                exemptions: exemptions.into_iter().map(|(_, entry)| entry).collect(),
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

    /// Where another law gives the right to what a provision covers, the provision by which nothing need be said under the
    /// Act: FOIA s.39(2), s.40(5A).
    #[must_use]
    pub fn elsewhere(&self, provision: &Provision) -> Option<&Provision> {
        self.exemption(provision)?
            .limbs
            .iter()
            .filter(|limb| provision.is_within(&limb.provision))
            .find_map(|limb| limb.elsewhere.as_ref())
    }

    /// The sections that lift the duty to comply.
    #[must_use]
    pub fn gateways(&self) -> &[Gateway] {
        &self.gateways
    }

    /// The gateway that a provision belongs to.
    #[must_use]
    pub fn gateway(&self, provision: &Provision) -> Option<&Gateway> {
        self.gateways
            .iter()
            .find(|gateway| provision.is_within(&gateway.provision))
    }

    /// The other rules, in the order of the Act.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

fn inside<'a>(
    span: &std::ops::Range<usize>,
    section: &Provision,
    parts: impl Iterator<Item = &'a Provision>,
    problems: &mut Vec<Problem>,
) {
    for part in parts {
        if !part.is_within(section) {
            problems.push(Problem::at(
                span.clone(),
                "law.part_of_another",
                format!("{part} is not part of {section}"),
            ));
        }
    }
}
