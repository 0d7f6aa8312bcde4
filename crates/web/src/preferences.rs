//! What somebody chose for themselves in “My settings”: how close rows stand, colours, and keys. Kept per account in the
//! store's settings, and true without scripts: the page itself says it to the stylesheet.

use serde::{Deserialize, Serialize};
use store::desk::Account;

use crate::app::App;

/// Light or dark, whatever the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colours {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Colours {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word for it in forms and for the stylesheet.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What browsers are told of the page's colours, so that their own parts fit.
    #[must_use]
    pub fn scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What somebody chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Whether the rows of lists stand close.
    pub compact: bool,
    /// Light or dark.
    pub colours: Colours,
    /// Whether single keys do something in lists. Off until switched on: whoever speaks to their computer, or types with
    /// a shaking hand, would set them off unawares, WCAG 2.1.4.
    pub keys: bool,
}

fn name(account: &Account) -> String {
    format!("preferences:{}", account.id)
}

impl Preferences {
    /// What this account chose; what can't be read any more is as if nothing was chosen.
    ///
    /// # Errors
    /// The store can't answer.
    pub async fn of(app: &App, account: &Account) -> Result<Self, store::Fault> {
        let kept = app.office.store().setting(&name(account)).await?;
        Ok(kept
            .and_then(|kept| serde_json::from_str(&kept).ok())
            .unwrap_or_default())
    }

    /// Keeps it for this account.
    ///
    /// # Errors
    /// The store can't be written.
    pub async fn keep(self, app: &App, account: &Account) -> Result<(), store::Fault> {
        let text = serde_json::json!(self).to_string();
        let store = app.office.store();
        store.keep_setting(&name(account), &text).await
    }
}
