use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

use super::key;
use crate::{Alphabet, DataError, SymbolId};

/// A key of bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a key of bytes is a text, such as \"secret\", or hexadecimal digits, such as \
                 { hex = \"0fa3\" }"
)]
pub enum ByteKey {
    /// The bytes of a text in UTF-8. Over an alphabet that is not of bytes, its symbols.
    Text(String),
    /// The bytes as hexadecimal digits.
    Hex(HexKey),
}

/// Bytes as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HexKey {
    /// Two digits for each byte.
    pub hex: String,
}

impl ByteKey {
    /// The key of these bytes: as text if that is of visible ASCII characters.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) if text.bytes().all(|byte| byte.is_ascii_graphic()) => Self::Text(text.into()),
            _ => Self::Hex(HexKey {
                hex: HEXLOWER.encode(bytes),
            }),
        }
    }

    /// Whether all bytes are 0.
    pub(crate) fn is_zero(&self) -> bool {
        matches!(self, Self::Hex(HexKey { hex }) if hex.bytes().all(|digit| digit == b'0'))
    }

    /// The ids of the key's symbols, from symbol `offset` on and around its end.
    pub(super) fn init(
        &self,
        cipher: &'static str,
        alphabet: &Alphabet,
        offset: usize,
    ) -> Result<Vec<SymbolId>, DataError> {
        let mut ids = match self {
            Self::Text(text) if alphabet.unit().is_bytes() => {
                key::keyword(cipher, alphabet, &HEXLOWER.encode(text.as_bytes()))?
            }
            Self::Text(text) => key::keyword(cipher, alphabet, text)?,
            Self::Hex(HexKey { hex }) if alphabet.unit().is_bytes() => {
                if HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).is_err() {
                    let reason = format!("{hex:?} is not two hexadecimal digits for each byte");
                    return Err(key::refuse(cipher, "key", reason));
                }
                key::keyword(cipher, alphabet, &hex.to_lowercase())?
            }
            Self::Hex(_) => {
                let reason = "hexadecimal digits are for an alphabet of bytes; write the key with \
                              the alphabet's symbols";
                return Err(key::refuse(cipher, "key", reason));
            }
        };
        let n = ids.len();
        ids.rotate_left(offset % n);
        Ok(ids)
    }
}
