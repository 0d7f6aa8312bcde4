//! The register as a web page: one table that works without a script, an address for every row, search with one.

use std::fmt::Write;

use super::files::LICENCE;
use super::{Named, Published, day, escaped, worth};
use casework::register::compare::Changes;
use casework::register::contract::Field;
use casework::register::quarter::Quarter;
use jiff::civil::Date;

const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:90rem;padding:1rem;color:#0b0c0c;background:#fff}\
a{color:#1a5a96}a:focus,input:focus{outline:3px solid #fd0;outline-offset:0;background:#fd0;color:#0b0c0c}\
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:700;padding:.5rem 0}\
th,td{border-bottom:1px solid #8a8f94;padding:.4rem .6rem;text-align:left;vertical-align:top}\
td.sum{text-align:right;white-space:nowrap}tr:target{background:#fff3c4}label{font-weight:700;display:block}\
input{font:inherit;padding:.4rem;border:2px solid #0b0c0c;width:100%;max-width:30rem;box-sizing:border-box}\
.skip{position:absolute;left:-999px}.skip:focus{left:1rem}";

/// Search of the table: rows that hold every word stay. Without it the whole table is there.
const SCRIPT: &str = "const f=document.getElementById('search'),b=document.getElementById('found'),r=[...document.querySelectorAll('tbody tr')];\
f.hidden=false;const i=f.querySelector('input'),t=r.map(x=>x.textContent.toLowerCase());\
function s(){const w=i.value.toLowerCase().split(/\\s+/).filter(Boolean);let n=0;r.forEach((x,k)=>{const y=w.every(v=>t[k].includes(v));x.hidden=!y;n+=y});\
b.textContent=n+' of '+r.length+' contracts'}i.addEventListener('input',s);f.addEventListener('submit',e=>{e.preventDefault();s()});s();";

fn head(out: &mut String, title: &str, feed: &str) {
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><link rel=\"alternate\" type=\"application/atom+xml\" title=\"Contracts register\" href=\"{feed}\">\
         <style>{STYLE}</style></head><body><a class=\"skip\" href=\"#main\">Skip to the contracts</a>"
    );
}

/// The page of one snapshot.
pub struct Page<'a> {
    pub authority: &'a str,
    pub quarter: Quarter,
    pub published: &'a Published,
    /// The folder of the snapshot before, and what changed since.
    pub since: Option<(&'a str, &'a Changes)>,
    pub has_ocds: bool,
}

/// The snapshot as a page.
pub fn snapshot(page: &Page<'_>, contracts: &[Named<'_>]) -> String {
    let mut out = String::new();
    let authority = escaped(page.authority);
    let title = format!(
        "Contracts register, {}: {authority}",
        page.quarter.in_words()
    );
    head(&mut out, &title, "../feed.atom");
    let ocds = if page.has_ocds {
        ", <a href=\"ocds.json\">OCDS</a>"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<header><p><a href=\"../index.html\">All quarters</a></p><h1>{title}</h1></header><main id=\"main\">\
         <p>As at {}. Published on {}. Each contract over £5,000, as the Local Government Transparency Code 2015 asks.</p>\
         <p>Download: <a href=\"register.csv\">CSV</a>, <a href=\"register.xlsx\">XLSX</a>, <a href=\"register.json\">JSON</a>{ocds}. \
         <a href=\"{LICENCE}\">Open Government Licence v3.0</a>.</p>",
        day(page.quarter.last_day()),
        day(page.published.on),
    );
    if let Some(why) = &page.published.correction {
        let _ = write!(
            out,
            "<p>This corrects an earlier snapshot: {}</p>",
            escaped(why)
        );
    }
    if let Some((before, changes)) = page.since {
        since(&mut out, before, changes);
    }
    out.push_str(
        "<form id=\"search\" role=\"search\" hidden><label for=\"q\">Search the contracts</label><input id=\"q\" type=\"search\"><p id=\"found\" aria-live=\"polite\"></p></form>\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Contracts\"><table><caption>Contracts</caption><thead><tr>",
    );
    for heading in [
        "Reference",
        "Title and description",
        "Supplier",
        "Department",
        "Value",
        "Irrecoverable VAT",
        "Start",
        "End",
        "Review",
        "Procured by",
        "SME",
        "VCSE",
    ] {
        let _ = write!(out, "<th scope=\"col\">{heading}</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for named in contracts {
        row(&mut out, named);
    }
    let _ = writeln!(
        out,
        "</tbody></table></div></main><script>{SCRIPT}</script></body></html>"
    );
    out
}

fn row(out: &mut String, named: &Named<'_>) {
    let contract = named.contract;
    let text = |text: &Option<String>| text.as_deref().map(escaped).unwrap_or_default();
    let date = |date: Option<Date>| date.map(day).unwrap_or_default();
    let id = escaped(&named.id);
    let value = worth(contract).unwrap_or_default();
    let vat = contract
        .details
        .irrecoverable_vat
        .map(|sum| sum.in_words())
        .unwrap_or_default();
    let end = if contract.details.open_ended {
        "Open-ended".to_owned()
    } else {
        date(contract.end)
    };
    let said = |field| contract.said(field).unwrap_or_default();
    let reference = contract
        .reference
        .as_deref()
        .map_or_else(|| "none".to_owned(), escaped);
    let _ = writeln!(
        out,
        "<tr id=\"{id}\"><th scope=\"row\"><a href=\"#{id}\">{reference}</a></th><td>{}<br>{}</td><td>{}</td><td>{}</td><td class=\"sum\">{value}</td>\
         <td class=\"sum\">{vat}</td><td>{}</td><td>{end}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        text(&contract.title),
        text(&contract.description),
        text(&contract.supplier_name),
        text(&contract.department),
        date(contract.start),
        date(contract.review),
        said(Field::Process),
        said(Field::IsSme),
        said(Field::IsVcse),
    );
}

fn since(out: &mut String, before: &str, changes: &Changes) {
    let _ = write!(
        out,
        "<details><summary>What changed since <a href=\"../{0}/index.html\">{0}</a>: {1} new, {2} gone, {3} changed, {4} as before</summary><ul>",
        escaped(before),
        changes.added.len(),
        changes.removed.len(),
        changes.changed.len(),
        changes.same
    );
    let name = |entry: &casework::register::compare::Entry| {
        escaped(
            &[entry.reference.as_deref(), entry.title.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        )
    };
    for entry in &changes.added {
        let _ = write!(out, "<li>New: {}</li>", name(entry));
    }
    for entry in &changes.removed {
        let _ = write!(out, "<li>Gone: {}</li>", name(entry));
    }
    for change in &changes.changed {
        for field in &change.fields {
            let said = |text: &Option<String>| {
                text.as_deref()
                    .map_or_else(|| "nothing".to_owned(), escaped)
            };
            let _ = write!(
                out,
                "<li>Changed: {}: {} from {} to {}</li>",
                name(&change.entry),
                field.field.title().to_lowercase(),
                said(&field.before),
                said(&field.after)
            );
        }
    }
    out.push_str("</ul></details>");
}

/// The page of all snapshots, latest first.
pub fn index(authority: &str, published: &[Published]) -> String {
    let mut out = String::new();
    let authority = escaped(authority);
    let title = format!("Contracts register: {authority}");
    head(&mut out, &title, "feed.atom");
    let _ = write!(
        out,
        "<header><h1>{title}</h1></header><main id=\"main\"><p>The register as it stood at the end of each quarter. A snapshot is never changed; a correction stands beside it. \
         <a href=\"feed.atom\">Feed</a>.</p><ul>"
    );
    for snapshot in published.iter().rev() {
        let words = snapshot
            .quarter
            .parse::<Quarter>()
            .map_or_else(|_| snapshot.quarter.clone(), Quarter::in_words);
        let correction = if snapshot.correction.is_some() {
            " (correction)"
        } else {
            ""
        };
        let _ = write!(
            out,
            "<li><a href=\"{}/index.html\">{words}{correction}</a>: {} contracts, published on {}</li>",
            escaped(&snapshot.folder),
            snapshot.contracts,
            day(snapshot.on)
        );
    }
    out.push_str("</ul></main></body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::named;
    use casework::register::contract::{Contract, Source};

    #[test]
    fn every_row_has_an_address_of_its_own() {
        let contract = |reference: Option<&str>| Contract {
            reference: reference.map(str::to_owned),
            title: Some("Salt & grit <x>".to_owned()),
            ..Contract::empty(Source {
                sheet: None,
                row: 2,
                line: None,
            })
        };
        let contracts = [
            contract(Some("WDC/24/0130")),
            contract(Some("wdc-24-0130")),
            contract(None),
            contract(None),
        ];
        let ids: Vec<String> = named(&contracts)
            .into_iter()
            .map(|named| named.id)
            .collect();
        assert_eq!(
            ids,
            [
                "wdc-24-0130",
                "wdc-24-0130--2",
                "salt-grit-x",
                "salt-grit-x--2"
            ]
        );
        let mut out = String::new();
        row(&mut out, &named(&contracts)[0]);
        assert!(out.contains("Salt &amp; grit &lt;x&gt;") && !out.contains("<x>"));
    }
}
