//! Dates in the text of a notice.

use std::ops::Range;

use jiff::civil::Date;

use super::cue::Cue;
use super::reading::Reading;
use super::text::Kind;
use crate::month;

/// The dates that a notice gives for itself and for the request.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates {
    /// The day of receipt, where the text says "received".
    pub received: Option<(Date, Range<usize>)>,
    /// The day of the request, where the text says no more.
    pub requested: Option<(Date, Range<usize>)>,
    /// The day of the notice.
    pub issued: Option<(Date, Range<usize>)>,
}

/// Finds the dates.
pub(super) fn dates(reading: &Reading<'_>) -> Dates {
    let mut dates = Dates::default();
    for index in 0..reading.len() {
        if !reading.authority(index) {
            continue;
        }
        let Some(sentence) = reading.sentence(index) else {
            break;
        };
        let words = sentence.words.clone();
        let found = in_words(reading, words.clone());
        let Some((date, span)) = found else { continue };
        let says = |wanted: &str| words.clone().any(|word| reading.text.form(word) == wanted);
        let own = reading.has(index, Cue::RequestIdentified)
            || says("request")
            || says("enquiry")
            || says("email")
            || says("letter");
        if own && says("received") && !says("review") {
            dates.received.get_or_insert((date, span));
        } else if own && (says("of") || says("dated") || says("on")) && says("your") {
            dates.requested.get_or_insert((date, span));
        } else if dates.issued.is_none()
            && words.len() <= 6
            && (sentence.kind == Kind::Heading || says("date") || words.len() <= 4)
        {
            dates.issued = Some((date, span));
        }
    }
    dates
}

/// The first date among some words: "18 February 2026", "18th February 2026", "February 18 2026", "18/02/2026", "2026-02-18".
pub(super) fn in_words(reading: &Reading<'_>, words: Range<usize>) -> Option<(Date, Range<usize>)> {
    let form = |word: usize| reading.text.form(word);
    let number = |word: usize| {
        form(word)
            .trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .parse::<i16>()
            .ok()
    };
    let month = |word: usize| month::named(form(word));
    let date = |year: i16, month: i8, day: i16| {
        let day = i8::try_from(day).ok()?;
        (1990..=2200)
            .contains(&year)
            .then(|| Date::new(year, month, day).ok())?
    };
    let mut at = words.start;
    while at < words.end {
        let (second, third) = (at.saturating_add(1), at.saturating_add(2));
        if third < words.end && (number(at).is_some() || month(at).is_some()) {
            let read = match (number(at), month(second), number(third)) {
                (Some(day), Some(month), Some(year)) => date(year, month, day),
                _ => None,
            }
            .or_else(|| match (month(at), number(second), number(third)) {
                (Some(month), Some(day), Some(year)) => date(year, month, day),
                _ => None,
            })
            .or_else(|| match (number(at), number(second), number(third)) {
                (Some(a), Some(b), Some(c)) if close(reading, at) && close(reading, second) => {
                    if a > 1000 {
                        date(a, i8::try_from(b).ok()?, c)
                    } else {
                        let year = if c < 100 { c.saturating_add(2000) } else { c };
                        date(year, i8::try_from(b).ok()?, a)
                    }
                }
                _ => None,
            });
            if let Some(date) = read {
                return Some((date, reading.words_span(&(at..third.saturating_add(1)))));
            }
        }
        at = second;
    }
    None
}

/// Whether only a stroke, stop or hyphen parts a word from the next.
fn close(reading: &Reading<'_>, word: usize) -> bool {
    let span = |word: usize| {
        reading
            .text
            .words
            .get(word)
            .map_or(0..0, |word| word.span.clone())
    };
    let between = span(word).end..span(word.saturating_add(1)).start;
    reading
        .source
        .get(between)
        .is_some_and(|text| matches!(text, "/" | "-" | "."))
}
