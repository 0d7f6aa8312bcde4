//! Confirming the questions: keep, split, join, or drop what is none. Proposals are made again for changed ones only, and
//! words that ask something and are in no question are told, so that nothing is overlooked.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::case::Case;
use casework::command::Command;
use casework::event::{CaseQuestion, Owner, QuestionId, Questions, ValidityCheck};
use casework::procedure::State as CaseState;
use casework::treatment::{Regime, Treatment};
use office::QueueFilter;
use office::reading::recorded_at;

use crate::app::App;
use crate::desk::acts;
use crate::desk::case;
use crate::desk::shown::{self, CaseBar};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Choice, choice};
use crate::frame::{self, Frame};
use crate::marks::{self, Piece};
use crate::routes;
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
    /// Words that ask something and are in no question, each to be marked as none; and which are marked.
    left_out: Vec<Choice>,
    aside: Vec<String>,
    /// Whether nobody has confirmed them yet, so that others may wait to be read after it.
    is_new: bool,
    /// The laws under which a new request may be dealt with, and the one that is chosen.
    regimes: Vec<Choice>,
    regime: String,
}

/// Shows the questions as read.
///
/// # Errors
/// There is no such case.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<case::Asked>,
) -> Result<Response, WebError> {
    let case = case::whole(&app, &reference).await?;
    if !may_be_corrected(&case) {
        return Ok(frame::see_other(&format!("/desk/cases/{reference}")));
    }
    let done = asked.done.map(|done| ("done".to_owned(), done));
    let fields = Fields(done.into_iter().collect());
    draw(&app, &visit, &reference, &fields, None, Mistakes::default()).await
}

async fn draw(
    app: &App,
    visit: &Visit,
    reference: &str,
    fields: &Fields,
    left_out: Option<Vec<Span>>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(app, reference, "request").await?;
    let text = case.receipt.text.as_str();
    let spans: Vec<Span> = case
        .questions
        .iter()
        .map(|state| state.question.span)
        .collect();
    let left_out = left_out.unwrap_or_else(|| in_no_question(app, &case, &spans, &[]));
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
                proposed: case::proposal(app, &case, state)
                    .map_or("", |proposal| shown::route(proposal.kind)),
                sure: case::proposal(app, &case, state).map_or("", |proposal| {
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
        frame: Frame::new(app, visit)
            .done(Some(&fields.get("done")))
            .with(mistakes),
        is_new: !case.questions_confirmed,
        regimes: if case.questions_confirmed {
            Vec::new()
        } else {
            acts::regimes(app, &case, |_| true)
        },
        regime: match (fields.get("regime"), case.regime()) {
            (sent, Some(regime)) if sent.is_empty() => acts::sent_for(regime).to_owned(),
            (sent, _) => sent,
        },
        rows,
        pieces: marks::pieces(text, (0, text.len()), &[], &spans),
        more: fields.get("more"),
        aside: fields.all("aside"),
        left_out: left_out
            .iter()
            .map(|span| {
                let words = text.get(span.0..span.1).unwrap_or("");
                choice(&format!("{}-{}", span.0, span.1), &format!("“{words}”"))
            })
            .collect(),
        bar,
    };
    frame::page(&template.frame, &template)
}

/// Whether the questions of a case may still be confirmed or corrected.
pub(in crate::desk) fn may_be_corrected(case: &Case) -> bool {
    matches!(
        case.state,
        CaseState::Received | CaseState::Invalid | CaseState::Open
    )
}

/// Start and end byte of the request's text.
type Span = (usize, usize);

/// Where words stand in a part of the request, read with any run of white space as one.
fn find(text: &str, part: Span, words: &str) -> Option<Span> {
    let inside = text.get(part.0..part.1)?;
    let at = |start: usize, length: usize| {
        let start = part.0.saturating_add(start);
        (start, start.saturating_add(length))
    };
    if let Some(start) = inside.find(words) {
        return Some(at(start, words.len()));
    }
    let wanted: Vec<&str> = words.split_whitespace().collect();
    let first = wanted.first()?;
    for (start, _) in inside.match_indices(first) {
        let rest = inside.get(start..)?;
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
            return Some(at(start, end));
        }
    }
    None
}

/// The parts of a text between its empty lines.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
        .iter()
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
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
    let case = case::whole(&app, &reference).await?;
    let regime = acts::regime(&fields.get("regime"));
    // It isn't ours to split where somebody else goes on with it.
    if regime.is_some_and(Regime::is_elsewhere) {
        return Ok(frame::see_other(&format!(
            "/desk/cases/{reference}/treatment?because={}",
            fields.get("regime")
        )));
    }
    // Numbers and words of a page that others changed since are those of other questions.
    if fields.number("seen").is_some_and(|seen| seen != case.seq) {
        let mut mistakes = Mistakes::default();
        mistakes.add("main", acts::changed_meanwhile(&app, &case).await?);
        let kept: Vec<(String, String)> = ["regime", "more"]
            .map(|name| (name.to_owned(), fields.get(name)))
            .to_vec();
        let mut page = draw(&app, &visit, &reference, &Fields(kept), None, mistakes).await?;
        *page.status_mut() = StatusCode::CONFLICT;
        return Ok(page);
    }
    let mut shown = case.clone();
    app.office.unname(&mut shown).await?;
    let mut mistakes = Mistakes::default();
    mistakes.check(
        regime.is_none() && !case.questions_confirmed,
        "regime",
        "Choose how to treat this request",
    );
    let (kept, dropped) = corrected(&case, &shown, &fields, &mut mistakes);
    let spans: Vec<Span> = kept.iter().map(|kept| kept.span).collect();
    let left_out = in_no_question(&app, &case, &spans, &dropped);
    for span in &left_out {
        if !fields.ticked("aside", &format!("{}-{}", span.0, span.1)) {
            mistakes.add(
                "aside",
                format!(
                    "These words are in no question: “{}”. Add them, or mark them as not a question.",
                    shown.receipt.text.get(span.0..span.1).unwrap_or("")
                ),
            );
        }
    }
    let commands = confirming(&app, &visit, &case, regime, numbered(&app, &case, kept))
        .unwrap_or_else(|why| {
            mistakes.add("main", why);
            Vec::new()
        });
    if !mistakes.is_empty() {
        return draw(&app, &visit, &reference, &fields, Some(left_out), mistakes).await;
    }
    let acts = visit.acts(commands, case.state)?;
    let seen = fields.number("seen");
    match app.office.act_all(&case.id, seen, &acts).await {
        Ok(_) if fields.get("then") == "next" => {
            let new = app.office.queue(&QueueFilter::New, true, None, 1).await?;
            Ok(frame::see_other(&match new.first() {
                Some(next) => format!("/desk/cases/{}/questions?done=questions", next.reference),
                None => "/desk/new?done=questions".to_owned(),
            }))
        }
        Ok(_) => Ok(frame::see_other(&format!(
            "/desk/cases/{reference}?done=questions"
        ))),
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[]);
            draw(&app, &visit, &reference, &fields, Some(left_out), mistakes).await
        }
        Err(other) => Err(other.into()),
    }
}

/// What confirms the questions of a case as somebody read them: the law under which it is dealt with, that it is a request, where nobody has said so, the
/// questions, and that whoever read them has the case, where nobody has it.
///
/// # Errors
/// A name or an address may be missing, FOIA s.8: somebody looks at that first.
pub(in crate::desk) fn confirming(
    app: &App,
    visit: &Visit,
    case: &Case,
    regime: Option<Regime>,
    questions: Vec<CaseQuestion>,
) -> Result<Vec<Command>, &'static str> {
    if case.state == CaseState::Received && case.receipt.applicant.is_none() {
        return Err(
            "Nothing is known of who asked. Look first whether this is a request under section 8: a name and an address are part of it.",
        );
    }
    let mut commands = Vec::new();
    if let Some(regime) = regime.filter(|regime| case.regime() != Some(*regime)) {
        commands.push(Command::ChooseTreatment(Treatment {
            regime,
            passed_to: None,
        }));
    }
    if matches!(case.state, CaseState::Received | CaseState::Invalid) {
        commands.push(Command::CheckValidity(ValidityCheck {
            missing: Vec::new(),
        }));
    }
    commands.push(Command::ConfirmQuestions(Questions {
        questions,
        basis: app.office.bundle().basis.clone(),
    }));
    // Whoever reads new requests and may not answer them leaves them for somebody who may.
    if case.owner.is_none()
        && let Some(account) = visit
            .account()
            .filter(|_| visit.has_any(routes::DECIDING_WORK))
    {
        commands.push(Command::AssignOwner(Owner {
            officer: account.id.clone(),
        }));
    }
    Ok(commands)
}

/// A question as corrected: where it stands, and which it was.
struct Kept<'c> {
    span: Span,
    /// The question itself, where nothing of it changed.
    same: Option<&'c CaseQuestion>,
    /// The words that it completes.
    stem: Option<String>,
}

const NOT_ITS_WORDS: &str = "Use the request's own words";

/// The questions as the form says, in the request's order; and the places of those that are none. The form's words are
/// those that were shown, which stand in the same places as the case's own.
fn corrected<'c>(
    case: &'c Case,
    shown: &Case,
    fields: &Fields,
    mistakes: &mut Mistakes,
) -> (Vec<Kept<'c>>, Vec<Span>) {
    let text = shown.receipt.text.as_str();
    let whole = (0, text.len());
    let mut kept: Vec<Kept<'c>> = Vec::new();
    let mut dropped = Vec::new();
    let states = case.questions.iter().zip(&shown.questions);
    for (number, (state, shown)) in (1_usize..).zip(states) {
        let question = &state.question;
        let shown = shown.question.text.as_str();
        let field = format!("text_{number}");
        let keep = fields.get(&format!("keep_{number}"));
        if keep == "drop" {
            dropped.push(question.span);
            continue;
        }
        if keep == "join" {
            match kept.last_mut() {
                Some(before) => {
                    before.span.1 = question.span.1;
                    before.same = None;
                }
                None => mistakes.add(&field, "There is no question above to put this with"),
            }
            continue;
        }
        let sent = fields.get(&field);
        let pieces = parts(&sent);
        if pieces.is_empty() {
            mistakes.add(
                &field,
                format!(
                    "Question {} has no words any more. Its words are back: keep them, or choose “Not a question”.",
                    question.label
                ),
            );
            continue;
        }
        let is_same = sent.split_whitespace().eq(shown.split_whitespace())
            && pieces.len() == parts(shown).len();
        if is_same {
            kept.push(Kept {
                span: question.span,
                same: Some(question),
                stem: question.stem.clone(),
            });
            continue;
        }
        // The same words may stand elsewhere too: this question's own come first, each after the one before.
        let mut from = question.span.0;
        for piece in pieces {
            let here = find(text, (from, question.span.1), &piece);
            match here.or_else(|| find(text, whole, &piece)) {
                Some(span) => {
                    if here.is_some() {
                        from = span.1;
                    }
                    kept.push(Kept {
                        span,
                        same: None,
                        stem: here.and(question.stem.clone()),
                    });
                }
                None => mistakes.add(
                    &field,
                    format!("These words are not in the request: “{piece}”. {NOT_ITS_WORDS}."),
                ),
            }
        }
    }
    for piece in parts(&fields.get("more")) {
        match find(text, whole, &piece) {
            Some(span) => kept.push(Kept {
                span,
                same: None,
                stem: None,
            }),
            None => mistakes.add(
                "more",
                format!("These words are not in the request: “{piece}”. {NOT_ITS_WORDS}."),
            ),
        }
    }
    kept.sort_by_key(|kept| kept.span);
    (kept, dropped)
}

/// The corrected questions with their ids, proposals and labels.
fn numbered(app: &App, case: &Case, kept: Vec<Kept<'_>>) -> Vec<CaseQuestion> {
    let text = case.receipt.text.as_str();
    let bundle = app.office.bundle();
    let mut taken: BTreeSet<String> = case
        .questions
        .iter()
        .map(|state| state.question.id.0.clone())
        .collect();
    // What changed is read where it stands, beside the others.
    let places = kept.iter().map(|kept| {
        let stem = kept.stem.as_deref().and_then(|stem| {
            let start = text.find(stem)?;
            Some(start..start.saturating_add(stem.len()))
        });
        (kept.span.0..kept.span.1, stem)
    });
    let is_changed = kept.iter().any(|kept| kept.same.is_none());
    let read = if is_changed {
        recorded_at(bundle, &case.receipt.subject, text, places)
    } else {
        Vec::new()
    };
    let mut questions = Vec::new();
    for kept in kept {
        if let Some(question) = kept.same {
            questions.push(question.clone());
            continue;
        }
        let span = kept.span;
        let words = text.get(span.0..span.1).unwrap_or("");
        let id = (1_usize..)
            .map(|number| format!("q{number}"))
            .find(|id| !taken.contains(id))
            .unwrap_or_default();
        taken.insert(id.clone());
        let proposal = read
            .iter()
            .find(|question| question.span == span)
            .and_then(|question| question.proposal.clone());
        questions.push(CaseQuestion {
            id: QuestionId(id),
            label: String::new(),
            span,
            text: words.to_owned(),
            stem: kept.stem,
            proposal,
        });
    }
    label(case, &mut questions);
    questions
}

/// Gives every question a label of its own. While nothing changed the applicant's labels stand; after that questions are
/// numbered through, as their addresses are. A label that a letter has left with stays.
pub(in crate::desk) fn label(case: &Case, questions: &mut [CaseQuestion]) {
    let distinct: BTreeSet<&str> = questions
        .iter()
        .map(|question| question.label.as_str())
        .collect();
    let before = case.questions.iter().map(|state| &state.question.id);
    let is_same = before.eq(questions.iter().map(|question| &question.id));
    if is_same && distinct.len() == questions.len() {
        return;
    }
    if case.questions.iter().all(|state| state.is_open()) {
        for (number, question) in (1_usize..).zip(questions) {
            question.label = number.to_string();
        }
        return;
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for question in questions {
        if question.label.is_empty() || taken.contains(&question.label) {
            question.label = (1_usize..)
                .map(|number| number.to_string())
                .find(|label| {
                    !taken.contains(label)
                        && case
                            .questions
                            .iter()
                            .all(|state| state.question.label != *label)
                })
                .unwrap_or_default();
        }
        taken.insert(question.label.clone());
    }
}

/// Passages that a page names at most.
const TOLD: usize = 12;

/// Words of the request that ask something, or were in a question, and are in none of these.
pub(in crate::desk) fn in_no_question(
    app: &App,
    case: &Case,
    questions: &[Span],
    dropped: &[Span],
) -> Vec<Span> {
    let text = case.receipt.text.as_str();
    let mut covered: Vec<Span> = questions.iter().chain(dropped).copied().collect();
    for state in &case.questions {
        if let Some(stem) = &state.question.stem {
            covered.extend(find(text, (0, text.len()), stem));
        }
    }
    covered.sort_unstable();
    let mut left_out = Vec::new();
    let mut from = 0;
    for (start, end) in covered.into_iter().chain([(text.len(), text.len())]) {
        let gap = text.get(from..start).unwrap_or("");
        for (at, passage) in sentences(gap) {
            let at = from.saturating_add(at);
            let span = (at, at.saturating_add(passage.len()));
            let goes_on = text.get(..from).is_some_and(|before| {
                !before.is_empty() && !before.ends_with(['.', '?', '!', '\n'])
            }) && text
                .get(from..at)
                .is_some_and(|between| !between.contains(['\n', '.', '?', '!']));
            let was_in_one = case
                .questions
                .iter()
                .any(|state| span.0 < state.question.span.1 && state.question.span.0 < span.1);
            let words = passage
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .count();
            let lower = passage.to_lowercase();
            let asks = passage.ends_with('?')
                || ["how many", "how much", "how often", "how long"]
                    .iter()
                    .any(|cue| lower.contains(cue))
                || office::reading::asks(app.office.bundle(), passage);
            let is_quoted = passage.starts_with('>') || passage.ends_with(':');
            if words > 1 && !is_quoted && (asks || goes_on || was_in_one) {
                left_out.push(span);
            }
        }
        from = from.max(end);
    }
    left_out.truncate(TOLD);
    left_out
}

/// The sentences and lines of a text, each with where it begins, without what numbers or ends it.
fn sentences(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let ends = character == '\n'
            || (matches!(character, '.' | '?' | '!') && next.is_none_or(char::is_whitespace));
        let end = at.saturating_add(character.len_utf8());
        if ends || next.is_none() {
            let whole = text.get(from..end).unwrap_or("");
            let is_bullet = |c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '>');
            let trimmed = whole.trim_start_matches(is_bullet);
            let start = from.saturating_add(whole.len().saturating_sub(trimmed.len()));
            found.push((
                start,
                trimmed.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',')),
            ));
            from = end;
        }
    }
    found.retain(|(_, passage)| !passage.is_empty());
    found
}
