//! Dates as people write them in registers: day before month, two digits or four, a month alone, a spreadsheet's number.

use crate::month;
use jiff::civil::Date;

use crate::register::problem::Kind;
use crate::register::words::folded;

/// Which end of a month a date without a day means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthAlone {
    /// The first day: a start or a review.
    First,
    /// The last day: an end.
    Last,
}

/// A date that was read, or why it wasn't; with what there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub date: Option<Date>,
    pub kinds: Vec<Kind>,
}

/// Day numbers of a spreadsheet that can be dates of a contract: 1982 to 2119.
const SERIALS: std::ops::RangeInclusive<i64> = 30_000..=80_000;

/// The date of a spreadsheet's day number.
#[must_use]
pub fn of_serial(serial: f64) -> Option<Date> {
    let days = serial.floor();
    // Day 60 is 29 February 1900, which never was; no contract is that old.
    (61.0..2_958_466.0).contains(&days).then_some(())?;
    let epoch = jiff::civil::date(1899, 12, 30);
    let span = jiff::Span::new().try_days(days as i64).ok()?;
    epoch.checked_add(span).ok()
}

/// The date that a number in a date column stands for.
#[must_use]
pub fn of_number(number: f64) -> Reading {
    if number.fract() == 0.0 && (19_000_101.0..=21_001_231.0).contains(&number) {
        return read(&format!("{number:.0}"), MonthAlone::First);
    }
    match of_serial(number).filter(|_| SERIALS.contains(&(number as i64))) {
        Some(date) => Reading {
            date: Some(date),
            kinds: vec![Kind::ExcelSerialDate],
        },
        None => unreadable(),
    }
}

fn unreadable() -> Reading {
    Reading {
        date: None,
        kinds: vec![Kind::UnreadableDate],
    }
}

/// Reads a date from a cell's words. One whole date before or after a remark ("31/03/2027 + 1 year", "expired
/// 31/12/2025") is read with a doubt.
#[must_use]
pub fn read(text: &str, alone: MonthAlone) -> Reading {
    let text = folded(text);
    let bare = text.trim_end_matches([' ', '*', '†', '‡', '#', '.', ';', ',', ')']);
    let bare = if text.contains('(') {
        text.as_str()
    } else {
        bare
    };
    let reading = alone_in(bare, alone);
    if reading.date.is_some() || !reading.kinds.contains(&Kind::UnreadableDate) {
        return reading;
    }
    beside_words(&text).unwrap_or(reading)
}

/// The only date of a text that says more: it leads a remark, or follows a word that says which date it is.
fn beside_words(text: &str) -> Option<Reading> {
    const LEADS: [&str; 16] = [
        "from",
        "to",
        "until",
        "till",
        "on",
        "by",
        "ends",
        "ended",
        "ending",
        "expired",
        "expires",
        "expiry",
        "starts",
        "started",
        "commenced",
        "since",
    ];
    const REMARKS: [&str; 9] = [
        "with",
        "plus",
        "then",
        "subject",
        "extended",
        "extendable",
        "initially",
        "rolling",
        "option",
    ];
    let words: Vec<&str> = text.split(' ').collect();
    let is_date = |words: &[&str]| {
        let reading = alone_in(&words.join(" "), MonthAlone::First);
        let is_whole = reading.date.is_some()
            && !reading.kinds.contains(&Kind::PartialDate)
            && !reading.kinds.contains(&Kind::ExcelSerialDate);
        is_whole.then_some(reading)
    };
    let (dated, remark) = match words.split_first() {
        Some((lead, rest)) if LEADS.contains(&lead.trim_end_matches(':')) => (rest, None),
        _ => {
            let at = words.iter().skip(1).position(|word| {
                word.starts_with(['(', '[', '+', '*']) || REMARKS.contains(&word.trim_matches(','))
            })?;
            let (dated, remark) = words.split_at_checked(at.saturating_add(1))?;
            (dated, Some(remark))
        }
    };
    // Two dates leave open which is meant.
    let is_second = |remark: &[&str]| {
        (0..remark.len()).any(|from| {
            (1..=3usize).any(|length| {
                remark
                    .get(from..from.saturating_add(length))
                    .is_some_and(|words| {
                        let words: Vec<&str> = words
                            .iter()
                            .map(|word| word.trim_matches(['(', ')', '[', ']', '+']))
                            .collect();
                        is_date(&words).is_some()
                    })
            })
        })
    };
    if remark.is_some_and(is_second) {
        return None;
    }
    let mut reading = is_date(dated)?;
    reading.kinds.push(Kind::DateWithWords);
    Some(reading)
}

/// The two ends of a period that one cell gives: "01/04/2024 - 31/03/2027". The second is empty where the period is
/// said to go on; `is_open` knows the words. Words after the second date are left to whoever reads it.
#[must_use]
pub fn period(text: &str, is_open: impl Fn(&str) -> bool) -> Option<(String, String)> {
    let text = folded(text);
    // A day that no calendar has is told as such at its own end of the period.
    let is_date =
        |reading: &Reading| reading.date.is_some() || reading.kinds.contains(&Kind::ImpossibleDate);
    let starts = |part: &str| {
        let part = part.trim().strip_prefix("from ").unwrap_or(part.trim());
        is_date(&alone_in(part, MonthAlone::First)).then(|| part.to_owned())
    };
    let ends = |part: &str| {
        let part = part.trim();
        let bare = part.split(['(', '[']).next().unwrap_or(part).trim();
        if is_date(&read(bare, MonthAlone::Last)) {
            Some(bare.to_owned())
        } else {
            is_open(bare).then(|| bare.to_owned())
        }
    };
    for separator in [
        " to ", " until ", " till ", " – ", " — ", " - ", "–", "—", "-",
    ] {
        for (at, found) in text.match_indices(separator) {
            let (before, after) = (text.get(..at)?, text.get(at.saturating_add(found.len())..)?);
            if let (Some(start), Some(end)) = (starts(before), ends(after)) {
                return Some((start, end));
            }
        }
    }
    None
}

/// Reads a text that is a date and nothing more.
fn alone_in(text: &str, alone: MonthAlone) -> Reading {
    let text = without_time(text);
    let parts = parts(text);
    let mut kinds = Vec::new();
    let named = |part: &str| month::named(part).map(i64::from);
    let slices: Vec<&str> = parts.iter().map(String::as_str).collect();
    let slices = match slices.as_slice() {
        // "Mon 01/04/2026"
        [weekday, rest @ ..] if rest.len() >= 3 && is_weekday(weekday) => rest,
        all => all,
    };
    let found = match slices {
        [year, month, day] if is_year(year) => {
            let month = named(month).or_else(|| number(month));
            calendar(number(year), month, number(day))
        }
        [day, month, year] => {
            let year = year_of(year, &mut kinds);
            match (named(month), named(day)) {
                (Some(month), _) => calendar(year, Some(month), number(day)),
                // "April 1, 2026"
                (None, Some(month)) => {
                    calendar(year, Some(month), number(slices.get(1).unwrap_or(&"")))
                }
                (None, None) => {
                    let (first, second) = (number(day), number(month));
                    if second.is_some_and(|second| second > 12)
                        && first.is_some_and(|first| first <= 12)
                    {
                        let swapped = calendar(year, first, second);
                        if matches!(swapped, Found::Day(_)) {
                            kinds.push(Kind::MonthFirstDate);
                        }
                        swapped
                    } else {
                        calendar(year, second, first)
                    }
                }
            }
        }
        // A day number, with ".0" or a time of day behind its point.
        [digits] | [digits, _]
            if digits.len() == 5
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.') =>
        {
            return text.parse::<f64>().map_or_else(|_| unreadable(), of_number);
        }
        [one, other] => {
            let (month, year) = if is_year(one) {
                (other, one)
            } else {
                (one, other)
            };
            let named_month = named(month);
            // "05/26" could be a day and a month.
            let month = named_month.or_else(|| {
                number(month).filter(|month| is_year(year) && (1..=12).contains(month))
            });
            let year = match number(year) {
                Some(short) if named_month.is_some() && year.len() == 2 => short.checked_add(2000),
                Some(long) if is_year(year) => Some(long),
                _ => None,
            };
            let first = calendar(year, month, Some(1));
            if matches!(first, Found::Day(_)) {
                kinds.push(Kind::PartialDate);
            }
            match (first, alone) {
                (Found::Day(date), MonthAlone::Last) => Found::Day(date.last_of_month()),
                (other, _) => other,
            }
        }
        [digits] if digits.len() == 8 => calendar(
            digits.get(..4).and_then(number),
            digits.get(4..6).and_then(number),
            digits.get(6..).and_then(number),
        ),
        _ => Found::Nothing,
    };
    match found {
        Found::Day(date) => Reading {
            date: Some(date),
            kinds,
        },
        Found::NoSuchDay => Reading {
            date: None,
            kinds: vec![Kind::ImpossibleDate],
        },
        Found::Nothing => unreadable(),
    }
}

enum Found {
    Day(Date),
    NoSuchDay,
    Nothing,
}

fn calendar(year: Option<i64>, month: Option<i64>, day: Option<i64>) -> Found {
    let (Some(year), Some(month), Some(day)) = (year, month, day) else {
        return Found::Nothing;
    };
    if !(1..=31).contains(&day) || !(1..=12).contains(&month) {
        return Found::NoSuchDay;
    }
    let narrow = |number: i64| i8::try_from(number).unwrap_or(0);
    match Date::new(i16::try_from(year).unwrap_or(0), narrow(month), narrow(day)) {
        Ok(date) if year >= 1900 => Found::Day(date),
        _ => Found::NoSuchDay,
    }
}

fn number(part: &str) -> Option<i64> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| part.strip_suffix(suffix))
        .unwrap_or(part);
    (!digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

fn is_year(part: &str) -> bool {
    part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn year_of(part: &str, kinds: &mut Vec<Kind>) -> Option<i64> {
    if is_year(part) {
        return number(part);
    }
    let short = number(part).filter(|_| part.len() == 2)?;
    kinds.push(Kind::TwoDigitYear);
    short.checked_add(2000)
}

fn is_weekday(part: &str) -> bool {
    part.len() >= 3
        && [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ]
        .iter()
        .any(|day| day.starts_with(part))
}

/// The text without a time of day: "01/07/2026 00:00:00", "2026-03-11t11:05:27z", "01/07/2026 12:00 am".
fn without_time(text: &str) -> &str {
    if let Some((date, time)) = text.split_once('t')
        && date.len() == 10
        && time.starts_with(|c: char| c.is_ascii_digit())
    {
        return date;
    }
    match text.split_once(':') {
        Some((before, _)) => before
            .rsplit_once(' ')
            .map_or(text, |(date, _)| date.trim_end_matches([' ', ','])),
        None => text,
    }
}

/// The parts of a date: runs of letters and digits, "12mar2026" apart, ordinals together, "of" and "the" left out.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    let end = |part: &mut String, parts: &mut Vec<String>| {
        if !part.is_empty() && part != "of" && part != "the" {
            parts.push(std::mem::take(part));
        }
        part.clear();
    };
    for character in text.chars() {
        match character {
            '/' | '-' | '.' | ' ' | ',' | '–' | '\\' | '\'' => end(&mut part, &mut parts),
            _ => {
                let turns = part
                    .chars()
                    .next_back()
                    .is_some_and(|last| last.is_alphabetic() && character.is_ascii_digit());
                if turns {
                    end(&mut part, &mut parts);
                }
                part.push(character);
            }
        }
    }
    end(&mut part, &mut parts);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, date: &str, kinds: &[Kind]) {
        let read = read(text, MonthAlone::Last);
        assert_eq!(
            (
                read.date.map(|date| date.to_string()).unwrap_or_default(),
                read.kinds
            ),
            (date.to_owned(), kinds.to_vec()),
            "{text}"
        );
    }

    #[test]
    fn dates_in_every_form_that_registers_have() {
        for (text, date) in [
            ("01/02/2025", "2025-02-01"),
            ("14.11.2027", "2027-11-14"),
            ("1-9-2026", "2026-09-01"),
            ("2026-02-11", "2026-02-11"),
            ("2026/02/11", "2026-02-11"),
            ("20260211", "2026-02-11"),
            ("01/07/2026 00:00:00", "2026-07-01"),
            ("01/07/2026 00:00", "2026-07-01"),
            ("2017-08-03T10:11:22+01:00", "2017-08-03"),
            ("2025-03-11T11:05:27Z", "2025-03-11"),
            ("14 June 2012", "2012-06-14"),
            ("14th Jun 2012", "2012-06-14"),
            ("1st of April 2026", "2026-04-01"),
            ("01-Apr-2026", "2026-04-01"),
            ("April 1, 2026", "2026-04-01"),
            ("Wed 01/04/2026", "2026-04-01"),
            ("2 Sept 2026", "2026-09-02"),
        ] {
            check(text, date, &[]);
        }
    }

    #[test]
    fn doubts_are_told() {
        check("22/02/29", "2029-02-22", &[Kind::TwoDigitYear]);
        check("01-Apr-26", "2026-04-01", &[Kind::TwoDigitYear]);
        check("Mar-26", "2026-03-31", &[Kind::PartialDate]);
        check("March 2026", "2026-03-31", &[Kind::PartialDate]);
        check("Feb 2028", "2028-02-29", &[Kind::PartialDate]);
        check("03/2026", "2026-03-31", &[Kind::PartialDate]);
        check("03/25/2026", "2026-03-25", &[Kind::MonthFirstDate]);
        check("48173", "2031-11-21", &[Kind::ExcelSerialDate]);
        check("30/02/2027", "", &[Kind::ImpossibleDate]);
        check("31/09/2027", "", &[Kind::ImpossibleDate]);
        check("46113.0", "2026-04-01", &[Kind::ExcelSerialDate]);
        check("46113.375", "2026-04-01", &[Kind::ExcelSerialDate]);
        check("31/05/2027*", "2027-05-31", &[]);
        check("31 March 2027.", "2027-03-31", &[]);
        for words in [
            "31/05/2027 (rolling)",
            "31 May 2027 + 1 year",
            "31/05/2027 with option to extend by 12 months",
            "expired 31/05/2027",
            "until 31 May 2027",
            "31/05/2027 (+1+1)",
        ] {
            check(words, "2027-05-31", &[Kind::DateWithWords]);
        }
        for words in [
            "31/05/2027 (extended from 31/05/2025)",
            "31/05/2027 or 31/05/2028",
            "March 2027 (rolling)",
            "Spring 2027",
            "3 months' notice",
            "End of season",
            "2026/27",
            "Q2 2026",
            "31/12",
            "tbc",
            "2026",
            "£5",
        ] {
            check(words, "", &[Kind::UnreadableDate]);
        }
        assert_eq!(
            read("Mar-26", MonthAlone::First).date.unwrap().to_string(),
            "2026-03-01"
        );
    }

    #[test]
    fn a_period_in_one_cell_has_two_ends() {
        let open = |text: &str| text == "ongoing";
        for (text, start, end) in [
            ("01/04/2024 - 31/03/2027", "01/04/2024", "31/03/2027"),
            ("01/04/2024-31/03/2027", "01/04/2024", "31/03/2027"),
            (
                "1 April 2025 to 31 March 2026",
                "1 april 2025",
                "31 march 2026",
            ),
            (
                "From April 2025 until March 2026",
                "april 2025",
                "march 2026",
            ),
            ("2024-04-01 – 2027-03-31", "2024-04-01", "2027-03-31"),
            ("01/04/2024 – ongoing", "01/04/2024", "ongoing"),
            ("01/04/2024 to 31/02/2027", "01/04/2024", "31/02/2027"),
            ("Apr-24 - Mar-27 (review Jan-27)", "apr-24", "mar-27"),
        ] {
            assert_eq!(
                period(text, open),
                Some((start.to_owned(), end.to_owned())),
                "{text}"
            );
        }
        for text in [
            "01/04/2024",
            "3 years",
            "2024-04-01",
            "36 - 48 months",
            "1-4-2024",
            "2024/25",
        ] {
            assert_eq!(period(text, open), None, "{text}");
        }
    }

    #[test]
    fn every_day_number_is_the_day_that_counting_gives() {
        let mut day = jiff::civil::date(1982, 2, 18);
        for serial in SERIALS {
            assert_eq!(of_serial(serial as f64), Some(day));
            day = day.tomorrow().unwrap();
        }
    }
}
