//! Pairs with known keys, for tests.

use std::ops::Range;

use rand::RngExt;
use rand::seq::IndexedRandom;

use crate::{PairTable, SymbolId, streams};

pub(super) type Texts = Vec<(Vec<SymbolId>, Vec<SymbolId>)>;

/// Pairs whose codes stand for chunks by a key, which has homophones if chunks are repeated.
pub(super) fn enciphered(
    key: &[(&[SymbolId], &[SymbolId])],
    n_pairs: usize,
    n_codes: Range<usize>,
    seed: u64,
) -> Texts {
    let mut rng = streams::file_order(seed);
    let pairs = (0..n_pairs).map(|_| {
        let n = rng.random_range(n_codes.clone());
        let drawn: Vec<_> = (0..n).filter_map(|_| key.choose(&mut rng)).collect();
        let ciphertext = drawn.iter().flat_map(|(code, _)| code.iter().copied());
        let plaintext = drawn.iter().flat_map(|(_, chunk)| chunk.iter().copied());
        (ciphertext.collect(), plaintext.collect())
    });
    pairs.collect()
}

/// Letters with homophones, syllables, a word and a null.
pub(super) const NOMENCLATOR: [(&[SymbolId], &[SymbolId]); 12] = [
    (&[0], &[0]),
    (&[1], &[0]),
    (&[2], &[1]),
    (&[3], &[2]),
    (&[4], &[3]),
    (&[5], &[3]),
    (&[6], &[4]),
    (&[7], &[0, 1]),
    (&[8], &[2, 3]),
    (&[9], &[4, 2, 0, 1, 3]),
    (&[10], &[1, 4, 0]),
    (&[11], &[]),
];

/// Codes of one and two digits, of which none begins another.
pub(super) const MIXED_WIDTH: [(&[SymbolId], &[SymbolId]); 9] = [
    (&[0], &[0]),
    (&[1], &[1]),
    (&[2], &[2]),
    (&[3, 0], &[0]),
    (&[3, 1], &[3]),
    (&[3, 4], &[4]),
    (&[4, 4], &[5]),
    (&[4, 1], &[1]),
    (&[4, 0], &[6]),
];

pub(super) fn table(texts: &Texts) -> PairTable {
    let mut table = PairTable::default();
    for (line, (ciphertext, plaintext)) in (1..).zip(texts) {
        table.push(ciphertext, plaintext, line);
    }
    table
}
