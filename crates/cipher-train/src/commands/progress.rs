//! A training on stderr: a bar on a terminal, a line an epoch elsewhere, or JSON Lines.

use std::env;
use std::fmt;
use std::io::{self, IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use serde_json::json;

use super::output;
use crate::report::{percent, thousands};
use crate::training::{EpochTotals, Event, Observer, Record};

/// Draws and logs what happens in a training.
pub struct Progress {
    /// Where and on what it trains.
    place: String,
    view: View,
    max_epochs: usize,
}

enum View {
    Bar(ProgressBar),
    Lines,
    Records,
}

impl Progress {
    /// For a training that is described by `place`, such as `on ndarray in runs/caesar`.
    pub fn new(place: String) -> Self {
        let view = if output::is_json() {
            View::Records
        } else if stderr().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb") {
            View::Bar(bar())
        } else {
            View::Lines
        };
        Self {
            place,
            view,
            max_epochs: 0,
        }
    }

    fn start(&mut self, epoch: usize, step: usize, is_over: bool) {
        let resumed = match (step, is_over) {
            (0, _) => String::new(),
            (step, false) => format!(", resumed at epoch {epoch}, step {step}"),
            (step, true) => format!(", which ended at step {step}"),
        };
        output::info(format!(
            "training {}{resumed}; Ctrl-C stops and saves",
            self.place
        ));
    }

    fn step(&self, epoch: usize, n_messages: usize, n_total: usize, totals: &EpochTotals) {
        if let View::Bar(bar) = &self.view {
            bar.set_length((self.max_epochs * n_total) as u64);
            bar.set_position(((epoch - 1) * n_total + n_messages) as u64);
            bar.set_prefix(format!("epoch {epoch}/{}", self.max_epochs));
            let speed = totals.score.n_symbols as f64 / totals.seconds;
            if speed.is_finite() {
                bar.set_style(style(&format!("{} characters/s", thousands(speed))));
            }
        }
    }

    fn epoch(&self, training: &Record, validation: &Record) {
        let loss = |record: &Record| record.loss.map_or("-".into(), |loss| format!("{loss:.4}"));
        let summary = format!(
            "loss {}  validation: loss {}, characters {}, messages {}",
            loss(training),
            loss(validation),
            percent(validation.character_accuracy),
            percent(validation.message_accuracy),
        );
        match &self.view {
            View::Bar(bar) => bar.set_message(summary),
            View::Lines => {
                let (epoch, max) = (training.epoch, self.max_epochs);
                output::progress(format_args!("epoch {epoch}/{max}  {summary}"));
            }
            View::Records => {
                for record in [training, validation] {
                    output::metrics(&json!(record));
                }
            }
        }
    }
}

impl Observer for Progress {
    fn event(&mut self, event: &Event<'_>) {
        match *event {
            Event::Start {
                epoch,
                max_epochs,
                step,
                is_over,
            } => {
                self.max_epochs = max_epochs;
                self.start(epoch, step, is_over);
            }
            Event::Kernel(kernel) => output::verbose(format!("LSTM kernel: {kernel}")),
            Event::Step {
                epoch,
                n_messages,
                n_total,
                totals,
            } => self.step(epoch, n_messages, n_total, totals),
            Event::Epoch {
                training,
                validation,
            } => self.epoch(training, validation),
            Event::Warning(warning) => output::warning(warning),
            Event::End => {
                if let View::Bar(bar) = &self.view {
                    bar.abandon();
                }
            }
        }
    }
}

fn bar() -> ProgressBar {
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(Terminal), 10);
    ProgressBar::with_draw_target(Some(0), target).with_style(style(""))
}

fn style(speed: &str) -> ProgressStyle {
    let template = format!("{{prefix}} {{bar:20}} at most {{eta}} left {speed}  {{wide_msg}}");
    let style = ProgressStyle::with_template(&template);
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
    if output::is_json() || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = bar();
    bar.set_length(n);
    bar.set_prefix(name);
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
