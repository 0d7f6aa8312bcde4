//! The queue: today's work on top, what is late and why.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::Date;
use office::{QueueFilter, Summary};
use serde::{Deserialize, Serialize};
use store::Cursor;

use crate::app::App;
use crate::desk::shown;
use crate::fault::WebError;
use crate::fields::Fields;
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::Visit;
use crate::words::filters;

/// Rows of a page.
const PAGE: usize = 25;

/// No more late requests are counted for the queue: whoever has so many needs no exact number there. Reports have it.
const COUNTED: u64 = 1_000;

/// A case in the list.
#[derive(Clone, Debug)]
pub struct Row {
    reference: String,
    subject: String,
    questions: usize,
    due: String,
    left: String,
    is_late: bool,
    is_today: bool,
    waiting: &'static str,
    areas: String,
    owner: String,
    late_cause: String,
}

/// Rows under one heading.
#[derive(Clone, Debug)]
pub struct Group {
    heading: &'static str,
    rows: Vec<Row>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/queue.html")]
pub struct QueuePage {
    frame: Frame,
    heading: &'static str,
    show: String,
    waiting: String,
    find: String,
    groups: Vec<Group>,
    late: String,
    due_this_week: String,
    next: Option<String>,
    is_first: bool,
    may_work: bool,
    people: Vec<(String, String)>,
    chosen: Vec<String>,
    views: Vec<(&'static str, &'static str)>,
    own_views: Vec<(String, String)>,
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    show: String,
    waiting: String,
    after: String,
    find: String,
    done: Option<String>,
}

/// Saved views: links with names.
const VIEWS: &[(&str, &str)] = &[
    ("Mine, to do now", "/desk?show=mine&waiting=officer"),
    ("With teams", "/desk?show=all&waiting=area"),
    ("With the approver", "/desk?show=all&waiting=approver"),
    (
        "Waiting for the person who asked",
        "/desk?show=all&waiting=applicant",
    ),
    ("Answered and closed", "/desk?show=closed"),
];

/// A view that somebody keeps for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct View {
    name: String,
    show: String,
    waiting: String,
    find: String,
}

impl View {
    fn address(&self) -> String {
        let parts = [
            ("show", &self.show),
            ("waiting", &self.waiting),
            ("find", &self.find),
        ];
        let query = serde_urlencoded::to_string(parts).unwrap_or_default();
        format!("/desk?{query}")
    }
}

/// The most views that one person keeps.
const MOST_VIEWS: usize = 20;

fn views_of(account: &str) -> String {
    format!("views.{account}")
}

async fn own_views(app: &App, account: &str) -> Result<Vec<View>, WebError> {
    let kept = app.office.store().setting(&views_of(account)).await?;
    Ok(kept
        .and_then(|kept| serde_json::from_str(&kept).ok())
        .unwrap_or_default())
}

/// Keeps the list as it is shown under a name, in place of the view that has it; or forgets the view of that name.
///
/// # Errors
/// The store can't.
pub async fn keep_view(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, WebError> {
    let me = &visit.account().ok_or(WebError::NotFound)?.id;
    let view = View {
        name: fields.get("name").chars().take(60).collect(),
        show: fields.get("show"),
        waiting: fields.get("waiting"),
        find: fields.get("find"),
    };
    let mut views = own_views(&app, me).await?;
    views.retain(|other| other.name != view.name);
    let to = if fields.get("do") == "forget" || view.name.is_empty() {
        "/desk".to_owned()
    } else {
        let to = view.address();
        views.push(view);
        to
    };
    let from = views.len().saturating_sub(MOST_VIEWS);
    let text = serde_json::to_string(views.get(from..).unwrap_or_default())
        .map_err(|error| WebError::Fault(error.to_string()))?;
    app.office
        .store()
        .keep_setting(&views_of(me), &text)
        .await?;
    Ok(frame::see_other(&to))
}

/// Shows the queue.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let today = app.today();
    let calendar = &app.office.bundle().calendar;
    let me = visit
        .account()
        .map(|account| account.id.clone())
        .unwrap_or_default();
    let accounts = store.accounts().await?;
    let names: BTreeMap<&str, &str> = accounts
        .iter()
        .map(|account| (account.id.as_str(), account.name.as_str()))
        .collect();
    let may_work = visit.has_any(routes::NEW_WORK);
    let show = match asked.show.as_str() {
        "all" | "closed" | "mine" => asked.show.clone(),
        _ if may_work => "mine".to_owned(),
        _ => "all".to_owned(),
    };
    let found = if asked.find.trim().is_empty() {
        list(&app, &asked, &show, &me).await?
    } else {
        (search(&app, asked.find.trim()).await?, None)
    };
    let (summaries, next) = found;
    let rows = summaries
        .into_iter()
        .map(|summary| row(&summary, calendar, today, &names))
        .collect();
    let late = store.count_due_between(None, today, COUNTED).await?;
    let week = calendar
        .nth_working_day_after(today, law::WorkingDays(5))
        .unwrap_or(today);
    let due_this_week = store
        .count_due_between(Some(today), week.tomorrow().unwrap_or(week), COUNTED)
        .await?;
    let template = QueuePage {
        frame: Frame::new(&app, &visit).done(asked.done.as_deref()),
        heading: match show.as_str() {
            "mine" => "My requests to answer",
            "closed" => "Requests answered and closed",
            _ => "Requests to answer",
        },
        show,
        waiting: asked.waiting.clone(),
        find: asked.find.clone(),
        groups: grouped(rows),
        late: counted(late),
        due_this_week: counted(due_this_week),
        next,
        is_first: asked.after.is_empty(),
        may_work,
        people: people(&accounts),
        chosen: Vec::new(),
        views: VIEWS.to_vec(),
        own_views: own_views(&app, &me)
            .await?
            .into_iter()
            .map(|view| (view.name.clone(), view.address()))
            .collect(),
    };
    frame::page(&template.frame, &template)
}

/// Who may own cases.
pub(crate) fn people(accounts: &[store::desk::Account]) -> Vec<(String, String)> {
    accounts
        .iter()
        .filter(|account| {
            account.is_active
                && account
                    .roles
                    .iter()
                    .any(|role| routes::NEW_WORK.contains(role))
        })
        .map(|account| (account.id.clone(), account.name.clone()))
        .collect()
}

/// A page of the list after a place, and the place where the next begins.
async fn list(
    app: &App,
    asked: &Asked,
    show: &str,
    me: &str,
) -> Result<(Vec<Summary>, Option<String>), WebError> {
    let waiting = ["officer", "area", "approver", "applicant"]
        .contains(&asked.waiting.as_str())
        .then(|| asked.waiting.clone());
    let filter = match (show, waiting) {
        ("mine", Some(whom)) => QueueFilter::OwnerWaitingFor(me.to_owned(), whom),
        ("mine", None) => QueueFilter::Owner(me.to_owned()),
        ("closed", _) | (_, None) => QueueFilter::All,
        (_, Some(whom)) => QueueFilter::WaitingFor(whom),
    };
    let after: Option<Cursor> = asked.after.parse().ok();
    let one_more = PAGE.saturating_add(1) as u64;
    let mut rows = app
        .office
        .queue(&filter, show != "closed", after.as_ref(), one_more)
        .await?;
    if rows.len() <= PAGE {
        return Ok((rows, None));
    }
    rows.truncate(PAGE);
    let next = rows.last().map(|row| row.cursor().to_string());
    Ok((rows, next))
}

/// The case of a reference, or the cases with these words.
async fn search(app: &App, words: &str) -> Result<Vec<Summary>, WebError> {
    if let Some(summary) = app.office.store().find(words).await? {
        return Ok(vec![summary]);
    }
    let found = app
        .office
        .search(words, &search::Filter::default(), PAGE)
        .await?;
    Ok(found.into_iter().map(|found| found.summary).collect())
}

fn row(
    summary: &Summary,
    calendar: &law::Calendar,
    today: Date,
    names: &BTreeMap<&str, &str>,
) -> Row {
    let due: Option<Date> = summary.due_on.as_deref().and_then(|day| day.parse().ok());
    let (left, is_late, is_today) = due.map_or_else(
        || (String::new(), false, false),
        |due| shown::left(calendar, today, due),
    );
    let cause = summary.late_cause.as_deref().unwrap_or("");
    Row {
        reference: summary.reference.clone(),
        subject: summary.subject.clone(),
        questions: usize::try_from(summary.questions).unwrap_or(0),
        due: due.map_or_else(String::new, crate::dates::short),
        left,
        is_late,
        is_today,
        waiting: shown::waiting(&summary.waiting_for),
        areas: summary.areas.replace('-', " "),
        owner: names
            .get(summary.owner.as_str())
            .map_or_else(|| summary.owner.clone(), |name| (*name).to_owned()),
        late_cause: crate::fields::sentence(&cause.replace('_', " ")),
    }
}

/// A number of requests, as the page says it.
fn counted(number: u64) -> String {
    if number < COUNTED {
        number.to_string()
    } else {
        "1,000 or more".to_owned()
    }
}

fn grouped(rows: Vec<Row>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let heading = if row.is_late {
            "Late"
        } else if row.is_today {
            "Due today"
        } else if row.due.is_empty() {
            "No day is running"
        } else if row
            .left
            .split(' ')
            .next()
            .and_then(|number| number.parse::<u32>().ok())
            .is_some_and(|left| left <= 5)
        {
            "Due in 5 working days"
        } else {
            "Later"
        };
        match groups.last_mut() {
            Some(group) if group.heading == heading => group.rows.push(row),
            _ => groups.push(Group {
                heading,
                rows: vec![row],
            }),
        }
    }
    groups
}
