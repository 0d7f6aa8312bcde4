//! The public record: everything that an authority has published, held against what it is about to say, both ways round.
//!
//! Before a question is withheld or neither confirmed nor denied, [`check`] shows what already answers or confirms it.
//! Before an entry is published, [`before_publishing`] shows what it would give away and a wording that doesn't.
//! [`mosaic`] shows all that was ever published on a subject, and [`audit`] every place where policy and record
//! contradict each other. Only published words are read: nothing here can depend on what is held.

mod audit;
mod check;
mod entry;
mod index;
mod kinds;
mod lexicon;
mod mosaic;
mod publishing;
mod statement;
mod words;

pub use audit::{Cited, Contradiction, audit};
pub use check::{Checked, Hit, Lookup, Path, Searched, Words, check, checked, not_dealt_with};
pub use entry::{
    Asked, Contract, Exchange, Field, Outcome, Passage, PublishedEntry, ReadEntry, Reading,
    Revealed, Says, Source, question_of,
};
pub use index::{Found, Index, MOST, Search, Standing};
pub use kinds::Kinds;
pub use lexicon::{Lexicon, Thing, ThingId};
pub use mosaic::{Mosaic, Piece, mosaic};
pub use publishing::{Advice, Refusal, Suggested, Warning, before_publishing, refusals};
