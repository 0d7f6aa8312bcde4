//! From the phrases found in a text to the findings of each question.

mod clauses;
mod information;
mod marks;

use std::ops::Range;

use crate::split::{self, Part};
use crate::vocabulary::{Level, Mark, Sort, Vocabulary};
use crate::weigh::{self, Leaning, Seen};
use crate::words::{QuestionWords, Role, Word};
use crate::{Finding, Hint, Question, Reading, Scope};

use information::{Asked, asked};
use marks::counting;
pub(crate) use marks::within;

/// Splits a request and reads each of its questions.
#[must_use]
pub fn read(vocabulary: &Vocabulary, body: &str) -> Reading {
    read_message(vocabulary, "", body)
}

/// The same for a request with a subject line, which tells what the whole is about.
#[must_use]
pub fn read_message(vocabulary: &Vocabulary, subject_line: &str, body: &str) -> Reading {
    let scan = vocabulary.scan(body);
    let parts = split::parts(body, &scan.cues);
    findings(vocabulary, subject_line, body, scan.marks, parts)
}

/// Reads questions whose places are known.
#[must_use]
pub fn read_parts(
    vocabulary: &Vocabulary,
    subject_line: &str,
    body: &str,
    parts: Vec<Part>,
) -> Reading {
    findings(
        vocabulary,
        subject_line,
        body,
        vocabulary.scan(body).marks,
        parts,
    )
}

fn findings(
    vocabulary: &Vocabulary,
    subject_line: &str,
    body: &str,
    marks: Vec<Mark>,
    parts: Vec<Part>,
) -> Reading {
    let marks = counting(marks);
    let line = counting(vocabulary.scan(subject_line).marks);
    let topic = Topic::of(vocabulary, &marks, &line, &parts);
    let words = QuestionWords::of(body, parts.iter().map(|part| &part.span));
    let mut questions: Vec<Question> = Vec::with_capacity(parts.len());
    for (index, part) in parts.into_iter().enumerate() {
        let known = Known {
            body,
            all: &marks,
            topic: &topic,
            words: words.get(index),
            previous: questions.last(),
        };
        let question = read_part(vocabulary, &known, part);
        questions.push(question);
    }
    if vocabulary.weights().known() {
        let seen = Seen {
            body,
            subject_line,
            known: vocabulary.weights().words(),
            words: &words,
            marks: &marks,
            line: &line,
            questions: &questions,
        };
        let mut leanings = Vec::with_capacity(questions.len());
        weigh::traits(vocabulary, &seen, |traits| {
            leanings.push(leaning(vocabulary, traits));
        });
        level_siblings(body, &questions, &mut leanings);
        for (question, leaning) in questions.iter_mut().zip(leanings) {
            lean(vocabulary, question, leaning);
        }
    }
    Reading { questions }
}

/// The traits of questions whose places are known, for learning weights.
pub(crate) fn traits_of(
    vocabulary: &Vocabulary,
    known: &weigh::Words,
    subject_line: &str,
    body: &str,
    parts: Vec<Part>,
) -> Vec<Vec<(usize, f32)>> {
    let marks = vocabulary.scan(body).marks;
    let questions = findings(vocabulary, subject_line, body, marks.clone(), parts).questions;
    let seen = Seen {
        body,
        subject_line,
        known,
        words: &QuestionWords::of(body, questions.iter().map(|question| &question.span)),
        marks: &counting(marks),
        line: &counting(vocabulary.scan(subject_line).marks),
        questions: &questions,
    };
    let mut all = Vec::with_capacity(questions.len());
    weigh::traits(vocabulary, &seen, |traits| all.push(traits.to_vec()));
    all
}

/// What a question of these traits is likely after.
fn leaning(vocabulary: &Vocabulary, traits: &[(usize, f32)]) -> Leaning {
    let [
        system,
        contract,
        both,
        neither,
        hardware,
        software,
        cyber,
        elsewhere,
    ] = vocabulary.weights().shares(traits);
    Leaning {
        system,
        contract,
        both,
        neither,
        hardware,
        software,
        cyber,
        elsewhere,
    }
}

/// Bare names under one stem are asked the same: what they are likely after is what they are on the whole.
fn level_siblings(body: &str, questions: &[Question], leanings: &mut [Leaning]) {
    let mut rest = leanings;
    for run in questions.chunk_by(|one, next| one.stem == next.stem) {
        let (own, more) = rest.split_at_mut(run.len().min(rest.len()));
        rest = more;
        let mut names: Vec<&mut Leaning> = own
            .iter_mut()
            .zip(run)
            .filter(|(_, question)| question.stem.is_some() && is_bare(body, question))
            .map(|(leaning, _)| leaning)
            .collect();
        let mut level = [0.0; weigh::ASKED];
        let mut count = 0.0;
        for leaning in &names {
            count += 1.0;
            for (whole, share) in level.iter_mut().zip(leaning.asked()) {
                *whole += share;
            }
        }
        if names.len() > 1 {
            let level = level.map(|whole| whole / count);
            names.iter_mut().for_each(|leaning| leaning.asks(level));
        }
    }
}

/// Whether a question is a few words that don't say themselves what is asked.
fn is_bare(body: &str, question: &Question) -> bool {
    question
        .information
        .iter()
        .all(|found| found.scope != Scope::Own || found.weight < PLAIN)
        && body
            .get(question.span.clone())
            .is_some_and(|text| !text.contains('?') && text.split_whitespace().count() <= NAME)
}

/// The weight of words that speak for themselves.
const PLAIN: f32 = 0.61;
/// The most words of a bare name.
const NAME: usize = 9;

/// Says what a question is likely after, and puts the subjects of the likeliest group first.
fn lean(vocabulary: &Vocabulary, question: &mut Question, leaning: Leaning) {
    let group = Some(leaning.group());
    question.leaning = Some(leaning);
    if question.subjects.len() > 1 {
        question
            .subjects
            .sort_by_cached_key(|subject| vocabulary.group_of(&subject.id) != group);
    }
}

/// What is known of a question before it is read.
struct Known<'a> {
    body: &'a str,
    all: &'a [Mark],
    topic: &'a Topic,
    words: &'a [Word],
    previous: Option<&'a Question>,
}

fn read_part(vocabulary: &Vocabulary, known: &Known<'_>, part: Part) -> Question {
    let Known {
        body,
        all,
        topic,
        words,
        previous,
    } = *known;
    let (stem, heading) = (part.stem.clone(), part.heading.clone());
    // What stands far from the question says little of it, and would be read again for each.
    let part = Part {
        stem: part.stem.map(|span| near_end(body, span)),
        heading: part.heading.map(|span| near_start(body, span)),
        ..part
    };
    let scopes = [
        (Scope::Own, Some(&part.span)),
        (Scope::Stem, part.stem.as_ref()),
        (Scope::Heading, part.heading.as_ref()),
    ];
    let mut exclusions: Vec<Excluded> = scopes
        .iter()
        .filter_map(|(scope, span)| span.map(|span| (*scope, span)))
        .flat_map(|(scope, span)| {
            within(all, span)
                .filter(|mark| mark.sort == Sort::Exclusion)
                .map(move |mark| Excluded::of(vocabulary, mark, scope))
        })
        .collect();
    exclusions.extend(topic.exclusions.iter().cloned());
    let armed = |mark: &Mark| {
        (mark.level != Level::Weak || topic.ict || vocabulary.is_contract(mark.id))
            && !exclusions.iter().any(|excluded| {
                (excluded.level != Level::Weak || mark.level == Level::Weak)
                    && vocabulary.disarms(excluded.exclusion, mark.id)
            })
    };
    let mut subjects: Vec<Finding> = Vec::with_capacity(4);
    for (scope, span) in scopes {
        let Some(span) = span else { continue };
        // In characters: a hard space is no longer than another.
        let letters = |found: &Finding| {
            let words = body.get(found.span.clone()).unwrap_or("");
            words.chars().count()
        };
        let first = subjects.len();
        subjects.extend(
            within(all, span)
                .filter(|mark| mark.sort == Sort::Subject && armed(mark))
                .map(|mark| mark.finding(vocabulary, scope)),
        );
        let found = subjects.get_mut(first..).unwrap_or(&mut []);
        found.sort_by(|a, b| {
            b.weight
                .total_cmp(&a.weight)
                .then_with(|| letters(b).cmp(&letters(a)))
                .then(a.span.start.cmp(&b.span.start))
        });
    }
    // "The same", "it", "this contract".
    let back = words.iter().any(|word| word.may(Role::Points));
    let about_ict = |found: &Finding| !vocabulary.is_contract_id(&found.id);
    if !subjects.iter().any(about_ict)
        && exclusions
            .iter()
            .all(|excluded| excluded.level == Level::Weak || excluded.found.scope != Scope::Own)
    {
        let elsewhere = exclusions
            .iter()
            .any(|excluded| excluded.level != Level::Weak);
        let lent = previous
            .filter(|_| back)
            .and_then(|previous| {
                previous.subjects.iter().find(|found| {
                    about_ict(found)
                        && (topic.ict && !elsewhere
                            || matches!(found.scope, Scope::Own | Scope::Previous))
                })
            })
            .map(|found| found.lent(Scope::Previous))
            .or_else(|| topic.subject.clone().filter(|_| !elsewhere));
        subjects.extend(lent);
    }
    if !subjects.iter().any(|found| !about_ict(found)) {
        let lent = previous
            .filter(|_| back)
            .and_then(|previous| previous.subjects.iter().find(|found| !about_ict(found)))
            .map(|found| found.lent(Scope::Previous))
            .or_else(|| topic.contract.clone());
        subjects.extend(lent);
    }
    let information = asked(
        vocabulary,
        &Asked {
            body,
            all,
            part: &part,
            armed: &armed,
            subjects: &subjects,
            previous,
            back,
        },
    );
    Question {
        hints: hints(vocabulary, all, &part.span),
        clauses: clauses::clauses(body, &part.span, words),
        label: part.label,
        span: part.span,
        stem,
        heading,
        subjects,
        information,
        exclusions: exclusions
            .into_iter()
            .map(|excluded| excluded.found)
            .collect(),
        leaning: None,
    }
}

/// What else a person may look at, each thing once.
fn hints(vocabulary: &Vocabulary, all: &[Mark], span: &Range<usize>) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    for mark in within(all, span).filter(|mark| mark.sort == Sort::Word) {
        let entry = vocabulary.words.get(mark.id);
        if let Some((suggests, because)) = entry.and_then(|entry| entry.suggests.as_ref())
            && hints.iter().all(|hint| hint.suggests != *suggests)
        {
            hints.push(Hint {
                suggests: suggests.clone(),
                because: because.clone(),
                span: mark.span.clone(),
                rule: mark.finding(vocabulary, Scope::Own).rule,
            });
        }
    }
    hints
}

/// The end of a long stem.
pub(crate) fn near_end(body: &str, span: Range<usize>) -> Range<usize> {
    let mut from = span.end.saturating_sub(NEAR).max(span.start);
    while from < span.end && !body.is_char_boundary(from) {
        from = from.saturating_add(1);
    }
    from..span.end
}

/// The start of a long heading.
pub(crate) fn near_start(body: &str, span: Range<usize>) -> Range<usize> {
    let mut to = span.start.saturating_add(NEAR).min(span.end);
    while to > span.start && !body.is_char_boundary(to) {
        to = to.saturating_sub(1);
    }
    span.start..to
}

/// So many bytes of a stem or heading are read for each of its questions.
const NEAR: usize = 800;

/// What the whole request is about.
struct Topic {
    /// Whether it is about ICT, so that words with other senses may be read as ICT.
    ict: bool,
    /// The ICT subject that it names oftest.
    subject: Option<Finding>,
    /// A contract that it names outside its questions.
    contract: Option<Finding>,
    /// Other senses that its subject line names.
    exclusions: Vec<Excluded>,
}

/// Another sense, where it was found.
#[derive(Clone)]
struct Excluded {
    exclusion: usize,
    level: Level,
    found: Finding,
}

impl Excluded {
    fn of(vocabulary: &Vocabulary, mark: &Mark, scope: Scope) -> Self {
        Self {
            exclusion: mark.id,
            level: mark.level,
            found: mark.finding(vocabulary, scope),
        }
    }
}

impl Topic {
    fn of(vocabulary: &Vocabulary, all: &[Mark], line: &[Mark], parts: &[Part]) -> Self {
        let mut counts = vec![0_usize; vocabulary.subjects.len()];
        let mut ict: usize = 0;
        let mut others: usize = 0;
        let weigh =
            |mark: &Mark, times: usize, counts: &mut Vec<usize>| match (mark.sort, mark.level) {
                (Sort::Subject, Level::Plain) if !vocabulary.is_contract(mark.id) => {
                    if let Some(count) = counts.get_mut(mark.id) {
                        *count = count.saturating_add(times);
                    }
                    (times, 0)
                }
                (Sort::Exclusion, Level::Plain) => (0, times),
                _ => (0, 0),
            };
        for (marks, times) in [(all, 1), (line, 3)] {
            for mark in marks {
                let (more, other) = weigh(mark, times, &mut counts);
                ict = ict.saturating_add(more);
                others = others.saturating_add(other);
            }
        }
        let best = (0..)
            .zip(&counts)
            .filter(|(_, count)| **count > 0)
            .max_by_key(|(_, count)| **count)
            .map(|(id, _): (usize, _)| id);
        let subject = best.filter(|_| ict > others).and_then(|best| {
            let is = |mark: &&Mark| {
                mark.sort == Sort::Subject && mark.id == best && mark.level == Level::Plain
            };
            all.iter()
                .find(is)
                .map(|mark| mark.finding(vocabulary, Scope::Request))
                .or_else(|| {
                    line.iter()
                        .find(is)
                        .map(|mark| mark.finding(vocabulary, Scope::SubjectLine))
                })
        });
        let contract = all
            .iter()
            .filter(|mark| mark.sort == Sort::Subject && vocabulary.is_contract(mark.id))
            .find(|mark| {
                let next = parts.partition_point(|part| part.span.start <= mark.span.start);
                next.checked_sub(1)
                    .and_then(|at| parts.get(at))
                    .is_none_or(|part| mark.span.end > part.span.end)
            })
            .map(|mark| mark.finding(vocabulary, Scope::Request))
            .or_else(|| {
                line.iter()
                    .find(|mark| mark.sort == Sort::Subject && vocabulary.is_contract(mark.id))
                    .map(|mark| mark.finding(vocabulary, Scope::SubjectLine))
            });
        let exclusions = line
            .iter()
            .filter(|mark| mark.sort == Sort::Exclusion)
            .map(|mark| Excluded::of(vocabulary, mark, Scope::SubjectLine))
            .collect();
        Self {
            ict: ict > 0 && ict >= others,
            subject,
            contract,
            exclusions,
        }
    }
}
