//! Working days, FOIA s.10(6), from the bank holidays of the three UK calendars.

use std::collections::BTreeMap;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::Problem;

/// A number of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkingDays(pub u32);

/// Which days are working days: the union of the bank holidays of England and Wales, Scotland and Northern Ireland,
/// with Christmas Day and Good Friday, FOIA s.10(6).
#[derive(Clone, Debug)]
pub struct Calendar {
    holidays: BTreeMap<Date, Vec<Holiday>>,
    first: Date,
    up_to: Date,
}

#[derive(Clone, Debug)]
struct Holiday {
    jurisdiction: String,
    name: String,
}

/// Why a day counts or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayStatus {
    /// Counts.
    WorkingDay,
    /// Saturday or Sunday.
    Weekend,
    /// A bank holiday in some part of the United Kingdom, or Christmas Day or Good Friday; says which and where.
    BankHoliday(String),
}

/// A day outside the bank holiday data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeyondCalendar {
    /// The day that was asked about.
    pub date: Date,
    /// The first day of the data.
    pub first: Date,
    /// The last day of the data.
    pub up_to: Date,
}

impl fmt::Display for BeyondCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the bank holiday data covers {} to {}, and this needs {}; give a newer bank-holidays.csv",
            self.first, self.up_to, self.date
        )
    }
}

impl std::error::Error for BeyondCalendar {}

/// One day of a period, with whether it counts and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerDay {
    /// The day.
    pub date: Date,
    /// Whether it is a working day.
    pub counts: bool,
    /// "Monday 15 June 2026: bank holiday in scotland (…), FOIA s.10(6)".
    pub reason: String,
}

impl Calendar {
    /// Reads `date,jurisdiction,name,source,status` rows. Whole years are covered, the first to the last with a row.
    ///
    /// # Errors
    /// Every bad row, each with its place.
    pub fn parse(csv: &str) -> Result<Self, Vec<Problem>> {
        let mut holidays: BTreeMap<Date, Vec<Holiday>> = BTreeMap::new();
        let mut problems = Vec::new();
        let mut offset: usize = 0;
        for (index, line) in csv.split_inclusive('\n').enumerate() {
            let span = offset..offset.saturating_add(line.trim_end().len());
            offset = offset.saturating_add(line.len());
            let line = line.trim();
            if index == 0 {
                if !line.starts_with("date,jurisdiction,name") {
                    problems.push(Problem::at(
                        span,
                        "calendar.header",
                        "the first row must be date,jurisdiction,name,source,status",
                    ));
                }
                continue;
            }
            if line.is_empty() {
                continue;
            }
            let fields = fields(line);
            let [date, jurisdiction, name, ..] = fields.as_slice() else {
                problems.push(Problem::at(
                    span,
                    "calendar.short_row",
                    "a row needs date,jurisdiction,name,source,status",
                ));
                continue;
            };
            if !["england-and-wales", "scotland", "northern-ireland"]
                .contains(&jurisdiction.as_str())
            {
                problems.push(Problem::at(
                    span.clone(),
                    "calendar.unknown_jurisdiction",
                    format!("`{jurisdiction}` is not a calendar; use england-and-wales, scotland or northern-ireland"),
                ));
            }
            match date.parse::<Date>() {
                Ok(date) => holidays.entry(date).or_default().push(Holiday {
                    jurisdiction: jurisdiction.replace('-', " "),
                    name: name.clone(),
                }),
                Err(_) => problems.push(Problem::at(
                    span,
                    "calendar.bad_date",
                    format!("`{date}` is not a date; write it as 2026-12-25"),
                )),
            }
        }
        let years = holidays
            .keys()
            .next()
            .copied()
            .zip(holidays.keys().next_back().copied());
        let Some((first, last)) = years else {
            problems.push(Problem::at(
                0..0,
                "calendar.empty",
                "no bank holiday in this file",
            ));
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            holidays,
            first: Date::constant(first.year(), 1, 1),
            up_to: Date::constant(last.year(), 12, 31),
        })
    }

    /// The first day covered.
    #[must_use]
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day covered.
    #[must_use]
    pub fn up_to(&self) -> Date {
        self.up_to
    }

    /// Whether a day counts, and if not, why.
    ///
    /// # Errors
    /// The day is outside the data.
    pub fn status(&self, date: Date) -> Result<DayStatus, BeyondCalendar> {
        if date < self.first || date > self.up_to {
            return Err(BeyondCalendar {
                date,
                first: self.first,
                up_to: self.up_to,
            });
        }
        if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return Ok(DayStatus::Weekend);
        }
        if let Some(holidays) = self.holidays.get(&date) {
            let places: Vec<String> = holidays
                .iter()
                .map(|holiday| format!("{} ({})", title(&holiday.jurisdiction), holiday.name))
                .collect();
            return Ok(DayStatus::BankHoliday(format!(
                "bank holiday in {}",
                places.join(", ")
            )));
        }
        if (date.month(), date.day()) == (12, 25) {
            return Ok(DayStatus::BankHoliday("Christmas Day".to_owned()));
        }
        Ok(DayStatus::WorkingDay)
    }

    /// The `count`th working day after `day_zero`, which itself never counts, FOIA s.10(1) and (6).
    ///
    /// # Errors
    /// `day_zero` or the answer is outside the data.
    pub fn nth_working_day_after(
        &self,
        day_zero: Date,
        count: WorkingDays,
    ) -> Result<Date, BeyondCalendar> {
        self.status(day_zero)?;
        let mut date = day_zero;
        let mut counted: u32 = 0;
        while counted < count.0 {
            date = self.next(date)?;
            if self.status(date)? == DayStatus::WorkingDay {
                counted = counted.saturating_add(1);
            }
        }
        Ok(date)
    }

    /// How many working days lie after `from`, up to and including `to`.
    ///
    /// # Errors
    /// A day of the period is outside the data.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<u32, BeyondCalendar> {
        let days = self.ledger(from, to)?;
        Ok(u32::try_from(days.iter().filter(|day| day.counts).count()).unwrap_or(u32::MAX))
    }

    /// Every day after `from`, up to and including `to`, with whether it counts and why.
    ///
    /// # Errors
    /// A day of the period is outside the data.
    pub fn ledger(&self, from: Date, to: Date) -> Result<Vec<LedgerDay>, BeyondCalendar> {
        let mut days = Vec::new();
        let mut date = from;
        while date < to {
            date = self.next(date)?;
            let status = self.status(date)?;
            let named = date.strftime("%A %-d %B %Y");
            let reason = match &status {
                DayStatus::WorkingDay => format!("{named}: working day"),
                DayStatus::Weekend => format!("{named}: weekend, FOIA s.10(6)"),
                DayStatus::BankHoliday(which) => format!("{named}: {which}, FOIA s.10(6)"),
            };
            days.push(LedgerDay {
                date,
                counts: status == DayStatus::WorkingDay,
                reason,
            });
        }
        Ok(days)
    }

    fn next(&self, date: Date) -> Result<Date, BeyondCalendar> {
        date.checked_add(1.day()).map_err(|_| BeyondCalendar {
            date,
            first: self.first,
            up_to: self.up_to,
        })
    }
}

/// "northern ireland" as "Northern Ireland", with the small "and".
fn title(jurisdiction: &str) -> String {
    let words: Vec<String> = jurisdiction
        .split(' ')
        .map(|word| {
            let mut chars = word.chars();
            match chars.next() {
                Some(first) if word != "and" => first.to_uppercase().chain(chars).collect(),
                _ => word.to_owned(),
            }
        })
        .collect();
    words.join(" ")
}

/// The fields of one row; a field in double quotes may hold commas.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => {
                if let Some(field) = fields.last_mut() {
                    field.push(c);
                }
            }
        }
    }
    fields
}
