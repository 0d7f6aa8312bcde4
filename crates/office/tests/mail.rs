//! Mail that leaves the office: what it says, to whom, and that it leaves once for whoever receives it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use casework::command::Command;
use casework::event::{CaseId, Channel};
use casework::role::{Actor, Role};
use jiff::Timestamp;
use mail_parser::{MessageParser, MimeHeaders};
use office::data::Data;
use office::mail::{Carrying, Mailing, NotSent, Parcel, Posted};
use office::mail_in::Arrived;
use office::{Message, NewApplicant, Office, Setup};
use serde_json::{Value, json};
use store::desk::Account;
use store::mail::MailState;

/// 10 a.m. on Monday 2 November 2026, in seconds.
const MONDAY: i64 = 1_793_613_600;
const DAY: i64 = 24 * 60 * 60;

const REQUEST: &str = "Dear Council,\n\nUnder the Freedom of Information Act please tell me:\n\n1. How many laptops does \
    the council own?\n2. Which offices have <b>no</b> lift?\n\nYours,\nJoy Adeyemi\n";

/// Where mails end that are handed on.
#[derive(Clone, Default)]
struct Pillar {
    box_: Arc<Mutex<Vec<Parcel>>>,
    says: Arc<Mutex<Option<NotSent>>>,
}

impl Pillar {
    fn taken(&self) -> Vec<Parcel> {
        std::mem::take(&mut *self.box_.lock().unwrap())
    }

    fn says(&self, what: Option<NotSent>) {
        *self.says.lock().unwrap() = what;
    }
}

struct Desk {
    office: Office,
    time: Arc<AtomicI64>,
    pillar: Pillar,
    folder: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        Self::with("mailbox = \"foi@harrowmere.example\"").await
    }

    async fn with(authority: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
        for (name, from, to) in [
            (
                "law/complaints.toml",
                "# verified_on",
                "internal_review_contact = \"Information Governance\"\nverified_on",
            ),
            (
                "office/authority.toml",
                "reference_prefix",
                &format!("{authority}\ncontact = \"Information Governance\"\nreference_prefix"),
            ),
        ] {
            let text = std::fs::read_to_string(shipped.join(name)).unwrap();
            std::fs::create_dir_all(data.join(name).parent().unwrap()).unwrap();
            std::fs::write(data.join(name), text.replacen(from, to, 1)).unwrap();
        }
        let time = Arc::new(AtomicI64::new(MONDAY));
        let office = open(folder.path(), &time).await;
        for (id, role, team) in [
            ("amina", Role::InformationOfficer, "office"),
            ("colin", Role::Approver, "legal"),
            ("gareth", Role::ServiceAreaContact, "repairs"),
        ] {
            office
                .store()
                .keep_account(&account(id, role, team))
                .await
                .unwrap();
        }
        Self {
            office,
            time,
            pillar: Pillar::default(),
            folder,
        }
    }

    async fn arrives(&self, text: &str, contact: &str, once: &str) -> CaseId {
        let message = Message {
            channel: Channel::Email,
            subject: "Laptops\r\nBcc: everybody@example.org",
            text,
            applicant: Some(NewApplicant {
                name: "Joy Adeyemi",
                contact,
            }),
            received_at: self.office.now(),
            once: Some(once),
            reference: None,
            attachments: &[],
        };
        let taken = self.office.take_in(&Actor::candour(), &message).await;
        taken.unwrap().case
    }

    async fn send(&self) -> Posted {
        let pillar = self.pillar.clone();
        let carrier = move |parcel: Parcel| -> Carrying {
            let answer = match pillar.says.lock().unwrap().clone() {
                Some(why) => Err(why),
                None => {
                    pillar.box_.lock().unwrap().push(parcel);
                    Ok(())
                }
            };
            Box::pin(async move { answer })
        };
        let mailing = Mailing {
            public_url: Some("https://foi.harrowmere.example"),
            carrier: &carrier,
        };
        self.office.send_mail(&mailing).await.unwrap()
    }

    async fn act(&self, who: &str, role: Role, id: &CaseId, name: &str, with: Value) {
        let by = Actor {
            id: who.to_owned(),
            role,
        };
        let json = json!({"command": name, "with": with});
        let command = self.office.command(json).unwrap();
        self.office.act(&by, id, None, &command).await.unwrap();
    }

    async fn questions(&self, id: &CaseId) -> Vec<String> {
        let case = self.office.case(&id.0).await.unwrap().unwrap();
        let ids = case
            .questions
            .iter()
            .map(|state| state.question.id.0.clone());
        ids.collect()
    }

    async fn confirmed(&self, id: &CaseId) {
        let with = json!({"missing": []});
        self.act("tess", Role::TriageOfficer, id, "check_validity", with)
            .await;
        let case = self.office.case(&id.0).await.unwrap().unwrap();
        let questions: Vec<Value> = case
            .questions
            .iter()
            .map(|state| serde_json::to_value(&state.question).unwrap())
            .collect();
        let with = json!({"questions": questions});
        self.act(
            "amina",
            Role::InformationOfficer,
            id,
            "confirm_questions",
            with,
        )
        .await;
    }

    fn pass(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::Relaxed);
    }
}

async fn open(folder: &Path, time: &Arc<AtomicI64>) -> Office {
    let time = Arc::clone(time);
    Office::open(Setup {
        attachments: None,
        state: folder.join("state"),
        database: None,
        data: Data::new(Some(&folder.join("data"))).unwrap(),
        clock: Arc::new(move || Timestamp::from_second(time.load(Ordering::Relaxed)).unwrap()),
        passes: true,
        entropy: None,
    })
    .await
    .unwrap()
}

fn account(id: &str, role: Role, team: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: id.to_owned(),
        email: format!("{id}@harrowmere.example"),
        secret: String::new(),
        second_secret: None,
        second_step: 0,
        roles: vec![role],
        team: team.to_owned(),
        is_active: true,
        failures: 0,
        locked_until: None,
        recovery: String::new(),
        subject: None,
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

/// A header of a mail as mail programs read it.
fn header(parcel: &Parcel, name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&parcel.bytes).into_owned();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    unfolded
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")))
        .map(str::to_owned)
}

fn text(parcel: &Parcel) -> String {
    let message = MessageParser::default().parse(&parcel.bytes).unwrap();
    message.body_text(0).unwrap().replace("\r\n", "\n")
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn an_acknowledgement_leaves_once_and_is_recorded() {
    run(async {
        let desk = Desk::new().await;
        let id = desk.arrives(REQUEST, "joy@example.org", "m1").await;
        desk.pass(30);
        let posted = desk.send().await;
        assert_eq!(posted.sent, [(id.clone(), "received".to_owned())]);
        let taken = desk.pillar.taken();
        let [mail] = taken.as_slice() else {
            panic!("{taken:?}");
        };
        assert_eq!(mail.to.as_deref(), Some("joy@example.org"));
        assert_eq!(
            header(mail, "Subject").unwrap(),
            "FOI-2026-00001: we have received your request"
        );
        assert_eq!(header(mail, "Auto-Submitted").unwrap(), "auto-replied");
        assert!(
            header(mail, "From")
                .unwrap()
                .ends_with("<foi@harrowmere.example>")
        );
        assert_eq!(
            header(mail, "Message-ID").unwrap(),
            format!("<{}.1@harrowmere.example>", id.0)
        );
        assert_eq!(
            header(mail, "Date").unwrap(),
            "Mon, 02 Nov 2026 10:00:00 +0000"
        );
        assert_eq!(header(mail, "Bcc"), None);
        let said = text(mail);
        for expected in [
            "Our reference is FOI-2026-00001.",
            "by Tuesday 1 December 2026 at the latest: 20 working days",
            "We will not ask why you want it.",
            "https://foi.harrowmere.example/follow/",
            "Which offices have <b>no</b> lift?",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        assert!(!said.contains("search") && !said.contains("we hold"));
        // The HTML says the same words, and nothing of it is anybody's tags.
        let message = MessageParser::default().parse(&mail.bytes).unwrap();
        let html = message.body_html(0).unwrap();
        assert!(html.contains("&lt;b&gt;no&lt;/b&gt;") && !html.contains("<b>"));
        let shown = office::intake::page_text(&html).unwrap();
        let title = "FOI-2026-00001: we have received your request";
        let bare = shown
            .replacen(title, "", 1)
            .replace("\n> ", "\n")
            .replace(['[', ']'], "");
        assert_eq!(words(&bare), words(&said));
        // The link opens.
        let (_, token) = said.split_once("/follow/").unwrap();
        let token = token.split_whitespace().next().unwrap();
        use sha2::Digest;
        let hash = casework::applicant::hex(&sha2::Sha256::digest(token.as_bytes()));
        let link = desk
            .office
            .store()
            .link(&hash, "follow", desk.office.today())
            .await;
        assert_eq!(link.unwrap().unwrap().case, id);
        // It is on the case, and nothing leaves again: not now, not by routine work, not for a second look.
        let case = desk.office.case(&id.0).await.unwrap().unwrap();
        assert!(case.acknowledged.is_some());
        let round = desk
            .office
            .work("node", &office::mail::with_mail)
            .await
            .unwrap();
        assert_eq!(round.worked.failed, []);
        desk.pass(DAY);
        assert_eq!(desk.send().await, Posted::default());
    });
}

#[test]
fn a_mail_of_a_node_that_died_leaves_again_as_the_same_mail() {
    run(async {
        let desk = Desk::new().await;
        let id = desk.arrives(REQUEST, "joy@example.org", "m1").await;
        desk.send().await;
        let first = desk.pillar.taken();
        assert_eq!(first.len(), 1);
        // The node died after it handed the mail on and recorded that, and before it marked the mail.
        let mut mail = desk
            .office
            .store()
            .mail(&format!("{}.1", id.0))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(mail.state, MailState::Sent);
        mail.state = MailState::Waiting;
        desk.office.store().mail_done(&mail).await.unwrap();
        assert_eq!(
            desk.send().await.sent,
            [],
            "it is recorded: nothing leaves twice"
        );

        // It died before that: nobody marked anything, and the lease ends.
        let id = desk
            .arrives("How many servers do you run?", "joy@example.org", "m2")
            .await;
        let now = desk.office.now();
        let until = now
            .checked_add(jiff::SignedDuration::from_mins(10))
            .unwrap();
        assert_eq!(
            desk.office
                .store()
                .claim_mail(now, until, 10)
                .await
                .unwrap()
                .len(),
            1
        );
        assert_eq!(desk.send().await.sent, [], "another node has it");
        desk.pass(601);
        assert_eq!(desk.send().await.sent.len(), 1);
        let case = desk.office.case(&id.0).await.unwrap().unwrap();
        assert!(case.acknowledged.is_some());
    });
}

#[test]
fn refusals_are_told_without_the_address_and_what_fails_for_now_is_tried_again() {
    run(async {
        let desk = Desk::new().await;
        let id = desk.arrives(REQUEST, "joy@example.org", "m1").await;
        desk.pillar.says(Some(NotSent::Later(
            "451 come back, joy@example.org".to_owned(),
        )));
        let posted = desk.send().await;
        assert_eq!(
            posted.failed,
            [(id.clone(), "451 come back, [the address]".to_owned())]
        );
        let round = desk
            .office
            .work("node", &office::mail::with_mail)
            .await
            .unwrap();
        assert!(
            round.worked.failed[0].1.contains("hasn't left"),
            "{round:?}"
        );
        let case = desk.office.case(&id.0).await.unwrap().unwrap();
        assert!(case.acknowledged.is_none());
        desk.pillar.says(None);
        assert_eq!(desk.send().await, Posted::default(), "not before its time");
        desk.pass(61);
        assert_eq!(desk.send().await.sent.len(), 1);
        let round = desk
            .office
            .work("node", &office::mail::with_mail)
            .await
            .unwrap();
        assert_eq!(round.worked.failed, []);

        let refused = desk
            .arrives("How many servers do you run?", "nobody@example.org", "m2")
            .await;
        desk.pillar.says(Some(NotSent::Refused(
            "550 <nobody@example.org> unknown".to_owned(),
        )));
        desk.send().await;
        desk.pillar.says(None);
        desk.pass(10 * DAY);
        assert_eq!(desk.send().await.sent, [], "it isn't tried again");
        let told = desk.office.told(&refused).await.unwrap();
        assert_eq!(
            (told[0].state, told[0].why.as_deref()),
            (MailState::Refused, Some("550 <[the address]> unknown"))
        );
    });
}

#[test]
fn nobody_is_tried_after_a_server_that_cannot_be_reached_and_all_leave_when_it_can() {
    run(async {
        let desk = Desk::new().await;
        for number in 0..15 {
            let text = format!("How many servers did you run in {}?", 2000 + number);
            desk.arrives(&text, "joy@example.org", &format!("m{number}"))
                .await;
        }
        desk.pillar
            .says(Some(NotSent::Unreachable("no answer".to_owned())));
        assert_eq!(desk.send().await.failed.len(), 10);
        desk.pillar.says(None);
        desk.pass(61);
        let (one, other) = tokio::join!(desk.send(), desk.send());
        assert_eq!(
            one.sent.len() + other.sent.len(),
            15,
            "two nodes send each once"
        );
        let mut names: Vec<String> = desk
            .pillar
            .taken()
            .into_iter()
            .map(|mail| mail.name)
            .collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 15);
    });
}

#[test]
fn who_gave_no_address_for_mail_is_written_to_by_post() {
    run(async {
        let desk = Desk::new().await;
        let contact = "1 High Street\r\nBcc: all@example.org";
        let id = desk.arrives(REQUEST, contact, "m1").await;
        desk.send().await;
        let taken = desk.pillar.taken();
        assert_eq!(taken[0].to, None);
        let said = String::from_utf8(taken[0].bytes.clone()).unwrap();
        assert!(said.starts_with("FOI-2026-00001: we have received your request\n\nYour request"));
        // Nobody replies to a letter as to an email.
        assert!(
            said.contains("write to us and give this reference") && !said.contains("email"),
            "{said}"
        );
        assert_eq!(
            desk.office.told(&id).await.unwrap()[0].state,
            MailState::ToPost
        );
    });
}

#[test]
fn without_a_mailbox_mail_waits_and_says_what_to_set() {
    run(async {
        let desk = Desk::with("").await;
        desk.arrives(REQUEST, "joy@example.org", "m1").await;
        let posted = desk.send().await;
        assert!(
            posted.failed[0].1.contains("data/office/authority.toml"),
            "{posted:?}"
        );
        // What the administrator writes on the desk serves as well.
        let contacts = json!({"email": "foi@harrowmere.example", "telephone": "01632 960 123"});
        desk.office
            .store()
            .keep_setting("branding", &contacts.to_string())
            .await
            .unwrap();
        desk.pass(61);
        desk.send().await;
        assert!(text(&desk.pillar.taken()[0]).contains("Or call 01632 960 123."));
    });
}

#[test]
fn clarification_tasks_reminders_and_withdrawal() {
    run(async {
        let desk = Desk::new().await;
        let id = desk.arrives(REQUEST, "joy@example.org", "m1").await;
        desk.confirmed(&id).await;
        let questions = desk.questions(&id).await;
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "assign",
            json!({
                "area": "repairs", "questions": [questions[0]], "wanted_on": "2026-11-12",
            }),
        )
        .await;
        desk.act("amina", Role::InformationOfficer, &id, "seek_clarification", json!({
            "questions": [questions[1]], "wording": "Do you mean council offices or all buildings?",
            "sought_on": "2026-11-02",
        }))
        .await;
        desk.send().await;
        let taken = desk.pillar.taken();
        let of = |kind: &str| taken.iter().find(|mail| mail.kind == kind).unwrap();
        let task = of("assigned");
        assert_eq!(task.to.as_deref(), Some("gareth@harrowmere.example"));
        assert_eq!(
            header(task, "Subject").unwrap(),
            "FOI-2026-00001: 1 question for Repairs by 12 November 2026"
        );
        let said = text(task);
        assert!(
            said.contains("https://foi.harrowmere.example/team/"),
            "{said}"
        );
        assert!(
            said.contains("How many laptops") && said.contains("Do not put the answer in a reply")
        );
        assert!(!said.contains("Joy") && !said.contains("lift"), "{said}");
        let asked = of("clarification_sought");
        assert_eq!(
            header(asked, "Subject").unwrap(),
            "FOI-2026-00001: we need more detail for question 2"
        );
        assert_eq!(header(asked, "Auto-Submitted"), None);
        assert!(
            header(asked, "References")
                .unwrap()
                .starts_with(&format!("<{}.1@", id.0))
        );
        let said = text(asked);
        for expected in [
            "https://foi.harrowmere.example/follow/",
            "Do you mean council offices",
            "by Tuesday 1 December 2026",
            "a new 20 working days begins",
            "You do not have to say why",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        desk.pass(21 * DAY);
        desk.office
            .work("node", &office::mail::with_mail)
            .await
            .unwrap();
        desk.send().await;
        let taken = desk.pillar.taken();
        let to: Vec<&str> = taken
            .iter()
            .map(|mail| mail.to.as_deref().unwrap())
            .collect();
        // Nobody owns the case: the office's own mailbox is reminded, and the team.
        assert_eq!(to, ["foi@harrowmere.example", "gareth@harrowmere.example"]);
        assert!(
            header(&taken[0], "Subject")
                .unwrap()
                .starts_with("Still needed: FOI-2026-00001")
        );
    });
}

/// A request for one's own data goes to the team for those with who asked and what they wrote, and whoever asked is told; when
/// it comes back they are told again. What is dealt with here tells nobody anything.
#[test]
fn a_request_under_another_law_is_passed_on_and_both_are_told() {
    run(async {
        let desk = Desk::new().await;
        let request = "Please send me everything that you hold about me, Joy Adeyemi.\n";
        let id = desk.arrives(request, "joy@example.org", "m1").await;
        desk.send().await;
        let received = desk.pillar.taken();
        assert_eq!(received.len(), 1);
        let treat = async |with: serde_json::Value| {
            desk.act(
                "amina",
                Role::InformationOfficer,
                &id,
                "choose_treatment",
                with,
            )
            .await;
            desk.send().await;
            desk.pillar.taken()
        };
        let taken = treat(json!({"regime": "own_personal_data", "passed_to": "repairs"})).await;
        let to: Vec<&str> = taken
            .iter()
            .map(|mail| mail.to.as_deref().unwrap())
            .collect();
        assert_eq!(to, ["joy@example.org", "gareth@harrowmere.example"]);
        let (theirs, team) = (text(&taken[0]), text(&taken[1]));
        for expected in [
            "subject access request",
            "by Wednesday 2 December 2026",
            "everything that you hold about me, Joy Adeyemi",
        ] {
            assert!(theirs.contains(expected), "{expected}: {theirs}");
            assert!(team.contains(expected), "{expected}: {team}");
        }
        assert!(!theirs.contains("Repairs"), "{theirs}");
        assert!(team.contains("joy@example.org"), "{team}");
        assert_eq!(
            header(&taken[1], "Subject").unwrap(),
            "FOI-2026-00001: a request for Repairs to go on with"
        );
        // What the desk shows is what whoever asked was told, not what a team was.
        let told = desk.office.told(&id).await.unwrap();
        let kinds: Vec<&str> = told.iter().map(|told| told.kind.as_str()).collect();
        assert_eq!(kinds, ["received", "treatment_chosen"]);
        let back = treat(json!({"regime": "freedom_of_information"})).await;
        assert_eq!(back.len(), 1);
        let said = text(&back[0]);
        for expected in ["after all", "by Tuesday 1 December 2026"] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        assert!(treat(json!({"regime": "several"})).await.is_empty());
    });
}

/// A question may name whoever asks it: their own mail says it as they wrote it, a team's does not.
#[test]
fn a_team_is_not_told_who_asked() {
    run(async {
        let desk = Desk::new().await;
        let request = "1. How many laptops were promised to Joy Adeyemi last year?\n";
        let id = desk.arrives(request, "joy@example.org", "m1").await;
        desk.confirmed(&id).await;
        let questions = desk.questions(&id).await;
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "assign",
            json!({"area": "repairs", "questions": questions, "wanted_on": "2026-11-12"}),
        )
        .await;
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "seek_clarification",
            json!({
                "questions": questions, "wording": "Which year do you mean?", "sought_on": "2026-11-02",
            }),
        )
        .await;
        desk.send().await;
        let taken = desk.pillar.taken();
        let of = |kind: &str| text(taken.iter().find(|mail| mail.kind == kind).unwrap());
        let team = of("assigned");
        assert!(
            team.contains("How many laptops were promised to *** *******"),
            "{team}"
        );
        assert!(!team.contains("Adeyemi"), "{team}");
        let theirs = of("clarification_sought");
        assert!(theirs.contains("promised to Joy Adeyemi"), "{theirs}");
    });
}

#[test]
fn whatever_people_write_stays_in_its_place() {
    run(async {
        let desk = Desk::new().await;
        let text_of = "Bcc: all@example.org\r\n\r\n.\r\nHow many <script>alert(1)</script> do you own?\u{0}\u{1f}\r\n--words-x--";
        let id = desk
            .arrives(
                text_of,
                "joy@example.org\r\nRCPT TO:<all@example.org>",
                "m1",
            )
            .await;
        desk.send().await;
        // An address with a line break is no address of mail.
        assert_eq!(desk.pillar.taken()[0].to, None);
        let other = desk.arrives(text_of, "joy@example.org", "m2").await;
        assert_ne!(id, other);
        desk.send().await;
        let taken = desk.pillar.taken();
        assert_eq!(header(&taken[0], "Bcc"), None);
        let message = MessageParser::default().parse(&taken[0].bytes).unwrap();
        assert_eq!(
            (message.text_body_count(), message.html_body_count()),
            (1, 1)
        );
        assert_eq!(message.attachment_count(), 0);
        assert!(!message.body_html(0).unwrap().contains("<script"));
        assert!(taken[0].bytes.is_ascii());
        assert!(
            taken[0]
                .bytes
                .split(|byte| *byte == b'\n')
                .all(|line| line.len() < 1000)
        );
    });
}

#[test]
fn an_answer_leaves_with_its_letter_and_its_files() {
    run(async {
        let desk = Desk::new().await;
        let office = &desk.office;
        let id = desk
            .arrives(
                "How many laptops does the council own?",
                "joy@example.org",
                "m1",
            )
            .await;
        desk.confirmed(&id).await;
        let question = desk.questions(&id).await.remove(0);
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "assign_owner",
            json!({"officer": "amina"}),
        )
        .await;
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "decide_confirm_or_deny",
            json!({"question": question, "wish": "duty_applies", "reason_although_excessive": null}),
        )
        .await;
        let file = office
            .store()
            .attachments()
            .put("figures.csv", b"year,laptops\n2026,412\n")
            .await
            .unwrap();
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "decide",
            json!({
                "question": question, "departs_because": "it does no harm",
                "decision": {"answer": {"answer": {"filled": "We own 412 laptops."}}},
                "files": [{"file": file}],
            }),
        )
        .await;
        let amina = Actor {
            id: "amina".to_owned(),
            role: Role::InformationOfficer,
        };
        let (_, letter) = office
            .compose_draft(&amina, &id, None, &std::collections::BTreeMap::new())
            .await
            .unwrap();
        let with = json!({"sha256": letter.identity});
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "seek_approval",
            with,
        )
        .await;
        desk.send().await;
        let taken = desk.pillar.taken();
        let approval = taken
            .iter()
            .find(|mail| mail.kind == "approval_sought")
            .unwrap();
        assert_eq!(approval.to.as_deref(), Some("colin@harrowmere.example"));
        assert!(
            text(approval).contains("It has 0 refusals and 0 warnings."),
            "{}",
            text(approval)
        );
        let with = json!({"question": null, "comment": "Too short."});
        desk.act("colin", Role::Approver, &id, "send_back", with)
            .await;
        desk.send().await;
        let taken = desk.pillar.taken();
        assert_eq!(taken[0].to.as_deref(), Some("amina@harrowmere.example"));
        assert!(text(&taken[0]).contains("Too short."));
        assert_eq!(
            header(&taken[0], "Subject").unwrap(),
            "FOI-2026-00001: letter sent back"
        );
        let (_, letter) = office
            .compose_draft(&amina, &id, None, &std::collections::BTreeMap::new())
            .await
            .unwrap();
        let with = json!({"sha256": letter.identity, "reply": "Nothing more is known."});
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "seek_approval",
            with,
        )
        .await;
        let with = json!({"letter_sha256": letter.identity, "judged": true});
        desk.act("colin", Role::Approver, &id, "approve", with)
            .await;
        office.issue(&amina, &id, None).await.unwrap();
        desk.send().await;
        let taken = desk.pillar.taken();
        // What waited for an approver who is done isn't sent.
        let kinds: Vec<&str> = taken.iter().map(|mail| mail.kind.as_str()).collect();
        assert_eq!(kinds, ["issued"]);
        assert_eq!(
            header(&taken[0], "Subject").unwrap(),
            "FOI-2026-00001: our answer to your request"
        );
        let message = MessageParser::default().parse(&taken[0].bytes).unwrap();
        let attached: Vec<(&str, &[u8])> = message
            .attachments()
            .map(|part| (part.attachment_name().unwrap(), part.contents()))
            .collect();
        assert_eq!(attached[0].0, "letter.pdf");
        assert!(attached[0].1.starts_with(b"%PDF"));
        assert_eq!(
            attached[1],
            ("figures.csv", b"year,laptops\n2026,412\n".as_slice())
        );
        assert_eq!(attached.len(), 2);
        let said = text(&taken[0]);
        for expected in [
            "figures.csv (22 bytes)",
            "We own 412 laptops.",
            "internal review by",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        let letter_words = words(&letter.text);
        assert!(
            words(&said)
                .windows(letter_words.len())
                .any(|some| some == letter_words)
        );
        // The applicant isn't happy.
        desk.act("applicant", Role::Applicant, &id, "ask_review", json!({
            "received_on": "2026-11-02", "questions": [], "text": "Look again.", "late_but_taken_because": null,
        }))
        .await;
        desk.send().await;
        let said = text(&desk.pillar.taken()[0]);
        assert!(
            said.contains("will look at the whole answer afresh"),
            "{said}"
        );
        // Somebody who took no part looks again, and the outcome leaves as a letter of its own.
        let with = json!({"sent_on": office.today(), "questions": [
            {"question": question, "outcome": "changed", "reason": "We counted again.",
                "decision": {"answer": {"answer": {"filled": "We own 413 laptops."}}}},
        ]});
        desk.act("ruth", Role::InformationOfficer, &id, "decide_review", with)
            .await;
        desk.send().await;
        let outcome = desk.pillar.taken();
        assert_eq!(outcome[0].kind, "review_decided");
        assert_eq!(
            header(&outcome[0], "Subject").unwrap(),
            "FOI-2026-00001: the outcome of our internal review"
        );
        let message = MessageParser::default().parse(&outcome[0].bytes).unwrap();
        let attached: Vec<&str> = message
            .attachments()
            .map(|part| part.attachment_name().unwrap())
            .collect();
        assert_eq!(attached, ["review-letter.pdf"]);
        let said = text(&outcome[0]);
        for expected in [
            "We counted again.",
            "We own 413 laptops.",
            "under section 50",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        // The same work done again is the same mail, byte for byte.
        let mut mail = office
            .store()
            .mail_of(&id)
            .await
            .unwrap()
            .into_iter()
            .find(|mail| mail.kind == "issued")
            .unwrap();
        mail.state = MailState::Waiting;
        office.store().mail_done(&mail).await.unwrap();
        desk.pass(DAY);
        desk.send().await;
        assert_eq!(desk.pillar.taken(), taken);
    });
}

#[test]
fn what_waited_too_long_is_left_to_a_person() {
    run(async {
        let desk = Desk::new().await;
        let id = desk.arrives(REQUEST, "joy@example.org", "m1").await;
        desk.pass(15 * DAY);
        assert_eq!(desk.send().await.sent, []);
        let told = desk.office.told(&id).await.unwrap();
        assert!(told[0].why.as_deref().unwrap().contains("send it yourself"));
        let command = Command::Acknowledge(casework::event::Acknowledgement {
            sent_on: desk.office.today(),
        });
        desk.office
            .act(&Actor::candour(), &id, None, &command)
            .await
            .unwrap();
        let state = std::fs::metadata(desk.folder.path().join("state"));
        assert!(state.is_ok());
    });
}

/// A mail as it comes in.
fn coming(id: &str, day: u8, from: &str, subject: &str, more: &str, text: &str) -> Vec<u8> {
    format!(
        "From: Joy Adeyemi <{from}>\r\nDate: {day} Nov 2026 10:00:00 +0000\r\nMessage-ID: <{id}@example.org>\r\n\
         Subject: {subject}\r\n{more}\r\n{text}\r\n"
    )
    .into_bytes()
}

#[test]
fn answers_go_to_their_case_and_what_programs_send_makes_none() {
    run(async {
        let desk = Desk::new().await;
        let office = &desk.office;
        let came = async |bytes: &[u8]| {
            office
                .mail_came("mail.eml", bytes, Channel::Email)
                .await
                .unwrap()
        };
        let first = coming(
            "a",
            2,
            "joy@example.org",
            "Laptops",
            "",
            "How many laptops do you own?",
        );
        let Arrived::Case(taken) = came(&first).await else {
            panic!("no case");
        };
        let Arrived::Case(again) = came(&first).await else {
            panic!("no case");
        };
        assert!(again.before && again.case == taken.case);
        let id = taken.case;
        desk.send().await;
        let ours = header(&desk.pillar.taken()[0], "Message-ID").unwrap();

        // Nothing waits: it stands on the case until a person says what becomes of it, and no case is made.
        let thanks = format!("In-Reply-To: {ours}\r\n");
        let thanks = coming(
            "b",
            2,
            "joy@elsewhere.org",
            "Re: thanks",
            &thanks,
            "Thank you.",
        );
        let reference = "FOI-2026-00001".to_owned();
        for _ in 0..2 {
            assert_eq!(came(&thanks).await, Arrived::Added(reference.clone()));
        }
        let case = office.case(&id.0).await.unwrap().unwrap();
        let open: Vec<&str> = case
            .open_additions()
            .map(|(_, addition)| addition.text.as_str())
            .collect();
        assert_eq!(open, ["Thank you."]);

        desk.confirmed(&id).await;
        let questions = desk.questions(&id).await;
        desk.act(
            "amina",
            Role::InformationOfficer,
            &id,
            "seek_clarification",
            json!({
                "questions": questions, "wording": "Schools too?", "sought_on": "2026-11-02",
            }),
        )
        .await;
        desk.pass(3 * DAY + 7200);
        // Anybody else who writes of the reference asks something of their own.
        let stranger = coming(
            "c",
            5,
            "sam@example.net",
            "FOI-2026-00001",
            "",
            "How many printers do you own?",
        );
        let Arrived::Case(other) = came(&stranger).await else {
            panic!("no case");
        };
        assert_ne!(other.case, id);
        // Whoever asked may leave the rest of the mail program's lines out.
        let answer = coming(
            "d",
            5,
            "Joy@Example.org",
            "Re: FOI-2026-00001: we need more",
            "",
            "Offices only.",
        );
        assert_eq!(came(&answer).await, Arrived::Clarified(reference.clone()));
        // The node died before it moved the mail: it comes again, and nothing is added.
        let seq = office.case(&id.0).await.unwrap().unwrap().seq;
        assert_eq!(came(&answer).await, Arrived::Clarified(reference));
        let case = office.case(&id.0).await.unwrap().unwrap();
        assert_eq!(case.seq, seq);
        assert_eq!(case.questions[0].day_zero.to_string(), "2026-11-05");

        let away = coming(
            "e",
            5,
            "joy@example.org",
            "Away",
            "Auto-Submitted: auto-replied\r\n",
            "I am away.",
        );
        assert_eq!(came(&away).await, Arrived::Automatic);
        let report = format!(
            "From: MAILER-DAEMON@example.org\r\nDate: Thu, 5 Nov 2026 10:00:00 +0000\r\nSubject: Undelivered\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nSorry.\r\n--x\r\n\
             Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.org\r\n\r\n\
             Final-Recipient: rfc822; joy@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--x\r\n\
             Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours}\r\n\r\n--x--\r\n"
        );
        assert_eq!(came(report.as_bytes()).await, Arrived::CameBack(id.clone()));
        let told = office.told(&id).await.unwrap();
        assert_eq!(told[0].state, MailState::CameBack);
        assert_eq!(
            told[0].why.as_deref(),
            Some("its mailbox didn't take it (5.1.1)")
        );
        assert!(
            office
                .mail_came("x.eml", b"no mail at all", Channel::Email)
                .await
                .is_err()
        );
    });
}
