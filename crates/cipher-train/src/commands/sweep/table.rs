//! The table of a sweep.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::chart;
use super::job::text as text_of;
use super::row::Row;
use crate::commands::cli::TableFormat;
use crate::numbers::percent;

/// The rows in a format. A chart has the values of `x` on its horizontal axis.
///
/// # Errors
///
/// When nothing varies by the name `x`, or there is nothing to draw.
pub fn write(rows: &[Row], format: TableFormat, x: Option<&str>) -> Result<String> {
    match format {
        TableFormat::Text => Ok(text(rows)),
        TableFormat::Csv => csv(rows),
        TableFormat::Json => Ok(json(rows)),
        TableFormat::Svg => chart::draw(rows, x),
    }
}

/// The names of what varies in any of the rows, those of groups first.
pub fn keys(rows: &[Row]) -> Vec<String> {
    let mut keys = Vec::new();
    if rows.iter().any(|row| row.job.group.is_some()) {
        keys.push("group".into());
    }
    for (key, _) in rows.iter().flat_map(|row| &row.job.varied) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

/// What a row has of such a name.
pub fn value(row: &Row, key: &str) -> Option<String> {
    let varied = row.job.varied.iter().find(|(name, _)| name == key);
    let varied = varied.map(|(_, value)| text_of(value));
    varied.or_else(|| row.job.group.clone().filter(|_| key == "group"))
}

fn text(rows: &[Row]) -> String {
    let keys = keys(rows);
    let results = [
        "state",
        "epochs",
        "seconds",
        "characters",
        "messages",
        "rule",
        "run",
    ];
    let header = keys.iter().cloned().chain(results.map(String::from));
    let mut lines: Vec<Vec<String>> = vec![header.collect()];
    lines.extend(rows.iter().map(|row| {
        let values = keys.iter().map(|key| value(row, key).unwrap_or_default());
        let share = |which: usize| {
            row.accuracy
                .map_or(String::new(), |all| percent(all[which]))
        };
        let results = [
            row.state.name().into(),
            row.epochs.map_or(String::new(), |n| n.to_string()),
            row.seconds.map_or(String::new(), |n| format!("{n:.1}")),
            share(0),
            share(1),
            row.rule.clone().unwrap_or_default(),
            name(row),
        ];
        values.chain(results).collect()
    }));
    aligned(&lines)
}

/// Columns with two spaces between them.
fn aligned(lines: &[Vec<String>]) -> String {
    let n_columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let widths = lines.iter().map(|line| line[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, &width)| format!("{cell:width$}"))
            .collect();
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}

fn csv(rows: &[Row]) -> Result<String> {
    let keys = keys(rows);
    let results = [
        "state",
        "epochs",
        "seconds",
        "character_accuracy",
        "message_accuracy",
        "rule",
        "run",
        "reason",
    ];
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(keys.iter().map(String::as_str).chain(results))?;
    for row in rows {
        let number = |n: Option<f64>| n.map_or(String::new(), |n| n.to_string());
        let values = keys.iter().map(|key| value(row, key).unwrap_or_default());
        let results = [
            row.state.name().into(),
            row.epochs.map_or(String::new(), |n| n.to_string()),
            number(row.seconds),
            number(row.accuracy.map(|all| all[0])),
            number(row.accuracy.map(|all| all[1])),
            row.rule.clone().unwrap_or_default(),
            name(row),
            row.reason.clone(),
        ];
        writer.write_record(values.chain(results))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// A list of objects.
fn json(rows: &[Row]) -> String {
    let rows = rows.iter().map(|row| {
        let varied = row.job.varied.iter();
        let varied: Map<String, Value> = varied
            .map(|(key, value)| (key.clone(), json!(value)))
            .collect();
        json!({
            "group": row.job.group,
            "varied": varied,
            "file": row.job.file.display().to_string(),
            "pairs": row.job.pairs,
            "settings": row.job.settings,
            "run": row.job.folder.display().to_string(),
            "state": row.state.name(),
            "reason": row.reason,
            "epochs": row.epochs,
            "seconds": row.seconds,
            "character_accuracy": row.accuracy.map(|all| all[0]),
            "message_accuracy": row.accuracy.map(|all| all[1]),
            "rule": row.rule,
        })
    });
    let rows: Vec<Value> = rows.collect();
    format!("{:#}\n", json!(rows))
}

/// The name of the run's folder.
fn name(row: &Row) -> String {
    let name = row.job.folder.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
