//! Files that are about to be given with an answer: what they hold that nobody sees who opens them.
//!
//! Hidden sheets, pivot tables' own copies of their data and deleted words have put personal data of thousands into
//! answers: the Commissioner asks authorities to look before they send ("Disclosing information safely", 2023).

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// Something that a file may hold unseen.
#[derive(Debug)]
pub struct Hidden {
    /// A stable identifier, as events record it.
    pub code: &'static str,
    /// What it is and the way out.
    pub words: &'static str,
}

/// Everything that is looked for.
pub const KINDS: &[Hidden] = &[
    Hidden {
        code: "hidden_sheet",
        words: "holds a hidden sheet; anybody can show it. Delete it, or keep it on purpose",
    },
    Hidden {
        code: "hidden_rows",
        words: "holds hidden rows or columns; anybody can show them. Delete them, or keep them on purpose",
    },
    Hidden {
        code: "pivot_data",
        words: "holds a pivot table with a copy of all the data behind it; paste the table as values into a new file",
    },
    Hidden {
        code: "linked_workbook",
        words: "keeps cells of another workbook that it refers to; break the links and paste values",
    },
    Hidden {
        code: "comments",
        words: "holds comments; delete them, or keep them on purpose",
    },
    Hidden {
        code: "tracked_changes",
        words: "holds tracked changes: deleted words can be read; accept or reject all of them",
    },
    Hidden {
        code: "hidden_words",
        words: "holds words marked as hidden; delete them, or keep them on purpose",
    },
    Hidden {
        code: "author",
        words: "names the person who made or last saved it in its properties; remove them, or keep them on purpose",
    },
    Hidden {
        code: "not_read",
        words: "could not be looked into; open it and look for what is hidden, or save it anew",
    },
];

/// The most that one part is unpacked to.
const LARGEST_PART: u64 = 64 << 20;
/// The most that all parts that are looked into are unpacked to together.
const LARGEST_FILE: u64 = 256 << 20;
/// The most parts of a file.
const MOST_PARTS: usize = 10_000;

/// What a file holds unseen, by the codes of [`KINDS`]; for workbooks and Word documents.
#[must_use]
pub fn hides(name: &str, contents: &[u8]) -> Vec<String> {
    let end = name.rsplit('.').next().unwrap_or("").to_lowercase();
    if !matches!(end.as_str(), "xlsx" | "docx" | "odt" | "ods") {
        return Vec::new();
    }
    let found = if matches!(end.as_str(), "xlsx" | "docx") {
        look(contents).unwrap_or_else(|| vec!["not_read"])
    } else {
        vec!["not_read"]
    };
    KINDS
        .iter()
        .filter(|kind| found.contains(&kind.code))
        .map(|kind| kind.code.to_owned())
        .collect()
}

/// `None` where it can't be read.
fn look(contents: &[u8]) -> Option<Vec<&'static str>> {
    let mut archive = ZipArchive::new(Cursor::new(contents)).ok()?;
    if archive.len() > MOST_PARTS {
        return None;
    }
    let mut found = Vec::new();
    let mut unpacked: u64 = 0;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).ok()?;
        let name = part.name().ok()?.to_lowercase();
        found.extend(by_name(&name));
        let Some(read) = reader(&name) else { continue };
        let mut bytes = Vec::new();
        (&mut part)
            .take(LARGEST_PART.saturating_add(1))
            .read_to_end(&mut bytes)
            .ok()?;
        let length = u64::try_from(bytes.len()).ok()?;
        unpacked = unpacked.saturating_add(length);
        if length > LARGEST_PART || unpacked > LARGEST_FILE {
            return None;
        }
        elements(&bytes, read, &mut found)?;
    }
    Some(found)
}

fn by_name(name: &str) -> Option<&'static str> {
    let under = |folder: &str| name.starts_with(folder);
    if under("xl/pivotcache/") {
        Some("pivot_data")
    } else if under("xl/externallinks/") {
        Some("linked_workbook")
    } else if under("xl/comments") || under("xl/threadedcomments/") || name == "word/comments.xml" {
        Some("comments")
    } else {
        None
    }
}

/// What an element and the words in it give away.
type Look = fn(&BytesStart<'_>, &str) -> Option<&'static str>;

fn reader(name: &str) -> Option<Look> {
    if name == "xl/workbook.xml" {
        Some(|element, _| {
            let state = value(element, "state");
            (called(element, "sheet") && matches!(state.as_deref(), Some("hidden" | "veryHidden")))
                .then_some("hidden_sheet")
        })
    } else if name.starts_with("xl/worksheets/") && name.ends_with(".xml") {
        Some(|element, _| {
            let hidden = value(element, "hidden");
            ((called(element, "row") || called(element, "col"))
                && matches!(hidden.as_deref(), Some("1" | "true")))
            .then_some("hidden_rows")
        })
    } else if name.starts_with("word/") && name.ends_with(".xml") && !name.contains("styles") {
        Some(|element, _| {
            if ["ins", "del", "moveFrom", "moveTo"]
                .iter()
                .any(|change| called(element, change))
            {
                Some("tracked_changes")
            } else if called(element, "vanish")
                && !matches!(value(element, "val").as_deref(), Some("0" | "false"))
            {
                Some("hidden_words")
            } else {
                None
            }
        })
    } else if name == "docprops/core.xml" {
        Some(|element, words| {
            ((called(element, "creator") || called(element, "lastModifiedBy"))
                && !words.trim().is_empty())
            .then_some("author")
        })
    } else {
        None
    }
}

fn called(element: &BytesStart<'_>, name: &str) -> bool {
    element.local_name().as_ref() == name
}

fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| attribute.value.into_owned())
}

/// `None` where it is no well-formed XML.
fn elements(xml: &[u8], read: Look, found: &mut Vec<&'static str>) -> Option<()> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut open: Option<BytesStart<'static>> = None;
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) => {
                found.extend(read(&element, ""));
                open = Some(element.into_owned());
            }
            Event::Empty(element) => found.extend(read(&element, "")),
            Event::Text(text) => {
                if let Some(element) = &open {
                    found.extend(read(element, &text));
                }
            }
            Event::End(_) => open = None,
            Event::Eof => return Some(()),
            _ => {}
        }
        buffer.clear();
        // Each kind once: a sheet of hidden rows has as many as it has rows.
        found.sort_unstable();
        found.dedup();
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn workbook(work: impl FnOnce(&mut rust_xlsxwriter::Workbook)) -> Vec<u8> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let properties = rust_xlsxwriter::DocProperties::new().set_author("");
        workbook.set_properties(&properties);
        workbook.add_worksheet().write(0, 0, 14).unwrap();
        work(&mut workbook);
        workbook.save_to_buffer().unwrap()
    }

    fn parts(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn workbooks_tell_what_they_hide() {
        let plain = workbook(|_| {});
        assert_eq!(hides("a.xlsx", &plain), Vec::<String>::new());
        let sheet = workbook(|workbook| {
            workbook.add_worksheet().set_hidden(true);
        });
        assert_eq!(hides("a.XLSX", &sheet), ["hidden_sheet"]);
        let very = workbook(|workbook| {
            workbook.add_worksheet().set_very_hidden(true);
        });
        assert_eq!(hides("a.xlsx", &very), ["hidden_sheet"]);
        let rows = workbook(|workbook| {
            let sheet = workbook.worksheet_from_index(0).unwrap();
            sheet.set_row_hidden(3).unwrap();
            sheet.set_row_hidden(4).unwrap();
        });
        assert_eq!(hides("a.xlsx", &rows), ["hidden_rows"]);
        let noted = workbook(|workbook| {
            let sheet = workbook.worksheet_from_index(0).unwrap();
            sheet
                .insert_note(0, 0, &rust_xlsxwriter::Note::new("Ask Ben first"))
                .unwrap();
        });
        assert_eq!(hides("a.xlsx", &noted), ["comments"]);
        let named = workbook(|workbook| {
            workbook
                .set_properties(&rust_xlsxwriter::DocProperties::new().set_author("Ben Example"));
        });
        assert_eq!(hides("a.xlsx", &named), ["author"]);
        let pivot = parts(&[("xl/pivotCache/pivotCacheRecords1.xml", "<r/>")]);
        assert_eq!(hides("a.xlsx", &pivot), ["pivot_data"]);
        let linked = parts(&[("xl/externalLinks/externalLink1.xml", "<r/>")]);
        assert_eq!(hides("a.xlsx", &linked), ["linked_workbook"]);
    }

    #[test]
    fn documents_tell_what_they_hide() {
        let body = |inside: &str| {
            parts(&[(
                "word/document.xml",
                &format!(
                    "<w:document xmlns:w=\"w\"><w:body><w:p>{inside}</w:p></w:body></w:document>"
                ),
            )])
        };
        for (inside, expected) in [
            ("<w:r><w:t>Fourteen</w:t></w:r>", None),
            (
                "<w:del><w:r><w:delText>Ben</w:delText></w:r></w:del>",
                Some("tracked_changes"),
            ),
            (
                "<w:ins><w:r><w:t>x</w:t></w:r></w:ins>",
                Some("tracked_changes"),
            ),
            (
                "<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>",
                Some("hidden_words"),
            ),
            (
                "<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>x</w:t></w:r>",
                None,
            ),
        ] {
            let found = hides("a.docx", &body(inside));
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{inside}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(hides("a.xlsx", b"PK\x03\x04nonsense"), ["not_read"]);
        assert_eq!(hides("a.odt", b"PK\x03\x04"), ["not_read"]);
        assert_eq!(hides("a.csv", b"a,b"), Vec::<String>::new());
        let broken = parts(&[("xl/workbook.xml", "<workbook><sheet state=")]);
        assert_eq!(hides("a.xlsx", &broken), ["not_read"]);
        let codes: std::collections::BTreeSet<&str> = KINDS.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), KINDS.len());
    }
}
