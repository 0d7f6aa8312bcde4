//! The public page of a policy, from its data.

use casework::policy::{ConfirmStance, ContentStance, Factors, Policy};

use crate::compose::series;
use crate::document::{Block, Document, Inline};

/// The page that tells the public what a policy covers and why.
#[must_use]
pub fn compose_policy_page(policy: &Policy) -> Document {
    let mut page = Document {
        title: policy.title.clone(),
        blocks: Vec::new(),
    };
    page.heading(1, policy.title.clone());
    page.say(format!(
        "{}. Version {}, in force from {}.",
        policy.authority,
        policy.version,
        policy.effective_from.strftime("%-d %B %Y")
    ));
    for paragraph in &policy.introduction {
        page.say(paragraph.clone());
    }
    page.heading(2, "The exemption");
    page.say(format!(
        "The policy relies on {} for the content of information.",
        policy.content_provision
    ));
    if let Some(provision) = &policy.confirm_or_deny_provision {
        page.say(format!("Where it neither confirms nor denies that information is held, it relies on {provision}."));
    }
    page.heading(2, "What the policy covers");
    for row in &policy.categories {
        page.heading(3, row.title.clone());
        if let Some(note) = &row.note {
            page.say(format!("{note}."));
        }
        page.list(row.subjects.iter().map(|subject| subject.label.clone()));
        page.say("Information about:");
        page.list(row.kinds.iter().map(|kind| {
            let stance = match (kind.confirm, kind.content) {
                (ConfirmStance::NeitherConfirmNorDeny, _) => "neither confirmed nor denied",
                (ConfirmStance::Confirm, ContentStance::Withhold) => {
                    "confirmed, content usually withheld"
                }
                (ConfirmStance::Confirm, ContentStance::Disclose) => "usually disclosed",
            };
            kind.reason.as_ref().map_or_else(
                || format!("{} ({stance})", kind.label),
                |reason| format!("{} ({stance}). {reason}", kind.label),
            )
        }));
        for mechanism in [&row.content_mechanism, &row.confirm_or_deny_mechanism]
            .into_iter()
            .flatten()
        {
            page.say(mechanism.clone());
        }
    }
    factors(
        &mut page,
        "The public interest in disclosing the content",
        &policy.content_factors,
        ["For disclosing:", "For maintaining the exemption:"],
    );
    factors(
        &mut page,
        "The public interest in confirming or denying",
        &policy.confirm_or_deny_factors,
        [
            "For confirming or denying:",
            "Against confirming or denying:",
        ],
    );
    if !policy.citations.is_empty() {
        page.heading(2, "Decision notices");
        page.list(
            policy
                .citations
                .iter()
                .map(|notice| match &notice.verified {
                    Some(verified) => format!(
                        "{}, cited for {} (read by {} on {})",
                        notice.reference, notice.cited_for, verified.by, verified.on
                    ),
                    None => format!("{}, cited for {}", notice.reference, notice.cited_for),
                }),
        );
        let unread = policy
            .citations
            .iter()
            .filter(|notice| notice.verified.is_none())
            .count();
        if unread == policy.citations.len() {
            page.say("We have not yet read these notices ourselves.".to_owned());
        } else if unread > 0 {
            page.say("We have not yet read the others ourselves.".to_owned());
        }
    }
    if !policy.signposts.is_empty() {
        page.heading(2, "What we publish already");
        for signpost in &policy.signposts {
            page.blocks.push(Block::Paragraph(vec![
                Inline::Text(format!(
                    "{}, published {}: {}. See ",
                    signpost.name,
                    signpost.frequency,
                    series(&signpost.publishes)
                )),
                Inline::Link(signpost.url.clone()),
            ]));
        }
    }
    if let Some(route) = &policy.complaints {
        page.heading(2, "If you are unhappy with a reply");
        page.say(format!(
            "Ask for an internal review: {}. After it you have {}.",
            route.internal_review, route.commissioner
        ));
    }
    page
}

fn factors(page: &mut Document, title: &str, factors: &Factors, leads: [&str; 2]) {
    if factors.favouring.is_empty() && factors.against.is_empty() {
        return;
    }
    page.heading(2, title);
    for (lead, list) in leads
        .into_iter()
        .zip([&factors.favouring, &factors.against])
    {
        page.say(lead);
        page.list(list.iter().cloned());
    }
    if let Some(balance) = &factors.balance {
        page.say(balance.clone());
    }
}
