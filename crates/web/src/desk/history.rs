//! The history of a case, newest first: who, when, what. What is sealed shows as the same line for every question.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use casework::case::Case;
use casework::decision::Likelihood;
use casework::event::{
    About, AdditionOutcome, ConfirmOrDenyOutcome, Event, Publication, QuestionId, ReturnReason,
};
use casework::procedure::State as CaseState;
use serde::Deserialize;

use crate::app::App;
use crate::desk::acts;
use crate::desk::added;
use crate::desk::case;
use crate::desk::shown::{self, CaseBar};
use crate::fault::WebError;
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// `1 question`, `2 questions`.
fn counted(number: usize, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {what}{end}")
}

/// An event in words.
#[derive(Clone, Debug)]
pub struct Entry {
    what: String,
    detail: String,
    who: String,
    role: String,
    at: String,
    number: u64,
    hash: String,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/history.html")]
pub struct HistoryPage {
    frame: Frame,
    bar: CaseBar,
    entries: Vec<Entry>,
    /// What to show of it: the address, the words, and whether it is shown.
    kinds: Vec<(&'static str, &'static str, bool)>,
    doors: Vec<(&'static str, String)>,
}

/// The kinds of entries that can be shown by themselves.
const KINDS: [(&str, &str); 7] = [
    ("", "Everything"),
    ("request", "The request"),
    ("work", "Teams and days"),
    ("decisions", "Decisions"),
    ("letter", "The letter"),
    ("after", "After the answer"),
    ("private", "Looks at what is private"),
];

/// Which kind an entry is of; one that was destroyed is of the last but one.
fn kind_of(event: Option<&Event>) -> &'static str {
    use Event as E;
    let Some(event) = event else {
        return "after";
    };
    match event {
        E::Received(_)
        | E::ValidityChecked(_)
        | E::TreatmentChosen(_)
        | E::Acknowledged(_)
        | E::QuestionsProposed(_)
        | E::QuestionsConfirmed(_)
        | E::ClarificationSought(_)
        | E::ClarificationGiven(_)
        | E::AddedTo(_)
        | E::AdditionDealtWith(_)
        | E::FeesNoticeGiven(_)
        | E::FeePaid(_)
        | E::Withdrawn(_) => "request",
        E::OwnerAssigned(_)
        | E::Assigned(_)
        | E::Reminded(_)
        | E::BecameOverdue(_)
        | E::LateCauseChosen(_)
        | E::SearchFinished(_)
        | E::TaskReturned(_)
        | E::FilesSent(_)
        | E::Extended(_)
        | E::CostEstimated(_) => "work",
        E::HarmEvidenceGiven(_)
        | E::RouteChosen(_)
        | E::ConfirmOrDenyDecided(_)
        | E::PublicInterestTested(_)
        | E::OpinionSought(_)
        | E::OpinionGiven(_)
        | E::DecisionMade(_) => "decisions",
        E::DraftComposed(_)
        | E::ApprovalSought(_)
        | E::Approved(_)
        | E::SentBack(_)
        | E::Recalled(_)
        | E::Issued(_) => "letter",
        E::PublicationPlanned(_)
        | E::Published(_)
        | E::PublicationDeclined(_)
        | E::Unpublished(_)
        | E::ReviewAsked(_)
        | E::ReviewDecided(_)
        | E::ComplaintNotified(_)
        | E::ComplaintDecided(_)
        | E::Appealed(_)
        | E::AppealDecided(_)
        | E::Closed(_)
        | E::RetentionHeld(_)
        | E::RetentionReleased(_)
        | E::Destroyed(_) => "after",
        E::HoldingOpened(_) | E::ApplicantShown(_) => "private",
    }
}

/// What the address asks: which kind of entries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    done: Option<String>,
    kind: String,
}

/// Shows it.
///
/// # Errors
/// There is no such case, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Query(asked): Query<Shown>,
) -> Result<Response, WebError> {
    let (case, bar) = case::open(&app, &reference, "history").await?;
    let accounts = app.office.store().accounts().await?;
    let keys = app.office.store().keys().await?;
    let names: BTreeMap<&str, &str> = accounts
        .iter()
        .map(|account| (account.id.as_str(), account.name.as_str()))
        .chain(keys.iter().map(|key| (key.id.as_str(), key.name.as_str())))
        .collect();
    let stored = app.office.history(&case.id).await?;
    let unnaming = app.office.unnaming(&case.id).await?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut there = BTreeSet::new();
    for event in &stored {
        let recorded = event
            .recorded()
            .map_err(|error| WebError::Fault(error.to_string()))?;
        let kind = kind_of(recorded.event.as_ref());
        there.insert(kind);
        if !asked.kind.is_empty() && asked.kind != kind {
            continue;
        }
        let (what, detail) = recorded.event.as_ref().map_or_else(
            || {
                (
                    "Destroyed under the retention schedule".to_owned(),
                    String::new(),
                )
            },
            |event| described(&app, &case, event, &names),
        );
        let detail = if is_the_applicants(recorded.event.as_ref()) {
            unnaming.words(&detail)
        } else {
            detail
        };
        let who = match recorded.by.id.as_str() {
            "candour" => "Candour",
            "applicant" => "The person who asked",
            id => names.get(id).copied().unwrap_or(id),
        };
        // A team answers by its link, without an account.
        let who = who
            .strip_prefix("team:")
            .map_or_else(|| who.to_owned(), shown::area);
        entries.push(Entry {
            what,
            detail,
            who,
            role: match recorded.by.role {
                casework::role::Role::Candour | casework::role::Role::Applicant => String::new(),
                role => role.name().to_owned(),
            },
            at: crate::dates::instant(recorded.at, app.office.london()),
            number: recorded.seq,
            hash: casework::applicant::hex(&event.hash)
                .chars()
                .take(12)
                .collect(),
        });
    }
    entries.reverse();
    let base = format!("/desk/cases/{reference}");
    let mut doors = Vec::new();
    if case.came_with().next().is_some() {
        doors.push(("What came with the request", format!("{base}/files")));
    }
    let works = visit.has_any(routes::NEW_WORK);
    if works && case.state.answer_is_owed() {
        doors.push(("Record a withdrawal", format!("{base}/withdraw")));
    }
    let is_reviewed = case
        .questions
        .iter()
        .all(|state| case.is_reviewed(&state.question.id));
    if works
        && !is_reviewed
        && !case.issued.is_empty()
        && matches!(case.state, CaseState::Issued | CaseState::Closed)
    {
        doors.push((
            "Record a request for a review",
            format!("{base}/review-asked"),
        ));
    }
    if works && case.state == CaseState::UnderReview {
        doors.push(("Choose the reviewer", format!("{base}/owner")));
    }
    if visit.has_any(routes::REVIEW_WORK) && case.state == CaseState::UnderReview {
        doors.push(("Decide the review", format!("{base}/review")));
    }
    if visit.has_any(routes::PUBLICATION) && !case.issued.is_empty() {
        doors.push(("Publication", format!("{base}/publication")));
    }
    if works
        && matches!(
            case.state,
            CaseState::Issued
                | CaseState::Invalid
                | CaseState::AwaitingClarification
                | CaseState::AwaitingFee
        )
    {
        doors.push(("Close this request", format!("{base}/close")));
    }
    let template = HistoryPage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        bar,
        entries,
        kinds: KINDS
            .into_iter()
            .filter(|(kind, _)| kind.is_empty() || there.contains(kind))
            .map(|(kind, words)| (kind, words, kind == asked.kind))
            .collect(),
        doors,
    };
    frame::page(&template.frame, &template)
}

/// Whether what an event says are words of the person who asked.
fn is_the_applicants(event: Option<&Event>) -> bool {
    matches!(
        event,
        Some(Event::ClarificationGiven(_) | Event::AddedTo(_) | Event::ReviewAsked(_))
    )
}

/// What was published, with the reason why it was in spite of what it gives away.
fn all_the_same(what: String, publication: &Publication) -> String {
    match &publication.despite {
        Some(reason) => format!("{what}. All the same, because: {reason}"),
        None => what,
    }
}

/// An event in words. Searches and seals give the same words whatever was found.
fn described(
    app: &App,
    case: &Case,
    event: &Event,
    names: &BTreeMap<&str, &str>,
) -> (String, String) {
    let labels = |ids: &[QuestionId]| {
        let labels: Vec<&str> = ids
            .iter()
            .filter_map(|id| case.question(id))
            .map(|state| state.question.label.as_str())
            .collect();
        match labels.as_slice() {
            [] => String::new(),
            [label] => format!("Question {label}"),
            labels => format!("Questions {}", labels.join(", ")),
        }
    };
    let name = |id: &str| names.get(id).copied().unwrap_or(id).to_owned();
    let area = shown::area;
    let (what, detail): (&str, String) = match event {
        Event::Received(received) => (
            "Request received",
            format!("Due {}", crate::dates::long(received.due_on)),
        ),
        Event::ValidityChecked(check) if check.missing.is_empty() => {
            ("Checked: a request under section 8", String::new())
        }
        Event::ValidityChecked(_) => ("Checked: something is missing", String::new()),
        Event::TreatmentChosen(treated) => {
            let words = acts::regime_words(treated.treatment.regime);
            (
                if treated.treatment.regime.is_elsewhere() {
                    "Passed on"
                } else if treated.taken_back {
                    "Taken back"
                } else {
                    "Chosen how it is dealt with"
                },
                match &treated.treatment.passed_to {
                    Some(team) => format!(
                        "{words}. To {}, with the name and address of the person who asked",
                        area(team)
                    ),
                    None => words.to_owned(),
                },
            )
        }
        Event::Acknowledged(sent) => ("Acknowledged", crate::dates::plain(sent.sent_on)),
        Event::QuestionsProposed(questions) => (
            "Questions read",
            format!(
                "{}, policy {} {}",
                counted(questions.questions.len(), "question"),
                questions.basis.policy.id,
                questions.basis.policy.version
            ),
        ),
        Event::QuestionsConfirmed(questions) => (
            "Questions confirmed",
            counted(questions.questions.len(), "question"),
        ),
        Event::ClarificationSought(sought) => ("Clarification sought", sought.wording.clone()),
        Event::ClarificationGiven(reply) => (
            "Clarification came",
            format!(
                "{} New due date: {}",
                reply.answer.text,
                crate::dates::long(reply.due_on)
            ),
        ),
        Event::AddedTo(addition) => (
            "The person who asked added something",
            format!(
                "{}{}{}",
                addition.text,
                match addition.attachments.len() {
                    0 => String::new(),
                    files => format!(" With {}.", counted(files, "file")),
                },
                if addition.asks {
                    " It may be a new request."
                } else {
                    ""
                }
            ),
        ),
        Event::FilesSent(sent) => (
            "Files came from a team",
            format!(
                "{}, {} for question {}",
                area(&sent.area),
                counted(sent.files.len(), "file"),
                case.question(&sent.question)
                    .map_or("", |state| state.question.label.as_str())
            ),
        ),
        Event::AdditionDealtWith(dealing) => (
            "What was added was dealt with",
            match &dealing.outcome {
                AdditionOutcome::NewRequest(reference) => {
                    format!("{}: {reference}", added::words(&dealing.outcome))
                }
                outcome => added::words(outcome).to_owned(),
            },
        ),
        Event::FeesNoticeGiven(_) => ("Fees notice given", String::new()),
        Event::FeePaid(paid) => (
            "Fee paid",
            format!("New due date: {}", crate::dates::long(paid.due_on)),
        ),
        Event::OwnerAssigned(owner) => ("Given to", name(&owner.officer)),
        Event::Assigned(assignment) => (
            "Team asked",
            format!(
                "{}, wanted by {}",
                area(&assignment.area),
                crate::dates::plain(assignment.wanted_on)
            ),
        ),
        Event::Reminded(reminder) => (
            "Reminder",
            reminder.area.as_deref().map_or_else(String::new, area),
        ),
        Event::BecameOverdue(overdue) => ("Became late", crate::dates::plain(overdue.due_on)),
        Event::LateCauseChosen(choice) => (
            "Cause of lateness chosen",
            crate::desk::acts::words_of_cause(choice.cause).to_owned(),
        ),
        Event::SearchFinished(search) => ("A search finished", area(&search.area)),
        Event::TaskReturned(back) => (
            match back.reason {
                ReturnReason::NotOurs => "A team says that a question is not theirs",
                ReturnReason::NotUnderstood => "A team does not understand a question",
            },
            format!(
                "{}, {}{}{}",
                area(&back.area),
                labels(std::slice::from_ref(&back.question)),
                if back.note.is_empty() { "" } else { ": " },
                back.note
            ),
        ),
        Event::HoldingOpened(opening) => (
            "What was found was opened",
            format!(
                "{}: {}",
                labels(std::slice::from_ref(&opening.question)),
                opening.reason
            ),
        ),
        Event::HarmEvidenceGiven(evidence) => (
            "Evidence of harm given",
            format!(
                "{}, {}{}",
                labels(std::slice::from_ref(&evidence.question)),
                match evidence.about {
                    About::Content => "what the answer would do",
                    About::ConfirmOrDeny => "what a yes or a no would do",
                },
                match evidence.likelihood {
                    Some(Likelihood::Would) => ": it would do harm",
                    Some(Likelihood::WouldBeLikelyTo) => ": it would be likely to do harm",
                    None if evidence.cannot_say => ": the adviser cannot say",
                    None => ": no harm",
                }
            ),
        ),
        Event::RouteChosen(choice) => (
            "Route chosen before the proposal was shown",
            format!(
                "{}: {}",
                labels(std::slice::from_ref(&choice.question)),
                shown::route(choice.route)
            ),
        ),
        Event::ConfirmOrDenyDecided(decided) => (
            match decided.outcome {
                ConfirmOrDenyOutcome::DutyApplies => "Decided: we must say whether we hold it",
                ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_) => {
                    "Decided: we neither confirm nor deny"
                }
            },
            labels(std::slice::from_ref(&decided.question)),
        ),
        Event::PublicInterestTested(test) => (
            "Public interest weighed",
            format!(
                "{}, {}: {}",
                labels(&test.questions),
                if test.maintained {
                    "not to say or give it"
                } else {
                    "for openness, so a refusal that rested on it is taken back"
                },
                test.conclusion
            ),
        ),
        Event::OpinionSought(request) => (
            "Opinion of the qualified person asked for",
            labels(std::slice::from_ref(&request.question)),
        ),
        Event::OpinionGiven(opinion) => (
            "Opinion of the qualified person",
            format!(
                "{}, {}",
                labels(std::slice::from_ref(&opinion.question)),
                opinion.provision
            ),
        ),
        Event::DecisionMade(made) => (
            "Question decided",
            format!(
                "{}: {}{}",
                labels(std::slice::from_ref(&made.question)),
                shown::decision_words(made),
                made.departs_because
                    .as_ref()
                    .map_or_else(String::new, |reason| format!(
                        ". Another way than proposed: {reason}"
                    ))
            ),
        ),
        Event::Extended(extension) => (
            "More time taken",
            format!(
                "{}, until {}, to weigh {}",
                labels(&extension.questions),
                crate::dates::long(extension.until),
                extension.provision
            ),
        ),
        Event::CostEstimated(estimate) => (
            "Cost estimated",
            format!(
                "{}. {} {}",
                labels(&estimate.questions),
                shown::Costing::of(app, case, estimate)
                    .map_or_else(String::new, |costing| costing.sentence()),
                estimate.explanation
            ),
        ),
        Event::DraftComposed(draft) => (
            "Letter composed",
            format!(
                "{}, {}",
                counted(draft.errors.len(), "error"),
                counted(draft.warnings.len(), "warning")
            ),
        ),
        Event::ApprovalSought(_) => ("Sent for approval", String::new()),
        Event::Approved(_) => ("Approved", String::new()),
        Event::SentBack(back) => (
            "Sent back",
            match back.fault {
                Some(fault) => format!("{}: {}", shown::fault_words(fault), back.comment),
                None => back.comment.clone(),
            },
        ),
        Event::Recalled(reason) => ("Taken back", reason.reason.clone()),
        Event::Issued(issue) => ("Answer sent", crate::dates::long(issue.sent_on)),
        Event::PublicationPlanned(plan) => (
            "Publication planned",
            all_the_same(crate::dates::plain(plan.published_on), plan),
        ),
        Event::Published(publication) => (
            "Published",
            all_the_same(publication.address.clone(), publication),
        ),
        Event::PublicationDeclined(reason) => ("Not to be published", reason.reason.clone()),
        Event::Unpublished(reason) => ("Taken out of the log", reason.reason.clone()),
        Event::ReviewAsked(review) => (
            "Internal review asked for",
            format!("Due {}", crate::dates::long(review.due_on)),
        ),
        Event::ReviewDecided(decided) => (
            "Internal review decided",
            if decided.files.is_empty() {
                String::new()
            } else {
                format!("Letter of {}", crate::dates::long(decided.sent_on))
            },
        ),
        Event::ComplaintNotified(complaint) => {
            ("Complaint to the Commissioner", complaint.reference.clone())
        }
        Event::ComplaintDecided(ruling) => ("The Commissioner decided", ruling.reference.clone()),
        Event::Appealed(appeal) => ("Appeal to the tribunal", appeal.reference.clone()),
        Event::AppealDecided(ruling) => ("The tribunal decided", ruling.reference.clone()),
        Event::Withdrawn(withdrawal) if withdrawal.questions.is_empty() => {
            ("Withdrawn", crate::dates::plain(withdrawal.received_on))
        }
        Event::Withdrawn(withdrawal) => (
            "Questions withdrawn",
            format!(
                "{}: {}",
                labels(&withdrawal.questions),
                crate::dates::plain(withdrawal.received_on)
            ),
        ),
        Event::Closed(closure) => ("Closed", crate::dates::plain(closure.closed_on)),
        Event::RetentionHeld(reason) => ("Records kept", reason.reason.clone()),
        Event::RetentionReleased(reason) => ("Records released", reason.reason.clone()),
        Event::Destroyed(destruction) => ("Contents destroyed", destruction.rule.clone()),
        Event::ApplicantShown(look) => (
            "Name and contact looked at",
            super::private::reason_words(look.reason).to_owned(),
        ),
    };
    (what.to_owned(), detail)
}
