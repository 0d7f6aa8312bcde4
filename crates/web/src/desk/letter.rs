//! The letter: as it would go today, with the refusal-notice check beside it; the letters that left; issue.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::case::Case;
use casework::command::{Command, CommandKind};
use casework::decision::{ApartBecause, Decision};
use casework::event::{About, Attachment, LetterReference};
use casework::notice::{Severity, Status};
use casework::procedure::State as CaseState;
use office::Letter;
use store::mail::MailState;

use crate::app::App;
use crate::desk::approvals;
use crate::desk::case::{self, Asked};
use crate::desk::shown::CaseBar;
use crate::document::{self, Part};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
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
    /// What is wrong, and the way out.
    pub(super) message: String,
    to: Option<usize>,
    /// Why it stays all the same; empty where nobody said so.
    pub(super) kept: String,
}

impl Finding {
    /// Whether it is about the public interest, and mended where that is weighed.
    fn is_weighing(&self) -> bool {
        self.code.starts_with("public_interest.")
    }
}

/// The check beside the letter.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    elements: Vec<Element>,
    /// What it finds, in the order of the letter's own.
    pub(super) findings: Vec<Finding>,
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
    /// What stands before the names of the forms of the letter as it stands.
    copy: &'static str,
    /// The questions that have no decision, and what becomes of them.
    open: Vec<Open>,
    /// Whether one of them keeps the letter from going.
    is_held: bool,
    /// The letters that left, the newest first.
    sent: Vec<Sent>,
    /// The newest of them.
    newest: Vec<Part>,
    may_compose: bool,
    may_recall: bool,
    may_issue: bool,
    may_approve: bool,
    is_draft: bool,
    /// Whether an approver sent the letter back, who is told what became of it.
    is_sent_back: bool,
    /// What the officer answers them.
    reply: String,
    /// Where the public interest of what is refused is weighed: words and address.
    worksheets: Vec<(String, String)>,
}

/// A question that has no decision.
#[derive(Clone, Debug)]
pub struct Open {
    number: usize,
    label: String,
    /// Why the letter goes without it; empty where it can't go.
    apart: String,
}

/// A letter that left.
#[derive(Clone, Debug)]
pub struct Sent {
    title: &'static str,
    on: String,
    how: String,
    /// What each file is called, and the end of its address.
    files: Vec<(String, String)>,
}

/// The questions whose answer is open and that have no decision.
fn undecided(case: &Case) -> Vec<Open> {
    (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| state.is_undecided())
        .map(|(number, state)| Open {
            number,
            label: state.question.label.clone(),
            apart: match case.apart(state) {
                Some(ApartBecause::Waiting) => {
                    "It waits for the person who asked, and this letter can go without it."
                        .to_owned()
                }
                Some(ApartBecause::Extended(_)) => {
                    "More time is taken for it, and this letter can go without it.".to_owned()
                }
                Some(ApartBecause::Clarified { until, .. }) => format!(
                    "Its time began again with the reply. It is due on {}, and this letter can go without it.",
                    crate::dates::long(until)
                ),
                Some(ApartBecause::Withdrawn(_)) | None => String::new(),
            },
        })
        .collect()
}

/// How a letter went.
fn how(app: &App, told: Option<&office::mail::Told>) -> String {
    let Some(told) = told else {
        return "No email was made for it.".to_owned();
    };
    let why = told.why.clone().unwrap_or_default();
    match told.state {
        MailState::Waiting => {
            "It waits to go out: by email, or to be printed and posted.".to_owned()
        }
        MailState::Sent => format!(
            "By email, {}.",
            crate::dates::instant(told.at, app.office.london())
        ),
        MailState::ToPost => "There is no email address: to be printed and posted.".to_owned(),
        MailState::Refused | MailState::GivenUp | MailState::CameBack => {
            format!("Its email did not arrive: {why}.")
        }
        MailState::NotNeeded => String::new(),
    }
}

/// Every letter that left, the newest first, and what the newest says.
async fn letters_sent(app: &App, case: &Case) -> Result<(Vec<Sent>, Vec<Part>), WebError> {
    if case.issued.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let told = app.office.told(&case.id).await?;
    let mails = |kind: &'static str| told.iter().filter(move |told| told.kind == kind);
    // Of several of a kind the last goes by its name, those before it by their number too.
    let one = |title, on, told, files: &[Attachment], number: usize, last: usize| {
        let before = if number == last {
            String::new()
        } else {
            format!("{number}-")
        };
        Sent {
            title,
            on: crate::dates::long(on),
            how: how(app, told),
            files: files
                .iter()
                .map(|file| (file.name.clone(), format!("{before}{}", file.name)))
                .collect(),
        }
    };
    let mut sent = Vec::new();
    let (mut newest, mut answers) = (None, mails("issued"));
    let last = case.issued.len();
    for (number, issue) in (1_usize..).zip(&case.issued) {
        newest = issue.files.iter().find(|file| file.name == "letter.html");
        let (on, files) = (issue.sent_on, &issue.files);
        sent.push(one("Our answer", on, answers.next(), files, number, last));
    }
    let mut outcomes = mails("review_decided");
    let last = case.reviews_decided.len();
    for (number, decided) in (1_usize..).zip(&case.reviews_decided) {
        let told = outcomes.next();
        if decided.files.is_empty() {
            continue;
        }
        let (on, files) = (decided.sent_on, &decided.files);
        newest = files.iter().find(|file| file.name == "review-letter.html");
        let title = "The outcome of our internal review";
        sent.push(one(title, on, told, files, number, last));
    }
    sent.reverse();
    let newest = match newest {
        Some(file) => {
            let page = app.office.store().attachments().get(&file.sha256).await?;
            document::parts_of_page(&String::from_utf8_lossy(&page))
        }
        None => Vec::new(),
    };
    Ok((sent, newest))
}

pub(super) fn checked(case: &Case, letter: &Letter, parts: &[Part]) -> Checked {
    let notice = &letter.notice;
    let place = |span: &Option<std::ops::Range<usize>>| {
        span.as_ref()
            .and_then(|span| letter.text.get(span.clone()))
            .and_then(|passage| document::part_of(parts, passage))
    };
    let owes_notice = letter
        .findings
        .iter()
        .any(|finding| !finding.code.starts_with("letter."))
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

/// Where the public interest of each question that is refused is weighed.
fn worksheets(case: &Case) -> Vec<(String, String)> {
    let base = format!("/desk/cases/{}/public-interest", case.receipt.reference);
    (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| state.is_open())
        .filter_map(|(number, state)| {
            let about = match state.decision.as_ref()?.decision {
                Decision::Withheld(_) if state.interest(About::Content).is_some() => "content",
                Decision::NeitherConfirmedNorDenied(_) => "confirm-or-deny",
                _ => return None,
            };
            Some((
                format!("Question {}: weigh again", state.question.label),
                format!("{base}/{about}?question={number}"),
            ))
        })
        .collect()
}

async fn draw(
    app: &App,
    visit: &Visit,
    reference: &str,
    done: Option<&str>,
    reply: &str,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(app, reference, "letter").await?;
    let (sent, newest) = letters_sent(app, &case).await?;
    let (parts, checked, problems) = match app.office.letter_today(&case.id).await? {
        Ok(letter) => {
            let parts = document::parts(&letter.document);
            let checked = checked(&case, &letter, &parts);
            (parts, checked, Vec::new())
        }
        // The letter that left says it itself.
        Err(_) if case.open_questions().next().is_none() && !newest.is_empty() => {
            (Vec::new(), Checked::default(), Vec::new())
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
    let open = if parts.is_empty() {
        Vec::new()
    } else {
        undecided(&case)
    };
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
            && case.state == CaseState::AwaitingApproval
            && !approvals::is_own(visit, &case),
        is_draft: is_working,
        is_sent_back: is_working && case.sent_back.is_some(),
        reply: reply.to_owned(),
        worksheets: if works && is_working {
            worksheets(&case)
        } else {
            Vec::new()
        },
        copy: if sent.is_empty() { "" } else { DRAFT },
        is_held: open.iter().any(|one| one.apart.is_empty()),
        open,
        sent,
        newest,
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
        "",
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
    let reply = fields.get("reply");
    let by = visit.actor(CommandKind::ComposeDraft, case.state)?;
    let composed = app
        .office
        .compose_draft(&by, &case.id, fields.number("seen"), &kept)
        .await;
    let (done, letter) = match composed {
        Ok(composed) => composed,
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[]);
            return draw(&app, &visit, &reference, None, &reply, mistakes).await;
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
        reply: (!reply.is_empty()).then(|| reply.clone()),
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
            let mistakes = Mistakes::of_problems(&problems, &[("approval.unchanged", "reply")]);
            draw(&app, &visit, &reference, None, &reply, mistakes).await
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
    let draft = match name.strip_prefix(DRAFT) {
        Some(name) => Some(name),
        None if case.issued.is_empty() => Some(name.as_str()),
        None => None,
    };
    let bytes = match draft {
        Some(form) => app
            .office
            .letter_today(&case.id)
            .await?
            .map_err(WebError::Refused)?
            .file(form)
            .map_err(|problem| WebError::Refused(vec![problem]))?
            .ok_or(WebError::NotFound)?,
        None => sent_file(&app, &case, &name).await?,
    };
    Ok(download(&format!("{reference}-{name}"), &name, bytes))
}

/// What the names of the forms begin with while the letter hasn't left, on a case that was answered in part.
const DRAFT: &str = "draft-";

/// A file that left with an answer or with the outcome of a review: the newest of that name, or that of an earlier letter
/// by its number.
pub(crate) async fn sent_file(app: &App, case: &Case, name: &str) -> Result<Vec<u8>, WebError> {
    let letters = || {
        case.issued
            .iter()
            .map(|issue| issue.files.as_slice())
            .chain(
                case.reviews_decided
                    .iter()
                    .map(|decided| decided.files.as_slice()),
            )
    };
    let numbered = || {
        let (number, name) = name.split_once('-')?;
        let at = number.parse::<usize>().ok()?.checked_sub(1)?;
        let of = |files: Option<&'_ [Attachment]>| {
            files?
                .iter()
                .find(|file| file.name == name)
                .map(|file| file.sha256.clone())
        };
        of(case.issued.get(at).map(|issue| issue.files.as_slice())).or_else(|| {
            let decided = case.reviews_decided.get(at);
            of(decided.map(|decided| decided.files.as_slice()))
        })
    };
    let newest = letters()
        .flatten()
        .rfind(|file| file.name == name)
        .map(|file| file.sha256.clone());
    let sha256 = newest.or_else(numbered).ok_or(WebError::NotFound)?;
    Ok(app.office.store().attachments().get(&sha256).await?)
}

/// A file that is kept, to save under its name.
pub(crate) async fn kept(app: &App, file: &Attachment) -> Result<Response, WebError> {
    let bytes = app.office.store().attachments().get(&file.sha256).await?;
    Ok(download(&file.name, &file.name, bytes))
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
                draw(&app, &visit, &reference, None, "", mistakes).await
            }
        }
        Err(other) => Err(other.into()),
    }
}
