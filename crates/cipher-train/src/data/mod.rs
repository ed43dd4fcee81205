//! The messages that a run is trained and measured on.

mod pairs;
mod subset;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use burn::data::dataset::Dataset;
use burn::data::dataset::transform::PartialDataset;
use burn::tensor::Device;
use cipher_data::{
    Alphabet, BucketLoader, MessageDataset, Pair, PairBatcher, PairSource, PairSplit, PairTable,
    Readings, Split, SymbolDropout, SymbolId, streams,
};
use rand::seq::SliceRandom;
use serde_json::json;

use crate::config::{CipherSetup, CipherSource, Config, SetSizes, Source};
pub use pairs::{Pairs, read_texts};
pub use subset::Subset;

/// Three sets of pairs that share no message, and the alphabets of their sides.
#[derive(Clone)]
pub struct Data {
    /// The alphabet of the ciphertexts.
    pub ciphertext_alphabet: Alphabet,
    /// The alphabet of the plaintexts.
    pub plaintext_alphabet: Alphabet,
    /// The weights are fitted to these.
    pub training: Arc<dyn PairSource>,
    /// The training pairs, each once; of random messages those of the first epoch.
    pub training_once: Arc<dyn PairSource>,
    /// These decide when to stop, and which epoch is the best.
    pub validation: Arc<dyn PairSource>,
    /// The accuracy that is reported is measured on these, which decide nothing.
    pub test: Arc<dyn PairSource>,
    /// All pairs of a file; `None` for random messages, which follow from the config.
    table: Option<Arc<PairTable>>,
    /// Pairs that share much of their text with another.
    pub n_near_duplicates: usize,
    /// Pairs in none of the sets, as they share much of their text with a test or validation pair.
    pub n_left_out: usize,
}

impl Data {
    /// The messages that a config describes.
    ///
    /// # Errors
    ///
    /// Those of the file of pairs, and too few pairs.
    pub fn of(config: &Config) -> Result<Self> {
        match &config.source {
            Source::Pairs(source) => Self::of_file(config, &Pairs::read(source)?),
            Source::Cipher(source) => Self::random(config, source),
        }
    }

    /// Random messages of a cipher.
    fn random(config: &Config, source: &CipherSource) -> Result<Self> {
        let setup = source.init()?;
        let sizes = config.sizes;
        let n_held_out = sizes.validation + sizes.test;
        let held_out = random_messages(config, &setup, Split::HeldOut, n_held_out)?;
        let part = |range: Range<usize>| -> Arc<dyn PairSource> {
            let part = PartialDataset::new(held_out.clone(), range.start, range.end);
            let part: Arc<dyn Dataset<Pair>> = Arc::new(part);
            Arc::new(part)
        };
        let training = random_messages(config, &setup, Split::Training, sizes.per_epoch)?;
        let training = Arc::new(training);
        Ok(Self {
            training: training.clone(),
            training_once: training,
            validation: part(0..sizes.validation),
            test: part(sizes.validation..n_held_out),
            ciphertext_alphabet: setup.alphabet.clone(),
            plaintext_alphabet: setup.alphabet,
            table: None,
            n_near_duplicates: 0,
            n_left_out: 0,
        })
    }

    /// Pairs of a file.
    ///
    /// # Errors
    ///
    /// See [`Self::of_table`].
    pub fn of_file(config: &Config, pairs: &Pairs) -> Result<Self> {
        let alphabets = [&pairs.ciphertext_alphabet, &pairs.plaintext_alphabet];
        let data = Self::of_table(config, &pairs.table, alphabets.map(Alphabet::clone));
        data.with_context(|| pairs.name.clone())
    }

    /// Pairs over the alphabets of the ciphertexts and the plaintexts.
    ///
    /// # Errors
    ///
    /// When the pairs are too few to be divided into three sets.
    pub fn of_table(
        config: &Config,
        pairs: &Arc<PairTable>,
        [ciphertext_alphabet, plaintext_alphabet]: [Alphabet; 2],
    ) -> Result<Self> {
        let sizes = config.sizes;
        let PairSplit {
            mut training,
            validation,
            test,
            left_out,
            n_near_duplicates,
            ..
        } = pairs.split(sizes.validation, sizes.test, config.seed);
        if training.is_empty() || validation.is_empty() || test.is_empty() {
            bail!("{}", too_few(pairs, n_near_duplicates, sizes));
        }
        training.shuffle(&mut streams::file_order(config.seed));
        let once = |indices: Vec<usize>| Arc::new(Subset::once(pairs, indices));
        Ok(Self {
            training: Arc::new(Subset::new(pairs, training.clone(), sizes.per_epoch)),
            training_once: once(training),
            validation: once(validation),
            test: once(test),
            ciphertext_alphabet,
            plaintext_alphabet,
            table: Some(pairs.clone()),
            n_near_duplicates,
            n_left_out: left_out.len(),
        })
    }

    /// All pairs of a file, those in none of the sets among them; `None` for random messages.
    pub fn table(&self) -> Option<&PairTable> {
        self.table.as_deref()
    }

    /// The symbols of the ciphertext's alphabet that no training pair of a file has; none for random
    /// messages.
    ///
    /// # Errors
    ///
    /// Those of the pairs.
    pub fn untrained(&self) -> Result<Vec<SymbolId>> {
        let n_symbols = self.ciphertext_alphabet.len();
        if self.table.is_none() {
            return Ok(Vec::new());
        }
        let mut is_trained = vec![false; n_symbols];
        let training = self.training_once.pairs_at(0);
        for index in 0..training.len() {
            for &id in training.get(index)?.ciphertext() {
                is_trained[usize::from(id)] = true;
            }
        }
        let symbols = 0..n_symbols as SymbolId;
        Ok(symbols.filter(|&id| !is_trained[usize::from(id)]).collect())
    }

    /// How the two sides of the pairs are read.
    pub fn readings(&self) -> Readings {
        Readings::of_alphabets(&self.ciphertext_alphabet, &self.plaintext_alphabet)
    }

    /// How pairs that share text with others were handled; `None` if there are none.
    pub fn division(&self) -> Option<String> {
        let (near, left_out) = (self.n_near_duplicates, self.n_left_out);
        (near > 0).then(|| {
            format!(
                "{near} pairs share much of their text with another pair: such pairs are never in \
                 two of the sets, and {left_out} were left out of all"
            )
        })
    }

    /// The pairs of a file as JSON Lines; `None` for random messages.
    pub fn to_json_lines(&self) -> Option<String> {
        let table = self.table.as_ref()?;
        let mut text = String::new();
        for index in 0..table.len() {
            let ciphertext = self.ciphertext_alphabet.decode(table.ciphertext(index));
            let plaintext = self.plaintext_alphabet.decode(table.plaintext(index));
            let pair = json!({"ciphertext": ciphertext, "plaintext": plaintext});
            text += &format!("{pair}\n");
        }
        Some(text)
    }

    /// The training pairs as the network reads them, with dropout of symbols if the config says so.
    pub fn training_input(&self, config: &Config) -> Arc<dyn PairSource> {
        let share = config.training.symbol_dropout;
        if share == 0.0 {
            return self.training.clone();
        }
        Arc::new(SymbolDropout::new(
            self.training.clone(),
            share,
            self.ciphertext_alphabet.len(),
            self.plaintext_alphabet.len(),
            config.seed,
        ))
    }

    /// Pairs in batches, padded and grouped by length.
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

/// Why pairs cannot be divided into three sets.
fn too_few(pairs: &PairTable, n_near_duplicates: usize, sizes: SetSizes) -> String {
    if sizes.validation + sizes.test >= pairs.len() && pairs.len() >= 3 {
        return format!(
            "there are {} pairs, and messages.validation = {} and messages.test = {} leave none to \
             train on; give smaller numbers, such as a tenth of the pairs each, or let `fit` choose \
             them",
            pairs.len(),
            sizes.validation,
            sizes.test
        );
    }
    let indices = || 0..pairs.len();
    let ciphertexts: HashSet<_> = indices().map(|index| pairs.ciphertext(index)).collect();
    let plaintexts: HashSet<_> = indices().map(|index| pairs.plaintext(index)).collect();
    format!(
        "too few different messages to train on some and measure on others: {} pairs have {} \
         different ciphertexts and {} different plaintexts, and {n_near_duplicates} pairs share \
         much of their text with another; give at least 3 that do not",
        pairs.len(),
        ciphertexts.len(),
        plaintexts.len()
    )
}

/// The first `len` random messages of a split.
///
/// # Errors
///
/// When there are too few different messages of such lengths.
pub fn random_messages(
    config: &Config,
    setup: &CipherSetup,
    split: Split,
    len: usize,
) -> Result<MessageDataset> {
    Ok(MessageDataset::new(
        setup.cipher.clone(),
        setup.alphabet.len(),
        setup.lengths,
        config.seed,
        split,
        len,
    )?)
}

/// The first pairs of an epoch, at most `max`.
///
/// # Errors
///
/// Those of the source.
pub fn first_pairs(source: &Arc<dyn PairSource>, max: usize) -> Result<Vec<Pair>> {
    let pairs = source.pairs_at(0);
    let pairs = (0..pairs.len().min(max)).map(|index| pairs.get(index));
    Ok(pairs.collect::<Result<_, _>>()?)
}
