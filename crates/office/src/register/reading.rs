//! A register's file, CSV or XLSX by what it is and not by its name.

use casework::register::Layout;
use casework::register::import::{Import, Mapping, import};
use casework::register::workbook::Workbook;

use super::{State, csv_file, xlsx_file};
use crate::fault::Stop;

/// Bytes of a file; registers of the largest councils have 10 MB.
pub const MOST_BYTES: u64 = 200 << 20;
/// Rows of a workbook.
pub(super) const MOST_ROWS: usize = 1_100_000;

/// More rows than a spreadsheet has.
pub(super) fn too_many_rows(name: &str) -> Stop {
    Stop::input(format!(
        "{name}: register.too_large: more than {MOST_ROWS} rows or 8 million cells; delete the empty ones or split the file"
    ))
}

/// A file that is larger than any register.
#[must_use]
pub fn too_many_bytes(name: &str) -> Stop {
    Stop::input(format!(
        "{name}: register.too_large: more than {} MB; split the file",
        MOST_BYTES >> 20
    ))
}

/// A register's file as contracts, by a given mapping, one that was kept for its titles, or a guess. `progress` is told
/// bytes done and bytes in all.
///
/// # Errors
/// It is too large, no CSV or XLSX, or no sheet of it is a register.
pub fn contracts(
    bytes: &[u8],
    name: &str,
    layout: &Layout,
    given: Option<&Mapping>,
    state: Option<&State<'_>>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Import, Stop> {
    let workbook = workbook(bytes, name, layout, progress)?;
    let mut read = import(&workbook, layout, given);
    if given.is_none()
        && let Some(state) = state
        && let Some(sheet) = read.sheets.first()
        && let Some(kept) = state.mapping(&sheet.mapping().titles)?
        && kept != sheet.mapping()
    {
        read = import(&workbook, layout, Some(&kept));
    }
    if let Some(mapping) = given.filter(|_| !read.sheets.is_empty()) {
        every_title_stands(mapping, &read, name)?;
    }
    if read.sheets.is_empty() {
        let why = if given.is_some() {
            "no row has the titles of the mapping; correct them"
        } else {
            "no row names at least three fields, among them two of reference, title and supplier; put the titles into one row, or run with --save-mapping on a file that has them and give --mapping"
        };
        return Err(Stop::input(format!("{name}: register.no_header: {why}")));
    }
    Ok(read)
}

/// Refuses a mapping that names a title which no sheet has: its field would be lost without a word.
fn every_title_stands(mapping: &Mapping, read: &Import, name: &str) -> Result<(), Stop> {
    let stands = |title: &String| {
        let same = |other: &String| other.trim().to_lowercase() == title.trim().to_lowercase();
        read.sheets
            .iter()
            .any(|sheet| sheet.mapping.values().any(same) || sheet.unmapped.iter().any(same))
    };
    let missing: Vec<String> = mapping
        .fields
        .iter()
        .filter(|(_, title)| !stands(title))
        .map(|(field, title)| {
            format!("{name}: register.no_such_column: the mapping takes {field} from “{title}”, and no column is called that; correct the title or take the line out")
        })
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Stop::Input(missing))
    }
}

/// A file that is text and neither CSV nor anything like it: what it is, and the way out.
fn foreign_text(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let begins = |start: &[u8]| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<table") {
        Some("a web page; open it in a spreadsheet and save it as .xlsx or CSV")
    } else if begins(b"<?xml") || begins(b"<") {
        Some("XML; open it in a spreadsheet and save it as .xlsx or CSV")
    } else if begins(b"{\\rtf") {
        Some("a text document; copy its table into a spreadsheet and save that as .xlsx or CSV")
    } else if begins(b"{") || begins(b"[{") || begins(b"[\n") || begins(b"[\r") || begins(b"[ ") {
        Some(
            "JSON; import the register.csv or register.xlsx that stands beside a published register.json, or export a table",
        )
    } else {
        None
    }
}

fn workbook(
    bytes: &[u8],
    name: &str,
    layout: &Layout,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Workbook, Stop> {
    let total = bytes.len();
    if u64::try_from(total).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(too_many_bytes(name));
    }
    let mut done = |done: usize| progress(done, total);
    match bytes {
        [] => Err(Stop::input(format!(
            "{name}: register.empty_file: the file is empty; export the register again"
        ))),
        [b'P', b'K', 3, 4, ..] => xlsx_file::read(bytes, name, &mut done),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Stop::input(format!(
            "{name}: register.old_workbook: an .xls file, or a workbook with a password; save it without one as .xlsx or CSV"
        ))),
        [b'%', b'P', b'D', b'F', ..] => Err(Stop::input(format!(
            "{name}: register.pdf: a PDF is no data, and doesn't meet the Code either; export the register as CSV or .xlsx"
        ))),
        _ => match foreign_text(bytes) {
            Some(what) => Err(Stop::input(format!(
                "{name}: register.another_format: this is {what}"
            ))),
            None => csv_file::read(bytes, name, layout, &mut done),
        },
    }
}
