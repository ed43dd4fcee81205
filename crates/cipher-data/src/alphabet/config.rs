use serde::{Deserialize, Serialize};

use super::{Alphabet, Outside};
use crate::{DataError, Reading, SymbolUnit};

/// An alphabet as it is written in a config or a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlphabetConfig {
    /// The symbols in the order of their ids.
    pub symbols: SymbolsConfig,
    /// The policy for any other symbol.
    pub outside: Outside,
    /// How a text is cut into symbols. By default into characters, or for a list of symbols into
    /// grapheme clusters.
    #[serde(skip_serializing_if = "is_default")]
    pub reading: Reading,
}

/// The symbols of an alphabet, `"ABC"` or `["A", "B", "C"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "the symbols are neither a string, such as \"ABC\", \
                 nor a list of strings, such as [\"A\", \"B\", \"C\"], \
                 nor a range, such as { from = \"!\", to = \"~\" }"
)]
pub enum SymbolsConfig {
    /// The text is cut into symbols.
    Text(String),
    /// Each string is a symbol.
    List(Vec<String>),
    /// All characters, or all bytes, from the first to the last.
    Range(SymbolRange),
}

/// Consecutive characters in the order of Unicode, or bytes as two hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolRange {
    /// The first symbol.
    pub from: String,
    /// The last symbol.
    pub to: String,
}

impl SymbolRange {
    /// All bytes.
    pub(crate) fn bytes() -> Self {
        Self {
            from: "00".into(),
            to: "ff".into(),
        }
    }

    fn symbols(&self, unit: SymbolUnit) -> Result<Vec<String>, DataError> {
        let refused = || DataError::SymbolRange {
            from: self.from.clone(),
            to: self.to.clone(),
        };
        let symbols: Vec<String> = if unit.is_bytes() {
            let byte = |digits: &str| u8::from_str_radix(digits, 16).map_err(|_| refused());
            let bytes = byte(&self.from)?..=byte(&self.to)?;
            bytes.map(|byte| format!("{byte:02x}")).collect()
        } else {
            let character = |text: &str| text.parse::<char>().map_err(|_| refused());
            let characters = character(&self.from)?..=character(&self.to)?;
            characters.map(String::from).collect()
        };
        if symbols.is_empty() {
            return Err(refused());
        }
        Ok(symbols)
    }
}

impl Default for AlphabetConfig {
    fn default() -> Self {
        Self {
            symbols: SymbolsConfig::Text("ABCDEFGHIJKLMNOPQRSTUVWXYZ-".into()),
            outside: Outside::Fold,
            reading: Reading::default(),
        }
    }
}

fn is_default(reading: &Reading) -> bool {
    *reading == Reading::default()
}

impl AlphabetConfig {
    /// Makes the alphabet.
    ///
    /// # Errors
    ///
    /// See [`Alphabet::of_reading`].
    pub fn init(&self) -> Result<Alphabet, DataError> {
        let mut reading = self.reading.clone();
        let symbols: Vec<String> = match &self.symbols {
            SymbolsConfig::Text(text) => {
                let text = reading.prepare(text);
                reading.cut(&text).map(String::from).collect()
            }
            SymbolsConfig::List(symbols) => {
                if reading.symbols == SymbolUnit::Character && reading.codes.is_empty() {
                    reading.symbols = SymbolUnit::Grapheme;
                }
                symbols.clone()
            }
            SymbolsConfig::Range(range) => range.symbols(reading.symbols)?,
        };
        Alphabet::of_reading(reading, symbols, self.outside)
    }
}

impl Alphabet {
    /// The tutorial's 27 symbols: `A` is 0, `Z` is 25, and `-`, which replaces everything
    /// that is not a letter, is 26.
    #[allow(clippy::expect_used)] // 27 distinct symbols are an alphabet
    pub fn letters_and_dash() -> Self {
        let alphabet = AlphabetConfig::default().init();
        alphabet.expect("27 distinct symbols")
    }

    /// The alphabet as it is written in a config.
    pub fn to_config(&self) -> AlphabetConfig {
        let is_byte = |(byte, symbol): (usize, &String)| *symbol == format!("{byte:02x}");
        let has_all_bytes = self.unit().is_bytes()
            && self.len() == 256
            && self.symbols.iter().enumerate().all(is_byte);
        AlphabetConfig {
            symbols: match self.unit() {
                _ if has_all_bytes => SymbolsConfig::Range(SymbolRange::bytes()),
                SymbolUnit::Character if self.reading.codes.is_empty() => {
                    SymbolsConfig::Text(self.symbols.concat())
                }
                _ => SymbolsConfig::List(self.symbols.clone()),
            },
            outside: self.outside,
            reading: self.reading.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<AlphabetConfig, toml::de::Error> {
        toml::from_str(toml)
    }

    #[test]
    fn a_string_is_an_alphabet_of_characters_and_is_written_as_one() {
        let config = read("symbols = 'AB'\noutside = 'keep'").unwrap();
        assert_eq!(config.init(), Alphabet::new("AB", Outside::Keep));
        let written = serde_json::to_string(&config.init().unwrap().to_config()).unwrap();
        assert_eq!(written, r#"{"symbols":"AB","outside":"keep"}"#);
    }

    #[test]
    fn a_list_is_an_alphabet_of_graphemes_and_is_written_as_one() {
        let config = read("symbols = ['A', '🇩🇪']").unwrap();
        let symbols = ["A", "\u{1f1e9}\u{1f1ea}"];
        assert_eq!(
            config.init(),
            Alphabet::of_graphemes(symbols, Outside::Fold)
        );
        let written = serde_json::to_string(&config.init().unwrap().to_config()).unwrap();
        assert_eq!(
            written,
            r#"{"symbols":["A","🇩🇪"],"outside":"fold","reading":{"symbols":"graphemes"}}"#
        );
    }

    #[test]
    fn symbols_that_are_neither_a_string_nor_a_list_of_strings_are_refused() {
        for symbols in ["26", "['A', 2]", "{ A = 0 }"] {
            let error = read(&format!("symbols = {symbols}")).unwrap_err();
            let expected = "neither a string, such as \"ABC\", nor a list of strings";
            assert!(error.message().contains(expected), "{symbols}: {error}");
        }
    }
}
