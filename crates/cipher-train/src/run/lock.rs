use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

const LOCK: &str = "lock";
/// The id is in a file of its own: on Windows nobody else can read a file that is locked.
const PROCESS: &str = "process";

/// The right to write in a run folder. The system releases it when the process ends, however that
/// happens.
#[derive(Debug, Clone)]
pub struct Lock {
    _file: Arc<File>,
}

impl Lock {
    /// # Errors
    ///
    /// When another process has the lock, or the folder cannot be written to.
    pub fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(LOCK);
        let cannot = || format!("cannot lock {}", path.display());
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let file = options.open(&path).with_context(cannot)?;
        let mut tried = file.try_lock();
        // `status` holds the lock for a moment, to see whether it is free.
        for _ in 0..5 {
            if !matches!(tried, Err(TryLockError::WouldBlock)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
            tried = file.try_lock();
        }
        match tried {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "process {} is training in {}; wait for it, stop it, or give another folder",
                process(folder),
                folder.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error).with_context(cannot),
        }
        fs::write(folder.join(PROCESS), std::process::id().to_string()).with_context(cannot)?;
        Ok(Self {
            _file: Arc::new(file),
        })
    }
}

/// The id of the process that has the lock, if one has: 0 if it is not written yet.
pub fn holder(folder: &Path) -> Option<u32> {
    match File::open(folder.join(LOCK)).ok()?.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(process(folder)),
        _ => None,
    }
}

fn process(folder: &Path) -> u32 {
    let id = fs::read_to_string(folder.join(PROCESS)).unwrap_or_default();
    id.trim().parse().unwrap_or_default()
}
