//! Scores triage on labelled corpora (files of JSON lines on the command line), quickly: for development.
//!
//! `--gold` reads the labelled questions instead of those that splitting finds; `--errors` lists what was wrong.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a tool for development, not part of the core"
)]

use casework::evaluation::{Labelled, Scores, matches, share};
use casework::policy::Policy;
use casework::proposal::propose;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let data = |name: &str| std::fs::read_to_string(format!("data/{name}")).unwrap();
    let vocabulary = triage::Vocabulary::parse(
        &data("triage/subjects.toml"),
        &data("triage/information.toml"),
        &data("triage/exclusions.toml"),
        &data("triage/cues.toml"),
    )
    .unwrap_or_else(|problems| {
        eprintln!("{problems:#?}");
        std::process::exit(2)
    });
    let vocabulary = if arguments.iter().any(|a| a == "--plain") {
        vocabulary
    } else {
        vocabulary
            .with_weights(&data("triage/weights.toml"))
            .unwrap()
    };
    let statute = law::Statute::parse(&data("law/foia.toml")).unwrap();
    let policy = Policy::parse(
        &data("policy/coventry-ict.toml"),
        &statute,
        &|id| vocabulary.has_subject(id),
        &|id| vocabulary.has_information(id),
    )
    .unwrap();
    for file in arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
    {
        let mut scores = Scores::default();
        for line in std::fs::read_to_string(file).unwrap().lines() {
            let labelled: Labelled = serde_json::from_str(line).unwrap();
            let mut parts = triage::split::split(&vocabulary, &labelled.body);
            if flag("--gold") {
                let spans = labelled.spans().unwrap();
                let found: Vec<_> = parts.iter().map(|part| part.span.clone()).collect();
                parts = matches(&spans, &found)
                    .into_iter()
                    .zip(&spans)
                    .map(|(at, span)| triage::split::Part {
                        span: span.clone(),
                        ..at.map_or(
                            triage::split::Part {
                                label: "?".into(),
                                span: span.clone(),
                                stem: None,
                                heading: None,
                            },
                            |at| parts[at].clone(),
                        )
                    })
                    .collect();
                parts.sort_by_key(|part| part.span.start);
            }
            let answers: Vec<_> = triage::read_parts(
                &vocabulary,
                labelled.subject.as_deref().unwrap_or(""),
                &labelled.body,
                parts,
            )
            .questions
            .into_iter()
            .map(|question| {
                let proposal = propose(&policy, &question);
                (question, proposal)
            })
            .collect();
            scores.add(&labelled, &answers).unwrap();
        }
        let percent = |pair: Option<f64>| pair.map_or("-".into(), |share| format!("{:.4}", share));
        let (p, r, f1) = scores.segmentation();
        println!(
            "{file}\n  seg P {} R {} F1 {f1:.4} | scored {} disposition {} | prot P {} R {} | reg R {} | false alarms {} | category {}",
            percent(p),
            percent(r),
            scores.scored,
            percent(share(scores.right, scores.scored)),
            percent(share(scores.protected_got.1, scores.protected_got.0)),
            percent(share(scores.protected.1, scores.protected.0)),
            percent(share(scores.register.1, scores.register.0)),
            percent(share(scores.open.1, scores.open.0)),
            percent(share(scores.category_right, scores.matched)),
        );
        if flag("--confusion") {
            println!("  {:?}", scores.confusion);
        }
        if flag("--errors") {
            println!("  {:?}", scores.confusion);
            for wrong in &scores.wrong {
                let got = wrong
                    .got
                    .as_ref()
                    .map_or("unmatched".into(), |(question, proposal)| {
                        format!(
                            "{} [{}] {:?} {:?} x{:?}",
                            proposal.kind.as_str(),
                            proposal.category.as_deref().unwrap_or("none"),
                            question
                                .subjects
                                .iter()
                                .map(|f| format!("{}@{}", f.rule, f.weight))
                                .take(3)
                                .collect::<Vec<_>>(),
                            question
                                .information
                                .iter()
                                .map(|f| format!("{}@{}", f.rule, f.weight))
                                .take(4)
                                .collect::<Vec<_>>(),
                            question
                                .exclusions
                                .iter()
                                .map(|f| &f.rule)
                                .collect::<Vec<_>>()
                        )
                    });
                println!(
                    "{} {}/{}/{} <- {}\n      {}",
                    wrong.request,
                    wrong.item.category,
                    wrong.item.information.join(","),
                    wrong.item.disposition.to_uppercase(),
                    got,
                    wrong
                        .item
                        .text
                        .replace('\n', " ")
                        .chars()
                        .take(200)
                        .collect::<String>()
                );
            }
        }
    }
}
