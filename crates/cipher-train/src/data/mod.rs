//! The messages that a run is trained and measured on.

mod aligned;
mod enciphered;
mod input;
mod keys;
mod pairs;
mod subset;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};
use burn::data::dataset::Dataset;
use burn::data::dataset::transform::PartialDataset;
use cipher_data::{
    Alphabet, FoundKey, KeyRecovery, KeySet, KeyedCipher, MessageDataset, Pair, PairSource,
    PairSplit, PairTable, PairTexts, Readings, SymbolId, streams,
};
use cipher_model::TrainedKeys;
use rand::seq::SliceRandom;
use serde_json::json;

use crate::config::{CipherSetup, CipherSource, Config, SetSizes, Source, Task};
use crate::numbers::count;
pub use aligned::{Aligned, Alignment};
pub use pairs::{Others, Pairs, check_one_key, read_texts, some_of_cipher, some_of_file};
pub use subset::Subset;

/// Three sets of pairs that share no message, and the alphabets of their sides.
#[derive(Clone)]
pub struct Data {
    /// The alphabet of the ciphertexts.
    pub ciphertext_alphabet: Alphabet,
    /// The alphabet of the plaintexts.
    pub plaintext_alphabet: Alphabet,
    /// The keys of the training messages, if the network is told them. One that is to find them is told the
    /// plaintext instead: then the alphabet is that of the plaintexts, and the lengths are those of the keys.
    pub trained_keys: Option<TrainedKeys>,
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
    /// The pairs before they got labels, where their sides have different lengths.
    pub aligned: Option<Aligned>,
    /// Pairs that share much of their text with another.
    pub n_near_duplicates: usize,
    /// Pairs in none of the sets, as they share much of their text with a test or validation pair.
    pub n_left_out: usize,
    /// The first pairs of a file as they are there.
    first_texts: Option<Arc<PairTexts>>,
    /// The keys that were found, once they were searched.
    keys: OnceLock<Vec<FoundKey>>,
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
        let part = |set: KeySet, range: Range<usize>| -> Result<Arc<dyn PairSource>> {
            let held_out = random_messages(config, &setup, set, n_held_out)?;
            let part = PartialDataset::new(held_out, range.start, range.end);
            let part: Arc<dyn Dataset<Pair>> = Arc::new(part);
            Ok(Arc::new(part))
        };
        let training = random_messages(config, &setup, KeySet::Training, sizes.per_epoch)?;
        let training = Arc::new(training.with_curriculum(source.curriculum.clone()));
        let data = Self {
            training: training.clone(),
            training_once: training,
            validation: part(KeySet::Validation, 0..sizes.validation)?,
            test: part(KeySet::Test, sizes.validation..n_held_out)?,
            trained_keys: setup.keyed.as_ref().map(|keyed| TrainedKeys {
                alphabet: keyed.key_alphabet().clone(),
                lengths: keyed.key_lengths(),
            }),
            ciphertext_alphabet: setup.texts.ciphertext,
            plaintext_alphabet: setup.texts.plaintext,
            table: None,
            aligned: None,
            n_near_duplicates: 0,
            n_left_out: 0,
            first_texts: None,
            keys: OnceLock::new(),
        };
        match (config.task, setup.keyed) {
            (Task::RecoverKey, Some(keyed)) => data.asking_for_keys(keyed),
            _ => Ok(data),
        }
    }

    /// The same messages as questions for their keys.
    fn asking_for_keys(self, keyed: Arc<KeyedCipher>) -> Result<Self> {
        let lengths = keyed.key_lengths();
        let recovery = KeyRecovery::new(keyed, &self.ciphertext_alphabet, &self.plaintext_alphabet);
        let recovery = Arc::new(recovery?);
        let asking = |source| recovery.questions(source);
        Ok(Self {
            training: asking(self.training),
            training_once: asking(self.training_once),
            validation: asking(self.validation),
            test: asking(self.test),
            ciphertext_alphabet: recovery.ciphertext_alphabet().clone(),
            plaintext_alphabet: recovery.answers().clone(),
            trained_keys: Some(TrainedKeys {
                alphabet: recovery.plaintext_alphabet().clone(),
                lengths,
            }),
            ..self
        })
    }

    /// Pairs of a file. Where their sides have different lengths, each ciphertext symbol gets a label.
    ///
    /// # Errors
    ///
    /// See [`Self::of_table`], and those of the alignment.
    pub fn of_file(config: &Config, pairs: &Pairs) -> Result<Self> {
        check_keys(config, pairs)?;
        let [ciphertext, plaintext] = [&pairs.ciphertext_alphabet, &pairs.plaintext_alphabet];
        let Some(alignment) = &pairs.alignment else {
            let alphabets = [ciphertext, plaintext].map(Alphabet::clone);
            let data = Self::of_table(config, &pairs.table, alphabets);
            let data = data.with_context(|| pairs.name.clone())?;
            return Ok(match (&pairs.keys, pairs.table.key_lengths()) {
                (Some(keys), Some(lengths)) => Self {
                    trained_keys: Some(TrainedKeys {
                        alphabet: keys.clone(),
                        lengths,
                    }),
                    ..data
                },
                _ => data.with_texts(&pairs.first_texts),
            });
        };
        let split = divide(config, &pairs.table).with_context(|| pairs.name.clone())?;
        let aligned = Aligned::of(&pairs.table, [ciphertext, plaintext], alignment, &split)
            .with_context(|| pairs.name.clone())?;
        let labels = Arc::new(aligned.labels());
        let alphabets = [aligned.ciphertext_alphabet(), aligned.chunks()].map(Alphabet::clone);
        let data = Self::of_split(config, &labels, alphabets, split);
        Ok(Self {
            training: aligned
                .enciphered(&labels, config)
                .unwrap_or(data.training.clone()),
            aligned: Some(aligned),
            ..data.with_texts(&pairs.first_texts)
        })
    }

    /// Pairs over the alphabets of the ciphertexts and the plaintexts.
    ///
    /// # Errors
    ///
    /// When the pairs are too few to be divided into three sets.
    pub fn of_table(
        config: &Config,
        pairs: &Arc<PairTable>,
        alphabets: [Alphabet; 2],
    ) -> Result<Self> {
        let split = divide(config, pairs)?;
        Ok(Self::of_split(config, pairs, alphabets, split))
    }

    fn of_split(
        config: &Config,
        pairs: &Arc<PairTable>,
        [ciphertext_alphabet, plaintext_alphabet]: [Alphabet; 2],
        split: PairSplit,
    ) -> Self {
        let mut training = split.training;
        training.shuffle(&mut streams::file_order(config.seed));
        let once = |indices: Vec<usize>| Arc::new(Subset::once(pairs, indices));
        let per_epoch = config.sizes.per_epoch;
        Self {
            training: Arc::new(Subset::new(pairs, training.clone(), per_epoch)),
            training_once: once(training),
            validation: once(split.validation),
            test: once(split.test),
            ciphertext_alphabet,
            plaintext_alphabet,
            trained_keys: None,
            table: Some(pairs.clone()),
            aligned: None,
            n_near_duplicates: split.n_near_duplicates,
            n_left_out: split.left_out.len(),
            first_texts: None,
            keys: OnceLock::new(),
        }
    }

    /// All pairs of a file, those in none of the sets among them; `None` for random messages.
    pub fn table(&self) -> Option<&PairTable> {
        self.table.as_deref()
    }

    /// The symbols of the ciphertext's alphabet that no training pair of a file has, or none with a
    /// label; none for random messages.
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
            let pair = training.get(index)?;
            for (&id, &label) in pair.ciphertext().iter().zip(pair.plaintext()) {
                is_trained[usize::from(id)] |= usize::from(label) < self.plaintext_alphabet.len();
            }
        }
        let symbols = 0..n_symbols as SymbolId;
        Ok(symbols.filter(|&id| !is_trained[usize::from(id)]).collect())
    }

    /// How the two sides of the pairs are read.
    pub fn readings(&self) -> Readings {
        let aligned = self.aligned.as_ref();
        let plaintext = aligned.map(|aligned| aligned.pairs().plaintext_alphabet());
        let plaintext = plaintext.unwrap_or(&self.plaintext_alphabet);
        Readings::of_alphabets(&self.ciphertext_alphabet, plaintext)
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

    /// The pairs of a file as JSON Lines; `None` for random messages. Aligned pairs have their steps, each
    /// as [ciphertext symbols, plaintext symbols, probability, certainty].
    pub fn to_json_lines(&self) -> Option<String> {
        let table = self.table.as_ref()?;
        let mut text = String::new();
        for index in 0..table.len() {
            let ciphertext = self.ciphertext_alphabet.decode(table.ciphertext(index));
            let pair = match &self.aligned {
                None => {
                    let plaintext = self.plaintext_alphabet.decode(table.plaintext(index));
                    match &self.trained_keys {
                        None => json!({"ciphertext": ciphertext, "plaintext": plaintext}),
                        Some(keys) => json!({
                            "ciphertext": ciphertext,
                            "plaintext": plaintext,
                            "key": keys.alphabet.decode(table.key(index)),
                        }),
                    }
                }
                Some(aligned) => {
                    let steps = aligned.pairs().steps()[index].iter();
                    let steps = steps.map(|s| {
                        json!([s.n_ciphertext, s.n_plaintext, s.probability, s.certainty])
                    });
                    json!({
                        "ciphertext": ciphertext,
                        "plaintext": aligned.plaintexts(&[index]).concat(),
                        "steps": steps.collect::<Vec<_>>(),
                    })
                }
            };
            text += &format!("{pair}\n");
        }
        Some(text)
    }
}

/// Refuses a network that is told keys which the file does not give, and the other way about.
fn check_keys(config: &Config, pairs: &Pairs) -> Result<()> {
    match (config.model.key_input, &pairs.keys) {
        (None, Some(_)) => bail!(
            "{}: the messages have different keys, and the network must be told them; set \
             model.key_input to \"aligned\" or \"prefix\", or leave the keys out by naming the columns to \
             read, pairs.columns = {{ ciphertext = \"NAME\", plaintext = \"NAME\" }}",
            pairs.name
        ),
        (Some(_), None) => bail!(
            "{}: {}, so there is none to tell the network; leave out model.key_input, or name a column `key`",
            pairs.name,
            pairs
                .why_untold()
                .unwrap_or("the file gives no keys".into())
        ),
        _ => Ok(()),
    }
}

/// Training, validation and test pairs.
fn divide(config: &Config, pairs: &PairTable) -> Result<PairSplit> {
    let sizes = config.sizes;
    let split = pairs.split(sizes.validation, sizes.test, config.seed);
    if split.training.is_empty() || split.validation.is_empty() || split.test.is_empty() {
        bail!("{}", too_few(pairs, split.n_near_duplicates, sizes));
    }
    Ok(split)
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
        "too few different messages to train on some and measure on others: {} with {} \
         different ciphertexts and {} different plaintexts, of which {n_near_duplicates} share \
         much of their text with another; give at least 3 that do not",
        count(pairs.len(), "pair"),
        ciphertexts.len(),
        plaintexts.len()
    )
}

/// The first `len` random messages of a set. Without drawn keys, the messages for validation and test are
/// the same.
///
/// # Errors
///
/// When there are too few different messages of such lengths, or too few keys.
pub fn random_messages(
    config: &Config,
    setup: &CipherSetup,
    set: KeySet,
    len: usize,
) -> Result<MessageDataset> {
    let CipherSetup {
        texts,
        keyed,
        lengths,
    } = setup;
    let (n_symbols, seed) = (texts.plaintext.len(), config.seed);
    Ok(match keyed {
        None => {
            let (cipher, split) = (texts.cipher.clone(), set.split());
            MessageDataset::new(cipher, n_symbols, *lengths, seed, split, len)?
        }
        Some(keyed) => MessageDataset::keyed(keyed.clone(), set, n_symbols, *lengths, seed, len)?,
    })
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
