//! The row of a case in the lists: what queues, search and statistics read. Made from the events, and rebuilt from them.

use std::collections::BTreeSet;

use casework::case::Case;
use casework::decision::{AppliedExemption, Decision};
use jiff::civil::Date;
use law::Provision;

use crate::db::{Param, Row};
use crate::fault::Fault;

/// Sorts behind every date: nothing is due.
const NEVER: &str = "9999-12-31";

/// Where a page of a list ended, so that the next begins there whatever came or went meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    day: String,
    case_id: String,
}

impl Cursor {
    pub(crate) fn key(&self) -> (&str, &str) {
        (&self.day, &self.case_id)
    }
}

/// As it stands in an address: the day, a full stop and the case's id.
impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.day, self.case_id)
    }
}

/// Any text is somewhere in the order, so one from a stranger does no harm; without a full stop it is refused.
impl std::str::FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (day, case_id) = text.split_once('.').ok_or(())?;
        Ok(Self {
            day: day.to_owned(),
            case_id: case_id.to_owned(),
        })
    }
}

/// A case in a list. Nothing of who asked, and nothing that depends on what is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub case_id: String,
    /// The number of its last event.
    pub seq: u64,
    /// Its reference.
    pub reference: String,
    /// Its subject line.
    pub subject: String,
    /// The spelling of its state.
    pub state: String,
    /// Whether somebody still owes something: an answer, a review, a ruling.
    pub is_open: bool,
    /// Who it waits for.
    pub waiting_for: String,
    /// The account that answers for it; empty when nobody does.
    pub owner: String,
    /// The service areas asked, with a space between.
    pub areas: String,
    /// The policy rows of its questions, with a space between.
    pub categories: String,
    /// How many questions it has.
    pub questions: u64,
    /// The day of receipt.
    pub received_on: String,
    /// The next day on which something is due; `None` when nothing is.
    pub due_on: Option<String>,
    /// The day on which the last answer left.
    pub answered_on: Option<String>,
    /// The last day for answering: with clarification and fees, without extension.
    pub first_due_on: String,
    /// Whether time was properly extended, FOIA s.10(3).
    pub extended: bool,
    /// How the answers add up.
    pub outcome: Option<String>,
    /// The provisions relied on, with a comma between.
    pub provisions: String,
    /// The main cause of lateness.
    pub late_cause: Option<String>,
    /// Its address in the disclosure log.
    pub published_at: Option<String>,
}

impl Summary {
    /// Where a page of the queue ends that ends with this row.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            day: self.due_on.as_deref().unwrap_or(NEVER).to_owned(),
            case_id: self.case_id.clone(),
        }
    }

    /// Where a page by day of receipt ends that ends with this row.
    #[must_use]
    pub fn cursor_by_receipt(&self) -> Cursor {
        Cursor {
            day: self.received_on.clone(),
            case_id: self.case_id.clone(),
        }
    }

    /// The row of a case.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let areas: BTreeSet<&str> = case
            .assignments
            .iter()
            .map(|assignment| assignment.area.as_str())
            .collect();
        let categories: BTreeSet<&str> = case
            .questions
            .iter()
            .filter_map(|question| question.question.proposal.as_ref()?.category.as_deref())
            .collect();
        let provisions: BTreeSet<Provision> = case
            .questions
            .iter()
            .filter_map(|question| question.decision.as_ref())
            .flat_map(|decision| relied_on(&decision.decision))
            .collect();
        let provisions: Vec<String> = provisions.iter().map(ToString::to_string).collect();
        let last_due = case
            .questions
            .iter()
            .map(|question| question.due_on)
            .max()
            .unwrap_or(case.due_on);
        let everything_answered =
            !case.questions.is_empty() && case.open_questions().next().is_none();
        let answered_on: Option<Date> = case
            .questions
            .iter()
            .filter_map(|question| question.answered_on)
            .max()
            .filter(|_| everything_answered);
        use casework::procedure::State as S;
        let is_open = case.state.answer_is_owed()
            || matches!(
                case.state,
                S::UnderReview | S::AtCommissioner | S::AtTribunal
            );
        Self {
            case_id: case.id.0.clone(),
            seq: case.seq,
            reference: case.receipt.reference.clone(),
            subject: case.receipt.subject.clone(),
            state: case.state.spelling().to_owned(),
            is_open,
            waiting_for: case.waiting_for().spelling().to_owned(),
            owner: case.in_hands_of().unwrap_or_default().to_owned(),
            areas: joined(&areas),
            categories: joined(&categories),
            questions: case.questions.len() as u64,
            received_on: case.receipt.received_on.to_string(),
            due_on: case.next_due_on().map(|day| day.to_string()),
            answered_on: answered_on.map(|day| day.to_string()),
            first_due_on: last_due.to_string(),
            extended: case
                .questions
                .iter()
                .any(|question| question.extended_until.is_some()),
            outcome: case.outcome().map(|outcome| outcome.spelling().to_owned()),
            provisions: provisions.join(", "),
            late_cause: case
                .late_cause
                .and_then(|cause| serde_json::to_value(cause).ok())
                .and_then(|cause| cause.as_str().map(str::to_owned)),
            published_at: case
                .publication
                .as_ref()
                .map(|publication| publication.address.clone()),
        }
    }

    /// The values for [`crate::queries::SUMMARY_SET`].
    pub(crate) fn params(&self, authority: &str) -> Vec<Param> {
        vec![
            authority.into(),
            self.case_id.as_str().into(),
            self.seq.into(),
            self.reference.as_str().into(),
            self.subject.as_str().into(),
            self.state.as_str().into(),
            u64::from(self.is_open).into(),
            self.waiting_for.as_str().into(),
            self.owner.as_str().into(),
            self.areas.as_str().into(),
            self.categories.as_str().into(),
            self.questions.into(),
            self.received_on.as_str().into(),
            self.due_on.as_deref().unwrap_or(NEVER).into(),
            self.answered_on.clone().into(),
            self.first_due_on.as_str().into(),
            u64::from(self.extended).into(),
            self.outcome.clone().into(),
            self.provisions.as_str().into(),
            self.late_cause.clone().into(),
            self.published_at.clone().into(),
        ]
    }

    /// The row as read.
    pub(crate) fn of_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            case_id: row.text("case_id")?,
            seq: row.number("seq")?,
            reference: row.text("reference")?,
            subject: row.text("subject")?,
            state: row.text("state")?,
            is_open: row.int("is_open")? != 0,
            waiting_for: row.text("waiting_for")?,
            owner: row.text("owner")?,
            areas: row.text("areas")?,
            categories: row.text("categories")?,
            questions: row.number("questions")?,
            received_on: row.text("received_on")?,
            due_on: Some(row.text("due_on")?).filter(|day| day != NEVER),
            answered_on: row.text_or_null("answered_on")?,
            first_due_on: row.text("first_due_on")?,
            extended: row.int("extended")? != 0,
            outcome: row.text_or_null("outcome")?,
            provisions: row.text("provisions")?,
            late_cause: row.text_or_null("late_cause")?,
            published_at: row.text_or_null("published_at")?,
        })
    }
}

/// How many of the cases received in a month went alike, for statistics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The month of receipt, as in “2026-03”.
    pub received_in: String,
    /// Whether everything was answered, and whether by the last day for answering or after properly extended time; `None`
    /// before.
    pub answered_on_time: Option<bool>,
    /// How the answers add up.
    pub outcome: Option<String>,
    /// The provisions relied on, with a comma between.
    pub provisions: String,
    /// How many.
    pub cases: u64,
}

impl Alike {
    /// The row as read.
    pub(crate) fn of_row(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            received_in: row.text("received_in")?,
            answered_on_time: match row.borrowed("answered")? {
                "unanswered" => None,
                answered => Some(answered == "on time"),
            },
            outcome: Some(row.text("adds_up")?).filter(|outcome| !outcome.is_empty()),
            provisions: row.text("provisions")?,
            cases: row.number("cases")?,
        })
    }
}

fn joined(words: &BTreeSet<&str>) -> String {
    words.iter().copied().collect::<Vec<_>>().join(" ")
}

fn relied_on(decision: &Decision) -> Vec<Provision> {
    let of = |text: &str| text.parse().into_iter().collect();
    match decision {
        Decision::Answer { .. } | Decision::NotHeld | Decision::ClarificationSought { .. } => {
            Vec::new()
        }
        Decision::AlreadyAccessible { .. } => of("FOIA s.21"),
        Decision::OverCostLimit { .. } => of("FOIA s.12"),
        Decision::VexatiousOrRepeated { provision, .. } => vec![provision.clone()],
        Decision::NeitherConfirmedNorDenied(neither) => vec![neither.provision.clone()],
        Decision::Withheld(exemptions) => exemptions
            .iter()
            .map(|exemption| match exemption {
                AppliedExemption::Absolute { provision, .. }
                | AppliedExemption::QualifiedClass { provision, .. }
                | AppliedExemption::QualifiedPrejudice { provision, .. } => provision.clone(),
            })
            .collect(),
    }
}
