use std::collections::HashMap;

use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::{Rng, RngExt};

use super::AlignedPairs;
use super::aligned::Taken;
use crate::{Alphabet, Pair, SymbolId};

/// How plaintexts become ciphertexts, as far as aligned pairs show it: the codes of each chunk, nulls,
/// and errors.
///
/// With it a plaintext can be enciphered again and again, always with other homophones, nulls and
/// errors. A network that trains on these does not learn the training pairs themselves, but what codes
/// mean and how errors look.
#[derive(Debug, Clone)]
pub struct Channel {
    chunks: Alphabet,
    /// For each chunk its codes, with weights.
    of_chunk: Vec<Option<Codes>>,
    any: Option<Codes>,
    rates: Rates,
}

/// Codes to draw from.
#[derive(Debug, Clone)]
struct Codes {
    codes: Vec<Vec<SymbolId>>,
    weights: WeightedIndex<usize>,
}

/// How often something happens for each chunk of a plaintext.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Rates {
    /// A null stands before it.
    null: f64,
    /// A code that means nothing here stands before it.
    inserted: f64,
    /// A code that means the same follows its own.
    doubled: f64,
    /// It has no code.
    deleted: f64,
    /// It has a code that stands for something else.
    substituted: f64,
}

/// The empty chunk.
const EMPTY: SymbolId = 0;

impl Channel {
    /// What the pairs at these indices show, for chunks over this alphabet, and for each of them the
    /// chunks that were to be enciphered; `None` where these cannot be told.
    pub fn of(
        pairs: &AlignedPairs,
        indices: &[usize],
        chunks: &Alphabet,
    ) -> (Self, Vec<Option<Vec<SymbolId>>>) {
        let book = pairs.code_book(indices.iter().copied(), chunks);
        let mut meanings = HashMap::new();
        let mut of_chunk = vec![Vec::new(); chunks.len()];
        let mut any = Vec::new();
        for entry in book.entries() {
            any.push((entry.code.clone(), entry.n_seen()));
            if let Some((chunk, _)) = entry.commonest() {
                meanings.insert(entry.code.clone(), chunk);
            }
            for &(chunk, n) in &entry.chunks {
                of_chunk[usize::from(chunk)].push((entry.code.clone(), n));
            }
        }
        let mut reader = Reader {
            chunks,
            meanings: &meanings,
            has_codes: of_chunk.iter().map(|codes| !codes.is_empty()).collect(),
            rates: Rates::default(),
            n_chunks: 0,
        };
        let plaintext = pairs.plaintext_alphabet();
        let intended = indices.iter().map(|&index| {
            let steps = pairs.taken(index);
            let steps = steps.map(|taken| (plaintext.decode(taken.chunk), taken));
            reader.read(&steps.collect::<Vec<_>>())
        });
        let intended = intended.collect();
        let channel = Self {
            rates: reader.rates.per(reader.n_chunks),
            chunks: chunks.clone(),
            of_chunk: of_chunk.into_iter().map(Codes::of).collect(),
            any: Codes::of(any),
        };
        (channel, intended)
    }

    /// Enciphers chunks. The plaintext of the pair has the chunk of a code at its last symbol, and the
    /// empty one at those before, or padding where the alphabet lacks the chunk.
    pub fn encipher(&self, intended: &[SymbolId], rng: &mut impl Rng) -> Option<Pair> {
        let rates = &self.rates;
        let mut written = Written::new(&self.chunks);
        for &chunk in intended {
            if rng.random_bool(rates.null) {
                written.push(self.draw(Some(EMPTY), rng)?, EMPTY);
            }
            if rng.random_bool(rates.inserted) {
                written.push(self.draw(None, rng)?, EMPTY);
            }
            if rng.random_bool(rates.deleted) {
                written.leave_out(chunk);
                continue;
            }
            let is_substituted = rng.random_bool(rates.substituted);
            let code = self.draw(Some(chunk).filter(|_| !is_substituted), rng)?;
            written.push_with_left_out(code, chunk);
            if rng.random_bool(rates.doubled) {
                written.push(self.draw(Some(chunk), rng)?, EMPTY);
            }
        }
        written.finish()
    }

    /// One of a chunk's codes, or of all codes.
    fn draw(&self, chunk: Option<SymbolId>, rng: &mut impl Rng) -> Option<&[SymbolId]> {
        let codes = match chunk {
            Some(chunk) => self.of_chunk.get(usize::from(chunk))?.as_ref()?,
            None => self.any.as_ref()?,
        };
        let place = codes.weights.sample(rng);
        codes.codes.get(place).map(Vec::as_slice)
    }
}

impl Codes {
    fn of(codes: Vec<(Vec<SymbolId>, usize)>) -> Option<Self> {
        let weights = WeightedIndex::new(codes.iter().map(|(_, weight)| *weight)).ok()?;
        let codes = codes.into_iter().map(|(code, _)| code).collect();
        Some(Self { codes, weights })
    }
}

impl Rates {
    /// Counts as rates.
    fn per(self, n_chunks: usize) -> Self {
        let rate = |count: f64| (count / n_chunks.max(1) as f64).min(0.5);
        Self {
            null: rate(self.null),
            inserted: rate(self.inserted),
            doubled: rate(self.doubled),
            deleted: rate(self.deleted),
            substituted: rate(self.substituted),
        }
    }
}

/// Tells regular steps, nulls and errors apart, and counts them.
struct Reader<'a> {
    chunks: &'a Alphabet,
    meanings: &'a HashMap<Vec<SymbolId>, SymbolId>,
    has_codes: Vec<bool>,
    /// Counts, not rates yet.
    rates: Rates,
    n_chunks: usize,
}

impl Reader<'_> {
    /// The chunks that the steps of a pair were to encipher.
    fn read(&mut self, steps: &[(String, Taken<'_>)]) -> Option<Vec<SymbolId>> {
        let mut intended: Vec<SymbolId> = Vec::new();
        let meaning = |place: usize| {
            let (_, taken) = steps.get(place)?;
            self.meanings.get(taken.code).copied()
        };
        for (place, (chunk, taken)) in steps.iter().enumerate() {
            let meant = meaning(place);
            let is_like = |other: usize| meant.is_some() && meaning(other) == meant;
            let id = self.chunks.id(chunk);
            let is_regular = !taken.step.is_doubtful() || meant.is_some() && id == meant;
            match (is_regular, chunk.is_empty()) {
                (true, true) => self.rates.null += 1.0,
                (true, false) => intended.push(id?),
                (false, true) if is_like(place + 1) || place > 0 && is_like(place - 1) => {
                    self.rates.doubled += 1.0;
                }
                (false, true) => self.rates.inserted += 1.0,
                (false, false) => intended.extend(self.error(chunk, meant)?),
            }
        }
        self.n_chunks += intended.len();
        Some(intended)
    }

    /// The chunks that stand for a plaintext where its code means something else, or only a part.
    fn error(&mut self, plaintext: &str, meaning: Option<SymbolId>) -> Option<Vec<SymbolId>> {
        let meant = meaning.map(|chunk| (chunk, self.chunks.symbol(chunk)));
        let meant = meant.filter(|(_, text)| !text.is_empty());
        if let Some((chunk, text)) = meant {
            if let Some(before) = plaintext.strip_suffix(text) {
                let mut spelled = self.spell(before)?;
                self.rates.deleted += spelled.len() as f64;
                spelled.push(chunk);
                return Some(spelled);
            }
            if let Some(after) = plaintext.strip_prefix(text) {
                let spelled = self.spell(after)?;
                self.rates.deleted += spelled.len() as f64;
                return Some([vec![chunk], spelled].concat());
            }
        }
        self.rates.substituted += 1.0;
        self.spell(plaintext)
    }

    /// A text in the longest chunks that have codes.
    fn spell(&self, text: &str) -> Option<Vec<SymbolId>> {
        let mut chunks = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(start, c)| start + c.len_utf8());
            let (end, chunk) = ends.rev().find_map(|end| {
                let chunk = self.chunks.id(&rest[..end])?;
                self.has_codes[usize::from(chunk)].then_some((end, chunk))
            })?;
            chunks.push(chunk);
            rest = &rest[end..];
        }
        Some(chunks)
    }
}

/// A pair that is being written.
struct Written<'a> {
    chunks: &'a Alphabet,
    ciphertext: Vec<SymbolId>,
    labels: Vec<SymbolId>,
    /// The text of chunks that have no code.
    left_out: String,
}

impl<'a> Written<'a> {
    fn new(chunks: &'a Alphabet) -> Self {
        Self {
            chunks,
            ciphertext: Vec::new(),
            labels: Vec::new(),
            left_out: String::new(),
        }
    }

    fn push(&mut self, code: &[SymbolId], label: SymbolId) {
        let before = if usize::from(label) < self.chunks.len() {
            EMPTY
        } else {
            label
        };
        self.ciphertext.extend_from_slice(code);
        self.labels.extend(code.iter().skip(1).map(|_| before));
        self.labels.push(label);
    }

    fn leave_out(&mut self, chunk: SymbolId) {
        self.left_out.push_str(self.chunks.symbol(chunk));
    }

    /// A code that also stands for what was left out before it.
    fn push_with_left_out(&mut self, code: &[SymbolId], chunk: SymbolId) {
        let whole = std::mem::take(&mut self.left_out) + self.chunks.symbol(chunk);
        self.push(code, self.id(&whole));
    }

    fn id(&self, chunk: &str) -> SymbolId {
        self.chunks
            .id(chunk)
            .unwrap_or(self.chunks.len() as SymbolId)
    }

    fn finish(mut self) -> Option<Pair> {
        if !self.left_out.is_empty() {
            let last = self.labels.pop()?;
            let whole = self.chunks.symbol(last).to_string() + &self.left_out;
            self.labels.push(self.id(&whole));
        }
        let pair = Pair::new(self.ciphertext, self.labels).ok();
        pair.filter(|pair| !pair.is_empty())
    }
}

#[cfg(test)]
mod tests;
