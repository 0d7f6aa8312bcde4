//! What a person decides about one question, in types that make unlawful combinations impossible.
//!
//! A question has exactly one [`Decision`]. Withheld and neither-confirmed-nor-denied are different variants, so
//! they exclude each other; a qualified exemption holds its public interest test, and section 31 its limb,
//! mechanism and likelihood. What only a person can supply is a [`Slot`]: filled, or owed.

use law::{Provision, Statute};
use serde::{Deserialize, Serialize};

use crate::event::{Attachment, InPart, ProceduralFault, ReviewOutcome};

/// A value that a person has filled in, or still owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot<T> {
    /// Filled in by a person, or by a policy in words of its own for this kind of information.
    Filled(T),
    /// Begun by the policy in words that would fit any request; a person completes it for this one.
    Begun {
        /// The policy's words.
        text: T,
        /// What is still needed.
        owed: String,
    },
    /// Still owed; the text says what is needed ("how disclosing this would help an attacker").
    Owed(String),
}

impl<T> Slot<T> {
    /// What a person still owes, if anything.
    #[must_use]
    pub fn owed(&self) -> Option<&str> {
        match self {
            Self::Filled(_) => None,
            Self::Begun { owed, .. } | Self::Owed(owed) => Some(owed),
        }
    }
}

/// How likely the prejudice is, FOIA s.31(1): one or the other, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likelihood {
    /// More probable than not.
    Would,
    /// A real and significant chance, more than hypothetical or remote.
    WouldBeLikelyTo,
}

impl Likelihood {
    /// The level as a letter words it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Would => "would",
            Self::WouldBeLikelyTo => "would be likely to",
        }
    }
}

/// The two sides of a public interest test and its balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicInterestTest {
    /// Factors for disclosing (or for confirming or denying).
    pub favouring: Vec<String>,
    /// Factors for maintaining the exemption (or the exclusion of the duty).
    pub against: Vec<String>,
    /// At least one factor specific to this request, on each side, is a person's to add.
    pub balance: Slot<String>,
}

/// Prejudice under one limb of a prejudice-based exemption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prejudice {
    /// How the harm would come about.
    pub mechanism: Slot<String>,
    /// Which of the two levels is claimed.
    pub likelihood: Likelihood,
}

/// An exemption relied on for the content of information that is held, FOIA s.2(2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppliedExemption {
    /// Absolute: no public interest test, FOIA s.2(3).
    Absolute {
        /// The exemption, to the paragraph.
        provision: Provision,
        /// Why it applies, FOIA s.17(1)(c).
        reason: Slot<String>,
    },
    /// Qualified and class-based.
    QualifiedClass {
        /// The exemption, to the paragraph.
        provision: Provision,
        /// Why it applies, FOIA s.17(1)(c).
        reason: Slot<String>,
        /// FOIA s.2(2)(b).
        public_interest: PublicInterestTest,
    },
    /// Qualified and prejudice-based, such as FOIA s.31(1)(a).
    QualifiedPrejudice {
        /// The exemption and limb.
        provision: Provision,
        /// Mechanism and likelihood.
        prejudice: Prejudice,
        /// FOIA s.2(2)(b).
        public_interest: PublicInterestTest,
    },
}

impl Decision {
    /// Whether it only leaves what is asked to another law, which gives the right to it; then nothing is said under the Act of
    /// whether it is held: FOIA s.39(2), s.40(5A).
    #[must_use]
    pub fn is_elsewhere(&self, statute: &Statute) -> bool {
        matches!(self, Self::Withheld(exemptions) if exemptions
            .iter()
            .all(|applied| statute.elsewhere(applied.provision()).is_some()))
    }
}

impl AppliedExemption {
    /// The exemption relied on, to the paragraph.
    #[must_use]
    pub fn provision(&self) -> &Provision {
        match self {
            Self::Absolute { provision, .. }
            | Self::QualifiedClass { provision, .. }
            | Self::QualifiedPrejudice { provision, .. } => provision,
        }
    }

    /// Why it applies: the reason, or the mechanism of the harm.
    #[must_use]
    pub fn reason(&self) -> &Slot<String> {
        match self {
            Self::Absolute { reason, .. } | Self::QualifiedClass { reason, .. } => reason,
            Self::QualifiedPrejudice { prejudice, .. } => &prejudice.mechanism,
        }
    }

    /// Its public interest test, FOIA s.2(2)(b), where it is qualified.
    #[must_use]
    pub fn public_interest(&self) -> Option<&PublicInterestTest> {
        match self {
            Self::Absolute { .. } => None,
            Self::QualifiedClass {
                public_interest, ..
            }
            | Self::QualifiedPrejudice {
                public_interest, ..
            } => Some(public_interest),
        }
    }

    /// The exemption and its public interest test, FOIA s.2(2)(b), where it is qualified.
    pub fn weighed_mut(&mut self) -> Option<(&Provision, &mut PublicInterestTest)> {
        match self {
            Self::Absolute { .. } => None,
            Self::QualifiedClass {
                provision,
                public_interest,
                ..
            }
            | Self::QualifiedPrejudice {
                provision,
                public_interest,
                ..
            } => Some((provision, public_interest)),
        }
    }
}

/// Neither confirming nor denying, FOIA s.2(1): its own provision, harm and public interest test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeitherConfirmNorDeny {
    /// The provision that excludes the duty, such as FOIA s.31(3).
    pub provision: Provision,
    /// The matter it protects, such as FOIA s.31(1)(a). Not a claim that the content is exempt.
    pub by_virtue_of: Option<Provision>,
    /// The harm of confirming or of denying, not of disclosing the content.
    pub prejudice: Prejudice,
    /// FOIA s.2(1)(b).
    pub public_interest: PublicInterestTest,
}

/// What is decided about one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// To be answered in the ordinary way; the answer is the service area's to supply.
    Answer {
        /// The answer itself.
        answer: Slot<String>,
    },
    /// Reasonably accessible to the applicant by other means, FOIA s.21.
    AlreadyAccessible {
        /// Where: page, reference, quarter.
        place: Slot<String>,
    },
    /// Held, and withheld under one or more exemptions.
    Withheld(Vec<AppliedExemption>),
    /// The duty to confirm or deny is excluded.
    NeitherConfirmedNorDenied(NeitherConfirmNorDeny),
    /// Information of the description is not held, FOIA s.1(1)(a).
    NotHeld,
    /// Over the appropriate limit, FOIA s.12; advice under s.16.
    OverCostLimit {
        /// The estimate, in the officer's words.
        estimate: Slot<String>,
        /// How the request could be brought within the limit.
        advice: Slot<String>,
    },
    /// Vexatious or repeated, FOIA s.14.
    VexatiousOrRepeated {
        /// FOIA s.14(1) or s.14(2).
        provision: Provision,
        /// Why.
        reason: Slot<String>,
    },
    /// More detail is reasonably needed to find the information, FOIA s.1(3).
    ClarificationSought {
        /// What to ask.
        question: Slot<String>,
    },
}

/// The reasonable opinion of a qualified person on which section 36 rests, as the letter tells it, FOIA s.36(2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualifiedOpinion {
    /// The qualified person's office, "the Chief Executive"; `None` prints as a gap.
    pub office: Option<String>,
    /// The limb.
    pub provision: Provision,
    /// How likely the harm is in that opinion.
    pub likelihood: Likelihood,
    /// The day it was given.
    pub given_on: jiff::civil::Date,
}

/// A question with its decision, as the letter needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedQuestion {
    /// The applicant's label for it.
    pub label: String,
    /// The applicant's words.
    pub text: String,
    /// The stem it completes, if any.
    pub stem: Option<String>,
    /// What is decided.
    pub decision: Decision,
    /// The qualified person's opinion, where one was given.
    pub opinion: Option<QualifiedOpinion>,
    /// What is given although the rest is withheld.
    pub in_part: Option<InPart>,
    /// Where it was looked for that is not held, and who may hold it.
    pub looked: Option<String>,
    /// The files that are given with the answer.
    pub files: Vec<Attachment>,
}

/// A question that a letter doesn't answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The applicant's label for it.
    pub label: String,
    /// Why not.
    pub because: ApartBecause,
}

/// Why a letter doesn't answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApartBecause {
    /// It waits for the applicant, FOIA s.1(3).
    Waiting,
    /// More time is taken until this day to weigh the public interest, FOIA s.10(3).
    Extended(jiff::civil::Date),
    /// The applicant's reply on one day made clear what is asked, and its time began anew until the other, FOIA s.1(3) and
    /// s.10(6).
    Clarified {
        /// The day of the reply.
        on: jiff::civil::Date,
        /// The last day for answering.
        until: jiff::civil::Date,
    },
    /// The applicant said on this day that they no longer ask it.
    Withdrawn(jiff::civil::Date),
}

/// Everything a reply says apart from its fixed wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The authority's name.
    pub authority: String,
    /// The authority's own reference; `None` prints as a gap.
    pub reference: Option<String>,
    /// The office that answers and how to reach it; `None` prints as a gap.
    pub contact: Option<String>,
    /// The day the request came in, FOIA s.10(6)(a).
    pub received_on: jiff::civil::Date,
    /// The last day for answering, FOIA s.10(1).
    pub due_on: jiff::civil::Date,
    /// How that day was counted, "20 working days; 1 bank holiday skipped".
    pub counted: String,
    /// The last day for answering, with whatever time was taken, where the letter bears a later date.
    pub late_after: Option<jiff::civil::Date>,
    /// The last day on which an internal review can be asked for; counted from the day of sending, so known when that is.
    pub review_by: Option<jiff::civil::Date>,
    /// The date the letter bears; `None` prints as a gap.
    pub sent_on: Option<jiff::civil::Date>,
    /// The questions in the request's order.
    pub questions: Vec<DecidedQuestion>,
    /// The questions that are answered apart, or no longer asked.
    pub apart: Vec<Apart>,
    /// Where the authority publishes what it already publishes.
    pub signposts: Vec<Signpost>,
    /// Internal review and Commissioner, FOIA s.17(7).
    pub complaints: Complaints,
}

/// One question as an internal review decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The question with its first answer.
    pub first: DecidedQuestion,
    /// What the review did.
    pub outcome: ReviewOutcome,
    /// What was looked at afresh, and why.
    pub reason: String,
    /// The new decision, where the answer changes.
    pub now: Option<Decision>,
}

/// Everything that the letter about an internal review says apart from its fixed wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewReply {
    /// The authority's name.
    pub authority: String,
    /// The authority's own reference.
    pub reference: String,
    /// The office that answers and how to reach it; `None` prints as a gap.
    pub contact: Option<String>,
    /// The day the request came in.
    pub received_on: jiff::civil::Date,
    /// The day its answer left.
    pub answered_on: jiff::civil::Date,
    /// The day the review was asked for.
    pub asked_on: jiff::civil::Date,
    /// The date the letter bears; `None` prints as a gap.
    pub sent_on: Option<jiff::civil::Date>,
    /// The questions under review in the request's order.
    pub questions: Vec<Reviewed>,
    /// What was done wrong apart from the answers.
    pub faults: Vec<ProceduralFault>,
    /// The Commissioner's particulars.
    pub complaints: Complaints,
}

/// Something already published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signpost {
    /// Its name, "contracts register".
    pub name: String,
    /// Its address.
    pub url: String,
    /// What it publishes, "a description of the contract, its value, …".
    pub publishes: Vec<String>,
    /// How often, "every quarter".
    pub frequency: String,
}

/// Particulars of the complaints procedure and of the right under FOIA s.50.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaints {
    /// How to ask for an internal review: office, e-mail or address; `None` prints as a gap.
    pub internal_review_contact: Option<String>,
    /// Within how many working days of the reply to ask; practice is 40.
    pub ask_within_working_days: u32,
    /// Within how many working days the review is answered; practice is 20.
    pub answer_within_working_days: u32,
    /// The regulator's name, "Information Commissioner".
    pub commissioner_name: String,
    /// Its post address.
    pub commissioner_address: String,
    /// Its telephone number.
    pub commissioner_telephone: String,
    /// Its page for complaints.
    pub commissioner_url: String,
    /// The day on which a person last checked these particulars; `None` when nobody has.
    pub verified_on: Option<jiff::civil::Date>,
}
