//! A training from the command line: what `train` and `fit` have in common.

use std::io::Write;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use cipher_data::Pair;
use cipher_model::Decryptor;
use serde_json::{Map, Value, json};

use super::bar::Busy;
use super::cli::RunArgs;
use super::hint::{command_line, run_argument};
use super::progress::Progress;
use super::sample::Sample;
use super::serve::{Port, Served};
use super::signals::stop_on_signals;
use super::{Outcome, output};
use crate::config::{Config, Source};
use crate::data::{Data, Others, first_pairs};
use crate::numbers::{percent, thousands};
use crate::report::measure::Measure;
use crate::report::summary::score_lines;
use crate::report::{Assessment, measure_others};
use crate::run::{End, Existing, RunFolder, RunResult, RunRule};
use crate::training::{self, Observer, Place, Stop, Trained};

/// A training that is ready to start.
pub struct Launch {
    pub config: Config,
    pub data: Data,
    pub run: RunFolder,
    pub on: Place,
    /// Where the report is served, if it is.
    pub port: Option<Port>,
    /// What the result is measured on beside the test messages, if only some pairs are learned from.
    pub others: Option<Others>,
    /// What is known before training, if the result is to be printed as JSON.
    pub json: Option<Value>,
}

impl Launch {
    /// Trains until the end or a signal, prints what was learned, and serves the report for as long
    /// as the user wants.
    ///
    /// # Errors
    ///
    /// Those of the training.
    pub fn start(mut self, args: &RunArgs) -> Result<Outcome> {
        let stop = Stop::default();
        stop_on_signals(&stop)?;
        let serving = self.port.take().map(|port| {
            port.serve(Served {
                run: self.run.clone(),
                config: self.config.clone(),
                data: self.data.clone(),
                device: self.on.device.clone(),
            })
        });
        let serving = serving.transpose()?;
        warn(self.run.remember_started());
        let outcome = self.train(args, &stop)?;
        if serving.is_some() && !stop.is_requested() {
            output::info("the report stays there until Ctrl-C");
            while !stop.is_requested() {
                thread::sleep(Duration::from_millis(50));
            }
        }
        Ok(outcome)
    }

    fn train(&self, args: &RunArgs, stop: &Stop) -> Result<Outcome> {
        let mut observer = self.observer(args, stop);
        let trained = training::train(
            &self.config,
            &self.data,
            &self.run,
            &self.on,
            stop,
            observer.as_mut(),
        );
        drop(observer);
        // A training that ended with an error may have kept its best weights all the same.
        if self.run.has_bundle() {
            warn(self.run.remember_trained());
        }
        let trained = trained?;
        if trained.end().is_none() {
            return self.stopped(&trained);
        }
        output::info(format!(
            "trained in {:.1} s: {} characters/s",
            trained.seconds,
            thousands(trained.n_characters as f64 / trained.seconds)
        ));
        match &self.config.source {
            Source::Cipher(_) => self.report_cipher(trained),
            Source::Pairs(_) => self.report_pairs(&trained),
        }
    }

    #[cfg(not(feature = "tui"))]
    fn observer(&self, _args: &RunArgs, _stop: &Stop) -> Box<dyn Observer> {
        Box::new(self.progress())
    }

    #[cfg(feature = "tui")]
    fn observer(&self, args: &RunArgs, stop: &Stop) -> Box<dyn Observer> {
        if args.tui {
            return Box::new(super::dashboard::Dashboard::open(self.progress(), stop));
        }
        Box::new(self.progress())
    }

    fn progress(&self) -> Progress {
        let folder = self.run.path().display();
        Progress::new(
            format!("on {} in {folder}", self.on.backend),
            self.counted(),
        )
    }

    /// What the network answers with.
    fn counted(&self) -> &'static str {
        match Measure::of(&self.data.plaintext_alphabet) {
            Measure::Symbols => "characters",
            Measure::Keys => "key symbols",
            Measure::Edits => "chunks",
        }
    }

    fn stopped(&self, trained: &Trained) -> Result<Outcome> {
        let rule = self
            .data
            .key()
            .cloned()
            .map(|key| RunRule::Key(Box::new(key)));
        let rule_sha256 = rule.map(|rule| self.run.set_rule(&rule)).transpose()?;
        let decrypts = match rule_sha256 {
            Some(_) => "decrypt will use the key that was found; ",
            None => "",
        };
        self.run.set_result(&RunResult {
            rule_sha256,
            ..trained.result.clone()
        })?;
        output::info(format!(
            "stopped by a signal after {:.1} s; {decrypts}resume with: {} train --resume --run {}",
            trained.seconds,
            command_line(),
            run_argument(self.run.path())
        ));
        Ok(Outcome::Stopped)
    }

    fn report_cipher(&self, trained: Trained) -> Result<Outcome> {
        self.run.set_result(&trained.result)?;
        let score = trained.bundle.measured.test;
        let target = self.config.training.target_accuracy;
        let accuracy = score.character_accuracy();
        let is_reached = trained.end() == Some(End::Target) || accuracy >= target;
        let sample = self.sample()?;
        let decryptor = Decryptor::new(trained.bundle, &self.on.device);
        let mut out = std::io::stdout().lock();
        for line in score_lines(&score, Measure::of(decryptor.plaintext_alphabet())) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{}", sample.answered(decryptor)?)?;
        self.next_steps(&sample, &mut out)?;
        if is_reached {
            return Ok(Outcome::Done);
        }
        output::info(format!(
            "{} of the test {} is below the target of {}; try more training.epochs or a \
             larger model.d_hidden",
            percent(accuracy),
            self.counted(),
            percent(target)
        ));
        Ok(Outcome::BelowTarget)
    }

    fn report_pairs(&self, trained: &Trained) -> Result<Outcome> {
        let busy = Busy::new("fitting simple rules to the pairs");
        let assessment = Assessment::of_run(&self.run, trained, &self.data, &self.on.device)?;
        drop(busy);
        let (bundle, device) = (&trained.bundle, &self.on.device);
        let measure =
            |others| measure_others(&self.run, &assessment, bundle, &self.data, others, device);
        let others = self.others.as_ref().map(measure).transpose()?;
        let sample = self.sample()?;
        let mut out = std::io::stdout().lock();
        if let Some(known) = &self.json {
            let result = json!({
                "seconds": trained.seconds,
                "characters_per_second": trained.n_characters as f64 / trained.seconds,
                "run": self.run.path().display().to_string(),
                "next": sample.command(self.run.path()),
                "others": others,
            });
            let parts = [known.clone(), assessment.to_json(), result];
            let fields = parts.iter().filter_map(Value::as_object).flatten();
            let whole: Map<String, Value> = fields
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            writeln!(out, "{}", json!(whole))?;
        } else {
            writeln!(out, "{assessment}")?;
            if let Some(others) = &others {
                writeln!(out, "{others}")?;
            }
            self.next_steps(&sample, &mut out)?;
        }
        if assessment.is_solved() {
            Ok(Outcome::Done)
        } else {
            Ok(Outcome::BelowTarget)
        }
    }

    fn next_steps(&self, sample: &Sample, out: &mut impl Write) -> Result<()> {
        writeln!(out, "saved in {}", self.run.path().display())?;
        if self.data.aligned.is_some() {
            let (program, run) = (command_line(), run_argument(self.run.path()));
            writeln!(out, "key: {program} key --run {run}")?;
        }
        writeln!(out, "next: {}", sample.command(self.run.path()))?;
        Ok(())
    }

    /// The tutorial's secret if the alphabet can write it, otherwise the beginning of a test message.
    fn sample(&self) -> Result<Sample> {
        let secret = match &self.config.source {
            Source::Cipher(source) => source.init()?.secret(),
            Source::Pairs(_) => None,
        };
        let test = first_pairs(&self.data.test, 1)?.into_iter().next();
        let pair: Option<Pair> = secret.or(test);
        Ok(pair.map_or_else(Sample::default, |pair| Sample::of(&pair, &self.data)))
    }
}

/// Checks and reserves what the arguments ask for, before a run folder is made.
///
/// # Errors
///
/// When the port is taken, or there is no terminal for the dashboard.
pub fn prepare(args: &RunArgs) -> Result<Option<Port>> {
    #[cfg(feature = "tui")]
    if args.tui {
        super::dashboard::check_terminal()?;
    }
    args.serve.map(Port::take).transpose()
}

/// Makes the run that the arguments ask for, or opens it where it is to be resumed. Returns the config and the data
/// that are trained with: those of the run.
///
/// # Errors
///
/// Those of the folder.
pub fn create_run(
    args: &RunArgs,
    name: &str,
    config: Config,
    data: Data,
) -> Result<(RunFolder, Config, Data)> {
    let (existing, folder) = (args.existing()?, args.run.as_deref());
    let run = RunFolder::create(folder, name, existing, &config, Some(&data), |_| Ok(()))?;
    if existing != Existing::Resume {
        return Ok((run, config, data));
    }
    let config = run.config()?;
    let data = run.data(&config)?;
    Ok((run, config, data))
}

/// A file that only saves the user some typing could not be written.
pub fn warn(result: Result<()>) {
    if let Err(error) = result {
        output::warning(format!("{error:#}"));
    }
}
