use super::Signs;
use crate::ciphers::key::refuse;
use crate::{Alphabet, DataError};

const CIPHER: &str = "bacon";
/// The letters of a code.
const LENGTH: usize = 5;

impl Signs {
    /// Writes the number of each symbol with five binary digits, for which two letters stand: `A` is
    /// `AAAAA`, `B` is `AAAAB` (Francis Bacon, 1623).
    ///
    /// Bacon's own alphabet has 24 letters, with one code for I and J and one for U and V. It has no key.
    ///
    /// The two letters are those for 0 and 1: `AB` if there are none.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet has more than 32 symbols; [`DataError::Key`] when
    /// the letters are not two different characters.
    pub fn bacon(alphabet: &Alphabet, letters: Option<&str>) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        if n_symbols > 1 << LENGTH {
            return Err(DataError::CipherAlphabet {
                cipher: CIPHER,
                needed: "an alphabet of at most 32 symbols, which five binary digits can number",
                n_symbols,
            });
        }
        let letters: Vec<char> = letters.unwrap_or("AB").chars().collect();
        let (zero, one) = match letters[..] {
            [zero, one] if zero != one => (zero, one),
            _ => {
                let reason = "it must be two different characters, such as \"AB\" or \"01\"";
                return Err(refuse(CIPHER, "letters", reason));
            }
        };
        let code = |id: usize| {
            let digits = (0..LENGTH).rev().map(|digit| id >> digit & 1);
            digits
                .map(|digit| if digit == 0 { zero } else { one })
                .collect()
        };
        Ok(Self((0..n_symbols).map(code).collect()))
    }
}
