use super::encoding::Encoding;
use super::layout::Layout;
use super::problem::Problem;
use super::sides::Sides;
use crate::TextPair;

/// Pairs of texts, each with its line in the file and with its key if the file has keys, and the
/// problems of the other lines.
///
/// The text of both sides is in one string. A pair takes 24 bytes in addition to its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PairTexts {
    /// Ciphertexts and plaintexts, alternating.
    text: String,
    /// Ends of the ciphertext and the plaintext of each pair in the text.
    ends: Vec<[usize; 2]>,
    lines: Vec<u64>,
    /// The key of each pair; nothing in a file without keys.
    keys: Vec<Box<str>>,
    origin: Option<(Encoding, Layout)>,
    problems: Vec<Problem>,
    n_problems: u64,
}

#[allow(clippy::indexing_slicing)] // documented: an index below `len`
impl PairTexts {
    /// No pairs yet, with space for texts of `n_bytes`, as growing takes twice the memory.
    pub(super) fn with_capacity(n_bytes: usize) -> Self {
        Self {
            text: String::with_capacity(n_bytes),
            ..Self::default()
        }
    }

    /// The bytes of all texts.
    pub(super) fn n_bytes(&self) -> usize {
        self.text.len()
    }

    /// The indices of at most `max` pairs, at equal distances.
    pub(crate) fn sample(&self, max: usize) -> impl Iterator<Item = usize> + use<> {
        (0..self.len()).step_by(self.len().div_ceil(max).max(1))
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

    /// The key of the pair at `index`, in a file with keys.
    pub fn key(&self, index: usize) -> Option<&str> {
        self.keys.get(index).map(|key| &**key)
    }

    /// Whether messages have different keys, which the file gives. One key for all is none that a
    /// network must be told.
    pub fn is_keyed(&self) -> bool {
        let mut keys = self.keys.iter().map(|key| key.trim());
        let first = keys.next();
        keys.any(|key| Some(key) != first)
    }

    /// Whether what the file calls keys may be numbers of records: of many pairs, each has the next number.
    pub fn are_numbered(&self) -> bool {
        const MANY: usize = 30; // fewer may be keys in their order
        let numbers = self.keys.iter().map(|key| key.trim().parse::<u64>().ok());
        let mut next = numbers.clone().zip(numbers.skip(1));
        self.keys.len() >= MANY
            && next.all(|(one, next)| one.is_some_and(|one| Some(one + 1) == next))
    }

    /// All pairs.
    pub fn pairs(&self) -> impl Iterator<Item = TextPair<'_>> {
        (0..self.len()).map(|index| TextPair {
            ciphertext: self.ciphertext(index),
            plaintext: self.plaintext(index),
        })
    }

    /// The first pairs, with texts of at most `n_bytes` in all.
    pub fn first(&self, n_bytes: usize) -> Self {
        let within = |index: &usize| self.ends[*index][1] <= n_bytes;
        let indices: Vec<usize> = (0..self.len()).take_while(within).collect();
        self.select(&indices)
    }

    /// The line of the file where the pair at `index` begins, counted from 1.
    ///
    /// # Panics
    ///
    /// When `index` is not below [`Self::len`].
    pub fn line(&self, index: usize) -> u64 {
        self.lines[index]
    }

    /// The first problems of the file, as many as were asked for.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The number of all problems, including those that are not among [`Self::problems`].
    pub fn n_problems(&self) -> u64 {
        self.n_problems
    }

    /// The encoding and the layout of the file that the pairs are from.
    pub fn origin(&self) -> Option<&(Encoding, Layout)> {
        self.origin.as_ref()
    }

    pub(super) fn set_origin(&mut self, encoding: Encoding, layout: Layout) {
        self.origin = Some((encoding, layout));
    }

    /// Appends a pair.
    pub(crate) fn push(&mut self, ciphertext: &str, plaintext: &str, line: u64) {
        self.text.push_str(ciphertext);
        let middle = self.text.len();
        self.text.push_str(plaintext);
        self.ends.push([middle, self.text.len()]);
        self.lines.push(line);
    }

    /// Appends a pair and its key, which all pairs of a file have or none.
    pub(super) fn push_sides(&mut self, sides: &Sides<'_>, line: u64) {
        self.push(&sides.ciphertext, &sides.plaintext, line);
        self.keys
            .extend(sides.key.as_deref().map(bare).map(Box::from));
    }

    /// Counts a problem, and stores it if fewer than `limit` are stored.
    pub(super) fn push_problem(&mut self, limit: usize, problem: impl FnOnce() -> Problem) {
        self.n_problems += 1;
        if self.problems.len() < limit {
            self.problems.push(problem());
        }
    }

    /// The pairs at the given indices, with the same problems.
    ///
    /// # Panics
    ///
    /// When there are no more than one of the indices.
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut selected = Self {
            problems: self.problems.clone(),
            n_problems: self.n_problems,
            origin: self.origin.clone(),
            ..Self::default()
        };
        for &index in indices {
            let [ciphertext, plaintext] = [self.ciphertext(index), self.plaintext(index)];
            selected.push(ciphertext, plaintext, self.line(index));
            selected.keys.extend(self.keys.get(index).cloned());
        }
        selected
    }
}

/// A key without the quotes or brackets around it, which are no part of it. White space around it may be.
fn bare(key: &str) -> &str {
    let inside = |[open, close]: [char; 2]| {
        let inner = key.trim().strip_prefix(open)?.strip_suffix(close)?;
        (!inner.is_empty()).then_some(inner)
    };
    let mut enclosing = [['"', '"'], ['[', ']'], ['(', ')']].into_iter();
    enclosing.find_map(inside).unwrap_or(key)
}
