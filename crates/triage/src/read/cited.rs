//! What was found for a question, by numbers: names are looked up once its reading is done.

use std::ops::Range;

use super::marks::strength;
use crate::vocabulary::{DEFAULT, Mark, Sort, Vocabulary};
use crate::{Finding, Scope};

/// A subject, kind of information or exclusion, with the words that show it.
#[derive(Clone, Debug)]
pub(crate) struct Cited {
    /// Index of the entry within its sort.
    pub id: usize,
    /// The words that show it.
    pub span: Range<usize>,
    pub rule: Rule,
    pub weight: f32,
    pub scope: Scope,
}

/// The rule that matched, by its index.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    Phrase(usize),
    Pattern(usize),
    /// What the subject that this phrase names implies.
    Implied(usize),
}

impl Cited {
    pub fn of(mark: &Mark, scope: Scope) -> Self {
        Self {
            id: mark.id,
            span: mark.span.clone(),
            rule: Rule::Phrase(mark.phrase),
            weight: scope.weight() * strength(mark.level),
            scope,
        }
    }

    /// The same, for a question that points back to the one it stands in.
    pub fn lent(&self, scope: Scope) -> Self {
        Self {
            weight: self.weight.min(scope.weight()),
            // Its span stays one of the subject line's.
            scope: match self.scope {
                Scope::SubjectLine => Scope::SubjectLine,
                _ => scope,
            },
            ..self.clone()
        }
    }

    /// The finding, with the name of its entry among those of this sort.
    pub fn finding(self, vocabulary: &Vocabulary, sort: Sort) -> Finding {
        Finding {
            id: vocabulary.id(sort, self.id).to_owned(),
            span: self.span,
            rule: self.rule.name(vocabulary),
            weight: self.weight,
            scope: self.scope,
        }
    }
}

impl Rule {
    /// What a rule is called in evidence.
    pub fn name(self, vocabulary: &Vocabulary) -> String {
        let phrase = |phrase: usize| vocabulary.phrases.get(phrase).map(|own| own.rule.as_str());
        match self {
            Self::Phrase(own) => phrase(own).unwrap_or("").to_owned(),
            Self::Pattern(own) => vocabulary
                .patterns
                .get(own)
                .map_or("", |pattern| pattern.rule.as_str())
                .to_owned(),
            Self::Implied(own) => [phrase(own).unwrap_or(""), ":", DEFAULT].concat(),
        }
    }
}
