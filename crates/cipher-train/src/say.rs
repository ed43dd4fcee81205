//! What is told on stderr: text for people, or with `--log-format json` an object a line.

use std::fmt::Display;
use std::io::{Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

static IS_JSON: AtomicBool = AtomicBool::new(false);

/// From here on, JSON.
pub fn use_json() {
    IS_JSON.store(true, Ordering::Relaxed);
}

pub fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

static IS_VERBOSE: AtomicBool = AtomicBool::new(false);

/// From here on, more.
pub fn use_verbose() {
    IS_VERBOSE.store(true, Ordering::Relaxed);
}

pub fn is_verbose() -> bool {
    IS_VERBOSE.load(Ordering::Relaxed)
}

/// What only those are told who want to know more.
pub fn verbose(message: impl Display) {
    if is_verbose() {
        info(message);
    }
}

pub fn info(message: impl Display) {
    say("info", "", message);
}

pub fn warning(message: impl Display) {
    say("warning", "warning: ", message);
}

pub fn error(message: impl Display) {
    say("error", "error: ", message);
}

/// A record of `metrics.jsonl`.
pub fn metrics(record: &Value) {
    line(json!({"level": "info", "metrics": record}));
}

fn say(level: &str, prefix: &str, message: impl Display) {
    match is_json() {
        true => line(json!({"level": level, "message": message.to_string()})),
        false => line(format_args!("{prefix}{message}")),
    }
}

/// Where nobody listens any more, work goes on.
pub fn line(text: impl Display) {
    let _ = writeln!(stderr(), "{text}");
}
