use std::io;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Device;
use cipher_data::{Alphabet, AlphabetConfig, InputIds, LengthRange, SymbolId};
use serde::{Deserialize, Serialize};

use crate::files::{Unnamed, make_folder, read_whole, sha256_hex};
use crate::{CipherModel, CipherModelConfig, ModelError, Score};

/// The bundle format that this library writes. It reads this one and all older ones.
pub const FORMAT_VERSION: u32 = 2;

const MANIFEST: &str = "manifest.json";
const WEIGHTS: &str = "weights.safetensors";

/// The largest manifest in bytes: far more than the largest alphabets need.
const MAX_MANIFEST: u64 = 1 << 26;
/// The largest size of the weight file in bytes, without the weights: far more than its names need.
const MAX_WEIGHTS_HEADER: u64 = 1 << 20;

/// The text that takes the place of the checksum while it is computed.
const BLANK_CHECKSUM: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How well a trained model did on messages that it had never seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The counts on the test set. Format 1 calls it `held_out`.
    #[serde(alias = "held_out")]
    pub test: Score,
    /// The epoch that the weights are from, counted from 1.
    pub epoch: usize,
}

/// The contents of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format_version: u32,
    model: CipherModelConfig,
    ciphertext_alphabet: AlphabetConfig,
    plaintext_alphabet: AlphabetConfig,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<KeyText>,
    measured: Measured,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    untrained: Vec<SymbolId>,
    /// SHA-256 of the weight file, in hexadecimal.
    weights_sha256: String,
    /// See [`checksum`]; format 1 has none.
    #[serde(default)]
    checksum: Option<String>,
}

/// The keys of a bundle in `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyText {
    alphabet: AlphabetConfig,
    min_length: usize,
    max_length: usize,
}

/// The keys that a model was trained with, where it is told the key of each message.
#[derive(Debug, Clone)]
pub struct TrainedKeys {
    /// Their symbols.
    pub alphabet: Alphabet,
    /// Their lengths.
    pub lengths: LengthRange,
}

/// What decrypting with a trained model needs. On disk it is a folder of two files:
/// `manifest.json`, which has a checksum of itself and one of the weights, and
/// `weights.safetensors`.
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
    /// The keys that the model was trained with, if it is told the key of each message.
    pub keys: Option<TrainedKeys>,
    /// How well the model did on messages that it had never seen.
    pub measured: Measured,
    /// Symbols of the ciphertext's alphabet that no training pair had, in order: the model's answers
    /// to them are guesses, and under [`Outside::Mark`](cipher_data::Outside::Mark) a decryptor
    /// treats them as unknown.
    pub untrained: Vec<SymbolId>,
}

impl Bundle {
    /// Writes the bundle into `folder`, which is created if it does not exist. An older bundle stays
    /// there until both new files are safely on disk. Then they replace it, the manifest last.
    ///
    /// # Errors
    ///
    /// [`ModelError::Io`]; [`ModelError::Parts`] when the model is not one of the config and the
    /// alphabets, as no program could load it.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ModelError> {
        let folder = folder.as_ref();
        let n_expected = self
            .config
            .n_weights(self.inputs()?, self.plaintext_alphabet.len());
        let n_weights = self.model.num_params() as u64;
        if n_weights != n_expected {
            return Err(ModelError::Parts {
                n_weights,
                n_expected,
            });
        }
        make_folder(folder).map_err(|reason| io_error("write", folder, reason))?;
        let weights = self.model.to_safetensors();
        let manifest = self.manifest(&weights);
        let failed = |name, reason| io_error("write", &folder.join(name), reason);
        let write = |name, bytes: &[u8]| {
            let written = Unnamed::write(&folder.join(name), bytes);
            written.map_err(|reason| failed(name, reason))
        };
        let weights = write(WEIGHTS, &weights)?;
        let manifest = write(MANIFEST, manifest.as_bytes())?;
        weights.rename().map_err(|reason| failed(WEIGHTS, reason))?;
        manifest.rename().map_err(|reason| failed(MANIFEST, reason))
    }

    /// Checks that a folder holds a complete, undamaged bundle, without making the model. Returns how well it
    /// did.
    ///
    /// # Errors
    ///
    /// See [`Self::load`].
    pub fn check(folder: impl AsRef<Path>) -> Result<Measured, ModelError> {
        read(folder.as_ref()).map(|files| files.manifest.measured)
    }

    /// SHA-256 of a bundle's manifest in hexadecimal. As the manifest holds the checksum of the
    /// weights, bundles that differ in anything have different fingerprints.
    ///
    /// # Errors
    ///
    /// When the folder has no manifest, or it cannot be read. Its contents are not checked.
    pub fn fingerprint(folder: impl AsRef<Path>) -> Result<String, ModelError> {
        let path = folder.as_ref().join(MANIFEST);
        read_manifest_bytes(&path).map(sha256_hex)
    }

    /// Reads a bundle from `folder`.
    ///
    /// # Errors
    ///
    /// When the folder has no bundle, or one of a newer format, and when a file is damaged, which
    /// the error names. Memory stays within a small multiple of what the manifest's model needs.
    pub fn load(folder: impl AsRef<Path>, device: &Device) -> Result<Self, ModelError> {
        let folder = folder.as_ref();
        let Files {
            manifest,
            weights,
            ciphertext_alphabet,
            plaintext_alphabet,
            keys,
            inputs,
        } = read(folder)?;
        let damaged = |reason| damaged_weights(folder, reason);
        let config = manifest.model;
        let n_plaintext = plaintext_alphabet.len();
        // Checked before memory is reserved for the model.
        let needed = config.n_weights(inputs, n_plaintext) * size_of::<f32>() as u64;
        if needed > weights.len() as u64 {
            let found = weights.len();
            return Err(damaged(format!(
                "it has {found} bytes and the model needs {needed}"
            )));
        }
        let model = config.init(inputs, n_plaintext, 0, device)?;
        Ok(Self {
            model: model.load_safetensors(&weights).map_err(damaged)?,
            config,
            ciphertext_alphabet,
            plaintext_alphabet,
            keys,
            measured: manifest.measured,
            untrained: manifest.untrained,
        })
    }

    /// What the model reads.
    ///
    /// # Errors
    ///
    /// See [`CipherModelConfig::inputs`]. There is none in a bundle that was loaded.
    pub fn inputs(&self) -> Result<InputIds, ModelError> {
        let n_key = self.keys.as_ref().map_or(0, |keys| keys.alphabet.len());
        self.config.inputs(self.ciphertext_alphabet.len(), n_key)
    }

    /// The text of the manifest.
    #[allow(clippy::expect_used)] // plain data has a JSON form
    fn manifest(&self, weights: &[u8]) -> String {
        let manifest = Manifest {
            format_version: FORMAT_VERSION,
            model: self.config.clone(),
            ciphertext_alphabet: self.ciphertext_alphabet.to_config(),
            plaintext_alphabet: self.plaintext_alphabet.to_config(),
            key: self.keys.as_ref().map(|keys| KeyText {
                alphabet: keys.alphabet.to_config(),
                min_length: keys.lengths.min(),
                max_length: keys.lengths.max(),
            }),
            measured: self.measured,
            untrained: self.untrained.clone(),
            weights_sha256: sha256_hex(weights),
            checksum: Some(BLANK_CHECKSUM.into()),
        };
        let blank = serde_json::to_string_pretty(&manifest).expect("a manifest is plain data");
        // The checksum is the last field.
        let (before, after) = blank
            .rsplit_once(BLANK_CHECKSUM)
            .expect("the blank was just written");
        format!("{before}{}{after}", sha256_hex(&blank))
    }
}

/// The files of a bundle, checked.
struct Files {
    manifest: Manifest,
    weights: Vec<u8>,
    ciphertext_alphabet: Alphabet,
    plaintext_alphabet: Alphabet,
    keys: Option<TrainedKeys>,
    inputs: InputIds,
}

fn read(folder: &Path) -> Result<Files, ModelError> {
    let path = folder.join(MANIFEST);
    let manifest = read_manifest(&path)?;
    let invalid = |reason: String| ModelError::Manifest {
        path: path.clone(),
        reason,
    };
    let model = &manifest.model;
    model.check().map_err(|error| invalid(error.to_string()))?;
    let alphabet = |config: &AlphabetConfig| {
        let alphabet = config.init();
        alphabet.map_err(|error| invalid(error.to_string()))
    };
    let ciphertext_alphabet = alphabet(&manifest.ciphertext_alphabet)?;
    let plaintext_alphabet = alphabet(&manifest.plaintext_alphabet)?;
    let keys = match (&manifest.key, model.key_input) {
        (None, None) => None,
        (Some(keys), Some(_)) => Some(TrainedKeys {
            alphabet: alphabet(&keys.alphabet)?,
            lengths: LengthRange::new(keys.min_length, keys.max_length)
                .map_err(|error| invalid(error.to_string()))?,
        }),
        _ => {
            return Err(invalid(
                "key and model.key_input do not belong together".into(),
            ));
        }
    };
    let n_key = keys.as_ref().map_or(0, |keys| keys.alphabet.len());
    let inputs = model.inputs(ciphertext_alphabet.len(), n_key);
    let inputs = inputs.map_err(|error| invalid(error.to_string()))?;

    let n_weights = model.n_weights(inputs, plaintext_alphabet.len());
    let max_bytes = n_weights * size_of::<f32>() as u64 + MAX_WEIGHTS_HEADER;
    let path = folder.join(WEIGHTS);
    let weights = read_whole(&path, max_bytes).map_err(|reason| io_error("read", &path, reason))?;
    if sha256_hex(&weights) != manifest.weights_sha256 {
        let reason = "its checksum is not the one in manifest.json";
        return Err(damaged_weights(folder, reason.into()));
    }
    Ok(Files {
        manifest,
        weights,
        ciphertext_alphabet,
        plaintext_alphabet,
        keys,
        inputs,
    })
}

fn read_manifest(path: &Path) -> Result<Manifest, ModelError> {
    let invalid = |reason: String| ModelError::Manifest {
        path: path.into(),
        reason,
    };
    let text = String::from_utf8(read_manifest_bytes(path)?)
        .map_err(|_| invalid("it is not UTF-8 text".into()))?;
    /// Read before the rest, as another version may have other fields.
    #[derive(Deserialize)]
    struct Version {
        format_version: u32,
    }
    let json = |error: serde_json::Error| invalid(error.to_string());
    let Version { format_version } = serde_json::from_str(&text).map_err(json)?;
    if !(1..=FORMAT_VERSION).contains(&format_version) {
        return Err(ModelError::Version {
            path: path.into(),
            found: format_version,
            supported: FORMAT_VERSION,
        });
    }
    let manifest: Manifest = serde_json::from_str(&text).map_err(json)?;
    let is_intact = match &manifest.checksum {
        Some(expected) => {
            format_version > 1 && checksum(&text, expected).as_ref() == Some(expected)
        }
        None => format_version == 1,
    };
    if !is_intact {
        return Err(invalid("checksum mismatch".into()));
    }
    Ok(manifest)
}

/// SHA-256 of a manifest's text in hexadecimal, where its checksum is replaced by as many zeros.
/// None if the text does not have the checksum exactly once.
fn checksum(text: &str, checksum: &str) -> Option<String> {
    let (before, after) = text.split_once(checksum)?;
    let is_once = checksum.len() == BLANK_CHECKSUM.len() && !after.contains(checksum);
    is_once.then(|| sha256_hex([before, BLANK_CHECKSUM, after].concat()))
}

fn read_manifest_bytes(path: &Path) -> Result<Vec<u8>, ModelError> {
    read_whole(path, MAX_MANIFEST).map_err(|reason| match reason.kind() {
        io::ErrorKind::NotFound => ModelError::NoBundle(path.parent().unwrap_or(path).into()),
        _ => io_error("read", path, reason),
    })
}

fn damaged_weights(folder: &Path, reason: String) -> ModelError {
    ModelError::Weights {
        path: folder.join(WEIGHTS),
        reason,
    }
}

fn io_error(action: &'static str, path: &Path, reason: io::Error) -> ModelError {
    ModelError::Io {
        action,
        path: PathBuf::from(path),
        reason,
    }
}
