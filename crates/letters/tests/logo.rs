//! A letter under a logo: what stands at its head in each form, and that nothing else of it changes.
#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation is the test's way to speak"
)]

use std::io::{Cursor, Read};

use jiff::civil::{Date, date};
use letters::{Block, Document, Inline, Picture, render};
use pdf_extract::{Object, extract_text_from_mem};
use zip::ZipArchive;

const PNG: &[u8] = include_bytes!("../../../fixtures/logo.png");
const ALT: &str = "Harrowmere \"Council\" & <friends>";

fn logo() -> Picture {
    Picture::of(PNG.to_vec(), ALT).unwrap()
}

fn on() -> Date {
    date(2026, 11, 23)
}

fn letter() -> Document {
    let say = |text: &str| vec![Inline::Text(text.to_owned())];
    Document {
        title: "Your request".to_owned(),
        blocks: vec![
            Block::Heading(1, "Your request".to_owned()),
            Block::Paragraph(say("Thank you for your request.")),
            Block::Quote(say("How many ducks are there?")),
            Block::List(vec![say("Eleven."), say("Twelve on Sundays.")]),
        ],
    }
}

/// The parts of a Word file, in order.
fn parts(docx: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(docx)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The words of Figure tags for those who can't see them.
fn alternatives(pdf: &[u8]) -> Vec<String> {
    let document = pdf_extract::Document::load_mem(pdf).unwrap();
    let mut found = Vec::new();
    for object in document.objects.values() {
        let Object::Dictionary(dictionary) = object else {
            continue;
        };
        let is_figure = dictionary
            .get(b"S")
            .and_then(Object::as_name)
            .is_ok_and(|name| name == b"Figure");
        if is_figure {
            let alt = dictionary.get(b"Alt").unwrap();
            found.push(pdf_extract::decode_text_string(alt).unwrap());
        }
    }
    found
}

#[test]
fn a_page_holds_its_logo_and_is_the_same_below_it() {
    let plain = render::html(&letter(), None);
    let headed = render::html(&letter(), Some(&logo()));
    assert!(!plain.contains("header") && !plain.contains("img"));
    let (before, rest) = headed.split_once("<header>").unwrap();
    let (head, after) = rest.split_once("</header>\n").unwrap();
    let before = before.replace("header img { max-width: 100%; height: auto }\n", "");
    assert_eq!(format!("{before}{after}"), plain);
    assert!(head.starts_with("<img src=\"data:image/png;base64,iVBORw0KGgo"));
    assert!(head.contains("alt=\"Harrowmere &quot;Council&quot; &amp; &lt;friends&gt;\""));
    // 75 by 15 mm.
    assert!(head.contains("width=\"284\" height=\"57\""), "{head}");
}

#[test]
fn a_word_file_holds_its_logo_and_is_the_same_below_it() {
    let plain = parts(render::docx(&letter(), None).unwrap());
    let headed = parts(render::docx(&letter(), Some(&logo())).unwrap());
    let names =
        |parts: &[(String, Vec<u8>)]| parts.iter().map(|part| part.0.clone()).collect::<Vec<_>>();
    let mut expected = names(&plain);
    expected.push("word/media/logo.png".to_owned());
    assert_eq!(names(&headed), expected);
    let text = |parts: &[(String, Vec<u8>)], wanted: &str| {
        let (_, bytes) = parts.iter().find(|(name, _)| name == wanted).unwrap();
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(headed.iter().any(|(_, bytes)| bytes == PNG));
    // What a reader of the parts needs to find it.
    for (part, added) in [
        (
            "[Content_Types].xml",
            "<Default Extension=\"png\" ContentType=\"image/png\"/>",
        ),
        (
            "word/_rels/document.xml.rels",
            "<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"media/logo.png\"/>",
        ),
    ] {
        let with = text(&headed, part);
        assert!(with.contains(added), "{part}");
        assert_eq!(with.replace(added, ""), text(&plain, part), "{part}");
    }
    let body = text(&headed, "word/document.xml");
    let (before, rest) = body.split_once("<w:p><w:r><w:drawing>").unwrap();
    let (drawing, after) = rest.split_once("</w:drawing></w:r></w:p>").unwrap();
    assert_eq!(
        format!("{before}{after}"),
        text(&plain, "word/document.xml")
    );
    assert!(before.ends_with("<w:body>"));
    assert!(drawing.contains(
        "name=\"Logo\" descr=\"Harrowmere &quot;Council&quot; &amp; &lt;friends&gt;\"/>"
    ));
    assert!(drawing.contains("r:embed=\"rId3\""));
    assert!(drawing.contains("<wp:extent cx=\"2700000\" cy=\"540000\"/>"));
    let mut reader = quick_xml::Reader::from_str(&body);
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
}

#[test]
fn a_pdf_says_what_its_logo_says_and_the_same_words_below_it() {
    let plain = render::pdf(&letter(), None, on()).unwrap();
    let headed = render::pdf(&letter(), Some(&logo()), on()).unwrap();
    assert_eq!(alternatives(&plain), Vec::<String>::new());
    assert_eq!(alternatives(&headed), [ALT]);
    let words = |pdf: &[u8]| {
        let text = extract_text_from_mem(pdf).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(words(&plain).contains("Twelve on Sundays."));
    assert_eq!(words(&headed), words(&plain));
    assert_eq!(
        headed,
        render::pdf(&letter(), Some(&logo()), on()).unwrap(),
        "the same bytes"
    );
}

#[test]
fn a_broken_logo_is_an_error() {
    for at in [24, 40, PNG.len() / 2, PNG.len() - 20] {
        let mut png = PNG.to_vec();
        png[at] ^= 0xff;
        let logo = Picture::of(png, ALT).unwrap();
        assert!(render::pdf(&letter(), Some(&logo), on()).is_err(), "{at}");
    }
    // Nothing but a frame, and sizes that no memory could hold.
    for size in [40_u32, u32::MAX] {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([size.to_be_bytes(), size.to_be_bytes()].concat());
        png.extend(b"\x08\x06\0\0\0\0\0\0\0IEND\xaeB`\x82");
        let logo = Picture::of(png, ALT).unwrap();
        assert!(render::pdf(&letter(), Some(&logo), on()).is_err(), "{size}");
    }
}

#[test]
fn whatever_a_logo_says_can_be_set() {
    for alt in ["A very long name ".repeat(40).as_str(), "池 🦆 \u{1}"] {
        let logo = Picture::of(PNG.to_vec(), alt).unwrap();
        render::pdf(&letter(), Some(&logo), on()).unwrap();
        render::docx(&letter(), Some(&logo)).unwrap();
    }
}
