//! The examples that stand beside the phrases: each entry must be found in its own.

use crate::split::Part;
use crate::vocabulary::Vocabulary;
use crate::{Problem, read_parts};

/// The examples in which their entry is not found, each as a problem of its file.
#[must_use]
pub fn failing_examples(vocabulary: &Vocabulary) -> Vec<Problem> {
    vocabulary
        .examples
        .iter()
        .filter(|example| {
            let whole = Part {
                label: "1".to_owned(),
                span: 0..example.question.len(),
                stem: None,
                heading: None,
            };
            let hinted = format!("{}.{}:", example.file, example.id);
            !read_parts(vocabulary, "", &example.question, vec![whole])
                .questions
                .iter()
                .any(|question| {
                    let findings = match example.file {
                        "subjects" => &question.subjects,
                        "information" => &question.information,
                        _ => &question.exclusions,
                    };
                    findings.iter().any(|found| found.id == example.id)
                        || question
                            .hints
                            .iter()
                            .any(|hint| hint.rule.starts_with(&hinted))
                })
        })
        .map(|example| Problem {
            file: example.file,
            code: "triage.example_fails",
            message: format!(
                "`{}` is not found in its example: {}",
                example.id, example.question
            ),
            span: example.span.clone(),
        })
        .collect()
}
