//! The report of a run, and the page that shows it while training goes on. What the page does in a
//! browser is tested in `page/test`.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::{assert_refused, cipher_train, run, stderr, stdout, trained};
use serde_json::Value;

/// The files of a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn the_same_run_has_the_same_report_to_the_byte() {
    let folder = trained();
    for out in ["a", "b"] {
        let (page, pictures) = (format!("{out}/new/report.html"), format!("{out}/svg"));
        let output = run(
            folder.path(),
            &["explain", "--out", &page, "--svg", &pictures],
        );
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stdout(&output).lines().next(), Some(page.as_str()));
        assert_eq!(stdout(&output).lines().count(), 11);
    }
    let all = |out: &str| files(&folder.path().join(out).join("svg"));
    assert_eq!(all("a").len(), 10);
    assert!(all("a") == all("b"));
    let page = |out: &str| fs::read(folder.path().join(out).join("new/report.html")).unwrap();
    assert!(page("a") == page("b"));
}

#[test]
fn every_picture_of_the_page_is_a_file_and_the_numbers_are_those_of_eval() {
    let folder = trained();
    let output = run(folder.path(), &["explain", "--svg", "svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    let files = files(&folder.path().join("svg"));
    for (name, bytes) in &files {
        let text = std::str::from_utf8(bytes).unwrap();
        if let Some(name) = name.strip_suffix(".svg") {
            assert!(page.contains(&format!("data-picture=\"{name}\"")), "{name}");
            // The page has the same elements; only its style is its own.
            let last = text
                .lines()
                .rfind(|line| line.starts_with("<text"))
                .unwrap();
            let escaped = serde_json::to_string(last).unwrap().replace('<', "\\u003c");
            assert!(page.contains(escaped.trim_matches('"')), "{name}: {last}");
        }
    }
    let numbers: Value = serde_json::from_slice(&files["report.json"]).unwrap();
    let eval: Value =
        serde_json::from_str(stdout(&run(folder.path(), &["eval", "--json"]))).unwrap();
    let (messages, held_out) = (&numbers["messages"], &eval["score"]);
    assert_eq!(messages["n_characters"], held_out["n_characters"]);
    let wrong = |of: &Value| {
        of["n_characters"].as_u64().unwrap() - of["right_characters"].as_u64().unwrap()
    };
    assert_eq!(Value::from(wrong(messages)), held_out["wrong_characters"]);
    let counts = |part: &str, field: &str| -> u64 {
        let entries = messages[part].as_array().unwrap().iter();
        entries.map(|entry| entry[field].as_u64().unwrap()).sum()
    };
    for part in ["positions", "calibration", "confusion"] {
        assert_eq!(
            Value::from(counts(part, "n")),
            held_out["n_characters"],
            "{part}"
        );
    }
    // A Caesar shift of 13 over 27 symbols: A is O again, and every symbol has its own.
    let cells = messages["recovered"]["cells"].as_array().unwrap();
    assert_eq!(messages["recovered"]["period"], 1);
    for cell in cells {
        let read = cell["ciphertext"].as_u64().unwrap();
        assert_eq!(cell["answer"], (read + 27 - 13) % 27);
        assert_eq!(cell["plaintext"], cell["answer"]);
    }
    assert_eq!(cells.len(), 27);
}

#[test]
fn a_run_whose_pairs_are_gone_has_a_report_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let letters = |n: usize| -> String {
        let digits = format!("{n:04}").into_bytes();
        digits
            .iter()
            .map(|&digit| char::from(digit - b'0' + b'C'))
            .collect()
    };
    let pairs = (0..40).map(|n| format!("{0}BA\t{0}AB\n", letters(n)));
    let pairs: String = pairs.collect();
    fs::write(folder.path().join("pairs.tsv"), pairs).unwrap();
    let fit = [
        "fit",
        "pairs.tsv",
        "--set",
        "training.epochs=1",
        "--run",
        "fitted",
    ];
    run(folder.path(), &fit);
    let explain = ["explain", "--run", "fitted", "--svg", "svg"];
    let output = run(folder.path(), &explain);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
    let numbers = || -> Value {
        serde_json::from_slice(&fs::read(folder.path().join("svg/report.json")).unwrap()).unwrap()
    };
    assert_eq!(numbers()["messages"]["n_messages"], 4);
    assert_eq!(numbers()["cipher"], Value::Null);

    let pairs = folder.path().join("fitted/pairs.jsonl");
    let text = fs::read_to_string(&pairs).unwrap();
    fs::write(&pairs, text.replace("AB", "BB")).unwrap();
    let output = run(folder.path(), &explain);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stderr(&output).contains("checksum mismatch"),
        "{}",
        stderr(&output)
    );
    assert_eq!(numbers()["messages"], Value::Null);

    fs::remove_file(&pairs).unwrap();
    fs::remove_file(folder.path().join("pairs.tsv")).unwrap();
    let output = run(folder.path(), &explain);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stderr(&output).contains("cannot read fitted/pairs.jsonl"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn what_has_no_report_is_refused_and_leaves_no_file() {
    let folder = trained();
    let refused = |run_folder: &str, words: &[&str]| {
        let output = run(
            folder.path(),
            &["explain", "--run", run_folder, "--out", "x.html"],
        );
        assert_refused(&output, words);
        assert!(!folder.path().join("x.html").exists());
    };
    refused("nowhere", &["cannot read the run nowhere"]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    refused("empty", &["empty holds no run"]);
    let bundle = folder.path().join("runs/caesar/bundle");
    let weights = bundle.join("weights.safetensors");
    let mut bytes = fs::read(&weights).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&weights, bytes).unwrap();
    refused(
        "runs/caesar",
        &[
            "weights.safetensors",
            "its checksum is not the one in manifest.json",
        ],
    );
}

/// A training that goes on until it is stopped, with its page.
struct Training {
    child: Child,
    address: String,
    // Dropped, it would break the pipe.
    _stderr: BufReader<std::process::ChildStderr>,
}

impl Training {
    fn start(folder: &Path) -> Self {
        let mut command = cipher_train(folder);
        command.args(["train", "--serve", "--run", "served"]);
        command.args([
            "--set",
            "training.epochs=1000000",
            "--set",
            "training.target_loss=0",
        ]);
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("watch it on http://")
            .expect(&line);
        let address = address.trim_end_matches('/').to_string();
        Self {
            child,
            address,
            _stderr: stderr,
        }
    }

    /// The status and the body of an answer.
    fn ask(&self, method: &str, path: &str, host: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!("{method} {path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, body.to_string())
    }
}

impl Drop for Training {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_training_is_followed_on_a_page_that_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut training = Training::start(folder.path());
    let here = training.address.clone();
    assert!(here.starts_with("127.0.0.1:"), "{here}");
    let data = |version: u64| -> Value {
        let path = format!("/data?version={version}");
        loop {
            let (status, body) = training.ask("GET", &path, &here);
            match status {
                200 => {
                    let data: Value = serde_json::from_str(&body).unwrap();
                    if data["version"] != 0 {
                        return data;
                    }
                }
                204 => {}
                status => panic!("{status}: {body}"),
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    let epochs = |data: &Value| data["data"]["report"]["metrics"].as_array().unwrap().len();
    let first = data(0);
    let second = data(first["version"].as_u64().unwrap());
    assert!(epochs(&second) > epochs(&first));
    let (status, page) = training.ask("GET", "/", &here);
    assert_eq!(status, 200);
    assert!(page.contains("connect-src 'self'") && page.contains("What the network learned"));

    let process = training.child.id().to_string();
    Command::new("kill").arg(&process).status().unwrap();
    assert_eq!(training.child.wait().unwrap().code(), Some(130));
    assert!(TcpStream::connect(&here).is_err());
}

#[test]
fn requests_in_another_hosts_name_and_others_than_get_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let training = Training::start(folder.path());
    let port = training.address.rsplit(':').next().unwrap();
    assert_eq!(
        training.ask("GET", "/", &format!("localhost:{port}")).0,
        200
    );
    for host in ["evil.example", "127.0.0.1", "localhost:1", ""] {
        for path in ["/", "/data"] {
            let (status, body) = training.ask("GET", path, host);
            assert_eq!(status, 421, "{host:?}");
            assert!(!body.contains("report"));
        }
    }
    assert_eq!(training.ask("POST", "/data", &training.address).0, 405);
    assert_eq!(
        training.ask("GET", "/../Cargo.toml", &training.address).0,
        404
    );
}

#[test]
fn a_port_that_is_taken_is_refused_before_a_run_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let output = run(folder.path(), &["train", &format!("--serve={port}")]);
    assert_refused(
        &output,
        &["cannot serve on port", &port, "none for a free one"],
    );
    assert!(!folder.path().join("runs").exists());
}
