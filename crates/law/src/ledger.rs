//! The ledger: every calendar day from receipt, with whether it counts and why.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::plural;
use crate::{Provision, WorkingDays};

/// Every calendar day from the day of receipt, in order, with whether it counts towards the time limit and why.
///
/// It ends on the day that is due; where no day is due because detail or a fee is awaited, on the day it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    days: Vec<LedgerDay>,
    rules: Arc<LedgerRules>,
    limit: WorkingDays,
    school_days: bool,
}

/// The provisions that a ledger gives as its reasons.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LedgerRules {
    pub(crate) limit: Provision,
    pub(crate) working_day: Provision,
    pub(crate) restart: Option<Provision>,
    pub(crate) pause: Option<Provision>,
}

/// One calendar day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerDay {
    /// The day.
    pub date: Date,
    /// Why it counts or doesn't.
    pub why: Why,
}

/// Why a day counts or doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The day of receipt: day zero.
    Received,
    /// Counts, as the day with this number.
    Counts(u32),
    /// Saturday or Sunday.
    Weekend,
    /// A bank holiday, Christmas Day or Good Friday; says which and where.
    BankHoliday(Arc<str>),
    /// From the day a fees notice is given to the day the fee comes in, both included.
    FeeAwaited,
    /// Before the detail asked for came in, on the day given: the time starts again on that day.
    BeforeClarification(Date),
    /// The day on which that detail came in: day zero anew.
    ClarificationReceived,
    /// A day without a session, where only school days count.
    NotASchoolDay,
}

impl LedgerDay {
    /// Whether it counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        matches!(self.why, Why::Counts(_))
    }
}

impl Ledger {
    pub(crate) fn new(
        days: Vec<LedgerDay>,
        rules: Arc<LedgerRules>,
        limit: WorkingDays,
        school_days: bool,
    ) -> Self {
        Self {
            days,
            rules,
            limit,
            school_days,
        }
    }

    /// The days in order.
    #[must_use]
    pub fn days(&self) -> &[LedgerDay] {
        &self.days
    }

    /// How many days count.
    #[must_use]
    pub fn counted(&self) -> u32 {
        u32::try_from(self.days.iter().filter(|day| day.counts()).count()).unwrap_or(u32::MAX)
    }

    /// Why one of its days counts or doesn't, with the day and the provision:
    /// "Monday 15 June 2026: bank holiday in Scotland (World Cup bank holiday), FOIA s.10(6)".
    #[must_use]
    pub fn reason(&self, day: &LedgerDay) -> String {
        format!("{}: {}", day.date.strftime("%A %-d %B %Y"), self.why(day))
    }

    /// Why one of its days counts or doesn't, with the provision, for a table that has the day beside it.
    #[must_use]
    pub fn why(&self, day: &LedgerDay) -> String {
        let rules = &self.rules;
        let by = |provision: &Option<Provision>| {
            provision
                .as_ref()
                .map_or_else(String::new, |provision| format!(", {provision}"))
        };
        match &day.why {
            Why::Received => format!(
                "received; the day of receipt is not counted, {}",
                rules.limit
            ),
            Why::Counts(number) if self.school_days => format!("school day {number}"),
            Why::Counts(number) => format!("working day {number}"),
            Why::Weekend => format!("weekend, {}", rules.working_day),
            Why::BankHoliday(which) => format!("{which}, {}", rules.working_day),
            Why::FeeAwaited => format!("the fee was asked for and awaited{}", by(&rules.pause)),
            Why::BeforeClarification(received_on) => format!(
                "set aside; the time starts again with the detail received on {}{}",
                received_on.strftime("%-d %B %Y"),
                by(&rules.restart)
            ),
            Why::ClarificationReceived => format!(
                "the detail asked for came in; this day counts as the day of receipt{}",
                by(&rules.restart)
            ),
            Why::NotASchoolDay => format!("not a school day, {}", rules.limit),
        }
    }

    /// The ledger as one line for a letter: "20 working days; 1 bank holiday skipped: 30 November 2026,
    /// bank holiday in Scotland (St Andrew's Day)".
    #[must_use]
    pub fn line(&self) -> String {
        let kind = if self.school_days {
            "school"
        } else {
            "working"
        };
        let mut line = format!("{} {kind} day{}", self.limit.0, plural(self.limit.0));
        if let Some(day) = self
            .days
            .iter()
            .rev()
            .find(|day| day.why == Why::ClarificationReceived)
        {
            let _ = write!(
                line,
                " from {}, when the detail asked for came in",
                day.date.strftime("%-d %B %Y")
            );
        }
        let count = |wanted: &dyn Fn(&Why) -> bool| {
            u32::try_from(self.days.iter().filter(|day| wanted(&day.why)).count())
                .unwrap_or(u32::MAX)
        };
        let holidays = count(&|why| matches!(why, Why::BankHoliday(_)));
        if holidays > 0 {
            let _ = write!(
                line,
                "; {holidays} bank holiday{} skipped: ",
                plural(holidays)
            );
            let named: Vec<String> = self
                .days
                .iter()
                .filter_map(|day| match &day.why {
                    Why::BankHoliday(which) => {
                        Some(format!("{}, {which}", day.date.strftime("%-d %B %Y")))
                    }
                    _ => None,
                })
                .collect();
            line.push_str(&named.join("; "));
        }
        let awaited = count(&|why| *why == Why::FeeAwaited);
        if awaited > 0 {
            let _ = write!(
                line,
                "; {} left out while the fee was awaited",
                WorkingDays(awaited)
            );
        }
        let closed = count(&|why| *why == Why::NotASchoolDay);
        if closed > 0 {
            let _ = write!(line, "; {} without school skipped", WorkingDays(closed));
        }
        line
    }
}
