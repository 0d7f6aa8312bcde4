//! Confirming the questions: keep, split, join, or drop what is none. Proposals are made again for changed ones only.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::case::Case;
use casework::command::{Command, CommandKind};
use casework::event::{CaseQuestion, QuestionId, Questions};
use casework::procedure::State as CaseState;

use crate::app::App;
use crate::desk::case;
use crate::desk::shown::{self, CaseBar};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::frame::{self, Frame};
use crate::marks::{self, Piece};
use crate::session::Visit;
use crate::words::filters;

/// A question to keep, split, join or drop.
#[derive(Clone, Debug)]
pub struct Row {
    number: usize,
    label: String,
    text: String,
    proposed: &'static str,
    sure: &'static str,
    wrong: String,
    keep: String,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/questions.html")]
pub struct QuestionsPage {
    frame: Frame,
    bar: CaseBar,
    rows: Vec<Row>,
    pieces: Vec<Piece>,
    more: String,
}

/// Shows the questions as read.
///
/// # Errors
/// There is no such case.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    draw(
        &app,
        &visit,
        &reference,
        &Fields::default(),
        Mistakes::default(),
    )
    .await
}

async fn draw(
    app: &App,
    visit: &Visit,
    reference: &str,
    fields: &Fields,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(app, reference, "request").await?;
    let text = case.receipt.text.as_str();
    let spans: Vec<(usize, usize)> = case
        .questions
        .iter()
        .map(|state| state.question.span)
        .collect();
    let rows = (1_usize..)
        .zip(&case.questions)
        .map(|(number, state)| {
            let sent = fields.get(&format!("text_{number}"));
            Row {
                number,
                label: state.question.label.clone(),
                text: if sent.is_empty() {
                    state.question.text.clone()
                } else {
                    sent
                },
                proposed: state
                    .question
                    .proposal
                    .as_ref()
                    .map_or("", |proposal| shown::route(proposal.kind)),
                sure: state.question.proposal.as_ref().map_or("", |proposal| {
                    shown::sureness(proposal.confidence_thousandths)
                }),
                wrong: mistakes
                    .of(&format!("text_{number}"))
                    .unwrap_or("")
                    .to_owned(),
                keep: match fields.get(&format!("keep_{number}")) {
                    keep if keep.is_empty() => "keep".to_owned(),
                    keep => keep,
                },
            }
        })
        .collect();
    let template = QuestionsPage {
        frame: Frame::new(app, visit).with(mistakes),
        rows,
        pieces: marks::pieces(text, (0, text.len()), &[], &spans),
        more: fields.get("more"),
        bar,
    };
    frame::page(&template.frame, &template)
}

/// Where words stand in the request, read with any run of white space as one.
fn find(text: &str, words: &str) -> Option<(usize, usize)> {
    if let Some(start) = text.find(words) {
        return Some((start, start.saturating_add(words.len())));
    }
    let wanted: Vec<&str> = words.split_whitespace().collect();
    let first = wanted.first()?;
    for (start, _) in text.match_indices(first) {
        let rest = text.get(start..)?;
        let mut end = 0;
        let mut is_match = true;
        for word in &wanted {
            let Some(at) = rest.get(end..).and_then(|rest| {
                let trimmed = rest.trim_start();
                trimmed
                    .starts_with(word)
                    .then(|| rest.len().saturating_sub(trimmed.len()))
            }) else {
                is_match = false;
                break;
            };
            end = end.saturating_add(at).saturating_add(word.len());
        }
        if is_match {
            return Some((start, start.saturating_add(end)));
        }
    }
    None
}

/// Confirms the questions as corrected.
///
/// # Errors
/// There is no such case, somebody changed it, or the store can't.
pub async fn confirm(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "request").await?;
    let mut mistakes = Mistakes::default();
    let questions = corrected(&app, &case, &fields, &mut mistakes);
    if !mistakes.is_empty() {
        return draw(&app, &visit, &reference, &fields, mistakes).await;
    }
    let mut seen = fields.number("seen");
    let mut commands = Vec::new();
    if matches!(case.state, CaseState::Received | CaseState::Invalid) {
        commands.push(Command::CheckValidity(casework::event::ValidityCheck {
            missing: Vec::new(),
        }));
    }
    commands.push(Command::ConfirmQuestions(Questions {
        questions,
        basis: app.office.bundle().basis.clone(),
    }));
    let me = visit
        .account()
        .map(|account| account.id.clone())
        .unwrap_or_default();
    if case.owner.is_none() {
        commands.push(Command::AssignOwner(casework::event::Owner { officer: me }));
    }
    let mut state = case.state;
    for command in &commands {
        let by = visit.actor(command.kind(), state)?;
        match app.office.act(&by, &case.id, seen, command).await {
            Ok(done) => {
                seen = Some(done.seq);
                if command.kind() == CommandKind::CheckValidity {
                    state = CaseState::Open;
                }
            }
            Err(store::Stopped::Refused(problems)) => {
                let mistakes = Mistakes::of_problems(&problems, &[]);
                return draw(&app, &visit, &reference, &fields, mistakes).await;
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(frame::see_other(&format!(
        "/desk/cases/{reference}?done=questions"
    )))
}

/// The questions as the form says: those kept, in the request's order, with proposals made again for changed ones.
fn corrected(
    app: &App,
    case: &Case,
    fields: &Fields,
    mistakes: &mut Mistakes,
) -> Vec<CaseQuestion> {
    let text = case.receipt.text.as_str();
    let bundle = app.office.bundle();
    let mut spans: Vec<((usize, usize), Option<&CaseQuestion>)> = Vec::new();
    for (number, state) in (1_usize..).zip(&case.questions) {
        let question = &state.question;
        let keep = fields.get(&format!("keep_{number}"));
        if keep == "drop" {
            continue;
        }
        if keep == "join" {
            match spans.last_mut() {
                Some((before, original)) => {
                    before.1 = question.span.1;
                    *original = None;
                    continue;
                }
                None => mistakes.add(
                    &format!("text_{number}"),
                    "There is no question above to put this with",
                ),
            }
        }
        let sent = fields.get(&format!("text_{number}"));
        let pieces: Vec<&str> = sent
            .split("\n\n")
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
            .collect();
        if sent == question.text {
            spans.push((question.span, Some(question)));
            continue;
        }
        for piece in pieces {
            match find(text, piece) {
                Some(span) => spans.push((span, None)),
                None => mistakes.add(
                    &format!("text_{number}"),
                    format!("These words are not in the request: “{piece}”. Use its own words."),
                ),
            }
        }
    }
    for piece in fields.get("more").split("\n\n").map(str::trim) {
        if piece.is_empty() {
            continue;
        }
        match find(text, piece) {
            Some(span) => spans.push((span, None)),
            None => mistakes.add(
                "more",
                format!("These words are not in the request: “{piece}”. Use its own words."),
            ),
        }
    }
    spans.sort_by_key(|(span, _)| *span);
    let mut taken: BTreeSet<String> = case
        .questions
        .iter()
        .map(|state| state.question.id.0.clone())
        .collect();
    let mut questions = Vec::new();
    for (number, (span, original)) in (1_usize..).zip(spans) {
        if let Some(question) = original {
            questions.push(question.clone());
            continue;
        }
        let words = text.get(span.0..span.1).unwrap_or("");
        let id = (1_usize..)
            .map(|number| format!("q{number}"))
            .find(|id| !taken.contains(id))
            .unwrap_or_default();
        taken.insert(id.clone());
        let proposal = office::reading::recorded(bundle, &case.receipt.subject, words)
            .into_iter()
            .next()
            .and_then(|question| question.proposal)
            .map(|mut proposal| {
                for evidence in &mut proposal.evidence {
                    evidence.span.0 = evidence.span.0.saturating_add(span.0);
                    evidence.span.1 = evidence.span.1.saturating_add(span.0);
                }
                proposal
            });
        questions.push(CaseQuestion {
            id: QuestionId(id),
            label: number.to_string(),
            span,
            text: words.to_owned(),
            stem: None,
            proposal,
        });
    }
    questions
}
