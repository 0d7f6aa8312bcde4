//! The words of questions as numbers, read once for everything that looks at words.

use std::ops::Range;

use crate::fold::{self, Fold};
use crate::short::{self, ShortWords};

/// A word where it stands: a run of letters and digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// Its [`short::letters`]; 0 where it has others than ASCII.
    pub letters: u128,
    pub start: usize,
    pub end: usize,
    /// Whether only what leaves no trace, such as a soft hyphen, parts it from the word before.
    pub joined: bool,
    /// Its place among the small words, or beyond them.
    small: u8,
    roles: u8,
}

/// What a word may do in a question.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    /// It joins the parts of a question.
    Joins = 1,
    /// It asks.
    Asks = 2,
    /// It stands in front of one that asks.
    Leads = 4,
    /// It stands behind "and" in front of the name of another thing.
    Names = 8,
    /// It points to something named before.
    Points = 16,
}

impl Word {
    pub(crate) fn may(&self, role: Role) -> bool {
        self.roles & role as u8 != 0
    }

    /// Its place among the words that tell how a question asks.
    pub(crate) fn asking(&self) -> Option<usize> {
        Some(usize::from(self.small)).filter(|place| *place < ASKING)
    }
}

/// The words of several questions.
pub(crate) struct QuestionWords {
    all: Vec<Word>,
    /// Where those of each question end.
    ends: Vec<usize>,
}

impl QuestionWords {
    /// Reads the words of the questions that stand at these places.
    pub(crate) fn of<'s>(body: &str, spans: impl Iterator<Item = &'s Range<usize>>) -> Self {
        let mut words = Self {
            all: Vec::with_capacity(body.len() / 6),
            ends: Vec::new(),
        };
        for span in spans {
            read(body, span, &mut words.all);
            words.ends.push(words.all.len());
        }
        words
    }

    /// The words of one question.
    pub(crate) fn get(&self, question: usize) -> &[Word] {
        let end_of = |question: usize| self.ends.get(question).copied();
        let start = question.checked_sub(1).and_then(end_of).unwrap_or(0);
        end_of(question)
            .and_then(|end| self.all.get(start..end))
            .unwrap_or(&[])
    }
}

/// Appends the words of a span.
pub(crate) fn read(body: &str, span: &Range<usize>, found: &mut Vec<Word>) {
    let text = body.get(..span.end).unwrap_or("");
    let bytes = body.as_bytes();
    let mut at = span.start;
    let mut joined = false;
    while at < text.len() {
        let start = at;
        let mut ascii = true;
        while let Some(byte) = text.as_bytes().get(at) {
            if LETTERS_AND_DIGITS[usize::from(*byte)] {
                at = at.saturating_add(1);
            } else if let Some(c) = beyond_ascii(text, *byte, at).filter(|c| c.is_alphanumeric()) {
                ascii = false;
                at = at.saturating_add(c.len_utf8());
            } else {
                break;
            }
        }
        if at > start {
            let letters = if ascii {
                short::letters_at(bytes, start..at)
            } else {
                0
            };
            let place = LISTED.place_of(letters).unwrap_or(SMALL.len());
            found.push(Word {
                letters,
                start,
                end: at,
                joined,
                small: u8::try_from(place).unwrap_or(u8::MAX),
                roles: SMALL.get(place).map_or(0, |(_, roles)| *roles),
            });
        }
        let behind = text
            .as_bytes()
            .get(at)
            .and_then(|byte| beyond_ascii(text, *byte, at));
        joined = (joined || at > start) && behind.is_some_and(|c| fold::fold(c) == Fold::Nothing);
        at = at.saturating_add(behind.map_or(1, char::len_utf8));
    }
}

/// Which bytes are ASCII letters and digits.
const LETTERS_AND_DIGITS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// The character at a place whose first byte is this, if it is none of ASCII.
fn beyond_ascii(text: &str, byte: u8, at: usize) -> Option<char> {
    if byte.is_ascii() {
        return None;
    }
    text.get(at..)?.chars().next()
}

/// So many of the small words tell how a question asks, and are weighed.
pub(crate) const ASKING: usize = 58;

/// Small words and what they may do, those first that are weighed.
pub(crate) const SMALL: [(&str, u8); 75] = {
    const JOINS: u8 = Role::Joins as u8;
    const ASKS: u8 = Role::Asks as u8;
    const LEADS: u8 = Role::Leads as u8;
    const NAMES: u8 = Role::Names as u8;
    const POINTS: u8 = Role::Points as u8;
    [
        ("what", ASKS),
        ("which", ASKS | POINTS),
        ("who", ASKS),
        ("whom", ASKS),
        ("whose", ASKS),
        ("when", ASKS),
        ("where", ASKS),
        ("why", 0),
        ("how", ASKS),
        ("many", 0),
        ("much", 0),
        ("whether", ASKS),
        ("is", ASKS),
        ("are", ASKS),
        ("was", 0),
        ("were", 0),
        ("do", ASKS),
        ("does", ASKS),
        ("did", ASKS),
        ("has", ASKS),
        ("have", ASKS),
        ("had", 0),
        ("can", 0),
        ("could", 0),
        ("will", 0),
        ("would", 0),
        ("should", 0),
        ("if", 0),
        ("please", 0),
        ("of", 0),
        ("for", LEADS),
        ("by", LEADS),
        ("in", LEADS),
        ("on", LEADS),
        ("from", LEADS),
        ("to", LEADS),
        ("with", LEADS),
        ("copy", 0),
        ("copies", 0),
        ("number", 0),
        ("total", NAMES),
        ("list", 0),
        ("details", 0),
        ("name", 0),
        ("the", NAMES),
        ("a", NAMES),
        ("any", NAMES),
        ("all", 0),
        ("it", POINTS),
        ("they", POINTS),
        ("them", POINTS),
        ("this", POINTS),
        ("these", POINTS),
        ("your", NAMES),
        ("you", 0),
        ("council", 0),
        ("each", NAMES | POINTS),
        ("per", 0),
        ("and", JOINS),
        ("or", JOINS),
        ("also", JOINS),
        ("until", ASKS),
        ("at", LEADS),
        ("under", LEADS),
        ("through", LEADS),
        ("since", LEADS),
        ("its", NAMES | POINTS),
        ("their", NAMES | POINTS),
        ("an", NAMES),
        ("those", POINTS),
        ("same", POINTS),
        ("above", POINTS),
        ("so", POINTS),
        ("that", POINTS),
        ("ones", POINTS),
    ]
};

/// The places of the small words.
static LISTED: ShortWords<256> = ShortWords::new(&{
    let mut words = [""; SMALL.len()];
    let mut place = 0;
    while place < words.len() {
        words[place] = SMALL[place].0;
        place += 1;
    }
    words
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        let body = "- How many (café) SERVERS—in 2024—ran the environmental-information système?";
        let mut found = Vec::new();
        read(body, &(2..body.len()), &mut found);
        let words: Vec<&str> = found
            .iter()
            .map(|word| &body[word.start..word.end])
            .collect();
        let expected: Vec<&str> = body
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        assert_eq!(words, expected);
        for word in &found {
            let text = &body[word.start..word.end];
            let short = if text.is_ascii() { text } else { "" };
            assert_eq!(word.letters, short::letters(short), "{text}");
        }
        let asking: Vec<&str> = found
            .iter()
            .filter(|word| word.may(Role::Asks))
            .map(|word| &body[word.start..word.end])
            .collect();
        assert_eq!(asking, ["How"]);
    }

    #[test]
    fn a_word_knows_that_no_trace_parts_it_from_the_one_before() {
        let mut found = Vec::new();
        let body = "ser\u{ad}vers and \u{200b}soft\u{200b}\u{200b}ware";
        read(body, &(0..body.len()), &mut found);
        let joined: Vec<bool> = found.iter().map(|word| word.joined).collect();
        assert_eq!(joined, [false, true, false, false, true]);
    }

    #[test]
    fn each_question_has_its_own_words() {
        let body = "1. Who? 2. How many? 3. ?";
        let words = QuestionWords::of(body, [3..7, 11..20, 24..25].iter());
        let counts = [0, 1, 2, 3].map(|question| words.get(question).len());
        assert_eq!(counts, [1, 2, 0, 0]);
    }
}
