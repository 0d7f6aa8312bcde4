//! One document tree for every letter and page, and its renderings.

mod compose;
mod document;
pub mod log;
mod page;
mod picture;
pub mod render;
mod review;
mod wording;

pub use compose::{compose, compose_decision, day, series};
pub use document::{Block, Document, FinalDocument, Gap, Inline};
pub use page::compose_policy_page;
pub use picture::Picture;
pub use review::compose_review;
pub use wording::{Sentence, Wording};
