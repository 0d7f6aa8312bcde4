//! `candour register check`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use casework::register::check::{Finding, check};
use casework::register::problem::Severity;
use casework::register::quarter::Quarter;
use jiff::civil::Date;
use serde_json::json;

use super::{Format, import_command, printed};
use crate::data::Data;
use crate::fault::Stop;
use office::register::State;

/// Rows named under each finding before the rest is counted.
const NAMED: usize = 5;

/// Checks a file or the register that is kept, and prints what it found.
pub fn run(
    file: Option<&Path>,
    folder: &Path,
    as_at: Date,
    format: Format,
    data: &Data,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let state = State(folder);
    let contracts = match file {
        Some(file) => {
            import_command::read_file(file, &data.register_layout()?, None, Some(&state))?.contracts
        }
        None => state.kept()?.contracts,
    };
    let published: Option<Quarter> = state
        .published()?
        .iter()
        .filter_map(|published| published.quarter.parse().ok())
        .max();
    let findings = check(&contracts, as_at, published);
    match format {
        Format::Json => printed(writeln!(
            out,
            "{:#}",
            json!({"as_at": as_at.to_string(), "contracts": contracts.len(), "findings": findings})
        ))?,
        Format::Text => printed(as_text(out, contracts.len(), &findings))?,
    }
    let errors = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    if errors { Err(Stop::Found) } else { Ok(()) }
}

fn as_text(out: &mut dyn Write, contracts: usize, findings: &[Finding]) -> std::io::Result<()> {
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    writeln!(
        out,
        "{contracts} contracts: {} errors, {} warnings, {} notes",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info)
    )?;
    let mut by_code: BTreeMap<(Severity, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_code
            .entry((finding.severity, finding.code))
            .or_default()
            .push(finding);
    }
    for ((severity, code), list) in by_code {
        writeln!(out, "\n{}: {code}: {}", severity.as_str(), list.len())?;
        for finding in list.iter().take(NAMED) {
            let name = [finding.reference.as_deref(), finding.title.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ");
            let colon = if name.is_empty() { "" } else { ": " };
            writeln!(out, "  {name}{colon}{}", finding.message)?;
        }
        if list.len() > NAMED {
            writeln!(
                out,
                "  and {} more; --format json lists all",
                list.len().saturating_sub(NAMED)
            )?;
        }
    }
    Ok(())
}
