//! The contracts register on the desk: a file is read and shown before it is kept, and a quarter is shown before it is
//! published, as a published snapshot is never changed.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Query, State};
use axum::response::Response;
use casework::register::check::Finding;
use casework::register::compare::{Changes, Entry};
use casework::register::problem::{Problem, Severity};
use casework::register::quarter::Quarter;
use office::fault::Stop;
use office::register::keeping::{self, DryRun};
use office::register::publish::Outcome;
use serde::Deserialize;

use crate::app::App;
use crate::dates;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, sentence};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::upload;
use crate::words::filters;

/// Problems and changes of each kind that a page lists.
const SHOWN: usize = 200;

/// A kind of finding with the rows that it is about.
#[derive(Clone, Debug)]
pub struct Group {
    class: &'static str,
    severity: &'static str,
    count: usize,
    lines: Vec<(String, String)>,
}

/// A snapshot that was published.
#[derive(Clone, Debug)]
pub struct Snapshot {
    folder: String,
    quarter: String,
    on: String,
    contracts: usize,
    correction: String,
}

/// The page of the register.
#[derive(Template)]
#[template(path = "desk/register.html")]
pub struct RegisterPage {
    frame: Frame,
    kept: Option<(String, usize)>,
    quarter: String,
    due: String,
    current: Option<String>,
    is_late: bool,
    groups: Vec<Group>,
    snapshots: Vec<Snapshot>,
}

/// A problem of a file, with where it is and the way out.
#[derive(Clone, Debug)]
pub struct Line {
    class: &'static str,
    severity: &'static str,
    place: String,
    text: String,
    fix: &'static str,
}

/// What changed, in words.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    words: String,
    lines: Vec<(&'static str, String)>,
}

/// A file that was read and isn't kept yet.
#[derive(Clone, Debug)]
pub struct Shown {
    name: String,
    sha256: String,
    good: usize,
    sheets: String,
    needing: usize,
    notes: usize,
    lines: Vec<Line>,
    more: usize,
    changed: Changed,
    /// Each field with its title and the column that it was taken from.
    fields: Vec<(&'static str, &'static str, String)>,
    titles: Vec<String>,
}

/// The page that takes a file and shows what is in it.
#[derive(Template)]
#[template(path = "desk/register-import.html")]
pub struct ImportPage {
    frame: Frame,
    problems: Vec<String>,
    shown: Option<Shown>,
}

/// A row that would give something away.
#[derive(Clone, Debug)]
pub struct Advised {
    id: String,
    title: String,
    warnings: Vec<String>,
    suggested: Vec<(&'static str, String)>,
    untenable: Vec<String>,
}

/// The page before a quarter is published.
#[derive(Template)]
#[template(path = "desk/register-publish.html")]
pub struct PublishPage {
    frame: Frame,
    quarter: String,
    words: String,
    contracts: usize,
    published_on: Option<String>,
    changed: Changed,
    personal: Vec<(String, String)>,
    advised: Vec<Advised>,
    why: String,
    problems: Vec<String>,
}

fn lines_of(stop: Stop) -> Vec<String> {
    let lines = match stop {
        Stop::Input(lines) => lines,
        Stop::Found => Vec::new(),
    };
    // A line is a place, a code and a sentence; the sentence is what a page says.
    lines
        .iter()
        .map(|line| {
            let told = line
                .split_once("register.")
                .and_then(|(_, rest)| rest.split_once(": "))
                .map_or(line.as_str(), |(_, told)| told);
            sentence(told)
        })
        .collect()
}

fn fault(stop: Stop) -> WebError {
    WebError::Fault(lines_of(stop).join("; "))
}

/// Work on a file of many rows, apart from what answers visitors.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Stop> + Send + 'static,
) -> Result<Result<T, Stop>, WebError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| WebError::Fault(error.to_string()))
}

fn class(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("danger", "Mend this"),
        Severity::Warning => ("warn", "Look at this"),
        Severity::Info => ("grey", "To know"),
    }
}

fn name_of(reference: Option<&str>, title: Option<&str>) -> String {
    let parts: Vec<&str> = [reference, title].into_iter().flatten().collect();
    parts.join(" ")
}

fn finding(finding: &Finding) -> (String, String) {
    (
        name_of(finding.reference.as_deref(), finding.title.as_deref()),
        sentence(&finding.message),
    )
}

/// Findings of one kind together, the gravest first.
fn groups(findings: &[Finding]) -> Vec<Group> {
    let mut by_code: BTreeMap<(Severity, &str), Vec<&Finding>> = BTreeMap::new();
    for one in findings {
        by_code
            .entry((one.severity, one.code))
            .or_default()
            .push(one);
    }
    by_code
        .into_iter()
        .map(|((severity, _), list)| {
            let (class, words) = class(severity);
            Group {
                class,
                severity: words,
                count: list.len(),
                lines: list.iter().take(SHOWN).map(|one| finding(one)).collect(),
            }
        })
        .collect()
}

fn changed(changes: &Changes) -> Changed {
    let name = |entry: &Entry| name_of(entry.reference.as_deref(), entry.title.as_deref());
    let first = changes.same == 0 && changes.changed.is_empty() && changes.removed.is_empty();
    let mut lines = Vec::new();
    // Of a first import every row is new; that needs no list.
    if !first {
        lines.extend(changes.added.iter().map(|entry| ("New:", name(entry))));
    }
    lines.extend(changes.removed.iter().map(|entry| ("Gone:", name(entry))));
    for change in &changes.changed {
        for field in &change.fields {
            let nothing = "nothing";
            lines.push((
                "Changed:",
                format!(
                    "{}: {} from {} to {}",
                    name(&change.entry),
                    field.field.title(),
                    field.before.as_deref().unwrap_or(nothing),
                    field.after.as_deref().unwrap_or(nothing)
                ),
            ));
        }
    }
    lines.truncate(SHOWN);
    Changed {
        words: format!(
            "{} new, {} gone, {} changed, {} as before",
            changes.added.len(),
            changes.removed.len(),
            changes.changed.len(),
            changes.same
        ),
        lines,
    }
}

/// The register as it stands: what is kept, what the check finds in it, what is published.
///
/// # Errors
/// It can't be read.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(after): Query<After>,
) -> Result<Response, WebError> {
    let today = app.today();
    let shared = app.clone();
    let standing = apart(move || shared.office.register_standing(today))
        .await?
        .map_err(fault)?;
    let current = standing
        .current()
        .map(|published| dates::plain(published.on));
    let template = RegisterPage {
        frame: Frame::new(&app, &visit).done(after.done.as_deref()),
        kept: standing
            .kept
            .as_ref()
            .map(|kept| (dates::plain(kept.imported_on), kept.contracts.len())),
        quarter: standing.quarter.in_words(),
        due: dates::plain(standing.quarter.publish_by()),
        is_late: current.is_none() && today > standing.quarter.publish_by(),
        current,
        groups: groups(&standing.findings),
        snapshots: standing
            .published
            .iter()
            .rev()
            .map(|published| Snapshot {
                folder: published.folder.clone(),
                quarter: published
                    .quarter
                    .parse::<Quarter>()
                    .map_or_else(|_| published.quarter.clone(), Quarter::in_words),
                on: dates::plain(published.on),
                contracts: published.contracts,
                correction: published.correction.clone().unwrap_or_default(),
            })
            .collect(),
    };
    frame::page(&template.frame, &template)
}

/// What has just been done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    done: Option<String>,
}

fn line(problem: &Problem) -> Line {
    let sheet = problem
        .sheet
        .as_deref()
        .map(|sheet| format!("{sheet}, "))
        .unwrap_or_default();
    let at = match (&problem.cell, problem.row) {
        (Some(cell), _) => format!("cell {cell}"),
        (None, Some(row)) => format!("row {row}"),
        (None, None) => "the whole sheet".to_owned(),
    };
    let column = problem
        .column
        .as_deref()
        .map(|column| format!(", {column}"))
        .unwrap_or_default();
    let (class, severity) = class(problem.severity);
    Line {
        class,
        severity,
        place: sentence(&format!("{sheet}{at}{column}")),
        text: problem.text.clone().unwrap_or_default(),
        fix: problem.kind.fix(),
    }
}

fn shown(name: String, found: &DryRun) -> Shown {
    let sheet = found.read.sheets.first();
    let mapping = sheet.map(|sheet| sheet.mapping()).unwrap_or_default();
    let (mut lines, notes): (Vec<&Problem>, Vec<&Problem>) = found
        .read
        .problems
        .iter()
        .partition(|problem| problem.severity != Severity::Info);
    lines.sort_by_key(|problem| problem.severity);
    Shown {
        name,
        sha256: found.sha256.clone(),
        good: found.read.contracts.len(),
        sheets: match found.read.sheets.len() {
            0 | 1 => String::new(),
            many => format!("on {many} sheets"),
        },
        needing: lines.len(),
        notes: notes.len(),
        more: lines.len().saturating_sub(SHOWN),
        lines: lines
            .iter()
            .take(SHOWN)
            .map(|problem| line(problem))
            .collect(),
        changed: changed(&found.changes),
        fields: keeping::fields()
            .into_iter()
            .map(|(field, title)| {
                let column = mapping.fields.get(field).cloned().unwrap_or_default();
                (field, title, column)
            })
            .collect(),
        titles: mapping.titles,
    }
}

fn draw(
    app: &App,
    visit: &Visit,
    problems: Vec<String>,
    shown: Option<Shown>,
) -> Result<Response, WebError> {
    let mut mistakes = Mistakes::default();
    for problem in &problems {
        mistakes.add("file", problem.clone());
    }
    let template = ImportPage {
        frame: Frame::new(app, visit).with(mistakes),
        problems,
        shown,
    };
    frame::page(&template.frame, &template)
}

/// Asks for the register's file.
///
/// # Errors
/// The page can't be drawn.
pub async fn import(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    draw(&app, &visit, Vec::new(), None)
}

/// Reads the file and shows what is in it. Nothing is kept yet.
///
/// # Errors
/// It isn't our form, or no file that is taken.
pub async fn read(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    files: Multipart,
) -> Result<Response, WebError> {
    let account = visit.account().ok_or(WebError::NotFound)?.id.clone();
    let upload = upload::read(&visit, files).await?;
    if !upload.mistakes.is_empty() {
        // Letters and pictures are taken with other forms, and no register is one.
        if upload.has_foreign {
            let problem = "The register is a .csv or .xlsx file; open it in a spreadsheet and save it as one of them";
            return draw(&app, &visit, vec![problem.to_owned()], None);
        }
        let problems = upload.mistakes.0.into_iter().map(|mistake| mistake.message);
        return draw(&app, &visit, problems.collect(), None);
    }
    let Some((name, bytes)) = upload.files.into_iter().next() else {
        let problem = "Choose the register's file, CSV or XLSX".to_owned();
        return draw(&app, &visit, vec![problem], None);
    };
    let (shared, called) = (app.clone(), name.clone());
    match apart(move || shared.office.read_register(&account, &called, &bytes)).await? {
        Ok(found) => draw(&app, &visit, Vec::new(), Some(shown(name, &found))),
        Err(stop) => draw(&app, &visit, lines_of(stop), None),
    }
}

/// Reads the file again with its columns as somebody says that they are, or keeps it.
///
/// # Errors
/// The page can't be drawn.
pub async fn keep(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let account = visit.account().ok_or(WebError::NotFound)?.id.clone();
    let (name, sha256) = (fields.get("name"), fields.get("sha256"));
    let columns: BTreeMap<String, String> = keeping::fields()
        .into_iter()
        .map(|(field, _)| (field.to_owned(), fields.raw(&format!("column-{field}"))))
        .filter(|(_, title)| !title.is_empty())
        .collect();
    let (shared, called, today) = (app.clone(), name.clone(), app.today());
    if fields.get("do") == "keep" {
        let kept = apart(move || {
            shared
                .office
                .keep_register(&account, &called, &sha256, &columns, today)
        })
        .await?;
        return match kept {
            Ok(_) => Ok(frame::see_other("/desk/register?done=register-kept")),
            Err(stop) => draw(&app, &visit, lines_of(stop), None),
        };
    }
    let read = apart(move || {
        shared
            .office
            .read_register_again(&account, &called, &sha256, &columns)
    });
    match read.await? {
        Ok(found) => draw(&app, &visit, Vec::new(), Some(shown(name, &found))),
        Err(stop) => draw(&app, &visit, lines_of(stop), None),
    }
}

async fn before_publishing(
    app: &App,
    visit: &Visit,
    fields: &Fields,
    mistakes: Mistakes,
    problems: Vec<String>,
) -> Result<Response, WebError> {
    let today = app.today();
    let quarter = Quarter::last_over(today);
    let preview = app.office.preview_register(quarter, today).await?;
    let template = PublishPage {
        frame: Frame::new(app, visit).with(mistakes),
        quarter: quarter.to_string(),
        words: quarter.in_words(),
        contracts: preview.contracts,
        published_on: preview.published_on.map(dates::plain),
        changed: preview.changes.as_ref().map(changed).unwrap_or_default(),
        personal: preview.personal_data.iter().map(finding).collect(),
        advised: preview
            .advised
            .iter()
            .take(SHOWN)
            .map(|(entry, advice)| Advised {
                id: entry.id.clone(),
                title: entry.summary(),
                warnings: advice
                    .warnings
                    .iter()
                    .map(|warning| sentence(&warning.message))
                    .collect(),
                suggested: advice.suggested.as_ref().map_or_else(Vec::new, |wording| {
                    vec![
                        ("Title", wording.title.clone()),
                        ("Description", wording.description.clone()),
                    ]
                }),
                untenable: advice
                    .untenable
                    .iter()
                    .map(casework::public_record::Refusal::line)
                    .collect(),
            })
            .collect(),
        why: fields.get("correction"),
        problems,
    };
    frame::page(&template.frame, &template)
}

/// Shows what publishing the register would put before everybody.
///
/// # Errors
/// Nothing is kept, or it can't be read.
pub async fn preview(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    before_publishing(
        &app,
        &visit,
        &Fields::default(),
        Mistakes::default(),
        Vec::new(),
    )
    .await
}

/// Publishes the register that is kept.
///
/// # Errors
/// Nothing is kept, or it can't be read.
pub async fn publish(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let today = app.today();
    let quarter = Quarter::last_over(today);
    let preview = app.office.preview_register(quarter, today).await?;
    let mut mistakes = Mistakes::default();
    let has_looked = fields.ticked("looked", "yes");
    mistakes.check(
        !preview.personal_data.is_empty() && !has_looked,
        "looked",
        "Look at each row that may hold personal data, and say so",
    );
    mistakes.check(
        preview.published_on.is_some() && !fields.has("correction"),
        "correction",
        "Say why it is published again",
    );
    if !mistakes.is_empty() {
        return before_publishing(&app, &visit, &fields, mistakes, Vec::new()).await;
    }
    let url = format!("{}/contracts", app.settings.public_url);
    let why = fields.get("correction");
    let why = (!why.is_empty()).then_some(why);
    let shared = app.clone();
    let published = apart(move || {
        shared
            .office
            .publish_register(quarter, Some(url), today, why, has_looked)
    })
    .await?;
    match published {
        Ok(Outcome::New(_)) => Ok(frame::see_other("/desk/register?done=register-published")),
        Ok(Outcome::Unchanged(_)) => Ok(frame::see_other("/desk/register?done=register-unchanged")),
        Err(stop) => {
            let problems = lines_of(stop);
            let mut mistakes = Mistakes::default();
            for problem in &problems {
                mistakes.add("problems", problem.clone());
            }
            before_publishing(&app, &visit, &fields, mistakes, problems).await
        }
    }
}
