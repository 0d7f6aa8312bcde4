//! Reported questions in a row: "please say which firm it is, when the contract ends and what it costs".

use std::ops::Range;

use super::sentences::Sentence;
use super::{slice, trimmed};
use crate::cues::{Cue, CueHit, inside};

/// The clauses of a sentence that each ask for something of their own; fewer than two where it asks one thing.
pub(super) fn split(body: &str, cues: &[CueHit], sentence: &Sentence) -> Vec<Range<usize>> {
    // "I wondered if you sell it; how much that brings in; and who buys it."
    let parted = spaced(slice(body, sentence.span.clone()), ';').count() > 1;
    let direct = sentence.question && !sentence.requests && !parted;
    let asked = sentence.requests
        || parted
        || sentence.question
        || sentence
            .opening
            .union(sentence.resumed)
            .any(&[Cue::QuestionWord, Cue::Auxiliary]);
    if !asked {
        return Vec::new();
    }
    let hits = cues.get(sentence.cues.clone()).unwrap_or(&[]);
    let run_on = !slice(body, sentence.span.clone()).contains([',', ';', ':', '?']);
    let mut brackets = Brackets::new(slice(body, sentence.span.clone()), sentence.span.start);
    let mut starts: Vec<usize> = Vec::new();
    let mut joined = false;
    // Where the first clause asks, behind what it opens with.
    let mut opened: usize = 0;
    for (index, hit) in hits.iter().enumerate() {
        if !matches!(hit.cue, Cue::QuestionWord | Cue::Wanted | Cue::Auxiliary)
            || brackets.hold(hit.start)
        {
            continue;
        }
        if starts.is_empty() {
            let opens = opens(body, hits, sentence.span.start, hit.start);
            if opens || (sentence.requests && hit.cue != Cue::Auxiliary) {
                let start = before_preposition(body, hits, index);
                starts.extend(first_object(body, hits, sentence, start));
                starts.push(start);
            } else if direct && hit.cue == Cue::QuestionWord {
                // "In the last three years, how many …"
                let start = before_preposition(body, hits, index);
                if boundary(body, sentence.span.start, start).is_some() {
                    starts.push(sentence.span.start);
                    opened = start;
                }
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
        if start <= opened || starts.last().is_some_and(|last| *last >= start) {
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
    if sentence.requests {
        joined |= add_parted(body, sentence, &mut starts);
    }
    let ends = starts.iter().skip(1).copied().chain([sentence.span.end]);
    let clauses: Vec<Range<usize>> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| without_joint(body, *start..end))
        .collect();
    let apart = if direct {
        are_apart(body, hits, &clauses)
    } else {
        let fewest = match (sentence.question, joined) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 3,
        };
        clauses.len() >= fewest
    };
    // "When and how he came to see it.", "Which make and which model it is."
    let bare = clauses.len() == 2
        && clauses
            .first()
            .is_some_and(|first| slice(body, first.clone()).split_whitespace().count() <= 2);
    let apart = apart && !bare;
    if apart { clauses } else { Vec::new() }
}

/// The parts between semicolons in which no clause begins yet: "how many there are; the highest of them; and who owns it".
fn add_parted(body: &str, sentence: &Sentence, starts: &mut Vec<usize>) -> bool {
    let text = slice(body, sentence.span.clone());
    let signs: Vec<usize> = spaced(text, ';')
        .map(|at| sentence.span.start.saturating_add(at))
        .collect();
    let Some(first) = starts.first().copied().filter(|_| signs.len() > 1) else {
        return false;
    };
    let ends = signs.iter().skip(1).copied().chain([sentence.span.end]);
    for (sign, end) in signs.iter().zip(ends) {
        let part = trimmed(body, sign.saturating_add(1)..end);
        let taken = starts.iter().any(|start| (*sign..end).contains(start));
        let words = slice(body, part.clone()).split_whitespace().count();
        if *sign > first && !taken && words > 2 {
            let and = slice(body, part.clone())
                .strip_prefix("and ")
                .map_or(0, |_| "and ".len());
            starts.push(part.start.saturating_add(and));
        }
    }
    starts.sort_unstable();
    true
}

/// Whether the clauses under one question mark are questions of their own: many, or one about a thing and one about the
/// deal by which it was bought. "How many closed, and which?" is one question.
fn are_apart(body: &str, hits: &[CueHit], clauses: &[Range<usize>]) -> bool {
    let holds = |clause: &Range<usize>, cues: &[Cue]| {
        inside(hits, clause).any(|hit| cues.contains(&hit.cue))
    };
    match clauses {
        [] | [_] => false,
        [one, other] => {
            let asks = |clause: &Range<usize>| {
                slice(body, clause.clone()).split_whitespace().count() > 3
                    && hits.iter().any(|hit| {
                        hit.cue == Cue::QuestionWord
                            && hit.start >= clause.start
                            && hit.start <= clause.start.saturating_add(8)
                    })
            };
            holds(one, &[Cue::Deal]) != holds(other, &[Cue::Deal]) && asks(one) && asks(other)
        }
        [_, _, _] => clauses
            .iter()
            .any(|clause| holds(clause, &[Cue::Deal, Cue::Price])),
        _ => true,
    }
}

/// Reads where brackets stand in a sentence, from left to right.
struct Brackets<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Brackets<'a> {
    fn new(text: &'a str, start: usize) -> Self {
        // Brackets that don't close hold nothing.
        let text = if text.matches('(').count() == text.matches(')').count() {
            text
        } else {
            ""
        };
        Self {
            text,
            at: start,
            depth: 0,
        }
    }

    /// Whether a place, no earlier than the one asked for before, is inside brackets.
    fn hold(&mut self, place: usize) -> bool {
        let Some((read, rest)) = self.text.split_at_checked(place.saturating_sub(self.at)) else {
            return false;
        };
        for byte in read.bytes() {
            match byte {
                b'(' => self.depth = self.depth.saturating_add(1),
                b')' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.text = rest;
        self.at = place.max(self.at);
        self.depth > 0
    }
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

/// Short names in a row, and the words that they stand behind.
pub(super) struct Listed {
    pub lead: Range<usize>,
    pub names: Vec<Range<usize>>,
}

/// "Per area: product name, version, supplier", "Firewalls — supplier / end date": short names behind a colon or dash, for
/// what is asked of something.
pub(super) fn listed(body: &str, cues: &[CueHit], sentence: &Sentence) -> Option<Listed> {
    if sentence.is_aside() && !sentence.all.any(&[Cue::Deal, Cue::Price]) {
        return None;
    }
    let text = slice(body, sentence.span.clone());
    let list = Names {
        body,
        hits: cues.get(sentence.cues.clone()).unwrap_or(&[]),
    };
    let at = |place: usize| sentence.span.start.saturating_add(place);
    let behind = |joint: &Joint| at(joint.end)..sentence.span.end;
    let led = sentence.requests
        || sentence.all.any(&[Cue::Each, Cue::Introduces])
        || sentence.early.has(Cue::Umbrella)
        || sentence.opening.has(Cue::Preposition);
    let colon = joints(text).find(|joint| joint.colon);
    // Semicolons part what is asked, however long, and then a colon is all that leads to it.
    let parted = colon
        .filter(|joint| !text.get(..joint.start).unwrap_or("").contains(';'))
        .map(|joint| (joint.start, list.parts(behind(&joint), &[";"])))
        .filter(|(_, parts)| parts.len() > 2);
    let named = led
        .then(|| joints(text).last())
        .flatten()
        .filter(|_| !sentence.question)
        .map(|joint| (joint.start, list.parts(behind(&joint), &[",", ";"])))
        .filter(|(_, names)| {
            let each = sentence.all.any(&[Cue::Each, Cue::Introduces]);
            let wanted = names.iter().filter(|name| list.wants(name)).count();
            names.len() > 2
                && names.iter().all(|name| list.is_short(name))
                && (each || wanted.saturating_mul(2) > names.len())
        });
    // Nothing leads but the thing itself: "Traffic signals - number of sets, make, contract expiry".
    let headed = joints(text)
        .next()
        .filter(|joint| list.is_thing(sentence, at(0)..at(joint.start)))
        .and_then(|joint| Some((joint.start, list.told(behind(&joint))?)));
    let (end, names) = match (parted, named.or(headed)) {
        (Some(parted), Some(named)) if named.1.len() > parted.1.len() => named,
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some(Listed {
        lead: trimmed(body, at(0)..at(end)),
        names,
    })
}

/// A colon with a space behind it, or a dash between two.
#[derive(Clone, Copy)]
struct Joint {
    start: usize,
    end: usize,
    colon: bool,
}

fn joints(text: &str) -> impl DoubleEndedIterator<Item = Joint> {
    text.match_indices([':', '-', '–', '—'])
        .filter_map(|(start, sign)| {
            let end = start.saturating_add(sign.len());
            let spaced = text.get(end..)?.starts_with(char::is_whitespace);
            let colon = sign == ":";
            let apart = colon || text.get(..start)?.ends_with(char::is_whitespace);
            (spaced && apart).then_some(Joint { start, end, colon })
        })
}

/// Whether there is space on both sides of a sign or word.
fn apart(text: &str, at: usize, length: usize) -> bool {
    let behind = text.get(at.saturating_add(length)..).unwrap_or("");
    text.get(..at).unwrap_or("").ends_with(char::is_whitespace)
        && behind.starts_with(char::is_whitespace)
}

/// Names in a row, with the cues of their sentence.
struct Names<'a> {
    body: &'a str,
    hits: &'a [CueHit],
}

impl Names<'_> {
    /// The parts of a list, brackets kept whole, without "and" in front of them.
    fn parts(&self, list: Range<usize>, signs: &[&str]) -> Vec<Range<usize>> {
        let text = slice(self.body, list.clone());
        let mut depth: usize = 0;
        let mut from: usize = 0;
        let mut found = Vec::new();
        let mut add = |part: Range<usize>| {
            let own = trimmed(
                self.body,
                list.start.saturating_add(part.start)..list.start.saturating_add(part.end),
            );
            let own = self.without_and(own);
            if slice(self.body, own.clone()).contains(char::is_alphanumeric) {
                found.push(own);
            }
        };
        for (at, c) in text.char_indices() {
            match c {
                '(' => depth = depth.saturating_add(1),
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            let rest = text.get(at..).unwrap_or("");
            if depth == 0
                && at >= from
                && let Some(sign) = signs
                    .iter()
                    .find(|sign| rest.starts_with(**sign) && (**sign != "/" || apart(text, at, 1)))
            {
                add(from..at);
                from = at.saturating_add(sign.len());
            }
        }
        add(from..text.len());
        if signs.contains(&",")
            && let Some(last) = found.pop()
        {
            found.extend(self.halves(last));
        }
        found
    }

    /// The last of several names, in two where "and" joins two: "start date and the value".
    fn halves(&self, last: Range<usize>) -> Vec<Range<usize>> {
        let text = slice(self.body, last.clone());
        let small = text.to_ascii_lowercase();
        let cut = small
            .match_indices("and")
            .filter(|(at, joint)| apart(text, *at, joint.len()))
            .map(|(at, joint)| {
                let at = last.start.saturating_add(at);
                let one = trimmed(self.body, last.start..at);
                (
                    one,
                    trimmed(self.body, at.saturating_add(joint.len())..last.end),
                )
            })
            .find(|(one, other)| {
                let opens = self
                    .hits_of(other)
                    .take_while(|hit| hit.start == other.start)
                    .any(|hit| matches!(hit.cue, Cue::QuestionWord | Cue::Wanted | Cue::Quantity));
                opens && self.words(one) > 1
            });
        match cut {
            Some((one, other)) => vec![one, other],
            None => vec![last],
        }
    }

    fn without_and(&self, own: Range<usize>) -> Range<usize> {
        let text = slice(self.body, own.clone());
        let joint = text
            .split_once(char::is_whitespace)
            .filter(|(word, _)| word.eq_ignore_ascii_case("and"))
            .map_or(0, |(_, rest)| {
                text.len().saturating_sub(rest.trim_start().len())
            });
        own.start.saturating_add(joint)..own.end
    }

    fn words(&self, span: &Range<usize>) -> usize {
        slice(self.body, span.clone()).split_whitespace().count()
    }

    fn hits_of(&self, span: &Range<usize>) -> impl Iterator<Item = &CueHit> {
        inside(self.hits, span)
    }

    /// Whether a name is of something that could be wanted: "total owed", "number of accounts", "provider".
    fn wants(&self, name: &Range<usize>) -> bool {
        self.hits_of(name).any(|hit| {
            matches!(hit.cue, Cue::Deal | Cue::Price)
                || (hit.start == name.start
                    && matches!(
                        hit.cue,
                        Cue::Wanted | Cue::Quantity | Cue::Whole | Cue::QuestionWord
                    ))
        })
    }

    /// "Job title" and the like are parts of one answer: whom to write to.
    fn is_contact(&self, name: &Range<usize>) -> bool {
        let letters: String = slice(self.body, name.clone())
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect();
        ["jobtitle", "email", "emailaddress", "telephone", "phone"]
            .iter()
            .any(|word| letters.eq_ignore_ascii_case(word))
    }

    fn is_short(&self, name: &Range<usize>) -> bool {
        let words = self.words(name);
        words <= LONGEST_NAME || (words <= LONGEST_WANTED && self.wants(name))
    }

    /// Whether the words in front of a colon or dash only name what the names behind it are asked of.
    fn is_thing(&self, sentence: &Sentence, head: Range<usize>) -> bool {
        let text = slice(self.body, head.clone());
        let deal = ["contract", "contracts", "agreement", "agreements", "lease"]
            .iter()
            .any(|word| {
                text.rsplit(char::is_whitespace)
                    .next()
                    .is_some_and(|last| last.eq_ignore_ascii_case(word))
            });
        self.words(&head) <= LONGEST_NAME
            && !text.contains([',', ';', '?'])
            && !sentence.opening.any(&[
                Cue::QuestionWord,
                Cue::Auxiliary,
                Cue::Wanted,
                Cue::Quantity,
                Cue::Greeting,
                Cue::SignOff,
            ])
            && !self.hits_of(&head).any(|hit| {
                matches!(
                    hit.cue,
                    Cue::Wanted | Cue::Quantity | Cue::Whole | Cue::Example | Cue::Choice
                ) || (matches!(hit.cue, Cue::Deal | Cue::Price) && !deal)
            })
    }

    /// The names behind a thing's own name, if enough of them are of something wanted.
    fn told(&self, list: Range<usize>) -> Option<Vec<Range<usize>>> {
        let signs: [&[&str]; 3] = [&[",", ";"], &[";"], &["/"]];
        signs
            .iter()
            .map(|signs| (self.parts(list.clone(), signs), signs.contains(&",")))
            .filter(|(names, commas)| {
                let wanted = names.iter().filter(|name| self.wants(name)).count();
                let enough = if *commas {
                    names.len() > 2 && wanted > 1 && wanted.saturating_mul(3) >= names.len()
                } else {
                    names.len() > 1 && wanted.saturating_mul(2) >= names.len()
                };
                enough
                    && names
                        .iter()
                        .all(|name| self.is_short(name) && !self.is_contact(name))
            })
            .map(|(names, _)| names)
            .max_by_key(Vec::len)
    }
}

/// The most words that the name of one thing wanted has.
const LONGEST_NAME: usize = 6;

/// The most where words for something wanted open it.
const LONGEST_WANTED: usize = 14;

/// Whether a word stands at the start of its sentence, behind a word such as "further", or behind a colon or dash.
fn opens(body: &str, hits: &[CueHit], from: usize, start: usize) -> bool {
    let before = slice(body, from..start).trim_end();
    let skipped = |hit: &CueHit| {
        matches!(hit.cue, Cue::Connector | Cue::Conditional)
            && hit.end == from.saturating_add(before.trim_end_matches(',').len())
    };
    before.is_empty()
        || before.ends_with([':', '-', '–', '—'])
        || hits.iter().take_while(|hit| hit.start == from).any(skipped)
}

/// The start of a clause with the preposition in front of its question word: "from which firm".
fn before_preposition(body: &str, hits: &[CueHit], index: usize) -> usize {
    let Some(hit) = hits.get(index) else {
        return 0;
    };
    if hit.cue == Cue::Wanted {
        return hit.start;
    }
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
        if let Some(rest) = JOINTS.iter().find_map(|joint| without_end(before, joint)) {
            before = rest.trim_end();
            joined = true;
            continue;
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

/// Joints of more than a word.
const JOINTS: [&str; 4] = [
    "together with",
    "along with",
    "as well as",
    "in addition to",
];

/// A text without these words at its end, if it ends with them.
fn without_end<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    words.rsplit(' ').try_fold(text, |text, word| {
        let text = text.trim_end();
        let last = text.rsplit(char::is_whitespace).next()?;
        let rest = text.get(..text.len().checked_sub(last.len())?)?;
        last.eq_ignore_ascii_case(word).then_some(rest)
    })
}

/// A clause without the comma and "and" that lead to the next.
fn without_joint(body: &str, span: Range<usize>) -> Range<usize> {
    let mut span = trimmed(body, span);
    for _ in 0..4 {
        let text = slice(body, span.clone());
        let cut = text.trim_end_matches(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
        if let Some(rest) = JOINTS.iter().find_map(|joint| without_end(cut, joint)) {
            span.end = span.start.saturating_add(rest.trim_end().len());
            continue;
        }
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
