use crate::ciphers::mixed_alphabet::{MixedAlphabet, places};
use crate::{Alphabet, Cipher, DataError, SymbolId};

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
    /// The substitution by a mixed alphabet: its first symbol replaces the alphabet's first, and so on.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when `key` does not have every symbol of the alphabet exactly once.
    pub fn new(alphabet: &Alphabet, key: &MixedAlphabet) -> Result<Self, DataError> {
        let substitutes = key.init("substitution", "key", alphabet)?;
        Ok(Self {
            originals: places(&substitutes),
            substitutes,
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
    use crate::ciphers::mixed_alphabet::Fill;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_example_of_wikipedia_comes_out() {
        // Wikipedia, Substitution cipher: the keyword "zebras".
        let whole = MixedAlphabet::Whole("ZEBRASCDFGHIJKLMNOPQTUVWXY".into());
        let keyword = MixedAlphabet::of_keyword("ZEBRAS", Fill::FromStart);
        for key in [whole, keyword] {
            let substitution = Substitution::new(&letters(), &key).unwrap();
            assert_encrypts(
                &substitution,
                &letters(),
                "FLEEATONCEWEAREDISCOVERED",
                "SIAAZQLKBAVAZOARFPBLUAOAR",
            );
        }
    }

    #[test]
    fn a_key_that_is_no_permutation_is_refused() {
        let refusal = |key: &str| {
            let key = MixedAlphabet::Whole(key.into());
            Substitution::new(&letters(), &key).unwrap_err().to_string()
        };
        assert!(refusal("ZEBRAS").contains("it has 6 symbols"));
        assert!(refusal("ZZEBRASCDFGHIJKLMNOPQTUVWX").contains("it repeats \"Z\""));
    }
}
