//! What in a chronology can't be so: every contradiction with the way out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Clock, in_order};
use crate::{Chronology, Counts, EngagedExemption, Event, ExtensionKind, Happening, Problem};

/// Every contradiction, in the order of the days.
pub(super) fn find(clock: &Clock<'_>, chronology: &Chronology) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, label) in chronology.questions.iter().enumerate() {
        if chronology
            .questions
            .iter()
            .take(index)
            .any(|other| other == label)
        {
            problems.push(Problem::new(
                "clock.question_twice",
                format!("question `{label}` stands twice; give each question its own label"),
            ));
        }
    }
    for (from, to) in &chronology.no_school {
        if from > to {
            problems.push(Problem::new(
                "clock.period_backwards",
                format!("the period without school from {from} to {to} ends before it begins"),
            ));
        }
    }
    let in_school_days = clock
        .limit_on(chronology.received_on)
        .is_ok_and(|limit| limit.counts == Counts::SchoolDays);
    if !in_school_days && !chronology.no_school.is_empty() {
        problems.push(Problem::new(
            "clock.not_in_school_days",
            format!("the time limit `{}` doesn't count school days; leave the periods without school out, or use the limit of schools", clock.limit_id),
        ));
    }
    let mut open = Open::default();
    for event in in_order(chronology) {
        alone(clock, chronology, event, &mut problems);
        open.after(event, &mut problems);
    }
    problems
}

/// What is wrong with an event whatever else happened.
fn alone(clock: &Clock<'_>, chronology: &Chronology, event: &Event, problems: &mut Vec<Problem>) {
    let (on, kind) = (event.on, event.what.name());
    if on < chronology.received_on {
        problems.push(Problem::new(
            "clock.before_receipt",
            format!(
                "{kind} on {on} is before the request was received on {}; mend one of the dates",
                chronology.received_on
            ),
        ));
    }
    for label in &event.questions {
        if !chronology.questions.is_empty() && !chronology.questions.contains(label) {
            problems.push(Problem::new(
                "clock.unknown_question",
                format!(
                    "{kind} on {on} names question `{label}`; the request's questions are {}",
                    chronology.questions.join(", ")
                ),
            ));
        }
    }
    let missing = |what: &str| {
        Problem::new(
            "clock.no_such_rule",
            format!(
                "{kind} on {on}: {} {what}; leave the event out, or use another regime or limit",
                clock.regime.name
            ),
        )
    };
    match &event.what {
        Happening::ClarificationSought { .. } if clock.regime.clarification.is_none() => {
            problems.push(missing("has no rule on clarification in the data"));
        }
        Happening::FeesNoticeGiven if clock.regime.fee.is_none() => {
            problems.push(missing("has no rule on fees in the data"));
        }
        Happening::PublicInterestExtension {
            grounds,
            until,
            reason: _,
        } => {
            let kind = clock.regime.extension.as_ref().map(|rule| rule.kind);
            if kind == Some(ExtensionKind::PublicInterest) {
                extension(clock, chronology, on, grounds, problems);
            } else {
                problems.push(missing("has no extension for weighing the public interest"));
            }
            after(on, *until, problems);
        }
        Happening::MoreTimeTaken { until, reason } => {
            let kind = clock.regime.extension.as_ref().map(|rule| rule.kind);
            if kind != Some(ExtensionKind::ComplexityAndVolume) {
                problems.push(missing("gives no more time for complexity and volume"));
            } else if reason.is_none() {
                problems.push(Problem::new(
                    "clock.more_time_needs_reason",
                    format!("more-time on {on} needs a reason: the request must be both complex and voluminous; add reason=…"),
                ));
            }
            after(on, *until, problems);
        }
        Happening::LongerTimeAgreed { until } => {
            let by_agreement = clock
                .limit_on(chronology.received_on)
                .is_ok_and(|limit| limit.by_agreement_working_days.is_some());
            if !by_agreement {
                problems.push(missing(
                    "lets the Commissioner agree to a longer time only under SI 2004/3364 reg.5 and reg.6 (limits `armed-forces` and `overseas`)",
                ));
            }
            after(on, *until, problems);
        }
        Happening::ReviewAsked if clock.regime.review.is_none() => {
            problems.push(missing("has no review in the data"));
        }
        Happening::ReviewExtended { reason } => {
            let exceptional = clock
                .regime
                .review
                .as_ref()
                .and_then(|review| review.exceptionally_within_working_days);
            if exceptional.is_none() {
                problems.push(missing("has no exceptional time for a review"));
            } else if reason.is_none() {
                problems.push(Problem::new(
                    "clock.review_extension_needs_reason",
                    format!("review-extended on {on} needs a reason, the longer time being exceptional; add reason=…"),
                ));
            }
        }
        _ => {}
    }
    let whole_request = matches!(
        event.what,
        Happening::FeesNoticeGiven
            | Happening::FeePaid
            | Happening::LongerTimeAgreed { .. }
            | Happening::ReviewAsked
            | Happening::ReviewExtended { .. }
            | Happening::ReviewAnswered
    );
    if whole_request && !event.questions.is_empty() {
        problems.push(Problem::new(
            "clock.whole_request_only",
            format!("{kind} on {on} concerns the whole request; leave its questions out"),
        ));
    }
}

fn after(on: Date, until: Date, problems: &mut Vec<Problem>) {
    if until <= on {
        problems.push(Problem::new(
            "clock.estimate_in_the_past",
            format!("the notice of {on} gives {until} as the day to expect the answer; that day must come after it"),
        ));
    }
}

/// A public interest extension needs a qualified exemption found engaged before it, FOIA s.10(3).
fn extension(
    clock: &Clock<'_>,
    chronology: &Chronology,
    on: Date,
    grounds: &[EngagedExemption],
    problems: &mut Vec<Problem>,
) {
    if grounds.is_empty() {
        problems.push(Problem::new(
            "clock.no_exemption",
            format!("the extension of {on} names no exemption; name the qualified exemption already engaged, or answer by the ordinary day"),
        ));
    }
    for ground in grounds {
        let provision = &ground.provision;
        let Some(exemption) = clock.statute.exemption(provision) else {
            problems.push(Problem::new(
                "clock.unknown_exemption",
                format!(
                    "{provision} is no exemption of Part II; sections 21 to 44 hold exemptions"
                ),
            ));
            continue;
        };
        if !exemption.has_limb(provision) {
            problems.push(Problem::new(
                "clock.no_such_limb",
                format!(
                    "{provision} does not exist; `candour law {}` lists what does",
                    exemption.provision
                ),
            ));
            continue;
        }
        if exemption.is_absolute(provision) {
            problems.push(Problem::new(
                "clock.extension_on_absolute",
                format!("{provision} is absolute: no public interest is weighed, so no extension; answer by the ordinary day, or name the qualified exemption that is engaged"),
            ));
        } else if !exemption.requires_public_interest_test(provision) {
            problems.push(Problem::new(
                "clock.limb_needed",
                format!("part of {provision} is absolute and part qualified; name the paragraph that is engaged"),
            ));
        }
        if ground.engaged_on > on {
            problems.push(Problem::new(
                "clock.not_yet_engaged",
                format!("{provision} was found engaged on {}, after the extension of {on}; the time isn't for finding out which exemption applies", ground.engaged_on),
            ));
        }
        if ground.engaged_on < chronology.received_on {
            problems.push(Problem::new(
                "clock.before_receipt",
                format!("{provision} can't have been engaged on {}, before the request was received on {}", ground.engaged_on, chronology.received_on),
            ));
        }
        if exemption.qualified_person && ground.opinion_on.is_none_or(|day| day > on) {
            problems.push(Problem::new(
                "clock.no_qualified_person",
                format!("{provision} is engaged only by the qualified person's opinion, which must come before the extension of {on}; add opinion=DATE"),
            ));
        }
    }
}

/// What is open as the days go by.
#[derive(Default)]
struct Open {
    /// Detail was asked for on the whole request; then `detailed` holds the questions it has come in for.
    whole_sought: bool,
    detailed: BTreeSet<String>,
    /// Questions on which detail was asked for.
    sought: BTreeSet<String>,
    fees_notice: Option<Date>,
    answered_whole: Option<Date>,
    answered: BTreeMap<String, Date>,
    review_asked: bool,
}

impl Open {
    fn after(&mut self, event: &Event, problems: &mut Vec<Problem>) {
        let on = event.on;
        let mut wrong = |code, message: String| problems.push(Problem::new(code, message));
        let answered_on = self.answered_on(event);
        match &event.what {
            Happening::ClarificationSought { .. } => {
                if event.questions.is_empty() {
                    self.whole_sought = true;
                    self.detailed.clear();
                } else {
                    for label in &event.questions {
                        self.detailed.remove(label);
                        self.sought.insert(label.clone());
                    }
                }
            }
            Happening::ClarificationReceived => {
                if !self.detail_comes_in(&event.questions) {
                    wrong(
                        "clock.clarification_not_sought",
                        format!(
                            "clarification received on {on}, but none was open then; add clarification-sought with its date and questions, or leave this out"
                        ),
                    );
                }
            }
            Happening::FeesNoticeGiven => {
                if let Some(earlier) = self.fees_notice {
                    wrong(
                        "clock.fees_notice_twice",
                        format!(
                            "fees notices on {earlier} and on {on} with no payment between; record the one that stands"
                        ),
                    );
                }
                self.fees_notice = Some(on);
            }
            Happening::FeePaid => {
                if self.fees_notice.take().is_none() {
                    wrong(
                        "clock.fee_not_asked",
                        format!(
                            "a fee was paid on {on}, but no fees notice was open then; add fees-notice with its date, or leave this out"
                        ),
                    );
                }
            }
            Happening::Answered => {
                if let Some(earlier) = answered_on {
                    wrong(
                        "clock.answered_twice",
                        format!(
                            "answered on {earlier} and again on {on}; record the first answer, or limit each to its questions"
                        ),
                    );
                }
                if event.questions.is_empty() {
                    self.answered_whole = Some(on);
                }
                for label in &event.questions {
                    self.answered.insert(label.clone(), on);
                }
            }
            Happening::ReviewAsked => self.review_asked = true,
            Happening::ReviewExtended { .. } | Happening::ReviewAnswered => {
                if !self.review_asked {
                    wrong(
                        "clock.review_not_asked",
                        format!(
                            "{} on {on}, but nobody had asked for a review; add review-asked with its date",
                            event.what.name()
                        ),
                    );
                }
            }
            Happening::PublicInterestExtension { .. }
            | Happening::MoreTimeTaken { .. }
            | Happening::LongerTimeAgreed { .. } => {}
        }
        let before_an_answer = match &event.what {
            Happening::ClarificationSought { .. }
            | Happening::FeesNoticeGiven
            | Happening::PublicInterestExtension { .. }
            | Happening::MoreTimeTaken { .. }
            | Happening::LongerTimeAgreed { .. } => true,
            Happening::ClarificationReceived
            | Happening::FeePaid
            | Happening::Answered
            | Happening::ReviewAsked
            | Happening::ReviewExtended { .. }
            | Happening::ReviewAnswered => false,
        };
        if let Some(earlier) = answered_on.filter(|_| before_an_answer) {
            wrong(
                "clock.after_answer",
                format!(
                    "{} on {on} comes after the answer of {earlier}; mend one of the dates, or limit them to their questions",
                    event.what.name()
                ),
            );
        }
    }

    /// Notes that detail came in; whether it was open for everything it came in for.
    fn detail_comes_in(&mut self, questions: &[String]) -> bool {
        if questions.is_empty() {
            let open = self.whole_sought || !self.sought.is_empty();
            self.whole_sought = false;
            self.sought.clear();
            return open;
        }
        let mut open = true;
        for label in questions {
            let alone = self.sought.remove(label);
            let with_the_rest = self.whole_sought && self.detailed.insert(label.clone());
            open &= alone || with_the_rest;
        }
        open
    }

    /// The day on which everything that an event touches had been answered.
    fn answered_on(&self, event: &Event) -> Option<Date> {
        self.answered_whole.or_else(|| {
            let days: Option<Vec<&Date>> = event
                .questions
                .iter()
                .map(|label| self.answered.get(label))
                .collect();
            days?.into_iter().max().copied()
        })
    }
}
