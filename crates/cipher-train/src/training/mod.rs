//! The model on Burn's Learner.

mod calibration;
mod data;
mod metrics;
mod metrics_log;
mod progress;
mod step;
mod strategies;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::AdamWConfig;
use burn::optim::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::store::ModuleRecord;
use burn::tensor::Device;
use burn::train::metric::LearningRateMetric;
use burn::train::renderer::MetricsRenderer;
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::{Interrupter, Learner, SupervisedTraining};
use cipher_data::{BucketLoader, PairBatcher, PairTable};
use cipher_model::{Bundle, CipherModel, Measured, Score};

use crate::config::{Config, Schedule};
use crate::run_folder::RunFolder;
use calibration::calibrate;
pub use data::{Data, random_messages};
use metrics::Mean;
use metrics_log::MetricsLog;
use progress::Progress;
use step::Trainee;
use strategies::{Best, KeepLastAndBest, StopEarly};

/// Messages read at once where no gradient is wanted.
const EVALUATION_BATCH: usize = 128;

/// What is shown of a training while it goes on.
#[derive(Debug, Clone, Copy)]
pub enum Watch {
    Quiet,
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
/// through the interrupter.
pub fn train(
    config: &Config,
    data: &Data,
    run: &RunFolder,
    device: &Device,
    interrupter: &Interrupter,
    watch: Watch,
) -> Result<Trained> {
    let model = config.model.init(
        data.ciphertext_alphabet.len(),
        data.plaintext_alphabet.len(),
        config.seed,
        &device.clone().autodiff(),
    )?;
    // Dropout draws from the device's own generator.
    device.seed(config.seed);

    let n_training = data.training.pairs_at(0).len();
    let best = Best::default();
    let trainee = Trainee::new(model, config.training.max_gradient_norm);
    let n_characters = trainee.n_characters();
    let log = MetricsLog::create(&run.metrics())?;
    let renderer: Box<dyn MetricsRenderer> = match watch {
        Watch::Quiet => Box::new(Progress::hidden()),
        Watch::Progress => Box::new(Progress::new()),
        Watch::Dashboard => Box::new(TuiMetricsRendererWrapper::new(interrupter.clone(), None)),
    };
    let training = SupervisedTraining::new(
        run.path(),
        Arc::new(data.loader(&data.masked_training(config), config, device)),
        Arc::new(data.loader(&data.held_out, config, device)),
    )
    .num_epochs(config.training.epochs)
    .metrics((
        Mean::loss(),
        Mean::character_accuracy(),
        Mean::message_accuracy(),
    ))
    .metric_train_numeric(LearningRateMetric::new())
    .with_metric_logger(log)
    .renderer(renderer)
    .with_default_checkpointers()
    .with_checkpointing_strategy(KeepLastAndBest::new(best.clone()))
    .early_stopping(StopEarly::new(&config.training))
    .with_interrupter(interrupter.clone())
    // Burn's would install a global log subscriber and a panic hook.
    .with_application_logger(None);

    let optimizer = AdamWConfig::new()
        .with_epsilon(1e-8) // PyTorch's; Burn's is 1e-5
        .with_weight_decay(config.training.weight_decay as f32)
        .init();
    let start = Instant::now();
    let result = training.launch(Learner::new(
        trainee,
        optimizer,
        schedule(config, n_training)?,
    ));
    let duration = start.elapsed();
    drop(result.renderer);
    if let Some(error) = result.error {
        return Err(anyhow!(error.to_string()).context("training stopped"));
    }

    let last = result.model.into_model();
    let model = best_model(config, run, last, &best)?;
    let model = calibrate(model, &data.loader(&data.held_out, config, device))?;
    let measured = Measured {
        held_out: evaluate(&model, &data.loader(&data.test, config, device))?,
        epoch: best.epoch(),
    };
    let bundle = Bundle {
        model,
        config: config.model.clone(),
        ciphertext_alphabet: data.ciphertext_alphabet.clone(),
        plaintext_alphabet: data.plaintext_alphabet.clone(),
        measured,
    };
    bundle.save(run.bundle())?;
    Ok(Trained {
        bundle,
        duration,
        n_characters: n_characters.load(Ordering::Relaxed),
        stopped: result
            .interrupted
            .and_then(|interruption| interruption.reason),
    })
}

/// The best checkpoint, or where training was stopped inside the first epoch, the last weights.
fn best_model(
    config: &Config,
    run: &RunFolder,
    last: CipherModel,
    best: &Best,
) -> Result<CipherModel> {
    let epoch = best.epoch();
    if epoch == 0 {
        return Ok(last);
    }
    let path = run.path().join(format!("checkpoint/model-{epoch}.bpk"));
    let record = ModuleRecord::load(&path)
        .map_err(|error| anyhow!(error.to_string()))
        .with_context(|| format!("cannot read the checkpoint {}", path.display()))?;
    let trainee = Trainee::new(last, config.training.max_gradient_norm);
    Ok(trainee.load_record(record).into_model())
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
        let wrong = loss.wrong.into_data();
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

fn schedule(config: &Config, n_training: usize) -> Result<ModuleLrScheduler> {
    let training = &config.training;
    match training.schedule {
        Schedule::Constant => Ok(training.learning_rate.into()),
        Schedule::Cosine => {
            let steps = training.epochs * n_training.div_ceil(training.batch_size);
            CosineAnnealingLrSchedulerConfig::new(training.learning_rate, steps)
                .init()
                .map_err(|error| anyhow!("training.learning_rate: {error}"))
        }
    }
}
