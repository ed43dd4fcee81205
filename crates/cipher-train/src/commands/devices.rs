//! What can be asked for with `--device`.

use std::io::{Write, stdout};

use anyhow::Result;
use cipher_model::{Backend, FoundDevice};

/// A line for each backend, and below it one for each device that was found.
pub fn list() -> Result<()> {
    let mut out = stdout().lock();
    for backend in Backend::ALL {
        if !backend.is_compiled() {
            writeln!(
                out,
                "{:8} not compiled in: build with --features {backend}",
                backend.name()
            )?;
            continue;
        }
        let devices = backend.devices();
        let default = match backend == Backend::default() {
            true => " (the default)",
            false => "",
        };
        match devices.is_empty() {
            true => writeln!(
                out,
                "{:8} compiled in, and no device found{default}",
                backend.name()
            )?,
            false => writeln!(out, "{:8} compiled in{default}", backend.name())?,
        }
        for device in devices {
            writeln!(out, "         {}", describe(&device))?;
        }
    }
    Ok(())
}

fn describe(device: &FoundDevice) -> String {
    const MIB: u64 = 1 << 20;
    let mut text = device.name.clone();
    if let Some(bytes) = device.memory {
        text += &format!("; {} MiB of memory", bytes / MIB);
    }
    if let Some(bytes) = device.largest_tensor {
        text += &format!("; tensors of up to {} MiB", bytes / MIB);
    }
    text
}
