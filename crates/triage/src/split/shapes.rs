//! What a unit or a sentence is by its shape: an option, a title, a name, a follow-up, or a question and how sure.

use std::ops::Range;

use super::markers::{self, Marker, Scheme};
use super::questions::How;
use super::sentences::Sentence;
use super::slice;
use super::units::Unit;
use crate::cues::{Cue, CueHit};

/// Whether quotation marks are still open behind a text, if they were or weren't in front of it.
pub(super) fn left_open(text: &str, open: bool) -> bool {
    text.chars().fold(open, |open, c| match c {
        '"' => !open,
        '“' => true,
        '”' => false,
        _ => open,
    })
}

/// Whether an item without a question's form may still be one: not a greeting, a remark about the answer, or an option.
pub(super) fn counts(unit: &Unit, first: Option<&Sentence>) -> bool {
    let Some(first) = first else {
        return false;
    };
    let explains = first.early.any(&[Cue::Definition, Cue::Legal]) || unit.opening.has(Cue::Note);
    if unit.question {
        return true;
    }
    if is_box(unit) {
        return false;
    }
    let labelled = first
        .early
        .any(&[Cue::Deal, Cue::Price, Cue::Wanted, Cue::Quantity]);
    if explains && unit.words > 14 && !labelled {
        return false;
    }
    if unit
        .opening
        .any(&[Cue::QuestionWord, Cue::Wanted, Cue::Quantity])
    {
        return true;
    }
    // "Yearly value", "Other costs" are no answers to choose from.
    let names = first.all.any(&[Cue::Deal, Cue::Price]);
    if is_option(unit) && unit.words <= 3 && !unit.requests && !names {
        return false;
    }
    if unit.opening.any(&[Cue::Greeting, Cue::SignOff, Cue::Note]) && unit.words <= 6 {
        return false;
    }
    let handles = first.early.any(&[Cue::Boilerplate, Cue::Footer]);
    let shapes = first.early.has(Cue::Format) && !(unit.requests && first.names);
    !((handles || shapes) && unit.words > 4)
}

/// Whether a sentence opens with what it wants or asks.
pub(super) fn names_or_asks(sentence: &Sentence) -> bool {
    sentence.opening.any(&[
        Cue::Wanted,
        Cue::Quantity,
        Cue::QuestionWord,
        Cue::Auxiliary,
    ])
}

/// Whether a sentence hangs on the answer to the one before it: "If so, how many?", "To which, if any?"
pub(super) fn follows_up(sentence: &Sentence) -> bool {
    // "Where was it bought?" asks for a place.
    let place = sentence.question
        && sentence.opening.has(Cue::QuestionWord)
        && sentence.opening.has(Cue::If);
    sentence.opening.has(Cue::Conditional)
        || (!place && sentence.all.any(&[Cue::Conditional, Cue::If]) && sentence.words <= 8)
}

/// Whether no number or letter calls a unit an item of its own.
pub(super) fn is_bulleted(unit: &Unit) -> bool {
    unit.marker
        .as_ref()
        .is_none_or(|marker| matches!(marker.scheme, Scheme::Bullet(_)))
}

/// Where the last of some units ends.
pub(super) fn last_end(units: &[Unit], some: &Range<usize>) -> Option<usize> {
    some.end
        .checked_sub(1)
        .and_then(|last| units.get(last))
        .map(|last| last.span.end)
}

/// A whole sentence that asks for nothing.
pub(super) fn states(unit: &Unit) -> bool {
    unit.closed
        && unit.words > 6
        && !unit.asks()
        && !unit
            .opening
            .any(&[Cue::Wanted, Cue::Quantity, Cue::Whole, Cue::Imperative])
}

/// A few words that ask for nothing themselves.
pub(super) fn is_name(unit: &Unit) -> bool {
    unit.words <= 6
        && !unit.asks()
        && !unit.leads
        && !unit.opening.any(&[Cue::Wanted, Cue::Quantity])
}

/// "Did it start from a:" over what it may have started from.
pub(super) fn ends_in_article(body: &str, unit: &Unit) -> bool {
    unit.leads
        && slice(body, unit.span.clone())
            .trim_end_matches(':')
            .trim_end()
            .rsplit(char::is_whitespace)
            .next()
            .is_some_and(|word| ["a", "an", "a/an"].contains(&word))
}

/// Whether an item asks for one of the particulars of a thing.
pub(super) fn particular(unit: &Unit) -> bool {
    unit.asks() || unit.all.any(&[Cue::Deal, Cue::Price, Cue::Wanted])
}

/// Whether a marked line is a title: "Procurement:".
pub(super) fn heads(unit: &Unit) -> bool {
    unit.marker.is_some()
        && unit.leads
        && unit.words <= 5
        && !unit.hangs
        && is_title(unit)
        && !particular(unit)
}

/// Whether most of some units leave room for an answer: "Contract end date:", "Name of the model –".
pub(super) fn are_fields(units: &[Unit]) -> bool {
    let open = units.iter().filter(|unit| unit.leads).count();
    units.len() > 2 && open.saturating_mul(4) >= units.len().saturating_mul(3)
}

/// Whether an item without a question leads to the lines below it: "Figures on use, split into:".
pub(super) fn parts_into(item: &Unit) -> bool {
    item.leads && !item.asks() && !item.opening.has(Cue::Quantity)
}

/// Whether an item names something to be given: by a word that asks, or one for what was bought and at what price.
pub(super) fn wants(unit: &Unit) -> bool {
    unit.asks()
        || unit.leads
        || unit.opening.any(&[
            Cue::Wanted,
            Cue::Quantity,
            Cue::Deal,
            Cue::Price,
            Cue::Imperative,
        ])
}

/// An answer such as "Yes" or "Other (please specify)".
pub(super) fn is_option(unit: &Unit) -> bool {
    (unit.opening.has(Cue::Option) && unit.words <= 6) || is_box(unit)
}

/// A box to tick: "[ ] In the cloud", "☐ Up to £20,000".
fn is_box(unit: &Unit) -> bool {
    let names = unit
        .opening
        .any(&[Cue::QuestionWord, Cue::Wanted, Cue::Quantity]);
    match unit.marker.as_ref().map(|marker| marker.scheme) {
        Some(Scheme::Bullet(sign)) => {
            sign == markers::BOX || (markers::is_tick_box(sign) && !names)
        }
        _ => false,
    }
}

/// "Yes - for everybody", "No: it is planned".
pub(super) fn explains_option(body: &str, unit: &Unit) -> bool {
    unit.opening.has(Cue::Option)
        && slice(body, unit.span.clone())
            .trim_start_matches(char::is_alphanumeric)
            .trim_start()
            .starts_with(['-', '–', '—', ':', ',', '('])
}

/// A few words without a verb that asks and without a stop.
pub(super) fn is_title(unit: &Unit) -> bool {
    unit.words > 0
        && unit.words <= 9
        && !unit.closed
        && !unit.asks()
        && !unit
            .opening
            .any(&[Cue::Greeting, Cue::SignOff, Cue::Each, Cue::Conditional])
        && !unit.all.any(&[Cue::Introduces, Cue::Boilerplate])
}

/// "Part B - Local network": a title by its first words.
pub(super) fn is_part(body: &str, unit: &Unit) -> bool {
    let mut words = slice(body, unit.span.clone()).split(|c: char| !c.is_alphanumeric());
    let named = words.next().is_some_and(|word| {
        ["part", "section", "schedule", "annex"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    });
    let counted = words
        .next()
        .is_some_and(|word| word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphanumeric()));
    named && counted && unit.words <= 9 && !unit.question && !unit.closed
}

/// Whether a list without markers ends in front of this paragraph.
pub(super) fn ends_lines(unit: &Unit) -> bool {
    unit.opening.any(&[Cue::SignOff, Cue::Greeting])
        || (unit.all.any(&[
            Cue::Boilerplate,
            Cue::Format,
            Cue::Legal,
            Cue::Definition,
            Cue::Footer,
        ]) && unit.words > 6
            && !unit.question)
        || (unit.leads && (unit.words > 3 || unit.requests))
        || unit.words > 60
}

/// "1." and "2.".
pub(super) fn counts_on(one: Option<&Marker>, other: Option<&Marker>) -> bool {
    matches!((one, other), (Some(one), Some(other))
        if one.scheme == other.scheme && other.value == one.value.saturating_add(1))
}

/// Whether an item without items under it leads to its neighbours: "Please give:", "What is payable for:".
pub(super) fn leads_on(cues: &[CueHit], unit: &Unit, sentences: &[Sentence]) -> bool {
    unit.marker.is_some()
        && (unit.leads
            && (unit.requests
                || unit.hangs
                || near_end(cues, unit, sentences, &[Cue::Introduces], 12)))
}

/// Whether the last words are "for example" or the like.
pub(super) fn ends_in_example(cues: &[CueHit], unit: &Unit, sentences: &[Sentence]) -> bool {
    unit.leads && near_end(cues, unit, sentences, &[Cue::Example], 3)
}

/// Whether the last words are "for each of the following" or the like.
pub(super) fn is_rows_lead(cues: &[CueHit], unit: &Unit, sentences: &[Sentence]) -> bool {
    (unit.leads || unit.hangs) && near_end(cues, unit, sentences, &[Cue::Rows], 30)
}

/// Whether a cue of these kinds ends within `bytes` of the unit's end.
pub(super) fn near_end(
    cues: &[CueHit],
    unit: &Unit,
    sentences: &[Sentence],
    kinds: &[Cue],
    bytes: usize,
) -> bool {
    sentences
        .get(unit.sentences.clone())
        .unwrap_or(&[])
        .last()
        .and_then(|last| cues.get(last.cues.clone()))
        .unwrap_or(&[])
        .iter()
        .rev()
        .any(|hit| kinds.contains(&hit.cue) && unit.span.end.saturating_sub(hit.end) <= bytes)
}

/// How surely a sentence of a paragraph asks; None where it does not.
pub(super) fn how(sentence: &Sentence, preamble: bool, has_list: bool) -> Option<How> {
    if sentence.is_aside() {
        return None;
    }
    let umbrella = sentence.all.has(Cue::Umbrella);
    let introduces = sentence.all.has(Cue::Introduces) && !sentence.names;
    if sentence.question {
        // "Does it?", said of what was stated before.
        if sentence.words <= 2 && sentence.opening.has(Cue::Auxiliary) {
            return None;
        }
        // "Comments?"
        if sentence.words == 1 && !sentence.opening.has(Cue::QuestionWord) {
            return None;
        }
        // "3 things please?"
        let bare = preamble
            && sentence.words <= 6
            && !sentence.names
            && !sentence.opening.any(&[Cue::QuestionWord, Cue::Auxiliary]);
        // "Please could this be broken down by ward?"
        let refines = sentence.all.has(Cue::Refinement)
            && sentence.all.any(&[Cue::Please, Cue::Asking])
            && !sentence.names;
        if bare || (refines && has_list) {
            return None;
        }
        let leads_only = sentence.requests && (introduces || (umbrella && preamble));
        // "Can you tell me about your lifts?" counts where nothing asks more closely.
        let vague = sentence.requests && umbrella && !sentence.names;
        return (!leads_only).then_some(if vague { How::Wishes } else { How::Asks });
    }
    if introduces {
        return None;
    }
    if sentence.opening.has(Cue::Quantity) && sentence.words > 3 {
        return Some(How::Asks);
    }
    if preamble {
        return None;
    }
    if sentence.requests {
        let refines = sentence.all.has(Cue::Refinement)
            && !sentence.all.any(&[Cue::QuestionWord, Cue::Quantity]);
        let direct = sentence.opening.has(Cue::Imperative) && sentence.words > 3;
        let more = sentence.early.has(Cue::Connector) && sentence.words > 4;
        if refines || (umbrella && !more) {
            return (!has_list).then_some(How::Wishes);
        }
        return Some(if sentence.names || direct || more {
            How::Asks
        } else {
            How::Wishes
        });
    }
    // "The firm that supplies it, who is it please", "The number of books lent, please."
    if sentence.all.has(Cue::Please) && sentence.names && !sentence.opening.has(Cue::If) {
        return Some(How::Asks);
    }
    if (sentence.opening.union(sentence.resumed)).any(&[Cue::QuestionWord, Cue::Auxiliary])
        && sentence.words > 3
    {
        return Some(How::Wishes);
    }
    (sentence.opening.has(Cue::Whole) || sentence.opening.union(sentence.resumed).has(Cue::Wanted))
        .then_some(How::Names)
}
