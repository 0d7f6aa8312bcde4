//! The history of administration: who changed how the office is set up, when and what. A change and its entry are written
//! together or not at all, and no entry is ever changed or deleted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Param, Query, Row};
use crate::desk::{Account, account_params, at};
use crate::doors::{ApiKey, Webhook, key_params, webhook_params};
use crate::fault::Fault;
use crate::queries;
use crate::store::{Store, instant};

/// An entry of that history. It holds no password, key or secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Its number, from 1, without gaps; it is given when it is written.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// The account of whoever changed it, or the program that did.
    pub by: String,
    /// What sort of thing was changed: `account`, `branding`, `logo`, `wording`, `key`, `webhook`.
    pub kind: String,
    /// Which one, as people know it.
    pub about: String,
    /// What about it, in words.
    pub details: String,
}

/// The counter of the entries.
const COUNTER: &str = "office_change";

/// What is altered in how the office is set up.
#[derive(Clone, Copy, Debug)]
pub enum Altered<'a> {
    /// An account, new or changed.
    Account(&'a Account),
    /// Settings that are written together: the name of each, and its new value.
    Settings(&'a [(&'a str, &'a str)]),
    /// A program's key that is made.
    Key(&'a ApiKey),
    /// A program's key that is revoked, by its id.
    KeyRevoked(&'a str),
    /// A subscription that begins.
    Webhook(&'a Webhook),
    /// A subscription that ends, by its id.
    WebhookEnded(&'a str),
}

impl Store {
    /// Alters how the office is set up, with its entry in the history, which gets the next number.
    ///
    /// # Errors
    /// The address of an account is another's, or the database can't be written; nothing is changed then.
    pub async fn alter(&self, altered: Altered<'_>, change: &Change) -> Result<(), Fault> {
        let authority = self.authority.as_str();
        let marked = |id: &str| -> Vec<Param> {
            vec![authority.into(), id.into(), instant(change.at).into()]
        };
        let steps: Vec<(&'static Query, Vec<Param>)> = match altered {
            Altered::Account(account) => {
                vec![(&queries::ACCOUNT_SET, account_params(authority, account))]
            }
            Altered::Settings(settings) => settings
                .iter()
                .map(|(name, value)| {
                    let params = vec![authority.into(), (*name).into(), (*value).into()];
                    (&queries::SETTING_SET, params)
                })
                .collect(),
            Altered::Key(key) => vec![(&queries::KEY_ADD, key_params(authority, key))],
            Altered::KeyRevoked(id) => vec![(&queries::KEY_REVOKE, marked(id))],
            Altered::Webhook(webhook) => {
                vec![(&queries::WEBHOOK_ADD, webhook_params(authority, webhook))]
            }
            Altered::WebhookEnded(id) => vec![(&queries::WEBHOOK_END, marked(id))],
        };
        let mut transaction = self.db.begin().await?;
        for (query, params) in steps {
            transaction.run(query, params).await?;
        }
        let number = self.raise(&mut transaction, COUNTER, 1).await?;
        let numbered = Change {
            number,
            ..change.clone()
        };
        let params = change_params(authority, &numbered);
        transaction.run(&queries::CHANGE_ADD, params).await?;
        transaction.commit().await
    }

    /// The entries before the one of a number (from the newest where there is none), newest first.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn changes(&self, before: Option<u64>, at_most: u64) -> Result<Vec<Change>, Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            before.unwrap_or(i64::MAX as u64).into(),
            at_most.into(),
        ];
        let rows = self.db.rows(&queries::CHANGES_BEFORE, params).await?;
        rows.iter().map(change_of_row).collect()
    }
}

pub(crate) fn change_params(authority: &str, change: &Change) -> Vec<Param> {
    vec![
        authority.into(),
        change.number.into(),
        instant(change.at).into(),
        change.by.as_str().into(),
        change.kind.as_str().into(),
        change.about.as_str().into(),
        change.details.as_str().into(),
    ]
}

pub(crate) fn change_of_row(row: &Row) -> Result<Change, Fault> {
    Ok(Change {
        number: row.number("number")?,
        at: at(row, "at")?,
        by: row.text("actor")?,
        kind: row.text("kind")?,
        about: row.text("about")?,
        details: row.text("details")?,
    })
}
