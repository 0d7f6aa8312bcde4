//! A register as it was read from a file: sheets of rows of cells, before anybody knows what they mean.

use jiff::civil::Date;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// `csv` or `xlsx`.
    pub format: &'static str,
    /// How its bytes were read, for CSV: `utf-8`, `utf-8-sig`, `utf-16`, `windows-1252`.
    pub encoding: Option<&'static str>,
    /// What stands between cells, for CSV.
    pub delimiter: Option<char>,
    /// The sheets in order.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name; none in CSV.
    pub name: Option<String>,
    /// Whether somebody hid it.
    pub hidden: bool,
    /// The rows that have anything in them, in order.
    pub rows: Vec<Row>,
    /// Blocks of cells that stand as one.
    pub merges: Vec<Block>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its number from 1, as the spreadsheet shows it or as the record counts.
    pub number: u32,
    /// The physical line on which the record starts, for CSV.
    pub line: Option<u32>,
    /// Its cells from column A.
    pub cells: Vec<Cell>,
}

/// A block of merged cells; rows from 1, columns from 0, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// First row.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column.
    pub left: usize,
    /// Last column.
    pub right: usize,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Words, as they stand.
    Text(Box<str>),
    /// A number of a spreadsheet.
    Number(f64),
    /// A date of a spreadsheet.
    Date(Date),
    /// A yes or no of a spreadsheet.
    Flag(bool),
    /// `#REF!` and the like.
    Error(Box<str>),
}

impl Cell {
    /// The cell as it stands, for a reader.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.to_string(),
            Self::Number(number) => plain_number(*number),
            Self::Date(date) => date.to_string(),
            Self::Flag(true) => "TRUE".to_owned(),
            Self::Flag(false) => "FALSE".to_owned(),
        }
    }

    /// Whether nothing stands in it that a reader could see.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(char::is_whitespace),
            _ => false,
        }
    }
}

/// 93000 for 93000.0; never in powers of ten.
fn plain_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

/// "AB" for 27: the letters of a column counted from 0.
#[must_use]
pub fn letters(column: usize) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    loop {
        let letter = u8::try_from(rest % 26).unwrap_or(0);
        letters.push(char::from(b'A'.saturating_add(letter)));
        rest /= 26;
        if rest == 0 {
            break;
        }
        rest = rest.saturating_sub(1);
    }
    letters.iter().rev().collect()
}

impl Row {
    /// The cell of a column, empty past the end.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Cell {
        const EMPTY: Cell = Cell::Empty;
        self.cells.get(column).unwrap_or(&EMPTY)
    }

    /// The columns in which anything stands.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_blank())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        for (column, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (27, "AB"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(letters(column), expected);
        }
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        assert_eq!(Cell::Number(-12500.0).shown(), "-12500");
        assert_eq!(Cell::Number(63769.3).shown(), "63769.3");
    }
}
