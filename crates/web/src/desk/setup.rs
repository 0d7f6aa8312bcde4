//! What an administrator looks up: the days that don't count with the day on which an answer to a request would be due,
//! and the teams with who takes their questions.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use casework::role::Role;
use jiff::civil::Date;
use law::{BankHoliday, Certainty, Chronology, Clock};
use serde::Deserialize;
use store::{Chosen, QueueFilter};

use crate::app::App;
use crate::desk::acts;
use crate::desk::shown;
use crate::fault::WebError;
use crate::fields::{Mistakes, sentence};
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// A bank holiday.
#[derive(Clone, Debug)]
pub struct Holiday {
    day: String,
    names: String,
    places: String,
    /// What may still change about it.
    certainty: &'static str,
    sources: String,
}

/// The days that don't count.
#[derive(Template)]
#[template(path = "desk/calendar.html")]
pub struct CalendarPage {
    frame: Frame,
    /// By year: those of this year and after it.
    years: Vec<(String, Vec<Holiday>)>,
    version: String,
    up_to: String,
    received: String,
    /// When an answer would be due, and how that is counted.
    due: Option<(String, String)>,
}

/// What is asked of the calendar.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tried {
    received: String,
}

/// Shows the days of this year and later that don't count, and counts from a day that is asked for.
///
/// # Errors
/// The law's data can't be read.
pub async fn calendar(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    Query(tried): Query<Tried>,
) -> Result<Response, WebError> {
    let bundle = app.office.bundle();
    let calendar = &bundle.calendar;
    let this_year = app.today().year();
    let mut years: BTreeMap<i16, BTreeMap<Date, Vec<&BankHoliday>>> = BTreeMap::new();
    for (day, holiday) in calendar.every_bank_holiday() {
        if day.year() >= this_year {
            let days = years.entry(day.year()).or_default();
            days.entry(day).or_default().push(holiday);
        }
    }
    let mut mistakes = Mistakes::default();
    let received = tried.received.trim().to_owned();
    let due = match received.parse::<Date>() {
        Ok(day) => {
            let reckoning = Clock::foia(&bundle.statute, &bundle.limits, calendar)
                .and_then(|clock| clock.reckon(&Chronology::received(day)));
            match reckoning {
                Ok(reckoning) => reckoning.due_on().map(|due| {
                    let line = reckoning.whole.ledger.line();
                    (crate::dates::long(due), sentence(&line))
                }),
                Err(problems) => {
                    for problem in problems {
                        mistakes.add("received", sentence(&problem.message));
                    }
                    None
                }
            }
        }
        Err(_) if received.is_empty() => None,
        Err(_) => {
            mistakes.add("received", "Enter a day, like 2026-11-23");
            None
        }
    };
    let template = CalendarPage {
        frame: Frame::new(&app, &visit).with(mistakes),
        years: years
            .into_iter()
            .map(|(year, days)| {
                let days = days.into_iter();
                (
                    year.to_string(),
                    days.map(|(day, holidays)| holiday(day, &holidays))
                        .collect(),
                )
            })
            .collect(),
        version: calendar.version().unwrap_or_default().to_owned(),
        up_to: crate::dates::long(calendar.up_to()),
        received,
        due,
    };
    frame::page(&template.frame, &template)
}

/// The holidays of one day in one line.
fn holiday(day: Date, holidays: &[&BankHoliday]) -> Holiday {
    let joined = |words: BTreeSet<String>| words.into_iter().collect::<Vec<_>>().join(", ");
    Holiday {
        day: crate::dates::long(day),
        names: joined(holidays.iter().map(|one| one.name.clone()).collect()),
        places: joined(
            holidays
                .iter()
                .map(|one| one.jurisdiction.to_string())
                .collect(),
        ),
        certainty: if holidays
            .iter()
            .any(|one| one.certainty == Certainty::Projection)
        {
            "May still change"
        } else {
            ""
        },
        sources: joined(holidays.iter().map(|one| one.source.clone()).collect()),
    }
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    id: String,
    name: String,
    /// Who takes its questions.
    takes: Vec<String>,
    /// Its people who may not.
    others: Vec<String>,
    /// How many open requests it was asked about.
    open: String,
}

/// The teams.
#[derive(Template)]
#[template(path = "desk/teams.html")]
pub struct TeamsPage {
    frame: Frame,
    teams: Vec<Team>,
}

/// So many open requests are looked through for teams that nobody belongs to.
const LOOKED_AT: u64 = 500;
/// So many open requests of a team are counted.
const COUNTED: u64 = 100;

/// Shows each team with its people and how much it is asked.
///
/// # Errors
/// The store can't answer.
pub async fn teams(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let store = app.office.store();
    let accounts = store.accounts().await?;
    // Teams that nobody belongs to any more are asked all the same.
    let rows = store
        .queue(&QueueFilter::All, true, None, LOOKED_AT)
        .await?;
    let mut ids: BTreeSet<&str> = acts::areas_of(&accounts).into_iter().collect();
    ids.extend(rows.iter().flat_map(|row| row.areas.split_whitespace()));
    let mut teams = Vec::new();
    for id in ids {
        let theirs = accounts.iter().filter(|account| account.team == id);
        let (takes, others): (Vec<_>, Vec<_>) = theirs.partition(|account| {
            let roles = &account.roles;
            account.is_active
                && (roles.contains(&Role::ServiceAreaContact)
                    || roles.contains(&Role::SecurityAdviser))
        });
        let chosen = Chosen {
            area: id.to_owned(),
            ..Chosen::default()
        };
        let open = store
            .count_due_between(&chosen, None, Date::MAX, COUNTED)
            .await?;
        let names = |accounts: Vec<&store::desk::Account>| {
            accounts
                .into_iter()
                .map(|account| account.name.clone())
                .collect()
        };
        teams.push(Team {
            id: id.to_owned(),
            name: shown::area(id),
            takes: names(takes),
            others: names(others),
            open: if open >= COUNTED {
                format!("{COUNTED} or more")
            } else {
                open.to_string()
            },
        });
    }
    let template = TeamsPage {
        frame: Frame::new(&app, &visit),
        teams,
    };
    frame::page(&template.frame, &template)
}
