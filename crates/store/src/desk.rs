//! What the desk keeps beside cases: accounts, sessions, private links, counts and settings. None of it is in the record
//! of events, and no session outlives a backup.

use std::collections::BTreeMap;

use casework::event::CaseId;
use casework::role::Role;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::db::{Db, Param, Query, Row, Transaction};
use crate::fault::Fault;
use crate::queries;
use crate::store::{Store, instant};

/// What the settings are called in which an account's unsent evidence of harm is kept, before the account's id. They are
/// about cases, so what belongs to a case goes with it when it is destroyed.
pub const DRAFTS: &str = "harm-drafts:";

/// What somebody wrote and has not sent yet: the fields of each form, by its place. A place begins with the reference of
/// its case and a space.
pub type Drafts = BTreeMap<String, Vec<(String, String)>>;

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its id, as it stands in events.
    pub id: String,
    /// The person's name, shown to colleagues.
    pub name: String,
    /// The address to sign in with, in lower case.
    pub email: String,
    /// The password's argon2 string; empty where signing in is the identity provider's.
    pub secret: String,
    /// The secret of the second factor, in base 32, where one is set.
    pub second_secret: Option<String>,
    /// The last time step of the second factor that was used: a code works once.
    pub second_step: u64,
    /// What the person may act as.
    pub roles: Vec<Role>,
    /// The team.
    pub team: String,
    /// Whether signing in is possible.
    pub is_active: bool,
    /// Wrong passwords since the last right one.
    pub failures: u64,
    /// Until when signing in is refused.
    pub locked_until: Option<Timestamp>,
    /// SHA-256 of each recovery code that wasn't used yet, in hexadecimal, with spaces between.
    #[serde(default)]
    pub recovery: String,
    /// Whom the identity provider knows the person as: its address, a space, and the subject it gives.
    #[serde(default)]
    pub subject: Option<String>,
}

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of its token, in hexadecimal; the token itself is only in the browser.
    pub token_hash: String,
    /// Whose it is.
    pub account: String,
    /// The token that its forms carry.
    pub form_token: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// Whether it waits for the second factor: nobody is signed in by it yet.
    pub waits: bool,
}

/// A link that lets whoever has it do one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateLink {
    /// SHA-256 of its token, in hexadecimal.
    pub token_hash: String,
    /// What it is for: `follow`, `task` or `harm`.
    pub purpose: String,
    /// The case.
    pub case: CaseId,
    /// Further particulars as JSON, such as the service area.
    pub details: String,
    /// The last day on which it works.
    pub ends_on: Date,
}

impl Store {
    /// The account of this id.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn account(&self, id: &str) -> Result<Option<Account>, Fault> {
        self.one_account(&queries::ACCOUNT, id).await
    }

    /// The account that signs in with this address.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn account_of_email(&self, email: &str) -> Result<Option<Account>, Fault> {
        self.one_account(&queries::ACCOUNT_OF_EMAIL, &email.to_lowercase())
            .await
    }

    /// The account of somebody whom the identity provider knows as this.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn account_of_subject(&self, subject: &str) -> Result<Option<Account>, Fault> {
        self.one_account(&queries::ACCOUNT_OF_SUBJECT, subject)
            .await
    }

    async fn one_account(
        &self,
        query: &'static Query,
        key: &str,
    ) -> Result<Option<Account>, Fault> {
        let params = vec![self.authority.as_str().into(), key.into()];
        let rows = self.db.rows(query, params).await?;
        rows.first().map(account_of_row).transpose()
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn accounts(&self) -> Result<Vec<Account>, Fault> {
        let params = vec![self.authority.as_str().into()];
        let rows = self.db.rows(&queries::ACCOUNTS, params).await?;
        rows.iter().map(account_of_row).collect()
    }

    /// Writes an account, new or changed.
    ///
    /// # Errors
    /// The address is another account's, or the database can't be written.
    pub async fn keep_account(&self, account: &Account) -> Result<(), Fault> {
        let params = account_params(&self.authority, account);
        self.write(&queries::ACCOUNT_SET, params).await.map(drop)
    }

    /// Counts a wrong password and answers how many there were since the last right one. Two at once both count.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn count_failure(
        &self,
        account: &str,
        lock_at: u64,
        until: Timestamp,
    ) -> Result<(), Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            account.into(),
            lock_at.into(),
            instant(until).into(),
        ];
        self.write(&queries::ACCOUNT_FAILED, params).await.map(drop)
    }

    /// Forgets wrong passwords after a right one.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn forget_failures(&self, account: &str) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), account.into()];
        self.write(&queries::ACCOUNT_OPENED, params).await.map(drop)
    }

    /// Uses the second factor's code of a time step. False when that one or a later one was used before: a code works
    /// once, however many try it at the same time.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn use_step(&self, account: &str, step: u64) -> Result<bool, Fault> {
        let params = vec![self.authority.as_str().into(), account.into(), step.into()];
        Ok(self.write(&queries::ACCOUNT_STEP, params).await? == 1)
    }

    /// Uses a recovery code by its hash. False when there is none, or none any more.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn use_recovery(&self, account: &str, code_hash: &str) -> Result<bool, Fault> {
        // Anything else would be a pattern.
        if code_hash.len() != 64 || !code_hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(false);
        }
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            account.into(),
            code_hash.into(),
            format!("%{code_hash}%").into(),
        ];
        Ok(self.write(&queries::ACCOUNT_RECOVERY, params).await? == 1)
    }

    /// Begins a session.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn begin_session(&self, session: &Session) -> Result<(), Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            session.token_hash.as_str().into(),
            session.account.as_str().into(),
            session.form_token.as_str().into(),
            instant(session.began_at).into(),
            instant(session.seen_at).into(),
            u64::from(session.waits).into(),
        ];
        self.write(&queries::SESSION_ADD, params).await.map(drop)
    }

    /// The session under the hash of a token.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn session(&self, token_hash: &str) -> Result<Option<Session>, Fault> {
        let params = vec![self.authority.as_str().into(), token_hash.into()];
        let rows = self.db.rows(&queries::SESSION, params).await?;
        rows.first()
            .map(|row| {
                Ok(Session {
                    token_hash: token_hash.to_owned(),
                    account: row.text("account_id")?,
                    form_token: row.text("form_token")?,
                    began_at: at(row, "began_at")?,
                    seen_at: at(row, "seen_at")?,
                    waits: row.int("waits")? == 1,
                })
            })
            .transpose()
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn see_session(&self, token_hash: &str, at: Timestamp) -> Result<(), Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            token_hash.into(),
            instant(at).into(),
        ];
        self.write(&queries::SESSION_SEEN, params).await.map(drop)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn end_session(&self, token_hash: &str) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), token_hash.into()];
        self.write(&queries::SESSION_END, params).await.map(drop)
    }

    /// Ends every session of an account, as when its password or roles change.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn end_sessions_of(&self, account: &str) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), account.into()];
        self.write(&queries::SESSIONS_END, params).await.map(drop)
    }

    /// Removes sessions that weren't used since an instant.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn sweep_sessions(&self, unused_since: Timestamp) -> Result<(), Fault> {
        let params: Vec<Param> = vec![self.authority.as_str().into(), instant(unused_since).into()];
        self.write(&queries::SESSIONS_SWEEP, params).await.map(drop)
    }

    /// Keeps a private link.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn keep_link(&self, link: &PrivateLink) -> Result<(), Fault> {
        let params = link_params(&self.authority, link);
        self.write(&queries::LINK_ADD, params).await.map(drop)
    }

    /// The private link under the hash of a token, if it still works on a day.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn link(
        &self,
        token_hash: &str,
        purpose: &str,
        today: Date,
    ) -> Result<Option<PrivateLink>, Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            token_hash.into(),
            purpose.into(),
            today.to_string().into(),
        ];
        let rows = self.db.rows(&queries::LINK, params).await?;
        rows.first().map(link_of_row).transpose()
    }

    /// Adds to a count of a day. Counts carry no text, address or person.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn count(&self, day: Date, name: &str, by: u64) -> Result<(), Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            day.to_string().into(),
            name.into(),
            by.into(),
        ];
        self.write(&queries::TALLY_ADD, params).await.map(drop)
    }

    /// The counts between two days, both included, added up by name.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn counts(&self, from: Date, to: Date) -> Result<Vec<(String, u64)>, Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            from.to_string().into(),
            to.to_string().into(),
        ];
        let rows = self.db.rows(&queries::TALLIES, params).await?;
        rows.iter()
            .map(|row| Ok((row.text("name")?, row.number("total")?)))
            .collect()
    }

    /// A setting of the authority, such as its name and colours.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, Fault> {
        let params = vec![self.authority.as_str().into(), name.into()];
        let rows = self.db.rows(&queries::SETTING, params).await?;
        rows.first().map(|row| row.text("value")).transpose()
    }

    /// Changes a setting.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn keep_setting(&self, name: &str, value: &str) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), name.into(), value.into()];
        self.write(&queries::SETTING_SET, params).await.map(drop)
    }

    /// Drops what people wrote about a case and never sent, whoever they are.
    pub(crate) async fn drop_drafts(
        &self,
        transaction: &mut Transaction,
        reference: &str,
    ) -> Result<(), Fault> {
        let params = vec![self.authority.as_str().into(), format!("{DRAFTS}%").into()];
        for row in transaction.rows(&queries::SETTINGS_LIKE, params).await? {
            let name = row.text("name")?;
            let mut drafts: Drafts = serde_json::from_str(&row.text("value")?).unwrap_or_default();
            let before = drafts.len();
            drafts.retain(|place, _| place.split(' ').next() != Some(reference));
            if drafts.len() < before {
                let value = serde_json::to_string(&drafts)
                    .map_err(|error| Fault::Damaged(error.to_string()))?;
                let params = vec![self.authority.as_str().into(), name.into(), value.into()];
                transaction.run(&queries::SETTING_SET, params).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn write(
        &self,
        query: &'static Query,
        params: Vec<Param>,
    ) -> Result<u64, Fault> {
        write(&self.db, query, params).await
    }
}

pub(crate) fn account_params(authority: &str, account: &Account) -> Vec<Param> {
    let roles: Vec<String> = account.roles.iter().map(|role| role.spelling()).collect();
    vec![
        authority.into(),
        account.id.as_str().into(),
        account.name.as_str().into(),
        account.email.to_lowercase().into(),
        account.secret.as_str().into(),
        account.second_secret.clone().into(),
        account.second_step.into(),
        roles.join(" ").into(),
        account.team.as_str().into(),
        u64::from(account.is_active).into(),
        account.failures.into(),
        account.locked_until.map(instant).into(),
        account.recovery.as_str().into(),
        account.subject.clone().into(),
    ]
}

pub(crate) fn link_params(authority: &str, link: &PrivateLink) -> Vec<Param> {
    vec![
        authority.into(),
        link.token_hash.as_str().into(),
        link.purpose.as_str().into(),
        link.case.0.as_str().into(),
        link.details.as_str().into(),
        link.ends_on.to_string().into(),
    ]
}

pub(crate) fn link_of_row(row: &Row) -> Result<PrivateLink, Fault> {
    let ends_on = row.text("ends_on")?;
    Ok(PrivateLink {
        token_hash: row.text("token_hash")?,
        purpose: row.text("purpose")?,
        case: CaseId(row.text("case_id")?),
        details: row.text("details")?,
        ends_on: ends_on
            .parse()
            .map_err(|_| Fault::Damaged(format!("not a day: {ends_on}")))?,
    })
}

async fn write(db: &Db, query: &'static Query, params: Vec<Param>) -> Result<u64, Fault> {
    let mut transaction = db.begin().await?;
    let rows = transaction.run(query, params).await?;
    transaction.commit().await?;
    Ok(rows)
}

pub(crate) fn at(row: &Row, column: &str) -> Result<Timestamp, Fault> {
    let text = row.text(column)?;
    text.parse()
        .map_err(|_| Fault::Damaged(format!("not an instant: {text}")))
}

pub(crate) fn account_of_row(row: &Row) -> Result<Account, Fault> {
    let roles = row.text("roles")?;
    let locked = row.text_or_null("locked_until")?;
    Ok(Account {
        id: row.text("account_id")?,
        name: row.text("name")?,
        email: row.text("email")?,
        secret: row.text("secret")?,
        second_secret: row.text_or_null("second_secret")?,
        second_step: row.number("second_step")?,
        roles: roles
            .split_whitespace()
            .filter_map(Role::of_spelling)
            .collect(),
        team: row.text("team")?,
        is_active: row.int("is_active")? == 1,
        failures: row.number("failures")?,
        locked_until: locked
            .map(|text| {
                text.parse()
                    .map_err(|_| Fault::Damaged(format!("not an instant: {text}")))
            })
            .transpose()?,
        recovery: row.text("recovery")?,
        subject: row.text_or_null("subject")?,
    })
}
