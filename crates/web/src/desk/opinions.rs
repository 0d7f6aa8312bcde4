//! What waits for the opinion of the qualified person, FOIA s.36(2).

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::app::App;
use crate::desk::case::Asked;
use crate::desk::shown;
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// Cases looked at for the list.
const LOOKED_AT: u64 = 200;

/// A question on which an opinion is wanted.
#[derive(Clone, Debug)]
pub struct Row {
    reference: String,
    number: usize,
    text: String,
    submission: String,
    asked_on: String,
    due: String,
    owner: String,
}

/// The list.
#[derive(Template)]
#[template(path = "desk/opinions.html")]
pub struct OpinionsPage {
    frame: Frame,
    waiting: Vec<Row>,
}

/// Shows the questions on which an opinion is wanted, by the day on which the answer is due.
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
    let mut waiting = Vec::new();
    for summary in store.open_with_event("opinion_sought", LOOKED_AT).await? {
        let Some(case) = app.office.unnamed(&summary.case_id).await? else {
            continue;
        };
        for (number, state) in (1_usize..).zip(&case.questions) {
            let Some(request) = &state.opinion_sought else {
                continue;
            };
            waiting.push(Row {
                reference: summary.reference.clone(),
                number,
                text: shown::whole(&state.question),
                submission: request.submission.clone(),
                asked_on: crate::dates::long(request.sought_on),
                due: crate::dates::long(state.due_on),
                owner: names
                    .get(summary.owner.as_str())
                    .copied()
                    .unwrap_or("")
                    .to_owned(),
            });
        }
    }
    let template = OpinionsPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        waiting,
    };
    frame::page(&template.frame, &template)
}
