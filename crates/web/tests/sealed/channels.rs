//! Every output that somebody without clearance can observe, and how the test observes it. The rows are those of the
//! program's own tables: one that isn't listed here fails the test.

use std::collections::BTreeSet;

use casework::event::CaseId;
use office::QueueFilter;
use serde_json::json;
use web::keys::Scope;
use web::routes::{ROUTES, Who};

use crate::receiver;
use crate::story::{Dice, Story, TELLTALE};
use crate::world::{HOOK, World};

/// How an output is observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By anybody.
    Page,
    /// By the person who asked, with their link.
    Link,
    /// By somebody who is signed in, in each role that the table names, in turn.
    Desk,
    /// By whoever sends the form, nearly empty as it is, at the end of a story; filled in, where stories send it.
    Form,
    /// By a program with a key of each scope, good for it or not; what it sends is empty at the end of a story, and not
    /// where stories send it.
    Program,
    /// Where the stories themselves come past it.
    Story,
    /// Not at all.
    Apart(&'static str),
}

use How::{Apart, Desk, Form, Link, Page, Program};

/// The routes.
const LISTED: &[(&str, &str, How)] = &[
    ("GET", "/", Page),
    (
        "GET",
        "/assets/{name}",
        Apart("the same files for everybody, compiled in"),
    ),
    (
        "GET",
        "/favicon.ico",
        Apart("a picture, the same for everybody"),
    ),
    ("GET", "/healthz", Page),
    ("GET", "/readyz", Page),
    ("GET", "/metrics", Page),
    ("GET", "/robots.txt", Page),
    ("GET", "/.well-known/security.txt", Page),
    ("GET", "/ask", Page),
    ("GET", "/ask/questions", Page),
    ("GET", "/ask/step", Page),
    ("GET", "/ask/send", Page),
    ("GET", "/ask/found", Page),
    ("POST", "/ask/step", How::Story),
    ("POST", "/ask/send", How::Story),
    ("POST", "/ask/guidance", How::Story),
    ("GET", "/ask/open", Page),
    ("POST", "/ask/found", Form),
    ("GET", "/follow/{token}", Link),
    ("POST", "/follow/{token}", How::Story),
    ("GET", "/follow/{token}/add", Link),
    ("POST", "/follow/{token}/add", How::Story),
    ("GET", "/follow/{token}/added", Link),
    ("GET", "/follow/{token}/{name}", Link),
    ("GET", "/disclosure-log", Page),
    ("GET", "/disclosure-log/feed.atom", Page),
    ("GET", "/disclosure-log/feed.json", Page),
    ("GET", "/disclosure-log/log.csv", Page),
    ("GET", "/disclosure-log/{year}/{slug}", Page),
    ("GET", "/contracts", Page),
    ("GET", "/contracts/feed.atom", Page),
    ("GET", "/contracts/{id}", Page),
    ("GET", "/contracts/{folder}/{name}", Page),
    ("GET", "/policy", Page),
    ("GET", "/statistics", Page),
    ("GET", "/statistics.csv", Page),
    ("GET", "/contact", Page),
    ("GET", "/privacy", Page),
    ("GET", "/accessibility", Page),
    ("GET", "/api/v1/openapi.json", Page),
    ("GET", "/api/v1/disclosure-log", Page),
    ("GET", "/api/v1/disclosure-log/{year}/{slug}", Page),
    ("GET", "/api/v1/statistics", Page),
    ("GET", "/api/v1/cases", Program),
    ("POST", "/api/v1/cases", Program),
    ("GET", "/api/v1/cases/{reference}", Program),
    ("POST", "/api/v1/cases/{reference}/acts", Program),
    ("GET", "/api/v1/cases/{reference}/letter", Program),
    ("POST", "/api/v1/cases/{reference}/letter", Program),
    ("GET", "/api/v1/reports", Program),
    ("GET", "/sign-in", Page),
    ("POST", "/sign-in", Apart("about accounts; knows no case")),
    ("GET", "/sign-in/code", Page),
    ("POST", "/sign-in/code", Form),
    ("GET", "/sign-in/provider", Page),
    ("GET", "/sign-in/return", Page),
    ("POST", "/sign-out", Apart("ends a session; knows no case")),
    ("GET", "/desk", Desk),
    ("POST", "/desk/views", Form),
    ("GET", "/desk/cases/{reference}", Desk),
    ("POST", "/desk/bulk", Form),
    ("GET", "/desk/cases/{reference}/questions", Desk),
    ("POST", "/desk/cases/{reference}/questions", Form),
    ("POST", "/desk/cases/{reference}/confirm", Form),
    ("POST", "/desk/cases/{reference}/use", Form),
    ("GET", "/desk/cases/{reference}/clock", Desk),
    ("GET", "/desk/cases/{reference}/history", Desk),
    ("GET", "/desk/cases/{reference}/tasks", Desk),
    ("POST", "/desk/cases/{reference}/tasks/link", Form),
    ("GET", "/desk/cases/{reference}/letter", Desk),
    ("POST", "/desk/cases/{reference}/letter", Form),
    ("GET", "/desk/cases/{reference}/letter/{name}", Desk),
    ("GET", "/desk/cases/{reference}/approval", Desk),
    ("POST", "/desk/cases/{reference}/approval", Form),
    ("GET", "/desk/cases/{reference}/issue", Desk),
    ("POST", "/desk/cases/{reference}/issue", Form),
    ("GET", "/desk/cases/{reference}/publication", Desk),
    ("GET", "/desk/cases/{reference}/applicant", Desk),
    ("POST", "/desk/cases/{reference}/applicant", Form),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/sent/{name}",
        Desk,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/holding",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/holding",
        Form,
    ),
    ("GET", "/desk/approvals", Desk),
    ("GET", "/desk/approvals/together", Desk),
    ("POST", "/desk/approvals/together", Form),
    ("GET", "/desk/harm", Desk),
    ("GET", "/desk/harm/{reference}/{number}/{about}", Desk),
    ("POST", "/desk/harm/{reference}/{number}/{about}", Form),
    ("GET", "/desk/team", Desk),
    ("GET", "/desk/team/{reference}", Desk),
    ("POST", "/desk/team/{reference}", Form),
    ("GET", "/desk/team/{reference}/files/{number}", Desk),
    ("POST", "/desk/team/{reference}/files/{number}", How::Story),
    ("GET", "/desk/opinions", Desk),
    ("GET", "/desk/publications", Desk),
    ("GET", "/desk/record", Desk),
    ("GET", "/desk/record/{subject}", Desk),
    ("GET", "/desk/record/audit", Desk),
    ("GET", "/desk/topics", Desk),
    ("GET", "/desk/register", Desk),
    ("GET", "/desk/register/import", Desk),
    (
        "POST",
        "/desk/register/import",
        Apart("reads a file of contracts; knows no case"),
    ),
    ("POST", "/desk/register/keep", Form),
    ("GET", "/desk/register/publish", Desk),
    ("POST", "/desk/register/publish", Form),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/files",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/files",
        How::Story,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/files/{name}",
        Desk,
    ),
    ("GET", "/desk/new", Desk),
    ("GET", "/desk/new/alike/{reference}", Desk),
    ("POST", "/desk/new/alike/{reference}", Form),
    ("GET", "/desk/new/request", Desk),
    ("POST", "/desk/new/request", How::Story),
    ("GET", "/desk/cases/{reference}/added/{number}", Desk),
    ("POST", "/desk/cases/{reference}/added/{number}", Form),
    ("GET", "/desk/cases/{reference}/files", Desk),
    ("GET", "/desk/cases/{reference}/files/{number}", Desk),
    ("GET", "/desk/reports", Desk),
    ("GET", "/desk/admin", Desk),
    ("GET", "/desk/admin/calendar", Desk),
    ("GET", "/desk/admin/history", Desk),
    ("GET", "/desk/admin/teams", Desk),
    ("GET", "/desk/admin/people/{id}", Desk),
    ("POST", "/desk/admin/people/{id}", Form),
    ("GET", "/desk/admin/branding", Desk),
    ("POST", "/desk/admin/branding", Form),
    ("GET", "/desk/admin/logo", Desk),
    (
        "POST",
        "/desk/admin/logo",
        Apart("takes a picture for every page; knows no case"),
    ),
    ("GET", "/desk/admin/keys", Desk),
    ("GET", "/desk/admin/keys/{id}", Desk),
    ("POST", "/desk/admin/keys/{id}", Form),
    ("GET", "/desk/admin/webhooks", Desk),
    ("GET", "/desk/admin/webhooks/{id}", Desk),
    ("POST", "/desk/admin/webhooks/{id}", Form),
    ("GET", "/desk/admin/policy", Desk),
    ("POST", "/desk/admin/policy", Form),
    ("GET", "/desk/admin/wording", Desk),
    ("POST", "/desk/admin/wording", Form),
    ("GET", "/desk/settings", Desk),
    ("POST", "/desk/settings", Form),
    ("GET", "/desk/account", Desk),
    ("POST", "/desk/account", Form),
    ("GET", "/desk/account/second", Desk),
    ("POST", "/desk/account/second", Form),
    ("GET", "/team/{token}", How::Story),
    ("POST", "/team/{token}", How::Story),
    ("GET", "/team/{token}/files/{number}", How::Story),
    ("POST", "/team/{token}/files/{number}", How::Story),
    ("GET", "/desk/cases/{reference}/owner", Desk),
    ("POST", "/desk/cases/{reference}/owner", Form),
    ("GET", "/desk/cases/{reference}/late", Desk),
    ("POST", "/desk/cases/{reference}/late", Form),
    ("GET", "/desk/cases/{reference}/task", Desk),
    ("POST", "/desk/cases/{reference}/task", Form),
    ("GET", "/desk/cases/{reference}/remind", Desk),
    ("POST", "/desk/cases/{reference}/remind", Form),
    ("GET", "/desk/cases/{reference}/add", Desk),
    ("POST", "/desk/cases/{reference}/add", Form),
    ("GET", "/desk/cases/{reference}/validity", Desk),
    ("POST", "/desk/cases/{reference}/validity", Form),
    ("GET", "/desk/cases/{reference}/treatment", Desk),
    ("POST", "/desk/cases/{reference}/treatment", Form),
    ("GET", "/desk/cases/{reference}/clarification", Desk),
    ("POST", "/desk/cases/{reference}/clarification", Form),
    ("GET", "/desk/cases/{reference}/clarified", Desk),
    ("POST", "/desk/cases/{reference}/clarified", Form),
    ("GET", "/desk/cases/{reference}/extension", Desk),
    ("POST", "/desk/cases/{reference}/extension", Form),
    ("GET", "/desk/cases/{reference}/cost", Desk),
    ("POST", "/desk/cases/{reference}/cost", Form),
    (
        "GET",
        "/desk/cases/{reference}/public-interest/content",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/public-interest/content",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/public-interest/confirm-or-deny",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/public-interest/confirm-or-deny",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/confirm-or-deny",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/confirm-or-deny",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/route",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/route",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/neither",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/neither",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/decision",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/decision",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/answer",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/answer",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/published",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/published",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/harm",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/harm",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/withheld",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/withheld",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/not-held",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/not-held",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/over-cost-limit",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/over-cost-limit",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/section-14",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/section-14",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/seek-opinion",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/seek-opinion",
        Form,
    ),
    (
        "GET",
        "/desk/cases/{reference}/questions/{number}/opinion",
        Desk,
    ),
    (
        "POST",
        "/desk/cases/{reference}/questions/{number}/opinion",
        Form,
    ),
    ("GET", "/desk/cases/{reference}/recall", Desk),
    ("POST", "/desk/cases/{reference}/recall", Form),
    ("GET", "/desk/cases/{reference}/publish", Desk),
    ("POST", "/desk/cases/{reference}/publish", Form),
    ("GET", "/desk/cases/{reference}/unpublish", Desk),
    ("POST", "/desk/cases/{reference}/unpublish", Form),
    ("GET", "/desk/cases/{reference}/review-asked", Desk),
    ("POST", "/desk/cases/{reference}/review-asked", Form),
    ("GET", "/desk/cases/{reference}/review", Desk),
    ("POST", "/desk/cases/{reference}/review", Form),
    ("GET", "/desk/cases/{reference}/withdraw", Desk),
    ("POST", "/desk/cases/{reference}/withdraw", Form),
    ("GET", "/desk/cases/{reference}/close", Desk),
    ("POST", "/desk/cases/{reference}/close", Form),
];

/// The forms of a letter.
pub const LETTERS: [&str; 8] = [
    "letter.txt",
    "letter.html",
    "letter.docx",
    "letter.pdf",
    "review-letter.txt",
    "review-letter.html",
    "review-letter.docx",
    "review-letter.pdf",
];

/// A file that is given with an answer.
pub const FIGURES: &str = "figures.csv";

/// What the office gives beside its pages.
pub const OFFICE: &[&str] = &[
    "office backup",
    "office export",
    "office jobs",
    "office log",
    "office log lines",
    "office mail",
    "office queue",
    "office verify",
    "office webhooks",
];

/// The mails that leave, by the kind of event that they tell of.
pub const MAILS: &[&str] = &[
    "mail received",
    "mail treatment_chosen",
    "mail clarification_sought",
    "mail extended",
    "mail issued",
    "mail review_asked",
    "mail review_decided",
    "mail assigned",
    "mail reminded",
    "mail approval_sought",
    "mail sent_back",
];

/// Addresses that ask for something.
const ASKED: &[(&str, &[&str])] = &[
    (
        "/desk",
        &[
            "?show=all",
            "?show=closed",
            "?find=ransomware",
            "?find={word}",
        ],
    ),
    (
        "/disclosure-log",
        &[
            "?find=ransomware",
            "?find={word}",
            "?outcome=refused_in_full",
            "?subject=cyber",
            "?find=ransomware&outcome=refused_in_full",
        ],
    ),
    ("/disclosure-log/feed.atom", &["?find=ransomware"]),
    ("/disclosure-log/feed.json", &["?subject=cyber"]),
    ("/disclosure-log/log.csv", &["?find={word}"]),
    ("/ask/open", &["?source=policy&to=/policy"]),
    ("/contracts", &["?find=ransomware", "?find=grass"]),
    ("/sign-in/return", &["?code=none&state=none"]),
    ("/desk/admin/wording", &["?version=1"]),
    ("/desk/approvals/together", &["?case={reference}"]),
    ("/desk/admin/calendar", &["?received=2026-11-02"]),
    ("/api/v1/disclosure-log", &["?find=ransomware"]),
    (
        "/api/v1/cases",
        &["?closed=true", "?find=ransomware", "?find={word}"],
    ),
];

/// What is wrong with the list of routes: one that isn't listed, or that isn't there any more.
pub fn unlisted() -> Vec<String> {
    let listed: BTreeSet<(&str, &str)> = LISTED
        .iter()
        .map(|(method, path, _)| (*method, *path))
        .collect();
    let there: BTreeSet<(&str, &str)> = ROUTES
        .iter()
        .map(|route| (route.method, route.path))
        .collect();
    let mails: BTreeSet<String> = MAILS.iter().map(|name| (*name).to_owned()).collect();
    let sent: BTreeSet<String> = store::mail::KINDS
        .iter()
        .map(|kind| format!("mail {kind}"))
        .collect();
    listed
        .symmetric_difference(&there)
        .map(|(method, path)| format!("{method} {path}"))
        .chain(mails.symmetric_difference(&sent).cloned())
        .collect()
}

/// The channels that nothing came out of: what is compared there is never anything but "not found".
pub fn silent(answered: &std::collections::BTreeMap<String, u64>) -> Vec<String> {
    LISTED
        .iter()
        .filter(|(_, _, how)| !matches!(how, Apart(_)))
        .map(|(method, path, _)| format!("{method} {path}"))
        .chain(OFFICE.iter().chain(MAILS).map(|name| (*name).to_owned()))
        .filter(|channel| !answered.contains_key(channel))
        .collect()
}

/// Who sends or reads it here: in each role that the table names, by chance.
fn account(method: &str, template: &str, dice: &mut Dice) -> Option<String> {
    let route = ROUTES
        .iter()
        .find(|route| route.method == method && route.path == template)?;
    match route.who {
        Who::Roles(roles) => Some(dice.pick(roles).spelling()),
        Who::Anyone | Who::Link | Who::Key | Who::Program(_) => None,
    }
}

/// What stands in an address for a part in braces.
async fn values(world: &World, template: &str, part: &str, story: &Story) -> Vec<String> {
    let of = |values: &[&str]| {
        values
            .iter()
            .map(|value| (*value).to_owned())
            .collect::<Vec<_>>()
    };
    let registers = world.office().registers();
    match (part, template.split('/').nth(1)) {
        ("{reference}", _) => of(&[&story.reference]),
        // A request that came by post or from a program has no link.
        ("{token}", _) => of(&[story.token.as_deref().unwrap_or("none")]),
        ("{number}", _) if template.contains("/files/{number}") => of(&["1", "2"]),
        ("{number}", _) => {
            let questions = world.case(&story.reference).await.questions.len();
            (1..=questions).map(|number| number.to_string()).collect()
        }
        ("{about}", _) => of(&["content", "confirm-or-deny"]),
        ("{name}", Some("contracts")) => of(&["index.html", "register.json", "changes.json"]),
        ("{name}", _) => {
            let mut names = of(&LETTERS);
            names.push(FIGURES.to_owned());
            names
        }
        ("{folder}", _) => registers
            .published
            .iter()
            .map(|published| published.folder.clone())
            .collect(),
        ("{id}", Some("contracts")) => {
            let ids = &registers.latest.as_ref().unwrap().ids;
            vec![ids[0].clone(), ids[ids.len() - 1].clone()]
        }
        ("{id}", _) if template.contains("/keys/") => {
            let keys = world.office().store().keys().await.unwrap();
            of(&["new", &keys[0].id])
        }
        ("{id}", _) if template.contains("/webhooks/") => of(&["new", HOOK]),
        ("{id}", _) => of(&["new"]),
        ("{subject}", _) => {
            let subjects = world.office().record_subjects();
            let named = |(id, _): &&(String, String)| id.contains("cyber") || id.contains("attack");
            let some = subjects
                .iter()
                .filter(named)
                .chain(subjects.first())
                .chain(subjects.last());
            some.map(|(id, _)| id.clone()).take(3).collect()
        }
        ("{year}", _) => of(&[story.published_in().0]),
        ("{slug}", _) => of(&[story.published_in().1]),
        _ => panic!("{template}: what stands for {part}?"),
    }
}

/// The addresses of a row for a story.
async fn addresses(world: &World, method: &str, template: &str, story: &Story) -> Vec<String> {
    let mut paths = vec![template.to_owned()];
    if let Some((_, asked)) = ASKED
        .iter()
        .find(|(path, _)| method == "GET" && *path == template)
    {
        paths.extend(
            asked
                .iter()
                .map(|asked| asked.replace("{word}", TELLTALE))
                .map(|asked| asked.replace("{reference}", &story.reference))
                .map(|asked| format!("{template}{asked}")),
        );
    }
    for part in template.split('/').filter(|part| part.starts_with('{')) {
        let mut found = values(world, template, part, story).await;
        if method == "POST" && part == "{id}" {
            found.truncate(1);
        }
        paths = paths
            .iter()
            .flat_map(|path| found.iter().map(|value| path.replace(part, value)))
            .collect();
    }
    paths
}

/// What a form says that is sent without a story.
async fn fields(world: &World, template: &str) -> Vec<(&'static str, String)> {
    let of = |fields: &[(&'static str, &str)]| {
        fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect::<Vec<_>>()
    };
    match template {
        "/ask/found" => {
            let registers = world.office().registers();
            let row = &registers.latest.as_ref().unwrap().ids[0];
            let mut fields = of(&[("questions", "Who cuts the grass, and until when?")]);
            fields.push(("enough", format!("1 register /contracts/{row}")));
            fields
        }
        "/desk/bulk" => of(&[("do", "remind")]),
        "/desk/approvals/together" => of(&[("case", "none"), ("approve", "none")]),
        "/desk/views" => of(&[("name", "Attacks"), ("show", "all"), ("find", "ransomware")]),
        "/desk/admin/keys/{id}" => of(&[
            ("name", "Reads cases"),
            ("scopes", "cases:read"),
            ("role", "triage_officer"),
        ]),
        "/desk/admin/webhooks/{id}" => of(&[("url", &receiver::address()), ("kinds", "published")]),
        "/desk/admin/policy" => of(&[("policy", "model-ict")]),
        "/desk/admin/wording" => {
            let standing = world.office().wording().await.ok().unwrap();
            let mut fields = of(&[("answer", "This is our answer:")]);
            fields.push(("seen", standing.number.to_string()));
            fields
        }
        _ => Vec::new(),
    }
}

async fn observe(world: &mut World, story: &mut Story, row: &(&str, &str, How), only_one: bool) {
    let (method, template, how) = row;
    match how {
        Page | Link | Desk | Form | Program => {}
        How::Story | Apart(_) => return,
    }
    let mut paths = addresses(world, method, template, story).await;
    if only_one {
        let at = story.dice.below(paths.len());
        paths = vec![paths.swap_remove(at)];
    }
    for path in paths {
        if *how == Program {
            let body = (*method == "POST").then(|| json!({}));
            for scope in Scope::ALL {
                world.program(template, &path, scope, body.as_ref()).await;
            }
            continue;
        }
        let account = account(method, template, &mut story.dice);
        let fields = fields(world, template).await;
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        world
            .visit(method, template, &path, &fields, account.as_deref())
            .await;
    }
}

/// Some outputs, by chance: pages and what the person who asked sees, while the story goes on.
pub async fn observe_some(world: &mut World, story: &mut Story, count: usize) {
    let rows: Vec<_> = LISTED
        .iter()
        .filter(|(method, _, how)| {
            matches!(how, Page | Link | Desk) || (*method == "GET" && *how == Program)
        })
        // Reading who asked before sending is an event of its own; the stories do it.
        .filter(|(_, path, _)| !path.ends_with("/issue"))
        .collect();
    for _ in 0..count {
        let row = *story.dice.pick(&rows);
        observe(world, story, row, true).await;
    }
    let follow = ("GET", "/follow/{token}", Link);
    observe(world, story, &follow, true).await;
    let case = ("GET", "/desk/cases/{reference}", Desk);
    observe(world, story, &case, true).await;
}

/// Every output, at the end of a story.
pub async fn observe_all(world: &mut World, story: &mut Story) {
    for row in LISTED {
        observe(world, story, row, false).await;
    }
    let id = world.case(&story.reference).await.id.clone();
    let export = world.office().store().export(Some(&id)).await.unwrap();
    let which = format!("case {}", story.reference);
    world.note("office export", &which, export.into_bytes());
}

/// What the office gives beside its pages, to those who look after it.
pub async fn observe_office(world: &mut World) {
    let lines = world.lines.lock().unwrap().clone();
    world.note("office log lines", "all", lines.join("\n").into_bytes());
    let log = world.office().log().await.unwrap();
    world.note("office log", "all", serde_json::to_vec(&log).unwrap());
    let export = world.office().store().export(None).await.unwrap();
    world.note("office export", "all", export.into_bytes());
    let key = world.office().store().secrets().signing.public();
    let report = world.office().store().verify(&key).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    world.note("office verify", "all", format!("{report:?}").into_bytes());
    let mut rows = Vec::new();
    for open in [true, false] {
        rows.extend(
            world
                .office()
                .queue(&QueueFilter::All, open, None, 500)
                .await
                .unwrap(),
        );
    }
    let mut plans = Vec::new();
    for row in &rows {
        let planned = world
            .office()
            .store()
            .planned(&CaseId(row.case_id.clone()))
            .await;
        plans.push(planned.unwrap());
    }
    world.note(
        "office queue",
        "all",
        format!("{rows:?}{plans:?}").into_bytes(),
    );
    let folder = world.folder().join("backup");
    world.office().store().backup(&folder, None).await.unwrap();
    for (name, bytes) in files(&folder) {
        world.note("office backup", &name, without_seals(&bytes));
    }
}

/// The files of a folder and of those in it, by name.
fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            #[allow(
                clippy::disallowed_methods,
                reason = "an operator reads the backup as it lies there"
            )]
            let bytes = std::fs::read(&path).unwrap();
            found.push((
                path.file_name().unwrap().to_string_lossy().into_owned(),
                bytes,
            ));
        }
    }
    found.sort();
    found
}

/// A dump with each sealed record as its length: its bytes are as good as random to whoever has no key. The hash at the
/// end covers them, so it goes too.
fn without_seals(bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return bytes.to_vec();
    };
    let mut out = String::new();
    for line in text.lines() {
        let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
        match value {
            Some(mut value) if value.get("sealed").is_some() => {
                let length = value["sealed"]["sealed"].as_str().unwrap().len();
                value["sealed"]["sealed"] = length.into();
                out.push_str(&value.to_string());
            }
            Some(value) if value.get("end").is_some() => {
                out.push_str(&value["end"]["lines"].to_string());
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out.into_bytes()
}
