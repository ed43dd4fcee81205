#![allow(clippy::indexing_slicing)] // a chunk has a first element

use crate::SymbolId;

/// The place of an answer in a key or table: a position, a ciphertext symbol, or both.
pub(crate) type Cell = u32;

/// The cell of a ciphertext symbol in one of several tables.
pub(crate) fn cell_in(table: usize, ciphertext: SymbolId) -> Cell {
    ((table as Cell) << SymbolId::BITS) | Cell::from(ciphertext)
}

/// What each cell showed most often.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Each cell that was seen and its most frequent answer (of several, the first in the
    /// alphabet), in the order of the cells.
    pub(crate) answers: Vec<(Cell, SymbolId)>,
    /// The number of sightings that a tally of all the others would predict.
    ///
    /// What a tally predicts when the sighting is counted says nothing about new messages: with
    /// enough cells, each would be seen once and predicted. Left out, it is not.
    pub(crate) right_left_out: usize,
}

impl Tally {
    /// Counts the answers seen in each cell.
    pub(crate) fn of(sightings: impl Iterator<Item = (Cell, SymbolId)>) -> Self {
        // When sorted, equal sightings are neighbours. This takes memory in proportion to the
        // sightings; a table of counts would take the square of the alphabet, 64 times.
        let mut sightings: Vec<_> = sightings.collect();
        sightings.sort_unstable();
        let mut tally = Self {
            answers: Vec::new(),
            right_left_out: 0,
        };
        for cell in sightings.chunk_by(|one, next| one.0 == next.0) {
            tally.count(cell);
        }
        tally
    }

    /// The most frequent of answers that all fall into one cell, if there is any.
    pub(crate) fn most_frequent(answers: impl Iterator<Item = SymbolId>) -> Option<SymbolId> {
        let tally = Self::of(answers.map(|answer| (0, answer)));
        tally.answers.first().map(|&(_, answer)| answer)
    }

    /// Adds one cell's sightings, which are sorted.
    fn count(&mut self, cell: &[(Cell, SymbolId)]) {
        let (mut winner, mut votes, mut runner_up) = (cell[0], 0, 0);
        for same in cell.chunk_by(PartialEq::eq) {
            if same.len() > votes {
                runner_up = votes;
                (winner, votes) = (same[0], same.len());
            } else {
                runner_up = runner_up.max(same.len());
            }
        }
        self.answers.push(winner);
        // Leaving out one of the winner's votes must not cost it the lead. The sightings of every
        // other answer are wrong anyway.
        if votes > runner_up + 1 {
            self.right_left_out += votes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_answers_with_what_it_showed_most_often() {
        let tally = Tally::of([(4, 1), (2, 7), (4, 9), (2, 7), (4, 9)].into_iter());
        assert_eq!(tally.answers, [(2, 7), (4, 9)]);
    }

    #[test]
    fn a_sighting_counts_as_right_only_if_the_others_predict_it() {
        let right = |answers: &[SymbolId]| {
            let sightings = answers.iter().map(|&answer| (0, answer));
            Tally::of(sightings).right_left_out
        };
        assert_eq!(right(&[5]), 0);
        assert_eq!(right(&[5, 5]), 2);
        assert_eq!(right(&[5, 5, 6]), 0);
        assert_eq!(right(&[5, 5, 5, 6]), 3);
    }

    #[test]
    fn nothing_seen_is_no_answer() {
        assert_eq!(Tally::most_frequent([].into_iter()), None);
    }
}
