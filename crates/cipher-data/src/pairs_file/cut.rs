//! Long texts, cut into messages.

use super::PairTable;
use crate::tally::{Tally, cell_in};

/// Fewer pairs than this are too few to train on some and measure on others.
const FEW_PAIRS: usize = 30;
/// With fewer than this, there is none for each of the three sets.
const FEWEST_PAIRS: usize = 3;
/// Symbols in a message that was cut from a long text, at most and at least, where a key's period
/// asks for nothing else.
const LONGEST: usize = 64;
const SHORTEST: usize = 10;
/// The longest period of a key that is looked for.
const MAX_PERIOD: usize = 40;
/// Symbols that the period is found from.
const MAX_SAMPLE: usize = 20_000;
/// How much more of a text a longer period must explain to be the key's.
const MIN_GAIN: f64 = 0.05;

impl PairTable {
    /// A length for messages that are cut from these pairs, in symbols; `None` if there are enough
    /// pairs as it is, or too little text to cut.
    ///
    /// Where the symbols tell a key's period, the length is a multiple of it, so that each message
    /// begins where the key does.
    pub fn message_length(&self) -> Option<usize> {
        let is_enough = self.len() >= FEW_PAIRS
            || self.len() >= FEWEST_PAIRS && self.n_symbols() < FEW_PAIRS * SHORTEST;
        if is_enough || self.n_symbols() < FEWEST_PAIRS * SHORTEST {
            return None;
        }
        let length = (self.n_symbols() / FEW_PAIRS).clamp(SHORTEST, LONGEST);
        let period = self.period();
        Some(match length / period {
            0 => period,
            n => n * period,
        })
    }

    /// Cuts pairs that are longer into messages of this length and a last one that may be shorter.
    ///
    /// # Panics
    ///
    /// When the length is 0.
    pub fn cut(&self, length: usize) -> Self {
        let mut cut = Self::default();
        for index in 0..self.len() {
            let ciphertexts = self.ciphertext(index).chunks(length);
            for (ciphertext, plaintext) in ciphertexts.zip(self.plaintext(index).chunks(length)) {
                cut.push(ciphertext, plaintext, self.line(index));
            }
        }
        cut
    }

    /// The period after which a symbol is decrypted in the same way again; 1 if none can be told.
    fn period(&self) -> usize {
        let shares: Vec<f64> = (1..=MAX_PERIOD)
            .map(|period| self.explained(period))
            .collect();
        let most = shares.iter().copied().fold(0.0, f64::max);
        let first = shares.first().copied().unwrap_or(0.0);
        if most < first + MIN_GAIN {
            return 1;
        }
        let enough = most - MIN_GAIN / 2.0;
        shares
            .iter()
            .position(|&share| share >= enough)
            .map_or(1, |place| place + 1)
    }

    /// The share of symbols that the others with the same ciphertext symbol, at the same place of
    /// the period, would decrypt rightly.
    fn explained(&self, period: usize) -> f64 {
        let symbols = (0..self.len()).flat_map(|index| {
            let pair = self.ciphertext(index).iter().zip(self.plaintext(index));
            pair.enumerate()
        });
        let sightings = symbols
            .take(MAX_SAMPLE)
            .map(|(place, (&ciphertext, &plaintext))| {
                (cell_in(place % period, ciphertext), plaintext)
            });
        let n_symbols = self.n_symbols().clamp(1, MAX_SAMPLE);
        Tally::of(sightings).right_left_out as f64 / n_symbols as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pair;
    use crate::{Alphabet, Cipher, Outside, SymbolId, Vigenere, streams};
    use rand::RngExt;

    /// One text of `n` random letters, of which some are more frequent than others.
    fn text(key: &str, n: usize) -> PairTable {
        let alphabet = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Reject).unwrap();
        let mut rng = streams::weights(1);
        let plaintext: Vec<SymbolId> = (0..n)
            .map(|_| rng.random_range(0..26).min(rng.random_range(0..26)))
            .collect();
        let ciphertext = Vigenere::new(&alphabet, key).unwrap().encrypt(&plaintext);
        PairTable::of([Pair::new(ciphertext, plaintext).unwrap()])
    }

    #[test]
    fn a_long_text_is_cut_where_its_key_begins_again() {
        for (key, length) in [("D", 64), ("LEMON", 60), ("CIPHERTEXT", 60), ("AB", 64)] {
            assert_eq!(text(key, 6000).message_length(), Some(length), "{key}");
        }
        assert_eq!(text("LEMON", 900).message_length(), Some(30));
        assert_eq!(text("LEMON", 200).message_length(), Some(10));
        assert_eq!(text("LEMON", 29).message_length(), None);
    }

    #[test]
    fn the_messages_of_a_cut_are_the_text() {
        let whole = text("LEMON", 130);
        let cut = whole.cut(60);
        let lengths: Vec<usize> = (0..cut.len())
            .map(|index| cut.plaintext(index).len())
            .collect();
        assert_eq!(lengths, [60, 60, 10]);
        let joined: Vec<SymbolId> = (0..3)
            .flat_map(|index| cut.ciphertext(index).to_vec())
            .collect();
        assert_eq!(joined, whole.ciphertext(0));
    }
}
