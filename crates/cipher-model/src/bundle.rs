use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor, TensorData};
use cipher_data::{Alphabet, AlphabetConfig};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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
    /// Writes the bundle into `folder`, which is made if need be. Each file is written whole or
    /// not at all; the manifest comes last and names the weights by their hash.
    ///
    /// # Errors
    ///
    /// [`ModelError::Io`].
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ModelError> {
        let folder = folder.as_ref();
        fs::create_dir_all(folder).map_err(|source| io_error("write", folder, source))?;
        let weights = serialize(&self.model);
        let manifest = Manifest {
            format_version: FORMAT_VERSION,
            model: self.config.clone(),
            ciphertext_alphabet: self.ciphertext_alphabet.to_config(),
            plaintext_alphabet: self.plaintext_alphabet.to_config(),
            measured: self.measured,
            weights_sha256: sha256(&weights),
        };
        let manifest = serde_json::to_string_pretty(&manifest).expect("a manifest is plain data");
        write_whole(&folder.join(WEIGHTS), &weights)?;
        write_whole(&folder.join(MANIFEST), manifest.as_bytes())
    }

    /// Reads a bundle from `folder`.
    ///
    /// # Errors
    ///
    /// When the folder holds none, it is of another version, or damaged. No input takes more
    /// memory than a small multiple of its files' sizes.
    pub fn load(folder: impl AsRef<Path>, device: &Device) -> Result<Self, ModelError> {
        let folder = folder.as_ref();
        let manifest = read_manifest(folder)?;
        let path = folder.join(WEIGHTS);
        let bytes = fs::read(&path).map_err(|source| io_error("read", &path, source))?;
        let damaged = |reason: String| ModelError::Weights {
            path: path.clone(),
            reason,
        };
        if sha256(&bytes) != manifest.weights_sha256 {
            return Err(damaged(
                "it is not the file that the manifest was written for".into(),
            ));
        }

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
            model: deserialize(&bytes, model).map_err(damaged)?,
            config,
            ciphertext_alphabet,
            plaintext_alphabet,
            measured: manifest.measured,
        })
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

/// Writes to a temporary name beside `path`, syncs, and renames.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ModelError> {
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)] // as any new file, instead of a private one
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|source| io_error("write", path, source))
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

/// The weights under the names of the modules they are in, as little-endian f32.
fn serialize(model: &CipherModel) -> Vec<u8> {
    let mut collector = Collector::default();
    model.visit(&mut collector);
    let views = collector.tensors.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
        (name, view.expect("as many bytes as the shape says"))
    });
    safetensors::serialize(views, None).expect("names and shapes are plain")
}

#[derive(Default)]
struct Collector {
    path: Vec<String>,
    tensors: Vec<(String, Vec<usize>, Vec<u8>)>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let values = param.val().into_data();
        let bytes = values.iter::<f32>().flat_map(f32::to_le_bytes).collect();
        let shape = param.val().dims().to_vec();
        self.tensors.push((self.path.join("."), shape, bytes));
    }
}

/// The model with the weights of a safetensors file, which must hold just those of the model.
fn deserialize(bytes: &[u8], model: CipherModel) -> Result<CipherModel, String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    let mut loader = Loader {
        path: Vec::new(),
        n_loaded: 0,
        tensors,
        error: None,
    };
    let model = model.map(&mut loader);
    match loader.error {
        Some(error) => Err(error),
        None if loader.n_loaded < loader.tensors.len() => Err(format!(
            "it holds {} tensors and the model has {}",
            loader.tensors.len(),
            loader.n_loaded
        )),
        None => Ok(model),
    }
}

struct Loader<'a> {
    path: Vec<String>,
    n_loaded: usize,
    tensors: SafeTensors<'a>,
    error: Option<String>,
}

impl Loader<'_> {
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let tensor = self
            .tensors
            .tensor(name)
            .map_err(|error| error.to_string())?;
        if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
            let (dtype, found) = (tensor.dtype(), tensor.shape());
            return Err(format!(
                "{name} is {dtype:?} {found:?} instead of F32 {shape:?}"
            ));
        }
        let values = tensor.data().chunks_exact(size_of::<f32>());
        let values =
            values.map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        Ok(values.collect())
    }
}

impl ModuleMapper for Loader<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.val().dims();
        let device = param.val().device();
        match self.values(&self.path.join("."), &shape) {
            Ok(values) => {
                self.n_loaded += 1;
                let data = TensorData::new(values, shape);
                param.map(|_| Tensor::from_data(data, &device))
            }
            Err(error) => {
                self.error.get_or_insert(error);
                param
            }
        }
    }
}
