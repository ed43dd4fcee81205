//! The matrix of a Hill cipher. Each of its rows is found by itself, by trying all.

use super::Candidate;
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, HillKey, SymbolId};

/// The most rows that are tried.
const MAX_ROWS: usize = 100_000;

pub fn find(sample: &Sample) -> Vec<Candidate> {
    (2..=3).filter_map(|side| matrix(sample, side)).collect()
}

fn matrix(sample: &Sample, side: usize) -> Option<Candidate> {
    let n = sample.n_symbols();
    if n.pow(side as u32) > MAX_ROWS {
        return None;
    }
    let groups = groups(sample, side);
    if groups.len() < side {
        return None;
    }
    let rows = (0..side).map(|row| only_row(&groups, side, row, n));
    let rows = rows.collect::<Option<Vec<Vec<i64>>>>()?;
    let cipher = CipherConfig::Hill {
        key: HillKey::Matrix(rows),
        padding: None,
    };
    Some(Candidate::new(
        cipher,
        (side * side) as f64 * (n as f64).log2(),
    ))
}

/// The whole groups of plaintext symbols with the ciphertext symbols that they become.
fn groups(sample: &Sample, side: usize) -> Vec<(&[SymbolId], &[SymbolId])> {
    let groups = sample.messages.iter().flat_map(|message| {
        let both = message.plaintext.chunks_exact(side);
        both.zip(message.ciphertext.chunks_exact(side))
    });
    groups.collect()
}

/// The row that gives one symbol of every group, if there is exactly one.
fn only_row(
    groups: &[(&[SymbolId], &[SymbolId])],
    side: usize,
    row: usize,
    n: usize,
) -> Option<Vec<i64>> {
    let mut found = None;
    for number in 0..n.pow(side as u32) {
        let factor = |place: usize| number / n.pow(place as u32) % n;
        let fits = groups.iter().all(|(plaintext, ciphertext)| {
            let terms = plaintext.iter().enumerate();
            let sum: usize = terms
                .map(|(place, &p)| factor(place) * usize::from(p))
                .sum();
            sum % n == usize::from(ciphertext[row])
        });
        if fits && found.replace(number).is_some() {
            return None;
        }
    }
    let number = found?;
    let row = (0..side).map(|place| (number / n.pow(place as u32) % n) as i64);
    Some(row.collect())
}
