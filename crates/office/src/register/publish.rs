//! The snapshot of a quarter: the register that is kept, published once and never changed.

use casework::applicant::hex;
use casework::policy::Policy;
use casework::register::Contract;
use casework::register::check::{Finding, check};
use casework::register::compare::{Changes, compare};
use casework::register::quarter::Quarter;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

use super::files::{self, LICENCE};
use super::page::{self, Page};
use super::state::snapshot_before;
use super::{Published, Snapshot, State, atom, named, ocds};
use crate::fault::Stop;

/// What to publish and how.
#[derive(Debug)]
pub struct Publication<'a> {
    /// The quarter.
    pub quarter: Quarter,
    /// The authority's policy, which names it and the register's address.
    pub policy: &'a Policy,
    /// The address at which the folder `published` stands on the web; else that of the policy.
    pub url: Option<String>,
    /// The authority's own prefix from the Open Contracting Partnership; without it there is no OCDS file.
    pub ocid_prefix: Option<String>,
    /// The day of publication.
    pub on: Date,
    /// Why a quarter that is published is published again; the earlier snapshot stays.
    pub correction: Option<String>,
    /// Whether a person has looked at each row that may hold personal data.
    pub despite_findings: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// The quarter is published as it stands, since that day.
    Unchanged(Date),
    /// It was published.
    New(Box<New>),
}

/// What was published.
#[derive(Debug)]
pub struct New {
    /// The snapshot.
    pub published: Published,
    /// Its folder.
    pub folder: PathBuf,
    /// What changed since the snapshot before, where there is one.
    pub changes: Option<Changes>,
}

/// Publishes the register that is kept.
///
/// # Errors
/// The quarter isn't over or is published otherwise, nothing is kept, a row may hold personal data that nobody looked at,
/// or the snapshot can't be written.
pub fn publish(state: &State<'_>, task: &Publication<'_>) -> Result<Outcome, Stop> {
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
    let latest = snapshot_before(&before, &quarter).map(|published| published.folder.clone());
    let changes = match &latest {
        Some(folder) => Some(compare(&state.snapshot(folder)?, &contracts)),
        None => None,
    };
    if let Some(standing) = same_quarter.last() {
        let lacks_ocds = task.ocid_prefix.is_some() && !standing.sha256.contains_key("ocds.json");
        if compare(&state.snapshot(&standing.folder)?, &contracts).is_empty() {
            // The same rows with the file that was missing are a snapshot of their own, once somebody says so.
            if !lacks_ocds {
                return Ok(Outcome::Unchanged(standing.on));
            }
            if task.correction.is_none() {
                return Err(Stop::input(format!(
                    "register.published_without_ocds: {quarter} was published on {} without the OCDS file, and a snapshot is never changed; say why (--correction WHY) to publish another with it beside",
                    standing.on
                )));
            }
        }
        if task.correction.is_none() {
            return Err(Stop::input(format!(
                "register.already_published: {quarter} was published on {} and a snapshot is never changed; say why (--correction WHY) to publish another beside it",
                standing.on
            )));
        }
    }
    if !task.despite_findings {
        hold_back(&personal_data(&contracts, task.on, task.quarter))?;
    }
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
    all.sort_by(|one, other| one.quarter.cmp(&other.quarter));
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
    let folder = state.publish(&published, &files, &over_all)?;
    Ok(Outcome::New(Box::new(New {
        published,
        folder,
        changes,
    })))
}

/// Rows that may hold personal data, of those that are about to be published: what can't be taken back once it is out.
#[must_use]
pub fn personal_data(contracts: &[Contract], on: Date, quarter: Quarter) -> Vec<Finding> {
    check(contracts, on, Some(quarter))
        .into_iter()
        .filter(|finding| matches!(finding.code, "personal-data" | "sole-trader-address"))
        .collect()
}

fn hold_back(personal: &[Finding]) -> Result<(), Stop> {
    if personal.is_empty() {
        return Ok(());
    }
    let mut lines: Vec<String> = personal
        .iter()
        .map(|finding| {
            format!(
                "register.personal_data: {} {}: {}",
                finding.reference.as_deref().unwrap_or("no reference"),
                finding.title.as_deref().unwrap_or(""),
                finding.message
            )
        })
        .collect();
    lines.push("register.not_published: mend these and import again, or give --despite-findings when each has been looked at".to_owned());
    Err(Stop::Input(lines))
}

/// Where the snapshots stand on the web.
fn address(task: &Publication<'_>) -> String {
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

type Files = Vec<(&'static str, Vec<u8>)>;

fn snapshot_files(
    task: &Publication<'_>,
    base: &str,
    contracts: &[Contract],
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
