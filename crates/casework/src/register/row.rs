//! One row of a sheet read as a contract, field by field.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::register::contract::{Contract, Details, Field, Pence, Source, ValueBasis};
use crate::register::date::{self, MonthAlone};
use crate::register::header::{Header, is_open};
use crate::register::layout::Layout;
use crate::register::problem::{Kind, Problem};
use crate::register::words::{collapsed, folded, holds, mended, plain};
use crate::register::workbook::{Cell, Row, Sheet, letters};
use crate::register::{meaning, supplier, value};

/// Reads one row and notes its problems.
pub(crate) struct Reader<'a> {
    sheet: &'a Sheet,
    row: &'a Row,
    header: &'a Header,
    layout: &'a Layout,
    merged: &'a BTreeMap<(u32, usize), &'a Cell>,
    pub problems: Vec<Problem>,
}

/// What a cell's words say before anything is known of the field.
enum Words {
    /// Nothing, or nothing more than "N/A" where that is an answer.
    None,
    /// A problem was noted; the field stays empty.
    Lost,
    /// Words to read.
    Some(String),
}

impl<'a> Reader<'a> {
    pub fn new(
        sheet: &'a Sheet,
        row: &'a Row,
        header: &'a Header,
        layout: &'a Layout,
        merged: &'a BTreeMap<(u32, usize), &'a Cell>,
    ) -> Self {
        Self {
            sheet,
            row,
            header,
            layout,
            merged,
            problems: Vec::new(),
        }
    }

    /// The contract of the row. Every field stands by itself: a bad one leaves the others.
    pub fn contract(&mut self) -> Contract {
        let mut contract = Contract::empty(Source {
            sheet: self.sheet.name.clone(),
            row: self.row.number,
            line: self.row.line,
        });
        self.tell_merged();
        contract.reference = self.reference();
        contract.title = self.required(Field::Title, Kind::MissingTitle);
        contract.department = self.text(Field::Department);
        contract.description = self.text(Field::Description);
        self.suppliers(&mut contract);
        self.values(&mut contract);
        contract.start = self.date(Field::Start, MonthAlone::First, &mut contract.details);
        contract.end = self.date(Field::End, MonthAlone::Last, &mut contract.details);
        contract.review = self
            .date(Field::Review, MonthAlone::First, &mut contract.details)
            .or_else(|| self.review_beside_period());
        if let (Some(start), Some(end)) = (contract.start, contract.end)
            && end < start
        {
            self.note(Kind::EndBeforeStart, Field::End);
        }
        contract.extension = self.extension();
        self.process(&mut contract);
        self.flags(&mut contract);
        contract
    }

    /// Notes a problem at a field's cell.
    pub fn note(&mut self, kind: Kind, field: Field) {
        let column = self.header.columns.get(&field).copied();
        let filled = column.is_some_and(|column| self.is_filled(column));
        self.problems.push(Problem {
            kind,
            severity: kind.severity(),
            sheet: self.sheet.name.clone(),
            row: Some(self.row.number),
            line: self.row.line,
            cell: column.map(|column| format!("{}{}", letters(column), self.row.number)),
            column: self.header.title(field).map(str::to_owned),
            field: Some(match field {
                Field::AnnualValue => Field::Value,
                other => other,
            }),
            text: column
                .filter(|_| !filled)
                .map(|column| self.row.cell(column).shown()),
        });
    }

    fn is_filled(&self, column: usize) -> bool {
        self.row.cell(column).is_blank() && self.merged.contains_key(&(self.row.number, column))
    }

    fn cell(&self, field: Field) -> Option<&'a Cell> {
        let column = *self.header.columns.get(&field)?;
        let own = self.row.cell(column);
        if own.is_blank() {
            Some(
                self.merged
                    .get(&(self.row.number, column))
                    .copied()
                    .unwrap_or(own),
            )
        } else {
            Some(own)
        }
    }

    fn tell_merged(&mut self) {
        if self.merged.is_empty() {
            return;
        }
        let filled: Vec<Field> = self
            .header
            .columns
            .iter()
            .filter(|(_, column)| self.is_filled(**column))
            .map(|(field, _)| *field)
            .collect();
        for field in filled {
            self.note(Kind::FilledFromMerge, field);
        }
    }

    /// The words of a field's cell, line breaks kept, with what any field's cell may say instead of an answer.
    fn words(&mut self, field: Field) -> Words {
        let Some(cell) = self.cell(field) else {
            return Words::None;
        };
        let shown = match cell {
            Cell::Error(_) => {
                self.note(Kind::SpreadsheetError, field);
                return Words::Lost;
            }
            other => other.shown(),
        };
        if shown.trim().is_empty() {
            return Words::None;
        }
        let shown = match mended(&shown) {
            Some(mended) => {
                self.note(Kind::Mojibake, field);
                mended
            }
            None => shown,
        };
        // An apostrophe before a sign is what keeps an exported cell from being run.
        let shown = match shown.trim_start().strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
            _ => shown,
        };
        let text = folded(&shown);
        let text = text.trim_start_matches(['£', ' ']);
        let cells = &self.layout.cells;
        // "(TBC)"
        let core = text
            .strip_prefix(['(', '['])
            .and_then(|inner| inner.strip_suffix([')', ']']))
            .unwrap_or(text);
        let lost = if text.starts_with('#')
            && (text.ends_with('!') || text.ends_with('?') || text == "#n/a")
        {
            Some(Kind::SpreadsheetError)
        } else if cells.placeholders.contains(core) && !(text == "?" && is_flag(field)) {
            Some(Kind::Placeholder)
        } else if cells.nothing.contains(text) {
            match field {
                Field::Extension if text == "none" || text == "nil" => None,
                Field::Review
                | Field::Extension
                | Field::SupplierAddress
                | Field::CompanyNumber
                | Field::CharityNumber
                | Field::RegistrationNumber
                | Field::IrrecoverableVat => return Words::None,
                _ => Some(Kind::Placeholder),
            }
        } else if is_redacted(text, &cells.redacted) {
            Some(Kind::Redacted)
        } else {
            None
        };
        match lost {
            Some(kind) => {
                self.note(kind, field);
                Words::Lost
            }
            None => Words::Some(shown),
        }
    }

    fn text(&mut self, field: Field) -> Option<String> {
        let Words::Some(text) = self.words(field) else {
            return None;
        };
        let text = collapsed(&text);
        let mut characters = text.chars();
        let runs = match characters.next() {
            Some('=' | '+' | '@') => true,
            Some('-') => characters.next().is_some_and(char::is_alphanumeric),
            _ => false,
        };
        if runs {
            self.note(Kind::FormulaCell, field);
        }
        (!text.is_empty()).then_some(text)
    }

    fn required(&mut self, field: Field, missing: Kind) -> Option<String> {
        if self.header.columns.contains_key(&field) && self.cell(field).is_none_or(Cell::is_blank) {
            self.note(missing, field);
        }
        self.text(field)
    }

    fn reference(&mut self) -> Option<String> {
        let reference = self.required(Field::Reference, Kind::MissingReference)?;
        if reference.ends_with('…') || reference.ends_with("...") || reference.starts_with("##") {
            self.note(Kind::TruncatedReference, Field::Reference);
        }
        Some(reference)
    }

    fn suppliers(&mut self, contract: &mut Contract) {
        let field = Field::SupplierName;
        if self.header.columns.contains_key(&field) && self.cell(field).is_none_or(Cell::is_blank) {
            self.note(Kind::MissingSupplier, field);
        }
        contract.details.supplier_address = self.text(Field::SupplierAddress);
        contract.details.company_number = self.text(Field::CompanyNumber);
        contract.details.charity_number = self.text(Field::CharityNumber);
        contract.details.registration_number = self.text(Field::RegistrationNumber);
        let Words::Some(text) = self.words(field) else {
            return;
        };
        let read = supplier::read(&text);
        if read.names.len() > 1 {
            self.note(Kind::MultipleSuppliers, field);
        }
        if read.has_number {
            self.note(Kind::CompanyNumberInCell, field);
        }
        if text.trim_start().starts_with(['=', '+', '@']) {
            self.note(Kind::FormulaCell, field);
        }
        let details = &mut contract.details;
        details.company_number = details.company_number.take().or(read.company_number);
        details.supplier_address = details.supplier_address.take().or(read.address);
        contract.is_sme = read.is_sme;
        contract.is_vcse = read.is_vcse;
        if !read.names.is_empty() {
            contract.supplier_name = Some(read.names.join("; "));
        }
    }

    fn sum(&mut self, field: Field) -> value::Reading {
        let unit = self.header.title(field).map_or(1.0, value::unit);
        if let Some(Cell::Number(number)) = self.cell(field) {
            return value::of_number(*number, unit);
        }
        match self.words(field) {
            Words::Some(text) => value::read(&text, &self.layout.cells, unit),
            Words::None | Words::Lost => value::Reading::default(),
        }
    }

    /// What a column beside the value says of its basis.
    fn basis_beside(&self) -> Option<ValueBasis> {
        let said = folded(&self.row.cell(self.header.basis?).shown());
        let cells = &self.layout.cells;
        let says = |words: &[String]| words.iter().any(|word| holds(&said, word));
        if says(&cells.annual_words) {
            Some(ValueBasis::AnnualEstimate)
        } else if says(&cells.whole_words) {
            Some(ValueBasis::Total)
        } else {
            None
        }
    }

    fn values(&mut self, contract: &mut Contract) {
        let total = self.sum(Field::Value);
        for kind in &total.kinds {
            self.note(*kind, Field::Value);
        }
        let basis = total
            .basis
            .or_else(|| self.basis_beside())
            .unwrap_or(ValueBasis::Total);
        contract.value = total.sum;
        contract.value_basis = total.sum.map(|_| basis);
        let before = self.problems.len();
        let annual = self.sum(Field::AnnualValue);
        if contract.value.is_none() {
            for kind in annual
                .kinds
                .iter()
                .filter(|kind| **kind != Kind::ValueBasisInCell)
            {
                self.note(*kind, Field::AnnualValue);
            }
            contract.value = annual.sum;
            contract.value_basis = annual
                .sum
                .map(|_| annual.basis.unwrap_or(ValueBasis::AnnualEstimate));
        } else {
            // The total answers; what a year's column lacks beside it is no problem.
            self.problems.truncate(before);
            contract.details.annual_value = annual
                .sum
                .filter(|sum| basis == ValueBasis::Total && *sum != Pence(0));
        }
        let vat = self.sum(Field::IrrecoverableVat);
        for kind in vat.kinds.iter().filter(|kind| **kind != Kind::ValueZero) {
            self.note(*kind, Field::IrrecoverableVat);
        }
        contract.details.irrecoverable_vat = vat.sum;
    }

    fn date(&mut self, field: Field, alone: MonthAlone, details: &mut Details) -> Option<Date> {
        let reading = match self.cell(field) {
            Some(Cell::Date(date)) => date::Reading {
                date: Some(*date),
                kinds: Vec::new(),
            },
            Some(Cell::Number(number)) => date::of_number(*number),
            _ => {
                let Words::Some(text) = self.words(field) else {
                    return None;
                };
                let text = self.end_of_period(field, folded(&text))?;
                if field == Field::End && is_open(&text, self.layout) {
                    details.open_ended = true;
                    self.note(Kind::OpenEnded, field);
                    return None;
                }
                date::read(&text, alone)
            }
        };
        // 31/12/2099 and 9999-12-31 are how systems write that there is no end.
        if field == Field::End && reading.date.is_some_and(|date| date.year() >= 2099) {
            details.open_ended = true;
            self.note(Kind::OpenEnded, field);
            return None;
        }
        for kind in reading.kinds {
            self.note(kind, field);
        }
        reading.date
    }

    /// The review date that a cell with start and end gives too: "01/04/2026 - 31/03/2027 (review 01/01/2027)".
    fn review_beside_period(&mut self) -> Option<Date> {
        if !self.header.has_period() || self.header.columns.contains_key(&Field::Review) {
            return None;
        }
        let Cell::Text(text) = self.cell(Field::End)? else {
            return None;
        };
        let text = folded(text);
        let (_, after) = text.rsplit_once("review")?;
        let after = after
            .trim_start_matches([':', '-', ' '])
            .trim_start_matches("date")
            .trim_matches([':', ' ', ')', ']']);
        date::read(after, MonthAlone::First).date
    }

    /// The words of a start or end; of a cell that gives both, its own of the two. `None` where such a cell gives no
    /// two dates, which is told once, at the start.
    fn end_of_period(&mut self, field: Field, text: String) -> Option<String> {
        if !matches!(field, Field::Start | Field::End) || !self.header.has_period() {
            return Some(text);
        }
        match (date::period(&text, |end| is_open(end, self.layout)), field) {
            (Some((start, _)), Field::Start) => Some(start),
            (Some((_, end)), _) => Some(end),
            (None, Field::Start) => Some(text),
            (None, _) => None,
        }
    }

    fn extension(&mut self) -> Option<String> {
        if let Some(Cell::Date(date)) = self.cell(Field::Extension) {
            return Some(date.to_string());
        }
        let text = self.text(Field::Extension)?;
        let read = date::read(&text, MonthAlone::Last);
        match read.date.filter(|_| read.kinds.is_empty()) {
            Some(date) => Some(date.to_string()),
            None => Some(text),
        }
    }

    fn process(&mut self, contract: &mut Contract) {
        let field = Field::Process;
        let both = self.header.title(field).map(plain).is_some_and(|title| {
            let says = |words: &[&str]| title.iter().any(|word| words.contains(&word.as_str()));
            says(&["quote", "quotes", "quotation", "rfq"]) && says(&["tender", "itt"])
        });
        if let Words::Some(text) = self.words(field) {
            match meaning::process(&text, &self.layout.process, both) {
                Ok(process) => contract.process = Some(process),
                Err(kind) => self.note(kind, field),
            }
        }
    }

    /// A flag's words without the registration number that the Code asks for beside it: "VCSE 1000000".
    fn without_number(&self, text: String, contract: &mut Contract) -> String {
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return text;
        }
        let (flag, number) = supplier::flag_and_number(&text);
        match number {
            Some(number) => {
                let details = &mut contract.details;
                let has_one = details.company_number.is_some()
                    || details.charity_number.is_some()
                    || details.registration_number.is_some();
                if !has_one {
                    details.registration_number = Some(number);
                }
                flag
            }
            None => text,
        }
    }

    fn flags(&mut self, contract: &mut Contract) {
        let flags = &self.layout.flags;
        if let Words::Some(text) = self.words(Field::IsSme) {
            let text = self.without_number(text, contract);
            let read = if self.header.both {
                meaning::is_sme_and_vcse(&text, flags).map(|(sme, vcse)| (sme, Some(vcse)))
            } else {
                meaning::is_sme(&text, flags).map(|sme| (sme, contract.is_vcse))
            };
            match read {
                Ok((sme, vcse)) => {
                    contract.is_sme = Some(sme);
                    contract.is_vcse = vcse;
                }
                Err(kind) => self.note(kind, Field::IsSme),
            }
        }
        if let Words::Some(text) = self.words(Field::IsVcse) {
            let text = self.without_number(text, contract);
            match meaning::is_vcse(&text, flags) {
                Ok(vcse) => contract.is_vcse = Some(vcse),
                Err(kind) => self.note(kind, Field::IsVcse),
            }
        }
    }
}

/// Whether a cell says that it was withheld, and no more than why: "[REDACTED]", "Withheld - s.43", black bars.
fn is_redacted(text: &str, words: &[String]) -> bool {
    let text = text.trim_matches(['[', ']', '(', ')', '<', '>', '{', '}', '*', '"', '\'', ' ']);
    let is_bar = |c: char| matches!(c, '█' | '■' | '▇' | '▉');
    let blacked = text.starts_with(is_bar) && text.chars().all(is_bar);
    blacked
        || words.iter().any(|word| {
            text.strip_prefix(word.as_str()).is_some_and(|rest| {
                // "Confidential waste" is a title: only words that nothing else begins with may go on.
                rest.is_empty()
                    || ["redacted", "withheld", "commercial"]
                        .iter()
                        .any(|lead| word.starts_with(lead))
                        && (word == "redacted" && !rest.starts_with(char::is_alphanumeric)
                            || rest
                                .trim_start()
                                .starts_with(['-', '–', '—', '(', ':', '/']))
            })
        })
}

fn is_flag(field: Field) -> bool {
    matches!(field, Field::IsSme | Field::IsVcse)
}
