use thiserror::Error;

use crate::SymbolId;

/// What can be wrong with data, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DataError {
    /// An alphabet with no symbol.
    #[error("the alphabet is empty; give it at least 2 symbols")]
    AlphabetEmpty,

    /// An alphabet too small to encrypt anything, or with more symbols than ids.
    #[error("the alphabet has {0} symbols; give it from 2 to {max}", max = SymbolId::MAX)]
    AlphabetLength(usize),

    /// The same symbol twice.
    #[error(
        "the alphabet repeats {symbol:?} (places {first} and {second}, counted from 0); \
         each symbol may stand in it once"
    )]
    AlphabetRepeats {
        /// The repeated symbol.
        symbol: String,
        /// Where it stands first, counted from 0.
        first: usize,
        /// Where it stands again, counted from 0.
        second: usize,
    },

    /// A text in an alphabet's list of grapheme clusters that is not one of them.
    #[error(
        "the alphabet's symbol {symbol:?} (place {place}, counted from 0) has {n_graphemes} \
         grapheme clusters; write one, and each further one as a symbol of its own"
    )]
    NotOneGrapheme {
        /// The text.
        symbol: String,
        /// Where in the list it stands, counted from 0.
        place: usize,
        /// How many grapheme clusters it has.
        n_graphemes: usize,
    },

    /// A symbol outside the alphabet, under [`Outside::Reject`](crate::Outside::Reject).
    #[error(
        "{symbol:?} at column {column} is not in the alphabet; \
         remove it, or choose the policy \"fold\" or \"keep\" for such symbols"
    )]
    OutsideAlphabet {
        /// The symbol.
        symbol: String,
        /// Its place in the text, counted from 1 in symbols: in the alphabet's
        /// [`SymbolUnit`](crate::SymbolUnit).
        column: usize,
    },

    /// A key the cipher does not have.
    #[error("key {key} is out of range; {cipher} over {n_symbols} symbols takes a key from 0 to {max}", max = n_symbols - 1)]
    KeyOutOfRange {
        /// The cipher's name.
        cipher: &'static str,
        /// The refused key.
        key: usize,
        /// How many symbols the alphabet has.
        n_symbols: usize,
    },

    /// A part of a key that the cipher cannot use.
    #[error("{cipher} cannot use this {field}: {reason}")]
    Key {
        /// The cipher's name.
        cipher: &'static str,
        /// The part of the key, by its name in a config.
        field: &'static str,
        /// What is wrong with it, and what to write instead.
        reason: String,
    },

    /// An alphabet that the cipher is not defined over.
    #[error(
        "{cipher} needs {needed}; change the alphabet, which has {n_symbols} symbols, \
         or choose another cipher"
    )]
    CipherAlphabet {
        /// The cipher's name.
        cipher: &'static str,
        /// The alphabets that it is defined over.
        needed: &'static str,
        /// How many symbols the alphabet has.
        n_symbols: usize,
    },

    /// A range of message lengths with nothing in it.
    #[error("the shortest message ({min}) is longer than the longest ({max}); swap them")]
    LengthsReversed {
        /// The minimum asked for, in symbols.
        min: usize,
        /// The maximum asked for, in symbols.
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

    /// So few different messages that one of the two splits has none.
    #[error(
        "messages of {max} symbols over an alphabet of {n_symbols} are too few to hold some out; \
         make the messages longer or the alphabet larger"
    )]
    TooFewMessages {
        /// The maximum length, in symbols.
        max: usize,
        /// How many symbols the alphabet has.
        n_symbols: usize,
    },

    /// Two sides of unequal length.
    #[error(
        "the ciphertext has {ciphertext} symbols and the plaintext {plaintext}; they must be equal"
    )]
    UnequalLengths {
        /// Symbols in the ciphertext.
        ciphertext: usize,
        /// Symbols in the plaintext.
        plaintext: usize,
    },

    /// A file with no pair in it.
    #[error("there are no pairs; write at least one ciphertext and its plaintext")]
    NoPairs,

    /// A side of all pairs that is made of one symbol.
    #[error(
        "every {side} consists of {symbol:?} alone, and there is nothing to learn from that; \
         see whether the file holds what it should"
    )]
    OneSymbol {
        /// `ciphertext` or `plaintext`.
        side: &'static str,
        /// The symbol.
        symbol: String,
    },

    /// A ciphertext with several plaintexts, under [`Conflicts::Fail`](crate::Conflicts::Fail).
    #[error(
        "lines {first} and {second} have the same ciphertext and different plaintexts \
         (conflicts in all: {n_conflicts}); remove the wrong ones, or choose the policy \"keep\" or \"drop\""
    )]
    ConflictingPairs {
        /// The first line with the ciphertext.
        first: u64,
        /// The first line with another plaintext for it.
        second: u64,
        /// How many conflicts the file has.
        n_conflicts: usize,
    },

    /// Something wrong with the pair of one line.
    #[error("line {line}: {error}")]
    AtLine {
        /// The line in the file, counted from 1.
        line: u64,
        /// What is wrong.
        error: Box<DataError>,
    },

    /// A name that stands for nothing.
    #[error("there is no {what} {name:?}; choose one of {known}")]
    UnknownName {
        /// What it should name.
        what: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
}
