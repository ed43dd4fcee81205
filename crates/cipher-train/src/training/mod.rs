//! The model on Burn's Learner.

mod metrics;
mod metrics_log;
mod progress;
mod step;
mod strategies;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use burn::data::dataset::Dataset;
use burn::data::dataset::transform::PartialDataset;
use burn::module::Module;
use burn::optim::AdamConfig;
use burn::optim::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::store::ModuleRecord;
use burn::tensor::Device;
use burn::train::metric::LearningRateMetric;
use burn::train::renderer::MetricsRenderer;
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::{Interrupter, Learner, SupervisedTraining};
use cipher_data::{BucketLoader, MessageDataset, Pair, PairBatcher, PairSource, Split};
use cipher_model::{Bundle, CipherModel, Measured, Score};

use crate::config::{Config, Parts, Schedule};
use crate::run_folder::RunFolder;
use metrics::Mean;
use metrics_log::MetricsLog;
use progress::Progress;
use step::Trainee;
use strategies::{Best, KeepLastAndBest, StopAtTarget};

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
    run: &RunFolder,
    device: &Device,
    interrupter: &Interrupter,
    tui: bool,
) -> Result<Trained> {
    let parts = config.init()?;
    let n_symbols = parts.alphabet.len();
    let model = config.model.init(
        n_symbols,
        n_symbols,
        config.seed,
        &device.clone().autodiff(),
    )?;
    // Dropout draws from the device's own generator.
    device.seed(config.seed);

    let best = Best::default();
    let trainee = Trainee::new(model, config.training.max_gradient_norm);
    let n_characters = trainee.n_characters();
    let log = MetricsLog::create(&run.metrics())?;
    let renderer: Box<dyn MetricsRenderer> = match tui {
        true => Box::new(TuiMetricsRendererWrapper::new(interrupter.clone(), None)),
        false => Box::new(Progress::new()),
    };
    let training = SupervisedTraining::new(
        run.path(),
        Arc::new(loader(config, &parts, Split::Training, device)?),
        Arc::new(loader(config, &parts, Split::HeldOut, device)?),
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
    .early_stopping(StopAtTarget(config.training.target_accuracy))
    .with_interrupter(interrupter.clone())
    // Burn's would install a global log subscriber and a panic hook.
    .with_application_logger(None);

    let optimizer = AdamConfig::new().with_epsilon(1e-8).init(); // PyTorch's; Burn's is 1e-5
    let start = Instant::now();
    let result = training.launch(Learner::new(trainee, optimizer, schedule(config)?));
    let duration = start.elapsed();
    drop(result.renderer);
    if let Some(error) = result.error {
        return Err(anyhow!(error.to_string()).context("training stopped"));
    }

    let last = result.model.into_model();
    let model = best_model(config, run, last, &best)?;
    let measured = Measured {
        held_out: evaluate(&model, config, &parts, device)?,
        epoch: best.epoch(),
    };
    let bundle = Bundle {
        model,
        config: config.model.clone(),
        ciphertext_alphabet: parts.alphabet.clone(),
        plaintext_alphabet: parts.alphabet,
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

/// Measures a model on the test messages: held out, and used for nothing else.
pub fn evaluate(
    model: &CipherModel,
    config: &Config,
    parts: &Parts,
    device: &Device,
) -> Result<Score> {
    use burn::data::dataloader::DataLoader;
    let begin = config.messages.held_out;
    let test = PartialDataset::new(
        dataset(config, parts, Split::HeldOut, begin + config.messages.test)?,
        begin,
        begin + config.messages.test,
    );
    let test: Arc<dyn Dataset<Pair>> = Arc::new(test);
    let loader = bucket_loader(config, parts, Arc::new(test), device);
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
            n_symbols: batch.n_symbols(),
            wrong_symbols: wrong[0] as usize,
            n_messages: batch.lengths.len(),
            wrong_messages: wrong[1] as usize,
        };
    }
    Ok(score)
}

/// The loader of a split, as training uses it.
pub fn loader(
    config: &Config,
    parts: &Parts,
    split: Split,
    device: &Device,
) -> Result<BucketLoader> {
    let len = match split {
        Split::Training => config.messages.per_epoch,
        Split::HeldOut => config.messages.held_out,
    };
    let source = Arc::new(dataset(config, parts, split, len)?);
    Ok(bucket_loader(config, parts, source, device))
}

/// The first `len` pairs of a split.
pub fn dataset(config: &Config, parts: &Parts, split: Split, len: usize) -> Result<MessageDataset> {
    let cipher = parts.cipher.clone();
    let n_symbols = parts.alphabet.len();
    Ok(MessageDataset::new(
        cipher,
        n_symbols,
        parts.lengths,
        config.seed,
        split,
        len,
    )?)
}

fn bucket_loader(
    config: &Config,
    parts: &Parts,
    source: Arc<dyn PairSource>,
    device: &Device,
) -> BucketLoader {
    let n_symbols = parts.alphabet.len();
    let batcher = PairBatcher::new(n_symbols, n_symbols);
    BucketLoader::new(
        source,
        batcher,
        config.training.batch_size,
        config.seed,
        device,
    )
}

fn schedule(config: &Config) -> Result<ModuleLrScheduler> {
    let training = &config.training;
    match training.schedule {
        Schedule::Constant => Ok(training.learning_rate.into()),
        Schedule::Cosine => {
            let steps = training.epochs * config.messages.per_epoch.div_ceil(training.batch_size);
            CosineAnnealingLrSchedulerConfig::new(training.learning_rate, steps)
                .init()
                .map_err(|error| anyhow!("training.learning_rate: {error}"))
        }
    }
}
