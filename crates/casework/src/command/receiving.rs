//! From receipt to a search: validity, questions, clarification, fees, assignment.

use std::collections::BTreeSet;

use law::WorkingDays;

use super::{Check, plain};
use crate::case::Case;
use crate::event::{
    Acknowledgement, Addition, AdditionDealing, AdditionOutcome, Assignment, Clarification,
    ClarificationAnswer, ClarificationReply, ConfirmOrDenyOutcome, Event, FeePaid, FeePayment,
    QuestionDue, Questions, Receipt, Received, Withdrawal,
};
use crate::procedure::State;
use crate::treatment::{Treated, Treatment};

impl Check<'_> {
    pub(super) fn receive(&mut self, receipt: &Receipt) -> Option<Event> {
        self.filled(
            &receipt.reference,
            "receipt.no_reference",
            "give the request a reference",
        );
        if receipt.text.trim().is_empty() && receipt.attachments.is_empty() {
            self.problem("receipt.empty", "the request has no text and no attachment");
        }
        self.not_in_future(receipt.received_on, "receipt");
        for attachment in &receipt.attachments {
            self.sha256(&attachment.sha256);
        }
        let due_on = self.due(receipt.received_on, self.setting.answer_within);
        Some(Event::Received(Received {
            receipt: receipt.clone(),
            due_on,
        }))
    }

    pub(super) fn choose_treatment(&mut self, case: &Case, treatment: &Treatment) -> Option<Event> {
        let is_elsewhere = treatment.regime.is_elsewhere();
        if case.state == State::Closed && (case.passed_on().is_none() || is_elsewhere) {
            self.problem(
                "treatment.closed",
                if case.passed_on().is_some() {
                    "it was passed on; take it back here first"
                } else {
                    "the request is closed"
                },
            );
        }
        if is_elsewhere && !case.issued.is_empty() {
            self.problem(
                "treatment.answered",
                "a part of it is answered under the Act: decide the rest question by question",
            );
        }
        match &treatment.passed_to {
            Some(_) if !is_elsewhere => self.problem(
                "treatment.passed_on",
                "it is dealt with here, so it is passed to nobody",
            ),
            Some(area) => self.filled(
                area,
                "treatment.no_team",
                "name the team that goes on with it, or say that you pass it on yourself",
            ),
            None => {}
        }
        let regime = treatment.regime;
        let due_on = regime.due_on(case.receipt.received_on, self.setting.calendar);
        let due_on = due_on.unwrap_or_else(|beyond| {
            self.problem("calendar.beyond", beyond.to_string());
            None
        });
        Some(Event::TreatmentChosen(Treated {
            treatment: treatment.clone(),
            due_on,
            chosen_on: self.setting.today,
            taken_back: case.passed_on().is_some() && !is_elsewhere,
        }))
    }

    pub(super) fn acknowledge(
        &mut self,
        case: &Case,
        acknowledgement: &Acknowledgement,
    ) -> Option<Event> {
        if case.acknowledged.is_some() {
            self.problem("acknowledgement.sent", "it was acknowledged already");
        }
        self.not_in_future(acknowledgement.sent_on, "the acknowledgement");
        self.not_before(
            acknowledgement.sent_on,
            case.receipt.received_on,
            "an acknowledgement",
            "receipt",
        );
        Some(Event::Acknowledged(acknowledgement.clone()))
    }

    /// Ids are distinct, spans lie on character boundaries and don't overlap.
    pub(super) fn well_formed(&mut self, case: &Case, questions: &Questions) {
        let mut ids = BTreeSet::new();
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for question in &questions.questions {
            if question.id.0.is_empty() || !ids.insert(&question.id) {
                self.problem(
                    "questions.same_id",
                    format!("the id `{}` is empty or stands twice", question.id.0),
                );
            }
            if question.text.trim().is_empty() {
                self.problem(
                    "questions.empty",
                    format!("question {} has no words", question.label),
                );
            }
            let (start, end) = question.span;
            if case.receipt.text.get(start..end).is_none() {
                self.problem(
                    "questions.bad_span",
                    format!(
                        "bytes {start} to {end} of question {} are not within the request's text",
                        question.label
                    ),
                );
            }
            if spans.iter().any(|(s, e)| start < *e && *s < end) {
                self.problem(
                    "questions.overlap",
                    format!("question {} overlaps another", question.label),
                );
            }
            spans.push((start, end));
        }
    }

    pub(super) fn confirm_questions(
        &mut self,
        case: &Case,
        questions: &Questions,
    ) -> Option<Event> {
        self.well_formed(case, questions);
        if questions.questions.is_empty() {
            self.problem(
                "questions.none",
                "confirm at least one question, or say that the request isn't valid",
            );
        }
        for before in &case.questions {
            let kept = questions
                .questions
                .iter()
                .find(|question| question.id == before.question.id);
            // That we will say whether it is held binds nobody while nobody was asked to look for it.
            let id = &before.question.id;
            let is_looked_for = case
                .assignments
                .iter()
                .any(|assignment| assignment.questions.contains(id))
                || !before.searched_by.is_empty();
            let binds = match before.outcome() {
                None => false,
                Some(ConfirmOrDenyOutcome::DutyApplies) => is_looked_for,
                Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_)) => true,
            };
            let touched = before.decision.is_some() || binds || !before.is_open();
            if touched && kept.is_none_or(|kept| kept.text != before.question.text) {
                self.problem(
                    "questions.decided",
                    format!(
                        "question {} is decided in part, answered or withdrawn; it can't be changed or dropped",
                        before.question.label
                    ),
                );
            }
        }
        Some(Event::QuestionsConfirmed(questions.clone()))
    }

    pub(super) fn seek_clarification(
        &mut self,
        case: &Case,
        sought: &Clarification,
    ) -> Option<Event> {
        self.filled(
            &sought.wording,
            "clarification.no_wording",
            "say what can't be identified without an answer",
        );
        self.not_in_future(sought.sought_on, "the clarification");
        self.not_before(
            sought.sought_on,
            case.receipt.received_on,
            "a clarification",
            "receipt",
        );
        for question in self.questions(case, &sought.questions) {
            self.still_asked(question);
            if question.waiting_since.is_some() {
                self.problem(
                    "clarification.sought",
                    format!(
                        "question {} waits for the applicant already",
                        question.question.label
                    ),
                );
            }
            if question.decision.is_some() {
                self.problem(
                    "clarification.decided",
                    format!("question {} is decided", question.question.label),
                );
            }
        }
        Some(Event::ClarificationSought(sought.clone()))
    }

    pub(super) fn give_clarification(
        &mut self,
        case: &Case,
        answer: &ClarificationAnswer,
    ) -> Option<Event> {
        self.filled(
            &answer.text,
            "clarification.empty",
            "the answer has no words",
        );
        self.not_in_future(answer.received_on, "the answer");
        for question in self.questions(case, &answer.questions) {
            match question.waiting_since {
                Some(since) => {
                    self.not_before(answer.received_on, since, "an answer", "the question");
                }
                None => self.problem(
                    "clarification.not_sought",
                    format!(
                        "question {} doesn't wait for the applicant, so its clock doesn't restart",
                        question.question.label
                    ),
                ),
            }
        }
        let due_on = self.due(answer.received_on, self.setting.answer_within);
        Some(Event::ClarificationGiven(ClarificationReply {
            answer: answer.clone(),
            due_on,
        }))
    }

    pub(super) fn add_to_request(&mut self, case: &Case, addition: &Addition) -> Option<Event> {
        if addition.text.trim().is_empty() && addition.attachments.is_empty() {
            self.problem("addition.empty", "nothing was added: no words and no file");
        }
        self.not_in_future(addition.received_on, "the addition");
        self.not_before(
            addition.received_on,
            case.receipt.received_on,
            "an addition",
            "receipt",
        );
        for attachment in &addition.attachments {
            self.sha256(&attachment.sha256);
        }
        Some(Event::AddedTo(addition.clone()))
    }

    pub(super) fn deal_with_addition(
        &mut self,
        case: &Case,
        dealing: &AdditionDealing,
    ) -> Option<Event> {
        let at = dealing.addition.checked_sub(1);
        match at.and_then(|at| case.additions.get(at)) {
            None => self.problem(
                "dealing.unknown",
                format!("nothing was added under number {}", dealing.addition),
            ),
            Some(added) if added.outcome.is_some() => self.problem(
                "dealing.done",
                format!(
                    "it is recorded already what becomes of addition {}",
                    dealing.addition
                ),
            ),
            Some(_) => {}
        }
        if matches!(&dealing.outcome, AdditionOutcome::NewRequest(reference) if reference.trim().is_empty())
        {
            self.problem(
                "dealing.no_reference",
                "give the reference under which the new request was taken in",
            );
        }
        Some(Event::AdditionDealtWith(dealing.clone()))
    }

    /// The request is withdrawn, or some of its questions. Who withdraws all of them before any was answered withdraws the
    /// request.
    pub(super) fn withdraw(&mut self, case: &Case, withdrawal: &Withdrawal) -> Option<Event> {
        self.not_in_future(withdrawal.received_on, "the withdrawal");
        self.not_before(
            withdrawal.received_on,
            case.receipt.received_on,
            "a withdrawal",
            "receipt",
        );
        if withdrawal.questions.is_empty() {
            return Some(Event::Withdrawn(withdrawal.clone()));
        }
        if !case.questions_confirmed {
            self.problem(
                "withdrawal.questions_not_confirmed",
                "confirm the questions before one of them is withdrawn",
            );
        }
        for question in self.questions(case, &withdrawal.questions) {
            self.still_asked(question);
            if question.answered_on.is_some() {
                self.problem(
                    "withdrawal.answered",
                    format!("question {} was answered", question.question.label),
                );
            }
        }
        let all = case.issued.is_empty()
            && case
                .open_questions()
                .all(|state| withdrawal.questions.contains(&state.question.id));
        Some(Event::Withdrawn(if all {
            Withdrawal::whole(withdrawal.received_on)
        } else {
            withdrawal.clone()
        }))
    }

    pub(super) fn record_fee(&mut self, case: &Case, payment: &FeePayment) -> Option<Event> {
        let notice = case.fees_notice.as_ref()?;
        self.not_in_future(payment.received_on, "payment");
        self.not_before(
            payment.received_on,
            notice.given_on,
            "payment",
            "the notice",
        );
        // The working days from the notice to the payment, both included, are disregarded, FOIA s.10(2).
        let before = notice.given_on.yesterday().unwrap_or(notice.given_on);
        let disregarded = self
            .setting
            .calendar
            .working_days_between(before, payment.received_on)
            .unwrap_or_else(|beyond| {
                self.problem("calendar.beyond", beyond.to_string());
                0
            });
        let within = WorkingDays(self.setting.answer_within.0.saturating_add(disregarded));
        let due_on = self.due(case.receipt.received_on, within);
        let questions = case
            .open_questions()
            .map(|question| QuestionDue {
                question: question.question.id.clone(),
                due_on: self.due(question.day_zero, within),
            })
            .collect();
        Some(Event::FeePaid(FeePaid {
            received_on: payment.received_on,
            due_on,
            questions,
        }))
    }

    pub(super) fn assign(&mut self, case: &Case, assignment: &Assignment) -> Option<Event> {
        self.filled(
            &assignment.area,
            "assignment.no_area",
            "name a service area",
        );
        for question in self.questions(case, &assignment.questions) {
            self.still_asked(question);
            if question.neither_confirmed_nor_denied() {
                self.problem(
                    "assignment.neither_confirm_nor_deny",
                    format!(
                        "question {} is neither confirmed nor denied: no search is made for it",
                        question.question.label
                    ),
                );
            }
            if case.is_searching(&assignment.area, &question.question.id) {
                self.problem(
                    "assignment.asked",
                    format!(
                        "question {} is with this team already; remind them instead",
                        question.question.label
                    ),
                );
            }
        }
        let today = self.setting.today;
        if assignment.wanted_on < today {
            self.problem(
                "assignment.past",
                "the day by which the answer is wanted has passed",
            );
        }
        if let Some(due_on) = case
            .next_due_on()
            .filter(|due_on| *due_on >= today && *due_on < assignment.wanted_on)
        {
            self.problem(
                "assignment.too_late",
                format!(
                    "the request must be answered by {}; ask for it earlier",
                    plain(due_on)
                ),
            );
        }
        Some(Event::Assigned(assignment.clone()))
    }
}
