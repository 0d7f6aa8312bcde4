//! “Use this answer”: rows of the published register and earlier answers, beside the question that they may answer. One
//! press on a row decides, for that question alone; until the letter is approved it can be decided otherwise. An earlier
//! answer is where a new one begins: somebody saves it, for it may not be right any more.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::Command;
use casework::decision::{Decision, Slot};
use casework::event::{ProposalRecord, QuestionDecision};
use casework::procedure::State as CaseState;
use casework::proposal::Kind;
use office::{Earlier, Row};
use serde::Deserialize;

use crate::app::App;
use crate::dates;
use crate::desk::acts::{self, ALREADY_PUBLIC};
use crate::desk::case;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::frame;
use crate::session::Visit;

/// Rows offered for a question.
const ROWS: usize = 3;
/// How sure a proposal is, in thousandths, that is confirmed together with others.
const SURE: u16 = 900;
/// How much two questions share before the answer to one is offered for the other.
const ALIKE: f32 = 0.5;

/// Published words that an officer chose to answer with, in the address of a form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// The permanent name of a row of the register.
    row: String,
    /// The reference of an earlier case, a space, and the number of its question.
    reply: String,
    /// The number of the question that a form of the whole case was opened for.
    pub question: Option<usize>,
    /// Why another page led here.
    pub because: String,
    /// What was just done on the page before.
    pub done: Option<String>,
    /// What a form about harm was opened for: `content`, or `confirm-or-deny`.
    pub about: String,
}

/// A row offered.
#[derive(Clone, Debug)]
pub struct OfferedRow {
    /// Its permanent name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Reference, supplier, value, dates.
    pub line: String,
    /// Why it is offered.
    pub why: String,
    /// What to look at before it is used.
    pub careful: String,
}

/// An earlier answer offered.
#[derive(Clone, Debug)]
pub struct OfferedAnswer {
    /// Where it is used from: reference and number.
    pub key: String,
    /// The question it answered.
    pub question: String,
    /// The answer.
    pub text: String,
    /// The reference of its case.
    pub reference: String,
    /// When it left, and where it is published.
    pub when: String,
    /// Its address in the log.
    pub link: String,
    /// What to look at before it is used.
    pub careful: Vec<String>,
}

/// The rows offered for a question that isn't decided.
#[must_use]
pub fn rows(app: &App, state: &QuestionState) -> Vec<OfferedRow> {
    app.office
        .rows_for(&state.question, ROWS)
        .into_iter()
        .map(row)
        .collect()
}

fn row(row: Row) -> OfferedRow {
    let contract = row.contract;
    let mut parts: Vec<String> = contract.reference.iter().cloned().collect();
    parts.extend(contract.supplier_name.clone());
    parts.extend(office::register::worth(&contract));
    parts.extend(
        contract
            .start
            .map(|day| format!("from {}", dates::plain(day))),
    );
    parts.extend(contract.end.map(|day| format!("to {}", dates::plain(day))));
    let careful = match contract.end.filter(|_| row.has_ended) {
        Some(end) => format!(
            "This contract ended on {}. Say so, or choose another row.",
            dates::plain(end)
        ),
        None => String::new(),
    };
    OfferedRow {
        id: row.id,
        title: contract
            .title
            .or(contract.description)
            .unwrap_or_else(|| "No title".to_owned()),
        line: parts.join(", "),
        why: sentence(&row.reasons.join("; ")),
        careful,
    }
}

/// The earlier answers offered for each question of a case, by its number from 1.
#[must_use]
pub fn earlier(similar: &[office::Similar]) -> Vec<(usize, OfferedAnswer)> {
    let mut offered: Vec<(usize, OfferedAnswer)> = Vec::new();
    for question in similar.iter().flat_map(|similar| &similar.questions) {
        let Some(earlier) = question
            .earlier
            .as_ref()
            .filter(|_| question.shared >= ALIKE)
        else {
            continue;
        };
        let answer = answer(earlier);
        if offered
            .iter()
            .all(|(number, other)| *number != question.number || other.text != answer.text)
        {
            offered.push((question.number, answer));
        }
    }
    offered
}

fn answer(earlier: &Earlier) -> OfferedAnswer {
    let mut careful = Vec::new();
    if earlier.is_old {
        careful.push(
            "This answer is more than six months old. Check that it is still right.".to_owned(),
        );
    }
    if !earlier.personal.is_empty() {
        careful.push(format!(
            "That answer names a person or how to reach one: “{}”. Use the job title instead.",
            earlier.personal.join("”, “")
        ));
    }
    OfferedAnswer {
        key: format!("{} {}", earlier.reference, earlier.number),
        question: earlier.question.clone(),
        text: earlier.text.clone(),
        reference: earlier.reference.clone(),
        when: dates::plain(earlier.answered_on),
        link: earlier
            .address
            .as_ref()
            .map_or_else(String::new, |address| format!("/disclosure-log/{address}")),
        careful,
    }
}

/// The earlier answer that a key names.
async fn earlier_of(app: &App, key: &str) -> Result<Option<Earlier>, WebError> {
    let Some((reference, number)) = key.rsplit_once(' ') else {
        return Ok(None);
    };
    let case = app
        .office
        .case(reference)
        .await?
        .filter(|case| case.receipt.reference == reference);
    Ok(case.and_then(|case| {
        app.office
            .earlier_answer(&case, number.parse().unwrap_or(0))
    }))
}

/// The words of an earlier answer as a new one begins with them.
fn words(app: &App, earlier: &Earlier) -> String {
    match &earlier.address {
        Some(address) => format!(
            "{}\n\nPublished on {}: {}/disclosure-log/{address}",
            earlier.text,
            dates::plain(earlier.answered_on),
            app.settings.public_url
        ),
        None => earlier.text.clone(),
    }
}

/// The words that a form begins with.
///
/// # Errors
/// The store can't answer.
pub async fn draft(app: &App, wish: &Wish) -> Result<Option<String>, WebError> {
    if !wish.row.is_empty() {
        return Ok(app.office.quotation(std::slice::from_ref(&wish.row)));
    }
    if !wish.reply.is_empty() {
        return Ok(earlier_of(app, &wish.reply)
            .await?
            .map(|earlier| words(app, &earlier)));
    }
    Ok(None)
}

/// Whether published words can be used with one press: not where the policy covers the question, for then a person
/// says first why it is answered all the same.
#[must_use]
pub fn in_one_press(state: &QuestionState) -> bool {
    state
        .question
        .proposal
        .as_ref()
        .is_none_or(|proposal| proposal.kind != Kind::Protected)
}

/// Whether an earlier answer that points to what is published still says what is published: the rows of a register that
/// it quotes are quoted so today.
#[must_use]
pub fn still_stands(app: &App, state: &QuestionState, given: &str) -> bool {
    let named = app.office.bundle().policy.policy.signposts.iter();
    let mut named = named.filter(|signpost| signpost.id == "contracts-register");
    let quotes_register = named.any(|signpost| given.contains(&signpost.name));
    !quotes_register
        || app
            .office
            .rows_for(&state.question, ROWS)
            .iter()
            .any(|row| {
                !row.has_ended
                    && app
                        .office
                        .quotation(std::slice::from_ref(&row.id))
                        .as_deref()
                        == Some(given)
            })
}

/// Whether what is proposed for a question can be confirmed with one press: nothing that the policy protects, and nothing
/// of which a person chooses the route first.
#[must_use]
pub fn can_be_confirmed(app: &App, case: &Case, state: &QuestionState) -> bool {
    let proposal = state.question.proposal.as_ref();
    case.questions_confirmed
        && matches!(
            case.state,
            CaseState::Open | CaseState::AwaitingClarification
        )
        && state.is_open()
        && state.waiting_since.is_none()
        && state.outcome().is_none()
        && state.decision.is_none()
        && !app.hides(case, state)
        && proposal.is_some_and(|proposal| matches!(proposal.kind, Kind::Register | Kind::Open))
}

/// Whether it is confirmed together with the other sure ones.
#[must_use]
pub fn is_sure(app: &App, case: &Case, state: &QuestionState) -> bool {
    let proposal = state.question.proposal.as_ref();
    can_be_confirmed(app, case, state)
        && proposal.is_some_and(|proposal| {
            proposal.confidence_thousandths >= SURE && !is_about_themselves(app, proposal)
        })
}

/// Whether one row may answer all of a question: it names no second thing.
#[must_use]
pub fn is_about_one_thing(state: &QuestionState) -> bool {
    let proposal = state.question.proposal.as_ref();
    proposal.is_some_and(|proposal| proposal.things().nth(1).is_none())
}

/// Whether what is asked may be a matter of another law, of which nothing is said under the Act.
fn is_about_themselves(app: &App, proposal: &ProposalRecord) -> bool {
    let statute = &app.office.bundle().statute;
    proposal
        .provisions
        .iter()
        .any(|provision| statute.elsewhere(provision).is_some())
}

/// Confirms what is proposed for each of the questions: we will say whether we hold it.
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
    let asked = case::Asked::default();
    let wanted = fields.all("question");
    let mut commands = Vec::new();
    for number in &wanted {
        let number: usize = number.parse().unwrap_or(0);
        let state = case.questions.get(number.wrapping_sub(1));
        let may = |state: &&QuestionState| {
            can_be_confirmed(&app, &case, state)
                && (wanted.len() == 1 || is_sure(&app, &case, state))
        };
        commands.extend(
            state
                .filter(may)
                .map(|state| acts::duty_applies(&app, state, None)),
        );
    }
    if commands.is_empty() || commands.len() != wanted.len() {
        let mut mistakes = Mistakes::default();
        mistakes.add(
            "main",
            "Nothing was confirmed: these questions have changed since you opened this page. Look at them below, and \
             choose again",
        );
        return case::draw(&app, &visit, &reference, &asked, mistakes).await;
    }
    let first = wanted.first().map_or("", String::as_str);
    let to = format!("/desk/cases/{reference}?done=sure#question-{first}");
    pressed(&app, &visit, &case, &fields, commands, &to).await
}

/// Does what was pressed on a case's page, and leads to an address; or shows the page again with what stands in the way.
async fn pressed(
    app: &App,
    visit: &Visit,
    case: &Case,
    fields: &Fields,
    commands: Vec<Command>,
    to: &str,
) -> Result<Response, WebError> {
    let acts = visit.acts(commands, case.state)?;
    let seen = fields.number("seen");
    match app.office.act_all(&case.id, seen, &acts).await {
        Ok(_) => Ok(frame::see_other(to)),
        Err(store::Stopped::Refused(problems)) => {
            let mistakes = Mistakes::of_problems(&problems, &[]);
            let asked = case::Asked::default();
            case::draw(app, visit, &case.receipt.reference, &asked, mistakes).await
        }
        Err(other) => Err(other.into()),
    }
}

/// An answer given again: that we say whether we hold it, where that isn't decided yet, and the answer.
pub(in crate::desk) fn again(
    app: &App,
    state: &QuestionState,
    decision: Decision,
    because: String,
) -> Vec<Command> {
    let mut commands = Vec::new();
    if state.outcome().is_none() {
        commands.push(acts::duty_applies(app, state, Some(because.clone())));
    }
    commands.push(Command::Decide(QuestionDecision {
        question: state.question.id.clone(),
        decision,
        departs_because: Some(because),
        already_public: Vec::new(),
        in_part: None,
        looked: None,
        files: Vec::new(),
        basis: app.office.bundle().basis.clone(),
    }));
    commands
}

/// The question of a press, and its decision with the reason. `used` is the number of the question, a space, and the
/// permanent name of the row.
fn chosen<'c>(
    app: &App,
    case: &'c Case,
    used: &str,
) -> Option<(&'c QuestionState, Decision, String)> {
    let (number, row) = used.split_once(' ')?;
    let number: usize = number.parse().ok()?;
    let state = case.questions.get(number.checked_sub(1)?)?;
    let may = state.is_open()
        && state.decision.is_none()
        && !state.neither_confirmed_nor_denied()
        && !app.hides(case, state)
        && in_one_press(state);
    let quotation = app.office.quotation(&[row.to_owned()]).filter(|_| may)?;
    let decision = Decision::AlreadyAccessible {
        place: Slot::Filled(quotation),
    };
    let because = format!("{ALREADY_PUBLIC}: contracts register, {row}");
    Some((state, decision, because))
}

/// Decides each question with the row that was chosen for it.
///
/// # Errors
/// There is no such case or row, somebody changed the case, or the store can't.
pub async fn use_answer(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, _) = case::open(&app, &reference, "request").await?;
    let asked = case::Asked::default();
    let mut mistakes = Mistakes::default();
    let wanted = fields.all("use");
    if wanted.is_empty() {
        mistakes.add("main", "Choose a row to use");
        return case::draw(&app, &visit, &reference, &asked, mistakes).await;
    }
    // All are looked at before any is decided.
    let choices: Option<Vec<_>> = wanted
        .iter()
        .map(|used| chosen(&app, &case, used))
        .collect();
    let Some(choices) = choices else {
        mistakes.add(
            "main",
            "Nothing was changed: somebody decided a question since you opened this page, or the register shows other rows \
             now. Look at the questions below, and choose again",
        );
        return case::draw(&app, &visit, &reference, &asked, mistakes).await;
    };
    let commands = choices
        .into_iter()
        .flat_map(|(state, decision, because)| again(&app, state, decision, because))
        .collect();
    let first = wanted
        .first()
        .and_then(|used| used.split(' ').next())
        .map_or_else(String::new, |number| format!("#question-{number}"));
    let to = format!("/desk/cases/{reference}?done=used{first}");
    pressed(&app, &visit, &case, &fields, commands, &to).await
}
