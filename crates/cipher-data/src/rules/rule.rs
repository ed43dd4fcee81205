use serde::{Deserialize, Serialize};

use super::arithmetic::Arithmetic;
use super::copying::Copying;
use super::decrypt::Decrypt;
use super::on_letters::OnLetters;
use super::tables::Tables;
use super::transposition::Transposition;
use crate::{Alphabet, SymbolId};

/// A way from ciphertext to plaintext that a person could follow with pencil and paper.
///
/// It can be written to a file and read again with serde. Reading refuses a kind of rule that this
/// version does not know, and a key or table that [`Self::answer`] could not use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rule(Kind);

/// A rule of one kind. A few exist at a time, so their size does not matter.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Copying,
    Arithmetic(Arithmetic),
    OnLetters(OnLetters),
    Transposition(Transposition),
    Tables(Tables),
}

impl From<Kind> for Rule {
    fn from(kind: Kind) -> Self {
        Self(kind)
    }
}

impl Rule {
    /// The name of this kind of rule.
    pub fn name(&self) -> String {
        self.0.as_decrypt().name()
    }

    /// The key as text or number where there is one, otherwise the table, in lines that a person
    /// can read. The alphabets must be those that the rule was found for.
    pub fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        self.0.as_decrypt().describe(ciphertext, plaintext)
    }

    /// The plaintext that the rule gives, as long as the ciphertext.
    ///
    /// A symbol that training never showed is decrypted with the key if there is one, and by a
    /// table to the most frequent plaintext symbol. Rules on letters pass it through if it is not a
    /// letter.
    pub fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        self.0.as_decrypt().answer(ciphertext)
    }
}

impl Kind {
    fn as_decrypt(&self) -> &dyn Decrypt {
        match self {
            Self::Copying => &Copying,
            Self::Arithmetic(rule) => rule,
            Self::OnLetters(rule) => rule,
            Self::Transposition(rule) => rule,
            Self::Tables(rule) => rule,
        }
    }
}
