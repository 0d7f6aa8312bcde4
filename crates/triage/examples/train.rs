//! Learns `data/triage/weights.toml` from the labelled requests of `fixtures/requests` and the reworded ones of
//! `fixtures/labelled`.
#![allow(
    clippy::disallowed_methods,
    reason = "a command for development, not part of the pure core"
)]

/// The requests that set out the conventions of labelling count so many times those that only bring other words.
const CONVENTIONS: usize = 4;
/// Requests reworded from those that authorities received count so many times.
const REWORDED: usize = 2;

use std::path::PathBuf;

use triage::weigh::Example;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let data = |name: &str| std::fs::read_to_string(format!("{root}/data/triage/{name}.toml"));
    let vocabulary = triage::Vocabulary::parse(
        &data("subjects")?,
        &data("information")?,
        &data("exclusions")?,
        &data("cues")?,
    )
    .map_err(|problems| format!("{problems:#?}"))?;
    let mut examples = Vec::new();
    for (folder, times) in [("requests", CONVENTIONS), ("requests/wide", 1)] {
        for file in files(root, folder, |name| name.ends_with(".txt"))? {
            let own = triage::weigh::examples(&std::fs::read_to_string(&file)?)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            examples.extend(std::iter::repeat_n(own, times).flatten());
        }
    }
    for file in files(root, "labelled", |name| name.starts_with("reworded-"))? {
        let text = std::fs::read_to_string(&file)?;
        let own: Vec<Example> = text
            .lines()
            .map(|line| labelled(line).ok_or_else(|| format!("{}: {line}", file.display())))
            .collect::<Result<_, _>>()?;
        examples.extend(std::iter::repeat_n(own, REWORDED).flatten());
    }
    let weights = triage::weigh::train(&vocabulary, &examples);
    std::fs::write(format!("{root}/data/triage/weights.toml"), &weights)?;
    println!(
        "{} requests, {} questions, {} weights",
        examples.len(),
        examples
            .iter()
            .map(|example| example.questions.len())
            .sum::<usize>(),
        weights.lines().count()
    );
    Ok(())
}

/// The files of a folder of fixtures whose names are wanted, in order.
fn files(root: &str, folder: &str, wanted: fn(&str) -> bool) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(format!("{root}/fixtures/{folder}"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|file| {
        file.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(wanted)
    });
    files.sort();
    Ok(files)
}

/// A labelled request of a corpus; a question whose label is doubtful teaches nothing.
fn labelled(line: &str) -> Option<Example> {
    let request: serde_json::Value = serde_json::from_str(line).ok()?;
    let body = request["body"].as_str()?;
    let mut from = 0;
    let mut questions = Vec::new();
    for item in request["items"].as_array()? {
        let text = item["text"].as_str()?;
        let at = match body.get(from..).and_then(|rest| rest.find(text)) {
            Some(at) => from + at,
            None => body.find(text)?,
        };
        from = at + text.len();
        if item["confidence"].as_str() == Some("low") {
            continue;
        }
        let kinds = item["information"].as_array()?.iter();
        questions.push((
            at..at + text.len(),
            item["category"].as_str()?.to_owned(),
            kinds
                .map(|kind| kind.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
        ));
    }
    questions.sort_by_key(|(span, ..)| span.start);
    Some(Example {
        id: request["id"].as_str()?.to_owned(),
        subject_line: request["subject"].as_str().unwrap_or("").to_owned(),
        body: body.to_owned(),
        questions,
    })
}
