use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::DataError;

/// A symbol's place in its alphabet, from 0.
pub type SymbolId = u16;

/// What happens to a character that is not in the alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// Take the other case of the letter if the alphabet has it, otherwise the alphabet's last
    /// symbol. Over `A`-`Z` and `-` that is the tutorial's rule: `This is` becomes `THIS-IS`.
    #[default]
    Fold,
    /// Refuse the text, naming the character and its column.
    Reject,
    /// Leave the character where it is: the cipher and the network never see it, and
    /// [`Encoded::restore`] puts it back.
    Keep,
}

/// An alphabet as it is written in a config or a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlphabetConfig {
    /// The symbols in the order of their ids.
    pub symbols: String,
    /// What happens to any other character.
    pub outside: Outside,
}

impl Default for AlphabetConfig {
    fn default() -> Self {
        Self {
            symbols: "ABCDEFGHIJKLMNOPQRSTUVWXYZ-".into(),
            outside: Outside::Fold,
        }
    }
}

impl AlphabetConfig {
    /// Makes the alphabet.
    ///
    /// # Errors
    ///
    /// See [`Alphabet::new`].
    pub fn init(&self) -> Result<Alphabet, DataError> {
        Alphabet::new(&self.symbols, self.outside)
    }
}

/// The ordered symbols of a message. A symbol is one Unicode scalar value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    symbols: Vec<char>,
    ids: HashMap<char, SymbolId>,
    outside: Outside,
}

impl Alphabet {
    /// The most symbols an alphabet can have: one id is left over for padding.
    pub const MAX_LEN: usize = SymbolId::MAX as usize;

    /// An alphabet of the given symbols, in their order.
    ///
    /// # Errors
    ///
    /// When there are fewer than 2 symbols, more than [`Self::MAX_LEN`], or one stands twice.
    pub fn new(symbols: &str, outside: Outside) -> Result<Self, DataError> {
        let symbols: Vec<char> = symbols.chars().collect();
        match symbols.len() {
            0 => return Err(DataError::AlphabetEmpty),
            len @ 2..=Self::MAX_LEN => len,
            len => return Err(DataError::AlphabetLength(len)),
        };
        let mut ids = HashMap::with_capacity(symbols.len());
        for (second, &symbol) in symbols.iter().enumerate() {
            if let Some(first) = ids.insert(symbol, second as SymbolId) {
                return Err(DataError::AlphabetRepeats {
                    symbol,
                    first: first.into(),
                    second,
                });
            }
        }
        Ok(Self {
            symbols,
            ids,
            outside,
        })
    }

    /// The tutorial's 27 symbols: `A` is 0, `Z` is 25, and `-`, which stands for everything
    /// that is not a letter, is 26.
    pub fn letters_and_dash() -> Self {
        let AlphabetConfig { symbols, outside } = AlphabetConfig::default();
        Self::new(&symbols, outside).expect("27 distinct symbols")
    }

    /// How many symbols there are. This is also the padding id: the first id after the last symbol.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The symbols in the order of their ids.
    pub fn symbols(&self) -> &[char] {
        &self.symbols
    }

    /// The id of a symbol.
    pub fn id(&self, symbol: char) -> Option<SymbolId> {
        self.ids.get(&symbol).copied()
    }

    /// The alphabet as it is written in a config.
    pub fn to_config(&self) -> AlphabetConfig {
        AlphabetConfig {
            symbols: self.symbols.iter().collect(),
            outside: self.outside,
        }
    }

    /// Turns text into ids, treating characters outside the alphabet by its policy.
    ///
    /// # Errors
    ///
    /// [`DataError::OutsideAlphabet`] under [`Outside::Reject`] only.
    pub fn encode(&self, text: &str) -> Result<Encoded, DataError> {
        let mut encoded = Encoded::default();
        for (place, character) in text.chars().enumerate() {
            match (self.id(character), self.outside) {
                (Some(id), _) => encoded.ids.push(id),
                (None, Outside::Fold) => encoded.ids.push(self.fold(character)),
                (None, Outside::Keep) => encoded.kept.push((place, character)),
                (None, Outside::Reject) => {
                    return Err(DataError::OutsideAlphabet {
                        character,
                        column: place + 1,
                    });
                }
            }
        }
        Ok(encoded)
    }

    fn fold(&self, character: char) -> SymbolId {
        let last = (self.symbols.len() - 1) as SymbolId;
        single(character.to_uppercase())
            .and_then(|upper| self.id(upper))
            .or_else(|| single(character.to_lowercase()).and_then(|lower| self.id(lower)))
            .unwrap_or(last)
    }

    /// Turns ids into text. Ids that are not of this alphabet become U+FFFD.
    pub fn decode(&self, ids: &[SymbolId]) -> String {
        ids.iter().map(|&id| self.symbol(id)).collect()
    }

    fn symbol(&self, id: SymbolId) -> char {
        let symbol = self.symbols.get(usize::from(id));
        symbol.copied().unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// The one character of a case mapping, or nothing where it has several (`ß` is `SS`): a fold
/// must keep the length of the text.
fn single(mut mapping: impl Iterator<Item = char>) -> Option<char> {
    let first = mapping.next()?;
    mapping.next().is_none().then_some(first)
}

/// Text as ids, with what was left out of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoded {
    /// The ids of the symbols, in order.
    pub ids: Vec<SymbolId>,
    /// The characters that [`Outside::Keep`] passed over, and their places in the text.
    pub kept: Vec<(usize, char)>,
}

impl Encoded {
    /// Weaves the kept characters back between symbols that replaced [`Self::ids`] one for one.
    pub fn restore<T: From<char>>(&self, symbols: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut symbols = symbols.into_iter();
        let mut kept = self.kept.iter().peekable();
        let mut text = Vec::with_capacity(self.ids.len() + self.kept.len());
        loop {
            if let Some(&&(place, character)) = kept.peek()
                && place == text.len()
            {
                text.push(T::from(character));
                kept.next();
            } else if let Some(symbol) = symbols.next() {
                text.push(symbol);
            } else {
                return text;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_alphabet_numbers_a_as_0_and_dash_as_26() {
        let alphabet = Alphabet::letters_and_dash();
        assert_eq!(alphabet.len(), 27);
        assert_eq!(alphabet.id('A'), Some(0));
        assert_eq!(alphabet.id('Z'), Some(25));
        assert_eq!(alphabet.id('-'), Some(26));
    }

    #[test]
    fn folding_makes_letters_upper_case_and_everything_else_a_dash() {
        let alphabet = Alphabet::letters_and_dash();
        let encoded = alphabet.encode("This is, ß, é!").unwrap();
        assert_eq!(alphabet.decode(&encoded.ids), "THIS-IS-------");
    }

    #[test]
    fn folding_finds_lower_case_symbols_too() {
        let alphabet = Alphabet::new("abc.", Outside::Fold).unwrap();
        let encoded = alphabet.encode("CAB!").unwrap();
        assert_eq!(alphabet.decode(&encoded.ids), "cab.");
    }

    #[test]
    fn rejecting_names_the_character_and_its_column() {
        let alphabet = Alphabet::new("AÄ", Outside::Reject).unwrap();
        let error = alphabet.encode("AÄA?").unwrap_err();
        let expected = DataError::OutsideAlphabet {
            character: '?',
            column: 4,
        };
        assert_eq!(error, expected);
    }

    #[test]
    fn kept_characters_come_back_at_their_places() {
        let alphabet = Alphabet::new("abc", Outside::Keep).unwrap();
        let encoded = alphabet.encode(" a, bb!c. ").unwrap();
        assert_eq!(encoded.ids, [0, 1, 1, 2]);
        let upper: String = encoded.restore("ABBC".chars()).into_iter().collect();
        assert_eq!(upper, " A, BB!C. ");
    }

    #[test]
    fn an_alphabet_needs_two_distinct_symbols() {
        let new = |symbols| Alphabet::new(symbols, Outside::Fold).unwrap_err();
        assert_eq!(new(""), DataError::AlphabetEmpty);
        assert_eq!(new("A"), DataError::AlphabetLength(1));
        let repeated = DataError::AlphabetRepeats {
            symbol: 'B',
            first: 1,
            second: 3,
        };
        assert_eq!(new("ABCB"), repeated);
    }
}
