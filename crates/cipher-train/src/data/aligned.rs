//! Pairs whose sides have different lengths: a label for each ciphertext symbol, and the texts that
//! answers are compared with.

use std::sync::Arc;

use anyhow::{Context, Result};
use cipher_data::alignment::{AlignedPairs, AlignerConfig, Channel, Step, cut_into};
use cipher_data::{Alphabet, CodeBook, Codes, Only, PairSource, PairSplit, PairTable, streams};
use cipher_model::{Decryptor, Score};
use rand::seq::SliceRandom;

use super::enciphered::Enciphered;
use crate::config::Config;
use crate::numbers::{count, percent};

/// The share of doubtful places from which on the cipher is no code.
const MAX_DOUBTFUL: f64 = 0.2;

/// How pairs are aligned.
#[derive(Debug, Clone, PartialEq)]
pub enum Alignment {
    /// By what the training pairs show.
    ToFind(AlignerConfig),
    /// As was found when the run was made.
    Found {
        /// The codes that the characters of a ciphertext form, if it has such.
        codes: Codes,
        /// The steps of each pair.
        steps: Vec<Vec<Step>>,
    },
}

/// Aligned pairs.
#[derive(Clone)]
pub struct Aligned {
    pairs: AlignedPairs,
    ciphertext: Alphabet,
    chunks: Alphabet,
    split: PairSplit,
}

impl Aligned {
    /// Pairs over these alphabets, aligned. Only the training pairs say which codes and chunks there
    /// are.
    ///
    /// # Errors
    ///
    /// When steps do not fit their pairs, or the training pairs show no chunk.
    pub fn of(
        pairs: &Arc<PairTable>,
        [ciphertext, plaintext]: [&Alphabet; 2],
        alignment: &Alignment,
        split: &PairSplit,
    ) -> Result<Self> {
        let (pairs, plaintext) = (pairs.clone(), plaintext.clone());
        let training = &split.training;
        let (ciphertext, pairs) = match alignment {
            Alignment::ToFind(config) => {
                let pairs = AlignedPairs::fit(pairs, plaintext, training, *config);
                let in_codes = pairs.in_codes(ciphertext, training, config.max_chunk)?;
                in_codes.unwrap_or((ciphertext.clone(), pairs))
            }
            Alignment::Found { codes, steps } => {
                let (ciphertext, pairs) = if codes.is_empty() {
                    (ciphertext.clone(), pairs)
                } else {
                    let (ciphertext, pairs) = cut_into(codes.clone(), &pairs, ciphertext)?;
                    (ciphertext, Arc::new(pairs))
                };
                (
                    ciphertext,
                    AlignedPairs::of_steps(pairs, plaintext, steps.clone())?,
                )
            }
        };
        let chunks = pairs.chunk_alphabet(training);
        Ok(Self {
            chunks: chunks.ok().context(
                "no ciphertext symbol stands for the same plaintext twice, so the sides cannot be \
                 aligned; if the first column has the plaintexts, say --columns \
                 ciphertext=2,plaintext=1",
            )?,
            ciphertext,
            pairs,
            split: split.clone(),
        })
    }

    /// The ciphertext symbols that have a label each.
    pub fn ciphertext_alphabet(&self) -> &Alphabet {
        &self.ciphertext
    }

    /// The pairs with their steps.
    pub fn pairs(&self) -> &AlignedPairs {
        &self.pairs
    }

    /// The chunks that the training pairs show.
    pub fn chunks(&self) -> &Alphabet {
        &self.chunks
    }

    /// The pairs with a chunk for each ciphertext symbol.
    pub fn labels(&self) -> PairTable {
        self.pairs.labels(&self.chunks)
    }

    /// The training pairs, enciphered again in every epoch; `None` if the code book explains so little
    /// that this would teach another cipher.
    pub fn enciphered(&self, labels: &PairTable, config: &Config) -> Option<Arc<dyn PairSource>> {
        if self.doubtful() > MAX_DOUBTFUL {
            return None;
        }
        let mut training = self.split.training.clone();
        training.shuffle(&mut streams::file_order(config.seed));
        let (channel, intended) = Channel::of(&self.pairs, &training, &self.chunks);
        let pairs = training.iter().filter_map(|&index| labels.get(index));
        let per_epoch = config.sizes.per_epoch;
        let pairs = pairs.collect();
        Some(Arc::new(Enciphered::new(
            channel,
            pairs,
            intended,
            per_epoch,
            config.seed,
        )))
    }

    /// What the training pairs show of each code.
    pub fn code_book(&self) -> CodeBook {
        let training = self.split.training.iter().copied();
        self.pairs.code_book(training, &self.chunks)
    }

    /// What all pairs show of each code.
    pub fn full_code_book(&self) -> CodeBook {
        let all = 0..self.pairs.pairs().len();
        self.pairs.code_book(all, &self.chunks)
    }

    /// The pairs of the validation set.
    pub fn validation(&self) -> &[usize] {
        &self.split.validation
    }

    /// The pairs of the test set.
    pub fn test(&self) -> &[usize] {
        &self.split.test
    }

    /// The plaintexts of some pairs.
    pub fn plaintexts(&self, indices: &[usize]) -> Vec<String> {
        let decode = |&index: &usize| {
            let plaintext = self.pairs.pairs().plaintext(index);
            self.pairs.plaintext_alphabet().decode(plaintext)
        };
        indices.iter().map(decode).collect()
    }

    /// The ciphertexts of some pairs.
    pub fn ciphertexts(&self, indices: &[usize], alphabet: &Alphabet) -> Vec<String> {
        let pairs = self.pairs.pairs();
        let decode = |&index: &usize| alphabet.decode(pairs.ciphertext(index));
        indices.iter().map(decode).collect()
    }

    /// What a decryptor gets right of each of these pairs, by edit distance.
    ///
    /// # Errors
    ///
    /// Those of the device.
    pub fn scores(&self, decryptor: &Decryptor, indices: &[usize]) -> Result<Vec<Score>> {
        let ciphertexts = self.ciphertexts(indices, decryptor.ciphertext_alphabet());
        let answers = decryptor.decrypt_all(&ciphertexts)?;
        let both = answers.iter().zip(self.plaintexts(indices));
        let scores = both.map(|(answer, right)| Score::of_edits(&answer.plaintext, &right));
        Ok(scores.collect())
    }

    /// What a code book gets right of each of these pairs, by edit distance.
    pub fn scores_of_book(&self, book: &CodeBook, indices: &[usize]) -> Vec<Score> {
        let both = indices.iter().zip(self.plaintexts(indices));
        let scores = both.map(|(&index, right)| {
            let ciphertext = self.pairs.pairs().ciphertext(index);
            Score::of_edits(&book.decrypt(ciphertext, &self.chunks), &right)
        });
        scores.collect()
    }

    /// What a reader should know before anything is learned, if there is something.
    pub fn warning(&self) -> Option<&'static str> {
        (self.doubtful() > MAX_DOUBTFUL).then_some(
            "the alignment explains little: the sides of the pairs may not belong together, or what a \
             code stands for depends on more than the code",
        )
    }

    /// What of the plaintexts is never answered, if there is something.
    pub fn left_out(&self) -> Option<String> {
        let reading = self.pairs.plaintext_alphabet().reading();
        (reading.only != Only::All).then(|| {
            format!(
                "the ciphertexts do not tell all of the plaintexts: answers have {}, and accuracy counts \
                 these",
                reading.only
            )
        })
    }

    fn doubtful(&self) -> f64 {
        let steps = || self.pairs.steps().iter().flatten();
        let n_doubtful = steps().filter(|step| step.is_doubtful()).count();
        n_doubtful as f64 / steps().count().max(1) as f64
    }

    /// How sure the alignment is, for a reader.
    pub fn describe(&self) -> String {
        let steps = || self.pairs.steps().iter().flatten();
        let n_steps = steps().count();
        let share = |n: usize| percent(n as f64 / n_steps.max(1) as f64);
        let n_without = self.pairs.steps().iter().filter(|steps| steps.is_empty());
        let without = match n_without.count() {
            0 => String::new(),
            n => format!("; {} could not be aligned", count(n, "pair")),
        };
        format!(
            "aligned: {n_steps} codes stand for {} different chunks; {} of them are doubtful, {} are \
             ambiguous and not learned from{without}",
            self.chunks.len(),
            percent(self.doubtful()),
            share(steps().filter(|step| step.is_ambiguous()).count()),
        )
    }
}
