//! What is wrong with phrases that load: those that stand in two entries, can never count, or never speak.

use std::collections::{BTreeMap, BTreeSet};

use crate::vocabulary::{Level, Phrase, Sort, Vocabulary};
use crate::{Problem, failing_examples, read_message};

/// Every phrase that stands in two entries or is hidden by another, and every example that fails.
#[must_use]
pub fn check(vocabulary: &Vocabulary) -> Vec<Problem> {
    let mut problems = twice(vocabulary);
    problems.extend(hidden(vocabulary));
    problems.extend(failing_examples(vocabulary));
    problems.sort_by_key(|problem| (problem.file, problem.span.start));
    problems
}

fn problem(phrase: &Phrase, code: &'static str, message: String) -> Option<Problem> {
    phrase.source.as_ref().map(|source| Problem {
        file: source.file,
        code,
        message,
        span: source.span.clone(),
    })
}

/// The entry of a phrase, "subjects.servers".
fn entry(phrase: &Phrase) -> &str {
    phrase
        .rule
        .strip_suffix(phrase.text.as_str())
        .and_then(|entry| entry.strip_suffix(':'))
        .unwrap_or(&phrase.rule)
}

/// Phrases of one sort that stand in two entries: which of them is meant can't be told.
///
/// Classes of words are left out, since a word may well belong to several.
fn twice(vocabulary: &Vocabulary) -> Vec<Problem> {
    let mut known: BTreeMap<(Sort, &str), &Phrase> = BTreeMap::new();
    let mut problems = Vec::new();
    for phrase in vocabulary
        .phrases
        .iter()
        .filter(|phrase| matches!(phrase.sort, Sort::Subject | Sort::Exclusion))
    {
        if let Some(other) = known.get(&(phrase.sort, phrase.text.as_str())) {
            problems.extend(problem(
                phrase,
                "triage.phrase_in_two_entries",
                format!(
                    "`{}` stands in {} too; keep it where it belongs",
                    phrase.text,
                    entry(other)
                ),
            ));
        } else {
            known.insert((phrase.sort, &phrase.text), phrase);
        }
    }
    problems
}

/// Phrases that another one hides: a plural beside its singular, and a subject that an exclusion's same words disarm.
fn hidden(vocabulary: &Vocabulary) -> Vec<Problem> {
    let texts: BTreeMap<(Sort, usize, &str), Level> = vocabulary
        .phrases
        .iter()
        .map(|phrase| ((phrase.sort, phrase.id, phrase.text.as_str()), phrase.level))
        .collect();
    let excluded: BTreeMap<&str, &Phrase> = vocabulary
        .phrases
        .iter()
        .filter(|phrase| phrase.sort == Sort::Exclusion && phrase.level != Level::Weak)
        .map(|phrase| (phrase.text.as_str(), phrase))
        .collect();
    let mut problems = Vec::new();
    for phrase in &vocabulary.phrases {
        let singular = phrase
            .text
            .strip_suffix('s')
            .filter(|singular| singular.ends_with(char::is_alphanumeric));
        if let Some(singular) = singular
            && texts.get(&(phrase.sort, phrase.id, singular)) == Some(&phrase.level)
        {
            problems.extend(problem(
                phrase,
                "triage.shadowed_phrase",
                format!(
                    "`{singular}` of {} finds `{}` as well, since a plural -s makes no difference; take this one out",
                    entry(phrase),
                    phrase.text
                ),
            ));
        }
        if phrase.sort == Sort::Subject
            && let Some(exclusion) = excluded.get(phrase.text.as_str())
            && vocabulary.disarms(exclusion.id, phrase.id)
        {
            problems.extend(problem(
                phrase,
                "triage.shadowed_phrase",
                format!(
                    "the same words in {} disarm it wherever they stand; take it out here or there",
                    entry(exclusion)
                ),
            ));
        }
    }
    problems
}

/// The phrases that stand in none of these requests (subject line and body), and the patterns that decide in none.
#[must_use]
pub fn silent<'r>(
    vocabulary: &Vocabulary,
    requests: impl Iterator<Item = (&'r str, &'r str)>,
) -> Vec<Problem> {
    let mut counts = vec![0_usize; vocabulary.phrases().count()];
    let mut rules: BTreeSet<String> = BTreeSet::new();
    for (subject_line, body) in requests {
        vocabulary.count(subject_line, &mut counts);
        vocabulary.count(body, &mut counts);
        for question in read_message(vocabulary, subject_line, body).questions {
            rules.extend(question.information.into_iter().map(|found| found.rule));
        }
    }
    let never = |text: &str| {
        format!("`{text}` stands in no request of the corpus; is it what people really write?")
    };
    let cue_counts = counts.get(vocabulary.phrases.len()..).unwrap_or(&[]);
    let mut problems: Vec<Problem> = vocabulary
        .phrases
        .iter()
        .zip(&counts)
        .filter(|(_, count)| **count == 0)
        .filter_map(|(phrase, _)| problem(phrase, "triage.never_fires", never(&phrase.text)))
        .collect();
    problems.extend(
        vocabulary
            .patterns
            .iter()
            .filter(|pattern| !rules.contains(&pattern.rule))
            .map(|pattern| Problem {
                file: pattern.source.file,
                code: "triage.never_fires",
                message: format!(
                    "`{}` decides in no request of the corpus; is it how people really ask?",
                    pattern.rule
                ),
                span: pattern.source.span.clone(),
            }),
    );
    problems.extend(
        vocabulary
            .cue_phrases
            .iter()
            .zip(cue_counts)
            .filter(|(_, count)| **count == 0)
            .map(|((text, span), _)| Problem {
                file: "cues",
                code: "triage.never_fires",
                message: never(text),
                span: span.clone(),
            }),
    );
    problems.sort_by_key(|problem| (problem.file, problem.span.start));
    problems
}
