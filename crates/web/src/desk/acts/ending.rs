//! After the answer: publication, review, withdrawal, closing.

use casework::case::{Case, QuestionState};
use casework::command::Command;
use casework::disclosure_log;
use casework::event::{Closure, ClosureReason, Publication, Reason, ReviewRequestMade, Withdrawal};
use casework::procedure::State;
use casework::public_record::Advice;

use super::{Deed, PLAIN, day, ids};
use crate::fields::{Mistakes, sentence};
use crate::form::{Choice, Form, choice};
use crate::public::log;

/// What ends the words that stand for what was taken out.
const REMOVED: &str = " removed]";

/// Publishing.
pub(super) const PUBLICATION: Deed = Deed {
    tab: "history",
    done: "publication",
    leads_to: "/publication",
    form: |scene| {
        let case = scene.case;
        if case.issued.is_empty() || (case.publication.is_some() && !case.is_superseded_in_log()) {
            return None;
        }
        let standing = case.publication.as_ref();
        let plan = case.publication_plan.as_ref().or(standing);
        let subject = case.receipt.subject.trim();
        let title = match plan {
            Some(plan) => plan.title.clone(),
            // A subject may name as a fact what we neither confirm nor deny.
            None if is_silent(case) && !disclosure_log::asks(subject) => {
                format!("Question about: {subject}")
            }
            None => subject.to_owned(),
        };
        let sent_on = case
            .issued
            .last()
            .map_or(jiff::civil::Date::MIN, |issue| issue.sent_on);
        let heading = match standing {
            Some(_) => "Publish what the review changed",
            None => "Publish this answer",
        };
        let mut form = Form::new(heading, "Save");
        if standing.is_some() {
            form = form.note("The log shows the first answer until you save this. It keeps its address and says that it was changed.");
        }
        form = form.intro("The log shows the questions, the answers as sent and the decisions in words: never who asked, and nothing about a search.");
        for entry in scene.in_log {
            form = form
                .quote(&entry.question)
                .note(log::decision_words(&entry.decision));
            if !entry.answer.is_empty() {
                form = form.quote(&entry.answer);
            }
            if entry.answer.contains(REMOVED) || entry.question.contains(REMOVED) {
                form = form.note("Where “removed” stands in brackets, Candour took out what looks like personal data. Compare it with the letter: if it is none, tell whoever keeps the list of words before you publish.");
            }
        }
        form = giving_away(form, scene.gives_away, plan);
        if let Some(reason) = &case.publication_declined {
            form = form.note("It was decided not to publish it:").quote(reason);
        }
        Some(
            match standing {
                Some(_) => form.radios(
                    "when",
                    "Should it be published?",
                    "",
                    vec![choice("now", "Now, in place of the first answer")],
                    "",
                ),
                None => form
                    .radios(
                        "when",
                        "Should it be published?",
                        "",
                        vec![
                            choice("now", "Now"),
                            choice("later", "On a day"),
                            choice("not", "No"),
                        ],
                        if plan.is_some() { "later" } else { "" },
                    )
                    .day(
                        "on",
                        "The day",
                        "Only for a day to come.",
                        &plan.map_or_else(String::new, |plan| plan.published_on.to_string()),
                    )
                    .area(
                        "reason",
                        "Why it is not published",
                        "Only where it is not.",
                        "",
                        2,
                    ),
            }
            .line(
                "title",
                "Title",
                "Do not repeat an event as a fact. “Question about …” is safe.",
                &title,
            )
            .line(
                "address",
                "End of its permanent address",
                "A year, a slash, and small letters, digits and hyphens.",
                &plan.map_or_else(
                    || disclosure_log::address_of(&title, sent_on),
                    |plan| plan.address.clone(),
                ),
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
        if fields.get("when") == "not" {
            return vec![Command::DeclinePublication(Reason {
                reason: fields.get("reason"),
            })];
        }
        let title = fields.get("title");
        mistakes.check(
            !["now", "later"].contains(&fields.get("when").as_str()),
            "when",
            "Choose whether it is published",
        );
        mistakes.check(
            fields.get("checked") != "yes",
            "checked",
            "Look for personal data first",
        );
        let publication = |published_on| Publication {
            published_on,
            address: fields.get("address"),
            title: title.clone(),
            despite: fields.has("despite").then(|| fields.get("despite")),
        };
        mistakes.check(
            !scene.gives_away.is_empty() && !publication(scene.app.today()).says_why(),
            "despite",
            "Say in a sentence why it is published all the same",
        );
        let command = if fields.get("when") == "later" {
            day(
                fields,
                "on",
                mistakes,
                "Enter the day on which it is published",
            )
            .map(|on| Command::PlanPublication(publication(on)))
        } else {
            Some(Command::Publish(publication(scene.app.today())))
        };
        // Named together with what is missing, not after it.
        if let Some(Err(problems)) = command
            .as_ref()
            .map(|command| scene.app.office.can_be_published(scene.case, command))
        {
            mistakes
                .0
                .extend(Mistakes::of_problems(&problems, PUBLICATION.about).0);
        }
        command.into_iter().collect()
    },
    about: &[
        ("case.no_reason", "reason"),
        ("publication.not_later", "on"),
        ("log.gives_away", "despite"),
        ("log.title_tells", "title"),
        ("log.personal_data", "title"),
        ("publication.no_title", "title"),
        ("publication.long_title", "title"),
        ("publication", "address"),
    ],
    publishes: true,
    ..PLAIN
};

/// What publishing would give away, with the place for the reason why it is published all the same.
fn giving_away(form: Form, advice: &Advice, plan: Option<&Publication>) -> Form {
    if advice.is_empty() {
        return form;
    }
    let mut form = form.section("What this would give away");
    for warning in &advice.warnings {
        form = form.quote(sentence(&warning.message));
    }
    if !advice.untenable.is_empty() {
        form = form.note("These refusals to other people could no longer be upheld:");
        for refusal in &advice.untenable {
            form = form.quote(refusal.line());
        }
    }
    form.note("The person who asked has the answer, and may pass it on. The log puts it before everybody, beside everything else that is published.")
        .area(
            "despite",
            "Why it is published all the same",
            "It stays on the case, and the log does not show it. If it should not be published, choose No.",
            plan.and_then(|plan| plan.despite.as_deref()).unwrap_or(""),
            3,
        )
}

/// Whether anything that was asked is neither confirmed nor denied.
fn is_silent(case: &Case) -> bool {
    case.questions
        .iter()
        .any(QuestionState::neither_confirmed_nor_denied)
}

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
        let is_answered = !scene.case.issued.is_empty()
            && matches!(scene.case.state, State::Issued | State::Closed);
        is_answered.then(|| {
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
        mistakes.check(
            !fields.has("text"),
            "text",
            "Copy what they wrote: whoever reviews reads it",
        );
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

/// Withdrawn by the person who asked.
pub(super) const WITHDRAW: Deed = Deed {
    done: "withdrawal",
    form: |scene| {
        scene.case.state.answer_is_owed().then(|| {
            let questions = scene.open_questions();
            let form = Form::new("Record a withdrawal", "Record the withdrawal")
                .intro("Only when the person who asked says so.");
            let form = if scene.case.may_be_withdrawn_in_part() {
                form.radios(
                    "what",
                    "What do they no longer ask?",
                    "",
                    vec![
                        choice("all", "The whole request"),
                        choice("some", "Some of its questions"),
                    ],
                    "",
                )
                .boxes(
                    "questions",
                    "The questions that they no longer ask",
                    "Only where it is some of them. The letter says so, and the others keep their day.",
                    questions,
                    Vec::new(),
                )
            } else {
                form
            };
            form.day(
                    "received_on",
                    "Day on which they said so",
                    "",
                    &scene.app.today().to_string(),
                )
                .warn("Work stops on what is withdrawn. A letter that is with the approver comes back.")
        })
    },
    commands: |scene, fields, mistakes| {
        let what = if scene.case.may_be_withdrawn_in_part() {
            fields.get("what")
        } else {
            "all".to_owned()
        };
        let questions = if what == "some" {
            ids(fields, "questions")
        } else {
            Vec::new()
        };
        mistakes.check(
            !matches!(what.as_str(), "all" | "some"),
            "what",
            "Choose whether it is the whole request or some of its questions",
        );
        mistakes.check(
            what == "some" && questions.is_empty(),
            "questions",
            "Choose the questions that they no longer ask",
        );
        day(fields, "received_on", mistakes, "Enter the day")
            .map(|received_on| {
                Command::Withdraw(Withdrawal {
                    received_on,
                    questions,
                })
            })
            .into_iter()
            .collect()
    },
    about: &[
        ("case", "received_on"),
        ("question", "questions"),
        ("withdrawal", "questions"),
    ],
    ..PLAIN
};

/// Closed.
pub(super) const CLOSE: Deed = Deed {
    tab: "history",
    done: "closed",
    leads_to: "/history",
    form: |scene| {
        let case = scene.case;
        let reason = closure_reason(case.state)?;
        let form = Form::new("Close this request", "Close it");
        Some(match reason {
            ClosureReason::Answered => {
                let form = form.intro(if case.reviews_decided.is_empty() {
                    "The request is answered."
                } else {
                    "The request is answered and its review is decided."
                });
                match crate::public::follow::review_by(scene.app, case) {
                    Some(until) => form.intro(format!(
                        "A review can still be asked for until {}. That opens it again.",
                        crate::dates::long(until)
                    )),
                    None => form,
                }
            }
            ClosureReason::Invalid => form.intro("It never became a request under section 8."),
            ClosureReason::ClarificationLapsed => {
                let asked_on = case
                    .questions
                    .iter()
                    .filter_map(|state| state.waiting_since)
                    .max();
                let bundle = scene.app.office.bundle();
                let until = asked_on.and_then(|day| bundle.clarification_lapses_on(day));
                let form = form.intro("The detail asked for did not come.");
                let form = match asked_on {
                    Some(day) if until.is_some() => {
                        form.intro(format!("We asked on {}.", crate::dates::long(day)))
                    }
                    Some(day) => form.intro(format!(
                        "We asked on {}. The Act sets no time for an answer: give a reasonable one before you close.",
                        crate::dates::long(day)
                    )),
                    None => form,
                };
                match until {
                    Some(until) if until >= scene.app.today() => form.warn(&format!(
                        "We said that we wait until {}. That day is not over.",
                        crate::dates::long(until)
                    )),
                    Some(until) => form.intro(format!(
                        "We said that we close it if we hear nothing by {}.",
                        crate::dates::long(until)
                    )),
                    None => form,
                }
            }
            ClosureReason::FeeNotPaid => {
                let fee = scene.app.office.bundle().fee();
                let until = fee
                    .zip(case.fees_notice.as_ref())
                    .map(|(fee, notice)| fee.payable_until(notice.given_on));
                match until {
                    Some(until) => form.intro(format!(
                        "The fee could be paid until {}. Without it there is no duty to answer, section 9(2).",
                        crate::dates::long(until)
                    )),
                    None => form,
                }
            }
        })
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
