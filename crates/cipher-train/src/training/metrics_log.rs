use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use burn::train::logger::MetricLogger;
use burn::train::metric::store::{EpochSummary, MetricsUpdate, Split};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use serde_json::{Map, Value, json};

/// Writes `metrics.jsonl`, an object for each epoch and split, and remembers each epoch's means
/// for early stopping and checkpoints: a few numbers an epoch, not one a step.
pub struct MetricsLog {
    file: File,
    start: Instant,
    names: HashMap<MetricId, String>,
    means: HashMap<(String, usize, &'static str), f64>,
}

impl MetricsLog {
    pub fn create(path: &Path) -> Result<Self> {
        let file =
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self {
            file,
            start: Instant::now(),
            names: HashMap::new(),
            means: HashMap::new(),
        })
    }
}

fn split_name(split: &Split) -> &'static str {
    match split {
        Split::Train => "training",
        _ => "held_out",
    }
}

impl MetricLogger for MetricsLog {
    fn log_metric_definition(&mut self, definition: MetricDefinition) {
        self.names
            .insert(definition.metric_id, definition.name.to_string());
    }

    fn log(&mut self, update: MetricsUpdate, epoch: usize, split: &Split) {
        for metric in update.entries_numeric {
            let (Some(name), Some(mean)) = (
                self.names.get(&metric.entry.metric_id),
                metric.running_entry,
            ) else {
                continue;
            };
            let key = (name.clone(), epoch, split_name(split));
            self.means.insert(key, mean.current());
        }
    }

    fn read_numeric(
        &mut self,
        name: &str,
        epoch: usize,
        split: &Split,
    ) -> Result<Vec<NumericEntry>, String> {
        let mean = self.means.get(&(name.into(), epoch, split_name(split)));
        Ok(mean
            .map(|&mean| NumericEntry::Final(mean))
            .into_iter()
            .collect())
    }

    fn log_epoch_summary(&mut self, summary: EpochSummary) {
        let EpochSummary {
            epoch_number,
            split,
        } = summary;
        let mut line = Map::new();
        line.insert("epoch".into(), json!(epoch_number));
        line.insert("split".into(), json!(split_name(&split)));
        line.insert("seconds".into(), json!(self.start.elapsed().as_secs_f64()));
        let mut names: Vec<_> = self.names.values().collect();
        names.sort();
        for name in names {
            let key = (name.clone(), epoch_number, split_name(&split));
            if let Some(&mean) = self.means.get(&key) {
                line.insert(name.to_lowercase().replace(' ', "_"), json!(mean));
            }
        }
        if let Err(error) = writeln!(self.file, "{}", Value::Object(line)) {
            eprintln!("warning: cannot write metrics.jsonl: {error}");
        }
    }
}
