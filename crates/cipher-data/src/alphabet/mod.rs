use std::collections::HashMap;

use serde::{Deserialize, Serialize};

mod config;
mod encoded;
#[cfg(test)]
mod tests;

pub use config::{AlphabetConfig, SymbolsConfig};
pub use encoded::Encoded;

use crate::{DataError, SymbolId, SymbolUnit};

/// What happens to a symbol of a text that is not in the alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// Take the other case of the letter if the alphabet has it, otherwise the alphabet's last
    /// symbol. Over `A`-`Z` and `-` that is the tutorial's rule: `This is` becomes `THIS-IS`.
    #[default]
    Fold,
    /// Refuse the text, naming the symbol and its column.
    Reject,
    /// Leave the symbol where it is: the cipher and the network never see it, and
    /// [`Encoded::restore`] puts it back.
    Keep,
}

/// The ordered symbols of a message. A symbol is one Unicode scalar value, or one grapheme cluster:
/// see [`SymbolUnit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    unit: SymbolUnit,
    symbols: Vec<String>,
    ids: HashMap<String, SymbolId>,
    /// The same of the symbols that are one byte, which most texts are made of: no hash is quicker.
    ids_of_bytes: [Option<SymbolId>; 128],
    outside: Outside,
}

impl Alphabet {
    /// The most symbols an alphabet can have: one id is left over for padding.
    pub const MAX_LEN: usize = SymbolId::MAX as usize;

    /// An alphabet whose symbols are the characters of a text, in their order.
    ///
    /// # Errors
    ///
    /// When there are fewer than 2 symbols, more than [`Self::MAX_LEN`], or one stands twice.
    pub fn new(symbols: &str, outside: Outside) -> Result<Self, DataError> {
        let symbols = symbols.chars().map(String::from).collect();
        Self::of_symbols(SymbolUnit::Character, symbols, outside)
    }

    /// An alphabet whose symbols are grapheme clusters, in their order.
    ///
    /// # Errors
    ///
    /// As [`Self::new`], and [`DataError::NotOneGrapheme`] for a text that is not one cluster.
    pub fn of_graphemes<T: Into<String>>(
        symbols: impl IntoIterator<Item = T>,
        outside: Outside,
    ) -> Result<Self, DataError> {
        let symbols: Vec<String> = symbols.into_iter().map(T::into).collect();
        for (place, symbol) in symbols.iter().enumerate() {
            let n_graphemes = SymbolUnit::Grapheme.symbols(symbol).count();
            if n_graphemes != 1 {
                return Err(DataError::NotOneGrapheme {
                    symbol: symbol.clone(),
                    place,
                    n_graphemes,
                });
            }
        }
        Self::of_symbols(SymbolUnit::Grapheme, symbols, outside)
    }

    /// An alphabet of symbols that are known to be one of the unit each.
    pub(crate) fn of_symbols(
        unit: SymbolUnit,
        symbols: Vec<String>,
        outside: Outside,
    ) -> Result<Self, DataError> {
        match symbols.len() {
            0 => return Err(DataError::AlphabetEmpty),
            2..=Self::MAX_LEN => {}
            len => return Err(DataError::AlphabetLength(len)),
        };
        let mut ids = HashMap::with_capacity(symbols.len());
        let mut ids_of_bytes = [None; 128];
        for (second, symbol) in symbols.iter().enumerate() {
            let id = second as SymbolId;
            if let [byte] = symbol.as_bytes()
                && let Some(place) = ids_of_bytes.get_mut(usize::from(*byte))
            {
                *place = Some(id);
            }
            if let Some(first) = ids.insert(symbol.clone(), id) {
                return Err(DataError::AlphabetRepeats {
                    symbol: symbol.clone(),
                    first: first.into(),
                    second,
                });
            }
        }
        Ok(Self {
            unit,
            symbols,
            ids,
            ids_of_bytes,
            outside,
        })
    }

    /// The tutorial's 27 symbols: `A` is 0, `Z` is 25, and `-`, which stands for everything
    /// that is not a letter, is 26.
    #[allow(clippy::expect_used)] // 27 distinct symbols are an alphabet
    pub fn letters_and_dash() -> Self {
        let alphabet = AlphabetConfig::default().init();
        alphabet.expect("27 distinct symbols")
    }

    /// How many symbols there are. This is also the padding id: the first id after the last symbol.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// What in a text is one symbol.
    pub fn unit(&self) -> SymbolUnit {
        self.unit
    }

    /// The symbols in the order of their ids.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The symbol of an id, or U+FFFD for an id that is not of this alphabet.
    pub fn symbol(&self, id: SymbolId) -> &str {
        let symbol = self.symbols.get(usize::from(id));
        symbol.map_or("\u{fffd}", String::as_str)
    }

    /// The id of a symbol.
    pub fn id(&self, symbol: &str) -> Option<SymbolId> {
        match symbol.as_bytes() {
            [byte] => *self.ids_of_bytes.get(usize::from(*byte))?,
            _ => self.ids.get(symbol).copied(),
        }
    }

    /// The alphabet as it is written in a config.
    pub fn to_config(&self) -> AlphabetConfig {
        AlphabetConfig {
            symbols: match self.unit {
                SymbolUnit::Character => SymbolsConfig::Characters(self.symbols.concat()),
                SymbolUnit::Grapheme => SymbolsConfig::Graphemes(self.symbols.clone()),
            },
            outside: self.outside,
        }
    }

    /// Turns text into ids, treating symbols outside the alphabet by its policy.
    ///
    /// # Errors
    ///
    /// [`DataError::OutsideAlphabet`] under [`Outside::Reject`] only.
    pub fn encode<'a>(&self, text: &'a str) -> Result<Encoded<'a>, DataError> {
        let mut encoded = Encoded::default();
        for (place, symbol) in self.unit.symbols(text).enumerate() {
            match (self.id(symbol), self.outside) {
                (Some(id), _) => encoded.ids.push(id),
                (None, Outside::Fold) => encoded.ids.push(self.fold(symbol)),
                (None, Outside::Keep) => encoded.kept.push((place, symbol)),
                (None, Outside::Reject) => {
                    return Err(DataError::OutsideAlphabet {
                        symbol: symbol.into(),
                        column: place + 1,
                    });
                }
            }
        }
        Ok(encoded)
    }

    fn fold(&self, symbol: &str) -> SymbolId {
        let last = (self.symbols.len() - 1) as SymbolId;
        self.id_in_case(symbol, char::to_uppercase)
            .or_else(|| self.id_in_case(symbol, char::to_lowercase))
            .unwrap_or(last)
    }

    /// The id of a symbol in another case. Where that is several symbols (`ß` is `SS`) there is
    /// none: a fold must keep the length of the text.
    fn id_in_case<M: Iterator<Item = char>>(
        &self,
        symbol: &str,
        case: fn(char) -> M,
    ) -> Option<SymbolId> {
        match single(symbol.chars().flat_map(case)) {
            // Nearly always, and without a new text.
            Some(character) => self.id(character.encode_utf8(&mut [0; 4])),
            None => self.id(&symbol.chars().flat_map(case).collect::<String>()),
        }
    }

    /// Turns ids into text. Ids that are not of this alphabet become U+FFFD.
    ///
    /// Some graphemes become one where they meet, such as the halves of a flag. The text of those
    /// is not cut again as it was put together; [`Self::symbol`] gives them one by one.
    pub fn decode(&self, ids: &[SymbolId]) -> String {
        ids.iter().map(|&id| self.symbol(id)).collect()
    }
}

/// The one character of several, or nothing if there are more or none.
fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}
