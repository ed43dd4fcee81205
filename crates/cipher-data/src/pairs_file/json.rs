//! Pairs in JSON.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::columns::Columns;
use super::names::{keys_by_words, sides_of, sides_of_two};
use super::problem::{Flaw, ProblemKind};
use super::sides::Sides;

/// A pair of a JSON value: an object, whose columns are its names, or an array of two texts.
pub(super) fn pair<'a>(value: &'a str, columns: &Columns) -> Result<Sides<'a>, Flaw> {
    let mut deserializer = serde_json::Deserializer::from_str(value);
    let sides = PairOf(columns)
        .deserialize(&mut deserializer)
        .and_then(|sides| deserializer.end().map(|()| sides));
    sides.map_err(|error| flaw_of(&error, value))
}

/// Refuses what is not one JSON value.
pub(super) fn check(text: &str) -> Result<(), Flaw> {
    let checked: Result<IgnoredAny, _> = serde_json::from_str(text);
    checked.map(|_| ()).map_err(|error| flaw_of(&error, text))
}

fn flaw_of(error: &serde_json::Error, value: &str) -> Flaw {
    let message = error.to_string();
    // serde_json appends a place in the record, which is not the place in the file.
    let place = format!(" at line {} column {}", error.line(), error.column());
    let line = value
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let offset = line.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    Flaw {
        kind: ProblemKind::BadJson(message.trim_end_matches(&place).into()),
        offset: value.floor_char_boundary(offset.min(value.len())),
    }
}

/// Whether an object has a member of one of these names.
pub(super) fn has_member(object: &str, columns: &Columns) -> bool {
    let Ok(Members(members)) = serde_json::from_str(object) else {
        return false;
    };
    let named = [&columns.ciphertext, &columns.plaintext];
    let is_named = |name: &str| named.iter().any(|column| column.as_deref() == Some(name));
    members.iter().any(|(name, _)| is_named(name))
}

/// The values of a JSON file that are a pair each.
///
/// `[pair, ..]` has one for each element; `{"ciphertexts": [..], "plaintexts": [..]}` one for each
/// place; `{CIPHERTEXT: PLAINTEXT, ..}` one for each name. An object around one of these is looked
/// into. `None` for anything else, which may itself be a pair.
pub(super) fn elements(text: &str) -> Option<Vec<Element<'_>>> {
    let text = text.trim();
    if text.starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        let is_pair = matches!(elements.as_slice(), [one, two] if is_text(one) && is_text(two));
        let values = || elements.iter().map(|value| Element::Value(value.get()));
        return (!is_pair).then(|| values().collect());
    }
    let Members(members) = serde_json::from_str(text).ok()?;
    let names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
    if let [(_, inner)] = members.as_slice()
        && !is_text(inner)
    {
        return elements(inner.get());
    }
    let is_of_pairs = |value: &RawValue| {
        let first = value.get().strip_prefix('[').map(str::trim_start);
        first.is_some_and(|first| first.starts_with(['{', '[']))
    };
    let mut arrays = members.iter().filter(|(_, value)| is_of_pairs(value));
    if let (Some((_, array)), None) = (arrays.next(), arrays.next()) {
        return elements(array.get());
    }
    if let Some((ciphertext, plaintext)) = sides_of(&names) {
        let list = |name| -> Option<Vec<Cow<'_, str>>> {
            let (_, list) = members.iter().find(|(other, _)| other == name)?;
            let list: Vec<Text<'_>> = serde_json::from_str(list.get()).ok()?;
            Some(list.into_iter().map(|Text(text)| text).collect())
        };
        let [ciphertexts, plaintexts] = [list(ciphertext)?, list(plaintext)?];
        if ciphertexts.len() != plaintexts.len() {
            return None;
        }
        let pairs = ciphertexts.into_iter().zip(plaintexts);
        return Some(pairs.map(|(c, p)| Element::Pair(c, p)).collect());
    }
    let is_of_pairs = members.len() != 2
        || !names
            .iter()
            .any(|name| sides_of(&[*name, "plaintext"]).is_some());
    let pairs = members.into_iter().map(|(ciphertext, plaintext)| {
        let Text(plaintext) = serde_json::from_str(plaintext.get()).ok()?;
        Some(Element::Pair(ciphertext, plaintext))
    });
    if is_of_pairs { pairs.collect() } else { None }
}

/// The names of an object's texts, if there are more than two and none tells which are the pair.
pub(super) fn undecided(object: &str) -> Option<Vec<String>> {
    let Members(members) = serde_json::from_str(object).ok()?;
    let texts = members.iter().filter(|(_, value)| is_text(value));
    let names: Vec<&str> = texts.map(|(name, _)| &**name).collect();
    let is_undecided = names.len() > 2 && sides_of(&names).is_none();
    is_undecided.then(|| names.into_iter().map(String::from).collect())
}

/// The names of an object's ciphertext and plaintext.
pub(super) fn side_names(object: &str) -> Option<[String; 2]> {
    let Members(members) = serde_json::from_str(object).ok()?;
    let texts = members.iter().filter(|(_, value)| is_text(value));
    let names: Vec<&str> = texts.map(|(name, _)| &**name).collect();
    let (ciphertext, plaintext) = sides_of(&names).or_else(|| sides_of_two(&names))?;
    Some([ciphertext.into(), plaintext.into()])
}

/// The name of an object's key, beside the names of its sides.
pub(super) fn key_name(object: &str, sides: &[String; 2]) -> Option<String> {
    let Members(members) = serde_json::from_str(object).ok()?;
    let names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
    let place = |side: &String| names.iter().position(|name| name == side);
    let [ciphertext, plaintext] = sides;
    let keys = keys_by_words(&names, [place(ciphertext)?, place(plaintext)?]);
    names.get(*keys.first()?).map(|name| (*name).into())
}

/// What is a pair in a JSON file.
pub(super) enum Element<'a> {
    /// A value, as it is written.
    Value(&'a str),
    /// The two sides.
    Pair(Cow<'a, str>, Cow<'a, str>),
}

fn is_text(value: &RawValue) -> bool {
    value.get().starts_with('"')
}

/// A string that is borrowed where it can be.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object in their order.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Text(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// Reads a pair with these columns.
struct PairOf<'c>(&'c Columns);

impl<'de> DeserializeSeed<'de> for PairOf<'_> {
    type Value = Sides<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Sides<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PairOf<'_> {
    type Value = Sides<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a ciphertext and a plaintext, or an array of the two")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Sides<'de>, A::Error> {
        let mut side = |n, name| -> Result<Cow<'de, str>, A::Error> {
            let text: Option<Text<'de>> = list.next_element()?;
            text.map(|Text(text)| text)
                .ok_or_else(|| Error::invalid_length(n, &name))
        };
        let ciphertext = side(0, "two texts")?;
        let plaintext = side(1, "two texts")?;
        match list.next_element::<IgnoredAny>()? {
            None => Ok(Sides {
                ciphertext,
                plaintext,
                key: None,
            }),
            Some(_) => Err(Error::custom("an array of more than two texts")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sides<'de>, A::Error> {
        let Self(columns) = self;
        let mut members: Vec<(Cow<'de, str>, Member<'de>)> = Vec::with_capacity(2);
        while let Some(Text(name)) = map.next_key()? {
            if members.iter().any(|(other, _)| *other == name) {
                return Err(Error::custom(format!("duplicate field `{name}`")));
            }
            members.push((name, map.next_value()?));
        }
        let names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
        let by_words = sides_of(&names);
        let texts = || {
            let texts = members.iter().filter(|(_, member)| member.is_text());
            texts.map(|(name, _)| &**name)
        };
        let found = by_words.or_else(|| sides_of_two(&texts().collect::<Vec<&str>>()));
        let column =
            |said: &Option<String>, found: Option<&str>, name: &str| -> Result<String, A::Error> {
                let column = said.as_deref().or(found);
                column.map(String::from).ok_or_else(|| {
                    if texts().nth(1).is_none() && !names.contains(&name) {
                        return Error::custom(format!("missing field `{name}`"));
                    }
                    Error::custom(format!(
                        "which of {} is the {name} cannot be told",
                        names.join(", ")
                    ))
                })
            };
        let ciphertext = column(&columns.ciphertext, found.map(|(c, _)| c), "ciphertext")?;
        let plaintext = column(&columns.plaintext, found.map(|(_, p)| p), "plaintext")?;
        let mut side = |column: &str| {
            let place = members.iter().position(|(name, _)| name == column);
            let place = place.ok_or_else(|| Error::custom(format!("missing field `{column}`")))?;
            let (_, member) = members.swap_remove(place);
            member
                .into_text()
                .ok_or_else(|| Error::custom(format!("field `{column}` is no text")))
        };
        let [ciphertext, plaintext] = [side(&ciphertext)?, side(&plaintext)?];
        let key = |column: &String| {
            let Some(place) = members.iter().position(|(name, _)| name == column) else {
                return Ok("".into());
            };
            let (_, member) = members.swap_remove(place);
            let no_key = || {
                Error::custom(format!(
                    "field `{column}` is no key, which is a text or numbers"
                ))
            };
            member.into_key().ok_or_else(no_key)
        };
        let key = columns.key.as_ref().map(key).transpose()?;
        Ok(Sides {
            ciphertext,
            plaintext,
            key,
        })
    }
}

/// A value of an object: a text, or something else that does not matter. Lists of texts and numbers
/// are tokens.
#[derive(Deserialize)]
#[serde(untagged)]
enum Member<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(serde_json::Number),
    Numbers(Vec<i64>),
    Texts(Vec<String>),
    Null(()),
    Other(IgnoredAny),
}

impl<'a> Member<'a> {
    fn is_text(&self) -> bool {
        !matches!(self, Self::Null(()) | Self::Other(_) | Self::Number(_))
    }

    /// A key may also be a number; without a value it is empty.
    fn into_key(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Number(number) => Some(number.to_string().into()),
            Self::Null(()) => Some("".into()),
            other => other.into_text(),
        }
    }

    fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Numbers(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
                Some(Cow::Owned(numbers.join(" ")))
            }
            Self::Texts(texts) => Some(Cow::Owned(texts.join(" "))),
            Self::Null(()) | Self::Other(_) | Self::Number(_) => None,
        }
    }
}
