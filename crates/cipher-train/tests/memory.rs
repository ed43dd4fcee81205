//! Memory stays flat, however long a training or a text is.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::cipher_train;

/// Resident memory in KiB; `None` once the process has ended.
fn resident(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn training_for_200_epochs_takes_no_more_memory_than_for_100() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cipher_train(folder.path());
    command.args(["train", "--run", "run", "--device", "ndarray"]);
    for setting in [
        "training.epochs=200",
        "training.target_loss=1e-9",
        "training.batch_size=8",
        "messages.per_epoch=256",
        "messages.validation=200",
    ] {
        command.args(["--set", setting]);
    }
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = quiet.spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    // An epoch's line, then what the process holds.
    let mut held = Vec::new();
    for line in lines
        .map(Result::unwrap)
        .filter(|line| line.starts_with("epoch "))
    {
        held.extend(resident(&child).map(|kib| (line, kib)));
    }
    child.wait().unwrap();
    assert!(held.len() > 190, "{} epochs were seen", held.len());
    let most = |epochs: &[(String, u64)]| epochs.iter().map(|&(_, kib)| kib).max().unwrap();
    let (early, late) = held.split_at(100);
    let (early, late) = (most(early), most(late));
    // The allocator takes memory from the system in pieces of 2 MiB, and a thread may need its
    // first one at any time. A second half has 3,200 steps: at 4 KiB each they would keep 12 MiB.
    const PIECES: u64 = 3 * 2048;
    assert!(late <= early + PIECES, "KiB: {early}, then {late}");
}

#[test]
fn decrypting_takes_no_more_memory_for_a_longer_text() {
    decrypts_at_even_memory("\n");
}

#[test]
fn decrypting_takes_no_more_memory_for_a_longer_line() {
    decrypts_at_even_memory("");
}

/// Decrypts a text of many pieces with this behind each.
fn decrypts_at_even_memory(end: &str) {
    const N_PIECES: usize = 1_000_000;
    const CIPHERTEXT: &str = "FUVEMVEMNMERPDRFFUVEMVEMNMERPDRF";
    let folder = common::trained();
    let mut command = cipher_train(folder.path());
    let command = command.args(["decrypt", "--device", "ndarray"]);
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let pieces = format!("{CIPHERTEXT}{end}").repeat(100);
    let writer = thread::spawn(move || {
        (0..N_PIECES / 100).for_each(|_| stdin.write_all(pieces.as_bytes()).unwrap());
    });
    let expected = format!("THIS-IS-A-SECRETTHIS-IS-A-SECRET{end}");
    let (mut stdout, mut answer) = (BufReader::new(stdout), vec![0; expected.len()]);
    let mut held = Vec::new();
    let mut asked = Instant::now();
    for n_pieces in 0..N_PIECES {
        stdout.read_exact(&mut answer).unwrap();
        assert_eq!(std::str::from_utf8(&answer).unwrap(), expected);
        if asked.elapsed() > Duration::from_millis(5) {
            held.extend(resident(&child).map(|kib| (n_pieces, kib)));
            asked = Instant::now();
        }
    }
    writer.join().unwrap();
    child.wait().unwrap();
    let most = |pieces: std::ops::Range<usize>| {
        let within = held
            .iter()
            .filter(|(n_pieces, _)| pieces.contains(n_pieces));
        within.map(|&(_, kib)| kib).max().unwrap()
    };
    let (early, late) = (most(0..N_PIECES / 4), most(N_PIECES / 4..N_PIECES));
    println!("KiB: {early}, then {late}");
    // Buffers fill up at different times in different runs; what held the
    // text would hold these bytes more, and most often their answers too.
    let text_between = (N_PIECES * 3 / 4 * expected.len() / 1024) as u64;
    assert!(
        late <= early + text_between / 2,
        "KiB: {early}, then {late}; text: {text_between}"
    );
}
