use std::io;
use std::path::PathBuf;

use burn::data::dataset::DatasetError;
use cipher_data::DataError;
use thiserror::Error;

/// What can go wrong with a model, a bundle or a device, and how to fix it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A size or a fraction that no model can have.
    #[error("{field} is {value}; {expected}")]
    Config {
        /// The field of the config.
        field: &'static str,
        /// Its value.
        value: String,
        /// What the value should be.
        expected: &'static str,
    },

    /// Text or an alphabet that cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),

    /// Pairs that cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),

    /// One of several messages that cannot be decrypted.
    #[error("message {}: {error}", index + 1)]
    Message {
        /// The index of the message, counted from 0.
        index: usize,
        /// The reason.
        error: Box<ModelError>,
    },

    /// A model that is told the key of each message, without a key.
    #[error(
        "this model is told the key of each message; give the key (decrypt --key LEMON, or \
         Decryptor::with_key in a program)"
    )]
    NoKey,

    /// A key for a model that is told none.
    #[error("this model was trained with one key and is told none; leave out the key")]
    NeedsNoKey,

    /// More keys than ciphertexts.
    #[error(
        "there are {n_keys} keys for {n_ciphertexts} ciphertexts; give each ciphertext its key"
    )]
    UnusedKeys {
        /// The number of keys.
        n_keys: usize,
        /// The number of ciphertexts.
        n_ciphertexts: usize,
    },

    /// A ciphertext to decrypt, for a model that answers with keys.
    #[error(
        "this model finds the key from a ciphertext and its plaintext; give both (recover-key, or \
         Decryptor::recover_key in a program)"
    )]
    RecoversKeys,

    /// Known plaintext, for a model that decrypts.
    #[error("this model decrypts and does not find keys; train one with task = \"recover-key\"")]
    RecoversNoKeys,

    /// A key of a length that the model was not trained with.
    #[error(
        "the key has {length} symbols, and this model was trained with keys of {}; give such a key, or train with \
         longer keys",
        if min == max { min.to_string() } else { format!("{min} to {max}") }
    )]
    KeyLength {
        /// The key's length, in symbols.
        length: usize,
        /// The shortest key of the training.
        min: usize,
        /// The longest key of the training.
        max: usize,
    },

    /// A file that cannot be read or written.
    #[error("cannot {action} {}: {reason}", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        reason: io::Error,
    },

    /// A folder without a manifest.
    #[error("{} has no manifest.json, so it is not a trained model; train one or give another folder", .0.display())]
    NoBundle(PathBuf),

    /// A manifest that is damaged or invalid.
    #[error("{} is damaged: {reason}; copy the bundle again or train a new one", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it, with line and column where known.
        reason: String,
    },

    /// A bundle in a format that this version does not know.
    #[error(
        "{} has bundle format {found}, and this version of cipher-model reads formats 1 to \
         {supported}; use the version that wrote it or train a new one", path.display()
    )]
    Version {
        /// The manifest.
        path: PathBuf,
        /// The bundle's format.
        found: u32,
        /// The newest format that this version reads.
        supported: u32,
    },

    /// Parts of a bundle that do not belong together.
    #[error(
        "the model has {n_weights} weights, and one of this config and these alphabets has {n_expected}; \
         give the bundle the config and the alphabets that the model was made with"
    )]
    Parts {
        /// The weights of the model.
        n_weights: u64,
        /// Those of a model with the bundle's config and alphabets.
        n_expected: u64,
    },

    /// Weights that are damaged or do not match their manifest.
    #[error("{} is damaged: {reason}; copy the bundle again or train a new one", path.display())]
    Weights {
        /// The weight file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A backend that this program was built without.
    #[error(
        "this program was built without the backend {name} (it has: {compiled}); build it with \
         cipher-model's cargo feature `{name}`, or use another backend"
    )]
    NotCompiled {
        /// The missing backend, which is also the name of its cargo feature.
        name: &'static str,
        /// The backends that are compiled in, separated by commas.
        compiled: String,
    },

    /// No graphics adapter.
    #[error(
        "no usable GPU adapter: {reason}. Install a Vulkan, Metal or DX12 driver (on a machine \
         without a GPU: Debian's mesa-vulkan-drivers), or use another backend"
    )]
    NoAdapter {
        /// What the graphics library reported.
        reason: String,
    },

    /// No NVIDIA GPU, or no driver for it.
    #[error("no usable CUDA device: {reason}. Install NVIDIA's driver, or use another backend")]
    NoCuda {
        /// What the CUDA library reported.
        reason: String,
    },

    /// Something that does not fit into the device's memory.
    #[error(
        "the device has too little memory: {reason}. Smaller batches, shorter messages or a \
         smaller hidden size need less; or use another device"
    )]
    DeviceMemory {
        /// What the driver reported.
        reason: String,
    },

    /// A device that was lost, or a kernel that it rejects.
    #[error("the device failed: {reason}. Try again, update its driver, or use another device")]
    DeviceFailed {
        /// What the driver reported.
        reason: String,
    },
}

impl ModelError {
    /// A device's failure, from the text of an error or panic of Burn. Code that runs a model
    /// through Burn directly, such as a training loop, can turn what it catches into this error.
    pub fn of_device(text: &str) -> Self {
        let reason = root_cause(text);
        let needs_memory = ["allocate", "out of memory", "OutOfMemory", "out-of-memory"];
        if needs_memory.iter().any(|words| text.contains(words)) {
            Self::DeviceMemory { reason }
        } else {
            Self::DeviceFailed { reason }
        }
    }
}

/// The last cause that a text names, on one line and without its backtrace.
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
                "the device has too little memory: can't allocate buffer of size: 2147483648. S"
            ),
            "{error}"
        );
        let lost = ModelError::of_device("Device lost").to_string();
        assert!(lost.starts_with("the device failed: Device lost. Try again"));
    }
}
