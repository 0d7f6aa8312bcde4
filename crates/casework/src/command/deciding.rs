//! Deciding: harm, confirm or deny, public interest, each question, more time.

use std::collections::BTreeSet;

use law::{Basis as TestBasis, Exemption, Provision, WorkingDays};

use super::{Check, plain};
use crate::case::{Case, QuestionState};
use crate::confirm_or_deny::{self, Consideration, Decided};
use crate::decision::{AppliedExemption, Decision, Slot};
use crate::event::{
    About, ConfirmOrDeny, ConfirmOrDenyOutcome, Event, Extension, HarmEvidence, Opening,
    PublicInterest, QuestionDecision, ReleasedFile, RouteChoice, TeamFiles,
};
use crate::proposal;
use crate::public_record;

impl Check<'_> {
    pub(super) fn open_holding(&mut self, case: &Case, opening: &Opening) -> Option<Event> {
        self.filled(
            &opening.reason,
            "case.no_reason",
            "give a reason; it is recorded",
        );
        let question = self.question(case, &opening.question)?;
        if !case.has_key(self.by, opening) {
            // The same answer whatever is held, and whether or not anything is sealed.
            self.problem(
                "holding.no_key",
                "this doesn't open now: first decide that the duty to confirm or deny applies to this question; at \
                 internal review only somebody who took no part in the first answer opens it, and for the Commissioner \
                 or the tribunal only while the matter is with them",
            );
        } else if question.searched_by.is_empty() {
            self.problem(
                "holding.no_search",
                "no search for this question has finished",
            );
        }
        Some(Event::HoldingOpened(opening.clone()))
    }

    pub(super) fn give_harm_evidence(
        &mut self,
        case: &Case,
        evidence: &HarmEvidence,
    ) -> Option<Event> {
        self.question(case, &evidence.question);
        if evidence.likelihood.is_some() {
            self.filled(
                &evidence.mechanism,
                "harm.no_mechanism",
                "say what someone who learns this could do, and what it would cause",
            );
            self.filled(
                &evidence.instead,
                "harm.nothing_instead",
                "say what could be given instead; if nothing, say so",
            );
        }
        Some(Event::HarmEvidenceGiven(evidence.clone()))
    }

    pub(super) fn choose_route(&mut self, case: &Case, choice: &RouteChoice) -> Option<Event> {
        let question = self.question(case, &choice.question)?;
        let label = question.question.label.clone();
        if !case.questions_confirmed {
            self.problem(
                "route.questions_not_confirmed",
                "confirm the questions before choosing the route of one",
            );
        }
        if question.route_chosen.is_some() {
            self.problem(
                "route.chosen",
                format!(
                    "the route of question {label} was chosen before the proposal was seen, and that stands; decide the \
                     question otherwise, with a reason, if it was wrong"
                ),
            );
        } else if question.outcome().is_some() || question.decision.is_some() {
            self.problem(
                "route.decided",
                format!("question {label} is being decided already"),
            );
        }
        Some(Event::RouteChosen(choice.clone()))
    }

    pub(super) fn decide_confirm_or_deny(
        &mut self,
        case: &Case,
        consideration: &Consideration,
    ) -> Option<Event> {
        let question = self.question(case, &consideration.question)?;
        let label = question.question.label.clone();
        self.still_asked(question);
        if question.answered_on.is_some() {
            self.problem(
                "confirm_or_deny.answered",
                format!("question {label} was answered; only a review changes it"),
            );
        } else if question.decision.is_some() && !question.neither_confirmed_nor_denied() {
            self.problem(
                "confirm_or_deny.decided",
                format!(
                    "question {label} has an answer that says whether it is held, so it can't be neither confirmed nor \
                     denied; decide the answer again if it is wrong"
                ),
            );
        }
        if question.holding_opened
            && !matches!(consideration.wish, ConfirmOrDenyOutcome::DutyApplies)
        {
            self.problem(
                "confirm_or_deny.opened",
                format!(
                    "what the search for question {label} found has been opened, so this can't be decided from the \
                     question alone any more"
                ),
            );
        }
        let outcome = match confirm_or_deny::decide(&case.id, consideration, self.setting.statute) {
            Ok(Decided::DutyApplies(_)) => ConfirmOrDenyOutcome::DutyApplies,
            Ok(Decided::NeitherConfirmNorDeny(neither)) => {
                let qualified = self
                    .setting
                    .statute
                    .exemption(&neither.provision)
                    .is_none_or(|exemption| {
                        exemption.requires_public_interest_test(&neither.provision)
                    });
                if qualified {
                    self.weighed(question, About::ConfirmOrDeny, &neither.provision);
                }
                ConfirmOrDenyOutcome::NeitherConfirmNorDeny(neither)
            }
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        };
        Some(Event::ConfirmOrDenyDecided(ConfirmOrDeny {
            question: consideration.question.clone(),
            outcome,
            if_held: consideration.if_held.clone(),
            if_not_held: consideration.if_not_held.clone(),
            known_already: consideration.known_already.clone(),
            reason_although_excessive: consideration.reason_although_excessive.clone(),
            topics: consideration.consistency.topics.clone(),
            departs_because: consideration.consistency.departs_because.clone(),
            decided_on: Some(self.setting.today),
            basis: consideration.basis.clone(),
        }))
    }

    /// The public interest was weighed for this question and provision, and came out for maintaining it.
    pub(super) fn weighed(
        &mut self,
        question: &QuestionState,
        about: About,
        provision: &law::Provision,
    ) {
        let label = &question.question.label;
        match question.interest(about) {
            Some(test) if !test.provisions.contains(provision) => self.problem(
                "decision.other_provision_weighed",
                format!("the public interest test of question {label} doesn't cover {provision}"),
            ),
            Some(test) if !test.maintained => self.problem(
                "decision.public_interest_favours_openness",
                format!(
                    "the public interest test of question {label} came out for openness, so {provision} can't be relied on"
                ),
            ),
            Some(_) => {}
            None => self.problem(
                "decision.no_public_interest_test",
                format!("weigh the public interest for question {label} before you rely on {provision}"),
            ),
        }
    }

    pub(super) fn test_public_interest(
        &mut self,
        case: &Case,
        test: &PublicInterest,
    ) -> Option<Event> {
        if test.provisions.is_empty() {
            self.problem("public_interest.no_provision", "name what is weighed");
        }
        let mut harm_needed = false;
        for provision in &test.provisions {
            match self.setting.statute.exemption(provision) {
                None => self.problem(
                    "public_interest.no_exemption",
                    format!("{provision} is no exemption"),
                ),
                Some(exemption) if !exemption.requires_public_interest_test(provision) => self
                    .problem(
                        "public_interest.absolute",
                        format!("{provision} is absolute: there is nothing to weigh, FOIA s.2(3)"),
                    ),
                Some(exemption) => {
                    harm_needed |=
                        matches!(exemption.basis, TestBasis::Prejudice | TestBasis::Endanger);
                }
            }
        }
        for question in self.questions(case, &test.questions) {
            let label = question.question.label.clone();
            if test.about == About::Content && question.neither_confirmed_nor_denied() {
                self.problem(
                    "public_interest.content_not_decided",
                    format!("question {label} is neither confirmed nor denied: its content isn't weighed"),
                );
            }
            if harm_needed && !question.harm_shown(test.about) {
                self.problem(
                    "public_interest.no_harm",
                    format!("finish the harm first: there is nothing to weigh for question {label} until harm is shown"),
                );
            }
        }
        for (factors, side) in [
            (&test.favouring, "for openness"),
            (&test.against, "against openness"),
        ] {
            if !factors.iter().any(|factor| factor.about_this_request) {
                self.problem(
                    "public_interest.nothing_specific",
                    format!("add a reason {side} that is about this request"),
                );
            }
        }
        self.filled(
            &test.conclusion,
            "public_interest.no_conclusion",
            "say what decides it here",
        );
        Some(Event::PublicInterestTested(test.clone()))
    }

    pub(super) fn decide(&mut self, case: &Case, made: &QuestionDecision) -> Option<Event> {
        let question = self.question(case, &made.question)?;
        let label = question.question.label.clone();
        self.still_asked(question);
        if !case.questions_confirmed {
            self.problem(
                "decision.questions_not_confirmed",
                "confirm the questions before deciding one",
            );
        }
        if question.waiting_since.is_some() {
            self.problem(
                "decision.waiting",
                format!("question {label} waits for the applicant, FOIA s.1(3)"),
            );
        }
        if question.answered_on.is_some() {
            self.problem(
                "decision.answered",
                format!("question {label} was answered; only a review changes it"),
            );
        }
        self.nothing_owed(&made.decision);
        let needs_duty = |check: &mut Self| {
            if !question.duty_applies() {
                check.problem(
                    "decision.confirm_or_deny_first",
                    format!("first decide whether the duty to confirm or deny applies to question {label}"),
                );
            }
        };
        if let Some(looked) = &made.looked {
            self.filled(
                looked,
                "decision.looked",
                "say where it was looked for, or leave it out",
            );
            if made.decision != Decision::NotHeld {
                self.problem(
                    "decision.looked",
                    "where it was looked for belongs to an answer that nothing is held",
                );
            }
        }
        match &made.decision {
            Decision::Answer { .. } | Decision::AlreadyAccessible { .. } => needs_duty(self),
            Decision::NotHeld => {
                needs_duty(self);
                if question.searched_by.is_empty() {
                    self.problem(
                        "decision.no_search",
                        format!("no search for question {label} has finished, so nobody can say that nothing is held"),
                    );
                }
            }
            Decision::Withheld(exemptions) => {
                needs_duty(self);
                if exemptions.is_empty() {
                    self.problem("decision.no_exemption", "name at least one exemption");
                }
                for exemption in exemptions {
                    self.exemption(question, exemption);
                }
            }
            Decision::NeitherConfirmedNorDenied(neither) => {
                let decided = matches!(
                    question.outcome(),
                    Some(ConfirmOrDenyOutcome::NeitherConfirmNorDeny(recorded)) if recorded == neither
                );
                if !decided {
                    self.problem(
                        "decision.confirm_or_deny_first",
                        format!(
                            "question {label} must first be decided neither confirmed nor denied, in these very words"
                        ),
                    );
                }
            }
            Decision::OverCostLimit { .. } => {
                if question.neither_confirmed_nor_denied() {
                    self.problem(
                        "decision.cost_after_neither",
                        format!("question {label} is neither confirmed nor denied: the cost of a search can't be given"),
                    );
                }
                let estimated = case
                    .cost
                    .as_ref()
                    .is_some_and(|cost| cost.questions.contains(&made.question));
                if !estimated {
                    self.problem(
                        "decision.no_estimate",
                        format!("estimate the cost of question {label} first, FOIA s.12(1)"),
                    );
                }
            }
            Decision::VexatiousOrRepeated { provision, .. } => {
                if provision.section() != "14" {
                    self.problem(
                        "decision.not_section_14",
                        format!("{provision} is not FOIA s.14(1) or s.14(2)"),
                    );
                }
            }
            Decision::ClarificationSought { .. } => self.problem(
                "decision.seek_clarification",
                "seek clarification instead: it has a day of its own, and the clock depends on it",
            ),
        }
        if public_record::Path::of(&made.decision) != public_record::Path::Answer {
            self.problems.extend(public_record::not_dealt_with(
                &made.already_public,
                "decision.already_public",
            ));
        }
        if let Some(proposal) = &question.question.proposal
            && departs(proposal.kind, &made.decision)
            && made
                .departs_because
                .as_deref()
                .is_none_or(|reason| reason.trim().is_empty())
        {
            self.problem(
                "decision.departs",
                format!(
                    "triage proposed `{}` for question {label}; say why the decision departs from it",
                    proposal.kind.as_str()
                ),
            );
        }
        if let Some(part) = &made.in_part {
            self.filled(&part.given, "decision.nothing_given", "say what is given");
            self.filled(
                &part.withheld,
                "decision.nothing_withheld",
                "say which words or documents are withheld",
            );
            if !matches!(made.decision, Decision::Withheld(_)) {
                self.problem(
                    "decision.not_in_part",
                    format!("only what is withheld can be given in part, and question {label} isn't withheld"),
                );
            }
        }
        self.released(case, made, &label);
        Some(Event::DecisionMade(made.clone()))
    }

    /// Files go with an answer, under names that tell them apart from the letter and from one another.
    fn released(&mut self, case: &Case, made: &QuestionDecision, label: &str) {
        if made.files.is_empty() {
            return;
        }
        if !made.gives() {
            self.problem(
                "decision.files_not_given",
                format!("files are given with an answer, and question {label} isn't answered so"),
            );
        }
        let mut taken: BTreeSet<String> = case
            .open_questions()
            .filter(|state| state.question.id != made.question)
            .filter_map(|state| state.decision.as_ref())
            .flat_map(|other| &other.files)
            .map(|released| released.file.name.to_lowercase())
            .collect();
        for ReleasedFile { file, .. } in &made.files {
            self.sha256(&file.sha256);
            let name = file.name.to_lowercase();
            if name.trim().is_empty() || name.contains(['/', '\\']) || name.starts_with("letter.") {
                self.problem(
                    "decision.bad_file_name",
                    format!(
                        "the file `{}` needs another name: not empty, no folders, and not that of the letter",
                        file.name
                    ),
                );
            }
            if !taken.insert(name) {
                self.problem(
                    "decision.file_name_taken",
                    format!(
                        "two files that go with this letter would be called `{}`; give one another name",
                        file.name
                    ),
                );
            }
        }
    }

    /// Files of a service area that was asked the question, for its answer.
    pub(super) fn send_files(&mut self, case: &Case, sent: &TeamFiles) -> Option<Event> {
        let question = self.question(case, &sent.question)?;
        let is_theirs = case.assignments.iter().any(|assignment| {
            assignment.area == sent.area && assignment.questions.contains(&sent.question)
        });
        if !is_theirs {
            self.problem("task.not_theirs", "this team was not asked that question");
        }
        if !question.takes_files() {
            self.problem(
                "files.not_yet",
                "files are taken once the officer has opened what was found and before the answer leaves",
            );
        }
        if sent.files.is_empty() {
            self.problem("files.none", "choose a file to send");
        }
        for ReleasedFile { file, .. } in &sent.files {
            self.sha256(&file.sha256);
            if file.name.trim().is_empty() || file.name.contains(['/', '\\']) {
                self.problem(
                    "files.bad_name",
                    format!(
                        "the file `{}` needs another name: not empty, no folders",
                        file.name
                    ),
                );
            }
        }
        Some(Event::FilesSent(sent.clone()))
    }

    /// Whether an exemption can be relied on for the content of a question, with its worksheet.
    fn exemption(&mut self, question: &QuestionState, applied: &AppliedExemption) {
        if self.fits(question, applied) && applied.public_interest().is_some() {
            self.weighed(question, About::Content, applied.provision());
        }
    }

    /// Whether an exemption is one, of its kind, with the condition or opinion that it needs; `false` where it is none.
    pub(super) fn fits(&mut self, question: &QuestionState, applied: &AppliedExemption) -> bool {
        let (provision, weighed) = (applied.provision(), applied.public_interest().is_some());
        let Some(exemption) = self.setting.statute.exemption(provision) else {
            self.problem(
                "decision.unknown_exemption",
                format!("{provision} is no exemption; sections 21 to 44 hold them"),
            );
            return false;
        };
        let qualified = exemption.requires_public_interest_test(provision);
        if exemption.confirm_or_deny.contains(provision) {
            self.problem(
                "decision.excludes_the_duty",
                format!("{provision} is about saying whether it is held, not about the content"),
            );
        }
        if qualified != weighed {
            let (is, must) = if qualified {
                ("qualified", "needs a public interest test")
            } else {
                ("absolute", "has none")
            };
            self.problem(
                "decision.wrong_kind",
                format!("{provision} is {is}: it {must}, FOIA s.2(3)"),
            );
        }
        if matches!(exemption.basis, TestBasis::Prejudice)
            && !matches!(applied, AppliedExemption::QualifiedPrejudice { .. })
            && qualified
        {
            self.problem(
                "decision.no_prejudice",
                format!("{provision} needs its mechanism and likelihood"),
            );
        }
        let conditions: Vec<&Provision> = exemption
            .conditions(provision)
            .map(|limb| &limb.provision)
            .collect();
        if let Slot::Filled(reason) = applied.reason()
            && !conditions.is_empty()
        {
            let reason: String = reason.chars().filter(|c| !c.is_whitespace()).collect();
            if !conditions
                .iter()
                .any(|condition| reason.contains(&condition.numbered()))
            {
                let conditions: Vec<String> = conditions.iter().map(ToString::to_string).collect();
                self.problem(
                    "decision.no_condition",
                    format!(
                        "{provision} applies only by a condition or for a purpose: name it in the reason, one of {}",
                        conditions.join(", ")
                    ),
                );
            }
        }
        if exemption.qualified_person
            && question
                .opinion
                .as_ref()
                .is_none_or(|opinion| opinion.likelihood.is_none())
        {
            self.problem(
                "decision.no_opinion",
                format!("{provision} needs the qualified person's opinion, FOIA s.36(2)"),
            );
        }
        true
    }

    pub(super) fn nothing_owed(&mut self, decision: &Decision) {
        let slot = |slot: &Slot<String>| match slot {
            Slot::Filled(text) if !text.trim().is_empty() => None,
            Slot::Filled(_) => Some("words where none were given".to_owned()),
            Slot::Begun { owed, .. } | Slot::Owed(owed) => Some(owed.clone()),
        };
        let mut found: Vec<Option<String>> = Vec::new();
        match decision {
            Decision::Answer { answer } => found.push(slot(answer)),
            Decision::AlreadyAccessible { place } => found.push(slot(place)),
            Decision::Withheld(exemptions) => {
                for exemption in exemptions {
                    found.push(slot(exemption.reason()));
                    found.extend(exemption.public_interest().map(|test| slot(&test.balance)));
                }
            }
            Decision::NeitherConfirmedNorDenied(neither) => {
                found.push(slot(&neither.prejudice.mechanism));
                found.push(slot(&neither.public_interest.balance));
            }
            Decision::NotHeld => {}
            Decision::OverCostLimit { estimate, advice } => {
                found.push(slot(estimate));
                found.push(slot(advice));
            }
            Decision::VexatiousOrRepeated { reason, .. } => found.push(slot(reason)),
            Decision::ClarificationSought { question } => found.push(slot(question)),
        }
        for what in found.into_iter().flatten() {
            self.problem("decision.owed", format!("still owed: {what}"));
        }
    }

    pub(super) fn extend(&mut self, case: &Case, extension: &Extension) -> Option<Event> {
        self.filled(
            &extension.reason,
            "extension.no_reason",
            "say why the exemption applies",
        );
        let exemption = self
            .setting
            .statute
            .exemption(&extension.provision)
            .filter(|exemption| exemption.requires_public_interest_test(&extension.provision));
        if exemption.is_none() {
            self.problem(
                "extension.not_qualified",
                format!(
                    "{} is not a qualified exemption: more time is only for weighing the public interest, FOIA s.10(3)",
                    extension.provision
                ),
            );
        }
        for question in self.questions(case, &extension.questions) {
            let label = &question.question.label;
            if exemption
                .is_some_and(|exemption| !engaged(question, exemption, &extension.provision))
            {
                self.problem(
                    "extension.not_engaged",
                    format!(
                        "nothing on record shows that {} applies to question {label}: more time is for weighing the public \
                         interest once it does, FOIA s.10(3), and not for looking for an exemption; get the evidence of \
                         harm, or the qualified person's opinion, first",
                        extension.provision
                    ),
                );
            }
            if extension.until <= question.due_on {
                self.problem(
                    "extension.not_later",
                    format!(
                        "{} is not after {}, the day on which question {label} is due",
                        plain(extension.until),
                        plain(question.due_on)
                    ),
                );
            }
            let fortieth = self.due(question.day_zero, WorkingDays(40));
            let is_agreed = extension
                .agreed_by
                .as_ref()
                .is_some_and(|account| !account.trim().is_empty() && *account != self.by.id);
            if extension.until > fortieth && !is_agreed {
                self.problem(
                    "extension.long",
                    format!(
                        "{} is later than the fortieth working day, {}: somebody else must agree to that",
                        plain(extension.until),
                        plain(fortieth)
                    ),
                );
            }
            if question.decision.is_some() {
                self.problem("extension.decided", format!("question {label} is decided"));
            }
            if self.setting.today > question.due_on {
                self.problem(
                    "extension.too_late",
                    format!(
                        "question {label} was due on {}: an extension must be told by then, FOIA s.17(2)",
                        plain(question.due_on)
                    ),
                );
            }
        }
        Some(Event::Extended(extension.clone()))
    }
}

/// Whether what is on record shows that a qualified exemption applies to a question, so that only its public interest is
/// left to weigh. An exemption of a class shows itself in the reason that the notice gives.
fn engaged(question: &QuestionState, exemption: &Exemption, provision: &Provision) -> bool {
    let about = if exemption.confirm_or_deny.contains(provision) {
        About::ConfirmOrDeny
    } else {
        About::Content
    };
    if exemption.qualified_person {
        let opinion = question.opinion.as_ref();
        return opinion.is_some_and(|opinion| opinion.likelihood.is_some());
    }
    !matches!(exemption.basis, TestBasis::Prejudice | TestBasis::Endanger)
        || question.harm_shown(about)
}

/// Whether a decision goes another way than triage proposed, in either direction.
#[must_use]
pub fn departs(proposed: proposal::Kind, decision: &Decision) -> bool {
    let closes = matches!(
        decision,
        Decision::Withheld(_) | Decision::NeitherConfirmedNorDenied(_)
    );
    match proposed {
        proposal::Kind::Protected => !closes,
        proposal::Kind::Register => !matches!(decision, Decision::AlreadyAccessible { .. }),
        proposal::Kind::Open => closes,
        proposal::Kind::Mixed => false,
    }
}
