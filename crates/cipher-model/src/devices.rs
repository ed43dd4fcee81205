//! What a machine has for each backend.

// Without a GPU backend there is nothing to ask.
#![cfg_attr(not(any(feature = "wgpu", feature = "cuda")), allow(unused))]

use burn::backend::DispatchDevice;
use burn::tensor::Device;

use crate::Backend;

/// A device that a backend can compute on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDevice {
    /// As the device or its driver calls it.
    pub name: String,
    /// Its memory in bytes, where the driver tells.
    pub memory: Option<u64>,
    /// The largest tensor it can hold, in bytes, where there is such a limit.
    pub largest_tensor: Option<u64>,
}

impl Backend {
    /// The devices there are for a backend; none if it is not compiled in. A card that is reached
    /// through several graphics libraries is listed for each.
    pub fn devices(self) -> Vec<FoundDevice> {
        match self {
            #[cfg(feature = "cuda")]
            Self::Cuda => cuda(),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => wgpu(),
            Self::NdArray | Self::Flex if self.is_compiled() => vec![cpu()],
            _ => Vec::new(),
        }
    }
}

impl Backend {
    /// Its name, and that of a device of it.
    pub fn describe(self, device: &Device) -> String {
        match name(device) {
            Some(name) => format!("{self}, {name}"),
            None => format!("{self}, {}", cpu().name),
        }
    }
}

/// A GPU's.
fn name(device: &Device) -> Option<String> {
    #[cfg(any(feature = "wgpu", feature = "cuda"))]
    return device.identity().map(|identity| identity.name);
    #[cfg(not(any(feature = "wgpu", feature = "cuda")))]
    None
}

/// The largest tensor that a device can hold, in bytes, where there is such a limit.
pub fn largest_tensor(device: &Device) -> Option<u64> {
    match device.clone().inner().as_dispatch() {
        #[cfg(any(feature = "wgpu", feature = "cuda"))]
        DispatchDevice::Cube(device) => Some(device.client().properties().memory.max_page_size),
        _ => None,
    }
}

fn cpu() -> FoundDevice {
    let n_threads = rayon::current_num_threads();
    FoundDevice {
        name: format!("this machine's CPU, {n_threads} threads"),
        memory: None,
        largest_tensor: None,
    }
}

/// Asks the graphics libraries, without opening a device.
#[cfg(feature = "wgpu")]
fn wgpu() -> Vec<FoundDevice> {
    use burn::backend::read_sync;
    use burn_cubecl::cubecl::wgpu::wgpu::{Backends, DeviceType, Instance, InstanceDescriptor};

    let instance = Instance::new(InstanceDescriptor {
        backends: Backends::all(),
        ..InstanceDescriptor::new_without_display_handle()
    });
    let adapters = read_sync(instance.enumerate_adapters(Backends::all()));
    let found = adapters.iter().map(|adapter| {
        let (info, limits) = (adapter.get_info(), adapter.limits());
        let kind = match info.device_type {
            DeviceType::DiscreteGpu => "a card of its own",
            DeviceType::IntegratedGpu => "part of the processor",
            DeviceType::VirtualGpu => "virtual",
            DeviceType::Cpu => "software, on the CPU",
            DeviceType::Other => "of unknown kind",
        };
        let largest = limits
            .max_storage_buffer_binding_size
            .min(limits.max_buffer_size);
        FoundDevice {
            name: format!("{}, {kind}, through {:?}", info.name, info.backend),
            memory: None, // wgpu does not tell
            largest_tensor: Some(largest),
        }
    });
    found.collect()
}

/// Asks NVIDIA's driver, and opens each of its devices to learn the name.
#[cfg(feature = "cuda")]
fn cuda() -> Vec<FoundDevice> {
    use burn::tensor::{Device, DeviceType};

    let devices = Device::enumerate(DeviceType::Cuda).into_vec();
    let found = devices.into_iter().map(|device| {
        let name = device.identity().map(|identity| identity.name);
        let memory = match device.as_dispatch() {
            DispatchDevice::Cube(device) => device.client().properties().memory.max_memory(),
            #[allow(unreachable_patterns)] // with no other backend compiled in
            _ => None,
        };
        FoundDevice {
            name: name.unwrap_or("a CUDA device".into()),
            memory,
            largest_tensor: None,
        }
    });
    found.collect()
}
