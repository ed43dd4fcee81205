use sha2::{Digest, Sha256};

use crate::SymbolId;

/// One message in this many is held out.
const HELD_OUT_ONE_IN: u64 = 8;

/// Which part of all possible messages a dataset draws from. No message is in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// New messages in every epoch.
    Training,
    /// The same messages in every epoch, none of which training could ever see. The validation set
    /// and the test set are drawn from them.
    HeldOut,
}

impl Split {
    /// The split that a plaintext belongs to, by its hash. Both datasets ask this about every
    /// message that they draw, so they cannot share one, however short the messages are.
    pub fn of(plaintext: &[SymbolId]) -> Self {
        if hash("", plaintext).is_multiple_of(HELD_OUT_ONE_IN) {
            Self::HeldOut
        } else {
            Self::Training
        }
    }
}

/// The first 64 bits of the SHA-256 of a label and ids. Saved runs depend on it.
pub(crate) fn hash(label: &str, ids: &[SymbolId]) -> u64 {
    let mut hash = Sha256::new_with_prefix(label);
    for id in ids {
        hash.update(id.to_le_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}
