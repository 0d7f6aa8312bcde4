//! The letter: as it would go today, with the refusal-notice check beside it; approval by a second person; issue.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::case::Case;
use casework::command::{Command, CommandKind};
use casework::event::{Approval, LetterReference, SentBack};
use casework::notice::{Severity, Status};
use casework::procedure::State as CaseState;
use law::Problem;
use office::Letter;

use crate::app::App;
use crate::desk::case::{self, Asked};
use crate::desk::shown::CaseBar;
use crate::document::{self, Part};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::form::{Choice, choice};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// One thing that a notice must say.
#[derive(Clone, Debug)]
pub struct Element {
    title: &'static str,
    provision: &'static str,
    status: &'static str,
    to: Option<usize>,
}

/// Something wrong.
#[derive(Clone, Debug)]
pub struct Finding {
    code: String,
    is_error: bool,
    is_warning: bool,
    message: String,
    to: Option<usize>,
    kept: String,
}

/// The check beside the letter.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    elements: Vec<Element>,
    findings: Vec<Finding>,
    errors: usize,
    warnings: usize,
    met: usize,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/letter.html")]
pub struct LetterPage {
    frame: Frame,
    bar: CaseBar,
    parts: Vec<Part>,
    checked: Checked,
    problems: Vec<String>,
    may_compose: bool,
    may_recall: bool,
    may_issue: bool,
    may_approve: bool,
    is_draft: bool,
    is_issued: bool,
}

fn checked(case: &Case, letter: &Letter, parts: &[Part]) -> Checked {
    let notice = &letter.notice;
    let place = |span: &Option<std::ops::Range<usize>>| {
        span.as_ref()
            .and_then(|span| letter.text.get(span.clone()))
            .and_then(|passage| document::part_of(parts, passage))
    };
    let owes_notice = letter
        .findings
        .iter()
        .any(|finding| finding.code != "letter.to_complete")
        || notice
            .elements
            .iter()
            .any(|element| element.status == Status::Present);
    let elements: Vec<Element> = notice
        .elements
        .iter()
        .filter(|_| owes_notice)
        .map(|element| Element {
            title: element.title,
            provision: element.provision,
            status: match element.status {
                Status::Present => "Met",
                Status::Missing => "Missing",
                Status::Unclear => "Not clear",
                Status::NotApplicable => "Does not apply",
            },
            to: place(&element.span),
        })
        .collect();
    let kept: BTreeMap<&str, &str> = case
        .draft
        .iter()
        .flat_map(|draft| &draft.warnings)
        .filter_map(|warning| Some((warning.code.as_str(), warning.kept_because.as_deref()?)))
        .collect();
    let findings: Vec<Finding> = letter
        .findings
        .iter()
        .map(|finding| Finding {
            is_error: finding.severity == Severity::Error,
            is_warning: finding.severity == Severity::Warning,
            message: sentence(&finding.message),
            to: notice
                .findings
                .iter()
                .find(|known| known.code == finding.code)
                .and_then(|known| place(&known.span))
                .or_else(|| {
                    let what = finding.message.rsplit(": ").next().unwrap_or("");
                    document::part_of(parts, what)
                }),
            kept: kept
                .get(finding.code.as_str())
                .map_or_else(String::new, |kept| (*kept).to_owned()),
            code: finding.code.clone(),
        })
        .collect();
    Checked {
        errors: findings.iter().filter(|finding| finding.is_error).count(),
        warnings: findings.iter().filter(|finding| finding.is_warning).count(),
        met: elements
            .iter()
            .filter(|element| element.status == "Met")
            .count(),
        elements,
        findings,
    }
}

/// The letter that left, or as it would go.
async fn letter_of(app: &App, case: &Case) -> Result<Result<Letter, Vec<Problem>>, WebError> {
    let words = app.office.wording().await?;
    Ok(office::letter::of_case(
        app.office.bundle(),
        &words.wording,
        case,
        app.today(),
    ))
}

async fn draw(
    app: &App,
    visit: &Visit,
    reference: &str,
    done: Option<&str>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(app, reference, "letter").await?;
    let (parts, checked, problems) = match letter_of(app, &case).await? {
        Ok(letter) => {
            let parts = document::parts(&letter.document);
            let checked = checked(&case, &letter, &parts);
            (parts, checked, Vec::new())
        }
        Err(problems) => (
            Vec::new(),
            Checked::default(),
            problems
                .iter()
                .map(|problem| sentence(&problem.message))
                .collect(),
        ),
    };
    let works = visit.has_any(routes::DECIDING_WORK);
    let is_working = matches!(
        case.state,
        CaseState::Open | CaseState::AwaitingClarification
    );
    let template = LetterPage {
        frame: Frame::new(app, visit).done(done).with(mistakes),
        may_compose: works && is_working && !parts.is_empty(),
        may_recall: works
            && matches!(
                case.state,
                CaseState::AwaitingApproval | CaseState::Approved
            ),
        may_issue: works && case.state == CaseState::Approved,
        may_approve: visit.has_any(routes::APPROVALS_WORK)
            && case.state == CaseState::AwaitingApproval,
        is_draft: is_working,
        is_issued: !case.issued.is_empty(),
        parts,
        checked,
        problems,
        bar,
    };
    frame::page(&template.frame, &template)
}

/// Shows the letter.
///
/// # Errors
/// There is no such case, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    draw(
        &app,
        &visit,
        &reference,
        asked.done.as_deref(),
        Mistakes::default(),
    )
    .await
}

/// Composes the letter, with the reasons for the warnings that stay; with `do=send`, sends it to the approver too.
///
/// # Errors
/// There is no such case, somebody changed it, or the store can't.
pub async fn compose(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "letter").await?;
    let kept: BTreeMap<String, String> = fields
        .0
        .iter()
        .filter_map(|(name, value)| {
            let code = name.strip_prefix("keep-")?;
            (!value.trim().is_empty()).then(|| (code.to_owned(), value.trim().to_owned()))
        })
        .collect();
    let by = visit.actor(CommandKind::ComposeDraft, case.state)?;
    let composed = app
        .office
        .compose_draft(&by, &case.id, fields.number("seen"), &kept)
        .await;
    let (done, letter) = match composed {
        Ok(composed) => composed,
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[]);
            return draw(&app, &visit, &reference, None, mistakes).await;
        }
        Err(other) => return Err(other.into()),
    };
    if fields.get("do") != "send" {
        return Ok(frame::see_other(&format!(
            "/desk/cases/{reference}/letter?done=composed"
        )));
    }
    let command = Command::SeekApproval(LetterReference {
        sha256: letter.identity,
    });
    let by = visit.actor(CommandKind::SeekApproval, case.state)?;
    match app
        .office
        .act(&by, &case.id, Some(done.seq), &command)
        .await
    {
        Ok(_) => Ok(frame::see_other(&format!(
            "/desk/cases/{reference}/letter?done=sent-for-approval"
        ))),
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[]);
            draw(&app, &visit, &reference, None, mistakes).await
        }
        Err(other) => Err(other.into()),
    }
}

/// A form of the letter, to keep: what left, or the letter as it stands.
///
/// # Errors
/// There is no such file.
pub async fn file(
    State(app): State<App>,
    Path((reference, name)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "letter").await?;
    let bytes = letter_file(&app, &case, &name).await?;
    Ok(download(&format!("{reference}-{name}"), &name, bytes))
}

/// The bytes of a form of the letter.
pub(crate) async fn letter_file(app: &App, case: &Case, name: &str) -> Result<Vec<u8>, WebError> {
    if !case.issued.is_empty() {
        let file = case
            .issued
            .iter()
            .rev()
            .flat_map(|issue| &issue.files)
            .find(|file| file.name == name)
            .ok_or(WebError::NotFound)?;
        return Ok(app.office.store().attachments().get(&file.sha256).await?);
    }
    let letter = letter_of(app, case).await?.map_err(WebError::Refused)?;
    let files = letter
        .files()
        .map_err(|problem| WebError::Refused(vec![problem]))?;
    files
        .into_iter()
        .find(|file| file.name == name)
        .map(|file| file.bytes)
        .ok_or(WebError::NotFound)
}

/// An answer that browsers save and never run.
pub(crate) fn download(save_as: &str, name: &str, bytes: Vec<u8>) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("txt") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    };
    let plain: String = save_as
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-._".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let disposition = format!("attachment; filename=\"{plain}\"");
    (
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        bytes,
    )
        .into_response()
}

/// A letter that waits for approval.
#[derive(Clone, Debug)]
pub struct Waiting {
    reference: String,
    subject: String,
    due: String,
    left: String,
    is_late: bool,
    is_own: bool,
}

/// The letters that wait.
#[derive(Template)]
#[template(path = "desk/approvals.html")]
pub struct ApprovalsPage {
    frame: Frame,
    waiting: Vec<Waiting>,
}

/// Shows what waits for approval, by due date.
///
/// # Errors
/// The store can't answer.
pub async fn approvals(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let filter = office::QueueFilter::WaitingFor("approver".to_owned());
    let rows = app.office.queue(&filter, true, None, 100).await?;
    let today = app.today();
    let mut waiting = Vec::new();
    for row in rows {
        let due = row.due_on.as_deref().and_then(|day| day.parse().ok());
        let (left, is_late, _) = due.map_or_else(
            || (String::new(), false, false),
            |due| super::shown::left(&app.office.bundle().calendar, today, due),
        );
        let is_own = match (visit.account(), app.office.case(&row.case_id).await?) {
            (Some(account), Some(case)) => case.deciders.contains(&account.id),
            _ => false,
        };
        waiting.push(Waiting {
            reference: row.reference,
            subject: row.subject,
            due: due.map_or_else(String::new, crate::dates::short),
            left,
            is_late,
            is_own,
        });
    }
    let template = ApprovalsPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        waiting,
    };
    frame::page(&template.frame, &template)
}

/// The page on which somebody approves.
#[derive(Template)]
#[template(path = "desk/approval.html")]
pub struct ApprovalPage {
    frame: Frame,
    bar: CaseBar,
    parts: Vec<Part>,
    checked: Checked,
    identity: String,
    decisions: Vec<(String, String, &'static str)>,
    judgements: Vec<(&'static str, &'static str)>,
    /// What is public already and why it stood in nobody's way: question, place, how, because.
    public: Vec<(String, String, &'static str, String)>,
    questions: Vec<Choice>,
    may_approve: bool,
    is_own: bool,
    comment: String,
}

/// What only a person can judge.
const JUDGEMENTS: &[(&str, &str)] = &[
    ("judged_reasons", "The reasons are about this request"),
    ("judged_more", "Nothing more could be given"),
    (
        "judged_balance",
        "The balance of the public interest is fair",
    ),
];

/// How what is public was dealt with, for one question.
fn dealt_with(
    state: &casework::case::QuestionState,
) -> Vec<(String, String, &'static str, String)> {
    let decided = state.decision.iter().map(|made| &made.already_public);
    let considered = state.confirm_or_deny.iter().map(|made| &made.known_already);
    decided
        .chain(considered)
        .flat_map(|known| super::public_record::reasons(known))
        .map(|(place, how, because)| (state.question.label.clone(), place, how, because))
        .collect()
}

async fn draw_approval(
    app: &App,
    visit: &Visit,
    reference: &str,
    mistakes: Mistakes,
    comment: String,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(app, reference, "letter").await?;
    if case.state != CaseState::AwaitingApproval {
        return Err(WebError::NotFound);
    }
    let letter = letter_of(app, &case).await?.map_err(WebError::Refused)?;
    let parts = document::parts(&letter.document);
    let checked = checked(&case, &letter, &parts);
    let template = ApprovalPage {
        frame: Frame::new(app, visit).with(mistakes),
        checked,
        identity: letter.identity,
        decisions: case
            .questions
            .iter()
            .map(|state| {
                (
                    state.question.label.clone(),
                    super::shown::whole(&state.question),
                    super::shown::decision_tag(state).words,
                )
            })
            .collect(),
        judgements: JUDGEMENTS.to_vec(),
        public: case.questions.iter().flat_map(dealt_with).collect(),
        questions: case
            .questions
            .iter()
            .map(|state| {
                choice(
                    &state.question.id.0,
                    &format!("Question {}", state.question.label),
                )
            })
            .collect(),
        may_approve: visit.has_any(routes::APPROVALS_WORK),
        is_own: visit
            .account()
            .is_some_and(|account| case.deciders.contains(&account.id)),
        parts,
        comment,
        bar,
    };
    frame::page(&template.frame, &template)
}

/// Shows the letter to the approver.
///
/// # Errors
/// Nothing waits for approval there.
pub async fn approval(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    draw_approval(&app, &visit, &reference, Mistakes::default(), String::new()).await
}

/// Approves the letter that was read, or sends it back.
///
/// # Errors
/// Nothing waits there, or the store can't.
pub async fn approve(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "letter").await?;
    let mut mistakes = Mistakes::default();
    let comment = fields.get("comment");
    let (command, done) = if fields.get("do") == "send-back" {
        let question = fields.get("question");
        let back = SentBack {
            question: (!question.is_empty()).then_some(casework::event::QuestionId(question)),
            comment: comment.clone(),
        };
        mistakes.check(
            comment.is_empty(),
            "comment",
            "Say what should change. The officer sees only this.",
        );
        (Command::SendBack(back), "sent-back")
    } else {
        for (name, _) in JUDGEMENTS {
            mistakes.check(
                fields.get(name) != "yes",
                name,
                "Answer these 3 before you approve",
            );
        }
        let approval = Approval {
            letter_sha256: fields.get("identity"),
            judged: mistakes.is_empty(),
        };
        (Command::Approve(approval), "approved")
    };
    if mistakes.is_empty() {
        let by = visit.actor(command.kind(), case.state)?;
        match app
            .office
            .act(&by, &case.id, fields.number("seen"), &command)
            .await
        {
            Ok(_) => {
                return Ok(frame::see_other(&format!("/desk/approvals?done={done}")));
            }
            Err(store::Stopped::Refused(problems)) => {
                mistakes = Mistakes::of_problems(&problems, &[]);
            }
            Err(other) => return Err(other.into()),
        }
    }
    draw_approval(&app, &visit, &reference, mistakes, comment).await
}

/// The page on which an answer is sent.
#[derive(Template)]
#[template(path = "desk/issue.html")]
pub struct IssuePage {
    frame: Frame,
    bar: CaseBar,
    contact: Option<(String, String)>,
    files: Vec<String>,
    today: String,
}

/// Shows what will go, and to where. The look at the name is recorded.
///
/// # Errors
/// Nothing is approved there.
pub async fn issue(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "letter").await?;
    if case.state != CaseState::Approved {
        return Err(WebError::NotFound);
    }
    draw_issue(&app, &visit, &case, bar, Mistakes::default()).await
}

async fn draw_issue(
    app: &App,
    visit: &Visit,
    case: &Case,
    mut bar: CaseBar,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let contact = if case.receipt.applicant.is_some() {
        let by = visit.actor(CommandKind::ShowApplicant, case.state)?;
        let look = casework::event::ApplicantLook {
            reason: casework::event::LookReason::ToSend,
        };
        let applicant = app.office.show_applicant(&by, &case.id, &look).await?;
        // The look is an event of its own.
        bar.seq = app
            .office
            .case(&case.id.0)
            .await?
            .map_or(bar.seq, |case| case.seq);
        Some((applicant.name, applicant.contact))
    } else {
        None
    };
    let template = IssuePage {
        frame: Frame::new(app, visit).with(mistakes),
        bar,
        contact,
        files: ["letter.pdf", "letter.docx", "letter.html", "letter.txt"]
            .map(str::to_owned)
            .into_iter()
            .chain(
                office::letter::given_with(case)
                    .into_iter()
                    .map(|file| file.name),
            )
            .collect(),
        today: crate::dates::long(app.today()),
    };
    frame::page(&template.frame, &template)
}

/// Sends the answer.
///
/// # Errors
/// Nothing is approved there, somebody changed it, or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "letter").await?;
    let by = visit.actor(CommandKind::Issue, case.state)?;
    match app.office.issue(&by, &case.id, fields.number("seen")).await {
        Ok(_) => Ok(frame::see_other(&format!(
            "/desk/cases/{reference}/history?done=issued"
        ))),
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[]);
            if case.state == CaseState::Approved {
                draw_issue(&app, &visit, &case, bar, mistakes).await
            } else {
                Err(WebError::Refused(problems))
            }
        }
        Err(other) => Err(other.into()),
    }
}
