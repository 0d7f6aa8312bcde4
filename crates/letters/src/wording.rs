//! The letter's fixed wording, as data with named slots.

use std::collections::BTreeMap;

use law::Problem;

/// Every sentence that a letter uses, and the slots it may have.
const SENTENCES: &[Sentence] = &[
    ("title", &["authority"]),
    ("draft", &[]),
    ("thanks", &["authority", "received_on"]),
    ("no_questions", &[]),
    ("in_short_heading", &[]),
    ("in_short_answer", &[]),
    ("in_short_accessible", &[]),
    ("in_short_withheld", &["provisions"]),
    ("in_short_elsewhere", &["provisions"]),
    ("in_short_in_part_elsewhere", &["provisions"]),
    ("in_short_neither", &["provisions"]),
    ("in_short_not_held", &[]),
    ("in_short_cost_limit", &[]),
    ("in_short_in_part_withheld", &["provisions"]),
    ("in_short_vexatious", &["provisions"]),
    ("in_short_clarification", &[]),
    ("late", &["due_on"]),
    ("apart_waiting", &[]),
    ("apart_extended", &["until"]),
    ("apart_clarified", &["on", "until"]),
    ("apart_withdrawn", &["on"]),
    ("answer", &[]),
    ("files", &[]),
    ("in_part", &[]),
    ("in_part_withheld", &[]),
    ("already_accessible", &[]),
    ("published_heading", &[]),
    ("signpost", &["name", "frequency", "publishes"]),
    ("withheld", &["provision", "protects"]),
    ("withheld_rest", &["provision", "protects"]),
    ("withheld_elsewhere", &["provision", "silent"]),
    ("mechanism", &[]),
    ("harm_content_would", &["harm"]),
    ("harm_content_would_be_likely_to", &["harm"]),
    ("harm_confirm_would", &["harm"]),
    ("harm_confirm_would_be_likely_to", &["harm"]),
    ("qualified_person", &[]),
    ("opinion_would", &["given_on", "provision", "harm"]),
    (
        "opinion_would_be_likely_to",
        &["given_on", "provision", "harm"],
    ),
    ("harm_unnamed", &[]),
    ("neither", &["provision"]),
    ("neither_by_virtue_of", &["provision", "matter"]),
    ("neither_no_indication", &[]),
    ("neither_mechanism", &[]),
    ("public_interest_content", &[]),
    ("public_interest_confirm", &[]),
    ("factors_for_content", &[]),
    ("factors_against_content", &[]),
    ("factors_for_confirm", &[]),
    ("factors_against_confirm", &[]),
    ("balance_content", &[]),
    ("balance_confirm", &[]),
    ("not_held", &[]),
    ("cost_limit", &[]),
    ("vexatious", &["provision"]),
    ("clarification", &[]),
    ("help_heading", &[]),
    ("help", &[]),
    ("counted_heading", &[]),
    ("counted", &["received_on", "due_on", "counted"]),
    ("complaints_heading", &[]),
    ("review", &["ask", "answer"]),
    ("review_until", &["review_by"]),
    ("section_50", &["commissioner"]),
    ("contact", &["address", "telephone"]),
    ("review_title", &["authority"]),
    ("review_thanks", &["asked_on", "answered_on", "received_on"]),
    ("review_in_short_upheld", &[]),
    ("review_in_short_partly", &[]),
    ("review_in_short_changed", &[]),
    ("review_upheld", &["standing"]),
    ("review_partly", &["standing"]),
    ("review_changed", &["standing"]),
    ("review_stands_answer", &[]),
    ("review_stands_accessible", &[]),
    ("review_stands_withheld", &["provisions"]),
    ("review_stands_elsewhere", &["provisions"]),
    ("review_stands_neither", &["provisions"]),
    ("review_stands_not_held", &[]),
    ("review_stands_cost_limit", &[]),
    ("review_stands_vexatious", &["provisions"]),
    ("review_stands_clarification", &[]),
    ("review_reason", &[]),
    ("review_now", &[]),
    ("review_faults_heading", &[]),
    ("review_faults", &[]),
    ("review_fault_answered_late", &[]),
    ("review_fault_refusal_unexplained", &[]),
    ("review_fault_no_complaint_particulars", &[]),
    ("review_fault_no_advice", &[]),
    ("review_next_heading", &[]),
    ("review_section_50", &["commissioner"]),
];

/// A sentence's key and the slots it may have.
pub type Sentence = (&'static str, &'static [&'static str]);

/// The wording of letters in one language.
#[derive(Clone, Debug)]
pub struct Wording(BTreeMap<String, String>);

impl Wording {
    /// Reads `data/wording/en/reply.toml`.
    ///
    /// # Errors
    /// Every unknown or missing sentence and every unknown slot.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::of(text, SENTENCES)
    }

    /// Reads a file of other sentences than a letter's, such as those of mails.
    ///
    /// # Errors
    /// As [`Wording::parse`].
    pub fn of(text: &str, sentences: &[Sentence]) -> Result<Self, Vec<Problem>> {
        let read: BTreeMap<String, toml::Spanned<String>> = law::tables(text, "wording.malformed")?;
        let mut problems = Vec::new();
        for (key, slots) in sentences {
            let Some(sentence) = read.get(*key) else {
                problems.push(Problem::at(
                    0..0,
                    "wording.missing",
                    format!("sentence `{key}` is missing"),
                ));
                continue;
            };
            for slot in slots_of(sentence.get_ref()) {
                if !slots.contains(&slot.as_str()) {
                    let known = if slots.is_empty() {
                        "it has none".to_owned()
                    } else {
                        format!("it has {}", slots.join(", "))
                    };
                    problems.push(Problem::at(
                        sentence.span(),
                        "wording.unknown_slot",
                        format!("`{{{slot}}}` is no slot of `{key}`; {known}"),
                    ));
                }
            }
        }
        for (key, sentence) in &read {
            if !sentences.iter().any(|(known, _)| known == key) {
                problems.push(Problem::at(
                    sentence.span(),
                    "wording.unknown_sentence",
                    format!("nothing uses sentence `{key}`"),
                ));
            }
        }
        if problems.is_empty() {
            Ok(Self(
                read.into_iter()
                    .map(|(key, sentence)| (key, sentence.into_inner()))
                    .collect(),
            ))
        } else {
            Err(problems)
        }
    }

    /// A sentence with its slots filled.
    #[must_use]
    pub fn say(&self, key: &str, slots: &[(&str, &str)]) -> String {
        let mut said = String::new();
        let mut rest = self.0.get(key).map_or("", String::as_str);
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            said.push_str(
                slots
                    .iter()
                    .find(|(slot, _)| *slot == name)
                    .map_or("", |(_, value)| value),
            );
            rest = tail;
        }
        said.push_str(rest);
        said
    }
}

fn slots_of(sentence: &str) -> Vec<String> {
    sentence
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
