//! What passes between the layers of an LSTM and the kernels that run one direction of a layer.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, ExtensionType, TensorMetadata};
use burn::tensor::{Device, Tensor, TensorData};

use crate::backend::is_cpu;

/// `x W + b` for every time step: the part of the gates that needs no state.
#[derive(Debug, Clone, ExtensionType)]
#[allow(clippy::large_enum_variant)] // one value for each layer
pub enum GateInputs<B: Backend> {
    /// `[batch, time, 4 * d_hidden]`
    Steps(FloatTensor<B>),
    /// For an input of table rows: one vector for each row of the table.
    Rows {
        /// `[n_rows, 4 * d_hidden]`
        table: FloatTensor<B>,
        /// `[batch, time]`, each below `n_rows`.
        ids: IntTensor<B>,
    },
}

impl<B: Backend> GateInputs<B> {
    /// `[batch, time]`
    #[allow(clippy::indexing_slicing)] // both kinds have at least two dimensions
    pub fn dims(&self) -> [usize; 2] {
        let shape = match self {
            Self::Steps(steps) => steps.shape(),
            Self::Rows { ids, .. } => ids.shape(),
        };
        [shape[0], shape[1]]
    }
}

/// The state of one direction of one layer.
#[derive(Debug, Clone)]
pub struct State {
    /// `[batch, d_hidden]`
    pub hidden: Tensor<2>,
    /// `[batch, d_hidden]`
    pub cell: Tensor<2>,
}

impl State {
    pub fn zeros(batch: usize, d_hidden: usize, device: &Device) -> Self {
        let zeros = || {
            if !is_cpu(device) {
                return Tensor::zeros([batch, d_hidden], device);
            }
            // Burn pushes one number after the other.
            let values = vec![0.0_f32; batch * d_hidden];
            Tensor::from_data(TensorData::new(values, [batch, d_hidden]), device)
        };
        Self {
            hidden: zeros(),
            cell: zeros(),
        }
    }
}
