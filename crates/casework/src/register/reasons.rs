//! Why a row answers a question, for a person.

use crate::register::matching::{Class, Index, Posting};
use crate::register::question::Wanted;

impl Index {
    /// The reasons for a row that was found.
    pub(super) fn reasons(
        &self,
        row: u32,
        wanted: &Wanted,
        supplier: Option<&(String, Vec<u32>)>,
        class: Option<&Class>,
    ) -> Vec<String> {
        let mut reasons = Vec::new();
        let stems = self.stems(wanted);
        let has = |list: Option<&Vec<Posting>>| {
            list.and_then(|list| {
                list.binary_search_by_key(&row, |posting| posting.row)
                    .ok()
                    .and_then(|at| list.get(at))
            })
            .copied()
        };
        for (word, stem) in wanted
            .words
            .iter()
            .zip(&stems)
            .filter(|(word, _)| !word.is_frame)
        {
            let posting = has(self.words.get(stem));
            if let Some(posting) = posting.filter(|posting| posting.is_said(&word.said)) {
                let place = if posting.worth >= 1.0 {
                    "title"
                } else {
                    "description"
                };
                reasons.push(if *stem == word.stem {
                    format!("“{}” is in the {place}", word.said)
                } else {
                    format!("“{}”, read as “{stem}…”, is in the {place}", word.said)
                });
            }
        }
        for named in self.thesaurus.named(&stems) {
            let span = named.from..named.to;
            let other = stems
                .get(span.clone())
                .unwrap_or(&[])
                .iter()
                .any(|stem| has(self.words.get(stem)).is_none());
            if other && has(self.concepts.get(named.concept)).is_some() {
                let words: Vec<&str> = wanted
                    .words
                    .get(span)
                    .unwrap_or(&[])
                    .iter()
                    .map(|word| word.said.as_str())
                    .collect();
                let reason = format!("“{}” is another name for it", words.join(" "));
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
        for (concept, places) in self.thesaurus.named_loosely(&stems) {
            let other = places
                .iter()
                .filter_map(|at| stems.get(*at))
                .any(|stem| has(self.words.get(stem)).is_none());
            if other && has(self.concepts.get(concept)).is_some() {
                let words: Vec<&str> = places
                    .iter()
                    .filter_map(|at| wanted.words.get(*at))
                    .map(|word| word.said.as_str())
                    .collect();
                let reason = format!("“{}” is another name for it", words.join(" "));
                let is_told = reasons
                    .iter()
                    .any(|told: &String| told.ends_with("is another name for it"));
                if !is_told {
                    reasons.push(reason);
                }
            }
        }
        if let Some((name, _)) = supplier {
            reasons.push(format!("the question names its supplier, {name}"));
        }
        match class {
            Some(Class::Kind(kind)) => {
                if let Some((id, _)) = self.thesaurus.kinds.get(*kind) {
                    reasons.push(format!("it is a contract for {id}"));
                }
            }
            Some(Class::Department(name, _)) => {
                reasons.push(format!("it is a contract of {name}"));
            }
            None => {}
        }
        for span in &wanted.dates {
            let (start, end) = self
                .dates
                .get(row as usize)
                .copied()
                .unwrap_or((None, None));
            let (verb, date) = if span.is_start {
                ("starts", start)
            } else {
                ("ends", end)
            };
            if let Some(date) = date {
                reasons.push(format!("it {verb} on {}", date.strftime("%-d %B %Y")));
            }
        }
        reasons.dedup();
        reasons
    }
}
