use serde::de::{DeserializeOwned, IntoDeserializer, value};
use thiserror::Error;

use crate::{SymbolId, SymbolUnit};

/// An error in data, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DataError {
    /// An alphabet with no symbol.
    #[error("the alphabet is empty; give it at least 2 symbols")]
    AlphabetEmpty,

    /// An alphabet too small to encrypt anything, or with more symbols than ids.
    #[error("the alphabet has {0} symbols; give it from 2 to {max}", max = SymbolId::MAX)]
    AlphabetLength(usize),

    /// An alphabet with a repeated symbol.
    #[error(
        "the alphabet repeats {symbol:?} (places {first} and {second}, counted from 0); \
         write each symbol once"
    )]
    AlphabetRepeats {
        /// The repeated symbol.
        symbol: String,
        /// Its first place, counted from 0.
        first: usize,
        /// Its second place, counted from 0.
        second: usize,
    },

    /// A text in an alphabet's list of symbols that is not one symbol.
    #[error(
        "the alphabet's symbol {symbol:?} (place {place}, counted from 0) has {n_symbols} {unit}; \
         write each as a symbol of its own"
    )]
    NotOneSymbol {
        /// The text.
        symbol: String,
        /// Its place in the list, counted from 0.
        place: usize,
        /// How many symbols it has.
        n_symbols: usize,
        /// The unit of a symbol.
        unit: SymbolUnit,
    },

    /// A range of symbols that has none.
    #[error(
        "there is nothing from {from:?} to {to:?}; give the first and the last character in the order of \
         Unicode, or the first and the last byte as two hexadecimal digits"
    )]
    SymbolRange {
        /// The first symbol.
        from: String,
        /// The last symbol.
        to: String,
    },

    /// A message that is longer than a running key.
    #[error(
        "the message has {length} symbols and the key has {max}; give the key more of its text, or \
         cut the message"
    )]
    MessageLength {
        /// The message's length, in symbols.
        length: usize,
        /// The key's length, in symbols.
        max: usize,
    },

    /// Steps of an alignment that do not fit their pair.
    #[error("line {line}: the steps of the alignment do not lead through the pair; train again")]
    Steps {
        /// The line of the pair, counted from 1.
        line: u64,
    },

    /// A stand-in that cannot be used.
    #[error(
        "{stands_in:?} cannot stand for {symbol:?}: {reason}; name a symbol of the text and one of the alphabet"
    )]
    StandIn {
        /// The symbol of the text.
        symbol: String,
        /// The symbol that is to stand for it.
        stands_in: String,
        /// What is wrong.
        reason: &'static str,
    },

    /// A name of no unit of symbols.
    #[error(
        "unknown symbols {0:?}; choose characters, graphemes, tokens, tokens:X (X separates them), \
         spaced-tokens, spaced-tokens:X, token-pairs, groups:N (of N characters, from 1 to 9), hex, \
         base64 or utf-8 (the bytes of a text)"
    )]
    UnknownUnit(String),

    /// A file of another program.
    #[error(
        "it is not text but a file of another program, such as a spreadsheet, a document or an archive; \
         export it as CSV or as text"
    )]
    NoText,

    /// A symbol outside the alphabet, under [`Outside::Reject`](crate::Outside::Reject).
    #[error(
        "{symbol:?} at column {column} is not in the alphabet; remove it, or choose another policy for such \
         symbols (alphabet.outside, or --outside of `decrypt`), \"keep\" or \"fold\""
    )]
    OutsideAlphabet {
        /// The symbol.
        symbol: String,
        /// Its place in the text, counted from 1 in symbols: in the alphabet's
        /// [`SymbolUnit`](crate::SymbolUnit).
        column: usize,
    },

    /// A field of a key that the cipher cannot use.
    #[error("{cipher} cannot use this {field}: {reason}")]
    Key {
        /// The cipher's name.
        cipher: &'static str,
        /// The name of the field in a config.
        field: &'static str,
        /// The fault of the field, and what to write instead.
        reason: String,
    },

    /// An alphabet that the cipher is not defined for.
    #[error(
        "{cipher} needs {needed}; change the alphabet, which has {n_symbols} symbols, \
         or choose another cipher"
    )]
    CipherAlphabet {
        /// The cipher's name.
        cipher: &'static str,
        /// The alphabets that it is defined for.
        needed: &'static str,
        /// How many symbols the alphabet has.
        n_symbols: usize,
    },

    /// A cipher whose keys cannot be drawn at random.
    #[error(
        "the keys of {0} cannot be drawn for each message; give its key as it is, or choose caesar, \
         vigenere, beaufort, variant-beaufort, gronsfeld, porta, autokey, progressive-key, quagmire or \
         enigma"
    )]
    NoDrawnKeys(&'static str),

    /// A length of keys that cannot be drawn.
    #[error("a key length of {length} is out of range; give one from 1 to {max}")]
    KeyLength {
        /// The refused length, in symbols.
        length: usize,
        /// The largest length, in symbols.
        max: usize,
    },

    /// A symbol of the alphabet that a question for a key needs.
    #[error(
        "{0:?} is in the alphabet, and networks that find keys need it for their questions; leave it out"
    )]
    Reserved(&'static str),

    /// A set of keys without a key.
    #[error("too few keys to hold some out; make the keys longer")]
    TooFewKeys,

    /// More key symbols beside ciphertext symbols than there are ids.
    #[error(
        "a key of {n_key} symbols beside a ciphertext of {n_ciphertext} are too many combinations; set \
         model.key_input = \"prefix\", or give smaller alphabets"
    )]
    TooManyInputs {
        /// How many symbols the ciphertext's alphabet has.
        n_ciphertext: usize,
        /// How many symbols the key's alphabet has.
        n_key: usize,
    },

    /// A curriculum that cannot be followed.
    #[error("{reason}; give pairs of an epoch and a length in order, such as [[0, 2], [100, 64]]")]
    Curriculum {
        /// What is wrong.
        reason: String,
    },

    /// An empty range of message lengths.
    #[error("the shortest message ({min}) is longer than the longest ({max}); swap them")]
    LengthsReversed {
        /// The minimum, in symbols.
        min: usize,
        /// The maximum, in symbols.
        max: usize,
    },

    /// A minimum length of 0, or a maximum above [`LengthRange::MAX`](crate::LengthRange::MAX).
    #[error("a message length of {length} is out of range; give one from 1 to {max}")]
    LengthOutOfRange {
        /// The refused length, in symbols.
        length: usize,
        /// The largest length, in symbols.
        max: usize,
    },

    /// Too few different messages: one of the two splits has none.
    #[error(
        "there are too few messages of up to {max} symbols over an alphabet of {n_symbols} to hold \
         some out; make the messages longer or the alphabet larger"
    )]
    TooFewMessages {
        /// The maximum length, in symbols.
        max: usize,
        /// How many symbols the alphabet has.
        n_symbols: usize,
    },

    /// A pair whose sides differ in length.
    #[error(
        "the ciphertext has {ciphertext} symbols and the plaintext {plaintext}; they must be equal"
    )]
    UnequalLengths {
        /// Symbols in the ciphertext.
        ciphertext: usize,
        /// Symbols in the plaintext.
        plaintext: usize,
    },

    /// A file whose encoding cannot be told.
    #[error(
        "the text is not UTF-8, and could be {guess}; say which encoding it has, or save it as UTF-8"
    )]
    UnknownEncoding {
        /// The name of the most likely encoding.
        guess: String,
    },

    /// A file in which it cannot be told which columns are the two sides.
    #[error(
        "the columns are {}: {reason}; name the column of the ciphertexts and that of the plaintexts",
        columns.join(", ")
    )]
    Columns {
        /// The names of the columns, or their numbers.
        columns: Vec<String>,
        /// Why it cannot be told.
        reason: String,
    },

    /// A file with no pair in it.
    #[error("there are no pairs; write at least one ciphertext and its plaintext")]
    NoPairs,

    /// A side with the same symbol everywhere.
    #[error(
        "the {side}s consist of {symbol:?} alone, so there is nothing to learn; \
         check that the file holds the right text"
    )]
    OneSymbol {
        /// The side: `ciphertext` or `plaintext`.
        side: &'static str,
        /// The symbol.
        symbol: String,
    },

    /// Something wrong with the pair of one line.
    #[error("line {line}: {error}")]
    AtLine {
        /// The line in the file, counted from 1.
        line: u64,
        /// The error in the pair.
        error: Box<DataError>,
    },

    /// A name that is not one of the known ones, which the text lists.
    #[error("{0}")]
    UnknownName(String),
}

impl DataError {
    /// The value that has this name in a config.
    pub(crate) fn by_name<T: DeserializeOwned>(name: &str) -> Result<T, Self> {
        T::deserialize(name.into_deserializer())
            .map_err(|error: value::Error| Self::UnknownName(error.to_string()))
    }
}
