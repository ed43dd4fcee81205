//! Places of the ciphertext that have the same symbol as a place of the plaintext, in messages of
//! one length. This sees a transposition of messages of many lengths, of which each has few.

use std::collections::BTreeMap;

use super::lambda::{Errors, follows_from_later};
use super::result::{CiphertextPlace, Dependence, LaterPlace};
use crate::SymbolId;
use crate::tally::Tally;

/// Messages of a length, at least: half of them choose a place, and the other half test it.
const MIN_MESSAGES: usize = 4;

/// Longer messages are not looked at: every place is compared with every other.
const MAX_LENGTH: usize = 256;

/// Tested symbols at the places found, at least. Fewer can agree by chance.
const MIN_TESTED: usize = 64;

/// A ciphertext and its plaintext.
type Message<'a> = (&'a [SymbolId], &'a [SymbolId]);

/// Chooses for each length and place of the plaintext the place of the ciphertext that has the same
/// symbol most often, and counts how often it has in other messages.
pub(super) fn of_each_length(messages: &[Message]) -> Dependence {
    let mut by_length = BTreeMap::<usize, Vec<Message>>::new();
    for &message in messages
        .iter()
        .filter(|message| message.0.len() <= MAX_LENGTH)
    {
        by_length.entry(message.0.len()).or_default().push(message);
    }
    let mut dependence = Dependence::default();
    let (mut later, mut earlier) = (Errors::default(), Errors::default());
    let mut n_tested = 0;
    for (length, messages) in by_length {
        if messages.len() < MIN_MESSAGES {
            continue;
        }
        let (choosing, testing) = messages.split_at(messages.len() / 2);
        for plaintext in 0..length {
            let Some(chosen) = choose(choosing, plaintext) else {
                continue;
            };
            let later_here = errors(testing, plaintext, chosen.later);
            later.add(later_here);
            earlier.add(errors(testing, plaintext, chosen.earlier));
            n_tested += testing.len();
            if follows_from_later(later_here.lambda(), 0.0) {
                let place = chosen.later;
                let ciphertext = CiphertextPlace::OfLength { length, place };
                let found = LaterPlace {
                    plaintext,
                    ciphertext,
                };
                dependence.add(found, messages.len());
            }
        }
    }
    if n_tested >= MIN_TESTED && follows_from_later(later.lambda(), earlier.lambda()) {
        dependence
    } else {
        Dependence::default()
    }
}

/// Places of the ciphertext that most often have the symbol of one place of the plaintext.
struct Chosen {
    earlier: usize,
    later: usize,
}

/// Nothing if the best later place is not better than the best earlier one, or has the same symbol
/// in less than half of the messages.
fn choose(messages: &[Message], plaintext: usize) -> Option<Chosen> {
    let length = messages.first()?.0.len();
    let n_equal = |place: &usize| {
        let equal = messages.iter().filter(|(c, p)| c[*place] == p[plaintext]);
        equal.count()
    };
    let earlier = (0..=plaintext).max_by_key(n_equal)?;
    let later = (plaintext + 1..length).max_by_key(n_equal)?;
    let is_better = n_equal(&later) > n_equal(&earlier) && 2 * n_equal(&later) > messages.len();
    is_better.then_some(Chosen { earlier, later })
}

/// The errors of who answers with the ciphertext symbol at a place, and of who always answers with
/// the most frequent symbol of these very messages.
fn errors(messages: &[Message], plaintext: usize, ciphertext: usize) -> Errors {
    let symbols = messages.iter().map(|(_, p)| p[plaintext]);
    let most_frequent = Tally::most_frequent(symbols.clone());
    Errors {
        without: symbols
            .filter(|&symbol| Some(symbol) != most_frequent)
            .count(),
        with: messages
            .iter()
            .filter(|(c, p)| c[ciphertext] != p[plaintext])
            .count(),
    }
}
