//! Where a sheet's header is and what its columns mean.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::register::contract::Field;
use crate::register::date;
use crate::register::layout::{Layout, Qualifiers};
use crate::register::words::{collapsed, folded, holds, plain};
use crate::register::workbook::{Cell, Row, Sheet};

/// Rows from the top that may hold the header, past titles, keys and the date of the export.
const DEEPEST: usize = 40;

/// The name in mappings of a column that says whether the value beside it is a year's or the whole.
pub const VALUE_BASIS: &str = "value_basis";

/// What a person decided that the columns mean: a title for each field.
///
/// Kept by the titles and not by a file's name, so that next quarter's file is read the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The title of each field's column; a title may serve several fields.
    pub fields: BTreeMap<String, String>,
    /// Every title of the file that the mapping was made for.
    #[serde(default)]
    pub titles: Vec<String>,
}

impl Mapping {
    /// Whether a sheet has every title that it names.
    fn is_of(&self, titles: &[String]) -> bool {
        self.fields
            .values()
            .all(|named| titles.iter().any(|title| folded(title) == folded(named)))
    }
}

/// The header of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    /// Places in `Sheet::rows`: the header's rows.
    pub rows: std::ops::RangeInclusive<usize>,
    /// The title of each column from A, white space collapsed; the two rows of a double header joined with ": ".
    pub titles: Vec<String>,
    /// The column of each field.
    pub columns: BTreeMap<Field, usize>,
    /// Whether the `is_sme` column says `is_vcse` too.
    pub both: bool,
    /// A column that says whether the value beside it is a year's or the whole.
    pub basis: Option<usize>,
}

impl Header {
    /// The title of a field's column.
    pub fn title(&self, field: Field) -> Option<&str> {
        self.columns
            .get(&field)
            .and_then(|column| self.titles.get(*column))
            .map(String::as_str)
    }

    /// The columns that mean something.
    pub fn mapped(&self) -> BTreeSet<usize> {
        self.columns.values().copied().chain(self.basis).collect()
    }

    /// Whether one column gives the start and the end.
    pub fn has_period(&self) -> bool {
        self.columns.contains_key(&Field::Start)
            && self.columns.get(&Field::Start) == self.columns.get(&Field::End)
    }
}

/// Finds the header: the row, or two, whose cells name most fields, among the first.
pub(crate) fn find(sheet: &Sheet, layout: &Layout, mapping: Option<&Mapping>) -> Option<Header> {
    let mut best: Option<(usize, Header)> = None;
    for (at, row) in sheet.rows.iter().enumerate().take(DEEPEST) {
        let single = titles_of(row);
        let mut tries = vec![(at..=at, single)];
        if let Some(below) = sheet.rows.get(at.saturating_add(1))
            && row.filled().nth(1).is_some()
            && below
                .filled()
                .all(|(_, cell)| matches!(cell, Cell::Text(_)))
        {
            tries.push((at..=at.saturating_add(1), joined(sheet, row, below)));
        }
        for (rows, titles) in tries {
            let header = of_titles(sheet, rows.clone(), titles, layout, mapping);
            let named = header.columns.len();
            // A deeper row must name more, so that data never counts as part of the header; a title above it adds nothing.
            let better = best.as_ref().is_none_or(|(most, standing)| {
                named > *most
                    || named == *most
                        && rows.start() == rows.end()
                        && standing.rows.start() != standing.rows.end()
                        && standing.rows.end() == rows.end()
            });
            if is_register(&header, layout, mapping) && better {
                best = Some((named, header));
            }
        }
    }
    best.map(|(_, header)| header)
}

fn of_titles(
    sheet: &Sheet,
    rows: std::ops::RangeInclusive<usize>,
    titles: Vec<String>,
    layout: &Layout,
    mapping: Option<&Mapping>,
) -> Header {
    let (columns, both) = columns(&titles, layout, mapping, &filled(sheet, *rows.end()));
    let mut header = Header {
        basis: basis(&titles, &columns, layout, mapping),
        rows,
        titles,
        columns,
        both,
    };
    // Who said what the columns mean said it of the period too, where there is one.
    if mapping.is_none_or(|mapping| !mapping.is_of(&header.titles)) {
        find_period(sheet, &mut header, layout);
    }
    header
}

/// Whether the fields that a row names make it the header of a register.
fn is_register(header: &Header, layout: &Layout, mapping: Option<&Mapping>) -> bool {
    let named = header.columns.len();
    let telling = [Field::Title, Field::SupplierName, Field::Reference]
        .iter()
        .filter(|field| header.columns.contains_key(field))
        .count();
    // A list of titles and suppliers alone is a register that lacks the rest.
    let is_listed = |field: Field| {
        header
            .title(field)
            .is_some_and(|title| layout.exact.contains_key(&plain(title).join(" ")))
    };
    named >= 3 && telling >= 2
        || mapping.is_some_and(|mapping| mapping.is_of(&header.titles)) && named >= 2
        || named == 2 && is_listed(Field::Title) && is_listed(Field::SupplierName)
}

/// The column that says whether a value is a year's or the whole.
fn basis(
    titles: &[String],
    columns: &BTreeMap<Field, usize>,
    layout: &Layout,
    mapping: Option<&Mapping>,
) -> Option<usize> {
    let is_one = |title: &String| match mapping {
        Some(mapping) if mapping.is_of(titles) => mapping
            .fields
            .get(VALUE_BASIS)
            .is_some_and(|kept| folded(kept) == folded(title)),
        _ => is_basis(title, layout),
    };
    titles
        .iter()
        .position(is_one)
        .filter(|column| !columns.values().any(|taken| taken == column))
}

/// Whether a title asks which of the two a value is: one that is listed, or "Total/Annual".
fn is_basis(title: &str, layout: &Layout) -> bool {
    let words = plain(title);
    layout.basis_titles.contains(&words.join(" "))
        || title.contains('/')
            && words.len() == 2
            && ["total", "annual"]
                .iter()
                .all(|one| words.iter().any(|word| word == one))
}

/// Where no column is the end, one whose cells give two dates is start and end.
fn find_period(sheet: &Sheet, header: &mut Header, layout: &Layout) {
    /// Rows that are looked at.
    const SAMPLE: usize = 60;
    if header.columns.contains_key(&Field::End) {
        return;
    }
    let start = header.columns.get(&Field::Start).copied();
    let taken: BTreeSet<usize> = header
        .mapped()
        .into_iter()
        .filter(|column| Some(*column) != start)
        .collect();
    let body = sheet
        .rows
        .get(header.rows.end().saturating_add(1)..)
        .unwrap_or(&[]);
    let tells = |column: usize| {
        let (mut said, mut periods) = (0usize, 0usize);
        for row in body.iter().take(SAMPLE) {
            match row.cell(column) {
                Cell::Text(text) if !row.cell(column).is_blank() => {
                    said = said.saturating_add(1);
                    if date::period(text, |end| is_open(end, layout)).is_some() {
                        periods = periods.saturating_add(1);
                    }
                }
                Cell::Empty | Cell::Text(_) => {}
                _ => said = said.saturating_add(1),
            }
        }
        periods > 0 && periods.saturating_mul(2) >= said
    };
    let found = (0..header.titles.len())
        .filter(|column| !taken.contains(column))
        .filter(|column| {
            header
                .titles
                .get(*column)
                .is_some_and(|title| !title.is_empty())
        })
        .find(|column| tells(*column));
    if let Some(column) = found {
        header.columns.insert(Field::Start, column);
        header.columns.insert(Field::End, column);
    }
}

/// Whether words say that a contract has no end.
pub(crate) fn is_open(text: &str, layout: &Layout) -> bool {
    let dated = text.contains(|c: char| c.is_ascii_digit());
    layout.cells.open_ended.iter().any(|phrase| {
        text.strip_prefix(phrase.as_str())
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            || !dated && holds(text, phrase)
    })
}

/// A row below the header that is the header of another table: its own titles, in an order of its own.
pub(crate) fn again(
    sheet: &Sheet,
    at: usize,
    layout: &Layout,
    mapping: Option<&Mapping>,
) -> Option<Header> {
    let row = sheet.rows.get(at)?;
    let mut filled = 0usize;
    let mut listed = BTreeSet::new();
    for (_, cell) in row.filled() {
        let Cell::Text(text) = cell else { return None };
        // Contracts have figures and dates; looking further at each of them would take long.
        if text.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        filled = filled.saturating_add(1);
        if let Some(title) = layout
            .exact
            .get(&plain(text).join(" "))
            .and_then(|place| layout.titles.get(*place))
        {
            listed.insert((title.field, title.both));
        }
    }
    if listed.len() < 3 || listed.len().saturating_mul(2) < filled {
        return None;
    }
    let header = of_titles(sheet, at..=at, titles_of(row), layout, mapping);
    is_register(&header, layout, mapping).then_some(header)
}

/// How many fields a row names.
pub(crate) fn names(row: &Row, layout: &Layout) -> usize {
    columns(&titles_of(row), layout, None, &[]).0.len()
}

fn title_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => collapsed(text),
        _ => String::new(),
    }
}

fn titles_of(row: &Row) -> Vec<String> {
    row.cells.iter().map(title_of).collect()
}

/// The titles of a header in two rows: a group's name stands over its columns, merged or followed by gaps.
fn joined(sheet: &Sheet, upper: &Row, lower: &Row) -> Vec<String> {
    let width = upper.cells.len().max(lower.cells.len());
    let mut group = String::new();
    (0..width)
        .map(|column| {
            let above = title_of(upper.cell(column));
            let below = title_of(lower.cell(column));
            let merged = sheet.merges.iter().find(|block| {
                block.top == upper.number && (block.left..=block.right).contains(&column)
            });
            if !above.is_empty() {
                group.clone_from(&above);
            } else if merged.is_none_or(|block| block.left == column) && below.is_empty()
                || merged.is_none() && !sheet.merges.is_empty()
            {
                group.clear();
            }
            match (group.is_empty(), below.is_empty()) {
                (_, true) => above,
                (true, false) => below,
                (false, false) => format!("{group}: {below}"),
            }
        })
        .collect()
}

/// How many rows after the header have something in each column.
fn filled(sheet: &Sheet, header: usize) -> Vec<usize> {
    let mut counts = Vec::new();
    for row in sheet.rows.iter().skip(header.saturating_add(1)).take(2000) {
        for (column, _) in row.filled() {
            if counts.len() <= column {
                counts.resize(column.saturating_add(1), 0usize);
            }
            if let Some(count) = counts.get_mut(column) {
                *count = count.saturating_add(1);
            }
        }
    }
    counts
}

/// What each column means: by the saved mapping, else the best title for each field, the fuller column where two fit alike.
fn columns(
    titles: &[String],
    layout: &Layout,
    mapping: Option<&Mapping>,
    filled: &[usize],
) -> (BTreeMap<Field, usize>, bool) {
    let Some(mapping) = mapping else {
        return guessed(titles, layout, filled);
    };
    let mapped = by_mapping(titles, mapping);
    let known = mapping
        .fields
        .keys()
        .filter(|name| Field::of_name(name).is_some())
        .count();
    let found = mapped.0.len().saturating_add(usize::from(mapped.1));
    if found == known {
        return mapped;
    }
    // A sheet of the same workbook with titles of its own is read by a guess, and by what of the mapping it has.
    let (mut columns, both) = guessed(titles, layout, filled);
    for (field, column) in mapped.0 {
        columns.retain(|_, taken| *taken != column);
        columns.insert(field, column);
    }
    let both = both && columns.contains_key(&Field::IsSme) && !columns.contains_key(&Field::IsVcse);
    (columns, both)
}

fn guessed(titles: &[String], layout: &Layout, filled: &[usize]) -> (BTreeMap<Field, usize>, bool) {
    let fullness = |column: usize| filled.get(column).copied().unwrap_or(0);
    let mut fits = Vec::new();
    for (column, title) in titles
        .iter()
        .enumerate()
        .filter(|(_, title)| !title.is_empty())
    {
        for fit in fits_of(title, layout) {
            fits.push((fullness(column) > 0, fit, fullness(column), column));
        }
    }
    // An empty column only when there is no other.
    fits.sort_by(|one, other| {
        (other.0, other.1.score, other.2)
            .cmp(&(one.0, one.1.score, one.2))
            .then(one.3.cmp(&other.3))
    });
    let mut columns: BTreeMap<Field, usize> = BTreeMap::new();
    let mut both = false;
    for (_, fit, _, column) in fits {
        if columns.contains_key(&fit.field) || columns.values().any(|taken| *taken == column) {
            continue;
        }
        if fit.both {
            if columns.contains_key(&Field::IsVcse) {
                continue;
            }
            both = true;
        }
        columns.insert(fit.field, column);
    }
    // A description that is the only text is the title.
    if !columns.contains_key(&Field::Title)
        && let Some(column) = columns.remove(&Field::Description)
    {
        columns.insert(Field::Title, column);
    }
    let both = both && !columns.contains_key(&Field::IsVcse);
    (columns, both)
}

fn by_mapping(titles: &[String], mapping: &Mapping) -> (BTreeMap<Field, usize>, bool) {
    let mut columns = BTreeMap::new();
    for (name, title) in &mapping.fields {
        if let Some(field) = Field::of_name(name)
            && let Some(column) = titles
                .iter()
                .position(|other| folded(other) == folded(title))
        {
            columns.insert(field, column);
        }
    }
    let both = columns.contains_key(&Field::IsSme)
        && columns.get(&Field::IsSme) == columns.get(&Field::IsVcse);
    if both {
        columns.remove(&Field::IsVcse);
    }
    (columns, both)
}

struct Fit {
    field: Field,
    both: bool,
    score: usize,
}

/// The fields that a title may name. Equal titles count most; one that holds all words of a listed title counts by how
/// much of it they are.
fn fits_of(title: &str, layout: &Layout) -> Vec<Fit> {
    let lower = title.to_lowercase();
    if lower.contains(['$', '€']) || is_basis(title, layout) {
        return Vec::new();
    }
    let whole = plain(title);
    // Of a double header, the lower title alone may say all.
    let last = title.rsplit_once(": ").map(|(_, last)| plain(last));
    let mut best: BTreeMap<(Field, bool), usize> = BTreeMap::new();
    let mut note = |field: Field, both: bool, score: usize| {
        let standing = best.entry((field, both)).or_insert(0);
        *standing = (*standing).max(score);
    };
    // What is said in passing, "(Y/N)" or "(excluding extensions)", counts less than a title that says no more.
    let shorter: Vec<(Vec<String>, usize)> = std::iter::once(title)
        .chain(title.rsplit_once(": ").map(|(_, last)| last))
        .filter_map(|title| without_asides(title, &layout.qualifiers))
        .collect();
    let tries = std::iter::once((&whole, 0))
        .chain(last.as_ref().map(|last| (last, 0)))
        .chain(shorter.iter().map(|(words, less)| (words, *less)));
    for (words, less) in tries {
        let words = match words.split_first() {
            Some((article, rest)) if article == "the" && !rest.is_empty() => rest,
            _ => words.as_slice(),
        };
        let key = words.join(" ");
        if let Some(listed) = layout.exact.get(&key).and_then(|at| layout.titles.get(*at)) {
            note(
                listed.field,
                listed.both,
                10_000usize.saturating_sub(listed.rank).saturating_sub(less),
            );
            continue;
        }
        if layout.not_titles.contains(&key) {
            continue;
        }
        let foreign: Vec<&String> = words
            .iter()
            .filter(|word| layout.not_words.contains(*word))
            .collect();
        for listed in &layout.titles {
            if listed.words.iter().all(|word| words.contains(word))
                && foreign.iter().all(|word| listed.words.contains(word))
            {
                let (said, of) = (listed.words.len(), words.len());
                let enough = match said {
                    1 => of <= 2,
                    2 => of <= 5,
                    _ => true,
                };
                if enough {
                    let share = said.saturating_mul(5000) / of.max(1);
                    note(
                        listed.field,
                        listed.both,
                        share.saturating_sub(listed.rank).saturating_sub(less),
                    );
                }
            }
        }
    }
    // "End (without possible extensions)" is no option to extend, and neither is a sum that counts them.
    let is_sum = best
        .keys()
        .any(|(field, _)| matches!(field, Field::Value | Field::AnnualValue));
    if leaves_out_extensions(&whole, &layout.qualifiers) || is_sum {
        best.remove(&(Field::Extension, false));
    } else if best.contains_key(&(Field::End, false))
        && counts_extensions(&whole, &layout.qualifiers)
    {
        // The latest end tells how far it can be extended, where another column has the end.
        best.entry((Field::Extension, false)).or_insert(1000);
    }
    // "Supplier name & address" is the supplier, whatever stands below the name.
    if whole.iter().any(|word| word == "name") {
        best.remove(&(Field::SupplierAddress, false));
    }
    // Money by the year is never the sum over the contract's length, unless the title asks for either.
    let says = |words: &[&str]| whole.iter().any(|one| words.contains(&one.as_str()));
    let either = says(&["or"]) || title.contains('/');
    let yearly = says(&["annual", "yearly", "annum"])
        && !(either && says(&["total", "whole", "lifetime", "sum", "length"]));
    best.into_iter()
        .filter(|((field, _), score)| !(yearly && *field == Field::Value && *score < 9000))
        .map(|((field, both), score)| Fit { field, both, score })
        .collect()
}

/// The words of a title without what stands in brackets, without what it leaves out, and without "Y/N"; and how much
/// less it counts. `None` if nothing is left or nothing was taken.
fn without_asides(title: &str, qualifiers: &Qualifiers) -> Option<(Vec<String>, usize)> {
    let mut outside = String::new();
    let mut inside = String::new();
    let mut depth = 0usize;
    for character in title.replace("(s)", "s").chars() {
        match character {
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(character),
            _ => outside.push(character),
        }
        if matches!(character, '(' | '[' | ')' | ']') {
            outside.push(' ');
            inside.push(' ');
        }
    }
    let mut words = plain(&outside);
    let is_without = |word: &String| qualifiers.without.contains(word);
    if let Some(at) = words.iter().position(is_without)
        && words
            .iter()
            .skip(at)
            .any(|word| qualifiers.options.contains(word))
    {
        words.truncate(at);
    }
    for answer in &qualifiers.answers {
        let answer: Vec<&str> = answer.split(' ').collect();
        let tail = words.len().saturating_sub(answer.len());
        if tail > 0
            && words
                .get(tail..)
                .is_some_and(|last| last == answer.as_slice())
        {
            words.truncate(tail);
        }
    }
    // Dates and sums that count what may be added come after those that don't.
    let with = counts_extensions(&plain(&inside), qualifiers);
    let less = if with { 4000 } else { 500 };
    (!words.is_empty() && words != plain(title)).then_some((words, less))
}

/// Whether a title says that extensions count in it.
fn counts_extensions(words: &[String], qualifiers: &Qualifiers) -> bool {
    words.iter().any(|word| qualifiers.with.contains(word))
        && words.iter().any(|word| qualifiers.options.contains(word))
}

/// Whether a title says that extensions don't count in it.
fn leaves_out_extensions(words: &[String], qualifiers: &Qualifiers) -> bool {
    words
        .iter()
        .position(|word| qualifiers.without.contains(word))
        .is_some_and(|at| {
            words
                .iter()
                .skip(at)
                .any(|word| qualifiers.options.contains(word))
        })
}

/// Whether a data row is the header again: most of its cells say what the header says in the same column.
pub(crate) fn is_repeated(row: &Row, header_rows: &[&Row]) -> bool {
    let filled = row.filled().count();
    filled >= 2
        && header_rows.iter().any(|header| {
            let mut other = 0usize;
            row.filled().all(|(column, cell)| {
                // Most rows are contracts, and told by their first cells: figures differ without a look at their letters.
                let (Cell::Text(one), Cell::Text(title)) = (cell, header.cell(column)) else {
                    other = other.saturating_add(1);
                    return other.saturating_mul(10) <= filled.saturating_mul(3);
                };
                let has_figures = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
                if one != title
                    && (has_figures(one) != has_figures(title) || folded(one) != folded(title))
                {
                    other = other.saturating_add(1);
                }
                other.saturating_mul(10) <= filled.saturating_mul(3)
            })
        })
}
