use crate::ciphers::mixed_alphabet::MixedAlphabet;
use crate::ciphers::square::Square;
use crate::ciphers::transposition::ColumnarTransposition;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "adfgvx";

/// Writes each symbol as the two letters of its row and its column in a square, and all these letters in
/// columns below a keyword, which are read in the order of its symbols (Fritz Nebel, 1918).
///
/// Two letters of the ciphertext count as one symbol. With 25 symbols the letters are `ADFGX`, with 36
/// `ADFGVX`. There are n! squares and up to m! orders of m columns.
#[derive(Debug, Clone)]
pub struct Adfgvx {
    square: Square,
    columns: ColumnarTransposition,
}

impl Adfgvx {
    /// The cipher with a square, and the keyword above the columns.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not have 25 or 36 symbols;
    /// [`DataError::Key`] when the square lacks a symbol, or the keyword is empty or has a symbol that
    /// is not in the alphabet.
    pub fn new(alphabet: &Alphabet, square: &MixedAlphabet, key: &str) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        if !matches!(n_symbols, 25 | 36) {
            return Err(DataError::CipherAlphabet {
                cipher: CIPHER,
                needed: "an alphabet of 25 symbols, or of 36 such as the letters and digits",
                n_symbols,
            });
        }
        Ok(Self {
            square: Square::new(CIPHER, "square", alphabet, square)?,
            columns: ColumnarTransposition::of(CIPHER, "key", alphabet, key)?,
        })
    }

    /// The pairs of letters of a square's rows and columns.
    pub(crate) fn signs(side: usize) -> Vec<String> {
        let labels = if side == 5 { "ADFGX" } else { "ADFGVX" };
        let rows = labels.chars();
        let pairs = rows.flat_map(|row| labels.chars().map(move |column| format!("{row}{column}")));
        pairs.collect()
    }

    fn paired(&self, coordinates: &[SymbolId]) -> Vec<SymbolId> {
        let side = self.square.side() as SymbolId;
        let pairs = coordinates.chunks_exact(2);
        pairs.map(|pair| pair[0] * side + pair[1]).collect()
    }
}

impl Cipher for Adfgvx {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let places = message.iter().flat_map(|&id| self.square.place(id));
        let coordinates: Vec<SymbolId> = places.map(|one| one as SymbolId).collect();
        self.paired(&self.columns.encrypt(&coordinates))
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let side = self.square.side() as SymbolId;
        let coordinates = message.iter().flat_map(|&code| [code / side, code % side]);
        let coordinates = self.columns.decrypt(&coordinates.collect::<Vec<_>>());
        let pairs = coordinates.chunks_exact(2);
        pairs
            .map(|pair| self.square.symbol(pair[0].into(), pair[1].into()))
            .collect()
    }

    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        Some(Self::signs(self.square.side()))
    }
}
