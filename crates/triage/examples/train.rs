//! Learns `data/triage/weights.toml` from the labelled requests of `fixtures/requests`.
#![allow(
    clippy::disallowed_methods,
    reason = "a command for development, not part of the pure core"
)]

/// The requests that set out the conventions of labelling count so many times those that only bring other words.
const CONVENTIONS: usize = 4;

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
        let mut files: Vec<_> = std::fs::read_dir(format!("{root}/fixtures/{folder}"))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.retain(|file| file.extension().is_some_and(|kind| kind == "txt"));
        files.sort();
        for file in &files {
            let own = triage::weigh::examples(&std::fs::read_to_string(file)?)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            examples.extend(std::iter::repeat_n(own, times).flatten());
        }
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
