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

/// The blocks of a letter that was kept, from its form as a page: each stands on a line of its own. Reads what
/// [`letters::render::html`] writes, and no other page.
#[must_use]
pub fn parts_of_page(page: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let body = page.split("<main>").nth(1).unwrap_or("");
    for line in body.lines() {
        let kinds = [
            ("<h1>", "h1"),
            ("<h2>", "h2"),
            ("<h3>", "h3"),
            ("<h4>", "h4"),
            ("<blockquote>", "quote"),
            ("<p>", "p"),
            ("<ul>", "list"),
        ];
        let run = |line: &str| Run {
            kind: "text",
            words: plain(line),
        };
        if line.starts_with("<li>") {
            if let Some(list) = parts.last_mut().filter(|part| part.kind == "list") {
                list.items.push(vec![run(line)]);
            }
        } else if let Some((_, kind)) = kinds.iter().find(|(tag, _)| line.starts_with(tag)) {
            parts.push(Part {
                kind,
                runs: vec![run(line)],
                items: Vec::new(),
                words: plain(line),
            });
        }
    }
    parts
}

/// The words of a line of a page.
fn plain(line: &str) -> String {
    let mut words = String::new();
    let mut rest = line;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    words.push_str(rest);
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(words, |words, (escaped, plain)| {
        words.replace(escaped, plain)
    })
}

/// What differs between two letters, in the order of the later one: what was removed and what was added, each paragraph or
/// item of a list as a whole. Whether it was added comes with it.
#[must_use]
pub fn differences(before: &[Part], after: &[Part]) -> Vec<(bool, String)> {
    let said = |parts: &[Part]| -> Vec<String> {
        parts
            .iter()
            .flat_map(|part| {
                if part.kind == "list" {
                    part.items.iter().map(|item| joined(item)).collect()
                } else {
                    vec![part.words.clone()]
                }
            })
            .collect()
    };
    differing(&said(before), &said(after))
}

/// What differs between two lists, in the order of the later one: what was removed and what was added. Whether it was
/// added comes with it.
#[must_use]
pub fn differing(before: &[String], after: &[String]) -> Vec<(bool, String)> {
    let mut rows = vec![vec![0_usize; after.len().saturating_add(1)]];
    for old in before {
        let last = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0_usize];
        for (new, (left_above, above)) in after.iter().zip(last.iter().zip(last.iter().skip(1))) {
            let left = row.last().copied().unwrap_or(0);
            row.push(if old == new {
                left_above.saturating_add(1)
            } else {
                left.max(*above)
            });
        }
        rows.push(row);
    }
    let shared = |old: usize, new: usize| rows.get(old).and_then(|row| row.get(new)).copied();
    let (mut old, mut new) = (before.len(), after.len());
    let mut found = Vec::new();
    while old > 0 || new > 0 {
        let (up, left) = (old.saturating_sub(1), new.saturating_sub(1));
        if old > 0 && new > 0 && before.get(up) == after.get(left) {
            (old, new) = (up, left);
        } else if new > 0 && (old == 0 || shared(old, left) >= shared(up, new)) {
            found.extend(after.get(left).map(|words| (true, words.clone())));
            new = left;
        } else {
            found.extend(before.get(up).map(|words| (false, words.clone())));
            old = up;
        }
    }
    found.reverse();
    found
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

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(words: &[&str]) -> Vec<Part> {
        let page: String = words
            .iter()
            .map(|words| format!("<p>{words}</p>\n"))
            .collect();
        parts_of_page(&format!("<main>\n{page}</main>"))
    }

    #[test]
    fn a_kept_page_is_read_back() {
        let page = "<main>\n<h1>Your request</h1>\n<blockquote><p><strong>1.</strong> A &amp; B?</p></blockquote>\n\
                    <ul>\n<li>one</li>\n<li>&lt;two&gt;</li>\n</ul>\n</main>";
        let parts = parts_of_page(page);
        let kinds: Vec<&str> = parts.iter().map(|part| part.kind).collect();
        assert_eq!(kinds, ["h1", "quote", "list"]);
        assert_eq!(parts[1].words, "1. A & B?");
        assert_eq!(parts[2].items[1][0].words, "<two>");
    }

    #[test]
    fn what_differs_is_named_in_order() {
        let before = paragraphs(&["a", "b", "c", "d"]);
        let after = paragraphs(&["a", "x", "c", "d", "e"]);
        let found = differences(&before, &after);
        let found: Vec<(bool, &str)> = found
            .iter()
            .map(|(added, words)| (*added, words.as_str()))
            .collect();
        assert_eq!(found, [(false, "b"), (true, "x"), (true, "e")]);
        assert!(differences(&before, &before).is_empty());
    }
}
