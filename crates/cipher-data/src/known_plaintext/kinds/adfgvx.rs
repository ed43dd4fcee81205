//! The columns and the square of ADFGX and ADFGVX. Every order of up to nine columns is tried: under the
//! right one, each plaintext symbol has one pair of letters.

use super::Candidate;
use crate::known_plaintext::evidence::log2_orders;
use crate::known_plaintext::keyword::{Partial, complete};
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, SymbolId};

/// The most columns that are tried.
const MAX_WIDTH: usize = 9;

/// The ciphertexts' ids are pairs of letters, row by row.
pub fn find(sample: &Sample) -> Option<Candidate> {
    let n = sample.n_symbols();
    let side = n.isqrt() as SymbolId;
    let coordinates: Vec<Vec<SymbolId>> = sample
        .messages
        .iter()
        .map(|message| {
            message
                .ciphertext
                .iter()
                .flat_map(|id| [id / side, id % side])
                .collect()
        })
        .collect();
    for width in 1..=MAX_WIDTH.min(2 * sample.longest()) {
        let mut columns = Columns {
            sample,
            coordinates: &coordinates,
            width,
        };
        if let Some((ranks, square)) = columns.first_order(&mut Vec::new()) {
            return Some(candidate(sample, &ranks, &square));
        }
    }
    None
}

fn candidate(sample: &Sample, ranks: &[usize], square: &Partial) -> Candidate {
    let completed = complete(&sample.plaintext, square);
    let ids: Vec<SymbolId> = ranks.iter().map(|&rank| rank as SymbolId).collect();
    let order_bits = log2_orders(ranks.len(), ranks.len()) + 3.0;
    Candidate::with_alphabet(&sample.plaintext, &completed, order_bits, |square| {
        CipherConfig::Adfgvx {
            square,
            key: sample.plaintext.decode(&ids),
        }
    })
}

struct Columns<'a> {
    sample: &'a Sample,
    coordinates: &'a [Vec<SymbolId>],
    width: usize,
}

impl Columns<'_> {
    /// The first order of the columns under which the square has no contradiction.
    fn first_order(&mut self, ranks: &mut Vec<usize>) -> Option<(Vec<usize>, Partial)> {
        if ranks.len() == self.width {
            let square = self.square(ranks)?;
            return Some((ranks.clone(), square));
        }
        for rank in 0..self.width {
            if !ranks.contains(&rank) {
                ranks.push(rank);
                let found = self.first_order(ranks);
                ranks.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// The square that follows from an order of the columns.
    fn square(&self, ranks: &[usize]) -> Option<Partial> {
        let n = self.sample.n_symbols();
        let side = n.isqrt();
        let mut square: Partial = vec![None; n];
        let mut place_of: Vec<Option<usize>> = vec![None; n];
        for (message, coordinates) in self.sample.messages.iter().zip(self.coordinates) {
            let starts = self.starts(ranks, coordinates.len());
            let at = |place: usize| {
                let (row, column) = (place / self.width, place % self.width);
                usize::from(coordinates[starts[column] + row])
            };
            for (symbol, &id) in message.plaintext.iter().enumerate() {
                let cell = at(2 * symbol) * side + at(2 * symbol + 1);
                let known = &mut place_of[usize::from(id)];
                if *square[cell].get_or_insert(id) != id || *known.get_or_insert(cell) != cell {
                    return None;
                }
            }
        }
        Some(square)
    }

    /// Where each column begins in a ciphertext.
    fn starts(&self, ranks: &[usize], length: usize) -> Vec<usize> {
        let height = |column: usize| (length + self.width - 1 - column) / self.width;
        let start = |column: &usize| {
            let before = (0..self.width).filter(|other| ranks[*other] < ranks[*column]);
            before.map(height).sum()
        };
        (0..self.width)
            .collect::<Vec<_>>()
            .iter()
            .map(start)
            .collect()
    }
}
