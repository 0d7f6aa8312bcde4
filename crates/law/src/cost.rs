//! What answering would cost, FOIA s.12 and SI 2004/3244: whole requests, requests taken together, and the most questions
//! that fit within the limit.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use jiff::civil::Date;

use crate::{Activity, Aggregation, BeyondCalendar, Calendar, DayStatus};

/// Staff time, in hundredths of a minute so that an estimate by sample stays exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaffTime(pub u64);

/// Money, in pence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pence(pub u64);

/// Hundredths of a minute in an hour.
const HOUR: u64 = 6000;

impl StaffTime {
    /// Whole minutes.
    #[must_use]
    pub fn minutes(minutes: u32) -> Self {
        Self(u64::from(minutes).saturating_mul(100))
    }

    /// The time for `records` at the pace of a sample, rounded up to the hundredth of a minute.
    #[must_use]
    pub fn by_sample(records: u64, sampled_time: Self, sampled_records: u64) -> Self {
        let whole = u128::from(records).saturating_mul(u128::from(sampled_time.0));
        let records = u128::from(sampled_records.max(1));
        Self(u64::try_from(whole.div_ceil(records)).unwrap_or(u64::MAX))
    }

    /// What it costs at a rate in pounds an hour, to the nearest penny. Whether a limit is exceeded is told by
    /// [`CostLimit::is_exceeded_by`], which doesn't round.
    #[must_use]
    pub fn cost(self, pounds_an_hour: u32) -> Pence {
        let pence = u128::from(self.0)
            .saturating_mul(u128::from(pounds_an_hour))
            .saturating_mul(100);
        let rounded = pence
            .saturating_add(u128::from(HOUR / 2))
            .checked_div(u128::from(HOUR))
            .unwrap_or_default();
        Pence(u64::try_from(rounded).unwrap_or(u64::MAX))
    }

    fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for StaffTime {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for StaffTime {
    fn sum<I: Iterator<Item = Self>>(times: I) -> Self {
        times.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for StaffTime {
    /// "17 hours 30 minutes"; part of a minute is shown when there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, rest) = (self.0.div_euclid(HOUR), self.0.rem_euclid(HOUR));
        let (minutes, hundredths) = (rest.div_euclid(100), rest.rem_euclid(100));
        let s = |count: u64| if count == 1 { "" } else { "s" };
        if hours > 0 {
            write!(f, "{hours} hour{}", s(hours))?;
        }
        if hours > 0 && rest == 0 {
            return Ok(());
        }
        if hours > 0 {
            f.write_str(" ")?;
        }
        if hundredths > 0 {
            let decimals = format!("{hundredths:02}");
            return write!(f, "{minutes}.{} minutes", decimals.trim_end_matches('0'));
        }
        write!(f, "{minutes} minute{}", s(minutes))
    }
}

impl fmt::Display for Pence {
    /// "£1,234.50".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pounds = self.0.div_euclid(100).to_string();
        let mut grouped = String::new();
        for (index, digit) in pounds.chars().enumerate() {
            let left = pounds.len().saturating_sub(index);
            if index > 0 && left.is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(f, "£{grouped}.{:02}", self.0.rem_euclid(100))
    }
}

/// The limit that an estimate is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostLimit {
    /// The appropriate limit in pounds, FOIA s.12(3).
    pub pounds: u32,
    /// What an hour is taken to cost, in pounds.
    pub pounds_an_hour: u32,
}

impl CostLimit {
    /// The limit as money.
    #[must_use]
    pub fn pence(self) -> Pence {
        Pence(u64::from(self.pounds).saturating_mul(100))
    }

    /// The most staff time that doesn't exceed it.
    #[must_use]
    pub fn time(self) -> StaffTime {
        let hundredths = u64::from(self.pounds).saturating_mul(HOUR);
        StaffTime(
            hundredths
                .checked_div(u64::from(self.pounds_an_hour))
                .unwrap_or(u64::MAX),
        )
    }

    /// Whether an estimate exceeds it: more than the limit, not as much as it, FOIA s.12(1).
    #[must_use]
    pub fn is_exceeded_by(self, time: StaffTime) -> bool {
        u128::from(time.0).saturating_mul(u128::from(self.pounds_an_hour))
            > u128::from(self.pounds).saturating_mul(u128::from(HOUR))
    }
}

/// Records to be gone through one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Which activity that is.
    pub activity: Activity,
    /// How many records.
    pub records: u64,
    /// The time that a sample took.
    pub sampled_time: StaffTime,
    /// How many records the sample had; one when the time is for one record.
    pub sampled_records: u64,
}

impl Search {
    /// The time for all its records.
    #[must_use]
    pub fn time(&self) -> StaffTime {
        StaffTime::by_sample(self.records, self.sampled_time, self.sampled_records)
    }

    /// How many of its records fit into a time.
    fn records_within(&self, time: StaffTime) -> u64 {
        let fits = u128::from(time.0)
            .saturating_mul(u128::from(self.sampled_records.max(1)))
            .checked_div(u128::from(self.sampled_time.0));
        fits.and_then(|fits| u64::try_from(fits).ok())
            .unwrap_or(self.records)
            .min(self.records)
    }
}

/// The estimate for one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionCost {
    /// Its label in the request.
    pub label: String,
    /// Staff time for each of [`Activity::ALL`], apart from the searches.
    pub time: [StaffTime; 4],
    /// Records to go through.
    pub searches: Vec<Search>,
}

impl QuestionCost {
    /// The time for one activity, searches included.
    #[must_use]
    pub fn of(&self, activity: Activity) -> StaffTime {
        let plain = Activity::ALL
            .iter()
            .zip(self.time)
            .find(|(known, _)| **known == activity)
            .map_or_else(StaffTime::default, |(_, time)| time);
        self.searches
            .iter()
            .filter(|search| search.activity == activity)
            .map(Search::time)
            .fold(plain, Add::add)
    }

    /// The whole time.
    #[must_use]
    pub fn total(&self) -> StaffTime {
        Activity::ALL
            .iter()
            .map(|activity| self.of(*activity))
            .sum()
    }
}

/// What an estimate comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The whole time.
    pub total: StaffTime,
    /// Whether it exceeds the limit, FOIA s.12(1).
    pub exceeds: bool,
    /// The time for determining whether the information is held.
    pub determining: StaffTime,
    /// Whether that alone exceeds the limit, so that the duty to confirm or deny falls away too, FOIA s.12(2).
    pub determining_exceeds: bool,
    /// The most questions that fit within the limit, as positions in the list, in its order; the advice of FOIA s.16.
    /// Among sets of that size it is the one that takes the least time; of questions alike, those that come first.
    pub fitting: Vec<usize>,
    /// The time of those.
    pub fitting_time: StaffTime,
    /// Questions that exceed the limit each on its own, as positions in the list.
    pub too_large_alone: Vec<usize>,
    /// For a question left out that is a search of records: how many could be searched in the time that is left.
    pub searchable: Vec<(usize, u64)>,
}

/// Works out what questions cost together, and the most of them that fit within the limit; `spent` is time already taken
/// by requests that count together with these and were answered.
///
/// Taking questions from the cheapest on is exact: any set that fits stays no larger and no dearer when one of its
/// questions is changed for a cheaper one left out.
#[must_use]
pub fn assess(questions: &[&QuestionCost], spent: StaffTime, limit: CostLimit) -> Assessment {
    let times: Vec<StaffTime> = questions.iter().map(|question| question.total()).collect();
    let total = times.iter().copied().fold(spent, Add::add);
    let determining = questions
        .iter()
        .map(|question| question.of(Activity::Determining))
        .sum();
    let mut order: Vec<usize> = (0..questions.len()).collect();
    order.sort_by_key(|index| (times.get(*index).copied(), *index));
    let mut fitting = Vec::new();
    let mut taken = spent;
    for index in order {
        let Some(time) = times.get(index) else {
            continue;
        };
        if limit.is_exceeded_by(taken + *time) {
            break;
        }
        taken = taken + *time;
        fitting.push(index);
    }
    fitting.sort_unstable();
    let left = limit.time().saturating_sub(taken);
    let searchable = questions
        .iter()
        .enumerate()
        .filter(|(index, _)| !fitting.contains(index))
        .filter_map(|(index, question)| {
            let [search] = question.searches.as_slice() else {
                return None;
            };
            let besides = question.total().saturating_sub(search.time());
            let records = search.records_within(left.saturating_sub(besides));
            (records > 0 && records < search.records).then_some((index, records))
        })
        .collect();
    Assessment {
        total,
        exceeds: limit.is_exceeded_by(total),
        determining,
        determining_exceeds: limit.is_exceeded_by(determining),
        fitting_time: taken.saturating_sub(spent),
        fitting,
        too_large_alone: times
            .iter()
            .enumerate()
            .filter(|(_, time)| limit.is_exceeded_by(**time))
            .map(|(index, _)| index)
            .collect(),
        searchable,
    }
}

/// What decides whether a request is costed together with others, SI 2004/3244 reg.5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostedRequest {
    /// The day of receipt.
    pub received_on: Date,
    /// Who asked, by any mark that is the same for the same person.
    pub person: Option<String>,
    /// The campaign or concert that it appears to belong to.
    pub in_concert: Option<String>,
    /// What it is about: requests that share one of these relate to the same or similar information.
    pub about: Vec<String>,
    /// What answering it takes.
    pub time: StaffTime,
}

/// Requests that are costed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// Their positions in the list, in the order of receipt.
    pub requests: Vec<usize>,
    /// Whether they were made by one person; otherwise in concert or in a campaign.
    pub one_person: bool,
    /// What they are all about.
    pub about: String,
    /// What answering all of them takes.
    pub total: StaffTime,
}

/// For each request, those that it is costed together with: of all the sets that the rule allows, the dearest. `None` for
/// a request that stands alone.
///
/// The period is any run of consecutive working days that holds every receipt, looking back and forward; a receipt on a
/// day that is no working day takes up none of it.
///
/// # Errors
/// A receipt is outside the calendar.
pub fn together(
    requests: &[CostedRequest],
    rule: &Aggregation,
    calendar: &Calendar,
) -> Result<Vec<Option<Together>>, BeyondCalendar> {
    let mut dearest: Vec<Option<Together>> = vec![None; requests.len()];
    for (one_person, about, mut members) in groups(requests) {
        members.sort_by_key(|index| (requests.get(*index).map(|one| one.received_on), *index));
        for (position, first) in members.iter().enumerate() {
            let Some(first) = requests.get(*first) else {
                continue;
            };
            let mut within = Vec::new();
            for index in members.iter().skip(position) {
                let Some(last) = requests.get(*index) else {
                    continue;
                };
                if spanned(calendar, first.received_on, last.received_on)? <= rule.working_days {
                    within.push(*index);
                }
            }
            if within.len() < 2 {
                continue;
            }
            let total: StaffTime = within
                .iter()
                .filter_map(|index| requests.get(*index))
                .map(|one| one.time)
                .sum();
            for index in &within {
                let Some(best) = dearest.get_mut(*index) else {
                    continue;
                };
                let better = best
                    .as_ref()
                    .is_none_or(|best| (total, within.len()) > (best.total, best.requests.len()));
                if better {
                    *best = Some(Together {
                        requests: within.clone(),
                        one_person,
                        about: about.to_owned(),
                        total,
                    });
                }
            }
        }
    }
    Ok(dearest)
}

/// Requests that share a matter and a person, or a matter and a concert; each set once, in the order of the list.
fn groups(requests: &[CostedRequest]) -> Vec<(bool, &str, Vec<usize>)> {
    let mut groups: Vec<(bool, &str, &str, Vec<usize>)> = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let makers = [
            (true, request.person.as_deref()),
            (false, request.in_concert.as_deref()),
        ];
        for (one_person, maker) in makers {
            let Some(maker) = maker else { continue };
            for about in &request.about {
                let known = groups.iter_mut().find(|(one, by, what, _)| {
                    *one == one_person && *by == maker && *what == about.as_str()
                });
                match known {
                    Some((.., members)) if !members.contains(&index) => members.push(index),
                    Some(_) => {}
                    None => groups.push((one_person, maker, about, vec![index])),
                }
            }
        }
    }
    groups
        .into_iter()
        .map(|(one_person, _, about, members)| (one_person, about, members))
        .collect()
}

/// How many working days a period takes that holds both days.
fn spanned(calendar: &Calendar, first: Date, last: Date) -> Result<u32, BeyondCalendar> {
    let own = u32::from(calendar.status(first)? == DayStatus::WorkingDay);
    Ok(calendar
        .working_days_between(first, last)?
        .saturating_add(own))
}
