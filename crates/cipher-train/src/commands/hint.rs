//! What to type next, in a form that works where it is pasted.

use std::path::{Path, PathBuf, absolute};

/// The command line that started this program.
pub fn command_line() -> String {
    match std::env::var_os("CARGO") {
        Some(_) => format!("cargo run -p cipher-train{} --", features()),
        None => program(),
    }
}

/// The features that a build has other than by default. Another build would compute elsewhere.
fn features() -> &'static str {
    if cfg!(feature = "cuda") {
        " --features cuda"
    } else if cfg!(feature = "wgpu") {
        " --features wgpu"
    } else if cfg!(feature = "ndarray") {
        "" // the default
    } else {
        " --no-default-features --features flex"
    }
}

/// The name alone if the shell finds it, otherwise the path of the program.
fn program() -> String {
    let called = std::env::args_os().next().map(PathBuf::from);
    let is_a_path = called.is_some_and(|called| called.components().count() > 1);
    match std::env::current_exe() {
        Ok(program) if is_a_path => quote_path(&program),
        _ => "cipher-train".into(),
    }
}

/// The folder of a run as an argument that works from every folder.
pub fn run_argument(run: &Path) -> String {
    quote_path(&absolute(run).unwrap_or_else(|_| run.into()))
}

/// A text to decrypt, in single quotes if a shell would change it.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        text.into()
    } else {
        format!("-- {}", in_quotes(text))
    }
}

/// The value of an option, or a text among others, in single quotes if a shell would change it.
pub fn quote_value(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match !text.is_empty() && text.chars().all(plain) {
        true => text.into(),
        false => in_quotes(text),
    }
}

fn quote_path(path: &Path) -> String {
    quote_argument(&path.display().to_string())
}

/// A path or another argument, in single quotes if a shell would change it.
pub fn quote_argument(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.into(),
        false => in_quotes(text),
    }
}

fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_if_a_shell_would_change_it() {
        assert_eq!(quote("FUVEMVEMN"), "FUVEMVEMN");
        assert_eq!(quote("it's"), r"-- 'it'\''s'");
        assert_eq!(quote("-A"), "-- '-A'");
        assert_eq!(quote(""), "-- ''");
    }
}
