//! An export that proves itself: events, checkpoints and proofs as lines of JSON, signed as a whole, checked offline with
//! the public key alone.

use std::collections::BTreeMap;

use casework::applicant::hex;
use casework::event::CaseId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chain::{ChainCheck, Finding, StoredEvent};
use crate::checkpoint::{Checkpoint, PublicKey};
use crate::fault::Fault;
use crate::merkle::{Hash, inclusion_proof, leaf, root_of_proof};
use crate::queries;
use crate::store::Store;

/// A line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// The first.
    CandourExport(Header),
    /// An event.
    Event(StoredEvent),
    /// A checkpoint.
    Checkpoint(Checkpoint),
    /// That an event is covered by a checkpoint.
    Proof(Proof),
    /// The last.
    End(End),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: u32,
    authority: String,
    /// The case; every case when null.
    case: Option<String>,
    public_key: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    position: u64,
    size: u64,
    path: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    lines: u64,
    sha256: String,
    signature: String,
}

/// What an export proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The authority.
    pub authority: String,
    /// How many events.
    pub events: u64,
    /// Of how many cases.
    pub cases: u64,
    /// How many of the events a signed checkpoint covers.
    pub covered: u64,
}

impl Store {
    /// One case, or every case, as an export.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn export(&self, case: Option<&CaseId>) -> Result<String, Fault> {
        let mut writer = Writer::default();
        writer.line(&Line::CandourExport(Header {
            version: 1,
            authority: self.authority.clone(),
            case: case.map(|case| case.0.clone()),
            public_key: self.secrets.signing.public().to_hex(),
        }))?;
        let checkpoints = self.checkpoints().await?;
        match case {
            Some(case) => {
                let events = self.events(case).await?;
                for event in &events {
                    writer.line(&Line::Event(event.clone()))?;
                }
                let newest = checkpoints.last().cloned();
                for checkpoint in checkpoints {
                    writer.line(&Line::Checkpoint(checkpoint))?;
                }
                if let Some(newest) = newest {
                    self.proofs(&mut writer, &events, newest.size).await?;
                }
            }
            None => {
                let mut after = 0;
                loop {
                    let events = self.events_after(after, 1000).await?;
                    let Some(last) = events.last() else { break };
                    after = last.position;
                    for event in events {
                        writer.line(&Line::Event(event))?;
                    }
                }
                for checkpoint in checkpoints {
                    writer.line(&Line::Checkpoint(checkpoint))?;
                }
            }
        }
        let sha256 = hex(&Sha256::digest(writer.text.as_bytes()));
        let signature = self.secrets.signing.sign(&signed(&sha256));
        let lines = writer.lines;
        writer.line(&Line::End(End {
            lines,
            sha256,
            signature,
        }))?;
        Ok(writer.text)
    }

    async fn proofs(
        &self,
        writer: &mut Writer,
        events: &[StoredEvent],
        size: u64,
    ) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), 0_u64.into(), size.into()];
        let mut leaves: Vec<Hash> = Vec::new();
        for row in self.db.rows(&queries::HASHES_BETWEEN, params).await? {
            leaves.push(leaf(&row.bytes("hash")?));
        }
        for event in events.iter().filter(|event| event.position <= size) {
            let index = usize::try_from(event.position.saturating_sub(1)).unwrap_or(usize::MAX);
            writer.line(&Line::Proof(Proof {
                position: event.position,
                size,
                path: inclusion_proof(&leaves, index)
                    .iter()
                    .map(|hash| hex(hash))
                    .collect(),
            }))?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    lines: u64,
}

impl Writer {
    fn line(&mut self, line: &Line) -> Result<(), Fault> {
        let line =
            serde_json::to_string(line).map_err(|error| Fault::Damaged(error.to_string()))?;
        self.text.push_str(&line);
        self.text.push('\n');
        self.lines = self.lines.saturating_add(1);
        Ok(())
    }
}

fn signed(sha256: &str) -> Vec<u8> {
    format!("candour export 1\n{sha256}\n").into_bytes()
}

/// Checks an export with the public key alone: every byte of it is what was signed, every event follows from the one
/// before, every checkpoint holds, and every proof leads to one.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_export(bytes: &[u8], key: &PublicKey) -> Result<Proved, Finding> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes
            .get(..error.valid_up_to())
            .unwrap_or(bytes)
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            .saturating_add(1);
        Finding::new(
            "verify.altered",
            format!("line {line}: not UTF-8, so not what was exported"),
        )
    })?;
    let mut reading = Reading::default();
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let number = index.saturating_add(1);
        let before = text.get(..offset).unwrap_or("");
        offset = offset.saturating_add(line.len());
        let altered = |why: &str| {
            Finding::new(
                "verify.altered",
                format!("line {number}: not what was exported: {why}"),
            )
        };
        let Some(body) = line.strip_suffix('\n') else {
            return Err(altered("the line is cut off"));
        };
        let parsed: Line = serde_json::from_str(body).map_err(|_| altered("it can't be read"))?;
        // One spelling only: white space, order or escapes can't be changed unseen.
        if serde_json::to_string(&parsed).ok().as_deref() != Some(body) {
            return Err(altered("it is spelt differently"));
        }
        reading.line(parsed, number, before, key)?;
    }
    reading.finish()
}

#[derive(Default)]
struct Reading {
    header: Option<Header>,
    check: Option<ChainCheck>,
    checkpoints: Vec<Checkpoint>,
    hashes: BTreeMap<u64, Hash>,
    roots: BTreeMap<u64, Hash>,
    events: u64,
    covered: u64,
    ended: bool,
}

impl Reading {
    fn line(
        &mut self,
        line: Line,
        number: usize,
        before: &str,
        key: &PublicKey,
    ) -> Result<(), Finding> {
        let at = |finding: Finding| {
            Finding::new(finding.code, format!("line {number}: {}", finding.message))
        };
        let out_of_place = || {
            Finding::new(
                "verify.reordered",
                format!("line {number} doesn't stand where it was exported"),
            )
        };
        if self.ended || (self.header.is_none() != matches!(line, Line::CandourExport(_))) {
            return Err(out_of_place());
        }
        let authority = self
            .header
            .as_ref()
            .map(|header| header.authority.clone())
            .unwrap_or_default();
        match line {
            Line::CandourExport(header) => {
                if header.version != 1 {
                    return Err(at(Finding::new(
                        "verify.newer",
                        "written by a newer Candour; use that one",
                    )));
                }
                if header.public_key != key.to_hex() {
                    return Err(at(Finding::new(
                        "verify.other_key",
                        format!(
                            "this export names the public key {}, and {} was given",
                            header.public_key,
                            key.to_hex()
                        ),
                    )));
                }
                self.check = Some(ChainCheck::new(&header.authority, header.case.is_none()));
                self.header = Some(header);
            }
            Line::Event(event) => {
                if !self.checkpoints.is_empty() {
                    return Err(out_of_place());
                }
                let only = self.header.as_ref().and_then(|header| header.case.as_ref());
                if only.is_some_and(|case| *case != event.case_id) {
                    return Err(out_of_place());
                }
                if let Some(check) = &mut self.check {
                    check.add(&event).map_err(at)?;
                    let frontier = check.frontier();
                    self.roots.insert(frontier.size(), frontier.root());
                }
                self.hashes.insert(event.position, event.hash);
                self.events = self.events.saturating_add(1);
            }
            Line::Checkpoint(checkpoint) => {
                checkpoint
                    .check(&authority, self.checkpoints.last(), key)
                    .map_err(at)?;
                let complete = self
                    .header
                    .as_ref()
                    .is_some_and(|header| header.case.is_none());
                if complete {
                    match self.roots.get(&checkpoint.size) {
                        Some(root) if *root == checkpoint.root => {
                            self.covered = self.covered.max(checkpoint.size);
                        }
                        Some(_) => {
                            return Err(at(Finding::new(
                                "verify.altered",
                                "the events up to here are not those of the checkpoint",
                            )));
                        }
                        None => {
                            return Err(at(Finding::new(
                                "verify.missing",
                                format!(
                                    "the checkpoint covers {} events and {} are here",
                                    checkpoint.size, self.events
                                ),
                            )));
                        }
                    }
                }
                self.checkpoints.push(checkpoint);
            }
            Line::Proof(proof) => self.proof(&proof).map_err(at)?,
            Line::End(end) => {
                let stands = end.lines.saturating_add(1) == number as u64
                    && end.sha256 == hex(&Sha256::digest(before.as_bytes()))
                    && key.signed(&signed(&end.sha256), &end.signature);
                if !stands {
                    return Err(at(Finding::new(
                        "verify.bad_signature",
                        "what stands before is not what was signed",
                    )));
                }
                self.ended = true;
            }
        }
        Ok(())
    }

    fn proof(&mut self, proof: &Proof) -> Result<(), Finding> {
        let path: Option<Vec<Hash>> = proof
            .path
            .iter()
            .map(|hash| crate::chain::of_hex(hash)?.try_into().ok())
            .collect();
        let checkpoint = self
            .checkpoints
            .iter()
            .find(|checkpoint| checkpoint.size == proof.size);
        let led = self.hashes.get(&proof.position).and_then(|hash| {
            root_of_proof(
                leaf(hash),
                proof.position.saturating_sub(1),
                proof.size,
                &path?,
            )
        });
        match (checkpoint, led) {
            (Some(checkpoint), Some(root)) if root == checkpoint.root => {
                self.covered = self.covered.saturating_add(1);
                Ok(())
            }
            _ => Err(Finding::new(
                "verify.not_covered",
                format!(
                    "the event at position {} isn't among those of the checkpoint over {} events",
                    proof.position, proof.size
                ),
            )),
        }
    }

    fn finish(self) -> Result<Proved, Finding> {
        if !self.ended {
            return Err(Finding::new(
                "verify.missing",
                "the end is missing: this export is cut off",
            ));
        }
        let check = self
            .check
            .ok_or_else(|| Finding::new("verify.missing", "the export is empty"))?;
        check.finish()?;
        let newest = self
            .checkpoints
            .last()
            .map_or(0, |checkpoint| checkpoint.size);
        let owed = self.hashes.range(..=newest).count() as u64;
        if self.covered < owed {
            return Err(Finding::new(
                "verify.missing",
                format!("{owed} events should be proved and {} are", self.covered),
            ));
        }
        Ok(Proved {
            authority: self
                .header
                .map(|header| header.authority)
                .unwrap_or_default(),
            events: self.events,
            cases: check.heads().len() as u64,
            covered: self.covered,
        })
    }
}
