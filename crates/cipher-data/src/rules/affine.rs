use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::modulus::Modulus;
use super::tables::Tables;
use super::training::Training;
use crate::tally::Tally;
use crate::{Alphabet, SymbolId};

/// Decryption of the affine cipher `c = factor p + offset`: `p = (c - offset) / factor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Key", into = "Key")]
pub(super) struct Affine {
    modulus: Modulus,
    factor: SymbolId,
    offset: SymbolId,
    /// The inverse of the factor.
    inverse: SymbolId,
}

/// The fields of [`Affine`] that are written to a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    modulus: Modulus,
    factor: SymbolId,
    offset: SymbolId,
}

impl From<Affine> for Key {
    fn from(affine: Affine) -> Self {
        Self {
            modulus: affine.modulus,
            factor: affine.factor,
            offset: affine.offset,
        }
    }
}

impl TryFrom<Key> for Affine {
    type Error = String;

    fn try_from(key: Key) -> Result<Self, String> {
        let inverse = key.modulus.inverse(key.factor).ok_or_else(|| {
            let n_symbols = key.modulus.n_symbols();
            format!(
                "the factor {} shares a divisor with the modulus {n_symbols} and cannot be undone",
                key.factor
            )
        })?;
        Ok(Self {
            modulus: key.modulus,
            factor: key.factor,
            offset: key.offset,
            inverse,
        })
    }
}

impl Affine {
    /// Neighbours in the ciphertext's alphabet decrypt to symbols that lie `1 / factor` apart: the
    /// most frequent such distance is the inverse. Trying every factor instead would take the
    /// square of the alphabet.
    pub(super) fn find(training: &Training, modulus: Modulus) -> Option<Self> {
        let table = Tables::most_frequent_of_each_symbol(training);
        let neighbours = table
            .array_windows()
            .filter(|[one, next]| one.0 + 1 == next.0);
        let distances = neighbours.map(|[one, next]| modulus.subtract(next.1, one.1));
        let undoable = distances.filter(|&distance| modulus.inverse(distance).is_some());
        let inverse = Tally::most_frequent(undoable)?;
        let factor = modulus.inverse(inverse)?;
        let symbols = training.symbols();
        let offsets = symbols.map(|(_, c, p)| modulus.subtract(c, modulus.multiply(factor, p)));
        Some(Self {
            modulus,
            factor,
            offset: Tally::most_frequent(offsets)?,
            inverse,
        })
    }
}

impl Decrypt for Affine {
    fn name(&self) -> String {
        "affine".into()
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        format!(
            "ciphertext = {} x plaintext + {} modulo {}",
            self.factor,
            self.offset,
            self.modulus.n_symbols()
        )
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let undo = |&c: &SymbolId| {
            let product = self.modulus.subtract(c, self.offset);
            self.modulus.multiply(product, self.inverse)
        };
        ciphertext.iter().map(undo).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outside, Pair};

    #[test]
    fn the_factor_is_found_between_neighbours_even_where_most_symbols_have_none() {
        let ciphertext = vec![0, 3, 6, 9, 12, 13];
        // 21 undoes 5 modulo 26, and 18 is -8.
        let plaintext = ciphertext.iter().map(|c| 21 * (c + 18) % 26).collect();
        let pair = Pair::new(ciphertext, plaintext).unwrap();
        let letters = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZ", Outside::Reject).unwrap();
        let affine = Affine::find(&Training::new([&pair]), Modulus::new(&letters)).unwrap();
        assert_eq!((affine.factor, affine.offset), (5, 8));
        assert_eq!(affine.answer(pair.ciphertext()), pair.plaintext());
    }
}
