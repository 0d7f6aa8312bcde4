//! The phrases found in a text, in order, without those that a longer one speaks for.

use std::ops::Range;

use crate::vocabulary::{Level, Mark, Sort};

pub(super) fn strength(level: Level) -> f32 {
    match level {
        Level::Decisive | Level::Sure => 1.0,
        Level::Plain => 0.9,
        Level::Weak => 0.6,
    }
}

/// The marks that count. A longer subject or exclusion speaks for the shorter ones inside it, so that "heat network" is no
/// network and "planning system" no planning matter.
pub(super) fn counting(mut marks: Vec<Mark>) -> Vec<Mark> {
    let mut covered = 0..0;
    marks.retain(|mark| match mark.sort {
        Sort::Subject | Sort::Exclusion => {
            let inside = mark.span.end <= covered.end && mark.span != covered;
            if !inside {
                covered = mark.span.clone();
            }
            !inside
        }
        Sort::Information | Sort::Word => true,
    });
    marks
}

/// So many marks of one question, stem or heading are looked at. None that a person wrote has so many.
const MOST: usize = 500;

/// The marks that lie inside a span.
pub(crate) fn within<'m>(marks: &'m [Mark], span: &Range<usize>) -> impl Iterator<Item = &'m Mark> {
    let first = marks.partition_point(|mark| mark.span.start < span.start);
    let end = span.end;
    marks
        .get(first..)
        .unwrap_or(&[])
        .iter()
        .take_while(move |mark| mark.span.start < end)
        .filter(move |mark| mark.span.end <= end)
        .take(MOST)
}
