use super::corners;
use crate::ciphers::mixed_alphabet::MixedAlphabet;
use crate::ciphers::padding::Padding;
use crate::ciphers::square::Square;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "four-square";

/// Replaces pairs of symbols by means of four squares (Félix Delastelle, 1902). The upper left and the
/// lower right one have the alphabet in its own order, and the plaintext's two symbols are looked up
/// there; their rows and columns are those of the substitutes in the upper right and the lower left
/// square. There are (n!)² keys.
#[derive(Debug, Clone)]
pub struct FourSquare {
    plain: Square,
    upper_right: Square,
    lower_left: Square,
    padding: Padding,
}

impl FourSquare {
    /// The cipher with the two squares of its key, and the symbol that fills up a last pair: by default
    /// `X`, or else the last.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not fill a square; [`DataError::Key`] when
    /// a square lacks a symbol or the padding is not one symbol.
    pub fn new(
        alphabet: &Alphabet,
        upper_right: &MixedAlphabet,
        lower_left: &MixedAlphabet,
        padding: Option<&str>,
    ) -> Result<Self, DataError> {
        Ok(Self {
            plain: Square::plain(CIPHER, alphabet)?,
            upper_right: Square::new(CIPHER, "upper_right", alphabet, upper_right)?,
            lower_left: Square::new(CIPHER, "lower_left", alphabet, lower_left)?,
            padding: Padding::new(CIPHER, alphabet, padding)?,
        })
    }
}

impl Cipher for FourSquare {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let keyed = [&self.upper_right, &self.lower_left];
        corners(&self.padded(message), [&self.plain; 2], keyed)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let keyed = [&self.upper_right, &self.lower_left];
        corners(message, keyed, [&self.plain; 2])
    }

    fn padded(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.padding.to_multiple(message, 2)
    }
}
