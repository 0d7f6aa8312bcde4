//! Learns `data/triage/weights.toml` from the labelled requests of `fixtures/requests`.
#![allow(
    clippy::disallowed_methods,
    reason = "a command for development, not part of the pure core"
)]

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
    let mut files: Vec<_> = std::fs::read_dir(format!("{root}/fixtures/requests"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut examples = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "txt"))
    {
        examples.extend(triage::weigh::examples(&std::fs::read_to_string(file)?)?);
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
