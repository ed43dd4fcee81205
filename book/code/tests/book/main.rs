//! Follows the book as a reader would: runs its commands in their order and compares what they
//! print with what it shows.
//!
//! `BOOK_REWRITE=1 cargo test --test book` writes code, outputs and pictures into the chapters; look
//! at them before they are committed. `cargo test --test book -- --ignored` builds and runs the
//! network that the reader writes; Burn is then built once more, for `book/network`.

mod chapter;
mod similar;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chapter::{Block, Part, chapters, read};
use similar::agree;

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the repository is there")
}

fn rewrites() -> bool {
    std::env::var_os("BOOK_REWRITE").is_some()
}

/// Whether a block is a command that is run, and in which folder; `network` commands are slow.
fn folder_of(block: &Block) -> Option<&'static str> {
    match block.language.as_str() {
        "sh" | "sh similar" => Some("."),
        "sh network" => Some("book/network"),
        _ => None,
    }
}

/// What the commands of a block print.
fn output_of(block: &Block, folder: &str) -> String {
    let script = format!("set -eu -o pipefail\n{}", block.body);
    let mut bash = Command::new("bash");
    let bash = bash.args(["-c", &script]).current_dir(root().join(folder));
    let output = bash.output().expect("bash runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{stderr}", block.body);
    // Wherever the repository is: its own path is no part of what the book shows.
    let here = format!("{}/", root().display());
    let stdout = String::from_utf8_lossy(&output.stdout).replace(&here, "");
    let lines = stdout.trim_end().lines().map(str::trim_end);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Runs the commands in these folders and compares their outputs, or writes them.
fn follow(folders: &[&str]) {
    let mut stale = Vec::new();
    for mut chapter in chapters(&root()) {
        for place in 0..chapter.parts.len() {
            let Part::Block(block) = chapter.parts[place].clone() else {
                continue;
            };
            let Some(folder) = folder_of(&block).filter(|folder| folders.contains(folder)) else {
                continue;
            };
            let found = output_of(&block, folder);
            // A blank line stands between the two.
            match chapter.parts.get_mut(place + 2) {
                Some(Part::Block(shown)) if shown.language == "text" => {
                    let similar = block.language != "sh";
                    if !agree(&shown.body, &found, similar) {
                        let command = &block.body;
                        let shows = &shown.body;
                        stale.push(format!(
                            "{command}\nprints\n{found}\nthe book shows\n{shows}"
                        ));
                        shown.body = found;
                    }
                }
                _ => assert!(found.is_empty(), "not shown: {}\n{found}", block.body),
            }
        }
        if rewrites() {
            fs::write(&chapter.path, chapter.text()).expect("the chapter can be written");
        }
    }
    assert!(rewrites() || stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_command_of_the_book_prints_what_the_book_shows() {
    follow(&["."]);
}

#[test]
#[ignore = "builds Burn once more"]
fn the_network_that_the_reader_writes_prints_what_the_book_shows() {
    follow(&["book/network"]);
}

#[test]
fn every_block_of_rust_is_what_stands_in_its_file() {
    let mut stale = Vec::new();
    for mut chapter in chapters(&root()) {
        for part in &mut chapter.parts {
            let Part::Block(block) = part else { continue };
            if !matches!(block.language.as_str(), "rust" | "toml") {
                continue;
            }
            let source = block.source.as_ref();
            let source = source.unwrap_or_else(|| panic!("{}: {block:?}", chapter.name));
            let code = source.code(&root());
            if block.body != code {
                stale.push(format!("{}: {source:?}", chapter.name));
                block.body = code;
            }
        }
        if rewrites() {
            fs::write(&chapter.path, chapter.text()).expect("the chapter can be written");
        }
    }
    assert!(rewrites() || stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_picture_is_what_its_code_draws() {
    let mut stale = Vec::new();
    for (name, svg) in book::pictures::all().unwrap() {
        let path = root().join("book/src/pictures").join(name);
        if rewrites() {
            fs::write(&path, &svg).expect("the picture can be written");
        }
        if read(&path).trim_end() != svg.trim_end() {
            stale.push(name);
        }
        let shown = format!("](pictures/{name})");
        let is_shown = |chapter: &chapter::Chapter| chapter.text().contains(&shown);
        assert!(
            chapters(&root()).iter().any(is_shown),
            "{name} is not shown"
        );
    }
    assert!(stale.is_empty(), "{stale:?}");
}

#[test]
fn every_block_is_a_command_or_code_that_runs_or_what_was_printed() {
    let (mut commands, mut shown) = (String::new(), BTreeSet::new());
    for chapter in chapters(&root()) {
        let blocks: Vec<&Block> = chapter.blocks().collect();
        for (place, block) in blocks.iter().enumerate() {
            match block.language.as_str() {
                "sh" | "sh similar" | "sh network" => {
                    commands.push_str(&block.body);
                }
                "rust" | "toml" => {
                    shown.extend(block.source.as_ref().map(|source| source.path.clone()));
                }
                "text" => {
                    let before = blocks[..place].last();
                    let printed = before.is_some_and(|before| folder_of(before).is_some());
                    assert!(printed, "{}: printed by nothing: {block:?}", chapter.name);
                }
                _ => panic!("{}: what is this? {block:?}", chapter.name),
            }
        }
    }
    for (folder, option) in [
        ("book/code/examples", "--example"),
        ("book/network/src/bin", "--bin"),
    ] {
        let programs = fs::read_dir(root().join(folder)).unwrap();
        for program in programs.map(|program| program.unwrap().path()) {
            let name = program.file_stem().unwrap().to_string_lossy().into_owned();
            let run = format!("{option} {name}");
            let is_run = commands
                .split_inclusive('\n')
                .any(|line| line.trim_end().ends_with(&run) || line.contains(&format!("{run} ")));
            assert!(is_run, "{name} is not run in the book");
            let path = Path::new(folder).join(format!("{name}.rs"));
            assert!(shown.contains(&path), "{} is not shown", path.display());
        }
    }
}

#[test]
fn every_chapter_opens_with_a_question_and_asks_three() {
    for chapter in chapters(&root()) {
        let (name, text) = (&chapter.name, chapter.text());
        let opening = text.split("\n\n").nth(1).unwrap_or_default();
        assert!(opening.contains('?'), "{name} opens without a question");
        if ["exercises.md", "terms.md"].contains(&name.as_str()) {
            continue;
        }
        let (_, questions) = text
            .split_once("\n## Predict, then run\n")
            .unwrap_or_else(|| panic!("{name} has no questions"));
        let n_questions = questions.lines().filter(|line| is_item(line)).count();
        assert!(n_questions >= 3, "{name} asks {n_questions} questions");
    }
}

#[test]
fn every_place_of_the_project_that_the_book_names_exists() {
    for chapter in chapters(&root()) {
        let (name, text) = (&chapter.name, chapter.text());
        for path in text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|code| is_path(code))
        {
            assert!(root().join(path).exists(), "{name}: there is no {path}");
        }
        // `what` in `where`: the place has what the reader is sent to find there.
        let text = text.replace('\n', " ");
        for (at, mark) in text.match_indices("` in `") {
            let what = text[..at].rsplit('`').next().unwrap();
            let path = text[at + mark.len()..].split('`').next().unwrap();
            if is_path(path) {
                let last = what.rsplit("::").next().unwrap().trim_end_matches("()");
                let code = read(root().join(path));
                assert!(code.contains(last), "{name}: there is no {last} in {path}");
            }
        }
    }
}

#[test]
fn every_term_is_explained_in_the_chapter_that_its_line_links() {
    let words = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    let list = words(&read(root().join("book/src/terms.md")));
    let mut terms = Vec::new();
    for entry in list.split("- *").skip(1) {
        let (term, rest) = entry.split_once('*').expect("a term");
        let link = rest.rsplit_once("](").expect("a link").1;
        let link = link.trim_end().trim_end_matches(')');
        let chapter = read(root().join("book/src").join(link));
        let marked = format!("*{term}*");
        assert!(words(&chapter).contains(&marked), "{link} has no {marked}");
        terms.push(term);
    }
    assert!(terms.is_sorted(), "{terms:?}");
}

fn is_item(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(". ")
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
