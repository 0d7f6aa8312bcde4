//! What published answers are about, read from `data/public-record/topics.toml`, for whoever looks through them.

use std::collections::BTreeSet;

use law::Problem;
use serde::Deserialize;
use toml::Spanned;

use crate::register::thesaurus::stem;

/// The topics, checked.
#[derive(Clone, Debug)]
pub struct Topics {
    topics: Vec<Topic>,
    other: Named,
}

#[derive(Clone, Debug)]
struct Topic {
    name: Named,
    /// Its words, each as stems in a row.
    words: Vec<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: String,
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    other: Named,
    topic: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    title: String,
    words: Vec<Spanned<String>>,
    tells: Vec<Spanned<String>>,
}

/// The words of a text as stems.
fn stems(text: &str) -> Vec<String> {
    text.replace(['’', '\''], "'")
        .replace("'s", "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| stem(&word.to_lowercase()))
        .collect()
}

impl Topics {
    /// Reads the file.
    ///
    /// # Errors
    /// Unknown keys, ids that stand twice or aren't plain, words that are empty, and examples with other topics.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(text, "topics.malformed")?;
        let mut problems = Vec::new();
        let mut ids = BTreeSet::from([file.other.id.clone()]);
        let mut topics = Vec::new();
        for entry in &file.topic {
            let id = entry.id.get_ref();
            let is_plain = id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            if id.is_empty() || !is_plain || !ids.insert(id.clone()) {
                problems.push(Problem::at(
                    entry.id.span(),
                    "topics.id",
                    format!("`{id}` stands twice, or isn't lower-case letters and hyphens; give it another id"),
                ));
            }
            let mut words = Vec::new();
            for word in &entry.words {
                let word_stems = stems(word.get_ref());
                if word_stems.is_empty() {
                    problems.push(Problem::at(
                        word.span(),
                        "topics.empty_word",
                        "a word of no letters finds nothing; take it out",
                    ));
                }
                words.push(word_stems);
            }
            topics.push(Topic {
                name: Named {
                    id: id.clone(),
                    title: entry.title.clone(),
                },
                words,
            });
        }
        let this = Self {
            topics,
            other: file.other,
        };
        for entry in &file.topic {
            for example in &entry.tells {
                let found = this.of(example.get_ref());
                if !found.contains(&entry.id.get_ref().as_str()) {
                    problems.push(Problem::at(
                        example.span(),
                        "topics.example_fails",
                        format!(
                            "this comes out as {}; add the words that tell",
                            found.join(", ")
                        ),
                    ));
                }
            }
        }
        if problems.is_empty() {
            Ok(this)
        } else {
            Err(problems)
        }
    }

    /// The ids of what a text is about, in the file's order; never none.
    #[must_use]
    pub fn of(&self, text: &str) -> Vec<&str> {
        let said = stems(text);
        let says = |words: &[String]| said.windows(words.len().max(1)).any(|some| some == words);
        let mut found: Vec<&str> = self
            .topics
            .iter()
            .filter(|topic| topic.words.iter().any(|words| says(words)))
            .map(|topic| topic.name.id.as_str())
            .collect();
        if found.is_empty() {
            found.push(&self.other.id);
        }
        found
    }

    /// Every topic in the file's order, then the one of all others: id and title.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.topics
            .iter()
            .map(|topic| &topic.name)
            .chain(std::iter::once(&self.other))
            .map(|name| (name.id.as_str(), name.title.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_about_what_their_words_say() {
        let topics =
            Topics::parse(include_str!("../../../data/public-record/topics.toml")).unwrap();
        for (text, about) in [
            ("Potholes reported and mended", &["roads"][..]),
            ("Empty council homes", &["housing"]),
            ("Spending on agency staff", &["money", "staff"]),
            (
                "When does the school meals contract end?",
                &["schools", "money"],
            ),
            ("The colour of the mayor's chain", &["democracy"]),
            ("What is the meaning of life?", &["other"]),
            ("", &["other"]),
        ] {
            assert_eq!(topics.of(text), about, "{text}");
        }
    }

    #[test]
    fn mistakes_are_told_all_at_once() {
        let text = "[other]\nid = \"other\"\ntitle = \"Other\"\n[[topic]]\nid = \"other\"\ntitle = \"A\"\nwords = [\"-\"]\ntells = [\"Ducks\"]\n";
        let codes: Vec<&str> = Topics::parse(text)
            .unwrap_err()
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(codes, ["topics.id", "topics.empty_word"]);
        assert!(Topics::parse("topic = []\nducks = 1\n").is_err());
    }
}
