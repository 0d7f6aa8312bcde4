//! The parts of a question that ask by themselves: "Which system is it, and when does its contract end?"

use std::ops::Range;

use crate::words::{Role, Word};

/// The parts of a question of these words, in order; one where nothing parts it.
///
/// A question is parted at a stop, and at a comma, a stroke or an "and" in front of a word that asks ("when", "how", "on
/// what"), or in front of a word that names another thing ("and its", "and the").
pub(super) fn clauses(body: &str, span: &Range<usize>, words: &[Word]) -> Vec<Range<usize>> {
    let mut parts = vec![span.clone()];
    let mut part_at = |start: usize| {
        if let Some(last) = parts.last_mut().filter(|last| last.start < start) {
            last.end = start;
            parts.push(start..span.end);
        }
    };
    let mut stopped = false;
    let mut joined = false;
    // What stands in brackets only explains.
    let mut open: usize = 0;
    let mut at = span.start;
    for (place, word) in words.iter().enumerate() {
        let between = body.get(at..word.start).unwrap_or("");
        if between != " " {
            open = open
                .saturating_add(between.matches('(').count())
                .saturating_sub(between.matches(')').count());
            if open == 0 {
                stopped |= between.contains(['?', ';']) || between.contains(". ");
                joined |= between.contains([',', '/']);
            }
        }
        at = word.end;
        if open > 0 {
            continue;
        }
        let next = |role: Role| {
            words.get(place.saturating_add(1)).is_some_and(|next| {
                let between = body.get(word.end..next.start).unwrap_or("");
                next.may(role) && between.trim_start().is_empty()
            })
        };
        let asks = || word.may(Role::Asks) || (word.may(Role::Leads) && next(Role::Asks));
        if word.may(Role::Joins) {
            joined = !next(Role::Names);
            if !joined {
                part_at(word.start);
            }
        } else {
            if stopped || (joined && asks()) {
                part_at(word.start);
            }
            (stopped, joined) = (false, false);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_parted_where_it_asks_again() {
        for (text, parts) in [
            (
                "What is the portal you're on, and on what date does its contract run out?",
                vec![
                    "What is the portal you're on, and ",
                    "on what date does its contract run out?",
                ],
            ),
            (
                "The telephony platform and its contract end date.",
                vec!["The telephony platform ", "and its contract end date."],
            ),
            (
                "Whose firewalls are they / when are they due for renewal?",
                vec![
                    "Whose firewalls are they / ",
                    "when are they due for renewal?",
                ],
            ),
            (
                "How many laptops and tablets are there?",
                vec!["How many laptops and tablets are there?"],
            ),
            ("", vec![""]),
        ] {
            let span = 0..text.len();
            let mut words = Vec::new();
            crate::words::read(text, &span, &mut words);
            let found: Vec<&str> = clauses(text, &span, &words)
                .into_iter()
                .map(|part| &text[part])
                .collect();
            assert_eq!(found, parts);
        }
    }
}
