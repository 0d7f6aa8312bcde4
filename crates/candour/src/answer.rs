//! `candour answer`: from a request to a reasoned draft reply.

use std::io::Write;
use std::path::Path;

use casework::decision::{DecidedQuestion, Decision, Reply, Slot};
use casework::notice::{Finding, Known, Severity};
use casework::proposal::{Kind, Proposal};
use casework::public_record::Reading;
use jiff::civil::Date;
use law::{Calendar, Chronology, Clock};
use letters::{compose, render};
use office::letter::{self, signpost};
use office::reading::proposals;
use office::register::Register;
use serde_json::{Value, json};
use triage::{Question, Vocabulary};

use crate::data::{Data, LoadedPolicy};
use crate::fault::Stop;
use crate::intake::Request;
use crate::lint_command::{self, Checker, counted};
use crate::output::write_all;
use crate::record_command::PublishedRows;
use crate::register::match_command::answering;
use crate::triage_command::{object, shortened};

/// Rows of the register that a letter quotes for a question.
const QUOTED: usize = 3;

/// What `candour answer` is asked to do.
#[derive(Debug)]
pub struct Task<'a> {
    /// The request.
    pub request: &'a Request,
    /// The policy applied.
    pub loaded: &'a LoadedPolicy,
    /// The day of receipt, FOIA s.10(6)(a).
    pub received_on: Date,
    /// Today, for the days left.
    pub today: Date,
    /// The authority's reference, if it has given one.
    pub reference: Option<String>,
    /// The contracts register whose rows the letter quotes, if one was given.
    pub register: Option<&'a Register>,
    /// The folder to write to.
    pub out: &'a Path,
    /// Whether files of an earlier run may be replaced.
    pub replace: bool,
}

/// Drafts the reply, writes its files and prints the summary.
///
/// Everything is composed before anything is written; a failure leaves no part of the output behind.
///
/// # Errors
/// The date is impossible, the data is faulty, or the folder can't be written.
pub fn run(
    task: &Task<'_>,
    data: &Data,
    vocabulary: &Vocabulary,
    summary: &mut dyn Write,
    owed: &mut dyn Write,
) -> Result<(), Stop> {
    if task.received_on > task.today {
        return Err(Stop::input(format!(
            "answer.received_in_future: the request can't have been received on {}, after today ({}); give --received",
            task.received_on, task.today
        )));
    }
    let calendar = data.calendar()?;
    let statute = data.statute()?;
    let limits = data.time_limits()?;
    let input = |problems: Vec<law::Problem>| {
        Stop::Input(problems.iter().map(ToString::to_string).collect())
    };
    let reckoning = Clock::foia(&statute, &limits, &calendar)
        .and_then(|clock| clock.reckon(&Chronology::received(task.received_on)))
        .map_err(input)?;
    let Some(due_on) = reckoning.due_on() else {
        return Err(Stop::input(
            "answer.no_due_date: no day is due for this request",
        ));
    };
    let found = proposals(
        vocabulary,
        &task.loaded.policy,
        task.request.subject.as_deref().unwrap_or(""),
        &task.request.body,
    );
    let lexicon = task
        .register
        .map(|_| data.lexicon(vocabulary))
        .transpose()?;
    let reading = lexicon.as_ref().map(|lexicon| Reading {
        vocabulary,
        lexicon,
    });
    let rows = task
        .register
        .zip(reading.as_ref())
        .map(|(register, reading)| (register, PublishedRows::new(reading, register)));
    let decided: Vec<DecidedQuestion> = found
        .iter()
        .map(|(question, proposal)| {
            let mut decided =
                casework::draft::draft(&task.loaded.policy, &task.request.body, question, proposal);
            if let Some((register, rows)) = &rows {
                quote_register(task, register, question, proposal, &mut decided);
                meet_register(task, register, rows, question, &mut decided);
            }
            decided
        })
        .collect();
    let reply = Reply {
        authority: task.loaded.policy.authority.clone(),
        reference: task.reference.clone(),
        contact: task.loaded.policy.contact.clone(),
        received_on: task.received_on,
        due_on,
        counted: reckoning.whole.ledger.line(),
        late_after: None,
        review_by: None,
        sent_on: None,
        questions: decided,
        apart: Vec::new(),
        signposts: task.loaded.policy.signposts.iter().map(signpost).collect(),
        complaints: data.complaints(task.loaded)?,
    };
    let document = compose(&reply, &statute, &data.wording()?);
    let text = render::text(&document);
    let known = Known {
        received_on: Some(task.received_on),
        issued_on: None,
        due_on: None,
    };
    let notice = Checker::read(data)?.check(&text, &known);
    let forms = letter::files(&document, None, task.received_on)
        .map_err(|problem| Stop::input(format!("{}: {}", problem.code, problem.message)))?;
    let mut decision = decision_json(task, &reply, &found, vocabulary);
    decision["notice_check"] = lint_command::object(None, &notice);
    let guard = data.leak_guard()?;
    let mut files: Vec<_> = forms
        .into_iter()
        .map(|form| (form.name, form.bytes))
        .collect();
    files.push(("decision.json", format!("{decision:#}\n").into_bytes()));
    write_all(task.out, &files, task.replace)?;
    let gaps = document.gaps();
    let to_mend: Vec<&Finding> = notice
        .findings
        .iter()
        // The gaps are listed by themselves.
        .filter(|finding| finding.code != "gap.to_complete")
        .collect();
    print_summary(summary, task, &reply, &found, &gaps, &calendar)
        .and_then(|()| print_notice_check(summary, &to_mend))
        .map_err(|error| Stop::input(format!("output.unwritable: {error}")))?;
    let letter = task.out.join("letter.txt");
    for warning in &reckoning.warnings {
        let _ = writeln!(owed, "{}: {}", warning.code, warning.message);
    }
    for gap in &gaps {
        let _ = writeln!(owed, "{}: letter.to_complete: {gap}", letter.display());
    }
    for finding in &to_mend {
        let problem = law::Problem::at(
            finding.span.clone().unwrap_or_default(),
            finding.code,
            format!(
                "{}: {} ({})",
                finding.severity, finding.message, finding.provision
            ),
        );
        let _ = writeln!(
            owed,
            "{}",
            problem.locate(&letter.display().to_string(), &text)
        );
    }
    for question in &reply.questions {
        let Decision::NeitherConfirmedNorDenied(decision) = &question.decision else {
            continue;
        };
        for (passage, leak) in guard.read_decision(decision) {
            let _ = writeln!(
                owed,
                "{}: leak.{}: question {}: “{}” {}. {}",
                letter.display(),
                leak.rule,
                question.label,
                passage.get(leak.span).unwrap_or(passage),
                leak.why,
                leak.mend
            );
        }
    }
    Ok(())
}

/// Puts the rows of the register that answer a question into its draft decision, for a person to check; where none does,
/// the question stays open and the draft says so.
fn quote_register(
    task: &Task<'_>,
    register: &Register,
    question: &Question,
    proposal: &Proposal,
    decided: &mut DecidedQuestion,
) {
    if proposal.kind != Kind::Register {
        return;
    }
    let place = task
        .loaded
        .policy
        .signposts
        .iter()
        .find(|signpost| signpost.id == "contracts-register")
        .map_or(("Contracts register", ""), |signpost| {
            (signpost.name.as_str(), signpost.url.as_str())
        });
    let rows: Vec<usize> = answering(register, &task.request.body, question, QUOTED)
        .iter()
        .map(|found| found.row)
        .collect();
    decided.decision = match register.quotation(&rows, place) {
        Some(lines) => {
            let quarter = if register.quarter.is_some() {
                ""
            } else {
                ", and add the quarter in which they were published"
            };
            Decision::AlreadyAccessible {
                place: Slot::Begun {
                    text: lines.join("\n"),
                    owed: format!(
                        "check that these rows answer the whole question and are still right{quarter}"
                    ),
                },
            }
        }
        None => Decision::Answer {
            answer: Slot::Owed(
                "no row of the contracts register matches this question, which does not mean that there is no contract: \
                 find out, and answer it"
                    .to_owned(),
            ),
        },
    };
}

/// Holds a question that the draft refuses against the register: what it publishes of it is owed an answer first, since
/// nobody can neither confirm nor deny what was published.
fn meet_register(
    task: &Task<'_>,
    register: &Register,
    rows: &PublishedRows<'_>,
    question: &Question,
    decided: &mut DecidedQuestion,
) {
    use casework::decision::AppliedExemption as Applied;
    use casework::public_record::Path;
    let (path, reason) = match &mut decided.decision {
        Decision::NeitherConfirmedNorDenied(refusal) => (
            Path::NeitherConfirmNorDeny,
            &mut refusal.prejudice.mechanism,
        ),
        Decision::Withheld(exemptions) => match exemptions.first_mut() {
            Some(Applied::Absolute { reason, .. } | Applied::QualifiedClass { reason, .. }) => {
                (Path::Withhold, reason)
            }
            Some(Applied::QualifiedPrejudice { prejudice, .. }) => {
                (Path::Withhold, &mut prejudice.mechanism)
            }
            None => return,
        },
        _ => return,
    };
    let public = rows.against(&task.request.body, question, path, task.today, register);
    if public.is_empty() {
        return;
    }
    let first = format!(
        "the contracts register answers or confirms this, question {}: {}. Answer from it, or record why it doesn't confirm what is asked",
        question.label,
        public.join("; ")
    );
    *reason = match std::mem::replace(reason, Slot::Owed(String::new())) {
        Slot::Filled(text) => Slot::Begun { text, owed: first },
        Slot::Begun { text, owed } => Slot::Begun {
            text,
            owed: format!("{first}; {owed}"),
        },
        Slot::Owed(owed) => Slot::Owed(format!("{first}; {owed}")),
    };
}

fn decision_json(
    task: &Task<'_>,
    reply: &Reply,
    found: &[(Question, Proposal)],
    vocabulary: &Vocabulary,
) -> Value {
    let mut object = object(task.request, found, task.loaded, vocabulary);
    if let Some(questions) = object.get_mut("questions").and_then(Value::as_array_mut) {
        for (question, decided) in questions.iter_mut().zip(&reply.questions) {
            question["decision"] = decision(&decided.decision);
        }
    }
    object["received_on"] = json!(reply.received_on.to_string());
    object["due_on"] = json!(reply.due_on.to_string());
    object["status"] = json!("draft");
    object
}

fn slot(slot: &Slot<String>) -> Value {
    match slot {
        Slot::Filled(text) => json!({"filled": text}),
        Slot::Begun { text, owed } => json!({"begun": text, "owed": owed}),
        Slot::Owed(what) => json!({"owed": what}),
    }
}

fn test(test: &casework::decision::PublicInterestTest) -> Value {
    json!({"favouring": test.favouring, "against": test.against, "balance": slot(&test.balance)})
}

fn likelihood(prejudice: &casework::decision::Prejudice) -> &'static str {
    match prejudice.likelihood {
        casework::decision::Likelihood::Would => "would",
        casework::decision::Likelihood::WouldBeLikelyTo => "would be likely to",
    }
}

fn decision(decision: &Decision) -> Value {
    use casework::decision::AppliedExemption as Applied;
    match decision {
        Decision::Answer { answer } => json!({"kind": "answer", "answer": slot(answer)}),
        Decision::AlreadyAccessible { place } => {
            json!({"kind": "already_accessible", "provision": "FOIA s.21", "place": slot(place)})
        }
        Decision::Withheld(exemptions) => {
            json!({"kind": "withheld", "exemptions": exemptions.iter().map(|applied| match applied {
            Applied::Absolute { provision, reason } => json!({"provision": provision.to_string(), "reason": slot(reason)}),
            Applied::QualifiedClass { provision, reason, public_interest } => {
                json!({"provision": provision.to_string(), "reason": slot(reason), "public_interest": test(public_interest)})
            }
            Applied::QualifiedPrejudice { provision, prejudice, public_interest } => json!({
                "provision": provision.to_string(), "mechanism": slot(&prejudice.mechanism),
                "likelihood": likelihood(prejudice), "public_interest": test(public_interest),
            }),
        }).collect::<Vec<_>>()})
        }
        Decision::NeitherConfirmedNorDenied(refusal) => json!({
            "kind": "neither_confirmed_nor_denied",
            "provision": refusal.provision.to_string(),
            "by_virtue_of": refusal.by_virtue_of.as_ref().map(ToString::to_string),
            "mechanism": slot(&refusal.prejudice.mechanism),
            "likelihood": likelihood(&refusal.prejudice),
            "public_interest": test(&refusal.public_interest),
        }),
        Decision::NotHeld => json!({"kind": "not_held", "provision": "FOIA s.1(1)(a)"}),
        Decision::OverCostLimit { estimate, advice } => {
            json!({"kind": "over_cost_limit", "provision": "FOIA s.12", "estimate": slot(estimate), "advice": slot(advice)})
        }
        Decision::VexatiousOrRepeated { provision, reason } => {
            json!({"kind": "vexatious_or_repeated", "provision": provision.to_string(), "reason": slot(reason)})
        }
        Decision::ClarificationSought { question } => {
            json!({"kind": "clarification_sought", "provision": "FOIA s.1(3)", "question": slot(question)})
        }
    }
}

/// A title that names no one: what the request is about.
fn title(found: &[(Question, Proposal)]) -> String {
    let mut subjects: Vec<String> = Vec::new();
    for (question, proposal) in found {
        if proposal.kind == Kind::Open {
            continue;
        }
        if let Some(first) = question.subjects.first() {
            let name = first.id.replace('-', " ");
            if !subjects.contains(&name) {
                subjects.push(name);
            }
        }
    }
    subjects.truncate(3);
    if subjects.is_empty() {
        "Request for information".to_owned()
    } else {
        format!("Request about {}", subjects.join(", "))
    }
}

fn print_summary(
    out: &mut dyn Write,
    task: &Task<'_>,
    reply: &Reply,
    found: &[(Question, Proposal)],
    gaps: &[letters::Gap],
    calendar: &Calendar,
) -> std::io::Result<()> {
    let day = |date: Date| date.strftime("%A %-d %B %Y").to_string();
    writeln!(out, "{}", title(found))?;
    writeln!(
        out,
        "Policy    {} {}",
        task.loaded.policy.id, task.loaded.policy.version
    )?;
    writeln!(out, "Received  {}", day(reply.received_on))?;
    let left = if task.today > reply.due_on {
        match calendar.working_days_between(reply.due_on, task.today) {
            Ok(late) => format!("{late} working day{} late", plural(late)),
            Err(_) => "late".to_owned(),
        }
    } else {
        match calendar.working_days_between(task.today, reply.due_on) {
            Ok(0) => "today".to_owned(),
            Ok(left) => format!("{left} working day{} left", plural(left)),
            Err(error) => error.to_string(),
        }
    };
    writeln!(
        out,
        "Due       {} ({left}; FOIA s.10(1))",
        day(reply.due_on)
    )?;
    if !task.request.set_apart.is_empty() {
        writeln!(out, "Set apart {}", task.request.set_apart.join(", "))?;
    }
    writeln!(out)?;
    if found.is_empty() {
        writeln!(
            out,
            "No question was found. Read the request: if the applicant wants something, ask what (FOIA s.1(3), s.16)."
        )?;
    }
    for (question, proposal) in found {
        writeln!(
            out,
            "{:<6} {:<10} {:<9} {}",
            question.label,
            proposal.kind.as_str(),
            proposal.category.as_deref().unwrap_or("none"),
            shortened(task.request.body.get(question.span.clone()).unwrap_or("")),
        )?;
    }
    writeln!(out)?;
    let count = |kind: Kind| {
        found
            .iter()
            .filter(|(_, proposal)| proposal.kind == kind)
            .count()
    };
    writeln!(
        out,
        "{} question{}: {} protected, {} register, {} mixed, {} open",
        found.len(),
        if found.len() == 1 { "" } else { "s" },
        count(Kind::Protected),
        count(Kind::Register),
        count(Kind::Mixed),
        count(Kind::Open)
    )?;
    writeln!(
        out,
        "{} gap{} to complete before the letter can go",
        gaps.len(),
        if gaps.len() == 1 { "" } else { "s" }
    )?;
    writeln!(out, "Draft in {}", task.out.display())
}

/// What the refusal-notice check says of the draft: no letter with an error can be issued.
fn print_notice_check(out: &mut dyn Write, to_mend: &[&Finding]) -> std::io::Result<()> {
    let count = |severity: Severity| {
        to_mend
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let errors = count(Severity::Error);
    writeln!(
        out,
        "Notice check (FOIA s.17): {}, {}, {}{}",
        counted(errors, "error"),
        counted(count(Severity::Warning), "warning"),
        counted(count(Severity::Info), "note"),
        if errors == 0 {
            ""
        } else {
            "; the letter can't go until the errors are mended"
        }
    )
}

fn plural(count: u32) -> &'static str {
    if count == 1 { "" } else { "s" }
}
