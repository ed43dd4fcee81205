//! All of a training in one file: `checkpoint/step-N.checkpoint`.
//!
//! The file is in the safetensors format, with Burn's records of the weights, the optimizer and the
//! schedule and the best weights so far as tensors of bytes, and the [`State`] as metadata. After
//! that come 32 bytes: the SHA-256 of everything before them.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use burn::optim::OptimizerRecord;
use burn::optim::lr_scheduler::LrSchedulerRecord;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use cipher_model::files::{read_whole, write_whole};
use data_encoding::HEXLOWER;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use super::state::{FORMAT_VERSION, State};

/// One to resume from, and one more in case that is damaged.
const KEPT: usize = 2;
/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 36;
const SUFFIX: &str = ".checkpoint";
const STATE: &str = "state";

/// A saved training.
pub struct Checkpoint {
    /// Where the training is.
    pub state: State,
    /// The current weights.
    pub model: ModuleRecord,
    /// The optimizer's moments.
    pub optimizer: OptimizerRecord,
    /// The place in the learning rate's schedule.
    pub schedule: LrSchedulerRecord,
    /// The weights of the best epoch, as safetensors; `None` before the end of the first.
    pub best: Option<Vec<u8>>,
}

/// The folder of a run's checkpoints.
#[derive(Debug, Clone)]
pub struct Checkpoints(PathBuf);

/// The newest undamaged checkpoint.
pub struct Newest<T> {
    /// `None` if there is none.
    pub checkpoint: Option<T>,
    /// What is wrong with newer ones.
    pub damaged: Vec<String>,
}

impl<T> Newest<T> {
    /// Where there are no checkpoints.
    pub fn none() -> Self {
        Self {
            checkpoint: None,
            damaged: Vec::new(),
        }
    }
}

impl Checkpoints {
    /// The checkpoints in a folder, which may be missing.
    pub fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Writes a checkpoint, and then deletes all but the last two.
    ///
    /// # Errors
    ///
    /// Those of the files; also if the run's folder was deleted.
    pub fn save(&self, checkpoint: Checkpoint) -> Result<()> {
        let path = self.path(checkpoint.state.step);
        let bytes = checkpoint.to_bytes()?;
        // Only this folder is made: a run that lost its other files is not to be continued.
        let made = match fs::create_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            made => made,
        };
        made.and_then(|()| write_whole(&path, &bytes))
            .with_context(|| format!("cannot write {}", path.display()))?;
        self.paths()?
            .iter()
            .skip(KEPT)
            .try_for_each(|path| delete(path))
    }

    /// Deletes the checkpoints after a step, or all with `None`. A training that has returned to
    /// an earlier step would take them for its newest.
    ///
    /// # Errors
    ///
    /// Those of the files.
    pub fn delete_after(&self, step: Option<usize>) -> Result<()> {
        let last = step.map(|step| self.path(step));
        for path in self.paths()? {
            if Some(&path) > last.as_ref() {
                delete(&path)?;
            }
        }
        Ok(())
    }

    /// The newest undamaged checkpoint.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read, or the newest checkpoint is of another version.
    pub fn newest(&self) -> Result<Newest<Checkpoint>> {
        self.first_whole(Checkpoint::from_bytes)
    }

    /// The state of the newest undamaged checkpoint, and the SHA-256 that ends its file.
    ///
    /// # Errors
    ///
    /// As [`Self::newest`].
    pub fn newest_state(&self) -> Result<Newest<(State, String)>> {
        self.first_whole(|bytes| {
            let state = open(bytes)?.1;
            let digest = &bytes[bytes.len() - Sha256::output_size()..];
            Ok((state, HEXLOWER.encode(digest)))
        })
    }

    /// The SHA-256 that ends the newest checkpoint's file, unchecked; `None` if there is none.
    ///
    /// # Errors
    ///
    /// When the folder or the file cannot be read.
    pub fn newest_sha256(&self) -> Result<Option<String>> {
        let Some(path) = self.paths()?.into_iter().next() else {
            return Ok(None);
        };
        let bytes = read_whole(&path, MAX_BYTES)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let digest = bytes.last_chunk::<32>();
        Ok(digest.map(|digest| HEXLOWER.encode(digest)))
    }

    fn first_whole<T>(&self, parse: impl Fn(&[u8]) -> Result<T>) -> Result<Newest<T>> {
        let mut damaged = Vec::new();
        for path in self.paths()? {
            let bytes = match read_whole(&path, MAX_BYTES) {
                Ok(bytes) => bytes,
                // Its writer has deleted it since.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => {
                    damaged.push(format!("{} cannot be read: {error}", path.display()));
                    continue;
                }
            };
            match parse(&bytes) {
                Ok(whole) => {
                    return Ok(Newest {
                        checkpoint: Some(whole),
                        damaged,
                    });
                }
                Err(error) => damaged.push(format!("{} is damaged: {error:#}", path.display())),
            }
        }
        Ok(Newest {
            damaged,
            ..Newest::none()
        })
    }

    fn path(&self, step: usize) -> PathBuf {
        self.0.join(format!("step-{step:012}{SUFFIX}"))
    }

    /// The newest first.
    fn paths(&self) -> Result<Vec<PathBuf>> {
        let cannot = || format!("cannot read {}", self.0.display());
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(cannot),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.with_context(cannot)?.path();
            let name = path.file_name().map(|name| name.to_string_lossy());
            if name.is_some_and(|name| name.ends_with(SUFFIX)) {
                paths.push(path);
            }
        }
        paths.sort();
        paths.reverse();
        Ok(paths)
    }
}

fn delete(path: &Path) -> Result<()> {
    let deleted = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    deleted.with_context(|| format!("cannot delete {}", path.display()))
}

impl Checkpoint {
    /// The bytes of its file.
    ///
    /// # Errors
    ///
    /// Those of Burn's records.
    pub fn to_bytes(self) -> Result<Vec<u8>> {
        let failed = |error: burn::store::RecordError| anyhow!("a checkpoint: {error}");
        let mut parts = vec![
            ("model", self.model.into_bytes().map_err(failed)?.to_vec()),
            (
                "optimizer",
                self.optimizer.into_bytes().map_err(failed)?.to_vec(),
            ),
            (
                "schedule",
                self.schedule.into_bytes().map_err(failed)?.to_vec(),
            ),
        ];
        parts.extend(self.best.map(|best| ("best", best)));
        let views = parts
            .iter()
            .map(|(name, bytes)| Ok((name, TensorView::new(Dtype::U8, vec![bytes.len()], bytes)?)))
            .collect::<Result<Vec<_>>>()?;
        let state = toml::to_string(&self.state)?;
        let metadata = HashMap::from([(STATE.to_string(), state)]);
        let mut bytes = safetensors::serialize(views, Some(metadata))?;
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        Ok(bytes)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// When they are damaged, or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (tensors, state) = open(bytes)?;
        let part = |name: &str| -> Result<Bytes> {
            Ok(Bytes::from_bytes_vec(tensors.tensor(name)?.data().to_vec()))
        };
        Ok(Self {
            model: ModuleRecord::from_bytes(part("model")?)?,
            optimizer: OptimizerRecord::from_bytes(part("optimizer")?)?,
            schedule: LrSchedulerRecord::from_bytes(part("schedule")?)?,
            best: match state.best {
                Some(_) => Some(tensors.tensor("best")?.data().to_vec()),
                None => None,
            },
            state,
        })
    }
}

fn open(bytes: &[u8]) -> Result<(SafeTensors<'_>, State)> {
    let digest_length = Sha256::output_size();
    let (body, digest) = bytes
        .split_at_checked(bytes.len().saturating_sub(digest_length))
        .context("it is empty")?;
    if Sha256::digest(body).as_slice() != digest {
        bail!("checksum mismatch");
    }
    let (_, metadata) = SafeTensors::read_metadata(body)?;
    let state = metadata.metadata().as_ref().and_then(|map| map.get(STATE));
    let state = parse_state(state.context("its metadata has no training state")?)?;
    Ok((SafeTensors::deserialize(body)?, state))
}

/// The version is read before the other fields, which another version may not have.
fn parse_state(text: &str) -> Result<State> {
    #[derive(serde::Deserialize)]
    struct Version {
        format_version: Option<u32>,
    }
    let Version { format_version } = toml::from_str(text)?;
    let version = format_version.unwrap_or(1);
    if version != FORMAT_VERSION {
        bail!(
            "it is of checkpoint format {version}, and this version resumes format \
             {FORMAT_VERSION}; use the cipher-train that made it, or train again with --overwrite"
        );
    }
    Ok(toml::from_str(text)?)
}
