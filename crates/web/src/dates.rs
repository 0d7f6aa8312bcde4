//! Days as people write them.

use jiff::civil::Date;

/// `Monday 2 November 2026`.
#[must_use]
pub fn long(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

/// `2 November 2026`.
#[must_use]
pub fn plain(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `Mon 2 Nov`.
#[must_use]
pub fn short(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}

/// The day and minute in Europe/London, `2 November 2026, 23:10`.
#[must_use]
pub fn instant(at: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> String {
    zone.to_datetime(at)
        .strftime("%-d %B %Y, %H:%M")
        .to_string()
}
