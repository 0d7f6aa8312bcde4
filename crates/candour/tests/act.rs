//! The Act on the command line: deadlines, calendars, costs and provisions.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

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

/// What a command prints when all is well.
fn printed(arguments: &[&str]) -> String {
    let output = candour(arguments);
    let (stdout, stderr) = said(&output);
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    stdout
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(arguments)).unwrap()
}

/// What a command says when its input is refused.
fn refused(arguments: &[&str]) -> String {
    let output = candour(arguments);
    let (stdout, stderr) = said(&output);
    assert_eq!(
        output.status.code(),
        Some(2),
        "{arguments:?}: {stdout}{stderr}"
    );
    assert!(stdout.is_empty(), "{arguments:?} printed a part: {stdout}");
    stderr
}

fn written(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn holidays() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/law/bank-holidays.csv")
}

#[test]
fn the_deadline_has_the_keys_that_other_programs_rely_on() {
    let found = json(&["deadline", "2026-05-18", "--format", "json"]);
    assert_eq!(found["received"], "2026-05-18");
    assert_eq!(found["due"], "2026-06-17");
    assert_eq!(found["working_days"], 20);
    assert_eq!(found["extended_due"], Value::Null);
    assert_eq!(found["calendar"]["up_to"], "2028-12-31");
    assert_eq!(found["calendar"]["sha256"].as_str().unwrap().len(), 64);
    let ledger = found["ledger"].as_array().unwrap();
    let counted = ledger.iter().filter(|day| day["counts"] == true).count();
    assert_eq!(counted, 20);
    let world_cup = ledger
        .iter()
        .find(|day| day["date"] == "2026-06-15")
        .unwrap();
    assert_eq!(world_cup["counts"], false);
    assert_eq!(
        world_cup["reason"],
        "bank holiday in Scotland (World Cup bank holiday), FOIA s.10(6)"
    );
}

#[test]
fn the_table_shows_every_day_and_why() {
    let text = printed(&["deadline", "2026-05-18"]);
    assert!(text.contains("Due        Wednesday 17 June 2026 (FOIA s.10(1): 20 working days; 2 bank holidays skipped: 25 May 2026, bank holiday in"), "{text}");
    // From 18 May to 17 June, both included.
    let days = text.lines().filter(|line| line.contains(" 2026  ")).count();
    assert_eq!(days, 31, "{text}");
}

#[test]
fn a_moment_late_on_a_summer_evening_is_received_the_next_day() {
    for arguments in [
        ["deadline", "2026-06-15T23:30:00Z", "--format", "json"],
        [
            "deadline",
            "--received=2026-06-15T23:30:00Z",
            "--format",
            "json",
        ],
        [
            "deadline",
            "Mon, 15 Jun 2026 23:30:00 +0000",
            "--format",
            "json",
        ],
    ] {
        let found = json(&arguments);
        assert_eq!(found["received"], "2026-06-16");
        assert_eq!(found["due"], "2026-07-15");
    }
}

#[test]
fn an_extension_moves_only_the_questions_that_it_touches() {
    let found = json(&[
        "deadline",
        "2026-05-18",
        "--questions",
        "1, 2, 3",
        "--event",
        "public-interest-extension 2026-06-10 exemption=FOIA s.43(2) engaged=2026-06-08 until=2026-07-08 questions=2",
        "--event",
        "clarification-sought 2026-05-20 questions=3 reason=two systems fit",
        "--event",
        "answered 2026-06-17 questions=1",
        "--format",
        "json",
    ]);
    let questions = found["questions"].as_array().unwrap();
    let due = |index: usize| (&questions[index]["due"], &questions[index]["extended_due"]);
    assert_eq!(due(0), (&Value::from("2026-06-17"), &Value::Null));
    assert_eq!(
        due(1),
        (&Value::from("2026-06-17"), &Value::from("2026-07-08"))
    );
    assert_eq!(due(2), (&Value::Null, &Value::Null));
    assert_eq!(questions[2]["standing"]["kind"], "detail_awaited");
    assert_eq!(questions[0]["answered"]["late_by_working_days"], 0);
    assert_eq!(found["due"], "2026-06-17");
    assert_eq!(found["extended_due"], "2026-07-08");
    assert_eq!(found["review"]["ask_by"], "2026-08-14");
}

#[test]
fn other_kinds_of_authority_and_regimes_have_their_own_days() {
    for (arguments, due, provision) in [
        (
            vec!["--authority-kind", "archives"],
            "2026-07-01",
            "SI 2004/3364 reg.4",
        ),
        (
            vec![
                "--authority-kind",
                "schools",
                "--no-school",
                "2026-05-25..2026-05-29",
            ],
            "2026-06-23",
            "SI 2004/3364 reg.3",
        ),
        (vec!["--regime", "foisa"], "2026-06-17", "FOISA s.10(1)"),
        (vec!["--regime", "eir"], "2026-06-17", "EIR reg.5(2)"),
    ] {
        let mut all = vec!["deadline", "2026-05-18", "--format", "json"];
        all.extend(arguments);
        let found = json(&all);
        assert_eq!(found["due"], due, "{all:?}");
        assert_eq!(found["provision"], provision);
    }
    let unverified = printed(&["deadline", "2026-05-18", "--authority-kind", "academies"]);
    assert!(
        unverified.contains("clock.unverified_limit"),
        "{unverified}"
    );
}

#[test]
fn every_mistake_in_the_events_is_told_at_once() {
    let stderr = refused(&[
        "deadline",
        "2026-13-18",
        "--event",
        "clarified",
        "--event",
        "posted 2026-01-01",
        "--event",
        "public-interest-extension 2026-07-10",
        "--no-school",
        "August",
    ]);
    for expected in [
        "deadline.bad_date: `2026-13-18`",
        "event 1:1:1: event.bad_date",
        "event 2:1:1: event.unknown_kind",
        "event 3:1:1: event.no_exemption",
        "event 3:1:1: event.not_engaged",
        "event 3:1:1: event.no_until",
        "event.bad_period: `August`",
    ] {
        assert!(stderr.contains(expected), "{expected} in {stderr}");
    }
    let stderr = refused(&[
        "deadline",
        "2026-05-18",
        "--event",
        "fee-paid 2026-05-19",
        "--event",
        "public-interest-extension 2026-06-10 exemption=FOIA s.40(2) engaged=2026-06-01 until=2026-08-05",
    ]);
    assert!(stderr.contains("clock.fee_not_asked"), "{stderr}");
    assert!(stderr.contains("clock.extension_on_absolute"), "{stderr}");
    for (arguments, code) in [
        (vec!["deadline", "2026-06-15T23:30:00"], "deadline.no_zone"),
        (vec!["deadline", "2028-12-18"], "clock.beyond_calendar"),
        (
            vec!["deadline", "2026-05-18", "--regime", "gdpr"],
            "clock.unknown_regime",
        ),
        (
            vec!["deadline", "2026-05-18", "--authority-kind", "zoos"],
            "clock.unknown_limit",
        ),
    ] {
        assert!(refused(&arguments).contains(code), "{code}");
    }
}

#[test]
fn near_the_end_of_the_calendar_a_warning_says_so() {
    let near = printed(&["deadline", "2028-09-15"]);
    assert!(near.contains("clock.near_calendar_end"), "{near}");
    let far = printed(&["deadline", "2026-05-18"]);
    assert!(!far.contains("clock.near_calendar_end"), "{far}");
}

const CASES: &str = "reference,received,events,questions\n\
    HM-1,2026-11-02,,\n\
    HM-2,2026-09-01,answered 2026-09-29,\n\
    HM-3,2026-11-05T23:50:00Z,clarification-sought 2026-11-10 questions=2 reason=two fit|clarification-received 2026-11-20 questions=2,\"1, 2\"\n\
    HM-4,2026-06-01,answered 2026-06-29,\n";

#[test]
fn a_feed_holds_the_days_that_are_still_open() {
    let folder = tempfile::tempdir().unwrap();
    let cases = written(&folder, "cases.csv", CASES);
    let feed = printed(&["deadline", "--cases", &cases, "--format", "ics"]);
    assert!(feed.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    let entries: Vec<&str> = feed
        .split("BEGIN:VEVENT\r\n")
        .skip(1)
        .map(|entry| entry.split("\r\nEND:VEVENT").next().unwrap())
        .collect();
    let has = |lines: &[&str]| {
        entries.iter().any(|entry| {
            lines
                .iter()
                .all(|line| entry.lines().any(|one| one == *line))
        })
    };
    assert_eq!(entries.len(), 3, "{feed}");
    assert!(
        has(&["SUMMARY:HM-1: answer due", "DTSTART;VALUE=DATE:20261201"]),
        "{feed}"
    );
    assert!(
        has(&["SUMMARY:HM-3: answer due", "DTSTART;VALUE=DATE:20261204"]),
        "{feed}"
    );
    assert!(
        has(&[
            "SUMMARY:HM-3: answer due\\, question 2",
            "DTSTART;VALUE=DATE:20261221"
        ]),
        "{feed}"
    );
    let all = json(&["deadline", "--cases", &cases, "--format", "json"]);
    assert_eq!(all.as_array().unwrap().len(), 4);
    assert_eq!(all[2]["received"], "2026-11-05");
}

#[test]
fn a_newer_calendar_says_which_open_cases_move_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(holidays()).unwrap()
        + "2026-11-17,scotland,Invented holiday,worked example,pending\n";
    let new = written(&folder, "new.csv", &text);
    let cases = written(&folder, "cases.csv", CASES);
    let arguments = [
        "calendar",
        "compare",
        "current",
        &new,
        "--open-cases",
        &cases,
    ];
    let report = printed(&arguments);
    for expected in [
        "added   Tuesday 17 November 2026 Invented holiday, Scotland (source: worked example)",
        "HM-1: the last day for answering moves from Tuesday 1 December 2026 to Wednesday 2 December 2026",
        "    because Tuesday 17 November 2026 is now a bank holiday in Scotland (Invented holiday)",
        "HM-2: the last day to ask for the internal review moves",
        "3 of 4 open cases move",
    ] {
        assert!(report.contains(expected), "{expected} in {report}");
    }
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let found = json(&all);
    assert_eq!(found["changes"][0]["source"], "worked example");
    assert_eq!(found["moved"][0]["before"], "2026-12-01");
    assert_eq!(found["moved"][0]["after"], "2026-12-02");
    assert_eq!(found["moved"][0]["because"][0]["where"], "Scotland");
    // The other way round the deadline comes forward.
    let back = json(&[
        "calendar",
        "compare",
        &new,
        "current",
        "--open-cases",
        &cases,
        "--format",
        "json",
    ]);
    assert_eq!(back["moved"][0]["after"], "2026-12-01");
    let same = printed(&[
        "calendar",
        "compare",
        "current",
        "current",
        "--open-cases",
        &cases,
    ]);
    assert!(same.contains("0 of 4 open cases move"), "{same}");
}

#[test]
fn a_calendar_is_checked_for_what_would_make_deadlines_wrong() {
    let shipped = printed(&["calendar", "check"]);
    assert!(
        shipped.contains("version 2026-11-23, 2005-01-01 to 2028-12-31"),
        "{shipped}"
    );
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(holidays()).unwrap();
    let without: String = text
        .lines()
        .filter(|line| !line.starts_with("2026-0") || !line.contains("scotland"))
        .map(|line| format!("{line}\n"))
        .collect();
    let few = written(&folder, "few.csv", &without);
    let output = candour(&["calendar", "check", &few]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).0.contains("calendar.few_days: 2026"),
        "{}",
        said(&output).0
    );
    let old: String = text
        .lines()
        .filter(|line| !line.starts_with("2027") && !line.starts_with("2028"))
        .filter(|line| !line.starts_with("2026"))
        .map(|line| format!("{line}\n"))
        .collect();
    let old = written(&folder, "old.csv", &old);
    let output = candour(&["calendar", "check", &old]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).0.contains("calendar.ended"),
        "{}",
        said(&output).0
    );
}

#[test]
fn every_mistake_in_the_files_of_a_comparison_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let broken = written(
        &folder,
        "broken.csv",
        "date,jurisdiction,name,source,status\n2026-11-77,scotlnd,Day,,pending\n",
    );
    let cases = written(
        &folder,
        "bad.csv",
        "reference,received,events\nA,2026-11-31,\n,2026-11-02,clarified\nB,2026-11-02,\nB,2026-11-02,\n",
    );
    let stderr = refused(&[
        "calendar",
        "compare",
        "missing.csv",
        &broken,
        "--open-cases",
        &cases,
    ]);
    for expected in [
        "missing.csv: calendar.unreadable",
        "broken.csv:2:1: calendar.bad_date",
        "broken.csv:2:1: calendar.unknown_jurisdiction",
        "broken.csv:2:1: calendar.no_source",
        "bad.csv:2:1: cases.bad_date",
        "bad.csv:3:1: cases.no_reference",
        "bad.csv:3:1: event 1:1:1: event.bad_date",
        "bad.csv:5:1: cases.twice",
    ] {
        assert!(stderr.contains(expected), "{expected} in {stderr}");
    }
    let lines = written(
        &folder,
        "bad.jsonl",
        "{\"reference\":\"A\",\"recieved\":\"2026-11-02\"}\n",
    );
    assert!(refused(&["deadline", "--cases", &lines]).contains("bad.jsonl:1:27: cases.bad_line"));
    let other = written(&folder, "cases.xlsx", "x");
    assert!(refused(&["deadline", "--cases", &other]).contains("cases.unknown_form"));
}

const ESTIMATE: &str = r#"authority_kind = "other"
reference = "HM-2026-1801"
received = 2026-11-02

[[question]]
label = "1"
determining = 30
locating = 120

[[question]]
label = "2"
locating = 60
[question.search]
records = 1200
sampled_records = 40
sampled_minutes = 100

[[question]]
label = "3(a)"
extracting = 45.5

[[question]]
label = "3(b)"
retrieving = 600
"#;

#[test]
fn an_estimate_over_the_limit_comes_with_what_would_fit() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "estimate.toml", ESTIMATE);
    let found = json(&["cost", &file, "--format", "json"]);
    assert_eq!(found["appropriate_limit"]["pence"], 45_000);
    assert_eq!(found["appropriate_limit"]["minutes"], 1080);
    let request = &found["requests"][0];
    assert_eq!(request["estimated_cost"]["minutes"], 3855.5);
    assert_eq!(request["estimated_cost"]["cost"], "£1,606.46");
    assert_eq!(request["exceeds_limit"], true);
    assert_eq!(request["confirm_or_deny"]["exceeds_limit"], false);
    let labels: Vec<&str> = request["advice"]["fits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["1", "3(a)", "3(b)"]);
    // 284.5 minutes are left, an hour of them for locating; at 2.5 minutes each that is 89 records.
    assert_eq!(request["advice"]["searchable"][0]["records"], 89);
    let text = printed(&["cost", &file]);
    assert!(
        text.contains("For question 2 we could also search 89 of the 1200 records"),
        "{text}"
    );
    // The same figures under the higher limit, and in JSON.
    let more = json(&[
        "cost",
        &file,
        "--authority-kind",
        "central-government",
        "--format",
        "json",
    ]);
    assert_eq!(more["appropriate_limit"]["pence"], 60_000);
    assert_eq!(
        more["requests"][0]["advice"]["searchable"][0]["records"],
        233
    );
    let same = written(
        &folder,
        "estimate.json",
        r#"{"received":"2026-11-02","question":[
            {"label":"1","determining":30,"locating":120},
            {"label":"2","locating":60,"search":{"records":1200,"minutes_per_record":2.5}},
            {"label":"3(a)","extracting":45.5},
            {"label":"3(b)","retrieving":600}]}"#,
    );
    let same = json(&["cost", &same, "--format", "json"]);
    assert_eq!(
        same["requests"][0]["estimated_cost"],
        request["estimated_cost"]
    );
    assert_eq!(
        same["requests"][0]["advice"]["searchable"][0]["records"],
        89
    );
}

#[test]
fn requests_of_one_person_about_the_same_matter_are_added_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(
        &folder,
        "many.json",
        r#"{"request":[
            {"reference":"R1","received":"2026-09-01","person":"a","about":"servers","answered":true,"question":[{"locating":600}]},
            {"reference":"R2","received":"2026-10-01","person":"a","about":["Servers","contracts"],"question":[{"label":"1","locating":300},{"label":"2","extracting":400}]},
            {"reference":"R3","received":"2026-10-02","person":"b","about":["servers"],"question":[{"locating":300}]}]}"#,
    );
    let found = json(&["cost", &file, "--format", "json"]);
    let second = &found["requests"][1];
    assert_eq!(
        second["together"]["requests"],
        serde_json::json!(["R1", "R2"])
    );
    assert_eq!(second["estimated_cost"]["minutes"], 1300);
    assert_eq!(second["exceeds_limit"], true);
    // Ten hours went on R1, so only one of the two fits.
    assert_eq!(
        second["advice"]["fits"],
        serde_json::json!([{"reference":"R2","label":"1"}])
    );
    assert_eq!(found["requests"][2]["together"], Value::Null);
    assert_eq!(found["requests"][2]["exceeds_limit"], false);
}

#[test]
fn every_mistake_in_an_estimate_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(
        &folder,
        "bad.toml",
        "authority_knd = \"other\"\nreceived = \"2026-11-32\"\n[[question]]\nlabel = \"1\"\nredaction = 30\nlocating = -5\n\
         [[question]]\nlabel = \"1\"\n[question.search]\nrecords = 0\nminutes_per_record = 2.555\n[[question]]\nlabel = \"x\"\n\
         [[question]]\nsearch = { records = 5, sampled_records = 6, sampled_minutes = 1 }\n[[question]]\nsearch = { records = 5 }\n",
    );
    let stderr = refused(&["cost", &file]);
    for expected in [
        "bad.toml:1:1: cost.unknown_key",
        "bad.toml:2:12: cost.bad_date",
        "bad.toml:5:1: cost.not_counted: question 1: `redaction` can't be counted",
        "bad.toml:6:12: cost.bad_minutes",
        "bad.toml:10:11: cost.bad_count",
        "bad.toml:11:22: cost.bad_minutes",
        "bad.toml:7:1: cost.label_twice",
        "bad.toml:12:1: cost.no_estimate",
        "bad.toml:15:10: cost.bad_sample",
        "bad.toml:17:10: cost.bad_search",
    ] {
        assert!(stderr.contains(expected), "{expected} in {stderr}");
    }
    let empty = written(&folder, "empty.toml", "");
    assert!(refused(&["cost", &empty]).contains("cost.no_question"));
    let broken = written(&folder, "broken.json", "{\"question\":[\n{,}]}");
    assert!(refused(&["cost", &broken]).contains("broken.json:2:2: cost.malformed"));
    let sound = written(&folder, "sound.toml", ESTIMATE);
    assert!(refused(&["cost", &sound, "--authority-kind", "zoo"]).contains("cost.unknown_kind"));
    assert!(refused(&["cost", "missing.toml"]).contains("cost.unreadable"));
}

#[test]
fn any_provision_is_printed_with_its_tests_and_who_decides() {
    let found = json(&["law", "section 31 (1)(a)", "--format", "json"]);
    assert_eq!(found["provision"], "FOIA s.31(1)(a)");
    assert_eq!(found["says"], "the prevention or detection of crime");
    assert_eq!(found["effect"], "qualified");
    assert_eq!(found["public_interest_test"], true);
    assert_eq!(
        found["confirm_or_deny_provisions"],
        serde_json::json!(["FOIA s.31(3)"])
    );
    assert!(found["source"].as_str().unwrap().starts_with("https://"));
    let tests = found["tests"].to_string();
    assert!(
        tests.contains("prejudice the prevention or detection of crime"),
        "{tests}"
    );
    let opinion = printed(&["law", "36(2)(c)"]);
    assert!(opinion.contains("qualified person"), "{opinion}");
    let absolute = json(&["law", "FOIA s.21", "--format", "json"]);
    assert_eq!(absolute["public_interest_test"], false);
    // Every provision of the list can be asked for in turn.
    let all = json(&["law", "--format", "json"]);
    let all = all.as_array().unwrap();
    assert!(all.len() > 60);
    for card in all.iter().step_by(9) {
        assert!(
            candour(&["law", card["provision"].as_str().unwrap()])
                .status
                .success()
        );
    }
    let about = json(&["law", "commercial", "--format", "json"]);
    assert_eq!(about[1]["provision"], "FOIA s.43(2)");
}

#[test]
fn a_provision_that_is_not_there_is_refused_with_those_near_it() {
    for (asked, near) in [
        ("FOIA s.31(1)(z)", "FOIA s.31(1)(a)"),
        ("s.25", "FOIA s.24"),
        ("EIR reg.99", "EIR reg.5(2)"),
        ("blancmange", "`candour law` lists all"),
    ] {
        let stderr = refused(&["law", asked]);
        assert!(
            stderr.contains("law.unknown") && stderr.contains(near),
            "{stderr}"
        );
    }
}

#[test]
fn the_example_of_an_estimate_is_sound() {
    let example =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/estimates/case-files.toml");
    let found = json(&["cost", example.to_str().unwrap(), "--format", "json"]);
    assert_eq!(found["requests"][0]["exceeds_limit"], true);
    assert_eq!(
        found["requests"][0]["advice"]["fits"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}
