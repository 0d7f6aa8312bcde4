//! The exemptions of Part II: what each protects, of which kind it is, and which tests it needs.

use std::fmt;

use jiff::civil::Date;
use serde::Deserialize;

use crate::Provision;
use crate::entries::optional_date;

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
    /// A qualified person's reasonable opinion that disclosure would, or would be likely to, prejudice or inhibit.
    Opinion,
}

impl Basis {
    /// Whether it is claimed at one of two levels: *would*, or *would be likely to*.
    #[must_use]
    pub fn has_likelihood(self) -> bool {
        match self {
            Self::Prejudice | Self::Endanger | Self::Opinion => true,
            Self::Class | Self::Necessity => false,
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Class => "class",
            Self::Prejudice => "prejudice",
            Self::Necessity => "necessity",
            Self::Endanger => "endangerment",
            Self::Opinion => "opinion",
        })
    }
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
    /// The parts that exempt content, to the paragraph.
    #[serde(default, rename = "limb")]
    pub limbs: Vec<Limb>,
    /// The purposes that a limb may need, such as those of FOIA s.31(2).
    #[serde(default, rename = "purpose")]
    pub purposes: Vec<Limb>,
    /// Other subsections: they exempt nothing by themselves.
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
    /// Whether a qualified person must decide, FOIA s.36(5).
    #[serde(default)]
    pub qualified_person: bool,
    /// Who decides, in words.
    pub decided_by: String,
    /// The authorities it is open to, where not to all.
    pub open_to: Option<String>,
    /// The sections that information under this one can't be under: FOIA s.31 takes what s.30 doesn't.
    #[serde(default)]
    pub not_with: Vec<Provision>,
    /// Further tests and conditions, in words.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Whether the statutory text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// A paragraph that exempts content, or a purpose that one needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limb {
    /// The paragraph.
    pub provision: Provision,
    /// What it protects.
    pub protects: String,
    /// Its own basis, where it differs from its section's.
    pub basis: Option<Basis>,
    /// The harm in the words of its limb, "inhibit the free and frank provision of advice", where it isn't to prejudice or
    /// endanger what the limb protects.
    pub harm: Option<String>,
    /// Whether it is engaged only for a purpose, FOIA s.31(1)(g) to (i).
    #[serde(default)]
    pub needs_purpose: bool,
    /// The conditions one of which must be met, FOIA s.40(2)(b): limbs of the same exemption.
    #[serde(default)]
    pub conditions: Vec<Provision>,
    /// Where another law gives the right to whatever it covers, the provision by which nothing need be said under the Act,
    /// whatever is held and without any harm: FOIA s.39(2), s.40(5A).
    pub elsewhere: Option<Provision>,
}

impl fmt::Display for Limb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provision.fmt(f)
    }
}

/// A subsection that exempts nothing by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The subsection.
    pub provision: Provision,
    /// What it says.
    pub says: String,
    /// Whether it has parts of its own, not listed.
    #[serde(default)]
    pub within: bool,
    /// The last day on which it stood so, where it was replaced.
    #[serde(default, deserialize_with = "optional_date")]
    pub until: Option<Date>,
    /// What replaced it.
    pub now: Option<Provision>,
}

impl Part {
    pub(crate) fn holds(&self, provision: &Provision) -> bool {
        self.provision.is_within(provision) || (self.within && provision.is_within(&self.provision))
    }
}

/// What a provision of an exemption is.
#[derive(Clone, Copy, Debug)]
pub enum Role<'e> {
    /// The section, or a subsection that holds several limbs.
    Above,
    /// It exempts content.
    Limb(&'e Limb),
    /// It excludes the duty to confirm or deny.
    ConfirmOrDeny,
    /// It is a purpose that a limb needs.
    Purpose(&'e Limb),
    /// It exempts nothing by itself.
    Part(&'e Part),
}

impl Exemption {
    /// Whether relying on `provision` of this exemption needs a public interest test, FOIA s.2.
    ///
    /// A provision that is absolute in part and qualified in part, such as s.40 as a whole, doesn't need one yet: the
    /// paragraph comes first, see [`Exemption::needs_paragraph`].
    #[must_use]
    pub fn requires_public_interest_test(&self, provision: &Provision) -> bool {
        match self.effect {
            Effect::Absolute => false,
            Effect::Qualified => true,
            Effect::Conditional => !self
                .absolute_parts
                .iter()
                .any(|part| provision.is_within(part) || part.is_within(provision)),
        }
    }

    /// Whether a public interest test on `provision` has no place, FOIA s.2(3).
    #[must_use]
    pub fn is_absolute(&self, provision: &Provision) -> bool {
        match self.effect {
            Effect::Absolute => true,
            Effect::Qualified => false,
            Effect::Conditional => self
                .absolute_parts
                .iter()
                .any(|part| provision.is_within(part)),
        }
    }

    /// Whether `provision` is too wide to say what is relied on: several limbs stand in it, FOIA s.17(1)(b).
    #[must_use]
    pub fn needs_paragraph(&self, provision: &Provision) -> bool {
        self.limbs
            .iter()
            .filter(|limb| limb.provision.is_within(provision))
            .count()
            > 1
    }

    /// The conditions or purposes one of which a refusal under `provision` names; empty where it needs none.
    pub fn conditions(&self, provision: &Provision) -> impl Iterator<Item = &Limb> {
        let limb = self.limb(provision);
        let purposes = self
            .purposes
            .iter()
            .filter(move |_| limb.is_some_and(|limb| limb.needs_purpose));
        let conditions = limb.map_or(&[][..], |limb| limb.conditions.as_slice());
        conditions
            .iter()
            .filter_map(|condition| self.limb(condition))
            .chain(purposes)
    }

    /// Whether `provision` is one of this exemption's parts, or the section itself.
    #[must_use]
    pub fn has_limb(&self, provision: &Provision) -> bool {
        self.role(provision).is_some()
    }

    /// What `provision` is; `None` when the exemption has no such part.
    #[must_use]
    pub fn role(&self, provision: &Provision) -> Option<Role<'_>> {
        if let Some(limb) = self.limb(provision) {
            return Some(Role::Limb(limb));
        }
        if self.confirm_or_deny.contains(provision) {
            return Some(Role::ConfirmOrDeny);
        }
        if let Some(purpose) = self
            .purposes
            .iter()
            .find(|purpose| purpose.provision == *provision)
        {
            return Some(Role::Purpose(purpose));
        }
        if let Some(part) = self.parts.iter().find(|part| {
            part.provision == *provision || (part.within && provision.is_within(&part.provision))
        }) {
            return Some(Role::Part(part));
        }
        let above = *provision == self.provision
            || self
                .limbs
                .iter()
                .chain(&self.purposes)
                .map(|limb| &limb.provision)
                .chain(&self.confirm_or_deny)
                .chain(self.parts.iter().map(|part| &part.provision))
                .any(|known| known.is_within(provision));
        above.then_some(Role::Above)
    }

    /// The limb at `provision`.
    #[must_use]
    pub fn limb(&self, provision: &Provision) -> Option<&Limb> {
        self.limbs.iter().find(|limb| limb.provision == *provision)
    }

    /// The harm that a limb is about, as it follows "would" or "would be likely to": "prejudice the prevention or detection
    /// of crime". `None` where the provision is no limb, or isn't engaged by harm.
    #[must_use]
    pub fn harm(&self, provision: &Provision) -> Option<String> {
        let limb = self
            .limbs
            .iter()
            .find(|limb| provision.is_within(&limb.provision))?;
        if let Some(harm) = &limb.harm {
            return Some(harm.clone());
        }
        match self.basis_of(provision) {
            Basis::Prejudice | Basis::Opinion => Some(format!("prejudice {}", limb.protects)),
            Basis::Endanger => Some(format!("endanger {}", limb.protects)),
            Basis::Class | Basis::Necessity => None,
        }
    }

    /// What brings information under `provision`: a limb's own basis, or else the section's.
    #[must_use]
    pub fn basis_of(&self, provision: &Provision) -> Basis {
        self.limbs
            .iter()
            .find(|limb| provision.is_within(&limb.provision))
            .and_then(|limb| limb.basis)
            .unwrap_or(self.basis)
    }
}
