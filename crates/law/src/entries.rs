//! Entries of a TOML data file, each read on its own so that every mistake is reported.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::Problem;

/// Reads a whole data file to its tables. `code` names the problem where it isn't TOML, or a key is unknown or missing.
///
/// # Errors
/// The first mistake, with its place.
pub fn tables<T: DeserializeOwned>(text: &str, code: &'static str) -> Result<T, Vec<Problem>> {
    toml::from_str(text).map_err(|error| {
        vec![Problem::at(
            error.span().unwrap_or_default(),
            code,
            error.message().to_owned(),
        )]
    })
}

/// Reads each table; a faulty one becomes a problem at its place. An entry keeps the span of its table.
pub(crate) fn entries<T: DeserializeOwned>(
    tables: Vec<Spanned<toml::Table>>,
    code: &'static str,
    problems: &mut Vec<Problem>,
) -> Vec<(std::ops::Range<usize>, T)> {
    tables
        .into_iter()
        .filter_map(|table| {
            let span = table.span();
            match table.into_inner().try_into() {
                Ok(entry) => Some((span, entry)),
                Err(error) => {
                    problems.push(Problem::at(span, code, error.message().to_owned()));
                    None
                }
            }
        })
        .collect()
}

/// A date written as text, "2005-01-01".
pub(crate) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "`{text}` is not a date; write it as \"2026-12-25\""
        ))
    })
}

/// The same where there may be none.
pub(crate) fn optional_date<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    date(deserializer).map(Some)
}
