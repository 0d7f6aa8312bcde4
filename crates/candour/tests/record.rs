//! `candour record` and `candour log` as their user runs them: on the shipped examples, on invented cases, on bad input.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/public-record")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

fn candour(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn json(arguments: &[&str]) -> (Value, Option<i32>) {
    let output = candour(arguments);
    let (out, errors) = said(&output);
    let value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{errors}"));
    (value, output.status.code())
}

#[test]
fn a_request_is_held_against_everything_published() {
    let (found, status) = json(&[
        "record",
        "check",
        &example("request.txt"),
        "--register",
        &example("register.csv"),
        "--log",
        &example("log.json"),
        "--record",
        &example("statements.jsonl"),
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(1));
    let blocking = |at: usize| -> Vec<String> {
        let mut ids: Vec<String> = found[at]["checked"]["hits"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|hit| hit["blocks"] == true)
            .map(|hit| hit["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(blocking(0), ["HM-101"]);
    assert_eq!(blocking(1), ["HM-102"]);
    assert_eq!(blocking(2), ["2026-10-12"]);
    assert!(blocking(3).is_empty() && blocking(4).is_empty());
    // The contract that ended is shown, and stands in no way.
    let shown = found[0]["checked"]["hits"].as_array().unwrap();
    assert!(
        shown
            .iter()
            .any(|hit| hit["id"] == "HM-106" && hit["standing"] == "suggests")
    );
    let output = candour(&[
        "record",
        "check",
        &example("request.txt"),
        "--path",
        "answer",
        "--register",
        &example("register.csv"),
    ]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        said(&output)
            .0
            .contains("nothing published answers or confirms this")
    );
}

#[test]
fn the_published_policy_contradicts_a_register_that_names_suppliers() {
    let (found, status) = json(&[
        "record",
        "audit",
        "--policy",
        "coventry-ict",
        "--register",
        &example("register.csv"),
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(1));
    let list = found["contradictions"].as_array().unwrap();
    let named: Vec<&str> = list
        .iter()
        .filter(|one| one["code"] == "record.supplier_named")
        .map(|one| one["thing"].as_str().unwrap())
        .collect();
    assert_eq!(
        named,
        [
            "telephone system",
            "housing management system",
            "firewalls",
            "end-point protection"
        ]
    );
    let text = said(&candour(&[
        "record",
        "audit",
        "--register",
        &example("register.csv"),
    ]))
    .0;
    assert!(text.contains("the register names the contract and its supplier"));
    assert!(text.contains("Managed firewall service, Fernbridge Computing Ltd"));
}

#[test]
fn what_is_about_to_be_published_gets_another_wording() {
    let (found, status) = json(&[
        "record",
        "advise",
        "--policy",
        "model-ict",
        "--register",
        &example("register.csv"),
        "--log",
        &example("log.json"),
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(1));
    let list = found.as_array().unwrap();
    let of = |id: &str| list.iter().find(|one| one["id"] == id).unwrap();
    assert_eq!(
        of("HM-102")["advice"]["suggested"]["description"],
        "End-point security service"
    );
    assert_eq!(of("HM-106")["advice"]["suggested"]["title"], "Firewall");
    // A firewall in the register makes the refusal in the log untenable.
    assert_eq!(of("HM-101")["advice"]["untenable"][0]["id"], "2026/laptops");
    assert!(
        list.iter()
            .all(|one| one["id"] != "HM-105" && one["id"] != "HM-103")
    );
}

#[test]
fn what_is_left_of_a_wording_is_a_wording() {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("register.csv");
    std::fs::write(
        &register,
        "Ref,Title,Description,Supplier,Department\n\
         A1,Firewalls,Replacement of FortiGate 600E with 601F at 64 sites,Aldervane Ltd,ICT\n\
         A2,Backup,Veeam v12 upgrade for 40 TB,Brim Ltd,ICT\n\
         A3,Database licences,\"SQL Server 2016, 24 core packs and 350 user CALs\",Wexmoor Ltd,ICT\n\
         A4,Database support,Oracle 19c,Wexmoor Ltd,ICT\n",
    )
    .unwrap();
    let (found, status) = json(&[
        "record",
        "advise",
        "--policy",
        "coventry-ict",
        "--register",
        register.to_str().unwrap(),
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(1));
    let descriptions: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["advice"]["suggested"]["description"].as_str().unwrap())
        .collect();
    assert_eq!(
        descriptions,
        [
            "Firewall service",
            "Backup service",
            "Database licences",
            "Database licences"
        ]
    );
}

#[test]
fn without_files_the_record_is_what_the_authority_itself_published() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let state = state.to_str().unwrap();
    let nothing = candour(&["record", "audit", "--state", state]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(said(&nothing).1.contains("record.nothing_given"));
    assert!(!folder.path().join("state").exists(), "nothing is made");
    candour(&[
        "register",
        "import",
        &example("register.csv"),
        "--apply",
        "--state",
        state,
    ]);
    let published = candour(&[
        "register",
        "publish",
        "2026-Q3",
        "--on",
        "2026-10-20",
        "--state",
        state,
    ]);
    assert!(published.status.success(), "{}", said(&published).1);
    let audit = said(&candour(&["record", "audit", "--state", state])).0;
    assert!(
        audit.contains("Managed firewall service, Fernbridge Computing Ltd"),
        "{audit}"
    );
    let mosaic = said(&candour(&[
        "record",
        "mosaic",
        "firewalls",
        "--state",
        state,
    ]))
    .0;
    assert!(
        mosaic.contains("2026-10-20  contracts register hm-101"),
        "{mosaic}"
    );
}

#[test]
fn a_mosaic_shows_all_pieces_of_a_subject() {
    let output = candour(&[
        "record",
        "mosaic",
        "security-tools",
        "--register",
        &example("register.csv"),
    ]);
    assert_eq!(output.status.code(), Some(0));
    let text = said(&output).0;
    assert!(
        text.starts_with("security functions and tools: 3 pieces"),
        "{text}"
    );
    assert!(text.contains("together they tell: ") && text.contains("version"));
    let unknown = candour(&[
        "record",
        "mosaic",
        "dragons",
        "--register",
        &example("register.csv"),
    ]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).1.contains("record.unknown_subject"));
}

#[test]
fn bad_files_are_told_all_at_once_with_place_and_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| -> String {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let rows: Vec<(&str, String, &[&str])> = vec![
        (
            "--register",
            file("a.json", b"{\"rows\": 3}"),
            &["record.no_rows"],
        ),
        (
            "--register",
            file("b.json", b"[1,"),
            &["b.json:1:3: record.not_json"],
        ),
        (
            "--register",
            file(
                "c.json",
                b"[{\"title\":\"A\",\"start\":\"1/2/2025\"},{\"title\":7},{\"end\":\"soon\"}]",
            ),
            &[
                "c.json: row 2: record.bad_row",
                "row 1: record.bad_date",
                "row 2: record.bad_date",
            ],
        ),
        (
            "--register",
            file("d.csv", b"hue,size\n1,x\n"),
            &["d.csv", "register."],
        ),
        ("--register", file("e.csv", b""), &["register.empty_file"]),
        ("--log", file("g.json", b"{}"), &["record.no_entries"]),
        (
            "--log",
            file("h.json", b"[{}, {\"adress\": 1}]"),
            &["entry 1: record.bad_entry", "entry 2: record.bad_entry"],
        ),
        (
            "--record",
            file("i.jsonl", b"\n{\"source\":\"rumour\"}\n{}\n"),
            &["i.jsonl:2:", "i.jsonl:3:", "record.bad_entry"],
        ),
        (
            "--register",
            folder
                .path()
                .join("none.csv")
                .to_string_lossy()
                .into_owned(),
            &["register.unreadable"],
        ),
    ];
    for (option, path, expected) in rows {
        let output = candour(&["record", "audit", option, &path]);
        let errors = said(&output).1;
        assert_eq!(output.status.code(), Some(2), "{path}: {errors}");
        for part in expected {
            assert!(errors.contains(part), "{path}: {errors}");
        }
    }
    let nothing = candour(&["record", "audit"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(said(&nothing).1.contains("record.nothing_given"));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_log_is_rendered_from_its_own_data_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let out: PathBuf = folder.path().join("public");
    let out = out.to_str().unwrap();
    let render = |more: &[&str]| {
        let from = example("log.json");
        let mut arguments = vec!["log", "render", "--from", &from, "--out", out];
        arguments.extend(more);
        candour(&arguments)
    };
    let output = render(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output).1);
    assert_eq!(
        names(Path::new(out)),
        [
            "2026-laptops.html",
            "2026-payments.html",
            "catalogue.jsonld",
            "feed.atom",
            "feed.json",
            "index.html",
            "log.csv",
            "log.json",
            "sitemap.xml",
        ]
    );
    let again = render(&[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).1.contains("output.exists"));
    assert_eq!(render(&["--replace"]).status.code(), Some(0));
    // What was rendered can be rendered from.
    let written = format!("{out}/log.json");
    let twice = folder.path().join("twice");
    let output = candour(&[
        "log",
        "render",
        "--from",
        &written,
        "--out",
        twice.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(0));
    for name in names(Path::new(out)) {
        assert_eq!(
            std::fs::read(Path::new(out).join(&name)).unwrap(),
            std::fs::read(twice.join(&name)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn an_invented_case_is_previewed_published_and_taken_down() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let state = state.to_str().unwrap();
    let in_office = |arguments: &[&str]| {
        let mut all = vec!["--state", state];
        all.extend(arguments);
        candour(&all)
    };
    let seeded = in_office(&["seed", "40"]);
    assert_eq!(seeded.status.code(), Some(0), "{}", said(&seeded).1);
    let listed = in_office(&["log", "list", "--format", "json"]);
    let entries: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    let reference = entries
        .iter()
        .find(|entry| entry["removed"].is_null())
        .map(|entry| entry["reference"].as_str().unwrap().to_owned())
        .unwrap();
    let who = ["--by", "petra", "--as", "publisher"];
    let mut arguments = vec![
        "log",
        "unpublish",
        &reference,
        "--reason",
        "A figure was wrong.",
    ];
    arguments.extend(who);
    let output = in_office(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output).1);
    let listed = said(&in_office(&["log", "list"])).0;
    assert!(listed.contains("A figure was wrong."), "{listed}");
    let preview = in_office(&[
        "log",
        "preview",
        &reference,
        "--title",
        "What was asked",
        "--format",
        "json",
    ]);
    let shown: Value = serde_json::from_slice(&preview.stdout).unwrap();
    assert!(
        shown["entry"]["address"]
            .as_str()
            .unwrap()
            .ends_with("/what-was-asked")
    );
    let mut arguments = vec!["log", "publish", &reference, "--title", "What was asked"];
    arguments.extend(who);
    let output = in_office(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output).1);
    let out = folder.path().join("public");
    let output = in_office(&["log", "render", "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output).1);
    let index = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(index.contains("What was asked"));
    // Someone who may not publish can't.
    let mut arguments = vec!["log", "unpublish", &reference, "--reason", "Mine."];
    arguments.extend(["--by", "petra", "--as", "auditor"]);
    let refused = in_office(&arguments);
    assert_eq!(refused.status.code(), Some(2));
}
