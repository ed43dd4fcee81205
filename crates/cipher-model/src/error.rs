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
}
