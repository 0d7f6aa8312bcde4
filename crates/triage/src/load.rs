//! Reads the files of phrases and checks them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::fold::folded;
use crate::vocabulary::{
    CONTRACTS, Element, ExclusionEntry, InformationEntry, Level, Pattern, Phrase, Problem, Sort,
    Source, SubjectEntry, What, WordsEntry,
};

/// The files' contents, with names resolved.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub phrases: Vec<Phrase>,
    pub patterns: Vec<Pattern>,
    pub subjects: Vec<SubjectEntry>,
    pub information: Vec<InformationEntry>,
    pub exclusions: Vec<ExclusionEntry>,
    pub words: Vec<WordsEntry>,
    pub examples: Vec<Example>,
}

/// A question that an entry must be found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    pub file: &'static str,
    pub id: String,
    pub question: String,
    pub span: Range<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectsFile {
    #[serde(default)]
    group: Vec<Spanned<Group>>,
    #[serde(default)]
    subject: Vec<Spanned<Subject>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    id: String,
    #[serde(default)]
    reads: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    id: String,
    label: String,
    group: String,
    #[serde(default)]
    reads: BTreeMap<String, String>,
    #[serde(default)]
    phrases: Vec<Spanned<String>>,
    #[serde(default)]
    weak: Vec<Spanned<String>>,
    #[serde(default)]
    examples: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InformationFile {
    #[serde(default)]
    words: Vec<Spanned<Words>>,
    #[serde(default)]
    information: Vec<Spanned<Information>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    id: String,
    words: Vec<Spanned<String>>,
    count: Option<String>,
    suggests: Option<String>,
    because: Option<String>,
    /// Questions in which it must be found.
    #[serde(default)]
    examples: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Information {
    id: String,
    asks: String,
    otherwise: Option<String>,
    #[serde(default)]
    decisive: Vec<Spanned<String>>,
    #[serde(default)]
    sure: Vec<Spanned<String>>,
    #[serde(default)]
    phrases: Vec<Spanned<String>>,
    #[serde(default)]
    weak: Vec<Spanned<String>>,
    #[serde(default)]
    examples: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExclusionsFile {
    #[serde(default)]
    exclusion: Vec<Spanned<Exclusion>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exclusion {
    id: String,
    label: String,
    #[serde(default)]
    phrases: Vec<Spanned<String>>,
    #[serde(default)]
    weak: Vec<Spanned<String>>,
    disarms: Vec<String>,
    #[serde(default)]
    examples: Vec<Spanned<String>>,
}

/// Reads the three files and resolves every name.
pub(crate) fn load(
    subjects: &str,
    information: &str,
    exclusions: &str,
) -> Result<Loaded, Vec<Problem>> {
    let mut loader = Loader::default();
    let parsed = (
        loader.parse::<SubjectsFile>("subjects", subjects),
        loader.parse::<InformationFile>("information", information),
        loader.parse::<ExclusionsFile>("exclusions", exclusions),
    );
    if let (Some(subjects), Some(information), Some(exclusions)) = parsed {
        loader.names(&subjects, &information, &exclusions);
        loader.subjects(subjects);
        loader.information(information);
        loader.exclusions(exclusions);
    }
    if loader.problems.is_empty() {
        Ok(loader.loaded)
    } else {
        Err(loader.problems)
    }
}

#[derive(Default)]
struct Loader {
    loaded: Loaded,
    problems: Vec<Problem>,
    /// Phrases already read: file, entry and folded text.
    seen: BTreeSet<(&'static str, String, String)>,
    /// Classes of words made of one literal phrase in a pattern.
    literals: BTreeMap<String, usize>,
    groups: Vec<String>,
}

impl Loader {
    fn problem(
        &mut self,
        file: &'static str,
        code: &'static str,
        span: Range<usize>,
        message: String,
    ) {
        self.problems.push(Problem {
            file,
            code,
            message,
            span,
        });
    }

    fn parse<T: serde::de::DeserializeOwned>(
        &mut self,
        file: &'static str,
        text: &str,
    ) -> Option<T> {
        match toml::from_str(text) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let span = error.span().unwrap_or_default();
                self.problem(file, "triage.malformed", span, error.message().to_owned());
                None
            }
        }
    }

    /// Every id first, so that entries may name each other in any order.
    fn names(
        &mut self,
        subjects: &SubjectsFile,
        information: &InformationFile,
        exclusions: &ExclusionsFile,
    ) {
        self.unique(
            "subjects",
            subjects.group.iter().map(|e| (&e.get_ref().id, e.span())),
        );
        self.unique(
            "subjects",
            subjects.subject.iter().map(|e| (&e.get_ref().id, e.span())),
        );
        self.unique(
            "information",
            information
                .words
                .iter()
                .map(|e| (&e.get_ref().id, e.span())),
        );
        self.unique(
            "information",
            information
                .information
                .iter()
                .map(|e| (&e.get_ref().id, e.span())),
        );
        self.unique(
            "exclusions",
            exclusions
                .exclusion
                .iter()
                .map(|e| (&e.get_ref().id, e.span())),
        );
        self.groups = subjects
            .group
            .iter()
            .map(|group| group.get_ref().id.clone())
            .collect();
        self.loaded.subjects = subjects
            .subject
            .iter()
            .map(|entry| SubjectEntry {
                id: entry.get_ref().id.clone(),
                label: entry.get_ref().label.clone(),
                group: entry.get_ref().group.clone(),
                reads: Vec::new(),
            })
            .collect();
        self.loaded.information = information
            .information
            .iter()
            .map(|entry| InformationEntry {
                id: entry.get_ref().id.clone(),
                asks: entry.get_ref().asks.clone(),
                otherwise: None,
            })
            .collect();
        self.loaded.words = information
            .words
            .iter()
            .map(|entry| {
                let words = entry.get_ref();
                WordsEntry {
                    id: words.id.clone(),
                    count: None,
                    suggests: words.suggests.clone().zip(words.because.clone()),
                }
            })
            .collect();
    }

    fn unique<'e>(
        &mut self,
        file: &'static str,
        entries: impl Iterator<Item = (&'e String, Range<usize>)>,
    ) {
        let mut known = BTreeSet::new();
        for (id, span) in entries {
            if !known.insert(id.clone()) {
                self.problem(
                    file,
                    "triage.duplicate_id",
                    span,
                    format!("`{id}` stands twice"),
                );
            }
        }
    }

    fn subjects(&mut self, file: SubjectsFile) {
        let groups: BTreeMap<String, BTreeMap<String, String>> = file
            .group
            .into_iter()
            .map(|group| {
                let group = group.into_inner();
                (group.id, group.reads)
            })
            .collect();
        for (index, entry) in file.subject.into_iter().enumerate() {
            let span = entry.span();
            let entry = entry.into_inner();
            let Some(mut reads) = groups.get(&entry.group).cloned() else {
                self.problem(
                    "subjects",
                    "triage.unknown_group",
                    span,
                    format!("`{}` is no group; add a [[group]] of this id", entry.group),
                );
                continue;
            };
            reads.extend(entry.reads);
            for (from, to) in reads {
                let (from, to) = (
                    self.kind("subjects", &from, &span),
                    self.kind("subjects", &to, &span),
                );
                if let (Some(from), Some(to), Some(subject)) =
                    (from, to, self.loaded.subjects.get_mut(index))
                {
                    subject.reads.push((from, to));
                }
            }
            self.some_phrase("subjects", &entry.id, &span, &[&entry.phrases, &entry.weak]);
            self.examples("subjects", &entry.id, entry.examples);
            for (list, level) in [(entry.phrases, Level::Plain), (entry.weak, Level::Weak)] {
                for phrase in list {
                    self.phrase("subjects", &entry.id, Sort::Subject, index, &phrase, level);
                }
            }
        }
    }

    fn information(&mut self, file: InformationFile) {
        for (index, entry) in file.words.into_iter().enumerate() {
            let span = entry.span();
            let entry = entry.into_inner();
            if let Some(count) = &entry.count {
                let count = self.kind("information", count, &span);
                if let Some(words) = self.loaded.words.get_mut(index) {
                    words.count = count;
                }
            }
            self.some_phrase("information", &entry.id, &span, &[&entry.words]);
            self.examples("information", &entry.id, entry.examples);
            for word in entry.words {
                self.phrase(
                    "information",
                    &entry.id,
                    Sort::Word,
                    index,
                    &word,
                    Level::Plain,
                );
            }
        }
        for (index, entry) in file.information.into_iter().enumerate() {
            let span = entry.span();
            let entry = entry.into_inner();
            if let Some(otherwise) = &entry.otherwise {
                let otherwise = self.kind("information", otherwise, &span);
                if let Some(kind) = self.loaded.information.get_mut(index) {
                    kind.otherwise = otherwise;
                }
            }
            self.examples("information", &entry.id, entry.examples);
            for (list, level) in [
                (entry.decisive, Level::Decisive),
                (entry.sure, Level::Sure),
                (entry.phrases, Level::Plain),
                (entry.weak, Level::Weak),
            ] {
                for phrase in list {
                    if phrase.get_ref().contains('{') || phrase.get_ref().contains("...") {
                        self.pattern(&entry.id, index, &phrase, level);
                    } else {
                        self.phrase(
                            "information",
                            &entry.id,
                            Sort::Information,
                            index,
                            &phrase,
                            level,
                        );
                    }
                }
            }
        }
    }

    fn exclusions(&mut self, file: ExclusionsFile) {
        for (index, entry) in file.exclusion.into_iter().enumerate() {
            let span = entry.span();
            let entry = entry.into_inner();
            let mut disarms = Vec::new();
            for name in &entry.disarms {
                let named = self.subjects_named(name);
                if named.is_empty() {
                    self.problem(
                        "exclusions",
                        "triage.unknown_subject",
                        span.clone(),
                        format!(
                            "`{name}` is no subject or group; use an id of subjects.toml, or *"
                        ),
                    );
                }
                disarms.extend(named);
            }
            self.loaded.exclusions.push(ExclusionEntry {
                id: entry.id.clone(),
                label: entry.label,
                disarms,
            });
            self.some_phrase(
                "exclusions",
                &entry.id,
                &span,
                &[&entry.phrases, &entry.weak],
            );
            self.examples("exclusions", &entry.id, entry.examples);
            for (list, level) in [(entry.phrases, Level::Plain), (entry.weak, Level::Weak)] {
                for phrase in list {
                    self.phrase(
                        "exclusions",
                        &entry.id,
                        Sort::Exclusion,
                        index,
                        &phrase,
                        level,
                    );
                }
            }
        }
    }

    fn some_phrase(
        &mut self,
        file: &'static str,
        id: &str,
        span: &Range<usize>,
        lists: &[&Vec<Spanned<String>>],
    ) {
        if lists.iter().all(|list| list.is_empty()) {
            self.problem(
                file,
                "triage.no_phrase",
                span.clone(),
                format!("`{id}` has no phrase, so it can never be found"),
            );
        }
    }

    fn examples(&mut self, file: &'static str, id: &str, examples: Vec<Spanned<String>>) {
        self.loaded
            .examples
            .extend(examples.into_iter().map(|example| Example {
                file,
                id: id.to_owned(),
                span: example.span(),
                question: example.into_inner(),
            }));
    }

    fn phrase(
        &mut self,
        file: &'static str,
        entry: &str,
        sort: Sort,
        id: usize,
        phrase: &Spanned<String>,
        level: Level,
    ) {
        let span = phrase.span();
        let phrase = phrase.get_ref();
        let text = folded(phrase).trim().to_owned();
        if text.is_empty() {
            self.problem(
                file,
                "triage.empty_phrase",
                span,
                format!("`{entry}` holds an empty phrase"),
            );
        } else if !self.seen.insert((file, entry.to_owned(), text.clone())) {
            self.problem(
                file,
                "triage.duplicate_phrase",
                span,
                format!("`{phrase}` stands twice in `{entry}`"),
            );
        } else {
            self.loaded.phrases.push(Phrase {
                sort,
                id,
                rule: format!("{file}.{entry}:{text}"),
                source: Some(Source { file, span }),
                text,
                level,
            });
        }
    }

    fn pattern(&mut self, entry: &str, information: usize, text: &Spanned<String>, level: Level) {
        let span = text.span();
        let text = text.get_ref();
        if !self
            .seen
            .insert(("information", entry.to_owned(), text.to_owned()))
        {
            self.problem(
                "information",
                "triage.duplicate_phrase",
                span,
                format!("`{text}` stands twice in `{entry}`"),
            );
            return;
        }
        let mut elements = Vec::new();
        let mut far = false;
        let mut literal = String::new();
        for token in text.split_whitespace().chain(std::iter::once("")) {
            let named = token
                .strip_prefix('{')
                .and_then(|token| token.strip_suffix('}'));
            if (named.is_some() || token == "..." || token.is_empty()) && !literal.is_empty() {
                let class = self.literal(&std::mem::take(&mut literal));
                elements.push(Element {
                    far,
                    what: What::Words(class),
                });
                far = false;
            }
            match (token, named) {
                ("", _) => {}
                ("...", _) => far = true,
                (_, Some(name)) => {
                    if let Some(what) = self.element(name) {
                        elements.push(Element { far, what });
                    } else {
                        self.problem(
                            "information",
                            "triage.unknown_class",
                            span.clone(),
                            format!(
                                "`{text}` in `{entry}`: {{{name}}} is no [[words]], subject or group"
                            ),
                        );
                    }
                    far = false;
                }
                (word, None) => {
                    if !literal.is_empty() {
                        literal.push(' ');
                    }
                    literal.push_str(word);
                }
            }
        }
        self.loaded.patterns.push(Pattern {
            information,
            level,
            rule: format!("information.{entry}:{text}"),
            source: Source {
                file: "information",
                span,
            },
            elements,
        });
    }

    fn literal(&mut self, text: &str) -> usize {
        let text = folded(text);
        if let Some(index) = self.literals.get(&text) {
            return *index;
        }
        let index = self.loaded.words.len();
        self.loaded.words.push(WordsEntry {
            id: text.clone(),
            count: None,
            suggests: None,
        });
        self.loaded.phrases.push(Phrase {
            sort: Sort::Word,
            id: index,
            rule: format!("information.{text}:{text}"),
            source: None,
            text: text.clone(),
            level: Level::Plain,
        });
        self.literals.insert(text, index);
        index
    }

    fn element(&self, name: &str) -> Option<What> {
        if let Some(class) = self.loaded.words.iter().position(|words| words.id == name) {
            return Some(What::Words(class));
        }
        let subjects: Vec<usize> = name
            .split('|')
            .flat_map(|name| self.subjects_named(name))
            .collect();
        (!subjects.is_empty()).then_some(What::Subjects(subjects))
    }

    /// The subjects of this id or group; `ict` is all but contracts at large, and `*` simply all.
    fn subjects_named(&self, name: &str) -> Vec<usize> {
        (0..)
            .zip(&self.loaded.subjects)
            .filter(|(_, subject)| {
                name == "*"
                    || subject.id == name
                    || subject.group == name
                    || (name == "ict" && subject.group != CONTRACTS)
            })
            .map(|(index, _)| index)
            .collect()
    }

    fn kind(&mut self, file: &'static str, id: &str, span: &Range<usize>) -> Option<usize> {
        let found = self
            .loaded
            .information
            .iter()
            .position(|kind| kind.id == id);
        if found.is_none() {
            self.problem(
                file,
                "triage.unknown_information",
                span.clone(),
                format!("`{id}` is no kind of information; use an id of information.toml"),
            );
        }
        found
    }
}
