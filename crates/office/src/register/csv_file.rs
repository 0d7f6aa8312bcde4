//! A register in CSV, whatever wrote it: any usual encoding, and commas, semicolons, tabs or bars between cells.

use casework::register::Layout;
use casework::register::workbook::{Cell, Row, Sheet, Workbook};

use crate::fault::Stop;

/// What may stand between cells.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// Records that are looked at to tell what stands between cells.
const SAMPLE: usize = 40;

/// Reads the bytes of a CSV file. `progress` is told how many of them are done.
pub fn read(
    bytes: &[u8],
    name: &str,
    layout: &Layout,
    progress: &mut dyn FnMut(usize),
) -> Result<Workbook, Stop> {
    let (encoding, text) = decoded(bytes);
    if text.contains('\0') {
        return Err(Stop::input(format!(
            "{name}: register.not_text: this is neither CSV nor XLSX; save the sheet as “CSV UTF-8” or .xlsx"
        )));
    }
    // "sep=;" is a spreadsheet's own convention.
    let stated = text
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("sep="))
        .and_then(|_| text.as_bytes().get(4))
        .copied();
    let delimiter = stated.unwrap_or_else(|| most_telling(&text, layout));
    let mut rows = Vec::new();
    let mut records = Records::new(&text, delimiter);
    if stated.is_some() {
        records.next_row();
    }
    while let Some(row) = records.next_row() {
        if rows.len().is_multiple_of(4096) {
            progress(records.at);
        }
        rows.push(row);
        if rows.len() > super::reading::MOST_ROWS {
            return Err(super::reading::too_many_rows(name));
        }
    }
    progress(bytes.len());
    Ok(Workbook {
        format: "csv",
        encoding: Some(encoding),
        delimiter: Some(char::from(delimiter)),
        sheets: vec![Sheet {
            name: None,
            hidden: false,
            rows,
            merges: Vec::new(),
        }],
    })
}

/// The text of the bytes and how they were read: by the mark at their start, as UTF-16 where every other byte is zero,
/// as UTF-8 where they are valid, else as Windows-1252, which any bytes are.
fn decoded(bytes: &[u8]) -> (&'static str, String) {
    use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
    let wide = |at: usize| {
        let sample = bytes.get(..bytes.len().min(2000)).unwrap_or(bytes);
        let zeros = sample
            .iter()
            .skip(at)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count();
        zeros > 0 && zeros.saturating_mul(4) > sample.len()
    };
    let as_utf_16 = |encoding: &'static encoding_rs::Encoding, bytes: &[u8]| {
        (
            "utf-16",
            encoding.decode_without_bom_handling(bytes).0.into_owned(),
        )
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            if let Ok(text) = std::str::from_utf8(rest) {
                return ("utf-8-sig", text.to_owned());
            }
            (
                "windows-1252",
                WINDOWS_1252
                    .decode_without_bom_handling(rest)
                    .0
                    .into_owned(),
            )
        }
        [0xff, 0xfe, rest @ ..] => as_utf_16(UTF_16LE, rest),
        [0xfe, 0xff, rest @ ..] => as_utf_16(UTF_16BE, rest),
        _ if wide(1) => as_utf_16(UTF_16LE, bytes),
        _ if wide(0) => as_utf_16(UTF_16BE, bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => ("utf-8", text.to_owned()),
            Err(_) => (
                "windows-1252",
                WINDOWS_1252
                    .decode_without_bom_handling(bytes)
                    .0
                    .into_owned(),
            ),
        },
    }
}

/// The delimiter under which some record names most fields, and of those the one that gives most cells.
fn most_telling(text: &str, layout: &Layout) -> u8 {
    DELIMITERS
        .into_iter()
        .map(|delimiter| {
            let mut records = Records::new(text, delimiter);
            let mut best = (0, 0);
            for _ in 0..SAMPLE {
                let Some(row) = records.next_row() else { break };
                best = best.max((layout.names(&row), row.cells.len()));
            }
            (best, delimiter)
        })
        // The first of equals, so that a comma wins where nothing tells.
        .rev()
        .max_by_key(|(best, _)| *best)
        .map_or(b',', |(_, delimiter)| delimiter)
}

/// The records of a text with the places where they start: blank lines count, line breaks inside quotes don't.
struct Records<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    number: u32,
    reader: csv_core::Reader,
    delimiter: u8,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            number: 0,
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
        }
    }

    /// Steps over one line break; whether there was one.
    fn step(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = if rest.starts_with("\r\n") {
            2
        } else if rest.starts_with(['\r', '\n']) {
            1
        } else {
            return false;
        };
        self.at = self.at.saturating_add(length);
        self.line = self.line.saturating_add(1);
        true
    }

    fn next_row(&mut self) -> Option<Row> {
        while self.step() {
            self.number = self.number.saturating_add(1);
        }
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = self.end_of_record(rest);
        let record = rest.get(..end)?;
        self.number = self.number.saturating_add(1);
        let row = Row {
            number: self.number,
            line: Some(self.line),
            cells: self.cells(record),
        };
        let breaks = record
            .matches('\n')
            .count()
            .max(record.matches('\r').count());
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(0));
        self.at = self.at.saturating_add(end);
        self.step();
        Some(row)
    }

    /// Where the record ends: at the first line break outside quotes. Quotes count only at the start of a cell.
    fn end_of_record(&self, rest: &str) -> usize {
        let bytes = rest.as_bytes();
        let mut quoted = false;
        let mut at_start = true;
        for (index, byte) in bytes.iter().enumerate() {
            match byte {
                b'"' if quoted => quoted = false,
                // A doubled quote closes and opens again.
                b'"' if at_start
                    || index.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'"') =>
                {
                    quoted = true
                }
                b'\n' | b'\r' if !quoted => return index,
                _ => {}
            }
            at_start = !quoted && *byte == self.delimiter;
        }
        // A quote that is never closed must not swallow the file: the record is its line.
        if quoted {
            return rest.find(['\r', '\n']).unwrap_or(rest.len());
        }
        rest.len()
    }

    fn cells(&mut self, record: &str) -> Vec<Cell> {
        self.reader.reset();
        let mut cells = Vec::new();
        let mut input = record.as_bytes();
        let mut field: Vec<u8> = Vec::new();
        let mut buffer = [0u8; 512];
        loop {
            let (outcome, taken, written) = self.reader.read_field(input, &mut buffer);
            input = input.get(taken..).unwrap_or(&[]);
            field.extend_from_slice(buffer.get(..written).unwrap_or(&[]));
            match outcome {
                csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::OutputFull => {}
                csv_core::ReadFieldResult::Field { record_end } => {
                    let text = String::from_utf8_lossy(&field);
                    cells.push(if text.is_empty() {
                        Cell::Empty
                    } else {
                        Cell::Text(text.into())
                    });
                    field.clear();
                    if record_end {
                        return cells;
                    }
                }
                csv_core::ReadFieldResult::End => return cells,
            }
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        Layout::parse(include_str!("../../../../data/register/layout.toml")).unwrap()
    }

    fn rows(text: &str) -> Vec<(u32, u32, Vec<String>)> {
        let mut records = Records::new(text, b',');
        let mut rows = Vec::new();
        while let Some(row) = records.next_row() {
            rows.push((
                row.number,
                row.line.unwrap(),
                row.cells.iter().map(Cell::shown).collect(),
            ));
        }
        rows
    }

    #[test]
    fn records_count_blank_lines_and_start_on_physical_lines() {
        let text = "Title\r\n\r\na,\"b\nc\",d\r\n\"x \"\"y\"\" z\",\"\",5\" pipe\r\n,,\r\nlast";
        let expected: Vec<(u32, u32, Vec<&str>)> = vec![
            (1, 1, vec!["Title"]),
            (3, 3, vec!["a", "b\nc", "d"]),
            (4, 5, vec!["x \"y\" z", "", "5\" pipe"]),
            (5, 6, vec!["", "", ""]),
            (6, 7, vec!["last"]),
        ];
        let found = rows(text);
        assert_eq!(found.len(), expected.len());
        for (one, (number, line, cells)) in found.iter().zip(expected) {
            assert_eq!((one.0, one.1), (number, line));
            assert_eq!(one.2, cells);
        }
    }

    #[test]
    fn a_stated_delimiter_takes_its_own_line_only() {
        let text = "sep=;\r\nRef;Title;Supplier\r\n1;Salt, rock;X\r\n";
        let workbook = read(text.as_bytes(), "r.csv", &layout(), &mut |_| ()).unwrap();
        assert_eq!(workbook.delimiter, Some(';'));
        let rows: Vec<(u32, usize)> = workbook.sheets[0]
            .rows
            .iter()
            .map(|row| (row.number, row.cells.len()))
            .collect();
        assert_eq!(rows, [(2, 3), (3, 3)]);
    }

    #[test]
    fn an_unclosed_quote_costs_its_own_line_only() {
        let found = rows("a,b\n\"never closed,1\nc,d\n");
        assert_eq!(found.len(), 3);
        assert_eq!(found[2].2, ["c", "d"]);
    }

    #[test]
    fn encodings_are_told_by_their_bytes() {
        let text = "Ref,Title,Supplier\r\n1,£5 – café,X\r\n";
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide.clone()).collect();
        let big: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        let western = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), "utf-8"),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "utf-8-sig"),
            (wide, "utf-16"),
            (marked, "utf-16"),
            (big, "utf-16"),
            (western, "windows-1252"),
        ] {
            assert_eq!(decoded(&bytes), (encoding, text.to_owned()));
        }
    }

    #[test]
    fn delimiters_are_told_by_the_header() {
        for delimiter in [",", ";", "\t", "|"] {
            let text = [
                "Contracts, as at; today",
                "Ref,Title,Supplier,Value",
                "1,\"a, b; c\",X,5",
            ]
            .join("\n")
            .replace(
                "Ref,Title,Supplier,Value",
                &["Ref", "Title", "Supplier", "Value"].join(delimiter),
            );
            assert_eq!(
                char::from(most_telling(&text, &layout())).to_string(),
                delimiter
            );
        }
    }
}
