//! The parts of a question that ask by themselves: "Which system is it, and when does its contract end?"

use std::ops::Range;

use crate::short::ShortWords;

/// The parts of a question, in order; one where nothing parts it.
///
/// A question is parted at a stop, and at a comma, a stroke or an "and" in front of a word that asks ("when", "how", "on
/// what"), or in front of a word that names another thing ("and its", "and the").
pub(super) fn clauses(body: &str, span: &Range<usize>) -> Vec<Range<usize>> {
    let text = body.get(span.clone()).unwrap_or("");
    let mut starts = vec![span.start];
    let mut stopped = false;
    let mut joined = false;
    // What stands in brackets only explains.
    let mut open: usize = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let gap = rest
            .find(|c: char| c.is_alphanumeric())
            .unwrap_or(rest.len());
        let between = rest.get(..gap).unwrap_or("");
        open = open
            .saturating_add(between.matches('(').count())
            .saturating_sub(between.matches(')').count());
        if open == 0 {
            stopped |= between.contains(['?', ';']) || between.contains(". ");
            joined |= between.contains([',', '/']);
        }
        let start = at.saturating_add(gap);
        let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) else {
            break;
        };
        let length = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or("");
        let next = rest
            .get(length..)
            .unwrap_or("")
            .trim_start()
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("");
        let asks = ASKING.has(word) || (LEADING.has(word) && ASKING.has(next));
        if open > 0 {
        } else if JOINING.has(word) {
            joined = true;
            if NAMING.has(next) {
                starts.push(span.start.saturating_add(start));
                joined = false;
            }
        } else {
            if stopped || (joined && asks) {
                starts.push(span.start.saturating_add(start));
            }
            (stopped, joined) = (false, false);
        }
        at = start.saturating_add(length);
    }
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([span.end]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| *start..end)
        .collect()
}

/// Words that join the parts of a question.
static JOINING: ShortWords<8> = ShortWords::new(&["and", "or", "also"]);
/// Words that ask.
static ASKING: ShortWords<64> = ShortWords::new(&[
    "what", "which", "who", "whom", "whose", "when", "where", "how", "whether", "is", "are",
    "does", "do", "did", "has", "have", "until",
]);
/// Words in front of one that asks.
static LEADING: ShortWords<32> = ShortWords::new(&[
    "from", "by", "on", "at", "in", "to", "for", "with", "under", "through", "since",
]);
/// Words behind "and" in front of the name of another thing.
static NAMING: ShortWords<32> = ShortWords::new(&[
    "its", "their", "the", "any", "a", "an", "each", "your", "total",
]);

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
            let found: Vec<&str> = clauses(text, &(0..text.len()))
                .into_iter()
                .map(|part| &text[part])
                .collect();
            assert_eq!(found, parts);
        }
    }
}
