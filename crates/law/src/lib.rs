//! The Freedom of Information Act 2000 as data and arithmetic.
//!
//! Everything here is a pure function of its arguments: no clock, no files.

mod problem;

pub use problem::Problem;
