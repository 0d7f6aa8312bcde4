//! The Freedom of Information Act 2000 as data and arithmetic.
//!
//! Everything here is a pure function of its arguments: no clock, no files.

mod calendar;
mod chronology;
mod citation;
mod clock;
mod comparison;
pub mod cost;
mod entries;
mod exemption;
mod fees;
mod ledger;
mod lookup;
mod problem;
mod provision;
mod refusal;
mod statute;
mod time_limit;

pub use calendar::{
    BankHoliday, BeyondCalendar, Calendar, Certainty, DayStatus, Jurisdiction, WorkingDays,
};
pub use chronology::{Chronology, EngagedExemption, Event, Happening};
pub use citation::{Citation, find_bare_citations, find_citations};
pub use clock::{Clock, Deadline, Done, Extended, Move, Reckoning, ReviewClock, Standing, Warning};
pub use comparison::CalendarChange;
pub use entries::tables;
pub use exemption::{Basis, Effect, Exemption, Limb, Part, Role};
pub use fees::{
    Activity, Aggregation, AppropriateLimit, CountedActivity, Fees, HourlyRate, NotCounted,
};
pub use ledger::{Ledger, LedgerDay, Why};
pub use lookup::Entry;
pub use problem::Problem;
pub use provision::{Act, NotAProvision, Provision};
pub use refusal::{Duty, Ground, Likelihood, Refusal};
pub use statute::{Gateway, Rule, Statute};
pub use time_limit::{
    Clarification, Counts, Extension, ExtensionKind, Fee, Regime, Review, TimeLimit, TimeLimits,
};
