//! The words of the pages. Templates and code hold the English; a catalogue of another language, or of an authority's own
//! words, replaces them one by one. `data/wording/en/pages.toml` lists them all; `cargo xtask check` compares it with both.

use std::collections::BTreeMap;

/// Words in place of the English ones; what it lacks stays English.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The language, as in `lang="cy"`.
    pub language: String,
    /// English to the words in its place.
    pub words: BTreeMap<String, String>,
}

impl Catalogue {
    /// English as it stands in the templates.
    #[must_use]
    pub fn english() -> Self {
        Self {
            language: "en-GB".to_owned(),
            words: BTreeMap::new(),
        }
    }

    /// The words of an office's language.
    #[must_use]
    pub fn of(bundle: &office::Bundle) -> Self {
        Self {
            language: match bundle.authority.language.as_str() {
                "en" => "en-GB".to_owned(),
                other => other.to_owned(),
            },
            words: bundle.page_words.clone(),
        }
    }

    /// The words in place of `english`.
    #[must_use]
    pub fn say<'w>(&'w self, english: &'w str) -> &'w str {
        self.words.get(english).map_or(english, String::as_str)
    }

    /// The same, with `{0}`, `{1}` … filled.
    #[must_use]
    pub fn fill(&self, english: &str, slots: &[&dyn std::fmt::Display]) -> String {
        let mut text = self.say(english).to_owned();
        for (number, slot) in slots.iter().enumerate() {
            text = text.replace(&format!("{{{number}}}"), &slot.to_string());
        }
        text
    }
}

/// Filters of the templates.
#[allow(
    missing_docs,
    reason = "the template library writes items of its own here"
)]
pub mod filters {
    use std::fmt::Display;

    use super::Catalogue;

    fn catalogue(values: &dyn askama::Values) -> Option<&Catalogue> {
        askama::get_value::<Catalogue>(values, "words").ok()
    }

    fn filled(values: &dyn askama::Values, english: &str, slots: &[&dyn Display]) -> String {
        match catalogue(values) {
            Some(words) => words.fill(english, slots),
            None => Catalogue::english().fill(english, slots),
        }
    }

    /// The words of the page's language.
    #[askama::filter_fn]
    pub fn t(english: impl Display, values: &dyn askama::Values) -> askama::Result<String> {
        Ok(filled(values, &english.to_string(), &[]))
    }

    /// The same with one slot.
    #[askama::filter_fn]
    pub fn t1<A: Display>(
        english: impl Display,
        values: &dyn askama::Values,
        first: A,
    ) -> askama::Result<String> {
        Ok(filled(values, &english.to_string(), &[&first]))
    }

    /// The same with two slots.
    #[askama::filter_fn]
    pub fn t2<A: Display, B: Display>(
        english: impl Display,
        values: &dyn askama::Values,
        first: A,
        second: B,
    ) -> askama::Result<String> {
        Ok(filled(values, &english.to_string(), &[&first, &second]))
    }

    /// The same with three slots.
    #[askama::filter_fn]
    pub fn t3<A: Display, B: Display, C: Display>(
        english: impl Display,
        values: &dyn askama::Values,
        first: A,
        second: B,
        third: C,
    ) -> askama::Result<String> {
        Ok(filled(
            values,
            &english.to_string(),
            &[&first, &second, &third],
        ))
    }

    /// `1 question`, `2 questions`: "question|questions".
    #[askama::filter_fn]
    pub fn n(
        forms: impl Display,
        values: &dyn askama::Values,
        number: &usize,
    ) -> askama::Result<String> {
        let forms = filled(values, &forms.to_string(), &[]);
        let (one, many) = forms.split_once('|').unwrap_or((&forms, &forms));
        Ok(format!(
            "{number} {}",
            if *number == 1 { one } else { many }
        ))
    }
}
