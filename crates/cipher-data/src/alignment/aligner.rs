use rayon::prelude::*;

use super::Sides;
use super::band::Band;
use super::lattice::{Lattice, Scratch};
use super::model::Model;
use super::step::Step;
use crate::PairTable;

/// Rounds of expectation-maximization, at most.
const MAX_ROUNDS: usize = 20;
/// Training ends when a round adds less than this to the log-likelihood of a ciphertext symbol, in
/// nats.
const MIN_GAIN: f64 = 1e-4;
/// Ciphertext symbols that the table is estimated from. Later pairs are only aligned.
const MAX_TRAINING: usize = 1 << 20;

/// How long codes and chunks may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlignerConfig {
    /// The most ciphertext symbols of a code, at least 1.
    pub max_code: u8,
    /// The most plaintext symbols of a chunk, at least 1.
    pub max_chunk: u8,
}

/// What codes stand for, as far as pairs show it.
#[derive(Debug, Clone)]
pub struct Aligner(Model);

impl Aligner {
    /// Learns from the pairs at these indices what codes stand for. The result is the same on any
    /// number of cores.
    pub fn fit(pairs: &PairTable, indices: &[usize], config: AlignerConfig) -> Self {
        let mut n_symbols = 0;
        let training = indices.iter().map(|&index| sides(pairs, index));
        let training = training.take_while(|(ciphertext, _)| {
            n_symbols += ciphertext.len();
            n_symbols - ciphertext.len() < MAX_TRAINING
        });
        let training: Vec<Sides<'_>> = training.collect();
        let short = AlignerConfig {
            max_chunk: config.max_chunk.min(needed(&training, config.max_code)),
            ..config
        };
        let mut model = Model::start(&training, short);
        let mut bands = train(&mut model, &training);
        if short != config {
            model.lengthen(&training, config.max_chunk.into());
            bands = train(&mut model, &training);
        }
        model.finish(&training, &mut bands);
        Self(model)
    }

    /// The most likely steps through each pair. `None` where no steps lead from the start to the end:
    /// the plaintext is too long for the ciphertext, or too short.
    pub fn align(&self, pairs: &PairTable) -> Vec<Option<Vec<Step>>> {
        (0..pairs.len())
            .into_par_iter()
            .map_init(
                || Scratch::new(&self.0),
                |scratch, index| self.align_one(sides(pairs, index), scratch),
            )
            .collect()
    }

    fn align_one(&self, pair: Sides<'_>, scratch: &mut Scratch) -> Option<Vec<Step>> {
        let Self(model) = self;
        let no_counts = |_: Option<u32>, _: &[f64], _: f64| {};
        let band = Band::diagonal(pair);
        let lattice = Lattice::new(model, pair, &band);
        let narrow = lattice.narrowed(&lattice.passes(scratch, no_counts)?);
        let lattice = Lattice::new(model, pair, &narrow);
        let passes = lattice.passes(scratch, no_counts)?;
        Some(lattice.best(&passes, scratch))
    }
}

/// Rounds of expectation-maximization until they gain little. Returns the bands of the likely places.
fn train(model: &mut Model, pairs: &[Sides<'_>]) -> Vec<Band> {
    let n_symbols: usize = pairs.iter().map(|(ciphertext, _)| ciphertext.len()).sum();
    let mut bands: Vec<Band> = pairs.iter().copied().map(Band::diagonal).collect();
    let mut log_likelihood = f64::NEG_INFINITY;
    for _ in 0..MAX_ROUNDS {
        let improved = model.improve(pairs, &mut bands);
        let gain = improved - log_likelihood;
        log_likelihood = improved;
        if gain < MIN_GAIN * n_symbols as f64 {
            break;
        }
    }
    bands
}

/// The length of a chunk that is a little longer than codes of this length need on average.
fn needed(pairs: &[Sides<'_>], max_code: u8) -> u8 {
    let [mut n_ciphertext, mut n_plaintext] = [0; 2];
    for (ciphertext, plaintext) in pairs {
        n_ciphertext += ciphertext.len();
        n_plaintext += plaintext.len();
    }
    let average = f64::from(max_code) * n_plaintext as f64 / n_ciphertext.max(1) as f64;
    (average.ceil() + 1.0) as u8
}

fn sides(pairs: &PairTable, index: usize) -> Sides<'_> {
    (pairs.ciphertext(index), pairs.plaintext(index))
}
