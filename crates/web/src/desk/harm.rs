//! Evidence of harm, from the security adviser: one question a page, two forms that never mix. Who asked isn't known
//! here, nor whether anything is held. What was sent can be corrected until the question is decided; the latest counts.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::{Command, CommandKind};
use casework::event::{About, Event, HarmEvidence};
use casework::procedure::State as CaseState;
use casework::public_record::{Checked, Path as Way};
use casework::substance::{self, Lack};
use serde::Deserialize;
use store::desk::{DRAFTS, Drafts};

use crate::app::App;
use crate::desk::acts::leaks_nothing;
use crate::desk::case::Asked;
use crate::desk::{likelihood, public_record, shown};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, FormPage, Kind as FieldKind, choice, choice_with};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// A question that waits for evidence.
#[derive(Clone, Debug)]
pub struct Waiting {
    reference: String,
    number: usize,
    text: String,
    due: String,
    /// The end of each form's address, its words, and what became of it: sent, begun, or nothing yet.
    about: Vec<(&'static str, &'static str, &'static str)>,
}

/// The list.
#[derive(Template)]
#[template(path = "desk/harm.html")]
pub struct HarmPage {
    frame: Frame,
    waiting: Vec<Waiting>,
    /// What was sent and can be corrected.
    given: Vec<Waiting>,
}

/// Cases looked at for the list.
const LOOKED_AT: u64 = 200;

/// How many earlier words for the same row of the policy are offered.
const OFFERED: usize = 3;
/// Cases looked through for them, open and closed.
const LOOKED_THROUGH: usize = 20;

fn wants(state: &QuestionState, about: About) -> bool {
    state.is_undecided()
        && state.question.is_covered()
        && match about {
            About::ConfirmOrDeny => state.outcome().is_none(),
            About::Content => !state.neither_confirmed_nor_denied(),
        }
}

fn is_working(case: &Case) -> bool {
    case.questions_confirmed
        && matches!(
            case.state,
            CaseState::Open | CaseState::AwaitingClarification
        )
}

/// Shows the questions that wait for evidence.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let rows = app
        .office
        .queue(&office::QueueFilter::All, true, None, LOOKED_AT)
        .await?;
    let (mut waiting, mut given) = (Vec::new(), Vec::new());
    let mut begun = drafts(&app, &visit).await?;
    let mut kept = BTreeSet::new();
    let may_wait = |row: &&office::Summary| {
        !row.categories.is_empty()
            && [CaseState::Open, CaseState::AwaitingClarification]
                .iter()
                .any(|state| state.spelling() == row.state)
    };
    for row in rows.iter().filter(may_wait) {
        let Some(case) = app.office.unnamed(&row.case_id).await? else {
            continue;
        };
        if !is_working(&case) {
            continue;
        }
        for (number, state) in (1_usize..).zip(&case.questions) {
            let reference = &case.receipt.reference;
            let about: Vec<(&str, &str, &str)> = [
                (About::Content, "What the answer would do"),
                (About::ConfirmOrDeny, "What a yes or a no would do"),
            ]
            .into_iter()
            .filter(|(about, _)| wants(state, *about))
            .map(|(about, words)| {
                let path = in_address(about);
                let key = key_of(reference, number, path);
                let came = if begun.contains_key(&key) {
                    kept.insert(key);
                    "Draft kept"
                } else if state.harm_evidence(about).is_some() {
                    "Sent"
                } else {
                    ""
                };
                (path, words, came)
            })
            .collect();
            if about.is_empty() {
                continue;
            }
            let is_given = about.iter().all(|(_, _, came)| *came == "Sent");
            let row = Waiting {
                reference: reference.clone(),
                number,
                text: shown::whole(&state.question),
                due: crate::dates::long(state.due_on),
                about,
            };
            if is_given {
                given.push(row);
            } else {
                waiting.push(row);
            }
        }
    }
    // What was begun for a question that is decided by now is forgotten.
    if rows.len() < LOOKED_AT as usize && begun.len() > kept.len() {
        begun.retain(|key, _| kept.contains(key));
        keep_drafts(&app, &visit, &begun).await?;
    }
    let template = HarmPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        waiting,
        given,
    };
    frame::page(&template.frame, &template)
}

/// The most forms that somebody keeps unsent; the first of them in order of their places go when there are more.
const MOST_DRAFTS: usize = 50;

fn key_of(reference: &str, number: usize, about: &str) -> String {
    format!("{reference} {number} {about}")
}

/// The name of the setting in which an account's drafts are kept.
fn drafts_of(visit: &Visit) -> Result<String, WebError> {
    let account = visit.account().ok_or(WebError::NotFound)?;
    Ok(format!("{DRAFTS}{}", account.id))
}

async fn drafts(app: &App, visit: &Visit) -> Result<Drafts, WebError> {
    let kept = app.office.store().setting(&drafts_of(visit)?).await?;
    Ok(kept
        .and_then(|kept| serde_json::from_str(&kept).ok())
        .unwrap_or_default())
}

async fn keep_drafts(app: &App, visit: &Visit, drafts: &Drafts) -> Result<(), WebError> {
    let text = serde_json::to_string(drafts).map_err(|error| WebError::Fault(error.to_string()))?;
    let store = app.office.store();
    Ok(store.keep_setting(&drafts_of(visit)?, &text).await?)
}

/// The parts of the address.
#[derive(Clone, Debug, Deserialize)]
pub struct HarmPlace {
    reference: String,
    number: usize,
    about: String,
}

impl HarmPlace {
    fn key(&self) -> String {
        key_of(&self.reference, self.number, &self.about)
    }
}

/// What an address says that harm is of.
pub(in crate::desk) fn about_of(text: &str) -> Option<About> {
    [About::Content, About::ConfirmOrDeny]
        .into_iter()
        .find(|about| in_address(*about) == text)
}

/// How an address says what harm is of.
pub(in crate::desk) fn in_address(about: About) -> &'static str {
    match about {
        About::Content => "content",
        About::ConfirmOrDeny => "confirm-or-deny",
    }
}

/// What the address says besides.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Start {
    /// The reference of an earlier case, a space, and the number of its question: whose words to start from.
    start: String,
}

/// Words that were written for another case about the same row of the policy.
struct Earlier {
    reference: String,
    number: usize,
    evidence: HarmEvidence,
}

/// What the form is drawn from.
struct Desk {
    case: Box<Case>,
    state: QuestionState,
    about: About,
    earlier: Vec<Earlier>,
    checked: Option<Checked>,
    /// When evidence was sent before, the last time.
    sent_on: String,
}

/// Evidence of harm that was given elsewhere for the same row of the policy.
async fn earlier(
    app: &App,
    case: &Case,
    state: &QuestionState,
    about: About,
) -> Result<Vec<Earlier>, WebError> {
    let Some(category) = state
        .question
        .proposal
        .as_ref()
        .and_then(|proposal| proposal.category.clone())
    else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for is_open in [true, false] {
        let rows = app
            .office
            .queue(&office::QueueFilter::All, is_open, None, LOOKED_AT)
            .await?;
        let alike = rows
            .iter()
            .rev()
            .filter(|row| {
                row.case_id != case.id.0
                    && row
                        .categories
                        .split_whitespace()
                        .any(|known| known == category)
            })
            .take(LOOKED_THROUGH);
        for row in alike {
            let Some(other) = app.office.case(&row.case_id).await? else {
                continue;
            };
            for (number, other_state) in (1_usize..).zip(&other.questions) {
                let is_alike = other_state
                    .question
                    .proposal
                    .as_ref()
                    .is_some_and(|proposal| proposal.category.as_ref() == Some(&category));
                let evidence = other_state
                    .harm_evidence(about)
                    .filter(|evidence| is_alike && evidence.likelihood.is_some());
                if let Some(evidence) = evidence
                    && found
                        .iter()
                        .all(|known: &Earlier| known.evidence.mechanism != evidence.mechanism)
                {
                    found.push(Earlier {
                        reference: other.receipt.reference.clone(),
                        number,
                        evidence: evidence.clone(),
                    });
                }
            }
            if found.len() >= OFFERED {
                found.truncate(OFFERED);
                return Ok(found);
            }
        }
    }
    Ok(found)
}

fn likelihood_word(evidence: &HarmEvidence) -> &'static str {
    match evidence.likelihood {
        Some(likely) => likelihood::word(likely),
        None if evidence.cannot_say => "cannot_say",
        None => "no",
    }
}

fn form(desk: &Desk, place: &HarmPlace, start: &str) -> Form {
    let (state, about) = (&desk.state, desk.about);
    let (heading, legend) = match about {
        About::Content => (
            "What would the answer do?",
            "Would giving this information harm us?",
        ),
        About::ConfirmOrDeny => (
            "What would a yes or a no do?",
            "Would saying whether we hold it harm us?",
        ),
    };
    let own = state.harm_evidence(about);
    let begun = desk
        .earlier
        .iter()
        .find(|earlier| format!("{} {}", earlier.reference, earlier.number) == start)
        .map(|earlier| &earlier.evidence);
    let shown = begun.or(own);
    let mut form = Form::new(heading, "Sign and send");
    form.other_button = Some(("keep", "Keep it and go on later"));
    let alike: Vec<usize> = (1_usize..)
        .zip(&desk.case.questions)
        .filter(|(_, state)| wants(state, about))
        .map(|(number, _)| number)
        .collect();
    if let Some(at) = alike.iter().position(|number| *number == place.number)
        && alike.len() > 1
    {
        form = form.intro(format!(
            "Question {} of {} of this request.",
            at.saturating_add(1),
            alike.len()
        ));
    }
    if own.is_some() {
        form = form.intro(format!(
            "Sent on {}. What you send now takes its place; the history keeps both.",
            desk.sent_on
        ));
    }
    match begun {
        Some(_) => {
            form = form.intro("You start from words written for another request. Change what does not fit, and add a sentence about this one.");
        }
        None => {
            for earlier in &desk.earlier {
                form = form.link(
                    &format!("This was written for {}. Start from it", earlier.reference),
                    format!(
                        "/desk/harm/{}/{}/{}?start={}+{}",
                        place.reference,
                        place.number,
                        place.about,
                        earlier.reference,
                        earlier.number
                    ),
                );
            }
        }
    }
    let mut likely = likelihood::choices_or_none("No");
    likely.push(choice_with(
        "cannot_say",
        "Cannot say",
        "The officer asks what would settle it",
    ));
    form = form.quote(shown::whole(&state.question)).radios(
        "likelihood",
        legend,
        "“No” is a full answer. Thank you for it.",
        likely,
        shown.map_or("", likelihood_word),
    );
    let words = |of: fn(&HarmEvidence) -> &String| shown.map_or("", |evidence| of(evidence));
    form = match about {
        About::Content => form.area(
            "mechanism",
            "How the harm comes about",
            "Someone who learns this could … causing …. Name what in this answer helps an attacker.",
            words(|evidence| &evidence.mechanism),
            4,
        ),
        About::ConfirmOrDeny => {
            // Evidence from before there were two boxes stands in the first, to be told apart.
            let yes = match words(|evidence| &evidence.if_held) {
                "" => words(|evidence| &evidence.mechanism),
                yes => yes,
            };
            form.area(
                "if_held",
                "What would “Yes, we hold this” tell someone, and what could they do with it?",
                "A whole sentence: a yes would tell …. Do not say whether it happened or exists.",
                yes,
                3,
            )
            .area(
                "if_not_held",
                "What would “No, we do not” tell someone, and what could they do with it?",
                "A whole sentence: a no would tell ….",
                words(|evidence| &evidence.if_not_held),
                3,
            )
        }
    };
    if let Some(checked) = &desk.checked {
        form = public_record::listed(form, checked);
        // An earlier reply is named; its case is the officer's.
        for field in &mut form.fields {
            if let FieldKind::Public(entry) = &mut field.kind
                && entry.link.starts_with("/desk/")
            {
                entry.link.clear();
            }
        }
    }
    what_else(form, shown).area(
        "lasts",
        "From when, and until when, does it matter?",
        "For instance: from now until the servers are replaced in March. The officer looks again when it ends.",
        words(|evidence| &evidence.lasts),
        2,
    )
    .area(
        "shown_by",
        "What shows it, and where that is from",
        "Optional. For instance an advisory with its date, a test report, what happened elsewhere.",
        words(|evidence| &evidence.shown_by),
        2,
    )
    .radios(
        "quotable",
        "May we quote this?",
        "What is not quotable never enters letter, log or review pack.",
        vec![
            choice("yes", "Yes, in the letter"),
            choice("no", "No, it is for the decision only"),
        ],
        match own.filter(|evidence| evidence.likelihood.is_some()) {
            Some(evidence) if evidence.quotable => "yes",
            Some(_) => "no",
            None => "",
        },
    )
}

/// What every account of a harm is asked besides: what is public already, and what could be given.
pub(in crate::desk) fn what_else(form: Form, given: Option<&HarmEvidence>) -> Form {
    form.area(
        "adds",
        "What it adds to what is already public",
        "If nothing about it is public, say so.",
        given.map_or("", |given| &given.adds),
        3,
    )
    .area(
        "instead",
        "What could be given instead?",
        "If nothing, say so.",
        given.map_or("", |given| &given.instead),
        3,
    )
}

async fn open(app: &App, place: &HarmPlace) -> Result<Desk, WebError> {
    let about = about_of(&place.about).ok_or(WebError::NotFound)?;
    let case = app
        .office
        .unnamed(&place.reference)
        .await?
        .filter(|case| is_working(case))
        .ok_or(WebError::NotFound)?;
    let state = case
        .questions
        .get(place.number.wrapping_sub(1))
        .filter(|state| wants(state, about))
        .cloned()
        .ok_or(WebError::NotFound)?;
    let way = match about {
        About::Content => Way::Withhold,
        About::ConfirmOrDeny => Way::NeitherConfirmNorDeny,
    };
    let mut sent_on = String::new();
    if state.harm_evidence(about).is_some() {
        for stored in app.office.history(&case.id).await? {
            let recorded = stored
                .recorded()
                .map_err(|error| WebError::Fault(error.to_string()))?;
            if let Some(Event::HarmEvidenceGiven(given)) = &recorded.event
                && given.question == state.question.id
                && given.about == about
            {
                sent_on = crate::dates::instant(recorded.at, app.office.london());
            }
        }
    }
    Ok(Desk {
        earlier: earlier(app, &case, &state, about).await?,
        checked: app
            .office
            .already_public(&case, &state.question.id, way, app.today())
            .await?,
        case,
        state,
        about,
        sent_on,
    })
}

/// Shows one question's form.
///
/// # Errors
/// No evidence is wanted there.
pub async fn show(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<HarmPlace>,
    Query(start): Query<Start>,
) -> Result<Response, WebError> {
    let desk = open(&app, &place).await?;
    let mut form = form(&desk, &place, &start.start);
    let begun = drafts(&app, &visit).await?.remove(&place.key());
    if let Some(begun) = begun.filter(|_| start.start.is_empty()) {
        form = form.intro(
            "This is the draft that you kept. Nobody else sees it, and nothing is sent until you sign.",
        );
        form = form.filled(&Fields(begun), &Mistakes::default());
    }
    form.back = "/desk/harm".to_owned();
    form.is_read_only = !routes::may_send(&visit);
    let template = FormPage {
        frame: Frame::new(&app, &visit),
        form,
    };
    frame::page(&template.frame, &template)
}

/// Whether words say anything at all: "Nothing." does, "n" doesn't.
fn says_something(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() > 3)
}

/// The evidence as sent, with what is wrong with it.
fn evidence(app: &App, desk: &Desk, fields: &Fields, mistakes: &mut Mistakes) -> HarmEvidence {
    let chosen = fields.get("likelihood");
    let likelihood = match chosen.as_str() {
        "cannot_say" => None,
        word => likelihood::chosen(word, mistakes),
    };
    let said: &[(&str, &str)] = match desk.about {
        About::Content => &[(
            "mechanism",
            "Say in a sentence who could do what with this answer, and what that would cause",
        )],
        About::ConfirmOrDeny => &[
            (
                "if_held",
                "Say in a sentence what a yes would tell someone, and what they could do with it",
            ),
            (
                "if_not_held",
                "Say in a sentence what a no would tell someone, and what they could do with it",
            ),
        ],
    };
    if likelihood.is_some() {
        for (field, ask) in said {
            match substance::lack(&fields.get(field)) {
                Some(Lack::TooShort) => mistakes.add(field, *ask),
                Some(Lack::OnlyStock) => mistakes.add(
                    field,
                    "This would fit any request. Name what in this one helps an attacker",
                ),
                None => {}
            }
        }
        mistakes.check(
            !says_something(&fields.get("adds")),
            "adds",
            "Say what it adds to what is public. If nothing is public, say so",
        );
        mistakes.check(
            !says_something(&fields.get("instead")),
            "instead",
            "Say what could be given instead. If nothing, say so",
        );
        mistakes.check(
            fields.get("quotable").is_empty(),
            "quotable",
            "Say whether we may quote this",
        );
    }
    if desk.about == About::ConfirmOrDeny {
        let told = said.iter().map(|(field, _)| *field).chain(["lasts"]);
        leaks_nothing(app, fields, mistakes, &told.collect::<Vec<_>>());
    }
    let mechanism = said
        .iter()
        .map(|(field, _)| fields.get(field))
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if likelihood.is_some()
        && let Some(same) = desk
            .earlier
            .iter()
            .find(|earlier| earlier.evidence.mechanism == mechanism)
    {
        let field = said.first().map_or("main", |(field, _)| field);
        mistakes.add(
            field,
            format!(
                "These are the words for {}. Add a sentence about what is asked here",
                same.reference
            ),
        );
    }
    HarmEvidence {
        question: desk.state.question.id.clone(),
        about: desk.about,
        likelihood,
        mechanism,
        adds: fields.get("adds"),
        instead: fields.get("instead"),
        lasts: fields.get("lasts"),
        shown_by: fields.get("shown_by"),
        quotable: fields.get("quotable") == "yes",
        if_held: fields.get("if_held"),
        if_not_held: fields.get("if_not_held"),
        cannot_say: chosen == "cannot_say",
    }
}

/// Takes the evidence.
///
/// # Errors
/// No evidence is wanted there, or the store can't.
pub async fn send(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(place): Path<HarmPlace>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let desk = open(&app, &place).await?;
    if fields.get("do") == "keep" {
        let mut begun = drafts(&app, &visit).await?;
        let written = fields.0.into_iter();
        begun.insert(
            place.key(),
            written
                .filter(|(name, _)| name != "form_token" && name != "do")
                .collect(),
        );
        while begun.len() > MOST_DRAFTS {
            begun.pop_first();
        }
        keep_drafts(&app, &visit, &begun).await?;
        return Ok(frame::see_other("/desk/harm?done=draft"));
    }
    let mut mistakes = Mistakes::default();
    let evidence = evidence(&app, &desk, &fields, &mut mistakes);
    if mistakes.is_empty() {
        let command = Command::GiveHarmEvidence(evidence);
        let by = visit.actor(CommandKind::GiveHarmEvidence, desk.case.state)?;
        match app.office.act(&by, &desk.case.id, None, &command).await {
            Ok(_) => {
                let mut begun = drafts(&app, &visit).await?;
                if begun.remove(&place.key()).is_some() {
                    keep_drafts(&app, &visit, &begun).await?;
                }
                return Ok(frame::see_other("/desk/harm?done=harm"));
            }
            Err(store::Stopped::Refused(problems)) => {
                mistakes = Mistakes::of_problems(
                    &problems,
                    &[
                        ("harm.no_mechanism", "mechanism"),
                        ("harm.nothing_instead", "instead"),
                    ],
                );
            }
            Err(other) => return Err(other.into()),
        }
    }
    let mut form = form(&desk, &place, "").filled(&fields, &mistakes);
    form.back = "/desk/harm".to_owned();
    let template = FormPage {
        frame: Frame::new(&app, &visit).with(mistakes),
        form,
    };
    frame::page(&template.frame, &template)
}
