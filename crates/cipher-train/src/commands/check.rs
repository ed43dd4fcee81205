use std::io::{Write, stdout};

use anyhow::Result;
use cipher_data::{Split, padding_share};
use cipher_model::Backend;

use super::percent;
use crate::cli::CheckArgs;
use crate::config::Config;
use crate::pairs::Pairs;
use crate::training::{Data, random_messages};

/// Messages that the share of padding is measured on, at most.
const SAMPLE: usize = 1 << 16;

pub fn run(args: CheckArgs) -> Result<()> {
    if args
        .file
        .extension()
        .is_none_or(|extension| extension != "toml")
    {
        return Pairs::read(&args.read.of(args.file))?.describe(&mut stdout().lock());
    }
    let config = Config::load(Some(&args.file), &args.set)?;
    let parts = config.init()?;
    let (alphabet, lengths) = (&parts.alphabet, parts.lengths);
    let (messages, training) = (&config.messages, &config.training);
    let device = Backend::compiled().last().unwrap_or_default().open()?;
    let n_sampled = messages.per_epoch.min(SAMPLE);
    let mut sample = config.clone();
    sample.messages.per_epoch = n_sampled;
    let data = Data::of(&sample)?;
    let loader = data.loader(&data.training, &sample, &device);

    let dataset = random_messages(&config, &parts, Split::Training, n_sampled)?;
    let unsorted = (0..n_sampled).map(|index| dataset.pair(index).map(|pair| pair.len()));
    let unsorted = unsorted.collect::<Result<Vec<_>, _>>()?;
    let bucketed = loader.lengths_at(0)?;
    let n_symbols = alphabet.len();
    let pair = dataset.pair(0)?;
    let steps = messages.per_epoch.div_ceil(training.batch_size);

    let symbols = alphabet.symbols().concat();
    let mut out = stdout().lock();
    writeln!(out, "alphabet  {n_symbols} symbols: {symbols}")?;
    writeln!(out, "cipher    {:?}", config.cipher)?;
    writeln!(
        out,
        "example   {} -> {}",
        alphabet.decode(pair.ciphertext()),
        alphabet.decode(pair.plaintext())
    )?;
    writeln!(
        out,
        "messages  {} an epoch, {} to {} symbols; held out {} + {}",
        messages.per_epoch,
        lengths.min(),
        lengths.max(),
        messages.held_out,
        messages.test
    )?;
    writeln!(
        out,
        "padding   {} of a batch, {} without length buckets",
        percent(padding_share(&bucketed, training.batch_size)),
        percent(padding_share(&unsorted, training.batch_size))
    )?;
    writeln!(
        out,
        "model     {} weights",
        config.model.n_weights(n_symbols, n_symbols)
    )?;
    writeln!(
        out,
        "training  at most {} epochs of {steps} steps, until {} of the held-out characters are right",
        training.epochs,
        percent(training.target_accuracy)
    )?;
    Ok(())
}
