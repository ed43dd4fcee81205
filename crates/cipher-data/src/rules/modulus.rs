use serde::{Deserialize, Serialize};

use crate::{Alphabet, SymbolId};

/// Arithmetic on symbol ids, around the end of the alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "usize")]
pub(super) struct Modulus(usize);

impl TryFrom<usize> for Modulus {
    type Error = String;

    /// Refuses what is not the length of an alphabet.
    fn try_from(n_symbols: usize) -> Result<Self, String> {
        if (1..=Alphabet::MAX_LEN).contains(&n_symbols) {
            Ok(Self(n_symbols))
        } else {
            let max = Alphabet::MAX_LEN;
            Err(format!(
                "the modulus {n_symbols} is not the length of an alphabet, which is from 1 to {max}"
            ))
        }
    }
}

impl Modulus {
    /// Modulo the alphabet's length.
    pub(super) fn new(alphabet: &Alphabet) -> Self {
        Self(alphabet.len())
    }

    /// The alphabet's length.
    pub(super) fn n_symbols(self) -> usize {
        self.0
    }

    /// The remainder of a number, as an id.
    pub(super) fn reduce(self, number: usize) -> SymbolId {
        (number % self.0) as SymbolId
    }

    pub(super) fn add(self, left: SymbolId, right: SymbolId) -> SymbolId {
        self.reduce(usize::from(left) + usize::from(right))
    }

    pub(super) fn subtract(self, left: SymbolId, right: SymbolId) -> SymbolId {
        let right = self.reduce(right.into());
        self.reduce(usize::from(left) + self.0 - usize::from(right))
    }

    pub(super) fn multiply(self, left: SymbolId, right: SymbolId) -> SymbolId {
        self.reduce(usize::from(left) * usize::from(right))
    }

    /// The inverse of a factor, or nothing if multiplying by the factor maps two symbols to one.
    pub(super) fn inverse(self, factor: SymbolId) -> Option<SymbolId> {
        // Euclid's algorithm on the modulus and the factor. Each remainder is a multiple of the
        // factor modulo n, and `times` is which.
        let n = self.0 as i64;
        let (mut remainder, mut next_remainder) = (n, i64::from(factor));
        let (mut times, mut next_times) = (0, 1);
        while next_remainder != 0 {
            let quotient = remainder / next_remainder;
            (remainder, next_remainder) = (next_remainder, remainder % next_remainder);
            (times, next_times) = (next_times, times - quotient * next_times);
        }
        (remainder == 1).then(|| times.rem_euclid(n) as SymbolId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_times_its_inverse_is_one_and_only_coprime_factors_have_one() {
        let modulus = Modulus(27);
        for factor in 0..27 {
            match modulus.inverse(factor) {
                Some(inverse) => assert_eq!(modulus.multiply(factor, inverse), 1),
                None => assert_eq!(factor % 3, 0),
            }
        }
    }

    #[test]
    fn subtracting_goes_around_the_start_of_the_alphabet() {
        assert_eq!(Modulus(27).subtract(2, 5), 24);
        assert_eq!(Modulus(27).add(24, 5), 2);
    }
}
