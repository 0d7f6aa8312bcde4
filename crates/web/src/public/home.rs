//! The public's first page.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// The first page.
#[derive(Template)]
#[template(path = "public/home.html")]
pub struct HomePage {
    frame: Frame,
    /// The answers published last: address, title, day.
    latest: Vec<(String, String, String)>,
    /// How fast we answered lately.
    lately: Option<String>,
}

/// Answers on the first page.
const LATEST: u64 = 4;

/// What the address says.
#[derive(Deserialize)]
pub struct Asked {
    done: Option<String>,
}

/// Shows it.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let latest = app.office.store().log(None, LATEST).await?;
    let template = HomePage {
        latest: latest
            .iter()
            .map(|entry| {
                (
                    entry.address.clone(),
                    entry.title.clone(),
                    super::log::day(&entry.published_on),
                )
            })
            .collect(),
        lately: super::statistics::lately(&app).await?,
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
    };
    frame::page(&template.frame, &template)
}
