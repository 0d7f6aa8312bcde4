//! What every page has at hand.

use std::sync::Arc;

use casework::blind;
use casework::case::{Case, QuestionState};
use casework::event::CaseQuestion;
use casework::policy::Signpost;
use casework::proposal::Kind;
use jiff::Timestamp;
use jiff::civil::Date;
use office::Office;
use office::sign_in::Provider;
use sha2::{Digest, Sha256};

use crate::branding::Branding;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::oidc::Identity;
use crate::outside::Outside;
use crate::words::Catalogue;

/// What an installation chooses.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether the public reaches the pages through TLS: cookies are marked so and browsers are told to stay with it.
    pub is_secure: bool,
    /// Whether a proxy of the authority stands before it and names the visitor in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// The address of the pages, without a slash at the end.
    pub public_url: String,
    /// Who may read `/metrics`: whoever brings this token. Nobody where there is none.
    pub metrics_token: Option<String>,
    /// Hosts of the authority's own network that programs may be told at and signing in may ask, although their addresses
    /// aren't public ones.
    pub private_hosts: Vec<String>,
    /// The identity provider through which people may sign in.
    pub provider: Option<Provider>,
    /// The secret that it gave this installation, if it gave one.
    pub provider_secret: Option<String>,
    /// Of one question in so many the proposal is shown only after somebody chose a route; of none where it is 0.
    pub blind_sample: u32,
    /// Invented people whose sign-ins the sign-in page offers; only in a demonstration.
    pub demonstration: Vec<DemoSignIn>,
    /// Where the lines of the log go.
    pub log: Log,
}

/// Where the lines of the log go: the standard error, or what a program gives.
#[derive(Clone)]
pub struct Log(pub Arc<dyn Fn(&str) + Send + Sync>);

impl Default for Log {
    fn default() -> Self {
        Self(Arc::new(|line| eprintln!("{line}")))
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Log")
    }
}

/// A sign-in of the demonstration.
#[derive(Clone, Debug)]
pub struct DemoSignIn {
    /// Who.
    pub name: String,
    /// In which roles, in words.
    pub roles: String,
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Shared by all pages.
pub struct Inner {
    /// The cases and everything done to them.
    pub office: Office,
    /// The installation's choices.
    pub settings: Settings,
    /// The authority's name and colours, as last changed.
    pub branding: std::sync::RwLock<Arc<Branding>>,
    /// The words of the pages.
    pub words: Arc<Catalogue>,
    /// How often one place may knock.
    pub limits: Limits,
    /// Counts for `/metrics`.
    pub metrics: Metrics,
    /// The way out to other programs.
    pub outside: Outside,
    /// What is known of the identity provider.
    pub identity: Identity,
    /// A secret that no password fits, to take as long for nobody as for somebody.
    pub nobody: String,
}

/// Shared by all pages, cheap to hand on.
#[derive(Clone)]
pub struct App(pub Arc<Inner>);

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// The instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.office.now()
    }

    /// Today in Europe/London.
    #[must_use]
    pub fn today(&self) -> Date {
        self.office.today()
    }

    /// A new random token, 64 hexadecimal digits.
    #[must_use]
    pub fn token(&self) -> String {
        casework::applicant::hex(&(self.office.store().secrets().entropy)())
    }

    /// Whether what is proposed for a question isn't shown yet, because it belongs to the blind sample.
    #[must_use]
    pub fn hides(&self, case: &Case, state: &QuestionState) -> bool {
        blind::is_hidden(self.settings.blind_sample, case, state)
    }

    /// What the policy points to, for a question that it covers or that what it points to may answer; for any other question
    /// it is beside the point.
    #[must_use]
    pub fn signposts(&self, question: &CaseQuestion) -> &[Signpost] {
        let proposal = question.proposal.as_ref();
        if proposal.is_some_and(|proposal| proposal.kind != Kind::Open) {
            &self.office.bundle().policy.policy.signposts
        } else {
            &[]
        }
    }

    /// The authority's name and colours.
    #[must_use]
    pub fn branding(&self) -> Arc<Branding> {
        self.branding.read().map_or_else(
            |_| Arc::new(Branding::default()),
            |branding| branding.clone(),
        )
    }
}

/// The hash under which a token is kept, so that whoever reads the database can't use it.
#[must_use]
pub fn hash(token: &str) -> String {
    casework::applicant::hex(&Sha256::digest(token.as_bytes()))
}
