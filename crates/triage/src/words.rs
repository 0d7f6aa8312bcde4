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
            found.push(Word {
                letters,
                start,
                end: at,
                joined,
                roles: LISTED
                    .place_of(letters)
                    .and_then(|place| ROLES.get(place))
                    .map_or(0, |(_, roles)| *roles),
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

/// Small words and what they may do.
const ROLES: [(&str, u8); 51] = {
    const JOINS: u8 = Role::Joins as u8;
    const ASKS: u8 = Role::Asks as u8;
    const LEADS: u8 = Role::Leads as u8;
    const NAMES: u8 = Role::Names as u8;
    const POINTS: u8 = Role::Points as u8;
    [
        ("and", JOINS),
        ("or", JOINS),
        ("also", JOINS),
        ("what", ASKS),
        ("which", ASKS | POINTS),
        ("who", ASKS),
        ("whom", ASKS),
        ("whose", ASKS),
        ("when", ASKS),
        ("where", ASKS),
        ("how", ASKS),
        ("whether", ASKS),
        ("is", ASKS),
        ("are", ASKS),
        ("does", ASKS),
        ("do", ASKS),
        ("did", ASKS),
        ("has", ASKS),
        ("have", ASKS),
        ("until", ASKS),
        ("from", LEADS),
        ("by", LEADS),
        ("on", LEADS),
        ("at", LEADS),
        ("in", LEADS),
        ("to", LEADS),
        ("for", LEADS),
        ("with", LEADS),
        ("under", LEADS),
        ("through", LEADS),
        ("since", LEADS),
        ("its", NAMES | POINTS),
        ("their", NAMES | POINTS),
        ("the", NAMES),
        ("any", NAMES),
        ("a", NAMES),
        ("an", NAMES),
        ("each", NAMES | POINTS),
        ("your", NAMES),
        ("total", NAMES),
        ("it", POINTS),
        ("this", POINTS),
        ("these", POINTS),
        ("them", POINTS),
        ("they", POINTS),
        ("those", POINTS),
        ("same", POINTS),
        ("above", POINTS),
        ("so", POINTS),
        ("that", POINTS),
        ("ones", POINTS),
    ]
};

/// The places of the small words.
static LISTED: ShortWords<128> = ShortWords::new(&{
    let mut words = [""; ROLES.len()];
    let mut place = 0;
    while place < words.len() {
        words[place] = ROLES[place].0;
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
