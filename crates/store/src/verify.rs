//! Whether the record in the database is what was recorded.

use std::collections::BTreeMap;

use casework::event::{Attachment, CaseId, Event, ReleasedFile};
use jiff::civil::Date;

use crate::chain::{ChainCheck, Finding};
use crate::checkpoint::{Checkpoint, PublicKey};
use crate::db::Row;
use crate::fault::Fault;
use crate::merkle::{Frontier, Hash, leaf};
use crate::projection::Summary;
use crate::queries;
use crate::store::{Store, fold};

/// What `verify` looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many events.
    pub events: u64,
    /// Of how many cases.
    pub cases: u64,
    /// How many signed checkpoints.
    pub checkpoints: u64,
    /// How many attachments.
    pub attachments: u64,
    /// What is wrong; the first break of the chain first.
    pub findings: Vec<Finding>,
}

impl Store {
    /// The checkpoints, oldest first.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn checkpoints(&self) -> Result<Vec<Checkpoint>, Fault> {
        let params = vec![self.authority.as_str().into()];
        self.db
            .rows(&queries::CHECKPOINTS, params)
            .await?
            .iter()
            .map(checkpoint_of_row)
            .collect()
    }

    /// The newest checkpoint.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn newest_checkpoint(&self) -> Result<Option<Checkpoint>, Fault> {
        let params = vec![self.authority.as_str().into()];
        let rows = self.db.rows(&queries::CHECKPOINT_LAST, params).await?;
        rows.first().map(checkpoint_of_row).transpose()
    }

    /// Signs a checkpoint over everything recorded so far; `None` when nothing was added since the last one. Two nodes
    /// that do it together make the same one, and it is kept once.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn make_checkpoint(&self, today: Date) -> Result<Option<Checkpoint>, Fault> {
        let authority = || vec![self.authority.as_str().into()];
        let last = self.db.rows(&queries::CHECKPOINT_LAST, authority()).await?;
        let (before, mut frontier) = match last.first() {
            None => (None, Frontier::default()),
            Some(row) => {
                let checkpoint = checkpoint_of_row(row)?;
                let frontier = Frontier::of_bytes(checkpoint.size, &row.bytes("frontier")?)
                    .filter(|frontier| frontier.root() == checkpoint.root)
                    .ok_or_else(|| {
                        Fault::Damaged(format!(
                            "the checkpoint over {} events isn't what was stored",
                            checkpoint.size
                        ))
                    })?;
                (Some(checkpoint), frontier)
            }
        };
        let first = frontier.size();
        loop {
            let from = frontier.size();
            let params = vec![
                self.authority.as_str().into(),
                from.into(),
                from.saturating_add(10_000).into(),
            ];
            let rows = self.db.rows(&queries::HASHES_BETWEEN, params).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if row.number("position")? != frontier.size().saturating_add(1) {
                    return Err(Fault::Damaged(format!(
                        "the event at position {} is missing; run `candour verify`",
                        frontier.size().saturating_add(1)
                    )));
                }
                frontier.push(leaf(&row.bytes("hash")?));
            }
        }
        if frontier.size() == first {
            return Ok(None);
        }
        let checkpoint = Checkpoint::sign(
            &self.authority,
            today,
            &frontier,
            before.as_ref(),
            &self.secrets.signing,
        );
        let mut transaction = self.db.begin().await?;
        transaction
            .run(
                &queries::CHECKPOINT_ADD,
                checkpoint_params(&self.authority, &checkpoint, &frontier.to_bytes())?,
            )
            .await?;
        transaction.commit().await?;
        Ok(Some(checkpoint))
    }

    /// Checks the whole record: the chain, the checkpoints, the applicants, the lists and the attachments.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn verify(&self, key: &PublicKey) -> Result<Report, Fault> {
        let mut report = Report::default();
        let checkpoints = self.checkpoints().await?;
        let mut before = None;
        for checkpoint in &checkpoints {
            if let Err(finding) = checkpoint.check(&self.authority, before, key) {
                report.findings.push(finding);
                break;
            }
            before = Some(checkpoint);
        }
        report.checkpoints = checkpoints.len() as u64;
        let roots: BTreeMap<u64, &Checkpoint> = checkpoints
            .iter()
            .map(|checkpoint| (checkpoint.size, checkpoint))
            .collect();
        let mut check = ChainCheck::new(&self.authority, true);
        let mut attachments: BTreeMap<String, String> = BTreeMap::new();
        let mut after = 0;
        'chain: loop {
            let events = self.events_after(after, 1000).await?;
            let Some(last) = events.last() else { break };
            after = last.position;
            for event in &events {
                if let Err(finding) = check.add(event) {
                    report.findings.push(finding);
                    break 'chain;
                }
                report.events = report.events.saturating_add(1);
                let frontier = check.frontier();
                if let Some(checkpoint) = roots.get(&frontier.size())
                    && checkpoint.root != frontier.root()
                {
                    report.findings.push(Finding::new(
                        "verify.altered",
                        format!(
                            "the first {} events are not those that were signed on {}",
                            checkpoint.size, checkpoint.made_on
                        ),
                    ));
                    break 'chain;
                }
                for attachment in named(event.recorded()?.event.as_ref()) {
                    attachments.insert(attachment.sha256, attachment.name);
                }
            }
        }
        if report.findings.is_empty() {
            if let Err(finding) = check.finish() {
                report.findings.push(finding);
            }
            if let Some(newest) = checkpoints.last()
                && newest.size > report.events
            {
                report.findings.push(Finding::new(
                    "verify.missing",
                    format!(
                        "{} events were signed on {} and {} are here: the last are missing",
                        newest.size, newest.made_on, report.events
                    ),
                ));
            }
            self.verify_cases(check.heads(), &mut report).await?;
        }
        report.cases = check.heads().len() as u64;
        for (sha256, name) in attachments {
            report.attachments = report.attachments.saturating_add(1);
            if let Err(fault) = self.attachments.get(&sha256).await {
                report.findings.push(Finding::new(
                    "verify.attachment",
                    format!("attachment `{name}`: {fault}"),
                ));
            }
        }
        Ok(report)
    }

    async fn verify_cases(
        &self,
        heads: &std::collections::HashMap<String, (u64, Hash)>,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let mut ids: Vec<&String> = heads.keys().collect();
        ids.sort();
        for id in ids {
            let id = CaseId(id.clone());
            let events = self.events(&id).await?;
            let history = fold(&id, &events)?;
            let Some(case) = history.case() else { continue };
            let row = self.find(&id.0).await?;
            // Somebody may have gone on with the case since the chain was read.
            let same_moment = row.as_ref().is_none_or(|row| row.seq == case.seq);
            if same_moment && row.as_ref() != Some(&Summary::of(case)) {
                report.findings.push(Finding::new(
                    "verify.list_differs",
                    format!(
                        "the row of case {} in the lists isn't what its events say; run `candour rebuild`",
                        id.0
                    ),
                ));
            }
            let applicant = self.applicant(&id).await?;
            let commitment = applicant
                .as_ref()
                .map(casework::applicant::Applicant::commitment);
            if commitment != case.receipt.applicant {
                report.findings.push(Finding::new(
                    "verify.applicant",
                    format!(
                        "the applicant of case {} isn't the one that was recorded",
                        id.0
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// The files themselves.
pub(crate) fn given(released: &[ReleasedFile]) -> Vec<Attachment> {
    released
        .iter()
        .map(|released| released.file.clone())
        .collect()
}

fn named(event: Option<&Event>) -> Vec<Attachment> {
    match event {
        Some(Event::Received(received)) => received.receipt.attachments.clone(),
        Some(Event::AddedTo(addition)) => addition.attachments.clone(),
        Some(Event::DraftComposed(draft)) => draft.files.clone(),
        Some(Event::Issued(issue)) => issue.files.clone(),
        Some(Event::DecisionMade(made)) => given(&made.files),
        Some(Event::FilesSent(sent)) => given(&sent.files),
        Some(Event::ReviewDecided(decided)) => decided.files.clone(),
        _ => Vec::new(),
    }
}

pub(crate) fn checkpoint_params(
    authority: &str,
    checkpoint: &Checkpoint,
    frontier: &[u8],
) -> Result<Vec<crate::db::Param>, Fault> {
    let signature = crate::chain::of_hex(&checkpoint.signature)
        .ok_or_else(|| Fault::Damaged("a signature isn't hexadecimal".to_owned()))?;
    Ok(vec![
        authority.into(),
        checkpoint.size.into(),
        checkpoint.made_on.as_str().into(),
        checkpoint.root.as_slice().into(),
        checkpoint.before.as_slice().into(),
        frontier.into(),
        checkpoint.key_id.as_str().into(),
        signature.as_slice().into(),
    ])
}

pub(crate) fn checkpoint_of_row(row: &Row) -> Result<Checkpoint, Fault> {
    let hash = |column: &str| -> Result<Hash, Fault> {
        row.bytes(column)?
            .try_into()
            .map_err(|_| Fault::Damaged(format!("{column} is no SHA-256")))
    };
    Ok(Checkpoint {
        size: row.number("size")?,
        made_on: row.text("made_on")?,
        root: hash("root")?,
        before: hash("before")?,
        key_id: row.text("key_id")?,
        signature: casework::applicant::hex(&row.bytes("signature")?),
    })
}
