//! The quarters for which the register is published.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

/// A calendar quarter, "2026-Q3".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: i16,
    number: i8,
}

impl Quarter {
    /// The quarter in which a day falls.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self {
            year: date.year(),
            number: date.month().saturating_add(2) / 3,
        }
    }

    /// The last quarter that is over on this day.
    #[must_use]
    pub fn last_over(today: Date) -> Self {
        Self::of(today).before()
    }

    /// The quarter before this one.
    #[must_use]
    pub fn before(self) -> Self {
        if self.number == 1 {
            Self {
                year: self.year.saturating_sub(1),
                number: 4,
            }
        } else {
            Self {
                number: self.number.saturating_sub(1),
                ..self
            }
        }
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        Date::new(self.year, self.number.saturating_mul(3), 1)
            .map_or(Date::MAX, Date::last_of_month)
    }

    /// The last day for publishing it: one month after its end, Local Government Transparency Code 2015. Calendar days.
    #[must_use]
    pub fn publish_by(self) -> Date {
        self.last_day()
            .checked_add(1.day())
            .map_or(Date::MAX, Date::last_of_month)
    }

    /// "July to September 2026".
    #[must_use]
    pub fn in_words(self) -> String {
        let months = match self.number {
            1 => "January to March",
            2 => "April to June",
            3 => "July to September",
            _ => "October to December",
        };
        format!("{months} {}", self.year)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.number)
    }
}

/// Not the form of a quarter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no quarter; write it as 2026-Q3")]
pub struct NoQuarter(String);

impl FromStr for Quarter {
    type Err = NoQuarter;

    fn from_str(text: &str) -> Result<Self, NoQuarter> {
        let refuse = || NoQuarter(text.to_owned());
        let (year, number) = text
            .split_once("-Q")
            .or_else(|| text.split_once("-q"))
            .ok_or_else(refuse)?;
        let year: i16 = year.parse().map_err(|_| refuse())?;
        let number: i8 = number.parse().map_err(|_| refuse())?;
        if (1..=4).contains(&number) && (2000..=2100).contains(&year) {
            Ok(Self { year, number })
        } else {
            Err(refuse())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quarter_is_due_a_month_after_its_end() {
        for (quarter, last, due) in [
            ("2026-Q1", "2026-03-31", "2026-04-30"),
            ("2026-Q2", "2026-06-30", "2026-07-31"),
            ("2026-Q3", "2026-09-30", "2026-10-31"),
            ("2026-Q4", "2026-12-31", "2027-01-31"),
        ] {
            let read: Quarter = quarter.parse().unwrap();
            assert_eq!(read.to_string(), quarter);
            assert_eq!(
                (read.last_day().to_string(), read.publish_by().to_string()),
                (last.to_owned(), due.to_owned())
            );
            assert_eq!(Quarter::of(read.last_day()), read);
        }
        assert_eq!(
            Quarter::last_over(jiff::civil::date(2026, 11, 27)).to_string(),
            "2026-Q3"
        );
        assert_eq!(
            Quarter::last_over(jiff::civil::date(2026, 3, 31)).to_string(),
            "2025-Q4"
        );
        for wrong in ["2026", "2026-Q5", "Q3 2026", "1066-Q1"] {
            assert!(wrong.parse::<Quarter>().is_err());
        }
    }
}
