//! The table of routes: each with who may. What isn't in it is not found, and a test walks every row with every role.

use std::pin::Pin;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use casework::role::Role;

use crate::app::App;
use crate::guard::{self, Rules};
use crate::keys::Scope;
use crate::limits::Group;
use crate::session::Visit;
use crate::{api, assets, desk, oidc, public, signing, upload};

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
    /// Whoever brings the token of the metrics; the page looks at it.
    Key,
    /// A program with a key that is good for this.
    Program(Scope),
}

/// The queue and search.
pub const QUEUE: &[Role] = &[Triage, Officer, Approver, Publisher, Auditor];
/// New requests, to read.
pub const NEW: &[Role] = &[Triage, Officer, Auditor];
/// New requests, to work on.
pub const NEW_WORK: &[Role] = &[Triage, Officer];
/// Those in whose hands a case can be, its review included.
pub const HELD_BY: &[Role] = &[Triage, Officer, Approver];
/// A case with its questions, clock and history.
pub const CASE: &[Role] = &[
    Triage,
    Officer,
    Approver,
    QualifiedPerson,
    Publisher,
    Auditor,
];
/// Weighing and confirming or denying, to read.
pub const DECIDING: &[Role] = &[Officer, Approver, Auditor];
/// Asking for clarification, to read.
pub const CLARIFYING: &[Role] = &[Triage, Officer, Approver, Auditor];
/// Weighing and deciding.
pub const DECIDING_WORK: &[Role] = &[Officer];
/// The letter, to read.
pub const LETTER: &[Role] = &[Officer, Approver, QualifiedPerson, Publisher, Auditor];
/// What waits for approval, to read.
pub const APPROVALS: &[Role] = &[Approver, Auditor];
/// Approving.
pub const APPROVALS_WORK: &[Role] = &[Approver];
/// The qualified person's opinion, to read.
pub const OPINION: &[Role] = &[QualifiedPerson, Auditor];
/// The qualified person's opinion.
pub const OPINION_WORK: &[Role] = &[QualifiedPerson];
/// Publication, to read.
pub const PUBLICATION: &[Role] = &[Officer, Publisher, Auditor];
/// Publishing.
pub const PUBLICATION_WORK: &[Role] = &[Publisher];
/// Internal review, to read.
pub const REVIEW: &[Role] = &[Officer, Approver, Auditor];
/// Internal review.
pub const REVIEW_WORK: &[Role] = &[Officer, Approver];
/// The public record.
pub const RECORD: &[Role] = &[Officer, Approver, Publisher, Auditor];
/// The contracts register, to import.
pub const REGISTER_WORK: &[Role] = &[Officer, Publisher];
/// Topics on which it is neither confirmed nor denied.
pub const TOPICS: &[Role] = &[Officer, Adviser, Approver, Publisher, Auditor];
/// Evidence of harm, to read.
pub const HARM: &[Role] = &[Adviser, Auditor];
/// Evidence of harm.
pub const HARM_WORK: &[Role] = &[Adviser];
/// What a team is asked, for the people of that team.
pub const TEAM: &[Role] = &[Role::ServiceAreaContact, Adviser];
/// Answers that are not published.
pub const PUBLICATIONS: &[Role] = &[Publisher, Auditor];
/// Reports.
pub const REPORTS: &[Role] = &[Officer, Approver, Publisher, Auditor];
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

type Answered = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler whose own type the router doesn't see: a hundred of them would make it a hundred times as large.
#[derive(Clone)]
struct Erased(fn(Request, App) -> Answered);

impl Handler<(), App> for Erased {
    type Future = Answered;

    fn call(self, request: Request, state: App) -> Answered {
        (self.0)(request, state)
    }
}

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
            answer: || $method(Erased(|request, state| {
                Box::pin(Handler::<_, App>::call($handler, request, state))
            })),
        }),*];
    };
    (@name get) => { "GET" };
    (@name post) => { "POST" };
    (@group $method:ident $group:ident) => { Group::$group };
    (@group get) => { Group::Read };
    (@group post) => { Group::Write };
}

use Who::{Anyone, Program, Roles};

routes! {
    get "/" Anyone, public::home::page;
    get "/assets/{name}" Anyone, assets::asset;
    get "/favicon.ico" Anyone, assets::favicon;
    get "/healthz" Anyone, public::plain::healthz;
    get "/readyz" Anyone, public::plain::readyz;
    get "/metrics" Who::Key, public::plain::metrics;
    get "/robots.txt" Anyone, public::plain::robots;
    get "/.well-known/security.txt" Anyone, public::plain::security;

    get "/ask" Anyone, public::ask::start;
    get "/ask/questions" Anyone, public::ask::questions;
    get "/ask/step" Anyone, public::ask::again;
    get "/ask/send" Anyone, public::ask::again;
    get "/ask/found" Anyone, public::ask::again;
    post "/ask/step" Anyone, public::ask::step, Ask;
    post "/ask/send" Anyone, public::ask::send_with_files, Upload;
    post "/ask/guidance" Anyone, public::ask::guidance;
    get "/ask/open" Anyone, public::ask::opened;
    post "/ask/found" Anyone, public::ask::enough;
    get "/follow/{token}" Who::Link, public::follow::page;
    post "/follow/{token}" Who::Link, public::follow::act;
    get "/follow/{token}/add" Who::Link, public::add::page;
    post "/follow/{token}/add" Who::Link, public::add::send, Upload;
    get "/follow/{token}/added" Who::Link, public::add::added;
    get "/follow/{token}/{name}" Who::Link, public::follow::file;
    get "/disclosure-log" Anyone, public::log::page;
    get "/disclosure-log/feed.atom" Anyone, public::log::atom;
    get "/disclosure-log/feed.json" Anyone, public::log::json_feed;
    get "/disclosure-log/log.csv" Anyone, public::log::csv;
    get "/disclosure-log/{year}/{slug}" Anyone, public::log::entry;
    get "/contracts" Anyone, public::contracts::page;
    get "/contracts/feed.atom" Anyone, public::contracts::atom;
    get "/contracts/{id}" Anyone, public::contracts::contract;
    get "/contracts/{folder}/{name}" Anyone, public::contracts::file;
    get "/policy" Anyone, public::policy::page;
    get "/statistics" Anyone, public::statistics::page;
    get "/statistics.csv" Anyone, public::statistics::csv;
    get "/contact" Anyone, public::policy::contact;
    get "/privacy" Anyone, public::policy::privacy;
    get "/accessibility" Anyone, public::policy::accessibility;

    get "/api/v1/openapi.json" Anyone, api::openapi;
    get "/api/v1/disclosure-log" Anyone, api::entries;
    get "/api/v1/disclosure-log/{year}/{slug}" Anyone, api::entry;
    get "/api/v1/statistics" Anyone, api::statistics;
    get "/api/v1/cases" Program(Scope::ReadCases), api::cases;
    post "/api/v1/cases" Program(Scope::WriteCases), api::take_in;
    get "/api/v1/cases/{reference}" Program(Scope::ReadCases), api::case;
    post "/api/v1/cases/{reference}/acts" Program(Scope::WriteCases), api::act;
    get "/api/v1/cases/{reference}/letter" Program(Scope::ReadCases), api::letter;
    post "/api/v1/cases/{reference}/letter" Program(Scope::WriteCases), api::compose;
    get "/api/v1/reports" Program(Scope::ReadReports), api::reports;

    get "/sign-in" Anyone, signing::page;
    post "/sign-in" Anyone, signing::enter, SignIn;
    get "/sign-in/code" Anyone, signing::code;
    post "/sign-in/code" Anyone, signing::enter_code, SignIn;
    get "/sign-in/provider" Anyone, oidc::begin, Write;
    get "/sign-in/return" Anyone, oidc::finish, SignIn;
    post "/sign-out" Roles(EVERYONE), signing::leave;

    get "/desk" Roles(EVERYONE), desk::queue::page;
    post "/desk/views" Roles(QUEUE), desk::queue::keep_view;
    get "/desk/cases/{reference}" Roles(CASE), desk::case::page;
    post "/desk/bulk" Roles(NEW_WORK), desk::bulk::page;
    get "/desk/cases/{reference}/questions" Roles(NEW_WORK), desk::questions::page;
    post "/desk/cases/{reference}/questions" Roles(NEW_WORK), desk::questions::confirm;
    post "/desk/cases/{reference}/confirm" Roles(DECIDING_WORK), desk::offers::confirm;
    post "/desk/cases/{reference}/use" Roles(DECIDING_WORK), desk::offers::use_answer;
    get "/desk/cases/{reference}/clock" Roles(CASE), desk::clock::page;
    get "/desk/cases/{reference}/history" Roles(CASE), desk::history::page;
    get "/desk/cases/{reference}/tasks" Roles(CASE), desk::tasks::page;
    post "/desk/cases/{reference}/tasks/link" Roles(NEW_WORK), desk::tasks::link;
    get "/desk/cases/{reference}/letter" Roles(LETTER), desk::letter::page;
    post "/desk/cases/{reference}/letter" Roles(DECIDING_WORK), desk::letter::compose;
    get "/desk/cases/{reference}/letter/{name}" Roles(LETTER), desk::letter::file;
    get "/desk/cases/{reference}/approval" Roles(APPROVALS), desk::approvals::approval;
    post "/desk/cases/{reference}/approval" Roles(APPROVALS_WORK), desk::approvals::approve;
    get "/desk/cases/{reference}/issue" Roles(DECIDING_WORK), desk::letter::issue;
    post "/desk/cases/{reference}/issue" Roles(DECIDING_WORK), desk::letter::send;
    get "/desk/cases/{reference}/publication" Roles(PUBLICATION), desk::tasks::publication;
    get "/desk/cases/{reference}/applicant" Roles(APPLICANT), desk::private::applicant;
    post "/desk/cases/{reference}/applicant" Roles(APPLICANT), desk::private::show_applicant;
    get "/desk/cases/{reference}/questions/{number}/files" Roles(CASE), desk::release::page;
    post "/desk/cases/{reference}/questions/{number}/files" Roles(DECIDING_WORK), desk::release::change, Upload;
    get "/desk/cases/{reference}/questions/{number}/files/{name}" Roles(CASE), desk::release::file;
    get "/desk/cases/{reference}/questions/{number}/sent/{name}" Roles(DECIDING), desk::sending::file;
    get "/desk/cases/{reference}/questions/{number}/holding" Roles(DECIDING_WORK), desk::private::holding;
    post "/desk/cases/{reference}/questions/{number}/holding" Roles(DECIDING_WORK), desk::private::open_holding;
    get "/desk/approvals" Roles(APPROVALS), desk::approvals::approvals;
    get "/desk/approvals/together" Roles(APPROVALS_WORK), desk::approvals::together;
    post "/desk/approvals/together" Roles(APPROVALS_WORK), desk::approvals::approve_together;
    get "/desk/harm" Roles(HARM), desk::harm::page;
    get "/desk/harm/{reference}/{number}/{about}" Roles(HARM), desk::harm::show;
    post "/desk/harm/{reference}/{number}/{about}" Roles(HARM_WORK), desk::harm::send;
    get "/desk/team" Roles(TEAM), desk::team::page;
    get "/desk/team/{reference}" Roles(TEAM), desk::team::show;
    post "/desk/team/{reference}" Roles(TEAM), desk::team::send;
    get "/desk/team/{reference}/files/{number}" Roles(TEAM), desk::sending::page;
    post "/desk/team/{reference}/files/{number}" Roles(TEAM), desk::sending::send, Upload;
    get "/desk/opinions" Roles(OPINION), desk::opinions::page;
    get "/desk/publications" Roles(PUBLICATIONS), desk::publications::page;
    get "/desk/record" Roles(RECORD), desk::public_record::page;
    get "/desk/record/audit" Roles(RECORD), desk::public_record::contradictions;
    get "/desk/topics" Roles(TOPICS), desk::topics::page;
    get "/desk/register" Roles(RECORD), desk::register::page;
    get "/desk/register/import" Roles(REGISTER_WORK), desk::register::import;
    post "/desk/register/import" Roles(REGISTER_WORK), desk::register::read, Upload;
    post "/desk/register/keep" Roles(REGISTER_WORK), desk::register::keep;
    get "/desk/register/publish" Roles(PUBLICATION_WORK), desk::register::preview;
    post "/desk/register/publish" Roles(PUBLICATION_WORK), desk::register::publish;
    get "/desk/record/{subject}" Roles(RECORD), desk::public_record::subject;
    get "/desk/new/alike/{reference}" Roles(DECIDING_WORK), desk::alike::page;
    post "/desk/new/alike/{reference}" Roles(DECIDING_WORK), desk::alike::apply;
    get "/desk/new" Roles(NEW), desk::admin::new_requests;
    get "/desk/new/request" Roles(NEW_WORK), desk::intake::show;
    post "/desk/new/request" Roles(NEW_WORK), desk::intake::send, Upload;
    get "/desk/cases/{reference}/added/{number}" Roles(NEW_WORK), desk::added::show;
    post "/desk/cases/{reference}/added/{number}" Roles(NEW_WORK), desk::added::send;
    get "/desk/cases/{reference}/files" Roles(CASE), desk::intake::files;
    get "/desk/cases/{reference}/files/{number}" Roles(CASE), desk::intake::file;
    get "/desk/reports" Roles(REPORTS), desk::reports::page;
    get "/desk/admin" Roles(ADMIN), desk::admin::page;
    get "/desk/admin/calendar" Roles(ADMIN), desk::setup::calendar;
    get "/desk/admin/history" Roles(ADMIN), desk::changes::page;
    get "/desk/admin/teams" Roles(ADMIN), desk::setup::teams;
    get "/desk/admin/people/{id}" Roles(ADMIN_WORK), desk::admin::person;
    post "/desk/admin/people/{id}" Roles(ADMIN_WORK), desk::admin::keep_person;
    get "/desk/admin/branding" Roles(ADMIN_WORK), desk::admin::branding;
    post "/desk/admin/branding" Roles(ADMIN_WORK), desk::admin::keep_branding;
    get "/desk/admin/logo" Roles(ADMIN_WORK), desk::admin::logo;
    post "/desk/admin/logo" Roles(ADMIN_WORK), desk::admin::keep_logo, Upload;
    get "/desk/admin/keys" Roles(ADMIN), desk::doors::keys;
    get "/desk/admin/keys/{id}" Roles(ADMIN_WORK), desk::doors::key;
    post "/desk/admin/keys/{id}" Roles(ADMIN_WORK), desk::doors::keep_key;
    get "/desk/admin/webhooks" Roles(ADMIN), desk::doors::webhooks;
    get "/desk/admin/webhooks/{id}" Roles(ADMIN_WORK), desk::doors::webhook;
    post "/desk/admin/webhooks/{id}" Roles(ADMIN_WORK), desk::doors::keep_webhook;
    get "/desk/admin/policy" Roles(ADMIN), desk::policy::page;
    post "/desk/admin/policy" Roles(ADMIN), desk::policy::compare;
    get "/desk/admin/wording" Roles(ADMIN), desk::policy::wording;
    post "/desk/admin/wording" Roles(ADMIN_WORK), desk::policy::keep_wording;
    get "/desk/settings" Roles(EVERYONE), desk::settings::page;
    post "/desk/settings" Roles(EVERYONE), desk::settings::keep;
    get "/desk/account" Roles(EVERYONE), desk::admin::own;
    post "/desk/account" Roles(EVERYONE), desk::admin::keep_own;
    get "/desk/account/second" Roles(EVERYONE), desk::second::page;
    post "/desk/account/second" Roles(EVERYONE), desk::second::keep;
    get "/team/{token}" Who::Link, desk::tasks::team;
    post "/team/{token}" Who::Link, desk::tasks::team_send;
    get "/team/{token}/files/{number}" Who::Link, desk::sending::link_page;
    post "/team/{token}/files/{number}" Who::Link, desk::sending::link_send, Upload;
    get "/desk/cases/{reference}/owner" Roles(NEW_WORK), desk::acts::owner::show;
    post "/desk/cases/{reference}/owner" Roles(NEW_WORK), desk::acts::owner::send;
    get "/desk/cases/{reference}/late" Roles(DECIDING_WORK), desk::acts::late::show;
    post "/desk/cases/{reference}/late" Roles(DECIDING_WORK), desk::acts::late::send;
    get "/desk/cases/{reference}/task" Roles(NEW_WORK), desk::acts::task::show;
    post "/desk/cases/{reference}/task" Roles(NEW_WORK), desk::acts::task::send;
    get "/desk/cases/{reference}/remind" Roles(DECIDING_WORK), desk::acts::remind::show;
    post "/desk/cases/{reference}/remind" Roles(DECIDING_WORK), desk::acts::remind::send;
    get "/desk/cases/{reference}/add" Roles(NEW_WORK), desk::acts::addition::show;
    post "/desk/cases/{reference}/add" Roles(NEW_WORK), desk::acts::addition::send;
    get "/desk/cases/{reference}/validity" Roles(NEW_WORK), desk::acts::validity::show;
    post "/desk/cases/{reference}/validity" Roles(NEW_WORK), desk::acts::validity::send;
    get "/desk/cases/{reference}/treatment" Roles(NEW_WORK), desk::acts::treatment::show;
    post "/desk/cases/{reference}/treatment" Roles(NEW_WORK), desk::acts::treatment::send;
    get "/desk/cases/{reference}/clarification" Roles(CLARIFYING), desk::acts::clarification::show;
    post "/desk/cases/{reference}/clarification" Roles(NEW_WORK), desk::acts::clarification::send;
    get "/desk/cases/{reference}/clarified" Roles(NEW_WORK), desk::acts::clarified::show;
    post "/desk/cases/{reference}/clarified" Roles(NEW_WORK), desk::acts::clarified::send;
    get "/desk/cases/{reference}/extension" Roles(DECIDING), desk::acts::extension::show;
    post "/desk/cases/{reference}/extension" Roles(DECIDING_WORK), desk::acts::extension::send;
    get "/desk/cases/{reference}/cost" Roles(DECIDING), desk::acts::cost::show;
    post "/desk/cases/{reference}/cost" Roles(DECIDING_WORK), desk::acts::cost::send;
    get "/desk/cases/{reference}/public-interest/content" Roles(DECIDING), desk::acts::content_interest::show;
    post "/desk/cases/{reference}/public-interest/content" Roles(DECIDING_WORK), desk::acts::content_interest::send;
    get "/desk/cases/{reference}/public-interest/confirm-or-deny" Roles(DECIDING), desk::acts::confirm_interest::show;
    post "/desk/cases/{reference}/public-interest/confirm-or-deny" Roles(DECIDING_WORK), desk::acts::confirm_interest::send;
    get "/desk/cases/{reference}/questions/{number}/confirm-or-deny" Roles(DECIDING), desk::acts::confirm_or_deny::show;
    post "/desk/cases/{reference}/questions/{number}/confirm-or-deny" Roles(DECIDING_WORK), desk::acts::confirm_or_deny::send;
    get "/desk/cases/{reference}/questions/{number}/route" Roles(DECIDING), desk::acts::route::show;
    post "/desk/cases/{reference}/questions/{number}/route" Roles(DECIDING_WORK), desk::acts::route::send;
    get "/desk/cases/{reference}/questions/{number}/neither" Roles(DECIDING), desk::acts::neither::show;
    post "/desk/cases/{reference}/questions/{number}/neither" Roles(DECIDING_WORK), desk::acts::neither::send;
    get "/desk/cases/{reference}/questions/{number}/decision" Roles(DECIDING_WORK), desk::acts::decision::show;
    post "/desk/cases/{reference}/questions/{number}/decision" Roles(DECIDING_WORK), desk::acts::decision::send;
    get "/desk/cases/{reference}/questions/{number}/answer" Roles(DECIDING_WORK), desk::acts::answer::show;
    post "/desk/cases/{reference}/questions/{number}/answer" Roles(DECIDING_WORK), desk::acts::answer::send;
    get "/desk/cases/{reference}/questions/{number}/published" Roles(DECIDING_WORK), desk::acts::published_already::show;
    post "/desk/cases/{reference}/questions/{number}/published" Roles(DECIDING_WORK), desk::acts::published_already::send;
    get "/desk/cases/{reference}/questions/{number}/harm" Roles(DECIDING_WORK), desk::acts::harm_told::show;
    post "/desk/cases/{reference}/questions/{number}/harm" Roles(DECIDING_WORK), desk::acts::harm_told::send;
    get "/desk/cases/{reference}/questions/{number}/withheld" Roles(DECIDING_WORK), desk::acts::withheld::show;
    post "/desk/cases/{reference}/questions/{number}/withheld" Roles(DECIDING_WORK), desk::acts::withheld::send;
    get "/desk/cases/{reference}/questions/{number}/not-held" Roles(DECIDING_WORK), desk::acts::not_held::show;
    post "/desk/cases/{reference}/questions/{number}/not-held" Roles(DECIDING_WORK), desk::acts::not_held::send;
    get "/desk/cases/{reference}/questions/{number}/over-cost-limit" Roles(DECIDING_WORK), desk::acts::over_cost_limit::show;
    post "/desk/cases/{reference}/questions/{number}/over-cost-limit" Roles(DECIDING_WORK), desk::acts::over_cost_limit::send;
    get "/desk/cases/{reference}/questions/{number}/section-14" Roles(DECIDING_WORK), desk::acts::section_14::show;
    post "/desk/cases/{reference}/questions/{number}/section-14" Roles(DECIDING_WORK), desk::acts::section_14::send;
    get "/desk/cases/{reference}/questions/{number}/seek-opinion" Roles(DECIDING_WORK), desk::acts::seek_opinion::show;
    post "/desk/cases/{reference}/questions/{number}/seek-opinion" Roles(DECIDING_WORK), desk::acts::seek_opinion::send;
    get "/desk/cases/{reference}/questions/{number}/opinion" Roles(OPINION), desk::acts::opinion::show;
    post "/desk/cases/{reference}/questions/{number}/opinion" Roles(OPINION_WORK), desk::acts::opinion::send;
    get "/desk/cases/{reference}/recall" Roles(DECIDING_WORK), desk::acts::recall::show;
    post "/desk/cases/{reference}/recall" Roles(DECIDING_WORK), desk::acts::recall::send;
    get "/desk/cases/{reference}/publish" Roles(PUBLICATION_WORK), desk::acts::publication::show;
    post "/desk/cases/{reference}/publish" Roles(PUBLICATION_WORK), desk::acts::publication::send;
    get "/desk/cases/{reference}/unpublish" Roles(PUBLICATION_WORK), desk::acts::unpublish::show;
    post "/desk/cases/{reference}/unpublish" Roles(PUBLICATION_WORK), desk::acts::unpublish::send;
    get "/desk/cases/{reference}/review-asked" Roles(NEW_WORK), desk::acts::review_asked::show;
    post "/desk/cases/{reference}/review-asked" Roles(NEW_WORK), desk::acts::review_asked::send;
    get "/desk/cases/{reference}/review" Roles(REVIEW), desk::review::page;
    post "/desk/cases/{reference}/review" Roles(REVIEW_WORK), desk::review::act;
    get "/desk/cases/{reference}/withdraw" Roles(NEW_WORK), desk::acts::withdraw::show;
    post "/desk/cases/{reference}/withdraw" Roles(NEW_WORK), desk::acts::withdraw::send;
    get "/desk/cases/{reference}/close" Roles(DECIDING_WORK), desk::acts::close::show;
    post "/desk/cases/{reference}/close" Roles(DECIDING_WORK), desk::acts::close::send;
}

/// Whether somebody with these roles may visit an address.
#[must_use]
pub fn may(roles: &[Role], method: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or("");
    let is_there = |template: &str| {
        let mut parts = path.split('/');
        template.split('/').all(|part| {
            parts
                .next()
                .is_some_and(|given| given == part || part.starts_with('{'))
        }) && parts.next().is_none()
    };
    ROUTES.iter().any(|route| {
        route.method == method
            && is_there(route.path)
            && match route.who {
                Who::Roles(allowed) => roles.iter().any(|role| allowed.contains(role)),
                Who::Anyone => true,
                Who::Link | Who::Key | Who::Program(_) => false,
            }
    })
}

/// Whether whoever visits a page may send the form of the same address.
#[must_use]
pub fn may_send(visit: &Visit) -> bool {
    visit
        .account()
        .is_some_and(|account| may(&account.roles, "POST", &visit.path))
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
        let mut answer = (route.answer)().route_layer(layer);
        if route.group == Group::Upload {
            answer = answer.layer(DefaultBodyLimit::max(upload::READ_UP_TO));
        }
        router = router.route(route.path, answer);
    }
    router
        .fallback(guard::unknown)
        .layer(DefaultBodyLimit::max(guard::LONGEST_FORM))
        .layer(from_fn_with_state(app.clone(), guard::outermost))
        .with_state(app)
}
