//! Sets of kinds of information, small enough to keep one for each published entry.

use serde::{Serialize, Serializer};

/// The kinds that a set can hold: ids of `data/triage/information.toml`.
const IDS: &[&str] = &[
    "description",
    "manufacturer",
    "model",
    "version",
    "operating-system",
    "device-count",
    "user-count",
    "licence-count-type",
    "install-date",
    "project-documentation",
    "network-diagram",
    "incident-count",
    "incident-type",
    "action-plan",
    "responsible-staff",
    "attack-timing",
    "security-policy",
    "contract-supplier",
    "contract-value",
    "contract-dates",
    "contract-description",
    "spend",
    "staffing",
    "other",
];

/// A set of kinds of information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kinds(u32);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Which product or kind of thing it is.
    pub const DESCRIPTION: Self = Self(1);
    /// Who makes it.
    pub const MANUFACTURER: Self = Self(1 << 1);
    /// Which model.
    pub const MODEL: Self = Self(1 << 2);
    /// Which version.
    pub const VERSION: Self = Self(1 << 3);
    /// Which operating system.
    pub const OPERATING_SYSTEM: Self = Self(1 << 4);
    /// How many licences, or which.
    pub const LICENCES: Self = Self(1 << 7);
    /// How the network is built.
    pub const NETWORK: Self = Self(1 << 10);
    /// How many incidents there were, or whether there was one.
    pub const INCIDENTS: Self = Self(1 << 11);
    /// Who the supplier is.
    pub const SUPPLIER: Self = Self(1 << 17);
    /// What the contract is worth.
    pub const VALUE: Self = Self(1 << 18);
    /// When the contract starts, ends or is reviewed.
    pub const DATES: Self = Self(1 << 19);
    /// What the contract covers.
    pub const CONTRACT: Self = Self(1 << 20);

    /// Whether the two sets share a kind.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What stands in both.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether it has no kind.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The ids of its kinds.
    #[must_use]
    pub fn ids(self) -> Vec<&'static str> {
        IDS.iter()
            .enumerate()
            .filter(|(at, _)| self.0 & (1_u32 << at) != 0)
            .map(|(_, id)| *id)
            .collect()
    }

    pub(super) fn bits(self) -> u32 {
        self.0
    }

    pub(super) fn from_bits(bits: u32) -> Self {
        Self(bits & ((1_u32 << IDS.len()) - 1))
    }
}

impl std::ops::BitOr for Kinds {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Kinds {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl Serialize for Kinds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ids().serialize(serializer)
    }
}

/// The kind of this id, `version`; `None` for an id that no set can hold.
#[must_use]
pub fn called(id: &str) -> Option<Kinds> {
    IDS.iter()
        .position(|known| *known == id)
        .map(|at| Kinds(1_u32 << at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_kinds_are_the_ids_they_say() {
        for (kind, id) in [
            (Kinds::DESCRIPTION, "description"),
            (Kinds::MANUFACTURER, "manufacturer"),
            (Kinds::MODEL, "model"),
            (Kinds::VERSION, "version"),
            (Kinds::OPERATING_SYSTEM, "operating-system"),
            (Kinds::LICENCES, "licence-count-type"),
            (Kinds::NETWORK, "network-diagram"),
            (Kinds::INCIDENTS, "incident-count"),
            (Kinds::SUPPLIER, "contract-supplier"),
            (Kinds::VALUE, "contract-value"),
            (Kinds::DATES, "contract-dates"),
            (Kinds::CONTRACT, "contract-description"),
        ] {
            assert_eq!(kind.ids(), [id]);
            assert_eq!(called(id), Some(kind));
        }
        assert_eq!(called("no-such"), None);
    }
}
