//! Decrypting with a run: its key, its table, or its network.

mod network;
mod rules;

use anyhow::{Error, Result, anyhow, bail};
use burn::tensor::Device;
use cipher_model::{Backend, Bundle, Decryptor, ModelError};
use serde_json::json;

use network::Network;
use rules::{Found, Ruled};

use super::cli::DecryptArgs;
use super::encrypt::{Direction, Keyed};
use super::old_model::warn_of_old_model;
use super::text::{UNREADABLE, convert};
use super::{Outcome, open, output};
use crate::config::{Config, Source};
use crate::numbers::{count, percent, symbols};
use crate::report::measure::Measure;
use crate::run::{RunFolder, RunResult, RunRule};
use crate::symbols::shortened;

/// Characters of a key that an error shows.
const MAX_SHOWN: usize = 40;

pub fn run(args: DecryptArgs, backend: Option<Backend>) -> Result<Outcome> {
    if let Some(config) = &args.with_key {
        let mut config = Config::load(Some(config), &args.set)?;
        if let (Some(outside), Source::Cipher(source)) = (args.outside, &mut config.source) {
            source.texts.alphabet.outside = outside;
        }
        let keyed = Keyed::new(&config, args.key.as_deref(), Direction::Decrypt)?;
        return convert(&args.text, &keyed);
    }
    let run = RunFolder::open(args.run.as_deref())?;
    let (_, device) = open(backend)?;
    let bundle = run.load_bundle(&device)?;
    let result = run.result()?;
    warn_of_old_model(&run)?;
    let rule = match &result {
        Some(result) if !args.network => run.rule(result)?,
        _ => None,
    };
    let is_aligned = matches!(Measure::of(&bundle.plaintext_alphabet), Measure::Edits);
    // A key passed its test, and so did a table, unless it is the code book of aligned pairs.
    if rule.is_none() || is_aligned && matches!(rule, Some(RunRule::Table(_))) {
        warn_if_not_learned(&run, result.as_ref());
    }
    let said = describe(&run, &bundle, result.as_ref(), rule.as_ref());
    match rule {
        Some(_) if args.key.is_some() => {
            bail!("--key: the run has a key of its own; leave out --key")
        }
        Some(RunRule::Key(key)) => {
            output::info(said);
            convert(&args.text, &Found::new(&key, &args)?)
        }
        Some(RunRule::Table(rule)) => {
            output::info(said);
            convert(&args.text, &Ruled::new(rule, &bundle, &args)?)
        }
        None => {
            let decryptor = decryptor(&run, bundle, &args, &device)?;
            output::info(said);
            warn_of_key_length(&decryptor);
            convert(&args.text, &Network::new(decryptor, &args))
        }
    }
}

/// The network with what the arguments say of key and alphabet.
fn decryptor(
    run: &RunFolder,
    bundle: Bundle,
    args: &DecryptArgs,
    device: &Device,
) -> Result<Decryptor> {
    let is_keyed = bundle.keys.is_some();
    let mut decryptor = Decryptor::new(bundle, device);
    if let Some(key) = &args.key {
        let keyed = decryptor.with_key(key);
        decryptor =
            keyed.map_err(|error| anyhow!("--key {}: {error}", shortened(key, MAX_SHOWN)))?;
    } else if is_keyed {
        let error = match decryptor.recovers_keys() {
            true => ModelError::RecoversKeys,
            false => ModelError::NoKey,
        };
        bail!("{}: {error}", run.path().display());
    }
    if let Some(outside) = args.outside {
        decryptor = decryptor.with_outside(outside)?;
    }
    Ok(decryptor)
}

/// A network that reads a symbol of the key at each step takes keys of any length.
fn warn_of_key_length(decryptor: &Decryptor) {
    if let (Some(keys), Some(length)) = (decryptor.trained_keys(), decryptor.key_length()) {
        let (min, max) = (keys.lengths.min(), keys.lengths.max());
        if !(min..=max).contains(&length) {
            output::warning(format!(
                "the key has {}, and the network was trained with keys of {}",
                count(length, "symbol"),
                symbols(keys.lengths)
            ));
        }
    }
}

/// What failed its test gives answers all the same.
fn warn_if_not_learned(run: &RunFolder, result: Option<&RunResult>) {
    let verdict = result.and_then(|result| result.verdict.as_deref());
    let failed = verdict.filter(|verdict| {
        ["partly", "not"]
            .iter()
            .any(|start| verdict.starts_with(start))
    });
    if let Some(verdict) = failed {
        let folder = run.path().display();
        output::warning(format!("the verdict on {folder} was: {verdict}"));
    }
}

/// Which run decrypts, and what it was trained on.
fn describe(
    run: &RunFolder,
    bundle: &Bundle,
    result: Option<&RunResult>,
    rule: Option<&RunRule>,
) -> String {
    let folder = run.path().display();
    let trained_on = match run.config().map(|config| config.source) {
        Ok(Source::Cipher(source)) => serde_json::to_value(&source.texts.cipher)
            .ok()
            .and_then(|cipher| Some(format!("{} messages", cipher["name"].as_str()?))),
        Ok(Source::Pairs(_)) => Some("pairs of a file".into()),
        Err(_) => None,
    };
    let trained_on = trained_on.map_or(String::new(), |what| format!(", trained on {what}"));
    let is_stopped =
        result.is_some_and(|result| result.end.is_none() && result.checkpoint_sha256.is_some());
    let stopped = if is_stopped {
        ", stopped before its end"
    } else {
        ""
    };
    match rule {
        Some(rule @ RunRule::Key(key)) => {
            let convention = key.convention().map(|words| format!(" ({words})"));
            format!(
                "decrypting with the key of {folder}, {}{}",
                rule.name_with_key(),
                convention.unwrap_or_default()
            )
        }
        Some(RunRule::Table(rule)) => {
            format!("decrypting with the rule of {folder}: {}", rule.name())
        }
        None => {
            let by = match Measure::of(&bundle.plaintext_alphabet) {
                Measure::Symbols | Measure::Keys => "",
                Measure::Edits => " by edit distance",
            };
            format!(
                "decrypting with the network of {folder}{trained_on}{stopped}, {} of its test \
                 characters right{by}",
                percent(bundle.measured.test.character_accuracy())
            )
        }
    }
}

/// The line for a text with an error.
fn failed(is_json: bool, text: Option<&str>, error: &Error) -> String {
    if is_json {
        json!({ "ciphertext": text, "error": format!("{error:#}") }).to_string()
    } else {
        UNREADABLE.into()
    }
}
