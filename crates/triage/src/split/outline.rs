//! How units stand under one another.

use std::ops::Range;

use super::markers::{Marker, Scheme};
use super::slice;
use super::units::{Unit, stem};

/// A unit's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// 0 for a paragraph, 1 for an item of a list, 2 for an item under it.
    pub depth: usize,
    /// The marked unit that it stands under.
    pub parent: Option<usize>,
}

/// No list is nested deeper; what claims to be stands beside.
const DEEPEST: usize = 12;

#[derive(Clone, Debug)]
struct Level {
    marker: Marker,
    unit: usize,
    indent: usize,
    /// Whether it has had numbers under it.
    numbered: bool,
}

/// The place of each unit.
///
/// A marker of a kind that is open continues that list; another kind opens a list under the latest item. A line without
/// a marker directly below an item belongs to it.
pub(super) fn read(body: &str, units: &[Unit]) -> Vec<Place> {
    let mut open: Vec<Level> = Vec::new();
    let mut places: Vec<Place> = Vec::with_capacity(units.len());
    // The item whose lines these are, with no paragraph in between.
    let mut item: Option<(usize, usize)> = None;
    for (index, unit) in units.iter().enumerate() {
        let Some(marker) = &unit.marker else {
            let next = units.get(index.saturating_add(1));
            if let Some((item, depth)) = item
                && !unit.apart
                && !opens_next(&open, unit, next)
            {
                places.push(Place {
                    depth: depth.saturating_add(1),
                    parent: Some(item),
                });
                continue;
            }
            item = None;
            if unit.leads {
                open.clear();
            } else {
                open.retain(|level| matches!(level.marker.scheme, Scheme::Number(_)));
            }
            places.push(Place {
                depth: 0,
                parent: None,
            });
            continue;
        };
        let numbered = close(body, &mut open, marker, unit, index);
        if open.len() >= DEEPEST {
            open.pop();
        }
        let parent = open.last().map(|level| level.unit);
        open.push(Level {
            marker: marker.clone(),
            unit: index,
            indent: unit.indent,
            numbered,
        });
        item = Some((index, open.len()));
        places.push(Place {
            depth: open.len(),
            parent,
        });
    }
    places
}

/// Whether an unmarked line below an item leads to a list of its own rather than to one under the item.
fn opens_next(open: &[Level], unit: &Unit, next: Option<&Unit>) -> bool {
    // "4. Parks" and then "What does each of them cost?" over "1. Libraries".
    let anew = unit.question && next.is_some_and(|next| next.marker.is_some());
    if !unit.leads && !unit.hangs && !anew {
        return false;
    }
    match next.and_then(|next| next.marker.as_ref()) {
        None => unit.leads,
        Some(next) => {
            next.value <= 1
                && open
                    .iter()
                    .any(|level| alike(level.marker.scheme, next.scheme))
        }
    }
}

fn alike(one: Scheme, other: Scheme) -> bool {
    match (one, other) {
        (Scheme::Number(_), Scheme::Number(_)) => true,
        _ => one == other,
    }
}

/// Closes the levels that a marker ends, so that the last one left is its parent.
///
/// Tells whether items of its list have numbers under them, as "A. Servers, 1. How many, 2. Who; B. Laptops, 1. …".
fn close(body: &str, open: &mut Vec<Level>, marker: &Marker, unit: &Unit, index: usize) -> bool {
    let mut numbered = false;
    match marker.scheme {
        Scheme::Number(_) => {
            // "A. Servers 1. How many": numbers under letters.
            let letters = open
                .iter()
                .rposition(|level| matches!(level.marker.scheme, Scheme::Letter | Scheme::Roman));
            let numbers = open
                .iter()
                .any(|level| matches!(level.marker.scheme, Scheme::Number(_)));
            if let Some(at) = letters
                && !numbers
                && let Some(level) = open.get_mut(at)
                && marker.value == 1
                && level.unit.saturating_add(1) == index
                && (level.numbered || level.marker.value == 1)
            {
                level.numbered = true;
                open.truncate(at.saturating_add(1));
                return false;
            }
            while let Some(top) = open.last() {
                let ancestor = matches!(top.marker.scheme, Scheme::Number(_))
                    && is_ancestor(label(body, top), slice(body, marker.label.clone()));
                let lettered =
                    matches!(top.marker.scheme, Scheme::Letter | Scheme::Roman) && top.numbered;
                if ancestor || lettered {
                    break;
                }
                open.pop();
            }
        }
        Scheme::Letter | Scheme::Roman => {
            if let Some(at) = open
                .iter()
                .rposition(|level| level.marker.scheme == marker.scheme)
            {
                numbered = open.get(at).is_some_and(|level| level.numbered);
                open.truncate(at);
            }
        }
        Scheme::Bullet(_) => {
            let same = open.iter().rposition(|level| {
                level.marker.scheme == marker.scheme
                    && level.indent <= unit.indent.saturating_add(1)
            });
            match same {
                Some(at)
                    if open
                        .get(at)
                        .is_some_and(|level| level.indent.saturating_add(1) < unit.indent) =>
                {
                    open.truncate(at.saturating_add(1));
                }
                Some(at) => open.truncate(at),
                None => {
                    while open.last().is_some_and(|level| {
                        level.marker.scheme == marker.scheme
                            || (matches!(level.marker.scheme, Scheme::Bullet(_))
                                && level.indent > unit.indent)
                    }) {
                        open.pop();
                    }
                }
            }
        }
    }
    numbered
}

fn label<'b>(body: &'b str, level: &Level) -> &'b str {
    slice(body, level.marker.label.clone())
}

/// Whether "4" is the start of "4a", "5.1" of "5.1.2".
fn is_ancestor(short: &str, long: &str) -> bool {
    // "1.0" stands over "1.1".
    let short = short.strip_suffix(".0").unwrap_or(short);
    let mut rest = stem(long);
    while !rest.is_empty() {
        if rest == short {
            return true;
        }
        rest = stem(rest);
    }
    false
}

/// The units that stand under the unit at `index`.
pub(super) fn under(places: &[Place], index: usize) -> Range<usize> {
    let own = places.get(index).map_or(0, |place| place.depth);
    let start = index.saturating_add(1);
    let count = places
        .get(start..)
        .unwrap_or(&[])
        .iter()
        .take_while(|place| place.depth > own)
        .count();
    start..start.saturating_add(count)
}
