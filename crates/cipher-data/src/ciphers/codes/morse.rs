use crate::{Alphabet, Cipher, DataError, SymbolId};

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

/// Morse code: dots and dashes for each letter, digit or punctuation mark. It has no key.
#[derive(Debug, Clone)]
pub struct Morse {
    codes: Vec<String>,
}

impl Morse {
    /// The code over an alphabet of capital letters, digits, punctuation and the space.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet has a symbol without a code.
    pub fn new(alphabet: &Alphabet) -> Result<Self, DataError> {
        let code = |symbol: &String| Self::sign(symbol).map(String::from);
        let codes = alphabet.symbols().iter().map(code).collect::<Option<_>>();
        match codes {
            Some(codes) => Ok(Self { codes }),
            None => Err(DataError::CipherAlphabet {
                cipher: "morse",
                needed: "an alphabet of capital letters, digits and the punctuation that Morse code has",
                n_symbols: alphabet.len(),
            }),
        }
    }

    /// The code of a symbol.
    fn sign(symbol: &str) -> Option<&'static str> {
        let found = SIGNS.iter().find(|(letter, _)| *letter == symbol);
        found.map(|(_, sign)| *sign)
    }

    /// Whether a symbol has a code.
    pub fn has(symbol: &str) -> bool {
        Self::sign(symbol).is_some()
    }

    /// All symbols that have a code.
    pub fn symbols() -> impl Iterator<Item = &'static str> {
        SIGNS.iter().map(|(symbol, _)| *symbol)
    }
}

impl Cipher for Morse {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.to_vec()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        message.to_vec()
    }

    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        Some(self.codes.clone())
    }

    fn period(&self) -> Option<usize> {
        Some(1)
    }
}
