//! What is proposed for questions that ask two things, that name no subject, and that only name things under a stem.

use casework::policy::Policy;
use casework::proposal::{Kind, Proposal, propose};
use law::Statute;
use triage::{Reading, Vocabulary};

/// What the policy proposes for each question of a request, with its words.
fn proposals(body: &str) -> Vec<(String, Proposal)> {
    let vocabulary = Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .and_then(|known| known.with_weights(include_str!("../../../data/triage/weights.toml")))
    .expect("the data is sound");
    let statute = Statute::parse(include_str!("../../../data/law/foia.toml")).expect("the law");
    let policy = Policy::parse(
        include_str!("../../../data/policy/coventry-ict.toml"),
        &statute,
        &|id| vocabulary.has_subject(id),
        &|id| vocabulary.has_information(id),
    )
    .expect("the policy");
    let Reading { questions } = triage::read(&vocabulary, body);
    questions
        .iter()
        .map(|question| {
            (
                body[question.span.clone()].to_owned(),
                propose(&policy, question),
            )
        })
        .collect()
}

#[test]
fn parts_that_ask_apart_are_mixed() {
    for (question, kind) in [
        (
            "Which telephone system do you use, and when does its contract end?",
            Kind::Mixed,
        ),
        (
            "Whose firewalls are they / on what date does the contract for them run out?",
            Kind::Mixed,
        ),
        // What stands in brackets, and a second verb, are no part of their own.
        (
            "Who supplies the firewalls (and the switches, where they are the same)?",
            Kind::Register,
        ),
        (
            "When does the contract for the firewalls start and end?",
            Kind::Register,
        ),
    ] {
        let found = proposals(&format!("1. {question}\n2. How many libraries are there?"));
        let (text, first) = &found[0];
        assert_eq!(first.kind, kind, "{text}: {first:?}");
        assert!(!first.evidence.is_empty());
        assert_eq!(found[1].1.kind, Kind::Open);
    }
}

#[test]
fn plain_words_are_read_where_no_subject_is_named() {
    let body = "Our parish council asks about taxi licensing.\n\n1. How many taxi licences were issued last year?\n2. Which version of the software in which applications are processed is in use?\n3. What does a badge cost?";
    let found = proposals(body);
    assert_eq!(found[0].1.kind, Kind::Open, "{:?}", found[0]);
    assert_eq!(found[1].1.kind, Kind::Protected, "{:?}", found[1]);
    assert!(!found[1].1.evidence.is_empty());
    assert_eq!(found[2].1.kind, Kind::Open, "{:?}", found[2]);
}

#[test]
fn names_under_one_stem_are_read_alike() {
    let body = "How many of each of these does the council have in use:\n\n- Laptops\n- Desktop computers\n- Any other tablet\n";
    let kinds: Vec<Kind> = proposals(body)
        .into_iter()
        .map(|(_, one)| one.kind)
        .collect();
    assert_eq!(kinds, vec![Kind::Protected; 3]);
}

#[test]
fn a_contract_that_is_named_is_enough_for_what_the_register_answers() {
    let found = proposals(
        "I am asking about the contract for catering.\n1. Who is the catering contract with?\n2. What are the terms?\n3. How many meals were thrown away?\n4. Is there a provision to extend?",
    );
    assert_eq!(found[3].1.kind, Kind::Register, "{:?}", found[3]);
    let (_, terms) = &found[1];
    assert_eq!(terms.kind, Kind::Register, "{terms:?}");
    let told: Vec<&str> = terms
        .evidence
        .iter()
        .map(|evidence| evidence.supports.as_str())
        .collect();
    assert_eq!(told, ["subject:contracts"]);
    assert_eq!(terms.category, None);
    assert_eq!(found[2].1.kind, Kind::Open, "{:?}", found[2]);
}

#[test]
fn what_is_likely_about_no_ict_is_not_protected() {
    let found = proposals(
        "The care home on Elm Street closed.\n\n1. How many laptops did the residents' families give to the home's raffle?",
    );
    assert_eq!(found[0].1.kind, Kind::Open, "{:?}", found[0]);
}

#[test]
fn a_question_is_grouped_under_the_row_of_what_it_names() {
    let found = proposals("1. When does the contract for the telephone system expire?");
    let (_, telephones) = &found[0];
    assert_eq!(telephones.kind, Kind::Register);
    assert_eq!(telephones.category.as_deref(), Some("hardware"));
}
