//! The doors for other programs: keys, subscriptions to events, and browsers on their way through the identity provider.

use casework::event::CaseId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Param, Row};
use crate::desk::at;
use crate::fault::Fault;
use crate::queries;
use crate::store::{Store, instant};

/// The key of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// Its id, as it stands in events.
    pub id: String,
    /// SHA-256 of the key, in hexadecimal; the key itself was shown once.
    pub key_hash: String,
    /// What it is for.
    pub name: String,
    /// What it may do, in words with spaces between.
    pub scopes: String,
    /// The role in which it acts.
    pub role: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A subscription to what happens on cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where it is told.
    pub url: String,
    /// What its messages are signed with.
    pub secret: String,
    /// The kinds of events, with spaces between.
    pub kinds: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Up to where deliveries are planned.
    pub position: u64,
}

/// A message to a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The subscription.
    pub webhook: String,
    /// The position of the event; with the subscription it names the message.
    pub position: u64,
    /// The case.
    pub case: CaseId,
    /// The kind of event.
    pub kind: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it is tried again; when it was last tried, if it isn't waiting any more.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: u64,
    /// `waiting`, `delivered` or `given_up`.
    pub state: String,
    /// What came of the last try.
    pub outcome: Option<String>,
}

/// A browser that was sent to the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// SHA-256 of the state that went with it.
    pub state_hash: String,
    /// SHA-256 of the cookie that it was given.
    pub browser_hash: String,
    /// What the provider's token must repeat.
    pub nonce: String,
    /// What proves that the code is ours to exchange (PKCE).
    pub verifier: String,
    /// Where it goes after signing in.
    pub next_page: String,
    /// When.
    pub began_at: Timestamp,
}

impl Store {
    /// The key under a hash, unless it was revoked.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn key_of_hash(&self, key_hash: &str) -> Result<Option<ApiKey>, Fault> {
        let params = vec![self.authority.as_str().into(), key_hash.into()];
        let rows = self.db.rows(&queries::KEY_OF_HASH, params).await?;
        rows.first().map(key_of_row).transpose()
    }

    /// Every key, newest first.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, Fault> {
        let params = vec![self.authority.as_str().into()];
        let rows = self.db.rows(&queries::KEYS, params).await?;
        rows.iter().map(key_of_row).collect()
    }

    /// Notes that a key was used.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn see_key(&self, id: &str, at: Timestamp) -> Result<(), Fault> {
        self.mark(&queries::KEY_USED, id, at).await
    }

    /// Every subscription, newest first.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, Fault> {
        let params = vec![self.authority.as_str().into()];
        let rows = self.db.rows(&queries::WEBHOOKS, params).await?;
        rows.iter().map(webhook_of_row).collect()
    }

    /// The position of the newest event.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn newest_position(&self) -> Result<u64, Fault> {
        let params = vec![self.authority.as_str().into()];
        let rows = self.db.rows(&queries::NEWEST_POSITION, params).await?;
        rows.first().map_or(Ok(0), |row| row.number("position"))
    }

    /// Plans a delivery for each event after where a subscription stands whose kind it asked for. Two nodes that plan the
    /// same plan it once. Answers whether there may be more.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn plan_deliveries(&self, webhook: &Webhook, now: Timestamp) -> Result<bool, Fault> {
        const PAGE: u64 = 500;
        let authority = self.authority.as_str();
        let params = vec![authority.into(), webhook.position.into(), PAGE.into()];
        let rows = self.db.rows(&queries::HAPPENED_AFTER, params).await?;
        let Some(last) = rows.last() else {
            return Ok(false);
        };
        let up_to = last.number("position")?;
        let mut transaction = self.db.begin().await?;
        for row in &rows {
            let kind = row.text("kind")?;
            if !webhook.kinds.split_whitespace().any(|known| known == kind) {
                continue;
            }
            let params: Vec<Param> = vec![
                authority.into(),
                webhook.id.as_str().into(),
                row.number("position")?.into(),
                row.text("case_id")?.into(),
                kind.into(),
                row.text("at")?.into(),
                instant(now).into(),
            ];
            transaction.run(&queries::DELIVERY_ADD, params).await?;
        }
        let params: Vec<Param> = vec![
            authority.into(),
            webhook.id.as_str().into(),
            webhook.position.into(),
            up_to.into(),
        ];
        transaction.run(&queries::WEBHOOK_PLANNED, params).await?;
        transaction.commit().await?;
        Ok(u64::try_from(rows.len()).unwrap_or(PAGE) == PAGE)
    }

    /// Takes deliveries that are due; nobody else takes them before `until`, and after that they are due again unless
    /// [`Store::delivered`] was told what came of them.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn claim_deliveries(
        &self,
        now: Timestamp,
        until: Timestamp,
        at_most: u64,
    ) -> Result<Vec<Delivery>, Fault> {
        let claim = &queries::DELIVERY_CLAIM;
        let mut taken = self
            .claimed(claim, delivery_of_row, now, until, at_most)
            .await?;
        taken.sort_by(|one, other| {
            (one.position, &one.webhook).cmp(&(other.position, &other.webhook))
        });
        Ok(taken)
    }

    /// Records what came of a delivery: its state, outcome and `run_at`.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn delivered(&self, delivery: &Delivery) -> Result<(), Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            delivery.webhook.as_str().into(),
            delivery.position.into(),
            delivery.state.as_str().into(),
            delivery.outcome.clone().into(),
            instant(delivery.run_at).into(),
        ];
        self.write(&queries::DELIVERY_DONE, params).await.map(drop)
    }

    /// The newest deliveries.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn deliveries(&self, at_most: u64) -> Result<Vec<Delivery>, Fault> {
        let params = vec![self.authority.as_str().into(), at_most.into()];
        let rows = self.db.rows(&queries::DELIVERIES, params).await?;
        rows.iter().map(delivery_of_row).collect()
    }

    /// Forgets deliveries that ended before an instant.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn sweep_deliveries(&self, before: Timestamp) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), instant(before).into()];
        self.write(&queries::DELIVERIES_SWEEP, params)
            .await
            .map(drop)
    }

    /// Remembers a browser that is sent to the identity provider, and forgets those that didn't come back.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn hand_over(
        &self,
        handover: &Handover,
        forget_before: Timestamp,
    ) -> Result<(), Fault> {
        let authority = self.authority.as_str();
        let params: Vec<Param> = vec![authority.into(), instant(forget_before).into()];
        self.write(&queries::HANDOVERS_SWEEP, params).await?;
        let params: Vec<Param> = vec![
            authority.into(),
            handover.state_hash.as_str().into(),
            handover.browser_hash.as_str().into(),
            handover.nonce.as_str().into(),
            handover.verifier.as_str().into(),
            handover.next_page.as_str().into(),
            instant(handover.began_at).into(),
        ];
        self.write(&queries::HANDOVER_ADD, params).await.map(drop)
    }

    /// Takes what was remembered of a browser: the same state isn't taken twice.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn take_back(&self, state_hash: &str) -> Result<Option<Handover>, Fault> {
        let params = vec![self.authority.as_str().into(), state_hash.into()];
        let mut transaction = self.db.begin().await?;
        let rows = transaction.rows(&queries::HANDOVER_TAKE, params).await?;
        let taken = rows
            .first()
            .map(|row| {
                Ok::<_, Fault>(Handover {
                    state_hash: state_hash.to_owned(),
                    browser_hash: row.text("browser_hash")?,
                    nonce: row.text("nonce")?,
                    verifier: row.text("verifier")?,
                    next_page: row.text("next_page")?,
                    began_at: at(row, "began_at")?,
                })
            })
            .transpose()?;
        transaction.commit().await?;
        Ok(taken)
    }

    async fn mark(
        &self,
        query: &'static crate::db::Query,
        id: &str,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            id.into(),
            instant(at).into(),
        ];
        self.write(query, params).await.map(drop)
    }
}

pub(crate) fn key_params(authority: &str, key: &ApiKey) -> Vec<Param> {
    vec![
        authority.into(),
        key.id.as_str().into(),
        key.key_hash.as_str().into(),
        key.name.as_str().into(),
        key.scopes.as_str().into(),
        key.role.as_str().into(),
        key.made_by.as_str().into(),
        instant(key.made_at).into(),
        key.used_at.map(instant).into(),
        key.revoked_at.map(instant).into(),
    ]
}

pub(crate) fn key_of_row(row: &Row) -> Result<ApiKey, Fault> {
    Ok(ApiKey {
        id: row.text("key_id")?,
        key_hash: row.text("key_hash")?,
        name: row.text("name")?,
        scopes: row.text("scopes")?,
        role: row.text("role")?,
        made_by: row.text("made_by")?,
        made_at: at(row, "made_at")?,
        used_at: at_or_null(row, "used_at")?,
        revoked_at: at_or_null(row, "revoked_at")?,
    })
}

pub(crate) fn webhook_params(authority: &str, webhook: &Webhook) -> Vec<Param> {
    vec![
        authority.into(),
        webhook.id.as_str().into(),
        webhook.url.as_str().into(),
        webhook.secret.as_str().into(),
        webhook.kinds.as_str().into(),
        webhook.made_by.as_str().into(),
        instant(webhook.made_at).into(),
        webhook.ended_at.map(instant).into(),
        webhook.position.into(),
    ]
}

pub(crate) fn webhook_of_row(row: &Row) -> Result<Webhook, Fault> {
    Ok(Webhook {
        id: row.text("webhook_id")?,
        url: row.text("url")?,
        secret: row.text("secret")?,
        kinds: row.text("kinds")?,
        made_by: row.text("made_by")?,
        made_at: at(row, "made_at")?,
        ended_at: at_or_null(row, "ended_at")?,
        position: row.number("position")?,
    })
}

fn delivery_of_row(row: &Row) -> Result<Delivery, Fault> {
    Ok(Delivery {
        webhook: row.text("webhook_id")?,
        position: row.number("position")?,
        case: CaseId(row.text("case_id")?),
        kind: row.text("kind")?,
        happened_at: at(row, "happened_at")?,
        run_at: at(row, "run_at")?,
        attempts: row.number("attempts")?,
        state: row.text("state")?,
        outcome: row.text_or_null("outcome")?,
    })
}

fn at_or_null(row: &Row, column: &str) -> Result<Option<Timestamp>, Fault> {
    row.text_or_null(column)?
        .map(|text| {
            text.parse()
                .map_err(|_| Fault::Damaged(format!("not an instant: {text}")))
        })
        .transpose()
}
