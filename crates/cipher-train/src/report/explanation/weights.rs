//! The weights that a report shows.

use anyhow::{Context, Result, anyhow, bail};
use burn::tensor::Device;
use cipher_model::{Bundle, Measured, Score};
use serde::Serialize;

use crate::config::Config;
use crate::data::Data;
use crate::run::RunFolder;
use crate::training::Checkpoints;

/// A model and its origin.
pub struct Weights {
    pub bundle: Bundle,
    pub source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The epoch of the weights, counted from 1; 0 if it is not known.
    pub epoch: usize,
    /// Whether the training that they are of is over.
    pub is_final: bool,
}

impl Weights {
    /// The bundle, or where training has not come so far the best weights of its last save.
    pub fn of(
        run: &RunFolder,
        config: &Config,
        data: Option<&Data>,
        device: &Device,
    ) -> Result<Self> {
        if run.bundle().exists() {
            return Self::of_bundle(run, device);
        }
        let folder = run.path().display();
        let data = data.with_context(|| format!("{folder} holds no trained model yet"))?;
        match Self::of_checkpoint(run, config, data, device)? {
            Some(weights) => Ok(weights),
            None => bail!("{folder} holds no trained model yet; train it for at least one epoch"),
        }
    }

    fn of_bundle(run: &RunFolder, device: &Device) -> Result<Self> {
        let bundle = run.load_bundle(device)?;
        let source = Source {
            epoch: bundle.measured.epoch,
            is_final: true,
        };
        Ok(Self { bundle, source })
    }

    /// The best weights of the last save, if an epoch had ended by then.
    pub fn of_checkpoint(
        run: &RunFolder,
        config: &Config,
        data: &Data,
        device: &Device,
    ) -> Result<Option<Self>> {
        let checkpoints = Checkpoints::at(run.checkpoints());
        let Some(checkpoint) = checkpoints.newest()?.checkpoint else {
            return Ok(None);
        };
        let (Some(best), Some(weights)) = (checkpoint.state.best, checkpoint.best) else {
            return Ok(None);
        };
        let alphabets = [&data.ciphertext_alphabet, &data.plaintext_alphabet];
        let n_plaintext = data.plaintext_alphabet.len();
        let model = config
            .model
            .init(data.inputs(config)?, n_plaintext, 0, device)?;
        let bundle = Bundle {
            untrained: Vec::new(),
            model: model
                .load_safetensors(&weights)
                .map_err(|reason| anyhow!("the weights of the last save: {reason}"))?,
            config: config.model.clone(),
            ciphertext_alphabet: alphabets[0].clone(),
            plaintext_alphabet: alphabets[1].clone(),
            keys: data.trained_keys.clone(),
            measured: Measured {
                test: Score::default(),
                epoch: best.epoch,
            },
        };
        let source = Source {
            epoch: best.epoch,
            is_final: false,
        };
        Ok(Some(Self { bundle, source }))
    }
}
