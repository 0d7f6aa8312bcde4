//! What changed from one state of the register to the next.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::register::contract::{Contract, Field};

/// The difference between two registers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Contracts that weren't there before.
    pub added: Vec<Entry>,
    /// Contracts that are gone.
    pub removed: Vec<Entry>,
    /// Contracts of which a field differs.
    pub changed: Vec<Changed>,
    /// How many are as they were.
    pub same: usize,
}

/// A contract by what a person knows it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its reference.
    pub reference: Option<String>,
    /// Its title.
    pub title: Option<String>,
}

/// A contract that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Which contract.
    #[serde(flatten)]
    pub entry: Entry,
    /// Each field that differs.
    pub fields: Vec<FieldChange>,
}

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// What it said.
    pub before: Option<String>,
    /// What it says.
    pub after: Option<String>,
}

impl Changes {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// What a contract is known by: its reference, or else title, supplier and start; and which of several it is.
type Key = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    usize,
);

fn keyed(contracts: &[Contract]) -> BTreeMap<Key, &Contract> {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    let mut keyed = BTreeMap::new();
    for contract in contracts {
        let unnamed = contract.reference.is_none();
        let only = |text: &Option<String>| unnamed.then(|| text.clone()).flatten();
        let key = (
            contract.reference.clone(),
            only(&contract.title),
            only(&contract.supplier_name),
            unnamed.then(|| contract.said(Field::Start)).flatten(),
            0,
        );
        let nth = counts.entry(key.clone()).or_insert(0);
        *nth = nth.saturating_add(1);
        keyed.insert((key.0, key.1, key.2, key.3, *nth), contract);
    }
    keyed
}

/// Compares two registers. The places of rows don't matter.
#[must_use]
pub fn compare(before: &[Contract], after: &[Contract]) -> Changes {
    let (before, after) = (keyed(before), keyed(after));
    let entry = |contract: &Contract| Entry {
        reference: contract.reference.clone(),
        title: contract.title.clone(),
    };
    let mut changes = Changes::default();
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    for key in keys {
        match (before.get(key), after.get(key)) {
            (Some(gone), None) => changes.removed.push(entry(gone)),
            (None, Some(new)) => changes.added.push(entry(new)),
            (Some(one), Some(other)) => {
                let fields: Vec<FieldChange> = Field::ALL
                    .into_iter()
                    .map(|field| FieldChange {
                        field,
                        before: one.said(field),
                        after: other.said(field),
                    })
                    .filter(|change| change.before != change.after)
                    .collect();
                if fields.is_empty() {
                    changes.same = changes.same.saturating_add(1);
                } else {
                    changes.changed.push(Changed {
                        entry: entry(other),
                        fields,
                    });
                }
            }
            (None, None) => {}
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::contract::Source;

    fn contract(reference: Option<&str>, title: &str) -> Contract {
        Contract {
            reference: reference.map(str::to_owned),
            title: Some(title.to_owned()),
            ..Contract::empty(Source {
                sheet: None,
                row: 2,
                line: None,
            })
        }
    }

    #[test]
    fn rows_are_known_by_reference_and_their_order_does_not_matter() {
        let before = [
            contract(Some("1"), "Salt"),
            contract(Some("2"), "Lifts"),
            contract(Some("2"), "Lifts, lot 2"),
        ];
        let mut after = before.to_vec();
        after.reverse();
        after.swap(0, 1);
        assert!(compare(&before, &after).is_empty());
        after.retain(|contract| contract.reference.as_deref() != Some("1"));
        after.push(contract(None, "Salt"));
        after[0].department = Some("Place".to_owned());
        let changes = compare(&before, &after);
        assert_eq!(
            (
                changes.added.len(),
                changes.removed.len(),
                changes.changed.len(),
                changes.same
            ),
            (1, 1, 1, 1)
        );
        assert_eq!(changes.changed[0].fields[0].after.as_deref(), Some("Place"));
    }
}
