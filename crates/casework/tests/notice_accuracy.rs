//! How well the notice check reads notices: the invented ones beside this file, labelled by reading them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a failed expectation is the test's way to speak, and the table is meant to be read"
)]

mod notices;

use std::collections::BTreeMap;

use notices::{Labels, check, fixtures};

/// Label of the corpus, element of the check.
const ELEMENTS: &[(&str, &str)] = &[
    ("states_exemption_applies", "states_exemption"),
    ("explains_why", "explains_why"),
    ("pit_for", "public_interest_for"),
    ("pit_against", "public_interest_against"),
    ("pit_conclusion", "public_interest_conclusion"),
    ("internal_review_details", "internal_review"),
    ("internal_review_time_limit", "internal_review_time_limit"),
    ("section50_ico_right", "section_50_right"),
    ("ico_contact", "commissioner_contact"),
];

#[derive(Default)]
struct Counts {
    right: usize,
    found_wrongly: usize,
    not_found: usize,
    rightly_absent: usize,
}

impl Counts {
    fn f1(&self) -> f64 {
        let (tp, fp, missed) = (
            self.right as f64,
            self.found_wrongly as f64,
            self.not_found as f64,
        );
        if tp == 0.0 {
            0.0
        } else {
            2.0 * tp / (2.0 * tp + fp + missed)
        }
    }
}

#[derive(Default)]
struct Score {
    table: BTreeMap<&'static str, Counts>,
    citations: (usize, usize),
    levels: (usize, usize),
    errors: Vec<String>,
}

fn bare(provision: &str) -> String {
    provision.replace("FOIA s.", "")
}

fn exemption(section: &str) -> bool {
    let digits: String = section.chars().take_while(char::is_ascii_digit).collect();
    matches!(digits.parse::<u16>(), Ok(12 | 14 | 21..=44))
}

fn score(score: &mut Score, id: &str, text: &str, labels: &Labels) {
    let notice = check(text);
    if let Some(gold) = &labels.cites_exemption {
        let mut mine: Vec<String> = notice
            .citations
            .iter()
            .map(|cited| cited.provision.to_string())
            .filter(|provision| provision.starts_with("FOIA"))
            .map(|provision| bare(&provision))
            .filter(|section| exemption(section))
            .collect();
        mine.sort();
        mine.dedup();
        let mut gold = gold.clone();
        gold.sort();
        score.citations.1 += 1;
        if mine == gold {
            score.citations.0 += 1;
        } else {
            score
                .errors
                .push(format!("{id} cites {gold:?}, got {mine:?}"));
        }
    }
    if let Some(level) = &labels.prejudice_level_stated {
        let mine = notice
            .element("likelihood")
            .and_then(|element| element.value.clone())
            .unwrap_or_else(|| "none".to_owned())
            .replace('_', " ");
        score.levels.1 += 1;
        if mine == *level {
            score.levels.0 += 1;
        } else {
            score.errors.push(format!("{id} level {level}, got {mine}"));
        }
    }
    let decisions = ELEMENTS.iter().map(|(label, element)| {
        let present = notice
            .element(element)
            .is_some_and(|element| element.status == casework::notice::Status::Present);
        (*label, labels.decision(label), present)
    });
    for (label, gold, mine) in
        decisions.chain([("ncnd", labels.ncnd, notice.neither_confirm_nor_deny)])
    {
        let Some(gold) = gold else { continue };
        let counts = score.table.entry(label).or_default();
        match (gold, mine) {
            (true, true) => counts.right += 1,
            (false, true) => counts.found_wrongly += 1,
            (true, false) => counts.not_found += 1,
            (false, false) => counts.rightly_absent += 1,
        }
        if gold != mine {
            score.errors.push(format!("{id} {label}: should be {gold}"));
        }
    }
}

fn report(name: &str, score: &Score) -> (f64, f64, f64) {
    let mut all = Counts::default();
    println!("{name}");
    for (label, counts) in &score.table {
        println!(
            "  {label:<28} {:>3} right {:>3} found wrongly {:>3} not found {:>3} rightly absent  F1 {:.3}",
            counts.right,
            counts.found_wrongly,
            counts.not_found,
            counts.rightly_absent,
            counts.f1()
        );
        all.right += counts.right;
        all.found_wrongly += counts.found_wrongly;
        all.not_found += counts.not_found;
    }
    let citations = score.citations.0 as f64 / score.citations.1.max(1) as f64;
    let levels = score.levels.0 as f64 / score.levels.1.max(1) as f64;
    println!(
        "  overall F1 {:.4}; citations exactly right {citations:.4}; likelihood right {levels:.4}",
        all.f1()
    );
    for error in &score.errors {
        println!("  {error}");
    }
    (all.f1(), citations, levels)
}

#[test]
fn the_invented_notices_are_read_as_labelled() {
    let mut all = Score::default();
    for notice in fixtures() {
        score(&mut all, &notice.id, &notice.text, &notice.labels);
    }
    let (f1, citations, levels) = report("invented notices", &all);
    assert!(f1 >= 0.97, "overall F1 {f1:.4}");
    assert!(citations >= 0.97, "citations {citations:.4}");
    assert!(levels >= 0.95, "likelihood {levels:.4}");
}
