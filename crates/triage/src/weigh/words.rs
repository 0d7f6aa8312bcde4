//! The words of a question as traits: what is said in it, a word or two at a time.
//!
//! Only words that several labelled requests share have weights; they stand in the data under their own names.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use crate::fold::{self, Fold};

/// In this many questions must words stand to be weighed.
const FLOOR: usize = 6;
/// So many words of a question are looked at.
const MOST: usize = 60;
/// How strongly the words of a question count together, however many they are.
const STRENGTH: f32 = 3.2;
/// What the name of a trait begins with that is about words.
const NAMED: &str = "own: says ";

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
        let Some(said) = name.strip_prefix(NAMED) else {
            return false;
        };
        let mut words = Vec::new();
        each_word(said, 3, |word, _| words.push(word));
        let key = match words.as_slice() {
            [one] => *one,
            [one, two] => pair(*one, *two),
            _ => return false,
        };
        self.places.insert(key, trait_place);
        true
    }

    /// Adds the traits of a question's words: of a long one each counts less.
    pub(super) fn add(&self, text: &str, found: &mut Vec<(usize, f32)>) {
        if self.places.is_empty() {
            return;
        }
        let mut own: Vec<usize> = Vec::with_capacity(64);
        let mut before = None;
        each_word(text, MOST, |word, _| {
            own.extend(self.places.get(&word));
            own.extend(before.and_then(|before| self.places.get(&pair(before, word))));
            before = Some(word);
        });
        own.sort_unstable();
        own.dedup();
        let count = u16::try_from(own.len()).unwrap_or(u16::MAX);
        let each = STRENGTH / f32::from(count).sqrt();
        found.extend(own.into_iter().map(|place| (place, each)));
    }
}

/// Counts the words of labelled questions; those that are common enough get names.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<String, usize>);

impl Counts {
    /// Counts the words of one question.
    pub fn add(&mut self, text: &str) {
        let mut own: Vec<String> = Vec::new();
        let mut before = String::new();
        each_word(text, MOST, |_, raw| {
            let word = plain(raw);
            own.push(format!("{NAMED}{word}"));
            if !before.is_empty() {
                own.push(format!("{NAMED}{before} {word}"));
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

/// The number of two words in a row.
fn pair(one: u64, two: u64) -> u64 {
    (one ^ two.rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_mul(0xd6e8_feb8_6659_fd93)
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
