//! Routine work, by any node: claimed with a lease, done at least once, and doing it twice does nothing more.

use casework::case::Case;
use casework::command::{Command, Setting};
use casework::event::CaseId;
use casework::role::Actor;
use casework::routine;
use jiff::{SignedDuration, Timestamp};

use crate::db::Param;
use crate::fault::{Fault, Stopped};
use crate::queries;
use crate::store::{Act, Store, fold, instant};

/// What a node did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// How many cases it took on.
    pub cases: u64,
    /// What it did, by case.
    pub done: Vec<(CaseId, String)>,
    /// What it couldn't do, by case; tried again later.
    pub failed: Vec<(CaseId, String)>,
}

/// Who works, and when.
#[derive(Clone, Copy)]
pub struct Shift<'a> {
    /// The node's name.
    pub node: &'a str,
    /// The instant.
    pub at: Timestamp,
    /// How long a node may keep what it took on; after that another takes it.
    pub lease: SignedDuration,
    /// At most so many cases.
    pub at_most: u64,
    /// What commands are checked against; its day is today.
    pub setting: &'a Setting<'a>,
    /// Does in the world what a command records, before it is recorded: sends the acknowledgement or the reminder. May be
    /// called again for the same command when a node died in between.
    pub deliver: &'a (dyn Fn(&Case, &Command) -> Result<(), String> + Sync),
}

impl Store {
    /// Takes on routine work that is due and does it.
    ///
    /// # Errors
    /// The database can't be reached; what was claimed comes back when the lease ends.
    pub async fn work(&self, shift: Shift<'_>) -> Result<Worked, Fault> {
        let mut worked = Worked::default();
        for case in self.claim(&shift).await? {
            worked.cases = worked.cases.saturating_add(1);
            let failure = match self.do_due(&case, &shift, &mut worked).await {
                Ok(()) => None,
                Err(Stopped::Fault(fault)) => return Err(fault),
                // Somebody is at work on it, or it has changed; it is looked at again.
                Err(stopped) => Some(stopped.to_string()),
            };
            if let Some(why) = &failure {
                worked.failed.push((case.clone(), why.clone()));
            }
            self.release(&case, shift.node, failure).await?;
        }
        Ok(worked)
    }

    async fn claim(&self, shift: &Shift<'_>) -> Result<Vec<CaseId>, Fault> {
        let until = shift.at.checked_add(shift.lease).unwrap_or(shift.at);
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            shift.setting.today.to_string().into(),
            shift.node.into(),
            instant(until).into(),
            instant(shift.at).into(),
            shift.at_most.into(),
        ];
        let mut transaction = self.db.begin().await?;
        let mut cases = transaction
            .rows(&queries::JOB_CLAIM, params)
            .await?
            .iter()
            .map(|row| row.text("case_id").map(CaseId))
            .collect::<Result<Vec<_>, _>>()?;
        transaction.commit().await?;
        cases.sort();
        Ok(cases)
    }

    async fn do_due(
        &self,
        case: &CaseId,
        shift: &Shift<'_>,
        worked: &mut Worked,
    ) -> Result<(), Stopped> {
        let by = Actor::candour();
        loop {
            let history = self.history(case).await?;
            let Some(open) = history.case() else {
                return self.plan_again(case, shift).await;
            };
            let due = routine::due(
                open,
                shift.setting.today,
                shift.setting.calendar,
                &self.retention,
            )
            .map_err(|beyond| refused("calendar.beyond", beyond.to_string()))?;
            let Some(command) = due.first() else {
                return self.plan_again(case, shift).await;
            };
            (shift.deliver)(open, command).map_err(|why| refused("routine.not_delivered", why))?;
            let act = Act {
                by: &by,
                command,
                setting: shift.setting,
                at: shift.at,
                seen: Some(history.seq()),
                found: None,
            };
            self.act(case, act).await?;
            worked
                .done
                .push((case.clone(), command.kind().spelling().to_owned()));
        }
    }

    /// Nothing is due now: says when something will be.
    async fn plan_again(&self, case: &CaseId, shift: &Shift<'_>) -> Result<(), Stopped> {
        let mut transaction = self.db.begin().await?;
        // Nobody adds an event while this looks and writes.
        self.raise(&mut transaction, "position", 0).await?;
        let history = fold(case, &self.events_in(&mut transaction, case).await?)?;
        self.project(&mut transaction, case, None, &history, shift.setting)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn release(
        &self,
        case: &CaseId,
        node: &str,
        failure: Option<String>,
    ) -> Result<(), Fault> {
        let mut transaction = self.db.begin().await?;
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            case.0.as_str().into(),
            node.into(),
            failure.into(),
        ];
        transaction.run(&queries::JOB_RELEASE, params).await?;
        transaction.commit().await
    }

    /// When a case's routine work is next due, and what went wrong last.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn planned(&self, case: &CaseId) -> Result<Option<(String, Option<String>)>, Fault> {
        let params = vec![self.authority.as_str().into(), case.0.as_str().into()];
        let rows = self.db.rows(&queries::JOB, params).await?;
        rows.first()
            .map(|row| Ok((row.text("run_on")?, row.text_or_null("failure")?)))
            .transpose()
    }
}

fn refused(code: &'static str, message: String) -> Stopped {
    Stopped::Refused(vec![law::Problem::at(0..0, code, message)])
}
