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
    let branding = app.branding();
    let logo = branding.logo.as_ref().map(crate::branding::Logo::version);
    let own_name = &branding.short_name;
    let all = format!(
        "{}{own_name}{}",
        branding.stylesheet(),
        logo.unwrap_or_default()
    );
    let branding: String = hash(&all).chars().take(8).collect();
    format!("{own}{branding}")
}

/// One of the assets.
///
/// # Errors
/// There is none of this name.
pub async fn asset(State(app): State<App>, Path(name): Path<String>) -> Result<Response, WebError> {
    let (kind, bytes) = match name.as_str() {
        "candour.css" => ("text/css; charset=utf-8", STYLE.as_bytes().to_vec()),
        "theme.css" => (
            "text/css; charset=utf-8",
            app.branding().stylesheet().into_bytes(),
        ),
        "candour.js" => ("text/javascript; charset=utf-8", SCRIPT.as_bytes().to_vec()),
        "icon.svg" => ("image/svg+xml", app.branding().icon().into_bytes()),
        "logo.png" => (
            "image/png",
            app.branding()
                .logo
                .as_ref()
                .ok_or(WebError::NotFound)?
                .png(),
        ),
        _ => return Err(WebError::NotFound),
    };
    Ok((
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        bytes,
    )
        .into_response())
}

/// The picture that browsers ask for whatever pages say.
///
/// # Errors
/// None.
pub async fn favicon(State(app): State<App>) -> Result<Response, WebError> {
    Ok((
        [
            (header::CONTENT_TYPE, "image/svg+xml"),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        app.branding().icon(),
    )
        .into_response())
}
