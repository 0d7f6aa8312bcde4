//! The text of a document: plain text, a web page, a Word file, a PDF, a mail with what it carries.

mod docx;
mod pdf;

pub use pdf::{SUBCOMMAND as PDF_SUBCOMMAND, extract as extract_pdf};

use std::io::Read;
use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders, PartType};

use crate::fault::Stop;
use crate::intake;

/// The most that one document may weigh.
pub const LARGEST: u64 = 32 * 1024 * 1024;

/// A document as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its words; a blank line parts paragraphs.
    pub text: String,
    /// Where the words of attachments begin, in a mail that carries some that can be read.
    pub attachments_from: Option<usize>,
}

/// The forms that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Html,
    Docx,
    Pdf,
    Mail,
}

/// Why a document can't be read: a stable code and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    code: &'static str,
    message: String,
}

impl Unreadable {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    fn at(&self, path: &str) -> Stop {
        Stop::input(format!("{path}: {}: {}", self.code, self.message))
    }
}

/// Reads a document, or standard input for `-`, whose form is told by its first bytes.
///
/// # Errors
/// It is missing, a directory, empty, too large, of another form, damaged, or locked; the message says which.
pub fn read(path: &str) -> Result<Document, Stop> {
    let bytes = bytes(path).map_err(|unreadable| unreadable.at(path))?;
    let extension = Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("")
        .to_lowercase();
    let form = match extension.as_str() {
        "txt" | "md" | "text" => Form::Text,
        "html" | "htm" | "xhtml" => Form::Html,
        "docx" => Form::Docx,
        "pdf" => Form::Pdf,
        "eml" => Form::Mail,
        "" => sniff(&bytes),
        other => {
            return Err(Unreadable::new(
                "document.unknown_form",
                format!(
                    "`.{other}` files can't be read; give .txt, .html, .docx, .pdf, .eml or .jsonl"
                ),
            )
            .at(path));
        }
    };
    text_of(form, &bytes, path).map_err(|unreadable| unreadable.at(path))
}

fn bytes(path: &str) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let cannot = |error: std::io::Error| {
        Unreadable::new(
            "document.unreadable",
            format!("can't read this file: {error}"),
        )
    };
    if path == "-" {
        std::io::stdin()
            .lock()
            .take(LARGEST.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(cannot)?;
    } else {
        if std::fs::metadata(path).map_err(cannot)?.is_dir() {
            return Err(Unreadable::new(
                "document.directory",
                "this is a directory; name the file of the notice",
            ));
        }
        std::fs::File::open(path)
            .and_then(|file| file.take(LARGEST.saturating_add(1)).read_to_end(&mut bytes))
            .map_err(cannot)?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Unreadable::new(
            "document.too_large",
            format!(
                "larger than {} MB; give the letter without what is enclosed",
                LARGEST / 1024 / 1024
            ),
        ));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::new("document.empty", "this file is empty"));
    }
    Ok(bytes)
}

/// The form that a document's first bytes show.
fn sniff(bytes: &[u8]) -> Form {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let start = String::from_utf8_lossy(head)
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    if start.starts_with("%pdf-") {
        return Form::Pdf;
    }
    if head.starts_with(b"PK\x03\x04") {
        return Form::Docx;
    }
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Form::Html;
    }
    let first = start.lines().next().unwrap_or("");
    let header = [
        "return-path:",
        "received:",
        "delivered-to:",
        "message-id:",
        "mime-version:",
    ]
    .iter()
    .any(|name| first.starts_with(name))
        || (first.starts_with("from:")
            && start.lines().nth(1).is_some_and(|line| line.contains(':'))
            && start.contains("\nsubject:"));
    if header { Form::Mail } else { Form::Text }
}

fn text_of(form: Form, bytes: &[u8], path: &str) -> Result<Document, Unreadable> {
    let text = match form {
        Form::Text => plain(bytes)?,
        Form::Html => page(bytes)?,
        Form::Docx => docx::text(bytes)?,
        Form::Pdf => pdf::text(bytes)?,
        Form::Mail => return mail(bytes, path),
    };
    if text.trim().is_empty() {
        return Err(Unreadable::new(
            "document.no_text",
            "this document has no words in it; if it is a scan, give the text",
        ));
    }
    Ok(Document {
        text,
        attachments_from: None,
    })
}

fn plain(bytes: &[u8]) -> Result<String, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes
            .iter()
            .take(error.valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count()
            .saturating_add(1);
        Unreadable::new(
            "document.not_text",
            format!("line {line} is not UTF-8 text; save the file as plain text in UTF-8"),
        )
    })?;
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n");
    if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) {
        return Err(Unreadable::new(
            "document.not_text",
            "holds bytes that no text has; is this a document of another kind?",
        ));
    }
    Ok(text)
}

fn page(bytes: &[u8]) -> Result<String, Unreadable> {
    let html = String::from_utf8_lossy(bytes);
    intake::page_text(&html).ok_or_else(|| {
        Unreadable::new(
            "document.not_html",
            "this page can't be read: its tags are nested too deep, or it has no words",
        )
    })
}

/// The mail's own text, then that of each attachment that can be read.
fn mail(bytes: &[u8], path: &str) -> Result<Document, Unreadable> {
    let own = intake::mail_text(path, bytes).map_err(|stop| match stop {
        Stop::Input(problems) => Unreadable::new(
            "document.not_mail",
            problems
                .first()
                .and_then(|problem| problem.rsplit_once("intake.not_mail: "))
                .map_or_else(
                    || "this message can't be read".to_owned(),
                    |(_, why)| why.to_owned(),
                ),
        ),
        Stop::Found => Unreadable::new("document.not_mail", "this message can't be read"),
    });
    let attached = attachments(bytes);
    match (own, attached.is_empty()) {
        (Ok(text), true) => Ok(Document {
            text,
            attachments_from: None,
        }),
        (Ok(text), false) => {
            let from = text.len();
            Ok(Document {
                text: format!("{text}\n\n{attached}"),
                attachments_from: Some(from),
            })
        }
        (Err(_), false) => Ok(Document {
            text: attached,
            attachments_from: Some(0),
        }),
        (Err(unreadable), true) => Err(unreadable),
    }
}

fn attachments(bytes: &[u8]) -> String {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return String::new();
    };
    let mut texts = Vec::new();
    for part in message.attachments().take(20) {
        let name = part.attachment_name().unwrap_or("").to_lowercase();
        let form = match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("docx") => Form::Docx,
            Some("pdf") => Form::Pdf,
            Some("html" | "htm") => Form::Html,
            Some("txt") => Form::Text,
            _ => continue,
        };
        let content: &[u8] = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
            PartType::Message(_) | PartType::Multipart(_) => continue,
        };
        if let Ok(document) = text_of(form, content, "attachment") {
            texts.push(document.text);
        }
    }
    texts.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_standard_input_is_told_by_its_first_bytes() {
        for (bytes, form) in [
            (&b"%PDF-1.7 ..."[..], Form::Pdf),
            (b"PK\x03\x04....", Form::Docx),
            (b"\n <!DOCTYPE html><p>x", Form::Html),
            (b"Received: from a\nSubject: b\n\nc", Form::Mail),
            (
                b"From: a@b.example\nTo: c@d.example\nSubject: e\n\nf",
                Form::Mail,
            ),
            (b"From: the Council\n\nWe refuse.", Form::Text),
            (b"We refuse.", Form::Text),
        ] {
            assert_eq!(sniff(bytes), form);
        }
    }
}
