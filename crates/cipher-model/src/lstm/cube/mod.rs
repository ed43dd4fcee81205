//! The LSTM on GPUs: kernels for all of Burn's CubeCL backends, wgpu and CUDA among them.
//!
//! - [`fused`]: for small hidden sizes, the whole sequence in one launch; [`layout`] divides the work.
//! - [`stepwise`]: for large ones, at each step one of Burn's matrix products and one kernel for the
//!   rest.
//! - [`gradients`]: for both, the gradients that follow from those of all gates together.
//! - [`cell`]: the equations, which both share.
//!
//! For the backward pass six numbers are saved per unit and character: the four gates after their
//! activations, the cell state after each step and the hidden state before it.
//!
//! No sum depends on the order in which a GPU happens to run: each number is written by one unit.

#![allow(clippy::indexing_slicing)] // in kernels, which check their places on the device

mod cell;
mod fused;
mod gradients;
mod layout;
mod op;
mod stepwise;

use burn::backend::ops::IntTensorOps;
use burn::tensor::{DType, Shape, TensorData};
use burn_cubecl::cubecl::client::Client;
use burn_cubecl::cubecl::prelude::BufferArg;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, CubeDevice};

use super::gates::GateInputs;
use super::kernel::LstmKernel;

/// The arguments of one direction of one layer. All tensors are contiguous: Burn pads the rows of
/// CUDA's tensors, so its own are not.
#[derive(Debug, Clone)]
pub struct LstmCall {
    kernel: LstmKernel,
    gates: GateInputs<CubeBackend>,
    /// Recurrent weights, `[d_hidden, 4 * d_hidden]`.
    hidden_weights: CubeTensor,
    /// Hidden states before the first step, `[batch, d_hidden]`.
    initial_hidden: CubeTensor,
    /// Cell states, same layout as `initial_hidden`.
    initial_cell: CubeTensor,
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
pub struct Saved {
    /// Gates after their activations, `[batch, time, 4 * d_hidden]`.
    gates: CubeTensor,
    /// Cell states after each step, `[batch, time, d_hidden]`.
    cells: CubeTensor,
    /// The hidden states before each step, 0 after the end of a row: `[batch, time, d_hidden]`.
    before: CubeTensor,
}

/// The result of a forward pass.
struct Forward {
    /// `[batch, time, d_hidden]`, 0 after the end of a row; or two more steps for the states.
    output: CubeTensor,
    /// Set if the call was to save it.
    saved: Option<Saved>,
}

/// The gradients from backpropagation through time.
struct Backward {
    /// Gradient of the pre-activations of the gates, `[batch, time, 4 * d_hidden]`, 0 after the end
    /// of a row.
    gates: CubeTensor,
    /// Gradient of the initial hidden states, `[batch, d_hidden]`.
    initial_hidden: CubeTensor,
    /// Gradient of the initial cell states, same layout as `initial_hidden`.
    initial_cell: CubeTensor,
}

/// Bindings of the kernel that has the most: its storage buffers and one for its scalars.
const MAX_BINDINGS: u32 = 11;

/// The kernel that suits a device and a shape.
pub fn kernel(device: &CubeDevice, batch: usize, time: usize, d_hidden: usize) -> LstmKernel {
    let client = device.client();
    let properties = client.properties();
    let bytes_of_gates = (4 * batch * time * d_hidden * size_of::<f32>()) as u64;
    // WebGPU promises no more than 8 buffers a kernel; real adapters have dozens.
    if properties.hardware.max_bindings < MAX_BINDINGS
        // One buffer holds the gates of all steps; the reference has one for each step.
        || bytes_of_gates > properties.memory.max_page_size
    {
        return LstmKernel::Reference;
    }
    match layout::Layout::fitting(&properties.hardware, batch, d_hidden) {
        Some(_) => LstmKernel::Fused,
        None => LstmKernel::Stepwise,
    }
}

impl LstmCall {
    fn forward(&self, save: bool) -> Forward {
        match self.kernel {
            LstmKernel::Fused => fused::forward(self, save),
            _ => stepwise::forward(self, save),
        }
    }

    /// Backpropagation through time, from the gradient of the output.
    fn backward(&self, saved: &Saved, grad_output: CubeTensor) -> Backward {
        // The gradient of a sum is one number with strides of 0.
        let grad_output = into_contiguous(grad_output);
        match self.kernel {
            LstmKernel::Fused => fused::backward(self, saved, grad_output),
            _ => stepwise::backward(self, saved, grad_output),
        }
    }

    /// Buffers for the output and for what is saved. Where nothing is to be saved, the kernels write
    /// only the output, and get it in place of the other buffers.
    fn outputs(&self, save: bool) -> (CubeTensor, Saved) {
        let &Self {
            batch,
            time,
            d_hidden,
            ..
        } = self;
        let steps = time + 2 * usize::from(self.with_states);
        let output = self.empty([batch, steps, d_hidden]);
        let buffer = |width| {
            if save {
                self.empty([batch, time, width])
            } else {
                output.clone()
            }
        };
        let saved = Saved {
            gates: buffer(4 * d_hidden),
            cells: buffer(d_hidden),
            before: buffer(d_hidden),
        };
        (output, saved)
    }

    fn client(&self) -> &Client {
        &self.hidden_weights.client
    }

    /// A contiguous tensor with uninitialised values.
    fn empty(&self, shape: impl Into<Shape>) -> CubeTensor {
        let CubeTensor { client, device, .. } = self.hidden_weights.clone();
        empty_device_contiguous_dtype(client, device, shape.into(), DType::F32)
    }

    /// The gate inputs and the ids, as arguments. Without ids, the lengths fill their place.
    fn input(&self) -> (&CubeTensor, &CubeTensor) {
        match &self.gates {
            GateInputs::Steps(steps) => (steps, &self.lengths),
            GateInputs::Rows { table, ids } => (table, ids),
        }
    }

    fn reads_ids(&self) -> bool {
        matches!(self.gates, GateInputs::Rows { .. })
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
