//! A training that leaves nothing behind.

use anyhow::{Context, Result};
use burn::tensor::Device;
use cipher_model::Backend;

use crate::config::Config;
use crate::data::Data;
use crate::run::{Existing, RunFolder};
use crate::training::{self, Place, Stop, Trained, Unobserved};

/// Trains in a temporary folder.
///
/// # Errors
///
/// Those of the training and of the folder.
pub fn train(config: &Config, data: &Data, on: (Backend, &Device), stop: &Stop) -> Result<Trained> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let path = Some(folder.path());
    let run = RunFolder::create(path, "scratch", Existing::Keep, config, None, |_| Ok(()))?;
    let on = Place::alone(on.0, on.1);
    training::train(config, data, &run, &on, stop, &mut Unobserved)
}
