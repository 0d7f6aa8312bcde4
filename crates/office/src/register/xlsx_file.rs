//! A register in XLSX. The file comes from anywhere, so it is measured before it is opened, and nothing in it is followed.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use casework::register::workbook::{Block, Cell, Row, Sheet, Workbook};
use jiff::civil::Date;

use crate::fault::Stop;

/// What the parts of a workbook may unpack to together, in bytes. A register of 100,000 rows takes about 80 MB.
const MOST_UNPACKED: u64 = 256 << 20;
/// How many times larger a part may become, once it is larger than a few megabytes: a sheet becomes 10 to 30 times larger.
const MOST_TIMES: u64 = 250;
const FEW_MEGABYTES: u64 = 8 << 20;
/// Members of the archive.
const MOST_PARTS: usize = 4096;
/// Cells of all sheets together.
const MOST_CELLS: usize = 8_000_000;
/// Columns of a sheet that are looked at.
const MOST_COLUMNS: usize = 512;

/// Reads the bytes of an XLSX file. `progress` is told how many of `bytes` are done, as far as that can be known.
pub fn read(bytes: &[u8], name: &str, progress: &mut dyn FnMut(usize)) -> Result<Workbook, Stop> {
    let has_unworked = inspected(bytes, name)?;
    progress(bytes.len() / 4);
    // The reader of the format is not ours: a fault in it must end this file and not the program.
    let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        sheets(bytes, name, has_unworked, progress)
    }));
    let sheets = opened.unwrap_or_else(|_| Err(damaged(name, "its parts don't fit together")))?;
    progress(bytes.len());
    Ok(Workbook {
        format: "xlsx",
        encoding: None,
        delimiter: None,
        sheets,
    })
}

fn damaged(name: &str, why: impl std::fmt::Display) -> Stop {
    Stop::input(format!(
        "{name}: register.damaged_workbook: {why}; open it in a spreadsheet and save it again as .xlsx, or as CSV"
    ))
}

/// Refuses what could harm: an archive that unpacks without end, and links to other files or services. Says whether a
/// sheet has formulas that no spreadsheet has worked out.
fn inspected(bytes: &[u8], name: &str) -> Result<bool, Stop> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(name, error))?;
    if archive.len() > MOST_PARTS {
        return Err(bomb(name));
    }
    let has = |part: &str| {
        archive
            .file_names()
            .any(|name| name.is_ok_and(|name| name.eq_ignore_ascii_case(part)))
    };
    if !has("xl/workbook.xml") {
        let what = if has("word/document.xml") {
            "a text document; copy its table into a spreadsheet and save that as .xlsx or CSV"
        } else if has("content.xml") {
            "an OpenDocument file; open it in a spreadsheet and save it as .xlsx or CSV"
        } else if has("xl/workbook.bin") {
            "a binary workbook (.xlsb); save it as .xlsx or CSV"
        } else {
            "an archive or another kind of document; take the register out of it, as .xlsx or CSV"
        };
        return Err(Stop::input(format!(
            "{name}: register.another_format: this is {what}"
        )));
    }
    let mut unpacked: u64 = 0;
    let mut formulas = Unworked::default();
    for index in 0..archive.len() {
        let part = archive
            .by_index(index)
            .map_err(|error| damaged(name, error))?;
        let path = part
            .name()
            .map(|name| name.to_lowercase())
            .unwrap_or_default();
        let foreign = if path.contains("externallinks/") {
            Some("links to other workbooks")
        } else if path.ends_with("connections.xml") || path.contains("querytables/") {
            Some("connections to outside data")
        } else if path.ends_with("vbaproject.bin") || path.contains("macrosheets/") {
            Some("macros")
        } else {
            None
        };
        if let Some(what) = foreign {
            return Err(refused(name, what));
        }
        let packed = part.compressed_size().max(1);
        let is_relations = path.ends_with(".rels");
        // What a member says of its size may be a lie, so it is unpacked and counted.
        let left = MOST_UNPACKED.saturating_sub(unpacked).saturating_add(1);
        let mut limited = part.take(left);
        let mut text = String::new();
        let size = if is_relations {
            limited.read_to_string(&mut text).map(|size| size as u64)
        } else if path.starts_with("xl/worksheets/") {
            std::io::copy(&mut limited, &mut formulas)
        } else {
            std::io::copy(&mut limited, &mut std::io::sink())
        }
        .map_err(|error| damaged(name, error))?;
        unpacked = unpacked.saturating_add(size);
        if unpacked > MOST_UNPACKED || size > FEW_MEGABYTES && size / packed > MOST_TIMES {
            return Err(bomb(name));
        }
        if is_relations && links_outside(&text) {
            return Err(refused(name, "links to outside files"));
        }
    }
    Ok(formulas.found)
}

/// Looks through a sheet as it is unpacked for a formula that ends its cell, with no result after it.
#[derive(Default)]
struct Unworked {
    found: bool,
    /// The end of what went through, in case the mark is cut in two.
    end: Vec<u8>,
}

impl std::io::Write for Unworked {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        const MARKS: [&[u8]; 4] = [b"</f></c>", b"</f><v/>", b"</f><v />", b"</f><v></v>"];
        const LONGEST: usize = 11;
        if !self.found {
            self.end.extend_from_slice(bytes);
            self.found = self
                .end
                .windows(4)
                .enumerate()
                .filter(|(_, four)| *four == b"</f>")
                .any(|(at, _)| {
                    self.end
                        .get(at..)
                        .is_some_and(|rest| MARKS.iter().any(|mark| rest.starts_with(mark)))
                });
            let kept = self.end.len().saturating_sub(LONGEST);
            self.end.drain(..kept);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn bomb(name: &str) -> Stop {
    Stop::input(format!(
        "{name}: register.too_large: this workbook unpacks to more than {} MB, or to far more than it should; delete empty rows and pictures and save it again",
        MOST_UNPACKED >> 20
    ))
}

fn refused(name: &str, what: &str) -> Stop {
    Stop::input(format!(
        "{name}: register.external_content: this workbook has {what}, which are never followed; copy the sheet, paste it as values into a new workbook and import that"
    ))
}

/// Whether relations point outside the file, other than links that a reader could click.
fn links_outside(relations: &str) -> bool {
    relations.split("<Relationship").any(|relation| {
        let relation = relation.to_lowercase().replace('\'', "\"");
        relation.contains("targetmode=\"external\"") && !relation.contains("/hyperlink\"")
    })
}

/// The sheets; `has_unworked` says that some have formulas without results, which stand as errors: a blank cell would say
/// that there is nothing.
fn sheets(
    bytes: &[u8],
    name: &str,
    has_unworked: bool,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Sheet>, Stop> {
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(name, error))?;
    let listed: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let mut cells_read: usize = 0;
    let mut rows_read: usize = 0;
    let count = listed.len().max(1);
    let mut sheets = Vec::new();
    for (place, (title, hidden)) in listed.into_iter().enumerate() {
        let merges = workbook
            .merge_cells_by_sheet_name(&title)
            .unwrap_or_default()
            .into_iter()
            .map(|area| Block {
                top: area.start.0.saturating_add(1),
                bottom: area.end.0.saturating_add(1),
                left: area.start.1 as usize,
                right: area.end.1 as usize,
            })
            .collect();
        let mut rows: Vec<Row> = Vec::new();
        // A sheet that is a chart has no cells.
        if let Ok(mut reader) = workbook.worksheet_cells_reader(&title) {
            while let Some(cell) = reader.next_cell().map_err(|error| damaged(name, error))? {
                let (row, column) = cell.get_position();
                let value = value(cell.get_value());
                if value.is_blank() || column as usize >= MOST_COLUMNS {
                    continue;
                }
                cells_read = cells_read.saturating_add(1);
                let number = row.saturating_add(1);
                if rows.last().is_none_or(|last| last.number != number) {
                    rows_read = rows_read.saturating_add(1);
                    if rows_read.is_multiple_of(4096) {
                        let share = bytes.len() / 4 * 3 / count;
                        progress(bytes.len() / 4 + share.saturating_mul(place));
                    }
                    rows.push(Row {
                        number,
                        line: None,
                        cells: Vec::new(),
                    });
                }
                if cells_read > MOST_CELLS || rows_read > super::reading::MOST_ROWS {
                    return Err(super::reading::too_many_rows(name));
                }
                if let Some(last) = rows.last_mut() {
                    if last.cells.len() <= column as usize {
                        last.cells
                            .resize((column as usize).saturating_add(1), Cell::Empty);
                    }
                    if let Some(place) = last.cells.get_mut(column as usize) {
                        *place = value;
                    }
                }
            }
        }
        rows.sort_by_key(|row| row.number);
        if has_unworked {
            let formulas = workbook.worksheet_formula(&title).unwrap_or_default();
            mark_unworked(&mut rows, &formulas);
        }
        sheets.push(Sheet {
            name: Some(title),
            hidden,
            rows,
            merges,
        });
    }
    Ok(sheets)
}

/// Formulas of rows that have other cells, where the spreadsheet kept no result.
fn mark_unworked(rows: &mut [Row], formulas: &calamine::Range<String>) {
    let (top, left) = formulas.start().unwrap_or_default();
    for (down, across, formula) in formulas.used_cells() {
        let number = top
            .saturating_add(u32::try_from(down).unwrap_or(u32::MAX))
            .saturating_add(1);
        let column = (left as usize).saturating_add(across);
        if formula.is_empty() || column >= MOST_COLUMNS {
            continue;
        }
        let Ok(at) = rows.binary_search_by_key(&number, |row| row.number) else {
            continue;
        };
        if let Some(row) = rows.get_mut(at)
            && row.cell(column).is_blank()
        {
            if row.cells.len() <= column {
                row.cells.resize(column.saturating_add(1), Cell::Empty);
            }
            if let Some(place) = row.cells.get_mut(column) {
                *place = Cell::Error(format!("={formula}").into());
            }
        }
    }
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(text.as_str().into()),
        DataRef::SharedString(text) => Cell::Text((*text).into()),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let date = i16::try_from(year)
                .ok()
                .zip(i8::try_from(month).ok())
                .zip(i8::try_from(day).ok());
            date.and_then(|((year, month), day)| Date::new(year, month, day).ok())
                .filter(|_| moment.is_datetime() && moment.as_f64() >= 61.0)
                .map_or(Cell::Number(moment.as_f64()), Cell::Date)
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.as_str().into()),
        DataRef::Error(error) => Cell::Error(error.to_string().into()),
        DataRef::Empty => Cell::Empty,
    }
}
