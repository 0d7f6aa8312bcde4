//! The day of receipt from what a person or a mail system wrote down.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::fault::Stop;

/// The zone in which every authority that Candour serves keeps its calendar.
pub fn london() -> Result<TimeZone, Stop> {
    TimeZone::get("Europe/London")
        .map_err(|error| Stop::input(format!("clock.no_time_zone: {error}")))
}

/// The day of receipt: a date, or a date with a time and zone, which is read as at London. A mail at 23:30 UTC in summer
/// arrives on the next day.
///
/// # Errors
/// The text is neither; `of` says in the message what it was given for.
pub fn day(text: &str, of: &str) -> Result<Date, Stop> {
    let text = text.trim();
    if let Some(at) = instant(text) {
        return Ok(london()?.to_datetime(at).date());
    }
    let plain = text.len() == "2026-11-24".len();
    if let Some(date) = text.parse().ok().filter(|_| plain) {
        return Ok(date);
    }
    let has_time = text.parse::<jiff::civil::DateTime>().is_ok() && text.contains(':');
    Err(Stop::input(if has_time {
        format!(
            "{of}.no_zone: `{text}` doesn't say in which zone; write it as 2026-06-15T23:30:00Z or 2026-06-16T00:30:00+01:00, or give the day alone"
        )
    } else {
        format!(
            "{of}.bad_date: `{text}` is not a date; write it as 2026-11-24, or with its time and zone as 2026-11-24T23:30:00Z"
        )
    }))
}

/// A moment that is fully told: by RFC 3339, with a zone's name, or as a mail's `Date` has it.
fn instant(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| {
            text.parse::<ZonedDateTime>()
                .ok()
                .map(|zoned| zoned.timestamp())
        })
        .or_else(|| {
            jiff::fmt::rfc2822::parse(text)
                .ok()
                .map(|zoned| zoned.timestamp())
        })
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_the_day_that_it_is_in_london() {
        for (text, expected) in [
            ("2026-06-15", "2026-06-15"),
            ("2026-06-15T23:30:00Z", "2026-06-16"),
            ("2026-06-15T22:59:59Z", "2026-06-15"),
            ("2026-06-15T23:00:00Z", "2026-06-16"),
            ("2026-12-15T23:30:00Z", "2026-12-15"),
            ("2026-06-16T00:30:00+01:00", "2026-06-16"),
            ("2026-12-15T19:30:00-05:00", "2026-12-16"),
            ("2026-06-15T18:30:00[America/New_York]", "2026-06-15"),
            ("Mon, 15 Jun 2026 23:30:00 +0000", "2026-06-16"),
        ] {
            assert_eq!(
                day(text, "deadline").unwrap().to_string(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_day_is_refused_with_the_way_out() {
        for (text, code) in [
            ("yesterday", "deadline.bad_date"),
            ("2026-02-30", "deadline.bad_date"),
            ("15/06/2026", "deadline.bad_date"),
            ("", "deadline.bad_date"),
            ("2026-06-15T23:30:00", "deadline.no_zone"),
            ("2026-06-15 23:30", "deadline.no_zone"),
        ] {
            let Err(Stop::Input(problems)) = day(text, "deadline") else {
                unreachable!("{text} was read as a day");
            };
            assert!(problems.concat().starts_with(code), "{text}: {problems:?}");
        }
    }
}
