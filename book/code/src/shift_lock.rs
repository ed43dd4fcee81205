use cipher_data::{Cipher, SymbolId};

// ANCHOR: cipher
const A: SymbolId = 0;
const DASH: SymbolId = 26;

/// Shifts `B` to `Z` by 3 or by 16: after a `-` by 16, until an `A` brings the 3 back. `A` and `-`
/// stay as they are.
#[derive(Debug, Clone, Copy)]
pub struct ShiftLock;

impl ShiftLock {
    fn apply(message: &[SymbolId], sign: i32) -> Vec<SymbolId> {
        let mut key = 3;
        let shift = |&id: &SymbolId| {
            match id {
                DASH => key = 16,
                A => key = 3,
                id => return (1 + (i32::from(id) - 1 + sign * key).rem_euclid(25)) as SymbolId,
            }
            id
        };
        message.iter().map(shift).collect()
    }
}

impl Cipher for ShiftLock {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        Self::apply(message, 1)
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        Self::apply(message, -1)
    }
}
// ANCHOR_END: cipher

/// For each symbol of a message, whether the lock is on once it has been read.
pub fn locked(message: &[SymbolId]) -> Vec<bool> {
    let mut is_locked = false;
    let read = |&id: &SymbolId| {
        is_locked = match id {
            DASH => true,
            A => false,
            _ => is_locked,
        };
        is_locked
    };
    message.iter().map(read).collect()
}
