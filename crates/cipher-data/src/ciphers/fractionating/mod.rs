//! Fractionating ciphers write each symbol as coordinates, mix these, and read them as symbols again.

mod adfgvx;
mod bifid;
mod trifid;

pub use adfgvx::Adfgvx;
pub use bifid::Bifid;
pub use trifid::Trifid;

use crate::{Cipher, SymbolId};

/// Symbols in a square or a cube, and blocks of their coordinates: within a block, all first coordinates
/// come first, then all second ones, and so on.
#[derive(Debug, Clone)]
struct Blocks {
    /// The symbols that make a block; 0 for the whole message.
    period: usize,
    /// The values of a coordinate.
    side: usize,
    /// The coordinates of a symbol.
    n_coordinates: usize,
    /// The symbols in the order of their places, and the place of each.
    symbols: Vec<SymbolId>,
    places: Vec<SymbolId>,
}

impl Blocks {
    fn block(&self, n_symbols: usize) -> usize {
        match self.period {
            0 => n_symbols.max(1),
            period => period,
        }
    }

    /// The coordinate of a place in a square or cube.
    fn coordinate(&self, place: usize, which: usize) -> usize {
        place / self.side.pow((self.n_coordinates - 1 - which) as u32) % self.side
    }

    fn place(&self, coordinates: &[usize]) -> usize {
        coordinates
            .iter()
            .fold(0, |place, one| place * self.side + one)
    }

    /// Places whose coordinates are those of the given places, in the order of the block.
    fn mixed(&self, places: &[usize]) -> Vec<usize> {
        let blocks = places.chunks(self.block(places.len()));
        let mixed = blocks.flat_map(|block| {
            let which = 0..self.n_coordinates;
            let coordinates: Vec<usize> = which
                .flat_map(|which| {
                    block
                        .iter()
                        .map(move |&place| self.coordinate(place, which))
                })
                .collect();
            let places = coordinates.chunks(self.n_coordinates);
            places.map(|one| self.place(one)).collect::<Vec<_>>()
        });
        mixed.collect()
    }

    /// The inverse of [`Self::mixed`].
    fn restored(&self, places: &[usize]) -> Vec<usize> {
        let blocks = places.chunks(self.block(places.len()));
        let restored = blocks.flat_map(|block| {
            let coordinates: Vec<usize> = block
                .iter()
                .flat_map(|&place| {
                    (0..self.n_coordinates).map(move |which| self.coordinate(place, which))
                })
                .collect();
            let n = block.len();
            let one = |symbol: usize| -> Vec<usize> {
                (0..self.n_coordinates)
                    .map(|which| coordinates[which * n + symbol])
                    .collect()
            };
            (0..n)
                .map(|symbol| self.place(&one(symbol)))
                .collect::<Vec<_>>()
        });
        restored.collect()
    }

    /// A message with its coordinates mixed, or with mixed ones restored.
    fn moved(&self, message: &[SymbolId], moved: impl Fn(&[usize]) -> Vec<usize>) -> Vec<SymbolId> {
        let places = message
            .iter()
            .map(|&id| self.places[usize::from(id)].into());
        let places = moved(&places.collect::<Vec<usize>>());
        places
            .into_iter()
            .map(|place| self.symbols[place])
            .collect()
    }
}

impl Cipher for Blocks {
    fn encrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.moved(message, |places| self.mixed(places))
    }

    fn decrypt(&self, message: &[SymbolId]) -> Vec<SymbolId> {
        self.moved(message, |places| self.restored(places))
    }
}
