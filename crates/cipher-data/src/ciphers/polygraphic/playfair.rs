use crate::ciphers::cipher::NO_SYMBOL;
use crate::ciphers::mixed_alphabet::MixedAlphabet;
use crate::ciphers::padding::Padding;
use crate::ciphers::square::Square;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "playfair";

/// Replaces pairs of symbols by means of a square (Charles Wheatstone, 1854).
///
/// Two symbols in one row become those to their right, two in one column those below them, and any
/// others the symbols in their own rows and the other's column. Two equal symbols are kept apart by a
/// symbol of padding, and so is a last symbol without a partner. The alphabet has 25 symbols or those
/// of another square. Squares that differ by moving rows or columns around their edges are the same
/// key, so 25 letters have 24! keys.
#[derive(Debug, Clone)]
pub struct Playfair {
    square: Square,
    padding: Padding,
}

impl Playfair {
    /// The cipher with a square, and the symbol for padding: by default `X`, or else the last.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not fill a square; [`DataError::Key`] when
    /// the square lacks a symbol or the padding is not one symbol.
    pub fn new(
        alphabet: &Alphabet,
        key: &MixedAlphabet,
        padding: Option<&str>,
    ) -> Result<Self, DataError> {
        Ok(Self {
            square: Square::new(CIPHER, "key", alphabet, key)?,
            padding: Padding::new(CIPHER, alphabet, padding)?,
        })
    }

    /// The substitutes of a pair, in a row or a column `step` places on.
    fn substitutes(&self, one: SymbolId, other: SymbolId, step: usize) -> [SymbolId; 2] {
        let square = &self.square;
        let [[row, column], [other_row, other_column]] = [square.place(one), square.place(other)];
        if one == other {
            [NO_SYMBOL; 2]
        } else if row == other_row {
            [column, other_column].map(|column| square.symbol(row, column + step))
        } else if column == other_column {
            [row, other_row].map(|row| square.symbol(row + step, column))
        } else {
            [
                square.symbol(row, other_column),
                square.symbol(other_row, column),
            ]
        }
    }

    fn apply(&self, message: &[SymbolId], step: usize) -> Vec<SymbolId> {
        let pairs = message.chunks(2);
        pairs
            .flat_map(|pair| match *pair {
                [one, other] => self.substitutes(one, other, step).to_vec(),
                _ => vec![NO_SYMBOL],
            })
            .collect()
    }
}

impl Cipher for Playfair {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(&self.padded(message), 1)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(message, self.square.side() - 1)
    }

    fn padded(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.padding.between_equals(message)
    }
}
