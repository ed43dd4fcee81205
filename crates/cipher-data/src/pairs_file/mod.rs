//! Files of messages with their decryptions.
//!
//! The way from a file to pairs that a network can train on:
//!
//! 1. [`read_pairs`] reads a file in one of three [`Format`]s into [`PairTexts`] and lists every
//!    [`Problem`];
//! 2. [`PairTexts::duplicates`] finds repeated pairs and [`Conflict`]s, and
//!    [`PairTexts::without_duplicates`] settles them;
//! 3. [`find_alphabets`] looks for the symbols of each side, and [`unseen`] names those that the
//!    file should have but does not;
//! 4. a [`PairTable`] holds the pairs as ids, and [`PairTable::split`] divides them into training,
//!    validation and test sets.

mod alphabets;
mod csv;
mod duplicates;
mod field;
mod fingerprints;
mod format;
mod groups;
mod line_end;
mod near_duplicates;
mod problem;
mod read;
mod records;
mod sides;
mod split;
mod table;
mod texts;

pub use alphabets::{find_alphabets, unseen};
pub use duplicates::{Conflict, ConflictingPairs, Conflicts, Duplicates};
pub use format::Format;
pub use problem::{Problem, ProblemKind};
pub use read::read_pairs;
pub use split::PairSplit;
pub use table::PairTable;
pub use texts::PairTexts;
