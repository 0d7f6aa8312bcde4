//! A case: what its events add up to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::confirm_or_deny::{self, DutyToConfirmOrDeny};
use crate::decision::{ApartBecause, AppliedExemption, Decision};
use crate::event::{
    About, Acknowledgement, Addition, AdditionOutcome, Attachment, CaseId, CaseQuestion, Closure,
    Complaint, ConfirmOrDeny, ConfirmOrDenyOutcome, CostEstimate, Destruction, Draft, Event,
    FeesNotice, HarmEvidence, Issue, KeyKind, LateCause, Opening, Opinion, OpinionRequest,
    PublicInterest, Publication, QuestionDecision, QuestionId, Receipt, Recorded, ReleasedFile,
    ReviewDecision, ReviewRequest, Ruling, SentBack, TaskReturn, ValidityRequirement,
};
use crate::holding::{CommissionersKey, ReviewersKey};
use crate::procedure::State;
use crate::proposal::Kind;
use crate::role::Actor;
use crate::treatment::{Regime, Treated};

/// What the events under one case id add up to.
#[derive(Clone, Debug, PartialEq)]
pub enum History {
    /// There are none.
    Nothing,
    /// A case.
    Case(Box<Case>),
    /// A case whose contents were destroyed: the trace that stays.
    Destroyed {
        /// How many events it had, the destruction included.
        events: u64,
        /// When and under which rule.
        destruction: Option<Destruction>,
    },
}

impl History {
    /// Adds up events in the order of their numbers. The same events give the same case, always.
    #[must_use]
    pub fn of<'e>(id: &CaseId, events: impl IntoIterator<Item = &'e Recorded>) -> Self {
        events.into_iter().fold(Self::Nothing, |history, recorded| {
            history.with(id, recorded)
        })
    }

    /// This history and one event more.
    #[must_use]
    pub fn with(self, id: &CaseId, recorded: &Recorded) -> Self {
        match (self, &recorded.event) {
            (_, Some(Event::Destroyed(destruction))) => Self::Destroyed {
                events: recorded.seq,
                destruction: Some(destruction.clone()),
            },
            (Self::Destroyed { destruction, .. }, _) => Self::Destroyed {
                events: recorded.seq,
                destruction,
            },
            (_, None) => Self::Destroyed {
                events: recorded.seq,
                destruction: None,
            },
            (Self::Nothing, Some(Event::Received(received))) => Self::Case(Box::new(
                Case::received(id.clone(), &received.receipt, received.due_on, recorded.seq),
            )),
            // A history starts with a receipt; anything before it adds up to nothing.
            (Self::Nothing, Some(_)) => Self::Nothing,
            (Self::Case(mut case), Some(event)) => {
                case.add(event, recorded);
                Self::Case(case)
            }
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Nothing => State::NotReceived,
            Self::Case(case) => case.state,
            Self::Destroyed { .. } => State::Destroyed,
        }
    }

    /// The case, if there is one with contents.
    #[must_use]
    pub fn case(&self) -> Option<&Case> {
        match self {
            Self::Case(case) => Some(case),
            Self::Nothing | Self::Destroyed { .. } => None,
        }
    }

    /// The number of its last event; 0 when there is none.
    #[must_use]
    pub fn seq(&self) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::Case(case) => case.seq,
            Self::Destroyed { events, .. } => *events,
        }
    }
}

/// A request and everything that happened to it, except who asked and what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The number of its last event.
    pub seq: u64,
    /// Where it stands.
    pub state: State,
    /// The request.
    pub receipt: Receipt,
    /// The last day for answering what has no day of its own, FOIA s.10(1).
    pub due_on: Date,
    /// Under which law it is dealt with, and where; `None` while nobody has chosen: under the Act, here.
    pub treated: Option<Treated>,
    /// What FOIA s.8(1) asks for and is missing.
    pub missing: Vec<ValidityRequirement>,
    /// The acknowledgement.
    pub acknowledged: Option<Acknowledgement>,
    /// Its questions, proposed or confirmed.
    pub questions: Vec<QuestionState>,
    /// Whether an officer confirmed the questions.
    pub questions_confirmed: bool,
    /// What the person who asked added without being asked, in order.
    pub additions: Vec<Added>,
    /// The fees notice, while it is unpaid.
    pub fees_notice: Option<FeesNotice>,
    /// The account that answers for it.
    pub owner: Option<String>,
    /// The service areas asked, with the questions each was asked, in order.
    pub assignments: Vec<crate::event::Assignment>,
    /// The questions that service areas gave back and nobody asked them again, in order.
    pub returned: Vec<TaskReturn>,
    /// Reminders given: the area (the owner when `None`), the due date and the working days left.
    pub reminders: BTreeSet<(Option<String>, Date, u32)>,
    /// The due dates that passed without an answer.
    pub overdue: BTreeSet<Date>,
    /// The main cause of lateness.
    pub late_cause: Option<LateCause>,
    /// The latest estimate of cost.
    pub cost: Option<CostEstimate>,
    /// The latest letter.
    pub draft: Option<Draft>,
    /// The letter that is with the approver or approved, by its hash.
    pub letter_in_approval: Option<String>,
    /// Why it was last sent back, until it goes to the approver again.
    pub sent_back: Option<SentBack>,
    /// The letter that was sent back last, while no other went to an approver.
    pub sent_back_letter: Option<String>,
    /// What the officer answered the approver who sent the letter back that now waits.
    pub reply_to_approver: Option<String>,
    /// The account that sent it back last, and when.
    pub sent_back_by: Option<(String, Timestamp)>,
    /// Accounts that decided any part of it.
    pub deciders: BTreeSet<String>,
    /// Accounts that approved any letter of it.
    pub approvers: BTreeSet<String>,
    /// The answers that left, in order.
    pub issued: Vec<Issue>,
    /// The publication that a publisher planned and that has not come yet.
    pub publication_plan: Option<Publication>,
    /// Its entry in the disclosure log.
    pub publication: Option<Publication>,
    /// Why its publisher decided not to publish it, while that stands.
    pub publication_declined: Option<String>,
    /// Why it was taken out of the disclosure log, while it is out.
    pub unpublished_because: Option<String>,
    /// The internal review, the latest if there were several.
    pub review: Option<ReviewRequest>,
    /// The account that the latest review was given to.
    pub reviewer: Option<String>,
    /// How the latest review was decided.
    pub review_decision: Option<ReviewDecision>,
    /// Every review that was decided, in order.
    pub reviews_decided: Vec<ReviewDecision>,
    /// Complaints to the Commissioner.
    pub complaints: Vec<Complaint>,
    /// Appeals to the tribunal.
    pub appeals: Vec<Complaint>,
    /// Decisions of either.
    pub rulings: Vec<Ruling>,
    /// The day on which the applicant withdrew.
    pub withdrawn_on: Option<Date>,
    /// Why and when it was closed.
    pub closure: Option<Closure>,
    /// Why its records must be kept, if they must.
    pub retention_hold: Option<String>,
}

/// Something that was added to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// What, and when.
    pub addition: Addition,
    /// What became of it; `None` while nobody has said.
    pub outcome: Option<AdditionOutcome>,
}

/// What the applicant was asked about a question, FOIA s.1(3), and what they said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The number of the event of asking, the same for every question that was asked about with it.
    pub asking: u64,
    /// The day of asking.
    pub asked_on: Date,
    /// What was asked.
    pub wording: String,
    /// The day of the reply and its words; `None` while none has come.
    pub reply: Option<(Date, String)>,
}

/// A question and what was done about it.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionState {
    /// The question.
    pub question: CaseQuestion,
    /// Its day zero: receipt, or the day on which clarification came, FOIA s.10(6).
    pub day_zero: Date,
    /// The last day for answering it.
    pub due_on: Date,
    /// Until when its public interest test is extended, FOIA s.10(3).
    pub extended_until: Option<Date>,
    /// Since when it waits for the applicant, FOIA s.1(3).
    pub waiting_since: Option<Date>,
    /// What the applicant was asked so that it could be answered, and what they said, in order.
    pub clarified: Vec<Exchange>,
    /// The service areas whose search finished.
    pub searched_by: BTreeSet<String>,
    /// Whether its sealed holding was opened.
    pub holding_opened: bool,
    /// The files that service areas sent for its answer: the area and the file, in order; of one name the newest.
    pub sent_files: Vec<(String, ReleasedFile)>,
    /// Evidence of harm, in the order given.
    pub harm: Vec<HarmEvidence>,
    /// The route that was chosen before the proposal was shown.
    pub route_chosen: Option<Kind>,
    /// Whether the duty to confirm or deny applies.
    pub confirm_or_deny: Option<ConfirmOrDeny>,
    /// The latest public interest test about its content.
    pub content_interest: Option<PublicInterest>,
    /// The latest public interest test about saying whether it is held.
    pub confirm_interest: Option<PublicInterest>,
    /// What the qualified person was asked, while no opinion has come.
    pub opinion_sought: Option<OpinionRequest>,
    /// The qualified person's latest opinion.
    pub opinion: Option<Opinion>,
    /// What is decided.
    pub decision: Option<QuestionDecision>,
    /// What the disclosure log says of it: the decision as a publisher saw it. A review changes the decision and not this.
    pub published: Option<QuestionDecision>,
    /// The day on which its answer left.
    pub answered_on: Option<Date>,
    /// The day on which the applicant said that they no longer ask it.
    pub withdrawn_on: Option<Date>,
}

impl QuestionState {
    fn new(question: CaseQuestion, day_zero: Date, due_on: Date) -> Self {
        Self {
            question,
            day_zero,
            due_on,
            extended_until: None,
            waiting_since: None,
            clarified: Vec::new(),
            searched_by: BTreeSet::new(),
            holding_opened: false,
            sent_files: Vec::new(),
            harm: Vec::new(),
            route_chosen: None,
            confirm_or_deny: None,
            content_interest: None,
            confirm_interest: None,
            opinion_sought: None,
            opinion: None,
            decision: None,
            published: None,
            answered_on: None,
            withdrawn_on: None,
        }
    }

    /// The last day for its answer, FOIA s.10.
    #[must_use]
    pub fn due(&self) -> Date {
        self.extended_until.unwrap_or(self.due_on)
    }

    /// The outcome of its confirm-or-deny decision.
    #[must_use]
    pub fn outcome(&self) -> Option<&ConfirmOrDenyOutcome> {
        self.confirm_or_deny
            .as_ref()
            .map(|decision| &decision.outcome)
    }

    /// Whether it was decided that the duty to confirm or deny applies.
    #[must_use]
    pub fn duty_applies(&self) -> bool {
        matches!(self.outcome(), Some(ConfirmOrDenyOutcome::DutyApplies))
    }

    /// What the disclosure log says of it: what was published, or what would be.
    #[must_use]
    pub fn in_log(&self) -> Option<&QuestionDecision> {
        self.published.as_ref().or(self.decision.as_ref())
    }

    /// Whether service areas may send files for its answer: it was decided that we must say whether we hold it, what they found
    /// was opened, so that this stands, and the answer has not left.
    #[must_use]
    pub fn takes_files(&self) -> bool {
        self.is_open() && self.duty_applies() && self.holding_opened
    }

    /// Whether it was decided neither to confirm nor to deny.
    #[must_use]
    pub fn neither_confirmed_nor_denied(&self) -> bool {
        matches!(
            self.outcome(),
            Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_))
        )
    }

    /// Records a public interest test, which the decision that rests on it follows until the answer has left: it gives the
    /// reasons as they were last weighed, and is taken back where they came out for openness, FOIA s.2.
    ///
    /// Whether a decision changed.
    fn weigh(&mut self, test: &PublicInterest) -> bool {
        match test.about {
            About::Content => self.content_interest = Some(test.clone()),
            About::ConfirmOrDeny => self.confirm_interest = Some(test.clone()),
        }
        if !self.rests_on(test) {
            return false;
        }
        match (test.about, test.maintained) {
            (About::Content, true) => {
                if let Some(Decision::Withheld(exemptions)) =
                    self.decision.as_mut().map(|made| &mut made.decision)
                {
                    exemptions
                        .iter_mut()
                        .filter_map(AppliedExemption::weighed_mut)
                        .filter(|(provision, _)| test.provisions.contains(provision))
                        .for_each(|(_, weighed)| *weighed = test.in_letter());
                }
            }
            (About::ConfirmOrDeny, true) => {
                if let Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(decided)) =
                    self.confirm_or_deny.as_mut().map(|made| &mut made.outcome)
                {
                    decided.public_interest = test.in_letter();
                    if let Some(made) = self.decision.as_mut() {
                        made.decision = Decision::NeitherConfirmedNorDenied(decided.clone());
                    }
                }
            }
            (About::Content, false) => self.decision = None,
            (About::ConfirmOrDeny, false) => {
                self.confirm_or_deny = None;
                self.decision = None;
            }
        }
        true
    }

    /// Whether what is decided about it rests on this public interest test, while its answer has not left.
    #[must_use]
    pub fn rests_on(&self, test: &PublicInterest) -> bool {
        self.is_open()
            && match test.about {
                About::Content => match self.decision.as_ref().map(|made| &made.decision) {
                    Some(Decision::Withheld(exemptions)) => exemptions
                        .iter()
                        .filter(|applied| applied.public_interest().is_some())
                        .any(|applied| test.provisions.contains(applied.provision())),
                    _ => false,
                },
                About::ConfirmOrDeny => match self.outcome() {
                    Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(decided)) => {
                        test.provisions.contains(&decided.provision)
                    }
                    _ => false,
                },
            }
    }

    /// The latest public interest test about `about`.
    #[must_use]
    pub fn interest(&self, about: About) -> Option<&PublicInterest> {
        match about {
            About::Content => self.content_interest.as_ref(),
            About::ConfirmOrDeny => self.confirm_interest.as_ref(),
        }
    }

    /// The evidence of harm about `about` that counts: the latest. What was given before it stays in the history.
    #[must_use]
    pub fn harm_evidence(&self, about: About) -> Option<&HarmEvidence> {
        self.harm.iter().rev().find(|harm| harm.about == about)
    }

    /// The evidence of harm that counts, of saying whether it is held before that of the content.
    pub fn evidence(&self) -> impl Iterator<Item = &HarmEvidence> {
        [About::ConfirmOrDeny, About::Content]
            .into_iter()
            .filter_map(|about| self.harm_evidence(about))
    }

    /// Whether the evidence that counts shows harm.
    #[must_use]
    pub fn harm_shown(&self, about: About) -> bool {
        self.harm_evidence(about)
            .is_some_and(|harm| harm.likelihood.is_some())
    }

    /// Whether somebody must still do something before it can be answered.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.answered_on.is_none() && self.withdrawn_on.is_none()
    }

    /// Whether it is still to be decided what it is answered.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.is_open() && self.decision.is_none()
    }
}

impl Case {
    fn received(id: CaseId, receipt: &Receipt, due_on: Date, seq: u64) -> Self {
        Self {
            id,
            seq,
            state: State::Received,
            receipt: receipt.clone(),
            due_on,
            treated: None,
            missing: Vec::new(),
            acknowledged: None,
            questions: Vec::new(),
            questions_confirmed: false,
            additions: Vec::new(),
            fees_notice: None,
            owner: None,
            assignments: Vec::new(),
            returned: Vec::new(),
            reminders: BTreeSet::new(),
            overdue: BTreeSet::new(),
            late_cause: None,
            cost: None,
            draft: None,
            letter_in_approval: None,
            sent_back: None,
            sent_back_letter: None,
            reply_to_approver: None,
            sent_back_by: None,
            deciders: BTreeSet::new(),
            approvers: BTreeSet::new(),
            issued: Vec::new(),
            publication_plan: None,
            publication: None,
            publication_declined: None,
            unpublished_because: None,
            review: None,
            reviewer: None,
            review_decision: None,
            reviews_decided: Vec::new(),
            complaints: Vec::new(),
            appeals: Vec::new(),
            rulings: Vec::new(),
            withdrawn_on: None,
            closure: None,
            retention_hold: None,
        }
    }

    /// The question of this id.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<&QuestionState> {
        self.questions.iter().find(|state| state.question.id == *id)
    }

    /// What was added and nobody has said what becomes of it, with its number among all that was added.
    pub fn open_additions(&self) -> impl Iterator<Item = (usize, &Addition)> {
        (1..)
            .zip(&self.additions)
            .filter(|(_, added)| added.outcome.is_none())
            .map(|(number, added)| (number, &added.addition))
    }

    /// The files that came with the request and with what was added to it, in order.
    pub fn came_with(&self) -> impl Iterator<Item = &Attachment> {
        let added = self.additions.iter().map(|added| &added.addition);
        self.receipt
            .attachments
            .iter()
            .chain(added.flat_map(|addition| &addition.attachments))
    }

    /// The questions that are still asked and whose answer has not left.
    pub fn open_questions(&self) -> impl Iterator<Item = &QuestionState> {
        self.questions.iter().filter(|question| question.is_open())
    }

    /// Why a letter may go without a question, where it may: it is no longer asked, it waits for the applicant, or it has a
    /// later day than the rest, because more time is taken for it or the applicant's reply began its time anew.
    #[must_use]
    pub fn apart(&self, state: &QuestionState) -> Option<ApartBecause> {
        if let Some(on) = state.withdrawn_on {
            return Some(ApartBecause::Withdrawn(on));
        }
        if !state.is_undecided() {
            return None;
        }
        match (state.waiting_since, state.extended_until) {
            (Some(_), _) => Some(ApartBecause::Waiting),
            (None, Some(until)) => Some(ApartBecause::Extended(until)),
            (None, None) if state.day_zero > self.receipt.received_on => {
                Some(ApartBecause::Clarified {
                    on: state.day_zero,
                    until: state.due_on,
                })
            }
            (None, None) => None,
        }
    }

    /// Where somebody else goes on with it under another law than the Act; `None` where it is dealt with here.
    #[must_use]
    pub fn passed_on(&self) -> Option<&Treated> {
        self.treated
            .as_ref()
            .filter(|treated| treated.treatment.regime.is_elsewhere())
    }

    /// The law under which it is dealt with, where somebody has chosen.
    #[must_use]
    pub fn regime(&self) -> Option<Regime> {
        self.treated
            .as_ref()
            .map(|treated| treated.treatment.regime)
    }

    /// The next day on which something is due: the earliest of its open questions that don't wait for the applicant, or
    /// the case's own day while it has no questions. `None` when no answer is owed or the clock stands.
    #[must_use]
    pub fn next_due_on(&self) -> Option<Date> {
        match self.state {
            State::UnderReview => self.review.as_ref().map(|review| review.due_on),
            State::AwaitingFee => None,
            state if !state.answer_is_owed() => None,
            _ if self.questions.is_empty() => Some(self.due_on),
            _ => self
                .open_questions()
                .filter(|question| question.waiting_since.is_none())
                .map(QuestionState::due)
                .min(),
        }
    }

    /// Whether something was due before `today` and is still owed.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.next_due_on().is_some_and(|due_on| due_on < today)
    }

    /// Whether anything is late, or was when it was answered.
    #[must_use]
    pub fn is_or_was_late(&self, today: Date) -> bool {
        self.is_overdue(today)
            || !self.overdue.is_empty()
            || self.questions.iter().any(|question| {
                question
                    .answered_on
                    .is_some_and(|answered_on| answered_on > question.due())
            })
    }

    /// Who the case waits for.
    #[must_use]
    pub fn waiting_for(&self) -> WaitingFor {
        match self.state {
            State::AwaitingClarification | State::AwaitingFee => WaitingFor::Applicant,
            State::AwaitingApproval => WaitingFor::Approver,
            State::AtCommissioner => WaitingFor::Commissioner,
            State::AtTribunal => WaitingFor::Tribunal,
            State::Issued | State::Closed | State::Destroyed | State::NotReceived => {
                WaitingFor::Nobody
            }
            State::Received | State::Invalid | State::Approved | State::UnderReview => {
                WaitingFor::Officer
            }
            State::Open if self.is_all_with_areas() => WaitingFor::Area,
            State::Open => WaitingFor::Officer,
        }
    }

    /// The service areas that were asked about a question that is still undecided and have not finished.
    #[must_use]
    pub fn areas_searching(&self) -> BTreeSet<&str> {
        self.questions
            .iter()
            .filter(|state| state.is_undecided())
            .flat_map(|state| self.searching(&state.question.id))
            .collect()
    }

    /// The service areas that were asked about a question and have neither finished nor given it back.
    #[must_use]
    pub fn searching(&self, question: &QuestionId) -> BTreeSet<&str> {
        self.assignments
            .iter()
            .map(|assignment| assignment.area.as_str())
            .filter(|area| self.is_searching(area, question))
            .collect()
    }

    /// Whether each question that is still to decide is with a service area, so that the officer can only wait.
    fn is_all_with_areas(&self) -> bool {
        let mut undecided = self
            .questions
            .iter()
            .filter(|state| state.is_undecided() && state.waiting_since.is_none())
            .peekable();
        undecided.peek().is_some()
            && undecided.all(|state| !self.searching(&state.question.id).is_empty())
    }

    /// Whether a service area was asked about a question and has neither finished nor given it back.
    #[must_use]
    pub fn is_searching(&self, area: &str, question: &QuestionId) -> bool {
        self.assignments
            .iter()
            .any(|assignment| assignment.area == area && assignment.questions.contains(question))
            && self
                .question(question)
                .is_some_and(|state| !state.searched_by.contains(area))
            && !self.has_returned(area, question)
    }

    /// The day on which an answer is wanted of a service area, as it was last asked.
    #[must_use]
    pub fn wanted_of(&self, area: &str) -> Option<Date> {
        let mut asked = self.assignments.iter().rev();
        asked
            .find(|assignment| assignment.area == area)
            .map(|assignment| assignment.wanted_on)
    }

    /// Whether a service area gave a question back.
    fn has_returned(&self, area: &str, question: &QuestionId) -> bool {
        self.returned
            .iter()
            .any(|back| back.area == area && back.question == *question)
    }

    /// The key to the sealed holding of a question, where it was decided that the duty to confirm or deny applies.
    #[must_use]
    pub fn duty_to_confirm_or_deny(&self, question: &QuestionId) -> Option<DutyToConfirmOrDeny> {
        self.question(question)
            .filter(|question| question.duty_applies())
            .map(|_| confirm_or_deny::duty_on_record(&self.id, question))
    }

    /// The reviewer's key to the sealed holding of a question under internal review. Nobody who took part in the first
    /// answer gets one.
    #[must_use]
    pub fn reviewers_key(&self, reviewer: &Actor, question: &QuestionId) -> Option<ReviewersKey> {
        let under_review = self.state == State::UnderReview && self.question(question).is_some();
        (under_review && self.is_new_to(&reviewer.id)).then(|| ReviewersKey {
            case: self.id.clone(),
            question: question.clone(),
        })
    }

    /// The key to the sealed holding of a question for the Commissioner or the tribunal.
    #[must_use]
    pub fn commissioners_key(&self, question: &QuestionId) -> Option<CommissionersKey> {
        let asked = matches!(self.state, State::AtCommissioner | State::AtTribunal)
            && self.question(question).is_some();
        asked.then(|| CommissionersKey {
            case: self.id.clone(),
            question: question.clone(),
        })
    }

    /// The account that deals with it now: while it is under internal review the reviewer, otherwise its owner.
    #[must_use]
    pub fn in_hands_of(&self) -> Option<&str> {
        match self.state {
            State::UnderReview => self.reviewer.as_deref(),
            _ => self.owner.as_deref(),
        }
    }

    /// Whether an account took no part in deciding or approving the case.
    #[must_use]
    pub fn is_new_to(&self, account: &str) -> bool {
        !self.deciders.contains(account) && !self.approvers.contains(account)
    }

    /// Whether a question was reviewed already: an answer is reviewed once, and what comes after is the Commissioner's.
    #[must_use]
    pub fn is_reviewed(&self, question: &QuestionId) -> bool {
        self.reviews_decided
            .iter()
            .flat_map(|decided| &decided.questions)
            .any(|reviewed| reviewed.question == *question)
    }

    /// The questions that a review is about: those that its request names, or all.
    pub fn under_review<'c>(
        &'c self,
        request: &'c ReviewRequest,
    ) -> impl Iterator<Item = &'c QuestionState> + 'c {
        let named = &request.request.questions;
        self.questions
            .iter()
            .filter(|state| state.withdrawn_on.is_none())
            .filter(move |state| named.is_empty() || named.contains(&state.question.id))
    }

    /// How the answers add up, for statistics; `None` until every question is answered or the case ended otherwise.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        use crate::decision::Decision as D;
        if self.withdrawn_on.is_some() {
            return Some(Outcome::Withdrawn);
        }
        if self.passed_on().is_some() {
            return Some(Outcome::PassedOn);
        }
        match self.closure.as_ref().map(|closure| closure.reason) {
            Some(crate::event::ClosureReason::Invalid) => return Some(Outcome::Invalid),
            Some(
                crate::event::ClosureReason::ClarificationLapsed
                | crate::event::ClosureReason::FeeNotPaid,
            ) if self.issued.is_empty() => return Some(Outcome::ClarificationNotReceived),
            _ => {}
        }
        if self.questions.is_empty() || self.questions.iter().any(QuestionState::is_open) {
            return None;
        }
        let (mut granted, mut refused, mut not_held) = (0_u32, 0_u32, 0_u32);
        let made = self
            .questions
            .iter()
            .filter_map(|question| question.decision.as_ref());
        for made in made {
            if made.in_part.is_some() {
                granted = granted.saturating_add(1);
            }
            let count = match &made.decision {
                D::Answer { .. } | D::ClarificationSought { .. } => &mut granted,
                D::NotHeld => &mut not_held,
                D::AlreadyAccessible { .. }
                | D::Withheld(_)
                | D::NeitherConfirmedNorDenied(_)
                | D::OverCostLimit { .. }
                | D::VexatiousOrRepeated { .. } => &mut refused,
            };
            *count = count.saturating_add(1);
        }
        Some(match (granted, refused, not_held) {
            (0, 0, _) => Outcome::NotHeld,
            (0, _, _) => Outcome::RefusedInFull,
            (_, 0, _) => Outcome::GrantedInFull,
            _ => Outcome::GrantedInPart,
        })
    }

    /// Whether the disclosure log shows an answer that a review has changed since, until its publisher publishes it anew.
    #[must_use]
    pub fn is_superseded_in_log(&self) -> bool {
        self.publication.is_some()
            && self
                .questions
                .iter()
                .any(|state| state.published.is_some() && state.published != state.decision)
    }

    /// Whether some of its questions can be withdrawn while others stay.
    #[must_use]
    pub fn may_be_withdrawn_in_part(&self) -> bool {
        self.questions_confirmed && self.open_questions().nth(1).is_some()
    }

    /// The case as it would be published now, whatever the log shows.
    #[must_use]
    pub fn as_decided(mut self) -> Self {
        for state in &mut self.questions {
            state.published = None;
        }
        self
    }

    /// Every question still to answer waits for the applicant.
    fn all_wait(&self) -> bool {
        let mut open = self.open_questions().peekable();
        open.peek().is_some() && open.all(|question| question.waiting_since.is_some())
    }

    /// The state of a case that is being answered.
    fn working_state(&self) -> State {
        if self.all_wait() {
            State::AwaitingClarification
        } else {
            State::Open
        }
    }

    fn change(&mut self, ids: &[QuestionId], change: impl FnMut(&mut QuestionState)) {
        self.questions
            .iter_mut()
            .filter(|state| ids.contains(&state.question.id))
            .for_each(change);
    }

    fn set_questions(&mut self, questions: &[CaseQuestion]) {
        let mut before = std::mem::take(&mut self.questions);
        self.questions = questions
            .iter()
            .map(|question| {
                let known = before
                    .iter()
                    .position(|state| state.question.id == question.id);
                match known {
                    Some(at) => {
                        let mut state = before.swap_remove(at);
                        state.question = question.clone();
                        state
                    }
                    None => {
                        QuestionState::new(question.clone(), self.receipt.received_on, self.due_on)
                    }
                }
            })
            .collect();
    }

    /// Adds one event. Says what every kind of event means, and nothing of whether it was allowed.
    fn add(&mut self, event: &Event, recorded: &Recorded) {
        self.seq = recorded.seq;
        let by = &recorded.by;
        match event {
            // A second receipt would be another case's.
            Event::Received(_) => {}
            Event::TreatmentChosen(treated) => {
                let was_elsewhere = self.passed_on().is_some();
                self.treated = Some(treated.clone());
                if self.passed_on().is_some() {
                    self.draft = None;
                    self.state = State::Closed;
                } else if was_elsewhere {
                    self.state = if self.questions_confirmed {
                        self.working_state()
                    } else if self.missing.is_empty() {
                        State::Received
                    } else {
                        State::Invalid
                    };
                }
            }
            Event::ValidityChecked(check) => {
                self.missing.clone_from(&check.missing);
                self.state = if check.missing.is_empty() {
                    State::Open
                } else {
                    State::Invalid
                };
            }
            Event::Acknowledged(acknowledgement) => {
                self.acknowledged = Some(acknowledgement.clone());
            }
            Event::QuestionsProposed(proposed) => {
                if !self.questions_confirmed {
                    self.set_questions(&proposed.questions);
                }
            }
            Event::QuestionsConfirmed(confirmed) => {
                self.set_questions(&confirmed.questions);
                self.questions_confirmed = true;
                self.state = self.working_state();
            }
            Event::ClarificationSought(sought) => {
                self.change(&sought.questions, |question| {
                    question.waiting_since = Some(sought.sought_on);
                    question.clarified.push(Exchange {
                        asking: recorded.seq,
                        asked_on: sought.sought_on,
                        wording: sought.wording.clone(),
                        reply: None,
                    });
                });
                self.state = self.working_state();
            }
            Event::ClarificationGiven(reply) => {
                self.change(&reply.answer.questions, |question| {
                    question.waiting_since = None;
                    if let Some(open) = question.clarified.last_mut() {
                        open.reply = Some((reply.answer.received_on, reply.answer.text.clone()));
                    }
                    question.day_zero = reply.answer.received_on;
                    question.due_on = reply.due_on;
                });
                if self.state == State::AwaitingClarification {
                    self.state = State::Open;
                }
            }
            Event::AddedTo(addition) => self.additions.push(Added {
                addition: addition.clone(),
                outcome: None,
            }),
            Event::AdditionDealtWith(dealing) => {
                let at = dealing.addition.checked_sub(1);
                if let Some(added) = at.and_then(|at| self.additions.get_mut(at)) {
                    added.outcome = Some(dealing.outcome.clone());
                }
            }
            Event::FeesNoticeGiven(notice) => {
                self.fees_notice = Some(notice.clone());
                self.state = State::AwaitingFee;
            }
            Event::FeePaid(paid) => {
                self.fees_notice = None;
                self.due_on = paid.due_on;
                for due in &paid.questions {
                    self.change(std::slice::from_ref(&due.question), |question| {
                        question.due_on = due.due_on;
                    });
                }
                self.state = self.working_state();
            }
            Event::OwnerAssigned(owner) if self.state == State::UnderReview => {
                self.reviewer = Some(owner.officer.clone());
            }
            Event::OwnerAssigned(owner) => self.owner = Some(owner.officer.clone()),
            Event::Assigned(assignment) => {
                self.returned.retain(|back| {
                    back.area != assignment.area || !assignment.questions.contains(&back.question)
                });
                self.assignments.push(assignment.clone());
            }
            Event::Reminded(reminder) => {
                self.reminders.insert((
                    reminder.area.clone(),
                    reminder.due_on,
                    reminder.working_days_left,
                ));
            }
            Event::BecameOverdue(overdue) => {
                self.overdue.insert(overdue.due_on);
            }
            Event::LateCauseChosen(choice) => self.late_cause = Some(choice.cause),
            Event::TaskReturned(back) => {
                if !self.has_returned(&back.area, &back.question) {
                    self.returned.push(back.clone());
                }
            }
            Event::SearchFinished(search) => {
                self.returned
                    .retain(|back| back.area != search.area || back.question != search.question);
                self.change(std::slice::from_ref(&search.question), |question| {
                    question.searched_by.insert(search.area.clone());
                });
            }
            Event::HoldingOpened(opening) => {
                self.change(std::slice::from_ref(&opening.question), |question| {
                    question.holding_opened = true;
                });
            }
            Event::FilesSent(sent) => {
                self.change(std::slice::from_ref(&sent.question), |question| {
                    for file in &sent.files {
                        question
                            .sent_files
                            .retain(|(_, before)| before.file.name != file.file.name);
                        question.sent_files.push((sent.area.clone(), file.clone()));
                    }
                });
            }
            Event::HarmEvidenceGiven(evidence) => {
                self.change(std::slice::from_ref(&evidence.question), |question| {
                    question.harm.push(evidence.clone());
                });
            }
            Event::RouteChosen(choice) => {
                self.change(std::slice::from_ref(&choice.question), |question| {
                    question.route_chosen = Some(choice.route);
                });
            }
            Event::ConfirmOrDenyDecided(decided) => {
                self.deciders.insert(by.id.clone());
                self.draft = None;
                self.change(std::slice::from_ref(&decided.question), |question| {
                    question.confirm_or_deny = Some(decided.clone());
                    // Only a decision neither to confirm nor to deny is open to another look at the duty.
                    question.decision = None;
                });
            }
            Event::PublicInterestTested(test) => {
                let mut is_changed = false;
                self.change(&test.questions, |question| {
                    is_changed |= question.weigh(test);
                });
                if is_changed {
                    self.deciders.insert(by.id.clone());
                    self.draft = None;
                }
            }
            Event::OpinionSought(request) => {
                self.change(std::slice::from_ref(&request.question), |question| {
                    question.opinion_sought = Some(request.clone());
                });
            }
            Event::OpinionGiven(opinion) => {
                self.change(std::slice::from_ref(&opinion.question), |question| {
                    question.opinion = Some(opinion.clone());
                    question.opinion_sought = None;
                });
            }
            Event::DecisionMade(decided) => {
                self.deciders.insert(by.id.clone());
                // A letter composed before says something else.
                self.draft = None;
                self.change(std::slice::from_ref(&decided.question), |question| {
                    question.decision = Some(decided.clone());
                });
            }
            Event::Extended(extension) => {
                self.change(&extension.questions, |question| {
                    question.extended_until = Some(extension.until);
                });
            }
            Event::CostEstimated(estimate) => self.cost = Some(estimate.clone()),
            Event::DraftComposed(draft) => self.draft = Some(draft.clone()),
            Event::ApprovalSought(letter) => {
                self.letter_in_approval = Some(letter.sha256.clone());
                self.sent_back = None;
                self.sent_back_letter = None;
                self.reply_to_approver = letter.reply.clone();
                self.state = State::AwaitingApproval;
            }
            Event::Approved(_) => {
                self.approvers.insert(by.id.clone());
                self.state = State::Approved;
            }
            Event::SentBack(back) => {
                self.sent_back_letter = self.letter_in_approval.take();
                self.sent_back = Some(back.clone());
                self.sent_back_by = Some((by.id.clone(), recorded.at));
                self.state = self.working_state();
            }
            Event::Recalled(_) => {
                self.letter_in_approval = None;
                self.state = self.working_state();
            }
            Event::Issued(issue) => {
                self.letter_in_approval = None;
                self.draft = None;
                self.issued.push(issue.clone());
                for question in &mut self.questions {
                    if question.decision.is_some() && question.is_open() {
                        question.answered_on = Some(issue.sent_on);
                    }
                }
                self.state = if self.open_questions().next().is_none() {
                    State::Issued
                } else {
                    self.working_state()
                };
            }
            Event::PublicationPlanned(plan) => {
                self.publication_declined = None;
                self.publication_plan = Some(plan.clone());
            }
            Event::PublicationDeclined(reason) => {
                self.publication_plan = None;
                self.publication_declined = Some(reason.reason.clone());
            }
            Event::Published(publication) => {
                self.publication_plan = None;
                self.publication_declined = None;
                self.publication = Some(publication.clone());
                for state in &mut self.questions {
                    state.published = state.decision.clone();
                }
            }
            Event::Unpublished(reason) => {
                self.publication = None;
                for state in &mut self.questions {
                    state.published = None;
                }
                self.unpublished_because = Some(reason.reason.clone());
            }
            Event::ReviewAsked(review) => {
                self.review = Some(review.clone());
                self.reviewer = None;
                self.review_decision = None;
                self.state = State::UnderReview;
            }
            Event::ReviewDecided(decided) => {
                for reviewed in &decided.questions {
                    if let Some(decision) = &reviewed.decision {
                        self.change(std::slice::from_ref(&reviewed.question), |question| {
                            question.decision = Some(QuestionDecision {
                                question: reviewed.question.clone(),
                                decision: decision.clone(),
                                departs_because: Some(reviewed.reason.clone()),
                                already_public: Vec::new(),
                                in_part: None,
                                looked: None,
                                files: Vec::new(),
                                basis: decided.basis.clone(),
                            });
                        });
                    }
                }
                if decided.questions.iter().any(|one| one.decision.is_some()) {
                    // The publisher planned to publish the first answer.
                    self.publication_plan = None;
                }
                self.deciders.insert(by.id.clone());
                self.review_decision = Some(decided.clone());
                self.reviews_decided.push(decided.clone());
                self.state = State::Issued;
            }
            Event::ComplaintNotified(complaint) => {
                self.complaints.push(complaint.clone());
                self.state = State::AtCommissioner;
            }
            Event::Appealed(appeal) => {
                self.appeals.push(appeal.clone());
                self.state = State::AtTribunal;
            }
            Event::ComplaintDecided(ruling) | Event::AppealDecided(ruling) => {
                self.rulings.push(ruling.clone());
                self.state = State::Issued;
            }
            Event::Withdrawn(withdrawal) if withdrawal.questions.is_empty() => {
                self.withdrawn_on = Some(withdrawal.received_on);
                self.state = State::Closed;
            }
            Event::Withdrawn(withdrawal) => {
                self.change(&withdrawal.questions, |question| {
                    question.withdrawn_on = Some(withdrawal.received_on);
                    question.waiting_since = None;
                    question.decision = None;
                });
                // The letter is another one now, whoever has it.
                self.draft = None;
                self.letter_in_approval = None;
                self.state = match self.state {
                    _ if self.open_questions().next().is_none() => State::Issued,
                    State::AwaitingFee => State::AwaitingFee,
                    _ => self.working_state(),
                };
            }
            Event::Closed(closure) => {
                self.closure = Some(closure.clone());
                self.state = State::Closed;
            }
            Event::RetentionHeld(reason) => self.retention_hold = Some(reason.reason.clone()),
            Event::RetentionReleased(_) => self.retention_hold = None,
            // Both are for the history; `History::with` ends the case.
            Event::Destroyed(_) | Event::ApplicantShown(_) => {}
        }
    }

    /// Whether a key of this kind opens the holding of this question now, for this person.
    #[must_use]
    pub fn has_key(&self, by: &Actor, opening: &Opening) -> bool {
        match opening.key {
            KeyKind::DutyApplies => self.duty_to_confirm_or_deny(&opening.question).is_some(),
            KeyKind::InternalReview => self.reviewers_key(by, &opening.question).is_some(),
            KeyKind::CommissionerOrTribunal => self.commissioners_key(&opening.question).is_some(),
        }
    }
}

/// Who a case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitingFor {
    /// The officer.
    Officer,
    /// A service area.
    Area,
    /// The approver.
    Approver,
    /// The person who asked.
    Applicant,
    /// The Commissioner.
    Commissioner,
    /// The tribunal.
    Tribunal,
    /// Nobody.
    Nobody,
}

impl WaitingFor {
    /// The stored spelling.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Area => "area",
            Self::Approver => "approver",
            Self::Applicant => "applicant",
            Self::Commissioner => "commissioner",
            Self::Tribunal => "tribunal",
            Self::Nobody => "nobody",
        }
    }
}

/// How the answers of a case add up, in the categories of the official statistics. Neither confirmed nor denied counts
/// as refused: it depends on decisions only, never on what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every question answered in full.
    GrantedInFull,
    /// Some answered, some refused.
    GrantedInPart,
    /// None answered, some refused.
    RefusedInFull,
    /// Nothing held.
    NotHeld,
    /// The applicant didn't give the detail, or the fee, asked for.
    ClarificationNotReceived,
    /// The applicant withdrew.
    Withdrawn,
    /// Never a request under FOIA s.8.
    Invalid,
    /// Dealt with elsewhere, under another law than the Act.
    PassedOn,
}

impl Outcome {
    /// The stored spelling.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        match self {
            Self::GrantedInFull => "granted_in_full",
            Self::GrantedInPart => "granted_in_part",
            Self::RefusedInFull => "refused_in_full",
            Self::NotHeld => "not_held",
            Self::ClarificationNotReceived => "clarification_not_received",
            Self::Withdrawn => "withdrawn",
            Self::Invalid => "invalid",
            Self::PassedOn => "passed_on",
        }
    }
}
