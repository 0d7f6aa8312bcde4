//! Which role may do what in which state: one table, read by the commands, the documentation and the tests.

use serde::{Deserialize, Serialize};

use crate::command::CommandKind;
use crate::role::Role;

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is no case yet.
    NotReceived,
    /// It came in; nobody has looked whether it is valid.
    Received,
    /// Something that FOIA s.8(1) asks for is missing.
    Invalid,
    /// It is being answered.
    Open,
    /// Every question still to answer waits for the applicant, FOIA s.1(3).
    AwaitingClarification,
    /// A fees notice was given and isn't paid, FOIA s.9(2).
    AwaitingFee,
    /// A letter is with an approver.
    AwaitingApproval,
    /// The letter is approved and can go.
    Approved,
    /// Every question is answered.
    Issued,
    /// An internal review was asked for.
    UnderReview,
    /// A complaint is with the Commissioner, FOIA s.50.
    AtCommissioner,
    /// An appeal is with the tribunal, FOIA s.57.
    AtTribunal,
    /// Nothing more is owed.
    Closed,
    /// The contents were destroyed under the retention schedule.
    Destroyed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 14] = [
        Self::NotReceived,
        Self::Received,
        Self::Invalid,
        Self::Open,
        Self::AwaitingClarification,
        Self::AwaitingFee,
        Self::AwaitingApproval,
        Self::Approved,
        Self::Issued,
        Self::UnderReview,
        Self::AtCommissioner,
        Self::AtTribunal,
        Self::Closed,
        Self::Destroyed,
    ];

    /// The stored spelling, `awaiting_clarification`.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        match self {
            Self::NotReceived => "not_received",
            Self::Received => "received",
            Self::Invalid => "invalid",
            Self::Open => "open",
            Self::AwaitingClarification => "awaiting_clarification",
            Self::AwaitingFee => "awaiting_fee",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Approved => "approved",
            Self::Issued => "issued",
            Self::UnderReview => "under_review",
            Self::AtCommissioner => "at_commissioner",
            Self::AtTribunal => "at_tribunal",
            Self::Closed => "closed",
            Self::Destroyed => "destroyed",
        }
    }

    /// The state in words, "awaiting clarification".
    #[must_use]
    pub fn name(self) -> String {
        self.spelling().replace('_', " ")
    }

    /// The state as people say it of a request: "being answered".
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::NotReceived => "not taken in",
            Self::Received => "new",
            Self::Invalid => "incomplete",
            Self::Open => "being answered",
            Self::AwaitingClarification => "waiting for the person who asked",
            Self::AwaitingFee => "waiting for a fee",
            Self::AwaitingApproval => "with the approver",
            Self::Approved => "approved and not sent",
            Self::Issued => "answered",
            Self::UnderReview => "under internal review",
            Self::AtCommissioner => "with the Commissioner",
            Self::AtTribunal => "at the tribunal",
            Self::Closed => "closed",
            Self::Destroyed => "destroyed",
        }
    }

    /// Whether an answer is still owed, so that the clock matters.
    #[must_use]
    pub fn answer_is_owed(self) -> bool {
        UNANSWERED.contains(&self)
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What is done.
    pub command: CommandKind,
    /// By whom.
    pub roles: &'static [Role],
    /// In which states.
    pub states: &'static [State],
}

use CommandKind as C;
use Role::{
    Administrator, Applicant, Approver, Auditor, Candour, InformationOfficer as Officer, Publisher,
    QualifiedPerson, SecurityAdviser, ServiceAreaContact as Contact, TriageOfficer as Triage,
};
use State::{
    Approved, AtCommissioner, AtTribunal, AwaitingApproval, AwaitingClarification, AwaitingFee,
    Closed, Invalid, Issued, NotReceived, Open, Received, UnderReview,
};

const UNANSWERED: &[State] = &[
    Received,
    Invalid,
    Open,
    AwaitingClarification,
    AwaitingFee,
    AwaitingApproval,
    Approved,
];
/// What somebody has to deal with: a request that is to be answered, or a review that is to be decided.
const DEALT_WITH: &[State] = &[
    Received,
    Invalid,
    Open,
    AwaitingClarification,
    AwaitingFee,
    AwaitingApproval,
    Approved,
    UnderReview,
];
const ANSWERED: &[State] = &[Issued, UnderReview, AtCommissioner, AtTribunal, Closed];
const WORKING: &[State] = &[Open, AwaitingClarification];
const WORKING_OR_REVIEW: &[State] = &[Open, AwaitingClarification, UnderReview];
const SEARCHING: &[State] = &[
    Open,
    AwaitingClarification,
    AwaitingFee,
    AwaitingApproval,
    Approved,
    Issued,
    UnderReview,
    AtCommissioner,
    AtTribunal,
];
const KEPT: &[State] = &[
    Received,
    Invalid,
    Open,
    AwaitingClarification,
    AwaitingFee,
    AwaitingApproval,
    Approved,
    Issued,
    UnderReview,
    AtCommissioner,
    AtTribunal,
    Closed,
];

const fn rule(command: CommandKind, roles: &'static [Role], states: &'static [State]) -> Rule {
    Rule {
        command,
        roles,
        states,
    }
}

/// The table. What it doesn't list is not allowed.
pub const RULES: &[Rule] = &[
    rule(
        C::Receive,
        &[Triage, Officer, Applicant, Candour],
        &[NotReceived],
    ),
    rule(
        C::CheckValidity,
        &[Triage, Officer, Candour],
        &[Received, Invalid],
    ),
    rule(
        C::ChooseTreatment,
        &[Triage, Officer],
        &[Received, Invalid, Open, AwaitingClarification, Closed],
    ),
    rule(C::Acknowledge, &[Triage, Officer, Candour], UNANSWERED),
    rule(C::ProposeQuestions, &[Candour], &[Received, Invalid, Open]),
    rule(C::ConfirmQuestions, &[Triage, Officer], &[Open]),
    rule(C::SeekClarification, &[Triage, Officer], WORKING),
    rule(
        C::GiveClarification,
        &[Triage, Officer, Applicant, Candour],
        &[Open, AwaitingClarification, AwaitingApproval, Approved],
    ),
    rule(
        C::AddToRequest,
        &[Triage, Officer, Applicant, Candour],
        UNANSWERED,
    ),
    rule(C::DealWithAddition, &[Triage, Officer], KEPT),
    rule(C::GiveFeesNotice, &[Officer], &[Open]),
    rule(C::RecordFee, &[Officer, Candour], &[AwaitingFee]),
    rule(
        C::AssignOwner,
        &[Triage, Officer, Administrator],
        DEALT_WITH,
    ),
    rule(C::Assign, &[Triage, Officer], WORKING),
    rule(C::Remind, &[Officer, Candour], UNANSWERED),
    rule(C::MarkOverdue, &[Candour], UNANSWERED),
    rule(C::ChooseLateCause, &[Officer], KEPT),
    rule(
        C::FinishSearch,
        &[Contact, SecurityAdviser, Officer],
        SEARCHING,
    ),
    rule(C::ReturnTask, &[Contact, SecurityAdviser], SEARCHING),
    rule(C::SendFiles, &[Contact, SecurityAdviser], SEARCHING),
    rule(C::OpenHolding, &[Officer, Approver], SEARCHING),
    rule(
        C::GiveHarmEvidence,
        &[SecurityAdviser, Contact, Officer],
        WORKING_OR_REVIEW,
    ),
    rule(C::ChooseRoute, &[Officer], WORKING),
    rule(C::DecideConfirmOrDeny, &[Officer], WORKING),
    rule(C::TestPublicInterest, &[Officer], WORKING_OR_REVIEW),
    rule(C::SeekOpinion, &[Officer], WORKING_OR_REVIEW),
    rule(C::GiveOpinion, &[QualifiedPerson], WORKING_OR_REVIEW),
    rule(C::Decide, &[Officer], WORKING),
    rule(C::Extend, &[Officer], WORKING),
    rule(C::EstimateCost, &[Officer], WORKING_OR_REVIEW),
    rule(C::ComposeDraft, &[Officer, Candour], WORKING),
    rule(C::SeekApproval, &[Officer], WORKING),
    rule(C::Approve, &[Approver], &[AwaitingApproval]),
    rule(C::SendBack, &[Approver], &[AwaitingApproval]),
    rule(C::Recall, &[Officer], &[AwaitingApproval, Approved]),
    rule(C::Issue, &[Officer], &[Approved]),
    rule(
        C::PlanPublication,
        &[Publisher],
        &[
            Open,
            AwaitingClarification,
            AwaitingApproval,
            Approved,
            Issued,
            UnderReview,
            AtCommissioner,
            AtTribunal,
            Closed,
        ],
    ),
    rule(
        C::Publish,
        &[Publisher, Candour],
        &[
            Open,
            AwaitingClarification,
            AwaitingApproval,
            Approved,
            Issued,
            UnderReview,
            AtCommissioner,
            AtTribunal,
            Closed,
        ],
    ),
    rule(C::DeclinePublication, &[Publisher], ANSWERED),
    rule(
        C::Unpublish,
        &[Publisher],
        &[
            Open,
            AwaitingClarification,
            AwaitingApproval,
            Approved,
            Issued,
            UnderReview,
            AtCommissioner,
            AtTribunal,
            Closed,
        ],
    ),
    rule(
        C::AskReview,
        &[Triage, Officer, Applicant, Candour],
        &[Issued, Closed],
    ),
    rule(C::DecideReview, &[Officer, Approver], &[UnderReview]),
    rule(
        C::NotifyComplaint,
        &[Officer],
        &[Issued, UnderReview, Closed],
    ),
    rule(C::DecideComplaint, &[Officer], &[AtCommissioner]),
    rule(C::Appeal, &[Officer], &[Issued, AtCommissioner, Closed]),
    rule(C::DecideAppeal, &[Officer], &[AtTribunal]),
    rule(
        C::Withdraw,
        &[Triage, Officer, Applicant, Candour],
        UNANSWERED,
    ),
    rule(
        C::Close,
        &[Officer, Candour],
        &[Invalid, AwaitingClarification, AwaitingFee, Issued],
    ),
    rule(C::HoldRetention, &[Officer, Administrator], KEPT),
    rule(C::ReleaseRetention, &[Officer, Administrator], KEPT),
    rule(C::Destroy, &[Administrator, Candour], &[Closed]),
    rule(C::ShowApplicant, &[Triage, Officer, Auditor], KEPT),
];

/// Whether the table lets `role` do `command` in `state`.
#[must_use]
pub fn allowed(role: Role, state: State, command: CommandKind) -> bool {
    RULES.iter().any(|rule| {
        rule.command == command && rule.roles.contains(&role) && rule.states.contains(&state)
    })
}

/// Whether an answer has left, wholly or in part; states in which a review can be asked for come after it.
#[must_use]
pub fn answered(state: State) -> bool {
    ANSWERED.contains(&state)
}

/// The table as a page of Markdown: for each command its roles and states.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Who may do what, and when\n\nOne row a command. What isn't listed isn't allowed. Made from \
         `casework::procedure::RULES` and compared with it by a test.\n\n| Command | Roles | States of the case |\n|---|---|---|\n",
    );
    for rule in RULES {
        let roles: Vec<&str> = rule.roles.iter().map(|role| role.name()).collect();
        let states: Vec<String> = rule.states.iter().map(|state| state.name()).collect();
        page.push_str(&format!(
            "| {} | {} | {} |\n",
            rule.command.name(),
            roles.join(", "),
            states.join(", ")
        ));
    }
    page
}
