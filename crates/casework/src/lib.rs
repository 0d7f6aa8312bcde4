//! An authority's policy applied to the questions of a request, and the case that a request becomes.

pub mod applicant;
pub mod case;
pub mod command;
pub mod confidence;
pub mod confirm_or_deny;
pub mod consistency;
pub mod decision;
pub mod disclosure_log;
pub mod draft;
pub mod evaluation;
pub mod event;
pub mod excess;
pub mod explanation;
pub mod holding;
pub mod invented;
pub mod leak_guard;
mod month;
pub mod notice;
pub mod personal_data;
pub mod policy;
pub mod procedure;
pub mod proposal;
pub mod public_record;
pub mod register;
pub mod role;
pub mod routine;
pub mod substance;
