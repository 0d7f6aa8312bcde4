//! The officer's desk.

pub mod acts;
pub mod admin;
pub mod bulk;
pub mod case;
pub mod clock;
pub mod doors;
pub mod harm;
pub mod history;
pub mod intake;
pub mod letter;
pub mod offers;
pub mod policy;
pub mod private;
pub(crate) mod public_record;
pub mod questions;
pub mod queue;
pub mod register;
pub mod release;
pub mod review;
pub mod second;
pub(crate) mod shown;
pub mod tasks;
pub mod topics;
