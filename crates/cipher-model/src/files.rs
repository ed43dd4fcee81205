//! Reading and writing files so that a crash leaves no half-written file, and so that a file that is
//! not what it should be gives an error at once. Shared with the crates of this workspace; not part
//! of the public API.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

/// The prefix of the names of files that [`write_whole`] has not finished. A process that is killed
/// leaves one behind.
const TEMPORARY: &str = ".unfinished-";

/// Writes a file completely or not at all: to a temporary file in the same folder, which is synced
/// and renamed; then the folder is synced. Until the rename, an older file at `path` stays as it is.
///
/// A link to a regular file is followed, and stays a link.
///
/// # Errors
///
/// The system's error, or [`ErrorKind::InvalidInput`] if `path` exists and is not a regular file.
/// Nothing is left behind.
pub fn write_whole(path: impl AsRef<Path>, bytes: &[u8]) -> io::Result<()> {
    Unnamed::write(path.as_ref(), bytes)?.rename()
}

/// Reads a regular file of at most `max_bytes`, or one that a link points to.
///
/// # Errors
///
/// The system's error; [`ErrorKind::InvalidInput`] for anything but a regular file, such as a
/// folder, a FIFO or a device, without waiting for it; [`ErrorKind::FileTooLarge`] for a larger
/// file. No more than `max_bytes + 1` bytes are read.
pub fn read_whole(path: impl AsRef<Path>, max_bytes: u64) -> io::Result<Vec<u8>> {
    let path = path.as_ref();
    // Before opening as well, since opening a FIFO waits for a writer.
    check_regular(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check_regular(&metadata)?;
    let too_large = || {
        let reason = format!("it has more than {max_bytes} bytes");
        Err(io::Error::new(ErrorKind::FileTooLarge, reason))
    };
    if metadata.len() > max_bytes {
        return too_large();
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    // The file may grow while it is read.
    file.take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return too_large();
    }
    Ok(bytes)
}

/// Makes a folder and its parents, so that they survive a power failure.
///
/// # Errors
///
/// The system's error.
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

/// Deletes the temporary files of a killed process from a folder, which need not exist. Only the
/// one process that writes to the folder may call this.
///
/// # Errors
///
/// The system's error.
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

/// SHA-256 of some bytes, in lower-case hexadecimal.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    to_hex(&Sha256::digest(bytes))
}

/// A digest in lower-case hexadecimal.
pub fn to_hex(digest: &[u8]) -> String {
    HEXLOWER.encode(digest)
}

/// A file that is complete and synced, but still has a temporary name.
pub(crate) struct Unnamed {
    file: NamedTempFile,
    path: PathBuf,
}

impl Unnamed {
    /// Writes it to the folder of `path`.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let path = destination(path)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY);
        #[cfg(unix)] // the permissions of any new file, instead of those of a private one
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(parent(&path))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(Self { file, path })
    }

    /// Gives it its name.
    pub fn rename(self) -> io::Result<()> {
        self.file.persist(&self.path)?;
        sync_folder(parent(&self.path))
    }
}

/// Where to write: `path` itself, or the regular file that it links to.
fn destination(path: &Path) -> io::Result<PathBuf> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(path.into()),
        metadata => metadata?,
    };
    if metadata.is_symlink() {
        check_regular(&fs::metadata(path)?)?;
        return fs::canonicalize(path);
    }
    check_regular(&metadata)?;
    Ok(path.into())
}

fn check_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let reason = if metadata.is_dir() {
        "it is a folder, not a file"
    } else {
        "it is not a regular file but a device, a pipe or a socket"
    };
    Err(io::Error::new(ErrorKind::InvalidInput, reason))
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

/// Other systems cannot open a folder.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
