use rayon::prelude::*;

use super::Sides;
use super::band::half_width;
use super::model::Shares;
use super::trie::Trie;

/// Occurrences of a code that are looked at, at most.
const MAX_OCCURRENCES: usize = 200;
/// The share of a code's occurrences that have a chunk near them if the code stands for the chunk.
/// Single symbols are near everywhere.
const MIN_SHARE: f64 = 0.3;

/// The chunks that each code may stand for, with weights for a start: how near to the code's place on
/// the diagonal they are, and how likely their lengths.
pub(super) fn support(
    pairs: &[Sides<'_>],
    (codes, max_code): (&Trie, usize),
    (chunks, max_chunk): (&Trie, usize),
    shares: &Shares,
) -> Vec<Vec<(u32, f64)>> {
    let places = places(pairs, codes, max_code);
    let rows = places.par_iter().zip(&shares.codes).map_init(
        || Near::new(chunks),
        |near, (places, share)| {
            for &(number, i, taken) in places {
                let (ciphertext, plaintext) = pairs[number as usize];
                let middle = i as usize * plaintext.len() / ciphertext.len();
                let lengths = &shares.lengths[usize::from(taken) - 1];
                near.look(plaintext, middle, max_chunk, lengths);
            }
            near.take(places.len(), *share)
        },
    );
    rows.collect()
}

/// The pair, the place in it, and the length of the first occurrences of each code.
fn places(pairs: &[Sides<'_>], codes: &Trie, max_code: usize) -> Vec<Vec<(u32, u32, u8)>> {
    let mut places = vec![Vec::new(); codes.len()];
    for (number, (ciphertext, _)) in (0..).zip(pairs) {
        for i in 0..ciphertext.len() {
            codes.starts_of(&ciphertext[i..], max_code, |taken, code| {
                let places = &mut places[code as usize];
                if places.len() < MAX_OCCURRENCES {
                    places.push((number, i as u32, taken as u8));
                }
            });
        }
    }
    places
}

/// The chunks near one code.
struct Near<'a> {
    chunks: &'a Trie,
    /// The weight of each chunk.
    weights: Vec<f64>,
    /// How many occurrences of the code have each chunk near them.
    hits: Vec<u32>,
    /// The last occurrence that had it, counted from 1.
    last: Vec<u32>,
    /// The chunks with a weight, and their lengths.
    touched: Vec<(u32, usize)>,
    n_looks: u32,
}

impl<'a> Near<'a> {
    fn new(chunks: &'a Trie) -> Self {
        let n = chunks.len();
        Self {
            chunks,
            weights: vec![0.0; n],
            hits: vec![0; n],
            last: vec![0; n],
            touched: Vec::new(),
            n_looks: 0,
        }
    }

    /// Adds the chunks around a place of a plaintext.
    fn look(
        &mut self,
        plaintext: &[crate::SymbolId],
        middle: usize,
        max_chunk: usize,
        lengths: &[f64],
    ) {
        self.n_looks += 1;
        let half = half_width(plaintext.len());
        let chunks = self.chunks;
        for j in middle.saturating_sub(half)..=(middle + half).min(plaintext.len()) {
            // A normal distribution, of which the half width is four standard deviations.
            let distance = 4.0 * (j as f64 - middle as f64) / half as f64;
            let weight = (-0.5 * distance * distance).exp();
            self.add(Trie::EMPTY, 0, weight * lengths[0]);
            chunks.starts_of(&plaintext[j..], max_chunk, |length, chunk| {
                self.add(chunk, length, weight * lengths[length]);
            });
        }
    }

    fn add(&mut self, chunk: u32, length: usize, weight: f64) {
        let at = chunk as usize;
        if self.hits[at] == 0 {
            self.touched.push((chunk, length));
        }
        if self.last[at] != self.n_looks {
            self.last[at] = self.n_looks;
            self.hits[at] += 1;
        }
        self.weights[at] += weight;
    }

    /// The chunks that were near often enough, with weights whose sum is `share`, and a new start.
    fn take(&mut self, n_occurrences: usize, share: f64) -> Vec<(u32, f64)> {
        let least = MIN_SHARE * n_occurrences as f64;
        let mut row = Vec::new();
        self.touched.sort_unstable();
        for (chunk, length) in std::mem::take(&mut self.touched) {
            let at = chunk as usize;
            let hits = std::mem::take(&mut self.hits[at]);
            let weight = std::mem::take(&mut self.weights[at]);
            if length <= 1 || f64::from(hits) >= least {
                row.push((chunk, weight));
            }
        }
        let sum: f64 = row.iter().map(|(_, weight)| weight).sum();
        row.iter_mut()
            .for_each(|(_, weight)| *weight *= share / sum);
        row
    }
}
