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
}

/// What the address says.
#[derive(Deserialize)]
pub struct Asked {
    done: Option<String>,
}

/// Shows it.
///
/// # Errors
/// The page can't be drawn.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let template = HomePage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
    };
    frame::page(&template.frame, &template)
}
