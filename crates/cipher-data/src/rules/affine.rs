use super::modulus::Modulus;
use super::tables::Tables;
use super::tally::Tally;
use super::training::Training;
use crate::{Alphabet, Rule, SymbolId};

/// The affine cipher, `c = factor p + offset`, read backwards: `p = (c - offset) / factor`.
#[derive(Debug)]
pub(super) struct Affine {
    modulus: Modulus,
    factor: SymbolId,
    offset: SymbolId,
    /// What undoes the factor.
    inverse: SymbolId,
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

impl Rule for Affine {
    fn name(&self) -> &'static str {
        "affine"
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
