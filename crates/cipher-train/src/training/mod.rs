//! Training: from a config, its data and a run folder to a trained bundle.
//!
//! [`train`] is the whole way; the loop itself is in `epochs`.

mod calibration;
mod checkpoint;
mod divergence;
mod epochs;
mod learner;
mod metrics;
mod observer;
mod saving;
mod session;
mod snapshot;
mod state;
mod step;
mod stop;
mod totals;

use anyhow::{Context, Result, anyhow};
use burn::module::Module;
use burn::tensor::Device;
use cipher_data::Outside;
use cipher_model::{Backend, Bundle, Decryptor, Measured, Score};

use crate::config::Config;
use crate::data::Data;
use crate::ranks::Ranks;
use crate::run::{End, RunFolder, RunResult};
use calibration::calibrate;
pub use checkpoint::{Checkpoint, Checkpoints, Newest};
use epochs::Trainer;
pub use metrics::{Record, Set, read as read_metrics};
pub use observer::{Event, Observer, Unobserved};
use session::Session;
pub use state::{Best, State};
pub use stop::Stop;
pub use totals::EpochTotals;

/// The model and the numbers that a training ended with.
pub struct Trained {
    /// The best model, which the run folder already holds.
    pub bundle: Bundle,
    /// Seconds spent training, with the validation after each epoch.
    pub seconds: f64,
    /// Characters trained on, without padding.
    pub n_characters: usize,
    /// The best validation accuracy, from 0 to 1; `None` before the end of the first epoch.
    pub validation_accuracy: Option<f64>,
    /// The result, which [`RunFolder::set_result`] writes.
    pub result: RunResult,
}

impl Trained {
    /// Why the training is over; `None` if it was stopped.
    pub fn end(&self) -> Option<End> {
        self.result.end
    }
}

/// Where a training runs.
#[derive(Debug, Clone)]
pub struct Place {
    /// What computes.
    pub backend: Backend,
    /// Which of its devices.
    pub device: Device,
    /// The processes that train together.
    pub ranks: Ranks,
}

impl Place {
    /// One process.
    pub fn alone(backend: Backend, device: &Device) -> Self {
        Self {
            backend,
            device: device.clone(),
            ranks: Ranks::alone(),
        }
    }

    /// What the bits of a training depend on.
    pub fn name(&self) -> String {
        let device = format!("{}, {}", self.backend, cipher_model::vector_instructions());
        match self.ranks.share().n_ranks {
            1 => device,
            n_ranks => format!("{device}, {n_ranks} ranks"),
        }
    }
}

/// Trains as the config says, into the run folder, until the target, the last epoch, or a stop.
/// Resumes from the folder's last save if it holds one. The caller writes the result, the last file
/// of a run.
///
/// # Errors
///
/// When the loss diverges (the best weights are kept in the bundle), a file cannot be read or
/// written, or the device fails.
pub fn train(
    config: &Config,
    data: &Data,
    run: &RunFolder,
    on: &Place,
    stop: &Stop,
    observer: &mut dyn Observer,
) -> Result<Trained> {
    let mut session = Session::open(config, data, run, on, observer)?;
    observer.event(&Event::Start {
        epoch: session.state.epoch,
        max_epochs: config.training.epochs,
        step: session.state.step,
        is_over: session.state.end.is_some(),
    });
    let ended = Trainer::new(&mut session, stop, observer).run();
    observer.event(&Event::End);
    match ended {
        Err(error) if session.has_diverged && session.best.is_some() => {
            // The best weights are worth keeping, but they are no result of the training.
            save_bundle(&session, data, &on.device)?;
            Err(error)
        }
        Err(error) => Err(error),
        Ok(()) => {
            let bundle = save_bundle(&session, data, &on.device)?;
            trained(session, bundle)
        }
    }
}

/// Takes part in the training of another rank, which owns the run folder. Nothing is kept in `run`.
///
/// # Errors
///
/// When a file cannot be written, or the device fails.
pub fn take_part(
    config: &Config,
    data: &Data,
    run: &RunFolder,
    on: &Place,
    stop: &Stop,
) -> Result<()> {
    let mut observer = Unobserved;
    let mut session = Session::open(config, data, run, on, &mut observer)?;
    match Trainer::new(&mut session, stop, &mut observer).run() {
        // The first rank tells why.
        Err(_) if session.has_diverged => Ok(()),
        ended => ended,
    }
}

/// The best model, calibrated on the validation messages and measured on the test messages.
fn save_bundle(session: &Session, data: &Data, device: &Device) -> Result<Bundle> {
    let config = &session.config;
    // Where training was stopped inside the first epoch, the last weights are the best.
    let last = session.learner.model().valid();
    let model = match &session.best {
        Some(weights) => last
            .load_safetensors(weights)
            .map_err(|reason| anyhow!("the best weights: {reason}"))?,
        None => last,
    };
    let model = calibrate(
        model,
        &data.loader(&data.validation_input()?, config, device)?,
    )?;
    let mut bundle = Bundle {
        untrained: data.untrained()?,
        config: config.model.clone(),
        ciphertext_alphabet: data.ciphertext_alphabet.clone(),
        plaintext_alphabet: data.plaintext_alphabet.clone(),
        keys: data.trained_keys.clone(),
        measured: Measured {
            test: Score::default(),
            epoch: session.state.best.map_or(0, |best| best.epoch),
        },
        model,
    };
    bundle.measured.test = measure(&bundle, data, config, device)?;
    bundle.save(session.run.bundle())?;
    Ok(bundle)
}

/// What a model gets right of the test messages: symbol by symbol, or by edit distance where the sides
/// have different lengths. A guess at a symbol that training never showed is an answer, too.
///
/// # Errors
///
/// Those of the device.
pub fn measure(bundle: &Bundle, data: &Data, config: &Config, device: &Device) -> Result<Score> {
    let Some(aligned) = &data.aligned else {
        let test = data.loader(&data.test, config, device)?;
        return Ok(bundle.model.evaluate(&test)?);
    };
    let decryptor = Decryptor::new(bundle.clone(), device).with_outside(Outside::Reject)?;
    Ok(aligned.scores(&decryptor, aligned.test())?.iter().sum())
}

fn trained(session: Session, bundle: Bundle) -> Result<Trained> {
    let newest = session.checkpoints.newest_state()?.checkpoint;
    let (_, checkpoint) = newest.context("the last save has disappeared")?;
    Ok(Trained {
        seconds: session.state.seconds,
        n_characters: session.state.n_characters,
        validation_accuracy: session.state.best.map(|best| best.accuracy),
        result: RunResult {
            end: session.state.end,
            checkpoint_sha256: Some(checkpoint),
            bundle_sha256: Bundle::fingerprint(session.run.bundle())?,
            rule_sha256: None,
            verdict: None,
        },
        bundle,
    })
}
