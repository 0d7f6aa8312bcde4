//! A mistake in a data file: where it is, what it is, and the way out.

use std::fmt;
use std::ops::Range;

/// One mistake in a data file. Loaders collect every problem before they give up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable identifier, such as `policy.unknown_exemption`.
    pub code: &'static str,
    /// What is wrong and how to mend it, in the officer's language, lower case.
    pub message: String,
    /// The byte range of the file that it is about; empty at 0 when it is about the whole file.
    pub span: Range<usize>,
}

impl Problem {
    /// A problem at a byte range of the file.
    #[must_use]
    pub fn at(span: Range<usize>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span,
        }
    }

    /// A problem with values that stand in no file.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self::at(0..0, code, message)
    }

    /// The problem as `file:line:column: code: message`, counted in characters from 1.
    #[must_use]
    pub fn locate(&self, file: &str, source: &str) -> String {
        let before = source.get(..self.span.start).unwrap_or(source);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or("")
            .chars()
            .count()
            .saturating_add(1);
        format!("{file}:{line}:{column}: {}: {}", self.code, self.message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
