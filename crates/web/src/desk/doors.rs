//! The doors for other programs: an administrator makes and revokes keys, and begins and ends subscriptions.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::role::Role;
use store::changes::Altered;
use store::doors::{ApiKey, Webhook};

use crate::app::App;
use crate::desk::admin;
use crate::desk::case::Asked;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::form::{Form, choice, choice_with};
use crate::frame::{self, Frame};
use crate::hooks;
use crate::keys::{self, Scope};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// Rows of the list of deliveries.
const DELIVERIES: u64 = 100;

/// A key in the list.
#[derive(Clone, Debug)]
pub struct KeyRow {
    id: String,
    name: String,
    scopes: String,
    role: String,
    made: String,
    used: String,
    is_revoked: bool,
}

/// The keys.
#[derive(Template)]
#[template(path = "desk/keys.html")]
pub struct KeysPage {
    frame: Frame,
    keys: Vec<KeyRow>,
    may_work: bool,
}

/// A subscription in the list.
#[derive(Clone, Debug)]
pub struct HookRow {
    id: String,
    url: String,
    kinds: String,
    made: String,
    has_ended: bool,
}

/// A delivery in the list.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    at: String,
    kind: String,
    reference: String,
    url: String,
    state: &'static str,
    class: &'static str,
    attempts: u64,
    outcome: String,
}

/// The subscriptions and what was delivered.
#[derive(Template)]
#[template(path = "desk/webhooks.html")]
pub struct WebhooksPage {
    frame: Frame,
    hooks: Vec<HookRow>,
    deliveries: Vec<DeliveryRow>,
    may_work: bool,
}

/// A secret that is shown once.
#[derive(Template)]
#[template(path = "desk/shown-once.html")]
pub struct ShownOncePage {
    frame: Frame,
    heading: &'static str,
    explained: &'static str,
    secret: String,
    back: &'static str,
}

fn day(app: &App, at: jiff::Timestamp) -> String {
    crate::dates::instant(at, app.office.london())
}

/// Shows the keys.
///
/// # Errors
/// The store can't answer.
pub async fn keys(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let keys = app.office.store().keys().await?;
    let template = KeysPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        keys: keys
            .into_iter()
            .map(|key: ApiKey| KeyRow {
                role: key.role.replace('_', " "),
                made: day(&app, key.made_at),
                used: key
                    .used_at
                    .map_or_else(|| "Never".to_owned(), |at| day(&app, at)),
                is_revoked: key.revoked_at.is_some(),
                id: key.id,
                name: key.name,
                scopes: key.scopes,
            })
            .collect(),
        may_work: visit.has_any(routes::ADMIN_WORK),
    };
    frame::page(&template.frame, &template)
}

fn key_form() -> Form {
    Form::new("A new key", "Make the key")
        .intro("A program with this key may use the API. It never decides, approves, sends or publishes.")
        .line("name", "What is it for?", "Like: case system of the contact centre", "")
        .boxes(
            "scopes",
            "What may it do?",
            "As little as it needs.",
            Scope::ALL
                .iter()
                .map(|scope| choice_with(scope.spelling(), scope.words(), scope.spelling()))
                .collect(),
            Vec::new(),
        )
        .radios(
            "role",
            "In which role does it act?",
            "The history of a case names the key and this role.",
            keys::ROLES
                .iter()
                .map(|role| choice(&role.spelling(), &sentence(role.name())))
                .collect(),
            "",
        )
}

fn revoke_form(key: &ApiKey) -> Form {
    Form::new("Revoke this key", "Revoke it")
        .note(&key.name)
        .warn("Programs that use it stop working at once. This can't be undone.")
}

/// Shows the form for a new key, or asks whether one is to be revoked.
///
/// # Errors
/// There is no such key.
pub async fn key(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let form = if id == "new" {
        key_form()
    } else {
        revoke_form(&live_key(&app, &id).await?)
    };
    admin::draw(&app, &visit, form, Mistakes::default(), "/desk/admin/keys")
}

async fn live_key(app: &App, id: &str) -> Result<ApiKey, WebError> {
    let keys = app.office.store().keys().await?;
    keys.into_iter()
        .find(|key| key.id == id && key.revoked_at.is_none())
        .ok_or(WebError::NotFound)
}

/// Makes a key and shows it once, or revokes one.
///
/// # Errors
/// There is no such key, or the store can't.
pub async fn keep_key(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let me = visit.account().ok_or(WebError::NotFound)?.id.clone();
    if id != "new" {
        let key = live_key(&app, &id).await?;
        let change = app.office.change(&me, "key", &key.name, "Revoked");
        let store = app.office.store();
        store.alter(Altered::KeyRevoked(&key.id), &change).await?;
        return Ok(frame::see_other("/desk/admin/keys?done=key-revoked"));
    }
    let mut mistakes = Mistakes::default();
    let name = fields.get("name");
    mistakes.check(name.is_empty(), "name", "Say what the key is for");
    let scopes: Vec<Scope> = Scope::ALL
        .into_iter()
        .filter(|scope| fields.ticked("scopes", scope.spelling()))
        .collect();
    mistakes.check(scopes.is_empty(), "scopes", "Choose at least one");
    let role = Role::of_spelling(&fields.get("role")).filter(|role| keys::ROLES.contains(role));
    mistakes.check(role.is_none(), "role", "Choose a role");
    let Some(role) = role.filter(|_| mistakes.is_empty()) else {
        let form = key_form().filled(&fields, &mistakes);
        return admin::draw(&app, &visit, form, mistakes, "/desk/admin/keys");
    };
    let secret = keys::make(&app, &name, &scopes, role, &me).await?;
    let template = ShownOncePage {
        frame: Frame::new(&app, &visit),
        heading: "The key is made",
        explained: "Programs send it as “Authorization: Bearer” and the key. What the API offers stands at /api/v1/openapi.json.",
        secret,
        back: "/desk/admin/keys",
    };
    frame::page(&template.frame, &template)
}

/// Shows the subscriptions, and the newest messages to them.
///
/// # Errors
/// The store can't answer.
pub async fn webhooks(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let hooks = store.webhooks().await?;
    let urls: BTreeMap<String, String> = hooks
        .iter()
        .map(|hook| (hook.id.clone(), place_of(&hook.url)))
        .collect();
    let mut deliveries = Vec::new();
    for delivery in store.deliveries(DELIVERIES).await? {
        let summary = store.find(&delivery.case.0).await?;
        let (state, class) = match delivery.state.as_str() {
            "delivered" => ("Delivered", "ok"),
            "given_up" => ("Given up", "danger"),
            _ if delivery.attempts > 0 => ("Tried again later", "warn"),
            _ => ("Waiting", "grey"),
        };
        deliveries.push(DeliveryRow {
            at: day(&app, delivery.happened_at),
            kind: kind_words(&delivery.kind).to_owned(),
            reference: summary.map(|row| row.reference).unwrap_or_default(),
            url: urls.get(&delivery.webhook).cloned().unwrap_or_default(),
            state,
            class,
            attempts: delivery.attempts,
            outcome: delivery.outcome.unwrap_or_default(),
        });
    }
    let template = WebhooksPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        hooks: hooks
            .into_iter()
            .map(|hook| HookRow {
                kinds: hook
                    .kinds
                    .split_whitespace()
                    .map(kind_words)
                    .collect::<Vec<_>>()
                    .join(", "),
                made: day(&app, hook.made_at),
                has_ended: hook.ended_at.is_some(),
                id: hook.id,
                url: place_of(&hook.url),
            })
            .collect(),
        deliveries,
        may_work: visit.has_any(routes::ADMIN_WORK),
    };
    frame::page(&template.frame, &template)
}

/// Where a subscription's address leads, without its path: that may hold a secret of whoever is told.
fn place_of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if host.len() == rest.len() {
        url.to_owned()
    } else {
        format!("{scheme}://{host}/…")
    }
}

fn kind_words(kind: &str) -> &str {
    hooks::KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or(kind, |(_, words)| words)
}

fn webhook_form() -> Form {
    Form::new("A new subscription", "Begin it")
        .intro("A program is told that something happened on a case: what, on which case and when, and nothing else.")
        .line("url", "Address", "Begins with https:// and leads to a public address.", "")
        .boxes(
            "kinds",
            "What is it told of?",
            "",
            hooks::KINDS
                .iter()
                .map(|(kind, words)| choice(kind, words))
                .collect(),
            Vec::new(),
        )
}

fn end_form(hook: &Webhook) -> Form {
    Form::new("End this subscription", "End it")
        .note(place_of(&hook.url))
        .warn("It is told of nothing more. This can't be undone.")
}

async fn live_webhook(app: &App, id: &str) -> Result<Webhook, WebError> {
    let hooks = app.office.store().webhooks().await?;
    hooks
        .into_iter()
        .find(|hook| hook.id == id && hook.ended_at.is_none())
        .ok_or(WebError::NotFound)
}

/// Shows the form for a new subscription, or asks whether one is to end.
///
/// # Errors
/// There is no such subscription.
pub async fn webhook(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let form = if id == "new" {
        webhook_form()
    } else {
        end_form(&live_webhook(&app, &id).await?)
    };
    admin::draw(
        &app,
        &visit,
        form,
        Mistakes::default(),
        "/desk/admin/webhooks",
    )
}

/// Begins a subscription and shows its secret once, or ends one.
///
/// # Errors
/// There is no such subscription, or the store can't.
pub async fn keep_webhook(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let me = visit.account().ok_or(WebError::NotFound)?.id.clone();
    if id != "new" {
        let hook = live_webhook(&app, &id).await?;
        let change = app
            .office
            .change(&me, "webhook", &place_of(&hook.url), "Ended");
        store
            .alter(Altered::WebhookEnded(&hook.id), &change)
            .await?;
        return Ok(frame::see_other("/desk/admin/webhooks?done=webhook-ended"));
    }
    let mut mistakes = Mistakes::default();
    let url = fields.get("url");
    if let Err(why) = app.outside.read(&url) {
        mistakes.add("url", sentence(&why));
    }
    let kinds: Vec<&str> = hooks::KINDS
        .iter()
        .map(|(kind, _)| *kind)
        .filter(|kind| fields.ticked("kinds", kind))
        .collect();
    mistakes.check(kinds.is_empty(), "kinds", "Choose at least one");
    if !mistakes.is_empty() {
        let form = webhook_form().filled(&fields, &mistakes);
        return admin::draw(&app, &visit, form, mistakes, "/desk/admin/webhooks");
    }
    let secret = app.token();
    let id: String = app.token().chars().take(12).collect();
    let change = app.office.change(
        &me,
        "webhook",
        &place_of(&url),
        &format!("Began, for {}", kinds.join(", ")),
    );
    let begun = Webhook {
        id,
        url,
        secret: secret.clone(),
        kinds: kinds.join(" "),
        made_by: me,
        made_at: app.now(),
        ended_at: None,
        position: store.newest_position().await?,
    };
    store.alter(Altered::Webhook(&begun), &change).await?;
    let template = ShownOncePage {
        frame: Frame::new(&app, &visit),
        heading: "The subscription has begun",
        explained: "Each message bears “Candour-Signature: t=SECOND,v1=HEX”: the HMAC-SHA-256, under this secret, of the second, a full stop and the body. Refuse what is older than five minutes or was signed by somebody else; a message that came before bears the same Candour-Delivery.",
        secret,
        back: "/desk/admin/webhooks",
    };
    frame::page(&template.frame, &template)
}
