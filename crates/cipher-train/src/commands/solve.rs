use std::io::{Write, stdout};
use std::path::Path;

use anyhow::{Context, Result, bail};
use cipher_data::{DataError, FoundKey, PairTexts, find_keys_of};
use cipher_model::files::write_whole;
use serde_json::json;

use super::bar::Busy;
use super::cli::SolveArgs;
use super::hint::{command_line, quote, run_argument};
use super::{Outcome, output};
use crate::data::read_texts;
use crate::numbers::count;

/// Keys that are printed, at most.
const MAX_PRINTED: usize = 5;
/// Bytes of a ciphertext to try, at most: it has to fit on a command line.
const MAX_SAMPLE: usize = 1000;

pub fn run(args: SolveArgs) -> Result<Outcome> {
    let source = args.read.of(args.pairs, args.plaintexts);
    if source.file.extension().is_some_and(|end| end == "toml") {
        bail!(
            "{} is a config; give `solve` a file of pairs",
            source.file.display()
        );
    }
    let busy = Busy::new("looking for a key");
    let texts = read_texts(&source)?;
    if texts.is_empty() {
        bail!("{}: {}", source.file.display(), DataError::NoPairs);
    }
    // Which column is which may have been decided by their names alone.
    if let Some((_, layout)) = texts.origin()
        && layout.columns.is_named()
    {
        output::info(format!("file: {layout}"));
    }
    let pairs: Vec<_> = texts.pairs().collect();
    let keys = find_keys_of(&pairs, source.reading.ciphertext_symbols);
    drop(busy);
    let is_found = keys.first().is_some_and(FoundKey::is_certain);
    match (&args.config, is_found) {
        (Some(config), true) => write_config(config, &keys[0])?,
        (Some(config), false) => output::warning(format!(
            "{} is not written, as no key is certain",
            config.display()
        )),
        (None, _) => {}
    }
    let mut out = stdout().lock();
    if args.json {
        let found = json!({
            "n_pairs": texts.len(),
            "is_certain": is_found,
            "keys": keys.iter().map(to_json).collect::<Vec<_>>(),
        });
        writeln!(out, "{found}")?;
    } else {
        print(&mut out, &keys, &texts)?;
        if is_found {
            print_next(&mut out, args.config.as_deref(), &texts)?;
        }
    }
    Ok(if is_found {
        Outcome::Done
    } else {
        Outcome::BelowTarget
    })
}

fn to_json(key: &FoundKey) -> serde_json::Value {
    json!({
        "cipher": key.texts.cipher.title(),
        "key": key.texts.cipher.key(),
        "config": key.texts,
        "is_certain": key.is_certain(),
        "n_symbols": key.n_symbols,
        "n_right": key.n_right,
        "n_pairs": key.n_pairs,
        "n_right_pairs": key.n_right_pairs,
        "n_confirming": key.n_confirming,
        "bits": key.bits,
        "unseen": key.unseen,
    })
}

fn print(out: &mut impl Write, keys: &[FoundKey], texts: &PairTexts) -> Result<()> {
    let Some(first) = keys.first() else {
        writeln!(
            out,
            "no key: none of the ciphers that are known here explains {}, or they say too little; \
             `fit` can learn an unknown cipher, from hundreds of pairs",
            match texts.len() {
                1 => "this pair".into(),
                n => format!("these {n} pairs"),
            }
        )?;
        if texts.is_keyed() {
            writeln!(
                out,
                "the file gives messages keys of their own, and `solve` looks for one key of them all: a file \
                 of one of its lines may show the cipher, and `decrypt --with-key CONFIG --key KEY` then takes \
                 any key; where it is none of the known ciphers, `fit` trains a network that is told the keys, \
                 from hundreds of lines"
            )?;
        }
        return Ok(());
    };
    if !first.is_certain() {
        writeln!(out, "no key that is certain; what fits, perhaps by chance:")?;
    } else if keys.len() > 1 {
        writeln!(out, "{} fit equally well:", count(keys.len(), "key"))?;
    }
    for key in keys.iter().take(MAX_PRINTED) {
        writeln!(out, "{key}")?;
        if let Some(lines) = key.wrong_lines(texts) {
            writeln!(out, "{lines}")?;
        }
    }
    match keys.len().saturating_sub(MAX_PRINTED) {
        0 => {}
        more => writeln!(out, "and {more} more")?,
    }
    Ok(())
}

/// What to type next.
fn print_next(out: &mut impl Write, config: Option<&Path>, texts: &PairTexts) -> Result<()> {
    let program = command_line();
    match config {
        None => writeln!(
            out,
            "next: add --config cipher.toml for a config that `encrypt` and `decrypt --with-key` take"
        )?,
        Some(config) => {
            let ciphertexts = (0..texts.len()).map(|index| texts.ciphertext(index));
            // As a whole: a part could end in the middle of a symbol.
            let sample = ciphertexts
                .filter(|text| text.len() <= MAX_SAMPLE)
                .min_by_key(|text| text.len())
                .map_or("TEXT".into(), quote);
            writeln!(
                out,
                "next: {program} decrypt --with-key {} {sample}",
                run_argument(config)
            )?;
        }
    }
    Ok(())
}

/// Writes the cipher as a config, into a file that is not there yet.
fn write_config(path: &Path, key: &FoundKey) -> Result<()> {
    let name = path.display();
    if path.exists() {
        bail!("{name} is there already; give another name");
    }
    let mut text = format!(
        "# {}, found from {} by `cipher-train solve`.\n",
        key.texts.cipher.title(),
        count(key.n_pairs, "pair")
    );
    if key.texts.alternative.is_some() {
        text += &format!(
            "# The pairs leave open: {}. [alternative] is another key that explains them as well; where the \
             two\n# disagree, the answer is ?.\n",
            key.unseen.join(", ")
        );
    }
    let toml = toml::to_string(&key.texts).context("a cipher as TOML")?;
    text += &format!("\n{toml}");
    write_whole(path, text.as_bytes()).with_context(|| format!("cannot write {name}"))
}
