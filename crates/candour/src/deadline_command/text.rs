//! Deadlines for a person to read: the days that matter, then the ledger.

use std::io::{Result, Write};

use jiff::civil::Date;
use law::{Deadline, Ledger, Reckoning, Standing, WorkingDays};

use crate::open_cases::OpenCase;

/// One case: its days, what to look at, and every ledger.
pub(super) fn one(out: &mut dyn Write, reckoning: &Reckoning) -> Result<()> {
    writeln!(out, "Received   {}", day(reckoning.received_on))?;
    if reckoning.questions.is_empty() {
        days(out, "", &reckoning.whole, reckoning)?;
    } else {
        for (label, deadline) in &reckoning.questions {
            days(out, &format!("Question {label}: "), deadline, reckoning)?;
        }
        if let Some(rest) = reckoning.rest() {
            days(out, "All others: ", rest, reckoning)?;
        }
    }
    if let Some(review) = &reckoning.review {
        let mut name = review.name.clone();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        writeln!(out, "{name}")?;
        match review.ask_by {
            Some(ask_by) => writeln!(out, "           may be asked for until {}", day(ask_by))?,
            None => writeln!(
                out,
                "           when it may be asked for until is not known yet"
            )?,
        }
        if let Some(asked_on) = review.asked_on {
            writeln!(out, "           asked for on {}", day(asked_on))?;
        }
        if let Some(due_on) = review.due_on {
            let exceptional = if review.extended {
                ", the exceptional longer time"
            } else {
                ""
            };
            writeln!(out, "           outcome due {}{exceptional}", day(due_on))?;
        }
        if let Some(done) = &review.answered {
            writeln!(
                out,
                "           outcome given {}{}",
                day(done.on),
                late(done.late_by)
            )?;
        }
        if let Some(complain_by) = review.complain_by {
            writeln!(
                out,
                "           complaints to the Commissioner normally until {}",
                day(complain_by)
            )?;
        }
    }
    for warning in &reckoning.warnings {
        writeln!(out, "Look at    {} [{}]", warning.message, warning.code)?;
    }
    let mut shown: Vec<&Ledger> = Vec::new();
    let all = std::iter::once((None, &reckoning.whole)).chain(
        reckoning
            .questions
            .iter()
            .map(|(label, deadline)| (Some(label), deadline)),
    );
    for (label, deadline) in all {
        if shown.contains(&&deadline.ledger) {
            continue;
        }
        shown.push(&deadline.ledger);
        writeln!(out)?;
        if let Some(label) = label {
            writeln!(out, "Question {label}")?;
        }
        table(out, &deadline.ledger)?;
    }
    Ok(())
}

fn days(out: &mut dyn Write, of: &str, deadline: &Deadline, reckoning: &Reckoning) -> Result<()> {
    let why = format!("{}: {}", reckoning.provision, deadline.ledger.line());
    match (deadline.due_on, deadline.standing) {
        (Some(due_on), _) => writeln!(out, "Due        {of}{} ({why})", day(due_on))?,
        (
            None,
            Standing::DetailAwaited {
                since,
                due_if_not_needed,
            },
        ) => {
            writeln!(
                out,
                "Waiting    {of}for the detail asked for on {}, FOIA s.1(3); the time starts again when it comes in",
                day(since)
            )?;
            writeln!(
                out,
                "           due {} if the detail was not reasonably needed",
                day(due_if_not_needed)
            )?;
        }
        (
            None,
            Standing::FeeAwaited {
                since,
                payable_until,
            },
        ) => writeln!(
            out,
            "Waiting    {of}for the fee asked for on {}, payable until {}, FOIA s.9(2)",
            day(since),
            day(payable_until)
        )?,
        (None, Standing::FeeLapsed { payable_until }) => writeln!(
            out,
            "Lapsed     {of}the fee was not paid by {}; no duty to comply, FOIA s.9(2)",
            day(payable_until)
        )?,
        (None, Standing::Running) => {}
    }
    if let Some(extension) = &deadline.extension {
        let grounds: Vec<String> = extension.grounds.iter().map(ToString::to_string).collect();
        let over = if grounds.is_empty() {
            String::new()
        } else {
            format!(" on {}", grounds.join(", "))
        };
        writeln!(
            out,
            "Extended   {of}{} ({}{over}: working day {}; notice given on {})",
            day(extension.until),
            extension.provision,
            extension.working_day.0,
            extension.notice_on.strftime("%-d %B %Y"),
        )?;
    } else if let Some(ceiling_on) = deadline.ceiling_on.filter(|_| deadline.answered.is_none()) {
        writeln!(
            out,
            "At most    {of}{}, where a longer time is lawfully taken",
            day(ceiling_on)
        )?;
    }
    if let Some(done) = &deadline.answered {
        writeln!(out, "Answered   {of}{}{}", day(done.on), late(done.late_by))?;
    }
    Ok(())
}

fn table(out: &mut dyn Write, ledger: &Ledger) -> Result<()> {
    writeln!(out, "{:<28} {:<7} Why", "Day", "Counts")?;
    let mut number = 0_u32;
    for day_of in ledger.days() {
        let counts = if day_of.counts() {
            number = number.saturating_add(1);
            number.to_string()
        } else {
            "no".to_owned()
        };
        writeln!(
            out,
            "{:<28} {counts:<7} {}",
            day(day_of.date),
            ledger.why(day_of)
        )?;
    }
    Ok(())
}

/// Many cases: a line each, the first due first.
pub(super) fn list(out: &mut dyn Write, reckoned: &[(&OpenCase, Reckoning)]) -> Result<()> {
    let mut lines: Vec<_> = reckoned
        .iter()
        .map(|(case, reckoning)| (reckoning.due_on(), case, reckoning))
        .collect();
    lines.sort_by_key(|(due_on, case, _)| (due_on.is_none(), *due_on, case.reference.clone()));
    writeln!(
        out,
        "{:<20} {:<28} {:<28} Counted",
        "Case", "Due", "Extended"
    )?;
    for (due_on, case, reckoning) in lines {
        let none = || "–".to_owned();
        writeln!(
            out,
            "{:<20} {:<28} {:<28} {}",
            case.reference.as_deref().unwrap_or("–"),
            due_on.map_or_else(none, day),
            reckoning.extended_due_on().map_or_else(none, day),
            reckoning.whole.ledger.line()
        )?;
        for warning in &reckoning.warnings {
            writeln!(out, "{:<20} {} [{}]", "", warning.message, warning.code)?;
        }
    }
    Ok(())
}

fn day(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

fn late(by: WorkingDays) -> String {
    if by.0 == 0 {
        ", in time".to_owned()
    } else {
        format!(", {by} late")
    }
}
