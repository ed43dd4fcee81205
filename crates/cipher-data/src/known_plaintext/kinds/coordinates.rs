//! Ciphers that mix the coordinates of symbols: bifid, trifid and the two squares.
//!
//! Every ciphertext symbol says that some coordinates are equal. Coordinates that are equal make classes;
//! where a key fits, there are as many of them as a coordinate has values.

use std::collections::BTreeMap;

use super::Candidate;
use crate::known_plaintext::keyword::complete;
use crate::known_plaintext::sample::Sample;
use crate::{Arrangement, CipherConfig, MixedAlphabet, SymbolId};

/// The longest block that is tried, besides the whole message.
const MAX_PERIOD: usize = 24;

/// Bifid and trifid, by the number of coordinates.
pub fn find_fractionated(sample: &Sample, n_coordinates: usize) -> Option<Candidate> {
    let n = sample.n_symbols();
    let side = (2..=n).find(|side| side.pow(n_coordinates as u32) == n)?;
    let periods = (2..=MAX_PERIOD.min(sample.longest())).chain([0]);
    let found = periods.into_iter().find_map(|period| {
        let classes = fractionated_classes(sample, n_coordinates, period);
        Some((period, classes.cells(0, n_coordinates, side)?))
    });
    let (period, cells) = found?;
    let completed = complete(&sample.plaintext, &cells);
    let cipher = |key: MixedAlphabet| match n_coordinates {
        2 => CipherConfig::Bifid { key, period },
        _ => CipherConfig::Trifid { key, period },
    };
    Some(Candidate::with_alphabet(
        &sample.plaintext,
        &completed,
        5.0,
        cipher,
    ))
}

/// The equal coordinates under blocks of a period.
fn fractionated_classes(sample: &Sample, n_coordinates: usize, period: usize) -> Classes {
    let n = sample.n_symbols();
    let mut classes = Classes::new(n, n_coordinates);
    for message in &sample.messages {
        let length = if period == 0 {
            message.plaintext.len()
        } else {
            period
        };
        let blocks = message.plaintext.chunks(length.max(1));
        for (plain, encrypted) in blocks.zip(message.ciphertext.chunks(length.max(1))) {
            // All first coordinates, then all second ones; in groups they are those of the ciphertext.
            for (place, which) in (0..n_coordinates * plain.len()).map(|at| (at, at / plain.len()))
            {
                let of_plain = (plain[place % plain.len()], which);
                let of_encrypted = (encrypted[place / n_coordinates], place % n_coordinates);
                classes.join(of_plain, of_encrypted);
            }
        }
    }
    classes
}

/// Two squares above each other or side by side.
pub fn find_two_squares(sample: &Sample) -> Option<Candidate> {
    let arrangements = [Arrangement::Vertical, Arrangement::Horizontal];
    arrangements
        .into_iter()
        .find_map(|arrangement| two_squares(sample, arrangement))
}

fn two_squares(sample: &Sample, arrangement: Arrangement) -> Option<Candidate> {
    let n = sample.n_symbols();
    let side = n.isqrt();
    // Rows and columns of the first square, then those of the second.
    let mut classes = Classes::new(n, 4);
    for message in &sample.messages {
        let pairs = message
            .plaintext
            .chunks_exact(2)
            .zip(message.ciphertext.chunks_exact(2));
        for (plain, encrypted) in pairs {
            // The square that the ciphertext's first symbol is from.
            let (first, second) = match arrangement {
                Arrangement::Vertical => (0, 2),
                Arrangement::Horizontal => (2, 0),
            };
            classes.join((plain[0], 0), (encrypted[0], first));
            classes.join((plain[1], 3), (encrypted[0], first + 1));
            classes.join((plain[1], 2), (encrypted[1], second));
            classes.join((plain[0], 1), (encrypted[1], second + 1));
        }
    }
    let squares = match arrangement {
        // Rows are apart, columns are shared.
        Arrangement::Vertical => classes.two_squares([0, 1], [2, 3], side, false)?,
        Arrangement::Horizontal => classes.two_squares([0, 1], [2, 3], side, true)?,
    };
    let [first, second] = squares.map(|cells| complete(&sample.plaintext, &cells));
    let cipher = |first, second| CipherConfig::TwoSquare {
        first,
        second,
        arrangement,
        padding: None,
    };
    Some(Candidate::with_two_alphabets(
        &sample.plaintext,
        [&first, &second],
        cipher,
    ))
}

/// Classes of equal coordinates: a union-find forest over (symbol, which coordinate).
struct Classes {
    n_coordinates: usize,
    parents: Vec<usize>,
    is_seen: Vec<bool>,
}

impl Classes {
    fn new(n_symbols: usize, n_coordinates: usize) -> Self {
        Self {
            n_coordinates,
            parents: (0..n_symbols * n_coordinates).collect(),
            is_seen: vec![false; n_symbols * n_coordinates],
        }
    }

    fn variable(&self, (id, which): (SymbolId, usize)) -> usize {
        usize::from(id) * self.n_coordinates + which
    }

    fn root(&self, mut variable: usize) -> usize {
        while self.parents[variable] != variable {
            variable = self.parents[variable];
        }
        variable
    }

    fn join(&mut self, one: (SymbolId, usize), other: (SymbolId, usize)) {
        let [one, other] = [one, other].map(|at| self.variable(at));
        self.is_seen[one] = true;
        self.is_seen[other] = true;
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one] = other;
    }

    /// The values of some coordinates: the largest classes, as many as there are values.
    fn values(&self, which: &[usize], side: usize) -> Option<BTreeMap<usize, usize>> {
        let mut sizes = BTreeMap::<usize, usize>::new();
        for variable in 0..self.parents.len() {
            let is_meant = which.contains(&(variable % self.n_coordinates));
            if is_meant && self.is_seen[variable] {
                *sizes.entry(self.root(variable)).or_default() += 1;
            }
        }
        let mut classes: Vec<(usize, usize)> =
            sizes.into_iter().map(|(root, size)| (size, root)).collect();
        classes.sort_unstable_by(|one, other| other.cmp(one));
        classes.truncate(side);
        // By the smallest symbol, so that the numbers do not depend on the order of joining.
        let mut roots: Vec<usize> = classes.into_iter().map(|(_, root)| root).collect();
        roots.sort_unstable_by_key(|root| {
            (0..self.parents.len()).find(|&one| self.root(one) == *root)
        });
        (roots.len() == side).then(|| roots.into_iter().zip(0..).collect())
    }

    /// The symbol of each cell, by coordinates that share their values.
    fn cells(
        &self,
        first: usize,
        n_coordinates: usize,
        side: usize,
    ) -> Option<Vec<Option<SymbolId>>> {
        let which: Vec<usize> = (first..first + n_coordinates).collect();
        let values = self.values(&which, side)?;
        self.cells_of(&which, &vec![values; n_coordinates], side)
    }

    fn two_squares(
        &self,
        first: [usize; 2],
        second: [usize; 2],
        side: usize,
        shares_rows: bool,
    ) -> Option<[Vec<Option<SymbolId>>; 2]> {
        let values = |which: &[usize]| self.values(which, side);
        let (rows, columns) = match shares_rows {
            false => {
                let columns = values(&[first[1], second[1]])?;
                let rows = [values(&first[..1])?, values(&second[..1])?];
                (rows, [columns.clone(), columns])
            }
            true => {
                let rows = values(&[first[0], second[0]])?;
                let columns = [values(&first[1..])?, values(&second[1..])?];
                ([rows.clone(), rows], columns)
            }
        };
        let [one_row, other_row] = rows;
        let [one_column, other_column] = columns;
        Some([
            self.cells_of(&first, &[one_row, one_column], side)?,
            self.cells_of(&second, &[other_row, other_column], side)?,
        ])
    }

    /// The symbol of each cell; nothing if two symbols are in one.
    fn cells_of(
        &self,
        which: &[usize],
        values: &[BTreeMap<usize, usize>],
        side: usize,
    ) -> Option<Vec<Option<SymbolId>>> {
        let n_symbols = self.parents.len() / self.n_coordinates;
        let mut cells = vec![None; side.pow(which.len() as u32)];
        for id in 0..n_symbols as SymbolId {
            let coordinates = which.iter().zip(values).map(|(which, values)| {
                let variable = self.variable((id, *which));
                let is_seen = self.is_seen[variable];
                values
                    .get(&self.root(variable))
                    .filter(|_| is_seen)
                    .copied()
            });
            let Some(coordinates) = coordinates.collect::<Option<Vec<usize>>>() else {
                continue;
            };
            let cell = coordinates.iter().fold(0, |cell, one| cell * side + one);
            if cells[cell].replace(id).is_some() {
                return None;
            }
        }
        Some(cells)
    }
}
