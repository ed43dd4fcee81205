//! A ciphertext to try a network with, once it is trained.

use std::path::Path;

use anyhow::Result;
use cipher_data::{KeyRecovery, Pair, SymbolId};
use cipher_model::Decryptor;

use super::hint::{command_line, quote, quote_value, run_argument};
use crate::data::Data;

/// Symbols of a ciphertext to try, at most: it has to fit on a command line.
const MAX_SAMPLE: usize = 100;

/// A ciphertext to try, and what the network must be told beside it.
#[derive(Default)]
pub struct Sample {
    ciphertext: String,
    beside: Beside,
}

#[derive(Default)]
enum Beside {
    #[default]
    Nothing,
    Key(String),
    Plaintext(String),
}

impl Sample {
    /// The beginning of a message.
    pub fn of(pair: &Pair, data: &Data) -> Self {
        // What is asked after the message is no part of it.
        let ask = data.ciphertext_alphabet.id(KeyRecovery::ASK);
        let message = pair.ciphertext().iter().copied();
        let message = message.take_while(|&id| Some(id) != ask);
        let ciphertext: Vec<SymbolId> = message.take(MAX_SAMPLE).collect();
        let beside = match &data.trained_keys {
            None => Beside::Nothing,
            Some(keys) if ask.is_some() => {
                let plaintext = pair.key().get(..ciphertext.len()).unwrap_or_default();
                Beside::Plaintext(keys.alphabet.decode(plaintext))
            }
            Some(keys) => Beside::Key(keys.alphabet.decode(pair.key())),
        };
        Self {
            ciphertext: data.ciphertext_alphabet.decode(&ciphertext),
            beside,
        }
    }

    /// The command that asks the network of a run.
    pub fn command(&self, run: &Path) -> String {
        let (program, run) = (command_line(), run_argument(run));
        let ciphertext = quote(&self.ciphertext);
        match &self.beside {
            Beside::Nothing => format!("{program} decrypt --run {run} {ciphertext}"),
            Beside::Key(key) => {
                let key = quote_value(key);
                format!("{program} decrypt --run {run} --key {key} {ciphertext}")
            }
            Beside::Plaintext(plaintext) => {
                let [ciphertext, plaintext] =
                    [&self.ciphertext, plaintext].map(|text| quote_value(text));
                format!("{program} recover-key --run {run} {ciphertext} {plaintext}")
            }
        }
    }

    /// The sample and the network's answer to it.
    ///
    /// # Errors
    ///
    /// Those of the device.
    pub fn answered(&self, network: Decryptor) -> Result<String> {
        let Self { ciphertext, beside } = self;
        Ok(match beside {
            Beside::Nothing => {
                let answer = network.decrypt(ciphertext)?;
                format!("{ciphertext} -> {}", answer.plaintext)
            }
            Beside::Key(key) => {
                let answer = network.with_key(key)?.decrypt(ciphertext)?;
                format!("key {key}: {ciphertext} -> {}", answer.plaintext)
            }
            Beside::Plaintext(plaintext) => {
                let answer = network.recover_key(ciphertext, plaintext)?;
                format!("{ciphertext} -> {plaintext}: key {}", answer.plaintext)
            }
        })
    }
}
