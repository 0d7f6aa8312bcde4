//! The same kind of question gets the same path, held or not: on which topics the authority neither confirms nor denies,
//! and where another decision goes, or went, the other way. Read from decisions only; nothing here knows a holding.
//!
//! One "no" among refusals to say tells as much as a list of them, and a refusal after a plain answer protects nothing.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::command::plain;
use crate::decision::Decision;
use crate::event::{CaseId, CaseQuestion, ConfirmOrDenyOutcome, QuestionId};
use crate::proposal::Kind;

/// What a question is about, as far as the path depends on it: subject, kind of information, and whether it asks for
/// totals or the past, which is answered where a single event is not. "cyber-incidents/incident-count/particular".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Topic(pub String);

impl Topic {
    /// In words, "cyber incidents: incident count, in particular".
    #[must_use]
    pub fn words(&self) -> String {
        let mut parts = self.0.split('/').map(|part| part.replace('-', " "));
        let subject = parts.next().unwrap_or_default();
        let information = parts.next().unwrap_or_default();
        let extent = match parts.next().as_deref() {
            Some("totals") => "totals or the past",
            _ => "in particular",
        };
        format!("{subject}: {information}, {extent}")
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The topics of a question, from what triage read in it; none where the policy has no cell for it, as a subject that was
/// only lent by the question before binds nobody.
#[must_use]
pub fn topics(question: &CaseQuestion, asks_for_totals: bool) -> Vec<Topic> {
    let Some(proposal) = question
        .proposal
        .as_ref()
        .filter(|proposal| proposal.kind != Kind::Open)
    else {
        return Vec::new();
    };
    let extent = if asks_for_totals {
        "totals"
    } else {
        "particular"
    };
    let anything = ["anything".to_owned()];
    let information = if proposal.information.is_empty() {
        anything.as_slice()
    } else {
        &proposal.information
    };
    let mut topics: Vec<Topic> = proposal
        .subjects
        .iter()
        .filter(|subject| *subject != crate::proposal::CONTRACTS)
        .flat_map(|subject| {
            information
                .iter()
                .map(move |kind| Topic(format!("{subject}/{kind}/{extent}")))
        })
        .collect();
    topics.sort();
    topics.dedup();
    topics
}

/// Which way a question went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Decided neither to confirm nor to deny.
    NeitherConfirmedNorDenied,
    /// Decided that the duty applies; nothing has left yet.
    DutyApplies,
    /// A reply that left says whether it is held.
    Said,
}

impl Way {
    /// Every way with its stored spelling.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::NeitherConfirmedNorDenied, "neither"),
        (Self::DutyApplies, "duty"),
        (Self::Said, "said"),
    ];

    /// The stored spelling.
    #[must_use]
    pub fn spelling(self) -> &'static str {
        match self {
            Self::NeitherConfirmedNorDenied => "neither",
            Self::DutyApplies => "duty",
            Self::Said => "said",
        }
    }

    /// The way of a stored spelling.
    #[must_use]
    pub fn of_spelling(spelling: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == spelling)
            .map(|(way, _)| *way)
    }

    /// In words, for a list.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NeitherConfirmedNorDenied => "neither confirmed nor denied",
            Self::DutyApplies => "to be confirmed or denied",
            Self::Said => "a reply said whether it is held",
        }
    }
}

/// A decision on a topic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stance {
    /// The topic.
    pub topic: Topic,
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: String,
    /// The question.
    pub question: QuestionId,
    /// Its label.
    pub label: String,
    /// Which way it went.
    pub way: Way,
    /// The day on which it was decided, or on which the reply left.
    pub on: Date,
}

impl Stance {
    /// Where it stands, "HM-2026-00012, question 2, 3 November 2026".
    #[must_use]
    pub fn place(&self) -> String {
        let on = plain(self.on);
        format!("{}, question {}, {on}", self.reference, self.label)
    }
}

/// The stances that a case takes.
#[must_use]
pub fn stances(case: &Case) -> Vec<Stance> {
    let mut stances = Vec::new();
    for state in &case.questions {
        let Some(decided) = &state.confirm_or_deny else {
            continue;
        };
        let (way, on) = match (&decided.outcome, state.answered_on) {
            (ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_), _) => {
                (Way::NeitherConfirmedNorDenied, decided.decided_on)
            }
            (ConfirmOrDenyOutcome::DutyApplies, Some(on))
                if says(state.decision.as_ref().map(|made| &made.decision)) =>
            {
                (Way::Said, Some(on))
            }
            (ConfirmOrDenyOutcome::DutyApplies, _) => (Way::DutyApplies, decided.decided_on),
        };
        let Some(on) = on else { continue };
        stances.extend(decided.topics.iter().map(|topic| Stance {
            topic: topic.clone(),
            case: case.id.clone(),
            reference: case.receipt.reference.clone(),
            question: state.question.id.clone(),
            label: state.question.label.clone(),
            way,
            on,
        }));
    }
    stances
}

/// Whether an answer says that the information is held or that it isn't. One about cost or about the request says neither.
fn says(decision: Option<&Decision>) -> bool {
    match decision {
        Some(
            Decision::Answer { .. }
            | Decision::AlreadyAccessible { .. }
            | Decision::Withheld(_)
            | Decision::NotHeld,
        ) => true,
        Some(
            Decision::NeitherConfirmedNorDenied(_)
            | Decision::OverCostLimit { .. }
            | Decision::VexatiousOrRepeated { .. }
            | Decision::ClarificationSought { .. },
        )
        | None => false,
    }
}

/// The earlier stances from which a decision would depart, the newest first.
#[must_use]
pub fn departs_from<'s>(wish: &ConfirmOrDenyOutcome, earlier: &'s [Stance]) -> Vec<&'s Stance> {
    let mut others: Vec<&Stance> = earlier
        .iter()
        .filter(|stance| match wish {
            ConfirmOrDenyOutcome::DutyApplies => stance.way == Way::NeitherConfirmedNorDenied,
            ConfirmOrDenyOutcome::NeitherConfirmNorDeny(_) => {
                stance.way != Way::NeitherConfirmedNorDenied
            }
        })
        .collect();
    others.sort_by(|one, other| other.on.cmp(&one.on).then_with(|| one.cmp(other)));
    others.dedup_by(|one, other| one.case == other.case && one.question == other.question);
    others
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::ProposalRecord;

    fn stance(case: &str, way: Way, on: &str) -> Stance {
        Stance {
            topic: Topic("cyber-incidents/incident-count/particular".to_owned()),
            case: CaseId(case.to_owned()),
            reference: case.to_owned(),
            question: QuestionId("q1".to_owned()),
            label: "1".to_owned(),
            way,
            on: on.parse().unwrap(),
        }
    }

    #[test]
    fn a_plain_answer_departs_from_refusals_and_a_refusal_from_plain_answers() {
        let earlier = [
            stance("a", Way::NeitherConfirmedNorDenied, "2026-03-02"),
            stance("b", Way::Said, "2026-04-01"),
            stance("c", Way::NeitherConfirmedNorDenied, "2026-05-05"),
            stance("d", Way::DutyApplies, "2026-05-06"),
        ];
        let cases = |wish: &ConfirmOrDenyOutcome| -> Vec<String> {
            departs_from(wish, &earlier)
                .iter()
                .map(|stance| stance.case.0.clone())
                .collect()
        };
        assert_eq!(cases(&ConfirmOrDenyOutcome::DutyApplies), ["c", "a"]);
        let neither: ConfirmOrDenyOutcome = serde_json::from_str(
            r#"{"neither_confirm_nor_deny": {"provision": "FOIA s.31(3)", "by_virtue_of": null,
                "prejudice": {"mechanism": {"filled": "m"}, "likelihood": "would"},
                "public_interest": {"favouring": [], "against": [], "balance": {"filled": "b"}}}}"#,
        )
        .unwrap();
        assert_eq!(cases(&neither), ["d", "b"]);
        assert_eq!(
            Topic("cyber-incidents/incident-count/totals".to_owned()).words(),
            "cyber incidents: incident count, totals or the past"
        );
    }

    #[test]
    fn a_question_has_the_topics_of_the_policys_cell_and_an_open_one_has_none() {
        let mut question = CaseQuestion {
            id: QuestionId("q1".to_owned()),
            label: "1".to_owned(),
            span: (0, 1),
            text: "?".to_owned(),
            stem: None,
            proposal: Some(ProposalRecord {
                kind: Kind::Protected,
                category: None,
                subjects: vec!["contracts".to_owned(), "servers".to_owned()],
                information: vec!["version".to_owned(), "model".to_owned()],
                provisions: Vec::new(),
                confidence_thousandths: 900,
                evidence: Vec::new(),
                because: String::new(),
            }),
        };
        let names = |question: &CaseQuestion, totals| -> Vec<String> {
            topics(question, totals)
                .into_iter()
                .map(|topic| topic.0)
                .collect()
        };
        assert_eq!(
            names(&question, false),
            ["servers/model/particular", "servers/version/particular"]
        );
        assert_eq!(
            names(&question, true),
            ["servers/model/totals", "servers/version/totals"]
        );
        question.proposal.as_mut().unwrap().kind = Kind::Open;
        assert_eq!(names(&question, false), Vec::<String>::new());
    }
}
