//! The authority's office: law, triage, cases, letters, store and search wired together, for the command line and for
//! the web alike.
//!
//! Open an [`Office`] once and share it; every method takes `&self`.
//!
//! * [`Office::take_in`] turns a message into a case: reads its questions, proposes, gives the reference.
//! * [`Office::act`] does what somebody commands, checked by [`casework::procedure`]; [`Stopped::Conflict`] when
//!   someone else changed the case since it was seen.
//! * [`Office::case`], [`Office::queue`], [`Office::history`] read; [`Office::unnamed`] reads a case for whoever need not
//!   know who asked.
//! * [`Office::letter`] composes the reply from the decisions, with everything that the refusal-notice check and the
//!   leak guard say of it; [`Office::compose_draft`] records it, [`Office::issue`] sends it on its way.
//! * [`Office::search`] and [`Office::similar`] look among all cases; [`Office::follow`] brings the index up to date.
//! * [`Office::registers`] has the contracts register as published; [`Office::rows_for`] and [`Office::earlier_answer`]
//!   what a question may be answered with.
//! * [`Office::already_public`] holds a question against what was published; [`Office::act`] refuses to refuse over it.
//! * [`Office::preview`] shows what a case would say in the disclosure log, [`Office::log`] gives all of it.
//! * [`Office::wording`] is the wording of letters, with the authority's own sentences; [`Office::what_would_change`]
//!   tries another policy on past requests.
//! * [`Office::send_mail`] sends what is to be sent, once for whoever receives it.
//! * [`Office::work`] does the routine work that is due, [`Office::keep_going`] all of it until told to stop.
//!
//! The clock comes in as a closure, so the same office serves tests and people.

pub mod advice;
mod authority;
mod bundle;
pub mod comparison;
pub mod data;
pub mod fault;
mod guarded;
pub mod intake;
pub mod letter;
pub mod log;
mod logo;
pub mod mail;
pub mod mail_in;
mod offers;
mod office;
pub mod published;
pub mod reading;
pub mod record;
pub mod register;
pub mod release;
pub mod reuse;
mod routine;
pub mod sealed_part;
mod secrets;
mod seed;
pub mod sign_in;
pub mod teams;
pub mod unnamed;
pub mod wording;

pub use authority::Authority;
pub use bundle::Bundle;
pub use letter::{Letter, LetterFinding};
pub use logo::Logo;
pub use offers::{ContractList, Earlier, PublishedAnswer, Row};
pub use office::{Found, Message, NewApplicant, Office, Setup, Similar, SimilarQuestion, Trouble};
pub use routine::{Deliver, Round};
pub use secrets::public_key_file;
pub use seed::Extent;
pub use store::{Chosen, Cursor, Done, Entropy, Fault, QueueFilter, Stopped, Summary, TakenIn};
