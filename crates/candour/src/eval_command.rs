//! `candour eval`: how well triage does on labelled requests, and how far its stated confidence can be trusted.

use std::io::Write;

use casework::applicant::hex;
use casework::confidence::{self, Reliability};
use casework::evaluation::{Labelled, Scores, share};
use casework::policy::Policy;
use casework::proposal::Proposal;
use office::reading::proposals;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use triage::{Question, Vocabulary};

use crate::fault::Stop;
use crate::output::printed;
use crate::triage_command::shortened;

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Tables for a person.
    Text,
    /// One JSON object.
    Json,
}

/// Which requests of the corpora count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// All of them.
    All,
    /// The third that no rule may be written from: those whose id has a SHA-256 divisible by three.
    Frozen,
    /// The other two thirds.
    Rest,
}

/// What to score and how to print it.
#[derive(Clone, Debug, clap::Args)]
pub struct Task {
    /// Labelled requests, one JSON object a line: {"id","subject","body","items":[{"text","category","information","disposition","confidence"}]}.
    #[arg(required = true)]
    corpora: Vec<String>,
    /// Which of their requests.
    #[arg(long, value_enum, default_value = "all")]
    part: Part,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// How many wrong proposals are shown, those stated most surely first.
    #[arg(long, default_value_t = 10, value_name = "N")]
    worst: usize,
    /// How many rules are shown, those that were wrong oftest first.
    #[arg(long, default_value_t = 20, value_name = "N")]
    rules: usize,
}

/// Reads labelled requests, one JSON object a line.
///
/// # Errors
/// Every line that can't be read, with its number.
pub fn labelled(file: &str) -> Result<Vec<Labelled>, Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stop::input(format!("{file}: corpus.unreadable: {error}")))?;
    let mut requests: Vec<Labelled> = Vec::new();
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let number: usize = number;
        match serde_json::from_str::<Labelled>(line) {
            Ok(request) => {
                if let Err(text) = request.spans() {
                    problems.push(format!(
                        "{file}:{number}:1: corpus.no_such_text: `{}` does not stand in the body of {}; an item is an exact part of it",
                        shortened(text), request.id
                    ));
                }
                requests.push(request);
            }
            Err(error) => problems.push(format!(
                "{file}:{number}:{}: corpus.bad_line: {}",
                error.column().max(1),
                office::intake::bare(&error)
            )),
        }
    }
    if requests.is_empty() && problems.is_empty() {
        problems.push(format!("{file}: corpus.empty: no labelled request"));
    }
    if problems.is_empty() {
        Ok(requests)
    } else {
        Err(Stop::Input(problems))
    }
}

/// Every corpus, or every problem of all of them.
///
/// # Errors
/// As [`labelled`].
pub fn corpora(files: &[String]) -> Result<Vec<(String, Vec<Labelled>)>, Stop> {
    let mut read = Vec::new();
    let mut problems = Vec::new();
    for file in files {
        match labelled(file) {
            Ok(requests) => read.push((file.clone(), requests)),
            Err(Stop::Input(more)) => problems.extend(more),
            Err(stop) => return Err(stop),
        }
    }
    if problems.is_empty() {
        Ok(read)
    } else {
        Err(Stop::Input(problems))
    }
}

/// What triage says of a labelled request.
fn answers(
    vocabulary: &Vocabulary,
    policy: &Policy,
    request: &Labelled,
) -> Vec<(Question, Proposal)> {
    let subject = request.subject.as_deref().unwrap_or("");
    proposals(vocabulary, policy, subject, &request.body)
}

fn add(
    scores: &mut Scores,
    request: &Labelled,
    answers: &[(Question, Proposal)],
) -> Result<(), Stop> {
    scores
        .add(request, answers)
        .map_err(|text| Stop::input(format!("{}: corpus.no_such_text: {text}", request.id)))
}

fn counts(part: Part, request: &Labelled) -> bool {
    match part {
        Part::All => true,
        Part::Frozen => request.is_frozen(),
        Part::Rest => !request.is_frozen(),
    }
}

/// Scores triage on each corpus, and on all of them together.
///
/// # Errors
/// What can't be read; standard output can't be written.
pub fn run(
    task: &Task,
    vocabulary: &Vocabulary,
    policy: &Policy,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let read = corpora(&task.corpora)?;
    let mut tables: Vec<(String, Scores)> = Vec::new();
    let mut all = Scores::default();
    for (file, requests) in &read {
        let mut own = Scores::default();
        for request in requests.iter().filter(|request| counts(task.part, request)) {
            let answers = answers(vocabulary, policy, request);
            add(&mut own, request, &answers)?;
            add(&mut all, request, &answers)?;
        }
        tables.push((file.clone(), own));
    }
    if read.len() > 1 {
        tables.push(("all".to_owned(), all));
    }
    printed(match task.format {
        Format::Json => {
            let corpora: Vec<Value> = tables
                .iter()
                .map(|(name, scores)| object(name, scores, task))
                .collect();
            writeln!(out, "{:#}", json!({ "corpora": corpora }))
        }
        Format::Text => tables
            .iter()
            .enumerate()
            .try_for_each(|(at, (name, scores))| {
                let last = at.saturating_add(1) == tables.len();
                text(out, name, scores, task, last)
            }),
    })
}

/// Each figure with its name.
fn figures(scores: &Scores) -> Vec<(&'static str, Option<f64>)> {
    let (precision, recall, f1) = scores.segmentation();
    let pair = |(whole, part): (usize, usize)| share(part, whole);
    vec![
        ("segmentation_precision", precision),
        ("segmentation_recall", recall),
        ("segmentation_f1", Some(f1)),
        ("disposition_accuracy", share(scores.right, scores.scored)),
        ("protected_precision", pair(scores.protected_got)),
        ("protected_recall", pair(scores.protected)),
        ("register_recall", pair(scores.register)),
        ("false_alarm_rate", pair(scores.open)),
        (
            "category_accuracy",
            share(scores.category_right, scores.matched),
        ),
    ]
}

/// To four digits, as the corpora's own scoring tool has them.
fn rounded(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}

fn object(name: &str, scores: &Scores, task: &Task) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("corpus".to_owned(), json!(name));
    for (key, count) in [
        ("requests", scores.requests),
        ("items", scores.items),
        ("questions", scores.predicted),
        ("scored_items", scores.scored),
    ] {
        object.insert(key.to_owned(), json!(count));
    }
    for (key, figure) in figures(scores) {
        object.insert(key.to_owned(), json!(figure.map(rounded)));
    }
    let confusion: Vec<Value> = scores
        .confusion
        .iter()
        .map(|((label, got), count)| json!({"label": label, "proposed": got, "count": count}))
        .collect();
    object.insert("confusion".to_owned(), json!(confusion));
    let reliability: Vec<Value> = confidence::reliability(&scores.stated)
        .iter()
        .map(|row| {
            json!({
                "from": f64::from(row.stated.start) / 100.0,
                "to": f64::from(row.stated.end.min(100)) / 100.0,
                "count": row.count,
                "right": row.right,
                "stated": rounded(row.mean),
                "share_right": share(row.right, row.count).map(rounded),
            })
        })
        .collect();
    object.insert("reliability".to_owned(), json!(reliability));
    let worst: Vec<Value> = worst(scores)
        .into_iter()
        .take(task.worst)
        .map(|wrong| {
            let got = wrong.got.as_ref().map(|(_, proposal)| proposal);
            json!({
                "request": wrong.request,
                "label": wrong.item.disposition,
                "label_category": wrong.item.category,
                "proposed": got.map_or("unmatched", |proposal| proposal.kind.as_str()),
                "category": got.and_then(|proposal| proposal.category.as_deref()),
                "confidence": got.map(|proposal| rounded(f64::from(proposal.confidence))),
                "text": wrong.item.text,
            })
        })
        .collect();
    object.insert("worst".to_owned(), json!(worst));
    let rules: Vec<Value> = rules(scores)
        .into_iter()
        .map(|(rule, fired, right)| {
            json!({"rule": rule, "fired": fired, "right": right, "wrong": fired.saturating_sub(right)})
        })
        .collect();
    object.insert("rules".to_owned(), json!(rules));
    Value::Object(object)
}

/// Wrong proposals, those stated most surely first, and last the items that no question matches.
fn worst(scores: &Scores) -> Vec<&casework::evaluation::Wrong> {
    let stated = |wrong: &casework::evaluation::Wrong| {
        wrong
            .got
            .as_ref()
            .map_or(-1.0, |(_, proposal)| proposal.confidence)
    };
    let mut all: Vec<_> = scores.wrong.iter().collect();
    all.sort_by(|one, other| stated(other).total_cmp(&stated(one)));
    all
}

/// Rules with how often they fired and were right, those that were wrong oftest first.
fn rules(scores: &Scores) -> Vec<(&str, usize, usize)> {
    let mut all: Vec<(&str, usize, usize)> = scores
        .rules
        .iter()
        .map(|(rule, (fired, right))| (rule.as_str(), *fired, *right))
        .collect();
    all.sort_by_key(|(rule, fired, right)| {
        (
            std::cmp::Reverse(fired.saturating_sub(*right)),
            *fired,
            *rule,
        )
    });
    all
}

fn text(
    out: &mut dyn Write,
    name: &str,
    scores: &Scores,
    task: &Task,
    whole: bool,
) -> std::io::Result<()> {
    writeln!(
        out,
        "{name}: {} requests, {} items, {} questions found, {} items scored",
        scores.requests, scores.items, scores.predicted, scores.scored
    )?;
    for (key, figure) in figures(scores) {
        let figure = figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.4}"));
        writeln!(out, "  {:<24} {figure:>7}", key.replace('_', " "))?;
    }
    if !whole {
        return writeln!(out);
    }
    writeln!(out, "\n  label, proposed: how often")?;
    for ((label, got), count) in &scores.confusion {
        writeln!(out, "    {label:<10} {got:<10} {count:>6}")?;
    }
    reliability_table(out, &confidence::reliability(&scores.stated))?;
    if task.worst > 0 {
        writeln!(out, "\n  worst: stated, label, proposed")?;
    }
    for wrong in worst(scores).into_iter().take(task.worst) {
        let got = wrong.got.as_ref().map(|(_, proposal)| proposal);
        writeln!(
            out,
            "    {:>4} {:<10} {:<10} {}: {}",
            got.map_or_else(
                || "-".to_owned(),
                |proposal| format!("{:.2}", proposal.confidence)
            ),
            wrong.item.disposition,
            got.map_or("unmatched", |proposal| proposal.kind.as_str()),
            wrong.request,
            shortened(&wrong.item.text),
        )?;
    }
    let rules = rules(scores);
    writeln!(out, "\n  rules: {} fired; wrong, right, rule", rules.len())?;
    for (rule, fired, right) in rules.into_iter().take(task.rules) {
        let wrong = fired.saturating_sub(right);
        writeln!(out, "    {wrong:>5} {right:>5} {rule}")?;
    }
    Ok(())
}

fn reliability_table(out: &mut dyn Write, rows: &[Reliability]) -> std::io::Result<()> {
    writeln!(
        out,
        "\n  stated confidence: questions, mean stated, share right"
    )?;
    for row in rows {
        writeln!(
            out,
            "    {:.2}-{:.2} {:>6} {:>6.2} {:>6.2}",
            f64::from(row.stated.start) / 100.0,
            f64::from(row.stated.end.min(100)) / 100.0,
            row.count,
            row.mean,
            share(row.right, row.count).unwrap_or(0.0),
        )?;
    }
    Ok(())
}

/// How many parts a cross-check has.
const FOLDS: usize = 5;

/// Learns the weights of confidence from labelled requests and prints `data/triage/confidence.toml`.
///
/// Tells on `note` how weights learned from four fifths of the requests do on the fifth that they never saw.
///
/// # Errors
/// What can't be read; standard output can't be written.
pub fn calibrate(
    task: &Task,
    vocabulary: &Vocabulary,
    policy: &Policy,
    out: &mut dyn Write,
    note: &mut dyn Write,
) -> Result<(), Stop> {
    let read = corpora(&task.corpora)?;
    let mut digest = Sha256::new();
    let mut folds = vec![Vec::new(); FOLDS];
    for (at, request) in read
        .iter()
        .flat_map(|(_, requests)| requests)
        .filter(|request| counts(task.part, request))
        .enumerate()
    {
        digest.update(request.id.as_bytes());
        digest.update(request.body.as_bytes());
        let mut scores = Scores::default();
        add(&mut scores, request, &answers(vocabulary, policy, request))?;
        if let Some(fold) = folds.get_mut(at % FOLDS) {
            fold.extend(scores.outcomes);
        }
    }
    let mut unseen: Vec<(f32, bool)> = Vec::new();
    for (at, held_back) in folds.iter().enumerate() {
        let others: Vec<_> = folds
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .flat_map(|(_, fold)| fold.iter().cloned())
            .collect();
        let learned = confidence::train(&others);
        unseen.extend(
            held_back
                .iter()
                .map(|(grounds, right)| (learned.stated(grounds), *right)),
        );
    }
    let all: Vec<_> = folds.into_iter().flatten().collect();
    let learned = confidence::train(&all);
    let digest = hex(&digest.finalize());
    printed(write!(
        out,
        "{}",
        learned.file(&policy.id, all.len(), &digest)
    ))?;
    printed(
        writeln!(
            note,
            "weights from {} questions; on requests not learned from:",
            all.len()
        )
        .and_then(|()| reliability_table(note, &confidence::reliability(&unseen))),
    )
}
