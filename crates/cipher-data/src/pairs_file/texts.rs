use super::problem::Problem;
use crate::SymbolUnit;

/// Pairs of texts, each with its line in the file, and the problems of the lines that are none.
///
/// All text stands in one string: beside it a pair takes 24 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PairTexts {
    /// Ciphertext, plaintext, ciphertext, plaintext, and so on.
    text: String,
    /// Where in the text each ciphertext and each plaintext ends.
    ends: Vec<[usize; 2]>,
    lines: Vec<u64>,
    unit: SymbolUnit,
    problems: Vec<Problem>,
    n_problems: u64,
}

#[allow(clippy::indexing_slicing)] // documented: an index below `len`
impl PairTexts {
    /// No pairs yet, whose symbols are of a unit.
    pub(super) fn new(unit: SymbolUnit) -> Self {
        Self {
            unit,
            ..Self::default()
        }
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The ciphertext of the pair at `index`.
    ///
    /// # Panics
    ///
    /// When there are no more than `index` pairs; so do the two methods below.
    pub fn ciphertext(&self, index: usize) -> &str {
        let start = index
            .checked_sub(1)
            .map_or(0, |before| self.ends[before][1]);
        &self.text[start..self.ends[index][0]]
    }

    /// The plaintext of the pair at `index`.
    pub fn plaintext(&self, index: usize) -> &str {
        let [start, end] = self.ends[index];
        &self.text[start..end]
    }

    /// The line of the file where the pair at `index` begins, counted from 1.
    pub fn line(&self, index: usize) -> u64 {
        self.lines[index]
    }

    /// What in the texts is one symbol.
    pub fn unit(&self) -> SymbolUnit {
        self.unit
    }

    /// The first problems of the file, as many as were asked for.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many problems there are, with those that are not among [`Self::problems`].
    pub fn n_problems(&self) -> u64 {
        self.n_problems
    }

    /// Appends a pair.
    pub(super) fn push(&mut self, ciphertext: &str, plaintext: &str, line: u64) {
        self.text.push_str(ciphertext);
        let middle = self.text.len();
        self.text.push_str(plaintext);
        self.ends.push([middle, self.text.len()]);
        self.lines.push(line);
    }

    /// Counts a problem, and makes and keeps it if there are fewer than `limit`.
    pub(super) fn push_problem(&mut self, limit: usize, problem: impl FnOnce() -> Problem) {
        self.n_problems += 1;
        if self.problems.len() < limit {
            self.problems.push(problem());
        }
    }

    /// The pairs at the given indices, with the same problems.
    pub(super) fn select(&self, indices: &[usize]) -> Self {
        let mut selected = Self {
            problems: self.problems.clone(),
            n_problems: self.n_problems,
            ..Self::new(self.unit)
        };
        for &index in indices {
            let [ciphertext, plaintext] = [self.ciphertext(index), self.plaintext(index)];
            selected.push(ciphertext, plaintext, self.line(index));
        }
        selected
    }
}
