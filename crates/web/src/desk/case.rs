//! A case: the request with the words that matter marked, beside its questions.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::decision::{Decision, Slot};
use casework::event::{About, ConfirmOrDenyOutcome, ProposalRecord};
use casework::procedure::State as CaseState;
use casework::proposal::Kind;
use casework::public_record::Path as Way;
use casework::register::Quarter;
use casework::treatment::Regime;
use office::Similar;
use serde::Deserialize;
use store::mail::MailState;

use crate::app::App;
use crate::desk::acts;
use crate::desk::added::{self, Addition};
use crate::desk::offers::{self, OfferedAnswer, OfferedRow};
use crate::desk::public_record::{self, Public};
use crate::desk::questions;
use crate::desk::sending::Given;
use crate::desk::shown::{self, CaseBar, Tag};
use crate::fault::WebError;
use crate::fields::Mistakes;
use crate::frame::{self, Frame};
use crate::marks::{self, Mark, Piece};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// Words that support a proposal.
#[derive(Clone, Debug)]
pub struct Shown {
    number: usize,
    words: String,
    says: String,
}

/// What may be done about a question.
#[derive(Clone, Debug, Default)]
pub struct May {
    route: bool,
    /// Whether a route is chosen before what is proposed is shown.
    choose: bool,
    /// Whether what is proposed can be confirmed with one press.
    agree: bool,
    confirm: bool,
    decide: bool,
    weigh: bool,
    /// Whether it is decided if we must say that we hold it, and may be decided again.
    reconsider: bool,
    /// Whether the public interest in saying whether it is held decided it.
    reweigh: bool,
    open_search: bool,
    use_answer: bool,
    use_at_once: bool,
}

/// A question beside the request.
#[derive(Clone, Debug)]
pub struct Card {
    number: usize,
    label: String,
    stem: Option<String>,
    pieces: Vec<Piece>,
    tag: Tag,
    proposed: Option<&'static str>,
    /// What was chosen before that was shown.
    chosen: Option<&'static str>,
    because: String,
    sure: &'static str,
    confidence: String,
    is_unsure: bool,
    evidence: Vec<Shown>,
    provisions: String,
    duty: &'static str,
    search: &'static str,
    due: String,
    has_own_due: bool,
    is_chosen: bool,
    may: May,
    /// What is decided, in the words of the letter, and what is still needed of it.
    decided: String,
    owed: String,
    /// Whether it is answered with information, and how many files go with it.
    is_disclosed: bool,
    files: usize,
    /// What teams sent for the answer, for those who decide and approve.
    sent: Vec<Given>,
    /// What the person who asked was asked about it, and said.
    clarified: Vec<Clarified>,
    /// What others said of it: evidence of harm, teams that gave it back.
    news: Vec<String>,
    /// The register should answer and no row does.
    no_row: bool,
    rows: Vec<OfferedRow>,
    answers: Vec<OfferedAnswer>,
    public: Vec<Public>,
    searched: String,
}

/// What the person who asked was asked, and said.
#[derive(Clone, Debug)]
pub struct Clarified {
    on: String,
    wording: String,
    reply: Option<(String, String)>,
}

/// A past request like this one.
#[derive(Clone, Debug)]
pub struct Like {
    reference: String,
    subject: String,
    near: bool,
    outcome: String,
    pairs: Vec<(String, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/case.html")]
pub struct CasePage {
    frame: Frame,
    bar: CaseBar,
    channel: &'static str,
    received_long: String,
    pieces: Vec<Piece>,
    cards: Vec<Card>,
    similar: Vec<Like>,
    is_new: bool,
    may_confirm: bool,
    may_assign: bool,
    /// Whether it may be dealt with under another law.
    may_treat: bool,
    /// Whether it falls under more than one law.
    is_several: bool,
    may_work: bool,
    ready: bool,
    owed: Vec<(String, &'static str, String)>,
    /// What the person who asked added.
    additions: Vec<Addition>,
    may_deal: bool,
    /// What the estimate of cost comes to, with the labels of its questions.
    cost: Option<(String, String)>,
    is_working: bool,
    signposts: Vec<(String, String)>,
    /// The questions that Candour is least sure of, least sure first: number and label.
    unsure: Vec<(usize, String)>,
    /// The quarter of the register whose rows are offered, and the one that should be published by now.
    quarter: String,
    overdue: String,
    /// The mails to whoever asked that didn't arrive, or wait after a try: which, and why.
    mail: Vec<(&'static str, String)>,
    /// Those that are to be printed and posted.
    to_post: Vec<&'static str>,
    /// The sure proposals that can be confirmed together: number and label.
    sure: Vec<(usize, String)>,
    /// The questions that the first row answers: what each press sends, and the label.
    first_rows: Vec<(String, String)>,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    show: Option<usize>,
    pub(crate) done: Option<String>,
}

/// The case of a reference as it is recorded.
///
/// # Errors
/// There is none, or the store can't answer.
pub(in crate::desk) async fn whole(app: &App, reference: &str) -> Result<Box<Case>, WebError> {
    let case = app.office.case(reference).await?;
    case.filter(|case| case.receipt.reference == reference)
        .ok_or(WebError::NotFound)
}

/// The case of a reference without what its texts say of who asked, and its bar.
///
/// # Errors
/// There is none, or the store can't answer.
pub async fn open(
    app: &App,
    reference: &str,
    tab: &'static str,
) -> Result<(Box<Case>, CaseBar), WebError> {
    let mut case = whole(app, reference).await?;
    let hides = app.office.unname(&mut case).await?;
    let owner = match case.in_hands_of() {
        Some(id) => name_of(app, id).await?,
        None => String::new(),
    };
    let mut bar = shown::bar(
        &case,
        &app.office.bundle().calendar,
        app.today(),
        owner,
        tab,
    );
    bar.hides = hides;
    if let (Some(back), Some((by, at))) = (&case.sent_back, &case.sent_back_by) {
        let who = name_of(app, by).await?;
        let at = crate::dates::instant(*at, app.office.london());
        bar.sent_back = Some(shown::CameBack::of(&case, back, who, at));
    }
    Ok((case, bar))
}

/// The name of an account.
pub(in crate::desk) async fn name_of(app: &App, id: &str) -> Result<String, WebError> {
    let account = app.office.store().account(id).await?;
    Ok(account.map_or_else(|| id.to_owned(), |account| account.name))
}

/// Shows the case.
///
/// # Errors
/// There is none, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    draw(&app, &visit, &reference, &asked, Mistakes::default()).await
}

/// Draws the case, with what stands in the way of what was just tried.
///
/// # Errors
/// There is none, or the store can't answer.
pub(crate) async fn draw(
    app: &App,
    visit: &Visit,
    reference: &str,
    asked: &Asked,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let (case, bar) = open(app, reference, "request").await?;
    let may_work = visit.has_any(routes::DECIDING_WORK);
    let marks = all_marks(app, &case);
    let text = case.receipt.text.as_str();
    let chosen = asked.show;
    let visible: Vec<Mark> = match chosen {
        Some(number) => marks
            .get(number.saturating_sub(1))
            .cloned()
            .unwrap_or_default(),
        None => marks.iter().flatten().cloned().collect(),
    };
    let spans: Vec<(usize, usize)> = case
        .questions
        .iter()
        .map(|state| state.question.span)
        .collect();
    let mut cards: Vec<Card> = (1_usize..)
        .zip(case.questions.iter().zip(&marks))
        .map(|(number, (state, marks))| card(app, &case, state, marks, number, chosen, may_work))
        .collect();
    let told = app.office.told(&case.id).await?;
    let similar = app.office.similar(&case, 5).await?;
    let earlier = offers::earlier(&similar);
    let registers = app.office.registers();
    for (card, state) in cards.iter_mut().zip(&case.questions) {
        if visit.has_any(routes::DECIDING) {
            card.sent = Given::sent(state);
        }
        offer(app, &case, state, card, &earlier).await?;
    }
    let is_working = matches!(
        case.state,
        CaseState::Open | CaseState::AwaitingClarification
    );
    let undecided: Vec<usize> = (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| state.is_undecided())
        .map(|(number, _)| number)
        .collect();
    let template = CasePage {
        frame: Frame::new(app, visit)
            .done(asked.done.as_deref())
            .with(mistakes),
        channel: match case.receipt.channel {
            casework::event::Channel::Email => "Email",
            casework::event::Channel::Form => "Public form",
            casework::event::Channel::Post => "Letter",
            casework::event::Channel::Import => "Imported from a file",
        },
        received_long: crate::dates::long(case.receipt.received_on),
        pieces: marks::pieces(text, (0, text.len()), &visible, &spans),
        similar: similar.into_iter().take(3).map(like).collect(),
        unsure: unsure(app, &case),
        quarter: registers
            .latest
            .as_ref()
            .and_then(|register| register.quarter)
            .map_or_else(String::new, Quarter::in_words),
        overdue: registers
            .overdue(app.today())
            .map_or_else(String::new, Quarter::in_words),
        sure: sure(app, &case, may_work && is_working),
        first_rows: cards
            .iter()
            .zip(&case.questions)
            .filter(|(card, state)| {
                card.may.use_at_once
                    && card.proposed == Some(shown::route(Kind::Register))
                    && offers::is_about_one_thing(state)
            })
            .filter_map(|(card, _)| {
                // A row that wants a second look, such as one of a contract that has ended, is looked at.
                let row = card.rows.first().filter(|row| row.careful.is_empty())?;
                Some((format!("{} {}", card.number, row.id), card.label.clone()))
            })
            .collect(),
        is_new: !case.questions_confirmed,
        may_confirm: visit.has_any(routes::NEW_WORK) && questions::may_be_corrected(&case),
        may_assign: visit.has_any(routes::NEW_WORK)
            && (case.state.answer_is_owed() || case.state == CaseState::UnderReview),
        may_treat: visit.has_any(routes::NEW_WORK) && acts::may_choose(case.state),
        is_several: case.regime() == Some(Regime::Several),
        may_work: may_work && is_working,
        ready: is_working && undecided.is_empty() && !case.questions.is_empty(),
        owed: owed(&case),
        additions: added::of(&case),
        may_deal: visit.has_any(routes::NEW_WORK),
        cost: case.cost.as_ref().and_then(|cost| {
            let labels: Vec<&str> = cost
                .questions
                .iter()
                .filter_map(|id| case.question(id))
                .map(|state| state.question.label.as_str())
                .collect();
            let costing = shown::Costing::of(app, &case, cost)?;
            Some((labels.join(", "), costing.sentence()))
        }),
        is_working,
        mail: told
            .iter()
            .filter(|told| match told.state {
                MailState::Refused | MailState::CameBack | MailState::GivenUp => true,
                MailState::Waiting => told.attempts > 0,
                MailState::Sent | MailState::ToPost | MailState::NotNeeded => false,
            })
            .map(|told| (mail_name(&told.kind), told.why.clone().unwrap_or_default()))
            .collect(),
        to_post: told
            .iter()
            .filter(|told| told.state == MailState::ToPost)
            .map(|told| mail_name(&told.kind))
            .collect(),
        signposts: case
            .questions
            .iter()
            .filter(|state| !app.hides(&case, state))
            .map(|state| app.signposts(&state.question))
            .find(|signposts| !signposts.is_empty())
            .unwrap_or_default()
            .iter()
            .map(|signpost| (signpost.name.clone(), signpost.url.clone()))
            .collect(),
        cards,
        bar,
    };
    frame::page(&template.frame, &template)
}

/// A mail to whoever asked, by the kind of event that it tells of.
fn mail_name(kind: &str) -> &'static str {
    match kind {
        "received" => "the acknowledgement",
        "treatment_chosen" => "how it is dealt with",
        "clarification_sought" => "the request for clarification",
        "extended" => "the notice that more time is taken",
        "issued" => "the answer",
        "review_decided" => "the outcome of the review",
        _ => "the acknowledgement of the review",
    }
}

/// What is proposed for a question, once it may be seen.
pub(in crate::desk) fn proposal<'c>(
    app: &App,
    case: &Case,
    state: &'c QuestionState,
) -> Option<&'c ProposalRecord> {
    let proposal = state.question.proposal.as_ref();
    proposal.filter(|_| !app.hides(case, state))
}

/// The marks of each question, numbered through the whole request in the order of its words.
fn all_marks(app: &App, case: &Case) -> Vec<Vec<Mark>> {
    let mut marks: Vec<Vec<Mark>> = case
        .questions
        .iter()
        .map(|state| {
            proposal(app, case, state)
                .map(|proposal| proposal.evidence.as_slice())
                .unwrap_or_default()
                .iter()
                .map(|evidence| Mark {
                    span: evidence.span,
                    number: 0,
                })
                .collect()
        })
        .collect();
    let mut in_order: Vec<&mut Mark> = marks.iter_mut().flatten().collect();
    in_order.sort_by_key(|mark| mark.span);
    for (number, mark) in (1_usize..).zip(in_order) {
        mark.number = number;
    }
    marks
}

/// The questions that Candour is not sure of and nobody has decided, least sure first.
fn unsure(app: &App, case: &Case) -> Vec<(usize, String)> {
    let mut unsure: Vec<(u16, usize, String)> = (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| state.is_undecided())
        .filter_map(|(number, state)| {
            let sure = proposal(app, case, state)?.confidence_thousandths;
            shown::is_unsure(sure).then(|| (sure, number, state.question.label.clone()))
        })
        .collect();
    unsure.sort();
    unsure
        .into_iter()
        .map(|(_, number, label)| (number, label))
        .collect()
}

/// The questions of which what is proposed is so sure, and protects so little, that they are confirmed together.
fn sure(app: &App, case: &Case, may_work: bool) -> Vec<(usize, String)> {
    (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| may_work && offers::is_sure(app, case, state))
        .map(|(number, state)| (number, state.question.label.clone()))
        .collect()
}

/// What a question that isn't decided may be answered with, and what is public that would contradict a refusal of it.
async fn offer(
    app: &App,
    case: &Case,
    state: &QuestionState,
    card: &mut Card,
    earlier: &[(usize, OfferedAnswer)],
) -> Result<(), WebError> {
    if !state.is_open()
        || state.decision.is_some()
        || state.neither_confirmed_nor_denied()
        || app.hides(case, state)
    {
        return Ok(());
    }
    let kind = state
        .question
        .proposal
        .as_ref()
        .map(|proposal| proposal.kind);
    card.rows = offers::rows(app, state);
    card.no_row = card.rows.is_empty()
        && matches!(kind, Some(Kind::Register | Kind::Mixed))
        && app.office.registers().latest.is_some();
    card.answers = earlier
        .iter()
        .filter(|(number, _)| *number == card.number)
        .map(|(_, answer)| answer.clone())
        .collect();
    if state.question.is_covered()
        && let Some(checked) = app
            .office
            .already_public(
                case,
                &state.question.id,
                Way::NeitherConfirmNorDeny,
                app.today(),
            )
            .await?
    {
        card.searched = public_record::searched(&checked);
        card.public = public_record::found(&checked, "");
    }
    Ok(())
}

/// What is decided, in the words of the letter, and what is still needed of it.
fn decided(state: &QuestionState) -> (String, String) {
    if let Some(part) = state
        .decision
        .as_ref()
        .and_then(|made| made.in_part.as_ref())
    {
        return (part.given.clone(), String::new());
    }
    let slot = match state.decision.as_ref().map(|made| &made.decision) {
        Some(Decision::Answer { answer }) => answer,
        Some(Decision::AlreadyAccessible { place }) => place,
        _ => return (String::new(), String::new()),
    };
    match slot {
        Slot::Filled(text) => (text.clone(), String::new()),
        Slot::Begun { text, owed } => (text.clone(), owed.clone()),
        Slot::Owed(owed) => (String::new(), owed.clone()),
    }
}

fn card(
    app: &App,
    case: &Case,
    state: &QuestionState,
    marks: &[Mark],
    number: usize,
    chosen: Option<usize>,
    may_work: bool,
) -> Card {
    let text = case.receipt.text.as_str();
    let policy = &app.office.bundle().policy.policy;
    let question = &state.question;
    let is_hidden = app.hides(case, state);
    let proposal = proposal(app, case, state);
    let own: Vec<Mark> = marks
        .iter()
        .filter(|mark| mark.span.0 >= question.span.0 && mark.span.1 <= question.span.1)
        .cloned()
        .collect();
    let mut evidence: Vec<Shown> = proposal
        .map(|proposal| proposal.evidence.as_slice())
        .unwrap_or_default()
        .iter()
        .zip(marks)
        .map(|(evidence, mark)| Shown {
            number: mark.number,
            words: text
                .get(evidence.span.0..evidence.span.1)
                .unwrap_or("")
                .to_owned(),
            says: app.office.bundle().finding(&evidence.supports),
        })
        .collect();
    evidence.sort_by_key(|shown| shown.number);
    let is_working = may_work
        && case.questions_confirmed
        && matches!(
            case.state,
            CaseState::Open | CaseState::AwaitingClarification
        )
        && state.is_open();
    let outcome = state.outcome();
    let (decided, owed) = decided(state);
    let made = state.decision.as_ref();
    Card {
        number,
        label: question.label.clone(),
        stem: question.stem.clone(),
        pieces: if text.get(question.span.0..question.span.1).is_some() {
            marks::pieces(text, question.span, &own, &[])
        } else {
            vec![Piece {
                text: question.text.clone(),
                begins: String::new(),
                is_marked: false,
                in_question: false,
            }]
        },
        tag: shown::decision_tag(state),
        proposed: proposal.map(|proposal| shown::route(proposal.kind)),
        chosen: state.route_chosen.map(shown::route),
        because: proposal.map_or_else(String::new, |proposal| {
            if proposal.because.is_empty() {
                shown::cell(policy, proposal)
            } else {
                crate::fields::sentence(&proposal.because)
            }
        }),
        is_unsure: proposal
            .is_some_and(|proposal| shown::is_unsure(proposal.confidence_thousandths)),
        sure: proposal.map_or("", |proposal| {
            shown::sureness(proposal.confidence_thousandths)
        }),
        confidence: proposal.map_or_else(String::new, |proposal| {
            format!("{:.2}", f64::from(proposal.confidence_thousandths) / 1000.0)
        }),
        evidence,
        provisions: proposal.map_or_else(String::new, |proposal| {
            proposal
                .provisions
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        }),
        duty: match outcome {
            None => "",
            Some(ConfirmOrDenyOutcome::DutyApplies) => "We must say whether we hold this.",
            Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)) => {
                "Decided. We neither confirm nor deny holding this. Nothing about a search will be shown."
            }
        },
        // The same line whatever was found, by whom, or whether anybody looked.
        search: match outcome {
            // Once it is decided, the answer says what there is; what was not looked for, the letter is checked for.
            _ if !state.is_undecided() => "",
            None => {
                "Not shown until it is decided whether we must say that we hold this. That is so for every question of this kind."
            }
            Some(ConfirmOrDenyOutcome::DutyApplies) if state.searched_by.is_empty() => {
                "No search has finished yet."
            }
            Some(ConfirmOrDenyOutcome::DutyApplies) => "A search has finished.",
            Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)) => "",
        },
        due: crate::dates::long(state.due()),
        has_own_due: state.extended_until.is_some() || state.due_on != case.due_on,
        is_chosen: chosen == Some(number),
        may: May {
            // Nothing more is decided about what is neither confirmed nor denied, and nothing else comes before that.
            route: is_working
                && !is_hidden
                && outcome.is_none()
                && !acts::confirms_first(app, state),
            choose: is_working && is_hidden,
            agree: is_working && offers::can_be_confirmed(app, case, state),
            confirm: is_working && !is_hidden && outcome.is_none() && state.decision.is_none(),
            reweigh: is_working && state.neither_confirmed_nor_denied(),
            reconsider: is_working && outcome.is_some() && acts::may_be_considered(state),
            decide: is_working && state.duty_applies(),
            weigh: is_working
                && !state.neither_confirmed_nor_denied()
                && proposal.is_some_and(|proposal| proposal.kind.is_covered()),
            open_search: is_working && state.duty_applies() && !state.searched_by.is_empty(),
            use_answer: is_working && !is_hidden && !state.neither_confirmed_nor_denied(),
            use_at_once: is_working
                && !is_hidden
                && !state.neither_confirmed_nor_denied()
                && offers::in_one_press(state),
        },
        decided,
        owed,
        is_disclosed: made
            .is_some_and(|made| made.gives() && (state.is_open() || !made.files.is_empty())),
        files: made.map_or(0, |made| made.files.len()),
        sent: Vec::new(),
        clarified: exchanges(state),
        news: news(case, state),
        no_row: false,
        rows: Vec::new(),
        answers: Vec::new(),
        public: Vec::new(),
        searched: String::new(),
    }
}

/// What others said of a question that is still to be decided. Nothing of what was found.
fn news(case: &Case, state: &QuestionState) -> Vec<String> {
    if !state.is_undecided() {
        return Vec::new();
    }
    let mut news = Vec::new();
    for harm in state.evidence() {
        let what = match harm.about {
            About::Content => "Harm of an answer",
            About::ConfirmOrDeny => "Harm of saying yes or no",
        };
        news.push(match harm.likelihood {
            Some(likelihood) => format!("{what}: evidence is given, “{}”.", likelihood.words()),
            None if harm.cannot_say => format!("{what}: the adviser cannot say."),
            None => format!("{what}: the adviser sees none."),
        });
    }
    if let Some(opinion) = &state.opinion {
        news.push(format!(
            "The qualified person's opinion, {}: {}. {}",
            opinion.provision,
            opinion
                .likelihood
                .map_or("no prejudice", |likelihood| likelihood.words()),
            opinion.opinion
        ));
    }
    for back in &case.returned {
        if back.question == state.question.id {
            let team = shown::area(&back.area);
            let said = if back.note.is_empty() {
                String::new()
            } else {
                format!(" They say: {}", back.note)
            };
            news.push(format!(
                "{team} gave it back. {}.{said}",
                crate::desk::tasks::given_back(back.reason)
            ));
        }
    }
    news
}

/// What the person who asked was asked about a question, and what they said.
fn exchanges(state: &QuestionState) -> Vec<Clarified> {
    state
        .clarified
        .iter()
        .map(|exchange| Clarified {
            on: crate::dates::long(exchange.asked_on),
            wording: exchange.wording.clone(),
            reply: exchange
                .reply
                .as_ref()
                .map(|(on, said)| (crate::dates::long(*on), said.clone())),
        })
        .collect()
}

/// What is owed before an answer can go: what, in which status, and where.
fn owed(case: &Case) -> Vec<(String, &'static str, String)> {
    // Somebody else goes on with it.
    if case.passed_on().is_some() {
        return Vec::new();
    }
    let base = format!("/desk/cases/{}", case.receipt.reference);
    let mut owed = Vec::new();
    owed.push((
        "Confirm the questions".to_owned(),
        if case.questions_confirmed {
            "Done"
        } else {
            "Not looked at"
        },
        format!("{base}/questions"),
    ));
    if !case.additions.is_empty() {
        let may_be_new = case.open_additions().any(|(_, addition)| addition.asks);
        owed.push((
            if may_be_new {
                "Read what was added: it may be a new request"
            } else {
                "Read what was added"
            }
            .to_owned(),
            if case.open_additions().next().is_none() {
                "Done"
            } else {
                "Not looked at"
            },
            "#added".to_owned(),
        ));
    }
    for (number, state) in (1_usize..).zip(&case.questions) {
        let status = if state.decision.is_some() || state.withdrawn_on.is_some() {
            "Done"
        } else if state.waiting_since.is_some() {
            "Waiting for someone"
        } else if state.outcome().is_some() {
            "Started"
        } else if case.questions_confirmed {
            "Not looked at"
        } else {
            "Cannot start yet"
        };
        owed.push((
            format!("Question {}", state.question.label),
            status,
            format!("{base}#question-{number}"),
        ));
    }
    let letter = match case.state {
        CaseState::AwaitingApproval => "Waiting for someone",
        CaseState::Approved => "Approved: send the answer",
        CaseState::Issued
        | CaseState::Closed
        | CaseState::UnderReview
        | CaseState::AtCommissioner
        | CaseState::AtTribunal => "Done",
        _ if case.draft.is_some() => "Started",
        _ if case.questions.iter().any(|state| state.decision.is_some()) => "Not looked at",
        _ => "Cannot start yet",
    };
    owed.push(("Letter".to_owned(), letter, format!("{base}/letter")));
    owed
}

fn like(similar: Similar) -> Like {
    Like {
        reference: similar.summary.reference,
        subject: similar.summary.subject,
        near: similar.near_duplicate,
        outcome: similar
            .summary
            .outcome
            .map(|outcome| crate::fields::sentence(&outcome.replace('_', " ")))
            .unwrap_or_default(),
        pairs: similar
            .questions
            .into_iter()
            .take(4)
            .map(|pair| (pair.asked, pair.found))
            .collect(),
    }
}
