//! `candour register publish`.

use std::io::Write;
use std::path::Path;

use office::register::publish::{Outcome, Publication, publish};
use office::register::{State, day};

use super::printed;
use crate::fault::Stop;

/// Publishes the register that is kept in a folder, and prints what came of it.
pub fn run(state: &Path, task: &Publication<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let outcome = publish(&State(state), task)?;
    printed(as_text(out, task, &outcome))
}

fn as_text(out: &mut dyn Write, task: &Publication<'_>, outcome: &Outcome) -> std::io::Result<()> {
    let new = match outcome {
        Outcome::Unchanged(on) => {
            return writeln!(
                out,
                "{} is published as it stands, on {on}; nothing to do",
                task.quarter
            );
        }
        Outcome::New(new) => new,
    };
    let published = &new.published;
    writeln!(
        out,
        "{}: {} contracts published in {}",
        published.folder,
        published.contracts,
        new.folder.display()
    )?;
    if let Some(changes) = &new.changes {
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
}
