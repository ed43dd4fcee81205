//! Which runs were started and trained last, for commands that are given none.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use cipher_model::files::{make_folder, write_whole};

/// The folder for runs that were given none.
pub const RUNS: &str = "runs";

/// The names begin with a dot, which no run's name does.
pub const TRAINED: &str = ".trained";
pub const STARTED: &str = ".started";

pub fn read(kind: &str) -> Result<PathBuf> {
    let path = Path::new(RUNS).join(kind);
    match fs::read_to_string(&path) {
        Ok(folder) => Ok(from_text(&folder)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("no run here yet; train one first, or give its folder with --run")
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

pub fn write(kind: &str, folder: &Path) -> Result<()> {
    let path = Path::new(RUNS).join(kind);
    let absolute = env::current_dir().map(|here| here.join(folder));
    let text = format!("{}\n", absolute.unwrap_or_else(|_| folder.into()).display());
    make_folder(RUNS)
        .and_then(|()| write_whole(&path, text.as_bytes()))
        .with_context(|| format!("cannot write {}; later commands need --run", path.display()))
}

/// The path below the current folder, if it is there: shorter to read.
fn from_text(text: &str) -> PathBuf {
    let path = PathBuf::from(text.strip_suffix('\n').unwrap_or(text));
    let here = env::current_dir().ok();
    let inside = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    inside
        .filter(|inside| inside != Path::new(""))
        .unwrap_or(path)
}
