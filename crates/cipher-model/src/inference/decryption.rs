use std::borrow::Cow;
use std::iter;

use cipher_data::{SymbolUnit, UnknownSymbol};

/// A decrypted message.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decryption {
    /// The plaintext.
    pub plaintext: String,
    /// The confidence in each symbol of the plaintext: the probability, from 0 to 1, that the model
    /// gives to the symbol it chose. Symbols that are copied from the ciphertext have 1, and
    /// [`Alphabet::UNKNOWN`](cipher_data::Alphabet::UNKNOWN) has 0.
    pub confidences: Vec<f32>,
    /// Symbols of the ciphertext that its alphabet lacks, in whose places the plaintext has
    /// [`Alphabet::UNKNOWN`](cipher_data::Alphabet::UNKNOWN). Only [`Outside::Mark`](cipher_data::Outside::Mark) leaves any.
    pub unknown: Vec<UnknownSymbol>,
    /// The symbols one after the other, where the plaintext is written otherwise.
    symbols: Option<String>,
    /// The end of each symbol, in bytes.
    ends: Vec<usize>,
}

impl Decryption {
    /// From the plaintext's symbols and the confidence in each.
    pub(crate) fn new<'a>(
        answers: impl Iterator<Item = (&'a str, f32)>,
        unit: SymbolUnit,
        unknown: Vec<UnknownSymbol>,
    ) -> Self {
        let (n_answers, _) = answers.size_hint();
        let mut symbols = String::with_capacity(n_answers);
        let mut ends = Vec::with_capacity(n_answers);
        let mut confidences = Vec::with_capacity(n_answers);
        for (symbol, confidence) in answers {
            symbols.push_str(symbol);
            ends.push(symbols.len());
            confidences.push(confidence);
        }
        let mut decryption = Self {
            plaintext: symbols,
            confidences,
            unknown,
            symbols: None,
            ends,
        };
        if unit.is_written_otherwise() {
            let joined = unit.join(decryption.symbols());
            decryption.symbols = Some(std::mem::replace(&mut decryption.plaintext, joined));
        }
        decryption
    }

    /// The symbols of the plaintext. Cutting its text again could give others, as two symbols may
    /// form one grapheme where they meet.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        let text = self.symbols.as_deref().unwrap_or(&self.plaintext);
        let starts = iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(&self.ends);
        ranges.map(move |(start, &end)| &text[start..end])
    }
}

/// A possible decryption of one ciphertext symbol.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// The plaintext symbol.
    pub symbol: Cow<'a, str>,
    /// The probability that the model gives to it, from 0 to 1.
    pub probability: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbols_of_a_plaintext_stay_apart_where_their_text_is_one_grapheme() {
        let halves_of_a_flag = ["a", "🇩", "🇪"].map(|symbol| (symbol, 1.0));
        let answers = halves_of_a_flag.into_iter();
        let decryption = Decryption::new(answers, SymbolUnit::Grapheme, Vec::new());
        assert_eq!(decryption.plaintext, "a🇩🇪");
        assert!(decryption.symbols().eq(["a", "🇩", "🇪"]));
        assert_eq!(decryption.confidences.len(), 3);
    }

    #[test]
    fn a_plaintext_is_written_as_its_symbols_are_and_they_stay_apart() {
        let answers = ["0a", "ff"].map(|symbol| (symbol, 1.0));
        for (unit, written) in [
            (SymbolUnit::Character, "0aff"),
            (SymbolUnit::HexByte, "0aff"),
            (SymbolUnit::Token(None), "0a ff"),
            (SymbolUnit::Token(Some(',')), "0a,ff"),
            (SymbolUnit::Base64Byte, "Cv8="),
        ] {
            let decryption = Decryption::new(answers.into_iter(), unit, Vec::new());
            assert_eq!(decryption.plaintext, written);
            assert!(decryption.symbols().eq(["0a", "ff"]), "{unit}");
        }
    }
}
