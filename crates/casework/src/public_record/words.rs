//! The words of a text, as the public record check compares them: lower case, without hyphens and the plural -s.

use std::ops::Range;

/// A word where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As compared.
    pub text: String,
    /// Byte range of the text.
    pub span: Range<usize>,
    /// Which sentence or clause it stands in, counted from 0.
    pub sentence: usize,
    /// The number it is, "2,400" as 2400; a year is a number too.
    pub number: Option<u64>,
    /// Whether it has a capital after a small letter, "AxleHarbour".
    pub camel: bool,
}

impl Word {
    /// Letters and digits together, "r740".
    pub fn is_mixed(&self) -> bool {
        self.text.bytes().any(|byte| byte.is_ascii_digit())
            && self.text.bytes().any(|byte| byte.is_ascii_alphabetic())
    }

    /// Numbers with points, "7.0.12": how many.
    pub fn points(&self) -> usize {
        let digits = self
            .text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if digits {
            self.text.matches('.').count()
        } else {
            0
        }
    }

    /// A year of our time, as written without a comma.
    pub fn is_year(&self) -> bool {
        self.text.len() == 4
            && self.span.len() == 4
            && self.number.is_some_and(|n| (1990..=2039).contains(&n))
    }
}

/// Words that keep their s.
const KEEP_S: &[&str] = &[
    "its", "this", "has", "was", "does", "yes", "gis", "sms", "dns", "aws", "cms",
];

/// The words of a text in order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut sentence: usize = 0;
    let mut open: Option<Word> = None;
    let mut before = ' ';
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map_or(' ', |(_, next)| *next);
        let digits_around = before.is_ascii_digit() && next.is_ascii_digit();
        let inside = open.is_some()
            && (matches!(c, '\'' | '’') && next.is_alphabetic()
                || matches!(c, '.' | ',') && digits_around);
        if c.is_alphanumeric() || inside {
            let word = open.get_or_insert_with(|| Word {
                text: String::new(),
                span: at..at,
                sentence,
                number: None,
                camel: false,
            });
            match c {
                '\'' | '’' | ',' => {}
                c => {
                    word.camel |= c.is_uppercase() && before.is_lowercase();
                    word.text.extend(c.to_lowercase());
                }
            }
            word.span.end = at.saturating_add(c.len_utf8());
        } else {
            words.extend(open.take().map(finished));
            match c {
                '&' | '+' => words.push(Word {
                    text: "and".to_owned(),
                    span: at..at.saturating_add(c.len_utf8()),
                    sentence,
                    number: None,
                    camel: false,
                }),
                '.' | '?' | '!' | ';' | '\n' => sentence = sentence.saturating_add(1),
                _ => {}
            }
        }
        before = c;
    }
    words.extend(open.map(finished));
    words
}

fn finished(mut word: Word) -> Word {
    word.number = word
        .text
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| word.text.parse().ok())
        .flatten();
    singular(&mut word.text);
    word
}

/// Takes the plural -s or -es off, the same for phrases and texts.
fn singular(word: &mut String) {
    if word.len() < 3
        || KEEP_S.contains(&word.as_str())
        || word.ends_with("ss")
        || !word.ends_with('s')
    {
        return;
    }
    let long = ["ches", "shes", "xes", "sses"]
        .iter()
        .any(|ending| word.ends_with(ending));
    word.truncate(word.len().saturating_sub(if long { 2 } else { 1 }));
}

/// A name or phrase as compared: its words in lower case, single spaces between.
pub(crate) fn compared(name: &str) -> String {
    let words: Vec<String> = words(name).into_iter().map(|word| word.text).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn hyphens_plurals_and_apostrophes_make_no_difference() {
        assert_eq!(
            texts("End-point SWITCHES, children’s"),
            ["end", "point", "switch", "children"]
        );
        assert_eq!(
            texts("Revs & Bens; its mailboxes"),
            ["rev", "and", "ben", "its", "mailbox"]
        );
    }

    #[test]
    fn numbers_keep_their_points_and_lose_their_commas() {
        let found = words("2,400 laptops on 7.0.12, in 2026.");
        assert_eq!(found[0].number, Some(2400));
        assert_eq!(found[3].text, "7.0.12");
        assert_eq!(found[3].points(), 2);
        assert!(found[5].is_year() && !found[0].is_year());
    }

    #[test]
    fn a_name_with_an_inner_capital_is_seen() {
        let camel: Vec<bool> = words("AxleHarbour VoIP SQL iPad")
            .iter()
            .map(|word| word.camel)
            .collect();
        assert_eq!(camel, [true, true, false, true]);
    }
}
