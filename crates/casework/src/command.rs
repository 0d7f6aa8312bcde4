//! What people and Candour do to a case: each command is checked against the table, the law and the case, and becomes
//! events or a list of everything that stands in its way.

mod answering;
mod deciding;
mod receiving;

pub use deciding::departs;

use jiff::civil::Date;
use law::{Calendar, Fee, Problem, Statute, WorkingDays};
use serde::{Deserialize, Serialize};

use crate::case::{Case, History, QuestionState};
use crate::confirm_or_deny::Consideration;
use crate::event::{
    Acknowledgement, Addition, AdditionDealing, ApplicantLook, Approval, Assignment, Clarification,
    ClarificationAnswer, Closure, Complaint, CostEstimate, Destruction, Draft, Event, Extension,
    FeePayment, FeesNotice, HarmEvidence, Issue, LateCauseChoice, LetterReference, Opening,
    Opinion, OpinionRequest, Overdue, Owner, PublicInterest, Publication, QuestionDecision,
    QuestionId, Questions, Reason, Receipt, Reminder, ReviewDecision, ReviewRequestMade,
    RouteChoice, Ruling, Search, SentBack, TaskReturn, TeamFiles, ValidityCheck, Withdrawal,
};
use crate::procedure::{self, State};
use crate::role::{Actor, Role};
use crate::treatment::Treatment;

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($payload:ty) = $spelling:literal,)*) => {
        /// What somebody wants to do to a case.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "command", content = "with")]
        pub enum Command {
            $($(#[$doc])* #[serde(rename = $spelling)] $name($payload),)*
        }

        /// The kinds of commands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CommandKind {
            $($(#[$doc])* $name,)*
        }

        impl CommandKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The spelling in JSON and on the command line, `seek_clarification`.
            #[must_use]
            pub fn spelling(self) -> &'static str {
                match self { $(Self::$name => $spelling,)* }
            }
        }

        impl Command {
            /// Its kind.
            #[must_use]
            pub fn kind(&self) -> CommandKind {
                match self { $(Self::$name(_) => CommandKind::$name,)* }
            }
        }
    };
}

commands! {
    /// Take in a request.
    Receive(Receipt) = "receive",
    /// Say whether it is valid, FOIA s.8(1).
    CheckValidity(ValidityCheck) = "check_validity",
    /// Choose under which law it is dealt with, and where.
    ChooseTreatment(Treatment) = "choose_treatment",
    /// Tell the applicant that it came in.
    Acknowledge(Acknowledgement) = "acknowledge",
    /// Record what triage read.
    ProposeQuestions(Questions) = "propose_questions",
    /// Confirm or re-split the questions.
    ConfirmQuestions(Questions) = "confirm_questions",
    /// Ask the applicant for detail, FOIA s.1(3).
    SeekClarification(Clarification) = "seek_clarification",
    /// Record the applicant's detail.
    GiveClarification(ClarificationAnswer) = "give_clarification",
    /// Add something to the request without being asked.
    AddToRequest(Addition) = "add_to_request",
    /// Say what becomes of something that was added.
    DealWithAddition(AdditionDealing) = "deal_with_addition",
    /// Give a fees notice, FOIA s.9.
    GiveFeesNotice(FeesNotice) = "give_fees_notice",
    /// Record that the fee came.
    RecordFee(FeePayment) = "record_fee",
    /// Say who answers for the case.
    AssignOwner(Owner) = "assign_owner",
    /// Ask a service area to search.
    Assign(Assignment) = "assign",
    /// Remind a service area or the owner.
    Remind(Reminder) = "remind",
    /// Record that the last day passed.
    MarkOverdue(Overdue) = "mark_overdue",
    /// Say why the case is late.
    ChooseLateCause(LateCauseChoice) = "choose_late_cause",
    /// Finish a search; what it found goes under seal.
    FinishSearch(Search) = "finish_search",
    /// Give a question back without a search.
    ReturnTask(TaskReturn) = "return_task",
    /// Send files for the answer to a question.
    SendFiles(TeamFiles) = "send_files",
    /// Open a sealed holding.
    OpenHolding(Opening) = "open_holding",
    /// Give evidence of harm.
    GiveHarmEvidence(HarmEvidence) = "give_harm_evidence",
    /// Choose the route of a question before the proposal is shown.
    ChooseRoute(RouteChoice) = "choose_route",
    /// Decide whether the duty to confirm or deny applies.
    DecideConfirmOrDeny(Consideration) = "decide_confirm_or_deny",
    /// Weigh the public interest.
    TestPublicInterest(PublicInterest) = "test_public_interest",
    /// Ask the qualified person for an opinion.
    SeekOpinion(OpinionRequest) = "seek_opinion",
    /// Give the qualified person's opinion.
    GiveOpinion(Opinion) = "give_opinion",
    /// Decide a question.
    Decide(QuestionDecision) = "decide",
    /// Take more time for the public interest test, FOIA s.10(3).
    Extend(Extension) = "extend",
    /// Estimate the cost, FOIA s.12.
    EstimateCost(CostEstimate) = "estimate_cost",
    /// Compose the letter.
    ComposeDraft(Draft) = "compose_draft",
    /// Send it to an approver.
    SeekApproval(LetterReference) = "seek_approval",
    /// Approve it.
    Approve(Approval) = "approve",
    /// Send it back.
    SendBack(SentBack) = "send_back",
    /// Take it back to change it.
    Recall(Reason) = "recall",
    /// Send the answer.
    Issue(Issue) = "issue",
    /// Set the day of its publication.
    PlanPublication(Publication) = "plan_publication",
    /// Publish it.
    Publish(Publication) = "publish",
    /// Decide not to publish it.
    DeclinePublication(Reason) = "decline_publication",
    /// Take it out of the log.
    Unpublish(Reason) = "unpublish",
    /// Ask for an internal review.
    AskReview(ReviewRequestMade) = "ask_review",
    /// Decide the review.
    DecideReview(ReviewDecision) = "decide_review",
    /// Record a complaint to the Commissioner.
    NotifyComplaint(Complaint) = "notify_complaint",
    /// Record the Commissioner's decision.
    DecideComplaint(Ruling) = "decide_complaint",
    /// Record an appeal to the tribunal.
    Appeal(Complaint) = "appeal",
    /// Record the tribunal's decision.
    DecideAppeal(Ruling) = "decide_appeal",
    /// Withdraw the request, or some of its questions.
    Withdraw(Withdrawal) = "withdraw",
    /// Close the case.
    Close(Closure) = "close",
    /// Keep the records whatever the schedule says.
    HoldRetention(Reason) = "hold_retention",
    /// End that.
    ReleaseRetention(Reason) = "release_retention",
    /// Destroy the contents under the schedule.
    Destroy(Destruction) = "destroy",
    /// Look at the applicant's name and contact.
    ShowApplicant(ApplicantLook) = "show_applicant",
}

impl CommandKind {
    /// The kind in words, "seek clarification".
    #[must_use]
    pub fn name(self) -> String {
        self.spelling().replace('_', " ")
    }

    /// What it does, as a sentence goes on with it: "record the reply to a request for clarification".
    #[must_use]
    pub fn deed(self) -> &'static str {
        match self {
            Self::Receive => "take in a request",
            Self::CheckValidity => "say whether it is a valid request",
            Self::ChooseTreatment => "choose under which law the request is dealt with",
            Self::Acknowledge => "acknowledge the request",
            Self::ProposeQuestions => "propose questions",
            Self::ConfirmQuestions => "confirm the questions",
            Self::SeekClarification => "ask for clarification",
            Self::GiveClarification => "record the reply to a request for clarification",
            Self::AddToRequest => "add to the request",
            Self::DealWithAddition => "say what becomes of something that was added",
            Self::GiveFeesNotice => "give a fees notice",
            Self::RecordFee => "record the fee",
            Self::AssignOwner => "give the request to somebody",
            Self::Assign => "ask a team",
            Self::Remind => "send a reminder",
            Self::MarkOverdue => "record that the request is late",
            Self::ChooseLateCause => "choose why the request is late",
            Self::FinishSearch => "finish a search",
            Self::ReturnTask => "give a question back",
            Self::SendFiles => "send files for an answer",
            Self::OpenHolding => "open what a search found",
            Self::GiveHarmEvidence => "give evidence of harm",
            Self::ChooseRoute => "choose the route of a question",
            Self::DecideConfirmOrDeny => "decide whether to say that it is held",
            Self::TestPublicInterest => "weigh the public interest",
            Self::SeekOpinion => "ask for the qualified person's opinion",
            Self::GiveOpinion => "give the qualified person's opinion",
            Self::Decide => "decide a question",
            Self::Extend => "take more time",
            Self::EstimateCost => "estimate the cost",
            Self::ComposeDraft => "compose the letter",
            Self::SeekApproval => "send the letter for approval",
            Self::Approve => "approve the letter",
            Self::SendBack => "send the letter back",
            Self::Recall => "take the letter back",
            Self::Issue => "send the answer",
            Self::PlanPublication => "plan the publication",
            Self::Publish => "publish the answer",
            Self::Unpublish => "take the answer out of the log",
            Self::DeclinePublication => "decide not to publish the answer",
            Self::AskReview => "ask for an internal review",
            Self::DecideReview => "decide the internal review",
            Self::NotifyComplaint => "record a complaint to the Commissioner",
            Self::DecideComplaint => "record the Commissioner's decision",
            Self::Appeal => "record an appeal to the tribunal",
            Self::DecideAppeal => "record the tribunal's decision",
            Self::Withdraw => "withdraw the request",
            Self::Close => "close the request",
            Self::HoldRetention => "keep the records longer",
            Self::ReleaseRetention => "release the records",
            Self::Destroy => "destroy the records",
            Self::ShowApplicant => "look at who asked",
        }
    }
}

/// What a command is checked against besides the case.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Today in Europe/London.
    pub today: Date,
    /// Working days, FOIA s.10(6).
    pub calendar: &'a Calendar,
    /// The exemptions.
    pub statute: &'a Statute,
    /// The time for answering, FOIA s.10(1).
    pub answer_within: WorkingDays,
    /// The time for answering an internal review, from practice.
    pub review_within: WorkingDays,
    /// How long after the answer a review may be asked for, from practice.
    pub ask_review_within: WorkingDays,
    /// What follows when a fee is asked for, FOIA s.9.
    pub fee: Option<&'a Fee>,
}

/// What a command does to a case, as events; or everything that stands in its way.
///
/// # Errors
/// The role may not do this in this state, or the command is incomplete, impossible or unlawful; each problem says the
/// way out.
pub fn check(
    history: &History,
    by: &Actor,
    command: &Command,
    setting: &Setting<'_>,
) -> Result<Vec<Event>, Vec<Problem>> {
    let state = history.state();
    if !procedure::allowed(by.role, state, command.kind()) {
        return Err(vec![not_allowed(by.role, state, command.kind())]);
    }
    let mut check = Check {
        setting,
        by,
        problems: Vec::new(),
    };
    let event = match (command, history.case()) {
        (Command::Receive(receipt), _) => check.receive(receipt),
        (_, Some(case)) => check.on(case, command),
        (_, None) => return Err(vec![not_allowed(by.role, state, command.kind())]),
    };
    match event {
        Some(event) if check.problems.is_empty() => Ok(vec![event]),
        _ => Err(check.problems),
    }
}

fn not_allowed(role: Role, state: State, kind: CommandKind) -> Problem {
    let rule = procedure::RULES.iter().find(|rule| rule.command == kind);
    let deed = kind.deed();
    let message = match rule {
        Some(rule) if !rule.roles.contains(&role) => {
            let roles: Vec<&str> = rule.roles.iter().map(|role| role.name()).collect();
            format!(
                "as {} you can't {deed}; this is for: {}",
                role.name(),
                roles.join(", ")
            )
        }
        Some(rule) => {
            let states: Vec<&str> = rule.states.iter().map(|state| state.in_words()).collect();
            let with_approver = matches!(state, State::AwaitingApproval | State::Approved);
            if with_approver && rule.states.contains(&State::Open) {
                return Problem::at(
                    0..0,
                    "case.not_allowed",
                    format!(
                        "you can't {deed} while the request is {}; take the letter back first",
                        state.in_words()
                    ),
                );
            }
            format!(
                "you can't {deed} while the request is {}; it can be done while it is: {}",
                state.in_words(),
                states.join(", ")
            )
        }
        None => format!("you can't {deed}"),
    };
    Problem::at(0..0, "case.not_allowed", message)
}

/// A day as people write it: "2 November 2026".
pub(crate) fn plain(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

struct Check<'a> {
    setting: &'a Setting<'a>,
    by: &'a Actor,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, code: &'static str, message: impl Into<String>) {
        self.problems.push(Problem::at(0..0, code, message));
    }

    fn filled(&mut self, text: &str, code: &'static str, ask: &str) {
        if text.trim().is_empty() {
            self.problem(code, ask);
        }
    }

    fn not_in_future(&mut self, date: Date, what: &str) {
        if date > self.setting.today {
            self.problem(
                "case.in_the_future",
                format!(
                    "{what} on {} is in the future: today is {}",
                    plain(date),
                    plain(self.setting.today)
                ),
            );
        }
    }

    fn not_before(&mut self, date: Date, first: Date, what: &str, than: &str) {
        if date < first {
            self.problem(
                "case.out_of_order",
                format!(
                    "{what} on {} can't come before {than} on {}",
                    plain(date),
                    plain(first)
                ),
            );
        }
    }

    fn due(&mut self, day_zero: Date, within: WorkingDays) -> Date {
        self.setting
            .calendar
            .nth_working_day_after(day_zero, within)
            .unwrap_or_else(|beyond| {
                self.problem("calendar.beyond", beyond.to_string());
                day_zero
            })
    }

    fn question<'c>(&mut self, case: &'c Case, id: &QuestionId) -> Option<&'c QuestionState> {
        let found = case.question(id);
        if found.is_none() {
            let known: Vec<&str> = case
                .questions
                .iter()
                .map(|question| question.question.id.0.as_str())
                .collect();
            self.problem(
                "question.unknown",
                format!(
                    "this case has no question `{}`; it has: {}",
                    id.0,
                    known.join(", ")
                ),
            );
        }
        found
    }

    fn questions<'c>(&mut self, case: &'c Case, ids: &[QuestionId]) -> Vec<&'c QuestionState> {
        if ids.is_empty() {
            self.problem("question.none", "name at least one question");
        }
        ids.iter()
            .filter_map(|id| self.question(case, id))
            .collect()
    }

    /// Nothing more is done about a question that the applicant no longer asks.
    fn still_asked(&mut self, question: &QuestionState) {
        if let Some(on) = question.withdrawn_on {
            self.problem(
                "question.withdrawn",
                format!(
                    "question {} was withdrawn on {}",
                    question.question.label,
                    plain(on)
                ),
            );
        }
    }

    fn sha256(&mut self, hash: &str) {
        if hash.len() != 64
            || !hash
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        {
            self.problem(
                "case.not_a_hash",
                format!("`{hash}` is not a SHA-256 in lower-case hexadecimal"),
            );
        }
    }

    fn on(&mut self, case: &Case, command: &Command) -> Option<Event> {
        match command {
            Command::Receive(_) => None,
            Command::ChooseTreatment(treatment) => self.choose_treatment(case, treatment),
            Command::CheckValidity(validity) => Some(Event::ValidityChecked(validity.clone())),
            Command::Acknowledge(acknowledgement) => self.acknowledge(case, acknowledgement),
            Command::ProposeQuestions(questions) => {
                self.well_formed(case, questions);
                if case.questions_confirmed {
                    self.problem(
                        "questions.confirmed",
                        "an officer has confirmed the questions; confirm them again to change them",
                    );
                }
                Some(Event::QuestionsProposed(questions.clone()))
            }
            Command::ConfirmQuestions(questions) => self.confirm_questions(case, questions),
            Command::SeekClarification(sought) => self.seek_clarification(case, sought),
            Command::GiveClarification(answer) => self.give_clarification(case, answer),
            Command::AddToRequest(addition) => self.add_to_request(case, addition),
            Command::DealWithAddition(dealing) => self.deal_with_addition(case, dealing),
            Command::GiveFeesNotice(notice) => {
                self.not_in_future(notice.given_on, "the fees notice");
                self.not_before(
                    notice.given_on,
                    case.receipt.received_on,
                    "a fees notice",
                    "receipt",
                );
                if notice.pence == 0 {
                    self.problem("fee.nothing", "a fees notice needs a fee");
                }
                Some(Event::FeesNoticeGiven(notice.clone()))
            }
            Command::RecordFee(payment) => self.record_fee(case, payment),
            Command::AssignOwner(owner) => {
                self.filled(&owner.officer, "owner.nobody", "name an officer");
                if case.state == State::UnderReview && !case.is_new_to(&owner.officer) {
                    self.problem(
                        "owner.not_new",
                        "they took part in the first answer; give the review to somebody who didn't",
                    );
                }
                Some(Event::OwnerAssigned(owner.clone()))
            }
            Command::Assign(assignment) => self.assign(case, assignment),
            Command::Remind(reminder) => {
                let key = (
                    reminder.area.clone(),
                    reminder.due_on,
                    reminder.working_days_left,
                );
                if case.reminders.contains(&key) {
                    self.problem("reminder.given", "this reminder was given already");
                }
                Some(Event::Reminded(reminder.clone()))
            }
            Command::MarkOverdue(overdue) => {
                if overdue.due_on >= self.setting.today {
                    self.problem(
                        "overdue.not_yet",
                        format!("{} has not passed", plain(overdue.due_on)),
                    );
                }
                if case.overdue.contains(&overdue.due_on) {
                    self.problem("overdue.known", "this is on record already");
                }
                Some(Event::BecameOverdue(overdue.clone()))
            }
            Command::ChooseLateCause(choice) => {
                if !case.is_or_was_late(self.setting.today) {
                    self.problem("late.not_late", "nothing about this request is late");
                }
                Some(Event::LateCauseChosen(choice.clone()))
            }
            Command::FinishSearch(search) => {
                self.question(case, &search.question);
                self.filled(
                    &search.area,
                    "search.no_area",
                    "say which service area searched",
                );
                Some(Event::SearchFinished(search.clone()))
            }
            Command::ReturnTask(back) => {
                self.question(case, &back.question);
                let is_theirs = case.assignments.iter().any(|assignment| {
                    assignment.area == back.area && assignment.questions.contains(&back.question)
                });
                if !is_theirs {
                    self.problem("task.not_theirs", "this team was not asked that question");
                }
                Some(Event::TaskReturned(back.clone()))
            }
            Command::SendFiles(sent) => self.send_files(case, sent),
            Command::OpenHolding(opening) => self.open_holding(case, opening),
            Command::GiveHarmEvidence(evidence) => self.give_harm_evidence(case, evidence),
            Command::ChooseRoute(choice) => self.choose_route(case, choice),
            Command::DecideConfirmOrDeny(consideration) => {
                self.decide_confirm_or_deny(case, consideration)
            }
            Command::TestPublicInterest(test) => self.test_public_interest(case, test),
            Command::SeekOpinion(request) => {
                self.question(case, &request.question);
                self.filled(
                    &request.submission,
                    "opinion.no_submission",
                    "say what the opinion is needed on, and why",
                );
                self.not_in_future(request.sought_on, "the request for an opinion");
                Some(Event::OpinionSought(request.clone()))
            }
            Command::GiveOpinion(opinion) => {
                self.question(case, &opinion.question);
                self.filled(
                    &opinion.opinion,
                    "opinion.empty",
                    "give the opinion in words",
                );
                self.not_in_future(opinion.given_on, "the opinion");
                let needs_one = self
                    .setting
                    .statute
                    .exemption(&opinion.provision)
                    .is_some_and(|exemption| exemption.qualified_person);
                if !needs_one {
                    self.problem(
                        "opinion.not_needed",
                        format!("{} needs no qualified person", opinion.provision),
                    );
                }
                Some(Event::OpinionGiven(opinion.clone()))
            }
            Command::Decide(decision) => self.decide(case, decision),
            Command::Extend(extension) => self.extend(case, extension),
            Command::EstimateCost(estimate) => {
                for question in self.questions(case, &estimate.questions) {
                    if question.neither_confirmed_nor_denied() {
                        self.problem(
                            "cost.neither_confirm_nor_deny",
                            format!(
                                "question {} is neither confirmed nor denied: an estimate would tell that a search was made",
                                question.question.label
                            ),
                        );
                    }
                }
                self.filled(
                    &estimate.explanation,
                    "cost.no_explanation",
                    "say how the figures were arrived at",
                );
                Some(Event::CostEstimated(estimate.clone()))
            }
            Command::ComposeDraft(draft) => self.compose_draft(case, draft),
            Command::SeekApproval(letter) => self.seek_approval(case, letter),
            Command::Approve(approval) => self.approve(case, approval),
            Command::SendBack(back) => {
                self.filled(
                    &back.comment,
                    "approval.no_comment",
                    "say what should change; the officer sees only this",
                );
                if let Some(question) = &back.question {
                    self.question(case, question);
                }
                Some(Event::SentBack(back.clone()))
            }
            Command::Recall(reason) => {
                self.filled(&reason.reason, "case.no_reason", "give a reason");
                Some(Event::Recalled(reason.clone()))
            }
            Command::Issue(issue) => self.issue(case, issue),
            Command::PlanPublication(publication) => self.plan_publication(case, publication),
            Command::Publish(publication) => self.publish(case, publication),
            Command::DeclinePublication(reason) => {
                self.filled(&reason.reason, "case.no_reason", "give a reason");
                self.publishable(case);
                Some(Event::PublicationDeclined(reason.clone()))
            }
            Command::Unpublish(reason) => {
                self.filled(
                    &reason.reason,
                    "case.no_reason",
                    "give a reason; the address will show it",
                );
                if case.publication.is_none() {
                    self.problem("publication.none", "this case isn't published");
                }
                Some(Event::Unpublished(reason.clone()))
            }
            Command::AskReview(request) => self.ask_review(case, request),
            Command::DecideReview(decision) => self.decide_review(case, decision),
            Command::NotifyComplaint(complaint) => {
                self.complaint(complaint);
                Some(Event::ComplaintNotified(complaint.clone()))
            }
            Command::DecideComplaint(ruling) => {
                self.ruling(ruling);
                Some(Event::ComplaintDecided(ruling.clone()))
            }
            Command::Appeal(appeal) => {
                self.complaint(appeal);
                Some(Event::Appealed(appeal.clone()))
            }
            Command::DecideAppeal(ruling) => {
                self.ruling(ruling);
                Some(Event::AppealDecided(ruling.clone()))
            }
            Command::Withdraw(withdrawal) => self.withdraw(case, withdrawal),
            Command::Close(closure) => self.close(case, closure),
            Command::HoldRetention(reason) => {
                self.filled(&reason.reason, "case.no_reason", "give a reason");
                Some(Event::RetentionHeld(reason.clone()))
            }
            Command::ReleaseRetention(reason) => {
                self.filled(&reason.reason, "case.no_reason", "give a reason");
                if case.retention_hold.is_none() {
                    self.problem("retention.not_held", "the records aren't held");
                }
                Some(Event::RetentionReleased(reason.clone()))
            }
            Command::Destroy(destruction) => self.destroy(case, destruction),
            Command::ShowApplicant(look) => self.show_applicant(case, look),
        }
    }
}
