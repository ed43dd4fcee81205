//! Columnar transpositions. What each column holds follows from the plaintext, so their order is that in
//! which the ciphertext has them.

use super::Candidate;
use crate::known_plaintext::evidence::log2_orders;
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, SymbolId};

/// The most columns that are tried.
const MAX_WIDTH: usize = 24;
/// The most columns of the transposition of two for which every order is tried.
const MAX_TRIED: usize = 7;
/// The most columns of the other transposition of two.
const MAX_SECOND: usize = 12;
/// Symbols of the texts on which every order is tried.
const FIRST_SYMBOLS: usize = 60;
/// Steps of a search after which it is given up.
const MAX_STEPS: usize = 20_000;

/// The same for all orders of two transpositions together.
const MAX_DOUBLE_STEPS: usize = 2_000_000;

/// A plaintext and a ciphertext with the same symbols.
type Texts = (Vec<SymbolId>, Vec<SymbolId>);

pub fn find(sample: &Sample) -> Vec<Candidate> {
    let texts = texts(sample);
    let widths = 2..=MAX_WIDTH
        .min(sample.longest().saturating_sub(1))
        .min(sample.n_symbols());
    let columnar = widths.clone().find_map(|width| {
        let ranks = order_of_columns(&texts, width, false)?;
        let cipher = CipherConfig::ColumnarTransposition {
            key: keyword(sample, &ranks),
            padding: None,
        };
        Some(Candidate::new(cipher, log2_orders(width, width) + 5.0))
    });
    if columnar.is_some() {
        return columnar.into_iter().collect();
    }
    let myszkowski = widths.into_iter().find_map(|width| {
        let ranks = order_of_columns(&texts, width, true)?;
        let cipher = CipherConfig::Myszkowski {
            key: keyword(sample, &ranks),
        };
        Some(Candidate::new(
            cipher,
            width as f64 * (width as f64).log2() + 5.0,
        ))
    });
    myszkowski.into_iter().collect()
}

/// A columnar transposition whose last row is filled.
pub fn find_padded(sample: &Sample) -> Option<Candidate> {
    PADDING.iter().find_map(|padding| {
        let symbol = sample.plaintext.id(padding)?;
        let messages = sample.messages.iter();
        let texts: Vec<Texts> = messages
            .map(|message| {
                let mut plaintext = message.plaintext.clone();
                plaintext.resize(message.ciphertext.len(), symbol);
                (plaintext, message.ciphertext.clone())
            })
            .collect();
        let mut widths = 2..=MAX_WIDTH
            .min(sample.longest().saturating_sub(1))
            .min(sample.n_symbols());
        widths.find_map(|width| {
            let is_full = |(plaintext, _): &Texts| plaintext.len().is_multiple_of(width);
            if !texts.iter().all(is_full) {
                return None;
            }
            let ranks = order_of_columns(&texts, width, false)?;
            let cipher = CipherConfig::ColumnarTransposition {
                key: keyword(sample, &ranks),
                padding: Some((*padding).into()),
            };
            Some(Candidate::new(cipher, log2_orders(width, width) + 7.0))
        })
    })
}

/// Symbols that rows are filled with.
const PADDING: &[&str] = &["X", "Z", "Q", "A", "E"];

/// Two transpositions, one of which has few columns: every order of these is tried.
pub fn find_double(sample: &Sample) -> Option<Candidate> {
    let texts = texts(sample);
    let n_first = texts.iter().scan(0, |n, (plaintext, _)| {
        let is_needed = *n < FIRST_SYMBOLS;
        *n += plaintext.len();
        is_needed.then_some(())
    });
    let first_texts = &texts[..n_first.count()];
    let mut n_steps = 0;
    for width in 2..=MAX_TRIED.min(sample.n_symbols()) {
        let mut found = None;
        permutations(width, &mut |order| {
            // Most orders fail on the first texts already.
            found = with_order(first_texts, order, &mut n_steps)
                .and_then(|_| with_order(&texts, order, &mut n_steps));
            found.is_some() || n_steps > MAX_DOUBLE_STEPS
        });
        if let Some([first, second]) = found {
            let bits = [&first, &second].map(|ranks| log2_orders(ranks.len(), ranks.len()) + 4.0);
            let cipher = CipherConfig::DoubleColumnar {
                first: keyword(sample, &first),
                second: keyword(sample, &second),
            };
            return Some(Candidate::new(cipher, bits[0] + bits[1]));
        }
    }
    None
}

/// The ranks of two transpositions of which one has this order.
fn with_order(texts: &[Texts], order: &[usize], n_steps: &mut usize) -> Option<[Vec<usize>; 2]> {
    let after: Vec<Texts> = after_columns(texts, order, false);
    let before: Vec<Texts> = after_columns(texts, order, true);
    (2..=MAX_SECOND).find_map(|width| {
        let second = ordered(&after, width, false, (n_steps, MAX_DOUBLE_STEPS));
        let first = ordered(&before, width, false, (n_steps, MAX_DOUBLE_STEPS));
        match (first, second) {
            (_, Some(second)) => Some([order.to_vec(), second]),
            (Some(first), None) => Some([first, order.to_vec()]),
            (None, None) => None,
        }
    })
}

fn texts(sample: &Sample) -> Vec<Texts> {
    let messages = sample.messages.iter();
    let texts = messages.map(|message| (message.plaintext.clone(), message.ciphertext.clone()));
    texts.collect()
}

/// The keyword whose symbols have these ranks.
fn keyword(sample: &Sample, ranks: &[usize]) -> String {
    let ids: Vec<SymbolId> = ranks.iter().map(|&rank| rank as SymbolId).collect();
    sample.plaintext.decode(&ids)
}

/// The plaintexts after a transposition by ranks, or the ciphertexts before it.
fn after_columns(texts: &[Texts], ranks: &[usize], is_last: bool) -> Vec<Texts> {
    let moved = |(plaintext, ciphertext): &Texts| {
        let mut places: Vec<usize> = (0..plaintext.len()).collect();
        places.sort_by_key(|place| ranks[place % ranks.len()]);
        if is_last {
            let mut before = vec![0; ciphertext.len()];
            for (&place, &symbol) in places.iter().zip(ciphertext) {
                before[place] = symbol;
            }
            (plaintext.clone(), before)
        } else {
            let after = places.iter().map(|&place| plaintext[place]);
            (after.collect(), ciphertext.clone())
        }
    };
    texts.iter().map(moved).collect()
}

/// Calls `visit` with every order of `n` numbers until it returns true.
fn permutations(n: usize, visit: &mut impl FnMut(&[usize]) -> bool) -> bool {
    fn extend(order: &mut Vec<usize>, n: usize, visit: &mut impl FnMut(&[usize]) -> bool) -> bool {
        if order.len() == n {
            return visit(order);
        }
        for one in 0..n {
            if !order.contains(&one) {
                order.push(one);
                if extend(order, n, visit) {
                    return true;
                }
                order.pop();
            }
        }
        false
    }
    extend(&mut Vec::with_capacity(n), n, visit)
}

/// The rank of each column in the order in which ciphertexts have them. With ties, columns may share a
/// rank and are then read row by row.
fn order_of_columns(texts: &[Texts], width: usize, with_ties: bool) -> Option<Vec<usize>> {
    ordered(texts, width, with_ties, (&mut 0, MAX_STEPS))
}

/// [`order_of_columns`] in at most a number of steps, some of which may be used up.
fn ordered(
    texts: &[Texts],
    width: usize,
    with_ties: bool,
    (n_steps, max_steps): (&mut usize, usize),
) -> Option<Vec<usize>> {
    let mut search = Search {
        texts,
        width,
        with_ties,
        ranks: vec![None; width],
        n_steps,
        max_steps,
    };
    let starts = vec![0; texts.len()];
    search.extend(0, &starts).then(|| {
        let ranks = search.ranks.iter().flatten();
        ranks.copied().collect()
    })
}

struct Search<'a> {
    texts: &'a [Texts],
    width: usize,
    with_ties: bool,
    ranks: Vec<Option<usize>>,
    n_steps: &'a mut usize,
    max_steps: usize,
}

impl Search<'_> {
    /// Finds the columns of a rank and those after it, from a place in each ciphertext.
    fn extend(&mut self, rank: usize, starts: &[usize]) -> bool {
        self.ranks.iter().all(Option::is_some) || self.extend_group(rank, &mut Vec::new(), starts)
    }

    /// Adds columns to the group of a rank, from left to right.
    fn extend_group(&mut self, rank: usize, group: &mut Vec<usize>, starts: &[usize]) -> bool {
        let from = group.last().map_or(0, |last| last + 1);
        for column in from..self.width {
            if self.ranks[column].is_some() || !self.begins(column, group.len(), starts) {
                continue;
            }
            *self.n_steps += 1;
            if *self.n_steps > self.max_steps {
                return false;
            }
            group.push(column);
            self.ranks[column] = Some(rank);
            if let Some(ends) = self.ends(group, starts)
                && self.extend(rank + 1, &ends)
            {
                return true;
            }
            if self.with_ties && self.extend_group(rank, group, starts) {
                return true;
            }
            self.ranks[column] = None;
            group.pop();
        }
        false
    }

    /// Whether the first row's symbol of a column is where it would be as the next one of a group.
    fn begins(&self, column: usize, n_before: usize, starts: &[usize]) -> bool {
        let mut texts = self.texts.iter().zip(starts);
        texts.all(
            |((plaintext, ciphertext), start)| match plaintext.get(column) {
                Some(symbol) => ciphertext.get(start + n_before) == Some(symbol),
                None => true,
            },
        )
    }

    /// Where a group of columns ends in each ciphertext, if they are there.
    fn ends(&self, group: &[usize], starts: &[usize]) -> Option<Vec<usize>> {
        let ends = self
            .texts
            .iter()
            .zip(starts)
            .map(|((plaintext, ciphertext), &start)| {
                let mut end = start;
                for row in (0..plaintext.len()).step_by(self.width) {
                    for column in group {
                        let Some(symbol) = plaintext.get(row + column) else {
                            continue;
                        };
                        if ciphertext.get(end) != Some(symbol) {
                            return None;
                        }
                        end += 1;
                    }
                }
                Some(end)
            });
        ends.collect()
    }
}
