//! What to type next.

use std::path::Path;

/// How this program was called.
pub fn command_line() -> &'static str {
    match std::env::var_os("CARGO") {
        Some(_) if cfg!(feature = "wgpu") => "cargo run -p cipher-train --features wgpu --",
        Some(_) => "cargo run -p cipher-train --features ndarray --",
        None => "cipher-train",
    }
}

/// A text to decrypt, in single quotes if a shell would change it.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match text.chars().all(plain) && !text.starts_with('-') {
        true => text.into(),
        false => format!("-- {}", in_quotes(text)),
    }
}

/// A path, in single quotes if a shell would change it.
pub fn quote_path(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    match path.chars().all(plain) {
        true => path,
        false => in_quotes(&path),
    }
}

fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
