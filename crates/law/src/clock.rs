//! The clock: from a request's chronology to the days on which things are due.

mod contradictions;
mod deadline;
mod moves;
mod review;

pub use moves::Move;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::calendar::Jurisdiction;
use crate::{
    Calendar, Chronology, Ledger, Problem, Provision, Regime, Statute, TimeLimit, TimeLimits,
    WorkingDays,
};

/// A regime's time limit with the calendar it counts by.
///
/// # Examples
/// ```
/// # use law::{Calendar, Chronology, Clock, Statute, TimeLimits};
/// # let calendar = Calendar::parse(include_str!("../../../data/law/bank-holidays.csv")).unwrap();
/// # let statute = Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap();
/// # let limits = TimeLimits::parse(include_str!("../../../data/law/time-limits.toml")).unwrap();
/// let clock = Clock::foia(&statute, &limits, &calendar).unwrap();
/// let reckoning = clock.reckon(&Chronology::received("2026-05-18".parse().unwrap())).unwrap();
/// assert_eq!(reckoning.due_on().unwrap().to_string(), "2026-06-17");
/// assert_eq!(
///     reckoning.whole.ledger.line(),
///     "20 working days; 2 bank holidays skipped: 25 May 2026, bank holiday in England and Wales, Scotland, Northern \
///      Ireland (Spring bank holiday); 15 June 2026, bank holiday in Scotland (World Cup bank holiday)"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Clock<'a> {
    statute: &'a Statute,
    limits: &'a TimeLimits,
    regime: &'a Regime,
    limit_id: &'a str,
    calendar: Cow<'a, Calendar>,
}

/// When what is due for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoning {
    /// The day on which it arrived.
    pub received_on: Date,
    /// The regime's id, "foia".
    pub regime: String,
    /// What sets the limit.
    pub provision: Provision,
    /// The limit's length.
    pub limit: WorkingDays,
    /// The deadline of every question that has none of its own.
    pub whole: Deadline,
    /// The questions that the chronology names, in its order, each with its deadline.
    pub questions: Vec<(String, Deadline)>,
    /// Asking for a review and its answer; `None` where the regime has none or nothing was answered yet.
    pub review: Option<ReviewClock>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
    /// Whether `questions` are all there are.
    complete: bool,
}

/// The deadline of one question, or of the whole request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Day zero: the day of receipt, or the later day on which detail asked for came in, FOIA s.10(6).
    pub counted_from: Date,
    /// Whether the clock runs.
    pub standing: Standing,
    /// The last day for answering or for a refusal notice, FOIA s.10(1) and s.17(1); `None` while the clock stands
    /// still or when the duty has lapsed. A public interest extension doesn't move it.
    pub due_on: Option<Date>,
    /// A longer time, where one was lawfully taken.
    pub extension: Option<Extended>,
    /// Where more time may be taken: the day on which it ordinarily ends; `None` beyond the calendar.
    pub ceiling_on: Option<Date>,
    /// The answer, if it was given.
    pub answered: Option<Done>,
    /// Every day up to `due_on`.
    pub ledger: Ledger,
}

/// Whether a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It runs.
    Running,
    /// Detail was asked for and hasn't come in, FOIA s.1(3).
    DetailAwaited {
        /// The day on which it was asked for.
        since: Date,
        /// The day that would be due if the detail turns out not to have been reasonably needed.
        due_if_not_needed: Date,
    },
    /// A fee was asked for and hasn't come in, FOIA s.9(2).
    FeeAwaited {
        /// The day of the fees notice.
        since: Date,
        /// The last day for paying.
        payable_until: Date,
    },
    /// The fee came in after the time for paying: no duty to comply, FOIA s.9(2).
    FeeLapsed {
        /// The last day on which it could be paid.
        payable_until: Date,
    },
}

/// A longer time, taken by notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extended {
    /// What allows it.
    pub provision: Provision,
    /// The exemptions whose public interest is being weighed.
    pub grounds: Vec<Provision>,
    /// The day of the notice.
    pub notice_on: Date,
    /// The estimate given in the notice, FOIA s.17(2).
    pub until: Date,
    /// Which working day after receipt that is.
    pub working_day: WorkingDays,
}

/// Something done on a day, and how late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The day.
    pub on: Date,
    /// Working days after the last day for it; none when in time.
    pub late_by: WorkingDays,
}

/// The time for asking for an internal review, and for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewClock {
    /// The regime's word for it.
    pub name: String,
    /// The last day on which the authority must accept it; `None` before the answer or beyond the calendar.
    pub ask_by: Option<Date>,
    /// The day on which it was asked for.
    pub asked_on: Option<Date>,
    /// The day by which to give its outcome.
    pub due_on: Option<Date>,
    /// Whether that is the exceptional, longer time.
    pub extended: bool,
    /// Its outcome, if it was given.
    pub answered: Option<Done>,
    /// The last day on which the Commissioner accepts a complaint without asking why so late.
    pub complain_by: Option<Date>,
}

/// Something lawful or done that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A stable identifier, such as `clock.near_calendar_end`.
    pub code: &'static str,
    /// What to look at and what to do, in the officer's language.
    pub message: String,
}

impl Warning {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl Deadline {
    /// The last day for the answer itself: the extended day where there is one.
    #[must_use]
    pub fn answer_due_on(&self) -> Option<Date> {
        self.extension
            .as_ref()
            .map(|extension| extension.until)
            .or(self.due_on)
    }

    /// Whether it is unanswered and past its last day.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.answered.is_none() && self.answer_due_on().is_some_and(|due_on| today > due_on)
    }
}

impl Reckoning {
    /// Every deadline: of each question that is told apart, and of the rest.
    pub fn deadlines(&self) -> impl Iterator<Item = &Deadline> {
        self.questions
            .iter()
            .map(|(_, deadline)| deadline)
            .chain(self.rest())
    }

    /// The deadline of what isn't told apart; `None` when `questions` are all there are.
    #[must_use]
    pub fn rest(&self) -> Option<&Deadline> {
        (!self.complete || self.questions.is_empty()).then_some(&self.whole)
    }

    /// The first day on which an answer or a refusal notice is due, FOIA s.10(1) and s.17(1); `None` while the clock
    /// stands still for everything.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        self.deadlines()
            .filter_map(|deadline| deadline.due_on)
            .min()
    }

    /// The last day to which any question was extended.
    #[must_use]
    pub fn extended_due_on(&self) -> Option<Date> {
        self.deadlines()
            .filter_map(|deadline| deadline.extension.as_ref())
            .map(|extension| extension.until)
            .max()
    }

    /// The deadline of a question; the whole request's where it has none of its own.
    #[must_use]
    pub fn question(&self, label: &str) -> &Deadline {
        self.questions
            .iter()
            .find(|(known, _)| known == label)
            .map_or(&self.whole, |(_, deadline)| deadline)
    }
}

impl<'a> Clock<'a> {
    /// The clock of an ordinary authority under FOIA: twenty working days, FOIA s.10(1).
    ///
    /// # Errors
    /// The data has no such regime.
    pub fn foia(
        statute: &'a Statute,
        limits: &'a TimeLimits,
        calendar: &'a Calendar,
    ) -> Result<Self, Vec<Problem>> {
        Self::new(statute, limits, calendar, "foia", None)
    }

    /// The clock of a regime, with the limit of this id instead of its usual one.
    ///
    /// # Errors
    /// The data has no such regime, or the regime no such limit.
    pub fn new(
        statute: &'a Statute,
        limits: &'a TimeLimits,
        calendar: &'a Calendar,
        regime: &str,
        limit: Option<&str>,
    ) -> Result<Self, Vec<Problem>> {
        let Some(regime) = limits.regime(regime) else {
            let known: Vec<&str> = limits
                .regimes()
                .iter()
                .map(|regime| regime.id.as_str())
                .collect();
            return Err(vec![Problem::new(
                "clock.unknown_regime",
                format!("no regime `{regime}`; use {}", known.join(", ")),
            )]);
        };
        let wanted = limit.unwrap_or(&regime.default_limit);
        let mut known: Vec<&str> = Vec::new();
        for limit in limits.of_regime(&regime.id) {
            if !known.contains(&limit.id.as_str()) {
                known.push(&limit.id);
            }
        }
        let Some(limit_id) = known.iter().find(|id| **id == wanted) else {
            return Err(vec![Problem::new(
                "clock.unknown_limit",
                format!(
                    "{} has no time limit `{wanted}`; use {}",
                    regime.id,
                    known.join(", ")
                ),
            )]);
        };
        let everywhere = Jurisdiction::EVERY
            .iter()
            .all(|place| regime.bank_holidays_of.contains(place));
        Ok(Self {
            statute,
            limits,
            regime,
            limit_id,
            calendar: if everywhere {
                Cow::Borrowed(calendar)
            } else {
                Cow::Owned(calendar.of(&regime.bank_holidays_of))
            },
        })
    }

    /// Works out every day that is due.
    ///
    /// # Errors
    /// Every contradiction in the chronology; or a day beyond the calendar.
    pub fn reckon(&self, chronology: &Chronology) -> Result<Reckoning, Vec<Problem>> {
        let limit = self.limit_on(chronology.received_on)?;
        let mut problems = contradictions::find(self, chronology);
        let mut warnings = Vec::new();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut deadline = |question: Option<&str>| {
            deadline::reckon(
                self,
                limit,
                chronology,
                question,
                &mut problems,
                &mut warnings,
            )
        };
        let whole = deadline(None);
        let mut questions = Vec::new();
        for label in labels(chronology) {
            let touched = chronology
                .events
                .iter()
                .any(|event| event.questions.contains(&label));
            let own = if touched {
                deadline(Some(&label))
            } else {
                whole.clone()
            };
            if let Some(own) = own {
                questions.push((label, own));
            }
        }
        let review = review::reckon(self, chronology, &mut problems, &mut warnings);
        let Some(whole) = whole.filter(|_| problems.is_empty()) else {
            dedup(&mut problems);
            return Err(problems);
        };
        let mut reckoning = Reckoning {
            received_on: chronology.received_on,
            regime: self.regime.id.clone(),
            provision: limit.provision.clone(),
            limit: limit.length(),
            whole,
            questions,
            review,
            warnings,
            complete: !chronology.questions.is_empty(),
        };
        self.warn(&mut reckoning, limit);
        Ok(reckoning)
    }

    fn limit_on(&self, received_on: Date) -> Result<&'a TimeLimit, Vec<Problem>> {
        self.limits
            .as_at(&self.regime.id, self.limit_id, received_on)
            .ok_or_else(|| {
                vec![Problem::new(
                    "clock.not_in_force",
                    format!("the time limit `{}` of {} was not in force on {received_on}; check the date of receipt", self.limit_id, self.regime.name),
                )]
            })
    }

    /// Warnings that rest on the outcome as a whole.
    fn warn(&self, reckoning: &mut Reckoning, limit: &TimeLimit) {
        let latest = reckoning
            .deadlines()
            .flat_map(|deadline| [deadline.answer_due_on(), deadline.ceiling_on])
            .chain(
                reckoning
                    .review
                    .iter()
                    .flat_map(|review| [review.ask_by, review.due_on]),
            )
            .flatten()
            .max();
        let mut warnings = std::mem::take(&mut reckoning.warnings);
        if let Some(latest) = latest {
            let up_to = self.calendar.up_to();
            if self
                .calendar
                .working_days_between(latest, up_to)
                .is_ok_and(|left| left <= NEAR_THE_END.0)
            {
                warnings.push(Warning::new(
                    "clock.near_calendar_end",
                    format!("{latest} is within {NEAR_THE_END} of the end of the bank holiday data ({up_to}); get newer data soon"),
                ));
            }
            if self
                .calendar
                .rests_on_projection(reckoning.received_on, latest)
            {
                warnings.push(Warning::new(
                    "clock.projected_holidays",
                    format!("some bank holidays up to {latest} are announced but not yet proclaimed; compare the date again when newer data comes"),
                ));
            }
        }
        if !limit.verified {
            warnings.push(Warning::new(
                "clock.unverified_limit",
                format!(
                    "the text of {} was not read for this limit ({}); have a lawyer check it",
                    limit.provision, limit.applies_to
                ),
            ));
        }
        let mut seen: Vec<Warning> = Vec::new();
        for warning in warnings {
            if !seen.contains(&warning) {
                seen.push(warning);
            }
        }
        reckoning.warnings = seen;
    }
}

/// How close to the end of the calendar a date may come before a warning says so.
const NEAR_THE_END: WorkingDays = WorkingDays(60);

/// The labels of the chronology's own list; without one, those that events name.
fn labels(chronology: &Chronology) -> Vec<String> {
    if !chronology.questions.is_empty() {
        return chronology.questions.clone();
    }
    let mut labels: Vec<String> = Vec::new();
    for label in chronology.events.iter().flat_map(|event| &event.questions) {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

/// The events in order of their days; those of one day in the order given.
fn in_order(chronology: &Chronology) -> Vec<&crate::Event> {
    let mut events: Vec<_> = chronology.events.iter().collect();
    events.sort_by_key(|event| event.on);
    events
}

fn dedup(problems: &mut Vec<Problem>) {
    let mut seen: Vec<Problem> = Vec::new();
    for problem in problems.drain(..) {
        if !seen.contains(&problem) {
            seen.push(problem);
        }
    }
    *problems = seen;
}
