//! `data/register/layout.toml`: what councils call the columns of a register and what they write in its cells.

use std::collections::{BTreeMap, BTreeSet};

use law::Problem;
use serde::Deserialize;
use toml::Spanned;

use crate::register::contract::Field;
use crate::register::words::plain;

/// Titles and cell words, checked.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The titles of each field, most preferred first, and whether the column also says whether a supplier is a VCSE.
    pub(crate) titles: Vec<Title>,
    /// Where a title stands in `titles`.
    pub(crate) exact: BTreeMap<String, usize>,
    pub(crate) not_titles: BTreeSet<String>,
    pub(crate) not_words: BTreeSet<String>,
    /// Titles of a column that says whether a value is a year's or the whole.
    pub(crate) basis_titles: BTreeSet<String>,
    pub(crate) qualifiers: Qualifiers,
    pub(crate) cells: Cells,
    pub(crate) process: ProcessWords,
    pub(crate) flags: FlagWords,
}

/// One title that a field may have.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    pub words: Vec<String>,
    pub field: Field,
    /// An `is_sme` column that says `is_vcse` too.
    pub both: bool,
    /// Its place in its field's list.
    pub rank: usize,
}

/// Words of titles that say how a field is given, not which field it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Qualifiers {
    /// "excluding".
    pub without: BTreeSet<String>,
    /// "including".
    pub with: BTreeSet<String>,
    /// "extensions": what is left out or counted.
    pub options: BTreeSet<String>,
    /// "y n": what may be answered.
    pub answers: Vec<String>,
}

/// Words that cells hold, folded.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cells {
    pub placeholders: BTreeSet<String>,
    pub nothing: BTreeSet<String>,
    pub redacted: Vec<String>,
    pub open_ended: Vec<String>,
    pub range_words: Vec<String>,
    pub about_words: Vec<String>,
    pub annual_words: Vec<String>,
    pub whole_words: Vec<String>,
    pub vat_words: Vec<String>,
    pub other_currencies: Vec<String>,
    pub total_words: Vec<String>,
    pub note_words: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProcessWords {
    pub published_tender: Vec<String>,
    pub quote: Vec<String>,
    pub neither: Vec<String>,
    pub ambiguous: Vec<String>,
    pub no: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagWords {
    pub yes: BTreeSet<String>,
    pub no: BTreeSet<String>,
    pub sme: BTreeSet<String>,
    pub vcse: BTreeSet<String>,
    pub both: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    titles: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    not_fields: NotFields,
    value_basis: ValueBasisTitles,
    qualifiers: Qualifiers,
    cells: Cells,
    process: ProcessWords,
    flags: FlagWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotFields {
    titles: BTreeSet<String>,
    words: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueBasisTitles {
    titles: BTreeSet<String>,
}

/// The list of titles of a column that says both.
const BOTH: &str = "is_sme_and_vcse";

impl Layout {
    /// Reads the file.
    ///
    /// # Errors
    /// Unknown keys and fields, titles that two fields share, and titles that can't match.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(text, "register.malformed")?;
        let mut problems = Vec::new();
        let mut titles = Vec::new();
        let mut exact: BTreeMap<String, usize> = BTreeMap::new();
        for (name, list) in &file.titles {
            let both = name.get_ref() == BOTH;
            let named = if both {
                Some(Field::IsSme)
            } else {
                Field::ALL
                    .into_iter()
                    .find(|field| field_key(*field) == name.get_ref())
            };
            let Some(field) = named else {
                let known: Vec<&str> = Field::ALL.into_iter().map(field_key).collect();
                problems.push(Problem::at(
                    name.span(),
                    "register.unknown_field",
                    format!(
                        "`{}` is no field of the register; use {} or {BOTH}",
                        name.get_ref(),
                        known.join(", ")
                    ),
                ));
                continue;
            };
            for (rank, title) in list.iter().enumerate() {
                let words = plain(title.get_ref());
                if words.join(" ") != *title.get_ref() {
                    problems.push(Problem::at(
                        title.span(),
                        "register.title_never_matches",
                        format!(
                            "titles are compared in plain words; write `{}`",
                            words.join(" ")
                        ),
                    ));
                }
                if let Some(earlier) = exact.insert(words.join(" "), titles.len()) {
                    let other = titles.get(earlier).map_or("", |title: &Title| {
                        if title.both {
                            BOTH
                        } else {
                            field_key(title.field)
                        }
                    });
                    problems.push(Problem::at(
                        title.span(),
                        "register.title_twice",
                        format!(
                            "`{}` is listed for {other} already; keep one",
                            title.get_ref()
                        ),
                    ));
                }
                titles.push(Title {
                    words,
                    field,
                    both,
                    rank,
                });
            }
        }
        for title in &file.not_fields.titles {
            if exact.contains_key(title) {
                problems.push(Problem::new(
                    "register.title_twice",
                    format!("`{title}` is a field's title and in not_fields; keep one"),
                ));
            }
        }
        if problems.is_empty() {
            Ok(Self {
                titles,
                exact,
                not_titles: file.not_fields.titles,
                not_words: file.not_fields.words,
                basis_titles: file.value_basis.titles,
                qualifiers: file.qualifiers,
                cells: file.cells,
                process: file.process,
                flags: file.flags,
            })
        } else {
            Err(problems)
        }
    }
}

impl Layout {
    /// How many fields the cells of a row would name if it were the header.
    #[must_use]
    pub fn names(&self, row: &crate::register::workbook::Row) -> usize {
        crate::register::header::names(row, self)
    }
}

/// The key of a field's list.
fn field_key(field: Field) -> &'static str {
    match field {
        Field::AnnualValue => "annual_value",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../../../data/register/layout.toml");

    #[test]
    fn the_file_that_comes_with_the_program_is_sound() {
        if let Err(problems) = Layout::parse(FILE) {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| problem.locate("layout.toml", FILE))
                .collect();
            panic!("{}", lines.join("\n"));
        }
    }

    #[test]
    fn mistakes_are_reported_together() {
        let broken = FILE.replacen("reference = [", "referense = [", 1).replacen(
            "\"contract title\"",
            "\"Contract-title\", \"short description\"",
            1,
        );
        let codes: Vec<&str> = Layout::parse(&broken)
            .unwrap_err()
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(
            codes,
            [
                "register.unknown_field",
                "register.title_never_matches",
                "register.title_twice"
            ]
        );
    }
}
