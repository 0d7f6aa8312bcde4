//! What a person may look at besides, for questions that ask for it and for those that only look as if they did.

fn vocabulary() -> triage::Vocabulary {
    triage::Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .expect("the data is sound")
}

#[test]
fn questions_suggest_the_provisions_that_a_person_may_look_at_and_no_others() {
    let vocabulary = vocabulary();
    let rows: &[(&str, &[&str])] = &[
        // Section 40(2): staff, not those who hold public office.
        (
            "What are the names of staff in the planning team?",
            &["FOIA s.40(2)"],
        ),
        (
            "Name of the case officer who dealt with 24/001?",
            &["FOIA s.40(2)"],
        ),
        ("Which members of staff went to Cannes?", &["FOIA s.40(2)"]),
        (
            "Please send the names and job titles of the digital team.",
            &["FOIA s.40(2)"],
        ),
        (
            "What are the work mobile numbers of the wardens?",
            &["FOIA s.40(2)"],
        ),
        (
            "Which officer made the order to close the road?",
            &["FOIA s.40(2)"],
        ),
        ("Who made the decision to close the road?", &[]),
        ("Send a staff directory.", &["FOIA s.40(2)"]),
        ("What are the names of councillors on the committee?", &[]),
        ("Who is the leader of the council?", &[]),
        ("What is the name of the contractor?", &[]),
        ("What are the names of the parks?", &[]),
        ("How many staff work in planning?", &[]),
        ("What is the general switchboard number?", &[]),
        // Section 43(2): how a supplier prices, not what the council pays in all.
        (
            "What is the unit price of a wheeled bin?",
            &["FOIA s.43(2)"],
        ),
        (
            "What day rates do the consultants charge?",
            &["FOIA s.43(2)"],
        ),
        (
            "What discount was agreed with the publisher?",
            &["FOIA s.43(2)"],
        ),
        (
            "Please provide the priced bill of quantities.",
            &["FOIA s.43(2)"],
        ),
        ("Please send the unsuccessful bids.", &["FOIA s.43(2)"]),
        (
            "What is the cost per tonne of recycling?",
            &["FOIA s.43(2)"],
        ),
        (
            "What level of discount does the supplier give?",
            &["FOIA s.43(2)"],
        ),
        ("What is the total value of the contract?", &[]),
        ("What did the council spend on bins last year?", &[]),
        ("How many households get the single person discount?", &[]),
        ("How many bids were received?", &[]),
        ("What is the annual value of the cleaning contract?", &[]),
        // Section 12: all of everything.
        ("All emails ever sent about the pier.", &["FOIA s.12"]),
        ("Every single document on the bypass.", &["FOIA s.12"]),
        ("Send me everything to do with the market.", &["FOIA s.12"]),
        ("The entire file on Beech Tower, please.", &["FOIA s.12"]),
        (
            "All correspondence with the developer since records began.",
            &["FOIA s.12"],
        ),
        ("The email of 3 May from the surveyor.", &[]),
        ("The minutes of the board on 9 June.", &[]),
        ("All schools in the borough with a crossing patrol.", &[]),
        // Section 21 and section 22.
        (
            "Please send the statement of accounts for 2022/23.",
            &["FOIA s.21"],
        ),
        ("Payments over £500 in July.", &["FOIA s.21"]),
        ("The register of members' interests.", &["FOIA s.21"]),
        ("May I have the draft report on libraries?", &["FOIA s.22"]),
        (
            "The results of the survey, which has not been published.",
            &["FOIA s.22"],
        ),
        ("A report on the state of the roads.", &[]),
        ("How many accounts are locked out each month?", &[]),
        // Never from the words alone.
        (
            "Could publishing the plan put anybody's health at risk?",
            &[],
        ),
        ("What has the council done for national security?", &[]),
    ];
    let mut wrong = Vec::new();
    for (question, expected) in rows {
        let whole = triage::split::Part {
            label: "1".to_owned(),
            span: 0..question.len(),
            stem: None,
            heading: None,
        };
        let read = triage::read_parts(&vocabulary, "", question, vec![whole]);
        let found: Vec<&str> = read.questions[0]
            .hints
            .iter()
            .map(|hint| hint.suggests.as_str())
            .collect();
        if found != *expected {
            wrong.push(format!("{question} {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
