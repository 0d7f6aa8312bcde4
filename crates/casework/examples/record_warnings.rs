//! Prints what each row of a register (JSON with `rows`) would give away under a policy, and why.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for development, not part of the core"
)]

use casework::policy::Policy;
use casework::public_record::{
    Contract, Lexicon, PublishedEntry, Reading, Says, Source, before_publishing,
};
use triage::Vocabulary;

fn main() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/");
    let read = |name: &str| std::fs::read_to_string(format!("{data}{name}")).unwrap_or_default();
    let Ok(vocabulary) = Vocabulary::parse(
        &read("triage/subjects.toml"),
        &read("triage/information.toml"),
        &read("triage/exclusions.toml"),
        &read("triage/cues.toml"),
    ) else {
        eprintln!("the triage data has mistakes");
        return;
    };
    let lexicon = match Lexicon::parse(&read("public-record/things.toml"), &vocabulary) {
        Ok(lexicon) => lexicon,
        Err(problems) => {
            for problem in problems {
                eprintln!(
                    "{}",
                    problem.locate("things.toml", &read("public-record/things.toml"))
                );
            }
            return;
        }
    };
    let Ok(statute) = law::Statute::parse(&read("law/foia.toml")) else {
        return;
    };
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let Ok(policy) = Policy::parse(
        &read(&format!("policy/{name}.toml")),
        &statute,
        &|id| vocabulary.has_subject(id),
        &|id| vocabulary.has_information(id),
    ) else {
        eprintln!("no policy {name}");
        return;
    };
    let reading = Reading {
        vocabulary: &vocabulary,
        lexicon: &lexicon,
    };
    for file in arguments {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let rows = json["rows"].as_array().cloned().unwrap_or_default();
        let mut warned: usize = 0;
        let mut about: usize = 0;
        for row in &rows {
            let field = |name: &str| row[name].as_str().unwrap_or("").to_owned();
            let entry = PublishedEntry {
                source: Source::Register,
                id: field("reference"),
                place: String::new(),
                published_on: None,
                withdrawn_on: None,
                says: Says::Contract(Contract {
                    title: field("title"),
                    description: field("description"),
                    department: field("department"),
                    supplier: field("supplier_name"),
                    value: row["value"].as_str().map(str::to_owned),
                    starts_on: field("start").parse().ok(),
                    ends_on: field("end").parse().ok(),
                }),
            };
            let revealed = reading.read(&entry);
            let advice = before_publishing(
                &reading,
                &entry,
                &policy,
                &[],
                jiff::civil::date(2026, 11, 27),
            );
            let things: Vec<&str> = revealed
                .iter()
                .filter_map(|one| lexicon.thing(one.thing))
                .map(|thing| thing.id.as_str())
                .collect();
            about += usize::from(!things.is_empty());
            println!("{} | {} | {things:?}", field("title"), field("description"));
            warned += usize::from(!advice.warnings.is_empty());
            for warning in &advice.warnings {
                println!(
                    "    ! {} {:?} {}",
                    warning.field, warning.text, warning.code
                );
            }
            if let Some(suggested) = &advice.suggested {
                println!("    = {} | {}", suggested.title, suggested.description);
            }
        }
        println!(
            "## {file}: {} rows, {about} about ICT, {warned} warn",
            rows.len()
        );
    }
}
