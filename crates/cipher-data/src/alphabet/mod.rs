use std::collections::{HashMap, HashSet};

mod case;
mod config;
mod encode;
mod encoded;
#[cfg(test)]
mod tests;
mod unread;

pub use case::Case;
pub(crate) use case::CaseRules;
pub use config::{AlphabetConfig, SymbolRange, SymbolsConfig};
pub use encode::Outside;
pub use encoded::{Encoded, Piece, Pieces, UnknownSymbol};
pub(crate) use unread::mark_unread;
pub use unread::n_unread_signs;

use crate::{DataError, Reading, SymbolId, SymbolUnit};

/// The ordered symbols of messages, and how a text is read as such symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    reading: Reading,
    symbols: Vec<String>,
    ids: HashMap<String, SymbolId>,
    /// Ids of the symbols of one byte, by that byte. Most texts are made of them, and this is
    /// quicker than a hash.
    ids_of_bytes: [Option<SymbolId>; 128],
    /// For each symbol the text in the other case that is encoded as the symbol, if there is one.
    other_cases: Vec<Option<(Case, String)>>,
    case_rules: CaseRules,
    outside: Outside,
    /// See [`Self::with_passing`].
    passing: HashSet<String>,
    /// See [`Self::with_unread_signs`].
    has_unread_signs: bool,
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
        Self::of_symbols(Reading::default(), symbols, outside)
    }

    /// An alphabet whose symbols are grapheme clusters, in their order.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new`], and [`DataError::NotOneSymbol`] for a text that is not one cluster.
    pub fn of_graphemes<T: Into<String>>(
        symbols: impl IntoIterator<Item = T>,
        outside: Outside,
    ) -> Result<Self, DataError> {
        let reading = Reading {
            symbols: SymbolUnit::Grapheme,
            ..Reading::default()
        };
        Self::of_reading(reading, symbols, outside)
    }

    /// An alphabet of symbols that a reading cuts from texts, in their order.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new`], [`DataError::NotOneSymbol`] for a text that is not one symbol, and
    /// [`DataError::StandIn`].
    pub fn of_reading<T: Into<String>>(
        reading: Reading,
        symbols: impl IntoIterator<Item = T>,
        outside: Outside,
    ) -> Result<Self, DataError> {
        let symbols: Vec<String> = symbols.into_iter().map(T::into).collect();
        for (place, symbol) in symbols.iter().enumerate() {
            let n_symbols = reading.symbols.symbols(symbol).count();
            let is_one = n_symbols == 1 && reading.symbols.is_whole(symbol);
            let is_code = reading.codes.has(symbol);
            let is_empty_chunk = reading.symbols == SymbolUnit::Chunk && symbol.is_empty();
            if !is_one && !is_code && !is_empty_chunk && !reading.symbols.is_gap(symbol) {
                return Err(DataError::NotOneSymbol {
                    symbol: symbol.clone(),
                    place,
                    n_symbols,
                    unit: reading.symbols,
                });
            }
        }
        Self::of_symbols(reading, symbols, outside)
    }

    /// An alphabet of symbols, each of which is known to be one of the reading.
    pub(crate) fn of_symbols(
        reading: Reading,
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
            reading,
            case_rules: CaseRules::of(symbols.iter().map(String::as_str)),
            symbols,
            ids,
            ids_of_bytes,
            other_cases: Vec::new(),
            outside,
            passing: HashSet::new(),
            has_unread_signs: false,
        };
        alphabet.add_stand_ins()?;
        let other_cases = alphabet
            .symbols
            .iter()
            .map(|symbol| alphabet.other_case(symbol));
        alphabet.other_cases = other_cases.collect();
        Ok(alphabet)
    }

    /// Gives each stand-in's symbol the id of the symbol that stands for it.
    fn add_stand_ins(&mut self) -> Result<(), DataError> {
        if let Some((symbol, id)) = self.latin_stand_in() {
            self.reading
                .stand_ins
                .entry(symbol.into())
                .or_insert(id.into());
        }
        for (symbol, stands_in) in &self.reading.stand_ins {
            let refuse = |reason| DataError::StandIn {
                symbol: symbol.clone(),
                stands_in: stands_in.clone(),
                reason,
            };
            let id = self.ids.get(stands_in).copied();
            let id = id.ok_or_else(|| refuse("the alphabet lacks the second"))?;
            if let [byte] = symbol.as_bytes()
                && let Some(place) = self.ids_of_bytes.get_mut(usize::from(*byte))
            {
                *place = Some(id);
            }
            if self.ids.insert(symbol.clone(), id).is_some() {
                return Err(refuse("the alphabet has both"));
            }
        }
        Ok(())
    }

    /// `I` stands for `J` where an alphabet that folds has the 25 other letters, as the squares of
    /// classical ciphers do.
    fn latin_stand_in(&self) -> Option<(&'static str, &'static str)> {
        let has = |letter: u8| {
            self.ids_of_bytes
                .get(usize::from(letter))
                .is_some_and(Option::is_some)
        };
        let is_square = |letters: std::ops::RangeInclusive<u8>, j: u8| {
            let n_letters = letters.clone().filter(|letter| has(*letter)).count();
            self.outside == Outside::Fold && self.symbols.len() == 25 && n_letters == 25 && !has(j)
        };
        match () {
            () if is_square(b'A'..=b'Z', b'J') => Some(("J", "I")),
            () if is_square(b'a'..=b'z', b'j') => Some(("j", "i")),
            () => None,
        }
    }

    /// The text in another case that is encoded as a symbol, if there is one.
    fn other_case(&self, symbol: &str) -> Option<(Case, String)> {
        let id = self.id(symbol)?;
        let mut cases = [Case::Lower, Case::Upper]
            .map(|case| (case, self.case_rules.in_case(symbol, case)))
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

    /// How a text is read.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The unit of a symbol.
    pub fn unit(&self) -> SymbolUnit {
        self.reading.symbols
    }

    /// The policy for symbols outside the alphabet.
    pub fn outside(&self) -> Outside {
        self.outside
    }

    /// The symbols in the order of their ids.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The symbol of an id, or U+FFFD for an id that is not of this alphabet.
    #[inline]
    pub fn symbol(&self, id: SymbolId) -> &str {
        let symbol = self.symbols.get(usize::from(id));
        symbol.map_or("\u{fffd}", String::as_str)
    }

    /// The id of a symbol of one byte.
    fn id_of_byte(&self, byte: u8) -> Option<SymbolId> {
        *self.ids_of_bytes.get(usize::from(byte))?
    }

    /// The id of a symbol.
    pub fn id(&self, symbol: &str) -> Option<SymbolId> {
        match symbol.as_bytes() {
            [byte] => self.id_of_byte(*byte),
            _ => self.ids.get(symbol).copied(),
        }
    }

    /// Turns ids into text. Ids that are not of this alphabet become U+FFFD.
    ///
    /// Some graphemes merge where they meet, such as the halves of a flag. Their text is not cut
    /// into the same symbols again; [`Self::symbol`] gives them one by one.
    pub fn decode(&self, ids: &[SymbolId]) -> String {
        self.unit().join(ids.iter().map(|&id| self.symbol(id)))
    }

    /// Turns the answer to an encoded text into text, with an id for each of [`Encoded::ids`], or more
    /// if the cipher pads.
    /// Symbols that passed through are put back in their places, answers to letters in another case
    /// get that case, and [`Self::UNKNOWN`] stands for unknown symbols.
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
        let symbols = encoded.pieces(answer.len()).map(|piece| match piece {
            Piece::Copied(symbol) => symbol,
            Piece::Unknown => Self::UNKNOWN,
            Piece::Answer(place, case) => {
                let id = answer.get(place);
                id.map_or("", |&id| self.symbol_in_case(id, case))
            }
        });
        self.unit().join(symbols)
    }

    /// The [`symbol`](Self::symbol) of an id, in a case if one is asked for.
    pub fn symbol_in_case(&self, id: SymbolId, case: Option<Case>) -> &str {
        let symbol = self.symbol(id);
        case.map_or(symbol, |case| self.in_case(symbol, case))
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
