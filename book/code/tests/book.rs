//! Follows the book as a reader would: runs its commands in their order and compares what they
//! print with what it shows. `BOOK_REWRITE=1 cargo test --test book` writes outputs and pictures
//! anew; look at them before they are committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A block between two fences of a chapter.
#[derive(Debug)]
struct Block {
    chapter: String,
    language: String,
    body: String,
}

impl Block {
    /// The path, from the repository's root, of the file that is all of the block, and the anchor.
    fn included(&self) -> (PathBuf, Option<&str>) {
        let target = self.body.trim().strip_prefix("{{#include ../");
        let target = target.and_then(|target| target.strip_suffix("}}"));
        let target = target.unwrap_or_else(|| panic!("not one include: {self:?}"));
        let (path, anchor) = match target.split_once(':') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (target, None),
        };
        let from_root = match path.strip_prefix("../") {
            Some(path) => PathBuf::from(path),
            None => Path::new("book").join(path),
        };
        (from_root, anchor)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rewrites() -> bool {
    std::env::var_os("BOOK_REWRITE").is_some()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// File names of the summary and their texts, in its order.
fn chapters() -> Vec<(String, String)> {
    let source = root().join("book/src");
    let summary = read(source.join("SUMMARY.md"));
    let links = summary.lines().filter_map(|line| line.split_once("]("));
    let names = links.map(|(_, link)| link.trim_end_matches(')').to_string());
    names
        .map(|name| (name.clone(), read(source.join(name))))
        .collect()
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for (chapter, text) in chapters() {
        // What stands between two fences is every second part.
        for block in text.split("\n```").skip(1).step_by(2) {
            let (language, body) = block
                .split_once('\n')
                .expect("a fence has a line of its own");
            blocks.push(Block {
                chapter: chapter.clone(),
                language: language.into(),
                body: body.into(),
            });
        }
    }
    blocks
}

/// What is compared of an output: numbers of lines that speak of seconds differ everywhere.
fn comparable(output: &str) -> String {
    let line = |line: &str| match line.contains("a second") {
        true => {
            let letters = line
                .chars()
                .filter(|c| !c.is_ascii_digit() && !" .".contains(*c));
            letters.collect::<String>()
        }
        false => line.trim_end().to_string(),
    };
    output
        .trim_end()
        .lines()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Compares with a file, or writes it.
fn check(path: &Path, found: &str, what: &str) -> Option<String> {
    if rewrites() {
        let is_new = !path.exists() || comparable(&read(path)) != comparable(found);
        if is_new {
            fs::write(path, found).expect("the file can be written");
        }
        return None;
    }
    let expected = read(path);
    (comparable(&expected) != comparable(found)).then(|| {
        format!(
            "{what}\nprints\n{found}\nand {} shows\n{expected}",
            path.display()
        )
    })
}

#[test]
fn every_command_of_the_book_prints_what_the_book_shows() {
    let mut stale = Vec::new();
    let blocks = blocks();
    for (place, block) in blocks.iter().enumerate() {
        if block.language != "sh" {
            continue;
        }
        let script = format!("set -eu -o pipefail\n{}", block.body);
        let mut bash = Command::new("bash");
        let output = bash
            .args(["-c", &script])
            .current_dir(root())
            .output()
            .expect("bash runs");
        // Wherever the repository is: its own path is no part of what the book shows.
        let here = format!("{}/", root().canonicalize().unwrap().display());
        let stdout = String::from_utf8_lossy(&output.stdout).replace(&here, "");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{}: {}\n{stderr}",
            block.chapter,
            block.body
        );
        let shown = blocks
            .get(place + 1)
            .filter(|next| next.language == "text" && next.chapter == block.chapter);
        match shown {
            Some(shown) => {
                let path = root().join(shown.included().0);
                stale.extend(check(&path, &stdout, &block.body));
            }
            None => assert!(stdout.is_empty(), "not shown: {}\n{stdout}", block.body),
        }
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_picture_is_what_its_code_draws() {
    let mut stale = Vec::new();
    for (name, svg) in book::pictures::all().unwrap() {
        let path = root().join("book/src/pictures").join(name);
        stale.extend(check(&path, &svg, name));
        let shown = format!("](pictures/{name})");
        assert!(
            chapters().iter().any(|(_, text)| text.contains(&shown)),
            "{name} is not shown"
        );
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_block_is_a_command_or_a_file_that_runs_or_what_it_printed() {
    let blocks = blocks();
    let commands: String = blocks
        .iter()
        .filter(|block| block.language == "sh")
        .map(|block| format!("{}\n", block.body))
        .collect();
    let mut outputs = BTreeSet::new();
    for (place, block) in blocks.iter().enumerate() {
        match block.language.as_str() {
            "sh" => {}
            "text" => {
                assert_eq!(
                    blocks[place - 1].language,
                    "sh",
                    "printed by nothing: {block:?}"
                );
                let (path, _) = block.included();
                assert!(outputs.insert(path), "shown twice: {block:?}");
            }
            "rust" => {
                let (path, anchor) = block.included();
                let code = read(root().join(&path));
                if let Some(anchor) = anchor {
                    assert!(code.contains(&format!("ANCHOR: {anchor}\n")), "{block:?}");
                }
            }
            _ => panic!("neither sh nor text nor rust: {block:?}"),
        }
    }
    let programs = fs::read_dir(root().join("book/code/src/bin")).unwrap();
    for program in programs.map(|program| program.unwrap().path()) {
        let name = program.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            commands.contains(&format!("--bin {name}\n")),
            "{name} is not run in the book"
        );
        let path = format!("book/code/src/bin/{name}.rs");
        let shows =
            |block: &Block| block.language == "rust" && block.included().0 == Path::new(&path);
        assert!(blocks.iter().any(shows), "{path} is not shown in the book");
    }
    for output in fs::read_dir(root().join("book/output")).unwrap() {
        let path = Path::new("book/output").join(output.unwrap().file_name());
        assert!(
            outputs.contains(&path),
            "{} is not shown in the book",
            path.display()
        );
    }
}

#[test]
fn every_chapter_opens_with_a_question_and_names_places_that_exist() {
    for (name, text) in chapters() {
        let opening = text.split("\n\n").nth(1).unwrap_or_default();
        assert!(
            opening.contains('?'),
            "{name} opens without a question: {opening}"
        );
        for heading in ["\n## What can go wrong\n", "\n## In the project\n"] {
            assert!(text.contains(heading), "{name} has no {heading:?}");
        }
        let (_, places) = text.split_once("\n## In the project\n").unwrap();
        let places = places.replace('\n', " ");
        // `what` in `where`: the place has what the reader is sent to find there.
        let mut n_places = 0;
        for (before, after) in places
            .match_indices("` in `")
            .map(|(at, mark)| (&places[..at], &places[at + mark.len()..]))
        {
            let what = before.rsplit('`').next().unwrap();
            let path = after.split('`').next().unwrap();
            let last = what.rsplit("::").next().unwrap().trim_end_matches("()");
            let code = read(root().join(path));
            assert!(code.contains(last), "{name}: there is no {last} in {path}");
            n_places += 1;
        }
        assert!(n_places > 0, "{name} names no place in the project");
        for path in text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|code| is_path(code))
        {
            assert!(root().join(path).exists(), "{name}: there is no {path}");
        }
    }
}

/// Whether a piece of code in a text is a path of the repository.
fn is_path(code: &str) -> bool {
    let folders = [
        "crates/",
        "book/",
        "examples/",
        "configs/",
        "docs/",
        "benches/",
        "fuzz/",
    ];
    folders.iter().any(|folder| code.starts_with(folder)) && !code.contains(' ')
}
