//! Words find cases, filters narrow them, and requests alike find each other.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use search::{Document, Filter, open};

fn document(id: &str, state: &str, due_on: &str, questions: &[&str]) -> Document {
    Document {
        case_id: id.to_owned(),
        reference: format!("HM-2026-{id}"),
        subject: String::new(),
        questions: questions
            .iter()
            .map(|&question| question.to_owned())
            .collect(),
        request: questions.join("\n"),
        letter: String::new(),
        state: state.to_owned(),
        received_on: "2026-11-02".parse().unwrap(),
        due_on: Some(due_on.parse().unwrap()),
        categories: vec!["hardware".to_owned()],
        areas: vec!["ICT".to_owned()],
        exemptions: Vec::new(),
        published: None,
    }
}

const SERVERS: &[&str] = &[
    "How many physical servers does the council run?",
    "Which company supplies the servers and when does the contract end?",
];

#[test]
fn words_and_references_find_cases_and_filters_narrow_them() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = open(folder.path()).unwrap();
    let mut follower = searcher.follower().unwrap();
    for case in [
        document("1", "open", "2026-12-01", SERVERS),
        document(
            "2",
            "issued",
            "2026-12-08",
            &["How many potholes were repaired?"],
        ),
        document("3", "open", "2026-12-15", &["How many laptops are in use?"]),
    ] {
        follower.put(&case).unwrap();
    }
    follower.commit(3).unwrap();
    searcher.reload().unwrap();
    assert_eq!(searcher.position().unwrap(), 3);
    let found = |words: &str, filter: &Filter| -> Vec<String> {
        searcher
            .search(words, filter, 10)
            .unwrap()
            .into_iter()
            .map(|hit| hit.case_id)
            .collect()
    };
    let all = Filter::default();
    assert_eq!(found("server", &all), ["1"]);
    assert_eq!(found("HM-2026-2", &all), ["2"]);
    assert_eq!(found("zebra", &all), Vec::<String>::new());
    let open_cases = Filter {
        state: Some("open".to_owned()),
        ..Filter::default()
    };
    assert_eq!(searcher.count(&open_cases).unwrap(), 2);
    let due_soon = Filter {
        due_by: Some("2026-12-08".parse().unwrap()),
        ..open_cases
    };
    assert_eq!(found("", &due_soon), ["1"]);
}

#[test]
fn a_near_duplicate_comes_before_a_request_that_shares_words_and_a_case_put_again_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = open(folder.path()).unwrap();
    let mut follower = searcher.follower().unwrap();
    let again: &[&str] = &[
        "How many physical servers does the Council run?",
        "Which company supplies the servers, and when does the contract end?",
    ];
    for case in [
        document("1", "issued", "2026-12-01", SERVERS),
        document(
            "2",
            "open",
            "2026-12-08",
            &["Which company supplies the council's bins?"],
        ),
        document("3", "open", "2026-12-08", again),
        document("3", "open", "2026-12-08", again),
    ] {
        follower.put(&case).unwrap();
    }
    follower.commit(4).unwrap();
    searcher.reload().unwrap();
    let questions: Vec<String> = again.iter().map(|&question| question.to_owned()).collect();
    let hits = searcher.similar(&questions, Some("3"), 10).unwrap();
    assert_eq!(hits.first().unwrap().case_id, "1");
    assert!(hits.first().unwrap().near_duplicate);
    assert!(hits.iter().all(|hit| hit.case_id != "3"));
    assert_eq!(searcher.count(&Filter::default()).unwrap(), 3);
}

#[test]
fn of_requests_that_are_as_like_the_newest_come_first_wherever_the_index_keeps_them() {
    let orders: [[u32; 12]; 3] = [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
        [7, 1, 12, 4, 9, 2, 11, 5, 3, 10, 6, 8],
    ];
    let questions: Vec<String> = SERVERS
        .iter()
        .map(|&question| question.to_owned())
        .collect();
    for order in orders {
        let folder = tempfile::tempdir().unwrap();
        let searcher = open(folder.path()).unwrap();
        let mut follower = searcher.follower().unwrap();
        for (position, number) in (1..).zip(order) {
            let id = format!("{number:02}");
            follower
                .put(&document(&id, "open", "2026-12-01", SERVERS))
                .unwrap();
            if position % 4 == 0 {
                follower.commit(position).unwrap();
            }
        }
        searcher.reload().unwrap();
        let ids = |hits: Vec<search::Hit>| -> Vec<String> {
            hits.into_iter().map(|hit| hit.case_id).collect()
        };
        let like = searcher.similar(&questions, Some("11"), 3).unwrap();
        assert_eq!(ids(like), ["12", "10", "09"], "{order:?}");
        let found = searcher.search("servers", &Filter::default(), 20).unwrap();
        assert_eq!(ids(found).first().unwrap(), "12", "{order:?}");
    }
}

#[test]
fn an_index_of_another_form_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut earlier = tantivy::schema::Schema::builder();
    earlier.add_text_field("request", tantivy::schema::TEXT);
    tantivy::Index::create_in_dir(folder.path(), earlier.build()).unwrap();

    let searcher = open(folder.path()).unwrap();
    assert_eq!(searcher.position().unwrap(), 0);
    let mut follower = searcher.follower().unwrap();
    follower
        .put(&document("1", "open", "2026-12-01", SERVERS))
        .unwrap();
    follower.commit(1).unwrap();
    searcher.reload().unwrap();
    let found = searcher.search("servers", &Filter::default(), 10).unwrap();
    assert_eq!(found.len(), 1);
}
