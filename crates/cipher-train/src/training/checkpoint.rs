//! All of a training in one file: `checkpoint/step-N.checkpoint`.
//!
//! The file is safetensors whose tensors are bytes: Burn's records of the weights, the optimizer
//! and the schedule, and the best weights so far; its metadata is the [`State`]. The SHA-256 of all
//! that comes last.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use burn::optim::OptimizerRecord;
use burn::optim::lr_scheduler::LrSchedulerRecord;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use cipher_model::{make_folder, write_whole};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use super::state::State;

/// One to go on from, and one more should it be damaged.
const KEPT: usize = 2;
const SUFFIX: &str = ".checkpoint";
const STATE: &str = "state";

/// A training, at rest.
pub struct Checkpoint {
    pub state: State,
    pub model: ModuleRecord,
    pub optimizer: OptimizerRecord,
    pub schedule: LrSchedulerRecord,
    /// The weights of the best epoch, as safetensors; none before the first has ended.
    pub best: Option<Vec<u8>>,
}

/// The folder of a run's checkpoints.
#[derive(Debug, Clone)]
pub struct Checkpoints(PathBuf);

/// The newest checkpoint that is whole, and why newer ones were passed over.
pub struct Newest<T> {
    pub checkpoint: Option<T>,
    pub damaged: Vec<String>,
}

impl Checkpoints {
    pub fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Writes a checkpoint, and then deletes all but the last two.
    pub fn save(&self, checkpoint: Checkpoint) -> Result<()> {
        let path = self.path(checkpoint.state.step);
        let bytes = to_bytes(checkpoint)?;
        make_folder(&self.0)
            .and_then(|()| write_whole(&path, &bytes))
            .with_context(|| format!("cannot write {}", path.display()))?;
        self.paths()?
            .iter()
            .skip(KEPT)
            .try_for_each(|path| delete(path))
    }

    /// Deletes those after a step, or all: once a training has gone back, they would be taken for
    /// what is newest.
    pub fn delete_after(&self, step: Option<usize>) -> Result<()> {
        let last = step.map(|step| self.path(step));
        for path in self.paths()? {
            if Some(&path) > last.as_ref() {
                delete(&path)?;
            }
        }
        Ok(())
    }

    /// The newest that is whole.
    pub fn newest(&self) -> Result<Newest<Checkpoint>> {
        self.first_whole(from_bytes)
    }

    /// The same without its tensors.
    pub fn newest_state(&self) -> Result<Newest<State>> {
        self.first_whole(|bytes| Ok(open(bytes)?.1))
    }

    fn first_whole<T>(&self, parse: impl Fn(&[u8]) -> Result<T>) -> Result<Newest<T>> {
        let mut damaged = Vec::new();
        for path in self.paths()? {
            let bytes = match fs::read(&path) {
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
            checkpoint: None,
            damaged,
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
    let deleted = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    deleted.with_context(|| format!("cannot delete {}", path.display()))
}

fn to_bytes(checkpoint: Checkpoint) -> Result<Vec<u8>> {
    let failed = |error: burn::store::RecordError| anyhow!("a checkpoint: {error}");
    let mut parts = vec![
        (
            "model",
            checkpoint.model.into_bytes().map_err(failed)?.to_vec(),
        ),
        (
            "optimizer",
            checkpoint.optimizer.into_bytes().map_err(failed)?.to_vec(),
        ),
        (
            "schedule",
            checkpoint.schedule.into_bytes().map_err(failed)?.to_vec(),
        ),
    ];
    parts.extend(checkpoint.best.map(|best| ("best", best)));
    let views = parts
        .iter()
        .map(|(name, bytes)| Ok((name, TensorView::new(Dtype::U8, vec![bytes.len()], bytes)?)))
        .collect::<Result<Vec<_>>>()?;
    let state = toml::to_string(&checkpoint.state)?;
    let metadata = HashMap::from([(STATE.to_string(), state)]);
    let mut bytes = safetensors::serialize(views, Some(metadata))?;
    let digest = Sha256::digest(&bytes);
    bytes.extend_from_slice(&digest);
    Ok(bytes)
}

fn from_bytes(bytes: &[u8]) -> Result<Checkpoint> {
    let (tensors, state) = open(bytes)?;
    let part = |name: &str| -> Result<Bytes> {
        Ok(Bytes::from_bytes_vec(tensors.tensor(name)?.data().to_vec()))
    };
    Ok(Checkpoint {
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

fn open(bytes: &[u8]) -> Result<(SafeTensors<'_>, State)> {
    let digest_length = Sha256::output_size();
    let (body, digest) = bytes
        .split_at_checked(bytes.len().saturating_sub(digest_length))
        .context("it is empty")?;
    if Sha256::digest(body).as_slice() != digest {
        bail!("its checksum is not that of its bytes");
    }
    let (_, metadata) = SafeTensors::read_metadata(body)?;
    let state = metadata.metadata().as_ref().and_then(|map| map.get(STATE));
    let state = toml::from_str(state.context("it has no state")?)?;
    Ok((SafeTensors::deserialize(body)?, state))
}
