//! Splits requests given as JSON lines on standard input, for scoring.

use std::io::BufRead;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vocabulary = triage::Vocabulary::parse(
        include_str!("../../../data/triage/subjects.toml"),
        include_str!("../../../data/triage/information.toml"),
        include_str!("../../../data/triage/exclusions.toml"),
        include_str!("../../../data/triage/cues.toml"),
    )
    .map_err(|problems| format!("{problems:#?}"))?;
    for line in std::io::stdin().lock().lines() {
        let request: serde_json::Value = serde_json::from_str(&line?)?;
        let body = request["body"].as_str().unwrap_or("");
        let questions: Vec<_> = triage::split::split(&vocabulary, body)
            .into_iter()
            .map(|part| serde_json::json!({"label": part.label, "span": [part.span.start, part.span.end], "category": "none", "proposal": "open"}))
            .collect();
        println!(
            "{}",
            serde_json::json!({"id": request["id"], "questions": questions})
        );
    }
    Ok(())
}
