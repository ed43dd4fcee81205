//! The log on stderr: text for people, or with `--log-format json` an object a line.
//!
//! A thread of its own writes it. Where nobody reads stderr (a full pipe, a stopped terminal), the
//! thread waits and the program does not: what does not fit into the queue is dropped.

use std::fmt::Display;
use std::io::{Write, stderr};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Texts that wait to be written, at most.
const QUEUE: usize = 1024;
/// How long the program waits for a reader.
const PATIENCE: Duration = Duration::from_secs(1);

static IS_JSON: AtomicBool = AtomicBool::new(false);
static IS_VERBOSE: AtomicBool = AtomicBool::new(false);
/// Whether the reader let the program wait in vain.
static IS_STALLED: AtomicBool = AtomicBool::new(false);
static QUEUED: OnceLock<SyncSender<Message>> = OnceLock::new();

enum Message {
    Text(String),
    /// Answered when everything before it is written.
    Flush(SyncSender<()>),
}

/// Makes the log JSON Lines.
pub fn use_json() {
    IS_JSON.store(true, Ordering::Relaxed);
}

/// Whether the log is JSON Lines.
pub fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// Makes the log tell more.
pub fn use_verbose() {
    IS_VERBOSE.store(true, Ordering::Relaxed);
}

/// Logs details for `--verbose`.
pub fn verbose(message: impl Display) {
    if IS_VERBOSE.load(Ordering::Relaxed) {
        info(message);
    }
}

/// Logs what happens.
pub fn info(message: impl Display) {
    log("info", "", message);
}

/// Logs what the user should know and that does not stop the command.
pub fn warning(message: impl Display) {
    log("warning", "warning: ", message);
}

/// Logs why the command failed.
pub fn error(message: impl Display) {
    log("error", "error: ", message);
}

/// Logs a record of `metrics.jsonl` as JSON.
pub fn metrics(record: &Value) {
    progress(json!({"level": "info", "metrics": record}));
}

/// Logs a line about a training's progress, without waiting for it to be written.
pub fn progress(line: impl Display) {
    raw(format!("{line}\n"));
}

/// Writes a text as it is, without waiting for that.
pub fn raw(text: String) {
    // A full queue: whoever does not read does not miss this.
    let _ = queue().try_send(Message::Text(text));
}

fn log(level: &str, prefix: &str, message: impl Display) {
    if is_json() {
        progress(json!({"level": level, "message": message.to_string()}));
    } else {
        progress(format_args!("{prefix}{message}"));
    }
    flush();
}

/// Waits until everything is written, but not for ever.
pub fn flush() {
    if IS_STALLED.load(Ordering::Relaxed) {
        return;
    }
    let (done, written) = sync_channel(1);
    let sent = queue().try_send(Message::Flush(done));
    if sent.is_err() || written.recv_timeout(PATIENCE).is_err() {
        IS_STALLED.store(true, Ordering::Relaxed);
    }
}

fn queue() -> &'static SyncSender<Message> {
    QUEUED.get_or_init(|| {
        let (sender, receiver) = sync_channel(QUEUE);
        std::thread::spawn(move || write_all(&receiver));
        sender
    })
}

fn write_all(messages: &Receiver<Message>) {
    for message in messages {
        match message {
            // Where stderr is closed, the program works without it.
            Message::Text(text) => {
                let _ = stderr().write_all(text.as_bytes());
                IS_STALLED.store(false, Ordering::Relaxed);
            }
            Message::Flush(done) => {
                let _ = done.try_send(());
            }
        }
    }
}
