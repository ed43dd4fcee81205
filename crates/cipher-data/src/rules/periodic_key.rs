use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::key::Key;
use super::legible::legible;
use super::modulus::Modulus;
use super::period::shortest_good_period;
use super::training::Training;
use crate::tally::{Cell, Tally};
use crate::{Alphabet, SymbolId};

/// How a key symbol and a ciphertext symbol give a plaintext symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Square {
    /// `p = c - k`. The variant Beaufort cipher, `p = c + k`, is the same rule with the negative
    /// key: no pairs can tell the two apart.
    Vigenere,
    /// `p = k - c`.
    Beaufort,
}

impl Square {
    fn decrypt(self, modulus: Modulus, key: SymbolId, ciphertext: SymbolId) -> SymbolId {
        match self {
            Self::Vigenere => modulus.subtract(ciphertext, key),
            Self::Beaufort => modulus.subtract(key, ciphertext),
        }
    }

    /// The key symbol that makes this plaintext of this ciphertext.
    fn key(self, modulus: Modulus, ciphertext: SymbolId, plaintext: SymbolId) -> SymbolId {
        match self {
            Self::Vigenere => modulus.subtract(ciphertext, plaintext),
            Self::Beaufort => modulus.add(plaintext, ciphertext),
        }
    }
}

/// A key that is repeated over the message, one symbol of it for each symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodicKey {
    modulus: Modulus,
    square: Square,
    key: Key,
}

impl PeriodicKey {
    /// The most frequent key symbol at each position modulo the period. A period of 1 is a shift
    /// or an affine cipher, which are not found here.
    pub(super) fn find(training: &Training, modulus: Modulus, square: Square) -> Option<Self> {
        let tally =
            |period| {
                let symbols = training.symbols();
                Tally::of(symbols.map(|(position, c, p)| {
                    ((position % period) as Cell, square.key(modulus, c, p))
                }))
            };
        let period = shortest_good_period(training, |period| tally(period).right_left_out);
        (period > 1).then(|| Self {
            modulus,
            square,
            key: Key::from_positions(period, &tally(period).answers),
        })
    }
}

impl Decrypt for PeriodicKey {
    fn name(&self) -> String {
        match self.square {
            Square::Vigenere => "Vigenere".into(),
            Square::Beaufort => "Beaufort".into(),
        }
    }

    fn describe(&self, _: &Alphabet, plaintext: &Alphabet) -> String {
        let key = legible(plaintext, self.key.symbols());
        match self.square {
            Square::Beaufort => format!("key {key}"),
            Square::Vigenere => {
                let negative = self
                    .key
                    .symbols()
                    .iter()
                    .map(|&key| self.modulus.subtract(0, key));
                let negative = legible(plaintext, &negative.collect::<Vec<_>>());
                format!("key {key}, which as a variant Beaufort key is {negative}")
            }
        }
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let both = ciphertext.iter().zip(self.key.symbols().iter().cycle());
        both.map(|(&c, &key)| self.square.decrypt(self.modulus, key, c))
            .collect()
    }
}
