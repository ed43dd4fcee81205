use std::io::{Write, stdout};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use cipher_model::{Backend, Decryptor, FoundDevice};

use super::{open, scratch};
use crate::config::{Config, Source};
use crate::data::Data;
use crate::training::Stop;

/// Prints what this program is and can compute on, and trains the tutorial's cipher as a test.
pub fn run(backend: Option<Backend>) -> Result<()> {
    let mut out = stdout().lock();
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let version = env!("CARGO_PKG_VERSION");
    writeln!(out, "cipher-train {version} for {os} on {arch}")?;
    list_devices(&mut out)?;
    out.flush()?;
    let (backend, device) = open(backend)?;
    writeln!(
        out,
        "self test on {backend}: {}",
        self_test(backend, &device)?
    )?;
    Ok(())
}

/// Trains and decrypts, and tells how.
fn self_test(backend: Backend, device: &Device) -> Result<String> {
    let config = Config::default();
    let Source::Cipher(source) = &config.source else {
        bail!("the built-in config has no cipher");
    };
    let setup = source.init()?;
    let secret = setup.secret().context("the tutorial's secret")?;
    let data = Data::of(&config)?;
    let trained = scratch::train(&config, &data, (backend, device), &Stop::default())?;
    let seconds = trained.seconds;
    let ciphertext = setup.texts.ciphertext.decode(secret.ciphertext());
    let expected = setup.texts.plaintext.decode(secret.plaintext());
    let answer = Decryptor::new(trained.bundle, device).decrypt(&ciphertext)?;
    let plaintext = answer.plaintext;
    if plaintext != expected {
        bail!(
            "the self test failed on {backend}: after {seconds:.1} s of training, {ciphertext} was \
             decrypted to {plaintext} instead of {expected}; try another --device"
        );
    }
    Ok(format!(
        "passed; trained in {seconds:.1} s, {ciphertext} -> {plaintext}"
    ))
}

/// A line for each backend, and below it one for each device that was found.
fn list_devices(out: &mut impl Write) -> Result<()> {
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
