//! One pass over a text that finds every phrase, folding as it goes, so that no copy of the text is made.
//!
//! Phrases begin and end with words, so the pass goes from word to word rather than from byte to byte: a word's folded
//! letters are gathered into a number, the number is looked up once, and the phrases under way either go on with that
//! word or end.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::fold::{self, Fold};
use crate::short;
use crate::split;

/// All phrases, compiled, each with what it says.
#[derive(Debug)]
pub(crate) struct Scanner<T> {
    /// The words and signs that phrases are made of; a table of two to some power of places.
    table: Vec<Slot>,
    /// Each by its number.
    words: Vec<Entry>,
    /// The letters of each, by its number.
    letters: Vec<Box<[u8]>>,
    nodes: Vec<Node>,
    /// The words that may follow, a run for each node.
    steps: Vec<Step>,
    /// What the phrases say that end, a run for each node.
    ends: Vec<T>,
    /// The most words of a phrase.
    longest: usize,
}

/// A place of the table: small, so that most of it stays close at hand.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Part of what the key mixes to; where it is another, so is the word.
    mark: u32,
    /// 0 where the place is free.
    word: u32,
}

/// A word or sign that phrases are made of.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    letters: u128,
    length: u32,
    /// What it may begin; 0 where nothing begins with it.
    begins: u32,
    /// The same word without its last letter, an s; 0 where no phrase has that.
    single: u32,
}

/// The first words of some phrases.
#[derive(Clone, Debug, Default)]
struct Node {
    steps: Range<u32>,
    ends: Range<u32>,
    /// A bit for each step, some of which share one: most words go on with nothing, and need no search.
    follows: u64,
}

/// The next word of some phrases, twice its number, odd where a space stands before it.
#[derive(Clone, Copy, Debug)]
struct Step {
    word: u32,
    node: u32,
}

/// The folded letters of a word: up to sixteen as they are, more of them laid over one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Key {
    letters: u128,
    length: u32,
}

/// So many letters a key holds as they are.
const AT_ONCE: u32 = 16;

impl Key {
    #[inline(always)]
    fn push(&mut self, letter: u8) {
        self.letters = self.letters.rotate_left(8) ^ u128::from(letter);
        self.length = self.length.wrapping_add(1);
    }

    /// The word without its last letter.
    #[inline(always)]
    fn without(self, letter: u8) -> Self {
        Self {
            letters: (self.letters ^ u128::from(letter)).rotate_right(8),
            length: self.length.wrapping_sub(1),
        }
    }

    /// Its place in a table of so many, and its mark there.
    #[inline(always)]
    fn place(self, places: usize) -> (usize, u32) {
        let (low, high) = (self.letters as u64, (self.letters >> 64) as u64);
        let mixed = (low ^ high.rotate_left(29) ^ u64::from(self.length))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = (mixed >> 32) as usize;
        (place & places.wrapping_sub(1), mixed as u32)
    }
}

/// A word, or a sign that is neither letter, digit nor space.
#[derive(Clone, Copy)]
struct Token {
    key: Key,
    start: usize,
    end: usize,
    /// Whether a space stands before it.
    spaced: bool,
    /// Whether it is a sign that stands directly behind a word.
    glued: bool,
    /// Whether it is a sign.
    sign: bool,
    /// Whether its last letter is an s.
    plural: bool,
}

/// What a byte is: a folded letter or digit with [`LETTER`] added, a space, a sign, or 0 in a longer character.
const KIND: [u8; 256] = {
    let mut table = fold::ASCII;
    let mut byte = 0;
    while byte < 256 {
        if table[byte].is_ascii_alphanumeric() {
            table[byte] |= LETTER;
        }
        byte += 1;
    }
    table
};
const LETTER: u8 = 0x80;

/// Hands every word and sign to `each`, in order, and the place of every sign that parts sentences to `parting`.
#[inline(always)]
fn tokens(text: &str, mut parting: impl FnMut(usize), mut each: impl FnMut(Token)) {
    let bytes = text.as_bytes();
    let mut state = Tokens::default();
    let mut at: usize = 0;
    while let Some(byte) = bytes.get(at) {
        let kind = KIND.get(usize::from(*byte)).copied().unwrap_or(0);
        if kind & LETTER != 0 {
            if state.key.length == 0 {
                state.start = at;
            }
            // Most words are letters up to the next space.
            let start = at;
            let is_letter = |byte: &u8| {
                let kind = KIND.get(usize::from(*byte));
                kind.is_some_and(|kind| kind & LETTER != 0)
            };
            while bytes.get(at).is_some_and(is_letter) {
                at = at.wrapping_add(1);
            }
            state.letters(bytes, start..at);
        } else if kind == b' ' {
            state.word(&mut each);
            state.spaced = true;
            if split::parts_sentences(*byte) {
                parting(at);
            }
            at = at.wrapping_add(1);
        } else if kind != 0 {
            state.word(&mut each);
            if split::parts_sentences(*byte) {
                parting(at);
            }
            state.sign(&[kind], at..at.wrapping_add(1), &mut each);
            at = at.wrapping_add(1);
        } else {
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            if split::parts_sentences(*byte) {
                parting(at);
            }
            let next = at.wrapping_add(c.len_utf8());
            state.character(c, at..next, &mut each);
            at = next;
        }
    }
    state.word(&mut each);
}

#[derive(Default)]
struct Tokens {
    key: Key,
    last: u8,
    start: usize,
    end: usize,
    spaced: bool,
    /// Where the latest word ended, if nothing came after it.
    after_word: bool,
}

impl Tokens {
    /// ASCII letters and digits in a row.
    #[inline(always)]
    fn letters(&mut self, bytes: &[u8], row: Range<usize>) {
        self.end = row.end;
        let whole = if self.key.length == 0 {
            short::at_once(bytes, row.clone()).zip(u32::try_from(row.len()).ok())
        } else {
            None
        };
        let row = bytes.get(row).unwrap_or(&[]);
        if let Some((letters, length)) = whole {
            self.key = Key { letters, length };
            self.last = row.last().map_or(0, u8::to_ascii_lowercase);
            return;
        }
        for byte in row {
            self.letter(byte.to_ascii_lowercase());
        }
    }

    #[inline(always)]
    fn letter(&mut self, letter: u8) {
        self.key.push(letter);
        self.last = letter;
    }

    /// Ends a word, if one is under way.
    #[inline(always)]
    fn word(&mut self, each: &mut impl FnMut(Token)) {
        if self.key.length == 0 {
            return;
        }
        each(Token {
            key: std::mem::take(&mut self.key),
            start: self.start,
            end: self.end,
            spaced: std::mem::take(&mut self.spaced),
            glued: false,
            sign: false,
            plural: self.last == b's',
        });
        self.after_word = true;
    }

    fn sign(&mut self, letters: &[u8], span: Range<usize>, each: &mut impl FnMut(Token)) {
        let mut key = Key::default();
        for letter in letters {
            key.push(*letter);
        }
        let spaced = std::mem::take(&mut self.spaced);
        each(Token {
            key,
            start: span.start,
            end: span.end,
            spaced,
            glued: std::mem::take(&mut self.after_word) && !spaced,
            sign: true,
            plural: false,
        });
    }

    /// A character beyond ASCII.
    fn character(&mut self, c: char, span: Range<usize>, each: &mut impl FnMut(Token)) {
        match fold::fold(c) {
            Fold::Nothing => {}
            Fold::Space => {
                self.word(each);
                self.spaced = true;
            }
            Fold::Plain(sign) => {
                self.word(each);
                self.sign(&[sign], span, each);
            }
            Fold::Other(c) => {
                let mut buffer = [0; 4];
                for lower in fold::lower(c) {
                    let letters = lower.encode_utf8(&mut buffer).as_bytes();
                    if lower.is_alphanumeric() {
                        if self.key.length == 0 {
                            self.start = span.start;
                        }
                        for letter in letters {
                            self.letter(*letter);
                        }
                        self.end = span.end;
                    } else {
                        self.word(each);
                        self.sign(letters, span.clone(), each);
                    }
                }
            }
        }
    }
}

/// The phrases while they are compiled: what follows, by its number and spacing, and what ends.
struct Draft<T> {
    follows: BTreeMap<u32, usize>,
    ends: Vec<T>,
}

impl<T> Default for Draft<T> {
    fn default() -> Self {
        Self {
            follows: BTreeMap::new(),
            ends: Vec::new(),
        }
    }
}

impl<T: Copy> Scanner<T> {
    /// Compiles folded phrases.
    pub(crate) fn new<'p>(phrases: impl Iterator<Item = (&'p str, T)>) -> Self {
        let mut numbers: BTreeMap<Vec<u8>, (u32, Key)> = BTreeMap::new();
        let mut drafts = vec![Draft::default()];
        let mut longest = 0;
        for (text, says) in phrases {
            let mut node: usize = 0;
            let mut count: usize = 0;
            tokens(
                text,
                |_| {},
                |token| {
                    let letters = text
                        .as_bytes()
                        .get(token.start..token.end)
                        .unwrap_or(&[])
                        .to_vec();
                    let fresh = u32::try_from(numbers.len())
                        .unwrap_or(u32::MAX)
                        .saturating_add(1);
                    let (number, _) = *numbers.entry(letters).or_insert((fresh, token.key));
                    let spaced = token.spaced && count > 0;
                    let fresh = drafts.len();
                    let next = drafts.get_mut(node).map_or(fresh, |draft| {
                        *draft.follows.entry(step(number, spaced)).or_insert(fresh)
                    });
                    if next == fresh {
                        drafts.push(Draft::default());
                    }
                    node = next;
                    count = count.saturating_add(1);
                },
            );
            longest = longest.max(count);
            if let Some(draft) = drafts.get_mut(node).filter(|_| count > 0) {
                draft.ends.push(says);
            }
        }
        Self::compiled(numbers, drafts, longest)
    }

    fn compiled(
        numbers: BTreeMap<Vec<u8>, (u32, Key)>,
        drafts: Vec<Draft<T>>,
        longest: usize,
    ) -> Self {
        let places = numbers.len().saturating_mul(3).next_power_of_two().max(16);
        let mut scanner = Self {
            table: vec![Slot::default(); places],
            words: vec![Entry::default(); numbers.len().saturating_add(1)],
            letters: vec![Box::default(); numbers.len().saturating_add(1)],
            nodes: Vec::with_capacity(drafts.len()),
            steps: Vec::new(),
            ends: Vec::new(),
            longest,
        };
        let singles: Vec<(u32, u32)> = numbers
            .iter()
            .filter_map(|(letters, (word, _))| {
                let (single, _) = numbers.get(letters.strip_suffix(b"s")?)?;
                Some((*word, *single))
            })
            .collect();
        for (letters, (word, key)) in numbers {
            let (mut place, mark) = key.place(places);
            while scanner.table.get(place).is_some_and(|slot| slot.word != 0) {
                place = place.wrapping_add(1) & places.wrapping_sub(1);
            }
            if let Some(slot) = scanner.table.get_mut(place) {
                *slot = Slot { mark, word };
            }
            let Ok(number) = usize::try_from(word) else {
                continue;
            };
            if let Some(own) = scanner.words.get_mut(number) {
                (own.letters, own.length) = (key.letters, key.length);
            }
            if let Some(own) = scanner.letters.get_mut(number) {
                *own = letters.into_boxed_slice();
            }
        }
        for (word, single) in singles {
            let number = usize::try_from(word).ok();
            if let Some(own) = number.and_then(|number| scanner.words.get_mut(number)) {
                own.single = single;
            }
        }
        let length = |list: usize| u32::try_from(list).unwrap_or(u32::MAX);
        for draft in drafts {
            let (first_step, first_end) = (length(scanner.steps.len()), length(scanner.ends.len()));
            let follows = draft.follows.keys().fold(0, |bits, step| bits | bit(*step));
            for (word, node) in draft.follows {
                let node = length(node);
                if scanner.nodes.is_empty() {
                    if let Some(own) = usize::try_from(word >> 1)
                        .ok()
                        .and_then(|word| scanner.words.get_mut(word))
                    {
                        own.begins = node;
                    }
                } else {
                    scanner.steps.push(Step { word, node });
                }
            }
            scanner.ends.extend(draft.ends);
            scanner.nodes.push(Node {
                steps: first_step..length(scanner.steps.len()),
                ends: first_end..length(scanner.ends.len()),
                follows,
            });
        }
        scanner
    }

    /// Hands every phrase that stands in the text as whole words, a plural -s allowed, to `each`, ordered by its end,
    /// and tells whether it bears that -s; the place of every sign that parts sentences goes to `parting`.
    pub(crate) fn scan(
        &self,
        text: &str,
        parting: impl FnMut(usize),
        mut each: impl FnMut(T, Range<usize>, bool),
    ) {
        // What is under way: its node, and where it started.
        let mut under_way: Vec<(u32, usize)> = Vec::with_capacity(self.longest);
        tokens(text, parting, |token| {
            let word = self.number(token.key, text, token.start..token.end);
            let entry = self.word(word).copied().unwrap_or_default();
            let starts = !token.glued;
            if token.plural && token.key.length > 1 {
                // Of a longer word the letters are compared.
                let single = if word != 0 && token.key.length <= AT_ONCE {
                    entry.single
                } else {
                    self.number(
                        token.key.without(b's'),
                        text,
                        token.start..token.end.saturating_sub(1),
                    )
                };
                if single != 0 {
                    for (node, start) in &under_way {
                        if let Some(next) = self.next(*node, step(single, token.spaced)) {
                            self.ended(next, *start..token.end, true, &mut each);
                        }
                    }
                    self.ended(self.begun(single), token.start..token.end, true, &mut each);
                }
            }
            if word == 0 {
                under_way.clear();
                return;
            }
            let end = if token.sign {
                end_behind_sign(text, token.end)
            } else {
                Some((token.end, false))
            };
            under_way.retain_mut(|(node, start)| {
                let Some(next) = self.next(*node, step(word, token.spaced)) else {
                    return false;
                };
                *node = next;
                if let Some((end, plural)) = end {
                    self.ended(next, *start..end, plural, &mut each);
                }
                true
            });
            let begun = entry.begins;
            if starts && begun != 0 {
                if let Some((end, plural)) = end {
                    self.ended(begun, token.start..end, plural, &mut each);
                }
                under_way.push((begun, token.start));
            }
        });
    }

    /// The number of a word or sign; 0 where no phrase has it.
    #[inline(always)]
    fn number(&self, key: Key, text: &str, span: Range<usize>) -> u32 {
        let places = self.table.len();
        let (mut place, mark) = key.place(places);
        while let Some(slot) = self.table.get(place) {
            if slot.word == 0 {
                return 0;
            }
            if slot.mark == mark
                && self
                    .word(slot.word)
                    .is_some_and(|word| word.letters == key.letters && word.length == key.length)
                && (key.length <= AT_ONCE || self.spells(slot.word, text, span.clone()))
            {
                return slot.word;
            }
            place = place.wrapping_add(1) & places.wrapping_sub(1);
        }
        0
    }

    #[inline(always)]
    fn word(&self, word: u32) -> Option<&Entry> {
        usize::try_from(word)
            .ok()
            .and_then(|word| self.words.get(word))
    }

    /// Whether a long word is this one letter by letter.
    fn spells(&self, word: u32, text: &str, span: Range<usize>) -> bool {
        let folded = fold::folded(text.get(span).unwrap_or(""));
        usize::try_from(word)
            .ok()
            .and_then(|word| self.letters.get(word))
            .is_some_and(|letters| **letters == *folded.as_bytes())
    }

    /// What may begin with a word; 0 is nothing.
    #[inline(always)]
    fn begun(&self, word: u32) -> u32 {
        self.word(word).map_or(0, |word| word.begins)
    }

    #[inline(always)]
    fn node(&self, node: u32) -> Option<&Node> {
        usize::try_from(node)
            .ok()
            .and_then(|node| self.nodes.get(node))
    }

    /// Where the phrases under way are after one more word.
    #[inline(always)]
    fn next(&self, node: u32, step: u32) -> Option<u32> {
        let node = self
            .node(node)
            .filter(|node| node.follows & bit(step) != 0)?;
        let steps = self.steps.get(range(&node.steps))?;
        if steps.len() > FEW {
            let at = steps.partition_point(|one| one.word < step);
            return steps
                .get(at)
                .filter(|one| one.word == step)
                .map(|one| one.node);
        }
        steps
            .iter()
            .find(|one| one.word == step)
            .map(|one| one.node)
    }

    #[inline(always)]
    fn ended(
        &self,
        node: u32,
        span: Range<usize>,
        plural: bool,
        each: &mut impl FnMut(T, Range<usize>, bool),
    ) {
        // The first node is no phrase's end.
        let Some(node) = self.node(node) else { return };
        for says in self.ends.get(range(&node.ends)).unwrap_or(&[]) {
            each(*says, span.clone(), plural);
        }
    }
}

/// So many steps are looked through one by one.
const FEW: usize = 8;

/// A word's number and whether a space stands before it, as one.
#[inline(always)]
fn step(word: u32, spaced: bool) -> u32 {
    word.wrapping_shl(1) | u32::from(spaced)
}

/// The bit of a step.
#[inline(always)]
fn bit(step: u32) -> u64 {
    1_u64.wrapping_shl(step)
}

#[inline(always)]
fn range(range: &Range<u32>) -> Range<usize> {
    let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    place(range.start)..place(range.end)
}

/// Where a phrase ends whose last sign ends at `at`, if no word goes on there, and whether that is behind a plural -s.
fn end_behind_sign(text: &str, at: usize) -> Option<(usize, bool)> {
    let word = |c: char| matches!(fold::fold(c), Fold::Other(c) if c.is_alphanumeric());
    let mut rest = text
        .get(at..)?
        .char_indices()
        .filter(|(_, c)| fold::fold(*c) != Fold::Nothing);
    match rest.next() {
        // Something unseen may stand between the sign and the -s.
        Some((unseen, 's' | 'S')) if !rest.next().is_some_and(|(_, c)| word(c)) => {
            Some((at.saturating_add(unseen).saturating_add(1), true))
        }
        Some((_, c)) if word(c) => None,
        _ => Some((at, false)),
    }
}

#[cfg(test)]
mod tests;
