use std::fmt;

use super::Readings;
use crate::{PairTexts, Reading, SymbolUnit};

/// A pair whose sides have different numbers of symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnequalPair {
    /// The line of the file where the pair begins, counted from 1.
    pub line: u64,
    /// Symbols in the ciphertext; `None` where it cannot be cut into whole symbols.
    pub ciphertext: Option<usize>,
    /// Symbols in the plaintext; `None` where it cannot be cut into whole symbols.
    pub plaintext: Option<usize>,
    /// The units of both sides.
    units: [SymbolUnit; 2],
}

impl PairTexts {
    /// The pairs whose sides have different numbers of symbols under these readings: the first
    /// `max`, and how many there are.
    pub fn unequal(&self, readings: &Readings, max: usize) -> (Vec<UnequalPair>, usize) {
        let mut first = Vec::new();
        let mut n = 0;
        for index in 0..self.len() {
            let [ciphertext, plaintext] = self.lengths(index, readings);
            if is_equal([ciphertext, plaintext]) {
                continue;
            }
            n += 1;
            if first.len() < max {
                first.push(UnequalPair {
                    line: self.line(index),
                    ciphertext,
                    plaintext,
                    units: [&readings.ciphertext, &readings.plaintext].map(|side| side.symbols),
                });
            }
        }
        (first, n)
    }

    /// The pairs whose sides have the same number of symbols under these readings.
    pub fn equally_long(&self, readings: &Readings) -> Self {
        let indices = (0..self.len()).filter(|&index| self.is_equal(index, readings));
        self.select(&indices.collect::<Vec<_>>())
    }

    /// Whether the sides of a pair have the same number of symbols under these readings.
    pub(super) fn is_equal(&self, index: usize, readings: &Readings) -> bool {
        is_equal(self.lengths(index, readings))
    }

    /// The symbols of the ciphertext and of the plaintext of a pair.
    fn lengths(&self, index: usize, readings: &Readings) -> [Option<usize>; 2] {
        let length = |reading: &Reading, text: &str| {
            let text = reading.prepare(text);
            let is_whole = reading.symbols.is_whole(&text);
            is_whole.then(|| reading.n_symbols(&text))
        };
        [
            length(&readings.ciphertext, self.ciphertext(index)),
            length(&readings.plaintext, self.plaintext(index)),
        ]
    }
}

/// Texts that cannot be cut into whole symbols are as long as no other.
fn is_equal([ciphertext, plaintext]: [Option<usize>; 2]) -> bool {
    ciphertext.is_some() && ciphertext == plaintext
}

impl fmt::Display for UnequalPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.line)?;
        let [ciphertext_unit, plaintext_unit] = self.units;
        match (self.ciphertext, self.plaintext) {
            (None, _) => write!(f, "the ciphertext is not made of {ciphertext_unit}"),
            (_, None) => write!(f, "the plaintext is not made of {plaintext_unit}"),
            (Some(ciphertext), Some(plaintext)) => write!(
                f,
                "the ciphertext has {ciphertext} symbols and the plaintext {plaintext}"
            ),
        }
    }
}
