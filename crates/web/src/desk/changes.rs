//! The history of administration: who changed how the office is set up, when and what.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::role::Role;
use serde::Deserialize;
use store::changes::Altered;
use store::desk::Account;

use crate::app::App;
use crate::branding::Branding;
use crate::desk::shown;
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// Who changes an account that comes from the identity provider.
pub(crate) const PROVIDER: &str = "identity provider";

/// Entries on a page.
const PAGE: usize = 50;

/// An entry.
#[derive(Clone, Debug)]
pub struct Row {
    at: String,
    who: String,
    what: &'static str,
    about: String,
    details: String,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/changes.html")]
pub struct ChangesPage {
    frame: Frame,
    rows: Vec<Row>,
    /// The address of the older entries; empty at the end.
    older: String,
}

/// Which entries the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    before: Option<u64>,
}

/// Shows it, newest first.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let accounts = store.accounts().await?;
    let names: BTreeMap<&str, &str> = accounts
        .iter()
        .map(|account| (account.id.as_str(), account.name.as_str()))
        .collect();
    let mut changes = store.changes(asked.before, PAGE as u64 + 1).await?;
    let is_more = changes.len() > PAGE;
    changes.truncate(PAGE);
    let older = changes
        .last()
        .filter(|_| is_more)
        .map(|last| format!("/desk/admin/history?before={}", last.number));
    let template = ChangesPage {
        frame: Frame::new(&app, &visit),
        older: older.unwrap_or_default(),
        rows: changes
            .into_iter()
            .map(|change| Row {
                at: crate::dates::instant(change.at, app.office.london()),
                who: match names.get(change.by.as_str()) {
                    Some(name) => (*name).to_owned(),
                    None => change.by,
                },
                what: match change.kind.as_str() {
                    "account" => "Account",
                    "branding" => "Name and colours",
                    "logo" => "Logo",
                    "wording" => "Wording of letters",
                    "key" => "Key of a program",
                    _ => "Subscription",
                },
                about: change.about,
                details: change.details,
            })
            .collect(),
    };
    frame::page(&template.frame, &template)
}

/// Keeps an account, with its entry in the history of administration.
///
/// # Errors
/// The address is another account's, or the database can't be written.
pub(crate) async fn keep_account(
    app: &App,
    by: &str,
    account: &Account,
    details: &str,
) -> Result<(), store::Fault> {
    let change = app.office.change(by, "account", &account.name, details);
    let store = app.office.store();
    store.alter(Altered::Account(account), &change).await
}

/// "Roles: approver, publisher" and the like, of each that is another than before.
fn differences(pairs: &[(&str, String, String)]) -> Vec<String> {
    pairs
        .iter()
        .filter(|(_, before, after)| before != after)
        .map(
            |(what, before, after)| match (before.is_empty(), after.is_empty()) {
                (true, _) => format!("{what}: {after}"),
                (false, true) => format!("{what}: none, before {before}"),
                (false, false) => format!("{what}: {after}, before {before}"),
            },
        )
        .collect()
}

fn roles(account: &Account) -> String {
    let names: Vec<&str> = account.roles.iter().copied().map(Role::name).collect();
    names.join(" and ")
}

/// What is another about an account, without any secret.
pub(crate) fn of_account(before: Option<&Account>, after: &Account) -> String {
    let was = |of: fn(&Account) -> String| before.map(of).unwrap_or_default();
    let mut said = differences(&[
        (
            "Name",
            was(|account| account.name.clone()),
            after.name.clone(),
        ),
        (
            "Email address",
            was(|account| account.email.clone()),
            after.email.clone(),
        ),
        ("Roles", was(roles), roles(after)),
        (
            "Team",
            was(|account| shown::area(&account.team)),
            shown::area(&after.team),
        ),
    ]);
    let Some(before) = before else {
        return format!("Made. {}", said.join(". "));
    };
    if before.secret != after.secret {
        said.push("A new password".to_owned());
    }
    if before.second_secret.is_some() && after.second_secret.is_none() {
        said.push("Two-step sign-in switched off".to_owned());
    }
    match (before.is_active, after.is_active) {
        (true, false) => said.push("May not sign in any more".to_owned()),
        (false, true) => said.push("May sign in again".to_owned()),
        _ => {}
    }
    if said.is_empty() {
        said.push("Saved without a change".to_owned());
    }
    said.join(". ")
}

/// What is another about name and colours.
pub(crate) fn of_branding(before: &Branding, after: &Branding) -> String {
    let said = differences(&[
        ("Name", before.name.clone(), after.name.clone()),
        (
            "Short name",
            before.short_name.clone(),
            after.short_name.clone(),
        ),
        ("Email address", before.email.clone(), after.email.clone()),
        (
            "Telephone",
            before.telephone.clone(),
            after.telephone.clone(),
        ),
        ("Postal address", before.post.clone(), after.post.clone()),
        (
            "Colour on light ground",
            before.brand_light.clone(),
            after.brand_light.clone(),
        ),
        (
            "Colour on dark ground",
            before.brand_dark.clone(),
            after.brand_dark.clone(),
        ),
        (
            "Radius",
            before.radius.to_string(),
            after.radius.to_string(),
        ),
    ]);
    if said.is_empty() {
        "Saved without a change".to_owned()
    } else {
        said.join(". ")
    }
}
