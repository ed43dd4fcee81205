use cipher_data::{Alphabet, FoundKey, Rule};
use serde::{Deserialize, Serialize};

/// What decrypts in place of the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunRule {
    /// A cipher with its key.
    Key(Box<FoundKey>),
    /// A table of what was seen.
    Table(Rule),
}

impl RunRule {
    /// The name of the cipher or of the kind of table.
    pub fn name(&self) -> String {
        match self {
            Self::Key(key) => key.texts.cipher.title().into(),
            Self::Table(rule) => rule.name(),
        }
    }

    /// The name, with the key if it is short.
    pub fn name_with_key(&self) -> String {
        const MOST: usize = 100;
        match self {
            Self::Key(key) if key.name().chars().count() <= MOST => key.name(),
            _ => format!("{}, which `key` prints", self.name()),
        }
    }

    /// The key or the table, in lines for a reader.
    pub fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        match self {
            Self::Key(key) => key.to_string(),
            Self::Table(rule) => rule.describe(ciphertext, plaintext),
        }
    }
}
