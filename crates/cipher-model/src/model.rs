use burn::module::Module;
use burn::nn::{Embedding, Linear};
use burn::tensor::module::embedding;
use burn::tensor::{Device, Int, Tensor};
use cipher_data::{InputIds, KeyInput, streams};
use serde::{Deserialize, Serialize};

use crate::answer::{MostLikely, most_likely};
use crate::backend::largest_tensor;
use crate::linear::linear_of_steps;
use crate::loss::{Loss, linear_cross_entropy};
use crate::lstm::{Lstm, LstmConfig, LstmInput, LstmKernel, LstmState, check_size};
use crate::{ModelError, init};

/// The sizes of a [`CipherModel`]; the defaults are the tutorial's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CipherModelConfig {
    /// The size of the vector that represents a ciphertext symbol.
    pub d_embedding: usize,
    /// The size of the LSTM's hidden state, in each direction.
    pub d_hidden: usize,
    /// The number of LSTM layers.
    pub n_layers: usize,
    /// The fraction of values set to 0 between LSTM layers during training, from 0 to below 1.
    pub dropout: f64,
    /// Whether the LSTM also reads each message backwards.
    pub bidirectional: bool,
    /// How the model is told the key of a message, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_input: Option<KeyInput>,
}

impl Default for CipherModelConfig {
    fn default() -> Self {
        Self {
            d_embedding: 20,
            d_hidden: 10,
            n_layers: 1,
            dropout: 0.0,
            bidirectional: false,
            key_input: None,
        }
    }
}

impl CipherModelConfig {
    /// The largest embedding and hidden size.
    pub const MAX_SIZE: usize = LstmConfig::MAX_SIZE;
    /// The largest number of layers.
    pub const MAX_LAYERS: usize = LstmConfig::MAX_LAYERS;

    /// Checks that a model can have these sizes.
    ///
    /// # Errors
    ///
    /// [`ModelError::Config`] for the first field that is out of range.
    pub fn check(&self) -> Result<(), ModelError> {
        check_size("d_embedding", self.d_embedding)?;
        self.lstm().check()
    }

    /// What a model with this config reads of ciphertexts and keys over alphabets of these lengths.
    ///
    /// # Errors
    ///
    /// See [`InputIds::keyed`].
    pub fn inputs(&self, n_ciphertext: usize, n_key: usize) -> Result<InputIds, ModelError> {
        match self.key_input {
            None => Ok(n_ciphertext.into()),
            Some(how) => Ok(InputIds::keyed(how, n_ciphertext, n_key)?),
        }
    }

    /// Makes a model with weights drawn as PyTorch's `nn.Embedding`, `nn.LSTM` and `nn.Linear`
    /// draw theirs: N(0, 1), U(-k, k) with `k = 1 / sqrt(d_hidden)`, and U(-k, k) with
    /// `k = 1 / sqrt(d_output)`. They depend on the seed alone, not on the backend. `inputs` is what
    /// [`Self::inputs`] gives, or without keys the number of ciphertext symbols.
    ///
    /// # Errors
    ///
    /// See [`Self::check`]; [`ModelError::DeviceMemory`] if the device cannot hold a tensor of the
    /// weights.
    pub fn init(
        &self,
        inputs: impl Into<InputIds>,
        n_plaintext_symbols: usize,
        seed: u64,
        device: &Device,
    ) -> Result<CipherModel, ModelError> {
        let inputs = inputs.into();
        self.check()?;
        self.check_fits(device)?;
        let mut rng = streams::weights(seed);
        let rng = &mut rng;

        let lstm = self.lstm();
        let d_output = lstm.d_output();
        let bound = 1.0 / (d_output as f32).sqrt();
        let (n_rows, n_key_rows) = n_embeddings(inputs);
        let embedding = |n_rows, rng: &mut _| Embedding {
            weight: init::normal([n_rows, self.d_embedding], rng, device),
        };
        Ok(CipherModel {
            embedding: embedding(n_rows, rng),
            lstm: lstm.init_from(rng, device),
            linear: Linear {
                weight: init::uniform([d_output, n_plaintext_symbols], bound, rng, device),
                bias: Some(init::uniform([n_plaintext_symbols], bound, rng, device)),
            },
            key_embedding: (n_key_rows > 0).then(|| embedding(n_key_rows, rng)),
        })
    }

    /// Checks that the device can hold the largest tensor of the LSTM's weights.
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
                    "the weights need a tensor of {needed} bytes, and its largest possible tensor has \
                     {largest} bytes"
                ),
            }),
            _ => Ok(()),
        }
    }

    /// The number of weights of a model of these sizes. It does not overflow for a config that
    /// passes [`Self::check`].
    pub fn n_weights(&self, inputs: impl Into<InputIds>, n_plaintext_symbols: usize) -> u64 {
        let (n_rows, n_key_rows) = n_embeddings(inputs.into());
        let [embedding, hidden] = [self.d_embedding as u64, self.d_hidden as u64];
        let directions = 1 + u64::from(self.bidirectional);
        let layer = |d_input: u64| directions * 4 * hidden * (d_input + hidden + 1);
        let deeper = (self.n_layers as u64 - 1) * layer(directions * hidden);
        (n_rows + n_key_rows) as u64 * embedding
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

/// Rows of a table that are multiplied by the input weights, at most. Of more, such as each of many key symbols beside
/// each ciphertext symbol, most are not in a batch.
const MAX_ROWS: usize = 4096;

/// The embeddings of ciphertext symbols, or of a prefix and ciphertext symbols, with that of padding; and
/// those of the symbols of an aligned key, with that of a key's beginning.
fn n_embeddings(inputs: InputIds) -> (usize, usize) {
    match inputs.how() {
        Some(KeyInput::Aligned) => (inputs.n_ciphertext() + 1, inputs.n_key() + 1),
        Some(KeyInput::Prefix) | None => (inputs.n_ids() + 1, 0),
    }
}

/// Embedding -> LSTM -> Linear: reads a ciphertext and predicts a plaintext symbol at every step.
///
/// A model is [`Send`] and [`Sync`]: threads can share one for inference.
#[derive(Module, Debug)]
pub struct CipherModel {
    /// One vector for each ciphertext symbol, and the last one for padding. The symbols of a key that
    /// is read first have vectors of their own in between.
    pub embedding: Embedding,
    /// Reads the vectors of a message, one symbol at a time.
    pub lstm: Lstm,
    /// Turns each hidden state into the logits of the plaintext symbols.
    pub linear: Linear,
    /// One vector for each symbol of an aligned key, and the last one for where the key begins. The LSTM
    /// reads the sum of a ciphertext symbol's vector and the key symbol's, and of the last one where the
    /// key begins.
    pub key_embedding: Option<Embedding>,
}

impl CipherModel {
    /// The logits of the plaintext symbols at every step. Padding has an embedding but no logit, so
    /// it is never predicted.
    ///
    /// # Shapes
    ///
    /// - ciphertext: [`InputIds`] `[batch, time]`, padded with the id after the last
    /// - lengths: `batch` of them, in symbols
    /// - logits: `[batch, time, n_plaintext_symbols]`
    ///
    /// # Panics
    ///
    /// When there are not exactly `batch` lengths or a length is above `time`.
    pub fn forward(&self, ciphertext: Tensor<2, Int>, lengths: &[usize]) -> Tensor<3> {
        self.logits(self.output(ciphertext, lengths))
    }

    /// The loss of a batch and its wrong answers, for training: faster than from the logits.
    ///
    /// # Shapes
    ///
    /// - ciphertext: [`InputIds`] `[batch, time]`, padded with the id after the last
    /// - plaintext: ids `[batch, time]`, padded with `n_plaintext_symbols`
    /// - lengths: `batch` of them, in symbols
    ///
    /// # Panics
    ///
    /// See [`Self::forward`].
    pub fn loss(
        &self,
        ciphertext: Tensor<2, Int>,
        plaintext: Tensor<2, Int>,
        lengths: &[usize],
    ) -> Loss {
        self.loss_of_output(self.output(ciphertext, lengths), plaintext)
    }

    /// The LSTM's output, before the linear layer.
    ///
    /// # Shapes
    ///
    /// - ciphertext: [`InputIds`] `[batch, time]`, padded with the id after the last
    /// - lengths: `batch` of them, in symbols
    /// - output: `[batch, time, d_output]`
    ///
    /// # Panics
    ///
    /// See [`Self::forward`].
    pub fn output(&self, ciphertext: Tensor<2, Int>, lengths: &[usize]) -> Tensor<3> {
        self.lstm.output(self.input(ciphertext), lengths)
    }

    /// [`Self::loss`] from the LSTM's [`output`](Self::output).
    ///
    /// # Shapes
    ///
    /// - output: `[batch, time, d_output]`
    /// - plaintext: ids `[batch, time]`, padded with `n_plaintext_symbols`
    pub fn loss_of_output(&self, output: Tensor<3>, plaintext: Tensor<2, Int>) -> Loss {
        let (weights, bias) = self.linear();
        linear_cross_entropy(output, weights, bias, plaintext)
    }

    /// [`Self::forward`] for messages that come in parts: it starts from the state at the end of the
    /// part before and also returns the state at the end of this part.
    ///
    /// The parts give the logits of the whole messages only if the model is not bidirectional.
    ///
    /// # Panics
    ///
    /// See [`Self::forward`].
    pub fn forward_from(
        &self,
        ciphertext: Tensor<2, Int>,
        lengths: &[usize],
        state: Option<LstmState>,
    ) -> (Tensor<3>, LstmState) {
        let (output, state) = self.output_and_state_from(ciphertext, lengths, state);
        (self.logits(output), state)
    }

    /// What the linear layer reads, `[batch, time, d_output]`, from the given state.
    pub(crate) fn output_from(
        &self,
        ciphertext: Tensor<2, Int>,
        lengths: &[usize],
        state: Option<LstmState>,
    ) -> Tensor<3> {
        self.lstm
            .output_from(self.input(ciphertext), lengths, state)
    }

    /// As [`Self::output_from`], with the state at the end.
    pub(crate) fn output_and_state_from(
        &self,
        ciphertext: Tensor<2, Int>,
        lengths: &[usize],
        state: Option<LstmState>,
    ) -> (Tensor<3>, LstmState) {
        self.lstm.forward(self.input(ciphertext), lengths, state)
    }

    /// The most likely symbol at each place, from `[batch, time, d_output]`.
    pub(crate) fn most_likely(&self, output: Tensor<3>) -> MostLikely {
        let (weights, bias) = self.linear();
        most_likely(output, weights, bias)
    }

    /// The kernel that runs the LSTM for a batch of this shape, `[batch, time]`.
    pub fn lstm_kernel(&self, ciphertext: &Tensor<2, Int>) -> LstmKernel {
        let [batch, time] = ciphertext.dims();
        self.lstm.kernel(batch, time)
    }

    /// The number of symbols that the embedding is for, without padding, and of plaintext symbols.
    pub fn n_symbols(&self) -> [usize; 2] {
        let [n_rows, _] = self.embedding.weight.val().dims();
        let [_, n_plaintext] = self.linear.weight.val().dims();
        [n_rows - 1, n_plaintext]
    }

    fn input(&self, ciphertext: Tensor<2, Int>) -> LstmInput {
        match &self.key_embedding {
            Some(keys) if self.n_input_rows(keys) > MAX_ROWS => {
                LstmInput::Vectors(self.vectors_with_keys(ciphertext, keys))
            }
            _ => LstmInput::Rows {
                table: self.input_vectors(), // [n_ids + 1, d_embedding]
                ids: ciphertext,
            },
        }
    }

    /// The number of rows of [`Self::input_vectors`] with an aligned key.
    fn n_input_rows(&self, keys: &Embedding) -> usize {
        let n_key = keys.weight.val().dims()[0] - 1;
        2 * n_key * self.n_symbols()[0] + 1
    }

    /// The vectors of [`InputIds`] with an aligned key, `[batch, time, d_embedding]`, without those of all ids.
    fn vectors_with_keys(&self, ids: Tensor<2, Int>, keys: &Embedding) -> Tensor<3> {
        let keys = keys.weight.val(); // [n_key + 1, d_embedding]
        let n_key = keys.dims()[0] - 1;
        let n_ciphertext = self.n_symbols()[0];
        let is_padding = ids.clone().equal_elem((2 * n_key * n_ciphertext) as i64); // [batch, time]
        let key = ids.clone().div_scalar(n_ciphertext as i64); // larger by n_key where the key begins
        let symbol = ids.remainder_scalar(n_ciphertext as i64);
        let symbol = symbol.mask_fill(is_padding.clone(), n_ciphertext as i64);
        let is_key = is_padding.bool_not().float().unsqueeze_dim::<3>(2); // [batch, time, 1]
        let begins = key.clone().greater_equal_elem(n_key as i64);
        let begins = begins.float().unsqueeze_dim::<3>(2);
        let begin = keys.clone().narrow(0, n_key, 1).unsqueeze_dim::<3>(0); // [1, 1, d_embedding]
        let keys = embedding(keys, key.remainder_scalar(n_key as i64)) + begin * begins;
        embedding(self.embedding.weight.val(), symbol) + keys * is_key
    }

    /// The vector of each of the [`InputIds`], and that of padding: `[n_ids + 1, d_embedding]`.
    pub fn input_vectors(&self) -> Tensor<2> {
        let symbols = self.embedding.weight.val(); // [n_ids + 1, d_embedding]
        let Some(keys) = &self.key_embedding else {
            return symbols;
        };
        let [n_rows, d_embedding] = symbols.dims();
        let keys = keys.weight.val(); // [n_key + 1, d_embedding]
        let n_key = keys.dims()[0] - 1;
        let begin = keys.clone().narrow(0, n_key, 1); // [1, d_embedding]
        let keys = keys.narrow(0, 0, n_key); // [n_key, d_embedding]
        let keys = Tensor::cat(vec![keys.clone(), keys + begin], 0); // [2 * n_key, d_embedding]
        let n_ciphertext = n_rows - 1;
        let padding = symbols.clone().narrow(0, n_ciphertext, 1); // [1, d_embedding]
        let symbols = symbols.narrow(0, 0, n_ciphertext).unsqueeze_dim::<3>(0); // [1, n_ciphertext, d_embedding]
        let sums = symbols + keys.unsqueeze_dim::<3>(1); // [2 * n_key, n_ciphertext, d_embedding]
        let sums = sums.reshape([2 * n_key * n_ciphertext, d_embedding]);
        Tensor::cat(vec![sums, padding], 0)
    }

    /// `[batch, time, d_output]` to `[batch, time, n_plaintext_symbols]`
    pub(crate) fn logits(&self, output: Tensor<3>) -> Tensor<3> {
        let (weights, bias) = self.linear();
        linear_of_steps(output, weights, bias)
    }

    /// `[d_output, n_plaintext_symbols]` and `[n_plaintext_symbols]`
    pub(crate) fn linear(&self) -> (Tensor<2>, Tensor<1>) {
        let weights = self.linear.weight.val();
        let bias = match &self.linear.bias {
            Some(bias) => bias.val(),
            None => Tensor::zeros([weights.dims()[1]], &weights.device()),
        };
        (weights, bias)
    }
}
