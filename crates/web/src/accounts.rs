//! Local accounts: passwords, lock-out, the second factor.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use jiff::{SignedDuration, Timestamp};
use store::Store;
use store::desk::Account;

use crate::second;

/// Wrong passwords after which an account is shut for a while.
pub const LOCK_AT: u64 = 5;
/// For how long.
pub const LOCK_FOR: SignedDuration = SignedDuration::from_mins(15);
/// The fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 12;

/// Hashing is slow on purpose: at most so many at once, so that attempts to sign in don't take the machine.
static HASHING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// The argon2id string of a password.
///
/// # Errors
/// The password is longer than argon2 takes.
pub fn secret(password: &str) -> Result<String, String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

/// Whether this is the account's password now. It takes as long for an address that nobody has, for a shut account and
/// for a wrong password: who has an account can't be learnt from it. `nobody` is a secret that no password fits.
///
/// # Errors
/// The store can't answer.
pub async fn right_password(
    store: &Store,
    nobody: &str,
    email: &str,
    password: &str,
    now: Timestamp,
) -> Result<Option<Account>, store::Fault> {
    let account = store.account_of_email(email).await?;
    let secret = account
        .as_ref()
        .map(|account| account.secret.clone())
        .filter(|secret| !secret.is_empty())
        .unwrap_or_else(|| nobody.to_owned());
    let password = password.to_owned();
    let permit = HASHING.acquire().await;
    let fits = tokio::task::spawn_blocking(move || {
        argon2::PasswordHash::new(&secret).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    })
    .await
    .unwrap_or(false);
    drop(permit);
    let is_shut = |account: &Account| account.locked_until.is_some_and(|until| until > now);
    let Some(account) = account.filter(|account| account.is_active && !is_shut(account)) else {
        // A wrong password is written down; so is this, or the answer would come sooner.
        let day = jiff::tz::TimeZone::UTC.to_datetime(now).date();
        store.count(day, "sign_in.nobody", 1).await?;
        return Ok(None);
    };
    if !fits {
        let until = now.checked_add(LOCK_FOR).unwrap_or(now);
        store.count_failure(&account.id, LOCK_AT, until).await?;
        return Ok(None);
    }
    // Whoever owes a second factor isn't in yet: their wrong codes stay counted.
    if account.failures > 0 && account.second_secret.is_none() {
        store.forget_failures(&account.id).await?;
    }
    Ok(Some(account))
}

/// Whether this is the code that the account's authenticator shows, or one of its recovery codes, and wasn't used before.
/// It is used up by this. Wrong ones count like wrong passwords, and shut the account like them.
///
/// # Errors
/// The store can't answer.
pub async fn right_code(
    store: &Store,
    account: &Account,
    written: &str,
    now: Timestamp,
) -> Result<bool, store::Fault> {
    let is_shut = account.locked_until.is_some_and(|until| until > now);
    let Some(secret) = account.second_secret.as_ref().filter(|_| !is_shut) else {
        return Ok(false);
    };
    let is_right = match second::step_of_code(secret, written, now) {
        Some(step) => store.use_step(&account.id, step).await?,
        None => {
            let code = second::recovery_hash(written);
            store.use_recovery(&account.id, &code).await?
        }
    };
    if !is_right {
        let until = now.checked_add(LOCK_FOR).unwrap_or(now);
        store.count_failure(&account.id, LOCK_AT, until).await?;
    }
    Ok(is_right)
}

/// A name for a new account's id: lower-case letters and digits of the person's name, with a number where it is taken.
#[must_use]
pub fn id_for(name: &str, taken: &[Account]) -> String {
    let base: String = name
        .split_whitespace()
        .next()
        .unwrap_or("person")
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let base = if base.is_empty() {
        "person".to_owned()
    } else {
        base
    };
    // "new" is the address of the empty form.
    let is_taken = |id: &str| id == "new" || taken.iter().any(|account| account.id == id);
    if !is_taken(&base) {
        return base;
    }
    (2_u32..)
        .map(|number| format!("{base}{number}"))
        .find(|id| !is_taken(id))
        .unwrap_or(base)
}

/// Makes an administrator where there is no account at all, and answers with the password, to be shown once.
///
/// # Errors
/// The store can't.
pub async fn first_administrator(store: &Store) -> Result<Option<String>, String> {
    let accounts = store.accounts().await.map_err(|fault| fault.to_string())?;
    if !accounts.is_empty() {
        return Ok(None);
    }
    let random = casework::applicant::hex(&(store.secrets().entropy)());
    let password: String = random.chars().take(20).collect();
    store
        .keep_account(&Account {
            id: "administrator".to_owned(),
            name: "Administrator".to_owned(),
            email: "administrator@localhost".to_owned(),
            secret: secret(&password)?,
            second_secret: None,
            second_step: 0,
            roles: vec![casework::role::Role::Administrator],
            team: String::new(),
            is_active: true,
            failures: 0,
            locked_until: None,
            recovery: String::new(),
            subject: None,
        })
        .await
        .map_err(|fault| fault.to_string())?;
    Ok(Some(password))
}
