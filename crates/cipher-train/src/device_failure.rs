//! A device that fails shows as an error of many lines where something is read back from it, and as a
//! panic in the middle of an operation. For whoever runs the program either is an error like any
//! other, to be told in a line.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use anyhow::{Error, Result};
use cipher_model::ModelError;

/// Words in the panics of Burn, CubeCL, wgpu and the CUDA bindings.
const OF_DEVICES: [&str; 6] = [
    "Error while reading data",
    "wgpu error",
    "wgpu device",
    "Unable to acquire",
    "DeviceLost",
    "CUDA",
];

/// Words in Burn's errors.
const OF_READS: [&str; 2] = [
    "An error happened during execution",
    "The device is poisoned",
];

/// Runs a command. What a device's failure left becomes a clear error; any other panic goes on.
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
        Some(error) => Err(error.into()),
        None => panic::resume_unwind(payload),
    })
}

fn of_read(error: Error) -> Error {
    let text = format!("{error:#}");
    match OF_READS.iter().any(|words| text.contains(words)) {
        true => ModelError::of_device(&text).into(),
        false => error,
    }
}

fn of_device(payload: &(dyn Any + Send)) -> Option<ModelError> {
    let text = match payload.downcast_ref::<String>() {
        Some(text) => text.as_str(),
        None => payload.downcast_ref::<&str>()?,
    };
    let is_of_device = OF_DEVICES.iter().any(|words| text.contains(words));
    is_of_device.then(|| ModelError::of_device(text))
}

#[cfg(test)]
mod tests {
    use super::catch;

    #[test]
    fn what_a_device_fails_at_is_an_error_in_a_line_and_a_mistake_of_ours_stays_a_panic() {
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
