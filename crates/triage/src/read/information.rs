//! The kinds of information that a question asks for.

use std::ops::Range;

use super::Draft;
use super::cited::{Cited, Rule};
use super::marks::{strength, within};
use crate::Scope;
use crate::short::ShortWords;
use crate::split::Part;
use crate::vocabulary::{Element, Level, Mark, Sort, Vocabulary, What, index};

/// A question, with what is known of it so far.
pub(super) struct Asked<'a> {
    pub body: &'a str,
    pub all: &'a [Mark],
    /// The marks of the question, of its stem and of its heading.
    pub own: &'a [&'a Mark],
    pub stem: &'a [&'a Mark],
    pub heading: &'a [&'a Mark],
    pub part: &'a Part,
    /// Whether a subject's phrase is read as ICT here.
    pub armed: &'a dyn Fn(&Mark) -> bool,
    pub subjects: &'a [Cited],
    pub previous: Option<&'a Draft>,
    /// Whether it points back.
    pub back: bool,
}

/// A kind found by a phrase or a pattern.
#[derive(Clone, Debug)]
struct Found {
    kind: usize,
    level: Level,
    span: Range<usize>,
    rule: Rule,
}

/// The most characters between neighbours of a pattern, and between parts that "..." sets apart.
const NEAR: usize = 26;
const FAR: usize = 180;

/// The kinds of information that a question asks for, plainest first, then in the order of the text.
pub(super) fn asked(vocabulary: &Vocabulary, asked: &Asked<'_>) -> Vec<Cited> {
    let found = kinds(vocabulary, asked, asked.own);
    let weak = found.iter().all(|found| found.level == Level::Weak);
    if weak && let Some(whole) = &asked.part.stem {
        // Its last sentence leads to the question; what stands before it counts where that says nothing.
        let last = last_sentence(asked.body, whole);
        let last: Option<Vec<&Mark>> = (last != *whole).then(|| within(asked.all, &last).collect());
        let stems = last.as_deref().into_iter().chain([asked.stem]);
        for stem in stems {
            let both = [stem, asked.own].concat();
            // What the stem alone asks counts if it is a matter of the table or the register, or of money or staff.
            let more = plainest(every(vocabulary, asked, &both), |found| {
                found.span.end > asked.part.span.start || Some(found.kind) != vocabulary.other
            });
            let best = more.iter().map(|found| found.level).max();
            if best > found.iter().map(|found| found.level).max() {
                return resolve(vocabulary, asked, &both, more, Scope::Stem);
            }
        }
    }
    if found.is_empty() && !asked.heading.is_empty() {
        let mut found = kinds(vocabulary, asked, asked.heading);
        found.retain(|found| found.level > Level::Weak);
        if !found.is_empty() {
            return resolve(vocabulary, asked, asked.heading, found, Scope::Heading);
        }
    }
    resolve(vocabulary, asked, asked.own, found, Scope::Own)
}

/// The last sentence of a stem: what leads to the question.
fn last_sentence(body: &str, stem: &Range<usize>) -> Range<usize> {
    let text = body.get(stem.clone()).unwrap_or("");
    let tail = text
        .trim_end()
        .trim_end_matches([':', '-', '–', '—', '.', '?']);
    // Behind the space, of whatever sort, that follows a stop, or behind a blank line.
    let mut cut = 0;
    let mut before = ' ';
    for (at, c) in tail.char_indices() {
        let ends = match before {
            '.' | '?' => c.is_whitespace(),
            '\n' => c == '\n',
            _ => false,
        };
        if ends {
            cut = at.saturating_add(c.len_utf8());
        }
        before = c;
    }
    stem.start.saturating_add(cut)..stem.end
}

/// Phrases and patterns of information among these marks; the plainest level, and of those that overlap the longest.
fn kinds(vocabulary: &Vocabulary, asked: &Asked<'_>, marks: &[&Mark]) -> Vec<Found> {
    plainest(every(vocabulary, asked, marks), |_| true)
}

/// Phrases and patterns of information among these marks.
fn every(vocabulary: &Vocabulary, asked: &Asked<'_>, marks: &[&Mark]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    // From the last to the first, so that it is known what follows each.
    let mut following = Classes::default();
    for (at, mark) in marks.iter().enumerate().rev() {
        match mark.sort {
            Sort::Information => found.push(Found {
                kind: mark.id,
                level: if is_field(asked, mark) {
                    Level::Sure.max(mark.level)
                } else {
                    mark.level
                },
                span: mark.span.clone(),
                rule: Rule::Phrase(mark.phrase),
            }),
            Sort::Exclusion => {}
            Sort::Subject if !(asked.armed)(mark) => {}
            Sort::Subject | Sort::Word => {
                for begun in vocabulary.beginning(mark.sort, mark.id).iter().rev() {
                    if !begun
                        .then
                        .is_none_or(|class| following.has(usize::from(class)))
                    {
                        continue;
                    }
                    let pattern = index(begun.pattern);
                    let Some(rule) = vocabulary.patterns.get(pattern) else {
                        continue;
                    };
                    if let Some(end) = matched(asked, marks, at, &rule.elements) {
                        found.push(Found {
                            kind: rule.information,
                            level: rule.level,
                            span: mark.span.start..end,
                            rule: Rule::Pattern(pattern),
                        });
                    }
                }
            }
        }
        if mark.sort == Sort::Word {
            following.add(mark.id);
        }
    }
    found.reverse();
    if !found.is_empty()
        && let Some(end) = background(asked)
        && found.iter().any(|found| found.span.start >= end)
    {
        found.retain(|found| found.span.start >= end || found.span.start < asked.part.span.start);
    }
    found
}

/// The plainest of those that count, and of those that overlap the longest.
fn plainest(mut found: Vec<Found>, counts: impl Fn(&Found) -> bool) -> Vec<Found> {
    found.retain(counts);
    let Some(best) = found.iter().map(|found| found.level).max() else {
        return found;
    };
    // A decisive phrase silences the others; a longer one those inside it that are no plainer.
    found.retain(|found| found.level == best || best < Level::Decisive);
    // Those that start together stand longest first, so that a span is covered by one before it or by none.
    found.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
    let mut covered = Level::ALL.map(|level| (level, 0..0));
    found.retain(|this| {
        let inside = covered.iter().any(|(level, cover)| {
            *level >= this.level && this.span.end <= cover.end && this.span != *cover
        });
        for (level, cover) in &mut covered {
            if *level == this.level && this.span.end > cover.end {
                *cover = this.span.clone();
            }
        }
        !inside
    });
    found.sort_by_key(|found| {
        (
            std::cmp::Reverse(found.level),
            found.span.start,
            std::cmp::Reverse(found.span.end),
        )
    });
    found
}

/// Classes of words, a bit for each; those that share a bit are told apart later.
#[derive(Default)]
struct Classes([u64; 4]);

impl Classes {
    fn add(&mut self, class: usize) {
        if let Some(bits) = self.0.get_mut(class / 64 % 4) {
            *bits |= 1_u64 << (class % 64);
        }
    }

    fn has(&self, class: usize) -> bool {
        self.0
            .get(class / 64 % 4)
            .is_some_and(|bits| bits & 1_u64 << (class % 64) != 0)
    }
}

/// Whether a phrase is the name of a field to fill in: "Supplier: …", or the whole question.
fn is_field(asked: &Asked<'_>, mark: &Mark) -> bool {
    let span = &asked.part.span;
    if mark.span.start < span.start || mark.span.end > span.end {
        return false;
    }
    let before = asked.body.get(span.start..mark.span.start).unwrap_or("");
    let before = before.trim();
    let first = ["", "the", "a", "current", "their"]
        .iter()
        .any(|article| before.eq_ignore_ascii_case(article));
    if !first {
        return false;
    }
    let mut after = asked.body.get(mark.span.end..span.end).unwrap_or("");
    while let Some(rest) = after.strip_prefix("(s)") {
        after = rest;
    }
    let after = after.trim_start();
    after.is_empty() || after.starts_with([':', '-', '–', '—', '(', '?', '.', ';', '/'])
}

/// Where the clause ends that only sets the scene: "Of the servers in use, …", "When the contract ends, …".
fn background(asked: &Asked<'_>) -> Option<usize> {
    let span = &asked.part.span;
    let text = asked.body.get(span.clone())?;
    let first = text.split_whitespace().next()?;
    if !SCENES.has(first) {
        return None;
    }
    let comma = text.match_indices(',').map(|(at, _)| at).find(|at| {
        text.get(at.saturating_add(1)..)
            .is_some_and(|rest| rest.starts_with([' ', '\u{a0}']))
    })?;
    let rest = text.get(comma..)?;
    (rest.split_whitespace().count() > 3 && !text.get(..comma)?.contains('?'))
        .then(|| span.start.saturating_add(comma))
}

/// First words of a clause that only sets the scene.
static SCENES: ShortWords<128> = ShortWords::new(&[
    "if", "when", "where", "of", "in", "over", "for", "during", "since", "from", "until", "after",
    "should", "as", "by", "to", "with", "at", "on", "under", "once", "while", "given", "leaving",
    "taking", "besides", "apart", "before", "between",
]);

/// Where a pattern that begins at a mark ends, if it stands there.
fn matched(
    asked: &Asked<'_>,
    marks: &[&Mark],
    first: usize,
    elements: &[Element],
) -> Option<usize> {
    let mut at = first;
    let mut end = marks.get(first)?.span.end;
    for element in elements.get(1..)? {
        let limit = if element.far { FAR } else { NEAR };
        let (next, mark) = marks
            .iter()
            .enumerate()
            .skip(at.saturating_add(1))
            .filter(|(_, mark)| {
                mark.span.start >= end
                    || mark.span.start < asked.part.span.start && end > mark.span.end
            })
            .take_while(|(_, mark)| reaches(asked, end, mark, limit))
            .find(|(_, mark)| mark.span.start >= end && fits(asked, mark, &element.what))?;
        at = next;
        end = mark.span.end;
    }
    Some(end)
}

/// Whether at most so many characters stand between two places; from a stem to its question they are counted from where
/// the question begins.
fn reaches(asked: &Asked<'_>, end: usize, mark: &Mark, limit: usize) -> bool {
    let from = if end <= asked.part.span.start && mark.span.start >= asked.part.span.start {
        asked.part.span.start
    } else {
        end
    };
    let bytes = mark.span.start.saturating_sub(from);
    // No character has more than four bytes.
    bytes <= limit
        || (bytes <= limit.saturating_mul(4)
            && asked
                .body
                .get(from..mark.span.start)
                .is_some_and(|between| !between.is_ascii() && between.chars().count() <= limit))
}

fn fits(asked: &Asked<'_>, mark: &Mark, what: &What) -> bool {
    match what {
        What::Words(class) => mark.sort == Sort::Word && mark.id == *class,
        What::Subjects(subjects) => {
            mark.sort == Sort::Subject && subjects.contains(&mark.id) && (asked.armed)(mark)
        }
    }
}

/// Names the kinds: those that depend on the subject are read as that subject has it.
fn resolve(
    vocabulary: &Vocabulary,
    asked: &Asked<'_>,
    marks: &[&Mark],
    found: Vec<Found>,
    scope: Scope,
) -> Vec<Cited> {
    let mut findings: Vec<Cited> = Vec::with_capacity(found.len().saturating_add(1));
    for one in &found {
        let mut kind = one.kind;
        let mut weight = strength(one.level) * scope.weight();
        let entry = vocabulary.information.get(kind);
        if let Some(otherwise) = entry.and_then(|entry| entry.otherwise) {
            kind = if Some(kind) == vocabulary.count {
                match counted(vocabulary, asked, marks, &one.span) {
                    Counted::Kind(kind) => reads(vocabulary, asked.subjects, kind),
                    Counted::Subject(subject) => {
                        reads_as(vocabulary, subject, kind).unwrap_or(otherwise)
                    }
                    Counted::Earlier => {
                        let previous = asked.previous.and_then(|previous| {
                            previous.information.first().map(|found| found.id)
                        });
                        weight *= 0.8;
                        match previous {
                            Some(previous) => previous,
                            None => reads(vocabulary, asked.subjects, kind),
                        }
                    }
                    Counted::Unknown => {
                        weight *= 0.8;
                        lent_count(vocabulary, asked, kind).unwrap_or(otherwise)
                    }
                }
            } else {
                reads(vocabulary, asked.subjects, kind)
            };
        }
        if findings.iter().any(|other| other.id == kind) {
            continue;
        }
        findings.push(Cited {
            id: kind,
            span: one.span.clone(),
            rule: one.rule,
            weight,
            scope,
        });
    }
    if findings.is_empty() {
        findings.extend(nothing_said(vocabulary, asked));
    }
    if let Some(implied) = implied(vocabulary, asked)
        && !findings.iter().any(|found| found.id == implied.id)
    {
        findings.push(implied);
    }
    findings
}

/// What the nearest ICT subject implies, faintly, for a question that may mean it without saying so.
fn implied(vocabulary: &Vocabulary, asked: &Asked<'_>) -> Option<Cited> {
    let subject = asked
        .subjects
        .iter()
        .find(|found| found.scope != Scope::SubjectLine && !vocabulary.is_contract(found.id))?;
    implied_by(vocabulary, subject, FAINTLY)
}

/// What a subject implies where nothing else is said.
fn implied_by(vocabulary: &Vocabulary, subject: &Cited, weight: f32) -> Option<Cited> {
    let Rule::Phrase(phrase) = subject.rule else {
        return None;
    };
    Some(Cited {
        id: reads_as(vocabulary, subject.id, vocabulary.default?)?,
        rule: Rule::Implied(phrase),
        weight: subject.weight * weight,
        ..subject.clone()
    })
}

/// How much what a subject implies weighs against what the question says.
const FAINTLY: f32 = 0.2;

/// What a number of something unnamed is, where the stem, the heading or the question before names the subject.
fn lent_count(vocabulary: &Vocabulary, asked: &Asked<'_>, kind: usize) -> Option<usize> {
    let first = asked.subjects.first()?;
    let near = matches!(first.scope, Scope::Stem | Scope::Heading | Scope::Previous);
    near.then(|| reads_as(vocabulary, first.id, kind)).flatten()
}

/// A question without a word that says what it wants: what the question before wanted, or what its subject implies.
fn nothing_said(vocabulary: &Vocabulary, asked: &Asked<'_>) -> Option<Cited> {
    let own = asked
        .subjects
        .iter()
        .find(|found| found.scope == Scope::Own && !vocabulary.is_contract(found.id));
    if let Some(own) = own {
        return implied_by(vocabulary, own, 0.4);
    }
    asked
        .previous
        .filter(|_| asked.back)
        .and_then(|previous| previous.information.first())
        .map(|found| found.lent(Scope::Previous))
}

enum Counted {
    /// Things that make a kind of their own, such as users.
    Kind(usize),
    Subject(usize),
    /// "How many of them": what was counted before.
    Earlier,
    Unknown,
}

/// What stands after "how many": the first thing that can be counted, or the last of a compound ("staff laptops").
fn counted(
    vocabulary: &Vocabulary,
    asked: &Asked<'_>,
    marks: &[&Mark],
    cue: &Range<usize>,
) -> Counted {
    let countable = |mark: &Mark| match mark.sort {
        Sort::Subject => (asked.armed)(mark).then_some(Counted::Subject(mark.id)),
        Sort::Word => vocabulary
            .words
            .get(mark.id)
            .and_then(|words| words.count)
            .map(Counted::Kind),
        _ => None,
    };
    // Whether no subject's words have it as a part; those stand close to it.
    let free = |at: usize, mark: &Mark| {
        let before = marks.get(..at).unwrap_or(&[]).iter().rev();
        let after = marks.get(at..).unwrap_or(&[]).iter();
        mark.sort == Sort::Subject
            || !before
                .take_while(|other| other.span.start.saturating_add(FAR) >= mark.span.start)
                .chain(after.take_while(|other| other.span.start <= mark.span.start))
                .any(|other| {
                    other.sort == Sort::Subject
                        && other.span.start <= mark.span.start
                        && mark.span.end <= other.span.end
                        && (asked.armed)(other)
                })
    };
    let mut head: Option<(Range<usize>, Counted)> = None;
    for (at, mark) in marks.iter().enumerate() {
        if mark.span.start < cue.end {
            continue;
        }
        let from = head.as_ref().map_or(cue.end, |(span, _)| span.end);
        let limit = if head.is_some() { 2 } else { 60 };
        if !reaches(asked, from, mark, limit) {
            if head.is_some() || !reaches(asked, from, mark, 60) {
                break;
            }
            continue;
        }
        if !free(at, mark) {
            continue;
        }
        if let Some(what) = countable(mark) {
            head = Some((mark.span.clone(), what));
        }
    }
    if let Some((_, what @ Counted::Subject(_))) = head {
        return what;
    }
    let rest = asked.body.get(cue.end..).unwrap_or("").trim_start();
    let mut words = rest
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if points_back(first) || (first.eq_ignore_ascii_case("of") && points_back(second)) {
        let before = marks
            .iter()
            .enumerate()
            .rev()
            .filter(|(at, mark)| mark.span.end <= cue.start && free(*at, mark))
            .find_map(|(_, mark)| countable(mark));
        if let Some(before) = before {
            return before;
        }
        if asked.previous.is_some() {
            return Counted::Earlier;
        }
    }
    head.map_or(Counted::Unknown, |(_, what)| what)
}

fn points_back(word: &str) -> bool {
    word.is_empty() || POINTING.has(word)
}

/// Words behind "how many" that point to what was counted before; none at all does so too.
static POINTING: ShortWords<64> = ShortWords::new(&[
    "them", "these", "those", "such", "of", "are", "is", "were", "was", "did", "do", "has", "have",
    "had", "per", "in", "by",
]);

/// What a kind that depends on the subject is for the question's first subject.
fn reads(vocabulary: &Vocabulary, subjects: &[Cited], kind: usize) -> usize {
    let otherwise = vocabulary
        .information
        .get(kind)
        .and_then(|entry| entry.otherwise);
    let Some(otherwise) = otherwise else {
        return kind;
    };
    subjects
        .iter()
        .find_map(|subject| reads_as(vocabulary, subject.id, kind))
        .unwrap_or(otherwise)
}

fn reads_as(vocabulary: &Vocabulary, subject: usize, kind: usize) -> Option<usize> {
    vocabulary
        .subjects
        .get(subject)?
        .reads
        .iter()
        .find(|(from, _)| *from == kind)
        .map(|(_, to)| *to)
}
