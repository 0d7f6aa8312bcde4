//! Routine work: acknowledgements, reminders, overdue, publication, retention, checkpoints and the index.

use casework::case::Case;
use casework::command::Command;
use jiff::SignedDuration;
use store::work::{Shift, Worked};

use crate::mail::{self, Mailing};
use crate::office::{Office, Trouble};

/// Does in the world what a piece of routine work records, before it is recorded: sends the acknowledgement or the
/// reminder. Called again for the same work when a node died in between.
pub type Deliver = dyn Fn(&Case, &Command) -> Result<(), String> + Send + Sync;

/// How long a node may keep what it took on before another takes it.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// What one round of routine work did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// What was done on cases.
    pub worked: Worked,
    /// Whether a checkpoint was signed.
    pub checkpoint: bool,
}

impl Office {
    /// Does the routine work that is due now, a batch of cases at a time until nothing is left, and signs the day's
    /// checkpoint. `node` names this node among those on the same database.
    ///
    /// # Errors
    /// The database can't be reached; what was taken on comes back when its lease ends.
    pub async fn work(&self, node: &str, deliver: &Deliver) -> Result<Round, Trouble> {
        let mut round = Round::default();
        loop {
            let today = self.today();
            let setting = self.bundle.setting(today);
            let worked = self
                .store
                .work(Shift {
                    node,
                    at: self.now(),
                    lease: LEASE,
                    at_most: 100,
                    setting: &setting,
                    deliver: &|case, command| deliver(case, command),
                })
                .await?;
            let progressed = !worked.done.is_empty();
            let more = worked.cases == 100 && progressed;
            round.worked.cases = round.worked.cases.saturating_add(worked.cases);
            round.worked.done.extend(worked.done);
            round.worked.failed.extend(worked.failed);
            if !more {
                break;
            }
        }
        round.checkpoint = self.checkpoint().await?;
        Ok(round)
    }

    /// Signs a checkpoint unless today's is there; answers whether one was signed.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn checkpoint(&self) -> Result<bool, Trouble> {
        let today = self.today();
        let newest = self.store.newest_checkpoint().await?;
        if newest.is_some_and(|newest| newest.made_on == today.to_string()) {
            return Ok(false);
        }
        Ok(self.store.make_checkpoint(today).await?.is_some())
    }

    /// Follows the database with the index and the public record every half second, sends mail every five seconds where it
    /// is set up and does routine work every minute, until `stop` ends. What fails is told to `tell` and tried again.
    pub async fn keep_going(
        &self,
        node: &str,
        mailing: Option<Mailing<'_>>,
        tell: &(dyn Fn(&str) + Send + Sync),
        stop: impl Future<Output = ()> + Send,
    ) {
        let mut stop = std::pin::pin!(stop);
        let mut beat = 0_u32;
        loop {
            if let Err(trouble) = self.follow().await {
                tell(&trouble.to_string());
            }
            if let Err(stopped) = self.follow_record().await {
                tell(&stopped.to_string());
            }
            if let Some(mailing) = &mailing
                && beat.is_multiple_of(10)
            {
                match self.send_mail(mailing).await {
                    Ok(posted) => {
                        for (case, why) in posted.failed {
                            tell(&format!("mail about case {} waits: {why}", case.0));
                        }
                    }
                    Err(trouble) => tell(&trouble.to_string()),
                }
            }
            if beat == 0 {
                let deliver: &Deliver = if mailing.is_some() {
                    &mail::with_mail
                } else {
                    &mail::without_mail
                };
                match self.work(node, deliver).await {
                    Ok(round) => {
                        for (case, why) in round.worked.failed {
                            tell(&format!("routine work on case {} waits: {why}", case.0));
                        }
                    }
                    Err(trouble) => tell(&trouble.to_string()),
                }
            }
            beat = (beat + 1) % 120;
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(std::time::Duration::from_millis(500)) => {}
            }
        }
    }
}
