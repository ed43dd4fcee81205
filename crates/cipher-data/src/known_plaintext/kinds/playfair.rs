//! The square of a Playfair cipher, by placing symbols so that every pair is encrypted as it was.

use super::Candidate;
use crate::known_plaintext::evidence::log2_orders;
use crate::known_plaintext::keyword::{Completed, Partial, complete};
use crate::known_plaintext::sample::Sample;
use crate::{CipherConfig, MixedAlphabet, SymbolId};

/// Placements after which the search is given up.
const MAX_STEPS: usize = 2_000_000;

pub fn find(sample: &Sample) -> Option<Candidate> {
    let n = sample.n_symbols();
    let pairs = pairs(sample)?;
    let mut search = Search {
        side: n.isqrt(),
        pairs,
        places: vec![None; n],
        cells: vec![None; n],
        n_steps: 0,
        found: Vec::new(),
    };
    // Moving rows and columns around the edges changes nothing: the first symbol can be anywhere.
    search.put(search.pairs.first()?[0], 0);
    search.extend();
    let squares: Vec<Completed> = search
        .found
        .iter()
        .map(|cells| best_turned(sample, cells, n.isqrt()))
        .collect();
    let [first, others @ ..] = &squares[..] else {
        return None;
    };
    let cipher = |key: &MixedAlphabet| CipherConfig::Playfair {
        key: key.clone(),
        padding: None,
    };
    let other = first
        .alternative
        .as_ref()
        .or(others.first().map(|other| &other.key));
    let mut unseen: Vec<String> = first
        .open
        .iter()
        .map(|&id| sample.plaintext.symbol(id).into())
        .collect();
    if !others.is_empty() {
        unseen.push("the places that differ in another square that fits".into());
    }
    let bits = first.bits.min(log2_orders(n, n)) - 2.0 * (n.isqrt() as f64).log2();
    Some(Candidate {
        alternative: other.map(cipher),
        unseen,
        ..Candidate::new(cipher(&first.key), bits)
    })
}

/// The different pairs of plaintext symbols, each with the pair that it becomes. Nothing if one of them
/// cannot be Playfair's: equal symbols, or a symbol that becomes itself.
fn pairs(sample: &Sample) -> Option<Vec<[SymbolId; 4]>> {
    let mut pairs = Vec::new();
    for message in &sample.messages {
        let both = message
            .plaintext
            .chunks_exact(2)
            .zip(message.ciphertext.chunks_exact(2));
        for (plain, encrypted) in both {
            let [a, b, c, d] = [plain[0], plain[1], encrypted[0], encrypted[1]];
            if a == b || c == d || a == c || b == d {
                return None;
            }
            pairs.push([a, b, c, d]);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let conflicts = pairs.windows(2).any(|two| two[0][..2] == two[1][..2]);
    (!conflicts).then_some(pairs)
}

/// Of all ways to move rows and columns around the edges, the one that a keyword explains best.
fn best_turned(sample: &Sample, cells: &Partial, side: usize) -> Completed {
    let turned = |row: usize, column: usize| -> Partial {
        let places = (0..side * side).map(|place| {
            let (at_row, at_column) = (place / side + row, place % side + column);
            cells[at_row % side * side + at_column % side]
        });
        places.collect()
    };
    let turns = (0..side).flat_map(|row| (0..side).map(move |column| (row, column)));
    let completed = turns.map(|(row, column)| complete(&sample.plaintext, &turned(row, column)));
    let best = completed.reduce(|best, one| if one.bits < best.bits { one } else { best });
    best.unwrap_or_else(|| complete(&sample.plaintext, cells))
}

struct Search {
    side: usize,
    pairs: Vec<[SymbolId; 4]>,
    /// The cell of each symbol, and the symbol of each cell.
    places: Vec<Option<usize>>,
    cells: Partial,
    n_steps: usize,
    /// Squares that fit, two at most.
    found: Vec<Partial>,
}

impl Search {
    fn put(&mut self, symbol: SymbolId, cell: usize) {
        self.places[usize::from(symbol)] = Some(cell);
        self.cells[cell] = Some(symbol);
    }

    fn take(&mut self, symbol: SymbolId) {
        if let Some(cell) = self.places[usize::from(symbol)].take() {
            self.cells[cell] = None;
        }
    }

    /// Puts a symbol into a cell. `None` if one of them is taken; otherwise whether it is new there.
    fn try_put(&mut self, symbol: SymbolId, cell: usize) -> Option<bool> {
        match (self.places[usize::from(symbol)], self.cells[cell]) {
            (None, None) => {
                self.put(symbol, cell);
                Some(true)
            }
            (Some(place), Some(other)) if place == cell && other == symbol => Some(false),
            _ => None,
        }
    }

    /// Places the pair that has the most symbols in their places, in every way.
    fn extend(&mut self) {
        if self.found.len() > 1 || self.n_steps >= MAX_STEPS {
            return;
        }
        let n_placed = |pair: &[SymbolId; 4]| {
            let placed = pair
                .iter()
                .filter(|id| self.places[usize::from(**id)].is_some());
            placed.count()
        };
        let open = self
            .pairs
            .iter()
            .filter(|pair| n_placed(pair) < 4 || !self.fits(**pair));
        let Some(&pair) = open.max_by_key(|pair| n_placed(pair)) else {
            self.found.push(self.cells.clone());
            return;
        };
        let [one, other, ..] = pair;
        for cell in self.candidates(one) {
            for other_cell in self.candidates(other) {
                if cell != other_cell && self.n_steps < MAX_STEPS {
                    self.n_steps += 1;
                    self.place(pair, cell, other_cell);
                }
            }
        }
    }

    /// The cells where a symbol is or could be.
    fn candidates(&self, symbol: SymbolId) -> Vec<usize> {
        match self.places[usize::from(symbol)] {
            Some(cell) => vec![cell],
            None => (0..self.cells.len())
                .filter(|cell| self.cells[*cell].is_none())
                .collect(),
        }
    }

    /// Puts a pair into two cells and what it becomes where that must be, and searches on.
    fn place(&mut self, pair: [SymbolId; 4], cell: usize, other: usize) {
        let [to, other_to] = self.encrypted(cell, other);
        let wanted = pair.into_iter().zip([cell, other, to, other_to]);
        let mut put = Vec::new();
        let mut fits = true;
        for (symbol, cell) in wanted {
            match self.try_put(symbol, cell) {
                Some(true) => put.push(symbol),
                Some(false) => {}
                None => {
                    fits = false;
                    break;
                }
            }
        }
        if fits && self.is_possible() {
            self.extend();
        }
        for symbol in put {
            self.take(symbol);
        }
    }

    /// The cells of what a pair in two cells becomes.
    fn encrypted(&self, cell: usize, other: usize) -> [usize; 2] {
        let side = self.side;
        let [row, column, other_row, other_column] =
            [cell / side, cell % side, other / side, other % side];
        if row == other_row {
            [column, other_column].map(|column| row * side + (column + 1) % side)
        } else if column == other_column {
            [row, other_row].map(|row| (row + 1) % side * side + column)
        } else {
            [row * side + other_column, other_row * side + column]
        }
    }

    /// Whether a pair whose symbols all have their places is encrypted as it was.
    fn fits(&self, [a, b, c, d]: [SymbolId; 4]) -> bool {
        let at = |id: SymbolId| self.places[usize::from(id)];
        match (at(a), at(b)) {
            (Some(one), Some(other)) => self.encrypted(one, other).map(Some) == [at(c), at(d)],
            _ => false,
        }
    }

    /// Whether no pair is contradicted by what has its place.
    fn is_possible(&self) -> bool {
        let at = |id: SymbolId| self.places[usize::from(id)];
        self.pairs.iter().all(|&[a, b, c, d]| {
            let (Some(one), Some(other)) = (at(a), at(b)) else {
                return true;
            };
            let cells = self.encrypted(one, other);
            [c, d].into_iter().zip(cells).all(|(symbol, cell)| {
                match (at(symbol), self.cells[cell]) {
                    (Some(place), _) => place == cell,
                    (None, taken) => taken.is_none(),
                }
            })
        })
    }
}
