//! One thing for several cases at once, after a page that names them.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use casework::command::{Command, CommandKind};
use casework::event::Owner;
use casework::procedure::State as CaseState;

use crate::app::App;
use crate::desk::acts::Scene;
use crate::fault::WebError;
use crate::fields::Fields;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// The most cases at once.
const MOST: usize = 100;

/// The page that names the cases.
#[derive(Template)]
#[template(path = "desk/bulk.html")]
pub struct BulkPage {
    frame: Frame,
    what: &'static str,
    deed: String,
    officer: String,
    name: String,
    cases: Vec<(String, String)>,
    refused: Vec<(String, String)>,
}

/// Asks for confirmation; with `sure=yes`, does it.
///
/// # Errors
/// No case is chosen, or the store can't.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let deed = fields.get("do");
    let officer = fields.get("officer");
    let accounts = app.office.store().accounts().await?;
    let name = accounts
        .iter()
        .find(|account| account.id == officer)
        .map(|account| account.name.clone())
        .unwrap_or_default();
    let mut cases = Vec::new();
    let mut refused = Vec::new();
    for reference in fields.all("case").into_iter().take(MOST) {
        let Some(case) = app.office.case(&reference).await? else {
            continue;
        };
        if fields.get("sure") != "yes" {
            cases.push((reference, case.receipt.subject.clone()));
            continue;
        }
        if deed == "assign" && case.state == CaseState::UnderReview {
            let words = "It is under review: choose its reviewer on its own page.";
            refused.push((reference.clone(), words.to_owned()));
            continue;
        }
        let scene = Scene {
            app: &app,
            visit: &visit,
            case: &case,
            question: None,
            accounts: &accounts,
            advice: office::advice::Advice::default(),
            public: None,
            draft: None,
            in_log: &[],
            gives_away: &casework::public_record::Advice::default(),
            weighed: &std::collections::BTreeMap::new(),
            wish: &crate::desk::offers::Wish::default(),
        };
        let commands = match deed.as_str() {
            "assign" => vec![Command::AssignOwner(Owner {
                officer: officer.clone(),
            })],
            _ => crate::desk::acts::reminders(&scene),
        };
        if commands.is_empty() {
            refused.push((reference.clone(), "No team has it.".to_owned()));
        }
        for command in &commands {
            let kind: CommandKind = command.kind();
            let by = visit.actor(kind, case.state)?;
            match app.office.act(&by, &case.id, None, command).await {
                Ok(_) => cases.push((reference.clone(), case.receipt.subject.clone())),
                Err(store::Stopped::Refused(problems)) => refused.push((
                    reference.clone(),
                    problems
                        .iter()
                        .map(|problem| crate::fields::sentence(&problem.message))
                        .collect::<Vec<_>>()
                        .join(" "),
                )),
                Err(other) => return Err(other.into()),
            }
        }
    }
    if fields.get("sure") == "yes" && refused.is_empty() {
        let done = if deed == "assign" {
            "owner"
        } else {
            "reminded"
        };
        return Ok(frame::see_other(&format!("/desk?show=all&done={done}")));
    }
    let template = BulkPage {
        frame: Frame::new(&app, &visit),
        what: match (deed.as_str(), refused.is_empty()) {
            (_, false) => "Some could not be done",
            _ if cases.is_empty() => "No request is chosen",
            ("assign", true) => "Give these requests to someone?",
            (_, true) => "Send these reminders?",
        },
        deed,
        officer,
        name,
        cases,
        refused,
    };
    frame::page(&template.frame, &template)
}
