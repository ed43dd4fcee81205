//! Groups of symbols are replaced together.

mod four_square;
mod hill;
mod playfair;
mod two_square;

pub use four_square::FourSquare;
pub use hill::{Hill, HillKey};
pub use playfair::Playfair;
pub use two_square::{Arrangement, TwoSquare};

use super::cipher::NO_SYMBOL;
use super::square::Square;
use crate::SymbolId;

/// Looks pairs up in two squares and takes the other corners from two more.
fn corners(message: &[SymbolId], from: [&Square; 2], to: [&Square; 2]) -> Vec<SymbolId> {
    let pair = |pair: &[SymbolId]| match *pair {
        [one, other] => {
            let [row, column] = from[0].place(one);
            let [other_row, other_column] = from[1].place(other);
            vec![
                to[0].symbol(row, other_column),
                to[1].symbol(other_row, column),
            ]
        }
        _ => vec![NO_SYMBOL],
    };
    message.chunks(2).flat_map(pair).collect()
}
