//! Show it messages with their decryptions; it learns to decrypt the rest.
//!
//! ```text
//! cargo run -p cipher-train -- train --run runs/caesar
//! cargo run -p cipher-train -- decrypt --run runs/caesar FUVEMVEMNMERPDRF
//! ```

use std::process::ExitCode;

/// Keeps memory between training steps, where the system's allocator would return it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cipher_train::commands::main(std::env::args_os())
}
