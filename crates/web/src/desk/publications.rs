//! Answers that left and that nobody has decided to publish or not.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::{Chosen, Cursor};

use crate::app::App;
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::public::log;
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// Cases of a page.
const PAGE: usize = 50;

/// An answer.
#[derive(Clone, Debug)]
pub struct Row {
    reference: String,
    subject: String,
    answered: String,
    outcome: &'static str,
    /// What is decided about it, where something is.
    decided: String,
}

/// The list.
#[derive(Template)]
#[template(path = "desk/publications.html")]
pub struct PublicationsPage {
    frame: Frame,
    waiting: Vec<Row>,
    decided: Vec<Row>,
    next: Option<String>,
    may_work: bool,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: String,
    done: Option<String>,
}

/// Shows the answers that are not in the log: those that wait for a decision, and those planned or not to be published.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let after: Option<Cursor> = asked.after.parse().ok();
    let any = Chosen::default();
    let one_more = PAGE.saturating_add(1) as u64;
    let mut rows = app
        .office
        .store()
        .ended(&any, true, after.as_ref(), one_more)
        .await?;
    let is_last = rows.len() <= PAGE;
    rows.truncate(PAGE);
    let next = rows
        .last()
        .filter(|_| !is_last)
        .map(|row| row.cursor_by_receipt().to_string());
    let (mut waiting, mut decided) = (Vec::new(), Vec::new());
    for summary in rows {
        let Some(case) = app.office.case(&summary.case_id).await? else {
            continue;
        };
        let plan = case
            .publication_plan
            .as_ref()
            .map(|plan| format!("On {}", crate::dates::plain(plan.published_on)));
        let declined = case
            .publication_declined
            .as_ref()
            .or(case.unpublished_because.as_ref())
            .map(|reason| format!("Not: {reason}"));
        let row = Row {
            reference: summary.reference,
            subject: summary.subject,
            answered: summary
                .answered_on
                .as_deref()
                .and_then(|day| day.parse().ok())
                .map_or_else(String::new, crate::dates::plain),
            outcome: log::outcome_words(summary.outcome.as_deref().unwrap_or("")),
            decided: plan.or(declined).unwrap_or_default(),
        };
        if row.decided.is_empty() {
            waiting.push(row);
        } else {
            decided.push(row);
        }
    }
    let template = PublicationsPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        waiting,
        decided,
        next,
        may_work: visit.has_any(routes::PUBLICATION_WORK),
    };
    frame::page(&template.frame, &template)
}
