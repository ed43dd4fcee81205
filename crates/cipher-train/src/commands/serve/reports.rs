//! The newest report of a running training, made in a thread of its own.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder, JoinHandle};
use std::time::Instant;

use anyhow::{Result, anyhow};
use burn::tensor::Device;

use crate::commands::output;
use crate::config::Config;
use crate::data::Data;
use crate::report::explanation::{Explanation, Page, Weights};
use crate::run::{RunFolder, RunResult};
use crate::training::Checkpoints;

/// Test messages that are decrypted for a report.
const MAX_MESSAGES: usize = 200;
/// Epochs whose metrics a report has, evenly spaced: a report must not grow with the training.
const MAX_EPOCHS: usize = 1000;
/// After a report, the thread waits this many times as long as the report took.
const REST: u32 = 20;

/// The run to report on.
pub struct Served {
    pub run: RunFolder,
    pub config: Config,
    pub data: Data,
    pub device: Device,
}

/// A report as the page gets it: `{"version": .., "data": ..}`.
#[derive(Debug, Clone)]
pub struct Newest {
    /// Counts the reports; 0 before the first.
    pub version: u64,
    pub json: Arc<str>,
}

/// Makes reports, when somebody asks for them, until it is dropped.
pub struct Reports {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    newest: Mutex<Newest>,
    is_stopping: AtomicBool,
}

impl Reports {
    /// # Errors
    ///
    /// Fails where the system refuses a thread.
    pub fn start(served: Served) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            newest: Mutex::new(Newest::of(0, &Page::empty())),
            is_stopping: AtomicBool::new(false),
        });
        let maker = Maker::new(shared.clone());
        let thread = Builder::new().name("reports".into());
        Ok(Self {
            shared,
            thread: Some(thread.spawn(move || maker.run(&served))?),
        })
    }

    /// The newest report. It does not wait for one: asking has the next one made.
    pub fn newest(&self) -> Newest {
        self.wake();
        self.shared.newest().clone()
    }

    fn wake(&self) {
        if let Some(handle) = &self.thread {
            handle.thread().unpark();
        }
    }
}

impl Drop for Reports {
    /// Waits for a report that is being made, as a process must not end while a thread uses a GPU.
    fn drop(&mut self) {
        self.shared.is_stopping.store(true, Ordering::Relaxed);
        self.wake();
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            output::warning("the page was not kept up to date until the end of the training");
        }
    }
}

impl Newest {
    fn of(version: u64, page: &Page) -> Self {
        let json = format!("{{\"version\":{version},\"data\":{}}}", page.json()).into();
        Self { version, json }
    }
}

impl Shared {
    fn newest(&self) -> MutexGuard<'_, Newest> {
        // The lock only guards an assignment, which cannot fail halfway.
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decides when a report is made.
struct Maker {
    shared: Arc<Shared>,
    /// State of the run's files at the last attempt, even if that attempt gave no report.
    stamp: Option<Stamp>,
    rest_until: Instant,
    last_warning: Option<String>,
}

/// The state of a run's files.
#[derive(Debug, Default, PartialEq)]
struct Stamp {
    /// The length of the metrics.
    metrics: u64,
    /// The name of the newest checkpoint.
    checkpoint: Option<OsString>,
    result: Option<RunResult>,
}

impl Maker {
    fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            stamp: None,
            rest_until: Instant::now(),
            last_warning: None,
        }
    }

    fn run(mut self, served: &Served) {
        loop {
            thread::park();
            if self.shared.is_stopping.load(Ordering::Relaxed) {
                return;
            }
            self.update(served.stamp(), || served.report());
        }
    }

    /// Makes a report if the run has new results and the last attempt is long enough ago.
    fn update(&mut self, stamp: Stamp, report: impl FnOnce() -> Result<Option<Page>>) {
        let begin = Instant::now();
        if begin < self.rest_until || self.stamp.as_ref() == Some(&stamp) {
            return;
        }
        self.stamp = Some(stamp);
        let made = catch_unwind(AssertUnwindSafe(report));
        match made.unwrap_or_else(|_| Err(anyhow!("making the report panicked"))) {
            Ok(Some(page)) => {
                let version = self.shared.newest().version + 1;
                let newest = Newest::of(version, &page);
                *self.shared.newest() = newest;
            }
            Ok(None) => {}
            Err(error) => self.warn(format!("the page stays as it is: {error:#}")),
        }
        let end = Instant::now();
        self.rest_until = end + REST * (end - begin);
    }

    /// Gives a warning, but not the same one twice in a row.
    fn warn(&mut self, warning: String) {
        if self.last_warning.as_ref() != Some(&warning) {
            output::warning(&warning);
            self.last_warning = Some(warning);
        }
    }
}

impl Served {
    /// The report on the final weights, or during training on the best ones of the last checkpoint;
    /// none before there are any.
    fn report(&self) -> Result<Option<Page>> {
        let Self {
            run,
            config,
            data,
            device,
        } = self;
        let weights = if self.has_result()? {
            Some(Weights::of(run, config, Some(data), device)?)
        } else {
            Weights::of_checkpoint(run, config, data, device)?
        };
        let Some(weights) = weights else {
            return Ok(None);
        };
        let mut explanation =
            Explanation::of(run, config, Some(data), &weights, MAX_MESSAGES, device)?;
        let last = explanation.metrics.last().map_or(0, |record| record.epoch);
        let metrics = &mut explanation.metrics;
        metrics.retain(|record| is_shown(record.epoch, last));
        Page::of(&explanation, &weights).map(Some)
    }

    /// Whether the bundle is the result of the newest checkpoint.
    fn has_result(&self) -> Result<bool> {
        let newest = Checkpoints::at(self.run.checkpoints()).newest_sha256()?;
        let result = self.run.result()?;
        Ok(result.is_some_and(|result| result.checkpoint_sha256 == newest))
    }

    fn stamp(&self) -> Stamp {
        let length = fs::metadata(self.run.metrics()).map_or(0, |metadata| metadata.len());
        let checkpoints = fs::read_dir(self.run.checkpoints());
        let names = checkpoints.into_iter().flatten().flatten();
        Stamp {
            metrics: length,
            checkpoint: names.map(|entry| entry.file_name()).max(),
            result: self.run.result().ok().flatten(),
        }
    }
}

/// Whether a report shows the metrics of an epoch when `last` epochs have ended.
fn is_shown(epoch: usize, last: usize) -> bool {
    epoch == last || epoch.is_multiple_of(last.div_ceil(MAX_EPOCHS).max(1))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn maker() -> Maker {
        Maker::new(Arc::new(Shared {
            newest: Mutex::new(Newest::of(0, &Page::empty())),
            is_stopping: AtomicBool::new(false),
        }))
    }

    fn stamp(metrics: u64) -> Stamp {
        Stamp {
            metrics,
            ..Stamp::default()
        }
    }

    #[test]
    fn a_report_that_fails_is_not_tried_again_before_the_run_has_new_results() {
        let fail: fn() -> Result<Option<Page>> = || Err(anyhow!("a damaged checkpoint"));
        let none: fn() -> Result<Option<Page>> = || Ok(None);
        let panic: fn() -> Result<Option<Page>> = || panic!("a device that failed");
        for attempt in [fail, none, panic] {
            let mut maker = maker();
            maker.update(stamp(1), attempt);
            maker.rest_until = Instant::now();
            maker.update(stamp(1), || unreachable!("nothing has changed"));
            assert_eq!(maker.shared.newest().version, 0);
            maker.update(stamp(2), || Ok(Some(Page::empty())));
            assert_eq!(maker.shared.newest().version, 1);
            assert_eq!(&*maker.shared.newest().json, r#"{"version":1,"data":null}"#);
        }
    }

    #[test]
    fn the_pause_after_an_attempt_is_in_proportion_to_its_time_even_if_it_failed() {
        let mut maker = maker();
        let (begin, took) = (Instant::now(), Duration::from_millis(2));
        maker.update(stamp(1), || {
            thread::sleep(took);
            Err(anyhow!("a damaged checkpoint"))
        });
        assert!(maker.rest_until >= begin + took + REST * took);
        maker.rest_until = Instant::now() + Duration::from_secs(3600);
        maker.update(stamp(2), || unreachable!("it rests"));
        assert_eq!(maker.stamp, Some(stamp(1)));
    }

    #[test]
    fn a_report_shows_every_epoch_of_a_short_training_and_at_most_a_fixed_number_of_a_long_one() {
        for last in [1, 2, 50, MAX_EPOCHS, MAX_EPOCHS + 1, 60_000, 1_234_567] {
            let shown: Vec<_> = (1..=last).filter(|&epoch| is_shown(epoch, last)).collect();
            assert_eq!(shown.last(), Some(&last));
            assert!(shown.len() <= MAX_EPOCHS + 1, "{} of {last}", shown.len());
            assert!(shown.len() >= last.min(MAX_EPOCHS / 2), "{last}");
        }
    }
}
