//! The stylesheet and the small scripts, compiled in.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::{App, hash};
use crate::fault::WebError;

const STYLE: &str = include_str!("../assets/candour.css");
const SCRIPT: &str = include_str!("../assets/candour.js");

/// Changes when an asset or the branding does, so that browsers may keep them for good.
#[must_use]
pub fn version(app: &App) -> String {
    static OWN: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let own = OWN.get_or_init(|| hash(&format!("{STYLE}{SCRIPT}")).chars().take(8).collect());
    let branding: String = hash(&app.branding().stylesheet()).chars().take(8).collect();
    format!("{own}{branding}")
}

/// One of the assets.
///
/// # Errors
/// There is none of this name.
pub async fn asset(State(app): State<App>, Path(name): Path<String>) -> Result<Response, WebError> {
    let (kind, text) = match name.as_str() {
        "candour.css" => ("text/css; charset=utf-8", STYLE.to_owned()),
        "theme.css" => ("text/css; charset=utf-8", app.branding().stylesheet()),
        "candour.js" => ("text/javascript; charset=utf-8", SCRIPT.to_owned()),
        _ => return Err(WebError::NotFound),
    };
    Ok((
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        text,
    )
        .into_response())
}
