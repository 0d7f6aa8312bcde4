//! The public's door.

pub mod home;
pub mod plain;
