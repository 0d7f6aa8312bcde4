//! Matching one question against 100,000 contracts: under 5 ms each. `cargo bench -p casework`.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::hint::black_box;
use std::time::Instant;

use casework::register::{Contract, Index, Source, Thesaurus};

const ROWS: u32 = 100_000;

const THINGS: [(&str, &str); 8] = [
    ("Photocopiers", "Lease and copy charge"),
    ("Housing management system", "Rents and tenancies"),
    ("Enforcement agents", "Collection of council tax debts"),
    ("Telephone system", "Hosted voice"),
    ("Grass cutting", "Verges and cemeteries"),
    ("Lift servicing", "Inspection and repair of passenger lifts"),
    ("Microsoft licences", "Enterprise subscription"),
    ("Home care", "Hours at home"),
];

const QUESTIONS: [&str; 4] = [
    "Who supplies the MFDs, and when does the contract end?",
    "Which ICT infrastructure contracts expire between 1 January 2028 and 30 June 2028?",
    "What is the value of your contract for bailifs?",
    "When does the contract for the Snorkelby system end?",
];

fn main() {
    let contracts: Vec<Contract> = (0..ROWS)
        .map(|row| {
            let (title, description) = THINGS[row as usize % THINGS.len()];
            Contract {
                reference: Some(format!("HM/{row:06}")),
                title: Some(format!("{title} – ward {}", row % 977)),
                description: Some(description.to_owned()),
                supplier_name: Some(format!("Gritstone{} Ltd", row % 400)),
                end: jiff::civil::date(2027, 1, 31)
                    .checked_add(jiff::Span::new().days(i64::from(row % 900)))
                    .ok(),
                ..Contract::empty(Source {
                    sheet: None,
                    row,
                    line: None,
                })
            }
        })
        .collect();
    let thesaurus = Thesaurus::parse(
        include_str!("../../../data/register/thesaurus.toml"),
        include_str!("../../../data/register/questions.toml"),
    )
    .unwrap();
    let begun = Instant::now();
    let index = Index::new(&contracts, thesaurus);
    println!("index of {ROWS} contracts: {:?}", begun.elapsed());
    for question in QUESTIONS {
        let fastest = (0..20)
            .map(|_| {
                let begun = Instant::now();
                black_box(index.find(question, 5));
                begun.elapsed()
            })
            .min();
        println!("{:?}  {question}", fastest.unwrap_or_default());
    }
}
