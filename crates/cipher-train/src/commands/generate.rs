use std::io::{BufWriter, Write, stdout};

use anyhow::{Result, bail};
use cipher_data::KeySet;

use super::bar::Busy;
use super::cli::GenerateArgs;
use crate::config::Config;
use crate::data::random_messages;

/// The first line where each message has a key of its own.
pub const KEYED_HEADER: &str = "ciphertext\tplaintext\tkey";

pub fn run(args: GenerateArgs) -> Result<()> {
    let config = Config::load(Some(&args.config), &args.set)?;
    let setup = config.cipher()?.init()?;
    let dataset = random_messages(&config, &setup, KeySet::Training, args.n)?;
    let mut alphabets = vec![&setup.texts.ciphertext, &setup.texts.plaintext];
    alphabets.extend(setup.keyed.as_ref().map(|keyed| keyed.key_alphabet()));
    let mut symbols = alphabets.iter().flat_map(|alphabet| alphabet.symbols());
    if let Some(symbol) = symbols.find(|one| one.contains(['\t', '\n', '\r'])) {
        bail!(
            "the alphabet has {symbol:?}, which separates the texts that `generate` writes; leave it out of the \
             alphabet"
        );
    }
    let _busy = Busy::unless_read("writing pairs");
    let mut out = BufWriter::new(stdout().lock());
    if setup.keyed.is_some() {
        writeln!(out, "{KEYED_HEADER}")?;
    }
    for index in 0..args.n {
        let pair = dataset.pair(index)?;
        let ciphertext = setup.texts.ciphertext.decode(pair.ciphertext());
        let plaintext = setup.texts.plaintext.decode(pair.plaintext());
        write!(out, "{ciphertext}\t{plaintext}")?;
        if let Some(keyed) = &setup.keyed {
            write!(out, "\t{}", keyed.key_alphabet().decode(pair.key()))?;
        }
        writeln!(out)?;
    }
    Ok(out.flush()?)
}
