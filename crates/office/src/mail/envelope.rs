//! A mail as the bytes that leave: headers, the words as plain text and as HTML, and what is attached. The same words, day
//! and name give the same bytes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use law::Problem;
use letters::render;
use lettre::Address;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use casework::applicant::hex;

use crate::mail::compose::Words;

/// What a mail says of itself to programs that answer mail, RFC 3834.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Automatic {
    /// A person sent it.
    No,
    /// It answers a mail by itself: an acknowledgement.
    Reply,
    /// It was made by itself: colleagues' mails.
    Notice,
}

/// A mail and where it goes.
pub struct Letterhead<'a> {
    /// Names the mail; with the authority's domain it is the Message-ID.
    pub id: &'a str,
    /// The authority's name.
    pub authority: &'a str,
    /// The mailbox that people read.
    pub mailbox: &'a Address,
    /// Where it goes.
    pub to: &'a Address,
    /// The day and time that it bears: those of what it tells of, so that the same work done twice is one mail.
    pub dated: Timestamp,
    /// An earlier mail of the same case, so that mail programs show them together.
    pub after: Option<&'a str>,
    /// Whether it came about by itself.
    pub automatic: Automatic,
    /// What comes with it: name and contents.
    pub files: &'a [(String, Vec<u8>)],
}

#[derive(Clone, Debug)]
struct AutoSubmitted(String);

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// The Message-ID of a mail from a mailbox, without its brackets.
#[must_use]
pub fn message_id(id: &str, mailbox: &Address) -> String {
    format!("{id}@{}", mailbox.domain())
}

/// The name of our mail in a Message-ID, if it can be one of ours; brackets and domain don't count.
#[must_use]
pub fn id_of(message_id: &str) -> Option<&str> {
    let inner = message_id.trim().trim_matches(['<', '>']);
    let (id, _) = inner.split_once('@')?;
    let (case, rest) = id.split_once('.')?;
    let is_ours = case.len() == 32
        && case.bytes().all(|byte| byte.is_ascii_hexdigit())
        && rest.starts_with(|first: char| first.is_ascii_digit());
    is_ours.then_some(id)
}

/// The bytes of a mail.
///
/// # Errors
/// A header can't be written; nothing that people write can bring that about.
pub fn bytes(head: &Letterhead<'_>, words: &Words) -> Result<Vec<u8>, Problem> {
    let unwritable = |why: String| Problem::new("mail.unwritable", why);
    let mut message = Message::builder()
        .from(Mailbox::new(
            Some(one_line(head.authority)),
            head.mailbox.clone(),
        ))
        .to(Mailbox::new(None, head.to.clone()))
        .subject(one_line(&words.subject))
        .date(second(head.dated))
        .message_id(Some(format!("<{}>", message_id(head.id, head.mailbox))));
    if let Some(after) = head.after {
        message = message.references(format!("<{}>", message_id(after, head.mailbox)));
    }
    message = match head.automatic {
        Automatic::No => message,
        Automatic::Reply => message.header(AutoSubmitted("auto-replied".to_owned())),
        Automatic::Notice => message.header(AutoSubmitted("auto-generated".to_owned())),
    };
    let mark = hex(&Sha256::digest(head.id));
    let mark = mark.get(..24).unwrap_or_default();
    let said = MultiPart::alternative()
        .boundary(format!("words-{mark}"))
        .singlepart(SinglePart::plain(render::text(&words.document)))
        .singlepart(SinglePart::html(render::html(&words.document, None)));
    let body = if head.files.is_empty() {
        said
    } else {
        let mut all = MultiPart::mixed()
            .boundary(format!("mail-{mark}"))
            .multipart(said);
        for (name, contents) in head.files {
            let kind = ContentType::parse(kind_of(name))
                .map_err(|error| unwritable(format!("{name}: {error}")))?;
            all = all.singlepart(Attachment::new(one_line(name)).body(contents.clone(), kind));
        }
        all
    };
    message
        .multipart(body)
        .map(|message| message.formatted())
        .map_err(|error| unwritable(error.to_string()))
}

/// The second of an instant, as mail headers have it.
fn second(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    UNIX_EPOCH
        .checked_add(Duration::from_secs(seconds))
        .unwrap_or(UNIX_EPOCH)
}

/// Text that can't end a header: whatever people or other systems wrote, it is one line.
fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What kind of file a name promises; the receiving program decides what to do with it.
fn kind_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("pdf") => "application/pdf",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        _ => "application/octet-stream",
    }
}
