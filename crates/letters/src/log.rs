//! The disclosure log for the public: pages, feeds, tables and what describes them to machines.
//!
//! Every rendering takes the day on which it is made: an entry planned for later stands in none of them, and one that
//! was taken down shows its title, its address, the day and the reason, and nothing else.

use casework::disclosure_log::{LogEntry, LogQuestion};
use casework::public_record::Outcome;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::document::{Document, Inline, printable};
use crate::render::{self, escaped};

/// Whose log it is and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct LogSite<'a> {
    /// The authority's name.
    pub authority: &'a str,
    /// The log's address, "https://www.harrowmere.example/disclosure-log".
    pub address: &'a str,
    /// The day on which it is rendered.
    pub today: Date,
}

/// The licence under which public bodies let their information be used again.
const LICENCE: &str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

impl LogSite<'_> {
    fn base(&self) -> &str {
        self.address.trim_end_matches('/')
    }

    fn link(&self, entry: &LogEntry) -> String {
        format!("{}/{}", self.base(), entry.address)
    }

    fn title(&self) -> String {
        format!("Disclosure log of {}", self.authority)
    }

    /// What the public may see, newest first.
    fn shown<'e>(&self, entries: &'e [LogEntry]) -> Vec<&'e LogEntry> {
        let mut shown: Vec<&LogEntry> = entries
            .iter()
            .filter(|entry| entry.published_on <= self.today)
            .collect();
        shown.sort_by(|one, other| {
            (other.published_on, &other.address).cmp(&(one.published_on, &one.address))
        });
        shown
    }

    fn changed_on(&self, entries: &[LogEntry]) -> Date {
        self.shown(entries)
            .iter()
            .map(|entry| entry.changed_on())
            .max()
            .unwrap_or(self.today)
    }
}

/// The page of one entry with its metadata, or its tombstone; `None` for an entry that isn't public yet.
#[must_use]
pub fn page(site: &LogSite<'_>, entry: &LogEntry) -> Option<String> {
    if entry.published_on > site.today {
        return None;
    }
    let mut document = Document {
        title: format!("{} – {}", entry.title, site.title()),
        blocks: Vec::new(),
    };
    document.heading(1, &entry.title);
    if let Some(removal) = &entry.removed {
        document.say(format!(
            "This entry was taken down on {}. {}",
            long(removal.on),
            removal.reason
        ));
        return Some(render::html(&document, None));
    }
    document.say(format!(
        "Reference {}. Answered on {}, published on {}{}.",
        entry.reference,
        long(entry.answered_on),
        long(entry.published_on),
        if entry.category.is_empty() {
            String::new()
        } else {
            format!(", under {}", entry.category)
        }
    ));
    for change in &entry.changes {
        document.say(format!("Changed on {}: {}", long(change.on), change.what));
    }
    for question in &entry.questions {
        document.heading(2, format!("Question {}", question.label));
        document.blocks.push(crate::Block::Quote(vec![Inline::Text(
            question.question.clone(),
        )]));
        document.paragraph(vec![Inline::Strong(question.outcome.in_words().to_owned())]);
        for paragraph in answer(question) {
            document.say(paragraph);
        }
    }
    let head = format!(
        "<link rel=\"canonical\" href=\"{}\">\n<script type=\"application/ld+json\">{}</script>\n</head>",
        escaped(&site.link(entry)),
        in_script(&metadata(site, entry))
    );
    Some(render::html(&document, None).replacen("</head>", &head, 1))
}

/// The list of everything that is public, newest first.
#[must_use]
pub fn index(site: &LogSite<'_>, entries: &[LogEntry]) -> String {
    let mut document = Document {
        title: site.title(),
        blocks: Vec::new(),
    };
    document.heading(1, site.title());
    document.say(
        "This lists answers we have chosen to publish. It does not show everything we have been asked or hold.",
    );
    for entry in site.shown(entries) {
        document.heading(2, &entry.title);
        let what = match &entry.removed {
            Some(removal) => format!("Taken down on {}. ", long(removal.on)),
            None => {
                let mut outcomes: Vec<&str> = entry
                    .questions
                    .iter()
                    .map(|question| question.outcome.in_words())
                    .collect();
                outcomes.dedup();
                format!(
                    "Published on {}. {}. ",
                    long(entry.published_on),
                    outcomes.join(", ")
                )
            }
        };
        document.paragraph(vec![Inline::Text(what), Inline::Link(site.link(entry))]);
    }
    let feeds = format!(
        "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"{0}/feed.atom\">\n\
         <link rel=\"alternate\" type=\"application/feed+json\" href=\"{0}/feed.json\">\n\
         <link rel=\"alternate\" type=\"text/csv\" href=\"{0}/log.csv\">\n\
         <script type=\"application/ld+json\">{1}</script>\n</head>",
        escaped(site.base()),
        in_script(&catalogue(site, entries))
    );
    render::html(&document, None).replacen("</head>", &feeds, 1)
}

/// The Atom feed (RFC 4287).
#[must_use]
pub fn atom(site: &LogSite<'_>, entries: &[LogEntry]) -> String {
    let base = xml(site.base());
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n\
         <title>{}</title>\n<id>{base}</id>\n<link rel=\"alternate\" href=\"{base}\"/>\n\
         <link rel=\"self\" href=\"{base}/feed.atom\"/>\n<updated>{}</updated>\n<author><name>{}</name></author>\n",
        xml(&site.title()),
        instant(site.changed_on(entries)),
        xml(site.authority)
    );
    for entry in site.shown(entries) {
        let link = xml(&site.link(entry));
        feed.push_str(&format!(
            "<entry>\n<title>{}</title>\n<id>{link}</id>\n<link rel=\"alternate\" href=\"{link}\"/>\n\
             <published>{}</published>\n<updated>{}</updated>\n",
            xml(&entry.title),
            instant(entry.published_on),
            instant(entry.changed_on()),
        ));
        if !entry.category.is_empty() && entry.removed.is_none() {
            feed.push_str(&format!("<category term=\"{}\"/>\n", xml(&entry.category)));
        }
        feed.push_str(&format!(
            "<content type=\"text\">{}</content>\n</entry>\n",
            xml(&plain(entry))
        ));
    }
    feed.push_str("</feed>\n");
    feed
}

/// The JSON Feed, version 1.1.
#[must_use]
pub fn json_feed(site: &LogSite<'_>, entries: &[LogEntry]) -> Value {
    let items: Vec<Value> = site
        .shown(entries)
        .into_iter()
        .map(|entry| {
            let mut item = json!({
                "id": site.link(entry),
                "url": site.link(entry),
                "title": entry.title,
                "content_text": plain(entry),
                "date_published": instant(entry.published_on),
                "date_modified": instant(entry.changed_on()),
            });
            if !entry.category.is_empty() && entry.removed.is_none() {
                item["tags"] = json!([entry.category]);
            }
            item
        })
        .collect();
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title(),
        "home_page_url": site.base(),
        "feed_url": format!("{}/feed.json", site.base()),
        "language": "en-GB",
        "authors": [{"name": site.authority}],
        "items": items,
    })
}

/// The titles of the table's columns.
pub const COLUMNS: &[&str] = &[
    "address",
    "reference",
    "title",
    "category",
    "answered_on",
    "published_on",
    "changed_on",
    "question",
    "words",
    "outcome",
    "answer",
    "provisions",
    "reasons",
    "removed_on",
    "removed_because",
];

/// The table, a row for each question; what was taken down has one row without questions. A cell that a spreadsheet
/// would take for a formula starts with an apostrophe.
///
/// # Errors
/// None that memory doesn't give.
pub fn csv(site: &LogSite<'_>, entries: &[LogEntry]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for entry in site.shown(entries) {
        let entry_cells = |details: bool| {
            [
                site.link(entry),
                if details {
                    entry.reference.clone()
                } else {
                    String::new()
                },
                entry.title.clone(),
                if details {
                    entry.category.clone()
                } else {
                    String::new()
                },
                if details {
                    entry.answered_on.to_string()
                } else {
                    String::new()
                },
                entry.published_on.to_string(),
                entry.changed_on().to_string(),
            ]
        };
        match &entry.removed {
            Some(removal) => {
                let mut row: Vec<String> = entry_cells(false).to_vec();
                row.extend(std::iter::repeat_n(String::new(), 6));
                row.push(removal.on.to_string());
                row.push(removal.reason.clone());
                table.write_record(row.iter().map(|cell| no_formula(cell)))?;
            }
            None => {
                for question in &entry.questions {
                    let mut row: Vec<String> = entry_cells(true).to_vec();
                    row.extend([
                        question.label.clone(),
                        question.question.clone(),
                        question.outcome.in_words().to_owned(),
                        question.answer.clone(),
                        question.provisions.join("; "),
                        question.reasons.join("\n"),
                        String::new(),
                        String::new(),
                    ]);
                    table.write_record(row.iter().map(|cell| no_formula(cell)))?;
                }
            }
        }
    }
    table
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// The site map: every public page and the day on which it last changed.
#[must_use]
pub fn sitemap(site: &LogSite<'_>, entries: &[LogEntry]) -> String {
    let mut map = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut url = |address: &str, changed_on: Date| {
        map.push_str(&format!(
            "<url><loc>{}</loc><lastmod>{changed_on}</lastmod></url>\n",
            xml(address)
        ));
    };
    url(site.base(), site.changed_on(entries));
    for entry in site.shown(entries) {
        if entry.removed.is_none() {
            url(&site.link(entry), entry.changed_on());
        }
    }
    map.push_str("</urlset>\n");
    map
}

/// What the log is, for machines: a data set of schema.org and DCAT with its distributions and entries.
#[must_use]
pub fn catalogue(site: &LogSite<'_>, entries: &[LogEntry]) -> Value {
    let base = site.base();
    let distribution = |file: &str, media: &str| {
        json!({
            "@type": ["DataDownload", "dcat:Distribution"],
            "contentUrl": format!("{base}/{file}"),
            "encodingFormat": media,
            "dcat:mediaType": media,
            "dcat:downloadURL": {"@id": format!("{base}/{file}")},
        })
    };
    let shown = site.shown(entries);
    let parts: Vec<Value> = shown
        .iter()
        .filter(|entry| entry.removed.is_none())
        .map(|entry| metadata(site, entry))
        .collect();
    let mut subjects: Vec<&str> = shown
        .iter()
        .filter(|entry| entry.removed.is_none() && !entry.category.is_empty())
        .map(|entry| entry.category.as_str())
        .collect();
    subjects.sort_unstable();
    subjects.dedup();
    json!({
        "@context": context(),
        "@id": base,
        "@type": ["Dataset", "dcat:Dataset"],
        "name": site.title(),
        "description": "Answers to requests for information that the authority chose to publish.",
        "url": base,
        "inLanguage": "en-GB",
        "license": LICENCE,
        "dateModified": site.changed_on(entries).to_string(),
        "keywords": subjects,
        "publisher": {"@type": "GovernmentOrganization", "name": site.authority},
        "distribution": [
            distribution("log.csv", "text/csv"),
            distribution("feed.json", "application/feed+json"),
            distribution("feed.atom", "application/atom+xml"),
        ],
        "hasPart": parts,
    })
}

fn context() -> Value {
    json!([
        "https://schema.org/",
        {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}
    ])
}

fn metadata(site: &LogSite<'_>, entry: &LogEntry) -> Value {
    json!({
        "@context": context(),
        "@id": site.link(entry),
        "@type": "Report",
        "name": entry.title,
        "identifier": entry.reference,
        "url": site.link(entry),
        "about": entry.category,
        "inLanguage": "en-GB",
        "license": LICENCE,
        "dateCreated": entry.answered_on.to_string(),
        "datePublished": entry.published_on.to_string(),
        "dateModified": entry.changed_on().to_string(),
        "publisher": {"@type": "GovernmentOrganization", "name": site.authority},
    })
}

/// The paragraphs below a question.
fn answer(question: &LogQuestion) -> Vec<String> {
    let mut paragraphs: Vec<String> = question
        .answer
        .split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    paragraphs.extend(question.reasons.iter().cloned());
    if question.outcome == Outcome::NeitherConfirmedNorDenied {
        paragraphs.push("This does not show that we do or do not hold it.".to_owned());
    }
    paragraphs
}

/// The entry as plain words, for feeds.
fn plain(entry: &LogEntry) -> String {
    if let Some(removal) = &entry.removed {
        return format!("Taken down on {}. {}", long(removal.on), removal.reason);
    }
    let mut text = String::new();
    for question in &entry.questions {
        text.push_str(&format!(
            "{}. {}\n{}\n",
            question.label,
            question.question,
            question.outcome.in_words()
        ));
        for paragraph in answer(question) {
            text.push_str(&paragraph);
            text.push('\n');
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

fn xml(text: &str) -> String {
    // Line breaks of plain words stay.
    let lines: Vec<String> = text.split('\n').map(printable).collect();
    escaped(&lines.join("\n"))
}

/// JSON that can stand in a script element.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

fn instant(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// "9 November 2026".
fn long(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// A cell that no spreadsheet takes for a formula.
#[must_use]
pub fn no_formula(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
