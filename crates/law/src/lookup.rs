//! Finding a provision of the Act in the data, and what stands near one that isn't there.

use crate::{Exemption, Gateway, Limb, Part, Provision, Role, Rule, Statute};

/// What the data has on a provision.
#[derive(Clone, Debug)]
pub enum Entry<'s> {
    /// A rule that is no exemption, or a part of one.
    Rule(&'s Rule),
    /// A section of which several rules are listed.
    Rules(Vec<&'s Rule>),
    /// A section that lifts the duty to comply, with the part that was asked for.
    Gateway(&'s Gateway, Option<&'s Part>),
    /// An exemption, and what the provision is in it.
    Exemption(&'s Exemption, Role<'s>),
}

impl Statute {
    /// What the data has on a provision.
    #[must_use]
    pub fn entry(&self, provision: &Provision) -> Option<Entry<'_>> {
        if let Some(exemption) = self.exemption(provision) {
            return Some(Entry::Exemption(exemption, exemption.role(provision)?));
        }
        if let Some(gateway) = self.gateway(provision) {
            let part = gateway
                .parts
                .iter()
                .find(|part| provision.is_within(&part.provision));
            return gateway
                .has(provision)
                .then_some(Entry::Gateway(gateway, part));
        }
        if let Some(rule) = self
            .rules()
            .iter()
            .find(|rule| provision.is_within(&rule.provision))
        {
            return Some(Entry::Rule(rule));
        }
        let rules: Vec<&Rule> = self
            .rules()
            .iter()
            .filter(|rule| rule.provision.is_within(provision))
            .collect();
        (!rules.is_empty()).then_some(Entry::Rules(rules))
    }

    /// Every provision that the data names, in the order of the Act: rules, gateways and exemptions with their parts.
    #[must_use]
    pub fn provisions(&self) -> Vec<&Provision> {
        let mut all: Vec<&Provision> = self.rules().iter().map(|rule| &rule.provision).collect();
        for gateway in self.gateways() {
            all.push(&gateway.provision);
            all.extend(gateway.parts.iter().map(|part| &part.provision));
        }
        for exemption in self.exemptions() {
            all.push(&exemption.provision);
            all.extend(exemption.limbs.iter().map(|limb| &limb.provision));
            all.extend(exemption.purposes.iter().map(|purpose| &purpose.provision));
            all.extend(&exemption.confirm_or_deny);
            all.extend(exemption.parts.iter().map(|part| &part.provision));
        }
        all.sort();
        all.dedup();
        all
    }

    /// The provisions that somebody may have meant by one that the data doesn't have: those of the same subsection, or
    /// else of the same section, or else the sections with the nearest numbers.
    #[must_use]
    pub fn near(&self, provision: &Provision) -> Vec<&Provision> {
        let all = self.provisions();
        let within = |depth: usize| -> Vec<&Provision> {
            let above = Provision {
                parts: provision.parts.iter().take(depth).cloned().collect(),
                ..provision.clone()
            };
            all.iter()
                .copied()
                .filter(|known| known.is_within(&above))
                .collect()
        };
        let same = (0..provision.parts.len())
            .rev()
            .map(within)
            .find(|found| !found.is_empty());
        if let Some(found) = same {
            return found;
        }
        let mut sections: Vec<&Provision> = Vec::new();
        for known in all {
            if sections
                .iter()
                .all(|other| other.section() != known.section())
            {
                sections.push(known);
            }
        }
        sections.sort_by_key(|known| (known.number.abs_diff(provision.number), known.number));
        sections.truncate(4);
        sections.sort();
        sections
    }

    /// The provisions whose name, or what they protect or say, has every one of these words.
    #[must_use]
    pub fn about(&self, words: &str) -> Vec<&Provision> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let has = |texts: &[&str]| {
            let text = texts.join(" ").to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        let limb = |limb: &&Limb| has(&[&limb.protects]);
        let mut found = Vec::new();
        for rule in self.rules() {
            if has(&[&rule.name, &rule.says]) {
                found.push(&rule.provision);
            }
        }
        for gateway in self.gateways() {
            if has(&[&gateway.name, &gateway.allows]) {
                found.push(&gateway.provision);
            }
        }
        for exemption in self.exemptions() {
            if has(&[&exemption.name, &exemption.protects]) {
                found.push(&exemption.provision);
            }
            let limbs = exemption.limbs.iter().chain(&exemption.purposes);
            found.extend(limbs.filter(limb).map(|limb| &limb.provision));
        }
        found
    }
}
