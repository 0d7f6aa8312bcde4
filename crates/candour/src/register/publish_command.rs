//! `candour register publish`: the snapshot of a quarter, written once.

use casework::applicant::hex;
use std::io::Write;
use std::path::Path;

use casework::policy::Policy;
use casework::register::check::check;
use casework::register::compare::{Changes, compare};
use casework::register::quarter::Quarter;
use jiff::civil::Date;
use office::register::{Published, Snapshot, State, atom, day, named};
use sha2::{Digest, Sha256};

use super::files::{self, LICENCE};
use super::page::{self, Page};
use super::{ocds, printed};
use crate::fault::Stop;

/// What to publish and how.
pub struct Task<'a> {
    pub quarter: Quarter,
    pub policy: &'a Policy,
    pub url: Option<String>,
    pub ocid_prefix: Option<String>,
    pub on: Date,
    pub correction: Option<String>,
    pub despite_findings: bool,
    pub state: &'a Path,
}

/// Publishes the register that is kept.
pub fn run(task: &Task<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let state = State(task.state);
    let quarter = task.quarter.to_string();
    if task.on <= task.quarter.last_day() {
        return Err(Stop::input(format!(
            "register.quarter_not_over: {quarter} ends on {}; publish it after that",
            task.quarter.last_day()
        )));
    }
    let contracts = files::publishable(&state.kept()?.contracts);
    let before = state.published()?;
    let same_quarter: Vec<&Published> = before
        .iter()
        .filter(|published| published.quarter == quarter)
        .collect();
    let latest = before.last().map(|published| published.folder.clone());
    let changes = match &latest {
        Some(folder) => Some(compare(&state.snapshot(folder)?, &contracts)),
        None => None,
    };
    if let Some(standing) = same_quarter.last() {
        let unchanged = compare(&state.snapshot(&standing.folder)?, &contracts).is_empty();
        match (&task.correction, unchanged) {
            (_, true) => {
                return printed(writeln!(
                    out,
                    "{quarter} is published as it stands, on {}; nothing to do",
                    standing.on
                ));
            }
            (None, false) => {
                return Err(Stop::input(format!(
                    "register.already_published: {quarter} was published on {} and a snapshot is never changed; give --correction WHY to publish another beside it",
                    standing.on
                )));
            }
            (Some(_), false) => {}
        }
    }
    hold_back_personal_data(task, &contracts)?;
    let folder = match same_quarter.len() {
        0 => quarter.clone(),
        earlier => format!("{quarter}-{}", earlier.saturating_add(1)),
    };
    let base = address(task);
    let mut published = Published {
        quarter,
        folder,
        on: task.on,
        correction: task.correction.clone().filter(|_| !same_quarter.is_empty()),
        contracts: contracts.len(),
        sha256: std::collections::BTreeMap::new(),
    };
    let files = snapshot_files(
        task,
        &base,
        &contracts,
        &published,
        latest.as_deref().zip(changes.as_ref()),
    )?;
    for (name, bytes) in &files {
        published
            .sha256
            .insert((*name).to_owned(), hex(&Sha256::digest(bytes)));
    }
    let mut all = before.clone();
    all.push(published.clone());
    let over_all = [
        (
            "index.html",
            page::index(&task.policy.authority, &all).into_bytes(),
        ),
        (
            "feed.atom",
            atom(&task.policy.authority, &base, &all).into_bytes(),
        ),
    ];
    let path = state.publish(&published, &files, &over_all)?;
    let outcome = (|| {
        writeln!(
            out,
            "{}: {} contracts published in {}",
            published.folder,
            contracts.len(),
            path.display()
        )?;
        if let Some(changes) = &changes {
            writeln!(
                out,
                "{} new, {} gone, {} changed, {} as before",
                changes.added.len(),
                changes.removed.len(),
                changes.changed.len(),
                changes.same
            )?;
        }
        if task.ocid_prefix.is_none() {
            writeln!(
                out,
                "No OCDS file: it needs the authority's own prefix, which the Open Contracting Partnership gives on request; then give --ocid-prefix"
            )?;
        }
        if task.on > task.quarter.publish_by() {
            writeln!(out, "This was due by {}", day(task.quarter.publish_by()))?;
        }
        Ok(())
    })();
    printed(outcome)
}

/// Where the snapshots stand on the web.
fn address(task: &Task<'_>) -> String {
    let signpost = task
        .policy
        .signposts
        .iter()
        .find(|signpost| signpost.id == "contracts-register")
        .map(|signpost| signpost.url.clone());
    task.url
        .clone()
        .or(signpost)
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned()
}

/// What can't be taken back once it is out: refuses until somebody has looked.
fn hold_back_personal_data(
    task: &Task<'_>,
    contracts: &[casework::register::Contract],
) -> Result<(), Stop> {
    if task.despite_findings {
        return Ok(());
    }
    let personal: Vec<String> = check(contracts, task.on, Some(task.quarter))
        .into_iter()
        .filter(|finding| finding.code == "personal-data")
        .map(|finding| {
            format!(
                "register.personal_data: {} {}: {}",
                finding.reference.as_deref().unwrap_or("no reference"),
                finding.title.as_deref().unwrap_or(""),
                finding.message
            )
        })
        .collect();
    if personal.is_empty() {
        return Ok(());
    }
    let mut lines = personal;
    lines.push("register.not_published: mend these and import again, or give --despite-findings when each has been looked at".to_owned());
    Err(Stop::Input(lines))
}

type Files = Vec<(&'static str, Vec<u8>)>;

fn snapshot_files(
    task: &Task<'_>,
    base: &str,
    contracts: &[casework::register::Contract],
    published: &Published,
    since: Option<(&str, &Changes)>,
) -> Result<Files, Stop> {
    let failed = |name: &str, error: &dyn std::fmt::Display| {
        Stop::input(format!("{name}: output.unwritable: {error}"))
    };
    let authority = &task.policy.authority;
    let url = format!("{base}/{}", published.folder);
    let named = named(contracts);
    let json = |name: &str, value: &serde_json::Value| {
        serde_json::to_vec_pretty(value).map_err(|error| failed(name, &error))
    };
    let snapshot = Snapshot {
        authority: authority.clone(),
        quarter: published.quarter.clone(),
        published_on: task.on,
        url: format!("{url}/index.html"),
        licence: LICENCE.to_owned(),
        contracts: contracts.to_vec(),
    };
    let mut files: Files = vec![
        (
            "register.csv",
            files::csv(contracts).map_err(|error| failed("register.csv", &error))?,
        ),
        (
            "register.xlsx",
            files::xlsx(contracts, &published.quarter)
                .map_err(|error| failed("register.xlsx", &error))?,
        ),
        (
            "register.json",
            serde_json::to_vec_pretty(&snapshot)
                .map_err(|error| failed("register.json", &error))?,
        ),
    ];
    if let Some((_, changes)) = since {
        files.push((
            "changes.json",
            serde_json::to_vec_pretty(changes).map_err(|error| failed("changes.json", &error))?,
        ));
    }
    if let Some(prefix) = &task.ocid_prefix {
        let package = ocds::package(
            &ocds::Package {
                authority,
                prefix,
                url: &format!("{url}/ocds.json"),
                published_on: task.on,
                as_at: task.quarter.last_day(),
            },
            &named,
        );
        files.push(("ocds.json", json("ocds.json", &package)?));
    }
    let page = Page {
        authority,
        quarter: task.quarter,
        published,
        since,
        has_ocds: task.ocid_prefix.is_some(),
    };
    files.push(("index.html", page::snapshot(&page, &named).into_bytes()));
    Ok(files)
}
