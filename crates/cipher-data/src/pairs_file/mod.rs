//! Files of messages with their decryptions.
//!
//! The way from a file to pairs that a network can train on:
//!
//! 1. [`read_pairs`] reads a file of one of three [`Format`]s into [`PairTexts`], and lists every
//!    [`Problem`] on the way;
//! 2. [`PairTexts::duplicates`] finds repeated pairs and [`Conflict`]s, and
//!    [`PairTexts::without_duplicates`] settles them;
//! 3. [`find_alphabets`] looks for the symbols of each side, and [`unseen`] names those that the
//!    file should have but does not;
//! 4. a [`PairTable`] holds the pairs as ids, and [`PairTable::split`] divides them into training,
//!    validation and test sets.

mod alphabets;
mod csv;
mod duplicates;
mod fingerprints;
mod format;
mod groups;
mod near_duplicates;
mod problem;
mod read;
mod records;
mod sides;
mod split;
mod table;
mod texts;

pub use alphabets::{find_alphabets, unseen};
pub use duplicates::{Conflict, Conflicts, Duplicates};
pub use format::Format;
pub use problem::{Problem, ProblemKind};
pub use read::read_pairs;
pub use split::PairSplit;
pub use table::PairTable;
pub use texts::PairTexts;

use crate::DataError;

/// The value of a name that a person wrote.
fn by_name<T: Copy>(
    what: &'static str,
    known: &[(&'static str, T)],
    name: &str,
) -> Result<T, DataError> {
    let found = known.iter().find(|(known, _)| *known == name);
    found.map(|&(_, value)| value).ok_or_else(|| {
        let known: Vec<&str> = known.iter().map(|&(name, _)| name).collect();
        DataError::UnknownName {
            what,
            name: name.into(),
            known: known.join(", "),
        }
    })
}
