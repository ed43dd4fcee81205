use super::{put_back, read_out};
use crate::ciphers::key;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Writes the message in rows below a keyword and reads it column by column, in the order of the
/// keyword's symbols in the alphabet.
///
/// Where the keyword repeats a symbol, the column farther left comes first. The last row may be
/// short: no symbols are filled in, so the length stays. Symbols change their places only.
///
/// The key is the order of the columns, so the keywords of length m are m! different keys at most.
#[derive(Debug, Clone)]
pub struct ColumnarTransposition {
    /// For each column, from left to right, the number of columns that are read before it.
    ranks: Vec<usize>,
}

impl ColumnarTransposition {
    /// The transposition with a keyword.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        Self::of("columnar-transposition", "key", alphabet, key)
    }

    /// The transposition that is a part of a cipher, with the keyword of a field.
    pub(in crate::ciphers) fn of(
        cipher: &'static str,
        field: &'static str,
        alphabet: &Alphabet,
        key: &str,
    ) -> Result<Self, DataError> {
        let keyword = key::keyword_of(cipher, field, alphabet, key)?;
        let mut columns: Vec<usize> = (0..keyword.len()).collect();
        columns.sort_by_key(|&column| keyword[column]);
        let mut ranks = vec![0; columns.len()];
        for (rank, column) in columns.into_iter().enumerate() {
            ranks[column] = rank;
        }
        Ok(Self { ranks })
    }

    fn rank(&self, place: usize) -> usize {
        self.ranks[place % self.ranks.len()]
    }
}

impl Cipher for ColumnarTransposition {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        read_out(message, |place| self.rank(place))
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        put_back(message, |place| self.rank(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_examples_of_wikipedia_come_out() {
        // Wikipedia, Transposition cipher: the irregular case, and the second of two in a row.
        let transposition = |key| ColumnarTransposition::new(&letters(), key).unwrap();
        assert_encrypts(
            &transposition("ZEBRAS"),
            &letters(),
            "WEAREDISCOVEREDFLEEATONCE",
            "EVLNACDTESEAROFODEECWIREE",
        );
        assert_encrypts(
            &transposition("STRIPE"),
            &letters(),
            "EVLNACDTESEAROFODEECWIREE",
            "CAEENSOIAEDRLEFWEDREEVTOC",
        );
    }

    #[test]
    fn of_equal_symbols_the_left_one_is_read_first() {
        // By hand: the columns below A, B and A are PO, LS and AE; those below A come first.
        let transposition = ColumnarTransposition::new(&letters(), "ABA").unwrap();
        assert_encrypts(&transposition, &letters(), "PLAOSE", "POAELS");
    }
}
