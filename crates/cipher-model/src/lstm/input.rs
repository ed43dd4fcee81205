use burn::tensor::{Int, Tensor};

use super::gates::State;

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

/// The states of all layers and directions between two time steps.
#[derive(Debug, Clone)]
pub struct LstmState {
    /// Hidden states, `[n_layers * n_directions, batch, d_hidden]`: by layer, then by direction.
    pub hidden: Tensor<3>,
    /// Cell states, same layout as `hidden`.
    pub cell: Tensor<3>,
}

impl LstmInput {
    /// `[batch, time]`
    pub(super) fn dims(&self) -> [usize; 2] {
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
    /// The state of one direction of one layer, counted as in [`Self::hidden`].
    pub(super) fn at(&self, index: usize) -> State {
        let pick = |states: &Tensor<3>| states.clone().narrow(0, index, 1).squeeze_dim(0);
        State {
            hidden: pick(&self.hidden), // [batch, d_hidden]
            cell: pick(&self.cell),
        }
    }
}
