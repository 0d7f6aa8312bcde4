//! How well guidance answers what people type: everyday questions over the demonstration's register, log and policy.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use std::collections::BTreeSet;

use common::*;

/// What guidance offered over a set of questions.
#[derive(Debug, Default)]
struct Score {
    /// What should be offered, and how much of it was.
    wanted: usize,
    got: usize,
    /// What was offered and should not be.
    wrong: usize,
    /// Each question that got something else.
    told: Vec<String>,
}

/// The last parts of the addresses that guidance leads to.
fn offered(page: &str) -> BTreeSet<String> {
    page.split("href=\"/ask/open?")
        .skip(1)
        .map(|rest| {
            let address = rest.split('"').next().unwrap().replace("&amp;", "&");
            let fields: Vec<(String, String)> = serde_urlencoded::from_str(&address).unwrap();
            let to = &fields.iter().find(|(name, _)| name == "to").unwrap().1;
            let path = to.split('?').next().unwrap();
            path.rsplit('/').next().unwrap().to_owned()
        })
        .collect()
}

async fn score(desk: &Desk, questions: &str) -> Score {
    let mut score = Score::default();
    for line in questions.lines().filter(|line| !line.starts_with('#')) {
        let (question, expected) = line.split_once("=>").unwrap();
        let page = desk
            .post("/ask/guidance", &[("questions", question.trim())], None)
            .await;
        let offered = offered(&page.text);
        let mut may = BTreeSet::new();
        let mut missing = Vec::new();
        for want in expected.split_whitespace() {
            if let Some(want) = want.strip_prefix('?') {
                may.insert(want);
                continue;
            }
            let any: Vec<&str> = want.split('|').collect();
            score.wanted += 1;
            if any.iter().any(|one| offered.contains(*one)) {
                score.got += 1;
            } else {
                missing.push(want);
            }
            may.extend(any);
        }
        let wrong: Vec<&String> = offered
            .iter()
            .filter(|one| !may.contains(one.as_str()))
            .collect();
        score.wrong += wrong.len();
        if !missing.is_empty() || !wrong.is_empty() {
            score.told.push(format!(
                "{}: missing {missing:?}, wrong {wrong:?}",
                question.trim()
            ));
        }
    }
    score
}

#[test]
fn everyday_questions_get_what_answers_them_and_little_else() {
    run(async {
        let desk = Desk::demo().await;
        for (questions, least) in [
            (include_str!("guidance/everyday.txt"), 28),
            (include_str!("guidance/unseen.txt"), 25),
        ] {
            let score = score(&desk, questions).await;
            assert_eq!(score.wrong, 0, "{score:#?}");
            assert!(score.got >= least, "{score:#?}");
        }
        // What only asks is asked of what was named before, and nothing else is.
        for (questions, of_potholes, of_meals) in [
            (
                "1. Potholes\n2. List your ICT contracts\n3. List all your contracts",
                1,
                0,
            ),
            (
                "1. Potholes\n2. School meals contract\n3. When does it end?",
                1,
                2,
            ),
        ] {
            let page = desk
                .post("/ask/guidance", &[("questions", questions)], None)
                .await;
            let count = |words: &str| {
                page.text.matches(&format!("to=%2F{words}\"")).count()
                    + page.text.matches(&format!("to=/{words}\"")).count()
            };
            let potholes = count("disclosure-log/2026/potholes-reported-and-mended");
            assert_eq!(potholes, of_potholes, "{questions}: {}", page.text);
            let meals = count("contracts/hm-c-0140");
            assert_eq!(meals, of_meals, "{questions}: {}", page.text);
        }
        // Two things of one question, one offer each.
        let fields = [("questions", "telephony and photocopier contracts")];
        let page = desk.post("/ask/guidance", &fields, None).await.text;
        assert!(
            page.contains("Telephone system") && page.contains("Photocopiers"),
            "{page}"
        );
        // Both answer it, and both are what was found.
        let fields = [("questions", "telephony and photocopier contracts")];
        let page = desk.post("/ask/guidance", &fields, None).await;
        let enough = page.between("name=\"enough\" value=\"", "\"");
        let fields = [fields[0], ("enough", enough.as_str())];
        let kept = desk.post("/ask/found", &fields, None).await;
        assert_eq!(faults(&kept.text), Vec::<String>::new());
        for words in [
            "You have not sent a request",
            "Telephone system",
            "Photocopiers",
        ] {
            assert!(kept.text.contains(words), "{words}: {}", kept.text);
        }
        // A list is one place, and it can be kept as what was found.
        let fields = [("questions", "List your ICT contracts and suppliers")];
        let page = desk.post("/ask/guidance", &fields, None).await;
        let enough = page.between("name=\"enough\" value=\"", "\"");
        let fields = [fields[0], ("enough", enough.as_str())];
        let kept = desk.post("/ask/found", &fields, None).await;
        assert_eq!(faults(&kept.text), Vec::<String>::new());
        let words = "Contracts of Digital and ICT: 4";
        assert!(kept.text.contains(words), "{}", kept.text);
        let to = "/ask/open?source=register&to=/contracts%3Ffind%3DDigital%2Band%2BICT";
        let opened = desk.get(to, None).await;
        assert_eq!(opened.header("location"), "/contracts?find=Digital+and+ICT");
    });
}
