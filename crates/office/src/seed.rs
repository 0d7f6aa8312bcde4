//! Invented cases for demonstrations, tests and measurement. Nobody in them exists.

use casework::event::CaseId;
use casework::invented::{self, Life};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use law::Problem;
use store::{Act, Intake, Stopped};

use crate::office::Office;

/// How many invented cases are lived at once, so that their commits share the disk.
const AT_ONCE: usize = 32;

/// How far back invented requests reach.
const DAYS: u64 = 330;

/// How much of an invented case is lived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Its receipt and what triage proposes.
    Receipt,
    /// Everything that has happened by today.
    WholeLife,
}

impl Office {
    /// Invents the cases numbered below `count` that aren't there yet; answers how many were added.
    ///
    /// # Errors
    /// The store can't.
    pub async fn seed(&self, count: u64, extent: Extent) -> Result<u64, Stopped> {
        stream::iter(0..count)
            .map(|number| self.invent(number, extent))
            .buffer_unordered(AT_ONCE)
            .try_fold(0_u64, |sum, added| async move {
                Ok(sum.saturating_add(u64::from(added)))
            })
            .await
    }

    async fn invent(&self, number: u64, extent: Extent) -> Result<bool, Stopped> {
        let today = self.today();
        let back = i64::try_from(number.wrapping_mul(7919) % DAYS).unwrap_or(0);
        let received_on = today.checked_sub(back.days()).unwrap_or(today);
        let life: Life = invented::life(number, received_on, today).map_err(|error| {
            Stopped::Refused(vec![Problem::new("seed.no_provision", error.to_string())])
        })?;
        let case = CaseId(format!("invented-{number:08}"));
        let settings: Vec<_> = life
            .steps
            .iter()
            .map(|step| self.bundle.setting(step.on))
            .collect();
        let acts: Vec<Act<'_>> = life
            .steps
            .iter()
            .zip(&settings)
            .map(|(step, setting)| Act {
                by: &step.by,
                command: &step.command,
                setting,
                at: noon(step.on),
                seen: None,
                found: step.found.as_ref(),
            })
            .collect();
        let (first, rest) = acts.split_at_checked(2).unwrap_or((&acts, &[]));
        let once = format!("invented:{number}");
        let taken = self
            .store
            .receive(Intake {
                case,
                applicant: Some(&life.applicant),
                once: Some(&once),
                numbering: None,
                acts: first,
            })
            .await?;
        if taken.before || extent == Extent::Receipt {
            return Ok(!taken.before);
        }
        for step in &life.steps {
            for file in &step.files {
                self.store.attachments().put("letter.pdf", file).await?;
            }
        }
        for act in rest {
            self.store.act(&taken.case, *act).await?;
        }
        Ok(true)
    }
}

fn noon(day: Date) -> Timestamp {
    TimeZone::UTC
        .to_timestamp(day.at(12, 0, 0, 0))
        .unwrap_or(Timestamp::MIN)
}
