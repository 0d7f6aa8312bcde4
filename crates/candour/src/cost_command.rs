//! `candour cost`: what answering would cost, whether that exceeds the limit, and what would fit.

mod estimates;
mod text;
mod tree;

use std::io::{Read, Write};

use jiff::civil::Date;
use law::cost::{
    Assessment, CostLimit, CostedRequest, QuestionCost, StaffTime, Together, assess, together,
};
use law::{Activity, Aggregation, AppropriateLimit, HourlyRate};
use serde_json::{Value, json};

use self::estimates::{Estimates, Question, Request};
use self::tree::Node;
use crate::data::{Data, located};
use crate::fault::Stop;

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a person, with sentences for the letter.
    Text,
    /// One JSON object.
    Json,
}

/// The largest file of estimates.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The rules that estimates are held against, as at the day of receipt.
struct Rules<'f> {
    limit: &'f AppropriateLimit,
    rate: &'f HourlyRate,
    aggregation: &'f Aggregation,
}

impl Rules<'_> {
    fn limit(&self) -> CostLimit {
        CostLimit {
            pounds: self.limit.pounds,
            pounds_an_hour: self.rate.pounds,
        }
    }
}

/// A request with what it comes to: alone, and with those that it counts together with.
struct Outcome<'e> {
    request: &'e Request,
    own: Assessment,
    together: Option<Together>,
    /// The questions that the advice is about: its own, or those of all that count together and aren't answered yet.
    /// Each with the position of its request.
    advised: Vec<(usize, &'e Question)>,
    /// What all that count together come to; the same as `own` for a request that stands alone.
    whole: Assessment,
}

/// Reads estimates, works out what they come to, and prints it.
///
/// # Errors
/// Everything that is wrong with the file, at once.
pub fn run(
    file: &str,
    authority_kind: Option<&str>,
    format: Format,
    data: &Data,
    today: Date,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let fees = data.fees()?;
    let text = text(file)?;
    let json = file.to_lowercase().ends_with(".json")
        || (file == "-" && text.trim_start().starts_with('{'));
    let fail = |problems: Vec<law::Problem>| {
        if json {
            // Places inside a JSON file are told in words.
            Stop::Input(
                problems
                    .iter()
                    .map(|problem| {
                        if problem.span.start > 0 {
                            problem.locate(file, &text)
                        } else {
                            format!("{file}: {problem}")
                        }
                    })
                    .collect(),
            )
        } else {
            located(file, &text, &problems)
        }
    };
    let estimates = Node::parse(&text, json)
        .and_then(|root| estimates::read(&root, &fees))
        .map_err(fail)?;
    let kind = authority_kind
        .or(estimates.authority_kind.as_deref())
        .unwrap_or("other");
    let day = |request: &Request| request.received_on.unwrap_or(today);
    let latest = estimates.requests.iter().map(day).max().unwrap_or(today);
    let known: Vec<&str> = fees
        .limits()
        .iter()
        .map(|limit| limit.id.as_str())
        .collect();
    let rules = Rules {
        limit: fees.limit_as_at(kind, latest).ok_or_else(|| {
            Stop::input(format!(
                "cost.unknown_kind: no appropriate limit for `{kind}` on {latest}; use {}",
                known.join(" or ")
            ))
        })?,
        rate: fees.rate_as_at(latest).ok_or_else(|| {
            Stop::input(format!(
                "cost.not_in_force: no hourly rate was in force on {latest}"
            ))
        })?,
        aggregation: fees.aggregation_as_at(latest).ok_or_else(|| {
            Stop::input(format!(
                "cost.not_in_force: no rule on several requests was in force on {latest}"
            ))
        })?,
    };
    let found = outcomes(&estimates, &rules, &day, data)?;
    let printed = match format {
        Format::Json => writeln!(out, "{:#}", object(&estimates, &rules, &found)),
        Format::Text => text::report(out, &estimates, &rules, &found),
    };
    printed.map_err(|error| Stop::input(format!("output.unwritable: {error}")))
}

fn text(file: &str) -> Result<String, Stop> {
    let cannot = |error: std::io::Error| {
        Stop::input(format!(
            "{file}: cost.unreadable: can't read this file: {error}"
        ))
    };
    let mut text = String::new();
    if file == "-" {
        std::io::stdin()
            .lock()
            .take(LARGEST.saturating_add(1))
            .read_to_string(&mut text)
            .map_err(cannot)?;
    } else {
        std::fs::File::open(file)
            .and_then(|file| {
                file.take(LARGEST.saturating_add(1))
                    .read_to_string(&mut text)
            })
            .map_err(cannot)?;
    }
    if text.len() as u64 > LARGEST {
        return Err(Stop::input(format!(
            "{file}: cost.too_large: larger than {} MB; give the estimates alone",
            LARGEST / 1024 / 1024
        )));
    }
    Ok(text)
}

fn outcomes<'e>(
    estimates: &'e Estimates,
    rules: &Rules<'_>,
    day: &dyn Fn(&Request) -> Date,
    data: &Data,
) -> Result<Vec<Outcome<'e>>, Stop> {
    let limit = rules.limit();
    let own: Vec<Assessment> = estimates
        .requests
        .iter()
        .map(|request| {
            let costs: Vec<&QuestionCost> = request
                .questions
                .iter()
                .map(|question| &question.cost)
                .collect();
            assess(&costs, StaffTime::default(), limit)
        })
        .collect();
    let costed: Vec<CostedRequest> = estimates
        .requests
        .iter()
        .zip(&own)
        .map(|(request, own)| CostedRequest {
            received_on: day(request),
            person: request.person.clone(),
            in_concert: request.in_concert.clone(),
            about: request.about.clone(),
            time: own.total,
        })
        .collect();
    let sets = if costed.len() < 2 {
        vec![None; costed.len()]
    } else {
        together(&costed, rules.aggregation, &data.calendar()?)
            .map_err(|error| Stop::input(format!("clock.beyond_calendar: {error}")))?
    };
    Ok(estimates
        .requests
        .iter()
        .zip(own)
        .zip(sets)
        .enumerate()
        .map(|(index, ((request, own), together))| {
            let members: Vec<usize> = together
                .as_ref()
                .map_or_else(|| vec![index], |set| set.requests.clone());
            let member = |answered: bool| {
                members
                    .iter()
                    .filter_map(|index| {
                        estimates
                            .requests
                            .get(*index)
                            .map(|request| (*index, request))
                    })
                    .filter(move |(_, request)| request.answered == answered)
            };
            let spent = member(true)
                .flat_map(|(_, request)| &request.questions)
                .map(|question| question.cost.total())
                .sum();
            let advised: Vec<(usize, &Question)> = member(false)
                .flat_map(|(index, request)| {
                    request
                        .questions
                        .iter()
                        .map(move |question| (index, question))
                })
                .collect();
            let costs: Vec<&QuestionCost> =
                advised.iter().map(|(_, question)| &question.cost).collect();
            let whole = assess(&costs, spent, limit);
            Outcome {
                request,
                own,
                together,
                advised,
                whole,
            }
        })
        .collect())
}

/// What to call a request.
fn name(estimates: &Estimates, index: usize) -> String {
    estimates
        .requests
        .get(index)
        .and_then(|request| request.reference.clone())
        .unwrap_or_else(|| format!("request {}", index.saturating_add(1)))
}

/// What to call a question of the advice: with its request where several count together.
fn question_name(estimates: &Estimates, outcome: &Outcome<'_>, position: usize) -> String {
    match outcome.advised.get(position) {
        Some((index, question)) if outcome.together.is_some() => {
            format!("{} of {}", question.cost.label, name(estimates, *index))
        }
        Some((_, question)) => question.cost.label.clone(),
        None => String::new(),
    }
}

/// The JSON contract of `candour cost`.
fn object(estimates: &Estimates, rules: &Rules<'_>, outcomes: &[Outcome<'_>]) -> Value {
    let limit = rules.limit();
    let rate = rules.rate.pounds;
    let time = |time: StaffTime| json!({"minutes": minutes(time), "cost_pence": time.cost(rate).0, "cost": time.cost(rate).to_string()});
    let question = |question: &Question| {
        let mut object = time(question.cost.total());
        object["label"] = json!(question.cost.label);
        object["basis"] = json!(question.basis);
        object["activities"] = Activity::ALL
            .iter()
            .map(|activity| {
                let of = minutes(question.cost.of(*activity));
                (activity.as_str().to_owned(), json!(of))
            })
            .collect();
        object
    };
    json!({
        "appropriate_limit": {
            "authority_kind": rules.limit.id, "applies_to": rules.limit.applies_to, "pence": limit.pence().0,
            "minutes": minutes(limit.time()), "provision": rules.limit.provision, "verified": rules.limit.verified,
            "source": rules.limit.source,
        },
        "hourly_rate": {"pence": u64::from(rate).saturating_mul(100), "provision": rules.rate.provision},
        "requests": outcomes.iter().enumerate().map(|(index, outcome)| {
            let names = |positions: &[usize]| positions
                .iter()
                .filter_map(|position| outcome.advised.get(*position))
                .map(|(of, question)| json!({"reference": name(estimates, *of), "label": question.cost.label}))
                .collect::<Vec<_>>();
            json!({
                "reference": name(estimates, index),
                "received": outcome.request.received_on,
                "answered": outcome.request.answered,
                "questions": outcome.request.questions.iter().map(question).collect::<Vec<_>>(),
                "total": time(outcome.own.total),
                "together": outcome.together.as_ref().map(|set| json!({
                    "provision": rules.aggregation.provision,
                    "verified": rules.aggregation.verified,
                    "requests": set.requests.iter().map(|index| name(estimates, *index)).collect::<Vec<_>>(),
                    "because": if set.one_person { "one person" } else { "in concert" },
                    "about": set.about,
                    "total": time(set.total),
                })),
                "estimated_cost": time(outcome.whole.total),
                "exceeds_limit": outcome.whole.exceeds,
                "provision": outcome.whole.exceeds.then_some("FOIA s.12(1)"),
                "confirm_or_deny": {
                    "determining": time(outcome.own.determining),
                    "exceeds_limit": outcome.own.determining_exceeds,
                    "provision": "FOIA s.12(2)",
                },
                "advice": outcome.whole.exceeds.then(|| json!({
                    "provision": "FOIA s.16",
                    "fits": names(&outcome.whole.fitting),
                    "fitting": time(outcome.whole.fitting_time),
                    "too_large_alone": names(&outcome.whole.too_large_alone),
                    "searchable": outcome.whole.searchable.iter().map(|(position, records)| json!({
                        "question": names(&[*position]).first(), "records": records,
                    })).collect::<Vec<_>>(),
                })),
                "letter": outcome.whole.exceeds.then(|| json!({
                    "estimate": text::estimate_sentences(estimates, rules, outcome),
                    "advice": text::advice_sentences(estimates, rules, outcome),
                })),
            })
        }).collect::<Vec<_>>(),
    })
}

/// Minutes as a number with what decimals it has.
fn minutes(time: StaffTime) -> Value {
    let (whole, hundredths) = (time.0.div_euclid(100), time.0.rem_euclid(100));
    if hundredths == 0 {
        return json!(whole);
    }
    format!("{whole}.{hundredths:02}")
        .parse::<f64>()
        .map_or(Value::Null, |minutes| json!(minutes))
}
