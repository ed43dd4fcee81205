use cipher_data::{Alphabet, KeyRecovery, SymbolUnit};

/// How answers are compared with plaintexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Symbol by symbol.
    Symbols,
    /// By the least number of edits that make one of the other: symbols to put in, to take out or to
    /// change. The character error rate is their number by that of the plaintext's symbols.
    Edits,
    /// Symbol by symbol of keys and the end after them.
    Keys,
}

impl Measure {
    /// How answers over an alphabet are compared: answers of chunks may have any length.
    pub fn of(plaintext: &Alphabet) -> Self {
        match plaintext.unit() {
            SymbolUnit::Chunk => Self::Edits,
            _ if plaintext.id(KeyRecovery::END).is_some() => Self::Keys,
            _ => Self::Symbols,
        }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Symbols => "symbols",
            Self::Edits => "edit_distance",
            Self::Keys => "key_symbols",
        }
    }
}
