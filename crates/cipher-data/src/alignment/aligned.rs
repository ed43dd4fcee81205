use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Aligner, AlignerConfig, Step};
use crate::rules::CodeBook;
use crate::{Alphabet, Codes, DataError, Outside, PairTable, Reading, SymbolId, SymbolUnit};

/// The share of codes that a text must be cut into without its plaintext for a network to read codes.
const MIN_FOUND: f64 = 0.98;

/// Pairs whose sides have different lengths, with the steps from side to side.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignedPairs {
    pairs: Arc<PairTable>,
    /// The alphabet of the plaintexts.
    plaintext: Alphabet,
    steps: Vec<Vec<Step>>,
}

/// A step, with what it takes.
pub(super) struct Taken<'a> {
    pub(super) step: Step,
    pub(super) code: &'a [SymbolId],
    pub(super) chunk: &'a [SymbolId],
}

impl AlignedPairs {
    /// Aligns all pairs by those at the training indices.
    pub fn fit(
        pairs: Arc<PairTable>,
        plaintext: Alphabet,
        training: &[usize],
        config: AlignerConfig,
    ) -> Self {
        let aligned = Aligner::fit(&pairs, training, config).align(&pairs);
        Self {
            pairs,
            plaintext,
            steps: aligned.into_iter().map(Option::unwrap_or_default).collect(),
        }
    }

    /// Pairs with the steps that were found before, in the order of the pairs. A pair without steps
    /// could not be aligned.
    ///
    /// # Errors
    ///
    /// [`DataError::Steps`] for steps that do not lead from the start of a pair to its end.
    pub fn of_steps(
        pairs: Arc<PairTable>,
        plaintext: Alphabet,
        steps: Vec<Vec<Step>>,
    ) -> Result<Self, DataError> {
        let lead_through = |index: usize| {
            let steps = steps.get(index)?;
            let n_ciphertext: usize = steps
                .iter()
                .map(|step| usize::from(step.n_ciphertext))
                .sum();
            let n_plaintext: usize = steps.iter().map(|step| usize::from(step.n_plaintext)).sum();
            let sides = [pairs.ciphertext(index).len(), pairs.plaintext(index).len()];
            let is_whole = sides == [n_ciphertext, n_plaintext];
            let has_codes = steps.iter().all(|step| step.n_ciphertext > 0);
            (steps.is_empty() || is_whole && has_codes).then_some(())
        };
        if let Some(index) = (0..pairs.len()).find(|&index| lead_through(index).is_none()) {
            let line = pairs.line(index);
            return Err(DataError::Steps { line });
        }
        Ok(Self {
            pairs,
            plaintext,
            steps,
        })
    }

    /// The pairs.
    pub fn pairs(&self) -> &Arc<PairTable> {
        &self.pairs
    }

    /// The alphabet of the plaintexts.
    pub fn plaintext_alphabet(&self) -> &Alphabet {
        &self.plaintext
    }

    /// The steps of each pair; none for a pair that could not be aligned.
    pub fn steps(&self) -> &[Vec<Step>] {
        &self.steps
    }

    /// The chunks of the pairs at these indices as an alphabet, from the shortest to the longest. The
    /// empty chunk is the first. What is doubtful must occur twice.
    ///
    /// # Errors
    ///
    /// When there is no other chunk, or more than [`Alphabet::MAX_LEN`].
    pub fn chunk_alphabet(&self, training: &[usize]) -> Result<Alphabet, DataError> {
        let mut doubtful = BTreeSet::new();
        let mut chunks = BTreeSet::from([(0, String::new())]);
        for taken in training.iter().flat_map(|&index| self.taken(index)) {
            let mut is_first = || doubtful.insert(taken.chunk.to_vec());
            if taken.step.is_ambiguous() || taken.step.is_doubtful() && is_first() {
                continue;
            }
            chunks.insert((taken.chunk.len(), self.plaintext.decode(taken.chunk)));
        }
        let reading = Reading {
            symbols: SymbolUnit::Chunk,
            ..Reading::default()
        };
        let chunks = chunks.into_iter().map(|(_, chunk)| chunk);
        Alphabet::of_symbols(reading, chunks.collect(), Outside::Mark)
    }

    /// The pairs with a chunk for each ciphertext symbol: that of a code stands at its last symbol, and
    /// the empty one at those before. Where a step is ambiguous, or has a chunk that the alphabet lacks,
    /// there is padding: nobody can be asked for that answer. What is doubtful because the pair has an
    /// error is an answer: what stands around an error may tell what is right.
    pub fn labels(&self, chunks: &Alphabet) -> PairTable {
        let mut ids = Ids::new(&self.plaintext, chunks);
        let mut table = PairTable::default();
        for index in 0..self.pairs.len() {
            let mut labels = Vec::with_capacity(self.pairs.ciphertext(index).len());
            for taken in self.taken(index) {
                let known = ids.of(taken.chunk).filter(|_| !taken.step.is_ambiguous());
                let before = known.map_or(ids.padding(), |_| Ids::EMPTY);
                labels.extend((1..taken.code.len()).map(|_| before));
                labels.push(known.unwrap_or(ids.padding()));
            }
            labels.resize(self.pairs.ciphertext(index).len(), ids.padding());
            table.push(
                self.pairs.ciphertext(index),
                &labels,
                self.pairs.line(index),
            );
        }
        table
    }

    /// What each code stands for in the pairs at these indices, as chunks of this alphabet.
    pub fn code_book(
        &self,
        indices: impl IntoIterator<Item = usize>,
        chunks: &Alphabet,
    ) -> CodeBook {
        let mut ids = Ids::new(&self.plaintext, chunks);
        let mut book = CodeBook::default();
        for taken in indices.into_iter().flat_map(|index| self.taken(index)) {
            let chunk = ids.of(taken.chunk).filter(|_| !taken.step.is_doubtful());
            book.count(taken.code, chunk);
        }
        book.finish();
        book
    }

    /// The pairs with codes of several characters as ciphertext symbols, and the alphabet of these;
    /// `None` where codes are single symbols already, or where a text alone does not tell where they
    /// begin. Only the pairs at the training indices say which codes there are.
    ///
    /// A network that reads codes has shorter messages to read, and need not learn where codes begin.
    ///
    /// # Errors
    ///
    /// When there are more than [`Alphabet::MAX_LEN`] codes.
    pub fn in_codes(
        &self,
        ciphertext: &Alphabet,
        training: &[usize],
        max_chunk: u8,
    ) -> Result<Option<(Alphabet, Self)>, DataError> {
        let Some(codes) = self.codes(ciphertext, training) else {
            return Ok(None);
        };
        let (alphabet, pairs) = cut_into(codes, &self.pairs, ciphertext)?;
        let config = AlignerConfig {
            max_code: 1,
            max_chunk,
        };
        let aligned = Self::fit(Arc::new(pairs), self.plaintext.clone(), training, config);
        Ok(Some((alphabet, aligned)))
    }

    /// The codes of the pairs at these indices, if a text is cut into nearly the same codes without its
    /// plaintext.
    fn codes(&self, ciphertext: &Alphabet, training: &[usize]) -> Option<Codes> {
        let is_of_characters = ciphertext.unit() == SymbolUnit::Character;
        let taken = || training.iter().flat_map(|&index| self.taken(index));
        if !is_of_characters || taken().all(|taken| taken.code.len() == 1) {
            return None;
        }
        let mut counts = BTreeMap::new();
        for taken in taken().filter(|taken| !taken.step.is_doubtful()) {
            *counts.entry(ciphertext.decode(taken.code)).or_insert(0) += 1;
        }
        let codes = Codes::new(counts);
        let [mut n_found, mut n_all] = [0; 2];
        for &index in training {
            let text = ciphertext.decode(self.pairs.ciphertext(index));
            let cut: BTreeSet<[usize; 2]> =
                spans(codes.cut(&text).into_iter().map(str::len)).collect();
            let lengths = self
                .taken(index)
                .map(|taken| ciphertext.decode(taken.code).len());
            for span in spans(lengths) {
                n_all += 1;
                n_found += usize::from(cut.contains(&span));
            }
        }
        (n_found as f64 >= MIN_FOUND * n_all as f64).then_some(codes)
    }

    pub(super) fn taken(&self, index: usize) -> impl Iterator<Item = Taken<'_>> {
        let mut ciphertext = self.pairs.ciphertext(index);
        let mut plaintext = self.pairs.plaintext(index);
        self.steps[index].iter().map(move |&step| {
            let (code, after) = ciphertext.split_at(step.n_ciphertext.into());
            let (chunk, rest) = plaintext.split_at(step.n_plaintext.into());
            (ciphertext, plaintext) = (after, rest);
            Taken { step, code, chunk }
        })
    }
}

/// Pairs with these codes as ciphertext symbols, and the alphabet of the codes, where they were of
/// characters before.
///
/// # Errors
///
/// When there are more than [`Alphabet::MAX_LEN`] codes.
pub fn cut_into(
    codes: Codes,
    pairs: &PairTable,
    ciphertext: &Alphabet,
) -> Result<(Alphabet, PairTable), DataError> {
    let reading = Reading {
        codes,
        ..ciphertext.reading().clone()
    };
    let texts = (0..pairs.len()).map(|index| ciphertext.decode(pairs.ciphertext(index)));
    let texts: Vec<String> = texts.collect();
    let symbols = texts.iter().flat_map(|text| reading.cut(text));
    let symbols: BTreeSet<String> = symbols.map(String::from).collect();
    let alphabet = Alphabet::of_symbols(reading, symbols.into_iter().collect(), Outside::Mark)?;
    let mut table = PairTable::default();
    for (index, text) in texts.iter().enumerate() {
        let ids = alphabet.encode(text)?.ids;
        table.push(&ids, pairs.plaintext(index), pairs.line(index));
    }
    Ok((alphabet, table))
}

/// The starts and ends of pieces of these lengths, one after the other.
fn spans(lengths: impl Iterator<Item = usize>) -> impl Iterator<Item = [usize; 2]> {
    let mut start = 0;
    lengths.map(move |length| {
        start += length;
        [start - length, start]
    })
}

/// The ids of chunks in their alphabet.
struct Ids<'a> {
    plaintext: &'a Alphabet,
    chunks: &'a Alphabet,
    known: HashMap<Vec<SymbolId>, Option<SymbolId>>,
}

impl<'a> Ids<'a> {
    /// The empty chunk, which comes first.
    const EMPTY: SymbolId = 0;

    fn new(plaintext: &'a Alphabet, chunks: &'a Alphabet) -> Self {
        Self {
            plaintext,
            chunks,
            known: HashMap::new(),
        }
    }

    fn of(&mut self, chunk: &[SymbolId]) -> Option<SymbolId> {
        if let Some(id) = self.known.get(chunk) {
            return *id;
        }
        let id = self.chunks.id(&self.plaintext.decode(chunk));
        self.known.insert(chunk.to_vec(), id);
        id
    }

    fn padding(&self) -> SymbolId {
        self.chunks.len() as SymbolId
    }
}

#[cfg(test)]
mod tests;
