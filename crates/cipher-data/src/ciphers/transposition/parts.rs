use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Alphabet, DataError, SymbolId};

/// What a reversal or a rotation moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parts {
    /// The symbols of the message.
    #[default]
    Symbols,
    /// The symbols of each word, which stays where it is. Spaces stay, too.
    SymbolsOfWords,
    /// The words. What stands between them stays.
    Words,
}

impl Parts {
    /// The id of the space, for which words are told apart.
    pub(super) fn space(
        self,
        cipher: &'static str,
        alphabet: &Alphabet,
    ) -> Result<Option<SymbolId>, DataError> {
        match (self, alphabet.id(" ")) {
            (Self::Symbols, _) => Ok(None),
            (_, Some(space)) => Ok(Some(space)),
            (_, None) => Err(DataError::CipherAlphabet {
                cipher,
                needed: "a space in the alphabet to tell words apart",
                n_symbols: alphabet.len(),
            }),
        }
    }

    /// The message with its parts moved: `from(place, n)` is the old place of the part at a place
    /// among `n`.
    pub(super) fn moved(
        self,
        message: &[SymbolId],
        space: Option<SymbolId>,
        from: impl Fn(usize, usize) -> usize,
    ) -> Vec<SymbolId> {
        let words = words(message, space);
        if self == Self::Words {
            let mut moved = Vec::with_capacity(message.len());
            let mut end = 0;
            for (place, word) in words.iter().enumerate() {
                moved.extend_from_slice(&message[end..word.start]);
                moved.extend_from_slice(&message[words[from(place, words.len())].clone()]);
                end = word.end;
            }
            moved.extend_from_slice(&message[end..]);
            return moved;
        }
        let mut moved = message.to_vec();
        for word in words {
            for place in 0..word.len() {
                moved[word.start + place] = message[word.start + from(place, word.len())];
            }
        }
        moved
    }
}

/// The places of the words between spaces; without a space, the message is one word.
fn words(message: &[SymbolId], space: Option<SymbolId>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = 0;
    for end in 0..=message.len() {
        if message.get(end).is_none_or(|id| Some(*id) == space) {
            if end > start {
                words.push(start..end);
            }
            start = end + 1;
        }
    }
    words
}
