//! Requests as they arrive: text files, e-mail, mailboxes and lists, turned into plain text.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mail_parser::{Message, MessageParser, MimeHeaders};

use crate::fault::Stop;

/// The most that one request may weigh; a longer one is not a request but an archive.
pub const LARGEST_REQUEST: u64 = 32 * 1024 * 1024;

/// One request as plain text.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Its id: the one in the list, or the file's name.
    pub id: String,
    /// The subject line, if it has one.
    pub subject: Option<String>,
    /// What the applicant wrote.
    pub body: String,
    /// The day of arrival in Europe/London, where the file tells.
    pub received_on: Option<Date>,
    /// The instant of arrival, where the file tells.
    pub received_at: Option<Timestamp>,
    /// What was set apart from the body, such as quoted earlier mail.
    pub set_apart: Vec<&'static str>,
    /// Who sent it, where the file tells.
    pub sender: Option<Sender>,
    /// The mail's own identifier: the same mail read twice has the same.
    pub message_id: Option<String>,
    /// What came with it: name and contents.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// Who sent a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    /// The name given; empty when there is none.
    pub name: String,
    /// The address for correspondence.
    pub contact: String,
}

/// Nobody's name gets into a log by habit.
impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sender(not shown)")
    }
}

/// Reads every request of a file, or of standard input for `-`, handing each to `each` as it is read.
///
/// # Errors
/// The file can't be read, is empty, is too large, or is not of a known form; the message says which and what to do.
pub fn read(path: &str, each: &mut dyn FnMut(Request) -> Result<(), Stop>) -> Result<(), Stop> {
    let extension = Path::new(path)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or("")
        .to_lowercase();
    if extension == "jsonl" {
        return read_lines(path, each);
    }
    let bytes = read_bytes(path)?;
    let name = Path::new(path)
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or("request");
    let name = if path == "-" { "request" } else { name };
    match extension.as_str() {
        "eml" => each(mail(path, name, &bytes)?),
        "mbox" => read_mailbox(path, name, &bytes, each),
        "txt" | "md" | "text" | "" => each(text(path, name, bytes)?),
        other => Err(Stop::input(format!(
            "{path}: intake.unknown_form: `.{other}` files aren't read yet; give .txt, .eml, .mbox or .jsonl"
        ))),
    }
}

/// Reads a file that must hold exactly one request.
///
/// # Errors
/// As [`read`], and when the file holds none or several.
pub fn read_one(path: &str) -> Result<Request, Stop> {
    let mut requests = Vec::new();
    read(path, &mut |request| {
        requests.push(request);
        Ok(())
    })?;
    let count = requests.len();
    match requests.pop() {
        Some(request) if count == 1 => Ok(request),
        _ => Err(Stop::input(format!(
            "{path}: intake.not_one_request: this file holds {count} requests; `candour answer` takes one at a time"
        ))),
    }
}

fn read_bytes(path: &str) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let outcome = if path == "-" {
        std::io::stdin()
            .lock()
            .take(LARGEST_REQUEST.saturating_add(1))
            .read_to_end(&mut bytes)
    } else {
        let facts = std::fs::metadata(path).map_err(|error| {
            Stop::input(format!(
                "{path}: intake.unreadable: can't read this file: {error}"
            ))
        })?;
        if facts.is_dir() {
            return Err(Stop::input(format!(
                "{path}: intake.directory: this is a directory; name the file of the request"
            )));
        }
        std::fs::File::open(path).and_then(|file| {
            file.take(LARGEST_REQUEST.saturating_add(1))
                .read_to_end(&mut bytes)
        })
    };
    outcome.map_err(|error| {
        Stop::input(format!(
            "{path}: intake.unreadable: can't read this file: {error}"
        ))
    })?;
    if bytes.len() as u64 > LARGEST_REQUEST {
        return Err(Stop::input(format!(
            "{path}: intake.too_large: larger than {} MB; save the message without its attachments",
            LARGEST_REQUEST / 1024 / 1024
        )));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Stop::input(format!(
            "{path}: intake.empty: this file is empty"
        )));
    }
    Ok(bytes)
}

fn text(path: &str, name: &str, bytes: Vec<u8>) -> Result<Request, Stop> {
    let body = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error
            .as_bytes()
            .iter()
            .take(at)
            .filter(|b| **b == b'\n')
            .count()
            .saturating_add(1);
        Stop::input(format!(
            "{path}:{line}:1: intake.not_text: not UTF-8 text; save the file as plain text in UTF-8"
        ))
    })?;
    if let Some(at) =
        body.find(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
    {
        let line = body
            .get(..at)
            .unwrap_or("")
            .matches('\n')
            .count()
            .saturating_add(1);
        return Err(Stop::input(format!(
            "{path}:{line}:1: intake.not_text: holds bytes that no text has; is this a document of another kind?"
        )));
    }
    let body = body
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(body);
    Ok(Request {
        id: name.to_owned(),
        body,
        ..Request::default()
    })
}

fn mail(path: &str, name: &str, bytes: &[u8]) -> Result<Request, Stop> {
    let unreadable = |why: &str| Stop::input(format!("{path}: intake.not_mail: {why}"));
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| unreadable("this is not an e-mail message"))?;
    if message.from().is_none() && message.date().is_none() && message.subject().is_none() {
        return Err(unreadable(
            "no From, Date or Subject line: this is not an e-mail message",
        ));
    }
    if let Some(boundary) = message
        .content_type()
        .and_then(|kind| kind.attribute("boundary"))
    {
        let closing = format!("--{boundary}--");
        if !bytes
            .windows(closing.len())
            .any(|window| window == closing.as_bytes())
        {
            return Err(unreadable(
                "the message is cut off before its end; fetch it again from the mailbox",
            ));
        }
    }
    let whole = body_text(&message)
        .map_err(|Nested| {
            unreadable(
                "the tags of its HTML are nested deeper than any letter needs; save its text as a .txt file",
            )
        })?
        .ok_or_else(|| unreadable("the message has no text"))?;
    if let Some(line) = whole.lines().position(|line| line.contains('\u{fffd}')) {
        return Err(unreadable(&format!(
            "line {} of its text can't be read in the character set that the message names; save its text as a UTF-8 .txt file",
            line.saturating_add(1)
        )));
    }
    let subject = message.subject().map(str::to_owned);
    let (body, set_apart) = set_quoted_apart(&whole, subject.as_deref().unwrap_or(""));
    if body.trim().is_empty() {
        return Err(unreadable("the message has no text of its own"));
    }
    Ok(Request {
        id: name.to_owned(),
        subject,
        body,
        received_on: received_at(&message).and_then(day_in_london),
        received_at: received_at(&message),
        set_apart,
        sender: sender(&message),
        message_id: message.message_id().map(str::to_owned),
        attachments: message
            .attachments()
            .map(|part| {
                let name = part.attachment_name().unwrap_or("attachment");
                (file_name(name), part.contents().to_vec())
            })
            .collect(),
    })
}

/// The request in a mail.
///
/// # Errors
/// It is not a mail that can be read, or has no text of its own.
pub fn mail_of(path: &str, bytes: &[u8]) -> Result<Request, Stop> {
    let name = Path::new(path)
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("mail");
    mail(path, name, bytes)
}

/// The bytes of a file that holds one request.
///
/// # Errors
/// It can't be read, is empty or is too large.
pub fn bytes_of(path: &str) -> Result<Vec<u8>, Stop> {
    read_bytes(path)
}

/// The text of a mail's own part, what it quotes set apart.
///
/// # Errors
/// It is not a mail that can be read, or has no text of its own.
pub fn mail_text(path: &str, bytes: &[u8]) -> Result<String, Stop> {
    mail(path, "mail", bytes).map(|request| request.body)
}

/// The text of a web page, a line a table cell; `None` when it is nested beyond reason or has no words.
pub fn page_text(html: &str) -> Option<String> {
    if nested_deeper_than(html, DEEPEST_HTML) {
        return None;
    }
    html2text::config::plain_no_decorate()
        .allow_width_overflow()
        .raw_mode(true)
        .string_from_read(html.as_bytes(), 100_000)
        .ok()
        .filter(|text| !text.trim().is_empty())
}

/// HTML nested so deep that reading it would take time out of proportion: a hostile message, not a letter.
struct Nested;

/// Far deeper than mail programs nest their quotations and tables.
const DEEPEST_HTML: usize = 500;

/// The text part if the message has one with words in it, or its HTML as text.
fn body_text(message: &Message<'_>) -> Result<Option<String>, Nested> {
    let own_text = message
        .text_body
        .iter()
        .filter_map(|id| message.parts.get(usize::try_from(*id).ok()?))
        .filter_map(|part| match &part.body {
            mail_parser::PartType::Text(text) if part.attachment_name().is_none() => {
                Some(text.to_string())
            }
            _ => None,
        })
        .collect::<Vec<_>>()
        .join("\n");
    if !own_text.trim().is_empty() {
        return Ok(Some(own_text.replace("\r\n", "\n")));
    }
    let Some(html) = message
        .html_body
        .iter()
        .filter_map(|id| message.parts.get(usize::try_from(*id).ok()?))
        .find_map(|part| match &part.body {
            mail_parser::PartType::Html(html) => Some(html.to_string()),
            _ => None,
        })
    else {
        return Ok(None);
    };
    if nested_deeper_than(&html, DEEPEST_HTML) {
        return Err(Nested);
    }
    Ok(html_to_text(&html).filter(|text| !text.trim().is_empty()))
}

/// Whether more tags are open at once than `limit`. Tags that may stay unclosed (`<br>`, `<p>` before `<p>`) don't count.
fn nested_deeper_than(html: &str, limit: usize) -> bool {
    const NEVER_CLOSED: &[&str] = &[
        "br", "hr", "img", "input", "link", "meta", "wbr", "col", "p", "li", "td", "th", "tr",
        "dt", "dd", "option",
    ];
    let mut open: usize = 0;
    for tag in html.split('<').skip(1) {
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        if name.is_empty() || NEVER_CLOSED.contains(&name.as_str()) {
            continue;
        }
        if tag.starts_with('/') {
            open = open.saturating_sub(1);
        } else {
            open = open.saturating_add(1);
            if open > limit {
                return true;
            }
        }
    }
    false
}

fn html_to_text(html: &str) -> Option<String> {
    html2text::config::plain_no_decorate()
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), 10_000)
        .ok()
}

/// Lines that open a quoted earlier message.
fn opens_quotation(line: &str) -> bool {
    let line = line.trim();
    let lower = line.to_lowercase();
    (line.starts_with("---")
        && (lower.contains("original message") || lower.contains("forwarded message")))
        || lower == "begin forwarded message:"
        || (lower.starts_with("on ") && lower.ends_with("wrote:"))
}

fn set_quoted_apart(whole: &str, subject: &str) -> (String, Vec<&'static str>) {
    let mut offset = 0;
    let mut cut = None;
    for line in whole.split_inclusive('\n') {
        if opens_quotation(line) {
            cut = Some((offset, offset + line.len()));
            break;
        }
        offset += line.len();
    }
    let Some((before, after)) = cut else {
        return (whole.to_owned(), Vec::new());
    };
    let lower = subject.to_lowercase();
    let forwarded = lower.starts_with("fw:") || lower.starts_with("fwd:");
    let (own, earlier) = (
        whole.get(..before).unwrap_or(""),
        whole.get(after..).unwrap_or(""),
    );
    if forwarded || own.trim().is_empty() {
        // A forwarded request: the applicant's words are below the line, after the repeated header.
        (
            skip_repeated_header(earlier).to_owned(),
            vec!["forwarding note"],
        )
    } else {
        (own.to_owned(), vec!["quoted earlier mail"])
    }
}

fn skip_repeated_header(earlier: &str) -> &str {
    let mut offset = 0;
    for line in earlier.split_inclusive('\n') {
        let lower = line.trim().to_lowercase();
        let header = [
            "from:",
            "sent:",
            "date:",
            "to:",
            "cc:",
            "subject:",
            "reply-to:",
        ]
        .iter()
        .any(|h| lower.starts_with(h));
        if !header && !lower.is_empty() {
            break;
        }
        offset += line.len();
    }
    earlier.get(offset..).unwrap_or("")
}

/// Where to answer: the Reply-To line, or else From.
fn sender(message: &Message<'_>) -> Option<Sender> {
    let from = message.from().and_then(|address| address.first());
    let contact = message
        .reply_to()
        .and_then(|address| address.first())
        .and_then(|address| address.address())
        .or_else(|| from.and_then(|address| address.address()))?;
    Some(Sender {
        name: from
            .and_then(|address| address.name())
            .unwrap_or_default()
            .to_owned(),
        contact: contact.to_owned(),
    })
}

/// The last part of a path, without what no file name has.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if plain.is_empty() {
        "attachment".to_owned()
    } else {
        plain
    }
}

/// The instant of arrival: the top Received line, or else the sender's Date.
fn received_at(message: &Message<'_>) -> Option<Timestamp> {
    let stamp = message
        .received()
        .and_then(mail_parser::Received::date)
        .or_else(|| message.date().copied())?;
    Timestamp::from_second(stamp.to_timestamp()).ok()
}

fn day_in_london(instant: Timestamp) -> Option<Date> {
    let london = TimeZone::get("Europe/London").ok()?;
    Some(london.to_datetime(instant).date())
}

fn read_mailbox(
    path: &str,
    name: &str,
    bytes: &[u8],
    each: &mut dyn FnMut(Request) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut count: usize = 0;
    for message in mail_parser::mailbox::mbox::MessageIterator::new(bytes) {
        count = count.saturating_add(1);
        let message = message.map_err(|_| {
            Stop::input(format!(
                "{path}: intake.not_mailbox: message {count} of this mailbox can't be read"
            ))
        })?;
        each(mail(
            &format!("{path}, message {count}"),
            &format!("{name}-{count}"),
            message.contents(),
        )?)?;
    }
    if count == 0 {
        return Err(Stop::input(format!(
            "{path}: intake.not_mailbox: no message in this mailbox; each starts with a `From ` line"
        )));
    }
    Ok(())
}

/// What is wrong with a line of JSON, without the place that the parser names: it counts lines from the one it was given.
#[must_use]
pub fn bare(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message
        .strip_suffix(&place)
        .map_or(message.clone(), ToOwned::to_owned)
}

#[derive(serde::Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    subject: Option<String>,
    body: String,
    #[serde(default)]
    received_on: Option<Date>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    contact: Option<String>,
}

fn read_lines(path: &str, each: &mut dyn FnMut(Request) -> Result<(), Stop>) -> Result<(), Stop> {
    let file = std::fs::File::open(path).map_err(|error| {
        Stop::input(format!(
            "{path}: intake.unreadable: can't read this file: {error}"
        ))
    })?;
    let mut problems = Vec::new();
    let mut count: usize = 0;
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let number = index.saturating_add(1);
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                problems.push(format!("{path}:{number}:1: intake.unreadable: {error}"));
                break;
            }
        };
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Line>(&line) {
            Ok(line) => {
                count = count.saturating_add(1);
                each(Request {
                    id: line.id,
                    subject: line.subject,
                    body: line.body,
                    received_on: line.received_on,
                    sender: line.contact.map(|contact| Sender {
                        name: line.name.unwrap_or_default(),
                        contact,
                    }),
                    ..Request::default()
                })?;
            }
            Err(error) => problems.push(format!(
                "{path}:{number}:{}: intake.bad_line: {}",
                error.column().max(1),
                bare(&error)
            )),
        }
    }
    if count == 0 && problems.is_empty() {
        problems.push(format!("{path}: intake.empty: this file is empty"));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Stop::Input(problems))
    }
}
