//! The clock: clarification, extension, cost.

use casework::command::Command;
use casework::event::{Clarification, ClarificationAnswer, CostEstimate, Extension};
use casework::substance;

use super::deciding::says_why;
use super::{Deed, PLAIN, SEE_MAIL, Scene, day, ids};
use crate::desk::shown::{self, Costing};
use crate::form::{Choice, Form, choice};
use crate::routes;

const WHY: &str = "We may not ask why somebody wants it or what they will do with it: the Act does not ask, and neither do we";
const WHO: &str =
    "We may not ask who somebody is beyond their name, what they do, or for whom they ask";
const PROOF: &str = "We may not ask for proof of who somebody is";
const VAGUE: &str = "Say what you cannot identify";

/// Words that a clarification may not hold, with the reason: nobody has to say why they ask, or who they are. Each stands
/// for itself between the words beside it, so that “are you after a list” is none of them.
const NOT_TO_ASK: &[(&[&str], &str)] = &[
    (
        &[
            "why you",
            "why do you",
            "why are you",
            "why did you",
            "why have you",
            "why would you",
            "why is this of interest",
            "why the information is",
            "why this information is",
            "reason for your request",
            "reasons for your request",
            "reason for the request",
            "reason for this request",
            "reason for asking",
            "reasons for asking",
            "reason you",
            "reasons you",
            "your reason",
            "your reasons",
            "your purpose",
            "your purposes",
            "purpose of your",
            "purpose of the request",
            "purpose of this request",
            "purpose of asking",
            "purpose for which you",
            "for what purpose do you",
            "for what purpose are you",
            "for what purpose will",
            "for what purpose is the information",
            "for what purpose is this information",
            "what purpose do you",
            "what purpose will",
            "what is the purpose",
            "what's the purpose",
            "what is it for",
            "what's it for",
            "what it is for",
            "what is this for",
            "what this is for",
            "what is the information for",
            "what is this information for",
            "want it for",
            "need it for",
            "want this for",
            "need this for",
            "want them for",
            "need them for",
            "want the information for",
            "need the information for",
            "what will you do with",
            "what do you plan",
            "what do you intend",
            "what are you going to do with",
            "how will you use",
            "how you will use",
            "how do you intend",
            "how you intend",
            "how do you plan",
            "intend to use",
            "plan to use",
            "you use it for",
            "you use this for",
            "you use the information for",
            "will it be used for",
            "will this be used for",
            "it will be used for",
            "your interest in",
            "what is your interest",
            "your motive",
            "your motives",
            "your motivation",
            "your intention",
            "your intentions",
        ],
        WHY,
    ),
    (
        &[
            "who are you",
            "who you are",
            "are you a",
            "are you an",
            "are you from",
            "are you employed",
            "are you acting",
            "are you writing for",
            "are you asking for yourself",
            "are you asking as",
            "if you are a",
            "whether you are a",
            "whether you are an",
            "do you work",
            "you work for",
            "do you represent",
            "you represent",
            "which organisation are you",
            "what organisation are you",
            "your organisation",
            "your employer",
            "your occupation",
            "your profession",
            "your job",
            "your role",
            "your date of birth",
            "your age",
            "your nationality",
            "where do you live",
            "where you live",
            "do you live",
            "on whose behalf",
            "on behalf of whom",
            "on behalf of somebody",
            "on behalf of someone",
            "on behalf of anybody",
            "on behalf of anyone",
            "on behalf of another",
            "on behalf of an organisation",
            "on behalf of a company",
            "acting on behalf",
            "asking on behalf",
            "writing on behalf",
            "you on behalf",
            "who is it for",
            "who it is for",
            "who is this for",
            "who is the information for",
            "who asked you",
            "a journalist or",
        ],
        WHO,
    ),
    (
        &[
            "proof of identity",
            "proof of address",
            "proof of id",
            "proof of who",
            "proof of your",
            "prove who",
            "prove your",
            "prove that you",
            "evidence of your identity",
            "evidence of who",
            "confirm your identity",
            "verify your identity",
            "your identity",
            "identity document",
            "photo id",
            "your passport",
            "your driving licence",
            "your national insurance",
        ],
        PROOF,
    ),
    (&["too broad", "fishing"], VAGUE),
];

/// The first words of each kind that a clarification may not hold, with the reason. The request's own words in quotation
/// marks are theirs.
pub(crate) fn not_to_ask(wording: &str, request: &str) -> Vec<(&'static str, &'static str)> {
    let plain = |text: &str| -> String {
        text.to_lowercase()
            .replace('’', "'")
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let request = plain(request);
    let mut own = String::new();
    for (number, part) in wording.split(['“', '”', '"']).enumerate() {
        let part = plain(part);
        let is_quoted = number % 2 == 1 && request.contains(&part);
        if !is_quoted {
            own.push(' ');
            own.push_str(&part);
        }
    }
    own.push(' ');
    NOT_TO_ASK
        .iter()
        .filter_map(|(all, why)| {
            let words = all
                .iter()
                .find(|words| own.contains(&format!(" {words} ")))?;
            Some((*words, *why))
        })
        .collect()
}

/// From this working day on, asking for clarification is looked at twice.
const LATE_TO_ASK: u32 = 12;

/// The longest text of a request for clarification, in characters.
const LONGEST_ASKED: usize = 2_000;

/// Asking for clarification.
pub(super) const CLARIFICATION: Deed = Deed {
    tab: "request",
    done: "clarification",
    leads_to: "",
    form: |scene| {
        let calendar = &scene.app.office.bundle().calendar;
        let day = calendar
            .working_days_between(scene.case.receipt.received_on, scene.app.today())
            .unwrap_or(0);
        let mut form = Form::new("Ask for clarification", "Ask this");
        form.other_button = Some(SEE_MAIL);
        if day >= LATE_TO_ASK {
            form = form.note(format!(
                "This is working day {day}. If the question could be read plainly, asking does not restart the clock: the Commissioner looks at when the doubt could first be seen."
            ));
        }
        Some(
            form
                .intro("Only where you cannot tell what is asked for, or where to find it. The other questions keep their day. A new 20 working days begins for these when the reply comes, FOIA s.1(3) and s.10(6).")
                .boxes("questions", "Questions that cannot be answered without it", "", scene.open_questions(), Vec::new())
                .area("wording", "What to ask", "The mail quotes their question. Say what you cannot tell apart, and offer plain choices. Do not ask why they want it.", "", 6)
                .day("sought_on", "Day on which it is asked", "", &scene.app.today().to_string()),
        )
    },
    commands: |scene, fields, mistakes| {
        let wording = fields.get("wording");
        for (words, why) in not_to_ask(&wording, &scene.case.receipt.text) {
            mistakes.add("wording", format!("Remove “{words}”. {why}."));
        }
        says_why(
            fields,
            mistakes,
            "wording",
            "Say in a sentence what you cannot identify without an answer",
        );
        mistakes.check(
            wording.chars().count() > LONGEST_ASKED,
            "wording",
            "Ask in 2,000 characters or fewer",
        );
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

/// Who may agree to more than forty working days: approvers other than whoever asks for them.
fn may_agree(scene: &Scene<'_>) -> Vec<(String, String)> {
    let mut people = crate::desk::queue::people(scene.accounts, routes::APPROVALS_WORK);
    people.retain(|(id, _)| scene.visit.account().is_none_or(|me| me.id != *id));
    people
}

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
        let mut agreeing = vec![choice("", "Nobody was asked")];
        agreeing.extend(may_agree(scene).iter().map(|(id, name)| choice(id, name)));
        let mut form = Form::new(
            "Take more time to weigh the public interest",
            "Take this time",
        );
        form.other_button = Some(SEE_MAIL);
        Some(
            form
                .intro("Only where a qualified exemption applies already and the weighing is not finished, FOIA s.10(3). It cannot be used to look for an exemption. The other questions go on time.")
                .boxes("questions", "Questions that need it", "", scene.undecided_questions(), Vec::new())
                .line("provision", "The exemption you are weighing", "Its section and paragraph: the one that the evidence on this request shows to apply.", "")
                .area("reason", "Why it applies", "Goes into the letter that tells the person. Say what harm it would do, in other words than the Act's.", "", 4)
                .day("until", "You expect to decide by", "Working day 40 is suggested; later needs a second person.", &until.to_string())
                .select("agreed_by", "Who else agreed", "Only where it is later than working day 40.", agreeing, ""),
        )
    },
    commands: |scene, fields, mistakes| {
        let provision = fields.get("provision").parse();
        mistakes.check(
            provision.is_err(),
            "provision",
            "Choose the exemption you are weighing, for example FOIA s.31(1)(a)",
        );
        mistakes.check(
            substance::lack(&fields.get("reason")).is_some(),
            "reason",
            "Say in a sentence why the exemption applies to this, in other words than the Act's",
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
        let agreed_by = Some(fields.get("agreed_by")).filter(|id| !id.is_empty());
        mistakes.check(
            agreed_by
                .as_ref()
                .is_some_and(|id| may_agree(scene).iter().all(|(known, _)| known != id)),
            "agreed_by",
            "Choose an approver",
        );
        match (provision, until) {
            (Ok(provision), Some(until)) => vec![Command::Extend(Extension {
                questions,
                provision,
                reason: fields.get("reason"),
                until,
                agreed_by,
            })],
            _ => Vec::new(),
        }
    },
    about: &[
        ("leak", "reason"),
        ("extension.no_reason", "reason"),
        ("extension.not_qualified", "provision"),
        ("extension.not_engaged", "provision"),
        ("extension.not_later", "until"),
        ("extension.long", "agreed_by"),
        ("extension", "questions"),
        ("question", "questions"),
    ],
    people: true,
    ..PLAIN
};

/// The estimate of cost.
pub(super) const COST: Deed = Deed {
    tab: "request",
    done: "estimated",
    // What it comes to is said there, beside the limit.
    leads_to: "/cost",
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
        let standing = scene.case.cost.as_ref();
        let of = |minutes: fn(&CostEstimate) -> u32| {
            standing.map_or_else(|| "0".to_owned(), |cost| minutes(cost).to_string())
        };
        let mut form = Form::new("Estimate the cost", "Save the estimate")
            .intro("Four activities count. Reading for exemptions and redacting do not count.");
        if let Some(costing) = standing.and_then(|cost| Costing::of(scene.app, scene.case, cost)) {
            form = form.intro(format!("As estimated now: {}", costing.sentence()));
        }
        let hint = Costing::rate(scene.app, scene.case).map_or_else(String::new, |pounds| {
            format!("Minutes, at £{pounds} an hour whoever does it")
        });
        let ticked = standing.map_or_else(Vec::new, |cost| {
            cost.questions.iter().map(|id| id.0.clone()).collect()
        });
        form = form.boxes("questions", "Questions it covers", "", choices, ticked);
        for (id, label, minutes) in [
            (
                "determining",
                "Finding out whether we hold it",
                of(|cost| cost.determining_minutes),
            ),
            ("locating", "Locating it", of(|cost| cost.locating_minutes)),
            (
                "retrieving",
                "Retrieving it",
                of(|cost| cost.retrieving_minutes),
            ),
            (
                "extracting",
                "Extracting it",
                of(|cost| cost.extracting_minutes),
            ),
        ] {
            form = form.typed(id, label, &hint, &minutes, "number", "");
        }
        Some(form.area(
            "explanation",
            "How you arrived at it",
            "Number of records, a sample, minutes for each.",
            standing.map_or("", |cost| cost.explanation.as_str()),
            4,
        ))
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
        mistakes.check(
            shown::minutes(&estimate) == 0,
            "determining",
            "Enter the minutes of at least one activity",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_why_or_who_and_anything_else_may_be_asked() {
        let request = "1. What is the purpose of the fund?\n2. Do you work with the police on it?";
        for wording in [
            "Why do you want this? Are you a journalist? What is it for?",
            "Please tell us why you need the list.",
            "What is it for?",
            "What will you do with the figures?",
            "What is the purpose of your request?",
            "Who are you?",
            "Are you acting on behalf of a company?",
            "Are you an employee?",
            "Please send proof of address.",
            "Your request is too broad.",
        ] {
            assert!(!not_to_ask(wording, request).is_empty(), "{wording}");
        }
        for wording in [
            "What period do you mean?",
            "You ask why it was closed. Do you mean the library or the café?",
            "Why was it closed: do you want the report or the date?",
            "Are you after a list or a count?",
            "Are you asking about council offices or council homes?",
            "Which organisation do you mean?",
            "Do you mean work done on behalf of the Council by contractors?",
            "You asked: “What is the purpose of the fund?” Which fund do you mean?",
            "You asked: \"Do you work with the police on it?\" We cannot tell what “it” is.",
            "Which scheme is it for?",
        ] {
            assert_eq!(not_to_ask(wording, request), Vec::new(), "{wording}");
        }
    }
}
