use std::fs;
#[cfg(unix)]
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// How the names of files begin that [`write_whole`] is not yet done with. A process that is killed
/// leaves one behind.
pub const TEMPORARY: &str = ".unfinished-";

/// Writes a file that is whole or, whatever happens on the way, not there: to a temporary name
/// beside `path`, synced, renamed, and the folder synced. An older file at `path` stays until then.
///
/// # Errors
///
/// The system's; nothing is left behind.
pub fn write_whole(path: impl AsRef<Path>, bytes: &[u8]) -> io::Result<()> {
    Written::beside(path.as_ref(), bytes)?.put()
}

/// Makes a folder, and those it is in, so that they are there after a power cut.
///
/// # Errors
///
/// The system's.
pub fn make_folder(folder: impl AsRef<Path>) -> io::Result<()> {
    let folder = folder.as_ref();
    if folder.is_dir() || folder == Path::new("") {
        return Ok(());
    }
    let parent = parent(folder);
    make_folder(parent)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists || !folder.is_dir() => Err(error),
        _ => sync_folder(parent),
    }
}

/// Deletes what a killed process left behind in a folder, which may be missing. Only for the one
/// process that writes there.
///
/// # Errors
///
/// The system's.
pub fn tidy_folder(folder: impl AsRef<Path>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A file that is safe on the disk under a temporary name.
pub struct Written {
    file: NamedTempFile,
    path: PathBuf,
}

impl Written {
    /// Writes it beside `path`.
    pub fn beside(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY);
        #[cfg(unix)] // as any new file, instead of a private one
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(parent(path))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(Self {
            file,
            path: path.into(),
        })
    }

    /// Gives it its name.
    pub fn put(self) -> io::Result<()> {
        self.file.persist(&self.path)?;
        sync_folder(parent(&self.path))
    }
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
