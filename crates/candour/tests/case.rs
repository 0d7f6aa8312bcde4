//! Cases on the command line: a request from its arrival to its export, and what is told when something is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn candour(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_candour"))
            .args(arguments)
            .arg("--state")
            .arg(self.path("state"))
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    /// What it prints where all goes well.
    fn well(&self, arguments: &[&str]) -> String {
        let output = self.candour(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it complains of, and with which status.
    fn ill(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.candour(arguments);
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(said).unwrap(),
        )
    }
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/requests")
}

#[test]
fn a_case_is_taken_in_decided_checked_exported_and_restored() {
    let place = Place::new();
    let request = examples().join("vendor-questionnaire.txt");
    let request = request.to_str().unwrap();
    let new = ["case", "new", request, "--received", "2026-11-02"];
    assert!(place.well(&new).starts_with("FOI-2026-00001 "));
    assert!(place.well(&new).contains("(taken in before)"));
    let reference = "FOI-2026-00001";
    let shown = place.well(&["case", "show", reference]);
    assert!(
        shown.contains("Due       Tuesday 1 December 2026"),
        "{shown}"
    );
    std::fs::write(
        place.path("valid.json"),
        r#"{"command": "check_validity", "with": {"missing": []}}"#,
    )
    .unwrap();
    place.well(&["case", "act", reference, "valid.json", "--by", "ben"]);
    // The questions as they stand are confirmed.
    let case: serde_json::Value =
        serde_json::from_str(&place.well(&["case", "show", reference, "--format", "json"]))
            .unwrap();
    let questions: Vec<_> = case["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|state| state["question"].clone())
        .collect();
    let confirm =
        serde_json::json!({"command": "confirm_questions", "with": {"questions": questions}});
    std::fs::write(place.path("confirm.json"), confirm.to_string()).unwrap();
    // Someone who saw an older case is told, and nothing is changed.
    let stale = [
        "case",
        "act",
        reference,
        "confirm.json",
        "--by",
        "ben",
        "--seen",
        "2",
    ];
    let (status, said) = place.ill(&stale);
    assert!(status == 2 && said.contains("case.conflict"), "{said}");
    place.well(&[
        "case",
        "act",
        reference,
        "confirm.json",
        "--by",
        "ben",
        "--seen",
        "3",
    ]);
    let decided = place.well(&[
        "case",
        "decide",
        reference,
        "4",
        "--answer",
        "The head of procurement.",
        "--by",
        "ben",
        "--because",
        "It is known.",
    ]);
    assert!(decided.contains("decide, event 6"), "{decided}");
    // The complaint particulars that come with the program are unverified, so the letter has a gap and can't go.
    let (status, said) = place.ill(&["case", "letter", reference, "--out", "letter"]);
    assert!(status == 1 && said.contains("letter.to_complete"), "{said}");
    assert!(place.path("letter/letter.pdf").exists());
    let (status, said) = place.ill(&["case", "issue", reference, "--by", "ben"]);
    assert!(status == 2 && said.contains("issue.other_letter"), "{said}");
    let role = place.ill(&[
        "case",
        "act",
        reference,
        "valid.json",
        "--by",
        "ben",
        "--as",
        "boss",
    ]);
    assert!(
        role.0 == 2 && role.1.contains("case.unknown_role"),
        "{}",
        role.1
    );
    assert!(
        place
            .well(&["case", "history", reference])
            .contains("decision made")
    );
    let found = place.well(&["case", "search", "telephone", "extensions"]);
    assert!(found.starts_with(reference), "{found}");
    let closed = ["case", "search", "telephone", "--standing", "closed"];
    assert_eq!(place.well(&closed), "");

    std::fs::write(
        place.path("export.jsonl"),
        place.well(&["case", "export", reference]),
    )
    .unwrap();
    place.well(&["verify", "export.jsonl", "--key", "state/public-key.txt"]);
    let altered = std::fs::read_to_string(place.path("export.jsonl"))
        .unwrap()
        .replace("head of procurement", "head of accounting!");
    std::fs::write(place.path("altered.jsonl"), altered).unwrap();
    let (status, said) = place.ill(&["verify", "altered.jsonl", "--key", "state/public-key.txt"]);
    assert!(status == 1 && said.contains("verify."), "{said}");

    place.well(&["backup", "kept"]);
    let (status, said) = place.ill(&["restore", "kept"]);
    assert!(status == 2 && said.contains("--force"), "{said}");
    place.well(&["restore", "kept", "--force"]);
    // Locked unless somebody asks for a plain one, and with a key of its own where one is given.
    assert!(place.path("kept/dump.locked").exists() && !place.path("kept/dump.jsonl").exists());
    let (status, said) = place.ill(&["restore", "kept", "--force", "--plain"]);
    assert!(status == 2 && said.contains("restore.key"), "{said}");
    place.well(&["backup", "open", "--plain"]);
    assert!(place.path("open/dump.jsonl").exists());
    std::fs::write(place.path("key.txt"), format!("{}\n", "0c".repeat(32))).unwrap();
    place.well(&["backup", "apart", "--key", "key.txt"]);
    let (status, said) = place.ill(&["restore", "apart", "--force"]);
    assert!(status == 2 && said.contains("restore.damaged"), "{said}");
    place.well(&["restore", "apart", "--force", "--key", "key.txt"]);
    std::fs::write(place.path("short.txt"), "0c0c\n").unwrap();
    let (status, said) = place.ill(&["backup", "short", "--key", "short.txt"]);
    assert!(status == 2 && said.contains("backup.no_key"), "{said}");
    assert!(place.well(&["verify"]).contains("as recorded"));
    assert!(place.well(&["rebuild"]).contains("1 cases"));
    assert!(place.well(&["case", "similar", reference]).is_empty());
}

#[test]
fn folders_of_mail_and_lists_are_imported_once_and_bad_files_are_named() {
    let place = Place::new();
    let mail = place.path("mail");
    std::fs::create_dir(&mail).unwrap();
    for number in 1..=3 {
        std::fs::write(
            mail.join(format!("{number}.eml")),
            format!(
                "From: Joy Adeyemi <joy@example.org>\r\nDate: Mon, 2 Nov 2026 10:0{number}:00 +0000\r\n\
                 Message-ID: <m{number}@example.org>\r\nSubject: Laptops\r\n\r\nHow many laptops do you own?\r\n"
            ),
        )
        .unwrap();
    }
    std::fs::write(mail.join("broken.eml"), "no mail at all").unwrap();
    std::fs::write(
        place.path("list.jsonl"),
        "{\"id\":\"a\",\"subject\":\"Servers\",\"body\":\"How many servers do you run?\",\"received_on\":\"2026-11-03\"}\n",
    )
    .unwrap();
    let (status, said) = place.ill(&["import", "mail", "list.jsonl"]);
    assert!(
        status == 2 && said.contains("4 taken in, 0 had been"),
        "{said}"
    );
    assert!(said.contains("broken.eml"), "{said}");
    std::fs::remove_file(mail.join("broken.eml")).unwrap();
    let again = place.well(&["import", "mail", "list.jsonl"]);
    assert!(again.contains("0 taken in, 4 had been"), "{again}");
    let list = place.well(&["case", "list", "--limit", "2"]);
    let cursor = list.lines().last().unwrap().rsplit(' ').next().unwrap();
    let rest = place.well(&["case", "list", "--after", cursor]);
    assert_eq!(rest.lines().count(), 2, "{list}{rest}");
    // Nobody's name or address is in a list or a history.
    let all = place.well(&["case", "list", "--format", "json"]);
    assert!(!all.contains("Adeyemi") && !all.contains("example.org"));
    // Routine work says what it wants before it sends, and is done once.
    let (status, said) = place.ill(&["jobs", "run", "--once"]);
    assert!(status == 1 && said.contains("`mailbox`"), "{said}");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/office/authority.toml");
    let authority = std::fs::read_to_string(shipped).unwrap();
    std::fs::create_dir_all(place.path("data/office")).unwrap();
    std::fs::write(
        place.path("data/office/authority.toml"),
        authority.replace("# mailbox = ", "mailbox = "),
    )
    .unwrap();
    std::fs::remove_dir_all(place.path("state")).unwrap();
    place.well(&["import", "mail", "list.jsonl"]);
    let jobs = ["jobs", "run", "--once", "--data", "data"];
    let said = place.well(&jobs);
    assert_eq!(said.matches("mail: received").count(), 4, "{said}");
    assert_eq!(place.well(&jobs), "");
    let kinds: Vec<String> = place
        .path("state/outbox")
        .read_dir()
        .unwrap()
        .map(|file| {
            file.unwrap()
                .path()
                .extension()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    // Who gave no address is written to by post. Reminders to the office may be there too.
    assert_eq!(kinds.iter().filter(|kind| *kind == "txt").count(), 1);
    assert!(kinds.iter().filter(|kind| *kind == "eml").count() >= 3);
}

#[test]
fn invented_cases_are_added_up_to_a_number() {
    let place = Place::new();
    assert!(place.well(&["seed", "6"]).contains("6 invented"));
    assert!(place.well(&["seed", "8"]).contains("2 invented"));
    assert!(place.well(&["verify"]).contains("of 8 cases"));
}
