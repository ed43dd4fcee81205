use std::io::{Write, stdout};

use anyhow::Result;
use cipher_model::{Backend, FoundDevice};

/// Prints a line for each backend, and below it one for each device that was found.
pub fn run() -> Result<()> {
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
        let found = if devices.is_empty() {
            ", but no device was found"
        } else {
            ""
        };
        let default = if backend == Backend::default() {
            " (the default)"
        } else {
            ""
        };
        writeln!(out, "{:8} compiled in{found}{default}", backend.name())?;
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
