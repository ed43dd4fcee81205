use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use cipher_data::{Alphabet, AlphabetConfig};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::{Written, make_folder};
use crate::{CipherModel, CipherModelConfig, ModelError, Score};

/// The version of the folder's layout that this library writes and reads.
pub const FORMAT_VERSION: u32 = 1;

const MANIFEST: &str = "manifest.json";
const WEIGHTS: &str = "weights.safetensors";

/// What a trained model was measured at, on messages it had never seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The counts on held-out messages.
    pub held_out: Score,
    /// The epoch that the weights are from, counted from 1.
    pub epoch: usize,
}

/// What stands beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout's version, [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The sizes of the model.
    pub model: CipherModelConfig,
    /// The alphabet of the ciphertext.
    pub ciphertext_alphabet: AlphabetConfig,
    /// The alphabet of the plaintext.
    pub plaintext_alphabet: AlphabetConfig,
    /// What the model was measured at.
    pub measured: Measured,
    /// SHA-256 of the weight file, in hexadecimal.
    pub weights_sha256: String,
}

/// What a trained model needs to be used elsewhere. On disk it is a folder of two files:
/// `manifest.json` and `weights.safetensors`.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The model, without automatic differentiation.
    pub model: CipherModel,
    /// Its sizes.
    pub config: CipherModelConfig,
    /// The alphabet of the ciphertext.
    pub ciphertext_alphabet: Alphabet,
    /// The alphabet of the plaintext.
    pub plaintext_alphabet: Alphabet,
    /// What the model was measured at.
    pub measured: Measured,
}

impl Bundle {
    /// Writes the bundle into `folder`, which is made if need be. An older one there stays until
    /// both files are safe on the disk; then they take its place, the manifest last, which names
    /// the weights by their hash.
    ///
    /// # Errors
    ///
    /// [`ModelError::Io`].
    #[allow(clippy::expect_used)] // plain data has a JSON form
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ModelError> {
        let folder = folder.as_ref();
        make_folder(folder).map_err(|source| io_error("write", folder, source))?;
        let weights = self.model.to_safetensors();
        let manifest = Manifest {
            format_version: FORMAT_VERSION,
            model: self.config.clone(),
            ciphertext_alphabet: self.ciphertext_alphabet.to_config(),
            plaintext_alphabet: self.plaintext_alphabet.to_config(),
            measured: self.measured,
            weights_sha256: sha256(&weights),
        };
        let manifest = serde_json::to_string_pretty(&manifest).expect("a manifest is plain data");
        let files = [
            (WEIGHTS, weights.as_slice()),
            (MANIFEST, manifest.as_bytes()),
        ];
        let failed = |name, source| io_error("write", &folder.join(name), source);
        let written = files.map(|(name, bytes)| {
            let written = Written::beside(&folder.join(name), bytes);
            written.map_err(|source| failed(name, source))
        });
        let [weights, manifest] = written;
        let (weights, manifest) = (weights?, manifest?);
        weights.put().map_err(|source| failed(WEIGHTS, source))?;
        manifest.put().map_err(|source| failed(MANIFEST, source))
    }

    /// Whether a folder holds a bundle that is whole, without making the model.
    ///
    /// # Errors
    ///
    /// See [`Self::load`].
    pub fn check(folder: impl AsRef<Path>) -> Result<(), ModelError> {
        read(folder.as_ref()).map(|_| ())
    }

    /// Reads a bundle from `folder`.
    ///
    /// # Errors
    ///
    /// When the folder holds none, it is of another version, or damaged. No input takes more
    /// memory than a small multiple of its files' sizes.
    pub fn load(folder: impl AsRef<Path>, device: &Device) -> Result<Self, ModelError> {
        let folder = folder.as_ref();
        let (manifest, bytes) = read(folder)?;
        let damaged = |reason| damaged(folder, reason);
        let config = manifest.model;
        config.check()?;
        let ciphertext_alphabet = manifest.ciphertext_alphabet.init()?;
        let plaintext_alphabet = manifest.plaintext_alphabet.init()?;
        let (n_ciphertext, n_plaintext) = (ciphertext_alphabet.len(), plaintext_alphabet.len());
        // Before any memory is taken for the model.
        let needed = config.n_weights(n_ciphertext, n_plaintext) * size_of::<f32>() as u64;
        if needed > bytes.len() as u64 {
            let have = bytes.len();
            return Err(damaged(format!(
                "it has {have} bytes and the model needs {needed}"
            )));
        }
        let model = config.init(n_ciphertext, n_plaintext, 0, device)?;
        Ok(Self {
            model: model.load_safetensors(&bytes).map_err(damaged)?,
            config,
            ciphertext_alphabet,
            plaintext_alphabet,
            measured: manifest.measured,
        })
    }
}

/// The manifest and the bytes of the weights that it names.
fn read(folder: &Path) -> Result<(Manifest, Vec<u8>), ModelError> {
    let manifest = read_manifest(folder)?;
    let path = folder.join(WEIGHTS);
    let bytes = fs::read(&path).map_err(|source| io_error("read", &path, source))?;
    if sha256(&bytes) != manifest.weights_sha256 {
        let reason = "it is not the file that the manifest was written for";
        return Err(damaged(folder, reason.into()));
    }
    Ok((manifest, bytes))
}

fn damaged(folder: &Path, reason: String) -> ModelError {
    ModelError::Weights {
        path: folder.join(WEIGHTS),
        reason,
    }
}

fn read_manifest(folder: &Path) -> Result<Manifest, ModelError> {
    let path = folder.join(MANIFEST);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ModelError::NoBundle(folder.into()));
        }
        Err(error) => return Err(io_error("read", &path, error)),
    };
    /// Read before the rest: another version may have other fields.
    #[derive(Deserialize)]
    struct Version {
        format_version: u32,
    }
    let reason = |error: serde_json::Error| ModelError::Manifest {
        path: path.clone(),
        reason: error.to_string(),
    };
    let Version { format_version } = serde_json::from_str(&text).map_err(reason)?;
    if format_version != FORMAT_VERSION {
        return Err(ModelError::Version {
            path,
            found: format_version,
            supported: FORMAT_VERSION,
        });
    }
    serde_json::from_str(&text).map_err(reason)
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> ModelError {
    ModelError::Io {
        action,
        path: PathBuf::from(path),
        source,
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
