//! The register as a release package of the Open Contracting Data Standard 1.1.

use std::collections::BTreeSet;

use casework::register::contract::{Contract, Process, ValueBasis};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Named;
use super::files::LICENCE;

/// Who publishes what, when.
pub struct Package<'a> {
    pub authority: &'a str,
    /// The prefix that the Open Contracting Partnership gave the authority.
    pub prefix: &'a str,
    /// The address of the package itself.
    pub url: &'a str,
    pub published_on: Date,
    /// The last day of the quarter.
    pub as_at: Date,
}

/// A release for each contract.
pub fn package(package: &Package<'_>, contracts: &[Named<'_>]) -> Value {
    json!({
        "uri": package.url,
        "version": "1.1",
        "publishedDate": moment(package.published_on),
        "publisher": {"name": package.authority},
        "license": LICENCE,
        "releases": contracts.iter().map(|named| release(package, named)).collect::<Vec<_>>(),
    })
}

fn moment(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

/// An object without the keys that have nothing to say.
fn said<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    let mut object = Map::new();
    for (key, value) in entries {
        if let Some(value) = value {
            object.insert(key.to_owned(), value);
        }
    }
    Value::Object(object)
}

fn release(package: &Package<'_>, named: &Named<'_>) -> Value {
    let contract = named.contract;
    let buyer = json!({"id": "buyer", "name": package.authority});
    let mut parties = vec![json!({"id": "buyer", "name": package.authority, "roles": ["buyer"]})];
    let mut suppliers = Vec::new();
    let distinct: BTreeSet<&str> = contract.suppliers().collect();
    for (place, name) in distinct.into_iter().enumerate() {
        let id = format!("supplier-{}", place.saturating_add(1));
        let identifier = identifier(contract);
        parties.push(said([
            ("id", Some(json!(id))),
            ("name", Some(json!(name))),
            ("roles", Some(json!(["supplier"]))),
            ("identifier", identifier),
        ]));
        suppliers.push(json!({"id": id, "name": name}));
    }
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    // A year's estimate has no field in the standard; it is never passed off as the whole.
    let value = contract
        .value
        .filter(|_| contract.value_basis == Some(ValueBasis::Total))
        .map(|value| json!({"amount": value.0 as f64 / 100.0, "currency": "GBP"}));
    let period = (contract.start.is_some() || contract.end.is_some()).then(|| {
        said([
            ("startDate", contract.start.map(|date| json!(moment(date)))),
            ("endDate", contract.end.map(|date| json!(moment(date)))),
        ])
    });
    let status = match (contract.start, contract.end) {
        (_, Some(end)) if end < package.as_at => "terminated",
        (Some(start), _) if start > package.as_at => "pending",
        _ => "active",
    };
    let review = contract.review.map(|date| {
        json!([{"id": "review", "title": "Review", "type": "assessment", "dueDate": moment(date), "status": "scheduled"}])
    });
    let tender = contract.process.map(|process| {
        let method = match process {
            Process::PublishedTender => "open",
            Process::Quote => "selective",
            Process::Neither => "direct",
        };
        json!({"id": named.id, "procurementMethod": method, "procurementMethodDetails": process.in_words()})
    });
    said([
        (
            "ocid",
            Some(json!(format!("{}-{}", package.prefix, named.id))),
        ),
        ("id", Some(json!(format!("{}-{}", named.id, package.as_at)))),
        ("date", Some(json!(moment(package.published_on)))),
        ("tag", Some(json!(["award", "contract"]))),
        ("initiationType", Some(json!("tender"))),
        ("parties", Some(json!(parties))),
        ("buyer", Some(buyer)),
        ("tender", tender),
        (
            "awards",
            Some(json!([said([
                ("id", Some(json!("award"))),
                ("title", text(&contract.title)),
                ("status", Some(json!("active"))),
                (
                    "suppliers",
                    (!suppliers.is_empty()).then(|| json!(suppliers))
                ),
            ])])),
        ),
        (
            "contracts",
            Some(json!([said([
                // The reference, as the Code has it; without one, the name that the page gives the row.
                (
                    "id",
                    Some(json!(contract.reference.as_ref().unwrap_or(&named.id))),
                ),
                ("awardID", Some(json!("award"))),
                ("title", text(&contract.title)),
                ("description", text(&contract.description)),
                ("status", Some(json!(status))),
                ("period", period),
                ("value", value),
                ("milestones", review),
            ])])),
        ),
    ])
}

/// The supplier's number, where there is one supplier and one number.
fn identifier(contract: &Contract) -> Option<Value> {
    if contract.suppliers().count() != 1 {
        return None;
    }
    let details = &contract.details;
    details
        .company_number
        .as_ref()
        .map(|id| json!({"scheme": "GB-COH", "id": id}))
        .or_else(|| {
            details
                .charity_number
                .as_ref()
                .map(|id| json!({"scheme": "GB-CHC", "id": id}))
        })
}
