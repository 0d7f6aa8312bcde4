//! An authority's policy applied to the questions of a request.

pub mod decision;
pub mod draft;
pub mod policy;
pub mod proposal;
