//! `candour policy check|render|audit|test`.

use std::io::Write;

use casework::policy::Policy;
use casework::proposal::propose;
use jiff::civil::Date;
use letters::{compose_policy_page, render};
use triage::Vocabulary;

use crate::data::LoadedPolicy;
use crate::fault::Stop;
use crate::output::printed;

/// The forms of a policy's public page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PageFormat {
    /// A complete page.
    Html,
    /// Markdown.
    Markdown,
}

/// Says that a policy was read without a problem, and what it covers.
///
/// # Errors
/// Standard output can't be written.
pub fn check(loaded: &LoadedPolicy, out: &mut dyn Write) -> Result<(), Stop> {
    let policy = &loaded.policy;
    let kinds: Vec<String> = policy
        .categories
        .iter()
        .map(|row| row.kinds.len().to_string())
        .collect();
    printed(writeln!(
        out,
        "{} {}: {} rows, {} kinds of information, {} examples: no problem\nsha256 {}",
        policy.id,
        policy.version,
        policy.categories.len(),
        kinds.join(" + "),
        policy.examples.len(),
        loaded.sha256
    ))
}

/// Prints the policy's public page.
///
/// # Errors
/// Standard output can't be written.
pub fn page(policy: &Policy, format: PageFormat, out: &mut dyn Write) -> Result<(), Stop> {
    let document = compose_policy_page(policy);
    printed(match format {
        PageFormat::Html => out.write_all(render::html(&document, None).as_bytes()),
        PageFormat::Markdown => out.write_all(render::markdown(&document).as_bytes()),
    })
}

/// Prints what is wrong with a policy.
///
/// # Errors
/// [`Stop::Found`] when there is a finding of severity *error*.
pub fn audit(policy: &Policy, today: Date, out: &mut dyn Write) -> Result<(), Stop> {
    let findings = casework::policy::audit(policy, today);
    for finding in &findings {
        let provision = finding
            .provision
            .as_ref()
            .map_or_else(String::new, |provision| format!(" [{provision}]"));
        printed(writeln!(
            out,
            "{}: {}: {}{provision}",
            finding.severity, finding.code, finding.message
        ))?;
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == casework::policy::Severity::Error)
        .count();
    printed(writeln!(
        out,
        "{}: {} findings, {errors} of them errors",
        policy.id,
        findings.len()
    ))?;
    if errors == 0 {
        Ok(())
    } else {
        Err(Stop::Found)
    }
}

/// Runs the policy's own examples.
///
/// # Errors
/// [`Stop::Found`] when an example fails.
pub fn test(policy: &Policy, vocabulary: &Vocabulary, out: &mut dyn Write) -> Result<(), Stop> {
    let mut failed: usize = 0;
    for example in &policy.examples {
        let reading = triage::read(vocabulary, &example.question);
        let Some(question) = reading.questions.first() else {
            failed = failed.saturating_add(1);
            printed(writeln!(
                out,
                "failed: no question found in: {}",
                example.question
            ))?;
            continue;
        };
        let proposal = propose(policy, question);
        let category = proposal.category.as_deref().unwrap_or("none");
        let information = example
            .information
            .as_ref()
            .is_none_or(|wanted| question.information.iter().any(|found| found.id == *wanted));
        if proposal.kind.as_str() != example.proposal
            || category != example.category
            || !information
        {
            failed = failed.saturating_add(1);
            let kinds: Vec<&str> = question
                .information
                .iter()
                .map(|found| found.id.as_str())
                .collect();
            printed(writeln!(
                out,
                "failed: {}\n  expected {} / {} / {}; got {} / {category} / {}",
                example.question,
                example.proposal,
                example.category,
                example.information.as_deref().unwrap_or("any"),
                proposal.kind.as_str(),
                kinds.join(", "),
            ))?;
        }
    }
    printed(writeln!(
        out,
        "{}: {} examples, {failed} failed",
        policy.id,
        policy.examples.len()
    ))?;
    if failed == 0 {
        Ok(())
    } else {
        Err(Stop::Found)
    }
}
