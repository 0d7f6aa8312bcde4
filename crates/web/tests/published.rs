//! What is published, on the pages: the register, answers given before, and what stands in the way of a refusal.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use casework::decision::{Decision, Slot};
use casework::event::DealtWith;
use common::*;

/// The invented questionnaire of a vendor: telephony and firewall are on the register, anti-virus is protected and the
/// register names it.
const VENDOR: &str = "ICT contracts and security";

/// The decision of a question, from 1.
async fn decision(desk: &Desk, reference: &str, number: usize) -> Option<Decision> {
    let known = desk.app.office.case(reference).await.unwrap().unwrap();
    let state = &known.questions[number - 1];
    state.decision.as_ref().map(|made| made.decision.clone())
}

#[test]
fn a_row_of_the_register_answers_its_question_with_one_press_and_can_be_changed() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let reference = desk.case_named(VENDOR).await;
        let case = confirm(&desk, &officer, &reference).await;
        let page = desk.get(&case, Some(&officer)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let first = page.between("id=\"question-1\"", "</article>");
        assert!(first.contains("Telephone system"), "{first}");
        assert!(first.contains("Lakeland Voice Ltd"), "{first}");
        assert!(first.contains("July to September 2026"), "{first}");
        assert!(first.contains("value=\"1 hm-c-0112\""), "{first}");

        desk.act(&officer, &format!("{case}/use"), &[("use", "1 hm-c-0112")])
            .await;
        let Some(Decision::AlreadyAccessible {
            place: Slot::Filled(place),
        }) = decision(&desk, &reference, 1).await
        else {
            panic!("not decided as already accessible");
        };
        for words in [
            "July to September 2026",
            "Reference HM-C-0112",
            "Lakeland Voice Ltd",
            "https://www.harrowmere.example/contracts/2026-Q3/index.html#hm-c-0112",
        ] {
            assert!(place.contains(words), "{words} isn't in {place}");
        }
        // Nobody else's question was touched, and the letter quotes the row.
        assert_eq!(decision(&desk, &reference, 2).await, None);
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(letter.text.contains("HM-C-0112"), "{}", letter.text);

        // It can be decided otherwise, and the form holds what stands.
        let form = desk
            .get(&format!("{case}/questions/1/published"), Some(&officer))
            .await;
        assert!(form.text.contains("Reference HM-C-0112"), "{}", form.text);
        desk.act(
            &officer,
            &format!("{case}/questions/1/answer"),
            &[
                ("answer", "Lakeland Voice Ltd, until 31 March 2028."),
                ("departs", "Other"),
            ],
        )
        .await;
        assert!(matches!(
            decision(&desk, &reference, 1).await,
            Some(Decision::Answer { .. })
        ));
        // What isn't there, isn't open or is covered by the policy can't be pressed.
        for wrong in [
            "1 hm-c-0112",
            "2 nothing",
            "9 hm-c-0112",
            "3 hm-c-0121",
            "nonsense",
        ] {
            let answer = desk
                .post(&format!("{case}/use"), &[("use", wrong)], Some(&officer))
                .await;
            assert_eq!(answer.status, 422, "{wrong}");
            assert!(answer.text.contains("Nothing was changed"), "{wrong}");
        }
    });
}

#[test]
fn an_answer_given_before_is_where_a_new_one_begins() {
    run(async {
        let desk = Desk::demo().await;
        let asked = "1. How many potholes were reported in 2025?\n2. Who painted the town hall?";
        let reference = taken_in(&desk, "Potholes", asked).await;
        desk.app.office.follow().await.unwrap();
        let officer = desk.sign_in("ben").await;
        let case = confirm(&desk, &officer, &reference).await;
        let page = desk.get(&case, Some(&officer)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let first = page.between("id=\"question-1\"", "</article>");
        assert!(
            first.contains("3,412 reports were made in 2025."),
            "{first}"
        );
        // The form begins with those words and where they are published; nothing is decided before somebody saves it.
        let to = first
            .split("/questions/1/answer?reply=")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap();
        let form = desk
            .get(
                &format!("{case}/questions/1/answer?reply={to}"),
                Some(&officer),
            )
            .await;
        assert!(
            form.text.contains("3,412 reports were made in 2025."),
            "{}",
            form.text
        );
        assert!(
            form.text
                .contains("http://desk.example/disclosure-log/2026/potholes-reported-and-mended"),
            "{}",
            form.text
        );
        assert_eq!(decision(&desk, &reference, 1).await, None);
        desk.act(
            &officer,
            &format!("{case}/questions/1/answer"),
            &[("answer", "3,412 reports were made in 2025.")],
        )
        .await;
        assert!(matches!(
            decision(&desk, &reference, 1).await,
            Some(Decision::Answer {
                answer: Slot::Filled(_)
            })
        ));
    });
}

/// The register names an anti-virus product's supplier. Neither confirming nor denying it waits until a person has dealt
/// with that row; the approver reads how.
#[test]
fn what_is_public_is_dealt_with_by_a_person_before_anything_is_refused_over_it() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let adviser = desk.sign_in("lena").await;
        let reference = desk.case_named(VENDOR).await;
        let case = confirm(&desk, &officer, &reference).await;
        let before = desk
            .get(
                &format!("{case}/questions/3/confirm-or-deny"),
                Some(&officer),
            )
            .await;
        assert!(
            before.text.contains("Contracts register, hm-c-0121"),
            "{}",
            before.text
        );
        desk.act(
            &adviser,
            &format!("/desk/harm/{reference}/3/confirm-or-deny"),
            &[
                ("likelihood", "would_be_likely_to"),
                (
                    "if_held",
                    "A yes would tell an attacker which product to study.",
                ),
                (
                    "if_not_held",
                    "A no would tell them that nothing guards us.",
                ),
                ("adds", "The version is published nowhere."),
                ("instead", "That the Council guards its computers."),
                ("quotable", "yes"),
            ],
        )
        .await;
        let offered = desk
            .app
            .office
            .bundle()
            .policy
            .policy
            .confirm_or_deny_factors
            .favouring[0]
            .clone();
        let id = desk
            .app
            .office
            .case(&reference)
            .await
            .unwrap()
            .unwrap()
            .questions[2]
            .question
            .id
            .0
            .clone();
        desk.act(
            &officer,
            &format!("{case}/public-interest/confirm-or-deny"),
            &[
                ("questions", &id),
                ("provision", "FOIA s.31(3)"),
                ("for_own", "Residents want to know that their records are guarded."),
                ("for_own_weight", "some"),
                ("for_1", &offered),
                ("for_1_weight", "little"),
                ("against_own", "The version of today is what an attacker of today needs."),
                ("against_own_weight", "strong"),
                ("maintained", "yes"),
                ("conclusion", "Nothing that residents gain from a yes or a no outweighs what an attacker would."),
            ],
        )
        .await;
        let worksheet = desk
            .get(
                &format!("{case}/public-interest/confirm-or-deny"),
                Some(&officer),
            )
            .await;
        assert!(
            worksheet.text.contains("This wording was used in 1 case."),
            "{}",
            worksheet.text
        );
        let neither = format!("{case}/questions/3/neither");
        let form = desk.get(&neither, Some(&officer)).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        assert!(form.text.contains("Stands in the way"), "{}", form.text);
        let name = form.between("<fieldset class=\"field\" id=\"record-", "\"");
        let (how, because) = (format!("record-{name}"), format!("record-{name}-because"));
        let fields = [
            ("if_held", "Which product to study."),
            ("if_not_held", "That there is nothing to get past."),
            ("provision", "FOIA s.31(3)"),
            ("likelihood", "would_be_likely_to"),
            (
                "mechanism",
                "A yes would tell an attacker which product to study; a no would tell them that nothing guards us.",
            ),
        ];
        let left_out = desk.post(&neither, &fields, Some(&officer)).await;
        assert_eq!(left_out.status, 422);
        assert!(
            left_out.text.contains("Choose why this can be refused"),
            "{}",
            left_out.text
        );
        let mut without_reason = fields.to_vec();
        without_reason.push((&how, "does_not_confirm"));
        let without_reason = desk.post(&neither, &without_reason, Some(&officer)).await;
        assert_eq!(without_reason.status, 422);
        let mut dealt = fields.to_vec();
        dealt.push((
            "although",
            "The question asks for a version, and no other question asked for that.",
        ));
        dealt.push((&how, "should_not_have_been_published"));
        dealt.push((
            &because,
            "The row names a supplier; the question asks for a version.",
        ));
        desk.act(&officer, &neither, &dealt).await;
        let known = desk.app.office.case(&reference).await.unwrap().unwrap();
        let recorded = &known.questions[2]
            .confirm_or_deny
            .as_ref()
            .unwrap()
            .known_already;
        assert_eq!(
            recorded[0].entry.as_deref(),
            Some("contracts register: hm-c-0121")
        );
        assert!(matches!(
            recorded[0].dealt_with,
            Some(DealtWith::ShouldNotHaveBeenPublished { .. })
        ));
        // Whoever publishes is told.
        let publisher = desk.sign_in("petra").await;
        let record = desk.get("/desk/record", Some(&publisher)).await;
        assert_eq!(faults(&record.text), Vec::<String>::new());
        let told = record.between("Should not have been published</h2>", "<h2>");
        assert!(
            told.contains("hm-c-0121") && told.contains("The row names a supplier"),
            "{told}"
        );
    });
}

#[test]
fn the_register_is_searched_as_at_any_quarter_and_each_row_keeps_its_address() {
    run(async {
        let desk = Desk::demo().await;
        let page = desk.get("/contracts", None).await;
        assert_eq!(page.status, 200);
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for words in [
            "July to September 2026",
            "9 of 9 contracts",
            "1 new, 0 gone",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let found = desk.get("/contracts?find=LAKELAND+telephone", None).await;
        assert!(found.text.contains("1 of 9 contracts"), "{}", found.text);
        let none = desk.get("/contracts?find=drones", None).await;
        assert!(none.text.contains("That does not mean that there is none"));
        let before = desk.get("/contracts?as_at=2026-Q2", None).await;
        assert!(before.text.contains("8 of 8 contracts"), "{}", before.text);
        assert_eq!(desk.get("/contracts?as_at=1999-Q1", None).await.status, 422);

        let row = desk.get("/contracts/hm-c-0112", None).await;
        assert_eq!(faults(&row.text), Vec::<String>::new());
        assert!(row.text.contains("£312,000"), "{}", row.text);
        // The museum's row is of this quarter: it wasn't there a quarter before.
        let new = "/contracts/hm-c-0163";
        assert_eq!(desk.get(new, None).await.status, 200);
        let then = desk.get(&format!("{new}?as_at=2026-Q2"), None).await;
        assert_eq!(then.status, 404);
        assert_eq!(desk.get("/contracts/hm-c-9999", None).await.status, 404);

        // The address that letters quote, its files and the feed.
        let quoted = desk.get("/contracts/2026-Q3/index.html", None).await;
        assert!(quoted.text.contains("id=\"hm-c-0112\""), "{}", quoted.text);
        let json = desk.get("/contracts/2026-Q3/register.json", None).await;
        let json: serde_json::Value = serde_json::from_str(&json.text).unwrap();
        assert_eq!(json["contracts"].as_array().unwrap().len(), 9);
        let csv = desk.get("/contracts/2026-Q3/register.csv", None).await;
        assert_eq!(csv.text.lines().count(), 10, "{}", csv.text);
        for nothing in [
            "/contracts/2026-Q3/ocds.json",
            "/contracts/2026-Q3/snapshots.json",
            "/contracts/2026-Q3/..%2Fsnapshots.json",
            "/contracts/..%2F2026-Q3/register.json",
        ] {
            assert_eq!(desk.get(nothing, None).await.status, 404, "{nothing}");
        }
        let feed = desk.get("/contracts/feed.atom", None).await;
        assert!(feed.text.contains("http://desk.example/contracts/2026-Q3/"));
    });
}

/// A snapshot whose rows are no longer those that were published is not shown, and nothing is refused over a record that
/// can't be read.
#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "somebody meddles with the folder"
)]
fn rows_that_were_changed_after_publication_are_not_shown() {
    run(async {
        let desk = Desk::demo().await;
        let folder = desk.app.office.state().join("register/published");
        let rows = folder.join("2026-Q3/register.json");
        let text = std::fs::read_to_string(&rows).unwrap();
        std::fs::write(&rows, text.replace("Lakeland Voice", "Someone Else")).unwrap();
        let list = folder.join("snapshots.json");
        let text = std::fs::read_to_string(&list).unwrap();
        std::fs::write(&list, format!("{text} ")).unwrap();
        let page = desk.get("/contracts", None).await;
        assert_eq!(page.status, 500);
        assert!(!page.text.contains("Someone Else"), "{}", page.text);
        let officer = desk.sign_in("ben").await;
        let reference = desk.case_named(VENDOR).await;
        let case = confirm(&desk, &officer, &reference).await;
        let neither = desk
            .get(&format!("{case}/questions/3/neither"), Some(&officer))
            .await;
        assert_eq!(neither.status, 422);
        assert!(
            neither.text.contains("a snapshot is never changed"),
            "{}",
            neither.text
        );
    });
}

#[test]
fn whoever_asks_is_shown_the_row_that_answers() {
    run(async {
        let desk = Desk::demo().await;
        let guidance = desk
            .post(
                "/ask/guidance",
                &[(
                    "questions",
                    "Who supplies your telephony system and when does the contract end?",
                )],
                None,
            )
            .await;
        for words in [
            "Telephone system",
            "Lakeland Voice Ltd, ends 31 March 2028",
            "Published for July to September 2026",
        ] {
            assert!(guidance.text.contains(words), "{words}: {}", guidance.text);
        }
        let miss = desk
            .post(
                "/ask/guidance",
                &[(
                    "questions",
                    "Who supplies your drones and when does the contract end?",
                )],
                None,
            )
            .await;
        assert!(!miss.text.contains("/contracts"), "{}", miss.text);
    });
}

#[test]
fn another_policy_is_tried_on_past_requests_and_a_faulty_one_is_told() {
    run(async {
        let desk = Desk::demo().await;
        let visitor = desk.sign_in("ivor").await;
        let path = "/desk/admin/policy";
        let page = desk.get(path, Some(&visitor)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let model = desk
            .post(path, &[("policy", "model-ict")], Some(&visitor))
            .await;
        assert_eq!(model.status, 200);
        let said = model.between("id=\"outcome-title\">", "</section>");
        assert!(
            said.contains("questions would be proposed otherwise"),
            "{said}"
        );
        assert!(!said.contains("<p>0 of"), "{said}");
        // Nothing changes with the policy that is in force.
        let own = office::data::Data::new(None)
            .unwrap()
            .text("policy/coventry-ict.toml")
            .unwrap()
            .0;
        let same = desk.post(path, &[("text", &own)], Some(&visitor)).await;
        assert!(same.text.contains("<p>0 of"), "{}", same.text);
        let faulty = own.replace("[[category]]", "[[categroy]]");
        assert_ne!(faulty, own);
        let told = desk.post(path, &[("text", &faulty)], Some(&visitor)).await;
        assert_eq!(told.status, 422);
        assert!(told.text.contains("categroy"), "{}", told.text);
    });
}

#[test]
fn own_sentences_stand_in_letters_and_every_version_is_kept() {
    run(async {
        let desk = Desk::demo().await;
        let visitor = desk.sign_in("ivor").await;
        let officer = desk.sign_in("amina").await;
        let path = "/desk/admin/wording";
        let page = desk.get(path, Some(&visitor)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let wrong = desk
            .post(
                path,
                &[
                    ("seen", "0"),
                    ("not_held", "We, {nobody}, do not hold this."),
                ],
                Some(&visitor),
            )
            .await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.text.contains("`{nobody}` is no slot"),
            "{}",
            wrong.text
        );

        // A sentence that leaves out what the letter fills in says less than ours.
        let lacking = desk
            .post(
                path,
                &[("seen", "0"), ("thanks", "Hello with no braces")],
                Some(&visitor),
            )
            .await;
        assert_eq!(lacking.status, 422);
        assert!(
            lacking.text.contains("It lacks {authority}, {received_on}"),
            "{}",
            lacking.text
        );

        // A sentence that also stands in letters that neither confirm nor deny tells nothing of what is held; one of other
        // letters may.
        let telling = "Thank you from {authority} for your request of {received_on}. No such incident happened.";
        let leak = desk
            .post(path, &[("seen", "0"), ("thanks", telling)], Some(&visitor))
            .await;
        assert_eq!(leak.status, 422);
        assert!(
            leak.text
                .contains("letters that neither confirm nor deny say this sentence too"),
            "{}",
            leak.text
        );
        let elsewhere = desk
            .post(
                path,
                &[
                    ("seen", "0"),
                    ("thanks", telling),
                    (
                        "not_held",
                        "No such record: we do not hold this information.",
                    ),
                ],
                Some(&visitor),
            )
            .await;
        assert_eq!(
            elsewhere.text.matches("say this sentence too").count(),
            leak.text.matches("say this sentence too").count()
        );

        let reference = desk.case_named("Allotments").await;
        let letter = format!("/desk/cases/{reference}/letter");
        let own = "Thanks from {authority} for what you asked us on {received_on}.";
        desk.act(&visitor, path, &[("seen", "0"), ("thanks", own)])
            .await;
        let text = desk.get(&letter, Some(&officer)).await.text;
        assert!(
            text.contains("Thanks from Harrowmere Borough Council"),
            "{text}"
        );
        // What was approved in other words can't leave.
        let issued = desk
            .post(
                &format!("/desk/cases/{reference}/issue"),
                &[],
                Some(&officer),
            )
            .await;
        assert_eq!(issued.status, 422);
        let stale = desk
            .post(
                path,
                &[
                    ("seen", "0"),
                    ("thanks", "{authority} thanks you for {received_on}."),
                ],
                Some(&visitor),
            )
            .await;
        assert_eq!(stale.status, 409);
        desk.act(&visitor, path, &[("seen", "1")]).await;
        let text = desk.get(&letter, Some(&officer)).await.text;
        assert!(!text.contains("Thanks from"), "{text}");
        let first = desk.get(&format!("{path}?version=1"), Some(&visitor)).await;
        assert!(
            first.text.contains("Thanks from {authority}"),
            "{}",
            first.text
        );
        assert!(first.text.contains("Ivor Crane"), "{}", first.text);
    });
}

#[test]
fn the_sentence_that_says_why_and_the_least_sure_stand_on_the_case() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let reference = desk.case_named(VENDOR).await;
        let page = desk
            .get(&format!("/desk/cases/{reference}"), Some(&officer))
            .await;
        let known = desk.app.office.case(&reference).await.unwrap().unwrap();
        let mut unsure = 0;
        for state in &known.questions {
            let proposal = state.question.proposal.as_ref().unwrap();
            assert!(proposal.because.starts_with("asks"), "{}", proposal.because);
            let why = &proposal.because["asks".len()..];
            let shown = page.text.replace("&#38;", "&").replace("&#39;", "'");
            assert!(shown.contains(why), "{why} isn't in {shown}");
            unsure += usize::from(proposal.confidence_thousandths < 750);
        }
        let first = page.text.contains("Candour is least sure of these");
        assert_eq!(first, unsure > 0);
    });
}

#[test]
fn a_view_of_the_queue_is_kept_under_a_name_and_forgotten() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        // Filters are the database's: what is mine and waits for a team holds nothing else.
        let list = desk
            .get("/desk?show=mine&waiting=area", Some(&officer))
            .await;
        assert!(list.text.contains("Trees felled in 2025"), "{}", list.text);
        assert!(!list.text.contains("Cyber incidents"), "{}", list.text);
        assert!(!list.text.contains("Parking bay"), "{}", list.text);
        let view = [
            ("name", "Chase <them>"),
            ("show", "mine"),
            ("waiting", "area"),
        ];
        let kept = desk.post("/desk/views", &view, Some(&officer)).await;
        assert_eq!(kept.header("location"), "/desk?show=mine&waiting=area");
        let list = desk.get("/desk", Some(&officer)).await;
        assert_eq!(faults(&list.text), Vec::<String>::new());
        let own = list.between("My views</h2>", "</ul>");
        assert!(own.contains("Chase &#60;them&#62;"), "{own}");
        assert!(own.contains("/desk?show=mine&#38;waiting=area"), "{own}");
        // It is one person's own.
        let other = desk.sign_in("ben").await;
        let list = desk.get("/desk", Some(&other)).await;
        assert!(!list.text.contains("My views"), "{}", list.text);
        desk.act(
            &officer,
            "/desk/views",
            &[("name", "Chase <them>"), ("do", "forget")],
        )
        .await;
        let list = desk.get("/desk", Some(&officer)).await;
        assert!(!list.text.contains("My views"), "{}", list.text);
    });
}
