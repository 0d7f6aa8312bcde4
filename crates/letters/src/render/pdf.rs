//! Tagged PDF/UA-1 and PDF/A-2a through typst. Content reaches it as data, never as markup.

use std::fmt::Write;

use jiff::civil::Date;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::document::{Block, Document, Inline, printable};

/// The engine refused a document; the text is its own.
#[derive(Debug, thiserror::Error)]
#[error("the letter can't be set as PDF: {0}")]
pub struct PdfError(String);

const TEMPLATE: &str = include_str!("letter.typ");

struct LetterWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    source: Source,
}

impl World for LetterWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
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
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The document as tagged PDF/UA-1 and PDF/A-2a, dated `on`; the same bytes for the same document and date.
///
/// # Errors
/// The engine refuses the document.
pub fn pdf(document: &Document, on: Date) -> Result<Vec<u8>, PdfError> {
    let refuse = |what: &dyn std::fmt::Debug| PdfError(format!("{what:?}"));
    let path = VirtualPath::new("letter.typ").map_err(|error| refuse(&error))?;
    let id = RootedPath::new(VirtualRoot::Project, path).intern();
    let mut inputs = Dict::new();
    inputs.insert("letter".into(), json(document).into_value());
    let fonts: Vec<Font> = typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .collect();
    let world = LetterWorld {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        source: Source::new(id, TEMPLATE.to_owned()),
    };
    let paged = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|errors| refuse(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| refuse(&error))?;
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
    let bytes = typst_pdf::pdf(&paged, &options).map_err(|errors| refuse(&errors));
    comemo::evict(10);
    bytes
}

/// The document as the JSON that the template reads.
fn json(document: &Document) -> String {
    let mut out = format!(
        "{{\"title\":{},\"blocks\":[",
        quoted(&printable(&document.title))
    );
    for (index, block) in document.blocks.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let (kind, level, items) = match block {
            Block::Heading(level, text) => {
                ("heading", *level, vec![vec![Inline::Text(text.clone())]])
            }
            Block::Paragraph(inlines) => ("paragraph", 0, vec![inlines.clone()]),
            Block::Quote(inlines) => ("quote", 0, vec![inlines.clone()]),
            Block::List(items) => ("list", 0, items.clone()),
        };
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
                        format!("[\"{kind}\",{}]", quoted(&inline.words()))
                    })
                    .collect();
                format!("[{}]", runs.join(","))
            })
            .collect();
        let _ = write!(
            out,
            "{{\"kind\":\"{kind}\",\"level\":{level},\"items\":[{}]}}",
            items.join(",")
        );
    }
    out.push_str("]}");
    out
}

/// A JSON string; control characters are gone already.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
