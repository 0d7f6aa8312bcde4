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
    let logo = branding.logo.as_ref().map(office::Logo::version);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::branding::contrast;

    /// The colours of the stylesheet, light and dark.
    fn colours() -> Vec<(&'static str, [&'static str; 2])> {
        STYLE
            .lines()
            .filter_map(|line| {
                let (name, rest) = line
                    .trim()
                    .strip_prefix("--")?
                    .split_once(": var(--light, ")?;
                let (light, rest) = rest.split_once(") var(--dark, ")?;
                Some((name, [light, rest.strip_suffix(");")?]))
            })
            .collect()
    }

    #[test]
    fn the_stylesheets_colours_can_be_read() {
        let colours = colours();
        let of = |name: &str| colours.iter().find(|(known, _)| *known == name).unwrap().1;
        let mut pairs = vec![
            ("on-brand", "brand", 4.5),
            ("edge", "ground", 3.0),
            ("edge", "surface", 3.0),
            ("soft", "sunken", 4.5),
            ("ink", "mark", 4.5),
            ("ink", "mark-chosen", 4.5),
            ("focus-ink", "ground", 3.0),
            ("series-1", "surface", 3.0),
            ("series-2", "surface", 3.0),
        ];
        for ground in ["ground", "surface"] {
            for text in ["ink", "soft", "brand", "link", "visited", "hover"] {
                pairs.push((text, ground, 4.5));
            }
        }
        for (text, ground) in [
            ("danger", "danger-ground"),
            ("warn", "warn-ground"),
            ("ok", "ok-ground"),
            ("info", "info-ground"),
            ("plum", "plum-ground"),
            ("grey", "grey-ground"),
        ] {
            pairs.push((text, ground, 4.5));
        }
        for (one, other, least) in pairs {
            for (one, other) in of(one).into_iter().zip(of(other)) {
                let found = contrast(one, other).unwrap();
                assert!(found >= least, "{one} on {other}: {found:.1}");
            }
        }
    }

    /// What a reader chose holds against the system in both directions, and on paper it is always light.
    #[test]
    fn each_colour_stands_once() {
        let (light, dark) = ("--light: initial; --dark: ;", "--light: ; --dark: initial;");
        assert_eq!(STYLE.matches(light).count(), 3);
        assert_eq!(STYLE.matches(dark).count(), 2);
        for (name, _) in colours() {
            let set = STYLE.matches(&format!(" --{name}: ")).count();
            let more = usize::from(["line", "soft"].contains(&name));
            assert_eq!(set, 1 + more, "--{name}");
        }
    }
}
