use burn::module::Module;
use burn::nn::{Embedding, Linear};
use burn::tensor::{Device, Int, Tensor};
use cipher_data::streams;
use serde::{Deserialize, Serialize};

use crate::devices::largest_tensor;
use crate::loss::{Loss, linear_cross_entropy, scores};
use crate::lstm::{Lstm, LstmConfig, LstmInput, LstmPath, LstmState};
use crate::{ModelError, init};

/// The sizes of a [`CipherModel`]; the defaults are the tutorial's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CipherModelConfig {
    /// The size of the vector each ciphertext symbol is given.
    pub d_embedding: usize,
    /// The size of the LSTM's hidden state, of each direction.
    pub d_hidden: usize,
    /// LSTM layers.
    pub n_layers: usize,
    /// The share of values set to 0 between LSTM layers while training, from 0 to below 1.
    pub dropout: f64,
    /// Whether the LSTM also reads each message backwards.
    pub bidirectional: bool,
}

impl Default for CipherModelConfig {
    fn default() -> Self {
        Self {
            d_embedding: 20,
            d_hidden: 10,
            n_layers: 1,
            dropout: 0.0,
            bidirectional: false,
        }
    }
}

impl CipherModelConfig {
    /// The largest embedding and hidden size.
    pub const MAX_SIZE: usize = 1 << 14;
    /// The most layers.
    pub const MAX_LAYERS: usize = 64;

    /// Whether a model can have these sizes.
    ///
    /// # Errors
    ///
    /// [`ModelError::Config`] for the first field that is out of range.
    pub fn check(&self) -> Result<(), ModelError> {
        let size = |field, value: usize, max, expected| match (1..=max).contains(&value) {
            true => Ok(()),
            false => Err(ModelError::Config {
                field,
                value: value.to_string(),
                expected,
            }),
        };
        size(
            "d_embedding",
            self.d_embedding,
            Self::MAX_SIZE,
            "give it a size from 1 to 16384",
        )?;
        size(
            "d_hidden",
            self.d_hidden,
            Self::MAX_SIZE,
            "give it a size from 1 to 16384",
        )?;
        size(
            "n_layers",
            self.n_layers,
            Self::MAX_LAYERS,
            "give it from 1 to 64 layers",
        )?;
        match (0.0..1.0).contains(&self.dropout) {
            true => Ok(()),
            false => Err(ModelError::Config {
                field: "dropout",
                value: self.dropout.to_string(),
                expected: "give it a share from 0 to below 1",
            }),
        }
    }

    /// Makes a model with weights drawn as PyTorch's `nn.Embedding`, `nn.LSTM` and `nn.Linear`
    /// draw theirs: N(0, 1), U(-k, k) with `k = 1 / sqrt(d_hidden)`, and U(-k, k) with
    /// `k = 1 / sqrt(d_output)`. They follow from the seed alone, on every backend.
    ///
    /// # Errors
    ///
    /// See [`Self::check`]; [`ModelError::DeviceMemory`] if the device cannot hold a tensor of the
    /// weights.
    pub fn init(
        &self,
        n_ciphertext_symbols: usize,
        n_plaintext_symbols: usize,
        seed: u64,
        device: &Device,
    ) -> Result<CipherModel, ModelError> {
        self.check()?;
        self.check_fits(device)?;
        let mut rng = streams::weights(seed);
        let rng = &mut rng;

        let lstm = self.lstm();
        let d_output = lstm.d_output();
        let bound = 1.0 / (d_output as f32).sqrt();
        Ok(CipherModel {
            embedding: Embedding {
                weight: init::normal([n_ciphertext_symbols + 1, self.d_embedding], rng, device),
            },
            lstm: lstm.init_from(rng, device),
            linear: Linear {
                weight: init::uniform([d_output, n_plaintext_symbols], bound, rng, device),
                bias: Some(init::uniform([n_plaintext_symbols], bound, rng, device)),
            },
        })
    }

    /// Whether the largest tensor of the LSTM's weights fits.
    fn check_fits(&self, device: &Device) -> Result<(), ModelError> {
        let directions = 1 + u64::from(self.bidirectional);
        let deeper = match self.n_layers {
            1 => 0,
            _ => directions * self.d_hidden as u64,
        };
        let d_input = deeper.max(self.d_embedding as u64);
        let n_weights = 4 * self.d_hidden as u64 * d_input.max(self.d_hidden as u64);
        let needed = size_of::<f32>() as u64 * n_weights;
        match largest_tensor(device) {
            Some(largest) if needed > largest => Err(ModelError::DeviceMemory {
                reason: format!(
                    "the weights need a tensor of {needed} bytes, and it holds none above {largest}"
                ),
            }),
            _ => Ok(()),
        }
    }

    /// The number of weights of such a model. Never overflows for a config that passes
    /// [`Self::check`].
    pub fn n_weights(&self, n_ciphertext_symbols: usize, n_plaintext_symbols: usize) -> u64 {
        let [embedding, hidden] = [self.d_embedding as u64, self.d_hidden as u64];
        let directions = 1 + u64::from(self.bidirectional);
        let layer = |d_input: u64| directions * 4 * hidden * (d_input + hidden + 1);
        let deeper = (self.n_layers as u64 - 1) * layer(directions * hidden);
        (n_ciphertext_symbols as u64 + 1) * embedding
            + layer(embedding)
            + deeper
            + (directions * hidden + 1) * n_plaintext_symbols as u64
    }

    fn lstm(&self) -> LstmConfig {
        LstmConfig::new(self.d_embedding, self.d_hidden)
            .with_n_layers(self.n_layers)
            .with_dropout(self.dropout)
            .with_bidirectional(self.bidirectional)
    }
}

/// Embedding -> LSTM -> Linear: reads ciphertext symbols and scores, at every step, the plaintext
/// symbols.
#[derive(Module, Debug)]
pub struct CipherModel {
    /// A vector for each ciphertext symbol and for padding.
    pub embedding: Embedding,
    /// Reads the vectors.
    pub lstm: Lstm,
    /// Scores the plaintext symbols.
    pub linear: Linear,
}

impl CipherModel {
    /// Scores every plaintext symbol at every step. Padding has an embedding but no score, so it
    /// is never predicted.
    ///
    /// # Shapes
    ///
    /// - ciphertext: `[batch, time]`, with `batch` lengths
    /// - scores: `[batch, time, n_plaintext_symbols]`
    pub fn forward(&self, ciphertext: Tensor<2, Int>, lengths: &[usize]) -> Tensor<3> {
        let output = self.lstm.output(self.input(ciphertext), lengths);
        self.scores(output)
    }

    /// The loss of a batch and its wrong answers: what training needs, faster than from the scores.
    ///
    /// # Shapes
    ///
    /// - ciphertext, plaintext: `[batch, time]`, with `batch` lengths
    pub fn loss(
        &self,
        ciphertext: Tensor<2, Int>,
        plaintext: Tensor<2, Int>,
        lengths: &[usize],
    ) -> Loss {
        let output = self.lstm.output(self.input(ciphertext), lengths);
        let (weights, bias) = self.linear();
        linear_cross_entropy(output, weights, bias, plaintext)
    }

    /// The scores, from a state that an earlier part of the messages ended with, and with the state
    /// at the end.
    ///
    /// Only a model that reads in one direction can go on from where it stopped.
    pub fn forward_from(
        &self,
        ciphertext: Tensor<2, Int>,
        lengths: &[usize],
        state: Option<LstmState>,
    ) -> (Tensor<3>, LstmState) {
        let (output, state) = self.lstm.forward(self.input(ciphertext), lengths, state);
        (self.scores(output), state)
    }

    /// Which version of the LSTM a batch takes: `[batch, time]`.
    pub fn lstm_path(&self, ciphertext: &Tensor<2, Int>) -> LstmPath {
        let [batch, time] = ciphertext.dims();
        self.lstm.path(batch, time)
    }

    fn input(&self, ciphertext: Tensor<2, Int>) -> LstmInput {
        LstmInput::Rows {
            table: self.embedding.weight.val(), // [n_ciphertext_symbols + 1, d_embedding]
            ids: ciphertext,
        }
    }

    /// `[batch, time, d_output]` to `[batch, time, n_plaintext_symbols]`
    fn scores(&self, output: Tensor<3>) -> Tensor<3> {
        let (weights, bias) = self.linear();
        scores(output, weights, bias)
    }

    /// `[d_output, n_plaintext_symbols]` and `[n_plaintext_symbols]`
    fn linear(&self) -> (Tensor<2>, Tensor<1>) {
        let weights = self.linear.weight.val();
        let bias = match &self.linear.bias {
            Some(bias) => bias.val(),
            None => Tensor::zeros([weights.dims()[1]], &weights.device()),
        };
        (weights, bias)
    }
}
