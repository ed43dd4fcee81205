use crate::ciphers::key::refuse;
use crate::ciphers::modular::inverse;
use crate::{Cipher, DataError, SymbolId};

const CIPHER: &str = "affine";

/// Multiplies and adds: `c = (a p + b) mod n`.
///
/// It can be inverted only where `a` and `n` have no common divisor but 1, so there are n φ(n)
/// keys: 312 over 26 letters. `a = 1` is a Caesar cipher.
#[derive(Debug, Clone, Copy)]
pub struct Affine {
    n_symbols: usize,
    a: usize,
    a_inverse: usize,
    b: usize,
}

impl Affine {
    /// The map of `n_symbols` by `a` and `b`, which are reduced modulo `n_symbols`.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `a` and `n_symbols` have a common divisor.
    pub fn new(n_symbols: usize, a: i64, b: i64) -> Result<Self, DataError> {
        let reduced = |value: i64| value.rem_euclid(n_symbols as i64) as usize;
        let a_inverse = inverse(reduced(a), n_symbols).ok_or_else(|| {
            let distances = (0..n_symbols).flat_map(|distance| {
                [reduced(a).checked_sub(distance), Some(reduced(a) + distance)]
            });
            let mut candidates = distances.flatten().filter(|&other| other < n_symbols);
            let nearest = candidates.find(|&other| inverse(other, n_symbols).is_some());
            let reason = format!(
                "{a} and the alphabet's length, {n_symbols}, have a common divisor, so that different \
                 symbols would become the same; the nearest number without one is {}",
                nearest.unwrap_or(1)
            );
            refuse(CIPHER, "a", reason)
        })?;
        Ok(Self {
            n_symbols,
            a: reduced(a),
            a_inverse,
            b: reduced(b),
        })
    }
}

impl Cipher for Affine {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let map = |&id: &SymbolId| (self.a * usize::from(id) + self.b) % self.n_symbols;
        message.iter().map(|id| map(id) as SymbolId).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let minus_b = self.n_symbols - self.b;
        let map = |&id: &SymbolId| (usize::from(id) + minus_b) * self.a_inverse % self.n_symbols;
        message.iter().map(|id| map(id) as SymbolId).collect()
    }

    fn period(&self) -> Option<usize> {
        Some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_example_of_wikipedia_comes_out() {
        // Wikipedia, Affine cipher.
        let affine = Affine::new(26, 5, 8).unwrap();
        assert_encrypts(&affine, &letters(), "AFFINECIPHER", "IHHWVCSWFRCP");
    }

    #[test]
    fn a_factor_that_is_not_invertible_is_refused() {
        let error = Affine::new(26, 13, 0).unwrap_err().to_string();
        assert!(error.contains("common divisor"), "{error}");
    }
}
