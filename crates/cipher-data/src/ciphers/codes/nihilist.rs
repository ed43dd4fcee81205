use crate::ciphers::cipher::NO_SYMBOL;
use crate::ciphers::key;
use crate::ciphers::mixed_alphabet::MixedAlphabet;
use crate::ciphers::square::Square;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "nihilist";

/// Adds two numbers: with `v` the number of row and column in a square, from 11, `c = v(p) + v(k)`. The
/// keyword is repeated along the message.
///
/// The sums are written as numbers; of 25 letters they are 22 to 110. There are n! n^m keys.
#[derive(Debug, Clone)]
pub struct Nihilist {
    square: Square,
    /// The numbers of the keyword's symbols.
    key: Vec<usize>,
}

impl Nihilist {
    /// The cipher with a square and a keyword.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not fill a square of up to 9 by 9;
    /// [`DataError::Key`] when the square lacks a symbol, or the keyword is empty or has a symbol that is
    /// not in the alphabet.
    pub fn new(alphabet: &Alphabet, square: &MixedAlphabet, key: &str) -> Result<Self, DataError> {
        let square = Square::new(CIPHER, "square", alphabet, square)?;
        if square.side() > 9 {
            return Err(DataError::CipherAlphabet {
                cipher: CIPHER,
                needed: "a square of at most 9 by 9, whose rows have one digit",
                n_symbols: alphabet.len(),
            });
        }
        let key = key::keyword(CIPHER, alphabet, key)?;
        let key = key.iter().map(|&id| number(&square, id)).collect();
        Ok(Self { square, key })
    }

    /// The smallest sum.
    pub(crate) const SMALLEST: usize = 22;

    /// All numbers from the smallest sum to the largest of a square, also those that are no sum.
    pub(crate) fn sums(side: usize) -> Vec<String> {
        let sums = Self::SMALLEST..=Self::SMALLEST * side;
        sums.map(|sum| sum.to_string()).collect()
    }
}

/// The digits of the row and the column, from 1.
fn number(square: &Square, id: SymbolId) -> usize {
    let [row, column] = square.place(id);
    10 * (row + 1) + column + 1
}

impl Cipher for Nihilist {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let both = message.iter().zip(self.key.iter().cycle());
        let sum = |(&id, key): (&SymbolId, &usize)| {
            (number(&self.square, id) + key - Self::SMALLEST) as SymbolId
        };
        both.map(sum).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let both = message.iter().zip(self.key.iter().cycle());
        let symbol = |(&id, key): (&SymbolId, &usize)| {
            let number = (usize::from(id) + Self::SMALLEST).saturating_sub(*key);
            let digits = [number / 10, number % 10];
            let side = self.square.side();
            if digits.iter().all(|digit| (1..=side).contains(digit)) {
                self.square.symbol(digits[0] - 1, digits[1] - 1)
            } else {
                NO_SYMBOL
            }
        };
        both.map(symbol).collect()
    }

    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        Some(Self::sums(self.square.side()))
    }

    fn period(&self) -> Option<usize> {
        Some(self.key.len())
    }
}
