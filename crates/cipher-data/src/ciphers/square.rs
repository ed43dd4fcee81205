use super::mixed_alphabet::{MixedAlphabet, places};
use crate::{Alphabet, DataError, SymbolId};

/// The symbols of a mixed alphabet, row by row in a square.
#[derive(Debug, Clone)]
pub struct Square {
    side: usize,
    symbols: Vec<SymbolId>,
    /// For each symbol, its place, counted row by row.
    places: Vec<SymbolId>,
}

impl Square {
    /// The square of a key.
    pub fn new(
        cipher: &'static str,
        field: &'static str,
        alphabet: &Alphabet,
        key: &MixedAlphabet,
    ) -> Result<Self, DataError> {
        let side = side(cipher, alphabet)?;
        let symbols = key.init(cipher, field, alphabet)?;
        Ok(Self {
            side,
            places: places(&symbols),
            symbols,
        })
    }

    /// The square of the alphabet in its own order.
    pub fn plain(cipher: &'static str, alphabet: &Alphabet) -> Result<Self, DataError> {
        let symbols: Vec<SymbolId> = (0..alphabet.len() as SymbolId).collect();
        Ok(Self {
            side: side(cipher, alphabet)?,
            places: symbols.clone(),
            symbols,
        })
    }

    pub fn side(&self) -> usize {
        self.side
    }

    /// The row and the column of a symbol.
    pub fn place(&self, id: SymbolId) -> [usize; 2] {
        let place = usize::from(self.places[usize::from(id)]);
        [place / self.side, place % self.side]
    }

    /// The symbol at a row and a column, which go around the edges.
    pub fn symbol(&self, row: usize, column: usize) -> SymbolId {
        self.symbols[row % self.side * self.side + column % self.side]
    }
}

/// The side of the square that the alphabet fills.
fn side(cipher: &'static str, alphabet: &Alphabet) -> Result<usize, DataError> {
    let n_symbols = alphabet.len();
    match n_symbols.isqrt() {
        side if side * side == n_symbols => Ok(side),
        _ => Err(DataError::CipherAlphabet {
            cipher,
            needed: "an alphabet that fills a square, such as the 25 letters without J",
            n_symbols,
        }),
    }
}
