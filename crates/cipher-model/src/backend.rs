use std::fmt;

use burn::tensor::Device;

use crate::ModelError;

/// The backends this library knows. Which of them a program has is chosen by cargo feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// All of them, the preferred first: somebody who compiles a GPU's in wants it used.
    pub const ALL: [Self; 4] = [Self::Cuda, Self::Wgpu, Self::NdArray, Self::Flex];

    /// The name used on the command line, and by the cargo feature.
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

    /// The backends whose cargo feature is on, the preferred first.
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
    /// [`ModelError::DeviceFailed`] if the device is there and does not compute. Never another
    /// device than the one asked for.
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

/// A process can start its wgpu runtime once only; later calls get the same device.
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

/// A GPU's errors show when something is read back. The exponential function needs a library that a
/// machine with a CUDA driver may lack.
#[cfg(any(feature = "wgpu", feature = "cuda"))]
fn computes(device: Device) -> Result<Device, ModelError> {
    let exponential = burn::tensor::Tensor::<1>::ones([1], &device).exp();
    let read = exponential.try_into_data();
    read.map_err(|error| ModelError::of_device(&error.to_string()))?;
    Ok(device)
}

/// The preferred backend of those compiled in.
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
