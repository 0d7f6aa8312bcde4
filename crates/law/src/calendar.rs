//! Working days, FOIA s.10(6), from the bank holidays of the three UK calendars.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::Problem;

/// A number of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkingDays(pub u32);

impl fmt::Display for WorkingDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} working day{}", self.0, plural(self.0))
    }
}

/// "s" for any number but one.
pub(crate) fn plural(count: u32) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// A part of the United Kingdom with bank holidays of its own under the Banking and Financial Dealings Act 1971.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Jurisdiction {
    /// England and Wales.
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

impl Jurisdiction {
    /// All three parts.
    pub const EVERY: [Self; 3] = [Self::EnglandAndWales, Self::Scotland, Self::NorthernIreland];

    const ALL: [(&'static str, Self); 3] = [
        ("england-and-wales", Self::EnglandAndWales),
        ("scotland", Self::Scotland),
        ("northern-ireland", Self::NorthernIreland),
    ];
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EnglandAndWales => "England and Wales",
            Self::Scotland => "Scotland",
            Self::NorthernIreland => "Northern Ireland",
        })
    }
}

/// How settled a bank holiday is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Its day has passed.
    Past,
    /// Proclaimed or statutory, and still to come.
    Pending,
    /// Announced for a later year; a proclamation may still move it, or add another.
    Projection,
}

/// One bank holiday in one part of the United Kingdom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankHoliday {
    /// Where it is one.
    pub jurisdiction: Jurisdiction,
    /// Its name, "Boxing Day".
    pub name: String,
    /// Where the date was taken from.
    pub source: String,
    /// How settled it is.
    pub certainty: Certainty,
}

/// Which days are working days: the union of the bank holidays of the parts of the United Kingdom that the regime
/// looks to, with Christmas Day and Good Friday. FOIA s.10(6) looks to all three.
#[derive(Clone, Debug)]
pub struct Calendar {
    version: Option<String>,
    first: Date,
    up_to: Date,
    holidays: BTreeMap<Date, Vec<BankHoliday>>,
    /// One entry a day from `first` to `up_to`.
    days: Vec<DayStatus>,
    /// Beside `days`: how many working days there are from `first` up to and including the day.
    counted: Vec<u32>,
    /// Every working day in order: the one at `n - 1` is the `n`th.
    working: Vec<Date>,
}

/// Why a day counts or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayStatus {
    /// Counts.
    WorkingDay,
    /// Saturday or Sunday.
    Weekend,
    /// A bank holiday, Christmas Day or Good Friday; says which and where.
    BankHoliday(Arc<str>),
}

/// A day outside the bank holiday data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeyondCalendar {
    /// The day that was asked about; the last day of the data when a day after it is needed.
    pub date: Date,
    /// The first day of the data.
    pub first: Date,
    /// The last day of the data.
    pub up_to: Date,
}

impl fmt::Display for BeyondCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.date < self.first {
            return write!(
                f,
                "{} is too long ago: bank holidays are known from {}",
                self.date.strftime("%-d %B %Y"),
                self.first.strftime("%-d %B %Y")
            );
        }
        write!(
            f,
            "the bank holiday data covers {} to {}, and ",
            self.first, self.up_to
        )?;
        if self.date == self.up_to {
            f.write_str("this needs a later day")?;
        } else {
            write!(f, "this needs {}", self.date)?;
        }
        f.write_str("; give a newer bank-holidays.csv")
    }
}

impl std::error::Error for BeyondCalendar {}

const HEADER: [&str; 5] = ["date", "jurisdiction", "name", "source", "status"];

impl Calendar {
    /// Reads `date,jurisdiction,name,source,status` rows. Whole years are covered, the first to the last with a row.
    ///
    /// Lines that start with `#` are remarks; `# version: 2026-11-23` names the version.
    ///
    /// # Errors
    /// Every bad row, each with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut holidays: BTreeMap<Date, Vec<BankHoliday>> = BTreeMap::new();
        let mut problems = Vec::new();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let skipped = text
            .len()
            .saturating_sub(text.trim_start_matches('\u{feff}').len());
        let mut header = true;
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    problems.push(Problem::at(0..0, "calendar.malformed", error.to_string()));
                    break;
                }
            };
            let start = row
                .position()
                .map_or(0, |position| {
                    usize::try_from(position.byte()).unwrap_or_default()
                })
                .saturating_add(skipped);
            let span = start..start;
            if header {
                header = false;
                if !row.iter().eq(HEADER) {
                    problems.push(Problem::at(
                        span,
                        "calendar.header",
                        "the first row must be date,jurisdiction,name,source,status",
                    ));
                }
                continue;
            }
            if let Some((date, holiday)) = bank_holiday(&row, &span, &mut problems) {
                let day = holidays.entry(date).or_default();
                if day
                    .iter()
                    .any(|other| other.jurisdiction == holiday.jurisdiction)
                {
                    problems.push(Problem::at(
                        span,
                        "calendar.duplicate",
                        format!(
                            "{date} stands twice for {}; remove one of the rows",
                            holiday.jurisdiction
                        ),
                    ));
                }
                day.push(holiday);
            }
        }
        if holidays.is_empty() && problems.is_empty() {
            problems.push(Problem::at(
                0..0,
                "calendar.empty",
                "no bank holiday in this file",
            ));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let version = text.lines().find_map(|line| {
            line.strip_prefix('#')?
                .trim_start()
                .strip_prefix("version:")
                .map(|version| version.trim().to_owned())
        });
        Ok(Self::new(version, holidays))
    }

    fn new(version: Option<String>, holidays: BTreeMap<Date, Vec<BankHoliday>>) -> Self {
        let year = |date: Option<&Date>| date.map_or(1, |date| date.year());
        let first = Date::constant(year(holidays.keys().next()), 1, 1);
        let up_to = Date::constant(year(holidays.keys().next_back()), 12, 31);
        let (mut days, mut counted, mut working) = (Vec::new(), Vec::new(), Vec::new());
        for date in first.series(1.day()).take_while(|date| *date <= up_to) {
            let status = status_of(date, holidays.get(&date).map_or(&[], Vec::as_slice));
            if status == DayStatus::WorkingDay {
                working.push(date);
            }
            days.push(status);
            counted.push(u32::try_from(working.len()).unwrap_or(u32::MAX));
        }
        Self {
            version,
            first,
            up_to,
            holidays,
            days,
            counted,
            working,
        }
    }

    /// The same data for a regime that looks only to some parts of the United Kingdom; the same years are covered.
    #[must_use]
    pub fn of(&self, jurisdictions: &[Jurisdiction]) -> Self {
        let holidays = self
            .holidays
            .iter()
            .map(|(date, day)| {
                let mut day = day.clone();
                day.retain(|holiday| jurisdictions.contains(&holiday.jurisdiction));
                (*date, day)
            })
            .collect();
        Self::new(self.version.clone(), holidays)
    }

    /// The version that the data names for itself.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The first day covered.
    #[must_use]
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day covered.
    #[must_use]
    pub fn up_to(&self) -> Date {
        self.up_to
    }

    /// The bank holidays of a day, weekends included.
    #[must_use]
    pub fn bank_holidays(&self, date: Date) -> &[BankHoliday] {
        self.holidays.get(&date).map_or(&[], Vec::as_slice)
    }

    /// Every bank holiday with its day, in order of their days.
    pub fn every_bank_holiday(&self) -> impl Iterator<Item = (Date, &BankHoliday)> {
        self.holidays
            .iter()
            .flat_map(|(date, day)| day.iter().map(|holiday| (*date, holiday)))
    }

    /// Whether a bank holiday of the period, both ends included, is a projection that may still change.
    #[must_use]
    pub fn rests_on_projection(&self, from: Date, to: Date) -> bool {
        from <= to
            && self
                .holidays
                .range(from..=to)
                .flat_map(|(_, day)| day)
                .any(|holiday| holiday.certainty == Certainty::Projection)
    }

    /// Whether a day counts, and if not, why.
    ///
    /// # Errors
    /// The day is outside the data.
    pub fn status(&self, date: Date) -> Result<DayStatus, BeyondCalendar> {
        self.status_ref(date).cloned()
    }

    pub(crate) fn status_ref(&self, date: Date) -> Result<&DayStatus, BeyondCalendar> {
        self.index(date)
            .and_then(|index| self.days.get(index))
            .ok_or_else(|| self.beyond(date))
    }

    /// The `count`th working day after `day_zero`, which itself never counts, FOIA s.10(1) and (6).
    ///
    /// # Errors
    /// `day_zero` or the answer is outside the data.
    ///
    /// # Examples
    /// Received on Maundy Thursday 2024: Good Friday, Easter Monday and the weekends don't count.
    /// ```
    /// # use law::{Calendar, WorkingDays};
    /// let calendar = Calendar::parse("date,jurisdiction,name,source,status\n\
    ///     2024-03-29,england-and-wales,Good Friday,worked example,past\n\
    ///     2024-04-01,england-and-wales,Easter Monday,worked example,past\n").unwrap();
    /// let due = calendar.nth_working_day_after("2024-03-28".parse().unwrap(), WorkingDays(20)).unwrap();
    /// assert_eq!(due.to_string(), "2024-04-29");
    /// ```
    pub fn nth_working_day_after(
        &self,
        day_zero: Date,
        count: WorkingDays,
    ) -> Result<Date, BeyondCalendar> {
        let before = self.counted_up_to(day_zero)?;
        if count.0 == 0 {
            return Ok(day_zero);
        }
        let nth = before.saturating_add(count.0).saturating_sub(1);
        self.working
            .get(usize::try_from(nth).unwrap_or(usize::MAX))
            .copied()
            .ok_or_else(|| self.beyond(self.up_to))
    }

    /// How many working days lie after `from`, up to and including `to`; none when `to` is not after `from`.
    ///
    /// # Errors
    /// One of the two days is outside the data.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<u32, BeyondCalendar> {
        Ok(self
            .counted_up_to(to)?
            .saturating_sub(self.counted_up_to(from)?))
    }

    fn counted_up_to(&self, date: Date) -> Result<u32, BeyondCalendar> {
        self.index(date)
            .and_then(|index| self.counted.get(index).copied())
            .ok_or_else(|| self.beyond(date))
    }

    fn index(&self, date: Date) -> Option<usize> {
        usize::try_from(date.duration_since(self.first).as_hours().div_euclid(24)).ok()
    }

    pub(crate) fn beyond(&self, date: Date) -> BeyondCalendar {
        BeyondCalendar {
            date,
            first: self.first,
            up_to: self.up_to,
        }
    }
}

/// Reads one row; says everything that is wrong with it.
fn bank_holiday(
    row: &csv::StringRecord,
    span: &std::ops::Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<(Date, BankHoliday)> {
    let before = problems.len();
    let mut wrong = |code, message: String| problems.push(Problem::at(span.clone(), code, message));
    let fields: Vec<&str> = row.iter().collect();
    let [date, jurisdiction, name, source, status] = fields.as_slice() else {
        wrong(
            "calendar.short_row",
            "a row needs date,jurisdiction,name,source,status".to_owned(),
        );
        return None;
    };
    let place = Jurisdiction::ALL
        .iter()
        .find(|(known, _)| known == jurisdiction)
        .map(|(_, place)| *place);
    if place.is_none() {
        wrong(
            "calendar.unknown_jurisdiction",
            format!(
                "`{jurisdiction}` is not a calendar; use england-and-wales, scotland or northern-ireland"
            ),
        );
    }
    // The calendar builds whole years, so the year is kept to where an authority could mean it.
    let day = date
        .parse::<Date>()
        .ok()
        .filter(|day| (1900..=2200).contains(&day.year()));
    if day.is_none() {
        wrong(
            "calendar.bad_date",
            format!("`{date}` is not a date; write it as 2026-12-25"),
        );
    }
    if name.is_empty() || source.is_empty() {
        wrong(
            "calendar.no_source",
            "every bank holiday needs a name and the source of its date".to_owned(),
        );
    }
    let certainty = match *status {
        "past" => Some(Certainty::Past),
        "pending" => Some(Certainty::Pending),
        "projection" => Some(Certainty::Projection),
        _ => None,
    };
    if certainty.is_none() {
        wrong(
            "calendar.unknown_status",
            format!("`{status}` is not a status; use past, pending or projection"),
        );
    }
    if problems.len() > before {
        return None;
    }
    Some((
        day?,
        BankHoliday {
            jurisdiction: place?,
            name: (*name).to_owned(),
            source: (*source).to_owned(),
            certainty: certainty?,
        },
    ))
}

fn status_of(date: Date, holidays: &[BankHoliday]) -> DayStatus {
    if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return DayStatus::Weekend;
    }
    // The Act names these two itself, whatever the bank holiday data says.
    if (date.month(), date.day()) == (12, 25) {
        return DayStatus::BankHoliday("Christmas Day".into());
    }
    if good_friday(date.year()) == Some(date) {
        return DayStatus::BankHoliday("Good Friday".into());
    }
    if holidays.is_empty() {
        return DayStatus::WorkingDay;
    }
    DayStatus::BankHoliday(where_and_which(holidays).into())
}

/// "bank holiday in England and Wales and Northern Ireland (Easter Monday)".
fn where_and_which(holidays: &[BankHoliday]) -> String {
    let mut by_name: Vec<(&str, Vec<String>)> = Vec::new();
    for holiday in holidays {
        let place = holiday.jurisdiction.to_string();
        match by_name.iter_mut().find(|(name, _)| *name == holiday.name) {
            Some((_, places)) => places.push(place),
            None => by_name.push((&holiday.name, vec![place])),
        }
    }
    let parts: Vec<String> = by_name
        .iter()
        .map(|(name, places)| format!("{} ({name})", places.join(", ")))
        .collect();
    format!("bank holiday in {}", parts.join("; "))
}

/// Good Friday of a year: two days before Easter Sunday by the Gregorian reckoning of the Calendar Act 1750.
fn good_friday(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let leap_correction = (century - (century + 8) / 25 + 1) / 3;
    let full_moon = (19 * golden + century - century / 4 - leap_correction + 15) % 30;
    let to_sunday =
        (32 + 2 * (century % 4) + 2 * (of_century / 4) - full_moon - of_century % 4) % 7;
    let late = (golden + 11 * full_moon + 22 * to_sunday) / 451;
    let day = full_moon + to_sunday - 7 * late + 114;
    let easter = Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(day / 31).ok()?,
        i8::try_from(day % 31 + 1).ok()?,
    )
    .ok()?;
    easter.checked_sub(2.days()).ok()
}
