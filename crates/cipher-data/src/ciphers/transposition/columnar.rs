use super::{put_back, read_out};
use crate::ciphers::key;
use crate::ciphers::padding::Padding;
use crate::{Alphabet, Cipher, DataError, SymbolId};

/// Writes the message in rows below a keyword and reads it column by column, in the order of the
/// keyword's symbols in the alphabet.
///
/// Where the keyword repeats a symbol, the column farther left comes first. The last row may be
/// short, unless there is padding to fill it. Symbols change their places only.
///
/// The key is the order of the columns, so the keywords of length m are m! different keys at most.
#[derive(Debug, Clone)]
pub struct ColumnarTransposition {
    /// For each column, from left to right, the number of columns that are read before it.
    ranks: Vec<usize>,
    /// What fills the last row, if something does.
    padding: Option<Padding>,
}

impl ColumnarTransposition {
    /// The transposition with a keyword, and the symbol that fills the last row, if it is to be filled.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet, or the
    /// padding is not one symbol.
    pub fn new(alphabet: &Alphabet, key: &str, padding: Option<&str>) -> Result<Self, DataError> {
        let cipher = "columnar-transposition";
        let padding = padding.map(|symbol| Padding::new(cipher, alphabet, Some(symbol)));
        Ok(Self {
            padding: padding.transpose()?,
            ..Self::of(cipher, "key", alphabet, key)?
        })
    }

    /// The transposition that is a part of a cipher, with the keyword of a field.
    pub(in crate::ciphers) fn of(
        cipher: &'static str,
        field: &'static str,
        alphabet: &Alphabet,
        key: &str,
    ) -> Result<Self, DataError> {
        let keyword = match numbers(alphabet, key) {
            Some(numbers) => numbers,
            None => key::keyword_of(cipher, field, alphabet, key)?,
        };
        let mut columns: Vec<usize> = (0..keyword.len()).collect();
        columns.sort_by_key(|&column| keyword[column]);
        let mut ranks = vec![0; columns.len()];
        for (rank, column) in columns.into_iter().enumerate() {
            ranks[column] = rank;
        }
        Ok(Self {
            ranks,
            padding: None,
        })
    }

    fn rank(&self, place: usize) -> usize {
        self.ranks[place % self.ranks.len()]
    }
}

/// The order of the columns as numbers, such as `632415` or `10-3-1`, over an alphabet without digits.
fn numbers(alphabet: &Alphabet, key: &str) -> Option<Vec<SymbolId>> {
    let first = key.chars().next()?;
    if !first.is_ascii_digit() || alphabet.id(first.encode_utf8(&mut [0; 4])).is_some() {
        return None;
    }
    let is_apart = key.contains(|c: char| !c.is_ascii_digit());
    let numbers: Vec<&str> = match is_apart {
        true => key
            .split(|c: char| !c.is_ascii_digit())
            .filter(|one| !one.is_empty())
            .collect(),
        false => key.split("").filter(|one| !one.is_empty()).collect(),
    };
    numbers
        .into_iter()
        .map(|number| number.parse().ok())
        .collect()
}

impl Cipher for ColumnarTransposition {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        read_out(&self.padded(message), |place| self.rank(place))
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        put_back(message, |place| self.rank(place))
    }

    fn padded(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        match self.padding {
            Some(padding) => padding.to_multiple(message, self.ranks.len()),
            None => message.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_examples_of_wikipedia_come_out() {
        // Wikipedia, Transposition cipher: the irregular case, and the second of two in a row.
        let transposition = |key| ColumnarTransposition::new(&letters(), key, None).unwrap();
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
    fn the_order_of_the_columns_can_be_numbers() {
        let transposition = |key| ColumnarTransposition::new(&letters(), key, None).unwrap();
        for key in ["632415", "6 3 2 4 1 5", "6-3-2-4-1-5"] {
            assert_encrypts(
                &transposition(key),
                &letters(),
                "WEAREDISCOVEREDFLEEATONCE",
                "EVLNACDTESEAROFODEECWIREE",
            );
        }
    }

    #[test]
    fn of_equal_symbols_the_left_one_is_read_first() {
        // By hand: the columns below A, B and A are PO, LS and AE; those below A come first.
        let transposition = ColumnarTransposition::new(&letters(), "ABA", None).unwrap();
        assert_encrypts(&transposition, &letters(), "PLAOSE", "POAELS");
    }
}
