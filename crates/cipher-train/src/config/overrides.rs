//! `--set key=value`.

use anyhow::{Result, anyhow, bail};
use toml::{Table, Value};

use super::errors::{explain, located, shorten};
use super::text::ConfigText;

/// Reads a text that is called `name` in errors, and applies overrides in order.
pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<ConfigText> {
    let located = |error| located(name, text, &error);
    let config = toml::from_str(text).map_err(located)?;
    if overrides.is_empty() {
        return Ok(config);
    }
    let mut table: Table = toml::from_str(text).map_err(located)?;
    let settings = overrides.iter().map(|setting| Setting::parse(setting));
    let settings = settings.collect::<Result<Vec<_>>>()?;
    for (n_before, setting) in settings.iter().enumerate() {
        setting.apply(&mut table, &settings[..n_before], &setting.value)?;
    }
    deserialize(table, &settings)
}

/// The last override that sets a field, a table that holds it, or a part of it.
pub fn responsible<'a>(overrides: &'a [String], field: &str) -> Option<&'a String> {
    let mut latest = overrides.iter().rev();
    latest.find(|setting| overlap(key(setting), field))
}

/// The name of the field or table that an override such as `cipher.key=5` sets.
pub fn key(setting: &str) -> &str {
    setting.split('=').next().unwrap_or("").trim()
}

/// Whether two names are of the same field, or one of a table that holds the other.
pub fn overlap(one: &str, other: &str) -> bool {
    holds(one, other) || holds(other, one)
}

/// Whether a name is that of a field, or of a table that holds it.
pub fn holds(outer: &str, inner: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

struct Setting<'a> {
    text: &'a str,
    keys: Vec<&'a str>,
    value: Value,
    /// The value as it was typed, for a field that turns out to be text.
    typed: &'a str,
}

impl<'a> Setting<'a> {
    fn parse(text: &'a str) -> Result<Self> {
        let Some((key, typed)) = text.split_once('=') else {
            bail!(
                "--set {}: write it as KEY=VALUE, such as cipher.key=5",
                shorten(text)
            );
        };
        Ok(Self {
            text,
            keys: key.trim().split('.').collect(),
            value: typed
                .parse()
                .unwrap_or_else(|_| Value::String(typed.into())),
            typed,
        })
    }

    /// Puts a value at the setting's place.
    fn apply(&self, table: &mut Table, before: &[Setting], value: &Value) -> Result<()> {
        if self.keys == ["cipher", "name"] {
            forget_other_cipher(table, before, value);
        }
        let mut table = table;
        let (last, outer) = self.keys.split_last().expect("split gives at least one");
        for key in outer {
            let inner = table.entry(*key).or_insert_with(|| Table::new().into());
            let Some(inner) = inner.as_table_mut() else {
                bail!(
                    "--set {}: {key} is a value, not a table",
                    shorten(self.text)
                );
            };
            table = inner;
        }
        table.insert((*last).into(), value.clone());
        Ok(())
    }

    /// The message of an error that the setting may have caused.
    fn error(&self, error: &toml::de::Error) -> anyhow::Error {
        anyhow!("--set {}: {}", shorten(self.text), explain(error.message()))
    }
}

/// Another cipher has other fields: those of the file's are dropped, those that were set stay, and so does a key that
/// is drawn.
fn forget_other_cipher(table: &mut Table, before: &[Setting], name: &Value) {
    let Some(cipher) = table.get_mut("cipher").and_then(Value::as_table_mut) else {
        return;
    };
    if cipher.get("name").is_some_and(|old| old == name) {
        return;
    }
    cipher.retain(|field, value| {
        let is_drawn = field == "key" && value.get("length").is_some();
        is_drawn || before.iter().any(|set| set.keys[..] == ["cipher", field])
    });
}

/// A value such as `1234` or `nan` is text where the field is text, which only its type tells.
fn deserialize(table: Table, settings: &[Setting]) -> Result<ConfigText> {
    let first = match table.clone().try_into() {
        Ok(config) => return Ok(config),
        Err(error) => error,
    };
    let is_text = |value: &Value| value.is_str() || value.is_table();
    let not_text = settings.iter().filter(|setting| !is_text(&setting.value));
    let not_text: Vec<_> = not_text.collect();
    let as_text = |chosen: &[&Setting]| -> Result<Option<ConfigText>> {
        let mut table = table.clone();
        for setting in chosen {
            setting.apply(&mut table, settings, &Value::String(setting.typed.into()))?;
        }
        Ok(table.try_into().ok())
    };
    for setting in &not_text {
        if let Some(config) = as_text(&[setting])? {
            return Ok(config);
        }
    }
    if let Some(config) = as_text(&not_text)? {
        return Ok(config);
    }
    Err(blamed(table, settings).error(&first))
}

/// The setting without which the others can be read, or else the last.
fn blamed<'a, 'b>(table: Table, settings: &'a [Setting<'b>]) -> &'a Setting<'b> {
    let without = |setting: &&Setting| {
        let mut table = table.clone();
        let mut inner = &mut table;
        let (last, outer) = setting.keys.split_last().expect("split gives at least one");
        for key in outer {
            match inner.get_mut(*key).and_then(Value::as_table_mut) {
                Some(next) => inner = next,
                None => return false,
            }
        }
        inner.remove(*last);
        table.try_into::<ConfigText>().is_ok()
    };
    let last = settings.last().expect("there are settings");
    settings.iter().rev().find(without).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use cipher_data::CipherConfig;

    use crate::config::Config;

    fn cipher(settings: &[&str]) -> Result<CipherConfig, String> {
        let overrides: Vec<String> = settings.iter().map(|&text| text.into()).collect();
        let config = Config::load(None, &overrides).map_err(|error| error.to_string())?;
        Ok(config.cipher().unwrap().texts.cipher.clone())
    }

    #[test]
    fn a_key_that_looks_like_a_number_is_text_where_the_cipher_wants_text() {
        for key in ["1234", "01234", "7"] {
            let set = format!("cipher.key={key}");
            let expected = Ok(CipherConfig::Gronsfeld { key: key.into() });
            assert_eq!(cipher(&["cipher.name=gronsfeld", &set]), expected);
            assert_eq!(cipher(&[&set, "cipher.name=gronsfeld"]), expected);
        }
        for key in ["nan", "inf", "true", "1979-05-27"] {
            let set = format!("cipher.key={key}");
            let alphabet = "alphabet.symbols=abcdefghijklmnopqrstuvwxyz0123456789-";
            let found = cipher(&[alphabet, "cipher.name=vigenere", &set]);
            assert_eq!(found, Ok(CipherConfig::Vigenere { key: key.into() }));
        }
    }

    #[test]
    fn a_number_stays_a_number_where_the_cipher_wants_one() {
        let expected = Ok(CipherConfig::Caesar { key: 5 });
        assert_eq!(cipher(&["cipher.key=5"]), expected);
    }

    #[test]
    fn another_cipher_says_which_field_it_lacks() {
        let error = cipher(&["cipher.name=vigenere"]).unwrap_err();
        assert!(error.contains("missing field `key`"), "{error}");
    }

    #[test]
    fn the_setting_with_the_wrong_value_is_named() {
        let error = cipher(&["seed=2", "training.epochs=many", "model.n_layers=2"]).unwrap_err();
        assert!(error.starts_with("--set training.epochs=many: "), "{error}");
        let error = cipher(&["model={d_hidden=0}"]).unwrap_err();
        assert!(error.starts_with("--set model={d_hidden=0}: "), "{error}");
        let error = cipher(&[" model.d_hidden=0"]).unwrap_err();
        assert!(error.starts_with("--set  model.d_hidden=0: "), "{error}");
    }
}
