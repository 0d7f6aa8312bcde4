//! What the authority has published, held against what its officers are about to decide.
//!
//! Registers (`.csv`, `.json`), logs (`log*.json`) and anything else published (`.jsonl`) stand in the folder
//! `public-record` of the state folder; they are read when the office opens.

use std::path::{Path as FilePath, PathBuf};

use casework::case::Case;
use casework::command::Command;
use casework::event::{ConfirmOrDenyOutcome, QuestionId};
use casework::public_record::{
    Checked, Index, Path, PublishedEntry, Reading, Source, check, question_of,
};
use jiff::civil::Date;

use crate::bundle::Bundle;
use crate::fault::Stop;
use crate::office::Office;
use crate::published;

/// The folder's name.
pub const FOLDER: &str = "public-record";

/// Everything published, indexed.
pub(crate) struct Record {
    index: Index,
    entries: std::collections::HashMap<(Source, String), PublishedEntry>,
}

impl Record {
    /// Reads the folder, if there is one.
    ///
    /// # Errors
    /// Every problem of every file.
    pub(crate) fn read(bundle: &Bundle, state: &FilePath) -> Result<Self, Stop> {
        let (mut registers, mut logs, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for path in files(&state.join(FOLDER))? {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().to_lowercase());
            match name.as_deref() {
                Some(name) if name.ends_with(".jsonl") => records.push(path),
                Some(name) if name.starts_with("log") && name.ends_with(".json") => logs.push(path),
                Some(name) if name.ends_with(".json") || name.ends_with(".csv") => {
                    registers.push(path);
                }
                _ => {}
            }
        }
        let reading = reading(bundle);
        let mut record = Self {
            index: Index::default(),
            entries: std::collections::HashMap::new(),
        };
        for entry in published::read(&registers, &logs, &records)? {
            record.index.add(&reading, &entry);
            record
                .entries
                .insert((entry.source, entry.id.clone()), entry);
        }
        Ok(record)
    }
}

fn files(folder: &FilePath) -> Result<Vec<PathBuf>, Stop> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable = |error: std::io::Error| {
        Stop::input(format!("{}: record.unreadable: {error}", folder.display()))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        files.push(entry.map_err(unreadable)?.path());
    }
    files.sort();
    Ok(files)
}

fn reading(bundle: &Bundle) -> Reading<'_> {
    Reading {
        vocabulary: &bundle.vocabulary,
        lexicon: &bundle.lexicon,
    }
}

impl Office {
    /// What is public that answers or confirms a question of a case, for the way in which it is about to be decided.
    /// `None` when the case has no such question.
    #[must_use]
    pub fn already_public(
        &self,
        case: &Case,
        question: &QuestionId,
        path: Path,
        today: Date,
    ) -> Option<Checked> {
        let asked = &case.question(question)?.question;
        let text = match &asked.stem {
            Some(stem) => format!("{stem} {}", asked.text),
            None => asked.text.clone(),
        };
        let read = question_of(&self.bundle.vocabulary, &text);
        let lookup =
            |source: Source, id: &str| self.record.entries.get(&(source, id.to_owned())).cloned();
        Some(check(
            &self.record.index,
            &reading(&self.bundle),
            &text,
            &read,
            path,
            today,
            &lookup,
        ))
    }

    /// The command with everything public that stands in its way, found afresh, so that nobody can leave any out. What
    /// its author has dealt with stays as they wrote it.
    #[must_use]
    pub(crate) fn with_what_is_public(
        &self,
        case: &Case,
        command: &Command,
        today: Date,
    ) -> Command {
        let mut command = command.clone();
        match &mut command {
            Command::DecideConfirmOrDeny(consideration)
                if matches!(
                    consideration.wish,
                    ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)
                ) =>
            {
                let found = self.already_public(
                    case,
                    &consideration.question,
                    Path::NeitherConfirmNorDeny,
                    today,
                );
                if let Some(found) = found {
                    found.complete(&mut consideration.known_already);
                }
            }
            Command::Decide(decision) => {
                let path = Path::of(&decision.decision);
                // What stood in the way of neither confirming nor denying was dealt with there.
                if path != Path::NeitherConfirmNorDeny
                    && let Some(found) = self.already_public(case, &decision.question, path, today)
                {
                    found.complete(&mut decision.already_public);
                }
            }
            _ => {}
        }
        command
    }
}
