// Without a GPU backend the sizes make no difference.
#![cfg_attr(not(any(feature = "wgpu", feature = "cuda")), allow(unused))]

use burn::backend::DispatchDevice;
use burn::tensor::Device;

#[cfg(any(feature = "wgpu", feature = "cuda"))]
use super::cube;
use super::kernel::LstmKernel;
use crate::backend::is_cpu;

impl LstmKernel {
    /// The fastest kernel for a batch of these sizes on a device.
    pub fn choose(device: &Device, batch: usize, time: usize, d_hidden: usize) -> Self {
        match device.clone().inner().as_dispatch() {
            #[cfg(any(feature = "wgpu", feature = "cuda"))]
            DispatchDevice::Cube(device) => cube::kernel(device, batch, time, d_hidden),
            _ if is_cpu(device) => Self::Cpu,
            _ => Self::Reference,
        }
    }
}
