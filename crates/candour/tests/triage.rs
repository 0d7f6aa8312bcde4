//! `candour triage`, `eval`, `policy compare` and `data check`, as a person or a program runs them.

#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn candour(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(arguments)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn invented() -> String {
    root()
        .join("fixtures/labelled/invented.jsonl")
        .display()
        .to_string()
}

/// A folder with one file in it, and the file's path.
fn written(name: &str, text: &str) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    (folder, path.display().to_string())
}

fn shipped(name: &str) -> String {
    std::fs::read_to_string(root().join("data").join(name)).unwrap()
}

const REQUEST: &str = "Windows Server\n1. What version do you run?\n\nHow many taxi licences did you issue last year?\n";

#[test]
fn each_proposal_explains_itself_in_a_sentence() {
    let (_folder, path) = written(
        "request.txt",
        "1. What version of Windows Server do you run?\n2. How many taxi licences did you issue?\n",
    );
    let text = out(&candour(&["triage", &path]));
    assert!(
        text.contains("because it asks which version (‘What version"),
        "{text}"
    );
    assert!(text.contains("(‘Windows Server’): Table 1, "), "{text}");
    let json: Value =
        serde_json::from_str(&out(&candour(&["triage", &path, "--format", "json"]))).unwrap();
    let because = |at: usize| {
        json[0]["questions"][at]["because"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(text.contains(&because(0)), "{text}");
    assert!(
        because(1).contains("‘taxi licences’ tells of licences for trades"),
        "{}",
        because(1)
    );
    assert!(json[0]["questions"][0].get("trace").is_none());
}

#[test]
fn the_trace_names_rules_places_and_what_was_lent() {
    let (_folder, path) = written("request.txt", REQUEST);
    let text = out(&candour(&["triage", &path, "--explain"]));
    for part in [
        "heading 0..14 ‘Windows Server’",
        " heading 0..14 ‘Windows Server’ [subjects.",
        "[information.version:",
        "against ",
        "[exclusions.",
        "rests on +",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json: Value = serde_json::from_str(&out(&candour(&[
        "triage",
        &path,
        "--explain",
        "--format",
        "jsonl",
    ])))
    .unwrap();
    let trace = &json["questions"][0]["trace"];
    let subject = &trace["subjects"][0];
    assert_eq!(subject["where"], "heading");
    assert_eq!(subject["text"], "Windows Server");
    assert_eq!(subject["span"], serde_json::json!([0, 14]));
    assert!(trace["confidence"]["grounds"].as_array().unwrap().len() > 1);
    assert!(
        !json["questions"][1]["trace"]["exclusions"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_least_sure_are_named_first_and_data_needs_no_recompiling() {
    let weights = shipped("triage/confidence.toml");
    let weights: String = weights
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some(("protected", _)) => "protected = -6.0\n".to_owned(),
            Some(("base", _)) => "base = 2.5\n".to_owned(),
            _ => format!("{line}\n"),
        })
        .collect();
    let (folder, _) = written("triage/confidence.toml", &weights);
    let subjects = shipped("triage/subjects.toml").replacen(
        "  \"server\", ",
        "  \"quillomatic 3000\", \"server\", ",
        1,
    );
    std::fs::write(folder.path().join("triage/subjects.toml"), subjects).unwrap();
    let (_request, path) = written(
        "request.txt",
        "1. When does the printer contract end?\n2. How many Quillomatic-3000s do you have?\n",
    );
    let data = folder.path().display().to_string();
    let text = out(&candour(&["triage", &path, "--data", &data]));
    assert!(text.contains("\n  Look at these first: 2 ("), "{text}");
    assert!(text.contains("‘Quillomatic-3000s’"), "{text}");
    let first = text.find("1      register").unwrap();
    assert!(
        first < text.find("2      protected").unwrap(),
        "the order of the text is kept: {text}"
    );
    let without = out(&candour(&["triage", &path]));
    assert!(!without.contains("Quillomatic-3000s’"), "{without}");
}

#[test]
fn a_long_list_is_read_in_order_and_one_bad_line_is_named() {
    let mut list = String::new();
    for number in 0..1_000 {
        if number == 733 {
            list.push_str("{\"id\": \"broken\", \"body\": \n");
        } else {
            list.push_str(&format!(
                "{{\"id\":\"r{number}\",\"subject\":\"Servers\",\"body\":\"1. How many servers have you?\\n2. Which supplier has contract {number}?\"}}\n"
            ));
        }
    }
    let (_folder, path) = written("list.jsonl", &list);
    let lines = candour(&["triage", &path, "--format", "jsonl"]);
    assert_eq!(lines.status.code(), Some(1));
    let message = err(&lines);
    assert!(message.starts_with(&format!("{path}:734:")), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    // The parser's own count of lines starts at the bad one.
    assert!(!message.contains(" at line "), "{message}");
    let ids: Vec<String> = out(&lines)
        .lines()
        .map(|line| {
            let object: Value = serde_json::from_str(line).unwrap();
            object["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let expected: Vec<String> = (0..1_000)
        .filter(|number| *number != 733)
        .map(|number| format!("r{number}"))
        .collect();
    assert_eq!(ids, expected);
    let array = candour(&["triage", &path, "--format", "json"]);
    let array: Value = serde_json::from_str(&out(&array)).unwrap();
    assert_eq!(array.as_array().unwrap().len(), 999);
}

#[test]
fn a_list_without_a_readable_line_is_bad_input() {
    let (_folder, path) = written("list.jsonl", "{}\nnonsense\n");
    let output = candour(&["triage", &path]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains(&format!("{path}:1:")),
        "{}",
        err(&output)
    );
    assert!(
        err(&output).contains(&format!("{path}:2:")),
        "{}",
        err(&output)
    );
    let (_folder, empty) = written("empty.jsonl", "\n\n");
    assert_eq!(candour(&["triage", &empty]).status.code(), Some(2));
}

/// Worked out by hand: the fixture labels one question wrongly on purpose, and one sentence that is no question.
#[test]
fn the_figures_are_those_worked_out_by_hand() {
    let output = candour(&["eval", &invented(), "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let json: Value = serde_json::from_str(&out(&output)).unwrap();
    let scores = &json["corpora"][0];
    for (key, expected) in [
        ("requests", 3.0),
        ("items", 6.0),
        ("questions", 5.0),
        ("scored_items", 5.0),
        ("segmentation_precision", 1.0),
        ("segmentation_recall", 0.8333),
        ("segmentation_f1", 0.9091),
        ("disposition_accuracy", 0.6),
        ("protected_precision", 0.5),
        ("protected_recall", 1.0),
        ("register_recall", 1.0),
        ("false_alarm_rate", 0.3333),
        ("category_accuracy", 0.8),
    ] {
        assert_eq!(scores[key].as_f64(), Some(expected), "{key}: {scores:#}");
    }
    let worst = scores["worst"].as_array().unwrap();
    assert_eq!(worst.len(), 2);
    assert_eq!(worst[0]["proposed"], "protected");
    assert_eq!(worst[1]["proposed"], "unmatched");
    let stated: u64 = scores["reliability"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["count"].as_u64().unwrap())
        .sum();
    assert_eq!(stated, 4, "scored items that a question matches");
    let rule = scores["rules"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["rule"] == "subjects.servers:windows server")
        .unwrap();
    assert_eq!(
        (rule["fired"].as_u64(), rule["wrong"].as_u64()),
        (Some(1), Some(1))
    );
    let text = out(&candour(&["eval", &invented()]));
    assert!(text.contains("disposition accuracy      0.6000"), "{text}");
    assert!(text.contains("open       protected       1"), "{text}");
}

/// The corpora's own scoring tool is another program in another language.
#[test]
fn the_figures_agree_with_the_corpora_s_own_tool() {
    let shared = root().join("../shared");
    let tool = shared.join("tools/eval_triage.py");
    let python = Command::new("python3").arg("--version").output();
    if !tool.exists() || python.is_err() {
        println!("skipped: no scoring tool beside the repository");
        return;
    }
    let corpora = [
        PathBuf::from(invented()),
        shared.join("corpus/negatives-dev.jsonl"),
        shared.join("corpus/mixed2-dev.jsonl"),
    ];
    for corpus in corpora {
        let corpus = corpus.display().to_string();
        let found = candour(&["triage", &corpus, "--format", "jsonl"]);
        let (_folder, predicted) = written("predicted.jsonl", &out(&found));
        let theirs = Command::new("python3")
            .arg(&tool)
            .args([&corpus, &predicted, "--json"])
            .output()
            .unwrap();
        let theirs: Value = serde_json::from_str(&out(&theirs)).unwrap();
        let ours: Value =
            serde_json::from_str(&out(&candour(&["eval", &corpus, "--format", "json"]))).unwrap();
        let mut compared = 0;
        for (key, figure) in theirs.as_object().unwrap() {
            let Some(own) = ours["corpora"][0].get(key) else {
                assert_eq!(key, "missing_requests");
                continue;
            };
            compared += 1;
            match (figure.as_f64(), own.as_f64()) {
                (Some(one), Some(other)) => {
                    assert!(
                        (one - other).abs() < 0.00016,
                        "{corpus}: {key}: {one} {other}"
                    );
                }
                (one, other) => assert_eq!(one, other, "{corpus}: {key}"),
            }
        }
        assert!(compared >= 11);
    }
}

#[test]
fn a_bad_corpus_is_reported_line_by_line() {
    let bad = "{\"id\":\"a\",\"body\":\"How many?\",\"items\":[{\"text\":\"How few?\",\"category\":\"none\",\"information\":[],\"disposition\":\"open\",\"confidence\":\"high\"}]}\n\nnonsense\n";
    let (_folder, path) = written("bad.jsonl", bad);
    let output = candour(&["eval", &path]);
    assert_eq!(output.status.code(), Some(2));
    let message = err(&output);
    assert!(
        message.contains(&format!("{path}:1:1: corpus.no_such_text:")),
        "{message}"
    );
    assert!(
        message.contains(&format!("{path}:3:2: corpus.bad_line:")),
        "{message}"
    );
}

#[test]
fn weights_learned_twice_are_the_same_and_can_be_used() {
    let learn = || candour(&["eval", "--calibrate", &invented()]);
    let (one, other) = (learn(), learn());
    assert_eq!(one.status.code(), Some(0), "{}", err(&one));
    assert_eq!(one.stdout, other.stdout);
    assert!(err(&one).contains("on requests not learned from"));
    let (folder, _) = written("triage/confidence.toml", &out(&one));
    let data = folder.path().display().to_string();
    let used = candour(&["eval", &invented(), "--data", &data]);
    assert_eq!(used.status.code(), Some(0), "{}", err(&used));
    let (folder, path) = written("triage/confidence.toml", "base = 1.0\nwaits = 2\n");
    let data = folder.path().display().to_string();
    let refused = candour(&["eval", &invented(), "--data", &data]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).contains(&format!("{path}:2:1: confidence.malformed")),
        "{}",
        err(&refused)
    );
}

#[test]
fn two_policies_are_compared_question_by_question() {
    let same = candour(&[
        "policy",
        "compare",
        "coventry-ict",
        "coventry-ict",
        "--corpus",
        &invented(),
    ]);
    assert_eq!(same.status.code(), Some(0), "{}", err(&same));
    assert!(
        out(&same).contains("0 of 5 questions change, in 0 of 3 requests"),
        "{}",
        out(&same)
    );
    // A policy that no longer lists servers.
    let policy = shipped("policy/coventry-ict.toml")
        .lines()
        .filter(|line| !line.contains("ids = [\"servers\"]"))
        .collect::<Vec<_>>()
        .join("\n");
    let (_folder, path) = written("shorter.toml", &policy);
    let output = candour(&[
        "policy",
        "compare",
        "coventry-ict",
        &path,
        "--corpus",
        &invented(),
        "--format",
        "json",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let json: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(json["questions_changed"], 3);
    assert_eq!(json["requests_changed"], 2);
    let change = &json["changes"][0];
    assert_eq!(
        change["from"],
        "protected (hardware), neither confirmed nor denied"
    );
    assert_eq!(change["to"], "open");
    assert_eq!(change["examples"][0]["request"], "invented-1");
    assert_eq!(
        change["examples"][0]["text"],
        "How many servers does the council run?"
    );
}

#[test]
fn the_shipped_data_is_sound() {
    let output = candour(&["data", "check"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        out(&output),
        err(&output)
    );
    assert!(out(&output).ends_with(" phrases: 0 problems\n"));
}

#[test]
fn mistakes_in_data_are_named_with_their_place() {
    let subjects = shipped("triage/subjects.toml");
    let line = subjects.lines().count() + 2;
    let added = "\n[[subject]]\nid = \"inkwells\"\nlabel = \"inkwells\"\ngroup = \"hardware\"\nphrases = [\"inkwell\", \"inkwells\",\n  \"file server\"]\nexamples = [\"How many quills?\"]\n";
    let (folder, path) = written("triage/subjects.toml", &format!("{subjects}{added}"));
    let data = folder.path().display().to_string();
    let output = candour(&["data", "check", "--data", &data, "--corpus", &invented()]);
    assert_eq!(output.status.code(), Some(1));
    let text = out(&output);
    for expected in [
        format!("{path}:{}:23: triage.shadowed_phrase: ", line + 4),
        format!("{path}:{}:3: triage.phrase_in_two_entries: ", line + 5),
        format!("{path}:{}:13: triage.example_fails: ", line + 6),
        format!("{path}:{}:12: triage.never_fires: `inkwell` ", line + 4),
    ] {
        assert!(
            text.contains(&expected),
            "{expected}\n{}",
            text.lines()
                .filter(|line| line.contains("inkwell") || line.contains("example"))
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
    std::fs::write(
        folder.path().join("triage/subjects.toml"),
        format!("{subjects}\n[[subject]]\nid = 1\n"),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("triage/confidence.toml"),
        "base = \"high\"\n",
    )
    .unwrap();
    let malformed = candour(&["data", "check", "--data", &data]);
    assert_eq!(malformed.status.code(), Some(2));
    let message = err(&malformed);
    assert!(
        message.contains("triage/confidence.toml:1:8: confidence.malformed"),
        "{message}"
    );
    assert!(message.contains("triage/subjects.toml:"), "{message}");
}
