//! Telling other programs what happens on cases. A message says which kind of thing happened on which case and when, and
//! nothing of who asked, what was asked, or what a search found; whoever may read the case asks for it with a key.
//!
//! Messages come at least once: one whose answer was lost comes again, with the same id.

use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use serde_json::json;
use store::doors::{Delivery, Webhook};

use crate::app::App;

/// The kinds of events that programs are told of, and what each means. Kinds that would tell how a search or the decision
/// whether to confirm goes aren't among them.
pub const KINDS: &[(&str, &str)] = &[
    ("received", "A request came in"),
    ("acknowledged", "It was acknowledged"),
    (
        "treatment_chosen",
        "It was chosen under which law it is dealt with",
    ),
    ("questions_confirmed", "Its questions were confirmed"),
    (
        "clarification_sought",
        "The person who asked was asked for more",
    ),
    ("clarification_given", "They answered"),
    ("added_to", "They added something without being asked"),
    ("owner_assigned", "Its owner changed"),
    ("extended", "More time was taken"),
    ("became_overdue", "It became late"),
    ("approval_sought", "The letter went to an approver"),
    ("approved", "The letter was approved"),
    ("sent_back", "The letter was sent back"),
    ("issued", "The answer was sent"),
    ("published", "The answer was published"),
    ("unpublished", "The answer was taken out of the log"),
    ("review_asked", "An internal review was asked for"),
    ("review_decided", "The review was decided"),
    ("withdrawn", "The request was withdrawn"),
    ("closed", "The case was closed"),
];

/// Deliveries taken on at once, so that all of them end within the lease even if nobody answers.
const AT_ONCE: u64 = 20;
/// After so long somebody else takes a delivery that its node never finished.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Waits between tries, in minutes; after the last one it is given up, about five days after the event.
const WAITS: [i64; 10] = [1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440];
/// What was delivered or given up stays in the list so long.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What signs a message: `v1=` and the HMAC-SHA-256 of the second of sending, a full stop and the body. With the second
/// in it, whoever keeps an old message can't send it again later.
#[must_use]
pub fn signature(secret: &str, second: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{second}.{body}").as_bytes());
    format!("t={second},v1={}", casework::applicant::hex(tag.as_ref()))
}

/// Plans and sends what is due; answers how many were tried.
///
/// # Errors
/// The store can't; what was taken on comes back.
pub async fn round(app: &App) -> Result<usize, store::Fault> {
    let store = app.office.store();
    let now = app.now();
    let mut hooks = store.webhooks().await?;
    hooks.retain(|hook| hook.ended_at.is_none());
    if hooks.is_empty() {
        return Ok(0);
    }
    for hook in &hooks {
        store.plan_deliveries(hook, now).await?;
    }
    let until = now.checked_add(LEASE).unwrap_or(now);
    let taken = store.claim_deliveries(now, until, AT_ONCE).await?;
    let count = taken.len();
    for delivery in taken {
        let Some(hook) = hooks.iter().find(|hook| hook.id == delivery.webhook) else {
            continue;
        };
        let outcome = send(app, hook, &delivery).await;
        let now = app.now();
        store.delivered(&after(delivery, outcome, now)).await?;
    }
    if count > 0 {
        store
            .sweep_deliveries(now.checked_sub(KEPT).unwrap_or(now))
            .await?;
    }
    Ok(count)
}

/// A delivery after a try.
fn after(mut delivery: Delivery, outcome: Result<u16, String>, now: Timestamp) -> Delivery {
    let tried = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
    let is_taken = matches!(outcome, Ok(200..300));
    delivery.outcome = Some(match outcome {
        Ok(status) => status.to_string(),
        Err(why) => why,
    });
    let wait = WAITS.get(tried.saturating_sub(1));
    (delivery.state, delivery.run_at) = match wait {
        _ if is_taken => ("delivered".to_owned(), now),
        Some(minutes) => {
            let at = now.checked_add(SignedDuration::from_mins(*minutes));
            ("waiting".to_owned(), at.unwrap_or(now))
        }
        None => ("given_up".to_owned(), now),
    };
    delivery
}

async fn send(app: &App, hook: &Webhook, delivery: &Delivery) -> Result<u16, String> {
    let summary = app.office.store().find(&delivery.case.0).await;
    let reference = summary
        .map_err(|_| "the case can't be read now".to_owned())?
        .map(|summary| summary.reference)
        .unwrap_or_default();
    let id = format!("{}-{}", hook.id, delivery.position);
    let body = json!({
        "id": id, "event": delivery.kind, "case": reference, "happened_at": delivery.happened_at.to_string(),
    })
    .to_string();
    let signature = signature(&hook.secret, app.now().as_second(), &body);
    let headers = [
        ("content-type", "application/json"),
        ("candour-delivery", id.as_str()),
        ("candour-signature", signature.as_str()),
    ];
    app.outside
        .call("POST", &hook.url, &headers, body.clone().into_bytes())
        .await
        .map(|reply| reply.status)
}

/// Sends what is due every two seconds until `stop` ends.
pub async fn keep_going(
    app: &App,
    tell: &(dyn Fn(&str) + Send + Sync),
    stop: impl Future<Output = ()> + Send,
) {
    let mut stop = std::pin::pin!(stop);
    loop {
        if let Err(fault) = round(app).await {
            tell(&fault.to_string());
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(std::time::Duration::from_secs(2)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_with_its_second() {
        // From `printf '1795431600.{}' | openssl dgst -sha256 -hmac secret`.
        assert_eq!(
            signature("secret", 1_795_431_600, "{}"),
            "t=1795431600,v1=7877469bee49fdd521f943547aa68c3953304da5f95bbb42c1865048a5518804"
        );
    }
}
