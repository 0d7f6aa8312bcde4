//! From the phrases found in a text to the findings of each question.

mod cited;
mod clauses;
mod information;
mod marks;

use std::ops::Range;

use crate::split::{self, Part};
use crate::vocabulary::{GROUPS, Level, Mark, Sort, Vocabulary};
use crate::weigh::{self, Leaning, Seen};
use crate::words::{QuestionWords, Role, Word};
use crate::{Hint, Question, Reading, Scope};

use cited::{Cited, Rule};
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
    let parts = split::parts(body, &scan);
    reading(vocabulary, subject_line, body, scan.marks, parts)
}

/// Reads questions whose places are known.
#[must_use]
pub fn read_parts(
    vocabulary: &Vocabulary,
    subject_line: &str,
    body: &str,
    parts: Vec<Part>,
) -> Reading {
    let marks = vocabulary.scan(body).marks;
    reading(vocabulary, subject_line, body, marks, parts)
}

fn reading(
    vocabulary: &Vocabulary,
    subject_line: &str,
    body: &str,
    marks: Vec<Mark>,
    parts: Vec<Part>,
) -> Reading {
    let request = Request::of(vocabulary, subject_line, body, marks, &parts);
    let drafts = drafts(vocabulary, &request, parts);
    let mut leanings = Vec::new();
    if vocabulary.weights().known() {
        leanings.reserve(drafts.len());
        let known = vocabulary.weights().words();
        weigh::traits(vocabulary, &request.seen(known, &drafts), |traits| {
            leanings.push(leaning(vocabulary, traits));
        });
        level_siblings(body, &drafts, &mut leanings);
    }
    let mut leanings = leanings.into_iter();
    Reading {
        questions: drafts
            .into_iter()
            .map(|draft| draft.question(vocabulary, leanings.next()))
            .collect(),
    }
}

/// A request, with what is known of it before its questions are read.
struct Request<'a> {
    body: &'a str,
    subject_line: &'a str,
    marks: Vec<Mark>,
    /// The marks of the subject line.
    line: Vec<Mark>,
    topic: Topic,
    words: QuestionWords,
}

impl<'a> Request<'a> {
    fn of(
        vocabulary: &Vocabulary,
        subject_line: &'a str,
        body: &'a str,
        marks: Vec<Mark>,
        parts: &[Part],
    ) -> Self {
        let marks = counting(marks);
        let line = counting(vocabulary.scan(subject_line).marks);
        Self {
            topic: Topic::of(vocabulary, &marks, &line, parts),
            words: QuestionWords::of(body, parts.iter().map(|part| &part.span)),
            body,
            subject_line,
            marks,
            line,
        }
    }

    fn seen<'s>(&'s self, known: &'s weigh::Words, questions: &'s [Draft]) -> Seen<'s> {
        Seen {
            body: self.body,
            subject_line: self.subject_line,
            known,
            words: &self.words,
            marks: &self.marks,
            line: &self.line,
            questions,
        }
    }
}

/// A question as it is read: what was found in it, by numbers.
pub(crate) struct Draft {
    pub part: Part,
    pub clauses: Vec<Range<usize>>,
    pub subjects: Vec<Cited>,
    pub information: Vec<Cited>,
    pub exclusions: Vec<Cited>,
    pub hints: Vec<Hint>,
}

impl Draft {
    /// The question with everything found by its name, the subjects of the likeliest group first.
    fn question(mut self, vocabulary: &Vocabulary, leaning: Option<Leaning>) -> Question {
        if let Some(leaning) = &leaning {
            let likeliest = leaning.group();
            self.subjects.sort_by_key(|subject| {
                let group = vocabulary.group_of(subject.id);
                group.and_then(|group| GROUPS.get(group)).copied() != Some(likeliest)
            });
        }
        let named = |cited: Vec<Cited>, sort| {
            cited
                .into_iter()
                .map(|cited| cited.finding(vocabulary, sort))
                .collect()
        };
        Question {
            label: self.part.label,
            span: self.part.span,
            clauses: self.clauses,
            stem: self.part.stem,
            heading: self.part.heading,
            subjects: named(self.subjects, Sort::Subject),
            information: named(self.information, Sort::Information),
            exclusions: named(self.exclusions, Sort::Exclusion),
            hints: self.hints,
            leaning,
        }
    }
}

fn drafts(vocabulary: &Vocabulary, request: &Request<'_>, parts: Vec<Part>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::with_capacity(parts.len());
    let mut nearby = Nearby::default();
    for (index, part) in parts.into_iter().enumerate() {
        let words = request.words.get(index);
        let previous = drafts.last();
        let draft = read_part(vocabulary, request, words, previous, &mut nearby, part);
        drafts.push(draft);
    }
    drafts
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
    let request = Request::of(vocabulary, subject_line, body, marks, &parts);
    let questions = drafts(vocabulary, &request, parts);
    let mut all = Vec::with_capacity(questions.len());
    weigh::traits(vocabulary, &request.seen(known, &questions), |found| {
        let mut traits = Vec::new();
        found.take(|place, strength| traits.push((place, strength)));
        all.push(traits);
    });
    all
}

/// What a question of these traits is likely after.
fn leaning(vocabulary: &Vocabulary, traits: &mut weigh::Found) -> Leaning {
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
fn level_siblings(body: &str, questions: &[Draft], leanings: &mut [Leaning]) {
    let mut rest = leanings;
    for run in questions.chunk_by(|one, next| one.part.stem == next.part.stem) {
        let (own, more) = rest.split_at_mut(run.len().min(rest.len()));
        rest = more;
        let mut names: Vec<&mut Leaning> = own
            .iter_mut()
            .zip(run)
            .filter(|(_, question)| question.part.stem.is_some() && is_bare(body, question))
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
fn is_bare(body: &str, question: &Draft) -> bool {
    question
        .information
        .iter()
        .all(|found| found.scope != Scope::Own || found.weight < PLAIN)
        && body
            .get(question.part.span.clone())
            .is_some_and(|text| !text.contains('?') && text.split_whitespace().count() <= NAME)
}

/// The weight of words that speak for themselves.
const PLAIN: f32 = 0.61;
/// The most words of a bare name.
const NAME: usize = 9;

fn read_part<'r>(
    vocabulary: &Vocabulary,
    request: &'r Request<'_>,
    words: &[Word],
    previous: Option<&Draft>,
    nearby: &mut Nearby<'r>,
    part: Part,
) -> Draft {
    let (body, all, topic) = (request.body, &request.marks, &request.topic);
    let (whole_stem, whole_heading) = (part.stem.clone(), part.heading.clone());
    // What stands far from the question says little of it, and would be read again for each.
    let part = Part {
        stem: part.stem.map(|span| near_end(body, span)),
        heading: part.heading.map(|span| near_start(body, span)),
        ..part
    };
    let Nearby { own, stem, heading } = nearby;
    own.read(all, Some(&part.span));
    stem.read(all, part.stem.as_ref());
    heading.read(all, part.heading.as_ref());
    let scopes = [
        (Scope::Own, &own.marks),
        (Scope::Stem, &stem.marks),
        (Scope::Heading, &heading.marks),
    ];
    let mut exclusions: Vec<Excluded> = Vec::new();
    for (scope, marks) in scopes {
        let senses = marks.iter().filter(|mark| mark.sort == Sort::Exclusion);
        exclusions.extend(senses.map(|mark| Excluded::of(mark, scope)));
    }
    exclusions.extend(topic.exclusions.iter().cloned());
    let armed = |mark: &Mark| {
        (mark.level != Level::Weak || topic.ict || vocabulary.is_contract(mark.id))
            && !exclusions.iter().any(|excluded| {
                (excluded.level != Level::Weak || mark.level == Level::Weak)
                    && vocabulary.disarms(excluded.found.id, mark.id)
            })
    };
    let mut subjects: Vec<Cited> = Vec::new();
    for (scope, marks) in scopes {
        // In characters: a hard space is no longer than another.
        let letters = |found: &Cited| {
            let words = body.get(found.span.clone()).unwrap_or("");
            words.chars().count()
        };
        let first = subjects.len();
        let armed = |mark: &&&Mark| mark.sort == Sort::Subject && armed(mark);
        let found = marks.iter().filter(armed);
        subjects.extend(found.map(|mark| Cited::of(mark, scope)));
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
    let about_ict = |found: &Cited| !vocabulary.is_contract(found.id);
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
    if subjects.iter().all(about_ict) {
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
            own: &own.marks,
            stem: &stem.marks,
            heading: &heading.marks,
            part: &part,
            armed: &armed,
            subjects: &subjects,
            previous,
            back,
        },
    );
    Draft {
        hints: hints(vocabulary, &own.marks),
        clauses: clauses::clauses(body, &part.span, words),
        part: Part {
            stem: whole_stem,
            heading: whole_heading,
            ..part
        },
        subjects,
        information,
        exclusions: exclusions
            .into_iter()
            .map(|excluded| excluded.found)
            .collect(),
    }
}

/// The marks of a question and of what it stands under; those of one question make room for the next one's.
#[derive(Default)]
struct Nearby<'m> {
    own: Inside<'m>,
    stem: Inside<'m>,
    heading: Inside<'m>,
}

/// The marks inside a span; several questions in a row may stand under the same.
#[derive(Default)]
struct Inside<'m> {
    span: Range<usize>,
    marks: Vec<&'m Mark>,
}

impl<'m> Inside<'m> {
    fn read(&mut self, all: &'m [Mark], span: Option<&Range<usize>>) {
        let span = span.cloned().unwrap_or_default();
        if self.span != span {
            self.marks.clear();
            self.marks.extend(within(all, &span));
            self.span = span;
        }
    }
}

/// What else a person may look at, each thing once.
fn hints(vocabulary: &Vocabulary, own: &[&Mark]) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    for mark in own.iter().filter(|mark| mark.sort == Sort::Word) {
        let entry = vocabulary.words.get(mark.id);
        if let Some((suggests, because)) = entry.and_then(|entry| entry.suggests.as_ref())
            && hints.iter().all(|hint| hint.suggests != *suggests)
        {
            hints.push(Hint {
                suggests: suggests.clone(),
                because: because.clone(),
                span: mark.span.clone(),
                rule: Rule::Phrase(mark.phrase).name(vocabulary),
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
    subject: Option<Cited>,
    /// A contract that it names outside its questions.
    contract: Option<Cited>,
    /// Other senses that its subject line names.
    exclusions: Vec<Excluded>,
}

/// Another sense, where it was found.
#[derive(Clone)]
struct Excluded {
    level: Level,
    found: Cited,
}

impl Excluded {
    fn of(mark: &Mark, scope: Scope) -> Self {
        Self {
            level: mark.level,
            found: Cited::of(mark, scope),
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
                .map(|mark| Cited::of(mark, Scope::Request))
                .or_else(|| {
                    line.iter()
                        .find(is)
                        .map(|mark| Cited::of(mark, Scope::SubjectLine))
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
            .map(|mark| Cited::of(mark, Scope::Request))
            .or_else(|| {
                line.iter()
                    .find(|mark| mark.sort == Sort::Subject && vocabulary.is_contract(mark.id))
                    .map(|mark| Cited::of(mark, Scope::SubjectLine))
            });
        let exclusions = line
            .iter()
            .filter(|mark| mark.sort == Sort::Exclusion)
            .map(|mark| Excluded::of(mark, Scope::SubjectLine))
            .collect();
        Self {
            ict: ict > 0 && ict >= others,
            subject,
            contract,
            exclusions,
        }
    }
}
