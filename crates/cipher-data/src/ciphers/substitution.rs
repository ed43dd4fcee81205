use super::key;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "substitution";

/// Replaces each symbol by its own substitute: `c = key[p]`.
///
/// The key is the alphabet in another order. There are n! keys; Caesar, Atbash and the affine cipher
/// are special cases.
#[derive(Debug, Clone)]
pub struct Substitution {
    substitutes: Vec<SymbolId>,
    originals: Vec<SymbolId>,
}

impl Substitution {
    /// The substitution by `key`: its first symbol replaces the alphabet's first, and so on.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` does not have every symbol of the alphabet exactly once.
    pub fn new(alphabet: &Alphabet, key: &str) -> Result<Self, DataError> {
        let refuse = |reason: String| Err(key::refuse(CIPHER, "key", reason));
        let substitutes = key::symbols(CIPHER, "key", alphabet, key)?;
        let (len, n_symbols) = (substitutes.len(), alphabet.len());
        if len != n_symbols {
            return refuse(format!(
                "it has {len} symbols; write each of the alphabet's {n_symbols} once"
            ));
        }
        let mut originals = vec![None; n_symbols];
        for (original, &substitute) in substitutes.iter().enumerate() {
            let place = &mut originals[usize::from(substitute)];
            if place.replace(original as SymbolId).is_some() {
                let symbol = alphabet.symbol(substitute);
                return refuse(format!(
                    "it repeats {symbol:?}; write each symbol of the alphabet once"
                ));
            }
        }
        Ok(Self {
            substitutes,
            originals: originals.into_iter().flatten().collect(),
        })
    }
}

impl Cipher for Substitution {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let substitute = |&id: &SymbolId| self.substitutes[usize::from(id)];
        message.iter().map(substitute).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let original = |&id: &SymbolId| self.originals[usize::from(id)];
        message.iter().map(original).collect()
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
        // Wikipedia, Substitution cipher: the keyword "zebras".
        let substitution = Substitution::new(&letters(), "ZEBRASCDFGHIJKLMNOPQTUVWXY").unwrap();
        assert_encrypts(
            &substitution,
            &letters(),
            "FLEEATONCEWEAREDISCOVERED",
            "SIAAZQLKBAVAZOARFPBLUAOAR",
        );
    }

    #[test]
    fn a_key_that_is_no_permutation_is_refused() {
        let refusal = |key| Substitution::new(&letters(), key).unwrap_err().to_string();
        assert!(refusal("ZEBRAS").contains("it has 6 symbols"));
        assert!(refusal("ZZEBRASCDFGHIJKLMNOPQTUVWX").contains("it repeats \"Z\""));
    }
}
