//! Requests that ask what an earlier one asked. An officer looks once at what differs, chooses which of them, and the
//! earlier answers are given again where nothing speaks against it. Each request stays a case of its own with its own
//! clock and events. Nothing that refuses is ever given again so, and who asked is neither compared nor shown.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::Command;
use casework::decision::Decision;
use casework::procedure::State as CaseState;
use casework::treatment::Regime;
use office::Similar;
use serde::Deserialize;

use crate::app::App;
use crate::desk::{acts, offers, questions, shown};
use crate::document;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// How much two questions share that ask the same.
const THE_SAME: f32 = 0.6;
/// The most requests that are looked at together.
const MOST: usize = 30;

/// What is done with a question of a request that repeats an earlier one.
#[derive(Clone, Debug)]
enum Step {
    /// It is answered as the earlier one was.
    Answer(Box<Decision>),
    /// It is left to a person, because of this.
    Person(&'static str),
}

/// A question that asks what one of the earlier request asked.
#[derive(Clone, Debug)]
pub struct Repeated {
    number: usize,
    label: String,
    /// The label of the earlier one.
    earlier: String,
    /// The words that differ: whether they were added.
    changes: Vec<(bool, String)>,
    step: Step,
}

impl Repeated {
    /// Why it is left to a person; nothing where it is answered as before.
    fn why(&self) -> &'static str {
        match self.step {
            Step::Answer(_) => "",
            Step::Person(why) => why,
        }
    }
}

/// A new request that repeats an earlier one.
#[derive(Clone, Debug)]
pub struct Alike {
    case: Box<Case>,
    reference: String,
    received: String,
    due: String,
    repeated: Vec<Repeated>,
    /// What it asks besides, question by question, and words of it that are in none.
    more: Vec<String>,
    /// What the earlier one asked and it doesn't.
    missing: Vec<String>,
    is_chosen: bool,
    is_read: bool,
}

impl Alike {
    /// The id of the box that says that what it asks besides was read.
    fn read_id(&self) -> String {
        format!("read-{}", self.reference)
    }

    /// Whether any of its questions differs or is left to a person.
    fn has_more_to_say(&self) -> bool {
        self.repeated
            .iter()
            .any(|repeated| !repeated.changes.is_empty() || !repeated.why().is_empty())
    }

    /// The labels of the questions that are answered as before.
    fn answered(&self) -> String {
        let labels: Vec<&str> = self
            .repeated
            .iter()
            .filter(|repeated| matches!(repeated.step, Step::Answer(_)))
            .map(|repeated| repeated.label.as_str())
            .collect();
        labels.join(", ")
    }
}

/// What became of a request after it was applied.
#[derive(Clone, Debug)]
pub struct Outcome {
    reference: String,
    /// The labels of the questions that wait for a person.
    left: String,
    /// What stood in the way of all of it.
    refused: String,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/alike.html")]
pub struct AlikePage {
    frame: Frame,
    reference: String,
    /// The earlier answers: label, question, answer where one was given, and what to look at first.
    before: Vec<(String, String, String, String)>,
    rows: Vec<Alike>,
    /// Whether it is asked to confirm what will happen.
    is_asked: bool,
    outcomes: Vec<Outcome>,
    applied: usize,
    waiting: usize,
}

/// What the address says: the requests that were just applied.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    applied: String,
}

/// Words in lower case without what stands between them.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '£' && c != '%');
            word.to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// The words that differ between two questions, those that stand together as one: whether they were added.
fn changes(before: &str, after: &str) -> Vec<(bool, String)> {
    let mut together: Vec<(bool, String)> = Vec::new();
    for (added, word) in document::differing(&words(before), &words(after)) {
        match together.last_mut() {
            Some((same, words)) if *same == added => {
                words.push(' ');
                words.push_str(&word);
            }
            _ => together.push((added, word)),
        }
    }
    together
}

/// Whether a request asks at least half of what it asks like another one, of which `same` of its questions are.
fn repeats(same: usize, all: usize) -> bool {
    all > 0 && same.saturating_mul(2) >= all
}

/// How many questions a request has in common with a similar one that it repeats; `None` where it doesn't repeat it.
pub(in crate::desk) fn in_common(case: &Case, similar: &Similar) -> Option<usize> {
    let same = similar.questions.iter();
    let same = same.filter(|pair| pair.shared >= THE_SAME).count();
    repeats(same, case.questions.len()).then_some(same)
}

/// The reference of the answered request that one repeats, the one that answers most of it and of those the latest.
pub(in crate::desk) fn answered_before(case: &Case, similar: &[Similar]) -> Option<String> {
    similar
        .iter()
        .filter_map(|similar| {
            let same = in_common(case, similar)?;
            let answered_on = similar.summary.answered_on.as_deref()?;
            Some((same, answered_on, &similar.summary.reference))
        })
        .max()
        .map(|(_, _, reference)| reference.clone())
}

/// Whether nobody has confirmed the questions of a request that can be worked on.
fn is_new(case: &Case) -> bool {
    !case.questions_confirmed && matches!(case.state, CaseState::Received | CaseState::Open)
}

/// What is done with a question that asks what `before`, question `number` of an earlier case, asked.
fn step(
    app: &App,
    case: &Case,
    state: &QuestionState,
    earlier: &Case,
    (number, before): (usize, &QuestionState),
    has_changed: bool,
) -> Step {
    if app.hides(case, state) {
        return Step::Person("Choose its route yourself first.");
    }
    if has_changed {
        return Step::Person("It is worded differently: look whether the earlier answer fits.");
    }
    if acts::confirms_first(app, state) {
        return Step::Person("Our policy covers it: first decide whether to confirm or deny.");
    }
    let Some(given) = app.office.earlier_answer(earlier, number) else {
        return Step::Person("The earlier reply gave no information: decide this one on its own.");
    };
    if given.is_old {
        return Step::Person("The earlier answer is more than six months old.");
    }
    if !given.personal.is_empty() {
        return Step::Person("The earlier answer names a person or how to reach one.");
    }
    let Some(made) = &before.decision else {
        return Step::Person("The earlier reply gave no information: decide this one on its own.");
    };
    if !made.files.is_empty() {
        return Step::Person("Files went with the earlier answer: look at them again.");
    }
    if matches!(made.decision, Decision::AlreadyAccessible { .. })
        && !offers::still_stands(app, state, &given.text)
    {
        return Step::Person("The earlier answer points to what may have changed since.");
    }
    Step::Answer(Box::new(made.decision.clone()))
}

/// A new request beside the earlier one that it repeats; `None` where it doesn't.
fn beside(app: &App, case: Box<Case>, earlier: &Case) -> Option<Alike> {
    let asked = texts(&case);
    let theirs = texts(earlier);
    let pairs: Vec<search::Pair> = search::side_by_side(&asked, &theirs)
        .into_iter()
        .filter(|pair| pair.shared >= THE_SAME)
        .collect();
    if !is_new(&case) || !repeats(pairs.len(), asked.len()) {
        return None;
    }
    let mut repeated = Vec::new();
    let mut more = Vec::new();
    let mut met = BTreeSet::new();
    for (at, state) in case.questions.iter().enumerate() {
        let pair = pairs.iter().find(|pair| pair.asked == at);
        let before = pair.and_then(|pair| Some((pair.found, earlier.questions.get(pair.found)?)));
        let Some((found, before)) = before else {
            more.push(format!(
                "{}: “{}”",
                state.question.label,
                shown::whole(&state.question)
            ));
            continue;
        };
        met.insert(found);
        let changes = changes(
            &shown::whole(&before.question),
            &shown::whole(&state.question),
        );
        let number = found.saturating_add(1);
        repeated.push(Repeated {
            number: at.saturating_add(1),
            label: state.question.label.clone(),
            earlier: before.question.label.clone(),
            step: step(
                app,
                &case,
                state,
                earlier,
                (number, before),
                !changes.is_empty(),
            ),
            changes,
        });
    }
    let spans: Vec<(usize, usize)> = case
        .questions
        .iter()
        .map(|state| state.question.span)
        .collect();
    for (start, end) in questions::in_no_question(app, &case, &spans, &[]) {
        let passage = case.receipt.text.get(start..end).unwrap_or("");
        more.push(format!("In no question: “{passage}”"));
    }
    let missing = earlier.questions.iter().enumerate();
    let missing = missing
        .filter(|(at, _)| !met.contains(at))
        .map(|(_, state)| state.question.label.clone())
        .collect();
    Some(Alike {
        reference: case.receipt.reference.clone(),
        received: crate::dates::plain(case.receipt.received_on),
        due: crate::dates::plain(case.due_on),
        repeated,
        more,
        missing,
        is_chosen: false,
        is_read: false,
        case,
    })
}

fn texts(case: &Case) -> Vec<String> {
    case.questions
        .iter()
        .map(|state| state.question.text.clone())
        .collect()
}

/// The earlier case, and the new requests that repeat it.
async fn found(app: &App, reference: &str) -> Result<(Box<Case>, Vec<Alike>), WebError> {
    let earlier = app.office.unnamed(reference).await?;
    let earlier = earlier
        .filter(|case| case.receipt.reference == reference && !case.issued.is_empty())
        .ok_or(WebError::NotFound)?;
    let mut rows = Vec::new();
    for similar in app.office.similar(&earlier, MOST).await? {
        let Some(case) = app.office.case(&similar.summary.case_id).await? else {
            continue;
        };
        let mut shown = case.clone();
        app.office.unname(&mut shown).await?;
        // What is shown names nobody; what is confirmed are the request's own words.
        rows.extend(beside(app, shown, &earlier).map(|alike| Alike { case, ..alike }));
    }
    rows.sort_by(|one, other| one.reference.cmp(&other.reference));
    Ok((earlier, rows))
}

fn draw(
    app: &App,
    visit: &Visit,
    earlier: &Case,
    rows: Vec<Alike>,
    is_asked: bool,
    outcomes: Vec<Outcome>,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let before = (1_usize..).zip(&earlier.questions).map(|(number, state)| {
        let given = app.office.earlier_answer(earlier, number);
        let careful = match &given {
            None => "Nothing that can be given again.",
            Some(given) if given.is_old => {
                "This answer is more than six months old. Check that it is still right."
            }
            Some(_) => "",
        };
        (
            state.question.label.clone(),
            shown::whole(&state.question),
            given.map_or_else(String::new, |given| given.text),
            careful.to_owned(),
        )
    });
    let whole = |outcome: &&Outcome| outcome.left.is_empty() && outcome.refused.is_empty();
    let applied = outcomes.iter().filter(whole).count();
    let template = AlikePage {
        frame: Frame::new(app, visit).with(mistakes),
        reference: earlier.receipt.reference.clone(),
        before: before.collect(),
        waiting: outcomes.len().saturating_sub(applied),
        rows,
        is_asked,
        applied,
        outcomes,
    };
    frame::page(&template.frame, &template)
}

/// Shows the new requests that ask what an answered one asked, with what differs; and what became of those just applied.
///
/// # Errors
/// There is no such answered case, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let done: Vec<&str> = asked.applied.split(',').take(MOST).collect();
    after(&app, &visit, &reference, &done, Vec::new()).await
}

/// The page after some requests were applied and others refused: how each of them stands now.
async fn after(
    app: &App,
    visit: &Visit,
    reference: &str,
    done: &[&str],
    refused: Vec<Outcome>,
) -> Result<Response, WebError> {
    let (earlier, rows) = found(app, reference).await?;
    let mut outcomes = refused;
    for reference in done.iter().copied().filter(|one| !one.is_empty()) {
        let case = app.office.case(reference).await?;
        let case =
            case.filter(|case| case.receipt.reference == reference && case.questions_confirmed);
        let Some(case) = case else {
            continue;
        };
        let left: Vec<&str> = case
            .open_questions()
            .filter(|state| state.decision.is_none())
            .map(|state| state.question.label.as_str())
            .collect();
        outcomes.push(Outcome {
            reference: reference.to_owned(),
            left: left.join(", "),
            refused: String::new(),
        });
    }
    draw(
        app,
        visit,
        &earlier,
        rows,
        false,
        outcomes,
        Mistakes::default(),
    )
}

/// What is done to one request, all of it or nothing; or why nothing can be.
fn commands(
    app: &App,
    visit: &Visit,
    alike: &Alike,
    earlier: &Case,
) -> Result<Vec<Command>, &'static str> {
    let case = &alike.case;
    let mut read: Vec<_> = case
        .questions
        .iter()
        .map(|state| state.question.clone())
        .collect();
    questions::label(case, &mut read);
    let mut commands =
        questions::confirming(app, visit, case, Some(Regime::FreedomOfInformation), read)?;
    for repeated in &alike.repeated {
        let state = case.questions.get(repeated.number.saturating_sub(1));
        let (Step::Answer(decision), Some(state)) = (&repeated.step, state) else {
            continue;
        };
        let because = format!(
            "Asked and answered before: {}, question {}",
            earlier.receipt.reference, repeated.earlier
        );
        commands.extend(offers::again(app, state, (**decision).clone(), because));
    }
    Ok(commands)
}

/// Asks for confirmation; with `sure=yes`, applies the earlier answers to the chosen requests.
///
/// # Errors
/// There is no such answered case, or the store can't.
pub async fn apply(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (earlier, mut rows) = found(&app, &reference).await?;
    let mut mistakes = Mistakes::default();
    for row in &mut rows {
        row.is_chosen = fields.ticked("case", &row.reference);
        row.is_read = fields.ticked("read", &row.reference);
        if row.is_chosen && !row.more.is_empty() && !row.is_read {
            mistakes.add(
                &format!("read-{}", row.reference),
                format!(
                    "{} also asks something that the earlier request does not. Read it before you apply",
                    row.reference
                ),
            );
        }
    }
    mistakes.check(
        rows.iter().all(|row| !row.is_chosen),
        "main",
        "Choose at least one request",
    );
    if !mistakes.is_empty() || fields.get("do") == "back" {
        return draw(&app, &visit, &earlier, rows, false, Vec::new(), mistakes);
    }
    let chosen: Vec<Alike> = rows.into_iter().filter(|row| row.is_chosen).collect();
    if fields.get("sure") != "yes" {
        return draw(&app, &visit, &earlier, chosen, true, Vec::new(), mistakes);
    }
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for alike in &chosen {
        let why = match commands(&app, &visit, alike, &earlier) {
            Err(why) => why.to_owned(),
            Ok(commands) => {
                let acts = visit.acts(commands, alike.case.state)?;
                // As the officer saw it: somebody may have begun to work on it since.
                let seen = fields.number(&format!("seen-{}", alike.reference));
                match app.office.act_all(&alike.case.id, seen, &acts).await {
                    Ok(_) => {
                        done.push(alike.reference.as_str());
                        continue;
                    }
                    Err(store::Stopped::Refused(problems)) => problems
                        .iter()
                        .map(|problem| sentence(&problem.message))
                        .collect::<Vec<_>>()
                        .join(" "),
                    Err(store::Stopped::Conflict) => {
                        "Someone else changed it while you were looking.".to_owned()
                    }
                    Err(other) => return Err(other.into()),
                }
            }
        };
        refused.push(Outcome {
            reference: alike.reference.clone(),
            left: String::new(),
            refused: why,
        });
    }
    if refused.is_empty() {
        return Ok(frame::see_other(&format!(
            "/desk/new/alike/{reference}?applied={}",
            done.join(",")
        )));
    }
    after(&app, &visit, &reference, &done, refused).await
}
