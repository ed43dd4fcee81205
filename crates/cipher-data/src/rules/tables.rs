use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::decrypt::Decrypt;
use super::legible::legible;
use super::period::shortest_good_period;
use super::rule::Kind;
use super::training::Training;
use crate::tally::{Tally, cell_in};
use crate::{Alphabet, SymbolId};

/// Columns of a table that are side by side in a description.
const COLUMNS: usize = 64;

/// Symbols with their answers that are side by side in a description.
const CELLS: usize = 12;

/// Marks in a description what training never showed at that position.
const NEVER_SEEN: char = '·';

/// One substitution table for each position modulo the number of tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Lists", into = "Lists")]
pub(super) struct Tables {
    /// For each table, the plaintext symbol of each ciphertext symbol that was seen.
    tables: Vec<BTreeMap<SymbolId, SymbolId>>,
    /// The plaintext symbol most frequent overall, the answer where nothing was seen.
    otherwise: SymbolId,
}

/// The tables as they are written to a file, as lists of ciphertext and plaintext symbols.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    tables: Vec<Vec<(SymbolId, SymbolId)>>,
    otherwise: SymbolId,
}

impl From<Tables> for Lists {
    fn from(tables: Tables) -> Self {
        let lists = tables.tables.into_iter();
        Self {
            tables: lists.map(|table| table.into_iter().collect()).collect(),
            otherwise: tables.otherwise,
        }
    }
}

impl TryFrom<Lists> for Tables {
    type Error = &'static str;

    fn try_from(lists: Lists) -> Result<Self, &'static str> {
        if lists.tables.is_empty() {
            return Err("there is no table");
        }
        let tables = lists.tables.into_iter();
        Ok(Self {
            tables: tables.map(|table| table.into_iter().collect()).collect(),
            otherwise: lists.otherwise,
        })
    }
}

impl Tables {
    /// One table for all positions, with the plaintext symbol that is most frequent with each
    /// ciphertext symbol.
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

    fn of_period(training: &Training, period: usize) -> Option<Self> {
        let plaintext = training.symbols().map(|(_, _, p)| p);
        let mut tables = vec![BTreeMap::new(); period];
        for (cell, answer) in tally(training, period).answers {
            let table = (cell >> SymbolId::BITS) as usize;
            tables[table].insert(cell as SymbolId, answer);
        }
        Some(Self {
            tables,
            otherwise: Tally::most_frequent(plaintext)?,
        })
    }

    fn describe_long(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        let table = |table: &BTreeMap<SymbolId, SymbolId>| {
            let cells = table.iter().map(|(c, p)| {
                let [c, p] = [legible(ciphertext, &[*c]), legible(plaintext, &[*p])];
                format!("{c}={p}")
            });
            let cells: Vec<_> = cells.collect();
            let lines = cells.chunks(CELLS).map(|cells| cells.join(" "));
            lines.collect::<Vec<_>>().join("\n")
        };
        match &self.tables[..] {
            [one] => table(one),
            tables => {
                let lines = (1..).zip(tables);
                let lines =
                    lines.map(|(position, one)| format!("position {position}\n{}", table(one)));
                lines.collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// The ciphertext symbols that were seen in any table.
    fn seen(&self) -> Vec<SymbolId> {
        let symbols = self.tables.iter().flat_map(BTreeMap::keys).copied();
        symbols.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// A table's answers to some ciphertext symbols, as text.
fn row(table: &BTreeMap<SymbolId, SymbolId>, columns: &[SymbolId], plaintext: &Alphabet) -> String {
    let symbols = columns.iter().map(|symbol| match table.get(symbol) {
        Some(&answer) => legible(plaintext, &[answer]),
        None => NEVER_SEEN.into(),
    });
    symbols.collect()
}

fn tally(training: &Training, period: usize) -> Tally {
    let symbols = training.symbols();
    Tally::of(symbols.map(|(position, c, p)| (cell_in(position % period, c), p)))
}

impl Decrypt for Tables {
    fn name(&self) -> String {
        match self.tables.len() {
            1 => "substitution".into(),
            _ => "substitution by position".into(),
        }
    }

    /// A line of ciphertext symbols, and below it the answers of each table. Symbols that training
    /// never showed are left out.
    ///
    /// Symbols of several characters are written with their answers, one position after the other.
    fn describe(&self, ciphertext: &Alphabet, plaintext: &Alphabet) -> String {
        let has_long = |side: &Alphabet| side.symbols().iter().any(|s| s.chars().count() > 1);
        if has_long(ciphertext) || has_long(plaintext) {
            return self.describe_long(ciphertext, plaintext);
        }
        let mut lines = Vec::new();
        for columns in self.seen().chunks(COLUMNS) {
            lines.push(format!("ciphertext  {}", legible(ciphertext, columns)));
            for (position, table) in (1..).zip(&self.tables) {
                let label = match self.tables.len() {
                    1 => "plaintext".to_string(),
                    _ => format!("position {position}"),
                };
                let row = row(table, columns, plaintext);
                lines.push(format!("{label:<12}{row}"));
            }
        }
        lines.join("\n")
    }

    fn answer(&self, ciphertext: &[SymbolId]) -> Vec<SymbolId> {
        let tables = self.tables.iter().cycle();
        let answers = ciphertext.iter().zip(tables).map(|(c, table)| table.get(c));
        answers
            .map(|answer| *answer.unwrap_or(&self.otherwise))
            .collect()
    }

    fn knows(&self, ciphertext: &[SymbolId]) -> Vec<bool> {
        let tables = self.tables.iter().cycle();
        let cells = ciphertext.iter().zip(tables);
        cells.map(|(c, table)| table.contains_key(c)).collect()
    }

    fn refitted(&self, pairs: &Training) -> Option<Kind> {
        Self::of_period(pairs, self.tables.len()).map(Kind::Tables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outside, Pair, Reading, SymbolUnit};

    #[test]
    fn a_symbol_that_training_never_showed_is_decrypted_to_the_most_frequent_one() {
        let pair = Pair::new(vec![0, 1, 2], vec![4, 5, 5]).unwrap();
        let table = Tables::single(&Training::new([&pair])).unwrap();
        assert_eq!(table.answer(&[0, 1, 3]), [4, 5, 5]);
        assert_eq!(table.knows(&[0, 1, 3]), [true, true, false]);
    }

    #[test]
    fn symbols_of_several_characters_are_described_with_their_answers() {
        let pair = Pair::new(vec![0, 1], vec![1, 0]).unwrap();
        let table = Tables::single(&Training::new([&pair])).unwrap();
        let tokens = Reading {
            symbols: SymbolUnit::Token(None),
            ..Reading::default()
        };
        let codes = Alphabet::of_reading(tokens, ["17", "204"], Outside::Mark).unwrap();
        assert_eq!(
            table.describe(&codes, &Alphabet::letters_and_dash()),
            "17=B 204=A"
        );
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
