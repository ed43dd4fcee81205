use super::Signs;
use crate::{Alphabet, DataError};

/// International Morse code (Recommendation ITU-R M.1677-1), and `/` for the space between words.
const SIGNS: &[(&str, &str)] = &[
    ("A", ".-"),
    ("B", "-..."),
    ("C", "-.-."),
    ("D", "-.."),
    ("E", "."),
    ("F", "..-."),
    ("G", "--."),
    ("H", "...."),
    ("I", ".."),
    ("J", ".---"),
    ("K", "-.-"),
    ("L", ".-.."),
    ("M", "--"),
    ("N", "-."),
    ("O", "---"),
    ("P", ".--."),
    ("Q", "--.-"),
    ("R", ".-."),
    ("S", "..."),
    ("T", "-"),
    ("U", "..-"),
    ("V", "...-"),
    ("W", ".--"),
    ("X", "-..-"),
    ("Y", "-.--"),
    ("Z", "--.."),
    ("1", ".----"),
    ("2", "..---"),
    ("3", "...--"),
    ("4", "....-"),
    ("5", "....."),
    ("6", "-...."),
    ("7", "--..."),
    ("8", "---.."),
    ("9", "----."),
    ("0", "-----"),
    (".", ".-.-.-"),
    (",", "--..--"),
    (":", "---..."),
    ("?", "..--.."),
    ("'", ".----."),
    ("-", "-....-"),
    ("/", "-..-."),
    ("(", "-.--."),
    (")", "-.--.-"),
    ("\"", ".-..-."),
    ("=", "-...-"),
    ("+", ".-.-."),
    ("@", ".--.-."),
    (" ", "/"),
];

/// The Morse code of a symbol.
fn sign(symbol: &str) -> Option<&'static str> {
    let found = SIGNS.iter().find(|(letter, _)| *letter == symbol);
    found.map(|(_, sign)| *sign)
}

/// Whether a symbol has a Morse code.
pub fn has_morse(symbol: &str) -> bool {
    sign(symbol).is_some()
}

/// All symbols that have a Morse code.
pub fn morse_symbols() -> impl Iterator<Item = &'static str> {
    SIGNS.iter().map(|(symbol, _)| *symbol)
}

impl Signs {
    /// Morse code: dots and dashes for each capital letter, digit or punctuation mark, and `/` for a
    /// space. It has no key.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet has a symbol without a code.
    pub fn morse(alphabet: &Alphabet) -> Result<Self, DataError> {
        let code = |symbol: &String| sign(symbol).map(String::from);
        let codes = alphabet.symbols().iter().map(code).collect::<Option<_>>();
        codes.map(Self).ok_or(DataError::CipherAlphabet {
            cipher: "morse",
            needed: "an alphabet of capital letters, digits and the punctuation that Morse code has",
            n_symbols: alphabet.len(),
        })
    }
}
