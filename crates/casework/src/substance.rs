//! Whether words say anything: a reason that would fit any request, or that repeats the Act, is none.

use std::collections::BTreeSet;

/// What a reason lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It is a word or two.
    TooShort,
    /// It has only the words of the Act and of every refusal.
    OnlyStock,
}

/// Words a reason has at least.
const WORDS: usize = 5;
/// Different words of its own that it has at least.
const OWN_WORDS: usize = 3;

/// What words lack to be a reason; `None` where they say something. It can't tell whether they are true, nor whether they
/// are enough.
///
/// # Examples
/// ```
/// use casework::substance::{Lack, lack};
/// assert_eq!(lack("x"), Some(Lack::TooShort));
/// assert_eq!(lack("Disclosure would be likely to prejudice the prevention or detection of crime."), Some(Lack::OnlyStock));
/// assert_eq!(lack("This would help hackers attack us and cause harm to the council."), Some(Lack::OnlyStock));
/// assert_eq!(lack("A burglar could see which depots nobody watches at night."), None);
/// ```
#[must_use]
pub fn lack(text: &str) -> Option<Lack> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .collect();
    let different: BTreeSet<&str> = words.iter().copied().collect();
    if words.len() < WORDS || different.len() < OWN_WORDS {
        return Some(Lack::TooShort);
    }
    let own = different
        .iter()
        .filter(|word| word.chars().count() > 3 && !STOCK.contains(word))
        .count();
    (own < OWN_WORDS).then_some(Lack::OnlyStock)
}

/// Words of the exemptions and of any refusal, four letters and longer.
const STOCK: &[&str] = &[
    "accordance",
    "administration",
    "affairs",
    "also",
    "answer",
    "answering",
    "applicable",
    "applied",
    "applies",
    "apply",
    "apprehension",
    "attack",
    "because",
    "been",
    "being",
    "case",
    "cause",
    "commercial",
    "conduct",
    "confirm",
    "confirming",
    "considered",
    "content",
    "could",
    "council",
    "crime",
    "criminal",
    "criminals",
    "cyber",
    "damage",
    "deny",
    "denying",
    "detection",
    "detriment",
    "disclose",
    "disclosed",
    "disclosing",
    "disclosure",
    "does",
    "duty",
    "effective",
    "enforcement",
    "engaged",
    "exempt",
    "exempted",
    "exemption",
    "exemptions",
    "foia",
    "freedom",
    "from",
    "functions",
    "give",
    "given",
    "giving",
    "hacker",
    "hackers",
    "harm",
    "harmful",
    "harms",
    "have",
    "held",
    "help",
    "hold",
    "information",
    "interest",
    "interests",
    "into",
    "justice",
    "law",
    "likelihood",
    "likely",
    "malicious",
    "matter",
    "might",
    "must",
    "need",
    "offenders",
    "only",
    "otherwise",
    "paragraph",
    "person",
    "prejudice",
    "prejudiced",
    "prejudices",
    "prejudicial",
    "prevent",
    "prevented",
    "preventing",
    "prevention",
    "prosecution",
    "provide",
    "providing",
    "provision",
    "public",
    "qualified",
    "question",
    "reason",
    "reasons",
    "refuse",
    "refused",
    "release",
    "released",
    "releasing",
    "request",
    "requested",
    "risk",
    "saying",
    "section",
    "should",
    "some",
    "such",
    "test",
    "than",
    "that",
    "their",
    "them",
    "there",
    "therefore",
    "these",
    "they",
    "this",
    "time",
    "under",
    "very",
    "weigh",
    "weighed",
    "weighing",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "will",
    "with",
    "withheld",
    "withhold",
    "withholding",
    "would",
    "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_from_no_reason() {
        for (text, expected) in [
            ("", Some(Lack::TooShort)),
            ("x x x x x x", Some(Lack::TooShort)),
            ("It is harmful.", Some(Lack::TooShort)),
            (
                "Releasing this information would cause harm to the public interest.",
                Some(Lack::OnlyStock),
            ),
            (
                "Saying whether it is held would be likely to prejudice the prevention of crime.",
                Some(Lack::OnlyStock),
            ),
            ("A yes would tell an attacker which product to study.", None),
            (
                "Residents want to know that their records are guarded.",
                None,
            ),
        ] {
            assert_eq!(lack(text), expected, "{text}");
        }
    }
}
