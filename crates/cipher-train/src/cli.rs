use std::path::PathBuf;

use cipher_data::{Conflicts, Format};
use cipher_model::Backend;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::PairsConfig;

/// Show it messages with their decryptions; it learns to decrypt the rest.
///
/// Without a command it trains with the built-in config: a Caesar shift of 13 over A-Z and -.
///
/// Results go to stdout, everything else to stderr. Exit status: 0 done, 1 finished below the
/// asked accuracy, 2 usage, input or I/O error.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// What stderr is for: text for people, or a JSON object a line for machines.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Where to compute; by default the first of cuda, wgpu, ndarray, flex that is compiled in. With
    /// list: say what is compiled in and found, and do nothing else.
    #[arg(long, global = true, value_name = "NAME")]
    pub device: Option<DeviceArg>,

    /// Also say which device and which version of the LSTM are used.
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
    /// Train a model on random messages of a config's cipher, or go on with a training.
    Train(TrainArgs),
    /// Learn a cipher from a file of messages with their decryptions, and say what was learned.
    Fit(FitArgs),
    /// Decrypt with a trained model: each TEXT, or each line of stdin.
    Decrypt(DecryptArgs),
    /// Encrypt with a config's cipher: each TEXT, or each line of stdin.
    Encrypt(EncryptArgs),
    /// Measure a trained model on messages it has never seen.
    Eval(EvalArgs),
    /// Make a page of a run that shows what it learned, with its network to play with.
    Explain(ExplainArgs),
    /// Write random pairs of a config's cipher to stdout: ciphertext, tab, plaintext.
    Generate(GenerateArgs),
    /// Draw how much is learned of a config's cipher from how many pairs.
    Curve(CurveArgs),
    /// Say how far a training is, and what to type next.
    Status(StatusArgs),
    /// Say what a config or a file of pairs would train on, or what is wrong with it and where.
    Check(CheckArgs),
    /// Write a trained model for another framework.
    Export(ExportArgs),
    /// Make a run of a model that another framework trained.
    Import(ImportArgs),
    /// Write a shell's completions to stdout.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args, Default)]
pub struct TrainArgs {
    /// A TOML file; every field has a default. Without one, the built-in Caesar config.
    pub config: Option<PathBuf>,

    /// Override a field, such as cipher.key=5 or model.d_hidden=16. May be given often.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// The folder to save the run in; by default a new one in runs/, named after the config.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Go on with the run of that folder, or with the one begun last, to the same weights as if it
    /// had never stopped. Only training.save_every and training.on_divergence may be set anew.
    #[arg(long, conflicts_with_all = ["config", "overwrite"])]
    pub resume: bool,

    /// Delete the run that the folder holds, and train anew.
    #[arg(long, requires = "run")]
    pub overwrite: bool,

    /// Watch on Burn's dashboard.
    #[arg(long)]
    pub tui: bool,

    /// Show the page of `explain` while training goes on, to this machine only; by default on a
    /// port that is free.
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0")]
    pub serve: Option<u16>,
}

/// How a file of pairs is read.
#[derive(Debug, Args, Clone)]
pub struct ReadArgs {
    /// What the file is: tsv, csv or jsonl; by default its name tells.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,

    /// Take each grapheme cluster for one symbol: a letter with its accents, an emoji, a flag.
    #[arg(long)]
    pub graphemes: bool,

    /// Same ciphertext, different plaintexts: fail, keep all such pairs, or drop them.
    #[arg(long, value_name = "POLICY", default_value = "fail")]
    pub conflicts: Conflicts,
}

impl ReadArgs {
    /// The file as a config names it.
    pub fn of(self, file: PathBuf) -> PairsConfig {
        let Self {
            format,
            graphemes,
            conflicts,
        } = self;
        PairsConfig {
            file,
            format,
            graphemes,
            conflicts,
        }
    }
}

#[derive(Debug, Args)]
pub struct FitArgs {
    /// A file with a pair a line: ciphertext, tab, plaintext. Or CSV, or JSON Lines; - is stdin.
    pub pairs: PathBuf,

    #[command(flatten)]
    pub read: ReadArgs,

    /// Override what was chosen for these pairs, such as model.bidirectional=true. May be given often.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// The folder to save the run in; by default a new one in runs/, named after the file.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Delete the run that the folder holds, and train anew.
    #[arg(long, requires = "run")]
    pub overwrite: bool,

    /// Watch on Burn's dashboard.
    #[arg(long)]
    pub tui: bool,
}

#[derive(Debug, Args)]
pub struct EncryptArgs {
    /// A TOML file.
    pub config: PathBuf,

    /// Plaintexts. Without any, the lines of stdin are encrypted, a line out for each line in.
    pub text: Vec<String>,

    /// Override a field, such as cipher.key=5.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Args)]
pub struct DecryptArgs {
    /// Ciphertexts. Without any, the lines of stdin are decrypted, a line out for each line in.
    pub text: Vec<String>,

    /// The run to use; by default the one trained last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Decrypt with a config's cipher and key instead of a network.
    #[arg(long, value_name = "CONFIG", conflicts_with_all = ["run", "json", "min_confidence"])]
    pub with_key: Option<PathBuf>,

    /// Print a JSON object for each text: plaintext, and a confidence for each symbol.
    #[arg(long)]
    pub json: bool,

    /// Write ? for symbols that the network is less sure of than this, from 0 to 1.
    #[arg(long, value_name = "X", value_parser = share)]
    pub min_confidence: Option<f32>,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Measure on the pairs of this file instead.
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,

    #[command(flatten)]
    pub read: ReadArgs,

    /// The run to use; by default the one trained last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The run; by default the one trained last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,

    /// The page to write: one file that needs no network and no server.
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub out: PathBuf,

    /// Write each picture there too, as SVG, and the numbers of all of them as report.json.
    #[arg(long, value_name = "DIR")]
    pub svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The run; by default the one begun last.
    pub run: Option<PathBuf>,

    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// What else can read and write such models.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Framework {
    /// PyTorch's nn.Embedding, nn.LSTM and nn.Linear, as a safetensors file.
    Torch,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The framework.
    #[arg(long, value_name = "FRAMEWORK")]
    pub to: Framework,

    /// The file to write.
    pub file: PathBuf,

    /// The run to use; by default the one trained last.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The framework.
    #[arg(long, value_name = "FRAMEWORK")]
    pub from: Framework,

    /// The file of weights.
    pub file: PathBuf,

    /// A TOML file with the alphabet and the messages it is for, such as config.toml of a run.
    pub config: PathBuf,

    /// Override a field, such as messages.test=500. May be given often.
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

    #[command(flatten)]
    pub read: ReadArgs,

    /// Override a field of a config.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Args)]
pub struct CurveArgs {
    /// A TOML file with the cipher and the lengths of messages; the rest is chosen as `fit` does.
    /// Without one, the built-in Caesar config.
    pub config: Option<PathBuf>,

    /// How many pairs to learn from, one training for each and each seed.
    #[arg(
        long,
        value_name = "N",
        value_delimiter = ',',
        default_value = "3,4,6,8,12,16,24,32",
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(3..)
    )]
    pub pairs: Vec<usize>,

    /// Trainings for each number of pairs, with other pairs and other first weights.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,

    /// Override a field, such as cipher.key=5.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// The folder for curve.svg and curve.json.
    #[arg(long, value_name = "DIR", default_value = "curve")]
    pub out: PathBuf,
}

/// A value of `--device`.
#[derive(Debug, Clone, Copy)]
pub enum DeviceArg {
    List,
    Name(DeviceName),
}

/// The [`Backend`] that was asked for.
#[derive(Debug, Clone, Copy)]
pub struct DeviceName(pub Backend);

impl ValueEnum for DeviceArg {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [DeviceArg; 5] = [
            DeviceArg::Name(DeviceName(Backend::Cuda)),
            DeviceArg::Name(DeviceName(Backend::Wgpu)),
            DeviceArg::Name(DeviceName(Backend::NdArray)),
            DeviceArg::Name(DeviceName(Backend::Flex)),
            DeviceArg::List,
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(match self {
            Self::Name(DeviceName(backend)) => backend.name().into(),
            Self::List => "list".into(),
        })
    }
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f32, String> {
    let share = text
        .parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    share.ok_or("give a number from 0 to 1".into())
}
