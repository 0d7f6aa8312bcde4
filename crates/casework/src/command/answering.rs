//! From the letter to the end: approval, issue, publication, review, ruling, closing, destruction.

use super::{Check, plain};
use crate::case::{Case, QuestionState};
use crate::decision::Decision;
use crate::disclosure_log;
use crate::event::{
    ApplicantLook, Approval, Closure, ClosureReason, Complaint, Destruction, Draft, Event, Issue,
    LetterReference, Publication, QuestionId, ReviewDecision, ReviewOutcome, ReviewRequest,
    ReviewRequestMade, Ruling,
};
use crate::procedure::State;
use crate::role::Role;

/// The longest title of an entry in the log, in characters: a heading, in lists and feeds too.
const LONGEST_TITLE: usize = 200;

impl Check<'_> {
    pub(super) fn compose_draft(&mut self, case: &Case, draft: &Draft) -> Option<Event> {
        self.sha256(&draft.letter_sha256);
        for file in &draft.files {
            self.sha256(&file.sha256);
        }
        let mut any = false;
        for question in case.open_questions() {
            any |= question.decision.is_some();
            if question.decision.is_none() && case.apart(question).is_none() {
                self.problem(
                    "draft.undecided",
                    format!("question {} has no decision", question.question.label),
                );
            }
        }
        if !any {
            self.problem("draft.nothing_decided", "there is nothing to answer yet");
        }
        Some(Event::DraftComposed(draft.clone()))
    }

    pub(super) fn seek_approval(&mut self, case: &Case, letter: &LetterReference) -> Option<Event> {
        match &case.draft {
            Some(draft) if draft.letter_sha256 == letter.sha256 => {
                for error in &draft.errors {
                    // Recorded with its code before it, which is for programs.
                    let error = error
                        .split_once(": ")
                        .map_or(error.as_str(), |(_, said)| said);
                    self.problem(
                        "approval.letter_fails",
                        format!("the letter fails the check: {error}"),
                    );
                }
                for warning in &draft.warnings {
                    if warning
                        .kept_because
                        .as_deref()
                        .is_none_or(|reason| reason.trim().is_empty())
                    {
                        self.problem(
                            "approval.warning_open",
                            format!(
                                "deal with the warning {}, or say why it stays",
                                warning.code
                            ),
                        );
                    }
                }
            }
            _ => self.problem(
                "approval.other_letter",
                "this isn't the letter as it stands; compose it again",
            ),
        }
        let is_replied = letter
            .reply
            .as_deref()
            .is_some_and(|reply| !reply.trim().is_empty());
        if case.sent_back_letter.as_ref() == Some(&letter.sha256) && !is_replied {
            self.problem(
                "approval.unchanged",
                "this is the letter that was sent back, word for word; change it, or tell the approver why it stays",
            );
        }
        Some(Event::ApprovalSought(letter.clone()))
    }

    pub(super) fn approve(&mut self, case: &Case, approval: &Approval) -> Option<Event> {
        if case.letter_in_approval.as_deref() != Some(approval.letter_sha256.as_str()) {
            self.problem(
                "approval.letter_changed",
                "the letter changed while you were reading; read the change before you approve",
            );
        }
        if case.deciders.contains(&self.by.id) {
            self.problem(
                "approval.own_decision",
                "you decided part of this case, so someone else must approve it",
            );
        }
        if !approval.judged {
            self.problem(
                "approval.not_judged",
                "say that the reasons are about this request, that nothing more could be given, and that the balance is fair",
            );
        }
        Some(Event::Approved(approval.clone()))
    }

    pub(super) fn issue(&mut self, case: &Case, issue: &Issue) -> Option<Event> {
        if case.letter_in_approval.as_deref() != Some(issue.letter_sha256.as_str()) {
            self.problem(
                "issue.other_letter",
                "this isn't the letter that was approved",
            );
        }
        for file in &issue.files {
            self.sha256(&file.sha256);
        }
        self.not_in_future(issue.sent_on, "the answer");
        self.not_before(
            issue.sent_on,
            case.receipt.received_on,
            "an answer",
            "receipt",
        );
        Some(Event::Issued(issue.clone()))
    }

    pub(super) fn plan_publication(
        &mut self,
        case: &Case,
        publication: &Publication,
    ) -> Option<Event> {
        self.publishable(case);
        self.publication(publication);
        if publication.published_on <= self.setting.today {
            self.problem(
                "publication.not_later",
                format!(
                    "{} isn't after today; publish it instead",
                    plain(publication.published_on)
                ),
            );
        }
        Some(Event::PublicationPlanned(publication.clone()))
    }

    pub(super) fn publish(&mut self, case: &Case, publication: &Publication) -> Option<Event> {
        match &case.publication {
            // What a review changed is published anew, at the address that others know.
            Some(standing) if case.is_superseded_in_log() => {
                if standing.address != publication.address {
                    self.problem(
                        "publication.other_address",
                        format!("it keeps its address, {}", standing.address),
                    );
                }
            }
            _ => self.publishable(case),
        }
        self.publication(publication);
        self.not_in_future(publication.published_on, "publication");
        // Candour carries out what a publisher decided, and nothing else.
        if self.by.role == Role::Candour
            && case.publication_plan.as_ref().is_none_or(|plan| {
                plan.address != publication.address
                    || plan.title != publication.title
                    || plan.published_on > publication.published_on
            })
        {
            self.problem(
                "publication.not_planned",
                "no publisher planned this publication",
            );
        }
        Some(Event::Published(publication.clone()))
    }

    /// Whether it is published is still to be decided.
    pub(super) fn publishable(&mut self, case: &Case) {
        if case.issued.is_empty() {
            self.problem(
                "publication.not_answered",
                "only what was answered can be published",
            );
        }
        if case.publication.is_some() {
            self.problem("publication.there", "it is published already");
        }
    }

    fn publication(&mut self, publication: &Publication) {
        if publication.title.chars().count() > LONGEST_TITLE {
            self.problem(
                "publication.long_title",
                format!("a title has at most {LONGEST_TITLE} characters"),
            );
        }
        self.filled(
            &publication.title,
            "publication.no_title",
            "give it a title",
        );
        if !disclosure_log::is_address(&publication.address) {
            self.problem(
                "publication.bad_address",
                "an address is a year, a slash, and small letters, digits and hyphens, like 2026/laptop-replacement",
            );
        }
    }

    pub(super) fn ask_review(&mut self, case: &Case, request: &ReviewRequestMade) -> Option<Event> {
        self.not_in_future(request.received_on, "the request for a review");
        match case.issued.last() {
            None => self.problem("review.nothing_answered", "there is no answer to review"),
            Some(answer) => {
                self.not_before(
                    request.received_on,
                    answer.sent_on,
                    "a request for a review",
                    "the answer",
                );
                let last_day = self.due(answer.sent_on, self.setting.ask_review_within);
                if request.received_on > last_day
                    && request
                        .late_but_taken_because
                        .as_deref()
                        .is_none_or(|reason| reason.trim().is_empty())
                {
                    self.problem(
                        "review.late",
                        format!(
                            "this came after {}; you may still take it, if you say why",
                            plain(last_day)
                        ),
                    );
                }
            }
        }
        for question in &request.questions {
            self.question(case, question);
        }
        let asked: Vec<&QuestionId> = if request.questions.is_empty() {
            case.questions
                .iter()
                .map(|state| &state.question.id)
                .collect()
        } else {
            request.questions.iter().collect()
        };
        if !asked.is_empty() && asked.iter().all(|id| case.is_reviewed(id)) {
            self.problem(
                "review.done",
                "this was reviewed already, and an answer is reviewed once; whoever is still dissatisfied may apply to the \
                 Commissioner",
            );
        }
        let due_on = self.due(request.received_on, self.setting.review_within);
        Some(Event::ReviewAsked(ReviewRequest {
            request: request.clone(),
            due_on,
        }))
    }

    pub(super) fn decide_review(
        &mut self,
        case: &Case,
        decision: &ReviewDecision,
    ) -> Option<Event> {
        if !case.is_new_to(&self.by.id) {
            self.problem(
                "review.not_new",
                "you took part in the first answer; somebody who didn't must decide the review",
            );
        }
        self.not_in_future(decision.sent_on, "the review");
        let due_on = case.review.as_ref().map(|review| review.due_on);
        if let Some(due_on) = due_on.filter(|due_on| decision.sent_on > *due_on)
            && decision
                .late_because
                .as_deref()
                .is_none_or(|reason| reason.trim().is_empty())
        {
            self.problem(
                "review.no_late_reason",
                format!(
                    "this leaves after {}, when the review was due; say why it took longer",
                    plain(due_on)
                ),
            );
        }
        for state in case
            .review
            .iter()
            .flat_map(|review| case.under_review(review))
        {
            let id = &state.question.id;
            if !decision
                .questions
                .iter()
                .any(|reviewed| reviewed.question == *id)
            {
                self.problem(
                    "review.question_missing",
                    format!(
                        "choose an outcome for question {}: it is under review too",
                        state.question.label
                    ),
                );
            }
        }
        for file in &decision.files {
            self.sha256(&file.sha256);
        }
        for reviewed in &decision.questions {
            self.question(case, &reviewed.question);
            let label = case
                .question(&reviewed.question)
                .map_or(reviewed.question.0.as_str(), |state| {
                    state.question.label.as_str()
                });
            self.filled(
                &reviewed.reason,
                "review.no_reason",
                "say what you checked afresh; repeating the first letter is not a review",
            );
            match (&reviewed.outcome, &reviewed.decision) {
                (ReviewOutcome::OriginalUpheld, Some(_)) => self.problem(
                    "review.upheld_and_changed",
                    format!("question {label}: an answer that is upheld can't have a new decision"),
                ),
                (ReviewOutcome::Changed | ReviewOutcome::PartlyChanged, None) => self.problem(
                    "review.no_decision",
                    format!("give the new answer to question {label}"),
                ),
                (_, Some(new)) => {
                    self.nothing_owed(new);
                    if let Some(state) = case.question(&reviewed.question) {
                        self.tenable_at_review(state, new);
                    }
                }
                (ReviewOutcome::OriginalUpheld, None) => {}
            }
        }
        Some(Event::ReviewDecided(decision.clone()))
    }

    /// What a review decides instead rests on what the first answer would have had to rest on: a search for what is said of
    /// its being held, and for an exemption its own test.
    fn tenable_at_review(&mut self, state: &QuestionState, new: &Decision) {
        let label = &state.question.label;
        let says_held = match new {
            Decision::NotHeld => Some("isn't held"),
            Decision::Withheld(_) if state.neither_confirmed_nor_denied() => Some("is held"),
            _ => None,
        };
        if let Some(said) = says_held.filter(|_| state.searched_by.is_empty()) {
            self.problem(
                "review.not_searched",
                format!("question {label}: nobody has finished a search for it, so nobody can say that it {said}"),
            );
        }
        let Decision::Withheld(exemptions) = new else {
            return;
        };
        for applied in exemptions {
            self.fits(state, applied);
            let is_one_sided = applied
                .public_interest()
                .is_some_and(|test| test.favouring.is_empty() || test.against.is_empty());
            if is_one_sided {
                self.problem(
                    "review.nothing_weighed",
                    format!(
                        "question {label}: give a reason on each side before you rely on {}",
                        applied.provision()
                    ),
                );
            }
        }
    }

    pub(super) fn complaint(&mut self, complaint: &Complaint) {
        self.filled(
            &complaint.reference,
            "complaint.no_reference",
            "give its reference",
        );
        self.not_in_future(complaint.notified_on, "notification");
    }

    pub(super) fn ruling(&mut self, ruling: &Ruling) {
        self.filled(
            &ruling.reference,
            "ruling.no_reference",
            "give its reference",
        );
        self.not_in_future(ruling.decided_on, "the decision");
    }

    pub(super) fn close(&mut self, case: &Case, closure: &Closure) -> Option<Event> {
        self.not_in_future(closure.closed_on, "closing");
        let fits = match closure.reason {
            ClosureReason::Answered => case.state == State::Issued,
            ClosureReason::Invalid => case.state == State::Invalid,
            ClosureReason::ClarificationLapsed => case.state == State::AwaitingClarification,
            ClosureReason::FeeNotPaid => case.state == State::AwaitingFee,
        };
        if !fits {
            self.problem(
                "closure.wrong_reason",
                format!(
                    "a case that is {} isn't closed for this reason",
                    case.state.name()
                ),
            );
        }
        let payable_until = case
            .fees_notice
            .as_ref()
            .and_then(|notice| Some(self.setting.fee?.payable_until(notice.given_on)));
        if let Some(until) = payable_until
            .filter(|_| closure.reason == ClosureReason::FeeNotPaid)
            .filter(|until| *until >= closure.closed_on)
        {
            self.problem(
                "closure.fee_payable",
                format!(
                    "the fee can be paid until {}; until then the request stands, FOIA s.9(2)",
                    super::plain(until)
                ),
            );
        }
        if !case.overdue.is_empty() && case.late_cause.is_none() {
            self.problem(
                "closure.no_late_cause",
                "say why it was late before closing it",
            );
        }
        Some(Event::Closed(closure.clone()))
    }

    pub(super) fn destroy(&mut self, case: &Case, destruction: &Destruction) -> Option<Event> {
        self.filled(
            &destruction.rule,
            "retention.no_rule",
            "name the rule of the retention schedule",
        );
        self.not_in_future(destruction.destroyed_on, "destruction");
        if let Some(reason) = &case.retention_hold {
            self.problem(
                "retention.held",
                format!("the records must be kept: {reason}; release them first"),
            );
        }
        Some(Event::Destroyed(destruction.clone()))
    }

    pub(super) fn show_applicant(&mut self, case: &Case, look: &ApplicantLook) -> Option<Event> {
        if !look.reason.is_for(self.by.role) {
            self.problem(
                "applicant.wrong_reason",
                format!(
                    "that isn't a reason for which the role of {} looks",
                    self.by.role.name()
                ),
            );
        }
        if case.receipt.applicant.is_none() {
            self.problem("applicant.unknown", "nothing is known of the applicant");
        }
        Some(Event::ApplicantShown(look.clone()))
    }
}
