//! What can be asked for on the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use cipher_data::{
    Columns, Conflicts, Encoding, Format, Normalize, Only, Others, Outside, ReadingHints,
    SymbolUnit,
};
use cipher_model::Backend;
use clap::builder::RangedU64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{PairsSource, Unequal};
use crate::run::Existing;

/// Show it messages with their decryptions; it learns to decrypt the rest.
///
/// Without a command it trains with the built-in config: a Caesar shift of 13 over A-Z and -.
///
/// Results go to stdout, everything else to stderr. Exit status: 0 done, 1 finished below the
/// target, 2 usage, input or I/O error, 130 stopped by a signal.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Format of the log on stderr: text or JSON Lines.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Device to use: cuda, wgpu, ndarray or flex; by default the first of these that is compiled
    /// in. The command `doctor` lists them.
    #[arg(long, global = true, value_name = "NAME", value_parser = backend)]
    pub device: Option<Backend>,

    /// Also log which device and which LSTM kernel are used.
    #[arg(long, global = true)]
    pub verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a model on random messages of a config's cipher, or resume a training.
    Train(TrainArgs),
    /// Learn a cipher from a file of messages with their decryptions.
    Fit(FitArgs),
    /// Find the cipher and its key from a few messages with their decryptions, without a network.
    Solve(SolveArgs),
    /// Decrypt with a trained model: each TEXT, or each line of stdin.
    Decrypt(DecryptArgs),
    /// Find keys from ciphertexts with their plaintexts, with a model that was trained to.
    RecoverKey(RecoverKeyArgs),
    /// Encrypt with a config's cipher: each TEXT, or each line of stdin.
    Encrypt(EncryptArgs),
    /// Measure a trained model on its test messages, or on a file of pairs.
    Eval(EvalArgs),
    /// Show the key of a run: what each code of its pairs stands for, or a key that moves along the text.
    Key(KeyArgs),
    /// Write an interactive HTML report of a run.
    Explain(ExplainArgs),
    /// Write random pairs of a config's cipher to stdout: ciphertext, tab, plaintext; and a tab and the key where
    /// each message has its own, with a header.
    Generate(GenerateArgs),
    /// Plot accuracy against the number of training pairs, for a config's cipher.
    Curve(CurveArgs),
    /// Run many trainings that differ in some settings: their commands, and a table of their results.
    Sweep(SweepArgs),
    /// Show how far a training is, and what to type next.
    Status(StatusArgs),
    /// Show what a config or a file of pairs would train on, or what is wrong with it and where.
    Check(CheckArgs),
    /// Write a trained model for another framework.
    Export(ExportArgs),
    /// Make a run of a model that another framework trained.
    Import(ImportArgs),
    /// Show the version and the devices of this program, and test it: train, and decrypt.
    Doctor,
    /// Write a shell's completions to stdout.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write manual pages to a folder: cipher-train.1, and one for each command.
    Man {
        /// The folder.
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct KeyArgs {
    /// The run to use; by default the one that was trained or imported last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Write the table of codes to stdout as a CSV file.
    #[arg(long)]
    pub csv: bool,
}

/// The arguments that `train` and `fit` share.
#[derive(Debug, Args, Default)]
pub struct RunArgs {
    /// Override a field of the config, such as cipher.key=5 or model.d_hidden=16. May be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// Folder to save the run in; by default a new one in runs/, named after the config or the file.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Delete the run that the folder holds, and start over, also where --resume is given.
    #[arg(long, requires = "run")]
    pub overwrite: bool,

    /// Resume the run of that folder, to the same weights as if it had never stopped; start it if the folder
    /// holds none. `train` without a config resumes the run as it is, or the one that was started last; then
    /// only training.save_every and training.on_divergence may be set.
    #[arg(long)]
    pub resume: bool,

    /// Refuse to start if the config with its settings, or the file of pairs, has changed since this hash was
    /// made of them, as `sweep jobs` does.
    #[arg(long, value_name = "HASH")]
    pub contents: Option<String>,

    /// Show the report of `explain` in the browser, on this machine only, during the training and
    /// after it until Ctrl-C; by default on a free port.
    #[arg(
        long,
        value_name = "PORT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "0"
    )]
    pub serve: Option<u16>,

    /// Show Burn's dashboard.
    #[cfg(feature = "tui")]
    #[arg(long)]
    pub tui: bool,
}

#[derive(Debug, Args, Default)]
pub struct TrainArgs {
    /// A TOML file; every field has a default. Without one, the built-in Caesar config.
    pub config: Option<PathBuf>,

    #[command(flatten)]
    pub run: RunArgs,
}

impl RunArgs {
    /// What becomes of a run that the folder holds.
    ///
    /// # Errors
    ///
    /// When it is not said which run is to be resumed.
    pub fn existing(&self) -> Result<Existing> {
        match (self.overwrite, self.resume, &self.run) {
            (true, _, _) => Ok(Existing::Overwrite),
            (false, true, None) => {
                bail!("give the folder of the run to resume, or to start, with --run")
            }
            (false, true, Some(_)) => Ok(Existing::Resume),
            (false, false, _) => Ok(Existing::Keep),
        }
    }
}

/// How a file of pairs is read.
#[derive(Debug, Args, Clone)]
pub struct ReadArgs {
    /// Format of the file: tsv, csv, semicolons, bars, jsonl or json; by default its contents tell.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,

    /// The columns of the two sides, by name or number: ciphertext=NAME,plaintext=NAME, and key=NAME
    /// where each message has a key of its own.
    #[arg(long, value_name = "COLUMNS")]
    pub columns: Option<Columns>,

    /// Character encoding of the file, such as windows-1252; by default its contents tell.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,

    /// Length of the messages that long texts are cut into, in symbols.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub message_length: Option<u32>,

    #[command(flatten)]
    pub reading: ReadingArgs,

    /// What to do with pairs of the same ciphertext and different plaintexts: fail, keep or drop.
    #[arg(long, value_name = "POLICY", default_value = "fail")]
    pub conflicts: Conflicts,

    /// What to do with pairs whose sides have different numbers of symbols: fail, drop, or align all
    /// pairs, as is done where most pairs are like that.
    #[arg(long, value_name = "POLICY", default_value = "fail")]
    pub unequal: Unequal,
}

/// How the texts of pairs are read. What is not said is found from the pairs.
#[derive(Debug, Args, Clone)]
pub struct ReadingArgs {
    /// What one symbol of both sides is: characters, graphemes, tokens, tokens:SEPARATOR,
    /// spaced-tokens, spaced-tokens:SEPARATOR, groups:N, hex or base64.
    #[arg(long, value_name = "UNIT", conflicts_with_all = ["ciphertext_symbols", "plaintext_symbols"])]
    pub symbols: Option<SymbolUnit>,

    /// What one symbol of a ciphertext is.
    #[arg(long, value_name = "UNIT")]
    pub ciphertext_symbols: Option<SymbolUnit>,

    /// What one symbol of a plaintext is.
    #[arg(long, value_name = "UNIT")]
    pub plaintext_symbols: Option<SymbolUnit>,

    /// Which symbols messages are of: all, no-spaces, alphanumeric, letters or words.
    #[arg(long, value_name = "WHICH")]
    pub only: Option<Only>,

    /// What happens to the other symbols: pass them through, or drop them.
    #[arg(long, value_name = "POLICY")]
    pub others: Option<Others>,

    /// Whether a capital and a small letter are the same symbol.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub fold_case: Option<bool>,

    /// A symbol that stands for another one, such as J=I where I stands for J; may be repeated.
    #[arg(long, value_name = "SYMBOL=STANDS_FOR_IT", value_parser = stand_in)]
    pub stand_in: Vec<(String, String)>,

    /// The Unicode normalization form that texts are brought into: none, nfc or nfkc.
    #[arg(long, value_name = "FORM")]
    pub normalize: Option<Normalize>,
}

impl ReadingArgs {
    fn hints(self) -> ReadingHints {
        ReadingHints {
            ciphertext_symbols: self.ciphertext_symbols.or(self.symbols),
            plaintext_symbols: self.plaintext_symbols.or(self.symbols),
            only: self.only,
            others: self.others,
            fold_case: self.fold_case,
            stand_ins: self.stand_in.into_iter().collect(),
            normalize: self.normalize.unwrap_or_default(),
        }
    }
}

fn stand_in(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((symbol, stands_in)) if !symbol.is_empty() && !stands_in.is_empty() => {
            Ok((symbol.into(), stands_in.into()))
        }
        _ => Err("write two symbols with = between, such as J=I"),
    }
}

/// Options that say how a file of pairs is read, alone.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct ReadWords {
    #[command(flatten)]
    read: ReadArgs,
}

impl ReadArgs {
    /// The options in a list of words.
    ///
    /// # Errors
    ///
    /// For words that are no such options.
    pub fn parse(words: &[String]) -> Result<Self> {
        let parsed = ReadWords::try_parse_from(words);
        parsed.map(|words| words.read).map_err(|error| {
            let error = error.to_string();
            let first = error.lines().next().unwrap_or_default();
            anyhow!("{}", first.trim_start_matches("error: "))
        })
    }

    /// The files as a config names them.
    pub fn of(self, file: PathBuf, plaintexts: Option<PathBuf>) -> PairsSource {
        let Self {
            format,
            columns,
            encoding,
            message_length,
            reading,
            conflicts,
            unequal,
        } = self;
        PairsSource {
            format,
            columns: columns.unwrap_or_default(),
            encoding,
            message_length: message_length.and_then(|length| NonZeroUsize::new(length as usize)),
            reading: reading.hints(),
            conflicts,
            unequal,
            plaintexts,
            ..PairsSource::of(&file)
        }
    }
}

#[derive(Debug, Args)]
pub struct FitArgs {
    /// A file with a pair a line: ciphertext, tab, plaintext. Or CSV, or JSON; - is stdin. With --pairs
    /// also a config (.toml), whose cipher makes random pairs.
    pub file: PathBuf,

    /// A file with the plaintexts, if the first has ciphertexts only.
    pub plaintexts: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArgs,

    /// Learn from this many of the pairs, and measure on others, of which at most 1,000 are used. The seed
    /// says which.
    #[arg(long, value_name = "N", value_parser = n_pairs())]
    pub pairs: Option<usize>,

    #[command(flatten)]
    pub run: RunArgs,

    /// Print the result as one JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SolveArgs {
    /// A file with a pair a line: ciphertext, tab, plaintext. Or CSV, or JSON; - is stdin.
    pub pairs: PathBuf,

    /// A file with the plaintexts, if the first has ciphertexts only.
    pub plaintexts: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArgs,

    /// Write the cipher and its key to this new file, a config for `encrypt` and `decrypt --with-key`.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Print the result as one JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct EncryptArgs {
    /// A TOML file.
    pub config: PathBuf,

    /// Plaintexts. Without any, the lines of stdin are encrypted, a line out for each line in.
    pub text: Vec<String>,

    /// The key, where the config draws one for each message.
    #[arg(long, allow_negative_numbers = true)]
    pub key: Option<String>,

    /// Override a field, such as cipher.key=5.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Args)]
pub struct RecoverKeyArgs {
    /// A ciphertext. Without one, each line of stdin is a ciphertext, a tab and its plaintext.
    #[arg(requires = "plaintext")]
    pub ciphertext: Option<String>,

    /// Its plaintext.
    pub plaintext: Option<String>,

    /// The run to use; by default the one that was trained or imported last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Print a JSON object for each pair, with a confidence for each symbol of the key.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DecryptArgs {
    /// Ciphertexts. Without any, the lines of stdin are decrypted, a line out for each line in.
    pub text: Vec<String>,

    /// The key of the ciphertexts, for a network that is told keys.
    #[arg(long, allow_negative_numbers = true)]
    pub key: Option<String>,

    /// The run to use; by default the one that was trained or imported last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Decrypt with a config's cipher and key instead of a network.
    #[arg(
        long,
        value_name = "CONFIG",
        conflicts_with_all = ["run", "json", "min_confidence", "network"]
    )]
    pub with_key: Option<PathBuf>,

    /// Override a field of that config, such as cipher.key=5. May be repeated.
    #[arg(long, value_name = "KEY=VALUE", requires = "with_key")]
    pub set: Vec<String>,

    /// Use the network, even where the run has a simple rule that decrypts better.
    #[arg(long)]
    pub network: bool,

    /// What to do with symbols that the alphabet of the run or of the config lacks: mark them with ?, reject the text,
    /// keep them as they are, or fold them (the other case of a letter, otherwise the alphabet's
    /// last symbol). By default what the config says; where the pairs came from a file, mark what
    /// none of them has, but for punctuation, and digits between letters.
    #[arg(long, value_name = "POLICY", value_parser = outside)]
    pub outside: Option<Outside>,

    /// Print a JSON object for each text: the plaintext, and a confidence for each symbol, or the name
    /// of the rule that gave it.
    #[arg(long)]
    pub json: bool,

    /// Write ? for symbols whose confidence is below this, from 0 to 1.
    #[arg(long, value_name = "X", value_parser = probability)]
    pub min_confidence: Option<f32>,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Measure on the pairs of this file instead.
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArgs,

    /// Measure on other messages than those of the run's config, such as messages.max_length=200 or
    /// cipher.key.length=[7,12].
    #[arg(long, value_name = "KEY=VALUE", conflicts_with = "pairs")]
    pub set: Vec<String>,

    /// The run to use; by default the one that was trained or imported last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The run; by default the one that was trained or imported last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// The page to write: one file that needs no network and no server.
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub out: PathBuf,

    /// Also write each picture to this folder as SVG, and all numbers as report.json.
    #[arg(long, value_name = "DIR")]
    pub svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The run; by default the one that was started last.
    pub run: Option<PathBuf>,

    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Another framework whose models can be read and written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Framework {
    /// PyTorch's nn.Embedding, nn.LSTM and nn.Linear, as a safetensors file.
    Torch,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The framework: only torch so far.
    #[arg(long, value_name = "FRAMEWORK")]
    pub to: Framework,

    /// The file to write.
    pub file: PathBuf,

    /// The run to use; by default the one that was trained or imported last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The framework: only torch so far.
    #[arg(long, value_name = "FRAMEWORK")]
    pub from: Framework,

    /// The file of weights.
    pub file: PathBuf,

    /// A TOML file with the alphabet and the messages it is for, such as config.toml of a run.
    pub config: PathBuf,

    /// Override a field, such as messages.test=500. May be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// The folder to save the run in; by default a new one in runs/, named after the file.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// A TOML file.
    pub config: PathBuf,

    /// How many pairs.
    #[arg(short, value_name = "PAIRS")]
    pub n: usize,

    /// Override a field, such as seed=2.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// A config, if its name ends in .toml, or else a file of pairs; - is stdin.
    pub file: PathBuf,

    /// A file with the plaintexts, if the first has ciphertexts only.
    pub plaintexts: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArgs,

    /// Override a field of a config.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Args)]
pub struct CurveArgs {
    /// A TOML file with the cipher and the lengths of messages, or a file of pairs; the rest is
    /// chosen as `fit` does. Without one, the built-in Caesar config.
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArgs,

    /// Numbers of pairs to learn from; by default those of 3,4,6,8,12,16,24,32 that leave a file some to
    /// measure on.
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = n_pairs())]
    pub pairs: Vec<usize>,

    /// Runs (seeds) per number of pairs.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,

    /// Override a field, such as cipher.key=5.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// The folder for curve.svg, curve.json and the runs, which are resumed where the folder has them.
    #[arg(long, value_name = "DIR", default_value = "curve")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct SweepArgs {
    #[command(subcommand)]
    pub command: SweepCommand,
}

#[derive(Debug, Subcommand)]
pub enum SweepCommand {
    /// Write a shell command for each run that is not finished, a line each, to stdout.
    Jobs {
        /// A TOML file that says what varies.
        file: PathBuf,
    },
    /// Write a table of all runs, finished or not, to stdout.
    Table {
        /// A TOML file that says what varies.
        file: PathBuf,

        /// Text, csv, json, or svg: a plot of accuracy.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: TableFormat,

        /// What the plot's x axis is: a key that varies; by default the number of pairs, or the first with numbers.
        #[arg(long, value_name = "KEY")]
        x: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Text,
    Csv,
    Json,
    Svg,
}

/// The largest number of pairs to learn from.
pub const MAX_PAIRS: usize = 10_000_000;

fn n_pairs() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=MAX_PAIRS as u64)
}

fn backend(name: &str) -> Result<Backend, String> {
    let known = Backend::ALL.map(Backend::name).join(", ");
    let found = Backend::ALL
        .into_iter()
        .find(|backend| backend.name() == name);
    found.ok_or(format!(
        "choose one of {known}; `cipher-train doctor` lists what there is"
    ))
}

fn outside(name: &str) -> Result<Outside, String> {
    match name {
        "reject" => Ok(Outside::Reject),
        "keep" => Ok(Outside::Keep),
        "fold" => Ok(Outside::Fold),
        "mark" => Ok(Outside::Mark),
        _ => Err("choose one of reject, keep, fold, mark".into()),
    }
}

fn probability(text: &str) -> Result<f32, String> {
    let number = text.parse().ok();
    number
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or("give a number from 0 to 1".into())
}
