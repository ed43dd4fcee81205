use serde::{Deserialize, Serialize};

use crate::ciphers::cipher::NO_SYMBOL;
use crate::ciphers::key;
use crate::ciphers::modular::inverse;
use crate::ciphers::padding::Padding;
use crate::{Alphabet, Cipher, DataError, SymbolId};

const CIPHER: &str = "hill";

/// The matrix of a [`Hill`] cipher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "the key is a matrix, such as [[3, 3], [2, 5]], or a text of 4 or 9 symbols, row by row"
)]
pub enum HillKey {
    /// The rows.
    Matrix(Vec<Vec<i64>>),
    /// The ids of its symbols, row by row.
    Text(String),
}

/// Multiplies groups of 2 or 3 symbols by a matrix: `c = K p mod n`, with columns c and p (Lester Hill,
/// 1929).
///
/// The matrix can be inverted where its determinant has no divisor in common with n; over 26 letters
/// 157,248 matrices of 2 by 2 can, and about 1.6 10^12 of 3 by 3. Who writes groups as rows, `c = p K`,
/// has the transposed matrix.
#[derive(Debug, Clone)]
pub struct Hill {
    n_symbols: usize,
    /// The rows of the matrix and of its inverse.
    matrix: Vec<Vec<usize>>,
    inverse: Vec<Vec<usize>>,
    padding: Padding,
}

impl Hill {
    /// The cipher with a matrix of 2 by 2 or 3 by 3, and the symbol that fills up a last group: by
    /// default `X`, or else the last.
    ///
    /// # Errors
    ///
    /// [`DataError::Key`] when the key is no such matrix, or cannot be inverted.
    pub fn new(
        alphabet: &Alphabet,
        key: &HillKey,
        padding: Option<&str>,
    ) -> Result<Self, DataError> {
        let n_symbols = alphabet.len();
        let matrix = rows(alphabet, key)?;
        let Some(inverse) = inverted(&matrix, n_symbols) else {
            let reason = format!(
                "its determinant {} and the alphabet's length, {n_symbols}, have a common divisor, so \
                 that different groups would become the same; change one number",
                determinant(&matrix, n_symbols)
            );
            return Err(key::refuse(CIPHER, "key", reason));
        };
        Ok(Self {
            n_symbols,
            matrix,
            inverse,
            padding: Padding::new(CIPHER, alphabet, padding)?,
        })
    }

    fn apply(&self, message: &[SymbolId], matrix: &[Vec<usize>]) -> Vec<SymbolId> {
        let side = matrix.len();
        let product = |group: &[SymbolId], row: &Vec<usize>| {
            let terms = row.iter().zip(group);
            let sum: usize = terms.map(|(factor, &id)| factor * usize::from(id)).sum();
            (sum % self.n_symbols) as SymbolId
        };
        let groups = message.chunks(side);
        groups
            .flat_map(|group| match group.len() == side {
                true => matrix.iter().map(|row| product(group, row)).collect(),
                false => vec![NO_SYMBOL; group.len()],
            })
            .collect()
    }
}

/// The rows of a key, modulo the alphabet's length.
fn rows(alphabet: &Alphabet, key: &HillKey) -> Result<Vec<Vec<usize>>, DataError> {
    let n_symbols = alphabet.len() as i64;
    let rows: Vec<Vec<usize>> = match key {
        HillKey::Matrix(rows) => {
            let reduced = |value: &i64| value.rem_euclid(n_symbols) as usize;
            let rows = rows.iter().map(|row| row.iter().map(reduced).collect());
            rows.collect()
        }
        HillKey::Text(text) => {
            let ids = key::symbols(CIPHER, "key", alphabet, text)?;
            let side = ids.len().isqrt().max(1);
            let rows = ids.chunks(side).map(|row| row.iter().map(|&id| id.into()));
            rows.map(Iterator::collect).collect()
        }
    };
    if (2..=3).contains(&rows.len()) && rows.iter().all(|row| row.len() == rows.len()) {
        return Ok(rows);
    }
    let reason = "it is no matrix of 2 by 2 or 3 by 3; write it as [[3, 3], [2, 5]], or as a text of 4 \
                  or 9 symbols";
    Err(key::refuse(CIPHER, "key", reason))
}

/// The determinant without a row and a column.
fn minor(matrix: &[Vec<usize>], without: [usize; 2], n: usize) -> usize {
    let rows = matrix
        .iter()
        .enumerate()
        .filter(|(row, _)| *row != without[0]);
    let rest = rows.map(|(_, row)| {
        let columns = row.iter().enumerate();
        let kept = columns.filter(|(column, _)| *column != without[1]);
        kept.map(|(_, value)| *value).collect()
    });
    determinant(&rest.collect::<Vec<Vec<usize>>>(), n)
}

/// The determinant modulo n, by its first row.
fn determinant(matrix: &[Vec<usize>], n: usize) -> usize {
    if let [row] = matrix {
        return row[0] % n;
    }
    let terms = (0..matrix.len()).map(|column| {
        let term = matrix[0][column] * minor(matrix, [0, column], n) % n;
        if column % 2 == 0 { term } else { n - term }
    });
    terms.sum::<usize>() % n
}

/// The inverse modulo n by Cramer's rule; nothing where there is none.
fn inverted(matrix: &[Vec<usize>], n: usize) -> Option<Vec<Vec<usize>>> {
    let factor = inverse(determinant(matrix, n), n)?;
    let side = matrix.len();
    let cell = |row: usize, column: usize| {
        let cofactor = minor(matrix, [column, row], n) * factor % n;
        if (row + column).is_multiple_of(2) {
            cofactor
        } else {
            (n - cofactor) % n
        }
    };
    let rows = (0..side).map(|row| (0..side).map(|column| cell(row, column)).collect());
    Some(rows.collect())
}

impl Cipher for Hill {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(&self.padded(message), &self.matrix)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.apply(message, &self.inverse)
    }

    fn padded(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.padding.to_multiple(message, self.matrix.len())
    }
}
