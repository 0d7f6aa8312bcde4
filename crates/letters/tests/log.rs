//! The disclosure log's renderings, each read back with a library that knows nothing of ours.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use casework::disclosure_log::{Change, LogEntry, LogQuestion, Removal};
use casework::public_record::Outcome;
use jiff::civil::date;
use letters::log::{self, LogSite};
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use serde_json::Value;

const SITE: LogSite<'_> = LogSite {
    authority: "Harrowmere & District <Council>",
    address: "https://www.harrowmere.example/disclosure-log/",
    today: date(2026, 11, 27),
};

fn question(text: &str, outcome: Outcome, answer: &str, reasons: &[&str]) -> LogQuestion {
    LogQuestion {
        label: "1".to_owned(),
        question: text.to_owned(),
        outcome,
        answer: answer.to_owned(),
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        provisions: Vec::new(),
    }
}

fn entry(address: &str, title: &str, questions: Vec<LogQuestion>) -> LogEntry {
    LogEntry {
        address: address.to_owned(),
        reference: "HM-2026-0417".to_owned(),
        title: title.to_owned(),
        category: "ICT".to_owned(),
        answered_on: date(2026, 10, 2),
        published_on: date(2026, 10, 9),
        questions,
        changes: Vec::new(),
        removed: None,
    }
}

/// Four entries: answered with nasty characters, refused, taken down, planned for later.
fn entries() -> Vec<LogEntry> {
    let mut nasty = entry(
        "2026/laptops",
        "=Laptops & \"tablets\" </script><b>",
        vec![question(
            "How many <laptops> & tablets?",
            Outcome::Answered,
            "=1+1 \u{0} laptops\nand \u{202e}40 tablets]]>",
            &[],
        )],
    );
    nasty.changes.push(Change {
        on: date(2026, 11, 4),
        what: "a figure corrected".to_owned(),
    });
    let refused = entry(
        "2026/ransomware",
        "Question about ransomware",
        vec![question(
            "Was there an attack?",
            Outcome::NeitherConfirmedNorDenied,
            "",
            &["FOIA s.31(3): saying whether it is held would be likely to cause this harm."],
        )],
    );
    let mut gone = entry(
        "2026/gone",
        "Payments",
        vec![question(
            "What was paid?",
            Outcome::Answered,
            "SECRET-WORDS",
            &[],
        )],
    );
    gone.removed = Some(Removal {
        on: date(2026, 11, 20),
        reason: "It named a person.".to_owned(),
    });
    let mut later = entry(
        "2026/later",
        "LATER-TITLE",
        vec![question("What?", Outcome::Answered, "LATER-WORDS", &[])],
    );
    later.published_on = date(2026, 11, 28);
    vec![nasty, refused, gone, later]
}

/// Every rendering as text.
fn renderings() -> Vec<(&'static str, String)> {
    let entries = entries();
    let mut all = vec![
        ("index", log::index(&SITE, &entries)),
        ("atom", log::atom(&SITE, &entries)),
        ("json", log::json_feed(&SITE, &entries).to_string()),
        (
            "csv",
            String::from_utf8(log::csv(&SITE, &entries).unwrap()).unwrap(),
        ),
        ("sitemap", log::sitemap(&SITE, &entries)),
        ("catalogue", log::catalogue(&SITE, &entries).to_string()),
    ];
    for entry in &entries {
        all.push(("page", log::page(&SITE, entry).unwrap_or_default()));
    }
    all
}

/// Element names with their text, read by quick-xml; a malformed document fails.
fn xml(text: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<(String, String)> = Vec::new();
    let mut read = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open.push((start.name().as_ref().to_owned(), String::new()));
            }
            Event::Text(words) => {
                if let Some(last) = open.last_mut() {
                    last.1.push_str(&words.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let c = match &*reference {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "#39" => '\'',
                    other => panic!("{other}"),
                };
                if let Some(last) = open.last_mut() {
                    last.1.push(c);
                }
            }
            Event::End(_) => read.push(open.pop().unwrap()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    read
}

fn of(read: &[(String, String)], name: &str) -> Vec<String> {
    read.iter()
        .filter(|(element, _)| element == name)
        .map(|(_, text)| text.clone())
        .collect()
}

#[test]
fn what_is_planned_stands_nowhere_and_what_was_taken_down_keeps_only_its_tombstone() {
    for (name, text) in renderings() {
        assert!(!text.contains("LATER"), "{name}");
        assert!(!text.contains("SECRET-WORDS"), "{name}");
        assert!(!text.contains("What was paid?"), "{name}");
        assert!(
            !text.contains('\u{0}') && !text.contains('\u{202e}') || matches!(name, "json" | "csv"),
            "{name}"
        );
    }
    let gone = &entries()[2];
    let page = log::page(&SITE, gone).unwrap();
    assert!(page.contains("taken down on 20 November 2026") && page.contains("It named a person."));
    assert!(log::page(&SITE, &entries()[3]).is_none());
}

#[test]
fn the_atom_feed_is_well_formed_and_says_the_same_words() {
    let read = xml(&log::atom(&SITE, &entries()));
    assert_eq!(
        of(&read, "title"),
        [
            "Question about ransomware",
            "=Laptops & \"tablets\" </script><b>",
            "Payments",
            "Disclosure log of Harrowmere & District <Council>",
        ]
        .map(str::to_owned)
        .into_iter()
        .fold(Vec::new(), |mut titles: Vec<String>, title| {
            // The feed's own title comes first.
            if title.starts_with("Disclosure log") {
                titles.insert(0, title)
            } else {
                titles.push(title)
            }
            titles
        })
    );
    let contents = of(&read, "content");
    assert!(contents[0].contains("This does not show that we do or do not hold it."));
    assert_eq!(
        contents[1],
        "1. How many <laptops> & tablets?\nInformation given\n=1+1  laptops\nand 40 tablets]]>"
    );
    assert!(
        of(&read, "updated")
            .iter()
            .all(|at| at.parse::<jiff::Timestamp>().is_ok())
    );
    assert_eq!(of(&read, "updated")[0], "2026-11-20T00:00:00Z");
    let ids = of(&read, "id");
    assert_eq!(ids.len(), 4);
    assert!(
        ids.iter()
            .all(|id| id.starts_with("https://www.harrowmere.example/disclosure-log"))
    );
}

#[test]
fn the_site_map_lists_what_can_be_read() {
    let read = xml(&log::sitemap(&SITE, &entries()));
    assert_eq!(
        of(&read, "loc"),
        [
            "https://www.harrowmere.example/disclosure-log",
            "https://www.harrowmere.example/disclosure-log/2026/ransomware",
            "https://www.harrowmere.example/disclosure-log/2026/laptops",
        ]
    );
    assert!(
        of(&read, "lastmod")
            .iter()
            .all(|day| day.parse::<jiff::civil::Date>().is_ok())
    );
}

#[test]
fn the_table_reads_back_and_no_cell_is_a_formula() {
    let bytes = log::csv(&SITE, &entries()).unwrap();
    let mut table = csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(
        table.headers().unwrap().iter().collect::<Vec<_>>(),
        log::COLUMNS
    );
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    for row in &rows {
        assert!(
            row.iter()
                .all(|cell| !cell.starts_with(['=', '+', '-', '@']))
        );
    }
    let column = |name: &str| {
        log::COLUMNS
            .iter()
            .position(|column| *column == name)
            .unwrap()
    };
    assert_eq!(
        &rows[1][column("title")],
        "'=Laptops & \"tablets\" </script><b>"
    );
    assert_eq!(&rows[2][column("removed_on")], "2026-11-20");
    assert_eq!(&rows[2][column("answer")], "");
    assert_eq!(&rows[0][column("outcome")], "Neither confirmed nor denied");
}

#[test]
fn the_json_feed_has_what_version_1_1_asks_for() {
    let feed = log::json_feed(&SITE, &entries());
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for item in items {
        assert!(item["id"].is_string() && item["content_text"].is_string());
        assert!(
            item["date_published"]
                .as_str()
                .unwrap()
                .parse::<jiff::Timestamp>()
                .is_ok()
        );
    }
    assert_eq!(items[1]["tags"], serde_json::json!(["ICT"]));
}

#[test]
fn pages_carry_their_metadata_and_nothing_breaks_out_of_it() {
    let page = log::page(&SITE, &entries()[0]).unwrap();
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(!page.contains("<b>") && !page.contains("<laptops>"));
    let start = page.find("ld+json\">").unwrap() + "ld+json\">".len();
    let end = page[start..].find("</script>").unwrap() + start;
    let metadata: Value = serde_json::from_str(&page[start..end]).unwrap();
    assert_eq!(metadata["name"], "=Laptops & \"tablets\" </script><b>");
    assert_eq!(metadata["datePublished"], "2026-10-09");
    assert_eq!(metadata["dateModified"], "2026-11-04");
    assert!(page.contains("Changed on 4 November 2026: a figure corrected"));
    let index = log::index(&SITE, &entries());
    assert_eq!(index.matches("</script>").count(), 1);
    assert!(index.contains("feed.atom"));
}

#[test]
fn the_catalogue_describes_the_data_set_and_its_forms() {
    let catalogue = log::catalogue(&SITE, &entries());
    assert_eq!(
        catalogue["@type"],
        serde_json::json!(["Dataset", "dcat:Dataset"])
    );
    assert_eq!(catalogue["distribution"].as_array().unwrap().len(), 3);
    assert_eq!(catalogue["hasPart"].as_array().unwrap().len(), 2);
    assert_eq!(catalogue["dateModified"], "2026-11-20");
    assert_eq!(catalogue["keywords"], serde_json::json!(["ICT"]));
}

#[test]
fn an_empty_log_is_well_formed() {
    let read = xml(&log::atom(&SITE, &[]));
    assert_eq!(of(&read, "updated"), ["2026-11-27T00:00:00Z"]);
    assert_eq!(of(&xml(&log::sitemap(&SITE, &[])), "loc").len(), 1);
    assert!(log::index(&SITE, &[]).contains("<h1>"));
}
