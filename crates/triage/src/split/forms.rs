//! Requests that are laid out as forms or bare lists: a block of lines that each name something wanted, with no markers
//! and often no words that ask.

use std::collections::BTreeSet;
use std::ops::Range;

use super::clauses::spaced;
use super::outline::Place;
use super::shapes::are_fields;
use super::slice;
use super::units::Unit;
use crate::cues::Cue;
use crate::short::ShortWords;

/// The fewest lines of a block.
const FEWEST: usize = 3;
/// The most words of a line in it.
const LONGEST: usize = 32;
/// The most words of a title over it.
const TITLE: usize = 2;

/// The blocks of bare lines, in order.
pub(super) fn blocks(
    body: &str,
    units: &[Unit],
    places: &[Place],
    titles: &BTreeSet<usize>,
) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut start: usize = 0;
    while start < units.len() {
        let mut end = start;
        while let (Some(unit), Some(place)) = (units.get(end), places.get(end)) {
            if place.depth > 0 || (end > start && unit.apart) || !is_line(unit) {
                break;
            }
            end = end.saturating_add(1);
        }
        // "Please could I be told -" directly above the lines.
        let first = units.get(start).is_some_and(|first| {
            // The first of the fields itself: "Contract end date:".
            let field = first.leads
                && first
                    .all
                    .any(&[Cue::Deal, Cue::Price, Cue::Wanted, Cue::Quantity])
                && !first.all.any(&[Cue::Introduces, Cue::Each])
                && units.get(start..end).is_some_and(are_fields);
            first.requests && !first.all.has(Cue::Wanted) || first.leads && !field
        });
        let from = start.saturating_add(usize::from(first && end > start));
        // "PRINTERS" over the lines about them.
        let titled = titles.contains(&from)
            || units.get(from..end).is_some_and(|lines| {
                lines.split_first().is_some_and(|(first, rest)| {
                    first.words <= TITLE
                        && !first.asks()
                        && !first.all.any(&[Cue::Wanted, Cue::Quantity])
                        && !is_labelled(slice(body, first.span.clone()))
                        && rest.iter().all(|line| {
                            line.words > TITLE || is_labelled(slice(body, line.span.clone()))
                        })
                })
            });
        let from = from.saturating_add(usize::from(titled && end > from));
        let lines = units.get(from..end).unwrap_or(&[]);
        if lines.len() >= FEWEST
            && !led(units, from)
            && names(
                body,
                lines,
                is_titled(from, titles) || asked_above(units, from),
            )
        {
            blocks.push(from..end);
        }
        start = end.max(start.saturating_add(1));
    }
    blocks
}

/// The units that stand over lines which repeat: "Contract 1, Supplier, Value, Contract 2, Supplier, Value". Each stands once,
/// and the same two lines, or one line directly below where the others stand apart, follow each.
pub(super) fn titles(body: &str, units: &[Unit]) -> BTreeSet<usize> {
    let plain = |at: usize| {
        let unit = units.get(at)?;
        (unit.marker.is_none() && unit.words <= LONGEST_TITLE && !unit.closed)
            .then(|| slice(body, unit.span.clone()).trim_end_matches([':', ' ']))
    };
    let mut lines: Vec<(&str, usize)> = (0..units.len())
        .filter_map(|at| Some((plain(at)?, at)))
        .collect();
    lines.sort_unstable();
    let again: Vec<&[(&str, usize)]> = lines
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|same| same.len() > 1)
        .collect();
    let stands_once = |at: usize| {
        plain(at).is_some_and(|text| {
            again
                .binary_search_by_key(&text, |same| same.first().map_or("", |(text, _)| text))
                .is_err()
        })
    };
    let mut found = BTreeSet::new();
    for same in &again {
        let above: Vec<usize> = same
            .iter()
            .filter_map(|(_, at)| at.checked_sub(1))
            .collect();
        let heads = above.len() == same.len()
            && above
                .iter()
                .all(|at| stands_once(*at) && units.get(*at).is_some_and(|unit| !unit.asks()));
        if !heads {
            continue;
        }
        let below: BTreeSet<Option<&str>> = same
            .iter()
            .map(|(_, at)| plain(at.saturating_add(1)))
            .collect();
        let apart = above.iter().zip(*same).all(|(title, (_, line))| {
            units.get(*title).is_some_and(|unit| unit.apart)
                && units.get(*line).is_some_and(|unit| !unit.apart)
        });
        if apart || (below.len() == 1 && !below.contains(&None)) {
            found.extend(above);
        }
    }
    found
}

/// Whether what begins at a unit stands under one of these titles.
pub(super) fn is_titled(first: usize, titles: &BTreeSet<usize>) -> bool {
    first
        .checked_sub(1)
        .is_some_and(|above| titles.contains(&above))
}

/// The most words of a title over lines that repeat.
const LONGEST_TITLE: usize = 8;

/// Whether the lines are examples, terms or rows that something else is asked of: "Such as:", "for each of these:".
fn led(units: &[Unit], from: usize) -> bool {
    from.checked_sub(1)
        .and_then(|above| units.get(above))
        .is_some_and(|above| {
            above.leads
                && (above.all.any(&[Cue::Example, Cue::Rows, Cue::Scope])
                    || (above.all.has(Cue::Definition) && !above.requests)
                    || asks_nothing(
                        above,
                        units
                            .get(..from)
                            .unwrap_or(&[])
                            .iter()
                            .any(|unit| unit.question),
                    ))
        })
}

/// Whether the paragraph above leads to the block.
fn asked_above(units: &[Unit], from: usize) -> bool {
    from.checked_sub(1)
        .and_then(|above| units.get(above))
        .is_some_and(|above| {
            above.asks()
                || above.leads
                || above.hangs
                || above.all.any(&[Cue::Introduces, Cue::Each, Cue::Please])
        })
}

/// Whether a unit may be a line of a form.
fn is_line(unit: &Unit) -> bool {
    unit.marker.is_none()
        && unit.words > 0
        && unit.words <= LONGEST
        && unit.sentences.len() <= 2
        && !unit.opening.any(&[Cue::Greeting, Cue::SignOff, Cue::Note])
        && !(unit.all.any(&[
            Cue::Boilerplate,
            Cue::Legal,
            Cue::Definition,
            Cue::Footer,
            Cue::Rhetorical,
        ]) && (!unit.question || unit.requests)
            && unit.words > 6)
}

/// Whether the lines of a block name things wanted: few whole sentences, and where nothing above asks for them, enough
/// labels or words for what is wanted.
fn names(body: &str, lines: &[Unit], asked: bool) -> bool {
    let count = |is: &dyn Fn(&Unit) -> bool| lines.iter().filter(|unit| is(unit)).count();
    let told = count(&|unit| unit.full_stop && unit.words > 8 && !unit.asks());
    let wanted = count(&|unit| {
        unit.asks()
            || unit
                .all
                .any(&[Cue::Wanted, Cue::Quantity, Cue::QuestionWord])
    });
    let labelled = count(&|unit| is_labelled(slice(body, unit.span.clone())));
    // "Name: … E-mail: jo@example.org", or a telephone number by itself: who asks.
    let contact = lines.iter().any(|unit| {
        let line = slice(body, unit.span.clone());
        line.contains('@') || is_telephone(line)
    });
    let dated = lines
        .iter()
        .all(|unit| is_dated(slice(body, unit.span.clone())));
    !contact
        && !dated
        && told.saturating_mul(4) <= lines.len()
        && (asked
            || wanted.saturating_mul(3) >= lines.len()
            || labelled.saturating_mul(3) >= lines.len().saturating_mul(2))
}

/// Whether a paragraph leads to names that nothing is asked by: "I am not asking for:", and where something was asked
/// before it, "The publishers that I am interested in are:".
pub(super) fn asks_nothing(lead: &Unit, asked_before: bool) -> bool {
    let plain = !lead.question
        && !lead.opening.any(&[
            Cue::Please,
            Cue::Imperative,
            Cue::QuestionWord,
            Cue::Quantity,
            Cue::Conditional,
        ])
        && !lead.all.any(&[Cue::Introduces, Cue::Please, Cue::Each]);
    let handles = lead.all.has(Cue::Boilerplate) && lead.words <= 8;
    let told = lead.hangs
        && asked_before
        && !lead
            .all
            .any(&[Cue::Whole, Cue::Wanted, Cue::Quantity, Cue::Imperative]);
    lead.leads && plain && (handles || told)
}

/// "07700 900123", "+44 (0)1632 960001": digits and what stands between them.
fn is_telephone(line: &str) -> bool {
    let line = line.trim();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    (9..=14).contains(&digits)
        && line.starts_with(['0', '+', '('])
        && line.chars().all(|c| {
            c.is_ascii_digit()
                || c.is_whitespace()
                || matches!(c, '+' | '-' | '\u{2011}' | '\u{2013}' | '(' | ')')
        })
}

/// "2019/20", "12 Jan: I wrote to you".
pub(super) fn is_dated(text: &str) -> bool {
    let label = spaced(text, ':').next().and_then(|at| text.get(..at));
    is_period(label.unwrap_or(text))
}

/// "2019/20", "1 April 2023", "Q3 2024".
pub(super) fn is_period(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && text
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .all(|word| PERIODS.has(word))
}

/// Whether a year is named: "2019", "20-21".
pub(super) fn names_year(text: &str) -> bool {
    let mut before: Option<u32> = None;
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| {
        let number: Option<u32> = digits.parse().ok();
        let last = std::mem::replace(&mut before, number.filter(|_| digits.len() == 2));
        (digits.len() == 4 && digits.starts_with(['1', '2']))
            || (last.is_some() && before == last.map(|year| year.saturating_add(1)))
    })
}

/// A period, or the name of a column of periods: "Financial year".
pub(super) fn names_period(text: &str) -> bool {
    is_period(text)
        || ["financial year", "calendar year", "academic year", "year"]
            .iter()
            .any(|name| text.trim_end_matches(['s', ':']).eq_ignore_ascii_case(name))
}

/// Words of dates and years.
static PERIODS: ShortWords<128> = ShortWords::new(&[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "st",
    "nd",
    "rd",
    "th",
    "to",
    "and",
    "until",
    "financial",
    "calendar",
    "academic",
    "year",
    "fy",
    "q",
    "quarter",
    "date",
    "so",
    "far",
    "ytd",
    "years",
    "ending",
]);

/// "Supplier: name of the company", "Value ....... per year".
fn is_labelled(text: &str) -> bool {
    spaced(text, ':')
        .next()
        .and_then(|at| text.get(..at))
        .is_some_and(|label| label.split_whitespace().count() <= 8)
        || text.contains("....")
        || text.contains("___")
        || text.ends_with(':')
}
