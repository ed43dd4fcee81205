use cipher_data::{Alphabet, SymbolUnit};

/// How answers are compared with plaintexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Symbol by symbol.
    Symbols,
    /// By the least number of edits that make one of the other: symbols to put in, to take out or to
    /// change. The character error rate is their number by that of the plaintext's symbols.
    Edits,
}

impl Measure {
    /// How answers over an alphabet are compared: answers of chunks may have any length.
    pub fn of(plaintext: &Alphabet) -> Self {
        match plaintext.unit() {
            SymbolUnit::Chunk => Self::Edits,
            _ => Self::Symbols,
        }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Symbols => "symbols",
            Self::Edits => "edit_distance",
        }
    }
}
