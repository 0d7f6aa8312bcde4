//! The Freedom of Information Act 2000 as data and arithmetic.
//!
//! Everything here is a pure function of its arguments: no clock, no files.

mod calendar;
mod problem;
mod provision;
mod statute;

pub use calendar::{BeyondCalendar, Calendar, DayStatus, LedgerDay, WorkingDays};
pub use problem::Problem;
pub use provision::{Act, Citation, NotAProvision, Provision, find_citations};
pub use statute::{Basis, Effect, Exemption, Statute, TimeLimit};
