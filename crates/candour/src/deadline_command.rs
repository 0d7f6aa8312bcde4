//! `candour deadline`: what is due on which day, with the ledger that shows why.

mod text;

use std::io::Write;

use jiff::civil::Date;
use law::{
    Calendar, Chronology, Deadline, Done, Event, Extended, Ledger, Reckoning, ReviewClock,
    Standing, Statute, TimeLimits,
};
use serde_json::{Value, json};

use crate::calendar_feed::{Entry, feed};
use crate::data::Data;
use crate::fault::Stop;
use crate::open_cases::{self, OpenCase};
use crate::receipt;

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// The days and the ledger as a table.
    Text,
    /// One JSON object, or an array of them for `--cases`.
    Json,
    /// A calendar file that calendar programs subscribe to.
    Ics,
}

/// What `candour deadline` is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// The day of receipt; a date-time with its zone is read as at London.
    pub received: Option<&'a str>,
    /// `KIND DATE [key=value …]`, in any order.
    pub events: &'a [String],
    /// The labels of the questions, with commas.
    pub questions: Option<&'a str>,
    /// The regime's id.
    pub regime: &'a str,
    /// The id of a time limit of the regime.
    pub authority_kind: Option<&'a str>,
    /// Periods without school.
    pub no_school: &'a [String],
    /// The authority's reference.
    pub reference: Option<&'a str>,
    /// A file of open cases instead of one case.
    pub cases: Option<&'a str>,
}

/// The law that every case of a run is reckoned by.
pub(crate) struct Law {
    pub statute: Statute,
    pub limits: TimeLimits,
    pub calendar: Calendar,
    /// SHA-256 of the calendar's text, in hexadecimal.
    pub calendar_sha256: String,
}

impl Law {
    pub fn read(data: &Data) -> Result<Self, Stop> {
        Ok(Self {
            statute: data.statute()?,
            limits: data.time_limits()?,
            calendar: data.calendar()?,
            calendar_sha256: data.sha256("law/bank-holidays.csv")?,
        })
    }
}

/// Works out the days of one case, or of each case of a file, and prints them.
///
/// # Errors
/// Everything that is wrong with the input, at once.
pub fn run(
    question: &Question<'_>,
    format: Format,
    data: &Data,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let law = Law::read(data)?;
    let cases = match question.cases {
        Some(path) => open_cases::read(path)?,
        None => vec![one(question)?],
    };
    let mut problems = Vec::new();
    let mut reckoned: Vec<(&OpenCase, Reckoning)> = Vec::new();
    for case in &cases {
        match case.reckon(&law.statute, &law.limits, &law.calendar) {
            Ok(reckoning) => reckoned.push((case, reckoning)),
            Err(more) => problems.extend(more.iter().map(|problem| match &case.reference {
                Some(reference) => format!("{reference}: {problem}"),
                None => problem.to_string(),
            })),
        }
    }
    if !problems.is_empty() {
        return Err(Stop::Input(problems));
    }
    let outcome = match format {
        Format::Json if question.cases.is_some() => writeln!(
            out,
            "{:#}",
            reckoned
                .iter()
                .map(|(case, reckoning)| object(case, reckoning, &law))
                .collect::<Value>()
        ),
        Format::Json => reckoned
            .iter()
            .try_for_each(|(case, reckoning)| writeln!(out, "{:#}", object(case, reckoning, &law))),
        Format::Ics => {
            let entries: Vec<Entry> = reckoned
                .iter()
                .flat_map(|(case, reckoning)| entries(case, reckoning))
                .collect();
            write!(out, "{}", feed("FOI deadlines", &entries))
        }
        Format::Text if question.cases.is_some() => text::list(out, &reckoned),
        Format::Text => reckoned
            .iter()
            .try_for_each(|(_, reckoning)| text::one(out, reckoning)),
    };
    outcome.map_err(|error| Stop::input(format!("output.unwritable: {error}")))
}

/// The case of the command line, with every mistake in it at once.
fn one(question: &Question<'_>) -> Result<OpenCase, Stop> {
    let mut problems = Vec::new();
    let received_on = question
        .received
        .map_or_else(
            || {
                Err(Stop::input(
                    "deadline.no_receipt: give the day of receipt, as 2026-11-24",
                ))
            },
            |text| receipt::day(text, "deadline"),
        )
        .map_err(|stop| match stop {
            Stop::Input(more) => problems.extend(more),
            Stop::Found => {}
        });
    let events = open_cases::events(question.events, "").map_err(|more| problems.extend(more));
    let no_school =
        open_cases::periods(question.no_school, "").map_err(|more| problems.extend(more));
    match (received_on, events, no_school) {
        (Ok(received_on), Ok(events), Ok(no_school)) => Ok(OpenCase {
            reference: question.reference.map(str::to_owned),
            regime: question.regime.to_owned(),
            limit: question.authority_kind.map(str::to_owned),
            chronology: Chronology {
                received_on,
                questions: question
                    .questions
                    .map(open_cases::labels)
                    .unwrap_or_default(),
                events,
                no_school,
            },
        }),
        _ => Err(Stop::Input(problems)),
    }
}

/// The JSON contract of `candour deadline`.
pub fn object(case: &OpenCase, reckoning: &Reckoning, law: &Law) -> Value {
    let whole = &reckoning.whole;
    let mut object = deadline(whole);
    object["reference"] = json!(case.reference);
    object["received"] = json!(reckoning.received_on);
    // The first day on which anything is due, and the last to which anything was extended.
    object["due"] = json!(reckoning.due_on());
    object["extended_due"] = json!(reckoning.extended_due_on());
    object["working_days"] = json!(reckoning.limit.0);
    object["provision"] = json!(reckoning.provision);
    let regime = law.limits.regime(&reckoning.regime);
    object["regime"] = json!({
        "id": reckoning.regime,
        "name": regime.map(|regime| regime.name.as_str()),
    });
    let limit_id = case
        .limit
        .as_deref()
        .or_else(|| regime.map(|regime| regime.default_limit.as_str()))
        .unwrap_or_default();
    object["limit"] = law
        .limits
        .as_at(&reckoning.regime, limit_id, reckoning.received_on)
        .map_or(Value::Null, |limit| {
            json!({
                "id": limit.id, "provision": limit.provision, "applies_to": limit.applies_to,
                "duty": limit.duty, "verified": limit.verified, "source": limit.source,
            })
        });
    object["questions"] = reckoning
        .questions
        .iter()
        .map(|(label, own)| {
            let mut question = deadline(own);
            question["label"] = json!(label);
            question
        })
        .collect();
    object["events"] = case.chronology.events.iter().map(event).collect();
    object["review"] = reckoning.review.as_ref().map_or(Value::Null, review);
    object["warnings"] = reckoning
        .warnings
        .iter()
        .map(|warning| json!({"code": warning.code, "message": warning.message}))
        .collect();
    object["calendar"] = json!({
        "version": law.calendar.version(),
        "first": law.calendar.first(),
        "up_to": law.calendar.up_to(),
        "sha256": law.calendar_sha256,
    });
    object
}

/// One question's deadline, or the whole request's.
fn deadline(deadline: &Deadline) -> Value {
    json!({
        "due": deadline.due_on,
        "extended_due": deadline.extension.as_ref().map(|extension| extension.until),
        "answer_due": deadline.answer_due_on(),
        "counted_from": deadline.counted_from,
        "standing": standing(&deadline.standing),
        "extension": deadline.extension.as_ref().map(extension),
        "ceiling": deadline.ceiling_on,
        "answered": deadline.answered.as_ref().map(done),
        "counted": deadline.ledger.line(),
        "ledger": ledger(&deadline.ledger),
    })
}

fn ledger(ledger: &Ledger) -> Value {
    ledger
        .days()
        .iter()
        .map(|day| {
            json!({
                "date": day.date,
                "weekday": day.date.strftime("%A").to_string(),
                "counts": day.counts(),
                "reason": ledger.why(day),
            })
        })
        .collect()
}

fn standing(standing: &Standing) -> Value {
    match standing {
        Standing::Running => json!({"kind": "running"}),
        Standing::DetailAwaited {
            since,
            due_if_not_needed,
        } => json!({
            "kind": "detail_awaited", "provision": "FOIA s.1(3)", "since": since,
            "due_if_not_needed": due_if_not_needed,
        }),
        Standing::FeeAwaited {
            since,
            payable_until,
        } => json!({
            "kind": "fee_awaited", "provision": "FOIA s.9(2)", "since": since, "payable_until": payable_until,
        }),
        Standing::FeeLapsed { payable_until } => json!({
            "kind": "fee_lapsed", "provision": "FOIA s.9(2)", "payable_until": payable_until,
        }),
    }
}

fn extension(extension: &Extended) -> Value {
    json!({
        "provision": extension.provision,
        "grounds": extension.grounds,
        "notice_on": extension.notice_on,
        "until": extension.until,
        "working_day": extension.working_day.0,
    })
}

fn done(done: &Done) -> Value {
    json!({"on": done.on, "late_by_working_days": done.late_by.0})
}

fn review(review: &ReviewClock) -> Value {
    json!({
        "name": review.name,
        "ask_by": review.ask_by,
        "asked_on": review.asked_on,
        "due": review.due_on,
        "extended": review.extended,
        "answered": review.answered.as_ref().map(done),
        "complain_by": review.complain_by,
    })
}

fn event(event: &Event) -> Value {
    json!({"on": event.on, "kind": event.what.name(), "questions": event.questions})
}

/// The entries of a case in a calendar program: the days still open.
pub fn entries(case: &OpenCase, reckoning: &Reckoning) -> Vec<Entry> {
    let reference = case.reference.as_deref().unwrap_or("FOI request");
    let revised = case
        .chronology
        .events
        .iter()
        .map(|event| event.on)
        .chain([reckoning.received_on])
        .max()
        .unwrap_or(reckoning.received_on);
    let mut entries: Vec<Entry> = Vec::new();
    let mut add = |key: &str, on: Option<Date>, title: String, note: String| {
        if let Some(on) = on {
            entries.push(Entry {
                uid: format!("{reference}/{key}"),
                on,
                title: format!("{reference}: {title}"),
                note,
                revised,
            });
        }
    };
    let mut all: Vec<(Option<&str>, &Deadline)> = vec![(None, &reckoning.whole)];
    for (label, own) in &reckoning.questions {
        if *own != reckoning.whole {
            all.push((Some(label), own));
        }
    }
    for (label, deadline) in all {
        if deadline.answered.is_some() {
            continue;
        }
        let of = label.map_or_else(String::new, |label| format!(", question {label}"));
        let key = label.map_or_else(String::new, |label| format!("question-{label}/"));
        add(
            &format!("{key}due"),
            deadline.due_on,
            format!("answer due{of}"),
            format!("{}: {}", reckoning.provision, deadline.ledger.line()),
        );
        if let Some(extension) = &deadline.extension {
            add(
                &format!("{key}extended"),
                Some(extension.until),
                format!("decision on the public interest due{of}"),
                format!(
                    "{}: the day estimated in the notice of {}",
                    extension.provision, extension.notice_on
                ),
            );
        }
        if let Standing::FeeAwaited { payable_until, .. } = deadline.standing {
            add(
                &format!("{key}fee"),
                Some(payable_until),
                format!("last day for the fee{of}"),
                "FOIA s.9(2)".to_owned(),
            );
        }
    }
    if let Some(review) = &reckoning.review
        && review.answered.is_none()
    {
        add(
            "review",
            review.due_on,
            format!("outcome of the {} due", review.name),
            String::new(),
        );
    }
    entries
}
