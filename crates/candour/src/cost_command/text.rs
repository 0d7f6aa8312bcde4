//! What answering would cost, for a person to read, and the sentences that a letter needs.

use std::io::{Result, Write};

use law::Activity;
use law::cost::{Search, StaffTime};

use super::estimates::{Estimates, Question};
use super::{Outcome, Rules, name, question_name};

/// The whole report.
pub(super) fn report(
    out: &mut dyn Write,
    estimates: &Estimates,
    rules: &Rules<'_>,
    outcomes: &[Outcome<'_>],
) -> Result<()> {
    let limit = rules.limit();
    writeln!(
        out,
        "Appropriate limit  {} ({}; {}), at £{} an hour ({}): {}",
        limit.pence(),
        rules.limit.provision,
        rules.limit.applies_to,
        rules.rate.pounds,
        rules.rate.provision,
        limit.time()
    )?;
    for (index, outcome) in outcomes.iter().enumerate() {
        writeln!(out)?;
        if estimates.requests.len() > 1 || outcome.request.reference.is_some() {
            let received = outcome
                .request
                .received_on
                .map_or_else(String::new, |day| format!(", received {day}"));
            let answered = if outcome.request.answered {
                ", answered before"
            } else {
                ""
            };
            writeln!(out, "{}{received}{answered}", name(estimates, index))?;
        }
        request(out, estimates, rules, outcome)?;
    }
    Ok(())
}

fn request(
    out: &mut dyn Write,
    estimates: &Estimates,
    rules: &Rules<'_>,
    outcome: &Outcome<'_>,
) -> Result<()> {
    let rate = rules.rate.pounds;
    writeln!(
        out,
        "{:<12} {:>12} {:>10} {:>11} {:>11} {:>24} {:>12}",
        "Question", "determining", "locating", "retrieving", "extracting", "in all", "cost"
    )?;
    for question in &outcome.request.questions {
        let total = question.cost.total();
        let [determining, locating, retrieving, extracting] =
            Activity::ALL.map(|activity| short(question.cost.of(activity)));
        writeln!(
            out,
            "{:<12} {determining:>12} {locating:>10} {retrieving:>11} {extracting:>11} {:>24} {:>12}",
            question.cost.label,
            total.to_string(),
            total.cost(rate).to_string()
        )?;
        for search in &question.cost.searches {
            writeln!(out, "{:<12} {}", "", searched(search))?;
        }
        if let Some(basis) = &question.basis {
            writeln!(out, "{:<12} {basis}", "")?;
        }
    }
    let total = outcome.own.total;
    writeln!(
        out,
        "{:<12} {:>71} {:>12}",
        "Total",
        total.to_string(),
        total.cost(rate).to_string()
    )?;
    if let Some(set) = &outcome.together {
        let others: Vec<String> = set
            .requests
            .iter()
            .map(|index| name(estimates, *index))
            .collect();
        let why = if set.one_person {
            "made by one person"
        } else {
            "made in concert or in a campaign"
        };
        writeln!(
            out,
            "Costed together with the others of {}: {why}, about {}, within {} working days, {}: {}, {}",
            others.join(", "),
            set.about,
            rules.aggregation.working_days,
            rules.aggregation.provision,
            set.total,
            set.total.cost(rate)
        )?;
        if !rules.aggregation.verified {
            writeln!(
                out,
                "  the text of {} was not read for this rule; have a lawyer check it",
                rules.aggregation.provision
            )?;
        }
    }
    if outcome.request.answered {
        return writeln!(
            out,
            "Answered before: its cost counts towards those of the others"
        );
    }
    let limit = rules.limit();
    if !outcome.whole.exceeds {
        return writeln!(
            out,
            "Within the limit: section 12 does not apply ({} left)",
            StaffTime(limit.time().0.saturating_sub(outcome.whole.total.0))
        );
    }
    writeln!(
        out,
        "Over the limit by {}: no duty to comply, FOIA s.12(1); a notice is due within the time for answering, FOIA s.17(5)",
        StaffTime(outcome.whole.total.0.saturating_sub(limit.time().0))
    )?;
    writeln!(
        out,
        "{}",
        if outcome.own.determining_exceeds {
            "Finding out whether the information is held exceeds the limit by itself, so the duty to confirm or deny falls away too, FOIA s.12(2)"
        } else {
            "The duty to confirm or deny stays: finding out whether the information is held is within the limit, FOIA s.12(2)"
        }
    )?;
    writeln!(out, "For the letter, FOIA s.17(5) and s.16")?;
    writeln!(out, "  {}", estimate_sentences(estimates, rules, outcome))?;
    writeln!(out, "  {}", advice_sentences(estimates, rules, outcome))
}

/// How the estimate was made, in sentences for the letter.
pub(super) fn estimate_sentences(
    estimates: &Estimates,
    rules: &Rules<'_>,
    outcome: &Outcome<'_>,
) -> String {
    let rate = rules.rate.pounds;
    let questions: Vec<String> = outcome
        .advised
        .iter()
        .enumerate()
        .map(|(position, (_, question))| {
            format!(
                "question {}: {}{}",
                question_name(estimates, outcome, position),
                question.cost.total(),
                how(question)
            )
        })
        .collect();
    let mut said = String::new();
    if let Some(set) = &outcome.together {
        let answered = StaffTime(
            set.total.0.saturating_sub(
                outcome
                    .advised
                    .iter()
                    .map(|(_, one)| one.cost.total().0)
                    .sum(),
            ),
        );
        said.push_str(&format!(
            "We have added up {} requests under regulation 5 of SI 2004/3244, because they were made by {} within {} working days and are about {}. ",
            set.requests.len(),
            if set.one_person {
                "one person"
            } else {
                "persons who appear to act in concert"
            },
            rules.aggregation.working_days,
            set.about
        ));
        if answered.0 > 0 {
            said.push_str(&format!("Those that we have answered took {answered}. "));
        }
    }
    said.push_str(&format!(
        "We estimate {}. In all that is {}, which at £{rate} an hour costs {}; the limit is {}.",
        questions.join("; "),
        outcome.whole.total,
        outcome.whole.total.cost(rate),
        rules.limit().pence()
    ));
    said
}

/// What would fit within the limit, in sentences for the letter.
pub(super) fn advice_sentences(
    estimates: &Estimates,
    rules: &Rules<'_>,
    outcome: &Outcome<'_>,
) -> String {
    let named = |position: &usize| question_name(estimates, outcome, *position);
    let series = |positions: &[usize]| {
        let names: Vec<String> = positions.iter().map(named).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                format!("questions {} and {last}", rest.join(", "))
            }
            Some((only, _)) => format!("question {only}"),
            None => String::new(),
        }
    };
    let whole = &outcome.whole;
    let mut said = Vec::new();
    if whole.fitting.is_empty() {
        said.push("No question fits within the limit as it was asked.".to_owned());
    } else {
        said.push(format!(
            "Within the limit we could answer {} ({}, {}).",
            series(&whole.fitting),
            whole.fitting_time,
            whole.fitting_time.cost(rules.rate.pounds)
        ));
    }
    for (position, records) in &whole.searchable {
        let all = outcome
            .advised
            .get(*position)
            .and_then(|(_, question)| question.cost.searches.first())
            .map_or(0, |search| search.records);
        let also = if whole.fitting.is_empty() {
            ""
        } else {
            " also"
        };
        said.push(format!(
            "For question {} we could{also} search {records} of the {all} records, such as those of a shorter period.",
            named(position)
        ));
    }
    let narrow: Vec<usize> = whole
        .too_large_alone
        .iter()
        .filter(|position| !whole.searchable.iter().any(|(known, _)| known == *position))
        .copied()
        .collect();
    if !narrow.is_empty() {
        said.push(format!(
            "Answering {} would {}exceed the limit alone; please consider asking for a shorter period, fewer places or fewer records.",
            series(&narrow),
            if narrow.len() > 1 { "each " } else { "" }
        ));
    }
    said.join(" ")
}

/// How the figures of a question came about: its search, or the officer's words.
fn how(question: &Question) -> String {
    let mut parts: Vec<String> = question.cost.searches.iter().map(searched).collect();
    parts.extend(question.basis.clone());
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join("; "))
    }
}

fn searched(search: &Search) -> String {
    if search.sampled_records == 1 {
        format!("{} records at {} each", search.records, search.sampled_time)
    } else {
        format!(
            "{} records; {} of them took {} in a sample",
            search.records, search.sampled_records, search.sampled_time
        )
    }
}

/// Minutes alone, for a column.
fn short(time: StaffTime) -> String {
    let (whole, hundredths) = (time.0.div_euclid(100), time.0.rem_euclid(100));
    match hundredths {
        0 => whole.to_string(),
        _ => format!("{whole}.{hundredths:02}")
            .trim_end_matches('0')
            .to_owned(),
    }
}
