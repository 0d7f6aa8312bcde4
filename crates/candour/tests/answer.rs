//! The command line as its user runs it, on the shipped examples and on bad input.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/requests")
}

fn candour(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(arguments)
        .output()
        .unwrap()
}

fn answer(request: &Path, out: &Path) -> Output {
    candour(&[
        "answer",
        request.to_str().unwrap(),
        "--received",
        "2026-11-02",
        "--out",
        out.to_str().unwrap(),
    ])
}

fn said(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Outside programs judge the letters; in continuous integration they must be there.
fn judge(program: &str) -> bool {
    let present = Command::new(program).arg("--version").output().is_ok();
    if !present {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{program} is missing"
        );
        eprintln!("skipped: {program} is not on this machine");
    }
    present
}

#[test]
fn every_example_gets_a_draft_in_four_forms_and_a_decision() {
    let mut seen = 0;
    for entry in std::fs::read_dir(examples()).unwrap() {
        let path = entry.unwrap().path();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("draft");
        let output = answer(&path, &out);
        let (stdout, stderr) = said(&output);
        assert!(output.status.success(), "{}: {stderr}", path.display());
        assert!(
            stdout.contains("Due       Tuesday 1 December 2026"),
            "{}: {stdout}",
            path.display()
        );
        for name in [
            "letter.txt",
            "letter.html",
            "letter.docx",
            "letter.pdf",
            "decision.json",
        ] {
            assert!(
                out.join(name).metadata().unwrap().len() > 200,
                "{}: {name}",
                path.display()
            );
        }
        let text = std::fs::read_to_string(out.join("letter.txt")).unwrap();
        assert!(text.contains("DRAFT"), "a draft with gaps says so: {text}");
        assert!(
            stderr.contains("letter.to_complete"),
            "what is owed is listed"
        );
        let decision: serde_json::Value =
            serde_json::from_slice(&std::fs::read(out.join("decision.json")).unwrap()).unwrap();
        for question in decision["questions"].as_array().unwrap() {
            assert!(question["decision"]["kind"].is_string());
            if question["proposal"] != "open" {
                assert!(
                    !question["evidence"].as_array().unwrap().is_empty(),
                    "no evidence, no proposal: {question}"
                );
            }
        }
        seen += 1;
    }
    assert!(seen >= 10);
}

#[test]
fn the_examples_hold_the_questions_that_a_careful_officer_finds() {
    for (name, count) in [
        ("vendor-questionnaire.txt", 12),
        ("cyber-incidents.txt", 5),
        ("mixed-subjects.txt", 5),
        ("matrix.txt", 5),
        ("html-only.eml", 3),
        ("forwarded.eml", 3),
        ("earlier-thread.eml", 1),
        ("welsh-sign-off.txt", 3),
        ("no-question.txt", 0),
        ("two-hundred-questions.txt", 200),
    ] {
        let output = candour(&[
            "triage",
            "--format",
            "json",
            examples().join(name).to_str().unwrap(),
        ]);
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let questions = found[0]["questions"].as_array().unwrap();
        let texts: Vec<_> = questions
            .iter()
            .map(|question| question["text"].as_str().unwrap())
            .collect();
        assert_eq!(texts.len(), count, "{name}: {texts:#?}");
    }
}

/// The words between the tags of HTML or XML; each form's own marks of structure are not words.
fn untagged(markup: &str) -> String {
    let mut words = String::new();
    for part in markup.split('<') {
        words.push_str(part.split_once('>').map_or("", |(_, after)| after));
        words.push(' ');
    }
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        words = words.replace(entity, character);
    }
    words
}

/// A long address breaks over two lines in print, so white space is left out of the comparison; so are the bullets,
/// which HTML and DOCX draw themselves.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '•')
        .collect()
}

#[test]
fn the_four_forms_of_every_example_say_the_same_words() {
    let pdf_judge = judge("pdftotext");
    for entry in std::fs::read_dir(examples()).unwrap() {
        let path = entry.unwrap().path();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("draft");
        assert!(answer(&path, &out).status.success());
        let text = letters(&std::fs::read_to_string(out.join("letter.txt")).unwrap());
        let html = std::fs::read_to_string(out.join("letter.html")).unwrap();
        let body = html.split_once("<main>").unwrap().1;
        assert_eq!(letters(&untagged(body)), text, "{}: HTML", path.display());
        let file = std::fs::File::open(out.join("letter.docx")).unwrap();
        let mut archive = zip::ZipArchive::new(file).unwrap();
        let part = archive.by_name("word/document.xml").unwrap();
        let docx = std::io::read_to_string(part).unwrap();
        let body = docx.split_once("<w:body>").unwrap().1;
        assert_eq!(letters(&untagged(body)), text, "{}: DOCX", path.display());
        if !pdf_judge {
            continue;
        }
        let pdf = Command::new("pdftotext")
            .args(["-raw", "-nopgbrk"])
            .arg(out.join("letter.pdf"))
            .arg("-")
            .output()
            .unwrap();
        // The foot of each page is an artifact of print: it says the page, and nothing of the letter.
        let printed: String = String::from_utf8(pdf.stdout)
            .unwrap()
            .lines()
            .filter(|line| !(line.starts_with("Page ") && line.contains(" of ") && line.len() < 20))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(letters(&printed), text, "{}: PDF", path.display());
    }
}

#[test]
fn the_pdf_is_tagged_titled_and_sound() {
    if !(judge("qpdf") && judge("pdfinfo")) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("draft");
    assert!(
        answer(&examples().join("cyber-incidents.txt"), &out)
            .status
            .success()
    );
    let checked = Command::new("qpdf")
        .arg("--check")
        .arg(out.join("letter.pdf"))
        .output()
        .unwrap();
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
    let facts = Command::new("pdfinfo")
        .arg(out.join("letter.pdf"))
        .output()
        .unwrap();
    let facts = String::from_utf8(facts.stdout).unwrap();
    assert!(
        facts
            .lines()
            .any(|line| line.starts_with("Tagged:") && line.contains("yes")),
        "{facts}"
    );
    assert!(
        facts
            .lines()
            .any(|line| line.starts_with("Title:") && line.len() > 20),
        "{facts}"
    );
    let structure = Command::new("pdfinfo")
        .arg("-struct")
        .arg(out.join("letter.pdf"))
        .output()
        .unwrap();
    let structure = String::from_utf8(structure.stdout).unwrap();
    for element in ["Document", "H1", "P"] {
        assert!(
            structure
                .lines()
                .any(|line| line.trim().starts_with(element)),
            "{element} in {structure}"
        );
    }
}

#[test]
fn the_same_command_twice_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let request = examples().join("matrix.txt");
    assert!(answer(&request, &one).status.success());
    assert!(answer(&request, &two).status.success());
    for name in [
        "letter.txt",
        "letter.html",
        "letter.docx",
        "letter.pdf",
        "decision.json",
    ] {
        assert_eq!(
            std::fs::read(one.join(name)).unwrap(),
            std::fs::read(two.join(name)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn an_earlier_draft_is_not_overwritten_unless_asked() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("draft");
    let request = examples().join("cyber-incidents.txt");
    assert!(answer(&request, &out).status.success());
    std::fs::write(out.join("letter.txt"), "edited by hand").unwrap();
    let again = answer(&request, &out);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).1.contains("output.exists"));
    assert_eq!(
        std::fs::read_to_string(out.join("letter.txt")).unwrap(),
        "edited by hand"
    );
    let replaced = candour(&[
        "answer",
        request.to_str().unwrap(),
        "--received",
        "2026-11-02",
        "--replace",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(replaced.status.success());
}

#[test]
fn bad_input_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("empty.txt"), " \n").unwrap();
    std::fs::write(at("rubbish.txt"), [0_u8, 159, 146, 150, 7, 0]).unwrap();
    std::fs::write(at("control.txt"), "Dear team\n\u{0}\u{1}").unwrap();
    std::fs::write(at("latin.txt"), b"Dear team\nWhat is the caf\xe9 budget?").unwrap();
    std::fs::write(at("huge.eml"), vec![b'a'; 50 * 1024 * 1024]).unwrap();
    std::fs::write(at("not-mail.eml"), "just words\n\nand more").unwrap();
    std::fs::write(
        at("cut.eml"),
        "From: a@example.org\nSubject: FOI\nDate: Mon, 2 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"edge\"\n\n--edge\nContent-Type: text/plain\n\nHow many serv",
    )
    .unwrap();
    std::fs::write(
        at("charset.eml"),
        b"From: a@example.org\nSubject: FOI\nDate: Mon, 2 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n\
          Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nWhat is the caf\xe9 budget?\n",
    )
    .unwrap();
    std::fs::write(
        at("deep.eml"),
        format!(
            "From: a@example.org\nSubject: FOI\nDate: Mon, 2 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n\
             Content-Type: text/html\n\n{}How many servers?{}",
            "<div>".repeat(100_000),
            "</div>".repeat(100_000)
        ),
    )
    .unwrap();
    std::fs::write(at("request.docm"), "x").unwrap();
    std::fs::create_dir(at("folder.txt")).unwrap();
    for (name, code) in [
        ("missing.txt", "intake.unreadable"),
        ("empty.txt", "intake.empty"),
        ("rubbish.txt", "intake.not_text"),
        ("control.txt", "intake.not_text"),
        ("latin.txt", "intake.not_text"),
        ("huge.eml", "intake.too_large"),
        ("not-mail.eml", "intake.not_mail"),
        ("cut.eml", "intake.not_mail"),
        ("charset.eml", "intake.not_mail"),
        ("deep.eml", "intake.not_mail"),
        ("request.docm", "intake.unknown_form"),
        ("folder.txt", "intake.directory"),
    ] {
        let out = at("out");
        let output = answer(&at(name), &out);
        let (_, stderr) = said(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {stderr}");
        assert!(stderr.contains(code), "{name}: {stderr}");
        assert!(!out.exists(), "{name} left output behind");
    }
    let request = examples().join("matrix.txt");
    for (arguments, code) in [
        (["--received", "2099-01-01"], "answer.received_in_future"),
        (["--received", "yesterday"], "answer.bad_date"),
        (["--policy", "nobody-ict"], "policy.unknown"),
        (["--received", "1999-01-04"], "clock.not_in_force"),
    ] {
        let out = at("out");
        let mut all = vec![
            "answer",
            request.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        all.extend(arguments);
        let output = candour(&all);
        let (_, stderr) = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(code), "{arguments:?}: {stderr}");
        assert!(!out.exists());
    }
}

#[test]
fn a_mail_late_on_a_summer_evening_arrives_the_next_day() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("draft");
    let output = candour(&[
        "answer",
        examples().join("html-only.eml").to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    let (stdout, stderr) = said(&output);
    assert!(
        stdout.contains("Received  Tuesday 16 June 2026"),
        "{stdout}{stderr}"
    );
    assert!(
        stdout.contains("Due       Wednesday 15 July 2026"),
        "{stdout}"
    );
}

#[test]
fn six_mistakes_in_a_policy_are_all_reported_with_their_line_and_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let sound = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/policy/model-ict.toml"),
    )
    .unwrap();
    let mut faulty = sound;
    let mut expected = Vec::new();
    for (right, wrong, code, way_out) in [
        (
            "review_by =",
            "reviewed_by =",
            "policy.unknown_key",
            "reviewed_by",
        ),
        (
            "effective_from = \"2026-01-01\"",
            "effective_from = \"1 January 2026\"",
            "policy.bad_date",
            "2026",
        ),
        (
            "content_provision = \"FOIA s.31(1)(a)\"",
            "content_provision = \"FOIA s.31(1)(z)\"",
            "policy.unknown_limb",
            "FOIA s.31(1)(a)",
        ),
        (
            "likelihood = \"would-be-likely-to\"",
            "likelihood = \"might\"",
            "policy.unknown_likelihood",
            "would-be-likely-to",
        ),
        (
            "ids = [\"storage\"]",
            "ids = [\"cupboards\"]",
            "policy.unknown_subject",
            "subjects.toml",
        ),
        (
            "id = \"network-diagram\"",
            "id = \"network-poem\"",
            "policy.unknown_information",
            "information.toml",
        ),
    ] {
        let at = faulty.find(right).unwrap();
        expected.push((faulty[..at].matches('\n').count() + 1, code, way_out));
        faulty = faulty.replacen(right, wrong, 1);
    }
    let path = folder.path().join("faulty.toml");
    std::fs::write(&path, faulty).unwrap();
    let out = folder.path().join("out");
    let outcomes = [
        candour(&["policy", "check", path.to_str().unwrap()]),
        candour(&[
            "answer",
            examples().join("matrix.txt").to_str().unwrap(),
            "--policy",
            path.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ]),
    ];
    for output in outcomes {
        let (_, stderr) = said(&output);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        for (line, code, way_out) in &expected {
            assert!(
                stderr.lines().any(|said| {
                    said.contains(&format!("faulty.toml:{line}:"))
                        && said.contains(code)
                        && said.contains(way_out)
                }),
                "{code} at line {line} in:\n{stderr}"
            );
        }
    }
    assert!(!out.exists());
}

#[test]
fn a_policy_whose_reason_gives_the_answer_away_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let policy = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/policy/model-ict.toml"),
    )
    .unwrap()
    .replace(
        "Saying that an incident was recorded, or that none was,",
        "Our records show that saying so",
    );
    let path = folder.path().join("telling.toml");
    std::fs::write(&path, policy).unwrap();
    let request = examples().join("cyber-incidents.txt");
    for (policy, told) in [
        (path.to_str().unwrap(), true),
        ("model-ict", false),
        ("coventry-ict", false),
    ] {
        let output = candour(&[
            "answer",
            request.to_str().unwrap(),
            "--policy",
            policy,
            "--received",
            "2026-11-02",
            "--out",
            folder
                .path()
                .join(if told { "one" } else { policy })
                .to_str()
                .unwrap(),
        ]);
        let (_, stderr) = said(&output);
        assert!(output.status.success(), "{stderr}");
        assert_eq!(
            stderr.contains("leak.says-held"),
            told,
            "{policy}: {stderr}"
        );
        assert_eq!(stderr.contains("leak."), told, "{policy}: {stderr}");
    }
}

#[test]
fn policies_are_checked_rendered_audited_and_tested() {
    for policy in ["coventry-ict", "model-ict"] {
        let checked = candour(&["policy", "check", policy]);
        assert!(checked.status.success(), "{}", said(&checked).1);
        let tested = candour(&["policy", "test", policy]);
        assert!(tested.status.success(), "{}", said(&tested).0);
    }
    let checked = said(&candour(&["policy", "check", "coventry-ict"])).0;
    assert!(checked.contains("8 + 8 + 14 kinds"), "{checked}");
    for format in ["html", "markdown"] {
        let page = said(&candour(&[
            "policy",
            "render",
            "coventry-ict",
            "--format",
            format,
        ]))
        .0;
        for notice in [
            "IC-106031-D4Y0",
            "FS50662638",
            "FS50600199",
            "FS50665770",
            "FS50662675",
        ] {
            assert!(page.contains(notice), "{notice}");
        }
        // Five notices that nobody has read are said to be so, once.
        let unread = "We have not yet read these notices ourselves.";
        assert_eq!(page.matches(unread).count(), 1, "{page}");
        assert!(page.contains("https://www.coventry.gov.uk/contractsregister"));
    }
    assert_eq!(
        candour(&["policy", "audit", "coventry-ict"]).status.code(),
        Some(1)
    );
    assert_eq!(
        candour(&["policy", "audit", "model-ict"]).status.code(),
        Some(0)
    );
}
