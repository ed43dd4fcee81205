//! The square and the keyword of a Nihilist cipher. A sum of two numbers of two digits shows the sum of the
//! rows and the sum of the columns; these are solved one after the other.

use super::Candidate;
use crate::known_plaintext::keyword::complete;
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, SymbolId};

/// The longest keyword that is looked for.
const MAX_PERIOD: usize = 32;

/// The ciphertexts' ids are sums, from 0 for the smallest sum.
pub fn find(sample: &Sample, smallest: usize) -> Option<Candidate> {
    let n = sample.n_symbols();
    let side = n.isqrt();
    (1..=MAX_PERIOD.min(sample.longest())).find_map(|period| {
        let mut rows = Sums::new(n, period);
        let mut columns = Sums::new(n, period);
        for (place, c, p) in sample.symbols() {
            let sum = usize::from(c) + smallest;
            // The last digit of the columns' sum is from 2 to 10: a 0 is a 10.
            let column = if sum % 10 < 2 {
                sum % 10 + 10
            } else {
                sum % 10
            };
            let row = sum.checked_sub(column)? / 10;
            rows.add(p, place % period, row);
            columns.add(p, place % period, column);
        }
        let (rows, key_rows) = rows.solve(side)?;
        let (columns, key_columns) = columns.solve(side)?;
        candidate(sample, [rows, columns], [key_rows, key_columns])
    })
}

/// The cipher of the coordinates of symbols and of the key, both from 1.
fn candidate(
    sample: &Sample,
    [rows, columns]: [Vec<Option<usize>>; 2],
    [key_rows, key_columns]: [Vec<usize>; 2],
) -> Option<Candidate> {
    let n = sample.n_symbols();
    let side = n.isqrt();
    let mut cells: Vec<Option<SymbolId>> = vec![None; n];
    for ((id, row), column) in (0..).zip(&rows).zip(&columns) {
        if let (Some(row), Some(column)) = (row, column) {
            let cell = (row - 1) * side + column - 1;
            if cells[cell].replace(id).is_some() {
                return None;
            }
        }
    }
    let completed = complete(&sample.plaintext, &cells);
    let cipher = |square: crate::MixedAlphabet| {
        let order = square
            .init("nihilist", "square", &sample.plaintext)
            .unwrap_or_default();
        let key = key_rows.iter().zip(&key_columns);
        let key: Vec<SymbolId> = key
            .filter_map(|(row, column)| order.get((row - 1) * side + column - 1).copied())
            .collect();
        CipherConfig::Nihilist {
            square,
            key: sample.plaintext.decode(&key),
        }
    };
    let key_bits = (key_rows.len() as f64 + 1.0) * (n as f64).log2();
    Some(Candidate::with_alphabet(
        &sample.plaintext,
        &completed,
        key_bits,
        cipher,
    ))
}

/// Sums of an unknown of a symbol and an unknown of a place of the key.
struct Sums {
    n_symbols: usize,
    /// For each unknown, the others with the sum.
    sums: Vec<Vec<(usize, i64)>>,
}

impl Sums {
    fn new(n_symbols: usize, period: usize) -> Self {
        Self {
            n_symbols,
            sums: vec![Vec::new(); n_symbols + period],
        }
    }

    fn add(&mut self, symbol: SymbolId, place: usize, sum: usize) {
        let (symbol, place) = (usize::from(symbol), self.n_symbols + place);
        let entry = (place, sum as i64);
        if !self.sums[symbol].contains(&entry) {
            self.sums[symbol].push(entry);
            self.sums[place].push((symbol, sum as i64));
        }
    }

    /// The unknowns, each from 1 to `most`: those of symbols, where they are shown, and those of the key.
    /// What only moves between the two is settled by the smallest symbol's value.
    fn solve(&self, most: usize) -> Option<(Vec<Option<usize>>, Vec<usize>)> {
        let start = self.n_symbols;
        (1..=most as i64).find_map(|first| {
            let mut values: Vec<Option<i64>> = vec![None; self.sums.len()];
            values[start] = Some(first);
            let mut open = vec![start];
            while let Some(unknown) = open.pop() {
                let value = values[unknown]?;
                for &(other, sum) in &self.sums[unknown] {
                    let found = sum - value;
                    if !(1..=most as i64).contains(&found) {
                        return None;
                    }
                    match values[other] {
                        None => {
                            values[other] = Some(found);
                            open.push(other);
                        }
                        Some(known) if known != found => return None,
                        Some(_) => {}
                    }
                }
            }
            let values = values
                .into_iter()
                .map(|value| value.map(|value| value as usize));
            let values: Vec<Option<usize>> = values.collect();
            let key = values[self.n_symbols..]
                .iter()
                .copied()
                .collect::<Option<Vec<usize>>>()?;
            Some((values[..self.n_symbols].to_vec(), key))
        })
    }
}
