//! An Atom feed of published quarters.

use std::fmt::Write;

use casework::register::quarter::Quarter;

use super::{Published, escaped};

/// The feed, latest first. `url` is the address of the folder with the snapshots, without a slash at its end.
#[must_use]
pub fn atom(authority: &str, url: &str, published: &[Published]) -> String {
    let (authority, url) = (escaped(authority), escaped(url));
    let updated = published
        .iter()
        .map(|snapshot| snapshot.on)
        .max()
        .map(|date| date.to_string())
        .unwrap_or_default();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Contracts register: {authority}</title>\
         <id>{url}/</id><link href=\"{url}/index.html\"/><link rel=\"self\" href=\"{url}/feed.atom\"/><author><name>{authority}</name></author><updated>{updated}T00:00:00Z</updated>"
    );
    let mut latest: Vec<&Published> = published.iter().rev().collect();
    latest.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.on));
    for snapshot in latest {
        let words = snapshot
            .quarter
            .parse::<Quarter>()
            .map_or_else(|_| snapshot.quarter.clone(), Quarter::in_words);
        let folder = escaped(&snapshot.folder);
        let why = snapshot
            .correction
            .as_deref()
            .map(|why| format!(" Correction: {}", escaped(why)))
            .unwrap_or_default();
        let _ = write!(
            out,
            "\n<entry><title>{words}</title><id>{url}/{folder}/</id><link href=\"{url}/{folder}/index.html\"/><updated>{}T00:00:00Z</updated><summary>{} contracts.{why}</summary></entry>",
            snapshot.on, snapshot.contracts
        );
    }
    out.push_str("\n</feed>\n");
    out
}
