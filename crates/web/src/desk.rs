//! The officer's desk.

pub mod case;
pub mod queue;
mod shown;
