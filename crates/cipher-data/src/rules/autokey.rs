use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::key::Key;
use super::legible::legible;
use super::modulus::Modulus;
use super::period::shortest_good_period;
use super::training::Training;
use crate::tally::{Cell, Tally};
use crate::{Alphabet, Pair, SymbolId};

/// Which side continues the key once the key itself is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Feedback {
    Plaintext,
    Ciphertext,
}

impl Feedback {
    fn of<'a>(self, ciphertext: &'a [SymbolId], plaintext: &'a [SymbolId]) -> &'a [SymbolId] {
        match self {
            Self::Plaintext => plaintext,
            Self::Ciphertext => ciphertext,
        }
    }
}

/// `p = c - k`, where `k` is the key and after it the message itself.
///
/// With a key nearly as long as the messages this explains whatever a shift for each position
/// does: [`PeriodicKey`](super::PeriodicKey), which comes first, is then the simpler explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Autokey {
    modulus: Modulus,
    feedback: Feedback,
    key: Key,
}

impl Autokey {
    /// The length of the key is found as a period is; a length counts as right where the message
    /// predicts the key stream and where the other messages predict the key.
    pub(super) fn find(training: &Training, modulus: Modulus, feedback: Feedback) -> Option<Self> {
        let key_tally = |length| {
            let symbols = training.symbols();
            let first = symbols.filter(move |&(position, ..)| position < length);
            Tally::of(first.map(|(position, c, p)| (position as Cell, modulus.subtract(c, p))))
        };
        let fed_back = |length| {
            let pairs = training.pairs();
            let right = pairs.map(|pair| right_feedback(pair, modulus, feedback, length));
            right.sum::<usize>()
        };
        let length = shortest_good_period(training, |length| {
            key_tally(length).right_left_out + fed_back(length)
        });
        // Without anything fed back there is only a key for each position.
        (length < training.longest()).then(|| Self {
            modulus,
            feedback,
            key: Key::from_positions(length, &key_tally(length).answers),
        })
    }
}

/// How many symbols after the key are shifted by the symbol `length` places before them.
fn right_feedback(pair: &Pair, modulus: Modulus, feedback: Feedback, length: usize) -> usize {
    let both = pair.ciphertext().iter().zip(pair.plaintext());
    let stream = both.map(|(&c, &p)| modulus.subtract(c, p)).skip(length);
    let fed_back = feedback.of(pair.ciphertext(), pair.plaintext());
    stream
        .zip(fed_back)
        .filter(|(key, fed)| key == *fed)
        .count()
}

impl Decrypt for Autokey {
    fn name(&self) -> String {
        match self.feedback {
            Feedback::Plaintext => "autokey".into(),
            Feedback::Ciphertext => "ciphertext autokey".into(),
        }
    }

    fn describe(&self, _: &Alphabet, plaintext: &Alphabet) -> String {
        format!("key {}", legible(plaintext, self.key.symbols()))
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let key = self.key.symbols();
        let mut plaintext = Vec::with_capacity(ciphertext.len());
        for (position, &c) in ciphertext.iter().enumerate() {
            let key = match position.checked_sub(key.len()) {
                None => key[position],
                // A key has at least one symbol, so this one is already decrypted.
                Some(before) => self.feedback.of(ciphertext, &plaintext)[before],
            };
            plaintext.push(self.modulus.subtract(c, key));
        }
        plaintext
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_message_outlasts_is_not_an_autokey() {
        let shifted = |key: [SymbolId; 3], plaintext: [SymbolId; 3]| {
            let ciphertext = key.iter().zip(&plaintext).map(|(key, p)| (key + p) % 27);
            Pair::new(ciphertext.collect(), plaintext.to_vec()).unwrap()
        };
        let plaintexts = [[0, 1, 2], [7, 2, 9], [5, 20, 6], [13, 13, 1]];
        let pairs = plaintexts.map(|plaintext| shifted([10, 4, 24], plaintext));
        let modulus = Modulus::new(&Alphabet::letters_and_dash());
        let found = Autokey::find(&Training::new(&pairs), modulus, Feedback::Plaintext);
        assert!(found.is_none(), "{found:?}");
    }
}
