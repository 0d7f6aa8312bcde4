//! A published snapshot as data: CSV, JSON and XLSX with the same rows, none of which a spreadsheet can run.

use casework::register::check::may_be_a_person;
use casework::register::contract::{Contract, Field};
use jiff::civil::Date;
use letters::log::no_formula;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

/// The Open Government Licence, under which the Code asks for publication.
pub const LICENCE: &str =
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/// The contracts as they may be published: without the address of a supplier who may be a person at home, FOIA s.40(2).
pub fn publishable(contracts: &[Contract]) -> Vec<Contract> {
    contracts
        .iter()
        .cloned()
        .map(|mut contract| {
            if contract.suppliers().any(may_be_a_person) {
                contract.details.supplier_address = None;
            }
            contract
        })
        .collect()
}

/// The rows as CSV in UTF-8.
///
/// # Errors
/// Never in memory; the library says that it could.
pub fn csv(contracts: &[Contract]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(Field::ALL.map(Field::title))?;
    for contract in contracts {
        writer.write_record(
            Field::ALL.map(|field| no_formula(&contract.said(field).unwrap_or_default())),
        )?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// The rows as a workbook: dates and sums as such, words as words.
///
/// # Errors
/// More rows than a sheet has.
pub fn xlsx(contracts: &[Contract], sheet_name: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name)?;
    let head = Format::new().set_bold();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let money = Format::new().set_num_format("#,##0.00");
    for (column, field) in (0u16..).zip(Field::ALL) {
        sheet.write_string_with_format(0, column, field.title(), &head)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, contract) in (1u32..).zip(contracts) {
        for (column, field) in (0u16..).zip(Field::ALL) {
            let Some(text) = contract.said(field) else {
                continue;
            };
            match field {
                Field::Value | Field::AnnualValue | Field::IrrecoverableVat => {
                    let sum: f64 = text.parse().unwrap_or_default();
                    sheet.write_number_with_format(row, column, sum, &money)?;
                }
                Field::Start | Field::End | Field::Review => match text.parse::<Date>() {
                    Ok(date) if date.year() >= 1901 => {
                        let date = ExcelDateTime::from_ymd(
                            u16::try_from(date.year()).unwrap_or(1901),
                            u8::try_from(date.month()).unwrap_or(1),
                            u8::try_from(date.day()).unwrap_or(1),
                        )?;
                        sheet.write_datetime_with_format(row, column, &date, &day)?;
                    }
                    _ => {
                        sheet.write_string(row, column, no_formula(&text))?;
                    }
                },
                _ => {
                    sheet.write_string(row, column, no_formula(&text))?;
                }
            }
        }
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]
mod tests {
    use super::*;
    use casework::register::contract::{Details, Pence, Process, Source, ValueBasis};
    use casework::register::{Layout, import};
    use proptest::prelude::*;

    /// Words that mean nothing to the importer, with all that breaks a careless writer: quotes, commas, signs, semicolons.
    fn words() -> impl Strategy<Value = String> {
        "[=+@]?Q[a-z\"',&£é–;:()0-9]{0,12}( [A-Z][a-z,\"']{3,9}q){1,3}"
    }

    fn name() -> impl Strategy<Value = String> {
        "Q[a-z&'é]{2,10}( [A-Z][a-z]{3,9}q){1,2}(; Z[a-z]{3,9}q)?"
    }

    fn date() -> impl Strategy<Value = Date> {
        (2000i16..2090, 1i8..=12, 1i8..=28)
            .prop_map(|(year, month, day)| jiff::civil::date(year, month, day))
    }

    fn sum() -> impl Strategy<Value = Pence> {
        (1i64..100_000_000_000).prop_map(Pence)
    }

    fn value() -> impl Strategy<Value = (Option<Pence>, Option<ValueBasis>, Option<Pence>)> {
        prop_oneof![
            Just((None, None, None)),
            sum().prop_map(|sum| (Some(sum), Some(ValueBasis::Total), None)),
            sum().prop_map(|sum| (Some(sum), Some(ValueBasis::AnnualEstimate), None)),
            (sum(), sum()).prop_map(|(sum, annual)| (
                Some(sum),
                Some(ValueBasis::Total),
                Some(annual)
            )),
        ]
    }

    fn process() -> impl Strategy<Value = Option<Process>> {
        prop::option::of(prop_oneof![
            Just(Process::PublishedTender),
            Just(Process::Quote),
            Just(Process::Neither)
        ])
    }

    prop_compose! {
        fn contract()(
            title in words(),
            texts in (prop::option::of(words()), prop::option::of(words()), prop::option::of(words())),
            supplier_name in prop::option::of(name()),
            (value, value_basis, annual_value) in value(),
            start in date(),
            end in prop::option::of(date()),
            review in prop::option::of(date()),
            process in process(),
            flags in (any::<Option<bool>>(), any::<Option<bool>>()),
            irrecoverable_vat in prop::option::of(sum()),
            company_number in prop::option::of("[0-9]{8}"),
        ) -> Contract {
            let (department, description, extension) = texts;
            Contract {
                title: Some(title),
                department,
                description,
                supplier_name,
                value,
                value_basis,
                start: Some(start),
                end,
                review,
                extension,
                process,
                is_sme: flags.0,
                is_vcse: flags.1,
                details: Details {
                    open_ended: end.is_none() && flags.0.is_some(),
                    annual_value,
                    irrecoverable_vat,
                    company_number,
                    ..Details::default()
                },
                ..Contract::empty(Source { sheet: None, row: 0, line: None })
            }
        }
    }

    fn read_back(bytes: &[u8], is_xlsx: bool) -> Vec<Contract> {
        let layout = Layout::parse(include_str!("../../../../data/register/layout.toml")).unwrap();
        let workbook = if is_xlsx {
            super::super::xlsx_file::read(bytes, "register.xlsx", &mut |_| {}).unwrap()
        } else {
            super::super::csv_file::read(bytes, "register.csv", &layout, &mut |_| {}).unwrap()
        };
        import(&workbook, &layout, None).contracts
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_published_reads_back_the_same(mut contracts in prop::collection::vec(contract(), 1..12)) {
            for (place, contract) in contracts.iter_mut().enumerate() {
                contract.reference = Some(format!("HM/{place}"));
            }
            for (bytes, is_xlsx) in [(csv(&contracts).unwrap(), false), (xlsx(&contracts, "2026-Q3").unwrap(), true)] {
                let again = read_back(&bytes, is_xlsx);
                prop_assert_eq!(again.len(), contracts.len());
                for (again, before) in again.iter().zip(&contracts) {
                    let placed = Contract { source: again.source.clone(), ..before.clone() };
                    prop_assert_eq!(again, &placed);
                }
            }
        }
    }
}
