//! Bars on stderr: where the terminal can, and never so that the program waits for it.

use std::env;
use std::fmt;
use std::io::{self, IsTerminal, stderr, stdout};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::output;

/// A command that takes longer than this says what it does.
const SLOW: Duration = Duration::from_secs(2);
/// The time between two drawings of a bar whose work makes no steps.
const TICK: Duration = Duration::from_millis(500);

/// Whether stderr is a terminal that can draw.
pub fn can_draw() -> bool {
    !output::is_json()
        && stderr().is_terminal()
        && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// A bar on stderr.
pub fn bar() -> ProgressBar {
    ProgressBar::with_draw_target(Some(0), target()).with_style(style())
}

fn target() -> ProgressDrawTarget {
    ProgressDrawTarget::term_like_with_hz(Box::new(Terminal), 10)
}

/// What matters most comes first, as a narrow terminal shows no more.
fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{prefix} {bar:10} {eta} left  {wide_msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let is_unicode = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .is_some_and(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
    style.progress_chars(if is_unicode {
        "█▉▊▋▌▍▎▏  "
    } else {
        "=> "
    })
}

/// The terminal behind the log, which never makes the training wait.
struct Terminal;

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Terminal")
    }
}

impl Terminal {
    fn control(&self, n: usize, letter: char) -> io::Result<()> {
        if n > 0 {
            output::raw(format!("\x1b[{n}{letter}"));
        }
        Ok(())
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        // Asked at each drawing, as windows are resized.
        terminal_size::terminal_size_of(stderr()).map_or(80, |(width, _)| width.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.control(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.control(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.control(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.control(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        output::raw(format!("{text}\n"));
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        output::raw(text.into());
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        output::raw("\r\x1b[2K".into());
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A bar for a number of trainings.
pub fn count_bar(n: u64, name: &'static str) -> ProgressBar {
    if !can_draw() {
        return ProgressBar::hidden();
    }
    let bar = bar();
    bar.set_length(n);
    bar.set_prefix(name);
    bar.enable_steady_tick(TICK);
    bar
}

/// Says what the program does, from the time when that is slow until this is dropped.
pub struct Busy {
    /// Dropped to tell the thread that the work is done.
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Busy {
    /// For work that is called `what`, such as `measuring the test messages`.
    pub fn new(what: &'static str) -> Self {
        let (done, is_done) = channel();
        let thread = thread::spawn(move || {
            if is_done.recv_timeout(SLOW) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            if can_draw() {
                let shown = ProgressBar::with_draw_target(None, target());
                let style = ProgressStyle::with_template("{wide_msg}");
                shown.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
                while is_done.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    shown.set_message(format!("{what}, {} s", (SLOW + shown.elapsed()).as_secs()));
                }
                shown.finish_and_clear();
            } else {
                output::info(what);
            }
        });
        Self {
            done: Some(done),
            thread: Some(thread),
        }
    }

    /// For work whose results go to stdout as they come: draws only where somebody watches stderr
    /// and nobody stdout.
    pub fn unless_read(what: &'static str) -> Option<Self> {
        (can_draw() && !stdout().is_terminal()).then(|| Self::new(what))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            // It panics nowhere, and a bar is no reason to fail.
            let _ = thread.join();
        }
    }
}
