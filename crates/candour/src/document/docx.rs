//! The text of a Word document: headers, body, notes and footers, a line a paragraph.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::Unreadable;

/// The most that one part of the file may hold once unpacked.
const LARGEST_PART: u64 = 32 * 1024 * 1024;

/// The most parts that a letter may have.
const MOST_PARTS: usize = 2_000;

pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let damaged = |why: &str| {
        Unreadable::new(
            "document.not_docx",
            format!("this is not a Word document that can be read: {why}"),
        )
    };
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    if archive.len() > MOST_PARTS {
        return Err(damaged("it has too many parts"));
    }
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| is_text_part(name))
        .map(|name| name.into_owned())
        .collect();
    names.sort_by_key(|name| (order(name), name.clone()));
    if !names.iter().any(|name| name == "word/document.xml") {
        return Err(damaged(
            "it has no word/document.xml; save it from Word as .docx without a password",
        ));
    }
    let mut text = String::new();
    for name in names {
        let part = archive
            .by_name(&name)
            .map_err(|error| damaged(&error.to_string()))?;
        let mut xml = Vec::new();
        part.take(LARGEST_PART.saturating_add(1))
            .read_to_end(&mut xml)
            .map_err(|error| damaged(&error.to_string()))?;
        if xml.len() as u64 > LARGEST_PART {
            return Err(damaged(&format!(
                "{name} is larger than {} MB once unpacked",
                LARGEST_PART / 1024 / 1024
            )));
        }
        let xml = String::from_utf8(xml).map_err(|_| damaged("its text is not UTF-8"))?;
        paragraphs(&xml, &mut text).map_err(|error| damaged(&error))?;
        text.push('\n');
    }
    Ok(text)
}

fn is_text_part(name: &str) -> bool {
    name.strip_prefix("word/").is_some_and(|part| {
        part.ends_with(".xml")
            && ["document", "header", "footer", "footnotes", "endnotes"]
                .iter()
                .any(|start| part.starts_with(start))
    })
}

/// Reading order: headers, the body, notes, footers.
fn order(name: &str) -> u8 {
    match name {
        name if name.starts_with("word/header") => 0,
        "word/document.xml" => 1,
        name if name.starts_with("word/footer") && !name.contains("footnotes") => 3,
        _ => 2,
    }
}

/// Appends each paragraph of a part as a line, a blank line between; points of a list begin with a bullet.
fn paragraphs(xml: &str, text: &mut String) -> Result<(), String> {
    let mut reader = Reader::from_str(xml);
    // What a newer Word draws is told twice: once as it is, once for older readers.
    let (mut fallback, mut in_text): (usize, bool) = (0, false);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                "Fallback" => fallback = fallback.saturating_add(1),
                "t" => in_text = true,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "Fallback" => fallback = fallback.saturating_sub(1),
                "t" => in_text = false,
                "p" if fallback == 0 => {
                    let trimmed = text.trim_end_matches([' ', '\u{a0}']).len();
                    text.truncate(trimmed);
                    text.push_str("\n\n");
                }
                _ => {}
            },
            Event::Empty(empty) if fallback == 0 => match empty.local_name().as_ref() {
                "tab" => text.push(' '),
                "br" | "cr" => text.push('\n'),
                "noBreakHyphen" => text.push('-'),
                "numId" if text.is_empty() || text.ends_with('\n') => text.push_str("• "),
                _ => {}
            },
            Event::Text(content) if in_text && fallback == 0 => {
                text.push_str(&content.xml10_content())
            }
            Event::CData(content) if in_text && fallback == 0 => {
                text.push_str(&content.xml10_content())
            }
            Event::GeneralRef(reference) if in_text && fallback == 0 => {
                let name = reference.xml10_content();
                match quick_xml::escape::resolve_predefined_entity(&name) {
                    Some(resolved) => text.push_str(resolved),
                    None => {
                        if let Ok(Some(c)) = reference.resolve_char_ref() {
                            text.push(c);
                        }
                    }
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
