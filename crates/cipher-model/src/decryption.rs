use std::borrow::Cow;
use std::iter;

use cipher_data::{Alphabet, SymbolUnit, UnknownSymbol};

/// A decrypted message.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decryption {
    /// The plaintext.
    pub plaintext: String,
    /// The confidence in each symbol of the plaintext: the probability, from 0 to 1, that the model
    /// gives to the symbol it chose. Symbols that are copied from the ciphertext have 1, and
    /// [`Alphabet::UNKNOWN`] has 0.
    pub confidences: Vec<f32>,
    /// Symbols of the ciphertext that its alphabet lacks, in whose places the plaintext has
    /// [`Alphabet::UNKNOWN`]. Only [`Outside::Mark`](cipher_data::Outside::Mark) leaves any.
    pub unknown: Vec<UnknownSymbol>,
    /// The symbols one after the other, where the plaintext is written otherwise.
    symbols: Option<String>,
    /// The end of each symbol, in bytes.
    ends: Vec<usize>,
}

impl Decryption {
    pub(crate) fn new(
        answers: &[Candidate<'_>],
        unit: SymbolUnit,
        unknown: Vec<UnknownSymbol>,
    ) -> Self {
        let mut symbols = String::new();
        let mut ends = Vec::with_capacity(answers.len());
        for answer in answers {
            symbols.push_str(&answer.symbol);
            ends.push(symbols.len());
        }
        let (plaintext, symbols) = match unit {
            SymbolUnit::Token(_) | SymbolUnit::SpacedToken(_) | SymbolUnit::Base64Byte => {
                let joined = unit.join(answers.iter().map(|answer| &*answer.symbol));
                (joined, Some(symbols))
            }
            _ => (symbols, None),
        };
        Self {
            plaintext,
            confidences: answers.iter().map(|answer| answer.probability).collect(),
            unknown,
            symbols,
            ends,
        }
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

impl Candidate<'_> {
    /// The only candidate for an unknown symbol.
    pub(crate) fn unknown() -> Self {
        Self {
            symbol: Cow::Borrowed(Alphabet::UNKNOWN),
            probability: 0.0,
        }
    }
}

/// A symbol that is copied from the ciphertext.
impl<'a> From<Cow<'a, str>> for Candidate<'a> {
    fn from(symbol: Cow<'a, str>) -> Self {
        Self {
            symbol,
            probability: 1.0,
        }
    }
}

/// The candidates for one symbol, most likely first.
pub(crate) struct Candidates<'a>(pub Vec<Candidate<'a>>);

impl<'a> From<Cow<'a, str>> for Candidates<'a> {
    fn from(symbol: Cow<'a, str>) -> Self {
        Self(vec![symbol.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbols_of_a_plaintext_stay_apart_where_their_text_is_one_grapheme() {
        let halves_of_a_flag = ["a", "🇩", "🇪"].map(|symbol| Candidate::from(Cow::from(symbol)));
        let decryption = Decryption::new(&halves_of_a_flag, SymbolUnit::Grapheme, Vec::new());
        assert_eq!(decryption.plaintext, "a🇩🇪");
        assert!(decryption.symbols().eq(["a", "🇩", "🇪"]));
        assert_eq!(decryption.confidences.len(), 3);
    }

    #[test]
    fn a_plaintext_is_written_as_its_symbols_are_and_they_stay_apart() {
        let answers = ["0a", "ff"].map(|symbol| Candidate::from(Cow::from(symbol)));
        for (unit, written) in [
            (SymbolUnit::Character, "0aff"),
            (SymbolUnit::HexByte, "0aff"),
            (SymbolUnit::Token(None), "0a ff"),
            (SymbolUnit::Token(Some(',')), "0a,ff"),
            (SymbolUnit::Base64Byte, "Cv8="),
        ] {
            let decryption = Decryption::new(&answers, unit, Vec::new());
            assert_eq!(decryption.plaintext, written);
            assert!(decryption.symbols().eq(["0a", "ff"]), "{unit}");
        }
    }
}
