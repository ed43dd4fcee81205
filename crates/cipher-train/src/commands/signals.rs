//! Ctrl-C and its relatives.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::training::Stop;

/// A second signal within this time is the first one once more: a terminal that is closed sends
/// several at once.
const SAME_SIGNAL: Duration = Duration::from_secs(1);

/// The first signal requests a stop, after which the training saves; a later one ends the process.
///
/// # Errors
///
/// When the system does not let the process listen.
pub fn stop_on_signals(stop: &Stop) -> Result<()> {
    let stop = stop.clone();
    let first = Mutex::new(None::<Instant>);
    ctrlc::set_handler(move || {
        let mut first = first
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match *first {
            None => *first = Some(Instant::now()),
            Some(time) if time.elapsed() < SAME_SIGNAL => {}
            Some(_) => std::process::exit(130),
        }
        stop.request();
    })
    .context("cannot listen for Ctrl-C")
}
