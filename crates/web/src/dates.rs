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

/// A day as somebody writes it: `2026-11-02`, or `2/11/2026` as people do here. Nothing where it is no day.
#[must_use]
pub fn written(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.trim().split(['/', '-']).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let is_ours = text.contains('/') && !text.contains('-');
    let (year, day) = if is_ours {
        (last, first)
    } else {
        (first, last)
    };
    let number = |text: &str, most: usize| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && text.len() <= most).then(|| text.parse::<i16>().ok())?
    };
    let year = number(year, 4).filter(|year| *year >= 1000)?;
    let month = i8::try_from(number(month, 2)?).ok()?;
    let day = i8::try_from(number(day, 2)?).ok()?;
    Date::new(year, month, day).ok()
}

/// The day and minute in Europe/London, `2 November 2026, 23:10`.
#[must_use]
pub fn instant(at: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> String {
    zone.to_datetime(at)
        .strftime("%-d %B %Y, %H:%M")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, day) in [
            ("2026-11-02", Some("2026-11-02")),
            (" 2/11/2026 ", Some("2026-11-02")),
            ("02/11/2026", Some("2026-11-02")),
            ("2026-2-1", Some("2026-02-01")),
            ("31/02/2026", None),
            ("2026-13-01", None),
            ("11/2026", None),
            ("2/11/26", None),
            ("2-11-2026", None),
            ("yesterday", None),
            ("2026-11-02T10:00", None),
            ("+2026-11-02", None),
            ("", None),
        ] {
            let read = written(text).map(|day| day.to_string());
            assert_eq!(read.as_deref(), day, "{text}");
        }
    }
}
