use super::problem::Problem;
use crate::SymbolUnit;

/// Pairs of texts, each with its line in the file, and the problems of the other lines.
///
/// All text is in one string. A pair takes 24 bytes in addition to its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PairTexts {
    /// Ciphertexts and plaintexts, alternating.
    text: String,
    /// Ends of the ciphertext and the plaintext of each pair in the text.
    ends: Vec<[usize; 2]>,
    lines: Vec<u64>,
    unit: SymbolUnit,
    problems: Vec<Problem>,
    n_problems: u64,
}

#[allow(clippy::indexing_slicing)] // documented: an index below `len`
impl PairTexts {
    /// Texts without pairs, for symbols of a unit.
    pub(super) fn new(unit: SymbolUnit) -> Self {
        Self {
            unit,
            ..Self::default()
        }
    }

    /// The number of pairs.
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
    /// When `index` is not below [`Self::len`].
    pub fn ciphertext(&self, index: usize) -> &str {
        let start = index
            .checked_sub(1)
            .map_or(0, |before| self.ends[before][1]);
        &self.text[start..self.ends[index][0]]
    }

    /// The plaintext of the pair at `index`.
    ///
    /// # Panics
    ///
    /// When `index` is not below [`Self::len`].
    pub fn plaintext(&self, index: usize) -> &str {
        let [start, end] = self.ends[index];
        &self.text[start..end]
    }

    /// The line of the file where the pair at `index` begins, counted from 1.
    ///
    /// # Panics
    ///
    /// When `index` is not below [`Self::len`].
    pub fn line(&self, index: usize) -> u64 {
        self.lines[index]
    }

    /// The unit of a symbol in the texts.
    pub fn unit(&self) -> SymbolUnit {
        self.unit
    }

    /// The first problems of the file, as many as were asked for.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The number of all problems, including those that are not among [`Self::problems`].
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

    /// Counts a problem, and stores it if fewer than `limit` are stored.
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
