//! The document tree.

use std::fmt;

/// A letter or a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its title, for the reader's window and the PDF's properties.
    pub title: String,
    /// Its content in reading order.
    pub blocks: Vec<Block>,
}

/// A block of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; level 1 stands once, at the top.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// The applicant's words.
    Quote(Vec<Inline>),
    /// A list with bullets.
    List(Vec<Vec<Inline>>),
}

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// Words that stand out.
    Strong(String),
    /// An address, shown as it is.
    Link(String),
    /// What a person still owes.
    Gap(String),
}

impl Inline {
    /// The words as every rendering shows them.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Strong(text) | Self::Link(text) => printable(text),
            Self::Gap(what) => format!("[TO COMPLETE: {}]", printable(what)),
        }
    }
}

/// Text without the control characters that no document format can carry.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{ad}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// Something that a person still owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The heading it stands under; `None` at the top of the letter.
    pub under: Option<String>,
    /// What is needed.
    pub what: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.under {
            Some(heading) => write!(f, "{heading}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// A document without gaps: only such a one can be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalDocument(Document);

impl FinalDocument {
    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.0
    }
}

impl Document {
    /// What a person still owes, in the order of the document.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let mut under = None;
        let mut gaps = Vec::new();
        for block in &self.blocks {
            let inlines: Vec<&Inline> = match block {
                Block::Heading(level, text) => {
                    under = (*level > 1).then(|| text.clone());
                    Vec::new()
                }
                Block::Paragraph(inlines) | Block::Quote(inlines) => inlines.iter().collect(),
                Block::List(items) => items.iter().flatten().collect(),
            };
            gaps.extend(inlines.into_iter().filter_map(|inline| match inline {
                Inline::Gap(what) => Some(Gap {
                    under: under.clone(),
                    what: what.clone(),
                }),
                Inline::Text(_) | Inline::Strong(_) | Inline::Link(_) => None,
            }));
        }
        gaps
    }

    /// The document as one that can be issued.
    ///
    /// # Errors
    /// The gaps that remain.
    pub fn finalise(self) -> Result<FinalDocument, Vec<Gap>> {
        let gaps = self.gaps();
        if gaps.is_empty() {
            Ok(FinalDocument(self))
        } else {
            Err(gaps)
        }
    }

    pub(crate) fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.blocks.push(Block::Heading(level, text.into()));
    }

    pub(crate) fn paragraph(&mut self, inlines: Vec<Inline>) {
        self.blocks.push(Block::Paragraph(inlines));
    }

    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.paragraph(vec![Inline::Text(text.into())]);
    }

    pub(crate) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        self.blocks.push(Block::List(
            items
                .into_iter()
                .map(|item| vec![Inline::Text(item)])
                .collect(),
        ));
    }
}
