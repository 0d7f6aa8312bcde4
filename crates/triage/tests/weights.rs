//! The learned weights: words in another sense ask nothing of the council's systems, labelled requests are read as
//! labelled, and learning is the same each time.

use triage::split::Part;
use triage::weigh::{Example, examples, train};
use triage::{Vocabulary, read_message, read_parts};

fn vocabulary() -> Vocabulary {
    Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .and_then(|vocabulary| {
        vocabulary.with_weights(include_str!("../../../data/triage/weights.toml"))
    })
    .expect("the data is sound")
}

fn labelled() -> Vec<Example> {
    [
        include_str!("../../../fixtures/requests/conventions-1.txt"),
        include_str!("../../../fixtures/requests/conventions-2.txt"),
        include_str!("../../../fixtures/requests/ict-1.txt"),
        include_str!("../../../fixtures/requests/ict-2.txt"),
        include_str!("../../../fixtures/requests/ict-3.txt"),
        include_str!("../../../fixtures/requests/layouts-1.txt"),
        include_str!("../../../fixtures/requests/other-1.txt"),
        include_str!("../../../fixtures/requests/other-2.txt"),
    ]
    .iter()
    .flat_map(|file| examples(file).expect("labelled requests are well formed"))
    .collect()
}

#[test]
fn words_in_another_sense_ask_nothing_of_systems() {
    let vocabulary = vocabulary();
    let table = [
        (
            "Windows in council homes",
            "How many homes had new windows fitted last year?",
        ),
        (
            "Double glazing",
            "What make are the windows in the tower blocks?",
        ),
        (
            "Care homes",
            "How many care homes had an outbreak of a virus in January?",
        ),
        (
            "Norovirus",
            "How many residents caught the virus in hospital?",
        ),
        ("Fostering", "How many foster carers are in your network?"),
        (
            "Tenancies",
            "How many breaches of tenancy were recorded last year?",
        ),
        (
            "Anti-social behaviour",
            "What kind of breach of tenancy is commonest?",
        ),
        (
            "The town hall restaurant",
            "How many servers does the restaurant employ?",
        ),
        ("Planning", "How many planning applications did you refuse?"),
        (
            "Planning",
            "What type of planning application needs a committee?",
        ),
        (
            "Taxi licensing",
            "How many taxi licences were issued in 2024?",
        ),
        ("Taxis", "Which type of licence does a minicab driver need?"),
        (
            "Planning for data centres",
            "How many planning applications for cloud data centres were received?",
        ),
        ("Schools", "How many laptops were lent to pupils?"),
        ("School uniform", "What make of blazer do pupils wear?"),
        ("Bus lanes", "How many ANPR cameras enforce the bus lanes?"),
        (
            "Parking enforcement",
            "How many penalty charge notices did the camera car issue?",
        ),
        ("Potholes", "How many potholes were repaired?"),
    ];
    let wrong: Vec<&str> = table
        .iter()
        .filter(|(subject, question)| {
            read_message(
                &vocabulary,
                subject,
                &format!("Dear Council,\n\n{question}\n"),
            )
            .questions
            .first()
            .is_none_or(|question| {
                // Without a subject of ICT there is no cell of the table that it could fall in.
                let ict = question
                    .subjects
                    .iter()
                    .any(|found| found.id != "contracts");
                let system = question.leaning.is_none_or(|leaning| leaning.system >= 0.5);
                ict && system
            })
        })
        .map(|(_, question)| *question)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn labelled_requests_are_read_as_labelled() {
    let vocabulary = vocabulary();
    let (mut right, mut count) = (0_u32, 0_u32);
    for example in labelled() {
        let parts = example
            .questions
            .iter()
            .map(|(span, ..)| Part {
                label: String::new(),
                span: span.clone(),
                stem: None,
                heading: None,
            })
            .collect();
        let read = read_parts(&vocabulary, &example.subject_line, &example.body, parts);
        for (question, (_, category, kinds)) in read.questions.iter().zip(&example.questions) {
            let leaning = question.leaning.expect("weights are known");
            let contract = kinds.iter().any(|kind| kind.starts_with("contract-"));
            let system = category != "none"
                && kinds.iter().any(|kind| {
                    !kind.starts_with("contract-")
                        && !["spend", "staffing", "other"].contains(&kind.as_str())
                });
            let most = leaning
                .system
                .max(leaning.contract)
                .max(leaning.both)
                .max(leaning.neither);
            let share = match (system, contract) {
                (true, false) => leaning.system,
                (false, true) => leaning.contract,
                (true, true) => leaning.both.max(leaning.contract),
                (false, false) => leaning.neither,
            };
            count += 1;
            right += u32::from(share >= most);
        }
    }
    assert!(count > 1000, "{count} questions");
    assert!(right * 100 >= count * 85, "{right} of {count}");
}

#[test]
fn learning_is_the_same_each_time() {
    let vocabulary = vocabulary();
    let few: Vec<Example> = labelled().into_iter().take(4).collect();
    let first = train(&vocabulary, &few);
    assert_eq!(first, train(&vocabulary, &few));
    assert!(vocabulary.with_weights(&first).is_ok());
}

#[test]
fn mistakes_of_the_weights_are_named() {
    let problems = vocabulary()
        .with_weights("\"shape: stem\" = [0.1, 0.2]")
        .expect_err("two weights are too few");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "triage.weights_count");
}

#[test]
fn labels_that_close_nothing_are_refused() {
    assert!(examples("== one | Two\nplain words</>").is_err());
    assert!(examples("== one | Two\n<h nonsense>words</>").is_err());
}

#[test]
fn words_name_what_else_to_look_at_and_change_no_reading() {
    let vocabulary = vocabulary();
    let body = "1. What are the names of staff in the housing team?\n2. What is the unit price of a bin?\n3. Please send all correspondence about the pier.\n4. How many bins are there?";
    let read = read_message(&vocabulary, "", body);
    let hints: Vec<Vec<(&str, &str)>> = read
        .questions
        .iter()
        .map(|question| {
            question
                .hints
                .iter()
                .map(|hint| (hint.suggests.as_str(), &body[hint.span.clone()]))
                .collect()
        })
        .collect();
    assert_eq!(
        hints,
        [
            vec![("FOIA s.40(2)", "names of staff")],
            vec![("FOIA s.43(2)", "unit price")],
            vec![("FOIA s.12", "all correspondence")],
            vec![]
        ]
    );
}
