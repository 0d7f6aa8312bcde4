//! Where a sheet's header is and what its columns mean.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::register::contract::Field;
use crate::register::layout::Layout;
use crate::register::words::{collapsed, folded, plain};
use crate::register::workbook::{Cell, Row, Sheet};

/// Rows from the top that may hold the header, past titles, keys and the date of the export.
const DEEPEST: usize = 40;

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
        self.columns.values().copied().collect()
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
            let (columns, both) = columns(&titles, layout, mapping, &filled(sheet, *rows.end()));
            let named = columns.len();
            let is_register = named >= 3
                && [Field::Title, Field::SupplierName, Field::Reference]
                    .iter()
                    .filter(|field| columns.contains_key(field))
                    .count()
                    >= 2
                || mapping.is_some() && named >= 2;
            // A deeper row must name more, so that data never counts as part of the header; a title above it adds nothing.
            let better = best.as_ref().is_none_or(|(most, standing)| {
                named > *most
                    || named == *most
                        && rows.start() == rows.end()
                        && standing.rows.start() != standing.rows.end()
                        && standing.rows.end() == rows.end()
            });
            if is_register && better {
                best = Some((
                    named,
                    Header {
                        rows,
                        titles,
                        columns,
                        both,
                    },
                ));
            }
        }
    }
    best.map(|(_, header)| header)
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
    if let Some(mapping) = mapping {
        return by_mapping(titles, mapping);
    }
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
    if lower.contains(['$', '€']) {
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
    let tries = std::iter::once(&whole).chain(last.as_ref());
    for words in tries {
        let key = words.join(" ");
        if let Some(listed) = layout.exact.get(&key).and_then(|at| layout.titles.get(*at)) {
            note(
                listed.field,
                listed.both,
                10_000usize.saturating_sub(listed.rank),
            );
            continue;
        }
        if layout.not_titles.contains(&key)
            || words.iter().any(|word| layout.not_words.contains(word))
        {
            continue;
        }
        for listed in &layout.titles {
            if listed.words.iter().all(|word| words.contains(word)) {
                let (said, of) = (listed.words.len(), words.len());
                let enough = match said {
                    1 => of <= 2,
                    2 => of <= 5,
                    _ => true,
                };
                if enough {
                    let share = said.saturating_mul(5000) / of.max(1);
                    note(listed.field, listed.both, share.saturating_sub(listed.rank));
                }
            }
        }
    }
    // Money by the year is never the sum over the contract's length.
    let yearly = ["annual", "yearly", "annum"]
        .iter()
        .any(|word| whole.iter().any(|one| one == word));
    best.into_iter()
        .filter(|((field, _), score)| !(yearly && *field == Field::Value && *score < 9000))
        .map(|((field, both), score)| Fit { field, both, score })
        .collect()
}

/// Whether a data row is the header again: most of its cells say what the header says in the same column.
pub(crate) fn is_repeated(row: &Row, header_rows: &[&Row]) -> bool {
    let filled: Vec<(usize, String)> = row
        .filled()
        .map(|(column, cell)| (column, folded(&cell.shown())))
        .collect();
    filled.len() >= 2
        && header_rows.iter().any(|header| {
            let same = filled
                .iter()
                .filter(|(column, text)| folded(&header.cell(*column).shown()) == *text)
                .count();
            same.saturating_mul(10) >= filled.len().saturating_mul(7)
        })
}
