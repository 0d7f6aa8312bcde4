//! Splits requests given as JSON lines on standard input, for scoring.

use std::io::BufRead;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let request: serde_json::Value = serde_json::from_str(&line?)?;
        let body = request["body"].as_str().unwrap_or("");
        let questions: Vec<_> = triage::split::split(body)
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
