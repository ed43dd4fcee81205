//! Files are read within bounds and written completely or not at all, and nothing but a regular file
//! is read or replaced.

use std::fs;
use std::io::ErrorKind;

use cipher_model::files::{read_whole, sha256_hex, tidy_folder, write_whole};

#[test]
fn a_file_reads_back_up_to_its_bound_and_not_above() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    write_whole(&path, b"12345").unwrap();
    assert_eq!(read_whole(&path, 5).unwrap(), b"12345");
    assert_eq!(read_whole(&path, u64::MAX).unwrap(), b"12345");
    let error = read_whole(&path, 4).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    let error = read_whole(folder.path().join("missing"), 4).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn writing_leaves_the_file_alone_in_its_folder_and_tidying_removes_leftovers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    write_whole(&path, b"old").unwrap();
    write_whole(&path, b"new").unwrap();
    fs::write(folder.path().join(".unfinished-abc"), b"ne").unwrap();
    tidy_folder(folder.path()).unwrap();
    tidy_folder(folder.path().join("missing")).unwrap();
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["file"]);
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[test]
fn a_folder_is_neither_read_nor_replaced() {
    let folder = tempfile::tempdir().unwrap();
    for result in [
        read_whole(folder.path(), 9).map(|_| ()),
        write_whole(folder.path(), b"new"),
    ] {
        assert_eq!(
            result.unwrap_err().to_string(),
            "it is a folder, not a file"
        );
    }
}

#[test]
fn a_digest_is_that_of_the_published_example() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        sha256_hex("abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{FileTypeExt, symlink};
    use std::path::Path;

    use super::*;

    fn is_refused(path: &Path) {
        for result in [read_whole(path, 9).map(|_| ()), write_whole(path, b"new")] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains("not a regular file"), "{error}");
        }
    }

    #[test]
    fn pipes_sockets_devices_and_links_to_them_are_refused_at_once_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.unwrap().success());
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let device = folder.path().join("device");
        symlink("/dev/zero", &device).unwrap();
        let link = folder.path().join("link");
        symlink(&fifo, &link).unwrap();
        for path in [&fifo, &socket, &device, &link, Path::new("/dev/null")] {
            is_refused(path);
        }
        assert!(fs::metadata(&fifo).unwrap().file_type().is_fifo());
        assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
    }

    #[test]
    fn a_link_to_a_file_is_followed_and_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let file = elsewhere.path().join("file");
        let link = folder.path().join("link");
        symlink(&file, &link).unwrap();
        // As long as the link points nowhere, it cannot be followed.
        assert_eq!(
            write_whole(&link, b"new").unwrap_err().kind(),
            ErrorKind::NotFound
        );
        fs::write(&file, b"old").unwrap();
        assert_eq!(read_whole(&link, 9).unwrap(), b"old");
        write_whole(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
