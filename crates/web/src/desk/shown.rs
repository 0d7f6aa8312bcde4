//! Cases, questions and decisions in the words of the pages.

use std::collections::BTreeMap;

use casework::case::{Case, QuestionState};
use casework::decision::Decision;
use casework::event::{CostEstimate, LetterFault, ProposalRecord, QuestionDecision};
use casework::policy::Policy;
use casework::procedure::State;
use casework::proposal::Kind;
use jiff::civil::Date;
use law::Calendar;
use law::cost::{CostLimit, StaffTime};

use crate::app::App;
use crate::desk::acts;
use crate::public::log;

/// A tag: its words, and the class that gives its shape and colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its words.
    pub words: &'static str,
    /// Its class.
    pub class: &'static str,
}

/// The tag of a question: its decision, or that there is none.
#[must_use]
pub fn decision_tag(state: &QuestionState) -> Tag {
    let issued = state.answered_on.is_some();
    let tag = |words, draft: &'static str, gone: &'static str| Tag {
        words,
        class: if issued { gone } else { draft },
    };
    let made = state.decision.as_ref();
    let is_in_part = made.is_some_and(|made| made.in_part.is_some());
    match made.map(|made| &made.decision) {
        None if state.withdrawn_on.is_some() => Tag {
            words: "Withdrawn",
            class: "grey",
        },
        None if state.waiting_since.is_some() => Tag {
            words: "Waiting for the person who asked",
            class: "warn",
        },
        None if state.neither_confirmed_nor_denied() => {
            tag("Neither confirm nor deny", "neither grey", "neither grey")
        }
        None => Tag {
            words: "– No decision yet",
            class: "none",
        },
        Some(Decision::Answer { .. }) => tag("Disclosed", "ok", "issued ok"),
        Some(Decision::AlreadyAccessible { .. }) => tag("Already published", "info", "issued info"),
        Some(Decision::Withheld(_)) if is_in_part => tag("Given in part", "plum", "issued plum"),
        Some(Decision::Withheld(_)) => tag("Withheld", "plum", "issued plum"),
        Some(Decision::NeitherConfirmedNorDenied(_)) => tag(
            "Neither confirmed nor denied",
            "neither grey",
            "neither issued grey",
        ),
        Some(Decision::NotHeld) => tag("Not held", "grey", "issued grey"),
        Some(Decision::OverCostLimit { .. }) => tag("Over the cost limit", "grey", "issued grey"),
        Some(Decision::VexatiousOrRepeated { .. }) => {
            tag("Refused, section 14", "grey", "issued grey")
        }
        Some(Decision::ClarificationSought { .. }) => tag("Clarification sought", "warn", "warn"),
    }
}

/// A decision in words, for letters' lists and the log.
#[must_use]
pub fn decision_words(made: &QuestionDecision) -> &'static str {
    match &made.decision {
        Decision::Answer { .. } => "Disclosed",
        Decision::AlreadyAccessible { .. } => "Already published",
        Decision::Withheld(_) if made.in_part.is_some() => "Given in part",
        Decision::Withheld(_) => "Withheld",
        Decision::NeitherConfirmedNorDenied(_) => "Neither confirmed nor denied",
        Decision::NotHeld => "Not held",
        Decision::OverCostLimit { .. } => "Over the cost limit",
        Decision::VexatiousOrRepeated { .. } => "Refused, section 14",
        Decision::ClarificationSought { .. } => "Clarification sought",
    }
}

/// What a kind of proposal suggests.
#[must_use]
pub fn route(kind: Kind) -> &'static str {
    match kind {
        Kind::Protected => "Policy covers this",
        Kind::Register => "Contracts register answers",
        Kind::Mixed => "Part of each",
        Kind::Open => "Ordinary answer",
    }
}

/// How sure, in words with the number.
#[must_use]
pub fn sureness(thousandths: u16) -> &'static str {
    match thousandths {
        900.. => "Very sure",
        750.. => "Fairly sure",
        _ => "Not sure",
    }
}

/// Whether a person should look at a proposal first.
#[must_use]
pub fn is_unsure(thousandths: u16) -> bool {
    thousandths < 750
}

/// Where in the policy's table a proposal points.
#[must_use]
pub fn cell(policy: &Policy, proposal: &ProposalRecord) -> String {
    let Some(category) = proposal
        .category
        .as_deref()
        .and_then(|id| policy.category(id))
    else {
        return String::new();
    };
    let kinds: Vec<&str> = category
        .kinds
        .iter()
        .filter(|kind| proposal.information.contains(&kind.id))
        .map(|kind| kind.label.as_str())
        .collect();
    if kinds.is_empty() {
        category.title.clone()
    } else {
        format!("{}: {}", category.title, kinds.join(", "))
    }
}

/// Who a case in this state waits for, in words: while it is under internal review not the officer but the reviewer.
#[must_use]
pub fn waiting_in(state: &str, spelling: &str) -> &'static str {
    if state == State::UnderReview.spelling() {
        "The reviewer"
    } else {
        waiting(spelling)
    }
}

/// Who a case waits for, in words.
#[must_use]
pub fn waiting(spelling: &str) -> &'static str {
    match spelling {
        "officer" => "The officer",
        "area" => "A team",
        "approver" => "The approver",
        "applicant" => "The person who asked",
        "commissioner" => "The Commissioner",
        "tribunal" => "The tribunal",
        _ => "Nobody",
    }
}

pub use office::teams::name as area;

/// Teams' ids with spaces between, as their names.
#[must_use]
pub fn areas(ids: &str) -> String {
    let names: Vec<String> = ids.split_whitespace().map(area).collect();
    names.join(", ")
}

/// How a case came out, in words; the disclosure log has only those that were answered.
#[must_use]
pub fn outcome_words(spelling: &str) -> &'static str {
    match spelling {
        "withdrawn" => "Withdrawn",
        "passed_on" => "Dealt with under another law",
        "invalid" => "Not a request under the Act",
        "clarification_not_received" => "What was needed did not come",
        _ => log::outcome_words(spelling),
    }
}

/// A state in words.
#[must_use]
pub fn state(state: State) -> &'static str {
    match state {
        State::NotReceived => "Not received",
        State::Received => "New",
        State::Invalid => "Something is missing",
        State::Open => "Being answered",
        State::AwaitingClarification => "Waiting for the person who asked",
        State::AwaitingFee => "Waiting for a fee",
        State::AwaitingApproval => "With the approver",
        State::Approved => "Approved, not sent",
        State::Issued => "Answered",
        State::UnderReview => "Under internal review",
        State::AtCommissioner => "With the Commissioner",
        State::AtTribunal => "At the tribunal",
        State::Closed => "Closed",
        State::Destroyed => "Destroyed under the retention schedule",
    }
}

/// How many working days are left until a day, in words; and whether it has passed or is today.
#[must_use]
pub fn left(calendar: &Calendar, today: Date, due: Date) -> (String, bool, bool) {
    if due < today {
        let late = calendar.working_days_between(due, today).unwrap_or(0);
        let words = match late {
            0 => "late".to_owned(),
            1 => "1 working day late".to_owned(),
            late => format!("{late} working days late"),
        };
        return (words, true, false);
    }
    if due == today {
        return ("due today".to_owned(), false, true);
    }
    let left = calendar.working_days_between(today, due).unwrap_or(0);
    let words = match left {
        1 => "1 working day left".to_owned(),
        left => format!("{left} working days left"),
    };
    (words, false, false)
}

/// All the minutes of an estimate.
#[must_use]
pub fn minutes(estimate: &CostEstimate) -> u32 {
    [
        estimate.determining_minutes,
        estimate.locating_minutes,
        estimate.retrieving_minutes,
        estimate.extracting_minutes,
    ]
    .into_iter()
    .fold(0, u32::saturating_add)
}

/// What an estimate of cost comes to, beside the limit of FOIA s.12 as at the day of receipt.
#[derive(Clone, Debug)]
pub struct Costing {
    time: StaffTime,
    limit: CostLimit,
    /// Whether it is over the limit.
    pub is_over: bool,
}

impl Costing {
    /// What an hour is taken to cost for this request, in pounds.
    #[must_use]
    pub fn rate(app: &App, case: &Case) -> Option<u32> {
        let limit = app.office.bundle().cost_limit(case.receipt.received_on)?;
        Some(limit.pounds_an_hour)
    }

    /// What an estimate comes to; `None` where the data has no limit for that day.
    #[must_use]
    pub fn of(app: &App, case: &Case, estimate: &CostEstimate) -> Option<Self> {
        let limit = app.office.bundle().cost_limit(case.receipt.received_on)?;
        let time = StaffTime::minutes(minutes(estimate));
        Some(Self {
            time,
            limit,
            is_over: limit.is_exceeded_by(time),
        })
    }

    /// "20 hours, £500.00. The limit is £450.00, which is 18 hours: this is over it, FOIA s.12(1)."
    #[must_use]
    pub fn sentence(&self) -> String {
        let outcome = if self.is_over {
            "this is over it, FOIA s.12(1)"
        } else {
            "this is not over it, so section 12 does not apply"
        };
        format!(
            "{}, {}. The limit is {}, which is {}: {outcome}.",
            self.time,
            self.time.cost(self.limit.pounds_an_hour),
            self.limit.pence(),
            self.limit.time()
        )
    }

    /// The same in the words of a letter.
    #[must_use]
    pub fn for_letter(&self) -> String {
        format!(
            "We estimate that it would take {}, which at £{} an hour is {}. The limit is {}, which is {}.",
            self.time,
            self.limit.pounds_an_hour,
            self.time.cost(self.limit.pounds_an_hour),
            self.limit.pence(),
            self.limit.time()
        )
    }
}

/// What surrounds every page of a case.
#[derive(Clone, Debug)]
pub struct CaseBar {
    /// The reference.
    pub reference: String,
    /// The subject line.
    pub subject: String,
    /// The day of receipt.
    pub received: String,
    /// The next day on which something is due.
    pub due: String,
    /// How many working days are left.
    pub left: String,
    /// Whether it is late.
    pub is_late: bool,
    /// The questions that are due later than that, by their day.
    pub later: Vec<(String, String)>,
    /// Its state in words.
    pub state: &'static str,
    /// Who it waits for.
    pub waiting: &'static str,
    /// Who answers for it, or reviews the answer.
    pub owner: String,
    /// Whether it is under internal review.
    pub is_review: bool,
    /// The number of its last event, for the forms.
    pub seq: u64,
    /// Which page this is.
    pub tab: &'static str,
    /// What the approver said, when it was sent back.
    pub sent_back: Option<CameBack>,
    /// Where somebody else goes on with it under another law: which, who, and by when it is answered; the latter two empty
    /// where nobody in Candour does, or no law sets a day.
    pub passed_on: Option<(&'static str, String, String)>,
    /// Whether stars stand in the request for who asked.
    pub hides: bool,
    /// The files that came with the request.
    pub files: Vec<String>,
}

/// Why an approver sends a letter back: what a form sends, and the words.
pub const FAULTS: &[(LetterFault, &str, &str)] = &[
    (LetterFault::TooGeneral, "too_general", "Too general"),
    (
        LetterFault::MoreCanBeGiven,
        "more_can_be_given",
        "More could be given",
    ),
    (
        LetterFault::NotMadeOut,
        "not_made_out",
        "The reasons do not carry it",
    ),
    (LetterFault::Wrong, "wrong", "Something in it is wrong"),
    (
        LetterFault::Unanswered,
        "unanswered",
        "A question is not answered",
    ),
    (LetterFault::Unclear, "unclear", "Hard to understand"),
];

/// A fault in words.
pub fn fault_words(fault: LetterFault) -> &'static str {
    FAULTS
        .iter()
        .find(|(known, _, _)| *known == fault)
        .map_or("", |(_, _, words)| words)
}

/// A letter that an approver sent back.
#[derive(Clone, Debug)]
pub struct CameBack {
    /// Who.
    pub who: String,
    /// When.
    pub at: String,
    /// The label of the question that it is about; empty for the whole letter.
    pub label: String,
    /// What sort of fault it is; empty where the approver didn't say.
    pub fault: &'static str,
    /// What should change.
    pub comment: String,
}

impl CameBack {
    /// What was sent back, by whom and when.
    #[must_use]
    pub fn of(case: &Case, back: &casework::event::SentBack, who: String, at: String) -> Self {
        Self {
            who,
            at,
            label: back
                .question
                .as_ref()
                .and_then(|id| case.question(id))
                .map_or_else(String::new, |state| state.question.label.clone()),
            fault: back.fault.map_or("", fault_words),
            comment: back.comment.clone(),
        }
    }
}

/// The questions that are still to answer and due after a day, by their day.
fn later(case: &Case, than: Date) -> Vec<(String, String)> {
    let mut days: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for state in case.open_questions() {
        if state.waiting_since.is_none() && state.due() > than {
            let labels = days.entry(state.due()).or_default();
            labels.push(&state.question.label);
        }
    }
    days.into_iter()
        .map(|(day, labels)| (labels.join(", "), crate::dates::short(day)))
        .collect()
}

/// The bar of a case.
#[must_use]
pub fn bar(
    case: &Case,
    calendar: &Calendar,
    today: Date,
    owner: String,
    tab: &'static str,
) -> CaseBar {
    let due = case.next_due_on();
    let (left, is_late, _) = due.map_or_else(
        || (String::new(), false, false),
        |due| left(calendar, today, due),
    );
    let is_review = case.state == State::UnderReview;
    CaseBar {
        reference: case.receipt.reference.clone(),
        subject: case.receipt.subject.clone(),
        received: crate::dates::short(case.receipt.received_on),
        due: due.map_or_else(String::new, crate::dates::short),
        left,
        is_late,
        later: due.map_or_else(Vec::new, |due| later(case, due)),
        state: state(case.state),
        waiting: waiting_in(case.state.spelling(), case.waiting_for().spelling()),
        owner,
        is_review,
        seq: case.seq,
        tab,
        sent_back: None,
        passed_on: case.passed_on().map(|passed| {
            let team = passed.treatment.passed_to.as_deref();
            (
                acts::regime_words(passed.treatment.regime),
                team.map_or_else(String::new, area),
                passed.due_on.map_or_else(String::new, crate::dates::long),
            )
        }),
        hides: false,
        files: case
            .receipt
            .attachments
            .iter()
            .map(|file| file.name.clone())
            .collect(),
    }
}

/// The words of a question with the stem that it completes.
pub use office::record::whole;
