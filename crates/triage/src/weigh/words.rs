//! The words of a question as traits: what is said in the question, in what it completes, in its heading and in the
//! question before, a word or two at a time.
//!
//! Only words that several labelled requests share have weights; they stand in the data under their own names.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use crate::Question;
use crate::fold::{self, Fold};

/// Where words stand, how strongly they count there, whether two in a row count as well, and how many are looked at.
const PLACES: [(&str, f32, bool, usize); 4] = [
    ("own", 0.6, true, 60),
    ("stem", 0.3, true, 24),
    ("heading", 0.3, false, 16),
    ("before", 0.15, false, 24),
];
/// In this many questions must words stand to be weighed.
const FLOOR: usize = 6;

/// The words that have weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    places: HashMap<u64, usize, BuildHasherDefault<Quick>>,
}

/// A quick hash for keys that nobody else chooses; numbers are mixed already.
#[derive(Default)]
pub(crate) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            self.0 ^= self.0 >> 32;
        }
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Words {
    /// Puts words at a place among all traits, by their name: "own: says how many". False where it is no such name.
    pub(super) fn insert(&mut self, name: &str, trait_place: usize) -> bool {
        let Some((place, said)) = name.split_once(": says ") else {
            return false;
        };
        let Some(place) = PLACES.iter().position(|(known, ..)| *known == place) else {
            return false;
        };
        let mut words = Vec::new();
        each_word(said, 3, |word, _| words.push(word));
        let key = match words.as_slice() {
            [one] => key(place, *one, 0),
            [one, two] => key(place, *one, *two),
            _ => return false,
        };
        self.places.insert(key, trait_place);
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The traits of a text's words at one place.
    fn found(&self, place: usize, words: &[u64], found: &mut Vec<(usize, f32)>) {
        let Some((_, strength, pairs, most)) = PLACES.get(place) else {
            return;
        };
        let mut before: u64 = 0;
        for word in words.iter().take(*most) {
            if let Some(at) = self.places.get(&key(place, *word, 0)) {
                found.push((*at, *strength));
            }
            if *pairs
                && before != 0
                && let Some(at) = self.places.get(&key(place, before, *word))
            {
                found.push((*at, *strength));
            }
            before = *word;
        }
    }
}

/// The first words of a text, as numbers.
fn numbers(text: &str, numbers: &mut Vec<u64>) {
    numbers.clear();
    each_word(text, MOST, |word, _| numbers.push(word));
}

/// So many words of a text are looked at.
const MOST: usize = 60;

/// Traits by their places, each with how strongly it is there.
type Traits = Vec<(usize, f32)>;

/// The traits that the words of a request's questions make, those that neighbours share read once.
pub(super) struct Said<'a> {
    pub words: &'a Words,
    pub body: &'a str,
    pub line: Traits,
    stem: Option<(Range<usize>, Traits)>,
    heading: Option<(Range<usize>, Traits)>,
    /// The words of the latest question.
    latest: Vec<u64>,
}

impl<'a> Said<'a> {
    pub fn new(words: &'a Words, body: &'a str, subject_line: &str) -> Self {
        let (mut line, mut own) = (Vec::new(), Vec::new());
        numbers(subject_line, &mut own);
        words.found(2, &own, &mut line);
        Self {
            words,
            body,
            line,
            stem: None,
            heading: None,
            latest: Vec::new(),
        }
    }

    /// Adds the traits of a question's words; the questions come in their order.
    pub fn add(&mut self, question: &Question, found: &mut Vec<(usize, f32)>) {
        if self.words.is_empty() {
            return;
        }
        let text = |span: &Range<usize>| self.body.get(span.clone()).unwrap_or("");
        let mut own = Vec::new();
        if let Some(span) = &question.stem {
            if self.stem.as_ref().is_none_or(|(known, _)| known != span) {
                let mut traits = Vec::new();
                numbers(tail(text(span)), &mut own);
                self.words.found(1, &own, &mut traits);
                self.stem = Some((span.clone(), traits));
            }
            found.extend(self.stem.iter().flat_map(|(_, traits)| traits));
        }
        if let Some(span) = &question.heading {
            if self.heading.as_ref().is_none_or(|(known, _)| known != span) {
                let mut traits = Vec::new();
                numbers(text(span), &mut own);
                self.words.found(2, &own, &mut traits);
                self.heading = Some((span.clone(), traits));
            }
            found.extend(self.heading.iter().flat_map(|(_, traits)| traits));
        }
        self.words.found(3, &self.latest, found);
        numbers(text(&question.span), &mut self.latest);
        self.words.found(0, &self.latest, found);
        found.extend(&self.line);
    }
}

/// The last words of a long stem: what leads to the question.
fn tail(text: &str) -> &str {
    let mut from = text.len().saturating_sub(LONGEST_STEM);
    while !text.is_char_boundary(from) {
        from = from.saturating_add(1);
    }
    text.get(from..).unwrap_or(text)
}

/// Bytes of a stem that are looked at.
const LONGEST_STEM: usize = 160;

/// Counts the words of labelled questions; those that are common enough get names.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<String, usize>);

impl Counts {
    /// Counts the words at one place of one question.
    pub fn add(&mut self, place: &str, text: &str) {
        let Some((place, (_, _, pairs, most))) = PLACES
            .iter()
            .enumerate()
            .find(|(_, (known, ..))| *known == place)
        else {
            return;
        };
        let text = if place == 1 { tail(text) } else { text };
        let mut own: Vec<String> = Vec::new();
        let mut before = String::new();
        let name = PLACES.get(place).map_or("", |(name, ..)| name);
        each_word(text, *most, |_, raw| {
            let word = plain(raw);
            own.push(format!("{name}: says {word}"));
            if *pairs && !before.is_empty() {
                own.push(format!("{name}: says {before} {word}"));
            }
            before = word;
        });
        own.sort();
        own.dedup();
        for name in own {
            let count = self.0.entry(name).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// The names of those that are common enough.
    pub fn common(self) -> Vec<String> {
        self.0
            .into_iter()
            .filter(|(_, count)| *count >= FLOOR)
            .map(|(name, _)| name)
            .collect()
    }
}

/// A word as it is named: folded, without a plural -s; every number is 0.
fn plain(raw: &str) -> String {
    let word = fold::folded(raw);
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return "0".to_owned();
    }
    let mut back = word.chars().rev();
    if word.len() > 3 && back.next() == Some('s') && back.next() != Some('s') {
        return word
            .get(..word.len().saturating_sub(1))
            .unwrap_or(&word)
            .to_owned();
    }
    word
}

fn key(place: usize, one: u64, two: u64) -> u64 {
    let place = u64::try_from(place).unwrap_or(0).wrapping_add(1);
    (one ^ two.rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ place.wrapping_mul(0xd6e8_feb8_6659_fd93))
    .wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Hands the first words of a text to `each`, with a number that stands for the word.
fn each_word(text: &str, most: usize, mut each: impl FnMut(u64, &str)) {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = START;
    let mut shorter = START;
    let mut last: (u8, u8) = (0, 0);
    let mut length: usize = 0;
    let mut digits = true;
    let mut start: usize = 0;
    let mut count: usize = 0;
    let mut chars = text.char_indices();
    loop {
        let next = chars.next();
        let at = next.map_or(text.len(), |(at, _)| at);
        let mut push = |byte: u8| {
            if length == 0 {
                start = at;
            }
            shorter = hash;
            hash = step(hash, byte);
            last = (last.1, byte);
            length = length.saturating_add(1);
            digits &= byte.is_ascii_digit();
        };
        match next {
            Some((_, c)) if c.is_ascii_alphanumeric() => {
                push(u8::try_from(c).unwrap_or(0).to_ascii_lowercase());
                continue;
            }
            Some((_, c)) if !c.is_ascii() => match fold::fold(c) {
                Fold::Nothing => continue,
                Fold::Other(c) if c.is_alphanumeric() => {
                    let mut buffer = [0; 4];
                    for lower in fold::lower(c) {
                        for byte in lower.encode_utf8(&mut buffer).bytes() {
                            push(byte);
                        }
                    }
                    continue;
                }
                _ => {}
            },
            _ => {}
        }
        if length > 0 {
            let word = if digits {
                step(START, b'0')
            } else if length > 3 && last.1 == b's' && last.0 != b's' {
                shorter
            } else {
                hash
            };
            each(word, text.get(start..at).unwrap_or(""));
            count = count.saturating_add(1);
            (hash, shorter, last, length, digits) = (START, START, (0, 0), 0, true);
        }
        if next.is_none() || count >= most {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_however_they_are_written() {
        let numbers = |text: &str| {
            let mut found = Vec::new();
            each_word(text, 9, |word, _| found.push(word));
            found
        };
        assert_eq!(numbers("How many SERVERS"), numbers("how‐many server"));
        assert_eq!(numbers("in 2024"), numbers("IN 7"));
        assert_eq!(numbers("pass"), numbers("Pass"));
        assert_ne!(numbers("pass"), numbers("pas"));
        assert_eq!(numbers("ÉTÉ"), numbers("été"));
        let mut names = Vec::new();
        each_word("Which Servers, since 2024?", 9, |_, raw| {
            names.push(plain(raw))
        });
        assert_eq!(names, ["which", "server", "since", "0"]);
        for (name, text) in names.iter().zip(["which", "servers", "since", "31"]) {
            assert_eq!(numbers(name), numbers(text));
        }
    }
}
