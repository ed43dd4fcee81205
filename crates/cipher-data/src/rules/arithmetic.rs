use serde::{Deserialize, Serialize};

use super::affine::Affine;
use super::autokey::{Autokey, Feedback};
use super::decrypt::Decrypt;
use super::growing_shift::GrowingShift;
use super::modulus::Modulus;
use super::periodic_key::{PeriodicKey, Square};
use super::shift::Shift;
use super::training::Training;
use crate::{Alphabet, SymbolId};

/// A rule that calculates with the numbers of symbols, so that both sides need one alphabet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Arithmetic {
    Shift(Shift),
    Affine(Affine),
    GrowingShift(GrowingShift),
    PeriodicKey(PeriodicKey),
    Autokey(Autokey),
}

impl Arithmetic {
    /// The best rule of each kind.
    pub(super) fn find(training: &Training, modulus: Modulus) -> Vec<Self> {
        let shifts = [
            Shift::find(training, modulus).map(Self::Shift),
            Affine::find(training, modulus).map(Self::Affine),
        ];
        let keys = Self::find_keys(training, modulus);
        let autokeys = [Feedback::Plaintext, Feedback::Ciphertext]
            .map(|side| Autokey::find(training, modulus, side).map(Self::Autokey));
        shifts
            .into_iter()
            .flatten()
            .chain(keys)
            .chain(autokeys.into_iter().flatten())
            .collect()
    }

    /// The best rule of each kind whose key depends on the position alone.
    pub(super) fn find_keys(training: &Training, modulus: Modulus) -> Vec<Self> {
        let key = |square| PeriodicKey::find(training, modulus, square).map(Self::PeriodicKey);
        let keys = [
            GrowingShift::find(training, modulus).map(Self::GrowingShift),
            key(Square::Vigenere),
            key(Square::Beaufort),
        ];
        keys.into_iter().flatten().collect()
    }

    fn as_decrypt(&self) -> &dyn Decrypt {
        match self {
            Self::Shift(rule) => rule,
            Self::Affine(rule) => rule,
            Self::GrowingShift(rule) => rule,
            Self::PeriodicKey(rule) => rule,
            Self::Autokey(rule) => rule,
        }
    }
}

impl Decrypt for Arithmetic {
    fn name(&self) -> String {
        self.as_decrypt().name()
    }

    fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        self.as_decrypt().describe(ciphertext, plaintext)
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        self.as_decrypt().answer(ciphertext)
    }
}
