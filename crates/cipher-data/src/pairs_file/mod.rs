//! Files of messages with their decryptions.
//!
//! The way from a file to pairs that a network can train on:
//!
//! 1. [`read_pairs`] finds the [`Encoding`] and the [`Layout`] of a file, reads it into [`PairTexts`]
//!    and lists every [`Problem`];
//! 2. [`FoundReadings::of`] finds what the symbols of each side are;
//! 3. [`PairTexts::duplicates`] finds repeated pairs and [`Conflict`]s, and
//!    [`PairTexts::without_duplicates`] settles them;
//! 4. [`find_alphabets`] looks for the symbols of each side, and names those that the file should have
//!    but does not;
//! 5. a [`PairTable`] holds the pairs as ids, and [`PairTable::split`] divides them into training,
//!    validation and test sets.

mod alphabets;
mod bars;
mod clean;
mod columns;
mod csv;
mod cut;
mod detect;
mod duplicates;
mod encoding;
mod explained;
mod field;
mod fingerprints;
mod format;
mod groups;
mod json;
mod keys;
mod layout;
mod line_end;
mod name_words;
mod names;
mod near_duplicates;
mod parallel;
mod problem;
mod read;
mod readings;
mod records;
mod sides;
mod split;
mod table;
mod texts;

pub use alphabets::{Alphabets, find_alphabets};
pub use columns::Columns;
pub use duplicates::{Conflict, ConflictingPairs, Conflicts, Duplicates};
pub use encoding::Encoding;
pub use format::Format;
pub use keys::find_key_alphabet;
pub use layout::Layout;
pub use parallel::{ParallelTexts, read_parallel};
pub use problem::{Problem, ProblemKind};
pub use read::{FileHints, read_pairs};
pub(crate) use readings::candidates;
pub use readings::{FoundReadings, ReadingHints, Readings, RunnerUp, UnequalPair};
pub use split::PairSplit;
pub use table::PairTable;
pub use texts::PairTexts;
