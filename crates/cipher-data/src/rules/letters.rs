use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::training::Training;
use crate::{Alphabet, AlphabetConfig, Outside, Pair, SymbolId};

const LATIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The letters of two alphabets, whatever their case, told apart from all other symbols.
///
/// They are `A` to `Z` if there is any of them, and otherwise all letters of either alphabet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Alphabets", into = "Alphabets")]
pub(super) struct Letters {
    ciphertext: Alphabet,
    plaintext: Alphabet,
    /// The letters in upper case, from 0.
    letters: Alphabet,
    ciphertext_symbols: Vec<Symbol>,
    plaintext_symbols: Vec<Symbol>,
    /// For each letter its plaintext symbols in lower and in upper case.
    cases: Vec<[Option<SymbolId>; 2]>,
}

/// The alphabets, from which all else follows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alphabets {
    ciphertext: AlphabetConfig,
    plaintext: AlphabetConfig,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Letter {
        letter: SymbolId,
        is_upper: bool,
    },
    /// Another symbol, as the same symbol of the plaintext's alphabet if it has it.
    Other(Option<SymbolId>),
}

impl Letters {
    /// A mark for a symbol that is not a letter. No alphabet has this id.
    pub(super) const NO_LETTER: SymbolId = SymbolId::MAX;

    /// The letters of two alphabets. Nothing if there are fewer than two, or if both alphabets are
    /// just the letters.
    pub(super) fn of(ciphertext: &Alphabet, plaintext: &Alphabet) -> Option<Self> {
        let symbols = ciphertext.symbols().iter().chain(plaintext.symbols());
        let upper: BTreeSet<char> = symbols
            .filter_map(|symbol| Some(letter(symbol)?.0))
            .collect();
        let names: String = if upper.iter().any(char::is_ascii) {
            LATIN.into()
        } else {
            upper.into_iter().collect()
        };
        let letters = Alphabet::new(&names, Outside::Reject).ok()?;
        let is_letters = |alphabet: &Alphabet| alphabet.symbols() == letters.symbols();
        if is_letters(ciphertext) && is_letters(plaintext) {
            return None;
        }
        let symbol = |text: &String| {
            let number = |upper: char| letters.id(upper.encode_utf8(&mut [0; 4]));
            let found = letter(text).and_then(|(upper, is_upper)| Some((number(upper)?, is_upper)));
            match found {
                Some((letter, is_upper)) => Symbol::Letter { letter, is_upper },
                None => Symbol::Other(plaintext.id(text)),
            }
        };
        let symbols = |alphabet: &Alphabet| alphabet.symbols().iter().map(symbol).collect();
        let plaintext_symbols: Vec<Symbol> = symbols(plaintext);
        let mut cases = vec![[None; 2]; letters.len()];
        for (id, &symbol) in (0..).zip(&plaintext_symbols) {
            if let Symbol::Letter { letter, is_upper } = symbol {
                cases[usize::from(letter)][usize::from(is_upper)] = Some(id);
            }
        }
        Some(Self {
            ciphertext: ciphertext.clone(),
            plaintext: plaintext.clone(),
            ciphertext_symbols: symbols(ciphertext),
            plaintext_symbols,
            letters,
            cases,
        })
    }

    /// The letters in upper case, in the order of their numbers.
    pub(super) fn alphabet(&self) -> &Alphabet {
        &self.letters
    }

    /// What a ciphertext symbol is.
    pub(super) fn ciphertext(&self, id: SymbolId) -> Symbol {
        let symbol = self.ciphertext_symbols.get(usize::from(id)).copied();
        symbol.unwrap_or(Symbol::Other(None))
    }

    /// The plaintext symbol of a letter in the wanted case, or else in the other one.
    pub(super) fn plaintext(&self, letter: SymbolId, is_upper: bool) -> Option<SymbolId> {
        let cases = self.cases.get(usize::from(letter))?;
        cases[usize::from(is_upper)].or(cases[usize::from(!is_upper)])
    }

    /// The pairs that have letters at the same places of both sides, in the same case, and agree
    /// in all other symbols. There are none if more than a tenth of the symbols that should agree
    /// do not.
    pub(super) fn agreeing<'a>(&self, training: &Training<'a>) -> Vec<&'a Pair> {
        let (mut n_kept, mut n_changed) = (0, 0);
        let mut agreeing = Vec::new();
        for pair in training.pairs() {
            let both = pair.ciphertext().iter().zip(pair.plaintext());
            let is_kept = both.filter_map(|(&c, &p)| self.is_kept(c, p));
            let (kept, changed): (Vec<bool>, Vec<bool>) = is_kept.partition(|&is_kept| is_kept);
            n_kept += kept.len();
            n_changed += changed.len();
            if changed.is_empty() {
                agreeing.push(pair);
            }
        }
        if 9 * n_changed > n_kept {
            agreeing.clear();
        }
        agreeing
    }

    /// Whether the case of a letter, or a symbol that is not a letter, is the same on both sides;
    /// nothing if the plaintext has its letters in one case only.
    fn is_kept(&self, ciphertext: SymbolId, plaintext: SymbolId) -> Option<bool> {
        let plaintext = self.plaintext_symbols.get(usize::from(plaintext));
        let plaintext = *plaintext.unwrap_or(&Symbol::Other(None));
        match (self.ciphertext(ciphertext), plaintext) {
            (
                Symbol::Letter { is_upper, .. },
                Symbol::Letter {
                    letter,
                    is_upper: case,
                },
            ) => {
                let cases = self.cases[usize::from(letter)];
                cases
                    .iter()
                    .all(Option::is_some)
                    .then_some(is_upper == case)
            }
            (ciphertext, plaintext) => {
                Some(ciphertext == plaintext && ciphertext != Symbol::Other(None))
            }
        }
    }

    /// The letters of a pair, without the other symbols.
    pub(super) fn alone(&self, pair: &Pair) -> Pair {
        self.convert(pair, None)
    }

    /// The letters of a pair, with [`Self::NO_LETTER`] at the places of the other symbols.
    pub(super) fn in_place(&self, pair: &Pair) -> Pair {
        self.convert(pair, Some(Self::NO_LETTER))
    }

    #[allow(clippy::expect_used)] // the pairs that agree have their letters at the same places
    fn convert(&self, pair: &Pair, other: Option<SymbolId>) -> Pair {
        let side = |ids: &[SymbolId], symbols: &[Symbol]| -> Vec<SymbolId> {
            let letters = ids.iter().map(|&id| match symbols.get(usize::from(id)) {
                Some(&Symbol::Letter { letter, .. }) => Some(letter),
                _ => other,
            });
            letters.flatten().collect()
        };
        let ciphertext = side(pair.ciphertext(), &self.ciphertext_symbols);
        let plaintext = side(pair.plaintext(), &self.plaintext_symbols);
        Pair::new(ciphertext, plaintext).expect("letters at the same places")
    }
}

/// A letter in upper case, and whether it is in upper case itself. Nothing for other symbols and
/// for letters without case, or whose upper case is several letters.
fn letter(symbol: &str) -> Option<(char, bool)> {
    let mut characters = symbol.chars();
    let character = characters.next()?;
    let mut upper = character.to_uppercase();
    let one = (characters.next(), upper.next(), upper.next());
    match one {
        (None, Some(upper), None) if character.is_uppercase() || character.is_lowercase() => {
            Some((upper, character.is_uppercase()))
        }
        _ => None,
    }
}

impl From<Letters> for Alphabets {
    fn from(letters: Letters) -> Self {
        Self {
            ciphertext: letters.ciphertext.to_config(),
            plaintext: letters.plaintext.to_config(),
        }
    }
}

impl TryFrom<Alphabets> for Letters {
    type Error = String;

    fn try_from(alphabets: Alphabets) -> Result<Self, String> {
        let alphabet = |config: AlphabetConfig| config.init().map_err(|error| error.to_string());
        let ciphertext = alphabet(alphabets.ciphertext)?;
        let plaintext = alphabet(alphabets.plaintext)?;
        Self::of(&ciphertext, &plaintext)
            .ok_or_else(|| "the alphabets have no letters, or no other symbols".into())
    }
}
