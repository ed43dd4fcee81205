use serde::{Deserialize, Serialize};

use super::key_stream::KeyStream;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "porta";

/// The direction in which a [`Porta`] cipher rotates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortaTable {
    /// That of the American Cryptogram Association.
    #[default]
    First,
    /// The opposite direction, as on dcode.fr.
    Second,
}

/// Exchanges the halves of the alphabet, one of them rotated by the keyword.
///
/// With h = n/2 and the rotation t = ⌊k/2⌋, a symbol p of the first half becomes
/// `h + (p + t) mod h`, and one of the second half becomes `(p - h - t) mod h`. So the cipher is its
/// own inverse. This is the first table, that of the American Cryptogram Association. The second one
/// rotates in the opposite direction: t is -⌊k/2⌋.
///
/// The keyword is repeated along the message. Two neighbours in the alphabet give the same rotation,
/// so the keywords of length m are (n/2)^m different keys.
#[derive(Debug, Clone)]
pub struct Porta {
    half: i32,
    table: PortaTable,
    key: KeyStream,
}

impl Porta {
    /// The cipher with a keyword and a table.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet has an odd number of symbols;
    /// [`DataError::Key`] when `key` is empty or has a symbol that is not in the alphabet.
    pub fn new(alphabet: &Alphabet, key: &str, table: PortaTable) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        if !n_symbols.is_multiple_of(2) {
            return Err(DataError::CipherAlphabet {
                cipher: CIPHER,
                needed: "an alphabet of an even number of symbols, which has halves",
                n_symbols,
            });
        }
        Ok(Self {
            half: (n_symbols / 2) as i32,
            table,
            key: KeyStream::keyword(CIPHER, alphabet, key)?,
        })
    }
}

impl Cipher for Porta {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.key.apply(message, |symbol, key| {
            let rotation = match self.table {
                PortaTable::First => key / 2,
                PortaTable::Second => -(key / 2),
            };
            if symbol < self.half {
                self.half + (symbol + rotation).rem_euclid(self.half)
            } else {
                (symbol - self.half - rotation).rem_euclid(self.half)
            }
        })
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.encrypt(message)
    }

    fn period(&self) -> Option<usize> {
        Some(self.key.period())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ciphers::testing::{assert_encrypts, letters};

    #[test]
    fn the_example_of_practical_cryptography_comes_out() {
        // practicalcryptography.com, Porta Cipher.
        let porta = Porta::new(&letters(), "FORTIFICATION", PortaTable::First).unwrap();
        assert_encrypts(
            &porta,
            &letters(),
            "DEFENDTHEEASTWALLOFTHECASTLE",
            "SYNNJSCVRNRLAHUTUKUCVRYRLANY",
        );
    }

    #[test]
    fn the_second_table_is_that_of_dcode_and_of_the_algorithms() {
        // dcode.fr, Porta Cipher; TheAlgorithms/Python, ciphers/porta_cipher.py.
        for (key, plain, encrypted) in [
            ("PORTA", "DCODE", "WVJUR"),
            ("MARVIN", "JESSICA", "QRACRWU"),
        ] {
            let porta = Porta::new(&letters(), key, PortaTable::Second).unwrap();
            assert_encrypts(&porta, &letters(), plain, encrypted);
        }
    }
}
