//! The register of the invented authority, published for the last two quarters. None of its suppliers exists.

use std::path::Path;

use casework::policy::Policy;
use casework::register::contract::{Contract, Details, Pence, Process, Source, ValueBasis};
use casework::register::quarter::Quarter;
use jiff::ToSpan;
use jiff::civil::Date;
use office::fault::Stop;
use office::register::publish::Publication;
use office::register::{Kept, State};

/// Reference, title, description, supplier, department, pounds, first day, last day.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static str,
    &'static str,
);

const LINES: &[Line] = &[
    (
        "HM-C-0112",
        "Telephone system",
        "Hosted voice and contact centre",
        "Lakeland Voice Ltd",
        "Digital and ICT",
        312_000,
        "2024-04-01",
        "2028-03-31",
    ),
    (
        "HM-C-0118",
        "Firewall support",
        "Support of the network's firewalls",
        "Brackenhythe Networks Ltd",
        "Digital and ICT",
        86_400,
        "2025-07-01",
        "2027-06-30",
    ),
    (
        "HM-C-0121",
        "Anti-virus",
        "Annual subscription",
        "Fernbridge Software Ltd",
        "Digital and ICT",
        41_250,
        "2025-04-01",
        "2028-03-31",
    ),
    (
        "HM-C-0127",
        "Photocopiers",
        "Lease and copy charge of multi-function devices",
        "Quillmoor Print Ltd",
        "Digital and ICT",
        97_800,
        "2023-04-01",
        "2027-03-31",
    ),
    (
        "HM-C-0140",
        "School meals",
        "Meals for primary schools",
        "Ostrelle Catering Limited",
        "Children and learning",
        4_120_000,
        "2023-08-01",
        "2028-07-31",
    ),
    (
        "HM-C-0143",
        "Boiler servicing",
        "Heating repairs and servicing in council homes",
        "Warmline Heating Ltd",
        "Housing repairs",
        2_240_000,
        "2024-04-01",
        "2028-03-31",
    ),
    (
        "HM-C-0151",
        "Enforcement agents",
        "Collection of council tax debts",
        "Gritstone Services Ltd",
        "Revenues",
        150_000,
        "2022-10-01",
        "2026-09-30",
    ),
    (
        "HM-C-0156",
        "Grass cutting",
        "Parks, verges and housing land",
        "Larchgate Grounds Ltd",
        "Parks",
        618_000,
        "2025-03-01",
        "2029-02-28",
    ),
];

/// The newest row: it wasn't there a quarter before.
const NEW: Line = (
    "HM-C-0163",
    "Museum display cases",
    "Supply and fit",
    "Dunlark Joinery Ltd",
    "Culture",
    64_500,
    "2026-08-01",
    "2027-01-31",
);

fn contract(number: u32, line: &Line) -> Contract {
    let (reference, title, description, supplier, department, pounds, start, end) = *line;
    Contract {
        reference: Some(reference.to_owned()),
        title: Some(title.to_owned()),
        description: Some(description.to_owned()),
        supplier_name: Some(supplier.to_owned()),
        department: Some(department.to_owned()),
        value: Some(Pence(pounds.saturating_mul(100))),
        value_basis: Some(ValueBasis::Total),
        start: start.parse().ok(),
        end: end.parse().ok(),
        process: Some(Process::PublishedTender),
        is_sme: Some(pounds < 100_000),
        is_vcse: Some(false),
        details: Details {
            irrecoverable_vat: Some(Pence(0)),
            ..Details::default()
        },
        ..Contract::empty(Source {
            sheet: None,
            row: number,
            line: None,
        })
    }
}

/// Imports and publishes the register as an authority would: a quarter ago, and with one row more for the last quarter.
///
/// # Errors
/// The folder can't be written.
pub(super) fn publish(state: &Path, policy: &Policy, today: Date) -> Result<(), Stop> {
    let folder = state.join(office::register::FOLDER);
    let state = State(&folder);
    let on = |quarter: Quarter| {
        quarter
            .last_day()
            .checked_add(20.days())
            .unwrap_or(quarter.last_day())
    };
    let mut newest = Quarter::last_over(today);
    if on(newest) > today {
        newest = newest.before();
    }
    let mut contracts: Vec<Contract> = (2..)
        .zip(LINES)
        .map(|(row, line)| contract(row, line))
        .collect();
    for quarter in [newest.before(), newest] {
        if quarter == newest {
            contracts.push(contract(99, &NEW));
        }
        state.keep(&Kept {
            imported_on: on(quarter),
            contracts: contracts.clone(),
        })?;
        office::register::publish::publish(
            &state,
            &Publication {
                quarter,
                policy,
                url: None,
                ocid_prefix: None,
                on: on(quarter),
                correction: None,
                despite_findings: false,
            },
        )?;
    }
    Ok(())
}
