use serde::{Deserialize, Serialize};

use super::arithmetic::Arithmetic;
use super::decrypt::Decrypt;
use super::letters::{Letters, Symbol};
use crate::{Alphabet, SymbolId};

/// An arithmetic rule for the letters alone, whatever their case. The answer has the case of the ciphertext,
/// and all other symbols stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnLetters {
    letters: Letters,
    rule: Arithmetic,
    /// Whether symbols that are not letters have a position too, so that they advance the key.
    every_symbol_advances: bool,
}

impl OnLetters {
    /// The rule must be one over [`Letters::alphabet`].
    pub(super) fn new(letters: Letters, rule: Arithmetic, every_symbol_advances: bool) -> Self {
        Self {
            letters,
            rule,
            every_symbol_advances,
        }
    }
}

impl Decrypt for OnLetters {
    fn name(&self) -> String {
        let advance = if self.every_symbol_advances {
            ", all advance"
        } else {
            ""
        };
        format!("{} on letters{advance}", self.rule.name())
    }

    fn describe(&self, _: &Alphabet, _: &Alphabet) -> String {
        let letters = self.letters.alphabet();
        let key = self.rule.describe(letters, letters);
        let advance = if self.every_symbol_advances {
            "they advance the key"
        } else {
            "they do not advance the key"
        };
        format!("{key}; letters keep their case, other symbols stay as they are and {advance}")
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let symbols = ciphertext.iter().map(|&id| self.letters.ciphertext(id));
        let letters = symbols.clone().filter_map(|symbol| match symbol {
            Symbol::Letter { letter, .. } => Some(letter),
            // Any letter: its answer is not used.
            Symbol::Other(_) => self.every_symbol_advances.then_some(0),
        });
        let mut answers = self.rule.answer(&letters.collect::<Vec<_>>()).into_iter();
        let plaintext = symbols.map(|symbol| match symbol {
            Symbol::Letter { letter, is_upper } => {
                let answer = answers.next().unwrap_or(letter);
                let plaintext = self.letters.plaintext(answer, is_upper);
                // A letter that the plaintext's alphabet lacks.
                plaintext.or_else(|| self.letters.plaintext(letter, is_upper))
            }
            Symbol::Other(plaintext) => {
                if self.every_symbol_advances {
                    answers.next();
                }
                plaintext
            }
        });
        plaintext.map(|plaintext| plaintext.unwrap_or(0)).collect()
    }
}
