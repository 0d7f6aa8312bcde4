//! From the phrases found in a text to the findings of each question.

use std::ops::Range;

use crate::split::{self, Part};
use crate::vocabulary::{Hit, Sort, Vocabulary};
use crate::{Finding, Question, Reading};

/// Splits a request and reads each of its questions.
#[must_use]
pub fn read(vocabulary: &Vocabulary, body: &str) -> Reading {
    let scan = vocabulary.scan(body);
    let parts = split::parts(body, &scan.cues);
    findings(vocabulary, body, scan.hits, parts)
}

/// Reads questions whose places are known.
#[must_use]
pub fn read_parts(vocabulary: &Vocabulary, body: &str, parts: Vec<Part>) -> Reading {
    findings(vocabulary, body, vocabulary.scan(body).hits, parts)
}

fn findings(vocabulary: &Vocabulary, body: &str, hits: Vec<Hit>, parts: Vec<Part>) -> Reading {
    let hits = without_shadowed(vocabulary, hits);
    let plain = |sort: Sort| {
        hits.iter()
            .filter(move |hit| phrase(vocabulary, hit).is_some_and(|(s, weak)| s == sort && !weak))
            .count()
    };
    let ict = plain(Sort::Subject) > 0;
    // The subject that the whole request is about, for questions that name none.
    let whole = whole_request(vocabulary, &hits);
    let mut questions: Vec<Question> = Vec::new();
    for part in parts {
        let scopes = [
            (Some(part.span.clone()), 1.0_f32),
            (part.stem.clone(), 0.7),
            (part.heading.clone(), 0.6),
        ];
        let exclusions = exclusions(vocabulary, &hits, &scopes);
        let armed = |hit: &&Hit| {
            phrase(vocabulary, hit).is_some_and(|(_, weak)| !weak || ict)
                && !exclusions
                    .iter()
                    .any(|(index, _)| vocabulary.disarms(*index, subject(vocabulary, hit)))
        };
        let mut subjects = Vec::new();
        for (scope, weight) in &scopes {
            let Some(scope) = scope else { continue };
            let mut found: Vec<Finding> = within(vocabulary, &hits, scope, Sort::Subject)
                .filter(armed)
                .map(|hit| finding(vocabulary, hit, *weight))
                .collect();
            rank(&mut found);
            subjects.extend(found);
        }
        if subjects.is_empty() && exclusions.is_empty() {
            if let Some(previous) = questions.last().filter(|_| looks_back(body, &part.span)) {
                subjects.extend(previous.subjects.iter().take(1).map(|found| Finding {
                    weight: 0.5,
                    ..found.clone()
                }));
            }
            if subjects.is_empty() {
                subjects.extend(whole.clone());
            }
        }
        let mut information = Vec::new();
        for (scope, weight) in scopes.iter().take(2) {
            let Some(scope) = scope else { continue };
            let mut found: Vec<Finding> = within(vocabulary, &hits, scope, Sort::Information)
                .map(|hit| finding(vocabulary, hit, *weight))
                .collect();
            rank(&mut found);
            information.extend(found);
            if !information.is_empty() {
                break;
            }
        }
        counted(vocabulary, &subjects, &mut information);
        questions.push(Question {
            label: part.label,
            span: part.span,
            stem: part.stem,
            heading: part.heading,
            subjects,
            information,
            exclusions: exclusions.into_iter().map(|(_, found)| found).collect(),
        });
    }
    Reading { questions }
}

/// "How many", "number of": the kind of information that a number of the question's subject is. Dropped where a kind of
/// its own says the same, or where the question names no subject that is counted.
fn counted(vocabulary: &Vocabulary, subjects: &[Finding], information: &mut Vec<Finding>) {
    let Some(at) = information.iter().position(|found| found.id == COUNT) else {
        return;
    };
    let mut number = information.remove(at);
    information.retain(|found| found.id != COUNT);
    if information.iter().any(|found| {
        found.id.ends_with("-count") || found.id == "licence-count-type" || found.id == "staffing"
    }) {
        return;
    }
    let nearest = subjects
        .iter()
        .filter(|subject| subject.weight < 0.55 || subject.span.start >= number.span.end)
        .min_by_key(|subject| {
            if subject.weight < 0.55 {
                usize::MAX
            } else {
                subject.span.start.saturating_sub(number.span.end)
            }
        });
    let near = nearest.filter(|subject| {
        subject.weight < 0.55 || subject.span.start.saturating_sub(number.span.end) < 60
    });
    if let Some(kind) = near.and_then(|subject| vocabulary.count_of(&subject.id)) {
        kind.clone_into(&mut number.id);
        information.insert(0, number);
    }
}

/// The kind that stands for a number of whatever the question is about.
const COUNT: &str = "count";

fn phrase(vocabulary: &Vocabulary, hit: &Hit) -> Option<(Sort, bool)> {
    vocabulary
        .phrases
        .get(hit.phrase)
        .map(|phrase| (phrase.sort, phrase.weak))
}

fn subject<'v>(vocabulary: &'v Vocabulary, hit: &Hit) -> &'v str {
    vocabulary
        .phrases
        .get(hit.phrase)
        .map_or("", |phrase| vocabulary.id(Sort::Subject, phrase.id))
}

/// A longer phrase of the same sort speaks for the shorter ones inside it.
fn without_shadowed(vocabulary: &Vocabulary, mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.span.end)));
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        let sort = phrase(vocabulary, &hit).map(|(sort, _)| sort);
        let shadowed = sort != Some(Sort::Information)
            && kept.iter().rev().take(12).any(|longer| {
                phrase(vocabulary, longer).map(|(sort, _)| sort) == sort
                    && longer.span.start <= hit.span.start
                    && longer.span.end >= hit.span.end
                    && longer.span.len() > hit.span.len()
            });
        if !shadowed {
            kept.push(hit);
        }
    }
    kept
}

fn within<'h>(
    vocabulary: &'h Vocabulary,
    hits: &'h [Hit],
    scope: &Range<usize>,
    sort: Sort,
) -> impl Iterator<Item = &'h Hit> {
    let first = hits.partition_point(|hit| hit.span.start < scope.start);
    let end = scope.end;
    hits.get(first..)
        .unwrap_or(&[])
        .iter()
        .take_while(move |hit| hit.span.start < end)
        .filter(move |hit| {
            hit.span.end <= end && phrase(vocabulary, hit).is_some_and(|(s, _)| s == sort)
        })
}

fn finding(vocabulary: &Vocabulary, hit: &Hit, weight: f32) -> Finding {
    let (sort, id, text, weak) =
        vocabulary
            .phrases
            .get(hit.phrase)
            .map_or((Sort::Subject, "", "", false), |phrase| {
                (
                    phrase.sort,
                    vocabulary.id(phrase.sort, phrase.id),
                    phrase.text.as_str(),
                    phrase.weak,
                )
            });
    let file = match sort {
        Sort::Subject => "subjects",
        Sort::Information => "information",
        Sort::Exclusion => "exclusions",
    };
    Finding {
        id: id.to_owned(),
        span: hit.span.clone(),
        rule: format!("{file}.{id}:{text}"),
        weight: if weak { weight * 0.7 } else { weight },
    }
}

/// Plain phrases before weak ones, longer before shorter.
fn rank(found: &mut [Finding]) {
    found.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then(b.span.len().cmp(&a.span.len()))
            .then(a.span.start.cmp(&b.span.start))
    });
}

fn exclusions(
    vocabulary: &Vocabulary,
    hits: &[Hit],
    scopes: &[(Option<Range<usize>>, f32)],
) -> Vec<(usize, Finding)> {
    scopes
        .iter()
        .filter_map(|(scope, weight)| scope.as_ref().map(|scope| (scope, *weight)))
        .flat_map(|(scope, weight)| {
            within(vocabulary, hits, scope, Sort::Exclusion).map(move |hit| (hit, weight))
        })
        .map(|(hit, weight)| {
            let index = vocabulary
                .phrases
                .get(hit.phrase)
                .map_or(0, |phrase| phrase.id);
            (index, finding(vocabulary, hit, weight))
        })
        .collect()
}

/// The subject named oftest by plain phrases in the whole text, unless other senses are as frequent.
fn whole_request(vocabulary: &Vocabulary, hits: &[Hit]) -> Option<Finding> {
    let mut counts: Vec<(&str, usize, &Hit)> = Vec::new();
    let mut others: usize = 0;
    for hit in hits {
        match phrase(vocabulary, hit) {
            Some((Sort::Subject, false)) => {
                let id = subject(vocabulary, hit);
                if let Some(row) = counts.iter_mut().find(|row| row.0 == id) {
                    row.1 = row.1.saturating_add(1);
                } else {
                    counts.push((id, 1, hit));
                }
            }
            Some((Sort::Exclusion, _)) => others = others.saturating_add(1),
            _ => {}
        }
    }
    let total: usize = counts.iter().map(|row| row.1).sum();
    let best = counts.into_iter().max_by_key(|row| row.1)?;
    (total > others.saturating_mul(2)).then(|| finding(vocabulary, best.2, 0.4))
}

/// Whether a question points back: "the same", "it", "this contract".
fn looks_back(body: &str, span: &Range<usize>) -> bool {
    let words = body.get(span.clone()).unwrap_or("").to_lowercase();
    words.split(|c: char| !c.is_alphanumeric()).any(|word| {
        matches!(
            word,
            "it" | "its"
                | "this"
                | "these"
                | "them"
                | "they"
                | "those"
                | "same"
                | "above"
                | "so"
                | "that"
                | "each"
                | "contract"
        )
    })
}
