//! From lines to units: items with their markers, and paragraphs.

use std::ops::Range;

use super::lines::Line;
use super::markers::{self, Marker, Scheme};
use super::sentences::{self, Sentence, Text};
use super::{slice, trimmed};
use crate::cues::{Cue, CueHit, CueSet, just_before};
use crate::short::ShortWords;

/// An item or a paragraph.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Its marker, whose label is a range of the body.
    pub marker: Option<Marker>,
    /// Its words.
    pub span: Range<usize>,
    /// Whether a blank line stands before it.
    pub apart: bool,
    /// Columns of white space before it.
    pub indent: usize,
    /// Its sentences, as a range of all sentences.
    pub sentences: Range<usize>,
    /// The kinds of all its cues.
    pub all: CueSet,
    /// The kinds of the cues that it opens with.
    pub opening: CueSet,
    pub words: usize,
    /// Whether a sentence of it ends with a question mark.
    pub question: bool,
    /// Whether a sentence of it asks in so many words.
    pub requests: bool,
    /// Whether it ends with a colon.
    pub leads: bool,
    /// Whether it stops short, as "how many were reported to", before a list.
    pub hangs: bool,
    /// Whether it ends with a stop, question mark or semicolon.
    pub closed: bool,
    /// Whether it ends with a full stop.
    pub full_stop: bool,
}

impl Unit {
    /// Whether it reads as a question, by its mark, its first words or what it says.
    pub fn asks(&self) -> bool {
        self.question || self.requests || self.opening.any(&[Cue::QuestionWord, Cue::Auxiliary])
    }
}

/// All units with their sentences.
#[derive(Debug)]
pub(super) struct Units {
    pub units: Vec<Unit>,
    pub sentences: Vec<Sentence>,
}

/// A unit before its sentences are read.
#[derive(Clone, Debug)]
struct Piece {
    marker: Option<Marker>,
    span: Range<usize>,
    apart: bool,
    indent: usize,
    /// Columns of its last line.
    columns: usize,
    quoted: bool,
}

/// Reads the units of some lines.
pub(super) fn read(text: &Text<'_>, lines: &[Line]) -> Units {
    let (body, cues) = (text.body, text.hits);
    let mut all = Units {
        units: Vec::with_capacity(lines.len()),
        sentences: Vec::with_capacity(lines.len().saturating_mul(2)),
    };
    let lone = has_lone_o(body);
    let mut pieces = pieces(body, lines).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let next = pieces.peek().and_then(|next| next.marker.as_ref());
        let mut signs = Signs::of(slice(body, piece.span.clone()));
        signs.bullet |= lone;
        inline(body, piece, signs, next, cues, |part| {
            unit(text, part, &mut all);
        });
    }
    all
}

fn unit(whole: &Text<'_>, piece: &Piece, all: &mut Units) {
    let (body, cues) = (whole.body, whole.hits);
    let first = all.sentences.len();
    sentences::read(whole, &piece.span, &mut all.sentences);
    let own = all.sentences.get(first..).unwrap_or(&[]);
    let text = slice(body, piece.span.clone());
    let bare = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '–' | '—' | '*' | '"' | '”' | '\'' | '’')
    });
    let closed = bare.ends_with(['.', '?', '!', ';']);
    let hangs = own.last().is_some_and(|last| {
        cues.get(last.cues.clone())
            .unwrap_or(&[])
            .iter()
            .any(|hit| {
                hit.cue == Cue::Preposition
                    && hit.end
                        == piece
                            .span
                            .start
                            .saturating_add(bare.trim_end_matches(':').len())
            })
    });
    all.units.push(Unit {
        marker: piece.marker.clone(),
        span: piece.span.clone(),
        apart: piece.apart,
        indent: piece.indent,
        all: own
            .iter()
            .fold(CueSet::default(), |set, sentence| set.union(sentence.all)),
        opening: own
            .first()
            .map_or(CueSet::default(), |sentence| sentence.opening),
        words: own.iter().map(|sentence| sentence.words).sum(),
        question: own.iter().any(|sentence| sentence.question),
        requests: own.iter().any(|sentence| sentence.requests),
        leads: bare.ends_with(':') || dashed(text),
        hangs,
        closed,
        full_stop: bare.ends_with('.'),
        sentences: first..all.sentences.len(),
    });
}

/// Whether a dash leads from a line to the next: "Body worn cameras —".
fn dashed(text: &str) -> bool {
    text.trim_end()
        .strip_suffix(['-', '–', '—'])
        .is_some_and(|before| before.ends_with(char::is_whitespace))
}

/// Joins wrapped lines, and sets markers apart from words.
fn pieces(body: &str, lines: &[Line]) -> Vec<Piece> {
    let markers = markers_of(body, lines);
    let width = wrapped_at(body, lines, &markers);
    let mut pieces: Vec<Piece> = Vec::with_capacity(lines.len());
    for (line, marker) in lines.iter().zip(markers) {
        let columns = line.indent.saturating_add(line.width);
        match marker {
            None => {
                let last = pieces.last_mut().filter(|_| !line.apart);
                if let Some(last) = last
                    && !line.quoted
                    && !last.quoted
                    && (width.is_some_and(|width| goes_on(body, last, line, width))
                        || breaks_off(body, last)
                        || runs_over(body, last))
                {
                    last.span.end = line.span.end;
                    last.columns = columns;
                    continue;
                }
                pieces.push(Piece {
                    marker: None,
                    span: line.span.clone(),
                    apart: line.apart,
                    indent: line.indent,
                    columns,
                    quoted: line.quoted,
                });
            }
            Some(marker) => {
                let rest = trimmed(body, marker.end..line.span.end);
                let mut piece = Piece {
                    marker: Some(marker),
                    span: rest.clone(),
                    apart: line.apart,
                    indent: line.indent,
                    columns,
                    quoted: line.quoted,
                };
                // "1. a) How many": the outer marker only opens the inner one.
                if let Some(inner) = inner_marker(body, &rest)
                    && !matches!(
                        piece.marker,
                        Some(Marker {
                            scheme: Scheme::Letter | Scheme::Roman,
                            ..
                        })
                    )
                {
                    let start = inner.end;
                    pieces.push(Piece {
                        span: rest.start..rest.start,
                        ..piece.clone()
                    });
                    piece = Piece {
                        marker: Some(inner),
                        span: trimmed(body, start..line.span.end),
                        apart: false,
                        indent: line.indent.saturating_add(1),
                        ..piece
                    };
                }
                pieces.push(piece);
            }
        }
    }
    with_labels_above(pieces)
}

/// A marker alone on its line belongs to the line below it.
fn with_labels_above(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if piece.marker.is_none()
            && let Some(last) = joined.last_mut()
            && last.span.is_empty()
            && last.marker.is_some()
        {
            last.span = piece.span;
            last.columns = piece.columns;
            continue;
        }
        joined.push(piece);
    }
    joined
}

fn inner_marker(body: &str, rest: &Range<usize>) -> Option<Marker> {
    let text = slice(body, rest.clone());
    let inner = markers::letter(text).or_else(|| {
        markers::bullet(text).filter(
            |marker| matches!(marker.scheme, Scheme::Bullet(sign) if markers::is_bullet(sign)),
        )
    })?;
    (!inner.weak || inner.value == 1).then(|| moved(inner, rest.start))
}

/// The marker with its ranges counted from the start of the body.
fn moved(marker: Marker, by: usize) -> Marker {
    Marker {
        label: marker.label.start.saturating_add(by)..marker.label.end.saturating_add(by),
        end: marker.end.saturating_add(by),
        ..marker
    }
}

/// The marker of each line, if it has one. A marker that could be something else counts if its neighbours count on.
fn markers_of(body: &str, lines: &[Line]) -> Vec<Option<Marker>> {
    let mut found: Vec<Option<Marker>> = lines
        .iter()
        .map(|line| {
            if line.row {
                return Some(Marker {
                    scheme: Scheme::Bullet('|'),
                    label: 0..0,
                    value: 0,
                    end: line.span.start,
                    weak: false,
                });
            }
            markers::read(slice(body, line.span.clone()))
                .map(|marker| moved(marker, line.span.start))
        })
        .collect();
    add_lone_numerals(body, lines, &mut found);
    settle_letters(&mut found);
    let mut keep: Vec<bool> = Vec::with_capacity(found.len());
    let counted: Vec<usize> = (0..found.len())
        .filter(|index| {
            found
                .get(*index)
                .and_then(Option::as_ref)
                .is_some_and(|marker| !matches!(marker.scheme, Scheme::Bullet(_)))
        })
        .collect();
    let mut place: usize = 0;
    for (index, marker) in found.iter().enumerate() {
        let own = counted.get(place) == Some(&index);
        let neighbour = |at: Option<usize>| {
            at.and_then(|at| counted.get(at))
                .and_then(|at| found.get(*at))
                .and_then(Option::as_ref)
        };
        let sure = marker.as_ref().is_some_and(|marker| {
            if !marker.weak {
                return true;
            }
            let before = neighbour(place.checked_sub(1));
            let after = neighbour(place.checked_add(1));
            let words = lines.get(index).map_or(0, |line| {
                slice(body, marker.end..line.span.end)
                    .split_whitespace()
                    .count()
            });
            before.is_some_and(|before| counts_on(body, before, marker))
                || after.is_some_and(|after| counts_on(body, marker, after))
                || (!matches!(marker.scheme, Scheme::Number(_))
                    && marker.end > marker.label.end
                    && marker.value == 1
                    && words > 2)
        });
        keep.push(sure);
        place = place.saturating_add(usize::from(own));
    }
    found
        .into_iter()
        .zip(keep)
        .map(|(marker, keep)| marker.filter(|_| keep))
        .collect()
}

/// "i The number of servers" is an item where the next line begins with "ii", or the one before with "iv" for a "v".
fn add_lone_numerals(body: &str, lines: &[Line], found: &mut [Option<Marker>]) {
    let numeral = |marker: &Option<Marker>| match marker {
        Some(marker) if marker.scheme == Scheme::Roman && marker.end == marker.label.end => {
            Some(marker.value)
        }
        _ => None,
    };
    let values: Vec<Option<u32>> = found.iter().map(numeral).collect();
    if values.iter().all(Option::is_none) {
        return;
    }
    for (at, (line, marker)) in lines.iter().zip(found).enumerate() {
        let lone = marker
            .is_none()
            .then(|| markers::lone_numeral(slice(body, line.span.clone())))
            .flatten();
        let Some(lone) = lone else { continue };
        let value_at = |at: Option<usize>| at.and_then(|at| values.get(at).copied().flatten());
        let counts = value_at(at.checked_add(1)) == Some(lone.value.saturating_add(1))
            || value_at(at.checked_sub(1))
                .is_some_and(|before| before.saturating_add(1) == lone.value);
        if counts {
            *marker = Some(moved(lone, line.span.start));
        }
    }
}

/// "i", "v" and "x" are letters where the letter before them came just before.
fn settle_letters(found: &mut [Option<Marker>]) {
    let mut before: Option<(Scheme, u32)> = None;
    for marker in found.iter_mut().flatten() {
        if marker.scheme == Scheme::Roman && marker.label.len() == 1 {
            let letter = match marker.value {
                1 => 9,
                5 => 22,
                _ => 24,
            };
            let lettered = matches!(before, Some((Scheme::Letter, value)) if value.saturating_add(1) == letter);
            let counted = matches!(before, Some((Scheme::Roman, value)) if value.saturating_add(3) >= marker.value);
            if lettered || (marker.value > 1 && !counted) {
                marker.scheme = Scheme::Letter;
                marker.value = letter;
            }
        }
        if !matches!(marker.scheme, Scheme::Bullet(_)) {
            before = Some((marker.scheme, marker.value));
        }
    }
}

/// Whether the second marker follows the first: "2" after "1", "4a" after "4", "5.2" after "5.1".
fn counts_on(body: &str, first: &Marker, second: &Marker) -> bool {
    let label = |marker: &Marker| slice(body, marker.label.clone());
    match (first.scheme, second.scheme) {
        (Scheme::Number(one), Scheme::Number(other)) if one == other => {
            second.value > first.value
                && second.value <= first.value.saturating_add(3)
                && stem(label(first)) == stem(label(second))
        }
        (Scheme::Number(one), Scheme::Number(other)) if one.saturating_add(1) == other => {
            second.value <= 2 && stem(label(second)) == label(first)
        }
        (one, other) if one == other => {
            second.value > first.value && second.value <= first.value.saturating_add(3)
        }
        _ => false,
    }
}

/// A label without its last level: "4" of "4a", "5.1" of "5.1.2".
pub(super) fn stem(label: &str) -> &str {
    let short = label.trim_end_matches(|c: char| c.is_ascii_digit());
    if short.len() < label.len() {
        return short.strip_suffix('.').unwrap_or(short);
    }
    let mut chars = label.chars();
    chars.next_back();
    chars.as_str()
}

/// The column at which the lines were wrapped, if they were.
///
/// Lines were wrapped if most of those that end in the middle of a sentence had no room for the next line's first word.
fn wrapped_at(body: &str, lines: &[Line], markers: &[Option<Marker>]) -> Option<usize> {
    let columns = |line: &Line| line.indent.saturating_add(line.width);
    let width = lines.iter().map(columns).max()?;
    if !(50..=110).contains(&width) {
        return None;
    }
    let (mut full, mut pairs): (usize, usize) = (0, 0);
    for index in 1..lines.len() {
        let (Some(before), Some(line)) = (lines.get(index.saturating_sub(1)), lines.get(index))
        else {
            continue;
        };
        if line.apart
            || markers.get(index).is_some_and(Option::is_some)
            || ends_sentence(slice(body, before.span.clone()))
        {
            continue;
        }
        pairs = pairs.saturating_add(1);
        let first = first_word(slice(body, line.span.clone()));
        if columns(before).saturating_add(first).saturating_add(1) > width.saturating_sub(SLACK) {
            full = full.saturating_add(1);
        }
    }
    (full >= 2 && full.saturating_mul(10) >= pairs.saturating_mul(6)).then_some(width)
}

/// Programs disagree by a few columns on where a line is full.
const SLACK: usize = 4;

fn first_word(text: &str) -> usize {
    text.split_whitespace()
        .next()
        .map_or(0, |word| word.chars().count())
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '\'', '’', ')', ' ', '\u{a0}', '*'])
        .ends_with(['.', '?', '!', ';', ':'])
}

/// Whether a line goes on with the piece before it.
fn goes_on(body: &str, last: &Piece, line: &Line, width: usize) -> bool {
    let before = slice(body, last.span.clone());
    let first = first_word(slice(body, line.span.clone()));
    !before.is_empty()
        && !before.ends_with([':', '?'])
        && last.columns.saturating_add(first).saturating_add(1) > width.saturating_sub(SLACK)
}

/// Whether an item's line goes on in the next: it ends with a comma, or is long and ends with a word that no line ends with.
fn runs_over(body: &str, last: &Piece) -> bool {
    let before = slice(body, last.span.clone());
    last.marker.is_some()
        && (before.ends_with(',')
            || (last.columns >= LONG && last_word(before).is_some_and(|word| RUNNING.has(word))))
}

/// The columns of a line that may have been broken for want of room.
const LONG: usize = 45;

/// Words behind which a sentence goes on.
static RUNNING: ShortWords<32> = ShortWords::new(&[
    "you", "your", "do", "does", "and", "or", "if", "has", "have", "this", "these", "which",
]);

/// Whether a line breaks off in front of a noun: "the date on which your / current contract ends".
fn breaks_off(body: &str, last: &Piece) -> bool {
    last_word(slice(body, last.span.clone())).is_some_and(|word| OPEN_WORDS.has(word))
}

fn last_word(text: &str) -> Option<&str> {
    let word = text.rsplit(char::is_whitespace).next()?;
    word.chars().all(char::is_alphabetic).then_some(word)
}

/// Words that no list hangs on and no line ends with.
static OPEN_WORDS: ShortWords<16> =
    ShortWords::new(&["a", "an", "its", "my", "our", "the", "their"]);

/// A marker inside a piece, and whether the words before it had come to a stop.
struct Inside {
    start: usize,
    marker: Marker,
    stopped: bool,
    colon: bool,
    /// Where the sentence begins that leads to it, if it begins a list anew.
    lead: Option<usize>,
}

/// Splits a piece at the markers that run on inside it: "… 1. How many … 2. Who …".
fn inline(
    body: &str,
    piece: Piece,
    signs: Signs,
    next: Option<&Marker>,
    cues: &[CueHit],
    mut each: impl FnMut(&Piece),
) {
    if piece.span.len() < 8 || !(signs.digit || signs.letter || signs.bullet) {
        return each(&piece);
    }
    // What the piece holds no sign of needs no search.
    let if_any = |any: bool, find: &dyn Fn() -> Vec<Inside>| if any { find() } else { Vec::new() };
    let found = if_any(signs.digit, &|| numbers(body, &piece, next, cues));
    for part in cut(body, piece, found) {
        let found = if_any(signs.letter, &|| letters(body, &part, cues));
        for part in cut(body, part, found) {
            let found = if_any(signs.bullet, &|| bullets(body, &part));
            for part in cut(body, part, found) {
                each(&part);
            }
        }
    }
}

/// Which markers a text may have inside, by their signs.
struct Signs {
    digit: bool,
    /// A letter's bracket or stop.
    letter: bool,
    bullet: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        const DIGIT: u8 = 1;
        const BRACKET: u8 = 2;
        const STOP: u8 = 4;
        const BULLET: u8 = 8;
        const SIGNS: [u8; 256] = {
            let mut signs = [0; 256];
            let mut byte: usize = 0;
            while byte < signs.len() {
                signs[byte] = match byte as u8 {
                    b'0'..=b'9' => DIGIT,
                    b')' | b']' => BRACKET,
                    b'.' => STOP,
                    b'*' | b'-' | 0xc2.. => BULLET,
                    _ => 0,
                };
                byte += 1;
            }
            signs
        };
        let bytes = text.as_bytes();
        let found = bytes.iter().fold(0, |found, byte| {
            found | SIGNS.get(usize::from(*byte)).copied().unwrap_or(0)
        });
        Self {
            digit: found & DIGIT != 0,
            letter: found & BRACKET != 0 || (found & STOP != 0 && has_stopped_letters(text)),
            bullet: found & BULLET != 0,
        }
    }
}

/// Whether an "o" stands by itself in a text: it may be a bullet.
fn has_lone_o(body: &str) -> bool {
    let bytes = body.as_bytes();
    let behind = |by: usize| bytes.get(by..).unwrap_or(&[]).iter();
    let lone = (bytes.iter().zip(behind(1)).zip(behind(2))).fold(
        false,
        |found, ((before, byte), after)| {
            found
                | ((byte | 0x20 == b'o')
                    & !before.is_ascii_alphabetic()
                    & !after.is_ascii_alphabetic())
        },
    );
    lone || body.starts_with(['o', 'O'])
}

/// "Who runs it? a. What they are called b. What they do c. A phone number"
fn has_stopped_letters(text: &str) -> bool {
    let bytes = text.as_bytes();
    b"abc".iter().all(|letter| {
        text.match_indices('.').any(|(at, _)| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let behind = text.get(at.saturating_add(1)..).unwrap_or("");
            before.is_some_and(|before| before.eq_ignore_ascii_case(letter))
                && behind.starts_with([' ', '\u{a0}'])
        })
    })
}

/// Cuts a piece at the markers that were found in it; most pieces stay whole.
fn cut(body: &str, piece: Piece, found: Vec<Inside>) -> impl Iterator<Item = Piece> {
    if found.is_empty() {
        return Some(piece).into_iter().chain(Vec::new());
    }
    let mut parts = Vec::with_capacity(found.len().saturating_add(1));
    let mut start = piece.span.start;
    let mut marker = piece.marker.clone();
    let mut apart = piece.apart;
    let ends = found.into_iter().flat_map(|inside| {
        let lead = inside.lead.map(|lead| (lead, None));
        lead.into_iter()
            .chain([(inside.start, Some(inside.marker))])
    });
    for (end, next) in ends.chain([(piece.span.end, None)]) {
        let span = trimmed(body, start..end);
        let own = marker.take();
        if slice(body, span.clone()).contains(char::is_alphanumeric) {
            parts.push(Piece {
                marker: own,
                span,
                apart: std::mem::replace(&mut apart, false),
                indent: piece.indent,
                columns: piece.columns,
                quoted: piece.quoted,
            });
        } else {
            marker = own;
        }
        start = next.as_ref().map_or(end, |next: &Marker| next.end);
        if next.is_some() {
            marker = next;
        }
    }
    None.into_iter().chain(parts)
}

/// Those of some places in a text where a marker of such a first letter or digit could begin, and whether it would then stand like the
/// decimals of a number, "1.3".
fn places(
    text: &str,
    among: impl Iterator<Item = usize>,
    first: impl Fn(u8) -> bool,
) -> impl Iterator<Item = (usize, bool)> {
    let bytes = text.as_bytes();
    let candidates = among.filter(move |at| bytes.get(*at).is_some_and(|byte| first(*byte)));
    candidates.filter_map(|at| {
        let mut back = text.get(..at)?.chars().rev();
        let last = back.next().unwrap_or(' ');
        let opens = last.is_whitespace()
            || matches!(last, ':' | ';' | '.' | '?' | '!' | ')' | ',' | '"' | '”');
        let mut decimal =
            || matches!(last, '.' | ',' | ':') && back.next().is_some_and(|c| c.is_ascii_digit());
        opens.then(|| (at, decimal()))
    })
}

/// The last character before `at` that is no space.
fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.trim_end().chars().next_back()
}

fn inside(text: &str, at: usize, base: usize, marker: Marker) -> Inside {
    let last = before(text, at);
    Inside {
        start: base.saturating_add(at),
        marker: moved(marker, base.saturating_add(at)),
        stopped: last.is_none_or(|c| matches!(c, '.' | '?' | '!' | ':' | ';' | ')' | '"' | '”')),
        colon: last == Some(':'),
        lead: None,
    }
}

/// A run of numbers inside a piece that counts on from one, or from the piece's own number.
fn numbers(body: &str, piece: &Piece, next: Option<&Marker>, cues: &[CueHit]) -> Vec<Inside> {
    let text = slice(body, piece.span.clone());
    let base = piece.span.start;
    let own = piece
        .marker
        .as_ref()
        .filter(|marker| matches!(marker.scheme, Scheme::Number(_)))
        .cloned();
    let mut run: Vec<Inside> = Vec::new();
    let first = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'q' | b'Q' | b'(' | b'[');
    for (at, decimal) in places(text, 0..text.len(), first) {
        let rest = text.get(at..).unwrap_or("");
        let Some(marker) = markers::number(rest) else {
            continue;
        };
        let found = inside(text, at, base, marker);
        let last = run.last().map(|inside| &inside.marker).or(own.as_ref());
        let fits = match last {
            Some(last) => next_number(body, last, &found.marker),
            None => {
                found.marker.value == 1
                    && (!found.marker.weak || found.marker.scheme != Scheme::Number(1))
            }
        };
        let long = found.marker.scheme != Scheme::Number(1) && run.len() > 1;
        let plain = !found.marker.weak || (found.stopped && !decimal) || long;
        if fits && plain {
            run.push(found);
        }
    }
    if own.is_none() && each_of(body, base, &run, cues) {
        return Vec::new();
    }
    let sure = run.iter().all(|inside| inside.stopped);
    let enough = match own {
        Some(_) => sure || run.len() > 2,
        None if next.is_some_and(|next| {
            run.last()
                .is_some_and(|last| next_number(body, &last.marker, next))
        }) =>
        {
            true
        }
        None => run.len() > 2 || (sure && run.len() > 1),
    };
    if enough { run } else { Vec::new() }
}

/// Whether a number comes right after another.
fn next_number(body: &str, last: &Marker, next: &Marker) -> bool {
    let label = |marker: &Marker| slice(body, marker.label.clone());
    match (last.scheme, next.scheme) {
        (Scheme::Number(one), Scheme::Number(other)) if one == other => {
            next.value == last.value.saturating_add(1) && stem(label(last)) == stem(label(next))
        }
        (Scheme::Number(one), Scheme::Number(other)) if one.saturating_add(1) == other => {
            next.value == 1 && stem(label(next)) == label(last)
        }
        // "5" after "4c".
        (Scheme::Number(2), Scheme::Number(1)) => {
            stem(label(last)).parse::<u32>().ok() == next.value.checked_sub(1)
        }
        _ => false,
    }
}

/// A run of bracketed letters inside a piece that counts on from "a", where a colon leads to it or each part asks.
fn letters(body: &str, piece: &Piece, cues: &[CueHit]) -> Vec<Inside> {
    let text = slice(body, piece.span.clone());
    let stopped = has_stopped_letters(text);
    let near = if stopped {
        std::iter::once(0..text.len()).collect()
    } else {
        in_front_of_brackets(text)
    };
    if near.is_empty() {
        return Vec::new();
    }
    let base = piece.span.start;
    let own = piece
        .marker
        .as_ref()
        .filter(|marker| matches!(marker.scheme, Scheme::Letter | Scheme::Roman));
    let mut run: Vec<Inside> = Vec::new();
    let first = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'(' | b'[');
    for (at, _) in places(text, near.into_iter().flatten(), first) {
        let rest = text.get(at..).unwrap_or("");
        // "i.e. staff who drive" begins no item.
        let begins = stopped
            && text
                .get(..at)
                .is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace))
            && rest.get(1..3) == Some(". ")
            && rest
                .get(3..)
                .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        if !begins
            && !rest
                .bytes()
                .take(BEFORE_BRACKET.saturating_add(1))
                .skip(1)
                .any(closes)
        {
            continue;
        }
        let Some(marker) = markers::letter(rest).filter(|marker| !marker.weak || begins) else {
            continue;
        };
        let fits = match run.last().map(|inside| &inside.marker).or(own) {
            Some(last) => {
                last.scheme == marker.scheme && marker.value == last.value.saturating_add(1)
            }
            None => marker.value == 1,
        };
        // "(a) … (b) … . For telephones (a) … (b) …"
        let anew = marker.value == 1 && run.len() > 1 && bracketed(text, at);
        if fits || anew {
            let lead = run
                .last()
                .filter(|_| !fits)
                .and_then(|last| last_stop(text, last.marker.end.saturating_sub(base)..at));
            run.push(Inside {
                lead: lead.map(|lead| base.saturating_add(lead)),
                ..inside(text, at, base, marker)
            });
        }
    }
    if each_of(body, base, &run, cues) {
        return Vec::new();
    }
    let colon = run
        .first()
        .is_some_and(|first| first.colon || first.start == base);
    let asks = |inside: &Inside| {
        let from = inside.marker.end;
        let first = cues.partition_point(|hit| hit.start < from);
        cues.get(first..).unwrap_or(&[]).iter().take(6).any(|hit| {
            hit.start <= from.saturating_add(2)
                && matches!(
                    hit.cue,
                    Cue::QuestionWord
                        | Cue::Auxiliary
                        | Cue::Wanted
                        | Cue::Imperative
                        | Cue::Please
                )
        })
    };
    let enough = match own {
        Some(_) => run.iter().all(|inside| inside.stopped || asks(inside)),
        None if run.iter().any(|inside| inside.marker.weak) => run.len() > 2,
        None => run.len() > 1 && (colon || run.iter().all(asks) || listed(text, base, &run, cues)),
    };
    if enough { run } else { Vec::new() }
}

/// So many bytes stand before the bracket that closes a letter or numeral, "(xxviii)".
const BEFORE_BRACKET: usize = 6;

fn closes(byte: u8) -> bool {
    matches!(byte, b')' | b']')
}

/// The places so close in front of a closing bracket that a letter or numeral in it could begin there.
fn in_front_of_brackets(text: &str) -> Vec<Range<usize>> {
    let mut from: usize = 0;
    let brackets = text.bytes().enumerate().filter(|(_, byte)| closes(*byte));
    brackets
        .map(|(at, _)| {
            let start = from.max(at.saturating_sub(BEFORE_BRACKET));
            from = at;
            start..at
        })
        .collect()
}

/// Whether what is counted is what something is asked of: "For each of (i) …", "For each contract for 1) …".
fn each_of(body: &str, from: usize, run: &[Inside], cues: &[CueHit]) -> bool {
    let lead = run
        .first()
        .map_or("", |first| slice(body, from..first.start))
        .trim_end();
    let end = from.saturating_add(lead.len());
    !lead.ends_with([':', '?', '.'])
        && just_before(cues, end, 30).any(|hit| hit.cue == Cue::Each && hit.start >= from)
}

/// Where the last full stop of a part of a text ends that a space follows.
fn last_stop(text: &str, part: Range<usize>) -> Option<usize> {
    let own = slice(text, part.clone());
    own.rmatch_indices('.')
        .map(|(at, _)| at.saturating_add(1))
        .find(|end| own.get(*end..).unwrap_or("").starts_with([' ', '\u{a0}']))
        .map(|end| part.start.saturating_add(end))
}

/// Whether a bracket opens at a place.
fn bracketed(text: &str, at: usize) -> bool {
    text.get(at..)
        .is_some_and(|rest| rest.starts_with(['(', '[']))
}

/// Whether bracketed letters are items of their own: three or more, each behind a comma or stop, or no sign at all, and not
/// what a preposition leads to, as "windows for (i) benefits, (ii) housing, (iii) the website".
fn listed(text: &str, base: usize, run: &[Inside], cues: &[CueHit]) -> bool {
    let Some(first) = run.first() else {
        return false;
    };
    let lead = text
        .get(..first.start.saturating_sub(base))
        .unwrap_or("")
        .trim_end();
    let end = base.saturating_add(lead.len());
    let hangs = just_before(cues, end, 24).any(|hit| hit.cue == Cue::Preposition && hit.end == end);
    run.len() > 2
        && !hangs
        && run
            .iter()
            .all(|inside| bracketed(text, inside.start.saturating_sub(base)))
}

/// Bullets inside a piece: signs that are always bullets, stars and dashes where a colon leads to them.
fn bullets(body: &str, piece: &Piece) -> Vec<Inside> {
    let text = slice(body, piece.span.clone());
    let base = piece.span.start;
    let own = match piece.marker.as_ref().map(|marker| marker.scheme) {
        Some(Scheme::Bullet(sign)) => Some(sign),
        _ => None,
    };
    let mut run: Vec<Inside> = Vec::new();
    let bytes = text.as_bytes();
    let signs = bytes.iter().enumerate().filter(|(at, byte)| match byte {
        // Most of the letters are inside a word.
        b'o' | b'O' => !at
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_some_and(u8::is_ascii_alphabetic),
        b'*' | b'-' | 0xc2.. => true,
        _ => false,
    });
    for (at, _) in signs {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            continue;
        };
        let previous = text
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .unwrap_or(' ');
        let rest = text.get(at.saturating_add(c.len_utf8())..).unwrap_or("");
        let spaced = rest.starts_with(char::is_whitespace);
        let sign = match c {
            c if markers::is_bullet(c) => c,
            '*' if !rest.starts_with('*') && previous != '*' => '*',
            '-' | '–' | '—' if spaced && previous.is_whitespace() => '-',
            'o' | 'O' if spaced && previous.is_whitespace() => 'o',
            _ => continue,
        };
        let begun = run.last().map_or(own, |inside| match inside.marker.scheme {
            Scheme::Bullet(sign) => Some(sign),
            _ => None,
        });
        let found = inside(
            text,
            at,
            base,
            Marker {
                scheme: Scheme::Bullet(sign),
                label: 0..0,
                value: 0,
                end: c.len_utf8(),
                weak: false,
            },
        );
        let fits = markers::is_bullet(c)
            || match begun {
                Some(begun) => {
                    begun == sign
                        && (run.len() > usize::from(own.is_some()) || found.stopped || sign == 'o')
                }
                None => found.colon || (found.stopped && sign != '-'),
            };
        if fits {
            run.push(found);
        }
    }
    // A single star is emphasis, a single dash a dash.
    let enough = run.len() > 1
        || run
            .first()
            .is_some_and(|inside| matches!(inside.marker.scheme, Scheme::Bullet(sign) if markers::is_bullet(sign)));
    if enough { run } else { Vec::new() }
}
