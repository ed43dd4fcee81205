use std::iter;

/// A decrypted message.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decryption {
    /// The plaintext.
    pub plaintext: String,
    /// The confidence in each symbol of the plaintext: the probability, from 0 to 1, that the model
    /// gives to the symbol it chose. Symbols that [`Outside::Keep`](cipher_data::Outside::Keep) copied from the ciphertext have
    /// 1.
    pub confidences: Vec<f32>,
    /// The end of each symbol in the plaintext, in bytes.
    ends: Vec<usize>,
}

impl Decryption {
    pub(crate) fn new(answers: &[Candidate<'_>]) -> Self {
        let mut plaintext = String::new();
        let mut ends = Vec::with_capacity(answers.len());
        for answer in answers {
            plaintext.push_str(answer.symbol);
            ends.push(plaintext.len());
        }
        Self {
            plaintext,
            confidences: answers.iter().map(|answer| answer.probability).collect(),
            ends,
        }
    }

    /// The symbols of the plaintext. Splitting its text again could give others, as two symbols may
    /// form one grapheme where they meet.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        let starts = iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(&self.ends);
        ranges.map(|(start, &end)| &self.plaintext[start..end])
    }
}

/// A possible decryption of one ciphertext symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// The plaintext symbol.
    pub symbol: &'a str,
    /// The probability that the model gives to it, from 0 to 1.
    pub probability: f32,
}

/// A symbol that is copied from the ciphertext.
impl<'a> From<&'a str> for Candidate<'a> {
    fn from(symbol: &'a str) -> Self {
        Self {
            symbol,
            probability: 1.0,
        }
    }
}

/// The candidates for one symbol, most likely first.
pub(crate) struct Candidates<'a>(pub Vec<Candidate<'a>>);

impl<'a> From<&'a str> for Candidates<'a> {
    fn from(symbol: &'a str) -> Self {
        Self(vec![symbol.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbols_of_a_plaintext_stay_apart_where_their_text_is_one_grapheme() {
        let halves_of_a_flag = ["a", "🇩", "🇪"].map(Candidate::from);
        let decryption = Decryption::new(&halves_of_a_flag);
        assert_eq!(decryption.plaintext, "a🇩🇪");
        assert!(decryption.symbols().eq(["a", "🇩", "🇪"]));
        assert_eq!(decryption.confidences.len(), 3);
    }
}
