//! Markers: the numbers, letters and bullets in front of items.

use std::ops::Range;

/// How a marker counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// "1.", "Q2", "3.1", "4a": how many levels it has.
    Number(usize),
    /// "a)", "B."
    Letter,
    /// "(iii)"
    Roman,
    /// The sign.
    Bullet(char),
}

/// A marker as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub scheme: Scheme,
    /// Its label, "4a" of "Q4a.", as a range of the text it was read from; empty for a bullet.
    pub label: Range<usize>,
    /// The place of its last level: 3 for "3", "c" and "iii".
    pub value: u32,
    /// The byte behind it.
    pub end: usize,
    /// Whether it could as well be the sentence's own first word or an initial: "3 servers", "C. Smith".
    pub weak: bool,
}

/// No request numbers deeper.
const MOST_LEVELS: usize = 8;

/// The place of an ASCII letter in the alphabet, from 1.
fn place_of(letter: char) -> u32 {
    u32::from(letter.to_ascii_lowercase())
        .saturating_sub(u32::from('a'))
        .saturating_add(1)
}

/// "col A", "Column B:".
fn column(text: &str) -> Option<Marker> {
    let rest = ["column ", "col. ", "col "].iter().find_map(|word| {
        let head = text.get(..word.len())?;
        head.eq_ignore_ascii_case(word)
            .then(|| text.get(word.len()..))?
    })?;
    let letter = rest.chars().next().filter(char::is_ascii_alphabetic)?;
    let behind = rest.get(1..)?;
    if !behind.starts_with([' ', ':', '.', ')', '-']) {
        return None;
    }
    let start = text.len().saturating_sub(rest.len());
    let end = start.saturating_add(1);
    Some(Marker {
        scheme: Scheme::Letter,
        label: start..end,
        value: place_of(letter),
        end: end.saturating_add(usize::from(!behind.starts_with(' '))),
        weak: true,
    })
}

/// Words in front of a number that say it counts questions.
const COUNTING: &[&str] = &[
    "question", "request", "query", "item", "ques.", "ques", "no.", "q.", "q", "#", "№",
];

/// The marker at the start of a text.
pub(super) fn read(text: &str) -> Option<Marker> {
    bullet(text)
        .or_else(|| number(text))
        .or_else(|| letter(text))
        .or_else(|| spelt(text))
        .or_else(|| column(text))
}

/// Numbers spelt out.
const SPELT: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// "One.", "Two:".
fn spelt(text: &str) -> Option<Marker> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = text.get(..length)?;
    let at = SPELT
        .iter()
        .position(|spelt| word.eq_ignore_ascii_case(spelt))?;
    let rest = text.get(length..)?;
    rest.strip_prefix(['.', ':', ')'])?
        .starts_with(char::is_whitespace)
        .then_some(Marker {
            scheme: Scheme::Number(1),
            label: 0..length,
            value: u32::try_from(at).ok()?.saturating_add(1),
            end: length.saturating_add(1),
            weak: true,
        })
}

/// A sign that serves as a bullet wherever it stands.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '●'
            | '▪'
            | '■'
            | '◦'
            | '‣'
            | '○'
            | '◆'
            | '◇'
            | '❖'
            | '➢'
            | '➤'
            | '►'
            | '→'
            | '✓'
            | '✔'
            | '☐'
            | '☑'
            | '□'
            | '⁃'
            | '∙'
            | '\u{f000}'..='\u{f0ff}'
    )
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '−')
}

pub(super) fn bullet(text: &str) -> Option<Marker> {
    let first = text.chars().next()?;
    let run = text
        .char_indices()
        .find(|(_, c)| *c != first)
        .map_or(text.len(), |(at, _)| at);
    let rest = text.get(run..)?;
    let spaced = rest.starts_with(char::is_whitespace);
    let sure = is_bullet(first)
        || (first == '·')
        || (spaced && matches!(first, '*' | '+' | '~' | '?' | '>' | '»' | '¿'))
        || (is_dash(first)
            && (spaced || rest.starts_with(char::is_alphabetic))
            && text.chars().take_while(|c| is_dash(*c)).count() <= 3)
        || (matches!(first, 'o' | 'O') && run == 1 && spaced);
    let (sign, end) = match (boxed(text), first) {
        (Some(end), _) => (BOX, end),
        _ if !sure => return None,
        (None, c) if is_dash(c) => ('-', run),
        (None, 'O') => ('o', run),
        (None, c) => (c, run),
    };
    Some(Marker {
        scheme: Scheme::Bullet(sign),
        label: 0..0,
        value: 0,
        end,
        weak: false,
    })
}

/// Whether a bullet is a drawn box to tick.
pub(super) fn is_tick_box(sign: char) -> bool {
    matches!(sign, '☐' | '☑' | '□')
}

/// The sign of a box to tick: "[ ] In the cloud".
pub(super) const BOX: char = '[';

/// The byte behind "[ ]", "[_]" or "[]".
fn boxed(text: &str) -> Option<usize> {
    let (inner, _) = text.strip_prefix('[')?.split_once(']')?;
    (inner.len() <= 3 && inner.chars().all(|c| c.is_whitespace() || c == '_'))
        .then(|| inner.len().saturating_add(2))
}

/// What stands behind "number" or "no." in "Question number 3".
fn behind_number(text: &str) -> &str {
    ["number", "no.", "no"]
        .iter()
        .find_map(|word| {
            let (head, tail) = text.split_at_checked(word.len())?;
            let spaced = word.ends_with('.') || tail.starts_with(char::is_whitespace);
            (spaced && head.eq_ignore_ascii_case(word)).then(|| tail.trim_start())
        })
        .unwrap_or(text)
}

/// "1.", "(2)", "Q3", "Question 4:", "5.1.1", "6a)", "7 -".
pub(super) fn number(text: &str) -> Option<Marker> {
    let open = usize::from(text.starts_with(['(', '[']));
    let mut at = open;
    let first = text.as_bytes().get(at)?;
    let named = if first.is_ascii_digit() {
        0
    } else {
        COUNTING
            .iter()
            .filter(|word| word.bytes().next() == Some(first.to_ascii_lowercase()))
            .find_map(|word| {
                let (head, tail) = text.get(at..)?.split_at_checked(word.len())?;
                let digits = behind_number(tail.trim_start());
                (head.eq_ignore_ascii_case(word)
                    && digits.starts_with(|c: char| c.is_ascii_digit()))
                .then_some(tail.len().saturating_sub(digits.len()))
                .map(|spaces| word.len().saturating_add(spaces))
            })?
    };
    at = at.saturating_add(named);
    let start = at;
    let mut levels: usize = 0;
    let mut value: u32 = 0;
    loop {
        let digits = text
            .get(at..)?
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        if digits == 0 || digits > 3 || levels > MOST_LEVELS {
            break;
        }
        value = text.get(at..at.saturating_add(digits))?.parse().ok()?;
        at = at.saturating_add(digits);
        levels = levels.saturating_add(1);
        let dotted = text.get(at..)?.strip_prefix('.');
        if !dotted.is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        at = at.saturating_add(1);
    }
    if levels == 0
        || levels > MOST_LEVELS
        || text.get(at..)?.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    // "4 a." is as "4a."
    let apart = text.get(at..)?.strip_prefix(' ').is_some_and(|tail| {
        let mut tail = tail.chars();
        tail.next().is_some_and(|c| c.is_ascii_lowercase())
            && matches!(tail.next(), Some('.' | ')'))
    });
    at = at.saturating_add(usize::from(apart));
    // "4a": the letter belongs to the number if it stands alone behind it.
    let mut tail = text.get(at..)?.chars();
    if let (Some(letter), after) = (tail.next(), tail.next())
        && letter.is_ascii_alphabetic()
        && after.is_none_or(|c| matches!(c, '.' | ')' | ':' | ']') || c.is_whitespace())
    {
        value = place_of(letter);
        at = at.saturating_add(1);
        levels = levels.saturating_add(1);
    }
    let label = start..at;
    let clear = text
        .get(open..)
        .is_some_and(|word| named > 0 && word.starts_with(['q', 'Q', '#', '№']));
    let (end, weak) = close(text, at, clear).or_else(|| {
        // "1, How many", where the next one counts on.
        let rest = text.get(at..)?.strip_prefix(',')?;
        (levels == 1 && rest.starts_with(char::is_whitespace))
            .then_some((at.saturating_add(1), true))
    })?;
    Some(Marker {
        scheme: Scheme::Number(levels),
        label,
        value,
        end,
        weak,
    })
}

/// The byte behind ".", ")", ":", " -" after a number, and whether only a space stands there.
fn close(text: &str, at: usize, clear: bool) -> Option<(usize, bool)> {
    let rest = text.get(at..)?;
    if let Some(inner) = rest.strip_prefix([')', ']', '.', ':', '/']) {
        let extra = inner
            .chars()
            .next()
            .filter(|c| matches!(c, ')' | ':' | '.') || is_dash(*c))
            .map_or(0, char::len_utf8);
        let more = inner.get(extra..)?;
        let close = rest.chars().next()?;
        if (more.starts_with(|c: char| c.is_ascii_digit() || c == '%')
            && !matches!(close, ')' | ']'))
            || (close == '/' && !more.starts_with(char::is_whitespace))
        {
            return None;
        }
        return Some((at.saturating_add(1).saturating_add(extra), false));
    }
    let spaced = rest.trim_start();
    let dash = spaced.chars().next().filter(|c| is_dash(*c));
    if let Some(dash) = dash
        && let Some(more) = spaced.get(dash.len_utf8()..)
        && more.starts_with(char::is_whitespace)
    {
        // "50 – 100" is no item.
        let more = more.trim();
        if !more.is_empty()
            && more
                .chars()
                .all(|c| c.is_ascii_digit() || "%,£+".contains(c))
        {
            return None;
        }
        let end = text
            .len()
            .saturating_sub(spaced.len())
            .saturating_add(dash.len_utf8());
        return Some((end, false));
    }
    if rest.starts_with('\t') {
        return Some((at, false));
    }
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some((at, !clear))
}

/// "a)", "(b)", "C.", "iv)", "(ii)".
pub(super) fn letter(text: &str) -> Option<Marker> {
    let open = usize::from(text.starts_with(['(', '[']));
    let length = text
        .get(open..)?
        .bytes()
        .take_while(u8::is_ascii_alphabetic)
        .count();
    let word = text.get(open..open.saturating_add(length))?;
    let label = open..open.saturating_add(length);
    // "b ) How many"
    let gap = usize::from(open == 0 && text.get(label.end..)?.starts_with(" )"));
    let close = label.end.saturating_add(gap);
    let rest = text.get(close..)?;
    let spaced = |rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace);
    let bracket = rest.starts_with([')', ']'])
        || (open == 0
            && rest
                .strip_prefix('/')
                .is_some_and(|more| more.starts_with(char::is_whitespace)));
    let stop = open == 0
        && rest
            .strip_prefix(['.', ':'])
            .is_some_and(|more| spaced(more) || more.starts_with(')') || runs_on(more));
    let roman = roman(word);
    // "ii The number of laptops", "i   The number of servers"
    let set_off = open == 0
        && roman.is_some()
        && (rest.starts_with("  ")
            || rest.starts_with('\t')
            || length > 1 && rest.starts_with(char::is_whitespace));
    if !bracket && !stop && !set_off {
        return None;
    }
    let scheme = match (length, roman) {
        (_, Some(_)) => Scheme::Roman,
        (1, _) => Scheme::Letter,
        _ => return None,
    };
    let value = match scheme {
        Scheme::Roman => roman?,
        _ => place_of(word.chars().next()?),
    };
    let mut end = close.saturating_add(usize::from(!set_off));
    if text.get(end..)?.starts_with([')', '.', ':']) {
        end = end.saturating_add(1);
    }
    Some(Marker {
        scheme,
        label,
        value,
        end,
        weak: !bracket,
    })
}

/// A numeral of one letter in front of a space, "i The number of servers"; it may be a pronoun, "I would like".
pub(super) fn lone_numeral(text: &str) -> Option<Marker> {
    let value = roman(text.get(..1)?)?;
    text.get(1..)?
        .starts_with(char::is_whitespace)
        .then_some(Marker {
            scheme: Scheme::Roman,
            label: 0..1,
            value,
            end: 1,
            weak: true,
        })
}

/// Whether words follow without a space, "a.How many", as against an abbreviation, "e.g.", or a name, "S.Smith".
fn runs_on(text: &str) -> bool {
    let word = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    word > 1
        && text
            .get(word..)
            .is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// A Roman numeral up to xxxix.
fn roman(word: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut before: u32 = 0;
    for c in word.bytes().rev() {
        let value = match c.to_ascii_lowercase() {
            b'i' => 1,
            b'v' => 5,
            b'x' => 10,
            _ => return None,
        };
        total = if value < before {
            total.checked_sub(value)?
        } else {
            total.saturating_add(value)
        };
        before = value;
    }
    (!word.is_empty() && word.len() <= 6).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text, the label of its marker and the words behind it; None where it has no marker.
    #[test]
    fn markers() {
        let table = [
            ("1. How many", Some(("1", " How many"))),
            ("1.How many", Some(("1", "How many"))),
            ("(2) How many", Some(("2", " How many"))),
            ("3) how", Some(("3", " how"))),
            ("Q4a. how", Some(("4a", " how"))),
            ("Q12: how", Some(("12", " how"))),
            ("q 7 how", Some(("7", " how"))),
            ("Question 3 – how", Some(("3", " how"))),
            ("QUESTION 3: how", Some(("3", " how"))),
            ("5.1.1.1.   which", Some(("5.1.1.1", "   which"))),
            ("1.1 which", Some(("1.1", " which"))),
            ("6a) children", Some(("6a", " children"))),
            ("6a children", Some(("6a", " children"))),
            ("1 - By which", Some(("1", " By which"))),
            ("(iii) how", Some(("iii", " how"))),
            ("iv. how", Some(("iv", " how"))),
            ("A. The schedule", Some(("A", " The schedule"))),
            ("b)The schedule", Some(("b", "The schedule"))),
            ("a.If yes", Some(("a", "If yes"))),
            ("• servers", Some(("", " servers"))),
            ("- servers", Some(("", " servers"))),
            ("-servers", Some(("", "servers"))),
            ("– servers", Some(("", " servers"))),
            ("+++ servers", Some(("", " servers"))),
            ("o Yes", Some(("", " Yes"))),
            ("*footnote", None),
            ("-5 degrees", None),
            ("2024 figures", None),
            ("2024. figures", None),
            ("a list", None),
            ("I would like", None),
            ("e.g. servers", None),
            ("mix) of things", None),
            ("10% of", None),
            ("24/7 support", None),
        ];
        for (text, expected) in table {
            let found = read(text).map(|marker| {
                (
                    text.get(marker.label).unwrap_or(""),
                    text.get(marker.end..).unwrap_or(""),
                )
            });
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_bare_number_is_weak() {
        assert!(read("3 servers").is_some_and(|marker| marker.weak));
        assert!(read("1.5 million").is_some_and(|marker| marker.weak));
        assert!(read("3g network").is_some_and(|marker| marker.weak));
        assert!(read("Request 1").is_some_and(|marker| marker.weak));
        assert!(read("3. servers").is_some_and(|marker| !marker.weak));
        assert!(read("C. Smith").is_some_and(|marker| marker.weak));
    }
}
