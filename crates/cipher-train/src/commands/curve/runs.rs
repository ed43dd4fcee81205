use std::path::{Path, PathBuf};

use anyhow::Result;
use toml::Value;

use crate::commands::cli::{CurveArgs, FitArgs, RunArgs};
use crate::commands::contents::Contents;
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
}

impl<'a> Runs<'a> {
    pub fn of(file: &Path, args: &'a CurveArgs) -> Self {
        Self {
            file: file.into(),
            args,
            folder: args.out.join("runs"),
        }
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
        let settings = [self.args.set.clone(), vec![format!("seed={seed}")]].concat();
        let contents = Contents::default().of(&self.file, &settings)?;
        let mut job = Job {
            group: None,
            varied: vec![
                ("pairs".into(), Value::Integer(n_pairs as i64)),
                ("seed".into(), Value::Integer(seed as i64)),
            ],
            file: self.file.clone(),
            pairs: Some(n_pairs),
            read: Vec::new(),
            settings,
            // The options say how a file is read.
            contents: format!("{contents} {:?}", self.args.read),
            folder: PathBuf::new(),
        };
        job.put_into(&self.folder);
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
