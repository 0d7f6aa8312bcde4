//! What happened on a case. Events are never changed: the case is what they add up to.
//!
//! Each kind of event has a payload. The stored form is its kind, a version and the payload as JSON; a payload that
//! has to change gets a new version and its old form is upgraded on reading, so every event ever stored stays readable.

use jiff::Timestamp;
use jiff::civil::Date;
use law::Provision;
use serde::{Deserialize, Serialize};

use crate::consistency::Topic;
use crate::decision::{Decision, Likelihood, NeitherConfirmNorDeny, PublicInterestTest, Slot};
use crate::proposal;
use crate::role::{Actor, Role};
use crate::substance;
use crate::treatment::Treated;

/// Identifies a case within its authority.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub String);

/// Identifies a question within its case; stays when questions are re-split or renumbered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionId(pub String);

/// An event with who, when and where in the case's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// 1 for the first event of the case, without gaps.
    pub seq: u64,
    /// The instant of recording, to the millisecond.
    pub at: Timestamp,
    /// Who, in which role.
    pub by: Actor,
    /// What happened; `None` once the case's contents were destroyed under the retention schedule.
    pub event: Option<Event>,
}

/// An event that can't be read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its stored kind.
    pub kind: String,
    /// Its stored version.
    pub version: u32,
    /// Why.
    pub why: String,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "event `{}` version {} can't be read: {}",
            self.kind, self.version, self.why
        )
    }
}

impl std::error::Error for Unreadable {}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident($payload:ty) = $kind:literal,)*) => {
        /// What happened.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "contents")]
        pub enum Event {
            $($(#[$doc])* #[serde(rename = $kind)] $name($payload),)*
        }

        impl Event {
            /// Every kind, in the stored spelling.
            pub const KINDS: &[&str] = &[$($kind),*];

            /// The stored spelling of the kind, `questions_confirmed`.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)* }
            }

            /// The version in which events are written now.
            pub const VERSION: u32 = 1;

            /// The payload as stored.
            ///
            /// # Errors
            /// It can't be written as JSON.
            pub fn to_contents(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$name(payload) => serde_json::to_string(payload),)* }
            }

            /// The event of a stored kind, version and payload.
            ///
            /// # Errors
            /// The kind or version is unknown (written by a newer Candour), or the payload isn't of that kind.
            pub fn from_stored(kind: &str, version: u32, contents: &str) -> Result<Self, Unreadable> {
                let unreadable = |why: String| Unreadable { kind: kind.to_owned(), version, why };
                if version != Self::VERSION {
                    return Err(unreadable("written by a newer Candour; use that one".to_owned()));
                }
                match kind {
                    $($kind => serde_json::from_str(contents).map(Self::$name).map_err(|error| unreadable(error.to_string())),)*
                    _ => Err(unreadable("unknown kind; written by a newer Candour, use that one".to_owned())),
                }
            }
        }
    };
}

events! {
    /// A request came in.
    Received(Received) = "received",
    /// Somebody looked whether it is a request under FOIA s.8(1).
    ValidityChecked(ValidityCheck) = "validity_checked",
    /// Somebody chose under which law it is dealt with, and where.
    TreatmentChosen(Treated) = "treatment_chosen",
    /// The applicant was told that it came in.
    Acknowledged(Acknowledgement) = "acknowledged",
    /// Triage read the questions; a suggestion only.
    QuestionsProposed(Questions) = "questions_proposed",
    /// An officer confirmed or re-split the questions.
    QuestionsConfirmed(Questions) = "questions_confirmed",
    /// The applicant was asked for detail, FOIA s.1(3).
    ClarificationSought(Clarification) = "clarification_sought",
    /// The detail came in; a new day zero, FOIA s.10(6)(b).
    ClarificationGiven(ClarificationReply) = "clarification_given",
    /// Something was added to the request, or corrected, that nobody had asked for. No time starts or stops with it.
    AddedTo(Addition) = "added_to",
    /// Somebody read what was added and said what becomes of it.
    AdditionDealtWith(AdditionDealing) = "addition_dealt_with",
    /// A fees notice was given, FOIA s.9.
    FeesNoticeGiven(FeesNotice) = "fees_notice_given",
    /// The fee was paid; the days between don't count, FOIA s.10(2).
    FeePaid(FeePaid) = "fee_paid",
    /// Somebody answers for the case.
    OwnerAssigned(Owner) = "owner_assigned",
    /// A service area was asked to search.
    Assigned(Assignment) = "assigned",
    /// A service area or owner was reminded.
    Reminded(Reminder) = "reminded",
    /// The last day for answering passed.
    BecameOverdue(Overdue) = "became_overdue",
    /// The main cause of lateness was chosen.
    LateCauseChosen(LateCauseChoice) = "late_cause_chosen",
    /// A search finished. What it found is sealed and is not here.
    SearchFinished(Search) = "search_finished",
    /// A service area gave a question back without searching for it.
    TaskReturned(TaskReturn) = "task_returned",
    /// A service area sent files for a question whose sealed holding was opened, because it is answered.
    FilesSent(TeamFiles) = "files_sent",
    /// A sealed holding was opened, with which key and why.
    HoldingOpened(Opening) = "holding_opened",
    /// A security adviser or service area gave evidence of harm.
    HarmEvidenceGiven(HarmEvidence) = "harm_evidence_given",
    /// Whoever decides chose the route of a question before they saw the one proposed.
    RouteChosen(RouteChoice) = "route_chosen",
    /// Whether the duty to confirm or deny applies was decided, FOIA s.2(1).
    ConfirmOrDenyDecided(ConfirmOrDeny) = "confirm_or_deny_decided",
    /// The public interest was weighed, FOIA s.2(1)(b) or s.2(2)(b).
    PublicInterestTested(PublicInterest) = "public_interest_tested",
    /// The qualified person was asked for an opinion, FOIA s.36(2).
    OpinionSought(OpinionRequest) = "opinion_sought",
    /// The qualified person gave an opinion, FOIA s.36(2).
    OpinionGiven(Opinion) = "opinion_given",
    /// What to do about one question was decided.
    DecisionMade(QuestionDecision) = "decision_made",
    /// More time is taken for the public interest test, FOIA s.10(3).
    Extended(Extension) = "extended",
    /// The cost of answering was estimated, FOIA s.12.
    CostEstimated(CostEstimate) = "cost_estimated",
    /// A letter was composed from the decisions.
    DraftComposed(Draft) = "draft_composed",
    /// The letter went to an approver.
    ApprovalSought(LetterReference) = "approval_sought",
    /// The approver approved that very letter.
    Approved(Approval) = "approved",
    /// The approver sent it back.
    SentBack(SentBack) = "sent_back",
    /// The officer took the letter back to change it.
    Recalled(Reason) = "recalled",
    /// The answer left.
    Issued(Issue) = "issued",
    /// The publisher set the day, address and title of its publication.
    PublicationPlanned(Publication) = "publication_planned",
    /// The answer was published in the disclosure log.
    Published(Publication) = "published",
    /// The publisher decided not to publish the answer.
    PublicationDeclined(Reason) = "publication_declined",
    /// The answer was taken out of the disclosure log.
    Unpublished(Reason) = "unpublished",
    /// The applicant asked for an internal review.
    ReviewAsked(ReviewRequest) = "review_asked",
    /// The internal review was decided.
    ReviewDecided(ReviewDecision) = "review_decided",
    /// The Commissioner told of a complaint, FOIA s.50.
    ComplaintNotified(Complaint) = "complaint_notified",
    /// The Commissioner decided, FOIA s.50(3).
    ComplaintDecided(Ruling) = "complaint_decided",
    /// Somebody appealed to the tribunal, FOIA s.57.
    Appealed(Complaint) = "appealed",
    /// The tribunal decided, FOIA s.58.
    AppealDecided(Ruling) = "appeal_decided",
    /// The applicant withdrew the request.
    Withdrawn(Withdrawal) = "withdrawn",
    /// Nothing more is owed.
    Closed(Closure) = "closed",
    /// The records must be kept whatever the schedule says.
    RetentionHeld(Reason) = "retention_held",
    /// They need not be kept any longer than the schedule says.
    RetentionReleased(Reason) = "retention_released",
    /// The contents were destroyed under the retention schedule; this trace stays.
    Destroyed(Destruction) = "destroyed",
    /// Somebody looked at the applicant's name and contact.
    ApplicantShown(ApplicantLook) = "applicant_shown",
}

/// A file that came or went with a case: its contents are stored once, under their hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// SHA-256 of its contents, in hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

impl Attachment {
    /// Its length as people say it: "740 bytes", "12 kB", "3 MB".
    #[must_use]
    pub fn size(&self) -> String {
        match self.bytes {
            0..1024 => format!("{} bytes", self.bytes),
            1024..1_048_576 => format!("{} kB", self.bytes / 1024),
            _ => format!("{} MB", self.bytes / 1_048_576),
        }
    }
}

/// The identity of a text that a decision was made under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `foia`, `coventry-ict`, …
    pub id: String,
    /// Its readable version.
    pub version: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// What a decision was made under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The Act as data.
    pub law: Source,
    /// The authority's policy.
    pub policy: Source,
    /// The triage data.
    pub triage: Source,
    /// The letter's wording.
    pub wording: Source,
}

/// A request as it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The authority's reference.
    pub reference: String,
    /// The day of receipt, FOIA s.10(6)(a): day zero.
    pub received_on: Date,
    /// How it came.
    pub channel: Channel,
    /// The subject line, or a title.
    pub subject: String,
    /// What the applicant wrote.
    pub text: String,
    /// What came with it.
    pub attachments: Vec<Attachment>,
    /// Binds the case to the applicant's name and contact, which are kept apart and can be destroyed; see
    /// [`crate::applicant::Applicant::commitment`]. `None` when nothing is known of the applicant.
    pub applicant: Option<String>,
}

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By the public form.
    Form,
    /// By post.
    Post,
    /// Read from a file.
    Import,
}

/// A request with the day its answer is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The request.
    pub receipt: Receipt,
    /// The last day for answering, FOIA s.10(1).
    pub due_on: Date,
}

/// What FOIA s.8(1) asks of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidityRequirement {
    /// It is in writing, FOIA s.8(1)(a).
    InWriting,
    /// It states the applicant's name, FOIA s.8(1)(b).
    Name,
    /// It states an address for correspondence, FOIA s.8(1)(b).
    Address,
    /// It describes the information requested, FOIA s.8(1)(c).
    Description,
}

/// Whether a request is one under FOIA s.8(1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidityCheck {
    /// What is missing; empty when the request is valid.
    pub missing: Vec<ValidityRequirement>,
}

/// The applicant was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// The day it left.
    pub sent_on: Date,
}

/// The questions of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questions {
    /// In the request's order.
    pub questions: Vec<CaseQuestion>,
    /// The policy, law and data that the proposals come from.
    pub basis: Basis,
}

/// One question as read or confirmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseQuestion {
    /// Stays the same when questions are renumbered.
    pub id: QuestionId,
    /// The applicant's label, "2(a)".
    pub label: String,
    /// Where its words stand: start and end byte of the request's text.
    pub span: (usize, usize),
    /// Its words.
    pub text: String,
    /// The stem that it completes, if any.
    pub stem: Option<String>,
    /// What triage suggests, with its evidence.
    pub proposal: Option<ProposalRecord>,
}

impl CaseQuestion {
    /// Whether the policy is proposed for it, or for a part of it.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        self.proposal
            .as_ref()
            .is_some_and(|proposal| proposal.kind.is_covered())
    }
}

/// What triage suggested, kept with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposalRecord {
    /// What is suggested.
    pub kind: proposal::Kind,
    /// The policy's row.
    pub category: Option<String>,
    /// Ids of its subjects.
    pub subjects: Vec<String>,
    /// Ids of the kinds of information it wants.
    pub information: Vec<String>,
    /// The provisions relied on.
    pub provisions: Vec<Provision>,
    /// How sure, in thousandths.
    pub confidence_thousandths: u16,
    /// The words that support it.
    pub evidence: Vec<EvidenceRecord>,
    /// Why, in one sentence, as [`crate::explanation::because`] gives it; empty where it was recorded without.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because: String,
}

impl ProposalRecord {
    /// The things that the question names: its subjects, but for contracts at large.
    pub fn things(&self) -> impl Iterator<Item = &str> {
        let subjects = self.subjects.iter().map(String::as_str);
        subjects.filter(|id| *id != proposal::CONTRACTS)
    }
}

/// Words of the request and what they support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRecord {
    /// Start and end byte of the request's text.
    pub span: (usize, usize),
    /// `subject:servers`, `information:version`.
    pub supports: String,
    /// The rule that matched.
    pub rule: String,
}

/// Detail that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clarification {
    /// The questions that can't be answered without it.
    pub questions: Vec<QuestionId>,
    /// What was asked.
    pub wording: String,
    /// The day it was asked.
    pub sought_on: Date,
}

/// What somebody adds to their request, or corrects of it, without being asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// What they wrote.
    pub text: String,
    /// The day it came. It starts no time for the request; something new in it would be a request of that day, FOIA s.8(1)
    /// and s.10(1).
    pub received_on: Date,
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// Whether words of it ask something, as they are read by themselves. An officer decides whether that is new.
    pub asks: bool,
}

impl Addition {
    /// Whether it is this one, sent twice.
    #[must_use]
    pub fn is(&self, text: &str, received_on: Date, files: usize) -> bool {
        self.text == text && self.received_on == received_on && self.attachments.len() == files
    }
}

/// What becomes of something that was added to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdditionDealing {
    /// Which: its number among all that was added, from 1.
    pub addition: usize,
    /// What becomes of it.
    pub outcome: AdditionOutcome,
}

/// What somebody who read an addition made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AdditionOutcome {
    /// It says more about what was asked, which is answered with it in mind.
    TakenIntoAccount,
    /// It asks for something new and was taken in as a request of its own, FOIA s.8(1), under this reference.
    NewRequest(String),
    /// Nothing follows from it: thanks, or a question about the progress.
    NothingFollows,
}

/// Detail that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClarificationAnswer {
    /// The questions that it is about.
    pub questions: Vec<QuestionId>,
    /// What the applicant wrote.
    pub text: String,
    /// The day it came: the new day zero of those questions.
    pub received_on: Date,
}

/// Detail that came, with the day the answer is now due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClarificationReply {
    /// What came.
    pub answer: ClarificationAnswer,
    /// The last day for answering these questions, FOIA s.10(6)(b).
    pub due_on: Date,
}

/// A fees notice, FOIA s.9(1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeesNotice {
    /// The fee in pence.
    pub pence: u64,
    /// The day the notice was given.
    pub given_on: Date,
}

/// The day on which a fee came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeePayment {
    /// The day.
    pub received_on: Date,
}

/// A fee that came, with the days on which the answers are now due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeePaid {
    /// The day the fee came.
    pub received_on: Date,
    /// The last day for answering, FOIA s.10(2).
    pub due_on: Date,
    /// The same for each question.
    pub questions: Vec<QuestionDue>,
}

/// The last day for answering one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionDue {
    /// The question.
    pub question: QuestionId,
    /// The day.
    pub due_on: Date,
}

/// Who answers for the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The account's id.
    pub officer: String,
}

/// A service area asked to search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The service area's id.
    pub area: String,
    /// The questions it is asked.
    pub questions: Vec<QuestionId>,
    /// The day its answer is wanted.
    pub wanted_on: Date,
    /// What the team should know to find it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A reminder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// The service area; the case's owner when `None`.
    pub area: Option<String>,
    /// The due date it is about.
    pub due_on: Date,
    /// How many working days were left.
    pub working_days_left: u32,
}

/// The last day for answering passed without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overdue {
    /// The day that passed.
    pub due_on: Date,
}

/// Why a case is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateCause {
    /// The request was read late.
    ReadLate,
    /// A service area answered late.
    WaitingForArea,
    /// The adviser answered late.
    WaitingForAdviser,
    /// The approver answered late.
    WaitingForApprover,
    /// The request was unclear.
    UnclearRequest,
    /// The clock was kept wrongly.
    ClockMistake,
    /// The system was down.
    SystemDown,
    /// There was too much to gather.
    TooMuchToGather,
}

/// The main cause of lateness, chosen by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateCauseChoice {
    /// The cause.
    pub cause: LateCause,
}

/// A search that finished. Deliberately says nothing of what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The question searched for.
    pub question: QuestionId,
    /// The service area that searched.
    pub area: String,
}

/// Why a service area gives a question back. It says nothing of what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// It is not with this area.
    NotOurs,
    /// Its people don't understand what is asked.
    NotUnderstood,
}

/// A question that a service area gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskReturn {
    /// The question.
    pub question: QuestionId,
    /// The service area.
    pub area: String,
    /// Why.
    pub reason: ReturnReason,
    /// What the officer should know: what isn't understood, or who may have it. Never what is held.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Files that a service area sends for the answer to a question, once nothing about it is under seal any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamFiles {
    /// The question.
    pub question: QuestionId,
    /// The service area.
    pub area: String,
    /// The files, each with what it holds unseen.
    pub files: Vec<ReleasedFile>,
}

/// Which key opened a sealed holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// The decision that the duty to confirm or deny applies, FOIA s.1(1)(a).
    DutyApplies,
    /// The reviewer's access at internal review.
    InternalReview,
    /// Access for the Commissioner or the tribunal.
    CommissionerOrTribunal,
}

/// A sealed holding that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Of which question.
    pub question: QuestionId,
    /// With which key.
    pub key: KeyKind,
    /// Why.
    pub reason: String,
}

/// What a question's harm evidence or public interest test is about: never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Disclosing the content, FOIA s.2(2)(b).
    Content,
    /// Saying whether it is held, FOIA s.2(1)(b).
    ConfirmOrDeny,
}

/// Evidence of harm from somebody who knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HarmEvidence {
    /// The question.
    pub question: QuestionId,
    /// The content, or saying whether it is held.
    pub about: About,
    /// How likely; `None` is a full answer: no harm.
    pub likelihood: Option<Likelihood>,
    /// Someone who learns this could do what, causing what.
    pub mechanism: String,
    /// What it adds to what is already public.
    pub adds: String,
    /// What could be given instead.
    pub instead: String,
    /// From when and until when it matters, in the adviser's words; empty where they said nothing of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lasts: String,
    /// What shows it, and where that is from, in the adviser's words; empty where they named nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shown_by: String,
    /// Whether the letter may quote it; closed evidence never enters letter, log or review pack.
    pub quotable: bool,
    /// About saying whether it is held: what "yes" would tell someone. `mechanism` says both.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub if_held: String,
    /// What "no" would tell someone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub if_not_held: String,
    /// Whoever was asked can't tell whether there is harm: there is no likelihood, and that isn't "no harm" either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cannot_say: bool,
}

/// A route chosen before the proposal was shown. It decides nothing; it measures the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteChoice {
    /// The question.
    pub question: QuestionId,
    /// The route, as triage would have proposed it.
    pub route: proposal::Kind,
}

/// Something that makes neither confirming nor denying look excessive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Every authority has such a thing.
    ExistsEverywhere,
    /// Its existence is already public.
    AlreadyPublic,
    /// The authority acknowledged it.
    Acknowledged,
    /// An earlier reply said whether it is held.
    SaidBefore,
    /// The question asks for totals or for the past, and points at no present weakness.
    AggregateOrHistoric,
}

/// A ground with where it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAlready {
    /// The ground.
    pub ground: Ground,
    /// Where: a log entry, a register row, a statement.
    pub place: String,
    /// The entry of the public record, where the check found it: it must be dealt with by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// How a person dealt with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dealt_with: Option<DealtWith>,
}

/// How a person dealt with something public that answers or confirms what a decision is about to refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DealtWith {
    /// It doesn't answer or confirm this question.
    DoesNotConfirm {
        /// Because.
        because: String,
    },
    /// Saying it here would do harm although that is public.
    HarmAllTheSame {
        /// Because.
        because: String,
    },
    /// It should not have been published; whoever publishes it is told.
    ShouldNotHaveBeenPublished {
        /// Because.
        because: String,
    },
}

impl DealtWith {
    /// The person's reason.
    #[must_use]
    pub fn because(&self) -> &str {
        match self {
            Self::DoesNotConfirm { because }
            | Self::HarmAllTheSame { because }
            | Self::ShouldNotHaveBeenPublished { because } => because,
        }
    }
}

/// The decision whether the duty to confirm or deny applies. It is made from the question alone: nothing in it can
/// say what a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmOrDeny {
    /// The question.
    pub question: QuestionId,
    /// What was decided.
    pub outcome: ConfirmOrDenyOutcome,
    /// What "yes, we hold this" would tell someone; empty where the duty applies.
    pub if_held: String,
    /// What "no, we do not" would tell someone; empty where the duty applies.
    pub if_not_held: String,
    /// What makes neither confirming nor denying look excessive.
    pub known_already: Vec<KnownAlready>,
    /// Why it goes on although neither confirming nor denying looks excessive.
    pub reason_although_excessive: Option<String>,
    /// The topics of the question, by which decisions of its kind are found again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
    /// Why it goes another way than decisions on the same topics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departs_because: Option<String>,
    /// The day; `None` in records from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<Date>,
    /// What it was decided under.
    pub basis: Basis,
}

/// The two outcomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "one is held a question; a box would save nothing"
)]
pub enum ConfirmOrDenyOutcome {
    /// The authority must say whether it is held, FOIA s.1(1)(a).
    DutyApplies,
    /// It need not, FOIA s.2(1).
    NeitherConfirmNorDeny(NeitherConfirmNorDeny),
}

/// How much a factor weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Little.
    Little,
    /// Some.
    Some,
    /// Strong.
    Strong,
}

/// One factor of a public interest test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// The factor.
    pub text: String,
    /// Its weight.
    pub weight: Weight,
    /// Whose it is: an account's id, or `policy`.
    pub author: String,
    /// Whether it is about this request and no other.
    pub about_this_request: bool,
    /// Why it weighs so, where that was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// A public interest test as it was made. Several exemptions may be weighed together, so it names all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicInterest {
    /// The questions it covers: only those alike in harm.
    pub questions: Vec<QuestionId>,
    /// Content, or saying whether it is held.
    pub about: About,
    /// The qualified exemptions weighed together, or the provision that excludes the duty.
    pub provisions: Vec<Provision>,
    /// For disclosing, or for saying.
    pub favouring: Vec<Factor>,
    /// For maintaining the exemption or exclusion.
    pub against: Vec<Factor>,
    /// Whether the second side outweighs the first. When the two are equal it doesn't.
    pub maintained: bool,
    /// What decides it here.
    pub conclusion: String,
}

impl PublicInterest {
    /// The test as the letter carries it: every reason that was weighed, both sides, and what decided it.
    #[must_use]
    pub fn in_letter(&self) -> PublicInterestTest {
        let texts = |factors: &[Factor]| factors.iter().map(|factor| factor.text.clone()).collect();
        PublicInterestTest {
            favouring: texts(&self.favouring),
            against: texts(&self.against),
            balance: Slot::Filled(self.conclusion.clone()),
        }
    }
}

/// What the qualified person is asked to give an opinion on, FOIA s.36(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionRequest {
    /// The question.
    pub question: QuestionId,
    /// What is considered, and why the opinion is needed.
    pub submission: String,
    /// The day it was asked.
    pub sought_on: Date,
}

/// The qualified person's opinion, FOIA s.36(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// The question.
    pub question: QuestionId,
    /// The limb.
    pub provision: Provision,
    /// How likely; `None`: no prejudice in their opinion.
    pub likelihood: Option<Likelihood>,
    /// The opinion.
    pub opinion: String,
    /// The day it was given.
    pub given_on: Date,
}

/// A decision about one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionDecision {
    /// The question.
    pub question: QuestionId,
    /// What is decided.
    pub decision: Decision,
    /// Why it departs from what triage proposed, where it does.
    pub departs_because: Option<String>,
    /// What is public that stands in its way, with how each was dealt with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub already_public: Vec<KnownAlready>,
    /// What is given although the rest is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_part: Option<InPart>,
    /// Where it was looked for that is not held, and who may hold it, as the letter says it, FOIA s.16(1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<String>,
    /// The files that are given with the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ReleasedFile>,
    /// What it was decided under.
    pub basis: Basis,
}

impl QuestionDecision {
    /// Whether information is given, in whole or in part.
    #[must_use]
    pub fn gives(&self) -> bool {
        matches!(self.decision, Decision::Answer { .. }) || self.in_part.is_some()
    }
}

/// Part of what is asked for, given; the exemption covers the rest and no more, FOIA s.2(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InPart {
    /// What is given, as the letter says it.
    pub given: String,
    /// Which words, documents or figures are withheld, without saying what they say.
    pub withheld: String,
}

/// A file that is given with an answer, FOIA s.11: information in the form that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasedFile {
    /// The file.
    pub file: Attachment,
    /// What it holds that nobody sees who opens it, each a code: `hidden-sheet`. Looked for when it was added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hides: Vec<String>,
}

/// More time for the public interest test, FOIA s.10(3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The questions that need it; the others keep their day.
    pub questions: Vec<QuestionId>,
    /// The qualified exemption, or exclusion of the duty, already engaged.
    pub provision: Provision,
    /// Why it applies.
    pub reason: String,
    /// The estimated day of decision, FOIA s.17(2).
    pub until: Date,
    /// The account of whoever else agreed, where it is later than the fortieth working day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<String>,
}

/// An estimate of cost under the four activities of the fees regulations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostEstimate {
    /// The questions that it covers.
    pub questions: Vec<QuestionId>,
    /// Minutes to determine whether the information is held.
    pub determining_minutes: u32,
    /// Minutes to locate it.
    pub locating_minutes: u32,
    /// Minutes to retrieve it.
    pub retrieving_minutes: u32,
    /// Minutes to extract it.
    pub extracting_minutes: u32,
    /// How the figures were arrived at.
    pub explanation: String,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterReference {
    /// SHA-256 of the letter, in hexadecimal.
    pub sha256: String,
    /// What the officer answers to an approver who sent it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
}

/// A letter composed from the decisions, with what the refusal-notice check said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// SHA-256 of the letter, in hexadecimal.
    pub letter_sha256: String,
    /// Its forms.
    pub files: Vec<Attachment>,
    /// What the check found wrong; a letter with any of these can't go.
    pub errors: Vec<String>,
    /// What it warned of.
    pub warnings: Vec<Warning>,
}

/// A warning, and why the letter goes all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// The check's code.
    pub code: String,
    /// The officer's reason to keep it; `None` when it isn't dealt with.
    pub kept_because: Option<String>,
}

/// Approval of one letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// SHA-256 of the letter that was read.
    pub letter_sha256: String,
    /// What only a person can judge: the reasons are about this request, nothing more could be given, and the balance
    /// is fair.
    pub judged: bool,
}

/// A letter sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentBack {
    /// The question that it is about; the whole letter when `None`.
    pub question: Option<QuestionId>,
    /// What should change.
    pub comment: String,
    /// What sort of fault it is, where the approver said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<LetterFault>,
}

/// Why an approver sends a letter back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterFault {
    /// Its reasons would fit any request.
    TooGeneral,
    /// More could be given.
    MoreCanBeGiven,
    /// The reasons or the balance don't carry the refusal.
    NotMadeOut,
    /// A fact, a day or a provision is wrong.
    Wrong,
    /// Something that was asked isn't answered.
    Unanswered,
    /// The reader won't understand it.
    Unclear,
}

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The reason.
    pub reason: String,
}

/// An answer that left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// The day it left.
    pub sent_on: Date,
    /// SHA-256 of the letter.
    pub letter_sha256: String,
    /// What went.
    pub files: Vec<Attachment>,
}

/// A publication in the disclosure log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// The day.
    pub published_on: Date,
    /// The end of its permanent address, "2026/laptop-replacement".
    pub address: String,
    /// Its title.
    pub title: String,
    /// Why it is published although it gives away what the policy protects, or makes an earlier refusal untenable. Stays on
    /// the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite: Option<String>,
}

impl Publication {
    /// Whether it says why it is published in spite of what was found, in more than a word or two.
    #[must_use]
    pub fn says_why(&self) -> bool {
        let reason = self.despite.as_deref().unwrap_or("");
        substance::lack(reason) != Some(substance::Lack::TooShort)
    }
}

/// A request for an internal review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequestMade {
    /// The day it came.
    pub received_on: Date,
    /// The questions it is about; all of them when empty.
    pub questions: Vec<QuestionId>,
    /// What the applicant wrote.
    pub text: String,
    /// Why it is taken although it came after the time for asking.
    pub late_but_taken_because: Option<String>,
}

/// A request for an internal review, with the day its answer is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// The request.
    pub request: ReviewRequestMade,
    /// The day the review should be answered.
    pub due_on: Date,
}

/// What a review or a ruling did to the answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOutcome {
    /// The original answer stands.
    OriginalUpheld,
    /// The original answer stands in part.
    PartlyChanged,
    /// The original answer is changed.
    Changed,
}

/// One question at review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewedQuestion {
    /// The question.
    pub question: QuestionId,
    /// What the review did.
    pub outcome: ReviewOutcome,
    /// What was looked at afresh, and why.
    pub reason: String,
    /// The new decision, where the answer changes.
    pub decision: Option<Decision>,
    /// What should change so that the next answer is right at once; `None` where the answer stands, and in reviews from
    /// before it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<Lesson>,
}

/// What a review that changes an answer says should change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lesson {
    /// A row of the policy covers too much or too little.
    Policy,
    /// The wording of letters.
    Wording,
    /// The phrases by which requests are read.
    Phrases,
    /// How it was looked for.
    Search,
    /// The reasons were too general: how harm or balance were weighed.
    Reasons,
    /// Nothing: it was about this request alone.
    Nothing,
}

impl Lesson {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Policy,
        Self::Wording,
        Self::Phrases,
        Self::Search,
        Self::Reasons,
        Self::Nothing,
    ];

    /// The stored spelling.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Wording => "wording",
            Self::Phrases => "phrases",
            Self::Search => "search",
            Self::Reasons => "reasons",
            Self::Nothing => "nothing",
        }
    }
}

/// What was done wrong in how a request was dealt with, apart from the answers themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProceduralFault {
    /// The answer left after the time for answering, FOIA s.10(1).
    AnsweredLate,
    /// A refusal didn't say which exemption it rests on, or why, FOIA s.17(1).
    RefusalUnexplained,
    /// A refusal gave no particulars of review and complaint, FOIA s.17(7).
    NoComplaintParticulars,
    /// Advice and assistance that it was reasonable to expect weren't given, FOIA s.16(1).
    NoAdvice,
}

impl ProceduralFault {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::AnsweredLate,
        Self::RefusalUnexplained,
        Self::NoComplaintParticulars,
        Self::NoAdvice,
    ];

    /// The stored spelling.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        match self {
            Self::AnsweredLate => "answered_late",
            Self::RefusalUnexplained => "refusal_unexplained",
            Self::NoComplaintParticulars => "no_complaint_particulars",
            Self::NoAdvice => "no_advice",
        }
    }
}

/// An internal review decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewDecision {
    /// The day its letter left.
    pub sent_on: Date,
    /// Each question under review.
    pub questions: Vec<ReviewedQuestion>,
    /// What was done wrong apart from the answers, as its letter admits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ProceduralFault>,
    /// Why it took longer than a review should; `None` where it didn't. No letter says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_because: Option<String>,
    /// The forms of its letter; none where it was recorded before reviews had letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// What it was decided under.
    pub basis: Basis,
}

/// A complaint to the Commissioner, or an appeal to the tribunal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaint {
    /// The Commissioner's or tribunal's reference.
    pub reference: String,
    /// The day the authority was told.
    pub notified_on: Date,
}

/// A decision of the Commissioner or the tribunal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// Its reference.
    pub reference: String,
    /// Its date.
    pub decided_on: Date,
    /// What it did to the answer.
    pub outcome: ReviewOutcome,
    /// What the authority must do, and by when.
    pub steps: String,
}

/// A withdrawal: of the request, or of some of its questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The day it came.
    pub received_on: Date,
    /// The questions that are no longer asked; empty for the whole request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionId>,
}

impl Withdrawal {
    /// The withdrawal of the whole request.
    #[must_use]
    pub fn whole(received_on: Date) -> Self {
        Self {
            received_on,
            questions: Vec::new(),
        }
    }
}

/// Why nothing more is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosureReason {
    /// Answered, and the time for a review has passed or the review is done.
    Answered,
    /// It never became a request under FOIA s.8.
    Invalid,
    /// The applicant didn't give the detail asked for.
    ClarificationLapsed,
    /// The fee wasn't paid within three months, FOIA s.9(2).
    FeeNotPaid,
}

/// A closure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// The day.
    pub closed_on: Date,
    /// Why.
    pub reason: ClosureReason,
}

/// A destruction under the retention schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destruction {
    /// The day.
    pub destroyed_on: Date,
    /// The rule of the schedule.
    pub rule: String,
}

/// Why somebody looked at the applicant's name and contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookReason {
    /// To send.
    ToSend,
    /// To check that the request is valid, FOIA s.8.
    Validity,
    /// To see whether it is repeated, FOIA s.14(2).
    Repeated,
    /// To add up the cost of several requests.
    AddingUpCost,
    /// It asks for the applicant's own personal data, FOIA s.40(1).
    OwnData,
    /// To audit.
    Audit,
}

impl LookReason {
    /// Whether somebody with this role looks for this reason: whoever reads requests first checks only that they are
    /// valid, and an auditor audits.
    #[must_use]
    pub fn is_for(self, role: Role) -> bool {
        match role {
            Role::TriageOfficer => self == Self::Validity,
            Role::Auditor => self == Self::Audit,
            _ => self != Self::Audit,
        }
    }
}

/// A look at the applicant's name and contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicantLook {
    /// Why.
    pub reason: LookReason,
}
