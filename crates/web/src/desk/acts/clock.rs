//! The clock: clarification, extension, cost.

use casework::command::Command;
use casework::event::{Clarification, ClarificationAnswer, CostEstimate, Extension};

use super::{Deed, PLAIN, day, ids};
use crate::form::{Choice, Form, choice};

/// Words that a clarification may not hold: nobody has to say why they ask, or who they are.
const NOT_TO_ASK: &[(&str, &str)] = &[
    ("why you", "Remove 'why you'. We may not ask for a reason."),
    (
        "reason for your request",
        "Remove 'reason for your request'. We may not ask for a reason.",
    ),
    ("purpose", "Remove 'purpose'. We may not ask for a reason."),
    (
        "on behalf of",
        "Remove 'on behalf of'. We may not ask for whom someone asks.",
    ),
    ("proof of", "Remove 'proof of'. We may not ask for proof."),
    (
        "too broad",
        "Remove 'too broad'. Say what you cannot identify.",
    ),
    ("fishing", "Remove 'fishing'. Say what you cannot identify."),
];

/// Asking for clarification.
pub(super) const CLARIFICATION: Deed = Deed {
    tab: "request",
    done: "clarification",
    leads_to: "",
    form: |scene| {
        Some(
            Form::new("Ask for clarification", "Ask this")
                .intro("Only where you cannot tell what is asked for, or where to find it. The other questions keep their day. A new 20 working days begins for these when the reply comes, FOIA s.1(3) and s.10(6).")
                .boxes("questions", "Questions that cannot be answered without it", "", scene.open_questions(), Vec::new())
                .area("wording", "What to ask", "Quote their words, say what you cannot tell apart, and offer plain choices. Do not ask why they want it.", "", 6)
                .day("sought_on", "Day on which it is asked", "", &scene.app.today().to_string()),
        )
    },
    commands: |_, fields, mistakes| {
        let wording = fields.get("wording");
        let lower = wording.to_lowercase();
        for (words, advice) in NOT_TO_ASK {
            mistakes.check(lower.contains(words), "wording", advice);
        }
        let questions = ids(fields, "questions");
        mistakes.check(
            questions.is_empty(),
            "questions",
            "Choose at least one question",
        );
        let Some(sought_on) = day(
            fields,
            "sought_on",
            mistakes,
            "Enter the day on which it is asked",
        ) else {
            return Vec::new();
        };
        vec![Command::SeekClarification(Clarification {
            questions,
            wording,
            sought_on,
        })]
    },
    about: &[
        ("clarification.no_wording", "wording"),
        ("leak", "wording"),
        ("clarification", "questions"),
        ("question", "questions"),
        ("case.in_the_future", "sought_on"),
        ("case.out_of_order", "sought_on"),
    ],
    ..PLAIN
};

/// The reply to it.
pub(super) const CLARIFIED: Deed = Deed {
    tab: "clock",
    done: "clarified",
    leads_to: "/clock",
    form: |scene| {
        let waiting: Vec<Choice> = scene
            .case
            .open_questions()
            .filter(|state| state.waiting_since.is_some())
            .map(|state| {
                choice(
                    &state.question.id.0,
                    &format!("{}: {}", state.question.label, state.question.text),
                )
            })
            .collect();
        let all: Vec<String> = waiting.iter().map(|choice| choice.value.clone()).collect();
        (!waiting.is_empty()).then(|| {
            Form::new("Record the reply", "Save the reply")
                .boxes("questions", "Questions it answers", "", waiting, all)
                .area("text", "What they wrote", "", "", 6)
                .day(
                    "received_on",
                    "Day on which it came",
                    "This is the new day zero.",
                    &scene.app.today().to_string(),
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
        vec![Command::GiveClarification(ClarificationAnswer {
            questions: ids(fields, "questions"),
            text: fields.get("text"),
            received_on,
        })]
    },
    about: &[
        ("clarification.empty", "text"),
        ("clarification", "questions"),
        ("question", "questions"),
        ("case", "received_on"),
    ],
    ..PLAIN
};

/// More time.
pub(super) const EXTENSION: Deed = Deed {
    tab: "request",
    done: "extended",
    leads_to: "/clock",
    form: |scene| {
        let calendar = &scene.app.office.bundle().calendar;
        let until = calendar
            .nth_working_day_after(scene.case.receipt.received_on, law::WorkingDays(40))
            .unwrap_or(scene.case.due_on);
        let provision = scene
            .app
            .office
            .bundle()
            .policy
            .policy
            .content_provision
            .to_string();
        Some(
            Form::new("Take more time to weigh the public interest", "Take this time")
                .intro("Only where a qualified exemption applies already and the weighing is not finished, FOIA s.10(3). It cannot be used to look for an exemption. The other questions go on time.")
                .boxes("questions", "Questions that need it", "", scene.open_questions(), Vec::new())
                .line("provision", "The exemption you are weighing", "For example FOIA s.31(1)(a)", &provision)
                .area("reason", "Why it applies", "Goes into the letter that tells the person.", "", 4)
                .day("until", "You expect to decide by", "Working day 40 is suggested; later needs a second person.", &until.to_string()),
        )
    },
    commands: |_, fields, mistakes| {
        let provision = fields.get("provision").parse();
        mistakes.check(
            provision.is_err(),
            "provision",
            "Choose the exemption you are weighing, for example FOIA s.31(1)(a)",
        );
        let questions = ids(fields, "questions");
        mistakes.check(
            questions.is_empty(),
            "questions",
            "Choose at least one question",
        );
        let until = day(
            fields,
            "until",
            mistakes,
            "Enter the day by which you expect to decide",
        );
        match (provision, until) {
            (Ok(provision), Some(until)) => vec![Command::Extend(Extension {
                questions,
                provision,
                reason: fields.get("reason"),
                until,
            })],
            _ => Vec::new(),
        }
    },
    about: &[
        ("leak", "reason"),
        ("extension.no_reason", "reason"),
        ("extension.not_qualified", "provision"),
        ("extension.not_later", "until"),
        ("extension", "questions"),
        ("question", "questions"),
    ],
    ..PLAIN
};

/// The estimate of cost.
pub(super) const COST: Deed = Deed {
    tab: "request",
    done: "estimated",
    leads_to: "",
    form: |scene| {
        let choices: Vec<Choice> = scene
            .case
            .open_questions()
            .filter(|state| !state.neither_confirmed_nor_denied())
            .map(|state| {
                choice(
                    &state.question.id.0,
                    &format!("{}: {}", state.question.label, state.question.text),
                )
            })
            .collect();
        let minutes = "Minutes, at £25 an hour whoever does it";
        Some(
            Form::new("Estimate the cost", "Save the estimate")
                .intro("Four activities count. Reading for exemptions and redacting do not count.")
                .boxes("questions", "Questions it covers", "", choices, Vec::new())
                .typed(
                    "determining",
                    "Finding out whether we hold it",
                    minutes,
                    "0",
                    "number",
                    "",
                )
                .typed("locating", "Locating it", minutes, "0", "number", "")
                .typed("retrieving", "Retrieving it", minutes, "0", "number", "")
                .typed("extracting", "Extracting it", minutes, "0", "number", "")
                .area(
                    "explanation",
                    "How you arrived at it",
                    "Number of records, a sample, minutes for each.",
                    "",
                    4,
                ),
        )
    },
    commands: |_, fields, mistakes| {
        let mut minutes = |name: &str| {
            let number = fields
                .number(name)
                .and_then(|number| u32::try_from(number).ok());
            mistakes.check(number.is_none(), name, "Enter minutes as a number");
            number.unwrap_or(0)
        };
        let estimate = CostEstimate {
            questions: ids(fields, "questions"),
            determining_minutes: minutes("determining"),
            locating_minutes: minutes("locating"),
            retrieving_minutes: minutes("retrieving"),
            extracting_minutes: minutes("extracting"),
            explanation: fields.get("explanation"),
        };
        mistakes.check(
            estimate.questions.is_empty(),
            "questions",
            "Choose at least one question",
        );
        vec![Command::EstimateCost(estimate)]
    },
    about: &[
        ("cost.no_explanation", "explanation"),
        ("cost", "questions"),
        ("question", "questions"),
    ],
    ..PLAIN
};
