//! What a run is trained and measured on.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use burn::data::dataset::transform::PartialDataset;
use burn::data::dataset::{Dataset, DatasetError};
use burn::tensor::Device;
use cipher_data::{
    Alphabet, BucketLoader, Format, Masked, MessageDataset, Pair, PairBatcher, PairSource,
    PairTable, Split,
};
use cipher_model::write_whole;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::config::{Config, PairsConfig, Parts};
use crate::pairs::Pairs;
use crate::run_folder::RunFolder;

/// Three sets of pairs that share no message, and the alphabets of their sides.
#[derive(Clone)]
pub struct Data {
    pub ciphertext_alphabet: Alphabet,
    pub plaintext_alphabet: Alphabet,
    /// What the weights are changed for.
    pub training: Arc<dyn PairSource>,
    /// The same pairs, each once; of random messages those of the first epoch.
    pub known: Arc<dyn PairSource>,
    /// What decides when to stop, and which epoch was the best.
    pub held_out: Arc<dyn PairSource>,
    /// What the accuracy is reported for, and nothing else.
    pub test: Arc<dyn PairSource>,
    /// SHA-256 of the pairs, in hexadecimal, unless they follow from the config.
    pub fingerprint: Option<String>,
    /// The pairs themselves, unless they follow from the config.
    table: Option<Arc<PairTable>>,
}

impl Data {
    /// What the config says.
    pub fn of(config: &Config) -> Result<Self> {
        match &config.pairs {
            Some(pairs) => Self::of_file(config, &Pairs::read(pairs)?),
            None => Self::random(config),
        }
    }

    /// What a run was begun with: its own pairs, wherever the file went that they are from.
    pub fn of_run(config: &Config, run: &RunFolder) -> Result<Self> {
        match &config.pairs {
            Some(pairs) if run.pairs().exists() => {
                let kept = PairsConfig {
                    file: run.pairs(),
                    format: Some(Format::JsonLines),
                    ..pairs.clone()
                };
                Self::of_file(config, &Pairs::read(&kept)?)
            }
            _ => Self::of(config),
        }
    }

    /// Writes the pairs into the folder of a run, so that it needs no other file to go on.
    pub fn keep(&self, run: &RunFolder) -> Result<()> {
        let Some(table) = &self.table else {
            return Ok(());
        };
        let mut text = Vec::new();
        for index in 0..table.len() {
            let ciphertext = self.ciphertext_alphabet.decode(table.ciphertext(index));
            let plaintext = self.plaintext_alphabet.decode(table.plaintext(index));
            let pair = json!({"ciphertext": ciphertext, "plaintext": plaintext});
            writeln!(text, "{pair}")?;
        }
        let path = run.pairs();
        write_whole(&path, &text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Random messages of the config's cipher.
    fn random(config: &Config) -> Result<Self> {
        let parts = config.init()?;
        let messages = &config.messages;
        let n_held_out = messages.held_out + messages.test;
        let held_out = random_messages(config, &parts, Split::HeldOut, n_held_out)?;
        let part = |range: Range<usize>| -> Arc<dyn PairSource> {
            let part = PartialDataset::new(held_out.clone(), range.start, range.end);
            let part: Arc<dyn Dataset<Pair>> = Arc::new(part);
            Arc::new(part)
        };
        let training = random_messages(config, &parts, Split::Training, messages.per_epoch)?;
        let training = Arc::new(training);
        Ok(Self {
            training: training.clone(),
            known: training,
            held_out: part(0..messages.held_out),
            test: part(messages.held_out..n_held_out),
            ciphertext_alphabet: parts.alphabet.clone(),
            plaintext_alphabet: parts.alphabet,
            fingerprint: None,
            table: None,
        })
    }

    /// Pairs of a file.
    ///
    /// # Errors
    ///
    /// See [`Self::of_pairs`].
    pub fn of_file(config: &Config, pairs: &Pairs) -> Result<Self> {
        let alphabets = [&pairs.ciphertext_alphabet, &pairs.plaintext_alphabet];
        let data = Self::of_pairs(config, &pairs.table, alphabets.map(Alphabet::clone));
        data.with_context(|| pairs.name.clone())
    }

    /// Pairs at hand, over the alphabets of the ciphertexts and the plaintexts.
    ///
    /// # Errors
    ///
    /// When they are too few to hold some out.
    pub fn of_pairs(
        config: &Config,
        pairs: &Arc<PairTable>,
        [ciphertext_alphabet, plaintext_alphabet]: [Alphabet; 2],
    ) -> Result<Self> {
        let messages = &config.messages;
        let [training, held_out, test] = pairs.split(messages.held_out, messages.test, config.seed);
        if training.is_empty() || held_out.is_empty() || test.is_empty() {
            bail!(
                "too few pairs to learn from some and be measured on others: {} of different \
                 messages; give at least 3",
                pairs.len()
            );
        }
        let part = |indices: Vec<usize>, per_epoch| Part {
            table: pairs.clone(),
            indices: indices.into(),
            per_epoch,
            begin: 0,
        };
        let fingerprint = fingerprint(pairs, [&ciphertext_alphabet, &plaintext_alphabet]);
        let all = |indices: Vec<usize>| {
            let len = indices.len();
            Arc::new(part(indices, len))
        };
        let mut shuffled = training;
        shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(config.seed));
        Ok(Self {
            training: Arc::new(part(shuffled.clone(), messages.per_epoch)),
            known: all(shuffled),
            held_out: all(held_out),
            test: all(test),
            ciphertext_alphabet,
            plaintext_alphabet,
            fingerprint: Some(fingerprint),
            table: Some(pairs.clone()),
        })
    }

    /// The training pairs as the network reads them, masked if the config says so.
    pub fn masked_training(&self, config: &Config) -> Arc<dyn PairSource> {
        match config.training.masking {
            0.0 => self.training.clone(),
            share => Arc::new(Masked::new(
                self.training.clone(),
                share,
                self.ciphertext_alphabet.len(),
                self.plaintext_alphabet.len(),
                config.seed,
            )),
        }
    }

    /// Pairs of these alphabets in batches.
    pub fn loader(
        &self,
        source: &Arc<dyn PairSource>,
        config: &Config,
        device: &Device,
    ) -> BucketLoader {
        let batcher = PairBatcher::new(
            self.ciphertext_alphabet.len(),
            self.plaintext_alphabet.len(),
        );
        BucketLoader::new(
            source.clone(),
            batcher,
            config.training.batch_size,
            config.seed,
            device,
        )
    }
}

/// The same for the same pairs in the same order.
fn fingerprint(pairs: &PairTable, alphabets: [&Alphabet; 2]) -> String {
    let mut hash = Sha256::new();
    for alphabet in alphabets {
        for symbol in alphabet.symbols() {
            hash.update((symbol.len() as u64).to_le_bytes());
            hash.update(symbol);
        }
    }
    for index in 0..pairs.len() {
        hash.update((pairs.plaintext(index).len() as u64).to_le_bytes());
        for id in pairs.ciphertext(index).iter().chain(pairs.plaintext(index)) {
            hash.update(id.to_le_bytes());
        }
    }
    let digest = hash.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Some of a table's pairs. Each epoch takes the next ones, around the end: many small epochs of a
/// large table, or a small table many times over.
#[derive(Clone)]
struct Part {
    table: Arc<PairTable>,
    indices: Arc<[usize]>,
    per_epoch: usize,
    /// Place of the epoch's first pair among the indices.
    begin: usize,
}

/// All pairs of a table, in every epoch.
pub fn all_of(table: PairTable) -> Arc<dyn PairSource> {
    Arc::new(Part {
        indices: (0..table.len()).collect(),
        per_epoch: table.len(),
        table: Arc::new(table),
        begin: 0,
    })
}

impl PairSource for Part {
    fn pairs_at(&self, epoch: u64) -> Arc<dyn Dataset<Pair>> {
        let n = self.indices.len() as u128;
        let begin = u128::from(epoch) * self.per_epoch as u128 % n;
        Arc::new(Self {
            begin: begin as usize,
            ..self.clone()
        })
    }
}

impl Dataset<Pair> for Part {
    fn get(&self, index: usize) -> Result<Pair, DatasetError> {
        let place = (self.begin + index) % self.indices.len();
        let pair = self.table.get(self.indices[place]);
        Ok(pair.expect("the indices are those of the table"))
    }

    fn len(&self) -> usize {
        self.per_epoch
    }
}

/// The first `len` random messages of a split.
pub fn random_messages(
    config: &Config,
    parts: &Parts,
    split: Split,
    len: usize,
) -> Result<MessageDataset> {
    Ok(MessageDataset::new(
        parts.cipher.clone(),
        parts.alphabet.len(),
        parts.lengths,
        config.seed,
        split,
        len,
    )?)
}
