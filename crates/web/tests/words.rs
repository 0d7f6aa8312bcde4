//! Every word of the pages can be put into another language: a crawl of them in an invented one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::*;
use web::words::Catalogue;

/// All that the list has, each in guillemets.
fn marked() -> Catalogue {
    let list = include_str!("../../../data/wording/en/pages.toml");
    let words: BTreeMap<String, String> = law::tables(list, "words.malformed").unwrap();
    let words = words
        .into_keys()
        .map(|english| {
            let said: Vec<String> = english.split('|').map(|form| format!("«{form}»")).collect();
            (english, said.join("|"))
        })
        .collect();
    Catalogue::new("zxx", words)
}

/// What stands between the tags of a page, and what is read aloud in their place; not what people wrote.
fn texts(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut apart = 0_usize;
    // The words of letters have a list of their own.
    let page: String = page
        .split("<div class=\"letter\">")
        .enumerate()
        .map(|(number, part)| match part.split_once("</div>") {
            Some((_, after)) if number > 0 => after,
            _ => part,
        })
        .collect();
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name: String = tag
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '/')
            .collect();
        let is_quoted = matches!(
            name.trim_start_matches('/'),
            "textarea" | "blockquote" | "script" | "style" | "mark"
        );
        if is_quoted {
            apart = if name.starts_with('/') {
                apart.saturating_sub(1)
            } else {
                apart + 1
            };
        }
        if let Some(label) = tag.split("aria-label=\"").nth(1) {
            found.push(label.split('"').next().unwrap().to_owned());
        }
        if apart == 0 && !tag.contains("class=\"theirs") {
            found.push(text.trim().to_owned());
        }
    }
    found
        .iter()
        .map(|text| {
            text.replace("&#39;", "'")
                .replace("&#34;", "\"")
                .replace("&amp;", "&")
        })
        .collect()
}

/// An address without what tells one case, question or contract from another.
fn kind_of(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap();
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| {
            let is_one = part.contains(|c: char| c.is_ascii_digit()) || part.contains("hm-");
            if is_one { "*" } else { part }
        })
        .collect();
    parts.join("/")
}

async fn crawl(
    desk: &Desk,
    who: Option<&Visitor>,
    start: &[&str],
    raw: &mut BTreeMap<String, String>,
) -> usize {
    let words = marked();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<String> = start.iter().map(|path| (*path).to_owned()).collect();
    while let Some(path) = waiting.pop() {
        let last = path.split(['?', '#']).next().unwrap();
        // What the policy says is data.
        let is_page = last != "/policy"
            && !last.rsplit('/').next().unwrap().contains('.')
            && !last.contains("/assets/");
        if !is_page || !seen.insert(kind_of(&path)) {
            continue;
        }
        let page = desk.get(&path, who).await;
        if page.status != 200 {
            continue;
        }
        for text in texts(&page.text) {
            let is_said = text.contains('«') || !text.contains(' ');
            if !is_said && words.fill(&text, &[]) != text {
                raw.entry(text).or_insert_with(|| path.clone());
            }
        }
        for link in page.text.split("href=\"/").skip(1) {
            let link = link.split('"').next().unwrap();
            waiting.push(format!("/{}", link.replace("&amp;", "&")));
        }
    }
    seen.len()
}

#[test]
fn what_the_list_has_is_said_through_it() {
    run(async {
        let desk = Desk::speaking(web::Settings::default(), marked()).await;
        let mut raw = BTreeMap::new();
        let public = [
            "/",
            "/ask/questions",
            "/statistics",
            "/privacy",
            "/accessibility",
        ];
        let mut pages = crawl(&desk, None, &public, &mut raw).await;
        for id in ["amina", "colin", "petra", "ivor", "lena", "gareth", "maud"] {
            let visitor = desk.sign_in(id).await;
            let start = ["/desk", "/desk?show=all", "/desk?show=closed"];
            pages += crawl(&desk, Some(&visitor), &start, &mut raw).await;
        }
        assert!(pages > 100, "{pages}");
        let lines: Vec<String> = raw
            .iter()
            .map(|(text, path)| format!("{path}: {text}"))
            .collect();
        assert!(
            lines.is_empty(),
            "{} of {pages} pages\n{}",
            lines.len(),
            lines.join("\n")
        );
    });
}
