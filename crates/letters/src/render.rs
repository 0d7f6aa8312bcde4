//! A document as text, Markdown, HTML, DOCX and PDF. All say the same words; the last three may bear a logo above them.

mod docx;
mod glyphs;
mod pdf;

pub use docx::docx;
pub use pdf::{PdfError, pdf, unset};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::document::{Block, Document, Inline, printable};
use crate::picture::Picture;

fn words(inlines: &[Inline]) -> String {
    inlines.iter().map(Inline::words).collect()
}

/// Plain text, a blank line between blocks.
#[must_use]
pub fn text(document: &Document) -> String {
    let blocks: Vec<String> = document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading(_, text) => printable(text),
            Block::Paragraph(inlines) | Block::Quote(inlines) => words(inlines),
            Block::List(items) => items
                .iter()
                .map(|item| format!("• {}", words(item)))
                .collect::<Vec<_>>()
                .join("\n"),
        })
        .collect();
    format!("{}\n", blocks.join("\n\n"))
}

/// Markdown, with what it would read as marks made plain.
#[must_use]
pub fn markdown(document: &Document) -> String {
    let escaped = |text: &str| {
        text.chars().fold(String::new(), |mut out, c| {
            if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#' | '|') {
                out.push('\\');
            }
            out.push(c);
            out
        })
    };
    let run = |inlines: &[Inline]| {
        inlines
            .iter()
            .map(|inline| match inline {
                Inline::Strong(_) => format!("**{}**", escaped(&inline.words())),
                Inline::Link(_) => format!("<{}>", inline.words()),
                Inline::Text(_) | Inline::Gap(_) => escaped(&inline.words()),
            })
            .collect::<String>()
    };
    let blocks: Vec<String> = document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading(level, text) => format!(
                "{} {}",
                "#".repeat(usize::from(*level)),
                escaped(&printable(text))
            ),
            Block::Paragraph(inlines) => run(inlines),
            Block::Quote(inlines) => format!("> {}", run(inlines)),
            Block::List(items) => items
                .iter()
                .map(|item| format!("- {}", run(item)))
                .collect::<Vec<_>>()
                .join("\n"),
        })
        .collect();
    format!("{}\n", blocks.join("\n\n"))
}

/// `text` safe between tags and in attributes of HTML and XML.
pub(crate) fn escaped(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, c| {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                c => out.push(c),
            }
            out
        })
}

/// A complete page, which holds its logo itself.
#[must_use]
pub fn html(document: &Document, logo: Option<&Picture>) -> String {
    let run = |inlines: &[Inline]| {
        inlines
            .iter()
            .map(|inline| {
                let words = escaped(&inline.words());
                match inline {
                    Inline::Text(_) => words,
                    Inline::Strong(_) => format!("<strong>{words}</strong>"),
                    Inline::Link(url)
                        if url.starts_with("https://") || url.starts_with("http://") =>
                    {
                        format!("<a href=\"{words}\">{words}</a>")
                    }
                    Inline::Link(_) => words,
                    Inline::Gap(_) => format!("<mark>{words}</mark>"),
                }
            })
            .collect::<String>()
    };
    let mut body = String::new();
    for block in &document.blocks {
        body.push_str(&match block {
            Block::Heading(level, text) => {
                format!("<h{level}>{}</h{level}>\n", escaped(&printable(text)))
            }
            Block::Paragraph(inlines) => format!("<p>{}</p>\n", run(inlines)),
            Block::Quote(inlines) => format!("<blockquote><p>{}</p></blockquote>\n", run(inlines)),
            Block::List(items) => {
                let items: String = items
                    .iter()
                    .map(|item| format!("<li>{}</li>\n", run(item)))
                    .collect();
                format!("<ul>\n{items}</ul>\n")
            }
        });
    }
    let (head_style, head) = logo.map(head).unwrap_or_default();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n\
         body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }}\n\
         h1, h2, h3 {{ line-height: 1.25 }}\nblockquote {{ margin: 0 0 0 1rem; padding-left: 1rem; border-left: .25rem solid #595959 }}\n\
         mark {{ background: #ffe680; color: #111 }}\na {{ color: #0b4f9e; overflow-wrap: anywhere }}\n{head_style}</style>\n</head>\n<body>\n{head}<main>\n{body}</main>\n</body>\n</html>\n",
        escaped(&printable(&document.title))
    )
}

/// A logo above a page, after the style that keeps it in its place.
fn head(logo: &Picture) -> (&'static str, String) {
    // Tenths of a millimetre as CSS pixels, 96 to the inch.
    let pixels = |tenths: u32| tenths.saturating_mul(96).div_ceil(254);
    let (width, height) = logo.on_paper();
    let image = format!(
        "<header><img src=\"data:image/png;base64,{}\" alt=\"{}\" width=\"{}\" height=\"{}\"></header>\n",
        BASE64.encode(logo.png()),
        escaped(logo.alt()),
        pixels(width),
        pixels(height)
    );
    ("header img { max-width: 100%; height: auto }\n", image)
}
