//! Sentences, and what their cues say of them.

use std::ops::Range;

use super::{slice, trimmed};
use crate::cues::{Cue, CueHit, CueSet, just_before};

/// A body, its cues, and the places of the signs that part sentences or stand inside them.
pub(super) struct Text<'a> {
    pub body: &'a str,
    pub hits: &'a [CueHit],
    pub signs: &'a [usize],
}

/// Whether a byte is a sign that parts sentences or stands inside them, or the first of a longer dash.
pub(crate) fn parts_sentences(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'.' | b'?' | b'!' | b':' | b'-' | 0xe2)
}

impl Text<'_> {
    /// The signs in a span, each with its place in it.
    fn signs(
        &self,
        span: &Range<usize>,
    ) -> impl DoubleEndedIterator<Item = (usize, u8)> + Clone + use<'_> {
        let start = span.start;
        let first = self.signs.partition_point(|at| *at < span.start);
        let own = self.signs.get(first..).unwrap_or(&[]);
        let count = own.partition_point(|at| *at < span.end);
        let own = own.get(..count).unwrap_or(&[]).iter();
        own.map(move |at| {
            let byte = self.body.as_bytes().get(*at).copied();
            (at.saturating_sub(start), byte.unwrap_or(0))
        })
    }
}

/// One sentence of a unit.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub span: Range<usize>,
    /// Its cues, as a range of all cues.
    pub cues: Range<usize>,
    /// The kinds of its cues.
    pub all: CueSet,
    /// The kinds of its cues that aren't in brackets at its end.
    pub outer: CueSet,
    /// The kinds of the cues that it opens with, words such as "and also please" skipped.
    pub opening: CueSet,
    /// The same behind its last colon or dash: "Just a quick one - is it open".
    pub resumed: CueSet,
    /// The kinds of the cues among its first words.
    pub early: CueSet,
    /// Whether it names something wanted behind any words that merely lead to questions.
    pub names: bool,
    /// Whether it ends with a question mark.
    pub question: bool,
    /// Whether it asks for something in so many words: "please send", "I would like".
    pub requests: bool,
    pub words: usize,
}

impl Sentence {
    /// Reads the cues of a span.
    fn new(whole: &Text<'_>, span: Range<usize>) -> Self {
        let (body, all) = (whole.body, whole.hits);
        let first = all.partition_point(|hit| hit.start < span.start);
        let count = all
            .get(first..)
            .unwrap_or(&[])
            .partition_point(|hit| hit.start < span.end);
        let cues = first..first.saturating_add(count);
        let hits = all.get(cues.clone()).unwrap_or(&[]);
        let text = slice(body, span.clone());
        let mut kinds = CueSet::default();
        let mut polite: Option<usize> = None;
        let mut verb: Option<usize> = None;
        let mut requests = false;
        let mut asks_other = false;
        let mut early = CueSet::default();
        let mut names = false;
        let late = match text.as_bytes().get(..EARLY) {
            Some(early) if early.is_ascii() => span.start.saturating_add(EARLY),
            _ => text
                .char_indices()
                .nth(EARLY)
                .map_or(span.end, |(at, _)| span.start.saturating_add(at)),
        };
        let bracket = last_bracket(text).map_or(span.end, |at| span.start.saturating_add(at));
        let mut outer = CueSet::default();
        for hit in hits {
            kinds.add(hit.cue);
            if hit.start < bracket {
                outer.add(hit.cue);
            }
            if hit.start < late {
                early.add(hit.cue);
            }
            match hit.cue {
                Cue::Please => {
                    polite = Some(hit.end);
                    requests |= verb.is_some_and(|end| near(end, hit.start));
                }
                Cue::Imperative => {
                    verb = Some(hit.end);
                    requests |= polite.is_some_and(|end| near(end, hit.start));
                    asks_other |=
                        polite.is_some_and(|end| hit.start.saturating_sub(end) <= ADDRESSED);
                }
                Cue::Asking => requests = true,
                Cue::QuestionWord | Cue::Wanted | Cue::Quantity => names = true,
                Cue::Introduces => names = false,
                _ => {}
            }
        }
        let opening = opening(body, &span, hits);
        let joint = last_joint(text, whole.signs(&span));
        let resumed = joint.map_or(CueSet::default(), |at| {
            self::opening(body, &(span.start.saturating_add(at)..span.end), hits)
        });
        // "FOI: send me every report on the lifts."
        let titled = resumed.has(Cue::Imperative)
            && joint.is_some_and(|at| text.get(..at).is_some_and(|title| words(title) <= 2));
        // "Please could the Returning Officer say how many …"
        let requests =
            requests || (asks_other && opening.has(Cue::Please) && opening.has(Cue::Auxiliary));
        Self {
            question: asks_by_mark(text),
            // "Name of the supplier" is no order.
            requests: requests
                || titled
                || (opening.has(Cue::Imperative) && !opening.has(Cue::Wanted)),
            words: words(text),
            span,
            cues,
            all: kinds,
            outer,
            opening,
            resumed,
            early,
            names: names || titled,
        }
    }
    /// Whether it says how to answer, argues or explains, rather than asks.
    pub fn is_aside(&self) -> bool {
        // "How often did residents get in touch?" asks, whatever words it has.
        let yes_or_no = self.opening.has(Cue::Auxiliary) && self.words > 4;
        let asks = (self.names || yes_or_no) && !self.requests;
        let counts = !self.requests && self.opening.has(Cue::Quantity);
        let direct = counts || (self.question && (asks || self.opening.has(Cue::QuestionWord)));
        let aside = self
            .outer
            .any(&[Cue::Boilerplate, Cue::Format, Cue::Legal, Cue::Definition]);
        self.all.any(&[Cue::Footer, Cue::Rhetorical])
            || self.opening.has(Cue::Note)
            || (aside && !direct)
    }
}

/// Where the bracket opens that closes at the end of a text: "Who provides it (if several then list them)?"
fn last_bracket(text: &str) -> Option<usize> {
    let inner = text
        .trim_end_matches(['?', '.', ' ', ';'])
        .strip_suffix(')')?;
    let at = inner.rfind('(')?;
    (!inner.get(at..)?.contains(')') && at > 0).then_some(at)
}

/// Where the last colon stands that a space follows, or the last dash between two.
fn last_joint(text: &str, signs: impl DoubleEndedIterator<Item = (usize, u8)>) -> Option<usize> {
    let joint = |(at, byte): (usize, u8)| {
        let (front, rest) = text.split_at_checked(at)?;
        let behind = rest.strip_prefix([':', '-', '–'])?;
        let apart = byte == b':' || front.ends_with([' ', '\u{a0}']);
        (apart && behind.starts_with([' ', '\u{a0}'])).then_some(at)
    };
    signs.rev().find_map(joint)
}

fn words(text: &str) -> usize {
    if !text.is_ascii() {
        return text.split_whitespace().count();
    }
    let bytes = text.as_bytes();
    let Some((first, behind)) = bytes.split_first() else {
        return 0;
    };
    // A word begins behind each space that no space follows. So few at once fit into a byte, and many are counted at once.
    let begun = bytes.chunks(BYTES).zip(behind.chunks(BYTES));
    let begun = begun.map(|(before, own)| {
        let pairs = before.iter().zip(own);
        pairs.fold(0_u8, |count, (before, own)| {
            let begins = before.is_ascii_whitespace() & !own.is_ascii_whitespace();
            count.wrapping_add(u8::from(begins))
        })
    });
    let first = usize::from(!first.is_ascii_whitespace());
    begun.fold(first, |count, more| count.saturating_add(usize::from(more)))
}

/// The most bytes whose words are counted in a byte.
const BYTES: usize = 255;

/// How far behind "please" the verb stands where somebody is named between.
const ADDRESSED: usize = 50;

/// How many characters count as the first words of a sentence.
const EARLY: usize = 40;

/// Whether a verb stands right behind politeness, or the other way round, with at most a short word between.
fn near(end: usize, start: usize) -> bool {
    start.saturating_sub(end) <= 7
}

fn asks_by_mark(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '”' | '\'' | '’' | ')' | ']' | '*' | '.' | ';' | ',' | '!'
            )
    });
    if bare.ends_with('?') {
        return true;
    }
    // "How many are there? (By year)"
    text.ends_with(')')
        && text
            .rfind('(')
            .and_then(|at| text.get(..at))
            .is_some_and(|before| before.trim_end().ends_with('?'))
}

/// The kinds of the cues at the start of a span.
fn opening(body: &str, span: &Range<usize>, hits: &[CueHit]) -> CueSet {
    let mut found = CueSet::default();
    let mut at = span.start;
    let mut rest = hits;
    for _ in 0..6 {
        at = word_from(body, at, span.end);
        let skip = rest.partition_point(|hit| hit.start < at);
        rest = rest.get(skip..).unwrap_or(&[]);
        let mut behind = None;
        for hit in rest.iter().take_while(|hit| hit.start == at) {
            // "Supply, installation and maintenance" is no order.
            let noun = hit.cue == Cue::Imperative
                && slice(body, hit.end..span.end).starts_with([',', '/', ':', ')'])
                && !rest.iter().any(|other| {
                    other.cue == Cue::Please && other.start.saturating_sub(hit.end) <= 3
                });
            if noun {
                continue;
            }
            found.add(hit.cue);
            // "On which date was it bought."
            if hit.cue == Cue::Preposition {
                let next = word_from(body, hit.end, span.end);
                let asks = |other: &&CueHit| other.start == next && other.cue == Cue::QuestionWord;
                if rest
                    .iter()
                    .take_while(|other| other.start <= next)
                    .any(|other| asks(&other))
                {
                    found.add(Cue::QuestionWord);
                }
            }
            if matches!(
                hit.cue,
                Cue::Connector | Cue::Please | Cue::Conditional | Cue::Greeting
            ) {
                behind = behind.max(Some(hit.end));
            }
        }
        match behind {
            Some(end) => at = end,
            None => break,
        }
    }
    found
}

/// The first letter or digit from `at` on.
fn word_from(body: &str, at: usize, end: usize) -> usize {
    slice(body, at..end)
        .find(char::is_alphanumeric)
        .map_or(end, |skip| at.saturating_add(skip))
}

/// The sentences of a span, appended to `found`.
pub(super) fn read(whole: &Text<'_>, span: &Range<usize>, found: &mut Vec<Sentence>) {
    let text = slice(whole.body, span.clone());
    let bytes = text.as_bytes();
    let first = found.len();
    let signs = whole.signs(span);
    // A stop inside brackets ends nothing, if the brackets close.
    let balance = signs.clone().fold(0_usize, |open, (_, byte)| match byte {
        b'(' => open.saturating_add(1),
        b')' => open.saturating_sub(1),
        _ => open,
    });
    let mut depth: usize = 0;
    let mut start: usize = 0;
    let mut at: usize = 0;
    for (here, byte) in signs {
        if here < at {
            continue;
        }
        at = here.saturating_add(1);
        match byte {
            b'(' if balance == 0 => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            b'.' | b'?' | b'!' if depth == 0 => {
                if matches!(bytes.get(at), Some(b'.' | b'?' | b'!')) {
                    continue;
                }
                let rest = text.get(at..).unwrap_or("");
                let closing: usize = rest
                    .chars()
                    .take_while(|c| matches!(c, '"' | '”' | '’' | '\'' | ')' | '*'))
                    .map(char::len_utf8)
                    .sum();
                let after = rest.get(closing..).and_then(|more| more.chars().next());
                let ends = match byte {
                    b'.' => {
                        after.is_none_or(char::is_whitespace)
                            && !abbreviates(span.start.saturating_add(at), whole.hits)
                    }
                    _ => after.is_none_or(|c| {
                        c.is_whitespace()
                            || matches!(c, ';' | ',' | '-' | '–' | '—')
                            || c.is_alphabetic() && !in_address(text, here)
                    }),
                };
                if !ends || (byte == b'.' && initial(text, here)) {
                    continue;
                }
                at = at.saturating_add(closing);
                push(whole, span, start..at, first, found);
                start = at;
            }
            _ => {}
        }
    }
    push(whole, span, start..text.len(), first, found);
}

fn push(
    whole: &Text<'_>,
    span: &Range<usize>,
    range: Range<usize>,
    first: usize,
    found: &mut Vec<Sentence>,
) {
    let own = trimmed(
        whole.body,
        span.start.saturating_add(range.start)..span.start.saturating_add(range.end),
    );
    let text = slice(whole.body, own.clone());
    if !text.contains(char::is_alphanumeric) {
        return;
    }
    // "(by year)" belongs to the sentence in front of it.
    if found.len() > first
        && text.starts_with('(')
        && text.trim_end_matches(['.', ';', ',', '?']).ends_with(')')
        && let Some(before) = found.last_mut()
    {
        let added = Sentence::new(whole, own);
        before.span.end = added.span.end;
        before.cues.end = added.cues.end;
        before.words = before.words.saturating_add(added.words);
        before.question |= added.question;
        return;
    }
    found.push(Sentence::new(whole, own));
}

/// Whether the stop that ends at `end` belongs to a short word such as "e.g.".
fn abbreviates(end: usize, hits: &[CueHit]) -> bool {
    just_before(hits, end, 8).any(|hit| hit.cue == Cue::Abbreviation && hit.end == end)
}

/// Whether the word around a question mark is an address: "example.org/page?id".
fn in_address(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    word.contains(['/', '=', '&']) || word.is_empty()
}

/// Whether the stop at `at` follows a single letter or digit that stands alone: "J. Smith", "see 2. above".
fn initial(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    let mut chars = before.chars().rev();
    chars.next().is_some_and(char::is_alphabetic)
        && chars.next().is_none_or(|c| c.is_whitespace() || c == '.')
}
