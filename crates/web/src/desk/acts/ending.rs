//! After the answer: publication, review, withdrawal, closing.

use casework::command::Command;
use casework::decision::{Decision, Slot};
use casework::event::{
    Closure, ClosureReason, Publication, Reason, ReviewDecision, ReviewOutcome, ReviewRequestMade,
    ReviewedQuestion, Withdrawal,
};
use casework::procedure::State;

use super::{Deed, PLAIN, day, ids};
use crate::form::{Choice, Form, choice, choice_with};

/// Publishing.
pub(super) const PUBLICATION: Deed = Deed {
    tab: "history",
    done: "published",
    leads_to: "/publication",
    form: |scene| {
        let case = scene.case;
        if case.issued.is_empty() || case.publication.is_some() {
            return None;
        }
        let title = case.receipt.subject.clone();
        let sent_on = case
            .issued
            .last()
            .map_or(jiff::civil::Date::MIN, |issue| issue.sent_on);
        let mut form = Form::new("Publish this answer", "Publish")
            .intro("The log shows the questions, the answers as sent and the decisions in words: never who asked, and nothing about a search.");
        for state in &case.questions {
            form = form.quote(crate::desk::shown::whole(&state.question));
            if let Some(made) = &state.decision {
                form = form.note(crate::desk::shown::decision_words(&made.decision));
            }
        }
        Some(
            form.line(
                "title",
                "Title",
                "Do not repeat an event as a fact. “Question about …” is safe.",
                &title,
            )
            .line(
                "address",
                "End of its permanent address",
                "Small letters, digits and hyphens.",
                &casework::disclosure_log::address_of(&title, sent_on),
            )
            .radios(
                "checked",
                "Have you looked for personal data in the questions and answers?",
                "",
                vec![choice("yes", "Yes, there is none")],
                "",
            )
            .warn("Once published, copies stay with others even if you take it out."),
        )
    },
    commands: |scene, fields, mistakes| {
        mistakes.check(
            fields.get("checked") != "yes",
            "checked",
            "Look for personal data first",
        );
        vec![Command::Publish(Publication {
            published_on: scene.app.today(),
            address: fields.get("address"),
            title: fields.get("title"),
        })]
    },
    about: &[
        ("publication.no_title", "title"),
        ("publication", "address"),
    ],
    ..PLAIN
};

/// Taking out of the log.
pub(super) const UNPUBLISH: Deed = Deed {
    tab: "history",
    done: "unpublished",
    leads_to: "/publication",
    form: |scene| {
        scene.case.publication.as_ref().map(|publication| {
            Form::new("Take this answer out of the log", "Take it out")
                .intro(format!("Published as “{}”.", publication.title))
                .area(
                    "reason",
                    "Why",
                    "The address will say that it was removed, when, and why.",
                    "",
                    3,
                )
        })
    },
    commands: |_, fields, _| {
        vec![Command::Unpublish(Reason {
            reason: fields.get("reason"),
        })]
    },
    about: &[("case.no_reason", "reason")],
    ..PLAIN
};

/// A review asked for.
pub(super) const REVIEW_ASKED: Deed = Deed {
    tab: "history",
    done: "review",
    leads_to: "/review",
    form: |scene| {
        matches!(scene.case.state, State::Issued | State::Closed).then(|| {
            let questions: Vec<Choice> = scene
                .case
                .questions
                .iter()
                .map(|state| {
                    choice(
                        &state.question.id.0,
                        &format!("{}: {}", state.question.label, state.question.text),
                    )
                })
                .collect();
            Form::new("Record a request for a review", "Save")
                .intro("Anything that shows discontent counts.")
                .boxes(
                    "questions",
                    "Questions it is about",
                    "Leave empty for the whole answer.",
                    questions,
                    Vec::new(),
                )
                .area("text", "What they wrote", "", "", 5)
                .day(
                    "received_on",
                    "Day on which it came",
                    "",
                    &scene.app.today().to_string(),
                )
                .line(
                    "late",
                    "Why it is taken although it came late",
                    "Only where it came after the time for asking.",
                    "",
                )
        })
    },
    commands: |_, fields, mistakes| {
        let Some(received_on) = day(
            fields,
            "received_on",
            mistakes,
            "Enter the day on which it came",
        ) else {
            return Vec::new();
        };
        let late = fields.get("late");
        vec![Command::AskReview(ReviewRequestMade {
            received_on,
            questions: ids(fields, "questions"),
            text: fields.get("text"),
            late_but_taken_because: (!late.is_empty()).then_some(late),
        })]
    },
    about: &[("review.late", "late"), ("case", "received_on")],
    ..PLAIN
};

/// A review decided.
pub(super) const REVIEW: Deed = Deed {
    tab: "history",
    done: "reviewed",
    leads_to: "/history",
    form: |scene| {
        let case = scene.case;
        let review = case
            .review
            .as_ref()
            .filter(|_| case.state == State::UnderReview)?;
        let mut form = Form::new("Decide the review", "Decide the review")
            .intro("Look at each question afresh: harm and balance as at the first answer, and what has changed. Repeating the first letter is not a review.")
            .intro("Everyone who decided or approved the first answer is shut out.")
            .quote(&review.request.text);
        for (number, state) in (1_usize..).zip(&case.questions) {
            if !review.request.questions.is_empty()
                && !review.request.questions.contains(&state.question.id)
            {
                continue;
            }
            form = form
                .section(&format!("Question {}", state.question.label))
                .quote(crate::desk::shown::whole(&state.question));
            if let Some(made) = &state.decision {
                form = form.note(format!(
                    "First answer: {}.",
                    crate::desk::shown::decision_words(&made.decision)
                ));
            }
            form = form
                .radios(
                    &format!("outcome_{number}"),
                    "Outcome",
                    "",
                    vec![
                        choice("upheld", "Uphold the first answer"),
                        choice_with(
                            "changed",
                            "Change it: disclose",
                            "Write the new answer below.",
                        ),
                        choice_with(
                            "partly",
                            "Change it in part",
                            "Write what is given now below.",
                        ),
                    ],
                    "",
                )
                .area(
                    &format!("reason_{number}"),
                    "What you checked afresh, and why",
                    "",
                    "",
                    3,
                )
                .area(
                    &format!("answer_{number}"),
                    "The new answer",
                    "Only where it changes.",
                    "",
                    3,
                );
        }
        Some(form)
    },
    commands: |scene, fields, mistakes| {
        let mut questions = Vec::new();
        for (number, state) in (1_usize..).zip(&scene.case.questions) {
            let outcome = match fields.get(&format!("outcome_{number}")).as_str() {
                "upheld" => ReviewOutcome::OriginalUpheld,
                "changed" => ReviewOutcome::Changed,
                "partly" => ReviewOutcome::PartlyChanged,
                _ => continue,
            };
            let reason = fields.get(&format!("reason_{number}"));
            mistakes.check(
                reason.is_empty(),
                &format!("reason_{number}"),
                "Say what you checked afresh",
            );
            let answer = fields.get(&format!("answer_{number}"));
            let decision = match outcome {
                ReviewOutcome::OriginalUpheld => None,
                _ => {
                    mistakes.check(
                        answer.is_empty(),
                        &format!("answer_{number}"),
                        "Write the new answer",
                    );
                    Some(Decision::Answer {
                        answer: Slot::Filled(answer),
                    })
                }
            };
            questions.push(ReviewedQuestion {
                question: state.question.id.clone(),
                outcome,
                reason,
                decision,
            });
        }
        vec![Command::DecideReview(ReviewDecision {
            sent_on: scene.app.today(),
            questions,
            basis: scene.app.office.bundle().basis.clone(),
        })]
    },
    ..PLAIN
};

/// Withdrawn by the person who asked.
pub(super) const WITHDRAW: Deed = Deed {
    done: "withdrawal",
    form: |scene| {
        scene.case.state.answer_is_owed().then(|| {
            Form::new("Record a withdrawal", "Withdraw the request")
                .intro("Only when the person who asked says so.")
                .day(
                    "received_on",
                    "Day on which they said so",
                    "",
                    &scene.app.today().to_string(),
                )
                .warn("Work on the request stops.")
        })
    },
    commands: |_, fields, mistakes| {
        day(fields, "received_on", mistakes, "Enter the day")
            .map(|received_on| Command::Withdraw(Withdrawal { received_on }))
            .into_iter()
            .collect()
    },
    about: &[("case", "received_on")],
    ..PLAIN
};

/// Closed.
pub(super) const CLOSE: Deed = Deed {
    tab: "history",
    done: "closed",
    leads_to: "/history",
    form: |scene| {
        let reason = closure_reason(scene.case.state)?;
        let words = match reason {
            ClosureReason::Answered => "The request is answered and no review was asked for.",
            ClosureReason::Invalid => "It never became a request under section 8.",
            ClosureReason::ClarificationLapsed => "The detail asked for did not come.",
            ClosureReason::FeeNotPaid => "The fee was not paid within three months.",
        };
        Some(Form::new("Close this request", "Close it").intro(words))
    },
    commands: |scene, _, _| {
        closure_reason(scene.case.state)
            .map(|reason| {
                Command::Close(Closure {
                    closed_on: scene.app.today(),
                    reason,
                })
            })
            .into_iter()
            .collect()
    },
    ..PLAIN
};

fn closure_reason(state: State) -> Option<ClosureReason> {
    match state {
        State::Issued => Some(ClosureReason::Answered),
        State::Invalid => Some(ClosureReason::Invalid),
        State::AwaitingClarification => Some(ClosureReason::ClarificationLapsed),
        State::AwaitingFee => Some(ClosureReason::FeeNotPaid),
        _ => None,
    }
}
