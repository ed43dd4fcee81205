//! The `[cipher]` table of a config, whose key may be drawn: `key = { length = [1, 6] }`.

use cipher_data::CipherConfig;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::{Table, Value};

/// A cipher, and the lengths of its keys if each message has a random one.
#[derive(Debug, Clone, Default)]
pub struct CipherTable {
    pub cipher: CipherConfig,
    pub key_lengths: Option<[usize; 2]>,
}

/// The value of `key` where keys are drawn.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnKey {
    length: Lengths,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "the length of keys is neither a number, such as 5, nor the shortest and the longest, \
                 such as [1, 6]"
)]
enum Lengths {
    Range([usize; 2]),
    One(usize),
}

impl<'de> Deserialize<'de> for CipherTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut table = Table::deserialize(deserializer)?;
        let custom = |error: toml::de::Error| serde::de::Error::custom(error.message());
        // A table may leave out the name, like any other field.
        table.entry("name").or_insert("caesar".into());
        let key = table.get("key").and_then(Value::as_table);
        let is_length = |field: &String| field.to_lowercase().starts_with("len");
        let is_drawn = |key: &&Table| key.is_empty() || key.keys().any(is_length);
        let key_lengths = match key.filter(is_drawn) {
            None => None,
            Some(key) => {
                let DrawnKey { length } = key.clone().try_into().map_err(custom)?;
                put_any_key(&mut table);
                Some(match length {
                    Lengths::Range(range) => range,
                    Lengths::One(length) => [length; 2],
                })
            }
        };
        let cipher = table.try_into().map_err(|error: toml::de::Error| {
            let has_no_key =
                key_lengths.is_some() && error.message().starts_with("unknown field `key`");
            match has_no_key {
                true => serde::de::Error::custom(
                    "this cipher has no `key` that could be drawn; leave `key` out",
                ),
                false => custom(error),
            }
        })?;
        Ok(Self {
            cipher,
            key_lengths,
        })
    }
}

impl Serialize for CipherTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(lengths) = self.key_lengths else {
            return self.cipher.serialize(serializer);
        };
        let custom = |error: toml::ser::Error| serde::ser::Error::custom(error);
        let mut table = Table::try_from(&self.cipher).map_err(custom)?;
        let length = Lengths::Range(lengths);
        let key = Value::try_from(DrawnKey { length }).map_err(custom)?;
        table.insert("key".into(), key);
        table.serialize(serializer)
    }
}

/// Replaces the key by one that only has the right type: each message's takes its place.
fn put_any_key(table: &mut Table) {
    match table.get("name").and_then(Value::as_str) {
        Some("enigma") => table.remove("key"), // its key is a part of `start`
        Some("caesar") => table.insert("key".into(), 1.into()),
        _ => table.insert("key".into(), "".into()),
    };
}
