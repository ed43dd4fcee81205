//! What the symbols of a text are.

mod codes;
mod only;
mod unit;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

use crate::DataError;
pub use codes::Codes;
pub use only::{Only, Others};
pub use unit::SymbolUnit;

/// How a text is read: what one symbol of it is, which symbols are the same, and what is no part of
/// the message.
///
/// ```
/// use cipher_data::{Alphabet, Outside, Reading, SymbolUnit};
///
/// let reading = Reading {
///     symbols: SymbolUnit::Token(None),
///     ..Reading::default()
/// };
/// let alphabet = Alphabet::of_reading(reading, ["11", "12", "13"], Outside::Reject)?;
/// assert_eq!(alphabet.encode("13 11  12")?.ids, [2, 0, 1]);
/// # Ok::<(), cipher_data::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reading {
    /// What one symbol is.
    #[serde(skip_serializing_if = "is_default")]
    pub symbols: SymbolUnit,
    /// Which symbols the message is of.
    #[serde(skip_serializing_if = "is_default")]
    pub only: Only,
    /// What happens to the other symbols.
    #[serde(skip_serializing_if = "is_default")]
    pub others: Others,
    /// Whether a letter that the alphabet has in the other case only is that letter. The answer is
    /// written in the case of the text.
    #[serde(skip_serializing_if = "is_default")]
    pub fold_case: bool,
    /// Symbols that the alphabet lacks, and the symbols that stand for them: `I` for `J`.
    #[serde(skip_serializing_if = "is_default")]
    pub stand_ins: BTreeMap<String, String>,
    /// The Unicode normalization form that a text is brought into first.
    #[serde(skip_serializing_if = "is_default")]
    pub normalize: Normalize,
    /// The codes that characters form, where these are of several characters and nothing separates
    /// them. The symbols are then the codes, and all that is not of the message is left out.
    #[serde(skip_serializing_if = "is_default")]
    pub codes: Codes,
}

/// A Unicode normalization form (Unicode Standard Annex 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Normalize {
    /// The text as it is.
    #[default]
    None,
    /// An accented letter is one code point, if there is one for it.
    Nfc,
    /// As NFC, and signs that mean the same are the same, such as `ﬁ` and `fi`.
    Nfkc,
}

impl FromStr for Normalize {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        DataError::by_name(name)
    }
}

impl Reading {
    /// The text in the form that [`Self::symbols_of`] cuts.
    pub(crate) fn prepare<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let prepared = match self.normalized(text) {
            Cow::Borrowed(text) => self.symbols.prepare(text),
            Cow::Owned(text) => Cow::Owned(self.symbols.prepare(&text).into_owned()),
        };
        if self.codes.is_empty() || self.only == Only::All {
            return prepared;
        }
        let symbols = self.symbols.symbols(&prepared);
        Cow::Owned(symbols.filter(|symbol| self.only.has(symbol)).collect())
    }

    /// Cuts a text that was [prepared](Self::prepare) into symbols, also those that are not of the
    /// message.
    pub(crate) fn cut<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let codes = (!self.codes.is_empty()).then(|| self.codes.cut(text));
        let symbols = self.codes.is_empty().then(|| self.symbols.symbols(text));
        let codes = codes.into_iter().flatten();
        codes.chain(symbols.into_iter().flatten())
    }

    fn normalized<'a>(&self, text: &'a str) -> Cow<'a, str> {
        use unicode_normalization::IsNormalized::Yes;
        match self.normalize {
            Normalize::None => Cow::Borrowed(text),
            Normalize::Nfc if is_nfc_quick(text.chars()) == Yes => Cow::Borrowed(text),
            Normalize::Nfkc if is_nfkc_quick(text.chars()) == Yes => Cow::Borrowed(text),
            Normalize::Nfc => Cow::Owned(text.nfc().collect()),
            Normalize::Nfkc => Cow::Owned(text.nfkc().collect()),
        }
    }

    /// The message of a text: its symbols, without what is left out or passes through.
    pub fn message(&self, text: &str) -> String {
        self.symbols.join(self.symbols_of(&self.prepare(text)))
    }

    /// Whether each character of a prepared text is a symbol.
    pub(crate) fn is_of_characters(&self) -> bool {
        self.symbols == SymbolUnit::Character && self.codes.is_empty()
    }

    /// The number of symbols of the message in a text that was [prepared](Self::prepare).
    pub(crate) fn n_symbols(&self, text: &str) -> usize {
        if self.is_of_characters() && self.only == Only::All {
            return text.chars().count(); // Millions of texts are compared.
        }
        self.symbols_of(text).count()
    }

    /// The symbols of the message in a text that was [prepared](Self::prepare), in its own case.
    pub(crate) fn symbols_of<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let only = self.only;
        self.cut(text).filter(move |symbol| only.has(symbol))
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.symbols)?;
        if let Some([shortest, longest]) = self.codes.lengths() {
            let n = self.codes.len();
            write!(f, " in {n} codes of {shortest} to {longest}")?;
        }
        if self.only != Only::All {
            write!(f, ", {} ({})", self.only, self.others)?;
        }
        if self.fold_case {
            f.write_str(", capital and small letters alike")?;
        }
        for (symbol, stands_in) in &self.stand_ins {
            write!(f, ", {stands_in} for {symbol}")?;
        }
        match self.normalize {
            Normalize::None => Ok(()),
            Normalize::Nfc => f.write_str(", NFC"),
            Normalize::Nfkc => f.write_str(", NFKC"),
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
