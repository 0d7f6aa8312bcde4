//! Reads a workbook as a register: every row that is a contract, every problem with its place, and nothing lost in silence.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use crate::register::contract::{Contract, Field};
use crate::register::header::{self, Header};
pub use crate::register::header::{Mapping, VALUE_BASIS};
use crate::register::layout::Layout;
use crate::register::problem::{Kind, Problem};
use crate::register::row::Reader;
use crate::register::words::{collapsed, folded, plain};
use crate::register::workbook::{Cell, Row, Sheet, Workbook, letters};

/// What was made of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Import {
    /// `csv` or `xlsx`.
    pub format: &'static str,
    /// How the bytes were read, for CSV.
    pub encoding: Option<&'static str>,
    /// What stands between cells, for CSV.
    pub delimiter: Option<char>,
    /// The sheets that are registers, in order.
    pub sheets: Vec<SheetRead>,
    /// The contracts in the file's order.
    pub contracts: Vec<Contract>,
    /// Every problem in the file's order.
    pub problems: Vec<Problem>,
}

/// How one sheet was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetRead {
    /// Its name; none in CSV.
    pub name: Option<String>,
    /// Each field and the title of its column.
    pub mapping: BTreeMap<&'static str, String>,
    /// The titles that no field has.
    pub unmapped: Vec<String>,
}

impl SheetRead {
    /// What to keep, so that the next file with these titles is read the same way.
    #[must_use]
    pub fn mapping(&self) -> Mapping {
        let fields: BTreeMap<String, String> = self
            .mapping
            .iter()
            .filter(|(_, title)| !title.starts_with('('))
            .map(|(field, title)| ((*field).to_owned(), title.clone()))
            .collect();
        let titles: BTreeSet<String> = fields.values().chain(&self.unmapped).cloned().collect();
        Mapping {
            fields,
            titles: titles.into_iter().collect(),
        }
    }
}

/// Reads a workbook by the layouts that registers have, or by a mapping that a person kept.
///
/// A workbook in which no sheet has a header gives an import without sheets.
#[must_use]
pub fn import(workbook: &Workbook, layout: &Layout, mapping: Option<&Mapping>) -> Import {
    let mut import = Import {
        format: workbook.format,
        encoding: workbook.encoding,
        delimiter: workbook.delimiter,
        sheets: Vec::new(),
        contracts: Vec::new(),
        problems: Vec::new(),
    };
    if let Some(encoding) = workbook
        .encoding
        .filter(|encoding| !encoding.starts_with("utf-8"))
    {
        import.problems.push(whole(Kind::NotUtf8, None, encoding));
    }
    let headers: Vec<Option<Header>> = workbook
        .sheets
        .iter()
        .map(|sheet| {
            (!sheet.hidden)
                .then(|| header::find(sheet, layout, mapping))
                .flatten()
        })
        .collect();
    let registers = headers.iter().flatten().count();
    let mut seen = Seen::default();
    for (sheet, header) in workbook.sheets.iter().zip(&headers) {
        match header {
            Some(header) => {
                let name = sheet
                    .name
                    .as_deref()
                    .filter(|name| registers > 1 && is_area(name));
                read_sheet(
                    sheet,
                    header,
                    name,
                    (layout, mapping),
                    &mut seen,
                    &mut import,
                );
            }
            None => {
                let name = sheet.name.as_deref().unwrap_or("");
                if sheet.name.is_some() {
                    import
                        .problems
                        .push(whole(Kind::SkippedSheet, sheet.name.clone(), name));
                }
            }
        }
    }
    import
}

fn whole(kind: Kind, sheet: Option<String>, text: &str) -> Problem {
    Problem {
        kind,
        severity: kind.severity(),
        sheet,
        row: None,
        line: None,
        cell: None,
        column: None,
        field: None,
        text: Some(text.to_owned()),
    }
}

/// Whether a sheet's name can be that of a department: not "Sheet1", "Register", "Q2 2026".
fn is_area(name: &str) -> bool {
    !plain(name).iter().any(|word| {
        word.chars().any(|c| c.is_ascii_digit())
            || matches!(
                word.as_str(),
                "sheet"
                    | "contracts"
                    | "contract"
                    | "register"
                    | "quarter"
                    | "data"
                    | "list"
                    | "current"
                    | "expired"
                    | "live"
                    | "orders"
                    | "expiring"
                    | "archive"
                    | "active"
                    | "closed"
                    | "completed"
                    | "pipeline"
                    | "tenders"
                    | "frameworks"
                    | "table"
                    | "january"
                    | "february"
                    | "march"
                    | "april"
                    | "june"
                    | "july"
                    | "august"
                    | "september"
                    | "october"
                    | "november"
                    | "december"
                    | "jan"
                    | "feb"
                    | "mar"
                    | "apr"
                    | "jun"
                    | "jul"
                    | "aug"
                    | "sep"
                    | "sept"
                    | "oct"
                    | "nov"
                    | "dec"
            )
    })
}

/// References and rows that came before.
#[derive(Default)]
pub(crate) struct Seen {
    references: BTreeSet<String>,
    rows: HashMap<u64, Vec<usize>>,
}

fn content(contract: &Contract) -> u64 {
    let mut hasher = DefaultHasher::new();
    for field in Field::ALL {
        contract.said(field).hash(&mut hasher);
    }
    hasher.finish()
}

fn same(one: &Contract, other: &Contract) -> bool {
    Field::ALL
        .into_iter()
        .all(|field| one.said(field) == other.said(field))
}

/// The rows of one header of a sheet.
struct Table<'s> {
    sheet: &'s Sheet,
    header: &'s Header,
    /// Places in `Sheet::rows`.
    body: std::ops::Range<usize>,
    /// Whether another table stands below.
    more_follow: bool,
}

/// The headers of the tables that stand below the first on the same sheet, with columns of their own.
fn other_tables(
    sheet: &Sheet,
    first: &Header,
    layout: &Layout,
    mapping: Option<&Mapping>,
) -> Vec<Header> {
    let mut found: Vec<Header> = Vec::new();
    for at in first.rows.end().saturating_add(1)..sheet.rows.len() {
        let Some(header) = header::again(sheet, at, layout, mapping) else {
            continue;
        };
        let standing = found.last().unwrap_or(first);
        let standing_rows: Vec<&Row> = sheet
            .rows
            .get(standing.rows.clone())
            .unwrap_or(&[])
            .iter()
            .collect();
        let repeats = sheet
            .rows
            .get(at)
            .is_some_and(|row| header::is_repeated(row, &standing_rows));
        // Most titles may stand where they stood and two have changed places. Of a double header one row alone says less.
        let moved = standing_rows.len() == 1
            && header.columns.iter().any(|(field, column)| {
                standing.columns.get(field).is_some_and(|was| was != column)
            });
        if !repeats || moved {
            found.push(header);
        }
    }
    found
}

/// The banner over the first header, where each area's table has a banner and a header of its own.
fn first_banner(sheet: &Sheet, header: &Header, layout: &Layout) -> Option<String> {
    let alone = |at: usize| {
        let row = sheet.rows.get(at)?;
        let (_, cell) = row.filled().next()?;
        let Cell::Text(text) = cell else { return None };
        let text = collapsed(text);
        (row.filled().nth(1).is_none() && text.chars().count() <= 60 && is_area(&text))
            .then_some(text)
    };
    let above = alone(header.rows.start().checked_sub(1)?)?;
    let standing: Vec<&Row> = sheet
        .rows
        .get(header.rows.clone())
        .unwrap_or(&[])
        .iter()
        .collect();
    let again = sheet
        .rows
        .iter()
        .enumerate()
        .skip(header.rows.end().saturating_add(1))
        .any(|(at, row)| {
            alone(at.saturating_sub(1)).is_some()
                && (header::is_repeated(row, &standing)
                    || header::again(sheet, at, layout, None).is_some())
        });
    again.then_some(above)
}

/// Tells of a row that is no contract.
fn left_out(sheet: &Sheet, row: &Row, kind: Kind, layout: &Layout, import: &mut Import) {
    let label = label(row, kind, layout);
    import.problems.push(Problem {
        row: Some(row.number),
        line: row.line,
        cell: label
            .as_ref()
            .map(|(column, _)| format!("{}{}", letters(*column), row.number)),
        ..whole(
            kind,
            sheet.name.clone(),
            label.as_ref().map_or("", |(_, text)| text),
        )
    });
}

/// Reads the rows of one header; gives the banner that stood last.
fn read_table(
    table: &Table<'_>,
    banner: Option<String>,
    sheet_name: Option<&str>,
    layout: &Layout,
    seen: &mut Seen,
    import: &mut Import,
) -> Option<String> {
    let Table { sheet, header, .. } = *table;
    let header_rows: Vec<&Row> = sheet
        .rows
        .get(header.rows.clone())
        .unwrap_or(&[])
        .iter()
        .collect();
    let width = header_rows
        .iter()
        .map(|row| row.cells.len())
        .max()
        .unwrap_or(0);
    let rows = sheet.rows.get(table.body.clone()).unwrap_or(&[]);
    let last_full = rows
        .iter()
        .rposition(|row| row.filled().take(3).count() == 3)
        .unwrap_or(0);
    // Where an exporter leaves empty cells at the end away, a short row is no broken one.
    let short = rows.iter().filter(|row| row.cells.len() < width).count();
    let ragged = short.saturating_mul(5) > rows.len();
    let named = header.columns.contains_key(&Field::Department);
    let mut banner = banner;
    let merged = merged_cells(sheet, table.body.start, rows, header);
    let mut was_header = false;
    for (at, row) in rows.iter().enumerate() {
        let repeated = header::is_repeated(row, &header_rows);
        let kind = if repeated {
            Some(Kind::RepeatedHeader)
        } else {
            no_contract(row, header, layout, at < last_full || table.more_follow)
        };
        // The second row of a double header that stands again is told with the first.
        if repeated && std::mem::replace(&mut was_header, repeated) {
            continue;
        }
        was_header = repeated;
        if let Some(kind) = kind {
            if kind == Kind::SectionRow
                && !named
                && let Some((_, text)) = label(row, kind, layout)
                && is_area(&text)
            {
                banner = Some(collapsed(&text));
            }
            left_out(sheet, row, kind, layout, import);
            continue;
        }
        if row.filled().next().is_none() {
            continue;
        }
        let cells = row.cells.len();
        let over = row
            .cells
            .get(width..)
            .is_some_and(|extra| extra.iter().any(|cell| !cell.is_blank()));
        if import.format == "csv" && (over || cells < width && !ragged) {
            import.problems.push(Problem {
                row: Some(row.number),
                line: row.line,
                ..whole(Kind::ColumnCount, sheet.name.clone(), &cells.to_string())
            });
            continue;
        }
        let mut reader = Reader::new(sheet, row, header, layout, &merged);
        let mut contract = reader.contract();
        if !named {
            contract.department = banner.clone().or_else(|| sheet_name.map(str::to_owned));
        }
        keep(contract, reader, seen, import);
    }
    banner
}

fn read_sheet(
    sheet: &Sheet,
    header: &Header,
    sheet_name: Option<&str>,
    (layout, mapping): (&Layout, Option<&Mapping>),
    seen: &mut Seen,
    import: &mut Import,
) {
    let others = other_tables(sheet, header, layout, mapping);
    let mut banner = first_banner(sheet, header, layout);
    let mut has_banner = banner.is_some();
    let headers: Vec<&Header> = std::iter::once(header).chain(&others).collect();
    for (at, header) in headers.iter().enumerate() {
        if at > 0
            && let Some(row) = sheet.rows.get(*header.rows.start())
        {
            left_out(sheet, row, Kind::RepeatedHeader, layout, import);
        }
        let end = headers
            .get(at.saturating_add(1))
            .map_or(sheet.rows.len(), |next| *next.rows.start());
        let table = Table {
            sheet,
            header,
            body: header.rows.end().saturating_add(1)..end,
            more_follow: end < sheet.rows.len(),
        };
        banner = read_table(&table, banner, sheet_name, layout, seen, import);
        has_banner |= banner.is_some();
    }
    let named = header.columns.contains_key(&Field::Department);
    let mut mapping: BTreeMap<&'static str, String> = header
        .columns
        .keys()
        .filter_map(|field| Some((field.as_str(), header.title(*field)?.to_owned())))
        .collect();
    // A year's value alone is the value.
    if !header.columns.contains_key(&Field::Value)
        && let Some(title) = mapping.remove(Field::AnnualValue.as_str())
    {
        mapping.insert(Field::Value.as_str(), title);
    }
    if header.both
        && let Some(title) = mapping.get(Field::IsSme.as_str()).cloned()
    {
        mapping.insert(Field::IsVcse.as_str(), title);
    }
    if !named && (has_banner || sheet_name.is_some()) {
        let how = if has_banner {
            "(section banner)"
        } else {
            "(sheet name)"
        };
        mapping.insert(Field::Department.as_str(), how.to_owned());
    }
    if let Some(title) = header.basis.and_then(|column| header.titles.get(column)) {
        mapping.insert(VALUE_BASIS, title.clone());
    }
    // Fields that only a later table has.
    for other in &others {
        for field in other.columns.keys() {
            if !header.columns.contains_key(field)
                && let Some(title) = other.title(*field)
            {
                mapping
                    .entry(field.as_str())
                    .or_insert_with(|| title.to_owned());
            }
        }
    }
    let mapped = header.mapped();
    import.sheets.push(SheetRead {
        name: sheet.name.clone(),
        mapping,
        unmapped: header
            .titles
            .iter()
            .enumerate()
            .filter(|(column, title)| !title.is_empty() && !mapped.contains(column))
            .map(|(_, title)| title.clone())
            .collect(),
    });
}

/// Keeps a contract unless it repeats an earlier row, and says what there is to say of its reference.
fn keep(contract: Contract, mut reader: Reader<'_>, seen: &mut Seen, import: &mut Import) {
    let hash = content(&contract);
    let repeats = seen.rows.get(&hash).is_some_and(|earlier| {
        earlier.iter().any(|at| {
            import
                .contracts
                .get(*at)
                .is_some_and(|earlier| same(earlier, &contract))
        })
    });
    if repeats {
        reader.problems.clear();
        reader.note(Kind::DuplicateRow, Field::Reference);
        import.problems.append(&mut reader.problems);
        return;
    }
    if let Some(reference) = &contract.reference
        && !seen.references.insert(reference.clone())
    {
        reader.note(Kind::DuplicateReference, Field::Reference);
    }
    seen.rows
        .entry(hash)
        .or_default()
        .push(import.contracts.len());
    import.contracts.push(contract);
    import.problems.append(&mut reader.problems);
}

/// The cells that a merged block above fills, by row number and column.
fn merged_cells<'s>(
    sheet: &'s Sheet,
    body: usize,
    rows: &'s [Row],
    header: &Header,
) -> BTreeMap<(u32, usize), &'s Cell> {
    let first = sheet.rows.get(body).map_or(0, |row| row.number);
    let mapped = header.mapped();
    let by_number: BTreeMap<u32, &Row> = if sheet.merges.is_empty() {
        BTreeMap::new()
    } else {
        rows.iter().map(|row| (row.number, row)).collect()
    };
    let mut filled = BTreeMap::new();
    for block in &sheet.merges {
        if block.top < first || block.bottom == block.top || !mapped.contains(&block.left) {
            continue;
        }
        if let Some(top) = by_number.get(&block.top) {
            for (number, _) in by_number.range(block.top.saturating_add(1)..=block.bottom) {
                filled.insert((*number, block.left), top.cell(block.left));
            }
        }
    }
    filled
}

/// Whether a row is a total, a banner or a note instead of a contract.
fn no_contract(row: &Row, header: &Header, layout: &Layout, more_follow: bool) -> Option<Kind> {
    let has = |field: Field, but: Option<usize>| {
        header
            .columns
            .get(&field)
            .is_some_and(|column| Some(*column) != but && !row.cell(*column).is_blank())
    };
    let (first, cell) = row.filled().next()?;
    const TELLING: [Field; 5] = [
        Field::Reference,
        Field::Title,
        Field::SupplierName,
        Field::Start,
        Field::End,
    ];
    let total = row.filled().find_map(|(column, cell)| match cell {
        Cell::Text(text) => is_total(&folded(text), layout).then_some(column),
        _ => None,
    });
    if let Some(column) = total
        && !TELLING.iter().any(|field| has(*field, Some(column)))
    {
        return Some(Kind::TotalRow);
    }
    let text = folded(&cell.shown());
    let is_note = layout.cells.note_words.iter().any(|word| {
        text.strip_prefix(word.as_str())
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    let alone = row.filled().nth(1).is_none();
    if alone && matches!(cell, Cell::Text(_)) {
        return Some(if !is_note && more_follow && text.chars().count() <= 60 {
            Kind::SectionRow
        } else {
            Kind::NoteRow
        });
    }
    if !TELLING.iter().take(3).any(|field| has(*field, None)) {
        let figures = row.filled().all(|(_, cell)| match cell {
            Cell::Number(_) => true,
            Cell::Text(text) => text.chars().all(|c| !c.is_alphabetic()),
            _ => false,
        });
        return Some(if figures {
            Kind::TotalRow
        } else {
            Kind::NoteRow
        });
    }
    (is_note && !has(Field::SupplierName, Some(first)) && !has(Field::Title, Some(first)))
        .then_some(Kind::NoteRow)
}

fn is_total(text: &str, layout: &Layout) -> bool {
    text.chars().count() <= 60
        && layout.cells.total_words.iter().any(|word| {
            text.strip_prefix(word.as_str())
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
                || text
                    .strip_suffix(word.as_str())
                    .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        })
}

/// The cell that names a total, banner or note.
fn label(row: &Row, kind: Kind, layout: &Layout) -> Option<(usize, String)> {
    let texts = || {
        row.filled().filter_map(|(column, cell)| match cell {
            Cell::Text(text) => Some((column, text.to_string())),
            _ => None,
        })
    };
    match kind {
        Kind::TotalRow => texts()
            .find(|(_, text)| is_total(&folded(text), layout))
            .or_else(|| texts().next()),
        _ => texts().next(),
    }
}
