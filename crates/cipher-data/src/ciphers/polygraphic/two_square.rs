use serde::{Deserialize, Serialize};

use super::corners;
use crate::ciphers::mixed_alphabet::MixedAlphabet;
use crate::ciphers::padding::Padding;
use crate::ciphers::square::Square;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "two-square";

/// How the squares of a [`TwoSquare`] cipher lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrangement {
    /// The first above the second.
    #[default]
    Vertical,
    /// The first to the left of the second.
    Horizontal,
}

/// Replaces pairs of symbols by means of two squares. The first symbol is looked up in the first square,
/// at row r and column s, and the second in the second square, at t and u; with squares F and S the pair
/// becomes `F(r, u) S(t, s)` where one square is above the other, and `S(r, u) F(t, s)` where they are
/// side by side, as the American Cryptogram Association has it. There are (n!)² keys.
#[derive(Debug, Clone)]
pub struct TwoSquare {
    squares: [Square; 2],
    arrangement: Arrangement,
    padding: Padding,
}

impl TwoSquare {
    /// The cipher with two squares, and the symbol that fills up a last pair: by default `X`, or else
    /// the last.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not fill a square; [`DataError::Key`] when
    /// a square lacks a symbol or the padding is not one symbol.
    pub fn new(
        alphabet: &Alphabet,
        squares: [&MixedAlphabet; 2],
        arrangement: Arrangement,
        padding: Option<&str>,
    ) -> Result<Self, DataError> {
        Ok(Self {
            squares: [
                Square::new(CIPHER, "first", alphabet, squares[0])?,
                Square::new(CIPHER, "second", alphabet, squares[1])?,
            ],
            arrangement,
            padding: Padding::new(CIPHER, alphabet, padding)?,
        })
    }

    /// The squares that a plaintext is looked up in, and those that the ciphertext is from.
    fn sides(&self) -> [[&Square; 2]; 2] {
        let [first, second] = &self.squares;
        match self.arrangement {
            Arrangement::Vertical => [[first, second]; 2],
            Arrangement::Horizontal => [[first, second], [second, first]],
        }
    }
}

impl Cipher for TwoSquare {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let [plaintext, ciphertext] = self.sides();
        corners(&self.padded(message), plaintext, ciphertext)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let [plaintext, ciphertext] = self.sides();
        corners(message, ciphertext, plaintext)
    }

    fn padded(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.padding.to_multiple(message, 2)
    }
}
