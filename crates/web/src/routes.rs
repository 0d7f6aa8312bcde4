//! The table of routes: each with who may. What isn't in it is not found, and a test walks every row with every role.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use casework::role::Role;

use crate::app::App;
use crate::guard::{self, Rules};
use crate::limits::Group;
use crate::{api, assets, desk, public, signing};

use Role::{
    Administrator, Approver, Auditor, InformationOfficer as Officer, Publisher, QualifiedPerson,
    SecurityAdviser as Adviser, TriageOfficer as Triage,
};

/// Who may visit a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone.
    Anyone,
    /// Whoever has the private link that the address holds; the page looks at it.
    Link,
    /// Whoever is signed in and has one of these roles.
    Roles(&'static [Role]),
    /// A program that brings a key; the page looks at its scope.
    Key,
}

/// The queue and search.
pub const QUEUE: &[Role] = &[Triage, Officer, Approver, Publisher, Auditor];
/// New requests, to read.
pub const NEW: &[Role] = &[Triage, Officer, Auditor];
/// New requests, to work on.
pub const NEW_WORK: &[Role] = &[Triage, Officer];
/// A case with its questions, clock and history.
pub const CASE: &[Role] = &[
    Triage,
    Officer,
    Approver,
    QualifiedPerson,
    Publisher,
    Auditor,
];
/// Weighing and deciding, to read.
pub const DECIDING: &[Role] = &[Officer, Approver, Auditor];
/// Weighing and deciding.
pub const DECIDING_WORK: &[Role] = &[Officer];
/// The letter, to read.
pub const LETTER: &[Role] = &[Officer, Approver, QualifiedPerson, Publisher, Auditor];
/// What waits for approval, to read.
pub const APPROVALS: &[Role] = &[Approver, Auditor];
/// Approving.
pub const APPROVALS_WORK: &[Role] = &[Approver];
/// The qualified person's opinion.
pub const OPINION: &[Role] = &[QualifiedPerson];
/// Publication, to read.
pub const PUBLICATION: &[Role] = &[Officer, Publisher, Auditor];
/// Publishing.
pub const PUBLICATION_WORK: &[Role] = &[Publisher];
/// Internal review, to read.
pub const REVIEW: &[Role] = &[Officer, Approver, Auditor];
/// Internal review.
pub const REVIEW_WORK: &[Role] = &[Officer, Approver];
/// Evidence of harm.
pub const HARM: &[Role] = &[Adviser];
/// Reports.
pub const REPORTS: &[Role] = &[Officer, Approver, Publisher, Auditor, Administrator];
/// Administration, to read.
pub const ADMIN: &[Role] = &[Administrator, Auditor];
/// Administration.
pub const ADMIN_WORK: &[Role] = &[Administrator];
/// Looking at who asked.
pub const APPLICANT: &[Role] = &[Triage, Officer, Auditor];
/// Everyone who signs in.
pub const EVERYONE: &[Role] = &[
    Triage,
    Officer,
    Role::ServiceAreaContact,
    Adviser,
    Approver,
    QualifiedPerson,
    Publisher,
    Auditor,
    Administrator,
];

/// A row of the table.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with its parts in braces.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// How often.
    pub group: Group,
    /// What answers.
    pub answer: fn() -> MethodRouter<App>,
}

macro_rules! routes {
    ($($method:ident $path:literal $who:expr, $handler:path $(, $group:ident)?;)*) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route {
            method: routes!(@name $method),
            path: $path,
            who: $who,
            group: routes!(@group $method $($group)?),
            answer: || $method($handler),
        }),*];
    };
    (@name get) => { "GET" };
    (@name post) => { "POST" };
    (@group $method:ident $group:ident) => { Group::$group };
    (@group get) => { Group::Read };
    (@group post) => { Group::Write };
}

use Who::{Anyone, Roles};

routes! {
    get "/" Anyone, public::home::page;
    get "/assets/{name}" Anyone, assets::asset;
    get "/healthz" Anyone, public::plain::healthz;
    get "/readyz" Anyone, public::plain::readyz;
    get "/metrics" Who::Key, public::plain::metrics;
    get "/robots.txt" Anyone, public::plain::robots;

    get "/sign-in" Anyone, signing::page;
    post "/sign-in" Anyone, signing::enter, SignIn;
    post "/sign-out" Roles(EVERYONE), signing::leave;

    get "/desk" Roles(QUEUE), desk::queue::page;
    get "/desk/cases/{reference}" Roles(CASE), desk::case::page;
}

/// The pages, from the table.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let rules = Rules {
            who: route.who,
            group: route.group,
        };
        let layer = from_fn_with_state((app.clone(), rules), guard::authorise);
        router = router.route(route.path, (route.answer)().route_layer(layer));
    }
    router
        .fallback(guard::unknown)
        .layer(axum::extract::DefaultBodyLimit::max(guard::LONGEST_FORM))
        .layer(from_fn_with_state(app.clone(), guard::outermost))
        .with_state(app)
}
