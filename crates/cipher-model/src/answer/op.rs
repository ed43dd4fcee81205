//! The one pass as an operation of Burn's CPU backends.

// Upstream deprecates its ndarray backend in favour of flex, which has no such long record yet.
#![allow(deprecated)]
#![allow(clippy::indexing_slicing)] // lengths follow from the shapes

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::{Tensor, TensorData};

use super::MostLikely;
use super::cpu::{AnswerLayer, Best};
use crate::backend::is_cpu;
use crate::cpu::CpuBackend;

/// The operation, on the backends that have it.
#[backend_extension(
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex"),
)]
pub trait AnswerOps: Backend {
    /// Probabilities and ids, `[batch, time]` each, without a gradient.
    fn most_likely(
        output: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, IntTensor<Self>);
}

impl<B: CpuBackend> AnswerOps for B {
    fn most_likely(
        output: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let (device, shape) = (output.device(), output.shape());
        let shape = vec![shape[0], shape[1]];
        let d_output = weights.shape()[0];
        let [output, weights, bias] = [output, weights, bias].map(Self::floats);
        let answers = AnswerLayer::new(&weights, &bias).answer_all(&output, d_output);
        let probabilities = answers.iter().map(Best::probability).collect();
        let symbols: Vec<i64> = answers.iter().map(|one| one.symbol.into()).collect();
        (
            Self::tensor(probabilities, shape.clone(), &device),
            Self::int_from_data(TensorData::new(symbols, shape), &device),
        )
    }
}

/// Runs the operation, or gives `None` on a backend that does not have it and where a gradient may
/// be needed.
pub fn most_likely(
    output: &Tensor<3>,
    weights: &Tensor<2>,
    bias: &Tensor<1>,
) -> Option<MostLikely> {
    let device = output.device();
    if !is_cpu(&device) || device.is_autodiff() || weights.is_autodiff() {
        return None;
    }
    let (probabilities, symbols) = <Dispatch as AnswerOps>::most_likely(
        output.clone().into_dispatch(),
        weights.clone().into_dispatch(),
        bias.clone().into_dispatch(),
    );
    Some(MostLikely {
        probabilities: Tensor::from_dispatch(probabilities),
        symbols: Tensor::from_dispatch(symbols),
    })
}
