use crate::SymbolId;

/// Where in its key or table a rule keeps an answer: a position, a ciphertext symbol, or both.
pub(super) type Cell = u32;

/// What each cell showed most often.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// Each cell that was seen and its most frequent answer (of several, the first in the
    /// alphabet), in the order of the cells.
    pub(super) answers: Vec<(Cell, SymbolId)>,
    /// How many sightings the tally would predict had it been made of all the others.
    ///
    /// What a tally predicts with a sighting counted in says nothing about new messages: enough
    /// cells would predict every sighting by seeing each once. Left out, such a sighting is wrong.
    pub(super) right_left_out: usize,
}

impl Tally {
    /// Counts the answers seen in each cell.
    pub(super) fn of(sightings: impl Iterator<Item = (Cell, SymbolId)>) -> Self {
        // Sorted, equal sightings stand together. This takes memory by what was seen, where a
        // table of counts would take it by the alphabet: its square, 64 times.
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
    pub(super) fn most_frequent(answers: impl Iterator<Item = SymbolId>) -> Option<SymbolId> {
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
