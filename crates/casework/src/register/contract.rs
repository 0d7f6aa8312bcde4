//! One row of the register: the ten fields of the Transparency Code, and where the row stood.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A sum in pence, written as pounds with two places: "110715.14".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pence(pub i64);

impl fmt::Display for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pounds = self.0.unsigned_abs() / 100;
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{pounds}.{:02}", self.0.unsigned_abs() % 100)
    }
}

impl Pence {
    /// The sum as a letter writes it: "£110,715.14", or "£5,000" where there are no pence.
    #[must_use]
    pub fn in_words(self) -> String {
        let digits = (self.0.unsigned_abs() / 100).to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len().saturating_sub(index)).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let pence = self.0.unsigned_abs() % 100;
        if pence == 0 {
            format!("£{grouped}")
        } else {
            format!("£{grouped}.{pence:02}")
        }
    }

    /// The sum of "110715.14".
    #[must_use]
    pub fn of_decimal(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
        let pounds: i64 = whole.parse().ok()?;
        let pence: i64 = (part.len() == 2).then(|| part.parse().ok()).flatten()?;
        pounds.checked_mul(100)?.checked_add(pence).map(Self)
    }
}

impl Serialize for Pence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::of_decimal(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no sum like 1234.50")))
    }
}

/// Whether a value is the sum over the length of the contract or a year's estimate; the Code allows either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueBasis {
    /// The sum to be paid over the length of the contract.
    Total,
    /// The estimated annual spending or budget.
    AnnualEstimate,
}

/// Whether the contract came of an invitation to quote or a published invitation to tender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// A published invitation to tender.
    PublishedTender,
    /// An invitation to quote.
    Quote,
    /// Neither: a direct award, waiver or exemption.
    Neither,
}

impl Process {
    /// The words of the Code.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::PublishedTender => "Published invitation to tender",
            Self::Quote => "Invitation to quote",
            Self::Neither => "Neither",
        }
    }
}

/// A field of the register that a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Reference number.
    Reference,
    /// Title of agreement.
    Title,
    /// Local authority department responsible.
    Department,
    /// Description of the goods and/or services.
    Description,
    /// Supplier name.
    SupplierName,
    /// Supplier details: address.
    SupplierAddress,
    /// Number at Companies House.
    CompanyNumber,
    /// Number at the Charity Commission.
    CharityNumber,
    /// A registration number of unnamed kind.
    RegistrationNumber,
    /// Sum over the length of the contract, or a value of no stated basis.
    Value,
    /// Estimated annual spending.
    #[serde(rename = "value (annual)")]
    AnnualValue,
    /// VAT that cannot be recovered.
    IrrecoverableVat,
    /// Start date.
    Start,
    /// End date.
    End,
    /// Review date.
    Review,
    /// Options to extend, as written.
    Extension,
    /// Invitation to quote or published invitation to tender.
    Process,
    /// Small or medium-sized enterprise.
    IsSme,
    /// Voluntary or community sector organisation.
    IsVcse,
}

impl Field {
    /// Every field, in the order of the Code.
    pub const ALL: [Self; 19] = [
        Self::Reference,
        Self::Title,
        Self::Department,
        Self::Description,
        Self::SupplierName,
        Self::SupplierAddress,
        Self::CompanyNumber,
        Self::CharityNumber,
        Self::RegistrationNumber,
        Self::Value,
        Self::AnnualValue,
        Self::IrrecoverableVat,
        Self::Start,
        Self::End,
        Self::Review,
        Self::Extension,
        Self::Process,
        Self::IsSme,
        Self::IsVcse,
    ];

    /// The field's name in mappings and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Title => "title",
            Self::Department => "department",
            Self::Description => "description",
            Self::SupplierName => "supplier_name",
            Self::SupplierAddress => "supplier_address",
            Self::CompanyNumber => "company_number",
            Self::CharityNumber => "charity_number",
            Self::RegistrationNumber => "registration_number",
            Self::Value => "value",
            Self::AnnualValue => "value (annual)",
            Self::IrrecoverableVat => "irrecoverable_vat",
            Self::Start => "start",
            Self::End => "end",
            Self::Review => "review",
            Self::Extension => "extension",
            Self::Process => "process",
            Self::IsSme => "is_sme",
            Self::IsVcse => "is_vcse",
        }
    }

    /// The published title of the field: the Code's words. Import reads every one of them back.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Reference => "Reference number",
            Self::Title => "Title of agreement",
            Self::Department => "Local authority department responsible",
            Self::Description => "Description of the goods and/or services being provided",
            Self::SupplierName => "Supplier name",
            Self::SupplierAddress => "Supplier address",
            Self::CompanyNumber => "Company number",
            Self::CharityNumber => "Charity number",
            Self::RegistrationNumber => "Registration number",
            Self::Value => "Total contract value (£)",
            Self::AnnualValue => "Annual contract value (£)",
            Self::IrrecoverableVat => "VAT that cannot be recovered (£)",
            Self::Start => "Start date",
            Self::End => "End date",
            Self::Review => "Review date",
            Self::Extension => "Extension options",
            Self::Process => "Invitation to quote or published invitation to tender",
            Self::IsSme => "SME",
            Self::IsVcse => "VCSE",
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

/// Where a row stood in the file it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The sheet's name; none in CSV.
    pub sheet: Option<String>,
    /// The spreadsheet's row, or the record counted from 1 with header and blank lines.
    pub row: u32,
    /// The physical line on which the record starts; none in XLSX.
    pub line: Option<u32>,
}

/// One contract of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Where it was read.
    pub source: Source,
    /// Reference number.
    pub reference: Option<String>,
    /// Title of agreement.
    pub title: Option<String>,
    /// Department responsible.
    pub department: Option<String>,
    /// Description of the goods and/or services.
    pub description: Option<String>,
    /// Supplier, or several joined with "; ".
    pub supplier_name: Option<String>,
    /// Sum over the length of the contract, or a year's estimate as `value_basis` says; never negative.
    pub value: Option<Pence>,
    /// What `value` is; `None` exactly when it is.
    pub value_basis: Option<ValueBasis>,
    /// First day.
    pub start: Option<Date>,
    /// Last day, extensions not counted.
    pub end: Option<Date>,
    /// The day it is looked at again.
    pub review: Option<Date>,
    /// Options to extend, as written.
    pub extension: Option<String>,
    /// How it was procured.
    pub process: Option<Process>,
    /// Whether the supplier is a small or medium-sized enterprise.
    pub is_sme: Option<bool>,
    /// Whether the supplier is a voluntary or community sector organisation.
    pub is_vcse: Option<bool>,
    /// Fields beyond what every register has.
    #[serde(flatten)]
    pub details: Details,
}

/// What few registers hold of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Whether the register says that it has no end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open_ended: bool,
    /// A year's estimate beside the total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annual_value: Option<Pence>,
    /// VAT that cannot be recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub irrecoverable_vat: Option<Pence>,
    /// Address of the supplier. Not published where the supplier may be a person at home, FOIA s.40(2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier_address: Option<String>,
    /// Number at Companies House.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_number: Option<String>,
    /// Number at a charity regulator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charity_number: Option<String>,
    /// A registration number of unnamed kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
}

impl Contract {
    /// A row with nothing in it.
    #[must_use]
    pub fn empty(source: Source) -> Self {
        Self {
            source,
            reference: None,
            title: None,
            department: None,
            description: None,
            supplier_name: None,
            value: None,
            value_basis: None,
            start: None,
            end: None,
            review: None,
            extension: None,
            process: None,
            is_sme: None,
            is_vcse: None,
            details: Details::default(),
        }
    }

    /// Every field as text, for comparing two rows whatever their places.
    #[must_use]
    pub fn said(&self, field: Field) -> Option<String> {
        let date = |date: Option<Date>| date.map(|date| date.to_string());
        let flag = |flag: Option<bool>| flag.map(|flag| if flag { "Yes" } else { "No" }.to_owned());
        match field {
            Field::Reference => self.reference.clone(),
            Field::Title => self.title.clone(),
            Field::Department => self.department.clone(),
            Field::Description => self.description.clone(),
            Field::SupplierName => self.supplier_name.clone(),
            Field::SupplierAddress => self.details.supplier_address.clone(),
            Field::CompanyNumber => self.details.company_number.clone(),
            Field::CharityNumber => self.details.charity_number.clone(),
            Field::RegistrationNumber => self.details.registration_number.clone(),
            Field::Value => self
                .value
                .filter(|_| self.value_basis == Some(ValueBasis::Total))
                .map(|value| value.to_string()),
            Field::AnnualValue => self
                .value
                .filter(|_| self.value_basis == Some(ValueBasis::AnnualEstimate))
                .or(self.details.annual_value)
                .map(|value| value.to_string()),
            Field::IrrecoverableVat => self
                .details
                .irrecoverable_vat
                .map(|value| value.to_string()),
            Field::Start => date(self.start),
            Field::End if self.end.is_none() && self.details.open_ended => {
                Some("Open-ended".to_owned())
            }
            Field::End => date(self.end),
            Field::Review => date(self.review),
            Field::Extension => self.extension.clone(),
            Field::Process => self.process.map(|process| process.in_words().to_owned()),
            Field::IsSme => flag(self.is_sme),
            Field::IsVcse => flag(self.is_vcse),
        }
    }

    /// The suppliers, one by one.
    pub fn suppliers(&self) -> impl Iterator<Item = &str> {
        self.supplier_name
            .iter()
            .flat_map(|names| names.split("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_written_in_three_ways() {
        for (pence, decimal, words) in [
            (11_071_514, "110715.14", "£110,715.14"),
            (500_000, "5000.00", "£5,000"),
            (7, "0.07", "£0.07"),
            (12_345_678_900, "123456789.00", "£123,456,789"),
        ] {
            assert_eq!(Pence(pence).to_string(), decimal);
            assert_eq!(Pence(pence).in_words(), words);
            assert_eq!(Pence::of_decimal(decimal), Some(Pence(pence)));
        }
        assert_eq!(Pence::of_decimal("12"), Some(Pence(1200)));
        assert_eq!(Pence::of_decimal("12.5"), None);
    }

    #[test]
    fn every_field_is_found_by_its_name() {
        for field in Field::ALL {
            assert_eq!(Field::of_name(field.as_str()), Some(field));
            assert_eq!(
                serde_json::to_value(field).unwrap(),
                serde_json::json!(field.as_str())
            );
        }
    }
}
