//! Which columns of a file hold ciphertexts and plaintexts.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::names::{by_one_word, by_plaintext_words, by_words, keys_by_words};
use crate::DataError;

/// The columns of ciphertexts and plaintexts, by their names in a header or by their numbers from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Columns {
    /// The column of the ciphertexts; the first if there is nothing to go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ciphertext: Option<String>,
    /// The column of the plaintexts; the second if there is nothing to go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plaintext: Option<String>,
    /// The column of keys, if each message has its own. Where no column has a name or a number, it is the
    /// one that a header calls so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Their places, from 0, once they are known, and the number of all columns.
    #[serde(skip)]
    pub(super) places: Option<Places>,
    /// The names of the columns that are not read, once they are known.
    #[serde(skip)]
    pub(super) unread: Vec<String>,
}

/// The places of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) ciphertext: usize,
    pub(super) plaintext: usize,
    pub(super) key: Option<usize>,
    pub(super) n_columns: usize,
}

impl Columns {
    /// Whether there are columns that are not read.
    pub fn has_unread(&self) -> bool {
        let read = 2 + usize::from(self.key.is_some());
        self.places().n_columns > read
    }

    /// Whether either side's column has a name or a number.
    pub fn is_named(&self) -> bool {
        self.ciphertext.is_some() || self.plaintext.is_some()
    }

    /// The places of the columns, and their number.
    pub(super) fn places(&self) -> Places {
        self.places.unwrap_or(Places {
            ciphertext: 0,
            plaintext: 1,
            key: None,
            n_columns: 2,
        })
    }
}

/// A header, or that there is none, and the columns.
pub(super) struct Header {
    pub(super) is_header: bool,
    pub(super) columns: Columns,
}

/// Finds the header and the columns of a table from its first records. With `is_ruled` the first is a
/// header.
pub(super) fn header(
    sample: &[Vec<String>],
    said: &Columns,
    is_ruled: bool,
) -> Result<Header, DataError> {
    let Some((first, rest)) = sample.split_first() else {
        return Ok(Header {
            is_header: false,
            columns: said.clone(),
        });
    };
    let names: Vec<&str> = first.iter().map(|name| name.trim()).collect();
    let is_named = |column: &Option<String>| {
        column
            .as_ref()
            .is_some_and(|column| names.contains(&column.as_str()))
    };
    let by_words = by_words(&names).or_else(|| by_plaintext_words(&names));
    let is_header = is_ruled
        || is_named(&said.ciphertext)
        || is_named(&said.plaintext)
        || by_words.is_some()
        || has_own_characters(first, rest)
        || by_one_word(&names).is_some() && are_no_pair(&names);
    // A message may be such a word.
    let by_one = || by_one_word(&names).filter(|_| is_header);
    let n_columns = match names.len() {
        0 | 1 => 2,
        n => n,
    };
    let is_filled = |column: &usize| {
        let mut texts = sample.iter().filter_map(|record| record.get(*column));
        texts.any(|text| !text.trim().is_empty())
    };
    let filled: Vec<usize> = (0..n_columns).filter(is_filled).collect();
    let refuse = |reason: String| DataError::Columns {
        columns: if is_header {
            names.iter().map(|name| (*name).into()).collect()
        } else {
            (1..=n_columns).map(|number| number.to_string()).collect()
        },
        reason,
    };
    let place = |column: &str| -> Result<usize, DataError> {
        let by_name = names.iter().position(|name| is_header && *name == column);
        let by_number = || {
            let number: usize = column.parse().ok()?;
            (1..=n_columns).contains(&number).then(|| number - 1)
        };
        by_name
            .or_else(by_number)
            .ok_or_else(|| refuse(format!("{column:?} is not among them")))
    };
    let (ciphertext, plaintext) = match (&said.ciphertext, &said.plaintext) {
        (Some(ciphertext), Some(plaintext)) => (place(ciphertext)?, place(plaintext)?),
        (Some(ciphertext), None) if n_columns == 2 => {
            let ciphertext = place(ciphertext)?;
            (ciphertext, 1 - ciphertext)
        }
        (None, Some(plaintext)) if n_columns == 2 => {
            let plaintext = place(plaintext)?;
            (1 - plaintext, plaintext)
        }
        _ => match (by_words.or_else(by_one), filled.as_slice()) {
            (Some(places), _) => places,
            (None, &[ciphertext, plaintext]) => (ciphertext, plaintext),
            (None, _) if n_columns == 2 => (0, 1),
            // A line with a stray separator is no table.
            (None, _) if !is_header && !is_regular(sample) => (0, 1),
            (None, _) => return Err(refuse("two of them must be the pairs".into())),
        },
    };
    if ciphertext == plaintext {
        return Err(refuse("the two sides of a pair are two columns".into()));
    }
    let key = match &said.key {
        Some(key) => Some(place(key)?),
        None if is_header && !said.is_named() => {
            let keys = keys_by_words(&names, [ciphertext, plaintext]);
            // Under a header alone there is none.
            let is_used = |key: &usize| {
                let mut texts = sample.iter().skip(1).filter_map(|record| record.get(*key));
                texts.any(|text| !text.trim().is_empty())
            };
            match keys.into_iter().filter(is_used).collect::<Vec<_>>()[..] {
                [] => None,
                [key] => Some(key),
                _ => return Err(refuse("several of them may be the key".into())),
            }
        }
        None => None,
    };
    if key.is_some_and(|key| [ciphertext, plaintext].contains(&key)) {
        return Err(refuse("the key is a column of its own".into()));
    }
    let name = |place: usize| is_header.then(|| names.get(place).map(|name| String::from(*name)));
    let is_read = |place: &usize| [Some(ciphertext), Some(plaintext), key].contains(&Some(*place));
    let unread = (0..n_columns).filter(|place| !is_read(place));
    let unread = unread.filter_map(|place| name(place).flatten()).collect();
    let regular = is_regular(sample) || said.is_named() || is_header;
    Ok(Header {
        is_header,
        columns: Columns {
            ciphertext: name(ciphertext)
                .flatten()
                .or_else(|| said.ciphertext.clone()),
            plaintext: name(plaintext).flatten().or_else(|| said.plaintext.clone()),
            key: key.and_then(name).flatten().or_else(|| said.key.clone()),
            places: Some(Places {
                ciphertext,
                plaintext,
                key,
                n_columns: if regular { n_columns } else { 2 },
            }),
            unread,
        },
    })
}

/// Whether most records have as many fields as the first.
fn is_regular(sample: &[Vec<String>]) -> bool {
    let n_columns = sample.first().map_or(0, Vec::len);
    let n = sample
        .iter()
        .filter(|record| record.len() == n_columns)
        .count();
    10 * n >= 9 * sample.len()
}

/// Whether two names are words of different length, which are hardly a message and its decryption.
fn are_no_pair(names: &[&str]) -> bool {
    let is_word = |name: &&str| name.chars().all(char::is_alphabetic);
    let lengths = names.iter().map(|name| name.chars().count());
    names.iter().all(is_word) && lengths.collect::<HashSet<usize>>().len() == names.len()
}

/// Whether a field of the first record has none of the characters that the others have in its
/// column: no message is like that, as nothing could be learned from it.
fn has_own_characters(first: &[String], rest: &[Vec<String>]) -> bool {
    const MIN_RECORDS: usize = 10;
    if rest.len() < MIN_RECORDS {
        return false;
    }
    first.iter().enumerate().any(|(column, name)| {
        let others: HashSet<char> = rest
            .iter()
            .filter_map(|record| record.get(column))
            .flat_map(|text| text.chars())
            .collect();
        let letters = || name.chars().filter(|character| character.is_alphabetic());
        letters().nth(1).is_some() && letters().all(|letter| !others.contains(&letter))
    })
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |column: &Option<String>, number| column.clone().unwrap_or(String::from(number));
        write!(
            f,
            "ciphertexts in column {:?}, plaintexts in column {:?}",
            name(&self.ciphertext, "1"),
            name(&self.plaintext, "2")
        )?;
        if let Some(key) = &self.key {
            write!(f, ", keys in column {key:?}")?;
        }
        for (place, name) in self.unread.iter().enumerate() {
            let before = if place == 0 { "; not read: " } else { ", " };
            write!(f, "{before}{name:?}")?;
        }
        Ok(())
    }
}

/// `ciphertext=NAME,plaintext=NAME,key=NAME`, any of which may be missing.
impl FromStr for Columns {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        let mut columns = Self::default();
        for part in text.split(',') {
            match part.split_once('=') {
                Some(("ciphertext", name)) => columns.ciphertext = Some(name.into()),
                Some(("plaintext", name)) => columns.plaintext = Some(name.into()),
                Some(("key", name)) => columns.key = Some(name.into()),
                _ => {
                    return Err(DataError::UnknownName(format!(
                        "{part:?} names no column; write ciphertext=NAME,plaintext=NAME, and key=NAME \
                         where each message has its own, with names of a header or numbers from 1"
                    )));
                }
            }
        }
        Ok(columns)
    }
}
