//! Administration: people, name and colours, the policy with its audit, the calendar, and what is not set up yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use casework::case::Case;
use casework::policy::{Severity, audit};
use casework::role::Role;
use office::{Logo, Similar};
use store::changes::Altered;
use store::desk::Account;

use crate::accounts::{self, SHORTEST_PASSWORD};
use crate::app::App;
use crate::branding::Branding;
use crate::desk::acts::areas_of;
use crate::desk::alike::{answered_before, in_common};
use crate::desk::case::Asked;
use crate::desk::changes;
use crate::desk::shown;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::form::{Form, FormPage, choice};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::{self, Visit};
use crate::upload;
use crate::words::filters;

/// A person in the list.
#[derive(Clone, Debug)]
pub struct Person {
    id: String,
    name: String,
    email: String,
    roles: String,
    team: String,
    is_active: bool,
    is_shut: bool,
}

/// The first page.
#[derive(Template)]
#[template(path = "desk/admin.html")]
pub struct AdminPage {
    frame: Frame,
    people: Vec<Person>,
    policy: String,
    findings: Vec<(&'static str, String)>,
    checks: Vec<(String, bool)>,
    may_work: bool,
}

/// Shows people, policy and what is not set up yet.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let bundle = app.office.bundle();
    let accounts = app.office.store().accounts().await?;
    let now = app.now();
    let policy = &bundle.policy.policy;
    let findings = audit(policy, app.today())
        .into_iter()
        .map(|finding| {
            let class = match finding.severity {
                Severity::Error => "danger",
                Severity::Warning => "warn",
            };
            (class, sentence(&finding.message))
        })
        .collect();
    let template = AdminPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        people: accounts
            .iter()
            .map(|account| Person {
                id: account.id.clone(),
                name: account.name.clone(),
                email: account.email.clone(),
                roles: account
                    .roles
                    .iter()
                    .map(|role| role.name())
                    .collect::<Vec<_>>()
                    .join(", "),
                team: shown::area(&account.team),
                is_active: account.is_active,
                is_shut: account.locked_until.is_some_and(|until| until > now),
            })
            .collect(),
        policy: format!("{} ({})", policy.title, policy.version),
        findings,
        checks: checks(&app, &accounts),
        may_work: visit.has_any(routes::ADMIN_WORK),
    };
    frame::page(&template.frame, &template)
}

/// What an installation needs, and whether it is there.
fn checks(app: &App, accounts: &[Account]) -> Vec<(String, bool)> {
    let bundle = app.office.bundle();
    let has = |role: Role| {
        accounts
            .iter()
            .any(|account| account.is_active && account.roles.contains(&role))
    };
    let year_ahead = app
        .today()
        .checked_add(jiff::Span::new().years(1))
        .unwrap_or(app.today());
    vec![
        (
            format!(
                "Bank holidays are known for a year ahead (up to {})",
                crate::dates::plain(bundle.calendar.up_to())
            ),
            bundle.calendar.up_to() >= year_ahead,
        ),
        (
            "The Commissioner's particulars are verified, so letters give them (verified_on in law/complaints.toml)".to_owned(),
            bundle.complaints.verified_on.is_some(),
        ),
        (
            "Letters say where to ask for an internal review (internal_review_contact in law/complaints.toml)".to_owned(),
            bundle.complaints.internal_review_contact.is_some(),
        ),
        (
            "Mail has an address that it comes from (mailbox in office/authority.toml, or the email address under name and colours)".to_owned(),
            bundle.authority.mailbox.is_some() || !app.branding().email.is_empty(),
        ),
        (
            "People find a telephone number and an address by post (name and colours)".to_owned(),
            !app.branding().telephone.is_empty() && !app.branding().post.is_empty(),
        ),
        (
            "The page on privacy says whom to ask (data_protection_contact in office/authority.toml)"
                .to_owned(),
            bundle.authority.data_protection_contact.is_some(),
        ),
        (
            "Somebody can decide".to_owned(),
            has(Role::InformationOfficer),
        ),
        ("Somebody can approve".to_owned(), has(Role::Approver)),
        ("Somebody can publish".to_owned(), has(Role::Publisher)),
        (
            "A security adviser can give evidence of harm".to_owned(),
            has(Role::SecurityAdviser),
        ),
        (
            "Name and colours can be read".to_owned(),
            app.branding().mistakes().is_empty(),
        ),
        (
            "People reach the pages through TLS".to_owned(),
            app.settings.is_secure,
        ),
    ]
}

/// Roles that people hold.
const ROLES: [Role; 9] = [
    Role::TriageOfficer,
    Role::InformationOfficer,
    Role::ServiceAreaContact,
    Role::SecurityAdviser,
    Role::Approver,
    Role::QualifiedPerson,
    Role::Publisher,
    Role::Auditor,
    Role::Administrator,
];

fn person_form(account: Option<&Account>) -> Form {
    let value = |of: fn(&Account) -> String| account.map_or_else(String::new, of);
    let heading = if account.is_some() {
        "Change this account"
    } else {
        "A new account"
    };
    let mut form = Form::new(heading, "Save")
        .line("name", "Name", "", &value(|account| account.name.clone()))
        .typed("email", "Email address", "To sign in with.", &value(|account| account.email.clone()), "email", "off")
        .line(
            "team",
            "Team",
            "What the team is called, like Information governance. People of one team write it alike: questions go to teams.",
            &account.map_or_else(String::new, |account| shown::area(&account.team)),
        )
        .boxes(
            "roles",
            "Roles",
            "Nobody approves a case that they decided, whatever roles they hold.",
            ROLES
                .iter()
                .map(|role| choice(&role.spelling(), &sentence(role.name())))
                .collect(),
            account.map_or_else(Vec::new, |account| {
                account.roles.iter().map(|role| role.spelling()).collect()
            }),
        )
        .typed(
            "password",
            if account.is_some() { "New password" } else { "Password" },
            if account.is_some() {
                "Leave empty to keep the old one. A new one signs this person out everywhere and opens a shut account."
            } else {
                "At least 12 characters. Tell it to the person; they change it themselves."
            },
            "",
            "password",
            "new-password",
        );
    if let Some(account) = account {
        form = form.radios(
            "active",
            "May this person sign in?",
            "",
            vec![choice("yes", "Yes"), choice("no", "No")],
            if account.is_active { "yes" } else { "no" },
        );
        if account.second_secret.is_some() {
            form = form.boxes(
                "second",
                "Two-step sign-in",
                "For somebody who lost their phone and their recovery codes. Be sure who asks you.",
                vec![choice("off", "Switch it off for this person")],
                Vec::new(),
            );
        }
    }
    form.back = "/desk/admin".to_owned();
    form
}

/// The longest name of a person or a team, in characters.
const LONGEST_NAME: usize = 100;
/// The longest address of mail, RFC 5321.
const LONGEST_EMAIL: usize = 254;

/// Draws a form of the desk.
///
/// # Errors
/// The template can't be drawn.
pub(crate) fn draw(
    app: &App,
    visit: &Visit,
    mut form: Form,
    mistakes: Mistakes,
    back: &str,
) -> Result<Response, WebError> {
    form.back = back.to_owned();
    let template = FormPage {
        frame: Frame::new(app, visit).with(mistakes),
        form,
    };
    frame::page(&template.frame, &template)
}

/// Shows an account, or an empty form for `new`.
///
/// # Errors
/// There is no such account.
pub async fn person(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let account = app.office.store().account(&id).await?;
    if account.is_none() && id != "new" {
        return Err(WebError::NotFound);
    }
    let form = person_form(account.as_ref());
    draw(&app, &visit, form, Mistakes::default(), "/desk/admin")
}

/// Keeps an account.
///
/// # Errors
/// There is no such account, or the store can't.
pub async fn keep_person(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let before = store.account(&id).await?;
    if before.is_none() && id != "new" {
        return Err(WebError::NotFound);
    }
    let mut mistakes = Mistakes::default();
    let (name, email) = (fields.get("name"), fields.get("email").to_lowercase());
    mistakes.check(name.is_empty(), "name", "Enter the person's name");
    mistakes.check(!email.contains('@'), "email", "Enter an email address");
    for (field, text, longest) in [
        ("name", &name, LONGEST_NAME),
        ("email", &email, LONGEST_EMAIL),
        ("team", &fields.get("team"), LONGEST_NAME),
    ] {
        mistakes.check(
            text.chars().count() > longest || text.contains(char::is_control),
            field,
            &format!("Write it on one line, in {longest} characters or fewer"),
        );
    }
    let team = fields.get("team");
    mistakes.check(
        !team.is_empty() && !team.contains(char::is_alphanumeric),
        "team",
        "A team's name has letters",
    );
    let roles: Vec<Role> = ROLES
        .into_iter()
        .filter(|role| fields.ticked("roles", &role.spelling()))
        .collect();
    mistakes.check(roles.is_empty(), "roles", "Choose at least one role");
    let password = fields.raw("password");
    let is_new = before.is_none();
    mistakes.check(
        (is_new || !password.is_empty()) && password.chars().count() < SHORTEST_PASSWORD,
        "password",
        "A password has at least 12 characters",
    );
    if let Some(other) = store.account_of_email(&email).await? {
        mistakes.check(
            Some(&other.id) != before.as_ref().map(|account| &account.id),
            "email",
            "Another account has this address",
        );
    }
    let me = visit.account().map(|account| account.id.clone());
    let is_me = before
        .as_ref()
        .is_some_and(|account| Some(&account.id) == me.as_ref());
    let is_active = is_new || fields.get("active") != "no";
    mistakes.check(
        is_me && (!is_active || !roles.contains(&Role::Administrator)),
        "roles",
        "You can't take administration away from yourself; ask another administrator",
    );
    if !mistakes.is_empty() {
        let form = person_form(before.as_ref()).filled(&fields, &mistakes);
        return draw(&app, &visit, form, mistakes, "/desk/admin");
    }
    let taken = store.accounts().await?;
    let mut account = before.clone().unwrap_or_else(|| Account {
        id: accounts::id_for(&name, &taken),
        name: String::new(),
        email: String::new(),
        secret: String::new(),
        second_secret: None,
        second_step: 0,
        roles: Vec::new(),
        team: String::new(),
        is_active: true,
        failures: 0,
        locked_until: None,
        recovery: String::new(),
        subject: None,
    });
    let roles_changed = before.as_ref().is_some_and(|before| before.roles != roles);
    account.name = name;
    account.email = email;
    account.team = office::teams::id(&fields.get("team"), areas_of(&taken));
    account.roles = roles;
    account.is_active = is_active;
    if !password.is_empty() {
        account.secret = accounts::secret(&password).map_err(WebError::Fault)?;
        account.failures = 0;
        account.locked_until = None;
    }
    let second_ends = fields.ticked("second", "off");
    if second_ends {
        account.second_secret = None;
        account.recovery = String::new();
    }
    let details = changes::of_account(before.as_ref(), &account);
    let by = me.unwrap_or_default();
    changes::keep_account(&app, &by, &account, &details).await?;
    if (!password.is_empty() || roles_changed || !is_active || second_ends) && !is_me {
        store.end_sessions_of(&account.id).await?;
    }
    Ok(frame::see_other("/desk/admin?done=person"))
}

fn branding_form(branding: &Branding) -> Form {
    Form::new("Name and colours", "Save")
        .line("name", "Name of the authority", "", &branding.name)
        .line(
            "short_name",
            "Short name",
            "For narrow places.",
            &branding.short_name,
        )
        .typed(
            "email",
            "Email address of the team",
            "",
            &branding.email,
            "email",
            "off",
        )
        .line("telephone", "Telephone", "", &branding.telephone)
        .line("post", "Postal address", "", &branding.post)
        .line(
            "brand_light",
            "Main colour on light ground",
            "# and six digits; refused if it can't be read.",
            &branding.brand_light,
        )
        .line(
            "brand_dark",
            "Main colour on dark ground",
            "",
            &branding.brand_dark,
        )
        .typed(
            "radius",
            "Radius of corners in pixels",
            "0 to 8",
            &branding.radius.to_string(),
            "number",
            "",
        )
}

/// Shows name and colours.
///
/// # Errors
/// The page can't be drawn.
pub async fn branding(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let form = branding_form(&app.branding());
    draw(&app, &visit, form, Mistakes::default(), "/desk/admin")
}

/// Keeps name and colours, unless they couldn't be read.
///
/// # Errors
/// The store can't.
pub async fn keep_branding(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let branding = Branding {
        name: fields.get("name"),
        short_name: fields.get("short_name"),
        email: fields.get("email"),
        telephone: fields.get("telephone"),
        post: fields.get("post"),
        brand_light: fields.get("brand_light"),
        brand_dark: fields.get("brand_dark"),
        radius: fields
            .number("radius")
            .and_then(|radius| u8::try_from(radius).ok())
            .unwrap_or(u8::MAX),
        logo: app.branding().logo.clone(),
    };
    let mut mistakes = Mistakes::default();
    for (field, message) in branding.mistakes() {
        mistakes.add(field, message);
    }
    if !mistakes.is_empty() {
        let form = branding_form(&branding).filled(&fields, &mistakes);
        return draw(&app, &visit, form, mistakes, "/desk/admin");
    }
    let details = changes::of_branding(&app.branding(), &branding);
    keep(&app, &visit, branding, "branding", &details).await?;
    Ok(frame::see_other("/desk/admin?done=branding"))
}

/// The largest file of a logo: every page of the public sends it.
const LARGEST_LOGO: usize = 200 * 1024;

/// The page for the logo.
#[derive(Template)]
#[template(path = "desk/logo.html")]
pub struct LogoPage {
    frame: Frame,
    alt: String,
}

fn draw_logo(
    app: &App,
    visit: &Visit,
    alt: String,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let template = LogoPage {
        frame: Frame::new(app, visit).with(mistakes),
        alt,
    };
    frame::page(&template.frame, &template)
}

/// Shows the logo and the form for another.
///
/// # Errors
/// The page can't be drawn.
pub async fn logo(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let branding = app.branding();
    let alt = branding
        .logo
        .as_ref()
        .map_or_else(|| branding.name.clone(), |logo| logo.alt.clone());
    draw_logo(&app, &visit, alt, Mistakes::default())
}

/// Keeps a logo, or takes it away.
///
/// # Errors
/// It isn't our form, or the store can't.
pub async fn keep_logo(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    form: Multipart,
) -> Result<Response, WebError> {
    let upload = upload::read(&visit, form).await?;
    let mut mistakes = upload.mistakes;
    let alt = upload.fields.get("alt");
    let mut branding = (*app.branding()).clone();
    if upload.fields.get("do") == "out" {
        branding.logo = None;
        keep(&app, &visit, branding, "logo", "Taken away").await?;
        return Ok(frame::see_other("/desk/admin?done=logo-out"));
    }
    mistakes.check(
        alt.is_empty(),
        "alt",
        "Say in words what the logo says; people who can't see it hear this",
    );
    let png = upload.files.into_iter().next().map(|(_, bytes)| bytes);
    // Other words for the same picture, where no file comes.
    match png.or_else(|| branding.logo.as_ref().map(Logo::png)) {
        Some(png) if png.len() > LARGEST_LOGO => {
            mistakes.add("files", "The file is larger than 200 kB; save it smaller");
        }
        Some(png) => match Logo::of(&png, &alt) {
            Ok(logo) => branding.logo = Some(logo),
            Err(message) => mistakes.add("files", message),
        },
        None => mistakes.check(mistakes.is_empty(), "files", "Choose a PNG file"),
    }
    if !mistakes.is_empty() {
        return draw_logo(&app, &visit, alt, mistakes);
    }
    let details = format!("It says: {alt}");
    keep(&app, &visit, branding, "logo", &details).await?;
    Ok(frame::see_other("/desk/admin?done=logo"))
}

/// Puts name, colours and logo in force.
async fn keep(
    app: &App,
    visit: &Visit,
    branding: Branding,
    kind: &str,
    details: &str,
) -> Result<(), WebError> {
    let text =
        serde_json::to_string(&branding).map_err(|error| WebError::Fault(error.to_string()))?;
    let by = visit.account().map_or("", |account| account.id.as_str());
    let change = app.office.change(by, kind, &branding.name, details);
    app.office
        .store()
        .alter(
            Altered::Settings(&[(crate::serve::BRANDING, &text)]),
            &change,
        )
        .await?;
    if let Ok(mut current) = app.branding.write() {
        *current = Arc::new(branding);
    }
    Ok(())
}

fn password_form(account: &Account) -> Form {
    let roles: Vec<&str> = account.roles.iter().map(|role| role.name()).collect();
    let form = Form::new("Your account", "Change your password")
        .intro(format!("{}, {}", account.name, account.email))
        .intro(format!("You are here as: {}.", roles.join(", ")));
    let form = if account.team.is_empty() {
        form
    } else {
        form.intro(format!("Your team: {}.", shown::area(&account.team)))
    };
    form.link("Two-step sign-in", "/desk/account/second")
        .section("Change your password")
        .typed(
            "old",
            "Your password now",
            "",
            "",
            "password",
            "current-password",
        )
        .typed(
            "password",
            "The new one",
            "At least 12 characters.",
            "",
            "password",
            "new-password",
        )
}

/// Shows the form for one's own password.
///
/// # Errors
/// The page can't be drawn.
pub async fn own(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let account = visit.account().ok_or(WebError::NotFound)?;
    let form = password_form(account);
    let home = session::home_of(account);
    draw(&app, &visit, form, Mistakes::default(), home)
}

/// Changes one's own password; every session ends.
///
/// # Errors
/// The store can't.
pub async fn keep_own(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let account = visit.account().ok_or(WebError::NotFound)?;
    let mut mistakes = Mistakes::default();
    let old = fields.raw("old");
    let new = fields.raw("password");
    let is_right =
        accounts::right_password(store, &app.nobody, &account.email, &old, app.now()).await?;
    mistakes.check(is_right.is_none(), "old", "This is not your password");
    mistakes.check(
        new.chars().count() < SHORTEST_PASSWORD,
        "password",
        "A password has at least 12 characters",
    );
    let Some(mut account) = is_right.filter(|_| mistakes.is_empty()) else {
        let form = password_form(account).filled(&fields, &mistakes);
        let home = session::home_of(account);
        return draw(&app, &visit, form, mistakes, home);
    };
    account.secret = accounts::secret(&new).map_err(WebError::Fault)?;
    changes::keep_account(&app, &account.id, &account, "A new password").await?;
    store.end_sessions_of(&account.id).await?;
    Ok(frame::see_other("/sign-in?done=password"))
}

/// New requests, first come first.
#[derive(Template)]
#[template(path = "desk/new.html")]
pub struct NewPage {
    frame: Frame,
    may_work: bool,
    rows: Vec<NewRow>,
    /// The answered requests that new ones repeat, and how many do.
    alike: Vec<(String, usize)>,
}

/// A new request.
#[derive(Clone, Debug)]
pub struct NewRow {
    reference: String,
    subject: String,
    received: String,
    questions: usize,
    /// The request that asks the same: its reference, and how many of the questions.
    like: Option<(String, String)>,
}

/// So many new requests are compared with what was asked before; the list has to come soon.
const COMPARED: usize = 30;
/// So many requests like a new one are looked at: in a morning of look-alikes the answered one may come after the others.
const LIKE_IT: usize = 8;

/// The request that asks at least half of what this one asks, and how much of it.
fn asked_before(case: &Case, similar: &[Similar]) -> Option<(String, String)> {
    let all = case.questions.len();
    let (similar, same) = similar
        .iter()
        .find_map(|similar| Some((similar, in_common(case, similar)?)))?;
    let words = match (same >= all, all) {
        (true, 1) => "Asks the same as".to_owned(),
        (true, _) => format!("Asks the same {all} questions as"),
        (false, _) => format!("{same} of its {all} questions are those of"),
    };
    Some((similar.summary.reference.clone(), words))
}

/// Shows the requests whose questions nobody has confirmed.
///
/// # Errors
/// The store can't answer.
pub async fn new_requests(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let filter = office::QueueFilter::New;
    let rows = app.office.queue(&filter, true, None, 300).await?;
    let mut new = Vec::new();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for (at, row) in rows.into_iter().enumerate() {
        let case = if at < COMPARED {
            app.office.case(&row.case_id).await?
        } else {
            None
        };
        let like = match case {
            Some(case) => {
                let similar = app.office.similar(&case, LIKE_IT).await?;
                if let Some(reference) = answered_before(&case, &similar) {
                    let count = alike.entry(reference).or_default();
                    *count = count.saturating_add(1);
                }
                asked_before(&case, &similar)
            }
            None => None,
        };
        new.push(NewRow {
            received: row
                .received_on
                .parse()
                .map_or_else(|_| row.received_on.clone(), crate::dates::short),
            reference: row.reference,
            subject: row.subject,
            questions: usize::try_from(row.questions).unwrap_or(0),
            like,
        });
    }
    let template = NewPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        may_work: visit.has_any(routes::NEW_WORK),
        rows: new,
        alike: alike.into_iter().collect(),
    };
    frame::page(&template.frame, &template)
}
