//! The public record check: worked examples of both directions, a slow second opinion, and what must always hold.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a failed expectation is the test's way to speak, and it reads the project's data"
)]

#[path = "public_record/mod.rs"]
mod world;

use std::sync::{Arc, LazyLock};

use casework::event::{DealtWith, KnownAlready};
use casework::policy::Policy;
use casework::public_record::{
    Checked, Contract, Exchange, Kinds, Lexicon, Outcome, Path, PublishedEntry, ReadEntry, Refusal,
    Says, Source, Standing, audit, before_publishing, check, mosaic, not_dealt_with, question_of,
};
use jiff::civil::date;
use proptest::prelude::*;
use world::{TODAY, World, answered, data, record, row, statement};

static WORLD: LazyLock<World> = LazyLock::new(World::new);
static PUBLISHED: LazyLock<Policy> = LazyLock::new(|| WORLD.policy("coventry-ict"));
static MODEL: LazyLock<Policy> = LazyLock::new(|| WORLD.policy("model-ict"));

fn checked(entries: &[PublishedEntry], question: &str, path: Path) -> Checked {
    let index = WORLD.index(entries);
    let read = question_of(&WORLD.vocabulary, question);
    check(
        &index,
        &WORLD.reading(),
        question,
        &read,
        path,
        TODAY,
        &|source, id| {
            entries
                .iter()
                .find(|entry| entry.source == source && entry.id == id)
                .cloned()
                .map(|entry| Arc::new(ReadEntry::new(&WORLD.reading(), entry)))
        },
    )
}

/// Each row: a question, the way it is about to be decided, and what stands in the way or is merely shown.
#[test]
fn what_is_public_stands_in_the_way_of_a_question_that_it_answers_or_confirms() {
    use Path::{Answer, NeitherConfirmNorDeny as Neither, NotHeld, Withhold};
    use Standing::{Answers, Confirms};
    type Row<'r> = (&'r str, Path, &'r [(&'r str, Standing, bool)]);
    let rows: &[Row<'_>] = &[
        (
            "What firewalls does the council use?",
            Neither,
            &[("HM-101", Confirms, true)],
        ),
        (
            "Which version of firmware do your firewalls run?",
            Neither,
            &[("HM-101", Confirms, true)],
        ),
        // That there is a firewall says nothing of its version.
        (
            "Which version of firmware do your firewalls run?",
            Withhold,
            &[("HM-101", Confirms, false)],
        ),
        (
            "Who supplies the council's firewall?",
            Neither,
            &[("HM-101", Answers, true)],
        ),
        (
            "Which anti-virus product do you use?",
            Withhold,
            &[("HM-102", Answers, true)],
        ),
        (
            "How many devices does your antivirus cover?",
            Withhold,
            &[("HM-102", Answers, true)],
        ),
        ("Do you use Sophos?", Neither, &[("HM-102", Answers, true)]),
        // Another product of the same kind is another question.
        (
            "Do you use CrowdStrike for endpoint protection?",
            Neither,
            &[],
        ),
        (
            "What make is your telephone system?",
            Neither,
            &[("HM-103", Confirms, true)],
        ),
        (
            "Which housing management system do you use?",
            Withhold,
            &[("HM-104", Answers, true)],
        ),
        (
            "Do you use CareCompass?",
            Neither,
            &[("HM-104", Answers, true)],
        ),
        (
            "is carecompass in use at the council",
            Neither,
            &[("HM-104", Answers, true)],
        ),
        (
            "How many laptops do staff have?",
            Neither,
            &[("2026/laptops", Answers, true)],
        ),
        (
            "How many laptops do staff have?",
            NotHeld,
            &[("2026/laptops", Answers, true)],
        ),
        (
            "How many laptops do staff have?",
            Answer,
            &[("2026/laptops", Answers, false)],
        ),
        // Said before that it is held.
        (
            "Which version of Windows Server is in use?",
            Neither,
            &[("2026/server-version", Confirms, true)],
        ),
        // Said before that it isn't.
        (
            "Which VPN product do you use?",
            Neither,
            &[("2026/vpn", Answers, true)],
        ),
        // What the council announced itself.
        (
            "Was the council hit by ransomware in October 2026?",
            Neither,
            &[("2026-10-12", Answers, true)],
        ),
        // A retainer and a training course say nothing of incidents.
        (
            "How many phishing attacks were recorded in 2024?",
            Neither,
            &[("2026-10-12", Answers, true)],
        ),
        // A refusal confirms nothing.
        ("What make of storage array do you use?", Neither, &[]),
        // Nothing here is about these.
        ("Please send me your network diagrams.", Neither, &[]),
        ("Which backup software do you use?", Neither, &[]),
        ("How many potholes were repaired?", Answer, &[]),
        // A subject whose things have little in common, named without the thing, is only hinted at.
        (
            "Which software systems does the council use?",
            Neither,
            &[("HM-104", Standing::Suggests, false)],
        ),
        // A question that asks for no kind of information of the table.
        ("What is the council's full name?", Neither, &[]),
        // One thing's being public is no plan's.
        (
            "Please provide your cyber incident response plan.",
            Neither,
            &[],
        ),
    ];
    let entries = record();
    let mut wrong = Vec::new();
    for (question, path, expected) in rows {
        let found = checked(&entries, question, *path);
        let mut found: Vec<(&str, Standing, bool)> = found
            .hits
            .iter()
            .map(|hit| (hit.id.as_str(), hit.standing, hit.blocks))
            .collect();
        found.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        if found != expected {
            let asked = WORLD
                .reading()
                .asked(question, &question_of(&WORLD.vocabulary, question));
            wrong.push(format!("{question} {path:?}\n  expected {expected:?}\n  found    {found:?}\n  asked    {asked:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_hit_shows_its_words_its_date_and_why() {
    let entries = record();
    let found = checked(
        &entries,
        "Which anti-virus product do you use?",
        Path::NeitherConfirmNorDeny,
    );
    let hit = found.hits.first().unwrap();
    let words: Vec<(&str, &str)> = hit
        .words
        .iter()
        .map(|words| (words.field, words.text.as_str()))
        .collect();
    assert_eq!(
        words,
        [
            ("description", "Intercept X"),
            ("title", "Anti-virus"),
            ("description", "Sophos"),
            ("description", "2,400 devices"),
            ("supplier", "Fernbridge Computing Ltd"),
        ]
    );
    assert_eq!(hit.published_on, Some(date(2026, 10, 30)));
    assert_eq!(
        hit.because,
        "it gives what is asked about end-point protection"
    );
    assert_eq!(hit.key(), "contracts register: HM-102");
    let searched: u32 = found.searched.iter().map(|searched| searched.entries).sum();
    assert_eq!(searched, 12);
}

#[test]
fn a_contract_that_ended_suggests_and_a_page_taken_down_still_counts() {
    let mut entries = record();
    if let Says::Contract(contract) = &mut entries[0].says {
        contract.ends_on = Some(date(2026, 8, 31));
    }
    let found = checked(
        &entries,
        "What firewalls do you use?",
        Path::NeitherConfirmNorDeny,
    );
    assert_eq!(found.hits[0].standing, Standing::Suggests);
    assert!(!found.hits[0].blocks);
    assert_eq!(
        found.hits[0].because,
        "it speaks of firewalls in the past; the contract ended on 31 August 2026"
    );
    entries[7].withdrawn_on = Some(date(2026, 9, 1));
    let found = checked(&entries, "How many laptops are there?", Path::Withhold);
    assert!(found.hits[0].blocks);
    assert_eq!(found.hits[0].withdrawn_on, Some(date(2026, 9, 1)));
}

#[test]
fn every_hit_must_be_dealt_with_by_itself() {
    let found = checked(
        &record(),
        "What firewalls do you use?",
        Path::NeitherConfirmNorDeny,
    );
    let mut known: Vec<KnownAlready> = Vec::new();
    found.complete(&mut known);
    assert_eq!(not_dealt_with(&known, "x").len(), 1);
    known[0].dealt_with = Some(DealtWith::DoesNotConfirm {
        because: "  ".to_owned(),
    });
    assert_eq!(not_dealt_with(&known, "x").len(), 1);
    known[0].dealt_with = Some(DealtWith::ShouldNotHaveBeenPublished {
        because: "the row names equipment that was never bought".to_owned(),
    });
    // Checked again, what was dealt with stays so.
    found.complete(&mut known);
    assert_eq!(known.len(), 1);
    assert!(not_dealt_with(&known, "x").is_empty());
}

/// Each row: a contract's title and description, the codes under the model policy, under the published policy, and the
/// wording suggested under the latter.
#[test]
fn before_publishing_it_warns_of_what_the_policy_protects_and_suggests_another_wording() {
    type Row<'r> = (
        &'r str,
        &'r str,
        &'r [&'r str],
        &'r [&'r str],
        Option<(&'r str, &'r str)>,
    );
    let rows: &[Row<'_>] = &[
        (
            "Managed firewall service",
            "Perimeter firewalls and support",
            &[],
            &[],
            None,
        ),
        (
            "Firewalls",
            "FortiGate 200F, FortiOS version 7.2.8, 24x7 support",
            &["description", "description", "model", "version"],
            &["description", "description", "model", "version"],
            Some(("Firewalls", "24x7 support")),
        ),
        (
            "Anti-virus",
            "Sophos Intercept X for 2,400 users",
            &["description", "manufacturer"],
            &["description", "manufacturer"],
            Some(("Anti-virus", "End-point security service")),
        ),
        (
            "Microsoft 365 E5 licences",
            "4,200 users",
            &[],
            &["description", "licence_count_type", "user_count"],
            Some(("Office software licences", "Office software licences")),
        ),
        (
            "Laptops",
            "Supply of 450 laptops",
            &[],
            &["device_count"],
            Some(("Laptops", "End user devices")),
        ),
        (
            "Cemeteries software",
            "AxleHarbour",
            &[],
            &["description"],
            Some(("Cemeteries software", "Cemeteries software")),
        ),
        ("Windows replacement", "250 council homes", &[], &[], None),
        (
            "Removals and storage",
            "Tenants' and office moves",
            &[],
            &[],
            None,
        ),
    ];
    let mut wrong = Vec::new();
    for (title, description, under_model, under_published, wording) in rows {
        let entry = row("HM-1", title, description, "Fernbridge Ltd");
        for (policy, expected) in [(&*MODEL, under_model), (&*PUBLISHED, under_published)] {
            let advice = before_publishing(&WORLD.reading(), &entry, policy, &[], TODAY);
            let mut codes: Vec<&str> = advice
                .warnings
                .iter()
                .map(|warning| warning.code.trim_start_matches("record.gives_"))
                .collect();
            codes.sort_unstable();
            if codes != **expected {
                wrong.push(format!(
                    "{title} | {description} under {}: {codes:?}",
                    policy.id
                ));
            }
            if policy.id == "coventry-ict" {
                let suggested = advice
                    .suggested
                    .as_ref()
                    .map(|suggested| (suggested.title.as_str(), suggested.description.as_str()));
                if suggested != *wording {
                    wrong.push(format!("{title} | {description}: suggests {suggested:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_supplier_that_makes_the_product_cannot_be_worded_away() {
    let entry = row(
        "HM-1",
        "Email filtering",
        "Annual subscription",
        "Mimecast Services Limited",
    );
    let advice = before_publishing(&WORLD.reading(), &entry, &MODEL, &[], TODAY);
    assert_eq!(advice.warnings.len(), 1);
    assert!(advice.warnings[0].unavoidable);
    assert_eq!(advice.warnings[0].code, "record.gives_manufacturer");
    assert!(advice.suggested.is_none());
}

#[test]
fn publishing_lists_the_refusals_that_it_makes_untenable() {
    let refusal = |id: &str, question: &str, path| Refusal {
        id: id.to_owned(),
        question: question.to_owned(),
        path,
        decided_on: Some(date(2026, 3, 2)),
    };
    let refusals = [
        refusal(
            "HM-2026-0100",
            "Which firewall do you use?",
            Path::NeitherConfirmNorDeny,
        ),
        refusal(
            "HM-2026-0101",
            "Which model of firewall do you use?",
            Path::Withhold,
        ),
        refusal(
            "HM-2026-0102",
            "What storage do you use?",
            Path::NeitherConfirmNorDeny,
        ),
        refusal(
            "HM-2026-0103",
            "How many cyber attacks were there?",
            Path::NeitherConfirmNorDeny,
        ),
    ];
    let untenable = |description: &str| -> Vec<String> {
        let entry = row("HM-1", "Firewall support", description, "Fernbridge Ltd");
        before_publishing(&WORLD.reading(), &entry, &MODEL, &refusals, TODAY)
            .untenable
            .into_iter()
            .map(|refusal| refusal.id)
            .collect()
    };
    assert_eq!(untenable("Annual cover"), ["HM-2026-0100"]);
    assert_eq!(
        untenable("FortiGate 200F"),
        ["HM-2026-0100", "HM-2026-0101"]
    );
}

#[test]
fn an_entry_knows_what_its_refusals_are_about() {
    let reading = WORLD.reading();
    let read = |exchanges: &[(&str, Outcome)]| {
        let says = exchanges.iter().map(|(question, outcome)| Exchange {
            question: (*question).to_owned(),
            answer: String::new(),
            outcome: *outcome,
        });
        let entry = PublishedEntry {
            says: Says::Exchanges(says.collect()),
            ..row("2026/one", "", "", "")
        };
        ReadEntry::new(&reading, entry)
    };
    let firewalls = "Which model of firewall do you use?";
    for outcome in [
        Outcome::NeitherConfirmedNorDenied,
        Outcome::Withheld,
        Outcome::NotHeld,
    ] {
        let refused = read(&[(firewalls, outcome)]);
        let things = refused.refuses().unwrap();
        let named = row("HM-1", "Firewall support", "", "Fernbridge Ltd");
        assert!(ReadEntry::new(&reading, named).is_about(things));
        let other = row("HM-2", "Grass cutting", "", "Fernbridge Ltd");
        assert!(!ReadEntry::new(&reading, other).is_about(things));
        // One that names nothing known may be about anything.
        let both = [(firewalls, outcome), ("How many ducks are there?", outcome)];
        assert_eq!(read(&both).refuses(), Some(&[][..]));
    }
    for outcome in [
        Outcome::Answered,
        Outcome::AlreadyAccessible,
        Outcome::Other,
    ] {
        assert_eq!(read(&[(firewalls, outcome)]).refuses(), None);
    }
}

#[test]
fn the_published_policy_contradicts_a_register_that_names_suppliers() {
    let found = audit(&WORLD.reading(), &PUBLISHED, &record(), TODAY);
    let mut of: Vec<(&str, &str, Vec<&str>)> = found
        .iter()
        .map(|one| {
            (
                one.code,
                one.thing.as_str(),
                one.entries.iter().map(|entry| entry.id.as_str()).collect(),
            )
        })
        .collect();
    of.sort_unstable();
    assert_eq!(
        of,
        [
            (
                "record.content_published",
                "cyber incidents",
                vec!["2026-10-12"]
            ),
            (
                "record.content_published",
                "end-point protection",
                vec!["HM-102"]
            ),
            (
                "record.content_published",
                "housing management system",
                vec!["HM-104"]
            ),
            (
                "record.content_published",
                "laptops, desktops and tablets",
                vec!["2026/laptops"]
            ),
            (
                "record.existence_published",
                "laptops, desktops and tablets",
                vec!["2026/laptops"]
            ),
            (
                "record.existence_published",
                "operating systems",
                vec!["2026/server-version"]
            ),
            (
                "record.existence_published",
                "servers",
                vec!["2026/server-version"]
            ),
            (
                "record.supplier_named",
                "end-point protection",
                vec!["HM-102"]
            ),
            ("record.supplier_named", "firewalls", vec!["HM-101"]),
            (
                "record.supplier_named",
                "housing management system",
                vec!["HM-104"]
            ),
            (
                "record.supplier_named",
                "incident response help",
                vec!["HM-106"]
            ),
            (
                "record.supplier_named",
                "security awareness and phishing simulation",
                vec!["HM-107"]
            ),
            ("record.supplier_named", "telephone system", vec!["HM-103"]),
        ]
    );
}

#[test]
fn a_policy_that_confirms_the_obvious_is_contradicted_only_by_what_gives_content_away() {
    let found = audit(&WORLD.reading(), &MODEL, &record(), TODAY);
    let of: Vec<(&str, &str)> = found
        .iter()
        .map(|one| (one.code, one.thing.as_str()))
        .collect();
    assert_eq!(
        of,
        [
            ("record.content_published", "end-point protection"),
            ("record.content_published", "cyber incidents"),
        ]
    );
}

#[test]
fn published_refusals_that_other_entries_answer_are_found() {
    let entries = [
        row(
            "HM-1",
            "Storage area network",
            "Pure Storage arrays",
            "Fernbridge Ltd",
        ),
        answered(
            "2026/storage",
            "What make of storage array do you use?",
            "",
            Outcome::NeitherConfirmedNorDenied,
        ),
        answered(
            "2026/backup",
            "Which backup software do you use?",
            "",
            Outcome::NeitherConfirmedNorDenied,
        ),
    ];
    let found = audit(&WORLD.reading(), &MODEL, &entries, TODAY);
    let of: Vec<(&str, Vec<&str>)> = found
        .iter()
        .map(|one| {
            (
                one.code,
                one.entries.iter().map(|entry| entry.id.as_str()).collect(),
            )
        })
        .collect();
    assert_eq!(of, [("record.refusal_contradicted", vec!["HM-1"])]);
}

#[test]
fn a_mosaic_holds_every_piece_in_order_of_time() {
    let mut entries = record();
    let mut early = answered(
        "2024/av",
        "Do you have anti-virus software?",
        "Yes, on all laptops.",
        Outcome::Answered,
    );
    early.published_on = Some(date(2024, 2, 1));
    entries.push(early);
    let index = WORLD.index(&entries);
    let lookup = |source: Source, id: &str| {
        entries
            .iter()
            .find(|entry| entry.source == source && entry.id == id)
            .cloned()
            .map(|entry| Arc::new(ReadEntry::new(&WORLD.reading(), entry)))
    };
    let found = mosaic(&index, &WORLD.reading(), "security-tools", &lookup).unwrap();
    let ids: Vec<&str> = found.pieces.iter().map(|piece| piece.id.as_str()).collect();
    assert_eq!(ids, ["2024/av", "2026/vpn", "HM-101", "HM-102"]);
    assert!(found.together.meets(Kinds::MANUFACTURER));
    let one = mosaic(&index, &WORLD.reading(), "firewalls", &lookup).unwrap();
    assert_eq!(one.pieces.len(), 1);
    assert!(mosaic(&index, &WORLD.reading(), "no-such-subject", &lookup).is_none());
}

/// Plain words: what says that an incident happened, and what doesn't.
#[test]
fn only_words_that_say_so_tell_of_an_incident() {
    let rows = [
        ("The council suffered a cyber attack in March 2024.", true),
        ("Services were disrupted by a ransomware attack.", true),
        ("In 2025 there were 14 phishing attacks recorded.", true),
        (
            "Staff are trained so that they could spot a phishing attack.",
            false,
        ),
        ("If a cyber attack happened, the plan says who acts.", false),
        (
            "Cyber insurance covers the costs following a ransomware attack.",
            false,
        ),
        (
            "We neither confirm nor deny that a cyber attack occurred.",
            false,
        ),
        ("Guidance on how to report a cyber incident.", false),
        ("No cyber attack was recorded.", false),
    ];
    for (text, says) in rows {
        let found = checked(
            &[statement("s", text)],
            "Has the council had any cyber attacks?",
            Path::NeitherConfirmNorDeny,
        );
        assert_eq!(!found.hits.is_empty(), says, "{text}");
    }
}

#[test]
fn a_mistake_in_the_data_is_told_with_its_way_out() {
    let good = data("public-record/things.toml");
    let rows = [
        (
            "subject = \"servers\"",
            "subject = \"serverz\"",
            "things.unknown_subject",
        ),
        (
            "things = [\"desktop-productivity\"]",
            "things = [\"desktop\"]",
            "things.unknown_thing",
        ),
        (
            "kind = \"device-count\"",
            "kind = \"devices\"",
            "things.unknown_kind",
        ),
        (
            "id = \"storage\"\nlabel",
            "id = \"servers\"\nlabel",
            "things.duplicate_id",
        ),
        (
            "id = \"cyber-incidents\"",
            "id = \"incidents\"",
            "things.no_incidents",
        ),
        (
            "words = [\"sharepoint\"]",
            "words = [\"SharePoint\", \"microsoft\"]",
            "things.duplicate_name",
        ),
        (
            "weak = [\"server\"]",
            "weak = [\"server\", \"servers\"]",
            "things.duplicate_word",
        ),
        (
            "weak = [\"server\"]",
            "weak = [\"server\", \"-\"]",
            "things.empty_phrase",
        ),
        (
            "neutral = \"storage\"",
            "neutrl = \"storage\"",
            "things.malformed",
        ),
        (
            "says = \"Managed firewall service\"",
            "says = \"Managed service\"",
            "things.example_fails",
        ),
    ];
    for (from, to, code) in rows {
        let bad = if code == "things.malformed" {
            good.replacen("neutral = ", "neutrl = ", 1)
        } else {
            assert!(good.contains(from), "{from}");
            good.replacen(from, to, 1)
        };
        let problems = Lexicon::parse(&bad, &WORLD.vocabulary).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.code == code),
            "{code}: {problems:?}"
        );
        assert!(problems.iter().all(|problem| problem.message.len() > 20));
    }
}

/// The invented registers beside the repository, read from what an importer should make of them.
#[test]
fn on_registers_as_councils_keep_them_it_warns_of_names_and_of_nothing_else() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/registers");
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: no registers beside the repository");
        return;
    };
    let mut rows: usize = 0;
    let mut warned: usize = 0;
    for file in files {
        let path = file.unwrap().path();
        if !path.to_string_lossy().ends_with(".expected.json") {
            continue;
        }
        let json: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for json in json["rows"].as_array().unwrap() {
            let field = |name: &str| json[name].as_str().unwrap_or("").to_owned();
            let entry = row(
                "1",
                &field("title"),
                &field("description"),
                &field("supplier_name"),
            );
            rows += 1;
            let under_model = before_publishing(&WORLD.reading(), &entry, &MODEL, &[], TODAY);
            assert!(
                under_model.warnings.is_empty(),
                "{:?}",
                under_model.warnings
            );
            let advice = before_publishing(&WORLD.reading(), &entry, &PUBLISHED, &[], TODAY);
            warned += usize::from(!advice.warnings.is_empty());
            for warning in &advice.warnings {
                let inner_capital = warning
                    .text
                    .as_bytes()
                    .windows(2)
                    .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
                let known = ["microsoft", "sql", "ms ea"]
                    .iter()
                    .any(|name| warning.text.to_lowercase().contains(name));
                assert!(inner_capital || known, "{warning:?}");
            }
        }
    }
    println!(
        "{warned} of {rows} rows warn under the published policy, none under the model policy"
    );
    assert!(warned * 10 < rows);
}

fn any_entry() -> impl Strategy<Value = PublishedEntry> {
    let title = prop::sample::select(vec![
        "Managed firewall service",
        "Anti-virus",
        "Laptops",
        "Sophos Intercept X",
        "Telephone system",
        "Housing system (CareCompass)",
        "SQL Server 2016 support",
        "Backup software",
        "Office cleaning",
        "Firewall and anti-virus",
        "Microsoft 365 licences",
        "Penetration testing",
    ]);
    let description = prop::sample::select(vec![
        "",
        "Annual subscription",
        "2,400 users",
        "version 12.1",
        "FortiGate 200F",
        "450 laptops",
        "E5 licences",
    ]);
    let ends = prop::sample::select(vec![2024_i16, 2026, 2028]);
    let outcome = prop::sample::select(vec![
        Outcome::Answered,
        Outcome::Withheld,
        Outcome::NotHeld,
        Outcome::NeitherConfirmedNorDenied,
    ]);
    let contract = (title.clone(), description.clone(), ends, 1_i8..28).prop_map(
        |(title, description, year, day)| {
            let mut entry = row("", title, description, "Fernbridge Ltd");
            entry.published_on = Some(date(2026, 1, day));
            if let Says::Contract(contract) = &mut entry.says {
                contract.ends_on = Some(date(year, 3, 31));
            }
            entry
        },
    );
    let exchange = (question(), description, outcome)
        .prop_map(|(question, answer, outcome)| answered("", question, answer, outcome));
    prop_oneof![contract, exchange]
}

fn question() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Which firewall do you use?",
        "Which version of SQL Server do you run?",
        "How many laptops are there?",
        "How many Microsoft 365 licences do you hold?",
        "Do you use Sophos?",
        "Who supplies the telephone system?",
        "Which anti-virus do you use?",
        "Which cyber security products do you use?",
        "Do you use CareCompass?",
        "How many cyber attacks were there?",
        "Which housing management system is used?",
    ])
}

fn numbered(entries: Vec<PublishedEntry>) -> Vec<PublishedEntry> {
    entries
        .into_iter()
        .enumerate()
        .map(|(at, entry)| PublishedEntry {
            id: format!("e{at}"),
            ..entry
        })
        .collect()
}

/// Without the product, its version would be that of the thing in the title.
#[test]
fn what_a_cut_leaves_is_read_again() {
    let entry = row("1", "Housing software", "Sophos v12", "Fernbridge Ltd");
    let advice = before_publishing(&WORLD.reading(), &entry, &PUBLISHED, &[], TODAY);
    let suggested = advice.suggested.unwrap();
    assert_eq!(suggested.title, "Housing software");
    assert!(!suggested.description.contains("12"), "{suggested:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The index finds what reading every entry one by one finds, in whatever order entries came.
    #[test]
    fn the_index_agrees_with_reading_everything(
        entries in prop::collection::vec(any_entry(), 0..30),
        text in question(),
        turn in any::<prop::sample::Index>(),
    ) {
        let entries = numbered(entries);
        let reading = WORLD.reading();
        let read = question_of(&WORLD.vocabulary, text);
        let asked = reading.asked(text, &read);
        let mut slowly: Vec<(String, Standing)> = Vec::new();
        for entry in &entries {
            let mut best: Option<Standing> = None;
            for one in reading.read(entry) {
                let named = asked.names.is_empty()
                    || reading.read(entry).iter().any(|one| one.names.iter().any(|name| asked.names.contains(name)));
                let about = asked.things.contains(&one.thing)
                    || asked.things.is_empty() && one.names.iter().any(|name| asked.names.contains(name));
                if !about || !named {
                    continue;
                }
                let standing = if (one.gives | one.denies).meets(asked.kinds) {
                    Standing::Answers
                } else if one.confirms.meets(asked.kinds)
                    || one.exists && asked.kinds.meets(WORLD.lexicon.confirmed_by_existence())
                {
                    Standing::Confirms
                } else {
                    continue;
                };
                let past = entry.ended_on().is_some_and(|ended| ended < TODAY);
                let only_part = asked.vague && asked.names.is_empty();
                best = best.max(Some(if past || only_part { Standing::Suggests } else { standing }));
            }
            slowly.extend(best.map(|best| (entry.id.clone(), best)));
        }
        slowly.sort();
        let mut turned = entries.clone();
        if !turned.is_empty() {
            let by = turn.index(turned.len());
            turned.rotate_left(by);
        }
        let index = WORLD.index(&turned);
        let search = index.search(&WORLD.lexicon, &asked, TODAY);
        let mut quickly: Vec<(String, Standing)> = search
            .best
            .iter()
            .map(|found| (index.id(found.entry).unwrap().1.to_owned(), found.standing))
            .collect();
        quickly.sort();
        prop_assert_eq!(search.total, slowly.len());
        prop_assert_eq!(quickly, slowly);
    }

    /// What is suggested gives nothing away, keeps a title, and needs no second suggestion.
    #[test]
    fn a_suggested_wording_gives_nothing_away(
        title in "(Managed |Annual )?(Firewall|Anti-virus|Laptops|Telephone system|Housing software|Backup|Servers|Cemeteries software)( support| licences| \\(CareCompass\\)|, RoundLoom| – lot 2)?",
        description in "(Sophos|FortiGate 200F|Microsoft 365 E5|SQL Server 2016|Dell Latitude 5420|AxleHarbour|Hosted|Supply)?( version 7\\.2| v12|, 2,400 users| for 450 laptops| x 12| licences: 80|, 3 years)?( and support)?",
    ) {
        for policy in [&*PUBLISHED, &*MODEL] {
            let entry = row("1", &title, &description, "Fernbridge Ltd");
            let advice = before_publishing(&WORLD.reading(), &entry, policy, &[], TODAY);
            prop_assert_eq!(advice.suggested.is_some(), !advice.warnings.is_empty());
            if let Some(suggested) = advice.suggested {
                prop_assert!(!suggested.title.trim().is_empty());
                let mut again = entry.clone();
                again.says = Says::Contract(Contract {
                    title: suggested.title,
                    description: suggested.description,
                    supplier: "Fernbridge Ltd".to_owned(),
                    ..Contract::default()
                });
                let second = before_publishing(&WORLD.reading(), &again, policy, &[], TODAY);
                prop_assert!(second.warnings.is_empty(), "{:?} {:?}", again, second.warnings);
            }
        }
    }

    /// Any text at all is read without a fault, and every passage lies in its field.
    #[test]
    fn any_text_is_read(title in any::<String>(), description in "\\PC{0,80}", supplier in "\\PC{0,20}") {
        let entries = [
            row("1", &title, &description, &supplier),
            answered("2", &title, &description, Outcome::Answered),
            statement("3", &description),
        ];
        for entry in &entries {
            for one in WORLD.reading().read(entry) {
                for passage in one.passages {
                    prop_assert!(entry.words(passage.field).get(passage.span).is_some());
                }
            }
        }
        let _ = checked(&entries, &title, Path::NeitherConfirmNorDeny);
    }

    /// Publishing more never takes anything out of the way.
    #[test]
    fn more_that_is_public_never_unblocks(
        entries in prop::collection::vec(any_entry(), 0..12),
        more in prop::collection::vec(any_entry(), 1..6),
        text in question(),
    ) {
        let fewer = numbered(entries.clone());
        let all = numbered(entries.into_iter().chain(more).collect());
        let blocked = |entries: &[PublishedEntry]| -> Vec<String> {
            checked(entries, text, Path::NeitherConfirmNorDeny)
                .blocking()
                .map(|hit| hit.id.clone())
                .collect()
        };
        let after = blocked(&all);
        for id in blocked(&fewer) {
            prop_assert!(after.contains(&id));
        }
    }
}
