//! One table for every place of a message.

use std::collections::BTreeMap;

use super::Candidate;
use crate::known_plaintext::evidence::log2_orders;
use crate::known_plaintext::keyword::{
    Partial, complete, complete_without_keyword, shortest_keyword,
};
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, MixedAlphabet, SymbolId};

/// The largest alphabet for which every factor of an affine cipher is tried.
const MAX_AFFINE: usize = 256;

pub fn find(sample: &Sample) -> Vec<Candidate> {
    let table = table(sample);
    let mut found = vec![
        Candidate::new(CipherConfig::Atbash {}, 0.0),
        Candidate::new(CipherConfig::Caesar { key: 0 }, 0.0),
    ];
    found.extend(affine(sample, &table));
    found.extend(substitution(sample, &table));
    found
}

/// A substitution of symbols whose order nobody knows, so that there is no keyword.
pub fn in_no_order(sample: &Sample) -> Option<Candidate> {
    let order = order(sample, &table(sample))?;
    let completed = complete_without_keyword(&sample.plaintext, &order);
    let cipher = |key| CipherConfig::Substitution { key };
    Some(Candidate::with_alphabet(
        &sample.plaintext,
        &completed,
        0.0,
        cipher,
    ))
}

/// For each plaintext symbol the ciphertext symbol that it most often becomes.
fn table(sample: &Sample) -> BTreeMap<SymbolId, SymbolId> {
    let mut counts = BTreeMap::<(SymbolId, SymbolId), usize>::new();
    for (_, c, p) in sample.symbols() {
        *counts.entry((p, c)).or_default() += 1;
    }
    let mut most = BTreeMap::<SymbolId, (usize, SymbolId)>::new();
    for ((p, c), count) in counts {
        let best = most.entry(p).or_insert((0, c));
        if count > best.0 {
            *best = (count, c);
        }
    }
    most.into_iter().map(|(p, (_, c))| (p, c)).collect()
}

/// The factor and the offset that most of a table follows.
fn affine(sample: &Sample, table: &BTreeMap<SymbolId, SymbolId>) -> Option<Candidate> {
    let n = sample.n_symbols();
    if n > MAX_AFFINE || table.len() < 2 {
        return None;
    }
    let mut best = (0, 0, 0);
    for a in 2..n {
        let mut counts = vec![0; n];
        for (&p, &c) in table {
            let b = (usize::from(c) + n * n - a * usize::from(p)) % n;
            counts[b] += 1;
            if counts[b] > best.0 {
                best = (counts[b], a, b);
            }
        }
    }
    let (_, a, b) = best;
    let cipher = CipherConfig::Affine {
        a: a as i64,
        b: b as i64,
    };
    cipher.init(&sample.plaintext).ok()?;
    Some(Candidate::new(cipher, 2.0 * (n as f64).log2()))
}

/// A table as a mixed alphabet; nothing if two symbols become the same.
fn order(sample: &Sample, table: &BTreeMap<SymbolId, SymbolId>) -> Option<Partial> {
    let n = sample.n_symbols();
    let mut order = vec![None; n];
    let mut is_used = vec![false; n];
    for (&p, &c) in table {
        if std::mem::replace(&mut is_used[usize::from(c)], true) {
            return None;
        }
        order[usize::from(p)] = Some(c);
    }
    Some(order)
}

/// A substitution of symbols of one alphabet, whole or as far as it is shown.
fn substitution(sample: &Sample, table: &BTreeMap<SymbolId, SymbolId>) -> Vec<Candidate> {
    let Some(order) = order(sample, table) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let completed = complete(&sample.plaintext, &order);
    let is_keyed = matches!(completed.key, MixedAlphabet::Keyword(_));
    let cipher = |key| CipherConfig::Substitution { key };
    found.push(Candidate::with_alphabet(
        &sample.plaintext,
        &completed,
        0.0,
        cipher,
    ));
    if !is_keyed {
        found.extend(keyed_plaintext(sample, &order));
    }
    found
}

/// The plaintext's alphabet is mixed by a keyword, or a mixed alphabet is shifted.
fn keyed_plaintext(sample: &Sample, order: &[Option<SymbolId>]) -> Option<Candidate> {
    let n = order.len();
    let mut inverse = vec![None; n];
    for (p, c) in (0..).zip(order) {
        if let Some(c) = c {
            inverse[usize::from(*c)] = Some(p);
        }
    }
    let letter = |id: usize| sample.plaintext.symbol(id as SymbolId).to_string();
    let n_known = order.iter().flatten().count();
    let mut best: Option<Candidate> = None;
    for turn in 0..n {
        for (is_plaintext, side) in [(false, order), (true, &inverse[..])] {
            let mut turned = side.to_vec();
            turned.rotate_left(turn);
            let Some(keyed) = shortest_keyword(&turned) else {
                continue;
            };
            let bits = keyed.bits + (2.0 * n as f64).log2();
            let is_better = best.as_ref().is_none_or(|best| bits < best.key_bits);
            if bits + 10.0 >= log2_orders(n, n_known) || !is_better {
                continue;
            }
            let completed = complete(&sample.plaintext, &turned);
            // The keyword's first letter stands at the place of the turn.
            let first = usize::from(turned[0].unwrap_or(0));
            let make = |mixed: MixedAlphabet| match is_plaintext {
                true => CipherConfig::Quagmire {
                    plaintext: Some(mixed),
                    ciphertext: None,
                    key: letter(turn),
                    below: Some(letter(first)),
                },
                false => CipherConfig::Quagmire {
                    plaintext: None,
                    ciphertext: Some(mixed),
                    key: letter(first),
                    below: Some(letter(turn)),
                },
            };
            best = Some(Candidate {
                key_bits: bits,
                ..Candidate::with_alphabet(&sample.plaintext, &completed, 0.0, make)
            });
        }
    }
    best
}
