//! A long short-term memory over padded batches.

mod choice;
pub(crate) mod cpu;
#[cfg(any(feature = "wgpu", feature = "cuda"))]
mod cube;
mod direction;
mod gates;
mod input;
mod join;
mod kernel;
mod op;
#[cfg(test)]
mod parity;
mod reference;

use burn::config::Config;
use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig};
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

pub use direction::LstmDirection;
pub use input::{LstmInput, LstmState};
pub use kernel::LstmKernel;

use gates::State;
use join::join;

use crate::ModelError;

/// The sizes of an [`Lstm`].
#[derive(Config, Debug)]
pub struct LstmConfig {
    /// The size of each input vector.
    pub d_input: usize,
    /// The size of the hidden state and of the cell state, in each direction.
    pub d_hidden: usize,
    /// The number of layers; each reads the hidden states of the one below.
    #[config(default = 1)]
    pub n_layers: usize,
    /// The fraction of values set to 0 between layers during training, from 0 to below 1.
    #[config(default = 0.0)]
    pub dropout: f64,
    /// Whether each layer also reads backwards, from the true end of each message.
    #[config(default = false)]
    pub bidirectional: bool,
}

impl LstmConfig {
    /// The largest input and hidden size.
    pub const MAX_SIZE: usize = 1 << 14;
    /// The largest number of layers.
    pub const MAX_LAYERS: usize = 64;

    /// Checks that an LSTM can have these sizes.
    ///
    /// # Errors
    ///
    /// [`ModelError::Config`] for the first field that is out of range.
    pub fn check(&self) -> Result<(), ModelError> {
        check_size("d_input", self.d_input)?;
        check_size("d_hidden", self.d_hidden)?;
        if !(1..=Self::MAX_LAYERS).contains(&self.n_layers) {
            return Err(ModelError::Config {
                field: "n_layers",
                value: self.n_layers.to_string(),
                expected: "give it from 1 to 64 layers",
            });
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(ModelError::Config {
                field: "dropout",
                value: self.dropout.to_string(),
                expected: "give it a fraction from 0 to below 1",
            });
        }
        Ok(())
    }

    /// Makes the LSTM with every weight and bias drawn from `U(-k, k)`, `k = 1 / sqrt(d_hidden)`,
    /// as PyTorch's `nn.LSTM` does; our one bias is the sum of two such draws.
    ///
    /// # Errors
    ///
    /// See [`Self::check`].
    pub fn init(&self, seed: u64, device: &Device) -> Result<Lstm, ModelError> {
        self.check()?;
        Ok(self.init_from(&mut ChaCha8Rng::seed_from_u64(seed), device))
    }

    /// [`Self::init`] for sizes that have been checked.
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
        self.d_hidden * (1 + usize::from(self.bidirectional))
    }
}

/// Checks a size against [`LstmConfig::MAX_SIZE`].
pub(crate) fn check_size(field: &'static str, value: usize) -> Result<(), ModelError> {
    if (1..=LstmConfig::MAX_SIZE).contains(&value) {
        return Ok(());
    }
    Err(ModelError::Config {
        field,
        value: value.to_string(),
        expected: "give it a size from 1 to 16384",
    })
}

/// One or more LSTM layers over padded batches. [`LstmConfig`] has the options.
///
/// For each time step, with `x` the input, `h` the hidden state and `c` the cell state:
///
/// ```text
/// i = sigmoid(x W_i + h U_i + b_i)     input gate: how much of g is added
/// f = sigmoid(x W_f + h U_f + b_f)     forget gate: how much of the old c is kept
/// g = tanh   (x W_g + h U_g + b_g)     candidate: the new content
/// o = sigmoid(x W_o + h U_o + b_o)     output gate: how much of c is output
/// c = f * c + i * g
/// h = o * tanh(c)
/// ```
///
/// The four gates are packed side by side, in this order (PyTorch's): `W` is
/// `[d_input, 4 * d_hidden]`, `U` is `[d_hidden, 4 * d_hidden]`, `b` is `[4 * d_hidden]`. PyTorch
/// stores the transposes, and two biases where one is enough, as they always have equal gradients.
///
/// Hochreiter and Schmidhuber, *Long Short-Term Memory* (1997), with the forget gate of Gers,
/// Schmidhuber and Cummins (2000).
///
/// ```
/// use burn::tensor::Tensor;
/// use cipher_model::{Backend, LstmConfig, LstmInput};
///
/// let device = Backend::default().open()?;
/// let lstm = LstmConfig::new(3, 8).init(1, &device)?;
/// let vectors = Tensor::<3>::ones([2, 5, 3], &device); // [batch, time, d_input]
/// let output = lstm.output(LstmInput::Vectors(vectors), &[5, 2]);
/// assert_eq!(output.dims(), [2, 5, 8]); // [batch, time, d_hidden]
/// # Ok::<(), cipher_model::ModelError>(())
/// ```
#[derive(Module, Debug)]
pub struct Lstm {
    /// The layers, first the one that reads the input.
    pub layers: Vec<LstmLayer>,
    /// Applied between the layers during training.
    pub dropout: Dropout,
}

/// One layer of an [`Lstm`].
#[derive(Module, Debug)]
pub struct LstmLayer {
    /// Reads each message from its beginning.
    pub forward: LstmDirection,
    /// Reads each message from its end, if the LSTM is bidirectional.
    pub backward: Option<LstmDirection>,
}

impl Lstm {
    /// Reads a padded batch, from the given states or from states of 0.
    ///
    /// Message `m` ends after `lengths[m]` steps: after that its outputs are 0 and its states do
    /// not change. The backward direction starts at the last of its `lengths[m]` steps.
    ///
    /// # Shapes
    ///
    /// - input: `[batch, time, d_input]`, or ids `[batch, time]`
    /// - output: `[batch, time, d_output]`
    /// - states: `[n_layers * n_directions, batch, d_hidden]`
    ///
    /// # Panics
    ///
    /// When there are not exactly `batch` lengths, a length is above `time`, a shape does not
    /// match the weights, or the LSTM has no layers.
    pub fn forward(
        &self,
        input: LstmInput,
        lengths: &[usize],
        initial: Option<LstmState>,
    ) -> (Tensor<3>, LstmState) {
        let (output, states) = self.read(input, lengths, initial, true);
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
    /// See [`Self::forward`].
    pub fn output(&self, input: LstmInput, lengths: &[usize]) -> Tensor<3> {
        self.read(input, lengths, None, false).0
    }

    /// [`Self::output`], from the given states.
    pub(crate) fn output_from(
        &self,
        input: LstmInput,
        lengths: &[usize],
        initial: Option<LstmState>,
    ) -> Tensor<3> {
        self.read(input, lengths, initial, false).0
    }

    /// The kernel that runs a batch of these sizes on the device of the weights.
    pub fn kernel(&self, batch: usize, time: usize) -> LstmKernel {
        self.layers.first().map_or(LstmKernel::Reference, |layer| {
            let weights = layer.forward.hidden_weights.val(); // [d_hidden, 4 * d_hidden]
            LstmKernel::choose(&weights.device(), batch, time, weights.dims()[0])
        })
    }

    /// The output, and the final state of each direction of each layer if `with_states` is set.
    #[allow(clippy::unreachable)] // each layer's output is vectors
    fn read(
        &self,
        mut input: LstmInput,
        lengths: &[usize],
        initial: Option<LstmState>,
        with_states: bool,
    ) -> (Tensor<3>, Vec<State>) {
        let [batch, time] = input.dims();
        assert!(!self.layers.is_empty(), "an LSTM has at least one layer");
        assert_eq!(lengths.len(), batch, "one length for each message");
        assert!(
            lengths.iter().all(|&length| length <= time),
            "a length above {time} steps"
        );
        if let Some(initial) = &initial {
            self.assert_states(initial, batch);
        }

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
                let initial = initial.as_ref().map(|state| state.at(n_read));
                n_read += 1;
                let gates = direction.gate_inputs(&input);
                let (output, state) =
                    direction.read(gates, lengths, initial, reversed, with_states);
                outputs.push(output);
                states.extend(state);
            }
            input = LstmInput::Vectors(match <[_; 2]>::try_from(outputs) {
                Ok(both) => join(both), // [batch, time, d_output]
                Err(mut one) => one.remove(0),
            });
        }
        let LstmInput::Vectors(output) = input else {
            unreachable!("each layer gives vectors")
        };
        (output, states)
    }

    /// Panics unless there is a state of each direction of each layer for each message.
    fn assert_states(&self, states: &LstmState, batch: usize) {
        let n_states = self.layers.iter().flat_map(LstmLayer::directions).count();
        for state in [&states.hidden, &states.cell] {
            let [n, n_messages, _] = state.dims();
            assert_eq!(
                [n, n_messages],
                [n_states, batch],
                "initial states are [n_layers * n_directions, batch, d_hidden]"
            );
        }
    }
}

impl LstmLayer {
    /// The directions, each with whether it reads backwards.
    fn directions(&self) -> impl Iterator<Item = (&LstmDirection, bool)> {
        let backward = self.backward.iter().map(|direction| (direction, true));
        std::iter::once((&self.forward, false)).chain(backward)
    }
}
