use crate::ciphers::key::{digits, refuse};
use crate::ciphers::mixed_alphabet::{MixedAlphabet, places};
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "gromark";

/// Gronsfeld with a mixed alphabet and a running key of digits: `c = b((p + d) mod n)`, where b is the
/// mixed alphabet.
///
/// The digits begin with the primer; each further digit is the sum, without carry, of the digit a
/// primer's length before and the one after that. Every message begins with the primer. There are
/// n! 10^m keys of a mixed alphabet and a primer of m digits.
#[derive(Debug, Clone)]
pub struct Gromark {
    primer: Vec<u8>,
    mixed: Vec<SymbolId>,
    places: Vec<SymbolId>,
}

impl Gromark {
    /// The cipher with a primer of at least two digits, and the mixed alphabet.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet has fewer than 10 symbols; [`DataError::Key`]
    /// when the primer is not made of digits, or the mixed alphabet lacks a symbol.
    pub fn new(alphabet: &Alphabet, primer: &str, key: &MixedAlphabet) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        if n_symbols < 10 {
            return Err(DataError::CipherAlphabet {
                cipher: CIPHER,
                needed: "an alphabet of at least 10 symbols, one for each digit",
                n_symbols,
            });
        }
        let Some(primer_digits) = digits(primer).filter(|digits| digits.len() >= 2) else {
            let reason =
                format!("{primer:?} is no number of at least two digits, such as \"23452\"");
            return Err(refuse(CIPHER, "primer", reason));
        };
        let primer = primer_digits.iter().map(|&digit| digit as u8).collect();
        let mixed = key.init(CIPHER, "key", alphabet)?;
        Ok(Self {
            primer,
            places: places(&mixed),
            mixed,
        })
    }

    /// The running key.
    pub(crate) fn digits(primer: &[u8], n: usize) -> Vec<u8> {
        let mut digits = primer.to_vec();
        while digits.len() < n {
            let earlier = digits.len() - primer.len();
            digits.push((digits[earlier] + digits[earlier + 1]) % 10);
        }
        digits.truncate(n);
        digits
    }
}

impl Cipher for Gromark {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let digits = Self::digits(&self.primer, message.len());
        let both = message.iter().zip(digits);
        let symbol = |(&id, digit): (&SymbolId, u8)| {
            self.mixed[(usize::from(id) + usize::from(digit)) % self.mixed.len()]
        };
        both.map(symbol).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let digits = Self::digits(&self.primer, message.len());
        let n_symbols = self.mixed.len();
        let both = message.iter().zip(digits);
        let symbol = |(&id, digit): (&SymbolId, u8)| {
            let place = usize::from(self.places[usize::from(id)]) + n_symbols;
            ((place - usize::from(digit)) % n_symbols) as SymbolId
        };
        both.map(symbol).collect()
    }
}
