//! Pairs of places whose symbols are learned from many messages of any length, as a table.

use super::lambda::{Errors, follows_from_later};
use super::result::{CiphertextPlace, Dependence, LaterPlace};
use crate::SymbolId;
use crate::tally::{Cell, Tally};

/// Places that are looked at, from the start.
const MAX_PLACES: usize = 64;

/// Messages that reach both places, at least. Fewer can agree by chance.
const MIN_MESSAGES: usize = 128;

/// Mirrored places that are looked at, from the start.
const MAX_MIRRORED: usize = 1024;

/// A ciphertext and its plaintext.
type Message<'a> = (&'a [SymbolId], &'a [SymbolId]);

/// Each place of the plaintext and each of the ciphertext, counted from the start.
pub(super) fn from_start(messages: &[Message]) -> Dependence {
    let mut dependence = Dependence::default();
    for plaintext in 0..MAX_PLACES {
        let at = |ciphertext| lambda_at(messages, ciphertext, plaintext);
        let earlier = (0..=plaintext).map(at).fold(0.0, f64::max);
        let later = (plaintext + 1..MAX_PLACES).map(|ciphertext| (at(ciphertext), ciphertext));
        let best = later.max_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((later, ciphertext)) = best
            && follows_from_later(later, earlier)
        {
            let reach = messages
                .iter()
                .filter(|message| message.0.len() > ciphertext);
            let ciphertext = CiphertextPlace::FromStart(ciphertext);
            let place = LaterPlace {
                plaintext,
                ciphertext,
            };
            dependence.add(place, reach.count());
        }
    }
    dependence
}

/// Each place of the plaintext, counted from the start, and the same place of the ciphertext,
/// counted from the end, in the messages where that comes later.
pub(super) fn mirrored(messages: &[Message]) -> Dependence {
    let mut dependence = Dependence::default();
    for place in 0..MAX_MIRRORED {
        let long = messages
            .iter()
            .filter(|message| message.0.len() > 2 * place + 1);
        let long: Vec<Message> = long.copied().collect();
        let mirrored = long.iter().map(|(c, p)| (c[c.len() - 1 - place], p[place]));
        let later = lambda(mirrored);
        if !follows_from_later(later, 0.0) {
            continue;
        }
        let nearest = place.saturating_sub(MAX_PLACES)..=place;
        let at = |ciphertext| lambda_at(&long, ciphertext, place);
        if follows_from_later(later, nearest.map(at).fold(0.0, f64::max)) {
            let found = LaterPlace {
                plaintext: place,
                ciphertext: CiphertextPlace::FromEnd(place),
            };
            dependence.add(found, long.len());
        }
    }
    dependence
}

/// Lambda of two places, both counted from the start.
fn lambda_at(messages: &[Message], ciphertext: usize, plaintext: usize) -> f64 {
    lambda(
        messages
            .iter()
            .filter_map(|(c, p)| Some((*c.get(ciphertext)?, *p.get(plaintext)?))),
    )
}

/// How much of the plaintext symbol is explained by the ciphertext symbol, given as (ciphertext,
/// plaintext) of each message. Each message is left out of the table that explains it, so that a
/// table of symbols that are seen once explains nothing.
fn lambda(symbols: impl Iterator<Item = (SymbolId, SymbolId)> + Clone) -> f64 {
    let n_symbols = symbols.clone().count();
    if n_symbols < MIN_MESSAGES {
        return 0.0;
    }
    let most_frequent = Tally::most_frequent(symbols.clone().map(|(_, p)| p));
    let cells = symbols.clone().map(|(c, p)| (Cell::from(c), p));
    let errors = Errors {
        without: symbols.filter(|&(_, p)| Some(p) != most_frequent).count(),
        with: n_symbols - Tally::of(cells).right_left_out,
    };
    errors.lambda()
}
