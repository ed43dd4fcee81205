use crate::{PortaTable, SymbolId};

/// How a key symbol and a plaintext symbol give a ciphertext symbol, with what key symbol belongs to a
/// pair of them. The ciphers' own arithmetic decides whether a key fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tableau {
    Vigenere,
    Beaufort,
    Porta(PortaTable),
    Xor,
}

impl Tableau {
    /// The key symbol over `n` symbols that turns a plaintext symbol into a ciphertext symbol, if there
    /// is one.
    pub fn key(self, n: usize, ciphertext: SymbolId, plaintext: SymbolId) -> Option<SymbolId> {
        let (c, p) = (i32::from(ciphertext), i32::from(plaintext));
        let modulo = |value: i32, n: usize| Some(value.rem_euclid(n as i32) as SymbolId);
        match self {
            Self::Vigenere => modulo(c - p, n),
            Self::Beaufort => modulo(c + p, n),
            Self::Xor => Some(ciphertext ^ plaintext),
            Self::Porta(table) => {
                let half = (n / 2) as i32;
                let rotation = match (p < half, c < half) {
                    (true, false) => c - half - p,
                    (false, true) => p - half - c,
                    _ => return None,
                };
                let rotation = match table {
                    PortaTable::First => rotation,
                    PortaTable::Second => -rotation,
                };
                Some((2 * rotation.rem_euclid(half)) as SymbolId)
            }
        }
    }

    /// How many keys of one symbol differ.
    pub fn n_keys(self, n: usize) -> usize {
        match self {
            Self::Porta(_) => n / 2,
            _ => n,
        }
    }
}
