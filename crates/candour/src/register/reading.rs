//! A register's file, CSV or XLSX by what it is and not by its name.

use std::path::Path;

use casework::register::Layout;
use casework::register::workbook::Workbook;

use super::{csv_file, xlsx_file};
use crate::fault::Stop;

/// Bytes of a file; registers of the largest councils have 10 MB.
const MOST_BYTES: u64 = 200 << 20;
/// Rows of a workbook.
pub const MOST_ROWS: usize = 1_100_000;

/// More rows than a spreadsheet has.
pub fn too_many_rows(name: &str) -> Stop {
    Stop::input(format!(
        "{name}: register.too_large: more than {MOST_ROWS} rows or 8 million cells; delete the empty ones or split the file"
    ))
}

/// Reads the file. `progress` is told bytes done and bytes in all.
///
/// # Errors
/// The file can't be read, is too large, or is no CSV or XLSX.
pub fn read(
    path: &Path,
    layout: &Layout,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Workbook, Stop> {
    let name = path.display().to_string();
    let unreadable =
        |error: std::io::Error| Stop::input(format!("{name}: register.unreadable: {error}"));
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MOST_BYTES {
        return Err(Stop::input(format!(
            "{name}: register.too_large: more than {} MB; split the file",
            MOST_BYTES >> 20
        )));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let total = bytes.len();
    let mut done = |done: usize| progress(done, total);
    match bytes.as_slice() {
        [] => Err(Stop::input(format!(
            "{name}: register.empty_file: the file is empty; export the register again"
        ))),
        [b'P', b'K', 3, 4, ..] => xlsx_file::read(&bytes, &name, &mut done),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Stop::input(format!(
            "{name}: register.old_workbook: an .xls file, or a workbook with a password; save it without one as .xlsx or CSV"
        ))),
        [b'%', b'P', b'D', b'F', ..] => Err(Stop::input(format!(
            "{name}: register.pdf: a PDF is no data, and doesn't meet the Code either; export the register as CSV or .xlsx"
        ))),
        _ => csv_file::read(&bytes, &name, layout, &mut done),
    }
}
