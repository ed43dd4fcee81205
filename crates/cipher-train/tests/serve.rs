//! Hostile clients of a training's page. The server alone is tested in `src/serve/http/tests.rs`.

mod common;

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

use common::cipher_train;

const PATIENCE: Duration = Duration::from_secs(60);

/// A training that runs until it is stopped.
struct Training {
    child: Child,
    address: String,
    /// Everything after the address, read while the training runs: it would block on a full pipe.
    stderr: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Training {
    fn start(folder: &Path) -> Self {
        let mut child = cipher_train(folder)
            .args(["train", "--serve", "--run", "served"])
            .args(["--set", "training.epochs=1000000"])
            .args(["--set", "training.target_loss=0"])
            // Reports are quick to make, and the pauses after them short.
            .args(["--set", "messages.per_epoch=64"])
            .args(["--set", "messages.validation=16"])
            .args(["--set", "messages.test=16"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("watch it on http://");
        let address = address.expect(&line).trim_end_matches('/').into();
        let said = Arc::new(Mutex::new(String::new()));
        let all = said.clone();
        let reader = spawn(move || {
            for line in stderr.lines() {
                *all.lock().unwrap() += &(line.unwrap() + "\n");
            }
        });
        Self {
            child,
            address,
            stderr: said,
            reader: Some(reader),
        }
    }

    /// Stops the training by a signal, and returns what it printed.
    fn stop(mut self) -> String {
        let process = self.child.id().to_string();
        Command::new("kill").arg(&process).status().unwrap();
        self.reader.take().unwrap().join().unwrap();
        let said = self.stderr.lock().unwrap().clone();
        assert_eq!(self.child.wait().unwrap().code(), Some(130), "{said}");
        said
    }

    fn connect(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn ask(&self, request: &str) -> String {
        let mut answer = String::new();
        let mut stream = self.connect(request);
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(&self, target: &str) -> String {
        self.ask(&format!(
            "GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.address
        ))
    }
}

impl Drop for Training {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_training_survives_hostile_requests_and_ends_in_order_while_clients_hang() {
    let folder = tempfile::tempdir().unwrap();
    let training = Training::start(folder.path());
    let host = format!("Host: {}\r\n", training.address);
    for length in ["100000000000000", "18446744073709551615"] {
        let head = format!("GET / HTTP/1.1\r\n{host}Content-Length: {length}\r\n\r\n");
        assert!(training.ask(&head).starts_with("HTTP/1.1 413 "));
    }
    let page = training.get("/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");

    let hanging = [
        String::new(),
        format!("POST / HTTP/1.1\r\n{host}Content-Length: 5\r\n"),
        format!("GET / HTTP/1.1\r\n{host}\r\n").repeat(200),
        format!("GET /data HTTP/1.1\r\n{host}\r\n"),
    ];
    let _hanging: Vec<_> = hanging
        .iter()
        .map(|request| training.connect(request))
        .collect();
    let said = training.stop();
    assert!(
        !said.contains("warning") && !said.contains("panicked"),
        "{said}"
    );
}

#[test]
fn a_report_that_cannot_be_made_is_warned_of_once_however_often_the_page_asks() {
    let folder = tempfile::tempdir().unwrap();
    let training = Training::start(folder.path());
    while training.get("/data").contains("\"version\":0,") {
        sleep(Duration::from_millis(20));
    }
    let metrics = folder.path().join("served/metrics.jsonl");
    let mut metrics = OpenOptions::new().write(true).open(metrics).unwrap();
    metrics.write_all(b"damaged").unwrap();
    let warning = "the page stays as it is";
    while !training.stderr.lock().unwrap().contains(warning) {
        assert!(training.get("/data").starts_with("HTTP/1.1 200 "));
    }
    for _ in 0..50 {
        assert!(training.get("/data").starts_with("HTTP/1.1 200 "));
    }
    assert_eq!(training.stop().matches(warning).count(), 1);
}
