//! JSON files with a checksum of their own text, so that a changed byte anywhere shows.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use cipher_model::files::{read_whole, sha256_hex};
use serde::Serialize;
use serde_json::Value;

use super::MAX_BYTES;

const BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The contents of a sealed file.
pub struct Unsealed {
    pub value: Value,
    /// SHA-256 of the file with a blank in the checksum's place, in hexadecimal.
    pub checksum: String,
}

/// The text of a sealed file: the value's fields, and last the checksum.
pub fn seal(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("plain data has a JSON form");
    let fields = text.trim_end_matches('}').trim_end();
    let blank = with_checksum(fields, BLANK);
    with_checksum(fields, &sha256_hex(blank.as_bytes()))
}

fn with_checksum(fields: &str, checksum: &str) -> String {
    format!("{fields},\n  \"checksum\": \"{checksum}\"\n}}\n")
}

/// Reads a sealed file; `None` if there is none.
///
/// # Errors
///
/// When the file cannot be read or is damaged.
pub fn unseal(path: &Path) -> Result<Option<Unsealed>> {
    let bytes = match read_whole(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let text = String::from_utf8(bytes).map_err(|error| damaged(path, error))?;
    let mut value: Value = serde_json::from_str(&text).map_err(|error| damaged(path, error))?;
    let checksum = value
        .as_object_mut()
        .and_then(|fields| fields.remove("checksum"));
    let Some(Value::String(checksum)) = checksum else {
        return Err(damaged(path, "it has no checksum"));
    };
    let (fields, end) = text
        .rsplit_once(&checksum)
        .ok_or_else(|| damaged(path, "it has no checksum"))?;
    if sha256_hex(format!("{fields}{BLANK}{end}").as_bytes()) != checksum {
        return Err(damaged(path, "checksum mismatch"));
    }
    Ok(Some(Unsealed { value, checksum }))
}

/// An error for a file that cannot be understood.
pub fn damaged(path: &Path, reason: impl Display) -> anyhow::Error {
    anyhow!(
        "{} is damaged: {reason}; put back a copy of it, or train again with --overwrite",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_changed_byte_anywhere_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        let value = json!({"a": {"b": "caesar"}, "n": 13});
        let text = seal(&value);
        fs::write(&path, &text).unwrap();
        assert_eq!(unseal(&path).unwrap().unwrap().value, value);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert!(unseal(&path).is_err(), "byte {at}");
        }
    }
}
