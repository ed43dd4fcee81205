use serde::{Deserialize, Serialize};

use super::key;
use crate::{Alphabet, DataError, SymbolId};

/// The symbols of an alphabet in an order of their own, which is a key or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a mixed alphabet is a text with each symbol once, or a keyword, such as \
                 { keyword = \"ZEBRAS\" }"
)]
pub enum MixedAlphabet {
    /// Every symbol of the alphabet once.
    Whole(String),
    /// A keyword, and then the symbols that it lacks.
    Keyword(Keyword),
}

/// A keyword that begins a mixed alphabet. Where it repeats a symbol, the first counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyword {
    /// The keyword.
    pub keyword: String,
    /// The order of the other symbols.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fill: Fill,
}

/// The order of the symbols that a keyword lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fill {
    /// They follow in the order of the alphabet, from its first symbol.
    #[default]
    FromStart,
    /// They follow in the order of the alphabet, from the symbol after the last one that the keyword
    /// added, and around the alphabet's end.
    AfterKeyword,
    /// They are written in rows below the keyword, and all are read column by column, in the order
    /// of the keyword's symbols in the alphabet.
    Columns,
}

fn is_default(fill: &Fill) -> bool {
    *fill == Fill::default()
}

impl From<&str> for MixedAlphabet {
    /// Every symbol of the alphabet once.
    fn from(symbols: &str) -> Self {
        Self::Whole(symbols.into())
    }
}

impl MixedAlphabet {
    /// The alphabet of a keyword.
    pub fn of_keyword(keyword: impl Into<String>, fill: Fill) -> Self {
        let keyword = keyword.into();
        Self::Keyword(Keyword { keyword, fill })
    }

    /// The symbols in their order.
    pub(crate) fn init(
        &self,
        cipher: &'static str,
        field: &'static str,
        alphabet: &Alphabet,
    ) -> Result<Vec<SymbolId>, DataError> {
        match self {
            Self::Whole(text) => {
                let ids = key::symbols(cipher, field, alphabet, text)?;
                check_whole(cipher, field, alphabet, &ids)?;
                Ok(ids)
            }
            Self::Keyword(Keyword { keyword, fill }) => {
                let ids = key::symbols(cipher, field, alphabet, keyword)?;
                Ok(fill.filled(&ids, alphabet.len()))
            }
        }
    }
}

/// Checks that each symbol of an alphabet is there once.
fn check_whole(
    cipher: &'static str,
    field: &'static str,
    alphabet: &Alphabet,
    ids: &[SymbolId],
) -> Result<(), DataError> {
    let refuse = |reason: String| Err(key::refuse(cipher, field, reason));
    let (len, n_symbols) = (ids.len(), alphabet.len());
    if len != n_symbols {
        return refuse(format!(
            "it has {len} symbols; write each of the alphabet's {n_symbols} once, or a keyword as \
             {{ keyword = \"ZEBRAS\" }}"
        ));
    }
    for (place, id) in ids.iter().enumerate() {
        if ids[..place].contains(id) {
            let symbol = alphabet.symbol(*id);
            return refuse(format!(
                "it repeats {symbol:?}; write each symbol of the alphabet once"
            ));
        }
    }
    Ok(())
}

impl Fill {
    /// The whole alphabet of `n_symbols` that begins with a keyword.
    pub(crate) fn filled(self, keyword: &[SymbolId], n_symbols: usize) -> Vec<SymbolId> {
        let mut order: Vec<SymbolId> = Vec::with_capacity(n_symbols);
        let mut is_used = vec![false; n_symbols];
        let mut add = |order: &mut Vec<SymbolId>, id: SymbolId| {
            if !std::mem::replace(&mut is_used[usize::from(id)], true) {
                order.push(id);
            }
        };
        for &id in keyword {
            add(&mut order, id);
        }
        let width = order.len();
        let from = match (self, order.last()) {
            (Self::AfterKeyword, Some(last)) => usize::from(*last) + 1,
            _ => 0,
        };
        for id in from..from + n_symbols {
            add(&mut order, (id % n_symbols) as SymbolId);
        }
        match self {
            Self::Columns if width > 0 => read_columns(&order, width),
            _ => order,
        }
    }
}

/// Reads rows of a width column by column, in the order of the first row's symbols.
fn read_columns(rows: &[SymbolId], width: usize) -> Vec<SymbolId> {
    let mut columns: Vec<usize> = (0..width).collect();
    columns.sort_by_key(|&column| rows[column]);
    let columns = columns.into_iter();
    columns
        .flat_map(|column| rows.iter().skip(column).step_by(width).copied())
        .collect()
}

/// For each symbol, its place in a mixed alphabet.
pub fn places(order: &[SymbolId]) -> Vec<SymbolId> {
    let mut places = vec![0; order.len()];
    for (place, &id) in (0..).zip(order) {
        places[usize::from(id)] = place;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::letters;

    fn filled(keyword: &str, fill: Fill) -> String {
        let mixed = MixedAlphabet::of_keyword(keyword, fill);
        letters().decode(&mixed.init("test", "key", &letters()).unwrap())
    }

    #[test]
    fn a_keyword_is_filled_by_each_of_the_customs() {
        let from_start = "ZEBRASCDFGHIJKLMNOPQTUVWXY";
        assert_eq!(filled("ZEBRAS", Fill::FromStart), from_start);
        // By hand: after S come T, U, V .., and those of the keyword are left out.
        let after = "ZEBRASTUVWXYCDFGHIJKLMNOPQ";
        assert_eq!(filled("ZEBRAS", Fill::AfterKeyword), after);
        // The ACA and You, Gromark: the keyword ENIGMA.
        let columns = "AJRXEBKSYGFPVIDOUMHQWNCLTZ";
        assert_eq!(filled("ENIGMA", Fill::Columns), columns);
    }

    #[test]
    fn a_repeated_symbol_of_a_keyword_counts_once() {
        assert!(filled("BANANA", Fill::FromStart).starts_with("BANCDE"));
    }
}
