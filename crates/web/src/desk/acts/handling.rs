//! Who does what: owner, teams, reminders, validity, the cause of lateness.

use casework::command::Command;
use casework::event::{
    Addition, Assignment, LateCause, LateCauseChoice, Owner, Reminder, ValidityCheck,
    ValidityRequirement,
};
use casework::procedure::State as CaseState;
use jiff::civil::Date;

use super::{Deed, PLAIN, Scene, day, ids};
use crate::form::{Choice, Form, choice};
use crate::routes;

/// The people who can be given the case: a review only those who took no part in the first answer.
fn may_be_given(scene: &Scene<'_>) -> Vec<(String, String)> {
    if scene.case.state != CaseState::UnderReview {
        return crate::desk::queue::people(scene.accounts, routes::NEW_WORK);
    }
    let mut people = crate::desk::queue::people(scene.accounts, routes::REVIEW_WORK);
    people.retain(|(id, _)| scene.case.is_new_to(id));
    people
}

/// Who answers for the case.
pub(super) const OWNER: Deed = Deed {
    tab: "request",
    done: "owner",
    leads_to: "",
    form: |scene| {
        let people = may_be_given(scene);
        let mut choices: Vec<Choice> = people.iter().map(|(id, name)| choice(id, name)).collect();
        // Nobody is chosen beforehand who doesn't answer for it now.
        let owner = scene.case.in_hands_of().unwrap_or("");
        if !choices.iter().any(|choice| choice.value == owner) {
            choices.insert(0, choice("", "Choose a person"));
        }
        if scene.case.state != CaseState::UnderReview {
            return Some(
                Form::new("Give this request to someone", "Give to this person").select(
                    "officer",
                    "Who answers for it",
                    "",
                    choices,
                    owner,
                ),
            );
        }
        let form = Form::new("Give this review to someone", "Give to this person");
        Some(if people.is_empty() {
            form.intro(
                "Everyone who may decide a review took part in the first answer. Choose someone above them: an \
                 administrator can give that person an account with the approver's role.",
            )
        } else {
            form.select(
                "officer",
                "Who reviews it",
                "Those who decided or approved any of the first answer are not in the list.",
                choices,
                owner,
            )
        })
    },
    commands: |scene, fields, mistakes| {
        let officer = fields.get("officer");
        let is_known = may_be_given(scene).iter().any(|(id, _)| *id == officer);
        mistakes.check(!is_known, "officer", "Choose a person");
        vec![Command::AssignOwner(Owner { officer })]
    },
    about: &[("owner", "officer")],
    people: true,
    ..PLAIN
};

const CAUSES: &[(LateCause, &str, &str)] = &[
    (
        LateCause::ReadLate,
        "read_late",
        "The request was read late",
    ),
    (
        LateCause::WaitingForArea,
        "waiting_for_area",
        "Waiting for a team",
    ),
    (
        LateCause::WaitingForAdviser,
        "waiting_for_adviser",
        "Waiting for the adviser",
    ),
    (
        LateCause::WaitingForApprover,
        "waiting_for_approver",
        "Waiting for the approver",
    ),
    (
        LateCause::UnclearRequest,
        "unclear_request",
        "The request was unclear",
    ),
    (
        LateCause::ClockMistake,
        "clock_mistake",
        "The clock was kept wrongly",
    ),
    (LateCause::SystemDown, "system_down", "The system was down"),
    (
        LateCause::TooMuchToGather,
        "too_much_to_gather",
        "There was too much to gather",
    ),
];

/// A cause of lateness in words, by its stored spelling; empty for none.
pub(crate) fn cause_words(spelling: &str) -> &'static str {
    CAUSES
        .iter()
        .find(|(_, known, _)| *known == spelling)
        .map_or("", |(_, _, words)| words)
}

/// The same of a cause that was chosen.
pub(crate) fn words_of_cause(cause: LateCause) -> &'static str {
    CAUSES
        .iter()
        .find(|(known, _, _)| *known == cause)
        .map_or("", |(_, _, words)| words)
}

/// Why it is late.
pub(super) const LATE: Deed = Deed {
    tab: "request",
    done: "late",
    leads_to: "",
    form: |scene| {
        if !scene.case.is_or_was_late(scene.app.today()) {
            return None;
        }
        let choices = CAUSES
            .iter()
            .map(|(_, value, label)| choice(value, label))
            .collect();
        Some(
            Form::new("Why is this request late?", "Save").radios(
                "cause",
                "The main cause",
                "It shows in the queue and in reports; the public sees the share on time only.",
                choices,
                CAUSES
                    .iter()
                    .find(|(cause, _, _)| scene.case.late_cause == Some(*cause))
                    .map_or("", |(_, value, _)| value),
            ),
        )
    },
    commands: |_, fields, mistakes| {
        let chosen = fields.get("cause");
        let cause = CAUSES.iter().find(|(_, value, _)| *value == chosen);
        mistakes.check(cause.is_none(), "cause", "Choose why it is late");
        cause
            .map(|(cause, _, _)| Command::ChooseLateCause(LateCauseChoice { cause: *cause }))
            .into_iter()
            .collect()
    },
    about: &[],
    ..PLAIN
};

/// Service areas: the teams of the accounts, and a few that every authority has.
pub(crate) fn areas_of(accounts: &[store::desk::Account]) -> Vec<&str> {
    let mut areas: Vec<&str> = accounts
        .iter()
        .map(|account| account.team.as_str())
        .filter(|team| !team.is_empty())
        .chain(["ict", "finance", "housing", "people", "other"])
        .collect();
    areas.sort_unstable();
    areas.dedup();
    areas
}

/// The teams that can be asked: every team, and those that were asked about this request before.
fn teams<'a>(scene: &'a Scene<'_>) -> Vec<&'a str> {
    let mut teams = areas_of(scene.accounts);
    let asked = scene.case.assignments.iter();
    teams.extend(asked.map(|assignment| assignment.area.as_str()));
    teams.sort_unstable();
    teams.dedup();
    teams
}

fn areas(scene: &Scene<'_>) -> Vec<Choice> {
    teams(scene)
        .into_iter()
        .map(|area| choice(area, &crate::desk::shown::area(area)))
        .collect()
}

/// The day by which an answer is asked for unless somebody says otherwise: the eighth working day after the request came,
/// or two working days from now where that is past, and never behind the day of the answer.
fn wanted_by(scene: &Scene<'_>) -> Date {
    let calendar = &scene.app.office.bundle().calendar;
    let today = scene.app.today();
    let after = |day: Date, days: u32| {
        calendar
            .nth_working_day_after(day, law::WorkingDays(days))
            .unwrap_or(day)
    };
    let wanted = after(scene.case.receipt.received_on, 8).max(after(today, 2));
    let due_on = scene.case.next_due_on().filter(|due_on| *due_on >= today);
    due_on.map_or(wanted, |due_on| wanted.min(due_on))
}

/// Asking a team.
pub(super) const TASK: Deed = Deed {
    tab: "tasks",
    done: "task",
    leads_to: "/tasks",
    form: |scene| {
        let choices = scene
            .case
            .open_questions()
            .filter(|state| state.decision.is_none() && !state.neither_confirmed_nor_denied())
            .map(|state| {
                choice(
                    &state.question.id.0,
                    &format!(
                        "{}: {}",
                        state.question.label,
                        crate::desk::shown::whole(&state.question)
                    ),
                )
            })
            .collect();
        let unread: Vec<String> = teams(scene)
            .into_iter()
            .filter(|area| {
                !scene
                    .accounts
                    .iter()
                    .any(|account| account.is_active && account.team == *area)
            })
            .map(crate::desk::shown::area)
            .collect();
        let mut form = Form::new("Ask a team", "Ask this team");
        if !unread.is_empty() {
            form = form.note(format!(
                "Nobody has an account in: {}. Send the link to someone there, or ask an administrator to add a person.",
                unread.join(", ")
            ));
        }
        Some(
            form
                .intro("The team gets one link that opens their questions and nothing else: no name, no purpose, no case file.")
                .intro("Questions for which nobody has decided yet whether we must say that we hold something: ask only when a search can't be avoided. What it finds is sealed until that is decided.")
                .select("area", "Team", "", areas(scene), "ict")
                .boxes("questions", "Questions for this team", "", choices, Vec::new())
                .day("wanted_on", "Wanted by", "The eighth working day leaves time to decide and approve.", &wanted_by(scene).to_string())
                .area("note", "What the team should know to find it", "Optional. Explain here what they did not understand. Not who asked.", "", 2),
        )
    },
    commands: |scene, fields, mistakes| {
        let area = fields.get("area");
        let is_known = areas(scene).iter().any(|choice| choice.value == area);
        mistakes.check(!is_known, "area", "Choose a team");
        let questions = ids(fields, "questions");
        mistakes.check(
            questions.is_empty(),
            "questions",
            "Choose the questions for this team",
        );
        let Some(wanted_on) = day(
            fields,
            "wanted_on",
            mistakes,
            "Enter the day its answer is wanted",
        ) else {
            return Vec::new();
        };
        let calendar = &scene.app.office.bundle().calendar;
        mistakes.check(
            wanted_on >= scene.app.today()
                && calendar
                    .status(wanted_on)
                    .is_ok_and(|status| status != law::DayStatus::WorkingDay),
            "wanted_on",
            "Nobody is at work on that day. Choose a working day",
        );
        vec![Command::Assign(Assignment {
            area,
            questions,
            wanted_on,
            note: fields.get("note"),
        })]
    },
    about: &[
        ("assignment.no_area", "area"),
        ("assignment.past", "wanted_on"),
        ("assignment.too_late", "wanted_on"),
        ("assignment", "questions"),
    ],
    people: true,
    ..PLAIN
};

/// Reminding a team.
pub(super) const REMIND: Deed = Deed {
    tab: "tasks",
    done: "reminded",
    leads_to: "/tasks",
    form: |scene| {
        let areas: Vec<Choice> = scene
            .case
            .areas_searching()
            .into_iter()
            .map(|area| choice(area, &crate::fields::sentence(&area.replace('-', " "))))
            .collect();
        (!areas.is_empty()).then(|| {
            Form::new("Remind a team", "Send a reminder").radios(
                "area",
                "Which team",
                "",
                areas,
                "",
            )
        })
    },
    commands: |scene, fields, mistakes| {
        let area = fields.get("area");
        mistakes.check(
            !scene.case.areas_searching().contains(area.as_str()),
            "area",
            "Choose a team that has not finished",
        );
        reminder(scene, Some(area))
    },
    about: &[],
    ..PLAIN
};

/// A reminder of what is due next.
pub(crate) fn reminder(scene: &Scene<'_>, area: Option<String>) -> Vec<Command> {
    let Some(due_on) = scene.case.next_due_on() else {
        return Vec::new();
    };
    let today = scene.app.today();
    let working_days_left = scene
        .app
        .office
        .bundle()
        .calendar
        .working_days_between(today, due_on.max(today))
        .unwrap_or(0);
    vec![Command::Remind(Reminder {
        area,
        due_on,
        working_days_left,
    })]
}

const MISSING: &[(ValidityRequirement, &str, &str)] = &[
    (
        ValidityRequirement::InWriting,
        "in_writing",
        "It is not in writing, FOIA s.8(1)(a)",
    ),
    (
        ValidityRequirement::Name,
        "name",
        "No real name, FOIA s.8(1)(b)",
    ),
    (
        ValidityRequirement::Address,
        "address",
        "No address for correspondence, FOIA s.8(1)(b)",
    ),
    (
        ValidityRequirement::Description,
        "description",
        "It does not describe information, FOIA s.8(1)(c)",
    ),
];

/// Whether the request is one.
pub(super) const VALIDITY: Deed = Deed {
    tab: "request",
    done: "questions",
    leads_to: "",
    form: |_| {
        Some(
            Form::new("Is this a request under the Act?", "Save")
                .intro("A request is in writing, gives a name and an address, and describes the information. It need not mention the Act or give a reason.")
                .boxes(
                    "missing",
                    "What is missing",
                    "Leave every box empty when nothing is.",
                    MISSING.iter().map(|(_, value, label)| choice(value, label)).collect(),
                    Vec::new(),
                ),
        )
    },
    commands: |_, fields, _| {
        let missing = MISSING
            .iter()
            .filter(|(_, value, _)| fields.ticked("missing", value))
            .map(|(requirement, _, _)| *requirement)
            .collect();
        vec![Command::CheckValidity(ValidityCheck { missing })]
    },
    about: &[],
    ..PLAIN
};

/// Something that the person who asked added, and that reached the authority by another way than their own page.
pub(super) const ADDITION: Deed = Deed {
    tab: "request",
    done: "addition",
    leads_to: "",
    form: |scene| {
        scene.case.state.answer_is_owed().then(|| {
            Form::new("Record something they added", "Save")
                .intro(
                    "What the person who asked wrote to us about this request without being asked. It starts no time for \
                     this request.",
                )
                .day(
                    "received_on",
                    "On which day did it come?",
                    "The day it reached any part of the authority.",
                    &scene.app.today().to_string(),
                )
                .area("text", "What they wrote", "In their own words", "", 6)
        })
    },
    commands: |scene, fields, mistakes| {
        let text = fields.get("text");
        mistakes.check(!fields.has("text"), "text", "Copy what they wrote");
        let received_on = day(
            fields,
            "received_on",
            mistakes,
            "Enter the day on which it came",
        );
        let asks = office::reading::asks(scene.app.office.bundle(), &text);
        received_on
            .map(|received_on| {
                Command::AddToRequest(Addition {
                    text,
                    received_on,
                    attachments: Vec::new(),
                    asks,
                })
            })
            .into_iter()
            .collect()
    },
    about: &[("addition.empty", "text"), ("case", "received_on")],
    ..PLAIN
};
