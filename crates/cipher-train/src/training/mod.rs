//! The model on Burn's Learner.

mod calibration;
mod capture;
mod checkpoint;
mod data;
mod divergence;
mod job;
mod metrics;
mod metrics_log;
mod progress;
mod state;
mod step;
mod sums;
mod training_loop;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use burn::data::dataloader::DataLoader;
use burn::tensor::Device;
use burn::train::metric::LearningRateMetric;
use burn::train::renderer::MetricsRenderer;
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::{Interrupter, SupervisedTraining, TrainingStrategy};
use cipher_data::{BucketLoader, PairBatcher, PairTable};
use cipher_model::{Backend, Bundle, CipherModel, Measured, ModelError, Score};

use crate::config::Config;
use crate::run_folder::RunFolder;
use crate::say;
use calibration::calibrate;
pub use checkpoint::{Checkpoints, Newest};
pub use data::{Data, random_messages};
use job::Job;
use metrics::Mean;
use metrics_log::NoLog;
use progress::Progress;
pub use state::{End, State, without_side_effects};
use training_loop::TrainingLoop;

/// Messages read at once where no gradient is wanted.
const EVALUATION_BATCH: usize = 128;

/// What is shown of a training while it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    Quiet,
    /// The records of `metrics.jsonl`, on stderr.
    Records,
    /// A bar or lines on stderr.
    Progress,
    /// Burn's dashboard.
    Dashboard,
}

/// What a training came to.
pub struct Trained {
    /// The best model, already saved in the run folder.
    pub bundle: Bundle,
    /// Time spent training, held-out messages after each epoch included.
    pub duration: Duration,
    /// Characters trained on.
    pub n_characters: usize,
    /// The reason, if it was stopped before its end.
    pub stopped: Option<String>,
}

/// Trains as the config says, into the run folder, until the target, the last epoch, or a stop
/// through the interrupter. Goes on from where the folder's last save is, if it holds one.
pub fn train(
    config: &Config,
    data: &Data,
    run: &RunFolder,
    (backend, device): (Backend, &Device),
    interrupter: &Interrupter,
    watch: Watch,
) -> Result<Trained> {
    let (job, learner) = Job::open(config, data, run, backend.name(), device)?;
    let first_epoch = job.state.epoch;
    if watch != Watch::Quiet {
        say::info(job.announcement(backend));
    }
    let training_loop = TrainingLoop::new(job, watch == Watch::Records);
    let renderer: Box<dyn MetricsRenderer> = match watch {
        Watch::Quiet | Watch::Records => Box::new(Progress::hidden()),
        Watch::Progress => Box::new(Progress::new(first_epoch)),
        Watch::Dashboard => Box::new(TuiMetricsRendererWrapper::new(interrupter.clone(), None)),
    };
    let loader = |source| Arc::new(data.loader(source, config, device));
    let training =
        SupervisedTraining::new(run.path(), loader(&data.training), loader(&data.held_out))
            .num_epochs(config.training.epochs)
            .metrics((
                Mean::loss(),
                Mean::character_accuracy(),
                Mean::message_accuracy(),
            ))
            .metric_train_numeric(LearningRateMetric::new())
            .with_metric_logger(NoLog)
            .renderer(renderer)
            .with_training_strategy(TrainingStrategy::Custom(training_loop.clone()))
            .with_interrupter(interrupter.clone())
            // Burn's would install a global log subscriber and a panic hook.
            .with_application_logger(None);

    let result = training.launch(learner);
    drop(result.renderer);
    let (job, mut error) = training_loop.finish();
    let is_kept = job.has_diverged && job.best.is_some();
    if let Some(error) = error.take_if(|_| !is_kept) {
        return Err(error);
    }
    if let Some(error) = result.error {
        return Err(anyhow!(error.to_string()).context("training stopped"));
    }

    // Where training was stopped inside the first epoch, the last weights.
    let last = result.model.into_model();
    let model = match &job.best {
        Some(weights) => last
            .load_safetensors(weights)
            .map_err(|reason| anyhow!("the best weights: {reason}"))?,
        None => last,
    };
    let model = calibrate(model, &data.loader(&data.held_out, config, device))?;
    let measured = Measured {
        held_out: evaluate(&model, &data.loader(&data.test, config, device))?,
        epoch: job.state.best.map_or(0, |best| best.epoch),
    };
    let bundle = Bundle {
        model,
        config: config.model.clone(),
        ciphertext_alphabet: data.ciphertext_alphabet.clone(),
        plaintext_alphabet: data.plaintext_alphabet.clone(),
        measured,
    };
    bundle.save(run.bundle())?;
    if let Some(error) = error {
        return Err(error);
    }
    Ok(Trained {
        bundle,
        duration: Duration::from_secs_f64(job.state.seconds),
        n_characters: job.state.n_characters,
        stopped: match job.state.end {
            Some(_) => None,
            None => result.interrupted.and_then(|stop| stop.reason),
        },
    })
}

/// Counts a model's right and wrong answers to an epoch of pairs.
pub fn evaluate(model: &CipherModel, loader: &BucketLoader) -> Result<Score> {
    let mut score = Score::default();
    for batch in loader.iter() {
        let batch = batch?;
        let loss = model.loss(
            batch.ciphertext.clone(),
            batch.plaintext.clone(),
            &batch.lengths,
        );
        let wrong = loss.wrong.try_into_data();
        let wrong = wrong.map_err(|error| ModelError::of_device(&error.to_string()))?;
        let wrong: Vec<i64> = wrong.iter().collect();
        score += Score {
            n_symbols: batch.n_symbols,
            wrong_symbols: wrong[0] as usize,
            n_messages: batch.lengths.len(),
            wrong_messages: wrong[1] as usize,
        };
    }
    Ok(score)
}

/// The same for all pairs of a table, over the alphabets of the bundle.
pub fn evaluate_table(bundle: &Bundle, table: PairTable, device: &Device) -> Result<Score> {
    let (ciphertext, plaintext) = (&bundle.ciphertext_alphabet, &bundle.plaintext_alphabet);
    let batcher = PairBatcher::new(ciphertext.len(), plaintext.len());
    let source = data::all_of(table);
    let loader = BucketLoader::new(source, batcher, EVALUATION_BATCH, 0, device);
    evaluate(&bundle.model, &loader)
}
