//! One question's deadline: day zero, what is left out, the limit, and a longer time.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Clock, Deadline, Done, Extended, Standing, Warning, in_order};
use crate::ledger::LedgerRules;
use crate::{
    BeyondCalendar, Calendar, Chronology, Counts, DayStatus, Event, Happening, Ledger, LedgerDay,
    Problem, TimeLimit, Why, WorkingDays,
};

/// A period left out of the count, both ends included.
type Period = (Date, Date);

/// The deadline of a question, or of everything that no event names; `None` when a problem was found.
pub(super) fn reckon(
    clock: &Clock<'_>,
    limit: &TimeLimit,
    chronology: &Chronology,
    question: Option<&str>,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Warning>,
) -> Option<Deadline> {
    let mut run = Run {
        clock,
        limit,
        chronology,
        day_zero: chronology.received_on,
        sought_on: None,
        fee: FeeState::None,
        paused: Vec::new(),
        agreed_until: None,
        extension: None,
        answered_on: None,
        problems,
        warnings,
    };
    let found = run.problems.len();
    let outcome = in_order(chronology)
        .into_iter()
        .filter(|event| event.touches(question))
        .try_for_each(|event| run.after(event))
        .and_then(|()| run.finish());
    match outcome {
        Ok(deadline) => (run.problems.len() == found).then_some(deadline),
        Err(error) => {
            run.problems
                .push(Problem::new("clock.beyond_calendar", error.to_string()));
            None
        }
    }
}

#[derive(Clone, Copy)]
enum FeeState {
    None,
    Awaited { since: Date },
    Lapsed { since: Date },
}

struct Run<'r, 'c> {
    clock: &'r Clock<'c>,
    limit: &'r TimeLimit,
    chronology: &'r Chronology,
    day_zero: Date,
    sought_on: Option<Date>,
    fee: FeeState,
    paused: Vec<Period>,
    agreed_until: Option<Date>,
    extension: Option<&'r Event>,
    answered_on: Option<Date>,
    problems: &'r mut Vec<Problem>,
    warnings: &'r mut Vec<Warning>,
}

/// What the limit comes to: the day, and how it was counted.
struct Due {
    on: Date,
    limit: WorkingDays,
    school_days: bool,
}

impl<'r> Run<'r, '_> {
    fn calendar(&self) -> &'r Calendar {
        &self.clock.calendar
    }

    fn warn(&mut self, code: &'static str, message: String) {
        self.warnings.push(Warning::new(code, message));
    }

    /// Takes in one event; events come in the order of their days.
    fn after(&mut self, event: &'r Event) -> Result<(), BeyondCalendar> {
        let on = event.on;
        match &event.what {
            Happening::ClarificationSought {
                reasonably_needed,
                reason,
            } => self.sought(on, *reasonably_needed, reason.is_some())?,
            Happening::ClarificationReceived => {
                if self.sought_on.take().is_some() {
                    self.day_zero = on;
                    if self.extension.take().is_some() {
                        self.warn(
                            "clock.extension_overtaken",
                            format!("the clarification of {on} started the time again; give a new notice if the public interest still needs weighing near its end"),
                        );
                    }
                }
            }
            Happening::FeesNoticeGiven => {
                let due_on = self.due()?.on;
                if on > due_on && self.sought_on.is_none() {
                    self.warn(
                        "clock.fees_notice_late",
                        format!("the fees notice of {on} came after the time for answering ended on {due_on}; it doesn't stop the clock"),
                    );
                } else {
                    self.fee = FeeState::Awaited { since: on };
                }
            }
            Happening::FeePaid => {
                if let FeeState::Awaited { since } = self.fee {
                    let payable_until = self.payable_until(since);
                    if on > payable_until {
                        self.fee = FeeState::Lapsed { since };
                        self.warn(
                            "clock.fee_paid_late",
                            format!("the fee of {on} came after the time for paying ended on {payable_until}; there is no duty to comply any more, but the authority may"),
                        );
                    } else {
                        self.fee = FeeState::None;
                        self.paused.push((since, on));
                    }
                }
            }
            Happening::PublicInterestExtension { .. } | Happening::MoreTimeTaken { .. } => {
                let due_on = self.due()?.on;
                if on > due_on {
                    self.warn(
                        "clock.extension_late",
                        format!("the notice of {on} came after the time for answering ended on {due_on}; it gives no longer time"),
                    );
                } else {
                    self.extension = Some(event);
                }
            }
            Happening::LongerTimeAgreed { until } => {
                let most = self.limit.by_agreement_working_days.unwrap_or_default();
                let latest = self.nth(most, &merged(&self.paused))?;
                if *until > latest {
                    self.problems.push(Problem::new(
                        "clock.beyond_agreement",
                        format!("the Commissioner can agree to {latest} at the latest ({} after receipt, {}); {until} is later", WorkingDays(most), self.limit.provision),
                    ));
                }
                self.agreed_until = Some(*until);
            }
            Happening::Answered => {
                self.answered_on.get_or_insert(on);
            }
            Happening::ReviewAsked
            | Happening::ReviewExtended { .. }
            | Happening::ReviewAnswered => {}
        }
        Ok(())
    }

    fn sought(
        &mut self,
        on: Date,
        reasonably_needed: bool,
        recorded: bool,
    ) -> Result<(), BeyondCalendar> {
        let due_on = self.due()?.on;
        if !reasonably_needed {
            self.warn(
                "clock.clarification_not_needed",
                format!("the detail asked for on {on} was not reasonably needed; the time runs on as if it had not been asked for"),
            );
            return Ok(());
        }
        if on > due_on {
            self.warn(
                "clock.clarification_late",
                format!("detail was asked for on {on}, after the time for answering ended on {due_on}; that breach stands"),
            );
        }
        if !recorded {
            self.warn(
                "clock.need_not_recorded",
                format!("record why the detail asked for on {on} was reasonably needed to find the information; otherwise the clock doesn't move"),
            );
        }
        self.sought_on.get_or_insert(on);
        Ok(())
    }

    fn finish(&mut self) -> Result<Deadline, BeyondCalendar> {
        let mut left_out = self.paused.clone();
        let standing = match (self.fee, self.sought_on) {
            (FeeState::Lapsed { since }, _) => Standing::FeeLapsed {
                payable_until: self.payable_until(since),
            },
            (_, Some(since)) => Standing::DetailAwaited {
                since,
                due_if_not_needed: self.due()?.on,
            },
            (FeeState::Awaited { since }, None) => {
                left_out.push((since, self.calendar().up_to()));
                Standing::FeeAwaited {
                    since,
                    payable_until: self.payable_until(since),
                }
            }
            (FeeState::None, None) => Standing::Running,
        };
        if self.limit.counts == Counts::SchoolDays && self.chronology.no_school.is_empty() {
            self.warn(
                "clock.no_school_dates",
                "every working day was taken for a school day; give the periods without school for a later day".to_owned(),
            );
        }
        let due = self.due_within(&left_out);
        let (due, last) = match standing {
            Standing::Running => {
                let due = due?;
                let last = due.on;
                (Some(due), last)
            }
            Standing::DetailAwaited { since, .. } | Standing::FeeAwaited { since, .. } => {
                (None, since)
            }
            Standing::FeeLapsed { payable_until } => (None, payable_until),
        };
        let extension = match (&due, self.extension) {
            (Some(due), Some(event)) => self.extended(due.on, event)?,
            _ => None,
        };
        let due_on = due.as_ref().map(|due| due.on);
        let answered = match self.answered_on {
            Some(on) => Some(late(
                self.calendar(),
                on,
                extension
                    .as_ref()
                    .map(|extension| extension.until)
                    .or(due_on),
            )?),
            None => None,
        };
        let ceiling_on = due_on.and_then(|_| self.ceiling());
        Ok(Deadline {
            counted_from: self.day_zero,
            standing,
            due_on,
            extension,
            ceiling_on,
            answered,
            ledger: self.ledger(due.as_ref(), last, &merged(&left_out))?,
        })
    }

    fn payable_until(&self, since: Date) -> Date {
        let fee = self.clock.regime.fee.as_ref();
        fee.map_or(since, |fee| fee.payable_until(since))
    }

    fn due(&self) -> Result<Due, BeyondCalendar> {
        self.due_within(&self.paused)
    }

    fn due_within(&self, paused: &[Period]) -> Result<Due, BeyondCalendar> {
        let plain = merged(paused);
        if let Some(until) = self.agreed_until {
            return Ok(Due {
                on: until,
                limit: WorkingDays(self.counted(until, &plain)?),
                school_days: false,
            });
        }
        if self.limit.counts == Counts::WorkingDays {
            return Ok(Due {
                on: self.nth(self.limit.working_days, &plain)?,
                limit: self.limit.length(),
                school_days: false,
            });
        }
        let mut closed = paused.to_vec();
        closed.extend(&self.chronology.no_school);
        let in_school = self.nth(self.limit.working_days, &merged(&closed));
        let most = self.limit.ceiling_working_days.unwrap_or_default();
        let at_latest = self.nth(most, &plain);
        match (in_school, at_latest) {
            (Ok(on), Ok(latest)) if on > latest => Ok(Due {
                on: latest,
                limit: WorkingDays(most),
                school_days: false,
            }),
            (Ok(on), _) => Ok(Due {
                on,
                limit: self.limit.length(),
                school_days: true,
            }),
            (Err(_), Ok(latest)) => Ok(Due {
                on: latest,
                limit: WorkingDays(most),
                school_days: false,
            }),
            (Err(error), Err(_)) => Err(error),
        }
    }

    /// The day on which more time ordinarily ends; `None` where there is no such time or it ends beyond the calendar.
    fn ceiling(&self) -> Option<Date> {
        let rule = self.clock.regime.extension.as_ref()?;
        self.nth(rule.ceiling_working_days, &merged(&self.paused))
            .ok()
    }

    fn extended(
        &mut self,
        due_on: Date,
        event: &Event,
    ) -> Result<Option<Extended>, BeyondCalendar> {
        let Some(rule) = &self.clock.regime.extension else {
            return Ok(None);
        };
        let (until, reason, grounds) = match &event.what {
            Happening::PublicInterestExtension {
                grounds,
                until,
                reason,
            } => (
                *until,
                reason,
                grounds
                    .iter()
                    .map(|ground| ground.provision.clone())
                    .collect(),
            ),
            Happening::MoreTimeTaken { until, reason } => (*until, reason, Vec::new()),
            _ => return Ok(None),
        };
        if until <= due_on {
            self.problems.push(Problem::new(
                "clock.no_extension",
                format!("the notice of {} gives {until}, which is not after {due_on}, the ordinary last day; leave the extension out, or give the day it was for", event.on),
            ));
            return Ok(None);
        }
        let ceiling_on = self.nth(rule.ceiling_working_days, &merged(&self.paused));
        if ceiling_on.is_ok_and(|ceiling_on| until > ceiling_on) {
            let most = WorkingDays(rule.ceiling_working_days);
            let until_when = ceiling_on.map_or_else(|_| String::new(), |day| day.to_string());
            if rule.ceiling_is_law {
                self.problems.push(Problem::new(
                    "clock.beyond_ceiling",
                    format!(
                        "{until} is later than {until_when}, the {most} that {} allows",
                        rule.provision
                    ),
                ));
            } else if reason.is_none() {
                self.problems.push(Problem::new(
                    "clock.beyond_ordinary_ceiling",
                    format!("{until} is later than {until_when}, the {most} within which the public interest is ordinarily weighed; add reason=… if the circumstances are exceptional, or give an earlier day"),
                ));
            } else {
                self.warn(
                    "clock.exceptionally_long",
                    format!("{until} is later than {until_when}, the {most} within which the public interest is ordinarily weighed; the recorded reason must hold"),
                );
            }
        }
        Ok(Some(Extended {
            provision: rule.provision.clone(),
            grounds,
            notice_on: event.on,
            until,
            working_day: WorkingDays(self.counted(until, &merged(&self.paused))?),
        }))
    }

    /// The `count`th working day after day zero that isn't left out.
    ///
    /// Adds the days left out up to the answer to the count until none is missing: the least such day, because more
    /// days left out never bring the answer forward.
    fn nth(&self, count: u32, left_out: &[Period]) -> Result<Date, BeyondCalendar> {
        let mut more = 0;
        loop {
            let on = self
                .calendar()
                .nth_working_day_after(self.day_zero, WorkingDays(count.saturating_add(more)))?;
            let missing = self.left_out_up_to(on, left_out)?;
            if missing == more {
                return Ok(on);
            }
            more = missing;
        }
    }

    fn left_out_up_to(&self, on: Date, left_out: &[Period]) -> Result<u32, BeyondCalendar> {
        left_out
            .iter()
            .map(|(from, to)| {
                let before = from.yesterday().unwrap_or(*from).max(self.day_zero);
                let to = (*to).min(on);
                if before >= to {
                    return Ok(0);
                }
                self.calendar().working_days_between(before, to)
            })
            .sum()
    }

    /// How many days count after day zero, up to and including `on`.
    fn counted(&self, on: Date, left_out: &[Period]) -> Result<u32, BeyondCalendar> {
        Ok(self
            .calendar()
            .working_days_between(self.day_zero, on)?
            .saturating_sub(self.left_out_up_to(on, left_out)?))
    }

    fn ledger(
        &self,
        due: Option<&Due>,
        last: Date,
        paused: &[Period],
    ) -> Result<Ledger, BeyondCalendar> {
        let within = |periods: &[Period], date: Date| {
            periods
                .iter()
                .any(|(from, to)| *from <= date && date <= *to)
        };
        let received_on = self.chronology.received_on;
        let school_days = due.map_or(self.limit.counts == Counts::SchoolDays, |due| {
            due.school_days
        });
        let mut days = Vec::new();
        let mut number: u32 = 0;
        let mut date = received_on;
        while date <= last {
            let why = if date == self.day_zero && date != received_on {
                Why::ClarificationReceived
            } else if date == received_on {
                Why::Received
            } else if date < self.day_zero {
                Why::BeforeClarification(self.day_zero)
            } else {
                match self.calendar().status_ref(date)? {
                    DayStatus::Weekend => Why::Weekend,
                    DayStatus::BankHoliday(which) => Why::BankHoliday(Arc::clone(which)),
                    DayStatus::WorkingDay if within(paused, date) => Why::FeeAwaited,
                    DayStatus::WorkingDay
                        if school_days && within(&self.chronology.no_school, date) =>
                    {
                        Why::NotASchoolDay
                    }
                    DayStatus::WorkingDay => {
                        number = number.saturating_add(1);
                        Why::Counts(number)
                    }
                }
            };
            days.push(LedgerDay { date, why });
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        Ok(Ledger::new(
            days,
            Arc::new(LedgerRules {
                limit: self.limit.provision.clone(),
                working_day: self.clock.regime.working_day.clone(),
                restart: self
                    .clock
                    .regime
                    .clarification
                    .as_ref()
                    .map(|rule| rule.restarts.clone()),
                pause: self
                    .clock
                    .regime
                    .fee
                    .as_ref()
                    .map(|rule| rule.pause.clone()),
            }),
            due.map_or(self.limit.length(), |due| due.limit),
            school_days,
        ))
    }
}

/// The periods in order, those that touch or overlap made one.
fn merged(periods: &[Period]) -> Vec<Period> {
    let mut sorted = periods.to_vec();
    sorted.sort();
    let mut merged: Vec<Period> = Vec::new();
    for (from, to) in sorted {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// Something done on a day, and how many working days late.
pub(super) fn late(
    calendar: &Calendar,
    on: Date,
    due_on: Option<Date>,
) -> Result<Done, BeyondCalendar> {
    let late_by = match due_on {
        Some(due_on) if on > due_on => calendar.working_days_between(due_on, on)?,
        _ => 0,
    };
    Ok(Done {
        on,
        late_by: WorkingDays(late_by),
    })
}
