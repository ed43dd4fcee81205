use std::collections::{BTreeSet, HashMap};

use super::legible::legible;
use super::period::shortest_good_period;
use super::tally::{Cell, Tally};
use super::training::Training;
use crate::{Alphabet, Rule, SymbolId};

/// Columns of a table that stand side by side in a description.
const COLUMNS: usize = 64;

/// Stands in a description where training never showed the symbol at that position.
const NEVER_SEEN: char = '·';

/// One substitution table for each position modulo the number of tables.
#[derive(Debug)]
pub(super) struct Tables {
    n_tables: usize,
    /// The plaintext symbol of each position and ciphertext symbol that were seen.
    answers: HashMap<Cell, SymbolId>,
    /// The plaintext symbol most frequent overall, for every cell that was never seen.
    otherwise: SymbolId,
}

impl Tables {
    /// One table for all positions: each ciphertext symbol stands for the plaintext symbol most
    /// frequent with it.
    pub(super) fn single(training: &Training) -> Option<Self> {
        Self::of_period(training, 1)
    }

    /// One table for each position modulo a period, unless the best period is 1.
    pub(super) fn by_position(training: &Training) -> Option<Self> {
        let right = |period| tally(training, period).right_left_out;
        match shortest_good_period(training, right) {
            1 => None,
            period => Self::of_period(training, period),
        }
    }

    /// The cells of a single table, in the order of the ciphertext's alphabet.
    pub(super) fn most_frequent_of_each_symbol(training: &Training) -> Vec<(Cell, SymbolId)> {
        tally(training, 1).answers
    }

    fn of_period(training: &Training, period: usize) -> Option<Self> {
        let plaintext = training.symbols().map(|(_, _, p)| p);
        Some(Self {
            n_tables: period,
            answers: tally(training, period).answers.into_iter().collect(),
            otherwise: Tally::most_frequent(plaintext)?,
        })
    }

    /// The ciphertext symbols that were seen in any table.
    fn seen(&self) -> Vec<SymbolId> {
        let symbols = self.answers.keys().map(|&cell| cell as SymbolId);
        symbols.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// A table's answers to some ciphertext symbols, as text.
    fn row(&self, table: usize, columns: &[SymbolId], plaintext: &Alphabet) -> String {
        let answers = columns.iter().map(|&c| self.answers.get(&cell(table, c)));
        let symbols = answers.map(|answer| match answer {
            Some(&answer) => legible(plaintext, &[answer]),
            None => NEVER_SEEN.into(),
        });
        symbols.collect()
    }
}

/// The cell of a ciphertext symbol in a table.
fn cell(table: usize, ciphertext: SymbolId) -> Cell {
    ((table as Cell) << SymbolId::BITS) | Cell::from(ciphertext)
}

fn tally(training: &Training, period: usize) -> Tally {
    let symbols = training.symbols();
    Tally::of(symbols.map(|(position, c, p)| (cell(position % period, c), p)))
}

impl Rule for Tables {
    fn name(&self) -> &'static str {
        match self.n_tables {
            1 => "substitution",
            _ => "substitution by position",
        }
    }

    /// A line of ciphertext symbols and below it what each table makes of them; symbols that
    /// training never showed are left out.
    fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        let mut lines = Vec::new();
        for columns in self.seen().chunks(COLUMNS) {
            lines.push(format!("ciphertext  {}", legible(ciphertext, columns)));
            for table in 0..self.n_tables {
                let label = match self.n_tables {
                    1 => "plaintext".to_string(),
                    _ => format!("position {}", table + 1),
                };
                let row = self.row(table, columns, plaintext);
                lines.push(format!("{label:<12}{row}"));
            }
        }
        lines.join("\n")
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let positions = ciphertext.iter().enumerate();
        let cells = positions.map(|(position, &c)| cell(position % self.n_tables, c));
        let answers = cells.map(|cell| self.answers.get(&cell).unwrap_or(&self.otherwise));
        answers.copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outside, Pair};

    #[test]
    fn a_symbol_that_training_never_showed_stands_for_the_most_frequent_one() {
        let pair = Pair::new(vec![0, 1, 2], vec![4, 5, 5]).unwrap();
        let table = Tables::single(&Training::new([&pair])).unwrap();
        assert_eq!(table.answer(&[0, 1, 3]), [4, 5, 5]);
    }

    #[test]
    fn a_cell_that_training_never_showed_is_a_dot_in_its_table() {
        let pair = Pair::new(vec![0, 1, 0, 2], vec![1, 0, 1, 3]).unwrap();
        let table = Tables::of_period(&Training::new([&pair]), 2).unwrap();
        let letters = Alphabet::letters_and_dash();
        let description = table.describe(&letters, &letters);
        let expected = "ciphertext  ABC\nposition 1  B··\nposition 2  ·AD";
        assert_eq!(description, expected);
    }

    #[test]
    fn symbols_that_would_break_a_line_are_shown_as_pictures() {
        let pair = Pair::new(vec![0, 1], vec![1, 0]).unwrap();
        let table = Tables::single(&Training::new([&pair])).unwrap();
        let signs = Alphabet::new("\n\t", Outside::Reject).unwrap();
        let description = table.describe(&signs, &Alphabet::letters_and_dash());
        assert_eq!(description, "ciphertext  ␊␉\nplaintext   BA");
    }
}
