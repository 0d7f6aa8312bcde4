//! Splits the text of a request into its questions.
//!
//! Structure first: lines become units (a numbered item, a bullet, a paragraph), units a tree by their markers, and the
//! tree is read for what asks. The words that tell what asks are data (`data/triage/cues.toml`), found in the same pass
//! over the text as everything else, so nothing here looks at letters apart from markers and punctuation. Upper and
//! lower case make no difference.

mod clauses;
mod forms;
mod lines;
mod markers;
mod outline;
mod questions;
mod sentences;
mod shapes;
mod units;

use std::ops::Range;

use crate::Vocabulary;
use crate::short::ShortWords;
use crate::vocabulary::Scan;

use sentences::Text;
pub(crate) use sentences::parts_sentences;

/// One question's place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The applicant's label ("2(a)"), or the question's place in the request where there is none.
    pub label: String,
    /// Byte range of its words, without number or bullet.
    pub span: Range<usize>,
    /// The words it completes, if any: the sentence that leads to its list, or the item it stands under.
    pub stem: Option<Range<usize>>,
    /// The heading it stands under, if any.
    pub heading: Option<Range<usize>>,
}

/// The questions of a request, in the order of the text; their spans do not overlap.
#[must_use]
pub fn split(vocabulary: &Vocabulary, body: &str) -> Vec<Part> {
    parts(body, &vocabulary.scan(body))
}

/// A message that chases another asks fewer questions itself: "Is it with the right team?"
const FEW: usize = 3;

/// The questions of a request whose cues and signs are known.
///
/// The applicant's own words are read first; if they ask nothing, or only chase an earlier message that stands below them,
/// that is the request, as when a colleague forwards it.
pub(crate) fn parts(body: &str, scan: &Scan) -> Vec<Part> {
    let cues = &scan.cues;
    let text = Text {
        body,
        hits: cues,
        signs: &scan.signs,
    };
    let lines = lines::read(body, cues);
    let own = questions::read(&text, &lines.own);
    let mut parts = if own.is_empty() || (own.len() < FEW && lines.repeat(cues)) {
        let earlier = questions::read(&text, &lines.earlier);
        // Its own few questions are about the message it chases.
        if own.is_empty() || earlier.len() > own.len().saturating_add(1) {
            earlier
        } else {
            own
        }
    } else {
        own
    };
    let mut generic: Option<(Range<usize>, bool)> = None;
    for (index, part) in parts.iter_mut().enumerate() {
        if let Some(stem) = &part.stem {
            let known = generic.as_ref().filter(|(span, _)| span == stem);
            let empty = known.map_or_else(|| is_generic(slice(body, stem.clone())), |(_, is)| *is);
            generic = Some((stem.clone(), empty));
            if empty {
                part.stem = None;
            }
        }
        if part.label.is_empty() {
            part.label = index.saturating_add(1).to_string();
        }
    }
    parts
}

/// Whether the words that lead to questions say nothing of them: "Under the FOI Act I would like to know:".
fn is_generic(stem: &str) -> bool {
    stem.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| GENERIC.has(word))
}

/// Words of leads that any request could have.
static GENERIC: ShortWords<512> = ShortWords::new(&[
    "2000",
    "2004",
    "a",
    "act",
    "all",
    "also",
    "am",
    "an",
    "and",
    "answer",
    "answers",
    "any",
    "are",
    "as",
    "ask",
    "asking",
    "authority",
    "be",
    "below",
    "by",
    "can",
    "could",
    "council",
    "data",
    "dear",
    "detail",
    "details",
    "do",
    "eir",
    "environmental",
    "find",
    "foi",
    "foia",
    "following",
    "follows",
    "for",
    "freedom",
    "from",
    "give",
    "grateful",
    "have",
    "hello",
    "hereby",
    "hi",
    "i",
    "if",
    "in",
    "information",
    "is",
    "it",
    "items",
    "kindly",
    "know",
    "let",
    "like",
    "madam",
    "make",
    "making",
    "may",
    "me",
    "might",
    "my",
    "need",
    "obtain",
    "of",
    "on",
    "our",
    "out",
    "please",
    "points",
    "possible",
    "provide",
    "question",
    "questions",
    "receive",
    "regulations",
    "reply",
    "request",
    "requesting",
    "requests",
    "respond",
    "response",
    "s",
    "section",
    "see",
    "send",
    "should",
    "sir",
    "supply",
    "team",
    "tell",
    "terms",
    "thanks",
    "that",
    "the",
    "these",
    "this",
    "to",
    "told",
    "under",
    "us",
    "want",
    "we",
    "what",
    "will",
    "wish",
    "with",
    "would",
    "you",
    "your",
]);

/// The text of a span, empty where the span is none of the body's.
fn slice(body: &str, span: Range<usize>) -> &str {
    body.get(span).unwrap_or("")
}

/// The span without white space at either end.
fn trimmed(body: &str, span: Range<usize>) -> Range<usize> {
    let text = slice(body, span.clone());
    let behind = text.trim_start();
    let start = span
        .start
        .saturating_add(text.len().saturating_sub(behind.len()));
    start..start.saturating_add(behind.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::is_generic;

    #[test]
    fn a_lead_that_any_request_could_have_is_generic() {
        for (lead, generic) in [
            ("Under the FOI Act I would like to know:", true),
            ("Please could you provide the following information:", true),
            ("Please answer these questions about your printers:", false),
            ("For each of the last three years:", false),
            ("Under the FOI Act, how many", false),
        ] {
            assert_eq!(is_generic(lead), generic, "{lead}");
        }
    }
}
