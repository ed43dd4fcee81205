use serde::{Deserialize, Serialize};

use crate::SymbolId;
use crate::tally::Cell;

/// The symbols of a key, at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<SymbolId>")]
pub(super) struct Key(Vec<SymbolId>);

impl Key {
    /// A key from the answer at each of its positions. A position without an answer gets symbol 0.
    pub(super) fn from_positions(length: usize, answers: &[(Cell, SymbolId)]) -> Self {
        let mut key = vec![0; length.max(1)];
        for &(position, symbol) in answers {
            if let Some(place) = key.get_mut(position as usize) {
                *place = symbol;
            }
        }
        Self(key)
    }

    pub(super) fn symbols(&self) -> &[SymbolId] {
        &self.0
    }
}

impl TryFrom<Vec<SymbolId>> for Key {
    type Error = &'static str;

    fn try_from(symbols: Vec<SymbolId>) -> Result<Self, &'static str> {
        if symbols.is_empty() {
            Err("the key has no symbol")
        } else {
            Ok(Self(symbols))
        }
    }
}
