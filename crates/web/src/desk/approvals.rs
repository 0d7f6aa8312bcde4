//! Approval by a second person: the letters that wait, one read and approved or sent back, and several that only point to
//! what is published read and approved on one page.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::{Command, CommandKind};
use casework::decision::{AppliedExemption, Decision};
use casework::event::{About, Approval, Event, SentBack};
use casework::procedure::State as CaseState;

use crate::app::App;
use crate::desk::added::{self, Addition};
use crate::desk::case::{self, Asked};
use crate::desk::letter::{Checked, checked};
use crate::desk::shown::{self, CameBack, CaseBar};
use crate::document::{self, Part};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::form::{Choice, choice};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// A letter that waits for approval.
#[derive(Clone, Debug)]
pub struct Waiting {
    reference: String,
    subject: String,
    due: String,
    left: String,
    is_late: bool,
    is_own: bool,
    /// Whether everything in it is answered from what is published.
    is_published: bool,
}

/// The letters that wait.
#[derive(Template)]
#[template(path = "desk/approvals.html")]
pub struct ApprovalsPage {
    frame: Frame,
    lists: [(&'static str, Vec<Waiting>); 2],
    /// Whether several of the last list can be read and approved on one page.
    is_together: bool,
}

/// Whether whoever visits decided any of it.
pub(in crate::desk) fn is_own(visit: &Visit, case: &Case) -> bool {
    visit
        .account()
        .is_some_and(|account| case.deciders.contains(&account.id))
}

/// Whether everything in the letter is answered from what is published.
fn is_published(case: &Case) -> bool {
    case.open_questions()
        .filter_map(|state| state.decision.as_ref())
        .all(|made| matches!(made.decision, Decision::AlreadyAccessible { .. }))
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
            |due| shown::left(&app.office.bundle().calendar, today, due),
        );
        let case = app.office.case(&row.case_id).await?;
        let is_own = case.as_ref().is_some_and(|case| is_own(&visit, case));
        let is_published = case.is_some_and(|case| is_published(&case));
        waiting.push(Waiting {
            reference: row.reference,
            subject: row.subject,
            due: due.map_or_else(String::new, crate::dates::short),
            left,
            is_late,
            is_own,
            is_published,
        });
    }
    let (published, waiting): (Vec<Waiting>, Vec<Waiting>) =
        waiting.into_iter().partition(|row| row.is_published);
    let may_approve = visit.has_any(routes::APPROVALS_WORK);
    let template = ApprovalsPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        is_together: may_approve && published.iter().filter(|row| !row.is_own).count() > 1,
        lists: [
            ("Letters that decide something", waiting),
            ("Answered from what is published", published),
        ],
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
    /// The letter that was sent back, and what differs since: whether it was added, and the words.
    back: Option<(CameBack, Vec<(bool, String)>)>,
    identity: String,
    decisions: Vec<(String, String, &'static str)>,
    /// What a question's decision rests on and the letter does not say.
    behind: Vec<(String, Vec<(&'static str, String)>)>,
    additions: Vec<Addition>,
    judgements: Vec<Choice>,
    ticked: Vec<String>,
    /// What the officer answers the approver who sent it back.
    reply: String,
    /// What is public already and why it stood in nobody's way: question, place, how, because.
    public: Vec<(String, String, &'static str, String)>,
    questions: Vec<Choice>,
    may_approve: bool,
    is_own: bool,
    comment: String,
    /// The question that the comment is about.
    chosen: String,
    /// What sort of fault it may be, and which was chosen.
    faults: Vec<Choice>,
    fault: String,
}

/// What only a person can judge of a letter: whether it answers, of one that refuses whether it gives its reasons, and the
/// balance where there is one.
fn judgements(case: &Case) -> Vec<Choice> {
    let (mut refuses, mut weighs) = (false, false);
    let decided = case
        .open_questions()
        .filter_map(|state| state.decision.as_ref());
    for made in decided {
        match &made.decision {
            Decision::Answer { .. } | Decision::AlreadyAccessible { .. } => {}
            Decision::Withheld(exemptions) => {
                refuses = true;
                weighs |= exemptions
                    .iter()
                    .any(|applied| !matches!(applied, AppliedExemption::Absolute { .. }));
            }
            Decision::NeitherConfirmedNorDenied(_) => (refuses, weighs) = (true, true),
            _ => refuses = true,
        }
    }
    let mut judgements = Vec::new();
    if refuses {
        judgements.push(choice("reasons", "The reasons are about this request"));
        judgements.push(choice("more", "Nothing more could be given"));
    } else {
        judgements.push(answers());
    }
    if weighs {
        judgements.push(choice(
            "balance",
            "The balance of the public interest is fair",
        ));
    }
    judgements
}

/// What is judged of a letter that refuses nothing.
fn answers() -> Choice {
    choice(
        "answer",
        "It answers what is asked and gives nothing away that it should not",
    )
}

/// Says what was not judged.
fn judged(judgements: &[Choice], fields: &Fields, mistakes: &mut Mistakes) {
    let open: Vec<&Choice> = judgements
        .iter()
        .filter(|judgement| !fields.ticked("judged", &judgement.value))
        .collect();
    match open.as_slice() {
        [] => {}
        [one] => mistakes.add("judged", format!("Judge before you approve: {}", one.label)),
        several => mistakes.add(
            "judged",
            format!("Answer these {} before you approve", several.len()),
        ),
    }
}

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

/// What changed in a letter since it was sent back last; `None` where it never was.
async fn changed_since(
    app: &App,
    case: &Case,
    parts: &[Part],
) -> Result<Option<(CameBack, Vec<(bool, String)>)>, WebError> {
    let mut draft = None;
    let mut found = None;
    for stored in app.office.history(&case.id).await? {
        let recorded = stored
            .recorded()
            .map_err(|error| WebError::Fault(error.to_string()))?;
        match &recorded.event {
            Some(Event::DraftComposed(composed)) => draft = Some(composed.clone()),
            Some(Event::SentBack(back)) => {
                found = Some((
                    back.clone(),
                    recorded.by.id.clone(),
                    recorded.at,
                    draft.take(),
                ));
            }
            // What left is another letter.
            Some(Event::Issued(_)) => found = None,
            _ => {}
        }
    }
    let Some((back, by, at, draft)) = found else {
        return Ok(None);
    };
    let page = draft
        .iter()
        .flat_map(|draft| &draft.files)
        .find(|file| file.name == "letter.html");
    let before = match page {
        Some(file) => {
            let page = app.office.store().attachments().get(&file.sha256).await?;
            document::parts_of_page(&String::from_utf8_lossy(&page))
        }
        None => Vec::new(),
    };
    let who = case::name_of(app, &by).await?;
    let at = crate::dates::instant(at, app.office.london());
    let changes = document::differences(&before, parts)
        .into_iter()
        // Its date is of the day on which it is read.
        .filter(|(_, words)| !words.starts_with("Date: "))
        .collect();
    Ok(Some((CameBack::of(case, &back, who, at), changes)))
}

/// What was decided in short: label, question, decision.
fn decisions(case: &Case) -> Vec<(String, String, &'static str)> {
    case.questions
        .iter()
        .map(|state| {
            (
                state.question.label.clone(),
                shown::whole(&state.question),
                shown::decision_tag(state).words,
            )
        })
        .collect()
}

/// What each decision rests on that the letter does not say.
fn behind(case: &Case) -> Vec<(String, Vec<(&'static str, String)>)> {
    case.open_questions()
        .map(|state| (state.question.label.clone(), rests_on(state)))
        .filter(|(_, said)| !said.is_empty())
        .collect()
}

/// What the decision of a question rests on that the letter does not say: the evidence of harm, and the officer's reasons
/// for going another way or for going on although it looks excessive.
pub(in crate::desk) fn rests_on(state: &QuestionState) -> Vec<(&'static str, String)> {
    let mut said: Vec<(&'static str, String)> = Vec::new();
    for harm in state.evidence() {
        let what = match harm.about {
            About::Content => "Evidence of harm of an answer",
            About::ConfirmOrDeny => "Evidence of harm of saying yes or no",
        };
        let mut words = match harm.likelihood {
            Some(likelihood) => format!("{}: {}", likelihood.words(), harm.mechanism),
            None if harm.cannot_say => "the adviser cannot say".to_owned(),
            None => "the adviser sees none".to_owned(),
        };
        for (lead, more) in [
            ("Could be given instead:", &harm.instead),
            ("What shows it:", &harm.shown_by),
        ] {
            if !more.is_empty() {
                words.push_str(&format!(" {lead} {more}"));
            }
        }
        said.push((what, crate::fields::sentence(&words)));
    }
    let considered = state.confirm_or_deny.as_ref();
    let made = state.decision.as_ref();
    for (what, why) in [
        (
            "Why saying yes or no would do harm although this is known",
            considered.and_then(|made| made.reason_although_excessive.clone()),
        ),
        (
            "Why this goes another way than earlier decisions",
            considered.and_then(|made| made.departs_because.clone()),
        ),
        (
            "Why this goes another way than proposed",
            made.and_then(|made| made.departs_because.clone()),
        ),
    ] {
        if let Some(why) = why {
            said.push((what, why));
        }
    }
    said
}

async fn draw_approval(
    app: &App,
    visit: &Visit,
    reference: &str,
    mistakes: Mistakes,
    fields: &Fields,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(app, reference, "letter").await?;
    if case.state != CaseState::AwaitingApproval {
        return Err(WebError::NotFound);
    }
    let letter = app
        .office
        .letter_today(&case.id)
        .await?
        .map_err(WebError::Refused)?;
    let parts = document::parts(&letter.document);
    let checked = checked(&case, &letter, &parts);
    let template = ApprovalPage {
        frame: Frame::new(app, visit).with(mistakes),
        back: changed_since(app, &case, &parts).await?,
        checked,
        identity: letter.identity,
        decisions: decisions(&case),
        behind: behind(&case),
        additions: added::of(&case),
        judgements: judgements(&case),
        ticked: fields.all("judged"),
        reply: case.reply_to_approver.clone().unwrap_or_default(),
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
        is_own: is_own(visit, &case),
        parts,
        comment: fields.get("comment"),
        chosen: fields.get("question"),
        faults: shown::FAULTS
            .iter()
            .map(|(_, value, words)| choice(value, words))
            .collect(),
        fault: fields.get("fault"),
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
    draw_approval(
        &app,
        &visit,
        &reference,
        Mistakes::default(),
        &Fields::default(),
    )
    .await
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
    let (command, done) = if fields.get("do") == "send-back" {
        let (question, comment) = (fields.get("question"), fields.get("comment"));
        let back = SentBack {
            question: (!question.is_empty()).then_some(casework::event::QuestionId(question)),
            comment,
            fault: shown::FAULTS
                .iter()
                .find(|(_, value, _)| *value == fields.get("fault"))
                .map(|(fault, _, _)| *fault),
        };
        mistakes.check(
            back.comment.is_empty(),
            "comment",
            "Say what should change. The officer sees only this.",
        );
        (Command::SendBack(back), "sent-back")
    } else {
        judged(&judgements(&case), &fields, &mut mistakes);
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
    draw_approval(&app, &visit, &reference, mistakes, &fields).await
}

/// The most letters on one page.
const MOST: usize = 20;

/// One of several letters that are read together.
#[derive(Clone, Debug)]
pub struct Read {
    reference: String,
    subject: String,
    /// What its parts' places begin with on the page.
    mark: String,
    decisions: Vec<(String, String, &'static str)>,
    findings: Vec<String>,
    parts: Vec<Part>,
    identity: String,
    seen: u64,
    is_ticked: bool,
}

/// The page on which several are read.
#[derive(Template)]
#[template(path = "desk/approvals-together.html")]
pub struct TogetherPage {
    frame: Frame,
    letters: Vec<Read>,
    /// Which are not among them, or could not be approved, and why.
    apart: Vec<(String, String)>,
    judgements: [Choice; 1],
    ticked: Vec<String>,
    /// How many were approved before some could not be.
    approved: usize,
}

/// What came of a visit to the page.
#[derive(Default)]
struct Come {
    mistakes: Mistakes,
    apart: Vec<(String, String)>,
    ticked: Vec<String>,
    judged: Vec<String>,
    approved: usize,
}

async fn draw_together(
    app: &App,
    visit: &Visit,
    references: &[String],
    come: Come,
) -> Result<Response, WebError> {
    let mut apart = come.apart;
    let mut letters = Vec::new();
    for (number, reference) in (1_usize..).zip(references).take(MOST) {
        let case = app.office.unnamed(reference).await?;
        let case = case.filter(|case| {
            case.receipt.reference == *reference
                && case.state == CaseState::AwaitingApproval
                && is_published(case)
                && !is_own(visit, case)
        });
        let Some(case) = case else {
            if apart.iter().all(|(known, _)| known != reference) {
                let why = "It does not wait for you, or it decides more than what is published.";
                apart.push((reference.clone(), why.to_owned()));
            }
            continue;
        };
        let letter = app
            .office
            .letter_today(&case.id)
            .await?
            .map_err(WebError::Refused)?;
        letters.push(Read {
            reference: reference.clone(),
            subject: case.receipt.subject.clone(),
            mark: format!("letter-{number}-"),
            decisions: decisions(&case),
            findings: letter
                .findings
                .iter()
                .map(|finding| sentence(&finding.message))
                .collect(),
            parts: document::parts(&letter.document),
            identity: letter.identity,
            seen: case.seq,
            is_ticked: come.ticked.contains(reference),
        });
    }
    // Where there is no form, nothing in it is missing.
    let mistakes = if letters.is_empty() {
        Mistakes::default()
    } else {
        come.mistakes
    };
    let template = TogetherPage {
        frame: Frame::new(app, visit).with(mistakes),
        letters,
        apart,
        judgements: [answers()],
        ticked: come.judged,
        approved: come.approved,
    };
    frame::page(&template.frame, &template)
}

/// Shows the chosen letters one below the other.
///
/// # Errors
/// The store can't answer.
pub async fn together(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let fields = Fields::of_body(query.unwrap_or_default().as_bytes());
    draw_together(&app, &visit, &fields.all("case"), Come::default()).await
}

/// Approves those that were read, each as it was shown.
///
/// # Errors
/// The store can't.
pub async fn approve_together(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let mut references = fields.all("case");
    let mut come = Come {
        ticked: fields.all("approve"),
        judged: fields.all("judged"),
        ..Come::default()
    };
    come.mistakes.check(
        come.ticked.is_empty(),
        "approve",
        "Tick the letters that you have read and approve",
    );
    judged(&[answers()], &fields, &mut come.mistakes);
    if !come.mistakes.is_empty() {
        return draw_together(&app, &visit, &references, come).await;
    }
    for reference in std::mem::take(&mut come.ticked).into_iter().take(MOST) {
        let case = app.office.case(&reference).await?;
        let Some(case) = case.filter(|case| case.state == CaseState::AwaitingApproval) else {
            come.apart.push((reference, CHANGED.to_owned()));
            continue;
        };
        let command = Command::Approve(Approval {
            letter_sha256: fields.get(&format!("identity-{reference}")),
            judged: true,
        });
        let by = visit.actor(CommandKind::Approve, case.state)?;
        let seen = fields.number(&format!("seen-{reference}"));
        match app.office.act(&by, &case.id, seen, &command).await {
            Ok(_) => {
                come.approved = come.approved.saturating_add(1);
                references.retain(|known| *known != reference);
            }
            Err(store::Stopped::Conflict) => come.apart.push((reference, CHANGED.to_owned())),
            Err(store::Stopped::Refused(problems)) => {
                let why: Vec<String> = problems
                    .iter()
                    .map(|problem| sentence(&problem.message))
                    .collect();
                come.apart.push((reference, why.join(" ")));
            }
            Err(other) => return Err(other.into()),
        }
    }
    if come.apart.is_empty() {
        return Ok(frame::see_other("/desk/approvals?done=approved"));
    }
    draw_together(&app, &visit, &references, come).await
}

/// What is said of a letter that is not as it was shown.
const CHANGED: &str = "It changed while you were reading. Read it again before you approve.";
