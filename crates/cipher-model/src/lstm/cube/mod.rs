//! The LSTM on GPUs: kernels for all of Burn's CubeCL backends, wgpu and CUDA among them.
//!
//! - [`fused`]: for small hidden sizes, the whole sequence in one launch.
//! - [`stepped`]: for large ones, at each step one of Burn's matrix products and one kernel for the
//!   rest.
//! - [`gradients`]: what follows from the gradients of all gates together, in both cases.
//! - [`cell`]: the equations, which both share.
//!
//! What is kept for the backward pass is six numbers a unit and character: the four gates after
//! their activations, the cell state after each step and the hidden state before it.
//!
//! No sum depends on the order in which a GPU happens to run: each number is written by one unit.

#![allow(clippy::indexing_slicing)] // in kernels, which check their places on the device

mod cell;
mod extension;
mod fused;
mod gradients;
mod stepped;

use burn::backend::ops::IntTensorOps;
use burn::tensor::{DType, Shape, TensorData};
use burn_cubecl::cubecl::client::Client;
use burn_cubecl::cubecl::prelude::BufferArg;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, CubeDevice};

use super::LstmPath;

/// What the gates take from the input, `x W + b`.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // one value a layer
enum Input {
    /// `[batch, time, 4 * d_hidden]`
    Steps(CubeTensor),
    /// Rows of a table, for inputs that are symbols.
    Rows {
        /// `[n_rows, 4 * d_hidden]`
        table: CubeTensor,
        /// `[batch, time]`, each below `n_rows`.
        ids: CubeTensor,
    },
}

/// One direction of one layer, and what it reads. All tensors are contiguous: CUDA's are not when
/// Burn makes them, as it pads their rows.
#[derive(Debug, Clone)]
struct Sequence {
    path: LstmPath,
    input: Input,
    /// `[d_hidden, 4 * d_hidden]`
    hidden_weights: CubeTensor,
    /// `[batch, d_hidden]`
    begin_hidden: CubeTensor,
    /// `[batch, d_hidden]`
    begin_cell: CubeTensor,
    /// Steps of each row, none above `time`: `[batch]`, i32.
    lengths: CubeTensor,
    /// Whether a row has no step at all.
    has_empty_row: bool,
    batch: usize,
    time: usize,
    d_hidden: usize,
    /// Whether each row is read from its end to its beginning.
    reversed: bool,
    /// Whether the output has two more steps, the hidden and the cell state after the last.
    with_states: bool,
}

/// What the backward pass needs.
#[derive(Debug, Clone)]
struct Kept {
    /// After their activations, `[batch, time, 4 * d_hidden]`.
    gates: CubeTensor,
    /// After each step, `[batch, time, d_hidden]`.
    cells: CubeTensor,
    /// The hidden states before each step, 0 behind the end of a row: `[batch, time, d_hidden]`.
    before: CubeTensor,
}

/// What a forward pass gives.
struct Forward {
    /// `[batch, time, d_hidden]`, 0 behind the end of a row; or two more steps for the states.
    output: CubeTensor,
    /// If it was asked for.
    kept: Option<Kept>,
}

/// The gradients that a pass back through time gives.
struct Backward {
    /// Of what the gates' activations were given, 0 behind the end of a row:
    /// `[batch, time, 4 * d_hidden]`.
    gates: CubeTensor,
    /// `[batch, d_hidden]`
    begin_hidden: CubeTensor,
    /// `[batch, d_hidden]`
    begin_cell: CubeTensor,
}

/// Storage buffers of the kernel that has most, and one for its numbers.
const MOST_BINDINGS: u32 = 11;

/// Which version suits a device and a shape, and why.
pub fn path(device: &CubeDevice, batch: usize, time: usize, d_hidden: usize) -> LstmPath {
    let client = device.client();
    let properties = client.properties();
    let bytes_of_gates = (4 * batch * time * d_hidden * size_of::<f32>()) as u64;
    // WebGPU promises no more than 8 buffers a kernel; real adapters have dozens.
    if properties.hardware.max_bindings < MOST_BINDINGS
        // One buffer holds the gates of all steps; the composed version has one for each.
        || bytes_of_gates > properties.memory.max_page_size
    {
        return LstmPath::Composed;
    }
    match fused::Layout::fitting(&properties.hardware, batch, d_hidden) {
        Some(_) => LstmPath::Fused,
        None => LstmPath::Stepped,
    }
}

impl Sequence {
    fn forward(&self, keep: bool) -> Forward {
        match self.path {
            LstmPath::Fused => fused::forward(self, keep),
            _ => stepped::forward(self, keep),
        }
    }

    /// Runs back through time, given the gradient of the output.
    fn backward(&self, kept: &Kept, output: CubeTensor) -> Backward {
        // The gradient of a sum is one number with strides of 0.
        let output = into_contiguous(output);
        match self.path {
            LstmPath::Fused => fused::backward(self, kept, output),
            _ => stepped::backward(self, kept, output),
        }
    }

    /// Buffers for an output and for what is kept. Where nothing is to be kept, the kernels write
    /// nothing of it, and are given the output in its place.
    fn outputs(&self, keep: bool) -> (CubeTensor, Kept) {
        let &Self {
            batch,
            time,
            d_hidden,
            ..
        } = self;
        let steps = time + 2 * usize::from(self.with_states);
        let output = self.empty([batch, steps, d_hidden]);
        let kept = |width| match keep {
            true => self.empty([batch, time, width]),
            false => output.clone(),
        };
        let kept = Kept {
            gates: kept(4 * d_hidden),
            cells: kept(d_hidden),
            before: kept(d_hidden),
        };
        (output, kept)
    }

    fn client(&self) -> &Client {
        &self.hidden_weights.client
    }

    /// A contiguous tensor of whatever is in memory.
    fn empty(&self, shape: impl Into<Shape>) -> CubeTensor {
        let CubeTensor { client, device, .. } = self.hidden_weights.clone();
        empty_device_contiguous_dtype(client, device, shape.into(), DType::F32)
    }

    /// The input and the ids, as arguments. Without ids, the lengths stand in their place.
    fn input(&self) -> (&CubeTensor, &CubeTensor) {
        match &self.input {
            Input::Steps(steps) => (steps, &self.lengths),
            Input::Rows { table, ids } => (table, ids),
        }
    }

    fn reads_ids(&self) -> bool {
        matches!(self.input, Input::Rows { .. })
    }
}

fn argument(tensor: &CubeTensor) -> BufferArg {
    tensor.clone().into_buffer_arg()
}

/// `[batch]`
fn lengths_tensor(lengths: &[usize], device: &CubeDevice) -> CubeTensor {
    let values: Vec<i32> = lengths.iter().map(|&length| length as i32).collect();
    CubeBackend::int_from_data(TensorData::new(values, [lengths.len()]), device)
}
