//! The words of a question as traits: what is said in it, a word or two at a time.
//!
//! Only words that several labelled requests share have weights; they stand in the data under their own names.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::traits::Found;
use crate::fold;
use crate::short;
use crate::words::{self, Word};

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
    places: HashMap<u64, Said, BuildHasherDefault<Quick>>,
    end: usize,
}

/// A word, or two in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    /// The place of its trait, if it has one.
    place: Option<usize>,
    /// Whether two words in a row that have a trait begin with it, or end.
    begins: bool,
    ends: bool,
}

/// A quick hash for keys that nobody else chooses; numbers are mixed already.
#[derive(Default)]
pub(crate) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks();
        let rest = rest
            .iter()
            .fold(0, |letters, byte| letters << 8 | u64::from(*byte));
        for letters in eights
            .iter()
            .map(|eight| u64::from_le_bytes(*eight))
            .chain([rest])
        {
            self.0 = (self.0 ^ letters).wrapping_mul(0x9e37_79b9_7f4a_7c15);
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
        let key = match all_words(said).as_slice() {
            [one] => number(said, &[*one]),
            [one, two] => {
                let (one, two) = (number(said, &[*one]), number(said, &[*two]));
                self.places.entry(one).or_default().begins = true;
                self.places.entry(two).or_default().ends = true;
                pair(one, two)
            }
            _ => return false,
        };
        self.places.entry(key).or_default().place = Some(trait_place);
        self.end = self.end.max(trait_place.saturating_add(1));
        true
    }

    /// The place behind the last of them.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Adds the traits of a question's words: of a long one each counts less.
    pub(super) fn add(&self, body: &str, words: &[Word], found: &mut Found) {
        if self.places.is_empty() {
            return;
        }
        let mut own = [0_usize; 2 * MOST];
        let mut count: u16 = 0;
        let mut before = None;
        for word in words.chunk_by(|_, next| next.joined).take(MOST) {
            let word = number(body, word);
            let said = self.places.get(&word).copied().unwrap_or_default();
            let two = before.filter(|_| said.ends);
            let two = two.and_then(|before| self.places.get(&pair(before, word))?.place);
            for place in said.place.into_iter().chain(two) {
                if let Some(slot) = own
                    .get_mut(usize::from(count))
                    .filter(|_| found.is_new(place))
                {
                    *slot = place;
                    count = count.saturating_add(1);
                }
            }
            before = said.begins.then_some(word);
        }
        let each = STRENGTH / f32::from(count).sqrt();
        for place in own.iter().take(usize::from(count)) {
            found.is(*place, each);
        }
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
        for word in all_words(text).chunk_by(|_, next| next.joined).take(MOST) {
            let word = plain(spelt(text, word));
            own.push(format!("{NAMED}{word}"));
            if !before.is_empty() {
                own.push(format!("{NAMED}{before} {word}"));
            }
            before = word;
        }
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

/// The words of a text.
fn all_words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    words::read(text, &(0..text.len()), &mut words);
    words
}

/// How a word is written, its joined parts as one.
fn spelt<'b>(body: &'b str, parts: &[Word]) -> &'b str {
    let ends = parts.first().zip(parts.last());
    ends.and_then(|(first, last)| body.get(first.start..last.end))
        .unwrap_or("")
}

/// A number that stands for a word as it is named.
fn number(body: &str, parts: &[Word]) -> u64 {
    match parts {
        [short] if short.letters != 0 => mixed(plain_letters(short.letters)),
        _ => {
            let name = plain(spelt(body, parts));
            match short::letters(&name) {
                0 => {
                    let mut hash = Quick::default();
                    hash.write(name.as_bytes());
                    hash.finish()
                }
                letters => mixed(letters),
            }
        }
    }
}

fn mixed(letters: u128) -> u64 {
    let mixed = (letters as u64 ^ ((letters >> 64) as u64).rotate_left(29))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 32
}

/// The letters of a short word as it is [`plain`].
fn plain_letters(letters: u128) -> u128 {
    // Digits lack this bit, and so does the one in front of the letters.
    const LETTER: u128 = u128::from_be_bytes([0x40; 16]);
    if letters & LETTER == 0 {
        return const { short::letters("0") };
    }
    let plural = letters >> 32 != 0 && letters as u8 == b's' && (letters >> 8) as u8 != b's';
    if plural { letters >> 8 } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_however_they_are_written() {
        let numbers = |text: &str| -> Vec<u64> {
            let words = all_words(text);
            words
                .chunk_by(|_, next| next.joined)
                .map(|word| number(text, word))
                .collect()
        };
        assert_eq!(numbers("How many SERVERS"), numbers("how‐many server"));
        assert_eq!(numbers("in 2024"), numbers("IN 7"));
        assert_eq!(numbers("pass"), numbers("Pass"));
        assert_ne!(numbers("pass"), numbers("pas"));
        assert_eq!(numbers("ÉTÉ"), numbers("été"));
        let text = "Which Servers, since 2024?";
        let words = all_words(text);
        let names: Vec<String> = words
            .iter()
            .map(|word| plain(spelt(text, &[*word])))
            .collect();
        assert_eq!(names, ["which", "server", "since", "0"]);
        for (name, text) in [
            ("which", "which"),
            ("server", "servers"),
            ("since", "SINCE"),
            ("0", "31"),
            ("interconnection", "Interconnections"),
            ("counterproductive", "counterproductive"),
            ("café", "Cafés"),
            ("server", "ser\u{ad}vers"),
        ] {
            assert_eq!(plain(text), name);
            assert_eq!(numbers(name), numbers(text), "{text}");
        }
    }
}
