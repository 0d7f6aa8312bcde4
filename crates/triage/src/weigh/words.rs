//! The words of a question as traits: what is said in it, a word or two at a time, which words stand close to each other
//! with others between, and what the subject line says.
//!
//! Only words that several labelled requests share have weights; they stand in the data under their own names.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::traits::Found;
use crate::fold;
use crate::short::{self, ShortWords};
use crate::words::{self, Word};

/// In this many questions must words stand to be weighed.
const FLOOR: usize = 6;
/// So many words of a question are looked at.
const MOST: usize = 60;
/// How strongly the words of a question count together, however many they are.
const STRENGTH: f32 = 3.2;
/// What the name of a trait begins with that is about words.
const NAMED: &str = "own: says ";

/// In this many questions must words stand close to each other to be weighed.
const NEAR_FLOOR: usize = 10;
/// So many words behind a word stand close to it; small ones don't count.
const REACH: usize = 3;
/// So many words of a question are looked at for those close to each other.
const MOST_NEAR: usize = 24;
/// How strongly those close to each other count together.
const NEAR_STRENGTH: f32 = 2.0;
/// What parts words that stand close to each other in the name of their trait.
const THEN: &str = " … ";
/// How strongly the words of the subject line count together.
const LINE_STRENGTH: f32 = 1.0;
/// What the name of a trait begins with that is about words of the subject line.
const LINE_NAMED: &str = "subject line: says ";

/// Small words that join, point or turn a verb. None of them is close to another word.
static SMALL: ShortWords<512> = ShortWords::new(&[
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "do",
    "does",
    "did",
    "has",
    "have",
    "had",
    "can",
    "could",
    "will",
    "would",
    "shall",
    "should",
    "may",
    "might",
    "must",
    "the",
    "a",
    "an",
    "any",
    "all",
    "each",
    "every",
    "this",
    "that",
    "these",
    "those",
    "your",
    "our",
    "their",
    "its",
    "his",
    "her",
    "my",
    "some",
    "such",
    "other",
    "another",
    "both",
    "no",
    "currently",
    "current",
    "existing",
    "new",
    "own",
    "of",
    "for",
    "in",
    "on",
    "at",
    "by",
    "with",
    "from",
    "to",
    "into",
    "over",
    "under",
    "within",
    "between",
    "during",
    "since",
    "per",
    "via",
    "through",
    "about",
    "regarding",
    "concerning",
    "relating",
    "across",
    "against",
    "among",
    "before",
    "after",
    "until",
    "using",
    "including",
    "as",
    "than",
    "out",
    "up",
    "upon",
    "towards",
    "related",
    "respect",
    "relation",
    "terms",
    "you",
    "we",
    "they",
    "it",
    "i",
    "he",
    "she",
    "council",
    "authority",
    "trust",
    "organisation",
    "force",
    "police",
    "university",
    "department",
    "one",
    "there",
    "them",
    "us",
    "borough",
    "and",
    "or",
    "but",
    "if",
    "whether",
    "while",
    "because",
    "so",
]);

/// The words that have weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    places: HashMap<u64, usize, BuildHasherDefault<Quick>>,
    near: HashMap<u64, usize, BuildHasherDefault<Quick>>,
    line: HashMap<u64, usize, BuildHasherDefault<Quick>>,
    /// What is known of `places` and `near` at a glance.
    pairs: Glance,
    end: usize,
}

/// Whether two words may be known: most that aren't are told apart by one bit.
#[derive(Clone, Debug)]
struct Glance([u64; Self::BITS / 64]);

impl Default for Glance {
    fn default() -> Self {
        Self([0; Self::BITS / 64])
    }
}

impl Glance {
    const BITS: usize = 1 << 15;

    fn place(pair: u64) -> (usize, u64) {
        let at = (pair >> 49) as usize;
        (at / 64, 1 << (at % 64))
    }

    fn note(&mut self, pair: u64) {
        let (at, bit) = Self::place(pair);
        if let Some(bits) = self.0.get_mut(at) {
            *bits |= bit;
        }
    }

    fn may_know(&self, pair: u64) -> bool {
        let (at, bit) = Self::place(pair);
        self.0.get(at).is_some_and(|bits| bits & bit != 0)
    }
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
        let key = |said: &str| match all_words(said).as_slice() {
            [one] => Some(number(said, &[*one])),
            [one, two] => Some(pair(number(said, &[*one]), number(said, &[*two]))),
            _ => None,
        };
        let (places, key) = if let Some(said) = name.strip_prefix(LINE_NAMED) {
            (&mut self.line, key(said))
        } else if let Some(said) = name.strip_prefix(NAMED) {
            if said.contains(THEN) {
                (&mut self.near, key(said))
            } else {
                (&mut self.places, key(said))
            }
        } else {
            return false;
        };
        let Some(key) = key else { return false };
        places.insert(key, trait_place);
        if name
            .strip_prefix(NAMED)
            .is_some_and(|said| said.contains(' '))
        {
            self.pairs.note(key);
        }
        self.end = self.end.max(trait_place.saturating_add(1));
        true
    }

    /// The place behind the last of them.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Adds the traits of a question's words: of a long one each counts less.
    pub(super) fn add(&self, body: &str, words: &[Word], found: &mut Found) {
        let (mut own, mut close) = (Places::default(), Places::default());
        let mut before = None;
        let mut near = Near::default();
        for word in words.chunk_by(|_, next| next.joined).take(MOST) {
            let small = is_small(word);
            let word = number(body, word);
            let two = before
                .map(|before| pair(before, word))
                .filter(|two| self.pairs.may_know(*two))
                .and_then(|two| self.places.get(&two));
            for place in self.places.get(&word).into_iter().chain(two) {
                own.add(*place, found);
            }
            before = Some(word);
            if !small {
                near.next(word, |one| {
                    let two = pair(*one, word);
                    if self.pairs.may_know(two)
                        && let Some(place) = self.near.get(&two)
                    {
                        close.add(*place, found);
                    }
                });
            }
        }
        own.count(STRENGTH, found);
        close.count(NEAR_STRENGTH, found);
    }

    /// The traits of a subject line's words.
    pub(super) fn of_line(&self, line: &str) -> Vec<(usize, f32)> {
        let words = all_words(line);
        let mut places: Vec<usize> = words
            .chunk_by(|_, next| next.joined)
            .take(MOST)
            .filter_map(|word| self.line.get(&number(line, word)).copied())
            .collect();
        places.sort_unstable();
        places.dedup();
        let each = share(LINE_STRENGTH, places.len());
        places.into_iter().map(|place| (place, each)).collect()
    }
}

/// What each of so many traits counts that count so strongly together.
fn share(together: f32, traits: usize) -> f32 {
    together / f32::from(u16::try_from(traits.max(1)).unwrap_or(u16::MAX)).sqrt()
}

/// The places of traits that count together.
struct Places {
    all: [usize; Self::MOST],
    count: usize,
}

impl Places {
    const MOST: usize = 2 * MOST;

    fn add(&mut self, place: usize, found: &mut Found) {
        if let Some(slot) = self.all.get_mut(self.count)
            && found.is_new(place)
        {
            *slot = place;
            self.count = self.count.saturating_add(1);
        }
    }

    fn count(&self, together: f32, found: &mut Found) {
        let each = share(together, self.count);
        for place in self.all.iter().take(self.count) {
            found.is(*place, each);
        }
    }
}

impl Default for Places {
    fn default() -> Self {
        Self {
            all: [0; Self::MOST],
            count: 0,
        }
    }
}

/// The last words of a question that are not small.
struct Near<W> {
    last: [Option<W>; REACH],
    count: usize,
}

impl<W> Default for Near<W> {
    fn default() -> Self {
        Self {
            last: [const { None }; REACH],
            count: 0,
        }
    }
}

impl<W> Near<W> {
    /// Hands over the words that the next one stands close to.
    fn next(&mut self, word: W, each: impl FnMut(&W)) {
        if self.count < MOST_NEAR {
            self.last.iter().flatten().for_each(each);
            if let Some(slot) = self.last.get_mut(self.count % REACH) {
                *slot = Some(word);
            }
            self.count = self.count.saturating_add(1);
        }
    }
}

/// Whether a word says nothing by itself.
fn is_small(parts: &[Word]) -> bool {
    matches!(parts, [one] if SMALL.place_of(one.letters).is_some())
}

/// Counts the words of labelled questions; those that are common enough get names.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<String, usize>);

impl Counts {
    /// Counts the words of one question.
    pub fn add(&mut self, text: &str) {
        let mut own: Vec<String> = Vec::new();
        let mut before = String::new();
        let mut near = Near::default();
        for word in all_words(text).chunk_by(|_, next| next.joined).take(MOST) {
            let small = is_small(word);
            let word = plain(spelt(text, word));
            own.push(format!("{NAMED}{word}"));
            if !before.is_empty() {
                own.push(format!("{NAMED}{before} {word}"));
            }
            before.clone_from(&word);
            if !small {
                near.next(word.clone(), |one| {
                    own.push(format!("{NAMED}{one}{THEN}{word}"));
                });
            }
        }
        self.count(own);
    }

    /// Counts the words of the subject line of one question's request.
    pub fn add_line(&mut self, line: &str) {
        let words = all_words(line);
        let words = words.chunk_by(|_, next| next.joined).take(MOST);
        self.count(
            words
                .map(|word| format!("{LINE_NAMED}{}", plain(spelt(line, word))))
                .collect(),
        );
    }

    fn count(&mut self, mut own: Vec<String>) {
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
            .filter(|(name, count)| {
                let floor = if name.contains(THEN) {
                    NEAR_FLOOR
                } else {
                    FLOOR
                };
                *count >= floor
            })
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

    #[test]
    fn words_close_to_each_other_and_those_of_the_subject_line_are_traits() {
        let mut counts = Counts::default();
        for _ in 0..NEAR_FLOOR {
            counts.add("How many laptops are there for the staff?");
            counts.add_line("Laptops, 2024");
        }
        let names = counts.common();
        let known = |name: &str| names.iter().any(|known| known == name);
        assert!(known("own: says laptop … staff"), "{names:?}");
        assert!(known("subject line: says laptop"), "{names:?}");
        assert!(
            !known("own: says laptop … the"),
            "small words stand between"
        );

        let mut words = Words::default();
        assert!(words.insert("own: says laptop … staff", 7));
        assert!(words.insert("subject line: says laptop", 8));
        assert!(!words.insert("own: subject laptops", 9));
        let close = |text: &str| {
            let mut found = Found::new(10);
            words.add(text, &all_words(text), &mut found);
            !found.is_new(7)
        };
        assert!(close("Laptops of your staff"));
        assert!(!close("Staff and their laptops"), "the other way round");
        assert!(
            !close("Laptops and one two three four more staff"),
            "too far"
        );
        assert_eq!(words.of_line("laptops & LAPTOP"), [(8, LINE_STRENGTH)]);
        assert_eq!(words.of_line("Vans"), []);
    }
}
