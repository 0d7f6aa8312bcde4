//! Pages on which somebody does one thing to a case: each a form, what it commands, and where it leads. The rules are
//! those of `casework`; what stands in the way comes back beside the field that it is about.

mod clock;
mod deciding;
mod ending;
mod handling;
mod letter;
mod regimes;
mod weighing;

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::Command;
use casework::event::{About, QuestionId};
use casework::policy::ConfirmStance;
use casework::public_record::{self, Checked};
use office::reuse::TimesWeighed;
use serde::Deserialize;

use crate::app::App;
use crate::desk::case;
use crate::desk::offers::{self, Wish};
use crate::desk::shown::CaseBar;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes};
use crate::form::{Choice, Form, choice};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// What a form and its command are made from.
pub struct Scene<'a> {
    /// The application.
    pub app: &'a App,
    /// Who acts.
    pub visit: &'a Visit,
    /// On which case.
    pub case: &'a Case,
    /// About which question, where the address names one; its number in the list.
    pub question: Option<(usize, &'a QuestionState)>,
    /// The account of each person, where the deed asks for them.
    pub accounts: &'a [store::desk::Account],
    /// What to know before it is decided whether to confirm or deny that question.
    pub advice: office::advice::Advice,
    /// What is public already that answers or confirms the question, where the deed asks for it.
    pub public: Option<&'a Checked>,
    /// The published words that the officer chose to answer with.
    pub draft: Option<&'a str>,
    /// How often each of the policy's reasons was weighed, where the deed weighs.
    pub weighed: &'a BTreeMap<String, TimesWeighed>,
    /// The questions as the disclosure log would show them, where the deed publishes.
    pub in_log: &'a [store::disclosure_log::LogQuestion],
    /// What publishing the answer would give away, where the deed publishes.
    pub gives_away: &'a public_record::Advice,
    /// What the address asks for.
    pub wish: &'a Wish,
}

impl Scene<'_> {
    /// The question that the address names.
    fn question(&self) -> Option<&QuestionState> {
        self.question.map(|(_, state)| state)
    }

    /// The question that a form of the whole case was opened for, with its number in the list.
    fn wished(&self) -> Option<(usize, &QuestionState)> {
        let number = self.wish.question?;
        let state = self.case.questions.get(number.checked_sub(1)?)?;
        Some((number, state))
    }

    /// The questions that nothing is decided about yet, as choices.
    fn undecided_questions(&self) -> Vec<Choice> {
        self.questions_where(|state| state.decision.is_none())
    }

    /// The questions that can still be answered, as choices.
    fn open_questions(&self) -> Vec<Choice> {
        self.questions_where(|_| true)
    }

    /// Those of them of which something holds.
    fn questions_where(&self, holds: impl Fn(&QuestionState) -> bool) -> Vec<Choice> {
        self.case
            .open_questions()
            .filter(|state| holds(state))
            .map(|state| {
                let text = crate::desk::shown::whole(&state.question);
                choice(
                    &state.question.id.0,
                    &format!("{}: {text}", state.question.label),
                )
            })
            .collect()
    }
}

/// Reminders to every team that a case waits for.
pub(crate) fn reminders(scene: &Scene<'_>) -> Vec<Command> {
    scene
        .case
        .areas_searching()
        .into_iter()
        .flat_map(|area| handling::reminder(scene, Some(area.to_owned())))
        .collect()
}

pub(crate) use clock::not_to_ask;
pub(in crate::desk) use deciding::{
    ALREADY_PUBLIC, Entered, applied, conditions, duty_applies, exemption, files_of, leaks_nothing,
    may_be_considered,
};
pub(crate) use handling::areas_of;
pub(in crate::desk) use handling::{cause_words, words_of_cause};
pub(in crate::desk) use regimes::{may_choose, regime, regimes, sent_for, words as regime_words};

/// The ids of the ticked questions.
fn ids(fields: &Fields, name: &str) -> Vec<QuestionId> {
    fields.all(name).into_iter().map(QuestionId).collect()
}

/// A day that was written, or the mistake that it isn't one.
fn day(
    fields: &Fields,
    name: &str,
    mistakes: &mut Mistakes,
    ask: &str,
) -> Option<jiff::civil::Date> {
    let day = fields.get(name).parse().ok();
    mistakes.check(day.is_none(), name, ask);
    day
}

/// What is done one after the other, all with the same form.
pub type Commands = Vec<Command>;

/// One thing that may be done.
pub struct Deed {
    /// Which tab it belongs to.
    pub tab: &'static str,
    /// What the page says afterwards, by key.
    pub done: &'static str,
    /// Where it leads, after the case's own address; `#` stands for the number of the question.
    pub leads_to: &'static str,
    /// Its form; `None`: there is nothing to do.
    pub form: fn(&Scene<'_>) -> Option<Form>,
    /// What it commands.
    pub commands: fn(&Scene<'_>, &Fields, &mut Mistakes) -> Commands,
    /// Which field a problem is about, by the start of its code.
    pub about: &'static [(&'static str, &'static str)],
    /// Where what was chosen leads without doing anything yet, after the case's own address.
    pub elsewhere: fn(&Scene<'_>, &Fields) -> Option<String>,
    /// Where it leads instead once it is done, as the next of several steps, after the case's own address.
    pub next_step: fn(&Scene<'_>, &Fields) -> Option<String>,
    /// Whether it answers a question: where the policy covers it, it is decided first whether to say that it is held.
    pub answers: bool,
    /// Whether it chooses the route of a question of the blind sample: that comes before everything else.
    pub chooses_route: bool,
    /// Whether somebody does it who neither decides nor sees a proposal, so that it waits for no route of a question of the
    /// blind sample.
    pub unprompted: bool,
    /// Whether it chooses among people.
    pub people: bool,
    /// What it weighs.
    pub weighs: Option<About>,
    /// Whether it publishes the answer.
    pub publishes: bool,
    /// As what the question is held against the public record first.
    pub record: Option<public_record::Path>,
}

/// What most deeds have in common.
const PLAIN: Deed = Deed {
    tab: "request",
    done: "",
    leads_to: "",
    form: |_| None,
    commands: |_, _, _| Vec::new(),
    about: &[],
    elsewhere: |_, _| None,
    next_step: |_, _| None,
    answers: false,
    chooses_route: false,
    unprompted: false,
    people: false,
    weighs: None,
    publishes: false,
    record: None,
};

/// What a form sends that asks for the words before anything is done.
const PREVIEW: &str = "preview";
/// The button that shows the mail before it is sent.
const SEE_MAIL: (&str, &str) = (PREVIEW, "See the mail first");
/// The button that shows what the letter will say before it is decided.
const SEE_LETTER: (&str, &str) = (PREVIEW, "See what the letter says");

/// What a scene needs from the store.
struct Found {
    accounts: Vec<store::desk::Account>,
    public: Option<Checked>,
    draft: Option<String>,
    weighed: BTreeMap<String, TimesWeighed>,
    advice: office::advice::Advice,
    in_log: Vec<store::disclosure_log::LogQuestion>,
    gives_away: public_record::Advice,
}

impl Found {
    async fn of(
        deed: &Deed,
        app: &App,
        case: &Case,
        question: Option<&QuestionState>,
        wish: &Wish,
    ) -> Result<Self, WebError> {
        let accounts = if deed.people {
            app.office.store().accounts().await?
        } else {
            Vec::new()
        };
        let public = match (deed.record, question) {
            (Some(path), Some(state)) => {
                app.office
                    .already_public(case, &state.question.id, path, app.today())
                    .await?
            }
            _ => None,
        };
        let mut weighed = BTreeMap::new();
        if let Some(about) = deed.weighs {
            let factors = weighing::offered(app, about);
            let reasons: Vec<&str> = factors
                .favouring
                .iter()
                .chain(&factors.against)
                .map(String::as_str)
                .collect();
            let times = app.office.times_weighed(&reasons).await?;
            weighed.extend(reasons.into_iter().map(str::to_owned).zip(times));
        }
        let advice = match question {
            Some(state) => app.office.advice(case, &state.question.id).await?,
            None => None,
        };
        // As it would be published, which has its own rule for names.
        let (mut in_log, mut gives_away) = (Vec::new(), public_record::Advice::default());
        if deed.publishes
            && let Some(whole) = app.office.case(&case.id.0).await?
        {
            in_log = app.office.store().in_log(&whole);
            gives_away = app.office.publishing_gives_away(&whole).await?;
        }
        Ok(Self {
            in_log,
            gives_away,
            accounts,
            weighed,
            advice: advice.unwrap_or_default(),
            public,
            draft: offers::draft(app, wish).await?,
        })
    }
}

/// The page of a deed.
#[derive(Template)]
#[template(path = "desk/case-form.html")]
pub struct DeedPage {
    pub(in crate::desk) frame: Frame,
    pub(in crate::desk) bar: CaseBar,
    pub(in crate::desk) form: Form,
}

/// The parts of the address.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// The case's reference.
    pub reference: String,
    /// The number of the question in the list, from 1.
    pub number: Option<usize>,
}

fn question_at(
    case: &Case,
    number: Option<usize>,
) -> Result<Option<(usize, &QuestionState)>, WebError> {
    match number {
        None => Ok(None),
        Some(number) => case
            .questions
            .get(number.wrapping_sub(1))
            .map(|state| Some((number, state)))
            .ok_or(WebError::NotFound),
    }
}

async fn show(
    deed: &Deed,
    app: App,
    visit: Visit,
    place: Place,
    wish: Wish,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &place.reference, deed.tab).await?;
    let question = question_at(&case, place.number)?;
    if let Some(first) = first(deed, &app, &case, question) {
        return Ok(first);
    }
    let found = Found::of(deed, &app, &case, question.map(|(_, state)| state), &wish).await?;
    let scene = Scene {
        app: &app,
        visit: &visit,
        case: &case,
        advice: found.advice.clone(),
        question,
        accounts: &found.accounts,
        public: found.public.as_ref(),
        draft: found.draft.as_deref(),
        weighed: &found.weighed,
        in_log: &found.in_log,
        gives_away: &found.gives_away,
        wish: &wish,
    };
    let mut form = (deed.form)(&scene).ok_or(WebError::NotFound)?;
    form.back = back(&bar, place.number);
    form.is_read_only = !routes::may_send(&visit);
    let template = DeedPage {
        frame: Frame::new(&app, &visit).done(wish.done.as_deref()),
        bar,
        form,
    };
    frame::page(&template.frame, &template)
}

/// Where it leads instead while something else comes before it.
fn first(
    deed: &Deed,
    app: &App,
    case: &Case,
    question: Option<(usize, &QuestionState)>,
) -> Option<Response> {
    let (number, state) = question?;
    let base = format!("/desk/cases/{}", case.receipt.reference);
    match (
        app.hides(case, state) && !deed.unprompted,
        deed.chooses_route,
    ) {
        (true, false) => Some(frame::see_other(&format!(
            "{base}/questions/{number}/route"
        ))),
        (false, true) => Some(frame::see_other(&format!("{base}#question-{number}"))),
        _ => confirm_first(deed, app, case, question),
    }
}

/// Where it leads instead while it isn't decided whether to say that it is held, of a question for which the policy may
/// say neither: an answer would say it unasked.
fn confirm_first(
    deed: &Deed,
    app: &App,
    case: &Case,
    question: Option<(usize, &QuestionState)>,
) -> Option<Response> {
    let (number, _) = question.filter(|(_, state)| deed.answers && confirms_first(app, state))?;
    Some(frame::see_other(&format!(
        "/desk/cases/{}/questions/{number}/confirm-or-deny?because=first",
        case.receipt.reference
    )))
}

/// Whether the policy neither confirms nor denies what a question is about, and nobody has decided yet whether to say.
pub(in crate::desk) fn confirms_first(app: &App, state: &QuestionState) -> bool {
    let policy = &app.office.bundle().policy.policy;
    let Some(proposal) = state
        .question
        .proposal
        .as_ref()
        .filter(|_| state.question.is_covered())
    else {
        return false;
    };
    let cells: Vec<ConfirmStance> = proposal
        .category
        .as_deref()
        .and_then(|id| policy.category(id))
        .map(|category| {
            category
                .kinds
                .iter()
                .filter(|kind| proposal.information.contains(&kind.id))
                .map(|kind| kind.confirm)
                .collect()
        })
        .unwrap_or_default();
    policy.confirm_or_deny_provision.is_some()
        && state.outcome().is_none()
        && state.decision.is_none()
        && (cells.is_empty() || cells.contains(&ConfirmStance::NeitherConfirmNorDeny))
}

fn back(bar: &CaseBar, number: Option<usize>) -> String {
    let base = format!("/desk/cases/{}", bar.reference);
    match (bar.tab, number) {
        ("request", None) => base,
        ("request", Some(number)) => format!("{base}#question-{number}"),
        (tab, _) => format!("{base}/{tab}"),
    }
}

async fn send(
    deed: &Deed,
    app: App,
    visit: Visit,
    place: Place,
    wish: Wish,
    fields: Fields,
) -> Result<Response, WebError> {
    let (case, mut bar) = case::open(&app, &place.reference, deed.tab).await?;
    let mut mistakes = Mistakes::default();
    let question = question_at(&case, place.number)?;
    if let Some(first) = first(deed, &app, &case, question) {
        return Ok(first);
    }
    let found = Found::of(deed, &app, &case, question.map(|(_, state)| state), &wish).await?;
    let scene = Scene {
        app: &app,
        visit: &visit,
        case: &case,
        advice: found.advice.clone(),
        question,
        accounts: &found.accounts,
        public: found.public.as_ref(),
        draft: None,
        weighed: &found.weighed,
        in_log: &found.in_log,
        gives_away: &found.gives_away,
        wish: &wish,
    };
    let form = (deed.form)(&scene).ok_or(WebError::NotFound)?;
    if let Some(path) = (deed.elsewhere)(&scene, &fields) {
        return Ok(frame::see_other(&format!(
            "/desk/cases/{}{path}",
            place.reference
        )));
    }
    let commands = (deed.commands)(&scene, &fields, &mut mistakes);
    let mut is_conflict = false;
    let previews = form.other_button.filter(|_| fields.get("do") == PREVIEW);
    let mut words = None;
    if previews.is_some() && mistakes.is_empty() {
        for command in &commands {
            let said = match command {
                Command::Decide(made) => app.office.decision_in_letter(&case, made).await,
                Command::SeekClarification(_)
                | Command::Extend(_)
                | Command::ChooseTreatment(_) => app.office.mail_of(&case.id, command).await,
                _ => continue,
            };
            match said {
                Ok(said) => words = said,
                Err(store::Stopped::Refused(problems)) => {
                    mistakes = Mistakes::of_problems(&problems, deed.about);
                }
                Err(other) => return Err(other.into()),
            }
        }
    } else if mistakes.is_empty() {
        let acts = visit.acts(commands, case.state)?;
        let seen = fields.number("seen");
        match app.office.act_all(&case.id, seen, &acts).await {
            Ok(_) => {}
            Err(store::Stopped::Refused(problems)) => {
                mistakes = Mistakes::of_problems(&problems, deed.about);
            }
            Err(store::Stopped::Conflict) => {
                is_conflict = true;
                mistakes.add("main", changed_meanwhile(&app, &case).await?);
            }
            Err(store::Stopped::Fault(store::Fault::Clash(_))) if deed.publishes => {
                mistakes.add(
                    "address",
                    "Another published answer has this address. Give it another end",
                );
            }
            Err(other) => return Err(other.into()),
        }
    }
    if mistakes.is_empty() && previews.is_none() {
        let (path, anchor) = match ((deed.next_step)(&scene, &fields), place.number) {
            (Some(path), _) => (path, String::new()),
            (None, Some(number)) if deed.leads_to.is_empty() => {
                (String::new(), format!("#question-{number}"))
            }
            (None, number) => {
                let number = number.unwrap_or(0).to_string();
                (deed.leads_to.replace('#', &number), String::new())
            }
        };
        let and = if path.contains('?') { '&' } else { '?' };
        return Ok(frame::see_other(&format!(
            "/desk/cases/{}{path}{and}done={}{anchor}",
            place.reference, deed.done
        )));
    }
    let form = if is_conflict {
        form.beside(&fields)
    } else {
        form
    };
    // Whoever mends a mistake still has the case before them as they opened it: what others did since is told when they send.
    if let Some(seen) = fields.number("seen").filter(|_| !is_conflict) {
        bar.seq = seen;
    }
    let mut form = form.filled(&fields, &mistakes);
    if let Some(words) = words {
        form = if previews == Some(SEE_LETTER) {
            form.section("What the letter says")
                .quote(words)
                .note("Nothing has been decided yet.")
        } else {
            form.section("What the person will get")
                .quote(words)
                .note("Nothing has been sent yet.")
        };
    }
    form.back = back(&bar, place.number);
    let template = DeedPage {
        frame: Frame::new(&app, &visit).with(mistakes),
        bar,
        form,
    };
    let mut page = frame::page(&template.frame, &template)?;
    if is_conflict {
        *page.status_mut() = StatusCode::CONFLICT;
    }
    Ok(page)
}

/// Who changed a case last and when, to whoever was writing meanwhile. What they wrote stands in the form again, which can
/// be sent once more.
pub(in crate::desk) async fn changed_meanwhile(app: &App, case: &Case) -> Result<String, WebError> {
    let last = match app.office.history(&case.id).await?.last() {
        Some(stored) => Some(
            stored
                .recorded()
                .map_err(|error| WebError::Fault(error.to_string()))?,
        ),
        None => None,
    };
    let (who, at) = match last {
        Some(last) => (
            case::name_of(app, &last.by.id).await?,
            crate::dates::instant(last.at, app.office.london()),
        ),
        None => return Ok("Someone else changed this while you were writing.".to_owned()),
    };
    Ok(format!(
        "{who} changed this request while you were writing, {at}. Nothing of yours was saved; it is kept below. Look at what changed, then save again."
    ))
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $deed:expr;)*) => {
        $($(#[$doc])* pub mod $name {
            use super::*;

            /// Shows the form.
            ///
            /// # Errors
            /// There is no such case or question, or the store can't answer.
            pub async fn show(
                State(app): State<App>,
                Extension(visit): Extension<Visit>,
                Path(place): Path<Place>,
                Query(wish): Query<Wish>,
            ) -> Result<Response, WebError> {
                super::show(&$deed, app, visit, place, wish).await
            }

            /// Does it.
            ///
            /// # Errors
            /// As above; somebody else changed the case; or the store can't.
            pub async fn send(
                State(app): State<App>,
                Extension(visit): Extension<Visit>,
                Path(place): Path<Place>,
                Query(wish): Query<Wish>,
                Extension(fields): Extension<Fields>,
            ) -> Result<Response, WebError> {
                super::send(&$deed, app, visit, place, wish, fields).await
            }
        })*
    };
}

deeds! {
    /// Who answers for the case.
    owner = handling::OWNER;
    /// Why it is late.
    late = handling::LATE;
    /// Asking a team.
    task = handling::TASK;
    /// Reminding a team.
    remind = handling::REMIND;
    /// Something that was added and came by another way.
    addition = handling::ADDITION;
    /// Whether the request is one.
    validity = handling::VALIDITY;
    /// Under which law it is dealt with.
    treatment = regimes::TREATMENT;
    /// Asking for clarification.
    clarification = clock::CLARIFICATION;
    /// The reply to it.
    clarified = clock::CLARIFIED;
    /// More time.
    extension = clock::EXTENSION;
    /// The estimate of cost.
    cost = clock::COST;
    /// Whether to say that it is held.
    confirm_or_deny = deciding::CONFIRM_OR_DENY;
    /// The route of a question of the blind sample.
    route = deciding::ROUTE;
    /// Neither confirming nor denying.
    neither = deciding::NEITHER;
    /// Which way a question is answered.
    decision = deciding::DECISION;
    /// The answer.
    answer = deciding::ANSWER;
    /// Already published.
    published_already = deciding::PUBLISHED_ALREADY;
    /// Withheld.
    withheld = deciding::WITHHELD;
    /// Not held.
    not_held = deciding::NOT_HELD;
    /// Over the cost limit.
    over_cost_limit = deciding::OVER_COST_LIMIT;
    /// Section 14.
    section_14 = deciding::SECTION_14;
    /// The public interest in the content.
    content_interest = weighing::CONTENT;
    /// The public interest in saying whether it is held.
    confirm_interest = weighing::CONFIRM;
    /// Harm that the officer was told of.
    harm_told = weighing::HARM;
    /// Asking the qualified person for an opinion.
    seek_opinion = weighing::SEEK_OPINION;
    /// The qualified person's opinion.
    opinion = weighing::OPINION;
    /// Taking the letter back.
    recall = letter::RECALL;
    /// Publishing.
    publication = ending::PUBLICATION;
    /// Taking out of the log.
    unpublish = ending::UNPUBLISH;
    /// A review asked for.
    review_asked = ending::REVIEW_ASKED;
    /// Withdrawn by the person who asked.
    withdraw = ending::WITHDRAW;
    /// Closed.
    close = ending::CLOSE;
}
