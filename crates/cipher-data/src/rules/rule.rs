use serde::{Deserialize, Serialize};

use super::code_book::CodeBook;
use super::copying::Copying;
use super::decrypt::Decrypt;
use super::tables::Tables;
use super::training::Training;
use super::transposition::Transposition;
use crate::{Alphabet, Encoded, Pair, SymbolId};

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
    Transposition(Transposition),
    Tables(Tables),
    CodeBook(CodeBook),
}

impl From<Kind> for Rule {
    fn from(kind: Kind) -> Self {
        Self(kind)
    }
}

impl From<CodeBook> for Rule {
    fn from(book: CodeBook) -> Self {
        Self(Kind::CodeBook(book))
    }
}

impl Rule {
    /// The name of this kind of rule.
    pub fn name(&self) -> String {
        self.0.as_decrypt().name()
    }

    /// The table, in lines that a person can read. The alphabets must be those that the rule was found for.
    pub fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        self.0.as_decrypt().describe(ciphertext, plaintext)
    }

    /// The plaintext that the rule gives, as long as the ciphertext.
    ///
    /// A symbol that training never showed is decrypted to the most frequent plaintext symbol.
    pub fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        self.0.as_decrypt().answer(ciphertext)
    }

    /// Whether each place of the answer follows from what the rule was fitted on. A table does not
    /// know what it has never seen.
    pub fn knows(&self, ciphertext: &[SymbolId]) -> Vec<bool> {
        self.0.as_decrypt().knows(ciphertext)
    }

    /// The same rule with all that more pairs show: a table with their cells.
    pub fn refitted<'a>(&self, pairs: impl IntoIterator<Item = &'a Pair>) -> Self {
        let refitted = self.0.as_decrypt().refitted(&Training::new(pairs));
        Self(refitted.unwrap_or_else(|| self.0.clone()))
    }

    /// Marks the symbols of a text as unknown that the rule knows nothing of.
    pub fn mark_unseen(&self, text: &mut Encoded<'_>, alphabet: &Alphabet) {
        let knows = self.knows(&text.ids);
        text.mark_where(alphabet, |place, _| !knows[place]);
    }

    /// The places of the answer, in order, that depend on an unknown symbol of a text over
    /// `n_symbols`: they change with the symbol that is put in its place.
    pub fn unknown_places(&self, text: &Encoded<'_>, n_symbols: usize) -> Vec<usize> {
        if text.unknown.is_empty() {
            return Vec::new();
        }
        let answer = self.answer(&text.ids);
        let mut is_unknown = vec![false; answer.len()];
        // A table can give the same answer to many symbols.
        if !matches!(self.0, Kind::Transposition(_)) {
            for one in &text.unknown {
                is_unknown[one.place] = true;
            }
        }
        let mut ids = text.ids.clone();
        for id in 0..n_symbols as SymbolId {
            for one in &text.unknown {
                ids[one.place] = id;
            }
            let others = self.answer(&ids).into_iter().zip(&answer);
            for (is_unknown, (other, symbol)) in is_unknown.iter_mut().zip(others) {
                *is_unknown |= other != *symbol;
            }
        }
        let places = (0..answer.len()).filter(|&place| is_unknown[place]);
        places.collect()
    }
}

impl Kind {
    fn as_decrypt(&self) -> &dyn Decrypt {
        match self {
            Self::Copying => &Copying,
            Self::Transposition(rule) => rule,
            Self::Tables(rule) => rule,
            Self::CodeBook(rule) => rule,
        }
    }
}
