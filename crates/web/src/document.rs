//! A letter or page as part of a page: its blocks with places to jump to.

use letters::{Block, Document, Inline};

/// A run of words.
#[derive(Clone, Debug)]
pub struct Run {
    /// `text`, `strong`, `link`, `gap`.
    pub kind: &'static str,
    /// The words.
    pub words: String,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Part {
    /// `h1` to `h4`, `p`, `quote`, `list`; `top` for a heading right under the page's own.
    pub kind: &'static str,
    /// Its words, in runs.
    pub runs: Vec<Run>,
    /// The items of a list.
    pub items: Vec<Vec<Run>>,
    /// All its words, for finding a passage.
    pub words: String,
}

fn runs(inlines: &[Inline]) -> Vec<Run> {
    inlines
        .iter()
        .map(|inline| Run {
            kind: match inline {
                Inline::Text(_) => "text",
                Inline::Strong(_) => "strong",
                Inline::Link(url) if url.starts_with("https://") || url.starts_with("http://") => {
                    "link"
                }
                Inline::Link(_) => "text",
                Inline::Gap(_) => "gap",
            },
            words: inline.words(),
        })
        .collect()
}

fn joined(runs: &[Run]) -> String {
    runs.iter().map(|run| run.words.as_str()).collect()
}

/// The blocks of a document.
#[must_use]
pub fn parts(document: &Document) -> Vec<Part> {
    document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading(level, text) => Part {
                kind: match level {
                    1 => "h1",
                    2 => "h2",
                    3 => "h3",
                    _ => "h4",
                },
                runs: vec![Run {
                    kind: "text",
                    words: text.clone(),
                }],
                items: Vec::new(),
                words: text.clone(),
            },
            Block::Paragraph(inlines) => {
                let runs = runs(inlines);
                Part {
                    kind: "p",
                    words: joined(&runs),
                    runs,
                    items: Vec::new(),
                }
            }
            Block::Quote(inlines) => {
                let runs = runs(inlines);
                Part {
                    kind: "quote",
                    words: joined(&runs),
                    runs,
                    items: Vec::new(),
                }
            }
            Block::List(items) => {
                let items: Vec<Vec<Run>> = items.iter().map(|item| runs(item)).collect();
                Part {
                    kind: "list",
                    words: items
                        .iter()
                        .map(|item| joined(item))
                        .collect::<Vec<_>>()
                        .join("\n"),
                    runs: Vec::new(),
                    items,
                }
            }
        })
        .collect()
}

/// The number of the part that holds the beginning of a passage, from 1.
#[must_use]
pub fn part_of(parts: &[Part], passage: &str) -> Option<usize> {
    let start: String = passage.trim().chars().take(40).collect();
    let start = start.lines().next().unwrap_or("").trim();
    if start.is_empty() {
        return None;
    }
    parts
        .iter()
        .position(|part| part.words.contains(start))
        .map(|index| index.saturating_add(1))
}
