//! A long short-term memory over padded batches.

mod composed;
mod cpu;
#[cfg(any(feature = "wgpu", feature = "cuda"))]
mod cube;
mod direction;
mod extension;
#[cfg(test)]
mod parity;
mod path;

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig};
use burn::tensor::{Device, Int, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

pub use direction::LstmDirection;
pub use path::LstmPath;

/// Makes an [`Lstm`].
#[derive(Config, Debug)]
pub struct LstmConfig {
    /// The size of each input vector.
    pub d_input: usize,
    /// The size of the hidden and of the cell state, of each direction.
    pub d_hidden: usize,
    /// Layers, each reading the hidden states of the one below.
    #[config(default = 1)]
    pub n_layers: usize,
    /// The share of values set to 0 between layers while training.
    #[config(default = 0.0)]
    pub dropout: f64,
    /// Whether each layer also reads backwards, from the true end of each message.
    #[config(default = false)]
    pub bidirectional: bool,
}

impl LstmConfig {
    /// Makes the LSTM with every weight and bias drawn from `U(-k, k)`, `k = 1 / sqrt(d_hidden)`,
    /// as PyTorch's `nn.LSTM` does; our one bias is the sum of two such draws.
    pub fn init(&self, seed: u64, device: &Device) -> Lstm {
        self.init_from(&mut ChaCha8Rng::seed_from_u64(seed), device)
    }

    pub(crate) fn init_from(&self, rng: &mut ChaCha8Rng, device: &Device) -> Lstm {
        let layers = (0..self.n_layers).map(|layer| {
            let d_input = match layer {
                0 => self.d_input,
                _ => self.d_output(),
            };
            LstmLayer {
                forward: LstmDirection::init(d_input, self.d_hidden, rng, device),
                backward: self
                    .bidirectional
                    .then(|| LstmDirection::init(d_input, self.d_hidden, rng, device)),
            }
        });
        Lstm {
            layers: layers.collect(),
            dropout: DropoutConfig::new(self.dropout).init(),
        }
    }

    /// The size of each output vector: `d_hidden`, or twice that if bidirectional.
    pub fn d_output(&self) -> usize {
        self.d_hidden * self.n_directions()
    }

    fn n_directions(&self) -> usize {
        1 + usize::from(self.bidirectional)
    }
}

/// One or more LSTM layers. See [`LstmConfig`] for the options.
///
/// For each time step, with `x` the input, `h` the hidden state and `c` the cell state:
///
/// ```text
/// i = sigmoid(x W_i + h U_i + b_i)     how much of the new goes in
/// f = sigmoid(x W_f + h U_f + b_f)     how much of the old stays
/// g = tanh   (x W_g + h U_g + b_g)     what is new
/// o = sigmoid(x W_o + h U_o + b_o)     how much is shown
/// c = f * c + i * g
/// h = o * tanh(c)
/// ```
///
/// The four gates stand side by side in one matrix, in this order (PyTorch's): `W` is
/// `[d_input, 4 * d_hidden]`, `U` is `[d_hidden, 4 * d_hidden]`, `b` is `[4 * d_hidden]`. PyTorch
/// keeps the transposes, and `b` as the sum of two vectors that always have the same gradient.
///
/// Hochreiter and Schmidhuber, *Long Short-Term Memory* (1997), with the forget gate of Gers,
/// Schmidhuber and Cummins (2000).
///
/// ```
/// use burn::tensor::Tensor;
/// use cipher_model::{Backend, LstmConfig, LstmInput};
///
/// let device = Backend::default().open()?;
/// let lstm = LstmConfig::new(3, 8).init(1, &device);
/// let vectors = Tensor::<3>::ones([2, 5, 3], &device); // [batch, time, d_input]
/// let output = lstm.output(LstmInput::Vectors(vectors), &[5, 2]);
/// assert_eq!(output.dims(), [2, 5, 8]); // [batch, time, d_hidden]
/// # Ok::<(), cipher_model::ModelError>(())
/// ```
#[derive(Module, Debug)]
pub struct Lstm {
    /// The layers, the lowest first.
    pub layers: Vec<LstmLayer>,
    /// Between the layers, while training.
    pub dropout: Dropout,
}

/// One layer of an [`Lstm`].
#[derive(Module, Debug)]
pub struct LstmLayer {
    /// Reads from the beginning of each message.
    pub forward: LstmDirection,
    /// Reads from its end, if the LSTM is bidirectional.
    pub backward: Option<LstmDirection>,
}

/// What an LSTM reads.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // one value a layer
pub enum LstmInput {
    /// Any vectors, `[batch, time, d_input]`.
    Vectors(Tensor<3>),
    /// Rows of a small table, such as embeddings of symbols. Each row is multiplied by the input
    /// weights once, however often it occurs.
    Rows {
        /// `[n_rows, d_input]`
        table: Tensor<2>,
        /// `[batch, time]`, each below `n_rows`.
        ids: Tensor<2, Int>,
    },
}

/// The states of all layers between two time steps.
#[derive(Debug, Clone)]
pub struct LstmState {
    /// `[n_layers * n_directions, batch, d_hidden]`; the directions of a layer stand together.
    pub hidden: Tensor<3>,
    /// `[n_layers * n_directions, batch, d_hidden]`
    pub cell: Tensor<3>,
}

impl Lstm {
    /// Reads a padded batch.
    ///
    /// Message `m` ends after `lengths[m]` steps: from there on its outputs are 0, its states stay
    /// as they were, and the backward direction begins there. `state` is where to begin, by
    /// default at 0.
    ///
    /// # Shapes
    ///
    /// - input: `[batch, time, d_input]`, or ids `[batch, time]`
    /// - output: `[batch, time, d_output]`
    /// - states: `[n_layers * n_directions, batch, d_hidden]`
    ///
    /// # Panics
    ///
    /// When there are not `batch` lengths, or one is above `time`.
    pub fn forward(
        &self,
        input: LstmInput,
        lengths: &[usize],
        state: Option<LstmState>,
    ) -> (Tensor<3>, LstmState) {
        let (output, states) = self.read(input, lengths, state, true);
        let (hidden, cell) = states
            .into_iter()
            .map(|state| (state.hidden, state.cell))
            .unzip();
        let state = LstmState {
            hidden: Tensor::stack::<3>(hidden, 0), // [n_layers * n_directions, batch, d_hidden]
            cell: Tensor::stack::<3>(cell, 0),
        };
        (output, state)
    }

    /// The output alone, from states of 0: faster than [`Self::forward`].
    ///
    /// # Panics
    ///
    /// As [`Self::forward`].
    pub fn output(&self, input: LstmInput, lengths: &[usize]) -> Tensor<3> {
        self.read(input, lengths, None, false).0
    }

    /// Which version of the LSTM a batch of these sizes takes, on the device of its weights.
    pub fn path(&self, batch: usize, time: usize) -> LstmPath {
        self.layers.first().map_or(LstmPath::Composed, |layer| {
            let weights = layer.forward.hidden_weights.val(); // [d_hidden, 4 * d_hidden]
            LstmPath::of(&weights.device(), batch, time, weights.dims()[0])
        })
    }

    /// The states are those of each direction of each layer, or none if not wanted.
    #[allow(clippy::unreachable)] // a config without layers is refused
    fn read(
        &self,
        mut input: LstmInput,
        lengths: &[usize],
        state: Option<LstmState>,
        with_states: bool,
    ) -> (Tensor<3>, Vec<direction::State>) {
        let [batch, time] = input.dims();
        assert_eq!(lengths.len(), batch, "one length for each message");
        assert!(
            lengths.iter().all(|&length| length <= time),
            "a length above {time} steps"
        );

        let mut states = Vec::new();
        let mut n_read = 0;
        for (depth, layer) in self.layers.iter().enumerate() {
            if depth > 0
                && let LstmInput::Vectors(vectors) = input
            {
                input = LstmInput::Vectors(self.dropout.forward(vectors));
            }
            let mut outputs = Vec::new();
            for (direction, reversed) in layer.directions() {
                let begin = state.as_ref().map(|state| state.at(n_read));
                n_read += 1;
                let gates = direction.gates(&input);
                let (output, end) = direction.read(gates, lengths, begin, reversed, with_states);
                outputs.push(output);
                states.extend(end);
            }
            input = LstmInput::Vectors(match outputs.len() {
                1 => outputs.remove(0),
                _ => Tensor::cat(outputs, 2), // [batch, time, d_output]
            });
        }
        let LstmInput::Vectors(output) = input else {
            unreachable!("an LSTM has a layer")
        };
        (output, states)
    }
}

impl LstmLayer {
    fn directions(&self) -> impl Iterator<Item = (&LstmDirection, bool)> {
        let backward = self.backward.iter().map(|direction| (direction, true));
        std::iter::once((&self.forward, false)).chain(backward)
    }
}

impl LstmInput {
    /// `[batch, time]`
    fn dims(&self) -> [usize; 2] {
        match self {
            Self::Vectors(vectors) => {
                let [batch, time, _] = vectors.dims();
                [batch, time]
            }
            Self::Rows { ids, .. } => ids.dims(),
        }
    }
}

impl LstmState {
    fn at(&self, index: usize) -> direction::State {
        let pick = |states: &Tensor<3>| states.clone().narrow(0, index, 1).squeeze_dim(0);
        direction::State {
            hidden: pick(&self.hidden), // [batch, d_hidden]
            cell: pick(&self.cell),
        }
    }
}
