//! Failures of a device as errors of one line.
//!
//! A device that fails causes an error of many lines where something is read back from it, or a panic
//! in the middle of an operation.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use anyhow::{Error, Result, anyhow};
use cipher_model::ModelError;

/// Words in the panics of Burn, CubeCL, wgpu and the CUDA bindings.
const DEVICE_PANICS: [&str; 6] = [
    "Error while reading data",
    "wgpu error",
    "wgpu device",
    "Unable to acquire",
    "DeviceLost",
    "CUDA",
];

/// Words in Burn's errors.
const READ_ERRORS: [&str; 2] = [
    "An error happened during execution",
    "The device is poisoned",
];

/// Runs a command and turns the failure of a device into an error. Any other panic continues.
pub fn catch<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if of_device(panic.payload()).is_none() {
            usual(panic);
        }
    }));
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    let result = result.map(|result| result.map_err(of_read));
    result.unwrap_or_else(|payload| match of_device(payload.as_ref()) {
        Some(error) => Err(with_advice(error)),
        None => panic::resume_unwind(payload),
    })
}

fn of_read(error: Error) -> Error {
    let text = format!("{error:#}");
    if READ_ERRORS.iter().any(|words| text.contains(words)) {
        return with_advice(ModelError::of_device(&text));
    }
    // An error with advice is told by itself; others keep what they were told with.
    let advised = error.downcast_ref().and_then(advised);
    advised.unwrap_or(error)
}

/// The error of a device, with what this program's user can do about it.
pub fn with_advice(error: ModelError) -> Error {
    advised(&error).unwrap_or_else(|| error.into())
}

/// The error with advice; `None` if it is not of a device.
fn advised(error: &ModelError) -> Option<Error> {
    let advice = match error {
        ModelError::DeviceMemory { .. } => {
            "A smaller training.batch_size, messages.max_length or model.d_hidden needs less; or \
             choose --device ndarray"
        }
        ModelError::DeviceFailed { .. } => {
            "Try again, update its driver, or choose --device ndarray"
        }
        ModelError::NotCompiled { name, .. } => {
            return Some(anyhow!(
                "{error}: --features {name}, or --device with one that it has"
            ));
        }
        ModelError::NoAdapter { .. } | ModelError::NoCuda { .. } => {
            return Some(anyhow!("{error}; or choose --device ndarray"));
        }
        _ => return None,
    };
    Some(anyhow!("{error}. {advice}. What was saved is kept"))
}

fn of_device(payload: &(dyn Any + Send)) -> Option<ModelError> {
    let text = match payload.downcast_ref::<String>() {
        Some(text) => text.as_str(),
        None => payload.downcast_ref::<&str>()?,
    };
    let is_of_device = DEVICE_PANICS.iter().any(|words| text.contains(words));
    is_of_device.then(|| ModelError::of_device(text))
}

#[cfg(test)]
mod tests {
    use super::catch;

    #[test]
    fn a_failure_of_a_device_is_an_error_of_one_line_and_our_own_mistake_stays_a_panic() {
        let lost =
            catch::<()>(|| panic!("wgpu error: Validation Error\nCaused by:\n  Device lost"));
        let error = lost.unwrap_err().to_string();
        assert!(
            error.starts_with("the device failed: Device lost."),
            "{error}"
        );
        let mistake = std::panic::catch_unwind(|| catch::<()>(|| panic!("index out of bounds")));
        assert!(mistake.is_err());
    }
}
