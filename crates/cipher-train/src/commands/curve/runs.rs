use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cipher_model::files::sha256_hex;
use toml::Value;

use crate::commands::cli::{CurveArgs, FitArgs, RunArgs};
use crate::commands::fit::Fit;
use crate::commands::launch::create_run;
use crate::commands::sweep::{Job, Row, State};
use crate::report::{Assessment, measure_others};
use crate::run::{OnOthers, RunFolder};
use crate::training::{self, Place, Stop, Unobserved};

/// The runs of a curve, which stay in its folder.
pub struct Runs<'a> {
    file: PathBuf,
    args: &'a CurveArgs,
    folder: PathBuf,
    /// A hash of what all runs depend on.
    hash: String,
}

impl<'a> Runs<'a> {
    pub fn of(file: &Path, args: &'a CurveArgs) -> Result<Self> {
        let mut contents =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        contents.extend(format!("{:?}", args.read).bytes());
        Ok(Self {
            file: file.into(),
            args,
            folder: args.out.join("runs"),
            hash: sha256_hex(contents),
        })
    }

    /// Learns from a number of pairs, unless that was done before, and measures on others. `None` if it was
    /// stopped.
    pub fn learn(
        &self,
        n_pairs: usize,
        seed: u64,
        on: &Place,
        stop: &Stop,
    ) -> Result<Option<OnOthers>> {
        let mut job = Job {
            group: None,
            varied: vec![
                ("pairs".into(), Value::Integer(n_pairs as i64)),
                ("seed".into(), Value::Integer(seed as i64)),
            ],
            file: self.file.clone(),
            pairs: Some(n_pairs),
            settings: [self.args.set.clone(), vec![format!("seed={seed}")]].concat(),
            folder: PathBuf::new(),
        };
        job.put_into(&self.folder, &self.hash);
        let folder = job.folder.clone();
        let args = FitArgs {
            file: self.file.clone(),
            plaintexts: None,
            read: self.args.read.clone(),
            pairs: Some(n_pairs),
            run: RunArgs {
                set: job.settings.clone(),
                run: Some(folder.clone()),
                resume: true,
                ..RunArgs::default()
            },
            json: false,
        };
        if Row::of(job).state == State::Finished {
            return RunFolder::open(Some(&folder))?.others();
        }
        let fit = Fit::of(&args)?;
        let (run, config, data) = create_run(&args.run, "", fit.config, fit.data)?;
        let trained = training::train(&config, &data, &run, on, stop, &mut Unobserved)?;
        let (Some(_), Some(others)) = (trained.end(), &fit.others) else {
            return Ok(None);
        };
        let assessment = Assessment::of_run(&run, &trained, &data, &on.device)?;
        let bundle = &trained.bundle;
        let measured = measure_others(&run, &assessment, bundle, &data, others, &on.device)?;
        Ok(Some(measured))
    }
}
