//! Tagged PDF/UA-1 and PDF/A-2a through typst. Content reaches it as data, never as markup.

use std::fmt::Write;

use jiff::civil::Date;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart};
use typst::layout::Abs;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::glyphs::{self, BOOK, Care, FONTS};
use crate::document::{Block, Document, Inline, printable};
use crate::picture::Picture;

/// The engine refused a document; the text is what it said.
#[derive(Debug, thiserror::Error)]
#[error("the letter can't be set as PDF: {0}")]
pub struct PdfError(String);

const TEMPLATE: &str = include_str!("letter.typ");

struct LetterWorld {
    library: LazyHash<Library>,
    source: Source,
}

impl World for LetterWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() {
            Ok(self.source.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// What stands at the end of a document that lost characters.
const NOTE: &str = "This PDF cannot show every character of this text: words in square brackets say what stood there. The Word \
                    and plain text forms show all of them.";

/// The document under the logo as tagged PDF/UA-1 and PDF/A-2a, dated `on`; the same bytes for the same document, logo and
/// date. What no typeface in the program can show is said in words.
///
/// # Errors
/// The engine refuses the document, or the logo is broken.
pub fn pdf(document: &Document, logo: Option<&Picture>, on: Date) -> Result<Vec<u8>, PdfError> {
    set(document, logo, on, Care::Ordinary).or_else(|_| set(document, logo, on, Care::Strict))
}

/// What of the document a PDF can't show: each stretch as it stands, once.
#[must_use]
pub fn unset(document: &Document) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, _, items) in document.blocks.iter().map(parts) {
        for inline in items.iter().flatten() {
            for stretch in glyphs::unset(&inline.words()) {
                if !found.contains(&stretch) {
                    found.push(stretch);
                }
            }
        }
    }
    found
}

fn set(
    document: &Document,
    logo: Option<&Picture>,
    on: Date,
    care: Care,
) -> Result<Vec<u8>, PdfError> {
    let path = VirtualPath::new("letter.typ")
        .map_err(|_| PdfError("its template has no place".to_owned()))?;
    let id = RootedPath::new(VirtualRoot::Project, path).intern();
    let mut inputs = Dict::new();
    inputs.insert("letter".into(), json(document, care).into_value());
    if let Some(logo) = logo {
        inputs.insert("logo".into(), values(logo).into_value());
    }
    let world = LetterWorld {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        source: Source::new(id, TEMPLATE.to_owned()),
    };
    let paged = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|errors| said(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|_| PdfError("PDF/UA-1 and PDF/A-2a do not go together".to_owned()))?;
    let moment = Datetime::from_ymd_hms(
        i32::from(on.year()),
        u8::try_from(on.month()).unwrap_or(1),
        u8::try_from(on.day()).unwrap_or(1),
        0,
        0,
        0,
    );
    let options = PdfOptions {
        ident: Smart::Custom(format!("candour {}", document.title)),
        creator: Smart::Custom(Some("Candour".to_owned())),
        timestamp: moment.map(Timestamp::new_utc),
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    let bytes = typst_pdf::pdf(&paged, &options).map_err(|errors| said(&errors));
    comemo::evict(10);
    bytes
}

/// The logo as the template places it.
fn values(logo: &Picture) -> Dict {
    let length = |tenths: u32| Abs::mm(f64::from(tenths) / 10.0);
    let (width, height) = logo.on_paper();
    let mut values = Dict::new();
    values.insert("png".into(), Bytes::new(logo.png().to_vec()).into_value());
    values.insert("alt".into(), logo.alt().into_value());
    values.insert("width".into(), length(width).into_value());
    values.insert("height".into(), length(height).into_value());
    values
}

fn said(errors: &[SourceDiagnostic]) -> PdfError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    PdfError(messages.join("; "))
}

/// A block's kind, level and items, each a series of runs.
fn parts(block: &Block) -> (&'static str, u8, Vec<Vec<Inline>>) {
    match block {
        Block::Heading(level, text) => ("heading", *level, vec![vec![Inline::Text(text.clone())]]),
        Block::Paragraph(inlines) => ("paragraph", 0, vec![inlines.clone()]),
        Block::Quote(inlines) => ("quote", 0, vec![inlines.clone()]),
        Block::List(items) => ("list", 0, items.clone()),
    }
}

/// The document as the JSON that the template reads: each run with its words as they are shown and as they are.
fn json(document: &Document, care: Care) -> String {
    let mut out = format!(
        "{{\"title\":{},\"blocks\":[",
        quoted(&printable(&document.title))
    );
    let mut loses = false;
    for block in &document.blocks {
        let (kind, level, items) = parts(block);
        let items: Vec<String> = items
            .iter()
            .map(|item| {
                let runs: Vec<String> = item
                    .iter()
                    .map(|inline| {
                        let kind = match inline {
                            Inline::Text(_) => "text",
                            Inline::Strong(_) => "strong",
                            Inline::Link(_) => "link",
                            Inline::Gap(_) => "gap",
                        };
                        let words = inline.words();
                        let shown = glyphs::set(&words, care);
                        loses |= shown.matches('[').count() > words.matches('[').count();
                        format!("[\"{kind}\",{},{}]", quoted(&shown), quoted(&words))
                    })
                    .collect();
                format!("[{}]", runs.join(","))
            })
            .collect();
        let _ = write!(
            out,
            "{{\"kind\":\"{kind}\",\"level\":{level},\"items\":[{}]}},",
            items.join(",")
        );
    }
    if loses {
        let _ = write!(
            out,
            "{{\"kind\":\"paragraph\",\"level\":0,\"items\":[[[\"text\",{0},{0}]]]}},",
            quoted(NOTE)
        );
    }
    if out.ends_with(',') {
        out.pop();
    }
    out.push_str("]}");
    out
}

/// A JSON string; control characters are gone already.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Document {
        let runs = || {
            vec![
                Inline::Text(text.to_owned()),
                Inline::Strong(text.to_owned()),
                Inline::Link(format!("https://example.org/{text}")),
                Inline::Gap(text.to_owned()),
            ]
        };
        Document {
            title: text.to_owned(),
            blocks: vec![
                Block::Heading(1, text.to_owned()),
                Block::Paragraph(runs()),
                Block::Quote(runs()),
                Block::List(vec![runs()]),
            ],
        }
    }

    #[test]
    fn every_text_can_be_set() {
        let on = jiff::civil::date(2026, 11, 23);
        for text in [
            "How many 池 are there? 公園の鴨 고양이",
            "🦆 👩🏽‍💻 🇬🇧 1️⃣ ☺️ ✈",
            "हिन्दी ไทย বাংলা தமிழ் မြန်မာ",
            "שָׁלוֹם עֲלֵיכֶם 12 مرحبا ܫܠܡܐ",
            "\u{e000}\u{f8ff}\u{f0000}\u{378}\u{10ffff}\u{fffd}\u{feff}\u{2028}\u{1}\u{9f}",
            "Z\u{351}\u{36b}a\u{300}\u{323}\u{20dd}l\u{1dc4}g\u{489}o e\u{302}\u{301} \u{301}\u{301}",
            "ﬁ ﬂ ½ ™ ℌ 𝐀 𝔅 ∑ → ⁇ ﷽ Ⅷ ① ㋿ ꟼ Ꭰ ᚠ 𓀀",
            "\\ \" # $ * _ < > ` @ [ ] { } // /* */ --- ~",
        ] {
            let document = of(text);
            for care in [Care::Ordinary, Care::Strict] {
                if let Err(error) = set(&document, None, on, care) {
                    panic!("{text}, {care:?}: {error}");
                }
            }
        }
    }

    #[test]
    fn characters_from_all_over_can_be_set() {
        let on = jiff::civil::date(2026, 11, 23);
        let some = |step: usize, first: u32, last: u32| -> String {
            (first..last)
                .step_by(step)
                .filter_map(char::from_u32)
                .collect()
        };
        for text in [
            some(1, 0, 0x600),
            some(7, 0x600, 0x3000),
            some(501, 0x3000, 0x11_0000),
        ] {
            let document = Document {
                title: "All".to_owned(),
                blocks: vec![Block::Paragraph(vec![Inline::Text(text)])],
            };
            if let Err(error) = set(&document, None, on, Care::Ordinary) {
                panic!("{error}");
            }
        }
    }
}
