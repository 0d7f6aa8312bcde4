//! `data/register/thesaurus.toml` and `questions.toml`: one thing under its many names, and how questions frame it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use law::Problem;
use serde::Deserialize;
use toml::Spanned;

use crate::register::words::{folded, holds};

/// Names and frames, checked and folded.
#[derive(Clone, Debug)]
pub struct Thesaurus {
    /// Concepts by the first stem of each of their names.
    names: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// The concepts whose names hold a stem.
    holding: HashMap<String, BTreeSet<usize>>,
    /// Names of two telling stems or more, without the generic ones: by their longest stem, with the concept.
    loose: HashMap<String, Vec<(BTreeSet<String>, usize)>>,
    /// The kind of each concept, an index of `kinds`.
    kind_of: Vec<Option<usize>>,
    /// What each kind is called, in stems.
    pub(crate) kinds: Vec<(String, Vec<Vec<String>>)>,
    /// Every stem of a name, for mending misspelt ones.
    pub(crate) stems: BTreeSet<String>,
    pub(crate) small: BTreeSet<String>,
    pub(crate) frame: BTreeSet<String>,
    pub(crate) generic: BTreeSet<String>,
    pub(crate) beyond: Vec<String>,
    pub(crate) register: Vec<String>,
    pub(crate) start_words: Vec<String>,
    pub(crate) end_words: Vec<String>,
    pub(crate) legal_forms: BTreeSet<String>,
    pub(crate) company_words: BTreeSet<String>,
    pub(crate) contract_asks: Vec<String>,
    pub(crate) contract_lists: Vec<String>,
    spellings: HashMap<String, Vec<(Vec<String>, String)>>,
    asking: BTreeSet<String>,
    ask_kinds: BTreeMap<String, Vec<String>>,
    /// Everyday words for the same thing: by their first stem all stems, with the stem that stands for the group.
    alike: HashMap<String, Vec<(Vec<String>, String)>>,
    /// The names of each such group, by the stem that stands for it.
    alike_names: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    kind: Vec<KindEntry>,
    concept: Vec<ConceptEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindEntry {
    id: String,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConceptEntry {
    kind: Option<Spanned<String>>,
    names: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frames {
    small: BTreeSet<String>,
    frame: BTreeSet<String>,
    generic: BTreeSet<String>,
    beyond: Vec<String>,
    register: Vec<String>,
    start_words: Vec<String>,
    end_words: Vec<String>,
    legal_forms: BTreeSet<String>,
    company_words: BTreeSet<String>,
    contract_asks: Vec<String>,
    contract_lists: Vec<String>,
    asking: BTreeSet<String>,
    spellings: Vec<Vec<String>>,
    alike: Vec<Vec<Spanned<String>>>,
    ask_kinds: BTreeMap<String, Vec<String>>,
}

/// A word of a text, and what it is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// As it was written, lower case.
    pub said: String,
    /// Its stem: two words with the same one are the same word, or nearly.
    pub stem: String,
    /// Whether it tells what the text is about. "Contract", "supplier" and "ends" say what is asked of anything, "system"
    /// and "support" are in every other text, and "how many" and "2025" only ask.
    pub tells: bool,
    sense: Sense,
}

impl Spoken {
    /// Whether another word is the same one in another form: "cuts" to a budget are no "cutting" of grass, though their
    /// stem is one.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.stem == other.stem && self.sense.is(other.sense)
    }
}

/// What the end of a word says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    /// The thing or the deed: "cut", "cuts".
    Bare,
    /// What was done: "mapped".
    Done,
    /// The doing, which often names a thing of its own: "cutting", "housing", "parkings".
    Doing,
}

impl Sense {
    pub(crate) fn of(said: &str) -> Self {
        let stem = stem(said);
        let said = said.strip_suffix('s').unwrap_or(said);
        if said.ends_with("ing") && !stem.ends_with("ing") {
            Self::Doing
        } else if said.ends_with("ed") && !stem.ends_with("ed") {
            Self::Done
        } else {
            Self::Bare
        }
    }

    pub(crate) fn is(self, other: Self) -> bool {
        !matches!(
            (self, other),
            (Self::Bare, Self::Doing) | (Self::Doing, Self::Bare)
        )
    }
}

/// A place in a run of stems where a concept is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub concept: usize,
    pub from: usize,
    pub to: usize,
}

/// Problems with the name of the file that they are in.
fn of_file(file: &'static str, problems: Vec<Problem>) -> Vec<(&'static str, Problem)> {
    problems
        .into_iter()
        .map(|problem| (file, problem))
        .collect()
}

impl Thesaurus {
    /// Reads the two files.
    ///
    /// # Errors
    /// Unknown keys, unknown kinds, names of no words and names that stand twice in one concept; with the file's name.
    pub fn parse(thesaurus: &str, questions: &str) -> Result<Self, Vec<(&'static str, Problem)>> {
        let names: Names = law::tables(thesaurus, "register.malformed")
            .map_err(|problems| of_file("thesaurus", problems))?;
        let frames: Frames = law::tables(questions, "register.malformed")
            .map_err(|problems| of_file("questions", problems))?;
        let mut this = Self {
            names: HashMap::new(),
            holding: HashMap::new(),
            loose: HashMap::new(),
            kind_of: Vec::new(),
            kinds: Vec::new(),
            stems: BTreeSet::new(),
            small: frames.small,
            frame: frames.frame,
            generic: frames.generic.iter().map(|word| stem(word)).collect(),
            beyond: frames.beyond,
            register: frames.register,
            start_words: frames.start_words,
            end_words: frames.end_words,
            legal_forms: frames.legal_forms,
            company_words: frames.company_words,
            contract_asks: frames.contract_asks,
            contract_lists: frames.contract_lists,
            spellings: HashMap::new(),
            asking: frames.asking,
            ask_kinds: frames.ask_kinds,
            alike: HashMap::new(),
            alike_names: HashMap::new(),
        };
        for group in frames.spellings {
            let Some(first) = group.first() else { continue };
            for variant in group.iter().skip(1) {
                let words: Vec<String> = variant.split(' ').map(str::to_owned).collect();
                if let Some(head) = words.first() {
                    this.spellings
                        .entry(head.clone())
                        .or_default()
                        .push((words.clone(), first.clone()));
                }
            }
        }
        let mut problems = Vec::new();
        for group in &frames.alike {
            let Some(first) = group.first() else { continue };
            let stands = this.stems_of(first.get_ref()).join(" ");
            for name in group {
                let stems = this.stems_of(name.get_ref());
                let Some(head) = stems.first().cloned() else {
                    problems.push((
                        "questions",
                        Problem::at(
                            name.span(),
                            "register.empty_name",
                            "a name of small words only never matches; write a fuller one",
                        ),
                    ));
                    continue;
                };
                let known = this.alike.entry(head).or_default();
                let before = known.iter().find(|(other, _)| *other == stems);
                if before.is_some_and(|(_, other)| *other == stands) {
                    continue;
                }
                if before.is_some() {
                    problems.push((
                        "questions",
                        Problem::at(
                            name.span(),
                            "register.alike_twice",
                            format!(
                                "`{}` stands for two things; keep it where it is meant most often",
                                name.get_ref()
                            ),
                        ),
                    ));
                }
                known.push((stems, stands.clone()));
            }
            this.alike_names.insert(
                stands,
                group.iter().map(|name| name.get_ref().clone()).collect(),
            );
        }
        for list in this.alike.values_mut() {
            list.sort_by_key(|(stems, _)| std::cmp::Reverse(stems.len()));
        }
        this.kinds = names
            .kind
            .iter()
            .map(|kind| {
                (
                    kind.id.clone(),
                    kind.names.iter().map(|name| this.stems_of(name)).collect(),
                )
            })
            .collect();
        for (concept, entry) in names.concept.iter().enumerate() {
            let kind = entry.kind.as_ref().and_then(|kind| {
                let known = this.kinds.iter().position(|(id, _)| id == kind.get_ref());
                if known.is_none() {
                    problems.push((
                        "thesaurus",
                        Problem::at(
                            kind.span(),
                            "register.unknown_kind",
                            format!(
                                "`{}` is no [[kind]] of this file; add it or use one that is",
                                kind.get_ref()
                            ),
                        ),
                    ));
                }
                known
            });
            this.kind_of.push(kind);
            let mut seen: BTreeMap<Vec<String>, &str> = BTreeMap::new();
            for name in &entry.names {
                let stems = this.stems_of(name.get_ref());
                let Some(first) = stems.first().cloned() else {
                    problems.push((
                        "thesaurus",
                        Problem::at(
                            name.span(),
                            "register.empty_name",
                            "a name of small words only never matches; write a fuller one",
                        ),
                    ));
                    continue;
                };
                if seen.insert(stems.clone(), name.get_ref()).is_some() {
                    continue;
                }
                this.stems.extend(stems.iter().cloned());
                for stem in stems.iter().filter(|stem| !this.generic.contains(*stem)) {
                    this.holding
                        .entry(stem.clone())
                        .or_default()
                        .insert(concept);
                }
                let telling: BTreeSet<String> = stems
                    .iter()
                    .filter(|stem| !this.generic.contains(*stem))
                    .cloned()
                    .collect();
                if telling.len() > 1
                    && let Some(longest) = telling.iter().max_by_key(|stem| stem.len()).cloned()
                {
                    let list = this.loose.entry(longest).or_default();
                    if !list.contains(&(telling.clone(), concept)) {
                        list.push((telling, concept));
                    }
                }
                this.names.entry(first).or_default().push((stems, concept));
            }
        }
        for list in this.names.values_mut() {
            list.sort_by_key(|(stems, _)| std::cmp::Reverse(stems.len()));
        }
        if problems.is_empty() {
            Ok(this)
        } else {
            Err(problems)
        }
    }

    /// The words of a text: lower case, one spelling each, small words kept.
    pub(crate) fn words_of(&self, text: &str) -> Vec<String> {
        let text = text.replace(['’', '\''], "'").replace("'s", "");
        let plain: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let mut words = Vec::with_capacity(plain.len());
        let mut at = 0;
        while let Some(word) = plain.get(at) {
            let singular = word.strip_suffix('s').unwrap_or(word);
            let variant = [word.as_str(), singular]
                .iter()
                .filter_map(|head| self.spellings.get(*head))
                .flatten()
                .filter(|(variant, _)| {
                    variant.iter().enumerate().all(|(offset, part)| {
                        plain.get(at.saturating_add(offset)).is_some_and(|word| {
                            word == part
                                || offset.saturating_add(1) == variant.len()
                                    && word.strip_suffix('s') == Some(part)
                        })
                    })
                })
                .max_by_key(|(variant, _)| variant.len());
            match variant {
                Some((variant, spelling)) => {
                    words.push(spelling.clone());
                    at = at.saturating_add(variant.len());
                }
                None => {
                    words.push(word.clone());
                    at = at.saturating_add(1);
                }
            }
        }
        words
    }

    /// The words of a text, small ones left out, everyday words for one thing as one.
    #[must_use]
    pub fn spoken(&self, text: &str) -> Vec<Spoken> {
        let words: Vec<(String, String)> = self
            .words_of(text)
            .into_iter()
            .filter(|word| !self.small.contains(word))
            .map(|said| {
                let stem = stem(&said);
                (said, stem)
            })
            .collect();
        let mut spoken = Vec::with_capacity(words.len());
        let mut at = 0;
        while let Some((said, own)) = words.get(at) {
            let name = self.alike.get(own).into_iter().flatten().find(|(name, _)| {
                name.iter().enumerate().all(|(offset, part)| {
                    words
                        .get(at.saturating_add(offset))
                        .is_some_and(|(_, stem)| stem == part)
                })
            });
            let (said, stem, sense, length) = match name {
                Some((name, stands)) => {
                    let end = at.saturating_add(name.len());
                    let all: Vec<&str> = words
                        .get(at..end)
                        .unwrap_or(&[])
                        .iter()
                        .map(|(said, _)| said.as_str())
                        .collect();
                    (all.join(" "), stands.clone(), Sense::Done, name.len())
                }
                None => (said.clone(), own.clone(), Sense::of(said), 1),
            };
            spoken.push(Spoken {
                tells: !self.frame.contains(&said)
                    && !self.asking.contains(&said)
                    && !self.generic.contains(&stem)
                    && !said.bytes().all(|byte| byte.is_ascii_digit()),
                said,
                stem,
                sense,
            });
            at = at.saturating_add(length.max(1));
        }
        spoken
    }

    /// Whether a text only asks, so that it asks of what was named before it: "and who from?", "when does it end?".
    #[must_use]
    pub fn only_asks(&self, text: &str) -> bool {
        self.words_of(text).iter().all(|word| {
            self.small.contains(word) || self.frame.contains(word) || self.asking.contains(word)
        })
    }

    /// The other single words, as stems, by which people call what a word means.
    pub(super) fn called(&self, word: &str) -> Vec<String> {
        let groups = self.alike.get(word).into_iter().flatten();
        groups
            .filter(|(stems, _)| stems.len() == 1)
            .filter_map(|(_, stands)| self.alike_names.get(stands))
            .flatten()
            .filter_map(|name| match self.stems_of(name).as_slice() {
                [only] if only != word => Some(only.clone()),
                _ => None,
            })
            .collect()
    }

    /// Other everyday words for what a text names, to search with.
    #[must_use]
    pub fn other_names(&self, text: &str) -> Vec<&str> {
        let spoken = self.spoken(text);
        spoken
            .iter()
            .filter_map(|word| self.alike_names.get(&word.stem))
            .flatten()
            .map(String::as_str)
            .collect()
    }

    /// In which ways a text asks: for a number, a sum, a day, a name. Nothing where it asks for whatever there is.
    #[must_use]
    pub fn asks(&self, text: &str) -> BTreeSet<&str> {
        let text = folded(text);
        self.ask_kinds
            .iter()
            .filter(|(_, phrases)| phrases.iter().any(|phrase| holds(&text, phrase)))
            .map(|(kind, _)| kind.as_str())
            .collect()
    }

    /// The stems of a text without small words.
    pub(crate) fn stems_of(&self, text: &str) -> Vec<String> {
        self.words_of(text)
            .iter()
            .filter(|word| !self.small.contains(*word))
            .map(|word| stem(word))
            .collect()
    }

    /// Where concepts are named in a run of stems: every name, so that one inside another counts too.
    pub(crate) fn named(&self, stems: &[String]) -> Vec<Named> {
        let mut found = Vec::new();
        for (from, first) in stems.iter().enumerate() {
            for (name, concept) in self.names.get(first).into_iter().flatten() {
                let to = from.saturating_add(name.len());
                if stems.get(from..to) == Some(name.as_slice()) {
                    found.push(Named {
                        concept: *concept,
                        from,
                        to,
                    });
                }
            }
        }
        found
    }

    /// Concepts of which a run of stems holds all that tells in one of their names, in any order and with other words
    /// between: "parking fines software" says what "parking fines system" says. With the places of those stems.
    pub(crate) fn named_loosely(&self, stems: &[String]) -> Vec<(usize, Vec<usize>)> {
        let mut found = Vec::new();
        let named = self.named(stems);
        for stem in stems {
            for (telling, concept) in self.loose.get(stem).into_iter().flatten() {
                if !telling.iter().all(|part| stems.contains(part)) {
                    continue;
                }
                let places: Vec<usize> = stems
                    .iter()
                    .enumerate()
                    .filter(|(_, stem)| telling.contains(*stem))
                    .map(|(at, _)| at)
                    .collect();
                // "Storage area network" is a name of its own and not "local area network" without its first word.
                let is_inside = named.iter().any(|named| {
                    named.concept != *concept
                        && places.iter().all(|at| (named.from..named.to).contains(at))
                });
                if !is_inside {
                    found.push((*concept, places));
                }
            }
        }
        found
    }

    /// Whether some name of a concept holds a stem.
    pub(crate) fn holds(&self, concept: usize, stem: &str) -> bool {
        self.holding
            .get(stem)
            .is_some_and(|concepts| concepts.contains(&concept))
    }

    /// How far a set of stems speaks of each concept without naming it: the share of the stems that its names hold, a stem
    /// that many concepts share counting little. Only concepts of which two stems speak.
    pub(crate) fn spoken_of(&self, stems: &BTreeSet<&str>) -> Vec<(usize, f32)> {
        let mut shares: BTreeMap<usize, (f32, usize)> = BTreeMap::new();
        for stem in stems {
            let Some(concepts) = self.holding.get(*stem) else {
                continue;
            };
            for concept in concepts {
                let (share, count) = shares.entry(*concept).or_insert((0.0, 0));
                *share += 1.0 / concepts.len() as f32;
                *count = count.saturating_add(1);
            }
        }
        shares
            .into_iter()
            .filter(|(_, (_, count))| *count > 1)
            .map(|(concept, (share, _))| (concept, share / stems.len().max(1) as f32))
            .collect()
    }

    /// How many concepts there are.
    pub(crate) fn concepts(&self) -> usize {
        self.kind_of.len()
    }

    /// The kind of a concept.
    pub(crate) fn kind_of(&self, concept: usize) -> Option<usize> {
        self.kind_of.get(concept).copied().flatten()
    }
}

/// A word without plural and verbal endings: enough to compare "licensing" with "licences", no more.
#[must_use]
pub(crate) fn stem(word: &str) -> String {
    let mut word = word.to_owned();
    if !word.is_ascii() || word.len() <= 3 || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word;
    }
    if let Some(root) = word.strip_suffix("ies").filter(|root| root.len() > 2) {
        word = format!("{root}y");
    } else if word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
    {
        word.pop();
    }
    for ending in ["ing", "ed"] {
        if let Some(root) = word.strip_suffix(ending).filter(|root| root.len() > 3) {
            let doubled = root.len() > 3
                && root.as_bytes().last() == root.as_bytes().get(root.len().saturating_sub(2))
                && !root.ends_with(['l', 's']);
            let cut = root.len().saturating_sub(usize::from(doubled));
            word = root.get(..cut).unwrap_or(root).to_owned();
            break;
        }
    }
    if word.len() > 4 && word.ends_with('e') {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn thesaurus() -> Thesaurus {
        Thesaurus::parse(
            include_str!("../../../../data/register/thesaurus.toml"),
            include_str!("../../../../data/register/questions.toml"),
        )
        .unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    #[test]
    fn words_are_compared_by_their_stems() {
        for (one, other) in [
            ("licensing", "licensed"),
            ("mapping", "maps"),
            ("policies", "policy"),
            ("photocopiers", "photocopier"),
            ("bailiffs", "bailiff"),
        ] {
            assert_eq!(stem(one), stem(other));
        }
        for (one, other) in [("basis", "base"), ("wan", "want")] {
            assert_ne!(stem(one), stem(other));
        }
    }

    #[test]
    fn forms_of_a_word_that_mean_something_else_are_not_the_same_word() {
        let thesaurus = thesaurus();
        let is = |one: &str, other: &str| {
            let (one, other) = (thesaurus.spoken(one), thesaurus.spoken(other));
            one[0].is(&other[0])
        };
        for (one, other) in [
            ("cuts", "cut"),
            ("gritted", "gritting"),
            ("potholes", "pot hole"),
            ("fixed", "mended"),
            ("penalty charge notices", "parking"),
            ("penalty charge notices", "tickets"),
        ] {
            assert_eq!(is(one, other), other != "parking", "{one}, {other}");
        }
        for (one, other) in [("cuts", "cutting"), ("parks", "parking"), ("spring", "spr")] {
            assert!(!is(one, other), "{one}, {other}");
        }
    }

    #[test]
    fn the_ways_of_asking_are_told() {
        let thesaurus = thesaurus();
        for (text, only) in [
            ("and who from?", true),
            ("When does it end?", true),
            ("List your ICT contracts", false),
            ("What potholes?", false),
        ] {
            assert_eq!(thesaurus.only_asks(text), only, "{text}");
        }
        for (text, ways) in [
            ("please tell me about potholes", &[][..]),
            ("How many potholes were mended?", &["count"]),
            (
                "When does the contract end, and with whom is it?",
                &["date", "who"],
            ),
        ] {
            let told: Vec<&str> = thesaurus.asks(text).into_iter().collect();
            assert_eq!(told, ways, "{text}");
        }
    }

    #[test]
    fn one_spelling_stands_for_several() {
        let thesaurus = thesaurus();
        assert_eq!(
            thesaurus.words_of("E-mail & Wi-Fi in call centres"),
            ["email", "wifi", "in", "callcentre"]
        );
        assert_eq!(thesaurus.words_of("Microsoft 365"), ["m365"]);
    }

    #[test]
    fn concepts_are_found_under_any_name() {
        let thesaurus = thesaurus();
        let concept = |text: &str| {
            let mut found: Vec<usize> = thesaurus
                .named(&thesaurus.stems_of(text))
                .iter()
                .map(|named| named.concept)
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        for (one, other) in [
            ("photocopiers", "Managed print (multi-functional devices)"),
            ("the ITHC", "IT health check"),
            ("HRIS", "HR and Payroll system"),
            ("bailiffs", "Enforcement agents"),
        ] {
            assert!(
                concept(one)
                    .iter()
                    .any(|found| concept(other).contains(found)),
                "{one}: {other}"
            );
        }
    }

    #[test]
    fn mistakes_are_reported_with_their_place() {
        let problems = Thesaurus::parse(
            "kind = []\n[[concept]]\nkind = \"magic\"\nnames = [\"of the\", \"wand\"]\n",
            include_str!("../../../../data/register/questions.toml"),
        )
        .unwrap_err();
        let codes: Vec<&str> = problems.iter().map(|(_, problem)| problem.code).collect();
        assert_eq!(codes, ["register.unknown_kind", "register.empty_name"]);
    }
}
