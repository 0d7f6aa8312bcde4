//! Days as a calendar file (RFC 5545) that calendar programs import and subscribe to.

use std::fmt::Write as _;

use jiff::civil::Date;

/// One day to remember, as an all-day entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same day of the same case, whatever date it moves to.
    pub uid: String,
    /// The day.
    pub on: Date,
    /// What is due.
    pub title: String,
    /// Why on that day; may be empty.
    pub note: String,
    /// The day of the last recorded fact that the entry rests on.
    pub revised: Date,
}

/// A calendar with these entries. The same entries give the same bytes.
pub fn feed(name: &str, entries: &[Entry]) -> String {
    let mut feed = String::new();
    let mut line = |key: &str, value: &str| folded(&mut feed, &format!("{key}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Candour//FOI deadlines//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("NAME", &escaped(name));
    line("X-WR-CALNAME", &escaped(name));
    for entry in entries {
        let basic = |date: Date| date.strftime("%Y%m%d").to_string();
        line("BEGIN", "VEVENT");
        line("UID", &escaped(&format!("{}@candour", entry.uid)));
        line("DTSTAMP", &format!("{}T000000Z", basic(entry.revised)));
        line("DTSTART;VALUE=DATE", &basic(entry.on));
        if let Ok(next) = entry.on.tomorrow() {
            line("DTEND;VALUE=DATE", &basic(next));
        }
        line("SUMMARY", &escaped(&entry.title));
        if !entry.note.is_empty() {
            line("DESCRIPTION", &escaped(&entry.note));
        }
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    feed
}

/// Text as RFC 5545 §3.3.11 has it.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' => escaped.push_str("\\n"),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

/// One content line, folded after at most 75 bytes and between characters, RFC 5545 §3.1.
fn folded(feed: &mut String, line: &str) {
    let mut width: usize = 0;
    for character in line.chars() {
        let size = character.len_utf8();
        if width.saturating_add(size) > 75 {
            feed.push_str("\r\n ");
            width = 1;
        }
        width = width.saturating_add(size);
        let _ = feed.write_char(character);
    }
    feed.push_str("\r\n");
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_fold_between_characters_and_unfold_to_the_same_words() {
        let title = "Ffynnon; “Llyn”, café\\bar\nnext ".repeat(8);
        let entry = Entry {
            uid: "HM-2026-0001/due".to_owned(),
            on: "2026-12-31".parse().unwrap(),
            title: title.clone(),
            note: String::new(),
            revised: "2026-12-01".parse().unwrap(),
        };
        let feed = feed("Deadlines", &[entry]);
        assert!(feed.split("\r\n").all(|line| line.len() <= 75));
        assert!(!feed.replace("\r\n", "").contains(['\r', '\n']));
        let unfolded = feed.replace("\r\n ", "");
        let summary = unfolded
            .lines()
            .find_map(|line| line.strip_prefix("SUMMARY:"))
            .unwrap();
        let read = summary
            .replace("\\n", "\n")
            .replace("\\;", ";")
            .replace("\\,", ",")
            .replace("\\\\", "\\");
        assert_eq!(read, title);
        assert!(unfolded.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"));
    }
}
