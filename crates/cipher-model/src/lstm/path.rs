// Without a GPU backend there is nothing to ask.
#![cfg_attr(not(any(feature = "wgpu", feature = "cuda")), allow(unused))]

use std::fmt;

use burn::backend::DispatchDevice;
use burn::tensor::Device;

#[cfg(any(feature = "wgpu", feature = "cuda"))]
use super::cube;
use crate::cpu::is_cpu;

/// The versions of the LSTM, of which each gives the same results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LstmPath {
    /// Written by hand for the CPU.
    Cpu,
    /// On a GPU, a whole sequence in one launch: for small hidden sizes.
    Fused,
    /// On a GPU, a matrix product and a kernel at each step: for large hidden sizes.
    Stepped,
    /// Of Burn's own operations, some thirty a step: where nothing else is possible.
    Composed,
}

impl LstmPath {
    /// The one that a batch of these sizes takes on a device.
    pub fn of(device: &Device, batch: usize, time: usize, d_hidden: usize) -> Self {
        match device.clone().inner().as_dispatch() {
            #[cfg(any(feature = "wgpu", feature = "cuda"))]
            DispatchDevice::Cube(device) => cube::path(device, batch, time, d_hidden),
            _ if is_cpu(device) => Self::Cpu,
            _ => Self::Composed,
        }
    }
}

impl fmt::Display for LstmPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "by hand for the CPU",
            Self::Fused => "fused kernels",
            Self::Stepped => "a product a step",
            Self::Composed => "composed",
        })
    }
}
