//! The numbers that programs printed, as the chapters of the book show them.

use std::fs;
use std::path::Path;

use crate::Result;

/// The numbers of each line that a command printed, line by line.
///
/// # Errors
///
/// When the chapter cannot be read or does not show the command.
pub fn numbers_of(chapter: &str, command: &str) -> Result<Vec<Vec<f64>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let text = fs::read_to_string(folder.join(chapter))?;
    let (_, after) = text
        .split_once(&format!("{command}\n```\n\n```text\n"))
        .ok_or_else(|| format!("{chapter} does not show {command}"))?;
    let output = after.split("```").next().unwrap_or_default();
    let numbers = |line: &str| {
        let words = line.split_whitespace();
        let words = words.map(|word| word.trim_matches(|c| ":,".contains(c)));
        words.filter_map(|word| word.parse().ok()).collect()
    };
    Ok(output.lines().map(numbers).collect())
}
