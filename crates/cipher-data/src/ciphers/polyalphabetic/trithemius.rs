use super::key_stream::KeyStream;
use crate::{Alphabet, Cipher, SymbolId};

/// Shifts each symbol one place farther than the symbol before it: `c = (p + i) mod n` at place i.
///
/// The first symbol of every message stays as it is. The cipher has no key: it is
/// [`Vigenere`](crate::Vigenere) with the alphabet itself as the keyword.
#[derive(Debug, Clone)]
pub struct Trithemius {
    places: KeyStream,
}

impl Trithemius {
    /// The cipher over an alphabet.
    pub fn new(alphabet: &Alphabet) -> Self {
        let n_symbols = alphabet.len();
        let places = (0..n_symbols).map(|place| place as SymbolId).collect();
        Self {
            places: KeyStream::new(n_symbols, places),
        }
    }
}

impl Cipher for Trithemius {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.places.apply(message, |plain, place| plain + place)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.places
            .apply(message, |encrypted, place| encrypted - place)
    }

    fn period(&self) -> Option<usize> {
        Some(self.places.period())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_examples_of_dcode_come_out() {
        // dcode.fr, Trithemius Cipher.
        let trithemius = Trithemius::new(&letters());
        assert_encrypts(&trithemius, &letters(), "DCODE", "DDQGI");
        assert_encrypts(&trithemius, &letters(), "TRITHEMIUS", "TSKWLJSPCB");
    }
}
