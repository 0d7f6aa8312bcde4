//! What is wrong or worth knowing about a cell of the register, and the way out.

use serde::{Serialize, Serializer};

use crate::register::contract::Field;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The field is lost or can't be right: mend it.
    Error,
    /// Read, with a doubt: look at it.
    Warning,
    /// Read, and said so.
    Info,
}

impl Severity {
    /// `error`, `warning` or `info`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident, $code:literal, $severity:ident, $fix:literal;)*) => {
        /// What kind of problem it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[doc = $doc])* $variant,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable identifier.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// How much it matters.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it means and how to mend it.
            #[must_use]
            pub fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)* }
            }
        }
    };
}

kinds! {
    /// No title.
    MissingTitle, "missing-title", Error, "the contract has no title; write one in this cell";
    /// No supplier.
    MissingSupplier, "missing-supplier", Error, "the contract has no supplier; write its name in this cell";
    /// No date can be made of it.
    UnreadableDate, "unreadable-date", Error, "this is no date; write it as 31/03/2027, or “Open-ended” if there is no end";
    /// A day that no calendar has.
    ImpossibleDate, "impossible-date", Error, "no calendar has this day; correct it";
    /// The end comes first.
    EndBeforeStart, "end-before-start", Error, "the contract ends before it starts; correct one of the two dates";
    /// No sum can be made of it.
    ValueNotNumber, "value-not-number", Error, "this is no sum; write the sum over the contract's length, or the yearly estimate with “p.a.”";
    /// More than one figure.
    ValueRange, "value-range", Error, "a range or band is no sum; write the one figure that the Code asks for, total or yearly estimate";
    /// Less than nothing.
    NegativeValue, "negative-value", Error, "a contract's value can't be negative; correct it, or list a refund elsewhere";
    /// `#REF!` and the like.
    SpreadsheetError, "spreadsheet-error", Error, "the spreadsheet could not work this cell out; mend its formula or type the value";
    /// Another currency.
    NotSterling, "not-sterling", Error, "write the value in pounds sterling";
    /// The record has more or fewer cells than the header.
    ColumnCount, "column-count", Error, "this row has another number of cells than the header, usually a comma inside an unquoted cell; mend the row, it was left out";
    /// No reference.
    MissingReference, "missing-reference", Warning, "the contract has no reference number; give it one of its own";
    /// A reference that an earlier row has.
    DuplicateReference, "duplicate-reference", Warning, "an earlier row has this reference; give each contract or lot its own";
    /// The same row again.
    DuplicateRow, "duplicate-row", Warning, "this row repeats an earlier one and was left out; delete it";
    /// A month without a day.
    PartialDate, "partial-date", Warning, "the day is missing: read as the first of the month for a start or review, the last for an end; write the day";
    /// A year of two digits.
    TwoDigitYear, "two-digit-year", Warning, "the year has two digits and was read as 20..; write four";
    /// A date and a remark.
    DateWithWords, "date-with-words", Warning, "read as the date that it gives; move the other words to a column of their own";
    /// A date left as a spreadsheet's day number.
    ExcelSerialDate, "excel-serial-date", Warning, "a spreadsheet's day number, read as a date; format the cell as a date";
    /// The month stands before the day.
    MonthFirstDate, "month-first-date", Warning, "the month stands before the day, so other dates of this column may be swapped; check the whole column";
    /// TBC, unknown.
    Placeholder, "placeholder", Warning, "a placeholder, read as nothing; write what it stands for when it is known";
    /// A value of nothing.
    ValueZero, "value-zero", Warning, "a value of 0 says nothing of what is paid; write the sum, or the yearly estimate with “p.a.”";
    /// 9.30E+04.
    ScientificNotation, "scientific-notation", Warning, "written in powers of ten, so digits may be lost; format the cell as a number and check it";
    /// Neither yes nor no.
    UnreadableFlag, "unreadable-flag", Warning, "write Yes or No";
    /// A framework alone doesn't say how the contract was won.
    AmbiguousProcess, "ambiguous-process", Warning, "this doesn't say whether there was a competition; write “Published invitation to tender”, “Invitation to quote” or “Neither”";
    /// A process in no known words.
    UnreadableProcess, "unreadable-process", Warning, "write “Published invitation to tender”, “Invitation to quote” or “Neither”";
    /// Withheld.
    Redacted, "redacted", Warning, "withheld in the source; check that the reason still holds, since the Code asks for it";
    /// A cell that a spreadsheet would run.
    FormulaCell, "formula-cell", Warning, "the text begins like a formula; take the sign away (exports neutralise it)";
    /// A reference cut short.
    TruncatedReference, "truncated-reference", Warning, "the reference was cut short; write it in full";
    /// No end.
    OpenEnded, "open-ended", Info, "read as a contract without an end date";
    /// The cell says that its value is yearly or total.
    ValueBasisInCell, "value-basis-in-cell", Info, "the cell says whether its value is a year's or the whole; read so";
    /// Several suppliers.
    MultipleSuppliers, "multiple-suppliers", Info, "several suppliers in one cell, read one by one";
    /// £658k.
    AbbreviatedNumber, "abbreviated-number", Info, "an abbreviated figure, read in full";
    /// A company number beside the name.
    CompanyNumberInCell, "company-number-in-cell", Info, "a company number beside the name, read as such";
    /// Taken from a merged cell.
    FilledFromMerge, "filled-from-merge", Info, "filled from the merged cell above";
    /// Another encoding.
    NotUtf8, "not-utf8", Info, "the file isn't UTF-8; read in this encoding";
    /// Text decoded twice.
    Mojibake, "mojibake", Info, "characters broken by a wrong decoding, mended";
    /// A total.
    TotalRow, "total-row", Info, "a total, left out";
    /// A note.
    NoteRow, "note-row", Info, "a note, left out";
    /// A banner.
    SectionRow, "section-row", Info, "a section heading, left out";
    /// The header again.
    RepeatedHeader, "repeated-header", Info, "the header again, left out";
    /// A sheet that is no register.
    SkippedSheet, "skipped-sheet", Info, "no register was found on this sheet, or it is hidden; left out";
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// One problem with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What it is.
    #[serde(rename = "code")]
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
    /// The sheet; none in CSV.
    pub sheet: Option<String>,
    /// The row, or none for the whole file or sheet.
    pub row: Option<u32>,
    /// The physical line, for CSV.
    pub line: Option<u32>,
    /// The cell, "E14".
    pub cell: Option<String>,
    /// The column's title.
    pub column: Option<String>,
    /// The field.
    pub field: Option<Field>,
    /// The cell as it stands.
    pub text: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own_and_a_way_out() {
        let codes: std::collections::BTreeSet<&str> =
            Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| kind.fix().len() > 10));
    }
}
