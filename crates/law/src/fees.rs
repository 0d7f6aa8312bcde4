//! The appropriate limit and the rules for estimating cost, read from data as at the date of receipt.

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::entries::{date, entries, tables};
use crate::{Problem, Provision};

/// The entries of `data/law/fees.toml`.
#[derive(Clone, Debug)]
pub struct Fees {
    limits: Vec<AppropriateLimit>,
    rates: Vec<HourlyRate>,
    activities: Vec<CountedActivity>,
    not_counted: Vec<NotCounted>,
    aggregations: Vec<Aggregation>,
}

/// The most that answering may cost before FOIA s.12(1) lifts the duty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppropriateLimit {
    /// A short identifier of the kind of authority, "other".
    pub id: String,
    /// For whom, in words.
    pub applies_to: String,
    /// The limit in pounds.
    pub pounds: u32,
    /// What sets it.
    pub provision: Provision,
    /// First day of receipt to which it applies.
    #[serde(deserialize_with = "date")]
    pub in_force: Date,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// What an hour of one person's time is taken to cost, whatever the person costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HourlyRate {
    /// In pounds.
    pub pounds: u32,
    /// What sets it.
    pub provision: Provision,
    /// First day of receipt to which it applies.
    #[serde(deserialize_with = "date")]
    pub in_force: Date,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// One of the four things that staff time counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Determining whether the information is held.
    Determining,
    /// Locating it.
    Locating,
    /// Retrieving it.
    Retrieving,
    /// Extracting it from a document.
    Extracting,
}

impl Activity {
    /// The four, in the order of the regulation.
    pub const ALL: [Self; 4] = [
        Self::Determining,
        Self::Locating,
        Self::Retrieving,
        Self::Extracting,
    ];

    /// Its key in an estimate.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Determining => "determining",
            Self::Locating => "locating",
            Self::Retrieving => "retrieving",
            Self::Extracting => "extracting",
        }
    }
}

/// What the regulation says of an activity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedActivity {
    /// Which.
    pub id: Activity,
    /// In words.
    pub does: String,
    /// What lets it count.
    pub provision: Provision,
}

/// What may not be part of an estimate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotCounted {
    /// In words.
    pub what: String,
    /// The keys that people give it.
    pub names: Vec<String>,
    /// What leaves it out.
    pub provision: Provision,
    /// Whether the text was read for this entry.
    pub verified: bool,
}

/// When several requests are costed together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregation {
    /// The length of the period in consecutive working days.
    pub working_days: u32,
    /// What says so.
    pub provision: Provision,
    /// In words.
    pub says: String,
    /// First day of receipt to which it applies.
    #[serde(deserialize_with = "date")]
    pub in_force: Date,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    appropriate_limit: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    hourly_rate: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    activity: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    not_counted: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    aggregation: Vec<Spanned<toml::Table>>,
}

impl Fees {
    /// Reads `data/law/fees.toml`.
    ///
    /// # Errors
    /// Every entry that is wrong, each with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        const BAD: &str = "fees.bad_entry";
        let file: File = tables(text, "fees.malformed")?;
        let mut problems = Vec::new();
        let limits: Vec<(_, AppropriateLimit)> =
            entries(file.appropriate_limit, BAD, &mut problems);
        let rates: Vec<(_, HourlyRate)> = entries(file.hourly_rate, BAD, &mut problems);
        let activities: Vec<(_, CountedActivity)> = entries(file.activity, BAD, &mut problems);
        let not_counted: Vec<(_, NotCounted)> = entries(file.not_counted, BAD, &mut problems);
        let aggregations: Vec<(_, Aggregation)> = entries(file.aggregation, BAD, &mut problems);
        for (span, limit) in &limits {
            if limit.pounds == 0 {
                problems.push(Problem::at(
                    span.clone(),
                    "fees.no_amount",
                    "a limit of nothing would refuse everything; give the amount in pounds",
                ));
            }
        }
        for (span, rate) in &rates {
            if rate.pounds == 0 {
                problems.push(Problem::at(
                    span.clone(),
                    "fees.no_amount",
                    "an hour that costs nothing would refuse nothing; give the amount in pounds",
                ));
            }
        }
        if problems.is_empty() {
            for activity in Activity::ALL {
                if !activities.iter().any(|(_, known)| known.id == activity) {
                    problems.push(Problem::new(
                        "fees.no_activity",
                        format!("the activity `{}` is missing; add it", activity.as_str()),
                    ));
                }
            }
            for (what, missing) in [
                ("appropriate_limit", limits.is_empty()),
                ("hourly_rate", rates.is_empty()),
                ("aggregation", aggregations.is_empty()),
            ] {
                if missing {
                    problems.push(Problem::new(
                        "fees.missing",
                        format!("no [[{what}]] in this file; add it"),
                    ));
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            limits: plain(limits),
            rates: plain(rates),
            activities: plain(activities),
            not_counted: plain(not_counted),
            aggregations: plain(aggregations),
        })
    }

    /// The limits, in the order of the data.
    #[must_use]
    pub fn limits(&self) -> &[AppropriateLimit] {
        &self.limits
    }

    /// What the regulation says of each activity.
    #[must_use]
    pub fn activities(&self) -> &[CountedActivity] {
        &self.activities
    }

    /// What isn't counted, and is called by this name.
    #[must_use]
    pub fn not_counted(&self, name: &str) -> Option<&NotCounted> {
        self.not_counted
            .iter()
            .find(|entry| entry.names.iter().any(|known| known == name))
    }

    /// The limit of a kind of authority for a request received on a day, FOIA s.12(3).
    #[must_use]
    pub fn limit_as_at(&self, kind: &str, received_on: Date) -> Option<&AppropriateLimit> {
        self.limits
            .iter()
            .filter(|limit| limit.id == kind && limit.in_force <= received_on)
            .max_by_key(|limit| limit.in_force)
    }

    /// The rate for a request received on a day.
    #[must_use]
    pub fn rate_as_at(&self, received_on: Date) -> Option<&HourlyRate> {
        self.rates
            .iter()
            .filter(|rate| rate.in_force <= received_on)
            .max_by_key(|rate| rate.in_force)
    }

    /// The rule on several requests for one received on a day.
    #[must_use]
    pub fn aggregation_as_at(&self, received_on: Date) -> Option<&Aggregation> {
        self.aggregations
            .iter()
            .filter(|rule| rule.in_force <= received_on)
            .max_by_key(|rule| rule.in_force)
    }
}

fn plain<T>(entries: Vec<(std::ops::Range<usize>, T)>) -> Vec<T> {
    entries.into_iter().map(|(_, entry)| entry).collect()
}
