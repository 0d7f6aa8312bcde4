//! What makes an officer's morning shorter without making it worse: their own settings, requests that ask the same, and
//! the questions of which the proposal is shown only afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use common::*;
use web::Settings;

#[test]
fn everybody_chooses_rows_colours_and_keys_for_themselves() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let before = desk.get("/desk", Some(&officer)).await;
        assert!(before.text.contains("href=\"/desk/settings\">My settings"));
        assert!(before.text.contains("<html lang=\"en-GB\">"));
        assert!(before.text.contains("content=\"light dark\""));
        assert!(!before.text.contains("data-single-keys"), "keys are off");
        let wrong = desk
            .post(
                "/desk/settings",
                &[("colours", "sepia"), ("keys", "on")],
                Some(&officer),
            )
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("Choose the colours"));
        let chosen = [("colours", "dark"), ("compact", "on"), ("keys", "on")];
        desk.act(&officer, "/desk/settings", &chosen).await;
        let page = desk
            .get("/desk/settings?done=settings", Some(&officer))
            .await;
        assert!(page.text.contains("Your settings are saved."));
        assert_eq!(page.text.matches(" checked").count(), 3, "{}", page.text);
        for path in ["/desk", "/desk/settings", "/"] {
            let page = desk.get(path, Some(&officer)).await;
            assert!(
                page.text
                    .contains("<html lang=\"en-GB\" data-colours=\"dark\" data-rows=\"compact\">"),
                "{path}"
            );
            assert!(page.text.contains("name=\"color-scheme\" content=\"dark\""));
        }
        // They hold wherever this person signs in, and for nobody else.
        let again = desk.sign_in("ben").await;
        let page = desk.get("/desk", Some(&again)).await;
        assert!(page.text.contains(" data-single-keys>"));
        let other = desk.sign_in("amina").await;
        for visitor in [Some(&other), None] {
            let page = desk.get("/", visitor).await;
            assert!(page.text.contains("<html lang=\"en-GB\">"));
        }
        desk.act(&again, "/desk/settings", &[("colours", "system")])
            .await;
        let page = desk.get("/desk", Some(&officer)).await;
        assert!(page.text.contains("<html lang=\"en-GB\">"));
        assert!(!page.text.contains("data-single-keys"));
        // What can't be read any more is as if nothing was chosen.
        let store = desk.app.office.store();
        store.keep_setting("preferences:ben", "{").await.unwrap();
        assert_eq!(desk.get("/desk", Some(&officer)).await.status, 200);
    });
}

/// A request as it comes in, with its questions confirmed by this officer.
async fn confirmed(desk: &Desk, officer: &Visitor, subject: &str, text: &str) -> String {
    let reference = taken_in(desk, subject, text).await;
    confirm(desk, officer, &reference).await;
    reference
}

const SERVERS: &str = "1. What version of antivirus software do your servers run?\n2. When does the contract for your \
                       antivirus software end?\n3. How many ducks live on the town pond?";

#[test]
fn the_demonstration_has_new_requests_that_repeat_an_answered_one() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("amina").await;
        let list = desk.get("/desk/new", Some(&officer)).await;
        let answered = list.between("/desk/new/alike/", "\"");
        assert!(
            list.text
                .contains(&format!("2 new requests ask what {answered} asked.")),
            "{}",
            list.text
        );
        let page = desk
            .get(&format!("/desk/new/alike/{answered}"), Some(&officer))
            .await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let (same, more) = (
            desk.case_named("Potholes").await,
            desk.case_named("Pothole repairs").await,
        );
        for words in [
            same.as_str(),
            more.as_str(),
            "3,412 reports were made in 2025.",
            "paid to drivers",
            "Answered as before: 1, 2.",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
    });
}

/// The demonstration with one question in so many in the blind sample.
async fn sampled(one_in: u32) -> Desk {
    Desk::with(Settings {
        blind_sample: one_in,
        ..Settings::default()
    })
    .await
}

#[test]
fn the_demonstration_has_a_question_of_the_blind_sample() {
    run(async {
        let desk = sampled(casework::blind::ONE_IN).await;
        let officer = desk.sign_in("amina").await;
        let blind = desk.case_named("Phishing exercise").await;
        let base = format!("/desk/cases/{blind}");
        let page = desk.get(&base, Some(&officer)).await;
        assert_eq!(page.text.matches(">Choose the route<").count(), 1);
        assert!(!page.text.contains("Proposed:"), "{}", page.text);
    });
}

/// The qualified person sees no proposal, so their opinion waits for no choice.
#[test]
fn an_opinion_is_given_on_a_question_of_the_blind_sample() {
    run(async {
        let desk = sampled(1).await;
        let maud = desk.sign_in("maud").await;
        let baths = desk.case_named("Meetings about the baths").await;
        let address = format!("/desk/cases/{baths}/questions/1/opinion");
        let page = desk.get(&address, Some(&maud)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("Opinion of the qualified person"));
        assert!(!page.text.contains("Proposed:"), "{}", page.text);
    });
}

#[test]
fn a_proposal_of_the_blind_sample_is_shown_only_after_a_choice() {
    run(async {
        // Every question is in the sample.
        let desk = sampled(1).await;
        let officer = desk.sign_in("ben").await;
        let reference = taken_in(&desk, "Servers", SERVERS).await;
        let base = format!("/desk/cases/{reference}");
        let page = desk.get(&format!("{base}/questions"), Some(&officer)).await;
        assert!(!page.text.contains("Proposed:"), "{}", page.text);
        let reference = confirmed(&desk, &officer, "Our servers", SERVERS).await;
        let base = format!("/desk/cases/{reference}");
        let hidden = desk.get(&base, Some(&officer)).await;
        for telling in [
            "Proposed:",
            "<mark>",
            "sure",
            "Already public",
            "Weigh the public interest",
            "Use this row",
            "FOIA s.31",
        ] {
            assert!(!hidden.text.contains(telling), "{telling}: {}", hidden.text);
        }
        assert_eq!(hidden.text.matches(">Choose the route<").count(), 3);
        // Every way to decide leads to the choice first; nothing confirms it in passing.
        for path in ["decision", "answer", "confirm-or-deny", "withheld"] {
            let address = format!("{base}/questions/1/{path}");
            let led = desk.get(&address, Some(&officer)).await;
            assert_eq!(
                (led.status, led.header("location")),
                (303, &*format!("{base}/questions/1/route"))
            );
            let led = desk
                .post(&address, &[("answer", "x")], Some(&officer))
                .await;
            assert_eq!(led.header("location"), format!("{base}/questions/1/route"));
        }
        let refused = desk
            .post(
                &format!("{base}/confirm"),
                &[("question", "3")],
                Some(&officer),
            )
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("Nothing was confirmed"));
        let route = |number: usize| format!("{base}/questions/{number}/route");
        let form = desk.get(&route(1), Some(&officer)).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        assert!(
            !form.text.contains(" checked"),
            "nothing is chosen beforehand"
        );
        let nothing = desk.post(&route(1), &[], Some(&officer)).await;
        assert_eq!(nothing.status, 422);
        desk.act(&officer, &route(1), &[("route", "open")]).await;
        let shown = desk.get(&base, Some(&officer)).await;
        assert_eq!(shown.text.matches("Proposed:").count(), 1);
        assert!(shown.text.contains("<mark>"));
        assert!(
            shown
                .text
                .contains("Chosen before the proposal was shown: Ordinary answer.")
        );
        // It is chosen once.
        let again = desk
            .post(&route(1), &[("route", "protected")], Some(&officer))
            .await;
        assert_eq!(again.status, 303);
        let case = case_of(&desk, &reference).await;
        assert_eq!(
            case.questions[0].route_chosen,
            Some(casework::proposal::Kind::Open)
        );
        desk.act(&officer, &route(3), &[("route", "open")]).await;
        let history = desk.get(&format!("{base}/history"), Some(&officer)).await;
        assert!(
            history
                .text
                .contains("Route chosen before the proposal was shown")
        );
        let auditor = desk.sign_in("ruth").await;
        let reports = desk.get("/desk/reports", Some(&auditor)).await;
        let table = reports.between("id=\"blind\"", "id=\"kinds\"");
        let all = table
            .split("<tr>")
            .find(|row| row.contains(">All<"))
            .unwrap();
        let cells: Vec<&str> = all
            .split("number\">")
            .skip(1)
            .filter_map(|cell| cell.split('<').next())
            .collect();
        assert_eq!(cells, ["2", "1", "1", "1", "0", "50 %"], "{table}");
    });
}

#[test]
fn sure_proposals_are_confirmed_together_and_protected_ones_never() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let reference = confirmed(&desk, &officer, "Our servers", SERVERS).await;
        let base = format!("/desk/cases/{reference}");
        let page = desk.get(&base, Some(&officer)).await;
        assert!(page.text.contains("Proposed:"));
        let confirm = format!("{base}/confirm");
        let case = case_of(&desk, &reference).await;
        let seen = case.seq.to_string();
        let kinds: Vec<_> = case
            .questions
            .iter()
            .map(|state| state.question.proposal.as_ref().unwrap().kind)
            .collect();
        use casework::proposal::Kind;
        assert_eq!(kinds, [Kind::Protected, Kind::Register, Kind::Open]);
        for together in [&["1"][..], &["1", "3"], &["9"], &[]] {
            let fields: Vec<(&str, &str)> = together
                .iter()
                .map(|number| ("question", *number))
                .chain([("seen", seen.as_str())])
                .collect();
            let refused = desk.post(&confirm, &fields, Some(&officer)).await;
            assert_eq!(refused.status, 422, "{together:?}");
        }
        desk.act(&officer, &confirm, &[("question", "3"), ("seen", &seen)])
            .await;
        let case = case_of(&desk, &reference).await;
        let duties: Vec<bool> = case
            .questions
            .iter()
            .map(|state| state.duty_applies())
            .collect();
        assert_eq!(duties, [false, false, true]);
        let page = desk.get(&format!("{base}?done=sure"), Some(&officer)).await;
        assert!(page.text.contains("Confirmed: we will say whether we hold"));
    });
}

/// The answer to a whole request leaves.
async fn answered(desk: &Desk, reference: &str, answers: &[&str]) {
    let officer = desk.sign_in("ben").await;
    let base = format!("/desk/cases/{reference}");
    for (number, answer) in (1_usize..).zip(answers) {
        let path = format!("{base}/questions/{number}/answer");
        desk.act(&officer, &path, &[("answer", answer)]).await;
    }
    sent(desk, &officer, &base).await;
}

#[test]
fn look_alikes_are_looked_at_once_and_each_stays_its_own_case() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let text = "1. How many swans nest on the boating lake?\n2. Who feeds the swans on the boating lake in winter?";
        let earlier = confirmed(&desk, &officer, "Swans", text).await;
        answered(
            &desk,
            &earlier,
            &["Eleven pairs in 2026.", "Volunteers do."],
        )
        .await;
        let same = taken_in(&desk, "Our swans", text).await;
        let other = taken_in(
            &desk,
            "Swans, please",
            &text.replace("How many swans nest", "How many black swans nest"),
        )
        .await;
        let more = format!("{text}\n3. What does the tea room on the common charge for scones?");
        let more = taken_in(&desk, "Swans and scones", &more).await;
        let kites = taken_in(
            &desk,
            "Kites",
            "How many kites were lost on the common last year?",
        )
        .await;
        desk.app.office.follow().await.unwrap();
        let list = desk.get("/desk/new", Some(&officer)).await;
        assert!(
            list.text
                .contains(&format!("3 new requests ask what {earlier} asked.")),
            "{}",
            list.text
        );
        let path = format!("/desk/new/alike/{earlier}");
        assert!(list.text.contains(&path));
        let page = desk.get(&path, Some(&officer)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for words in [
            "Eleven pairs in 2026.",
            "added: <ins>“black”</ins>",
            "Needs you. It is worded differently",
            "It also asks something that the earlier request does not:",
            "tea room",
            "Answered as before: 1, 2.",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        assert!(!page.text.contains(&kites) && !page.text.contains(" checked"));
        let nothing = desk.post(&path, &[], Some(&officer)).await;
        assert_eq!(nothing.status, 422);
        assert!(nothing.text.contains("Choose at least one request"));
        let chosen: Vec<(&str, &str)> = [&same, &other, &more]
            .iter()
            .map(|reference| ("case", reference.as_str()))
            .collect();
        // What is asked besides has to be read first.
        let unread = desk.post(&path, &chosen, Some(&officer)).await;
        assert_eq!(unread.status, 422);
        assert!(unread.text.contains(&format!("{more} also asks something")));
        let chosen = [&chosen[..], &[("read", more.as_str())]].concat();
        let asked = desk.post(&path, &chosen, Some(&officer)).await;
        assert_eq!(asked.status, 200);
        assert_eq!(faults(&asked.text), Vec::<String>::new());
        assert!(
            asked
                .text
                .contains(&format!("Apply the answers of {earlier}?"))
        );
        for reference in [&same, &other, &more] {
            assert!(!case_of(&desk, reference).await.questions_confirmed);
        }
        // Somebody begins to work on one of them meanwhile.
        let seqs: Vec<(String, String)> = {
            let mut seqs = Vec::new();
            for reference in [&same, &other, &more] {
                let seq = case_of(&desk, reference).await.seq.to_string();
                seqs.push((format!("seen-{reference}"), seq));
            }
            seqs
        };
        let mut sure = chosen.clone();
        sure.push(("sure", "yes"));
        sure.extend(seqs.iter().map(|(name, seq)| (name.as_str(), seq.as_str())));
        let done = desk.post(&path, &sure, Some(&officer)).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let result = desk.get(done.header("location"), Some(&officer)).await;
        assert!(
            result.text.contains("1 applied, 2 need you."),
            "{}",
            result.text
        );
        assert!(result.text.contains("these questions need you: 3."));
        for (reference, decided) in [
            (&same, &[true, true][..]),
            (&other, &[false, true]),
            (&more, &[true, true, false]),
        ] {
            let case = case_of(&desk, reference).await;
            let found: Vec<bool> = case
                .questions
                .iter()
                .map(|state| state.decision.is_some())
                .collect();
            assert_eq!(found, decided, "{reference}");
            assert_eq!(case.owner.as_deref(), Some("ben"));
            assert!(case.issued.is_empty() && case.questions_confirmed);
        }
        let page = desk
            .get(&format!("/desk/cases/{same}"), Some(&officer))
            .await;
        assert!(page.text.contains("Eleven pairs in 2026."));
        // Twice is once: they aren't new any more.
        let again = desk.post(&path, &sure, Some(&officer)).await;
        assert_eq!(again.status, 422);
        let unanswered = desk
            .get(&format!("/desk/new/alike/{same}"), Some(&officer))
            .await;
        assert_eq!(unanswered.status, 404);
    });
}

/// What was looked at isn't what is there any more: nothing is done, and the page says so.
#[test]
fn a_look_alike_that_somebody_began_is_left_alone() {
    run(async {
        let desk = Desk::demo().await;
        let officer = desk.sign_in("ben").await;
        let text = "1. How many swans nest on the boating lake?\n2. Who feeds the swans on the boating lake in winter?";
        let earlier = confirmed(&desk, &officer, "Swans", text).await;
        answered(&desk, &earlier, &["Eleven pairs.", "Volunteers do."]).await;
        let same = taken_in(&desk, "Our swans", text).await;
        desk.app.office.follow().await.unwrap();
        let seen = (case_of(&desk, &same).await.seq - 1).to_string();
        let name = format!("seen-{same}");
        let sure = [
            ("case", same.as_str()),
            ("sure", "yes"),
            (name.as_str(), seen.as_str()),
        ];
        let path = format!("/desk/new/alike/{earlier}");
        let page = desk.post(&path, &sure, Some(&officer)).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("0 applied, 1 need you."));
        assert!(page.text.contains("Someone else changed it"));
        assert!(!case_of(&desk, &same).await.questions_confirmed);
    });
}
