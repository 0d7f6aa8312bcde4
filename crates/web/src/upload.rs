//! Files that come with a form: so many, so large, of kinds that hold words or pictures, and what their names say they are.

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use law::Problem;

use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::guard;
use crate::session::Visit;

/// The most bytes of a form with files.
pub const LARGEST_FORM: usize = 25 * 1024 * 1024;
/// Beyond this many a form isn't read on; up to it what is too large is told beside what else was written.
pub const READ_UP_TO: usize = 2 * LARGEST_FORM;
/// The most bytes of one file.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// The most files of a form.
pub const MOST_FILES: usize = 10;

/// The kinds that are taken: how names end, what contents begin with, and what they are sent as.
const KINDS: &[(&str, &[&[u8]], &str)] = &[
    ("pdf", &[b"%PDF-"], "application/pdf"),
    (
        "docx",
        &[b"PK\x03\x04"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        &[b"PK\x03\x04"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "odt",
        &[b"PK\x03\x04"],
        "application/vnd.oasis.opendocument.text",
    ),
    ("png", &[b"\x89PNG\r\n\x1a\n"], "image/png"),
    ("jpg", &[b"\xff\xd8\xff"], "image/jpeg"),
    ("jpeg", &[b"\xff\xd8\xff"], "image/jpeg"),
    ("tif", &[b"II*\0", b"MM\0*"], "image/tiff"),
    // Words begin with anything; they hold no zero byte.
    ("txt", &[], "text/plain; charset=utf-8"),
    ("csv", &[], "text/csv; charset=utf-8"),
    ("eml", &[], "application/octet-stream"),
];

/// A form with files.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// Its other fields.
    pub fields: Fields,
    /// The files: name and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// Why files aren't among them, about the field `files`: the form is shown again with what else was written in it.
    pub mistakes: Mistakes,
    /// Whether a file was of no kind that is taken anywhere.
    pub has_foreign: bool,
}

impl Upload {
    fn refuse(&mut self, message: impl AsRef<str>) {
        self.mistakes.add("files", sentence(message.as_ref()));
    }
}

fn refused(code: &'static str, message: impl Into<String>) -> WebError {
    WebError::Refused(vec![Problem::new(code, message.into())])
}

/// Whether a form ended because it is too large.
fn is_too_large(error: &MultipartError) -> bool {
    error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE
}

const TOO_LARGE: &str = "The files are larger than 25 MB together; send fewer or smaller ones";

fn cut_off(error: &MultipartError) -> WebError {
    if is_too_large(error) {
        return refused("upload.too_large", TOO_LARGE);
    }
    refused(
        "upload.cut_off",
        "the form did not come whole; go back and send it again",
    )
}

/// Reads a form with files. Its first field must be this session's token: nothing of a form from elsewhere is read.
///
/// A file that is too large, one too many or not what is taken isn't among the files; `mistakes` says so.
///
/// # Errors
/// It isn't our form, or it didn't come whole.
pub async fn read(visit: &Visit, form: Multipart) -> Result<Upload, WebError> {
    gather(visit, false, form).await
}

/// The same of a form that is for everybody, who have no token where they aren't signed in.
///
/// # Errors
/// It isn't our form, or it didn't come whole.
pub async fn read_open(visit: &Visit, form: Multipart) -> Result<Upload, WebError> {
    gather(visit, visit.account().is_none(), form).await
}

async fn gather(visit: &Visit, mut is_own: bool, mut form: Multipart) -> Result<Upload, WebError> {
    let mut upload = Upload::default();
    let mut together = 0_usize;
    loop {
        let mut field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) if is_own && is_too_large(&error) => {
                upload.refuse(TOO_LARGE);
                break;
            }
            Err(error) => return Err(cut_off(&error)),
        };
        let name = field.name().unwrap_or("").to_owned();
        if !is_own {
            let token = field.text().await.map_err(|error| cut_off(&error))?;
            is_own = name == "form_token" && guard::is_own_form(visit, &token);
            if !is_own {
                return Err(WebError::NotFound);
            }
            continue;
        }
        let Some(file_name) = field.file_name().map(plain_name) else {
            let value = field.text().await.map_err(|error| cut_off(&error))?;
            if value.len() > guard::LONGEST_FORM {
                return Err(refused("form.too_long", "this is longer than we can take"));
            }
            upload.fields.0.push((name, value));
            continue;
        };
        let mut contents = Vec::new();
        let mut is_too_long = false;
        loop {
            match field.chunk().await {
                Ok(Some(part)) if contents.len().saturating_add(part.len()) <= LARGEST_FILE => {
                    contents.extend_from_slice(&part);
                }
                // The rest of the form comes after it.
                Ok(Some(_)) => is_too_long = true,
                Ok(None) => break,
                Err(error) if is_too_large(&error) => {
                    upload.refuse(TOO_LARGE);
                    return Ok(upload);
                }
                Err(error) => return Err(cut_off(&error)),
            }
        }
        together = together.saturating_add(contents.len());
        if together > LARGEST_FORM {
            upload.refuse(TOO_LARGE);
            break;
        }
        if is_too_long {
            upload.refuse(format!("the file {file_name} is larger than 10 MB"));
            continue;
        }
        // What browsers send where nothing was chosen.
        if file_name.is_empty() && contents.is_empty() {
            continue;
        }
        if let Err(message) = check(&file_name, &contents) {
            upload.has_foreign |= kind(&file_name).is_none();
            upload.refuse(message);
            continue;
        }
        if upload.files.len() == MOST_FILES {
            upload.refuse("at most 10 files come with a form");
            break;
        }
        upload.files.push((file_name, contents));
    }
    if is_own {
        Ok(upload)
    } else {
        Err(WebError::NotFound)
    }
}

/// A name without the folders before it and without what no name needs.
fn plain_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let plain: String = last
        .chars()
        .filter(|character| !character.is_control() && !"<>:\"|?*".contains(*character))
        .collect();
    let plain = plain.trim_matches([' ', '.']);
    // The end says what it is, so the beginning is cut.
    let skipped = plain.chars().count().saturating_sub(100);
    plain.chars().skip(skipped).collect()
}

fn kind(name: &str) -> Option<&'static (&'static str, &'static [&'static [u8]], &'static str)> {
    let end = name.rsplit_once('.')?.1.to_lowercase();
    KINDS.iter().find(|(known, _, _)| *known == end)
}

/// What a file of this name is sent as; nothing that a browser would run.
#[must_use]
pub fn media_type(name: &str) -> &'static str {
    kind(name).map_or("application/octet-stream", |(_, _, media)| media)
}

fn check(name: &str, contents: &[u8]) -> Result<(), String> {
    let Some((end, starts, _)) = kind(name) else {
        let known: Vec<&str> = KINDS.iter().map(|(end, _, _)| *end).collect();
        return Err(format!(
            "the file {name} isn't of a kind that is taken: {}",
            known.join(", ")
        ));
    };
    let is_what_it_says = if starts.is_empty() {
        !contents.contains(&0)
    } else {
        starts.iter().any(|start| contents.starts_with(start))
    };
    if contents.is_empty() {
        return Err(format!("the file {name} is empty"));
    }
    if !is_what_it_says {
        return Err(format!(
            "the file {name} isn't a .{end} file inside; save it again in its own program"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders_and_what_no_name_needs() {
        for (given, plain) in [
            ("letter.pdf", "letter.pdf"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\Users\\Sam\\letter.pdf", "letter.pdf"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
            ("<script>.txt", "script.txt"),
            ("..", ""),
            ("", ""),
        ] {
            assert_eq!(plain_name(given), plain, "{given}");
        }
        let long = plain_name(&format!("{}.pdf", "x".repeat(300)));
        assert!(long.chars().count() == 100 && long.ends_with("x.pdf"));
    }

    #[test]
    fn files_are_what_their_names_say() {
        for (name, contents, is_taken) in [
            ("a.pdf", &b"%PDF-1.7"[..], true),
            ("a.PDF", b"%PDF-1.7", true),
            ("a.pdf", b"<html>", false),
            ("a.docx", b"PK\x03\x04rest", true),
            ("a.png", b"%PDF-1.7", false),
            ("a.txt", b"words", true),
            ("a.txt", b"words\0", false),
            ("a.txt", b"", false),
            ("a.html", b"<html>", false),
            ("a.svg", b"<svg>", false),
            ("a.exe", b"MZ", false),
            ("pdf", b"%PDF-1.7", false),
        ] {
            assert_eq!(check(name, contents).is_ok(), is_taken, "{name}");
        }
        assert_eq!(media_type("a.html"), "application/octet-stream");
    }
}
