//! Decision notices and judgments that have a record: who decided what, and whether anybody has read it.

use std::ops::Range;

use law::Problem;
use serde::Deserialize;
use toml::Spanned;

/// How much of a decision has been read for its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Read {
    /// The text, or the deciding body's own summary.
    Whole,
    /// A part: what it decided is known, not why.
    Part,
    /// Nothing: it could not be traced.
    Nothing,
}

/// A decision with what is known of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRecord {
    /// Its reference as it is cited: "FS50636926", "EA/2016/0303".
    pub reference: String,
    /// Other references of the same decision.
    #[serde(default)]
    pub also: Vec<String>,
    /// Who decided: "Information Commissioner".
    pub body: String,
    /// The public authority.
    #[serde(default)]
    pub authority: Option<String>,
    /// The day of the decision, as far as known.
    #[serde(default)]
    pub date: Option<String>,
    /// What was asked for.
    #[serde(default)]
    pub sought: Option<String>,
    /// What was decided.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Why, in a line.
    #[serde(default)]
    pub reason: Option<String>,
    /// Where it can be read.
    #[serde(default)]
    pub url: Option<String>,
    /// How much was read.
    pub read: Read,
}

/// The records of `data/law/decisions.toml`.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    records: Vec<DecisionRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    decision: Vec<Spanned<toml::Table>>,
}

impl Decisions {
    /// Reads `data/law/decisions.toml`.
    ///
    /// # Errors
    /// Every record that is wrong, each with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(text, "decisions.malformed")?;
        let mut problems = Vec::new();
        let mut records: Vec<DecisionRecord> = Vec::new();
        for table in file.decision {
            let span = table.span();
            let record: DecisionRecord = match table.into_inner().try_into() {
                Ok(record) => record,
                Err(error) => {
                    problems.push(Problem::at(
                        span,
                        "decisions.bad_record",
                        error.message().to_owned(),
                    ));
                    continue;
                }
            };
            if record.read == Read::Whole && (record.url.is_none() || record.outcome.is_none()) {
                problems.push(Problem::at(
                    span.clone(),
                    "decisions.nothing_to_show",
                    format!(
                        "{} is marked as read, so say what was decided and where it can be read",
                        record.reference
                    ),
                ));
            }
            for reference in record.also.iter().chain([&record.reference]) {
                if records.iter().any(|other| other.is(reference)) {
                    problems.push(Problem::at(
                        span.clone(),
                        "decisions.duplicate",
                        format!("{reference} stands twice; join the two records"),
                    ));
                }
            }
            records.push(record);
        }
        if problems.is_empty() {
            Ok(Self { records })
        } else {
            Err(problems)
        }
    }

    /// Every record.
    #[must_use]
    pub fn records(&self) -> &[DecisionRecord] {
        &self.records
    }

    /// The record with this reference.
    #[must_use]
    pub fn get(&self, reference: &str) -> Option<&DecisionRecord> {
        self.records.iter().find(|record| record.is(reference))
    }
}

impl DecisionRecord {
    fn is(&self, reference: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_uppercase())
                .collect()
        };
        let wanted = plain(reference);
        self.also
            .iter()
            .chain([&self.reference])
            .any(|own| plain(own) == wanted)
    }
}

/// Every reference to a decision in a text: "FS50662638", "FER0123456", "IC-106031-D4Y0", "EA/2016/0303", "[2024] UKFTT 373 (GRC)".
pub(super) fn references(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut word_start = None;
    let boundaries = text
        .char_indices()
        .map(|(at, c)| (at, c.is_ascii_alphanumeric() || matches!(c, '-' | '/')))
        .chain([(text.len(), false)]);
    for (at, inside) in boundaries {
        match (word_start, inside) {
            (None, true) => word_start = Some(at),
            (Some(start), false) => {
                if text.get(start..at).is_some_and(is_reference) {
                    found.push(start..at);
                }
                word_start = None;
            }
            _ => {}
        }
    }
    for (at, court) in text
        .match_indices("UKFTT")
        .chain(text.match_indices("UKUT"))
    {
        let before = text.get(..at).unwrap_or("").trim_end();
        let start = before
            .rfind('[')
            .filter(|start| before.len().saturating_sub(*start) == 6 && before.ends_with(']'));
        let after = at.saturating_add(court.len());
        let tail = text.get(after..).unwrap_or("");
        let digits = tail
            .trim_start_matches(' ')
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let spaces = tail
            .len()
            .saturating_sub(tail.trim_start_matches(' ').len());
        if let Some(start) = start
            && (1..=5).contains(&digits)
        {
            found.push(start..after.saturating_add(spaces).saturating_add(digits));
        }
    }
    found.sort_by_key(|span| span.start);
    found
}

fn is_reference(word: &str) -> bool {
    let digits = |text: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if let Some(number) = word
        .strip_prefix("FS")
        .or_else(|| word.strip_prefix("FER"))
        .or_else(|| word.strip_prefix("FAC"))
    {
        return digits(number, 7..=8);
    }
    if let Some(rest) = word.strip_prefix("IC-") {
        return rest.split_once('-').is_some_and(|(number, tail)| {
            digits(number, 4..=6)
                && tail.len() == 4
                && tail.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    }
    if let Some(rest) = word.strip_prefix("EA/") {
        let parts: Vec<&str> = rest.split('/').collect();
        return matches!(parts.as_slice(), [year, number, ..] if digits(year, 4..=4) && number.len() >= 3 && number.bytes().take(3).all(|b| b.is_ascii_digit()));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_as_they_are_cited() {
        let text = "see FS50662638, FER0123456 and IC-106031-D4Y0; EA/2016/0303; [2024] UKFTT 373 (GRC). Not FS12, IC-1-A, EA/x.";
        let found: Vec<&str> = references(text)
            .into_iter()
            .filter_map(|span| text.get(span))
            .collect();
        assert_eq!(
            found,
            [
                "FS50662638",
                "FER0123456",
                "IC-106031-D4Y0",
                "EA/2016/0303",
                "[2024] UKFTT 373"
            ]
        );
    }

    #[test]
    fn a_record_says_what_it_claims_to_have_read() {
        let problems = Decisions::parse("[[decision]]\nreference = 'A'\nbody = 'x'\nread = 'whole'\n[[decision]]\nreference = 'a'\nbody = 'x'\nread = 'nothing'\nmood = 'good'\n").unwrap_err();
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["decisions.nothing_to_show", "decisions.bad_record"]);
    }
}
