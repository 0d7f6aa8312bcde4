//! Regimes and their time limits, read from data as at the date of receipt.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::calendar::Jurisdiction;
use crate::entries::{date, entries, tables};
use crate::{Problem, Provision, WorkingDays};

/// The regimes and time limits of `data/law/time-limits.toml`.
#[derive(Clone, Debug)]
pub struct TimeLimits {
    regimes: Vec<Regime>,
    limits: Vec<TimeLimit>,
}

/// A right to information with a clock of its own: FOIA, the EIR, FOISA.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// A short identifier, "foia".
    pub id: String,
    /// The enactment's name.
    pub name: String,
    /// What says which days are working days.
    pub working_day: Provision,
    /// Whose bank holidays aren't working days.
    pub bank_holidays_of: Vec<Jurisdiction>,
    /// The limit that applies unless another is named.
    pub default_limit: String,
    /// Asking for more detail.
    pub clarification: Option<Clarification>,
    /// Asking for a fee.
    pub fee: Option<Fee>,
    /// Taking longer.
    pub extension: Option<Extension>,
    /// Looking at the answer again.
    pub review: Option<Review>,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// What follows when more detail is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clarification {
    /// What allows the authority to wait for it.
    pub provision: Provision,
    /// What starts the time again on the day it comes in.
    pub restarts: Provision,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// What follows when a fee is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// What allows the notice.
    pub notice: Provision,
    /// What leaves out the working days from the notice to the payment, both included.
    pub pause: Provision,
    /// What ends the duty when the fee isn't paid.
    pub lapse: Provision,
    /// The time for paying, in months that begin with the day of the notice.
    pub lapse_months: u8,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

impl Fee {
    /// The last day of the time for paying: months that begin with the day of the notice end on the day before the same
    /// day of the month, or on the last day of a month that has no such day, FOIA s.9(2).
    #[must_use]
    pub fn payable_until(&self, given_on: Date) -> Date {
        let same_day = given_on.saturating_add(i32::from(self.lapse_months).months());
        if same_day.day() == given_on.day() {
            same_day.saturating_sub(1.day())
        } else {
            same_day
        }
    }
}

/// Why a regime allows longer than its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExtensionKind {
    /// To weigh the public interest under a qualified exemption already engaged, FOIA s.10(3).
    PublicInterest,
    /// Because the request is complex and voluminous, EIR reg.7(1).
    ComplexityAndVolume,
}

/// Taking longer than the limit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// What for.
    pub kind: ExtensionKind,
    /// What allows it.
    pub provision: Provision,
    /// What asks for the notice that tells the applicant.
    pub notice: Provision,
    /// The whole time, from receipt, in working days.
    pub ceiling_working_days: u32,
    /// Whether the ceiling is law; where it is practice, a recorded reason may go beyond it.
    pub ceiling_is_law: bool,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// Looking at the answer again: internal review, reconsideration, review.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The regime's word for it.
    pub name: String,
    /// What it rests on, in words: a provision, or a code of practice.
    pub rests_on: String,
    /// How long the applicant has to ask, in working days after the answer.
    pub ask_within_working_days: u32,
    /// How long the authority has, in working days after it was asked.
    pub answer_within_working_days: u32,
    /// How long it has exceptionally, with a reason, where the regime knows such a case.
    pub exceptionally_within_working_days: Option<u32>,
    /// How long after its outcome the Commissioner accepts a complaint, in weeks.
    pub complain_within_weeks: Option<u8>,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

/// Which days a limit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// Working days.
    #[default]
    WorkingDays,
    /// Working days on which a school has a session.
    SchoolDays,
}

/// A time limit in working days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// A short identifier, unique in its regime: "standard", "schools".
    pub id: String,
    /// The regime it belongs to.
    pub regime: String,
    /// What sets it.
    pub provision: Provision,
    /// For whom or for which information.
    pub applies_to: String,
    /// What must be done in it.
    pub duty: String,
    /// Its length.
    pub working_days: u32,
    /// Which days it counts.
    #[serde(default)]
    pub counts: Counts,
    /// Where it counts school days: the working day after receipt by which it ends at the latest.
    pub ceiling_working_days: Option<u32>,
    /// The working day after receipt to which the Commissioner may agree a longer time.
    pub by_agreement_working_days: Option<u32>,
    /// First day of receipt to which it applies.
    #[serde(deserialize_with = "date")]
    pub in_force: Date,
    /// Whether the text was read for this entry.
    pub verified: bool,
    /// Where.
    pub source: String,
}

impl TimeLimit {
    /// Its length.
    #[must_use]
    pub fn length(&self) -> WorkingDays {
        WorkingDays(self.working_days)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    regime: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    time_limit: Vec<Spanned<toml::Table>>,
}

impl TimeLimits {
    /// Reads `data/law/time-limits.toml`.
    ///
    /// # Errors
    /// Every entry that is wrong, each with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = tables(text, "time_limits.malformed")?;
        let mut problems = Vec::new();
        let regimes: Vec<(_, Regime)> =
            entries(file.regime, "time_limits.bad_entry", &mut problems);
        let limits: Vec<(_, TimeLimit)> =
            entries(file.time_limit, "time_limits.bad_entry", &mut problems);
        for (index, (span, regime)) in regimes.iter().enumerate() {
            if regimes
                .iter()
                .take(index)
                .any(|(_, other)| other.id == regime.id)
            {
                problems.push(Problem::at(
                    span.clone(),
                    "time_limits.duplicate",
                    format!("regime `{}` stands twice", regime.id),
                ));
            }
            if !limits
                .iter()
                .any(|(_, limit)| limit.regime == regime.id && limit.id == regime.default_limit)
            {
                problems.push(Problem::at(
                    span.clone(),
                    "time_limits.no_default",
                    format!("regime `{}` has no time limit `{}`; add it, or name another as default_limit", regime.id, regime.default_limit),
                ));
            }
        }
        for (span, limit) in &limits {
            if !regimes.iter().any(|(_, regime)| regime.id == limit.regime) {
                problems.push(Problem::at(
                    span.clone(),
                    "time_limits.unknown_regime",
                    format!("`{}` is not a regime of this file", limit.regime),
                ));
            }
            if limit.counts == Counts::SchoolDays && limit.ceiling_working_days.is_none() {
                problems.push(Problem::at(
                    span.clone(),
                    "time_limits.no_ceiling",
                    "a limit in school days needs ceiling_working_days, the working day by which it ends at the latest",
                ));
            }
            if limit.working_days == 0 || limit.working_days > 250 {
                problems.push(Problem::at(
                    span.clone(),
                    "time_limits.bad_length",
                    format!("{} working days can't be a time limit", limit.working_days),
                ));
            }
        }
        if problems.is_empty() {
            Ok(Self {
                regimes: regimes.into_iter().map(|(_, regime)| regime).collect(),
                limits: limits.into_iter().map(|(_, limit)| limit).collect(),
            })
        } else {
            Err(problems)
        }
    }

    /// Every regime.
    #[must_use]
    pub fn regimes(&self) -> &[Regime] {
        &self.regimes
    }

    /// The regime with this id.
    #[must_use]
    pub fn regime(&self, id: &str) -> Option<&Regime> {
        self.regimes.iter().find(|regime| regime.id == id)
    }

    /// The limits of a regime, in the order of the data.
    pub fn of_regime<'a>(&'a self, regime: &'a str) -> impl Iterator<Item = &'a TimeLimit> {
        self.limits
            .iter()
            .filter(move |limit| limit.regime == regime)
    }

    /// The limit for a request received on a day; `None` when none with this id was in force.
    #[must_use]
    pub fn as_at(&self, regime: &str, id: &str, received_on: Date) -> Option<&TimeLimit> {
        self.limits
            .iter()
            .filter(|limit| {
                limit.regime == regime && limit.id == id && limit.in_force <= received_on
            })
            .max_by_key(|limit| limit.in_force)
    }
}
