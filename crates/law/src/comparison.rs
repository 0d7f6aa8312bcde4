//! Two versions of the calendar: which days changed.

use jiff::civil::Date;

use crate::{BankHoliday, Calendar, Jurisdiction};

/// A bank holiday that stands in one version of the calendar only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarChange {
    /// The day.
    pub date: Date,
    /// Where it is or was a bank holiday.
    pub jurisdiction: Jurisdiction,
    /// Its name.
    pub name: String,
    /// The source of the version that has it.
    pub source: String,
    /// Whether the newer version has it, and the older doesn't.
    pub added: bool,
}

impl Calendar {
    /// The bank holidays in which a newer version differs within the years that both cover, in order of their days.
    ///
    /// A new name, source or status for the same day and place is no difference: it moves no deadline.
    #[must_use]
    pub fn changes(&self, newer: &Self) -> Vec<CalendarChange> {
        let (from, to) = (
            self.first().max(newer.first()),
            self.up_to().min(newer.up_to()),
        );
        let only = |these: &Self, those: &Self, added: bool| {
            these
                .every_bank_holiday()
                .filter(|(date, holiday)| {
                    (from..=to).contains(date)
                        && !those
                            .bank_holidays(*date)
                            .iter()
                            .any(|other| other.jurisdiction == holiday.jurisdiction)
                })
                .map(|(date, holiday): (Date, &BankHoliday)| CalendarChange {
                    date,
                    jurisdiction: holiday.jurisdiction,
                    name: holiday.name.clone(),
                    source: holiday.source.clone(),
                    added,
                })
                .collect::<Vec<_>>()
        };
        let mut changes = only(self, newer, false);
        changes.extend(only(newer, self, true));
        changes.sort_by_key(|change| (change.date, change.jurisdiction, change.added));
        changes
    }
}
