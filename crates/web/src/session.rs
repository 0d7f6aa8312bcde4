//! Who is visiting: sessions in the store, their cookie, and where a sign-in may lead.

use axum::http::HeaderMap;
use casework::command::{Command, CommandKind};
use casework::procedure::{self, State};
use casework::role::{Actor, Role};
use jiff::SignedDuration;
use store::desk::{Account, Session};

use crate::app::{App, hash};
use crate::fault::WebError;
use crate::preferences::Preferences;

/// Signed out after so long without use.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Signed out after so long whatever happens.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// So long may somebody look for the second factor.
const WAITING: SignedDuration = SignedDuration::from_mins(10);

/// Who sent a request for a page.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Who is signed in, and their session.
    pub signed_in: Option<(Account, Session)>,
    /// What they chose for their own pages.
    pub preferences: Preferences,
    /// The path asked for.
    pub path: String,
    /// The reference under which the log knows this request.
    pub reference: String,
}

impl Visit {
    /// The account, where someone is signed in.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.signed_in.as_ref().map(|(account, _)| account)
    }

    /// Whether the visitor has one of these roles.
    #[must_use]
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.account()
            .is_some_and(|account| account.roles.iter().any(|role| roles.contains(role)))
    }

    /// The visitor, acting in the first of their roles in which this may be done in this state.
    ///
    /// # Errors
    /// There is none: for them there is no such page.
    pub fn actor(&self, command: CommandKind, state: State) -> Result<Actor, WebError> {
        let account = self.account().ok_or(WebError::NotFound)?;
        let role = account
            .roles
            .iter()
            .find(|role| procedure::allowed(**role, state, command))
            .or_else(|| {
                // The right role at the wrong time gets the reason, not the not-found page.
                account.roles.iter().find(|role| {
                    State::ALL
                        .iter()
                        .any(|state| procedure::allowed(**role, *state, command))
                })
            })
            .ok_or(WebError::NotFound)?;
        Ok(Actor {
            id: account.id.clone(),
            role: *role,
        })
    }

    /// Commands of this visitor, each in a role in which it may be done; for [`office::Office::act_all`].
    ///
    /// # Errors
    /// As [`Visit::actor`].
    pub fn acts(
        &self,
        commands: Vec<Command>,
        state: State,
    ) -> Result<Vec<(Actor, Command)>, WebError> {
        commands
            .into_iter()
            .map(|command| Ok((self.actor(command.kind(), state)?, command)))
            .collect()
    }

    /// The token that this visitor's forms carry.
    #[must_use]
    pub fn form_token(&self) -> String {
        self.signed_in
            .as_ref()
            .map_or_else(String::new, |(_, session)| session.form_token.clone())
    }
}

/// The name of the cookie: with TLS the browser itself refuses it from elsewhere.
fn cookie_name(app: &App) -> &'static str {
    if app.settings.is_secure {
        "__Host-candour"
    } else {
        "candour"
    }
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The cookie that carries a session's token, or takes it away when there is none.
#[must_use]
pub fn set_cookie(app: &App, token: Option<&str>) -> String {
    let secure = if app.settings.is_secure {
        "; Secure"
    } else {
        ""
    };
    let name = cookie_name(app);
    match token {
        Some(token) => format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"),
        None => format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"),
    }
}

/// Puts a cookie on an answer.
pub fn give_cookie(response: &mut axum::response::Response, cookie: &str) {
    if let Ok(value) = cookie.parse() {
        response
            .headers_mut()
            .append(axum::http::header::SET_COOKIE, value);
    }
}

/// Who the cookie of these headers says is visiting.
///
/// # Errors
/// The store can't answer.
pub async fn visitor(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<(Account, Session)>, store::Fault> {
    let store = app.office.store();
    let Some(session) = session_of(app, headers)
        .await?
        .filter(|session| !session.waits)
    else {
        return Ok(None);
    };
    let now = app.now();
    let idle = now.duration_since(session.seen_at);
    if idle > IDLE || now.duration_since(session.began_at) > LONGEST {
        store.end_session(&session.token_hash).await?;
        return Ok(None);
    }
    let account = store
        .account(&session.account)
        .await?
        .filter(|account| account.is_active);
    let Some(account) = account else {
        store.end_session(&session.token_hash).await?;
        return Ok(None);
    };
    // To the minute is enough, and spares a write at each page.
    if idle > SignedDuration::from_mins(1) {
        store.see_session(&session.token_hash, now).await?;
    }
    Ok(Some((account, session)))
}

/// The session that the cookie of these headers names, whatever it is good for.
async fn session_of(app: &App, headers: &HeaderMap) -> Result<Option<Session>, store::Fault> {
    let Some(token) = cookie(headers, cookie_name(app)).filter(|token| token.len() == 64) else {
        return Ok(None);
    };
    app.office.store().session(&hash(token)).await
}

/// Who gave a right password a moment ago and owes the second factor, with the session that waits for it.
///
/// # Errors
/// The store can't answer.
pub async fn waiting(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<(Account, Session)>, store::Fault> {
    let Some(session) = session_of(app, headers)
        .await?
        .filter(|session| session.waits)
    else {
        return Ok(None);
    };
    let store = app.office.store();
    let account = store.account(&session.account).await?;
    let account = account.filter(|account| account.is_active && account.second_secret.is_some());
    if let Some(account) = account
        && app.now().duration_since(session.began_at) <= WAITING
    {
        return Ok(Some((account, session)));
    }
    store.end_session(&session.token_hash).await?;
    Ok(None)
}

/// Begins a session for an account, under a token that nobody had before.
///
/// # Errors
/// The store can't be written.
pub async fn begin(app: &App, account: &Account) -> Result<String, store::Fault> {
    begin_with(app, account, false).await
}

/// The same for somebody who owes the second factor: it signs nobody in.
///
/// # Errors
/// The store can't be written.
pub async fn begin_waiting(app: &App, account: &Account) -> Result<String, store::Fault> {
    begin_with(app, account, true).await
}

async fn begin_with(app: &App, account: &Account, waits: bool) -> Result<String, store::Fault> {
    let token = app.token();
    let now = app.now();
    let store = app.office.store();
    store
        .sweep_sessions(now.checked_sub(LONGEST).unwrap_or(now))
        .await?;
    store
        .begin_session(&Session {
            token_hash: hash(&token),
            account: account.id.clone(),
            form_token: app.token(),
            began_at: now,
            seen_at: now,
            waits,
        })
        .await?;
    Ok(token)
}

/// Where a sign-in leads: a page of the desk and nowhere else, or else `home`.
#[must_use]
pub fn next_page(wanted: &str, home: &str) -> String {
    let is_ours = wanted.starts_with("/desk")
        && wanted
            .as_bytes()
            .get(5)
            .is_none_or(|byte| matches!(byte, b'/' | b'?'))
        && !wanted.contains("//")
        && !wanted.contains('\\')
        && wanted.bytes().all(|byte| byte.is_ascii_graphic());
    // Whoever only set out for the desk comes to their own first page: not every role has the queue.
    if is_ours && wanted != "/desk" {
        wanted.to_owned()
    } else {
        home.to_owned()
    }
}

/// The first page of somebody with these roles.
#[must_use]
pub fn home_of(account: &Account) -> &'static str {
    let has = |role| account.roles.contains(&role);
    if has(Role::InformationOfficer) || has(Role::TriageOfficer) {
        "/desk"
    } else if has(Role::Approver) {
        "/desk/approvals"
    } else if has(Role::QualifiedPerson) {
        "/desk/opinions"
    } else if has(Role::Publisher) {
        "/desk/publications"
    } else if has(Role::SecurityAdviser) {
        "/desk/harm"
    } else if has(Role::ServiceAreaContact) {
        "/desk/team"
    } else if has(Role::Auditor) {
        "/desk"
    } else if has(Role::Administrator) {
        "/desk/admin"
    } else {
        "/desk/account"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_only_to_the_desk() {
        for (wanted, expected) in [
            ("/desk", "/home"),
            ("/desk?view=late", "/desk?view=late"),
            ("/desk/cases/HM-2026-1", "/desk/cases/HM-2026-1"),
            ("//example.org", "/home"),
            ("/desk//example.org", "/home"),
            ("/desk\\@example.org", "/home"),
            ("/desk.example.org", "/home"),
            ("https://example.org/desk", "/home"),
            ("/desk\r\nSet-Cookie: a=b", "/home"),
            ("", "/home"),
        ] {
            assert_eq!(next_page(wanted, "/home"), expected, "{wanted:?}");
        }
    }
}
