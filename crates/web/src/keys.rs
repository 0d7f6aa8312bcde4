//! The keys of programs: what each may do, and who a request with a key comes from.

use axum::http::{HeaderMap, header};
use casework::role::{Actor, Role};
use jiff::SignedDuration;
use store::changes::Altered;
use store::doors::ApiKey;

use crate::app::{App, hash};
use crate::fault::WebError;

/// What a key may be good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Reading cases and letters.
    ReadCases,
    /// Taking in requests and recording what happened on cases.
    WriteCases,
    /// Reading the reports of the desk.
    ReadReports,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::ReadCases, Self::WriteCases, Self::ReadReports];

    /// As it stands in a key: `cases:read`.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        match self {
            Self::ReadCases => "cases:read",
            Self::WriteCases => "cases:write",
            Self::ReadReports => "reports:read",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ReadCases => "Read cases and letters, without who asked",
            Self::WriteCases => "Take in requests and record what happened on cases",
            Self::ReadReports => "Read reports",
        }
    }
}

/// The roles in which a program may act. It decides, approves and publishes nothing: a person does.
pub const ROLES: [Role; 2] = [Role::TriageOfficer, Role::InformationOfficer];

/// What every key begins with, so that those who look for keys in what was published by mistake find it.
pub const PREFIX: &str = "candour_";

/// A program that brought a key.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its key.
    pub key: ApiKey,
}

impl Program {
    /// Whether its key is good for this.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.key
            .scopes
            .split_whitespace()
            .any(|known| known == scope.spelling())
    }

    /// As it stands in events.
    ///
    /// # Errors
    /// The key's role is none in which a program acts.
    pub fn actor(&self) -> Result<Actor, WebError> {
        let role = Role::of_spelling(&self.key.role)
            .filter(|role| ROLES.contains(role))
            .ok_or(WebError::NoKey)?;
        Ok(Actor {
            id: self.key.id.clone(),
            role,
        })
    }
}

/// The program whose key stands in the headers.
///
/// # Errors
/// There is no key, or none that works.
pub async fn program(app: &App, headers: &HeaderMap) -> Result<Program, WebError> {
    let brought = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .filter(|key| key.starts_with(PREFIX))
        .ok_or(WebError::NoKey)?;
    let store = app.office.store();
    // The key is random and only its hash is looked for: how long that takes tells nothing of other keys.
    let key = store
        .key_of_hash(&hash(brought))
        .await?
        .ok_or(WebError::NoKey)?;
    let now = app.now();
    let is_stale = key
        .used_at
        .is_none_or(|used| now.duration_since(used) > SignedDuration::from_mins(1));
    if is_stale {
        store.see_key(&key.id, now).await?;
    }
    Ok(Program { key })
}

/// Makes a key; answers with it, to be shown once.
///
/// # Errors
/// The store can't be written.
pub async fn make(
    app: &App,
    name: &str,
    scopes: &[Scope],
    role: Role,
    by: &str,
) -> Result<String, WebError> {
    let key = format!("{PREFIX}{}", app.token());
    let id: String = app.token().chars().take(8).collect();
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.spelling()).collect();
    let kept = ApiKey {
        id: format!("key-{id}"),
        key_hash: hash(&key),
        name: name.to_owned(),
        scopes: scopes.join(" "),
        role: role.spelling(),
        made_by: by.to_owned(),
        made_at: app.now(),
        used_at: None,
        revoked_at: None,
    };
    let details = format!("Made, for {}, as {}", scopes.join(", "), role.name());
    let change = app.office.change(by, "key", name, &details);
    let store = app.office.store();
    store.alter(Altered::Key(&kept), &change).await?;
    Ok(key)
}
