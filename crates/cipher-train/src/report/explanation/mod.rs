//! Everything that the report of a run shows: the numbers, and pictures of them.

mod page;
mod pca;
mod pictures;
mod recovered;
mod weights;

use std::collections::BTreeMap;

use anyhow::Result;
use burn::tensor::Device;
use cipher_data::{Alphabet, Outside, Pair, Reading, Score, SymbolId};
use cipher_model::{CipherModelConfig, Decryptor};
use serde::Serialize;
use serde_json::Value;

use super::answers::Answers;
use super::calibration::{Bin, bins, expected_calibration_error};
use super::key_table::KeyTable;
use crate::config::{Config, Source as MessageSource, Task};
use crate::data::{Data, first_pairs};
use crate::run::RunFolder;
use crate::training::{Record, read_metrics};
pub use page::{Page, Use};
use recovered::Recovered;
pub use weights::{Source, Weights};

/// Symbols whose embeddings are shown: more could not be told apart.
const MAX_EMBEDDINGS: usize = 256;
/// Messages to try the network on, and to find out on what its units do.
const N_EXAMPLES: usize = 40;
/// Longer ones are cut off.
const LONGEST_EXAMPLE: usize = 400;

/// The contents of a report.
#[derive(Debug, Serialize)]
pub struct Explanation {
    pub run: String,
    pub task: Task,
    /// As the config has it; none where it is not known.
    pub cipher: Option<Value>,
    pub weights: Source,
    pub model: CipherModelConfig,
    pub n_weights: u64,
    pub ciphertext_alphabet: Symbols,
    pub plaintext_alphabet: Symbols,
    /// The symbols of the keys that the network is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_alphabet: Option<Symbols>,
    /// The lengths of the shortest and the longest of these keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_lengths: Option<[usize; 2]>,
    pub metrics: Vec<Record>,
    /// The verdict on a file of pairs, in one line.
    pub verdict: Option<String>,
    /// The simple rule that is used in place of the network.
    pub rule: Option<RuleSummary>,
    /// `None` where the messages are missing. Where the sides have different lengths, it counts chunks.
    pub messages: Option<Messages>,
    /// What codes stand for, where the sides have different lengths.
    pub key: Option<KeyTable>,
    /// The network's answers to the test messages by edit distance, where the sides have different
    /// lengths.
    pub edits: Option<Score>,
    pub embedding: Embedding,
    pub examples: Vec<Example>,
}

/// A simple rule that decrypts every test message.
#[derive(Debug, Serialize)]
pub struct RuleSummary {
    pub name: String,
    /// The key or the table, in lines for a reader.
    pub key: String,
}

/// An alphabet, for the page's own program.
#[derive(Debug, Serialize)]
pub struct Symbols {
    pub symbols: Vec<String>,
    /// How a text is read.
    pub reading: Reading,
    /// The policy for other symbols.
    pub outside: Outside,
    /// Symbols that no training pair had.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untrained: Vec<SymbolId>,
}

/// The network's answers to the test messages.
#[derive(Debug, Serialize)]
pub struct Messages {
    pub n_messages: usize,
    pub right_messages: usize,
    pub n_characters: usize,
    pub right_characters: usize,
    pub positions: Vec<Position>,
    pub calibration_error: f64,
    pub calibration: Vec<Bin>,
    /// How often each answer was given to each right symbol; pairs that are not here never were.
    pub confusion: Vec<Confusion>,
    /// `None` where each message has a key of its own.
    pub recovered: Option<Recovered>,
}

#[derive(Debug, Serialize)]
pub struct Position {
    /// Counted from 1.
    pub position: usize,
    pub right: usize,
    pub n: usize,
}

#[derive(Debug, Serialize)]
pub struct Confusion {
    pub plaintext: SymbolId,
    pub answer: SymbolId,
    pub n: usize,
}

/// The vectors of the ciphertext symbols in two dimensions.
#[derive(Debug, Serialize)]
pub struct Embedding {
    /// The share of all variance along either direction.
    pub explained: [f64; 2],
    /// In the order of the alphabet.
    pub points: Vec<[f64; 2]>,
}

#[derive(Debug, Serialize)]
pub struct Example {
    /// Empty where the network is told no key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<SymbolId>,
    pub ciphertext: Vec<SymbolId>,
    pub plaintext: Vec<SymbolId>,
}

impl Explanation {
    /// Explains a run with these weights, measured on at most `max_messages` of its test messages.
    ///
    /// # Errors
    ///
    /// Those of the run's files and of the device.
    pub fn of(
        run: &RunFolder,
        config: &Config,
        data: Option<&Data>,
        weights: &Weights,
        max_messages: usize,
        device: &Device,
    ) -> Result<Self> {
        let bundle = &weights.bundle;
        let pairs = match data {
            Some(data) => first_pairs(&data.test, max_messages)?,
            None => Vec::new(),
        };
        let alphabets = [&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet];
        let messages = match pairs.as_slice() {
            [] => None,
            pairs => {
                let decryptor = Decryptor::new(bundle.clone(), device);
                let answers = Answers::of(&decryptor, alphabets[0], alphabets[1], pairs)?;
                Some(Messages::of(pairs, &answers))
            }
        };
        let (cipher, secret) = match &config.source {
            MessageSource::Cipher(source) => {
                let mut cipher = serde_json::to_value(&source.texts.cipher)?;
                if source.key_lengths.is_some() {
                    cipher["key"] = "drawn for each message".into();
                }
                (Some(cipher), source.init()?.secret())
            }
            MessageSource::Pairs(_) => (None, None),
        };
        let aligned = data.filter(|data| data.aligned.is_some());
        let result = run.result()?;
        let rule = match &result {
            Some(result) => run.rule(result)?,
            None => None,
        };
        let [mut ciphertext_alphabet, plaintext_alphabet] = alphabets.map(Symbols::of);
        let keys = bundle.keys.as_ref();
        ciphertext_alphabet.untrained = bundle.untrained.clone();
        Ok(Self {
            run: run.path().display().to_string(),
            task: config.task,
            cipher,
            weights: weights.source,
            n_weights: bundle
                .config
                .n_weights(bundle.inputs()?, alphabets[1].len()),
            model: bundle.config.clone(),
            ciphertext_alphabet,
            plaintext_alphabet,
            key_alphabet: keys.map(|keys| Symbols::of(&keys.alphabet)),
            key_lengths: keys.map(|keys| [keys.lengths.min(), keys.lengths.max()]),
            metrics: read_metrics(&run.metrics())?,
            verdict: result.and_then(|result| result.verdict),
            rule: rule.map(|rule| RuleSummary {
                name: rule.name(),
                key: rule.describe(alphabets[0], alphabets[1]),
            }),
            messages,
            key: aligned.and_then(KeyTable::of),
            edits: aligned
                .map(|_| bundle.measured.test)
                .filter(|score| score.n_symbols > 0),
            embedding: embedding(weights),
            examples: secret
                .iter()
                .chain(&pairs)
                .take(N_EXAMPLES)
                .map(Example::of)
                .collect(),
        })
    }
}

impl Symbols {
    fn of(alphabet: &Alphabet) -> Self {
        Self {
            symbols: alphabet.symbols().to_vec(),
            reading: alphabet.reading().clone(),
            outside: alphabet.outside(),
            untrained: Vec::new(),
        }
    }
}

impl Messages {
    fn of(pairs: &[Pair], answers: &Answers) -> Self {
        let longest = pairs.iter().map(Pair::len).max().unwrap_or(0);
        let mut positions: Vec<_> = (1..=longest)
            .map(|position| Position {
                position,
                right: 0,
                n: 0,
            })
            .collect();
        let mut confusion = BTreeMap::new();
        for message in &answers.messages {
            for (place, plaintext, answer) in message.known() {
                let position = &mut positions[place];
                position.n += 1;
                position.right += usize::from(plaintext == answer);
                *confusion.entry((plaintext, answer)).or_insert(0) += 1;
            }
        }
        let counts: Vec<_> = answers
            .messages
            .iter()
            .map(|message| message.score().right_and_all())
            .collect();
        Self {
            n_messages: counts.len(),
            right_messages: counts.iter().filter(|(right, all)| right == all).count(),
            n_characters: counts.iter().map(|(_, all)| all).sum(),
            right_characters: counts.iter().map(|(right, _)| right).sum(),
            positions,
            calibration_error: expected_calibration_error(&answers.confidences),
            calibration: bins(&answers.confidences),
            confusion: confusion
                .into_iter()
                .map(|((plaintext, answer), n)| Confusion {
                    plaintext,
                    answer,
                    n,
                })
                .collect(),
            recovered: pairs
                .iter()
                .all(|pair| pair.key().is_empty())
                .then(|| Recovered::of(pairs, answers)),
        }
    }
}

impl Example {
    fn of(pair: &Pair) -> Self {
        let first = |side: &[SymbolId]| side.iter().take(LONGEST_EXAMPLE).copied().collect();
        Self {
            key: pair.key().to_vec(),
            ciphertext: first(pair.ciphertext()),
            plaintext: first(pair.plaintext()),
        }
    }
}

fn embedding(weights: &Weights) -> Embedding {
    let table = weights.bundle.model.embedding.weight.val(); // [n_ciphertext_symbols + 1, d_embedding]
    let [_, d_embedding] = table.dims();
    let values: Vec<f32> = table.into_data().iter().collect();
    let n_symbols = weights.bundle.ciphertext_alphabet.len().min(MAX_EMBEDDINGS);
    let rows = values.chunks(d_embedding).take(n_symbols);
    let rows: Vec<Vec<f64>> = rows
        .map(|row| row.iter().map(|&x| x.into()).collect())
        .collect();
    let plane = pca::plane(&rows);
    Embedding {
        explained: plane.explained,
        points: plane.points,
    }
}
