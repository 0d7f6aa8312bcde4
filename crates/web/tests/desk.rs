//! What the desk keeps to itself, shows before it is sent, and says of what is not finished.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use casework::case::WaitingFor;
use casework::event::{Channel, Event};
use common::*;
use web::words::Catalogue;

/// A letter that its writer signed, taken in by hand.
const LETTER: &str = "Dear Council,\n\nMy name is Oriel Quarles and I walk past the pond.\n\n1. How many ducks are there?\n2. Did you, when Ms Quarles rang, count them?\n\nYours faithfully,\nOriel Quarles\n3 Sluice Lane\nHarrowmere\noriel@post.example";

async fn taken_in(desk: &Desk) -> String {
    written(desk, LETTER).await
}

/// A new letter, by its reference.
async fn written(desk: &Desk, text: &str) -> String {
    let message = office::Message {
        channel: Channel::Post,
        subject: "Ducks",
        text,
        applicant: Some(office::NewApplicant {
            name: "Oriel Quarles",
            contact: "3 Sluice Lane\nHarrowmere\nHM1 2AB",
        }),
        received_at: desk.clock.now(),
        once: None,
        reference: None,
        attachments: &[],
    };
    let by = casework::role::Actor::candour();
    desk.app
        .office
        .take_in(&by, &message)
        .await
        .unwrap()
        .reference
}

/// What a request's own words say of who asked is shown to nobody without a look that is recorded, and nothing that is
/// written down changes by that.
#[test]
fn nobody_reads_who_asked_in_the_words_of_a_request() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let reference = taken_in(&desk).await;
        let case = format!("/desk/cases/{reference}");
        let hidden = ["Quarles", "Oriel", "Sluice", "oriel@"];
        let shown = async |who: &Visitor, path: &str| {
            let page = desk.get(path, Some(who)).await;
            assert_eq!(page.status, 200, "{path}");
            for words in hidden {
                assert!(
                    !page.text.contains(words),
                    "{words} on {path}: {}",
                    page.text
                );
            }
            page.text
        };
        let page = shown(&officer, &case).await;
        assert!(
            page.contains("How many ducks are there?") && page.contains("I walk past the pond")
        );
        assert!(page.contains("Stars stand where"), "{page}");
        shown(&officer, &format!("{case}/questions")).await;

        // The first question is split where nobody is named, and the second stays as it was shown.
        let starred = page_text(&desk, &officer, &case, 2).await;
        assert!(starred.contains("******"), "{starred}");
        desk.act(
            &officer,
            &format!("{case}/questions"),
            &[
                ("regime", "foi"),
                ("keep_1", "keep"),
                ("text_1", "How many ducks are there?"),
                ("keep_2", "keep"),
                ("text_2", &starred),
                ("aside", ""),
            ],
        )
        .await;
        let kept = case_of(&desk, &reference).await;
        assert_eq!(
            kept.questions[1].question.text,
            "Did you, when Ms Quarles rang, count them?"
        );
        let words = &kept.receipt.text[kept.questions[1].question.span.0..][..7];
        assert_eq!(words, "Did you");

        let task = format!("{case}/task");
        desk.act(
            &officer,
            &task,
            &[
                ("area", "repairs"),
                ("questions", "q2"),
                ("wanted_on", "2026-12-01"),
            ],
        )
        .await;
        for path in ["/tasks", "/history", "/questions/2/decision", "/clock"] {
            shown(&officer, &format!("{case}{path}")).await;
        }
        desk.app.office.follow().await.unwrap();
        let found = desk
            .get("/desk?find=Quarles&show=all", Some(&officer))
            .await;
        assert!(
            found.text.contains("No requests match"),
            "found by a name: {}",
            found.text
        );
        let contact = desk.sign_in("gareth").await;
        shown(&contact, "/desk/team").await;
        let theirs = shown(&contact, &format!("/desk/team/{reference}")).await;
        assert!(theirs.contains("Did you, when ** ******* rang"), "{theirs}");

        // Nor where a request like it is shown beside it.
        let like = "1. How many ducks are there?\n2. Did you, when they rang, count them?";
        let like = common::taken_in(&desk, "More ducks", like).await;
        desk.app.office.follow().await.unwrap();
        let beside = shown(&officer, &format!("/desk/cases/{like}")).await;
        assert!(beside.contains(&format!("Open {reference}")), "{beside}");
        // What only shares a word with it is not like it.
        let other = "1. How many allotment plots are there?";
        let other = common::taken_in(&desk, "Plots", other).await;
        desk.app.office.follow().await.unwrap();
        let beside = shown(&officer, &format!("/desk/cases/{other}")).await;
        assert!(!beside.contains(&format!("Open {reference}")), "{beside}");

        let path = format!("{case}/applicant");
        let look = desk
            .post(&path, &[("reason", "validity")], Some(&officer))
            .await;
        for words in [
            "Oriel Quarles",
            "3 Sluice Lane",
            "oriel@post.example",
            "Ms Quarles rang",
        ] {
            assert!(look.text.contains(words), "{words}: {}", look.text);
        }
        let history = desk.app.office.history(&kept.id).await.unwrap();
        let looks = history
            .iter()
            .filter_map(|stored| stored.recorded().unwrap().event)
            .filter(|event| matches!(event, Event::ApplicantShown(_)))
            .count();
        assert_eq!(looks, 1);
    });
}

/// A question as its text stands in the form.
async fn page_text(desk: &Desk, officer: &Visitor, case: &str, number: usize) -> String {
    let form = desk.get(&format!("{case}/questions"), Some(officer)).await;
    let area = form.between(&format!("name=\"text_{number}\""), "</textarea>");
    area.split_once('>').unwrap().1.to_owned()
}

/// A clarification is read as the mail that it will be before it is asked; late in the time for the answer, the officer is
/// told that asking may not stop the clock.
#[test]
fn a_mail_is_read_before_it_is_sent() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["How many ducks are on it?"]).await;
        let reference = case.trim_start_matches("/desk/cases/").to_owned();
        let path = format!("{case}/clarification");
        let form = desk.get(&path, Some(&officer)).await;
        assert!(form.text.contains("See the mail first"), "{}", form.text);
        assert!(!form.text.contains("does not restart the clock"));
        let asks = [
            ("questions", "q1"),
            (
                "wording",
                "Do you ask about the mill pond or the town pond?",
            ),
            ("sought_on", "2026-11-23"),
        ];
        let mail = desk
            .post(
                &path,
                &with_more(&asks, &[("do", "preview")]),
                Some(&officer),
            )
            .await;
        for words in [
            "What the person will get",
            "Nothing has been sent yet.",
            &reference,
            "How many ducks are on it?",
        ] {
            assert!(mail.text.contains(words), "{words}: {}", mail.text);
        }
        assert!(
            mail.text.matches("the town pond").count() >= 2,
            "{}",
            mail.text
        );
        let before = case_of(&desk, &reference).await;
        assert!(before.questions[0].waiting_since.is_none());
        let empty = desk
            .post(
                &path,
                &[("do", "preview"), ("sought_on", "2026-11-23")],
                Some(&officer),
            )
            .await;
        assert_eq!(empty.status, 422);
        assert!(
            !empty.text.contains("What the person will get"),
            "{}",
            empty.text
        );

        // 23 working days on it is late.
        desk.later(60 * 60 * 24 * 21);
        let officer = desk.sign_in("ben").await;
        let late = desk.get(&path, Some(&officer)).await;
        assert!(
            late.text.contains("This is working day 14."),
            "{}",
            late.text
        );
        desk.act(
            &officer,
            &path,
            &[asks[0], asks[1], ("sought_on", "2026-12-14")],
        )
        .await;
        let after = case_of(&desk, &reference).await;
        assert!(after.questions[0].waiting_since.is_some());
    });
}

/// A team that still looks keeps an officer waiting only where nothing else is to do, and a letter that goes without it says
/// why.
#[test]
fn what_a_team_has_not_finished_is_known_at_the_letter() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let questions = ["How many ducks are there?", "What do they eat in winter?"];
        let case = asked(&desk, &officer, &questions).await;
        let reference = case.trim_start_matches("/desk/cases/");
        let ask = async |question: &str| {
            let fields = [
                ("area", "ict"),
                ("questions", question),
                ("wanted_on", "2026-12-01"),
            ];
            desk.act(&officer, &format!("{case}/task"), &fields).await;
            case_of(&desk, reference).await.waiting_for()
        };
        assert_eq!(ask("q1").await, WaitingFor::Officer);
        assert_eq!(ask("q2").await, WaitingFor::Area);
        for number in [1, 2] {
            let path = format!("{case}/questions/{number}/answer");
            desk.act(&officer, &path, &[("answer", "Forty, and oats.")])
                .await;
        }
        assert_eq!(
            case_of(&desk, reference).await.waiting_for(),
            WaitingFor::Officer
        );
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(
            letter.text.contains("ict was asked and has not finished"),
            "{}",
            letter.text
        );
        let path = format!("{case}/letter");
        let open = desk.post(&path, &[("do", "send")], Some(&officer)).await;
        assert_ne!(open.status, 303, "{}", open.text);
        let kept = [
            ("do", "send"),
            (
                "keep-letter.search_unfinished",
                "The keeper told us on the telephone.",
            ),
        ];
        desk.act(&officer, &path, &kept).await;
    });
}

/// What would follow is said without being recorded; the history shows one kind of entries by itself; and whoever has no
/// queue is led to their own page.
#[test]
fn pages_answer_what_is_asked_of_them() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["How many ducks are there?"]).await;
        let clock = format!("{case}/clock");
        let what_if = "what=clarification&asked_on=2026-11-24&came_on=2026-12-01";
        let page = desk
            .get(&format!("{clock}?{what_if}"), Some(&officer))
            .await;
        // The 20th working day after 1 December 2026, without Christmas Day and the Monday for Boxing Day.
        assert!(
            page.text.contains("would be due Thursday 31 December 2026"),
            "{}",
            page.text
        );
        let wrong = "what=&asked_on=2026-11-24&came_on=2026-11-20";
        let page = desk.get(&format!("{clock}?{wrong}"), Some(&officer)).await;
        for words in ["Choose what to suppose", "not before it is asked for"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        assert!(!page.text.contains("would be due"));

        let history = format!("{case}/history");
        let all = desk.get(&history, Some(&officer)).await;
        assert!(all.text.contains("Given to") && all.text.contains("Questions confirmed"));
        let work = desk
            .get(&format!("{history}?kind=work"), Some(&officer))
            .await;
        assert!(work.text.contains("Given to") && !work.text.contains("Questions confirmed"));

        for (who, home) in [("lena", "/desk/harm"), ("gareth", "/desk/team")] {
            let visitor = desk.sign_in(who).await;
            let answer = desk.get("/desk", Some(&visitor)).await;
            assert_eq!((answer.status, answer.header("location")), (303, home));
        }
    });
}

/// Somebody's own data and environmental information are other laws' matters: the form begins with the provision and the day.
#[test]
fn another_law_is_named_with_its_day() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(
            &desk,
            &officer,
            &["What do you hold about me and my ducks?"],
        )
        .await;
        let decision = format!("{case}/questions/1/decision");
        let sent = desk
            .post(&decision, &[("kind", "own-data")], Some(&officer))
            .await;
        let form = desk.get(sent.header("location"), Some(&officer)).await;
        assert!(
            form.text.contains("value=\"FOIA s.40(1)\"")
                && form.text.contains("answer it by 23 December 2026"),
            "{}",
            form.text
        );
        let reason = form.between("name=\"mechanism\"", "</textarea>");
        let reason = reason.split_once('>').unwrap().1.to_owned();
        desk.act(
            &officer,
            &format!("{case}/questions/1/withheld"),
            &[
                ("departs", "Other"),
                ("provision", "FOIA s.40(1)"),
                ("mechanism", &reason),
            ],
        )
        .await;
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(
            letter
                .text
                .contains("subject access request under Article 15"),
            "{}",
            letter.text
        );
        // Nothing is said under the Act of whether it is held.
        assert!(
            letter.text.contains("section 40(5A)") && !letter.text.contains("We hold this"),
            "{}",
            letter.text
        );
    });
}

/// Words that a person adds as a question are read where they stand, so that they get a proposal with its reason.
#[test]
fn a_missed_question_gets_a_proposal() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let text = "Firewalls are on my mind. The make and model of them.\n\n1. How many ducks are there?\n";
        let message = office::Message {
            channel: Channel::Email,
            subject: "A request",
            text,
            applicant: Some(office::NewApplicant {
                name: "Sam Duckworth",
                contact: "sam@example.org",
            }),
            received_at: desk.clock.now(),
            once: None,
            reference: None,
            attachments: &[],
        };
        let by = casework::role::Actor::candour();
        let taken = desk.app.office.take_in(&by, &message).await.unwrap();
        let case = format!("/desk/cases/{}", taken.reference);
        desk.act(
            &officer,
            &format!("{case}/questions"),
            &[
                ("regime", "foi"),
                ("keep_1", "keep"),
                ("text_1", "How many ducks are there?"),
                ("more", "The make and model of them."),
            ],
        )
        .await;
        let kept = case_of(&desk, &taken.reference).await;
        let added = kept
            .questions
            .iter()
            .find(|state| state.question.text.starts_with("The make"))
            .unwrap();
        let proposal = added.question.proposal.as_ref().expect("a proposal");
        assert!(!proposal.because.is_empty());
        for evidence in &proposal.evidence {
            assert!(text.get(evidence.span.0..evidence.span.1).is_some());
        }
    });
}

/// Pages are in the language of their catalogue, and what it lacks stays English.
#[test]
fn pages_speak_the_language_of_their_catalogue() {
    run(async {
        let said = [
            (
                "Anyone can ask, from anywhere. You do not have to say why.",
                "Gall unrhyw un ofyn.",
            ),
            ("The request", "Y cais"),
            ("Received {0}", "Derbyniwyd {0}"),
            ("Nov", "Tach"),
        ];
        let words = said.map(|(english, welsh)| (english.to_owned(), welsh.to_owned()));
        let words = Catalogue::new("cy", words.into());
        let desk = Desk::speaking(web::Settings::default(), words).await;
        let home = desk.get("/", None).await;
        assert!(home.text.contains("<html lang=\"cy\""), "{}", home.text);
        assert!(home.text.contains("Gall unrhyw un ofyn."), "{}", home.text);
        assert!(!home.text.contains("Anyone can ask"), "{}", home.text);
        assert!(home.text.contains("Look at answers we have published"));
        let officer = desk.sign_in("ben").await;
        let reference = desk.case_named("Cyber incidents").await;
        let case = desk
            .get(&format!("/desk/cases/{reference}"), Some(&officer))
            .await;
        assert!(case.text.contains("Y cais</h2>"), "{}", case.text);
        assert!(case.text.contains("Derbyniwyd "), "{}", case.text);
        assert!(case.text.contains(" Tach</li>"), "{}", case.text);
    });
}

/// An answer that nothing is held says where it was looked for, and the letter until when a review can be asked for.
#[test]
fn what_is_not_held_says_where_it_was_looked_for() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["How many ducks are there?"]).await;
        desk.repairs_find_nothing(&officer, &case, "Nobody here counts ducks.")
            .await;
        let path = format!("{case}/questions/1/not-held");
        let form = desk.get(&path, Some(&officer)).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let begun = "We looked in the records of our repairs team.";
        assert!(
            form.text.to_lowercase().contains(&begun.to_lowercase()),
            "{}",
            form.text
        );
        assert!(!form.text.contains("counts ducks"));
        let silent = desk.post(&path, &[("looked", "")], Some(&officer)).await;
        assert_eq!(silent.status, 422);
        assert!(
            silent.text.contains("Say where we looked"),
            "{}",
            silent.text
        );
        let looked = "We asked the parks and ICT teams. The pond trust may count them.";
        desk.act(&officer, &path, &[("looked", looked)]).await;
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        for words in [looked, "until 25 January 2027"] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        let again = desk.get(&path, Some(&officer)).await;
        assert!(again.text.contains(looked), "{}", again.text);
    });
}

/// What the policy points to is offered for what the policy is about, and for nothing else.
#[test]
fn the_register_is_offered_only_for_what_it_may_answer() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let pages = async |questions: &[&str]| {
            let case = asked(&desk, &officer, questions).await;
            let number = questions.len();
            let page = desk.get(&case, Some(&officer)).await.text;
            let form = format!("{case}/questions/{number}/published");
            let form = desk.get(&form, Some(&officer)).await.text;
            let name = "Contracts Register";
            (
                page.to_lowercase()
                    .contains("<h2>already published</h2><ul><li>")
                    && page.to_lowercase().contains(&name.to_lowercase()),
                form.to_lowercase().contains(&name.to_lowercase()),
            )
        };
        assert_eq!(
            pages(&["How many trees were felled in the park?"]).await,
            (false, false)
        );
        let contract =
            "Who is the supplier of your payroll software, and when does the contract end?";
        assert_eq!(pages(&[contract]).await, (true, true));
    });
}

/// What is published is held against what the policy protects and what others were refused, and says why it goes all the same.
#[test]
fn an_answer_that_gives_something_away_is_published_with_a_reason() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let publisher = desk.sign_in("petra").await;
        let question = ["How many laptops does the council have?"];
        let duty = [("outcome", "duty")];
        let refused = asked(&desk, &officer, &question).await;
        desk.repairs_find_nothing(&officer, &refused, "No list of laptops.")
            .await;
        let first = format!("{refused}/questions/1");
        desk.act(&officer, &format!("{first}/confirm-or-deny"), &duty)
            .await;
        let looked = [
            ("looked", "We looked in the records of our repairs team."),
            ("departs", "Other"),
        ];
        desk.act(&officer, &format!("{first}/not-held"), &looked)
            .await;
        sent(&desk, &officer, &refused).await;

        let again = ["How many laptops do your staff use?"];
        let case = asked(&desk, &officer, &again).await;
        let second = format!("{case}/questions/1");
        desk.act(&officer, &format!("{second}/confirm-or-deny"), &duty)
            .await;
        let answer = [
            ("answer", "We have 1,200 laptops made by Dell."),
            ("departs", "Other"),
        ];
        desk.act(&officer, &format!("{second}/answer"), &answer)
            .await;
        sent(&desk, &officer, &case).await;

        let path = format!("{case}/publish");
        let form = desk.get(&path, Some(&publisher)).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let earlier = refused.trim_start_matches("/desk/cases/");
        for words in [
            "What this would give away",
            "the number of devices",
            earlier,
        ] {
            assert!(form.text.contains(words), "{words}: {}", form.text);
        }
        let choice = [
            ("when", "now"),
            ("title", "Laptops"),
            ("address", "2026/laptops"),
            ("checked", "yes"),
        ];
        for reason in ["", "x"] {
            let fields = with_more(&choice, &[("despite", reason)]);
            let silent = desk.post(&path, &fields, Some(&publisher)).await;
            assert_eq!(silent.status, 422);
            assert!(
                silent
                    .text
                    .contains("Say in a sentence why it is published all the same"),
                "{}",
                silent.text
            );
        }
        let reason = "Every council has laptops, and their number helps nobody to break in.";
        let fields = with_more(&choice, &[("despite", reason)]);
        desk.act(&publisher, &path, &fields).await;
        let entry = desk.get("/disclosure-log/2026/laptops", None).await;
        assert!(entry.text.contains("1,200 laptops"), "{}", entry.text);
        assert!(!entry.text.contains("helps nobody"));
        let history = desk.get(&format!("{case}/history"), Some(&officer)).await;
        assert!(history.text.contains(reason), "{}", history.text);

        // Ducks give nothing away, and nobody is asked for a reason.
        let ducks = asked(&desk, &officer, &["How many ducks are there?"]).await;
        answered(&desk, &officer, &ducks, 1, "Forty.").await;
        sent(&desk, &officer, &ducks).await;
        let path = format!("{ducks}/publish");
        let form = desk.get(&path, Some(&publisher)).await;
        assert!(!form.text.contains("despite"), "{}", form.text);
    });
}

/// Whoever asked is not content with the answer and says so.
async fn review_asked(desk: &Desk, officer: &Visitor, case: &str, text: &str) {
    let review = [("text", text), ("received_on", "2026-11-23")];
    desk.act(officer, &format!("{case}/review-asked"), &review)
        .await;
}

/// A review is its reviewer's, who is chosen first; and closing says until when one can be asked for.
#[test]
fn a_review_is_given_to_somebody_before_it_is_decided() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["How many ducks are there?"]).await;
        answered(&desk, &officer, &case, 1, "Forty.").await;
        sent(&desk, &officer, &case).await;
        let close = desk.get(&format!("{case}/close"), Some(&officer)).await;
        assert!(
            close.text.contains("until Monday 25 January 2027"),
            "{}",
            close.text
        );
        review_asked(&desk, &officer, &case, "I counted fifty.").await;
        let other = desk.sign_in("amina").await;
        let path = format!("{case}/review");
        let page = desk.get(&path, Some(&other)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        assert!(page.text.contains("Nobody has been given this review"));
        assert!(!page.text.contains("outcome_1"), "{}", page.text);
        let decided = [
            ("outcome_1", "upheld"),
            (
                "reason_1",
                "We counted the ducks again with a keeper on Monday.",
            ),
        ];
        let early = desk.post(&path, &decided, Some(&other)).await;
        assert_eq!(early.status, 422);
        let chosen = [("officer", "amina")];
        desk.act(&other, &format!("{case}/owner"), &chosen).await;
        let page = desk.get(&path, Some(&other)).await;
        assert!(page.text.contains("outcome_1"), "{}", page.text);
    });
}

/// A reviewer opens what was found with their own key and may find that it is not held, once somebody searched.
#[test]
fn a_review_may_find_that_it_is_not_held() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let reviewer = desk.sign_in("amina").await;
        let chosen = [("officer", "amina")];
        let decided = [
            ("outcome_1", "not-held"),
            (
                "reason_1",
                "The parks team looked through each log once more; there is no count.",
            ),
            ("lesson_1", "search"),
        ];
        for (question, searches) in [
            ("How many ducks are there?", true),
            ("How many geese are there?", false),
        ] {
            let case = asked(&desk, &officer, &[question]).await;
            if searches {
                desk.repairs_find_nothing(&officer, &case, "Nobody counts them.")
                    .await;
            }
            answered(&desk, &officer, &case, 1, "Forty.").await;
            sent(&desk, &officer, &case).await;
            review_asked(&desk, &officer, &case, "Show me the count.").await;
            desk.act(&reviewer, &format!("{case}/owner"), &chosen).await;
            let path = format!("{case}/review");
            let page = desk.get(&path, Some(&reviewer)).await;
            assert_eq!(faults(&page.text), Vec::<String>::new());
            let holding = format!("{case}/questions/1/holding");
            assert_eq!(page.text.contains(&holding), searches, "{}", page.text);
            let reason = [("reason", "To review the answer")];
            let opened = desk.post(&holding, &reason, Some(&reviewer)).await;
            assert_eq!(opened.text.contains("Nobody counts them."), searches);
            let answered = desk
                .post(
                    &path,
                    &with_more(&decided, &[("answer_1", "None.")]),
                    Some(&reviewer),
                )
                .await;
            assert_eq!(answered.status, 422);
            let letter = desk.post(&path, &decided, Some(&reviewer)).await;
            assert_eq!(letter.status, 200, "{}", letter.text);
            let send = with_more(&decided, &[("do", "send")]);
            let done = desk.post(&path, &send, Some(&reviewer)).await;
            if searches {
                assert_eq!(done.status, 303, "{}", done.text);
                let sent = desk.get(&format!("{case}/letter"), Some(&officer)).await;
                assert!(sent.text.contains("We do not hold this"), "{}", sent.text);
            } else {
                assert_eq!(done.status, 422);
                assert!(done.text.contains("finished a search"), "{}", done.text);
            }
        }
    });
}

/// A review may refuse under another exemption, with its harm and both sides of the public interest weighed afresh.
#[test]
fn a_review_may_refuse_under_another_exemption() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let reviewer = desk.sign_in("amina").await;
        let case = asked(&desk, &officer, &["Which gates of the park have no lock?"]).await;
        answered(&desk, &officer, &case, 1, "We publish no list of gates.").await;
        sent(&desk, &officer, &case).await;
        review_asked(&desk, &officer, &case, "Name them.").await;
        desk.act(&reviewer, &format!("{case}/owner"), &[("officer", "amina")])
            .await;
        let path = format!("{case}/review");
        let refused = [
            ("outcome_1", "refused"),
            (
                "reason_1",
                "We asked the park keepers again what such a list would tell a thief.",
            ),
            ("lesson_1", "reasons"),
            ("provision_1", "FOIA s.31(1)(a)"),
            (
                "mechanism_1",
                "A thief could choose the gate that nobody locks and take the tools of the keepers.",
            ),
        ];
        let bare = desk.post(&path, &refused, Some(&reviewer)).await;
        assert_eq!(bare.status, 422);
        for words in [
            "give a reason for giving it",
            "give a reason for withholding it",
            "outweigh the others",
        ] {
            assert!(bare.text.contains(words), "{words}: {}", bare.text);
        }
        let weighed = with_more(
            &refused,
            &[
                ("likelihood_1", "would_be_likely_to"),
                (
                    "favouring_1",
                    "Neighbours want to know which gates are safe at night.",
                ),
                (
                    "against_1",
                    "Tools were taken from two parks this year.\nThe list helps few others.",
                ),
                (
                    "balance_1",
                    "The theft of tools costs the park more than the list would help anybody.",
                ),
            ],
        );
        let letter = desk.post(&path, &weighed, Some(&reviewer)).await;
        assert_eq!(letter.status, 200, "{}", letter.text);
        for words in [
            "31(1)(a)",
            "the gate that nobody locks",
            "Tools were taken from two parks",
        ] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        let send = with_more(&weighed, &[("do", "send")]);
        let done = desk.post(&path, &send, Some(&reviewer)).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let sent = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        assert!(
            sent.text.contains("the gate that nobody locks"),
            "{}",
            sent.text
        );
    });
}

/// A team sends files for an answer once nothing is under seal: by its link or signed in, and not before.
#[test]
fn a_team_sends_files_once_its_answer_was_opened() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let nobody = Visitor {
            cookie: String::new(),
            form_token: String::new(),
        };
        let questions = ["How many ducks are there?", "What do they eat in winter?"];
        let case = asked(&desk, &officer, &questions).await;
        let reference = case.trim_start_matches("/desk/cases/");
        let task = [
            ("area", "repairs"),
            ("questions", "q1"),
            ("questions", "q2"),
            ("wanted_on", "2026-12-01"),
        ];
        desk.act(&officer, &format!("{case}/task"), &task).await;
        let made = desk
            .post(
                &format!("{case}/tasks/link"),
                &[("area", "repairs")],
                Some(&officer),
            )
            .await;
        let link = format!("/team/{}", made.between("/team/", "<"));
        let contact = desk.sign_in("gareth").await;
        let theirs = format!("/desk/team/{reference}");
        let found = [
            ("held_1", "held"),
            ("found_1", "A count of each pond, in a sheet."),
            ("held_2", "held"),
            ("found_2", "Oats."),
        ];
        desk.act(&contact, &theirs, &found).await;
        let files: [(&str, &[u8]); 1] = [("ducks.csv", b"Pond,Ducks\nTown,40\n")];
        let none = [("form_token", "")];
        // Nothing is taken while what was found is sealed.
        for path in [format!("{theirs}/files/1"), format!("{link}/files/1")] {
            assert_eq!(desk.get(&path, Some(&contact)).await.status, 404);
        }
        let early = desk
            .upload(&format!("{link}/files/1"), &nobody, &none, &files)
            .await;
        assert_eq!(early.status, 404);
        let confirmed = [("question", "1"), ("question", "2")];
        desk.act(&officer, &format!("{case}/confirm"), &confirmed)
            .await;
        let still = desk.get(&format!("{theirs}/files/1"), Some(&contact)).await;
        assert_eq!(still.status, 404);
        let reason = [("reason", "To answer")];
        let holding = format!("{case}/questions/1/holding");
        let opened = desk.post(&holding, &reason, Some(&officer)).await;
        assert!(opened.text.contains("A count of each pond"));

        let page = desk.get(&theirs, Some(&contact)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        assert!(
            page.text.contains("Send files for question 1"),
            "{}",
            page.text
        );
        assert!(!page.text.contains("Send files for question 2"));
        let path = format!("{link}/files/1");
        let form = desk.get(&path, None).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let nothing = desk.upload(&path, &nobody, &none, &[]).await;
        assert_eq!(nothing.status, 422);
        assert!(nothing.text.contains("Choose a file to send"));
        let sent = desk.upload(&path, &nobody, &none, &files).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let form = desk.get(&format!("{theirs}/files/1"), Some(&contact)).await;
        assert!(form.text.contains("ducks.csv"), "{}", form.text);

        // The officer looks at it, answers, and gives it with one press.
        let shown = desk.get(&case, Some(&officer)).await;
        assert!(shown.text.contains("ducks.csv") && shown.text.contains("Repairs"));
        let file = format!("{case}/questions/1/sent/ducks.csv");
        let read = desk.get(&file, Some(&officer)).await;
        assert_eq!(read.text, "Pond,Ducks\nTown,40\n");
        let publisher = desk.sign_in("petra").await;
        assert_eq!(desk.get(&file, Some(&publisher)).await.status, 404);
        let shown = desk.get(&case, Some(&publisher)).await;
        assert!(!shown.text.contains("ducks.csv"), "{}", shown.text);
        for (number, answer) in [(1, "As in the file."), (2, "Oats.")] {
            let path = format!("{case}/questions/{number}/answer");
            desk.act(&officer, &path, &[("answer", answer)]).await;
        }
        let files = format!("{case}/questions/1/files");
        let page = desk.get(&files, Some(&officer)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        assert!(page.text.contains("Sent by teams"), "{}", page.text);
        let take = [
            ("form_token", officer.form_token.as_str()),
            ("take", "ducks.csv"),
        ];
        let taken = desk.upload(&files, &officer, &take, &[]).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let page = desk.get(&files, Some(&officer)).await;
        assert!(!page.text.contains("Sent by teams"), "{}", page.text);
        sent_with(&desk, &officer, &case).await;
        // What has left takes no more.
        let late = desk.get(&format!("{theirs}/files/1"), Some(&contact)).await;
        assert_eq!(late.status, 404);
    });
}

/// The letter leaves with the file.
async fn sent_with(desk: &Desk, officer: &Visitor, case: &str) {
    let letter = desk.get(&format!("{case}/letter"), Some(officer)).await;
    assert!(
        letter.text.contains("ducks.csv (19 bytes)"),
        "{}",
        letter.text
    );
    sent(desk, officer, case).await;
}

/// Whoever has several roles looks at who asked for a reason of any of them.
#[test]
fn two_roles_see_no_less_than_one() {
    run(async {
        let desk = Desk::demo().await;
        let account = desk.app.office.store().account("amina").await.unwrap();
        assert!(account.unwrap().roles.len() > 1);
        let officer = desk.sign_in("amina").await;
        let reference = taken_in(&desk).await;
        let page = format!("/desk/cases/{reference}/applicant");
        let form = desk.get(&page, Some(&officer)).await;
        for value in ["to_send", "validity"] {
            let value = format!("value=\"{value}\"");
            assert!(form.text.contains(&value), "{value}: {}", form.text);
        }
        let shown = desk
            .post(&page, &[("reason", "to_send")], Some(&officer))
            .await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert!(!shown.text.contains("error-summary"), "{}", shown.text);
    });
}

/// New requests are read one after the other, until none is left.
#[test]
fn one_new_request_follows_the_other() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let mut path = format!("/desk/cases/{}/questions", taken_in(&desk).await);
        for read in 0..40 {
            let page = desk.get(&path, Some(&officer)).await;
            assert_eq!(faults(&page.text), Vec::<String>::new());
            assert!(page.text.contains("and read the next"), "{}", page.text);
            // Every question as it was read, and nothing else that asks.
            let mut fields = vec![("then", "next".to_owned()), ("regime", "foi".to_owned())];
            let reference = path.split('/').nth(3).unwrap().to_owned();
            let case = desk.app.office.unnamed(&reference).await.unwrap().unwrap();
            let names: Vec<String> = (1..=case.questions.len())
                .flat_map(|number| [format!("keep_{number}"), format!("text_{number}")])
                .collect();
            let mut values = Vec::new();
            for state in &case.questions {
                values.push("keep".to_owned());
                values.push(state.question.text.clone());
            }
            for aside in page.text.split("name=\"aside\"").skip(1) {
                let value = aside.split("value=\"").nth(1).unwrap();
                fields.push(("aside", value.split('"').next().unwrap().to_owned()));
            }
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .chain(
                    names
                        .iter()
                        .map(String::as_str)
                        .zip(values.iter().map(String::as_str)),
                )
                .collect();
            let sent = desk.post(&path, &fields, Some(&officer)).await;
            assert_eq!(sent.status, 303, "{}", sent.text);
            let next = sent.header("location").to_owned();
            if next.starts_with("/desk/new") {
                assert!(read > 0);
                return;
            }
            assert!(next.ends_with("/questions?done=questions"), "{next}");
            assert!(!next.contains(&reference), "{next}");
            path = next.split('?').next().unwrap().to_owned();
        }
        panic!("it never ends");
    });
}

/// A letter that says that something is held, although nobody looked, wants to know how we know.
#[test]
fn what_is_said_to_be_held_was_looked_for() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let case = asked(&desk, &officer, &["What did the duck farmer write to us?"]).await;
        let withheld = [
            ("departs", "Other"),
            ("provision", "FOIA s.41(1)"),
            (
                "mechanism",
                "The farmer wrote in confidence about their health and could take us to court.",
            ),
        ];
        let path = format!("{case}/questions/1/withheld");
        desk.act(&officer, &path, &withheld).await;
        let letter = format!("{case}/letter");
        let said = "no team was asked to look";
        let shown = desk.get(&letter, Some(&officer)).await;
        assert!(shown.text.contains(said), "{}", shown.text);
        let task = [
            ("area", "repairs"),
            ("questions", "q1"),
            ("wanted_on", "2026-12-01"),
        ];
        desk.act(&officer, &format!("{case}/task"), &task).await;
        let shown = desk.get(&letter, Some(&officer)).await;
        assert!(!shown.text.contains(said), "{}", shown.text);
    });
}

/// How a new request is dealt with is chosen by a person and nothing is chosen beforehand, each law with its day. What falls under
/// another law goes on elsewhere: it leaves the queue and the statistics, the private page says so, and it can be taken back.
#[test]
fn a_new_request_is_dealt_with_under_its_own_law() {
    run(async {
        let desk = Desk::demo().await;
        let triage = desk.sign_in("tess").await;
        let reference = written(
            &desk,
            "How many geese do you hold about me?\n\nOriel Quarles",
        )
        .await;
        let case = format!("/desk/cases/{reference}");
        let questions = format!("{case}/questions");
        let page = desk.get(&questions, Some(&triage)).await;
        let law = page.between("id=\"regime\"", "</fieldset>");
        assert!(!law.contains(" checked"), "{law}");
        for said in [
            "Answer by Tuesday 22 December 2026.",
            "a subject access request, to answer by Wednesday 23 December 2026",
        ] {
            assert!(law.contains(said), "{said}: {law}");
        }
        let send = async |regime: &str| {
            let fields = [
                ("keep_1", "keep"),
                ("text_1", "How many geese do you hold about me?"),
                ("regime", regime),
            ];
            desk.post(&questions, &fields, Some(&triage)).await
        };
        let unchosen = send("").await;
        assert_eq!(unchosen.status, 422);
        assert!(unchosen.text.contains("Choose how to treat this request"));
        let led = send("own-data").await;
        let treatment = led.header("location").to_owned();
        assert_eq!(treatment, format!("{case}/treatment?because=own-data"));
        let form = desk.get(&treatment, Some(&triage)).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        assert!(
            form.text.contains("value=\"own-data\" checked"),
            "{}",
            form.text
        );
        let nobody = desk
            .post(&treatment, &[("regime", "own-data")], Some(&triage))
            .await;
        assert!(nobody.text.contains("Choose who goes on with it"));
        let passes = [("regime", "own-data"), ("to", "repairs")];
        let mail = desk
            .post(
                &treatment,
                &[&passes[..], &[("do", "preview")]].concat(),
                Some(&triage),
            )
            .await;
        assert!(
            mail.text
                .contains("Your right to that is under data protection law"),
            "{}",
            mail.text
        );
        // A look at the mail is none at who asked.
        assert!(
            mail.text.contains("***") && !mail.text.contains("Quarles"),
            "{}",
            mail.text
        );
        assert!(case_of(&desk, &reference).await.treated.is_none());
        desk.act(&triage, &treatment, &passes).await;

        let officer = desk.sign_in("ben").await;
        let shown = desk.get(&case, Some(&officer)).await;
        assert_eq!(faults(&shown.text), Vec::<String>::new());
        for said in [
            "Passed on: Their own personal data.",
            "Repairs goes on with it.",
            "It is to be answered by Wednesday 23 December 2026.",
        ] {
            assert!(shown.text.contains(said), "{said}: {}", shown.text);
        }
        let history = desk.get(&format!("{case}/history"), Some(&officer)).await;
        assert!(
            history
                .text
                .contains("with the name and address of the person who asked")
        );
        let new = desk.get("/desk/new", Some(&officer)).await;
        assert!(!new.text.contains(&reference), "{}", new.text);
        // Nobody decides it meanwhile, and an officer takes it back.
        for link in ["clarification", "withdraw", "questions"] {
            let link = format!("href=\"{case}/{link}\"");
            assert!(!shown.text.contains(&link), "{link}: {}", shown.text);
        }
        let form = desk.get(&format!("{case}/treatment"), Some(&officer)).await;
        assert!(form.text.contains("Deal with this here after all"));
        desk.act(&officer, &format!("{case}/treatment"), &[]).await;
        let back = case_of(&desk, &reference).await;
        assert!(back.passed_on().is_none() && back.state == casework::procedure::State::Received);
        let shown = desk.get(&case, Some(&officer)).await;
        assert!(!shown.text.contains("Passed on:"));
        // More than one law: the questions are the officer's to tell apart.
        let sent = send("several").await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let shown = desk.get(&case, Some(&officer)).await;
        assert!(
            shown.text.contains("falls under more than one law"),
            "{}",
            shown.text
        );
    });
}

/// Neither confirming nor denying is decided in four steps, a page each: what is known already, what a yes and a no would tell,
/// the public interest in saying, the decision. Each leads to the next that is still to take, and what was written in one stands
/// in the last.
#[test]
fn neither_confirming_nor_denying_is_decided_in_four_steps() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let question = "Was any of your systems hit by ransomware in March 2026?";
        let case = asked(&desk, &officer, &[question]).await;
        let known = format!("{case}/questions/1/confirm-or-deny");
        let harm = format!("{case}/questions/1/harm?about=confirm-or-deny");
        let interest = format!("{case}/public-interest/confirm-or-deny?question=1");
        let decision = format!("{case}/questions/1/neither");
        let steps = async |page: &str| -> Vec<String> {
            let page = desk.get(page, Some(&officer)).await;
            assert_eq!(faults(&page.text), Vec::<String>::new());
            let steps = page.between("<ol class=\"steps\">", "</ol>");
            steps
                .split("<span class=\"meta\">")
                .skip(1)
                .map(|step| step.split("</span>").next().unwrap().to_owned())
                .filter(|status| !status.is_empty())
                .collect()
        };
        let not_yet = "Cannot start yet";
        assert_eq!(
            steps(&known).await,
            ["You are here", "Not started", not_yet, not_yet]
        );
        let neither = [("outcome", "neither")];
        let led = desk.post(&known, &neither, Some(&officer)).await;
        assert_eq!(led.header("location"), harm);
        let harms = [
            (
                "if_held",
                "That this way in works and is worth trying again.",
            ),
            ("if_not_held", "That what they tried has not been noticed."),
            ("likelihood", "would_be_likely_to"),
            (
                "mechanism",
                "Whoever plans an attack would learn what is noticed here and try the rest.",
            ),
            ("instead", "Nothing."),
            ("shown_by", "The security adviser told us on 20 November."),
        ];
        // What tells whether something happened is as little said here as in the letter.
        let tells = common::with_more(
            &[("if_held", "The ransomware attack of March shows it.")],
            &harms[1..],
        );
        let refused = desk.post(&harm, &tells, Some(&officer)).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        let saved = desk.post(&harm, &harms, Some(&officer)).await;
        let led = saved.header("location").to_owned();
        assert_eq!(led, format!("{interest}&done=harm"));
        assert_eq!(steps(&led).await, ["Done", "You are here", not_yet]);
        let id = case_of(&desk, case.trim_start_matches("/desk/cases/"))
            .await
            .questions[0]
            .question
            .id
            .0
            .clone();
        let weighed = [
            ("questions", id.as_str()),
            ("provision", "FOIA s.31(3)"),
            (
                "for_own",
                "Residents want to know whether March was safe for them.",
            ),
            (
                "against_own",
                "One month and one kind of attack shows what is noticed.",
            ),
            ("maintained", "yes"),
            (
                "conclusion",
                "A yes or a no helps the next attacker and few residents.",
            ),
        ];
        let saved = desk.post(&interest, &weighed, Some(&officer)).await;
        let led = saved.header("location").to_owned();
        assert_eq!(led, format!("{decision}?done=weighed"));
        let last = desk.get(&led, Some(&officer)).await;
        for words in ["That this way in works", "has not been noticed"] {
            assert!(last.text.contains(words), "{words}: {}", last.text);
        }
        // Who comes back to the first page goes on where they were.
        let led = desk.post(&known, &neither, Some(&officer)).await;
        assert_eq!(led.header("location"), decision);
        let decides = [
            harms[0],
            harms[1],
            harms[2],
            harms[3],
            ("provision", "FOIA s.31(3)"),
        ];
        desk.act(&officer, &decision, &decides).await;
        let state = case_of(&desk, case.trim_start_matches("/desk/cases/")).await;
        assert!(state.questions[0].neither_confirmed_nor_denied());
    });
}

/// Who changed how the office is set up stands there for administrators and auditors, newest first, without any secret.
#[test]
fn changes_to_the_set_up_are_on_record() {
    run(async {
        let desk = Desk::demo().await;
        let administrator = desk.sign_in("ivor").await;
        let auditor = desk.sign_in("ruth").await;
        let history = "/desk/admin/history";
        let empty = desk.get(history, Some(&auditor)).await;
        assert!(
            empty.text.contains("Nothing was changed here yet."),
            "{}",
            empty.text
        );
        let password = "a-long-secret-for-oriel";
        desk.act(
            &administrator,
            "/desk/admin/people/new",
            &[
                ("name", "Oriel Quarles"),
                ("email", "oriel@harrowmere.example"),
                ("roles", "approver"),
                ("password", password),
            ],
        )
        .await;
        let store = desk.app.office.store();
        let oriel = store.account_of_email("oriel@harrowmere.example").await;
        let oriel = oriel.unwrap().unwrap().id;
        desk.act(
            &administrator,
            &format!("/desk/admin/people/{oriel}"),
            &[
                ("name", "Oriel Quarles"),
                ("email", "oriel@harrowmere.example"),
                ("roles", "publisher"),
                ("team", "ICT"),
                ("password", "another-long-secret"),
            ],
        )
        .await;
        let key = desk
            .post(
                "/desk/admin/keys/new",
                &[
                    ("name", "The website"),
                    ("scopes", "cases:read"),
                    ("role", "information_officer"),
                ],
                Some(&administrator),
            )
            .await;
        assert_eq!(key.status, 200, "{}", key.text);
        let page = desk.get(history, Some(&auditor)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let place = |words: &str| {
            page.text
                .find(words)
                .unwrap_or_else(|| panic!("{words}: {}", page.text))
        };
        let key_at = place("The website");
        let changed = place("Roles: publisher, before approver. Team: ICT. A new password");
        let made = place("Made. Name: Oriel Quarles");
        assert!(key_at < changed && changed < made, "{}", page.text);
        assert!(page.text.contains("Ivor"), "{}", page.text);
        for secret in [password, "another-long-secret", web::keys::PREFIX] {
            assert!(!page.text.contains(secret), "{secret}");
        }
    });
}

/// Two people at one page: what the second sends is about questions that are others now, and is told so before anything else.
/// What is mended after a mistake is still about the case as it was opened.
#[test]
fn what_others_changed_meanwhile_is_told() {
    run(async {
        let desk = Desk::demo().await;
        let first = desk.sign_in("ben").await;
        let second = desk.sign_in("amina").await;
        let text = "How many swans live on the lake?";
        let reference = written(&desk, text).await;
        let questions = format!("/desk/cases/{reference}/questions");
        let seen = case_of(&desk, &reference).await.seq.to_string();
        let fields = [
            ("seen", seen.as_str()),
            ("regime", "foi"),
            ("keep_1", "keep"),
            ("text_1", text),
        ];
        desk.act(&first, &questions, &fields).await;
        let wrong = common::with_more(&[("text_1", "")], &fields[..3]);
        let late = desk.post(&questions, &wrong, Some(&second)).await;
        assert_eq!(late.status, 409, "{}", late.text);
        assert!(
            late.text.contains("Ben Osei changed this request"),
            "{}",
            late.text
        );

        let clarify = format!("/desk/cases/{reference}/clarification");
        let before = case_of(&desk, &reference).await.seq.to_string();
        desk.act(
            &first,
            &format!("/desk/cases/{reference}/owner"),
            &[("officer", "amina")],
        )
        .await;
        let lacking = [("seen", before.as_str()), ("questions", "q1")];
        let told = desk.post(&clarify, &lacking, Some(&second)).await;
        assert_eq!(told.status, 422);
        let kept = format!("name=\"seen\" value=\"{before}\"");
        assert!(told.text.contains(&kept), "{}", told.text);
    });
}

/// An answer stands under a year and a name of its own; where another has it, that is said beside the field.
#[test]
fn an_address_that_is_taken_or_is_none_is_said_beside_its_field() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let publisher = desk.sign_in("petra").await;
        let case = asked(&desk, &officer, &["How many otters live on the lake?"]).await;
        let answer = [("answer", "Three.")];
        desk.act(&officer, &format!("{case}/questions/1/answer"), &answer)
            .await;
        sent(&desk, &officer, &case).await;
        let path = format!("{case}/publish");
        for (address, said) in [
            ("otters", "it is a year, a slash"),
            ("2026/otters/more", "it is a year, a slash"),
            (
                "2026/library-opening-hours",
                "Another published answer has this address",
            ),
        ] {
            let fields = [
                ("when", "now"),
                ("title", "Otters"),
                ("address", address),
                ("checked", "yes"),
            ];
            let told = desk.post(&path, &fields, Some(&publisher)).await;
            assert_eq!(told.status, 422, "{address}: {}", told.text);
            assert!(told.text.contains(said), "{address}: {}", told.text);
        }
    });
}
