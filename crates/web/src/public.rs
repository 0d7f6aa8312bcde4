//! The public's door.

pub mod add;
pub mod ask;
pub mod contracts;
pub mod follow;
pub mod home;
pub mod log;
pub mod plain;
pub mod policy;
pub mod statistics;
