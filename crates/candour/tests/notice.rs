//! Letters of our own and notices of others before the refusal-notice check, and before what requesters test them with.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use casework::decision::{
    AppliedExemption, Complaints, DecidedQuestion, Decision, Likelihood, PublicInterestTest,
    QualifiedOpinion, Reply, Signpost, Slot,
};
use casework::notice::{Decisions, Known, Notice, Phrases, Severity, Sources, check};
use casework::policy::Policy;
use law::{Calendar, Chronology, Clock, Statute, TimeLimits};
use letters::{Picture, Wording, compose, render};
use serde_json::Value;
use triage::Vocabulary;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn data(name: &str) -> String {
    std::fs::read_to_string(root().join("data").join(name)).unwrap()
}

fn candour(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(arguments)
        .output()
        .unwrap()
}

/// Everything that a letter and its check are made from.
struct Office {
    statute: Statute,
    limits: TimeLimits,
    calendar: Calendar,
    vocabulary: Vocabulary,
    wording: Wording,
    phrases: Phrases,
    decisions: Decisions,
}

impl Office {
    fn open() -> Self {
        let notice: Vec<(String, String)> = [
            "voice",
            "refusal",
            "reasons",
            "public-interest",
            "rights",
            "particulars",
        ]
        .iter()
        .map(|name| (format!("{name}.toml"), data(&format!("notice/{name}.toml"))))
        .collect();
        let notice: Vec<(&str, &str)> = notice
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        Self {
            statute: Statute::parse(&data("law/foia.toml")).unwrap(),
            limits: TimeLimits::parse(&data("law/time-limits.toml")).unwrap(),
            calendar: Calendar::parse(&data("law/bank-holidays.csv")).unwrap(),
            vocabulary: Vocabulary::parse(
                &data("triage/subjects.toml"),
                &data("triage/information.toml"),
                &data("triage/exclusions.toml"),
                &data("triage/cues.toml"),
            )
            .unwrap(),
            wording: Wording::parse(&data("wording/en/reply.toml")).unwrap(),
            phrases: Phrases::parse(&notice).unwrap(),
            decisions: Decisions::parse(&data("law/decisions.toml")).unwrap(),
        }
    }

    fn policy(&self, id: &str) -> Policy {
        Policy::parse(
            &data(&format!("policy/{id}.toml")),
            &self.statute,
            &|id| self.vocabulary.has_subject(id),
            &|id| self.vocabulary.has_information(id),
        )
        .unwrap()
    }

    /// The draft decisions for a request.
    fn drafted(&self, policy: &Policy, body: &str) -> Vec<DecidedQuestion> {
        triage::read_message(&self.vocabulary, "", body)
            .questions
            .iter()
            .map(|question| {
                let proposal = casework::proposal::propose(policy, question);
                casework::draft::draft(policy, body, question, &proposal)
            })
            .collect()
    }

    fn reply(&self, policy: &Policy, questions: Vec<DecidedQuestion>) -> Reply {
        let received_on = "2026-11-02".parse().unwrap();
        let reckoning = Clock::foia(&self.statute, &self.limits, &self.calendar)
            .unwrap()
            .reckon(&Chronology::received(received_on))
            .unwrap();
        Reply {
            authority: policy.authority.clone(),
            reference: Some("EB-2026-0417".to_owned()),
            contact: Some("Information Governance, foi@example.gov.uk".to_owned()),
            received_on,
            due_on: reckoning.due_on().unwrap(),
            counted: reckoning.whole.ledger.line(),
            late_after: None,
            review_by: None,
            sent_on: Some("2026-11-27".parse().unwrap()),
            questions,
            apart: Vec::new(),
            signposts: policy
                .signposts
                .iter()
                .map(|signpost| Signpost {
                    name: signpost.name.clone(),
                    url: signpost.url.clone(),
                    publishes: signpost.publishes.clone(),
                    frequency: signpost.frequency.clone(),
                })
                .collect(),
            complaints: Complaints {
                internal_review_contact: Some(
                    "the Information Governance Manager, foi-review@example.gov.uk".to_owned(),
                ),
                ask_within_working_days: 40,
                answer_within_working_days: 20,
                commissioner_name: "Information Commissioner".to_owned(),
                commissioner_address: "1 Example Street, Exampletown EX1 1EX".to_owned(),
                commissioner_telephone: "0303 123 1113".to_owned(),
                commissioner_url: "https://ico.org.uk/make-a-complaint/".to_owned(),
                verified_on: Some("2026-11-01".parse().unwrap()),
            },
        }
    }

    fn letter(&self, policy: &Policy, questions: Vec<DecidedQuestion>) -> String {
        let letter = compose(&self.reply(policy, questions), &self.statute, &self.wording);
        assert_eq!(letter.gaps(), Vec::new(), "nothing is owed any more");
        render::text(&letter)
    }

    fn checked(&self, text: &str) -> Notice {
        let known = Known {
            received_on: Some("2026-11-02".parse().unwrap()),
            issued_on: None,
            due_on: None,
        };
        let sources = Sources {
            phrases: &self.phrases,
            statute: &self.statute,
            calendar: Some(&self.calendar),
            decisions: &self.decisions,
        };
        check(text, &known, &sources)
    }
}

/// The words that a person puts where a draft owes some; what the policy began stays.
fn fill(slot: &mut Slot<String>, words: &str) {
    *slot = Slot::Filled(match slot {
        Slot::Filled(text) | Slot::Begun { text, .. } => text.clone(),
        Slot::Owed(_) => words.to_owned(),
    });
}

fn weigh(test: &mut PublicInterestTest, words: &str) {
    test.balance = Slot::Filled(words.to_owned());
}

/// A person's decision where the draft leaves one open.
fn completed(mut question: DecidedQuestion) -> DecidedQuestion {
    match &mut question.decision {
        Decision::Answer { answer } => fill(answer, "There are fourteen, as at 1 November 2026."),
        Decision::AlreadyAccessible { place } => fill(
            place,
            "Contracts Register, July to September 2026, row 14, https://www.example.gov.uk/contracts",
        ),
        Decision::Withheld(exemptions) => {
            for applied in exemptions {
                let AppliedExemption::QualifiedPrejudice {
                    prejudice,
                    public_interest,
                    ..
                } = applied
                else {
                    panic!("the policy's exemption is prejudice-based");
                };
                fill(
                    &mut prejudice.mechanism,
                    "Someone could try the published weaknesses of this very release.",
                );
                weigh(
                    public_interest,
                    "The spending is published already, and the equipment asked about is in use today. We have concluded that the \
                     public interest in maintaining the exemption outweighs the public interest in disclosing this information.",
                );
            }
        }
        Decision::NeitherConfirmedNorDenied(refusal) => {
            fill(
                &mut refusal.prejudice.mechanism,
                "A yes would tell an attacker that the attempt was seen, and a no that it was not.",
            );
            weigh(
                &mut refusal.public_interest,
                "The request names a single month, and yearly figures of all councils are published. We have concluded that the \
                 public interest in maintaining the exclusion of the duty to confirm or deny outweighs the public interest in \
                 saying whether we hold the information.",
            );
        }
        Decision::NotHeld => {}
        Decision::OverCostLimit { estimate, advice } => {
            fill(estimate, "1,200 files at 2.5 minutes each take 50 hours.");
            fill(advice, "We could search the files of one year.");
        }
        Decision::VexatiousOrRepeated { reason, .. } => {
            fill(reason, "We answered it on 1 October 2026.")
        }
        Decision::ClarificationSought { question } => {
            fill(question, "which of the two systems you mean.")
        }
    }
    question
}

/// Each example request with its text.
fn requests() -> Vec<(String, String)> {
    let mut requests: Vec<(String, String)> = std::fs::read_dir(root().join("examples/requests"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = if name.ends_with(".eml") {
                let message = mail_parser::MessageParser::default().parse(&bytes).unwrap();
                message.body_text(0).unwrap().into_owned()
            } else {
                String::from_utf8(bytes).unwrap()
            };
            (name, text)
        })
        .collect();
    requests.sort();
    requests
}

fn errors(notice: &Notice) -> Vec<String> {
    notice
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect()
}

#[test]
fn every_letter_from_the_model_policy_passes_the_check_once_nothing_is_owed() {
    let office = Office::open();
    let policy = office.policy("model-ict");
    let mut kinds: BTreeSet<&str> = BTreeSet::new();
    for (name, body) in requests() {
        let questions: Vec<DecidedQuestion> = office
            .drafted(&policy, &body)
            .into_iter()
            .map(completed)
            .collect();
        if questions.is_empty() {
            continue;
        }
        for question in &questions {
            kinds.insert(match question.decision {
                Decision::Withheld(_) => "withheld",
                Decision::NeitherConfirmedNorDenied(_) => "neither",
                Decision::AlreadyAccessible { .. } => "accessible",
                _ => "other",
            });
        }
        let letter = office.letter(&policy, questions);
        let notice = office.checked(&letter);
        assert_eq!(errors(&notice), Vec::<String>::new(), "{name}:\n{letter}");
        let warnings: Vec<&str> = notice
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning)
            .map(|finding| finding.code)
            .collect();
        assert_eq!(warnings, Vec::<&str>::new(), "{name}:\n{letter}");
    }
    // The examples call for each kind of refusal, so that the claim is about all of them.
    assert_eq!(
        kinds,
        BTreeSet::from(["accessible", "neither", "other", "withheld"])
    );
}

#[test]
fn a_letter_under_section_36_tells_whose_opinion_it_rests_on() {
    let office = Office::open();
    let policy = office.policy("model-ict");
    let limb: law::Provision = "FOIA s.36(2)(b)(i)".parse().unwrap();
    let question = |opinion| DecidedQuestion {
        label: "1".to_owned(),
        text: "The advice given to the leader about the merger".to_owned(),
        stem: None,
        decision: Decision::Withheld(vec![AppliedExemption::QualifiedClass {
            provision: limb.clone(),
            reason: Slot::Filled(
                "Those who advise would hold back while the talks go on, because they would see \
                 their words quoted in them."
                    .to_owned(),
            ),
            public_interest: PublicInterestTest {
                favouring: vec!["People should see on what advice the leader acts.".to_owned()],
                against: vec![
                    "The talks end in March, and need frank advice until then.".to_owned(),
                ],
                balance: Slot::Filled(
                    "The public interest in maintaining the exemption outweighs that in \
                     disclosure until the talks end."
                        .to_owned(),
                ),
            },
        }]),
        opinion,
        in_part: None,
        looked: None,
        files: Vec::new(),
    };
    let given = QualifiedOpinion {
        office: Some("the Monitoring Officer".to_owned()),
        provision: limb.clone(),
        likelihood: Likelihood::WouldBeLikelyTo,
        given_on: "2026-11-20".parse().unwrap(),
    };
    let letter = office.letter(&policy, vec![question(Some(given.clone()))]);
    assert!(
        letter.contains(
            "This rests on the reasonable opinion of our qualified person, the Monitoring Officer, given on 20 November 2026 \
             under section 36(2)(b)(i) of the Freedom of Information Act 2000, that answering would be likely to inhibit the \
             free and frank provision of advice."
        ),
        "{letter}"
    );
    let notice = office.checked(&letter);
    assert_eq!(errors(&notice), Vec::<String>::new(), "{letter}");

    // Without the opinion, or without the office that gave it, the letter is a draft.
    let unnamed = QualifiedOpinion {
        office: None,
        ..given
    };
    for (opinion, owed) in [(None, "whose opinion"), (Some(unnamed), "qualified_person")] {
        let reply = office.reply(&policy, vec![question(opinion)]);
        let gaps = compose(&reply, &office.statute, &office.wording).gaps();
        assert_eq!(gaps.len(), 1);
        assert!(gaps[0].to_string().contains(owed), "{gaps:?}");
    }
}

/// What the site that requesters use finds in a reply, built anew from how it is described: a word, perhaps a dot or space,
/// a number with sub-elements; only `s`, `section`, `art`, `article`, `reg` and `regulation` count, and each collapses to
/// its section. It knows advice on these sections.
fn as_request_sites_read(text: &str) -> BTreeSet<u16> {
    const KNOWN: [u16; 12] = [11, 12, 14, 21, 22, 30, 31, 35, 38, 40, 41, 43];
    const WORDS: [&str; 6] = ["s", "section", "art", "article", "reg", "regulation"];
    let lower = text.to_lowercase();
    let bytes = lower.as_bytes();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < bytes.len() {
        let starts =
            bytes[at].is_ascii_alphabetic() && (at == 0 || !bytes[at - 1].is_ascii_alphabetic());
        if !starts {
            at += 1;
            continue;
        }
        let end = (at..bytes.len())
            .find(|end| !bytes[*end].is_ascii_alphabetic())
            .unwrap_or(bytes.len());
        let word = &lower[at..end];
        let mut number = end;
        if number < bytes.len() && (bytes[number] == b'.' || bytes[number] == b' ') {
            number += 1;
        }
        let digits: String = lower[number.min(lower.len())..]
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        if WORDS.contains(&word)
            && let Ok(section) = digits.parse()
            && KNOWN.contains(&section)
        {
            found.insert(section);
        }
        at = end;
    }
    found
}

#[test]
fn other_software_finds_in_our_letters_exactly_the_sections_that_were_decided() {
    let office = Office::open();
    for id in ["model-ict", "coventry-ict"] {
        let policy = office.policy(id);
        for (name, body) in requests() {
            let questions: Vec<DecidedQuestion> = office
                .drafted(&policy, &body)
                .into_iter()
                .map(completed)
                .collect();
            let mut decided = BTreeSet::new();
            let mut exemptions: BTreeSet<String> = BTreeSet::new();
            for question in &questions {
                match &question.decision {
                    Decision::Withheld(_) | Decision::NeitherConfirmedNorDenied(_) => {
                        decided.insert(31);
                    }
                    Decision::AlreadyAccessible { .. } => {
                        decided.insert(21);
                    }
                    _ => {}
                }
                match &question.decision {
                    Decision::Withheld(applied) => {
                        exemptions.extend(applied.iter().map(|one| one.provision().in_words()));
                    }
                    Decision::NeitherConfirmedNorDenied(refusal) => {
                        exemptions.insert(refusal.provision.in_words());
                    }
                    Decision::AlreadyAccessible { .. } => {
                        exemptions.insert(
                            "section 21(1) of the Freedom of Information Act 2000".to_owned(),
                        );
                    }
                    _ => {}
                }
            }
            if questions.is_empty() {
                continue;
            }
            let letter = office.letter(&policy, questions);
            // The applicant's own words stand in the letter, so they are left out of the comparison.
            let own: String = letter
                .lines()
                .filter(|line| !line.starts_with('>'))
                .map(|line| format!("{line}\n"))
                .collect();
            assert_eq!(
                as_request_sites_read(&own),
                decided,
                "{id}, {name}:\n{letter}"
            );
            // One plain singular citation of each, in words.
            let plain = own.split_whitespace().collect::<Vec<_>>().join(" ");
            for exemption in exemptions {
                assert!(
                    plain.contains(&exemption),
                    "{exemption} in {name}:\n{letter}"
                );
            }
            assert!(
                !plain.to_lowercase().contains("sections "),
                "{name}:\n{letter}"
            );
        }
    }
}

#[test]
fn a_letter_answers_what_requesters_are_told_to_ask_of_section_31() {
    let office = Office::open();
    let policy = office.policy("model-ict");
    let body = "What version of Windows Server do your servers run?\n\nHow many ransomware attacks did the council suffer in October 2026?";
    let questions: Vec<DecidedQuestion> = office
        .drafted(&policy, body)
        .into_iter()
        .map(completed)
        .collect();
    let letter = office.letter(&policy, questions);
    let plain = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    for (question, words) in [
        (
            "which interest",
            "section 31(1)(a) of the Freedom of Information Act 2000, which protects the prevention or detection of crime.",
        ),
        (
            "how the harm comes about",
            "tells an attacker which published weaknesses to try",
        ),
        (
            "how likely",
            "We have decided that disclosing this information would be likely to prejudice the prevention or detection of crime:",
        ),
        (
            "the public interest",
            "outweighs the public interest in disclosing this information",
        ),
        (
            "whether confirming itself would do harm",
            "We have decided that saying whether we hold the information would be likely to prejudice the prevention or detection of crime:",
        ),
        (
            "the public interest in confirming",
            "outweighs the public interest in saying whether we hold the information",
        ),
        ("no indication", "should not be taken as an indication"),
        ("the clock", "20 working days; 1 bank holiday skipped"),
    ] {
        assert!(plain.contains(words), "{question}: {words} in\n{letter}");
    }
    let notice = office.checked(&letter);
    let level = notice.element("likelihood").unwrap();
    assert_eq!(level.value.as_deref(), Some("would_be_likely"));
}

#[test]
fn the_published_policy_page_shows_its_faults() {
    let folder = tempfile::tempdir().unwrap();
    for (format, name) in [("html", "page.html"), ("markdown", "page.md")] {
        let page = candour(&["policy", "render", "coventry-ict", "--format", format]);
        let path = folder.path().join(name);
        std::fs::write(&path, &page.stdout).unwrap();
        let output = candour(&["lint", path.to_str().unwrap(), "--format", "json"]);
        assert_eq!(output.status.code(), Some(1));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let codes: BTreeSet<&str> = found["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["code"].as_str().unwrap())
            .collect();
        for code in [
            "request.not_identified",
            "neither.contradiction",
            "review.missing",
            "section_50.missing",
            "commissioner.no_contact",
            "reason.one_for_all",
            "decision_notice.unverified",
        ] {
            assert!(codes.contains(code), "{code} in {format}: {codes:?}");
        }
        let unverified = found["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["code"] == "decision_notice.unverified")
            .count();
        assert!(unverified >= 1, "{found:#}");
    }
}

#[test]
fn a_draft_says_what_the_check_finds_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("draft");
    let output = candour(&[
        "answer",
        root()
            .join("examples/requests/cyber-incidents.txt")
            .to_str()
            .unwrap(),
        "--policy",
        "model-ict",
        "--received",
        "2026-11-02",
        "--out",
        out.to_str().unwrap(),
    ]);
    let summary = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(summary.contains("Notice check (FOIA s.17): "), "{summary}");
    let decision: Value =
        serde_json::from_slice(&std::fs::read(out.join("decision.json")).unwrap()).unwrap();
    let listed = decision["notice_check"]["findings"].as_array().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    for finding in listed {
        let code = finding["code"].as_str().unwrap();
        if code != "gap.to_complete" {
            assert!(stderr.contains(code), "{code} in {stderr}");
        }
    }
    // A letter with gaps lacks what stands in them.
    assert!(stderr.contains("letter.to_complete"), "{stderr}");
}

/// A refusal that lacks the review and the Commissioner, plainly invented.
const NOTICE: &[&str] = &[
    "Our reference: INV-2026-0042",
    "20 November 2026",
    "Thank you for your request of 2 November 2026 under the Freedom of Information Act 2000.",
    "We hold this information. It is exempt under section 31(1)(a) of the Freedom of Information Act 2000.",
    "A version tells an attacker which published weaknesses to try, so disclosure would be likely to prejudice the prevention of crime.",
    "In favour of disclosure, people should see what public money buys. In favour of the exemption, an attack would stop services. We find that the public interest in maintaining the exemption outweighs the public interest in disclosure.",
];

fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let body: String = paragraphs
        .iter()
        .map(|words| format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"))
        .collect();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, part) in [
        ("[Content_Types].xml", r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#.to_owned()),
        ("word/document.xml", format!(r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#)),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A PDF of one page, a line of Helvetica a paragraph.
fn pdf(paragraphs: &[&str]) -> Vec<u8> {
    let mut lines = String::from("BT /F1 9 Tf 40 800 Td 13 TL\n");
    for paragraph in paragraphs {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if line.len() + word.len() > 90 {
                lines.push_str(&format!("({line}) Tj T*\n"));
                line.clear();
            }
            line.push_str(&word.replace('(', "\\(").replace(')', "\\)"));
            line.push(' ');
        }
        lines.push_str(&format!("({line}) Tj T* T*\n"));
    }
    lines.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{lines}\nendstream", lines.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = file.len();
    file.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

#[test]
fn a_notice_says_the_same_in_every_form_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let text = NOTICE.join("\n\n");
    let html = format!(
        "<!doctype html><html><head><title>x</title><style>p {{}}</style></head><body>{}</body></html>",
        NOTICE
            .iter()
            .map(|words| format!("<p>{words}</p>"))
            .collect::<String>()
    );
    let head = "From: foi@example.org\r\nTo: you@example.org\r\nSubject: Your request\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n";
    let mail = format!(
        "{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{}",
        text.replace('\n', "\r\n")
    );
    let mut expected: Option<Vec<(String, String)>> = None;
    for (name, bytes) in [
        ("notice.txt", text.clone().into_bytes()),
        ("notice.html", html.into_bytes()),
        ("notice.docx", docx(NOTICE)),
        ("notice.pdf", pdf(NOTICE)),
        ("notice.eml", mail.into_bytes()),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let output = candour(&["lint", path.to_str().unwrap(), "--format", "json"]);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}: {stderr}");
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let elements: Vec<(String, String)> = found["elements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|element| {
                let of = |key: &str| element[key].as_str().unwrap().to_owned();
                (of("id"), of("status"))
            })
            .collect();
        let status = |id: &str| &elements.iter().find(|(known, _)| known == id).unwrap().1;
        for id in [
            "confirms_or_denies",
            "specifies_provision",
            "explains_why",
            "likelihood",
            "public_interest_conclusion",
        ] {
            assert_eq!(status(id), "present", "{name}: {id}");
        }
        for id in [
            "internal_review",
            "section_50_right",
            "commissioner_contact",
        ] {
            assert_eq!(status(id), "missing", "{name}: {id}");
        }
        assert_eq!(
            found["citations"][0]["provision"], "FOIA s.31(1)(a)",
            "{name}"
        );
        let first = expected.get_or_insert_with(|| elements.clone());
        assert_eq!(*first, elements, "{name} says something else than the text");
    }
}

#[test]
fn our_own_word_and_pdf_letters_are_read_back() {
    let office = Office::open();
    let policy = office.policy("model-ict");
    let body = "What version of Windows Server do your servers run?";
    let questions: Vec<DecidedQuestion> = office
        .drafted(&policy, body)
        .into_iter()
        .map(completed)
        .collect();
    let letter = compose(
        &office.reply(&policy, questions),
        &office.statute,
        &office.wording,
    );
    let folder = tempfile::tempdir().unwrap();
    let on = "2026-11-02".parse().unwrap();
    // A logo at its head says nothing.
    let logo = include_bytes!("../../../fixtures/logo.png").to_vec();
    let logo = Picture::of(logo, "Harrowmere").unwrap();
    for (name, bytes) in [None, Some(&logo)].into_iter().flat_map(|logo| {
        [
            ("letter.docx", render::docx(&letter, logo).unwrap()),
            ("letter.pdf", render::pdf(&letter, logo, on).unwrap()),
            ("letter.html", render::html(&letter, logo).into_bytes()),
        ]
    }) {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let output = candour(&["lint", path.to_str().unwrap(), "--received", "2026-11-02"]);
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{name}: {report}");
        assert!(
            report.contains("relies on FOIA s.31(1)(a)"),
            "{name}: {report}"
        );
    }
}

#[test]
fn what_is_no_notice_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut cut = docx(NOTICE);
    cut.truncate(cut.len() / 2);
    for (name, bytes, code) in [
        ("empty.txt", b" \n".to_vec(), "document.empty"),
        ("cut.docx", cut, "document."),
        ("damaged.pdf", b"%PDF-1.4\nnothing".to_vec(), "document."),
        ("notice.odt", b"PK".to_vec(), "document.unknown_form"),
        ("bad.jsonl", b"{\"id\":1}\n{".to_vec(), "bad.jsonl:2:"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let output = candour(&["lint", path.to_str().unwrap()]);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}: {stderr}");
        assert!(stderr.contains(code), "{name}: {stderr}");
        assert!(output.stdout.is_empty(), "{name}");
    }
}
