//! The pages from outside, in process: who may see what, what every answer carries, and whole stories.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use casework::event::About;
use casework::procedure::State;
use casework::role::Role;
use common::*;
use web::routes::{ROUTES, Who};

/// Demonstration cases to try a page with: not every page is there in every state.
async fn references(desk: &Desk) -> Vec<String> {
    let mut references = Vec::new();
    for open in [true, false] {
        let rows = desk
            .app
            .office
            .queue(&office::QueueFilter::All, open, None, 200)
            .await
            .unwrap();
        references.extend(rows.into_iter().map(|row| row.reference));
    }
    references
}

fn filled(path: &str, reference: &str) -> Vec<String> {
    let one = |number: &str| {
        path.replace("{reference}", reference)
            .replace("{number}", number)
            .replace("{about}", "content")
            .replace("{id}", "new")
            .replace("{token}", &"0".repeat(64))
            .replace(
                "{name}",
                if path.starts_with("/assets") {
                    "candour.css"
                } else if path.contains("/sent/") {
                    "telephone.csv"
                } else if path.contains("/questions/") {
                    "allotments.csv"
                } else {
                    "letter.txt"
                },
            )
            .replace("{year}", "2026")
            .replace("{slug}", "library-opening-hours")
            .replace("{folder}", "2026-Q3")
            .replace("{subject}", "firewalls")
    };
    if path.contains("{number}") {
        vec![one("1"), one("2")]
    } else {
        vec![one("1")]
    }
}

#[test]
fn every_route_is_for_the_roles_of_the_table_and_looks_like_nothing_to_others() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        // A request of which the questions are confirmed, and that came with a file.
        let map = [("map.txt".to_owned(), b"Where the ducks are.".to_vec())];
        asked_with(&desk, &officer, &["How many ducks are there?"], &map).await;
        let references = references(&desk).await;
        assert!(references.len() > 15, "{references:?}");
        let nowhere = desk.get("/nowhere", None).await;
        assert_eq!(nowhere.status, 404);
        // The qualified person reads the cases on which an opinion is asked for: here, wherever one can be. The letter about
        // the allotments, which has a file, is approved.
        let allotments = desk.case_named("Allotments").await;
        let letter = format!("/desk/cases/{allotments}/letter");
        let recall = format!("/desk/cases/{allotments}/recall");
        desk.act(
            &officer,
            &recall,
            &[("reason", "For the walk of all roles.")],
        )
        .await;
        for reference in &references {
            for number in 1..4 {
                let path = format!("/desk/cases/{reference}/questions/{number}/seek-opinion");
                let submission = [("submission", "Section 36(2)(c), for the walk.")];
                desk.post(&path, &submission, Some(&officer)).await;
            }
        }
        let identity = [("do", "send"), ("reply", "Nothing changed.")];
        desk.act(&officer, &letter, &identity).await;
        approved(&desk, &format!("/desk/cases/{allotments}")).await;
        for role in [
            Role::TriageOfficer,
            Role::InformationOfficer,
            Role::ServiceAreaContact,
            Role::SecurityAdviser,
            Role::Approver,
            Role::QualifiedPerson,
            Role::Publisher,
            Role::Auditor,
            Role::Administrator,
        ] {
            let visitor = desk.sign_in_as(role).await;
            let hidden = desk.get("/desk/nowhere", Some(&visitor)).await;
            assert_eq!(hidden.status, 404);
            for route in ROUTES {
                let Who::Roles(roles) = route.who else {
                    continue;
                };
                let may = roles.contains(&role);
                let mut seen = Vec::new();
                let tried = if may { references.len() } else { 1 };
                'cases: for reference in references.iter().take(tried) {
                    for path in filled(route.path, reference) {
                        // What would end the session of this walk is walked elsewhere.
                        if may && path == "/sign-out" {
                            seen.push(303);
                            break 'cases;
                        }
                        let answer = if route.method == "GET" {
                            desk.get(&path, Some(&visitor)).await
                        } else {
                            desk.post(&path, &[("area", "parks")], Some(&visitor)).await
                        };
                        seen.push(answer.status);
                        if answer.header("content-type").starts_with("text/html") {
                            assert_eq!(
                                faults(&answer.text),
                                Vec::<String>::new(),
                                "{} {path}",
                                route.method
                            );
                        }
                        assert_ne!(
                            answer.status, 500,
                            "{} {path}: {}",
                            route.method, answer.text
                        );
                        if !may {
                            assert_eq!(
                                answer.status,
                                404,
                                "{} {path} as {}",
                                route.method,
                                role.name()
                            );
                            assert_eq!(
                                answer.text.replace(" aria-current=\"page\"", ""),
                                hidden.text.replace(" aria-current=\"page\"", ""),
                                "{path} as {} is told from a page that isn't there",
                                role.name()
                            );
                        } else if answer.status != 404 {
                            break 'cases;
                        }
                    }
                }
                if may {
                    assert!(
                        seen.iter().any(|status| *status != 404),
                        "{} {} as {}: {seen:?}",
                        route.method,
                        route.path,
                        role.name()
                    );
                }
            }
        }
    });
}

#[test]
fn whoever_is_not_signed_in_learns_nothing_of_the_desk() {
    run(async {
        let desk = Desk::demo().await;
        let nowhere = desk.get("/desk/nowhere", None).await;
        assert_eq!(nowhere.status, 303);
        for route in ROUTES {
            let path = &filled(route.path, "HM-2026-00001")[0];
            let answer = if route.method == "GET" {
                desk.get(path, None).await
            } else {
                desk.post(path, &[], None).await
            };
            match route.who {
                Who::Roles(_) => {
                    assert_eq!(answer.status, 303, "{} {path}", route.method);
                    assert!(answer.header("location").starts_with("/sign-in?next="));
                }
                Who::Link | Who::Key => assert_eq!(answer.status, 404, "{path}"),
                Who::Program(_) => assert_eq!(answer.status, 401, "{path}"),
                Who::Anyone => {
                    assert_ne!(answer.status, 500, "{path}");
                    if answer.header("content-type").starts_with("text/html")
                        && path != "/ask/guidance"
                    {
                        assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
                    }
                }
            }
        }
    });
}

#[test]
fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    run(async {
        let desk = Desk::demo().await;
        let visitor = desk.sign_in_as(Role::InformationOfficer).await;
        for (path, who) in [
            ("/", None),
            ("/nowhere", None),
            ("/disclosure-log/feed.atom", None),
            ("/sign-in", None),
            ("/desk", Some(&visitor)),
        ] {
            let answer = desk.get(path, who).await;
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("referrer-policy"), "same-origin");
            assert_eq!(answer.header("x-frame-options"), "DENY");
            assert!(
                !answer.text.contains("<script>"),
                "{path} has a script inline"
            );
            assert!(
                !answer.text.contains(" style=\""),
                "{path} has a style inline"
            );
            if who.is_some() {
                assert_eq!(answer.header("cache-control"), "no-store");
            }
        }
    });
}

#[test]
fn a_form_of_another_site_or_without_the_sessions_token_does_nothing() {
    run(async {
        let desk = Desk::demo().await;
        let visitor = desk.sign_in_as(Role::Administrator).await;
        let fields = [("name", "New Person"), ("email", "new@harrowmere.example")];
        let mut stranger = visitor.clone();
        stranger.form_token = "0".repeat(64);
        let without = desk
            .post("/desk/admin/people/new", &fields, Some(&stranger))
            .await;
        assert_eq!(without.status, 404);
        let foreign = desk
            .send(
                "POST",
                "/desk/admin/people/new",
                &fields,
                Some(&visitor),
                "https://elsewhere.example",
            )
            .await;
        assert_eq!(foreign.status, 404);
        let nowhere = desk
            .send(
                "POST",
                "/desk/admin/people/new",
                &fields,
                Some(&visitor),
                "",
            )
            .await;
        assert_eq!(nowhere.status, 404);
        let own = desk
            .post("/desk/admin/people/new", &fields, Some(&visitor))
            .await;
        assert_eq!(own.status, 422, "our own form is read: {}", own.text);
    });
}

#[test]
fn signing_in_tells_nothing_of_who_has_an_account_and_shuts_after_five() {
    run(async {
        let desk = Desk::demo().await;
        let attempt = async |email: &str, password: &str| {
            desk.post(
                "/sign-in",
                &[("email", email), ("password", password)],
                None,
            )
            .await
        };
        let nobody = attempt("nobody@harrowmere.example", "wrong-wrong-wrong").await;
        let wrong = attempt("amina@harrowmere.example", "wrong-wrong-wrong").await;
        assert_eq!((nobody.status, wrong.status), (422, 422));
        let plain = |text: &str| text.replace("nobody@", "x@").replace("amina@", "x@");
        assert_eq!(plain(&nobody.text), plain(&wrong.text));
        for _ in 0..4 {
            attempt("amina@harrowmere.example", "wrong-wrong-wrong").await;
        }
        // Shut now, even for the right password, with the same words.
        let right = attempt("amina@harrowmere.example", web::demo::PASSWORD).await;
        assert_eq!(right.status, 422);
        assert_eq!(plain(&right.text), plain(&wrong.text));
        // Others are not shut out, however many come from one place: only failures count there, and thirty within a moment
        // are enough.
        for _ in 0..40 {
            let ben = attempt("ben@harrowmere.example", web::demo::PASSWORD).await;
            assert_eq!(ben.status, 303);
            assert_eq!(ben.header("location"), "/desk");
        }
        let mut last = 0;
        for _ in 0..30 {
            last = attempt("ben@harrowmere.example", "wrong-wrong-wrong")
                .await
                .status;
        }
        assert_eq!(last, 429);
    });
}

/// Setting out for the identity provider isn't a failure to sign in, and has a measure all the same.
#[test]
fn nobody_sets_out_for_the_identity_provider_without_end() {
    run(async {
        let desk = Desk::demo().await;
        let mut last = 0;
        for _ in 0..301 {
            last = desk.get("/sign-in/provider", None).await.status;
        }
        assert_eq!(last, 429);
    });
}

#[test]
fn a_session_begins_anew_at_sign_in_ends_at_sign_out_and_leads_only_to_the_desk() {
    run(async {
        let desk = Desk::demo().await;
        let planted = "a".repeat(64);
        let visitor = Visitor {
            cookie: format!("candour={planted}"),
            form_token: String::new(),
        };
        let fields = [
            ("email", "amina@harrowmere.example"),
            ("password", web::demo::PASSWORD),
            ("next", "https://elsewhere.example/desk"),
        ];
        let entered = desk.post("/sign-in", &fields, Some(&visitor)).await;
        assert_eq!(entered.status, 303);
        assert_eq!(entered.header("location"), "/desk");
        let cookie = entered.header("set-cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        assert!(!cookie.contains(&planted));
        assert_eq!(
            desk.get("/desk", Some(&visitor)).await.status,
            303,
            "the planted token opens nothing"
        );
        let session = Visitor {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            form_token: String::new(),
        };
        let page = desk.get("/desk", Some(&session)).await;
        assert_eq!(page.status, 200);
        let session = Visitor {
            form_token: page.between("name=\"form_token\" value=\"", "\""),
            ..session
        };
        assert_eq!(
            desk.post("/sign-out", &[], Some(&session)).await.status,
            303
        );
        assert_eq!(
            desk.get("/desk", Some(&session)).await.status,
            303,
            "the session is over"
        );
    });
}

#[test]
fn a_form_that_is_too_long_is_refused_and_nothing_is_kept() {
    run(async {
        let desk = Desk::demo().await;
        let long = "x".repeat(600 * 1024);
        let answer = desk
            .post(
                "/ask/step",
                &[("step", "questions"), ("questions", &long)],
                None,
            )
            .await;
        assert_eq!(answer.status, 422);
        let long = "x ".repeat(10_001);
        let answer = desk
            .post(
                "/ask/step",
                &[("step", "questions"), ("questions", &long)],
                None,
            )
            .await;
        assert!(
            answer.text.contains("20,000 characters or fewer"),
            "{}",
            answer.text
        );
    });
}

/// The public asks, an officer decides, another approves, the answer goes, a publisher publishes, the log shows it.
#[test]
fn a_request_goes_from_the_form_to_the_log() {
    run(async {
        let desk = Desk::demo().await;
        let questions =
            "1. How many ducks live on the town pond?\n2. What do the ducks eat in winter?";
        let first = desk.get("/ask/questions", None).await;
        let once = first.between("name=\"once\" value=\"", "\"");
        let common = [("questions", questions), ("once", once.as_str())];
        let step = async |step: &str, more: &[(&str, &str)]| {
            let mut fields = vec![("step", step)];
            fields.extend(common);
            fields.extend(more);
            desk.post("/ask/step", &fields, None).await
        };
        let empty = desk.post("/ask/step", &[("step", "questions")], None).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text.contains("Write your questions"));
        assert!(empty.text.contains("<title>Error: "));
        let mut reply = step("questions", &[]).await;
        if reply.text.contains("<h1>Already published</h1>") {
            // What is offered never stands in the way.
            reply = step("published", &[]).await;
        }
        assert!(
            reply.text.contains("How should we answer you?"),
            "{}",
            reply.text
        );
        let email = step("reply", &[("way", "email")]).await;
        assert!(email.text.contains("Your email address"), "{}", email.text);
        let wrong = step("email", &[("way", "email"), ("email", "sam at example")]).await;
        assert!(wrong.text.contains("like name@example.com"));
        let to = [("way", "email"), ("email", "sam@example.org")];
        let name = step("email", &to).await;
        assert!(name.text.contains("Your name"));
        let mut said = to.to_vec();
        said.push(("name", "Sam Duckworth"));
        let form = step("name", &said).await;
        assert!(form.text.contains("Is there a form you would like it in?"));
        let check = step("form", &said).await;
        assert!(check.text.contains("sam@example.org"));
        let sent = step("check", &said).await;
        assert!(sent.text.contains("Request sent"), "{}", sent.text);
        let again = step("check", &said).await;
        let reference = sent.between("<h1>Request sent</h1><p>", "</p>");
        assert_eq!(
            again.between("<h1>Request sent</h1><p>", "</p>"),
            reference,
            "sent twice is one request"
        );
        for never in ["searching", "we hold", "your documents"] {
            assert!(!sent.text.contains(never), "{never}");
        }
        let follow = sent.between("/follow/", "\"");
        let follow = format!("/follow/{follow}");
        assert!(
            desk.get(&follow, None)
                .await
                .text
                .contains("<strong>Received</strong>")
        );

        // The officer confirms the questions and answers both.
        let officer = desk.sign_in("ben").await;
        let case = format!("/desk/cases/{reference}");
        let page = desk.get(&case, Some(&officer)).await;
        assert!(page.text.contains("ducks live"), "{}", page.text);
        assert!(
            !page.text.contains("Duckworth"),
            "who asked is shown to nobody who doesn't ask why"
        );
        desk.act(
            &officer,
            &format!("{case}/questions"),
            &[
                ("regime", "foi"),
                ("keep_1", "keep"),
                ("text_1", "How many ducks live on the town pond?"),
                ("keep_2", "keep"),
                ("text_2", "What do the ducks eat in winter?"),
            ],
        )
        .await;
        for (number, answer) in [
            ("1", "27 on the day of this letter."),
            (
                "2",
                "Volunteers of the Pond Society. Ask pip.reed@example.org.",
            ),
        ] {
            desk.act(
                &officer,
                &format!("{case}/questions/{number}/answer"),
                &[("answer", answer)],
            )
            .await;
        }
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(
            letter.text.contains("27 on the day of this letter."),
            "{}",
            letter.text
        );
        desk.act(&officer, &format!("{case}/letter"), &[("do", "send")])
            .await;
        assert!(
            desk.get(&follow, None)
                .await
                .text
                .contains("We are working on it")
        );

        // Four eyes: a second person reads and judges.
        let approver = desk.sign_in("colin").await;
        let approval = desk.get(&format!("{case}/approval"), Some(&approver)).await;
        let identity = approval.between("name=\"identity\" value=\"", "\"");
        let unjudged = desk
            .post(
                &format!("{case}/approval"),
                &[("do", "approve"), ("identity", &identity)],
                Some(&approver),
            )
            .await;
        assert_eq!(unjudged.status, 422);
        approved(&desk, &case).await;

        let issue = desk.get(&format!("{case}/issue"), Some(&officer)).await;
        assert!(issue.text.contains("Sam Duckworth") && issue.text.contains("sam@example.org"));
        desk.act(&officer, &format!("{case}/issue"), &[]).await;
        let answered = desk.get(&follow, None).await;
        assert!(
            answered.text.contains("<strong>Answered</strong>"),
            "{}",
            answered.text
        );
        let file = desk.get(&format!("{follow}/letter.txt"), None).await;
        assert!(
            file.text
                .contains("Volunteers of the Pond Society. Ask pip.reed@example.org.")
        );
        let history = desk.get(&format!("{case}/history"), Some(&officer)).await;
        assert!(history.text.contains("Name and contact looked at"));

        let publisher = desk.sign_in("petra").await;
        desk.act(
            &publisher,
            &format!("{case}/publish"),
            &[
                ("when", "now"),
                ("title", "Ducks on the town pond"),
                ("address", "2026/ducks"),
                ("checked", "yes"),
            ],
        )
        .await;
        desk.app.office.follow().await.unwrap();
        let entry = desk.get("/disclosure-log/2026/ducks", None).await;
        assert!(entry.text.contains("27 on the day of this letter."));
        assert!(entry.text.contains("Volunteers of the Pond Society."));
        assert!(!entry.text.contains("Duckworth") && !entry.text.contains("sam@example.org"));
        // What the letter told one person is not published to all.
        assert!(!entry.text.contains("pip.reed"), "{}", entry.text);
        for path in [
            "/disclosure-log",
            "/disclosure-log?find=ducks",
            "/disclosure-log/feed.atom",
            "/disclosure-log/feed.json",
            "/disclosure-log/log.csv",
        ] {
            let list = desk.get(path, None).await;
            assert!(
                list.text.contains("Ducks on the town pond"),
                "{path}: {}",
                list.text
            );
            assert!(!list.text.contains("pip.reed"), "{path}: {}", list.text);
        }
        // A search for who asked finds nothing: the request itself isn't looked at.
        let person = desk.get("/disclosure-log?find=Duckworth", None).await;
        assert!(!person.text.contains("Ducks on the town pond"));

        desk.act(
            &publisher,
            &format!("{case}/unpublish"),
            &[("reason", "A figure was wrong.")],
        )
        .await;
        let gone = desk.get("/disclosure-log/2026/ducks", None).await;
        assert_eq!(gone.status, 410);
        assert!(gone.text.contains("A figure was wrong.") && !gone.text.contains("27 on the day"));
        // Whoever follows a feed is told that it is gone, and why; nothing of what it said stands there.
        let atom = desk.get("/disclosure-log/feed.atom", None).await.text;
        let entry = atom.split("<at:deleted-entry").nth(1).unwrap();
        assert!(
            entry.contains("/disclosure-log/2026/ducks\"") && entry.contains("A figure was wrong."),
            "{atom}"
        );
        assert!(!atom.contains("Ducks on the town pond"), "{atom}");
        let json = desk.get("/disclosure-log/feed.json", None).await.text;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let removed = &json["_candour"]["removed"][0];
        assert_eq!(removed["because"], "A figure was wrong.");
        assert!(removed["url"].as_str().unwrap().ends_with("/2026/ducks"));
    });
}

/// What the PDF's typefaces lack stops no letter: the officer is told, and the other forms say it.
#[test]
fn a_letter_in_any_script_is_composed_and_sent() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        for question in [
            "How many 池 are there in the 公園?",
            "How many 🦆 or 👩🏽‍💻 are there in the park \u{e000}\u{378}\u{10ffff}?",
            "How many हिन्दी or ไทย books does the library have?",
            "How many כּדור and كتاب books a\u{300}\u{1dc4}\u{20dd} does the library\u{7} have?",
        ] {
            let case = asked(&desk, &officer, &[question]).await;
            answered(&desk, &officer, &case, 1, "Nine.").await;
            let page = desk.get(&format!("{case}/letter"), Some(&officer)).await;
            assert!(
                page.text
                    .contains("The PDF can&#39;t show these characters"),
                "{question}: {}",
                page.text
            );
            for form in ["letter.pdf", "letter.docx", "letter.txt"] {
                let file = desk
                    .get(&format!("{case}/letter/{form}"), Some(&officer))
                    .await;
                assert_eq!(file.status, 200, "{question}, {form}: {}", file.text);
            }
            let text = desk
                .get(&format!("{case}/letter/letter.txt"), Some(&officer))
                .await;
            assert!(
                text.text.contains(&question.replace('\u{7}', "")),
                "{}",
                text.text
            );
            sent(&desk, &officer, &case).await;
        }
        // What the typefaces have needs no word.
        let case = asked(
            &desk,
            &officer,
            &["Where is the Café Żółw, Москва Ελλάδα – “9 €”?"],
        )
        .await;
        answered(&desk, &officer, &case, 1, "Nowhere.").await;
        let page = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(
            page.text.contains("Nothing is wrong with this letter."),
            "{}",
            page.text
        );
    });
}

/// What is still open stands beside the letter; what left stays to be read, and isn't sent twice.
#[test]
fn the_letter_page_says_what_is_open_and_shows_what_left() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let questions = ["How many ducks are there?", "How many geese are there?"];
        let case = asked(&desk, &officer, &questions).await;
        answered(&desk, &officer, &case, 1, "Nine ducks.").await;
        let page = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(!page.text.contains("Nothing is wrong with this letter."));
        assert!(!page.text.contains("Send for approval"));
        assert!(
            page.text.contains(&format!(
                "<a href=\"{case}#question-2\">Question 2</a>. Decide it before the letter goes."
            )),
            "{}",
            page.text
        );
        answered(&desk, &officer, &case, 2, "Two geese.").await;
        sent(&desk, &officer, &case).await;
        let page = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(!page.text.contains("nothing to answer"), "{}", page.text);
        assert!(
            page.text.contains("What was sent") && page.text.contains("Monday 23 November 2026")
        );
        assert!(page.text.contains("<p id=") && page.text.contains("Two geese."));
        let again = desk
            .post(&format!("{case}/issue"), &[], Some(&officer))
            .await;
        assert_eq!(again.status, 422);
        assert!(
            again
                .text
                .contains("The answer was sent on 23 November 2026"),
            "{}",
            again.text
        );
    });
}

/// Whoever mends a letter is told who sent it back and why; whoever reads it again, what changed.
#[test]
fn a_letter_that_came_back_shows_who_said_what_and_what_changed() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["How many ducks are there?"]).await;
        answered(&desk, &officer, &case, 1, "Some ducks.").await;
        desk.act(&officer, &format!("{case}/letter"), &[("do", "send")])
            .await;
        let approver = desk.sign_in("colin").await;
        let path = format!("{case}/approval");
        let first = desk.get(&path, Some(&approver)).await;
        assert!(!first.text.contains("What changed since"));
        let back = [
            ("do", "send-back"),
            ("question", "q1"),
            ("comment", "Give the number."),
        ];
        desk.act(&approver, &path, &back).await;
        let page = desk.get(&case, Some(&officer)).await;
        assert!(
            page.text.contains("<strong>Sent back by Colin Marsh, "),
            "{}",
            page.text
        );
        assert!(
            page.text.contains("Question 1: Give the number."),
            "{}",
            page.text
        );
        // The same words go back only with a reason.
        let letter = format!("{case}/letter");
        let unchanged = desk.post(&letter, &[("do", "send")], Some(&officer)).await;
        assert_eq!(unchanged.status, 422);
        assert!(
            unchanged
                .text
                .contains("This is the letter that was sent back")
                && unchanged.text.contains("What you tell the approver"),
            "{}",
            unchanged.text
        );
        let reply = ("reply", "Nobody counted them <before>.");
        desk.act(&officer, &letter, &[("do", "send"), reply]).await;
        let same = desk.get(&path, Some(&approver)).await;
        assert!(
            same.text.contains("The words of the letter are the same.")
                && same
                    .text
                    .contains("The officer answers: Nobody counted them &#60;before&#62;."),
            "{}",
            same.text
        );
        assert_eq!(faults(&same.text), Vec::<String>::new());
        desk.act(&approver, &path, &back).await;
        answered(&desk, &officer, &case, 1, "Nine ducks.").await;
        desk.act(&officer, &letter, &[("do", "send")]).await;
        let again = desk.get(&path, Some(&approver)).await;
        assert!(!again.text.contains("The officer answers"));
        // Nothing is refused here, so there is no balance to judge, and what is missing is said once.
        assert!(
            !again
                .text
                .contains("The balance of the public interest is fair")
        );
        let identity = again.between("name=\"identity\" value=\"", "\"");
        let unjudged = [("do", "approve"), ("identity", identity.as_str())];
        let unjudged = desk.post(&path, &unjudged, Some(&approver)).await;
        assert_eq!(unjudged.text.matches("href=\"#judged\"").count(), 1);
        for expected in [
            "What changed since it was sent back",
            "<strong>Removed:</strong> <del>Some ducks.</del>",
            "<strong>Added:</strong> <ins>Nine ducks.</ins>",
        ] {
            assert!(again.text.contains(expected), "{expected}: {}", again.text);
        }
    });
}

/// An internal review ends with a letter: read before it goes, kept, shown to whoever asked, with no second review.
#[test]
fn a_review_is_decided_with_a_letter_by_somebody_new_to_it() {
    run(async {
        let desk = Desk::demo().await;
        let reference = desk.case_named("Complaints about bins").await;
        let case = format!("/desk/cases/{reference}");
        let path = format!("{case}/review");
        let who_decided = desk.sign_in("amina").await;
        // It is given to somebody new to it, and stands on their list.
        let owner = format!("{case}/owner");
        let choices = desk.get(&owner, Some(&who_decided)).await;
        assert!(
            choices.text.contains("value=\"ben\"") && !choices.text.contains("value=\"amina\""),
            "{}",
            choices.text
        );
        let to_amina = [("officer", "amina")];
        let refused = desk.post(&owner, &to_amina, Some(&who_decided)).await;
        assert_eq!(refused.status, 422);
        desk.act(&who_decided, &owner, &[("officer", "ben")]).await;
        let given = case_of(&desk, &reference).await;
        assert_eq!(given.in_hands_of(), Some("ben"));
        assert_eq!(given.owner.as_deref(), Some("amina"));
        let ben = desk.sign_in("ben").await;
        let new = desk.get("/desk/new", Some(&ben)).await;
        assert!(!new.text.contains("Complaints about bins"), "{}", new.text);
        let his = desk.get("/desk?show=mine", Some(&ben)).await;
        assert!(his.text.contains("Complaints about bins"), "{}", his.text);
        let shut = desk.get(&path, Some(&who_decided)).await;
        assert!(
            shut.text.contains("You took part in the first answer")
                && !shut.text.contains("outcome_1"),
            "{}",
            shut.text
        );
        let reviewer = desk.sign_in("ben").await;
        let form = desk.get(&path, Some(&reviewer)).await;
        assert!(
            form.text
                .contains("1,903 in all. We do not keep them by ward."),
            "the first answer stands beside its question: {}",
            form.text
        );
        let empty = desk.post(&path, &[], Some(&reviewer)).await;
        assert_eq!(empty.status, 422);
        assert!(
            empty.text.contains("Choose an outcome for question 1"),
            "{}",
            empty.text
        );
        let mut fields = vec![
            ("outcome_1", "changed"),
            (
                "reason_1",
                "We looked for the figures by ward and found them.",
            ),
            ("answer_1", "North 812, South 1,091."),
            ("lesson_1", "search"),
            ("faults", "no_advice"),
        ];
        let letter = desk.post(&path, &fields, Some(&reviewer)).await;
        assert_eq!(letter.status, 200, "{}", letter.text);
        for expected in [
            "North 812, South 1,091.",
            "We looked for the figures by ward and found them.",
            "section 16(1)",
            "under section 50",
        ] {
            assert!(
                letter.text.contains(expected),
                "{expected}: {}",
                letter.text
            );
        }
        assert!(!letter.text.contains("ask us for an internal review"));
        let case_now = desk.app.office.case(&reference).await.unwrap().unwrap();
        assert!(
            case_now.reviews_decided.is_empty(),
            "reading decides nothing"
        );
        fields.push(("do", "send"));
        desk.act(&reviewer, &path, &fields).await;
        let page = desk.get(&format!("{case}/letter"), Some(&reviewer)).await;
        assert!(
            page.text.contains("The outcome of our internal review")
                && page.text.contains("North 812, South 1,091."),
            "{}",
            page.text
        );
        for form in ["review-letter.pdf", "review-letter.txt", "letter.txt"] {
            let file = desk
                .get(&format!("{case}/letter/{form}"), Some(&reviewer))
                .await;
            assert_eq!(file.status, 200, "{form}");
        }
        // Who asked sees the new letter, and may not ask for the same once more.
        let token = "a1".repeat(32);
        let link = store::desk::PrivateLink {
            token_hash: web::app::hash(&token),
            purpose: "follow".to_owned(),
            case: case_now.id.clone(),
            details: "{}".to_owned(),
            ends_on: "2028-01-01".parse().unwrap(),
        };
        desk.app.office.store().keep_link(&link).await.unwrap();
        let follow = desk.get(&format!("/follow/{token}"), None).await;
        assert!(
            follow.text.contains("Answered on Monday 23 November 2026")
                && follow.text.contains("review-letter.pdf"),
            "{}",
            follow.text
        );
        assert!(!follow.text.contains("Ask for a review"), "{}", follow.text);
        let file = desk
            .get(&format!("/follow/{token}/review-letter.txt"), None)
            .await;
        assert!(file.text.contains("North 812"), "{}", file.text);
        let again = [("do", "review"), ("text", "Once more, please.")];
        let again = desk.post(&format!("/follow/{token}"), &again, None).await;
        assert_eq!(again.status, 422);
        assert!(
            again.text.contains("reviewed this already"),
            "{}",
            again.text
        );
    });
}

/// Letters that only point to what is published are read on one page; those that are ticked are approved, as they were
/// shown.
#[test]
fn several_letters_that_point_to_what_is_published_are_approved_together() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let approver = desk.sign_in("colin").await;
        let mut cases = Vec::new();
        for question in [
            "Who cuts the grass in the parks?",
            "Who empties the bins in the parks?",
            "Who paints the benches in the parks?",
        ] {
            let case = asked(&desk, &officer, &[question]).await;
            let place = [(
                "place",
                "The contracts register, page 3, July to September 2026",
            )];
            desk.act(&officer, &format!("{case}/questions/1/published"), &place)
                .await;
            desk.act(&officer, &format!("{case}/letter"), &[("do", "send")])
                .await;
            cases.push(case);
        }
        let references: Vec<&str> = cases
            .iter()
            .map(|case| case.rsplit('/').next().unwrap())
            .collect();
        let list = desk.get("/desk/approvals", Some(&approver)).await;
        assert!(
            list.text.contains("action=\"/desk/approvals/together\""),
            "{}",
            list.text
        );
        // A letter that decides something isn't among them, chosen or not.
        let other = desk.case_named("Laptop replacement").await;
        let query: Vec<String> = references
            .iter()
            .chain(&[other.as_str()])
            .map(|reference| format!("case={reference}"))
            .collect();
        let path = format!("/desk/approvals/together?{}", query.join("&"));
        let page = desk.get(&path, Some(&approver)).await;
        assert_eq!(page.text.matches("<div class=\"letter\">").count(), 3);
        assert!(page.text.contains("it decides more than"), "{}", page.text);
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let mut fields = Vec::new();
        for reference in &references {
            fields.push(("case".to_owned(), (*reference).to_owned()));
            for part in ["seen", "identity"] {
                let name = format!("{part}-{reference}");
                let value = page
                    .text
                    .split_once(&format!("name=\"{name}\" value=\""))
                    .unwrap();
                let value = value.1.split('"').next().unwrap().to_owned();
                fields.push((name, value));
            }
        }
        let shown = fields.clone();
        let send = async |more: &[(&str, &str)]| {
            let mut all: Vec<(&str, &str)> = shown
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            all.extend_from_slice(more);
            desk.post("/desk/approvals/together", &all, Some(&approver))
                .await
        };
        let ticked = [("approve", references[0]), ("approve", references[1])];
        let unjudged = send(&ticked).await;
        assert_eq!(unjudged.status, 422);
        assert!(unjudged.text.contains(" checked>"), "what was ticked stays");
        // The second changes while they are read.
        desk.act(
            &officer,
            &format!("{}/recall", cases[1]),
            &[("reason", "A slip.")],
        )
        .await;
        let judged = [
            ("approve", references[0]),
            ("approve", references[1]),
            ("judged", "answer"),
        ];
        let half = send(&judged).await;
        assert!(
            half.text.contains("1 approved. These were not:")
                && half.text.contains("It changed while you were reading"),
            "{}",
            half.text
        );
        let state = async |at: usize| case_of(&desk, references[at]).await.state;
        assert_eq!(state(0).await, State::Approved);
        assert_eq!(state(1).await, State::Open);
        assert_eq!(state(2).await, State::AwaitingApproval);
    });
}

/// Whoever decided any part of a case can't approve it, whatever roles they hold.
#[test]
fn nobody_approves_what_they_decided() {
    run(async {
        let desk = Desk::demo().await;
        let store = desk.app.office.store();
        let mut amina = store.account("amina").await.unwrap().unwrap();
        amina.roles.push(Role::Approver);
        store.keep_account(&amina).await.unwrap();
        let visitor = desk.sign_in("amina").await;
        let reference = desk.case_named("Laptop replacement").await;
        let path = format!("/desk/cases/{reference}/approval");
        let page = desk.get(&path, Some(&visitor)).await;
        assert!(
            page.text.contains("someone else must approve this"),
            "{}",
            page.text
        );
        let answer = desk
            .post(
                &path,
                &[
                    ("do", "approve"),
                    ("identity", &desk.identity_of(&reference).await),
                    ("judged", "answer"),
                    ("judged", "reasons"),
                    ("judged", "more"),
                    ("judged", "balance"),
                ],
                Some(&visitor),
            )
            .await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.text.contains("someone else must approve it"),
            "{}",
            answer.text
        );
    });
}

/// A question that is neither confirmed nor denied shows the same bytes to everybody whatever a search found.
#[test]
fn pages_do_not_depend_on_what_is_held() {
    run(async {
        let mut seen = Vec::new();
        for held in ["held", "not_held"] {
            let desk = Desk::demo().await;
            let officer = desk.sign_in("amina").await;
            let reference = desk.case_named("Cyber incidents").await;
            let case = format!("/desk/cases/{reference}");
            // A team is asked too early and answers.
            let id = desk
                .app
                .office
                .case(&reference)
                .await
                .unwrap()
                .unwrap()
                .questions
                .last()
                .unwrap()
                .question
                .id
                .0
                .clone();
            desk.act(
                &officer,
                &format!("{case}/task"),
                &[
                    ("area", "ict"),
                    ("questions", &id),
                    ("wanted_on", "2026-12-01"),
                ],
            )
            .await;
            let made = desk
                .post(
                    &format!("{case}/tasks/link"),
                    &[("area", "ict")],
                    Some(&officer),
                )
                .await;
            let token = made.between("/team/", "<");
            let shown = desk.get(&format!("/team/{token}"), None).await;
            assert_eq!(
                (shown.status, shown.header("cache-control")),
                (200, "no-store")
            );
            let number = desk
                .app
                .office
                .case(&reference)
                .await
                .unwrap()
                .unwrap()
                .questions
                .len();
            // What is too long for a sealed record is sent back before anything is recorded.
            let refused = desk
                .post(
                    &format!("/team/{token}"),
                    &[
                        (&format!("held_{number}"), held),
                        (&format!("found_{number}"), &"x".repeat(5_000)),
                    ],
                    None,
                )
                .await;
            assert!(refused.text.contains("Shorten this"), "{}", refused.text);
            let kept = desk.app.office.case(&reference).await.unwrap().unwrap();
            assert!(
                kept.questions
                    .iter()
                    .all(|state| state.searched_by.is_empty())
            );
            let sent = desk
                .post(
                    &format!("/team/{token}"),
                    &[
                        (&format!("held_{number}"), held),
                        (&format!("found_{number}"), held),
                    ],
                    None,
                )
                .await;
            assert_eq!(sent.status, 303, "{}", sent.text);
            let mut pages = Vec::new();
            for path in [
                "",
                "/tasks",
                "/clock",
                "/questions",
                &format!("/questions/{number}/confirm-or-deny"),
                &format!("/questions/{number}/neither"),
                &format!("/questions/{number}/holding"),
            ] {
                let page = desk.get(&format!("{case}{path}"), Some(&officer)).await;
                pages.push((path.to_owned(), page.status, without_tokens(&page.text)));
            }
            let history = desk.get(&format!("{case}/history"), Some(&officer)).await;
            pages.push((
                "/history".to_owned(),
                history.status,
                without_tokens(&history.text),
            ));
            seen.push(pages);
        }
        for (one, other) in seen[0].iter().zip(&seen[1]) {
            assert_eq!(one, other);
        }
    });
}

/// The words of the templates stand where a catalogue can replace them.
#[test]
fn templates_hold_no_words_outside_the_catalogue() {
    fn templates(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                templates(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    templates(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"),
        &mut found,
    );
    assert!(found.len() > 30, "{found:?}");
    // Names of formats are the same in every language.
    const NAMES: &[&str] = &["Atom", "JSON", "CSV", "PDF", "Word"];
    for path in found {
        let mut rest = String::from_utf8(bytes(&path)).unwrap();
        for (start, end) in [("{%", "%}"), ("{{", "}}"), ("<", ">")] {
            let mut plain = String::new();
            let mut text = rest.as_str();
            while let Some((before, after)) = text.split_once(start) {
                plain.push_str(before);
                plain.push(' ');
                text = after.split_once(end).map_or("", |(_, after)| after);
            }
            plain.push_str(text);
            rest = plain;
        }
        for word in rest.split(|c: char| !c.is_alphabetic()) {
            let is_entity = ["amp", "quot", "nbsp"].contains(&word);
            assert!(
                word.len() < 2 || is_entity || NAMES.contains(&word),
                "{}: “{word}” stands outside the catalogue",
                path.display()
            );
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the templates are read as they stand in the repository"
)]
fn bytes(path: &std::path::Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

/// The figures of the statistics are those of the cases.
#[test]
fn statistics_count_the_answers_of_the_demonstration() {
    run(async {
        let desk = Desk::demo().await;
        let table = desk.get("/statistics.csv", None).await;
        let mut lines = table.text.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let full = header
            .iter()
            .position(|name| *name == "granted_in_full")
            .unwrap();
        let shown: Vec<String> = lines
            .map(|line| line.split(',').nth(full).unwrap().to_owned())
            .collect();
        // Six published answers, one closed and one under review were answered in full.
        assert!(shown.iter().any(|cell| cell != "0"), "{}", table.text);
        let log = desk
            .get("/disclosure-log?outcome=granted_in_full", None)
            .await;
        assert!(log.text.contains("Library opening hours"));
        let none = desk
            .get("/disclosure-log?outcome=refused_in_full", None)
            .await;
        assert!(none.text.contains("No published answers match"));
    });
}

/// A request that came in a moment ago, nobody has looked at yet.
/// The form as read, with some fields sent first: of two of a name the first counts.
fn with<'a>(kept: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = more.to_vec();
    fields.extend(
        kept.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    fields
}

#[test]
fn questions_are_split_dropped_and_numbered_without_losing_any() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let first =
            "How many ducks live on the town pond and how many swans live on the mill pond?";
        let text = format!(
            "1. {first}\n2. What do the ducks eat in winter?\n3. Who feeds the swans and any plan to replace them?"
        );
        let reference = taken_in(&desk, "Ponds", &text).await;
        let path = format!("/desk/cases/{reference}/questions");
        let labels = async || -> Vec<String> {
            let case = case_of(&desk, &reference).await;
            case.questions
                .iter()
                .map(|state| state.question.label.clone())
                .collect()
        };
        let read = case_of(&desk, &reference).await;
        let count = read.questions.len();
        assert!(count >= 3, "{:?}", labels().await);

        // Empty boxes are told, nothing is lost, and the case is as new as it was.
        let empty: Vec<(String, &str)> = (1..=count)
            .flat_map(|number| {
                [
                    (format!("keep_{number}"), "keep"),
                    (format!("text_{number}"), ""),
                ]
            })
            .collect();
        let empty: Vec<(&str, &str)> = empty
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        let refused = desk.post(&path, &empty, Some(&officer)).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text.contains("has no words any more"),
            "{}",
            refused.text
        );
        assert_eq!(case_of(&desk, &reference).await, read);

        // One act: what a later step refuses undoes the ones before.
        let mut kept = vec![("regime".to_owned(), "foi".to_owned())];
        for (number, state) in (1..).zip(&read.questions) {
            kept.push((format!("keep_{number}"), "keep".to_owned()));
            kept.push((format!("text_{number}"), state.question.text.clone()));
        }
        let overlapping = with(&kept, &[("more", "What do the ducks eat")]);
        let refused = desk.post(&path, &overlapping, Some(&officer)).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text.contains("overlaps another"),
            "{}",
            refused.text
        );
        assert_eq!(case_of(&desk, &reference).await, read);

        // Words that are left over are told until somebody says that they ask nothing.
        let last = format!("text_{count}");
        let shorter = with(&kept, &[(last.as_str(), "Who feeds the swans")]);
        let told = desk.post(&path, &shorter, Some(&officer)).await;
        assert_eq!(told.status, 422);
        assert!(
            told.text
                .contains("These words are in no question: “and any plan to replace them"),
            "{}",
            told.text
        );
        assert_eq!(faults(&told.text), Vec::<String>::new());

        // A split numbers the questions through, as their addresses are.
        let at = read
            .questions
            .iter()
            .position(|state| state.question.text.contains("town pond"))
            .unwrap()
            + 1;
        let split_field = format!("text_{at}");
        let words = &read.questions[at - 1].question.text;
        let (one, two) = words
            .split_once(" and how many")
            .unwrap_or_else(|| panic!("{words}"));
        let split = format!("{one}\n\nhow many{two}");
        desk.act(
            &officer,
            &path,
            &with(&kept, &[(split_field.as_str(), split.as_str())]),
        )
        .await;
        let expected: Vec<String> = (1..=count + 1).map(|number| number.to_string()).collect();
        assert_eq!(labels().await, expected);
        let page = desk
            .get(&format!("/desk/cases/{reference}"), Some(&officer))
            .await;
        assert!(page.text.contains(&format!(
            "id=\"question-{}-title\">Question {}<",
            count + 1,
            count + 1
        )));
    });
}

#[test]
fn an_estimate_of_cost_is_held_against_the_limit() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let reference = taken_in(&desk, "Ponds", "1. How many ducks live on the town pond?").await;
        let case = confirm(&desk, &officer, &reference).await;
        let id = case_of(&desk, &reference).await.questions[0]
            .question
            .id
            .0
            .clone();
        let estimate = |minutes: &'static str| {
            vec![
                ("questions", id.as_str()),
                ("determining", "0"),
                ("locating", minutes),
                ("retrieving", "0"),
                ("extracting", "0"),
                ("explanation", "400 files at three minutes each."),
            ]
        };
        let cost = format!("{case}/cost");
        let nothing = desk.post(&cost, &estimate("0"), Some(&officer)).await;
        assert_eq!(nothing.status, 422);
        desk.act(&officer, &cost, &estimate("1080")).await;
        let refusal = format!("{case}/questions/1/over-cost-limit");
        let wishes = [
            ("estimate", "18 hours."),
            ("advice", "Ask for one year."),
            ("departs", "Other"),
        ];
        let within = desk.post(&refusal, &wishes, Some(&officer)).await;
        assert_eq!(within.status, 422);
        assert!(
            within
                .text
                .contains("Section 12 is for what costs more than the limit")
        );
        desk.act(&officer, &cost, &estimate("1,200")).await;
        for path in [
            cost.clone(),
            case.clone(),
            format!("{case}/history"),
            refusal.clone(),
        ] {
            let page = desk.get(&path, Some(&officer)).await;
            assert!(
                page.text.contains(
                    "20 hours, £500.00. The limit is £450.00, which is 18 hours: this is over it"
                ),
                "{path}: {}",
                page.text
            );
        }
        let form = desk.get(&cost, Some(&officer)).await;
        assert!(
            form.text.contains("value=\"1200\"")
                && form.text.contains("400 files at three minutes")
        );
        desk.act(&officer, &refusal, &wishes).await;
    });
}

#[test]
fn more_time_is_only_for_weighing_what_applies() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let pool = taken_in(
            &desk,
            "Pool",
            "1. How much was spent on heating the pool in 2025?",
        )
        .await;
        let path = format!("{}/extension", confirm(&desk, &officer, &pool).await);
        let form = desk.get(&path, Some(&officer)).await;
        assert!(
            !form.text.contains("value=\"FOIA s.31(1)(a)\""),
            "{}",
            form.text
        );
        let id = case_of(&desk, &pool).await.questions[0]
            .question
            .id
            .0
            .clone();
        let until = "2027-01-15";
        let asked = |reason: &'static str| {
            [
                ("questions", id.as_str()),
                ("provision", "FOIA s.31(1)(a)"),
                ("reason", reason),
                ("until", until),
            ]
        };
        let time = desk
            .post(&path, &asked("we need time"), Some(&officer))
            .await;
        assert_eq!(time.status, 422);
        assert!(
            time.text
                .contains("Say in a sentence why the exemption applies"),
            "{}",
            time.text
        );
        let reason = "Thieves could work out when nobody watches the boiler house at night.";
        let none = desk.post(&path, &asked(reason), Some(&officer)).await;
        assert_eq!(none.status, 422);
        assert!(
            none.text
                .contains("Nothing on record shows that FOIA s.31(1)(a) applies"),
            "{}",
            none.text
        );

        // Evidence of harm is on record for the last question of this one: it alone gets the time and a course of its own.
        let cyber = desk.case_named("Cyber incidents").await;
        let known = case_of(&desk, &cyber).await;
        let last = known.questions.last().unwrap();
        let label = last.question.label.clone();
        let case = format!("/desk/cases/{cyber}");
        // Later than the fortieth working day only where somebody else agreed.
        let mut long = vec![
            ("questions", last.question.id.0.as_str()),
            ("provision", "FOIA s.31(3)"),
            (
                "reason",
                "A yes would tell whoever plans an attack that this way leads in; a no, that nobody watches it.",
            ),
            ("until", until),
        ];
        let path = format!("{case}/extension");
        let alone = desk.post(&path, &long, Some(&officer)).await;
        assert_eq!(alone.status, 422);
        assert!(
            alone.text.contains("somebody else must agree to that"),
            "{}",
            alone.text
        );
        long.push(("agreed_by", "colin"));
        desk.act(&officer, &path, &long).await;
        let clock = desk.get(&format!("{case}/clock"), Some(&officer)).await;
        let course = clock.between(&format!(">Question {label}</h2>"), "</p>");
        assert!(course.contains("due Friday 15 January 2027"), "{course}");
        assert!(!clock.text.contains("All questions"), "{}", clock.text);
    });
}

#[test]
fn evidence_of_harm_says_something_and_can_be_corrected() {
    run(async {
        let desk = Desk::demo().await;
        let adviser = desk.sign_in("lena").await;
        let officer = desk.sign_in("amina").await;
        let reference = desk.case_named("Cyber incidents").await;
        let number = case_of(&desk, &reference).await.questions.len();
        let path = format!("/desk/harm/{reference}/{number}/content");
        let given = |mechanism: &'static str, quotable: &'static str| {
            [
                ("likelihood", "would"),
                ("mechanism", mechanism),
                ("adds", "Nothing about it is published."),
                ("instead", "None."),
                ("quotable", quotable),
            ]
        };
        let form = desk.get(&path, Some(&adviser)).await;
        assert!(
            form.text.contains("What is public already"),
            "{}",
            form.text
        );
        assert!(
            form.text.contains("Start from it"),
            "earlier words for the same row: {}",
            form.text
        );
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let x = desk.post(&path, &given("x", "yes"), Some(&adviser)).await;
        assert_eq!(x.status, 422);
        assert!(
            x.text.contains("Say in a sentence who could do what"),
            "{}",
            x.text
        );
        let stock = "Disclosure would prejudice the prevention or detection of crime.";
        let stock = desk.post(&path, &given(stock, "yes"), Some(&adviser)).await;
        assert!(
            stock.text.contains("This would fit any request"),
            "{}",
            stock.text
        );
        let one = "Whoever learns the day could see how long the backups took to restore.";
        // Half-way it is kept, and nothing is on the case.
        let mut begun = given("Whoever learns the day", "").to_vec();
        begun.push(("lasts", "Until the new backups run, in March."));
        begun.push(("do", "keep"));
        desk.act(&adviser, &path, &begun).await;
        let list = desk.get("/desk/harm", Some(&adviser)).await;
        assert!(list.text.contains("Draft kept"), "{}", list.text);
        let kept = desk.get(&path, Some(&adviser)).await;
        assert!(
            kept.text.contains(">Whoever learns the day</textarea>")
                && kept.text.contains("Until the new backups run, in March."),
            "{}",
            kept.text
        );
        let before = case_of(&desk, &reference).await;
        let last = before.questions.last().unwrap();
        assert!(last.harm_evidence(About::Content).is_none());
        let two = "Whoever learns the ransom could set the price of the next one by it.";
        desk.act(&adviser, &path, &given(one, "yes")).await;
        let list = desk.get("/desk/harm", Some(&adviser)).await;
        assert!(
            !list.text.contains("Draft kept"),
            "what is sent is no draft"
        );
        let again = desk.get(&path, Some(&adviser)).await;
        assert!(again.text.contains("Sent on 23 November 2026") && again.text.contains(one));
        desk.act(&adviser, &path, &given(two, "no")).await;
        let state = case_of(&desk, &reference)
            .await
            .questions
            .last()
            .unwrap()
            .clone();
        let counts = state.harm_evidence(About::Content).unwrap();
        assert_eq!((counts.mechanism.as_str(), counts.quotable), (two, false));
        let history = desk
            .get(&format!("/desk/cases/{reference}/history"), Some(&officer))
            .await;
        let times = history
            .text
            .matches("what the answer would do: it would do harm")
            .count();
        assert_eq!(times, 2, "{}", history.text);
        let unsure = [("likelihood", "cannot_say")];
        desk.act(&adviser, &path, &unsure).await;
        let state = case_of(&desk, &reference)
            .await
            .questions
            .last()
            .unwrap()
            .clone();
        assert!(!state.harm_shown(About::Content));
        // A yes and a no are told apart.
        let both = desk
            .get(
                &format!("/desk/harm/{reference}/{number}/confirm-or-deny"),
                Some(&adviser),
            )
            .await;
        assert!(
            both.text.contains("name=\"if_held\"") && both.text.contains("name=\"if_not_held\"")
        );
    });
}

#[test]
fn a_worksheet_wants_reasons_about_this_request_and_keeps_whose_they_are() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let reference = desk.case_named("Cyber incidents").await;
        let case = case_of(&desk, &reference).await;
        let number = case.questions.len();
        let id = case.questions[number - 1].question.id.0.clone();
        let base = format!("/desk/cases/{reference}/public-interest");
        let content = desk
            .get(&format!("{base}/content?question={number}"), Some(&officer))
            .await;
        assert!(
            content.text.contains(&format!("value=\"{id}\" checked")),
            "{}",
            content.text
        );
        assert!(content.text.contains("From the policy, 1"));
        let path = format!("{base}/confirm-or-deny");
        let none = desk.post(&path, &[], Some(&officer)).await;
        for words in [
            "reason for confirming or denying that",
            "reason for neither confirming nor denying that",
        ] {
            assert!(none.text.contains(words), "{words}: {}", none.text);
        }
        let residents =
            "Residents who read of attacks elsewhere want to know whether theirs was one.";
        let second = "The town's paper has often asked the Council about October.";
        let fields = |against: &'static str| {
            [
                ("questions", id.as_str()),
                ("provision", "FOIA s.31(3)"),
                ("for_own", residents),
                ("for_own_why", "The attacks elsewhere were near."),
                ("for_own_2", second),
                ("against_own", against),
                ("maintained", "yes"),
                (
                    "conclusion",
                    "An answer about one month helps the next attacker more than residents.",
                ),
            ]
        };
        let y = desk.post(&path, &fields("y"), Some(&officer)).await;
        assert_eq!(y.status, 422);
        assert!(
            y.text
                .contains("Say in a sentence what in this request speaks for neither"),
            "{}",
            y.text
        );
        desk.act(
            &officer,
            &path,
            &fields("One month and one kind of attack would show what is noticed here."),
        )
        .await;
        let again = desk
            .get(&format!("{path}?question={number}"), Some(&officer))
            .await;
        for words in [
            residents,
            second,
            "Written by Amina Yusuf.",
            "The attacks elsewhere were near.",
        ] {
            assert!(
                again.text.contains(&words.replace('\'', "&#39;")),
                "{words}: {}",
                again.text
            );
        }
        // What somebody made of the policy's words stands in their place, and is there when the page is saved once more.
        let own = "Residents could judge how their systems are looked after.";
        let with_own = common::with_more(
            &fields("One month and one kind of attack would show what is noticed here."),
            &[("for_1", own)],
        );
        desk.act(&officer, &path, &with_own).await;
        let kept = desk
            .get(&format!("{path}?question={number}"), Some(&officer))
            .await;
        let first = kept.between("name=\"for_1\"", "</textarea>");
        assert!(first.contains(own), "{first}");
        assert!(
            kept.text.contains("Changed by Amina Yusuf."),
            "{}",
            kept.text
        );
    });
}

/// A decision follows its balance: weighed again, the letter says so; where saying outweighs, it is decided afresh. The
/// letter says which side outweighs although the officer's words don't.
#[test]
fn what_is_weighed_again_reaches_the_letter() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let reference = desk.case_named("Cyber incidents").await;
        let number = case_of(&desk, &reference).await.questions.len();
        let case = format!("/desk/cases/{reference}");
        let id = case_of(&desk, &reference).await.questions[number - 1]
            .question
            .id
            .0
            .clone();
        let weigh = async |conclusion: &str, maintained: &str| {
            let fields = [
                ("questions", id.as_str()),
                ("provision", "FOIA s.31(3)"),
                (
                    "for_own",
                    "Residents want to know whether their council was hit in October.",
                ),
                (
                    "against_own",
                    "One month and one kind of attack would show what is noticed here.",
                ),
                ("maintained", maintained),
                ("conclusion", conclusion),
            ];
            desk.act(
                &officer,
                &format!("{case}/public-interest/confirm-or-deny"),
                &fields,
            )
            .await;
        };
        weigh(
            "An answer helps the next attacker and few residents.",
            "yes",
        )
        .await;
        let neither = format!("{case}/questions/{number}/neither");
        let fields = [
            ("if_held", "Which month to study."),
            ("if_not_held", "That nothing was noticed."),
            ("provision", "FOIA s.31(3)"),
            ("likelihood", "would_be_likely_to"),
            (
                "mechanism",
                "A yes would tell an attacker what is noticed; a no would tell them what is not.",
            ),
        ];
        // What the letter will say is read before it is decided.
        let first = common::with_more(&fields, &[("do", "preview")]);
        let shown = desk.post(&neither, &first, Some(&officer)).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert_eq!(faults(&shown.text), Vec::<String>::new());
        for words in [
            "What the letter says",
            "We neither confirm nor deny that we hold",
            "a no would tell them what is not",
            "Nothing has been decided yet.",
        ] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        let state = &case_of(&desk, &reference).await.questions[number - 1];
        assert!(state.outcome().is_none(), "{:?}", state.outcome());
        desk.act(&officer, &neither, &fields).await;
        let letter = async || {
            let path = format!("{case}/letter");
            desk.get(&path, Some(&officer)).await.text
        };
        let text = letter().await;
        assert!(
            text.contains(
                "outweighs that in saying so. An answer helps the next attacker and few residents."
            ),
            "{text}"
        );
        assert!(!text.contains("does not say which side"), "{text}");

        weigh(
            "The paper has its answer elsewhere. Not saying outweighs saying.",
            "yes",
        )
        .await;
        let text = letter().await;
        assert!(
            text.contains("The paper has its answer elsewhere.") && !text.contains("few residents"),
            "{text}"
        );
        // What was decided can be looked at again, with what was said.
        for (path, words) in [
            (
                format!("{case}/questions/{number}/confirm-or-deny"),
                "takes its place",
            ),
            (neither.clone(), "Which month to study."),
            (
                format!("{case}/public-interest/confirm-or-deny?question={number}"),
                "Its letter follows what you save here",
            ),
        ] {
            let page = desk.get(&path, Some(&officer)).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text.contains(words), "{path}: {}", page.text);
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{path}");
        }
        let page = desk.get(&case, Some(&officer)).await;
        assert!(page.text.contains("Decide again: confirm or deny"));
        desk.act(&officer, &neither, &fields).await;

        weigh(
            "Since the council told the press, saying so does no more harm.",
            "no",
        )
        .await;
        let state = &case_of(&desk, &reference).await.questions[number - 1];
        assert!(state.decision.is_none() && state.outcome().is_none());

        weigh(
            "The press was told of another month. Not saying outweighs saying.",
            "yes",
        )
        .await;
        desk.act(&officer, &neither, &fields).await;
        // A refusal that goes late says so by itself, and can go.
        let answer = [
            ("answer", "None in 2021, 1 in 2022."),
            ("departs", "Too old or too general to harm"),
        ];
        desk.act(&officer, &format!("{case}/questions/1/answer"), &answer)
            .await;
        assert!(!letter().await.contains("apologise for the delay"));
        desk.later(40 * 86_400);
        let late_officer = desk.sign_in("amina").await;
        let path = format!("{case}/letter");
        let late = desk.get(&path, Some(&late_officer)).await;
        assert!(
            late.text
                .contains("so this reply is late. We apologise for the delay.")
                && late.text.contains("it says so")
                && !late.text.contains("Mend this"),
            "{}",
            late.text
        );
    });
}

/// Part of an answer is given and the rest withheld, under two exemptions, with the words that are withheld named.
#[test]
fn an_answer_is_given_in_part() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let question = "What did the new duck house cost, and who chose it?";
        let case = asked(&desk, &officer, &[question]).await;
        let path = format!("{case}/questions/1/withheld");
        let form = desk.get(&path, Some(&officer)).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let reason = "They are junior officers who did not expect to be named.";
        let entered = [
            ("departs", "Other"),
            ("provision", "FOIA s.40(2)"),
            ("mechanism", reason),
            ("given", "It cost £3,120 <in May>."),
        ];
        let no_condition = desk.post(&path, &entered[..3], Some(&officer)).await;
        assert!(
            no_condition.text.contains("one of FOIA s.40(3A)(a)"),
            "{}",
            no_condition.text
        );
        let entered = with_more(&entered, &[("condition", "FOIA s.40(3A)(a)")]);
        let half = desk.post(&path, &entered, Some(&officer)).await;
        assert_eq!(half.status, 422);
        assert!(
            half.text
                .contains("Say which words or documents are withheld"),
            "{}",
            half.text
        );
        let whole = with_more(
            &entered,
            &[
                ("withheld", "The names of two junior officers."),
                ("provision_2", "FOIA s.41(1)"),
                ("mechanism_2", "They spoke to us in confidence."),
            ],
        );
        desk.act(&officer, &path, &whole).await;
        let again = desk.get(&path, Some(&officer)).await;
        for words in ["FOIA s.40(2)", "FOIA s.41(1)", reason, "£3,120"] {
            assert!(again.text.contains(words), "{words}: {}", again.text);
        }
        let page = desk.get(&case, Some(&officer)).await;
        assert!(page.text.contains("Given in part") && page.text.contains("Add files"));
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        for words in [
            "given in part; the rest is held, and withheld under FOIA s.40(2) and FOIA s.41(1)",
            "It cost £3,120 &#60;in May&#62;.",
            "What we do not give you: The names of two junior officers.",
            "This is by section 40(3A)(a): first condition: disclosure would contravene a data protection principle.",
            "They spoke to us in confidence.",
        ] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        assert!(!letter.text.contains("Mend this"), "{}", letter.text);
        sent(&desk, &officer, &case).await;
        let reference = case.trim_start_matches("/desk/cases/");
        assert_eq!(
            case_of(&desk, reference).await.outcome(),
            Some(casework::case::Outcome::GrantedInPart)
        );
    });
}

/// A question that the policy doesn't cover can be withheld under an exemption that rests on harm: the officer writes down
/// what they were told of it, weighs, and decides; and may decide again whether to say that it is held.
#[test]
fn an_ordinary_question_is_withheld_once_its_harm_is_shown() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["What did the duck feed cost a sack?"]).await;
        let question = format!("{case}/questions/1");
        desk.act(
            &officer,
            &format!("{question}/confirm-or-deny"),
            &[("outcome", "duty")],
        )
        .await;
        let again = desk
            .get(&format!("{question}/confirm-or-deny"), Some(&officer))
            .await;
        assert!(again.text.contains("That can be changed"), "{}", again.text);
        let worksheet = format!("{case}/public-interest/content?question=1");
        let early = desk.get(&worksheet, Some(&officer)).await;
        assert!(
            early.text.contains("No harm is shown yet"),
            "{}",
            early.text
        );
        assert!(!early.text.contains("From the policy, 1"), "{}", early.text);
        let harm = format!("{question}/harm");
        let form = desk.get(&harm, Some(&officer)).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let told = [
            ("likelihood", "would_be_likely_to"),
            (
                "mechanism",
                "The other two mills would offer just below it when the Council buys again in spring.",
            ),
            ("adds", "The price of a sack is not public."),
            ("instead", "What was spent in a year."),
        ];
        let unnamed = desk.post(&harm, &told, Some(&officer)).await;
        assert_eq!(unnamed.status, 422);
        assert!(unnamed.text.contains("Say who says so"), "{}", unnamed.text);
        let named = with_more(
            &told,
            &[("shown_by", "The mill wrote so on 3 November 2026.")],
        );
        desk.act(&officer, &harm, &named).await;
        let id = case_of(&desk, case.trim_start_matches("/desk/cases/"))
            .await
            .questions[0]
            .question
            .id
            .0
            .clone();
        let weighed = [
            ("questions", id.as_str()),
            ("provision", "FOIA s.43(2)"),
            (
                "for_own",
                "Residents feed the ducks too and compare what they pay.",
            ),
            (
                "against_own",
                "Three mills are asked each spring, and two would know what to beat.",
            ),
            ("maintained", "yes"),
            (
                "conclusion",
                "What is spent in a year tells residents enough about the ducks.",
            ),
        ];
        desk.act(
            &officer,
            &format!("{case}/public-interest/content"),
            &weighed,
        )
        .await;
        let withheld = [
            ("departs", "Other"),
            ("provision", "FOIA s.43(2)"),
            ("likelihood", "would_be_likely_to"),
            (
                "mechanism",
                "The other two mills would offer just below it when the Council buys again.",
            ),
        ];
        desk.act(&officer, &format!("{question}/withheld"), &withheld)
            .await;
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(
            letter.text.contains("section 43(2)")
                && letter
                    .text
                    .contains("outweighs that in disclosing this information. What is spent"),
            "{}",
            letter.text
        );
        assert!(!letter.text.contains("Mend this"), "{}", letter.text);
    });
}

/// A team is asked for a day that can be kept, for what it doesn't have already; and nothing is called late that isn't.
#[test]
fn teams_are_asked_in_time_and_once() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["How many ducks are there?"]).await;
        let path = format!("{case}/task");
        let form = desk.get(&path, Some(&officer)).await;
        assert!(
            form.text.contains("Nobody has an account in:"),
            "{}",
            form.text
        );
        let wanted = form.between(
            "name=\"wanted_on\" type=\"date\" class=\"medium\" value=\"",
            "\"",
        );
        let reference = case.trim_start_matches("/desk/cases/");
        let today = desk.app.today();
        let due_on = case_of(&desk, reference).await.next_due_on().unwrap();
        let wanted: jiff::civil::Date = wanted.parse().unwrap();
        assert!(wanted > today && wanted <= due_on);
        let task = async |day: jiff::civil::Date| {
            let day = day.to_string();
            let fields = [("area", "ict"), ("questions", "q1"), ("wanted_on", &day)];
            desk.post(&path, &fields, Some(&officer)).await
        };
        for (day, words) in [
            (today.yesterday().unwrap(), "has passed"),
            (due_on.tomorrow().unwrap(), "ask for it earlier"),
        ] {
            let refused = task(day).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text.contains(words), "{}", refused.text);
        }
        assert_eq!(task(wanted).await.status, 303);
        let twice = task(wanted).await;
        assert_eq!(twice.status, 422);
        assert!(
            twice.text.contains("with this team already"),
            "{}",
            twice.text
        );
        let late = format!("{case}/late");
        assert_eq!(desk.get(&late, Some(&officer)).await.status, 404);
        assert_eq!(
            desk.post(&late, &[("cause", "read_late")], Some(&officer))
                .await
                .status,
            404
        );

        // Somebody who withdraws was not answered, and there is nothing to review.
        desk.act(
            &officer,
            &format!("{case}/withdraw"),
            &[("received_on", &today.to_string())],
        )
        .await;
        let closed = desk.get("/desk?show=closed", Some(&officer)).await;
        assert!(closed.text.contains("Withdrawn"), "{}", closed.text);
        let history = desk.get(&format!("{case}/history"), Some(&officer)).await;
        assert!(!history.text.contains("Record a request for a review"));
        let asked_for = format!("{case}/review-asked");
        assert_eq!(desk.get(&asked_for, Some(&officer)).await.status, 404);
    });
}

/// Whoever looks at a name is offered the reasons of their own role.
#[test]
fn reasons_for_looking_at_a_name_are_those_of_the_role() {
    run(async {
        let desk = Desk::demo().await;
        let reference = desk.case_named("Cyber incidents").await;
        let path = format!("/desk/cases/{reference}/applicant");
        for (who, expected) in [("tess", 1), ("amina", 5)] {
            let visitor = desk.sign_in(who).await;
            let page = desk.get(&path, Some(&visitor)).await;
            assert_eq!(
                page.text.matches("type=\"radio\" name=\"reason\"").count(),
                expected,
                "{who}: {}",
                page.text
            );
        }
    });
}

#[test]
fn whether_to_say_that_it_is_held_comes_before_any_answer_that_the_policy_covers() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let reference = desk.case_named("Cyber incidents").await;
        let number = case_of(&desk, &reference).await.questions.len();
        let question = format!("/desk/cases/{reference}/questions/{number}");
        let fields = [("answer", "There were 12."), ("departs", "Other")];
        for path in [
            "answer",
            "published",
            "withheld",
            "not-held",
            "over-cost-limit",
            "section-14",
            "decision",
        ] {
            let sent = desk
                .post(&format!("{question}/{path}"), &fields, Some(&officer))
                .await;
            assert_eq!(sent.status, 303, "{path}: {}", sent.text);
            assert_eq!(
                sent.header("location"),
                format!("{question}/confirm-or-deny?because=first")
            );
        }
        let state = case_of(&desk, &reference)
            .await
            .questions
            .last()
            .unwrap()
            .clone();
        assert!(state.decision.is_none() && state.outcome().is_none());
        let first = desk
            .get(
                &format!("{question}/confirm-or-deny?because=first"),
                Some(&officer),
            )
            .await;
        assert!(
            first.text.contains("This comes before any answer"),
            "{}",
            first.text
        );
        desk.act(
            &officer,
            &format!("{question}/confirm-or-deny"),
            &[("outcome", "duty"), ("departs_from", "This one is public.")],
        )
        .await;
        let form = desk
            .get(&format!("{question}/answer"), Some(&officer))
            .await;
        assert_eq!(form.status, 200);
    });
}

#[test]
fn a_team_sees_when_it_answered_and_can_give_a_question_back() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let reference = taken_in(
            &desk,
            "Ponds",
            "1. How many ducks live on the town pond?\n2. Who feeds the swans?",
        )
        .await;
        let case = confirm(&desk, &officer, &reference).await;
        let known = case_of(&desk, &reference).await;
        let ids: Vec<&str> = known
            .questions
            .iter()
            .map(|state| state.question.id.0.as_str())
            .collect();
        let ask = [
            ("area", "ict"),
            ("questions", ids[0]),
            ("questions", ids[1]),
            ("wanted_on", "2026-11-24"),
        ];
        desk.act(&officer, &format!("{case}/task"), &ask).await;
        desk.later(2 * 86_400);
        let officer = desk.sign_in("ben").await;
        let made = desk
            .post(
                &format!("{case}/tasks/link"),
                &[("area", "ict")],
                Some(&officer),
            )
            .await;
        assert!(made.text.contains("1 working day late"), "{}", made.text);
        let team = format!("/team/{}", made.between("/team/", "<"));
        assert!(
            desk.get(&team, None)
                .await
                .text
                .contains("This was wanted by Tuesday 24 November 2026")
        );
        let sent = desk
            .post(
                &team,
                &[
                    ("held_1", "held"),
                    ("found_1", "27 ducks."),
                    ("held_2", "not_ours"),
                ],
                None,
            )
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let again = desk.get(&team, None).await;
        assert!(
            again.text.contains("Sent on 25 November 2026"),
            "{}",
            again.text
        );
        assert!(
            again.text.contains("that it is not with your team"),
            "{}",
            again.text
        );
        assert!(!again.text.contains("27 ducks"), "what was found is sealed");
        let tasks = desk.get(&format!("{case}/tasks"), Some(&officer)).await;
        assert!(
            tasks.text.contains("Not with this team: ask another"),
            "{}",
            tasks.text
        );
        assert!(
            case_of(&desk, &reference)
                .await
                .areas_searching()
                .is_empty()
        );
        // A correction takes the place of what was sent.
        let corrected = desk
            .post(&team, &[("held_1", "held"), ("found_1", "28 ducks.")], None)
            .await;
        assert_eq!(corrected.status, 303, "{}", corrected.text);
        let empty = desk.post(&team, &[], None).await;
        assert_eq!(empty.status, 422);
    });
}

/// No link on the pages of a case leads where whoever reads them may not go.
#[test]
fn links_of_a_case_lead_where_the_reader_may_go() {
    run(async {
        let desk = Desk::demo().await;
        let mut references = Vec::new();
        for subject in [
            "Cyber incidents",
            "Parking bay suspensions",
            "Laptop replacement",
            "Allotments",
            "Heating and buildings",
        ] {
            references.push(desk.case_named(subject).await);
        }
        let baths = desk.case_named("Meetings about the baths").await;
        for who in ["amina", "tess", "colin", "maud", "petra", "ruth"] {
            let visitor = desk.sign_in(who).await;
            // The qualified person reads the case on which they are asked.
            let theirs = match who {
                "maud" => std::slice::from_ref(&baths),
                _ => references.as_slice(),
            };
            for reference in theirs {
                for tab in ["", "/tasks", "/clock", "/history"] {
                    let from = format!("/desk/cases/{reference}{tab}");
                    let page = desk.get(&from, Some(&visitor)).await;
                    assert_eq!(page.status, 200, "{from} as {who}");
                    for link in page.text.split("href=\"").skip(1) {
                        let to = link.split(['"', '#']).next().unwrap().replace("&#38;", "&");
                        if to.starts_with(&format!("/desk/cases/{reference}/")) {
                            let there = desk.get(&to, Some(&visitor)).await;
                            assert_ne!(there.status, 404, "{from} leads {who} to {to}");
                        }
                    }
                }
            }
        }
    });
}

/// Addresses that a page links to, without what only a browser needs.
fn links(text: &str) -> Vec<String> {
    text.split(" href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|to| to.starts_with('/') && !to.starts_with("/assets/"))
        .map(|to| to.replace("&amp;", "&").replace("&#38;", "&"))
        .filter_map(|to| to.split('#').next().map(str::to_owned))
        .collect()
}

/// Everybody's first page is there, and so is every page to which a link leads that they see.
#[test]
fn no_link_that_somebody_is_shown_leads_to_a_page_that_is_not_there() {
    run(async {
        let desk = Desk::demo().await;
        let accounts = desk.app.office.store().accounts().await.unwrap();
        let mut missing = Vec::new();
        for account in accounts {
            let visitor = desk.sign_in(&account.id).await;
            let home = web::session::home_of(&account).to_owned();
            let mut seen = std::collections::BTreeSet::from([home.clone()]);
            let mut waiting = std::collections::VecDeque::from([(home, "home".to_owned())]);
            let mut looked_at = 0;
            while let Some((path, from)) = waiting.pop_front() {
                let answer = desk.get(&path, Some(&visitor)).await;
                if !matches!(answer.status, 200 | 303) {
                    missing.push(format!(
                        "{path} as {}, linked from {from}: {}",
                        account.id, answer.status
                    ));
                }
                looked_at += 1;
                let is_page = answer.header("content-type").starts_with("text/html");
                // Of the public's pages it is enough that they are there.
                if !is_page || !path.starts_with("/desk") || looked_at > 400 {
                    continue;
                }
                for link in links(&answer.text) {
                    // The same list again in another order or filter, and letters whose making takes long.
                    let is_large = link.ends_with(".pdf") || link.ends_with(".docx");
                    if !is_large && seen.len() < 400 && seen.insert(link.clone()) {
                        waiting.push_back((link, path.clone()));
                    }
                }
            }
            assert!(looked_at > 3, "{}: {seen:?}", account.id);
        }
        assert_eq!(missing, Vec::<String>::new());
    });
}

/// A team's contact finds what is asked, answers it signed in, and sees that it is done.
#[test]
fn a_contact_finds_and_answers_what_their_team_is_asked() {
    run(async {
        let desk = Desk::demo().await;
        let gareth = desk.sign_in("gareth").await;
        let list = desk.get("/desk/team", Some(&gareth)).await;
        assert!(list.text.contains("Waiting for you"), "{}", list.text);
        let reference = list.between("href=\"/desk/team/", "\"");
        let path = format!("/desk/team/{reference}");
        let form = desk.get(&path, Some(&gareth)).await;
        let numbers: Vec<String> = form
            .text
            .split("name=\"found_")
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect();
        assert!(!numbers.is_empty(), "{}", form.text);
        let empty = desk.post(&path, &[], Some(&gareth)).await;
        assert_eq!(empty.status, 422);
        let fields: Vec<(String, String)> = numbers
            .iter()
            .flat_map(|number| {
                [
                    (format!("held_{number}"), "held".to_owned()),
                    (format!("found_{number}"), "412 by telephone.".to_owned()),
                ]
            })
            .collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        desk.act(&gareth, &path, &fields).await;
        let list = desk.get("/desk/team", Some(&gareth)).await;
        let done = list.between("You have answered these", "</main>");
        assert!(done.contains(&reference), "{}", list.text);
        // Another team's questions aren't there for them.
        let lena = desk.sign_in("lena").await;
        assert_eq!(desk.get(&path, Some(&lena)).await.status, 404);
    });
}

/// An officer asks the qualified person, who finds it, gives the opinion, and has it off their list.
#[test]
fn an_opinion_is_asked_for_and_given() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let maud = desk.sign_in("maud").await;
        let reference = desk.case_named("Heating and buildings").await;
        let question = format!("/desk/cases/{reference}/questions/1");
        let ask = format!("{question}/seek-opinion");
        let empty = desk.post(&ask, &[], Some(&officer)).await;
        assert_eq!(empty.status, 422, "{}", empty.text);
        let submission = "Section 36(2)(c), because the survey is unfinished.";
        // Who is asked nothing of a case reads nothing of it.
        let tabs = ["", "/clock", "/history", "/tasks", "/letter", "/files"];
        let reads = async |who: &Visitor| {
            let mut statuses = Vec::new();
            for tab in tabs {
                let path = format!("/desk/cases/{reference}{tab}");
                statuses.push(desk.get(&path, Some(who)).await.status);
            }
            statuses
        };
        assert_eq!(reads(&maud).await, [404; 6]);
        desk.act(&officer, &ask, &[("submission", submission)])
            .await;
        let list = desk.get("/desk/opinions", Some(&maud)).await;
        assert!(list.text.contains(submission), "{}", list.text);
        assert_eq!(reads(&maud).await, reads(&officer).await);
        desk.act(
            &maud,
            &format!("{question}/opinion"),
            &[
                ("provision", "FOIA s.36(2)(c)"),
                ("likelihood", "no"),
                (
                    "opinion",
                    "Nothing in it would prejudice the conduct of public affairs.",
                ),
            ],
        )
        .await;
        let list = desk.get("/desk/opinions", Some(&maud)).await;
        assert!(!list.text.contains(submission), "{}", list.text);
    });
}

/// The queue says how many of its own rows are late, names teams and causes, opens a case by its number, and puts what came
/// back from the approver first.
#[test]
fn the_queue_is_about_what_it_lists() {
    run(async {
        let desk = Desk::demo().await;
        let amina = desk.sign_in("amina").await;
        let count = |text: &str| {
            let heads = text.matches("class=\"late\"").count();
            let (_, rest) = text.split_once("<p class=\"soft\">").unwrap();
            let said = rest.split(' ').next().unwrap().to_owned();
            (said, heads.to_string())
        };
        for show in ["mine", "all"] {
            let list = desk.get(&format!("/desk?show={show}"), Some(&amina)).await;
            let (said, listed) = count(&list.text);
            assert_eq!(said, listed, "{show}");
        }
        let mine = desk.get("/desk?show=mine", Some(&amina)).await;
        let first = mine.between("<tr class=\"group\">", "</tbody>");
        assert!(first.contains("Sent back by the approver"), "{first}");
        let sent_back = desk.case_named("Telephone contract").await;
        assert_eq!(
            mine.text.matches(&format!("cases/{sent_back}\"")).count(),
            1
        );
        let number = sent_back.rsplit('-').next().unwrap();
        for words in [
            sent_back.clone(),
            sent_back.to_lowercase(),
            number.to_owned(),
            number.trim_start_matches('0').to_owned(),
        ] {
            let found = desk.get(&format!("/desk?find={words}"), Some(&amina)).await;
            assert_eq!(found.header("location"), format!("/desk/cases/{sent_back}"));
        }
        let teams = desk.get("/desk?show=all&team=repairs", Some(&amina)).await;
        assert!(teams.text.contains("Repairs") && !teams.text.contains("Telephone contract"));
        let closed = desk.get("/desk?show=closed", Some(&amina)).await;
        assert!(closed.text.contains("Answered in full") && closed.text.contains("Published"));
        assert!(!closed.text.contains("no day is running"));
        // Nothing chosen is said to be so, and a view needs a name.
        let bulk = desk
            .post(
                "/desk/bulk",
                &[("do", "assign"), ("officer", "ben")],
                Some(&amina),
            )
            .await;
        assert!(
            bulk.text.contains("<h1>No request is chosen</h1>"),
            "{}",
            bulk.text
        );
        assert!(!bulk.text.contains("They go to"));
        let view = desk
            .post(
                "/desk/views",
                &[("name", " "), ("show", "all")],
                Some(&amina),
            )
            .await;
        assert_eq!(view.status, 422);
        assert!(view.text.contains("Enter a name for this view"));
    });
}

/// What somebody wrote while another changed the case comes back to them, escaped.
#[test]
fn a_conflict_shows_what_was_written() {
    run(async {
        let desk = Desk::demo().await;
        let amina = desk.sign_in("amina").await;
        let reference = desk.case_named("Heating and buildings").await;
        let path = format!("/desk/cases/{reference}/questions/1/answer");
        let answer = desk
            .post(
                &path,
                &[("answer", "61 <b>boilers</b>.\nAll mended."), ("seen", "1")],
                Some(&amina),
            )
            .await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        assert!(
            answer
                .text
                .contains("changed this request while you were writing"),
            "{}",
            answer.text
        );
        assert!(
            answer
                .text
                .contains("61 &#60;b&#62;boilers&#60;/b&#62;.\nAll mended.</textarea>")
                || answer
                    .text
                    .contains("61 &lt;b&gt;boilers&lt;/b&gt;.\nAll mended.</textarea>"),
            "{}",
            answer.text
        );
        assert!(
            !answer
                .text
                .contains(&format!(">{}</textarea>", amina.form_token))
        );
        assert_eq!(faults(&answer.text), Vec::<String>::new());
    });
}

/// A publisher sees what waits, can plan or decline, and is told of personal data in a title.
#[test]
fn publication_is_decided_one_way_or_another() {
    run(async {
        let desk = Desk::demo().await;
        let petra = desk.sign_in("petra").await;
        let list = desk.get("/desk/publications", Some(&petra)).await;
        let reference = list.between("href=\"/desk/cases/", "\"");
        let publish = format!("/desk/cases/{reference}/publish");
        let telling = desk
            .post(
                &publish,
                &[
                    ("when", "now"),
                    ("title", "Answer for Mrs Jane Hollis, 01632 960 555"),
                    ("address", "2026/telling"),
                    ("checked", "yes"),
                ],
                Some(&petra),
            )
            .await;
        assert_eq!(telling.status, 422, "{}", telling.text);
        assert!(telling.text.contains("looks like a telephone number"));
        let without = desk.post(&publish, &[("when", "not")], Some(&petra)).await;
        assert_eq!(without.status, 422);
        let why = "It is about one person's home.";
        desk.act(&petra, &publish, &[("when", "not"), ("reason", why)])
            .await;
        let list = desk.get("/desk/publications", Some(&petra)).await;
        let decided = list.between("Decided: later, or not", "</table>");
        assert!(decided.contains(&reference) && decided.contains("one person"));
        desk.act(
            &petra,
            &publish,
            &[
                ("when", "later"),
                ("on", "2026-12-07"),
                ("title", "Question about one home"),
                ("address", "2026/one-home"),
                ("checked", "yes"),
            ],
        )
        .await;
        let page = desk
            .get(
                &format!("/desk/cases/{reference}/publication"),
                Some(&petra),
            )
            .await;
        assert!(
            page.text.contains("Monday 7 December 2026"),
            "{}",
            page.text
        );
    });
}

/// Reports count what became of proposals, and an auditor reads forms that they can't send.
#[test]
fn reports_count_proposals_and_auditors_read_forms() {
    run(async {
        let desk = Desk::demo().await;
        let ruth = desk.sign_in("ruth").await;
        let reports = desk.get("/desk/reports", Some(&ruth)).await;
        for words in [
            "Why proposals were overruled",
            "Very sure (0.90 and more)",
            "Ordinary answer",
            "Working days in each state",
            "With the approver",
            "Minutes of work on a request",
            "fewer than 10",
            "Answers changed, share",
        ] {
            assert!(reports.text.contains(words), "{words}: {}", reports.text);
        }
        let reference = desk.case_named("Cyber incidents").await;
        for page in [
            "public-interest/content",
            "questions/1/confirm-or-deny",
            "questions/1/neither",
            "cost",
        ] {
            let path = format!("/desk/cases/{reference}/{page}");
            let answer = desk.get(&path, Some(&ruth)).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.text.contains("<fieldset disabled>"), "{path}");
            assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
            assert_eq!(desk.post(&path, &[], Some(&ruth)).await.status, 404);
        }
    });
}

#[test]
fn refusals_and_banners_of_the_desk_are_in_plain_words() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let reference = taken_in(&desk, "Ponds", "1. How many ducks live on the town pond?").await;
        let case = format!("/desk/cases/{reference}");
        let early = desk
            .post(
                &format!("{case}/questions/1/answer"),
                &[("answer", "There are 27."), ("departs", "Other")],
                Some(&officer),
            )
            .await;
        assert_eq!(early.status, 422);
        assert!(
            early.text.contains("You can&#39;t decide whether to say that it is held while the request is new; it can be done while it is: being answered"),
            "{}",
            early.text
        );
        let withdrawn = desk
            .post(
                &format!("{case}/withdraw"),
                &[("received_on", "2026-11-23")],
                Some(&officer),
            )
            .await;
        assert_eq!(withdrawn.status, 303, "{}", withdrawn.text);
        let to = withdrawn.header("location").to_owned();
        let page = desk.get(&to, Some(&officer)).await;
        assert!(
            page.text.contains("The withdrawal is recorded."),
            "{to}: {}",
            page.text
        );
        assert!(!page.text.contains("Your request is withdrawn"));
        // Words that show a proposal are numbered as they stand in the request.
        let cyber = desk.case_named("Cyber incidents").await;
        let page = desk
            .get(&format!("/desk/cases/{cyber}"), Some(&officer))
            .await;
        let request = page.between("<div class=\"request\">", "</div>");
        let numbers: Vec<usize> = request
            .split("<span class=\"mark-number\">[")
            .skip(1)
            .filter_map(|rest| {
                rest.split(']')
                    .next()?
                    .split(',')
                    .next()?
                    .trim()
                    .parse()
                    .ok()
            })
            .collect();
        assert!(numbers.len() > 1 && numbers.is_sorted(), "{numbers:?}");
    });
}

/// A logo that an administrator may choose.
const LOGO: &[u8] = include_bytes!("../../../fixtures/logo.png");

/// A logo is a PNG, and stands on every page of the public.
#[test]
fn a_logo_stands_at_the_top_of_pages() {
    run(async {
        let desk = Desk::demo().await;
        let ivor = desk.sign_in("ivor").await;
        let token = ivor.form_token.clone();
        let fields = [
            ("form_token", token.as_str()),
            ("alt", "Harrowmere \"Council\""),
            ("do", "keep"),
        ];
        let svg = desk
            .upload("/desk/admin/logo", &ivor, &fields, &[("a.svg", b"<svg/>")])
            .await;
        assert_eq!(svg.status, 422);
        assert!(desk.get("/assets/logo.png", None).await.status == 404);
        let mut broken = LOGO.to_vec();
        broken[LOGO.len() / 2] ^= 0xff;
        let refused = desk
            .upload("/desk/admin/logo", &ivor, &fields, &[("a.png", &broken)])
            .await;
        assert_eq!(refused.status, 422);
        let kept = desk
            .upload("/desk/admin/logo", &ivor, &fields, &[("a.png", LOGO)])
            .await;
        assert_eq!(kept.status, 303, "{}", kept.text);
        let home = desk.get("/", None).await;
        assert!(
            home.text.contains("src=\"/assets/logo.png?"),
            "{}",
            home.text
        );
        assert!(!home.text.contains("alt=\"Harrowmere \"Council"));
        let logo = desk.get("/assets/logo.png", None).await;
        assert_eq!(logo.header("content-type"), "image/png");
        assert!(logo.header("cache-control").contains("immutable"));
        assert_eq!(desk.get("/favicon.ico", None).await.status, 200);
    });
}

/// Letters bear the logo of their day; what was sent before or after is as it was sent.
#[test]
fn a_logo_stands_at_the_head_of_letters_until_it_is_taken_away() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let ivor = desk.sign_in("ivor").await;
        let form = async |case: &str, form: &str| {
            let path = format!("{case}/letter/letter.{form}");
            let file = desk.get(&path, Some(&officer)).await;
            assert_eq!(file.status, 200, "{path}: {}", file.text);
            file.text
        };
        let logo = async |todo: &str, picture: &[(&str, &[u8])]| {
            let token = ivor.form_token.clone();
            let fields = [
                ("form_token", token.as_str()),
                ("alt", "Harrowmere <Council>"),
                ("do", todo),
            ];
            let kept = desk
                .upload("/desk/admin/logo", &ivor, &fields, picture)
                .await;
            assert_eq!(kept.status, 303, "{}", kept.text);
        };
        let ready = async |question: &str| {
            let case = asked(&desk, &officer, &[question]).await;
            answered(&desk, &officer, &case, 1, "Nine.").await;
            case
        };
        let early = ready("How many swans are there in the park?").await;
        sent(&desk, &officer, &early).await;
        let sent_early = form(&early, "html").await;
        let case = ready("How many geese are there in the park?").await;
        let (plain, text) = (form(&case, "html").await, form(&case, "txt").await);
        assert!(!plain.contains("<img"), "{plain}");
        logo("keep", &[("a.png", LOGO)]).await;
        let headed = form(&case, "html").await;
        assert!(
            headed.contains("<header><img src=\"data:image/png;base64,")
                && headed.contains("alt=\"Harrowmere &lt;Council&gt;\""),
            "{headed}"
        );
        assert!(form(&case, "docx").await.contains("word/media/logo.png"));
        assert!(form(&case, "pdf").await.starts_with("%PDF"));
        assert_eq!(form(&case, "txt").await, text);
        // The page shows the words, and its own rules let no picture stand in it that isn't a file of ours.
        let page = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(page.text.contains("Nine.") && !page.text.contains("data:"));
        sent(&desk, &officer, &case).await;
        assert_eq!(form(&case, "html").await, headed);
        let page = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(page.text.contains("Nine.") && !page.text.contains("data:"));
        logo("out", &[]).await;
        assert_eq!(form(&case, "html").await, headed);
        assert_eq!(form(&early, "html").await, sent_early);
        let later = ready("How many herons are there in the park?").await;
        assert!(!form(&later, "html").await.contains("<img"));
    });
}

/// The list of new requests says which ask what was asked before.
#[test]
fn a_new_request_that_repeats_another_says_so() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let text = "1. How many swans nest on the boating lake?\n2. Who feeds the swans on the boating lake in winter?\n\
                    3. What does the feed for the swans cost in a year?";
        let first = taken_in(&desk, "Swans", text).await;
        let second = taken_in(
            &desk,
            "Our swans",
            &format!("Dear all,\n\n{text}\n\nThank you"),
        )
        .await;
        taken_in(
            &desk,
            "Kites",
            "How many kites were lost on the common last year?",
        )
        .await;
        desk.app.office.follow().await.unwrap();
        let list = desk.get("/desk/new", Some(&officer)).await;
        for (one, other) in [(&first, &second), (&second, &first)] {
            let row = list
                .text
                .split("<tr data-item>")
                .find(|row| row.contains(&format!("cases/{one}\">")));
            let row = row.unwrap();
            assert!(
                row.contains("Asks the same 3 questions as")
                    && row.contains(&format!("href=\"/desk/cases/{other}\"")),
                "{row}"
            );
        }
        let kites = list
            .text
            .split("<tr data-item>")
            .find(|row| row.contains("Kites"))
            .unwrap();
        assert!(
            !kites.contains("same") && !kites.contains("those of"),
            "{kites}"
        );
    });
}

/// A feed or table of a list holds what the list holds, and says which list it is.
#[test]
fn feeds_and_the_table_follow_a_list() {
    run(async {
        let desk = Desk::demo().await;
        let entries = |text: &str| text.matches("<entry>").count();
        let all = desk.get("/disclosure-log/feed.atom", None).await;
        let page = desk
            .get("/disclosure-log?outcome=refused_in_full", None)
            .await;
        let listed = page.text.matches("<h2><a href=\"/disclosure-log/").count();
        assert!(
            page.text
                .contains("href=\"/disclosure-log/feed.atom?outcome=refused_in_full\""),
            "{}",
            page.text
        );
        let refused = "/disclosure-log/feed.atom?outcome=refused_in_full";
        let refused = desk.get(refused, None).await;
        assert_eq!(entries(&refused.text), listed);
        assert!(entries(&all.text) > listed);
        assert!(
            refused
                .text
                .contains("/disclosure-log?outcome=refused_in_full</id>"),
            "{}",
            refused.text
        );
        let found = desk
            .get(
                "/disclosure-log/feed.json?find=laptops&subject=hardware",
                None,
            )
            .await;
        assert!(
            found
                .text
                .contains("/disclosure-log/feed.json?find=laptops&subject=hardware\""),
            "{}",
            found.text
        );
        let nothing = desk
            .get("/disclosure-log/log.csv?find=zeppelins", None)
            .await;
        assert_eq!(nothing.text.lines().count(), 1, "{}", nothing.text);
    });
}

/// Whoever administers sees which days don't count, what comes of it, and which team has nobody.
#[test]
fn the_calendar_counts_and_the_teams_show_who_answers() {
    run(async {
        let desk = Desk::demo().await;
        let administrator = desk.sign_in("ivor").await;
        let path = "/desk/admin/calendar?received=2026-11-02";
        let page = desk.get(path, Some(&administrator)).await;
        // FOIA s.10(6): a bank holiday in Scotland alone doesn't count either.
        assert!(
            page.text.contains("Monday 30 November 2026")
                && page.text.contains("Due Tuesday 1 December 2026."),
            "{}",
            page.text
        );
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for (received, expected) in [
            ("soon", "Enter a day, like 2026-11-23"),
            ("9999-01-01", "bank holiday"),
        ] {
            let path = format!("/desk/admin/calendar?received={received}");
            let wrong = desk.get(&path, Some(&administrator)).await;
            assert!(wrong.text.contains(expected), "{}", wrong.text);
        }
        let teams = desk.get("/desk/admin/teams", Some(&administrator)).await;
        assert!(
            teams.text.contains("Gareth") && teams.text.contains("Nobody"),
            "{}",
            teams.text
        );
        assert_eq!(faults(&teams.text), Vec::<String>::new());
    });
}
