//! The words of the pages. Templates and code hold the English; a catalogue of another language, or of an authority's own
//! words, replaces them one by one. `data/wording/en/pages.toml` lists them all; `cargo xtask check` compares it with both.
//!
//! A sentence that code has filled in before a template says it is known by its pattern: "By {0}." is what "By Monday
//! 2 November 2026." was made from.

use std::collections::BTreeMap;

/// Words in place of the English ones; what it lacks stays English.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The language, as in `lang="cy"`.
    pub language: String,
    /// English to the words in its place.
    words: BTreeMap<String, String>,
    /// The sentences of it that are filled in, those with the most words first.
    patterns: Vec<Pattern>,
}

/// A sentence with places to fill.
#[derive(Clone, Debug)]
struct Pattern {
    /// The sentence, as the catalogue has it.
    english: String,
    /// What stands before the first place, between them and after the last.
    between: Vec<String>,
    /// The number of each place, in order.
    numbers: Vec<usize>,
}

/// The days and months of dates, which code writes.
const OF_DATES: &[&str] = &[
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Mon",
    "Tue",
    "Wed",
    "Thu",
    "Fri",
    "Sat",
    "Sun",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
];

/// How many patterns deep a sentence is looked into.
const DEPTH: u8 = 2;

impl Pattern {
    /// The pattern of a sentence that is filled in; `None` where so little of it is fixed that it would fit anything.
    fn of(english: &str) -> Option<Self> {
        let mut between = Vec::new();
        let mut numbers = Vec::new();
        let mut fixed = String::new();
        let mut rest = english;
        while let Some((before, after)) = rest.split_once('{') {
            let (number, after) = after.split_once('}')?;
            fixed.push_str(before);
            between.push(std::mem::take(&mut fixed));
            numbers.push(number.parse().ok()?);
            rest = after;
        }
        fixed.push_str(rest);
        between.push(fixed);
        let letters = between.iter().flat_map(|part| part.chars());
        let letters = letters.filter(|c| c.is_alphabetic()).count();
        // Of a short one both ends are fixed.
        let has_ends = [between.first(), between.last()]
            .iter()
            .all(|end| end.is_some_and(|part| !part.is_empty()));
        let is_telling = letters >= 3 || has_ends && letters == 2;
        (!numbers.is_empty() && is_telling).then(|| Self {
            english: english.to_owned(),
            between,
            numbers,
        })
    }

    /// What stands in its places in a text that was made from it, by number.
    fn taken_apart(&self, text: &str) -> Option<BTreeMap<usize, String>> {
        let (first, others) = self.between.split_first()?;
        let mut rest = text.strip_prefix(first.as_str())?;
        let mut found = BTreeMap::new();
        for (at, (number, part)) in (1..).zip(self.numbers.iter().zip(others)) {
            let slot = if at == self.numbers.len() {
                rest.strip_suffix(part.as_str())?
            } else {
                let (slot, after) = rest
                    .split_once(part.as_str())
                    .filter(|_| !part.is_empty())?;
                rest = after;
                slot
            };
            if found
                .insert(*number, slot.to_owned())
                .is_some_and(|before| before != slot)
            {
                return None;
            }
        }
        Some(found)
    }

    fn fixed(&self) -> usize {
        self.between.iter().map(String::len).sum()
    }
}

impl Catalogue {
    /// The words of a language, each in place of the English.
    #[must_use]
    pub fn new(language: &str, words: BTreeMap<String, String>) -> Self {
        let mut patterns: Vec<Pattern> = words
            .keys()
            .filter_map(|english| Pattern::of(english))
            .collect();
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.fixed()));
        Self {
            language: language.to_owned(),
            words,
            patterns,
        }
    }

    /// English as it stands in the templates.
    #[must_use]
    pub fn english() -> Self {
        Self::new("en-GB", BTreeMap::new())
    }

    /// The words of an office's language.
    #[must_use]
    pub fn of(bundle: &office::Bundle) -> Self {
        let language = match bundle.authority.language.as_str() {
            "en" => "en-GB",
            other => other,
        };
        Self::new(language, bundle.page_words.clone())
    }

    /// The words in place of `english`.
    #[must_use]
    pub fn say<'w>(&'w self, english: &'w str) -> &'w str {
        self.words.get(english).map_or(english, String::as_str)
    }

    /// The words in place of `english`, with `{0}`, `{1}` … filled. A sentence that was filled before is known by its pattern,
    /// and a date by its day and month.
    #[must_use]
    pub fn fill(&self, english: &str, slots: &[&dyn std::fmt::Display]) -> String {
        let slots: BTreeMap<usize, String> = (0..)
            .zip(slots)
            .map(|(number, slot)| (number, self.slot(&slot.to_string(), DEPTH)))
            .collect();
        match self.words.get(english) {
            Some(said) => filled(said, &slots),
            None if slots.is_empty() && !self.words.is_empty() => self.made(english, DEPTH),
            None => filled(english, &slots),
        }
    }

    /// The words in place of a sentence that code filled in.
    fn made(&self, text: &str, depth: u8) -> String {
        let known = self.patterns.iter().find_map(|pattern| {
            let said = self.words.get(&pattern.english)?;
            Some((said, pattern.taken_apart(text)?))
        });
        match known {
            Some((said, slots)) if depth > 0 => {
                let slots = slots
                    .into_iter()
                    .map(|(number, slot)| (number, self.slot(&slot, depth.saturating_sub(1))))
                    .collect();
                filled(said, &slots)
            }
            _ => self.dated(text),
        }
    }

    /// The words in place of what stands in a slot. One word with a capital may be a person's own, such as the subject of their
    /// request, and stays.
    fn slot(&self, text: &str, depth: u8) -> String {
        if self.words.is_empty() {
            return text.to_owned();
        }
        let is_ours = text.contains(' ') || !text.starts_with(char::is_uppercase);
        match self.words.get(text).filter(|_| is_ours) {
            Some(said) => said.clone(),
            None => self.made(text, depth),
        }
    }

    /// A date with its day and month in the language; any other text as it is.
    fn dated(&self, text: &str) -> String {
        let is_number = |word: &str| {
            word.bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b':' | b','))
        };
        let is_date = text.contains(|c: char| c.is_ascii_digit())
            && text
                .split(' ')
                .all(|word| is_number(word) || OF_DATES.contains(&word));
        if !is_date {
            return text.to_owned();
        }
        let said: Vec<&str> = text
            .split(' ')
            .map(|word| self.words.get(word).map_or(word, String::as_str))
            .collect();
        said.join(" ")
    }
}

/// A sentence with its places filled; a place that nothing was given for stays.
fn filled(sentence: &str, slots: &BTreeMap<usize, String>) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let place = after
            .split_once('}')
            .and_then(|(number, after)| Some((slots.get(&number.parse::<usize>().ok()?)?, after)));
        match place {
            Some((slot, after)) => {
                text.push_str(slot);
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    fn welsh() -> Catalogue {
        let words = [
            ("By {0}.", "Erbyn {0}."),
            ("{0} Say what you have: {1}", "Dywedwch ({1}). {0}"),
            ("{0} of {1} contracts", "{0} o {1} contract"),
            ("{0}: {1}", "{0} - {1}"),
            ("answered late", "wedi ateb yn hwyr"),
            ("Letter", "Llythyr"),
            ("Monday", "Dydd Llun"),
            ("November", "Tachwedd"),
            ("Subject: {0}", "Pwnc: {0}"),
            ("{0} twice {0}", "{0} dwywaith"),
        ];
        let words = words.map(|(english, said)| (english.to_owned(), said.to_owned()));
        Catalogue::new("cy", words.into())
    }

    #[test]
    fn what_code_filled_in_is_known_by_its_pattern() {
        let words = welsh();
        for (english, said) in [
            (
                "By Monday 2 November 2026.",
                "Erbyn Dydd Llun 2 Tachwedd 2026.",
            ),
            (
                "By Monday 2 November 2026. Say what you have: answered late",
                "Dywedwch (wedi ateb yn hwyr). Erbyn Dydd Llun 2 Tachwedd 2026.",
            ),
            ("3 of 9 contracts", "3 o 9 contract"),
            ("2 November 2026, 23:10", "2 Tachwedd 2026, 23:10"),
            ("one twice one", "one dwywaith"),
            // Too little is fixed of one, and the other was filled in twice over.
            ("A: b", "A: b"),
            ("one twice two", "one twice two"),
            ("May I ask", "May I ask"),
        ] {
            assert_eq!(words.fill(english, &[]), said);
        }
    }

    #[test]
    fn a_persons_own_words_stay() {
        let words = welsh();
        assert_eq!(words.fill("Subject: {0}", &[&"Letter"]), "Pwnc: Letter");
        assert_eq!(
            words.fill("Subject: {0}", &[&"{1} or {0}"]),
            "Pwnc: {1} or {0}"
        );
        assert_eq!(words.fill("Subject: Letter", &[]), "Pwnc: Letter");
        assert_eq!(
            Catalogue::english().fill("{0} and {1}", &[&"{1}", &2]),
            "{1} and 2"
        );
    }
}
