//! Putting the pages on a socket.

use std::net::SocketAddr;
use std::sync::{Arc, RwLock};

use office::Office;

use crate::accounts;
use crate::app::{App, Inner, Settings};
use crate::branding::Branding;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::oidc::Identity;
use crate::outside::Outside;
use crate::words::Catalogue;

/// The setting under which name and colours are kept.
pub(crate) const BRANDING: &str = "branding";

/// Everything the pages need, with the branding that was last kept, or else `branding`.
///
/// # Errors
/// The store can't answer.
pub async fn application(
    office: Office,
    settings: Settings,
    branding: Branding,
    words: Catalogue,
) -> Result<App, String> {
    let kept = office
        .store()
        .setting(BRANDING)
        .await
        .map_err(|fault| fault.to_string())?;
    let branding = kept
        .and_then(|kept| serde_json::from_str(&kept).ok())
        .unwrap_or(branding);
    let random = casework::applicant::hex(&(office.store().secrets().entropy)());
    let nobody = accounts::secret(&random)?;
    let outside = Outside::new(&settings.private_hosts)?;
    Ok(App(Arc::new(Inner {
        office,
        outside,
        identity: Identity::default(),
        settings,
        branding: RwLock::new(Arc::new(branding)),
        words: Arc::new(words),
        limits: Limits::default(),
        metrics: Metrics::default(),
        nobody,
    })))
}

/// Answers until `stop` ends, then finishes what it began.
///
/// # Errors
/// The socket fails.
pub async fn serve(
    app: App,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let pages = crate::routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, pages)
        .with_graceful_shutdown(stop)
        .await
}
