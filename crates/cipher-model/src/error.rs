use std::path::PathBuf;

use cipher_data::DataError;
use thiserror::Error;

/// What can go wrong with a model, a bundle or a device, and how to mend it.
#[derive(Debug, Error)]
pub enum ModelError {
    /// A size or a share that no model can have.
    #[error("{field} is {value}; {expected}")]
    Config {
        /// The field of the config.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },

    /// Text or an alphabet that cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),

    /// A file that cannot be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },

    /// A folder without a manifest.
    #[error("{} holds no trained model (no manifest.json); train one first, or give another folder", .0.display())]
    NoBundle(PathBuf),

    /// A manifest that is not one.
    #[error("{} is not a manifest: {reason}; copy the bundle again or train a new one", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it, with line and column where known.
        reason: String,
    },

    /// A bundle of another version of this library.
    #[error(
        "{} is of bundle format {found}, and this version reads format {supported}; \
         use the cipher-train that wrote it, or train a new one", path.display()
    )]
    Version {
        /// The manifest.
        path: PathBuf,
        /// The format it is of.
        found: u32,
        /// The format this library reads.
        supported: u32,
    },

    /// Weights that are not those the manifest was written with.
    #[error("{} is damaged: {reason}; copy the bundle again or train a new one", path.display())]
    Weights {
        /// The weight file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A backend that this program was built without.
    #[error(
        "device {name:?} is not compiled in; this program has: {compiled}. Build it with --features {name}"
    )]
    NotCompiled {
        /// The backend asked for.
        name: &'static str,
        /// The backends there are.
        compiled: String,
    },

    /// No graphics adapter.
    #[error(
        "no usable GPU adapter: {reason}. Install a Vulkan, Metal or DX12 driver \
         (in a machine without a GPU: Debian's mesa-vulkan-drivers), or choose --device ndarray"
    )]
    NoAdapter {
        /// What the graphics library said.
        reason: String,
    },

    /// No NVIDIA GPU, or no driver for it.
    #[error(
        "no usable CUDA device: {reason}. Install NVIDIA's driver, or choose --device wgpu or \
         --device ndarray"
    )]
    NoCuda {
        /// What the CUDA library said.
        reason: String,
    },

    /// Something is larger than the device has room for.
    #[error(
        "the device has too little memory: {reason}. A smaller training.batch_size, \
         messages.max_length or model.d_hidden needs less; or choose --device ndarray. \
         What was saved stays"
    )]
    DeviceMemory {
        /// What the driver said.
        reason: String,
    },

    /// A device that was lost, or a kernel that it refuses.
    #[error(
        "the device failed: {reason}. What was saved stays: try again, bring its driver up to \
         date, or choose --device ndarray"
    )]
    DeviceFailed {
        /// What the driver said.
        reason: String,
    },
}

impl ModelError {
    /// A device's failure, from the text of Burn's error or panic.
    pub fn of_device(text: &str) -> Self {
        let reason = root_cause(text);
        let needs_memory = ["allocate", "out of memory", "OutOfMemory", "out-of-memory"];
        match needs_memory.iter().any(|words| text.contains(words)) {
            true => Self::DeviceMemory { reason },
            false => Self::DeviceFailed { reason },
        }
    }
}

/// The last cause of those that a text names, on one line and without its backtrace.
fn root_cause(text: &str) -> String {
    let (_, cause) = text.rsplit_once("Caused by:").unwrap_or(("", text));
    let lines = cause.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.take_while(|line| !line.to_lowercase().contains("backtrace"));
    let cause = lines.collect::<Vec<_>>().join(", ");
    cause.trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_devices_error_keeps_its_root_cause_on_one_line() {
        let text = "An error happened during execution\nCaused by:\n  An IO error happened\n\
                    Caused by:\n  can't allocate buffer of size: 2147483648\nBacktrace:\n  0: main";
        let error = ModelError::of_device(text).to_string();
        assert!(
            error.starts_with(
                "the device has too little memory: can't allocate buffer of size: 2147483648. A"
            ),
            "{error}"
        );
        let lost = ModelError::of_device("Device lost").to_string();
        assert!(lost.starts_with("the device failed: Device lost. What was saved"));
    }
}
