//! An internal review: each question looked at afresh by somebody new to it, the letter that comes of it read before it
//! goes, and both decided and sent in one step.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::case::{Case, QuestionState};
use casework::command::{Command, CommandKind};
use casework::decision::{Decision, PublicInterestTest, Slot};
use casework::event::{Lesson, ProceduralFault, ReviewDecision, ReviewOutcome, ReviewedQuestion};
use casework::notice::Severity;
use casework::procedure::State as CaseState;
use casework::substance::{self, Lack::TooShort};

use crate::app::App;
use crate::desk::acts::{Entered, applied, conditions, exemption};
use crate::desk::approvals::rests_on;
use crate::desk::case;
use crate::desk::shown::{self, CaseBar};
use crate::document::{self, Part};
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::form::{Form, choice, choice_with};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// The page: the form, or the letter that it makes.
#[derive(Template)]
#[template(path = "desk/review.html")]
pub struct ReviewPage {
    frame: Frame,
    bar: CaseBar,
    form: Form,
    /// Whether whoever looks took part in the first answer.
    took_part: bool,
    /// The letter as it would go; empty while the form is filled in.
    letter: Vec<Part>,
    /// What the check says of it, errors first.
    findings: Vec<(bool, String)>,
    may_send: bool,
    /// The fields that come with the letter.
    sent: Vec<(String, String)>,
}

/// Whether whoever visits took part in the first answer.
fn took_part(visit: &Visit, case: &Case) -> bool {
    let account = visit.account();
    account.is_some_and(|account| !case.is_new_to(&account.id))
}

/// What can be admitted.
fn fault_words(fault: ProceduralFault) -> &'static str {
    match fault {
        ProceduralFault::AnsweredLate => "The answer was late, section 10(1)",
        ProceduralFault::RefusalUnexplained => {
            "The refusal did not say which exemption and why, section 17(1)"
        }
        ProceduralFault::NoComplaintParticulars => {
            "The refusal did not tell of review and complaint, section 17(7)"
        }
        ProceduralFault::NoAdvice => "Advice and assistance were not given, section 16(1)",
    }
}

/// What should change after an answer was changed.
pub(in crate::desk) fn lesson_words(lesson: Lesson) -> &'static str {
    match lesson {
        Lesson::Policy => "A row of the policy covers too much or too little",
        Lesson::Wording => "The wording of our letters",
        Lesson::Phrases => "The phrases by which requests are read",
        Lesson::Search => "How we looked for it",
        Lesson::Reasons => "Our reasons were too general",
        Lesson::Nothing => "Nothing: it is about this request alone",
    }
}

/// The questions under review, each with its number in the case.
fn reviewed(case: &Case) -> Vec<(usize, &QuestionState)> {
    let Some(review) = &case.review else {
        return Vec::new();
    };
    let under: Vec<_> = case
        .under_review(review)
        .map(|state| &state.question.id)
        .collect();
    (1_usize..)
        .zip(&case.questions)
        .filter(|(_, state)| under.contains(&&state.question.id))
        .collect()
}

/// Whether the review is decided after the day on which it was due.
fn is_late(app: &App, case: &Case) -> bool {
    case.review
        .as_ref()
        .is_some_and(|review| app.today() > review.due_on)
}

/// The answers that left after their day: label and working days.
fn late(app: &App, case: &Case) -> Vec<String> {
    let calendar = &app.office.bundle().calendar;
    case.questions
        .iter()
        .filter_map(|state| {
            let answered_on = state.answered_on?;
            let due_on = state.due();
            let days = (answered_on > due_on)
                .then(|| calendar.working_days_between(due_on, answered_on).ok())??;
            Some(format!(
                "The answer to question {} left {days} working {} late.",
                state.question.label,
                if days == 1 { "day" } else { "days" }
            ))
        })
        .collect()
}

async fn form(app: &App, case: &Case, reference: &str) -> Result<Form, WebError> {
    let words = app.office.wording().await?;
    let bundle = app.office.bundle();
    let conditions = conditions(app);
    let mut form = Form::new("Decide the review", "Read the letter")
        .intro("Look at each question afresh: harm and balance as at the first answer, and what has changed. Repeating the first letter is not a review.")
        .link("The letter that was sent", format!("/desk/cases/{reference}/letter"));
    for line in late(app, case) {
        form = form.intro(line);
    }
    // The reviewer's key opens what is sealed; the same link whatever is in it.
    for (number, state) in reviewed(case) {
        if !state.searched_by.is_empty() {
            form = form.link(
                &format!("Open what was found for question {}", state.question.label),
                format!("/desk/cases/{reference}/questions/{number}/holding"),
            );
        }
    }
    if let Some(review) = &case.review {
        form = form
            .section("What the person wrote")
            .quote(&review.request.text);
    }
    for (number, state) in reviewed(case) {
        form = form
            .section(&format!("Question {}", state.question.label))
            .quote(shown::whole(&state.question));
        if let Some(made) = &state.decision {
            form = form.note(format!("First answer: {}.", shown::decision_words(made)));
        }
        let behind = rests_on(state);
        if !behind.is_empty() {
            form = form.note("The first answer rests on this besides. The letter does not say it.");
        }
        for (what, words) in behind {
            form = form.note(format!("{what}:")).quote(words);
        }
        if let Some(decided) = office::letter::question(bundle, &words.wording, state) {
            let first = letters::compose_decision(&decided, &bundle.statute, &words.wording);
            for part in document::parts(&first) {
                let items = part.items.iter().map(|item| {
                    let words: String = item.iter().map(|run| run.words.as_str()).collect();
                    format!("• {words}")
                });
                form = match part.kind {
                    "list" => items.fold(form, Form::note),
                    _ => form.note(part.words),
                };
            }
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
                    choice_with(
                        "refused",
                        "Change it: refuse it under another exemption",
                        "Fill in the exemption below. What was neither confirmed nor denied is then said to be held.",
                    ),
                    choice_with(
                        "not-held",
                        "Change it: we do not hold this",
                        "Needs a search that has finished. Say in the reason where we looked; leave the new answer empty.",
                    ),
                ],
                "",
            )
            .area(
                &format!("reason_{number}"),
                "What you checked afresh, and why you decide so",
                "The letter says this in your words.",
                "",
                4,
            )
            .area(
                &format!("answer_{number}"),
                "The new answer",
                "Only where it changes. The letter gives it in full.",
                "",
                4,
            )
            .fold("Another exemption", |form| {
                let end = format!("_{number}");
                exemption(form, &conditions, &end, &Entered::default())
                    .area(
                        &format!("favouring_{number}"),
                        "Reasons for giving it",
                        "One on each line, about this request. Not for an absolute exemption.",
                        "",
                        3,
                    )
                    .area(
                        &format!("against_{number}"),
                        "Reasons for withholding it",
                        "One on each line, about this request.",
                        "",
                        3,
                    )
                    .area(
                        &format!("balance_{number}"),
                        "Why the second outweigh the first",
                        "",
                        "",
                        3,
                    )
            })
            .select(
                &format!("lesson_{number}"),
                "What should change, so that the next answer is right at once?",
                "Only where it changes. For our reports; the letter does not say it.",
                [choice("", "Choose")]
                    .into_iter()
                    .chain(
                        Lesson::ALL.map(|lesson| choice(lesson.spelling(), lesson_words(lesson))),
                    )
                    .collect(),
                "",
            );
    }
    if is_late(app, case) {
        form = form.area(
            "late_because",
            "Why this review took longer than it should",
            "For the record and our reports; the letter does not say it. Forty working days is the end, and only for what is \
             unusually difficult.",
            "",
            2,
        );
    }
    let faults = ProceduralFault::ALL.map(|fault| choice(fault.spelling(), fault_words(fault)));
    Ok(form.section("How the request was dealt with").boxes(
        "faults",
        "What was done wrong, apart from the answers",
        "The letter admits what you tick.",
        faults.to_vec(),
        Vec::new(),
    ))
}

/// How the public interest was weighed afresh for an exemption; marks what is missing.
fn weighed(
    fields: &Fields,
    mistakes: &mut Mistakes,
    number: usize,
    label: &str,
) -> Option<PublicInterestTest> {
    let mut side = |name: &str, ask: &str| {
        let field = format!("{name}_{number}");
        let reasons: Vec<String> = fields
            .get(&field)
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        let is_none = reasons
            .iter()
            .all(|reason| substance::lack(reason) == Some(TooShort));
        mistakes.check(is_none, &field, &format!("Question {label}: {ask}"));
        (!is_none).then_some(reasons)
    };
    let favouring = side("favouring", "give a reason for giving it");
    let against = side("against", "give a reason for withholding it");
    let balance = side(
        "balance",
        "say why those for withholding it outweigh the others",
    );
    Some(PublicInterestTest {
        favouring: favouring?,
        against: against?,
        balance: Slot::Filled(balance?.join(" ")),
    })
}

/// The decision that was filled in, with what is missing of it.
fn decision(app: &App, case: &Case, fields: &Fields, mistakes: &mut Mistakes) -> ReviewDecision {
    let mut questions = Vec::new();
    for (number, state) in reviewed(case) {
        let label = &state.question.label;
        let (outcome_field, reason_field, answer_field) = (
            format!("outcome_{number}"),
            format!("reason_{number}"),
            format!("answer_{number}"),
        );
        let chosen = fields.get(&outcome_field);
        let outcome = match chosen.as_str() {
            "upheld" => ReviewOutcome::OriginalUpheld,
            "changed" | "not-held" | "refused" => ReviewOutcome::Changed,
            "partly" => ReviewOutcome::PartlyChanged,
            _ => {
                mistakes.add(
                    &outcome_field,
                    format!("Choose an outcome for question {label}"),
                );
                continue;
            }
        };
        let reason = fields.get(&reason_field);
        if substance::lack(&reason).is_some() {
            mistakes.add(
                &reason_field,
                format!("Question {label}: say in a sentence what you checked afresh"),
            );
        }
        let answer = fields.get(&answer_field);
        let lesson_field = format!("lesson_{number}");
        let taught = fields.get(&lesson_field);
        let lesson = Lesson::ALL
            .into_iter()
            .find(|lesson| lesson.spelling() == taught)
            .filter(|_| outcome != ReviewOutcome::OriginalUpheld);
        let decision = if outcome == ReviewOutcome::OriginalUpheld {
            if !answer.is_empty() {
                mistakes.add(
                    &answer_field,
                    format!("Question {label}: an answer that is upheld has no new answer; remove it, or choose that it changes"),
                );
            }
            None
        } else {
            let gives = matches!(chosen.as_str(), "changed" | "partly");
            if !gives && !answer.is_empty() {
                mistakes.add(
                    &answer_field,
                    format!(
                        "Question {label}: what is refused or not held has no new answer; remove it"
                    ),
                );
            }
            if gives && answer.is_empty() {
                mistakes.add(
                    &answer_field,
                    format!("Question {label}: write the new answer"),
                );
            }
            if lesson.is_none() {
                mistakes.add(
                    &lesson_field,
                    format!("Question {label}: choose what should change, or that nothing should"),
                );
            }
            match chosen.as_str() {
                "not-held" => Some(Decision::NotHeld),
                "refused" => {
                    let end = format!("_{number}");
                    let interest = |mistakes: &mut Mistakes, _: &law::Provision| {
                        weighed(fields, mistakes, number, label)
                    };
                    let Some(exemption) = applied(app, fields, mistakes, &end, interest) else {
                        continue;
                    };
                    Some(Decision::Withheld(vec![exemption]))
                }
                _ => Some(Decision::Answer {
                    answer: Slot::Filled(answer),
                }),
            }
        };
        questions.push(ReviewedQuestion {
            question: state.question.id.clone(),
            outcome,
            reason,
            decision,
            lesson,
        });
    }
    let late_because = fields.get("late_because");
    mistakes.check(
        is_late(app, case) && late_because.is_empty(),
        "late_because",
        "Say why this review took longer than it should",
    );
    ReviewDecision {
        late_because: Some(late_because).filter(|reason| is_late(app, case) && !reason.is_empty()),
        sent_on: app.today(),
        questions,
        faults: ProceduralFault::ALL
            .into_iter()
            .filter(|fault| fields.ticked("faults", fault.spelling()))
            .collect(),
        files: Vec::new(),
        basis: app.office.bundle().basis.clone(),
    }
}

/// The case with a review under way.
async fn open(app: &App, reference: &str) -> Result<(Box<Case>, CaseBar), WebError> {
    let (case, bar) = case::open(app, reference, "history").await?;
    if case.state == CaseState::UnderReview {
        Ok((case, bar))
    } else {
        Err(WebError::NotFound)
    }
}

async fn draw(
    app: &App,
    visit: &Visit,
    (case, bar): (&Case, CaseBar),
    fields: &Fields,
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let mut form = form(app, case, &bar.reference)
        .await?
        .filled(fields, &mistakes);
    form.back = format!("/desk/cases/{}/history", bar.reference);
    let template = ReviewPage {
        frame: Frame::new(app, visit).with(mistakes),
        took_part: took_part(visit, case),
        form,
        letter: Vec::new(),
        findings: Vec::new(),
        may_send: false,
        sent: Vec::new(),
        bar,
    };
    frame::page(&template.frame, &template)
}

/// Shows the form.
///
/// # Errors
/// No review is under way there, or the store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let (case, bar) = open(&app, &reference).await?;
    draw(
        &app,
        &visit,
        (&case, bar),
        &Fields::default(),
        Mistakes::default(),
    )
    .await
}

/// Shows the letter that what was filled in makes; with `do=send`, decides the review and sends it.
///
/// # Errors
/// No review is under way there, somebody changed the case, or the store can't.
pub async fn act(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Path(reference): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let (case, bar) = open(&app, &reference).await?;
    let mut mistakes = Mistakes::default();
    if case.reviewer.is_none() {
        mistakes.add(
            "main",
            "Nobody has been given this review yet: choose the reviewer first",
        );
        return draw(&app, &visit, (&case, bar), &fields, mistakes).await;
    }
    let decision = decision(&app, &case, &fields, &mut mistakes);
    if !mistakes.is_empty() || fields.get("do") == "change" {
        return draw(&app, &visit, (&case, bar), &fields, mistakes).await;
    }
    let by = visit.actor(CommandKind::DecideReview, case.state)?;
    if fields.get("do") == "send" {
        let command = Command::DecideReview(decision);
        return match app
            .office
            .act(&by, &case.id, fields.number("seen"), &command)
            .await
        {
            Ok(_) => Ok(frame::see_other(&format!(
                "/desk/cases/{reference}/letter?done=reviewed"
            ))),
            Err(store::Stopped::Refused(problems)) => {
                let mistakes = Mistakes::of_problems(&problems, &[]);
                draw(&app, &visit, (&case, bar), &fields, mistakes).await
            }
            Err(other) => Err(other.into()),
        };
    }
    let letter = app.office.review_letter(&case.id, &decision).await?;
    let findings: Vec<(bool, String)> = letter
        .findings
        .iter()
        .map(|finding| {
            (
                finding.severity == Severity::Error,
                sentence(&finding.message),
            )
        })
        .collect();
    let template = ReviewPage {
        frame: Frame::new(&app, &visit),
        took_part: took_part(&visit, &case),
        form: Form::new("Decide the review", ""),
        letter: document::parts(&letter.document),
        may_send: findings.iter().all(|(is_error, _)| !is_error),
        findings,
        sent: fields
            .0
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "form_token" | "do" | "seen"))
            .cloned()
            .collect(),
        bar,
    };
    frame::page(&template.frame, &template)
}
