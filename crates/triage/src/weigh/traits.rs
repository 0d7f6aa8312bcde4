//! The traits of a question that are weighed, and their names in the data.

use super::words::Words;
use crate::Scope;
use crate::read::{Draft, near_end, near_start, within};
use crate::vocabulary::{CONTRACT, GROUPS, Level, Mark, Sort, Vocabulary};
use crate::words::{ASKING, QuestionWords, SMALL, Word};

/// What is known of a request when its questions are weighed.
pub(crate) struct Seen<'a> {
    pub body: &'a str,
    pub subject_line: &'a str,
    /// The words that have weights.
    pub known: &'a Words,
    /// The words of the questions.
    pub words: &'a QuestionWords,
    pub marks: &'a [Mark],
    /// The marks of the subject line.
    pub line: &'a [Mark],
    pub questions: &'a [Draft],
}

const PLACES: [&str; 5] = ["own", "stem", "heading", "before", "subject line"];
const LEVELS: [&str; 4] = ["weak", "plain", "sure", "decisive"];
const SCOPES: [(Scope, &str); 6] = [
    (Scope::Own, "own"),
    (Scope::Stem, "stem"),
    (Scope::Heading, "heading"),
    (Scope::Previous, "before"),
    (Scope::Request, "request"),
    (Scope::SubjectLine, "subject line"),
];
const SHAPES: [&str; 9] = [
    "always",
    "up to 4 words",
    "up to 9 words",
    "up to 18 words",
    "longer",
    "question mark",
    "stem",
    "heading",
    "points back to nothing",
];

/// Where each sort of trait begins.
struct Layout {
    kinds: usize,
    words: usize,
    subjects: usize,
    exclusions: usize,
    /// The first place of each block, in the order of [`names`].
    first: [usize; 14],
}

impl Layout {
    fn of(vocabulary: &Vocabulary) -> Self {
        let (kinds, words, subjects, exclusions) = (
            vocabulary.information.len(),
            vocabulary.words.len(),
            vocabulary.subjects.len(),
            vocabulary.exclusions.len(),
        );
        let sizes = [
            PLACES.len() * kinds * LEVELS.len(),
            2 * words,
            subjects,
            PLACES.len() * GROUPS.len() * 2,
            PLACES.len() * exclusions,
            PLACES.len(),
            SCOPES.len() * kinds,
            kinds,
            CONTEXTS * kinds,
            2 * ASKING,
            GROUPS.len() + 1,
            kinds,
            kinds,
            SHAPES.len(),
        ];
        let mut first = [0; 14];
        let mut at = 0;
        for (slot, size) in first.iter_mut().zip(sizes) {
            *slot = at;
            at += size;
        }
        Self {
            kinds,
            words,
            subjects,
            exclusions,
            first,
        }
    }

    fn at(&self, block: usize, place: usize) -> usize {
        self.first.get(block).copied().unwrap_or(0) + place
    }
}

/// What a question's first ICT subject is: of which group, in the question or lent; or none, or another sense instead.
const CONTEXTS: usize = 8;
const CONTEXT_NAMES: [&str; CONTEXTS] = [
    "hardware",
    "software",
    "cyber",
    "lent hardware",
    "lent software",
    "lent cyber",
    "no subject",
    "another sense",
];

/// The name of every trait, in the order of their places.
pub(super) fn names(vocabulary: &Vocabulary) -> Vec<String> {
    let kinds: Vec<&str> = vocabulary
        .information
        .iter()
        .map(|k| k.id.as_str())
        .collect();
    let mut names = Vec::new();
    for place in PLACES {
        for kind in &kinds {
            names.extend(
                LEVELS
                    .iter()
                    .map(|level| format!("{place}: {level} words for {kind}")),
            );
        }
    }
    for place in ["own", "stem"] {
        // A phrase that stands for itself in a pattern may be called as a class of words is.
        names.extend(vocabulary.words.iter().enumerate().map(|(at, words)| {
            let before = vocabulary.words.get(..at).unwrap_or(&[]);
            let again = before.iter().any(|other| other.id == words.id);
            let sort = if again { "the word" } else { "word of" };
            format!("{place}: {sort} {}", words.id)
        }));
    }
    names.extend(
        vocabulary
            .subjects
            .iter()
            .map(|subject| format!("own: subject {}", subject.id)),
    );
    for place in PLACES {
        for group in GROUPS {
            names.extend(
                ["weak", "plain"]
                    .iter()
                    .map(|level| format!("{place}: {level} subject of {group}")),
            );
        }
    }
    for place in PLACES {
        names.extend(
            vocabulary
                .exclusions
                .iter()
                .map(|sense| format!("{place}: sense {}", sense.id)),
        );
    }
    names.extend(PLACES.iter().map(|place| format!("{place}: another sense")));
    for (_, scope) in SCOPES {
        names.extend(
            kinds
                .iter()
                .map(|kind| format!("asks {kind}, by {scope} words")),
        );
    }
    names.extend(kinds.iter().map(|kind| format!("asks first {kind}")));
    for context in CONTEXT_NAMES {
        names.extend(
            kinds
                .iter()
                .map(|kind| format!("{context} and asks first {kind}")),
        );
    }
    let asking = SMALL.iter().take(ASKING);
    names.extend(
        asking
            .clone()
            .map(|(word, _)| format!("begins with {word}")),
    );
    names.extend(asking.map(|(word, _)| format!("holds {word}")));
    names.extend(
        GROUPS
            .iter()
            .map(|group| format!("request: share of {group}")),
    );
    names.push("request: share of other senses".to_owned());
    names.extend(
        kinds
            .iter()
            .map(|kind| format!("request: share that asks first {kind}")),
    );
    names.extend(
        kinds
            .iter()
            .map(|kind| format!("before: asks first {kind}")),
    );
    names.extend(SHAPES.iter().map(|shape| format!("shape: {shape}")));
    names
}

/// Hands the traits of each question of a request to `each`, which takes them out, in order.
pub(crate) fn traits(vocabulary: &Vocabulary, seen: &Seen<'_>, mut each: impl FnMut(&mut Found)) {
    let layout = Layout::of(vocabulary);
    let kinds: Vec<Option<usize>> = seen
        .questions
        .iter()
        .map(|question| question.information.first().map(|asked| asked.id))
        .collect();
    let mut shared = shared(vocabulary, &layout, &kinds, seen);
    shared.extend(seen.known.of_line(seen.subject_line));
    let mut before: Option<(&Draft, Option<usize>)> = None;
    let mut found = Found::new(layout.at(13, SHAPES.len()).max(seen.known.end()));
    for ((index, question), kind) in seen.questions.iter().enumerate().zip(&kinds) {
        let line = 0..usize::MAX;
        let stem = question
            .part
            .stem
            .clone()
            .map(|span| near_end(seen.body, span));
        let heading = question
            .part
            .heading
            .clone()
            .map(|span| near_start(seen.body, span));
        let places = [
            Some((seen.marks, &question.part.span, 1.0)),
            stem.as_ref().map(|span| (seen.marks, span, 0.5)),
            heading.as_ref().map(|span| (seen.marks, span, 0.5)),
            before.map(|(before, _)| (seen.marks, &before.part.span, 0.25)),
            Some((seen.line, &line, 0.5)),
        ];
        for (place, from) in places.into_iter().enumerate() {
            let Some((marks, span, strength)) = from else {
                continue;
            };
            marked(
                vocabulary,
                &layout,
                place,
                within(marks, span),
                strength,
                &mut found,
            );
        }
        resolved(vocabulary, &layout, question, *kind, &mut found);
        if let Some((_, Some(kind))) = before {
            found.push((layout.at(12, kind), 0.5));
        }
        let words = seen.words.get(index);
        small_words(seen.body, question, words, &layout, &mut found);
        for (place, strength) in &shared {
            found.push((*place, *strength));
        }
        seen.known.add(seen.body, words, &mut found);
        each(&mut found);
        before = Some((question, *kind));
    }
}

/// The traits of a question. What is there twice counts once, as it was found first.
pub(crate) struct Found {
    /// A bit for each trait that is there.
    there: Vec<u64>,
    strengths: Vec<f32>,
}

impl Found {
    pub(super) fn new(traits: usize) -> Self {
        Self {
            there: vec![0; traits.div_ceil(64)],
            strengths: vec![0.0; traits],
        }
    }

    pub(super) fn push(&mut self, (place, strength): (usize, f32)) {
        if self.is_new(place) {
            self.is(place, strength);
        }
    }

    /// Whether a trait wasn't there; now it is.
    pub(super) fn is_new(&mut self, place: usize) -> bool {
        self.there.get_mut(place / 64).is_some_and(|bits| {
            let before = *bits;
            *bits |= 1 << (place % 64);
            *bits != before
        })
    }

    /// Sets how strongly a trait is there.
    pub(super) fn is(&mut self, place: usize, strength: f32) {
        if let Some(own) = self.strengths.get_mut(place) {
            *own = strength;
        }
    }

    /// Takes them out in the order of their places, each with how strongly it is there.
    pub(crate) fn take(&mut self, mut each: impl FnMut(usize, f32)) {
        for (first, bits) in (0_usize..).step_by(64).zip(&mut self.there) {
            let mut rest = std::mem::take(bits);
            while rest != 0 {
                let bit = usize::try_from(rest.trailing_zeros()).unwrap_or(0);
                let place = first.saturating_add(bit);
                each(place, self.strengths.get(place).copied().unwrap_or(0.0));
                rest &= rest.wrapping_sub(1);
            }
        }
    }
}

fn marked<'m>(
    vocabulary: &Vocabulary,
    layout: &Layout,
    place: usize,
    marks: impl Iterator<Item = &'m Mark>,
    strength: f32,
    found: &mut Found,
) {
    for mark in marks {
        let level = match mark.level {
            Level::Weak => 0,
            Level::Plain => 1,
            Level::Sure => 2,
            Level::Decisive => 3,
        };
        match mark.sort {
            Sort::Information => found.push((
                layout.at(0, (place * layout.kinds + mark.id) * LEVELS.len() + level),
                strength,
            )),
            Sort::Word if place < 2 => {
                found.push((layout.at(1, place * layout.words + mark.id), strength));
            }
            Sort::Word => {}
            Sort::Subject => {
                if place == 0 {
                    found.push((layout.at(2, mark.id.min(layout.subjects)), 0.5));
                }
                if let Some(group) = vocabulary.group_of(mark.id) {
                    let plain = usize::from(level > 0);
                    found.push((
                        layout.at(3, (place * GROUPS.len() + group) * 2 + plain),
                        strength,
                    ));
                }
            }
            Sort::Exclusion => {
                found.push((layout.at(4, place * layout.exclusions + mark.id), strength));
                found.push((layout.at(5, place), strength));
            }
        }
    }
}

/// What reading made of the question.
fn resolved(
    vocabulary: &Vocabulary,
    layout: &Layout,
    question: &Draft,
    kind: Option<usize>,
    found: &mut Found,
) {
    for asked in &question.information {
        let scope = SCOPES.iter().position(|(scope, _)| *scope == asked.scope);
        if let Some(scope) = scope {
            found.push((layout.at(6, scope * layout.kinds + asked.id), asked.weight));
        }
    }
    let ict = question.subjects.iter().find_map(|subject| {
        let group = vocabulary.group_of(subject.id);
        let group = group.filter(|group| *group < CONTRACT)?;
        Some(if subject.scope == Scope::Own {
            group
        } else {
            group + CONTRACT
        })
    });
    let context = ict.unwrap_or(if question.exclusions.is_empty() { 6 } else { 7 });
    if let Some(kind) = kind {
        found.push((layout.at(7, kind), 1.0));
        found.push((layout.at(8, context * layout.kinds + kind), 1.0));
    }
}

fn small_words(body: &str, question: &Draft, words: &[Word], layout: &Layout, found: &mut Found) {
    let text = body.get(question.part.span.clone()).unwrap_or("");
    for (count, word) in words.iter().enumerate() {
        if let Some(at) = word.asking() {
            if count < 3 {
                found.push((layout.at(9, at), 1.0));
            }
            found.push((layout.at(9, ASKING + at), 0.5));
        }
    }
    let size = match words.len() {
        0..=4 => 1,
        5..=9 => 2,
        10..=18 => 3,
        _ => 4,
    };
    let shapes = [
        (0, true),
        (size, true),
        (5, text.trim_end().ends_with('?')),
        (6, question.part.stem.is_some()),
        (7, question.part.heading.is_some()),
        (8, question.subjects.is_empty()),
    ];
    for (shape, _) in shapes.into_iter().filter(|(_, is)| *is) {
        found.push((layout.at(13, shape), 1.0));
    }
}

/// What the whole request shares: how much of it is about each group, and what its questions ask.
fn shared(
    vocabulary: &Vocabulary,
    layout: &Layout,
    firsts: &[Option<usize>],
    seen: &Seen<'_>,
) -> Vec<(usize, f32)> {
    let mut counts = [0.0_f32; GROUPS.len() + 1];
    for mark in seen.marks {
        let group = match mark.sort {
            Sort::Subject => vocabulary.group_of(mark.id),
            Sort::Exclusion => Some(GROUPS.len()),
            _ => None,
        };
        if let Some(count) = group.and_then(|group| counts.get_mut(group)) {
            *count += 1.0;
        }
    }
    let whole = counts.iter().sum::<f32>().max(1.0);
    let mut found: Vec<(usize, f32)> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0.0)
        .map(|(group, count)| (layout.at(10, group), count / whole))
        .collect();
    let mut kinds = vec![0.0_f32; layout.kinds];
    for kind in firsts.iter().flatten() {
        if let Some(count) = kinds.get_mut(*kind) {
            *count += 1.0;
        }
    }
    let questions = kinds.iter().sum::<f32>().max(1.0);
    found.extend(
        kinds
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0.0)
            .map(|(kind, count)| (layout.at(11, kind), count / questions)),
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_one_name() {
        let vocabulary = Vocabulary::parse(
            include_str!("../../../../data/triage/subjects.toml"),
            include_str!("../../../../data/triage/information.toml"),
            include_str!("../../../../data/triage/exclusions.toml"),
            include_str!("../../../../data/triage/cues.toml"),
        )
        .expect("the data is sound");
        let names = names(&vocabulary);
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(names.len(), distinct.len());
        let layout = Layout::of(&vocabulary);
        assert_eq!(layout.at(13, SHAPES.len()), names.len());
        assert_eq!(
            names[layout.at(8, 0)],
            format!("hardware and asks first {}", vocabulary.information[0].id)
        );
    }
}
