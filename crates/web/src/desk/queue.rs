//! The queue: today's work on top, what is late and why.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::procedure::State as CaseState;
use jiff::civil::Date;
use office::{Chosen, Summary};
use serde::{Deserialize, Serialize};
use store::Cursor;

use crate::app::App;
use crate::desk::shown;
use crate::fault::WebError;
use crate::fields::{Fields, Mistakes, query};
use crate::frame::{self, Frame};
use crate::routes;
use crate::session::{Visit, home_of};
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
    /// The day on which the rest of it is due, where that is later.
    later: String,
    waiting: &'static str,
    areas: String,
    owner: String,
    late_cause: &'static str,
    /// How it ended, where nothing is owed any more.
    outcome: &'static str,
    is_published: bool,
}

/// Rows under one heading.
#[derive(Clone, Debug)]
pub struct Group {
    heading: &'static str,
    rows: Vec<Row>,
}

/// A filter that is one of many: its field, label, what is chosen, and the choices with the one that doesn't choose first.
#[derive(Clone, Debug)]
pub struct Select {
    id: &'static str,
    label: &'static str,
    chosen: String,
    choices: Vec<(String, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/queue.html")]
pub struct QueuePage {
    frame: Frame,
    heading: &'static str,
    show: String,
    find: String,
    /// The list as an address has it, without what is looked for.
    query: String,
    filters: Vec<Select>,
    groups: Vec<Group>,
    /// How many of the list are late, and due soon; nothing where that says nothing.
    counts: Option<(String, String)>,
    next: Option<String>,
    is_first: bool,
    may_work: bool,
    people: Vec<(String, String)>,
    views: Vec<(&'static str, &'static str)>,
    own_views: Vec<(String, String)>,
}

impl QueuePage {
    fn is_filtered(&self) -> bool {
        self.filters.iter().any(|filter| !filter.chosen.is_empty())
    }
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    show: String,
    waiting: String,
    state: String,
    owner: String,
    subject: String,
    team: String,
    after: String,
    find: String,
    done: Option<String>,
}

impl Asked {
    /// The list as an address has it.
    fn query(&self) -> String {
        query(&[
            ("show", &self.show),
            ("waiting", &self.waiting),
            ("state", &self.state),
            ("owner", &self.owner),
            ("subject", &self.subject),
            ("team", &self.team),
        ])
    }

    /// What is chosen, for whoever asks.
    fn chosen(&self, me: &str) -> Chosen {
        Chosen {
            owner: if self.show == "mine" {
                me.to_owned()
            } else {
                self.owner.clone()
            },
            waiting_for: self.waiting.clone(),
            state: self.state.clone(),
            area: self.team.clone(),
            category: self.subject.clone(),
        }
    }
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct View {
    name: String,
    show: String,
    waiting: String,
    state: String,
    owner: String,
    subject: String,
    team: String,
    find: String,
}

impl View {
    fn asked(&self) -> Asked {
        Asked {
            show: self.show.clone(),
            waiting: self.waiting.clone(),
            state: self.state.clone(),
            owner: self.owner.clone(),
            subject: self.subject.clone(),
            team: self.team.clone(),
            find: self.find.clone(),
            ..Asked::default()
        }
    }

    fn address(&self) -> String {
        let find = serde_urlencoded::to_string([("find", &self.find)]).unwrap_or_default();
        let query = self.asked().query();
        if self.find.is_empty() {
            format!("/desk?{query}")
        } else {
            format!("/desk?{query}&{find}")
        }
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
        state: fields.get("state"),
        owner: fields.get("owner"),
        subject: fields.get("subject"),
        team: fields.get("team"),
        find: fields.get("find"),
    };
    if view.name.is_empty() {
        let mut mistakes = Mistakes::default();
        mistakes.add("view-name", "Enter a name for this view");
        return draw(&app, &visit, view.asked(), mistakes).await;
    }
    let mut views = own_views(&app, me).await?;
    views.retain(|other| other.name != view.name);
    let to = if fields.get("do") == "forget" {
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

/// Shows the queue; a whole reference opens its case.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    // Whoever has no queue has another page to begin the day on.
    if let Some(account) = visit.account().filter(|_| !visit.has_any(routes::QUEUE)) {
        return Ok(frame::see_other(home_of(account)));
    }
    if let Some(reference) = referred_to(&app, asked.find.trim()).await? {
        return Ok(frame::see_other(&format!("/desk/cases/{reference}")));
    }
    draw(&app, &visit, asked, Mistakes::default()).await
}

/// The case whose reference somebody wrote: in any case of letters, or its number alone, of this year or the last.
async fn referred_to(app: &App, words: &str) -> Result<Option<String>, WebError> {
    let store = app.office.store();
    let prefix = &app.office.bundle().authority.reference_prefix;
    let mut tried = vec![words.to_owned(), words.to_uppercase()];
    if (1..=9).contains(&words.len())
        && words.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(number) = words.parse::<u64>()
    {
        let year = app.today().year();
        tried = vec![
            format!("{prefix}-{year}-{number:05}"),
            format!("{prefix}-{}-{number:05}", year.saturating_sub(1)),
        ];
    }
    for reference in tried {
        if reference.is_empty() || reference.contains(char::is_whitespace) {
            continue;
        }
        let found = store.find(&reference).await?;
        if let Some(summary) = found.filter(|found| found.reference == reference) {
            return Ok(Some(summary.reference));
        }
    }
    Ok(None)
}

async fn draw(
    app: &App,
    visit: &Visit,
    mut asked: Asked,
    mistakes: Mistakes,
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
    if !["all", "closed", "mine"].contains(&asked.show.as_str()) {
        asked.show = if may_work { "mine" } else { "all" }.to_owned();
    }
    let filters = filters_of(app, &asked, &accounts);
    // What nobody can choose chooses nothing.
    for filter in &filters {
        if filter.chosen.is_empty() {
            match filter.id {
                "waiting" => asked.waiting.clear(),
                "state" => asked.state.clear(),
                "owner" => asked.owner.clear(),
                "subject" => asked.subject.clear(),
                _ => asked.team.clear(),
            }
        }
    }
    let chosen = asked.chosen(&me);
    let is_closed = asked.show == "closed";
    let is_search = !asked.find.trim().is_empty();
    let (groups, next) = if is_search {
        let mut found = search(app, asked.find.trim()).await?;
        found.retain(|summary| !is_closed || !summary.is_open);
        let rows = found
            .iter()
            .map(|summary| row(summary, calendar, today, &names));
        (grouped(rows.collect()), None)
    } else {
        let (back, rows, next) = list(app, &asked, &chosen, &me).await?;
        let shown = |rows: Vec<Summary>| -> Vec<Row> {
            rows.iter()
                .map(|summary| row(summary, calendar, today, &names))
                .collect()
        };
        let mut groups = grouped(shown(rows));
        if !back.is_empty() {
            groups.insert(
                0,
                Group {
                    heading: "Sent back by the approver",
                    rows: shown(back),
                },
            );
        }
        (groups, next)
    };
    let counts = if is_search || asked.show == "closed" {
        None
    } else {
        let late = store
            .count_due_between(&chosen, None, today, COUNTED)
            .await?;
        let week = calendar
            .nth_working_day_after(today, law::WorkingDays(5))
            .unwrap_or(today);
        let until = week.tomorrow().unwrap_or(week);
        let soon = store
            .count_due_between(&chosen, Some(today), until, COUNTED)
            .await?;
        Some((counted(late), counted(soon)))
    };
    let template = QueuePage {
        frame: Frame::new(app, visit)
            .done(asked.done.as_deref())
            .with(mistakes),
        heading: match asked.show.as_str() {
            _ if is_search => "Requests found",
            "mine" => "My requests to answer",
            "closed" => "Requests answered and closed",
            _ => "Requests to answer",
        },
        query: asked.query(),
        show: asked.show,
        find: asked.find,
        filters,
        groups,
        counts,
        next,
        is_first: asked.after.is_empty(),
        may_work: may_work && !is_closed,
        people: people(&accounts, routes::NEW_WORK),
        views: VIEWS.to_vec(),
        own_views: own_views(app, &me)
            .await?
            .into_iter()
            .map(|view| (view.name.clone(), view.address()))
            .collect(),
    };
    frame::page(&template.frame, &template)
}

/// The filters with what is chosen in each.
fn filters_of(app: &App, asked: &Asked, accounts: &[store::desk::Account]) -> Vec<Select> {
    let select = |id, label, any: &str, chosen: &str, choices: Vec<(String, String)>| {
        let mut all = vec![(String::new(), any.to_owned())];
        all.extend(choices);
        Select {
            id,
            label,
            chosen: all
                .iter()
                .find(|(value, _)| value == chosen)
                .map(|(value, _)| value.clone())
                .unwrap_or_default(),
            choices: all,
        }
    };
    let waiting = ["officer", "area", "approver", "applicant"]
        .map(|whom| (whom.to_owned(), shown::waiting(whom).to_owned()));
    let is_closed = asked.show == "closed";
    let states = CaseState::ALL
        .iter()
        .filter(|state| is_shown(**state, is_closed))
        .map(|state| (state.spelling().to_owned(), shown::state(*state).to_owned()))
        .collect();
    let policy = &app.office.bundle().policy.policy;
    let subjects = policy
        .categories
        .iter()
        .map(|row| (row.id.clone(), row.title.clone()))
        .collect();
    let mut areas = crate::desk::acts::areas_of(accounts);
    // A team that nobody belongs to any more was asked all the same.
    let team = asked.team.as_str();
    let is_id = !team.contains(|c: char| c.is_whitespace() || c.is_control());
    if !team.is_empty() && is_id && !areas.contains(&team) && team.chars().count() <= LONGEST_TEAM {
        areas.push(team);
    }
    let teams = areas
        .into_iter()
        .map(|area| (area.to_owned(), shown::area(area)))
        .collect();
    let mut filters = Vec::new();
    if !is_closed {
        filters.push(select(
            "waiting",
            "Waiting for",
            "Anyone",
            &asked.waiting,
            waiting.to_vec(),
        ));
    }
    if asked.show != "mine" {
        filters.push(select(
            "owner",
            "Owner",
            "Anyone",
            &asked.owner,
            people(accounts, routes::HELD_BY),
        ));
    }
    filters.push(select("state", "State", "Any", &asked.state, states));
    filters.push(select(
        "subject",
        "Subject",
        "Any",
        &asked.subject,
        subjects,
    ));
    filters.push(select("team", "Team asked", "Any", &asked.team, teams));
    filters
}

/// The longest id of a team that an address may name.
const LONGEST_TEAM: usize = 100;

/// Whether a case in this state stands in the list of those that ended, or in that of those that didn't.
fn is_shown(state: CaseState, is_closed: bool) -> bool {
    match state {
        CaseState::NotReceived | CaseState::Destroyed => false,
        CaseState::Issued | CaseState::Closed => is_closed,
        _ => !is_closed,
    }
}

/// The people with one of these roles.
pub(crate) fn people(
    accounts: &[store::desk::Account],
    roles: &[casework::role::Role],
) -> Vec<(String, String)> {
    accounts
        .iter()
        .filter(|account| {
            account.is_active && account.roles.iter().any(|role| roles.contains(role))
        })
        .map(|account| (account.id.clone(), account.name.clone()))
        .collect()
}

/// A page of the list after a place: what came back from an approver, the rest, and the place where the next begins.
async fn list(
    app: &App,
    asked: &Asked,
    chosen: &Chosen,
    me: &str,
) -> Result<(Vec<Summary>, Vec<Summary>, Option<String>), WebError> {
    let store = app.office.store();
    let after: Option<Cursor> = asked.after.parse().ok();
    let one_more = PAGE.saturating_add(1) as u64;
    let is_closed = asked.show == "closed";
    let mut rows = if is_closed {
        store.ended(chosen, false, after.as_ref(), one_more).await?
    } else {
        let filter = chosen.clone().filter();
        store.queue(&filter, true, after.as_ref(), one_more).await?
    };
    let mut next = None;
    if rows.len() > PAGE {
        rows.truncate(PAGE);
        next = rows.last().map(|row| {
            let cursor = if is_closed {
                row.cursor_by_receipt()
            } else {
                row.cursor()
            };
            cursor.to_string()
        });
    }
    // What an approver sent back is done first, however late it is due.
    let is_own = Chosen {
        owner: me.to_owned(),
        ..Chosen::default()
    };
    let is_own = *chosen == is_own
        || *chosen
            == Chosen {
                waiting_for: "officer".to_owned(),
                ..is_own
            };
    let mut back = Vec::new();
    if is_own && !is_closed {
        back = store.sent_back_to(me, PAGE as u64).await?;
        rows.retain(|row| back.iter().all(|other| other.case_id != row.case_id));
        if after.is_some() {
            back.clear();
        }
    }
    Ok((back, rows, next))
}

/// The cases with these words.
async fn search(app: &App, words: &str) -> Result<Vec<Summary>, WebError> {
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
    let day = |text: Option<&str>| text.and_then(|day| day.parse::<Date>().ok());
    let due = day(summary.due_on.as_deref());
    let (mut left, is_late, is_today) = due.map_or_else(
        || (String::new(), false, false),
        |due| shown::left(calendar, today, due),
    );
    let has_ended = !summary.is_open;
    let mut first = due.map_or_else(String::new, crate::dates::short);
    let mut outcome = "";
    if has_ended {
        let answered = day(summary.answered_on.as_deref());
        first = answered.map_or_else(String::new, crate::dates::plain);
        left = String::new();
        outcome = match summary.outcome.as_deref() {
            Some(outcome) => shown::outcome_words(outcome),
            None => "Not answered",
        };
    }
    Row {
        reference: summary.reference.clone(),
        subject: summary.subject.clone(),
        questions: usize::try_from(summary.questions).unwrap_or(0),
        due: first,
        left,
        is_late,
        is_today,
        // The row has one day, the next; part of the request has another.
        later: due
            .zip(day(Some(&summary.first_due_on)))
            .filter(|(due, last)| last > due && summary.is_open)
            .map_or_else(String::new, |(_, last)| crate::dates::short(last)),
        waiting: shown::waiting_in(&summary.state, &summary.waiting_for),
        areas: shown::areas(&summary.areas),
        owner: names
            .get(summary.owner.as_str())
            .map_or_else(|| summary.owner.clone(), |name| (*name).to_owned()),
        late_cause: crate::desk::acts::cause_words(summary.late_cause.as_deref().unwrap_or("")),
        outcome,
        is_published: summary.published_at.is_some(),
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
        let heading = if !row.outcome.is_empty() {
            "Answered and closed"
        } else if row.is_late {
            "Late"
        } else if row.is_today {
            "Due today"
        } else if row.due.is_empty() {
            "Waiting for the person who asked: no day is running"
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
