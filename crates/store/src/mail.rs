//! Mails that are to be sent: each is planned in the transaction of the event that it tells of, so none is forgotten and
//! none is sent about what didn't last. What stands in a mail isn't here: it is composed from the record when it leaves.

use casework::event::CaseId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chain::StoredEvent;
use crate::db::{Param, Row, Transaction};
use crate::desk::at;
use crate::fault::Fault;
use crate::queries;
use crate::store::{Store, instant};

/// The kinds of events that somebody is told of by mail.
pub const KINDS: &[&str] = &[
    "received",
    "treatment_chosen",
    "clarification_sought",
    "extended",
    "issued",
    "review_asked",
    "review_decided",
    "assigned",
    "reminded",
    "approval_sought",
    "sent_back",
];

/// A mail that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Names it; what is sent twice has the same name.
    pub id: String,
    /// The case.
    pub case: CaseId,
    /// The number of the event that it tells of.
    pub seq: u64,
    /// The kind of that event.
    pub kind: String,
    /// The account that it goes to; empty: whoever asked, or the colleagues that the event is about.
    pub recipient: String,
    /// When that happened.
    pub happened_at: Timestamp,
    /// When it is tried again; when it was last tried, if it isn't waiting any more.
    pub run_at: Timestamp,
    /// How often it was tried, here: a backup that is restored begins anew.
    #[serde(skip)]
    pub attempts: u64,
    /// Where it stands.
    pub state: MailState,
    /// What came of the last try.
    pub outcome: Option<String>,
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It is to be sent.
    Waiting,
    /// It was handed on.
    Sent,
    /// There is no address for it: it is to be printed and posted.
    ToPost,
    /// It was refused for good.
    Refused,
    /// It was handed on and came back.
    CameBack,
    /// It could not be handed on for too long.
    GivenUp,
    /// There was nothing to send any more.
    NotNeeded,
}

impl MailState {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Waiting, "waiting"),
        (Self::Sent, "sent"),
        (Self::ToPost, "to_post"),
        (Self::Refused, "refused"),
        (Self::CameBack, "came_back"),
        (Self::GivenUp, "given_up"),
        (Self::NotNeeded, "not_needed"),
    ];

    /// The stored spelling.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(state, _)| *state == self)
            .map_or("", |(_, spelling)| spelling)
    }

    fn of_spelling(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, spelling)| *spelling == text)
            .map(|(state, _)| *state)
    }
}

impl Store {
    /// Plans the mail that tells of an event, in the event's own transaction.
    pub(crate) async fn plan_mail_about(
        &self,
        transaction: &mut Transaction,
        event: &StoredEvent,
    ) -> Result<(), Fault> {
        if !KINDS.contains(&event.kind.as_str()) {
            return Ok(());
        }
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            format!("{}.{}", event.case_id, event.seq).into(),
            event.case_id.as_str().into(),
            event.seq.into(),
            event.kind.as_str().into(),
            "".into(),
            event.at.as_str().into(),
            event.at.as_str().into(),
        ];
        transaction.run(&queries::MAIL_ADD, params).await?;
        Ok(())
    }

    /// Plans a mail, once however often it is planned: one to each colleague that an event is about.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn plan_mail(&self, mail: &Mail) -> Result<(), Fault> {
        let params = added(&self.authority, mail);
        self.write(&queries::MAIL_ADD, params).await.map(drop)
    }

    /// Takes mails that are due; nobody else takes them before `until`, and after that they are due again unless
    /// [`Store::mail_done`] was told what came of them.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn claim_mail(
        &self,
        now: Timestamp,
        until: Timestamp,
        at_most: u64,
    ) -> Result<Vec<Mail>, Fault> {
        let claim = &queries::MAIL_CLAIM;
        let mut taken = self
            .claimed(claim, mail_of_row, now, until, at_most)
            .await?;
        taken.sort_by(|one, other| {
            (one.happened_at, &one.case.0, one.seq, &one.id).cmp(&(
                other.happened_at,
                &other.case.0,
                other.seq,
                &other.id,
            ))
        });
        Ok(taken)
    }

    /// Records what came of a mail: its state, outcome and `run_at`.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn mail_done(&self, mail: &Mail) -> Result<(), Fault> {
        let params = done(&self.authority, mail);
        self.write(&queries::MAIL_DONE, params).await.map(drop)
    }

    /// The mail of a name.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn mail(&self, id: &str) -> Result<Option<Mail>, Fault> {
        let params = vec![self.authority.as_str().into(), id.into()];
        let rows = self.db.rows(&queries::MAIL, params).await?;
        rows.first().map(mail_of_row).transpose()
    }

    /// The mails of a case, in the order of what they tell of.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn mail_of(&self, case: &CaseId) -> Result<Vec<Mail>, Fault> {
        let params = vec![self.authority.as_str().into(), case.0.as_str().into()];
        let rows = self.db.rows(&queries::MAIL_OF_CASE, params).await?;
        rows.iter().map(mail_of_row).collect()
    }

    /// Forgets colleagues' mails that ended before an instant.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn sweep_mail(&self, before: Timestamp) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), instant(before).into()];
        self.write(&queries::MAIL_SWEEP, params).await.map(drop)
    }
}

pub(crate) fn added(authority: &str, mail: &Mail) -> Vec<Param> {
    vec![
        authority.into(),
        mail.id.as_str().into(),
        mail.case.0.as_str().into(),
        mail.seq.into(),
        mail.kind.as_str().into(),
        mail.recipient.as_str().into(),
        instant(mail.happened_at).into(),
        instant(mail.run_at).into(),
    ]
}

pub(crate) fn done(authority: &str, mail: &Mail) -> Vec<Param> {
    vec![
        authority.into(),
        mail.id.as_str().into(),
        mail.state.spelling().into(),
        mail.outcome.clone().into(),
        instant(mail.run_at).into(),
    ]
}

pub(crate) fn mail_of_row(row: &Row) -> Result<Mail, Fault> {
    let state = row.text("state")?;
    Ok(Mail {
        id: row.text("mail_id")?,
        case: CaseId(row.text("case_id")?),
        seq: row.number("seq")?,
        kind: row.text("kind")?,
        recipient: row.text("recipient")?,
        happened_at: at(row, "happened_at")?,
        run_at: at(row, "run_at")?,
        attempts: row.number("attempts")?,
        state: MailState::of_spelling(&state)
            .ok_or_else(|| Fault::Damaged(format!("not a state of a mail: {state}")))?,
        outcome: row.text_or_null("outcome")?,
    })
}
