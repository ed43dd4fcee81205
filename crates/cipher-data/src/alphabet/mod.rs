use std::collections::HashMap;

use serde::{Deserialize, Serialize};

mod case;
mod config;
mod encoded;
#[cfg(test)]
mod tests;

pub use case::Case;
pub use config::{AlphabetConfig, SymbolsConfig};
pub use encoded::Encoded;

use crate::{DataError, SymbolId, SymbolUnit};

/// The policy for symbols of a text that are not in the alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outside {
    /// Take the letter in the other case if the alphabet has it, otherwise the alphabet's last
    /// symbol. Over `A`-`Z` and `-` that is the tutorial's rule: `This is` becomes `THIS-IS`.
    #[default]
    Fold,
    /// Refuse the text, naming the symbol and its column.
    Reject,
    /// Take the letter in the other case if the alphabet has it; the answer is then written in
    /// the case of the text. Any other symbol passes through: the cipher and the network never see
    /// it, and it stays where it is. Over `A`-`Z` and with a Caesar key of 13, `Hello!` becomes
    /// `Uryyb!`. See [`Alphabet::restore`].
    Keep,
}

/// The ordered symbols of messages. A symbol is one Unicode scalar value or one grapheme cluster:
/// see [`SymbolUnit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    unit: SymbolUnit,
    symbols: Vec<String>,
    ids: HashMap<String, SymbolId>,
    /// Ids of the symbols of one byte, by that byte. Most texts are made of them, and this is
    /// quicker than a hash.
    ids_of_bytes: [Option<SymbolId>; 128],
    /// For each symbol the text in the other case that is encoded as the symbol, if there is one.
    other_cases: Vec<Option<(Case, String)>>,
    outside: Outside,
}

impl Alphabet {
    /// The largest number of symbols of an alphabet: one id is left for padding.
    pub const MAX_LEN: usize = SymbolId::MAX as usize;

    /// An alphabet whose symbols are the characters of a text, in their order.
    ///
    /// # Errors
    ///
    /// When there are fewer than 2 symbols or more than [`Self::MAX_LEN`], or when one is repeated.
    pub fn new(symbols: &str, outside: Outside) -> Result<Self, DataError> {
        let symbols = symbols.chars().map(String::from).collect();
        Self::of_symbols(SymbolUnit::Character, symbols, outside)
    }

    /// An alphabet whose symbols are grapheme clusters, in their order.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new`], and [`DataError::NotOneGrapheme`] for a text that is not one cluster.
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

    /// An alphabet of symbols, each of which is known to be one of the unit.
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
        let mut alphabet = Self {
            unit,
            symbols,
            ids,
            ids_of_bytes,
            other_cases: Vec::new(),
            outside,
        };
        let other_cases = alphabet
            .symbols
            .iter()
            .map(|symbol| alphabet.other_case(symbol));
        alphabet.other_cases = other_cases.collect();
        Ok(alphabet)
    }

    /// The text in another case that is encoded as a symbol, if there is one.
    fn other_case(&self, symbol: &str) -> Option<(Case, String)> {
        let id = self.id(symbol)?;
        let mut cases = [Case::Lower, Case::Upper]
            .map(|case| (case, case.of(symbol)))
            .into_iter();
        cases.find(|(case, other)| {
            self.id(other).is_none() && self.id_in_other_case(other) == Some((id, *case))
        })
    }

    /// The number of symbols. It is also the padding id: the first id after the last symbol.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The unit of a symbol.
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

    /// Turns text into ids. Symbols outside the alphabet are treated by its policy.
    ///
    /// # Errors
    ///
    /// [`DataError::OutsideAlphabet`], under [`Outside::Reject`] only.
    pub fn encode<'a>(&self, text: &'a str) -> Result<Encoded<'a>, DataError> {
        let mut encoded = Encoded::default();
        for (place, symbol) in self.unit.symbols(text).enumerate() {
            if let Some(id) = self.id(symbol) {
                encoded.ids.push(id);
                continue;
            }
            match self.outside {
                Outside::Fold => encoded.ids.push(self.fold(symbol)),
                Outside::Keep => match self.id_in_other_case(symbol) {
                    Some((id, case)) => {
                        encoded.cases.push((encoded.ids.len(), case));
                        encoded.ids.push(id);
                    }
                    None => encoded.passed_through.push((place, symbol)),
                },
                Outside::Reject => {
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
        self.id_in_other_case(symbol).map_or(last, |(id, _)| id)
    }

    /// The id of a letter in the other case, and the case that the letter itself has.
    fn id_in_other_case(&self, symbol: &str) -> Option<(SymbolId, Case)> {
        let upper = self.id_in_case(symbol, char::to_uppercase);
        let lower = || self.id_in_case(symbol, char::to_lowercase);
        let of_lower = upper.map(|id| (id, Case::Lower));
        of_lower.or_else(|| lower().map(|id| (id, Case::Upper)))
    }

    /// The id of a symbol in a case. There is none where that would be several symbols, as `SS`
    /// for `ß`: the text must keep its length.
    fn id_in_case<M: Iterator<Item = char>>(
        &self,
        symbol: &str,
        case: fn(char) -> M,
    ) -> Option<SymbolId> {
        match single(symbol.chars().flat_map(case)) {
            // The usual case, which needs no new text.
            Some(character) => self.id(character.encode_utf8(&mut [0; 4])),
            None => self.id(&symbol.chars().flat_map(case).collect::<String>()),
        }
    }

    /// Turns ids into text. Ids that are not of this alphabet become U+FFFD.
    ///
    /// Some graphemes merge where they meet, such as the halves of a flag. Their text is not cut
    /// into the same symbols again; [`Self::symbol`] gives them one by one.
    pub fn decode(&self, ids: &[SymbolId]) -> String {
        ids.iter().map(|&id| self.symbol(id)).collect()
    }

    /// Turns the answer to an encoded text into text, with an id for each of [`Encoded::ids`].
    /// Symbols that passed through are put back in their places, and answers to letters in another
    /// case get that case.
    ///
    /// ```
    /// use cipher_data::{Alphabet, Cipher, Outside, Vigenere};
    ///
    /// let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Keep)?;
    /// let message = alphabet.encode("Attack at Dawn")?;
    /// let ciphertext = Vigenere::new(&alphabet, "LEMON")?.encrypt(&message.ids);
    /// assert_eq!(alphabet.restore(&message, &ciphertext), "Lxfopv ef Rnhr");
    /// # Ok::<(), cipher_data::DataError>(())
    /// ```
    pub fn restore(&self, encoded: &Encoded<'_>, answer: &[SymbolId]) -> String {
        let symbols = answer.iter().map(|&id| self.symbol(id));
        let symbols = encoded.restore(symbols, |symbol, case| self.in_case(symbol, case));
        symbols.concat()
    }

    /// A symbol of this alphabet in a case: the text outside the alphabet that is encoded as the
    /// symbol and has that case, or the symbol itself where there is none.
    pub fn in_case<'a>(&'a self, symbol: &'a str, case: Case) -> &'a str {
        let id = self.id(symbol).map(usize::from);
        match id.and_then(|id| self.other_cases.get(id)?.as_ref()) {
            Some((other_case, other)) if *other_case == case => other,
            _ => symbol,
        }
    }
}

/// The only character, or nothing if there are several or none.
fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}
