use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file that is whole or, whatever happens on the way, not there: to a temporary name
/// beside `path`, synced, renamed, and the folder synced. An older file at `path` stays until then.
///
/// # Errors
///
/// The system's; nothing is left behind.
pub fn write_whole(path: impl AsRef<Path>, bytes: &[u8]) -> io::Result<()> {
    let path = path.as_ref();
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)] // as any new file, instead of a private one
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)] // elsewhere a folder cannot be opened
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// How the names of files begin that [`write_whole`] is not yet done with. A process that is killed
/// leaves one behind.
pub const TEMPORARY: &str = ".unfinished-";
