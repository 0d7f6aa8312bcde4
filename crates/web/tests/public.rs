//! The public's door as the public meets it: asking, finding, following.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use common::*;

/// What somebody says on the way to a sent request.
const SAID: [(&str, &str); 3] = [
    ("way", "email"),
    ("email", "sam@example.org"),
    ("name", "Sam Duckworth"),
];

async fn step(desk: &Desk, step: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("step", step)];
    all.extend(fields);
    desk.post("/ask/step", &all, None).await
}

/// Sends a request: its reference and the address of its private link.
async fn sent(desk: &Desk, questions: &str, once: &str) -> (String, String) {
    let mut fields = SAID.to_vec();
    fields.extend([("questions", questions), ("once", once)]);
    let sent = step(desk, "check", &fields).await;
    assert!(sent.text.contains("Request sent"), "{}", sent.text);
    (
        sent.between("<h1>Request sent</h1><p>", "</p>"),
        format!("/follow/{}", sent.between("/follow/", "\"")),
    )
}

#[test]
fn one_thing_a_page_and_back_keeps_what_was_said() {
    run(async {
        let desk = Desk::demo().await;
        let questions = "How many ducks live on the town pond?";
        let mut fields = vec![("questions", questions), ("once", "one")];
        let asked = step(&desk, "questions", &fields).await;
        assert!(
            asked.text.contains("How should we answer you?"),
            "{}",
            asked.text
        );
        assert!(!asked.text.contains("type=\"email\""), "{}", asked.text);
        let neither = step(&desk, "reply", &fields).await;
        assert_eq!(neither.status, 422);
        fields.push(("way", "post"));
        let post = step(&desk, "reply", &fields).await;
        assert!(post.text.contains("Your postal address"), "{}", post.text);
        assert!(!post.text.contains("Your email address"), "{}", post.text);
        let empty = step(&desk, "post", &fields).await;
        assert!(empty.text.contains("Enter the address we should post to"));
        fields.push(("post", "1 Pond Lane\nHarrowmere"));
        let name = step(&desk, "post", &fields).await;
        assert!(name.text.contains("Your name"), "{}", name.text);
        // Back keeps what is written on the page, too.
        let mut back = fields.clone();
        back.extend([("name", "Sam Duckworth"), ("go", "post")]);
        let back = step(&desk, "name", &back).await;
        assert!(back.text.contains("1 Pond Lane"), "{}", back.text);
        assert!(back.text.contains("Sam Duckworth"), "{}", back.text);
        fields.push(("name", "Sam Duckworth"));
        let form = step(&desk, "name", &fields).await;
        assert!(form.text.contains("Is there a form you would like it in?"));
        assert_eq!(faults(&form.text), Vec::<String>::new());
        fields.push(("form", "other"));
        let which = step(&desk, "form", &fields).await;
        assert!(which.text.contains("Say which form"), "{}", which.text);
        fields.pop();
        fields.push(("form", "spreadsheet"));
        let check = step(&desk, "form", &fields).await;
        assert_eq!(faults(&check.text), Vec::<String>::new());
        assert!(
            check
                .text
                .contains("I would like the answer as a spreadsheet."),
            "{}",
            check.text
        );
        // What is changed from the last page leads back to it.
        let mut change = fields.clone();
        change.push(("change", "name"));
        let change = step(&desk, "check", &change).await;
        assert!(change.text.contains("name=\"then\" value=\"check\""));
        let mut changed = fields.clone();
        changed.push(("then", "check"));
        let changed = step(&desk, "name", &changed).await;
        assert!(
            changed.text.contains("Check your request"),
            "{}",
            changed.text
        );
    });
}

#[test]
fn a_file_comes_with_a_request_and_one_that_is_not_taken_loses_nothing() {
    run(async {
        let desk = Desk::demo().await;
        let nobody = Visitor {
            cookie: String::new(),
            form_token: String::new(),
        };
        let mut fields = vec![("form_token", ""), ("step", "check"), ("once", "file")];
        fields.push(("questions", "How many ducks live on the town pond?"));
        fields.extend(SAID);
        fields.push(("form", "welsh"));
        let refused = desk
            .upload("/ask/send", &nobody, &fields, &[("ducks.exe", b"MZ")])
            .await;
        assert_eq!(refused.status, 422);
        for words in [
            "The file ducks.exe isn&#39;t of a kind that is taken",
            "Sam Duckworth",
            "Check your request",
        ] {
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        assert_eq!(faults(&refused.text), Vec::<String>::new());
        let sent = desk
            .upload(
                "/ask/send",
                &nobody,
                &fields,
                &[("ducks.txt", b"A list of ponds.")],
            )
            .await;
        assert!(sent.text.contains("Request sent"), "{}", sent.text);
        let reference = sent.between("<h1>Request sent</h1><p>", "</p>");
        let case = desk.app.office.case(&reference).await.unwrap().unwrap();
        assert_eq!(case.receipt.attachments[0].name, "ducks.txt");
        assert!(
            case.receipt
                .text
                .ends_with("I would like the answer in Welsh.")
        );
        // Whoever reads the request sees that a file came, and so does who sent it.
        let officer = desk.sign_in("ben").await;
        for page in ["", "/questions"] {
            let page = format!("/desk/cases/{reference}{page}");
            let shown = desk.get(&page, Some(&officer)).await;
            assert!(shown.text.contains("ducks.txt"), "{}", shown.text);
        }
        let follow = format!("/follow/{}", sent.between("/follow/", "\""));
        let page = desk.get(&follow, None).await;
        assert!(page.text.contains("ducks.txt"), "{}", page.text);
    });
}

/// The sentence that asks for a form of answer is no question.
#[test]
fn a_form_of_answer_is_no_question() {
    run(async {
        let desk = Desk::demo().await;
        for (at, form) in ["spreadsheet", "large_print", "welsh", "paper", "other"]
            .into_iter()
            .enumerate()
        {
            let once = format!("form-{at}");
            // Paper goes by post.
            let mut fields = if form == "paper" {
                let (way, post) = (("way", "post"), ("post", "1 Pond Lane, Harrowmere"));
                vec![way, post, SAID[2]]
            } else {
                SAID.to_vec()
            };
            fields.extend([
                (
                    "questions",
                    "1. How many ducks live on the town pond?\n2. What do they eat in winter?",
                ),
                ("once", once.as_str()),
                ("form", form),
                ("form_other", "read out on the telephone"),
            ]);
            let sent = step(&desk, "check", &fields).await;
            let reference = sent.between("<h1>Request sent</h1><p>", "</p>");
            let case = desk.app.office.case(&reference).await.unwrap().unwrap();
            assert!(case.receipt.text.contains("I would like the answer"));
            let asked: Vec<&str> = case
                .questions
                .iter()
                .map(|state| state.question.text.as_str())
                .collect();
            assert_eq!(
                asked,
                [
                    "How many ducks live on the town pond?",
                    "What do they eat in winter?"
                ],
                "{form}"
            );
        }
    });
}

#[test]
fn guidance_offers_what_answers_and_says_why() {
    run(async {
        let desk = Desk::demo().await;
        let guidance = async |questions: &str| {
            desk.post("/ask/guidance", &[("questions", questions)], None)
                .await
                .text
        };
        let heating = guidance("who has the heating contract and when does it end").await;
        assert!(heating.contains("Boiler servicing"), "{heating}");
        assert!(!heating.contains("School meals"), "{heating}");
        // A number without a full stop is a number all the same.
        let numbered = guidance("1 who has the heating contract and when does it end").await;
        assert!(numbered.contains("Boiler servicing"), "{numbered}");
        let meals = guidance("When does your school meals contract end?").await;
        let entry = meals.split("Published answer").nth(1).unwrap();
        assert!(entry.contains("School meals contract"), "{meals}");
        assert!(entry.contains("Shown because: “school meals”"), "{meals}");
        // What is shown is counted once for whoever types, whose page remembers it; nothing that they write is kept.
        let shown = async || -> u64 {
            let today = desk.app.today();
            let counts = desk.app.office.store().counts(today, today).await.unwrap();
            counts
                .iter()
                .filter(|(name, _)| name == "guidance.register.shown")
                .map(|(_, count)| count)
                .sum()
        };
        let before = shown().await;
        let words = "who has the heating contract and when does it end";
        let first = guidance(words).await;
        assert_eq!(shown().await, before + 1);
        let counted = first.split("name=\"counted\" value=\"").nth(1).unwrap();
        let counted = counted.split('"').next().unwrap();
        let typed = [("questions", words), ("counted", counted)];
        let again = desk.post("/ask/guidance", &typed, None).await;
        assert!(again.text.contains(counted), "{}", again.text);
        let step = [("step", "questions"), typed[0], typed[1]];
        let listed = desk.post("/ask/step", &step, None).await;
        assert!(listed.text.contains("Boiler servicing"), "{}", listed.text);
        assert_eq!(shown().await, before + 1);
        // Without scripts the list counts.
        desk.post("/ask/step", &step[..2], None).await;
        assert_eq!(shown().await, before + 2);
        // An answer on paper goes to an address by post.
        let paper = [
            ("step", "form"),
            ("questions", words),
            ("way", "email"),
            ("email", "joy@example.org"),
            ("name", "Joy Adeyemi"),
            ("form", "paper"),
        ];
        let refused = desk.post("/ask/step", &paper, None).await;
        assert!(
            refused.text.contains("needs an address to post it to"),
            "{}",
            refused.text
        );
        // Our policy answers nothing.
        let two = guidance(
            "1. Who has the heating contract?\n2. Which version of antivirus software do you use?",
        )
        .await;
        assert!(
            two.contains("data-say=\"1 question may be answered below\""),
            "{two}"
        );
        for nothing in [
            "Who is the supplier, what is the contract value and when does the agreement expire?",
            "Please provide contract details, supplier and expiry for your service",
        ] {
            let found = guidance(nothing).await;
            assert!(
                !found.contains("/contracts/") && !found.contains("/disclosure-log"),
                "{nothing}: {found}"
            );
        }
    });
}

#[test]
fn what_was_found_is_left_out_after_a_yes_and_can_be_put_back() {
    run(async {
        let desk = Desk::demo().await;
        let questions = "1. Who has the heating contract and until when?\n2. How many ducks live on the town pond?";
        let found = [
            ("questions", questions),
            ("once", "found"),
            ("enough", "1 register /contracts/hm-c-0143"),
        ];
        let other = desk.post("/ask/found", &found, None).await;
        assert_eq!(faults(&other.text), Vec::<String>::new());
        for words in [
            "Not sent, because you found it",
            "Warmline Heating Ltd",
            "Continue with my other questions",
        ] {
            assert!(other.text.contains(words), "{words}: {}", other.text);
        }
        let mut fields = SAID.to_vec();
        fields.extend([
            ("questions", questions),
            ("once", "found"),
            ("found", "1 register /contracts/hm-c-0143"),
        ]);
        let check = step(&desk, "form", &fields).await;
        assert_eq!(faults(&check.text), Vec::<String>::new());
        let request = check.between("<div class=\"theirs request\">", "</div>");
        assert_eq!(request, "2. How many ducks live on the town pond?");
        let mut back = fields.clone();
        back.push(("put_back", "1"));
        let back = step(&desk, "check", &back).await;
        let request = back.between("<div class=\"theirs request\">", "</div>");
        assert!(request.contains("heating contract"), "{request}");
        let sent = step(&desk, "check", &fields).await;
        let reference = sent.between("<h1>Request sent</h1><p>", "</p>");
        let case = desk.app.office.case(&reference).await.unwrap().unwrap();
        assert_eq!(case.questions.len(), 1, "{}", case.receipt.text);

        // The only question: nothing is sent, and the page says what was found.
        let only = [
            ("questions", "Who has the heating contract?"),
            ("enough", "1 register /contracts/hm-c-0143"),
        ];
        let only = desk.post("/ask/found", &only, None).await;
        assert_eq!(faults(&only.text), Vec::<String>::new());
        for words in [
            "You have not sent a request",
            "Boiler servicing",
            "Warmline Heating Ltd, ends 31 March 2028",
            "http://desk.example/contracts/hm-c-0143",
            "Ask anyway",
        ] {
            assert!(only.text.contains(words), "{words}: {}", only.text);
        }
        // What isn't there answers nothing and isn't counted.
        let counted = async || {
            let today = desk.app.today();
            desk.app.office.store().counts(today, today).await.unwrap()
        };
        let before = format!("{:?}", counted().await);
        for enough in [
            "register /contracts/zzz",
            "1 register /contracts/zzz",
            "1 log /disclosure-log/2026/zzz",
            "1 policy /policy",
            "7 register /contracts/hm-c-0143",
        ] {
            let fields = [("questions", questions), ("enough", enough)];
            assert_eq!(
                desk.post("/ask/found", &fields, None).await.status,
                404,
                "{enough}"
            );
        }
        let nowhere = "/ask/open?source=register&to=/contracts/zzz";
        assert_eq!(desk.get(nowhere, None).await.status, 404);
        assert_eq!(format!("{:?}", counted().await), before);
    });
}

#[test]
fn following_shows_what_was_asked_and_takes_the_answer() {
    run(async {
        let desk = Desk::demo().await;
        let questions = "1. How many ducks live on the town pond?\n2. What does the hall cost?";
        let (reference, follow) = sent(&desk, questions, "follow").await;
        let page = desk.get(&follow, None).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        assert!(
            page.text.contains("How many ducks live on the town pond?"),
            "{}",
            page.text
        );
        let plain = |answer: &Answer| {
            assert_eq!(answer.status, 422);
            for never in ["awaiting", "applicant", "received;", "can be done while"] {
                assert!(!answer.text.contains(never), "{never}: {}", answer.text);
            }
        };
        // Nothing was asked yet.
        let early = [("do", "add"), ("text", "The one by the church.")];
        let early = desk.post(&follow, &early, None).await;
        plain(&early);
        assert!(
            early.text.contains("We are not waiting for an answer")
                && early.text.contains("add to your request"),
            "{}",
            early.text
        );
        let review = [("do", "review"), ("text", "All of it.")];
        let review = desk.post(&follow, &review, None).await;
        plain(&review);
        assert!(
            review.text.contains("once we have answered"),
            "{}",
            review.text
        );

        let officer = desk.sign_in("ben").await;
        let case = format!("/desk/cases/{reference}");
        let confirmed = [
            ("regime", "foi"),
            ("keep_1", "keep"),
            ("text_1", "How many ducks live on the town pond?"),
            ("keep_2", "keep"),
            ("text_2", "What does the hall cost?"),
        ];
        desk.act(&officer, &format!("{case}/questions"), &confirmed)
            .await;
        let known = desk.app.office.case(&reference).await.unwrap().unwrap();
        let hall = known.questions[1].question.id.0.clone();
        let today = desk.app.today().to_string();
        let asked = [
            ("questions", hall.as_str()),
            (
                "wording",
                "Which hall do you mean: the Town Hall or the Drill Hall?",
            ),
            ("sought_on", &today),
        ];
        desk.act(&officer, &format!("{case}/clarification"), &asked)
            .await;
        let page = desk.get(&follow, None).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for words in [
            "We have asked you something",
            "Which hall do you mean: the Town Hall or the Drill Hall?",
            "On Monday 23 November 2026 we asked about question 2:",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let empty = desk.post(&follow, &[("do", "add")], None).await;
        assert!(empty.text.contains("Write your answer"), "{}", empty.text);
        let answer = [("do", "add"), ("text", "The Drill Hall.")];
        assert_eq!(desk.post(&follow, &answer, None).await.status, 303);
        let page = desk.get(&follow, None).await;
        assert!(!page.text.contains("Send my answer"), "{}", page.text);
        let past = page.text.split("What we asked you before").nth(1).unwrap();
        assert!(past.contains("The Drill Hall."), "{past}");

        // It stands at its question for the officer, and the clock says what it did.
        let shown = desk.get(&case, Some(&officer)).await;
        for words in [
            "Which hall do you mean: the Town Hall or the Drill Hall?",
            "The Drill Hall.",
        ] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        let clock = desk.get(&format!("{case}/clock"), Some(&officer)).await;
        let said = "Question 2: detail was asked for on Monday 23 November 2026. The reply came on";
        assert!(clock.text.contains(said), "{}", clock.text);
        // One question goes and the other stays.
        let asked = [
            ("questions", hall.as_str()),
            ("wording", "Which room of the Drill Hall?"),
            ("sought_on", &today),
        ];
        desk.act(&officer, &format!("{case}/clarification"), &asked)
            .await;
        let sure = desk.post(&follow, &[("do", "go-without")], None).await;
        assert_eq!(faults(&sure.text), Vec::<String>::new());
        let boxes: Vec<&str> = sure.text.split("type=\"checkbox\"").skip(1).collect();
        let ticked: Vec<bool> = boxes
            .iter()
            .map(|field| field.split('>').next().unwrap().contains("checked"))
            .collect();
        assert_eq!(ticked, [false, true], "{}", sure.text);
        let none = [("do", "withdraw-some"), ("sure", "yes")];
        let none = desk.post(&follow, &none, None).await;
        assert!(
            none.text
                .contains("Choose the questions that you no longer need"),
            "{}",
            none.text
        );
        assert_eq!(faults(&none.text), Vec::<String>::new());
        let some = [
            ("do", "withdraw-some"),
            ("sure", "yes"),
            ("questions", hall.as_str()),
        ];
        let some = desk.post(&follow, &some, None).await;
        assert_eq!(some.status, 303, "{}", some.text);
        let page = desk.get(&follow, None).await;
        for words in [
            "You withdrew this on Monday 23 November 2026.",
            "We are working on it",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        // The officer sees it, and the letter says it.
        let shown = desk.get(&case, Some(&officer)).await;
        assert!(shown.text.contains("Withdrawn"), "{}", shown.text);
        desk.repairs_find_nothing(&officer, &case, "None.").await;
        let looked = "We looked in the records of our parks team.";
        desk.act(
            &officer,
            &format!("{case}/questions/1/not-held"),
            &[("looked", looked)],
        )
        .await;
        let letter = desk.get(&format!("{case}/letter"), Some(&officer)).await;
        let said = "You told us on 23 November 2026 that you no longer ask this.";
        assert!(letter.text.contains(said), "{}", letter.text);

        let fields = [("do", "withdraw"), ("sure", "yes")];
        assert_eq!(desk.post(&follow, &fields, None).await.status, 303);
        let page = desk.get(&follow, None).await;
        assert!(!page.text.contains("Answer due by"), "{}", page.text);
        let again = desk.post(&follow, &fields, None).await;
        plain(&again);
        assert!(again.text.contains("withdrawn already"), "{}", again.text);
    });
}

#[test]
fn something_is_added_unasked_and_the_officer_sees_it_while_the_clock_goes_on() {
    run(async {
        let desk = Desk::demo().await;
        let nobody = Visitor {
            cookie: String::new(),
            form_token: String::new(),
        };
        let questions = "How many ducks live on the town pond?";
        let (reference, follow) = sent(&desk, questions, "add").await;
        let before = desk.app.office.case(&reference).await.unwrap().unwrap();
        let page = desk.get(&follow, None).await;
        assert!(page.text.contains("Something to add?"), "{}", page.text);
        let add = format!("{follow}/add");
        let form = desk.get(&add, None).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let text = |text: &'static str| [("form_token", ""), ("text", text)];
        // Nothing, too much, and a file that isn't taken: what was written is kept.
        let empty = desk.upload(&add, &nobody, &text(""), &[]).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text.contains("Write what you would like to add"));
        let long: &'static str = "x".repeat(20_001).leak();
        let long = desk.upload(&add, &nobody, &text(long), &[]).await;
        assert_eq!(long.status, 422);
        let foreign = desk
            .upload(
                &add,
                &nobody,
                &text("I mean <b>geese</b> too."),
                &[("a.exe", b"MZ")],
            )
            .await;
        assert_eq!(foreign.status, 422);
        assert!(
            foreign
                .text
                .contains("I mean &lt;b&gt;geese&lt;/b&gt; too.")
                || foreign
                    .text
                    .contains("I mean &#60;b&#62;geese&#60;/b&#62; too."),
            "{}",
            foreign.text
        );
        assert_eq!(faults(&foreign.text), Vec::<String>::new());
        // A correction with a file, sent twice: it is there once.
        let files: [(&str, &[u8]); 1] = [("pond.txt", b"The pond by the church.")];
        for _ in 0..2 {
            let came = desk
                .upload(
                    &add,
                    &nobody,
                    &text("I mean the <b>upper</b> pond."),
                    &files,
                )
                .await;
            assert_eq!(came.status, 303, "{}", came.text);
            assert_eq!(came.header("location"), format!("{follow}/added"));
        }
        let added = desk.get(&format!("{follow}/added"), None).await;
        assert_eq!(faults(&added.text), Vec::<String>::new());
        for words in ["We have what you added", "pond.txt", "must answer stays"] {
            assert!(added.text.contains(words), "{words}: {}", added.text);
        }
        assert!(!added.text.contains("<b>upper") && !added.text.contains("new request"));
        let after = desk.app.office.case(&reference).await.unwrap().unwrap();
        assert_eq!(after.additions.len(), 1);
        assert_eq!(
            (after.state, after.due_on, after.next_due_on(), after.seq),
            (
                before.state,
                before.due_on,
                before.next_due_on(),
                before.seq + 1
            )
        );
        // The officer reads it on the case, in its history, and opens its file.
        let officer = desk.sign_in("ben").await;
        let case = format!("/desk/cases/{reference}");
        let shown = desk.get(&case, Some(&officer)).await;
        assert_eq!(faults(&shown.text), Vec::<String>::new());
        for words in ["Added by the person who asked", "Read what was added"] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        assert!(!shown.text.contains("may be a new request") && !shown.text.contains("<b>upper"));
        let history = desk.get(&format!("{case}/history"), Some(&officer)).await;
        assert!(
            history
                .text
                .contains("The person who asked added something")
        );
        let file = desk.get(&format!("{case}/files/1"), Some(&officer)).await;
        assert_eq!(file.text, "The pond by the church.");
        // What asks for something new may be a new request.
        let new = "How much is spent on feeding them in winter?";
        let new = desk.upload(&add, &nobody, &text(new), &[]).await;
        assert_eq!(new.status, 303);
        let added = desk.get(&format!("{follow}/added"), None).await;
        assert!(added.text.contains("new request"), "{}", added.text);
        let shown = desk.get(&case, Some(&officer)).await;
        let words = "Read what was added: it may be a new request";
        assert!(shown.text.contains(words), "{}", shown.text);
        // Going on with the case is not reading it.
        let confirmed = [("regime", "foi"), ("keep_1", "keep"), ("text_1", questions)];
        desk.act(&officer, &format!("{case}/questions"), &confirmed)
            .await;
        let known = desk.app.office.case(&reference).await.unwrap().unwrap();
        assert_eq!(known.open_additions().count(), 2);
        // The officer says what becomes of each, and the person who asked sees it.
        let first = format!("{case}/added/1");
        let page = desk.get(&first, Some(&officer)).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        assert!(page.text.contains("I mean the"), "{}", page.text);
        let unsaid = desk.post(&first, &[("outcome", "")], Some(&officer)).await;
        assert_eq!(unsaid.status, 422);
        assert!(unsaid.text.contains("Say what it is"), "{}", unsaid.text);
        desk.act(&officer, &first, &[("outcome", "account")]).await;
        assert_eq!(desk.get(&first, Some(&officer)).await.status, 404);
        let stale = [("outcome", "new"), ("seen", "1")];
        let second = format!("{case}/added/2");
        let stale = desk.post(&second, &stale, Some(&officer)).await;
        assert_eq!(stale.status, 409);
        let taken = desk
            .post(&second, &[("outcome", "new")], Some(&officer))
            .await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let taken = taken.header("location");
        let new = taken
            .trim_start_matches("/desk/cases/")
            .trim_end_matches("?done=taken-in");
        assert_ne!(new, reference);
        let own = desk.app.office.case(new).await.unwrap().unwrap();
        assert_eq!(
            (own.receipt.text.as_str(), own.receipt.received_on),
            (
                "How much is spent on feeding them in winter?",
                desk.app.today()
            )
        );
        let office = &desk.app.office;
        let known = office.case(&reference).await.unwrap().unwrap();
        let (asked, asks) = (
            office.store().applicant(&known.id).await.unwrap().unwrap(),
            office.store().applicant(&own.id).await.unwrap().unwrap(),
        );
        assert_eq!((asked.name, asked.contact), (asks.name, asks.contact));
        assert_eq!(known.open_additions().count(), 0);
        let page = desk.get(&follow, None).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for words in ["taken into account", new, "Its 20 working days run"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let shown = desk.get(&case, Some(&officer)).await;
        assert!(!shown.text.contains("Say what becomes of it"));
        // What came by another way is recorded by hand.
        let by_hand = [
            ("text", "The lower pond too."),
            ("received_on", "2026-11-23"),
        ];
        desk.act(&officer, &format!("{case}/add"), &by_hand).await;
        let shown = desk.get(&case, Some(&officer)).await;
        for words in ["The lower pond too.", "Say what becomes of it"] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        // Nothing is added to what is over.
        let fields = [("do", "withdraw"), ("sure", "yes")];
        assert_eq!(desk.post(&follow, &fields, None).await.status, 303);
        let late = desk.upload(&add, &nobody, &text("And this."), &[]).await;
        assert_eq!(late.status, 422);
        assert_eq!(desk.get(&add, None).await.status, 303);
        assert_eq!(desk.get("/follow/nobody/add", None).await.status, 404);
    });
}

#[test]
fn figures_are_charts_with_their_tables_and_the_first_page_has_them() {
    run(async {
        let desk = Desk::demo().await;
        let page = desk.get("/statistics", None).await;
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for words in [
            "Answered in full",
            "Refused",
            "Under which section of the Act",
            "fewer than 5",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        // The chart says what it shows; the table stands behind it.
        let chart = page.between("<svg role=\"img\"", "</title>");
        assert!(chart.contains("aria-labelledby=\"fast-title\""), "{chart}");
        assert!(chart.contains("answered on time."), "{chart}");
        let charts = page.text.matches("<svg role=\"img\"").count();
        let tables = page.text.matches("<table").count();
        assert!(charts >= 2 && tables >= charts, "{charts}, {tables}");
        // Withholding and neither confirming nor denying are one section.
        assert!(
            !page.text.contains("31(3)") && !page.text.contains("31(1)"),
            "{}",
            page.text
        );
        let home = desk.get("/", None).await;
        assert_eq!(faults(&home.text), Vec::<String>::new());
        for words in [
            "Published last",
            "How fast we answer",
            "href=\"/disclosure-log/",
        ] {
            assert!(home.text.contains(words), "{words}: {}", home.text);
        }
    });
}

#[test]
fn the_log_is_narrowed_by_subject_and_search_goes_on_over_pages() {
    run(async {
        let desk = Desk::demo().await;
        let list = desk.get("/disclosure-log", None).await;
        assert_eq!(faults(&list.text), Vec::<String>::new());
        let subjects = list.between("<select id=\"subject\"", "</select>");
        assert!(subjects.matches("<option").count() > 3, "{subjects}");
        let all = list.text.matches("<li><h2>").count();
        let mut narrowed = 0;
        for id in subjects.split("value=\"").skip(2) {
            let id = id.split('"').next().unwrap();
            let some = desk
                .get(&format!("/disclosure-log?subject={id}"), None)
                .await;
            let count = some.text.matches("<li><h2>").count();
            assert!(count <= all);
            narrowed += count;
            // Search and list narrow alike.
            let both = desk
                .get(&format!("/disclosure-log?subject={id}&find=contract"), None)
                .await;
            assert!(both.text.matches("<li><h2>").count() <= count, "{id}");
        }
        assert!(narrowed < all * subjects.matches("<option").count());
        // The subjects are those of what is published, with how many answers each has.
        for (words, count) in [("Roads, parking and transport", 2), ("Staff and pay", 1)] {
            assert!(
                subjects.contains(&format!("{words} ({count})")),
                "{subjects}"
            );
        }
        let roads = desk.get("/disclosure-log?subject=roads", None).await;
        assert!(roads.text.contains("Potholes reported and mended"));
        assert!(!roads.text.contains("Empty council homes"));
        let feed = desk
            .get("/disclosure-log/feed.json?subject=roads", None)
            .await;
        assert_eq!(feed.json()["items"].as_array().unwrap().len(), 2);
        // Old addresses narrow by a row of the policy, and the form says so.
        let row = desk.get("/disclosure-log?subject=hardware", None).await;
        assert_eq!(row.status, 200);
        assert!(
            row.text.contains("value=\"hardware\" selected"),
            "{}",
            row.text
        );
        // What is taken out is counted no more.
        let publisher = desk.sign_in("petra").await;
        let entry = desk
            .app
            .office
            .store()
            .log_entry("2026/parking-fines")
            .await;
        let case = entry.unwrap().unwrap().case;
        let case = desk.app.office.case(&case.0).await.unwrap().unwrap();
        let path = format!("/desk/cases/{}/unpublish", case.receipt.reference);
        desk.act(&publisher, &path, &[("reason", "A figure is wrong.")])
            .await;
        let list = desk.get("/disclosure-log", None).await;
        assert!(list.text.contains("Roads, parking and transport (1)"));
    });
}

#[test]
fn what_cannot_be_looked_for_is_told_by_its_field_and_kept() {
    run(async {
        let desk = Desk::demo().await;
        for (asked, words, kept) in [
            (
                "from=31/02/2026",
                "Published since must be a real date",
                "value=\"31/02/2026\"",
            ),
            (
                "from=yesterday&find=ducks",
                "Published since must be a real date",
                "value=\"ducks\"",
            ),
            ("outcome=won", "Choose an outcome from the list", ""),
            ("subject=no-such-row", "Choose a subject from the list", ""),
            ("after=nowhere", "This list has no such page", ""),
            ("find=ducks&after=x", "This list has no such page", ""),
        ] {
            let page = desk.get(&format!("/disclosure-log?{asked}"), None).await;
            assert_eq!(page.status, 422, "{asked}");
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{asked}");
            assert!(page.text.contains("There is a problem"), "{asked}");
            assert!(page.text.contains(words), "{asked}: {}", page.text);
            assert!(page.text.contains(kept), "{asked}: {}", page.text);
            for form in ["feed.atom", "feed.json", "log.csv"] {
                let answer = desk
                    .get(&format!("/disclosure-log/{form}?{asked}"), None)
                    .await;
                assert_eq!(answer.status, 422, "{form} {asked}");
            }
        }
        let ours = desk.get("/disclosure-log?from=1/1/2026", None).await;
        assert_eq!(ours.status, 200);
        assert!(ours.text.contains("value=\"2026-01-01\""), "{}", ours.text);
        for (asked, words) in [
            ("as_at=1999-Q1", "There is no register as at that quarter"),
            ("page=0", "This list has no such page"),
            ("page=two", "This list has no such page"),
            ("page=9000", "This list has no such page"),
        ] {
            let page = desk.get(&format!("/contracts?{asked}"), None).await;
            assert_eq!(page.status, 422, "{asked}");
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{asked}");
            assert!(page.text.contains(words), "{asked}: {}", page.text);
        }
    });
}

#[test]
fn a_form_that_may_come_from_elsewhere_is_not_taken_and_the_page_says_so() {
    run(async {
        let desk = Desk::demo().await;
        let cases = || async {
            let store = desk.app.office.store();
            store
                .queue(&store::QueueFilter::All, true, None, 500)
                .await
                .unwrap()
                .len()
        };
        let before = cases().await;
        let mut fields = SAID.to_vec();
        fields.extend([
            ("step", "check"),
            ("questions", "How many ducks live on the town pond?"),
            ("once", "elsewhere"),
        ]);
        for origin in ["", "https://elsewhere.example"] {
            for path in ["/ask/step", "/ask/guidance", "/follow/nobody", "/sign-in"] {
                let answer = desk.send("POST", path, &fields, None, origin).await;
                assert_eq!(answer.status, 403, "{path}");
                assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
                for words in ["We did not take this form", "nothing of it was kept"] {
                    assert!(answer.text.contains(words), "{words}: {}", answer.text);
                }
            }
        }
        assert_eq!(cases().await, before);
    });
}

#[test]
fn reloading_a_step_begins_anew_and_back_goes_one_step() {
    run(async {
        let desk = Desk::demo().await;
        for path in ["/ask/step", "/ask/send", "/ask/found"] {
            let again = desk.get(path, None).await;
            assert_eq!(
                (again.status, again.header("location")),
                (303, "/ask"),
                "{path}"
            );
        }
        let questions =
            "1. Who has the heating contract?\n2. How many ducks live on the town pond?";
        let fields = [("questions", questions), ("once", "back")];
        let offered = step(&desk, "questions", &fields).await;
        assert!(
            offered.text.contains("Boiler servicing"),
            "{}",
            offered.text
        );
        let reply = step(&desk, "published", &fields).await;
        let back = "name=\"go\" value=\"published\"";
        assert!(reply.text.contains(back), "{}", reply.text);
        let mut fields = fields.to_vec();
        fields.extend([
            ("way", "post"),
            ("name", "Sam Duckworth"),
            ("go", "published"),
        ]);
        let back = step(&desk, "reply", &fields).await;
        for words in [
            "Boiler servicing",
            "value=\"post\"",
            "Sam Duckworth",
            "town pond",
        ] {
            assert!(back.text.contains(words), "{words}: {}", back.text);
        }
        assert!(back.text.contains("name=\"go\" value=\"questions\""));
        // Where nothing was offered there is no such step.
        let fields = [("questions", "How many ducks live on the town pond?")];
        let reply = step(&desk, "questions", &fields).await;
        assert!(reply.text.contains("name=\"go\" value=\"questions\""));
    });
}

/// What people read of a page, without its marks.
fn read_out(page: &str) -> String {
    let mut text = String::new();
    for piece in page.split('<').skip(1) {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or("", |(_, words)| words));
    }
    for (mark, character) in [("&#39;", "'"), ("&#34;", "\""), ("&quot;", "\"")] {
        text = text.replace(mark, character);
    }
    text
}

#[test]
fn quotation_marks_are_of_one_kind() {
    run(async {
        let desk = Desk::demo().await;
        let mut pages = Vec::new();
        for path in [
            "/",
            "/ask",
            "/ask/questions",
            "/disclosure-log",
            "/disclosure-log?find=zebra",
            "/disclosure-log?from=soon&outcome=won&subject=none",
            "/disclosure-log/2026/library-opening-hours",
            "/contracts",
            "/contracts?find=zebra",
            "/contracts/hm-c-0112",
            "/policy",
            "/statistics",
            "/contact",
            "/privacy",
            "/accessibility",
            "/nowhere",
        ] {
            pages.push((path, desk.get(path, None).await.text));
        }
        let questions = "1. who has the heating contract\n2. please tell me about potholes\n3. Which version of antivirus do you use?\n4. telephony and photocopier contracts";
        let fields = [("questions", questions)];
        let guidance = desk.post("/ask/guidance", &fields, None).await.text;
        assert!(guidance.matches("Shown because").count() > 3, "{guidance}");
        pages.push(("guidance", guidance));
        let (_, follow) = sent(&desk, questions, "quotes").await;
        pages.push(("follow", desk.get(&follow, None).await.text));
        for (path, page) in pages {
            let text = read_out(&page);
            for (at, mark) in text.match_indices(['"', '\'', '‘', '`', '«']) {
                // An apostrophe stands between letters, or after the last of a plural.
                let before = text[..at].chars().next_back().unwrap_or(' ');
                let is_apostrophe = mark == "'" && before.is_alphabetic();
                let near: String = text[..at].chars().rev().take(30).collect();
                let near: String = near.chars().rev().collect();
                assert!(is_apostrophe, "{path}: {near}>>{mark}");
            }
        }
    });
}

#[test]
fn who_finds_a_weakness_is_told_where_to_say_so() {
    run(async {
        let desk = Desk::demo().await;
        let answer = desk.get("/.well-known/security.txt", None).await;
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(
            answer.text,
            "Contact: mailto:security@harrowmere.example\nExpires: 2027-05-22T00:00:00Z\nPreferred-Languages: en\nCanonical: http://desk.example/.well-known/security.txt\n"
        );
    });
}

#[test]
fn an_entry_that_is_changed_says_what_and_when() {
    run(async {
        let desk = Desk::demo().await;
        let address = "2026/library-opening-hours";
        let entry = desk
            .app
            .office
            .store()
            .log_entry(address)
            .await
            .unwrap()
            .unwrap();
        let case = desk.app.office.case(&entry.case.0).await.unwrap().unwrap();
        let path = format!("/desk/cases/{}", case.receipt.reference);
        let publisher = desk.sign_in("petra").await;
        let fields = [
            ("when", "now"),
            ("title", "When the libraries are open"),
            ("address", address),
            ("checked", "yes"),
        ];
        let reason = [("reason", "The title was unclear.")];
        desk.act(&publisher, &format!("{path}/unpublish"), &reason)
            .await;
        desk.act(&publisher, &format!("{path}/publish"), &fields)
            .await;
        let page = desk.get(&format!("/disclosure-log/{address}"), None).await;
        for words in [
            "Changed 23 November 2026: published again",
            "Changed 23 November 2026: the title",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
    });
}

#[test]
fn the_policy_says_once_that_notices_are_unread() {
    run(async {
        let desk = Desk::demo().await;
        let page = desk.get("/policy", None).await.text;
        assert!(!page.contains("not verified"), "{page}");
        assert_eq!(page.matches("ourselves.").count(), 1, "{page}");
    });
}

/// Whose mail does not arrive sees it on the page of their link, and how to say where it should go.
#[test]
fn a_mail_that_does_not_arrive_is_told_on_the_private_page() {
    run(async {
        use office::mail::{Carrying, Mailing, NotSent, Parcel};
        let desk = Desk::demo().await;
        let nobody = Visitor {
            cookie: String::new(),
            form_token: String::new(),
        };
        let mut fields = SAID.to_vec();
        fields.extend([
            ("questions", "How many ducks live on the mill pond?"),
            ("once", "unreached"),
        ]);
        let sent = desk.upload("/ask/send", &nobody, &fields, &[]).await;
        let follow = format!("/follow/{}", sent.between("/follow/", "\""));
        let words = "Our email to you did not arrive";
        let before = desk.get(&follow, None).await;
        assert!(!before.text.contains(words), "{}", before.text);
        let carrier = |_: Parcel| -> Carrying {
            Box::pin(async { Err(NotSent::Refused("550 no such mailbox".to_owned())) })
        };
        let mailing = Mailing {
            public_url: Some("http://desk.example"),
            carrier: &carrier,
        };
        desk.app.office.send_mail(&mailing).await.unwrap();
        let after = desk.get(&follow, None).await;
        assert_eq!(faults(&after.text), Vec::<String>::new());
        assert!(after.text.contains(words), "{}", after.text);
        assert!(after.text.contains(&format!("href=\"{follow}/add\"")));
        // The server's words are for the desk.
        assert!(!after.text.contains("550"), "{}", after.text);
    });
}

/// The same form sent twice is one request. With other words it is another, which nobody may lose.
#[test]
fn a_form_that_is_changed_after_sending_is_another_request() {
    run(async {
        let desk = Desk::demo().await;
        let sent = async |questions: &str| -> String {
            let mut fields = SAID.to_vec();
            fields.extend([("questions", questions), ("once", "changed")]);
            let sent = step(&desk, "check", &fields).await;
            sent.between("<h1>Request sent</h1><p>", "</p>").to_owned()
        };
        let swans = sent("How many swans live on the lake?").await;
        assert_eq!(sent("How many swans live on the lake?").await, swans);
        let geese = sent("How many geese live on the lake?").await;
        assert_ne!(geese, swans);
        let case = desk.app.office.case(&geese).await.unwrap().unwrap();
        assert!(case.receipt.text.contains("geese"));
    });
}
