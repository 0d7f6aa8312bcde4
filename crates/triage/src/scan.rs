//! One pass over a text that finds every phrase, folding as it goes, so that no copy of the text is made.

use std::ops::Range;

use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};

use crate::fold::{self, Fold};

/// The most bytes that a folded phrase may have: the pass remembers where this many of them came from.
pub(crate) const LONGEST_PHRASE: usize = 255;
const MEMORY: usize = 256;

/// All phrases, compiled.
#[derive(Debug)]
pub(crate) struct Scanner {
    automaton: DFA,
    start: aho_corasick::automaton::StateID,
}

impl Scanner {
    /// Compiles folded phrases.
    pub(crate) fn new(phrases: &[&str]) -> Result<Self, String> {
        let automaton = DFA::builder()
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .build(phrases)
            .map_err(|error| error.to_string())?;
        let start = automaton
            .start_state(Anchored::No)
            .map_err(|error| error.to_string())?;
        Ok(Self { automaton, start })
    }

    /// Hands every phrase that stands in the text as whole words, a plural -s allowed, to `each`, ordered by its end,
    /// and tells whether it bears that -s.
    pub(crate) fn scan(&self, text: &str, mut each: impl FnMut(usize, Range<usize>, bool)) {
        let bytes = text.as_bytes();
        let mut pass = Pass {
            scanner: self,
            text,
            state: self.start,
            count: 0,
            origin: [0; MEMORY],
        };
        let mut at: usize = 0;
        let mut spaced = true;
        while let Some(byte) = bytes.get(at) {
            let plain = fold::ASCII.get(usize::from(*byte)).copied().unwrap_or(0);
            if plain != 0 {
                if plain == b' ' {
                    if spaced {
                        at = at.saturating_add(1);
                        continue;
                    }
                    spaced = true;
                } else {
                    spaced = false;
                }
                pass.step(plain, at, at.saturating_add(1), &mut each);
                at = at.saturating_add(1);
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            let next = at.saturating_add(c.len_utf8());
            match fold::fold(c) {
                Fold::Nothing => {}
                Fold::Space if spaced => {}
                Fold::Space => {
                    spaced = true;
                    pass.step(b' ', at, next, &mut each);
                }
                Fold::Plain(plain) => {
                    spaced = false;
                    pass.step(plain, at, next, &mut each);
                }
                Fold::Other(c) => {
                    spaced = false;
                    for lower in fold::lower(c) {
                        let mut buffer = [0; 4];
                        for byte in lower.encode_utf8(&mut buffer).bytes() {
                            pass.step(byte, at, next, &mut each);
                        }
                    }
                }
            }
            at = next;
        }
    }
}

struct Pass<'a> {
    scanner: &'a Scanner,
    text: &'a str,
    state: aho_corasick::automaton::StateID,
    /// How many folded bytes have been seen.
    count: usize,
    /// Where in the text the latest folded bytes came from.
    origin: [usize; MEMORY],
}

impl Pass<'_> {
    #[inline(always)]
    fn step(
        &mut self,
        byte: u8,
        at: usize,
        next: usize,
        each: &mut impl FnMut(usize, Range<usize>, bool),
    ) {
        if let Some(origin) = self.origin.get_mut(self.count % MEMORY) {
            *origin = at;
        }
        self.count = self.count.wrapping_add(1);
        let automaton = &self.scanner.automaton;
        self.state = automaton.next_state(Anchored::No, self.state, byte);
        if automaton.is_special(self.state) && automaton.is_match(self.state) {
            self.matches(next, each);
        }
    }

    fn matches(&self, next: usize, each: &mut impl FnMut(usize, Range<usize>, bool)) {
        let Some(end) = self.end_of_word(next) else {
            return;
        };
        let automaton = &self.scanner.automaton;
        for index in 0..automaton.match_len(self.state) {
            let pattern = automaton.match_pattern(self.state, index);
            let length = automaton.pattern_len(pattern);
            let first = self.count.wrapping_sub(length);
            let start = self.origin.get(first % MEMORY).copied().unwrap_or_default();
            if !self.word_before(start) {
                each(pattern.as_usize(), start..end, end > next);
            }
        }
    }

    /// The end of the phrase that ends at `at`, if a word ends there, be it after a plural -s.
    fn end_of_word(&self, at: usize) -> Option<usize> {
        match self.text.as_bytes().get(at) {
            Some(b's' | b'S') => {
                let after = at.saturating_add(1);
                (!self.word_at(after)).then_some(after)
            }
            _ => (!self.word_at(at)).then_some(at),
        }
    }

    fn word_at(&self, at: usize) -> bool {
        match self.text.as_bytes().get(at) {
            None => false,
            Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
            Some(_) => self
                .text
                .get(at..)
                .and_then(|rest| rest.chars().find(|c| fold::fold(*c) != Fold::Nothing))
                .is_some_and(char::is_alphanumeric),
        }
    }

    fn word_before(&self, at: usize) -> bool {
        match at
            .checked_sub(1)
            .and_then(|last| self.text.as_bytes().get(last))
        {
            None => false,
            Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
            Some(_) => self
                .text
                .get(..at)
                .and_then(|before| {
                    before
                        .chars()
                        .rev()
                        .find(|c| fold::fold(*c) != Fold::Nothing)
                })
                .is_some_and(char::is_alphanumeric),
        }
    }
}
