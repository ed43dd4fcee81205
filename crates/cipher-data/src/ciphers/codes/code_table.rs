use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ciphers::cipher::NO_SYMBOL;
use crate::ciphers::key::refuse;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "code-table";

/// The signs that stand for one symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a symbol has one code, such as \"17\", or a list of codes, such as [\"17\", \"23\"]"
)]
pub enum CodeSigns {
    /// One sign.
    One(String),
    /// Homophones, which are used in turn.
    Several(Vec<String>),
}

impl CodeSigns {
    /// The signs, in the order in which they are used.
    pub fn signs(&self) -> &[String] {
        match self {
            Self::One(sign) => std::slice::from_ref(sign),
            Self::Several(signs) => signs,
        }
    }
}

/// A table of what each symbol becomes. Where a symbol has several codes, its occurrences in a message
/// take them in turn: a homophonic substitution.
#[derive(Debug, Clone)]
pub struct CodeTable {
    signs: Vec<String>,
    /// For each symbol, the signs that stand for it.
    of_symbols: Vec<Vec<SymbolId>>,
    /// For each sign, the symbol that it stands for. The unclear ones, which are the last, have none.
    symbols: Vec<SymbolId>,
}

impl CodeTable {
    /// The table, in which each symbol of the alphabet has a code.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when a symbol has no code, a code stands for two symbols, or a symbol is not in
    /// the alphabet.
    pub fn new(
        alphabet: &Alphabet,
        codes: &BTreeMap<String, CodeSigns>,
    ) -> Result<Self, DataError> {
        let refuse = |reason: String| refuse(CIPHER, "codes", reason);
        if let Some(symbol) = codes.keys().find(|symbol| alphabet.id(symbol).is_none()) {
            return Err(refuse(format!(
                "{symbol:?} is not in the alphabet; add it there, or leave its code out"
            )));
        }
        let mut table = Self {
            signs: Vec::new(),
            of_symbols: Vec::new(),
            symbols: Vec::new(),
        };
        let mut symbols_of_signs = BTreeMap::new();
        for (id, symbol) in (0..).zip(alphabet.symbols()) {
            let signs = codes.get(symbol).map_or(&[][..], CodeSigns::signs);
            if signs.is_empty() {
                return Err(refuse(format!("{symbol:?} has no code; give it one")));
            }
            let mut of_symbol = Vec::new();
            for sign in signs {
                if let Some(other) = symbols_of_signs.insert(sign, symbol) {
                    return Err(refuse(format!(
                        "{sign:?} stands for {other:?} and {symbol:?}; give each its own code"
                    )));
                }
                of_symbol.push(table.signs.len() as SymbolId);
                table.signs.push(sign.clone());
                table.symbols.push(id);
            }
            table.of_symbols.push(of_symbol);
        }
        Ok(table)
    }

    /// The table with signs of which nobody knows what they stand for: their answer is [`NO_SYMBOL`].
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when such a sign is a code.
    pub fn with_unclear(mut self, unclear: &[String]) -> Result<Self, DataError> {
        if let Some(sign) = unclear.iter().find(|sign| self.signs.contains(sign)) {
            let reason = format!("{sign:?} is a code, too; leave out one of them");
            return Err(refuse(CIPHER, "unclear", reason));
        }
        self.signs.extend_from_slice(unclear);
        Ok(self)
    }
}

impl Cipher for CodeTable {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let mut n_used = vec![0_usize; self.of_symbols.len()];
        let sign = |&id: &SymbolId| {
            let signs = &self.of_symbols[usize::from(id)];
            let n_used = &mut n_used[usize::from(id)];
            *n_used += 1;
            signs[(*n_used - 1) % signs.len()]
        };
        message.iter().map(sign).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let symbol = |&sign: &SymbolId| self.symbols.get(usize::from(sign)).copied();
        let symbols = message.iter().map(symbol);
        symbols.map(|symbol| symbol.unwrap_or(NO_SYMBOL)).collect()
    }

    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        Some(self.signs.clone())
    }
}
