//! Reported questions in a row: "please say which firm it is, when the contract ends and what it costs".

use std::ops::Range;

use super::sentences::Sentence;
use super::{slice, trimmed};
use crate::cues::{Cue, CueHit};

/// The clauses of a sentence that each ask for something of their own; fewer than two where it asks one thing.
pub(super) fn split(body: &str, cues: &[CueHit], sentence: &Sentence) -> Vec<Range<usize>> {
    // "I wondered if you sell it; how much that brings in; and who buys it."
    let parted = spaced(slice(body, sentence.span.clone()), ';').count() > 1;
    let asked = sentence.requests
        || parted
        || sentence
            .opening
            .union(sentence.resumed)
            .any(&[Cue::QuestionWord, Cue::Auxiliary]);
    // A direct question says by its one mark that it is one.
    if !asked || (sentence.question && !sentence.requests && !parted) {
        return Vec::new();
    }
    let hits = cues.get(sentence.cues.clone()).unwrap_or(&[]);
    let run_on = !slice(body, sentence.span.clone()).contains([',', ';', ':', '?']);
    let mut starts: Vec<usize> = Vec::new();
    let mut joined = false;
    for (index, hit) in hits.iter().enumerate() {
        if !matches!(hit.cue, Cue::QuestionWord | Cue::Wanted | Cue::Auxiliary) {
            continue;
        }
        if starts.is_empty() {
            let opens = opens(body, sentence.span.start, hit.start);
            if opens || (sentence.requests && hit.cue != Cue::Auxiliary) {
                let start = before_preposition(body, hits, index);
                starts.extend(first_object(body, hits, sentence, start));
                starts.push(start);
            }
            continue;
        }
        let same = hits.partition_point(|other| other.start < hit.start);
        if hits
            .get(same..)
            .unwrap_or(&[])
            .iter()
            .take_while(|other| other.start == hit.start)
            .any(|other| other.cue == Cue::Dependent)
        {
            continue;
        }
        let start = before_preposition(body, hits, index);
        if starts.last().is_some_and(|last| *last >= start) {
            continue;
        }
        match boundary(body, sentence.span.start, start) {
            Some(Boundary::Comma) if hit.cue != Cue::Auxiliary => starts.push(start),
            Some(Boundary::Joined) => {
                joined = true;
                starts.push(start);
            }
            // "Could you tell me" only leads to "how many there are".
            None if starts.len() == 1
                && sentence.requests
                && starts.first().is_some_and(|first| {
                    slice(body, *first..start).split_whitespace().count() <= 5
                        && hits.iter().any(|other| {
                            matches!(other.cue, Cue::Asking | Cue::Imperative)
                                && other.start >= *first
                                && other.end <= start
                                && start.saturating_sub(other.end) <= 4
                        })
                }) =>
            {
                starts = vec![start];
            }
            // "tell me how many came how many left": no sign at all parts them.
            None if run_on
                && hits
                    .get(same..)
                    .unwrap_or(&[])
                    .iter()
                    .take_while(|other| other.start == hit.start)
                    .any(|other| other.cue == Cue::Quantity) =>
            {
                starts.push(start);
            }
            _ => {}
        }
    }
    let fewest = match (sentence.question, joined) {
        (true, _) => 3,
        (false, true) => 2,
        (false, false) => 3,
    };
    if starts.len() < fewest {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([sentence.span.end]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| without_joint(body, *start..end))
        .collect()
}

/// What a request asks for in front of its first known noun: "I would like the business case, a copy of the minutes and …".
fn first_object(body: &str, hits: &[CueHit], sentence: &Sentence, next: usize) -> Option<usize> {
    boundary(body, sentence.span.start, next)?;
    let verb = hits
        .iter()
        .take_while(|hit| hit.end < next)
        .filter(|hit| matches!(hit.cue, Cue::Asking | Cue::Imperative))
        .map(|hit| hit.end)
        .max()?;
    let object = trimmed(body, verb..next);
    let text = slice(body, object.clone());
    let plain = !hits.iter().any(|hit| {
        object.contains(&hit.start)
            && matches!(
                hit.cue,
                Cue::If
                    | Cue::Each
                    | Cue::Conditional
                    | Cue::Umbrella
                    | Cue::Introduces
                    | Cue::Refinement
            )
    });
    let words = text.split_whitespace().count();
    (plain && words > 2 && text.starts_with(char::is_alphanumeric) && !text.contains([':', '(']))
        .then_some(object.start)
}

/// Where an ASCII sign stands that has a space behind it, whatever sort of space.
pub(super) fn spaced(text: &str, sign: char) -> impl DoubleEndedIterator<Item = usize> {
    text.match_indices(sign).map(|(at, _)| at).filter(|at| {
        text.get(at.saturating_add(1)..)
            .is_some_and(|behind| behind.starts_with(char::is_whitespace))
    })
}

/// "Per area: product name, version, supplier": short names behind a colon, for what is asked of each of several things.
pub(super) fn listed(body: &str, cues: &[CueHit], sentence: &Sentence) -> Vec<Range<usize>> {
    let text = slice(body, sentence.span.clone());
    let pieces = |list: &str| {
        list.split(';')
            .filter(|piece| !piece.trim().is_empty())
            .count()
    };
    // Semicolons part what is asked, however long, and then a colon is all that leads to it; commas only short names.
    let at_colon = |at: usize| text.get(..at).zip(text.get(at.saturating_add(1)..));
    let parted = spaced(text, ':')
        .next()
        .and_then(at_colon)
        .filter(|(lead, list)| pieces(list) > 2 && !lead.contains(';'));
    let plain = spaced(text, ':')
        .next_back()
        .and_then(at_colon)
        .filter(|_| {
            let led = sentence.requests
                || sentence.all.any(&[Cue::Each, Cue::Introduces])
                || sentence.early.has(Cue::Umbrella)
                || sentence.opening.has(Cue::Preposition);
            led && !sentence.question
        });
    let Some((lead, list)) = parted.or(plain).filter(|_| !sentence.is_aside()) else {
        return Vec::new();
    };
    let parted = pieces(list) > 2;
    let each = sentence.all.any(&[Cue::Each, Cue::Introduces]);
    let separators: &[char] = if parted { &[';'] } else { &[',', ';'] };
    let mut found = Vec::new();
    let mut at = sentence
        .span
        .start
        .saturating_add(lead.len())
        .saturating_add(1);
    for piece in list.split(separators) {
        if !parted && piece.split_whitespace().count() > LONGEST_NAME {
            return Vec::new();
        }
        let span = at..at.saturating_add(piece.len());
        at = span.end.saturating_add(1);
        let own = trimmed(body, span);
        let text = slice(body, own.clone());
        let joint = text
            .split_once(char::is_whitespace)
            .filter(|(word, _)| word.eq_ignore_ascii_case("and"))
            .map_or(0, |(word, rest)| {
                text.len()
                    .saturating_sub(rest.trim_start().len())
                    .max(word.len())
            });
        found.push(own.start.saturating_add(joint)..own.end);
    }
    // "Regarding arrears: total owed, number of accounts, amount written off": the names themselves are of things wanted.
    let hits = cues.get(sentence.cues.clone()).unwrap_or(&[]);
    let wanted = found
        .iter()
        .filter(|name| {
            let first = hits.partition_point(|hit| hit.start < name.start);
            hits.get(first..)
                .unwrap_or(&[])
                .iter()
                .take_while(|hit| hit.start == name.start)
                .any(|hit| matches!(hit.cue, Cue::Wanted | Cue::Quantity | Cue::Whole))
        })
        .count();
    if parted || each || wanted.saturating_mul(2) > found.len() {
        found
    } else {
        Vec::new()
    }
}

/// The most words that the name of one thing wanted has.
const LONGEST_NAME: usize = 6;

/// Whether a word stands at the start of its sentence, or behind a colon or dash.
fn opens(body: &str, from: usize, start: usize) -> bool {
    let before = slice(body, from..start).trim_end();
    before.is_empty() || before.ends_with([':', '-', '–', '—'])
}

/// The start of a clause with the preposition in front of its question word: "from which firm".
fn before_preposition(body: &str, hits: &[CueHit], index: usize) -> usize {
    let Some(hit) = hits.get(index) else {
        return 0;
    };
    hits.get(..index)
        .unwrap_or(&[])
        .iter()
        .rev()
        .take_while(|other| hit.start.saturating_sub(other.start) <= 12)
        .find(|other| {
            other.cue == Cue::Preposition
                && hit.start.saturating_sub(other.end) <= 2
                && slice(body, other.end..hit.start).trim().is_empty()
        })
        .map_or(hit.start, |other| other.start)
}

enum Boundary {
    Comma,
    /// By "and", "or", or a semicolon.
    Joined,
}

/// What stands in front of a clause, words such as "also" and "lastly" skipped.
fn boundary(body: &str, from: usize, start: usize) -> Option<Boundary> {
    let mut before = slice(body, from..start).trim_end();
    let mut joined = false;
    for _ in 0..4 {
        if before.ends_with([';', ':']) {
            return Some(Boundary::Joined);
        }
        if before.ends_with(',') {
            return Some(if joined {
                Boundary::Joined
            } else {
                Boundary::Comma
            });
        }
        let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
        let skipped = ["also", "then", "lastly", "finally", "plus", "&"]
            .iter()
            .any(|joint| word.eq_ignore_ascii_case(joint));
        let joins = ["and", "or"]
            .iter()
            .any(|joint| word.eq_ignore_ascii_case(joint));
        if !skipped && !joins {
            break;
        }
        joined |= joins || word == "&";
        before = before
            .get(..before.len().saturating_sub(word.len()))
            .unwrap_or("")
            .trim_end();
    }
    joined.then_some(Boundary::Joined)
}

/// A clause without the comma and "and" that lead to the next.
fn without_joint(body: &str, span: Range<usize>) -> Range<usize> {
    let mut span = trimmed(body, span);
    for _ in 0..4 {
        let text = slice(body, span.clone());
        let cut = text.trim_end_matches(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
        let word = cut.rsplit(char::is_whitespace).next().unwrap_or("");
        let joint = [
            "and", "or", "also", "then", "lastly", "finally", "plus", "&",
        ]
        .iter()
        .any(|joint| word.eq_ignore_ascii_case(joint));
        let cut = if joint {
            cut.get(..cut.len().saturating_sub(word.len()))
                .unwrap_or("")
                .trim_end()
        } else {
            cut
        };
        span.end = span.start.saturating_add(cut.len());
        if !joint {
            break;
        }
    }
    span
}
