//! Where to compute: the backends, their devices, and what else depends on the choice of one.

// Without a GPU backend there are no devices to ask.
#![cfg_attr(not(any(feature = "wgpu", feature = "cuda")), allow(unused))]

use std::fmt;

use burn::backend::DispatchDevice;
use burn::tensor::Device;

use crate::ModelError;

/// The backends that this library can use. Cargo features choose which of them a program has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// Burn's ndarray backend, on the CPU (feature `ndarray`, on by default).
    NdArray,
    /// Burn's flex backend, ndarray's successor, on the CPU (feature `flex`).
    Flex,
    /// Any graphics adapter, through wgpu (feature `wgpu`).
    Wgpu,
    /// An NVIDIA GPU, through CUDA (feature `cuda`).
    Cuda,
}

impl Backend {
    /// All backends, the preferred one first: whoever compiles in a GPU backend wants it used.
    pub const ALL: [Self; 4] = [Self::Cuda, Self::Wgpu, Self::NdArray, Self::Flex];

    /// The name, which is also that of the cargo feature.
    pub fn name(self) -> &'static str {
        match self {
            Self::NdArray => "ndarray",
            Self::Flex => "flex",
            Self::Wgpu => "wgpu",
            Self::Cuda => "cuda",
        }
    }

    /// Whether the cargo feature is on.
    pub fn is_compiled(self) -> bool {
        match self {
            Self::NdArray => cfg!(feature = "ndarray"),
            Self::Flex => cfg!(feature = "flex"),
            Self::Wgpu => cfg!(feature = "wgpu"),
            Self::Cuda => cfg!(feature = "cuda"),
        }
    }

    /// The backends whose cargo feature is on, the preferred one first.
    pub fn compiled() -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(|backend| backend.is_compiled())
    }

    /// The backend's default device, without automatic differentiation.
    ///
    /// # Errors
    ///
    /// [`ModelError::NotCompiled`], [`ModelError::NoAdapter`], [`ModelError::NoCuda`], or
    /// [`ModelError::DeviceFailed`] if the device exists and cannot compute. There is no fallback to
    /// another device.
    pub fn open(self) -> Result<Device, ModelError> {
        match self {
            // Deprecated upstream in favour of flex, which has no such long record yet.
            #[cfg(feature = "ndarray")]
            #[allow(deprecated)]
            Self::NdArray => Ok(Device::ndarray()),
            #[cfg(feature = "flex")]
            Self::Flex => Ok(Device::flex()),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => open_wgpu(),
            #[cfg(feature = "cuda")]
            Self::Cuda => open_cuda(),
            #[allow(unreachable_patterns)] // with every feature on
            _ => Err(ModelError::NotCompiled {
                name: self.name(),
                compiled: Self::compiled()
                    .map(Self::name)
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        }
    }
}

/// A process can start its wgpu runtime only once; later calls get the same device.
#[cfg(feature = "wgpu")]
fn open_wgpu() -> Result<Device, ModelError> {
    use std::sync::OnceLock;
    static DEVICE: OnceLock<Result<Device, String>> = OnceLock::new();
    let init = || {
        Device::wgpu_options()
            .init()
            .map_err(|error| error.to_string())
    };
    let device = DEVICE.get_or_init(init).clone();
    let device = device.map_err(|reason| ModelError::NoAdapter { reason })?;
    computes(device)
}

#[cfg(feature = "cuda")]
fn open_cuda() -> Result<Device, ModelError> {
    let found = burn_cubecl::cubecl::Device::cuda(0);
    found.map_err(|error| ModelError::NoCuda {
        reason: error.to_string(),
    })?;
    computes(Device::cuda(0))
}

/// Checks that a device computes: a GPU reports errors when something is read back. The exponential
/// function needs a library that a machine with a CUDA driver may lack.
#[cfg(any(feature = "wgpu", feature = "cuda"))]
fn computes(device: Device) -> Result<Device, ModelError> {
    let exponential = burn::tensor::Tensor::<1>::ones([1], &device).exp();
    let read = exponential.try_into_data();
    read.map_err(|error| ModelError::of_device(&error.to_string()))?;
    Ok(device)
}

/// The preferred backend of those that are compiled in.
impl Default for Backend {
    fn default() -> Self {
        Self::compiled().next().unwrap_or(Self::NdArray)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A device that a backend can compute on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundDevice {
    /// The name that the device or its driver gives.
    pub name: String,
    /// Its memory in bytes, if the driver tells.
    pub memory: Option<u64>,
    /// The largest tensor that it can hold, in bytes, if there is a limit.
    pub largest_tensor: Option<u64>,
}

impl Backend {
    /// The devices of this machine that the backend can use; none if the backend is not compiled
    /// in. A card that several graphics libraries can reach is listed once for each.
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

    /// The backend's name followed by the device's.
    pub fn describe(self, device: &Device) -> String {
        match name(device) {
            Some(name) => format!("{self}, {name}"),
            None => format!("{self}, {}", cpu().name),
        }
    }
}

/// The name of a GPU.
fn name(device: &Device) -> Option<String> {
    #[cfg(any(feature = "wgpu", feature = "cuda"))]
    return device.identity().map(|identity| identity.name);
    #[cfg(not(any(feature = "wgpu", feature = "cuda")))]
    None
}

/// Whether a device computes on the CPU, with automatic differentiation or without.
pub fn is_cpu(device: &Device) -> bool {
    match device.clone().inner().as_dispatch() {
        #[cfg(feature = "ndarray")]
        DispatchDevice::NdArray(_) => true,
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => true,
        #[allow(unreachable_patterns)] // with no other backend compiled in
        _ => false,
    }
}

/// The largest tensor that a device can hold, in bytes, if there is a limit.
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
        name: format!(
            "this machine's CPU, {n_threads} threads, {}",
            vector_instructions()
        ),
        memory: None,
        largest_tensor: None,
    }
}

/// The vector instructions that the matrix products choose by: with others, sums have another order
/// and the last digits differ.
pub fn vector_instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return "AVX-512";
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return "AVX2";
        }
    }
    std::env::consts::ARCH
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
            DeviceType::DiscreteGpu => "discrete",
            DeviceType::IntegratedGpu => "integrated",
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
    use burn::tensor::DeviceType;

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
