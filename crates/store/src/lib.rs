//! Cases that last: an append-only record of events on SQLite or PostgreSQL, provable afterwards.
//!
//! The only crate that knows SQL. Its clock, ids and randomness come in as arguments.

pub mod attachments;
pub mod backup;
pub mod chain;
pub mod changes;
pub mod checkpoint;
pub mod db;
pub mod desk;
pub mod disclosure_log;
pub mod doors;
pub mod export;
pub mod fault;
pub mod locked;
pub mod mail;
pub mod merkle;
mod projection;
pub mod queries;
mod schema;
pub mod stances;
mod store;
pub mod verify;
pub mod work;

pub use db::{Db, Engine};
pub use fault::{Fault, Stopped};
pub use projection::{Alike, Cursor, Summary};
pub use store::{
    Act, Chosen, Done, Entropy, Intake, Numbering, Opened, Place, PublishedWords, QueueFilter,
    Secrets, Store, TakenIn, Topics,
};
