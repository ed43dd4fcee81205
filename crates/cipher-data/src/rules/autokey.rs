use super::legible::legible;
use super::modulus::Modulus;
use super::period::shortest_good_period;
use super::tally::{Cell, Tally};
use super::training::Training;
use crate::{Alphabet, Pair, Rule, SymbolId};

/// Which side goes on as the key once the key itself is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
/// does: [`PeriodicKey`](super::PeriodicKey), which comes first, is the simpler reading then.
#[derive(Debug)]
pub(super) struct Autokey {
    modulus: Modulus,
    feedback: Feedback,
    key: Vec<SymbolId>,
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
        let key = key_tally(length).answers.into_iter().map(|(_, key)| key);
        // Without anything fed back there is only a key for each position.
        (length < training.longest()).then(|| Self {
            modulus,
            feedback,
            key: key.collect(),
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

impl Rule for Autokey {
    fn name(&self) -> &'static str {
        match self.feedback {
            Feedback::Plaintext => "autokey",
            Feedback::Ciphertext => "ciphertext autokey",
        }
    }

    fn describe(&self, _: &Alphabet, plaintext: &Alphabet) -> String {
        format!("key {}", legible(plaintext, &self.key))
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let mut plaintext = Vec::with_capacity(ciphertext.len());
        for (position, &c) in ciphertext.iter().enumerate() {
            let key = match position.checked_sub(self.key.len()) {
                None => self.key[position],
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
