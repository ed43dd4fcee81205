use crate::ciphers::key::refuse;
use crate::ciphers::mixed_alphabet::MixedAlphabet;
use crate::ciphers::square::Square;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "polybius";
const DIGITS: &str = "123456789";

/// Writes each symbol as its row and its column in a square: `A` of the 25 letters is `11`.
///
/// Rows and columns are numbered from 1 unless there are other signs for them. A tap code is the square
/// of the letters without K, with a number of knocks for each sign. There are n! squares.
#[derive(Debug, Clone)]
pub struct Polybius {
    square: Square,
    labels: Vec<String>,
}

impl Polybius {
    /// The code with a square, and the signs of its rows and columns: characters, or texts between
    /// spaces.
    ///
    /// # Errors
    ///
    /// [`DataError::CipherAlphabet`] when the alphabet does not fill a square of up to 9 by 9;
    /// [`DataError::Key`] when the square lacks a symbol, or there is not one sign for each row.
    pub fn new(
        alphabet: &Alphabet,
        key: &MixedAlphabet,
        labels: Option<&str>,
    ) -> Result<Self, DataError> {
        let square = Square::new(CIPHER, "key", alphabet, key)?;
        let side = square.side();
        let labels: Vec<String> = match labels {
            None => DIGITS.chars().take(side).map(String::from).collect(),
            Some(text) if text.contains(' ') => text.split_whitespace().map(String::from).collect(),
            Some(text) => text.chars().map(String::from).collect(),
        };
        let is_repeated = (1..labels.len()).any(|place| labels[..place].contains(&labels[place]));
        if labels.len() != side || is_repeated {
            let reason =
                format!("there must be {side} different ones, one for each row and column");
            return Err(refuse(CIPHER, "labels", reason));
        }
        Ok(Self { square, labels })
    }
}

impl Cipher for Polybius {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let side = self.square.side();
        let code = |&id: &SymbolId| {
            let [row, column] = self.square.place(id);
            (row * side + column) as SymbolId
        };
        message.iter().map(code).collect()
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        let side = self.square.side();
        let symbol = |&code: &SymbolId| {
            let code = usize::from(code);
            self.square.symbol(code / side, code % side)
        };
        message.iter().map(symbol).collect()
    }

    /// Signs of several characters are apart, as knocks are.
    fn ciphertext_symbols(&self) -> Option<Vec<String>> {
        let is_short = self.labels.iter().all(|label| label.chars().count() == 1);
        let between = if is_short { "" } else { " " };
        let rows = self.labels.iter();
        let codes = rows.flat_map(|row| {
            let columns = self.labels.iter();
            columns.map(move |column| format!("{row}{between}{column}"))
        });
        Some(codes.collect())
    }

    fn period(&self) -> Option<usize> {
        Some(1)
    }
}
