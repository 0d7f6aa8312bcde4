//! The contracts register that the Local Government Transparency Code 2015 has an authority publish each quarter: read
//! from what councils really keep, checked, compared from quarter to quarter, and searched for rows that answer a question.

pub mod check;
pub mod compare;
pub mod contract;
mod date;
mod header;
mod identifier;
pub mod import;
pub mod layout;
pub mod matching;
mod meaning;
pub mod problem;
pub mod quarter;
mod question;
mod reasons;
mod row;
mod spelling;
mod supplier;
pub mod thesaurus;
mod value;
mod words;
pub mod workbook;

pub use contract::{Contract, Field, Pence, Process, Source, ValueBasis};
pub use import::{Import, import};
pub use layout::Layout;
pub use matching::{Index, Match};
pub use problem::{Problem, Severity};
pub use quarter::Quarter;
pub use thesaurus::Thesaurus;
