//! Cases for programs with a key. What was found in searches and who asked isn't here; deciding, approving, sending and
//! publishing aren't either: a person does these at the desk.

use std::collections::BTreeMap;

use axum::Extension;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::case::{Case, QuestionState};
use casework::command::{Command, CommandKind};
use casework::decision::Decision;
use casework::event::{Channel, QuestionDecision};
use casework::notice::Severity;
use law::Problem;
use office::{Message, NewApplicant, QueueFilter, Summary};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::Stopped;

use crate::app::{App, hash};
use crate::desk::acts::{areas_of, not_to_ask};
use crate::desk::queue::people;
use crate::fault::WebError;
use crate::keys::Program;
use crate::routes;

/// Cases of a page.
const PAGE: u64 = 50;

/// What a program may record: what happened, never what is decided.
pub const ACTS: &[CommandKind] = &[
    CommandKind::Acknowledge,
    CommandKind::SeekClarification,
    CommandKind::GiveClarification,
    CommandKind::AddToRequest,
    CommandKind::RecordFee,
    CommandKind::AssignOwner,
    CommandKind::Assign,
    CommandKind::Remind,
    CommandKind::ChooseLateCause,
    CommandKind::EstimateCost,
    CommandKind::AskReview,
    CommandKind::NotifyComplaint,
    CommandKind::Withdraw,
];

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    find: String,
    after: String,
    owner: String,
    waiting: String,
    closed: bool,
}

fn refused(code: &'static str, message: impl Into<String>) -> WebError {
    WebError::Refused(vec![Problem::new(code, message.into())])
}

/// The body of a request, with a message that names the place where it can't be read.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, WebError> {
    serde_json::from_slice(body).map_err(|error| {
        refused(
            "body.malformed",
            format!("the body isn't what the description at /api/v1/openapi.json says: {error}"),
        )
    })
}

fn row(summary: &Summary) -> Value {
    json!({
        "reference": summary.reference, "subject": summary.subject, "state": summary.state,
        "is_open": summary.is_open, "waiting_for": summary.waiting_for, "owner": summary.owner,
        "questions": summary.questions, "received_on": summary.received_on, "due_on": summary.due_on,
        "answered_on": summary.answered_on, "outcome": summary.outcome, "published_at": summary.published_at
    })
}

/// A page of cases by due date, or those that a search finds.
///
/// # Errors
/// The store can't answer.
pub async fn cases(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, WebError> {
    let words = asked.find.trim();
    if !words.is_empty() {
        let rows: Vec<Value> = match app.office.store().find(words).await? {
            Some(summary) => vec![row(&summary)],
            None => {
                let filter = search::Filter::default();
                let found = app.office.search(words, &filter, 50).await?;
                found.iter().map(|found| row(&found.summary)).collect()
            }
        };
        return Ok(Json(json!({"cases": rows, "next": null})));
    }
    let filter = if !asked.owner.is_empty() {
        QueueFilter::Owner(asked.owner)
    } else if !asked.waiting.is_empty() {
        QueueFilter::WaitingFor(asked.waiting)
    } else {
        QueueFilter::All
    };
    let after = match asked.after.as_str() {
        "" => None,
        place => Some(place.parse().map_err(|_| {
            refused(
                "cases.after",
                "`after` is the `next` of the page before; begin without it",
            )
        })?),
    };
    let found = app
        .office
        .queue(&filter, !asked.closed, after.as_ref(), PAGE)
        .await?;
    let is_full = found.len() as u64 == PAGE;
    let next = found
        .last()
        .filter(|_| is_full)
        .map(|last| last.cursor().to_string());
    let rows: Vec<Value> = found.iter().map(row).collect();
    Ok(Json(json!({"cases": rows, "next": next})))
}

async fn known(app: &App, reference: &str) -> Result<Box<Case>, WebError> {
    app.office
        .unnamed(reference)
        .await?
        .ok_or(WebError::NotFound)
}

fn decision(made: &QuestionDecision) -> &'static str {
    match &made.decision {
        Decision::Answer { .. } => "disclosed",
        Decision::AlreadyAccessible { .. } => "already_accessible",
        Decision::Withheld(_) if made.in_part.is_some() => "given_in_part",
        Decision::Withheld(_) => "withheld",
        Decision::NeitherConfirmedNorDenied(_) => "neither_confirmed_nor_denied",
        Decision::NotHeld => "not_held",
        Decision::OverCostLimit { .. } => "over_cost_limit",
        Decision::VexatiousOrRepeated { .. } => "vexatious_or_repeated",
        Decision::ClarificationSought { .. } => "clarification_sought",
    }
}

/// Nothing of a question that a search could change.
fn question(app: &App, case: &Case, state: &QuestionState) -> Value {
    let shown = state.question.proposal.as_ref();
    let proposal = shown.filter(|_| !app.hides(case, state)).map(|proposal| {
        let provisions: Vec<String> = proposal
            .provisions
            .iter()
            .map(ToString::to_string)
            .collect();
        json!({
            "proposal": proposal.kind, "category": proposal.category, "provisions": provisions,
            "confidence": f64::from(proposal.confidence_thousandths) / 1000.0
        })
    });
    json!({
        "id": state.question.id, "label": state.question.label, "text": state.question.text,
        "stem": state.question.stem, "due_on": state.due(),
        "waiting_since": state.waiting_since, "proposal": proposal,
        "decision": state.decision.as_ref().map(decision),
        "answered_on": state.answered_on
    })
}

fn whole(app: &App, case: &Case) -> Value {
    let questions: Vec<Value> = case
        .questions
        .iter()
        .map(|state| question(app, case, state))
        .collect();
    json!({
        "reference": case.receipt.reference, "seq": case.seq, "state": case.state.spelling(),
        "subject": case.receipt.subject, "text": case.receipt.text, "channel": case.receipt.channel,
        "received_on": case.receipt.received_on, "due_on": case.next_due_on(), "owner": case.in_hands_of(),
        "questions_confirmed": case.questions_confirmed, "questions": questions,
        "published_at": case.publication.as_ref().map(|publication| &publication.address)
    })
}

/// One case.
///
/// # Errors
/// There is none.
pub async fn case(
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Json<Value>, WebError> {
    Ok(Json(whole(&app, &*known(&app, &reference).await?)))
}

/// A request that a program hands over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRequest {
    #[serde(default)]
    subject: String,
    text: String,
    channel: Channel,
    #[serde(default)]
    received_at: Option<jiff::Timestamp>,
    #[serde(default)]
    applicant: Option<NewPerson>,
    #[serde(default)]
    once: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    name: String,
    contact: String,
}

/// Takes a request in. The same `once` twice makes one case.
///
/// # Errors
/// The request is empty or from the future, another one came with the same `once`, or the store can't.
pub async fn take_in(
    State(app): State<App>,
    Extension(program): Extension<Program>,
    body: Bytes,
) -> Result<Response, WebError> {
    let new: NewRequest = read(&body)?;
    // One program's names for its messages don't meet another's.
    let once = new
        .once
        .filter(|once| !once.is_empty())
        .map(|once| format!("api:{}", hash(&format!("{} {once}", program.key.id))));
    let message = Message {
        channel: new.channel,
        subject: &new.subject,
        text: &new.text,
        applicant: new.applicant.as_ref().map(|person| NewApplicant {
            name: &person.name,
            contact: &person.contact,
        }),
        received_at: new.received_at.unwrap_or_else(|| app.now()),
        once: once.as_deref(),
        reference: None,
        attachments: &[],
    };
    let taken = app.office.take_in(&program.actor()?, &message).await?;
    if taken.before {
        let came = app.office.case(&taken.case.0).await?;
        if came.is_some_and(|case| case.receipt.text.trim() != new.text.trim()) {
            return Err(refused(
                "intake.once",
                format!(
                    "another request came with this `once`: {}; give this one a name of its own",
                    taken.reference
                ),
            ));
        }
    }
    let case = known(&app, &taken.case.0).await?;
    let status = if taken.before {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(whole(&app, &case))).into_response())
}

/// Records what happened on a case.
///
/// # Errors
/// A person has to do it, it can't be done now, or somebody else changed the case since `seen`.
pub async fn act(
    State(app): State<App>,
    Extension(program): Extension<Program>,
    Path(reference): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, WebError> {
    let mut json: Value = read(&body)?;
    let seen = match json
        .as_object_mut()
        .and_then(|fields| fields.remove("seen"))
    {
        None | Some(Value::Null) => None,
        Some(seen) => Some(seen.as_u64().ok_or_else(|| {
            refused(
                "body.seen",
                "`seen` is the `seq` of the case as you read it, a whole number",
            )
        })?),
    };
    let unknown = json.as_object().and_then(|fields| {
        fields
            .keys()
            .find(|name| !["command", "with"].contains(&name.as_str()))
    });
    if let Some(name) = unknown {
        return Err(refused(
            "body.unknown",
            format!("`{name}` is no part of this: it has `command`, `with` and `seen`"),
        ));
    }
    let asked = json.get("command").and_then(Value::as_str).unwrap_or("");
    let kind = CommandKind::ALL
        .iter()
        .find(|kind| kind.spelling() == asked);
    if let Some(kind) = kind.filter(|kind| !ACTS.contains(kind)) {
        let known: Vec<&str> = ACTS.iter().map(|kind| kind.spelling()).collect();
        return Err(refused(
            "api.not_by_program",
            format!(
                "`{}` is for a person to do at the desk; a program may record {}",
                kind.spelling(),
                known.join(", ")
            ),
        ));
    }
    let command = app
        .office
        .command(json)
        .map_err(|problem| WebError::Refused(vec![problem]))?;
    let case = known(&app, &reference).await?;
    fits(&app, &case, &command).await?;
    app.office
        .act(&program.actor()?, &case.id, seen, &command)
        .await?;
    Ok(Json(whole(&app, &*known(&app, &case.id.0).await?)))
}

/// The most minutes that an activity can be estimated at: a person's whole working life.
const MOST_MINUTES: u32 = 5_000_000;

/// Whether a command names people and teams that are there, and asks for what may be asked: what the desk's forms offer no
/// other choice of.
async fn fits(app: &App, case: &Case, command: &Command) -> Result<(), WebError> {
    let team = match command {
        Command::AssignOwner(owner) => {
            let accounts = app.office.store().accounts().await?;
            let held_by = people(&accounts, routes::HELD_BY);
            if held_by.iter().all(|(id, _)| *id != owner.officer) {
                return Err(refused(
                    "command.no_officer",
                    format!(
                        "`{}` is the account of nobody who may answer for a case",
                        owner.officer
                    ),
                ));
            }
            None
        }
        Command::Assign(assignment) => Some(assignment.area.as_str()),
        Command::Remind(reminder) => reminder.area.as_deref(),
        Command::SeekClarification(asked) => {
            let asks = not_to_ask(&asked.wording, &case.receipt.text);
            if let Some((words, why)) = asks.first() {
                return Err(refused(
                    "clarification.not_to_ask",
                    format!("remove “{words}”: {why}"),
                ));
            }
            None
        }
        Command::EstimateCost(estimate) => {
            let minutes = [
                estimate.determining_minutes,
                estimate.locating_minutes,
                estimate.retrieving_minutes,
                estimate.extracting_minutes,
            ];
            if minutes.iter().any(|minutes| *minutes > MOST_MINUTES) {
                return Err(refused(
                    "cost.too_long",
                    format!("an activity is estimated at {MOST_MINUTES} minutes at most"),
                ));
            }
            None
        }
        _ => None,
    };
    let Some(team) = team else {
        return Ok(());
    };
    let accounts = app.office.store().accounts().await?;
    let was_asked = case.assignments.iter().any(|asked| asked.area == team);
    if was_asked || areas_of(&accounts).contains(&team) {
        return Ok(());
    }
    Err(refused(
        "command.no_team",
        format!("`{team}` is no team: a team is there once somebody's account names it"),
    ))
}

fn letter_json(letter: &office::Letter) -> Value {
    let findings: Vec<Value> = letter
        .findings
        .iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            };
            json!({"code": finding.code, "severity": severity, "message": finding.message})
        })
        .collect();
    json!({
        "dated": letter.dated, "identity": letter.identity, "text": letter.text,
        "is_complete": letter.gaps.is_empty(), "findings": findings
    })
}

/// The newest answer that left, as it was sealed.
async fn sent_json(app: &App, case: &Case) -> Result<Option<Value>, WebError> {
    let Some(issue) = case.issued.last() else {
        return Ok(None);
    };
    let text = crate::desk::letter::sent_file(app, case, "letter.txt").await?;
    Ok(Some(json!({
        "dated": issue.sent_on, "identity": issue.letter_sha256, "text": String::from_utf8_lossy(&text),
        "is_complete": true, "findings": [], "sent_on": issue.sent_on
    })))
}

/// The letter as it would go today, with what is wrong with it; where nothing is to be answered, the one that left.
///
/// # Errors
/// There is no such case, or nothing is decided yet.
pub async fn letter(
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Json<Value>, WebError> {
    let case = known(&app, &reference).await?;
    let letter = match app.office.letter(&case.id).await {
        Ok(letter) => letter_json(&letter),
        // Nothing is to be answered: the newest letter that left.
        Err(Stopped::Refused(problems)) => match sent_json(&app, &case).await? {
            Some(letter) => letter,
            None => return Err(WebError::Refused(problems)),
        },
        Err(other) => return Err(other.into()),
    };
    Ok(Json(letter))
}

/// Composing a letter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLetter {
    #[serde(default)]
    kept_because: BTreeMap<String, String>,
    #[serde(default)]
    seen: Option<u64>,
}

/// Composes the letter from what is decided, for a person to read, approve and send.
///
/// # Errors
/// Nothing is decided yet, or it can't be done now.
pub async fn compose(
    State(app): State<App>,
    Extension(program): Extension<Program>,
    Path(reference): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, WebError> {
    let new: NewLetter = read(&body)?;
    let case = known(&app, &reference).await?;
    let (_, letter) = app
        .office
        .compose_draft(&program.actor()?, &case.id, new.seen, &new.kept_because)
        .await?;
    Ok(Json(letter_json(&letter)))
}

/// The reports of the desk: what is late, and what the guidance did over the last ninety days.
///
/// # Errors
/// The store can't answer.
pub async fn reports(State(app): State<App>) -> Result<Json<Value>, WebError> {
    let today = app.today();
    let from = today
        .checked_sub(jiff::Span::new().days(90))
        .unwrap_or(today);
    let counts: serde_json::Map<String, Value> = app
        .office
        .store()
        .counts(from, today)
        .await?
        .into_iter()
        .filter(|(name, _)| name.starts_with("guidance."))
        .map(|(name, count)| (name, count.into()))
        .collect();
    let late = app.office.store().count_due_before(today).await?;
    Ok(Json(json!({"on": today, "late": late, "guidance": counts})))
}
