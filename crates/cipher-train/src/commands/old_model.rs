use anyhow::Result;
use cipher_model::Bundle;

use super::output;
use crate::run::RunFolder;
use crate::training::Checkpoints;

/// Warns where the bundle of a run is not the result of its training: it may be from an earlier stop.
///
/// # Errors
///
/// When a file of the run is damaged.
pub fn warn_of_old_model(run: &RunFolder) -> Result<()> {
    let result = run.result()?;
    if run.manifest()?.is_none() {
        return Ok(()); // A bundle that was copied out of its run.
    }
    let is_current = match result {
        None => false,
        Some(result) => {
            let bundle = Bundle::fingerprint(run.bundle())?;
            let checkpoint = Checkpoints::at(run.checkpoints()).newest_sha256()?;
            bundle == result.bundle_sha256 && checkpoint == result.checkpoint_sha256
        }
    };
    if !is_current {
        let folder = run.path().display();
        output::warning(format!(
            "the model in {folder} is from an earlier stop of its training; \
             `status {folder}` shows how to finish it"
        ));
    }
    Ok(())
}
